//! Method tables, stacks of them, and the methods in them.

use crate::age::{WorldAge, WorldRange};
use crate::edges::Life;
use crate::handle::handle;
use crate::instance::{MethodInstance, MiRef};
use crate::list::GrowIndex;
use crate::sync::{Mutex, lock};
use crate::typesys::{self, CalleeKey, Shape};
use crate::world::World;
use base::Symbol;
use rustc_hash::{FxHashMap, FxHasher};
use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};
use types::Ty;

/// What a method's code is, in whatever representation its compiler uses.
pub type MethodSource = Arc<dyn Any + Send + Sync>;

/// A method to be added to a table.
pub struct MethodDef {
    /// The function's name, for people.
    pub name: Symbol,
    /// Path of the module the method was defined in (`Base.Math`).
    pub module: String,
    /// `Tuple{typeof(f), T1, …}`, possibly inside `where`s. Anything that is not a tuple type matches no call.
    pub sig: Ty,
    pub source: MethodSource,
    /// Works out, when first asked, what is the same in every process for the same code; `None`: not to be trusted by a
    /// later session.
    pub fingerprint: Option<fn(&Method) -> Option<[u8; 32]>>,
}

/// A method in a table. Its world range ends when it is replaced or removed.
pub struct Method {
    pub(crate) id: u64,
    pub(crate) table: MethodTable,
    pub(crate) name: Symbol,
    pub(crate) module: String,
    pub(crate) sig: Ty,
    pub(crate) key: CalleeKey,
    /// The signature's parameters, for quick rejection; empty for a signature that matches nothing.
    pub(crate) params: Box<[Ty]>,
    pub(crate) source: MethodSource,
    make_fingerprint: Option<fn(&Method) -> Option<[u8; 32]>>,
    fingerprint: OnceLock<Option<[u8; 32]>>,
    pub(crate) life: Life,
    by_signature: GrowIndex<MethodInstance>,
    instances: Mutex<Vec<MiRef>>,
}

handle!(
    /// Handle to a [`Method`].
    MethodRef => Method
);

impl Method {
    /// Unique in its world; methods added later have larger ones.
    pub fn id(&self) -> u64 {
        self.id
    }
    pub fn table(&self) -> MethodTable {
        self.table
    }
    pub fn name(&self) -> Symbol {
        self.name
    }
    pub fn module(&self) -> &str {
        &self.module
    }
    pub fn sig(&self) -> Ty {
        self.sig
    }
    pub fn source(&self) -> &MethodSource {
        &self.source
    }
    /// The source, if it is a `T`.
    pub fn source_as<T: Any>(&self) -> Option<&T> {
        self.source.downcast_ref()
    }
    /// The same in every process for the same code; `None` if the method came without.
    pub fn fingerprint(&self) -> Option<[u8; 32]> {
        *self.fingerprint.get_or_init(|| self.make_fingerprint.and_then(|make| make(self)))
    }
    /// The ages in which the method is (or was) in its table.
    pub fn valid(&self) -> WorldRange {
        self.life.range()
    }
    pub fn world(&self) -> World {
        self.table.world()
    }
    /// The instances made of this method so far, oldest first.
    pub fn instances(&self) -> Vec<MiRef> {
        lock(&self.instances).clone()
    }
}

impl MethodRef {
    pub(crate) fn new(id: u64, table: MethodTable, def: MethodDef, added: WorldAge) -> MethodRef {
        MethodRef::leak(Method {
            id,
            table,
            name: def.name,
            module: def.module,
            sig: def.sig,
            key: typesys::callee_key(def.sig),
            params: typesys::elements(def.sig).unwrap_or_default().into(),
            source: def.source,
            make_fingerprint: def.fingerprint,
            fingerprint: OnceLock::new(),
            life: Life::new(WorldRange::from(added)),
            by_signature: GrowIndex::new(),
            instances: Mutex::new(Vec::new()),
        })
    }

    /// The instance of this method for a specialised signature and the static parameters that go with
    /// it: one object per (method, signature, parameters), ever.
    pub fn instance(self, sig: Ty, sparams: &[Ty]) -> MiRef {
        let mut hasher = FxHasher::default();
        (sig, sparams).hash(&mut hasher);
        let same = |mi: &MethodInstance| mi.sig == sig && *mi.sparams == *sparams;
        let hash = hasher.finish();
        if let Some(found) = self.by_signature.find(hash, same) {
            return MiRef(found);
        }
        let make = || {
            let id = self.world().next_id();
            MiRef::leak(MethodInstance::new(id, self, sig, sparams.into())).get()
        };
        let (mi, new) = self.get().by_signature.get_or_insert(hash, same, |_| true, make);
        if new {
            lock(&self.get().instances).push(MiRef(mi));
        }
        MiRef(mi)
    }
}

impl fmt::Debug for MethodRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.name, self.id)
    }
}

