//! `===` and the hash that goes with it.

use crate::{TypeInfo, Value, core_types, info, object};

/// Julia's `===`.
#[inline]
pub fn egal(a: Value, b: Value) -> bool {
    if a == b {
        return true;
    }
    let t = a.type_of();
    if t != b.type_of() {
        return false;
    }
    let c = core_types();
    if t == c.int64 {
        // SAFETY: both are `Int64`s.
        return unsafe { a.read::<i64>(0) == b.read::<i64>(0) };
    }
    if t == c.string {
        return a.as_bytes() == b.as_bytes();
    }
    if t == c.simplevector {
        let (a, b) = (a.as_svec().unwrap_or(&[]), b.as_svec().unwrap_or(&[]));
        return a.len() == b.len() && a.iter().zip(b).all(|(&x, &y)| egal(x, y));
    }
    if t == c.unionall || t == c.union || t == c.datatype {
        // Equal up to the names of variables.
        return a.as_type() == b.as_type();
    }
    let t = info(t);
    // SAFETY: both are instances of `t`.
    !t.by_identity && unsafe { same_data(t, a.as_ptr(), b.as_ptr()) }
}

/// # Safety
/// Both addresses are of instances of the immutable type.
unsafe fn same_data(t: &TypeInfo, a: *const u8, b: *const u8) -> bool {
    // SAFETY: by the caller's promise all reads stay inside the instances.
    unsafe {
        if t.plain {
            return std::slice::from_raw_parts(a, t.size) == std::slice::from_raw_parts(b, t.size);
        }
        t.fields.iter().all(|f| {
            if f.inline {
                same_data(info(f.ty), a.add(f.offset), b.add(f.offset))
            } else {
                match (object::load_field(a, f), object::load_field(b, f)) {
                    (None, None) => true,
                    (Some(x), Some(y)) => egal(x, y),
                    _ => false,
                }
            }
        })
    }
}

fn mix(h: u64, x: u64) -> u64 {
    let x = (h ^ x).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(23)
}

/// Hashes bytes; the same in every process.
pub fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    let mut h = mix(seed, bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for c in &mut chunks {
        h = mix(h, u64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]));
    }
    let mut last = [0u8; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    let h = mix(h, u64::from_le_bytes(last));
    h ^ (h >> 29)
}

/// `objectid`: equal for values that are `===`. Mutable objects hash by address.
pub fn object_id(v: Value) -> u64 {
    let c = core_types();
    let t = v.type_of();
    if t == c.string {
        return hash_bytes(1, v.as_bytes().unwrap_or(&[]));
    }
    if let Some(s) = v.as_symbol() {
        return crate::murmur::of_symbol(s.as_str());
    }
    if let Some(ty) = v.as_type() {
        return type_id(ty);
    }
    if let Some(m) = crate::Module::from_value(v) {
        return hash_bytes(3, m.path().as_bytes());
    }
    if let Some(elements) = v.as_svec() {
        return elements.iter().fold(4, |h, &x| mix(h, object_id(x)));
    }
    let t = info(t);
    if t.by_identity {
        return mix(5, v.addr() as u64);
    }
    // SAFETY: `v` is an instance of `t`.
    unsafe { data_id(type_id(t.ty), t, v.as_ptr()) }
}

fn type_id(ty: types::Ty) -> u64 {
    let f = types::fingerprint(ty);
    u64::from_le_bytes([f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]])
}

/// # Safety
/// `data` is the address of an instance of the immutable type.
unsafe fn data_id(seed: u64, t: &TypeInfo, data: *const u8) -> u64 {
    // SAFETY: by the caller's promise all reads stay inside the instance.
    unsafe {
        if t.plain {
            return hash_bytes(seed, std::slice::from_raw_parts(data, t.size));
        }
        t.fields.iter().fold(seed, |h, f| {
            if f.inline {
                data_id(h, info(f.ty), data.add(f.offset))
            } else {
                mix(h, object::load_field(data, f).map_or(0, object_id))
            }
        })
    }
}
