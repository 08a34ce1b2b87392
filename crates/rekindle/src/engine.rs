//! The assembly of session, driver, native code and devices.

use crate::error::Error;
use crate::events::Listeners;
use crate::native::{Hook, Native};
use crate::source::SessionSource;
use crate::update::Updated;
use crate::{backends, query, script, stacks};
use backend_native::CpuDeviceTarget;
use backend_native::cpu::{CpuDevice, DeviceId, Launches};
use compiler::{Clock, CompileError, CompilerConfig, ConfigRef, Driver};
use interp::{Environment, Interp, Session};
use runtime::{Exception, Value, errors};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock};
use world::WorldAge;

/// Where kernels run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DeviceChoice {
    /// The device that the script asks for, if it is there; else the CPU.
    #[default]
    Auto,
    /// The first CPU device.
    Cpu,
    /// A CPU device by its number.
    CpuNumber(u32),
}

/// How an engine runs.
#[derive(Clone, Debug)]
pub struct Options {
    pub device: DeviceChoice,
    /// All work-groups in order on the thread that launches, on every CPU device.
    pub serial: bool,
    /// The CPU devices `cpu:0`, `cpu:1`, …: the number of threads of each; 0 means as many as the machine has, shared
    /// with other parts of the process. At least one device.
    pub cpu_devices: Vec<usize>,
    /// Native code for hot host functions.
    pub native: bool,
    /// What kernels report of exceptions: 0 that there was one, 1 its name and message, 2 the calls that led to it, too.
    pub debug_level: u8,
    /// Say once where kernels run when the device that the script names is absent.
    pub announce: bool,
    /// Where `using X` looks for packages.
    pub environment: Environment,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            device: DeviceChoice::Auto,
            serial: false,
            cpu_devices: vec![0],
            native: true,
            debug_level: 1,
            announce: true,
            environment: Environment::default(),
        }
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
    /// The time that loading kernels took.
    pub loading: Clock,
    pub launched: AtomicU64,
}

