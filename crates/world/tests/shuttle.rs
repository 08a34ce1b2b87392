//! The same promises under a deterministic scheduler that tries many interleavings:
//! `cargo test -p rekindle-world --features shuttle --test shuttle`.
#![cfg(feature = "shuttle")]

// Shared with the other tests, which use more of it.
#[allow(dead_code)]
#[path = "world/lab.rs"]
mod lab;

use lab::*;
use shuttle::sync::{Arc, mpsc};
use shuttle::thread;
use std::sync::atomic::{AtomicUsize, Ordering};
use world::results::{PerDevice, results};
use world::*;

const INTERLEAVINGS: usize = 2_000;

#[test]
fn one_inference_however_the_threads_interleave() {
    let f = function("f");
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[]);
            let ask = move || lab.compile(call(f, &[])).id();
            let handles = [thread::spawn(ask), thread::spawn(ask)];
            let ids = handles.map(|handle| handle.join().expect("no panic"));
            assert_eq!(ids[0], ids[1]);
            assert_eq!(lab.inferred(), 1);
        },
        INTERLEAVINGS,
    );
}

#[test]
fn a_recursion_entered_from_two_ends_ends_well() {
    let (f, g) = (function("f"), function("g"));
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[call(g, &[])]);
            lab.define(call(g, &[]), 2, &[call(f, &[])]);
            let handles = [f, g].map(|f| thread::spawn(move || lab.compile(call(f, &[]))));
            for handle in handles {
                assert!(alive(handle.join().expect("no panic")));
            }
        },
        INTERLEAVINGS,
    );
}

#[test]
fn an_instance_made_during_a_redefinition_is_never_valid_after_it() {
    let (f, g) = (function("f"), function("g"));
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[call(g, &[])]);
            let old = lab.define(call(g, &[]), 2, &[]);
            let compile = thread::spawn(move || lab.compile(call(f, &[])));
            let redefine = thread::spawn(move || lab.define(call(g, &[]), 3, &[]));
            let ci = compile.join().expect("no panic");
            redefine.join().expect("no panic");
            let callee = ci.get().edges().iter().find_map(|edge| match edge {
                Edge::Instance(callee) => Some(callee.mi().method()),
                _ => None,
            });
            assert_eq!(alive(ci), callee != Some(old));
        },
        INTERLEAVINGS,
    );
}

#[test]
fn results_are_one_object_however_the_threads_interleave() {
    let f = function("f");
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[]);
            let ci = lab.compile(call(f, &[]));
            let ask = move || std::ptr::from_ref(results::<Vec<u8>>(ci, &0u8)).addr();
            let handles = [thread::spawn(ask), thread::spawn(ask)];
            let found = handles.map(|handle| handle.join().expect("no panic"));
            assert_eq!(found[0], found[1]);
        },
        INTERLEAVINGS,
    );
}

#[test]
fn look_ups_and_other_compiles_proceed_during_a_long_compile_however_the_threads_interleave() {
    let (slow, f) = (function("slow"), function("f"));
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(slow, &[]), 1, &[]);
            lab.define(call(f, &[]), 2, &[]);
            let mi = lab.instance(call(slow, &[]));
            let (finish, may_finish) = mpsc::channel::<()>();
            let compile = thread::spawn(move || {
                let infer = |_| {
                    may_finish.recv().expect("told to finish");
                    Ok::<_, ()>(lab.infer(mi, lab.age()))
                };
                lab.view().get_or_insert_with(mi, infer).expect("consistent")
            });
            // The scheduler reports a dead lock if any of this waits for the compile.
            assert_eq!(lab.view().get(mi), None);
            assert!(lab.world.lookup_one(lab.stack, &[f], lab.age()).found().is_some());
            assert!(alive(lab.compile(call(f, &[]))));
            lab.define(call(f, &[]), 3, &[]);
            finish.send(()).expect("the compile waits");
            assert!(alive(compile.join().expect("no panic")));
        },
        INTERLEAVINGS,
    );
}

#[test]
fn many_askers_wait_for_one_inference_and_share_its_results() {
    let (f, g) = (function("f"), function("g"));
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[call(g, &[])]);
            lab.define(call(g, &[]), 2, &[]);
            let ask = move |sig| {
                move || {
                    let ci = lab.compile(sig);
                    (ci.id(), std::ptr::from_ref(results::<String>(ci, &1u8)).addr())
                }
            };
            let askers = [call(f, &[]), call(f, &[]), call(g, &[]), call(f, &[])].map(|sig| thread::spawn(ask(sig)));
            let found = askers.map(|asker| asker.join().expect("no panic"));
            assert!(found[0] == found[1] && found[1] == found[3] && found[2].1 != found[0].1);
            assert_eq!(lab.inferred(), 2);
        },
        INTERLEAVINGS,
    );
}

