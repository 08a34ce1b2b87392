//! Reading arguments of host functions.

use crate::array::Array;
use crate::{Exception, Value, core_types, errors, gc, info};
use types::Ty;

pub type R = Result<Value, Exception>;

pub fn int(v: Value) -> Result<i64, Exception> {
    v.as_any_int()
        .and_then(|i| i64::try_from(i).ok())
        .ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().int64), v))
}

/// An integer of 64 bits, signed or not, as its bit pattern.
pub fn word(v: Value) -> Result<u64, Exception> {
    v.as_any_int()
        .map(|i| i as u64)
        .ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().uint64), v))
}

pub fn bytes(v: Value) -> Result<&'static [u8], Exception> {
    if let Some(s) = v.as_symbol() {
        return Ok(s.as_str().as_bytes());
    }
    v.as_bytes().ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().string), v))
}

pub fn text(v: Value) -> Result<std::borrow::Cow<'static, str>, Exception> {
    bytes(v).map(String::from_utf8_lossy)
}

pub fn ty(v: Value) -> Result<Ty, Exception> {
    v.as_type().ok_or_else(|| errors::type_error("host function", "", core_types().type_object(), v))
}

pub fn array(v: Value) -> Result<Array, Exception> {
    Array::from_value(v).ok_or_else(|| errors::type_error("host function", "", core_types().array_object(), v))
}

/// The bytes behind a `Vector{UInt8}`, a `Memory{UInt8}` or a `String`.
pub fn byte_data(v: Value) -> Result<&'static [u8], Exception> {
    if let Some(b) = v.as_bytes() {
        return Ok(b);
    }
    let t = info(v.type_of());
    if t.is_memory {
        let (n, p) = crate::array::memory_parts(v);
        // SAFETY: the memory has `n` elements; the caller keeps the argument reachable.
        return Ok(unsafe { std::slice::from_raw_parts(p, n * t.elements()?.stride) });
    }
    // SAFETY: the caller keeps the argument reachable and does not resize it.
    Ok(unsafe { array(v)?.bytes() })
}

/// A `Vector{UInt8}` of these bytes.
pub fn byte_vector(bytes: &[u8]) -> R {
    let v = crate::array::array_new(core_types().uint8, &[bytes.len() as i64])?;
    // SAFETY: the array has just been made with room for the bytes.
    unsafe { array(v)?.bytes() }.copy_from_slice(bytes);
    Ok(v)
}

pub fn boolean(x: bool) -> R {
    Ok(Value::boolean(x))
}

pub fn nothing() -> R {
    gc::enter();
    Ok(Value::nothing())
}

/// Bits and width of a floating-point number.
pub fn float(v: Value) -> Result<(u32, u64), Exception> {
    let c = core_types();
    let t = v.type_of();
    if t != c.float64 && t != c.float32 && t != c.float16 {
        return Err(errors::type_error("host function", "", Value::from(c.float64), v));
    }
    let t = info(t);
    Ok((t.bits, crate::intrinsic::load_bits(v, t) as u64))
}