/// A running Rekindle: one per process.
pub struct Engine {
    session: &'static Session,
    driver: &'static Driver,
    options: Options,
    native: OnceLock<Result<&'static Native, String>>,
    cpu: OnceLock<Result<ConfigRef, String>>,
    devices: Vec<CpuDevice>,
    default_device: usize,
    listeners: Listeners,
    pub(crate) announced: AtomicBool,
    /// Held while code is loaded: texts define things one after the other.
    loading: Mutex<()>,
    updated: Updated,
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
    /// A prelude that does not load, a device that does not exist.
    pub fn start(options: Options) -> Result<&'static Engine, Error> {
        ENGINE.get_or_init(|| Engine::create(options)).clone().map_err(Error::system)
    }

    fn create(options: Options) -> Result<&'static Engine, String> {
        let (devices, default_device) = devices(&options)?;
        let session = Session::start()?;
        let driver: &'static Driver = Box::leak(Box::new(Driver::new(session.world, Arc::new(SessionSource(session)))));
        let engine: &'static Engine = Box::leak(Box::new(Engine {
            session,
            driver,
            options,
            native: OnceLock::new(),
            cpu: OnceLock::new(),
            devices,
            default_device,
            listeners: Listeners::default(),
            announced: AtomicBool::new(false),
            loading: Mutex::default(),
            updated: Updated::default(),
            launches: Mutex::default(),
            counters: Counters::default(),
            last_failure: Mutex::new(None),
        }));
        session.set_return_type_hook(Box::new(move |types| engine.return_type(types)));
        interp::set_driver_query(Box::new(move |what, args| query::answer(engine, what, args)));
        session
            .with_interp(|interp| session.set_environment(interp, &engine.options.environment))
            .map_err(|e| format!("the packages' folders cannot be set: {}", runtime::debug::describe(e.0, 2)))?;
        session.set_native_engine(Box::new(LazyNative { engine, hot: engine.options.native }));
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

    /// The configuration of kernels on the CPU devices: they are of one kind, and share what is compiled.
    #[inline]
    pub(crate) fn cpu_config(&self) -> Result<ConfigRef, String> {
        let make = || {
            let config = CompilerConfig::kernel(backends::target_for("cpu", None)?);
            Ok(CompilerConfig { debug_level: self.options.debug_level, ..config }.intern())
        };
        match self.cpu.get_or_init(make) {
            Ok(config) => Ok(*config),
            Err(e) => Err(format!("the CPU device is not available: {e}")),
        }
    }

    /// The same for these launches; the usual ones are what it is for.
    pub(crate) fn cpu_config_for(&self, launches: Launches) -> Result<ConfigRef, String> {
        let config = self.cpu_config()?;
        let target = config.get().target.as_any().downcast_ref::<CpuDeviceTarget>();
        match target {
            Some(target) if launches != Launches::Usual => {
                let target = Arc::new(target.clone().with_launches(launches));
                Ok(CompilerConfig { target, ..config.get().clone() }.intern())
            }
            _ => Ok(config),
        }
    }

    /// The CPU devices, in the order of their numbers; at least one.
    pub fn devices(&self) -> &[CpuDevice] {
        &self.devices
    }

    /// Where kernels run that nobody gives a device.
    #[inline]
    pub fn default_device(&self) -> &CpuDevice {
        &self.devices[self.default_device]
    }

    pub(crate) fn updated(&self) -> &Updated {
        &self.updated
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    /// Runs `f` on a stack that is large enough for compiling.
    ///
    /// # Errors
    /// The system gives no thread with one.
    pub(crate) fn with_room<T: Send>(&self, f: impl FnOnce() -> T + Send) -> Result<T, String> {
        stacks::with_room(f)
    }

    /// Runs `f` with an interpreter, on a large stack, when no other thread does.
    pub(crate) fn with_julia<T: Send>(&'static self, f: impl FnOnce(&Interp) -> T + Send) -> Result<T, String> {
        self.with_room(|| {
            let _loading = self.loading.lock().unwrap_or_else(|e| e.into_inner());
            self.session.with_interp(f)
        })
    }

    fn return_type(&'static self, types: &[types::Ty]) -> types::Ty {
        let (Ok(native), [callee, args @ ..]) = (self.native(), types) else { return types::builtin::any() };
        self.driver.return_type(native.config(), *callee, args, self.session.world.age())
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
        let (failed, why) = last.as_ref()?;
        // A file that launches at its top level wraps what it throws.
        std::iter::successors(Some(thrown.0), |&e| errors::load_cause(e)).any(|e| e == *failed).then(|| why.clone())
    }

    /// The findings of the last compilation that failed, if no launch failed for another reason since.
    pub fn last_compile_error(&self) -> Option<CompileError> {
        match &*self.last_failure.lock().unwrap_or_else(|e| e.into_inner()) {
            Some((_, LaunchFailure::Compile(e))) => Some(e.clone()),
            _ => None,
        }
    }

    /// Answers `Core.Host.launch`.
    pub(crate) fn launch_from_script(&'static self, args: &[Value]) -> Result<Value, Exception> {
        script::launch(self, args)
    }
}

/// The CPU devices, and which is the default.
fn devices(options: &Options) -> Result<(Vec<CpuDevice>, usize), String> {
    let threads: &[usize] = if options.cpu_devices.is_empty() { &[0] } else { &options.cpu_devices };
    let make = |(i, &n): (usize, &usize)| CpuDevice::new(DeviceId(i as u32), if options.serial { 1 } else { n });
    let devices = threads.iter().enumerate().map(make).collect::<Result<Vec<_>, _>>()?;
    let default = match options.device {
        DeviceChoice::Auto | DeviceChoice::Cpu => 0,
        DeviceChoice::CpuNumber(n) => n as usize,
    };
    if default >= devices.len() {
        let all: Vec<String> = devices.iter().map(|d| d.id().to_string()).collect();
        return Err(format!("there is no device cpu:{default}; devices are {}", all.join(", ")));
    }
    Ok((devices, default))
}

/// The native engine, started when the first function is hot.
struct LazyNative {
    engine: &'static Engine,
    /// Without, only what cannot be interpreted is compiled.
    hot: bool,
}

impl interp::NativeEngine for LazyNative {
    fn try_call(&self, mi: world::MiRef, world: WorldAge, values: &[Value]) -> Option<Result<Value, Exception>> {
        if !self.hot {
            return None;
        }
        Hook(self.engine.native().ok()?).try_call(mi, world, values)
    }

    fn call_compiled(
        &self,
        mi: world::MiRef,
        world: WorldAge,
        values: &[Value],
    ) -> Result<Result<Value, Exception>, String> {
        Hook(self.engine.native()?).call_compiled(mi, world, values)
    }
}
