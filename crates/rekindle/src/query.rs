//! The host functions that only a driver can answer.

use crate::engine::Engine;
use runtime::{Exception, Value};

/// Answers a question by name; `None` for those that are not the driver's.
pub fn answer(engine: &'static Engine, what: &str, args: &[Value]) -> Option<Result<Value, Exception>> {
    match what {
        "launch" => Some(engine.launch_from_script(args)),
        "device_code" => Some(engine.device_code(args)),
        _ => None,
    }
}
