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
mod devices;
mod doctor;
mod report;
mod run;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::process::ExitCode;

/// Start-up and compilation make many small things; the C library's allocator grows the memory of threads page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are no errors.
            let code = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    match cli.command {
        Command::Run(args) => run::run(args),
        Command::Build(args) => build::build(args),
        Command::Code(args) => code::code(args),
        Command::Devices(args) => devices::devices(&args),
        Command::Doctor(args) => doctor::doctor(args.json),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "rekindle", &mut std::io::stdout());
            ExitCode::SUCCESS
        }
    }
}
