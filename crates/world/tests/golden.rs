//! Which method Julia calls: the recorded rows, through a world's look-ups.
#![cfg(not(feature = "shuttle"))]

// The reader of type expressions that the tests of `types` use, too.
#[path = "../../types/tests/common/mod.rs"]
mod common;
#[path = "../../types/tests/common/methods.rs"]
mod methods;

use methods::{Query, expected, read_row};
use std::sync::Arc;
use types::{NameKind, Ty, TypeDecl, TypeName, builtin};
use world::*;

#[test]
fn look_ups_choose_the_method_that_julia_chose() {
    let Some(rows) = common::golden("dispatch.json") else { return };
    let mut wrong = Vec::new();
    for (expr, result) in &rows {
        let (methods, query) = read_row(expr);
        let world = World::new();
        let f = function();
        for method in &methods {
            add(world, f, method);
        }
        let got = match query {
            Query::Unambiguous => unambiguous(world, f).to_string(),
            Query::Call(args) => call(world, f, &args),
        };
        if got != expected(result) {
            wrong.push(format!("{expr}  gives {got}, should be {}", expected(result)));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn function() -> Ty {
    let kind = NameKind::Struct { mutable: false };
    TypeName::declare(TypeDecl { name: "#f".into(), module: "Main".into(), params: Vec::new(), kind }).body()
}

/// Adds a method of `f`; rows give signatures without the function.
fn add(world: World, f: Ty, method: &methods::Method) {
    let mut variables = Vec::new();
    let mut body = method.sig;
    while let Some((variable, inner)) = body.unionall() {
        variables.push(variable);
        body = inner;
    }
    let params: Vec<Ty> = std::iter::once(f).chain(body.params().iter().copied()).collect();
    let sig = types::wrap_unionall(&variables, types::apply::make_tuple(&params).expect("a signature"));
    let def =
        MethodDef { name: "f".into(), module: "Main".into(), sig, source: Arc::new(method.result), fingerprint: None };
    world.add_method(world.global(), def);
}

fn call(world: World, f: Ty, args: &[Ty]) -> String {
    let all: Vec<Ty> = std::iter::once(f).chain(args.iter().copied()).collect();
    let dispatch = world.lookup_one(world.stack(), &all, world.age());
    // What is remembered is what was worked out.
    let again = world.lookup_one(world.stack(), &all, world.age());
    assert_eq!(dispatch.method(), again.method());
    match dispatch {
        Dispatch::Found(found) => found.method.source_as::<i64>().expect("rows return numbers").to_string(),
        Dispatch::NoMethod(_) => "no method".into(),
        Dispatch::Ambiguous(_) => "ambiguous".into(),
    }
}

/// No two methods are ambiguous iff a look-up of any call at all is not.
fn unambiguous(world: World, f: Ty) -> bool {
    let rest = types::make_vararg(builtin::any(), None).expect("an element type");
    let every_call = types::apply::make_tuple(&[f, rest]).expect("a signature");
    !world.lookup(world.stack(), every_call, world.age()).ambiguous
}
