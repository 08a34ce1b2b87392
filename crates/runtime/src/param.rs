//! Values as type parameters and back.

use crate::{Exception, Value, core_types, errors, info, object};
use types::{ParamValue, Ty, TyKind};

/// What `v` is as a type parameter: a type, or a value that may be one. `None`: it cannot be.
pub fn value_to_ty(v: Value) -> Option<Ty> {
    if let Some(ty) = v.as_type() {
        return Some(ty);
    }
    value_to_param(v).map(Ty::from_param)
}

fn value_to_param(v: Value) -> Option<ParamValue> {
    let c = core_types();
    if let Some(i) = v.as_int() {
        return Some(ParamValue::Int(i));
    }
    if let Some(b) = v.as_bool() {
        return Some(ParamValue::Bool(b));
    }
    if let Some(s) = v.as_symbol() {
        return Some(ParamValue::Symbol(s));
    }
    if v.is(c.char) {
        return v.as_char_bits().map(ParamValue::Char);
    }
    let t = info(v.type_of());
    if t.is_tuple {
        return object::fields_of(v)
            .iter()
            .map(|&x| value_to_param(x))
            .collect::<Option<Vec<_>>>()
            .map(ParamValue::Tuple);
    }
    if !t.isbits {
        return None;
    }
    let mut bytes = vec![0u8; t.size];
    // SAFETY: an instance has `size` bytes.
    unsafe { std::ptr::copy_nonoverlapping(v.as_ptr(), bytes.as_mut_ptr(), t.size) };
    Some(ParamValue::Bits { ty: t.ty, bytes })
}

/// The object that a type parameter is: a type object, or the value.
pub fn ty_to_value(ty: Ty) -> Value {
    match ty.kind() {
        TyKind::Value(p) => param_to_value(&p),
        _ => Value::from(ty),
    }
}

pub fn param_to_value(p: &ParamValue) -> Value {
    match p {
        ParamValue::Int(i) => Value::int(*i),
        ParamValue::Bool(b) => Value::boolean(*b),
        ParamValue::Symbol(s) => Value::symbol(*s),
        ParamValue::Char(c) => Value::char_bits(*c),
        // SAFETY: the bytes are an instance's.
        ParamValue::Bits { ty, bytes } => unsafe { Value::from_bytes(*ty, bytes.as_ptr()) },
        ParamValue::Tuple(elements) => {
            let values: crate::ValueVec = elements.iter().map(param_to_value).collect();
            object::tuple(&values)
        }
    }
}

/// `Core.apply_type(T, params...)`, that is `T{params...}`.
pub fn apply_type(t: Value, params: &[Value]) -> Result<Value, Exception> {
    let Some(ty) = t.as_type() else {
        return Err(errors::type_error("Type{...} expression", "", Value::from(core_types().unionall), t));
    };
    let mut terms = Vec::with_capacity(params.len());
    for &p in params {
        match value_to_ty(p) {
            Some(p) => terms.push(p),
            None => {
                let what = ty.unwrap_unionall().name().map_or_else(|| ty.to_string(), |n| n.name().to_string());
                return Err(errors::type_error("Type", &format!("parameter of {what}"), core_types().type_object(), p));
            }
        }
    }
    apply_terms(ty, &terms).map(Value::from)
}

/// Applies a type to terms, with Julia's exceptions.
pub fn apply_terms(ty: Ty, terms: &[Ty]) -> Result<Ty, Exception> {
    types::apply(ty, terms).map_err(|e| apply_error(ty, e))
}

/// The exception for a failed application.
fn apply_error(ty: Ty, e: types::ApplyError) -> Exception {
    use types::ApplyError as E;
    let expected =
        |context: &str, what: Ty, got: Ty| errors::type_error(context, "", Value::from(what), ty_to_value(got));
    match e {
        E::NotParametric { .. } => expected("Type{...} expression", types::builtin::union_all(), ty),
        E::TooMany { ty: applied } if applied.unionall().is_none() => {
            expected("Type{...} expression", types::builtin::union_all(), applied)
        }
        E::BadParam { context: "a member of Union", got } => expected("Union", types::builtin::type_(), got),
        E::Bound { type_name, var, got } => {
            errors::type_error(type_name.as_str(), var.name().as_str(), Value::from(var.ty()), ty_to_value(got))
        }
        e => errors::error(&e.to_string()),
    }
}
