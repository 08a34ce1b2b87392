//! Builtins on `Memory` and `MemoryRef`.

use super::Builtin as B;
use crate::array::{self, Elements, load_element, memory_parts, ref_parts, store_element};
use crate::{Exception, Value, core_types, egal, errors, hooks, info};

/// A reference's parts with the checks that every access makes.
struct Place {
    ptr: *mut u8,
    mem: Value,
    elements: &'static Elements,
}

fn place(op: B, r: Value) -> Result<Place, Exception> {
    let t = info(r.type_of());
    if !t.is_memory_ref {
        return Err(errors::type_error(op.name(), "", core_types().memory_ref_object(), r));
    }
    let (ptr, mem) = ref_parts(r);
    Ok(Place { ptr, mem, elements: t.elements()? })
}

impl Place {
    /// Does the reference point to an element (and not behind the last)?
    fn check(&self) -> Result<(), Exception> {
        let (len, start) = memory_parts(self.mem);
        let offset = (self.ptr as usize).wrapping_sub(start as usize);
        let outside = offset.checked_div(self.elements.stride).unwrap_or(0) >= len;
        if outside {
            return Err(errors::bounds(self.mem, (offset / self.elements.stride.max(1)) as i64 + 1));
        }
        Ok(())
    }
}

fn accepts(op: B, e: &Elements, x: Value) -> Result<(), Exception> {
    let fits = if e.inline { x.type_of() == e.ty } else { crate::isa(x, e.ty) };
    if fits { Ok(()) } else { Err(errors::type_error(op.name(), "", Value::from(e.ty), x)) }
}

/// `memoryrefnew(memory)`, `(ref, i)`, `(ref, i, boundscheck)`
fn new_ref(args: &[Value]) -> Result<Value, Exception> {
    let base = args[0];
    let t = info(base.type_of());
    let e = t.elements()?;
    if t.is_memory {
        let r = core_types().memory_ref_of(e.ty);
        let whole = array::ref_new(r, memory_parts(base).1, base);
        return match args.get(1) {
            None => Ok(whole),
            Some(&i) => offset_ref(whole, i, e),
        };
    }
    if !t.is_memory_ref {
        return Err(errors::type_error("memoryrefnew", "", core_types().memory_ref_object(), base));
    }
    match args.get(1) {
        None => Ok(base),
        Some(&i) => offset_ref(base, i, e),
    }
}

/// The reference `i - 1` elements further. One behind the last element is allowed only for an empty memory.
fn offset_ref(r: Value, i: Value, e: &Elements) -> Result<Value, Exception> {
    let Some(i) = i.as_int() else {
        return Err(errors::type_error("memoryrefnew", "", Value::from(core_types().int64), i));
    };
    let (ptr, mem) = ref_parts(r);
    let (len, start) = memory_parts(mem);
    if e.stride == 0 {
        if i < 1 || i as usize > len.max(1) {
            return Err(errors::bounds(r, i));
        }
        return Ok(r);
    }
    let at = (ptr as usize).wrapping_sub(start as usize) / e.stride;
    let new = (at as i64).wrapping_add(i).wrapping_sub(1);
    if new < 0 || new as usize >= len && !(new == 0 && len == 0) {
        return Err(errors::bounds(r, i));
    }
    Ok(array::ref_new(r.type_of(), start.wrapping_add(new as usize * e.stride), mem))
}

/// Reads the element at a place.
fn get(p: &Place) -> Result<Value, Exception> {
    p.check()?;
    // SAFETY: the place was checked to be an element.
    unsafe { load_element(p.elements, p.ptr) }.ok_or_else(errors::undef_ref)
}

fn set(op: B, p: &Place, x: Value) -> Result<(), Exception> {
    accepts(op, p.elements, x)?;
    p.check()?;
    // SAFETY: the place was checked to be an element, and the value to fit.
    unsafe { store_element(p.elements, p.ptr, x) };
    Ok(())
}

pub fn eval(op: B, args: &[Value]) -> Result<Value, Exception> {
    match op {
        B::MemoryNew => {
            let ty = args[0].as_type().filter(|t| t.is_concrete() && info(*t).is_memory);
            let Some(ty) = ty else {
                return Err(errors::type_error("memorynew", "", core_types().memory_object(), args[0]));
            };
            let Some(n) = args[1].as_int() else {
                return Err(errors::type_error("memorynew", "", Value::from(core_types().int64), args[1]));
            };
            array::memory_new(ty, n)
        }
        B::MemoryrefNew => new_ref(args),
        B::MemoryrefGet => get(&place(op, args[0])?),
        B::MemoryrefSet => {
            set(op, &place(op, args[0])?, args[1])?;
            Ok(args[1])
        }
        B::MemoryrefOffset => {
            let p = place(op, args[0])?;
            let (_, start) = memory_parts(p.mem);
            let bytes = (p.ptr as usize).wrapping_sub(start as usize);
            Ok(Value::int(bytes.checked_div(p.elements.stride).unwrap_or(0) as i64 + 1))
        }
        B::MemoryrefIsassigned => {
            let p = place(op, args[0])?;
            if p.check().is_err() {
                return Ok(Value::boolean(false));
            }
            // SAFETY: the place was checked to be an element.
            let assigned = !p.elements.has_references || unsafe { load_element(p.elements, p.ptr) }.is_some();
            Ok(Value::boolean(assigned))
        }
        B::MemoryrefUnset => {
            let p = place(op, args[0])?;
            p.check()?;
            if !p.elements.inline {
                // SAFETY: a reference element takes a null pointer.
                unsafe { *(p.ptr as *mut *mut u8) = std::ptr::null_mut() };
            } else if p.elements.has_references {
                // SAFETY: an inline element takes its stride; zeroed references are undefined.
                unsafe { std::ptr::write_bytes(p.ptr, 0, p.elements.stride) };
            }
            Ok(args[0])
        }
        B::MemoryrefSwap => {
            let p = place(op, args[0])?;
            let old = get(&p)?;
            set(op, &p, args[1])?;
            Ok(old)
        }
        B::MemoryrefModify => {
            // memoryrefmodify!(ref, op, x, order, boundscheck)
            let p = place(op, args[0])?;
            let old = get(&p)?;
            let new = hooks::call(args[1], &[old, args[2]])?;
            set(op, &p, new)?;
            crate::new_pair(p.elements.ty, old, new)
        }
        _ => {
            // memoryrefreplace!(ref, expected, desired, success order, failure order, boundscheck)
            let p = place(op, args[0])?;
            let old = get(&p)?;
            let hit = egal::egal(old, args[1]);
            if hit {
                set(op, &p, args[2])?;
            }
            crate::new_replace_result(p.elements.ty, old, hit)
        }
    }
}
