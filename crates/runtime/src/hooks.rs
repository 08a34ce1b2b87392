//! What the runtime asks of the evaluator above it.

use crate::{Exception, Value, errors};
use std::sync::OnceLock;

/// Implemented by the interpreter's session. All methods may run Julia code.
pub trait Evaluator: Send + Sync {
    /// Calls `f(args...)` in the world of the code that is running now (the newest one outside of any).
    fn call(&self, f: Value, args: &[Value]) -> Result<Value, Exception>;
    /// Calls in the newest world.
    fn call_latest(&self, f: Value, args: &[Value]) -> Result<Value, Exception>;
    /// Calls in the given world.
    fn call_in_world(&self, world: u64, f: Value, args: &[Value]) -> Result<Value, Exception>;
    /// `invoke(f, argument tuple type, args...)`.
    fn invoke(&self, f: Value, types: Value, args: &[Value]) -> Result<Value, Exception>;
    /// Is there a method for these arguments?
    fn applicable(&self, f: Value, args: &[Value]) -> bool;
    /// `_apply_iterate(iterate, f, args...)`.
    fn apply_iterate(&self, iterate: Value, f: Value, args: &[Value]) -> Result<Value, Exception>;
    /// The world of the code that is running.
    fn world_age(&self) -> u64;
    /// The exceptions being handled, innermost last.
    fn current_exceptions(&self) -> Vec<Value>;
    /// A query of the session by name (`eval`, `which`, `methods`, …), for the host functions that reflect on code.
    fn query(&self, what: &str, args: &[Value]) -> Result<Value, Exception>;
}

static EVALUATOR: OnceLock<Box<dyn Evaluator>> = OnceLock::new();

/// Installs the evaluator; the first one stays.
pub fn set_evaluator(e: Box<dyn Evaluator>) {
    let _ = EVALUATOR.set(e);
}

pub fn evaluator() -> Result<&'static dyn Evaluator, Exception> {
    EVALUATOR.get().map(|e| &**e).ok_or_else(|| errors::error("no evaluator is running"))
}

/// Calls a Julia function through the evaluator.
pub fn call(f: Value, args: &[Value]) -> Result<Value, Exception> {
    evaluator()?.call(f, args)
}
