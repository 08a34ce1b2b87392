//! The interned type-level term: [`Ty`] and the memory behind it.

use crate::layout::Layout;
use crate::names::TypeName;
use crate::param::ParamValue;
use base::Symbol;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An interned type-level term: a type, a type variable, `Vararg`, or a value used as a type
/// parameter. One pointer wide; `==` is Julia's `===`.
///
/// `UnionAll`s that differ only in the names of their variables are equal though their cells
/// differ (the cell remembers the names for printing); every other pair of equal terms shares one
/// cell. Hashing agrees with `==`. Concrete types always share one cell, hence the address in an
/// object's tag may be compared directly.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Ty(pub(crate) &'static TypeCell);

/// What a [`Ty`] is made of.
#[derive(Clone, Debug)]
pub enum TyKind {
    /// `Union{}`.
    Bottom,
    /// An application of a [`TypeName`]; parameters may contain free variables. For `Tuple` the
    /// parameters are the element types.
    DataType(TypeName, &'static [Ty]),
    /// Two or more members, flat, in Julia's order.
    Union(&'static [Ty]),
    /// `body where var`.
    UnionAll { var: TypeVar, body: Ty },
    /// A type variable. (`Ty::var` gives the [`TypeVar`].)
    Var(TypeVar),
    /// `Vararg{elem, len}`; without an element type it is `Vararg` itself, i.e. `Any`.
    Vararg { elem: Option<Ty>, len: Option<Ty> },
    /// A value parameter.
    Value(ParamValue),
}

/// A type variable: unique by identity, with a name and bounds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeVar(pub(crate) Ty);

pub(crate) struct VarData {
    pub name: Symbol,
    pub lower: Ty,
    pub upper: Ty,
    /// Creation number; never reaches output.
    pub id: usize,
}

#[allow(clippy::enum_variant_names)] // Julia's names.
pub(crate) enum Data {
    Bottom,
    DataType(TypeName, &'static [Ty]),
    Union(&'static [Ty]),
    UnionAll { var: Ty, body: Ty },
    Var(VarData),
    Vararg { elem: Option<Ty>, len: Option<Ty> },
    Value(ParamValue),
}

/// Facts about a term that follow from its structure, computed when it is interned.
pub(crate) mod flags {
    /// Mentions a variable that it does not bind.
    pub const FREE_VARS: u32 = 1;
    /// Mentions a `UnionAll` at a place where the names of variables are kept.
    pub const NAMED: u32 = 2;
    /// `isconcretetype`.
    pub const CONCRETE: u32 = 4;
    /// `Base.isdispatchtuple`.
    pub const DISPATCH_TUPLE: u32 = 8;
}

/// The memory of a term. A `Value` that denotes the type points just past `tag`.
#[repr(C)]
pub(crate) struct TypeCell {
    /// The `Ty` of this type as an object (`DataType`, `UnionAll`, …); written by the runtime.
    tag: AtomicUsize,
    /// Free for the runtime (singleton instance and so on).
    scratch: [AtomicUsize; 2],
    /// Term up to names of bound variables; null: this cell itself.
    pub canon: OnceLock<Ty>,
    pub hash: u64,
    pub flags: u32,
    pub data: Data,
    pub lazy: Lazy,
}

/// Derived data computed on first use.
#[derive(Default)]
pub(crate) struct Lazy {
    pub supertype: OnceLock<Ty>,
    pub field_types: OnceLock<&'static [Ty]>,
    pub layout: OnceLock<Option<&'static Layout>>,
    pub fingerprint: OnceLock<[u8; 32]>,
}

impl TypeCell {
    pub(crate) fn new(data: Data, hash: u64, flags: u32) -> TypeCell {
        TypeCell {
            tag: AtomicUsize::new(0),
            scratch: [AtomicUsize::new(0), AtomicUsize::new(0)],
            canon: OnceLock::new(),
            hash,
            flags,
            data,
            lazy: Lazy::default(),
        }
    }
}

const TAG_BYTES: usize = std::mem::size_of::<AtomicUsize>();

impl Ty {
    /// The address of the cell, which is what an object's tag word holds.
    #[inline]
    pub fn address(self) -> usize {
        self.0 as *const TypeCell as usize
    }

    /// The inverse of [`Ty::address`].
    ///
    /// # Safety
    /// `address` came from [`Ty::address`] in this process.
    #[inline]
    pub unsafe fn from_address(address: usize) -> Ty {
        // SAFETY: cells are leaked, so an address that once was valid stays valid.
        Ty(unsafe { &*(address as *const TypeCell) })
    }

    /// The address of this type as an object: just past its tag word.
    #[inline]
    pub fn as_value_address(self) -> usize {
        self.address() + TAG_BYTES
    }

    /// The inverse of [`Ty::as_value_address`].
    ///
    /// # Safety
    /// `address` came from [`Ty::as_value_address`] in this process.
    #[inline]
    pub unsafe fn from_value_address(address: usize) -> Ty {
        // SAFETY: by the caller's promise the cell starts one word before.
        unsafe { Ty::from_address(address - TAG_BYTES) }
    }

    /// The tag word, where the runtime keeps the type of this type as an object.
    #[inline]
    pub fn tag_word(self) -> &'static AtomicUsize {
        &self.0.tag
    }

    /// Two words free for the runtime; word 0 is meant for the singleton instance.
    #[inline]
    pub fn scratch(self, index: usize) -> &'static AtomicUsize {
        &self.0.scratch[index]
    }

    /// The representative of all terms equal to this one.
    #[inline]
    pub fn canonical(self) -> Ty {
        self.0.canon.get().copied().unwrap_or(self)
    }

    pub fn kind(self) -> TyKind {
        match &self.0.data {
            Data::Bottom => TyKind::Bottom,
            Data::DataType(n, p) => TyKind::DataType(*n, p),
            Data::Union(parts) => TyKind::Union(parts),
            Data::UnionAll { var, body } => TyKind::UnionAll { var: TypeVar(*var), body: *body },
            Data::Var(_) => TyKind::Var(TypeVar(self)),
            Data::Vararg { elem, len } => TyKind::Vararg { elem: *elem, len: *len },
            Data::Value(v) => TyKind::Value(v.clone()),
        }
    }

    pub(crate) fn data(self) -> &'static Data {
        &self.0.data
    }

    #[inline]
    pub(crate) fn has_flag(self, flag: u32) -> bool {
        self.0.flags & flag != 0
    }

    pub fn is_bottom(self) -> bool {
        matches!(self.0.data, Data::Bottom)
    }

    #[inline]
    pub fn is_datatype(self) -> bool {
        matches!(self.0.data, Data::DataType(..))
    }

    pub fn is_union(self) -> bool {
        matches!(self.0.data, Data::Union(_))
    }

    pub fn is_unionall(self) -> bool {
        matches!(self.0.data, Data::UnionAll { .. })
    }

    pub fn is_var(self) -> bool {
        matches!(self.0.data, Data::Var(_))
    }

    pub fn is_vararg(self) -> bool {
        matches!(self.0.data, Data::Vararg { .. })
    }

    pub fn is_value(self) -> bool {
        matches!(self.0.data, Data::Value(_))
    }

    /// A type in Julia's sense (`isa Type`): not a variable, `Vararg` or a value.
    pub fn is_type(self) -> bool {
        !(self.is_var() || self.is_vararg() || self.is_value())
    }

    /// Name and parameters of a `DataType`.
    #[inline]
    pub fn datatype(self) -> Option<(TypeName, &'static [Ty])> {
        match &self.0.data {
            Data::DataType(n, p) => Some((*n, p)),
            _ => None,
        }
    }

    /// The name of a `DataType`.
    pub fn name(self) -> Option<TypeName> {
        self.datatype().map(|(n, _)| n)
    }

    /// The parameters of a `DataType`; empty for everything else.
    pub fn params(self) -> &'static [Ty] {
        self.datatype().map_or(&[], |(_, p)| p)
    }

