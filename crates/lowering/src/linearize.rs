//! From resolved nodes to flat statements.
//!
//! One [`Builder`] per function; the top-level thunk's is the first and stays open while nested
//! functions are lowered, because closure types and methods are defined there, before the definition
//! they are nested in.

use crate::captures::Captures;
use crate::desugar::Desugar;
use crate::exits::{Exit, Label, PendingGoto, Region, RegionKind, kind_of};
use crate::node::{ForeignCall, Kind, LabelId, Lambda, LambdaId, NewTypeForm, Node};
use crate::scope::{LambdaInfo, THUNK};
use crate::x::{Name, TmpId, VarId, sym};
use base::{Diagnostic, Span, Symbol};
use ir::lowered::*;
use runtime::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

pub(crate) struct Builder {
    pub id: LambdaId,
    pub stmts: Vec<Stmt>,
    pub spans: Vec<Span>,
    pub slots: Vec<SlotInfo>,
    pub slot_of: FxHashMap<VarId, SlotId>,
    pub tmps: FxHashMap<TmpId, Operand>,
    /// Variables that are plain operands here (type variables of signatures, captured values of global methods).
    pub alias: FxHashMap<VarId, Operand>,
    pub sparams: Vec<(LambdaId, u32)>,
    /// Type variables standing for static parameters while a signature is evaluated.
    pub sparam_alias: FxHashMap<(LambdaId, u32), Operand>,
    /// The closure object, and the local function whose it is.
    pub closure: Option<(SlotId, VarId)>,
    pub ret_type: Option<Operand>,
    pub regions: Vec<(usize, Region)>,
    pub region_count: usize,
    pub labels: FxHashMap<LabelId, Label>,
    pub named_labels: FxHashMap<Name, (usize, Vec<usize>)>,
    pub gotos: Vec<PendingGoto>,
    pub loop_depth: u32,
    span: Span,
}

impl Builder {
    fn new(id: LambdaId, span: Span) -> Builder {
        Builder {
            id,
            // Most functions and definitions fit; growing step by step costs more than they do.
            stmts: Vec::with_capacity(16),
            spans: Vec::with_capacity(16),
            slots: Vec::new(),
            slot_of: FxHashMap::default(),
            tmps: FxHashMap::default(),
            alias: FxHashMap::default(),
            sparams: Vec::new(),
            sparam_alias: FxHashMap::default(),
            closure: None,
            ret_type: None,
            regions: Vec::new(),
            region_count: 0,
            labels: FxHashMap::default(),
            named_labels: FxHashMap::default(),
            gotos: Vec::new(),
            loop_depth: 0,
            span,
        }
    }
}

/// The type of a local function.
pub(crate) struct ClosureType {
    pub global: GlobalRef,
    pub fields: Vec<Symbol>,
}

pub struct Linearizer<'a, 'h> {
    pub(crate) d: &'a mut Desugar<'h>,
    pub(crate) lambdas: Vec<LambdaInfo>,
    pub(crate) captures: Captures,
    pub(crate) functions: Vec<Builder>,
    /// The function statements go to.
    pub(crate) current: usize,
    pub(crate) closure_types: FxHashMap<VarId, ClosureType>,
    pub(crate) methods_done: FxHashSet<LambdaId>,
    pub(crate) nothing: Value,
}

impl<'a, 'h> Linearizer<'a, 'h> {
    pub fn new(d: &'a mut Desugar<'h>, lambdas: Vec<LambdaInfo>, captures: Captures) -> Linearizer<'a, 'h> {
        let nothing = d.ex.host.nothing();
        Linearizer {
            d,
            lambdas,
            captures,
            functions: Vec::new(),
            current: 0,
            closure_types: FxHashMap::default(),
            methods_done: FxHashSet::default(),
            nothing,
        }
    }

    /// The thunk of a top-level expression.
    pub fn thunk(&mut self, node: &Node) -> CodeInfo {
        self.functions.push(Builder::new(THUNK, node.span));
        self.tail(node);
        let builder = self.functions.pop().expect("pushed above");
        self.finish(builder, sym!("top-level scope"), 0, false, Vec::new(), Meta::default(), false, node.span)
    }

