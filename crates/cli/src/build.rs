//! `rekindle build`: code ahead of time.

use crate::args::{BuildArgs, Emit};
use crate::progress::Progress;
use crate::{report, stats};
use interp::Interp;
use rekindle::{CompilerConfig, Engine, Options, Stage};
use runtime::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use types::Ty;

pub fn build(args: BuildArgs) -> ExitCode {
    interp::on_big_stack(move || on_stack(&args))
}

fn on_stack(args: &BuildArgs) -> ExitCode {
    let mut stats = stats::Run::begin();
    // no architecture: the target's default
    let archs: Vec<Option<&str>> =
        if args.arch.is_empty() { vec![None] } else { args.arch.iter().map(|a| Some(a.as_str())).collect() };
    if !report::readable(&args.file, args.json) {
        return ExitCode::from(2);
    }
    let mut targets = Vec::new();
    for arch in &archs {
        match rekindle::target_for(&args.target, *arch) {
            Ok(t) => targets.push((*arch, t)),
            Err(e) => {
                report::message(&e, args.json);
                return ExitCode::from(2);
            }
        }
    }
    let kernels = rekindle::backends().iter().any(|b| b.name == args.target && b.kernels);
    runtime::host::set_args(args.args.clone());
    let engine = match Engine::start(Options {
        announce: false,
        environment: args.packages.environment(),
        ..Options::default()
    }) {
        Ok(e) => e,
        Err(e) => {
            report::message(&format!("Rekindle could not start: {e}"), args.json);
            return ExitCode::FAILURE;
        }
    };
    stats.loaded();
    let session = engine.session();
    session.with_interp(|interp| {
        let program = session.call_base(interp, "set_program", &[Value::string(&args.file)]);
        if let Err(e) = program.and_then(|_| session.run_file(interp, Path::new(&args.file))) {
            runtime::host::flush_all();
            report::exception(session, interp, e, args.json);
            return ExitCode::FAILURE;
        }
        runtime::host::flush_all();
        let entries = match entries(engine, interp, args) {
            Ok(e) => e,
            Err(code) => return code,
        };
        if entries.is_empty() {
            report::message(
                &format!("`{}` launched no kernel; name what to build with --entry 'f(Float32, Int)'", args.file),
                args.json,
            );
            return ExitCode::from(2);
        }
        let mut outputs = BTreeMap::new();
        let mut failed = false;
        let mut progress = Some(Progress::start());
        let all = targets.len() * entries.len();
        let jobs = targets.iter().flat_map(|t| entries.iter().map(move |e| (t, e)));
        for (n, ((arch, target), types)) in jobs.enumerate() {
            let mut config =
                if kernels { CompilerConfig::kernel(target.clone()) } else { CompilerConfig::new(target.clone()) };
            config.optimize = args.optimize;
            config.debug_level = args.debug_level;
            let job = match engine.job(config, types) {
                Ok(j) => j,
                Err(e) => {
                    report::exception(session, interp, e, args.json);
                    failed = true;
                    continue;
                }
            };
            let stage = match args.emit {
                Some(Emit::Llvm) => Stage::Llvm,
                Some(Emit::Asm) => Stage::Assembly,
                Some(Emit::Obj) => Stage::Object,
                Some(Emit::Bin) => Stage::Image,
                None if args.target == "native" => Stage::Object,
                None => Stage::Assembly,
            };
            if let Some(progress) = &progress {
                let machine = arch.unwrap_or(&args.target);
                progress.step(|| format!("compiling {} for {machine} ({} of {all})", job.title(), n + 1));
            }
            match engine.driver().compile(stage, &job) {
                Ok(made) => {
                    let stem = file_stem(job.mi.get().method().get().name().as_str());
                    let suffix = match arch {
                        Some(arch) if targets.len() > 1 => format!(".{arch}"),
                        _ => String::new(),
                    };
                    let mut name = format!("{stem}{suffix}");
                    let mut n = 1;
                    while outputs.contains_key(&name) {
                        n += 1;
                        name = format!("{stem}.{n}{suffix}");
                    }
                    outputs.insert(name, (job.describe(), stage, made.bytes));
                }
                Err(e) => {
                    // Findings are not to be mixed with the line.
                    progress = None;
                    report::findings(&e.findings, args.json);
                    failed = true;
                }
            }
        }
        drop(progress);
        failed |= !stats.finish(engine, args.stats.as_deref(), args.json);
        match write(args, outputs) {
            Ok(()) if !failed => ExitCode::SUCCESS,
            Ok(()) => ExitCode::FAILURE,
            Err(e) => {
                report::message(&format!("`{}` could not be written: {e}", args.output), args.json);
                ExitCode::FAILURE
            }
        }
    })
}

fn entries(engine: &'static Engine, interp: &Interp, args: &BuildArgs) -> Result<Vec<Vec<Ty>>, ExitCode> {
    if args.entry.is_empty() {
        return Ok(engine.launched_kernels());
    }
    let mut out = Vec::new();
    for text in &args.entry {
        match engine.entry_types(interp, text) {
            Ok(types) => out.push(types),
            Err(e) => {
                report::entry(engine.session(), interp, text, e, args.json);
                return Err(ExitCode::from(2));
            }
        }
    }
    Ok(out)
}

fn write(args: &BuildArgs, outputs: BTreeMap<String, (String, Stage, Vec<u8>)>) -> std::io::Result<()> {
    use std::io::Write;
    let single = outputs.len() == 1 && !Path::new(&args.output).is_dir() && !args.output.ends_with('/');
    for (name, (job, stage, bytes)) in outputs {
        if args.output == "-" {
            std::io::stdout().write_all(&bytes)?;
            continue;
        }
        let path = if single {
            PathBuf::from(&args.output)
        } else {
            std::fs::create_dir_all(&args.output)?;
            Path::new(&args.output).join(format!("{name}.{}", extension(&args.target, stage)))
        };
        std::fs::write(&path, &bytes)?;
        if args.json {
            crate::out!(
                "{}",
                serde_json::json!({ "job": job, "path": path.display().to_string(), "bytes": bytes.len() })
            );
        } else {
            eprintln!("{job} → {}", path.display());
        }
    }
    Ok(())
}

fn extension(target: &str, stage: Stage) -> &'static str {
    match (target, stage) {
        (_, Stage::Llvm) => "ll",
        ("ptx", _) => "ptx",
        ("spirv", Stage::Assembly) => "spvasm",
        ("metal", Stage::Assembly) => "ll",
        (_, Stage::Assembly) => "s",
        ("gcn", Stage::Image) => "co",
        ("metal", Stage::Object | Stage::Image) => "air",
        ("spirv", Stage::Object | Stage::Image) => "spv",
        (_, Stage::Object | Stage::Image) => "o",
    }
}

/// A file's name from a function's.
fn file_stem(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' })
        .collect::<String>()
        .trim_matches('_')
        .to_string()
}
