//! Types as Julia prints them.

use crate::cell::{Ty, TyKind, TypeVar};
use std::fmt;

/// `T`, `T<:Real`, `Int<:T<:Real`.
pub(crate) fn var_with_bounds(var: TypeVar) -> String {
    let mut s = String::new();
    if !var.lower().is_bottom() {
        s += &format!("{}<:", var.lower());
    }
    s += var.name().as_str();
    if !crate::apply::is_any(var.upper()) {
        s += &format!("<:{}", var.upper());
    }
    s
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind())
    }
}

impl fmt::Debug for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            TyKind::Bottom => f.write_str("Union{}"),
            TyKind::DataType(n, p) => {
                write!(f, "{}", n.name())?;
                if p.is_empty() { Ok(()) } else { write!(f, "{p:?}") }
            }
            other => write!(f, "{other:?}"),
        }
    }
}
