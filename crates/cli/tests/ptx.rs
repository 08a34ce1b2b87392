//! Every kernel of the examples as PTX: the same bytes in any process, directory and number of threads, and accepted by
//! NVIDIA's assembler.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHS: &[&str] = &["sm_75", "sm_90", "sm_100"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace's folder")
}

fn examples() -> Vec<PathBuf> {
    let dir = root().join("examples");
    let mut all: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("examples")
        .flatten()
        .map(|e| e.path())
        .map(|p| if p.is_dir() { p.join("main.jl") } else { p })
        .filter(|p| p.extension().is_some_and(|e| e == "jl") && p.exists())
        .collect();
    all.sort();
    all
}

/// Builds all kernels of a script; file names and contents.
fn build(script: &Path, out: &Path, cwd: &Path, threads: &str) -> BTreeMap<String, Vec<u8>> {
    std::fs::create_dir_all(out).expect("output folder");
    let made = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .args(["build", "--target", "ptx", "--arch", &ARCHS.join(","), "-o"])
        .arg(out)
        .arg(script)
        .current_dir(cwd)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("rekindle runs");
    assert!(made.status.success(), "{}:\n{}", script.display(), String::from_utf8_lossy(&made.stderr));
    std::fs::read_dir(out)
        .expect("output")
        .flatten()
        .map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).expect("output file")))
        .collect()
}

#[test]
fn kernels_of_the_examples_are_the_same_bytes_everywhere_and_ptxas_takes_them() {
    let temp = std::env::temp_dir().join(format!("rekindle-ptx-{}", std::process::id()));
    let ptxas = std::env::var_os("REKINDLE_PTXAS").map(PathBuf::from).filter(|p| p.exists());
    if ptxas.is_none() {
        eprintln!("SKIPPED: ptxas not found (set REKINDLE_PTXAS)");
    }
    let (mut kernels, mut assembled) = (0, 0);
    let mut wrong = Vec::new();
    for (n, script) in examples().iter().enumerate() {
        // relative from the repository, absolute from elsewhere: paths must not reach the output
        let relative = script.strip_prefix(root()).expect("inside the repository");
        let first = build(relative, &temp.join(format!("{n}a")), &root(), "1");
        let second = build(script, &temp.join(format!("{n}b")), &std::env::temp_dir(), "4");
        assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
        assert!(!first.is_empty(), "{}: no kernels", script.display());
        for (name, bytes) in &first {
            kernels += 1;
            if second[name] != *bytes {
                wrong.push(format!("{}: {name} differs between two processes", script.display()));
            }
            let Some(ptxas) = &ptxas else { continue };
            let arch = ARCHS.iter().find(|a| name.contains(&format!(".{a}."))).expect("file named by architecture");
            let done = Command::new(ptxas)
                .args([&format!("-arch={arch}"), "-o", "/dev/null"])
                .arg(temp.join(format!("{n}a")).join(name))
                .output()
                .expect("ptxas runs");
            if done.status.success() {
                assembled += 1;
            } else {
                wrong.push(format!("{}: {name}: {}", script.display(), String::from_utf8_lossy(&done.stderr)));
            }
        }
    }
    let _ = std::fs::remove_dir_all(&temp);
    eprintln!("ptx: {kernels} of {kernels} built twice, {assembled} assembled by ptxas");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(kernels >= 14 * ARCHS.len());
}
