//! Function definitions: signatures, optional arguments, anonymous functions, macros.

use super::{Desugar, FnContext};
use crate::node::{Binder, Kind, Lambda, LambdaId, Method, Node, Owner, SparamDecl};
use crate::x::{Head, LayerId, Name, VarId, X, XK, is_underscore, sym};
use base::{Diagnostic, Span, Symbol};

/// One declared argument.
#[derive(Clone)]
pub(super) struct Param {
    pub span: Span,
    /// `None`: the argument has no name a program can use.
    pub name: Option<Name>,
    /// `(a, b)` in place of a name: what the argument is destructured into.
    pub pattern: Option<X>,
    pub ty: Option<X>,
    pub splat: bool,
    pub default: Option<X>,
    pub nospecialize: bool,
}

#[derive(Clone)]
pub(super) struct Sparam {
    pub name: Name,
    pub lower: Option<X>,
    pub upper: Option<X>,
}

/// What a definition defines.
#[derive(Clone)]
pub(super) enum Target {
    Anonymous,
    /// `f` or `M.f`.
    Named(X),
    /// `(self::T)(…)`.
    Callable {
        self_name: Option<Name>,
        ty: X,
    },
    /// `T{P}(…)`.
    Parametric(X),
}

pub(super) struct Signature {
    pub target: Target,
    pub params: Vec<Param>,
    pub keywords: Vec<X>,
    pub sparams: Vec<Sparam>,
    pub ret: Option<X>,
    pub table: Option<X>,
}

/// How to build the body of one method.
pub(super) struct MethodSpec {
    pub span: Span,
    /// Shown as the function's name.
    pub name: Symbol,
    pub owner: OwnerSpec,
    /// Arguments before the ordinary ones: keyword values, or the keyword tuple of `kwcall`.
    pub params: Vec<Param>,
    pub sparams: Vec<Sparam>,
    pub ret: Option<X>,
    pub table: Option<X>,
    pub keyword_call: Option<Param>,
}

#[derive(Clone)]
pub(super) enum OwnerSpec {
    Function(X),
    /// The name given to the object itself, and its type.
    Type(Option<Name>, X),
    /// The constructor of `T{P}`.
    Constructor(X),
}

/// Variables of the arguments of the method being built.
pub(super) struct Bound {
    pub self_var: Option<VarId>,
    pub self_name: Option<Name>,
    /// One per ordinary parameter.
    pub params: Vec<X>,
}

