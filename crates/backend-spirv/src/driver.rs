//! SPIR-V as a target of the driver.

use crate::compile::{add_entry, code, optimize, wide_integer};
use crate::lowering::SpirvTarget;
use crate::target::SpirvOptions;
use base::{Diagnostic, Span};
use codegen::TargetLowering;
use codegen::tree::TreeUnit;
use compiler::device::exits::is_called;
use compiler::device::{self, settle_relocations};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage};
use std::any::Any;
use std::fmt;
use world::OwnerValue;

/// Kernels for devices that take SPIR-V. The artifact of [`Stage::Object`] and of [`Stage::Image`] is a module; its detail is a
/// [`DeviceKernel`].
pub struct SpirvDeviceTarget {
    lowering: SpirvTarget,
}

impl SpirvDeviceTarget {
    /// # Errors
    /// An LLVM without this back-end.
    pub fn new(options: SpirvOptions) -> Result<SpirvDeviceTarget, llvm::Error> {
        Ok(SpirvDeviceTarget { lowering: SpirvTarget::new(options)? })
    }

    pub fn options(&self) -> &SpirvOptions {
        self.lowering.options()
    }

    /// The options of a job: optimised as much as it wants.
    fn options_for(&self, job: &CompilerJob) -> SpirvOptions {
        let options = self.options().clone();
        SpirvOptions { opt_level: job.config.get().level(options.opt_level), ..options }
    }
}

impl fmt::Debug for SpirvDeviceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spirv({})", self.options())
    }
}

impl CompilerTarget for SpirvDeviceTarget {
    fn name(&self) -> &'static str {
        "spirv"
    }

    fn code_key(&self) -> OwnerValue {
        let SpirvOptions { version, float64, float16, int64_atomics, opt_level } = self.options();
        OwnerValue::record(
            "spirv",
            [
                ("version", OwnerValue::Int(i64::from(*version))),
                ("float64", OwnerValue::Bool(*float64)),
                ("float16", OwnerValue::Bool(*float16)),
                ("int64_atomics", OwnerValue::Bool(*int64_atomics)),
                ("opt_level", OwnerValue::Int(i64::from(*opt_level))),
                device::llvm_key(),
            ],
        )
    }

    /// What the machine has instructions for: `julia/base/device/spirv.jl`.
    fn overlays(&self) -> &[&'static str] {
        &["spirv"]
    }

    fn lowering(&self) -> &dyn TargetLowering {
        &self.lowering
    }

    /// Kernels' calls must not lead back to where they come from.
    fn after_ir_generation(&self, _job: &CompilerJob, units: &mut Vec<TreeUnit>) -> Result<(), Vec<Diagnostic>> {
        device::refuse_recursion(units, &self.lowering, "spirv.recursion")
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

    /// Clocks; integers that no operation was seen on, or that optimisation made of others.
    fn validate_code(&self, _job: &CompilerJob, code: &Assembly<'_>, out: &mut Vec<Diagnostic>) {
        if is_called(&code.linked.module, "llvm.readcyclecounter") {
            let message = format!("a clock is not supported in {} code", self.lowering.name());
            out.push(
                Diagnostic::error("spirv.clock", message, Span::NONE).help("give random numbers a seed in the kernel"),
            );
        }
        if let Some(bits) = wide_integer(&code.linked.module) {
            let message = format!("an integer of {bits} bits is not supported in {} code", self.lowering.name());
            out.push(Diagnostic::error("spirv.wide-integer", message, Span::NONE));
        }
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
