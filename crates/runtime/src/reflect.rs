//! Types, type names, type variables, modules and simple vectors as objects with fields.

use crate::{Exception, Module, Value, core_types, errors, gc, info, param};
use base::Symbol;
use std::sync::atomic::Ordering;
use types::{Ty, TyKind, TypeName};

/// The `TypeName` object of a name: one per name.
pub fn type_name_object(name: TypeName) -> Value {
    let cell = name.scratch(0);
    let found = cell.load(Ordering::Acquire);
    let address = if found != 0 {
        found
    } else {
        let fresh = gc::leak(core_types().typename, name).addr();
        cell.compare_exchange(0, fresh, Ordering::AcqRel, Ordering::Acquire).map_or_else(|other| other, |_| fresh)
    };
    // SAFETY: the word holds the address of a leaked cell.
    unsafe { Value::from_ptr(address as *mut u8) }
}

/// The name behind a `TypeName` object.
pub fn as_type_name(v: Value) -> Option<TypeName> {
    // SAFETY: objects of this type are made by `type_name_object` only.
    v.is(core_types().typename).then(|| unsafe { v.read(0) })
}

/// Names of the fields that `getfield` answers for objects without a layout.
pub fn field_names(v: Value) -> &'static [&'static str] {
    if as_type_name(v).is_some() {
        return &["name", "module", "names", "wrapper", "mt", "flags"];
    }
    match v.as_type().map(Ty::kind) {
        Some(TyKind::DataType(..)) => &["name", "super", "parameters", "types", "instance", "hash", "layout", "flags"],
        Some(TyKind::UnionAll { .. }) => &["var", "body"],
        Some(TyKind::Union(_)) => &["a", "b"],
        Some(TyKind::Var(_)) => &["name", "lb", "ub"],
        Some(TyKind::Vararg { .. }) => &["T", "N"],
        _ => &[],
    }
}

/// The named field of such an object; `None` where it has no such field.
pub fn field(v: Value, name: Symbol) -> Option<Result<Value, Exception>> {
    if let Some(n) = as_type_name(v) {
        return type_name_field(n, name.as_str());
    }
    let ty = v.as_type()?;
    Some(Ok(match (ty.kind(), name.as_str()) {
        (TyKind::DataType(n, _), "name") => type_name_object(n),
        (TyKind::DataType(..), "super") => param::ty_to_value(ty.supertype()),
        (TyKind::DataType(_, params), "parameters") => Value::svec_from(params.iter().map(|&p| param::ty_to_value(p))),
        (TyKind::DataType(..), "types") => Value::svec_from(ty.field_types().iter().map(|&t| param::ty_to_value(t))),
        (TyKind::DataType(..), "instance") => {
            let instance = if ty.is_concrete() { info(ty).instance } else { None };
            return Some(instance.ok_or_else(errors::undef_ref));
        }
        (TyKind::DataType(..), "hash") => Value::int((crate::egal::object_id(v) & 0x7fff_ffff) as i64),
        (TyKind::DataType(..), "flags") => Value::int(0),
        (TyKind::UnionAll { var, .. }, "var") => Value::from(var.ty()),
        (TyKind::UnionAll { body, .. }, "body") => param::ty_to_value(body),
        (TyKind::Union(parts), "a") => param::ty_to_value(parts[0]),
        (TyKind::Union(parts), "b") => param::ty_to_value(types::make_union(&parts[1..])),
        (TyKind::Var(var), "name") => Value::symbol(var.name()),
        (TyKind::Var(var), "lb") => param::ty_to_value(var.lower()),
        (TyKind::Var(var), "ub") => param::ty_to_value(var.upper()),
        (TyKind::Vararg { elem, .. }, "T") => return Some(elem.map(param::ty_to_value).ok_or_else(errors::undef_ref)),
        (TyKind::Vararg { len, .. }, "N") => return Some(len.map(param::ty_to_value).ok_or_else(errors::undef_ref)),
        _ => return None,
    }))
}

fn type_name_field(n: TypeName, field: &str) -> Option<Result<Value, Exception>> {
    Some(Ok(match field {
        "name" => Value::symbol(n.name()),
        "module" => module_by_path(n.module().as_str()).map_or_else(Value::nothing, Module::value),
        "names" => {
            let names = n.fields().map_or(&[][..], |f| &f.names);
            Value::svec_from(names.iter().map(|&s| Value::symbol(s)))
        }
        "wrapper" => Value::from(n.wrapper()),
        "mt" => type_name_object(n),
        "flags" => Value::int(0),
        _ => return None,
    }))
}

/// The module of a dotted path from a root module.
pub fn module_by_path(path: &str) -> Option<&'static Module> {
    let mut parts = path.split('.');
    let mut m = crate::module::root(Symbol::new(parts.next()?))?;
    for p in parts {
        m = Module::from_value(m.get(Symbol::new(p))?)?;
    }
    Some(m)
}
