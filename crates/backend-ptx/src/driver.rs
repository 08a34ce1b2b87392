//! PTX as a target of the driver.

use crate::compile::{add_entry, optimize, text};
use crate::lowering::PtxTarget;
use crate::target::PtxOptions;
use base::{Diagnostic, Span};
use codegen::TargetLowering;
use compiler::device::{self, settle_relocations};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage};
use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use world::OwnerValue;

/// Kernels for NVIDIA GPUs. The artifact of [`Stage::Object`] is the PTX text, with a [`DeviceKernel`] as its
/// detail: what makes machine code of it is the driver of the device.
pub struct PtxDeviceTarget {
    lowering: PtxTarget,
}

impl PtxDeviceTarget {
    /// # Errors
    /// An LLVM without this back-end.
    pub fn new(options: PtxOptions) -> Result<PtxDeviceTarget, llvm::Error> {
        Ok(PtxDeviceTarget { lowering: PtxTarget::new(options)? })
    }

    pub fn options(&self) -> &PtxOptions {
        self.lowering.options()
    }

    /// The lowering for a job: optimised as much as it wants.
    fn lowering_for(&self, job: &CompilerJob, span: Span) -> Result<Cow<'_, PtxTarget>, Vec<Diagnostic>> {
        let options = self.options();
        let opt_level = job.config.get().level(options.opt_level);
        if opt_level == options.opt_level {
            return Ok(Cow::Borrowed(&self.lowering));
        }
        PtxTarget::new(PtxOptions { opt_level, ..options.clone() })
            .map(Cow::Owned)
            .map_err(|e| device::llvm_error(&self.lowering, &e, span))
    }
}

impl fmt::Debug for PtxDeviceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ptx({})", self.options().name())
    }
}

impl CompilerTarget for PtxDeviceTarget {
    fn name(&self) -> &'static str {
        "ptx"
    }

    fn code_key(&self) -> OwnerValue {
        let PtxOptions { sm, version, features, fast_math, opt_level, max_threads } = self.options();
        OwnerValue::record(
            "ptx",
            [
                ("sm", OwnerValue::Int(i64::from(*sm))),
                ("version", OwnerValue::Int(i64::from(version.0))),
                ("features", OwnerValue::Text(features.suffix().into())),
                ("fast_math", OwnerValue::Bool(*fast_math)),
                ("opt_level", OwnerValue::Int(i64::from(*opt_level))),
                ("max_threads", OwnerValue::Int(max_threads.map_or(-1, i64::from))),
                device::llvm_key(),
            ],
        )
    }

    /// What the machine has instructions for: `julia/base/device/ptx.jl` and `julia/CUDA/overrides.jl`.
    fn overlays(&self) -> &[&'static str] {
        &["ptx"]
    }

    fn lowering(&self) -> &dyn TargetLowering {
        &self.lowering
    }

    fn after_linking(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        device::enter(job, tree, code, &|linked, entry| add_entry(linked, entry, &self.lowering))
    }

    fn optimize(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        let span = tree.root.span;
        let lowering = self.lowering_for(job, span)?;
        optimize(&mut code.linked, &code.entry, &lowering, span)
    }

    fn final_ir(
        &self,
        _job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        settle_relocations(&mut code.linked, tree.root.span)
    }

    fn machine_code(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: Assembly<'_>,
        _stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        let span = tree.root.span;
        let lowering = self.lowering_for(job, span)?;
        device::finish(tree, code, &|linked| Ok(text(linked, &lowering, span)?.into_bytes()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
