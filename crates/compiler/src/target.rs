//! The extension points: what a back-end gives the driver. All object-safe, all with defaults where one makes sense.

use crate::{Artifact, Assembly, CompilerJob, Stage};
use base::Diagnostic;
use codegen::TargetLowering;
use codegen::link::Library;
use codegen::tree::TreeUnit;
use ir::typed::TypedBody;
use std::any::Any;
use std::fmt::Debug;
use types::Ty;
use world::{OwnerValue, TableStack};

/// A machine to compile for. Two targets with equal keys are the same target.
pub trait CompilerTarget: Debug + Send + Sync + 'static {
    /// `native`, `cpu`, `ptx`, …
    fn name(&self) -> &'static str;

    /// Everything about the machine that affects inference. Most machines of one kind share it.
    fn inference_key(&self) -> OwnerValue {
        OwnerValue::record(self.name(), [])
    }

    /// Everything else that affects the code: architecture, features, tool versions.
    fn code_key(&self) -> OwnerValue;

    /// How typed IR becomes LLVM IR for this machine.
    fn lowering(&self) -> &dyn TargetLowering;

    /// Names of the target's own overlay tables, the one looked in first last. Under them lies, for devices, the table of
    /// the runtime ([`DEVICE_TABLE`](crate::DEVICE_TABLE)), and under that the global one: nobody names these.
    fn overlays(&self) -> &[&'static str] {
        &[]
    }

    /// The tables in which calls are looked up, given what the target inherits and its [`overlays`](Self::overlays).
    fn method_tables(&self, inherited: TableStack) -> TableStack {
        inherited
    }

    /// Job preparation: a job may be refused before anything is inferred.
    fn prepare(&self, _job: &CompilerJob) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// Findings about a kernel's body beyond the common ones (a type that the machine lacks, say).
    fn validate(&self, _job: &CompilerJob, _body: &TypedBody, _out: &mut Vec<Diagnostic>) {}

    /// After IR generation: the units of the call tree, the job's own first, before they are linked.
    fn after_ir_generation(&self, _job: &CompilerJob, _units: &mut Vec<TreeUnit>) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// Links the target's libraries (a vendor's, say). The runtime library is linked already. Not for jobs whose config wants
    /// no libraries.
    fn link_libraries(&self, _job: &CompilerJob, _code: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// After linking: everything is in one module, the job's function as [`codegen::link::unit_symbol`]`(0)`. Kernels get
    /// their entries here.
    fn after_linking(
        &self,
        _job: &CompilerJob,
        _tree: &KernelUnits<'_>,
        _code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// Before optimisation.
    fn before_optimization(&self, _job: &CompilerJob, _code: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// Optimisation, or of it what the target cannot do without where the config wants none.
    fn optimize(
        &self,
        _job: &CompilerJob,
        _tree: &KernelUnits<'_>,
        _code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// After optimisation.
    fn after_optimization(&self, _job: &CompilerJob, _code: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// Final IR: the last change before code is made of it, or before it is shown.
    fn final_ir(
        &self,
        _job: &CompilerJob,
        _tree: &KernelUnits<'_>,
        _code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        Ok(())
    }

    /// Validation of the final IR: findings about what is left in it.
    fn validate_code(&self, _job: &CompilerJob, _code: &Assembly<'_>, _out: &mut Vec<Diagnostic>) {}

    /// Machine code, or assembly, and what goes with it.
    fn machine_code(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: Assembly<'_>,
        stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>>;

    fn as_any(&self) -> &dyn Any;
}

/// What a back-end package adds to a config. Opaque to the driver but for its keys.
pub trait CompilerParams: Debug + Send + Sync + 'static {
    /// What of it affects inference.
    fn inference_key(&self) -> OwnerValue {
        OwnerValue::Unit
    }
    /// What of it affects the code.
    fn code_key(&self) -> OwnerValue {
        OwnerValue::Unit
    }
}

/// For back-ends that add nothing.
#[derive(Debug)]
pub struct NoParams;
impl CompilerParams for NoParams {}

/// A call tree ready to be linked: the root's unit first, each unit's callees by index.
pub struct KernelUnits<'a> {
    pub units: &'a [TreeUnit],
    /// The functions of the runtime library that the units call.
    pub library: Library<'a>,
    /// Types of the root's parameters, the function object first.
    pub params: &'a [Ty],
    pub ret: Ty,
    pub root: &'a TypedBody,
}
