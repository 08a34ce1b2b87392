//! What the command line says.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles and runs GPU kernels written in Julia, without Julia.
#[derive(Parser)]
#[command(name = "rekindle", version, about, arg_required_else_help = true, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run a script with its kernels
    Run(RunArgs),
    /// List the devices that kernels can run on
    Devices(JsonArgs),
    /// Check what this machine offers and say what is missing
    Doctor(JsonArgs),
    /// Print a completion script for a shell
    Completions {
        shell: clap_complete::Shell,
    },
}

#[derive(Args)]
pub struct JsonArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum, Debug)]
pub enum DeviceArg {
    /// The device that the script asks for if it is there, else the CPU
    Auto,
    Cpu,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  rekindle run saxpy.jl\n  rekindle run script.jl -- input.txt 42\n  rekindle run -E '2^10'")]
pub struct RunArgs {
    /// The script; `-` reads standard input
    #[arg(required_unless_present_any = ["eval", "print"])]
    pub file: Option<String>,
    /// Evaluate code (may be given several times; before FILE)
    #[arg(short = 'e', long = "eval", value_name = "CODE", allow_hyphen_values = true)]
    pub eval: Vec<String>,
    /// Evaluate an expression and show its value (may be given several times)
    #[arg(short = 'E', long = "print", value_name = "EXPR", allow_hyphen_values = true)]
    pub print: Vec<String>,
    /// Where kernels run
    #[arg(long, value_enum, default_value = "auto", env = "REKINDLE_DEVICE")]
    pub device: DeviceArg,
    /// Run work-groups in order on one thread
    #[arg(long)]
    pub serial: bool,
    /// Interpret all host code
    #[arg(long)]
    pub interpret: bool,
    /// Write counts and times as JSON to FILE (`-`: standard error)
    #[arg(long, value_name = "FILE")]
    pub stats: Option<String>,
    /// Report errors as JSON on standard error
    #[arg(long)]
    pub json: bool,
    /// Arguments of the script (its `ARGS`)
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}
