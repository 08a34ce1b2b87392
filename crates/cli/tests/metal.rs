//! Every kernel of the examples for Apple's GPUs: the same bitcode everywhere, IR that LLVM's tools find well formed, and a finding
//! that names the type about those that calculate with numbers that these GPUs do not have.

mod builds;

use builds::{Machine, on_path, tool, twice};
use std::path::Path;

const ARCHS: &[&str] = &["macos14", "macos26"];

/// One kernel, made for this system, and nothing that only LLVM knows.
fn check(dis: &Path, assembler: &Path, file: &Path, arch: &str) -> Result<(), String> {
    let text = tool(dis, &["-o", "-"], file)?;
    // The assembler verifies what it reads.
    let shown = file.with_extension("ll");
    std::fs::write(&shown, &text).map_err(|e| e.to_string())?;
    tool(assembler, &["-o", "/dev/null"], &shown)?;
    let system = arch.trim_start_matches("macos");
    let triple = text.lines().find(|l| l.starts_with("target triple")).unwrap_or_default();
    if !triple.contains(&format!("-apple-macosx{system}.0.0\"")) {
        return Err(format!("made for another system: {triple}"));
    }
    if !text.contains("!air.kernel = !{!0}\n") {
        return Err("no kernel".into());
    }
    let foreign = ["atomicrmw ", "cmpxchg ", " double", "unreachable", "@llvm.minimum", "@llvm.smin", "@julia.air"];
    match text.lines().find(|l| foreign.iter().any(|f| l.contains(f)) && !l.contains("cmpxchg.weak")) {
        Some(line) => Err(line.to_owned()),
        None => Ok(()),
    }
}

#[test]
fn kernels_of_the_examples_are_the_same_air_everywhere() {
    let tools = on_path(&["llvm-dis-22", "llvm-dis"]).zip(on_path(&["llvm-as-22", "llvm-as"]));
    if tools.is_none() {
        eprintln!("SKIPPED: llvm-as not found (package llvm-22)");
    }
    let lacks = Some("`Float64` is not supported in Metal code");
    let machine = Machine { target: "metal", archs: ARCHS, emit: "obj", lacks };
    let outcome = twice(&machine, |file, arch| {
        let (dis, assembler) = tools.as_ref()?;
        Some(check(dis, assembler, file, arch))
    });
    let (kernels, refused) = (outcome.kernels, outcome.refused);
    eprintln!("metal: {kernels} of {kernels} built twice, {} verified; {refused} examples want Float64", outcome.taken);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    assert!(kernels >= 14 * ARCHS.len() && refused >= 5);
}
