//! Emission of one function body: blocks, phis, terminators, operands.

use crate::Feature;
use crate::emit::{UnitEmitter, decorate};
use crate::loops::{Loops, loop_metadata};
use crate::shape::Part;
use crate::signature::{Signature, return_type};
use crate::target::Site;
use crate::value::Held;
use base::{Diagnostic, Span, Symbol};
use ir::typed::{Arg, BlockId, InstId, InstKind, Terminator, TypedBody};
use llvm::{Block, Builder, Function, Value};
use std::collections::{BTreeMap, HashSet};
use types::{Ty, builtin};

/// A phi whose nodes exist before their block is emitted.
struct PendingPhi<'m> {
    inst: InstId,
    /// Per part: the node, or the slot that inputs are copied to.
    parts: Vec<Value<'m>>,
    ty: Ty,
}

/// The values of what is hidden in a function's signature.
#[derive(Clone, Copy, Default)]
pub(crate) struct HiddenValues<'m> {
    pub state: Option<Value<'m>>,
    pub table: Option<Value<'m>>,
    /// The record of the call of this function.
    pub caller: Option<Value<'m>>,
    /// The record that this function's calls are noted in.
    pub own: Option<Value<'m>>,
}

pub(crate) struct FunctionEmitter<'e, 'm> {
    pub u: &'e UnitEmitter<'m>,
    /// `None` in helper functions, which have no IR.
    body: Option<&'e TypedBody>,
    /// Name of the Julia function.
    pub name: Symbol,
    pub f: Function<'m>,
    pub b: Builder<'m>,
    /// Position in the tree of local bodies.
    pub path: Vec<u32>,
    /// Emits stack slots into the entry block.
    slots: Builder<'m>,
    blocks: Vec<Block<'m>>,
    reached: Vec<bool>,
    phis: Vec<Vec<PendingPhi<'m>>>,
    values: Vec<Option<Held<'m>>>,
    params: Vec<Held<'m>>,
    /// Pointers for memory parts of the result.
    result_slots: Vec<Value<'m>>,
    hidden: HiddenValues<'m>,
    /// Instructions made for exceptions only, which devices do not make.
    skipped: HashSet<u32>,
    /// Objects that live on the stack; see [`local_objects`].
    local: HashSet<u32>,
    loops: Loops,
    /// Access groups of loops with independent iterations, by header.
    groups: BTreeMap<u32, llvm::Metadata<'m>>,
    /// Block and instruction being emitted.
    current: (BlockId, InstId),
    /// Place of the instruction being emitted.
    pub span: Span,
    /// Set once the current block has ended early (after something that never returns).
    pub ended: bool,
}

impl<'e, 'm> FunctionEmitter<'e, 'm> {
    /// Emits the body of `f`, and its local bodies as internal functions.
    pub fn emit_body(u: &'e UnitEmitter<'m>, body: &'e TypedBody, f: Function<'m>, path: &[u32]) {
        decorate(f, body, !path.is_empty());
        let entry = f.append_block();
        let slots = Builder::new(u.context);
        slots.position_at_end(entry);
        let mut this = FunctionEmitter {
            u,
            body: Some(body),
            name: body.name,
            f,
            b: Builder::new(u.context),
            path: path.to_vec(),
            slots,
            blocks: Vec::new(),
            reached: vec![false; body.blocks.len()],
            phis: Vec::new(),
            values: vec![None; body.insts.len()],
            params: Vec::new(),
            result_slots: Vec::new(),
            hidden: HiddenValues::default(),
            skipped: HashSet::new(),
            local: HashSet::new(),
            loops: Loops::default(),
            groups: BTreeMap::new(),
            current: (BlockId(0), InstId(0)),
            span: body.span,
            ended: false,
        };
        this.b.position_at_end(entry);
        this.bind_params();
        if !u.target.is_host() {
            this.skipped = body.only_for_exceptions();
            this.local = local_objects(body);
        }
        this.blocks = body.blocks.iter().map(|_| f.append_block()).collect();
        this.declare_phis();
        this.reached[0] = true;
        let order = reverse_postorder(body);
        this.loops = Loops::find(body, &order);
        for (&header, hints) in &this.loops.hints {
            if let Some(group) = hints.ivdep.then(|| u.context.md_access_group()).flatten() {
                this.groups.insert(header, group);
            }
        }
        for block in order {
            this.emit_block(block);
        }
        this.finish_unreached();
        this.slots.br(this.blocks[0]);
    }

