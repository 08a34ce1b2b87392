//! Long random histories, checked against a naive model.
//!
//! The model knows the live methods of each table and answers look-ups by the definition, from
//! scratch. After every step each live code instance must still see the answers it was made from, and
//! each that ended must not: that is exactness in both directions. And every answer that the cache gives
//! is compared with that of a fresh world, in which nothing but the live definitions ever happened.

use crate::lab::*;
use std::collections::{BTreeMap, BTreeSet};
use types::Ty;
use types::builtin::{any, float64, int64, integer, number, real, string};
use world::*;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        // xorshift64*: good enough to pick operations, and the same everywhere.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n as u64) as usize
    }
    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Methods in order (table of the stack, method, covers), and whether some call is ambiguous.
type Answer = (BTreeSet<(u32, u64, bool)>, bool);

/// A4 by its words: the first table that covers wins, else matches are merged.
fn naive_lookup(tables: &BTreeMap<u32, Vec<MethodRef>>, stack: TableStack, sig: Ty) -> Answer {
    let mut answer = (BTreeSet::new(), false);
    let mut above: Vec<MethodRef> = Vec::new();
    for table in stack.tables() {
        let matching: Vec<(MethodRef, Ty)> = tables
            .get(&table.id())
            .into_iter()
            .flatten()
            .map(|&method| (method, types::intersect(sig, method.sig())))
            .filter(|(_, common)| !common.is_bottom())
            .collect();
        let mut reachable: Vec<(MethodRef, Ty)> = matching
            .iter()
            .copied()
            .filter(|(method, common)| {
                !matching.iter().any(|(other, _)| {
                    types::more_specific(other.sig(), method.sig()) && types::subtype(*common, other.sig())
                })
            })
            .collect();
        if reachable.is_empty() && !matching.is_empty() {
            // Specificity is not transitive and can go in a circle.
            answer.1 = true;
            reachable = matching.clone();
        }
        for (a, in_a) in &reachable {
            for (b, in_b) in &reachable {
                let common = types::intersect(*in_a, *in_b);
                let settled = types::more_specific(a.sig(), b.sig())
                    || types::more_specific(b.sig(), a.sig())
                    || matching.iter().any(|(c, _)| {
                        types::more_specific(c.sig(), a.sig())
                            && types::more_specific(c.sig(), b.sig())
                            && types::subtype(common, c.sig())
                    });
                answer.1 |= a != b && !common.is_bottom() && !settled;
            }
        }
        for (method, common) in &reachable {
            if !above.iter().any(|upper| types::subtype(*common, upper.sig())) {
                answer.0.insert((table.id(), method.id(), types::subtype(sig, method.sig())));
            }
        }
        above.extend(reachable.iter().map(|(method, _)| *method));
        if reachable.iter().any(|(method, _)| types::subtype(sig, method.sig())) {
            break;
        }
    }
    answer
}

fn answer_of(lookup: LookupRef) -> Answer {
    let facts = |found: &Match| (found.method.table().id(), found.method.id(), found.fully_covers);
    (lookup.matches.iter().map(facts).collect(), lookup.ambiguous)
}

fn callee_of(sig: Ty) -> usize {
    sig.unwrap_unionall().params()[0].address()
}

/// Everything a code instance rests on, through other instances too.
fn foundations(ci: CiRef) -> (Vec<LookupRef>, Vec<MethodRef>, Vec<BindingRef>) {
    let (mut lookups, mut methods, mut bindings) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeSet::from([ci.id()]);
    let mut work = vec![ci];
    while let Some(ci) = work.pop() {
        methods.push(ci.mi().method());
        for edge in ci.get().edges() {
            match *edge {
                Edge::Instance(callee) if seen.insert(callee.id()) => work.push(callee),
                Edge::Instance(_) => {}
                Edge::Lookup(lookup) => lookups.push(lookup),
                Edge::Binding(binding) => bindings.push(binding),
                Edge::Method(method) => methods.push(method),
            }
        }
    }
    (lookups, methods, bindings)
}

/// Why it ended, back to the change.
fn causes(ci: CiRef) -> Vec<EndCause> {
    let next = |why: &EndCause| match *why {
        EndCause::Dependency { ci } => ci.get().ended_by().copied(),
        _ => None,
    };
    std::iter::successors(ci.ended_by().copied(), next).collect()
}

#[test]
fn in_ten_thousand_random_steps_the_cache_answers_as_a_fresh_world_and_ends_exactly_what_a_naive_model_says() {
    for (seed, steps) in [(1, 4_000), (2, 3_000), (3, 3_000)] {
        run(seed, steps);
    }
}

