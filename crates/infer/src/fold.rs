//! Folding on emitted bodies: what inlining and specialisation made constant.

use crate::{consts, tfunc_intrinsic, ty};
use ir::typed::*;
use runtime::{Builtin, Value};

/// Folds operations on constants and reads of objects made here; turns branches on constants into jumps. True if
/// control flow changed.
pub fn run(body: &mut TypedBody) -> bool {
    let mut forward: Vec<Option<Arg>> = vec![None; body.insts.len()];
    for b in 0..body.blocks.len() {
        for k in 0..body.blocks[b].insts.len() {
            let id = body.blocks[b].insts[k];
            let mut kind =
                std::mem::replace(&mut body.insts[id.0 as usize].kind, InstKind::LoopHint(base::Symbol::new("")));
            kind.for_each_arg_mut(|a| *a = resolve(&forward, *a));
            let folded = fold(body, &kind, id);
            body.insts[id.0 as usize].kind = kind;
            forward[id.0 as usize] = folded;
        }
    }
    let mut jumps = false;
    for block in &mut body.blocks {
        block.insts.retain(|id| forward[id.0 as usize].is_none());
        match &mut block.term {
            Some(Terminator::Return(a)) => *a = resolve(&forward, *a),
            Some(Terminator::Branch { cond, then, otherwise }) => {
                *cond = resolve(&forward, *cond);
                if let Arg::Const(v) = *cond
                    && let Some(c) = v.as_bool()
                {
                    block.term = Some(Terminator::Goto(if c { *then } else { *otherwise }));
                    jumps = true;
                }
            }
            _ => {}
        }
    }
    for inst in &mut body.insts {
        inst.kind.for_each_arg_mut(|a| *a = resolve(&forward, *a));
    }
    jumps
}

fn resolve(forward: &[Option<Arg>], mut a: Arg) -> Arg {
    while let Arg::Inst(id) = a {
        match forward[id.0 as usize] {
            Some(next) => a = next,
            None => break,
        }
    }
    a
}

fn constant(a: Arg) -> Option<Value> {
    match a {
        Arg::Const(v) => Some(v),
        _ => None,
    }
}

/// What an instruction may be replaced by.
fn fold(body: &TypedBody, kind: &InstKind, id: InstId) -> Option<Arg> {
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

fn type_of(body: &TypedBody, a: Arg) -> types::Ty {
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
