//! Directory tests of the rewrites: `rewrites/NAME.ll` says in its first line what is done to it (`; rewrite: narrow`), `NAME.out.ll`
//! what comes out. `REKINDLE_BLESS=1` writes the latter.

use backend_metal::{
    aggregates, atomics, constants, expand, geps, hints, integers, math, minmax, narrow, null_select, region,
    thread_inputs,
};
use llvm::{Context, Module, PassOptions};
use std::path::{Path, PathBuf};

fn rewrite(module: &mut Module<'_>, name: &str) {
    match name {
        "aggregates" => drop(aggregates::split_aggregate_loads(module)),
        "atomics" => atomics::lower_atomics(module, true),
        "atomics-without-fences" => atomics::lower_atomics(module, false),
        "constants" => drop(constants::place_constants(module)),
        "geps" => drop(geps::merge_byte_offsets(module)),
        "hints" => drop(hints::drop_hints(module)),
        "expand" => drop(expand::expand_intrinsics(module)),
        "inputs" => drop(thread_inputs(module, "kernel")),
        "integers" => drop(integers::lower_integers(module)),
        "fuse" => drop(integers::fuse_minmax(module)),
        "math" => drop(math::lower_math(module)),
        "minmax" => drop(minmax::lower_minmax(module)),
        "narrow" => drop(narrow::narrow_parameters(module)),
        "null-select" => drop(null_select::rewrite_null_selects(module)),
        "region" => {
            for f in module.functions().into_iter().filter(|f| f.name() == "copied") {
                region::forget_claims_of(f.param(0));
            }
            region::forget_claims(module);
        }
        "scalarize" => drop(minmax::scalarize_minmax(module)),
        "prototypes" => module.run_passes("strip-dead-prototypes", None, PassOptions::default()).expect("a pass"),
        other => panic!("there is no rewrite `{other}`"),
    }
}

fn run(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).expect("readable");
    let steps = text.lines().next().and_then(|l| l.strip_prefix("; rewrite: ")).ok_or("no rewrite is named")?;
    let context = Context::new();
    let mut module = Module::parse_ir(&context, &text).map_err(|e| e.to_string())?;
    module.verify().map_err(|e| format!("ill-formed before: {e}"))?;
    for step in steps.split_whitespace() {
        rewrite(&mut module, step);
    }
    module.verify().map_err(|e| format!("ill-formed after: {e}"))?;
    // The path is not to be seen.
    let made: String = module
        .to_ir()
        .lines()
        .skip(1)
        .filter(|l| !l.starts_with("source_filename"))
        .map(|l| l.to_owned() + "\n")
        .collect();
    let expected = file.with_extension("out.ll");
    if std::env::var_os("REKINDLE_BLESS").is_some() {
        std::fs::write(&expected, &made).expect("writable");
    }
    if std::fs::read_to_string(&expected).is_ok_and(|e| e == made) { Ok(()) } else { Err(made) }
}

#[test]
fn rewrites_do_what_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rewrites");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the texts").map(|f| f.expect("a file").path()).collect();
    files.retain(|f| !f.to_string_lossy().ends_with(".out.ll"));
    files.sort();
    let name = |f: &Path| f.file_name().expect("a name").to_string_lossy().into_owned();
    let wrong: Vec<String> =
        files.iter().filter_map(|f| run(f).err().map(|e| format!("---- {}\n{e}", name(f)))).collect();
    println!("rewrites: {} of {} agree", files.len() - wrong.len(), files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
