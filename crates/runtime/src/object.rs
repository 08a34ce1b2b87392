//! Objects by layout: making them, reading and writing fields.

use crate::{Exception, Field, TypeInfo, Value, core_types, errors, gc, info};
use base::Symbol;
use types::Ty;

/// Writes `x` into field `f` of the object or inline part at `base`. The type has been checked.
///
/// # Safety
/// `base` points to an instance of the type that has this field; `x` is an instance of the field's type.
#[inline]
pub unsafe fn store_field(base: *mut u8, f: &Field, x: Value) {
    // SAFETY: by the caller's promise the field lies in the object; inline data have the field's size.
    unsafe {
        if f.inline {
            std::ptr::copy_nonoverlapping(x.as_ptr(), base.add(f.offset), f.size);
        } else {
            // Other threads may see the object: publish what `x` refers to before `x`.
            (*(base.add(f.offset) as *const std::sync::atomic::AtomicPtr<u8>))
                .store(x.as_ptr(), std::sync::atomic::Ordering::Release);
        }
    }
}

/// Reads field `f`; `None` where the reference is null.
///
/// # Safety
/// `base` points to an instance of the type that has this field and stays reachable.
#[inline]
pub unsafe fn load_field(base: *const u8, f: &Field) -> Option<Value> {
    // SAFETY: by the caller's promise.
    unsafe {
        if f.inline {
            Some(Value::from_bytes(f.ty, base.add(f.offset)))
        } else {
            let p = (*(base.add(f.offset) as *const std::sync::atomic::AtomicPtr<u8>))
                .load(std::sync::atomic::Ordering::Acquire);
            if p.is_null() { None } else { Some(Value::from_ptr(p)) }
        }
    }
}

/// A zeroed object of a concrete struct or primitive type (the one instance of a singleton type).
#[inline]
pub fn allocate(t: &TypeInfo) -> Value {
    if let Some(v) = t.instance {
        return v;
    }
    if t.has_references { gc::alloc(t.ty, t.size) } else { gc::alloc_atomic(t.ty, t.size) }
}

/// An object of concrete struct type from its leading fields, whose types have been checked or are known.
///
/// # Safety
/// Each value is an instance of its field's type; there are at most as many as fields.
pub unsafe fn new_unchecked(t: &TypeInfo, fields: &[Value]) -> Value {
    let v = allocate(t);
    if t.instance.is_some() {
        return v;
    }
    for (f, &x) in t.fields.iter().zip(fields) {
        // SAFETY: by the caller's promise.
        unsafe { store_field(v.as_ptr(), f, x) };
    }
    v
}

/// `new(args...)`: checks the number and the types of the fields.
pub fn new_object(ty: Ty, fields: &[Value]) -> Result<Value, Exception> {
    if !ty.is_datatype() || !ty.is_concrete() {
        return Err(errors::type_error("new", "", core_types().datatype_object(), Value::from(ty)));
    }
    let t = info(ty);
    if fields.len() > t.fields.len() {
        return Err(errors::error("new: too many arguments"));
    }
    if fields.len() < t.ninit {
        return Err(errors::error("new: too few arguments (expected at least the fields that are always initialised)"));
    }
    for (f, &x) in t.fields.iter().zip(fields) {
        if !f.accepts(x) {
            return Err(errors::type_error("new", "", Value::from(f.ty), x));
        }
    }
    // SAFETY: just checked.
    Ok(unsafe { new_unchecked(t, fields) })
}

/// A tuple of these values.
#[inline]
pub fn tuple(values: &[Value]) -> Value {
    let t = crate::typeinfo::tuple_info(values);
    // SAFETY: the type was made from the values' types.
    unsafe { new_unchecked(t, values) }
}

/// A `NamedTuple`.
pub fn named_tuple(names: &[Symbol], values: &[Value]) -> Value {
    debug_assert_eq!(names.len(), values.len());
    let ty = crate::typeinfo::named_tuple_type(names, values);
    // SAFETY: the type was made from the values' types.
    unsafe { new_unchecked(info(ty), values) }
}

/// Number of fields of an object (elements of a tuple, `svec`'s hidden ones are none).
pub fn nfields(v: Value) -> usize {
    info(v.type_of()).fields.len()
}

/// Field `i` (from 0) of any struct or tuple object. Undefined fields and missing indices are errors.
#[inline]
pub fn get_index(v: Value, i: usize) -> Result<Value, Exception> {
    let t = info(v.type_of());
    let Some(f) = t.fields.get(i) else { return Err(errors::bounds(v, i as i64 + 1)) };
    // SAFETY: the field is one of the object's type.
    unsafe { load_field(v.as_ptr(), f) }.ok_or_else(errors::undef_ref)
}

/// Element `i` of a tuple or field of a struct, which the caller knows to exist and to be defined.
pub fn field_at(v: Value, i: usize) -> Value {
    get_index(v, i).unwrap_or_else(|_| Value::nothing())
}

/// The fields of a tuple (or any struct whose fields are all defined).
pub fn fields_of(v: Value) -> crate::ValueVec {
    let t = info(v.type_of());
    // SAFETY: the fields are those of the object's type.
    t.fields.iter().filter_map(|f| unsafe { load_field(v.as_ptr(), f) }).collect()
}

/// The position (from 0) of a field name.
pub fn field_index(t: &TypeInfo, name: Symbol) -> Option<usize> {
    t.fields.iter().position(|f| f.name == Some(name))
}

/// Named field of an object that Rust code knows to have it.
pub fn field(v: Value, name: &str) -> Option<Value> {
    let t = info(v.type_of());
    let i = t.fields.iter().position(|f| f.name.is_some_and(|n| n.as_str() == name))?;
    // SAFETY: the field is one of the object's type.
    unsafe { load_field(v.as_ptr(), &t.fields[i]) }
}

/// Sets field `i` (from 0) after checking mutability and type.
pub fn set_index(v: Value, i: usize, x: Value) -> Result<(), Exception> {
    let t = info(v.type_of());
    let Some(f) = t.fields.get(i) else { return Err(errors::bounds(v, i as i64 + 1)) };
    check_settable(t, f)?;
    if !f.accepts(x) {
        return Err(errors::type_error("setfield!", "", Value::from(f.ty), x));
    }
    // SAFETY: just checked.
    unsafe { store_field(v.as_ptr(), f, x) };
    Ok(())
}

pub fn check_settable(t: &TypeInfo, f: &Field) -> Result<(), Exception> {
    if !t.mutable {
        return Err(errors::error(&format!(
            "setfield!: immutable struct of type {} cannot be changed",
            errors::short_name(t.ty)
        )));
    }
    if f.constant {
        let name = f.name.map_or("", |n| n.as_str());
        return Err(errors::error(&format!(
            "setfield!: const field .{name} of type {} cannot be changed",
            errors::short_name(t.ty)
        )));
    }
    Ok(())
}
