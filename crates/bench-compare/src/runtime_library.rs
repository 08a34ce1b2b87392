//! The runtime library of devices: taken as it is, against made again after its functions changed.

use crate::harness::{Clock, Report, Row, now, seconds};
use crate::julia;
use compiler::{CompilerConfig, RuntimeFunction};

/// Look-ups per round: one is too short to time.
const WARM: u32 = 2000;

/// Another definition of what reports and objects are made with: both end, and so does all that is made of them.
fn change(round: usize) -> String {
    format!(
        "Base.Device.@override Base.Device.PTX_TABLE @noinline Base.Device.Runtime.gpu_signal_exception() =
             (Core.Intrinsics.gpu_fence(:system); Core.Intrinsics.gpu_exit())
         Base.Device.@override Base.Device.PTX_TABLE @noinline Base.Device.Runtime.gpu_malloc(n::Int64) =
             ccall(:malloc, Ptr{{Nothing}}, (Int64,), Core.Intrinsics.add_int(n, {round}))"
    )
}

pub fn run(report: &mut Report) -> Result<(), String> {
    let engine = julia::engine()?;
    let config = CompilerConfig::kernel(rekindle::target_for("ptx", None)?).intern();
    let (session, driver) = (engine.session(), engine.driver());
    let library =
        || driver.runtime_library(config, &RuntimeFunction::ALL, session.world.age()).map_err(|e| e.to_string());
    let built = || driver.runtime_counters().built.load(std::sync::atomic::Ordering::Relaxed);
    let mut rounds = Vec::new();
    for round in 0..15 {
        session.with_interp(|i| julia::eval(engine, i, &change(round)).map(drop))?;
        let before = built();
        let start = now(Clock::Thread);
        library()?;
        let rebuilt = now(Clock::Thread) - start;
        if built() - before != RuntimeFunction::ALL.len() as u64 {
            return Err("not all functions were made again".into());
        }
        let warm = seconds(Clock::Thread, || {
            for _ in 0..WARM {
                std::hint::black_box(library().is_ok());
            }
        });
        rounds.push((warm / f64::from(WARM) * 1e6, rebuilt * 1e6));
    }
    report.row(
        Row::peer("runtime-library", &rounds, "µs", 100.0).about(
            "the runtime library for PTX as it is, checked against the world, against inferred and emitted again",
        ),
    );
    Ok(())
}
