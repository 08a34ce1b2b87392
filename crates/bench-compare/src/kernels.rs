//! Kernels in Julia on the CPU device against the same in C.

use crate::harness::{Clock, Report, Row, interleaved};
use crate::julia::{self, elements, eval};
use crate::peer_c::{CCode, Run};
use interp::Interp;
use rekindle::Engine;
use runtime::Value;
use std::time::Instant;

struct Pair {
    name: &'static str,
    julia: &'static str,
    c: &'static str,
    /// Numbers of threads to compare at.
    threads: &'static [usize],
    /// Largest difference of results, relative to the largest result.
    tolerance: f64,
}

macro_rules! pair {
    ($name:literal, $threads:expr, $tolerance:expr) => {
        Pair {
            name: $name,
            julia: include_str!(concat!("../kernels/", $name, ".jl")),
            c: include_str!(concat!("../kernels/", $name, ".c")),
            threads: &$threads,
            tolerance: $tolerance,
        }
    };
}

const PAIRS: &[Pair] = &[
    pair!("saxpy", [1, 2], 1e-6),
    pair!("dot", [1], 1e-5),
    pair!("matmul", [1, 2], 1e-6),
    pair!("matmul_tiled", [1], 1e-6),
    pair!("stencil1d", [1], 1e-14),
    pair!("stencil2d", [1, 2], 1e-6),
    pair!("black_scholes", [1, 2], 1e-4),
    pair!("exp", [1], 1e-14),
    pair!("mandelbrot", [1, 2], 0.0),
    pair!("nbody", [1, 2], 1e-3),
    pair!("histogram", [1, 2], 0.0),
    pair!("transpose", [1], 0.0),
    pair!("prefix_sum", [1], 0.0),
    pair!("mix", [1], 0.0),
    pair!("spmv", [1], 1e-13),
    pair!("heat3d", [1], 1e-6),
    pair!("gather", [1], 0.0),
    pair!("poly", [1], 1e-14),
    pair!("complex", [1], 1e-6),
    pair!("softmax", [1], 1e-6),
    pair!("gridstride", [1], 1e-6),
    pair!("dynsize", [1], 1e-6),
    pair!("heat2d", [1], 1e-13),
];

/// Names of all comparisons of this file.
pub fn names() -> Vec<String> {
    PAIRS.iter().map(|p| format!("kernel-{}", p.name)).collect()
}

/// Arrays as C sees them.
struct Arrays {
    values: Vec<Value>,
    addresses: Vec<*mut u8>,
}

/// Has the comparison of that name a part at so many threads?
pub fn has(name: &str, threads: usize) -> bool {
    PAIRS.iter().any(|p| name.strip_prefix("kernel-") == Some(p.name) && p.threads.contains(&threads))
}

/// Runs the comparison of that name at so many threads: those that the engine was started with.
pub fn run(report: &mut Report, name: &str, threads: usize) -> Result<(), String> {
    let Some(pair) = PAIRS.iter().find(|p| name.strip_prefix("kernel-") == Some(p.name)) else {
        return Err(format!("there is no comparison `{name}`"));
    };
    let engine = julia::engine()?;
    engine.session().with_interp(|i| compare(report, engine, i, pair, threads))
}

