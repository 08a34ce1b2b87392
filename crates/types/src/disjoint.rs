//! Cheap tests that find most empty intersections.

use crate::apply::is_any;
use crate::cell::{Data, Ty};
use crate::subtype::names_may_subtype;

/// Surely no common value; by names, lengths and closed parameters.
pub(crate) fn obviously_disjoint(a: Ty, b: Ty) -> bool {
    if a == b || a.is_bottom() || b.is_bottom() {
        return a.is_bottom() || b.is_bottom();
    }
    let (ua, ub) = (a.unwrap_unionall(), b.unwrap_unionall());
    if is_any(ua) || is_any(ub) {
        return false;
    }
    match (ua.data(), ub.data()) {
        (Data::Union(parts), _) => parts.iter().all(|&p| obviously_disjoint(p, ub)),
        (_, Data::Union(parts)) => parts.iter().all(|&p| obviously_disjoint(ua, p)),
        (Data::DataType(na, pa), Data::DataType(nb, pb)) => {
            if na.is_type() || nb.is_type() {
                if na.is_type() && nb.is_type() {
                    return obviously_unequal(pa[0], pb[0]);
                }
                let other = if na.is_type() { ub } else { ua };
                return !other.is_kind();
            }
            if na != nb {
                return !(names_may_subtype(ua, ub) || names_may_subtype(ub, ua));
            }
            if na.is_tuple() {
                return tuples_disjoint(pa, pb);
            }
            pa.iter().zip(*pb).any(|(&x, &y)| obviously_unequal(x, y))
        }
        _ => false,
    }
}

fn tuples_disjoint(a: &[Ty], b: &[Ty]) -> bool {
    let split = |t: &'_ [Ty]| match t.last().and_then(|l| l.vararg()) {
        Some((elem, _)) => (t.len() - 1, Some(elem)),
        None => (t.len(), None),
    };
    let ((na, va), (nb, vb)) = (split(a), split(b));
    if va.is_none() && na < nb || vb.is_none() && nb < na {
        return true;
    }
    (0..na.max(nb)).any(|i| {
        let x = if i < na { Some(a[i]) } else { va };
        let y = if i < nb { Some(b[i]) } else { vb };
        matches!((x, y), (Some(x), Some(y)) if obviously_disjoint(x, y))
    })
}

/// Parameters that cannot be equal, whatever their variables stand for.
fn obviously_unequal(a: Ty, b: Ty) -> bool {
    if a == b || a.is_var() || b.is_var() {
        return false;
    }
    if a.is_value() || b.is_value() {
        return true;
    }
    if a.is_concrete() && b.is_concrete() && !a.params().iter().chain(b.params()).any(|p| p.is_type()) {
        return true;
    }
    match (a.datatype(), b.datatype()) {
        (Some((na, pa)), Some((nb, pb))) if !a.has_free_vars() || !b.has_free_vars() || na != nb => {
            na != nb || (!na.is_tuple() && pa.iter().zip(pb).any(|(&x, &y)| obviously_unequal(x, y)))
        }
        _ => false,
    }
}
