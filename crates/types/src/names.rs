//! Type names: what a `struct`, `abstract type` or `primitive type` declaration introduces.

use crate::apply::{self, ApplyError};
use crate::builtin;
use crate::cell::{Ty, TypeVar};
use base::Symbol;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The identity of a nominal type, shared by all its applications. Two declarations make two
/// names even where their texts agree.
#[derive(Clone, Copy)]
pub struct TypeName(pub(crate) &'static NameCell);

/// What kind of nominal type it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameKind {
    Abstract,
    Primitive {
        bits: u32,
    },
    Struct {
        mutable: bool,
    },
    /// Objects whose memory only the runtime knows (`String`, `Symbol`, `Module`, …): concrete,
    /// handled by reference, without fields or layout here.
    Opaque,
}

/// First step of a definition: everything but supertype and fields.
#[derive(Clone, Debug)]
pub struct TypeDecl {
    pub name: Symbol,
    /// Dotted path of the module, such as `Main.Foo`.
    pub module: Symbol,
    /// The parameters, outermost first; the supertype and the fields mention these variables.
    pub params: Vec<TypeVar>,
    pub kind: NameKind,
}

/// Last step of a struct's definition.
#[derive(Clone, Debug, Default)]
pub struct FieldDefs {
    pub names: Vec<Symbol>,
    /// Over the declaration's parameters.
    pub types: Vec<Ty>,
    /// How many leading fields every constructor initialises.
    pub ninit: usize,
    /// Indices of `const` fields of a mutable struct.
    pub const_fields: Vec<usize>,
    /// Indices of `@atomic` fields.
    pub atomic_fields: Vec<usize>,
}

/// Names that the algorithms treat by rules of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Special {
    No,
    Any,
    Tuple,
    NamedTuple,
    Type,
    /// `DataType`, `UnionAll`, `Union`, `TypeofBottom`: the types of types.
    Kind,
}

pub(crate) struct NameCell {
    pub special: Special,
    pub name: Symbol,
    pub module: Symbol,
    pub params: Vec<TypeVar>,
    pub kind: NameKind,
    pub id: usize,
    pub wrapper: OnceLock<Ty>,
    pub supertype: OnceLock<Ty>,
    pub fields: OnceLock<FieldDefs>,
    pub inline_ok: OnceLock<bool>,
    pub function: OnceLock<Symbol>,
    pub fingerprint: OnceLock<[u8; 32]>,
    pub scratch: [AtomicUsize; 2],
}

impl TypeName {
    /// Starts a definition. The type exists at once (so that supertype and fields may mention it)
    /// but its supertype is `Any` and it has no fields until the next steps.
    pub fn declare(decl: TypeDecl) -> TypeName {
        TypeName::declare_special(decl, Special::No)
    }

    pub(crate) fn declare_special(decl: TypeDecl, special: Special) -> TypeName {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        TypeName(Box::leak(Box::new(NameCell {
            special,
            name: decl.name,
            module: decl.module,
            params: decl.params,
            kind: decl.kind,
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            wrapper: OnceLock::new(),
            supertype: OnceLock::new(),
            fields: OnceLock::new(),
            inline_ok: OnceLock::new(),
            function: OnceLock::new(),
            fingerprint: OnceLock::new(),
            scratch: [AtomicUsize::new(0), AtomicUsize::new(0)],
        })))
    }

    /// Second step. `supertype` is over [`TypeName::params`].
    ///
    /// Errors where the supertype is not an abstract type one may extend; says why. A second call
    /// is ignored.
    pub fn set_supertype(self, supertype: Ty) -> Result<(), ApplyError> {
        apply::check_supertype(self, supertype)?;
        let _ = self.0.supertype.set(supertype);
        Ok(())
    }

    /// Third step, for structs. A second call is ignored.
    pub fn set_fields(self, fields: FieldDefs) {
        let _ = self.0.fields.set(fields);
    }

    pub fn name(self) -> Symbol {
        self.0.name
    }

    /// Dotted path of the module that owns the name.
    pub fn module(self) -> Symbol {
        self.0.module
    }

    /// The parameters with their bounds, outermost first. Empty for `Tuple`.
    pub fn params(self) -> &'static [TypeVar] {
        &self.0.params
    }

    pub fn kind(self) -> NameKind {
        self.0.kind
    }

    pub fn is_abstract(self) -> bool {
        self.0.kind == NameKind::Abstract
    }

    /// Instances have identity (`ismutabletype`). Opaque objects count as mutable.
    pub fn is_mutable(self) -> bool {
        matches!(self.0.kind, NameKind::Struct { mutable: true } | NameKind::Opaque)
    }

    pub fn is_primitive(self) -> bool {
        matches!(self.0.kind, NameKind::Primitive { .. })
    }

    /// `isstructtype`.
    pub fn is_struct(self) -> bool {
        matches!(self.0.kind, NameKind::Struct { .. } | NameKind::Opaque)
    }

    /// The supertype over [`TypeName::params`]; `Any` before it was set.
    pub fn supertype(self) -> Ty {
        self.0.supertype.get().copied().unwrap_or_else(builtin::any)
    }

    /// The field definitions; `None` before they were set and for types without fields.
    pub fn fields(self) -> Option<&'static FieldDefs> {
        self.0.fields.get()
    }

    /// Its last step is done: fields, size and instances can be asked for.
    pub fn is_complete(self) -> bool {
        self.is_tuple()
            || self.is_named_tuple()
            || !matches!(self.0.kind, NameKind::Struct { .. })
            || self.0.fields.get().is_some()
    }

    /// The type with all parameters as variables: `Vector`'s name gives `Array{T, N} where {T, N}`
    /// in the sense of `Base.typename(T).wrapper`.
    pub fn wrapper(self) -> Ty {
        *self.0.wrapper.get_or_init(|| {
            let body = self.body();
            apply::wrap_unionall(self.params(), body)
        })
    }

    /// The type applied to its own variables.
    pub fn body(self) -> Ty {
        let params: Vec<Ty> = self.params().iter().map(|v| v.ty()).collect();
        apply::apply_unchecked(self, &params)
    }

    pub(crate) fn special(self) -> Special {
        self.0.special
    }

    /// Is this `Tuple`?
    pub fn is_tuple(self) -> bool {
        self.0.special == Special::Tuple
    }

    /// Is this `NamedTuple`?
    pub fn is_named_tuple(self) -> bool {
        self.0.special == Special::NamedTuple
    }

    /// Is this `Type`?
    pub fn is_type(self) -> bool {
        self.0.special == Special::Type
    }

    /// Marks the type as that of the generic function `name`, so that it prints as
    /// `typeof(name)`.
    pub fn set_function(self, name: Symbol) {
        let _ = self.0.function.set(name);
    }

    /// The generic function whose type this is, where it is one.
    pub fn function(self) -> Option<Symbol> {
        self.0.function.get().copied()
    }

    /// Words free for the runtime.
    pub fn scratch(self, index: usize) -> &'static AtomicUsize {
        &self.0.scratch[index]
    }
}

impl PartialEq for TypeName {
    fn eq(&self, other: &TypeName) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for TypeName {}
impl std::hash::Hash for TypeName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}
impl std::fmt::Debug for TypeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0.module, self.0.name)
    }
}
