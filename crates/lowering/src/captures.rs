//! Which variables closures capture, and which of those need a `Core.Box`.
//!
//! A captured variable that is assigned exactly once, before any closure over it is made, is copied into
//! the closure; all others live in a box that the function and its closures share.

use crate::desugar::VarInfo;
use crate::node::{Kind, Lambda, LambdaId, Method, Node, Owner};
use crate::scope::{LambdaInfo, THUNK};
use crate::x::VarId;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A local function: one type, one method per definition.
#[derive(Default, Debug)]
pub struct Closure {
    /// The captured variables, in the order of their fields.
    pub captures: Vec<VarId>,
    /// Static parameters of enclosing functions, in the order of the type's first parameters.
    pub sparams: Vec<(LambdaId, u32)>,
    pub methods: Vec<LambdaId>,
}

pub struct Captures {
    pub closures: BTreeMap<VarId, Closure>,
}

/// Analyses a resolved top-level expression (or the body of a generated function).
pub fn analyse(root: &mut Node, vars: &mut [VarInfo], lambdas: &mut [LambdaInfo], root_lambda: LambdaId) -> Captures {
    let mut collector = Collector { vars, lambdas, closures: BTreeMap::new(), declared: BTreeSet::new() };
    collector.visit(root, root_lambda);
    let mut closures = collector.closures;
    for (&f, closure) in &mut closures {
        for &method in &closure.methods {
            for &v in &lambdas[method.0 as usize].free {
                // A function finds itself in its own first argument.
                let itself = v == f && vars[f.0 as usize].assignments <= 1;
                if !itself && !closure.captures.contains(&v) {
                    closure.captures.push(v);
                }
            }
            for &s in &lambdas[method.0 as usize].free_sparams {
                if !closure.sparams.contains(&s) {
                    closure.sparams.push(s);
                }
            }
        }
    }
    let mut boxing = Boxing {
        vars,
        lambdas,
        closures: &closures,
        depth: 0,
        depths: FxHashMap::default(),
        breaks: FxHashMap::default(),
    };
    let mut state = Some(BTreeSet::new());
    boxing.visit(root, root_lambda, &mut state);
    Captures { closures }
}

// ---- who uses what -------------------------------------------------------------------------------

struct Collector<'a> {
    vars: &'a mut [VarInfo],
    lambdas: &'a mut [LambdaInfo],
    closures: BTreeMap<VarId, Closure>,
    declared: BTreeSet<VarId>,
}

