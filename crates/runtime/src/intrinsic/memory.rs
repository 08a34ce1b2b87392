//! Intrinsics that read and write through raw pointers.

use super::{Intrinsic as I, eval};
use crate::{Exception, Value, core_types, egal, errors, hooks, info};
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering::SeqCst, fence};
use types::Ty;

/// What a `Ptr{T}` points to.
struct Pointee {
    ty: Ty,
    size: usize,
    /// Distance of neighbours in an array of alignment `align`.
    stride: usize,
    inline: bool,
}

/// The address in a `Ptr` object and its element type.
fn pointer(op: I, p: Value) -> Result<(*mut u8, Ty), Exception> {
    let c = core_types();
    let t = p.type_of();
    let name = t.name();
    if name != types::builtin::ptr().unwrap_unionall().name()
        && name != types::builtin::llvm_ptr().unwrap_unionall().name()
    {
        return Err(errors::type_error(op.name(), "", c.ptr_object(), p));
    }
    // SAFETY: a pointer object has eight bytes.
    Ok((unsafe { p.read(0) }, t.params()[0]))
}

fn pointee(op: I, ty: Ty, align: usize) -> Result<Pointee, Exception> {
    if ty.is_concrete() && !info(ty).mutable {
        let t = info(ty);
        let align = if align == 0 { t.align } else { align };
        return Ok(Pointee { ty, size: t.size, stride: t.size.next_multiple_of(align.max(1)), inline: true });
    }
    if ty == core_types().any || !ty.is_concrete() {
        return Ok(Pointee { ty, size: 8, stride: 8, inline: false });
    }
    Err(errors::error(&format!("{}: invalid pointer to {}", op.name(), ty)))
}

fn index(op: I, i: Value) -> Result<isize, Exception> {
    match i.as_int() {
        Some(i) => Ok(i as isize),
        None => Err(errors::type_error(op.name(), "", Value::from(core_types().int64), i)),
    }
}

/// # Safety
/// `p` points to an instance.
unsafe fn load(p: *const u8, t: &Pointee) -> Result<Value, Exception> {
    // SAFETY: by the caller's promise.
    unsafe {
        if t.inline {
            return Ok(Value::from_bytes(t.ty, p));
        }
        let r = (p as *const *mut u8).read_unaligned();
        if r.is_null() { Err(errors::undef_ref()) } else { Ok(Value::from_ptr(r)) }
    }
}

/// # Safety
/// `p` points to room for an instance.
unsafe fn store(p: *mut u8, t: &Pointee, x: Value) {
    // SAFETY: by the caller's promise.
    unsafe {
        if t.inline {
            std::ptr::copy_nonoverlapping(x.as_ptr(), p, t.size);
        } else {
            (p as *mut *mut u8).write_unaligned(x.as_ptr());
        }
    }
}

fn check(op: I, t: &Pointee, x: Value) -> Result<(), Exception> {
    if t.inline && x.type_of() != t.ty || !t.inline && !crate::isa(x, t.ty) {
        return Err(errors::type_error(op.name(), "", Value::from(t.ty), x));
    }
    Ok(())
}

/// Applies `f` to the cell as one atomic step: `f(old)` gives the new bits or `None` to leave it.
///
/// # Safety
/// `p` points to `size` bytes that are aligned to their size.
unsafe fn update(p: *mut u8, size: usize, mut f: impl FnMut(u64) -> Option<u64>) -> Option<u64> {
    // SAFETY: by the caller's promise.
    unsafe {
        Some(match size {
            1 => u64::from(
                (*(p as *const AtomicU8))
                    .fetch_update(SeqCst, SeqCst, |x| f(x.into()).map(|y| y as u8))
                    .unwrap_or_else(|x| x),
            ),
            2 => u64::from(
                (*(p as *const AtomicU16))
                    .fetch_update(SeqCst, SeqCst, |x| f(x.into()).map(|y| y as u16))
                    .unwrap_or_else(|x| x),
            ),
            4 => u64::from(
                (*(p as *const AtomicU32))
                    .fetch_update(SeqCst, SeqCst, |x| f(x.into()).map(|y| y as u32))
                    .unwrap_or_else(|x| x),
            ),
            8 => (*(p as *const AtomicU64)).fetch_update(SeqCst, SeqCst, f).unwrap_or_else(|x| x),
            _ => return None,
        })
    }
}

/// The bits that stand for `x` in a cell of this kind.
fn cell_bits(t: &Pointee, x: Value) -> u64 {
    if t.inline { eval::load_bits(x, info(t.ty)) as u64 } else { x.addr() as u64 }
}

