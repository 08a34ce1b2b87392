//! SPIR-V does not depend on what was compiled before, or is being compiled beside.

use crate::compiled::same_in_any_order_and_thread;
use crate::stories::{alone, engine};

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

#[test]
fn modules_are_the_same_in_any_order_and_thread() {
    let _one = alone();
    engine().load_str("modules.jl", SOURCE).unwrap_or_else(|e| panic!("{e}"));
    same_in_any_order_and_thread("spirv", &ENTRIES);
}
