//! Values, functions, globals and blocks.

use crate::error::take_message;
use crate::{Linkage, Metadata, Type};
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use std::ffi::CString;
use std::marker::PhantomData;
use std::ops::Deref;

pub use llvm_sys::LLVMOpcode as Opcode;

/// A value: constant, argument, instruction, global. Its hash is of its address: never iterate in that order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Value<'m> {
    raw: LLVMValueRef,
    life: PhantomData<&'m ()>,
}

impl<'m> Value<'m> {
    pub(crate) fn from_raw(raw: LLVMValueRef) -> Value<'m> {
        debug_assert!(!raw.is_null());
        Value { raw, life: PhantomData }
    }
    pub(crate) fn raw(self) -> LLVMValueRef {
        self.raw
    }

    pub fn ty(self) -> Type<'m> {
        // SAFETY: the value is alive.
        Type::from_raw(unsafe { LLVMTypeOf(self.raw) })
    }

    pub fn is_constant(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { LLVMIsConstant(self.raw) != 0 }
    }

    /// The value of an integer constant of at most 64 bits.
    pub fn as_const_int(self) -> Option<u64> {
        // SAFETY: asked only of integer constants.
        unsafe {
            if LLVMIsAConstantInt(self.raw).is_null() || self.ty().bits() > 64 {
                return None;
            }
            Some(LLVMConstIntGetZExtValue(self.raw))
        }
    }

    /// The opcode where this is an instruction.
    pub fn opcode(self) -> Option<Opcode> {
        // SAFETY: the value is alive.
        unsafe { if LLVMIsAInstruction(self.raw).is_null() { None } else { Some(LLVMGetInstructionOpcode(self.raw)) } }
    }

    pub fn operand_count(self) -> u32 {
        // SAFETY: asked only of users.
        unsafe { if LLVMIsAUser(self.raw).is_null() { 0 } else { LLVMGetNumOperands(self.raw) as u32 } }
    }

    pub fn operand(self, index: u32) -> Value<'m> {
        assert!(index < self.operand_count());
        // SAFETY: the index is in range.
        Value::from_raw(unsafe { LLVMGetOperand(self.raw, index) })
    }

    /// The function that a call instruction calls directly.
    pub fn called_function(self) -> Option<Function<'m>> {
        if !matches!(self.opcode(), Some(Opcode::LLVMCall | Opcode::LLVMInvoke)) {
            return None;
        }
        // SAFETY: it is a call.
        unsafe {
            let callee = LLVMGetCalledValue(self.raw);
            (!LLVMIsAFunction(callee).is_null()).then(|| Function(Value::from_raw(callee)))
        }
    }

    /// This value as a function.
    pub fn as_function(self) -> Option<Function<'m>> {
        // SAFETY: the value is alive.
        unsafe { (!LLVMIsAFunction(self.raw).is_null()).then_some(Function(self)) }
    }

    pub fn has_uses(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { !LLVMGetFirstUse(self.raw).is_null() }
    }

    /// All uses become uses of `other`, which has the same type.
    pub fn replace_uses_with(self, other: Value<'m>) {
        assert!(self.ty() == other.ty(), "replacement of another type");
        // SAFETY: both alive, same type.
        unsafe { LLVMReplaceAllUsesWith(self.raw, other.raw) }
    }

    /// The constant's address in another address space.
    pub fn const_addrspace_cast(self, to: Type<'m>) -> Value<'m> {
        assert!(self.is_constant() && self.ty().is_pointer() && to.is_pointer());
        // SAFETY: a constant pointer and a pointer type.
        Value::from_raw(unsafe { LLVMConstAddrSpaceCast(self.raw, to.raw()) })
    }

    /// Marks a load or store volatile.
    pub fn set_volatile(self) {
        assert!(matches!(self.opcode(), Some(Opcode::LLVMLoad | Opcode::LLVMStore)));
        // SAFETY: a load or store.
        unsafe { LLVMSetVolatile(self.raw, 1) }
    }

    /// Sets the alignment of a load, store, alloca or global.
    pub fn set_alignment(self, align: u32) {
        assert!(align.is_power_of_two());
        // SAFETY: the value is one of the kinds above (LLVM checks in debug builds; callers are the builder and `Global`).
        unsafe { LLVMSetAlignment(self.raw, align) }
    }

    /// Sets fast-math flags (`llvm_sys` bit mask) where the instruction can have them.
    pub fn set_fast_math(self, flags: u32) {
        // SAFETY: LLVM says whether the value can carry the flags.
        unsafe {
            if !LLVMIsAInstruction(self.raw).is_null() && LLVMCanValueUseFastMathFlags(self.raw) != 0 {
                LLVMSetFastMathFlags(self.raw, flags);
            }
        }
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // SAFETY: the value is alive; the message is ours to free.
        f.write_str(&unsafe { take_message(LLVMPrintValueToString(self.raw)) })
    }
}

