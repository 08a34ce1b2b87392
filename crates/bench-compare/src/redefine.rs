//! Redefinition among many code instances.

use crate::harness::{Report, Row, median};
use base::Symbol;
use std::sync::Arc;
use std::time::Instant;
use types::{NameKind, Ty, TypeDecl, TypeName, builtin};
use world::{CiRef, Edge, Inferred, MethodDef, MethodRef, MiRef, Owner, World};

fn function(name: &str) -> Ty {
    let kind = NameKind::Struct { mutable: false };
    TypeName::declare(TypeDecl { name: Symbol::new(name), module: Symbol::new("Bench"), params: Vec::new(), kind })
        .body()
}

fn define(world: World, sig: Ty) -> MethodRef {
    let (name, module) = (Symbol::new("f"), "Bench".to_string());
    world.add_method(world.global(), MethodDef { name, module, sig, source: Arc::new(()), fingerprint: None })
}

/// Microseconds to redefine one method when `dependants` of `instances` code instances depend on it.
fn redefinition(instances: usize, dependants: usize) -> Result<f64, String> {
    let world = World::new();
    let owner = Owner::new("bench");
    let sig = types::type_of_tuple(&[function("changed")]);
    define(world, sig);
    let lookup = world.lookup(world.stack(), sig, world.age());
    let callers: Vec<MiRef> = (0..instances)
        .map(|i| {
            let sig = types::type_of_tuple(&[function(&format!("caller{i}"))]);
            define(world, sig).instance(sig, &[])
        })
        .collect();
    let mut cis: Vec<CiRef> = Vec::with_capacity(instances);
    for (i, &mi) in callers.iter().enumerate() {
        let edges = if i < dependants { vec![Edge::Lookup(lookup)] } else { vec![] };
        let inferred = Inferred { return_type: builtin::any(), const_return: None, body: None, edges };
        let made = world.publish(vec![(world.draft(mi, owner), inferred)], world.age());
        cis.push(made.map_err(|_| "inconsistent edges")?[0]);
    }
    let start = Instant::now();
    define(world, sig);
    let took = start.elapsed().as_secs_f64() * 1e6;
    let ended = cis.iter().filter(|ci| !ci.valid().is_open()).count();
    if ended != dependants {
        return Err(format!("{ended} code instances ended, {dependants} depend on the method"));
    }
    Ok(took)
}

pub fn run(report: &mut Report) -> Result<(), String> {
    let of = |instances, dependants| -> Result<f64, String> {
        Ok(median((0..5).map(|_| redefinition(instances, dependants)).collect::<Result<_, _>>()?))
    };
    // interleaved, since the clock of a busy machine drifts
    let mut rounds = Vec::new();
    for _ in 0..5 {
        rounds.push((redefinition(100_000, 10)?, redefinition(1_000, 10)?));
    }
    report.row(
        Row::peer("redefine-size", &rounds, "µs", 0.4)
            .about("10 dependants among 100,000 code instances, against among 1,000: cost by dependants, not by size"),
    );
    let (few, many) = (of(100_000, 100)?, of(100_000, 10_000)?);
    report.row(
        Row::limit(
            "redefine-dependant",
            many / 10_000.0,
            1.0,
            "µs",
            "one of 10,000 dependants among 100,000 code instances",
        )
        .detail(vec![("100 dependants, µs".into(), few), ("10000 dependants, µs".into(), many)]),
    );
    Ok(())
}
