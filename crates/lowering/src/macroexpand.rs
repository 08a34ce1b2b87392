//! `macroexpand`: macros run, the result still surface syntax.

use crate::LowerError;
use crate::host::LoweringHost;
use syntax::{Expr, ExprKind, OpaqueValue};

/// Runs the macros of `expr` (only the outermost call unless `recursive`). The names in the result say what they mean by
/// themselves; where they cannot (code that defines types or modules), code of a macro stands in `hygienic-scope`, code of the
/// caller in `escape`.
pub fn macroexpand(expr: &Expr, recursive: bool, host: &mut dyn LoweringHost) -> Result<Expr, LowerError> {
    let module = host.module();
    let expanded = expand(expr, recursive, &mut vec![module], host)?;
    Ok(crate::hygiene::explicit(&expanded, host))
}

fn expand(
    e: &Expr,
    recursive: bool,
    modules: &mut Vec<runtime::Value>,
    host: &mut dyn LoweringHost,
) -> Result<Expr, LowerError> {
    let ExprKind::Node(head, args) = &e.kind else { return Ok(e.clone()) };
    match head.as_str() {
        "quote" | "inert" | "module" | "toplevel" | "meta" => return Ok(e.clone()),
        "macrocall" => {
            let module = *modules.last().expect("never empty");
            let expansion =
                host.expand_macro(module, e).map_err(|exception| LowerError::MacroThrew { exception, span: e.span })?;
            let mut inner = expansion.expr;
            if let ExprKind::Node(h, args) = &inner.kind {
                // `esc(x)` as a whole is code of the caller: nothing to mark.
                if *h == "escape" && args.len() == 1 {
                    let inner = args[0].clone();
                    return if recursive { expand(&inner, recursive, modules, host) } else { Ok(inner) };
                }
            }
            if recursive {
                modules.push(expansion.module);
                inner = expand(&inner, recursive, modules, host)?;
                modules.pop();
            }
            if !matches!(inner.kind, ExprKind::Node(..) | ExprKind::Sym(_)) {
                return Ok(inner);
            }
            let module = Expr::new(e.span, ExprKind::Opaque(OpaqueValue(expansion.module.addr())));
            return Ok(Expr::node(e.span, "hygienic-scope", vec![inner, module]));
        }
        _ => {}
    }
    if !recursive {
        return Ok(e.clone());
    }
    let popped = match (head.as_str(), modules.len()) {
        ("escape", n) if n > 1 => modules.pop(),
        _ => None,
    };
    let args = args.iter().map(|a| expand(a, recursive, modules, host)).collect::<Result<Vec<_>, _>>();
    modules.extend(popped);
    Ok(Expr { span: e.span, kind: ExprKind::Node(*head, args?) })
}
