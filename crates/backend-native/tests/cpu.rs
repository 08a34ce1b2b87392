//! CPU kernels from hand-built bodies.

use backend_native::cpu::{self, CpuKernel, CpuTarget, LaunchOptions};
use backend_native::{HostMachine, HostOptions};
use base::Span;
use codegen::testing::{BodyBuilder, int, p, symbol, ty};
use codegen::tree::emit_tree;
use ir::typed::{Arg, TypedBody};
use runtime::{Builtin as B, Intrinsic as I, Value};
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
    let (machine, target) = machine();
    let units = emit_tree(body, None, &target, false).unwrap_or_else(|e| panic!("{e:#?}"));
    let artifact = cpu::compile_kernel(&units, &params(body), body.ret, &machine, &target, Span::NONE)
        .unwrap_or_else(|e| panic!("{e:#?}"));
    // SAFETY: just compiled for this machine.
    unsafe { CpuKernel::load(artifact).unwrap() }
}

fn i64t() -> Ty {
    builtin::int64()
}
fn i32t() -> Ty {
    builtin::int32()
}

/// The global index along x, from 1, as `Int64`.
fn global_index(b: &mut BodyBuilder) -> Arg {
    let group = b.op(I::GpuGroupId, &[int(0)], i32t());
    let size = b.op(I::GpuGroupSize, &[int(0)], i32t());
    let item = b.op(I::GpuLocalId, &[int(0)], i32t());
    let to = |b: &mut BodyBuilder, x| b.op(I::SextInt, &[ty(i64t()), x], i64t());
    let (group, size, item) = (to(b, group), to(b, size), to(b, item));
    let base = b.op(I::MulInt, &[group, size], i64t());
    let zero_based = b.op(I::AddInt, &[base, item], i64t());
    b.op(I::AddInt, &[zero_based, int(1)], i64t())
}

fn load(b: &mut BodyBuilder, ptr: Arg, i: Arg, t: Ty) -> Arg {
    b.op(I::Pointerref, &[ptr, i, int(1)], t)
}

fn store(b: &mut BodyBuilder, ptr: Arg, x: Arg, i: Arg, pt: Ty) {
    b.op(I::Pointerset, &[ptr, x, i, int(1)], pt);
}

/// `i <= n && (c[i] = a[i] + b[i])`
fn vadd() -> TypedBody {
    let f = builtin::float32();
    let pt = builtin::ptr_of(f);
    let mut b = BodyBuilder::new("vadd", &[pt, pt, pt, i64t()], builtin::nothing());
    let i = global_index(&mut b);
    let (then, exit) = (b.block(), b.block());
    let inside = b.op(I::SleInt, &[i, p(4)], builtin::bool_());
    b.branch(inside, then, exit);
    b.at(then);
    let (x, y) = (load(&mut b, p(1), i, f), load(&mut b, p(2), i, f));
    let sum = b.op(I::AddFloat, &[x, y], f);
    store(&mut b, p(3), sum, i, pt);
    b.goto(exit);
    b.at(exit);
    b.ret(Arg::Const(Value::nothing()));
    b.finish()
}

