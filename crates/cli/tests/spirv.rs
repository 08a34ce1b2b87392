//! Every kernel of the examples as SPIR-V: the same bytes everywhere, and accepted by Khronos's validator.

mod builds;

use builds::{Machine, on_path, tool, twice};

const VERSIONS: &[&str] = &["1.0", "1.4"];

#[test]
fn kernels_of_the_examples_are_the_same_modules_everywhere_and_the_validator_takes_them() {
    let validator = on_path(&["spirv-val"]);
    if validator.is_none() {
        eprintln!("SKIPPED: spirv-val not found (package spirv-tools)");
    }
    let machine = Machine { target: "spirv", archs: VERSIONS, emit: "bin", lacks: None };
    let outcome = twice(&machine, |file, version| {
        Some(tool(validator.as_deref()?, &["--target-env", &format!("spv{version}")], file).map(|_| ()))
    });
    let kernels = outcome.kernels;
    eprintln!("spirv: {kernels} of {kernels} built twice, {} accepted by spirv-val", outcome.taken);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    assert!(kernels >= 14 * VERSIONS.len());
}