    /// An emitter for a helper function: positioned in its first block, without blocks of IR.
    pub fn bare(u: &'e UnitEmitter<'m>, name: Symbol, f: Function<'m>) -> FunctionEmitter<'e, 'm> {
        let entry = f.append_block();
        let first = f.append_block();
        let slots = Builder::new(u.context);
        slots.position_at_end(entry);
        let b = Builder::new(u.context);
        b.position_at_end(first);
        FunctionEmitter {
            u,
            body: None,
            name,
            f,
            b,
            path: Vec::new(),
            slots,
            blocks: vec![first],
            reached: Vec::new(),
            phis: Vec::new(),
            values: Vec::new(),
            params: Vec::new(),
            result_slots: Vec::new(),
            hidden: HiddenValues::default(),
            skipped: HashSet::new(),
            local: HashSet::new(),
            loops: Loops::default(),
            groups: BTreeMap::new(),
            current: (BlockId(0), InstId(0)),
            span: Span::NONE,
            ended: false,
        }
    }

    /// The IR being emitted.
    pub fn body(&self) -> &'e TypedBody {
        self.body.expect("helper functions emit no IR")
    }

    /// Completes a function begun with [`FunctionEmitter::bare`].
    pub fn close(self) {
        self.slots.br(self.blocks[0]);
    }

    fn bind_params(&mut self) {
        let mut next = 0;
        let mut take = || {
            next += 1;
            next - 1
        };
        let hidden = self.u.hidden();
        self.hidden.state = hidden.state.then(|| self.f.param(take()));
        self.hidden.table = hidden.table.then(|| self.f.param(take()));
        if hidden.calls {
            self.hidden.caller = Some(self.f.param(take()));
        }
        let ret = self.u.shape(self.body().ret);
        for part in ret.parts() {
            if part.is_slot() {
                self.result_slots.push(self.f.param(take()));
            }
        }
        for p in &self.body().params {
            let held = match p.constant {
                Some(v) => self.constant(v),
                None => {
                    let shape = self.u.shape(p.ty);
                    let parts = shape.parts().iter().map(|_| self.f.param(take())).collect();
                    Held::new(shape, parts)
                }
            };
            self.params.push(held);
        }
    }

    /// The place for target hooks; marks the state as used by the caller's wish.
    pub fn site(&self) -> Site<'_, 'm> {
        let HiddenValues { state, caller, .. } = self.hidden;
        Site { module: self.u.module, builder: &self.b, function: self.f, state, calls: caller }
    }

    /// What a kernel's entry passes to the kernel's function.
    pub fn set_hidden(&mut self, state: Value<'m>, table: Value<'m>) {
        self.hidden = HiddenValues { state: Some(state), table: Some(table), ..HiddenValues::default() };
    }

    /// The record that this function notes its calls in, made at the first of them; `None` in the entry of a kernel, which
    /// has no caller.
    pub fn call_record(&mut self) -> Option<Value<'m>> {
        let caller = self.hidden.caller?;
        let own = self.hidden.own.unwrap_or_else(|| {
            let own = self.slot(16, 8);
            self.slots.store(caller, own, 8);
            own
        });
        self.hidden.own = Some(own);
        Some(own)
    }

    /// The functions that the instruction being emitted was written in, with the place in each: innermost first, the one
    /// that is compiled last.
    pub fn inlined(&self) -> impl Iterator<Item = (Symbol, Span)> {
        let (_, inst) = self.current;
        let stack = match self.body {
            Some(body) if !body.insts.is_empty() => body.stack(inst),
            _ => vec![(self.name, self.span)],
        };
        stack.into_iter()
    }

    /// The table of references of kernels that have one.
    pub fn table(&self) -> Option<Value<'m>> {
        self.hidden.table
    }

    /// Reports something that the target cannot do.
    pub fn unsupported(&self, what: impl std::fmt::Display) {
        self.u.report(Diagnostic::error(
            "codegen.unsupported",
            format!("{what} is not supported in {} code", self.u.target.name()),
            self.span,
        ));
    }

    // ---- operands ------------------------------------------------------------------------------

    /// The operand, its parts possibly still to be made (constants).
    pub fn operand(&self, arg: Arg) -> Held<'m> {
        match arg {
            Arg::Const(v) => self.constant(v),
            Arg::Param(n) => self.params[n as usize].clone(),
            Arg::Inst(id) => match &self.values[id.0 as usize] {
                Some(held) => held.clone(),
                // Defined in code that is never reached, or skipped on this target.
                None => self.poison(self.body().insts[id.0 as usize].ty),
            },
        }
    }

    pub fn operands(&self, args: &[Arg]) -> Vec<Held<'m>> {
        args.iter().map(|&a| self.operand(a)).collect()
    }

    /// The constant that an operand is, if it is one (also `Type{T}` and singletons by their types).
    pub fn known(&self, held: &Held<'m>) -> Option<runtime::Value> {
        held.constant.or_else(|| self.only_instance(held.ty()))
    }

    /// The value of type `ty` that nothing may look at.
    pub fn poison(&self, ty: Ty) -> Held<'m> {
        let shape = self.u.shape(ty);
        let parts = shape.parts().iter().map(|p| p.llvm_type(self.u.context).poison()).collect();
        Held::new(shape, parts)
    }

    /// A stack slot for the whole function.
    pub fn slot(&self, size: u64, align: u32) -> Value<'m> {
        let ty = self.u.context.int_type(8).array(size.max(1));
        let slot = self.slots.alloca(ty, align.max(1));
        let generic = self.u.pointer();
        if slot.ty() == generic { slot } else { self.slots.addrspace_cast(slot, generic) }
    }

    /// The same address as a pointer into any memory.
    pub fn as_generic(&self, pointer: Value<'m>) -> Value<'m> {
        let generic = self.u.pointer();
        if pointer.ty() == generic { pointer } else { self.b.addrspace_cast(pointer, generic) }
    }

    /// A stack array of `n` references.
    pub fn reference_array(&self, n: usize) -> Value<'m> {
        self.slot(8 * n as u64, 8)
    }

    pub fn new_block(&self) -> Block<'m> {
        self.f.append_block()
    }

    pub fn int(&self, bits: u32, value: u64) -> Value<'m> {
        self.u.context.int_type(bits).const_int(value)
    }

    // ---- blocks --------------------------------------------------------------------------------

    fn declare_phis(&mut self) {
        for (i, block) in self.body().blocks.iter().enumerate() {
            let mut pending = Vec::new();
            self.b.position_at_end(self.blocks[i]);
            for &id in &block.insts {
                let inst = &self.body().insts[id.0 as usize];
                if !matches!(inst.kind, InstKind::Phi(_)) || inst.ty.is_bottom() {
                    continue;
                }
                let shape = self.u.shape(inst.ty);
                let parts: Vec<_> = shape
                    .parts()
                    .iter()
                    .map(|part| match *part {
                        Part::Scalar(s) => self.b.phi(s.llvm_type(self.u.context)),
                        Part::Slot { size, align, .. } => self.slot(size, align),
                    })
                    .collect();
                self.values[id.0 as usize] = Some(Held::new(shape, parts.clone()));
                pending.push(PendingPhi { inst: id, parts, ty: inst.ty });
            }
            self.phis.push(pending);
        }
    }

    fn emit_block(&mut self, id: BlockId) {
        let index = id.0 as usize;
        if !self.reached[index] {
            return;
        }
        self.b.position_at_end(self.blocks[index]);
        self.ended = false;
        let body = self.body();
        for &inst in &body.blocks[index].insts {
            self.span = body.insts[inst.0 as usize].span;
            self.current = (id, inst);
            self.emit_inst(inst);
            if self.ended {
                return;
            }
        }
        match body.blocks[index].term.as_ref().expect("every block has its terminator") {
            Terminator::Goto(to) => {
                self.edge_copies(id, *to);
                self.jump(id, *to);
            }
            Terminator::Branch { cond, then, otherwise } => self.emit_branch(id, *cond, *then, *otherwise),
            Terminator::Return(arg) => self.emit_return(*arg),
            Terminator::Unreachable => {
                self.b.unreachable();
            }
        }
    }

    fn emit_branch(&mut self, from: BlockId, cond: Arg, then: BlockId, otherwise: BlockId) {
        let held = self.operand(cond);
        if let Some(known) = held.constant.and_then(runtime::Value::as_bool) {
            let to = if known { then } else { otherwise };
            self.edge_copies(from, to);
            self.jump(from, to);
            return;
        }
        let cond = self.coerce(&held, builtin::bool_());
        if self.ended {
            return;
        }
        let cond = cond.scalar();
        // Copies and conversions for an edge must not happen on the other one: they get a block.
        let edge = |this: &Self, to: BlockId| {
            let hinted = this.loops.hints.contains_key(&to.0);
            let needs_block = then == otherwise || hinted || !this.phis[to.0 as usize].is_empty();
            if needs_block { this.new_block() } else { this.blocks[to.0 as usize] }
        };
        let (a, b) = (edge(self, then), edge(self, otherwise));
        self.b.cond_br(cond, a, b);
        for (block, to) in [(a, then), (b, otherwise)] {
            self.reached[to.0 as usize] = true;
            if block != self.blocks[to.0 as usize] {
                self.b.position_at_end(block);
                self.edge_copies(from, to);
                self.jump(from, to);
            }
        }
    }

    /// A branch to a block of the IR; back edges of hinted loops carry the hints.
    fn jump(&mut self, from: BlockId, to: BlockId) {
        self.reached[to.0 as usize] = true;
        let branch = self.b.br(self.blocks[to.0 as usize]);
        if let Some(&hints) = self.loops.hints.get(&to.0)
            && self.loops.is_back_edge(from, to)
        {
            let node = loop_metadata(self.u.context, hints, self.groups.get(&to.0).copied());
            self.u.module.set_metadata(branch, "llvm.loop", node);
        }
    }

    /// The access group of loads and stores where iterations are independent.
    pub fn access_group(&self) -> Option<llvm::Metadata<'m>> {
        let header = self.loops.independent.get(&self.current.0.0)?;
        self.groups.get(header).copied()
    }

    /// Is all floating-point arithmetic of the body free (`@fastmath` on the function)?
    pub fn is_fast_body(&self) -> bool {
        self.body.is_some_and(|b| b.fastmath) || self.u.target.fast_math()
    }

    /// May the operation being emitted be done in another order than that of the loop?
    pub fn may_reassociate(&self) -> bool {
        self.loops.reassociate.contains(&self.current.1.0)
    }

    /// Gives the phis of `to` their inputs from `from`; the builder is where control leaves `from`.
    fn edge_copies(&mut self, from: BlockId, to: BlockId) {
        let index = to.0 as usize;
        if self.phis[index].is_empty() {
            return;
        }
        let body = self.body();
        let mut inputs = Vec::new();
        for i in 0..self.phis[index].len() {
            let phi = &self.phis[index][i];
            let (inst, ty) = (phi.inst, phi.ty);
            let InstKind::Phi(edges) = &body.insts[inst.0 as usize].kind else { continue };
            let arg = edges.iter().find(|(block, _)| *block == from).and_then(|&(_, a)| a);
            let held = match arg {
                Some(arg) => self.coerce(&self.operand(arg), ty),
                None => self.poison(ty),
            };
            inputs.push(held);
        }
        // Slots are copied in two steps, as one phi's input may be another's slot.
        let mut copies = Vec::new();
        for (phi, input) in self.phis[index].iter().zip(&inputs) {
            for ((part, &to), &value) in input.shape.parts().iter().zip(&phi.parts).zip(&input.parts) {
                if let Part::Slot { size, align, .. } = *part
                    && to != value
                    && !is_poison(value)
                {
                    copies.push((to, value, size, align));
                }
            }
        }
        if let [(to, value, size, align)] = copies[..] {
            self.b.memcpy(to, align, value, align, self.int(64, size));
        } else {
            let staged: Vec<_> = copies
                .iter()
                .map(|&(to, value, size, align)| {
                    let stage = self.slot(size, align);
                    self.b.memcpy(stage, align, value, align, self.int(64, size));
                    (to, stage, size, align)
                })
                .collect();
            for (to, stage, size, align) in staged {
                self.b.memcpy(to, align, stage, align, self.int(64, size));
            }
        }
        let here = self.b.block();
        for (phi, input) in self.phis[index].iter().zip(&inputs) {
            for ((part, &node), &value) in input.shape.parts().iter().zip(&phi.parts).zip(&input.parts) {
                if !part.is_slot() {
                    self.b.add_incoming(node, value, here);
                }
            }
        }
    }

    /// Blocks that no emitted branch leads to still need a body and no phis.
    fn finish_unreached(&mut self) {
        for index in 0..self.blocks.len() {
            if self.reached[index] {
                continue;
            }
            self.b.position_at_end(self.blocks[index]);
            self.b.unreachable();
            for phi in std::mem::take(&mut self.phis[index]) {
                for node in phi.parts {
                    if node.opcode() == Some(llvm::Opcode::LLVMPHI) && !node.has_uses() {
                        // SAFETY: the block is never reached, so nothing emitted uses its phis, and
                        // their handles are dropped here (`values` of such phis are not read again).
                        unsafe { self.b.erase(node) };
                    }
                }
            }
        }
    }

    fn emit_return(&mut self, arg: Arg) {
        let value = self.coerce(&self.operand(arg), self.body().ret);
        if self.ended {
            return;
        }
        let mut slots = self.result_slots.iter();
        let mut scalars = Vec::new();
        for (part, &value) in value.shape.parts().iter().zip(&value.parts) {
            match *part {
                Part::Slot { size, align, .. } => {
                    let to = *slots.next().expect("one pointer per memory part of the result");
                    if !is_poison(value) {
                        self.b.memcpy(to, align, value, align, self.int(64, size));
                    }
                }
                Part::Scalar(_) => scalars.push(value),
            }
        }
        match scalars[..] {
            [] => self.b.ret(None),
            [one] => self.b.ret(Some(one)),
            _ => {
                let ty = return_type(self.u.context, value.shape.parts());
                let mut aggregate = ty.poison();
                for (i, &scalar) in scalars.iter().enumerate() {
                    aggregate = self.b.insert_value(aggregate, scalar, i as u32);
                }
                self.b.ret(Some(aggregate))
            }
        };
    }

    /// Ends the block after something that does not return.
    pub fn end(&mut self) {
        if !self.ended {
            self.b.unreachable();
            self.ended = true;
        }
    }

    /// Calls a function of the specialised convention.
    pub fn call_signature(&mut self, f: Function<'m>, signature: &Signature, args: &[Held<'m>]) -> Held<'m> {
        self.call_address(f.value(), signature, args)
    }

    /// Calls code of the specialised convention at an address.
    pub fn call_address(&mut self, f: Value<'m>, signature: &Signature, args: &[Held<'m>]) -> Held<'m> {
        let mut raw = Vec::new();
        let missing = "functions with hidden arguments call functions with the same";
        if signature.hidden.state {
            raw.push(self.hidden.state.expect(missing));
        }
        if signature.hidden.table {
            raw.push(self.hidden.table.expect(missing));
        }
        if signature.hidden.calls {
            raw.push(self.note_call());
        }
        let ret = self.u.shape(signature.ret);
        let mut result_slots = Vec::new();
        for part in ret.parts() {
            if let Part::Slot { size, align, .. } = *part {
                let slot = self.slot(size, align);
                raw.push(slot);
                result_slots.push(slot);
            }
        }
        for (i, ty) in signature.params.iter().enumerate() {
            let Some(ty) = *ty else { continue };
            let held = match args.get(i) {
                Some(held) => self.coerce(held, ty),
                None => self.poison(ty),
            };
            if self.ended {
                return self.poison(signature.ret);
            }
            raw.extend(held.parts);
        }
        let ty = signature.llvm_type(self.u.context, self.u.target);
        let result = self.b.call_pointer(ty, f, &raw);
        if signature.ret.is_bottom() {
            self.end();
            return self.poison(signature.ret);
        }
        self.unpack_result(&ret, result, &result_slots)
    }

    /// A `Held` from a call's returned scalars and its result slots.
    pub fn unpack_result(
        &self,
        shape: &std::rc::Rc<crate::shape::Shape>,
        result: Value<'m>,
        slots: &[Value<'m>],
    ) -> Held<'m> {
        let scalars = shape.parts().iter().filter(|p| !p.is_slot()).count();
        let (mut next_scalar, mut next_slot) = (0, 0);
        let parts = shape
            .parts()
            .iter()
            .map(|part| {
                if part.is_slot() {
                    next_slot += 1;
                    slots[next_slot - 1]
                } else if scalars == 1 {
                    result
                } else {
                    next_scalar += 1;
                    self.b.extract_value(result, next_scalar - 1)
                }
            })
            .collect();
        Held::new(shape.clone(), parts)
    }

    /// A function for a local body, emitted at first use.
    fn local(&mut self, index: u32) -> (Function<'m>, Signature) {
        let body = &self.body().locals[index as usize];
        let signature = Signature::of_body(body, self.u.hidden());
        let mut path = self.path.clone();
        path.push(index);
        let name = format!("local.{}", path.iter().map(u32::to_string).collect::<Vec<_>>().join("."));
        if let Some(f) = self.u.module.function(&name) {
            return (f, signature);
        }
        let f = self.u.module.add_function(&name, signature.llvm_type(self.u.context, self.u.target));
        FunctionEmitter::emit_body(self.u, body, f, &path);
        (f, signature)
    }

    // ---- instructions --------------------------------------------------------------------------

    /// Is the instruction left out on this machine?
    pub fn is_skipped(&self, id: InstId) -> bool {
        self.skipped.contains(&id.0)
    }

    fn emit_inst(&mut self, id: InstId) {
        let body = self.body();
        let inst = &body.insts[id.0 as usize];
        if self.skipped.contains(&id.0) {
            return;
        }
        let ty = inst.ty;
        let held = match &inst.kind {
            InstKind::Phi(_) => return,
            InstKind::LoopHint(_) => return,
            InstKind::Pi(arg) => self.operand(*arg),
            InstKind::Intrinsic { op, args } => self.intrinsic(*op, args, ty),
            InstKind::Builtin { op, args } => self.builtin(*op, args, ty),
            InstKind::Host { name, args } => self.host_call(*name, args),
            InstKind::Foreign { name, ret, arg_types, args } => self.foreign(*name, *ret, arg_types, args),
            InstKind::Invoke { args, .. } | InstKind::InvokeLocal { args, .. }
                if !self.u.target.is_host() && inst.ty == types::builtin::bottom() && self.report(inst, args) =>
            {
                self.poison(ty)
            }
            InstKind::Invoke { callee, args } => {
                let (f, signature) = self.u.callee(body, *callee, &self.path);
                let args = self.operands(args);
                self.call_signature(f, &signature, &args)
            }
            InstKind::InvokeLocal { callee, args } => {
                let (f, signature) = self.local(callee.0);
                let args = self.operands(args);
                self.call_signature(f, &signature, &args)
            }
            InstKind::FunctionPointer { callee } => {
                self.require(Feature::FunctionPointers);
                let (f, _) = self.u.callee(body, *callee, &self.path);
                Held::new(self.u.shape(ty), vec![f.value()])
            }
            InstKind::Dynamic { f, args, .. } => self.dynamic(*f, args),
            InstKind::New { args } if self.local.contains(&id.0) => self.local_object(ty, args),
            InstKind::New { args } => self.new_object(ty, args),
            InstKind::LoadGlobal(global) => self.load_global(*global),
            InstKind::StoreGlobal(global, arg) => self.store_global(*global, *arg),
            InstKind::IsExactly(arg, ty) => {
                let held = self.operand(*arg);
                let bit = self.is_exactly(&held, *ty);
                self.bool(bit)
            }
            InstKind::ThrowUndefIfNot { name, cond } => self.throw_undef_if_not(*name, *cond),
            InstKind::ThrowNonBool(arg) => self.throw_non_bool(*arg),
            InstKind::Unsupported { what, .. } => {
                self.unsupported(format_args!("`{what}`"));
                self.poison(ty)
            }
        };
        if self.ended {
            return;
        }
        if ty.is_bottom() {
            self.end();
            return;
        }
        let held = self.coerce(&held, ty);
        if !self.ended {
            self.values[id.0 as usize] = Some(held);
        }
    }

    /// An `i1` as a `Bool`.
    pub fn bool(&self, bit: Value<'m>) -> Held<'m> {
        Held::new(self.u.shape(builtin::bool_()), vec![bit])
    }

    /// `nothing`.
    pub fn nothing(&self) -> Held<'m> {
        Held::new(self.u.shape(builtin::nothing()), Vec::new())
    }

    /// Control goes on where `cond` holds; where not, `fail` emits something that does not return.
    pub fn guard(&mut self, cond: Value<'m>, fail: impl FnOnce(&mut Self)) {
        if cond.as_const_int() == Some(1) {
            return;
        }
        let (ok, bad) = (self.new_block(), self.new_block());
        self.b.cond_br(cond, ok, bad);
        self.b.position_at_end(bad);
        fail(self);
        self.end();
        self.ended = false;
        self.b.position_at_end(ok);
    }
}

