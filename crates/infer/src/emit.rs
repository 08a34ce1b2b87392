//! Emission of a typed body from an inferred frame.

use crate::absint::{diverges, op_effects};
use crate::calls::known_elements;
use crate::engine::Engine;
use crate::frame::{Frame, FrameId};
use crate::lattice::{Cond, Lat, Partial, Subject};
use crate::plan::{Case, CaseCallee, Effects, Operand, Plan, Shape, Target, Test};
use crate::ssa::{End, Op, Src, Val};
use crate::{cleanup, signature, ty};
use base::{Span, Symbol};
use ir::typed::*;
use runtime::{Builtin, Intrinsic, Value};
use std::sync::Arc;
use types::{Ty, builtin};
use world::CiRef;

/// The typed body that a frame came to.
pub fn typed_body(engine: &Engine<'_>, f: FrameId) -> TypedBody {
    let frame = engine.frame(f);
    let effects = frame.effects();
    let mut body = TypedBody {
        name: frame.code.name,
        params: params(frame),
        is_va: frame.code.is_va,
        ret: frame.ret.widen(),
        ret_const: frame.ret.as_const().filter(|_| effects.removable()),
        known: known_of_lat(&frame.ret),
        insts: Vec::new(),
        blocks: Vec::new(),
        callees: Vec::new(),
        locals: Vec::new(),
        frames: Vec::new(),
        inline: frame.code.meta.inline,
        fastmath: frame.code.meta.fastmath,
        effect_free: effects.effect_free,
        nothrow: effects.nothrow,
        terminates: effects.terminates,
        not_compilable: None,
        span: frame.code.span,
    };
    if frame.ssa.has_try {
        let at = frame.code.stmts.iter().position(|s| matches!(s, ir::lowered::Stmt::Enter { .. }));
        let span = at.and_then(|i| frame.code.spans.get(i).copied()).filter(|s| !s.is_none());
        body.not_compilable = Some(NotCompilable { what: "try/catch", span: span.unwrap_or(frame.code.span) });
        body.blocks.push(Block { insts: Vec::new(), term: Some(Terminator::Unreachable) });
        return body;
    }
    let mut emitter = Emitter::new(frame);
    emitter.run();
    let Emitter { insts, effects, blocks, callees, locals, .. } = emitter;
    body.insts = insts;
    body.blocks = blocks;
    body.callees = callees;
    body.locals = locals.into_iter().map(|l| (*l).clone()).collect();
    cleanup::run(&mut body, effects);
    body
}

fn params(frame: &Frame) -> Vec<Param> {
    frame
        .args
        .iter()
        .enumerate()
        .map(|(i, lat)| Param { name: frame.code.slots[i].name, ty: lat.widen(), constant: lat.as_const() })
        .collect()
}

pub fn known_of_lat(lat: &Lat) -> Known {
    match lat {
        Lat::Bottom => Known::Bottom,
        Lat::Const(v) => Known::Const(*v),
        Lat::Ty(t) => Known::Type(*t),
        Lat::Partial(p) => Known::Partial { ty: p.ty, fields: p.fields.iter().map(known_of_lat).collect() },
        Lat::Cond(c) => match c.of {
            Subject::Param(param) => Known::Tells {
                param,
                then: Box::new(known_of_lat(&c.then)),
                otherwise: Box::new(known_of_lat(&c.otherwise)),
            },
            Subject::Val(_) => Known::Type(builtin::bool_()),
        },
    }
}

pub fn lat_of_known(known: &Known) -> Lat {
    match known {
        Known::Bottom => Lat::Bottom,
        Known::Const(v) => Lat::constant(*v),
        Known::Type(t) => Lat::of_type(*t),
        Known::Partial { ty, fields } => {
            Lat::Partial(Arc::new(Partial { ty: *ty, fields: fields.iter().map(lat_of_known).collect() }))
        }
        Known::Tells { param, then, otherwise } => Lat::Cond(Arc::new(Cond {
            of: Subject::Param(*param),
            then: lat_of_known(then),
            otherwise: lat_of_known(otherwise),
        })),
    }
}

