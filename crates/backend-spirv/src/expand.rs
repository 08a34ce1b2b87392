//! Intrinsics that LLVM's SPIR-V back-end has no instructions for, in others.

use llvm::{Builder, IntPredicate, Module, Value};

/// Rewrites additions and subtractions that tell of signed overflow.
pub fn expand(module: &Module<'_>) {
    for f in module.functions() {
        for instruction in f.instructions() {
            let Some(callee) = instruction.called_function() else { continue };
            let name = callee.name();
            let add = name.starts_with("llvm.sadd.with.overflow.");
            if add || name.starts_with("llvm.ssub.with.overflow.") {
                signed_overflow(module, instruction, add);
            }
        }
    }
}

/// `{ a ± b, whether that overflowed }`: it did iff the operands' signs let it and the result's is not theirs.
fn signed_overflow<'m>(module: &'m Module<'_>, call: Value<'m>, add: bool) {
    let b = Builder::new(module.context());
    b.position_before(call);
    let (x, y) = (call.operand(0), call.operand(1));
    let result = if add { b.add(x, y) } else { b.sub(x, y) };
    let other = if add { b.xor(y, result) } else { b.xor(x, y) };
    let changed = b.and(b.xor(x, result), other);
    let overflow = b.icmp(IntPredicate::LLVMIntSLT, changed, x.ty().zero());
    let pair = b.insert_value(call.ty().undef(), result, 0);
    call.replace_uses_with(b.insert_value(pair, overflow, 1));
    // SAFETY: without uses now; the caller goes on to the next.
    unsafe { b.erase(call) };
}
