//! Reading control flow, and copying instructions from one function to another of the same module.

use crate::value::{Block, Function, Value};
use crate::{Builder, Module, Opcode, Type};
use llvm_sys::LLVMAtomicOrdering;
use llvm_sys::core::*;
use llvm_sys::target::{LLVMABIAlignmentOfType, LLVMABISizeOfType, LLVMGetModuleDataLayout};
use std::marker::PhantomData;

impl<'m> Value<'m> {
    /// Blocks that a terminator may go to, in its order; a block may be there twice.
    pub fn successors(self) -> Vec<Block<'m>> {
        assert!(self.is_terminator(), "successors of something that ends no block");
        // SAFETY: a terminator; indices are in range.
        unsafe {
            (0..LLVMGetNumSuccessors(self.raw())).map(|i| Block(LLVMGetSuccessor(self.raw(), i), PhantomData)).collect()
        }
    }

    /// Makes a terminator go elsewhere.
    pub fn set_successor(self, index: u32, to: Block<'m>) {
        assert!(self.is_terminator());
        // SAFETY: a terminator and a live block; the index is checked.
        unsafe {
            assert!(index < LLVMGetNumSuccessors(self.raw()));
            LLVMSetSuccessor(self.raw(), index, to.0);
        }
    }

    pub fn is_terminator(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { !LLVMIsATerminatorInst(self.raw()).is_null() }
    }

    /// The inputs of a phi with the blocks that they come from.
    pub fn incoming(self) -> Vec<(Value<'m>, Block<'m>)> {
        assert!(self.opcode() == Some(Opcode::LLVMPHI));
        // SAFETY: a phi; indices are in range.
        unsafe {
            (0..LLVMCountIncoming(self.raw()))
                .map(|i| {
                    let block = Block(LLVMGetIncomingBlock(self.raw(), i), PhantomData);
                    (Value::from_raw(LLVMGetIncomingValue(self.raw(), i)), block)
                })
                .collect()
        }
    }

    /// How an `icmp` compares.
    pub fn predicate(self) -> Option<crate::IntPredicate> {
        // SAFETY: an `icmp`.
        (self.opcode()? == Opcode::LLVMICmp).then(|| unsafe { LLVMGetICmpPredicate(self.raw()) })
    }

    /// The block that an instruction is in.
    pub fn parent(self) -> Option<Block<'m>> {
        self.opcode()?;
        // SAFETY: an instruction; detached ones have no parent.
        let raw = unsafe { LLVMGetInstructionParent(self.raw()) };
        (!raw.is_null()).then_some(Block(raw, PhantomData))
    }

    /// Is this a parameter of a function?
    pub fn is_param(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { !LLVMIsAArgument(self.raw()).is_null() }
    }

    /// Is this a variable of the module whose value never changes?
    pub fn is_constant_global(self) -> bool {
        // SAFETY: the value is alive; asked only of variables.
        unsafe { !LLVMIsAGlobalVariable(self.raw()).is_null() && LLVMIsGlobalConstant(self.raw()) != 0 }
    }

    /// A load or store that is neither volatile nor atomic.
    pub fn is_plain_access(self) -> bool {
        if !matches!(self.opcode(), Some(Opcode::LLVMLoad | Opcode::LLVMStore)) {
            return false;
        }
        // SAFETY: a load or store.
        unsafe {
            LLVMGetVolatile(self.raw()) == 0
                && LLVMGetOrdering(self.raw()) == LLVMAtomicOrdering::LLVMAtomicOrderingNotAtomic
        }
    }

    pub fn has_metadata(self, kind: &str) -> bool {
        assert!(self.opcode().is_some());
        // SAFETY: an instruction; name with its length.
        unsafe {
            let context = LLVMGetTypeContext(LLVMTypeOf(self.raw()));
            let id = LLVMGetMDKindIDInContext(context, kind.as_ptr().cast(), kind.len() as u32);
            !LLVMGetMetadata(self.raw(), id).is_null()
        }
    }

    /// What an alloca allocates one of.
    pub fn allocated_type(self) -> Type<'m> {
        assert!(self.opcode() == Some(Opcode::LLVMAlloca));
        // SAFETY: an alloca.
        Type::from_raw(unsafe { LLVMGetAllocatedType(self.raw()) })
    }

    /// Alignment of an alloca, load or store.
    pub fn alignment(self) -> u32 {
        assert!(matches!(self.opcode(), Some(Opcode::LLVMAlloca | Opcode::LLVMLoad | Opcode::LLVMStore)));
        // SAFETY: one of these.
        unsafe { LLVMGetAlignment(self.raw()) }
    }

    /// The type that a `getelementptr` counts in.
    pub fn element_type(self) -> Type<'m> {
        assert!(self.opcode() == Some(Opcode::LLVMGetElementPtr));
        // SAFETY: a `getelementptr`.
        Type::from_raw(unsafe { LLVMGetGEPSourceElementType(self.raw()) })
    }

    /// Says of an addition, subtraction, multiplication or shift that it does not overflow as a signed number, and where
    /// `unsigned` not as an unsigned one either.
    pub fn set_no_wrap(self, unsigned: bool) {
        let opcode = self.opcode();
        assert!(matches!(opcode, Some(Opcode::LLVMAdd | Opcode::LLVMSub | Opcode::LLVMMul | Opcode::LLVMShl)));
        // SAFETY: one of the instructions with these flags.
        unsafe {
            LLVMSetNSW(self.raw(), 1);
            if unsigned {
                LLVMSetNUW(self.raw(), 1);
            }
        }
    }

    pub fn set_operand(self, index: u32, value: Value<'m>) {
        assert!(index < self.operand_count() && self.operand(index).ty() == value.ty(), "operand of another type");
        // SAFETY: in range, same type.
        unsafe { LLVMSetOperand(self.raw(), index, value.raw()) }
    }
}

impl<'m> Builder<'m> {
    /// A copy of `instruction` with its operands, flags and metadata, at the insertion point.
    pub fn copy(&self, instruction: Value<'m>) -> Value<'m> {
        assert!(instruction.opcode().is_some());
        // SAFETY: a live instruction; the copy is detached until it is inserted.
        unsafe {
            let raw = LLVMInstructionClone(instruction.raw());
            LLVMInsertIntoBuilder(self.raw(), raw);
            Value::from_raw(raw)
        }
    }
}

impl Function<'_> {
    /// Touches no memory, does not unwind and comes back: calls depend on their arguments alone.
    pub fn is_pure(self) -> bool {
        // SAFETY: a live function; name with its length.
        let no_memory = unsafe {
            let kind = LLVMGetEnumAttributeKindForName(c"memory".as_ptr(), 6);
            let memory = LLVMGetEnumAttributeAtIndex(self.raw(), llvm_sys::LLVMAttributeIndex::MAX, kind);
            !memory.is_null() && LLVMGetEnumAttributeValue(memory) == 0
        };
        no_memory && self.has_flag("nounwind") && self.has_flag("willreturn") && !self.has_flag("convergent")
    }
}

impl Module<'_> {
    /// Size and alignment of a type in memory, by the module's data layout.
    pub fn layout_of(&self, ty: Type<'_>) -> (u64, u32) {
        // SAFETY: a live module and a sized type.
        unsafe {
            let data = LLVMGetModuleDataLayout(self.raw());
            (LLVMABISizeOfType(data, ty.raw()), LLVMABIAlignmentOfType(data, ty.raw()))
        }
    }
}
