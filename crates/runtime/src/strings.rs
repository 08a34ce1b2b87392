//! Strings, symbols, characters and simple vectors.

use crate::{Value, core_types, gc};
use base::Symbol;
use std::collections::HashMap;
use std::sync::{OnceLock, RwLock};

/// A `String` with these bytes.
pub fn string_from_bytes(bytes: &[u8]) -> Value {
    let v = string_uninit(bytes.len());
    // SAFETY: the object has room for the bytes.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), v.as_ptr().add(8), bytes.len()) };
    v
}

/// A `String` of `len` zero bytes, to be filled before anyone else sees it.
pub fn string_uninit(len: usize) -> Value {
    let v = gc::alloc_atomic(core_types().string, 8 + len + 1);
    // SAFETY: room for the length.
    unsafe { v.write(0, len) };
    v
}

impl Value {
    /// A `String`.
    pub fn string(text: &str) -> Value {
        string_from_bytes(text.as_bytes())
    }

    /// The `Symbol` object of a name: one per name, for ever.
    pub fn symbol(name: impl Into<Symbol>) -> Value {
        static SYMBOLS: OnceLock<RwLock<HashMap<Symbol, Value>>> = OnceLock::new();
        let name = name.into();
        let symbols = SYMBOLS.get_or_init(Default::default);
        if let Some(&v) = symbols.read().unwrap_or_else(|e| e.into_inner()).get(&name) {
            return v;
        }
        let mut symbols = symbols.write().unwrap_or_else(|e| e.into_inner());
        *symbols.entry(name).or_insert_with(|| gc::leak(core_types().symbol, name))
    }

    /// A `SimpleVector`.
    pub fn svec(values: &[Value]) -> Value {
        let v = gc::alloc(core_types().simplevector, 8 + 8 * values.len());
        // SAFETY: room for the length and the references.
        unsafe {
            v.write(0, values.len());
            std::ptr::copy_nonoverlapping(values.as_ptr(), v.as_ptr().add(8) as *mut Value, values.len());
        }
        v
    }

    pub fn svec_from(values: impl IntoIterator<Item = Value>) -> Value {
        let values: crate::ValueVec = values.into_iter().collect();
        Value::svec(&values)
    }
}

/// Julia's representation of a character: its UTF-8 bytes, left-aligned.
pub fn char_to_bits(c: char) -> u32 {
    let mut bytes = [0u8; 4];
    c.encode_utf8(&mut bytes);
    u32::from_be_bytes(bytes)
}

/// The character of these bits; `None` where they are not well-formed UTF-8.
pub fn bits_to_char(bits: u32) -> Option<char> {
    let bytes = bits.to_be_bytes();
    let len = char_length(bits);
    let text = std::str::from_utf8(&bytes[..len]).ok()?;
    let mut chars = text.chars();
    let c = chars.next()?;
    chars.next().is_none().then_some(c)
}

/// How many bytes the character of these bits takes in a string.
pub fn char_length(bits: u32) -> usize {
    // Trailing zero bytes are padding; a zero character is one byte.
    4 - (bits.trailing_zeros() as usize / 8).min(3)
}

/// Bits of the character at the start of `bytes`, as Julia's decoder takes malformed sequences: a lead
/// byte with as many continuation bytes as are there.
pub fn decode(bytes: &[u8]) -> (u32, usize) {
    let lead = bytes[0];
    let want = match lead {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    let mut bits = u32::from(lead) << 24;
    let mut n = 1;
    while n < want && n < bytes.len() && bytes[n] & 0xc0 == 0x80 {
        bits |= u32::from(bytes[n]) << (24 - 8 * n);
        n += 1;
    }
    (bits, n)
}
