//! Abstract interpretation of one frame: a worklist over reached blocks, values in order.

use crate::cfg::B;
use crate::engine::Engine;
use crate::frame::{Frame, FrameId};
use crate::lattice::{Cond, Lat, Subject};
use crate::plan::Effects;
use crate::ssa::{End, Op, Src, Val};
use crate::ty;
use runtime::Value;
use std::sync::Arc;
use types::builtin;

/// Ends the block's evaluation where it has no value: control does not get past it.
pub fn diverges(op: &Op) -> bool {
    // A phi without value is an undefined slot, which is checked before it is read.
    !matches!(op, Op::Phi(_) | Op::Param(_))
}

impl Engine<'_> {
    /// Works until nothing in the frame changes any more.
    pub fn run(&mut self, f: FrameId) {
        while let Some(b) = self.frame_mut(f).next_block() {
            self.visit(f, b);
        }
    }

    fn visit(&mut self, f: FrameId, b: B) {
        let ssa = self.frame(f).ssa.clone();
        let block = &ssa.blocks[b];
        for v in block.first..block.last {
            let v = Val(v);
            if self.frame_mut(f).take_dirty(v) {
                let new = self.value(f, v);
                self.frame_mut(f).set(v, new);
            }
            if self.frame(f).lat[v.index()].is_bottom() && diverges(&ssa.def(v).op) {
                return;
            }
        }
        match block.end {
            End::Goto(t) => self.frame_mut(f).take(b, t),
            End::Try { body, handler } => {
                self.frame_mut(f).take(b, body);
                self.frame_mut(f).take(b, handler);
            }
            End::Branch { cond, then, otherwise, .. } => {
                let cond = self.src(f, cond);
                if ty::disjoint(cond.widen(), builtin::bool_()) {
                    return;
                }
                let known = cond.as_bool();
                if known != Some(false) {
                    self.frame_mut(f).take(b, then);
                }
                if known != Some(true) {
                    self.frame_mut(f).take(b, otherwise);
                }
            }
            End::Return(s) => {
                let value = self.src(f, s);
                let value = self.as_result(f, value);
                self.widen_result(f, value);
            }
        }
    }

    /// What a returned value tells a caller: conditions about values become conditions about parameters.
    fn as_result(&self, f: FrameId, value: Lat) -> Lat {
        let Lat::Cond(c) = &value else { return value };
        let Subject::Val(v) = c.of else { return Lat::bool() };
        let frame = self.frame(f);
        match frame.ssa.def(frame.root(Val(v))).op {
            Op::Param(n) if !(frame.code.is_va && n + 1 == frame.code.nargs) => Lat::Cond(Arc::new(Cond {
                of: Subject::Param(n),
                then: c.then.clone(),
                otherwise: c.otherwise.clone(),
            })),
            _ => Lat::bool(),
        }
    }

    fn widen_result(&mut self, f: FrameId, value: Lat) {
        let frame = self.frame_mut(f);
        let joined = if frame.ret.is_bottom() { value } else { frame.ret.join(&value) };
        if joined == frame.ret {
            return;
        }
        frame.ret_changes += 1;
        frame.ret = if frame.recursive { joined.widened(frame.ret_changes) } else { joined };
        for (caller, at) in frame.callers.clone() {
            self.frame_mut(caller).mark_dirty(at);
        }
    }

    /// What is known of an operand.
    pub fn src(&mut self, f: FrameId, s: Src) -> Lat {
        match s {
            Src::Val(v) => self.frame(f).lat[v.index()].clone(),
            Src::Const(v) => Lat::Const(v),
            Src::Global(g) => self.global(f, g),
            Src::Sparam(n) => self.frame(f).sparams.get(n as usize).cloned().unwrap_or(Lat::any()),
            Src::Undef => Lat::Bottom,
        }
    }

    fn value(&mut self, f: FrameId, v: Val) -> Lat {
        let ssa = self.frame(f).ssa.clone();
        let def = ssa.def(v);
        match &def.op {
            Op::Param(n) => self.frame(f).args[*n as usize].clone(),
            Op::Phi(inputs) => {
                let mut joined = Lat::Bottom;
                for (i, &input) in inputs.iter().enumerate() {
                    if self.frame(f).edge_taken(def.block, i) {
                        let value = self.src(f, input);
                        joined = if joined.is_bottom() { value } else { joined.join(&value) };
                    }
                }
                joined
            }
            Op::Pi { of, cond, sense } => self.narrowed(f, *of, *cond, *sense),
            Op::Call { f: callee, args } => self.eval_call(f, v, *callee, args, def.inbounds),
            Op::New { ty, args } => {
                let ty = self.src(f, *ty);
                let fields: Vec<Lat> = args.iter().map(|&a| self.src(f, a)).collect();
                new_object(&ty, fields)
            }
            Op::SplatNew { ty, tuple } => {
                let ty = self.src(f, *ty);
                let tuple = self.src(f, *tuple);
                match crate::calls::known_elements(&tuple) {
                    Some(fields) => new_object(&ty, fields),
                    None => ty::instance_of_lat(&ty).map_or(Lat::any(), |i| Lat::of_type(i.upper)),
                }
            }
            Op::Foreign { ret, args, .. } => {
                for &a in args {
                    if self.src(f, a).is_bottom() {
                        return Lat::Bottom;
                    }
                }
                let ret = self.src(f, *ret);
                ty::instance_of_lat(&ret).map_or(Lat::any(), |i| Lat::of_type(i.upper))
            }
            Op::Read(s) => self.src(f, *s),
            Op::UndefCheck { defined: cond, .. } | Op::ThrowUndefIfNot { cond, .. } => {
                let cond = self.src(f, *cond);
                if cond.is_bottom() || cond.as_bool() == Some(false) {
                    Lat::Bottom
                } else {
                    Lat::Const(Value::nothing())
                }
            }
            Op::IsDefined(s) => self.is_defined(f, *s),
            Op::StoreGlobal(_, s) => self.src(f, *s),
            Op::MemSet(slot, s) => {
                let value = self.src(f, *s);
                if !value.is_bottom() {
                    self.frame_mut(f).store(*slot, &value);
                }
                value
            }
            Op::MemGet(slot) => self.frame(f).memory[*slot as usize].clone(),
            Op::Boundscheck => Lat::constant_bool(!self.frame(f).inbounds),
            Op::CopyAst(v) => Lat::Ty(v.type_of()),
            Op::CurrentException | Op::TopLevel(_) => Lat::any(),
            Op::LoopHint(_) => Lat::Const(Value::nothing()),
        }
    }

    /// A value on one side of a branch.
    fn narrowed(&self, f: FrameId, of: Val, cond: Val, sense: bool) -> Lat {
        let frame = self.frame(f);
        let value = &frame.lat[of.index()];
        if of == cond {
            return value.meet(&Lat::constant_bool(sense));
        }
        let Lat::Cond(c) = &frame.lat[cond.index()] else { return value.clone() };
        let Subject::Val(subject) = c.of else { return value.clone() };
        if frame.root(Val(subject)) != frame.root(of) {
            return value.clone();
        }
        let told = if sense { &c.then } else { &c.otherwise };
        match told {
            Lat::Bottom => Lat::Bottom,
            told => value.meet(told),
        }
    }

    fn is_defined(&mut self, f: FrameId, s: Src) -> Lat {
        match s {
            Src::Global(g) => {
                let global = self.frame(f).ssa.globals[g as usize];
                let known = self.global_info(f, global);
                if known.constant.is_some() { Lat::constant_bool(true) } else { Lat::bool() }
            }
            Src::Sparam(n) => match self.frame(f).sparams.get(n as usize) {
                Some(Lat::Const(_)) => Lat::constant_bool(true),
                _ => Lat::bool(),
            },
            _ => Lat::constant_bool(true),
        }
    }
}

