//! `rekindle run`.

use crate::args::{Code, DeviceArg, RunArgs};
use crate::report;
use interp::{Interp, Session};
use rekindle::{DeviceChoice, Engine, Options};
use runtime::{Exception, Value};
use std::io::Read;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Instant;

pub fn run(args: RunArgs, codes: Vec<Code>) -> ExitCode {
    interp::on_big_stack(move || on_stack(args, &codes))
}

fn on_stack(args: RunArgs, codes: &[Code]) -> ExitCode {
    let started = Instant::now();
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
    };
    let engine = match Engine::start(options) {
        Ok(e) => e,
        Err(e) => {
            report::message(&format!("Rekindle could not start: {e}"), args.json);
            return ExitCode::FAILURE;
        }
    };
    let loaded = started.elapsed();
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
            1
        }
    });
    runtime::host::flush_all();
    if let Some(path) = &args.stats
        && let Err(e) = stats(engine, path, loaded.as_secs_f64() * 1e3, started.elapsed().as_secs_f64() * 1e3)
    {
        report::message(&format!("the statistics could not be written to `{path}`: {e}"), args.json);
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

fn stats(engine: &Engine, path: &str, load_ms: f64, total_ms: f64) -> std::io::Result<()> {
    let c = &engine.driver().counters;
    let n = |x: &std::sync::atomic::AtomicU64| x.load(Ordering::Relaxed);
    let json = serde_json::json!({
        "inferred": n(&c.inferred), "emitted": n(&c.emitted), "optimized": n(&c.optimized), "codegen": n(&c.generated),
        "linked": n(&c.linked), "loaded": n(&engine.counters.loaded), "launched": n(&engine.counters.launched),
        "image_hits": 0, "store_hits": 0, "store_misses": 0, "remote_hits": 0,
        "llvm_loaded": true,
        "ms": { "prelude": load_ms, "total": total_ms },
    });
    let text = format!("{json}\n");
    if path == "-" {
        eprint!("{text}");
        Ok(())
    } else {
        std::fs::write(path, text)
    }
}
