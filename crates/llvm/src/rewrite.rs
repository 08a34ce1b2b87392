//! What rewrites of finished IR ask and change: uses, flags, orderings, signatures.

use crate::attributes::AttributeSite;
use crate::value::{Function, Global, Opcode, Value};
use crate::{AtomicOp, Linkage, Module, Ordering, Type, TypeKind};
use llvm_sys::core::*;
use llvm_sys::target::{LLVMABISizeOfType, LLVMGetModuleDataLayout, LLVMOffsetOfElement};
use llvm_sys::{LLVMAtomicOrdering, LLVMAtomicRMWBinOp};
use std::ptr::null_mut;

/// Fast-math flags of an instruction (bits of LLVM's mask).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FastMath(u32);

impl FastMath {
    pub const REASSOCIATE: FastMath = FastMath(1);
    pub const NO_NANS: FastMath = FastMath(2);
    pub const APPROXIMATE: FastMath = FastMath(64);
    pub const ALL: FastMath = FastMath(127);

    pub fn has(self, flag: FastMath) -> bool {
        self.0 & flag.0 == flag.0
    }
    pub fn bits(self) -> u32 {
        self.0
    }
}

impl<'m> Value<'m> {
    /// Who uses the value: instructions, and constants made of it. One entry for each use, in LLVM's order.
    pub fn users(self) -> Vec<Value<'m>> {
        let mut found = Vec::new();
        // SAFETY: walks the list of a live value.
        unsafe {
            let mut at = LLVMGetFirstUse(self.raw());
            while !at.is_null() {
                found.push(Value::from_raw(LLVMGetUser(at)));
                at = LLVMGetNextUse(at);
            }
        }
        found
    }

    /// Is it the zero of its type, or the null pointer?
    pub fn is_null(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { LLVMIsNull(self.raw()) != 0 }
    }

    /// What is cast where this is a cast between address spaces, as an instruction or as a constant.
    pub fn addrspace_cast_source(self) -> Option<Value<'m>> {
        // SAFETY: asked only of constant expressions.
        let constant = unsafe {
            !LLVMIsAConstantExpr(self.raw()).is_null() && LLVMGetConstOpcode(self.raw()) == Opcode::LLVMAddrSpaceCast
        };
        (constant || self.opcode() == Some(Opcode::LLVMAddrSpaceCast)).then(|| self.operand(0))
    }

    /// The flags of an instruction that can have them; none of others.
    pub fn fast_math(self) -> FastMath {
        // SAFETY: LLVM says whether the value can carry the flags.
        unsafe {
            let can = !LLVMIsAInstruction(self.raw()).is_null() && LLVMCanValueUseFastMathFlags(self.raw()) != 0;
            FastMath(if can { LLVMGetFastMathFlags(self.raw()) } else { 0 })
        }
    }

    /// Does a `getelementptr` stay within its object?
    pub fn is_inbounds(self) -> bool {
        assert!(self.opcode() == Some(Opcode::LLVMGetElementPtr));
        // SAFETY: a `getelementptr`.
        unsafe { LLVMIsInBounds(self.raw()) != 0 }
    }

    /// Which fields an `extractvalue` goes through.
    pub fn indices(self) -> Vec<u32> {
        assert!(self.opcode() == Some(Opcode::LLVMExtractValue));
        // SAFETY: an `extractvalue`, whose indices are as many as it says.
        unsafe {
            std::slice::from_raw_parts(LLVMGetIndices(self.raw()), LLVMGetNumIndices(self.raw()) as usize).to_vec()
        }
    }

    /// The operands of a call without the callee.
    pub fn call_args(self) -> Vec<Value<'m>> {
        assert!(self.opcode() == Some(Opcode::LLVMCall));
        // SAFETY: a call.
        let n = unsafe { LLVMGetNumArgOperands(self.raw()) };
        (0..n).map(|i| self.operand(i)).collect()
    }

    /// Drops metadata of this kind.
    pub fn remove_metadata(self, kind: &str) {
        assert!(self.opcode().is_some());
        // SAFETY: a live instruction; name with its length; no node removes what is there.
        unsafe {
            let context = LLVMGetTypeContext(LLVMTypeOf(self.raw()));
            let id = LLVMGetMDKindIDInContext(context, kind.as_ptr().cast(), kind.len() as u32);
            LLVMSetMetadata(self.raw(), id, null_mut());
        }
    }

    /// Attaches what metadata of this kind `from` has.
    pub fn copy_metadata(self, from: Value<'m>, kind: &str) {
        assert!(self.opcode().is_some() && from.opcode().is_some());
        // SAFETY: live instructions of one context; name with its length.
        unsafe {
            let context = LLVMGetTypeContext(LLVMTypeOf(self.raw()));
            let id = LLVMGetMDKindIDInContext(context, kind.as_ptr().cast(), kind.len() as u32);
            let node = LLVMGetMetadata(from.raw(), id);
            if !node.is_null() {
                LLVMSetMetadata(self.raw(), id, node);
            }
        }
    }

    /// The ordering of an atomic load or store, or of a fence. `None` where the access is not atomic.
    pub fn ordering(self) -> Option<Ordering> {
        assert!(matches!(
            self.opcode(),
            Some(Opcode::LLVMLoad | Opcode::LLVMStore | Opcode::LLVMFence | Opcode::LLVMAtomicRMW)
        ));
        // SAFETY: one of the instructions that have an ordering.
        ordering(unsafe { LLVMGetOrdering(self.raw()) })
    }

    /// The orderings of a compare-and-exchange: where it exchanged, and where not.
    pub fn exchange_orderings(self) -> Option<(Ordering, Ordering)> {
        assert!(self.opcode() == Some(Opcode::LLVMAtomicCmpXchg));
        // SAFETY: a `cmpxchg`.
        unsafe {
            let success = ordering(LLVMGetCmpXchgSuccessOrdering(self.raw()))?;
            Some((success, ordering(LLVMGetCmpXchgFailureOrdering(self.raw()))?))
        }
    }

    /// What an `atomicrmw` does. `None` for what [`AtomicOp`] does not name.
    pub fn atomic_op(self) -> Option<AtomicOp> {
        use LLVMAtomicRMWBinOp::*;
        assert!(self.opcode() == Some(Opcode::LLVMAtomicRMW));
        // SAFETY: an `atomicrmw`.
        Some(match unsafe { LLVMGetAtomicRMWBinOp(self.raw()) } {
            LLVMAtomicRMWBinOpXchg => AtomicOp::Xchg,
            LLVMAtomicRMWBinOpAdd => AtomicOp::Add,
            LLVMAtomicRMWBinOpSub => AtomicOp::Sub,
            LLVMAtomicRMWBinOpAnd => AtomicOp::And,
            LLVMAtomicRMWBinOpOr => AtomicOp::Or,
            LLVMAtomicRMWBinOpXor => AtomicOp::Xor,
            LLVMAtomicRMWBinOpMax => AtomicOp::Max,
            LLVMAtomicRMWBinOpMin => AtomicOp::Min,
            LLVMAtomicRMWBinOpUMax => AtomicOp::UMax,
            LLVMAtomicRMWBinOpUMin => AtomicOp::UMin,
            LLVMAtomicRMWBinOpFAdd => AtomicOp::FAdd,
            LLVMAtomicRMWBinOpFSub => AtomicOp::FSub,
            LLVMAtomicRMWBinOpFMax => AtomicOp::FMax,
            LLVMAtomicRMWBinOpFMin => AtomicOp::FMin,
            _ => return None,
        })
    }

    /// Drops an instruction without uses.
    ///
    /// # Safety
    /// The caller holds no other copy of the handle that it will still use.
    pub unsafe fn erase(self) {
        assert!(self.opcode().is_some() && !self.has_uses());
        // SAFETY: an unused instruction in a block.
        unsafe { LLVMInstructionEraseFromParent(self.raw()) }
    }
}

