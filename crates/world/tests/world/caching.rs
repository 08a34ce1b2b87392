//! Views, owners, results.

use crate::lab::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use types::builtin::{float64, int64};
use world::results::results;
use world::*;

#[test]
fn the_first_request_compiles_and_the_second_returns_the_identical_entry() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[int64()]), 1, &[]);
    let first = lab.compile(call(f, &[int64()]));
    assert_eq!(first, lab.compile(call(f, &[int64()])));
    assert_eq!((tag(first), lab.inferred()), (1, 1));
}

#[test]
fn redefinition_compiles_again() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let first = lab.compile(call(f, &[]));
    lab.define(call(f, &[]), 2, &[]);
    let second = lab.compile(call(f, &[]));
    assert_ne!(first, second);
    assert_eq!((tag(second), lab.inferred()), (2, 2));
}

#[test]
fn get_and_contains_and_indexing_by_method_instance_agree() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let mi = lab.instance(call(f, &[]));
    assert!(!lab.view().contains(mi));
    assert_eq!(lab.view().get(mi), None);
    let ci = lab.compile(call(f, &[]));
    assert!(lab.view().contains(mi));
    assert_eq!(lab.view().get(mi), Some(ci));
    assert_eq!(lab.view()[mi].id(), ci.id());
}

#[test]
fn a_view_at_an_age_before_the_method_sees_nothing() {
    let lab = Lab::new();
    let f = function("f");
    let before = lab.age();
    lab.define(call(f, &[]), 1, &[]);
    let ci = lab.compile(call(f, &[]));
    assert!(!CacheView::new(lab.world, lab.owner, before).contains(ci.mi()));
}

#[test]
fn owners_share_method_instances_and_not_code_instances() {
    let (ptx, gcn) = {
        let lab = Lab::new();
        (lab.owned_by("ptx"), lab.owned_by("gcn"))
    };
    let f = function("f");
    ptx.define(call(f, &[]), 1, &[]);
    let (a, b) = (ptx.compile(call(f, &[])), gcn.compile(call(f, &[])));
    assert_ne!(a, b);
    assert_eq!(a.mi(), b.mi());
    assert_eq!((ptx.view().get(a.mi()), gcn.view().get(a.mi())), (Some(a), Some(b)));
    // Structural: an owner made elsewhere from an equal value sees the same instances.
    let read_back = Owner::new(OwnerValue::decode(&a.owner().value().encode()).expect("own encoding"));
    assert_eq!(CacheView::latest(ptx.world, read_back).get(a.mi()), Some(a));
}

#[test]
fn method_instances_are_interned_per_method_and_specialised_signature() {
    let lab = Lab::new();
    let f = function("f");
    let method = lab.define(call(f, &[types::builtin::any()]), 1, &[]);
    let (int, float) = (call(f, &[int64()]), call(f, &[float64()]));
    assert_eq!(lab.instance(int), method.instance(int, &[]));
    assert_ne!(lab.instance(int), lab.instance(float));
    assert_eq!(method.instances(), [lab.instance(int), lab.instance(float)]);
}

#[derive(Default)]
struct Ptx {
    image: results::SessionLocal<Vec<u8>>,
}
#[derive(Default)]
struct Stats {
    launches: std::sync::atomic::AtomicUsize,
}

#[test]
fn results_are_created_empty_on_first_use_and_are_the_same_object_ever_after() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let ci = lab.compile(call(f, &[]));
    assert!(ci.existing_results::<Ptx>(&0u32).is_none());
    let first = results::<Ptx>(ci, &0u32);
    assert_eq!(first.image.get(), None);
    first.image.set(vec![1]).expect("empty");
    assert!(std::ptr::eq(first, results::<Ptx>(ci, &0u32)));
    assert_eq!(ci.existing_results::<Ptx>(&0u32).and_then(|ptx| ptx.image.get()), Some(&vec![1]));
}

