//! The few questions this crate asks of the type system, in one place.

use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use types::{Ty, TypeName, builtin};

/// What a signature is a signature *of*: methods and look-ups with different keys never meet, except
/// that [`CalleeKey::Any`] meets every key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum CalleeKey {
    /// Objects of a concrete type: functions (`typeof(f)`) and callable structs.
    Object(TypeName),
    /// Constructors: `Type{T}` for applications of one type name.
    Constructor(TypeName),
    /// Not determined by the signature (an abstract callee, a union, any constructor).
    Any,
}

/// The parameters of a tuple type, under `where`s too; `None` if it is not one.
pub(crate) fn elements(sig: Ty) -> Option<Vec<Ty>> {
    let (name, params) = sig.unwrap_unionall().datatype()?;
    (name == builtin::tuple_name()).then(|| params.to_vec())
}

pub(crate) fn callee_key(sig: Ty) -> CalleeKey {
    match elements(sig).as_deref() {
        Some([callee, ..]) => key_of_callee(*callee),
        _ => CalleeKey::Any,
    }
}

fn key_of_callee(callee: Ty) -> CalleeKey {
    if let Some(var) = callee.var() {
        return key_of_callee(var.upper());
    }
    let Some((name, params)) = callee.unwrap_unionall().datatype() else { return CalleeKey::Any };
    if Some(name) == builtin::type_().unwrap_unionall().name() {
        // `Type{Foo{T}}` is about one name; `Type{T}`, `Type{<:Foo}` and `Type{Union{…}}` are not.
        return match params.first().and_then(|of| of.unwrap_unionall().name()) {
            Some(of) => CalleeKey::Constructor(of),
            None => CalleeKey::Any,
        };
    }
    // A type of types as a callee means some constructor; an abstract type, some object.
    if name.is_abstract() || callee.unwrap_unionall().is_kind() { CalleeKey::Any } else { CalleeKey::Object(name) }
}

pub(crate) fn tuple_of(args: &[Ty]) -> Ty {
    types::type_of_tuple(args)
}

#[inline]
pub(crate) fn subtype(a: Ty, b: Ty) -> bool {
    a == b || types::subtype(a, b)
}

pub(crate) fn type_equal(a: Ty, b: Ty) -> bool {
    types::type_equal(a, b)
}

pub(crate) fn more_specific(a: Ty, b: Ty) -> bool {
    types::more_specific(a, b)
}

/// The part of a call's signature that a method's signature matches, and the method's static
/// parameters there; `None` if that is nothing.
pub(crate) fn intersect(call: Ty, method: Ty) -> Option<(Ty, Vec<Ty>)> {
    let (matched, sparams) = types::intersect_env(call, method);
    (!matched.is_bottom()).then_some((matched, sparams))
}

pub(crate) fn disjoint(a: Ty, b: Ty) -> bool {
    types::has_empty_intersection(a, b)
}

/// What equal signatures have in common, a byte each: their number of parameters, and the names of the types of the first
/// arguments. 0 says nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape(u64);

impl Shape {
    pub fn of(params: &[Ty]) -> Shape {
        let mut lanes = [0u8; 8];
        let open = params.last().and_then(|last| last.vararg());
        // What repeats an empty type is as good as absent.
        if !open.is_some_and(|(element, _)| element.is_bottom()) {
            let fixed = params.len() - open.is_some() as usize;
            lanes[0] = (fixed.min(0x7e) as u8 + 1) | ((open.is_some() as u8) << 7);
        }
        for (lane, &param) in lanes[1..].iter_mut().zip(params.iter().skip(1)) {
            *lane = name_of(param).map_or(0, |name| {
                let mut hasher = FxHasher::default();
                name.hash(&mut hasher);
                (hasher.finish() >> 32) as u8 | 1
            });
        }
        Shape(u64::from_le_bytes(lanes))
    }

    /// Whether signatures of these shapes can be equal; `true` means that it could not tell.
    #[inline]
    pub fn may_equal(self, other: Shape) -> bool {
        says(self.0) & says(other.0) & says(self.0 ^ other.0) == 0
    }
}

/// The highest bit of each byte that is not 0.
#[inline]
fn says(lanes: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    (lanes | ((lanes & LOW) + LOW)) & !LOW
}