fn run(seed: u64, steps: usize) {
    let mut random = Random(0x9E37_79B9_7F4A_7C15u64.wrapping_mul(seed));
    let host = Lab::new();
    let (low, high) = (host.world.overlay("low"), host.world.overlay("high"));
    let views = [host, host.under(low).owned_by("device"), host.under(low).under(high).owned_by("special device")];
    let functions: Vec<Ty> = (0..5).map(|i| function(&format!("f{i}"))).collect();
    let declared =
        [int64(), float64(), string(), integer(), real(), number(), any(), types::make_union(&[int64(), string()])];
    let concrete = [int64(), float64(), string()];
    let constants: Vec<BindingKey> = (0..3).map(|i| BindingKey::new("Main", &format!("C{i}"))).collect();

    let mut tables: BTreeMap<u32, Vec<MethodRef>> = BTreeMap::new();
    // By callee, view and signature; what concerns a changed function is forgotten.
    let mut oracle: BTreeMap<(usize, usize, usize), Answer> = BTreeMap::new();
    let mut instances: Vec<CiRef> = Vec::new();
    let mut rebound: BTreeMap<BindingKey, usize> = BTreeMap::new();
    let mut read_at: BTreeMap<(u64, BindingKey), usize> = BTreeMap::new();
    let (mut ended, mut reused) = (0, 0);
    // Made anew after every change, once something is asked.
    let mut fresh: Option<[Lab; 3]> = None;

    for step in 0..steps {
        let args =
            |random: &mut Random, of: &[Ty]| -> Vec<Ty> { (0..1 + random.below(2)).map(|_| random.pick(of)).collect() };
        let mut forget = |sig: Ty| oracle.retain(|key, _| key.0 != callee_of(sig));
        let changed = match random.below(10) {
            0..3 => {
                let table = random.pick(&[host.world.global(), host.world.global(), low, high]);
                let f = random.pick(&functions);
                let sig = match random.below(6) {
                    0 => {
                        let rest = types::make_vararg(random.pick(&declared), None).expect("an element type");
                        call(f, &[random.pick(&declared), rest])
                    }
                    1 => {
                        let t =
                            types::TypeVar::new("T", types::builtin::bottom(), random.pick(&[any(), number(), real()]));
                        types::make_unionall(t, call(f, &[t.ty(), t.ty()]))
                    }
                    _ => call(f, &args(&mut random, &declared)),
                };
                let calls: Vec<Ty> = (0..random.below(3))
                    .map(|_| {
                        call(
                            random.pick(&functions),
                            &args(&mut random, if step % 5 == 0 { &declared } else { &concrete }),
                        )
                    })
                    .collect();
                let reads = (0..random.below(2)).map(|_| random.pick(&constants)).collect();
                let method = host.define_code(table, sig, Code { tag: step as i64, reads, calls });
                forget(sig);
                let methods = tables.entry(table.id()).or_default();
                methods.retain(|other| !types::type_equal(other.sig(), sig));
                methods.push(method);
                true
            }
            3 => match tables.values().flatten().copied().collect::<Vec<_>>() {
                // Fewer removals than additions, and the history stays lively.
                all if all.len() > 25 => {
                    let method = random.pick(&all);
                    assert!(host.world.remove_method(method));
                    forget(method.sig());
                    tables.values_mut().for_each(|methods| methods.retain(|&other| other != method));
                    true
                }
                _ => false,
            },
            4 => {
                let key = random.pick(&constants);
                host.world.rebind(key);
                *rebound.entry(key).or_default() += 1;
                true
            }
            _ => {
                let which = random.below(views.len());
                let lab = views[which];
                let sig = call(random.pick(&functions), &args(&mut random, &concrete));
                let dispatch = lab.world.lookup_one(lab.stack, sig.params(), lab.age());
                let fresh = fresh.get_or_insert_with(|| fresh_world(&tables))[which];
                let fresh_dispatch = fresh.world.lookup_one(fresh.stack, sig.params(), fresh.age());
                assert_eq!(outcome(dispatch), outcome(fresh_dispatch), "seed {seed}, step {step}: {sig:?}");
                if let Dispatch::Found(found) = dispatch {
                    let before = lab.inferred();
                    let ci = lab.compile_at(found.instance(), lab.age());
                    reused += (before == lab.inferred()) as usize;
                    assert_eq!(found.method.source_as::<Code>().map(|code| code.tag), Some(tag(ci)));
                    assert_eq!(shape(ci), shape(fresh.compile(sig)), "seed {seed}, step {step}: {sig:?}");
                    // All that was made on the way.
                    let mut work = vec![ci];
                    while let Some(ci) = work.pop() {
                        if !instances.contains(&ci) {
                            instances.push(ci);
                            for edge in ci.get().edges() {
                                match *edge {
                                    Edge::Instance(callee) => work.push(callee),
                                    Edge::Binding(binding) => {
                                        let count = rebound.get(&binding.key()).copied().unwrap_or(0);
                                        read_at.insert((ci.id(), binding.key()), count);
                                    }
                                    _ => {}
                                }
                            }
                        }
                    }
                }
                false
            }
        };
        if !changed {
            continue;
        }
        fresh = None;
        let live: BTreeSet<u64> = tables.values().flatten().map(|method| method.id()).collect();
        instances.retain(|&ci| {
            let (lookups, methods, bindings) = foundations(ci);
            let holds = methods.iter().all(|method| live.contains(&method.id()))
                && bindings.iter().all(|binding| binding.valid().is_open())
                && lookups.iter().all(|lookup| {
                    let which = views.iter().position(|lab| lab.stack == lookup.stack).expect("a stack of ours");
                    let now = oracle
                        .entry((callee_of(lookup.sig), which, lookup.sig.address()))
                        .or_insert_with(|| naive_lookup(&tables, lookup.stack, lookup.sig));
                    *now == answer_of(*lookup)
                });
            assert_eq!(alive(ci), holds, "seed {seed}, step {step}: {ci:?} ended: {:?}", causes(ci));
            if let Some(binding) = bindings
                .iter()
                .find(|binding| binding.valid().is_open() && read_at.contains_key(&(ci.id(), binding.key())))
            {
                let now = rebound.get(&binding.key()).copied().unwrap_or(0);
                assert_eq!(read_at[&(ci.id(), binding.key())], now, "an open state of a constant is the newest");
            }
            ended += !holds as usize;
            holds
        });
        // Fresh look-ups agree with the model as well.
        let lab = random.pick(&views);
        for &f in &functions {
            for set in [&declared[..], &concrete[..]] {
                let sig = call(f, &args(&mut random, set));
                let lookup = lab.world.lookup(lab.stack, sig, lab.age());
                assert_eq!(
                    answer_of(lookup),
                    naive_lookup(&tables, lab.stack, sig),
                    "seed {seed}, step {step}: {sig:?}"
                );
            }
        }
    }
    // The history must have been one worth checking.
    assert!(ended > steps / 20 && reused > steps / 20, "{ended} ended, {reused} reused");
    compare_with_a_fresh_world(&views, &tables, &instances);
}

