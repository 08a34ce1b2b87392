//! SPIR-V as a target of the driver.

use crate::compile::{add_entry, code, is_called, optimize, wide_integer};
use crate::cycles::{cycle, recursion};
use crate::lowering::SpirvTarget;
use crate::target::SpirvOptions;
use base::{Diagnostic, Span};
use codegen::TargetLowering;
use codegen::link::unit_symbol;
use codegen::tree::TreeUnit;
use compiler::device::{DeviceKernel, HiddenParameters, entry_name, settle_relocations};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage};
use std::any::Any;
use std::fmt;
use std::sync::Arc;
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
                ("llvm", OwnerValue::Text(format!("{:?}", llvm::version()).into())),
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
        match cycle(units) {
            Some(found) => Err(vec![recursion(units, &found)]),
            None => Ok(()),
        }
    }

    /// A kernel gets its entry; a function of its own, for reflection or for programs that link it to theirs, its name.
    fn after_linking(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        code.entry = entry_name(&code.entry);
        if job.config.get().kernel {
            let (options, span) = (job.config.unit_options(), tree.root.span);
            let (entry, linked) = (&code.entry, &mut code.linked);
            let hidden = add_entry(linked, tree.params, tree.ret, entry, &self.lowering, options, span)?;
            code.notes = Some(Box::new(hidden));
        } else if let Some(f) = code.linked.module.function(&unit_symbol(0)) {
            f.set_name(&code.entry);
        }
        Ok(())
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
        let Assembly { mut linked, entry, notes } = assembly;
        let hidden = notes.and_then(|n| n.downcast::<HiddenParameters>().ok()).map_or_else(Default::default, |h| *h);
        let kernel = DeviceKernel::new(entry.clone(), hidden, tree);
        let (relocations, bakes) = (std::mem::take(&mut linked.relocations), std::mem::take(&mut linked.bakes));
        let (sites, calls) = (std::mem::take(&mut linked.sites), std::mem::take(&mut linked.calls));
        let bytes = code(linked, &self.lowering, &self.options_for(job), stage, tree.root.span)?;
        Ok(Artifact { bytes, entry, relocations, sites, calls, bakes, detail: Some(Arc::new(kernel)) })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
