//! Look-ups: specificity, ambiguity, overlays.

use crate::lab::*;
use types::builtin::{any, float64, int64, integer, number, real, string};
use types::{Ty, TypeVar};
use world::*;

fn methods(lookup: LookupRef) -> Vec<MethodRef> {
    lookup.matches.iter().map(|found| found.method).collect()
}

#[test]
fn a_missing_method_is_reported_as_such() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[int64()]), 1, &[]);
    for args in [&[float64()] as &[Ty], &[], &[int64(), int64()]] {
        let lookup = lab.world.lookup(lab.stack, call(f, args), lab.age());
        assert!(lookup.is_empty() && !lookup.covers() && !lookup.ambiguous);
        assert!(matches!(lab.world.lookup_one_sig(lab.stack, call(f, args), lab.age()), Dispatch::NoMethod(_)));
    }
}

#[test]
fn matches_come_most_specific_first_and_what_cannot_be_called_is_left_out() {
    let lab = Lab::new();
    let f = function("f");
    let on_any = lab.define(call(f, &[any()]), 1, &[]);
    let on_integer = lab.define(call(f, &[integer()]), 2, &[]);
    let on_int = lab.define(call(f, &[int64()]), 3, &[]);
    let on_real = lab.define(call(f, &[real()]), 4, &[]);
    let lookup = |args: &[Ty]| methods(lab.world.lookup(lab.stack, call(f, args), lab.age()));
    assert_eq!(lookup(&[any()]), [on_int, on_integer, on_real, on_any]);
    assert_eq!(lookup(&[integer()]), [on_int, on_integer]);
    assert_eq!(lookup(&[int64()]), [on_int]);
    assert_eq!(lookup(&[float64()]), [on_real]);
    assert_eq!(lookup(&[string()]), [on_any]);
    let covers: Vec<bool> =
        lab.world.lookup(lab.stack, call(f, &[real()]), lab.age()).matches.iter().map(|m| m.fully_covers).collect();
    assert_eq!(covers, [false, false, true]);
}

#[test]
fn an_ambiguous_call_is_reported_until_a_method_settles_it() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[int64(), any()]), 1, &[]);
    lab.define(call(f, &[any(), int64()]), 2, &[]);
    let sig = call(f, &[int64(), int64()]);
    assert!(lab.world.lookup(lab.stack, sig, lab.age()).ambiguous);
    let Dispatch::Ambiguous(lookup) = lab.world.lookup_one_sig(lab.stack, sig, lab.age()) else {
        panic!("two methods, none of them more specific")
    };
    assert_eq!(lookup.matches.len(), 2);
    // Calls outside of what both take are not ambiguous, calls that contain it may be.
    assert!(!lab.world.lookup(lab.stack, call(f, &[int64(), string()]), lab.age()).ambiguous);
    assert!(lab.world.lookup(lab.stack, call(f, &[any(), any()]), lab.age()).ambiguous);
    let settles = lab.define(sig, 3, &[]);
    assert_eq!(lab.world.lookup_one_sig(lab.stack, sig, lab.age()).method(), Some(settles));
    assert!(!lab.world.lookup(lab.stack, call(f, &[any(), any()]), lab.age()).ambiguous);
}

#[test]
fn static_parameters_of_a_method_come_with_its_match() {
    let lab = Lab::new();
    let f = function("f");
    let t = TypeVar::new("T", types::builtin::bottom(), number());
    let method = lab.define(types::make_unionall(t, call(f, &[t.ty(), t.ty()])), 1, &[]);
    let found = lab.world.lookup_one(lab.stack, &[f, int64(), int64()], lab.age()).found().expect("T = Int64");
    assert_eq!((found.method, &*found.sparams), (method, &[int64()] as &[Ty]));
    assert_eq!(found.instance().sparams(), [int64()]);
    assert!(lab.world.lookup_one(lab.stack, &[f, int64(), float64()], lab.age()).found().is_none());
}

#[test]
fn more_matches_than_the_limit_are_reported_as_too_many() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[int64()]), 1, &[]);
    lab.define(call(f, &[float64()]), 2, &[]);
    let ask = |limit| lab.world.lookup_limited(lab.stack, call(f, &[any()]), lab.age(), Some(limit));
    assert!(!ask(2).too_many && ask(2).matches.len() == 2);
    assert!(ask(1).too_many && ask(1).matches.is_empty() && !ask(1).is_empty());
    // A covering method that is the best of all does not count what it supersedes.
    assert_eq!(lab.world.lookup_limited(lab.stack, call(f, &[int64()]), lab.age(), Some(1)).matches.len(), 1);
}