    /// A function without top-level code around it.
    pub fn lone_function(&mut self, lambda: &Lambda) -> CodeInfo {
        // Statements for the thunk have nowhere to go; the caller has made sure that there are none.
        self.functions.push(Builder::new(THUNK, lambda.span));
        self.function(lambda, None, &[])
    }

    // ---- emitting ----------------------------------------------------------------------------

    pub(crate) fn b(&mut self) -> &mut Builder {
        &mut self.functions[self.current]
    }

    pub(crate) fn emit(&mut self, stmt: Stmt) -> Operand {
        let b = self.b();
        let id = b.stmts.len() as u32;
        b.stmts.push(stmt);
        let span = b.span;
        b.spans.push(span);
        Operand::Ssa(SsaId(id))
    }

    pub(crate) fn here(&mut self) -> u32 {
        self.b().stmts.len() as u32
    }

    fn patch(&mut self, at: usize, target: u32) {
        match &mut self.b().stmts[at] {
            Stmt::Goto(t) | Stmt::GotoIfNot { target: t, .. } | Stmt::Enter { catch: t } => *t = target,
            other => unreachable!("not a jump: {other:?}"),
        }
    }

    pub(crate) fn patch_here(&mut self, jumps: Vec<usize>) {
        let here = self.here();
        for at in jumps {
            self.patch(at, here);
        }
    }

    pub(crate) fn jump(&mut self) -> usize {
        self.emit(Stmt::Goto(u32::MAX));
        self.b().stmts.len() - 1
    }

    pub(crate) fn core(&mut self, name: Symbol) -> Operand {
        Operand::Global(GlobalRef { module: self.d.ex.host.core_module(), name })
    }

    pub(crate) fn base(&mut self, name: Symbol) -> Operand {
        Operand::Global(GlobalRef { module: self.d.ex.host.base_module(), name })
    }

    pub(crate) fn core_call(&mut self, name: Symbol, args: Vec<Operand>) -> Operand {
        let f = self.core(name);
        self.emit(Stmt::Call { f, args })
    }

    pub(crate) fn symbol(&mut self, name: Symbol) -> Operand {
        Operand::Const(self.d.ex.host.symbol(name))
    }

    pub(crate) fn int(&mut self, n: i64) -> Operand {
        Operand::Const(self.d.ex.host.int(n))
    }

    pub(crate) fn none(&self) -> Operand {
        Operand::Const(self.nothing)
    }

    pub(crate) fn new_slot(&mut self, name: Symbol, span: Span) -> SlotId {
        let b = self.b();
        b.slots.push(SlotInfo { name, maybe_undef: false, span });
        SlotId(b.slots.len() as u32 - 1)
    }