/// `new`: fields must be of their declared types already.
fn new_object(ty: &Lat, fields: Vec<Lat>) -> Lat {
    if fields.iter().any(Lat::is_bottom) {
        return Lat::Bottom;
    }
    let Some(t) = ty::instance_of_lat(ty) else { return Lat::any() };
    if !t.exact || !ty::types_is_concrete(t.upper) {
        return Lat::of_type(t.upper);
    }
    let Some(n) = ty::field_count(t.upper) else { return Lat::Ty(t.upper) };
    if fields.len() > n {
        return Lat::Bottom;
    }
    let mut met = Vec::with_capacity(fields.len());
    for (i, field) in fields.into_iter().enumerate() {
        let declared = ty::field_type(t.upper, i).unwrap_or_else(builtin::any);
        let field = field.forget_condition().meet(&Lat::of_type(declared));
        if field.is_bottom() {
            return Lat::Bottom;
        }
        met.push(field);
    }
    if ty::is_immutable_struct(t.upper) { Lat::with_fields(t.upper, met) } else { Lat::Ty(t.upper) }
}

/// Effects of one operation, given what is known of its operands.
pub fn op_effects(frame: &Frame, v: Val) -> Effects {
    let def = frame.ssa.def(v);
    match &def.op {
        Op::Param(_)
        | Op::Phi(_)
        | Op::Pi { .. }
        | Op::Boundscheck
        | Op::LoopHint(_)
        | Op::IsDefined(_)
        | Op::MemGet(_) => Effects::PURE,
        Op::Call { .. } => frame.plans[v.index()].as_ref().map_or(Effects::UNKNOWN, |p| p.effects),
        Op::New { ty, args } => new_effects(frame, *ty, args),
        Op::SplatNew { .. } => Effects::THROWS,
        Op::Read(Src::Val(_) | Src::Const(_) | Src::Undef) => Effects::PURE,
        Op::Read(Src::Global(_) | Src::Sparam(_)) => {
            if frame.lat[v.index()].as_const().is_some() {
                Effects::PURE
            } else {
                Effects::THROWS
            }
        }
        Op::UndefCheck { defined: cond, .. } | Op::ThrowUndefIfNot { cond, .. } => {
            let known = match cond {
                Src::Val(c) => frame.lat[c.index()].as_bool(),
                Src::Const(c) => c.as_bool(),
                _ => None,
            };
            if known == Some(true) { Effects::PURE } else { Effects::THROWS }
        }
        Op::CopyAst(_) => Effects::PURE,
        Op::Foreign { .. } | Op::StoreGlobal(..) | Op::MemSet(..) | Op::CurrentException | Op::TopLevel(_) => {
            Effects::UNKNOWN
        }
    }
}

fn new_effects(frame: &Frame, ty: Src, args: &[Src]) -> Effects {
    let lat = |s: &Src| match *s {
        Src::Val(v) => Some(frame.lat[v.index()].clone()),
        Src::Const(v) => Some(Lat::Const(v)),
        Src::Sparam(n) => frame.sparams.get(n as usize).cloned(),
        Src::Global(g) => frame.globals.get(g as usize).cloned().flatten(),
        Src::Undef => None,
    };
    let Some(t) = lat(&ty).and_then(|l| l.as_type()) else { return Effects::THROWS };
    if !ty::types_is_concrete(t) {
        return Effects::THROWS;
    }
    let fits = args
        .iter()
        .enumerate()
        .all(|(i, a)| lat(a).is_some_and(|l| ty::field_type(t, i).is_some_and(|declared| l.le(&Lat::Ty(declared)))));
    if fits { Effects::PURE } else { Effects::THROWS }
}
