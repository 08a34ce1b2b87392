//! What the command line says.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles and runs GPU kernels written in Julia, without Julia.
#[derive(Parser)]
#[command(
    name = "rekindle",
    version,
    about = "Compiles and runs GPU kernels written in Julia, without Julia",
    arg_required_else_help = true,
    propagate_version = true
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run a script with its kernels
    Run(RunArgs),
    /// Compile kernels or functions ahead of time
    Build(BuildArgs),
    /// Show a stage of a function's compilation
    Code(CodeArgs),
    /// List the devices that kernels can run on
    Devices(DevicesArgs),
    /// Check what this machine offers and say what is missing
    Doctor(JsonArgs),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
}

#[derive(Args)]
pub struct JsonArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The CPU devices, for all commands that have any.
#[derive(Args)]
pub struct CpuDevices {
    /// Threads of each CPU device, such as 6,2 for two devices; 0: as many as the machine has
    #[arg(long, value_name = "THREADS", value_delimiter = ',', default_value = "0", env = "REKINDLE_CPU_DEVICES")]
    pub cpu_devices: Vec<usize>,
}

/// Where `using X` looks for packages, for all commands that load a script.
#[derive(Args)]
pub struct PackageArgs {
    /// The active project: a folder with a Project.toml and a Manifest.toml, or `@.` for the nearest one above
    #[arg(long, value_name = "DIR", env = "REKINDLE_PROJECT")]
    pub project: Option<String>,
    /// Folders of packages (X/src/X.jl or X.jl/src/X.jl) and projects, separated by colons; as JULIA_LOAD_PATH
    #[arg(long, value_name = "DIRS", value_delimiter = ':', env = "REKINDLE_LOAD_PATH")]
    pub load_path: Vec<String>,
    /// Modules that come with Rekindle, separated by commas, that are to be loaded as packages all the same
    #[arg(long, value_name = "NAMES", value_delimiter = ',', env = "REKINDLE_FROM_SOURCE")]
    pub from_source: Vec<String>,
}

impl PackageArgs {
    pub fn environment(&self) -> rekindle::Environment {
        rekindle::Environment {
            project: self.project.clone(),
            load_path: (!self.load_path.is_empty()).then(|| self.load_path.clone()),
            from_source: self.from_source.clone(),
        }
    }
}

#[derive(Args)]
pub struct DevicesArgs {
    #[command(flatten)]
    pub cpu: CpuDevices,
    #[command(flatten)]
    pub json: JsonArgs,
}

/// `--device`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeviceArg {
    /// The device that the script asks for if it is there, else the CPU
    Auto,
    Cpu(Option<u32>),
}

impl std::str::FromStr for DeviceArg {
    type Err = String;