impl Desugar<'_> {
    pub(super) fn function_form(&mut self, x: &X, head: Head, args: &[X]) -> Node {
        let span = x.span;
        match (head, args) {
            (Head::Function, [name]) => self.function_declaration(span, name),
            (Head::Function, [signature, body]) => self.function_definition(span, signature, body),
            (Head::Arrow, [params, body]) => self.arrow(span, params, body),
            (Head::Macro, [signature, body]) => self.macro_definition(span, signature, body),
            (Head::Macro, [name]) => {
                let Some(id) = name.as_id() else {
                    return self.error("lowering.macro", "invalid macro definition", span);
                };
                let id = Name { sym: Symbol::new(&format!("@{}", id.sym)), layer: id.layer };
                Node::new(span, Kind::FuncDecl(Box::new(Node::id(span, id))))
            }
            _ => self.error("lowering.function", "invalid function definition", span),
        }
    }

    /// `function f end`.
    fn function_declaration(&mut self, span: Span, name: &X) -> Node {
        match &name.kind {
            XK::Id(id) => Node::new(span, Kind::FuncDecl(Box::new(Node::id(span, *id)))),
            XK::Global(g) => Node::new(span, Kind::FuncDecl(Box::new(Node::new(span, Kind::Global(*g))))),
            XK::Node(Head::Dot, args) if args.len() == 2 && !args[1].is(Head::Tuple) => self.expr(name),
            _ => {
                let text = self.text(name);
                self.error("lowering.function-name", format!("invalid function name \"{text}\""), span)
            }
        }
    }

    // ---- signatures --------------------------------------------------------------------------

    pub(super) fn signature(&mut self, x: &X) -> Option<Signature> {
        let mut sparams: Vec<Sparam> = Vec::new();
        let mut ret = None;
        let mut x = x.clone();
        loop {
            match &x.kind {
                XK::Node(Head::Where, args) => {
                    let (inner, vars) = args.split_first()?;
                    for var in where_vars(vars) {
                        let sparam = self.sparam(&var)?;
                        if sparams.iter().any(|s| s.name == sparam.name) {
                            let message = "function static parameter names not unique";
                            self.report(Diagnostic::error("lowering.duplicate-parameter", message, var.span));
                            continue;
                        }
                        sparams.push(sparam);
                    }
                    x = inner.clone();
                }
                XK::Node(Head::Decl, args) if args.len() == 2 && is_signature_head(&args[0]) => {
                    ret = Some(args[1].clone());
                    x = args[0].clone();
                }
                _ => break,
            }
        }
        let mut table = None;
        let (target, args) = match &x.kind {
            XK::Node(Head::Call, args) => {
                let (name, args) = args.split_first()?;
                (self.target(name, &mut table)?, args.to_vec())
            }
            XK::Node(Head::Tuple, args) => (Target::Anonymous, args.clone()),
            // `(x; k = 1) -> …` and `(x; k)` in other positions.
            XK::Node(Head::Block, args) => {
                let mut parts = args.iter().filter(|a| !a.is_line()).cloned();
                let mut all: Vec<X> = parts.next().into_iter().collect();
                let keywords: Vec<X> = parts.collect();
                all.insert(0, X::node(x.span, Head::Parameters, keywords));
                (Target::Anonymous, all)
            }
            XK::Id(_) | XK::Node(Head::Decl | Head::Splat | Head::Meta, _) => (Target::Anonymous, vec![x.clone()]),
            _ => {
                let text = self.text(&x);
                self.report(Diagnostic::error(
                    "lowering.function-signature",
                    format!("invalid function signature \"{text}\""),
                    x.span,
                ));
                return None;
            }
        };
        let mut params = Vec::new();
        let mut keywords = Vec::new();
        for arg in &args {
            match arg.args_of(Head::Parameters) {
                Some(inner) => {
                    for kw in inner {
                        match kw.is(Head::Parameters) {
                            true => self.report(Diagnostic::error(
                                "lowering.keyword",
                                "more than one semicolon in argument list",
                                kw.span,
                            )),
                            false => keywords.push(kw.clone()),
                        }
                    }
                }
                None => params.extend(self.param(arg)),
            }
        }
        self.check_params(&params, &sparams);
        Some(Signature { target, params, keywords, sparams, ret, table })
    }

    fn target(&mut self, name: &X, table: &mut Option<X>) -> Option<Target> {
        match &name.kind {
            XK::Id(id) if matches!(id.sym.as_str(), "ccall" | "cglobal") => {
                let message = format!("invalid function name \"{}\"", id.sym);
                self.report(Diagnostic::error("lowering.function-name", message, name.span));
                None
            }
            XK::Id(_) | XK::Global(_) | XK::Value(_) => Some(Target::Named(name.clone())),
            XK::Node(Head::Dot, args) if args.len() == 2 && !args[1].is(Head::Tuple) => {
                Some(Target::Named(name.clone()))
            }
            XK::Node(Head::Curly | Head::Where, _) => Some(Target::Parametric(name.clone())),
            XK::Node(Head::Overlay, args) if args.len() == 2 => {
                *table = Some(args[0].clone());
                self.target(&args[1], table)
            }
            XK::Node(Head::Decl, args) => match args.as_slice() {
                [ty] => Some(Target::Callable { self_name: None, ty: ty.clone() }),
                [object, ty] => match object.as_id() {
                    Some(id) => Some(Target::Callable { self_name: Some(id), ty: ty.clone() }),
                    None => self.bad_function_name(name),
                },
                _ => self.bad_function_name(name),
            },
            XK::Node(Head::Block, args) => match args.iter().filter(|a| !a.is_line()).collect::<Vec<_>>().as_slice() {
                [inner] => self.target(inner, table),
                _ => self.bad_function_name(name),
            },
            _ => self.bad_function_name(name),
        }
    }

    fn bad_function_name(&mut self, name: &X) -> Option<Target> {
        let text = self.text(name);
        let message = format!("invalid function name \"{text}\"");
        self.report(Diagnostic::error("lowering.function-name", message, name.span));
        None
    }

    /// A static parameter declaration: `T`, `T<:U`, `T>:L`, `L<:T<:U`.
    pub(super) fn sparam(&mut self, x: &X) -> Option<Sparam> {
        let parts: Option<(Option<X>, Name, Option<X>)> = match x.as_node() {
            None => x.as_id().map(|n| (None, n, None)),
            Some((Head::Subtype, [var, upper])) => var.as_id().map(|n| (None, n, Some(upper.clone()))),
            Some((Head::Supertype, [var, lower])) => var.as_id().map(|n| (Some(lower.clone()), n, None)),
            Some((Head::Comparison, [a, op1, var, op2, b])) => {
                match (op1.as_symbol().map(|s| s.as_str()), op2.as_symbol().map(|s| s.as_str()), var.as_id()) {
                    (Some("<:"), Some("<:"), Some(n)) => Some((Some(a.clone()), n, Some(b.clone()))),
                    (Some(">:"), Some(">:"), Some(n)) => Some((Some(b.clone()), n, Some(a.clone()))),
                    _ => None,
                }
            }
            _ => None,
        };
        match parts {
            Some((lower, name, upper)) => Some(Sparam { name, lower, upper }),
            None => {
                let text = self.text(x);
                let message = format!("invalid variable expression in \"where\": \"{text}\"");
                self.report(Diagnostic::error("lowering.where", message, x.span));
                None
            }
        }
    }

    pub(super) fn param(&mut self, x: &X) -> Option<Param> {
        let span = x.span;
        let plain =
            Param { span, name: None, pattern: None, ty: None, splat: false, default: None, nospecialize: false };
        match &x.kind {
            XK::Id(name) if is_underscore(name.sym) => Some(plain),
            XK::Id(name) => Some(Param { name: Some(*name), ..plain }),
            XK::Node(Head::Meta, args) if args.len() == 2 => {
                let inner = self.param(&args[1])?;
                let nospecialize = args[0].as_symbol().is_some_and(|s| s == "nospecialize");
                Some(Param { nospecialize, ..inner })
            }
            XK::Node(Head::Kw | Head::Assign, args) if args.len() == 2 => {
                let inner = self.param(&args[0])?;
                Some(Param { default: Some(args[1].clone()), ..inner })
            }
            XK::Node(Head::Splat, args) if args.len() == 1 => {
                let inner = self.param(&args[0])?;
                Some(Param { splat: true, ..inner })
            }
            XK::Node(Head::Decl, args) if args.len() == 1 => Some(Param { ty: Some(args[0].clone()), ..plain }),
            XK::Node(Head::Decl, args) if args.len() == 2 => {
                let inner = self.param(&args[0])?;
                let splat = is_vararg_type(&args[1]);
                // `x::Vararg{T}` is written out: the type stays as it is.
                Some(Param { ty: Some(args[1].clone()), splat: inner.splat || splat, ..inner })
            }
            XK::Node(Head::Tuple, _) => Some(Param { pattern: Some(x.clone()), ..plain }),
            _ => {
                let text = self.text(x);
                let message = format!("\"{text}\" is not a valid function argument name");
                self.report(Diagnostic::error("lowering.argument", message, span));
                None
            }
        }
    }

    fn check_params(&mut self, params: &[Param], sparams: &[Sparam]) {
        let mut names: Vec<Name> = Vec::new();
        let mut optional = false;
        for (i, param) in params.iter().enumerate() {
            if let Some(name) = param.name {
                if names.contains(&name) {
                    let message = format!("function argument name not unique: \"{}\"", name.sym);
                    self.report(Diagnostic::error("lowering.duplicate-argument", message, param.span));
                }
                names.push(name);
                if sparams.iter().any(|s| s.name == name) {
                    let message = format!("function argument and static parameter name not distinct: \"{}\"", name.sym);
                    self.report(Diagnostic::error("lowering.duplicate-argument", message, param.span));
                }
            }
            if param.splat && i + 1 < params.len() {
                let text = param.name.map_or("_".to_string(), |n| format!("{}...", n.sym));
                let message = format!("invalid \"...\" on non-final argument \"{text}\"");
                self.report(Diagnostic::error("lowering.vararg", message, param.span));
            }
            if param.default.is_some() {
                optional = true;
            } else if optional && !param.splat {
                let message = "optional positional arguments must occur at end";
                self.report(Diagnostic::error("lowering.optional-argument", message, param.span));
            }
        }
    }

    // ---- definitions -------------------------------------------------------------------------

    pub(super) fn function_definition(&mut self, span: Span, signature: &X, body: &X) -> Node {
        let Some(signature) = self.signature(signature) else { return self.nothing(span) };
        self.define(span, signature, body)
    }

    fn arrow(&mut self, span: Span, params: &X, body: &X) -> Node {
        let Some(signature) = self.signature(params) else { return self.nothing(span) };
        if !matches!(signature.target, Target::Anonymous) {
            return self.error("lowering.function-signature", "invalid anonymous function signature", params.span);
        }
        self.define(span, signature, body)
    }

    /// An anonymous function of one variable for generators: `pattern -> body`.
    pub(super) fn lambda(&mut self, span: Span, pattern: &X, body: &X) -> Node {
        let Some(param) = self.param(pattern) else { return self.nothing(span) };
        let signature = Signature {
            target: Target::Anonymous,
            params: vec![param],
            keywords: vec![],
            sparams: vec![],
            ret: None,
            table: None,
        };
        self.define(span, signature, body)
    }

    /// A variable for an anonymous function; `#5` in messages and types.
    pub(super) fn anonymous_name(&mut self, span: Span) -> (X, Symbol) {
        let module = self.ex.host.module();
        let number = self.ex.host.next_number(module);
        let name = Symbol::new(&format!("#{number}"));
        let var = self.fresh_var(name, span);
        (X::new(span, XK::Var(var)), name)
    }

    pub(super) fn define(&mut self, span: Span, signature: Signature, body: &X) -> Node {
        let Signature { target, params, keywords, sparams, ret, table } = signature;
        let mut stmts = Vec::new();
        let (owner, name, value) = match target {
            Target::Anonymous => {
                let (var, name) = self.anonymous_name(span);
                (OwnerSpec::Function(var.clone()), name, Some(var))
            }
            Target::Named(x) => {
                let name = match x.as_node() {
                    Some((_, [_, field])) => field.as_symbol(),
                    _ => x.as_id().map(|n| n.sym),
                };
                let name = match (&x.kind, name) {
                    (XK::Global(g), _) => g.name,
                    (_, Some(name)) => name,
                    _ => sym!("anonymous"),
                };
                // A qualified function is an object that must exist already.
                let x = if x.is_atom() { x } else { self.atomize(&x, &mut stmts) };
                (OwnerSpec::Function(x.clone()), name, Some(x))
            }
            Target::Callable { self_name, ty } => (OwnerSpec::Type(self_name, ty), sym!("(::)"), None),
            Target::Parametric(x) => {
                let mut applied = &x;
                while let Some([body, ..]) = applied.args_of(Head::Where) {
                    applied = body;
                }
                let name = match applied.args_of(Head::Curly) {
                    Some([name, ..]) => name.as_id().map(|n| n.sym).unwrap_or(sym!("Type")),
                    _ => sym!("Type"),
                };
                (OwnerSpec::Constructor(x), name, None)
            }
        };
        let declaration = match &owner {
            OwnerSpec::Function(x) => self.declares(x),
            _ => None,
        };
        let spec = MethodSpec { span, name, owner, params, sparams, ret, table, keyword_call: None };
        // Names in the body of a constructor `T{P}(…)` see `new` as making a `T{P}`.
        let saved = self.new_context.clone();
        let depth = self.functions.len();
        if let Some(context) = self.new_context.as_mut().filter(|_| self.functions.last().is_none_or(|f| f.toplevel)) {
            context.constructor = matches!(spec.owner, OwnerSpec::Constructor(_)).then_some(depth);
        }
        if keywords.is_empty() {
            stmts.extend(declaration);
            self.methods(spec, &mut stmts, |this, _| this.expr(body));
        } else {
            self.keyword_methods(spec, declaration, &keywords, body, &mut stmts);
        }
        self.new_context = saved;
        stmts.push(match value {
            Some(x) => self.expr(&x),
            None => self.nothing(span),
        });
        Node::block(span, stmts)
    }

    /// What makes sure that the name of a definition is a function's.
    pub(super) fn declares(&mut self, x: &X) -> Option<Node> {
        let target = match &x.kind {
            XK::Id(id) => Node::id(x.span, *id),
            XK::Var(v) => Node::var(x.span, *v),
            XK::Global(g) => Node::new(x.span, Kind::Global(*g)),
            _ => return None,
        };
        Some(Node::new(x.span, Kind::FuncDecl(Box::new(target))))
    }

    /// The method with all arguments, and one for each number of optional arguments left out, which
    /// computes the defaults from left to right and calls the full one.
    pub(super) fn methods(
        &mut self,
        spec: MethodSpec,
        stmts: &mut Vec<Node>,
        body: impl FnOnce(&mut Self, &Bound) -> Node,
    ) {
        let first_optional = spec.params.iter().position(|p| p.default.is_some());
        if let Some(first) = first_optional {
            for count in first..spec.params.len() {
                if spec.params[count].default.is_none() {
                    continue;
                }
                let params = spec.params[..count].to_vec();
                let sparams = used_sparams(&spec.sparams, &params, &spec.owner);
                let left_out: Vec<Param> = spec.params[count..].to_vec();
                let short = MethodSpec {
                    span: spec.span,
                    name: spec.name,
                    owner: spec.owner.clone(),
                    params,
                    sparams,
                    ret: None,
                    table: spec.table.clone(),
                    keyword_call: spec.keyword_call.clone(),
                };
                let is_keyword = spec.keyword_call.is_some();
                let node = self.method(short, |this, bound| {
                    let span = left_out[0].span;
                    let mut args: Vec<X> = Vec::new();
                    if is_keyword {
                        args.push(bound.params[0].clone());
                    }
                    args.extend(bound.self_name.map(|n| this.id_of(span, n)));
                    if bound.self_name.is_none() {
                        args.extend(bound.self_var.map(|v| X::new(span, XK::Var(v))));
                    }
                    args.extend(bound.params[is_keyword as usize..].iter().cloned());
                    this.defaults(&left_out, &mut |this, values| {
                        let mut args = args.clone();
                        args.extend(values.iter().cloned());
                        if is_keyword {
                            let kwcall = this.core(span, sym!("kwcall"));
                            let args = this.args(&args);
                            this.call_with(span, kwcall, args)
                        } else {
                            let f = this.expr(&args[0]);
                            let args = this.args(&args[1..]);
                            this.call_with(span, f, args)
                        }
                    })
                });
                stmts.push(node);
            }
        }
        let node = self.method(spec, body);
        stmts.push(node);
    }

    /// Evaluates defaults from left to right, each seeing the arguments before it, then `finish` with the values.
    pub(super) fn defaults(&mut self, params: &[Param], finish: &mut dyn FnMut(&mut Self, &[X]) -> Node) -> Node {
        let mut values = Vec::new();
        self.defaults_from(params, &mut values, finish)
    }

    fn defaults_from(
        &mut self,
        params: &[Param],
        values: &mut Vec<X>,
        finish: &mut dyn FnMut(&mut Self, &[X]) -> Node,
    ) -> Node {
        let Some((param, rest)) = params.split_first() else { return finish(self, values) };
        let span = param.span;
        let Some(default) = &param.default else {
            // The vararg after optional arguments is empty.
            return self.defaults_from(rest, values, finish);
        };
        let splat = param.splat || default.is(Head::Splat);
        let default = match default.args_of(Head::Splat) {
            Some([inner]) => inner.clone(),
            _ => default.clone(),
        };
        let mut stmts = Vec::new();
        let value = self.expr(&default);
        let value = self.bind(value, &mut stmts);
        let mut inside = Vec::new();
        let x = match param.name {
            Some(name) => {
                inside.push(Node::new(span, Kind::Local(name)));
                inside.push(Node::assign(span, Node::id(span, name), Node::tmp(span, value)));
                X::id(span, name)
            }
            None => X::tmp(span, value),
        };
        values.push(if splat { X::node(span, Head::Splat, vec![x]) } else { x });
        inside.push(self.defaults_from(rest, values, finish));
        stmts.push(self.hard_scope(span, inside));
        Node::block(span, stmts)
    }

    /// One method.
    pub(super) fn method(&mut self, spec: MethodSpec, body: impl FnOnce(&mut Self, &Bound) -> Node) -> Node {
        let MethodSpec { span, name, owner, params, sparams, ret, table, keyword_call } = spec;
        let self_name = match &owner {
            OwnerSpec::Type(name, _) => *name,
            _ => None,
        };
        let self_var = self_name.is_none().then(|| self.fresh_var(sym!("#self#"), span));
        let self_binder = match (self_name, self_var) {
            (Some(name), _) => Binder::Name(name),
            (None, Some(var)) => Binder::Var(var),
            (None, None) => Binder::Var(self.fresh_var(sym!("#self#"), span)),
        };
        let mut args = Vec::new();
        let mut arg_names = Vec::new();
        let mut arg_types = Vec::new();
        let mut bound = Bound { self_var, self_name, params: Vec::new() };
        let mut patterns = Vec::new();
        let mut nospecialize = 0u64;
        let mut self_index = 0;
        let is_kwcall = keyword_call.is_some();
        if let Some(keywords) = &keyword_call {
            let kwcall_var = self.fresh_var(sym!("#kwcall#"), span);
            args.push(Binder::Var(kwcall_var));
            arg_names.push(None);
            self.bind_param(keywords, &mut args, &mut arg_names, &mut arg_types, &mut bound, &mut patterns);
            self_index = 2;
        }
        args.push(self_binder);
        arg_names.push(self_name);
        for param in &params {
            if param.nospecialize && args.len() < 62 {
                nospecialize |= 1 << args.len();
            }
            self.bind_param(param, &mut args, &mut arg_names, &mut arg_types, &mut bound, &mut patterns);
        }
        let is_va = params.last().is_some_and(|p| p.splat);
        let owner = match owner {
            OwnerSpec::Function(x) => Owner::Function(self.expr(&x)),
            OwnerSpec::Type(_, ty) => Owner::Type(self.expr(&ty)),
            OwnerSpec::Constructor(ty) => {
                let ty = self.expr(&ty);
                let kind = self.core(span, sym!("Type"));
                Owner::Type(self.core_call(span, sym!("apply_type"), vec![kind, ty]))
            }
        };
        let table = table.map(|t| self.expr(&t));
        let ret_type = ret.map(|r| self.expr(&r));
        let sparams = sparams
            .iter()
            .map(|s| SparamDecl {
                name: s.name,
                lower: s.lower.as_ref().map(|x| self.expr(x)),
                upper: s.upper.as_ref().map(|x| self.expr(x)),
                var: None,
            })
            .collect();
        let (body, context): (Node, FnContext) = self.in_function(arg_names, self_var, |this| {
            let mut stmts = Vec::new();
            for (pattern, var) in patterns {
                // The names are the function's own, whatever is outside.
                let mut names = Vec::new();
                this.declared_names(&pattern, &mut names);
                stmts.extend(names.iter().map(|&n| Node::new(pattern.span, Kind::Local(n))));
                let value = Node::var(pattern.span, var);
                stmts.push(this.assign_value(pattern.span, &pattern, value));
            }
            stmts.push(body(this, &bound));
            Node::block(span, stmts)
        });
        let mut meta = context.meta;
        meta.nospecialize |= nospecialize;
        let lambda = Lambda {
            id: LambdaId(u32::MAX),
            name,
            args,
            is_va,
            sparams: Vec::new(),
            ret_type,
            body,
            meta,
            generated: context.generated,
            self_index,
            span,
        };
        let method = Method { owner, arg_types, sparams, keyword_call: is_kwcall, table, lambda };
        Node::new(span, Kind::Method(Box::new(method)))
    }

    fn bind_param(
        &mut self,
        param: &Param,
        args: &mut Vec<Binder>,
        arg_names: &mut Vec<Option<Name>>,
        arg_types: &mut Vec<Node>,
        bound: &mut Bound,
        patterns: &mut Vec<(X, VarId)>,
    ) {
        let span = param.span;
        let x = match param.name {
            Some(name) => {
                args.push(Binder::Name(name));
                X::id(span, name)
            }
            None => {
                let var =
                    self.fresh_var(if param.pattern.is_some() { sym!("#pattern#") } else { sym!("#unused#") }, span);
                args.push(Binder::Var(var));
                if let Some(pattern) = &param.pattern {
                    patterns.push((pattern.clone(), var));
                }
                X::new(span, XK::Var(var))
            }
        };
        arg_names.push(param.name);
        bound.params.push(if param.splat { X::node(span, Head::Splat, vec![x]) } else { x });
        let ty = match &param.ty {
            Some(ty) => self.expr(ty),
            None => self.core(span, sym!("Any")),
        };
        let explicit = param.ty.as_ref().is_some_and(is_vararg_type);
        arg_types.push(if param.splat && !explicit {
            let vararg = self.core(span, sym!("Vararg"));
            self.core_call(span, sym!("apply_type"), vec![vararg, ty])
        } else {
            ty
        });
    }

    // ---- macros ------------------------------------------------------------------------------

    /// `macro m(args...)`: a function `@m` with the call's place and module before its arguments.
    fn macro_definition(&mut self, span: Span, signature: &X, body: &X) -> Node {
        let mut where_parts = Vec::new();
        let mut inner = signature.clone();
        while let Some([call, vars @ ..]) = inner.args_of(Head::Where) {
            where_parts.extend(vars.iter().cloned());
            inner = call.clone();
        }
        let Some([name, args @ ..]) = inner.args_of(Head::Call) else {
            return self.error("lowering.macro", "invalid macro definition", span);
        };
        if let Some(keywords) = args.iter().find(|a| a.is(Head::Parameters) || a.is(Head::Kw))
            && keywords.is(Head::Parameters)
        {
            let message = "macros cannot accept keyword arguments";
            return self.error("lowering.macro-keywords", message, keywords.span);
        }
        let layer = name.as_id().map_or(LayerId::ROOT, |n| n.layer);
        let name = match name.as_node() {
            None => match name.as_id() {
                Some(id) => X::id(name.span, Name { sym: Symbol::new(&format!("@{}", id.sym)), layer: id.layer }),
                None => return self.error("lowering.macro", "invalid macro definition", span),
            },
            Some((Head::Dot, [module, field])) => match field.as_symbol() {
                Some(field_name) => {
                    let quoted = syntax::Expr::sym(field.span, Symbol::new(&format!("@{field_name}")));
                    let field = X::new(field.span, XK::Inert(std::rc::Rc::new(quoted)));
                    X::node(name.span, Head::Dot, vec![module.clone(), field])
                }
                None => return self.error("lowering.macro", "invalid macro definition", span),
            },
            _ => return self.error("lowering.macro", "invalid macro definition", span),
        };
        let typed = |this: &Self, arg: &str, ty: base::Symbol| {
            let id = X::id(span, Name { sym: Symbol::new(arg), layer });
            let ty = this.ex.core(span, ty);
            X::node(span, Head::Decl, vec![id, ty])
        };
        let mut call =
            vec![name, typed(self, "__source__", sym!("LineNumberNode")), typed(self, "__module__", sym!("Module"))];
        let nospecialize = X::id(span, Name { sym: sym!("nospecialize"), layer: LayerId::ROOT });
        call.extend(args.iter().map(|a| X::node(a.span, Head::Meta, vec![nospecialize.clone(), a.clone()])));
        let mut full = X::node(inner.span, Head::Call, call);
        if !where_parts.is_empty() {
            let mut parts = vec![full];
            parts.extend(where_parts);
            full = X::node(signature.span, Head::Where, parts);
        }
        self.function_definition(span, &full, body)
    }
}