/// Calling conventions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum CallConv {
    C = 0,
    Fast = 8,
    PtxKernel = 71,
    PtxDevice = 72,
    SpirFunc = 75,
    SpirKernel = 76,
    AmdgpuKernel = 91,
}

/// A function of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Function<'m>(pub(crate) Value<'m>);

impl<'m> Deref for Function<'m> {
    type Target = Value<'m>;
    fn deref(&self) -> &Value<'m> {
        &self.0
    }
}

fn name_of(raw: LLVMValueRef) -> String {
    let mut len = 0;
    // SAFETY: the value is alive; the name is copied out of its buffer of the stated length.
    unsafe {
        let text = LLVMGetValueName2(raw, &mut len);
        String::from_utf8_lossy(std::slice::from_raw_parts(text.cast::<u8>(), len)).into_owned()
    }
}

fn set_name(raw: LLVMValueRef, name: &str) {
    // SAFETY: name with its length.
    unsafe { LLVMSetValueName2(raw, name.as_ptr().cast(), name.len()) }
}

impl<'m> Function<'m> {
    pub fn value(self) -> Value<'m> {
        self.0
    }
    pub fn name(self) -> String {
        name_of(self.raw())
    }
    /// Renames; LLVM adds a suffix where the name is taken.
    pub fn set_name(self, name: &str) {
        set_name(self.raw(), name);
    }
    pub fn function_type(self) -> Type<'m> {
        // SAFETY: a function.
        Type::from_raw(unsafe { LLVMGlobalGetValueType(self.raw()) })
    }
    pub fn is_declaration(self) -> bool {
        // SAFETY: a function.
        unsafe { LLVMIsDeclaration(self.raw()) != 0 }
    }
    pub fn param_count(self) -> u32 {
        // SAFETY: a function.
        unsafe { LLVMCountParams(self.raw()) }
    }
    pub fn param(self, index: u32) -> Value<'m> {
        assert!(index < self.param_count(), "parameter {index} of {}", self.name());
        // SAFETY: in range.
        Value::from_raw(unsafe { LLVMGetParam(self.raw(), index) })
    }
    /// Attaches metadata of a kind that LLVM or a machine knows.
    pub fn set_metadata(self, kind: &str, node: Metadata<'m>) {
        // SAFETY: a live function and a node of its context; name with its length.
        unsafe {
            let context = LLVMGetTypeContext(LLVMTypeOf(self.raw()));
            let id = LLVMGetMDKindIDInContext(context, kind.as_ptr().cast(), kind.len() as u32);
            LLVMGlobalSetMetadata(self.raw(), id, node.raw());
        }
    }
    pub fn set_linkage(self, linkage: Linkage) {
        // SAFETY: a function.
        unsafe { LLVMSetLinkage(self.raw(), linkage.raw()) }
    }
    pub fn set_call_conv(self, conv: CallConv) {
        // SAFETY: a function.
        unsafe { LLVMSetFunctionCallConv(self.raw(), conv as u32) }
    }
    pub fn call_conv(self) -> u32 {
        // SAFETY: a function.
        unsafe { LLVMGetFunctionCallConv(self.raw()) }
    }
    /// Puts the function into a section of the object.
    pub fn append_block(self) -> Block<'m> {
        // SAFETY: a function of a live module; its context is the module's.
        unsafe {
            let ctx = LLVMGetTypeContext(LLVMTypeOf(self.raw()));
            Block(LLVMAppendBasicBlockInContext(ctx, self.raw(), c"".as_ptr()), PhantomData)
        }
    }
    pub fn blocks(self) -> Vec<Block<'m>> {
        let mut blocks = Vec::new();
        // SAFETY: walks the list of a live function.
        unsafe {
            let mut block = LLVMGetFirstBasicBlock(self.raw());
            while !block.is_null() {
                blocks.push(Block(block, PhantomData));
                block = LLVMGetNextBasicBlock(block);
            }
        }
        blocks
    }
    /// Every instruction, in order.
    pub fn instructions(self) -> Vec<Value<'m>> {
        self.blocks().into_iter().flat_map(|b| b.instructions()).collect()
    }
}

