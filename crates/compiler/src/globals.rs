//! Globals that device code was specialised for.
//!
//! A kernel cannot read the host's variables. One that names a global which is not constant is compiled for the value
//! that it holds; each launch compares the few values that were taken and ends what was made for others.

use runtime::{Binding, Value};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use world::{BindingKey, World, WorldAge};

/// What inference calls with a global and the value that it takes.
pub(crate) type NoteGlobal<'a> = dyn Fn(&'static Binding, Value) + Sync + 'a;

/// The values taken, and the age since which they are valid.
#[derive(Default)]
pub(crate) struct FrozenGlobals {
    taken: Mutex<Vec<(&'static Binding, Value)>>,
    /// Number of globals taken: launches of kernels without any take no lock.
    count: AtomicU64,
    since: AtomicU64,
}

impl FrozenGlobals {
    /// Remembers that code was made for a value (which is pinned).
    pub fn note(&self) -> impl Fn(&'static Binding, Value) + Sync + '_ {
        |binding, value| {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            if !taken.iter().any(|&(b, v)| std::ptr::eq(b, binding) && v == value) {
                taken.push((binding, value));
            }
            self.count.store(taken.len() as u64, Ordering::Release);
        }
    }

    /// Ends what was made for values that globals no longer hold. The age in which code for the present ones lives: at
    /// least `age`.
    pub fn current_age(&self, world: World, age: WorldAge) -> WorldAge {
        if self.count.load(Ordering::Acquire) == 0 {
            return age;
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|&(binding, value)| {
            let same = binding.own_value().is_some_and(|now| runtime::egal(now, value));
            if !same {
                let (path, name) = binding.key();
                let at = world.rebind(BindingKey::new(&path, name.as_str()));
                self.since.fetch_max(at.0, Ordering::Relaxed);
            }
            same
        });
        age.max(WorldAge(self.since.load(Ordering::Relaxed)))
    }
}
