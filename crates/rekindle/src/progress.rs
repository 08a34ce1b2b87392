//! Telling whoever wants to show it what is being compiled while a program waits for it.

use std::sync::OnceLock;

/// Work that a program waits for.
#[derive(Debug)]
pub enum Work<'a> {
    /// What is compiled now, as a line for people.
    Begins(&'a str),
    Ends,
}

type Listener = Box<dyn Fn(Work<'_>) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Has `listener` told, on the thread that works, when compilation begins and ends. Compilations may nest and, on several
/// threads, overlap. The first listener of the process stays.
pub fn on_work(listener: impl Fn(Work<'_>) + Send + Sync + 'static) {
    let _ = LISTENER.set(Box::new(listener));
}

/// Does the work that `line` describes.
pub(crate) fn working<T>(line: impl FnOnce() -> String, work: impl FnOnce() -> T) -> T {
    struct End<'a>(&'a Listener);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            (self.0)(Work::Ends);
        }
    }
    let _end = LISTENER.get().map(|listener| {
        listener(Work::Begins(&line()));
        End(listener)
    });
    work()
}
