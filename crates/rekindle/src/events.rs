//! What the engine does for kernels, as a list of events: for tests, and for programs that show it.

use crate::engine::Engine;
use backend_native::cpu::DeviceId;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use world::{EventKind, MiRef, Owner, Subscription};

/// Something that was done for a kernel. Functions are named with the types of their arguments.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Event {
    /// A function's types were inferred.
    Inferred { function: String },
    /// A function's code was generated, not yet optimised; it is kept with what was inferred.
    Emitted { function: String },
    /// What was inferred for a function, and all that was made of it, does not hold from now on.
    Ended { function: String },
    /// A kernel was linked with what it calls, optimised, and made into a device image.
    Compiled { kernel: String },
    /// A device image was loaded on a device.
    Loaded { kernel: String, device: DeviceId },
    /// A kernel was launched.
    Launched { kernel: String, device: DeviceId },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Inferred { function } => write!(f, "inferred {function}"),
            Event::Emitted { function } => write!(f, "emitted {function}"),
            Event::Ended { function } => write!(f, "ended {function}"),
            Event::Compiled { kernel } => write!(f, "compiled {kernel}"),
            Event::Loaded { kernel, device } => write!(f, "loaded {kernel} on {device}"),
            Event::Launched { kernel, device } => write!(f, "launched {kernel} on {device}"),
        }
    }
}

type Log = Arc<Mutex<Vec<Event>>>;

/// Who listens to the engine.
#[derive(Default)]
pub(crate) struct Listeners {
    /// So that nobody pays who does not listen.
    active: AtomicUsize,
    logs: Mutex<Vec<Log>>,
}

impl Listeners {
    #[inline]
    pub fn emit(&self, event: impl FnOnce() -> Event) {
        if self.active.load(Ordering::Relaxed) != 0 {
            self.deliver(event());
        }
    }

    #[cold]
    fn deliver(&self, event: Event) {
        for log in self.logs.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            log.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
        }
    }
}

/// Collects events from all threads until it is dropped. Launches are slower meanwhile.
pub struct Recording {
    engine: &'static Engine,
    log: Log,
    _world: Subscription,
}

impl Engine {
    /// Starts to record what is done for kernels on the CPU devices. Host code is left out.
    ///
    /// # Errors
    /// There is no CPU device.
    pub fn record(&'static self) -> Result<Recording, String> {
        let owner = self.cpu_config()?.owner();
        let log = Log::default();
        let sink = log.clone();
        let names: Mutex<BTreeMap<u64, String>> = Mutex::default();
        let world = self.session().world.subscribe(move |event| {
            if let Some(event) = of_world(event, owner, &names) {
                sink.lock().unwrap_or_else(PoisonError::into_inner).push(event);
            }
        });
        let listeners = self.listeners();
        listeners.logs.lock().unwrap_or_else(PoisonError::into_inner).push(log.clone());
        listeners.active.fetch_add(1, Ordering::Relaxed);
        Ok(Recording { engine: self, log, _world: world })
    }
}

impl Recording {
    /// What happened since the last call.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let listeners = self.engine.listeners();
        listeners.logs.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| !Arc::ptr_eq(other, &self.log));
        listeners.active.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An event of the world, if it concerns `owner`. `names` are those of the code instances inferred so far.
fn of_world(event: &EventKind, owner: Owner, names: &Mutex<BTreeMap<u64, String>>) -> Option<Event> {
    match *event {
        EventKind::InferenceFinished { ci } if ci.get().owner() == owner => {
            let function = describe(ci.get().mi());
            names.lock().unwrap_or_else(PoisonError::into_inner).insert(ci.get().id(), function.clone());
            Some(Event::Inferred { function })
        }
        EventKind::CiEnded { ci, .. } if ci.get().owner() == owner => {
            Some(Event::Ended { function: describe(ci.get().mi()) })
        }
        EventKind::ResultsCreated { instance, results }
            if results == std::any::type_name::<compiler::UnitResults>() =>
        {
            let function = names.lock().unwrap_or_else(PoisonError::into_inner).get(&instance).cloned()?;
            Some(Event::Emitted { function })
        }
        _ => None,
    }
}

/// `f(Float32, Int64)`.
pub(crate) fn describe(mi: MiRef) -> String {
    let types = types::tuple_elements(mi.get().sig()).unwrap_or_default();
    let args: Vec<String> = types.iter().skip(1).map(|t| t.to_string()).collect();
    format!("{}({})", mi.get().method().get().name(), args.join(", "))
}