/// `where {A, B}` is `where A where B` from the outside in.
pub(super) fn where_vars(vars: &[X]) -> Vec<X> {
    let mut all = Vec::new();
    for var in vars {
        match var.args_of(Head::Braces) {
            Some(inner) => all.extend(inner.iter().cloned()),
            None => all.push(var.clone()),
        }
    }
    all
}

fn is_signature_head(x: &X) -> bool {
    match x.as_node() {
        Some((Head::Call | Head::Tuple, _)) => true,
        Some((Head::Where | Head::Decl, args)) => args.first().is_some_and(is_signature_head),
        _ => false,
    }
}

fn is_vararg_type(x: &X) -> bool {
    match &x.kind {
        XK::Id(n) => n.sym == "Vararg",
        XK::Node(Head::Curly, args) => args.first().is_some_and(is_vararg_type),
        _ => false,
    }
}

/// The static parameters that the given arguments determine; the others would have no value.
pub(super) fn used_sparams(sparams: &[Sparam], params: &[Param], owner: &OwnerSpec) -> Vec<Sparam> {
    let mut used = vec![false; sparams.len()];
    for (i, sparam) in sparams.iter().enumerate() {
        let mentions = |x: &X| x.mentions(&|n| n == sparam.name);
        used[i] = params.iter().any(|p| p.ty.as_ref().is_some_and(mentions))
            || match owner {
                OwnerSpec::Function(_) => false,
                OwnerSpec::Type(_, ty) | OwnerSpec::Constructor(ty) => mentions(ty),
            };
    }
    // A bound of a used one is needed, too.
    loop {
        let mut changed = false;
        for (i, sparam) in sparams.iter().enumerate() {
            if used[i] {
                continue;
            }
            let needed = sparams.iter().zip(&used).any(|(other, &u)| {
                u && [&other.lower, &other.upper].into_iter().flatten().any(|b| b.mentions(&|n| n == sparam.name))
            });
            if needed {
                used[i] = true;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    sparams.iter().zip(used).filter(|(_, u)| *u).map(|(s, _)| s.clone()).collect()
}
