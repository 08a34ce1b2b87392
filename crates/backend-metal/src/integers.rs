//! Operations on integers that AIR has functions for.

use crate::calls::{call_air, intrinsic_calls, replace, suffix};
use llvm::{Module, Opcode, Type, TypeKind, Value};

/// Lowers LLVM's intrinsics. Did anything change?
pub fn lower_integers(module: &Module<'_>) -> bool {
    let mut any = false;
    for (call, name) in intrinsic_calls(module) {
        let Some(suffix) = suffix(call.ty()).filter(|_| has_width(call.ty())) else { continue };
        let mut args = call.call_args();
        let air = match name.as_str() {
            "llvm.smin" => format!("air.min.s.{suffix}"),
            "llvm.smax" => format!("air.max.s.{suffix}"),
            "llvm.umin" => format!("air.min.u.{suffix}"),
            "llvm.umax" => format!("air.max.u.{suffix}"),
            "llvm.abs" => {
                // Without the flag about the one number that has no magnitude.
                args.pop();
                format!("air.abs.s.{suffix}")
            }
            "llvm.ctlz" => format!("air.clz.{suffix}"),
            "llvm.cttz" => format!("air.ctz.{suffix}"),
            "llvm.ctpop" => format!("air.popcount.{suffix}"),
            "llvm.bitreverse" => format!("air.reverse_bits.{suffix}"),
            _ => continue,
        };
        replace(call, call_air(module, call, &air, call.ty(), &args));
        any = true;
    }
    any
}

/// Does AIR have integers of this width?
fn has_width(ty: Type<'_>) -> bool {
    let element = ty.vector_parts().map_or(ty, |(element, _)| element);
    matches!(element.kind(), TypeKind::Int(8 | 16 | 32 | 64))
}

/// Makes one operation on three numbers of two on two, where the first has no other use. Apple's GPUs have it, and Apple's compiler
/// does not look for it. Did anything change?
pub fn fuse_minmax(module: &Module<'_>) -> bool {
    let mut any = false;
    for f in module.functions() {
        while let Some((outer, inner, third)) = f.instructions().into_iter().find_map(pair) {
            let name = outer.called_function().expect("a call").name();
            let (which, rest) = (&name["air.".len()..][..3], &name["air.min".len()..]);
            let args = [inner.operand(0), inner.operand(1), third];
            replace(outer, call_air(module, outer, &format!("air.{which}3{rest}"), outer.ty(), &args));
            // SAFETY: its one user is gone; the loop looks at the function anew.
            unsafe { inner.erase() };
            any = true;
        }
    }
    any
}

/// A call, the call that is one of its operands, and its other operand.
fn pair(outer: Value<'_>) -> Option<(Value<'_>, Value<'_>, Value<'_>)> {
    let f = outer.called_function()?;
    let name = f.name();
    let rest = name.strip_prefix("air.min.").or_else(|| name.strip_prefix("air.max."))?;
    if !matches!(rest.split_once('.')?, ("s" | "u", "i8" | "i16" | "i32" | "i64")) {
        return None;
    }
    (0..2).find_map(|i| {
        let inner = outer.operand(i);
        let same = inner.opcode() == Some(Opcode::LLVMCall) && inner.called_function() == Some(f);
        (same && inner.users().len() == 1).then(|| (outer, inner, outer.operand(1 - i)))
    })
}
