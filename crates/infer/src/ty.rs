//! Questions about types that only inference asks.

use crate::lattice::{Lat, join_types};
use base::Symbol;
use runtime::Value;
use types::{NameKind, Ty, TypeName, builtin};

/// Types nested deeper than this are widened where values merge.
pub const MAX_DEPTH: usize = 24;

pub fn tuple(elements: &[Ty]) -> Ty {
    types::type_of_tuple(elements)
}

/// `Vararg{t}`.
pub fn vararg(t: Ty) -> Ty {
    types::make_vararg(t, None).unwrap_or_else(|_| builtin::vararg())
}

pub fn union(parts: &[Ty]) -> Ty {
    types::make_union(parts)
}

/// `Type{t}`.
pub fn type_type(t: Ty) -> Ty {
    types::apply(builtin::type_(), &[t]).unwrap_or_else(|_| builtin::type_())
}

/// `Type{<:t}`.
pub fn type_type_upto(t: Ty) -> Ty {
    if t == builtin::any() {
        return builtin::type_();
    }
    let var = types::TypeVar::new("T", builtin::bottom(), t);
    match types::apply(builtin::type_(), &[var.ty()]) {
        Ok(body) => types::make_unionall(var, body),
        Err(_) => builtin::type_(),
    }
}

/// The parameter of a `Type{…}`.
pub fn type_parameter(t: Ty) -> Option<Ty> {
    let (name, params) = t.datatype()?;
    (Some(name) == builtin::type_().unwrap_unionall().name() && params.len() == 1).then(|| params[0])
}

/// What a value of type level says when types are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Instances {
    /// Every instance is of this type.
    pub upper: Ty,
    /// The type is exactly `upper`.
    pub exact: bool,
}

/// Instances of the type that a value of type `t` is.
pub fn instance_of(t: Ty) -> Option<Instances> {
    if let Some(p) = type_parameter(t) {
        return Some(match p.var() {
            Some(v) => Instances { upper: v.upper(), exact: false },
            None => Instances { upper: p, exact: !p.has_free_vars() },
        });
    }
    if let Some((var, body)) = t.unionall() {
        let p = type_parameter(body.unwrap_unionall())?;
        if p == var.ty() {
            return Some(Instances { upper: var.upper(), exact: false });
        }
        return Some(Instances { upper: types::wrap_unionall(&[var], p), exact: false });
    }
    if t.is_union() {
        let parts: Option<Vec<Instances>> = t.union_parts().into_iter().map(instance_of).collect();
        let parts: Vec<Ty> = parts?.into_iter().map(|i| i.upper).collect();
        return Some(Instances { upper: union(&parts), exact: false });
    }
    None
}

/// The same for a lattice element.
pub fn instance_of_lat(lat: &Lat) -> Option<Instances> {
    match lat {
        Lat::Const(v) => v.as_proper_type().map(|upper| Instances { upper, exact: true }),
        Lat::Ty(t) => instance_of(*t),
        _ => None,
    }
}

/// The one instance of a type that has but one: the instance of a singleton type, `T` of `Type{T}`.
pub fn singleton(t: Ty) -> Option<Value> {
    if let Some(p) = type_parameter(t) {
        return (p.is_type() && !p.has_free_vars()).then(|| Value::from(p));
    }
    if !types_is_concrete(t) {
        return None;
    }
    runtime::info(t).instance
}

pub fn types_is_concrete(t: Ty) -> bool {
    t.is_datatype() && t.is_concrete()
}

/// `Type{T}` for types, else the type of the object.
pub fn type_of_const(v: Value) -> Ty {
    match v.as_proper_type() {
        Some(t) => type_type(t),
        None => v.type_of(),
    }
}

/// A type as an element of a tuple type: `typeof((Int,))` is `Tuple{DataType}`, which is no `Tuple{Type{Int}}`.
pub fn as_element(t: Ty) -> Ty {
    let mut changed = false;
    let parts: Vec<Ty> = t
        .union_parts()
        .into_iter()
        .map(|p| {
            if type_parameter(p.unwrap_unionall()).is_some() {
                changed = true;
                builtin::type_()
            } else {
                p
            }
        })
        .collect();
    if changed { union(&parts) } else { t }
}

/// `a <: b`, with short cuts for what is asked most.
pub fn subtype(a: Ty, b: Ty) -> bool {
    if a == b || b == builtin::any() || a.is_bottom() {
        return true;
    }
    if types_is_concrete(a) && types_is_concrete(b) {
        return false;
    }
    types::subtype(a, b)
}

