//! A6: threads.

use crate::lab::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;
use types::builtin::{any, int64};
use world::results::results;
use world::*;

#[derive(Default)]
struct Marker {
    _content: AtomicUsize,
}

#[test]
fn threads_asking_for_one_missing_instance_cause_one_inference_and_share_results() {
    for round in 0..50 {
        let lab = Lab::new();
        let f = function("f");
        lab.define(call(f, &[]), round, &[]);
        let mi = lab.instance(call(f, &[]));
        let barrier = Barrier::new(4);
        let found: Vec<(CiRef, usize)> = thread::scope(|scope| {
            let ask = || {
                barrier.wait();
                let ci = lab.view().get_or_insert_with(mi, |_| {
                    thread::sleep(Duration::from_millis(1));
                    Ok::<_, ()>(lab.infer(mi, lab.age()))
                });
                let ci = ci.expect("inferred");
                (ci, std::ptr::from_ref(results::<Marker>(ci, &0u8)).addr())
            };
            let handles: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            handles.into_iter().map(|handle| handle.join().expect("no panic")).collect()
        });
        assert_eq!(lab.inferred(), 1);
        assert!(found.iter().all(|pair| *pair == found[0]));
    }
}

#[test]
fn look_ups_and_other_compiles_never_wait_behind_a_compile() {
    let lab = Lab::new();
    let (slow, f) = (function("slow"), function("f"));
    lab.define(call(slow, &[]), 1, &[]);
    let mi = lab.instance(call(slow, &[]));
    let (started, is_started) = mpsc::channel();
    let (finish, may_finish) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let compile = scope.spawn(move || {
            lab.view().get_or_insert_with(mi, |_| {
                started.send(()).expect("someone waits");
                may_finish.recv().expect("told to finish");
                Ok::<_, ()>(lab.infer(mi, lab.age()))
            })
        });
        is_started.recv().expect("inference starts");
        // All of this would hang if anything waited for the compile.
        assert_eq!(lab.view().get(mi), None);
        lab.define(call(f, &[any()]), 2, &[]);
        assert!(lab.world.lookup_one(lab.stack, &[f, int64()], lab.age()).found().is_some());
        assert!(alive(lab.compile(call(f, &[int64()]))));
        finish.send(()).expect("the compile waits");
        assert!(compile.join().expect("no panic").is_ok());
    });
}

#[test]
fn who_waits_for_a_failed_inference_tries_it_itself() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let mi = lab.instance(call(f, &[]));
    let (started, is_started) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let failed = lab.view().get_or_insert_with(mi, |_| {
                started.send(()).expect("someone waits");
                thread::sleep(Duration::from_millis(20));
                Err("no")
            });
            assert!(matches!(failed, Err(GetError::Infer("no"))));
        });
        is_started.recv().expect("inference starts");
        assert!(alive(lab.compile(call(f, &[]))));
    });
}

#[test]
fn threads_that_enter_a_recursion_from_different_ends_do_not_dead_lock() {
    for _ in 0..200 {
        let lab = Lab::new();
        let fs: Vec<_> = (0..4).map(|i| function(&format!("f{i}"))).collect();
        for (i, &f) in fs.iter().enumerate() {
            let next = fs[(i + 1) % fs.len()];
            lab.define(call(f, &[]), i as i64, &[call(next, &[])]);
        }
        let barrier = Barrier::new(fs.len());
        thread::scope(|scope| {
            for &f in &fs {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    assert!(alive(lab.compile(call(f, &[]))));
                });
            }
        });
        let cis: Vec<CiRef> = fs.iter().map(|&f| lab.compile(call(f, &[]))).collect();
        lab.define(call(fs[2], &[]), 9, &[]);
        assert!(cis.iter().all(|&ci| !alive(ci)));
    }
}

#[test]
fn readers_see_a_redefinition_as_a_whole_or_not_at_all() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    lab.define(call(f, &[]), 1, &[call(g, &[])]);
    lab.define(call(g, &[]), 0, &[]);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let age = lab.age();
                    let mi = lab.world.lookup_one(lab.stack, &[f], age).instance().expect("always defined");
                    let ci = lab.compile_at(mi, age);
                    assert!(ci.valid().contains(age));
                    let callee = ci.get().edges().iter().find_map(|edge| match edge {
                        Edge::Instance(callee) => Some(*callee),
                        _ => None,
                    });
                    // The callee that was inlined is the one that this age dispatches to.
                    let now = lab.world.lookup_one(lab.stack, &[g], age).instance();
                    assert_eq!(callee.map(|callee| callee.mi()), now);
                }
            });
        }
        for tag in 1..300 {
            lab.define(call(g, &[]), tag, &[]);
            if tag % 8 == 0 {
                thread::yield_now();
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn handles_may_go_to_any_thread() {
    fn check<T: Send + Sync + Copy>() {}
    check::<World>();
    check::<MethodRef>();
    check::<MiRef>();
    check::<CiRef>();
    check::<LookupRef>();
    check::<CacheView>();
    fn owned<T: Send + Sync>() {}
    owned::<Pending>();
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let ci = Arc::new(lab.compile(call(f, &[])));
    let there = ci.clone();
    assert_eq!(thread::spawn(move || there.id()).join().ok(), Some(ci.id()));
}
