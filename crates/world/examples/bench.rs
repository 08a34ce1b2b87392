//! Measures what must be cheap: warm look-ups against the `get` of two concurrent maps with the same
//! key, and redefinition among many code instances.
//!
//! `cargo run --release -p rekindle-world --example bench`. Every figure is the median of several
//! rounds; ratios are of rounds that ran one after the other.

use rustc_hash::FxBuildHasher;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::Barrier;
use std::time::Instant;
use types::{NameKind, Ty, TypeDecl, TypeName, builtin};
use world::results::results;
use world::*;

const ROUNDS: usize = 31;
const CALLS: u64 = 2_000_000;

#[derive(Default)]
struct Launchable {
    entry: u64,
}

fn function(name: &str) -> Ty {
    let kind = NameKind::Struct { mutable: false };
    TypeName::declare(TypeDecl { name: name.into(), module: "Bench".into(), params: Vec::new(), kind }).body()
}

fn define(world: World, sig: Ty) -> MethodRef {
    let def = MethodDef { name: "f".into(), module: "Bench".into(), sig, source: Arc::new(()), fingerprint: None };
    world.add_method(world.global(), def)
}

fn publish(world: World, owner: Owner, mi: MiRef, edges: Vec<Edge>) -> CiRef {
    let inferred = Inferred { return_type: builtin::any(), const_return: None, body: None, edges };
    world.publish(vec![(world.draft(mi, owner), inferred)], world.age()).expect("consistent")[0]
}

/// Nanoseconds per call with `threads` threads calling at once.
fn measure<T>(threads: usize, work: impl Fn() -> T + Sync) -> f64 {
    let barrier = Barrier::new(threads);
    let per_thread: Vec<f64> = std::thread::scope(|scope| {
        let run = || {
            barrier.wait();
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(work());
            }
            start.elapsed().as_nanos() as f64 / CALLS as f64
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        handles.into_iter().map(|handle| handle.join().expect("no panic")).collect()
    });
    per_thread.iter().sum::<f64>() / threads as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints the median of `ours`, `theirs`, and of the ratios of neighbouring rounds.
fn compare<A, B>(name: &str, threads: usize, ours: impl Fn() -> A + Sync, theirs: impl Fn() -> B + Sync) {
    let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (x, y) = (measure(threads, &ours), measure(threads, &theirs));
        a.push(x);
        b.push(y);
        ratios.push(x / y);
    }
    println!(
        "{name:<44} {threads} thread(s): {:6.2} ns against {:6.2} ns, ratio {:.3}",
        median(a),
        median(b),
        median(ratios)
    );
}

