//! What kernels may contain, by scripts of `tests/kernels` that check themselves on the CPU device: intrinsics, atomics,
//! arrays, arguments, arithmetic, random numbers and output, in the words of every back-end.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

fn scripts() -> Vec<PathBuf> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/kernels");
    let entries = std::fs::read_dir(directory).expect("the directory of scripts");
    let mut found: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    found.retain(|p| p.extension().is_some_and(|e| e == "jl"));
    found.sort();
    found
}

/// What went wrong with a script, if anything did.
fn failure(script: &PathBuf) -> Option<String> {
    let out = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .args(["run", "--device", "cpu"])
        .arg(script)
        .output()
        .expect("the command starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (!out.status.success())
        .then(|| format!("{}: {}\n{}{}", script.display(), out.status, text(&out.stdout), text(&out.stderr)))
}

#[test]
fn every_script_about_kernels_passes_its_own_checks() {
    let scripts = scripts();
    let waiting = Mutex::new(scripts.iter());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().expect("no thread panicked").next();
                    let Some(script) = next else { break };
                    if let Some(text) = failure(script) {
                        failures.lock().expect("no thread panicked").push(text);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no thread panicked");
    println!("kernel scripts: {} of {} agree", scripts.len() - failures.len(), scripts.len());
    assert!(!scripts.is_empty() && failures.is_empty(), "{}", failures.join("\n"));
}
