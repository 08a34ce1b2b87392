//! `Memory`, `MemoryRef` and `Array` objects.

use crate::{Exception, TypeInfo, Value, core_types, errors, gc, info};
use types::Ty;

/// How the elements of a memory lie.
#[derive(Clone, Copy, Debug)]
pub struct Elements {
    pub ty: Ty,
    /// Bytes from one element to the next: 8 for references.
    pub stride: usize,
    pub inline: bool,
    pub has_references: bool,
    /// Where an inline element has its first reference: null there means undefined.
    pub first_reference: usize,
}

/// Offset of the elements that follow a memory object's own fields.
const MEMORY_HEAD: usize = 16;

/// How elements of declared type `ty` lie: the field rule.
pub fn elements_of(ty: Ty) -> Elements {
    if ty.is_inline_alloc()
        && let Some(layout) = ty.layout()
    {
        return Elements {
            ty,
            stride: layout.size.next_multiple_of(layout.align.max(1)),
            inline: true,
            has_references: !layout.pointers.is_empty(),
            first_reference: layout.pointers.first().copied().unwrap_or(0),
        };
    }
    Elements { ty, stride: 8, inline: false, has_references: true, first_reference: 0 }
}

impl TypeInfo {
    /// The elements of a `Memory`, `MemoryRef` or `Array` type.
    pub fn elements(&self) -> Result<&Elements, Exception> {
        self.elements.as_ref().ok_or_else(|| errors::error(&format!("{} has no elements", self.ty)))
    }
}

/// A zeroed memory of `len` elements. `ty` is the concrete `Memory{T}`.
pub fn memory_new(ty: Ty, len: i64) -> Result<Value, Exception> {
    let t = info(ty);
    let e = t.elements()?;
    let bytes = usize::try_from(len).ok().and_then(|n| n.checked_mul(e.stride)).filter(|&b| b < 1 << 46);
    let Some(bytes) = bytes else {
        return Err(errors::argument(
            "invalid GenericMemory size: the number of elements is either negative or too large for system address width",
        ));
    };
    let size = MEMORY_HEAD + bytes;
    let v = if e.has_references { gc::alloc(ty, size) } else { gc::alloc_atomic(ty, size) };
    // SAFETY: the head has room for the length and the address of the elements, which stay in this object.
    unsafe {
        v.write(0, len);
        v.write(8, v.as_ptr().add(MEMORY_HEAD));
    }
    Ok(v)
}

/// A memory object around elements that live elsewhere (`unsafe_wrap`).
///
/// # Safety
/// `data` points to `len` elements that outlive the object.
pub unsafe fn memory_wrap(ty: Ty, data: *mut u8, len: i64) -> Value {
    let v = gc::alloc(ty, MEMORY_HEAD);
    // SAFETY: the head has room for both.
    unsafe {
        v.write(0, len);
        v.write(8, data);
    }
    v
}

/// Length and address of the elements of a memory object.
#[inline]
pub fn memory_parts(mem: Value) -> (usize, *mut u8) {
    // SAFETY: memory objects start with these two words.
    unsafe { (mem.read::<usize>(0), mem.read::<*mut u8>(8)) }
}

/// Address and memory of a reference object (or of the first words of an `Array`).
#[inline]
pub fn ref_parts(r: Value) -> (*mut u8, Value) {
    // SAFETY: both kinds of object start with these two words, always initialised.
    unsafe { (r.read::<*mut u8>(0), r.read::<Value>(8)) }
}

/// A `MemoryRef` of concrete type `ty`. The address is only kept, not followed.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "the pointer is stored, never read")]
pub fn ref_new(ty: Ty, ptr: *mut u8, mem: Value) -> Value {
    let v = gc::alloc(ty, 16);
    // SAFETY: the object has room for both words.
    unsafe {
        v.write(0, ptr);
        v.write(8, mem);
    }
    v
}

/// Reads the element at `p`. `None`: an undefined reference.
///
/// # Safety
/// `p` points to an element of this kind in a reachable memory.
#[inline]
pub unsafe fn load_element(e: &Elements, p: *const u8) -> Option<Value> {
    // SAFETY: by the caller's promise.
    unsafe {
        if e.inline {
            if e.has_references && (p.add(e.first_reference) as *const *mut u8).read_unaligned().is_null() {
                return None;
            }
            Some(Value::from_bytes(e.ty, p))
        } else {
            let r = *(p as *const *mut u8);
            if r.is_null() { None } else { Some(Value::from_ptr(r)) }
        }
    }
}

/// Writes an element whose type has been checked.
///
/// # Safety
/// As for [`load_element`]; `x` is an instance of the element type.
#[inline]
pub unsafe fn store_element(e: &Elements, p: *mut u8, x: Value) {
    // SAFETY: by the caller's promise.
    unsafe {
        if e.inline {
            std::ptr::copy_nonoverlapping(x.as_ptr(), p, info(e.ty).size);
        } else {
            *(p as *mut *mut u8) = x.as_ptr();
        }
    }
}

