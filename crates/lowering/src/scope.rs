//! Scope resolution: every name becomes a local variable, a static parameter or a global.
//!
//! A name assigned in a scope is local to it unless an enclosing scope has a variable of that
//! name or it is declared `global`; at top level outside of all scopes it is a global. Names of
//! different layers (macro expansions) never meet. A global which an expansion assigns at top level
//! gets a name of its own (`#x#3`), as Julia's hygiene has it.

use crate::desugar::{Desugar, VarInfo};
use crate::node::{Binder, Kind, Lambda, LambdaId, Method, Node, Owner, ScopeKind};
use crate::x::{LayerId, Name, VarId};
use base::{Diagnostic, Span, Symbol};
use ir::lowered::GlobalRef;
use rustc_hash::FxHashMap;

/// The top-level code itself.
pub const THUNK: LambdaId = LambdaId(0);

/// What is known about a function of the expression; index [`LambdaId`].
#[derive(Default, Debug)]
pub struct LambdaInfo {
    pub parent: Option<LambdaId>,
    pub sparams: Vec<Symbol>,
    pub has_labels: bool,
    /// Filled in by capture analysis.
    pub free: Vec<VarId>,
    pub free_sparams: Vec<(LambdaId, u32)>,
}

#[derive(Clone, Copy)]
enum Binding {
    Local(VarId),
    /// Declared `global`: of the module that is evaluated, whatever expansion says so.
    Global,
    /// No local variable, although it is assigned.
    Outer,
    StaticParam(LambdaId, u32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeForm {
    Thunk,
    Function,
    Hard,
    Soft,
    /// Only the static parameters of a signature.
    Signature,
}

struct Scope {
    kind: ScopeForm,
    names: FxHashMap<Name, Binding>,
    fresh: Vec<VarId>,
}

/// What the statements directly in a scope declare and assign, in order.
#[derive(Default)]
struct Declarations {
    locals: Vec<(Name, Span)>,
    globals: Vec<(Name, Span)>,
    assigned: Vec<(Name, Span)>,
    required: Vec<(Name, Span)>,
    followers: Vec<(Name, Option<Name>)>,
    labels: bool,
}

pub struct Resolver<'a, 'h> {
    pub d: &'a mut Desugar<'h>,
    pub lambdas: Vec<LambdaInfo>,
    scopes: Vec<Scope>,
    current: LambdaId,
    /// Globals which macro expansions assign at top level, under their own names.
    renamed: FxHashMap<Name, Symbol>,
}

impl<'a, 'h> Resolver<'a, 'h> {
    pub fn new(d: &'a mut Desugar<'h>) -> Resolver<'a, 'h> {
        Resolver {
            d,
            lambdas: vec![LambdaInfo::default()],
            scopes: Vec::new(),
            current: THUNK,
            renamed: FxHashMap::default(),
        }
    }

    /// Resolves a whole top-level expression.
    pub fn toplevel(&mut self, node: &mut Node) {
        let declarations = collect(node);
        self.lambdas[0].has_labels = declarations.labels;
        self.scopes.push(Scope { kind: ScopeForm::Thunk, names: FxHashMap::default(), fresh: Vec::new() });
        for &(name, _) in &declarations.globals {
            self.bind(name, Binding::Global);
        }
        self.declare_locals(&declarations);
        for &(name, _) in &declarations.assigned {
            if name.layer != LayerId::ROOT && self.lookup(name).is_none() {
                self.rename(name);
            }
        }
        self.resolve(node);
        self.finish_scope(node);
    }

    fn rename(&mut self, name: Name) {
        if self.renamed.contains_key(&name) {
            return;
        }
        let layer = &self.d.ex.layers[name.layer.0 as usize];
        let number = match layer.number {
            Some(n) => n,
            None => {
                let module = self.d.ex.host.module();
                let n = self.d.ex.host.next_number(module);
                self.d.ex.layers[name.layer.0 as usize].number = Some(n);
                n
            }
        };
        // `@m` and `#f` keep their first character, which says what they are.
        let symbol = Symbol::new(&format!("#{number}#{}", name.sym));
        self.renamed.insert(name, symbol);
    }

    fn error(&mut self, code: &'static str, message: String, span: Span) {
        self.d.report(Diagnostic::error(code, message, span));
    }

    fn bind(&mut self, name: Name, binding: Binding) {
        self.scopes.last_mut().expect("a scope is open").names.insert(name, binding);
    }

    fn lookup(&self, name: Name) -> Option<Binding> {
        self.scopes.iter().rev().find_map(|s| s.names.get(&name).copied())
    }

    fn new_local(&mut self, name: Name, span: Span) -> VarId {
        let owner = self.current;
        self.d.vars.push(VarInfo {
            name: name.sym,
            owner: Some(owner),
            is_argument: false,
            ty: None,
            assignments: 0,
            captured: false,
            boxed: false,
            span,
        });
        let var = VarId(self.d.vars.len() as u32 - 1);
        let scope = self.scopes.last_mut().expect("a scope is open");
        scope.names.insert(name, Binding::Local(var));
        scope.fresh.push(var);
        var
    }

    fn global(&self, name: Name) -> GlobalRef {
        if let Some(&renamed) = self.renamed.get(&name) {
            return GlobalRef { module: self.d.ex.module_of(LayerId::ROOT), name: renamed };
        }
        let layer = if (name.layer.0 as usize) < self.d.ex.layers.len() { name.layer } else { LayerId::ROOT };
        GlobalRef { module: self.d.ex.module_of(layer), name: name.sym }
    }

    // ---- scopes ------------------------------------------------------------------------------

    fn declare_locals(&mut self, declarations: &Declarations) {
        for &(name, span) in &declarations.locals {
            if declarations.globals.iter().any(|(g, _)| *g == name) {
                self.error(
                    "lowering.local-global",
                    format!("variable \"{}\" declared both local and global", name.sym),
                    span,
                );
                continue;
            }
            let scope = self.scopes.last().expect("a scope is open");
            match scope.names.get(&name) {
                Some(Binding::Local(v)) if self.d.vars[v.0 as usize].is_argument => {
                    self.error(
                        "lowering.local-conflict",
                        format!("local variable name \"{}\" conflicts with an argument", name.sym),
                        span,
                    );
                }
                Some(Binding::StaticParam(..)) => self.static_param_conflict(name, span),
                Some(_) => {}
                None => {
                    self.new_local(name, span);
                }
            }
        }
    }

    fn static_param_conflict(&mut self, name: Name, span: Span) {
        self.error(
            "lowering.local-conflict",
            format!("local variable name \"{}\" conflicts with a static parameter", name.sym),
            span,
        );
    }

    /// Gives meaning to what the open scope declares and assigns.
    fn declare(&mut self, declarations: &Declarations) {
        for &(name, span) in &declarations.required {
            let known = matches!(self.lookup(name), Some(Binding::Local(_)));
            if !known {
                self.error(
                    "lowering.outer",
                    "no outer local variable declaration exists for \"for outer\"".to_string(),
                    span,
                );
            }
        }
        for &(name, span) in &declarations.globals {
            let own = self.scopes.last().and_then(|s| s.names.get(&name).copied());
            if let Some(Binding::Local(_)) = own {
                self.error(
                    "lowering.local-global",
                    format!("`global {0}`: {0} is a local variable in its enclosing scope", name.sym),
                    span,
                );
                continue;
            }
            self.bind(name, Binding::Global);
        }
        self.declare_locals(declarations);
        for &(name, leader) in &declarations.followers {
            // A leader that is assigned here without being known becomes local below.
            let local = leader.is_some_and(|l| !matches!(self.lookup(l), Some(Binding::Global | Binding::Outer)));
            if !local {
                self.bind(name, Binding::Outer);
            }
        }
        for &(name, span) in &declarations.assigned {
            match self.lookup(name) {
                Some(Binding::StaticParam(owner, _)) if owner == self.current => self.static_param_conflict(name, span),
                Some(Binding::StaticParam(..)) => {
                    self.new_local(name, span);
                }
                Some(_) => {}
                None => {
                    if !self.means_global(name, span) {
                        self.new_local(name, span);
                    } else {
                        self.bind(name, Binding::Global);
                    }
                }
            }
        }
    }

    /// Soft scope: does this assignment in a top-level loop mean the existing global?
    fn means_global(&mut self, name: Name, span: Span) -> bool {
        let soft = self.scopes[1..].iter().all(|s| s.kind == ScopeForm::Soft);
        if !soft || name.layer != LayerId::ROOT {
            return false;
        }
        let module = self.d.ex.module_of(LayerId::ROOT);
        if !self.d.ex.host.is_global_defined(module, name.sym) {
            return false;
        }
        if self.d.ex.host.soft_scope() {
            return true;
        }
        let message = format!(
            "Assignment to `{0}` in soft scope is ambiguous because a global variable by the same name exists: \
             `{0}` will be treated as a new local. Disambiguate by using `local {0}` to suppress this warning or \
             `global {0}` to assign to the existing global variable.",
            name.sym
        );
        self.d.ex.host.warn(&message, span);
        false
    }

    /// Closes the scope: its variables are new each time `node` is entered.
    fn finish_scope(&mut self, node: &mut Node) {
        let scope = self.scopes.pop().expect("a scope is open");
        if !scope.fresh.is_empty() {
            let span = node.span;
            let body = std::mem::replace(node, Node::block(span, Vec::new()));
            *node = Node::block(span, vec![Node::new(span, Kind::Fresh(scope.fresh)), body]);
        }
    }

    /// Gives a variable made by desugaring its place, at its first use.
    fn place(&mut self, var: VarId) {
        let info = &mut self.d.vars[var.0 as usize];
        if info.owner.is_none() {
            info.owner = Some(self.current);
            if let Some(scope) = self.scopes.iter_mut().rev().find(|s| s.kind != ScopeForm::Signature) {
                scope.fresh.push(var);
            }
        }
    }

    // ---- nodes -------------------------------------------------------------------------------

    fn resolve(&mut self, node: &mut Node) {
        let span = node.span;
        match &mut node.kind {
            Kind::Id(name) => node.kind = self.meaning(*name),
            Kind::Var(v) => self.place(*v),
            Kind::Scope(kind, body) => {
                let kind = match kind {
                    ScopeKind::Hard => ScopeForm::Hard,
                    ScopeKind::Soft => ScopeForm::Soft,
                };
                let declarations = collect(body);
                self.lambdas[self.current.0 as usize].has_labels |= declarations.labels;
                self.scopes.push(Scope { kind, names: FxHashMap::default(), fresh: Vec::new() });
                self.declare(&declarations);
                self.resolve(body);
                self.finish_scope(body);
                let body = std::mem::replace(&mut **body, Node::block(span, Vec::new()));
                *node = body;
            }
            Kind::Local(_) | Kind::RequireLocal(_) | Kind::Follow(..) => node.kind = Kind::Block(Vec::new()),
            Kind::GlobalDecl(name) => {
                let name = *name;
                match self.lookup(name) {
                    Some(Binding::Global) => {
                        let module = self.d.ex.module_of(LayerId::ROOT);
                        let global = Node::new(span, Kind::Global(GlobalRef { module, name: name.sym }));
                        // At top level the declaration makes the binding exist.
                        if self.current == THUNK {
                            let any = self.d.core(span, crate::x::sym!("Any"));
                            node.kind = Kind::TypeDecl(Box::new(global), Box::new(any));
                        } else {
                            node.kind = Kind::Block(Vec::new());
                        }
                    }
                    _ => node.kind = Kind::Block(Vec::new()),
                }
            }
            Kind::TypeDecl(target, ty) => {
                self.resolve(ty);
                self.resolve(target);
                match target.kind {
                    Kind::Var(v) => {
                        let ty = std::mem::replace(ty, Box::new(Node::block(span, Vec::new())));
                        let info = &mut self.d.vars[v.0 as usize];
                        if info.ty.is_some() {
                            let message = format!("multiple type declarations found for \"{}\"", info.name);
                            self.error("lowering.type-declaration", message, span);
                        } else if info.is_argument {
                            let message =
                                format!("type declaration of \"{}\" conflicts with its being an argument", info.name);
                            self.error("lowering.type-declaration", message, span);
                        } else {
                            info.ty = Some(ty);
                        }
                        node.kind = Kind::Block(Vec::new());
                    }
                    Kind::Global(g) if self.current != THUNK => {
                        let message = format!("type declaration for global \"{}\" not at top level", g.name);
                        self.error("lowering.type-declaration", message, span);
                        node.kind = Kind::Block(Vec::new());
                    }
                    _ => {}
                }
            }
            Kind::Const_(target, value) => {
                self.resolve(value);
                self.resolve(target);
                if let Kind::Var(v) = target.kind {
                    let name = self.d.vars[v.0 as usize].name;
                    let message = format!("unsupported `const` declaration on local variable around `{name}`");
                    self.error("lowering.const-local", message, span);
                }
            }
            Kind::Assign(target, value) => {
                self.resolve(value);
                self.resolve(target);
                if let Kind::StaticParam(..) = target.kind {
                    // Already reported with the scope, if it is the function's own.
                    node.kind = Kind::Block(Vec::new());
                }
            }
            Kind::NewType(t) => {
                // The binder: a global in any case.
                if let Kind::Id(name) = t.target.kind {
                    t.target.kind = Kind::Global(self.global(name));
                }
                self.resolve(&mut t.params);
                if let crate::node::NewTypeForm::Primitive(bits) = &mut t.form {
                    self.resolve(bits);
                }
            }
            Kind::FinishType { target, ty, supertype, field_types } => {
                if let Kind::Id(name) = target.kind {
                    target.kind = Kind::Global(self.global(name));
                }
                self.resolve(ty);
                self.resolve(supertype);
                if let Some(types) = field_types {
                    self.resolve(types);
                }
            }
            Kind::Method(method) => self.method(method),
            _ => node.each_child_mut(&mut |child| self.resolve(child)),
        }
    }

    fn meaning(&mut self, name: Name) -> Kind {
        match self.lookup(name) {
            Some(Binding::Local(v)) => Kind::Var(v),
            Some(Binding::StaticParam(owner, i)) => Kind::StaticParam(owner, i),
            Some(Binding::Global) => {
                Kind::Global(GlobalRef { module: self.d.ex.module_of(LayerId::ROOT), name: name.sym })
            }
            Some(Binding::Outer) | None => Kind::Global(self.global(name)),
        }
    }

    fn method(&mut self, method: &mut Method) {
        if let Some(table) = &mut method.table {
            self.resolve(table);
        }
        if let Owner::Function(f) = &mut method.owner {
            self.resolve(f);
        }
        // The signature: evaluated in the top-level code around the definition.
        self.scopes.push(Scope { kind: ScopeForm::Signature, names: FxHashMap::default(), fresh: Vec::new() });
        for sparam in &mut method.sparams {
            for bound in [&mut sparam.lower, &mut sparam.upper].into_iter().flatten() {
                self.resolve(bound);
            }
            let var = self.d.fresh_var(sparam.name.sym, method.lambda.span);
            self.d.vars[var.0 as usize].owner = Some(THUNK);
            sparam.var = Some(var);
            self.bind(sparam.name, Binding::Local(var));
        }
        if let Owner::Type(ty) = &mut method.owner {
            self.resolve(ty);
        }
        for ty in &mut method.arg_types {
            self.resolve(ty);
        }
        self.scopes.pop();
        let names: Vec<Name> = method.sparams.iter().map(|s| s.name).collect();
        self.lambda(&mut method.lambda, &names);
    }

    /// A function without top-level code around it.
    pub fn lone_lambda(&mut self, lambda: &mut Lambda, sparams: &[Name]) {
        self.scopes.push(Scope { kind: ScopeForm::Thunk, names: FxHashMap::default(), fresh: Vec::new() });
        self.lambda(lambda, sparams);
        self.scopes.pop();
    }

    fn lambda(&mut self, lambda: &mut Lambda, sparams: &[Name]) {
        let id = LambdaId(self.lambdas.len() as u32);
        lambda.id = id;
        lambda.sparams = sparams.iter().map(|n| n.sym).collect();
        self.lambdas.push(LambdaInfo {
            parent: Some(self.current),
            sparams: lambda.sparams.clone(),
            ..LambdaInfo::default()
        });
        let outer = std::mem::replace(&mut self.current, id);
        self.scopes.push(Scope { kind: ScopeForm::Function, names: FxHashMap::default(), fresh: Vec::new() });
        for (i, &name) in sparams.iter().enumerate() {
            self.bind(name, Binding::StaticParam(id, i as u32));
        }
        for binder in &mut lambda.args {
            let var = match *binder {
                Binder::Var(v) => {
                    self.d.vars[v.0 as usize].owner = Some(id);
                    v
                }
                Binder::Name(name) => {
                    let v = self.d.fresh_var(name.sym, lambda.span);
                    self.d.vars[v.0 as usize].owner = Some(id);
                    self.bind(name, Binding::Local(v));
                    *binder = Binder::Var(v);
                    v
                }
            };
            self.d.vars[var.0 as usize].is_argument = true;
        }
        let declarations = collect(&lambda.body);
        self.lambdas[id.0 as usize].has_labels = declarations.labels;
        self.declare(&declarations);
        if let Some(ret) = &mut lambda.ret_type {
            self.resolve(ret);
        }
        self.resolve(&mut lambda.body);
        self.finish_scope(&mut lambda.body);
        self.current = outer;
    }
}

fn collect(node: &Node) -> Declarations {
    let mut declarations = Declarations::default();
    collect_from(node, &mut declarations);
    declarations
}

fn collect_from(node: &Node, out: &mut Declarations) {
    match &node.kind {
        Kind::Scope(..) => return,
        Kind::Local(name) => out.locals.push((*name, node.span)),
        Kind::GlobalDecl(name) => out.globals.push((*name, node.span)),
        Kind::RequireLocal(name) => out.required.push((*name, node.span)),
        Kind::Follow(name, leader) => out.followers.push((*name, *leader)),
        Kind::SymbolicLabel(_) => out.labels = true,
        Kind::Assign(target, _) | Kind::FuncDecl(target) => {
            if let Kind::Id(name) = target.kind {
                out.assigned.push((name, node.span));
            }
        }
        Kind::Const_(target, _) => {
            if let Kind::Id(name) = target.kind {
                out.assigned.push((name, node.span));
            }
        }
        _ => {}
    }
    node.each_child(&mut |child| collect_from(child, out));
}
