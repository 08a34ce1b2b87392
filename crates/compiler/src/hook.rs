//! Reflection: collecting what a piece of host code compiles.

use crate::CompilerJob;
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A job that was compiled while a hook was active.
pub type CollectedJob = CompilerJob;

static ACTIVE: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static COLLECTED: RefCell<Vec<Vec<CompilerJob>>> = const { RefCell::new(Vec::new()) };
}

/// Is any hook active in this process? One relaxed load.
#[inline]
pub(crate) fn active() -> bool {
    ACTIVE.load(Ordering::Relaxed) != 0
}

pub(crate) fn compiled(job: &CompilerJob) {
    if active() {
        COLLECTED.with_borrow_mut(|stack| {
            for level in stack.iter_mut() {
                if !level.contains(job) {
                    level.push(*job);
                }
            }
        });
    }
}

/// Runs `f` and gives the jobs that it compiled, in order, each once. Caches of results are by-passed meanwhile.
pub fn collect_jobs<T>(f: impl FnOnce() -> T) -> (T, Vec<CompilerJob>) {
    struct Guard;
    impl Drop for Guard {
        fn drop(&mut self) {
            ACTIVE.fetch_sub(1, Ordering::Relaxed);
        }
    }
    ACTIVE.fetch_add(1, Ordering::Relaxed);
    let guard = Guard;
    COLLECTED.with_borrow_mut(|stack| stack.push(Vec::new()));
    let r = f();
    let jobs = COLLECTED.with_borrow_mut(|stack| stack.pop()).unwrap_or_default();
    drop(guard);
    (r, jobs)
}
