//! Puts the Julia sources of the prelude and the bundled modules into the library.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn collect(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "jl") {
            out.push(path);
        }
    }
}

fn main() {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../../julia");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut text = String::from("&[\n");
    for f in files {
        println!("cargo::rerun-if-changed={}", f.display());
        let name = f.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        let full = f.canonicalize().expect("the file was just listed");
        writeln!(text, "    ({name:?}, include_str!({:?})),", full.display().to_string()).expect("writing to a string");
    }
    text.push_str("]\n");
    let out = Path::new(&std::env::var("OUT_DIR").expect("set by cargo")).join("prelude.rs");
    std::fs::write(out, text).expect("the build directory is writable");
}
