//! The uniform object reference and what every object can be asked.

use crate::{core_types, gc, info};
use base::Symbol;
use std::ptr::NonNull;
use types::Ty;

/// A reference to an object's data. The eight bytes before the data hold the object's concrete
/// type ([`Value::type_of`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(NonNull<u8>);

// SAFETY: a `Value` is an address. What may be done with the object behind it from several
// threads is the Julia program's business, as with any shared mutable object.
unsafe impl Send for Value {}
// SAFETY: as above.
unsafe impl Sync for Value {}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::debug::describe(*self, 3))
    }
}

/// A Julia exception on its way up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exception(pub Value);

impl From<Exception> for Value {
    fn from(e: Exception) -> Value {
        e.0
    }
}

impl From<Ty> for Value {
    #[inline]
    fn from(ty: Ty) -> Value {
        crate::core_types::ensure_tagged(ty);
        // SAFETY: type cells carry a tag word, written above, before the part that the address names.
        unsafe { Value::from_ptr(ty.as_value_address() as *mut u8) }
    }
}

impl Value {
    /// Address of the object's data.
    #[inline]
    pub fn addr(self) -> usize {
        self.0.as_ptr() as usize
    }

    #[inline]
    pub fn as_ptr(self) -> *mut u8 {
        self.0.as_ptr()
    }

    /// # Safety
    /// `ptr` is the data address of a live object with a tag word before it.
    #[inline]
    pub unsafe fn from_ptr(ptr: *mut u8) -> Value {
        debug_assert!(!ptr.is_null());
        // SAFETY: objects are never at address 0.
        Value(unsafe { NonNull::new_unchecked(ptr) })
    }

    /// The concrete type of the object.
    #[inline]
    pub fn type_of(self) -> Ty {
        // SAFETY: every object has its type's address in the word before its data.
        unsafe { *(self.0.as_ptr() as *const Ty).sub(1) }
    }

    /// Reads a plain part of the object's data.
    ///
    /// # Safety
    /// The data has a valid `T` at the offset.
    #[inline]
    pub unsafe fn read<T: Copy>(self, offset: usize) -> T {
        // SAFETY: by the caller's promise; packed reads need no alignment.
        unsafe { (self.as_ptr().add(offset) as *const T).read_unaligned() }
    }

    /// # Safety
    /// The data has room for a `T` at the offset, and its type allows the value.
    #[inline]
    pub unsafe fn write<T: Copy>(self, offset: usize, x: T) {
        // SAFETY: by the caller's promise.
        unsafe { (self.as_ptr().add(offset) as *mut T).write_unaligned(x) }
    }

    /// The reference at an offset; `None` where it is null (undefined).
    ///
    /// # Safety
    /// The data has a reference field at the offset.
    #[inline]
    pub unsafe fn reference(self, offset: usize) -> Option<Value> {
        // SAFETY: by the caller's promise.
        NonNull::new(unsafe { self.read::<*mut u8>(offset) }).map(Value)
    }

    // ---- constants -----------------------------------------------------------------------------

    #[inline]
    pub fn nothing() -> Value {
        core_types().nothing_value
    }

    #[inline]
    pub fn boolean(x: bool) -> Value {
        let c = core_types();
        if x { c.true_value } else { c.false_value }
    }

    // ---- boxes -----------------------------------------------------------------------------------

    /// An `Int64`.
    #[inline]
    pub fn int(x: i64) -> Value {
        let c = core_types();
        if let Some(&v) = c.small_ints.get((x.wrapping_add(crate::core_types::SMALL_INT_MIN)) as usize) {
            return v;
        }
        let v = gc::alloc_atomic(c.int64, 8);
        // SAFETY: just allocated with 8 bytes.
        unsafe { v.write(0, x) };
        v
    }

    pub fn uint64(x: u64) -> Value {
        Value::bits(core_types().uint64, x)
    }

    pub fn uint32(x: u32) -> Value {
        Value::bits(core_types().uint32, x)
    }

    pub fn uint8(x: u8) -> Value {
        core_types().bytes[x as usize]
    }

    pub fn int32(x: i32) -> Value {
        Value::bits(core_types().int32, x)
    }

    #[inline]
    pub fn float64(x: f64) -> Value {
        Value::bits(core_types().float64, x)
    }

    pub fn float32(x: f32) -> Value {
        Value::bits(core_types().float32, x)
    }

    /// A `Char` from its bits (UTF-8 left-aligned).
    pub fn char_bits(x: u32) -> Value {
        let c = core_types();
        if x & 0x80ff_ffff == 0 { c.ascii[(x >> 24) as usize] } else { Value::bits(c.char, x) }
    }

    pub fn char(c: char) -> Value {
        Value::char_bits(crate::strings::char_to_bits(c))
    }

    /// A fresh box of a primitive type whose data is `x`.
    #[inline]
    pub fn bits<T: Copy>(ty: Ty, x: T) -> Value {
        let v = gc::alloc_atomic(ty, size_of::<T>());
        // SAFETY: just allocated with the size of `T`.
        unsafe { v.write(0, x) };
        v
    }

