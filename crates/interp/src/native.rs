//! The hook through which hot code runs natively.

use crate::code::Code;
use crate::dispatch::Target;
use crate::exec::Interp;
use crate::extent::extent;
use runtime::{Exception, Value};
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use world::{MiRef, WorldAge};

/// Compiles and runs method instances natively. Set by the driver.
pub trait NativeEngine: Send + Sync {
    /// Runs the instance for these values (the callee first), or says that it cannot (now or ever).
    fn try_call(&self, mi: MiRef, world: WorldAge, values: &[Value]) -> Option<Result<Value, Exception>>;

    /// Runs the instance compiled, whatever else is interpreted: it holds what an interpreter cannot run.
    ///
    /// # Errors
    /// Why it cannot be compiled.
    fn call_compiled(&self, mi: MiRef, world: WorldAge, values: &[Value]) -> Result<Result<Value, Exception>, String>;
}

/// Heat (calls and loop iterations) at which an instance without loops is worth compiling.
const WARM: u32 = 200;

/// Heat at which a loop of the library is, even if every call gives it little to do.
const HOT: u32 = 2_000;

/// Iterations that are sooner interpreted than their loop is compiled.
const FEW: u64 = 256;

/// `REKINDLE_NATIVE=eager` compiles every loop at its first call, for tests that compare the engines.
fn eager() -> bool {
    static ON: OnceLock<bool> = OnceLock::new();
    *ON.get_or_init(|| std::env::var_os("REKINDLE_NATIVE").is_some_and(|v| v == "eager"))
}

/// Asks the engine; after a refusal it is asked again when the instance is four times as hot.
#[cold]
pub fn try_native(
    interp: &Interp,
    engine: &dyn NativeEngine,
    target: &'static Target,
    values: &[Value],
    world: WorldAge,
) -> Option<Result<Value, Exception>> {
    let heat = target.heat.load(Ordering::Relaxed);
    if !target.native.load(Ordering::Relaxed) && heat < HOT {
        let code: Option<&Code> = target.code(interp.session).ok();
        match code.filter(|c| c.has_loop) {
            // A loop of the user's may be what the program is about, and cannot be left once it runs.
            Some(c) if eager() || !c.info.span.in_library() => {}
            // One over little is asked about again at the next call.
            Some(c) if extent(&values[1..], !c.is_va) <= FEW => return None,
            Some(_) => {}
            None if heat < WARM => {
                target.ask_at.store(WARM, Ordering::Relaxed);
                return None;
            }
            None => {}
        }
    }
    match engine.try_call(target.mi, world, values) {
        Some(r) => {
            target.native.store(true, Ordering::Relaxed);
            target.ask_at.store(0, Ordering::Relaxed);
            Some(r)
        }
        None => {
            target.ask_at.store(heat.saturating_mul(4).max(WARM), Ordering::Relaxed);
            None
        }
    }
}
