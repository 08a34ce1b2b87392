//! Broadcasting: nested dotted calls fuse into one lazy `broadcasted` tree, which is
//! materialised once at the outermost dot.

use super::{Arg, Desugar};
use crate::node::Node;
use crate::x::{Head, X, dotted_operator, sym};
use base::{Span, Symbol};

/// Is this a form that fuses into a surrounding broadcast?
fn is_dotted(x: &X) -> bool {
    match x.as_node() {
        Some((Head::Dot, [_, args])) => args.is(Head::Tuple),
        Some((Head::Call, [f, ..])) => f.as_id().is_some_and(|n| dotted_operator(n.sym).is_some()),
        Some((Head::DotAndAnd | Head::DotOrOr, _)) => true,
        Some((Head::Comparison, args)) => {
            args.iter().skip(1).step_by(2).any(|op| op.as_id().is_some_and(|n| dotted_operator(n.sym).is_some()))
        }
        _ => false,
    }
}

impl Desugar<'_> {
    /// `a.b`, `f.(args)`, `(. +)`.
    pub(super) fn dot(&mut self, x: &X, args: &[X]) -> Node {
        let span = x.span;
        match args {
            [_, arguments] if arguments.is(Head::Tuple) => self.dotted(x),
            [object, field] => {
                let object = self.expr(object);
                let field = self.field_name(field);
                self.base_call(span, sym!("getproperty"), vec![object, field])
            }
            [op] => {
                let op = self.expr(op);
                self.base_call(span, sym!("BroadcastFunction"), vec![op])
            }
            _ => self.error("lowering.dot", "invalid \".\" syntax", span),
        }
    }

    /// The outermost dotted form of a fused expression.
    pub(super) fn dotted(&mut self, x: &X) -> Node {
        let lazy = self.fused(x);
        self.base_call(x.span, sym!("materialize"), vec![lazy])
    }

    pub(super) fn dotted_call(&mut self, span: Span, f: &X, args: &[X]) -> Node {
        let mut all = vec![f.clone()];
        all.extend(args.iter().cloned());
        self.dotted(&X::node(span, Head::Call, all))
    }

    /// A part of a broadcast: lazy where it is dotted itself.
    fn fused(&mut self, x: &X) -> Node {
        if !is_dotted(x) {
            return self.expr(x);
        }
        let span = x.span;
        match x.as_node() {
            Some((Head::Dot, [f, arguments])) => {
                let arguments = arguments.args_of(Head::Tuple).unwrap_or(&[]);
                self.broadcasted(span, f, arguments)
            }
            Some((Head::Call, [f, args @ ..])) => {
                let name = f.as_id().expect("a dotted operator is a name");
                let op = dotted_operator(name.sym).unwrap_or(name.sym);
                let f = X::id(f.span, crate::x::Name { sym: op, layer: name.layer });
                self.broadcasted(span, &f, args)
            }
            Some((head @ (Head::DotAndAnd | Head::DotOrOr), args)) => {
                let f = self.base(span, if head == Head::DotAndAnd { sym!("andand") } else { sym!("oror") });
                let mut parts = vec![f];
                parts.extend(args.iter().map(|a| self.fused(a)).collect::<Vec<_>>());
                self.base_call(span, sym!("broadcasted"), parts)
            }
            Some((Head::Comparison, args)) => self.fused_comparison(span, args),
            _ => self.expr(x),
        }
    }

    fn broadcasted(&mut self, span: Span, f: &X, args: &[X]) -> Node {
        if f.as_id().is_some_and(|n| n.sym == "^")
            && args.len() == 2
            && let Some(n) = Self::integer_literal(&args[1])
        {
            let literal_pow = self.base(span, sym!("literal_pow"));
            let f = self.expr(f);
            let base = self.fused(&args[0]);
            let power = self.val_of(span, n);
            return self.base_call(span, sym!("broadcasted"), vec![literal_pow, f, base, power]);
        }
        let (positional, keywords) = Self::split_keywords(args);
        let f_node = self.expr(f);
        let mut arguments = Vec::new();
        for arg in &positional {
            arguments.push(match arg.args_of(Head::Splat) {
                Some([inner]) => Arg::Splat(self.expr(inner)),
                _ => Arg::Plain(self.fused(arg)),
            });
        }
        if keywords.is_empty() {
            arguments.insert(0, Arg::Plain(f_node));
            let broadcasted = self.base(span, sym!("broadcasted"));
            return self.call_with(span, broadcasted, arguments);
        }
        let text = self.text(f);
        let keywords = self.named_tuple(span, &keywords, Some(&text));
        let kwsyntax = self.base(span, sym!("broadcasted_kwsyntax"));
        let mut all = vec![Arg::Plain(keywords), Arg::Plain(kwsyntax), Arg::Plain(f_node)];
        all.extend(arguments);
        let kwcall = self.core(span, sym!("kwcall"));
        self.call_with(span, kwcall, all)
    }

    /// `a .< b .< c` is `(a .< b) .& (b .< c)`; undotted links in it compare whole objects.
    fn fused_comparison(&mut self, span: Span, args: &[X]) -> Node {
        let mut stmts = Vec::new();
        let mut whole: Option<Node> = None;
        let mut left = args[0].clone();
        let mut i = 1;
        while i + 1 < args.len() {
            let right = match i + 2 < args.len() {
                true => self.atomize(&args[i + 1], &mut stmts),
                false => args[i + 1].clone(),
            };
            let link = X::node(span, Head::Call, vec![args[i].clone(), left, right.clone()]);
            let link = self.fused(&link);
            whole = Some(match whole {
                None => link,
                Some(before) => {
                    let and = self.base(span, sym!("&"));
                    self.base_call(span, sym!("broadcasted"), vec![and, before, link])
                }
            });
            left = right;
            i += 2;
        }
        stmts.extend(whole);
        Node::block(span, stmts)
    }

    // ---- dotted assignment -------------------------------------------------------------------

    pub(super) fn dot_assign(&mut self, span: Span, lhs: &X, rhs: &X) -> Node {
        let mut stmts = Vec::new();
        let target = self.view(lhs, &mut stmts);
        let value = self.lazy_value(span, rhs);
        stmts.push(self.base_call(span, sym!("materialize!"), vec![target, value]));
        Node::block(span, stmts)
    }

    pub(super) fn dot_update(&mut self, span: Span, op: Symbol, lhs: &X, rhs: &X) -> Node {
        let mut stmts = Vec::new();
        let target = match self.stable_target(lhs, &mut stmts) {
            Some(target) => target,
            // Any other expression is an object to be updated in place.
            None if !lhs.is(Head::Tuple) => self.atomize(lhs, &mut stmts),
            None => return self.invalid_update(lhs),
        };
        let view = self.view(&target, &mut stmts);
        let value = match op.as_str() {
            "&&" | "||" => {
                let head = if op == "&&" { Head::DotAndAnd } else { Head::DotOrOr };
                let value = X::node(span, head, vec![target, rhs.clone()]);
                self.fused(&value)
            }
            _ => {
                let f = self.name_id(span, op.as_str());
                self.broadcasted(span, &f, &[target, rhs.clone()])
            }
        };
        stmts.push(self.base_call(span, sym!("materialize!"), vec![view, value]));
        Node::block(span, stmts)
    }

    /// The right side of `.=`, lazy in any case.
    fn lazy_value(&mut self, span: Span, rhs: &X) -> Node {
        if is_dotted(rhs) {
            return self.fused(rhs);
        }
        let identity = self.base(span, sym!("identity"));
        let value = self.expr(rhs);
        self.base_call(span, sym!("broadcasted"), vec![identity, value])
    }

    /// What `.=` writes through: parts of arrays and properties are not copied.
    fn view(&mut self, lhs: &X, stmts: &mut Vec<Node>) -> Node {
        let span = lhs.span;
        match lhs.as_node() {
            Some((Head::Ref, [array, indices @ ..])) => {
                let (array, indices) = self.indexed(array, indices, stmts);
                let mut all = vec![Arg::Plain(array)];
                all.extend(indices);
                let f = self.base(span, sym!("dotview"));
                self.call_with(span, f, all)
            }
            Some((Head::Dot, [object, field])) if !field.is(Head::Tuple) => {
                let object = self.expr(object);
                let field = self.field_name(field);
                self.base_call(span, sym!("dotgetproperty"), vec![object, field])
            }
            _ => self.expr(lhs),
        }
    }
}
