//! Control flow: conditionals, loops, `let`, `try`, `return`.

use super::{Desugar, Loop};
use crate::builtin_macros::is_call_signature;
use crate::node::{Kind, Node, ScopeKind, Try};
use crate::x::{Head, Name, X, XK, sym};
use base::Span;

impl Desugar<'_> {
    pub(super) fn if_(&mut self, span: Span, cond: &X, rest: &[X]) -> Node {
        // `if @generated`: both branches mean the same; the ordinary one is taken.
        if cond.is(Head::Generated) {
            return match rest.get(1) {
                Some(ordinary) => self.expr(ordinary),
                None => self.nothing(span),
            };
        }
        let cond = self.expr(cond);
        let then = self.expr_or_nothing(rest.first(), span);
        let otherwise = rest.get(1).map(|x| self.expr(x));
        Node::if_(span, cond, then, otherwise)
    }

    fn in_loop<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> (R, Loop) {
        let labels = Loop { exit: self.fresh_label(), next: self.fresh_label() };
        self.function().loops.push(labels);
        let result = body(self);
        self.function().loops.pop();
        (result, labels)
    }

    pub(super) fn while_(&mut self, span: Span, cond: &X, body: &X) -> Node {
        let cond = self.expr(cond);
        let (body, labels) = self.in_loop(|this| this.expr(body));
        let body = Node::scope(span, ScopeKind::Soft, body);
        let body = Node::new(span, Kind::Labeled(labels.next, Box::new(body)));
        let looped = Node::new(span, Kind::Loop { cond: Some(Box::new(cond)), body: Box::new(body) });
        let looped = Node::new(span, Kind::Labeled(labels.exit, Box::new(looped)));
        Node::block(span, vec![looped, self.nothing(span)])
    }

    pub(super) fn jump(&mut self, head: Head, span: Span) -> Node {
        match self.function().loops.last() {
            Some(labels) => {
                let label = if head == Head::Break { labels.exit } else { labels.next };
                Node::new(span, Kind::Break(label))
            }
            None => self.error("lowering.jump-outside-loop", "break or continue outside loop", span),
        }
    }

    /// `for i in a, j in b`: nested loops; `break` leaves all of them, `continue` goes on with the innermost.
    pub(super) fn for_(&mut self, span: Span, ranges: &X, body: &X) -> Node {
        let ranges: Vec<X> = match ranges.args_of(Head::Block) {
            Some(ranges) => ranges.iter().filter(|r| !r.is_line()).cloned().collect(),
            None => vec![ranges.clone()],
        };
        let exit = self.fresh_label();
        let looped = self.nested_for(span, &ranges, body, exit);
        let looped = Node::new(span, Kind::Labeled(exit, Box::new(looped)));
        Node::block(span, vec![looped, self.nothing(span)])
    }

    fn nested_for(&mut self, span: Span, ranges: &[X], body: &X, exit: crate::node::LabelId) -> Node {
        let Some((range, rest)) = ranges.split_first() else {
            return self.expr(body);
        };
        let Some((Head::Assign, [target, iterator])) = range.as_node() else {
            return self.error("lowering.for", "invalid iteration specification", range.span);
        };
        let at = range.span;
        let (target, outer) = match target.args_of(Head::Outer) {
            Some([inner]) => (inner, true),
            _ => (target, false),
        };
        let mut stmts = Vec::new();
        let iterator = self.expr(iterator);
        let iterator = Node::tmp(at, self.bind(iterator, &mut stmts));
        let next = self.fresh_var(sym!("#next#"), at);
        let first = self.base_call(at, sym!("iterate"), vec![iterator.clone()]);
        stmts.push(Node::assign(at, Node::var(at, next), first));

        // Body: bind the loop variables, then what is inside.
        let label = self.fresh_label();
        let mut inside = Vec::new();
        let mut names = Vec::new();
        if !self.declared_names(target, &mut names) && !outer {
            inside.push(self.invalid_target(target));
        }
        if !outer {
            inside.extend(names.iter().map(|&n| Node::new(at, Kind::Local(n))));
        } else {
            inside.extend(names.iter().map(|&n| Node::new(at, Kind::RequireLocal(n))));
        }
        let one = self.int(at, 1);
        let two = self.int(at, 2);
        let element = self.core_call(at, sym!("getfield"), vec![Node::var(at, next), one]);
        let state = self.core_call(at, sym!("getfield"), vec![Node::var(at, next), two]);
        let state = Node::tmp(at, self.bind(state, &mut inside));
        inside.push(self.assign_value(at, target, element));
        self.function().loops.push(Loop { exit, next: label });
        let body = self.nested_for(span, rest, body, exit);
        self.function().loops.pop();
        inside.push(Node::new(span, Kind::Labeled(label, Box::new(Node::scope(span, ScopeKind::Soft, body)))));
        let advance = self.base_call(at, sym!("iterate"), vec![iterator, state]);
        let advance = Node::assign(at, Node::var(at, next), advance);
        // The labels's jump lands before `advance`, which therefore stays in the scope of the body.
        inside.push(advance);
        // The end is tested before the loop and at its bottom: where the first test is known to fail, inference
        // knows that the body has run when the loop is left.
        let end = self.fresh_label();
        let first_test = self.leave_at_end(at, next, end);
        inside.push(self.leave_at_end(at, next, end));
        let body = Node::scope(span, ScopeKind::Soft, Node::block(span, inside));
        let looped = Node::new(span, Kind::Loop { cond: None, body: Box::new(body) });
        stmts.push(Node::new(span, Kind::Labeled(end, Box::new(Node::block(span, vec![first_test, looped])))));
        Node::block(span, stmts)
    }

    /// `next === nothing && break`
    fn leave_at_end(&mut self, at: Span, next: crate::x::VarId, end: crate::node::LabelId) -> Node {
        let nothing = self.nothing(at);
        let done = self.core_call(at, sym!("==="), vec![Node::var(at, next), nothing]);
        let leave = Node::new(at, Kind::Break(end));
        Node::new(at, Kind::If(Box::new(done), Box::new(leave), None))
    }

    pub(super) fn return_(&mut self, span: Span, value: Option<&X>) -> Node {
        let value = self.expr_or_nothing(value, span);
        Node::new(span, Kind::Return(Box::new(value)))
    }

    /// `(try body var catch [finally [else]])`, absent parts being `false`.
    pub(super) fn try_(&mut self, span: Span, args: &[X]) -> Node {
        let absent = |x: &&X| matches!(x.kind, XK::Lit(syntax::Lit::Bool(false)));
        let Some(body) = args.first() else { return self.nothing(span) };
        let variable = args.get(1).filter(|x| !absent(x)).cloned();
        let catch = args.get(2).filter(|x| !absent(x)).cloned();
        let finally = args.get(3).filter(|x| !absent(x)).cloned();
        let otherwise = args.get(4).filter(|x| !absent(x)).cloned();
        let body = self.expr(body);
        let body = Node::scope(span, ScopeKind::Soft, body);
        let catch = catch.map(|catch| {
            let mut stmts = Vec::new();
            if let Some(variable) = &variable {
                match variable.as_id() {
                    Some(name) => {
                        stmts.push(Node::new(span, Kind::Local(name)));
                        let current = Node::new(span, Kind::CurrentException);
                        stmts.push(Node::assign(span, Node::id(variable.span, name), current));
                    }
                    None => {
                        let text = self.text(variable);
                        let message = format!("invalid syntax in \"catch\": expected a variable name, not \"{text}\"");
                        stmts.push(self.error("lowering.catch", message, variable.span));
                    }
                }
            }
            stmts.push(self.expr(&catch));
            Node::scope(span, ScopeKind::Soft, Node::block(span, stmts))
        });
        let otherwise = otherwise.map(|x| {
            let body = self.expr(&x);
            Node::scope(span, ScopeKind::Soft, body)
        });
        let finally = finally.map(|x| {
            let body = self.expr(&x);
            Node::scope(span, ScopeKind::Soft, body)
        });
        Node::new(span, Kind::Try(Box::new(Try { body, catch, otherwise, finally })))
    }

    /// `let a = x, b = y; body`: each binding sees the ones before it, and the right sides the
    /// variables around the `let`.
    pub(super) fn let_(&mut self, span: Span, bindings: &X, body: &X) -> Node {
        let bindings: Vec<X> = match bindings.args_of(Head::Block) {
            Some(list) => list.iter().filter(|b| !b.is_line()).cloned().collect(),
            None => vec![bindings.clone()],
        };
        self.let_rest(span, &bindings, body)
    }

    fn let_rest(&mut self, span: Span, bindings: &[X], body: &X) -> Node {
        let Some((binding, rest)) = bindings.split_first() else {
            let body = self.expr(body);
            return Node::scope(span, ScopeKind::Hard, body);
        };
        let at = binding.span;
        let mut outside = Vec::new();
        let mut inside = Vec::new();
        match binding.as_node() {
            None if binding.as_id().is_some() => {
                inside.extend(binding.as_id().map(|n| Node::new(at, Kind::Local(n))));
            }
            Some((Head::Decl, [target, ty])) => match target.as_id() {
                Some(name) => {
                    inside.push(Node::new(at, Kind::Local(name)));
                    let ty = self.expr(ty);
                    inside.push(Node::new(at, Kind::TypeDecl(Box::new(Node::id(at, name)), Box::new(ty))));
                }
                None => inside.push(self.invalid_let(binding)),
            },
            Some((Head::Assign, [target, value])) if is_call_signature(target) => {
                let mut names: Vec<Name> = Vec::new();
                self.declared_names(target, &mut names);
                inside.extend(names.iter().map(|&n| Node::new(at, Kind::Local(n))));
                inside.push(self.function_definition(at, target, value));
            }
            Some((Head::Assign, [target, value])) => {
                let mut names = Vec::new();
                if !self.declared_names(target, &mut names) {
                    inside.push(self.invalid_let(binding));
                } else {
                    let value = self.expr(value);
                    let value = Node::tmp(at, self.bind(value, &mut outside));
                    inside.extend(names.iter().map(|&n| Node::new(at, Kind::Local(n))));
                    inside.push(self.assign_value(at, target, value));
                }
            }
            Some((Head::Function, _)) => inside.push(self.expr(binding)),
            _ => inside.push(self.invalid_let(binding)),
        }
        inside.push(self.let_rest(span, rest, body));
        outside.push(Node::scope(span, ScopeKind::Hard, Node::block(span, inside)));
        Node::block(span, outside)
    }

    fn invalid_let(&mut self, binding: &X) -> Node {
        self.error("lowering.let", "invalid let syntax", binding.span)
    }
}
