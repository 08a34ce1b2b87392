//! The `rekindle` command.

/// `println!` for a reader that may go away: a closed pipe ends the command quietly.
#[macro_export]
macro_rules! out {
    ($($arg:tt)*) => {{
        use std::io::Write;
        if writeln!(std::io::stdout(), $($arg)*).is_err() {
            std::process::exit(0);
        }
    }};
}

mod args;
mod build;
mod code;
mod config;
mod devices;
mod doctor;
mod progress;
mod report;
mod run;
mod stats;

use args::{Cli, Command};
use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

/// Start-up and compilation make many small things; the C library's allocator grows the memory of threads page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = match config::command() {
        Ok(command) => command,
        Err(found) => {
            report::findings(&found, std::env::args().any(|a| a == "--json"));
            return ExitCode::from(2);
        }
    };
    let parsed = command.try_get_matches().and_then(|m| Ok((Cli::from_arg_matches(&m)?, m)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(e) => {
            // Help and version are no errors.
            let code = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    match cli.command {
        Command::Run(args) => {
            let codes = matches.subcommand_matches("run").map(args::codes).unwrap_or_default();
            run::run(args, codes)
        }
        Command::Build(args) => build::build(args),
        Command::Code(args) => code::code(args),
        Command::Devices(args) => devices::devices(&args),
        Command::Doctor(args) => doctor::doctor(args.json),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "rekindle", &mut script);
            out!("{}", String::from_utf8_lossy(&script).trim_end());
            ExitCode::SUCCESS
        }
    }
}