struct Emitter<'f> {
    frame: &'f Frame,
    insts: Vec<Inst>,
    /// Parallel to `insts`.
    effects: Vec<Effects>,
    blocks: Vec<Block>,
    callees: Vec<Callee>,
    locals: Vec<Arc<TypedBody>>,
    /// What each value became.
    map: Vec<Option<Arg>>,
    /// First typed block of each block, and the one it ends in.
    entry: Vec<Option<BlockId>>,
    exit: Vec<Option<BlockId>>,
    /// The block instructions go to; `None` after one that never returns.
    current: Option<BlockId>,
    phis: Vec<(InstId, Val)>,
    /// Results of the steps of the plan being emitted.
    steps: Vec<(Arg, Lat)>,
}

impl<'f> Emitter<'f> {
    fn new(frame: &'f Frame) -> Emitter<'f> {
        let nb = frame.ssa.blocks.len();
        let mut emitter = Emitter {
            frame,
            insts: Vec::with_capacity(frame.ssa.defs.len()),
            effects: Vec::with_capacity(frame.ssa.defs.len()),
            blocks: Vec::with_capacity(nb),
            callees: Vec::new(),
            locals: Vec::new(),
            map: vec![None; frame.ssa.defs.len()],
            entry: vec![None; nb],
            exit: vec![None; nb],
            current: None,
            phis: Vec::new(),
            steps: Vec::new(),
        };
        for b in frame.reached.iter() {
            emitter.entry[b] = Some(emitter.new_block());
        }
        emitter
    }

    fn run(&mut self) {
        let ssa = self.frame.ssa.clone();
        for b in self.frame.reached.iter() {
            self.current = self.entry[b];
            let block = &ssa.blocks[b];
            for v in block.first..block.last {
                self.value(Val(v));
                if self.current.is_none() {
                    break;
                }
            }
            self.exit[b] = self.current;
            if self.current.is_some() {
                self.end(block.end);
            }
        }
        self.fill_phis();
    }

    fn fill_phis(&mut self) {
        for (id, v) in std::mem::take(&mut self.phis) {
            let def = self.frame.ssa.def(v);
            let Op::Phi(sources) = &def.op else { continue };
            let preds = &self.frame.ssa.blocks[def.block].preds;
            let mut inputs = Vec::with_capacity(preds.len());
            for (i, &p) in preds.iter().enumerate() {
                if !self.frame.edge_taken(def.block, i) {
                    continue;
                }
                let Some(from) = self.exit[p] else { continue };
                let input = match sources[i] {
                    Src::Undef => None,
                    Src::Val(s) => self.map[s.index()],
                    Src::Const(c) => Some(Arg::Const(c)),
                    Src::Global(_) | Src::Sparam(_) => None,
                };
                inputs.push((from, input));
            }
            self.insts[id.0 as usize].kind = InstKind::Phi(inputs);
        }
    }

    // ---- pieces -------------------------------------------------------------------------------

    fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block::default());
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Appends an instruction; one that never returns ends the block.
    fn push(&mut self, kind: InstKind, ty: Ty, span: Span, effects: Effects) -> Arg {
        let id = InstId(self.insts.len() as u32);
        self.insts.push(Inst { kind, ty, span, inlined: None });
        self.effects.push(effects);
        if let Some(b) = self.current {
            self.blocks[b.0 as usize].insts.push(id);
            if ty.is_bottom() {
                self.terminate(Terminator::Unreachable);
            }
        }
        Arg::Inst(id)
    }

    fn terminate(&mut self, term: Terminator) {
        if let Some(b) = self.current.take() {
            self.blocks[b.0 as usize].term = Some(term);
        }
    }

    fn lat(&self, s: Src) -> Lat {
        match s {
            Src::Val(v) => self.frame.lat[v.index()].clone(),
            Src::Const(v) => Lat::Const(v),
            Src::Global(g) => self.frame.globals[g as usize].clone().unwrap_or(Lat::any()),
            Src::Sparam(n) => self.frame.sparams.get(n as usize).cloned().unwrap_or(Lat::any()),
            Src::Undef => Lat::Bottom,
        }
    }

    fn arg(&mut self, s: Src, span: Span) -> Arg {
        match s {
            Src::Const(v) => Arg::Const(v),
            // A value without a place stands in code that is not reached.
            Src::Val(v) => self.map[v.index()].unwrap_or(Arg::Const(Value::nothing())),
            Src::Undef => Arg::Const(Value::nothing()),
            Src::Global(g) => match self.lat(s) {
                Lat::Const(v) => Arg::Const(v),
                lat => {
                    let global = self.frame.ssa.globals[g as usize];
                    self.push(InstKind::LoadGlobal(global), lat.widen(), span, Effects::THROWS)
                }
            },
            Src::Sparam(_) => match self.lat(s) {
                Lat::Const(v) => Arg::Const(v),
                lat => {
                    let what = Symbol::new("undetermined static parameter");
                    self.push(InstKind::Unsupported { what, args: Vec::new() }, lat.widen(), span, Effects::UNKNOWN)
                }
            },
        }
    }

