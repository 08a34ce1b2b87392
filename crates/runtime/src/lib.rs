//! Julia values: memory, objects, builtins, intrinsics and what only the host does.
//!
//! The data model is the contract in `docs/contracts.md`: a [`Value`] is the address of an object's data, the word
//! before it the object's concrete type. [`Builtin::eval`] and [`Intrinsic::eval`] are the reference semantics that every
//! engine must agree with. What needs running Julia code goes through [`hooks`].

pub mod array;
mod builtin;
mod core_types;
pub mod debug;
pub mod egal;
pub mod errors;
pub mod expr;
pub mod finalize;
pub mod function;
pub mod gc;
pub mod hooks;
pub mod host;
mod intrinsic;
pub mod module;
mod murmur;
mod names;
pub mod object;
pub mod param;
pub mod reflect;
pub mod strings;
mod typeinfo;
mod value;

pub use builtin::{Builtin, getfield, globals, setfield};
pub use core_types::{CoreTypes, core_types, populate_core};
pub use egal::{egal, object_id};
pub use function::{Callee, callee};
pub use gc::{ValueVec, pin};
pub use intrinsic::Intrinsic;
pub use module::{Binding, Module};
pub use object::{named_tuple, new_object, tuple};
pub use typeinfo::{Field, TypeInfo, info};
pub use value::{Exception, Value};

use base::Symbol;
use types::Ty;

/// Float and integer operations on bit patterns, for constant folding without boxes.
pub mod bits {
    pub use crate::intrinsic::{float, int, load_bits, store_bits};
}

/// `v isa ty`
#[inline]
pub fn isa(v: Value, ty: Ty) -> bool {
    let t = v.type_of();
    if t == ty || ty == core_types().any {
        return true;
    }
    isa_slow(v, t, ty)
}

fn isa_slow(v: Value, t: Ty, ty: Ty) -> bool {
    if let Some(as_type) = v.as_type() {
        // A type object is also an instance of its `Type{…}`.
        return subtype_cached(t, ty) || subtype_cached(types::builtin::type_of_type(as_type), ty);
    }
    if ty.is_datatype() && ty.is_concrete() {
        // Concrete types have no proper subtypes with instances.
        return false;
    }
    subtype_cached(t, ty)
}

/// [`types::subtype`] behind a small per-thread cache.
pub fn subtype_cached(a: Ty, b: Ty) -> bool {
    use std::cell::RefCell;
    const SLOTS: usize = 2048;
    thread_local! {
        static CACHE: RefCell<Vec<(usize, usize, bool)>> = RefCell::new(vec![(0, 0, false); SLOTS]);
    }
    if a == b || b == core_types().any {
        return true;
    }
    let (x, y) = (a.address(), b.address());
    let slot = ((x >> 4).wrapping_mul(0x9e37_79b9) ^ (y >> 4).wrapping_mul(0x85eb_ca6b)) >> 3 & (SLOTS - 1);
    let hit = CACHE.with_borrow(|c| (c[slot].0 == x && c[slot].1 == y).then_some(c[slot].2));
    if let Some(r) = hit {
        return r;
    }
    let r = types::subtype(a, b);
    CACHE.with_borrow_mut(|c| c[slot] = (x, y, r));
    r
}

/// `Pair{T,T}(old, new)`, the result of atomic modification.
pub(crate) fn new_pair(ty: Ty, old: Value, new: Value) -> Result<Value, Exception> {
    // The prelude's `Pair` once it is there.
    let base = module::root(Symbol::new("Base")).and_then(|m| m.get_str("Pair")).and_then(Value::as_type);
    let pair = param::apply_terms(base.unwrap_or(core_types().pair), &[ty, ty])?;
    object::new_object(pair, &[old, new])
}

/// `(old = …, success = …)`, the result of atomic replacement.
pub(crate) fn new_replace_result(ty: Ty, old: Value, success: bool) -> Result<Value, Exception> {
    let c = core_types();
    let names = Ty::symbols(&[Symbol::new("old"), Symbol::new("success")]);
    let fields = types::type_of_tuple(&[ty, c.bool]);
    let nt = param::apply_terms(c.namedtuple, &[names, fields])?;
    object::new_object(nt, &[old, Value::boolean(success)])
}
