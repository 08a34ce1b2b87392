//! Running pass pipelines of the new pass manager.

use crate::error::{Error, guarded};
use crate::{Module, TargetMachine};
use llvm_sys::prelude::*;
use llvm_sys::target_machine::LLVMTargetMachineRef;
use llvm_sys::transforms::pass_builder::*;
use std::ffi::{CString, c_char};

unsafe extern "C-unwind" {
    fn LLVMRunPasses(
        m: LLVMModuleRef,
        passes: *const c_char,
        tm: LLVMTargetMachineRef,
        options: LLVMPassBuilderOptionsRef,
    ) -> llvm_sys::error::LLVMErrorRef;
}

/// Tuning of the pass builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassOptions {
    pub loop_vectorize: bool,
    pub slp_vectorize: bool,
    pub loop_unroll: bool,
    pub loop_interleave: bool,
    pub inliner_threshold: Option<i32>,
    /// Verify after each pass (tests).
    pub verify_each: bool,
}

impl Default for PassOptions {
    fn default() -> PassOptions {
        PassOptions {
            loop_vectorize: true,
            slp_vectorize: true,
            loop_unroll: true,
            loop_interleave: true,
            inliner_threshold: None,
            verify_each: false,
        }
    }
}

impl Module<'_> {
    /// Runs a textual pipeline (`default<O3>`, `module(function(sroa,instcombine))`, …).
    ///
    /// # Errors
    /// A pipeline that LLVM does not know, and fatal errors of passes; after the latter the module
    /// is not fit for anything but being forgotten.
    pub fn run_passes(
        &mut self,
        pipeline: &str,
        machine: Option<&TargetMachine>,
        options: PassOptions,
    ) -> Result<(), Error> {
        let pipeline = CString::new(pipeline).map_err(|_| Error("NUL in a pass pipeline".into()))?;
        let tm = machine.map_or(std::ptr::null_mut(), |m| m.raw());
        // SAFETY: live module and machine; no handle into the module is out (`&mut self`); the
        // options are freed on every way out that does not abandon LLVM's frames.
        unsafe {
            let raw = LLVMCreatePassBuilderOptions();
            LLVMPassBuilderOptionsSetVerifyEach(raw, options.verify_each as i32);
            LLVMPassBuilderOptionsSetLoopVectorization(raw, options.loop_vectorize as i32);
            LLVMPassBuilderOptionsSetSLPVectorization(raw, options.slp_vectorize as i32);
            LLVMPassBuilderOptionsSetLoopUnrolling(raw, options.loop_unroll as i32);
            LLVMPassBuilderOptionsSetLoopInterleaving(raw, options.loop_interleave as i32);
            if let Some(threshold) = options.inliner_threshold {
                LLVMPassBuilderOptionsSetInlinerThreshold(raw, threshold);
            }
            let ran = guarded(|| LLVMRunPasses(self.raw(), pipeline.as_ptr(), tm, raw));
            if let (Err(_), Some(machine)) = (&ran, machine) {
                machine.spoiled.set(true);
            }
            let result = ran?;
            LLVMDisposePassBuilderOptions(raw);
            crate::error::check(result)?;
        }
        self.context().take_diagnostics()
    }
}
