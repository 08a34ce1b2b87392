//! A line on the terminal about work that takes longer than a second. Nothing is shown where standard error is no terminal.

use rekindle::Work;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// From when on something is shown, and how often it may change.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

enum Step {
    /// This is being done now.
    Work(String),
    /// Nothing is; answered when the line is gone, so that what the program writes next stands alone.
    Idle(SyncSender<()>),
}

/// Work in steps; what is shown goes away with it.
pub struct Progress {
    steps: Option<SyncSender<Step>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    pub fn start() -> Progress {
        if !std::io::stderr().is_terminal() {
            return Progress { steps: None, thread: None };
        }
        let (steps, coming) = sync_channel::<Step>(16);
        let thread = std::thread::spawn(move || show(&coming, PATIENCE, &mut std::io::stderr()));
        Progress { steps: Some(steps), thread: Some(thread) }
    }

    /// What is being done now.
    pub fn step(&self, text: impl FnOnce() -> String) {
        if let Some(steps) = &self.steps {
            let _ = steps.send(Step::Work(text()));
        }
    }

    /// Nothing is being done until the next step.
    pub fn idle(&self) {
        if let Some(steps) = &self.steps {
            let (gone, is_gone) = sync_channel(0);
            if steps.send(Step::Idle(gone)).is_ok() {
                let _ = is_gone.recv();
            }
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

fn show(coming: &Receiver<Step>, patience: Duration, out: &mut impl Write) {
    let mut since: Option<Instant> = None;
    let (mut text, mut shown) = (String::new(), String::new());
    loop {
        // Without work there is nothing to wake up for.
        let step = match since {
            Some(_) => coming.recv_timeout(TICK),
            None => coming.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match step {
            Ok(Step::Work(step)) => {
                text = step;
                since.get_or_insert_with(Instant::now);
            }
            Ok(Step::Idle(gone)) => {
                since = None;
                clear(&mut shown, out);
                let _ = gone.send(());
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if since.is_some_and(|s| s.elapsed() >= patience) && text != shown {
            shown.clone_from(&text);
            let _ = write!(out, "\r\x1b[2K{shown}");
        }
    }
    clear(&mut shown, out);
}

fn clear(shown: &mut String, out: &mut impl Write) {
    if !std::mem::take(shown).is_empty() {
        let _ = write!(out, "\r\x1b[2K");
    }
}

/// Shows what a running program waits for while it is compiled.
pub fn show_compilation() {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let state = Mutex::new((Progress::start(), Vec::<String>::new()));
    rekindle::on_work(move |work| {
        let mut state = state.lock().unwrap_or_else(|e| e.into_inner());
        let (progress, open) = &mut *state;
        match work {
            Work::Begins(line) => open.push(line.to_owned()),
            Work::Ends => drop(open.pop()),
        }
        match open.last() {
            Some(line) => progress.step(|| line.clone()),
            None => progress.idle(),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the terminal gets of these steps.
    fn shown(patience: Duration, steps: impl FnOnce(&SyncSender<Step>)) -> String {
        let (sender, coming) = sync_channel(16);
        let shower = std::thread::spawn(move || {
            let mut out = Vec::new();
            show(&coming, patience, &mut out);
            String::from_utf8(out).expect("text")
        });
        steps(&sender);
        drop(sender);
        shower.join().expect("shows")
    }

    fn idle(to: &SyncSender<Step>) {
        let (gone, is_gone) = sync_channel(0);
        to.send(Step::Idle(gone)).expect("is listened to");
        is_gone.recv().expect("is answered");
    }

    #[test]
    fn a_line_is_gone_before_the_program_goes_on() {
        let text = shown(Duration::ZERO, |to| {
            to.send(Step::Work("compiling a".into())).expect("is listened to");
            to.send(Step::Work("compiling b".into())).expect("is listened to");
            idle(to);
            idle(to);
            to.send(Step::Work("compiling c".into())).expect("is listened to");
        });
        let line = |text| format!("\r\x1b[2K{text}");
        assert_eq!(text, ["compiling a", "compiling b", "", "compiling c", ""].map(line).concat());
    }

    #[test]
    fn short_work_shows_nothing() {
        let text = shown(Duration::from_secs(3600), |to| {
            to.send(Step::Work("compiling a".into())).expect("is listened to");
            idle(to);
        });
        assert_eq!(text, "");
    }
}
