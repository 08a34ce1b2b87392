//! A3: exactly what depends on a change ends.

use crate::lab::*;
use types::builtin::{any, float64, int64, integer, string};
use world::*;

#[test]
fn redefining_a_grandchild_ends_exactly_its_dependants_across_owners() {
    let host = Lab::new();
    let ptx = host.owned_by("ptx");
    let [top, left, right, leaf] = ["top", "left", "right", "leaf"].map(function);
    let calls = |f| call(f, &[int64()]);
    host.define(calls(top), 1, &[calls(left), calls(right)]);
    host.define(calls(left), 2, &[calls(leaf)]);
    host.define(calls(right), 3, &[]);
    host.define(calls(leaf), 4, &[]);
    let compile = |lab: Lab| [top, left, leaf, right].map(|f| lab.compile(calls(f)));
    let (on_host, on_ptx) = (compile(host), compile(ptx));
    let age = host.age();
    let new = host.define(calls(leaf), 5, &[]);

    for [top, left, leaf, right] in [on_host, on_ptx] {
        assert!(!alive(top) && !alive(left) && !alive(leaf) && alive(right));
        assert_eq!(top.valid().max, age);
        assert!(matches!(leaf.ended_by(), Some(EndCause::MethodReplaced { new: by, .. }) if *by == new));
        assert!(
            matches!(top.ended_by(), Some(EndCause::Dependency { ci }) if *ci == left)
                || matches!(top.ended_by(), Some(EndCause::LookupChanged { .. }))
        );
        assert_eq!(right.ended_by(), None);
    }
    assert_eq!(host.compile(calls(right)), on_host[3]);
    let again = host.compile(calls(top));
    assert_eq!((tag(again), host.inferred()), (1, 8 + 3));
}

#[test]
fn code_of_an_older_world_goes_on_in_it() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    lab.define(call(f, &[]), 1, &[call(g, &[])]);
    lab.define(call(g, &[]), 2, &[]);
    let old = lab.compile(call(f, &[]));
    let then = lab.age();
    lab.define(call(g, &[]), 3, &[]);
    let new = lab.compile(call(f, &[]));
    assert_eq!(CacheView::new(lab.world, lab.owner, then).get(old.mi()), Some(old));
    assert_eq!(lab.view().get(new.mi()), Some(new));
    assert_ne!(old, new);
    assert_eq!(
        lab.world.lookup_one(lab.stack, &[g], then).method().and_then(|m| m.source_as::<Code>().map(|c| c.tag)),
        Some(2)
    );
}

#[test]
fn what_is_compiled_in_an_older_world_never_reaches_into_the_newer_one() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    lab.define(call(f, &[]), 1, &[call(g, &[])]);
    lab.define(call(g, &[]), 2, &[]);
    let mi = lab.instance(call(f, &[]));
    let then = lab.age();
    lab.define(call(g, &[]), 3, &[]);
    let late = lab.compile_at(mi, then);
    assert_eq!(late.valid().max, then);
    assert!(!lab.view().contains(mi));
    assert_eq!(CacheView::new(lab.world, lab.owner, then).get(mi), Some(late));
}

#[test]
fn a_more_specific_method_ends_only_those_whose_look_ups_answer_differently() {
    let lab = Lab::new();
    let (f, on_int, on_float, on_any) = (function("f"), function("a"), function("b"), function("c"));
    lab.define(call(f, &[any()]), 1, &[]);
    for (caller, arg) in [(on_int, int64()), (on_float, float64()), (on_any, any())] {
        lab.define(call(caller, &[]), 2, &[call(f, &[arg])]);
    }
    let [int, float, dynamic] = [on_int, on_float, on_any].map(|caller| lab.compile(call(caller, &[])));
    let callee = lab.compile(call(f, &[int64()]));
    let recorder = lab.world.record();
    let added = lab.define(call(f, &[integer()]), 3, &[]);
    assert!(!alive(int) && alive(float) && !alive(dynamic));
    // The less specific method's own instance is as right as it was, for whoever names it.
    assert!(alive(callee));
    assert!(matches!(int.ended_by(), Some(EndCause::LookupChanged { by, .. }) if *by == added));
    assert_eq!(recorder.count(|e| matches!(e, EventKind::CiEnded { .. })), 2);

    // One more below the first changes nothing for Int64 callers of it.
    let int = lab.compile(call(on_int, &[]));
    lab.define(call(f, &[types::builtin::real()]), 4, &[]);
    assert!(alive(int) && !alive(float));
}

#[test]
fn the_first_method_for_a_call_that_found_none_ends_those_that_met_it() {
    let lab = Lab::new();
    let (f, missing, other) = (function("f"), function("missing"), function("other"));
    lab.define(call(f, &[]), 1, &[call(missing, &[int64()])]);
    let ci = lab.compile(call(f, &[]));
    lab.define(call(other, &[int64()]), 2, &[]);
    lab.define(call(missing, &[string()]), 3, &[]);
    lab.define(call(missing, &[int64(), int64()]), 4, &[]);
    assert!(alive(ci));
    lab.define(call(missing, &[int64()]), 5, &[]);
    assert!(!alive(ci));
    assert_eq!(lab.compile(call(f, &[])).edges().len(), 2);
}

