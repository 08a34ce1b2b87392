//! CPU kernels from hand-built bodies.

use backend_native::cpu::{self, Barriers, CpuKernel, CpuTarget, LaunchOptions, Launches};
use backend_native::{HostMachine, HostOptions};
use base::Span;
use codegen::UnitOptions;
use codegen::testing::{BodyBuilder, kernels, library};
use codegen::tree::emit_tree;
use ir::typed::{Arg, TypedBody};
use runtime::Value;
use types::{Ty, builtin};

fn machine() -> (HostMachine, CpuTarget) {
    let machine = HostMachine::new(HostOptions::default()).unwrap();
    let target = CpuTarget::new(machine.options().triple.clone(), machine.data_layout());
    (machine, target)
}

fn params(body: &TypedBody) -> Vec<Ty> {
    body.params.iter().map(|p| p.ty).collect()
}

fn compile(body: &TypedBody) -> CpuKernel {
    compile_with(body, Barriers::Loops)
}

fn compile_with(body: &TypedBody, barriers: Barriers) -> CpuKernel {
    let (machine, target) = machine();
    let target = target.with_barriers(barriers);
    let (which, report) = library::compile(&library::report_by_call("rk_cpu_throw"), &target);
    let units = emit_tree(body, None, &target, UnitOptions::default()).unwrap_or_else(|e| panic!("{e:#?}"));
    let artifact = cpu::compile_kernel(
        &units,
        &[(which, &report)],
        &params(body),
        body.ret,
        &machine,
        &target,
        UnitOptions::default(),
        Span::NONE,
    )
    .unwrap_or_else(|e| panic!("{e:#?}"));
    // SAFETY: just compiled for this machine.
    unsafe { CpuKernel::load(std::sync::Arc::new(artifact)).unwrap() }
}

