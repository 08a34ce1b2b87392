//! Method instances and code instances.

use crate::age::{WorldAge, WorldRange};
use crate::edges::{Edge, Life};
use crate::events::EndCause;
use crate::handle::handle;
use crate::list::GrowList;
use crate::owner::Owner;
use crate::results::ResultEntry;
use crate::table::MethodRef;
use crate::world::World;
use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};
use types::Ty;

/// A method specialised for concrete argument types (or for whatever types a compiler chose).
pub struct MethodInstance {
    id: u64,
    pub(crate) method: MethodRef,
    pub(crate) sig: Ty,
    pub(crate) sparams: Box<[Ty]>,
    /// The published code instances of all owners, ended ones too, newest first.
    pub(crate) code: GrowList<CiRef>,
}

handle!(
    /// Handle to a [`MethodInstance`].
    MiRef => MethodInstance
);

impl MethodInstance {
    pub(crate) fn new(id: u64, method: MethodRef, sig: Ty, sparams: Box<[Ty]>) -> MethodInstance {
        MethodInstance { id, method, sig, sparams, code: GrowList::new() }
    }
    /// Unique in its world.
    pub fn id(&self) -> u64 {
        self.id
    }
    pub fn method(&self) -> MethodRef {
        self.method
    }
    /// The specialised signature, `Tuple{typeof(f), …}`.
    pub fn sig(&self) -> Ty {
        self.sig
    }
    /// Values of the method's static parameters, outermost `where` first.
    pub fn sparams(&self) -> &[Ty] {
        &self.sparams
    }
    pub fn world(&self) -> World {
        self.method.world()
    }
    /// All code instances published so far, ended ones and those of every owner too, newest first.
    pub fn code_instances(&self) -> impl Iterator<Item = CiRef> + '_ {
        self.code.iter().copied()
    }
    /// The code instance of `owner` that is valid at `age`. No lock, no allocation.
    #[inline]
    pub fn code(&self, owner: Owner, age: WorldAge) -> Option<CiRef> {
        self.code.iter().copied().find(|ci| ci.owner == owner && ci.life.contains(age))
    }
}

impl fmt::Debug for MiRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({:?})", self.method, self.sig)
    }
}

/// A value known at compile time, in the representation of whoever compiles.
pub type ConstValue = Arc<dyn Any + Send + Sync>;

/// What inference found out.
#[derive(Clone)]
pub struct Inferred {
    pub return_type: Ty,
    /// The function just returns this.
    pub const_return: Option<ConstValue>,
    /// The typed body, in the representation of whoever compiles.
    pub body: Option<Arc<dyn Any + Send + Sync>>,
    /// What all of this was concluded from.
    pub edges: Vec<Edge>,
}

impl Inferred {
    /// A result with a body and edges.
    pub fn new(return_type: Ty, body: Arc<dyn Any + Send + Sync>, edges: Vec<Edge>) -> Inferred {
        Inferred { return_type, const_return: None, body: Some(body), edges }
    }
}

/// The result of inferring a method instance for one owner, valid in a range of worlds.
///
/// It starts as a *draft* that nobody but its maker can find, so that recursive code can refer to
/// itself, and becomes visible when it is published with what was inferred. After that only the end
/// of its range, its results, and what depends on it ever change.
pub struct CodeInstance {
    id: u64,
    pub(crate) mi: MiRef,
    pub(crate) owner: Owner,
    pub(crate) life: Life,
    pub(crate) inferred: OnceLock<Inferred>,
    pub(crate) ended_by: OnceLock<EndCause>,
    pub(crate) results: GrowList<ResultEntry>,
    /// See [`World::add_edges`].
    pub(crate) late_edges: GrowList<Edge>,
}

handle!(
    /// Handle to a [`CodeInstance`].
    CiRef => CodeInstance
);

impl CodeInstance {
    /// Unique in its world.
    pub fn id(&self) -> u64 {
        self.id
    }
    pub fn mi(&self) -> MiRef {
        self.mi
    }
    pub fn owner(&self) -> Owner {
        self.owner
    }
    pub fn world(&self) -> World {
        self.mi.world()
    }
    /// The ages in which it may be used; empty for a draft.
    pub fn valid(&self) -> WorldRange {
        self.life.range()
    }
    /// Whether it is a draft still.
    pub fn is_draft(&self) -> bool {
        self.valid().is_empty()
    }
    /// `None` for a draft.
    pub fn inferred(&self) -> Option<&Inferred> {
        self.inferred.get()
    }
    /// `None` for a draft.
    pub fn return_type(&self) -> Option<Ty> {
        self.inferred.get().map(|inferred| inferred.return_type)
    }
    pub fn const_return(&self) -> Option<&ConstValue> {
        self.inferred.get()?.const_return.as_ref()
    }
    /// The body, if there is one and it is a `T`.
    pub fn body<T: Any>(&self) -> Option<&T> {
        self.inferred.get()?.body.as_deref()?.downcast_ref()
    }
    /// The body, if there is one and it is a `T`.
    pub fn body_arc<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.inferred.get()?.body.clone()?.downcast().ok()
    }
    /// Empty for a draft.
    pub fn edges(&self) -> &[Edge] {
        self.inferred.get().map_or(&[], |inferred| &inferred.edges)
    }
    /// What its code turned out to depend on after it was published ([`World::add_edges`]), newest first.
    pub fn late_edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.late_edges.iter().copied()
    }
    /// What ended it, if anything has.
    pub fn ended_by(&self) -> Option<&EndCause> {
        self.ended_by.get()
    }
    /// The live instances that would end with this one.
    pub fn dependants(&self) -> Vec<CiRef> {
        self.life.dependants()
    }
}

impl CiRef {
    pub(crate) fn draft(id: u64, mi: MiRef, owner: Owner) -> CiRef {
        CiRef::leak(CodeInstance {
            id,
            mi,
            owner,
            life: Life::new(WorldRange::EMPTY),
            inferred: OnceLock::new(),
            ended_by: OnceLock::new(),
            results: GrowList::new(),
            late_edges: GrowList::new(),
        })
    }
}

impl fmt::Debug for CiRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}[{:?}]", self.mi, self.life.range())
    }
}
