//! Folding of single instructions of emitted bodies: what inlining and specialisation made constant.

use crate::{consts, tfunc_intrinsic, ty};
use ir::typed::*;
use runtime::{Builtin, Value};

/// The operand's value, if it is a constant.
pub fn constant(a: Arg) -> Option<Value> {
    match a {
        Arg::Const(v) => Some(v),
        _ => None,
    }
}

/// What is known of an instruction's result: a constant, or what an object was made of.
pub fn fold(body: &TypedBody, kind: &InstKind, id: InstId) -> Option<Arg> {
    match kind {
        InstKind::Intrinsic { op, args } if tfunc_intrinsic::is_pure(*op) => {
            let values: Vec<Value> = args.iter().map(|&a| constant(a)).collect::<Option<_>>()?;
            op.eval(&values).ok().map(|v| Arg::Const(consts::intern(v)))
        }
        InstKind::Pi(a @ Arg::Const(_)) => Some(*a),
        InstKind::Pi(a) if type_of(body, *a) == body.insts[id.0 as usize].ty => Some(*a),
        InstKind::IsExactly(a, t) => {
            let known = match *a {
                Arg::Const(v) => v.type_of(),
                a => type_of(body, a),
            };
            if known == *t && ty::types_is_concrete(*t) {
                Some(Arg::Const(Value::boolean(true)))
            } else if ty::disjoint(known, *t) {
                Some(Arg::Const(Value::boolean(false)))
            } else {
                None
            }
        }
        InstKind::Builtin { op: Builtin::Ifelse, args } => {
            let c = constant(args[0])?.as_bool()?;
            Some(if c { args[1] } else { args[2] })
        }
        InstKind::Builtin { op: Builtin::Egal, args } => {
            let (a, b) = (constant(args[0])?, constant(args[1])?);
            Some(Arg::Const(Value::boolean(runtime::egal(a, b))))
        }
        InstKind::Builtin { op: Builtin::Getfield, args } => field_made_here(body, args),
        _ => None,
    }
}

/// The type of an operand; a type that is a constant is of its own `Type{T}`.
pub fn type_of(body: &TypedBody, a: Arg) -> types::Ty {
    match a {
        Arg::Const(v) => ty::type_of_const(v),
        a => body.arg_type(a),
    }
}

/// `getfield` of a tuple or an immutable object whose making is in sight.
fn field_made_here(body: &TypedBody, args: &[Arg]) -> Option<Arg> {
    let name = constant(*args.get(1)?)?;
    let mut object = args[0];
    while let Arg::Inst(id) = object
        && let InstKind::Pi(inner) = body.insts[id.0 as usize].kind
    {
        object = inner;
    }
    match object {
        Arg::Const(v) => {
            let i = ty::field_index(v.type_of(), name)?;
            consts::field(v, i)?.as_const().map(Arg::Const)
        }
        Arg::Inst(id) => {
            let inst = &body.insts[id.0 as usize];
            let fields = match &inst.kind {
                InstKind::New { args } => args,
                InstKind::Builtin { op: Builtin::Tuple, args } => args,
                _ => return None,
            };
            if !ty::is_immutable_struct(inst.ty) {
                return None;
            }
            fields.get(ty::field_index(inst.ty, name)?).copied()
        }
        Arg::Param(_) => None,
    }
}