    /// A value of the inline type `ty` copied from `data`, with the caches for small numbers.
    ///
    /// # Safety
    /// `data` points to a valid instance's bytes; if these hold references, the collector sees `data`.
    pub unsafe fn from_bytes(ty: Ty, data: *const u8) -> Value {
        let t = info(ty);
        if let Some(instance) = t.instance {
            return instance;
        }
        let c = core_types();
        // SAFETY: `data` holds the type's bytes.
        unsafe {
            if ty == c.int64 {
                return Value::int((data as *const i64).read_unaligned());
            } else if ty == c.bool {
                return Value::boolean(*data & 1 == 1);
            } else if ty == c.uint8 {
                return Value::uint8(*data);
            } else if ty == c.char {
                return Value::char_bits((data as *const u32).read_unaligned());
            }
            // `data` may be inside a collected object that only this address keeps: it is on our stack.
            let v = if t.has_references { gc::alloc(ty, t.size) } else { gc::alloc_atomic(ty, t.size) };
            std::ptr::copy_nonoverlapping(data, v.as_ptr(), t.size);
            v
        }
    }

    // ---- what is it ------------------------------------------------------------------------------

    #[inline]
    pub fn is(self, ty: Ty) -> bool {
        self.type_of() == ty
    }

    #[inline]
    pub fn is_nothing(self) -> bool {
        self == Value::nothing()
    }

    #[inline]
    pub fn as_int(self) -> Option<i64> {
        // SAFETY: an `Int64` has 8 bytes of data.
        self.is(core_types().int64).then(|| unsafe { self.read(0) })
    }

    /// Any integer type that fits, for arguments of host functions.
    pub fn as_any_int(self) -> Option<i128> {
        let c = core_types();
        let t = self.type_of();
        // SAFETY: each type has the data read.
        unsafe {
            Some(if t == c.int64 {
                self.read::<i64>(0) as i128
            } else if t == c.int32 {
                self.read::<i32>(0) as i128
            } else if t == c.int16 {
                self.read::<i16>(0) as i128
            } else if t == c.int8 {
                self.read::<i8>(0) as i128
            } else if t == c.uint64 {
                self.read::<u64>(0) as i128
            } else if t == c.uint32 {
                self.read::<u32>(0) as i128
            } else if t == c.uint16 {
                self.read::<u16>(0) as i128
            } else if t == c.uint8 || t == c.bool {
                self.read::<u8>(0) as i128
            } else if t == c.int128 {
                self.read::<i128>(0)
            } else {
                return None;
            })
        }
    }

    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        let c = core_types();
        if self == c.true_value {
            Some(true)
        } else if self == c.false_value {
            Some(false)
        } else if self.is(c.bool) {
            // Made by compiled code, which does not know the two constants.
            // SAFETY: a `Bool` has one byte.
            Some(unsafe { self.read::<u8>(0) } & 1 == 1)
        } else {
            None
        }
    }

    pub fn as_float64(self) -> Option<f64> {
        // SAFETY: a `Float64` has 8 bytes.
        self.is(core_types().float64).then(|| unsafe { self.read(0) })
    }

    /// The bits of a `Char`.
    pub fn as_char_bits(self) -> Option<u32> {
        // SAFETY: a `Char` has 4 bytes.
        self.is(core_types().char).then(|| unsafe { self.read(0) })
    }

    /// The type that this object is, if it is one (`Int`, `Vector`, `Union{}`, a `TypeVar`…).
    #[inline]
    pub fn as_type(self) -> Option<Ty> {
        let c = core_types();
        let t = self.type_of();
        if t == c.datatype
            || t == c.unionall
            || t == c.union
            || t == c.typeofbottom
            || t == c.typevar
            || t == c.typeofvararg
        {
            // SAFETY: objects of these types are type cells.
            Some(unsafe { Ty::from_value_address(self.addr()) })
        } else {
            None
        }
    }

    /// Like [`Value::as_type`], but only what may stand where a type is asked for (no `TypeVar`,
    /// no bare `Vararg`).
    pub fn as_proper_type(self) -> Option<Ty> {
        let c = core_types();
        let t = self.type_of();
        if t == c.typevar || t == c.typeofvararg { None } else { self.as_type() }
    }

    pub fn as_symbol(self) -> Option<Symbol> {
        // SAFETY: symbol objects hold a `Symbol`.
        self.is(core_types().symbol).then(|| unsafe { self.read(0) })
    }

    /// The bytes of a `String`.
    pub fn as_bytes(self) -> Option<&'static [u8]> {
        if !self.is(core_types().string) {
            return None;
        }
        // SAFETY: a `String` has its length and then as many bytes. The lifetime is a promise of the caller to
        // keep the object reachable while it looks at the bytes.
        unsafe {
            let n: usize = self.read(0);
            Some(std::slice::from_raw_parts(self.as_ptr().add(8), n))
        }
    }

    /// A `String`'s text, with replacement characters where it is not UTF-8.
    pub fn as_text(self) -> Option<std::borrow::Cow<'static, str>> {
        self.as_bytes().map(String::from_utf8_lossy)
    }

    /// The elements of a `SimpleVector`.
    pub fn as_svec(self) -> Option<&'static [Value]> {
        if !self.is(core_types().simplevector) {
            return None;
        }
        // SAFETY: a `SimpleVector` has its length and then as many references.
        unsafe {
            let n: usize = self.read(0);
            Some(std::slice::from_raw_parts(self.as_ptr().add(8) as *const Value, n))
        }
    }
}
