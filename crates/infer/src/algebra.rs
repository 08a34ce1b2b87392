//! Identities of integers and truth values, for operations whose other operands are not constant. Arithmetic wraps around, so
//! that sums may be put together in any order. Floating-point operations have no identities that hold for all operands.

use crate::consts;
use crate::fold::{constant, type_of};
use ir::typed::*;
use runtime::{Builtin, Intrinsic, Value};

/// What an operation comes down to.
pub enum Simpler {
    /// One of its operands, or a constant.
    Value(Arg),
    /// Another operation of the same type.
    Operation(Intrinsic, [Arg; 2]),
}

/// What an instruction, with operands that are simplified, comes down to; `None` where it stays as it is.
pub fn simplify(body: &TypedBody, kind: &InstKind) -> Option<Simpler> {
    match kind {
        InstKind::Intrinsic { op, args } => match args[..] {
            [a] => unary(body, *op, a).map(Simpler::Value),
            [a, b] => binary(body, *op, a, b),
            _ => None,
        },
        InstKind::Builtin { op: Builtin::Ifelse, args } => choice(args[0], args[1], args[2]).map(Simpler::Value),
        _ => None,
    }
}

fn choice(condition: Arg, then: Arg, otherwise: Arg) -> Option<Arg> {
    if then == otherwise {
        return Some(then);
    }
    let truth = |a: Arg| constant(a).and_then(Value::as_bool);
    (truth(then) == Some(true) && truth(otherwise) == Some(false)).then_some(condition)
}

/// The operands of an operand that is this operation.
fn operands(body: &TypedBody, a: Arg, op: Intrinsic) -> Option<&[Arg]> {
    let Arg::Inst(id) = a else { return None };
    match &body.insts[id.0 as usize].kind {
        InstKind::Intrinsic { op: found, args } if *found == op => Some(args),
        _ => None,
    }
}

fn unary(body: &TypedBody, op: Intrinsic, a: Arg) -> Option<Arg> {
    match op {
        Intrinsic::NotInt | Intrinsic::NegInt => operands(body, a, op).map(|inner| inner[0]),
        _ => None,
    }
}

fn binary(body: &TypedBody, op: Intrinsic, a: Arg, b: Arg) -> Option<Simpler> {
    use Intrinsic as I;
    let number = |a: Arg| constant(a).and_then(Value::as_any_int);
    match op {
        // The constant comes last.
        I::AddInt | I::MulInt | I::AndInt | I::OrInt | I::XorInt | I::EqInt | I::NeInt
            if constant(a).is_some() && constant(b).is_none() =>
        {
            Some(binary(body, op, b, a).unwrap_or(Simpler::Operation(op, [b, a])))
        }
        I::AddInt | I::SubInt => sum(body, op, a, b),
        I::MulInt => match number(b)? {
            0 => Some(Simpler::Value(b)),
            1 => Some(Simpler::Value(a)),
            _ => None,
        },
        I::AndInt | I::OrInt => bits(op, a, b).map(Simpler::Value),
        I::XorInt | I::ShlInt | I::LshrInt | I::AshrInt => (number(b)? == 0).then_some(Simpler::Value(a)),
        I::EqInt | I::SleInt | I::UleInt if a == b => Some(Simpler::Value(Arg::Const(Value::boolean(true)))),
        I::NeInt | I::SltInt | I::UltInt if a == b => Some(Simpler::Value(Arg::Const(Value::boolean(false)))),
        I::Bitcast => {
            let target = constant(a)?.as_type()?;
            (type_of(body, b) == target).then_some(Simpler::Value(b))
        }
        // What was made wider is as it was.
        I::TruncInt => {
            let target = constant(a)?.as_type()?;
            let wide = operands(body, b, I::SextInt).or_else(|| operands(body, b, I::ZextInt))?;
            (type_of(body, wide[1]) == target).then_some(Simpler::Value(wide[1]))
        }
        _ => None,
    }
}

fn bits(op: Intrinsic, a: Arg, b: Arg) -> Option<Arg> {
    if a == b {
        return Some(a);
    }
    let b_value = constant(b)?;
    let (none, all) = match b_value.as_bool() {
        Some(truth) => (!truth, truth),
        None => (b_value.as_any_int()? == 0, b_value.as_any_int()? == -1),
    };
    match (op, none, all) {
        (Intrinsic::AndInt, _, true) | (Intrinsic::OrInt, true, _) => Some(a),
        (Intrinsic::AndInt, true, _) | (Intrinsic::OrInt, _, true) => Some(b),
        _ => None,
    }
}

/// Sums and differences: constants of sums of sums are added up.
fn sum(body: &TypedBody, op: Intrinsic, a: Arg, b: Arg) -> Option<Simpler> {
    use Intrinsic as I;
    let last = constant(b)?;
    if last.as_any_int()? == 0 {
        return Some(Simpler::Value(a));
    }
    let inner = |inner: Intrinsic| {
        let args = operands(body, a, inner)?;
        let first = constant(args[1])?;
        (first.type_of() == last.type_of()).then_some((args[0], first))
    };
    let (of, first, same) = match inner(op) {
        Some((of, first)) => (of, first, true),
        None => inner(if op == I::AddInt { I::SubInt } else { I::AddInt }).map(|(of, first)| (of, first, false))?,
    };
    // x + first + last, x - first - last: one of the same kind with both; otherwise the two take from each other.
    let (op, values) = match (op, same) {
        (op, true) => (op, [first, last]),
        (I::AddInt, false) => (I::AddInt, [last, first]),
        (_, false) => (I::AddInt, [first, last]),
    };
    let together = if same { I::AddInt } else { I::SubInt };
    let value = together.eval(&values).ok()?;
    if value.as_any_int() == Some(0) {
        return Some(Simpler::Value(of));
    }
    Some(Simpler::Operation(op, [of, Arg::Const(consts::intern(value))]))
}