    fn operand(&mut self, o: &Operand, span: Span) -> Arg {
        match *o {
            Operand::Const(v) => Arg::Const(v),
            Operand::Src(s) => match self.lat(s) {
                Lat::Const(v) => Arg::Const(v),
                _ => self.arg(s, span),
            },
            Operand::Element { .. } | Operand::Step { .. } => {
                let (of, lat, index) = match *o {
                    Operand::Element { of, index } => (self.arg(of, span), self.lat(of), index),
                    Operand::Step { at, index } => {
                        let (arg, lat) = self.steps[at as usize].clone();
                        (arg, lat, index)
                    }
                    _ => unreachable!("the other operands are above"),
                };
                let ty = known_elements(&lat)
                    .and_then(|elements| elements.get(index as usize).map(Lat::widen))
                    .unwrap_or_else(builtin::any);
                let number = Arg::Const(crate::consts::intern(Value::int(index as i64 + 1)));
                let kind = InstKind::Builtin { op: Builtin::Getfield, args: vec![of, number] };
                self.push(kind, ty, span, Effects::PURE)
            }
        }
    }

    fn operands(&mut self, operands: &[Operand], span: Span) -> Vec<Arg> {
        operands.iter().map(|o| self.operand(o, span)).collect()
    }

    fn type_of(&self, a: Arg) -> Ty {
        match a {
            Arg::Inst(id) => self.insts[id.0 as usize].ty,
            Arg::Param(n) => self.frame.args[n as usize].widen(),
            Arg::Const(v) => ty::type_of_const(v),
        }
    }

    /// The operand, known to be of a narrower type here.
    fn pi(&mut self, a: Arg, ty: Ty, span: Span) -> Arg {
        if matches!(a, Arg::Const(_)) || self.type_of(a) == ty {
            return a;
        }
        match ty::singleton(ty) {
            Some(v) => Arg::Const(v),
            None => self.push(InstKind::Pi(a), ty, span, Effects::PURE),
        }
    }

    // ---- values -------------------------------------------------------------------------------

    fn value(&mut self, v: Val) {
        let ssa = self.frame.ssa.clone();
        let def = ssa.def(v);
        let span = def.span;
        let lat = self.frame.lat[v.index()].clone();
        let effects = op_effects(self.frame, v);
        if let Lat::Const(c) = lat {
            self.map[v.index()] = Some(Arg::Const(c));
            if effects.removable() && !matches!(def.op, Op::LoopHint(_)) {
                return;
            }
        }
        let ty = lat.widen();
        let result = match &def.op {
            Op::Param(n) => Arg::Param(*n),
            Op::Phi(_) => {
                if lat.is_bottom() {
                    return;
                }
                let id = self.push(InstKind::Phi(Vec::new()), ty, span, Effects::PURE);
                if let Arg::Inst(id) = id {
                    self.phis.push((id, v));
                }
                id
            }
            Op::Pi { of, .. } => {
                if lat.is_bottom() {
                    return self.terminate(Terminator::Unreachable);
                }
                let of = self.arg(Src::Val(*of), span);
                self.pi(of, ty, span)
            }
            Op::Call { .. } => match &self.frame.plans[v.index()] {
                Some(plan) => match self.call(plan, &lat, span) {
                    Some(a) => a,
                    None => return,
                },
                // An operand never came to be.
                None => return self.terminate(Terminator::Unreachable),
            },
            Op::New { ty, args } => self.new_object(*ty, args, &lat, effects, span),
            Op::SplatNew { ty, tuple } => self.splat_new(*ty, *tuple, &lat, span),
            Op::Foreign { name, ret, arg_types, args } => self.foreign(*name, *ret, arg_types, args, &lat, span),
            Op::Read(s) => self.arg(*s, span),
            Op::UndefCheck { name, defined: cond } | Op::ThrowUndefIfNot { name, cond } => {
                if effects.removable() {
                    return;
                }
                let cond = self.arg(*cond, span);
                self.push(InstKind::ThrowUndefIfNot { name: *name, cond }, ty, span, effects)
            }
            Op::IsDefined(_) => self.unsupported("isdefined", Vec::new(), ty, span),
            Op::StoreGlobal(g, s) => {
                let global = ssa.globals[*g as usize];
                let value = self.arg(*s, span);
                self.push(InstKind::StoreGlobal(global, value), builtin::nothing(), span, Effects::UNKNOWN);
                value
            }
            Op::LoopHint(name) => {
                self.push(InstKind::LoopHint(*name), builtin::nothing(), span, Effects::UNKNOWN);
                return;
            }
            Op::CopyAst(v) => self.unsupported("copyast", vec![Arg::Const(*v)], ty, span),
            Op::Boundscheck => Arg::Const(Value::boolean(!self.frame.inbounds)),
            Op::CurrentException | Op::MemSet(..) | Op::MemGet(_) => self.unsupported("try", Vec::new(), ty, span),
            Op::TopLevel(what) => self.unsupported(what, Vec::new(), ty, span),
        };
        if self.map[v.index()].is_none() {
            self.map[v.index()] = Some(result);
        }
        if lat.is_bottom() && diverges(&def.op) {
            self.terminate(Terminator::Unreachable);
        }
    }

