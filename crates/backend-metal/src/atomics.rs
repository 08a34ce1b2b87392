//! Atomic accesses: AIR has functions for them, by operation and by memory, of 32 bits.
//!
//! Metal's own are relaxed; a stronger order is made of fences around them, in languages that have fences.

use crate::lowering::{DEVICE, MEMORY, SCOPE_DEVICE, SCOPE_GROUP, SEQ_CST, THREADGROUP};
use llvm::{AtomicOp, Builder, Module, Opcode, Ordering, Type, TypeKind, Value};

/// Relaxed, in Metal's numbers.
const RELAXED: u64 = 0;

/// Lowers atomic accesses and fences. What is left has no form in AIR: see [`crate::check`].
pub fn lower_atomics(module: &Module<'_>, has_fences: bool) {
    let b = Builder::new(module.context());
    for i in module.functions().into_iter().flat_map(|f| f.instructions()) {
        b.position_before(i);
        let lowering = Lowering { module, b: &b, has_fences };
        let result = match i.opcode() {
            Some(Opcode::LLVMLoad) if !i.is_plain_access() => lowering.load(i),
            Some(Opcode::LLVMStore) if !i.is_plain_access() => lowering.store(i),
            Some(Opcode::LLVMAtomicRMW) => lowering.update(i),
            Some(Opcode::LLVMAtomicCmpXchg) => lowering.exchange(i),
            Some(Opcode::LLVMFence) => i.ordering().and_then(|o| lowering.fence(o).then_some(None)),
            _ => None,
        };
        let Some(result) = result else { continue };
        if let Some(value) = result {
            i.replace_uses_with(value);
        }
        // SAFETY: without uses now; the loop goes on to the next.
        unsafe { i.erase() };
    }
}

struct Lowering<'a, 'm, 'c> {
    module: &'m Module<'c>,
    b: &'a Builder<'m>,
    has_fences: bool,
}

/// Lowered, with the value that stands in place of the instruction's.
type Lowered<'m> = Option<Option<Value<'m>>>;