#[test]
fn consumers_with_other_types_or_configurations_do_not_meet() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let ci = lab.compile(call(f, &[]));
    let named = results::<Ptx>(ci, &String::from("a"));
    named.image.set(vec![1]).expect("empty");
    assert_eq!(results::<Ptx>(ci, &String::from("b")).image.get(), None);
    assert_eq!(results::<Ptx>(ci, &7u32).image.get(), None);
    assert_eq!(results::<Stats>(ci, &String::from("a")).launches.load(std::sync::atomic::Ordering::Relaxed), 0);
    assert_eq!(ci.all_results().len(), 4);
    let oldest = ci.all_results()[0];
    assert_eq!(oldest.0.downcast_ref(), Some(&String::from("a")));
    assert!(oldest.1.downcast_ref::<Ptx>().is_some_and(|ptx| std::ptr::eq(ptx, named)));
}

#[test]
fn a_function_that_just_returns_a_constant_carries_results_too() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let mi = lab.instance(call(f, &[]));
    let constant = |_| {
        let value: ConstValue = std::sync::Arc::new(42i64);
        Ok::<_, ()>(Inferred { return_type: int64(), const_return: Some(value), body: None, edges: Vec::new() })
    };
    let ci = lab.view().get_or_insert_with(mi, constant).expect("inferred");
    assert_eq!(ci.const_return().and_then(|value| value.downcast_ref()), Some(&42i64));
    assert!(std::ptr::eq(results::<Ptx>(ci, &()), results::<Ptx>(ci, &())));
}

#[test]
fn a_redefinition_starts_with_empty_results_and_the_old_ones_stay_with_the_old_code() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let old = lab.compile(call(f, &[]));
    results::<Ptx>(old, &()).image.set(vec![1]).expect("empty");
    lab.define(call(f, &[]), 2, &[]);
    let new = lab.compile(call(f, &[]));
    assert_eq!(results::<Ptx>(new, &()).image.get(), None);
    assert_eq!(results::<Ptx>(old, &()).image.get(), Some(&vec![1]));
}

#[test]
fn each_device_gets_its_own_pipeline_from_one_image() {
    let pipelines = results::PerDevice::<u32, String>::default();
    assert_eq!(pipelines.get(&0), None);
    assert_eq!(pipelines.get_or_init(&0, || "first".into()), "first");
    assert_eq!(pipelines.get_or_init(&1, || "second".into()), "second");
    assert_eq!(pipelines.get_or_init(&0, || "never made".into()), "first");
    assert_eq!(pipelines.iter().count(), 2);
}

#[test]
fn failed_inference_leaves_the_place_free_for_the_next_try() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let mi = lab.instance(call(f, &[]));
    let failed = lab.view().get_or_insert_with(mi, |_| Err("no"));
    assert!(matches!(failed, Err(GetError::Infer("no"))));
    assert_eq!(tag(lab.compile(call(f, &[]))), 1);
}

#[test]
fn recursion_on_one_thread_gets_the_draft_instead_of_a_dead_lock() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[call(f, &[])]);
    let ci = lab.compile(call(f, &[]));
    assert!(alive(ci));
    assert!(ci.edges().contains(&Edge::Instance(ci)));
    assert_eq!(lab.inferred(), 1);
}

#[test]
fn mutually_recursive_functions_are_published_together_and_inferred_once_each() {
    let lab = Lab::new();
    let (even, odd, leaf) = (function("even"), function("odd"), function("leaf"));
    lab.define(call(even, &[]), 1, &[call(odd, &[])]);
    lab.define(call(odd, &[]), 2, &[call(leaf, &[]), call(even, &[])]);
    lab.define(call(leaf, &[]), 3, &[]);
    let even_ci = lab.compile(call(even, &[]));
    let odd_ci = lab.compile(call(odd, &[]));
    assert_eq!(lab.inferred(), 3);
    assert!(alive(even_ci) && alive(odd_ci));
    assert!(even_ci.edges().contains(&Edge::Instance(odd_ci)) && odd_ci.edges().contains(&Edge::Instance(even_ci)));
    // One leaf under the circle ends all of it.
    lab.define(call(leaf, &[]), 4, &[]);
    assert!(!alive(even_ci) && !alive(odd_ci));
}

