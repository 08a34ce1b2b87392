//! Mathematics of floating-point numbers: LLVM's intrinsics become functions that Apple's compiler has instructions for.

use crate::calls::{call_air, in_single, intrinsic_calls, is_approximate, replace, suffix};
use llvm::{Builder, Module, TypeKind, Value};

/// AIR's function for one of LLVM's, and whether there is a fast one in single precision.
fn function(name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "llvm.sqrt" => ("sqrt", true),
        "llvm.fma" | "llvm.fmuladd" => ("fma", false),
        "llvm.floor" => ("floor", true),
        "llvm.ceil" => ("ceil", true),
        "llvm.trunc" => ("trunc", true),
        "llvm.rint" | "llvm.nearbyint" | "llvm.roundeven" => ("rint", true),
        "llvm.round" => ("round", true),
        "llvm.fabs" => ("fabs", true),
        "llvm.sin" => ("sin", true),
        "llvm.cos" => ("cos", true),
        "llvm.tan" => ("tan", true),
        "llvm.exp" => ("exp", true),
        "llvm.exp2" => ("exp2", true),
        "llvm.exp10" => ("exp10", true),
        "llvm.log" => ("log", true),
        "llvm.log2" => ("log2", true),
        "llvm.log10" => ("log10", true),
        "llvm.pow" => ("pow", true),
        _ => return None,
    })
}

/// Lowers what is done with scalars; AIR's functions of vectors are others. Did anything change?
pub fn lower_math(module: &Module<'_>) -> bool {
    let mut any = false;
    for (call, name) in intrinsic_calls(module) {
        let result = if name == "llvm.copysign" {
            copysign(module, call)
        } else {
            function(&name).and_then(|(air, fast)| lower(module, call, air, fast))
        };
        if let Some(result) = result {
            replace(call, result);
            any = true;
        }
    }
    any
}

fn lower<'m>(module: &'m Module<'_>, call: Value<'m>, air: &str, has_fast: bool) -> Option<Value<'m>> {
    if !matches!(call.ty().kind(), TypeKind::Half | TypeKind::BFloat | TypeKind::Float) {
        return None;
    }
    Some(in_single(module, call, &call.call_args(), |args| {
        let ty = args[0].ty();
        let fast = if has_fast && is_approximate(call) && ty.kind() == TypeKind::Float { "fast_" } else { "" };
        call_air(module, call, &format!("air.{fast}{air}.{}", suffix(ty).expect("a float")), ty, args)
    }))
}

/// The magnitude of one number with the sign of another, by their bits.
fn copysign<'m>(module: &'m Module<'_>, call: Value<'m>) -> Option<Value<'m>> {
    let bits = call.ty().bits();
    if bits == 0 {
        return None;
    }
    let b = Builder::new(module.context());
    b.position_before(call);
    let int = module.context().int_type(bits);
    let sign = 1u64 << (bits - 1);
    let magnitude = b.and(b.bitcast(call.operand(0), int), int.const_int(sign - 1));
    let sign = b.and(b.bitcast(call.operand(1), int), int.const_int(sign));
    Some(b.bitcast(b.or(magnitude, sign), call.ty()))
}
