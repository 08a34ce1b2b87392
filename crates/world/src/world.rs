//! A world: its age, its tables, and everything that is remembered about it.

use crate::age::{WorldAge, WorldRange};
use crate::cache::Claims;
use crate::edges::{BindingKey, BindingRef};
use crate::events::{EventKind, Events, Recorder, Subscription};
use crate::instance::{CiRef, MiRef};
use crate::invalidate::LiveLookups;
use crate::list::GrowIndex;
use crate::lookup::{Dispatch, DispatchEntry, Lookup, LookupRef, Query, work_out};
use crate::owner::Owner;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, RwLock, lock, read, write};
use crate::table::{MethodRef, MethodTable, TableContent, TableStack};
use crate::typesys;
use base::Symbol;
use rustc_hash::{FxHashMap, FxHasher};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;
use types::Ty;

/// A world: method tables, and what was concluded from them. A process can hold several; they share
/// nothing. The handle is one word; what it refers to lives as long as the process.
#[derive(Clone, Copy)]
pub struct World(pub(crate) &'static WorldInner);

pub(crate) struct WorldInner {
    /// Advanced with release after a change is complete; read with acquire.
    pub current: AtomicU64,
    next_id: AtomicU64,
    /// Read by look-ups and publications, written by changes: nobody holds it while compiling.
    pub tables: RwLock<Vec<TableContent>>,
    bottom: OnceLock<TableStack>,
    lookups: GrowIndex<Lookup>,
    pub live: Mutex<LiveLookups>,
    dispatch: GrowIndex<DispatchEntry>,
    pub bindings: Mutex<FxHashMap<BindingKey, Vec<BindingRef>>>,
    named: Mutex<FxHashMap<Symbol, MethodTable>>,
    pub claims: Claims,
    pub events: Events,
}

impl Default for World {
    fn default() -> Self {
        World::new()
    }
}

impl World {
    /// A world with an empty global table.
    pub fn new() -> World {
        let world = World(Box::leak(Box::new(WorldInner {
            current: AtomicU64::new(WorldAge::FIRST.0),
            next_id: AtomicU64::new(0),
            tables: RwLock::new(vec![TableContent::default()]),
            bottom: OnceLock::new(),
            lookups: GrowIndex::new(),
            live: Mutex::default(),
            dispatch: GrowIndex::new(),
            bindings: Mutex::default(),
            named: Mutex::default(),
            claims: Claims::default(),
            events: Events::default(),
        })));
        world.stack();
        world
    }

    /// The newest age.
    #[inline]
    pub fn age(self) -> WorldAge {
        WorldAge(self.0.current.load(Ordering::Acquire))
    }

    /// The stack of the global table alone.
    pub fn stack(self) -> TableStack {
        let make = || TableStack::bottom(MethodTable::new(self, 0, Symbol::new("global")));
        *self.0.bottom.get_or_init(make)
    }

    /// The global table.
    pub fn global(self) -> MethodTable {
        self.stack().tables()[0]
    }

    /// A new, empty overlay table. The name is for people and for fingerprints.
    pub fn overlay(self, name: &str) -> MethodTable {
        let mut tables = write(&self.0.tables);
        let id = tables.len() as u32;
        tables.push(TableContent::default());
        MethodTable::new(self, id, Symbol::new(name))
    }

    /// The overlay table that everybody in this world who says this name means; made empty at the first need.
    pub fn named_overlay(self, name: &str) -> MethodTable {
        let name = Symbol::new(name);
        *lock(&self.0.named).entry(name).or_insert_with(|| self.overlay(name.as_str()))
    }

    /// Every method ever added to a table, in that order; those that ended have a closed range.
    pub fn methods(self, table: MethodTable) -> Vec<MethodRef> {
        read(&self.0.tables).get(table.id() as usize).map(TableContent::all).unwrap_or_default()
    }

    /// All methods that match a signature, and what is known about the answer.
    pub fn lookup(self, stack: TableStack, sig: Ty, age: WorldAge) -> LookupRef {
        self.lookup_limited(stack, sig, age, None)
    }

    /// As [`lookup`](Self::lookup), but more than `limit` matches are reported as
    /// [`too_many`](Lookup::too_many), and what depends on *that* stays valid as they become more.
    pub fn lookup_limited(self, stack: TableStack, sig: Ty, age: WorldAge, limit: Option<u32>) -> LookupRef {
        debug_assert!(stack.world() == self, "a stack of another world");
        let same = |lookup: &Lookup, age| {
            lookup.sig == sig && lookup.stack == stack && lookup.limit == limit && lookup.life.contains(age)
        };
        let mut hasher = FxHasher::default();
        (sig, stack, limit).hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(found) = self.0.lookups.find(hash, |lookup| same(lookup, age)) {
            return LookupRef(found);
        }
        let params = typesys::elements(sig).unwrap_or_default();
        let query = Query { stack, sig, limit, key: typesys::callee_key(sig), params: &params };
        let tables = read(&self.0.tables);
        // Nothing is known of worlds to come.
        let age = age.min(self.age());
        let (answer, range) = work_out(query, age, &tables);
        let (lookup, new) = self.0.lookups.get_or_insert(
            hash,
            |lookup| same(lookup, age),
            |lookup| lookup.life.is_open(),
            || LookupRef::leak(answer.into_lookup(self.next_id(), query, range)).get(),
        );
        let lookup = LookupRef(lookup);
        if new && range.is_open() {
            lock(&self.0.live).insert(lookup);
        }
        drop(tables);
        if new {
            self.emit(|| EventKind::LookupMade { lookup });
        }
        lookup
    }

    /// Where a call goes: the callee's type and the types of the arguments, `Type{T}` for a type.
    /// Warm, it takes no lock and allocates nothing.
    #[inline]
    pub fn lookup_one(self, stack: TableStack, args: &[Ty], age: WorldAge) -> Dispatch {
        self.dispatch_entry(stack, args, age).outcome
    }

    /// The method instance that a call goes to: as `lookup_one(…).instance()`, a step shorter.
    #[inline]
    pub fn instance_for(self, stack: TableStack, args: &[Ty], age: WorldAge) -> Option<MiRef> {
        self.dispatch_entry(stack, args, age).instance()
    }

    #[inline]
    fn dispatch_entry(self, stack: TableStack, args: &[Ty], age: WorldAge) -> &'static DispatchEntry {
        let hash = dispatch_hash(stack, args);
        match self.0.dispatch.find(hash, |entry| entry.is_for(stack, args) && entry.lookup.life.contains(age)) {
            Some(entry) => entry,
            None => self.dispatch_cold(hash, stack, args, age),
        }
    }

    #[cold]
    fn dispatch_cold(self, hash: u64, stack: TableStack, args: &[Ty], age: WorldAge) -> &'static DispatchEntry {
        let lookup = self.lookup(stack, typesys::tuple_of(args), age);
        let outcome = lookup.get().selected();
        let make = || -> &'static DispatchEntry {
            Box::leak(Box::new(DispatchEntry { stack, args: args.into(), lookup, outcome, instance: OnceLock::new() }))
        };
        let same = |entry: &DispatchEntry| entry.is_for(stack, args) && entry.lookup == lookup;
        self.0.dispatch.get_or_insert(hash, same, |entry| entry.lookup.life.is_open(), make).0
    }

    /// As [`lookup_one`](Self::lookup_one), for a signature; it need not be concrete (`invoke`).
    #[inline]
    pub fn lookup_one_sig(self, stack: TableStack, sig: Ty, age: WorldAge) -> Dispatch {
        self.lookup(stack, sig, age).get().selected()
    }

    /// The state of a constant at `age`, for an [`Edge`](crate::Edge) to it.
    pub fn binding(self, key: BindingKey, age: WorldAge) -> BindingRef {
        let _stable = read(&self.0.tables);
        let mut bindings = lock(&self.0.bindings);
        let states = bindings.entry(key).or_default();
        match states.iter().rev().find(|state| state.life.contains(age)) {
            Some(&state) => state,
            // Its history starts with the first who depends on it, and with every change after that.
            None => {
                let range = match states.first() {
                    Some(first) => WorldRange { min: WorldAge(0), max: first.life.range().min.previous() },
                    None => WorldRange::ALL,
                };
                let state = BindingRef::new(key, range);
                states.insert(0, state);
                state
            }
        }
    }

    /// A code instance that nobody can find yet; recursive code refers to itself through it.
    pub fn draft(self, mi: MiRef, owner: Owner) -> CiRef {
        CiRef::draft(self.next_id(), mi, owner)
    }

    /// Calls `subscriber` with every event, in the thread in which it happens, until the
    /// subscription is dropped.
    pub fn subscribe(self, subscriber: impl Fn(&EventKind) + Send + Sync + 'static) -> Subscription {
        self.0.events.subscribe(Arc::new(subscriber))
    }

    /// Records events until the recorder is dropped.
    pub fn record(self) -> Recorder {
        Recorder::new(&self.0.events)
    }

    #[inline]
    pub(crate) fn emit(self, event: impl FnOnce() -> EventKind) {
        self.0.events.emit(event);
    }

    pub(crate) fn next_id(self) -> u64 {
        self.0.next_id.fetch_add(1, Ordering::Relaxed)
    }
}

/// A multilinear hash: products of words with odd numbers of their own, summed. No step waits for the one before, as it
/// would in a hash that takes one word after the other.
#[inline]
fn dispatch_hash(stack: TableStack, args: &[Ty]) -> u64 {
    const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
    const FACTORS: [u64; 8] = {
        let (mut factors, mut k) = ([FIRST; 8], 1);
        while k < 8 {
            factors[k] = factors[k - 1].wrapping_mul(FIRST);
            k += 1;
        }
        factors
    };
    let mut sum = (stack.address() as u64).wrapping_mul(FACTORS[7]);
    let (first, rest) = args.split_at(args.len().min(7));
    for (arg, factor) in first.iter().zip(FACTORS) {
        sum = sum.wrapping_add((arg.address() as u64).wrapping_mul(factor));
    }
    for arg in rest {
        sum = (sum.rotate_left(5) ^ arg.address() as u64).wrapping_mul(FIRST);
    }
    sum
}

impl PartialEq for World {
    fn eq(&self, other: &World) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for World {}
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "World({})", self.age())
    }
}
