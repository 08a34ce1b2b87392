//! What was done and how long it took, for `--stats` and for tests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Counts of what was done.
#[derive(Default, Debug)]
pub struct Counters {
    pub inferred: AtomicU64,
    pub emitted: AtomicU64,
    pub compiled: AtomicU64,
    pub linked: AtomicU64,
    pub optimized: AtomicU64,
    /// Machine code or assembly made.
    pub generated: AtomicU64,
    pub times: Times,
}

/// The time that each stage took, of all threads together.
#[derive(Default, Debug)]
pub struct Times {
    pub infer: Clock,
    pub emit: Clock,
    pub link: Clock,
    pub optimize: Clock,
    /// Of host functions with their optimisation.
    pub generate: Clock,
}

/// A sum of times.
#[derive(Default, Debug)]
pub struct Clock(AtomicU64);

impl Clock {
    /// Runs `f` and adds the time that it takes.
    pub fn time<T>(&self, f: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let made = f();
        self.add(started.elapsed());
        made
    }

    pub fn add(&self, time: Duration) {
        self.0.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
    }

    /// The sum so far, in milliseconds.
    pub fn ms(&self) -> f64 {
        self.0.load(Ordering::Relaxed) as f64 / 1e6
    }
}
