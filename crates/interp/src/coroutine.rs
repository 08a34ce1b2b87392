//! Coroutines: what Julia's tasks run on. Each has a thread of its own, and of those that belong together one runs at
//! a time: whoever runs says who goes on, and sleeps until it is its turn again. Which that is decides the prelude's
//! scheduler (`julia/base/tasks.jl`); here nothing knows of tasks.

use crate::session::Session;
use runtime::{Exception, Value, errors};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Stack of a coroutine's thread; only touched pages take memory.
const STACK: usize = 256 << 20;

/// Where one coroutine waits for its turn.
#[derive(Default)]
struct Seat {
    turn: Mutex<bool>,
    called: Condvar,
}

impl Seat {
    fn wake(&self) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.called.notify_one();
    }

    fn wait(&self) {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        while !*turn {
            turn = self.called.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        *turn = false;
    }
}

/// Seats of all coroutines that have begun and not ended.
static SEATS: Mutex<Option<FxHashMap<i64, Arc<Seat>>>> = Mutex::new(None);
/// Threads that have nothing to do, the latest last; each takes numbers of coroutines to run.
static IDLE: Mutex<Vec<Sender<i64>>> = Mutex::new(Vec::new());
static NEXT: AtomicI64 = AtomicI64::new(1);

thread_local! {
    /// The coroutine that this thread is: of a thread that is none yet, the root of its own.
    static CURRENT: OnceCell<std::cell::Cell<i64>> = const { OnceCell::new() };
}

fn seats<T>(f: impl FnOnce(&mut FxHashMap<i64, Arc<Seat>>) -> T) -> T {
    f(SEATS.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

/// A number for a coroutine that is yet to begin.
pub fn reserve() -> i64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The number of the coroutine that is running.
pub fn current() -> i64 {
    CURRENT.with(|c| {
        c.get_or_init(|| {
            let id = reserve();
            seats(|s| s.insert(id, Arc::default()));
            std::cell::Cell::new(id)
        })
        .get()
    })
}

fn become_coroutine(id: i64) {
    CURRENT.with(|c| c.get_or_init(|| std::cell::Cell::new(id)).set(id));
}

/// Lets `to` go on (or begin, with `Base.task_entry(to)`), and returns when it is this coroutine's turn again.
pub fn switch(session: &'static Session, to: i64) -> Result<(), Exception> {
    let me = current();
    if me == to {
        return Ok(());
    }
    let Some(seat) = seats(|s| s.get(&me).cloned()) else {
        return Err(errors::error("a coroutine that has ended cannot wait"));
    };
    pass_on(session, to)?;
    seat.wait();
    Ok(())
}

fn pass_on(session: &'static Session, to: i64) -> Result<(), Exception> {
    if let Some(seat) = seats(|s| s.get(&to).cloned()) {
        seat.wake();
        return Ok(());
    }
    seats(|s| s.insert(to, Arc::default()));
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let sender = match idle {
        Some(sender) => sender,
        None => new_thread(session)?,
    };
    sender.send(to).map_err(|_| errors::error("a thread for tasks ended"))
}

fn new_thread(session: &'static Session) -> Result<Sender<i64>, Exception> {
    let (sender, orders) = channel::<i64>();
    let own = sender.clone();
    std::thread::Builder::new()
        .name("task".into())
        .stack_size(STACK)
        .spawn(move || {
            for id in orders {
                become_coroutine(id);
                let next = session
                    .with_interp(|i| session.call_base(i, "task_entry", &[Value::int(id)]))
                    .ok()
                    .and_then(Value::as_int);
                seats(|s| s.remove(&id));
                // Idle before another goes on: it may begin a coroutine at once.
                IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(own.clone());
                if next.is_none_or(|to| pass_on(session, to).is_err()) {
                    // The scheduler catches what tasks throw; without it nobody could go on.
                    runtime::host::print_err("the scheduler of tasks failed\n");
                    runtime::host::flush_all();
                    std::process::exit(1);
                }
            }
        })
        .map_err(|e| errors::error(&format!("no thread to run a task on: {e}")))?;
    Ok(sender)
}
