//! A line on the terminal about work that takes longer than a second. Nothing is shown where standard error is no terminal.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// From when on something is shown, and how often it may change.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// Work in steps; what is shown goes away with it.
pub struct Progress {
    steps: Option<Sender<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    pub fn start() -> Progress {
        if !std::io::stderr().is_terminal() {
            return Progress { steps: None, thread: None };
        }
        let (steps, coming) = channel::<String>();
        let thread = std::thread::spawn(move || {
            let began = Instant::now();
            let (mut text, mut shown) = (String::new(), String::new());
            loop {
                match coming.recv_timeout(TICK) {
                    Ok(step) => text = step,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if began.elapsed() >= PATIENCE && text != shown {
                    shown.clone_from(&text);
                    let _ = write!(std::io::stderr(), "\r\x1b[2K{shown}");
                }
            }
            if !shown.is_empty() {
                let _ = write!(std::io::stderr(), "\r\x1b[2K");
            }
        });
        Progress { steps: Some(steps), thread: Some(thread) }
    }

    /// What is being done now.
    pub fn step(&self, text: impl FnOnce() -> String) {
        if let Some(steps) = &self.steps {
            let _ = steps.send(text());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.steps = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
