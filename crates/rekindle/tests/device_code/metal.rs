//! Choices of the back-end for Apple's GPUs, and what a launch has to know of its code.

use crate::compiled::{compiled, same_in_any_order_and_thread};
use crate::stories::{alone, engine};
use backend_metal::{MetalDeviceTarget, MetalOptions};
use compiler::CompilerTarget;
use compiler::device::DeviceKernel;
use rekindle::Stage;
use std::collections::HashSet;
use std::sync::Arc;

const SOURCE: &str = "
using CUDA
first!(p, x) = (CUDA.unsafe_store!(p, x > 0 ? x : throw(DomainError(x)), 1); return)
function second!(a)
    t = CuStaticSharedArray(Float32, 32)
    i = threadIdx().x
    t[i] = sin(a[i])
    sync_threads()
    a[i] = t[33 - i]
    return
end
@noinline chosen(x) = x > 2 ? x : x < -2 ? 3x : zero(x)
third!(p, x) = (CUDA.unsafe_store!(p, chosen(x) + chosen(x + blockIdx().x), 1); return)
";
const ENTRIES: [&str; 3] = [
    "first!(Core.LLVMPtr{Int64,1}, Int64)",
    "second!(CuDeviceVector{Float32,1})",
    "third!(Core.LLVMPtr{Int64,1}, Int64)",
];

#[test]
fn air_is_the_same_in_any_order_and_thread() {
    let _one = alone();
    engine().load_str("air.jl", SOURCE).unwrap_or_else(|e| panic!("{e}"));
    same_in_any_order_and_thread("metal", &ENTRIES);
}

#[test]
fn a_launch_learns_what_the_entry_takes() {
    let _one = alone();
    engine().load_str("air.jl", SOURCE).unwrap_or_else(|e| panic!("{e}"));
    let made = compiled("metal", ENTRIES[0], Stage::Object);
    // Bitcode for systems of Apple has a header around it.
    assert!(made.bytes.starts_with(&[0xde, 0xc0, 0x17, 0x0b]), "bitcode");
    let kernel =
        made.detail.as_ref().and_then(|d| d.downcast_ref::<DeviceKernel>()).expect("what a launch has to know");
    assert_eq!((kernel.entry.as_str(), kernel.args.len()), ("first_bang", 2));
    assert!(kernel.with_state && !kernel.with_table && !kernel.with_shared);
    assert_eq!(made.sites.len(), 1);
}

#[test]
fn every_option_is_part_of_the_key() {
    let usual = MetalOptions::default();
    let variants = [
        usual.clone(),
        MetalOptions::for_system(15).expect("a system"),
        MetalOptions { air: backend_metal::Version(2, 9), ..usual.clone() },
        MetalOptions { metal: backend_metal::Version(3, 2), ..usual.clone() },
        MetalOptions { fast_math: true, ..usual.clone() },
        MetalOptions { denormals: true, ..usual.clone() },
        MetalOptions { opt_level: 1, ..usual },
    ];
    let count = variants.len();
    let key = |options| Arc::new(MetalDeviceTarget::new(options)).code_key().encode();
    assert_eq!(variants.map(key).into_iter().collect::<HashSet<_>>().len(), count);
}

#[test]
fn systems_that_are_not_there_are_refused() {
    let said = rekindle::target_for("metal", Some("macos12")).expect_err("no such system");
    assert!(said.contains("macos13, macos14, macos15, macos26"), "{said}");
}