pub(crate) fn is_poison(value: Value<'_>) -> bool {
    value.is_constant() && value == value.ty().poison()
}

/// Blocks such that definitions come before uses.
fn reverse_postorder(body: &TypedBody) -> Vec<BlockId> {
    let mut order = Vec::new();
    let mut seen = vec![false; body.blocks.len()];
    let mut stack = vec![(BlockId(0), 0)];
    seen[0] = true;
    while let Some((block, child)) = stack.pop() {
        let term = body.blocks[block.0 as usize].term.as_ref().expect("every block has its terminator");
        match term.successors().nth(child) {
            Some(next) => {
                stack.push((block, child + 1));
                if !std::mem::replace(&mut seen[next.0 as usize], true) {
                    stack.push((next, 0));
                }
            }
            None => order.push(block),
        }
    }
    order.reverse();
    order
}

/// Mutable objects that nothing but this function can see: device code keeps them on the stack, where the optimiser takes
/// them apart. An object stays if it is only read, written, compared, or accessed through pointers into it that stay, too.
fn local_objects(body: &TypedBody) -> HashSet<u32> {
    use runtime::{Builtin as B, Intrinsic as I};
    // objects and the pointers derived from them, by the object
    let mut owner: std::collections::HashMap<u32, u32> = std::collections::HashMap::new();
    for (id, inst) in body.placed() {
        if matches!(inst.kind, InstKind::New { .. }) && inst.ty.is_concrete() && inst.ty.is_mutable() {
            owner.insert(id.0, id.0);
        }
    }
    let mut local: HashSet<u32> = owner.keys().copied().collect();
    if local.is_empty() {
        return local;
    }
    // what derives from an object follows it in the order of the code
    loop {
        let before = owner.len();
        for (id, inst) in body.placed() {
            let source = match &inst.kind {
                InstKind::Pi(a) => Some(*a),
                InstKind::Intrinsic { op: I::ObjectPointer | I::AddPtr | I::SubPtr, args } => args.first().copied(),
                InstKind::Intrinsic { op: I::Bitcast, args } => args.get(1).copied(),
                _ => None,
            };
            if let Some(Arg::Inst(s)) = source
                && let Some(&o) = owner.get(&s.0)
            {
                owner.insert(id.0, o);
            }
        }
        if owner.len() == before {
            break;
        }
    }
    let escape = |arg: Arg, local: &mut HashSet<u32>| {
        if let Arg::Inst(a) = arg
            && let Some(o) = owner.get(&a.0)
        {
            local.remove(o);
        }
    };
    for (id, inst) in body.placed() {
        let harmless_first = match &inst.kind {
            InstKind::Pi(_) | InstKind::IsExactly(..) => true,
            InstKind::Builtin { op: B::Getfield | B::Setfield | B::Isdefined, .. } => true,
            InstKind::Intrinsic { op, .. } => matches!(
                op,
                I::ObjectPointer
                    | I::AddPtr
                    | I::SubPtr
                    | I::Pointerref
                    | I::Pointerset
                    | I::AtomicPointerref
                    | I::AtomicPointerset
                    | I::AtomicPointerswap
                    | I::AtomicPointermodify
                    | I::AtomicPointerreplace
            ),
            _ => false,
        };
        let bitcast = matches!(inst.kind, InstKind::Intrinsic { op: I::Bitcast, .. });
        let derived = owner.contains_key(&id.0);
        let mut position = 0;
        inst.kind.for_each_arg(|arg| {
            let fine = harmless_first && position == 0 || bitcast && position == 1 && derived;
            position += 1;
            if !fine {
                escape(arg, &mut local);
            }
        });
    }
    for block in &body.blocks {
        if let Some(Terminator::Return(arg)) = block.term {
            escape(arg, &mut local);
        }
    }
    local
}