    /// The variable and the body of a `UnionAll`.
    pub fn unionall(self) -> Option<(TypeVar, Ty)> {
        match &self.0.data {
            Data::UnionAll { var, body } => Some((TypeVar(*var), *body)),
            _ => None,
        }
    }

    pub fn var(self) -> Option<TypeVar> {
        self.is_var().then_some(TypeVar(self))
    }

    /// Element and length of a `Vararg`, where `Vararg` itself means `Vararg{Any}`.
    pub fn vararg(self) -> Option<(Ty, Option<Ty>)> {
        match &self.0.data {
            Data::Vararg { elem, len } => Some((elem.unwrap_or_else(crate::builtin::any), *len)),
            _ => None,
        }
    }

    /// The members of a union; the type alone where it is not one; none for `Union{}`.
    pub fn union_parts(self) -> Vec<Ty> {
        match &self.0.data {
            Data::Union(parts) => parts.to_vec(),
            Data::Bottom => Vec::new(),
            _ => vec![self],
        }
    }

    pub fn param_value(self) -> Option<&'static ParamValue> {
        match &self.0.data {
            Data::Value(v) => Some(v),
            _ => None,
        }
    }

    /// The integer of an `Int` parameter.
    pub fn as_int(self) -> Option<i64> {
        match &self.0.data {
            Data::Value(ParamValue::Int(i)) => Some(*i),
            _ => None,
        }
    }

    /// Mentions type variables that it does not bind.
    pub fn has_free_vars(self) -> bool {
        self.has_flag(flags::FREE_VARS)
    }

    /// `isconcretetype`: has direct instances.
    #[inline]
    pub fn is_concrete(self) -> bool {
        self.has_flag(flags::CONCRETE)
    }

    /// `Base.isdispatchtuple`: a tuple of concrete types and `Type{…}`s, one call's signature.
    pub fn is_dispatch_tuple(self) -> bool {
        self.has_flag(flags::DISPATCH_TUPLE)
    }

    /// The body under all `where`s.
    pub fn unwrap_unionall(self) -> Ty {
        let mut t = self;
        while let Data::UnionAll { body, .. } = &t.0.data {
            t = *body;
        }
        t
    }
}

