//! Desugaring: every surface form in terms of the few forms of [`Node`].
//!
//! Names stay names here (with their layer); which variable one means is scope resolution's business.
//! A form that needs a sub-expression twice evaluates it into a temporary first.

mod array;
mod assign;
mod broadcast;
mod call;
mod control;
mod function;
mod keyword;
mod module;
mod structs;
mod types;

use crate::expand::Expander;
use crate::node::{Kind, LabelId, LambdaId, Node, ScopeKind};
use crate::x::{Head, LayerId, Name, TmpId, VarId, X, XK, dotted_operator, is_underscore, sym};
use base::{Diagnostic, SourceMap, Span, Symbol};
use ir::lowered::{GlobalRef, Meta};
use syntax::{Expr, ExprKind};

/// What is known about a local variable; filled in by desugaring (fresh ones) and scope resolution.
#[derive(Clone, Debug)]
pub struct VarInfo {
    pub name: Symbol,
    /// The function it is local to.
    pub owner: Option<LambdaId>,
    pub is_argument: bool,
    /// Declared type, resolved.
    pub ty: Option<Box<Node>>,
    pub assignments: u32,
    pub captured: bool,
    /// Lives in a `Core.Box`: captured and reassigned after a closure has seen it.
    pub boxed: bool,
    pub span: Span,
}

/// State of the function being desugared.
pub struct FnContext {
    pub meta: Meta,
    pub generated: bool,
    /// Argument names in order, the function object first (for `@nospecialize`).
    pub args: Vec<Option<Name>>,
    loops: Vec<Loop>,
    /// Top-level code of a thunk.
    pub toplevel: bool,
    /// The variable that holds the function object.
    pub self_var: Option<VarId>,
}

#[derive(Clone, Copy)]
struct Loop {
    exit: LabelId,
    next: LabelId,
}

/// What `end` and `begin` mean inside an index.
struct Indexing {
    array: X,
    /// Which index this is (from 0) and how many there are.
    position: usize,
    count: usize,
    /// Splatted indices before this one.
    splats_before: Vec<X>,
}

/// What `new` means inside a `struct`.
#[derive(Clone)]
pub struct NewContext {
    pub name: X,
    pub params: usize,
    pub field_is_any: Vec<bool>,
    /// In a constructor that names its type's parameters (`Foo{T}(…)`), `new` makes an object of the
    /// function itself: the one at this depth.
    pub constructor: Option<usize>,
}

pub struct Desugar<'h> {
    pub ex: Expander<'h>,
    pub vars: Vec<VarInfo>,
    tmps: u32,
    labels: u32,
    pub functions: Vec<FnContext>,
    indexing: Vec<Indexing>,
    new_context: Option<NewContext>,
}

/// An argument of a call.
pub enum Arg {
    Plain(Node),
    Splat(Node),
}

impl<'h> Desugar<'h> {
    pub fn new(ex: Expander<'h>) -> Desugar<'h> {
        Desugar {
            ex,
            vars: Vec::new(),
            tmps: 0,
            labels: 0,
            functions: Vec::new(),
            indexing: Vec::new(),
            new_context: None,
        }
    }

    // ---- building blocks ---------------------------------------------------------------------

    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.ex.diagnostics.push(diagnostic);
    }

