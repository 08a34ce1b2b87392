//! Compiles a C program against the header and the library, as C and as C++, and runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The built library: beside this test.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("this test's path");
    let dir = test.parent().and_then(Path::parent).expect("target folder");
    let found = ["librekindle_capi.so", "deps/librekindle_capi.so"].iter().map(|n| dir.join(n)).find(|p| p.exists());
    found.unwrap_or_else(|| panic!("the library was not built beside {}", dir.display()))
}

/// Compiles the program with a compiler and runs it.
fn story(compiler: &str, options: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = library();
    let dir = std::env::temp_dir().join(format!("rekindle-{compiler}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder of our own");
    let (program, script) = (dir.join("program"), dir.join("kernels.jl"));
    std::fs::write(&script, "from_file!(y) = (y[1] = 42; return)\n").expect("can be written");
    let compiled = Command::new(compiler)
        .args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-I"])
        .arg(root.join("include"))
        .args(options)
        .arg(root.join("tests/program.c"))
        .args(["-x", "none"])
        .arg(&library)
        .args(["-pthread", "-o"])
        .arg(&program)
        .output()
        .unwrap_or_else(|e| panic!("{compiler}: {e}"));
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let run = Command::new(&program)
        .arg(&script)
        .env("LD_LIBRARY_PATH", library.parent().expect("library's folder"))
        .output()
        .expect("the program starts");
    let _ = std::fs::remove_dir_all(&dir);
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out.trim(), "ok", "{err}");
}

#[test]
fn a_c_program_loads_compiles_launches_redefines_and_reads_errors() {
    story("cc", &["-std=c99", "-D_POSIX_C_SOURCE=200809L"]);
}

#[test]
fn the_same_program_is_one_of_cpp() {
    story("c++", &["-std=c++17", "-x", "c++"]);
}
