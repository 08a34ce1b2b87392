//! Building terms: application, substitution, unions, `where`.

use crate::builtin;
use crate::cell::{Data, Ty, TypeVar};
use crate::interner;
use crate::names::{Special, TypeName};
use crate::param::ParamValue;
use base::Symbol;
use std::fmt;

/// Why a type could not be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ApplyError {
    /// A parameter is outside its variable's bounds: Julia's
    /// `TypeError: in Name, in T, expected T<:Bound, got …`.
    Bound { type_name: Symbol, var: TypeVar, got: Ty },
    /// More parameters than variables.
    TooMany { ty: Ty },
    /// The term takes no parameters.
    NotParametric { ty: Ty },
    /// The term cannot be a parameter here (a value in a `Union`, `Vararg` outside a tuple's end, …).
    BadParam { context: &'static str, got: Ty },
    /// A tuple's element is `Union{}`.
    BottomInTuple,
    /// A `Vararg` of negative length.
    NegativeLength(i64),
    /// A `NamedTuple`'s names and types do not fit together.
    NamedTuple(&'static str),
    /// A `NamedTuple` names a field twice.
    DuplicateField(Symbol),
    /// A supertype that cannot be extended.
    Supertype { name: Symbol, got: Ty },
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApplyError::Bound { type_name, var, got } => {
                let bounds = crate::display::var_with_bounds(*var);
                let sort = if got.is_type() { format!("Type{{{got}}}") } else { describe_value(*got) };
                write!(f, "in {type_name}, in {}, expected {bounds}, got {sort}", var.name())
            }
            ApplyError::TooMany { ty } => write!(f, "too many parameters for type {ty}"),
            ApplyError::NotParametric { ty } => write!(f, "{ty} takes no type parameters"),
            ApplyError::BadParam { context, got } => write!(f, "{got} is not allowed as {context}"),
            ApplyError::BottomInTuple => f.write_str("Tuple field type cannot be Union{}"),
            ApplyError::NegativeLength(n) => write!(f, "Vararg length is negative: {n}"),
            ApplyError::NamedTuple(why) => f.write_str(why),
            ApplyError::DuplicateField(name) => {
                write!(f, "duplicate field name in NamedTuple: \"{name}\" is not unique")
            }
            ApplyError::Supertype { name, .. } => {
                write!(f, "invalid subtyping in definition of {name}: can only subtype abstract types.")
            }
        }
    }
}
impl std::error::Error for ApplyError {}

/// A value parameter as an error message names it: `a value of type Int64`.
fn describe_value(value: Ty) -> String {
    match value.param_value() {
        Some(v) => format!("a value of type {}", v.type_of()),
        None => value.to_string(),
    }
}

/// `ty{params…}` with all checks. `ty` may be a `UnionAll`, `Tuple`, `Union`, `Vararg`.
pub fn apply(ty: Ty, params: &[Ty]) -> Result<Ty, ApplyError> {
    match ty.data() {
        Data::UnionAll { .. } => apply_unionall(ty, params),
        Data::Vararg { elem: None, len: None } => match *params {
            [] => Ok(ty),
            [elem] => make_vararg(elem, None),
            [elem, len] => make_vararg(elem, Some(len)),
            _ => Err(ApplyError::TooMany { ty }),
        },
        Data::DataType(name, own) if name.is_tuple() && *own == builtin::tuple().params() => make_tuple(params),
        Data::DataType(..) if ty == builtin::union_type() => {
            if let Some(&got) = params.iter().find(|p| !(p.is_type() || p.is_var())) {
                return Err(ApplyError::BadParam { context: "a member of Union", got });
            }
            Ok(make_union(params))
        }
        _ if params.is_empty() => Ok(ty),
        Data::DataType(..) => Err(ApplyError::TooMany { ty }),
        _ => Err(ApplyError::NotParametric { ty }),
    }
}

