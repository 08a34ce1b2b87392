//! Library code is lowered when it is first used.
//!
//! A program uses a few hundred of the prelude's thousands of methods. At start-up a definition is therefore lowered
//! with an empty body: that gives the signature, the default and keyword methods, all that running the definition
//! needs. The body follows when something asks for the method's code. User code never goes this way: what is wrong
//! with it is said where it is defined.
//!
//! Only bodies that mean the same later qualify: they define nothing (closures get numbered names) and call only macros
//! that lowering itself knows.

use crate::exec::Interp;
use crate::lowering_host::{Host, Numbers};
use base::SourceMap;
use ir::lowered::{CodeInfo, Deferred, Operand, Stmt};
use lowering::LowerError;
use runtime::{Module, Value};
use std::sync::{Arc, OnceLock};
use syntax::{Expr, ExprKind, OpaqueValue};

/// Macros that may stand around a definition or in its body: expanded without running Julia code.
const TRANSPARENT: &[&str] = &[
    "@inline",
    "@noinline",
    "@propagate_inbounds",
    "@constprop",
    "@assume_effects",
    "@pure",
    "@doc",
    "@generated",
    "@inbounds",
    "@boundscheck",
    "@nospecialize",
    "@specialize",
    "@isdefined",
    "@goto",
    "@label",
    "@simd",
];

/// Heads of what defines something.
const DEFINING: &[&str] = &[
    "->",
    "do",
    "function",
    "macro",
    "generator",
    "struct",
    "abstract",
    "primitive",
    "module",
    "toplevel",
    "global",
    "const",
];

/// Stands for the body while it is missing.
fn marker() -> OpaqueValue {
    static MARKER: OnceLock<OpaqueValue> = OnceLock::new();
    *MARKER.get_or_init(|| OpaqueValue(runtime::pin(Value::string("deferred")).addr()))
}

impl Interp {
    /// The code of a top-level statement of the library, with the method body in it left for later; `None` if there is
    /// none that could be.
    pub(crate) fn lower_deferred(&self, m: &'static Module, e: &'static Expr) -> Option<Arc<CodeInfo>> {
        let outline = outline(e)?;
        let mut host = Host::new(self, m);
        let mut thunk = lowering::lower_toplevel(&outline, &mut host).ok()?;
        let numbers = host.numbers.given();
        let methods = Arc::get_mut(&mut thunk)?.stmts.iter_mut().filter_map(defined_code);
        let (at, code) = methods.enumerate().find(|(_, code)| code.stmts.iter().any(mentions_marker))?;
        let session = self.session;
        let make = move || session.with_interp(|interp| interp.complete(m, e, &numbers, at));
        let code = Arc::get_mut(code)?;
        code.deferred = Some(Arc::new(Deferred::new(make)));
        code.stmts = Vec::new();
        code.spans = Vec::new();
        Some(thunk)
    }

    /// The code of the method that the statement defines as its `at`th. `numbers`: what the outline was given.
    fn complete(&self, m: &'static Module, e: &Expr, numbers: &[u32], at: usize) -> Option<Arc<CodeInfo>> {
        let mut host = Host { numbers: Numbers::again(numbers), ..Host::new(self, m) };
        let problem = match lowering::lower_toplevel(e, &mut host) {
            Ok(mut thunk) if host.numbers.as_given() => {
                let mut methods = Arc::get_mut(&mut thunk)?.stmts.iter_mut().filter_map(defined_code);
                return methods.nth(at).map(|code| code.clone());
            }
            Ok(_) => "it defines more than its signature".to_string(),
            Err(LowerError::Invalid(all)) => all.into_iter().map(|d| d.message).collect::<Vec<_>>().join("; "),
            Err(LowerError::MacroThrew { .. }) => "a macro threw".to_string(),
        };
        let file = SourceMap::file(e.span.file);
        self.session.warn(&format!("ERROR: {}:{}: syntax: {problem}\n", file.name, e.span.line()));
        None
    }
}

/// The definition with the marker for a body.
fn outline(e: &Expr) -> Option<Expr> {
    let (head, args) = e.as_node()?;
    let (last, before) = args.split_last()?;
    let inner = match (head.as_str(), before) {
        ("macrocall", [name, _line, ..]) if is_transparent(name) => outline(last)?,
        ("function" | "macro", [signature]) if !defines(signature) && !defines(last) => stand_in(last),
        ("=", [signature]) if is_signature(signature) && !defines(signature) && !defines(last) => stand_in(last),
        _ => return None,
    };
    let mut outer = before.to_vec();
    outer.push(inner);
    Some(Expr::node(e.span, head, outer))
}

fn stand_in(body: &Expr) -> Expr {
    Expr::new(body.span, ExprKind::Opaque(marker()))
}

/// Is this a macro of [`TRANSPARENT`], with or without its module?
fn is_transparent(name: &Expr) -> bool {
    match &name.kind {
        ExprKind::Sym(s) => TRANSPARENT.contains(&s.as_str()),
        ExprKind::GlobalRef { module, name } => {
            matches!(module.as_str(), "Core" | "Base") && TRANSPARENT.contains(&name.as_str())
        }
        ExprKind::Node(head, args) if *head == "." => match args.as_slice() {
            [module, Expr { kind: ExprKind::Quote(name), .. }] => {
                (module.is_sym("Core") || module.is_sym("Base")) && is_transparent(name)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Does the code define something, or might its macros?
fn defines(e: &Expr) -> bool {
    let Some((head, args)) = e.as_node() else { return false };
    match head.as_str() {
        "macrocall" if !args.first().is_some_and(is_transparent) => true,
        "=" if args.first().is_some_and(is_signature) => true,
        head => DEFINING.contains(&head) || args.iter().any(defines),
    }
}

/// Is this the left side of a short function definition?
fn is_signature(e: &Expr) -> bool {
    match e.as_node() {
        Some((head, args)) => match head.as_str() {
            "call" => true,
            "where" | "::" => args.first().is_some_and(is_signature),
            _ => false,
        },
        None => false,
    }
}

fn defined_code(stmt: &mut Stmt) -> Option<&mut Arc<CodeInfo>> {
    match stmt {
        Stmt::DefineMethod { code, captured, .. } if captured.is_empty() => Some(code),
        _ => None,
    }
}

fn mentions_marker(stmt: &Stmt) -> bool {
    let marker = crate::convert::opaque(marker());
    let is = |o: &Operand| matches!(o, Operand::Const(v) if v.addr() == marker.addr());
    match stmt {
        Stmt::Read(o) | Stmt::Return(o) | Stmt::SetSlot { value: o, .. } => is(o),
        Stmt::Call { args, .. } => args.iter().any(is),
        _ => false,
    }
}
