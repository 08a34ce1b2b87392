//! What LLVM's SPIR-V back-end has no instructions for, in others.

use llvm::{Block, Builder, IntPredicate, Module, Opcode, Value};

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

/// Rewrites phis of structs as phis of their fields. What is put together after them is taken apart again by whoever uses it:
/// passes that simplify leave nothing of that.
pub fn split_phis(module: &Module<'_>) {
    for block in module.functions().into_iter().flat_map(|f| f.blocks()) {
        for phi in block.instructions() {
            if phi.opcode() == Some(Opcode::LLVMPHI)
                && let Some(fields) = phi.ty().struct_fields()
            {
                split(module, block, phi, fields);
            }
        }
    }
}

fn split<'m>(module: &'m Module<'_>, block: Block<'m>, phi: Value<'m>, fields: u32) {
    let b = Builder::new(module.context());
    let Some(after) = block.instructions().into_iter().find(|i| i.opcode() != Some(Opcode::LLVMPHI)) else { return };
    b.position_before(after);
    let mut whole = phi.ty().poison();
    for field in 0..fields {
        let mut incoming: Vec<(Value<'m>, Block<'m>)> = Vec::new();
        for (value, from) in phi.incoming() {
            // One value for each block, however many ways lead from it.
            let known = incoming.iter().find(|(_, block)| *block == from).map(|(part, _)| *part);
            let part = known.unwrap_or_else(|| {
                let at = Builder::new(module.context());
                at.position_before(from.terminator().expect("a predecessor ends"));
                at.extract_value(value, field)
            });
            incoming.push((part, from));
        }
        let first = Builder::new(module.context());
        first.position_before(phi);
        let part = first.phi(incoming[0].0.ty());
        incoming.into_iter().for_each(|(value, from)| first.add_incoming(part, value, from));
        whole = b.insert_value(whole, part, field);
    }
    phi.replace_uses_with(whole);
    // SAFETY: without uses now; the caller goes on to the next.
    unsafe { b.erase(phi) };
}