fn apply_unionall(ty: Ty, params: &[Ty]) -> Result<Ty, ApplyError> {
    let type_name = ty.unwrap_unionall().name().map_or_else(|| Symbol::new("Type"), TypeName::name);
    let mut rest = ty;
    let mut map: Vec<(TypeVar, Ty)> = Vec::with_capacity(params.len());
    for &param in params {
        let Some((var, body)) = rest.unionall() else {
            return Err(ApplyError::TooMany { ty });
        };
        if param.is_vararg() {
            return Err(ApplyError::BadParam { context: "a type parameter", got: param });
        }
        let (lower, upper) = (substitute(var.lower(), &map), substitute(var.upper(), &map));
        if !within_bounds(param, lower, upper) {
            let shown = TypeVar::new(var.name(), lower, upper);
            return Err(ApplyError::Bound { type_name, var: shown, got: param });
        }
        map.push((var, param));
        rest = body;
    }
    let made = substitute(rest, &map);
    check_applied(made.unwrap_unionall())?;
    Ok(made)
}

/// Is `param` between the bounds, as far as can be said while variables are free?
fn within_bounds(param: Ty, lower: Ty, upper: Ty) -> bool {
    if param.is_value() {
        return lower.is_bottom() && upper == builtin::any();
    }
    // A free variable is judged when it is replaced, as in `Complex{T} where T`.
    if param.is_var() || param.has_free_vars() || lower.has_free_vars() || upper.has_free_vars() {
        return true;
    }
    crate::subtype(lower, param) && crate::subtype(param, upper)
}

/// Checks the parameters of a closed nominal type against its own declaration (an alias may have
/// looser variables than the type it names) and the shape of `NamedTuple`.
fn check_applied(ty: Ty) -> Result<(), ApplyError> {
    let Some((name, params)) = ty.datatype() else { return Ok(()) };
    if name.is_tuple() || name.params().len() != params.len() {
        return Ok(());
    }
    let map: Vec<(TypeVar, Ty)> = name.params().iter().copied().zip(params.iter().copied()).collect();
    for (i, (&var, &param)) in name.params().iter().zip(params).enumerate() {
        let (lower, upper) = (substitute(var.lower(), &map[..i]), substitute(var.upper(), &map[..i]));
        if !param.is_var() && !within_bounds(param, lower, upper) {
            let shown = TypeVar::new(var.name(), lower, upper);
            return Err(ApplyError::Bound { type_name: name.name(), var: shown, got: param });
        }
    }
    if name.is_named_tuple() { check_named_tuple(params) } else { Ok(()) }
}

fn check_named_tuple(params: &[Ty]) -> Result<(), ApplyError> {
    if params[0].is_var() {
        return Ok(());
    }
    let Some(ParamValue::Tuple(names)) = params[0].param_value() else {
        return Err(ApplyError::NamedTuple("NamedTuple names must be a tuple of Symbols"));
    };
    if !names.iter().all(|n| matches!(n, ParamValue::Symbol(_))) {
        return Err(ApplyError::NamedTuple("NamedTuple names must be a tuple of Symbols"));
    }
    let twice = names.iter().enumerate().find(|(i, n)| names[..*i].contains(n));
    if let Some((_, ParamValue::Symbol(name))) = twice {
        return Err(ApplyError::DuplicateField(*name));
    }
    match tuple_elements(params[1]) {
        Some(elems) if !elems.iter().any(|e| e.is_vararg()) && elems.len() != names.len() => {
            Err(ApplyError::NamedTuple("NamedTuple names and field types must have matching lengths"))
        }
        _ => Ok(()),
    }
}

/// `name{params…}` without any check; for `Tuple`, trailing `Vararg`s of known length are
/// expanded.
pub fn apply_unchecked(name: TypeName, params: &[Ty]) -> Ty {
    if name.is_tuple() { tuple_of(name, params) } else { interner::datatype(name, params) }
}

/// `Tuple{elems…}` with Julia's checks.
pub fn make_tuple(elems: &[Ty]) -> Result<Ty, ApplyError> {
    for (i, &e) in elems.iter().enumerate() {
        if e.is_bottom() {
            return Err(ApplyError::BottomInTuple);
        }
        if e.is_vararg() && i + 1 != elems.len() {
            return Err(ApplyError::BadParam { context: "a tuple's element", got: e });
        }
    }
    Ok(type_of_tuple(elems))
}

/// `Tuple{elems…}`; `Union{}` where an element is.
pub fn type_of_tuple(elems: &[Ty]) -> Ty {
    tuple_of(builtin::tuple_name(), elems)
}