fn pack(words: &[usize]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

#[test]
fn vadd_adds_and_vectorises() {
    let kernel = compile(&vadd());
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
    let (machine, target) = machine();
    let units = emit_tree(&vadd(), None, &target, false).unwrap();
    let (ir, _) = cpu::kernel_text(&units, &params(&vadd()), builtin::nothing(), &machine, &target, Span::NONE).unwrap();
    assert!(ir.contains("x float>"), "the loop over items is not vectorised:\n{ir}");
}

/// A tree sum over a group in shared memory, with a barrier in the loop; item 1 writes the group's sum.
fn group_sum() -> TypedBody {
    let f = builtin::float32();
    let pt = builtin::ptr_of(f);
    let shared_t = types::apply(builtin::llvm_ptr(), &[f, Ty::int(3)]).unwrap();
    let mut b = BodyBuilder::new("group_sum", &[pt, pt], builtin::nothing());
    let entry_i = global_index(&mut b);
    let shared = b.op(I::GpuShared, &[ty(f), int(256), symbol("tile")], shared_t);
    let local = b.op(I::GpuLocalId, &[int(0)], i32t());
    let local = b.op(I::SextInt, &[ty(i64t()), local], i64t());
    let slot = b.op(I::AddInt, &[local, int(1)], i64t());
    let x = load(&mut b, p(1), entry_i, f);
    store(&mut b, shared, x, slot, shared_t);
    b.op(I::GpuBarrier, &[], builtin::nothing());
    let entry = b.here();
    let (head, body, add, next, exit, write, done) =
        (b.block(), b.block(), b.block(), b.block(), b.block(), b.block(), b.block());
    b.goto(head);
    b.at(head);
    let half = b.phi(i64t());
    let go = b.op(I::SltInt, &[int(0), half], builtin::bool_());
    b.branch(go, body, exit);
    b.at(body);
    let active = b.op(I::SltInt, &[local, half], builtin::bool_());
    b.branch(active, add, next);
    b.at(add);
    let other = b.op(I::AddInt, &[slot, half], i64t());
    let (u, v) = (load(&mut b, shared, slot, f), load(&mut b, shared, other, f));
    let sum = b.op(I::AddFloat, &[u, v], f);
    store(&mut b, shared, sum, slot, shared_t);
    b.goto(next);
    b.at(next);
    b.op(I::GpuBarrier, &[], builtin::nothing());
    let halved = b.op(I::LshrInt, &[half, int(1)], i64t());
    b.goto(head);
    b.add_input(half, entry, int(128));
    b.add_input(half, next, halved);
    b.at(exit);
    let first = b.op(I::EqInt, &[local, int(0)], builtin::bool_());
    b.branch(first, write, done);
    b.at(write);
    let total = load(&mut b, shared, int(1), f);
    let group = b.op(I::GpuGroupId, &[int(0)], i32t());
    let group = b.op(I::SextInt, &[ty(i64t()), group], i64t());
    let place = b.op(I::AddInt, &[group, int(1)], i64t());
    store(&mut b, p(2), total, place, pt);
    b.goto(done);
    b.at(done);
    b.ret(Arg::Const(Value::nothing()));
    b.finish()
}

#[test]
fn barriers_in_loops_hold() {
    let kernel = compile(&group_sum());
    assert!(kernel.artifact().has_barrier);
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
    // i <= n || throw(BoundsError(nothing, i))
    let mut b = BodyBuilder::new("checked", &[i64t()], builtin::nothing());
    let i = global_index(&mut b);
    let (ok, bad) = (b.block(), b.block());
    let inside = b.op(I::SleInt, &[i, p(1)], builtin::bool_());
    b.branch(inside, ok, bad);
    b.at(ok);
    b.ret(Arg::Const(Value::nothing()));
    b.at(bad);
    let e = b.push(
        ir::typed::InstKind::New { args: vec![Arg::Const(Value::nothing()), i] },
        builtin::bounds_error(),
    );
    b.call(B::Throw, &[e], builtin::bottom());
    b.unreachable();
    let kernel = compile(&b.finish());
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
    // out[i] = sum over the warp by xor-shuffles; votes[i] = ballot(lane is even)
    let u = builtin::uint32();
    let pt = builtin::ptr_of(u);
    let mut b = BodyBuilder::new("warp", &[pt, pt], builtin::nothing());
    let i = global_index(&mut b);
    let mask = Arg::Const(runtime::pin(Value::uint32(u32::MAX)));
    let mut x = b.op(I::TruncInt, &[ty(u), i], u);
    for step in [16, 8, 4, 2, 1] {
        let other = b.op(I::GpuShfl, &[symbol("xor"), mask, x, int(step), int(32)], u);
        x = b.op(I::AddInt, &[x, other], u);
    }
    store(&mut b, p(1), x, i, pt);
    let bit = b.op(I::AndInt, &[i, int(1)], i64t());
    let odd_index = b.op(I::EqInt, &[bit, int(1)], builtin::bool_());
    let votes = b.op(I::GpuBallot, &[mask, odd_index], u);
    store(&mut b, p(2), votes, i, pt);
    b.ret(Arg::Const(Value::nothing()));
    let kernel = compile(&b.finish());
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
    let make = |body: &TypedBody| {
        let units = emit_tree(body, None, &target, false).unwrap();
        cpu::compile_kernel(&units, &params(body), body.ret, &machine, &target, Span::NONE).unwrap().object
    };
    for body in [vadd(), group_sum()] {
        assert_eq!(make(&body), make(&body));
    }
}

#[test]
fn arguments_that_are_not_plain_data_are_explained() {
    let (machine, target) = machine();
    let vector = builtin::vector_of(builtin::float64());
    let mut b = BodyBuilder::new("k", &[vector], builtin::nothing());
    b.ret(Arg::Const(Value::nothing()));
    let body = b.finish();
    let units = emit_tree(&body, None, &target, false).unwrap();
    let e = cpu::compile_kernel(&units, &params(&body), body.ret, &machine, &target, Span::NONE).unwrap_err();
    assert_eq!(e[0].code, "codegen.kernel-argument");
    assert!(e[0].notes[0].contains("mutable object"), "{e:?}");
}
