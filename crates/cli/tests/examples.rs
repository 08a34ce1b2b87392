//! The examples run and check themselves, on several threads and on one.

use std::process::Command;

#[test]
fn examples_run_on_the_cpu_device_in_parallel_and_serially() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut n = 0;
    let mut wrong = Vec::new();
    let mut scripts: Vec<_> =
        std::fs::read_dir(root.join("examples")).expect("examples").flatten().map(|e| e.path()).collect();
    scripts.sort();
    for path in scripts {
        let script = if path.is_dir() { path.join("main.jl") } else { path };
        if script.extension().is_none_or(|e| e != "jl") {
            continue;
        }
        n += 1;
        for extra in [&["--device", "cpu"][..], &["--serial"][..]] {
            let done = Command::new(env!("CARGO_BIN_EXE_rekindle"))
                .arg("run")
                .args(extra)
                .arg(&script)
                .output()
                .expect("rekindle runs");
            if !done.status.success() {
                wrong.push(format!("{} {extra:?}:\n{}", script.display(), String::from_utf8_lossy(&done.stderr)));
            }
        }
    }
    eprintln!("examples: {} of {n} run", n - wrong.len().min(n));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(n >= 14);
}
