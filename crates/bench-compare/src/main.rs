//! `bench-compare`: Rekindle against its peers, as ratios measured in one run.

mod alloc;
mod frontend;
mod harness;
mod host_loop;
mod julia;
mod kernels;
mod launch;
mod lookups;
mod nvrtc;
mod peer_c;
mod redefine;
mod runtime_library;
mod startup;

use clap::Parser;
use harness::Report;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

/// Compares Rekindle with its peers in one run.
#[derive(Parser)]
#[command(name = "bench-compare", after_long_help = HELP, max_term_width = 110)]
struct Args {
    /// Benchmarks to run, each by its name or the beginning of it; all without any
    names: Vec<String>,
    /// One line of JSON per benchmark: name, ours, theirs, unit, ratio, reach, holds (and detail: parts of `ours`)
    #[arg(long)]
    json: bool,
    /// Print the names and stop
    #[arg(long)]
    list: bool,
    /// Run in a fresh process by `ptx-second`
    #[arg(long, hide = true)]
    second_kernel: bool,
    /// Only the kernels, at two threads: an engine launches on one or on all threads
    #[arg(long, hide = true)]
    two_threads: bool,
}

const HELP: &str = "\
How to run:
  tools/setup.sh --bench                                     # the peers: clang-22, NVRTC
  cargo build --release -p rekindle-cli -p bench-compare     # the default build leaves bench-compare out
  target/release/bench-compare                               # or: bench-compare kernel-saxpy ptx --json

What the columns mean:
  ours and theirs are medians, less is better. `theirs` is a peer's figure, measured in the same run in turn with ours
  (A B A B …), or a limit. ratio = theirs / ours, the median over rounds: 1 is as fast as the peer or right at the
  limit, more is better. A row holds when ratio is at least reach (0.95 against C: as fast, but for noise).
  Work of one thread is timed by that thread's processor time, all else by the clock on the wall; on a busy machine
  the latter (…-2, startup, ptx) are upper bounds.

The kernels run on the CPU device with the same number of threads as their C, which clang -O3 -march=native compiles
when the benchmark starts. Sums are added in the same order on both sides; exp, log and the like are our Julia code
against the C library's. Results are compared before anything is timed. A launch's own cost is part of ours.

Environment: REKINDLE_BIN (the command for `startup`; else beside this program), REKINDLE_CLANG, REKINDLE_NVRTC
(path of libnvrtc.so), REKINDLE_TOOLS (where the tests' tools are). What is missing is skipped with a line on standard
error. Exit status 0 when everything that ran gave figures, whether they hold or not; 1 when something failed.";

fn names() -> Vec<String> {
    let mut all =
        vec!["lookup".to_string(), "launch".into(), "redefine".into(), "runtime-library".into(), "host-loop".into()];
    all.extend(frontend::NAMES.iter().map(|n| (*n).to_string()));
    all.extend(kernels::names());
    all.push("startup".into());
    all
}

fn main() -> ExitCode {
    let args = Args::parse();
    if args.list {
        names().iter().for_each(|n| println!("{n}"));
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = args.names.iter().find(|n| !names().iter().any(|known| known.starts_with(*n))) {
        eprintln!("there is no benchmark `{unknown}`; `bench-compare --list` prints the names");
        return ExitCode::from(2);
    }
    if cfg!(debug_assertions) {
        eprintln!("note: this is not a release build, the figures mean little");
    }
    // The comparisons are at one and at two threads.
    if let Err(e) = rayon::ThreadPoolBuilder::new().num_threads(2).build_global() {
        eprintln!("the threads could not be started: {e}");
        return ExitCode::FAILURE;
    }
    interp::on_big_stack(|| all(&args))
}

fn all(args: &Args) -> ExitCode {
    if args.second_kernel {
        return match frontend::second_in_process() {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => {
                eprintln!("{e}");
                ExitCode::FAILURE
            }
        };
    }
    let wanted = |name: &str| args.names.is_empty() || args.names.iter().any(|n| name.starts_with(n.as_str()));
    let mut report = Report::new(args.json);
    let mut failed = false;
    let mut part = |report: &mut Report, name: &str, run: &mut dyn FnMut(&mut Report) -> Result<(), String>| {
        if !wanted(name) {
            return;
        }
        if let Err(e) = run(report) {
            failed = true;
            report.skip(name, &e);
        }
    };
    if args.two_threads {
        julia::use_threads();
        report.without_heading();
        for name in kernels::names().iter().filter(|n| kernels::has(n, 2)) {
            part(&mut report, name, &mut |r| kernels::run(r, name, 2));
        }
        return status(failed);
    }
    part(&mut report, "lookup", &mut lookups::run);
    part(&mut report, "launch", &mut launch::run);
    part(&mut report, "redefine", &mut redefine::run);
    part(&mut report, "runtime-library", &mut runtime_library::run);
    let has_c = peer_c::clang().is_some();
    let against_c = |name: &str| name == "host-loop" || name.starts_with("kernel-");
    if !has_c && names().iter().any(|n| against_c(n) && wanted(n)) {
        report.skip(
            "host-loop, kernel-*",
            "clang-22 was not found: tools/setup.sh --bench installs it, REKINDLE_CLANG names it",
        );
    }
    if has_c {
        part(&mut report, "host-loop", &mut host_loop::run);
    }
    for name in frontend::NAMES {
        part(&mut report, name, &mut |r| frontend::run(r, name));
    }
    for name in kernels::names().iter().filter(|n| has_c && kernels::has(n, 1)) {
        part(&mut report, name, &mut |r| kernels::run(r, name, 1));
    }
    if has_c
        && kernels::names().iter().any(|n| wanted(n) && kernels::has(n, 2))
        && let Err(e) = at_two_threads(args)
    {
        failed = true;
        report.skip("kernels at two threads", &e);
    }
    let mut part = |report: &mut Report, name: &str, run: fn(&mut Report) -> Result<(), String>| {
        if wanted(name)
            && let Err(e) = run(report)
        {
            failed = true;
            report.skip(name, &e);
        }
    };
    part(&mut report, "startup", startup::run);
    status(failed)
}

fn status(failed: bool) -> ExitCode {
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The same command again for the kernels at two threads; its rows go where ours do.
fn at_two_threads(args: &Args) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let names = args.names.iter().filter(|n| kernels::names().iter().any(|k| k.starts_with(n.as_str())));
    let mut command = std::process::Command::new(program);
    command.arg("--two-threads").args(args.json.then_some("--json")).args(names);
    match command.status() {
        Ok(s) if s.success() => Ok(()),
        Ok(s) => Err(format!("{s}")),
        Err(e) => Err(e.to_string()),
    }
}