    pub(crate) fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) -> Operand {
        self.d.report(Diagnostic::error(code, message, span));
        self.none()
    }

    /// An operand that later assignments cannot change.
    pub(crate) fn frozen(&mut self, op: Operand) -> Operand {
        match op {
            Operand::Slot(_) | Operand::Global(_) => self.emit(Stmt::Read(op)),
            _ => op,
        }
    }

    // ---- variables ---------------------------------------------------------------------------

    pub(crate) fn slot(&mut self, v: VarId) -> SlotId {
        if let Some(&slot) = self.b().slot_of.get(&v) {
            return slot;
        }
        let (name, span) = {
            let info = &self.d.vars[v.0 as usize];
            (info.name, info.span)
        };
        let slot = self.new_slot(name, span);
        self.b().slot_of.insert(v, slot);
        slot
    }

    fn is_own(&mut self, v: VarId) -> bool {
        let id = self.b().id;
        self.d.vars[v.0 as usize].owner.unwrap_or(THUNK) == id
    }

    /// The variable's value, or its box.
    pub(crate) fn raw(&mut self, v: VarId, span: Span) -> Operand {
        if let Some(&op) = self.b().alias.get(&v) {
            return op;
        }
        if self.is_own(v) {
            return Operand::Slot(self.slot(v));
        }
        match self.b().closure {
            Some((object, f)) if f == v => Operand::Slot(object),
            Some((object, f)) => {
                let field = self.captures.closures.get(&f).and_then(|c| c.captures.iter().position(|&c| c == v));
                let name = field.and_then(|i| self.closure_types.get(&f).map(|t| t.fields[i]));
                match name {
                    Some(name) => {
                        let name = self.symbol(name);
                        self.core_call(sym!("getfield"), vec![Operand::Slot(object), name])
                    }
                    None => self.unavailable(v, span),
                }
            }
            None => self.unavailable(v, span),
        }
    }

    fn unavailable(&mut self, v: VarId, span: Span) -> Operand {
        let name = self.d.vars[v.0 as usize].name;
        self.error(
            "lowering.closure-signature",
            format!("local variable {name} cannot be used in closure declaration"),
            span,
        )
    }

    pub(crate) fn read_var(&mut self, v: VarId, span: Span) -> Operand {
        let raw = self.raw(v, span);
        if !self.d.vars[v.0 as usize].boxed {
            return raw;
        }
        let contents = self.symbol(sym!("contents"));
        let cond = self.core_call(sym!("isdefined"), vec![raw, contents]);
        let name = self.d.vars[v.0 as usize].name;
        self.emit(Stmt::ThrowUndefIfNot { name, cond });
        let value = self.core_call(sym!("getfield"), vec![raw, contents]);
        match self.d.vars[v.0 as usize].ty.clone() {
            Some(ty) => {
                let ty = self.value(&ty);
                self.core_call(sym!("typeassert"), vec![value, ty])
            }
            None => value,
        }
    }

    fn set_var(&mut self, v: VarId, value: Operand, span: Span) {
        let value = match self.d.vars[v.0 as usize].ty.clone() {
            Some(ty) => {
                let ty = self.value(&ty);
                self.convert(value, ty)
            }
            None => value,
        };
        if self.d.vars[v.0 as usize].boxed {
            let raw = self.raw(v, span);
            let contents = self.symbol(sym!("contents"));
            self.core_call(sym!("setfield!"), vec![raw, contents, value]);
        } else if self.is_own(v) {
            let slot = self.slot(v);
            self.emit(Stmt::SetSlot { slot, value });
        } else {
            let name = self.d.vars[v.0 as usize].name;
            self.error("lowering.internal", format!("captured variable {name} is assigned without a box"), span);
        }
    }

    /// `convert(ty, value)::ty` unless `value` already is of that type.
    pub(crate) fn convert(&mut self, value: Operand, ty: Operand) -> Operand {
        let value = self.frozen(value);
        let ty = if matches!(ty, Operand::Slot(_)) { self.frozen(ty) } else { ty };
        let slot = self.new_slot(sym!("#converted#"), Span::NONE);
        self.emit(Stmt::SetSlot { slot, value });
        let fits = self.core_call(sym!("isa"), vec![value, ty]);
        self.emit(Stmt::GotoIfNot { cond: fits, target: u32::MAX });
        let at = self.b().stmts.len() - 1;
        let done = self.jump();
        self.patch_here(vec![at]);
        let f = self.base(sym!("convert"));
        let converted = self.emit(Stmt::Call { f, args: vec![ty, value] });
        let converted = self.core_call(sym!("typeassert"), vec![converted, ty]);
        self.emit(Stmt::SetSlot { slot, value: converted });
        self.patch_here(vec![done]);
        self.emit(Stmt::Read(Operand::Slot(slot)))
    }

    /// An empty box in the variable's slot.
    fn new_box(&mut self, v: VarId) {
        let ty = self.core(sym!("Box"));
        let object = self.emit(Stmt::New { ty, args: vec![] });
        let slot = self.slot(v);
        self.emit(Stmt::SetSlot { slot, value: object });
    }

    // ---- values ------------------------------------------------------------------------------

    fn at(&mut self, span: Span) {
        if !span.is_none() {
            self.b().span = span;
        }
    }

    /// Emits `node` for its value.
    pub(crate) fn value(&mut self, node: &Node) -> Operand {
        let saved = self.b().span;
        self.at(node.span);
        let op = self.value_at(node);
        self.b().span = saved;
        op
    }

    fn value_at(&mut self, node: &Node) -> Operand {
        let span = node.span;
        match &node.kind {
            Kind::Const(v) => Operand::Const(*v),
            Kind::Var(v) => self.read_var(*v, span),
            Kind::Tmp(t) => match self.b().tmps.get(t) {
                Some(&op) => op,
                None => self.error("lowering.internal", "a temporary is used outside of its function", span),
            },
            Kind::StaticParam(owner, i) => self.static_param(*owner, *i, span),
            Kind::Global(g) => Operand::Global(*g),
            Kind::CopyAst(v) => self.emit(Stmt::CopyAst(*v)),
            Kind::Call(f, args) => self.call(f, args, span),
            Kind::New(ty, args) => {
                let mut ops = self.values(std::iter::once(&**ty).chain(args));
                let ty = ops.remove(0);
                self.emit(Stmt::New { ty, args: ops })
            }
            Kind::SplatNew(ty, tuple) => {
                let ops = self.values([&**ty, &**tuple].into_iter());
                self.emit(Stmt::SplatNew { ty: ops[0], tuple: ops[1] })
            }
            Kind::ForeignCall(call) => self.foreign_call(call),
            Kind::IsDefined(var) => self.is_defined(var),
            Kind::Boundscheck => self.emit(Stmt::Boundscheck),
            Kind::CurrentException => self.emit(Stmt::CurrentException),
            Kind::Block(nodes) => {
                let Some((last, rest)) = nodes.split_last() else { return self.none() };
                for n in rest {
                    self.effect(n);
                }
                self.value(last)
            }
            Kind::If(cond, then, otherwise) => {
                let slot = self.new_slot(sym!("#value#"), span);
                let jumps = self.unless(cond);
                let value = self.value(then);
                self.emit(Stmt::SetSlot { slot, value });
                let done = self.jump();
                self.patch_here(jumps);
                let value = match otherwise {
                    Some(node) => self.value(node),
                    None => self.none(),
                };
                self.emit(Stmt::SetSlot { slot, value });
                self.patch_here(vec![done]);
                self.emit(Stmt::Read(Operand::Slot(slot)))
            }
            Kind::And(parts) => self.short_circuit(parts, false, span),
            Kind::Or(parts) => self.short_circuit(parts, true, span),
            Kind::Assign(target, value) => self.assign(target, value, span),
            Kind::Try(_) => {
                let slot = self.new_slot(sym!("#value#"), span);
                self.try_(node, Some(slot));
                self.emit(Stmt::Read(Operand::Slot(slot)))
            }
            Kind::FuncDecl(target) => self.function_declaration(target, span),
            Kind::Method(method) => self.method(method, span),
            Kind::Const_(target, value) => {
                let value = self.value(value);
                let value = self.frozen(value);
                if let Kind::Global(global) = target.kind {
                    self.emit(Stmt::DeclareConst { global, value });
                }
                value
            }
            Kind::NewType(new) => {
                let Kind::Global(global) = new.target.kind else {
                    return self.error("lowering.not-toplevel", "type definition not at top level", span);
                };
                let kind = match &new.form {
                    NewTypeForm::Abstract => NewTypeKind::Abstract,
                    NewTypeForm::Primitive(bits) => NewTypeKind::Primitive { bits: self.value(bits) },
                    NewTypeForm::Struct { field_names, const_fields, atomic_fields, mutable, ninit } => {
                        NewTypeKind::Struct {
                            field_names: field_names.clone(),
                            const_fields: const_fields.clone(),
                            atomic_fields: atomic_fields.clone(),
                            mutable: *mutable,
                            ninit: *ninit,
                        }
                    }
                };
                let params = self.value(&new.params);
                self.emit(Stmt::NewType { global, params, kind })
            }
            Kind::FinishType { target, ty, supertype, field_types } => {
                let Kind::Global(global) = target.kind else { return self.none() };
                let ty = self.value(ty);
                let supertype = self.value(supertype);
                let field_types = field_types.as_ref().map(|t| self.value(t));
                self.emit(Stmt::FinishType { global, ty, supertype, field_types })
            }
            Kind::Id(name) => self.error("lowering.internal", format!("the name {} was not resolved", name.sym), span),
            _ => {
                self.effect(node);
                self.none()
            }
        }
    }

    fn static_param(&mut self, owner: LambdaId, i: u32, span: Span) -> Operand {
        if let Some(&op) = self.b().sparam_alias.get(&(owner, i)) {
            return op;
        }
        match self.b().sparams.iter().position(|&s| s == (owner, i)) {
            Some(index) => Operand::StaticParam(index as u32),
            None => self.error("lowering.internal", "a static parameter is used outside of its function", span),
        }
    }

    /// Several values in order, each kept from changes by the evaluation of later ones.
    pub(crate) fn values<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>) -> Vec<Operand> {
        let nodes: Vec<&Node> = nodes.collect();
        // From which index on nothing assigns a variable any more?
        let last_assignment = nodes.iter().rposition(|n| !n.is_atom() && assigns(n)).unwrap_or(0);
        let mut ops = Vec::with_capacity(nodes.len());
        for (i, node) in nodes.iter().enumerate() {
            let mut op = self.value(node);
            if i < last_assignment && matches!(op, Operand::Slot(_)) {
                op = self.frozen(op);
            }
            ops.push(op);
        }
        ops
    }

    fn call(&mut self, f: &Node, args: &[Node], span: Span) -> Operand {
        // `Typeof(f)` of a local function, in the signature of another: its type is known by name.
        if let (Kind::Global(g), [Node { kind: Kind::Var(v), .. }]) = (&f.kind, args)
            && g.name == sym!("Typeof")
            && g.module == self.d.ex.host.core_module()
            && let Some(ty) = self.closure_types.get(v)
        {
            return Operand::Global(ty.global);
        }
        let mut ops = self.values(std::iter::once(f).chain(args));
        let f = ops.remove(0);
        self.at(span);
        self.emit(Stmt::Call { f, args: ops })
    }

    fn foreign_call(&mut self, call: &ForeignCall) -> Operand {
        let ret = self.value(&call.ret);
        let arg_types = call.arg_types.iter().map(|t| self.value(t)).collect();
        let args = self.values(call.args.iter());
        self.emit(Stmt::ForeignCall { name: call.name, ret, arg_types, args })
    }

    fn is_defined(&mut self, var: &Node) -> Operand {
        match &var.kind {
            Kind::Var(v) => {
                let raw = self.raw(*v, var.span);
                if self.d.vars[v.0 as usize].boxed {
                    let contents = self.symbol(sym!("contents"));
                    return self.core_call(sym!("isdefined"), vec![raw, contents]);
                }
                match raw {
                    Operand::Slot(_) => self.emit(Stmt::IsDefined(raw)),
                    _ => Operand::Const(self.d.ex.host.boolean(true)),
                }
            }
            _ => {
                let op = self.value(var);
                self.emit(Stmt::IsDefined(op))
            }
        }
    }

    fn short_circuit(&mut self, parts: &[Node], or: bool, span: Span) -> Operand {
        let Some((last, tests)) = parts.split_last() else { return self.none() };
        if tests.is_empty() {
            return self.value(last);
        }
        let slot = self.new_slot(sym!("#value#"), span);
        let mut early = Vec::new();
        for test in tests {
            let cond = self.value(test);
            self.emit(Stmt::GotoIfNot { cond, target: u32::MAX });
            let at = self.b().stmts.len() - 1;
            if or {
                early.push(self.jump());
                self.patch_here(vec![at]);
            } else {
                early.push(at);
            }
        }
        let value = self.value(last);
        self.emit(Stmt::SetSlot { slot, value });
        let done = self.jump();
        self.patch_here(early);
        let known = Operand::Const(self.d.ex.host.boolean(or));
        self.emit(Stmt::SetSlot { slot, value: known });
        self.patch_here(vec![done]);
        self.emit(Stmt::Read(Operand::Slot(slot)))
    }

    fn assign(&mut self, target: &Node, value: &Node, span: Span) -> Operand {
        let op = self.value(value);
        match &target.kind {
            Kind::Tmp(t) => {
                let op = self.frozen(op);
                self.b().tmps.insert(*t, op);
                op
            }
            Kind::Var(v) => {
                self.at(span);
                self.set_var(*v, op, span);
                op
            }
            Kind::Global(global) => {
                self.at(span);
                let op = self.frozen(op);
                self.emit(Stmt::SetGlobal { global: *global, value: op });
                op
            }
            _ => self.error("lowering.internal", "invalid assignment target", span),
        }
    }

    // ---- effects -----------------------------------------------------------------------------

    /// Emits `node` for its effect only.
    pub(crate) fn effect(&mut self, node: &Node) {
        let saved = self.b().span;
        self.at(node.span);
        self.effect_at(node);
        self.b().span = saved;
    }

    fn effect_at(&mut self, node: &Node) {
        let span = node.span;
        match &node.kind {
            Kind::Const(_) | Kind::Tmp(_) | Kind::CopyAst(_) | Kind::StaticParam(..) => {}
            Kind::Global(g) => {
                self.emit(Stmt::Read(Operand::Global(*g)));
            }
            Kind::Var(v) => {
                let op = self.read_var(*v, span);
                let argument = self.d.vars[v.0 as usize].is_argument;
                if matches!(op, Operand::Slot(_)) && !argument {
                    self.emit(Stmt::Read(op));
                }
            }
            Kind::Block(nodes) => nodes.iter().for_each(|n| self.effect(n)),
            Kind::Call(f, args) => {
                // A tuple that nobody looks at (`a, b = 1, 2`).
                if let Kind::Global(g) = f.kind
                    && g.name == sym!("tuple")
                    && g.module == self.d.ex.host.core_module()
                {
                    args.iter().for_each(|a| self.effect(a));
                    return;
                }
                self.call(f, args, span);
            }
            Kind::If(cond, then, otherwise) => {
                let jumps = self.unless(cond);
                self.effect(then);
                match otherwise {
                    Some(otherwise) => {
                        let done = self.jump();
                        self.patch_here(jumps);
                        self.effect(otherwise);
                        self.patch_here(vec![done]);
                    }
                    None => self.patch_here(jumps),
                }
            }
            Kind::And(parts) => {
                if let Some((last, tests)) = parts.split_last() {
                    let mut jumps = Vec::new();
                    for test in tests {
                        jumps.extend(self.unless(test));
                    }
                    self.effect(last);
                    self.patch_here(jumps);
                }
            }
            Kind::Or(parts) => {
                if let Some((last, tests)) = parts.split_last() {
                    let mut done = Vec::new();
                    for test in tests {
                        let jumps = self.unless(test);
                        done.push(self.jump());
                        self.patch_here(jumps);
                    }
                    self.effect(last);
                    self.patch_here(done);
                }
            }
            Kind::Loop { cond, body } => {
                if self.current == 0 && self.b().loop_depth == 0 {
                    self.hoist(node);
                }
                self.b().loop_depth += 1;
                let top = self.here();
                let jumps = match cond {
                    Some(cond) => self.unless(cond),
                    None => Vec::new(),
                };
                self.effect(body);
                self.emit(Stmt::Goto(top));
                self.patch_here(jumps);
                self.b().loop_depth -= 1;
            }
            Kind::Labeled(label, body) => {
                let depth = self.b().regions.len();
                self.b().labels.insert(*label, Label { depth, jumps: Vec::new() });
                self.effect(body);
                if let Some(label) = self.b().labels.remove(label) {
                    self.patch_here(label.jumps);
                }
            }
            Kind::Break(label) => {
                let depth = self.b().labels.get(label).map_or(0, |l| l.depth);
                self.leave(Exit::Break(*label), depth);
            }
            Kind::Return(value) => {
                let op = self.value(value);
                self.at(span);
                self.return_(op);
            }
            Kind::Try(_) => self.try_(node, None),
            Kind::SymbolicLabel(name) => {
                let path = self.b().regions.iter().map(|(id, _)| *id).collect();
                let here = self.here() as usize;
                if self.b().named_labels.insert(*name, (here, path)).is_some() {
                    self.error("lowering.label", format!("label \"{}\" defined multiple times", name.sym), span);
                }
            }
            Kind::SymbolicGoto(name) => {
                let regions: Vec<(usize, RegionKind)> =
                    self.b().regions.iter().map(|(id, r)| (*id, kind_of(r))).collect();
                let at = self.here() as usize;
                for _ in &regions {
                    self.emit(Stmt::Nop);
                }
                self.jump();
                self.b().gotos.push(PendingGoto { at, name: *name, regions, span });
            }
            Kind::Fresh(vars) => {
                for &v in vars {
                    if self.d.vars[v.0 as usize].boxed {
                        self.new_box(v);
                    } else if self.b().loop_depth > 0 || self.b().named_labels_possible() {
                        let slot = self.slot(v);
                        self.emit(Stmt::NewVar(slot));
                    }
                }
            }
            Kind::TypeDecl(target, ty) => {
                if let Kind::Global(global) = target.kind {
                    let is_any = matches!(&ty.kind, Kind::Global(g) if g.name == "Any");
                    let ty = if is_any { None } else { Some(self.value(ty)) };
                    self.emit(Stmt::DeclareGlobal { global, ty });
                }
            }
            Kind::Using { path, names, import } => {
                let module = self.d.ex.host.module();
                self.emit(Stmt::Using { module, path: path.clone(), names: names.clone(), import: *import });
            }
            Kind::Export { names, public } => {
                let module = self.d.ex.host.module();
                self.emit(Stmt::Export { module, names: names.clone(), public: *public });
            }
            Kind::InboundsPush(value) => {
                self.emit(Stmt::InboundsPush(*value));
            }
            Kind::InboundsPop => {
                self.emit(Stmt::InboundsPop);
            }
            Kind::LoopHint(hint) => {
                self.emit(Stmt::LoopHint(*hint));
            }
            Kind::Local(_) | Kind::RequireLocal(_) | Kind::GlobalDecl(_) | Kind::Follow(..) => {}
            Kind::Scope(_, body) => self.effect(body),
            _ => {
                self.value_at(node);
            }
        }
    }

    /// Jumps (to be patched) unless `cond` holds.
    fn unless(&mut self, cond: &Node) -> Vec<usize> {
        match &cond.kind {
            Kind::And(parts) => parts.iter().flat_map(|p| self.unless(p)).collect(),
            Kind::Or(parts) => {
                let Some((last, tests)) = parts.split_last() else { return Vec::new() };
                let mut holds = Vec::new();
                for test in tests {
                    let jumps = self.unless(test);
                    holds.push(self.jump());
                    self.patch_here(jumps);
                }
                let jumps = self.unless(last);
                self.patch_here(holds);
                jumps
            }
            Kind::Block(nodes) if !nodes.is_empty() => {
                let (last, rest) = nodes.split_last().expect("not empty");
                rest.iter().for_each(|n| self.effect(n));
                self.unless(last)
            }
            Kind::Const(v) if *v == self.d.ex.host.boolean(true) => Vec::new(),
            _ => {
                let op = self.value(cond);
                self.at(cond.span);
                self.emit(Stmt::GotoIfNot { cond: op, target: u32::MAX });
                vec![self.b().stmts.len() - 1]
            }
        }
    }

    // ---- leaving -----------------------------------------------------------------------------

    /// Emits `node` as the last thing of the function: its value is returned.
    fn tail(&mut self, node: &Node) {
        let saved = self.b().span;
        self.at(node.span);
        match &node.kind {
            Kind::Block(nodes) if !nodes.is_empty() => {
                let (last, rest) = nodes.split_last().expect("not empty");
                rest.iter().for_each(|n| self.effect(n));
                self.tail(last);
            }
            Kind::If(cond, then, otherwise) => {
                let jumps = self.unless(cond);
                self.tail(then);
                self.patch_here(jumps);
                match otherwise {
                    Some(otherwise) => self.tail(otherwise),
                    None => {
                        let none = self.none();
                        self.return_(none);
                    }
                }
            }
            Kind::And(parts) if parts.len() > 1 => {
                let (last, tests) = parts.split_last().expect("not empty");
                let jumps = tests.iter().flat_map(|t| self.unless(t)).collect();
                self.tail(last);
                self.patch_here(jumps);
                let known = Operand::Const(self.d.ex.host.boolean(false));
                self.return_(known);
            }
            Kind::Return(value) => self.tail(value),
            _ => {
                let op = self.value_at(node);
                self.return_(op);
            }
        }
        self.b().span = saved;
    }

    // ---- functions ---------------------------------------------------------------------------

    /// Lowers a function to code. `closure`: the local function it is a method of; `captured`: what a
    /// global method uses of the top-level code around it.
    pub(crate) fn function(&mut self, lambda: &Lambda, closure: Option<VarId>, captured: &[VarId]) -> CodeInfo {
        let mut builder = Builder::new(lambda.id, lambda.span);
        if let Some(f) = closure {
            builder.sparams = self.captures.closures.get(&f).map(|c| c.sparams.clone()).unwrap_or_default();
            builder.closure = Some((SlotId(lambda.self_index as u32), f));
        }
        builder.sparams.extend((0..lambda.sparams.len() as u32).map(|i| (lambda.id, i)));
        self.functions.push(builder);
        let outer = std::mem::replace(&mut self.current, self.functions.len() - 1);
        let args: Vec<VarId> = lambda
            .args
            .iter()
            .map(|a| match a {
                crate::node::Binder::Var(v) => *v,
                crate::node::Binder::Name(_) => unreachable!("scope resolution gives every argument a variable"),
            })
            .collect();
        for &v in &args {
            self.slot(v);
        }
        for &v in captured {
            let op = self.emit(Stmt::Read(Operand::Const(self.nothing)));
            self.b().alias.insert(v, op);
        }
        for &v in &args {
            if self.d.vars[v.0 as usize].boxed {
                let argument = self.slot(v);
                let (name, span) = (self.d.vars[v.0 as usize].name, lambda.span);
                let slot = self.new_slot(name, span);
                let ty = self.core(sym!("Box"));
                let object = self.emit(Stmt::New { ty, args: vec![Operand::Slot(argument)] });
                self.emit(Stmt::SetSlot { slot, value: object });
                self.b().slot_of.insert(v, slot);
            }
        }
        if let Some(ret) = &lambda.ret_type {
            let op = self.value(ret);
            let op = if matches!(op, Operand::Slot(_)) { self.frozen(op) } else { op };
            self.b().ret_type = Some(op);
        }
        self.tail(&lambda.body);
        self.current = outer;
        let builder = self.functions.pop().expect("pushed above");
        let sparams = builder.sparams.iter().map(|&(l, i)| self.lambdas[l.0 as usize].sparams[i as usize]).collect();
        let mut meta = lambda.meta;
        meta.nospecialize &= !1;
        self.finish(builder, lambda.name, args.len() as u32, lambda.is_va, sparams, meta, lambda.generated, lambda.span)
    }

    #[allow(clippy::too_many_arguments)]
    fn finish(
        &mut self,
        mut b: Builder,
        name: Symbol,
        nargs: u32,
        is_va: bool,
        sparams: Vec<Symbol>,
        meta: Meta,
        generated: bool,
        span: Span,
    ) -> CodeInfo {
        for goto in std::mem::take(&mut b.gotos) {
            self.complete_goto(&mut b, goto);
        }
        let mut code = CodeInfo {
            name,
            module: self.d.ex.host.module(),
            nargs,
            is_va,
            slots: b.slots,
            sparams,
            stmts: b.stmts,
            spans: b.spans,
            meta,
            generated,
            span,
            deferred: None,
        };
        crate::tidy::tidy(&mut code);
        code.stmts.shrink_to_fit();
        code.spans.shrink_to_fit();
        code
    }

    /// Runs `body` with statements going to the top-level thunk.
    pub(crate) fn in_thunk<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.current, 0);
        let result = body(self);
        self.current = outer;
        result
    }

    pub(crate) fn at_span(&mut self, span: Span) {
        self.at(span);
    }

    pub(crate) fn shared(code: CodeInfo) -> Arc<CodeInfo> {
        Arc::new(code)
    }
}

impl Builder {
    /// Jumps backwards may re-enter scopes where there are labels.
    fn named_labels_possible(&self) -> bool {
        !self.named_labels.is_empty()
    }
}

/// Does evaluating the node assign any local variable?
fn assigns(node: &Node) -> bool {
    match &node.kind {
        Kind::Assign(target, value) => matches!(target.kind, Kind::Var(_)) || assigns(value),
        Kind::FuncDecl(_) => true,
        _ => {
            let mut found = false;
            node.each_child(&mut |c| found = found || assigns(c));
            found
        }
    }
}