fn ordering(raw: LLVMAtomicOrdering) -> Option<Ordering> {
    use LLVMAtomicOrdering::*;
    Some(match raw {
        LLVMAtomicOrderingUnordered => Ordering::Unordered,
        LLVMAtomicOrderingMonotonic => Ordering::Monotonic,
        LLVMAtomicOrderingAcquire => Ordering::Acquire,
        LLVMAtomicOrderingRelease => Ordering::Release,
        LLVMAtomicOrderingAcquireRelease => Ordering::AcqRel,
        LLVMAtomicOrderingSequentiallyConsistent => Ordering::SeqCst,
        _ => return None,
    })
}

impl<'c> Type<'c> {
    /// The element type and length of a vector.
    pub fn vector_parts(self) -> Option<(Type<'c>, u32)> {
        // SAFETY: asked only of vectors.
        (self.kind() == TypeKind::Vector)
            .then(|| unsafe { (Type::from_raw(LLVMGetElementType(self.raw())), LLVMGetVectorSize(self.raw())) })
    }

    pub fn is_aggregate(self) -> bool {
        matches!(self.kind(), TypeKind::Struct | TypeKind::Array)
    }

    /// The address space of a pointer type.
    pub fn address_space(self) -> Option<u32> {
        match self.kind() {
            TypeKind::Pointer(space) => Some(space),
            _ => None,
        }
    }
}

