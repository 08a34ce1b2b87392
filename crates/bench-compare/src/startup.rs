//! Fresh processes.

use crate::harness::{Report, Row, median};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What `julia -e 1` of Julia 1.11.7 took on a machine of the project's kind.
const JULIA_MS: f64 = 100.0;

/// The command: `REKINDLE_BIN`, else beside this program.
fn rekindle() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("REKINDLE_BIN") {
        return Some(PathBuf::from(named)).filter(|p| p.exists());
    }
    let beside = std::env::current_exe().ok()?.parent()?.join("rekindle");
    beside.exists().then_some(beside)
}

/// Milliseconds until the process has ended.
fn milliseconds(command: &mut Command) -> Result<f64, String> {
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = start.elapsed().as_secs_f64() * 1e3;
    match status {
        Ok(s) if s.success() => Ok(took),
        Ok(s) => Err(format!("{command:?} failed: {s}")),
        Err(e) => Err(format!("{command:?}: {e}")),
    }
}

pub fn run(report: &mut Report) -> Result<(), String> {
    let bin = rekindle().ok_or(
        "the `rekindle` command was not found beside this program; build it (`cargo build --release -p rekindle-cli`) or set REKINDLE_BIN",
    )?;
    let ours = || milliseconds(Command::new(&bin).args(["run", "-e", "1"]));
    let python = || milliseconds(Command::new("python3").args(["-c", "1"]));
    ours()?;
    let has_python = python().is_ok();
    let mut rounds = Vec::new();
    for _ in 0..11 {
        let a = ours()?;
        rounds.push((a, if has_python { python()? } else { JULIA_MS }));
    }
    let took = median(rounds.iter().map(|r| r.0).collect());
    report.row(Row::limit(
        "startup",
        took,
        JULIA_MS,
        "ms",
        "fresh process, `run -e 1`, against what `julia -e 1` takes",
    ));
    if has_python {
        report.row(
            Row::peer("startup-python", &rounds, "ms", 1.0).about("fresh process, `run -e 1` against `python3 -c 1`"),
        );
    } else {
        report.skip("startup-python", "python3 does not run");
    }
    Ok(())
}
