//! Hints to LLVM's optimisation, which has ended: how long variables live, what may be assumed. They have other forms in the versions
//! of LLVM that Apple's compilers are made of.

use crate::calls::intrinsic_calls;
use llvm::Module;

const HINTS: [&str; 4] =
    ["llvm.lifetime.start", "llvm.lifetime.end", "llvm.assume", "llvm.experimental.noalias.scope.decl"];

/// Drops all hints. Did anything change?
pub fn drop_hints(module: &Module<'_>) -> bool {
    let mut any = false;
    for (call, _) in intrinsic_calls(module).into_iter().filter(|(_, name)| HINTS.iter().any(|h| name.starts_with(h))) {
        // SAFETY: it returns nothing, so nothing uses it; not looked at again.
        unsafe { call.erase() };
        any = true;
    }
    any
}
