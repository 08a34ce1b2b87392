//! The threads, locks and atomics this crate uses, in one place, so that the `shuttle` feature can
//! put all of them under a deterministic scheduler and replay races, and the `loom` feature under a model
//! of the memory that tries every order of their effects.
//!
//! Poisoned locks are entered all the same: every critical section here leaves its data consistent
//! before anything in it can panic, so poison only says that some other thread died.

#[cfg(all(feature = "loom", not(feature = "shuttle")))]
pub use loom::{
    sync::{Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, atomic},
    thread,
};
#[cfg(feature = "shuttle")]
pub use shuttle::{
    sync::{Arc, Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, atomic},
    thread,
};
// Its own cannot hold closures.
#[cfg(all(feature = "loom", not(feature = "shuttle")))]
pub use std::sync::Arc;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, atomic},
    thread,
};

/// Locks, poisoned or not.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poison| poison.into_inner())
}

/// Locks for reading, poisoned or not.
pub fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(|poison| poison.into_inner())
}

/// Locks for writing, poisoned or not.
pub fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(|poison| poison.into_inner())
}