/// The name that a type shares with all types equal to it (for `Type{T}`, that of `T`); `None` for variables, unions and
/// what else may be equal to something of another form.
fn name_of(ty: Ty) -> Option<TypeName> {
    let (name, params) = ty.unwrap_unionall().datatype()?;
    if !name.is_type() {
        return Some(name);
    }
    let (of, _) = params.first()?.unwrap_unionall().datatype()?;
    Some(of)
}

/// A cheap test that two signatures, given by their parameters, have no call in common; `false` means
/// that it could not tell.
pub(crate) fn surely_disjoint(a: &[Ty], b: &[Ty]) -> bool {
    let open = |params: &[Ty]| params.last().is_some_and(|last| last.is_vararg());
    let fixed = |params: &[Ty]| params.len() - open(params) as usize;
    if (!open(a) && fixed(b) > fixed(a)) || (!open(b) && fixed(a) > fixed(b)) {
        return true;
    }
    let common = fixed(a).min(fixed(b));
    a[..common].iter().zip(&b[..common]).any(|(&a, &b)| surely_disjoint_types(a, b))
}

fn surely_disjoint_types(a: Ty, b: Ty) -> bool {
    if a == b {
        return false;
    }
    match (a.is_concrete(), b.is_concrete()) {
        (true, true) => true,
        (true, false) => !may_be_below(a, b),
        (false, true) => !may_be_below(b, a),
        (false, false) => false,
    }
}

/// Whether a concrete type can be a subtype of one that is not concrete, judged by names alone.
fn may_be_below(concrete: Ty, other: Ty) -> bool {
    let (Some(mut name), Some(wanted)) = (concrete.name(), other.unwrap_unionall().name()) else { return true };
    let any = builtin::any().name();
    loop {
        if name == wanted || Some(wanted) == any {
            return true;
        }
        match name.supertype().unwrap_unionall().name() {
            Some(above) if Some(above) != any && above != name => name = above,
            _ => return false,
        }
    }
}

#[cfg(all(test, not(any(feature = "shuttle", feature = "loom"))))]
mod tests {
    use super::*;
    use types::TypeVar;
    use types::builtin::{any, array, float64, int64, integer, number, real, string, type_};

    fn var(upper: Ty) -> TypeVar {
        TypeVar::new("T", builtin::bottom(), upper)
    }

    /// Types in as many forms as arguments are declared in, some equal to one another.
    fn arguments() -> Vec<Ty> {
        let apply = |t: Ty, of: Ty| types::apply(t, &[of]).expect("a parameter");
        let plain = [any(), int64(), float64(), string(), integer(), real(), number(), builtin::bottom(), array()];
        let mut all = plain.to_vec();
        all.push(types::make_union(&[int64(), string()]));
        for of in plain {
            all.push(apply(type_(), of));
            let t = var(of);
            all.push(types::make_unionall(t, apply(type_(), t.ty())));
            all.push(types::make_unionall(t, apply(array(), t.ty())));
            all.push(apply(array(), of));
            all.push(types::type_of_tuple(&[of]));
        }
        all
    }

    #[test]
    fn equal_signatures_never_have_shapes_that_tell_them_apart() {
        let f = string();
        let mut sigs = Vec::new();
        for a in arguments() {
            sigs.push(types::type_of_tuple(&[f, a]));
            sigs.push(types::type_of_tuple(&[f, int64(), types::make_vararg(a, None).expect("an element type")]));
            let t = var(a);
            sigs.push(types::make_unionall(t, types::type_of_tuple(&[f, t.ty()])));
            sigs.push(types::make_unionall(t, types::type_of_tuple(&[f, t.ty(), t.ty()])));
        }
        sigs.push(types::type_of_tuple(&[f, int64()]));
        let shapes: Vec<Shape> = sigs.iter().map(|&sig| Shape::of(&elements(sig).unwrap_or_default())).collect();
        let (mut equal, mut apart) = (0, 0);
        for (i, &a) in sigs.iter().enumerate() {
            for (j, &b) in sigs.iter().enumerate() {
                let may = shapes[i].may_equal(shapes[j]);
                apart += !may as usize;
                if type_equal(a, b) {
                    equal += (i != j) as usize;
                    assert!(may, "{a} and {b} are equal");
                }
            }
        }
        assert!(equal > 10 && apart * 2 > sigs.len() * sigs.len(), "{equal} equal pairs, {apart} told apart");
    }
}
