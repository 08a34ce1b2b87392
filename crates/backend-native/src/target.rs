//! This machine as a target of the driver: host functions, and kernels on the CPU device.

use crate::cpu::{CpuArtifact, CpuTarget, compile_kernel, kernel_text};
use crate::{HostMachine, HostOptions, Pipeline};
use base::Diagnostic;
use codegen::link::{Linked, link_units};
use codegen::tree::TreeUnit;
use codegen::{HostTarget, RelocationStyle, TargetLowering};
use compiler::{Artifact, CompileError, CompilerJob, CompilerTarget, KernelUnits, Stage};
use llvm::{Context, FileType};
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use world::OwnerValue;

thread_local! {
    /// Machines of this thread: making one takes a millisecond.
    static MACHINES: RefCell<Vec<&'static HostMachine>> = const { RefCell::new(Vec::new()) };
}

/// The machine for these options on this thread.
pub fn machine(options: &HostOptions) -> Result<&'static HostMachine, llvm::Error> {
    MACHINES.with_borrow_mut(|machines| {
        if let Some(found) = machines.iter().find(|m| m.options() == options) {
            return Ok(*found);
        }
        let made: &'static HostMachine = Box::leak(Box::new(HostMachine::new(options.clone())?));
        machines.push(made);
        Ok(made)
    })
}

fn code_key(options: &HostOptions) -> OwnerValue {
    let HostOptions { triple, cpu, features, opt_level } = options;
    OwnerValue::record(
        "machine",
        [
            ("triple", OwnerValue::Text(triple.as_str().into())),
            ("cpu", OwnerValue::Text(cpu.as_str().into())),
            ("features", OwnerValue::Text(features.as_str().into())),
            ("opt_level", OwnerValue::Int(i64::from(*opt_level))),
            ("llvm", OwnerValue::Text(format!("{:?}", llvm::version()).into())),
        ],
    )
}

fn failed(job: &CompilerJob, e: impl fmt::Display) -> CompileError {
    CompileError::message(job.describe(), "native.llvm", format!("LLVM could not compile {}: {e}", job.describe()))
}

/// Host functions.
pub struct NativeTarget {
    options: HostOptions,
    lowering: HostTarget,
}

impl NativeTarget {
    pub fn new(options: HostOptions) -> Result<NativeTarget, llvm::Error> {
        let lowering = machine(&options)?.lowering();
        Ok(NativeTarget { options, lowering })
    }

    pub fn options(&self) -> &HostOptions {
        &self.options
    }

    /// One unit's object, optimised on its own.
    pub fn object(&self, unit: &TreeUnit) -> Result<Vec<u8>, llvm::Error> {
        machine(&self.options)?.compile(&unit.bitcode, Pipeline::Host)
    }
}

impl fmt::Debug for NativeTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "native({}, {})", self.options.triple, self.options.cpu)
    }
}

impl CompilerTarget for NativeTarget {
    fn name(&self) -> &'static str {
        "native"
    }

    fn code_key(&self) -> OwnerValue {
        code_key(&self.options)
    }

    fn lowering(&self) -> &dyn TargetLowering {
        &self.lowering
    }

    /// The root's unit linked with its callees, for reflection and ahead-of-time objects.
    fn finish(&self, job: &CompilerJob, tree: &KernelUnits<'_>, stage: Stage) -> Result<Artifact, CompileError> {
        let context = Context::new();
        let units = if job.config.get().only_entry { &tree.units[..1] } else { tree.units };
        let mut inputs: Vec<_> = units.iter().map(TreeUnit::input).collect();
        if job.config.get().only_entry {
            inputs[0].callees = (1..=inputs[0].callees.len()).collect();
        }
        let mut linked = link_units(&context, &inputs).map_err(|e| failed(job, e))?;
        let machine = machine(&self.options).map_err(|e| failed(job, e))?;
        let name = job.config.get().name.clone().unwrap_or_else(|| "entry".into());
        if let Some(f) = linked.module.function(&codegen::link::unit_symbol(0)) {
            f.set_name(&name);
        }
        linked.module.internalize_except(&[&name]);
        if job.config.get().optimize {
            machine.optimize(&mut linked.module, Pipeline::Host).map_err(|e| failed(job, e))?;
        }
        let bytes = match stage {
            Stage::Llvm => linked.module.to_ir().into_bytes(),
            Stage::Assembly => machine.emit(linked.module, FileType::Assembly).map_err(|e| failed(job, e))?,
            Stage::Object => machine.emit(linked.module, FileType::Object).map_err(|e| failed(job, e))?,
        };
        let Linked { relocations, sites, calls, bakes, .. } = linked;
        Ok(Artifact { bytes, entry: name, relocations, sites, calls, bakes, detail: None })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Kernels on the CPU device.
pub struct CpuDeviceTarget {
    options: HostOptions,
    lowering: CpuTarget,
}

impl CpuDeviceTarget {
    pub fn new(options: HostOptions) -> Result<CpuDeviceTarget, llvm::Error> {
        let layout = machine(&options)?.data_layout();
        let lowering = CpuTarget::new(options.triple.clone(), layout);
        Ok(CpuDeviceTarget { options, lowering })
    }

    /// The same with another way to get at host objects. The CPU device serves all; by default it patches.
    pub fn with_relocations(self, style: RelocationStyle) -> CpuDeviceTarget {
        CpuDeviceTarget { lowering: self.lowering.with_relocations(style), ..self }
    }
}

impl fmt::Debug for CpuDeviceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cpu({}, {})", self.options.triple, self.options.cpu)
    }
}

impl CompilerTarget for CpuDeviceTarget {
    fn name(&self) -> &'static str {
        "cpu"
    }

    fn code_key(&self) -> OwnerValue {
        let style = OwnerValue::Int(self.lowering.relocation_style() as i64);
        OwnerValue::record("cpu", [("machine", code_key(&self.options)), ("relocations", style)])
    }

    fn overlays(&self) -> &[&'static str] {
        &["cpu"]
    }

    fn lowering(&self) -> &dyn TargetLowering {
        &self.lowering
    }

    /// The artifact of [`Stage::Object`] carries a [`CpuArtifact`] as its detail.
    fn finish(&self, job: &CompilerJob, tree: &KernelUnits<'_>, stage: Stage) -> Result<Artifact, CompileError> {
        let opt_level = if job.config.get().optimize { self.options.opt_level } else { 0 };
        let machine = machine(&HostOptions { opt_level, ..self.options.clone() }).map_err(|e| failed(job, e))?;
        let fail = |found: Vec<Diagnostic>| CompileError::new(job.describe(), found);
        let (units, library, params, ret, span) = (tree.units, tree.library, tree.params, tree.ret, tree.root.span);
        let options = job.config.unit_options();
        match stage {
            Stage::Object => {
                let mut made: CpuArtifact =
                    compile_kernel(units, library, params, ret, machine, &self.lowering, options, span)
                        .map_err(fail)?;
                if tree.root.is_va {
                    made.spread_rest(params);
                }
                Ok(Artifact {
                    bytes: made.object.clone(),
                    entry: String::new(),
                    relocations: made.relocations.clone(),
                    sites: made.sites.clone(),
                    calls: made.calls.clone(),
                    bakes: made.bakes.clone(),
                    detail: Some(Arc::new(made)),
                })
            }
            Stage::Llvm | Stage::Assembly => {
                let (ir, assembly) =
                    kernel_text(units, library, params, ret, machine, &self.lowering, options, span).map_err(fail)?;
                let text = if stage == Stage::Llvm { ir } else { assembly };
                Ok(Artifact { bytes: text.into_bytes(), ..Artifact::default() })
            }
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
