//! Building instructions.

use crate::value::{Block, Function, Value};
use crate::{Context, Type};
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use llvm_sys::{LLVMAtomicOrdering, LLVMAtomicRMWBinOp, LLVMIntPredicate, LLVMRealPredicate};
use std::marker::PhantomData;

pub use llvm_sys::LLVMIntPredicate as IntPredicate;
pub use llvm_sys::LLVMRealPredicate as FloatPredicate;

const NAMELESS: *const std::ffi::c_char = c"".as_ptr();

/// Read-modify-write operations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtomicOp {
    Xchg,
    Add,
    Sub,
    And,
    Or,
    Xor,
    Max,
    Min,
    UMax,
    UMin,
    FAdd,
    FSub,
    FMax,
    FMin,
}

/// Memory orderings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ordering {
    Unordered,
    Monotonic,
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

impl Ordering {
    fn raw(self) -> LLVMAtomicOrdering {
        match self {
            Ordering::Unordered => LLVMAtomicOrdering::LLVMAtomicOrderingUnordered,
            Ordering::Monotonic => LLVMAtomicOrdering::LLVMAtomicOrderingMonotonic,
            Ordering::Acquire => LLVMAtomicOrdering::LLVMAtomicOrderingAcquire,
            Ordering::Release => LLVMAtomicOrdering::LLVMAtomicOrderingRelease,
            Ordering::AcqRel => LLVMAtomicOrdering::LLVMAtomicOrderingAcquireRelease,
            Ordering::SeqCst => LLVMAtomicOrdering::LLVMAtomicOrderingSequentiallyConsistent,
        }
    }
}

/// An insertion point. Instructions get no names: bitcode stays small and independent of spelling.
pub struct Builder<'m> {
    raw: LLVMBuilderRef,
    context: &'m Context,
    life: PhantomData<&'m ()>,
}

impl<'m> Builder<'m> {
    pub fn new(context: &'m Context) -> Builder<'m> {
        // SAFETY: the context is alive and outlives the builder.
        Builder { raw: unsafe { LLVMCreateBuilderInContext(context.raw()) }, context, life: PhantomData }
    }

    pub fn context(&self) -> &'m Context {
        self.context
    }

    pub(crate) fn raw(&self) -> LLVMBuilderRef {
        self.raw
    }

    pub fn position_at_end(&self, block: Block<'m>) {
        // SAFETY: a live block.
        unsafe { LLVMPositionBuilderAtEnd(self.raw, block.0) }
    }

    pub fn position_before(&self, instruction: Value<'m>) {
        assert!(instruction.opcode().is_some());
        // SAFETY: a live instruction in a block.
        unsafe { LLVMPositionBuilderBefore(self.raw, instruction.raw()) }
    }

