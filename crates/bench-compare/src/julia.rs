//! The engine under test, and calls into it.

use interp::Interp;
use rekindle::{Engine, Options};
use runtime::{Exception, Value};
use std::sync::atomic::{AtomicBool, Ordering};

static PARALLEL: AtomicBool = AtomicBool::new(false);

/// Says, before the engine starts, that launches use several threads.
pub fn use_threads() {
    PARALLEL.store(true, Ordering::Relaxed);
}

/// The engine of this process; launches run on the calling thread unless [`use_threads`] was called before.
pub fn engine() -> Result<&'static Engine, String> {
    Engine::start(Options { announce: false, serial: !PARALLEL.load(Ordering::Relaxed), ..Options::default() })
        .map_err(|e| e.to_string())
}

/// The value of an expression in `Main`; it is kept alive.
pub fn eval(engine: &'static Engine, interp: &Interp, code: &str) -> Result<Value, String> {
    let session = engine.session();
    session.eval_str(interp, code).map(runtime::pin).map_err(|e| text(engine, interp, e))
}

/// What an exception says.
pub fn text(engine: &'static Engine, interp: &Interp, e: Exception) -> String {
    engine.session().error_text(interp, e)
}

/// The elements of a tuple.
pub fn elements(tuple: Value) -> Vec<Value> {
    (0..runtime::object::nfields(tuple))
        .filter_map(|i| runtime::object::get_index(tuple, i).ok())
        .map(runtime::pin)
        .collect()
}
