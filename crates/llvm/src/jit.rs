//! In-memory linking through ORC's LLJIT.

use crate::error::{Error, check, guarded};
use llvm_sys::core::LLVMCreateMemoryBufferWithMemoryRangeCopy;
use llvm_sys::orc2::lljit::*;
use llvm_sys::orc2::*;
use std::ffi::CString;
use std::sync::Mutex;

/// A linking session. Objects are added in any order; symbols are resolved when something that
/// reaches them is first looked up, so objects may refer to each other in cycles.
///
/// Symbols are one name space per session: callers give objects session-unique names.
/// Code stays mapped until the session is dropped.
pub struct Jit {
    raw: LLVMOrcLLJITRef,
    /// ORC is thread-safe by itself; this orders add-then-look-up pairs and keeps failures readable.
    lock: Mutex<()>,
}

// SAFETY: LLJIT's interface may be called from any thread.
unsafe impl Send for Jit {}
// SAFETY: as above, and calls are serialised by `lock`.
unsafe impl Sync for Jit {}

impl Jit {
    /// An empty session for this process's processor.
    pub fn new() -> Result<Jit, Error> {
        crate::error::install_fatal_handler();
        // The host's code generator has to be registered although objects arrive finished.
        // SAFETY: registration without preconditions; LLJIT creation with default options and a
        // valid out-pointer.
        unsafe {
            llvm_sys::target::LLVM_InitializeNativeTarget();
            llvm_sys::target::LLVM_InitializeNativeAsmPrinter();
            let mut raw = std::ptr::null_mut();
            check(LLVMOrcCreateLLJIT(&mut raw, std::ptr::null_mut()))?;
            Ok(Jit { raw, lock: Mutex::new(()) })
        }
    }

    /// Defines symbols with fixed addresses.
    ///
    /// # Safety
    /// Each address is what code that uses the symbol takes it for, for the session's life.
    pub unsafe fn define_absolute(&self, symbols: &[(&str, usize)]) -> Result<(), Error> {
        if symbols.is_empty() {
            return Ok(());
        }
        let _guard = self.lock.lock().unwrap_or_else(|e| e.into_inner());
        let names: Vec<CString> = symbols
            .iter()
            .map(|(name, _)| CString::new(*name).map_err(|_| Error("NUL in a symbol".into())))
            .collect::<Result<_, _>>()?;
        // SAFETY: interned names are handed over to the materialisation unit, the unit to the library.
        unsafe {
            let mut pairs: Vec<LLVMOrcCSymbolMapPair> = names
                .iter()
                .zip(symbols)
                .map(|(name, &(_, address))| LLVMOrcCSymbolMapPair {
                    Name: LLVMOrcLLJITMangleAndIntern(self.raw, name.as_ptr()),
                    Sym: LLVMJITEvaluatedSymbol {
                        Address: address as u64,
                        Flags: LLVMJITSymbolFlags {
                            GenericFlags: LLVMJITSymbolGenericFlags::LLVMJITSymbolGenericFlagsExported as u8,
                            TargetFlags: 0,
                        },
                    },
                })
                .collect();
            let unit = LLVMOrcAbsoluteSymbols(pairs.as_mut_ptr(), pairs.len());
            let library = LLVMOrcLLJITGetMainJITDylib(self.raw);
            let error = LLVMOrcJITDylibDefine(library, unit);
            if !error.is_null() {
                LLVMOrcDisposeMaterializationUnit(unit);
            }
            check(error)
        }
    }

    /// Adds a relocatable object.
    ///
    /// # Safety
    /// The object's code is sound to run once its symbols are resolved in this session.
    pub unsafe fn add_object(&self, object: &[u8]) -> Result<(), Error> {
        let _guard = self.lock.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: the buffer is a copy that the layer takes over.
        unsafe {
            let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(object.as_ptr().cast(), object.len(), c"".as_ptr());
            let library = LLVMOrcLLJITGetMainJITDylib(self.raw);
            check(LLVMOrcLLJITAddObjectFile(self.raw, library, buffer))
        }
    }

    /// Links what `symbol` needs and gives its address.
    ///
    /// # Errors
    /// The symbol, or one it reaches, is not defined.
    pub fn lookup(&self, symbol: &str) -> Result<usize, Error> {
        let _guard = self.lock.lock().unwrap_or_else(|e| e.into_inner());
        let name = CString::new(symbol).map_err(|_| Error("NUL in a symbol".into()))?;
        let mut address = 0;
        // SAFETY: live session, valid out-pointer.
        unsafe { check(guarded(|| LLVMOrcLLJITLookup(self.raw, &mut address, name.as_ptr()))?)? };
        Ok(address as usize)
    }
}

impl Drop for Jit {
    fn drop(&mut self) {
        // SAFETY: owned; errors at the end of a session have nobody to go to.
        unsafe {
            let _ = check(LLVMOrcDisposeLLJIT(self.raw));
        }
    }
}
