//! Loads of what a kernel got as an argument, once it is copied: the copy is memory like any other.

use llvm::{Module, Opcode, Value};
use std::collections::HashSet;

/// What says of a load that nothing changes the memory, or that it is apart from the stack's.
const CLAIMS: [&str; 4] = ["invariant.load", "tbaa", "alias.scope", "noalias"];

/// Forgets what is claimed of loads from variables on the stack. Did anything change?
pub fn forget_claims(module: &Module<'_>) -> bool {
    let slots = |i: &Value<'_>| i.opcode() == Some(Opcode::LLVMAlloca);
    let found: Vec<Value<'_>> = module.functions().into_iter().flat_map(|f| f.instructions()).filter(slots).collect();
    let mut any = false;
    for slot in found {
        any |= forget_claims_of(slot);
    }
    any
}

/// The same for loads by pointers that are made of this one.
pub fn forget_claims_of(pointer: Value<'_>) -> bool {
    let (mut any, mut seen, mut open) = (false, HashSet::new(), vec![pointer]);
    while let Some(at) = open.pop() {
        for user in at.users() {
            match user.opcode() {
                Some(Opcode::LLVMLoad) => {
                    for kind in CLAIMS.iter().filter(|kind| user.has_metadata(kind)) {
                        user.remove_metadata(kind);
                        any = true;
                    }
                }
                Some(
                    Opcode::LLVMGetElementPtr
                    | Opcode::LLVMAddrSpaceCast
                    | Opcode::LLVMBitCast
                    | Opcode::LLVMSelect
                    | Opcode::LLVMPHI,
                ) if seen.insert(user) => open.push(user),
                _ => {}
            }
        }
    }
    any
}
