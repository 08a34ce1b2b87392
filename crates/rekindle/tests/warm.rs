//! The warm path of a launch: a look-up, packing, the kernel; no allocation and no compiler.

use rekindle::{DeviceArray, Engine, Event, Grid, Options, args};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::Ordering;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: hands everything to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|n| n.set(n.get() + 1));
        // SAFETY: the caller's promises are those of this function.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(p, layout) }
    }
    unsafe fn realloc(&self, p: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|n| n.set(n.get() + 1));
        // SAFETY: as above.
        unsafe { System.realloc(p, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of this thread while `f` runs.
fn allocations(f: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    f();
    ALLOCATIONS.get() - before
}

const KERNELS: &str = "
using CUDA, KernelAbstractions
help(x, a) = a * x
function scale!(y, a)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    i <= length(y) && (y[i] = help(y[i], a))
    return
end
offset = 3.0
shifted!(y) = (y[1] += offset; return)
function many!(y, rest...)
    y[1] = sum(rest)
    return
end
function reversed!(y)
    t = CuStaticSharedArray(Float64, 64)
    i = threadIdx().x
    t[i] = y[i]
    sync_threads()
    y[i] = t[65 - i]
    return
end
@kernel function twice!(y)
    i = @index(Global)
    @inbounds y[i] *= 2
end
launch_cuda(y) = (@cuda threads = 4 scale!(y, 2.0); nothing)
launch_portable(y) = (twice!(CPU(), 4)(y; ndrange = 4); nothing)
";

fn engine() -> &'static Engine {
    let options = Options { announce: false, serial: true, ..Options::default() };
    Engine::start(options).expect("the engine starts")
}

/// Both stories in one test: events are the process's.
#[test]
fn a_warm_launch_allocates_nothing_and_compiles_nothing() {
    let engine = engine();
    engine.load_str("kernels.jl", KERNELS).expect("loads");
    one_inference_one_compilation_many_launches(engine);
    from_rust_nothing_is_allocated(engine);
    interp::on_big_stack(|| from_scripts_little_is(engine));
}

fn one_inference_one_compilation_many_launches(engine: &'static Engine) {
    let events = engine.record().expect("the CPU device is there");
    let scale = engine.kernel("scale!").expect("is defined");
    let mut y = [1.0f64; 32];
    for _ in 0..100 {
        scale.launch(Grid::linear(32, 16), args![&mut y, 1.0]).expect("runs");
    }
    let all = events.take();
    let of = |wanted: fn(&Event) -> bool| all.iter().filter(|e| wanted(e)).count();
    let inferred: Vec<String> =
        all.iter().filter(|e| matches!(e, Event::Inferred { .. })).map(ToString::to_string).collect();
    assert_eq!(inferred.iter().filter(|e| e.contains("scale!(")).count(), 1, "{inferred:#?}");
    assert_eq!(inferred.iter().filter(|e| e.contains("help(")).count(), 1, "{inferred:#?}");
    assert_eq!(of(|e| matches!(e, Event::Compiled { .. })), 1, "{all:#?}");
    assert_eq!(of(|e| matches!(e, Event::Loaded { .. })), 1);
    assert_eq!(of(|e| matches!(e, Event::Launched { .. })), 100);
    // In this order, and after the first launch nothing but launches.
    let last = all.iter().rposition(|e| !matches!(e, Event::Launched { .. })).expect("something else");
    assert_eq!(all.len() - last - 1, 100, "a launch came before the compilation was done");
    assert!(matches!(all[last], Event::Loaded { .. }));
}

/// Runs a launch until it is warm, then counts what a hundred of them allocate.
fn warm(name: &str, mut launch: impl FnMut()) -> u64 {
    (0..3).for_each(|_| launch());
    let n = allocations(|| (0..100).for_each(|_| launch()));
    println!("{name}: {n} allocations in 100 launches");
    n
}

fn from_rust_nothing_is_allocated(engine: &'static Engine) {
    let kernel = |name| engine.kernel(name).expect("is defined");
    let mut y = [1.0f64; 64];
    let compiled = || engine.driver().counters.compiled.load(Ordering::Relaxed);

    let scale = kernel("scale!");
    let grid = Grid::linear(64, 16);
    assert_eq!(warm("slices", || scale.launch(grid, args![&mut y, 1.0]).expect("runs")), 0);
    let on_device = DeviceArray::from_slice(engine.default_device(), &y);
    assert_eq!(warm("device arrays", || scale.launch(grid, args![&on_device, 1.0]).expect("runs")), 0);

    let shifted = kernel("shifted!");
    assert_eq!(warm("a global", || shifted.launch(Grid::linear(1, 1), args![&mut y]).expect("runs")), 0);
    assert_eq!(y[0], 1.0 + 3.0 * 103.0);

    let many = kernel("many!");
    let one = Grid::linear(1, 1);
    assert_eq!(warm("variadic", || many.launch(one, args![&mut y, 1.0, 2.0, 3.5]).expect("runs")), 0);
    assert_eq!(y[0], 6.5);

    let reversed = kernel("reversed!");
    let group = Grid::linear(64, 64);
    assert_eq!(warm("a barrier", || reversed.launch(group, args![&mut y]).expect("runs")), 0);

    let twice = kernel("twice!");
    let range = || twice.launch_over(&[64], &[16], args![&mut y]).expect("runs");
    assert_eq!(warm("a range", range), 0);

    // An unrelated definition costs one new look-up, no compilation.
    let before = compiled();
    engine.load_str("unrelated.jl", "unrelated(x) = x + 1").expect("loads");
    scale.launch(grid, args![&mut y, 1.0]).expect("runs");
    assert_eq!(compiled(), before);
    assert_eq!(warm("after a definition", || scale.launch(grid, args![&mut y, 1.0]).expect("runs")), 0);
}

fn from_scripts_little_is(engine: &'static Engine) {
    engine.session().with_interp(|interp| {
        let session = engine.session();
        let eval = |code: &str| runtime::pin(session.eval_str(interp, code).unwrap_or_else(|_| panic!("{code}")));
        for (launch, array) in [("launch_cuda", "CuArray(ones(4))"), ("launch_portable", "ones(4)")] {
            let (f, y) = (eval(launch), eval(array));
            let age = session.world.age();
            let mut run = || assert!(interp.call_in(age, f, &[y]).is_ok(), "{launch}");
            // Hot code goes to the native engine after some hundreds of calls.
            (0..2000).for_each(|_| run());
            let compiled = engine.driver().counters.compiled.load(Ordering::Relaxed);
            let launched = engine.counters.launched.load(Ordering::Relaxed);
            let n = warm(launch, &mut run);
            assert_eq!(engine.driver().counters.compiled.load(Ordering::Relaxed), compiled);
            assert_eq!(engine.counters.launched.load(Ordering::Relaxed), launched + 103);
            assert_eq!(n, 0, "{launch}");
        }
    });
}