#[test]
fn a_method_that_makes_a_call_ambiguous_ends_its_callers() {
    let lab = Lab::new();
    let (f, caller, other) = (function("f"), function("caller"), function("other"));
    lab.define(call(f, &[int64(), any()]), 1, &[]);
    lab.define(call(caller, &[]), 2, &[call(f, &[int64(), int64()])]);
    lab.define(call(other, &[]), 2, &[call(f, &[int64(), string()])]);
    let (ci, unharmed) = (lab.compile(call(caller, &[])), lab.compile(call(other, &[])));
    lab.define(call(f, &[any(), int64()]), 3, &[]);
    assert!(!alive(ci) && alive(unharmed));
}

#[test]
fn a_method_under_a_covering_overlay_concerns_only_who_sees_it() {
    let host = Lab::new();
    let device = host.under(host.world.overlay("device")).owned_by("device");
    let (f, caller) = (function("f"), function("caller"));
    host.define(call(f, &[int64()]), 1, &[]);
    host.define_in(device.stack.tables()[0], call(f, &[int64()]), 2, &[]);
    host.define(call(caller, &[]), 3, &[call(f, &[int64()])]);
    let (on_host, on_device) = (host.compile(call(caller, &[])), device.compile(call(caller, &[])));
    host.define(call(f, &[int64()]), 4, &[]);
    assert!(!alive(on_host) && alive(on_device));
    let on_host = host.compile(call(caller, &[]));
    host.define_in(device.stack.tables()[0], call(f, &[int64()]), 5, &[]);
    assert!(alive(on_host) && !alive(on_device));
}

#[test]
fn adding_an_overlay_method_ends_the_device_code_that_went_through_to_the_global_table() {
    let host = Lab::new();
    let device = host.under(host.world.overlay("device")).owned_by("device");
    let (f, caller) = (function("f"), function("caller"));
    host.define(call(f, &[any()]), 1, &[]);
    host.define(call(caller, &[]), 3, &[call(f, &[int64()])]);
    let (on_host, on_device) = (host.compile(call(caller, &[])), device.compile(call(caller, &[])));
    host.define_in(device.stack.tables()[0], call(f, &[integer()]), 4, &[]);
    assert!(alive(on_host) && !alive(on_device));
}

#[test]
fn removing_a_method_ends_its_callers_and_uncovers_what_it_stood_before() {
    let lab = Lab::new();
    let (f, caller) = (function("f"), function("caller"));
    let general = lab.define(call(f, &[any()]), 1, &[]);
    let special = lab.define(call(f, &[int64()]), 2, &[]);
    lab.define(call(caller, &[]), 3, &[call(f, &[int64()])]);
    let before = lab.compile(call(caller, &[]));
    let callee = lab.compile(call(f, &[int64()]));
    lab.world.remove_method(special);
    assert!(!alive(before) && !alive(callee));
    assert_eq!(callee.ended_by(), Some(&EndCause::MethodRemoved { method: special }));
    assert_eq!(lab.world.lookup_one(lab.stack, &[f, int64()], lab.age()).method(), Some(general));
}

#[test]
fn rebinding_a_constant_ends_those_that_read_it_directly_or_through_others() {
    let lab = Lab::new();
    let (reader, caller, other) = (function("reader"), function("caller"), function("other"));
    let (n, m) = (BindingKey::new("Main", "N"), BindingKey::new("Main", "M"));
    let reads = |key, sig| lab.define_code(lab.world.global(), sig, Code { tag: 1, reads: vec![key], calls: vec![] });
    reads(n, call(reader, &[]));
    reads(m, call(other, &[]));
    lab.define(call(caller, &[]), 2, &[call(reader, &[])]);
    let [caller_ci, reader_ci, other_ci] = [caller, reader, other].map(|f| lab.compile(call(f, &[])));
    let then = lab.age();
    lab.world.rebind(n);
    assert!(!alive(caller_ci) && !alive(reader_ci) && alive(other_ci));
    assert_eq!(reader_ci.ended_by(), Some(&EndCause::BindingChanged { key: n }));
    assert!(CacheView::new(lab.world, lab.owner, then).contains(reader_ci.mi()));
    let again = lab.compile(call(reader, &[]));
    assert_ne!(again, reader_ci);
    assert!(lab.world.binding(n, then) != lab.world.binding(n, lab.age()));
}

#[test]
fn rebinding_a_constant_that_nobody_read_changes_nothing() {
    let lab = Lab::new();
    let age = lab.age();
    assert_eq!(lab.world.rebind(BindingKey::new("Main", "X")), age);
    assert_eq!(lab.age(), age);
}