impl Collector<'_> {
    fn use_var(&mut self, v: VarId, from: LambdaId) {
        let owner = self.vars[v.0 as usize].owner.unwrap_or(THUNK);
        let mut lambda = from;
        while lambda != owner {
            self.vars[v.0 as usize].captured = true;
            let info = &mut self.lambdas[lambda.0 as usize];
            if !info.free.contains(&v) {
                info.free.push(v);
            }
            match info.parent {
                Some(parent) => lambda = parent,
                None => break,
            }
        }
    }

    fn use_sparam(&mut self, s: (LambdaId, u32), from: LambdaId) {
        let mut lambda = from;
        while lambda != s.0 {
            let info = &mut self.lambdas[lambda.0 as usize];
            if !info.free_sparams.contains(&s) {
                info.free_sparams.push(s);
            }
            match info.parent {
                Some(parent) => lambda = parent,
                None => break,
            }
        }
    }

    fn assign(&mut self, v: VarId, from: LambdaId) {
        let info = &mut self.vars[v.0 as usize];
        info.assignments += if info.owner == Some(from) { 1 } else { 2 };
        self.use_var(v, from);
        // The conversion evaluates the declared type where the assignment is.
        if let Some(ty) = self.vars[v.0 as usize].ty.clone() {
            self.visit(&ty, from);
        }
    }

    fn visit(&mut self, node: &Node, lambda: LambdaId) {
        match &node.kind {
            Kind::Var(v) => {
                self.use_var(*v, lambda);
                if self.vars[v.0 as usize].owner != Some(lambda)
                    && let Some(ty) = self.vars[v.0 as usize].ty.clone()
                {
                    self.visit(&ty, lambda);
                }
            }
            Kind::StaticParam(owner, i) => self.use_sparam((*owner, *i), lambda),
            Kind::Assign(target, value) => {
                self.visit(value, lambda);
                match target.kind {
                    Kind::Var(v) => self.assign(v, lambda),
                    _ => self.visit(target, lambda),
                }
            }
            Kind::FuncDecl(target) => match target.kind {
                Kind::Var(v) => {
                    self.closures.entry(v).or_default();
                    if self.declared.insert(v) {
                        self.assign(v, lambda);
                    }
                }
                _ => self.visit(target, lambda),
            },
            Kind::Method(method) => self.method(method, lambda),
            _ => node.each_child(&mut |child| self.visit(child, lambda)),
        }
    }

    fn method(&mut self, method: &Method, lambda: LambdaId) {
        let id = method.lambda.id;
        if let Owner::Function(Node { kind: Kind::Var(f), .. }) = method.owner {
            self.closures.entry(f).or_default().methods.push(id);
        }
        // Signatures of nested functions are evaluated in the thunk; static parameters in them become the closure type's.
        let signature_scope = if lambda == THUNK { THUNK } else { id };
        if let Some(table) = &method.table {
            self.visit(table, lambda);
        }
        if let Owner::Type(ty) = &method.owner {
            self.signature(ty, signature_scope);
        }
        for ty in &method.arg_types {
            self.signature(ty, signature_scope);
        }
        for sparam in &method.sparams {
            for bound in [&sparam.lower, &sparam.upper].into_iter().flatten() {
                self.signature(bound, signature_scope);
            }
        }
        if let Some(ret) = &method.lambda.ret_type {
            self.visit(ret, id);
        }
        self.visit(&method.lambda.body, id);
    }

    fn signature(&mut self, node: &Node, scope: LambdaId) {
        match &node.kind {
            Kind::StaticParam(owner, i) => self.use_sparam((*owner, *i), scope),
            // Locals in signatures are the definition's business (the thunk's own are plain variables there).
            Kind::Var(_) => {}
            _ => node.each_child(&mut |child| self.signature(child, scope)),
        }
    }
}

// ---- what needs a box ----------------------------------------------------------------------------

/// Definitely assigned captured variables; `None` where control cannot be.
type State = Option<BTreeSet<VarId>>;

fn join(a: State, b: State) -> State {
    match (a, b) {
        (None, s) | (s, None) => s,
        (Some(a), Some(b)) => Some(a.intersection(&b).copied().collect()),
    }
}

struct Boxing<'a> {
    vars: &'a mut [VarInfo],
    lambdas: &'a [LambdaInfo],
    closures: &'a BTreeMap<VarId, Closure>,
    /// Loops around the current node, in its function.
    depth: u32,
    /// The loop depth at which a variable is declared.
    depths: FxHashMap<VarId, u32>,
    breaks: FxHashMap<crate::node::LabelId, State>,
}

