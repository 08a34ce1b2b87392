//! What a code instance depends on, and how the dependence is remembered on the other side.

use crate::age::{WorldAge, WorldRange};
use crate::handle::handle;
use crate::instance::CiRef;
use crate::lookup::LookupRef;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, lock};
use crate::table::MethodRef;
use base::Symbol;
use std::fmt;

/// One thing a code instance depends on: when that ends, so does the instance.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Edge {
    /// Another code instance (whose code was inlined, called directly, or whose inferred type was used).
    Instance(CiRef),
    /// A look-up and its answer; the answer may be that nothing matched.
    Lookup(LookupRef),
    /// The value of a constant, or that it had none.
    Binding(BindingRef),
    /// That this very method stays in its table.
    Method(MethodRef),
}

impl Edge {
    pub(crate) fn life(&self) -> &'static Life {
        match self {
            Edge::Instance(ci) => &ci.get().life,
            Edge::Lookup(lookup) => &lookup.get().life,
            Edge::Binding(binding) => &binding.get().life,
            Edge::Method(method) => &method.get().life,
        }
    }
}

/// The world range of something, and the code instances that end with it.
pub(crate) struct Life {
    min: AtomicU64,
    max: AtomicU64,
    dependants: Mutex<Vec<CiRef>>,
}

impl Life {
    pub fn new(range: WorldRange) -> Life {
        Life { min: AtomicU64::new(range.min.0), max: AtomicU64::new(range.max.0), dependants: Mutex::new(Vec::new()) }
    }

    pub fn range(&self) -> WorldRange {
        WorldRange { min: WorldAge(self.min.load(Ordering::Acquire)), max: WorldAge(self.max.load(Ordering::Acquire)) }
    }

    /// Relaxed is enough: whoever holds an age got it from the world's counter, which is advanced
    /// (with release) only after everything that the change ends was ended.
    #[inline]
    pub fn contains(&self, age: WorldAge) -> bool {
        self.min.load(Ordering::Relaxed) <= age.0 && age.0 <= self.max.load(Ordering::Relaxed)
    }

    #[inline]
    pub fn is_open(&self) -> bool {
        self.max.load(Ordering::Relaxed) == u64::MAX
    }

    pub fn set(&self, range: WorldRange) {
        self.min.store(range.min.0, Ordering::Release);
        self.max.store(range.max.0, Ordering::Release);
    }

    pub fn end(&self, last: WorldAge) {
        self.max.store(last.0, Ordering::Release);
    }

    pub fn add_dependant(&self, ci: CiRef) {
        let mut dependants = lock(&self.dependants);
        if dependants.last() == Some(&ci) {
            return;
        }
        if dependants.len() == dependants.capacity() {
            // Something stable that ever-changing code depends on must not collect the dead.
            dependants.retain(|ci| ci.life.is_open());
        }
        dependants.push(ci);
    }

    pub fn take_dependants(&self) -> Vec<CiRef> {
        std::mem::take(&mut lock(&self.dependants))
    }

    pub fn has_live_dependants(&self) -> bool {
        lock(&self.dependants).iter().any(|ci| ci.life.is_open())
    }

    pub fn dependants(&self) -> Vec<CiRef> {
        lock(&self.dependants).iter().copied().filter(|ci| ci.life.is_open()).collect()
    }
}

/// Names a constant of some module; what a module or a value is, is the user's business.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BindingKey {
    pub module: Symbol,
    pub name: Symbol,
}

impl BindingKey {
    pub fn new(module: &str, name: &str) -> BindingKey {
        BindingKey { module: Symbol::new(module), name: Symbol::new(name) }
    }
}

impl fmt::Debug for BindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// One state of a constant, from one binding of it to the next. The state "not bound yet" is one too.
pub struct Binding {
    pub(crate) key: BindingKey,
    pub(crate) life: Life,
}

handle!(
    /// Handle to a [`Binding`].
    BindingRef => Binding
);

impl Binding {
    pub fn key(&self) -> BindingKey {
        self.key
    }
    pub fn valid(&self) -> WorldRange {
        self.life.range()
    }
}

impl BindingRef {
    pub(crate) fn new(key: BindingKey, range: WorldRange) -> BindingRef {
        BindingRef::leak(Binding { key, life: Life::new(range) })
    }
}

impl fmt::Debug for BindingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{}", self.key, self.life.range().min)
    }
}
