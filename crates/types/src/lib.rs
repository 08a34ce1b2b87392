//! Julia's types: interned terms, nominal definitions, subtyping, intersection, specificity.
//!
//! Knows neither Julia's syntax nor objects; a value appears here only as a type parameter.
//! Everything is process-global and thread-safe; terms live as long as the process.

pub mod apply;
pub mod builtin;
mod cell;
mod disjoint;
mod display;
mod env;
mod fingerprint;
mod interner;
mod intersect;
mod join;
pub mod layout;
mod names;
mod param;
mod queries;
mod specificity;
mod subtype;

pub use apply::{
    ApplyError, apply, instantiate, instantiate_all, make_union, make_unionall, make_vararg, substitute,
    tuple_elements, type_of_tuple, wrap_unionall,
};
pub use cell::{Ty, TyKind, TypeVar};
pub use display::{Visibility, register_alias, set_visibility};
pub use fingerprint::{fingerprint, name_fingerprint};
pub use intersect::{has_empty_intersection, intersect, intersect_env};
pub use join::{promote_typejoin, typejoin};
pub use layout::{FieldKind, FieldLayout, Layout, layout};
pub use names::{FieldDefs, NameKind, TypeDecl, TypeName};
pub use param::ParamValue;
pub use specificity::{ambiguous, more_specific};
pub use subtype::{isa_param, subtype, subtype_env, type_equal};
