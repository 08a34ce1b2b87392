//! SPIR-V does not depend on what was compiled before, or is being compiled beside.

use crate::stories::{alone, engine};
use compiler::CompilerConfig;
use rekindle::Stage;

const SOURCE: &str = "
using CUDA
first!(p, x) = (CUDA.unsafe_store!(p, x > 0 ? x : throw(DomainError(x)), 1); return)
function second!(a)
    t = CuStaticSharedArray(Float64, 32)
    i = threadIdx().x
    t[i] = sin(a[i])
    sync_threads()
    a[i] = t[33 - i]
    return
end
@noinline chosen(x) = x > 2 ? x : x < -2 ? 3x : zero(x)
third!(p, x) = (CUDA.unsafe_store!(p, chosen(x) + chosen(x + 1), 1); return)
";
const ENTRIES: [&str; 3] = [
    "first!(Core.LLVMPtr{Int64,1}, Int64)",
    "second!(CuDeviceVector{Float64,1})",
    "third!(Core.LLVMPtr{Int64,1}, Int64)",
];

fn module(entry: &str) -> Vec<u8> {
    let engine = engine();
    let session = engine.session();
    let target = rekindle::target_for("spirv", None).expect("an LLVM with SPIR-V");
    interp::on_big_stack(|| {
        let job = session.with_interp(|i| {
            let types = engine.entry_types(i, entry).map_err(|e| session.error_text(i, e))?;
            engine.job(CompilerConfig::kernel(target), &types).map_err(|e| session.error_text(i, e))
        });
        let made = engine.driver().compile(Stage::Image, &job.unwrap_or_else(|e: String| panic!("{e}")));
        made.unwrap_or_else(|e| panic!("{e}")).bytes
    })
}

#[test]
fn modules_are_the_same_in_any_order_and_thread() {
    let _one = alone();
    engine().load_str("modules.jl", SOURCE).unwrap_or_else(|e| panic!("{e}"));
    let first = ENTRIES.map(module);
    let again = std::thread::scope(|scope| {
        let backwards = || ENTRIES.iter().rev().map(|e| module(e)).collect::<Vec<_>>();
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(backwards)).collect();
        threads.into_iter().map(|t| t.join().expect("compiles")).collect::<Vec<_>>()
    });
    for modules in again {
        assert!(modules.iter().rev().eq(&first));
    }
}
