//! Stories of the compiler driver: jobs, tables, the runtime library, hooks, reflection, findings.

mod images;
mod jobs;
mod one_copy;
mod overlays;
mod peers;
mod pipeline;
mod runtime_library;

use base::Diagnostic;
use compiler::{Artifact, Assembly, CompileError, CompilerConfig, CompilerJob, CompilerTarget, KernelUnits, Stage};
use rekindle::{Engine, Options};
use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::{CiRef, OwnerValue};

/// Stories come one after the other: definitions are the process's.
struct Story {
    engine: &'static Engine,
    _one: MutexGuard<'static, ()>,
}

impl Story {
    fn begin(source: &str) -> Story {
        static ONE: Mutex<()> = Mutex::new(());
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let options = Options { announce: false, cpu_devices: vec![1], ..Options::default() };
        let story = Story { engine: Engine::start(options).expect("the engine starts"), _one: one };
        story.load(source);
        story
    }

    fn load(&self, source: &str) {
        self.engine.load_str("story.jl", source).unwrap_or_else(|e| panic!("{e}"));
    }

    /// The job of `f(T, …)` in the newest world.
    fn job(&self, config: CompilerConfig, entry: &str) -> CompilerJob {
        let session = self.engine.session();
        interp::on_big_stack(|| {
            session.with_interp(|i| {
                let types = self.engine.entry_types(i, entry).map_err(|e| session.error_text(i, e))?;
                self.engine.job(config, &types).map_err(|e| session.error_text(i, e))
            })
        })
        .unwrap_or_else(|e: String| panic!("{e}"))
    }

    fn compile(&self, stage: Stage, job: &CompilerJob) -> Result<Artifact, CompileError> {
        interp::on_big_stack(|| self.engine.driver().compile(stage, job))
    }

    /// The code instance of a job, inferred if need be.
    fn code(&self, job: &CompilerJob) -> CiRef {
        interp::on_big_stack(|| self.engine.driver().code_instance(job)).unwrap_or_else(|e| panic!("{e}"))
    }
}

fn target(name: &str) -> Arc<dyn CompilerTarget> {
    rekindle::target_for(name, None).unwrap_or_else(|e| panic!("{e}"))
}

/// A kernel on one device vector.
const VECTOR: &str = "(Base.Device.DeviceArray{Float64, 1, 1})";

/// A back-end of the tests' own: it emits as the CPU does, has the tables that it is told, and notes which hook is called.
/// What it makes is the text of the final IR.
struct Noting {
    name: &'static str,
    overlays: Vec<&'static str>,
    cpu: Arc<dyn CompilerTarget>,
    refuses: Option<&'static str>,
    called: Mutex<Vec<&'static str>>,
}

impl Noting {
    fn new(name: &'static str, overlays: &[&'static str]) -> Noting {
        Noting { name, overlays: overlays.to_vec(), cpu: target("cpu"), refuses: None, called: Mutex::default() }
    }

    fn note(&self, hook: &'static str) -> Result<(), Vec<Diagnostic>> {
        self.called.lock().unwrap_or_else(PoisonError::into_inner).push(hook);
        match self.refuses {
            Some(refused) if refused == hook => {
                Err(vec![Diagnostic::error("test.refused", format!("{hook} says no"), base::Span::NONE)])
            }
            _ => Ok(()),
        }
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.called.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Noting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl CompilerTarget for Noting {
    fn name(&self) -> &'static str {
        self.name
    }
    fn code_key(&self) -> OwnerValue {
        OwnerValue::record(self.name, [])
    }
    fn overlays(&self) -> &[&'static str] {
        &self.overlays
    }
    fn lowering(&self) -> &dyn codegen::TargetLowering {
        self.cpu.lowering()
    }
    fn prepare(&self, _: &CompilerJob) -> Result<(), Vec<Diagnostic>> {
        self.note("prepare")
    }
    fn validate(&self, _: &CompilerJob, _: &ir::typed::TypedBody, out: &mut Vec<Diagnostic>) {
        out.extend(self.note("validate").err().into_iter().flatten());
    }
    fn after_ir_generation(
        &self,
        _: &CompilerJob,
        units: &mut Vec<codegen::tree::TreeUnit>,
    ) -> Result<(), Vec<Diagnostic>> {
        assert!(!units.is_empty());
        self.note("after_ir_generation")
    }
    fn link_libraries(&self, _: &CompilerJob, _: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        self.note("link_libraries")
    }
    fn after_linking(
        &self,
        _: &CompilerJob,
        _: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        code.linked.module.function(&codegen::link::unit_symbol(0)).expect("the job's function").set_name("noted");
        code.entry = "noted".into();
        self.note("after_linking")
    }
    fn before_optimization(&self, _: &CompilerJob, _: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        self.note("before_optimization")
    }
    fn optimize(&self, _: &CompilerJob, _: &KernelUnits<'_>, _: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        self.note("optimize")
    }
    fn after_optimization(&self, _: &CompilerJob, _: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        self.note("after_optimization")
    }
    fn final_ir(&self, _: &CompilerJob, _: &KernelUnits<'_>, _: &mut Assembly<'_>) -> Result<(), Vec<Diagnostic>> {
        self.note("final_ir")
    }
    fn validate_code(&self, _: &CompilerJob, _: &Assembly<'_>, out: &mut Vec<Diagnostic>) {
        out.extend(self.note("validate_code").err().into_iter().flatten());
    }
    fn machine_code(
        &self,
        _: &CompilerJob,
        _: &KernelUnits<'_>,
        code: Assembly<'_>,
        _: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        self.note("machine_code")?;
        Ok(Artifact { bytes: code.linked.module.to_ir().into_bytes(), entry: code.entry, ..Artifact::default() })
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}