impl<'m> Global<'m> {
    pub fn initializer(self) -> Option<Value<'m>> {
        // SAFETY: a global variable.
        let raw = unsafe { LLVMGetInitializer(self.raw()) };
        (!raw.is_null()).then(|| Value::from_raw(raw))
    }

    /// Gives `to` the linkage, alignment and insignificance of address that this one has.
    pub fn copy_properties(self, to: Global<'m>) {
        // SAFETY: global variables.
        unsafe {
            LLVMSetLinkage(to.raw(), LLVMGetLinkage(self.raw()));
            LLVMSetAlignment(to.raw(), LLVMGetAlignment(self.raw()));
            LLVMSetUnnamedAddress(to.raw(), LLVMGetUnnamedAddress(self.raw()));
        }
    }

    /// Deletes a variable without uses.
    ///
    /// # Safety
    /// The caller holds no other copy of the handle that it will still use.
    pub unsafe fn delete(self) {
        assert!(!self.has_uses());
        // SAFETY: a variable without uses.
        unsafe { LLVMDeleteGlobal(self.raw()) }
    }
}

impl<'m> Function<'m> {
    /// Is the function known only within its module?
    pub fn is_local(self) -> bool {
        use llvm_sys::LLVMLinkage::*;
        // SAFETY: a function.
        matches!(unsafe { LLVMGetLinkage(self.raw()) }, LLVMInternalLinkage | LLVMPrivateLinkage)
    }

    /// Moves all blocks to a function that has none.
    pub fn move_blocks_to(self, to: Function<'m>) {
        assert!(to.is_declaration());
        for block in self.blocks() {
            // SAFETY: a live block, which is in one function at any time; both are of one module.
            unsafe {
                LLVMRemoveBasicBlockFromParent(block.0);
                LLVMAppendExistingBasicBlock(to.raw(), block.0);
            }
        }
    }

    /// Gives `to` the attributes that a site has here.
    pub fn copy_attributes(self, site: AttributeSite, to: Function<'m>, at: AttributeSite) {
        // SAFETY: live functions of one context; the buffer has room for as many as there are.
        unsafe {
            let n = LLVMGetAttributeCountAtIndex(self.raw(), site.index()) as usize;
            let mut all = vec![null_mut(); n];
            LLVMGetAttributesAtIndex(self.raw(), site.index(), all.as_mut_ptr());
            all.into_iter().for_each(|a| LLVMAddAttributeAtIndex(to.raw(), at.index(), a));
        }
    }