impl Boxing<'_> {
    /// A closure over `v` is made here.
    fn capture(&mut self, v: VarId, lambda: LambdaId, state: &State) {
        let info = &self.vars[v.0 as usize];
        if info.owner != Some(lambda) {
            return;
        }
        let known = state.as_ref().is_none_or(|s| s.contains(&v));
        let fixed = match info.is_argument {
            true => info.assignments == 0,
            false => info.assignments <= 1 && known && !self.lambdas[lambda.0 as usize].has_labels,
        };
        if !fixed {
            self.vars[v.0 as usize].boxed = true;
        }
    }

    fn assigned(&mut self, v: VarId, state: &mut State) {
        let info = &mut self.vars[v.0 as usize];
        if !info.captured {
            return;
        }
        if self.depths.get(&v).is_some_and(|&d| self.depth > d) {
            // Declared outside of the loop: assigned again and again.
            info.assignments += 1;
        }
        if let Some(s) = state {
            s.insert(v);
        }
    }

    fn visit(&mut self, node: &mut Node, lambda: LambdaId, state: &mut State) {
        match &mut node.kind {
            Kind::Fresh(vars) => {
                for v in vars {
                    self.depths.insert(*v, self.depth);
                    if let Some(s) = state {
                        s.remove(v);
                    }
                }
            }
            Kind::Assign(target, value) => {
                self.visit(value, lambda, state);
                if let Kind::Var(v) = target.kind {
                    self.assigned(v, state);
                }
            }
            Kind::FuncDecl(target) => {
                let Kind::Var(f) = target.kind else { return };
                let again = state.as_ref().is_some_and(|s| s.contains(&f));
                if let Some(closure) = self.closures.get(&f) {
                    for &v in &closure.captures {
                        self.capture(v, lambda, state);
                    }
                }
                // For the decision whether this makes the object, uncaptured functions count, too.
                if let Some(s) = state {
                    s.insert(f);
                }
                if again {
                    let span = node.span;
                    *node = Node::var(span, f);
                } else if self.depths.get(&f).is_some_and(|&d| self.depth > d) {
                    self.vars[f.0 as usize].assignments += 1;
                }
            }
            Kind::Method(method) => {
                let id = method.lambda.id;
                if !matches!(&method.owner, Owner::Function(Node { kind: Kind::Var(_), .. })) {
                    for v in self.lambdas[id.0 as usize].free.clone() {
                        self.capture(v, lambda, state);
                    }
                }
                self.function(&mut method.lambda);
            }
            Kind::If(cond, then, otherwise) => {
                self.visit(cond, lambda, state);
                let mut other = state.clone();
                self.visit(then, lambda, state);
                if let Some(otherwise) = otherwise {
                    self.visit(otherwise, lambda, &mut other);
                }
                *state = join(state.take(), other);
            }
            Kind::And(parts) | Kind::Or(parts) => {
                let mut after: State = None;
                for (i, part) in parts.iter_mut().enumerate() {
                    self.visit(part, lambda, state);
                    if i == 0 {
                        after = state.clone();
                    }
                }
                *state = join(after, state.take());
            }
            Kind::Loop { cond, body } => {
                self.depth += 1;
                if let Some(cond) = cond {
                    self.visit(cond, lambda, state);
                }
                let after = state.clone();
                self.visit(body, lambda, state);
                self.depth -= 1;
                *state = after;
            }
            Kind::Labeled(label, body) => {
                let label = *label;
                self.visit(body, lambda, state);
                let jumped = self.breaks.remove(&label).unwrap_or(None);
                *state = join(state.take(), jumped);
            }
            Kind::Break(label) => {
                let before = self.breaks.remove(label).unwrap_or(None);
                self.breaks.insert(*label, join(before, state.clone()));
                *state = None;
            }
            Kind::Return(value) => {
                self.visit(value, lambda, state);
                *state = None;
            }
            Kind::Try(t) => {
                let entry = state.clone();
                self.visit(&mut t.body, lambda, state);
                if let Some(otherwise) = &mut t.otherwise {
                    self.visit(otherwise, lambda, state);
                }
                if let Some(catch) = &mut t.catch {
                    let mut caught = entry.clone();
                    self.visit(catch, lambda, &mut caught);
                    *state = join(state.take(), caught);
                }
                if let Some(finally) = &mut t.finally {
                    let mut inside = entry;
                    self.visit(finally, lambda, &mut inside);
                    if let (Some(s), Some(inside)) = (state, inside) {
                        s.extend(inside);
                    }
                }
            }
            Kind::SymbolicGoto(_) => *state = None,
            Kind::SymbolicLabel(_) => *state = Some(BTreeSet::new()),
            _ => node.each_child_mut(&mut |child| self.visit(child, lambda, state)),
        }
    }

    fn function(&mut self, lambda: &mut Lambda) {
        let depth = std::mem::take(&mut self.depth);
        let mut state = Some(BTreeSet::new());
        self.visit(&mut lambda.body, lambda.id, &mut state);
        self.depth = depth;
    }
}
