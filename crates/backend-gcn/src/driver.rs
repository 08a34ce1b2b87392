//! GCN as a target of the driver.

use crate::compile::{add_entry, code, optimize};
use crate::lowering::GcnTarget;
use crate::target::GcnOptions;
use base::Diagnostic;
use codegen::TargetLowering;
use compiler::device::{self, settle_relocations};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage};
use std::any::Any;
use std::fmt;
use world::OwnerValue;

/// Kernels for AMD GPUs. The artifact of [`Stage::Object`] is a relocatable object, that of [`Stage::Image`] a code object;
/// its detail is a [`DeviceKernel`].
pub struct GcnDeviceTarget {
    lowering: GcnTarget,
}

impl GcnDeviceTarget {
    /// # Errors
    /// An LLVM without this back-end.
    pub fn new(options: GcnOptions) -> Result<GcnDeviceTarget, llvm::Error> {
        Ok(GcnDeviceTarget { lowering: GcnTarget::new(options)? })
    }

    pub fn options(&self) -> &GcnOptions {
        self.lowering.options()
    }

    /// The options of a job: optimised as much as it wants.
    fn options_for(&self, job: &CompilerJob) -> GcnOptions {
        let options = self.options().clone();
        GcnOptions { opt_level: job.config.get().level(options.opt_level), ..options }
    }
}

impl fmt::Debug for GcnDeviceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gcn({})", self.options())
    }
}

impl CompilerTarget for GcnDeviceTarget {
    fn name(&self) -> &'static str {
        "gcn"
    }

    fn code_key(&self) -> OwnerValue {
        let GcnOptions { processor, xnack, sramecc, opt_level, generator } = self.options();
        let setting = |on: &Option<bool>| OwnerValue::Int(on.map_or(-1, i64::from));
        OwnerValue::record(
            "gcn",
            [
                ("processor", OwnerValue::Text((*processor).into())),
                ("xnack", setting(xnack)),
                ("sramecc", setting(sramecc)),
                ("opt_level", OwnerValue::Int(i64::from(*opt_level))),
                ("generator", OwnerValue::Text(generator.name().into())),
                device::llvm_key(),
            ],
        )
    }

    /// What the machine has instructions for: `julia/base/device/gcn.jl`.
    fn overlays(&self) -> &[&'static str] {
        &["gcn"]
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
        optimize(&mut code.linked, &code.entry, &self.lowering, &self.options_for(job), tree.root.span)
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
        assembly: Assembly<'_>,
        stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        let (options, span) = (self.options_for(job), tree.root.span);
        device::finish(tree, assembly, &|linked| code(linked, &self.lowering, &options, stage, span))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
