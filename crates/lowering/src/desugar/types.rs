//! Type expressions: application, `where`, and the signature of type definitions.

use super::function::{Sparam, where_vars};
use super::{Arg, Desugar};
use crate::node::{Kind, Node};
use crate::x::{Head, Name, X, sym};
use base::{Span, Symbol};

/// `Name{Params} <: Super`.
pub(super) struct TypeSignature {
    pub name: X,
    pub params: Vec<Sparam>,
    pub supertype: Option<X>,
}

impl Desugar<'_> {
    /// `T{A, <:B, C...}`. A bare bound stands for a type variable of its own.
    pub(super) fn curly(&mut self, span: Span, ty: &X, params: &[X]) -> Node {
        let mut stmts = Vec::new();
        let mut args = Vec::new();
        let mut implicit = Vec::new();
        let ty = self.expr(ty);
        for param in params {
            match param.as_node() {
                Some((head @ (Head::Subtype | Head::Supertype), [bound])) => {
                    let bound = self.expr(bound);
                    let (lower, upper) = if head == Head::Subtype { (None, Some(bound)) } else { (Some(bound), None) };
                    let name = Symbol::new(&format!("#s{}", implicit.len() + 1));
                    let var = self.type_var(span, name, lower, upper);
                    let var = Node::tmp(span, self.bind(var, &mut stmts));
                    implicit.push(var.clone());
                    args.push(Arg::Plain(var));
                }
                Some((Head::Parameters, _)) => {
                    args.push(Arg::Plain(self.error(
                        "lowering.curly",
                        "unexpected semicolon in type parameters",
                        param.span,
                    )));
                }
                Some((Head::Kw | Head::Assign, _)) => {
                    let text = self.text(param);
                    let message = format!("misplaced assignment statement in \"{text}\"");
                    args.push(Arg::Plain(self.error("lowering.curly", message, param.span)));
                }
                Some((Head::Splat, [inner])) => args.push(Arg::Splat(self.expr(inner))),
                _ => args.push(Arg::Plain(self.expr(param))),
            }
        }
        args.insert(0, Arg::Plain(ty));
        let apply = self.core(span, sym!("apply_type"));
        let mut result = self.call_with(span, apply, args);
        for var in implicit.into_iter().rev() {
            result = self.core_call(span, sym!("_unionall"), vec![var, result]);
        }
        if stmts.is_empty() {
            return result;
        }
        stmts.push(result);
        Node::block(span, stmts)
    }

    /// A fresh `TypeVar`.
    pub(super) fn type_var(&mut self, span: Span, name: Symbol, lower: Option<Node>, upper: Option<Node>) -> Node {
        let name = self.symbol(span, name);
        let lower = lower.unwrap_or_else(|| match self.ex.host.bottom() {
            Some(bottom) => Node::new(span, Kind::Const(bottom)),
            None => {
                let union = self.core(span, sym!("Union"));
                self.core_call(span, sym!("apply_type"), vec![union])
            }
        });
        let upper = upper.unwrap_or_else(|| self.core(span, sym!("Any")));
        self.core_call(span, sym!("_typevar"), vec![name, lower, upper])
    }

    /// `T where {A, B<:A}`.
    pub(super) fn where_(&mut self, span: Span, ty: &X, params: &[X]) -> Node {
        let vars = where_vars(params);
        let sparams: Option<Vec<Sparam>> = vars.iter().map(|v| self.sparam(v)).collect();
        let Some(sparams) = sparams else { return self.nothing(span) };
        self.with_type_vars(span, &sparams, &mut |this| this.expr(ty), true)
    }

    /// Evaluates `body` with the names of `params` bound to fresh type variables; wraps the value in
    /// `UnionAll`s if asked to.
    pub(super) fn with_type_vars(
        &mut self,
        span: Span,
        params: &[Sparam],
        body: &mut dyn FnMut(&mut Self) -> Node,
        wrap: bool,
    ) -> Node {
        let Some((param, rest)) = params.split_first() else { return body(self) };
        let lower = param.lower.as_ref().map(|x| self.expr(x));
        let upper = param.upper.as_ref().map(|x| self.expr(x));
        let var = self.type_var(span, param.name.sym, lower, upper);
        let mut stmts = Vec::new();
        let var = Node::tmp(span, self.bind(var, &mut stmts));
        let mut inside =
            vec![Node::new(span, Kind::Local(param.name)), Node::assign(span, Node::id(span, param.name), var.clone())];
        let value = self.with_type_vars(span, rest, body, wrap);
        inside.push(if wrap { self.core_call(span, sym!("_unionall"), vec![var, value]) } else { value });
        stmts.push(self.hard_scope(span, inside));
        Node::block(span, stmts)
    }

    pub(super) fn type_signature(&mut self, x: &X) -> Option<TypeSignature> {
        let (head, supertype) = match x.as_node() {
            Some((Head::Subtype, [head, supertype])) => (head, Some(supertype.clone())),
            _ => (x, None),
        };
        let (name, params) = match head.as_node() {
            Some((Head::Curly, [name, params @ ..])) => (name, params),
            _ => (head, &[][..]),
        };
        let is_name = name.as_id().is_some() || matches!(name.kind, crate::x::XK::Global(_));
        if !is_name {
            self.error("lowering.type-signature", "invalid type signature", x.span);
            return None;
        }
        let params: Option<Vec<Sparam>> = params.iter().map(|p| self.sparam(p)).collect();
        let params = params?;
        let mut seen: Vec<Name> = Vec::new();
        for param in &params {
            if seen.contains(&param.name) {
                let message = format!("duplicate type parameter \"{}\"", param.name.sym);
                self.error("lowering.duplicate-parameter", message, x.span);
            }
            seen.push(param.name);
        }
        Some(TypeSignature { name: name.clone(), params, supertype })
    }

    /// Type definitions only make sense where globals are made.
    pub(super) fn require_toplevel(&mut self, what: &str, span: Span) -> bool {
        let top = self.at_toplevel();
        if !top {
            self.error("lowering.not-toplevel", format!("\"{what}\" expression not at top level"), span);
        }
        top
    }
}