fn tuple_of(name: TypeName, elems: &[Ty]) -> Ty {
    if elems.iter().any(|e| e.is_bottom()) {
        return builtin::bottom();
    }
    if let Some((&last, front)) = elems.split_last()
        && let Data::Vararg { elem, len } = last.data()
    {
        let elem = elem.unwrap_or_else(builtin::any);
        match len {
            Some(n) if n.as_int().is_some() => {
                let n = n.as_int().unwrap_or(0).max(0) as usize;
                let mut all = front.to_vec();
                all.extend(std::iter::repeat_n(elem, n));
                return tuple_of(name, &all);
            }
            None if elem.is_bottom() => return interner::datatype(name, front),
            None if matches!(last.data(), Data::Vararg { elem: None, .. }) => {
                // `Tuple{Vararg}` is `Tuple{Vararg{Any}}`.
                let mut all = front.to_vec();
                all.push(interner::intern(Data::Vararg { elem: Some(elem), len: None }));
                return interner::datatype(name, &all);
            }
            _ => {}
        }
    }
    interner::datatype(name, elems)
}

/// The element types of a tuple type.
pub fn tuple_elements(ty: Ty) -> Option<&'static [Ty]> {
    match ty.datatype() {
        Some((name, params)) if name.is_tuple() => Some(params),
        _ => None,
    }
}

/// `Vararg{elem, len}`.
pub fn make_vararg(elem: Ty, len: Option<Ty>) -> Result<Ty, ApplyError> {
    if !(elem.is_type() || elem.is_var()) {
        return Err(ApplyError::BadParam { context: "Vararg's element type", got: elem });
    }
    if let Some(n) = len {
        match n.as_int() {
            Some(n) if n < 0 => return Err(ApplyError::NegativeLength(n)),
            Some(_) => {}
            None if n.is_var() => {}
            None => return Err(ApplyError::BadParam { context: "Vararg's length", got: n }),
        }
    }
    Ok(vararg(elem, len))
}

pub(crate) fn vararg(elem: Ty, len: Option<Ty>) -> Ty {
    interner::intern(Data::Vararg { elem: Some(elem), len })
}

/// `body where var`: the bound where the body is the variable, the body where it does not mention
/// it; moves into a `Vararg`.
pub fn make_unionall(var: TypeVar, body: Ty) -> Ty {
    if body == var.ty() {
        return var.upper();
    }
    if !occurs(var, body) {
        return body;
    }
    if let Data::Vararg { elem, len } = body.data() {
        if len.is_some_and(|n| n == var.ty()) {
            return interner::intern(Data::Vararg { elem: elem.map(|e| make_unionall(var, e)), len: None });
        }
        return interner::intern(Data::Vararg { elem: elem.map(|e| make_unionall(var, e)), len: *len });
    }
    interner::unionall(var, body)
}

/// `body where {vars…}`, outermost first; variables that the body does not mention are dropped.
pub fn wrap_unionall(vars: &[TypeVar], body: Ty) -> Ty {
    vars.iter().rev().fold(body, |b, &v| make_unionall(v, b))
}

/// `body where {vars…}`, outermost first, keeping variables that the body does not mention.
pub(crate) fn wrap_all(vars: &[TypeVar], body: Ty) -> Ty {
    vars.iter().rev().fold(body, |b, &v| interner::unionall(v, b))
}

/// Does `ty` mention `var` free?
pub fn occurs(var: TypeVar, ty: Ty) -> bool {
    if !ty.has_free_vars() {
        return false;
    }
    match ty.data() {
        Data::Var(_) => ty == var.ty(),
        Data::DataType(_, ps) | Data::Union(ps) => ps.iter().any(|&p| occurs(var, p)),
        Data::UnionAll { var: v, body } => {
            let v = TypeVar(*v);
            occurs(var, v.lower()) || occurs(var, v.upper()) || (v != var && occurs(var, *body))
        }
        Data::Vararg { elem, len } => [*elem, *len].into_iter().flatten().any(|p| occurs(var, p)),
        Data::Bottom | Data::Value(_) => false,
    }
}