    fn unsupported(&mut self, what: &str, args: Vec<Arg>, ty: Ty, span: Span) -> Arg {
        self.push(InstKind::Unsupported { what: Symbol::new(what), args }, ty, span, Effects::UNKNOWN)
    }

    fn new_object(&mut self, ty: Src, args: &[Src], lat: &Lat, effects: Effects, span: Span) -> Arg {
        let fields: Vec<Arg> = args.iter().map(|&a| self.arg(a, span)).collect();
        let t = self.lat(ty).as_type().filter(|&t| ty::types_is_concrete(t));
        let Some(t) = t else { return self.unsupported("new", fields, lat.widen(), span) };
        if lat.is_bottom() {
            return self.unsupported("new", fields, builtin::bottom(), span);
        }
        let lats: Vec<Lat> = args.iter().map(|&a| self.lat(a)).collect();
        let fields = self.fitted(t, fields, &lats, span);
        self.push(InstKind::New { args: fields }, t, span, effects)
    }

    /// Field values checked to be of their fields' types where that is not certain.
    fn fitted(&mut self, t: Ty, fields: Vec<Arg>, lats: &[Lat], span: Span) -> Vec<Arg> {
        let mut fitted = Vec::with_capacity(fields.len());
        for (i, (field, lat)) in fields.into_iter().zip(lats).enumerate() {
            let declared = ty::field_type(t, i).unwrap_or_else(builtin::any);
            if lat.le(&Lat::Ty(declared)) {
                fitted.push(field);
                continue;
            }
            let kind =
                InstKind::Builtin { op: Builtin::Typeassert, args: vec![field, Arg::Const(Value::from(declared))] };
            let checked = lat.meet(&Lat::of_type(declared)).widen();
            fitted.push(self.push(kind, checked, span, Effects::THROWS));
        }
        fitted
    }

    fn splat_new(&mut self, ty: Src, tuple: Src, lat: &Lat, span: Span) -> Arg {
        let t = self.lat(ty).as_type().filter(|&t| ty::types_is_concrete(t));
        let elements = known_elements(&self.lat(tuple));
        match (t, elements) {
            (Some(t), Some(elements)) if !lat.is_bottom() => {
                let operands: Vec<Operand> =
                    (0..elements.len()).map(|i| Operand::Element { of: tuple, index: i as u32 }).collect();
                let fields = self.operands(&operands, span);
                let fields = self.fitted(t, fields, &elements, span);
                self.push(InstKind::New { args: fields }, t, span, Effects::THROWS)
            }
            _ => {
                let tuple = self.arg(tuple, span);
                self.unsupported("splatnew", vec![tuple], lat.widen(), span)
            }
        }
    }

    fn foreign(&mut self, name: Symbol, ret: Src, arg_types: &[Src], args: &[Src], lat: &Lat, span: Span) -> Arg {
        let operands: Vec<Arg> = args.iter().map(|&a| self.arg(a, span)).collect();
        let types: Option<Vec<Ty>> = arg_types.iter().map(|&t| self.lat(t).as_type()).collect();
        match (self.lat(ret).as_type(), types) {
            (Some(ret), Some(arg_types)) => {
                let kind = InstKind::Foreign { name, ret, arg_types, args: operands };
                self.push(kind, lat.widen(), span, Effects::UNKNOWN)
            }
            _ => self.unsupported("foreigncall", operands, lat.widen(), span),
        }
    }

