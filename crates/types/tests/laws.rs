//! Laws on random types.

mod common;
use common::Scope;
use proptest::prelude::*;
use std::sync::{Mutex, MutexGuard, OnceLock};
use types::*;

/// A recipe for a closed type.
#[derive(Clone, Debug)]
enum Plan {
    Leaf(usize),
    Vector(Box<Plan>),
    Array(Box<Plan>, i64),
    Ref(Box<Plan>),
    Pair(Box<Plan>, Box<Plan>),
    Type(Box<Plan>),
    Val(i64),
    Tuple(Vec<Plan>, Option<Box<Plan>>),
    Union(Vec<Plan>),
    /// `Vector{<:T}`, `Ref{<:T}`.
    SomeVector(Box<Plan>),
    SomeRef(Box<Plan>),
    /// `Tuple{T, T} where T<:bound`.
    Diagonal(Box<Plan>),
    /// `Pair{T, T} where T<:bound`.
    SamePair(Box<Plan>),
    /// `Tuple{Vector{T}, T} where T<:bound`.
    Applied(Box<Plan>),
    NTuple(Box<Plan>),
}

/// One scope for all: definitions have identity.
fn scope() -> MutexGuard<'static, Scope> {
    static SCOPE: OnceLock<Mutex<Scope>> = OnceLock::new();
    SCOPE.get_or_init(|| Mutex::new(Scope::new())).lock().unwrap_or_else(|e| e.into_inner())
}

fn wheres(t: Ty) -> usize {
    t.unionall().map_or(0, |(_, body)| 1 + wheres(body))
}

fn leaves() -> &'static [Ty] {
    static LEAVES: OnceLock<Vec<Ty>> = OnceLock::new();
    LEAVES.get_or_init(|| {
        let mut s = scope();
        [
            "Int",
            "Int8",
            "Float64",
            "Bool",
            "String",
            "Nothing",
            "Integer",
            "Signed",
            "Real",
            "Number",
            "Any",
            "AbstractString",
            "Vector",
            "AbstractVector",
            "Array",
            "Ref",
            "DataType",
            "Type",
            "C1",
            "C2",
            "A",
            "B",
            "Q",
            "AP",
            "Complex",
            "UnitRange",
            "Function",
        ]
        .iter()
        .map(|n| s.read(n))
        .collect()
    })
}

fn simple_leaf() -> impl Strategy<Value = Plan> {
    (0..leaves().len()).prop_map(Plan::Leaf)
}

fn simple() -> impl Strategy<Value = Plan> {
    simple_leaf().prop_recursive(3, 12, 3, |p| {
        let b = p.clone().prop_map(Box::new);
        prop_oneof![
            b.clone().prop_map(Plan::Vector),
            (b.clone(), 1..3i64).prop_map(|(t, n)| Plan::Array(t, n)),
            b.clone().prop_map(Plan::Ref),
            (b.clone(), b.clone()).prop_map(|(x, y)| Plan::Pair(x, y)),
            b.clone().prop_map(Plan::Type),
            (0..3i64).prop_map(Plan::Val),
            (prop::collection::vec(p.clone(), 0..3), prop::option::of(b.clone())).prop_map(|(e, t)| Plan::Tuple(e, t)),
            prop::collection::vec(p, 2..4).prop_map(Plan::Union),
        ]
    })
}

fn with_vars() -> impl Strategy<Value = Plan> {
    simple_leaf().prop_recursive(3, 12, 3, |p| {
        let b = p.clone().prop_map(Box::new);
        prop_oneof![
            b.clone().prop_map(Plan::Vector),
            b.clone().prop_map(Plan::Ref),
            (b.clone(), b.clone()).prop_map(|(x, y)| Plan::Pair(x, y)),
            b.clone().prop_map(Plan::Type),
            (prop::collection::vec(p.clone(), 0..3), prop::option::of(b.clone())).prop_map(|(e, t)| Plan::Tuple(e, t)),
            prop::collection::vec(p, 2..3).prop_map(Plan::Union),
            b.clone().prop_map(Plan::SomeVector),
            b.clone().prop_map(Plan::SomeRef),
            b.clone().prop_map(Plan::Diagonal),
            b.clone().prop_map(Plan::SamePair),
            b.clone().prop_map(Plan::Applied),
            b.prop_map(Plan::NTuple),
        ]
    })
}