/// Does `body` mention any variable besides `var` free?
pub(crate) fn free_vars_besides(body: Ty, var: TypeVar) -> bool {
    fn go(t: Ty, bound: &mut Vec<TypeVar>) -> bool {
        if !t.has_free_vars() {
            return false;
        }
        match t.data() {
            Data::Var(_) => !bound.iter().any(|b| b.ty() == t),
            Data::DataType(_, ps) | Data::Union(ps) => ps.iter().any(|&p| go(p, bound)),
            Data::UnionAll { var, body } => {
                let var = TypeVar(*var);
                if go(var.lower(), bound) || go(var.upper(), bound) {
                    return true;
                }
                bound.push(var);
                let found = go(*body, bound);
                bound.pop();
                found
            }
            Data::Vararg { elem, len } => [*elem, *len].into_iter().flatten().any(|p| go(p, bound)),
            Data::Bottom | Data::Value(_) => false,
        }
    }
    go(body, &mut vec![var])
}

/// The variables that `ty` mentions free, in order of first mention.
pub fn free_vars(ty: Ty) -> Vec<TypeVar> {
    fn go(t: Ty, bound: &mut Vec<TypeVar>, out: &mut Vec<TypeVar>) {
        if !t.has_free_vars() {
            return;
        }
        match t.data() {
            Data::Var(_) => {
                let v = TypeVar(t);
                if !bound.contains(&v) && !out.contains(&v) {
                    out.push(v);
                }
            }
            Data::DataType(_, ps) | Data::Union(ps) => ps.iter().for_each(|&p| go(p, bound, out)),
            Data::UnionAll { var, body } => {
                let var = TypeVar(*var);
                go(var.lower(), bound, out);
                go(var.upper(), bound, out);
                bound.push(var);
                go(*body, bound, out);
                bound.pop();
            }
            Data::Vararg { elem, len } => {
                [*elem, *len].into_iter().flatten().for_each(|p| go(p, bound, out));
            }
            Data::Bottom | Data::Value(_) => {}
        }
    }
    let mut out = Vec::new();
    go(ty, &mut Vec::new(), &mut out);
    out
}

/// `body` with `arg` for `var`.
pub fn instantiate(body: Ty, var: TypeVar, arg: Ty) -> Ty {
    substitute(body, &[(var, arg)])
}

/// The body of a chain of `where`s with `args` for its outermost variables; no bound checks.
/// Extra arguments are ignored.
pub fn instantiate_all(ty: Ty, args: &[Ty]) -> Ty {
    let mut map = Vec::with_capacity(args.len());
    let mut body = ty;
    for &arg in args {
        let Some((var, inner)) = body.unionall() else { break };
        map.push((var, arg));
        body = inner;
    }
    substitute(body, &map)
}

/// `ty` with terms for free variables, simultaneously. A tuple that gets an element `Union{}`
/// becomes `Union{}`.
pub fn substitute(ty: Ty, map: &[(TypeVar, Ty)]) -> Ty {
    if map.is_empty() || !ty.has_free_vars() {
        return ty;
    }
    match ty.data() {
        Data::Var(_) => map.iter().rev().find(|(v, _)| v.ty() == ty).map_or(ty, |&(_, t)| t),
        Data::DataType(name, params) => {
            let new: Vec<Ty> = params.iter().map(|&p| substitute(p, map)).collect();
            if new == *params { ty } else { apply_unchecked(*name, &new) }
        }
        Data::Union(parts) => {
            let new: Vec<Ty> = parts.iter().map(|&p| substitute(p, map)).collect();
            if new == *parts { ty } else { make_union(&new) }
        }
        Data::Vararg { elem, len } => {
            let (e, l) = (elem.map(|e| substitute(e, map)), len.map(|l| substitute(l, map)));
            if e == *elem && l == *len { ty } else { interner::intern(Data::Vararg { elem: e, len: l }) }
        }
        Data::UnionAll { var, body } => {
            let var = TypeVar(*var);
            let inner: Vec<(TypeVar, Ty)> = map.iter().copied().filter(|&(v, _)| v != var).collect();
            let (lower, upper) = (substitute(var.lower(), map), substitute(var.upper(), map));
            let captured = inner.iter().any(|&(v, t)| occurs(var, t) && occurs(v, *body));
            if lower == var.lower() && upper == var.upper() && !captured {
                let new = substitute(*body, &inner);
                return if new == *body { ty } else { make_unionall(var, new) };
            }
            let fresh = TypeVar::new(var.name(), lower, upper);
            let mut inner = inner;
            inner.push((var, fresh.ty()));
            make_unionall(fresh, substitute(*body, &inner))
        }
        Data::Bottom | Data::Value(_) => ty,
    }
}

