//! Constants of inference: interned and pinned, so that they can live in Rust's memory and compare by address.

use crate::lattice::Lat;
use crate::ty;
use runtime::Value;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};
use types::Ty;

/// The representative of all objects `===` to `v`; lives forever. Mutable objects stand for themselves.
pub fn intern(v: Value) -> Value {
    if v.as_type().is_some() || v.as_symbol().is_some() {
        return v;
    }
    if let Some(b) = v.as_bool() {
        return Value::boolean(b);
    }
    if let Some(instance) = ty::singleton(v.type_of()) {
        return instance;
    }
    static POOL: OnceLock<Mutex<HashMap<u64, Vec<Value>>>> = OnceLock::new();
    let hash = runtime::object_id(v);
    let mut pool = POOL.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
    let same_hash = pool.entry(hash).or_default();
    if let Some(&found) = same_hash.iter().find(|&&w| runtime::egal(w, v)) {
        return found;
    }
    let v = runtime::pin(v);
    same_hash.push(v);
    v
}

/// Is the object the same whenever it is made: without identity, or known by its content?
pub fn is_immutable(v: Value) -> bool {
    v.as_type().is_some() || v.as_symbol().is_some() || v.as_bytes().is_some() || !runtime::info(v.type_of()).mutable
}

/// Builds an immutable object from constant fields; `None` if some field is not constant or the object would be
/// mutable or incomplete.
pub fn build(ty: Ty, fields: &[Lat]) -> Option<Value> {
    if !ty::is_immutable_struct(ty) || ty::field_count(ty) != Some(fields.len()) {
        return None;
    }
    let mut values = runtime::ValueVec::new();
    for f in fields {
        values.push(f.as_const()?);
    }
    runtime::new_object(ty, &values).ok().map(intern)
}

/// Field `i` (from 0) of a constant, where reading it now is the same as reading it later: fields of immutable
/// objects and `const` fields of mutable ones.
pub fn field(v: Value, i: usize) -> Option<Lat> {
    let ty = v.type_of();
    if !ty::field_is_const(ty, i) {
        return None;
    }
    runtime::object::get_index(v, i).ok().map(Lat::constant)
}
