//! Wrong programs and wrong command lines: what the command says of each must be exactly the text beside it. The programs are in
//! `wrong/*.jl` (run in that folder with `run --device cpu`, exit status 1) and `wrong/*.cmd` (a command line, exit status 2);
//! `REKINDLE_BLESS=1` writes the texts anew. Lines of the prelude and numbers of worlds, which change with every addition to it,
//! are written as `…`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of wrong programs");
    let mut found: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    // `ok.jl` is what the wrong command lines are about.
    found.retain(|p| p.extension().is_some_and(|e| e == "jl" || e == "cmd") && !p.ends_with("ok.jl"));
    found.sort();
    found
}

/// The words of a command line; quotation marks hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (i, part) in line.trim().split('"').enumerate() {
        if i % 2 == 1 {
            words.push(part.to_string());
        } else {
            words.extend(part.split_whitespace().map(str::to_string));
        }
    }
    words
}

/// The text without what changes with the prelude: its line numbers and the numbers of worlds.
fn settled(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let library = line.trim_start().strip_prefix("@ ").and_then(|place| place.rsplit_once(':'));
        if let Some((file, _)) = library.filter(|(file, _)| file.contains('/')) {
            let indent = line.len() - line.trim_start().len();
            out.push_str(&format!("{}@ {file}:…\n", &line[..indent]));
        } else if line.contains("running in world age") {
            out.extend(line.split_inclusive(char::is_whitespace).map(|w| {
                let number = w.trim_end_matches(|c: char| !c.is_ascii_digit());
                if number.is_empty() { w.to_string() } else { w.replace(number, "…") }
            }));
        } else {
            out.push_str(line);
        }
    }
    out
}

/// Runs a case; gives its exit status and standard error.
fn run(case: &Path, folder: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekindle"));
    if case.extension().is_some_and(|e| e == "cmd") {
        command.args(words(&std::fs::read_to_string(case).expect("a command line")));
    } else {
        command.args(["run", "--device", "cpu", "--serial"]).arg(case.file_name().expect("a file's name"));
    }
    let output = command
        .current_dir(folder)
        .env_remove("REKINDLE_DEVICE")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .expect("the built command starts");
    (output.status.code(), settled(&String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn diagnostics_are_exact() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wrong");
    let bless = std::env::var_os("REKINDLE_BLESS").is_some_and(|v| v == "1");
    let cases = cases(&folder);
    assert!(cases.len() >= 60, "only {} wrong programs", cases.len());
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get()).min(8);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = case.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                    let (status, text) = run(case, &folder);
                    let expected = case.with_extension("stderr");
                    let want_status = if name.ends_with(".cmd") { 2 } else { 1 };
                    let fail = |why: String| failed.lock().expect("not poisoned").push(format!("{name}: {why}"));
                    if status != Some(want_status) {
                        fail(format!("exit status {status:?}, want {want_status}; {text}"));
                    } else if bless {
                        std::fs::write(&expected, text).expect("the expectation can be written");
                    } else {
                        let want = std::fs::read_to_string(&expected).unwrap_or_default();
                        if want != text {
                            fail(format!("\n--- want\n{want}--- got\n{text}"));
                        }
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().expect("not poisoned");
    failed.sort();
    eprintln!("wrong programs: {} of {} exact", cases.len() - failed.len(), cases.len());
    for f in &failed {
        eprintln!("{f}");
    }
    assert!(failed.is_empty(), "{} wrong programs differ", failed.len());
}
