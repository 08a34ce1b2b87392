//! Every kernel of the examples, built ahead of time: the same bytes in any process, directory and number of threads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to build kernels for.
pub struct Machine {
    pub target: &'static str,
    pub archs: &'static [&'static str],
    /// `asm`, `bin`, …
    pub emit: &'static str,
    /// What findings about kernels say that the machine is right to refuse.
    pub lacks: Option<&'static str>,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    /// Files made.
    pub kernels: usize,
    /// Files that a tool of the machine's took.
    pub taken: usize,
    pub wrong: Vec<String>,
    /// Scripts of which kernels were refused, for what the machine lacks.
    pub refused: usize,
}

/// The kernels of a script: file names and contents, and whether some were refused.
struct Built {
    files: BTreeMap<String, Vec<u8>>,
    refused: bool,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace's folder")
}

fn examples() -> Vec<PathBuf> {
    let dir = root().join("examples");
    let mut all: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("examples")
        .flatten()
        .map(|e| e.path())
        .map(|p| if p.is_dir() { p.join("main.jl") } else { p })
        .filter(|p| p.extension().is_some_and(|e| e == "jl") && p.exists())
        .collect();
    all.sort();
    all
}

/// Builds all kernels of a script.
fn build(machine: &Machine, script: &Path, out: &Path, cwd: &Path, threads: &str) -> Built {
    std::fs::create_dir_all(out).expect("output folder");
    let made = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .args(["build", "--target", machine.target, "--arch", &machine.archs.join(","), "--emit", machine.emit, "-o"])
        .arg(out)
        .arg(script)
        .current_dir(cwd)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("rekindle runs");
    let said = String::from_utf8_lossy(&made.stderr);
    let mut errors = said.lines().filter(|l| l.starts_with("error")).peekable();
    let refused = errors.peek().is_some() && errors.all(|l| machine.lacks.is_some_and(|what| l.contains(what)));
    assert!(made.status.success() || refused, "{}:\n{said}", script.display());
    let files = std::fs::read_dir(out)
        .expect("output")
        .flatten()
        .map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).expect("output file")))
        .collect();
    Built { files, refused }
}

/// Builds all twice, compares, and gives each file to `check`, with its architecture: a tool's complaint, or `None` if there
/// is no tool.
pub fn twice(machine: &Machine, check: impl Fn(&Path, &str) -> Option<Result<(), String>>) -> Outcome {
    let temp = std::env::temp_dir().join(format!("rekindle-{}-{}", machine.target, std::process::id()));
    let mut outcome = Outcome::default();
    for (n, script) in examples().iter().enumerate() {
        // relative from the repository, absolute from elsewhere: paths must not reach the output
        let relative = script.strip_prefix(root()).expect("inside the repository");
        let Built { files: first, refused } = build(machine, relative, &temp.join(format!("{n}a")), &root(), "1");
        let second = build(machine, script, &temp.join(format!("{n}b")), &std::env::temp_dir(), "4").files;
        assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
        assert!(refused || !first.is_empty(), "{}: no kernels", script.display());
        outcome.refused += usize::from(refused);
        for (name, bytes) in &first {
            outcome.kernels += 1;
            if second[name] != *bytes {
                outcome.wrong.push(format!("{}: {name} differs between two processes", script.display()));
            }
            let named = |a: &&&str| machine.archs.len() == 1 || name.contains(&format!(".{a}."));
            let arch = machine.archs.iter().find(named).expect("file named by architecture");
            match check(&temp.join(format!("{n}a")).join(name), arch) {
                Some(Ok(())) => outcome.taken += 1,
                Some(Err(said)) => outcome.wrong.push(format!("{}: {name}: {said}", script.display())),
                None => {}
            }
        }
    }
    let _ = std::fs::remove_dir_all(&temp);
    outcome
}

/// What a tool says of a file: what it wrote on its way to success, or its complaint.
pub fn tool(program: &Path, args: &[&str], file: &Path) -> Result<String, String> {
    let done = Command::new(program).args(args).arg(file).output().map_err(|e| e.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
}

/// The first of these programs that is on the path.
#[allow(dead_code, reason = "each test file has its own copy of this module")]
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|n| std::env::split_paths(&path).map(|folder| folder.join(n)).find(|p| p.is_file()))
}