    /// The block of the insertion point.
    pub fn block(&self) -> Block<'m> {
        // SAFETY: callers position the builder first; checked.
        let raw = unsafe { LLVMGetInsertBlock(self.raw) };
        assert!(!raw.is_null(), "the builder has no insertion point");
        Block(raw, PhantomData)
    }

    /// Deletes an instruction without uses. No handle to it may be used afterwards.
    ///
    /// # Safety
    /// The caller holds no other copy of the handle that it will still use.
    pub unsafe fn erase(&self, instruction: Value<'m>) {
        assert!(instruction.opcode().is_some() && !instruction.has_uses());
        // SAFETY: an unused instruction in a block.
        unsafe { LLVMInstructionEraseFromParent(instruction.raw()) }
    }

    fn check(&self) {
        debug_assert!(!no_insertion_point(self.raw), "the builder has no insertion point");
    }

    pub fn add(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "add of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildAdd(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn sub(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "sub of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildSub(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn mul(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "mul of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildMul(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn sdiv(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "sdiv of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildSDiv(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn udiv(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "udiv of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildUDiv(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn srem(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "srem of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildSRem(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn urem(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "urem of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildURem(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn and(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "and of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildAnd(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn or(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "or of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildOr(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn xor(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "xor of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildXor(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn shl(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "shl of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildShl(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn lshr(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "lshr of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildLShr(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn ashr(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "ashr of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildAShr(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn fadd(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "fadd of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFAdd(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn fsub(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "fsub of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFSub(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn fmul(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "fmul of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFMul(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn fdiv(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "fdiv of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFDiv(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn frem(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "frem of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFRem(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn nsw_add(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "nsw_add of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNSWAdd(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn nuw_add(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "nuw_add of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNUWAdd(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn nsw_sub(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "nsw_sub of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNSWSub(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn nsw_mul(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "nsw_mul of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNSWMul(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn nuw_mul(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "nuw_mul of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: live operands of one type at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNUWMul(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn neg(&self, a: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNeg(self.raw, a.raw(), NAMELESS) })
    }
    pub fn fneg(&self, a: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFNeg(self.raw, a.raw(), NAMELESS) })
    }
    pub fn not(&self, a: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildNot(self.raw, a.raw(), NAMELESS) })
    }
    pub fn freeze(&self, a: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point.
        Value::from_raw(unsafe { LLVMBuildFreeze(self.raw, a.raw(), NAMELESS) })
    }
    pub fn trunc(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildTrunc(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn zext(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildZExt(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn sext(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildSExt(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn fptoui(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildFPToUI(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn fptosi(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildFPToSI(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn uitofp(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildUIToFP(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn sitofp(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildSIToFP(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn fptrunc(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildFPTrunc(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn fpext(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildFPExt(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn ptr_to_int(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildPtrToInt(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn int_to_ptr(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildIntToPtr(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn bitcast(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildBitCast(self.raw, a.raw(), to.raw(), NAMELESS) })
    }
    pub fn addrspace_cast(&self, a: Value<'m>, to: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: a live operand at a valid insertion point; that the conversion exists is the caller's part, checked by the verifier.
        Value::from_raw(unsafe { LLVMBuildAddrSpaceCast(self.raw, a.raw(), to.raw(), NAMELESS) })
    }

    pub fn icmp(&self, predicate: IntPredicate, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "icmp of {:?} and {:?}", a.ty(), b.ty());
        let predicate: LLVMIntPredicate = predicate;
        // SAFETY: (as in all below) live operands at a valid insertion point; types are the verifier's business.
        Value::from_raw(unsafe { LLVMBuildICmp(self.raw, predicate, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn fcmp(&self, predicate: FloatPredicate, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        let predicate: LLVMRealPredicate = predicate;
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildFCmp(self.raw, predicate, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn select(&self, cond: Value<'m>, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        debug_assert!(a.ty() == b.ty(), "select of {:?} and {:?}", a.ty(), b.ty());
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildSelect(self.raw, cond.raw(), a.raw(), b.raw(), NAMELESS) })
    }
    pub fn alloca(&self, ty: Type<'m>, align: u32) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        let value = Value::from_raw(unsafe { LLVMBuildAlloca(self.raw, ty.raw(), NAMELESS) });
        value.set_alignment(align);
        value
    }
    pub fn load(&self, ty: Type<'m>, ptr: Value<'m>, align: u32) -> Value<'m> {
        self.check();
        debug_assert!(ptr.ty().is_pointer(), "load through {:?}", ptr.ty());
        // SAFETY: see `icmp`.
        let value = Value::from_raw(unsafe { LLVMBuildLoad2(self.raw, ty.raw(), ptr.raw(), NAMELESS) });
        value.set_alignment(align);
        value
    }
    pub fn store(&self, value: Value<'m>, ptr: Value<'m>, align: u32) -> Value<'m> {
        self.check();
        debug_assert!(ptr.ty().is_pointer(), "store through {:?}", ptr.ty());
        // SAFETY: see `icmp`.
        let store = Value::from_raw(unsafe { LLVMBuildStore(self.raw, value.raw(), ptr.raw()) });
        store.set_alignment(align);
        store
    }
    pub fn atomic_load(&self, ty: Type<'m>, ptr: Value<'m>, align: u32, ordering: Ordering) -> Value<'m> {
        let value = self.load(ty, ptr, align);
        // SAFETY: a load.
        unsafe { LLVMSetOrdering(value.raw(), ordering.raw()) };
        value
    }
    pub fn atomic_store(&self, value: Value<'m>, ptr: Value<'m>, align: u32, ordering: Ordering) {
        let store = self.store(value, ptr, align);
        // SAFETY: a store.
        unsafe { LLVMSetOrdering(store.raw(), ordering.raw()) };
    }
    /// Makes a store a release store.
    pub fn release(&self, store: Value<'m>) {
        assert!(store.opcode() == Some(crate::Opcode::LLVMStore));
        // SAFETY: a store.
        unsafe { LLVMSetOrdering(store.raw(), Ordering::Release.raw()) };
    }
    /// An addition that overflows neither as signed nor as unsigned numbers.
    pub fn nuw_nsw_add(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        let sum = self.nsw_add(a, b);
        if sum.opcode().is_some() {
            // SAFETY: an addition.
            unsafe { LLVMSetNUW(sum.raw(), 1) };
        }
        sum
    }
    /// A division known to leave no remainder.
    pub fn exact_sdiv(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildExactSDiv(self.raw, a.raw(), b.raw(), NAMELESS) })
    }
    pub fn atomic_rmw(
        &self,
        op: AtomicOp,
        ptr: Value<'m>,
        value: Value<'m>,
        ordering: Ordering,
        scope: Option<u32>,
    ) -> Value<'m> {
        use LLVMAtomicRMWBinOp::*;
        self.check();
        let op = match op {
            AtomicOp::Xchg => LLVMAtomicRMWBinOpXchg,
            AtomicOp::Add => LLVMAtomicRMWBinOpAdd,
            AtomicOp::Sub => LLVMAtomicRMWBinOpSub,
            AtomicOp::And => LLVMAtomicRMWBinOpAnd,
            AtomicOp::Or => LLVMAtomicRMWBinOpOr,
            AtomicOp::Xor => LLVMAtomicRMWBinOpXor,
            AtomicOp::Max => LLVMAtomicRMWBinOpMax,
            AtomicOp::Min => LLVMAtomicRMWBinOpMin,
            AtomicOp::UMax => LLVMAtomicRMWBinOpUMax,
            AtomicOp::UMin => LLVMAtomicRMWBinOpUMin,
            AtomicOp::FAdd => LLVMAtomicRMWBinOpFAdd,
            AtomicOp::FSub => LLVMAtomicRMWBinOpFSub,
            AtomicOp::FMax => LLVMAtomicRMWBinOpFMax,
            AtomicOp::FMin => LLVMAtomicRMWBinOpFMin,
        };
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe {
            match scope {
                None => LLVMBuildAtomicRMW(self.raw, op, ptr.raw(), value.raw(), ordering.raw(), 0),
                Some(scope) => LLVMBuildAtomicRMWSyncScope(self.raw, op, ptr.raw(), value.raw(), ordering.raw(), scope),
            }
        })
    }
    /// `{old value, success}`.
    pub fn cmpxchg(
        &self,
        ptr: Value<'m>,
        expected: Value<'m>,
        new: Value<'m>,
        success: Ordering,
        failure: Ordering,
        scope: Option<u32>,
    ) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe {
            match scope {
                None => LLVMBuildAtomicCmpXchg(
                    self.raw,
                    ptr.raw(),
                    expected.raw(),
                    new.raw(),
                    success.raw(),
                    failure.raw(),
                    0,
                ),
                Some(scope) => LLVMBuildAtomicCmpXchgSyncScope(
                    self.raw,
                    ptr.raw(),
                    expected.raw(),
                    new.raw(),
                    success.raw(),
                    failure.raw(),
                    scope,
                ),
            }
        })
    }
    pub fn fence(&self, ordering: Ordering, scope: Option<u32>) {
        self.check();
        // SAFETY: see `icmp`.
        unsafe {
            match scope {
                None => LLVMBuildFence(self.raw, ordering.raw(), 0, NAMELESS),
                Some(scope) => LLVMBuildFenceSyncScope(self.raw, ordering.raw(), scope, NAMELESS),
            };
        }
    }
    /// `ptr + index * sizeof(element)`.
    pub fn gep(&self, element: Type<'m>, ptr: Value<'m>, index: Value<'m>) -> Value<'m> {
        self.check();
        let mut indices = [index.raw()];
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildGEP2(self.raw, element.raw(), ptr.raw(), indices.as_mut_ptr(), 1, NAMELESS) })
    }
    /// The same where the result stays within the object that `ptr` points into.
    pub fn inbounds_gep(&self, element: Type<'m>, ptr: Value<'m>, index: Value<'m>) -> Value<'m> {
        self.check();
        let mut indices = [index.raw()];
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe {
            LLVMBuildInBoundsGEP2(self.raw, element.raw(), ptr.raw(), indices.as_mut_ptr(), 1, NAMELESS)
        })
    }
    /// `ptr + bytes`, within the object.
    pub fn offset(&self, ptr: Value<'m>, bytes: u64) -> Value<'m> {
        if bytes == 0 {
            return ptr;
        }
        self.inbounds_gep(self.context.int_type(8), ptr, self.context.int_type(64).const_int(bytes))
    }
    pub fn memcpy(&self, to: Value<'m>, to_align: u32, from: Value<'m>, from_align: u32, bytes: Value<'m>) {
        self.check();
        // SAFETY: see `icmp`.
        unsafe { LLVMBuildMemCpy(self.raw, to.raw(), to_align, from.raw(), from_align, bytes.raw()) };
    }
    pub fn memset(&self, to: Value<'m>, byte: Value<'m>, bytes: Value<'m>, align: u32) {
        self.check();
        // SAFETY: see `icmp`.
        unsafe { LLVMBuildMemSet(self.raw, to.raw(), byte.raw(), bytes.raw(), align) };
    }
    /// Calls `f` with its own calling convention.
    pub fn call(&self, f: Function<'m>, args: &[Value<'m>]) -> Value<'m> {
        let call = self.call_pointer(f.function_type(), f.value(), args);
        call.set_call_conv(f.call_conv());
        call
    }
    pub fn call_pointer(&self, ty: Type<'m>, f: Value<'m>, args: &[Value<'m>]) -> Value<'m> {
        self.check();
        debug_assert!(
            ty.param_types().iter().zip(args).all(|(&t, a)| t == a.ty()) && ty.param_types().len() <= args.len(),
            "call of {f:?} with {args:?}"
        );
        let mut raw: Vec<_> = args.iter().map(|a| a.raw()).collect();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe {
            LLVMBuildCall2(self.raw, ty.raw(), f.raw(), raw.as_mut_ptr(), raw.len() as u32, NAMELESS)
        })
    }
    pub fn phi(&self, ty: Type<'m>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildPhi(self.raw, ty.raw(), NAMELESS) })
    }
    pub fn add_incoming(&self, phi: Value<'m>, value: Value<'m>, from: Block<'m>) {
        assert!(phi.opcode() == Some(crate::Opcode::LLVMPHI) && phi.ty() == value.ty());
        let (mut values, mut blocks) = ([value.raw()], [from.0]);
        // SAFETY: a phi and an input of its type.
        unsafe { LLVMAddIncoming(phi.raw(), values.as_mut_ptr(), blocks.as_mut_ptr(), 1) }
    }
    pub fn extract_value(&self, aggregate: Value<'m>, index: u32) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildExtractValue(self.raw, aggregate.raw(), index, NAMELESS) })
    }
    pub fn insert_value(&self, aggregate: Value<'m>, value: Value<'m>, index: u32) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildInsertValue(self.raw, aggregate.raw(), value.raw(), index, NAMELESS) })
    }
    pub fn extract_element(&self, vector: Value<'m>, index: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildExtractElement(self.raw, vector.raw(), index.raw(), NAMELESS) })
    }
    pub fn insert_element(&self, vector: Value<'m>, value: Value<'m>, index: Value<'m>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildInsertElement(self.raw, vector.raw(), value.raw(), index.raw(), NAMELESS) })
    }

    pub fn br(&self, to: Block<'m>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildBr(self.raw, to.0) })
    }
    pub fn cond_br(&self, cond: Value<'m>, then: Block<'m>, otherwise: Block<'m>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildCondBr(self.raw, cond.raw(), then.0, otherwise.0) })
    }
    pub fn switch(&self, on: Value<'m>, default: Block<'m>, cases: &[(Value<'m>, Block<'m>)]) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`; cases are constants of `on`'s type (verifier).
        unsafe {
            let switch = LLVMBuildSwitch(self.raw, on.raw(), default.0, cases.len() as u32);
            for (value, block) in cases {
                LLVMAddCase(switch, value.raw(), block.0);
            }
            Value::from_raw(switch)
        }
    }
    pub fn ret(&self, value: Option<Value<'m>>) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe {
            match value {
                Some(value) => LLVMBuildRet(self.raw, value.raw()),
                None => LLVMBuildRetVoid(self.raw),
            }
        })
    }
    pub fn unreachable(&self) -> Value<'m> {
        self.check();
        // SAFETY: see `icmp`.
        Value::from_raw(unsafe { LLVMBuildUnreachable(self.raw) })
    }
}

fn no_insertion_point(builder: LLVMBuilderRef) -> bool {
    // SAFETY: a live builder.
    unsafe { LLVMGetInsertBlock(builder).is_null() }
}

impl Drop for Builder<'_> {
    fn drop(&mut self) {
        // SAFETY: owned.
        unsafe { LLVMDisposeBuilder(self.raw) }
    }
}
