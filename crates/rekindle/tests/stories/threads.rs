//! Threads that launch while another redefines.

use crate::{Story, first};
use rekindle::{Grid, args};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const THREADS: usize = 8;

#[test]
fn of_many_threads_that_need_the_same_kernel_one_compiles_it() {
    let story = Story::begin(
        "leaf11(x) = sqrt(abs(x)) + 1
         kernel11!(y) = (y[1] = leaf11(y[1]); return)",
    );
    let kernel = story.kernel("kernel11!");
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                assert_eq!(first(&kernel, 4.0), 3.0);
            });
        }
    });
    let done = story.did();
    for what in ["inferred kernel11!", "inferred leaf11", "compiled kernel11!", "loaded kernel11!"] {
        assert_eq!(done.iter().filter(|e| e.starts_with(what)).count(), 1, "{what}: {done:#?}");
    }
}

#[test]
fn launches_go_on_while_another_thread_redefines_and_each_sees_a_definition_of_its_time() {
    let story = Story::begin(
        "number12() = 0.0
         inner12(x) = x + number12()
         kernel12!(y) = (y[1] = inner12(y[1]); return)",
    );
    let kernel = story.kernel("kernel12!");
    let (begun, defined) = (AtomicU64::new(0), AtomicU64::new(0));
    let (done, launches) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    let oldest = defined.load(Ordering::SeqCst);
                    let answer = first(&kernel, 1000.0) - 1000.0;
                    let newest = begun.load(Ordering::SeqCst);
                    assert!((oldest as f64..=newest as f64).contains(&answer), "{answer} in {oldest}..={newest}");
                    launches.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| {
            for n in 1..=20u64 {
                begun.store(n, Ordering::SeqCst);
                story.load(&format!("number12() = {n}.0"));
                defined.store(n, Ordering::SeqCst);
                // Every definition is launched at least a few times.
                let so_far = launches.load(Ordering::Relaxed);
                while launches.load(Ordering::Relaxed) < so_far + 4 {
                    std::thread::yield_now();
                }
            }
            done.store(true, Ordering::Release);
        });
    });
    assert_eq!(first(&kernel, 0.0), 20.0);
    let compiled = story.did().into_iter().filter(|e| e.starts_with("compiled kernel12!")).count();
    assert!((2..=21).contains(&compiled), "{compiled} compilations for 21 definitions");
}

#[test]
fn a_launch_does_not_wait_for_a_text_that_is_being_loaded() {
    let story = Story::begin("kernel13!(y) = (y[1] += 1; return)");
    let kernel = story.kernel("kernel13!");
    first(&kernel, 0.0);
    // The script runs until it sees what the kernel wrote: a launch that waited for it would wait for ever, or until
    // the script gives up.
    let flag = Box::into_raw(Box::new(0.0f64));
    let script = format!(
        "function wait13(p)
             for _ in 1:20_000
                 unsafe_load(p) == 1.0 && return
                 sleep(0.001)
             end
             error(\"the launch waited for the script\")
         end
         unsafe_store!(Ptr{{Float64}}({0}), 0.5)
         wait13(Ptr{{Float64}}({0}))",
        flag.expose_provenance()
    );
    std::thread::scope(|scope| {
        scope.spawn(|| story.load(&script));
        // SAFETY: the memory is this test's; the script writes before it waits and only reads from then on.
        while unsafe { flag.read_volatile() } != 0.5 {
            std::thread::yield_now();
        }
        // SAFETY: as above.
        let y = unsafe { std::slice::from_raw_parts_mut(flag, 1) };
        y[0] = 0.0;
        kernel.launch(Grid::linear(1, 1), args![y]).unwrap_or_else(|e| panic!("{e}"));
    });
    // SAFETY: made by `into_raw` above, and nobody uses it any more.
    assert_eq!(unsafe { *Box::from_raw(flag) }, 1.0);
}

#[test]
fn a_warm_launch_does_not_wait_for_a_compilation() {
    let flag = Box::into_raw(Box::new(0.0f64));
    // What is compiled asks for code that is made only once the other kernel has run.
    let story = Story::begin(&format!(
        "kernel14!(y) = (y[1] += 1; return)
         @generated function late14(x)
             flag = Ptr{{Float64}}({0})
             unsafe_store!(flag, 0.5)
             for _ in 1:20_000
                 unsafe_load(flag) == 1.0 && return :(x + 1)
                 sleep(0.001)
             end
             error(\"the launch waited for the compilation\")
         end
         slow14!(y) = (y[1] = late14(y[1]); return)",
        flag.expose_provenance()
    ));
    let (kernel, slow) = (story.kernel("kernel14!"), story.kernel("slow14!"));
    first(&kernel, 0.0);
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(first(&slow, 7.0), 8.0));
        // SAFETY: the memory is this test's; the generator writes before it waits and only reads from then on.
        while unsafe { flag.read_volatile() } != 0.5 {
            std::thread::yield_now();
        }
        // SAFETY: as above.
        let y = unsafe { std::slice::from_raw_parts_mut(flag, 1) };
        y[0] = 0.0;
        kernel.launch(Grid::linear(1, 1), args![y]).unwrap_or_else(|e| panic!("{e}"));
    });
    // SAFETY: made by `into_raw` above, and nobody uses it any more.
    assert_eq!(unsafe { *Box::from_raw(flag) }, 1.0);
}