impl<'m> Lowering<'_, 'm, '_> {
    fn i32(&self) -> Type<'m> {
        self.module.context().int_type(32)
    }

    /// AIR's name of the memory that a pointer points into, and the scope of accesses to it.
    fn memory(&self, ptr: Value<'m>) -> Option<(&'static str, u64)> {
        match ptr.ty().address_space()? {
            DEVICE => Some(("global", SCOPE_DEVICE)),
            THREADGROUP => Some(("local", SCOPE_GROUP)),
            _ => None,
        }
    }

    /// Can there be this order?
    fn possible(&self, order: Ordering) -> bool {
        self.has_fences || !is_release(order) && !is_acquire(order)
    }

    fn fence(&self, order: Ordering) -> bool {
        if !self.possible(order) {
            return false;
        }
        if is_release(order) || is_acquire(order) {
            self.emit_fence();
        }
        true
    }

    fn emit_fence(&self) {
        let (i32, void) = (self.i32(), self.module.context().void_type());
        let f = self.module.declare("air.atomic.fence", void.function(&[i32; 3], false));
        self.b.call(f, &[MEMORY, SEQ_CST, SCOPE_DEVICE].map(|n| i32.const_int(n)));
    }

    /// Calls `air.atomic.{memory}.{what}` with these arguments, as many orders, the scope, and the mark of a volatile access that all
    /// of Metal's atomic ones are.
    fn call(&self, ptr: Value<'m>, what: &str, ret: Type<'m>, args: &[Value<'m>], orders: usize) -> Option<Value<'m>> {
        let (memory, scope) = self.memory(ptr)?;
        let mut all = vec![ptr];
        all.extend(args);
        all.extend(vec![self.i32().const_int(RELAXED); orders]);
        all.extend([self.i32().const_int(scope), self.module.context().int_type(1).const_int(1)]);
        let types: Vec<Type<'m>> = all.iter().map(|a| a.ty()).collect();
        let f = self.module.declare(&format!("air.atomic.{memory}.{what}"), ret.function(&types, false));
        Some(self.b.call(f, &all))
    }

    /// Does `access` with fences around it that make its order.
    fn ordered(&self, order: Ordering, access: impl FnOnce() -> Option<Value<'m>>) -> Option<Value<'m>> {
        if !self.possible(order) {
            return None;
        }
        if is_release(order) {
            self.emit_fence();
        }
        let done = access()?;
        if is_acquire(order) {
            self.emit_fence();
        }
        Some(done)
    }

    fn load(&self, i: Value<'m>) -> Lowered<'m> {
        let (order, ptr) = (i.ordering()?, i.operand(0));
        self.word(i.ty())?;
        self.memory(ptr)?;
        let made = self.ordered(order, || self.call(ptr, "load.i32", self.i32(), &[], 1))?;
        Some(Some(self.b.bitcast(made, i.ty())))
    }

    fn store(&self, i: Value<'m>) -> Lowered<'m> {
        let (order, value, ptr) = (i.ordering()?, i.operand(0), i.operand(1));
        self.word(value.ty())?;
        self.memory(ptr)?;
        self.ordered(order, || {
            let bits = self.b.bitcast(value, self.i32());
            self.call(ptr, "store.i32", self.module.context().void_type(), &[bits], 1)
        })?;
        Some(None)
    }

    fn update(&self, i: Value<'m>) -> Lowered<'m> {
        let (order, ptr, value) = (i.ordering()?, i.operand(0), i.operand(1));
        self.word(value.ty())?;
        let (memory, _) = self.memory(ptr)?;
        let what = match i.atomic_op()? {
            AtomicOp::Xchg => "xchg.i32",
            AtomicOp::Add => "add.u.i32",
            AtomicOp::Sub => "sub.u.i32",
            AtomicOp::And => "and.u.i32",
            AtomicOp::Or => "or.u.i32",
            AtomicOp::Xor => "xor.u.i32",
            AtomicOp::Max => "max.s.i32",
            AtomicOp::Min => "min.s.i32",
            AtomicOp::UMax => "max.u.i32",
            AtomicOp::UMin => "min.u.i32",
            AtomicOp::FAdd if memory == "global" => "add.f32",
            AtomicOp::FSub if memory == "global" => "sub.f32",
            _ => return None,
        };
        let ty = if what.ends_with("f32") { value.ty() } else { self.i32() };
        let made = self.ordered(order, || self.call(ptr, what, ty, &[self.b.bitcast(value, ty)], 1))?;
        Some(Some(self.b.bitcast(made, i.ty())))
    }

    /// AIR's takes the expected value by its address, and returns what was there.
    fn exchange(&self, i: Value<'m>) -> Lowered<'m> {
        let (ptr, expected, new) = (i.operand(0), i.operand(1), i.operand(2));
        let (success, failure) = i.exchange_orderings()?;
        self.word(expected.ty())?;
        self.memory(ptr)?;
        // Where it is not exchanged, the order is no stronger.
        let order = if is_acquire(failure) && !is_acquire(success) { Ordering::SeqCst } else { success };
        let slot = self.slot(i);
        let old = self.ordered(order, || {
            self.b.store(expected, slot, 4);
            self.call(ptr, "cmpxchg.weak.i32", self.i32(), &[slot, new], 2)
        })?;
        let done = self.b.icmp(llvm::IntPredicate::LLVMIntEQ, old, expected);
        let pair = self.b.insert_value(i.ty().poison(), old, 0);
        Some(Some(self.b.insert_value(pair, done, 1)))
    }

    /// A word on the stack of the function that an instruction is in.
    fn slot(&self, i: Value<'m>) -> Value<'m> {
        let first = i.parent().and_then(|b| b.function().blocks()[0].first_instruction()).expect("blocks end");
        let start = Builder::new(self.module.context());
        start.position_before(first);
        start.alloca(self.i32(), 4)
    }

    /// AIR's accesses are to words.
    fn word(&self, ty: Type<'m>) -> Option<()> {
        matches!(ty.kind(), TypeKind::Int(32) | TypeKind::Float).then_some(())
    }
}

fn is_release(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

fn is_acquire(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}
