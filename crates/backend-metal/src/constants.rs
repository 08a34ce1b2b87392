//! Constants of the module live in the address space that Metal has for them.

use crate::lowering::{CONSTANT, GENERIC};
use llvm::{Global, Module};

/// Moves constants that are in no address space of their own: of code in LLVM's language, or made by LLVM itself. Did anything change?
pub fn place_constants(module: &Module<'_>) -> bool {
    let generic = |g: &Global<'_>| {
        g.ty().address_space() == Some(GENERIC) && g.is_constant_global() && !g.name().starts_with("llvm.")
    };
    let found: Vec<Global<'_>> =
        module.globals().into_iter().filter(generic).filter(|g| g.initializer().is_some()).collect();
    for old in &found {
        let name = old.name();
        old.set_name("");
        let new = module.add_global(&name, old.value_type(), CONSTANT);
        old.copy_properties(new);
        new.set_initializer(old.initializer().expect("it has one"));
        new.set_constant(true);
        old.replace_uses_with(new.const_addrspace_cast(old.ty()));
        // SAFETY: without uses now; not looked at again.
        unsafe { old.delete() };
    }
    !found.is_empty()
}
