//! Kernels with barriers run as loops between the barriers or as coroutines: every program with barriers says the
//! same both ways.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Everything that a source may wait with.
const WAITS: [&str; 5] = ["@synchronize", "sync_threads", "sync_warp", "shfl_", "barrier("];

fn programs() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let golden = root.join("../shared/golden/programs/kernels");
    if !golden.is_dir() {
        eprintln!("SKIPPED: {} is not there", golden.display());
    }
    let mut found: Vec<PathBuf> = [root.join("examples"), golden]
        .iter()
        .flat_map(|d| std::fs::read_dir(d).into_iter().flatten().flatten().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jl"))
        .filter(|p| std::fs::read_to_string(p).is_ok_and(|text| WAITS.iter().any(|w| text.contains(w))))
        .collect();
    found.sort();
    found
}

/// Exit status and standard output.
fn run(program: &Path, barriers: &str) -> (Option<i32>, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .arg("run")
        .arg(program)
        .env("REKINDLE_CPU_BARRIERS", barriers)
        .stdin(Stdio::null())
        .output()
        .expect("the built command starts");
    (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned())
}

#[test]
fn programs_with_barriers_say_the_same_as_loops_and_as_coroutines() {
    let programs = programs();
    assert!(programs.len() >= 5, "the examples have barriers");
    let differ: Vec<_> = programs.iter().filter(|p| run(p, "loops") != run(p, "coroutines")).collect();
    eprintln!("programs with barriers: {} of {} agree", programs.len() - differ.len(), programs.len());
    assert!(differ.is_empty(), "{differ:#?}");
}