/// Does a variable occur both inside an invariant constructor and outside? Julia narrows the bound of such a variable by what is
/// outside (`intersect_var` in its subtype.c), although a value is of every wider type, too: `Tuple{Vector{T}, T} where T` and
/// `Tuple{Vector, Vector}` share `([], [1])`, which is not in the intersection that Julia gives, `Tuple{Vector{T}, T} where
/// T<:Vector`. So do we.
fn is_narrowed_too_far(p: &Plan) -> bool {
    match p {
        Plan::Applied(_) => true,
        Plan::Leaf(_) | Plan::Val(_) => false,
        Plan::Vector(t) | Plan::Array(t, _) | Plan::Ref(t) | Plan::Type(t) | Plan::SomeVector(t) => {
            is_narrowed_too_far(t)
        }
        Plan::SomeRef(t) | Plan::Diagonal(t) | Plan::SamePair(t) | Plan::NTuple(t) => is_narrowed_too_far(t),
        Plan::Pair(s, t) => is_narrowed_too_far(s) || is_narrowed_too_far(t),
        Plan::Tuple(ts, rest) => ts.iter().chain(rest.as_deref()).any(is_narrowed_too_far),
        Plan::Union(ts) => ts.iter().any(is_narrowed_too_far),
    }
}

fn build(p: &Plan) -> Ty {
    static NAMES: OnceLock<(Ty, Ty)> = OnceLock::new();
    let (pair, val) = *NAMES.get_or_init(|| {
        let s = scope();
        (s.names["Pair"], s.names["Val"])
    });
    let open = |bound: &Plan, f: &dyn Fn(Ty) -> Ty| {
        let v = TypeVar::new("T", builtin::bottom(), build(bound));
        make_unionall(v, f(v.ty()))
    };
    let ap = |t: Ty, ps: &[Ty]| apply(t, ps).unwrap();
    match p {
        Plan::Leaf(i) => leaves()[*i],
        Plan::Vector(t) => builtin::vector_of(build(t)),
        Plan::Array(t, n) => builtin::array_of(build(t), *n),
        Plan::Ref(t) => ap(builtin::ref_(), &[build(t)]),
        Plan::Pair(a, b) => ap(pair, &[build(a), build(b)]),
        Plan::Type(t) => builtin::type_of_type(build(t)),
        Plan::Val(n) => ap(val, &[Ty::int(*n)]),
        Plan::Tuple(elems, tail) => {
            let mut elems: Vec<Ty> = elems.iter().map(build).collect();
            elems.extend(tail.as_ref().map(|t| make_vararg(build(t), None).unwrap()));
            type_of_tuple(&elems)
        }
        Plan::Union(parts) => make_union(&parts.iter().map(build).collect::<Vec<_>>()),
        Plan::SomeVector(t) => open(t, &builtin::vector_of),
        Plan::SomeRef(t) => open(t, &|v| ap(builtin::ref_(), &[v])),
        Plan::Diagonal(t) => open(t, &|v| type_of_tuple(&[v, v])),
        Plan::SamePair(t) => open(t, &|v| ap(pair, &[v, v])),
        Plan::Applied(t) => open(t, &|v| type_of_tuple(&[builtin::vector_of(v), v])),
        Plan::NTuple(t) => {
            let n = TypeVar::unbounded("N");
            make_unionall(n, type_of_tuple(&[make_vararg(build(t), Some(n.ty())).unwrap()]))
        }
    }
}

