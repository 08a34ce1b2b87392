//! Loads of whole structs of which only fields are used: Apple's compiler ends in the attempt to load large ones.

use llvm::{Builder, Module, Opcode, Value};

/// What a load of a field keeps of what is known of the whole load.
const ALIASING: [&str; 4] = ["tbaa", "tbaa.struct", "alias.scope", "noalias"];

/// Loads the fields one by one instead. Did anything change?
pub fn split_aggregate_loads(module: &Module<'_>) -> bool {
    let taken_apart = |i: &Value<'_>| {
        i.opcode() == Some(Opcode::LLVMLoad)
            && i.is_plain_access()
            && i.ty().is_aggregate()
            && i.has_uses()
            && i.users().iter().all(|u| u.opcode() == Some(Opcode::LLVMExtractValue))
    };
    let loads: Vec<Value<'_>> =
        module.functions().into_iter().flat_map(|f| f.instructions()).filter(taken_apart).collect();
    let b = Builder::new(module.context());
    for load in &loads {
        // The memory is as it was at the load.
        b.position_before(*load);
        for part in load.users() {
            let offset = module.field_offset(load.ty(), &part.indices());
            let align = 1 << load.alignment().trailing_zeros().min(offset.trailing_zeros());
            let field = b.load(part.ty(), b.offset(load.operand(0), offset), align);
            ALIASING.iter().for_each(|kind| field.copy_metadata(*load, kind));
            part.replace_uses_with(field);
            // SAFETY: without uses now; not looked at again.
            unsafe { part.erase() };
        }
        // SAFETY: its users are gone; not looked at again.
        unsafe { load.erase() };
    }
    !loads.is_empty()
}