    // ---- calls --------------------------------------------------------------------------------

    /// What stands for the call's value; `None` where it never returns.
    fn call(&mut self, plan: &Plan, lat: &Lat, span: Span) -> Option<Arg> {
        let ty = lat.widen();
        if !plan.steps.is_empty() {
            let outer = std::mem::take(&mut self.steps);
            for step in &plan.steps {
                let result = match &step.lat {
                    Lat::Const(v) if step.plan.effects.removable() => Arg::Const(*v),
                    lat => self.call(&step.plan, lat, span)?,
                };
                self.steps.push((result, step.lat.clone()));
            }
            let result = self.target(plan, ty, span);
            self.steps = outer;
            return result;
        }
        self.target(plan, ty, span)
    }

    fn target(&mut self, plan: &Plan, ty: Ty, span: Span) -> Option<Arg> {
        let result = match &plan.target {
            Target::Builtin(Builtin::Typeassert) if plan.effects.removable() => self.operand(&plan.operands[0], span),
            Target::Builtin(op) => {
                let args = self.operands(&plan.operands, span);
                self.push(InstKind::Builtin { op: *op, args }, ty, span, plan.effects)
            }
            Target::Intrinsic(op) => {
                let args = self.operands(&plan.operands, span);
                self.push(InstKind::Intrinsic { op: *op, args }, ty, span, plan.effects)
            }
            Target::Host(name) => {
                let args = self.operands(&plan.operands, span);
                self.push(InstKind::Host { name: *name, args }, ty, span, plan.effects)
            }
            Target::LoadGlobal(global) => self.push(InstKind::LoadGlobal(*global), ty, span, plan.effects),
            Target::SelectElement { elements, checked } => {
                return self.select_element(elements, *checked, plan, ty, span);
            }
            Target::SplitBuiltin(op, parts) => return self.split_builtin(*op, parts, plan, ty, span),
            Target::FunctionPointer { ci, shape, ret } => {
                let callee = self.callee(*ci, *shape, shape.slots, *ret);
                self.push(InstKind::FunctionPointer { callee }, ty, span, Effects::PURE)
            }
            Target::Dynamic(why) => {
                let args = self.operands(&plan.operands, span);
                self.dynamic(&args, *why, ty, span, plan.effects)
            }
            Target::Cases(cases) => {
                let args = self.operands(&plan.operands, span);
                return self.cases(cases, args, plan, ty, span);
            }
        };
        (!ty.is_bottom()).then_some(result)
    }

    fn dynamic(&mut self, args: &[Arg], why: DynamicReason, ty: Ty, span: Span, effects: Effects) -> Arg {
        let kind = InstKind::Dynamic { f: args[0], args: args[1..].to_vec(), why };
        self.push(kind, ty, span, effects)
    }

    fn cases(&mut self, cases: &[Case], args: Vec<Arg>, plan: &Plan, ty: Ty, span: Span) -> Option<Arg> {
        if let [only] = cases {
            let result = self.case(only, &args, ty, plan.effects, span);
            return (!ty.is_bottom()).then_some(result);
        }
        let tests: Vec<Vec<(usize, Test)>> = cases.iter().map(|c| c.tests.clone()).collect();
        self.split(&tests, args, ty, span, |emitter, i, args| {
            let case = &cases[i];
            emitter.case(case, args, case.ret.widen(), plan.effects, span)
        })
    }

    fn split_builtin(&mut self, op: Builtin, parts: &[(Ty, Lat)], plan: &Plan, ty: Ty, span: Span) -> Option<Arg> {
        let args = self.operands(&plan.operands, span);
        let tests: Vec<Vec<(usize, Test)>> = parts.iter().map(|&(part, _)| vec![(0, Test::Type(part))]).collect();
        self.split(&tests, args, ty, span, |emitter, i, args| {
            let lat = &parts[i].1;
            if let Lat::Const(v) = lat
                && plan.effects.removable()
            {
                return Arg::Const(*v);
            }
            if lat.is_bottom() {
                let f = Arg::Const(runtime::function::builtin_object(op));
                let kind = InstKind::Dynamic { f, args: args.to_vec(), why: DynamicReason::Builtin };
                return emitter.push(kind, builtin::bottom(), span, Effects::UNKNOWN);
            }
            emitter.push(InstKind::Builtin { op, args: args.to_vec() }, lat.widen(), span, plan.effects)
        })
    }

