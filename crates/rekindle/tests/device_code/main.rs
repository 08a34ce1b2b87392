//! Directory tests of device code: every file of `cases/` defines kernels and says in comments what their code looks like.
//!
//! ```text
//! # kernel: f(CuDeviceVector{Float32,1}, Int32)     what to compile (`function:` for a device function)
//! # target: sm_90                                   architectures: sm_… for PTX, gfx… for GCN, spirv… for SPIR-V (spirv1.2, say),
//!                                                   macos… for Metal; `cpu` for the CPU device (default sm_75)
//! # stage: asm                                      or `llvm`, or `raw` for LLVM's IR before optimisation; `symbols` for the
//!                                                   symbols of the linked code (GCN)
//! # debug: 2                                        debug level (default 1)
//! # inline: always                                  compile with `always_inline`
//! # has: fma.rn.f32                                 a line that contains this (`~` stands for any text)
//! # not: .local                                     no line does
//! # count 2: bar.sync                               so many lines do
//! # error: kernel.returns-value                     it is refused, with a finding of this code (or one that says this)
//! ```
//!
//! What is said before the first `kernel:` holds for all of the file. All assembly is given to a tool that knows the machine
//! where there is one (see `tools.rs`).

use backend_ptx::{PtxDeviceTarget, PtxOptions};
use rekindle::{CompilerConfig, Engine, Options, Stage};
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod air_runs;
mod compiled;
mod gcn;
mod metal;
mod spirv;
mod stories;
mod tools;

/// One `kernel:` or `function:` with what is said about it.
#[derive(Clone, Default)]
struct Case {
    line: usize,
    entry: String,
    function: bool,
    targets: Vec<String>,
    stage: String,
    debug: u8,
    inline: bool,
    checks: Vec<(String, String)>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut common = Case { targets: vec!["sm_75".into()], stage: "asm".into(), debug: 1, ..Case::default() };
    let mut found: Vec<Case> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((key, value)) = line.strip_prefix("# ").and_then(|l| l.split_once(": ")) else { continue };
        let value = value.trim().to_owned();
        if matches!(key, "kernel" | "function") {
            found.push(Case { line: number + 1, entry: value, function: key == "function", ..common.clone() });
            continue;
        }
        let case = found.last_mut().unwrap_or(&mut common);
        match key {
            "target" => case.targets = value.split_whitespace().map(str::to_owned).collect(),
            "stage" => case.stage = value,
            "inline" => case.inline = value == "always",
            "debug" => case.debug = value.parse().expect("a level"),
            "has" | "not" | "error" => case.checks.push((key.to_owned(), value)),
            _ if key.starts_with("count ") => case.checks.push((key.to_owned(), value)),
            _ => {}
        }
    }
    found
}

/// Does a line contain the pieces of a pattern in order?
fn line_has(line: &str, pattern: &str) -> bool {
    let mut rest = line;
    pattern.split('~').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

fn compile(engine: &'static Engine, case: &Case, target: &str) -> Result<Code, String> {
    let session = engine.session();
    let types = session.with_interp(|i| engine.entry_types(i, &case.entry).map_err(|e| session.error_text(i, e)))?;
    let device: Arc<dyn compiler::CompilerTarget> = match target.strip_suffix("+fastmath") {
        _ if target.starts_with("macos") => rekindle::target_for("metal", Some(target))?,
        Some(arch) => {
            let options = PtxOptions::from_name(arch).ok_or("no such architecture")?;
            Arc::new(PtxDeviceTarget::new(PtxOptions { fast_math: true, ..options }).map_err(|e| e.to_string())?)
        }
        None if target == "cpu" => rekindle::target_for("cpu", None)?,
        None if target.starts_with("gfx") => rekindle::target_for("gcn", Some(target))?,
        None => match target.strip_prefix("spirv") {
            Some(version) => rekindle::target_for("spirv", Some(version).filter(|v| !v.is_empty()))?,
            None => rekindle::target_for("ptx", Some(target))?,
        },
    };
    let config = if case.function { CompilerConfig::new(device) } else { CompilerConfig::kernel(device) };
    let config =
        CompilerConfig { optimize: case.stage != "raw", debug_level: case.debug, always_inline: case.inline, ..config };
    let job = session.with_interp(|i| engine.job(config, &types).map_err(|e| session.error_text(i, e)))?;
    let made = |stage| {
        let told = |d: &rekindle::Diagnostic| format!("{}: {} {}\n", d.code, d.message, d.notes.join("; "));
        engine.driver().compile(stage, &job).map_err(|e| e.findings.iter().map(told).collect::<String>())
    };
    Ok(match case.stage.as_str() {
        "asm" => Code {
            text: made(Stage::Assembly)?.text(),
            image: needs_image(target).then(|| made(Stage::Image)).transpose()?,
        },
        "symbols" => {
            let image = made(Stage::Image)?;
            Code { text: tools::symbols(&image.bytes), image: Some(image) }
        }
        _ => Code { text: made(Stage::Llvm)?.text(), image: None },
    })
}

/// What a case looks at, and the image of the kernel where tools look at that.
struct Code {
    text: String,
    image: Option<rekindle::Artifact>,
}

/// Do tools look at what a device loads, not at the text?
fn needs_image(target: &str) -> bool {
    target.starts_with("gfx") && tools::can_link() || target.starts_with("spirv")
}

#[test]
fn device_code_looks_as_its_files_say() {
    let engine = stories::engine();
    let _one = stories::alone();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/device_code/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the cases").map(|f| f.expect("a file").path()).collect();
    files.sort();
    let only = std::env::var("REKINDLE_CASES").ok();
    let (mut total, mut wrong, mut assembled) = (0, Vec::new(), 0);
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|o| !name.contains(o.as_str())) {
            continue;
        }
        engine.load_file(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
        for case in cases(&std::fs::read_to_string(&file).expect("readable")) {
            for target in &case.targets {
                total += 1;
                let mut complaints = Vec::new();
                match compile(engine, &case, target) {
                    Ok(Code { text, image }) => {
                        for (what, pattern) in &case.checks {
                            let n = text.lines().filter(|l| line_has(l, pattern)).count();
                            let fine = match what.split_once(' ') {
                                Some((_, count)) => count.parse() == Ok(n),
                                None if what == "not" => n == 0,
                                None => what == "has" && n > 0,
                            };
                            if !fine {
                                complaints.push(format!("{what}: {pattern} (on {n} lines)"));
                            }
                        }
                        if case.stage == "asm" {
                            let outcome = tools::check(&text, image.as_ref(), target);
                            assembled += u32::from(outcome.is_some());
                            complaints.extend(outcome.and_then(Result::err));
                        }
                        if !complaints.is_empty() && only.is_some() {
                            eprintln!("---- {name}:{} {} for {target}\n{text}", case.line, case.entry);
                        }
                    }
                    Err(e) => {
                        let expected = case.checks.iter().find(|(what, _)| what == "error");
                        if !expected.is_some_and(|(_, text)| e.contains(text.as_str())) {
                            complaints.push(format!("refused: {e}"));
                        }
                    }
                }
                wrong.extend(
                    complaints.into_iter().map(|c| format!("{name}:{} {} for {target}: {c}", case.line, case.entry)),
                );
            }
        }
    }
    println!("device code: {} of {total} agree, {assembled} taken by the tools", total - wrong.len().min(total));
    tools::tell_missing();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The options of the engine of this process.
fn options() -> Options {
    Options { announce: false, serial: true, debug_level: 2, ..Options::default() }
}