/// `Union{parts…}`: flat, members contained in others dropped, in Julia's order.
pub fn make_union(parts: &[Ty]) -> Ty {
    let mut flat: Vec<Ty> = Vec::with_capacity(parts.len());
    for &p in parts {
        match p.data() {
            Data::Union(inner) => flat.extend_from_slice(inner),
            Data::Bottom => {}
            _ => flat.push(p),
        }
    }
    if let [one] = flat[..] {
        return one;
    }
    if flat.iter().any(|p| is_any(*p)) {
        return builtin::any();
    }
    let mut keep: Vec<Option<Ty>> = flat.into_iter().map(Some).collect();
    for i in 0..keep.len() {
        for j in 0..keep.len() {
            if i == j {
                continue;
            }
            let (Some(a), Some(b)) = (keep[i], keep[j]) else { continue };
            if a == b || (!a.has_free_vars() && !b.has_free_vars() && merges_into(a, b)) {
                keep[i] = None;
            }
        }
    }
    let mut kept: Vec<Ty> = keep.into_iter().flatten().collect();
    kept.sort_by(|&a, &b| union_order(a, b));
    match kept[..] {
        [] => builtin::bottom(),
        [one] => one,
        _ => interner::union_of(&kept),
    }
}

/// May `a` be dropped beside `b`? `Type{T}`s of different kinds of `T` stay apart, since the kind
/// would be lost.
fn merges_into(a: Ty, b: Ty) -> bool {
    if let (Some(x), Some(y)) = (type_param(a), type_param(b))
        && x.kind_type() != y.kind_type()
    {
        return false;
    }
    crate::subtype(a, b)
}

/// `T` of `Type{T}`.
pub(crate) fn type_param(ty: Ty) -> Option<Ty> {
    match ty.datatype() {
        Some((name, &[t])) if name.is_type() => Some(t),
        _ => None,
    }
}

pub(crate) fn is_any(ty: Ty) -> bool {
    ty.name().is_some_and(|n| n.special() == Special::Any)
}

/// Singletons, then other plain-data types, then data types by name, then everything else.
fn union_order(a: Ty, b: Ty) -> std::cmp::Ordering {
    fn class(t: Ty) -> u8 {
        match t.datatype() {
            Some(_) if t.is_singleton() => 0,
            Some(_) if t.is_bits() => 1,
            Some(_) => 2,
            None if t.is_unionall() => 3,
            None => 4,
        }
    }
    class(a).cmp(&class(b)).then_with(|| name_order(a.unwrap_unionall(), b.unwrap_unionall()))
}

fn name_order(a: Ty, b: Ty) -> std::cmp::Ordering {
    use std::cmp::Ordering::Equal;
    let (Some((na, pa)), Some((nb, pb))) = (a.datatype(), b.datatype()) else { return Equal };
    let module = |n: TypeName| n.module().as_str().rsplit('.').next().unwrap_or("");
    let by_name = na.name().cmp(&nb.name()).then_with(|| module(na).cmp(module(nb)));
    if by_name.is_ne() {
        return by_name;
    }
    for (&x, &y) in pa.iter().zip(pb).take(3) {
        let order = if x == y || x.is_unionall() != y.is_unionall() {
            Equal
        } else {
            name_order(x.unwrap_unionall(), y.unwrap_unionall())
        };
        if order.is_ne() {
            return order;
        }
    }
    Equal
}

/// Is `supertype` something that `name` may extend?
pub(crate) fn check_supertype(name: TypeName, supertype: Ty) -> Result<(), ApplyError> {
    let ok = match supertype.datatype() {
        Some((s, _)) => {
            let reserved = s.is_type() || (s.name() == "Builtin" && s.module() == "Core");
            s.is_abstract() && s != name && (!reserved || name.module() == "Core")
        }
        None => false,
    };
    if ok { Ok(()) } else { Err(ApplyError::Supertype { name: name.name(), got: supertype }) }
}
