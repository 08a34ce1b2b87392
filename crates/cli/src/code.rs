//! `rekindle code`: what a function becomes, stage by stage.

use crate::args::{CodeArgs, CodeStage};
use crate::report;
use rekindle::{CompilerConfig, Engine, Options, Stage};
use std::path::Path;
use std::process::ExitCode;

pub fn code(args: CodeArgs) -> ExitCode {
    interp::on_big_stack(move || on_stack(&args))
}

fn on_stack(args: &CodeArgs) -> ExitCode {
    if args.file != "-" && !report::readable(&args.file, args.json) {
        return ExitCode::from(2);
    }
    let target = match rekindle::target_for(&args.target, args.arch.as_deref()) {
        Ok(t) => t,
        Err(e) => {
            report::message(&e, args.json);
            return ExitCode::from(2);
        }
    };
    let kernels = rekindle::backends().iter().any(|b| b.name == args.target && b.kernels);
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
    let session = engine.session();
    session.with_interp(|interp| {
        let fail = |e| {
            runtime::host::flush_all();
            report::exception(session, interp, e, args.json);
            ExitCode::FAILURE
        };
        if args.file != "-"
            && let Err(e) = session.run_file(interp, Path::new(&args.file))
        {
            return fail(e);
        }
        runtime::host::flush_all();
        let types = match engine.entry_types(interp, &args.entry) {
            Ok(t) => t,
            Err(e) => {
                report::entry(session, interp, &args.entry, e, args.json);
                return ExitCode::from(2);
            }
        };
        let mut config =
            if kernels { CompilerConfig::kernel(target.clone()) } else { CompilerConfig::new(target.clone()) };
        config.optimize = args.optimize;
        let job = match engine.job(config, &types) {
            Ok(j) => j,
            Err(e) => return fail(e),
        };
        let text = match args.stage {
            CodeStage::Lowered => engine.lowered(&job).ok_or_else(|| "the function has no Julia code".to_string()),
            CodeStage::Typed | CodeStage::Warntype => engine.typed(&job, args.stage == CodeStage::Warntype),
            CodeStage::Llvm | CodeStage::Asm => {
                let stage = if args.stage == CodeStage::Llvm { Stage::Llvm } else { Stage::Assembly };
                match engine.driver().compile(stage, &job) {
                    Ok(made) => Ok(made.text()),
                    Err(e) => {
                        report::findings(&e.findings, args.json);
                        return ExitCode::FAILURE;
                    }
                }
            }
        };
        match text {
            Ok(text) if args.json => {
                crate::out!("{}", serde_json::json!({ "entry": args.entry, "target": args.target, "code": text }))
            }
            Ok(text) => crate::out!("{}", text.trim_end()),
            Err(e) => {
                report::message(&e, args.json);
                return ExitCode::FAILURE;
            }
        }
        ExitCode::SUCCESS
    })
}