/// The types surely have no value in common.
pub fn disjoint(a: Ty, b: Ty) -> bool {
    if a == b || a == builtin::any() || b == builtin::any() {
        return a.is_bottom() || b.is_bottom();
    }
    if types_is_concrete(a) && types_is_concrete(b) {
        return true;
    }
    types::has_empty_intersection(a, b)
}

pub fn isa(v: Value, t: Ty) -> bool {
    t == builtin::any() || runtime::isa(v, t)
}

pub fn is_primitive(t: Ty) -> bool {
    matches!(t.name().map(TypeName::kind), Some(NameKind::Primitive { .. })) && types_is_concrete(t)
}

pub fn is_application_of(t: Ty, family: Ty) -> bool {
    t.name().is_some() && t.name() == family.unwrap_unionall().name()
}

/// Both are applications of one type name.
pub fn same_family(a: Ty, b: Ty) -> bool {
    let name = a.unwrap_unionall().name();
    name.is_some() && name == b.unwrap_unionall().name()
}

/// How deep applications nest.
pub fn depth(t: Ty) -> usize {
    if let Some((_, params)) = t.datatype() {
        return 1 + params.iter().map(|&p| depth(p)).max().unwrap_or(0);
    }
    if let Some((_, body)) = t.unionall() {
        return depth(body);
    }
    if let Some((elem, _)) = t.vararg() {
        return depth(elem);
    }
    if t.is_union() {
        return t.union_parts().into_iter().map(depth).max().unwrap_or(0);
    }
    0
}

/// How many terms a type is made of.
pub fn size(t: Ty) -> usize {
    if let Some((_, params)) = t.datatype() {
        return 1 + params.iter().map(|&p| size(p)).sum::<usize>();
    }
    if let Some((_, body)) = t.unionall() {
        return size(body);
    }
    if let Some((elem, _)) = t.vararg() {
        return size(elem);
    }
    if t.is_union() {
        return t.union_parts().into_iter().map(size).sum();
    }
    1
}

pub fn union_parts(t: Ty) -> Vec<Ty> {
    t.union_parts()
}

/// `t` without the union parts that are subtypes of `excluded`.
pub fn subtract(t: Ty, excluded: Ty) -> Ty {
    if t.is_union() {
        let parts = t.union_parts();
        let left: Vec<Ty> = parts.iter().copied().filter(|&p| !subtype(p, excluded)).collect();
        return if left.len() == parts.len() { t } else { union(&left) };
    }
    if subtype(t, excluded) { builtin::bottom() } else { t }
}

/// The concrete type that the value certainly has.
pub fn exact_type(lat: &Lat) -> Option<Ty> {
    match lat {
        Lat::Const(v) => Some(v.type_of()),
        Lat::Partial(p) => Some(p.ty),
        Lat::Cond(_) => Some(builtin::bool_()),
        Lat::Ty(t) => types_is_concrete(*t).then_some(*t),
        Lat::Bottom => None,
    }
}

// ---- fields -----------------------------------------------------------------------------------

/// Number of fields of a concrete struct or tuple type.
pub fn field_count(t: Ty) -> Option<usize> {
    types_is_concrete(t).then(|| runtime::info(t).fields.len())
}

pub fn field_type(t: Ty, i: usize) -> Option<Ty> {
    if !types_is_concrete(t) {
        return None;
    }
    runtime::info(t).fields.get(i).map(|f| f.ty)
}

/// A struct or tuple without identity.
pub fn is_immutable_struct(t: Ty) -> bool {
    types_is_concrete(t) && matches!(t.name().map(TypeName::kind), Some(NameKind::Struct { mutable: false }))
}

/// Reading the field gives the same at any time.
pub fn field_is_const(t: Ty, i: usize) -> bool {
    if !types_is_concrete(t) || !matches!(t.name().map(TypeName::kind), Some(NameKind::Struct { .. })) {
        return false;
    }
    let info = runtime::info(t);
    info.fields.get(i).is_some_and(|f| !info.mutable || f.constant)
}

/// The field is initialised in every object: by the constructor, or because it is plain data.
pub fn field_always_defined(t: Ty, i: usize) -> bool {
    let info = runtime::info(t);
    i < info.ninit || info.fields.get(i).is_some_and(|f| f.inline)
}

/// Position (from 0) of the field that a constant name or number means.
pub fn field_index(t: Ty, name: Value) -> Option<usize> {
    let info = runtime::info(t);
    if let Some(s) = name.as_symbol() {
        return info.fields.iter().position(|f| f.name == Some(s));
    }
    let i = name.as_int()?;
    (i >= 1 && i as usize <= info.fields.len()).then(|| i as usize - 1)
}

