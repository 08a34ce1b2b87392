//! Offsets in bytes that are added to offsets in bytes.
//!
//! Apple's compiler loses accesses to single bytes by such chains in grids of two groups. LLVM leaves the chains as they are,
//! because on other machines they cost nothing.

use llvm::{Builder, Module, Opcode, TypeKind, Value};

/// Makes one offset of each chain. Did anything change?
pub fn merge_byte_offsets(module: &Module<'_>) -> bool {
    let mut any = false;
    for f in module.functions() {
        // From the start again after each: blocks need not be in the order in which they run, so that an offset may be dropped
        // that comes later in the list.
        while let Some(outer) =
            f.instructions().into_iter().find(|&i| is_byte_offset(i) && is_byte_offset(i.operand(0)))
        {
            merge(module, outer);
            any = true;
        }
    }
    any
}

fn is_byte_offset(v: Value<'_>) -> bool {
    v.opcode() == Some(Opcode::LLVMGetElementPtr)
        && v.operand_count() == 2
        && v.element_type().kind() == TypeKind::Int(8)
        && v.operand(1).ty().is_int()
}

fn merge<'m>(module: &'m Module<'_>, outer: Value<'m>) {
    let inner = outer.operand(0);
    let b = Builder::new(module.context());
    b.position_before(outer);
    let (mut x, mut y) = (inner.operand(1), outer.operand(1));
    // Offsets are signed numbers.
    let wide = if x.ty().bits() < y.ty().bits() { y.ty() } else { x.ty() };
    for offset in [&mut x, &mut y] {
        if offset.ty() != wide {
            *offset = b.sext(*offset, wide);
        }
    }
    let sum = b.add(x, y);
    let (i8, base) = (module.context().int_type(8), inner.operand(0));
    let inbounds = outer.is_inbounds() && inner.is_inbounds();
    let merged = if inbounds { b.inbounds_gep(i8, base, sum) } else { b.gep(i8, base, sum) };
    outer.replace_uses_with(merged);
    // SAFETY: without uses now; the caller looks at the function anew.
    unsafe { outer.erase() };
    if !inner.has_uses() {
        // SAFETY: it was just asked that it has none; the caller looks at the function anew.
        unsafe { inner.erase() };
    }
}
