//! Calls: splats, keywords, `do`, named tuples, comparisons, `ccall`, literal powers, `new`.

use super::{Arg, Desugar};
use crate::node::{ForeignCall, Kind, Node};
use crate::x::{Head, Name, X, XK, dotted_operator, sym};
use base::{Span, Symbol};
use syntax::Lit;

impl Desugar<'_> {
    pub(super) fn call(&mut self, span: Span, f: &X, args: &[X]) -> Node {
        if let Some(name) = f.as_id() {
            match name.sym.as_str() {
                "ccall" => return self.ccall(span, args),
                "cglobal" => return self.error("lowering.cglobal", "cglobal is not supported", span),
                "new" if self.new_context.is_some() => return self.new_call(span, None, args),
                "^" if args.len() == 2 => {
                    if let Some(n) = Self::integer_literal(&args[1]) {
                        return self.literal_power(span, f, &args[0], n);
                    }
                }
                _ => {}
            }
            if dotted_operator(name.sym).is_some() {
                return self.dotted_call(span, f, args);
            }
        }
        if let Some([target, params @ ..]) = f.args_of(Head::Curly)
            && target.as_id().is_some_and(|n| n.sym == "new")
            && self.new_context.is_some()
        {
            return self.new_call(span, Some(params), args);
        }
        if args.iter().any(|a| a.is(Head::Parameters) || a.is(Head::Kw)) {
            return self.keyword_call_expr(span, f, args);
        }
        let f = self.expr(f);
        let args = self.args(args);
        self.call_with(span, f, args)
    }

    /// `x^n`: `literal_pow` lets small powers be products and negative ones inverses.
    fn literal_power(&mut self, span: Span, f: &X, base: &X, n: i64) -> Node {
        let f = self.expr(f);
        let base = self.expr(base);
        let power = self.val_of(span, n);
        self.base_call(span, sym!("literal_pow"), vec![f, base, power])
    }

    /// `Val(n)`.
    pub(super) fn val_of(&mut self, span: Span, n: i64) -> Node {
        let n = self.int(span, n);
        let val = self.base(span, sym!("Val"));
        let ty = self.core_call(span, sym!("apply_type"), vec![val, n]);
        Node::call(span, ty, vec![])
    }

    /// Splits off keyword arguments, wherever they stand. Gives the positional ones, then the keywords.
    pub(super) fn split_keywords(args: &[X]) -> (Vec<X>, Vec<X>) {
        let mut positional = Vec::new();
        let mut keywords = Vec::new();
        let mut after = Vec::new();
        for arg in args {
            match arg.as_node() {
                Some((Head::Parameters, inner)) => {
                    for kw in inner {
                        match kw.args_of(Head::Parameters) {
                            Some(nested) => after.extend(nested.iter().cloned()),
                            None => after.push(kw.clone()),
                        }
                    }
                }
                Some((Head::Kw, _)) => keywords.push(arg.clone()),
                _ => positional.push(arg.clone()),
            }
        }
        keywords.extend(after);
        (positional, keywords)
    }

    fn keyword_call_expr(&mut self, span: Span, f: &X, args: &[X]) -> Node {
        let (positional, keywords) = Self::split_keywords(args);
        if keywords.is_empty() {
            let f = self.expr(f);
            let args = self.args(&positional);
            return self.call_with(span, f, args);
        }
        // Function and positional arguments are evaluated before the keywords.
        let mut stmts = Vec::new();
        let f_text = self.text(f);
        let f = self.atomize(f, &mut stmts);
        let positional: Vec<X> = positional.iter().map(|a| self.atomize(a, &mut stmts)).collect();
        let only_splats = keywords.iter().all(|k| k.is(Head::Splat));
        let keywords = self.named_tuple(span, &keywords, Some(&f_text));
        let keywords = Node::tmp(span, self.bind(keywords, &mut stmts));
        let f = self.expr(&f);
        let arguments = self.args(&positional);
        let mut all = vec![Arg::Plain(keywords.clone()), Arg::Plain(f.clone())];
        all.extend(arguments);
        let kwcall = self.core(span, sym!("kwcall"));
        let mut call = self.call_with(span, kwcall, all);
        if only_splats {
            // There may be none at all.
            let arguments = self.args(&positional);
            let plain = self.call_with(span, f, arguments);
            let empty = self.base_call(span, sym!("isempty"), vec![keywords]);
            call = Node::if_(span, empty, plain, Some(call));
        }
        stmts.push(call);
        Node::block(span, stmts)
    }

    // ---- named tuples ------------------------------------------------------------------------

    pub(super) fn tuple(&mut self, span: Span, args: &[X]) -> Node {
        if let Some([params, rest @ ..]) = Some(args).filter(|a| a.first().is_some_and(|p| p.is(Head::Parameters))) {
            if rest.is_empty() {
                let fields = params.args_of(Head::Parameters).unwrap_or(&[]);
                return self.named_tuple(span, fields, None);
            }
            if rest.iter().all(|a| a.is(Head::Assign) || a.is(Head::Kw)) {
                let mut fields = rest.to_vec();
                fields.extend(params.args_of(Head::Parameters).unwrap_or(&[]).iter().cloned());
                return self.named_tuple(span, &fields, None);
            }
            return self.error("lowering.parameters", "unexpected semicolon in tuple", params.span);
        }
        let named = |a: &X| (a.is(Head::Assign) || a.is(Head::Kw)) && a.as_node().is_some_and(|(_, p)| p.len() == 2);
        if args.first().is_some_and(named) {
            return self.named_tuple(span, args, None);
        }
        if let Some(wrong) = args.iter().find(|a| named(a)) {
            let message = format!("invalid named tuple element \"{}\"", self.text(args.first().unwrap_or(wrong)));
            return self.error("lowering.named-tuple", message, wrong.span);
        }
        let args = self.args(args);
        let f = self.core(span, sym!("tuple"));
        self.call_with(span, f, args)
    }

    /// `(a = 1, b, c.d, xs..., name => v)` as a `NamedTuple`; `call`: these are keyword arguments of
    /// a call of that function.
    pub(super) fn named_tuple(&mut self, span: Span, fields: &[X], call: Option<&str>) -> Node {
        let mut built: Option<Node> = None;
        let mut names: Vec<Symbol> = Vec::new();
        let mut values: Vec<Node> = Vec::new();
        let mut seen: Vec<Symbol> = Vec::new();
        for field in fields {
            let named: Option<(Symbol, &X)> = match field.as_node() {
                Some((Head::Kw | Head::Assign, [name, value])) => match name.as_id() {
                    Some(n) => Some((n.sym, value)),
                    None => {
                        let text = self.text(name);
                        let what = if call.is_some() { "keyword argument name" } else { "named tuple field name" };
                        self.error("lowering.keyword", format!("invalid {what} \"{text}\""), name.span);
                        continue;
                    }
                },
                // `(; a.b)` is `(; b = a.b)`.
                Some((Head::Dot, [_, name])) => name.as_symbol().map(|s| (s, field)),
                None => field.as_id().map(|n| (n.sym, field)),
                _ => None,
            };
            if let Some((name, value)) = named {
                if seen.contains(&name) {
                    let message = match call {
                        Some(f) => format!("keyword argument \"{name}\" repeated in call to \"{f}\""),
                        None => format!("field name \"{name}\" repeated in named tuple"),
                    };
                    self.error("lowering.keyword-repeated", message, field.span);
                    continue;
                }
                seen.push(name);
                if value.is(Head::Splat) {
                    self.error("lowering.splat", "\"...\" expression outside call", value.span);
                    continue;
                }
                names.push(name);
                values.push(self.expr(value));
                continue;
            }
            let flush = |this: &mut Self, built: &mut Option<Node>, names: &mut Vec<Symbol>, values: &mut Vec<Node>| {
                if !names.is_empty() {
                    let part = this.named_tuple_of(span, &std::mem::take(names), std::mem::take(values));
                    *built = Some(match built.take() {
                        Some(before) => this.base_call(span, sym!("merge"), vec![before, part]),
                        None => part,
                    });
                }
            };
            match field.as_node() {
                Some((Head::Splat, [inner])) => {
                    flush(self, &mut built, &mut names, &mut values);
                    let more = self.expr(inner);
                    let before = built.take().unwrap_or_else(|| self.empty_named_tuple(span));
                    built = Some(self.base_call(span, sym!("merge"), vec![before, more]));
                }
                Some((Head::Call, [arrow, name, value])) if arrow.as_id().is_some_and(|n| n.sym == "=>") => {
                    flush(self, &mut built, &mut names, &mut values);
                    let name = self.expr(name);
                    let value = self.expr(value);
                    let names = self.core_call(span, sym!("tuple"), vec![name]);
                    let part = self.named_tuple_with(span, names, vec![value]);
                    built = Some(match built.take() {
                        Some(before) => self.base_call(span, sym!("merge"), vec![before, part]),
                        None => part,
                    });
                }
                _ => {
                    let text = self.text(field);
                    let what = if call.is_some() { "keyword argument syntax" } else { "named tuple element" };
                    self.error("lowering.keyword", format!("invalid {what} \"{text}\""), field.span);
                }
            }
        }
        if !names.is_empty() || built.is_none() {
            let part = match names.is_empty() {
                true => self.empty_named_tuple(span),
                false => self.named_tuple_of(span, &names, values),
            };
            built = Some(match built {
                Some(before) => self.base_call(span, sym!("merge"), vec![before, part]),
                None => part,
            });
        }
        built.expect("set above")
    }

    fn empty_named_tuple(&mut self, span: Span) -> Node {
        let f = self.core(span, sym!("NamedTuple"));
        Node::call(span, f, vec![])
    }

    /// `(:a, :b)`.
    pub(super) fn symbol_tuple(&mut self, span: Span, names: &[Symbol]) -> Node {
        let symbols = names.iter().map(|&n| self.symbol(span, n)).collect();
        self.core_call(span, sym!("tuple"), symbols)
    }

    fn named_tuple_of(&mut self, span: Span, names: &[Symbol], values: Vec<Node>) -> Node {
        let names = self.symbol_tuple(span, names);
        self.named_tuple_with(span, names, values)
    }

    fn named_tuple_with(&mut self, span: Span, names: Node, values: Vec<Node>) -> Node {
        let named_tuple = self.core(span, sym!("NamedTuple"));
        let ty = self.core_call(span, sym!("apply_type"), vec![named_tuple, names]);
        let values = self.core_call(span, sym!("tuple"), values);
        Node::call(span, ty, vec![values])
    }

    // ---- do ----------------------------------------------------------------------------------

    /// `f(args...) do x … end`: the function becomes the first argument.
    pub(super) fn do_(&mut self, span: Span, call: &X, lambda: &X) -> Node {
        match call.as_node() {
            Some((Head::Call, [f, args @ ..])) => {
                let at = args.iter().position(|a| !a.is(Head::Parameters)).unwrap_or(args.len());
                let mut all = args.to_vec();
                all.insert(at, lambda.clone());
                self.call(span, f, &all)
            }
            Some((Head::Dot, [f, arguments])) if arguments.is(Head::Tuple) => {
                let mut all = vec![lambda.clone()];
                all.extend(arguments.args_of(Head::Tuple).unwrap_or(&[]).iter().cloned());
                let tuple = X::node(arguments.span, Head::Tuple, all);
                let x = X::node(span, Head::Dot, vec![f.clone(), tuple]);
                self.expr(&x)
            }
            _ => self.error("lowering.do", "invalid \"do\" syntax", span),
        }
    }

    // ---- comparisons -------------------------------------------------------------------------

    /// `a < b <= c`: each middle operand is evaluated once, and not at all after a false link.
    pub(super) fn comparison(&mut self, x: &X, args: &[X]) -> Node {
        let span = x.span;
        if args.len() < 3 || args.len().is_multiple_of(2) {
            return self.error("lowering.comparison", "invalid comparison", span);
        }
        let dotted = |op: &X| op.as_id().is_some_and(|n| dotted_operator(n.sym).is_some());
        if args.iter().skip(1).step_by(2).any(dotted) {
            return self.dotted(x);
        }
        let mut links = Vec::new();
        let mut left = args[0].clone();
        let mut i = 1;
        while i + 1 < args.len() {
            let (op, right) = (&args[i], &args[i + 1]);
            let last = i + 2 >= args.len();
            let mut stmts = Vec::new();
            // As in Julia, the middle operand of the first link is evaluated before the left one.
            let right = if last { right.clone() } else { self.atomize(right, &mut stmts) };
            let call = X::node(span, Head::Call, vec![op.clone(), left, right.clone()]);
            stmts.push(self.expr(&call));
            links.push(Node::block(span, stmts));
            left = right;
            i += 2;
        }
        Node::new(span, Kind::And(links))
    }

    // ---- new ---------------------------------------------------------------------------------

    /// `new(…)` and `new{…}(…)` in an inner constructor.
    fn new_call(&mut self, span: Span, params: Option<&[X]>, args: &[X]) -> Node {
        let Some(context) = self.new_context.clone() else {
            return self.error("lowering.new", "\"new\" outside of an inner constructor", span);
        };
        if args.iter().any(|a| a.is(Head::Kw) || a.is(Head::Parameters)) {
            return self.error("lowering.new", "\"new\" does not accept keyword arguments", span);
        }
        let fields = context.field_is_any.len();
        let plain = args.iter().filter(|a| !a.is(Head::Splat)).count();
        if plain > fields {
            let message = format!("new: too many arguments (expected {fields})");
            return self.error("lowering.new", message, span);
        }
        let ty = match params {
            Some(params) => {
                if params.len() < context.params && !params.iter().any(|p| p.is(Head::Splat)) {
                    return self.error("lowering.new", "too few type parameters specified in \"new{...}\"", span);
                }
                if params.len() > context.params {
                    return self.error("lowering.new", "too many type parameters specified in \"new{...}\"", span);
                }
                self.curly(span, &context.name, params)
            }
            None if context.constructor.is_some() => {
                let function = context.constructor.and_then(|depth| self.functions.get(depth));
                match function.and_then(|f| f.self_var) {
                    Some(var) => Node::var(span, var),
                    None => self.expr(&context.name),
                }
            }
            None if context.params > 0 => {
                return self.error("lowering.new", "too few type parameters specified in \"new{...}\"", span);
            }
            None => self.expr(&context.name),
        };
        let mut stmts = Vec::new();
        let ty = Node::tmp(span, self.bind(ty, &mut stmts));
        if plain != args.len() {
            let args = self.args(args);
            let f = self.core(span, sym!("tuple"));
            let tuple = self.call_with(span, f, args);
            if context.field_is_any.iter().all(|&any| any) {
                stmts.push(Node::new(span, Kind::SplatNew(Box::new(ty), Box::new(tuple))));
                return Node::block(span, stmts);
            }
            // Convert field by field, then build from the converted tuple.
            let tuple = Node::tmp(span, self.bind(tuple, &mut stmts));
            let count = self.core_call(span, sym!("nfields"), vec![tuple.clone()]);
            let count = Node::tmp(span, self.bind(count, &mut stmts));
            let expected = self.int(span, fields as i64);
            for (few, left, right) in [(false, expected.clone(), count.clone()), (true, count, expected)] {
                let text = format!("new: too {} arguments (expected {fields})", if few { "few" } else { "many" });
                let text = Node::new(span, Kind::Const(self.ex.host.string(&text)));
                let wrong = self.core_new(span, sym!("ArgumentError"), vec![text]);
                let throw = self.core_call(span, sym!("throw"), vec![wrong]);
                let test = self.base_call(span, sym!("<"), vec![left, right]);
                stmts.push(Node::if_(span, test, throw, None));
            }
            let mut values = Vec::new();
            for (i, &any) in context.field_is_any.iter().enumerate() {
                let index = self.int(span, i as i64 + 1);
                let value = self.core_call(span, sym!("getfield"), vec![tuple.clone(), index]);
                let value = if any { value } else { self.field_value(span, &ty, i, value) };
                values.push(Node::tmp(span, self.bind(value, &mut stmts)));
            }
            stmts.push(Node::new(span, Kind::New(Box::new(ty), values)));
            return Node::block(span, stmts);
        }
        let mut values = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            let value = self.expr(arg);
            values.push(if context.field_is_any[i] { value } else { self.field_value(span, &ty, i, value) });
        }
        stmts.push(Node::new(span, Kind::New(Box::new(ty), values)));
        Node::block(span, stmts)
    }

    /// A constructor's argument converted to the type of field `i`.
    pub(super) fn field_value(&mut self, span: Span, ty: &Node, i: usize, value: Node) -> Node {
        let index = self.int(span, i as i64 + 1);
        let field_type = self.core_call(span, sym!("fieldtype"), vec![ty.clone(), index]);
        self.converted(span, value, field_type, false)
    }

    // ---- foreign calls -----------------------------------------------------------------------

    /// `ccall(name, [convention,] Ret, (Args...,), args...)`.
    fn ccall(&mut self, span: Span, args: &[X]) -> Node {
        let convention = |x: &X| {
            x.as_id()
                .is_some_and(|n| matches!(n.sym.as_str(), "cdecl" | "stdcall" | "fastcall" | "thiscall" | "llvmcall"))
        };
        let (name, rest) = match args {
            [name, cc, rest @ ..] if convention(cc) => (name, rest),
            [name, rest @ ..] => (name, rest),
            [] => return self.error("lowering.ccall", "too few arguments to ccall", span),
        };
        let [ret, types, values @ ..] = rest else {
            return self.error("lowering.ccall", "too few arguments to ccall", span);
        };
        let Some(types) = types.args_of(Head::Tuple) else {
            let message = "ccall argument types must be a tuple; try \"(T,)\"";
            return self.error("lowering.ccall", message, types.span);
        };
        let Some(name) = foreign_name(name) else {
            let message = "the function of a ccall must be a constant name (function pointers are not supported)";
            return self.error("lowering.ccall", message, name.span);
        };
        let mut types = types.to_vec();
        if let Some([last]) = types.last().and_then(|t| t.args_of(Head::Splat)) {
            let last = last.clone();
            types.pop();
            while types.len() < values.len() {
                types.push(last.clone());
            }
        }
        if types.len() != values.len() {
            let message =
                format!("{} arguments to ccall than types", if values.len() < types.len() { "fewer" } else { "more" });
            return self.error("lowering.ccall", message, span);
        }
        let mut stmts = Vec::new();
        let ret = self.expr(ret);
        let mut type_nodes = Vec::new();
        let mut roots = Vec::new();
        for (ty, value) in types.iter().zip(values) {
            if value.is(Head::Splat) {
                return self.error("lowering.ccall", "\"...\" is not allowed in the arguments of a ccall", value.span);
            }
            let ty = self.expr(ty);
            let ty = Node::tmp(span, self.bind(ty, &mut stmts));
            let value = self.expr(value);
            let root = self.base_call(span, sym!("cconvert"), vec![ty.clone(), value]);
            roots.push(Node::tmp(span, self.bind(root, &mut stmts)));
            type_nodes.push(ty);
        }
        let mut converted = Vec::new();
        for (ty, root) in type_nodes.iter().zip(roots) {
            let value = self.base_call(span, sym!("unsafe_convert"), vec![ty.clone(), root]);
            converted.push(Node::tmp(span, self.bind(value, &mut stmts)));
        }
        let call = ForeignCall { name, ret, arg_types: type_nodes, args: converted };
        stmts.push(Node::new(span, Kind::ForeignCall(Box::new(call))));
        Node::block(span, stmts)
    }

    pub(super) fn id_of(&self, span: Span, name: Name) -> X {
        X::id(span, name)
    }
}

/// `:f`, `"f"`, `(:f, lib)`.
fn foreign_name(x: &X) -> Option<Symbol> {
    match &x.kind {
        XK::Inert(_) => x.as_symbol(),
        XK::Lit(Lit::Str(bytes)) => std::str::from_utf8(bytes).ok().map(Symbol::new),
        XK::Node(Head::Tuple, args) => args.first().and_then(foreign_name),
        _ => None,
    }
}
