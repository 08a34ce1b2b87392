//! A scalar loop in a host function against the same in C.

use crate::harness::{Clock, Report, Row, interleaved};
use crate::julia::{self, eval};
use crate::peer_c::CCode;
use runtime::Value;
use std::hint::black_box;

const JULIA: &str = "
function bench_loop(n)
    x = 0x00000000deadbeef
    s = 0
    for i in 1:n
        x ⊻= x << 13
        x ⊻= x >> 7
        x ⊻= x << 17
        s += Int(x & 0xff) * (i & 3)
    end
    return s
end
";

const C: &str = "
int64_t run(int64_t n) {
    uint64_t x = 0xdeadbeef;
    int64_t s = 0;
    for (int64_t i = 1; i <= n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        s += (int64_t)(x & 255) * (i & 3);
    }
    return s;
}
";

const STEPS: i64 = 10_000_000;

pub fn run(report: &mut Report) -> Result<(), String> {
    let engine = julia::engine()?;
    let c = CCode::compile(C)?;
    // SAFETY: this is its type.
    let peer: unsafe extern "C" fn(i64) -> i64 = unsafe { c.function("run") }?;
    engine.load_str("loop.jl", JULIA).map_err(|e| e.to_string())?;
    engine.session().with_interp(|i| {
        let f = eval(engine, i, "bench_loop")?;
        let n = runtime::pin(Value::int(STEPS));
        let age = engine.session().world.age();
        let call = || i.call_in(age, f, &[n]);
        let ours = call().map_err(|e| julia::text(engine, i, e))?.as_int();
        // SAFETY: it only computes.
        let theirs = unsafe { peer(STEPS) };
        if ours != Some(theirs) {
            return Err(format!("the results differ: {ours:?} and {theirs}"));
        }
        let run_ours = || {
            black_box(call().ok());
        };
        let run_theirs = || {
            // SAFETY: as above.
            black_box(unsafe { peer(black_box(STEPS)) });
        };
        let rounds = interleaved(Clock::Thread, 21, 0.02, 4.0, run_ours, run_theirs);
        let rounds: Vec<_> = rounds.iter().map(|&(a, b)| (a * 1e3, b * 1e3)).collect();
        report.row(
            Row::peer("host-loop", &rounds, "ms", 0.95).about("ten million iterations in a host function, against C"),
        );
        Ok(())
    })
}