#[test]
fn constructors_and_callable_objects_and_abstract_callees_are_found() {
    let lab = Lab::new();
    let f = function("f");
    let type_of = |t: Ty| types::apply(types::builtin::type_(), &[t]).expect("Type{T}");
    let exact = lab.define(call(type_of(int64()), &[any()]), 1, &[]);
    let t = TypeVar::new("T", types::builtin::bottom(), number());
    let family = lab.define(types::make_unionall(t, call(type_of(t.ty()), &[string()])), 2, &[]);
    let every_function = lab.define(call(types::builtin::function(), &[string(), string()]), 3, &[]);
    let one = |args: &[Ty]| lab.world.lookup_one(lab.stack, args, lab.age()).method();
    assert_eq!(one(&[type_of(int64()), float64()]), Some(exact));
    assert_eq!(one(&[type_of(float64()), string()]), Some(family));
    assert_eq!(one(&[type_of(float64()), float64()]), None);
    assert_eq!(one(&[f, string(), string()]), Some(every_function));
    // `Int64(::String)` fits both constructors, and neither is more specific.
    assert!(matches!(
        lab.world.lookup_one(lab.stack, &[type_of(int64()), string()], lab.age()),
        Dispatch::Ambiguous(_)
    ));
}

#[test]
fn equal_signatures_in_two_tables_never_mix() {
    let lab = Lab::new();
    let f = function("f");
    let (ptx, gcn) = (lab.world.overlay("ptx"), lab.world.overlay("gcn"));
    let sig = call(f, &[int64()]);
    let global = lab.define(sig, 1, &[]);
    let on_ptx = lab.define_in(ptx, sig, 2, &[]);
    let on_gcn = lab.define_in(gcn, sig, 3, &[]);
    assert!([global, on_ptx, on_gcn].iter().all(|method| method.valid().is_open()));
    let found = |lab: Lab| lab.world.lookup_one_sig(lab.stack, sig, lab.age()).method();
    assert_eq!(found(lab), Some(global));
    assert_eq!(found(lab.under(ptx)), Some(on_ptx));
    assert_eq!(found(lab.under(gcn)), Some(on_gcn));
    assert_eq!(lab.world.methods(ptx), [on_ptx]);
}

#[test]
fn an_overlay_that_covers_the_signature_answers_alone() {
    let lab = Lab::new();
    let f = function("f");
    let over = lab.under(lab.world.overlay("over"));
    // Less specific than the method below it, and still first.
    let upper = lab.define_in(over.stack.tables()[0], call(f, &[any()]), 1, &[]);
    let lower = lab.define(call(f, &[int64()]), 2, &[]);
    assert_eq!(methods(over.world.lookup(over.stack, call(f, &[int64()]), lab.age())), [upper]);
    assert_eq!(methods(lab.world.lookup(lab.stack, call(f, &[int64()]), lab.age())), [lower]);
}

#[test]
fn an_overlay_that_covers_a_part_is_merged_with_the_tables_under_it() {
    let lab = Lab::new();
    let f = function("f");
    let over = lab.under(lab.world.overlay("over"));
    let upper = lab.define_in(over.stack.tables()[0], call(f, &[int64()]), 1, &[]);
    let shadowed = lab.define(call(f, &[int64()]), 2, &[]);
    let lower = lab.define(call(f, &[any()]), 3, &[]);
    let merged = over.world.lookup(over.stack, call(f, &[any()]), lab.age());
    assert_eq!(methods(merged), [upper, lower]);
    assert_eq!(methods(lab.world.lookup(lab.stack, call(f, &[any()]), lab.age())), [shadowed, lower]);
    assert_eq!(methods(over.world.lookup(over.stack, call(f, &[string()]), lab.age())), [lower]);
}

