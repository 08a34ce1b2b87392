//! `getfield` and its relatives, of structs, tuples, modules, types and simple vectors.

use super::Builtin as B;
use crate::object::{check_settable, load_field, store_field};
use crate::{Exception, Field, Module, TypeInfo, Value, core_types, egal, errors, hooks, info, reflect};
use base::Symbol;

/// How a field is named in the call.
enum Key {
    Name(Symbol),
    /// From 1, as written.
    Index(i64),
}

fn key(op: B, k: Value) -> Result<Key, Exception> {
    if let Some(i) = k.as_int() {
        Ok(Key::Index(i))
    } else if let Some(s) = k.as_symbol() {
        Ok(Key::Name(s))
    } else {
        Err(errors::type_error(op.name(), "", Value::from(core_types().symbol), k))
    }
}

/// The field that a key names, with its position.
fn find(v: Value, t: &'static TypeInfo, k: &Key) -> Result<&'static Field, Exception> {
    match *k {
        Key::Index(i) => t.fields.get((i.wrapping_sub(1)) as usize).ok_or_else(|| errors::bounds(v, i)),
        Key::Name(name) => t.fields.iter().find(|f| f.name == Some(name)).ok_or_else(|| errors::no_field(t.ty, name)),
    }
}

/// `getfield(v, key)`
#[inline]
pub fn getfield(v: Value, k: Value) -> Result<Value, Exception> {
    let t = info(v.type_of());
    if t.special {
        return special_field(v, k);
    }
    let f = match k.as_int() {
        Some(i) => t.fields.get((i.wrapping_sub(1)) as usize).ok_or_else(|| errors::bounds(v, i))?,
        None => find(v, t, &key(B::Getfield, k)?)?,
    };
    // SAFETY: the field is one of the object's type.
    unsafe { load_field(v.as_ptr(), f) }.ok_or_else(errors::undef_ref)
}

/// Fields of objects that are Rust structures.
fn special_field(v: Value, k: Value) -> Result<Value, Exception> {
    if let Some(m) = Module::from_value(v) {
        let Some(name) = k.as_symbol() else {
            return Err(errors::type_error("getfield", "", Value::from(core_types().symbol), k));
        };
        return m.get(name).ok_or_else(|| errors::undef_global(v, name));
    }
    let names = reflect::field_names(v);
    let name = match key(B::Getfield, k)? {
        Key::Name(name) => name,
        Key::Index(i) => match names.get((i.wrapping_sub(1)) as usize) {
            Some(name) => Symbol::new(name),
            None => return Err(errors::bounds(v, i)),
        },
    };
    reflect::field(v, name).unwrap_or_else(|| Err(errors::no_field(v.type_of(), name)))
}

fn store(op: B, v: Value, f: &Field, x: Value) -> Result<(), Exception> {
    if !f.accepts(x) {
        return Err(errors::type_error(op.name(), "", Value::from(f.ty), x));
    }
    // SAFETY: the field is one of the object's type, and the value fits.
    unsafe { store_field(v.as_ptr(), f, x) };
    Ok(())
}

/// The field to be changed by `op`.
fn settable(op: B, v: Value, k: Value) -> Result<&'static Field, Exception> {
    let t = info(v.type_of());
    if t.special {
        return Err(errors::error(&format!("{}: immutable struct of type {} cannot be changed", op.name(), t.ty)));
    }
    let f = find(v, t, &key(op, k)?)?;
    check_settable(t, f)?;
    Ok(f)
}

pub fn setfield(v: Value, k: Value, x: Value) -> Result<Value, Exception> {
    if let (Some(m), Some(name)) = (Module::from_value(v), k.as_symbol()) {
        return super::globals::set(m, name, x);
    }
    let f = settable(B::Setfield, v, k)?;
    store(B::Setfield, v, f, x)?;
    Ok(x)
}

fn current(v: Value, f: &Field) -> Result<Value, Exception> {
    // SAFETY: the field is one of the object's type.
    unsafe { load_field(v.as_ptr(), f) }.ok_or_else(errors::undef_ref)
}

fn isdefined(args: &[Value]) -> Result<Value, Exception> {
    let (v, k) = (args[0], args[1]);
    if let Some(m) = Module::from_value(v) {
        let Some(name) = k.as_symbol() else {
            return Err(errors::type_error("isdefined", "", Value::from(core_types().symbol), k));
        };
        return Ok(Value::boolean(m.get(name).is_some()));
    }
    let t = info(v.type_of());
    if t.special {
        let found = match key(B::Isdefined, k)? {
            Key::Name(name) => reflect::field(v, name).is_some_and(|r| r.is_ok()),
            Key::Index(i) => i >= 1 && (i as usize) <= reflect::field_names(v).len(),
        };
        return Ok(Value::boolean(found));
    }
    let found = match key(B::Isdefined, k)? {
        Key::Index(i) => t.fields.get((i.wrapping_sub(1)) as usize),
        Key::Name(name) => t.fields.iter().find(|f| f.name == Some(name)),
    };
    // SAFETY: the field is one of the object's type.
    Ok(Value::boolean(found.is_some_and(|f| unsafe { load_field(v.as_ptr(), f) }.is_some())))
}

pub fn eval(op: B, args: &[Value]) -> Result<Value, Exception> {
    let (v, k) = (args[0], args.get(1).copied().unwrap_or(args[0]));
    match op {
        B::Getfield => getfield(v, k),
        B::Setfield => setfield(v, k, args[2]),
        B::Isdefined => isdefined(args),
        B::Nfields => Ok(Value::int(info(v.type_of()).fields.len() as i64)),
        B::Swapfield => {
            let f = settable(op, v, k)?;
            let old = current(v, f)?;
            store(op, v, f, args[2])?;
            Ok(old)
        }
        B::Modifyfield => {
            let f = settable(op, v, k)?;
            let old = current(v, f)?;
            let new = hooks::call(args[2], &[old, args[3]])?;
            store(op, v, f, new)?;
            crate::new_pair(f.ty, old, new)
        }
        B::Replacefield => {
            let f = settable(op, v, k)?;
            let old = current(v, f)?;
            let hit = egal::egal(old, args[2]);
            if hit {
                store(op, v, f, args[3])?;
            }
            crate::new_replace_result(f.ty, old, hit)
        }
        _ => {
            // setfieldonce!(v, name, x)
            let f = settable(op, v, k)?;
            // SAFETY: the field is one of the object's type.
            let unset = unsafe { load_field(v.as_ptr(), f) }.is_none();
            if unset {
                store(op, v, f, args[2])?;
            }
            Ok(Value::boolean(unset))
        }
    }
}
