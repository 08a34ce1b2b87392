//! The names of expanded code made explicit, for `macroexpand`: a macro's own variables get names that nothing else has
//! (`#1#x`), its other names become globals of the macro's module, and what the caller passed stays as it was.
//! Code that runs is not made this way: lowering keeps layers apart instead (see [`crate::expand`]).

use crate::host::LoweringHost;
use base::Symbol;
use runtime::Value;
use runtime::module::Module;
use std::collections::BTreeMap;
use syntax::{Expr, ExprKind};

/// The code of one macro call.
struct Layer {
    module: Value,
    /// The variables that the macro's code makes, with their new names.
    locals: BTreeMap<Symbol, Symbol>,
}

/// Heads whose code cannot be told apart without lowering it; such expansions stay as they are.
const OPAQUE: &[&str] =
    &["struct", "abstract", "primitive", "module", "toplevel", "import", "using", "export", "public", "macro"];

/// `expr` without `hygienic-scope` and `escape`, as far as that says the same.
pub fn explicit(expr: &Expr, host: &mut dyn LoweringHost) -> Expr {
    resolve(expr, &mut Vec::new(), host)
}

fn resolve(e: &Expr, layers: &mut Vec<Layer>, host: &mut dyn LoweringHost) -> Expr {
    let (head, args) = match &e.kind {
        ExprKind::Sym(name) => return Expr::new(e.span, name_in(*name, layers.last())),
        ExprKind::Node(head, args) => (head.as_str(), args),
        _ => return e.clone(),
    };
    match (head, args.as_slice()) {
        ("hygienic-scope", [inner, module, ..]) => {
            let ExprKind::Opaque(v) = &module.kind else { return e.clone() };
            if holds_opaque(inner) {
                return e.clone();
            }
            let mut names = Vec::new();
            variables(inner, &mut names);
            let module = host.opaque(*v);
            let mut locals = BTreeMap::new();
            for name in names {
                locals.entry(name).or_insert_with(|| Symbol::new(&format!("#{}#{name}", host.next_number(module))));
            }
            layers.push(Layer { module, locals });
            let out = resolve(inner, layers, host);
            layers.pop();
            out
        }
        ("escape", [inner]) => {
            let popped = layers.pop();
            let out = resolve(inner, layers, host);
            layers.extend(popped);
            out
        }
        ("quote" | "inert" | "meta" | "line" | "macrocall", _) => e.clone(),
        ("kw", [name, value]) => keyed(e, name, value, layers, host),
        ("tuple" | "parameters" | "braces", items) => {
            let items = items.iter().map(|item| match &item.kind {
                // The names of a named tuple are no variables.
                ExprKind::Node(h, pair) if *h == "=" && pair.len() == 2 => {
                    keyed(item, &pair[0], &pair[1], layers, host)
                }
                _ => resolve(item, layers, host),
            });
            Expr::node(e.span, head, items.collect())
        }
        _ => Expr::node(e.span, head, args.iter().map(|a| resolve(a, layers, host)).collect()),
    }
}

/// `name = value` where the name is a key.
fn keyed(e: &Expr, name: &Expr, value: &Expr, layers: &mut Vec<Layer>, host: &mut dyn LoweringHost) -> Expr {
    let ExprKind::Node(head, _) = &e.kind else { return e.clone() };
    Expr::new(e.span, ExprKind::Node(*head, vec![name.clone(), resolve(value, layers, host)]))
}

fn name_in(name: Symbol, layer: Option<&Layer>) -> ExprKind {
    let Some(layer) = layer else { return ExprKind::Sym(name) };
    if let Some(&renamed) = layer.locals.get(&name) {
        return ExprKind::Sym(renamed);
    }
    match Module::from_value(layer.module) {
        // Signs of the grammar rather than names.
        _ if matches!(name.as_str(), "end" | "begin" | "_" | ":" | "..." | "&&" | "||") => ExprKind::Sym(name),
        Some(module) => ExprKind::GlobalRef { module: Symbol::new(&module.path()), name },
        None => ExprKind::Sym(name),
    }
}

fn holds_opaque(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Node(head, _) if OPAQUE.contains(&head.as_str()) => true,
        ExprKind::Node(head, _) if *head == "escape" || *head == "quote" || *head == "inert" => false,
        ExprKind::Node(_, args) => args.iter().any(holds_opaque),
        _ => false,
    }
}

/// The names that the code of one layer assigns, declares, or takes as arguments.
fn variables(e: &Expr, out: &mut Vec<Symbol>) {
    let ExprKind::Node(head, args) = &e.kind else { return };
    match (head.as_str(), args.as_slice()) {
        ("escape" | "quote" | "inert" | "hygienic-scope" | "global" | "macrocall", _) => return,
        ("tuple" | "parameters" | "braces", items) => {
            for item in items {
                match &item.kind {
                    ExprKind::Node(h, pair) if *h == "=" && pair.len() == 2 => variables(&pair[1], out),
                    _ => variables(item, out),
                }
            }
            return;
        }
        ("=", [target, _]) | ("function", [target, ..]) | ("->", [target, _]) => target_names(target, out),
        ("local", names) => names.iter().for_each(|n| target_names(n, out)),
        ("try", [_, caught, ..]) => target_names(caught, out),
        (op, [target, _]) if op.len() > 1 && op.ends_with('=') => target_names(target, out),
        _ => {}
    }
    args.iter().for_each(|a| variables(a, out));
}

/// The names that a left-hand side or a signature binds.
fn target_names(e: &Expr, out: &mut Vec<Symbol>) {
    match &e.kind {
        ExprKind::Sym(name) => out.push(*name),
        ExprKind::Node(head, args) => match (head.as_str(), args.as_slice()) {
            ("::" | "where" | "..." | "kw" | "=", [first, ..]) => target_names(first, out),
            ("tuple" | "parameters" | "block" | "call", names) => names.iter().for_each(|n| target_names(n, out)),
            _ => {}
        },
        _ => {}
    }
}
