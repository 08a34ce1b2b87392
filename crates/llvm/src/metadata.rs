//! Metadata: loop hints, ranges, module flags, access groups.

use crate::{Context, Module, Value};
use llvm_sys::core::*;
use llvm_sys::debuginfo::{LLVMMetadataReplaceAllUsesWith, LLVMTemporaryMDNode};
use llvm_sys::prelude::*;
use std::marker::PhantomData;

/// A metadata node, string or wrapped constant.
#[derive(Clone, Copy)]
pub struct Metadata<'m> {
    raw: LLVMMetadataRef,
    life: PhantomData<&'m ()>,
}

impl<'m> Metadata<'m> {
    pub(crate) fn raw(self) -> LLVMMetadataRef {
        self.raw
    }
    fn new(raw: LLVMMetadataRef) -> Metadata<'m> {
        Metadata { raw, life: PhantomData }
    }
}

impl Context {
    pub fn md_string(&self, text: &str) -> Metadata<'_> {
        // SAFETY: text with its length; the context is alive.
        Metadata::new(unsafe { LLVMMDStringInContext2(self.raw(), text.as_ptr().cast(), text.len()) })
    }
    pub fn md_node(&self, operands: &[Metadata<'_>]) -> Metadata<'_> {
        let mut raw: Vec<_> = operands.iter().map(|m| m.raw).collect();
        // SAFETY: operands of this context.
        Metadata::new(unsafe { LLVMMDNodeInContext2(self.raw(), raw.as_mut_ptr(), raw.len()) })
    }
    pub fn md_value<'m>(&'m self, value: Value<'m>) -> Metadata<'m> {
        // SAFETY: a live value.
        Metadata::new(unsafe { LLVMValueAsMetadata(value.raw()) })
    }
    /// A distinct node whose first operand is itself, as loop identifiers are.
    pub fn md_self_referential(&self, rest: &[Metadata<'_>]) -> Metadata<'_> {
        // SAFETY: the temporary is replaced (and thereby freed) before anyone else sees it; making
        // the node its own operand is what makes it distinct.
        unsafe {
            let placeholder = LLVMTemporaryMDNode(self.raw(), std::ptr::null_mut(), 0);
            let mut raw = vec![placeholder];
            raw.extend(rest.iter().map(|m| m.raw));
            let node = LLVMMDNodeInContext2(self.raw(), raw.as_mut_ptr(), raw.len());
            LLVMMetadataReplaceAllUsesWith(placeholder, node);
            Metadata::new(node)
        }
    }
    /// A fresh access group (an empty distinct node), or `None` where LLVM will not make one.
    pub fn md_access_group(&self) -> Option<Metadata<'_>> {
        // The C interface has no call for it; the reader of textual IR has.
        let module = Module::parse_ir(self, "!rekindle = !{!0}\n!0 = distinct !{}\n").ok()?;
        // SAFETY: the named node has one operand, as the text says; nodes live as long as the context.
        unsafe {
            let mut operand = std::ptr::null_mut();
            LLVMGetNamedMetadataOperands(module.raw(), c"rekindle".as_ptr(), &mut operand);
            Some(Metadata::new(LLVMValueAsMetadata(operand)))
        }
    }
    fn kind_id(&self, kind: &str) -> u32 {
        // SAFETY: name with its length.
        unsafe { LLVMGetMDKindIDInContext(self.raw(), kind.as_ptr().cast(), kind.len() as u32) }
    }
}

impl<'m> Module<'m> {
    /// Attaches `node` to an instruction.
    pub fn set_metadata(&self, instruction: Value<'_>, kind: &str, node: Metadata<'_>) {
        assert!(instruction.opcode().is_some(), "metadata on something that is no instruction");
        // SAFETY: a live instruction and a node of the same context.
        unsafe {
            let value = LLVMMetadataAsValue(self.context().raw(), node.raw);
            LLVMSetMetadata(instruction.raw(), self.context().kind_id(kind), value);
        }
    }
    /// Appends an operand to a named metadata list.
    pub fn add_named_metadata(&self, name: &str, node: Metadata<'_>) {
        let name = std::ffi::CString::new(name).expect("metadata names have no NUL");
        // SAFETY: a live module and a node of its context.
        unsafe {
            let value = LLVMMetadataAsValue(self.context().raw(), node.raw);
            LLVMAddNamedMetadataOperand(self.raw(), name.as_ptr(), value);
        }
    }
    /// Adds a module flag with an `i32` value; conflicting modules do not link.
    pub fn add_flag(&self, name: &str, value: u32) {
        let constant = self.context().md_value(self.context().int_type(32).const_int(value.into()));
        // SAFETY: a live module, name with its length.
        unsafe {
            LLVMAddModuleFlag(
                self.raw(),
                llvm_sys::LLVMModuleFlagBehavior::LLVMModuleFlagBehaviorOverride,
                name.as_ptr().cast(),
                name.len(),
                constant.raw,
            );
        }
    }
}
