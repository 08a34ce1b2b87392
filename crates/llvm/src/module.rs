//! Modules: reading, writing, linking, verifying.

use crate::Type;
use crate::context::Context;
use crate::error::{Error, guarded, take_message};
use crate::value::{Function, Global, Value};
use llvm_sys::LLVMLinkage;
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use std::ffi::{CString, c_char, c_int};
use std::mem::ManuallyDrop;

// The same functions as in `llvm-sys`, declared as able to unwind: a fatal error leaves through them.
unsafe extern "C-unwind" {
    fn LLVMLinkModules2(dest: LLVMModuleRef, src: LLVMModuleRef) -> LLVMBool;
    fn LLVMParseBitcodeInContext2(
        ctx: LLVMContextRef,
        buffer: LLVMMemoryBufferRef,
        out: *mut LLVMModuleRef,
    ) -> LLVMBool;
    fn LLVMParseIRInContext2(
        ctx: LLVMContextRef,
        buffer: LLVMMemoryBufferRef,
        out: *mut LLVMModuleRef,
        message: *mut *mut c_char,
    ) -> LLVMBool;
    fn LLVMVerifyModule(m: LLVMModuleRef, action: c_int, message: *mut *mut c_char) -> LLVMBool;
}

/// `LLVMReturnStatusAction`: report, do not print or abort.
const RETURN_STATUS: c_int = 2;

/// Linkage of a function or global.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Linkage {
    External,
    Internal,
    Private,
    LinkOnceOdr,
    Weak,
    /// Of lists that linking joins.
    Appending,
}

impl Linkage {
    pub(crate) fn raw(self) -> LLVMLinkage {
        match self {
            Linkage::External => LLVMLinkage::LLVMExternalLinkage,
            Linkage::Internal => LLVMLinkage::LLVMInternalLinkage,
            Linkage::Private => LLVMLinkage::LLVMPrivateLinkage,
            Linkage::LinkOnceOdr => LLVMLinkage::LLVMLinkOnceODRLinkage,
            Linkage::Weak => LLVMLinkage::LLVMWeakAnyLinkage,
            Linkage::Appending => LLVMLinkage::LLVMAppendingLinkage,
        }
    }
}

/// A translation unit.
pub struct Module<'c> {
    raw: LLVMModuleRef,
    context: &'c Context,
}

