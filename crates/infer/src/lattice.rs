//! What inference knows of a value.
//!
//! ```text
//!                Any … types …
//!       Partial        Cond (a Bool that tells about another value)
//!       Const
//!                Bottom
//! ```
//!
//! Joins are limited so that every ascending chain is finite: unions have few parts, partial structs
//! nest to a bounded depth, and what grows beyond that becomes a plain type.

use crate::consts;
use crate::ty;
use runtime::Value;
use std::sync::Arc;
use types::{Ty, builtin};

/// An element of the lattice.
#[derive(Clone, Debug)]
pub enum Lat {
    /// No value: not computed yet, or never returns.
    Bottom,
    /// Exactly this object (interned by [`consts::intern`]: equal constants have equal addresses).
    Const(Value),
    /// An object of a concrete immutable type whose fields are known better than by their declared types.
    Partial(Arc<Partial>),
    /// A `Bool` whose value tells about another one.
    Cond(Arc<Cond>),
    /// Any instance of the type.
    Ty(Ty),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Partial {
    pub ty: Ty,
    pub fields: Vec<Lat>,
}

/// `true` means that the subject is in `then`, `false` that it is in `otherwise`.
#[derive(Clone, PartialEq, Debug)]
pub struct Cond {
    pub of: Subject,
    pub then: Lat,
    pub otherwise: Lat,
}

/// What a condition tells about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A value of the body (its index).
    Val(u32),
    /// A parameter of the callee that returned the condition.
    Param(u32),
}

impl Partial {
    /// How deep partial structs nest.
    fn depth(&self) -> usize {
        let inner = self.fields.iter().map(|f| if let Lat::Partial(p) = f { p.depth() } else { 0 }).max();
        1 + inner.unwrap_or(0)
    }
}

/// Unions with more parts are merged.
const MAX_UNION: usize = 4;
/// Partial structs nested deeper are forgotten.
const MAX_PARTIAL_DEPTH: usize = 6;

