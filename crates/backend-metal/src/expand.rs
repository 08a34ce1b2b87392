//! Intrinsics that the versions of LLVM which Apple's compilers are made of do not all have, in instructions that every LLVM has.

use crate::calls::{intrinsic_calls, replace};
use llvm::{Builder, IntPredicate, Module, Value};

/// Expands them all. Did anything change?
pub fn expand_intrinsics(module: &Module<'_>) -> bool {
    let mut any = false;
    for (call, name) in intrinsic_calls(module) {
        let b = Builder::new(module.context());
        b.position_before(call);
        let result = match name.as_str() {
            "llvm.fshl" => funnel_shift(&b, call, true),
            "llvm.fshr" => funnel_shift(&b, call, false),
            "llvm.scmp" => compare(&b, call, IntPredicate::LLVMIntSLT),
            "llvm.ucmp" => compare(&b, call, IntPredicate::LLVMIntULT),
            "llvm.is.fpclass" => class(&b, call),
            _ => None,
        };
        if let Some(result) = result {
            replace(call, result);
            any = true;
        }
    }
    any
}

/// The upper (lower) half of two words side by side, shifted to the left (right). Widths are powers of two.
fn funnel_shift<'m>(b: &Builder<'m>, call: Value<'m>, left: bool) -> Option<Value<'m>> {
    let (high, low, ty) = (call.operand(0), call.operand(1), call.ty());
    if !ty.bits().is_power_of_two() {
        return None;
    }
    let last = ty.const_int(u64::from(ty.bits()) - 1);
    let by = b.and(call.operand(2), last);
    // In two steps, so that no shift is by the whole width.
    let (rest, one) = (b.xor(by, last), ty.const_int(1));
    Some(if left {
        b.or(b.shl(high, by), b.lshr(b.lshr(low, one), rest))
    } else {
        b.or(b.shl(b.shl(high, one), rest), b.lshr(low, by))
    })
}

/// -1, 0 or 1.
fn compare<'m>(b: &Builder<'m>, call: Value<'m>, less: IntPredicate) -> Option<Value<'m>> {
    let (x, y, ty) = (call.operand(0), call.operand(1), call.ty());
    if !ty.is_int() {
        return None;
    }
    let below = b.sext(b.icmp(less, x, y), ty);
    let above = b.zext(b.icmp(less, y, x), ty);
    Some(b.or(below, above))
}

/// Is a number of one of the classes of a mask?
fn class<'m>(b: &Builder<'m>, call: Value<'m>) -> Option<Value<'m>> {
    let (x, mask) = (call.operand(0), call.operand(1).as_const_int()?);
    let mantissa = match x.ty().kind() {
        llvm::TypeKind::Half => 10,
        llvm::TypeKind::BFloat => 7,
        llvm::TypeKind::Float => 23,
        _ => return None,
    };
    let width = x.ty().bits();
    let int = b.context().int_type(width);
    let constant = |n: u64| int.const_int(n);
    let sign = 1u64 << (width - 1);
    let (infinity, least) = ((sign - 1) >> mantissa << mantissa, 1u64 << mantissa);
    let quiet = infinity | least >> 1;
    let bits = b.bitcast(x, int);
    let magnitude = b.and(bits, constant(sign - 1));
    let negative = b.icmp(IntPredicate::LLVMIntSLT, bits, constant(0));
    let positive = b.not(negative);
    let from = |low: u64, high: u64| {
        // low <= magnitude < high
        b.icmp(IntPredicate::LLVMIntULT, b.sub(magnitude, constant(low)), constant(high - low))
    };
    // The bits of the mask for negative and positive numbers of each kind.
    let kinds = [
        (1 << 2, 1 << 9, infinity, infinity + 1),
        (1 << 3, 1 << 8, least, infinity),
        (1 << 4, 1 << 7, 1, least),
        (1 << 5, 1 << 6, 0, 1),
        (1 << 0, 1 << 0, infinity + 1, quiet),
        (1 << 1, 1 << 1, quiet, sign),
    ];
    let mut any = b.context().int_type(1).const_int(0);
    for (below, above, low, high) in kinds {
        let is = match (mask & below != 0, mask & above != 0) {
            (false, false) => continue,
            (true, true) => from(low, high),
            (true, false) => b.and(from(low, high), negative),
            (false, true) => b.and(from(low, high), positive),
        };
        any = b.or(any, is);
    }
    Some(any)
}
