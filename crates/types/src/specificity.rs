//! Which of two method signatures is more specific.
//!
//! A signature that is a proper subtype is more specific. Beyond that, Julia compares signatures
//! position by position with rules that prefer what pins down more: fixed over open lengths,
//! diagonal over independent variables, values and types over variables, declared subtypes over
//! supertypes.

use crate::apply::{instantiate, is_any, make_unionall, occurs, substitute};
use crate::cell::{Data, Ty, TypeVar};
use crate::env::{Env, Position};
use crate::interner;
use crate::subtype::{subtype, type_equal};

/// Julia's `Base.morespecific(a, b)`: a strict order on signatures (not transitive in general).
pub fn more_specific(a: Ty, b: Ty) -> bool {
    if a == b || disjoint(a, b) || a.has_free_vars() || b.has_free_vars() {
        return false;
    }
    let (a, b) = (with_declared_bounds(a), with_declared_bounds(b));
    if subtype(b, a) {
        return false;
    }
    subtype(a, b) || Msp { counts: Vec::new() }.more(a, b, a, b, false)
}

/// Unbounded outer variables with the bounds that types declare for the parameters they stand at: where
/// `A`'s parameter is declared `<: B`, `f(::A{T}) where T` matches no more than with `T <: B`.
fn with_declared_bounds(t: Ty) -> Ty {
    let Some((var, body)) = t.unionall() else { return t };
    let inner = with_declared_bounds(body);
    if is_any(var.upper())
        && var.lower().is_bottom()
        && let Some(bound) = declared_bound(inner, var)
    {
        let tight = TypeVar::new(var.name(), var.lower(), bound);
        return make_unionall(tight, substitute(inner, &[(var, tight.ty())]));
    }
    if inner == body { t } else { make_unionall(var, inner) }
}

fn declared_bound(t: Ty, var: TypeVar) -> Option<Ty> {
    if !t.has_free_vars() {
        return None;
    }
    match t.data() {
        Data::DataType(name, params) => params.iter().enumerate().find_map(|(i, &p)| {
            if p != var.ty() {
                return declared_bound(p, var);
            }
            let bound = name.params().get(i)?.upper();
            (!name.is_tuple() && !is_any(bound) && !bound.has_free_vars()).then_some(bound)
        }),
        Data::UnionAll { body, .. } => declared_bound(*body, var),
        Data::Vararg { elem: Some(elem), .. } => declared_bound(*elem, var),
        _ => None,
    }
}

/// Neither signature is more specific, and some call matches both.
pub fn ambiguous(a: Ty, b: Ty) -> bool {
    !type_equal(a, b) && !more_specific(a, b) && !more_specific(b, a) && !crate::has_empty_intersection(a, b)
}

/// Surely nothing in common, judged leniently: tuples of different lengths and types of different
/// names that are related count as comparable, which keeps the order closer to transitive.
fn disjoint(a: Ty, b: Ty) -> bool {
    if a == b || is_any(a) || is_any(b) || a == crate::builtin::typeof_bottom() {
        return false;
    }
    let (a, b) = (a.unwrap_unionall(), b.unwrap_unionall());
    let (Some((na, pa)), Some((nb, pb))) = (a.datatype(), b.datatype()) else {
        return a.is_bottom() || b.is_bottom();
    };
    if na != nb {
        // `Type{T}` and kinds are related through `DataType <: Type`.
        return !(crate::subtype::names_may_subtype(a, b) || crate::subtype::names_may_subtype(b, a));
    }
    let tuple = na.is_tuple();
    let count = |p: &[Ty]| p.len() - usize::from(tuple && p.last().is_some_and(|l| l.is_vararg()));
    let n = count(pa).min(count(pb));
    pa.iter().zip(pb).take(n).any(|(&x, &y)| {
        if !tuple && x.has_free_vars() {
            let against_union = |v: Ty, u: Ty| u.is_union() && v.var().is_some_and(|v| !v.upper().is_union());
            if against_union(x, y) || against_union(y, x) {
                return true;
            }
        }
        if x.is_var() || y.is_var() {
            return false;
        }
        match (x.is_type(), y.is_type()) {
            (true, true) => !(tuple && (x.is_bottom() || y.is_bottom())) && disjoint(x, y),
            (true, false) => !is_any(x),
            (false, true) => !is_any(y),
            (false, false) => x != y,
        }
    })
}

