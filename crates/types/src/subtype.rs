//! Subtyping.

use crate::cell::Ty;
use crate::param::ParamValue;

/// `a <: b`.
pub fn subtype(a: Ty, b: Ty) -> bool {
    a == b
}

/// `a <: b`, and what the outer `where` variables of `b` (outermost first) stand for.
pub fn subtype_env(a: Ty, b: Ty) -> Option<Vec<Ty>> {
    subtype(a, b).then(Vec::new)
}

/// `a == b` as types: each is a subtype of the other.
pub fn type_equal(a: Ty, b: Ty) -> bool {
    a == b || (subtype(a, b) && subtype(b, a))
}

/// `value isa ty` for a value parameter.
pub fn isa_param(value: &ParamValue, ty: Ty) -> bool {
    subtype(value.type_of(), ty)
}
