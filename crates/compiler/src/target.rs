//! The extension points: what a back-end gives the driver. All object-safe, all with defaults where one makes sense.

use crate::{Artifact, CompileError, CompilerJob, Stage};
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

    /// Links a call tree's units, optimises them, and makes what `stage` asks for. The hooks around linking and
    /// optimisation are this method's own business: it has the units before, and the text or bytes after.
    fn finish(&self, job: &CompilerJob, units: &KernelUnits<'_>, stage: Stage) -> Result<Artifact, CompileError>;

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
