//! `struct`, `abstract type`, `primitive type`, and the constructors a struct gets by default.

use super::function::{MethodSpec, OwnerSpec, Param, Sparam};
use super::types::TypeSignature;
use super::{Desugar, NewContext};
use crate::builtin_macros::is_call_signature;
use crate::node::{Kind, NewType, NewTypeForm, Node};
use crate::x::{Head, LayerId, Name, X, XK, sym};
use base::Span;
use syntax::Lit;

struct Field {
    name: Name,
    span: Span,
    ty: Option<X>,
    constant: bool,
    atomic: bool,
}

impl Field {
    /// Surely declared `Any`: nothing to convert.
    fn is_any(&self) -> bool {
        match &self.ty {
            None => true,
            Some(ty) => ty.as_id().is_some_and(|n| n.sym == "Any"),
        }
    }
}

impl Desugar<'_> {
    pub(super) fn abstract_(&mut self, span: Span, signature: &X) -> Node {
        if !self.require_toplevel("abstract type", span) {
            return self.nothing(span);
        }
        let Some(signature) = self.type_signature(signature) else { return self.nothing(span) };
        self.type_definition(span, &signature, |_| NewTypeForm::Abstract, &[], false)
    }

    pub(super) fn primitive(&mut self, span: Span, signature: &X, bits: &X) -> Node {
        if !self.require_toplevel("primitive type", span) {
            return self.nothing(span);
        }
        let Some(signature) = self.type_signature(signature) else { return self.nothing(span) };
        self.type_definition(span, &signature, |this| NewTypeForm::Primitive(this.expr(bits)), &[], false)
    }

    /// Makes the type, evaluates supertype and field types with its name and parameters in scope,
    /// completes it and binds its name.
    fn type_definition(
        &mut self,
        span: Span,
        signature: &TypeSignature,
        form: impl FnOnce(&mut Self) -> NewTypeForm,
        fields: &[Field],
        is_struct: bool,
    ) -> Node {
        let form = form(self);
        let mut form = Some(form);
        let target = self.expr(&signature.name);
        let params = &signature.params;
        let definition = self.with_type_vars(
            span,
            params,
            &mut |this| {
                let mut stmts = Vec::new();
                let vars = params.iter().map(|p| Node::id(span, p.name)).collect();
                let vars = this.core_call(span, sym!("svec"), vars);
                let form = form.take().unwrap_or(NewTypeForm::Abstract);
                let new = NewType { target: target.clone(), params: vars, form };
                let ty = Node::new(span, Kind::NewType(Box::new(new)));
                let ty = Node::tmp(span, this.bind(ty, &mut stmts));
                // Until it is bound, the name means the unfinished type.
                let mut inside = Vec::new();
                if let Some(name) = signature.name.as_id() {
                    inside.push(Node::new(span, Kind::Local(name)));
                    inside.push(Node::assign(span, Node::id(span, name), ty.clone()));
                }
                let supertype = match &signature.supertype {
                    Some(x) => this.expr(x),
                    None => this.core(span, sym!("Any")),
                };
                let supertype = Node::tmp(span, this.bind(supertype, &mut inside));
                let types = fields
                    .iter()
                    .map(|f| match &f.ty {
                        Some(ty) => this.expr(ty),
                        None => this.core(span, sym!("Any")),
                    })
                    .collect();
                let types = this.core_call(span, sym!("svec"), types);
                let types = Node::tmp(span, this.bind(types, &mut inside));
                inside.push(Node::block(span, vec![supertype.clone(), types.clone()]));
                stmts.push(this.hard_scope(span, inside));
                stmts.push(Node::new(
                    span,
                    Kind::FinishType {
                        target: Box::new(target.clone()),
                        ty: Box::new(ty),
                        supertype: Box::new(supertype),
                        field_types: is_struct.then(|| Box::new(types)),
                    },
                ));
                Node::block(span, stmts)
            },
            false,
        );
        Node::block(span, vec![definition, self.nothing(span)])
    }

    pub(super) fn struct_(&mut self, span: Span, mutable: &X, signature: &X, body: &X) -> Node {
        if !self.require_toplevel("struct", span) {
            return self.nothing(span);
        }
        let mutable = matches!(mutable.kind, XK::Lit(Lit::Bool(true)));
        let Some(signature) = self.type_signature(signature) else { return self.nothing(span) };
        let mut fields: Vec<Field> = Vec::new();
        let mut definitions: Vec<X> = Vec::new();
        self.struct_body(body, mutable, &mut fields, &mut definitions);
        for i in 0..fields.len() {
            if fields[..i].iter().any(|f| f.name.sym == fields[i].name.sym) {
                let message = format!("duplicate field name: \"{}\" is not unique", fields[i].name.sym);
                let at = fields[i].span;
                self.error("lowering.duplicate-field", message, at);
            }
        }
        let ninit = definitions
            .iter()
            .filter_map(|d| least_new_arguments(d, fields.len()))
            .min()
            .unwrap_or(fields.len())
            .min(fields.len());
        let indices = |pred: &dyn Fn(&Field) -> bool| {
            fields.iter().enumerate().filter(|(_, f)| pred(f)).map(|(i, _)| i as u32).collect::<Vec<_>>()
        };
        let form = NewTypeForm::Struct {
            field_names: fields.iter().map(|f| f.name.sym).collect(),
            const_fields: indices(&|f| f.constant),
            atomic_fields: indices(&|f| f.atomic),
            mutable,
            ninit: ninit as u32,
        };
        let mut stmts = vec![self.type_definition(span, &signature, |_| form, &fields, true)];
        let saved = self.new_context.take();
        self.new_context = Some(NewContext {
            name: signature.name.clone(),
            params: signature.params.len(),
            field_is_any: fields.iter().map(Field::is_any).collect(),
            constructor: None,
        });
        if definitions.is_empty() {
            self.default_constructors(span, &signature, &fields, &mut stmts);
        } else {
            // Helper functions are local to the body; the constructors extend the type.
            let mut inside: Vec<Node> =
                signature.name.as_id().map(|n| Node::new(span, Kind::Follow(n, None))).into_iter().collect();
            inside.extend(definitions.iter().map(|d| self.expr(d)));
            stmts.push(self.hard_scope(span, inside));
        }
        self.new_context = saved;
        stmts.push(self.nothing(span));
        Node::block(span, stmts)
    }

    fn struct_body(&mut self, body: &X, mutable: bool, fields: &mut Vec<Field>, definitions: &mut Vec<X>) {
        let items = match body.args_of(Head::Block) {
            Some(items) => items.to_vec(),
            None => vec![body.clone()],
        };
        for item in items {
            let span = item.span;
            match item.as_node() {
                None if item.is_line() => {}
                // Documentation, and what macros leave behind.
                None if matches!(item.kind, XK::Lit(_)) => {}
                None if item.as_id().is_some() => {
                    let name = item.as_id().expect("checked by the guard");
                    fields.push(Field { name, span, ty: None, constant: false, atomic: false });
                }
                Some((Head::Decl, [name, ty])) if name.as_id().is_some() => {
                    let name = name.as_id().expect("checked by the guard");
                    fields.push(Field { name, span, ty: Some(ty.clone()), constant: false, atomic: false });
                }
                Some((Head::Const, [inner])) => {
                    if !mutable {
                        let message = "invalid field attribute const for immutable struct";
                        self.error("lowering.const-field", message, span);
                    }
                    let before = fields.len();
                    self.struct_body(&X::block(span, vec![inner.clone()]), mutable, fields, definitions);
                    fields[before..].iter_mut().for_each(|f| f.constant = true);
                }
                Some((Head::Atomic, [inner])) => {
                    let before = fields.len();
                    self.struct_body(&X::block(span, vec![inner.clone()]), mutable, fields, definitions);
                    fields[before..].iter_mut().for_each(|f| f.atomic = true);
                }
                Some((Head::Block, _)) => self.struct_body(&item, mutable, fields, definitions),
                Some((Head::Function | Head::Macro, _)) => definitions.push(item.clone()),
                Some((Head::Assign, [target, _])) if is_call_signature(target) => definitions.push(item.clone()),
                Some((Head::Assign | Head::Update(_), _)) => {
                    let text = self.text(&item);
                    let message = format!("\"{text}\" inside type definition is reserved");
                    self.error("lowering.struct-body", message, span);
                }
                // A remark of a macro (`@inline` around a constructor keeps the definition).
                Some((Head::Meta, _)) => {}
                _ => {
                    let text = self.text(&item);
                    let message = format!("invalid syntax in type definition: \"{text}\"");
                    self.error("lowering.struct-body", message, span);
                }
            }
        }
    }

    fn default_constructors(&mut self, span: Span, signature: &TypeSignature, fields: &[Field], stmts: &mut Vec<Node>) {
        let name = &signature.name;
        let names: Vec<X> = fields.iter().map(|f| X::id(f.span, f.name)).collect();
        let new = X::id(span, Name { sym: sym!("new"), layer: LayerId::ROOT });
        let new_call = {
            let mut parts = vec![new];
            parts.extend(names.iter().cloned());
            X::node(span, Head::Call, parts)
        };
        let params = |typed: bool| -> Vec<Param> {
            let ty = |f: &Field| if typed { f.ty.clone() } else { None };
            fields
                .iter()
                .map(|f| Param {
                    span: f.span,
                    name: Some(f.name),
                    pattern: None,
                    ty: ty(f),
                    splat: false,
                    default: None,
                    nospecialize: false,
                })
                .collect()
        };
        let display = match &name.kind {
            XK::Global(g) => g.name,
            _ => name.as_id().map_or(sym!("Type"), |n| n.sym),
        };
        let spec = |owner: OwnerSpec, params: Vec<Param>, sparams: Vec<Sparam>| MethodSpec {
            span,
            name: display,
            owner,
            params,
            sparams,
            ret: None,
            table: None,
            keyword_call: None,
        };
        if signature.params.is_empty() {
            let owner = OwnerSpec::Function(name.clone());
            if fields.iter().any(|f| !f.is_any()) {
                // Exactly the declared types: nothing to convert.
                let exact = spec(owner.clone(), params(true), vec![]);
                let name = name.clone();
                let values = names.clone();
                let node = self.method(exact, |this, _| {
                    let ty = this.expr(&name);
                    let values = this.exprs(&values);
                    Node::new(span, Kind::New(Box::new(ty), values))
                });
                stmts.push(node);
            }
            let node = self.method(spec(owner, params(false), vec![]), |this, _| this.expr(&new_call));
            stmts.push(node);
            return;
        }
        // `Foo{T}(a, b) where T`
        let mut applied = vec![name.clone()];
        applied.extend(signature.params.iter().map(|p| X::id(span, p.name)));
        let applied = X::node(span, Head::Curly, applied);
        let owner = OwnerSpec::Constructor(applied.clone());
        let depth = self.functions.len();
        if let Some(context) = &mut self.new_context {
            context.constructor = Some(depth);
        }
        let node = self.method(spec(owner, params(false), signature.params.clone()), |this, _| this.expr(&new_call));
        stmts.push(node);
        if let Some(context) = &mut self.new_context {
            context.constructor = None;
        }
        // `Foo(a::T, b::Vector{T}) where T`, if the arguments determine all parameters: each occurs in a field's
        // type, or in the bounds of a later parameter that does.
        let mut roots: Vec<&X> = fields.iter().filter_map(|f| f.ty.as_ref()).collect();
        let determined = signature.params.iter().rev().all(|p| {
            let found = roots.iter().any(|t| t.mentions(&|n| n == p.name));
            roots.extend(p.lower.as_ref());
            roots.extend(p.upper.as_ref());
            found
        });
        if determined {
            let mut call = vec![applied];
            call.extend(names);
            let call = X::node(span, Head::Call, call);
            let outer = spec(OwnerSpec::Function(name.clone()), params(true), signature.params.clone());
            let node = self.method(outer, |this, _| this.expr(&call));
            stmts.push(node);
        }
    }
}

/// The least number of fields any `new` in the definition gives; `None` where there is no `new`. A splat
/// must give all `fields`.
fn least_new_arguments(x: &X, fields: usize) -> Option<usize> {
    let (head, args) = x.as_node()?;
    let inner = args.iter().filter_map(|a| least_new_arguments(a, fields)).min();
    let own = match (head, args) {
        (Head::Call, [f, values @ ..]) => {
            let is_new = |x: &X| x.as_id().is_some_and(|n| n.sym == "new");
            let callee = is_new(f) || f.args_of(Head::Curly).is_some_and(|c| c.first().is_some_and(is_new));
            callee.then(|| if values.iter().any(|a| a.is(Head::Splat)) { fields } else { values.len() })
        }
        _ => None,
    };
    [inner, own].into_iter().flatten().min()
}