    fn from_str(text: &str) -> Result<DeviceArg, String> {
        match text {
            "auto" => Ok(DeviceArg::Auto),
            "cpu" => Ok(DeviceArg::Cpu(None)),
            _ => text
                .strip_prefix("cpu:")
                .and_then(|n| n.parse().ok())
                .map(|n| DeviceArg::Cpu(Some(n)))
                .ok_or_else(|| "devices are auto, cpu and cpu:N".to_owned()),
        }
    }
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  rekindle run saxpy.jl\n  rekindle run script.jl input.txt 42\n  rekindle run -E '2^10'"
)]
pub struct RunArgs {
    /// The script; `-` reads standard input
    #[arg(required_unless_present_any = ["eval", "print"])]
    pub file: Option<String>,
    /// Evaluate code (may be given several times); FILE is then the first of the script's arguments
    #[arg(short = 'e', long = "eval", value_name = "CODE", allow_hyphen_values = true)]
    pub eval: Vec<String>,
    /// Evaluate an expression and show its value as a Julia prompt would (may be given several times)
    #[arg(short = 'E', long = "print", value_name = "EXPR", allow_hyphen_values = true)]
    pub print: Vec<String>,
    /// Where kernels run: auto (the device that the script asks for if it is there, else the CPU), cpu, or cpu:N
    #[arg(long, default_value = "auto", env = "REKINDLE_DEVICE")]
    pub device: DeviceArg,
    #[command(flatten)]
    pub cpu: CpuDevices,
    #[command(flatten)]
    pub packages: PackageArgs,
    /// Run work-groups in order on one thread
    #[arg(long, env = "REKINDLE_SERIAL")]
    pub serial: bool,
    /// What kernels report of exceptions: 0 that there was one, 1 its name and message, 2 the calls that led to it, too
    #[arg(short = 'g', long, value_name = "LEVEL", default_value = "1", env = "REKINDLE_DEBUG_LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    pub debug_level: u8,
    /// Interpret all host code
    #[arg(long, env = "REKINDLE_INTERPRET")]
    pub interpret: bool,
    /// Write counts and times as JSON to FILE (`-`: standard error)
    #[arg(long, value_name = "FILE")]
    pub stats: Option<String>,
    /// Report errors as JSON on standard error
    #[arg(long)]
    pub json: bool,
    /// Arguments of the script (its `ARGS`): all from the first on, and all after `--`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

/// A piece of code from the command line.
pub enum Code {
    /// `-e`: evaluated.
    Eval(String),
    /// `-E`: evaluated and shown.
    Print(String),
}

/// The codes of `-e` and `-E`, in the order in which they were given.
pub fn codes(run: &clap::ArgMatches) -> Vec<Code> {
    let all = |id: &str, make: fn(String) -> Code| -> Vec<(usize, Code)> {
        let places = run.indices_of(id).into_iter().flatten();
        let texts = run.get_many::<String>(id).into_iter().flatten();
        places.zip(texts).map(|(i, t)| (i, make(t.clone()))).collect()
    };
    let mut codes = all("eval", Code::Eval);
    codes.extend(all("print", Code::Print));
    codes.sort_by_key(|(i, _)| *i);
    codes.into_iter().map(|(_, c)| c).collect()
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum Emit {
    /// LLVM IR
    Llvm,
    /// Assembly
    Asm,
    /// Object code
    Obj,
    /// What a device loads: object code, linked where its loader wants that
    Bin,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  rekindle build saxpy.jl --target ptx --arch sm_90 -o out/\n      every kernel that the script launches\n  rekindle build lib.jl --entry 'f(Float64, Int)' --target native --emit asm -o f.s"
)]
pub struct BuildArgs {
    /// The script that defines the code
    pub file: String,
    /// A function with argument types, such as 'f(Float32, Int)'; may be given several times. Without it the script is run on
    /// the CPU and every kernel that it launches is built
    #[arg(long, value_name = "F(T…)")]
    pub entry: Vec<String>,
    #[arg(long, default_value = "native", env = "REKINDLE_TARGET")]
    pub target: String,
    /// Architecture, such as sm_90 for ptx; several separated by commas
    #[arg(long, value_delimiter = ',', env = "REKINDLE_ARCH")]
    pub arch: Vec<String>,
    #[arg(long, value_enum)]
    pub emit: Option<Emit>,
    /// Output file, or folder for several entries; `-`: standard output
    #[arg(short = 'o', long, default_value = "-")]
    pub output: String,
    #[arg(long, default_value = "true", action = clap::ArgAction::Set)]
    pub optimize: bool,
    #[command(flatten)]
    pub packages: PackageArgs,
    /// What kernels report of exceptions: 0 that there was one, 1 its name and message, 2 the calls that led to it, too
    #[arg(short = 'g', long, value_name = "LEVEL", default_value = "1", env = "REKINDLE_DEBUG_LEVEL", value_parser = clap::value_parser!(u8).range(0..=2))]
    pub debug_level: u8,
    /// Write counts and times as JSON to FILE (`-`: standard error)
    #[arg(long, value_name = "FILE")]
    pub stats: Option<String>,
    /// Report errors and results as JSON
    #[arg(long)]
    pub json: bool,
    /// Arguments of the script
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum CodeStage {
    /// As the interpreter runs it
    Lowered,
    /// After inference
    Typed,
    /// After inference, with what is not concrete marked
    Warntype,
    /// LLVM IR
    Llvm,
    /// The target's assembly
    Asm,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  rekindle code typed saxpy.jl 'f(Float32, Int)'\n  rekindle code asm saxpy.jl 'f(Float32)' --target ptx --arch sm_90\n  rekindle code llvm - 'sin(Float64)' --optimize false"
)]
pub struct CodeArgs {
    #[arg(value_enum)]
    pub stage: CodeStage,
    /// The script that defines the code; `-` for none
    pub file: String,
    /// A function with argument types, such as 'f(Float32, Int)'
    pub entry: String,
    #[arg(long, default_value = "native", env = "REKINDLE_TARGET")]
    pub target: String,
    #[arg(long, env = "REKINDLE_ARCH")]
    pub arch: Option<String>,
    #[arg(long, default_value = "true", action = clap::ArgAction::Set)]
    pub optimize: bool,
    #[command(flatten)]
    pub packages: PackageArgs,
    #[arg(long)]
    pub json: bool,
}