impl std::fmt::Debug for Function<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A global variable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Global<'m>(pub(crate) Value<'m>);

impl<'m> Deref for Global<'m> {
    type Target = Value<'m>;
    fn deref(&self) -> &Value<'m> {
        &self.0
    }
}

impl<'m> Global<'m> {
    pub fn value(self) -> Value<'m> {
        self.0
    }
    pub fn name(self) -> String {
        name_of(self.raw())
    }
    pub fn set_name(self, name: &str) {
        set_name(self.raw(), name);
    }
    pub fn value_type(self) -> Type<'m> {
        // SAFETY: a global variable.
        Type::from_raw(unsafe { LLVMGlobalGetValueType(self.raw()) })
    }
    pub fn is_declaration(self) -> bool {
        // SAFETY: a global variable.
        unsafe { LLVMIsDeclaration(self.raw()) != 0 }
    }
    pub fn set_initializer(self, value: Value<'m>) {
        assert!(value.is_constant() && value.ty() == self.value_type());
        // SAFETY: a constant of the global's type.
        unsafe { LLVMSetInitializer(self.raw(), value.raw()) }
    }
    pub fn set_constant(self, constant: bool) {
        // SAFETY: a global variable.
        unsafe { LLVMSetGlobalConstant(self.raw(), constant as i32) }
    }
    pub fn set_linkage(self, linkage: Linkage) {
        // SAFETY: a global variable.
        unsafe { LLVMSetLinkage(self.raw(), linkage.raw()) }
    }
    pub fn set_section(self, name: &str) {
        let name = CString::new(name).expect("sections have no NUL");
        // SAFETY: a global variable; the text is copied.
        unsafe { LLVMSetSection(self.raw(), name.as_ptr()) }
    }
    /// Something outside of the program sets the value before it runs.
    pub fn set_externally_initialized(self) {
        // SAFETY: a global variable.
        unsafe { LLVMSetExternallyInitialized(self.raw(), 1) }
    }
    pub fn set_unnamed_addr(self) {
        // SAFETY: a global variable.
        unsafe { LLVMSetUnnamedAddress(self.raw(), llvm_sys::LLVMUnnamedAddr::LLVMGlobalUnnamedAddr) }
    }
}

/// A basic block. Its hash is of its address: never iterate in that order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block<'m>(pub(crate) LLVMBasicBlockRef, pub(crate) PhantomData<&'m ()>);

impl<'m> Block<'m> {
    pub fn function(self) -> Function<'m> {
        // SAFETY: the block is in a function (they are made nowhere else).
        Function(Value::from_raw(unsafe { LLVMGetBasicBlockParent(self.0) }))
    }
    pub fn terminator(self) -> Option<Value<'m>> {
        // SAFETY: a live block.
        let raw = unsafe { LLVMGetBasicBlockTerminator(self.0) };
        (!raw.is_null()).then(|| Value::from_raw(raw))
    }
    pub fn instructions(self) -> Vec<Value<'m>> {
        let mut found = Vec::new();
        // SAFETY: walks the list of a live block.
        unsafe {
            let mut inst = LLVMGetFirstInstruction(self.0);
            while !inst.is_null() {
                found.push(Value::from_raw(inst));
                inst = LLVMGetNextInstruction(inst);
            }
        }
        found
    }
    pub fn first_instruction(self) -> Option<Value<'m>> {
        // SAFETY: a live block.
        let raw = unsafe { LLVMGetFirstInstruction(self.0) };
        (!raw.is_null()).then(|| Value::from_raw(raw))
    }
    /// Moves the block behind `other` (order in the listing only).
    pub fn move_after(self, other: Block<'m>) {
        // SAFETY: both live, of one function.
        unsafe { LLVMMoveBasicBlockAfter(self.0, other.0) }
    }
}
