//! Validation of device code: everything that a device cannot do, with place, reason, and the chain of calls to it.
//!
//! A finding inside the library is told of the place in the user's code that leads there. What only follows from another
//! finding (a call with an argument of unknown type, where the type is unknown because of a missing function) is left out.

use crate::CompileError;
use base::{Diagnostic, Span, Symbol};
use infer::diagnose::{Finding, FindingKind};
use ir::typed::DynamicReason;
use types::Ty;

/// Describes the methods that come closest to a call of these types (the callee's first).
pub type Candidates<'a> = &'a dyn Fn(&[Ty]) -> Vec<String>;

/// The findings of inference as diagnostics, one for each place. `others`: something else is wrong already.
pub fn explain(findings: &[Finding], others: bool, candidates: Candidates<'_>) -> Vec<Diagnostic> {
    let places: Vec<Place> = findings.iter().map(Place::of).collect();
    let root = others || findings.iter().any(|f| !may_follow(f));
    let own = findings.iter().zip(&places).any(|(f, p)| may_follow(f) && p.callee.is_none());
    let kept: Vec<usize> = (0..findings.len())
        .filter(|&i| !may_follow(&findings[i]) || !root && (!own || places[i].callee.is_none()))
        .collect();
    let mut out: Vec<(Span, usize)> = Vec::new();
    for i in kept {
        let span = places[i].span;
        match out.iter_mut().find(|(s, _)| *s == span && !s.is_none()) {
            Some((_, best)) if rank(&findings[i]) < rank(&findings[*best]) => *best = i,
            Some(_) => {}
            None => out.push((span, i)),
        }
    }
    out.into_iter().map(|(_, i)| describe(&findings[i], &places[i], candidates)).collect()
}

/// What a launch with arguments that no method of the kernel takes ends with.
pub fn no_method(types: &[Ty], candidates: Vec<String>) -> CompileError {
    let name = types.first().map_or_else(String::new, |t| callee_name(*t));
    // What macros pass beside the user's arguments is not told.
    let made =
        name.starts_with("gpu_") && types.get(1).is_some_and(|t| t.to_string().starts_with("KernelAbstractions."));
    let user = if made { name.strip_prefix("gpu_").unwrap_or(&name) } else { &name };
    let given: Vec<String> = types.iter().skip(if made { 2 } else { 1 }).map(|t| format!("::{t}")).collect();
    let message = format!("no method matches the launch `{user}({})`", given.join(", "));
    let mut d = Diagnostic::error("kernel.no-method", message, Span::NONE)
        .help("pass as many arguments as the kernel has parameters, of types that they admit");
    for c in candidates {
        let c = if made { c.replacen(&format!("{name}(::Any, "), &format!("{user}("), 1) } else { c };
        d = d.note(close(&c));
    }
    CompileError::new(format!("kernel `{user}`"), vec![d])
}

/// One of the methods that come closest.
fn close(candidate: &str) -> String {
    if candidate == "..." { "and others".to_string() } else { format!("close: {candidate}") }
}

/// A call that is not resolved because types are unknown: the reason may be another finding.
fn may_follow(f: &Finding) -> bool {
    let FindingKind::Dynamic(why) = &f.what else { return false };
    !matches!(why, DynamicReason::NoMethod | DynamicReason::Ambiguous) && f.types.iter().any(|t| !t.is_concrete())
}

/// What says most about a place, first.
fn rank(f: &Finding) -> u32 {
    match f.what {
        FindingKind::Undefined(..) => 0,
        FindingKind::NotCompilable(_) => 1,
        // A call that prints also makes strings, and what makes strings also allocates.
        FindingKind::Host(name) => match topic(name.as_str()) {
            Topic::Other => 5,
            Topic::Strings => 3,
            _ => 2,
        },
        FindingKind::Allocation => 4,
        FindingKind::Global(_) | FindingKind::StoreGlobal(_) => 6,
        FindingKind::Unsupported(_) => 7,
        FindingKind::Dynamic(_) => 8,
    }
}

/// Where to tell of a finding.
struct Place {
    span: Span,
    /// The library function, called from here, that leads to it.
    callee: Option<Symbol>,
    /// The first frame of the chain that is the user's.
    frame: usize,
}

impl Place {
    fn of(f: &Finding) -> Place {
        let inside = |s: Span| s.is_none() || s.in_library();
        if !inside(f.span) {
            return Place { span: f.span, callee: None, frame: 0 };
        }
        // the first frame's place is its function, not a call
        match f.chain.iter().enumerate().skip(1).find(|(_, (_, span))| !inside(*span)) {
            Some((i, &(_, span))) => Place { span, callee: Some(f.chain[i - 1].0), frame: i },
            None => Place { span: f.span, callee: None, frame: 0 },
        }
    }
}