    /// Deletes a function without uses and without a body.
    ///
    /// # Safety
    /// The caller holds no other copy of the handle that it will still use.
    pub unsafe fn delete(self) {
        assert!(!self.has_uses() && self.is_declaration());
        // SAFETY: a function without uses.
        unsafe { LLVMDeleteFunction(self.raw()) }
    }
}

/// Gives the call `to` the attributes of the arguments of `from`, as many as both have.
pub fn copy_argument_attributes<'m>(from: Value<'m>, to: Value<'m>) {
    let n = from.call_args().len().min(to.call_args().len()) as u32;
    let sites = (0..n).map(AttributeSite::Param).chain([AttributeSite::Return, AttributeSite::Function]);
    for site in sites {
        // SAFETY: live calls of one context; the buffer has room for as many as there are.
        unsafe {
            let n = LLVMGetCallSiteAttributeCount(from.raw(), site.index()) as usize;
            let mut all = vec![null_mut(); n];
            LLVMGetCallSiteAttributes(from.raw(), site.index(), all.as_mut_ptr());
            all.into_iter().for_each(|a| LLVMAddCallSiteAttribute(to.raw(), site.index(), a));
        }
    }
}

impl<'c> Module<'c> {
    /// A function of another type in place of `f`: it has `f`'s name, linkage, convention, attributes and body, in which `f`'s
    /// parameters are what `parameters` makes of the new one's, at the start of the body. Nothing calls the new function;
    /// `f` has no body any more.
    pub fn retype_function<'m>(
        &'m self,
        f: Function<'m>,
        ty: Type<'m>,
        parameters: impl FnOnce(&crate::Builder<'m>, Function<'m>) -> Vec<Value<'m>>,
    ) -> Function<'m> {
        let name = f.name();
        f.set_name("");
        let new = self.add_function(&name, ty);
        for site in [AttributeSite::Function, AttributeSite::Return] {
            f.copy_attributes(site, new, site);
        }
        for i in 0..f.param_count().min(new.param_count()) {
            f.copy_attributes(AttributeSite::Param(i), new, AttributeSite::Param(i));
        }
        // SAFETY: functions of one module.
        unsafe {
            LLVMSetLinkage(new.raw(), LLVMGetLinkage(f.raw()));
            LLVMSetFunctionCallConv(new.raw(), LLVMGetFunctionCallConv(f.raw()));
        }
        f.move_blocks_to(new);
        let builder = crate::Builder::new(self.context());
        builder.position_before(new.blocks()[0].first_instruction().expect("blocks end"));
        let values = parameters(&builder, new);
        for (i, value) in values.into_iter().enumerate() {
            f.param(i as u32).replace_uses_with(value);
        }
        f.set_linkage(Linkage::External);
        new
    }
}

impl Module<'_> {
    /// How many bytes into a struct or array of type `ty` the field at the end of a path of indices is, by the module's data layout.
    pub fn field_offset(&self, ty: Type<'_>, path: &[u32]) -> u64 {
        let (mut at, mut offset) = (ty, 0);
        for &index in path {
            assert!(at.is_aggregate(), "a path through {at:?}");
            // SAFETY: a live module; a struct or array of sized elements, and `extractvalue`s have indices in range.
            unsafe {
                let data = LLVMGetModuleDataLayout(self.raw());
                if let Some(fields) = at.struct_fields() {
                    assert!(index < fields);
                    offset += LLVMOffsetOfElement(data, at.raw(), index);
                    at = Type::from_raw(LLVMStructGetTypeAtIndex(at.raw(), index));
                } else {
                    at = Type::from_raw(LLVMGetElementType(at.raw()));
                    offset += u64::from(index) * LLVMABISizeOfType(data, at.raw());
                }
            }
        }
        offset
    }
}
