//! Target machines and code emission.

use crate::Module;
use crate::error::{Error, guarded, take_message};
use crate::module::take_buffer;
use llvm_sys::core::LLVMDisposeMessage;
use llvm_sys::prelude::*;
use llvm_sys::target::*;
use llvm_sys::target_machine::*;
use std::cell::Cell;
use std::ffi::{CStr, CString, c_char};
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

unsafe extern "C-unwind" {
    fn LLVMTargetMachineEmitToMemoryBuffer(
        tm: LLVMTargetMachineRef,
        m: LLVMModuleRef,
        codegen: LLVMCodeGenFileType,
        message: *mut *mut c_char,
        out: *mut LLVMMemoryBufferRef,
    ) -> LLVMBool;
}

/// Effort of instruction selection and scheduling.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OptLevel {
    None,
    Less,
    Default,
    Aggressive,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RelocMode {
    Default,
    Static,
    Pic,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CodeModel {
    Default,
    Small,
    Large,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileType {
    Assembly,
    Object,
}

/// Everything that selects a target machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TargetOptions {
    pub triple: String,
    pub cpu: String,
    pub features: String,
    pub opt: OptLevel,
    pub reloc: RelocMode,
    pub model: CodeModel,
}

/// A configured back-end. Not shared between threads; make one per worker.
pub struct TargetMachine {
    raw: LLVMTargetMachineRef,
    /// Work on it was abandoned half-way.
    pub(crate) spoiled: Cell<bool>,
}

/// A machine taken from those at hand, to which it returns.
pub struct Lent {
    options: TargetOptions,
    machine: Option<TargetMachine>,
}

/// Machines that nobody uses at the moment: making one takes as long as compiling a small function.
static IDLE: Mutex<Vec<(TargetOptions, TargetMachine)>> = Mutex::new(Vec::new());

fn idle() -> MutexGuard<'static, Vec<(TargetOptions, TargetMachine)>> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lent {
    /// Does not give the machine back: what it made was not a function of its input alone, but numbered over its life.
    pub fn retire(self) {
        self.spoiled.set(true);
    }
}

impl Deref for Lent {
    type Target = TargetMachine;

    fn deref(&self) -> &TargetMachine {
        self.machine.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(machine) = self.machine.take().filter(|m| !m.spoiled.get()) {
            idle().push((self.options.clone(), machine));
        }
    }
}

// SAFETY: a target machine has no thread affinity; it is not `Sync`.
unsafe impl Send for TargetMachine {}

fn initialize() {
    static ONCE: Once = Once::new();
    // SAFETY: registration functions without preconditions; `Once` keeps them from racing.
    ONCE.call_once(|| unsafe {
        LLVM_InitializeAllTargetInfos();
        LLVM_InitializeAllTargets();
        LLVM_InitializeAllTargetMCs();
        LLVM_InitializeAllAsmPrinters();
        LLVM_InitializeAllAsmParsers();
    });
}

impl TargetMachine {
    /// # Errors
    /// The triple names a target that this LLVM lacks.
    pub fn new(options: &TargetOptions) -> Result<TargetMachine, Error> {
        initialize();
        let text = |s: &str| CString::new(s).map_err(|_| Error("NUL in target options".into()));
        let (triple, cpu, features) = (text(&options.triple)?, text(&options.cpu)?, text(&options.features)?);
        let opt = match options.opt {
            OptLevel::None => LLVMCodeGenOptLevel::LLVMCodeGenLevelNone,
            OptLevel::Less => LLVMCodeGenOptLevel::LLVMCodeGenLevelLess,
            OptLevel::Default => LLVMCodeGenOptLevel::LLVMCodeGenLevelDefault,
            OptLevel::Aggressive => LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
        };
        let reloc = match options.reloc {
            RelocMode::Default => LLVMRelocMode::LLVMRelocDefault,
            RelocMode::Static => LLVMRelocMode::LLVMRelocStatic,
            RelocMode::Pic => LLVMRelocMode::LLVMRelocPIC,
        };
        let model = match options.model {
            CodeModel::Default => LLVMCodeModel::LLVMCodeModelDefault,
            CodeModel::Small => LLVMCodeModel::LLVMCodeModelSmall,
            CodeModel::Large => LLVMCodeModel::LLVMCodeModelLarge,
        };
        // SAFETY: NUL-terminated texts, valid out-pointers; targets live as long as the process.
        unsafe {
            let mut target = std::ptr::null_mut();
            let mut message = std::ptr::null_mut();
            if LLVMGetTargetFromTriple(triple.as_ptr(), &mut target, &mut message) != 0 {
                return Err(Error(take_message(message)));
            }
            let raw =
                LLVMCreateTargetMachine(target, triple.as_ptr(), cpu.as_ptr(), features.as_ptr(), opt, reloc, model);
            if raw.is_null() {
                return Err(Error(format!("no target machine for {}", options.triple)));
            }
            Ok(TargetMachine { raw, spoiled: Cell::new(false) })
        }
    }

