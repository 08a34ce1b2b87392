//! Assignments: destructuring, indices, properties, typed variables, updates, declarations.

use super::Desugar;
use crate::builtin_macros::is_call_signature;
use crate::node::{Kind, Node};
use crate::x::{Head, Name, X, XK, is_underscore, sym};
use base::{Diagnostic, Span, Symbol};
use syntax::Lit;

impl Desugar<'_> {
    pub(super) fn assign(&mut self, span: Span, lhs: &X, rhs: &X) -> Node {
        if is_call_signature(lhs) {
            return self.function_definition(span, lhs, rhs);
        }
        if let Some([name, params @ ..]) = lhs.args_of(Head::Curly) {
            return self.type_alias(span, name, params, rhs);
        }
        if let (Some(targets), Some(values)) = (lhs.args_of(Head::Tuple), rhs.args_of(Head::Tuple)) {
            let plain = |x: &X| !x.is(Head::Splat) && !x.is(Head::Parameters) && !x.is(Head::Assign) && !x.is(Head::Kw);
            if targets.len() == values.len() && targets.iter().all(plain) && values.iter().all(plain) {
                return self.assign_each(span, targets, values);
            }
        }
        // `a = b = c`: the innermost value is evaluated once.
        let value = self.expr(rhs);
        self.assign_value(span, lhs, value)
    }

    /// `a, b = x, y`: no tuple is made (unless the value is used), all values are computed first.
    fn assign_each(&mut self, span: Span, targets: &[X], values: &[X]) -> Node {
        let mut stmts = Vec::new();
        let mut parts = Vec::new();
        for value in values {
            let node = self.expr(value);
            // Variables are read now: a target may be one of them.
            parts.push(if matches!(node.kind, Kind::Const(_)) {
                node
            } else {
                Node::tmp(span, self.bind(node, &mut stmts))
            });
        }
        for (target, part) in targets.iter().zip(&parts) {
            stmts.push(self.assign_value(target.span, target, part.clone()));
        }
        stmts.push(self.core_call(span, sym!("tuple"), parts));
        Node::block(span, stmts)
    }

    /// Assigns an already desugared value; the value of the whole is that value.
    pub(super) fn assign_value(&mut self, span: Span, lhs: &X, value: Node) -> Node {
        match &lhs.kind {
            XK::Id(name) if is_underscore(name.sym) => value,
            XK::Id(name) => Node::assign(span, Node::id(lhs.span, *name), value),
            XK::Global(g) => Node::assign(span, Node::new(lhs.span, Kind::Global(*g)), value),
            XK::Var(v) => Node::assign(span, Node::var(lhs.span, *v), value),
            XK::Tmp(t) => Node::assign(span, Node::tmp(lhs.span, *t), value),
            XK::Node(head, args) => self.assign_form(span, lhs, *head, args, value),
            _ => self.invalid_target(lhs),
        }
    }

    pub(super) fn invalid_target(&mut self, lhs: &X) -> Node {
        let text = self.text(lhs);
        self.error("lowering.assignment-target", format!("invalid assignment location \"{text}\""), lhs.span)
    }

    fn assign_form(&mut self, span: Span, lhs: &X, head: Head, args: &[X], value: Node) -> Node {
        match (head, args) {
            (Head::Tuple, [params]) if params.is(Head::Parameters) => {
                self.assign_properties(span, params.args_of(Head::Parameters).unwrap_or(&[]), value)
            }
            (Head::Tuple, _) => self.destructure(span, args, value),
            (Head::Dot, [object, field]) => {
                let mut stmts = Vec::new();
                let value = self.bound(value, &mut stmts);
                let object = self.expr(object);
                let field = self.field_name(field);
                stmts.push(self.base_call(span, sym!("setproperty!"), vec![object, field, value.clone()]));
                stmts.push(value);
                Node::block(span, stmts)
            }
            (Head::Ref, [array, indices @ ..]) => {
                let mut stmts = Vec::new();
                let value = self.bound(value, &mut stmts);
                let (array, indices) = self.indexed(array, indices, &mut stmts);
                let mut all = vec![super::Arg::Plain(array), super::Arg::Plain(value.clone())];
                all.extend(indices);
                let f = self.base(span, sym!("setindex!"));
                stmts.push(self.call_with(span, f, all));
                stmts.push(value);
                Node::block(span, stmts)
            }
            (Head::Decl, [target, ty]) => match target.kind {
                XK::Id(name) => {
                    let ty = self.expr(ty);
                    let decl = Node::new(span, Kind::TypeDecl(Box::new(Node::id(span, name)), Box::new(ty)));
                    let assign = self.assign_value(span, target, value);
                    Node::block(span, vec![decl, assign])
                }
                XK::Global(g) => {
                    let ty = self.expr(ty);
                    let target_node = Node::new(span, Kind::Global(g));
                    let decl = Node::new(span, Kind::TypeDecl(Box::new(target_node), Box::new(ty)));
                    let assign = self.assign_value(span, target, value);
                    Node::block(span, vec![decl, assign])
                }
                _ => {
                    // Not a variable: the type is asserted.
                    let mut stmts = Vec::new();
                    let ty = self.expr(ty);
                    let value = self.core_call(span, sym!("typeassert"), vec![value, ty]);
                    let value = Node::tmp(span, self.bind(value, &mut stmts));
                    stmts.push(self.assign_value(span, target, value.clone()));
                    stmts.push(value);
                    Node::block(span, stmts)
                }
            },
            (Head::Local | Head::Global, [target]) => {
                // `(local x) = v` from a macro.
                let decl = self.declaration(span, head, std::slice::from_ref(target));
                let assign = self.assign_value(span, target, value);
                Node::block(span, vec![decl, assign])
            }
            (Head::TypedHcat | Head::TypedVcat, _) => {
                self.error("lowering.assignment-target", "invalid spacing in left side of indexed assignment", lhs.span)
            }
            (Head::Vcat | Head::Hcat | Head::Vect, _) => {
                self.error("lowering.assignment-target", "use \"(a, b) = ...\" to assign multiple values", lhs.span)
            }
            _ => self.invalid_target(lhs),
        }
    }

    /// A node that can be used twice.
    fn bound(&mut self, value: Node, stmts: &mut Vec<Node>) -> Node {
        if matches!(value.kind, Kind::Const(_) | Kind::Tmp(_)) {
            return value;
        }
        let span = value.span;
        Node::tmp(span, self.bind(value, stmts))
    }

    /// `a, (b, c), d... = value`.
    fn destructure(&mut self, span: Span, targets: &[X], value: Node) -> Node {
        let mut stmts = Vec::new();
        let tuple = self.bound(value, &mut stmts);
        let mut splats = targets.iter().enumerate().filter(|(_, t)| t.is(Head::Splat));
        let splat = splats.next().map(|(i, _)| i);
        if let Some((_, second)) = splats.next() {
            let span = second.span;
            return self.error("lowering.destructuring", "multiple \"...\" on lhs of assignment", span);
        }
        if let Some(wrong) = targets.iter().find(|t| t.is(Head::Parameters)) {
            let span = wrong.span;
            return self.error(
                "lowering.assignment-target",
                "invalid assignment location: mixed properties and elements",
                span,
            );
        }
        let mut state: Option<Node> = None;
        let mut source = tuple.clone();
        let mut position = 0;
        for (i, target) in targets.iter().enumerate() {
            if Some(i) == splat {
                let after = targets.len() - i - 1;
                let inner = match target.args_of(Head::Splat) {
                    Some([inner]) => inner,
                    _ => target,
                };
                let mut args = vec![source.clone()];
                if after > 0 {
                    args.push(self.int(span, after as i64));
                }
                args.extend(state.take());
                let rest = self.base_call(span, if after > 0 { sym!("split_rest") } else { sym!("rest") }, args);
                let mut rest = Node::tmp(span, self.bind(rest, &mut stmts));
                if after > 0 {
                    // `split_rest` gives what goes into the collection and what is left for the targets after it.
                    let one = self.int(span, 1);
                    let two = self.int(span, 2);
                    let left = self.core_call(span, sym!("getfield"), vec![rest.clone(), two]);
                    source = Node::tmp(span, self.bind(left, &mut stmts));
                    rest = self.core_call(span, sym!("getfield"), vec![rest, one]);
                    position = 0;
                }
                stmts.push(self.assign_value(span, inner, rest));
                continue;
            }
            position += 1;
            let mut args = vec![source.clone(), self.int(span, position)];
            args.extend(state.take());
            let step = self.base_call(span, sym!("indexed_iterate"), args);
            let step = Node::tmp(span, self.bind(step, &mut stmts));
            let one = self.int(span, 1);
            let element = self.core_call(span, sym!("getfield"), vec![step.clone(), one]);
            let element = if matches!(target.kind, XK::Id(_)) {
                element
            } else {
                Node::tmp(span, self.bind(element, &mut stmts))
            };
            stmts.push(self.assign_value(target.span, target, element));
            if i + 1 < targets.len() {
                let two = self.int(span, 2);
                let next = self.core_call(span, sym!("getfield"), vec![step, two]);
                state = Some(Node::tmp(span, self.bind(next, &mut stmts)));
            }
        }
        stmts.push(tuple);
        Node::block(span, stmts)
    }

    /// `(; a, b::T) = value`.
    fn assign_properties(&mut self, span: Span, targets: &[X], value: Node) -> Node {
        let mut stmts = Vec::new();
        let object = self.bound(value, &mut stmts);
        for target in targets {
            let name = match target.args_of(Head::Decl) {
                Some([name, _]) => name.as_id(),
                _ => target.as_id(),
            };
            let Some(name) = name else {
                stmts.push(self.invalid_target(target));
                continue;
            };
            let field = self.symbol(span, name.sym);
            let property = self.base_call(span, sym!("getproperty"), vec![object.clone(), field]);
            stmts.push(self.assign_value(target.span, target, property));
        }
        stmts.push(object);
        Node::block(span, stmts)
    }

    /// The second part of `a.b` as a value.
    pub(super) fn field_name(&mut self, field: &X) -> Node {
        self.expr(field)
    }

    // ---- updates -----------------------------------------------------------------------------

    /// A left side whose parts are evaluated once, so that it can be read and then written.
    pub(super) fn stable_target(&mut self, lhs: &X, stmts: &mut Vec<Node>) -> Option<X> {
        let span = lhs.span;
        match &lhs.kind {
            XK::Id(_) | XK::Global(_) | XK::Var(_) => Some(lhs.clone()),
            XK::Node(Head::Ref, args) => {
                let (array, indices) = args.split_first()?;
                let array = self.atomize(array, stmts);
                let mut parts = vec![array.clone()];
                parts.extend(self.atomize_indices(&array, indices, stmts));
                Some(X::node(span, Head::Ref, parts))
            }
            XK::Node(Head::Dot, args) if args.len() == 2 && !args[1].is(Head::Tuple) => {
                let object = self.atomize(&args[0], stmts);
                let field = self.atomize(&args[1], stmts);
                Some(X::node(span, Head::Dot, vec![object, field]))
            }
            _ => None,
        }
    }

    pub(super) fn update(&mut self, span: Span, op: Symbol, lhs: &X, rhs: &X) -> Node {
        let mut stmts = Vec::new();
        let mut lhs = lhs.clone();
        if let Some([target, ty]) = lhs.args_of(Head::Decl)
            && let Some(name) = target.as_id()
        {
            let ty = self.expr(ty);
            stmts.push(Node::new(span, Kind::TypeDecl(Box::new(Node::id(span, name)), Box::new(ty))));
            lhs = target.clone();
        }
        let Some(target) = self.stable_target(&lhs, &mut stmts) else { return self.invalid_update(&lhs) };
        if op == "&&" || op == "||" {
            let read = self.expr(&target);
            let write = self.assign(span, &target, rhs);
            let kind = if op == "&&" { Kind::And(vec![read, write]) } else { Kind::Or(vec![read, write]) };
            stmts.push(Node::new(span, kind));
        } else {
            let f = self.name_id(span, op.as_str());
            let value = self.call(span, &f, &[target.clone(), rhs.clone()]);
            stmts.push(self.assign_value(span, &target, value));
        }
        Node::block(span, stmts)
    }

    pub(super) fn invalid_update(&mut self, lhs: &X) -> Node {
        if lhs.is(Head::Tuple) {
            let text = self.text(lhs);
            return self.error(
                "lowering.assignment-target",
                format!("invalid multiple assignment location \"{text}\""),
                lhs.span,
            );
        }
        self.invalid_target(lhs)
    }

    // ---- declarations ------------------------------------------------------------------------

    /// `local x, y::T = …` and `global …`.
    pub(super) fn declaration(&mut self, span: Span, head: Head, args: &[X]) -> Node {
        let mut stmts = Vec::new();
        for arg in args {
            if let Some([inner]) = arg.args_of(Head::Const) {
                // `global const x = 1`
                stmts.push(self.const_(span, std::slice::from_ref(inner)));
                continue;
            }
            let (target, has_value) = match arg.as_node() {
                Some((Head::Assign, [target, _])) => (target, true),
                Some((Head::Update(_) | Head::DotUpdate(_) | Head::DotAssign, [target, _])) => (target, true),
                Some((Head::Function | Head::Macro, [signature, ..])) => (signature, true),
                _ => (arg, false),
            };
            let mut names = Vec::new();
            if !self.declared_names(target, &mut names) {
                let what = head.text();
                let message = format!("invalid syntax in \"{what}\" declaration");
                stmts.push(self.error("lowering.declaration", message, arg.span));
                continue;
            }
            for &name in &names {
                let kind = if head == Head::Local { Kind::Local(name) } else { Kind::GlobalDecl(name) };
                stmts.push(Node::new(target.span, kind));
            }
            if has_value {
                stmts.push(self.expr(arg));
            } else if let Some([Some(name), _]) = target.args_of(Head::Decl).map(|a| [a[0].as_id(), None])
                && let Some([_, ty]) = target.args_of(Head::Decl)
            {
                let ty = self.expr(ty);
                stmts.push(Node::new(span, Kind::TypeDecl(Box::new(Node::id(span, name)), Box::new(ty))));
            }
        }
        if !args.iter().any(|a| matches!(a.as_node(), Some((Head::Assign | Head::Update(_) | Head::Function, _)))) {
            stmts.push(self.nothing(span));
        }
        Node::block(span, stmts)
    }

    /// The names a left side binds.
    pub(super) fn declared_names(&mut self, target: &X, names: &mut Vec<Name>) -> bool {
        match &target.kind {
            XK::Id(name) => {
                if !is_underscore(name.sym) {
                    names.push(*name);
                }
                true
            }
            // A global of another module needs no declaration.
            XK::Global(_) => true,
            XK::Node(Head::Decl | Head::Where | Head::Call | Head::Curly | Head::Splat, args) => {
                args.first().is_some_and(|a| self.declared_names(a, names))
            }
            XK::Node(Head::Tuple | Head::Parameters, args) => args.iter().all(|a| self.declared_names(a, names)),
            XK::Node(Head::Block, args) => args.iter().filter(|a| !a.is_line()).all(|a| self.declared_names(a, names)),
            _ => false,
        }
    }

    pub(super) fn const_(&mut self, span: Span, args: &[X]) -> Node {
        let [arg] = args else { return self.bad_const(span) };
        let (head, inner) = match arg.as_node() {
            Some(parts) => parts,
            None => return self.bad_const(span),
        };
        match (head, inner) {
            // `const global x = 1`
            (Head::Global, [_]) => self.const_(span, inner),
            (Head::Local, _) => {
                self.error("lowering.const-local", "unsupported `const` declaration on local variable", span)
            }
            (Head::Assign, [lhs, rhs]) if !is_call_signature(lhs) => {
                if let Some([name, params @ ..]) = lhs.args_of(Head::Curly) {
                    return self.type_alias(span, name, params, rhs);
                }
                let value = self.expr(rhs);
                self.const_value(span, lhs, value)
            }
            _ => self.bad_const(span),
        }
    }

    fn bad_const(&mut self, span: Span) -> Node {
        self.error("lowering.const", "expected assignment after \"const\"", span)
    }

    fn const_value(&mut self, span: Span, lhs: &X, value: Node) -> Node {
        match &lhs.kind {
            XK::Id(name) => {
                if !self.at_toplevel() {
                    let message = format!("unsupported `const` declaration on local variable around `{}`", name.sym);
                    return self.error("lowering.const-local", message, span);
                }
                let target = Node::id(lhs.span, *name);
                Node::new(span, Kind::Const_(Box::new(target), Box::new(value)))
            }
            XK::Global(g) => {
                let target = Node::new(lhs.span, Kind::Global(*g));
                Node::new(span, Kind::Const_(Box::new(target), Box::new(value)))
            }
            XK::Node(Head::Decl, args) if args.len() == 2 => {
                let ty = self.expr(&args[1]);
                let value = self.converted(span, value, ty, true);
                self.const_value(span, &args[0], value)
            }
            XK::Node(Head::Tuple, targets) => {
                // Destructure into temporaries, then declare each.
                let mut stmts = Vec::new();
                let mut names = Vec::new();
                if !self.declared_names(lhs, &mut names) {
                    return self.invalid_target(lhs);
                }
                let mut stand_ins = Vec::new();
                for target in targets {
                    let var = self.fresh_var(sym!("const"), target.span);
                    stand_ins.push(match target.is(Head::Splat) {
                        true => X::node(target.span, Head::Splat, vec![X::new(target.span, XK::Var(var))]),
                        false => X::new(target.span, XK::Var(var)),
                    });
                }
                let left = X::node(lhs.span, Head::Tuple, stand_ins.clone());
                let tuple = self.bind(value, &mut stmts);
                stmts.push(self.assign_value(span, &left, Node::tmp(span, tuple)));
                for (target, stand_in) in targets.iter().zip(&stand_ins) {
                    let (target, stand_in) = match (target.args_of(Head::Splat), stand_in.args_of(Head::Splat)) {
                        (Some([t]), Some([s])) => (t, s),
                        _ => (target, stand_in),
                    };
                    let value = self.expr(stand_in);
                    stmts.push(self.const_value(span, target, value));
                }
                stmts.push(Node::tmp(span, tuple));
                Node::block(span, stmts)
            }
            _ => self.invalid_target(lhs),
        }
    }

    /// `A{T} = body` means `const A = body where T`.
    fn type_alias(&mut self, span: Span, name: &X, params: &[X], rhs: &X) -> Node {
        let mut parts = vec![rhs.clone()];
        parts.extend(params.iter().cloned());
        let value = X::node(span, Head::Where, parts);
        let value = self.expr(&value);
        if self.at_toplevel() {
            self.const_value(span, name, value)
        } else {
            match name.as_id() {
                Some(id) => Node::assign(span, Node::id(span, id), value),
                None => {
                    self.report(Diagnostic::error("lowering.assignment-target", "invalid type alias", span));
                    self.nothing(span)
                }
            }
        }
    }

    /// Is this the literal `n` of `x^n`?
    pub(super) fn integer_literal(x: &X) -> Option<i64> {
        match &x.kind {
            XK::Lit(Lit::Int64(n)) => Some(*n),
            _ => None,
        }
    }
}
