//! Choices of the back-end for AMD GPUs.

use crate::stories::{alone, engine};
use backend_gcn::{GcnDeviceTarget, GcnOptions, Generator};
use compiler::{CompilerConfig, CompilerTarget};
use rekindle::Stage;
use std::sync::Arc;

fn target(generator: Generator) -> Arc<dyn CompilerTarget> {
    let options = GcnOptions { generator, ..GcnOptions::from_name("gfx90a").expect("a processor") };
    Arc::new(GcnDeviceTarget::new(options).expect("an LLVM with AMDGPU"))
}

/// Assembly of a small kernel, or the code and text of the finding.
fn assembly(target: Arc<dyn CompilerTarget>) -> Result<String, String> {
    let engine = engine();
    engine.load_str("chosen.jl", "using CUDA\nchosen!(p) = (CUDA.unsafe_store!(p, 1, 1); return)").expect("loads");
    let session = engine.session();
    let job = session.with_interp(|i| {
        let types = engine.entry_types(i, "chosen!(Core.LLVMPtr{Int64,1})").map_err(|e| session.error_text(i, e));
        let types = types.expect("types");
        engine.job(CompilerConfig::kernel(target), &types).map_err(|e| session.error_text(i, e)).expect("a job")
    });
    let made = engine.driver().compile(Stage::Assembly, &job);
    made.map(|m| m.text()).map_err(|e| e.findings.iter().map(|d| format!("{}: {}", d.code, d.message)).collect())
}

#[test]
fn the_code_generator_is_chosen_and_is_part_of_the_key() {
    let _one = alone();
    let [here, outside] = Generator::ALL.map(target);
    assert_ne!(here.code_key().encode(), outside.code_key().encode());
    let first = assembly(here).expect("compiles");
    match assembly(outside) {
        Ok(text) => {
            let instructions = |t: &str| -> Vec<String> {
                t.lines().filter(|l| l.starts_with("\ts_") || l.starts_with("\tglobal_")).map(str::to_owned).collect()
            };
            assert_eq!(instructions(&text), instructions(&first));
        }
        Err(e) => {
            assert_eq!(e, "gcn.generator: the external code generator, LLVM's `llc`, is not there");
            eprintln!("SKIPPED: llc not found (package llvm-22)");
        }
    }
}

#[test]
fn processors_that_are_not_there_are_refused_with_close_matches() {
    let refused = |name| rekindle::target_for("gcn", Some(name)).map(|_| ()).expect_err("no such processor");
    let start = "there is no architecture";
    assert_eq!(
        refused("gfx1104"),
        format!("{start} `gfx1104` for gcn; close matches are gfx1100, gfx1101, gfx1102, gfx1103")
    );
    assert!(refused("sm_75").starts_with(&format!("{start} `sm_75` for gcn; architectures are gfx900, ")));
}
