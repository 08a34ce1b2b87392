//! Programs of LLVM's that work beside this process: the linker of code objects, and a code generator where one asks for it.

use crate::target::{GcnOptions, TRIPLE};
use base::{Diagnostic, Span};
use llvm::FileType;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// A program that is not there, or does not do what it should.
pub(crate) struct ToolError {
    code: &'static str,
    message: String,
    help: &'static str,
}

impl ToolError {
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        Diagnostic::error(self.code, self.message, span).help(self.help)
    }
}

const LINKER_HELP: &str =
    "install LLVM's linker (package `lld-22` on Debian), or name it in REKINDLE_LLD; assembly and objects need none";
const GENERATOR_HELP: &str = "install LLVM's tools (package `llvm-22` on Debian), name the program in REKINDLE_LLC, or use the \
                              code generator in this process";

/// LLVM's linker: the one that `REKINDLE_LLD` names, else the first on the path.
pub fn linker() -> Option<PathBuf> {
    find("REKINDLE_LLD", &["ld.lld-22", "ld.lld"])
}

fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os(variable).filter(|v| !v.is_empty()) {
        return Some(PathBuf::from(chosen));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|p| p.is_file()))
}

/// A code object of one relocatable object.
pub(crate) fn link(object: &[u8]) -> Result<Vec<u8>, ToolError> {
    let wrong = |message: String| ToolError { code: "gcn.linker", message, help: LINKER_HELP };
    let program = linker().ok_or_else(|| wrong("linking code objects for AMD GPUs needs LLVM's `ld.lld`".into()))?;
    let io = |e: io::Error| wrong(format!("a code object could not be linked: {e}"));
    let folder = Scratch::new().map_err(io)?;
    let (input, output) = (folder.path.join("kernel.o"), folder.path.join("kernel.co"));
    std::fs::write(&input, object).map_err(io)?;
    let mut command = Command::new(&program);
    // Named alike everywhere: nothing of the folder gets into the output.
    command.current_dir(&folder.path).args(["-shared", "--no-undefined", "-o"]).args(["kernel.co", "kernel.o"]);
    let done = command.output().map_err(|e| wrong(format!("`{}` could not be run: {e}", program.display())))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(wrong(format!("`{}` could not link the kernel: {}", program.display(), said.trim())));
    }
    std::fs::read(&output).map_err(io)
}

/// What the program `llc` makes of bitcode.
pub(crate) fn generate(bitcode: &[u8], options: &GcnOptions, file: FileType) -> Result<Vec<u8>, ToolError> {
    let wrong = |message: String| ToolError { code: "gcn.generator", message, help: GENERATOR_HELP };
    let program = find("REKINDLE_LLC", &["llc-22", "llc"])
        .ok_or_else(|| wrong("the external code generator, LLVM's `llc`, is not there".into()))?;
    let kind = if file == FileType::Assembly { "asm" } else { "obj" };
    let mut args: Vec<OsString> = [
        format!("-mtriple={TRIPLE}"),
        format!("-mcpu={}", options.processor),
        format!("-O{}", options.opt_level),
        format!("-filetype={kind}"),
    ]
    .map(OsString::from)
    .into();
    args.extend(["-relocation-model=pic", "-o", "-", "-"].map(OsString::from));
    if !options.features().is_empty() {
        args.push(format!("-mattr={}", options.features()).into());
    }
    run(&program, &args, bitcode).map_err(wrong)
}

/// What a program writes of what it is given.
fn run(program: &Path, args: &[OsString], input: &[u8]) -> Result<Vec<u8>, String> {
    let failed = |e: io::Error| format!("`{}` could not be run: {e}", program.display());
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let Some(mut stdin) = child.stdin.take() else { return Err(format!("`{}` reads nothing", program.display())) };
    let done = std::thread::scope(|scope| {
        // Beside it, as it may write before it has read all. One that stops reading says why.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output()
    });
    let done = done.map_err(failed)?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    Err(format!("`{}` failed: {}", program.display(), String::from_utf8_lossy(&done.stderr).trim()))
}

/// A folder of this process's own, gone when dropped.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> io::Result<Scratch> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rekindle-gcn-{}-{n}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Scratch { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing is lost if it stays.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
