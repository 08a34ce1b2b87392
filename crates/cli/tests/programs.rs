//! Whole programs, run by the built command: standard output, exit status and the first line of the message of an
//! uncaught error must be those of a real Julia 1.11, with and without native code. Those of the golden directory
//! were run there; those of `tests/programs` have what Julia's rules say beside them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

/// So many programs agree already; the number only goes up. Those that differ are listed in the test's output.
const AGREEING: usize = 150;

const LIMIT: Duration = Duration::from_secs(60);

fn programs() -> Option<Vec<PathBuf>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden/programs");
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is not there", root.display());
        return None;
    }
    let mut found = Vec::new();
    for directory in ["kernels", "lang", "types"] {
        let entries = std::fs::read_dir(root.join(directory)).expect("a directory of programs");
        found.extend(entries.map(|e| e.expect("an entry").path()).filter(|p| p.extension().is_some_and(|e| e == "jl")));
    }
    found.sort();
    Some(found)
}

fn name_of(program: &Path) -> String {
    let part = |p: Option<&std::ffi::OsStr>| p.map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}/{}", part(program.parent().and_then(Path::file_name)), part(program.file_stem()))
}

/// What must hold beside the program, as `golden/README.md` says.
struct Expected {
    out: Option<String>,
    prefix: Option<String>,
    error: Option<String>,
}

impl Expected {
    fn of(program: &Path) -> Expected {
        let text = |ext: &str| std::fs::read_to_string(program.with_extension(ext)).ok();
        Expected { out: text("out"), prefix: text("prefix"), error: text("err").map(|t| t.trim().to_string()) }
    }
}

struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
}

/// Runs the command, killing it after the limit; `None` then.
fn run(program: &Path, flags: &[&str]) -> Option<Ran> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .arg("run")
        .args(flags)
        .arg(program)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the built command starts");
    let read = |mut from: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = from.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let out = read(Box::new(child.stdout.take().expect("a pipe")));
    let err = read(Box::new(child.stderr.take().expect("a pipe")));
    let (send, receive) = mpsc::channel::<()>();
    let child = Mutex::new(child);
    let status = std::thread::scope(|scope| {
        let child = &child;
        scope.spawn(move || {
            if receive.recv_timeout(LIMIT).is_err() {
                let _ = child.lock().expect("not poisoned").kill();
            }
        });
        loop {
            if let Some(status) = child.lock().expect("not poisoned").try_wait().expect("the child can be waited for") {
                let _ = send.send(());
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let (out, err) = (out.join().expect("a reader"), err.join().expect("a reader"));
    status.map(|status| Ran { status: Some(status), out, err })
}

/// The first difference, if there is one.
fn difference(program: &Path, flags: &[&str]) -> Option<String> {
    let want = Expected::of(program);
    let Some(got) = run(program, flags) else { return Some(format!("killed (limit {} s)", LIMIT.as_secs())) };
    if let Some(out) = &want.out
        && *out != got.out
    {
        let (mut w, mut g) = (out.split('\n'), got.out.split('\n'));
        let mut line = 0;
        loop {
            line += 1;
            let (w, g) = (w.next(), g.next());
            if w != g || w.is_none() {
                return Some(format!("line {line}: want {w:?}, got {g:?}; {}", first_lines(&got.err)));
            }
        }
    }
    if let Some(prefix) = &want.prefix
        && !got.out.starts_with(prefix)
    {
        return Some(format!("the output does not begin as it should; {}", first_lines(&got.err)));
    }
    let status = if want.error.is_some() { 1 } else { 0 };
    if got.status != Some(status) {
        return Some(format!("exit status {:?}, want {status}; {}", got.status, first_lines(&got.err)));
    }
    let message = want.error?;
    let said =
        got.err.lines().find_map(|l| l.strip_prefix("ERROR: ")).map(|l| l.strip_prefix("LoadError: ").unwrap_or(l));
    (said != Some(message.as_str())).then(|| format!("error {said:?}, want {message:?}"))
}

fn first_lines(err: &str) -> String {
    format!("stderr: {}", err.lines().take(3).collect::<Vec<_>>().join(" / "))
}

/// The programs of the repository itself.
fn own_programs() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs");
    let entries = std::fs::read_dir(root).expect("a directory of programs").map(|e| e.expect("an entry").path());
    let mut found: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "jl")).collect();
    found.sort();
    found
}

/// Runs all, says which differ and returns how many agree.
fn agreeing(engine: &str, flags: &[&str], programs: &[PathBuf]) -> usize {
    let next = AtomicUsize::new(0);
    let differing = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get()).min(8);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(d) = difference(program, flags) {
                        differing.lock().expect("not poisoned").push((name_of(program), d));
                    }
                }
            });
        }
    });
    let mut differing = differing.into_inner().expect("not poisoned");
    differing.sort();
    eprintln!("programs ({engine}): {} of {} agree", programs.len() - differing.len(), programs.len());
    for (name, d) in &differing {
        eprintln!("  {name}: {d}");
    }
    programs.len() - differing.len()
}

fn all_agree(engine: &str, flags: &[&str]) {
    let own = own_programs();
    assert!(!own.is_empty(), "the directory of programs is empty");
    assert_eq!(
        agreeing(&format!("own, {engine}"), flags, &own),
        own.len(),
        "{engine}: programs of tests/programs differ"
    );
    let Some(programs) = programs() else { return };
    let agreeing = agreeing(engine, flags, &programs);
    assert!(agreeing >= AGREEING, "{engine}: {agreeing} programs agree, {AGREEING} did before");
}

#[test]
fn with_native_code() {
    all_agree("native code", &[]);
}

#[test]
fn interpreted() {
    all_agree("interpreter", &["--interpret"]);
}