#[test]
fn overlays_stack_over_the_global_table_and_valid_ranges_intersect() {
    let lab = Lab::new();
    let f = function("f");
    let (runtime, backend) = (lab.world.overlay("runtime"), lab.world.overlay("backend"));
    let stack = lab.stack.with(runtime).with(backend);
    assert_eq!(stack.tables(), [backend, runtime, lab.world.global()]);
    assert_eq!(stack, lab.stack.with(runtime).with(backend));
    assert_eq!(stack, stack.with(runtime));
    let bottom = lab.define(call(f, &[any()]), 1, &[]);
    let middle = lab.define_in(runtime, call(f, &[integer()]), 2, &[]);
    let top = lab.define_in(backend, call(f, &[int64()]), 3, &[]);
    let lookup = lab.world.lookup(stack, call(f, &[any()]), lab.age());
    assert_eq!(methods(lookup), [top, middle, bottom]);
    assert_eq!(lookup.valid(), WorldRange::from(top.valid().min));
    let concrete = lab.world.lookup(stack, call(f, &[int64()]), lab.age());
    assert_eq!((methods(concrete), concrete.valid()), (vec![top], top.valid()));
    // A table that is unused by a call falls through.
    assert_eq!(lab.world.lookup_one_sig(stack, call(f, &[string()]), lab.age()).method(), Some(bottom));
}

#[test]
fn a_stack_without_overlay_methods_answers_as_the_global_table_does() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[any()]), 1, &[]);
    lab.define(call(f, &[int64()]), 2, &[]);
    let over = lab.stack.with(lab.world.overlay("empty"));
    for sig in [call(f, &[any()]), call(f, &[int64()]), call(f, &[]), call(f, &[integer()])] {
        let (a, b) = (lab.world.lookup(lab.stack, sig, lab.age()), lab.world.lookup(over, sig, lab.age()));
        assert_eq!((methods(a), a.ambiguous, a.valid()), (methods(b), b.ambiguous, b.valid()));
    }
}

#[test]
fn ambiguity_in_an_overlay_and_under_it_is_reported() {
    let lab = Lab::new();
    let f = function("f");
    let over = lab.under(lab.world.overlay("over"));
    lab.define(call(f, &[int64(), any()]), 1, &[]);
    lab.define(call(f, &[any(), int64()]), 2, &[]);
    let sig = call(f, &[int64(), int64()]);
    assert!(over.world.lookup(over.stack, sig, lab.age()).ambiguous);
    // An overlay method takes such calls away.
    let method = lab.define_in(over.stack.tables()[0], sig, 3, &[]);
    assert!(!over.world.lookup(over.stack, sig, lab.age()).ambiguous);
    assert_eq!(over.world.lookup_one_sig(over.stack, sig, lab.age()).method(), Some(method));
    assert!(matches!(lab.world.lookup_one_sig(lab.stack, sig, lab.age()), Dispatch::Ambiguous(_)));
}

#[test]
fn every_age_keeps_the_answers_it_had() {
    let lab = Lab::new();
    let f = function("f");
    let sig = call(f, &[int64()]);
    let empty = lab.age();
    let first = lab.define(call(f, &[any()]), 1, &[]);
    let one = lab.age();
    let second = lab.define(sig, 2, &[]);
    let two = lab.age();
    let third = lab.define(sig, 3, &[]);
    let three = lab.age();
    assert!(lab.world.remove_method(third));
    assert!(!lab.world.remove_method(third));
    let expected =
        [(empty, None), (one, Some(first)), (two, Some(second)), (three, Some(third)), (lab.age(), Some(first))];
    // Twice, and from both ends: the second time from what is remembered.
    for (age, method) in expected.iter().chain(expected.iter().rev()).copied() {
        assert_eq!(lab.world.lookup_one(lab.stack, &[f, int64()], age).method(), method);
        let lookup = lab.world.lookup(lab.stack, sig, age);
        assert!(lookup.valid().contains(age));
        let neighbours = expected.iter().filter(|(other, _)| *other != age);
        assert!(neighbours.clone().all(|(other, _)| !lookup.valid().contains(*other)), "{:?}", lookup.valid());
    }
}

#[test]
fn a_signature_that_is_no_tuple_matches_nothing() {
    let lab = Lab::new();
    lab.define(int64(), 1, &[]);
    lab.define(types::builtin::bottom(), 1, &[]);
    assert!(lab.world.lookup(lab.stack, call(function("f"), &[]), lab.age()).is_empty());
}
