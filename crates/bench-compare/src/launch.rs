//! The whole warm launch of an empty kernel on the CPU device.

use crate::alloc::allocations;
use crate::harness::{Clock, Report, Row, interleaved, median};
use crate::julia::{self, eval};
use rekindle::{Grid, args};
use runtime::Value;

const JULIA: &str = "
using KernelAbstractions
bench_empty!(x) = nothing
@kernel function bench_nothing!(x)
end
bench_launch(k, x) = k(x; ndrange = 64)
bench_call(k, x) = nothing
";

/// Metal.jl's whole look-up at a launch takes 380 ns; a launch has the device's work on top.
const LIMIT: f64 = 1000.0;

pub fn run(report: &mut Report) -> Result<(), String> {
    let engine = julia::engine()?;
    engine.load_str("empty.jl", JULIA).map_err(|e| e.to_string())?;

    // From Rust, by the library's face.
    let kernel = engine.kernel("bench_empty!").map_err(|e| e.to_string())?;
    let mut data = vec![0.0f32; 64];
    let mut failed = None;
    let mut launch = || {
        if let Err(e) = kernel.launch(Grid::linear(64, 64), args![&mut data]) {
            failed.get_or_insert(e.to_string());
        }
    };
    (0..100).for_each(|_| launch());
    let before = allocations();
    (0..100).for_each(|_| launch());
    let allocated = (allocations() - before) as f64 / 100.0;
    let rounds = interleaved(Clock::Thread, 21, 0.01, 2.0, &mut launch, || {});
    if let Some(e) = failed {
        return Err(e);
    }
    let took = median(rounds.iter().map(|r| r.0 * 1e9).collect());
    report.row(
        Row::limit(
            "launch-library",
            took,
            LIMIT,
            "ns",
            "warm launch of an empty kernel from Rust: arguments, look-up, launch",
        )
        .detail(vec![("allocations".into(), allocated)]),
    );
    report.row(Row::limit("launch-library-allocations", allocated, 0.0, "count", "allocations of that launch"));

    // From a script.
    engine.session().with_interp(|i| {
        let k = eval(engine, i, "bench_nothing!(CPU(), 64)")?;
        let x = eval(engine, i, "zeros(Float32, 64)")?;
        let launch = eval(engine, i, "bench_launch")?;
        let call = eval(engine, i, "bench_call")?;
        let age = engine.session().world.age();
        let mut failed = None;
        let mut run = |f: Value| {
            if let Err(e) = i.call_in(age, f, &[k, x]) {
                failed.get_or_insert_with(|| julia::text(engine, i, e));
            }
        };
        (0..1000).for_each(|_| run(launch));
        let before = allocations();
        (0..100).for_each(|_| run(launch));
        let allocated = (allocations() - before) as f64 / 100.0;
        let rounds = interleaved(Clock::Thread, 21, 0.01, 2.0, || run(launch), || {});
        let bare = interleaved(Clock::Thread, 11, 0.005, 1.0, || run(call), || {});
        if let Some(e) = failed {
            return Err(e);
        }
        let took = median(rounds.iter().map(|r| r.0 * 1e9).collect());
        let bare = median(bare.iter().map(|r| r.0 * 1e9).collect());
        report.row(
            Row::limit("launch-script", took, LIMIT, "ns", "the same from a script by KernelAbstractions")
                .detail(vec![("allocations".into(), allocated), ("an empty call, ns".into(), bare)]),
        );
        Ok(())
    })
}
