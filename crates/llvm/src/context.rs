//! Contexts, types and constants.

use crate::Value;
use crate::error::{Error, take_message};
use llvm_sys::core::*;
use llvm_sys::prelude::*;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::sync::Mutex;

/// Owner of types, constants and metadata; one per unit of parallel work.
pub struct Context {
    raw: LLVMContextRef,
    /// What the diagnostic handler collected; boxed because LLVM holds its address.
    diagnostics: Box<Mutex<Vec<String>>>,
}

// SAFETY: LLVM contexts have no thread affinity; `Context` is not `Sync`, and everything that points
// into it borrows it, so it moves only when nothing else refers to it.
unsafe impl Send for Context {}

extern "C" fn on_diagnostic(info: LLVMDiagnosticInfoRef, sink: *mut c_void) {
    // SAFETY: `sink` is the `diagnostics` box of the context that reports, alive while it is;
    // `info` is valid during the call.
    unsafe {
        if !matches!(LLVMGetDiagInfoSeverity(info), llvm_sys::LLVMDiagnosticSeverity::LLVMDSError) {
            return;
        }
        let text = take_message(LLVMGetDiagInfoDescription(info));
        let sink = &*(sink as *const Mutex<Vec<String>>);
        sink.lock().unwrap_or_else(|e| e.into_inner()).push(text);
    }
}

impl Default for Context {
    fn default() -> Context {
        Context::new()
    }
}

impl Context {
    pub fn new() -> Context {
        crate::error::install_fatal_handler();
        let diagnostics = Box::new(Mutex::new(Vec::new()));
        // SAFETY: the handler's argument outlives the context (see `Drop`). Without a handler LLVM
        // would end the process on the first error.
        unsafe {
            let raw = LLVMContextCreate();
            LLVMContextSetDiagnosticHandler(
                raw,
                Some(on_diagnostic),
                &*diagnostics as *const Mutex<Vec<String>> as *mut c_void,
            );
            LLVMContextSetDiscardValueNames(raw, 1);
            Context { raw, diagnostics }
        }
    }

    pub(crate) fn raw(&self) -> LLVMContextRef {
        self.raw
    }

    /// Errors reported since the last call, as one.
    pub(crate) fn take_diagnostics(&self) -> Result<(), Error> {
        let mut found = self.diagnostics.lock().unwrap_or_else(|e| e.into_inner());
        if found.is_empty() { Ok(()) } else { Err(Error(std::mem::take(&mut *found).join("\n"))) }
    }

    fn ty(&self, raw: LLVMTypeRef) -> Type<'_> {
        Type { raw, life: PhantomData }
    }

    pub fn void_type(&self) -> Type<'_> {
        // SAFETY: (as in the following constructors) the context is alive.
        self.ty(unsafe { LLVMVoidTypeInContext(self.raw) })
    }
    pub fn int_type(&self, bits: u32) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMIntTypeInContext(self.raw, bits) })
    }
    pub fn half_type(&self) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMHalfTypeInContext(self.raw) })
    }
    pub fn bfloat_type(&self) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMBFloatTypeInContext(self.raw) })
    }
    pub fn float_type(&self) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMFloatTypeInContext(self.raw) })
    }
    pub fn double_type(&self) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMDoubleTypeInContext(self.raw) })
    }
    pub fn token_type(&self) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMTokenTypeInContext(self.raw) })
    }
    pub fn ptr_type(&self, address_space: u32) -> Type<'_> {
        // SAFETY: as above.
        self.ty(unsafe { LLVMPointerTypeInContext(self.raw, address_space) })
    }
    pub fn struct_type(&self, fields: &[Type<'_>], packed: bool) -> Type<'_> {
        let mut raw: Vec<_> = fields.iter().map(|t| t.raw).collect();
        // SAFETY: as above; the field types are alive.
        self.ty(unsafe { LLVMStructTypeInContext(self.raw, raw.as_mut_ptr(), raw.len() as u32, packed as i32) })
    }

    /// Constant bytes, `[n x i8]`.
    pub fn const_bytes(&self, bytes: &[u8]) -> Value<'_> {
        // SAFETY: LLVM copies the bytes.
        Value::from_raw(unsafe { LLVMConstStringInContext2(self.raw, bytes.as_ptr().cast(), bytes.len(), 1) })
    }
    pub fn const_struct(&self, fields: &[Value<'_>], packed: bool) -> Value<'_> {
        let mut raw: Vec<_> = fields.iter().map(|v| v.raw()).collect();
        // SAFETY: constants of this context.
        Value::from_raw(unsafe {
            LLVMConstStructInContext(self.raw, raw.as_mut_ptr(), raw.len() as u32, packed as i32)
        })
    }

    /// The id of a named synchronisation scope.
    pub fn sync_scope(&self, name: &str) -> u32 {
        // SAFETY: name with its length.
        unsafe { LLVMGetSyncScopeID(self.raw, name.as_ptr().cast(), name.len()) }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: modules borrow the context, so none is left; the sink is dropped afterwards.
        unsafe { LLVMContextDispose(self.raw) }
    }
}

/// A type of a context.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Type<'c> {
    raw: LLVMTypeRef,
    life: PhantomData<&'c ()>,
}

/// Kinds of types that code generation tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeKind {
    Void,
    Int(u32),
    Half,
    BFloat,
    Float,
    Double,
    Pointer(u32),
    Struct,
    Array,
    Vector,
    Function,
    Other,
}

