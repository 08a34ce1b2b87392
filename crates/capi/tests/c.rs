//! Compiles a C program against the header and the library, and runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the built library: where this test itself was built.
fn library_dir() -> PathBuf {
    let test = std::env::current_exe().expect("this test's path");
    test.parent().and_then(Path::parent).expect("target folder").to_path_buf()
}

#[test]
fn a_c_program_loads_launches_redefines_and_reads_errors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = library_dir();
    let library = ["librekindle_capi.so", "deps/librekindle_capi.so"].iter().map(|n| dir.join(n)).find(|p| p.exists());
    let Some(library) = library else { panic!("the library was not built beside {}", dir.display()) };
    let program = std::env::temp_dir().join(format!("rekindle-c-{}", std::process::id()));
    let cc = Command::new("cc")
        .args(["-Wall", "-Werror", "-std=c99", "-I"])
        .arg(root.join("include"))
        .arg(root.join("tests/program.c"))
        .arg(&library)
        .arg("-o")
        .arg(&program)
        .output()
        .expect("a C compiler");
    assert!(cc.status.success(), "{}", String::from_utf8_lossy(&cc.stderr));
    let run = Command::new(&program)
        .env("LD_LIBRARY_PATH", library.parent().expect("library's folder"))
        .output()
        .expect("the program starts");
    let _ = std::fs::remove_file(&program);
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), "ok");
}
