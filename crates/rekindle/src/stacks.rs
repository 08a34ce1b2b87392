//! Threads with room for Julia code.
//!
//! Parsing, inference and interpretation recurse as deep as programs do; a thread of a Rust or C program may have a
//! stack of two megabytes. What may go deep runs in place where the stack is large, and else on a thread that is kept
//! for that. Launching what is compiled needs none of this.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

type Task = Box<dyn FnOnce() + Send>;

/// A task, and whom to tell when it is done.
struct Order {
    task: Task,
    done: Sender<()>,
}

/// Threads that have nothing to do, the latest last.
static IDLE: Mutex<Vec<Sender<Order>>> = Mutex::new(Vec::new());

thread_local! {
    static ROOMY: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Runs `f` where the stack is large, and waits for it. Panics go through.
///
/// # Errors
/// The system gives no thread.
pub fn with_room<T: Send>(f: impl FnOnce() -> T + Send) -> Result<T, String> {
    let roomy = ROOMY.get().unwrap_or_else(|| {
        let roomy = interp::has_big_stack();
        ROOMY.set(Some(roomy));
        roomy
    });
    if roomy {
        return Ok(f());
    }
    let mut outcome: Option<Result<T, Box<dyn Any + Send>>> = None;
    let run = || outcome = Some(catch_unwind(AssertUnwindSafe(f)));
    let task: Box<dyn FnOnce() + Send + '_> = Box::new(run);
    // SAFETY: only the lifetime changes. This function goes on when the task has been run or dropped: `finished` ends
    // in both cases, and not before. So what the task borrows outlives it.
    let task: Task = unsafe { std::mem::transmute::<Box<dyn FnOnce() + Send + '_>, Task>(task) };
    let (done, finished) = channel();
    worker()?.send(Order { task, done }).map_err(|_| "a thread for Julia code ended".to_owned())?;
    let _ = finished.recv();
    match outcome {
        Some(Ok(value)) => Ok(value),
        Some(Err(panic)) => resume_unwind(panic),
        None => Err("a thread for Julia code ended".into()),
    }
}

fn worker() -> Result<Sender<Order>, String> {
    if let Some(idle) = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop() {
        return Ok(idle);
    }
    let (sender, orders) = channel::<Order>();
    let own = sender.clone();
    std::thread::Builder::new()
        .name("rekindle".into())
        .stack_size(interp::BIG_STACK)
        .spawn(move || {
            for Order { task, done } in orders {
                task();
                // Idle before the caller goes on: its next call finds this thread again.
                IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(own.clone());
                let _ = done.send(());
            }
        })
        .map_err(|e| format!("no thread to run Julia code on: {e}"))?;
    Ok(sender)
}
