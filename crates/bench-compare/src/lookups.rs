//! `cached_results` against the `get` of concurrent maps.

use crate::harness::{Report, Row, median};
use crate::julia::{self, eval};
use base::Symbol;
use compiler::{CompilerConfig, CompilerJob, ConfigRef, cached_results};
use rekindle::target_for;
use rustc_hash::FxBuildHasher;
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Instant;
use types::{NameKind, Ty, TypeDecl, TypeName};
use world::{CiRef, MethodDef, MiRef, Owner, World};

const ROUNDS: usize = 31;
const CALLS: u64 = 1_000_000;

/// What a back-end would attach.
#[derive(Default)]
struct Attached {
    entry: u64,
}

/// Nanoseconds per call with `threads` threads calling at once.
fn measure<T>(threads: usize, work: impl Fn() -> T + Sync) -> f64 {
    let barrier = Barrier::new(threads);
    let per_thread: Vec<f64> = std::thread::scope(|scope| {
        let run = || {
            barrier.wait();
            let start = crate::harness::now(crate::harness::Clock::Thread);
            for _ in 0..CALLS {
                black_box(work());
            }
            (crate::harness::now(crate::harness::Clock::Thread) - start) * 1e9 / CALLS as f64
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        handles.into_iter().map(|h| h.join().expect("no panic")).collect()
    });
    per_thread.iter().sum::<f64>() / threads as f64
}

fn rounds<A, B>(threads: usize, ours: impl Fn() -> A + Sync, theirs: impl Fn() -> B + Sync) -> Vec<(f64, f64)> {
    (0..ROUNDS).map(|_| (measure(threads, &ours), measure(threads, &theirs))).collect()
}

/// A singleton type that is new to the session.
fn fresh_function(name: &str) -> Ty {
    let kind = NameKind::Struct { mutable: false };
    TypeName::declare(TypeDecl { name: Symbol::new(name), module: Symbol::new("Bench"), params: Vec::new(), kind })
        .body()
}

/// Defines a method that nothing depends on.
fn define_unrelated(world: World, sig: Ty) {
    let def = MethodDef {
        name: Symbol::new("unrelated"),
        module: "Bench".into(),
        sig,
        source: Arc::new(()),
        fingerprint: None,
    };
    world.add_method(world.global(), def);
}

pub fn run(report: &mut Report) -> Result<(), String> {
    let engine = julia::engine()?;
    let world = engine.session().world;
    let source = "bench_lookup_target(x, y) = (x + y; nothing)";
    engine.load_str("lookup.jl", source).map_err(|e| e.to_string())?;
    let types: Vec<Ty> = engine.session().with_interp(|i| -> Result<Vec<Ty>, String> {
        eval(engine, i, "bench_lookup_target")?;
        engine.entry_types(i, "bench_lookup_target(Int64, Float64)").map_err(|e| julia::text(engine, i, e))
    })?;
    let config: ConfigRef = CompilerConfig::kernel(target_for("cpu", None)?).intern();
    let driver = engine.driver();
    let job = |types: &[Ty]| -> Option<CompilerJob> {
        let age = world.age();
        Some(CompilerJob { mi: driver.method_instance(config, types, age)?, config, age })
    };
    let given = job(&types).ok_or("the method was not found")?;
    let ci = driver.code_instance(&given).map_err(|e| e.to_string())?;
    world::results::results::<Attached>(ci, &config);

    // The same key in maps as full as a session's.
    type Key = (MiRef, Owner, u64);
    let owner = config.owner();
    let key: Key = (given.mi, owner, 17);
    let papaya: papaya::HashMap<Key, CiRef, FxBuildHasher> = papaya::HashMap::default();
    let dashmap: dashmap::DashMap<Key, CiRef, FxBuildHasher> = dashmap::DashMap::default();
    for other in 0..10_000u64 {
        papaya.pin().insert((given.mi, owner, other), ci);
        dashmap.insert((given.mi, owner, other), ci);
    }
    let papaya_get = || papaya.pin().get(&black_box(key)).copied();
    let dashmap_get = || dashmap.get(&black_box(key)).map(|ci| *ci);
    let warm = || cached_results::<Attached>(&black_box(given)).map(|r| r.entry);
    let made = || job(black_box(&types)).and_then(|j| cached_results::<Attached>(&j)).map(|r| r.entry);
    if warm().is_none() || made().is_none() {
        return Err("the results are not found".into());
    }
    let before = crate::alloc::allocations();
    black_box((warm(), made()));
    let allocated = (crate::alloc::allocations() - before) as f64;

    for threads in [1, 2] {
        let with_papaya = rounds(threads, warm, papaya_get);
        let took = median(with_papaya.iter().map(|r| r.0).collect());
        let about = |what: &str| format!("{what}, {threads} thread(s)");
        if threads == 1 {
            report.row(
                Row::limit("lookup-warm", took, 10.0, "ns", "cached_results on a warm job")
                    .detail(vec![("allocations".into(), allocated)]),
            );
        }
        report.row(
            Row::peer(format!("lookup-papaya-{threads}"), &with_papaya, "ns", 1.0)
                .about(about("cached_results against papaya's get")),
        );
        report.row(
            Row::peer(format!("lookup-dashmap-{threads}"), &rounds(threads, warm, dashmap_get), "ns", 1.0)
                .about(about("cached_results against DashMap's get")),
        );
    }
    let took = median((0..ROUNDS).map(|_| measure(1, made)).collect());
    report.row(Row::limit("lookup-made", took, 15.0, "ns", "method instance and job made on the way"));

    // One look-up right after each definition; the clock's own time is taken off.
    let sigs: Vec<Ty> = (0..4000).map(|k| types::type_of_tuple(&[fresh_function(&format!("unrelated{k}"))])).collect();
    let (mut first, mut empty) = (Vec::new(), Vec::new());
    for sig in sigs {
        define_unrelated(world, sig);
        let start = Instant::now();
        let found = black_box(made());
        first.push(start.elapsed().as_nanos() as f64);
        if found.is_none() {
            return Err("an unrelated definition took the results away".into());
        }
        let start = Instant::now();
        empty.push(start.elapsed().as_nanos() as f64);
    }
    let took = (median(first) - median(empty)).max(0.0);
    report.row(Row::limit(
        "lookup-after-definition",
        took,
        100.0,
        "ns",
        "the same, first time after an unrelated definition",
    ));
    Ok(())
}
