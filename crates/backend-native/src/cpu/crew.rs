//! The threads of a launch.
//!
//! The thread that launches works itself, from the start; threads of the pool join it as they wake up, and take what pieces
//! are left. One that wakes up when nothing is left looks at nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread::Thread;

/// Looks at whether all are done before the launching thread sleeps: some microseconds.
const SPINS: u32 = 400;

/// Set in [`Crew::inside`] when nothing is left.
const CLOSED: u32 = 1 << 31;

/// What the threads of a launch share. It outlives the launch where a thread wakes up late.
struct Crew {
    /// The launch's own work, while threads are inside.
    work: *const (dyn Fn(u64) + Sync),
    pieces: u64,
    next: AtomicU64,
    /// How many threads of the pool are at work, and whether more may join.
    inside: AtomicU32,
    caller: Thread,
}

// SAFETY: `work` is used by threads that are counted in `inside` only; the launch waits for these.
unsafe impl Send for Crew {}
// SAFETY: as above; all else is made to be shared.
unsafe impl Sync for Crew {}

/// Counts a thread out, also when it panics.
struct Inside<'a>(&'a Crew);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        if self.0.inside.fetch_sub(1, Ordering::AcqRel) == CLOSED + 1 {
            self.0.caller.unpark();
        }
    }
}

/// Waits for the others, also when it panics.
struct Waiting<'a>(&'a Crew);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_or(CLOSED, Ordering::AcqRel);
        let mut spins = 0;
        while self.0.inside.load(Ordering::Acquire) != CLOSED {
            if spins < SPINS {
                spins += 1;
                std::hint::spin_loop();
            } else {
                std::thread::park();
            }
        }
    }
}

impl Crew {
    fn work_on(&self) {
        loop {
            let piece = self.next.fetch_add(1, Ordering::Relaxed);
            if piece >= self.pieces {
                return;
            }
            // SAFETY: this is the launching thread, or one that it waits for.
            unsafe { (*self.work)(piece) }
        }
    }

    fn join(&self) {
        if self.inside.fetch_add(1, Ordering::AcqRel) & CLOSED != 0 {
            self.inside.fetch_sub(1, Ordering::AcqRel);
            return;
        }
        let _inside = Inside(self);
        self.work_on();
    }
}

/// Calls `work` for each of the numbers up to `pieces`, on this thread and on `helpers` of a pool's (the process's without
/// one), and comes back when all have returned.
pub fn share(pool: Option<&rayon::ThreadPool>, helpers: usize, pieces: u64, work: &(dyn Fn(u64) + Sync)) {
    let work: *const (dyn Fn(u64) + Sync + '_) = work;
    let crew = Arc::new(Crew {
        // SAFETY: forgets how long `work` lives: it is not used after this function has returned.
        work: unsafe { std::mem::transmute::<*const (dyn Fn(u64) + Sync + '_), *const (dyn Fn(u64) + Sync)>(work) },
        pieces,
        next: AtomicU64::new(0),
        inside: AtomicU32::new(0),
        caller: std::thread::current(),
    });
    for _ in 0..helpers {
        let crew = crew.clone();
        match pool {
            Some(pool) => pool.spawn(move || crew.join()),
            None => rayon::spawn(move || crew.join()),
        }
    }
    let _waiting = Waiting(&crew);
    crew.work_on();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once_before_it_returns() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
        for round in 0..200u64 {
            let pieces = round % 17;
            let done: Vec<AtomicU32> = (0..pieces).map(|_| AtomicU32::new(0)).collect();
            share(Some(&pool), 3, pieces, &|i| {
                done[i as usize].fetch_add(1, Ordering::Relaxed);
            });
            assert!(done.iter().all(|d| d.load(Ordering::Relaxed) == 1));
        }
    }
}