    /// A chain of type tests with a body for each case and a phi of the results.
    fn split(
        &mut self,
        tests: &[Vec<(usize, Test)>],
        args: Vec<Arg>,
        ty: Ty,
        span: Span,
        mut body: impl FnMut(&mut Self, usize, &[Arg]) -> Arg,
    ) -> Option<Arg> {
        let join = self.new_block();
        let mut inputs = Vec::new();
        for (i, case) in tests.iter().enumerate() {
            let mut narrowed = args.clone();
            let next = if i + 1 < tests.len() { Some(self.new_block()) } else { None };
            if let Some(next) = next {
                for &(n, test) in case {
                    let test = self.test(args[n], test, span);
                    let then = self.new_block();
                    self.terminate(Terminator::Branch { cond: test, then, otherwise: next });
                    self.current = Some(then);
                }
            }
            for &(n, test) in case {
                narrowed[n] = match test.lat() {
                    Lat::Const(v) => Arg::Const(v),
                    lat => self.pi(args[n], lat.widen(), span),
                };
            }
            let result = body(self, i, &narrowed);
            if let Some(from) = self.current {
                inputs.push((from, Some(result)));
                self.terminate(Terminator::Goto(join));
            }
            self.current = next;
        }
        if inputs.is_empty() {
            self.blocks[join.0 as usize].term = Some(Terminator::Unreachable);
            self.current = None;
            return None;
        }
        self.current = Some(join);
        Some(self.push(InstKind::Phi(inputs), ty, span, Effects::PURE))
    }

    fn test(&mut self, operand: Arg, test: Test, span: Span) -> Arg {
        let kind = match test {
            Test::Type(t) => InstKind::IsExactly(operand, t),
            Test::Bool(true) => return operand,
            Test::Bool(false) => InstKind::Intrinsic { op: Intrinsic::NotInt, args: vec![operand] },
            Test::Int(i) => {
                let number = Arg::Const(crate::consts::intern(Value::int(i)));
                InstKind::Intrinsic { op: Intrinsic::EqInt, args: vec![operand, number] }
            }
        };
        self.push(kind, builtin::bool_(), span, Effects::PURE)
    }

    fn select_element(&mut self, elements: &[Ty], checked: bool, plan: &Plan, ty: Ty, span: Span) -> Option<Arg> {
        let args = self.operands(&plan.operands, span);
        let n = elements.len();
        // Out of bounds comes last, where it is looked for.
        let tests: Vec<Vec<(usize, Test)>> = (1..=n as i64 + checked as i64).map(|i| vec![(1, Test::Int(i))]).collect();
        let index = args[1];
        self.split(&tests, args, ty, span, |emitter, i, args| {
            if i == n {
                let error = InstKind::New { args: vec![args[0], index] };
                let error = emitter.push(error, builtin::bounds_error(), span, Effects::PURE);
                let throw = InstKind::Builtin { op: Builtin::Throw, args: vec![error] };
                return emitter.push(throw, builtin::bottom(), span, Effects::UNKNOWN);
            }
            let kind = InstKind::Builtin { op: Builtin::Getfield, args: args.to_vec() };
            emitter.push(kind, elements[i], span, Effects::PURE)
        })
    }

    /// One case's call.
    fn case(&mut self, case: &Case, args: &[Arg], ty: Ty, effects: Effects, span: Span) -> Arg {
        if let Lat::Const(v) = case.ret
            && effects.removable()
        {
            return Arg::Const(v);
        }
        match &case.callee {
            CaseCallee::Dynamic(why) => self.dynamic(args, *why, ty, span, effects),
            CaseCallee::Invoke { ci, shape } => {
                let args = self.packed(args, *shape, span);
                let callee = self.callee(*ci, *shape, args.len(), ty);
                self.push(InstKind::Invoke { callee, args }, ty, span, effects)
            }
            CaseCallee::Local { body, shape } => {
                let args = self.packed(args, *shape, span);
                let at = self.locals.iter().position(|l| Arc::ptr_eq(l, body)).unwrap_or_else(|| {
                    self.locals.push(body.clone());
                    self.locals.len() - 1
                });
                self.push(InstKind::InvokeLocal { callee: LocalId(at as u32), args }, ty, span, effects)
            }
        }
    }

