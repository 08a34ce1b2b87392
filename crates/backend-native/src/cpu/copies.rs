//! Copies of item functions.

use super::narrow::throw_of;
use llvm::{Attribute, AttributeSite, Builder, Function, Module, Opcode, Value};
use std::collections::HashMap;

/// What a copy of an item function returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Returns {
    /// Nothing, as the source.
    Nothing,
    /// False; throws as the source does.
    False,
    /// Whether the item would have thrown, which it does not: it has done nothing, then. The source's throws are in blocks that do nothing
    /// else.
    Thrown,
}

/// A copy of an item function, and where each instruction's copy is.
pub fn copy_item<'m>(
    module: &'m Module<'_>,
    source: Function<'m>,
    name: &str,
    returns: Returns,
) -> (Function<'m>, HashMap<Value<'m>, Value<'m>>) {
    let c = module.context();
    let (pointer, i1) = (c.ptr_type(0), c.int_type(1));
    let result = if returns == Returns::Nothing { c.void_type() } else { i1 };
    let f = module.add_function(name, result.function(&[pointer, pointer], false));
    for flag in ["nounwind", "alwaysinline"] {
        f.add_attribute(AttributeSite::Function, Attribute::Flag(flag));
    }
    let blocks = source.blocks();
    let copies: HashMap<_, _> = blocks.iter().map(|&b| (b, f.append_block())).collect();
    let mut values: HashMap<Value<'m>, Value<'m>> = (0..2).map(|p| (source.param(p), f.param(p))).collect();
    let w = Builder::new(c);
    let returned = |thrown: bool| (returns != Returns::Nothing).then(|| i1.const_int(u64::from(thrown)));
    let mut made = Vec::new();
    for &block in &blocks {
        w.position_at_end(copies[&block]);
        if returns == Returns::Thrown && throw_of(block).is_some() {
            w.ret(returned(true));
            continue;
        }
        for i in block.instructions() {
            match i.opcode() {
                Some(Opcode::LLVMRet) => {
                    w.ret(returned(false));
                }
                Some(Opcode::LLVMPHI) => {
                    values.insert(i, w.phi(i.ty()));
                }
                _ => {
                    let copy = w.copy(i);
                    values.insert(i, copy);
                    made.push((i, copy));
                }
            }
        }
    }
    let of = |v: Value<'m>| values.get(&v).copied().unwrap_or(v);
    for (i, copy) in made {
        let successors = if i.is_terminator() { i.successors() } else { Vec::new() };
        // Blocks are operands as well.
        let operands = if successors.is_empty() { i.operand_count() } else { u32::from(i.operand_count() > 1) };
        (0..operands).for_each(|k| copy.set_operand(k, of(i.operand(k))));
        successors.into_iter().enumerate().for_each(|(k, to)| copy.set_successor(k as u32, copies[&to]));
    }
    for phi in source.instructions().into_iter().filter(|i| i.opcode() == Some(Opcode::LLVMPHI)) {
        if let Some(&copy) = values.get(&phi) {
            phi.incoming().into_iter().for_each(|(v, from)| w.add_incoming(copy, of(v), copies[&from]));
        }
    }
    (f, values)
}
