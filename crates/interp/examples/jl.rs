//! `jl file.jl` runs a script, `jl -E expr` shows the value of an expression.

use interp::{Session, on_big_stack};
use runtime::host;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    on_big_stack(run)
}

fn run() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let session = match Session::start() {
        Ok(s) => s,
        Err(e) => {
            host::flush_all();
            eprintln!("ERROR while loading the prelude: {e}");
            return ExitCode::FAILURE;
        }
    };
    // Collects at every n-th allocation: for finding values that the collector does not see.
    if let Some(n) = std::env::var("REKINDLE_GC_STRESS").ok().and_then(|n| n.parse().ok()) {
        runtime::gc::stress(n);
    }
    let ok = session.with_interp(|interp| {
        let result = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["-E", text] => session.eval_str(interp, text).map(|v| println!("{}", session.repr(interp, v))),
            ["-e", text] => session.eval_str(interp, text).map(|_| ()),
            [path, ..] => session.run_file(interp, Path::new(path)).map(|_| ()),
            [] => Ok(()),
        };
        host::flush_all();
        result
            .map_err(|e| {
                let trace = interp.uncaught_trace();
                eprintln!("ERROR: {}\n{}", session.error_text(interp, e), interp::format_trace(&trace));
            })
            .is_ok()
    });
    if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