/// An `Array{T,N}` of undefined (zeroed) elements.
pub fn array_new(elem: Ty, dims: &[i64]) -> Result<Value, Exception> {
    let c = core_types();
    let len = dims.iter().try_fold(1i64, |n, &d| if d < 0 { None } else { n.checked_mul(d) });
    let Some(len) = len else { return Err(errors::argument("invalid Array dimensions")) };
    let mem = memory_new(c.memory_of(elem), len)?;
    Ok(array_over(elem, mem, dims))
}

/// An `Array{T,N}` over all of a memory.
pub fn array_over(elem: Ty, mem: Value, dims: &[i64]) -> Value {
    let ty = core_types().array_of(elem, dims.len());
    let v = gc::alloc(ty, 16 + 8 * dims.len());
    // SAFETY: an array has the reference's two words and then its sizes.
    unsafe {
        v.write(0, memory_parts(mem).1);
        v.write(8, mem);
        for (i, &d) in dims.iter().enumerate() {
            v.write(16 + 8 * i, d);
        }
    }
    v
}

/// A `Vector{Any}` of these values.
pub fn vector_any(values: &[Value]) -> Value {
    vector_of(core_types().any, values)
}

/// A `Vector{elem}` of these values, which are known to be of that type.
pub fn vector_of(elem: Ty, values: &[Value]) -> Value {
    let v = match array_new(elem, &[values.len() as i64]) {
        Ok(v) => v,
        Err(e) => return e.0,
    };
    let e = elements_of(elem);
    let (p, _) = ref_parts(v);
    for (i, &x) in values.iter().enumerate() {
        // SAFETY: the array has just been made with room for all values.
        unsafe { store_element(&e, p.add(i * e.stride), x) };
    }
    v
}

/// A view of an `Array` object.
#[derive(Clone, Copy)]
pub struct Array {
    pub value: Value,
    pub elements: &'static Elements,
    pub dims: usize,
}

impl Array {
    /// The array behind an object, if it is one.
    pub fn from_value(v: Value) -> Option<Array> {
        let t = info(v.type_of());
        if !t.is_array {
            return None;
        }
        Some(Array { value: v, elements: t.elements.as_ref()?, dims: t.ty.params().get(1)?.as_int()? as usize })
    }

    pub fn dim(&self, i: usize) -> usize {
        // SAFETY: the sizes follow the reference.
        if i < self.dims { unsafe { self.value.read::<usize>(16 + 8 * i) } } else { 1 }
    }

    pub fn len(&self) -> usize {
        (0..self.dims).map(|i| self.dim(i)).product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Address of the first element.
    pub fn data(&self) -> *mut u8 {
        ref_parts(self.value).0
    }

    /// Element `i` (from 0); `None` where it is out of bounds or undefined.
    pub fn get(&self, i: usize) -> Option<Value> {
        if i >= self.len() {
            return None;
        }
        // SAFETY: in bounds.
        unsafe { load_element(self.elements, self.data().add(i * self.elements.stride)) }
    }

    /// Sets element `i` (from 0), which must exist and accept `x`.
    pub fn set(&self, i: usize, x: Value) -> Result<(), Exception> {
        if i >= self.len() {
            return Err(errors::bounds(self.value, i as i64 + 1));
        }
        if !crate::isa(x, self.elements.ty) {
            return Err(errors::type_error("setindex!", "", Value::from(self.elements.ty), x));
        }
        // SAFETY: in bounds, and the type fits.
        unsafe { store_element(self.elements, self.data().add(i * self.elements.stride), x) };
        Ok(())
    }

    /// Appends to a vector.
    pub fn push(&self, x: Value) -> Result<(), Exception> {
        if self.dims != 1 {
            return Err(errors::argument("push to an array that is not a vector"));
        }
        if !crate::isa(x, self.elements.ty) {
            return Err(errors::type_error("push!", "", Value::from(self.elements.ty), x));
        }
        let n = self.len();
        grow(self, 1)?;
        self.set(n, x)
    }

    /// All elements, undefined ones left out.
    pub fn to_vec(&self) -> crate::ValueVec {
        (0..self.len()).filter_map(|i| self.get(i)).collect()
    }

    /// The raw bytes of all elements.
    ///
    /// # Safety
    /// Only while the array stays reachable and is not resized.
    pub unsafe fn bytes(&self) -> &'static mut [u8] {
        let n = self.len() * self.elements.stride;
        // SAFETY: by the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.data(), n) }
    }
}

/// Makes a vector longer by `n` (zeroed) elements.
pub fn grow(v: &Array, n: usize) -> Result<(), Exception> {
    let len = v.len();
    let (p, mem) = ref_parts(v.value);
    let (capacity, start) = memory_parts(mem);
    let stride = v.elements.stride;
    let before = (p as usize - start as usize).checked_div(stride).unwrap_or(0);
    if before + len + n > capacity {
        let room = (len + n).max(len + len / 2).max(8);
        let new = memory_new(mem.type_of(), room as i64)?;
        let data = memory_parts(new).1;
        // SAFETY: the new memory has room for the old elements; the vector's head is its own.
        unsafe {
            std::ptr::copy_nonoverlapping(p, data, len * stride);
            v.value.write(0, data);
            v.value.write(8, new);
        }
    }
    // SAFETY: the size word of a vector is at 16.
    unsafe { v.value.write(16, len + n) };
    Ok(())
}
