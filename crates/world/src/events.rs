//! What happens in a world, as typed events that tests count and tools report.

use crate::age::WorldAge;
use crate::edges::{BindingKey, Edge};
use crate::instance::{CiRef, MiRef};
use crate::lookup::LookupRef;
use crate::owner::Owner;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Arc, Mutex, lock};
use crate::table::MethodRef;

/// Something that happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// `replaced` had an equal signature and ended.
    MethodAdded {
        method: MethodRef,
        replaced: Option<MethodRef>,
        at: WorldAge,
    },
    MethodRemoved {
        method: MethodRef,
        at: WorldAge,
    },
    BindingChanged {
        key: BindingKey,
        at: WorldAge,
    },
    /// A look-up was worked out (not answered from what is known).
    LookupMade {
        lookup: LookupRef,
    },
    /// What was known about a look-up does not hold from now on.
    LookupEnded {
        lookup: LookupRef,
    },
    InferenceStarted {
        mi: MiRef,
        owner: Owner,
    },
    InferenceFinished {
        ci: CiRef,
    },
    /// Inference gave up, or what it found was refused.
    InferenceFailed {
        mi: MiRef,
        owner: Owner,
    },
    /// A cache view found the instance that it was asked for.
    CiReused {
        ci: CiRef,
    },
    CiEnded {
        ci: CiRef,
        why: EndCause,
    },
    /// `instance` is the code instance's [`id`](crate::CodeInstance::id).
    ResultsCreated {
        instance: u64,
        results: &'static str,
    },
}

/// Why a code instance's range ended. Following [`EndCause::Dependency`] leads to the change itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndCause {
    /// Its method, or one it named explicitly, was replaced.
    MethodReplaced {
        old: MethodRef,
        new: MethodRef,
    },
    MethodRemoved {
        method: MethodRef,
    },
    /// A look-up it depends on would be answered differently because of this method.
    LookupChanged {
        lookup: LookupRef,
        by: MethodRef,
    },
    BindingChanged {
        key: BindingKey,
    },
    /// A code instance that it depends on ended.
    Dependency {
        ci: CiRef,
    },
    /// It turned out to depend on something that had ended before ([`World::add_edges`](crate::World::add_edges)).
    Late {
        edge: Edge,
    },
}

type Subscriber = Arc<dyn Fn(&EventKind) + Send + Sync>;

#[derive(Default)]
pub(crate) struct Events {
    /// So that nobody pays who does not listen.
    active: AtomicUsize,
    subscribers: Mutex<Vec<Subscriber>>,
}

impl Events {
    #[inline]
    pub fn emit(&self, event: impl FnOnce() -> EventKind) {
        if self.active.load(Ordering::Relaxed) != 0 {
            self.deliver(event());
        }
    }

    #[cold]
    fn deliver(&self, event: EventKind) {
        // A copy, so that a subscriber may use the world.
        let subscribers = lock(&self.subscribers).clone();
        subscribers.iter().for_each(|subscriber| subscriber(&event));
    }

    pub fn subscribe(&'static self, subscriber: Subscriber) -> Subscription {
        lock(&self.subscribers).push(subscriber.clone());
        self.active.fetch_add(1, Ordering::Relaxed);
        Subscription { events: self, subscriber }
    }
}

/// Ends the subscription when dropped.
pub struct Subscription {
    events: &'static Events,
    subscriber: Subscriber,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        lock(&self.events.subscribers).retain(|other| !Arc::ptr_eq(other, &self.subscriber));
        self.events.active.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Collects events until it is dropped.
pub struct Recorder {
    _subscription: Subscription,
    events: Arc<Mutex<Vec<EventKind>>>,
}

impl Recorder {
    pub(crate) fn new(log: &'static Events) -> Recorder {
        let events: Arc<Mutex<Vec<EventKind>>> = Arc::new(Mutex::new(Vec::new()));
        let sink = events.clone();
        let subscriber: Subscriber = Arc::new(move |event: &EventKind| lock(&sink).push(*event));
        Recorder { _subscription: log.subscribe(subscriber), events }
    }

    /// What happened since the last call.
    pub fn take(&self) -> Vec<EventKind> {
        std::mem::take(&mut lock(&self.events))
    }

    /// How many of what happened since the last [`take`](Self::take) satisfy a condition.
    pub fn count(&self, wanted: impl Fn(&EventKind) -> bool) -> usize {
        lock(&self.events).iter().filter(|event| wanted(event)).count()
    }
}