/// All fields have one type, so that an index known only at run time will do.
pub fn has_uniform_fields(t: Ty) -> bool {
    let info = runtime::info(t);
    info.fields.first().is_some_and(|first| info.fields.iter().all(|f| f.ty == first.ty && f.inline == first.inline))
}

/// What is known of a field.
pub struct FieldInfo {
    pub ty: Ty,
    /// The object's type is known exactly and the field's place with it.
    pub exact: bool,
    pub always_defined: bool,
    /// There is certainly no such field.
    pub missing: bool,
    pub mutable: bool,
}

/// The field `name` (a symbol or a number) of `object`.
pub fn field_of(object: &Lat, name: &Lat) -> Option<FieldInfo> {
    if let Some(t) = exact_type(object) {
        if !matches!(t.name().map(TypeName::kind), Some(NameKind::Struct { .. })) {
            return None;
        }
        return Some(field_of_concrete(t, name));
    }
    field_of_type(object.widen(), name)
}

fn field_of_concrete(t: Ty, name: &Lat) -> FieldInfo {
    let info = runtime::info(t);
    match name.as_const() {
        Some(n) => match field_index(t, n) {
            Some(i) => FieldInfo {
                ty: info.fields[i].ty,
                exact: true,
                always_defined: field_always_defined(t, i),
                missing: false,
                mutable: info.mutable && !info.fields[i].constant,
            },
            None => {
                FieldInfo { ty: builtin::bottom(), exact: true, always_defined: false, missing: true, mutable: false }
            }
        },
        None => {
            let by_number = name.widen() == builtin::int64();
            FieldInfo {
                ty: info.fields.iter().fold(builtin::bottom(), |acc, f| join_types(acc, f.ty)),
                exact: by_number && has_uniform_fields(t),
                always_defined: false,
                missing: info.fields.is_empty(),
                mutable: info.mutable,
            }
        }
    }
}

fn field_of_type(t: Ty, name: &Lat) -> Option<FieldInfo> {
    if t.is_union() {
        let parts: Option<Vec<FieldInfo>> =
            t.union_parts().into_iter().map(|p| field_of(&Lat::of_type(p), name)).collect();
        let parts = parts?;
        let some: Vec<&FieldInfo> = parts.iter().filter(|f| !f.missing).collect();
        return Some(FieldInfo {
            ty: some.iter().fold(builtin::bottom(), |acc, f| join_types(acc, f.ty)),
            exact: false,
            always_defined: parts.iter().all(|f| f.always_defined && !f.missing),
            missing: some.is_empty(),
            mutable: parts.iter().any(|f| f.mutable),
        });
    }
    let mut vars = Vec::new();
    let mut body = t;
    while let Some((var, inner)) = body.unionall() {
        vars.push(var);
        body = inner;
    }
    let (type_name, params) = body.datatype()?;
    let bare = |ty: Ty| {
        let ty = if ty.has_free_vars() { types::wrap_unionall(&vars, ty) } else { ty };
        if ty.has_free_vars() { builtin::any() } else { ty }
    };
    if type_name == builtin::tuple_name() {
        return Some(tuple_element(params, name, &bare));
    }
    let NameKind::Struct { mutable } = type_name.kind() else { return None };
    let names = body.field_names();
    let n = type_name.fields()?.names.len();
    let ninit = type_name.fields()?.ninit;
    let index = match name.as_const() {
        Some(v) => match v.as_symbol() {
            Some(s) => names.iter().position(|&f| f == s),
            None => v.as_int().filter(|&i| i >= 1 && i as usize <= n).map(|i| i as usize - 1),
        },
        None => {
            let ty =
                (0..n).filter_map(|i| body.field_type(i)).fold(builtin::bottom(), |acc, f| join_types(acc, bare(f)));
            return Some(FieldInfo { ty, exact: false, always_defined: false, missing: n == 0, mutable });
        }
    };
    Some(match index {
        Some(i) => FieldInfo {
            ty: body.field_type(i).map_or(builtin::any(), bare),
            exact: false,
            always_defined: i < ninit,
            missing: false,
            mutable,
        },
        // The names of a `NamedTuple` may be unknown here.
        None => FieldInfo {
            ty: if type_name.fields()?.names.is_empty() { builtin::any() } else { builtin::bottom() },
            exact: false,
            always_defined: false,
            missing: !type_name.fields()?.names.is_empty(),
            mutable,
        },
    })
}

