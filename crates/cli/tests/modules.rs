//! The bundled modules, by scripts of `tests/modules` that check themselves: a failed check ends the script with an error.

use std::path::PathBuf;
use std::process::Command;

/// Runs one script; the device is the CPU, also where another one is present.
fn run(name: &str) {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/modules").join(name);
    let out = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .args(["run", "--device", "cpu"])
        .arg(&script)
        .output()
        .expect("the command starts");
    assert!(
        out.status.success(),
        "{name}: {}\n{}{}",
        out.status,
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
}

macro_rules! scripts {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            run(concat!(stringify!($name), ".jl"));
        }
    )*};
}

scripts! {
    big_numbers
    mixed_numbers
    cuda_language
    environment
    kernel_language
    linear_algebra
    other_backends
    printf
    static_arrays
    toml
}
