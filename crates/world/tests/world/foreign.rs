//! A5: instances made by hand.

use crate::lab::*;
use std::sync::Arc;
use types::builtin::{any, int64};
use world::*;

#[test]
fn instances_made_by_hand_join_invalidation_like_inferred_ones() {
    let lab = Lab::new();
    let (f, g, h) = (function("f"), function("g"), function("h"));
    let [f_method, g_method, h_method] = [f, g, h].map(|f| lab.define(call(f, &[]), 1, &[]));
    let by_hand = |method: MethodRef, edges| {
        let draft = lab.world.draft(method.instance(method.sig(), &[]), lab.owner);
        let inferred = Inferred::new(any(), Arc::new(Body { tag: 7 }), edges);
        lab.world.publish(vec![(draft, inferred)], lab.age()).expect("consistent")[0]
    };
    let h_ci = by_hand(h_method, vec![]);
    let g_ci = by_hand(g_method, vec![Edge::Instance(h_ci)]);
    let f_ci = by_hand(f_method, vec![Edge::Instance(g_ci)]);
    let independent = by_hand(lab.define(call(function("i"), &[]), 1, &[]), vec![Edge::Method(f_method)]);
    assert_eq!(lab.view().get(f_ci.mi()), Some(f_ci));
    lab.define(call(h, &[]), 2, &[]);
    assert!(!alive(h_ci) && !alive(g_ci) && !alive(f_ci) && alive(independent));
    lab.define(call(f, &[]), 3, &[]);
    assert!(!alive(independent));
}

#[test]
fn an_instance_with_an_edge_to_an_unfinished_draft_is_refused() {
    let lab = Lab::new();
    let f = function("f");
    let method = lab.define(call(f, &[int64()]), 1, &[]);
    let mi = method.instance(method.sig(), &[]);
    let (draft, unfinished) = (lab.world.draft(mi, lab.owner), lab.world.draft(mi, lab.owner));
    let inferred = Inferred::new(any(), Arc::new(Body { tag: 7 }), vec![Edge::Instance(unfinished)]);
    let refused = lab.world.publish(vec![(draft, inferred)], lab.age());
    assert_eq!(refused, Err(PublishError::Unfinished(unfinished)));
    assert!(draft.is_draft() && !lab.view().contains(mi));
}

#[test]
fn edges_that_never_hold_together_are_refused() {
    let lab = Lab::new();
    let f = function("f");
    let old = lab.define(call(f, &[]), 1, &[]);
    let new = lab.define(call(f, &[]), 2, &[]);
    let draft = lab.world.draft(new.instance(new.sig(), &[]), lab.owner);
    let inferred = Inferred::new(any(), Arc::new(Body { tag: 7 }), vec![Edge::Method(old)]);
    let refused = lab.world.publish(vec![(draft, inferred)], lab.age());
    assert!(matches!(refused, Err(PublishError::Inconsistent { ci, .. }) if ci == draft));
}

#[test]
fn publishing_what_is_there_already_returns_what_is_there() {
    let lab = Lab::new();
    let f = function("f");
    lab.define(call(f, &[]), 1, &[]);
    let first = lab.compile(call(f, &[]));
    let draft = lab.world.draft(first.mi(), lab.owner);
    let inferred = Inferred::new(any(), Arc::new(Body { tag: 7 }), vec![]);
    assert_eq!(lab.world.publish(vec![(draft, inferred)], lab.age()), Ok(vec![first]));
    assert_eq!(first.mi().code_instances().count(), 1);
}

#[test]
fn claimed_instances_and_unclaimed_copies_that_refer_to_one_another_are_published_together() {
    let lab = Lab::new();
    let [f, g] = [function("f"), function("g")].map(|f| lab.define(call(f, &[]), 1, &[]));
    let [f_mi, g_mi] = [f, g].map(|method| method.instance(method.sig(), &[]));
    let Claim::Missing(pending) = lab.view().claim(f_mi) else { panic!("nobody made it") };
    let (claimed, copy) = (pending.ci(), lab.world.draft(g_mi, lab.owner));
    let calling = |ci| Inferred::new(any(), Arc::new(Body { tag: 7 }), vec![Edge::Instance(ci)]);
    let done = Pending::publish_with_copies(vec![(pending, calling(copy))], vec![(copy, calling(claimed))]);
    assert_eq!(done, Ok(()));
    assert_eq!((lab.view().get(f_mi), lab.view().get(g_mi)), (Some(claimed), Some(copy)));
}
