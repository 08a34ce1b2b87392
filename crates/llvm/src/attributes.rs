//! Attributes of functions, parameters, results and call sites.

use crate::{Function, Module, Type, Value};
use llvm_sys::core::*;
use llvm_sys::prelude::*;

/// Where an attribute goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttributeSite {
    Function,
    Return,
    Param(u32),
}

impl AttributeSite {
    pub(crate) fn index(self) -> llvm_sys::LLVMAttributeIndex {
        match self {
            AttributeSite::Function => llvm_sys::LLVMAttributeIndex::MAX,
            AttributeSite::Return => 0,
            AttributeSite::Param(n) => n + 1,
        }
    }
}

/// An attribute to add.
#[derive(Clone, Copy, Debug)]
pub enum Attribute<'a> {
    /// `nounwind`, `noalias`, …
    Flag(&'static str),
    /// `align 16`, `dereferenceable(8)`, …
    Int(&'static str, u64),
    /// `sret(T)`, `byval(T)`, …
    Type(&'static str, Type<'a>),
    /// `"key"="value"`
    Text(&'a str, &'a str),
}

impl<'a> Attribute<'a> {
    fn raw(self, ctx: LLVMContextRef) -> LLVMAttributeRef {
        let kind = |name: &str| {
            // SAFETY: name with its length.
            let id = unsafe { LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()) };
            assert!(id != 0, "LLVM knows no attribute `{name}`");
            id
        };
        // SAFETY: the context is alive, kinds are checked, texts have their lengths.
        unsafe {
            match self {
                Attribute::Flag(name) => LLVMCreateEnumAttribute(ctx, kind(name), 0),
                Attribute::Int(name, value) => LLVMCreateEnumAttribute(ctx, kind(name), value),
                Attribute::Type(name, ty) => LLVMCreateTypeAttribute(ctx, kind(name), ty.raw()),
                Attribute::Text(key, value) => LLVMCreateStringAttribute(
                    ctx,
                    key.as_ptr().cast(),
                    key.len() as u32,
                    value.as_ptr().cast(),
                    value.len() as u32,
                ),
            }
        }
    }
}

fn context_of(value: Value<'_>) -> LLVMContextRef {
    // SAFETY: a live value.
    unsafe { LLVMGetTypeContext(LLVMTypeOf(value.raw())) }
}

impl<'m> Function<'m> {
    pub fn add_attribute(self, site: AttributeSite, attribute: Attribute<'_>) {
        // SAFETY: a live function and an attribute of its context.
        unsafe { LLVMAddAttributeAtIndex(self.raw(), site.index(), attribute.raw(context_of(*self))) }
    }
    pub fn has_flag(self, name: &str) -> bool {
        // SAFETY: a live function; name with its length.
        unsafe {
            let kind = LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len());
            kind != 0 && !LLVMGetEnumAttributeAtIndex(self.raw(), llvm_sys::LLVMAttributeIndex::MAX, kind).is_null()
        }
    }
    pub fn remove_flag(self, name: &str) {
        // SAFETY: as above.
        unsafe {
            let kind = LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len());
            if kind != 0 {
                LLVMRemoveEnumAttributeAtIndex(self.raw(), llvm_sys::LLVMAttributeIndex::MAX, kind);
            }
        }
    }
}

impl<'m> Value<'m> {
    /// Adds an attribute to a call.
    pub fn add_call_attribute(self, site: AttributeSite, attribute: Attribute<'_>) {
        assert!(self.opcode() == Some(crate::Opcode::LLVMCall));
        // SAFETY: a live call and an attribute of its context.
        unsafe { LLVMAddCallSiteAttribute(self.raw(), site.index(), attribute.raw(context_of(self))) }
    }
    /// Sets a call's convention; it must be the callee's.
    pub fn set_call_conv(self, conv: u32) {
        assert!(self.opcode() == Some(crate::Opcode::LLVMCall));
        // SAFETY: a live call.
        unsafe { LLVMSetInstructionCallConv(self.raw(), conv) }
    }
}

impl Module<'_> {
    /// Adds `attribute` to every function that has a body.
    pub fn add_to_definitions(&self, attribute: Attribute<'_>) {
        for f in self.functions() {
            if !f.is_declaration() {
                f.add_attribute(AttributeSite::Function, attribute);
            }
        }
    }
}
