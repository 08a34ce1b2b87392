//! The assembly of session, driver, native code and devices.

use crate::native::{Hook, Native};
use crate::source::SessionSource;
use crate::{backends, launch, query};
use compiler::{CompileError, CompilerConfig, ConfigRef, Driver};
use interp::{Interp, Session};
use runtime::{Exception, Value, errors};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use world::WorldAge;

/// Where kernels run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DeviceChoice {
    /// The device that the script asks for, if it is there; else the CPU.
    #[default]
    Auto,
    Cpu,
}

/// How an engine runs.
#[derive(Clone, Debug)]
pub struct Options {
    pub device: DeviceChoice,
    /// All work-groups in order on one thread.
    pub serial: bool,
    /// Native code for hot host functions.
    pub native: bool,
    /// Say once where kernels run when the device that the script names is absent.
    pub announce: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { device: DeviceChoice::Auto, serial: false, native: true, announce: true }
    }
}

/// Why a launch failed, beyond what the exception says.
#[derive(Clone, Debug)]
pub enum LaunchFailure {
    /// The kernel cannot be compiled.
    Compile(CompileError),
    /// The kernel threw.
    Threw { kernel: String, exception: backend_native::cpu::DeviceException },
}

/// What was done, beside the driver's own counts.
#[derive(Default)]
pub struct Counters {
    pub loaded: AtomicU64,
    pub launched: AtomicU64,
}

/// A running Rekindle: one per process.
pub struct Engine {
    session: &'static Session,
    driver: &'static Driver,
    options: Options,
    native: OnceLock<Result<&'static Native, String>>,
    cpu: OnceLock<Result<ConfigRef, String>>,
    announced: AtomicBool,
    /// Types of the kernels launched so far (function first), each once, in order: for ahead-of-time builds.
    launches: Mutex<Vec<Vec<types::Ty>>>,
    pub counters: Counters,
    /// The exception of the last launch that failed, and why, for rendering at the edge.
    last_failure: Mutex<Option<(Value, LaunchFailure)>>,
}

static ENGINE: OnceLock<Result<&'static Engine, String>> = OnceLock::new();

impl Engine {
    /// Starts the engine, loading the prelude; the first caller's options stay.
    ///
    /// # Errors
    /// A prelude that does not load, an LLVM without this machine's back-end.
    pub fn start(options: Options) -> Result<&'static Engine, String> {
        ENGINE.get_or_init(|| Engine::create(options)).clone()
    }

    fn create(options: Options) -> Result<&'static Engine, String> {
        let session = Session::start()?;
        let driver: &'static Driver = Box::leak(Box::new(Driver::new(session.world, Arc::new(SessionSource(session)))));
        let engine: &'static Engine = Box::leak(Box::new(Engine {
            session,
            driver,
            options,
            native: OnceLock::new(),
            cpu: OnceLock::new(),
            announced: AtomicBool::new(false),
            launches: Mutex::default(),
            counters: Counters::default(),
            last_failure: Mutex::new(None),
        }));
        session.set_return_type_hook(Box::new(move |types| engine.return_type(types)));
        interp::set_driver_query(Box::new(move |what, args| query::answer(engine, what, args)));
        if engine.options.native {
            session.set_native_engine(Box::new(LazyNative(engine)));
        }
        Ok(engine)
    }

    pub fn session(&self) -> &'static Session {
        self.session
    }

    pub fn driver(&self) -> &'static Driver {
        self.driver
    }

    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The world that running code is in (the newest one outside of any).
    pub fn world_age(&self) -> WorldAge {
        self.session.with_interp(|i| i.world())
    }

    /// Native code, made ready at the first need.
    pub(crate) fn native(&'static self) -> Result<&'static Native, String> {
        self.native.get_or_init(|| Native::new(self.driver).map(|n| &*Box::leak(Box::new(n)))).clone()
    }

    /// The configuration of kernels on the CPU device.
    pub(crate) fn cpu_config(&self) -> Result<ConfigRef, Exception> {
        self.cpu
            .get_or_init(|| Ok(CompilerConfig::kernel(backends::target_for("cpu", None)?).intern()))
            .clone()
            .map_err(|e| errors::error(&format!("the CPU device is not available: {e}")))
    }

    fn return_type(&'static self, types: &[types::Ty]) -> types::Ty {
        let (Ok(native), [callee, args @ ..]) = (self.native(), types) else { return types::builtin::any() };
        self.driver.return_type(native.config(), *callee, args, self.session.world.age())
    }

    /// Says once that a device is absent and the CPU stands in.
    pub(crate) fn announce_device(&self, device: Value) {
        let Some(name) = device.as_symbol() else { return };
        if name.as_str() == "cpu" || !self.options.announce || self.announced.swap(true, Ordering::Relaxed) {
            return;
        }
        eprintln!("note: no {} device here; kernels run on the CPU", name.as_str());
    }

    /// Remembers a kernel that was compiled for a launch.
    pub(crate) fn remember_launch(&self, types: &[types::Ty]) {
        let mut all = self.launches.lock().unwrap_or_else(|e| e.into_inner());
        if !all.iter().any(|t| t == types) {
            all.push(types.to_vec());
        }
    }

    /// The kernels that scripts launched so far, by the types of function and arguments.
    pub fn launched_kernels(&self) -> Vec<Vec<types::Ty>> {
        self.launches.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }

    /// A Julia exception with a compilation's findings as its text.
    pub(crate) fn compile_exception(&self, e: CompileError) -> Exception {
        let thrown = errors::error(&e.to_string());
        self.remember_failure(&thrown, LaunchFailure::Compile(e));
        thrown
    }

    pub(crate) fn remember_failure(&self, thrown: &Exception, why: LaunchFailure) {
        *self.last_failure.lock().unwrap_or_else(|e| e.into_inner()) = Some((thrown.0, why));
    }

    /// Why a launch threw this exception, if the last launch that failed did.
    pub fn launch_failure(&self, thrown: &Exception) -> Option<LaunchFailure> {
        let last = self.last_failure.lock().unwrap_or_else(|e| e.into_inner());
        last.as_ref().filter(|(v, _)| *v == thrown.0).map(|(_, why)| why.clone())
    }

    /// The findings of the last compilation that failed, if no launch failed for another reason since.
    pub fn last_compile_error(&self) -> Option<CompileError> {
        match &*self.last_failure.lock().unwrap_or_else(|e| e.into_inner()) {
            Some((_, LaunchFailure::Compile(e))) => Some(e.clone()),
            _ => None,
        }
    }

    /// `Base.T(args...)`.
    pub(crate) fn construct(&self, name: &str, args: &[Value]) -> Option<Value> {
        let name = name.rsplit('.').next().unwrap_or(name);
        self.session.with_interp(|i: &Interp| self.session.call_base(i, name, args).ok())
    }

    /// Answers `launch`.
    pub(crate) fn launch(&self, args: &[Value]) -> Result<Value, Exception> {
        launch::launch(self, args)
    }
}

/// The native engine, started when the first function is hot.
struct LazyNative(&'static Engine);

impl interp::NativeEngine for LazyNative {
    fn try_call(&self, mi: world::MiRef, world: WorldAge, values: &[Value]) -> Option<Result<Value, Exception>> {
        Hook(self.0.native().ok()?).try_call(mi, world, values)
    }
}