fn look_ups() {
    let world = World::new();
    let owner = Owner::new("bench");
    let f = function("f");
    let args = [f, builtin::int64(), builtin::float64()];
    define(world, types::type_of_tuple(&args));
    let stack = world.stack();
    let mi = world.lookup_one(stack, &args, world.age()).instance().expect("defined");
    // Other owners' instances are in the list, as they are in a session with two back-ends.
    let ci = publish(world, owner, mi, vec![]);
    publish(world, Owner::host(), mi, vec![]);
    let config = 17u64;
    assert_eq!(results::<Launchable>(ci, &config).entry, 0);
    let view = CacheView::latest(world, owner);

    // The same key, in maps as full as a session's.
    let papaya: papaya::HashMap<(MiRef, Owner, u64), CiRef, FxBuildHasher> = papaya::HashMap::default();
    let dashmap: dashmap::DashMap<(MiRef, Owner, u64), CiRef, FxBuildHasher> = dashmap::DashMap::default();
    for other in 0..10_000u64 {
        papaya.pin().insert((mi, owner, 1_000_000 + other), ci);
        dashmap.insert((mi, owner, 1_000_000 + other), ci);
    }
    papaya.pin().insert((mi, owner, config), ci);
    dashmap.insert((mi, owner, config), ci);
    let papaya_get = || papaya.pin().get(&black_box((mi, owner, config))).copied();
    let dashmap_get = || dashmap.get(&black_box((mi, owner, config))).map(|ci| *ci);

    let cached = || view.get(black_box(mi)).map(|ci| results::<Launchable>(ci, black_box(&config)).entry);
    let dispatched = || {
        let mi = world.lookup_one(stack, black_box(&args), world.age()).instance()?;
        CacheView::latest(world, owner).get(mi).map(|ci| results::<Launchable>(ci, black_box(&config)).entry)
    };
    let by_types: papaya::HashMap<([Ty; 3], Owner, u64), CiRef, FxBuildHasher> = papaya::HashMap::default();
    for other in 0..10_000u64 {
        by_types.pin().insert((args, owner, 1_000_000 + other), ci);
    }
    by_types.pin().insert((args, owner, config), ci);
    let by_types_get = || by_types.pin().get(&black_box((args, owner, config))).copied();
    for threads in [1, 2] {
        compare("MI -> CI -> results, against papaya get", threads, cached, papaya_get);
        compare("MI -> CI -> results, against dashmap get", threads, cached, dashmap_get);
        let lookup_one = || world.lookup_one(stack, black_box(&args), view.age).method();
        compare("types -> MI -> CI -> results, against papaya", threads, dispatched, by_types_get);
        compare("lookup_one, against papaya get", threads, lookup_one, by_types_get);
    }
}

/// Redefines one function of many; `dependants` of the code instances depend on it.
fn redefinition(instances: usize, dependants: usize) -> f64 {
    let world = World::new();
    let owner = Owner::new("bench");
    let changed = function("changed");
    let sig = types::type_of_tuple(&[changed]);
    define(world, sig);
    let lookup = world.lookup(world.stack(), sig, world.age());
    let callers: Vec<MiRef> = (0..instances)
        .map(|i| {
            let sig = types::type_of_tuple(&[function(&format!("caller{i}"))]);
            define(world, sig).instance(sig, &[])
        })
        .collect();
    let cis: Vec<CiRef> = callers
        .iter()
        .enumerate()
        .map(|(i, &mi)| publish(world, owner, mi, if i < dependants { vec![Edge::Lookup(lookup)] } else { vec![] }))
        .collect();
    let start = Instant::now();
    define(world, sig);
    let took = start.elapsed().as_nanos() as f64 / 1000.0;
    assert_eq!(cis.iter().filter(|ci| !ci.valid().is_open()).count(), dependants);
    took
}

/// Adds a method to a function that many live look-ups ask for; one of them changes.
fn more_specific(lookups: usize) -> f64 {
    let world = World::new();
    let owner = Owner::new("bench");
    let f = function("f");
    define(world, types::type_of_tuple(&[f, builtin::any()]));
    let caller = types::type_of_tuple(&[function("caller")]);
    let mi = define(world, caller).instance(caller, &[]);
    let sigs: Vec<Ty> = (0..lookups).map(|i| types::type_of_tuple(&[f, function(&format!("T{i}"))])).collect();
    let edges = sigs.iter().map(|&sig| Edge::Lookup(world.lookup(world.stack(), sig, world.age()))).collect();
    publish(world, owner, mi, edges);
    let start = Instant::now();
    define(world, sigs[lookups / 2]);
    start.elapsed().as_nanos() as f64 / 1000.0
}

fn main() {
    look_ups();
    for (instances, dependants) in [(1_000, 10), (100_000, 10), (100_000, 1_000)] {
        let took = median((0..5).map(|_| redefinition(instances, dependants)).collect());
        println!("redefinition, {dependants} dependants among {instances} code instances: {took:.1} µs");
    }
    for lookups in [1_000, 100_000] {
        let took = median((0..5).map(|_| more_specific(lookups)).collect());
        println!("more specific method, 1 of {lookups} look-ups of its function changes: {took:.1} µs");
    }
}