fn value_of_bits(t: &Pointee, bits: u64) -> Result<Value, Exception> {
    if t.inline {
        let bytes = bits.to_le_bytes();
        // SAFETY: atomic cells have at most eight bytes.
        return Ok(unsafe { Value::from_bytes(t.ty, bytes.as_ptr()) });
    }
    if bits == 0 {
        return Err(errors::undef_ref());
    }
    // SAFETY: a reference cell holds null or an object's address.
    Ok(unsafe { Value::from_ptr(bits as *mut u8) })
}

/// The address of a mutable object's data.
pub fn object_pointer(object: Value) -> Result<Value, Exception> {
    if !object.type_of().is_mutable() {
        return Err(errors::error("object_pointer: only mutable objects have an address"));
    }
    let nothing = types::builtin::nothing();
    Ok(Value::bits(types::builtin::ptr_of(nothing), object.addr()))
}

pub fn eval(op: I, args: &[Value]) -> Result<Value, Exception> {
    match op {
        I::AtomicFence => {
            fence(SeqCst);
            return Ok(Value::nothing());
        }
        I::AddPtr | I::SubPtr => {
            let (p, _) = pointer(op, args[0])?;
            let Some(n) = args[1].as_any_int() else {
                return Err(errors::type_error(op.name(), "", Value::from(core_types().uint64), args[1]));
            };
            let n = n as usize;
            let a = p as usize;
            let r = if op == I::AddPtr { a.wrapping_add(n) } else { a.wrapping_sub(n) };
            return Ok(Value::bits(args[0].type_of(), r));
        }
        _ => {}
    }
    let (p, ty) = pointer(op, args[0])?;
    let null = || errors::error(&format!("{}: null pointer", op.name()));
    if p.is_null() {
        return Err(null());
    }
    match op {
        I::Pointerref | I::Pointerset => {
            let (i, align) = (args[args.len() - 2], args[args.len() - 1]);
            let t = pointee(op, ty, index(op, align)?.max(0) as usize)?;
            let at = p.wrapping_offset((index(op, i)? - 1) * t.stride as isize);
            if op == I::Pointerref {
                // SAFETY: the program vouches for its pointer.
                return unsafe { load(at, &t) };
            }
            check(op, &t, args[1])?;
            // SAFETY: the program vouches for its pointer.
            unsafe { store(at, &t, args[1]) };
            Ok(args[0])
        }
        _ => {
            let t = pointee(op, ty, 0)?;
            if !matches!(t.size, 0 | 1 | 2 | 4 | 8)
                || !(p as usize).is_multiple_of(t.size.max(1))
                || t.inline && info(ty).has_references
            {
                return Err(errors::error(&format!("{}: invalid pointer for atomic operation", op.name())));
            }
            if t.size == 0 {
                // SAFETY: an instance without data is read from nowhere.
                return unsafe { load(p, &t) };
            }
            // SAFETY: aligned above; the program vouches for its pointer.
            unsafe { atomic(op, p, &t, args) }
        }
    }
}

/// # Safety
/// `p` points to an aligned cell.
unsafe fn atomic(op: I, p: *mut u8, t: &Pointee, args: &[Value]) -> Result<Value, Exception> {
    // SAFETY: by the caller's promise.
    let swap = |new: u64| unsafe { update(p, t.size, |_| Some(new)) }.unwrap_or(0);
    // SAFETY: as above.
    let read = || unsafe { update(p, t.size, |_| None) }.unwrap_or(0);
    // SAFETY: as above.
    let exchange = |old: u64, new: u64| unsafe { update(p, t.size, |x| (x == old).then_some(new)) } == Some(old);
    match op {
        I::AtomicPointerref => value_of_bits(t, read()),
        I::AtomicPointerset => {
            check(op, t, args[1])?;
            swap(cell_bits(t, args[1]));
            Ok(args[0])
        }
        I::AtomicPointerswap => {
            check(op, t, args[1])?;
            let old = swap(cell_bits(t, args[1]));
            value_of_bits(t, old)
        }
        I::AtomicPointermodify => loop {
            let old_bits = read();
            let old = value_of_bits(t, old_bits)?;
            let new = hooks::call(args[1], &[old, args[2]])?;
            check(op, t, new)?;
            let new_bits = cell_bits(t, new);
            if exchange(old_bits, new_bits) {
                return crate::new_pair(t.ty, old, new);
            }
        },
        _ => {
            // atomic_pointerreplace(p, expected, desired, success order, failure order)
            check(op, t, args[2])?;
            let new_bits = cell_bits(t, args[2]);
            loop {
                let old_bits = read();
                let old = value_of_bits(t, old_bits)?;
                let hit = egal::egal(old, args[1]);
                if !hit || exchange(old_bits, new_bits) {
                    return crate::new_replace_result(t.ty, old, hit);
                }
            }
        }
    }
}
