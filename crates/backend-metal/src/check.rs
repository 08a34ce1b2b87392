//! Findings about what AIR has no form for and is left in the final code.

use crate::lowering::{CONSTANT, THREADGROUP};
use base::{Diagnostic, Span};
use llvm::{Module, Opcode, Type, TypeKind, Value};

/// Everything that is left, each kind once.
pub fn findings(module: &Module<'_>, is_kernel: bool, out: &mut Vec<Diagnostic>) {
    let mut add = |code: &'static str, what: String| {
        if !out.iter().any(|d| d.code == code) {
            out.push(Diagnostic::error(code, format!("{what} is not supported in Metal code"), Span::NONE));
        }
    };
    for i in module.functions().into_iter().flat_map(|f| f.instructions()) {
        for ty in (0..i.operand_count()).map(|n| i.operand(n).ty()).chain([i.ty()]) {
            match scalar(ty).kind() {
                TypeKind::Double => add("metal.float64", "`Float64`".into()),
                TypeKind::Int(bits) if bits > 64 => add("metal.wide-integer", format!("an integer of {bits} bits")),
                _ => {}
            }
        }
        // Outside of kernels, nobody knows yet where pointers point.
        if is_kernel && is_atomic(i) {
            let what = "an atomic access of this order, or to this memory,";
            add("metal.atomic", what.into());
        }
        if i.called_function().is_some_and(|f| f.name().starts_with("llvm.readcyclecounter")) {
            add("metal.clock", "a clock".into());
        }
    }
    for g in module.globals() {
        let fine = matches!(g.ty().address_space(), Some(CONSTANT | THREADGROUP));
        if !fine && g.has_uses() && !g.name().starts_with("llvm.") {
            add("metal.variable", format!("a variable of the program (`{}`)", g.name()));
        }
    }
    for f in module.functions().into_iter().filter(|f| f.is_declaration() && f.has_uses()) {
        let name = f.name();
        // Outside of kernels, questions stay.
        let question = !is_kernel && name.starts_with("julia.air.");
        if !name.starts_with("air.") && !name.starts_with("llvm.") && !question {
            add("metal.function", format!("calling `{name}`"));
        }
    }
}

fn scalar(ty: Type<'_>) -> Type<'_> {
    ty.vector_parts().map_or(ty, |(element, _)| element)
}

fn is_atomic(i: Value<'_>) -> bool {
    match i.opcode() {
        Some(Opcode::LLVMAtomicRMW | Opcode::LLVMAtomicCmpXchg | Opcode::LLVMFence) => true,
        Some(Opcode::LLVMLoad | Opcode::LLVMStore) => i.ordering().is_some(),
        _ => false,
    }
}