/// What host functions are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Printing,
    Files,
    BigNumbers,
    Strings,
    Evaluation,
    Clock,
    Launch,
    Other,
}

fn topic(host_function: &str) -> Topic {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|p| host_function.starts_with(p));
    match host_function {
        "write_stream" | "write_stream_bytes" | "flush_stream" => Topic::Printing,
        "read_line" | "read_all" | "read_file" | "write_file" | "list_dir" | "temp_name" => Topic::Files,
        "is_file" | "is_dir" | "make_dir" | "remove_file" | "working_dir" => Topic::Files,
        "eval" | "include" | "include_string" | "macroexpand" | "lower_string" | "copy_ast" => Topic::Evaluation,
        "time" | "time_ns" | "sleep" => Topic::Clock,
        "launch" => Topic::Launch,
        _ if starts(&["big_"]) => Topic::BigNumbers,
        _ if starts(&["parse_expr", "parse_all"]) => Topic::Evaluation,
        "concat" | "gensym" | "escape" | "unescape" | "graphemes" | "normalize" | "describe" => Topic::Strings,
        _ if starts(&["string_", "char_", "symbol_", "make_symbol", "escape_", "regex_", "parse_", "bits_"]) => {
            Topic::Strings
        }
        _ if starts(&["float_", "bytes_to_", "append_bytes", "irrational_"]) => Topic::Strings,
        _ if host_function.ends_with("_string") || host_function.ends_with("_name") => Topic::Strings,
        _ => Topic::Other,
    }
}

fn describe_host(name: Symbol, place: &Place) -> Diagnostic {
    let callee = place.callee.map(plain);
    let (message, help) = match topic(name.as_str()) {
        Topic::Printing => (
            "a kernel cannot print through the host",
            "print with `@print` of KernelAbstractions or `@cuprintln` of CUDA, or print results after the launch",
        ),
        Topic::Files => {
            ("a kernel cannot read or write files", "read before the launch, and pass what was read as an array")
        }
        Topic::BigNumbers => (
            "big numbers are not available in a kernel: they live on the host's heap",
            "use `Int64`, `Int128` or `Float64`, or compute the number before the launch and pass it",
        ),
        Topic::Strings => (
            "strings are not available in a kernel: they live on the host's heap",
            "pass numbers, such as a code for each text, and make strings after the launch",
        ),
        Topic::Evaluation => (
            "a kernel cannot evaluate code",
            "call a function instead; `@generated` functions and `Val` move decisions to when the kernel is compiled",
        ),
        Topic::Clock => {
            ("the host's clock is not available in a kernel", "measure around the launch, with `@elapsed` for example")
        }
        Topic::Launch => ("a kernel cannot launch kernels", "launch the kernels one after the other from the host"),
        Topic::Other => (
            "a kernel cannot do this: it needs the host",
            "a kernel computes and accesses device arrays; do the rest before or after the launch",
        ),
    };
    let label = match callee {
        Some(c) if is_name(c) => format!("`{c}` does this"),
        _ => "this does it".to_string(),
    };
    Diagnostic::error("kernel.host-function", message, place.span).here(label).help(help)
}

/// Is this what a user calls something, not a name that the compiler made?
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(['#', '(', '_']) && name != "print_to_string"
}

