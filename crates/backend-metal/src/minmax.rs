//! The smaller and the larger of two floating-point numbers.
//!
//! AIR has `fmin` and `fmax` of scalars, which answer with the number where one of the two is none, and do not tell zeros apart.

use crate::calls::{call_air, in_single, intrinsic_calls, replace, suffix};
use llvm::{Builder, FastMath, FloatPredicate, Module, TypeKind, Value};

/// LLVM's names: which of the two, and whether what is not a number wins.
fn meaning(name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "llvm.minnum" | "llvm.minimumnum" => ("min", false),
        "llvm.maxnum" | "llvm.maximumnum" => ("max", false),
        "llvm.minimum" => ("min", true),
        "llvm.maximum" => ("max", true),
        _ => return None,
    })
}

/// Makes operations on scalars of those on vectors. Did anything change?
pub fn scalarize_minmax(module: &Module<'_>) -> bool {
    let mut any = false;
    for (call, name) in intrinsic_calls(module) {
        let Some((element, lanes)) = meaning(&name).and_then(|_| call.ty().vector_parts()) else { continue };
        let Some(scalar) = module.intrinsic(&name, &[element]) else { continue };
        let b = Builder::new(module.context());
        b.position_before(call);
        let i32 = module.context().int_type(32);
        let mut whole = call.ty().poison();
        for lane in 0..lanes {
            let at = i32.const_int(lane.into());
            let args = [b.extract_element(call.operand(0), at), b.extract_element(call.operand(1), at)];
            let one = b.call(scalar, &args);
            one.set_fast_math(call.fast_math().bits());
            whole = b.insert_element(whole, one, at);
        }
        replace(call, whole);
        any = true;
    }
    any
}

/// Lowers operations on scalars to AIR's. Did anything change?
pub fn lower_minmax(module: &Module<'_>) -> bool {
    let mut any = false;
    for (call, name) in intrinsic_calls(module) {
        let Some((which, propagates)) = meaning(&name) else { continue };
        if !matches!(call.ty().kind(), TypeKind::Half | TypeKind::BFloat | TypeKind::Float) {
            continue;
        }
        let numbers = call.fast_math().has(FastMath::NO_NANS);
        let result = in_single(module, call, &call.call_args(), |args| {
            let picked = pick(module, call, which, numbers, args);
            if propagates && !numbers { propagate(module, call, which, picked, args) } else { picked }
        });
        replace(call, result);
        any = true;
    }
    any
}

/// AIR's own operation; the fast one only exists in single precision.
fn pick<'m>(module: &'m Module<'_>, at: Value<'m>, which: &str, fast: bool, args: &[Value<'m>]) -> Value<'m> {
    let ty = args[0].ty();
    let fast = if fast && ty.kind() == TypeKind::Float { "fast_" } else { "" };
    let name = format!("air.{fast}f{which}.{}", suffix(ty).expect("a float"));
    call_air(module, at, &name, ty, args)
}

/// What is picked, unless one of the two is not a number; of two zeros, the negative one is the smaller.
fn propagate<'m>(
    module: &'m Module<'_>,
    at: Value<'m>,
    which: &str,
    picked: Value<'m>,
    args: &[Value<'m>],
) -> Value<'m> {
    let b = Builder::new(module.context());
    b.position_before(at);
    let (x, y) = (args[0], args[1]);
    let int = module.context().int_type(x.ty().bits());
    let (i, j) = (b.bitcast(x, int), b.bitcast(y, int));
    // Equal numbers have equal bits, but for zeros.
    let equal = b.bitcast(if which == "min" { b.or(i, j) } else { b.and(i, j) }, x.ty());
    let number = b.select(b.fcmp(FloatPredicate::LLVMRealOEQ, x, y), equal, picked);
    b.select(b.fcmp(FloatPredicate::LLVMRealUNO, x, y), b.fadd(x, y), number)
}