    /// One operand per slot of the callee: a variadic one gets the rest as a tuple.
    fn packed(&mut self, args: &[Arg], shape: Shape, span: Span) -> Vec<Arg> {
        if !shape.is_va {
            return args.to_vec();
        }
        let fixed = (shape.slots - 1).min(args.len());
        let rest = args[fixed..].to_vec();
        let lats: Vec<Lat> = rest
            .iter()
            .map(|&a| match a {
                Arg::Const(v) => Lat::Const(v),
                a => Lat::of_type(self.type_of(a)),
            })
            .collect();
        let tuple = match Lat::tuple(lats) {
            Lat::Const(v) => Arg::Const(v),
            lat => {
                let kind = InstKind::Builtin { op: Builtin::Tuple, args: rest };
                self.push(kind, lat.widen(), span, Effects::PURE)
            }
        };
        let mut packed = args[..fixed].to_vec();
        packed.push(tuple);
        packed
    }

    fn callee(&mut self, ci: CiRef, shape: Shape, args: usize, ret: Ty) -> CalleeId {
        if let Some(i) = self.callees.iter().position(|c| c.instance == ci) {
            return CalleeId(i as u32);
        }
        let mut arg_types: Vec<Ty> = signature::slot_types(ci.mi(), shape.slots, shape.is_va);
        arg_types.truncate(args);
        self.callees.push(Callee { instance: ci, arg_types, ret });
        CalleeId(self.callees.len() as u32 - 1)
    }

    // ---- ends ---------------------------------------------------------------------------------

    fn end(&mut self, end: End) {
        match end {
            End::Goto(t) => self.goto(t),
            End::Try { body, .. } => self.goto(body),
            End::Return(s) => {
                let lat = self.lat(s);
                let value = match lat {
                    Lat::Bottom => return self.terminate(Terminator::Unreachable),
                    Lat::Const(v) => Arg::Const(v),
                    _ => self.arg(s, self.frame.code.span),
                };
                self.terminate(Terminator::Return(value));
            }
            End::Branch { cond, then, otherwise, span } => {
                let lat = self.lat(cond);
                if lat.is_bottom() {
                    return self.terminate(Terminator::Unreachable);
                }
                match lat.as_bool() {
                    Some(true) => return self.goto(then),
                    Some(false) => return self.goto(otherwise),
                    None => {}
                }
                let mut cond = self.arg(cond, span);
                let t = lat.widen();
                if ty::disjoint(t, builtin::bool_()) {
                    self.push(InstKind::ThrowNonBool(cond), builtin::bottom(), span, Effects::UNKNOWN);
                    return;
                }
                if t != builtin::bool_() {
                    let test =
                        self.push(InstKind::IsExactly(cond, builtin::bool_()), builtin::bool_(), span, Effects::PURE);
                    let (fine, wrong) = (self.new_block(), self.new_block());
                    self.terminate(Terminator::Branch { cond: test, then: fine, otherwise: wrong });
                    self.current = Some(wrong);
                    self.push(InstKind::ThrowNonBool(cond), builtin::bottom(), span, Effects::UNKNOWN);
                    self.current = Some(fine);
                    cond = self.pi(cond, builtin::bool_(), span);
                    // The edges leave from here.
                    self.note_exit(fine);
                }
                match (self.entry[then], self.entry[otherwise]) {
                    (Some(then), Some(otherwise)) => self.terminate(Terminator::Branch { cond, then, otherwise }),
                    (Some(only), None) | (None, Some(only)) => self.terminate(Terminator::Goto(only)),
                    (None, None) => self.terminate(Terminator::Unreachable),
                }
            }
        }
    }

    /// The block being emitted ends in another typed block than it began.
    fn note_exit(&mut self, to: BlockId) {
        if let Some(last) = self.exit.iter_mut().rev().find(|e| e.is_some()) {
            *last = Some(to);
        }
    }

    fn goto(&mut self, b: usize) {
        match self.entry[b] {
            Some(t) => self.terminate(Terminator::Goto(t)),
            None => self.terminate(Terminator::Unreachable),
        }
    }
}