#[test]
fn unrelated_definitions_make_nothing_compile_again() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    lab.define(call(f, &[]), 1, &[call(g, &[int64()])]);
    lab.define(call(g, &[int64()]), 2, &[]);
    let ci = lab.compile(call(f, &[]));
    let recorder = lab.world.record();
    lab.define(call(function("h"), &[]), 3, &[]);
    lab.define(call(g, &[string()]), 4, &[]);
    lab.define(call(g, &[any()]), 5, &[]);
    assert_eq!(lab.compile(call(f, &[])), ci);
    assert_eq!(recorder.count(|e| matches!(e, EventKind::CiEnded { .. } | EventKind::InferenceStarted { .. })), 0);
}

#[test]
fn an_answer_of_too_many_stays_as_they_become_more() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    for (tag, arg) in [int64(), float64()].into_iter().enumerate() {
        lab.define(call(f, &[arg]), tag as i64, &[]);
    }
    lab.define(call(g, &[]), 9, &[]);
    let mi = lab.instance(call(g, &[]));
    let infer = |_| {
        let lookup = lab.world.lookup_limited(lab.stack, call(f, &[any()]), lab.age(), Some(1));
        assert!(lookup.too_many);
        Ok::<_, ()>(Inferred { return_type: any(), const_return: None, body: None, edges: vec![Edge::Lookup(lookup)] })
    };
    let ci = lab.view().get_or_insert_with(mi, infer).expect("inferred");
    lab.define(call(f, &[string()]), 3, &[]);
    assert!(alive(ci));
}

#[test]
fn a_change_during_inference_bounds_what_comes_of_it() {
    let lab = Lab::new();
    let (f, g) = (function("f"), function("g"));
    lab.define(call(f, &[]), 1, &[call(g, &[])]);
    lab.define(call(g, &[]), 2, &[]);
    let mi = lab.instance(call(f, &[]));
    let then = lab.age();
    let ci = lab.view().get_or_insert_with(mi, |_| {
        let inferred = lab.infer(mi, then);
        lab.define(call(g, &[]), 3, &[]);
        Ok::<_, ()>(inferred)
    });
    let ci = ci.expect("valid in its own age");
    assert_eq!(ci.valid().max, then);
    assert!(!lab.view().contains(mi));
}

#[test]
fn an_edge_found_after_publication_ends_the_instance_like_any_other() {
    let lab = Lab::new();
    let (f, g, user) = (function("f"), function("g"), function("user"));
    lab.define(call(f, &[]), 1, &[]);
    lab.define(call(g, &[]), 2, &[]);
    lab.define(call(user, &[]), 3, &[call(f, &[])]);
    let (f_ci, g_ci, user_ci) = (lab.compile(call(f, &[])), lab.compile(call(g, &[])), lab.compile(call(user, &[])));
    let looked_up = lab.world.lookup(lab.stack, call(g, &[]), lab.age());
    lab.world.add_edges(f_ci, &[Edge::Lookup(looked_up), Edge::Instance(g_ci)]);
    lab.world.add_edges(f_ci, &[Edge::Instance(g_ci)]);
    assert_eq!(f_ci.late_edges().count(), 2);
    assert!(alive(f_ci) && alive(user_ci));
    let then = lab.age();
    lab.define(call(g, &[]), 4, &[]);
    assert!(!alive(f_ci) && !alive(user_ci));
    assert_eq!(f_ci.valid().max, then);
}

#[test]
fn an_edge_to_what_has_ended_ends_the_instance_in_the_same_age() {
    let lab = Lab::new();
    let (f, g, user) = (function("f"), function("g"), function("user"));
    lab.define(call(f, &[]), 1, &[]);
    lab.define(call(g, &[]), 2, &[]);
    lab.define(call(user, &[]), 3, &[call(f, &[])]);
    let (f_ci, g_ci, user_ci) = (lab.compile(call(f, &[])), lab.compile(call(g, &[])), lab.compile(call(user, &[])));
    let then = lab.age();
    lab.define(call(g, &[]), 4, &[]);
    assert!(alive(f_ci));
    let edge = Edge::Instance(g_ci);
    lab.world.add_edges(f_ci, &[edge]);
    assert!(!alive(f_ci) && !alive(user_ci));
    assert_eq!((f_ci.valid().max, f_ci.ended_by()), (then, Some(&EndCause::Late { edge })));
    // the next one is as good as any
    assert!(alive(lab.compile(call(user, &[]))));
}

#[test]
fn everybody_who_names_an_overlay_means_the_same_one() {
    let lab = Lab::new();
    let (one, other) = (lab.world.named_overlay("device"), lab.world.named_overlay("ptx"));
    assert_eq!(lab.world.named_overlay("device"), one);
    assert_ne!(one, other);
    assert_ne!(lab.world.overlay("device"), one);
}
