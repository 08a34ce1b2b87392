//! `rekindle run`.

use crate::args::{Code, DeviceArg, RunArgs};
use crate::{report, stats};
use interp::{Interp, Session};
use rekindle::{DeviceChoice, Engine, Options};
use runtime::{Exception, Value};
use std::io::Read;
use std::process::ExitCode;

pub fn run(args: RunArgs, codes: Vec<Code>) -> ExitCode {
    interp::on_big_stack(move || on_stack(args, &codes))
}

fn on_stack(args: RunArgs, codes: &[Code]) -> ExitCode {
    let mut stats = stats::Run::begin();
    let mut script_args: Vec<String> = args.args.clone();
    let mut file = args.file.clone();
    // As with julia: after `-e`, a file's place is the first of ARGS.
    if (!args.eval.is_empty() || !args.print.is_empty())
        && let Some(f) = file.take()
    {
        script_args.insert(0, f);
    }
    if let Some(path) = file.as_deref().filter(|p| *p != "-")
        && !report::readable(path, args.json)
    {
        return ExitCode::from(2);
    }
    runtime::host::set_args(script_args);
    let options = Options {
        device: match args.device {
            DeviceArg::Auto => DeviceChoice::Auto,
            DeviceArg::Cpu(None) => DeviceChoice::Cpu,
            DeviceArg::Cpu(Some(n)) => DeviceChoice::CpuNumber(n),
        },
        serial: args.serial,
        cpu_devices: args.cpu.cpu_devices.clone(),
        native: !args.interpret,
        debug_level: args.debug_level,
        announce: args.device == DeviceArg::Auto,
        environment: args.packages.environment(),
    };
    let engine = match Engine::start(options) {
        Ok(e) => e,
        Err(e) => {
            report::message(&format!("Rekindle could not start: {e}"), args.json);
            return ExitCode::FAILURE;
        }
    };
    stats.loaded();
    crate::progress::show_compilation();
    let session = engine.session();
    let code: u8 = session.with_interp(|interp| match all(session, interp, codes, file.as_deref()) {
        Ok(()) => {
            // as at the end of a program: what `atexit` registered
            let _ = session.call_base(interp, "run_exit_hooks", &[]);
            0
        }
        Err(e) => {
            runtime::host::flush_all();
            report::exception(session, interp, e, args.json);
            let _ = session.call_base(interp, "run_exit_hooks", &[]);
            1
        }
    });
    runtime::host::flush_all();
    if !stats.finish(engine, args.stats.as_deref(), args.json) {
        return ExitCode::FAILURE;
    }
    ExitCode::from(code)
}

fn all(session: &'static Session, interp: &Interp, codes: &[Code], file: Option<&str>) -> Result<(), Exception> {
    // `ARGS` and `PROGRAM_FILE`
    session.call_base(interp, "set_program", &[Value::string(file.unwrap_or_default())])?;
    for code in codes {
        match code {
            Code::Eval(code) => drop(session.eval_str(interp, code)?),
            Code::Print(code) => {
                let v = session.eval_str(interp, code)?;
                show(session, interp, v)?;
            }
        }
    }
    match file {
        None => {}
        Some("-") => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|e| runtime::errors::error(&format!("standard input could not be read: {e}")))?;
            let main = session.main;
            session.eval_text(interp, main, "stdin", &text)?;
        }
        Some(path) => {
            session.run_file(interp, std::path::Path::new(path))?;
        }
    }
    Ok(())
}

/// What a Julia prompt shows: the value in full, nothing for `nothing`.
fn show(session: &'static Session, interp: &Interp, v: Value) -> Result<(), Exception> {
    if !v.is_nothing() {
        session.call_base(interp, "display", &[v])?;
    }
    Ok(())
}
