//! Every kernel of the examples as PTX: the same bytes everywhere, and accepted by NVIDIA's assembler.

mod builds;

use builds::{Machine, tool, twice};
use std::path::PathBuf;

const ARCHS: &[&str] = &["sm_75", "sm_90", "sm_100"];

#[test]
fn kernels_of_the_examples_are_the_same_bytes_everywhere_and_ptxas_takes_them() {
    let ptxas = std::env::var_os("REKINDLE_PTXAS").map(PathBuf::from).filter(|p| p.exists());
    if ptxas.is_none() {
        eprintln!("SKIPPED: ptxas not found (set REKINDLE_PTXAS)");
    }
    let machine = Machine { target: "ptx", archs: ARCHS, emit: "asm", lacks: None };
    let outcome = twice(&machine, |file, arch| {
        let done = tool(ptxas.as_deref()?, &[&format!("-arch={arch}"), "-o", "/dev/null"], file);
        Some(done.map(|_| ()))
    });
    let kernels = outcome.kernels;
    eprintln!("ptx: {kernels} of {kernels} built twice, {} assembled by ptxas", outcome.taken);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    assert!(kernels >= 14 * ARCHS.len());
}
