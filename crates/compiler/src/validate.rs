//! Validation of device code: everything that a device cannot do, with place, reason, and the chain of calls to it.

use base::{Diagnostic, Span, Symbol};
use infer::diagnose::{Finding, FindingKind};
use types::Ty;

/// A finding of inference as a diagnostic.
pub fn explain(f: &Finding) -> Diagnostic {
    let call = |types: &[Ty]| -> String {
        let args: Vec<String> = types.iter().skip(1).map(|t| format!("::{t}")).collect();
        let callee = types.first().map_or_else(|| "?".to_string(), |t| callee_name(*t));
        format!("{callee}({})", args.join(", "))
    };
    let mut d = match &f.what {
        FindingKind::Dynamic(reason) => {
            let what = call(&f.types);
            let d = Diagnostic::error("kernel.dynamic-call", format!("unsupported dynamic call: {what}"), f.span);
            let why = format!("{reason:?}");
            d.here(match why.as_str() {
                "NoMethod" => "no method matches these argument types".to_string(),
                "Ambiguous" => "several methods match, none is more specific".to_string(),
                _ => "which method this calls is only known when it runs".to_string(),
            })
            .help("give the arguments types that inference can find: pass what it depends on as arguments, use `const` globals, or annotate with `::T`")
        }
        FindingKind::Unsupported(name) => {
            Diagnostic::error("kernel.unsupported", format!("`{name}` is not available in a kernel"), f.span)
        }
        FindingKind::NotCompilable(why) => {
            Diagnostic::error("kernel.not-compilable", format!("cannot be compiled for a device: {why}"), f.span)
        }
        FindingKind::Host(name) => Diagnostic::error(
            "kernel.host-function",
            format!("call of the host-only function `{name}` in a kernel"),
            f.span,
        )
        .help("a kernel can compute and access arrays; input, output, allocation and strings are the host's"),
        FindingKind::Global(name) => {
            Diagnostic::error("kernel.global", format!("use of the non-constant global `{name}` in a kernel"), f.span)
                .help(format!("declare it `const {name} = …` or pass it as an argument"))
        }
    };
    for (i, (name, span)) in f.chain.iter().enumerate() {
        d = d.note(frame(i + 1, *name, *span));
    }
    d
}

fn frame(n: usize, name: Symbol, span: Span) -> String {
    if span.is_none() {
        return format!("[{n}] {name}");
    }
    let file = base::SourceMap::file(span.file);
    format!("[{n}] {name} at {}:{}", file.name, span.line())
}

/// The name by which a value of this function type is called.
fn callee_name(ty: Ty) -> String {
    let text = ty.to_string();
    if let Some(inner) = text.strip_prefix("typeof(").and_then(|t| t.strip_suffix(')')) {
        return inner.to_string();
    }
    if let Some(inner) = text.strip_prefix("Type{").and_then(|t| t.strip_suffix('}')) {
        return inner.to_string();
    }
    format!("(::{text})")
}
