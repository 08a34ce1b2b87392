//! `typejoin`: the closest common supertype without unions.

use crate::apply::{apply_unchecked, is_any, make_union, type_of_tuple, vararg, wrap_unionall};
use crate::builtin;
use crate::cell::{Data, Ty, TypeVar};
use crate::subtype::{subtype, type_equal};

/// Julia's `typejoin(a, b)`.
pub fn typejoin(a: Ty, b: Ty) -> Ty {
    if a == b {
        return a;
    }
    if let Some(v) = a.var() {
        return typejoin(v.upper(), b);
    }
    if let Some(v) = b.var() {
        return typejoin(a, v.upper());
    }
    if !a.is_type() || !b.is_type() {
        return builtin::any();
    }
    if subtype(a, b) {
        return b;
    }
    if subtype(b, a) {
        return a;
    }
    match (a.data(), b.data()) {
        (Data::UnionAll { var, body }, _) => crate::make_unionall(TypeVar(*var), typejoin(*body, b)),
        (_, Data::UnionAll { var, body }) => crate::make_unionall(TypeVar(*var), typejoin(a, *body)),
        (Data::Union(parts), _) => {
            parts.iter().rev().copied().reduce(|x, y| typejoin(y, x)).map_or(b, |j| typejoin(j, b))
        }
        (_, Data::Union(parts)) => {
            parts.iter().rev().copied().reduce(|x, y| typejoin(y, x)).map_or(a, |j| typejoin(a, j))
        }
        (Data::DataType(na, pa), Data::DataType(nb, pb)) => match (na.is_tuple(), nb.is_tuple()) {
            (true, true) => join_tuples(pa, pb),
            (false, false) => join_nominal(a, b),
            _ => builtin::any(),
        },
        _ => builtin::any(),
    }
}

/// Julia's `Base.promote_typejoin(a, b)`: keeps `Nothing` and `Missing` as union members.
pub fn promote_typejoin(a: Ty, b: Ty) -> Ty {
    let joined = typejoin(without_sentinels(a), without_sentinels(b));
    make_union(&[a, b, joined])
}

fn without_sentinels(ty: Ty) -> Ty {
    let kept: Vec<Ty> = ty.union_parts().into_iter().filter(|&p| !is_sentinel(p)).collect();
    make_union(&kept)
}

/// `Nothing`, or the prelude's `Missing`.
fn is_sentinel(ty: Ty) -> bool {
    ty == builtin::nothing()
        || ty.datatype().is_some_and(|(n, p)| p.is_empty() && n.name() == "Missing" && n.module() == "Base")
}

fn unwrap_vararg(t: Ty) -> Ty {
    t.vararg().map_or(t, |(elem, _)| elem)
}

/// Join of the elements from index `from` on.
fn join_tail(elems: &[Ty], from: usize) -> Ty {
    match elems.get(from..) {
        Some(tail) if !tail.is_empty() => tail.iter().fold(builtin::bottom(), |t, &e| typejoin(t, unwrap_vararg(e))),
        _ => elems.last().map_or(builtin::bottom(), |&e| unwrap_vararg(e)),
    }
}

fn join_tuples(a: &[Ty], b: &[Ty]) -> Ty {
    if a.is_empty() || b.is_empty() {
        let other = if a.is_empty() { b } else { a };
        return type_of_tuple(&[vararg(join_tail(other, 0), None)]);
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let open = short.last().is_some_and(|e| e.is_vararg());
    let (fixed, tail) = if short.len() == long.len() {
        (short.len(), None)
    } else if open {
        let n = short.len() - 1;
        (n, Some(typejoin(unwrap_vararg(short[n]), join_tail(long, n))))
    } else {
        (short.len(), Some(join_tail(long, short.len())))
    };
    let mut elems = Vec::with_capacity(fixed + 1);
    for i in 0..fixed {
        let joined = typejoin(unwrap_vararg(a[i]), unwrap_vararg(b[i]));
        let last = tail.is_none() && i + 1 == fixed;
        let open = last && (a[i].is_vararg() || b[i].is_vararg());
        elems.push(if open { vararg(joined, None) } else { joined });
    }
    elems.extend(tail.map(|t| vararg(t, None)));
    type_of_tuple(&elems)
}

fn join_nominal(a: Ty, b: Ty) -> Ty {
    let mut b = b;
    while !is_any(b) {
        let Some((name, pb)) = b.datatype() else { break };
        let mut up = a;
        while !is_any(up) && up.name() != Some(name) {
            up = up.supertype();
        }
        if up.name() == Some(name) {
            let pa = up.params();
            if name.is_type() {
                let open = |t: Ty| t.var().is_some_and(|v| v.lower().is_bottom() && is_any(v.upper()));
                if open(pa[0]) || open(pb[0]) {
                    return builtin::type_();
                }
            }
            let mut vars = Vec::new();
            let mut params = Vec::with_capacity(pa.len());
            for ((&x, &y), &var) in pa.iter().zip(pb).zip(name.params()) {
                if x == y || (x.is_type() && y.is_type() && type_equal(x, y)) {
                    params.push(x);
                } else {
                    params.push(var.ty());
                    vars.push(var);
                }
            }
            return wrap_unionall(&vars, apply_unchecked(name, &params));
        }
        b = b.supertype();
    }
    builtin::any()
}