    /// A machine for these options, made only if none is at hand.
    ///
    /// # Errors
    /// The triple names a target that this LLVM lacks.
    pub fn lend(options: &TargetOptions) -> Result<Lent, Error> {
        let found = {
            let mut idle = idle();
            let at = idle.iter().position(|(o, _)| o == options);
            at.map(|at| idle.swap_remove(at).1)
        };
        let machine = match found {
            Some(machine) => machine,
            None => TargetMachine::new(options)?,
        };
        Ok(Lent { options: options.clone(), machine: Some(machine) })
    }

    pub(crate) fn raw(&self) -> LLVMTargetMachineRef {
        self.raw
    }

    /// The data layout's text, to be set on modules for this target.
    pub fn data_layout(&self) -> String {
        // SAFETY: a live machine; both results are ours to free.
        unsafe {
            let data = LLVMCreateTargetDataLayout(self.raw);
            let text = LLVMCopyStringRepOfTargetData(data);
            let layout = CStr::from_ptr(text).to_string_lossy().into_owned();
            LLVMDisposeMessage(text);
            LLVMDisposeTargetData(data);
            layout
        }
    }

    pub fn triple(&self) -> String {
        // SAFETY: a live machine; the text is ours to free.
        unsafe { take_message(LLVMGetTargetMachineTriple(self.raw)) }
    }

    /// Generates code. Takes the module because instruction selection changes it.
    pub fn emit(&self, module: Module<'_>, file: FileType) -> Result<Vec<u8>, Error> {
        let kind = match file {
            FileType::Assembly => LLVMCodeGenFileType::LLVMAssemblyFile,
            FileType::Object => LLVMCodeGenFileType::LLVMObjectFile,
        };
        let mut message = std::ptr::null_mut();
        let mut buffer = std::ptr::null_mut();
        // SAFETY: live machine and module, valid out-pointers.
        let outcome = guarded(|| unsafe {
            LLVMTargetMachineEmitToMemoryBuffer(self.raw, module.raw(), kind, &mut message, &mut buffer)
        });
        let failed = match outcome {
            Ok(status) => status != 0,
            Err(error) => {
                // Its passes were abandoned half-way: not safe to walk, let alone to free.
                module.leak();
                self.spoiled.set(true);
                return Err(error);
            }
        };
        // SAFETY: the message and the buffer are ours.
        unsafe {
            let text = take_message(message);
            let reported = module.context().take_diagnostics();
            if failed {
                return Err(Error(text));
            }
            let bytes = take_buffer(buffer);
            reported?;
            Ok(bytes)
        }
    }
}

impl Drop for TargetMachine {
    fn drop(&mut self) {
        // SAFETY: owned.
        unsafe { LLVMDisposeTargetMachine(self.raw) }
    }
}

/// The triple of the machine this runs on.
pub fn host_triple() -> String {
    // SAFETY: the text is ours to free.
    unsafe { take_message(LLVMGetDefaultTargetTriple()) }
}

/// LLVM's name of this machine's processor.
pub fn host_cpu() -> String {
    // SAFETY: the text is ours to free.
    unsafe { take_message(LLVMGetHostCPUName()) }
}

/// This machine's processor features, sorted.
pub fn host_features() -> String {
    // SAFETY: the text is ours to free.
    let text = unsafe { take_message(LLVMGetHostCPUFeatures()) };
    let mut features: Vec<&str> = text.split(',').filter(|f| !f.is_empty()).collect();
    features.sort_unstable_by_key(|f| &f[1..]);
    features.join(",")
}
