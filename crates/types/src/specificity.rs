//! Which of two method signatures is more specific.

use crate::cell::Ty;

/// Julia's `Base.morespecific(a, b)`: a strict order on signatures (not transitive in general).
pub fn more_specific(a: Ty, b: Ty) -> bool {
    a != b && crate::subtype(a, b)
}

/// Neither signature is more specific, and some call matches both.
pub fn ambiguous(a: Ty, b: Ty) -> bool {
    !more_specific(a, b) && !more_specific(b, a) && !crate::has_empty_intersection(a, b)
}