/// Where a call goes, by what its method's code is known by.
fn outcome(dispatch: Dispatch) -> Result<i64, &'static str> {
    match dispatch {
        Dispatch::Found(found) => Ok(found.method.source_as::<Code>().expect("methods of this lab").tag),
        Dispatch::NoMethod(_) => Err("no method"),
        Dispatch::Ambiguous(_) => Err("ambiguous"),
    }
}

/// Everything that went into a code instance: signatures and the code chosen for them.
fn shape(ci: CiRef) -> BTreeSet<(String, i64)> {
    let mut seen = BTreeSet::new();
    let mut work = vec![ci];
    while let Some(ci) = work.pop() {
        let sig = format!("{:?}", ci.mi().sig());
        if seen.insert((sig, tag(ci))) {
            work.extend(ci.get().edges().iter().filter_map(|edge| match *edge {
                Edge::Instance(callee) => Some(callee),
                _ => None,
            }));
        }
    }
    seen
}

/// A world with the live methods alone, seen in the same three ways.
fn fresh_world(tables: &BTreeMap<u32, Vec<MethodRef>>) -> [Lab; 3] {
    let fresh = Lab::new();
    let overlays = [fresh.world.global(), fresh.world.overlay("low"), fresh.world.overlay("high")];
    let mut all: Vec<MethodRef> = tables.values().flatten().copied().collect();
    all.sort_by_key(|method| method.id());
    for method in all {
        let code: &Code = method.source_as().expect("methods of this lab");
        let copy = Code { tag: code.tag, reads: code.reads.clone(), calls: code.calls.clone() };
        fresh.define_code(overlays[method.table().id() as usize], method.sig(), copy);
    }
    [
        fresh,
        fresh.under(overlays[1]).owned_by("device"),
        fresh.under(overlays[1]).under(overlays[2]).owned_by("special device"),
    ]
}

/// All that is cached at the end is what a world that never saw the history would compile.
fn compare_with_a_fresh_world(views: &[Lab], tables: &BTreeMap<u32, Vec<MethodRef>>, instances: &[CiRef]) {
    let labs = fresh_world(tables);
    for &ci in instances {
        let which = views.iter().position(|lab| lab.owner == ci.owner()).expect("an owner of ours");
        let lab = labs[which];
        let sig = ci.mi().sig();
        // An instance that no call reaches any more (its method is shadowed) may live on.
        let now = views[which].world.lookup_one_sig(views[which].stack, sig, views[which].age());
        if now.instance() == Some(ci.mi()) {
            assert_eq!(shape(ci), shape(lab.compile(sig)));
        }
    }
}