    /// Reports an error and stands in for the wrong expression.
    pub fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) -> Node {
        self.report(Diagnostic::error(code, message, span));
        self.nothing(span)
    }

    pub fn fresh_tmp(&mut self) -> TmpId {
        self.tmps += 1;
        TmpId(self.tmps - 1)
    }

    pub fn fresh_label(&mut self) -> LabelId {
        self.labels += 1;
        LabelId(self.labels - 1)
    }

    /// A new local variable no program text can name.
    pub fn fresh_var(&mut self, name: Symbol, span: Span) -> VarId {
        self.vars.push(VarInfo {
            name,
            owner: None,
            is_argument: false,
            ty: None,
            assignments: 0,
            captured: false,
            boxed: false,
            span,
        });
        VarId(self.vars.len() as u32 - 1)
    }

    pub fn nothing(&self, span: Span) -> Node {
        Node::new(span, Kind::Const(self.ex.host.nothing()))
    }

    pub fn boolean(&self, span: Span, value: bool) -> Node {
        Node::new(span, Kind::Const(self.ex.host.boolean(value)))
    }

    pub fn int(&mut self, span: Span, value: i64) -> Node {
        Node::new(span, Kind::Const(self.ex.host.int(value)))
    }

    pub fn symbol(&mut self, span: Span, name: Symbol) -> Node {
        Node::new(span, Kind::Const(self.ex.host.symbol(name)))
    }

    pub fn core(&self, span: Span, name: Symbol) -> Node {
        Node::new(span, Kind::Global(GlobalRef { module: self.ex.host.core_module(), name }))
    }

    pub fn base(&self, span: Span, name: Symbol) -> Node {
        Node::new(span, Kind::Global(GlobalRef { module: self.ex.host.base_module(), name }))
    }

    pub fn core_call(&self, span: Span, name: Symbol, args: Vec<Node>) -> Node {
        Node::call(span, self.core(span, name), args)
    }

    pub fn base_call(&self, span: Span, name: Symbol, args: Vec<Node>) -> Node {
        Node::call(span, self.base(span, name), args)
    }

    /// An object of a type of `Core`, made without its constructors.
    pub fn core_new(&self, span: Span, name: Symbol, args: Vec<Node>) -> Node {
        Node::new(span, Kind::New(Box::new(self.core(span, name)), args))
    }

    /// A call with possibly splatted arguments.
    pub fn call_with(&self, span: Span, f: Node, args: Vec<Arg>) -> Node {
        if args.iter().all(|a| matches!(a, Arg::Plain(_))) {
            let args = args.into_iter().map(|a| match a {
                Arg::Plain(n) | Arg::Splat(n) => n,
            });
            return Node::call(span, f, args.collect());
        }
        let mut parts = vec![self.base(span, sym!("iterate")), f];
        let mut plain = Vec::new();
        for arg in args {
            match arg {
                Arg::Plain(n) => plain.push(n),
                Arg::Splat(n) => {
                    if !plain.is_empty() {
                        parts.push(self.core_call(span, sym!("tuple"), std::mem::take(&mut plain)));
                    }
                    parts.push(n);
                }
            }
        }
        if !plain.is_empty() {
            parts.push(self.core_call(span, sym!("tuple"), plain));
        }
        self.core_call(span, sym!("_apply_iterate"), parts)
    }

    /// Desugars arguments, splats included.
    pub fn args(&mut self, args: &[X]) -> Vec<Arg> {
        args.iter()
            .map(|a| match a.args_of(Head::Splat) {
                Some([inner]) => Arg::Splat(self.expr(inner)),
                _ => Arg::Plain(self.expr(a)),
            })
            .collect()
    }

    /// Evaluates `x` into a temporary unless it is an atom; gives what stands for its value.
    pub fn atomize(&mut self, x: &X, stmts: &mut Vec<Node>) -> X {
        if x.is_atom() && !matches!(x.kind, XK::Line) {
            if x.as_id().is_some_and(|n| matches!(n.sym.as_str(), "end" | "begin")) && !self.indexing.is_empty() {
                // `end` is a computation.
            } else {
                return x.clone();
            }
        }
        if let Some([inner]) = x.args_of(Head::Splat) {
            let inner = self.atomize(inner, stmts);
            return X::node(x.span, Head::Splat, vec![inner]);
        }
        let value = self.expr(x);
        X::tmp(x.span, self.bind(value, stmts))
    }

    /// Puts the value of `node` into a temporary.
    pub fn bind(&mut self, node: Node, stmts: &mut Vec<Node>) -> TmpId {
        if let Kind::Tmp(t) = node.kind {
            return t;
        }
        let tmp = self.fresh_tmp();
        let span = node.span;
        stmts.push(Node::assign(span, Node::tmp(span, tmp), node));
        tmp
    }

    /// `value` converted to `ty` unless it already is one (`convert` must deliver what it promises
    /// where `check` is set).
    pub fn converted(&mut self, span: Span, value: Node, ty: Node, check: bool) -> Node {
        let mut stmts = Vec::new();
        let value = self.bind(value, &mut stmts);
        let ty = if ty.is_atom() { ty } else { Node::tmp(span, self.bind(ty, &mut stmts)) };
        let test = self.core_call(span, sym!("isa"), vec![Node::tmp(span, value), ty.clone()]);
        let mut convert = self.base_call(span, sym!("convert"), vec![ty.clone(), Node::tmp(span, value)]);
        if check {
            convert = self.core_call(span, sym!("typeassert"), vec![convert, ty]);
        }
        stmts.push(Node::if_(span, test, Node::tmp(span, value), Some(convert)));
        Node::block(span, stmts)
    }

    pub fn function(&mut self) -> &mut FnContext {
        self.functions.last_mut().expect("a thunk is always open")
    }

    pub fn at_toplevel(&self) -> bool {
        self.functions.last().is_none_or(|f| f.toplevel)
    }

    /// The program text of an expression, for messages.
    pub fn text(&self, x: &X) -> String {
        if let Some(name) = x.as_id() {
            return name.sym.to_string();
        }
        if !x.span.is_none() {
            let file = SourceMap::file(x.span.file);
            if let Some(text) = file.text.get(x.span.start as usize..x.span.end as usize) {
                return text.to_string();
            }
        }
        match &x.kind {
            XK::Node(head, _) => head.text(),
            _ => String::new(),
        }
    }

    pub fn name_id(&self, span: Span, name: &str) -> X {
        X::id(span, Name { sym: Symbol::new(name), layer: LayerId::ROOT })
    }

    // ---- functions' contexts -----------------------------------------------------------------

    /// Desugars a function's body in a context of its own; gives the body and the context.
    pub fn in_function<R>(
        &mut self,
        args: Vec<Option<Name>>,
        self_var: Option<VarId>,
        body: impl FnOnce(&mut Self) -> R,
    ) -> (R, FnContext) {
        self.functions.push(FnContext {
            meta: Meta::default(),
            generated: false,
            args,
            loops: Vec::new(),
            toplevel: false,
            self_var,
        });
        let indexing = std::mem::take(&mut self.indexing);
        let result = body(self);
        self.indexing = indexing;
        (result, self.functions.pop().expect("pushed above"))
    }

    /// Desugars a whole top-level expression.
    pub fn toplevel(&mut self, x: &X) -> Node {
        self.functions.push(FnContext {
            meta: Meta::default(),
            generated: false,
            args: Vec::new(),
            loops: Vec::new(),
            toplevel: true,
            self_var: None,
        });
        let node = self.expr(x);
        self.functions.pop();
        node
    }

    // ---- expressions -------------------------------------------------------------------------

    pub fn expr_or_nothing(&mut self, x: Option<&X>, span: Span) -> Node {
        match x {
            Some(x) => self.expr(x),
            None => self.nothing(span),
        }
    }

    pub fn exprs(&mut self, xs: &[X]) -> Vec<Node> {
        xs.iter().map(|x| self.expr(x)).collect()
    }

    /// A sequence of statements; line numbers disappear.
    pub fn block(&mut self, span: Span, xs: &[X]) -> Node {
        let nodes = xs.iter().filter(|x| !x.is_line()).map(|x| self.expr(x)).collect();
        Node::block(span, nodes)
    }

    pub fn expr(&mut self, x: &X) -> Node {
        let span = x.span;
        match &x.kind {
            XK::Id(name) => self.identifier(*name, span),
            XK::Lit(lit) => Node::new(span, Kind::Const(self.ex.host.literal(lit))),
            XK::Value(v) => Node::new(span, Kind::Const(*v)),
            XK::Global(g) => Node::new(span, Kind::Global(*g)),
            XK::Tmp(t) => Node::tmp(span, *t),
            XK::Var(v) => Node::var(span, *v),
            XK::Line => self.nothing(span),
            XK::Inert(e) => self.quoted(e, span),
            XK::Toplevel(e) => self.nested_toplevel(e, span),
            XK::Node(head, args) => self.node(x, *head, args),
        }
    }

    /// Quoted code: trees are copied on each evaluation, all else is shared.
    pub fn quoted(&mut self, e: &Expr, span: Span) -> Node {
        let value = self.ex.host.expr_to_value(e);
        Node::new(span, if matches!(e.kind, ExprKind::Node(..)) { Kind::CopyAst(value) } else { Kind::Const(value) })
    }

    fn identifier(&mut self, name: Name, span: Span) -> Node {
        match name.sym.as_str() {
            "end" | "begin" if !self.indexing.is_empty() => self.index_bound(name.sym == "end", span),
            // `.+` as a value
            _ if dotted_operator(name.sym).is_some() => {
                let op = Name { sym: dotted_operator(name.sym).unwrap_or(name.sym), layer: name.layer };
                self.base_call(span, sym!("BroadcastFunction"), vec![Node::id(span, op)])
            }
            _ if is_underscore(name.sym) => {
                let message =
                    "all-underscore identifiers are write-only and their values cannot be used in expressions";
                self.error("lowering.underscore", message, span)
            }
            _ => Node::id(span, name),
        }
    }

    fn node(&mut self, x: &X, head: Head, args: &[X]) -> Node {
        let span = x.span;
        match (head, args) {
            (Head::Block, _) => self.block(span, args),
            (Head::Call, [f, rest @ ..]) => self.call(span, f, rest),
            (Head::Assign, [lhs, rhs]) => self.assign(span, lhs, rhs),
            (Head::DotAssign, [lhs, rhs]) => self.dot_assign(span, lhs, rhs),
            (Head::Update(op), [lhs, rhs]) => self.update(span, op, lhs, rhs),
            (Head::DotUpdate(op), [lhs, rhs]) => self.dot_update(span, op, lhs, rhs),
            (Head::Dot, _) => self.dot(x, args),
            (Head::AndAnd, _) => Node::new(span, Kind::And(self.exprs(args))),
            (Head::OrOr, _) => Node::new(span, Kind::Or(self.exprs(args))),
            (Head::DotAndAnd | Head::DotOrOr, _) => self.dotted(x),
            (Head::Comparison, _) => self.comparison(x, args),
            (Head::Subtype | Head::Supertype, [_]) => self.error(
                "lowering.type-operator",
                format!("invalid use of \"{}\" outside a type parameter", head.text()),
                span,
            ),
            (Head::Subtype | Head::Supertype | Head::LongArrow, [a, b]) => {
                let op = self.name_id(span, &head.text());
                self.call(span, &op, &[a.clone(), b.clone()])
            }
            (Head::Decl, [value, ty]) => {
                let value = self.expr(value);
                let ty = self.expr(ty);
                self.core_call(span, sym!("typeassert"), vec![value, ty])
            }
            (Head::Decl, _) => self.error("lowering.declaration", "invalid \"::\" syntax", span),
            (Head::If | Head::Elseif, [cond, rest @ ..]) => self.if_(span, cond, rest),
            (Head::While, [cond, body]) => self.while_(span, cond, body),
            (Head::For, [ranges, body]) => self.for_(span, ranges, body),
            (Head::Break | Head::Continue, _) => self.jump(head, span),
            (Head::Return, _) => self.return_(span, args.first()),
            (Head::Try, _) => self.try_(span, args),
            (Head::Let, [bindings, body]) => self.let_(span, bindings, body),
            (Head::Function | Head::Arrow | Head::Macro, _) => self.function_form(x, head, args),
            (Head::Do, [call, lambda]) => self.do_(span, call, lambda),
            (Head::Local | Head::Global, _) => self.declaration(span, head, args),
            (Head::Const, _) => self.const_(span, args),
            (Head::Tuple, _) => self.tuple(span, args),
            (Head::Curly, [ty, params @ ..]) => self.curly(span, ty, params),
            (Head::Where, [ty, params @ ..]) => self.where_(span, ty, params),
            (Head::Ref, [array, indices @ ..]) => self.index(span, array, indices),
            (Head::Vect | Head::Hcat | Head::Vcat | Head::Ncat, _) => self.array(span, head, None, args),
            (Head::TypedHcat | Head::TypedVcat | Head::TypedNcat, [ty, rest @ ..]) => {
                self.array(span, head, Some(ty), rest)
            }
            (Head::Comprehension, [generator]) => {
                let generator = self.expr(generator);
                self.base_call(span, sym!("collect"), vec![generator])
            }
            (Head::TypedComprehension, [ty, generator]) => {
                let ty = self.expr(ty);
                let generator = self.expr(generator);
                self.base_call(span, sym!("collect"), vec![ty, generator])
            }
            (Head::Generator, [body, ranges @ ..]) => self.generator(span, body, ranges),
            (Head::Flatten, [inner]) => {
                let inner = self.expr(inner);
                self.base_call(span, sym!("Flatten"), vec![inner])
            }
            (Head::String, _) => {
                let args = self.args(args);
                let f = self.base(span, sym!("string"));
                self.call_with(span, f, args)
            }
            (Head::Adjoint, [a]) => {
                let a = self.expr(a);
                self.base_call(span, sym!("adjoint"), vec![a])
            }
            (Head::Struct, [mutable, signature, body]) => self.struct_(span, mutable, signature, body),
            (Head::Abstract, [signature]) => self.abstract_(span, signature),
            (Head::Primitive, [signature, bits]) => self.primitive(span, signature, bits),
            (Head::Import | Head::Using | Head::Export | Head::Public, _) => self.module_statement(span, head, args),
            (Head::Meta, _) => self.meta(span, args),
            (Head::Inbounds, _) => self.inbounds(span, args),
            (Head::Boundscheck, _) => Node::new(span, Kind::Boundscheck),
            (Head::Loopinfo, _) => {
                let hint = args.iter().find_map(X::as_symbol).unwrap_or(sym!("loop"));
                Node::block(span, vec![Node::new(span, Kind::LoopHint(hint)), self.nothing(span)])
            }
            (Head::Isdefined, [var]) => match (&var.kind, var.as_node()) {
                (XK::Id(_) | XK::Global(_), _) => {
                    let var = match var.as_id() {
                        Some(name) => Node::id(span, name),
                        None => self.expr(var),
                    };
                    Node::new(span, Kind::IsDefined(Box::new(var)))
                }
                (_, Some((Head::Dot, [object, field]))) => {
                    let object = self.expr(object);
                    let field = self.expr(field);
                    self.core_call(span, sym!("isdefined"), vec![object, field])
                }
                _ => self.error("lowering.isdefined", "@isdefined expects a variable name", span),
            },
            (Head::SymbolicGoto, [label]) => self.symbolic(span, label, Kind::SymbolicGoto),
            (Head::SymbolicLabel, [label]) => self.symbolic(span, label, Kind::SymbolicLabel),
            (Head::Generated, _) => self.boolean(span, false),
            (Head::New, [ty, fields @ ..]) => {
                let ty = self.expr(ty);
                let fields = self.exprs(fields);
                Node::new(span, Kind::New(Box::new(ty), fields))
            }
            (Head::Splatnew, [ty, fields]) => {
                let ty = self.expr(ty);
                let fields = self.expr(fields);
                Node::new(span, Kind::SplatNew(Box::new(ty), Box::new(fields)))
            }
            (Head::GcPreserve, _) => self.expr_or_nothing(args.first(), span),
            (Head::Splat, _) => self.error("lowering.splat", "\"...\" expression outside call", span),
            (Head::Dollar, _) => self.error("lowering.interpolation", "\"$\" expression outside quote", span),
            (Head::Parameters, _) => self.error("lowering.parameters", "unexpected semicolon in tuple", span),
            (Head::Kw, _) => self.error("lowering.keyword", "misplaced keyword argument", span),
            (Head::Braces | Head::Bracescat, _) => {
                self.error("lowering.braces", "{ } vector syntax is discontinued", span)
            }
            (Head::Outer, _) => {
                self.error("lowering.outer", "\"outer\" is only allowed in the iteration of a for loop", span)
            }
            (Head::Walrus, _) => self.error("lowering.unsupported", "unsupported assignment operator \":=\"", span),
            (Head::Atomic, _) => self.error("lowering.atomic", "\"@atomic\" fields are not supported", span),
            _ => self.error("lowering.unknown-form", format!("invalid syntax \"{}\"", head.text()), span),
        }
    }

    fn symbolic(&mut self, span: Span, label: &X, kind: fn(Name) -> Kind) -> Node {
        match label.as_id() {
            Some(name) => Node::new(span, kind(name)),
            None => self.error("lowering.label", "a label must be a name", span),
        }
    }

    /// `@inbounds`: the value of the body, evaluated between push and pop.
    fn inbounds(&mut self, span: Span, args: &[X]) -> Node {
        // Julia's own form: `Expr(:inbounds, true)` … `Expr(:inbounds, :pop)`.
        if let [X { kind: XK::Lit(syntax::Lit::Bool(value)), .. }] = args {
            return Node::new(span, Kind::InboundsPush(*value));
        }
        let [body] = args else { return self.nothing(span) };
        if body.as_symbol().is_some_and(|s| s == "pop") {
            return Node::new(span, Kind::InboundsPop);
        }
        let mut stmts = vec![Node::new(span, Kind::InboundsPush(true))];
        let body = self.expr(body);
        let value = self.bind(body, &mut stmts);
        stmts.push(Node::new(span, Kind::InboundsPop));
        stmts.push(Node::tmp(span, value));
        Node::block(span, stmts)
    }

    /// `Expr(:meta, …)`: a remark about the function it stands in.
    fn meta(&mut self, span: Span, args: &[X]) -> Node {
        let nothing = self.nothing(span);
        let Some(what) = args.first().and_then(X::as_symbol) else { return nothing };
        let function = self.function();
        let meta = &mut function.meta;
        match what.as_str() {
            "inline" => meta.inline = Some(true),
            "noinline" => meta.inline = Some(false),
            "propagate_inbounds" => {
                meta.propagate_inbounds = true;
                meta.inline = Some(true);
            }
            "pure" | "assume_effects:foldable" | "assume_effects:total" => meta.foldable = true,
            "fastmath" => meta.fastmath = true,
            "constprop:aggressive" | "aggressive_constprop" => meta.constprop = Some(true),
            "constprop:none" | "no_constprop" => meta.constprop = Some(false),
            "generated" | "generated_only" => function.generated = true,
            "nospecialize" => {
                let names: Vec<Name> = args[1..].iter().filter_map(argument_name).collect();
                let all = names.is_empty();
                for (i, arg) in function.args.iter().enumerate().skip(1).take(62) {
                    if all || arg.is_some_and(|a| names.contains(&a)) {
                        function.meta.nospecialize |= 1 << i;
                    }
                }
            }
            _ => {}
        }
        nothing
    }

    /// `toplevel` or `module` inside other code: evaluated statement by statement when it is reached.
    fn nested_toplevel(&mut self, e: &Expr, span: Span) -> Node {
        if !self.at_toplevel() {
            let what = match &e.kind {
                ExprKind::Node(h, _) => h.to_string(),
                _ => "toplevel".into(),
            };
            return self.error("lowering.not-toplevel", format!("\"{what}\" expression not at top level"), span);
        }
        let module = Node::new(span, Kind::Const(self.ex.host.module()));
        let code = Node::new(span, Kind::Const(self.ex.host.expr_to_value(e)));
        self.core_call(span, sym!("eval"), vec![module, code])
    }

    pub fn hard_scope(&self, span: Span, nodes: Vec<Node>) -> Node {
        Node::scope(span, ScopeKind::Hard, Node::block(span, nodes))
    }
}

/// The name in an argument declaration (`x`, `x::T`, `x=1`, `x...`).
fn argument_name(x: &X) -> Option<Name> {
    match &x.kind {
        XK::Id(name) => Some(*name),
        XK::Node(Head::Decl | Head::Kw | Head::Assign | Head::Splat, args) => args.first().and_then(argument_name),
        _ => None,
    }
}