impl<'c> Type<'c> {
    pub(crate) fn from_raw(raw: LLVMTypeRef) -> Type<'c> {
        Type { raw, life: PhantomData }
    }
    pub(crate) fn raw(self) -> LLVMTypeRef {
        self.raw
    }

    pub fn kind(self) -> TypeKind {
        use llvm_sys::LLVMTypeKind::*;
        // SAFETY: the type is alive.
        unsafe {
            match LLVMGetTypeKind(self.raw) {
                LLVMVoidTypeKind => TypeKind::Void,
                LLVMIntegerTypeKind => TypeKind::Int(LLVMGetIntTypeWidth(self.raw)),
                LLVMHalfTypeKind => TypeKind::Half,
                LLVMBFloatTypeKind => TypeKind::BFloat,
                LLVMFloatTypeKind => TypeKind::Float,
                LLVMDoubleTypeKind => TypeKind::Double,
                LLVMPointerTypeKind => TypeKind::Pointer(LLVMGetPointerAddressSpace(self.raw)),
                LLVMStructTypeKind => TypeKind::Struct,
                LLVMArrayTypeKind => TypeKind::Array,
                LLVMVectorTypeKind => TypeKind::Vector,
                LLVMFunctionTypeKind => TypeKind::Function,
                _ => TypeKind::Other,
            }
        }
    }

    /// Width of an integer or floating-point type.
    pub fn bits(self) -> u32 {
        match self.kind() {
            TypeKind::Int(n) => n,
            TypeKind::Half | TypeKind::BFloat => 16,
            TypeKind::Float => 32,
            TypeKind::Double => 64,
            _ => 0,
        }
    }

    pub fn is_int(self) -> bool {
        matches!(self.kind(), TypeKind::Int(_))
    }
    pub fn is_float(self) -> bool {
        matches!(self.kind(), TypeKind::Half | TypeKind::BFloat | TypeKind::Float | TypeKind::Double)
    }
    pub fn is_pointer(self) -> bool {
        matches!(self.kind(), TypeKind::Pointer(_))
    }

    pub fn array(self, len: u64) -> Type<'c> {
        // SAFETY: the type is alive and sized.
        Type::from_raw(unsafe { LLVMArrayType2(self.raw, len) })
    }
    pub fn vector(self, len: u32) -> Type<'c> {
        // SAFETY: as above.
        Type::from_raw(unsafe { LLVMVectorType(self.raw, len) })
    }
    /// The function type `self(params...)`.
    pub fn function(self, params: &[Type<'c>], variadic: bool) -> Type<'c> {
        let mut raw: Vec<_> = params.iter().map(|t| t.raw).collect();
        // SAFETY: types of one context.
        Type::from_raw(unsafe { LLVMFunctionType(self.raw, raw.as_mut_ptr(), raw.len() as u32, variadic as i32) })
    }
    /// The result type of a function type.
    pub fn return_type(self) -> Type<'c> {
        assert_eq!(self.kind(), TypeKind::Function);
        // SAFETY: checked to be a function type.
        Type::from_raw(unsafe { LLVMGetReturnType(self.raw) })
    }
    /// Parameter types of a function type.
    pub fn param_types(self) -> Vec<Type<'c>> {
        assert_eq!(self.kind(), TypeKind::Function);
        // SAFETY: checked to be a function type; the buffer has the stated length.
        unsafe {
            let n = LLVMCountParamTypes(self.raw) as usize;
            let mut raw = vec![std::ptr::null_mut(); n];
            LLVMGetParamTypes(self.raw, raw.as_mut_ptr());
            raw.into_iter().map(Type::from_raw).collect()
        }
    }

    pub fn zero(self) -> Value<'c> {
        // SAFETY: (as in the following) the type is alive.
        Value::from_raw(unsafe { LLVMConstNull(self.raw) })
    }
    /// How many fields a struct has; `None` for other types.
    pub fn struct_fields(self) -> Option<u32> {
        // SAFETY: asked only of structs.
        unsafe {
            (LLVMGetTypeKind(self.raw) == llvm_sys::LLVMTypeKind::LLVMStructTypeKind)
                .then(|| LLVMCountStructElementTypes(self.raw))
        }
    }
    pub fn undef(self) -> Value<'c> {
        // SAFETY: as above.
        Value::from_raw(unsafe { LLVMGetUndef(self.raw) })
    }
    pub fn poison(self) -> Value<'c> {
        // SAFETY: as above.
        Value::from_raw(unsafe { LLVMGetPoison(self.raw) })
    }
    /// An integer constant; bits beyond the type's width are dropped.
    pub fn const_int(self, value: u64) -> Value<'c> {
        self.const_wide(&[value, 0])
    }
    /// An integer constant, sign-extended to the type's width.
    pub fn const_signed(self, value: i64) -> Value<'c> {
        self.const_wide(&[value as u64, (value >> 63) as u64])
    }
    /// An integer constant from little-endian words.
    pub fn const_wide(self, words: &[u64]) -> Value<'c> {
        assert!(self.is_int(), "integer constant of another type");
        let words_needed = self.bits().div_ceil(64) as usize;
        let mut words = words.to_vec();
        words.resize(words_needed.max(1), 0);
        // SAFETY: the type is an integer type; LLVM masks the top word to the width.
        Value::from_raw(unsafe { LLVMConstIntOfArbitraryPrecision(self.raw, words.len() as u32, words.as_ptr()) })
    }
    /// A floating-point constant from its bit pattern (exact also for signalling NaNs).
    pub fn const_float_bits(self, bits: u64) -> Value<'c> {
        assert!(self.is_float(), "floating-point constant of another type");
        // SAFETY: a bitcast between an integer and a floating-point constant of the same width.
        unsafe {
            let ctx = LLVMGetTypeContext(self.raw);
            let int = LLVMConstInt(LLVMIntTypeInContext(ctx, self.bits()), bits, 0);
            Value::from_raw(LLVMConstBitCast(int, self.raw))
        }
    }
    pub fn const_array(self, elements: &[Value<'c>]) -> Value<'c> {
        let mut raw: Vec<_> = elements.iter().map(|v| v.raw()).collect();
        // SAFETY: constants of this element type.
        Value::from_raw(unsafe { LLVMConstArray2(self.raw, raw.as_mut_ptr(), raw.len() as u64) })
    }
}

/// As in LLVM's language.
impl std::fmt::Display for Type<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::fmt::Debug for Type<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // SAFETY: the type is alive; the message is ours to free.
        f.write_str(&unsafe { take_message(LLVMPrintTypeToString(self.raw)) })
    }
}