/// The comparison of two signatures: how often each opened variable occurs.
struct Msp {
    counts: Vec<(TypeVar, usize)>,
}

fn count_occurrences(t: Ty, var: TypeVar) -> usize {
    if !t.has_free_vars() {
        return 0;
    }
    match t.data() {
        Data::Var(_) => usize::from(t == var.ty()),
        Data::Union(parts) => parts.iter().map(|&p| count_occurrences(p, var)).max().unwrap_or(0),
        Data::UnionAll { var: v, body } => {
            if *v == var.ty() {
                0
            } else {
                count_occurrences(*body, var)
            }
        }
        Data::DataType(_, params) => params.iter().map(|&p| count_occurrences(p, var)).sum(),
        Data::Vararg { elem, len } => [*elem, *len].into_iter().flatten().map(|p| count_occurrences(p, var)).sum(),
        Data::Bottom | Data::Value(_) => 0,
    }
}

/// The length of a tuple's trailing `Vararg`: open, or a variable.
#[derive(Clone, Copy, PartialEq)]
enum Tail {
    None,
    Open,
    Bound(TypeVar),
}

fn tail(elems: &[Ty]) -> Tail {
    match elems.last().and_then(|l| l.vararg()) {
        None => Tail::None,
        Some((_, Some(len))) if len.is_var() => Tail::Bound(len.var().expect("just asked")),
        Some(_) => Tail::Open,
    }
}

/// A part of a signature with those of the signature's variables bound that occur in it.
fn closed(part: Ty, signature: Ty) -> Ty {
    let mut part = part;
    let mut vars = Vec::new();
    let mut around = Some(signature);
    while let Some((v, body)) = around.and_then(|a| a.unionall()) {
        vars.push(v);
        around = Some(body);
    }
    for &v in vars.iter().rev() {
        if occurs(v, part) && !part.is_vararg() {
            part = interner::unionall(v, part);
        }
    }
    part
}

impl Msp {
    fn occurrences(&self, v: TypeVar) -> usize {
        self.counts.iter().rev().find(|(w, _)| *w == v).map_or(0, |c| c.1)
    }

    fn with_open<R>(&mut self, u: Ty, f: impl FnOnce(&mut Msp, Ty) -> R) -> R {
        let (var, body) = u.unionall().expect("called with a UnionAll");
        self.counts.push((var, count_occurrences(body, var)));
        let r = f(self, body);
        self.counts.pop();
        r
    }

    /// `x <: y` where `x` and `y` are parts of signatures: variables of `y` that the signature `y0`
    /// binds may be chosen; others match anything.
    fn below(&self, x: Ty, y: Ty, y0: Option<Ty>) -> bool {
        let y = y0.map_or(y, |y0| closed(y, y0));
        let mut env = Env::new(0);
        env.ignore_free = true;
        env.forall_exists(x, y, Position::Top)
    }

    fn equal(&self, a: Ty, b: Ty, a0: Ty, b0: Ty) -> bool {
        a == b || (self.below(a, b, Some(b0)) && self.below(b, a, Some(a0)))
    }