#[test]
fn who_waits_for_an_inference_that_fails_tries_it_itself() {
    let f = function("f");
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[]);
            let mi = lab.instance(call(f, &[]));
            let failing = thread::spawn(move || {
                let outcome = lab.view().get_or_insert_with(mi, |_| {
                    thread::yield_now();
                    Err("no")
                });
                // The other thread may have been first.
                assert!(matches!(outcome, Err(GetError::Infer("no")) | Ok(_)));
            });
            assert!(alive(lab.compile(call(f, &[]))));
            failing.join().expect("no panic");
        },
        INTERLEAVINGS,
    );
}

#[test]
fn readers_see_a_redefinition_as_a_whole_or_not_at_all_however_the_threads_interleave() {
    let (f, g) = (function("f"), function("g"));
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[call(g, &[])]);
            lab.define(call(g, &[]), 0, &[]);
            let readers = [(); 2].map(|()| {
                thread::spawn(move || {
                    let age = lab.age();
                    let mi = lab.world.lookup_one(lab.stack, &[f], age).instance().expect("always defined");
                    let ci = lab.compile_at(mi, age);
                    assert!(ci.valid().contains(age));
                    let callee = ci.get().edges().iter().find_map(|edge| match edge {
                        Edge::Instance(callee) => Some(callee.mi()),
                        _ => None,
                    });
                    assert_eq!(callee, lab.world.lookup_one(lab.stack, &[g], age).instance());
                })
            });
            lab.define(call(g, &[]), 1, &[]);
            readers.into_iter().for_each(|reader| reader.join().expect("no panic"));
        },
        INTERLEAVINGS,
    );
}

#[test]
fn the_first_method_for_a_call_that_found_none_ends_those_that_met_it_even_while_they_are_made() {
    let (f, g) = (function("f"), function("g"));
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            lab.define(call(f, &[]), 1, &[call(g, &[])]);
            let compile = thread::spawn(move || lab.compile(call(f, &[])));
            lab.define(call(g, &[]), 2, &[]);
            let ci = compile.join().expect("no panic");
            let met_none =
                ci.get().edges().iter().any(|edge| matches!(edge, Edge::Lookup(lookup) if lookup.is_empty()));
            assert_eq!(alive(ci), !met_none);
        },
        INTERLEAVINGS,
    );
}

#[test]
fn a_constant_bound_anew_during_inference_ends_what_read_the_old_one() {
    let f = function("f");
    shuttle::check_random(
        move || {
            let lab = Lab::new();
            let key = BindingKey::new("Main", "C");
            let code = Code { tag: 1, reads: vec![key], calls: Vec::new() };
            lab.define_code(lab.world.global(), call(f, &[]), code);
            let compile = thread::spawn(move || lab.compile(call(f, &[])));
            lab.world.rebind(key);
            let ci = compile.join().expect("no panic");
            let now = lab.world.binding(key, lab.age());
            assert_eq!(alive(ci), ci.get().edges().contains(&Edge::Binding(now)));
        },
        INTERLEAVINGS,
    );
}

#[test]
fn each_device_gets_one_pipeline_however_many_launch_first() {
    shuttle::check_random(
        || {
            let pipelines: Arc<PerDevice<u32, usize>> = Arc::default();
            // Not the scheduler's: a pipeline in the making must not be interrupted for good.
            let made = Arc::new(AtomicUsize::new(0));
            let launches = [0, 1, 0].map(|device| {
                let (pipelines, made) = (pipelines.clone(), made.clone());
                thread::spawn(move || {
                    let make = || 10 * made.fetch_add(1, Ordering::Relaxed);
                    std::ptr::from_ref(pipelines.get_or_init(&device, make)).addr()
                })
            });
            let found = launches.map(|launch| launch.join().expect("no panic"));
            assert!(found[0] == found[2] && found[0] != found[1]);
            assert_eq!((made.load(Ordering::Relaxed), pipelines.iter().count()), (2, 2));
        },
        INTERLEAVINGS,
    );
}
