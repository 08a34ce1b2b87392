//! Metal as a target of the driver.

use crate::compile::{add_entry, optimize};
use crate::lowering::MetalTarget;
use crate::target::{MetalOptions, Version};
use crate::{check, metadata};
use base::Diagnostic;
use codegen::TargetLowering;
use codegen::tree::TreeUnit;
use compiler::device::{self, settle_relocations};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage};
use std::any::Any;
use std::fmt;
use world::OwnerValue;

/// Kernels for Apple's GPUs. The artifact of [`Stage::Assembly`] is AIR as text, that of [`Stage::Object`] and [`Stage::Image`] as
/// bitcode; its detail is a [`DeviceKernel`](device::DeviceKernel).
pub struct MetalDeviceTarget {
    lowering: MetalTarget,
}

impl MetalDeviceTarget {
    pub fn new(options: MetalOptions) -> MetalDeviceTarget {
        MetalDeviceTarget { lowering: MetalTarget::new(options) }
    }

    pub fn options(&self) -> &MetalOptions {
        self.lowering.options()
    }

    /// The options of a job: optimised as much as it wants.
    fn options_for(&self, job: &CompilerJob) -> MetalOptions {
        let options = self.options().clone();
        MetalOptions { opt_level: job.config.get().level(options.opt_level), ..options }
    }
}

impl fmt::Debug for MetalDeviceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metal({})", self.options())
    }
}

impl CompilerTarget for MetalDeviceTarget {
    fn name(&self) -> &'static str {
        "metal"
    }

    fn code_key(&self) -> OwnerValue {
        let MetalOptions { macos, air, metal, fast_math, denormals, opt_level } = self.options();
        let version = |v: &Version| OwnerValue::Text(v.to_string().into());
        OwnerValue::record(
            "metal",
            [
                ("macos", version(macos)),
                ("air", version(air)),
                ("metal", version(metal)),
                ("fast_math", OwnerValue::Bool(*fast_math)),
                ("denormals", OwnerValue::Bool(*denormals)),
                ("opt_level", OwnerValue::Int(i64::from(*opt_level))),
                device::llvm_key(),
            ],
        )
    }

    /// What the machine has instructions for: `julia/base/device/metal.jl`.
    fn overlays(&self) -> &[&'static str] {
        &["metal"]
    }

    fn lowering(&self) -> &dyn TargetLowering {
        &self.lowering
    }

    /// Metal's language has no recursion.
    fn after_ir_generation(&self, _job: &CompilerJob, units: &mut Vec<TreeUnit>) -> Result<(), Vec<Diagnostic>> {
        device::refuse_recursion(units, &self.lowering, "metal.recursion")
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
        let (options, kernel) = (self.options_for(job), job.config.get().kernel);
        let inputs = optimize(&mut code.linked, &code.entry, kernel, &self.lowering, &options, tree.root.span)?;
        let (hidden, module) = (device::hidden_parameters(code), &code.linked.module);
        if let Some(entry) = module.function(&code.entry).filter(|_| kernel) {
            metadata::describe_kernel(module, entry, hidden, tree, &inputs);
        }
        metadata::describe_module(module, &options);
        Ok(())
    }

    fn final_ir(
        &self,
        _job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        settle_relocations(&mut code.linked, tree.root.span)
    }

    fn validate_code(&self, job: &CompilerJob, code: &Assembly<'_>, out: &mut Vec<Diagnostic>) {
        check::findings(&code.linked.module, job.config.get().kernel, out);
    }

    fn machine_code(
        &self,
        _job: &CompilerJob,
        tree: &KernelUnits<'_>,
        assembly: Assembly<'_>,
        stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        device::finish(tree, assembly, &|linked| {
            let module = &linked.module;
            Ok(if stage == Stage::Assembly { module.to_ir().into_bytes() } else { module.to_bitcode() })
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