impl<'c> Module<'c> {
    /// An empty module. `name` reaches the bitcode: never put a path or a counter in it.
    pub fn new(context: &'c Context, name: &str) -> Module<'c> {
        let name = CString::new(name).expect("module names have no NUL");
        // SAFETY: the context is alive.
        let raw = unsafe { LLVMModuleCreateWithNameInContext(name.as_ptr(), context.raw()) };
        Module { raw, context }
    }

    fn from_buffer(
        context: &'c Context,
        bytes: &[u8],
        parse: impl FnOnce(LLVMMemoryBufferRef, &mut LLVMModuleRef, &mut *mut c_char) -> LLVMBool,
    ) -> Result<Module<'c>, Error> {
        let mut raw = std::ptr::null_mut();
        let mut message = std::ptr::null_mut();
        // SAFETY: the buffer is a copy (with the terminating NUL that the text reader wants), and ours.
        let failed = unsafe {
            let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bytes.as_ptr().cast(), bytes.len(), c"".as_ptr());
            let failed = guarded(|| parse(buffer, &mut raw, &mut message))?;
            LLVMDisposeMemoryBuffer(buffer);
            failed != 0
        };
        // SAFETY: LLVM's message, ours to free.
        let message = unsafe { take_message(message) };
        let reported = context.take_diagnostics();
        if failed {
            reported?;
            return Err(Error(message));
        }
        Ok(Module { raw, context })
    }

    /// Reads bitcode.
    pub fn parse_bitcode(context: &'c Context, bytes: &[u8]) -> Result<Module<'c>, Error> {
        Module::from_buffer(context, bytes, |buffer, out, _| {
            // SAFETY: live context and buffer, valid out-pointer.
            unsafe { LLVMParseBitcodeInContext2(context.raw(), buffer, out) }
        })
    }

    /// Reads textual IR.
    pub fn parse_ir(context: &'c Context, text: &str) -> Result<Module<'c>, Error> {
        // SAFETY: the context is alive. The reader of text refuses contexts that drop names.
        unsafe { LLVMContextSetDiscardValueNames(context.raw(), 0) };
        let module = Module::from_buffer(context, text.as_bytes(), |buffer, out, message| {
            // SAFETY: live context and buffer, valid out-pointers.
            unsafe { LLVMParseIRInContext2(context.raw(), buffer, out, message) }
        });
        // SAFETY: as above.
        unsafe { LLVMContextSetDiscardValueNames(context.raw(), 1) };
        module
    }

    pub(crate) fn raw(&self) -> LLVMModuleRef {
        self.raw
    }

    pub fn context(&self) -> &'c Context {
        self.context
    }

    pub fn set_triple(&self, triple: &str) {
        let triple = CString::new(triple).expect("triples have no NUL");
        // SAFETY: a live module.
        unsafe { LLVMSetTarget(self.raw, triple.as_ptr()) }
    }

    pub fn set_data_layout(&self, layout: &str) {
        let layout = CString::new(layout).expect("data layouts have no NUL");
        // SAFETY: a live module. A malformed layout is a programming error: layouts come from LLVM.
        unsafe { LLVMSetDataLayout(self.raw, layout.as_ptr()) }
    }

    /// Has passes keep every function that has a body, used or not.
    pub fn keep_definitions(&self) {
        let kept: Vec<Value<'_>> =
            self.functions().into_iter().filter(|f| !f.is_declaration()).map(|f| f.value()).collect();
        let Some(first) = kept.first() else { return };
        let list = self.add_global("llvm.compiler.used", first.ty().array(kept.len() as u64), 0);
        list.set_initializer(first.ty().const_array(&kept));
        list.set_linkage(Linkage::Appending);
        list.set_section("llvm.metadata");
    }

    /// Makes it a module for the same machine as another.
    pub fn set_same_machine(&self, other: &Module<'_>) {
        // SAFETY: live modules; both texts are NUL-terminated and owned by `other`, and are copied.
        unsafe {
            LLVMSetTarget(self.raw, LLVMGetTarget(other.raw));
            LLVMSetDataLayout(self.raw, LLVMGetDataLayoutStr(other.raw));
        }
    }

    /// The bitcode. The same module gives the same bytes, always.
    pub fn to_bitcode(&self) -> Vec<u8> {
        // SAFETY: a live module; the buffer is ours.
        unsafe { take_buffer(llvm_sys::bit_writer::LLVMWriteBitcodeToMemoryBuffer(self.raw)) }
    }

    /// The textual form.
    pub fn to_ir(&self) -> String {
        // SAFETY: a live module; the message is ours to free.
        unsafe { take_message(LLVMPrintModuleToString(self.raw)) }
    }

    /// Checks that the IR is well formed.
    pub fn verify(&self) -> Result<(), Error> {
        let mut message = std::ptr::null_mut();
        // SAFETY: a live module, valid out-pointer.
        let failed = guarded(|| unsafe { LLVMVerifyModule(self.raw, RETURN_STATUS, &mut message) })?;
        // SAFETY: LLVM's message, ours to free.
        let text = unsafe { take_message(message) };
        if failed != 0 { Err(Error(text)) } else { Ok(()) }
    }

    /// Moves everything of `other` into `self`: declarations meet definitions by name.
    pub fn link(&mut self, other: Module<'c>) -> Result<(), Error> {
        assert!(std::ptr::eq(self.context, other.context), "modules of different contexts");
        // The linker destroys its source whatever the outcome.
        let other = ManuallyDrop::new(other);
        // SAFETY: both alive and of one context; nothing borrows either.
        let failed = guarded(|| unsafe { LLVMLinkModules2(self.raw, other.raw) })?;
        let reported = self.context.take_diagnostics();
        if failed != 0 {
            reported?;
            return Err(Error("modules do not link".into()));
        }
        Ok(())
    }

    pub fn add_function(&self, name: &str, ty: Type<'_>) -> Function<'_> {
        let name = CString::new(name).expect("symbols have no NUL");
        // SAFETY: a live module and a function type of its context.
        Function(Value::from_raw(unsafe { LLVMAddFunction(self.raw, name.as_ptr(), ty.raw()) }))
    }

    pub fn function(&self, name: &str) -> Option<Function<'_>> {
        let name = CString::new(name).ok()?;
        // SAFETY: a live module.
        let raw = unsafe { LLVMGetNamedFunction(self.raw, name.as_ptr()) };
        (!raw.is_null()).then(|| Function(Value::from_raw(raw)))
    }

    /// The function of that name, declared if it is not there yet.
    pub fn declare(&self, name: &str, ty: Type<'_>) -> Function<'_> {
        self.function(name).unwrap_or_else(|| self.add_function(name, ty))
    }

    pub fn functions(&self) -> Vec<Function<'_>> {
        let mut found = Vec::new();
        // SAFETY: walks the list of a live module.
        unsafe {
            let mut f = LLVMGetFirstFunction(self.raw);
            while !f.is_null() {
                found.push(Function(Value::from_raw(f)));
                f = LLVMGetNextFunction(f);
            }
        }
        found
    }

    pub fn add_global(&self, name: &str, ty: Type<'_>, address_space: u32) -> Global<'_> {
        let name = CString::new(name).expect("symbols have no NUL");
        // SAFETY: a live module and a sized type of its context.
        Global(Value::from_raw(unsafe {
            LLVMAddGlobalInAddressSpace(self.raw, ty.raw(), name.as_ptr(), address_space)
        }))
    }

    pub fn global(&self, name: &str) -> Option<Global<'_>> {
        let name = CString::new(name).ok()?;
        // SAFETY: a live module.
        let raw = unsafe { LLVMGetNamedGlobal(self.raw, name.as_ptr()) };
        (!raw.is_null()).then(|| Global(Value::from_raw(raw)))
    }

    pub fn globals(&self) -> Vec<Global<'_>> {
        let mut found = Vec::new();
        // SAFETY: walks the list of a live module.
        unsafe {
            let mut g = LLVMGetFirstGlobal(self.raw);
            while !g.is_null() {
                found.push(Global(Value::from_raw(g)));
                g = LLVMGetNextGlobal(g);
            }
        }
        found
    }

    /// Deletes a function without uses.
    pub fn delete_function(&mut self, name: &str) {
        if let Some(f) = self.function(name)
            && !f.has_uses()
        {
            // SAFETY: no uses, and `&mut self` says that no handle is out.
            unsafe { LLVMDeleteFunction(f.raw()) }
        }
    }

    /// Makes every definition internal except those named.
    pub fn internalize_except(&self, keep: &[&str]) {
        for f in self.functions() {
            if !f.is_declaration() && !keep.contains(&f.name().as_str()) {
                f.set_linkage(Linkage::Internal);
            }
        }
        for g in self.globals() {
            if !g.is_declaration() && !keep.contains(&g.name().as_str()) && !g.name().starts_with("llvm.") {
                g.set_linkage(Linkage::Internal);
            }
        }
    }

    /// The declaration of the LLVM intrinsic `name`, overloaded on `types`. `None` where LLVM has no such intrinsic.
    pub fn intrinsic(&self, name: &str, types: &[Type<'_>]) -> Option<Function<'_>> {
        let mut raw: Vec<_> = types.iter().map(|t| t.raw()).collect();
        // SAFETY: name with its length; types of the module's context.
        unsafe {
            let id = LLVMLookupIntrinsicID(name.as_ptr().cast(), name.len());
            if id == 0 {
                return None;
            }
            let overloaded = LLVMIntrinsicIsOverloaded(id) != 0;
            let (types, count) = if overloaded { (raw.as_mut_ptr(), raw.len()) } else { (std::ptr::null_mut(), 0) };
            let f = LLVMGetIntrinsicDeclaration(self.raw, id, types, count);
            (!f.is_null()).then(|| Function(Value::from_raw(f)))
        }
    }

    pub(crate) fn leak(self) {
        std::mem::forget(self);
    }
}

impl Drop for Module<'_> {
    fn drop(&mut self) {
        // SAFETY: owned, and handles borrow `self`.
        unsafe { LLVMDisposeModule(self.raw) }
    }
}

/// Copies a buffer's bytes and frees it.
///
/// # Safety
/// `buffer` is a live memory buffer that nobody else frees.
pub(crate) unsafe fn take_buffer(buffer: LLVMMemoryBufferRef) -> Vec<u8> {
    // SAFETY: by the contract above.
    unsafe {
        let start = LLVMGetBufferStart(buffer).cast::<u8>();
        let bytes = std::slice::from_raw_parts(start, LLVMGetBufferSize(buffer)).to_vec();
        LLVMDisposeMemoryBuffer(buffer);
        bytes
    }
}

const _: fn() = || {
    fn assert_send<T: Send>() {}
    assert_send::<Context>();
};