/// One method table: the global one of a world, or an overlay.
#[derive(Clone, Copy)]
pub struct MethodTable(&'static TableInner);

struct TableInner {
    world: World,
    id: u32,
    name: Symbol,
}

impl MethodTable {
    pub(crate) fn new(world: World, id: u32, name: Symbol) -> MethodTable {
        MethodTable(Box::leak(Box::new(TableInner { world, id, name })))
    }
    /// For people and for fingerprints; the global table's is `global`.
    pub fn name(self) -> Symbol {
        self.0.name
    }
    pub fn world(self) -> World {
        self.0.world
    }
    /// The global table is number 0.
    pub fn id(self) -> u32 {
        self.0.id
    }
    pub fn is_global(self) -> bool {
        self.0.id == 0
    }
}
impl PartialEq for MethodTable {
    fn eq(&self, other: &MethodTable) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for MethodTable {}
impl Hash for MethodTable {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}
impl fmt::Debug for MethodTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MethodTable({})", self.0.name)
    }
}

/// Tables in the order in which look-ups consult them: overlays, then the global table. Interned:
/// equal stacks are one.
#[derive(Clone, Copy)]
pub struct TableStack(&'static StackInner);

struct StackInner {
    tables: Box<[MethodTable]>,
    /// Stacks made by pushing one table on this one.
    pushed: Mutex<Vec<TableStack>>,
}

impl TableStack {
    pub(crate) fn bottom(global: MethodTable) -> TableStack {
        TableStack::intern(Box::new([global]))
    }

    fn intern(tables: Box<[MethodTable]>) -> TableStack {
        TableStack(Box::leak(Box::new(StackInner { tables, pushed: Mutex::new(Vec::new()) })))
    }

    /// This stack under one more table, which is consulted first. A table of another world, or one
    /// that is in the stack already, changes nothing.
    pub fn with(self, overlay: MethodTable) -> TableStack {
        if overlay.world() != self.world() || self.tables().contains(&overlay) {
            return self;
        }
        let mut pushed = lock(&self.0.pushed);
        if let Some(&found) = pushed.iter().find(|stack| stack.tables()[0] == overlay) {
            return found;
        }
        let stack = TableStack::intern(std::iter::once(overlay).chain(self.tables().iter().copied()).collect());
        pushed.push(stack);
        stack
    }

    /// First consulted first; the last is the global table.
    pub fn tables(self) -> &'static [MethodTable] {
        &self.0.tables
    }
    pub fn world(self) -> World {
        self.0.tables[0].world()
    }
    #[inline]
    pub(crate) fn address(self) -> usize {
        std::ptr::from_ref(self.0).addr()
    }
}
impl PartialEq for TableStack {
    #[inline]
    fn eq(&self, other: &TableStack) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for TableStack {}
impl Hash for TableStack {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}
impl fmt::Debug for TableStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tables().iter().map(|table| table.name())).finish()
    }
}

/// The methods of one table, by what they are methods of. Guarded by the world's lock.
#[derive(Default)]
pub(crate) struct TableContent {
    by_callee: FxHashMap<CalleeKey, Bucket>,
}

/// The methods of one function (or all those whose function cannot be told from the signature).
#[derive(Default)]
pub(crate) struct Bucket {
    pub live: Vec<MethodRef>,
    /// Of the live ones' signatures, in the same order.
    shapes: Vec<Shape>,
    /// In the order in which they ended.
    pub ended: Vec<MethodRef>,
}

impl TableContent {
    /// The buckets that may hold methods for calls with this key.
    pub fn buckets(&self, key: CalleeKey) -> impl Iterator<Item = &Bucket> {
        let all = (key == CalleeKey::Any).then(|| self.by_callee.values());
        let own = (key != CalleeKey::Any).then_some([key, CalleeKey::Any]);
        let own = own.into_iter().flatten().filter_map(|key| self.by_callee.get(&key));
        all.into_iter().flatten().chain(own)
    }

    /// The live method whose signature equals the new one's.
    pub fn find_equal(&self, new: &Method) -> Option<MethodRef> {
        let bucket = self.by_callee.get(&new.key)?;
        let shape = Shape::of(&new.params);
        let candidates = bucket.shapes.iter().zip(&bucket.live).filter(|(other, _)| shape.may_equal(**other));
        candidates.map(|(_, &method)| method).find(|method| {
            !typesys::surely_disjoint(&method.params, &new.params) && typesys::type_equal(method.sig, new.sig)
        })
    }

    pub fn insert(&mut self, method: MethodRef) {
        let bucket = self.by_callee.entry(method.key).or_default();
        bucket.live.push(method);
        bucket.shapes.push(Shape::of(&method.params));
    }

    pub fn retire(&mut self, method: MethodRef) {
        let bucket = self.by_callee.entry(method.key).or_default();
        if let Some(at) = bucket.live.iter().position(|&other| other == method) {
            bucket.live.remove(at);
            bucket.shapes.remove(at);
        }
        bucket.ended.push(method);
    }

    /// All methods, ended ones too, in the order in which they were added.
    pub fn all(&self) -> Vec<MethodRef> {
        let mut all: Vec<MethodRef> =
            self.by_callee.values().flat_map(|bucket| bucket.live.iter().chain(&bucket.ended).copied()).collect();
        all.sort_by_key(|method| method.id);
        all
    }
}
