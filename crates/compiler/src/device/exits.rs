//! Ends of work-items, for machines that can end one only by returning from the kernel: what may end a work-item is inlined into
//! the entry, and the marks of such ends ([`EXIT`]) become returns. The same for the address of shared memory whose size
//! the launch gives ([`DYNAMIC`]), which is a parameter of the entry.
//!
//! Nor is there an `unreachable` that their drivers agree on: where code cannot come, functions return.

use super::emit::{Kind, function};
use codegen::Site;
use llvm::{Attribute, AttributeSite, Builder, Error, Function, Module, Opcode, Value};

/// Stands for the end of the work-item, until it is one.
const EXIT: &str = "rekindle.exit";
/// Stands for the address of the shared memory whose size the launch gives.
pub const DYNAMIC: &str = "rekindle.dynamic_shared";

/// The mark of a work-item's end.
pub fn mark_exit(s: &Site<'_, '_>) {
    let f = function(s, EXIT, s.module.context().void_type(), &[], Kind::Other);
    f.add_attribute(AttributeSite::Function, Attribute::Flag("noreturn"));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("cold"));
    s.builder.call(f, &[]);
}

/// A place in the shared memory whose size the launch gives, which is in address space `shared`.
pub fn dynamic_shared<'m>(s: &Site<'_, 'm>, shared: u32, offset: Value<'m>) -> Value<'m> {
    let c = s.module.context();
    let start = s.builder.call(function(s, DYNAMIC, c.ptr_type(shared), &[], Kind::Fixed), &[]);
    s.builder.gep(c.int_type(8), start, offset)
}

/// Does the module call this function?
pub fn is_called(module: &Module<'_>, name: &str) -> bool {
    module.function(name).is_some_and(|f| f.has_uses())
}

/// Has all of them inlined and settled that lead to ends. `inline` runs these passes.
///
/// # Errors
/// What the passes say.
pub fn settle_exits(
    module: &mut Module<'_>,
    entry: &str,
    inline: impl FnOnce(&mut Module<'_>, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    inline_marked(module, entry);
    inline(module, "always-inline,globaldce")?;
    if let Some(entry) = module.function(entry) {
        settle_marks(module, entry);
    }
    Ok(())
}

/// Has everything inlined that leads to a mark.
fn inline_marked(module: &Module<'_>, entry: &str) {
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
fn settle_marks(module: &Module<'_>, entry: Function<'_>) {
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
