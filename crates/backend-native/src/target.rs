//! This machine as a target of the driver: host functions, and kernels on the CPU device.

use crate::cpu::{Barriers, CpuTarget, Form, Launches, add_entry, artifact, optimize};
use crate::{HostMachine, HostOptions, Pipeline};
use base::Diagnostic;
use codegen::link::{Linked, unit_symbol};
use codegen::tree::TreeUnit;
use codegen::{HostTarget, RelocationStyle, TargetLowering};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage};
use llvm::FileType;
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

fn failed(job: &CompilerJob, e: impl fmt::Display) -> Vec<Diagnostic> {
    let message = format!("LLVM could not compile {}: {e}", job.describe());
    vec![Diagnostic::error("native.llvm", message, base::Span::NONE)]
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

    fn after_linking(
        &self,
        job: &CompilerJob,
        _tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        code.entry = job.config.get().name.clone().unwrap_or_else(|| "entry".into());
        if let Some(f) = code.linked.module.function(&unit_symbol(0)) {
            f.set_name(&code.entry);
        }
        code.linked.module.internalize_except(&[&code.entry]);
        Ok(())
    }

    fn optimize(
        &self,
        job: &CompilerJob,
        _tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        if !job.config.get().optimize {
            return Ok(());
        }
        let machine = machine(&self.options).map_err(|e| failed(job, e))?;
        machine.optimize(&mut code.linked.module, Pipeline::Host).map_err(|e| failed(job, e))
    }

    /// The root's unit linked with its callees, for reflection and ahead-of-time objects.
    fn machine_code(
        &self,
        job: &CompilerJob,
        _tree: &KernelUnits<'_>,
        code: Assembly<'_>,
        stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        let machine = machine(&self.options).map_err(|e| failed(job, e))?;
        let file = if stage == Stage::Assembly { FileType::Assembly } else { FileType::Object };
        let Assembly { linked: Linked { module, relocations, sites, calls, bakes, .. }, entry, .. } = code;
        let bytes = machine.emit(module, file).map_err(|e| failed(job, e))?;
        Ok(Artifact { bytes, entry, relocations, sites, calls, bakes, detail: None })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What one step of a kernel's compilation leaves for the next.
#[derive(Clone, Copy, Default)]
struct Notes {
    shared_size: usize,
    form: Form,
}

fn notes<'a>(code: &'a mut Assembly<'_>) -> Option<&'a mut Notes> {
    code.notes.as_mut().and_then(|n| n.downcast_mut())
}

/// Kernels on the CPU device.
#[derive(Clone)]
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

    fn machine_for(&self, job: &CompilerJob) -> Result<&'static HostMachine, Vec<Diagnostic>> {
        let opt_level = if job.config.get().optimize { self.options.opt_level } else { 0 };
        machine(&HostOptions { opt_level, ..self.options.clone() }).map_err(|e| failed(job, e))
    }

    /// The same with another way to get at host objects. The CPU device serves all; by default it patches.
    pub fn with_relocations(self, style: RelocationStyle) -> CpuDeviceTarget {
        CpuDeviceTarget { lowering: self.lowering.with_relocations(style), ..self }
    }

    /// The same for other launches than the usual ones.
    pub fn with_launches(self, launches: Launches) -> CpuDeviceTarget {
        CpuDeviceTarget { lowering: self.lowering.with_launches(launches), ..self }
    }

    /// The same with another choice of what becomes of barriers.
    pub fn with_barriers(self, barriers: Barriers) -> CpuDeviceTarget {
        CpuDeviceTarget { lowering: self.lowering.with_barriers(barriers), ..self }
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
        let barriers = OwnerValue::Int(self.lowering.barriers() as i64);
        let launches = match self.lowering.launches() {
            Launches::Usual => OwnerValue::Text("usual".into()),
            Launches::Any => OwnerValue::Text("any".into()),
            Launches::Groups([x, y, z]) => OwnerValue::Text(format!("groups of {x}×{y}×{z}").into()),
        };
        OwnerValue::record(
            "cpu",
            [
                ("machine", code_key(&self.options)),
                ("relocations", style),
                ("barriers", barriers),
                ("launches", launches),
            ],
        )
    }

    fn overlays(&self) -> &[&'static str] {
        &["cpu"]
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
        let options = job.config.unit_options();
        let shared_size = add_entry(&mut code.linked, tree.params, tree.ret, &self.lowering, options, tree.root.span)?;
        code.notes = Some(Box::new(Notes { shared_size, form: Form::default() }));
        Ok(())
    }

    fn optimize(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        let form = optimize(&mut code.linked, tree.params, self.machine_for(job)?, &self.lowering, tree.root.span)?;
        if let Some(notes) = notes(code) {
            notes.form = form;
        }
        Ok(())
    }

    /// The artifact of [`Stage::Object`] carries a [`CpuArtifact`] as its detail.
    fn machine_code(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        mut code: Assembly<'_>,
        stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        let machine = self.machine_for(job)?;
        if stage == Stage::Assembly {
            let bytes = machine.emit(code.linked.module, FileType::Assembly).map_err(|e| failed(job, e))?;
            return Ok(Artifact { bytes, ..Artifact::default() });
        }
        let Notes { shared_size, form } = notes(&mut code).copied().unwrap_or_default();
        let (options, span) = (job.config.unit_options(), tree.root.span);
        let mut made = artifact(code.linked, shared_size, form, tree.params, machine, options, span)?;
        if tree.root.is_va {
            made.spread_rest(tree.params);
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

    fn as_any(&self) -> &dyn Any {
        self
    }
}
