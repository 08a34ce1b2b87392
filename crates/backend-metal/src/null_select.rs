//! Comparisons with null of pointers that are chosen from null and a pointer into known memory.
//!
//! Apple's compiler gets the comparison of such a pointer, which may point anywhere, wrong. What is known of the pointer is enough
//! to compare in its own address space.

use llvm::{Builder, IntPredicate, Module, Opcode, Value};

/// Rewrites `(c ? cast(p) : null) == null`, and `!=`, to compare `p`. Did anything change?
pub fn rewrite_null_selects(module: &Module<'_>) -> bool {
    let mut any = false;
    let comparisons: Vec<Value<'_>> = module
        .functions()
        .into_iter()
        .flat_map(|f| f.instructions())
        .filter(|i| matches!(i.predicate(), Some(IntPredicate::LLVMIntEQ | IntPredicate::LLVMIntNE)))
        .collect();
    for comparison in comparisons {
        let Some(chosen) = chosen(comparison) else { continue };
        let b = Builder::new(module.context());
        b.position_before(comparison);
        let predicate = comparison.predicate().expect("a comparison");
        let own = b.icmp(predicate, chosen.pointer, chosen.pointer.ty().zero());
        // What null compares to itself as.
        let null = own.ty().const_int(u64::from(predicate == IntPredicate::LLVMIntEQ));
        let result =
            if chosen.when { b.select(chosen.condition, own, null) } else { b.select(chosen.condition, null, own) };
        comparison.replace_uses_with(result);
        // SAFETY: without uses now; the loop goes on to the next.
        unsafe { comparison.erase() };
        any = true;
    }
    any
}

/// A pointer that is chosen where the condition is `when`; null is otherwise.
struct Chosen<'m> {
    condition: Value<'m>,
    pointer: Value<'m>,
    when: bool,
}

fn chosen(comparison: Value<'_>) -> Option<Chosen<'_>> {
    let (a, b) = (comparison.operand(0), comparison.operand(1));
    let select = if b.is_null() { a } else { Some(b).filter(|_| a.is_null())? };
    if select.opcode() != Some(Opcode::LLVMSelect) || select.ty().address_space() != Some(0) {
        return None;
    }
    let (condition, yes, no) = (select.operand(0), select.operand(1), select.operand(2));
    let known = |v: Value<'_>| v.addrspace_cast_source().is_some_and(|p| p.ty().address_space() != Some(0));
    let (cast, when) = if no.is_null() && known(yes) {
        (yes, true)
    } else if yes.is_null() && known(no) {
        (no, false)
    } else {
        return None;
    };
    Some(Chosen { condition, pointer: cast.addrspace_cast_source()?, when })
}