fn describe(f: &Finding, place: &Place, candidates: Candidates<'_>) -> Diagnostic {
    let through = place.callee.map(|c| plain(c).to_string());
    let what = |text: &str| through.as_ref().map_or_else(|| text.to_string(), |c| format!("`{c}` leads to {text}"));
    let mut d = match &f.what {
        FindingKind::Dynamic(why) => {
            let call = call(&f.types);
            let (code, message, label) = match why {
                DynamicReason::NoMethod => {
                    ("kernel.no-method", format!("no method matches the call {call}"), "this would throw a MethodError")
                }
                DynamicReason::Ambiguous => (
                    "kernel.ambiguous",
                    format!("the call {call} is ambiguous"),
                    "several methods match, and none is more specific than the others",
                ),
                DynamicReason::UnknownFunction => (
                    "kernel.dynamic-call",
                    format!("unsupported dynamic call: {call}"),
                    "what is called here is only known when it runs",
                ),
                DynamicReason::UnknownArity => (
                    "kernel.dynamic-call",
                    format!("unsupported dynamic call: {call}"),
                    "the number of arguments is only known when it runs",
                ),
                _ => (
                    "kernel.dynamic-call",
                    format!("unsupported dynamic call: {call}"),
                    "which method this calls is only known when it runs",
                ),
            };
            let d = Diagnostic::error(code, message, place.span).here(what(label));
            match why {
                DynamicReason::NoMethod => candidates(&f.types)
                    .into_iter()
                    .fold(d, |d, c| d.note(close(&c)))
                    .help("define a method for these types, or convert the arguments"),
                DynamicReason::Ambiguous => d.help("define a method for the common argument types"),
                _ => d.help(
                    "give the arguments concrete types: pass what they depend on as arguments of the kernel, give fields and \
                     containers concrete types, or annotate values with `::T`",
                ),
            }
        }
        FindingKind::Unsupported(name) if name == "undetermined static parameter" => {
            let d = Diagnostic::error(
                "kernel.static-parameter",
                "a static parameter is used that these arguments do not determine",
                place.span,
            );
            d.here(what("its value is unknown here"))
                .help("let each parameter of the `where` clause occur in the type of an argument that is passed")
        }
        FindingKind::Unsupported(name) => {
            let name = match name.as_str() {
                "copyast" => "quoted code",
                "foreigncall" => "a call of a C function",
                "try" => "`try`",
                other => &format!("`{other}`"),
            };
            Diagnostic::error("kernel.unsupported", format!("{name} is not available in a kernel"), place.span)
                .here(what("only the host can do this"))
        }
        FindingKind::NotCompilable(why) => {
            let d =
                Diagnostic::error("kernel.not-compilable", format!("{why} is not available in a kernel"), place.span);
            d.here(what("code of a device cannot catch exceptions")).help(
                "test for the case beforehand, and leave the exceptions to the host, which gets them from the launch",
            )
        }
        FindingKind::Host(name) => describe_host(*name, place),
        FindingKind::Allocation => {
            let d = Diagnostic::error("kernel.allocation", "a kernel cannot allocate an array", place.span);
            d.here(through.as_ref().map_or("allocated here".to_string(), |c| format!("`{c}` allocates")))
                .help("use a tuple or an `SVector`/`MVector` of StaticArrays, `@private` or `@localmem`, or pass an array to the kernel")
        }
        FindingKind::Global(name) => {
            let d = Diagnostic::error(
                "kernel.global",
                format!("use of the non-constant global `{name}` in a kernel"),
                place.span,
            );
            d.here(what("its value can change, and a device does not see it"))
                .help(format!("declare it `const {name} = …` or pass it as an argument"))
        }
        FindingKind::StoreGlobal(name) => {
            let d =
                Diagnostic::error("kernel.global", format!("a kernel cannot assign the global `{name}`"), place.span);
            d.here(what("assigned here"))
                .help("write the result to an element of an array that is passed to the kernel")
        }
        FindingKind::Undefined(name, similar) => {
            let d = Diagnostic::error("kernel.undefined", format!("`{name}` is not defined"), place.span);
            d.here(what("nothing has this name")).help(match similar {
                Some(s) => format!(
                    "there is `{s}`; otherwise define `{name}`, or load the module that has it, before the launch"
                ),
                None => {
                    "check the spelling, and define it or load the module that has it before the launch".to_string()
                }
            })
        }
    };
    let user = &f.chain[place.frame.min(f.chain.len())..];
    for (name, span) in user.iter().skip(1) {
        d = d.note(frame(user_name(plain(*name)), *span));
    }
    d
}

fn call(types: &[Ty]) -> String {
    let args: Vec<String> = types.iter().skip(1).map(|t| format!("::{t}")).collect();
    let callee = types.first().map_or_else(|| "?".to_string(), |t| callee_name(*t));
    format!("`{callee}({})`", args.join(", "))
}

/// One caller.
fn frame(name: &str, span: Span) -> String {
    if span.is_none() {
        return format!("called from `{name}`");
    }
    let file = base::SourceMap::file(span.file);
    format!("called from `{name}` at {}:{}", file.name, span.line())
}

/// What a user calls a function: `f` for the body `#f#12` of one with keywords.
fn plain(name: Symbol) -> &'static str {
    let name = name.as_str();
    match name.strip_prefix('#').and_then(|n| n.rsplit_once('#')) {
        Some((inner, number)) if !inner.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => inner,
        _ => name,
    }
}

/// The name that the user gave a kernel whose body is `gpu_f`.
fn user_name(name: &'static str) -> &'static str {
    name.strip_prefix("gpu_").unwrap_or(name)
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