#[test]
fn events_tell_what_was_inferred_and_what_was_reused() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    lab.define(call(f, &[]), 1, &[call(g, &[])]);
    lab.define(call(g, &[]), 2, &[]);
    let recorder = lab.world.record();
    let ci = lab.compile(call(f, &[]));
    lab.compile(call(f, &[]));
    results::<Ptx>(ci, &());
    results::<Ptx>(ci, &());
    assert_eq!(recorder.count(|e| matches!(e, EventKind::InferenceStarted { .. })), 2);
    assert_eq!(recorder.count(|e| matches!(e, EventKind::InferenceFinished { .. })), 2);
    assert_eq!(recorder.count(|e| matches!(e, EventKind::CiReused { .. })), 1);
    assert_eq!(recorder.count(|e| matches!(e, EventKind::ResultsCreated { .. })), 1);
    drop(recorder.take());
    lab.compile(call(f, &[]));
    assert_eq!(recorder.take(), [EventKind::CiReused { ci }]);
}

#[test]
fn inference_that_infers_the_same_in_another_world_makes_another_instance() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let mi = lab.instance(call(f, &[]));
    let then = lab.age();
    lab.define(call(function("g"), &[]), 2, &[]);
    let outer = lab.view().get_or_insert_with(mi, |_| {
        let inner = CacheView::new(lab.world, lab.owner, then).claim(mi);
        assert!(matches!(inner, Claim::Contended));
        Ok::<_, ()>(lab.infer(mi, lab.age()))
    });
    assert!(outer.is_ok_and(alive));
}

#[test]
fn a_fingerprint_is_worked_out_when_first_asked_for_and_once() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let lab = Lab::new();
    let define = |fingerprint| {
        let sig = call(function("f"), &[]);
        let source = std::sync::Arc::new(7i64);
        lab.world.add_method(
            lab.world.global(),
            MethodDef { name: "f".into(), module: "Main".into(), sig, source, fingerprint },
        )
    };
    let of_source: fn(&Method) -> Option<[u8; 32]> = |method| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        Some([*method.source_as::<i64>()? as u8; 32])
    };
    let (with, without) = (define(Some(of_source)), define(None));
    assert_eq!(ASKED.load(Ordering::Relaxed), 0);
    assert_eq!([with.fingerprint(), with.fingerprint()], [Some([7; 32]); 2]);
    assert_eq!((ASKED.load(Ordering::Relaxed), without.fingerprint()), (1, None));
}

/// Set in a child process: it writes the owner it made, and does nothing else.
const WRITE_OWNER: &str = "REKINDLE_TEST_WRITE_OWNER";

fn target_owner() -> OwnerValue {
    let features = OwnerValue::List(["ptx80".into(), OwnerValue::Int(-3), OwnerValue::Unit].into());
    OwnerValue::record("Ptx", [("arch", "sm_90".into()), ("features", features), ("fast_math", true.into())])
}

#[test]
fn an_owner_written_by_another_process_is_the_same_owner_here() {
    if let Some(file) = std::env::var_os(WRITE_OWNER) {
        // Other owners first: nothing may depend on the order in which they were made.
        Owner::new("someone else");
        std::fs::write(file, Owner::new(target_owner()).value().encode()).expect("a writable file");
        return;
    }
    let file = std::env::temp_dir().join(format!("rekindle-owner-{}", std::process::id()));
    let child = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "caching::an_owner_written_by_another_process_is_the_same_owner_here"])
        .env(WRITE_OWNER, &file)
        .output()
        .expect("a child process");
    let bytes = std::fs::read(&file);
    let _ = std::fs::remove_file(&file);
    let bytes = bytes.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&child.stdout)));

    let here = Lab::new();
    let f = function("f");
    here.define(call(f, &[]), 1, &[]);
    let made = here.owned_by(target_owner()).compile(call(f, &[]));
    let loaded = OwnerValue::decode(&bytes).expect("what an owner writes");
    assert_eq!(here.owned_by(loaded).view().get(made.mi()), Some(made));
    let other = OwnerValue::record("Ptx", [("arch", "sm_80".into())]);
    assert_eq!(here.owned_by(other).view().get(made.mi()), None);
}