    fn more(&mut self, a: Ty, b: Ty, a0: Ty, b0: Ty, invariant: bool) -> bool {
        if a == b {
            return false;
        }
        if let (Some(pa), Some(pb)) = (crate::tuple_elements(a), crate::tuple_elements(b)) {
            let fixed = |t: Ty, elems: &[Ty], other: &[Ty], n: TypeVar| {
                // Let the other signature's length fix the variable.
                let len = other.len() as i64 - elems.len() as i64 + 1;
                (len > 0).then(|| instantiate(t, n, Ty::int(len)))
            };
            match (tail(pa), tail(pb)) {
                (Tail::Bound(n), Tail::None) => {
                    if let Some(a2) = fixed(a, pa, pb, n)
                        && pa[..pa.len() - 1].iter().any(|&p| occurs(n, p))
                        && self.more_tuple(a2.params(), pb, a0, b0, Tail::None, invariant)
                    {
                        return true;
                    }
                }
                (Tail::None, Tail::Bound(n)) => {
                    if let Some(b2) = fixed(b, pb, pa, n)
                        && pb[..pb.len() - 1].iter().any(|&p| occurs(n, p))
                        && !self.more_tuple(pa, b2.params(), a0, b0, Tail::None, invariant)
                    {
                        return false;
                    }
                }
                _ => {}
            }
            return self.more_tuple(pa, pb, a0, b0, tail(pa), invariant);
        }
        if !invariant {
            if is_any(a) {
                return false;
            }
            if is_any(b) && !a.is_var() {
                return true;
            }
        }
        if let Data::Union(parts) = a.data() {
            if b.is_unionall() {
                return self.with_open(b, |m, body| m.more(a, body, a0, b0, invariant));
            }
            // The variables of `b` are its own here: it matches all that it can stand for.
            let all_b = closed(b, b0);
            if self.below(all_b, a, Some(a0)) {
                return false;
            }
            let within = |m: &Msp, p: Ty| m.below(p, b, Some(b0)) && !m.below(all_b, p, Some(a0));
            if !parts.iter().any(|&p| self.more(p, b, a0, b0, invariant) || within(self, p)) {
                return false;
            }
            return match b.data() {
                Data::Union(others) => !others.iter().any(|&p| self.more(p, a, b0, a0, invariant)),
                _ => true,
            };
        }
        if let Some(t) = a.type_param()
            && !invariant
        {
            if let Some(v) = t.var() {
                if b.is_kind() && !is_any(v.upper()) {
                    return true;
                }
            } else if t.is_bottom() && self.below(b, crate::builtin::type_(), None) {
                return true;
            }
        }
        if let Data::Union(parts) = b.data() {
            if a.is_unionall() {
                return self.with_open(a, |m, body| m.more(body, b, a0, b0, invariant));
            }
            return parts.iter().any(|&p| self.more(a, p, a0, b0, invariant)) && !self.more(b, a, b0, a0, invariant);
        }
        if a.is_datatype() && b.is_datatype() {
            return self.more_nominal(a, b, a0, b0, invariant);
        }
        if let Some(v) = a.var() {
            return self.var_more(v, b, a0, b0, invariant);
        }
        if let Some(v) = b.var() {
            return self.more_than_var(a, v, a0, b0, invariant);
        }
        match (a.is_unionall(), b.is_unionall()) {
            (true, true) => self.with_open(a, |m, body_a| {
                // The same cell on both sides shares its variable, which would then count once.
                m.with_open(b, |m, body_b| m.more(body_a, body_b, a0, b0, invariant))
            }),
            (true, false) => self.with_open(a, |m, body| m.more(body, b, a0, b0, invariant)),
            (false, true) => self.with_open(b, |m, body| m.more(a, body, a0, b0, invariant)),
            _ => false,
        }
    }

    fn var_more(&mut self, a: TypeVar, b: Ty, a0: Ty, b0: Ty, invariant: bool) -> bool {
        if let Some(bv) = b.var() {
            return (self.more(a.upper(), bv.upper(), a0, b0, false)
                || self.more(a.lower(), bv.lower(), a0, b0, false))
                && self.occurrences(a) >= self.occurrences(bv);
        }
        if !b.is_type() {
            return false;
        }
        if invariant {
            if a.upper().is_bottom() {
                return true;
            }
            if !b.has_free_vars() {
                return false;
            }
            if self.equal(a.upper(), b, a0, b0) {
                return self.occurrences(a) >= 2;
            }
        } else if is_any(b) && is_any(a.upper()) && self.occurrences(a) >= 2 {
            // `Tuple{T, T} where T` before `Tuple{Any, Any}`.
            return true;
        }
        self.more(a.upper(), b, a0, b0, false)
    }

    fn more_than_var(&mut self, a: Ty, b: TypeVar, a0: Ty, b0: Ty, invariant: bool) -> bool {
        if !a.is_type() {
            return true;
        }
        if !invariant {
            return self.more(a, b.upper(), a0, b0, false);
        }
        if b.upper().is_bottom() {
            return false;
        }
        if a.has_free_vars() {
            if self.more(a, b.upper(), a0, b0, false) {
                return true;
            }
            return self.equal(a, b.upper(), a0, b0) && self.occurrences(b) < 2;
        }
        !disjoint(a, b.upper()) && !self.more(b.upper(), a, b0, a0, false)
    }

