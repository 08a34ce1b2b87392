//! The same promises under a deterministic scheduler that tries many interleavings:
//! `cargo test -p rekindle-world --features shuttle --test shuttle`.
#![cfg(feature = "shuttle")]

// Shared with the other tests, which use more of it.
#[allow(dead_code)]
#[path = "world/lab.rs"]
mod lab;

use lab::*;
use shuttle::thread;
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
            let ask = move || std::ptr::from_ref(results::results::<Vec<u8>>(ci, &0u8)).addr();
            let handles = [thread::spawn(ask), thread::spawn(ask)];
            let found = handles.map(|handle| handle.join().expect("no panic"));
            assert_eq!(found[0], found[1]);
        },
        INTERLEAVINGS,
    );
}