impl PartialEq for Ty {
    #[inline]
    fn eq(&self, other: &Ty) -> bool {
        std::ptr::eq(self.0, other.0)
            || (self.has_flag(flags::NAMED)
                && other.has_flag(flags::NAMED)
                && std::ptr::eq(self.canonical().0, other.canonical().0))
    }
}
impl Eq for Ty {}
impl std::hash::Hash for Ty {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.canonical().address().hash(state);
    }
}

impl TypeVar {
    /// A fresh variable with the given bounds.
    pub fn new(name: impl Into<Symbol>, lower: Ty, upper: Ty) -> TypeVar {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let data = Data::Var(VarData { name: name.into(), lower, upper, id });
        let hash = crate::interner::mix(0x7661_7200, id as u64);
        TypeVar(Ty(Box::leak(Box::new(TypeCell::new(data, hash, flags::FREE_VARS)))))
    }

    /// A fresh variable between `Union{}` and `Any`.
    pub fn unbounded(name: impl Into<Symbol>) -> TypeVar {
        TypeVar::new(name, crate::builtin::bottom(), crate::builtin::any())
    }

    pub(crate) fn data(self) -> &'static VarData {
        match &self.0.0.data {
            Data::Var(v) => v,
            _ => unreachable!("a TypeVar wraps a variable's cell"),
        }
    }

    pub fn name(self) -> Symbol {
        self.data().name
    }

    pub fn lower(self) -> Ty {
        self.data().lower
    }

    pub fn upper(self) -> Ty {
        self.data().upper
    }

    /// The variable as a term.
    pub fn ty(self) -> Ty {
        self.0
    }
}

impl From<TypeVar> for Ty {
    fn from(v: TypeVar) -> Ty {
        v.0
    }
}

impl std::fmt::Debug for TypeVar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.name())
    }
}