fn tuple_element(params: &[Ty], name: &Lat, bare: &dyn Fn(Ty) -> Ty) -> FieldInfo {
    let rest = params.last().and_then(|p| p.vararg());
    let fixed = if rest.is_some() { &params[..params.len() - 1] } else { params };
    let info = |ty: Ty, always_defined: bool, missing: bool| FieldInfo {
        ty,
        exact: false,
        always_defined,
        missing,
        mutable: false,
    };
    match name.as_const().and_then(Value::as_int) {
        Some(i) if i >= 1 && (i as usize) <= fixed.len() => info(bare(fixed[i as usize - 1]), true, false),
        Some(i) if i >= 1 => match rest {
            Some((elem, _)) => info(bare(elem), false, false),
            None => info(builtin::bottom(), false, true),
        },
        Some(_) => info(builtin::bottom(), false, true),
        None => {
            let mut ty = fixed.iter().fold(builtin::bottom(), |acc, &p| join_types(acc, bare(p)));
            if let Some((elem, _)) = rest {
                ty = join_types(ty, bare(elem));
            }
            info(ty, false, false)
        }
    }
}

/// May `getfield(t, name)` of a type object (or simple vector) be computed ahead of time?
pub fn field_of_type_is_stable(object: Value, name: Value) -> bool {
    const STABLE: &[&str] = &[
        "parameters",
        "name",
        "super",
        "types",
        "instance",
        "names",
        "var",
        "body",
        "a",
        "b",
        "lb",
        "ub",
        "wrapper",
        "T",
        "N",
    ];
    object.as_type().is_some() && name.as_symbol().is_some_and(|s: Symbol| STABLE.contains(&s.as_str()))
}

/// A tuple or named tuple of known fields.
pub fn is_tuple_like(t: Ty) -> bool {
    types_is_concrete(t) && (t.name() == Some(builtin::tuple_name()) || is_application_of(t, builtin::named_tuple()))
}

// ---- families of types ------------------------------------------------------------------------

/// `T` of `Ptr{T}` and `Core.LLVMPtr{T, AS}`.
pub fn pointee(t: Ty) -> Option<Ty> {
    let is_pointer = is_application_of(t, builtin::ptr()) || is_application_of(t, builtin::llvm_ptr());
    t.params().first().copied().filter(|p| is_pointer && p.is_type())
}

pub fn llvm_ptr(t: Ty, address_space: i64) -> Ty {
    types::apply(builtin::llvm_ptr(), &[t, Ty::int(address_space)]).unwrap_or_else(|_| builtin::any())
}

/// `Pair{T, T}`, what an atomic modification gives.
pub fn pair_of(t: Ty) -> Option<Ty> {
    types::apply(runtime::core_types().pair, &[t, t]).ok()
}

/// `NamedTuple{(:old, :success), Tuple{T, Bool}}`, what a compare-and-swap gives.
pub fn cmpswap_result(t: Ty) -> Ty {
    let names = Ty::symbols(&[Symbol::new("old"), Symbol::new("success")]);
    types::apply(builtin::named_tuple(), &[names, tuple(&[t, builtin::bool_()])]).unwrap_or_else(|_| builtin::any())
}

/// Element type of a `MemoryRef{T}`.
pub fn memoryref_element(t: Ty) -> Option<Ty> {
    t.params().first().copied().filter(|_| is_application_of(t, builtin::memory_ref()) && types_is_concrete(t))
}

pub fn is_memory(t: Ty) -> bool {
    is_application_of(t, builtin::memory())
}

/// `MemoryRef{T}` for `Memory{T}`.
pub fn memoryref_of_memory(t: Ty) -> Option<Ty> {
    let element = t.params().first().copied().filter(|_| is_memory(t) && types_is_concrete(t))?;
    types::apply(builtin::memory_ref(), &[element]).ok()
}

/// Size of every instance of a concrete type, where that is a constant.
pub fn fixed_size(t: Ty) -> Option<usize> {
    let known = matches!(t.name()?.kind(), NameKind::Struct { .. } | NameKind::Primitive { .. }) && !is_memory(t);
    (known && types_is_concrete(t)).then(|| runtime::info(t).size)
}

/// Some application of `head` to parameters of which only the constants are known.
pub fn apply_unknown(head: Ty, args: &[Lat]) -> Ty {
    let mut vars = Vec::new();
    let mut params = Vec::with_capacity(args.len());
    for arg in args {
        params.push(match arg {
            Lat::Const(v) => match runtime::param::value_to_ty(*v) {
                Some(p) => p,
                None => return head,
            },
            other => {
                let upper = instance_of(other.widen()).map_or(builtin::any(), |i| i.upper);
                let var = types::TypeVar::new("_", builtin::bottom(), upper);
                vars.push(var);
                var.ty()
            }
        });
    }
    match types::apply(head, &params) {
        Ok(t) => types::wrap_unionall(&vars, t),
        Err(_) => head,
    }
}
