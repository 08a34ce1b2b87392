//! PTX as a target of the driver.

use crate::compile::{PtxArtifact, compile_kernel, entry_name, function_text, kernel_text};
use crate::lowering::PtxTarget;
use crate::target::PtxOptions;
use base::Diagnostic;
use codegen::TargetLowering;
use compiler::{Artifact, CompileError, CompilerJob, CompilerTarget, KernelUnits, Stage};
use std::any::Any;
use std::fmt;
use std::sync::Arc;
use world::OwnerValue;

/// Kernels for NVIDIA GPUs. The artifact of [`Stage::Object`] is the PTX text, with a [`PtxArtifact`] as its
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
                ("llvm", OwnerValue::Text(format!("{:?}", llvm::version()).into())),
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

    fn finish(&self, job: &CompilerJob, tree: &KernelUnits<'_>, stage: Stage) -> Result<Artifact, CompileError> {
        let fail = |found: Vec<Diagnostic>| CompileError::new(job.describe(), found);
        let name = job.config.get().name.clone().unwrap_or_else(|| tree.root.name.as_str().to_owned());
        let span = tree.root.span;
        let plain;
        let lowering = if job.config.get().optimize {
            &self.lowering
        } else {
            let options = PtxOptions { opt_level: 0, ..self.options().clone() };
            plain = PtxTarget::new(options)
                .map_err(|e| CompileError::message(job.describe(), "ptx.llvm", e.to_string()))?;
            &plain
        };
        let options = job.config.unit_options();
        if !job.config.get().kernel {
            let bytes =
                function_text(tree.units, tree.library, &name, lowering, stage == Stage::Llvm, span).map_err(fail)?;
            return Ok(Artifact { bytes: bytes.into_bytes(), entry: entry_name(&name), ..Artifact::default() });
        }
        if stage == Stage::Llvm {
            let text = kernel_text(tree.units, tree.library, tree.params, tree.ret, &name, lowering, options, span)
                .map_err(fail)?;
            return Ok(Artifact { bytes: text.into_bytes(), ..Artifact::default() });
        }
        let mut made: PtxArtifact =
            compile_kernel(tree.units, tree.library, tree.params, tree.ret, &name, lowering, options, span)
                .map_err(fail)?;
        made.rest = tree.root.is_va.then(|| tree.params.len() - 1);
        Ok(Artifact {
            bytes: made.ptx.clone().into_bytes(),
            entry: made.entry.clone(),
            relocations: made.relocations.clone(),
            sites: made.sites.clone(),
            calls: made.calls.clone(),
            bakes: made.bakes.clone(),
            detail: Some(Arc::new(made)),
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
