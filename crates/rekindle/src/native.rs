//! Native code for hot host functions.

use backend_native::{HostOptions, NativeFunction, NativeTarget, Session as Linker};
use codegen::tree::TreeUnit;
use compiler::{CompilerConfig, CompilerJob, ConfigRef, Driver, EntryAbi};
use interp::NativeEngine;
use ir::typed::TypedBody;
use runtime::{Exception, Value};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use world::results::{Portable, SessionLocal};
use world::{CiRef, MiRef, WorldAge};

/// A call tree of more units than this that are not compiled yet stays with the interpreter: compiling it would
/// cost more than running it.
const MAX_NEW_UNITS: usize = 160;

/// What this back-end makes of a code instance, stage by stage.
#[derive(Default)]
struct NativeResults {
    /// The unit's object. It names what it needs by position; what the positions stand for is with the unit.
    object: Portable<Vec<u8>>,
    /// Number of the unit in the linker, once its object is there.
    unit: SessionLocal<u64>,
    /// The callable function; `None` if it cannot be compiled.
    function: SessionLocal<Option<NativeFunction>>,
}

/// Compiles method instances for this machine and links them in memory.
pub struct Native {
    driver: &'static Driver,
    target: Arc<NativeTarget>,
    config: ConfigRef,
    linker: Mutex<Linker>,
}

impl Native {
    pub fn new(driver: &'static Driver) -> Result<Native, String> {
        let target = Arc::new(NativeTarget::new(HostOptions::default()).map_err(|e| e.to_string())?);
        let config = CompilerConfig { entry_abi: EntryAbi::Func, ..CompilerConfig::new(target.clone()) }.intern();
        let linker = Mutex::new(Linker::new().map_err(|e| e.to_string())?);
        Ok(Native { driver, target, config, linker })
    }

    pub fn config(&self) -> ConfigRef {
        self.config
    }

    /// The function of a method instance: look-up when warm.
    fn function(&self, mi: MiRef, age: WorldAge) -> Option<NativeFunction> {
        let job = CompilerJob { mi, config: self.config, age };
        if let Some(found) = compiler::cached_results::<NativeResults>(&job).and_then(|r| r.function.get()) {
            return *found;
        }
        crate::progress::working(|| format!("compiling {}", job.describe()), || self.made(&job))
    }

    /// The function of a job that has none yet.
    #[cold]
    fn made(&self, job: &CompilerJob) -> Option<NativeFunction> {
        let ci = self.driver.code_instance(job).ok()?;
        let results = world::results::results::<NativeResults>(ci, &self.config);
        if let Some(found) = results.function.get() {
            return *found;
        }
        let made = self.build(ci);
        // Another thread may have been faster.
        let _ = results.function.set(made);
        *results.function.get()?
    }

    /// One unit's machine code.
    fn object(&self, unit: &TreeUnit) -> Option<Vec<u8>> {
        let counters = &self.driver.counters;
        let made = counters.times.generate.time(|| self.target.object(unit)).ok()?;
        counters.optimized.fetch_add(1, Ordering::Relaxed);
        counters.generated.fetch_add(1, Ordering::Relaxed);
        Some(made)
    }

    fn build(&self, ci: CiRef) -> Option<NativeFunction> {
        let body = ci.get().body::<TypedBody>()?;
        if body.not_compilable.is_some() {
            return None;
        }
        let units = match self.driver.units(ci, self.config) {
            Ok(units) => units,
            Err(findings) => {
                trace(|| format!("{} stays interpreted: {}", body.name, findings[0].message));
                return None;
            }
        };
        let results: Vec<&'static NativeResults> = units
            .iter()
            .map(|u| u.instance.map(|ci| world::results::results::<NativeResults>(ci, &self.config)))
            .collect::<Option<_>>()?;
        if results.iter().filter(|r| r.unit.get().is_none()).count() > MAX_NEW_UNITS {
            trace(|| format!("{} stays interpreted: it reaches too much code", body.name));
            return None;
        }
        trace(|| format!("{} is compiled with {} units", body.name, units.len()));
        let linker = self.linker.lock().unwrap_or_else(|e| e.into_inner());
        let counters = &self.driver.counters;
        let times = &counters.times;
        let fresh: Vec<bool> = results.iter().map(|r| r.unit.get().is_none()).collect();
        let numbers: Vec<u64> = results.iter().map(|r| *r.unit.get_or_init(|| linker.reserve())).collect();
        for (i, unit) in units.iter().enumerate().filter(|(i, _)| fresh[*i]) {
            let object = match results[i].object.get() {
                Some(object) => object,
                None => {
                    let made = self.object(unit)?;
                    results[i].object.get_or_init(|| made)
                }
            };
            trace(|| {
                format!(
                    "{} is compiled",
                    unit.instance.map_or("", |ci| ci.get().mi().get().method().get().name().as_str())
                )
            });
            let callees: Vec<u64> = unit.callees.iter().map(|&k| numbers[k]).collect();
            // SAFETY: the object was just compiled from this unit.
            let added = times.link.time(|| unsafe { linker.add(numbers[i], object, &unit.info, &callees) });
            if let Err(e) = added {
                trace(|| format!("{} stays interpreted: {e}", body.name));
                return None;
            }
        }
        counters.linked.fetch_add(1, Ordering::Relaxed);
        match times.link.time(|| linker.function(numbers[0])) {
            Ok(f) => Some(f),
            Err(e) => {
                trace(|| format!("{} stays interpreted: {e}", body.name));
                None
            }
        }
    }
}

/// `REKINDLE_TRACE=native` tells what is compiled, and why functions stay interpreted.
fn trace(text: impl FnOnce() -> String) {
    static ON: OnceLock<bool> = OnceLock::new();
    if *ON.get_or_init(|| std::env::var("REKINDLE_TRACE").is_ok_and(|v| v.contains("native"))) {
        eprintln!("native: {}", text());
    }
}

/// The engine as the session's hook.
pub struct Hook(pub &'static Native);

impl NativeEngine for Hook {
    fn try_call(&self, mi: MiRef, world: WorldAge, values: &[Value]) -> Option<Result<Value, Exception>> {
        let f = self.0.function(mi, world)?;
        // SAFETY: the interpreter dispatched these values to this instance.
        Some(unsafe { f.call(values) })
    }

    fn call_compiled(&self, mi: MiRef, world: WorldAge, values: &[Value]) -> Result<Result<Value, Exception>, String> {
        self.try_call(mi, world, values).ok_or_else(|| {
            let Native { driver, config, .. } = self.0;
            let ci = driver.code_instance(&CompilerJob { mi, config: *config, age: world }).ok();
            let found = ci.and_then(|ci| driver.units(ci, *config).err()).and_then(|found| found.into_iter().next());
            found.map_or_else(|| format!("`{}` cannot be compiled", mi.get().method().get().name()), |f| f.message)
        })
    }
}