impl PartialEq for Lat {
    fn eq(&self, other: &Lat) -> bool {
        match (self, other) {
            (Lat::Bottom, Lat::Bottom) => true,
            (Lat::Const(a), Lat::Const(b)) => a == b,
            (Lat::Ty(a), Lat::Ty(b)) => a == b,
            (Lat::Partial(a), Lat::Partial(b)) => Arc::ptr_eq(a, b) || a == b,
            (Lat::Cond(a), Lat::Cond(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

impl Lat {
    pub fn any() -> Lat {
        Lat::Ty(builtin::any())
    }

    pub fn bool() -> Lat {
        Lat::Ty(builtin::bool_())
    }

    /// The constant `v`, which is kept alive from now on.
    pub fn constant(v: Value) -> Lat {
        Lat::Const(consts::intern(v))
    }

    pub fn constant_bool(b: bool) -> Lat {
        Lat::Const(Value::boolean(b))
    }

    /// An instance of `ty`; the constant where there is but one.
    pub fn of_type(ty: Ty) -> Lat {
        if ty == builtin::bottom() {
            return Lat::Bottom;
        }
        if let Some(v) = ty::singleton(ty) {
            return Lat::Const(v);
        }
        Lat::Ty(ty)
    }

    /// A tuple of these elements.
    pub fn tuple(fields: Vec<Lat>) -> Lat {
        if fields.iter().any(Lat::is_bottom) {
            return Lat::Bottom;
        }
        let ty = ty::tuple(&fields.iter().map(Lat::widen_element).collect::<Vec<_>>());
        Lat::with_fields(ty, fields)
    }

    /// An object of the concrete immutable type `ty` with these fields: a constant if all are and the object has no
    /// identity, else as much as is worth remembering.
    pub fn with_fields(ty: Ty, fields: Vec<Lat>) -> Lat {
        if !ty::types_is_concrete(ty) {
            return Lat::of_type(ty);
        }
        let fields: Vec<Lat> = fields.into_iter().map(Lat::forget_condition).collect();
        if let Some(v) = consts::build(ty, &fields) {
            return Lat::Const(v);
        }
        let informative = fields.iter().enumerate().any(|(i, f)| match f {
            Lat::Ty(t) => ty::field_type(ty, i).is_none_or(|declared| declared != *t),
            _ => true,
        });
        if !informative {
            return Lat::of_type(ty);
        }
        let partial = Lat::Partial(Arc::new(Partial { ty, fields }));
        partial.limit_depth(MAX_PARTIAL_DEPTH)
    }

    fn limit_depth(self, depth: usize) -> Lat {
        match self {
            Lat::Partial(p) if depth == 0 => Lat::Ty(p.ty),
            Lat::Partial(p) if p.depth() > depth => {
                let fields = p.fields.iter().map(|f| f.clone().limit_depth(depth - 1)).collect();
                Lat::Partial(Arc::new(Partial { ty: p.ty, fields }))
            }
            lat => lat,
        }
    }

    pub fn is_bottom(&self) -> bool {
        matches!(self, Lat::Bottom)
    }

    pub fn as_const(&self) -> Option<Value> {
        match self {
            Lat::Const(v) => Some(*v),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        self.as_const().and_then(Value::as_bool)
    }

    /// The type this constant is.
    pub fn as_type(&self) -> Option<Ty> {
        self.as_const().and_then(Value::as_proper_type)
    }

    /// The least type that holds every such value: `Type{T}` for a constant type.
    pub fn widen(&self) -> Ty {
        match self {
            Lat::Bottom => builtin::bottom(),
            Lat::Const(v) => ty::type_of_const(*v),
            Lat::Partial(p) => p.ty,
            Lat::Cond(_) => builtin::bool_(),
            Lat::Ty(t) => *t,
        }
    }

    /// The type as an element of a tuple type: a constant type counts as its kind (`DataType`), as an object does.
    pub fn widen_element(&self) -> Ty {
        match self {
            Lat::Const(v) => v.type_of(),
            lat => ty::as_element(lat.widen()),
        }
    }

    pub fn forget_condition(self) -> Lat {
        match self {
            Lat::Cond(_) => Lat::bool(),
            lat => lat,
        }
    }

    /// Is every value in `self` also in `other`?
    pub fn le(&self, other: &Lat) -> bool {
        if self == other {
            return true;
        }
        match (self, other) {
            (Lat::Bottom, _) => true,
            (_, Lat::Bottom) => false,
            (_, Lat::Ty(t)) if *t == builtin::any() => true,
            (Lat::Cond(a), Lat::Cond(b)) => a.of == b.of && a.then.le(&b.then) && a.otherwise.le(&b.otherwise),
            (Lat::Cond(_), Lat::Ty(t)) => ty::subtype(builtin::bool_(), *t),
            (Lat::Const(v), Lat::Ty(t)) => ty::isa(*v, *t),
            (Lat::Const(v), Lat::Partial(p)) => {
                v.type_of() == p.ty
                    && p.fields.iter().enumerate().all(|(i, f)| consts::field(*v, i).is_some_and(|x| x.le(f)))
            }
            (Lat::Partial(a), Lat::Partial(b)) => {
                a.ty == b.ty && a.fields.len() == b.fields.len() && a.fields.iter().zip(&b.fields).all(|(x, y)| x.le(y))
            }
            (Lat::Partial(p), Lat::Ty(t)) => ty::subtype(p.ty, *t),
            (Lat::Ty(a), Lat::Ty(b)) => ty::subtype(*a, *b),
            (_, Lat::Const(_)) | (Lat::Ty(_), Lat::Partial(_)) => false,
            (_, Lat::Cond(_)) | (Lat::Cond(_), Lat::Partial(_)) => false,
        }
    }

    /// The least upper bound, within the limits.
    pub fn join(&self, other: &Lat) -> Lat {
        if self.le(other) {
            return other.clone();
        }
        if other.le(self) {
            return self.clone();
        }
        match (self, other) {
            (Lat::Cond(a), Lat::Cond(b)) if a.of == b.of => Lat::Cond(Arc::new(Cond {
                of: a.of,
                then: a.then.join(&b.then),
                otherwise: a.otherwise.join(&b.otherwise),
            })),
            _ => {
                if let Some(merged) = self.join_fields(other) {
                    return merged;
                }
                Lat::Ty(join_types(self.widen(), other.widen()))
            }
        }
    }

    /// Two objects of one immutable type differ in some fields and agree in others.
    fn join_fields(&self, other: &Lat) -> Option<Lat> {
        let (ty_a, ty_b) = (self.struct_type()?, other.struct_type()?);
        if ty_a != ty_b {
            return None;
        }
        let n = match (self, other) {
            (Lat::Partial(p), _) | (_, Lat::Partial(p)) => p.fields.len(),
            _ => ty::field_count(ty_a)?,
        };
        let fields: Option<Vec<Lat>> =
            (0..n).map(|i| Some(self.known_field(i)?.join(&other.known_field(i)?))).collect();
        Some(Lat::with_fields(ty_a, fields?))
    }

    /// The concrete immutable struct type whose fields this element knows.
    fn struct_type(&self) -> Option<Ty> {
        match self {
            Lat::Partial(p) => Some(p.ty),
            Lat::Const(v) => {
                let ty = v.type_of();
                (ty::is_immutable_struct(ty) && ty::field_count(ty).is_some_and(|n| n > 0 && n <= 32)).then_some(ty)
            }
            _ => None,
        }
    }

    /// Field `i` of a constant or partial object.
    pub fn known_field(&self, i: usize) -> Option<Lat> {
        match self {
            Lat::Partial(p) => p.fields.get(i).cloned(),
            Lat::Const(v) => consts::field(*v, i),
            _ => None,
        }
    }

    /// The values that are in both, or more.
    pub fn meet(&self, other: &Lat) -> Lat {
        if self.le(other) {
            return self.clone();
        }
        if other.le(self) {
            return other.clone();
        }
        match (self, other) {
            // A condition that is known to hold, or not to.
            (Lat::Cond(_), Lat::Const(v)) | (Lat::Const(v), Lat::Cond(_)) if v.as_bool().is_some() => Lat::Const(*v),
            (Lat::Const(_), _) | (_, Lat::Const(_)) => Lat::Bottom,
            (Lat::Cond(_), _) => self.clone(),
            (_, Lat::Cond(_)) => other.clone(),
            (Lat::Partial(p), o) => {
                if ty::disjoint(p.ty, o.widen()) {
                    Lat::Bottom
                } else {
                    self.clone()
                }
            }
            (s, Lat::Partial(p)) => {
                if ty::disjoint(p.ty, s.widen()) {
                    Lat::Bottom
                } else {
                    other.clone()
                }
            }
            (Lat::Ty(s), Lat::Ty(o)) if ty::disjoint(*s, *o) => Lat::Bottom,
            (s, o) => Lat::of_type(types::intersect(s.widen(), o.widen())),
        }
    }

    /// What is left of `self` without the instances of `excluded`.
    pub fn without(&self, excluded: Ty) -> Lat {
        match self {
            Lat::Ty(t) => {
                let left = ty::subtract(*t, excluded);
                if left == *t { self.clone() } else { Lat::of_type(left) }
            }
            lat if ty::subtype(lat.widen(), excluded) => Lat::Bottom,
            lat => lat.clone(),
        }
    }

    /// An upper bound further up, for values that keep changing: conditions, constants and fields are forgotten
    /// first, then the type is.
    pub fn widened(&self, rounds: u32) -> Lat {
        match rounds {
            0..=3 => self.clone(),
            4..=11 => match self {
                Lat::Bottom => Lat::Bottom,
                lat => Lat::Ty(lat.widen()),
            },
            _ => Lat::any(),
        }
    }
}

/// The union of two types, or a common supertype where the union would be large or deep.
pub fn join_types(a: Ty, b: Ty) -> Ty {
    if ty::subtype(a, b) {
        return b;
    }
    if ty::subtype(b, a) {
        return a;
    }
    let mut parts: Vec<Ty> = Vec::with_capacity(MAX_UNION + 1);
    for t in ty::union_parts(a).into_iter().chain(ty::union_parts(b)) {
        if parts.iter().any(|&p| ty::subtype(t, p)) {
            continue;
        }
        parts.retain(|&p| !ty::subtype(p, t));
        parts.push(t);
    }
    let fits = |parts: &[Ty]| parts.len() <= MAX_UNION && parts.iter().all(|&p| ty::depth(p) <= ty::MAX_DEPTH);
    if fits(&parts) {
        return ty::union(&parts);
    }
    // Parts of one family (`Tuple{…}`, `Type{…}`, `Vector{…}`) are merged first.
    let mut merged: Vec<Ty> = Vec::new();
    for &t in &parts {
        match merged.iter_mut().find(|m| ty::same_family(**m, t)) {
            Some(m) => *m = types::typejoin(*m, t),
            None => merged.push(t),
        }
    }
    if fits(&merged) {
        return ty::union(&merged);
    }
    let join = merged.iter().copied().reduce(types::typejoin).unwrap_or(builtin::bottom());
    if ty::depth(join) <= ty::MAX_DEPTH { join } else { builtin::any() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(i: i64) -> Lat {
        Lat::constant(Value::int(i))
    }
    fn of(t: Ty) -> Lat {
        Lat::Ty(t)
    }

    #[test]
    fn constants_join_to_their_type_and_unequal_types_to_unions() {
        assert_eq!(int(1).join(&int(1)), int(1));
        assert_eq!(int(1).join(&int(2)), of(builtin::int64()));
        assert_eq!(int(1).join(&Lat::Bottom), int(1));
        let union = ty::union(&[builtin::float64(), builtin::int64()]);
        assert_eq!(int(1).join(&of(builtin::float64())), of(union));
    }

    #[test]
    fn equal_constants_are_one_whoever_made_them() {
        assert_eq!(int(1 << 40), int(1 << 40));
        assert_ne!(Lat::constant(Value::float64(0.0)), Lat::constant(Value::float64(-0.0)));
    }

    #[test]
    fn tuples_remember_constants_and_forget_what_differs() {
        let x = of(builtin::int64());
        let a = Lat::tuple(vec![int(1), x.clone()]);
        let b = Lat::tuple(vec![int(1), int(5)]);
        assert!(b.as_const().is_some() && b.le(&a) && !a.le(&b));
        let c = Lat::tuple(vec![int(2), x.clone()]);
        assert_eq!(a.join(&b).known_field(0), Some(int(1)));
        assert_eq!(a.join(&c), of(ty::tuple(&[builtin::int64(), builtin::int64()])));
    }

    #[test]
    fn meets_are_empty_where_types_are_disjoint() {
        assert!(int(1).meet(&of(builtin::float64())).is_bottom());
        assert_eq!(int(1).meet(&of(builtin::int64())), int(1));
        let union = ty::union(&[builtin::nothing(), builtin::int64()]);
        assert_eq!(of(union).without(builtin::nothing()), of(builtin::int64()));
        assert_eq!(of(union).meet(&of(builtin::int64())), of(builtin::int64()));
    }

    #[test]
    fn unions_stay_small() {
        let numbers = [
            builtin::int8(),
            builtin::int16(),
            builtin::int32(),
            builtin::int64(),
            builtin::float32(),
            builtin::string(),
        ];
        let joined = numbers.iter().fold(Lat::Bottom, |acc, &t| acc.join(&of(t)));
        assert!(ty::union_parts(joined.widen()).len() <= MAX_UNION);
        for t in numbers {
            assert!(of(t).le(&joined));
        }
    }
}