/// Types of values: what subtyping and intersection must get right about dispatch.
fn concrete() -> &'static [Ty] {
    static POOL: OnceLock<Vec<Ty>> = OnceLock::new();
    POOL.get_or_init(|| {
        let mut s = scope();
        let mut pool: Vec<Ty> = [
            "Int",
            "Int8",
            "String",
            "Nothing",
            "C1",
            "Vector{Int}",
            "Vector{Any}",
            "Vector{Integer}",
            "Matrix{Int}",
            "Vector{Union{Int,Nothing}}",
            "Vector{Vector{Int}}",
            "Vector{Vector}",
            "Vector{Tuple{Int,Int}}",
            "Pair{Int,Int}",
            "Pair{Int,String}",
            "Pair{Any,Any}",
            "Pair{Vector{Int},Int}",
            "RefValue{Int}",
            "RefValue{Any}",
            "Type{Int}",
            "Type{Integer}",
            "Type{Vector}",
            "Type{Vector{Int}}",
            "UnitRange{Int}",
            "Type{Union{}}",
            "Type{Union{Int,String}}",
            "Val{1}",
        ]
        .iter()
        .map(|n| s.read(n))
        .collect();
        let singles = pool.clone();
        pool.push(type_of_tuple(&[]));
        for &a in &singles {
            pool.push(type_of_tuple(&[a]));
            pool.extend(singles.iter().map(|&b| type_of_tuple(&[a, b])));
        }
        pool.extend(singles.iter().map(|&a| type_of_tuple(&[a, a, a])));
        pool
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn reflexive_between_bounds(p in with_vars()) {
        let t = build(&p);
        prop_assert!(subtype(t, t));
        prop_assert!(subtype(t, builtin::any()));
        prop_assert!(subtype(builtin::bottom(), t));
        prop_assert!(type_equal(t, build(&p)), "{t}");
        prop_assert_eq!(t, build(&p));
    }

    #[test]
    fn transitive(p in with_vars(), q in with_vars(), r in with_vars()) {
        let (a, b, c) = (build(&p), build(&q), build(&r));
        let b2 = make_union(&[a, b]);
        let c2 = make_union(&[b2, c]);
        prop_assert!(subtype(a, b2), "{a} <: {b2}");
        prop_assert!(subtype(a, c2), "{a} <: {c2}");
        if subtype(a, b) && subtype(b, c) {
            prop_assert!(subtype(a, c), "{a} <: {b} <: {c}");
        }
        let j = typejoin(b, c);
        if subtype(a, b) {
            prop_assert!(subtype(a, j), "{a} <: {b} <: {j}");
        }
    }

    #[test]
    fn intersection_is_below_both(p in simple(), q in simple()) {
        let (a, b) = (build(&p), build(&q));
        let i = intersect(a, b);
        prop_assert!(subtype(i, a), "{a} ∩ {b} = {i}");
        prop_assert!(subtype(i, b), "{a} ∩ {b} = {i}");
        prop_assert!(type_equal(i, intersect(b, a)), "{a} ∩ {b} = {i} ≠ {}", intersect(b, a));
    }

    #[test]
    fn intersection_contains_common_parts(p in with_vars(), q in with_vars(), r in with_vars()) {
        let (a, b, c) = (build(&p), build(&q), build(&r));
        let i = intersect(make_union(&[a, b]), make_union(&[a, c]));
        prop_assert!(subtype(a, i), "{a} <: {i}");
        if subtype(c, a) && subtype(c, b) && !c.is_bottom() {
            prop_assert!(!intersect(a, b).is_bottom(), "{a} ∩ {b} contains {c}");
        }
    }

    #[test]
    fn values_in_both_are_in_the_intersection(p in with_vars(), q in with_vars()) {
        let (a, b) = (build(&p), build(&q));
        let i = intersect(a, b);
        let j = typejoin(a, b);
        let exact = !is_narrowed_too_far(&p) && !is_narrowed_too_far(&q);
        for &c in concrete() {
            let (in_a, in_b) = (subtype(c, a), subtype(c, b));
            prop_assert!(!exact || !(in_a && in_b) || subtype(c, i), "{c} in {a} and {b}, not in {i}");
            prop_assert!(!(in_a || in_b) || subtype(c, j), "{c} in {a} or {b}, not in {j}");
            prop_assert!(!(in_a && subtype(a, b)) || in_b, "{c} <: {a} <: {b}");
            prop_assert!(!in_a || !intersect(c, a).is_bottom());
            let (m, sparams) = intersect_env(c, a);
            prop_assert!(!in_a || m == c && sparams.len() == wheres(a));
        }
    }

    #[test]
    fn join_is_an_upper_bound(p in simple(), q in simple()) {
        let (a, b) = (build(&p), build(&q));
        let j = typejoin(a, b);
        prop_assert!(subtype(a, j) && subtype(b, j), "{a} ∨ {b} = {j}");
        let pj = promote_typejoin(a, b);
        prop_assert!(subtype(a, pj) && subtype(b, pj) && subtype(pj, j), "{pj} {j}");
    }

    #[test]
    fn specificity_is_antisymmetric(p in prop::collection::vec(with_vars(), 1..3), q in prop::collection::vec(with_vars(), 1..3)) {
        let sig = |ps: &[Plan]| type_of_tuple(&ps.iter().map(build).collect::<Vec<_>>());
        let (a, b) = (sig(&p), sig(&q));
        prop_assert!(!(more_specific(a, b) && more_specific(b, a)), "{a} | {b}");
        prop_assert!(!more_specific(a, a));
        if subtype(a, b) && !subtype(b, a) {
            prop_assert!(more_specific(a, b));
        }
    }

    #[test]
    fn fingerprints_and_text_follow_identity(p in with_vars(), q in with_vars()) {
        let (a, b) = (build(&p), build(&q));
        prop_assert_eq!(a == b, fingerprint(a) == fingerprint(b), "{} {}", a, b);
        prop_assert_eq!(a.to_string(), build(&p).to_string());
        prop_assert_eq!(a == b, a.to_string() == b.to_string(), "{} {}", a, b);
    }

    #[test]
    fn printed_types_read_back(p in with_vars()) {
        let t = build(&p);
        let text = t.to_string();
        prop_assert_eq!(scope().read(&text), t, "{}", text);
    }
}
