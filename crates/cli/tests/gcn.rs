//! Every kernel of the examples as a code object for AMD GPUs: the same bytes everywhere, linked, and machine code that LLVM's
//! disassembler knows.

mod builds;

use builds::{Machine, on_path, tool, twice};
use std::path::Path;

const ARCHS: &[&str] = &["gfx90a", "gfx1100"];

/// One entry with its descriptor, and nothing but instructions of the processor.
fn check(objdump: &Path, readelf: &Path, file: &Path, arch: &str) -> Result<(), String> {
    let code = tool(objdump, &["-d", &format!("--mcpu={arch}")], file)?;
    if let Some(line) = code.lines().find(|l| l.contains("<unknown>") || l.contains("<invalid")) {
        return Err(line.to_owned());
    }
    let symbols = tool(readelf, &["--dyn-syms", "-W"], file)?;
    let entries = symbols.lines().filter(|l| l.contains("OBJECT") && l.trim_end().ends_with(".kd")).count();
    if entries == 1 { Ok(()) } else { Err(format!("{entries} entries:\n{symbols}")) }
}

#[test]
fn kernels_of_the_examples_are_the_same_code_objects_everywhere() {
    let linker = on_path(&["ld.lld-22", "ld.lld"]);
    if linker.is_none() {
        eprintln!("SKIPPED: ld.lld not found (package lld-22)");
    }
    let tools = on_path(&["llvm-objdump-22", "llvm-objdump"]).zip(on_path(&["llvm-readelf-22", "llvm-readelf"]));
    if tools.is_none() {
        eprintln!("SKIPPED: llvm-objdump not found (package llvm-22)");
    }
    let machine =
        Machine { target: "gcn", archs: ARCHS, emit: if linker.is_some() { "bin" } else { "obj" }, lacks: None };
    let outcome = twice(&machine, |file, arch| {
        let (objdump, readelf) = tools.as_ref().filter(|_| linker.is_some())?;
        Some(check(objdump, readelf, file, arch))
    });
    let kernels = outcome.kernels;
    eprintln!("gcn: {kernels} of {kernels} built twice, {} linked and disassembled", outcome.taken);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    assert!(kernels >= 14 * ARCHS.len());
}
