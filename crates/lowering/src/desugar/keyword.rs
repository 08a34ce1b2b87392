//! Functions with keyword arguments. Three methods stand for one definition
//! `f(pos...; k = default, required, rest...) = body`:
//!
//! * `#f#N(k, required, rest, f, pos...)`: the body;
//! * `f(pos...)`: computes the defaults and calls the body;
//! * `kwcall(keywords::NamedTuple, f, pos...)`: takes the keywords apart and calls the body.

use super::Desugar;
use super::function::{MethodSpec, OwnerSpec, Param};
use crate::node::{Kind, Node};
use crate::x::{Head, LayerId, Name, X, XK, sym};
use base::{Diagnostic, Span, Symbol};

/// One declared keyword.
#[derive(Clone)]
struct Keyword {
    name: Name,
    span: Span,
    ty: Option<X>,
    /// `None`: must be given.
    default: Option<X>,
}

impl Desugar<'_> {
    /// `declaration` makes the function itself exist.
    pub(super) fn keyword_methods(
        &mut self,
        spec: MethodSpec,
        declaration: Option<Node>,
        keywords: &[X],
        body: &X,
        stmts: &mut Vec<Node>,
    ) {
        let span = spec.span;
        let (keywords, rest) = self.keyword_params(keywords, &spec.params);

        // The body function is as local or global as the function itself.
        let module = self.ex.host.module();
        let number = self.ex.host.next_number(module);
        let short_name = spec.name.as_str().trim_start_matches('#');
        let body_name = Symbol::new(&format!("#{short_name}#{number}"));
        let body_function = match &spec.owner {
            OwnerSpec::Function(X { kind: XK::Var(_), .. }) => X::new(span, XK::Var(self.fresh_var(body_name, span))),
            _ => X::id(span, Name { sym: body_name, layer: self.owner_layer(&spec.owner) }),
        };

        // ---- the body
        let mut body_params: Vec<Param> =
            keywords.iter().map(|k| Param { name: Some(k.name), ty: k.ty.clone(), ..unnamed(k.span) }).collect();
        if let Some(rest) = &rest {
            body_params.push(Param { name: Some(rest.0), ..unnamed(rest.1) });
        }
        let self_type = match &spec.owner {
            OwnerSpec::Function(f) => {
                let type_of = self.ex.core(span, sym!("Typeof"));
                X::node(span, Head::Call, vec![type_of, f.clone()])
            }
            OwnerSpec::Type(_, ty) => ty.clone(),
            OwnerSpec::Constructor(ty) => {
                let kind = self.ex.core(span, sym!("Type"));
                X::node(span, Head::Curly, vec![kind, ty.clone()])
            }
        };
        let self_name = match &spec.owner {
            OwnerSpec::Type(name, _) => *name,
            // A local function calls itself through the argument: nothing to capture.
            OwnerSpec::Function(f) if !self.at_toplevel() => f.as_id().filter(|&name| {
                let taken = keywords.iter().any(|k| k.name == name) || rest.is_some_and(|(r, _)| r == name);
                !taken && !spec.params.iter().any(|p| p.name == Some(name) || p.pattern.is_some())
            }),
            _ => None,
        };
        body_params.push(Param { name: self_name, ty: Some(self_type), ..unnamed(span) });
        body_params.extend(spec.params.iter().map(|p| Param { default: None, ..p.clone() }));
        if let Some(name) = body_function.as_id() {
            let owner = match &spec.owner {
                OwnerSpec::Function(x) => x.as_id(),
                _ => None,
            };
            stmts.push(Node::new(span, Kind::Follow(name, owner)));
        }
        // First the body, which the function's own methods capture where both are local.
        stmts.extend(self.declares(&body_function));
        stmts.extend(declaration);
        let body_spec = MethodSpec {
            span,
            name: body_name,
            owner: OwnerSpec::Function(body_function.clone()),
            params: body_params,
            sparams: spec.sparams.clone(),
            ret: spec.ret.clone(),
            table: spec.table.clone(),
            keyword_call: None,
        };
        // In a constructor `new` builds the type which the function stands for: it is an argument here.
        let self_argument = keywords.len() + rest.is_some() as usize;
        let is_constructor = matches!(spec.owner, OwnerSpec::Constructor(_));
        let node = self.method(body_spec, |this, bound| {
            let saved = this.function().self_var;
            if is_constructor && let XK::Var(v) = bound.params[self_argument].kind {
                this.function().self_var = Some(v);
            }
            let body = this.expr(body);
            this.function().self_var = saved;
            body
        });
        stmts.push(node);

        // The methods that the function itself has know the static parameters of positional arguments only; types that name others are
        // left to the body's signature.
        let known = super::function::used_sparams(&spec.sparams, &spec.params, &spec.owner);
        let unknown = |name: Name| spec.sparams.iter().any(|s| s.name == name) && !known.iter().any(|s| s.name == name);
        let keywords: Vec<Keyword> = keywords
            .into_iter()
            .map(|k| match &k.ty {
                Some(ty) if ty.mentions(&unknown) => Keyword { ty: None, ..k },
                _ => k,
            })
            .collect();

        // ---- without keywords
        let plain = MethodSpec {
            span,
            name: spec.name,
            owner: spec.owner.clone(),
            params: spec.params.clone(),
            sparams: known.clone(),
            ret: None,
            table: spec.table.clone(),
            keyword_call: None,
        };
        let has_rest = rest.is_some();
        self.methods(plain, stmts, |this, bound| {
            let me = this.self_x(span, bound);
            let positional = bound.params.clone();
            let steps: Vec<(Keyword, KeywordSource)> =
                keywords.iter().map(|k| (k.clone(), KeywordSource::Default)).collect();
            this.keyword_values(span, &steps, &mut |this, values| {
                let mut args = values.to_vec();
                if has_rest {
                    let none = this.ex.core(span, sym!("NamedTuple"));
                    let none = X::node(span, Head::Call, vec![none]);
                    args.push(this.base_call_x(span, "pairs", vec![none]));
                }
                args.push(me.clone());
                args.extend(positional.iter().cloned());
                this.call(span, &body_function, &args)
            })
        });

        // ---- with keywords
        let tuple_type = self.ex.core(span, sym!("NamedTuple"));
        let keyword_call = Param { ty: Some(tuple_type), ..unnamed(span) };
        let sorter = MethodSpec {
            span,
            name: spec.name,
            owner: spec.owner.clone(),
            params: spec.params.clone(),
            sparams: known.clone(),
            ret: None,
            table: spec.table.clone(),
            keyword_call: Some(keyword_call),
        };
        self.methods(sorter, stmts, |this, bound| {
            let me = this.self_x(span, bound);
            let given = bound.params[0].clone();
            let positional = bound.params[1..].to_vec();
            let steps: Vec<(Keyword, KeywordSource)> =
                keywords.iter().map(|k| (k.clone(), KeywordSource::Given(given.clone()))).collect();
            let names: Vec<Symbol> = keywords.iter().map(|k| k.name.sym).collect();
            this.keyword_values(span, &steps, &mut |this, values| {
                let mut inner = Vec::new();
                // What is left when the declared keywords are taken out.
                let names_tuple = this.symbol_tuple(span, &names);
                let named_tuple = this.core(span, sym!("NamedTuple"));
                let names_type = this.core_call(span, sym!("apply_type"), vec![named_tuple, names_tuple]);
                let given_node = this.expr(&given);
                let left = this.base_call(span, sym!("structdiff"), vec![given_node.clone(), names_type]);
                let left = this.bind(left, &mut inner);
                let mut args = values.to_vec();
                if has_rest {
                    args.push(this.base_call_x(span, "pairs", vec![X::tmp(span, left)]));
                } else {
                    let none_left = this.base_call(span, sym!("isempty"), vec![Node::tmp(span, left)]);
                    let mut complaint = vec![given.clone(), me.clone()];
                    complaint.extend(positional.iter().cloned());
                    let complaint = this.args(&complaint);
                    let kwerr = this.base(span, sym!("kwerr"));
                    let complaint = this.call_with(span, kwerr, complaint);
                    let nothing = this.nothing(span);
                    inner.push(Node::if_(span, none_left, nothing, Some(complaint)));
                }
                args.push(me.clone());
                args.extend(positional.iter().cloned());
                inner.push(this.call(span, &body_function, &args));
                Node::block(span, inner)
            })
        });
    }

    fn owner_layer(&self, owner: &OwnerSpec) -> LayerId {
        match owner {
            OwnerSpec::Function(x) => x.as_id().map_or(LayerId::ROOT, |n| n.layer),
            _ => LayerId::ROOT,
        }
    }

    fn self_x(&self, span: Span, bound: &super::function::Bound) -> X {
        match (bound.self_name, bound.self_var) {
            (Some(name), _) => X::id(span, name),
            (None, Some(var)) => X::new(span, XK::Var(var)),
            (None, None) => X::nothing(span),
        }
    }

    fn base_call_x(&self, span: Span, name: &str, args: Vec<X>) -> X {
        let f = ir::lowered::GlobalRef { module: self.ex.host.base_module(), name: Symbol::new(name) };
        let mut all = vec![X::new(span, XK::Global(f))];
        all.extend(args);
        X::node(span, Head::Call, all)
    }

    /// Declared keywords and the name of `rest...`.
    fn keyword_params(&mut self, keywords: &[X], positional: &[Param]) -> (Vec<Keyword>, Option<(Name, Span)>) {
        let mut declared: Vec<Keyword> = Vec::new();
        let mut rest = None;
        for (i, x) in keywords.iter().enumerate() {
            if let Some([inner]) = x.args_of(Head::Splat) {
                if i + 1 < keywords.len() {
                    let message = "invalid \"...\" on non-final keyword argument";
                    self.report(Diagnostic::error("lowering.vararg", message, x.span));
                }
                match inner.as_id() {
                    Some(name) => rest = Some((name, x.span)),
                    None => self.bad_keyword(x),
                }
                continue;
            }
            let Some(param) = self.param(x) else { continue };
            let Some(name) = param.name else {
                self.bad_keyword(x);
                continue;
            };
            if declared.iter().any(|k| k.name == name) || positional.iter().any(|p| p.name == Some(name)) {
                let message = format!("function argument name not unique: \"{}\"", name.sym);
                self.report(Diagnostic::error("lowering.duplicate-argument", message, x.span));
                continue;
            }
            declared.push(Keyword { name, span: x.span, ty: param.ty, default: param.default });
        }
        (declared, rest)
    }

    fn bad_keyword(&mut self, x: &X) {
        let text = self.text(x);
        let message = format!("invalid keyword argument name \"{text}\"");
        self.report(Diagnostic::error("lowering.keyword", message, x.span));
    }

    /// Binds the keywords one inside the other, so that each default sees the ones before it and
    /// what is outside under its own name; then `finish` with their values.
    fn keyword_values(
        &mut self,
        span: Span,
        keywords: &[(Keyword, KeywordSource)],
        finish: &mut dyn FnMut(&mut Self, &[X]) -> Node,
    ) -> Node {
        let mut values = Vec::new();
        self.keyword_values_from(span, keywords, &mut values, finish)
    }

    fn keyword_values_from(
        &mut self,
        span: Span,
        keywords: &[(Keyword, KeywordSource)],
        values: &mut Vec<X>,
        finish: &mut dyn FnMut(&mut Self, &[X]) -> Node,
    ) -> Node {
        let Some(((keyword, source), others)) = keywords.split_first() else { return finish(self, values) };
        let at = keyword.span;
        let mut stmts = Vec::new();
        let default = match &keyword.default {
            Some(x) => self.expr(x),
            None => {
                let name = self.symbol(at, keyword.name.sym);
                let error = self.core_new(at, sym!("UndefKeywordError"), vec![name]);
                self.core_call(at, sym!("throw"), vec![error])
            }
        };
        let value = match source {
            KeywordSource::Default => default,
            KeywordSource::Given(tuple) => {
                let tuple = self.expr(tuple);
                let name = self.symbol(at, keyword.name.sym);
                let is_given = self.core_call(at, sym!("isdefined"), vec![tuple.clone(), name.clone()]);
                let mut given = self.core_call(at, sym!("getfield"), vec![tuple, name]);
                if let Some(ty) = &keyword.ty {
                    given = self.checked_keyword(keyword, ty, given);
                }
                Node::if_(at, is_given, given, Some(default))
            }
        };
        let value = self.bind(value, &mut stmts);
        let mut inside = vec![
            Node::new(at, Kind::Local(keyword.name)),
            Node::assign(at, Node::id(at, keyword.name), Node::tmp(at, value)),
        ];
        values.push(X::id(at, keyword.name));
        inside.push(self.keyword_values_from(span, others, values, finish));
        stmts.push(self.hard_scope(span, inside));
        Node::block(span, stmts)
    }

    /// A given keyword must be of the declared type.
    fn checked_keyword(&mut self, keyword: &Keyword, ty: &X, given: Node) -> Node {
        let at = keyword.span;
        let mut stmts = Vec::new();
        let given = Node::tmp(at, self.bind(given, &mut stmts));
        let ty = self.expr(ty);
        let ty = Node::tmp(at, self.bind(ty, &mut stmts));
        let fits = self.core_call(at, sym!("isa"), vec![given.clone(), ty.clone()]);
        let what = self.symbol(at, sym!("keyword argument"));
        let name = self.symbol(at, keyword.name.sym);
        let error = self.core_new(at, sym!("TypeError"), vec![what, name, ty, given.clone()]);
        let throw = self.core_call(at, sym!("throw"), vec![error]);
        let nothing = self.nothing(at);
        stmts.push(Node::if_(at, fits, nothing, Some(throw)));
        stmts.push(given);
        Node::block(at, stmts)
    }
}

/// Where the value of a keyword comes from.
#[derive(Clone)]
enum KeywordSource {
    Default,
    /// This named tuple, if it has the keyword.
    Given(X),
}

fn unnamed(span: Span) -> Param {
    Param { span, name: None, pattern: None, ty: None, splat: false, default: None, nospecialize: false }
}