    fn more_nominal(&mut self, a: Ty, b: Ty, a0: Ty, b0: Ty, invariant: bool) -> bool {
        let name = b.name().expect("called with data types");
        let mut up = a;
        let mut declared_below = false;
        while up.name() != Some(name) {
            if is_any(up) || invariant {
                return false;
            }
            up = up.supertype();
            declared_below = true;
        }
        if declared_below {
            if !name.is_type() {
                return true;
            }
            if let Some(v) = b.params()[0].var()
                && is_any(v.upper())
            {
                return true;
            }
        }
        let (pa, pb) = (up.params(), b.params());
        let (mut score_a, mut score_b) = (0, 0);
        let (mut value_a, mut value_b) = (false, false);
        let (mut diagonal_a, mut diagonal_b) = (false, false);
        let repeats = |p: Ty, rest: &[Ty]| p.var().is_some_and(|v| rest.iter().any(|&q| occurs(v, q)));
        for (i, (&x, &y)) in pa.iter().zip(pb).enumerate() {
            let (free_x, free_y) = (x.has_free_vars(), y.has_free_vars());
            if !free_x && !free_y && !type_equal(x, y) {
                return false;
            }
            if self.more(x, y, a0, b0, true) && (x.is_var() || !free_x || free_y) {
                score_a += 1;
            } else if self.more(y, x, b0, a0, true) && (y.is_var() || !free_y || free_x) {
                score_b += 1;
            } else if self.equal(x, y, a0, b0) {
                if !free_x && free_y {
                    score_a += 1;
                } else if free_x && !free_y {
                    score_b += 1;
                }
            }
            if y.is_var() && x.is_value() {
                value_a = true;
            } else if x.is_var() && y.is_value() {
                value_b = true;
            }
            diagonal_a |= repeats(x, &pa[i + 1..]);
            diagonal_b |= repeats(y, &pb[i + 1..]);
        }
        if value_a != value_b {
            return value_a;
        }
        if score_b > score_a || (diagonal_b && !diagonal_a) {
            return false;
        }
        score_a > score_b || (diagonal_a && !diagonal_b)
    }

    fn more_tuple(&mut self, c: &[Ty], p: &[Ty], c0: Ty, p0: Ty, c_tail: Tail, invariant: bool) -> bool {
        if p.is_empty() {
            return false;
        }
        if c.is_empty() {
            return true;
        }
        let c_open = tail(c) != Tail::None;
        let p_open = tail(p) != Tail::None;
        let (mut c_diagonal, mut p_diagonal) = (false, false);
        let mut some = false;
        let at = |elems: &[Ty], i: usize| {
            let last = *elems.last().expect("not empty");
            let e = if i < elems.len() { elems[i] } else { last };
            e.vararg().map_or(e, |(elem, _)| elem)
        };
        for i in 0.. {
            if i >= c.len() && i >= p.len() || (i >= c.len() && !c_open) || (i >= p.len() && !p_open) {
                break;
            }
            let (ce, pe) = (at(c, i), at(p, i));
            if self.more(pe, ce, p0, c0, invariant) {
                return false;
            }
            let often = |m: &Msp, t: Ty| t.var().is_some_and(|v| m.occurrences(v) > 1);
            c_diagonal |= often(self, ce);
            p_diagonal |= often(self, pe);
            let more = self.more(ce, pe, c0, p0, invariant);
            let equal = !more && self.equal(ce, pe, c0, p0);
            if !more && !equal && !self.below(ce, pe, Some(p0)) {
                // `Tuple{Array{T,N}, Vararg{Int,N}}` keeps its precedence over tuples that continue
                // otherwise, lest the order lose transitivity.
                return some && matches!(c_tail, Tail::Bound(n) if self.occurrences(n) > 1);
            }
            // `Tuple{…, T}` is not more specific than `Tuple{…, Vararg{S}}` for diagonal `S`.
            if equal
                && i + 1 == c.len()
                && c.len() == p.len()
                && !c_open
                && p_open
                && ce.is_var()
                && pe.is_var()
                && !c_diagonal
                && p_diagonal
            {
                return false;
            }
            some |= more;
        }
        if c_open && p_open && c.len() > p.len() && (!p_diagonal || c_diagonal) {
            return true;
        }
        if c_open && !p_open && !some {
            return false;
        }
        some || (c_diagonal && !p_diagonal)
    }
}