fn compare(
    report: &mut Report,
    engine: &'static Engine,
    interp: &Interp,
    pair: &Pair,
    threads: usize,
) -> Result<(), String> {
    let c = CCode::compile(pair.c)?;
    // SAFETY: every peer's `run` has this type.
    let peer: Run = unsafe { c.function("run") }?;
    let module = format!("Bench_{}", pair.name);
    let text =
        format!("module {module}\nusing KernelAbstractions, CUDA, Adapt\nusing Atomix: @atomic\n{}\nend", pair.julia);
    engine.load_str(&format!("{}.jl", pair.name), &text).map_err(|e| e.to_string())?;
    let value = |code: &str| eval(engine, interp, &format!("{module}.{code}"));
    let arrays = || -> Result<Arrays, String> {
        let values = elements(value("arrays()")?);
        let at = eval(engine, interp, "a -> Int(UInt(pointer(a)))")?;
        let age = engine.session().world.age();
        let address = |&v: &Value| -> Result<*mut u8, String> {
            let p = interp.call_in(age, at, &[v]).map_err(|e| julia::text(engine, interp, e))?;
            Ok(p.as_int().ok_or("an address is an integer")? as *mut u8)
        };
        let addresses = values.iter().map(address).collect::<Result<_, String>>()?;
        Ok(Arrays { values, addresses })
    };
    let (ours, theirs) = (arrays()?, arrays()?);
    let sizes: Vec<i64> = elements(value("sizes")?).iter().filter_map(|v| v.as_int()).collect();
    let work = value("work")?.as_int().ok_or("`work` is a number")?;
    let launch = value("launch")?;
    let age = engine.session().world.age();
    let mut failed = None;
    let mut run_ours = || {
        if let Err(e) = interp.call_in(age, launch, &ours.values) {
            failed.get_or_insert_with(|| julia::text(engine, interp, e));
        }
    };
    // Once each on equal inputs: results must agree before times mean anything.
    run_ours();
    // SAFETY: arrays and sizes are those that the peer was written for.
    unsafe { peer(theirs.addresses.as_ptr(), sizes.as_ptr(), 0, work) };
    agree(engine, interp, &ours, &theirs, pair.tolerance)?;
    let parts = threads as i64;
    // Both work on the same arrays from here on: where memory lies makes a difference of its own.
    let addresses = SendArrays(ours.addresses.as_ptr());
    let sizes = &sizes;
    let run_theirs = || {
        let piece = |k: i64| {
            let arrays = &addresses;
            // SAFETY: as above; pieces write to different elements (or atomically).
            unsafe { peer(arrays.0, sizes.as_ptr(), work * k / parts, work * (k + 1) / parts) }
        };
        if parts == 1 {
            piece(0);
        } else {
            rayon::join(|| piece(0), || piece(1));
        }
    };
    // The code that launches is compiled once it is called often.
    warm_up(&mut run_ours);
    let clock = if threads == 1 { Clock::Thread } else { Clock::Wall };
    let rounds = interleaved(clock, 21, 0.01, 3.0, &mut run_ours, run_theirs);
    let rounds: Vec<(f64, f64)> = rounds.iter().map(|&(a, b)| (a * 1e6, b * 1e6)).collect();
    let about = pair.julia.lines().next().unwrap_or_default().trim_start_matches("# ");
    let plural = if threads == 1 { "1 thread".to_string() } else { format!("{threads} threads") };
    let name = format!("kernel-{}-{threads}", pair.name);
    report.row(Row::peer(name, &rounds, "µs", 0.95).about(format!("{plural}, against C: {about}")));
    match failed {
        Some(e) => Err(e),
        None => Ok(()),
    }
}

/// Calls often enough that nothing is left to compile, within some seconds.
fn warm_up(run: &mut impl FnMut()) {
    let started = Instant::now();
    for _ in 0..300 {
        run();
        if started.elapsed().as_secs_f64() > 5.0 {
            return;
        }
    }
}

/// Pointers for several threads.
struct SendArrays(*const *mut u8);
// SAFETY: the peer's pieces write to different elements.
unsafe impl Sync for SendArrays {}

/// Do the results agree?
fn agree(
    engine: &'static Engine,
    interp: &Interp,
    ours: &Arrays,
    theirs: &Arrays,
    tolerance: f64,
) -> Result<(), String> {
    let difference = eval(
        engine,
        interp,
        "(a, b) -> (a = vec(Array(a)); b = vec(Array(b)); d = 0.0; m = 0.0; for i in eachindex(a); d = max(d, abs(Float64(a[i]) - Float64(b[i]))); m = max(m, abs(Float64(b[i]))); end; (d, m))",
    )?;
    let age = engine.session().world.age();
    for (k, (&a, &b)) in ours.values.iter().zip(&theirs.values).enumerate() {
        let pair = interp.call_in(age, difference, &[a, b]).map_err(|e| julia::text(engine, interp, e))?;
        let numbers: Vec<f64> = elements(pair).iter().filter_map(|v| v.as_float64()).collect();
        let &[most, scale] = &numbers[..] else { return Err("the difference could not be computed".into()) };
        if most.is_nan() || most > tolerance * scale.max(1.0) {
            return Err(format!("results differ from C's: array {} by {most:e} at a scale of {scale:e}", k + 1));
        }
    }
    Ok(())
}
