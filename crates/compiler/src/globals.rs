//! Globals that device code was specialised for.
//!
//! A kernel cannot read the host's variables. One that names a global which is not constant is compiled for the value
//! that it holds; each launch compares the few values that were taken and ends what was made for others. The comparison
//! takes no lock: it is on the path of every launch.

use runtime::{Binding, Value};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use world::{BindingKey, GrowList, World, WorldAge};

/// What inference calls with a global and the value that it takes.
pub(crate) type NoteGlobal<'a> = dyn Fn(&'static Binding, Value) + Sync + 'a;

/// A global of which the value was taken at some time.
struct Taken {
    binding: &'static Binding,
    /// The value that live code was made for (pinned); null when there is no such code.
    value: AtomicPtr<u8>,
    /// Live code was made for another value as well.
    several: AtomicBool,
}

impl Taken {
    #[inline]
    fn value(&self) -> Option<Value> {
        let taken = self.value.load(Ordering::Acquire);
        // SAFETY: not null, so it is the address of a pinned object.
        (!taken.is_null()).then(|| unsafe { Value::from_ptr(taken) })
    }

    /// Is the value that live code was made for the one that the global holds?
    #[inline]
    fn holds(&self) -> bool {
        let Some(taken) = self.value() else { return true };
        !self.several.load(Ordering::Acquire)
            && self.binding.own_value().is_some_and(|now| now == taken || runtime::egal(now, taken))
    }
}

/// The values taken, and the age since which they are valid.
#[derive(Default)]
pub(crate) struct FrozenGlobals {
    taken: GrowList<Taken>,
    /// Held while values change.
    changing: Mutex<()>,
    since: AtomicU64,
}

impl FrozenGlobals {
    /// Remembers that code was made for a value (which is pinned).
    pub fn note(&self) -> impl Fn(&'static Binding, Value) + Sync + '_ {
        |binding, value| {
            let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
            let same = |t: &Taken| std::ptr::eq(t.binding, binding);
            let new = || Taken { binding, value: AtomicPtr::default(), several: AtomicBool::new(false) };
            let (taken, _) = self.taken.get_or_push(same, new);
            match taken.value() {
                None => taken.value.store(value.as_ptr(), Ordering::Release),
                Some(before) if before == value || runtime::egal(before, value) => {}
                Some(_) => taken.several.store(true, Ordering::Release),
            }
        }
    }

    /// Ends what was made for values that globals no longer hold. The age in which code for the present ones lives: at
    /// least `age`.
    #[inline]
    pub fn current_age(&self, world: World, age: WorldAge) -> WorldAge {
        if !self.taken.iter().all(Taken::holds) {
            self.end_outdated(world);
        }
        age.max(WorldAge(self.since.load(Ordering::Acquire)))
    }

    #[cold]
    fn end_outdated(&self, world: World) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        for taken in self.taken.iter().filter(|t| !t.holds()) {
            let (path, name) = taken.binding.key();
            let at = world.rebind(BindingKey::new(&path, name.as_str()));
            self.since.fetch_max(at.0, Ordering::AcqRel);
            taken.value.store(std::ptr::null_mut(), Ordering::Release);
            taken.several.store(false, Ordering::Release);
        }
    }
}