fn pack(words: &[usize]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

#[test]
fn vadd_adds_and_vectorises() {
    let kernel = compile(&kernels::vadd());
    let n = 100_003usize;
    let a: Vec<f32> = (0..n).map(|i| i as f32).collect();
    let b: Vec<f32> = (0..n).map(|i| (i * 2) as f32).collect();
    for serial in [true, false] {
        let mut c = vec![0f32; n + 64];
        let args = pack(&[a.as_ptr() as usize, b.as_ptr() as usize, c.as_mut_ptr() as usize, n]);
        let groups = (n as u32).div_ceil(256);
        let options = LaunchOptions { serial, ..Default::default() };
        // SAFETY: the arguments are as the kernel wants them.
        unsafe { kernel.launch(&args, [groups, 1, 1], [256, 1, 1], options).unwrap() };
        assert!((0..n).all(|i| c[i] == a[i] + b[i]));
        assert!(c[n..].iter().all(|&x| x == 0.0));
    }
    assert!(vectorises(&kernels::vadd()));
}

/// Is there vector arithmetic in the kernel's code?
fn vectorises(body: &TypedBody) -> bool {
    let (machine, target) = machine();
    ir(body, &machine, &target).contains("x float>")
}

/// A kernel's optimised code.
fn ir(body: &TypedBody, machine: &HostMachine, target: &CpuTarget) -> String {
    let (which, report) = library::compile(&library::report_by_call("rk_cpu_throw"), target);
    let units = emit_tree(body, None, target, UnitOptions::default()).unwrap();
    let (ir, _) = cpu::kernel_text(
        &units,
        &[(which, &report)],
        &params(body),
        body.ret,
        machine,
        target,
        UnitOptions::default(),
        Span::NONE,
    )
    .unwrap();
    ir
}

/// A sum that items carry through barriers has one place per item in the loop, and one behind it.
#[test]
fn what_loops_around_barriers_carry_stays_in_its_place() {
    let (machine, target) = machine();
    let text = ir(&kernels::carried_sum(), &machine, &target.with_launches(Launches::Groups([64, 1, 1])));
    assert!(text.contains("@rk_cpu_context(ptr nonnull %0, i64 512)"), "{text}");
    let kernel = compile(&kernels::carried_sum());
    let x: Vec<f32> = (0..192).map(|i| i as f32).collect();
    for times in [0, 1, 5] {
        let mut sums = vec![-1f32; 192];
        let args = pack(&[x.as_ptr() as usize, sums.as_mut_ptr() as usize, times]);
        // SAFETY: the arguments are as the kernel wants them.
        unsafe { kernel.launch(&args, [3, 1, 1], [64, 1, 1], LaunchOptions::default()).unwrap() };
        assert!(sums.iter().zip(&x).all(|(s, x)| *s == times as f32 * x), "{times} times: {sums:?}");
    }
}

#[test]
fn checked_accesses_vectorise_and_still_throw() {
    assert!(vectorises(&kernels::checked_add()));
    let kernel = compile(&kernels::checked_add());
    let n = 1000usize;
    let a: Vec<f32> = (0..n).map(|i| i as f32).collect();
    for (length, limit) in [(n, n), (n, 700), (700, n), (0, n)] {
        let mut c = vec![0f32; n];
        let args = pack(&[a.as_ptr() as usize, c.as_mut_ptr() as usize, length, limit]);
        let serial = LaunchOptions { serial: true, ..Default::default() };
        // SAFETY: the arguments are as the kernel wants them.
        let outcome = unsafe { kernel.launch(&args, [4, 1, 1], [256, 1, 1], serial) };
        if length < limit {
            let e = outcome.unwrap_err();
            assert_eq!((e.site.kind.as_str(), e.args[0]), ("BoundsError", length as i64 + 1));
        } else {
            outcome.unwrap();
        }
        for (i, &x) in c.iter().enumerate() {
            let expected = if i < length.min(limit) { a[i] + 1.0 } else { 0.0 };
            assert_eq!(x, expected, "element {i} of {length} up to {limit}");
        }
    }
}

#[test]
fn barriers_in_loops_hold() {
    for barriers in [Barriers::Loops, Barriers::Coroutines] {
        sums_of_groups(&compile_with(&kernels::group_sum(), barriers), barriers);
    }
}

/// All items reach the kernel's barriers alike: none is left when it is made of loops.
fn sums_of_groups(kernel: &CpuKernel, barriers: Barriers) {
    assert_eq!(kernel.artifact().has_barrier, barriers == Barriers::Coroutines);
    assert_eq!(kernel.artifact().shared_size, 1024);
    let n = 256 * 37;
    let x: Vec<f32> = (0..n).map(|i| (i % 1000) as f32).collect();
    for serial in [true, false] {
        let mut sums = vec![0f32; 37];
        let args = pack(&[x.as_ptr() as usize, sums.as_mut_ptr() as usize]);
        let options = LaunchOptions { serial, ..Default::default() };
        // SAFETY: the arguments are as the kernel wants them.
        unsafe { kernel.launch(&args, [37, 1, 1], [256, 1, 1], options).unwrap() };
        for (g, sum) in sums.iter().enumerate() {
            let expected: f32 = x[g * 256..(g + 1) * 256].iter().sum();
            assert_eq!(*sum, expected, "group {g}");
        }
    }
}

#[test]
fn exceptions_stop_the_launch_and_say_where() {
    let kernel = compile(&kernels::checked());
    // SAFETY: the argument is as the kernel wants it.
    unsafe {
        let serial = LaunchOptions { serial: true, ..Default::default() };
        kernel.launch(&pack(&[128]), [2, 1, 1], [64, 1, 1], serial).unwrap();
        let e = kernel.launch(&pack(&[100]), [2, 1, 1], [64, 1, 1], serial).unwrap_err();
        assert_eq!((e.site.kind.as_str(), e.args.as_slice()), ("BoundsError", &[101][..]));
        assert_eq!((e.group, e.item), ([1, 0, 0], [36, 0, 0]));
        assert_eq!(e.to_string(), "BoundsError [101] in `checked` at item (37, 1, 1) of group (2, 1, 1)");
        // and again, in parallel
        kernel.launch(&pack(&[100]), [500, 1, 1], [64, 1, 1], LaunchOptions::default()).unwrap_err();
        kernel.launch(&pack(&[64]), [1, 1, 1], [64, 1, 1], LaunchOptions::default()).unwrap();
    }
}

#[test]
fn warps_shuffle_and_vote() {
    let kernel = compile(&kernels::warp());
    let (mut sums, mut votes) = (vec![0u32; 128], vec![0u32; 128]);
    let args = pack(&[sums.as_mut_ptr() as usize, votes.as_mut_ptr() as usize]);
    // SAFETY: the arguments are as the kernel wants them.
    unsafe { kernel.launch(&args, [2, 1, 1], [64, 1, 1], LaunchOptions::default()).unwrap() };
    for (i, &sum) in sums.iter().enumerate() {
        let first = (i / 32 * 32 + 1) as u32;
        assert_eq!(sum, (first..first + 32).sum::<u32>(), "item {i}");
        assert_eq!(votes[i], 0x5555_5555);
    }
}

#[test]
fn kernel_objects_are_the_same_every_time() {
    let (machine, target) = machine();
    let (which, report) = library::compile(&library::report_by_call("rk_cpu_throw"), &target);
    let make = |body: &TypedBody| {
        let units = emit_tree(body, None, &target, UnitOptions::default()).unwrap();
        cpu::compile_kernel(
            &units,
            &[(which, &report)],
            &params(body),
            body.ret,
            &machine,
            &target,
            UnitOptions::default(),
            Span::NONE,
        )
        .unwrap()
        .object
    };
    for body in [kernels::vadd(), kernels::group_sum()] {
        assert_eq!(make(&body), make(&body));
    }
}

#[test]
fn arguments_that_are_not_plain_data_are_explained() {
    let (machine, target) = machine();
    let (which, report) = library::compile(&library::report_by_call("rk_cpu_throw"), &target);
    let vector = builtin::vector_of(builtin::float64());
    let mut b = BodyBuilder::new("k", &[vector], builtin::nothing());
    b.ret(Arg::Const(Value::nothing()));
    let body = b.finish();
    let units = emit_tree(&body, None, &target, UnitOptions::default()).unwrap();
    let e = cpu::compile_kernel(
        &units,
        &[(which, &report)],
        &params(&body),
        body.ret,
        &machine,
        &target,
        UnitOptions::default(),
        Span::NONE,
    )
    .unwrap_err();
    assert_eq!(e[0].code, "codegen.kernel-argument");
    assert!(e[0].notes[0].contains("mutable object"), "{e:?}");
}
