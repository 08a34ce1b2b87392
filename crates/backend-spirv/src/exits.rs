//! Ends of work-items. SPIR-V can end one only by returning from the kernel: what may end a work-item is inlined into the entry, and
//! the marks of such ends ([`EXIT`]) become returns. The same for the address of shared memory whose size the launch
//! gives, which is a parameter of the entry.
//!
//! Nor is there an `unreachable` that drivers agree on: where code cannot come, functions return.

use crate::lowering::{DYNAMIC, EXIT};
use llvm::{Attribute, AttributeSite, Builder, Function, Module, Opcode, Value};

/// Has everything inlined that leads to a mark.
pub fn inline_marked(module: &Module<'_>, entry: &str) {
    let mut marked: Vec<Function<'_>> = [EXIT, DYNAMIC].iter().filter_map(|name| module.function(name)).collect();
    let mut next = 0;
    while next < marked.len() {
        let callee = marked[next];
        next += 1;
        for f in module.functions() {
            if !marked.contains(&f) && f.instructions().iter().any(|i| i.called_function() == Some(callee)) {
                marked.push(f);
            }
        }
    }
    for f in marked.into_iter().filter(|f| !f.is_declaration() && f.name() != entry) {
        f.remove_flag("noinline");
        f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline"));
    }
}

/// Makes returns of the marks in `entry`, now that it has all of them, and its last parameter of the address of shared memory.
pub fn settle_marks(module: &Module<'_>, entry: Function<'_>) {
    let (exit, dynamic) = (module.function(EXIT), module.function(DYNAMIC));
    for instruction in entry.instructions() {
        let Some(callee) = instruction.called_function() else { continue };
        if Some(callee) == dynamic && entry.param_count() > 0 {
            instruction.replace_uses_with(entry.param(entry.param_count() - 1));
            // SAFETY: without uses now, and not looked at again.
            unsafe { Builder::new(module.context()).erase(instruction) };
        } else if Some(callee) == exit {
            // SAFETY: the call returns nothing, so nothing uses it; not looked at again.
            unsafe { Builder::new(module.context()).erase(instruction) };
        }
    }
    return_where_unreachable(module, entry);
}

/// Has a function return where it cannot come.
pub fn return_where_unreachable(module: &Module<'_>, f: Function<'_>) {
    let b = Builder::new(module.context());
    let returned = f.function_type().return_type();
    let unreachable = |t: &Value<'_>| t.opcode() == Some(Opcode::LLVMUnreachable);
    for end in f.blocks().into_iter().filter_map(|block| block.terminator()).filter(unreachable) {
        b.position_before(end);
        b.ret((returned != module.context().void_type()).then(|| returned.undef()));
        // SAFETY: a terminator has no uses; not looked at again.
        unsafe { b.erase(end) };
    }
}
