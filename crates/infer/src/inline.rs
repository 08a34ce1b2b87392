//! Inlining of small finished bodies into emitted ones, so that arithmetic is not calls in every unit that is
//! compiled by itself.
//!
//! Bodies with calls dispatched at run time stay out of line: what is reported about them names the chain of calls.

use crate::plan::Effects;
use crate::tfunc_intrinsic;
use base::Span;
use ir::typed::*;
use runtime::Builtin;
use rustc_hash::FxHashMap;
use types::Ty;

/// Cost up to which a body is inlined, and where it was asked for or belongs to this body alone.
const LIMIT: usize = 30;
const LIMIT_LOCAL: usize = 60;
const LIMIT_ASKED: usize = 400;
/// A body does not grow beyond this by inlining.
const MAX_SIZE: usize = 4000;

/// Inlines what is worth it. `effects` is parallel to the instructions.
pub fn run(body: &mut TypedBody, effects: &mut Vec<Effects>) {
    let mut forward: Vec<Option<Arg>> = vec![None; body.insts.len()];
    let mut any = false;
    // New blocks hold inlined code and the rests of split blocks; only the latter are looked at again.
    let mut todo: Vec<usize> = (0..body.blocks.len()).rev().collect();
    while let Some(b) = todo.pop() {
        let mut k = 0;
        while k < body.blocks[b].insts.len() {
            let id = body.blocks[b].insts[k];
            k += 1;
            let Some(site) = candidate(body, id) else { continue };
            any = true;
            if site.callee.blocks.len() == 1 {
                k = splice(body, effects, &mut forward, b, k - 1, id, &site);
            } else if let Some(rest) = graft(body, effects, &mut forward, b, k - 1, id, &site) {
                todo.push(rest);
                break;
            } else {
                break;
            }
        }
    }
    if any {
        resolve_all(body, &forward);
    }
}

/// Is a body of the kind that is inlined wherever there is room?
pub fn is_small(callee: &TypedBody) -> bool {
    let limit = match callee.inline {
        Some(true) => LIMIT_ASKED,
        Some(false) => return false,
        None => LIMIT,
    };
    cost(callee).is_some_and(|c| c <= limit)
}

/// A call to be inlined.
struct Site {
    callee: TypedBody,
    args: Vec<Arg>,
    /// Where the inlined code counts as standing: library code called by the user's is where it is called.
    place: Option<Span>,
}

fn candidate(body: &TypedBody, id: InstId) -> Option<Site> {
    let (callee, args, limit) = match &body.insts[id.0 as usize].kind {
        InstKind::Invoke { callee, args } => {
            let ci = body.callees[callee.0 as usize].instance;
            (ci.get().body::<TypedBody>()?, args, LIMIT)
        }
        InstKind::InvokeLocal { callee, args } => (&body.locals[callee.0 as usize], args, LIMIT_LOCAL),
        _ => return None,
    };
    let limit = match callee.inline {
        Some(true) => LIMIT_ASKED,
        Some(false) => return None,
        None => limit,
    };
    let fits = callee.not_compilable.is_none()
        && callee.fastmath == body.fastmath
        && callee.params.len() == args.len()
        && !callee.ret.is_bottom()
        && body.insts.len() + callee.insts.len() <= MAX_SIZE
        && cost(callee).is_some_and(|c| c <= limit);
    let call = body.insts[id.0 as usize].span;
    fits.then(|| Site {
        callee: callee.clone(),
        args: args.clone(),
        place: (!call.is_none() && callee.span.in_library() && !call.in_library()).then_some(call),
    })
}

/// What inlining a body costs; `None` where it must stay as it is.
fn cost(body: &TypedBody) -> Option<usize> {
    let mut total = 2 * (body.blocks.len() - 1);
    for (_, inst) in body.placed() {
        total += match &inst.kind {
            InstKind::Dynamic { .. } | InstKind::Unsupported { .. } => return None,
            InstKind::Phi(_) | InstKind::Pi(_) => 0,
            InstKind::Intrinsic { .. }
            | InstKind::FunctionPointer { .. }
            | InstKind::IsExactly(..)
            | InstKind::New { .. } => 1,
            InstKind::Builtin { .. } | InstKind::LoopHint(_) | InstKind::ThrowUndefIfNot { .. } => 2,
            InstKind::LoadGlobal(_) | InstKind::StoreGlobal(..) | InstKind::ThrowNonBool(_) => 4,
            InstKind::Host { .. }
            | InstKind::Foreign { .. }
            | InstKind::Invoke { .. }
            | InstKind::InvokeLocal { .. } => 8,
        };
    }
    Some(total)
}

/// Copies the callee's instructions to the end of `body`'s; they stand nowhere yet.
struct Copied {
    offset: u32,
}

fn copy_insts(
    body: &mut TypedBody,
    effects: &mut Vec<Effects>,
    forward: &mut Vec<Option<Arg>>,
    call: InstId,
    site: &Site,
    block_offset: u32,
) -> Copied {
    let offset = body.insts.len() as u32;
    let callees: Vec<CalleeId> = site.callee.callees.iter().map(|c| merge_callee(body, c)).collect();
    let local_offset = body.locals.len() as u32;
    body.locals.extend(site.callee.locals.iter().cloned());
    let mut frames = Frames::new(site, call);
    for inst in &site.callee.insts {
        let mut inst = inst.clone();
        inst.inlined = frames.of(body, &inst);
        if let Some(place) = site.place {
            inst.span = place;
        }
        if let InstKind::Phi(inputs) = &mut inst.kind {
            inputs.iter_mut().for_each(|(p, _)| p.0 += block_offset);
        }
        inst.kind.for_each_arg_mut(|a| *a = mapped(*a, site, offset));
        match &mut inst.kind {
            InstKind::Invoke { callee, .. } | InstKind::FunctionPointer { callee } => {
                *callee = callees[callee.0 as usize]
            }
            InstKind::InvokeLocal { callee, .. } => callee.0 += local_offset,
            _ => {}
        }
        effects.push(effects_of(&inst.kind, inst.ty, &site.callee));
        body.insts.push(inst);
        forward.push(None);
    }
    Copied { offset }
}

/// The frames of one inlined call.
struct Frames<'s> {
    callee: &'s TypedBody,
    call: InstId,
    /// The place of the call.
    caller: Option<FrameId>,
    /// What the callee's own frames became.
    mapped: FxHashMap<FrameId, FrameId>,
    /// The frames of places in the callee itself.
    places: FxHashMap<Span, FrameId>,
}

impl<'s> Frames<'s> {
    fn new(site: &'s Site, call: InstId) -> Frames<'s> {
        let (mapped, places) = (FxHashMap::default(), FxHashMap::default());
        Frames { callee: &site.callee, call, caller: None, mapped, places }
    }

    /// The frame of an instruction of the callee; what can neither throw nor call needs none.
    fn of(&mut self, body: &mut TypedBody, inst: &Inst) -> Option<FrameId> {
        let silent = match inst.kind {
            InstKind::Phi(_)
            | InstKind::Pi(_)
            | InstKind::New { .. }
            | InstKind::IsExactly(..)
            | InstKind::LoopHint(_) => true,
            InstKind::Intrinsic { op, .. } => tfunc_intrinsic::never_throws(op),
            InstKind::Builtin { op: Builtin::Tuple | Builtin::Egal | Builtin::Isa | Builtin::Typeof, .. } => true,
            _ => false,
        };
        if silent {
            return None;
        }
        if let Some(inner) = inst.inlined {
            return Some(self.map(body, inner));
        }
        if let Some(&found) = self.places.get(&inst.span) {
            return Some(found);
        }
        let caller = self.caller(body);
        let made = push(body, InlineFrame { function: self.callee.name, span: inst.span, caller: Some(caller) });
        self.places.insert(inst.span, made);
        Some(made)
    }

    fn map(&mut self, body: &mut TypedBody, id: FrameId) -> FrameId {
        if let Some(&found) = self.mapped.get(&id) {
            return found;
        }
        let frame = self.callee.frames[id.0 as usize];
        let caller = match frame.caller {
            Some(caller) => self.map(body, caller),
            None => self.caller(body),
        };
        let made = push(body, InlineFrame { caller: Some(caller), ..frame });
        self.mapped.insert(id, made);
        made
    }

    fn caller(&mut self, body: &mut TypedBody) -> FrameId {
        let inst = &body.insts[self.call.0 as usize];
        let (known, span) = (self.caller.or(inst.inlined), inst.span);
        let function = body.name;
        let caller = known.unwrap_or_else(|| push(body, InlineFrame { function, span, caller: None }));
        self.caller = Some(caller);
        caller
    }
}

fn push(body: &mut TypedBody, frame: InlineFrame) -> FrameId {
    body.frames.push(frame);
    FrameId(body.frames.len() as u32 - 1)
}

fn merge_callee(body: &mut TypedBody, c: &Callee) -> CalleeId {
    if let Some(i) = body.callees.iter().position(|d| d.instance == c.instance) {
        return CalleeId(i as u32);
    }
    body.callees.push(c.clone());
    CalleeId(body.callees.len() as u32 - 1)
}

fn mapped(a: Arg, site: &Site, offset: u32) -> Arg {
    match a {
        Arg::Inst(id) => Arg::Inst(InstId(id.0 + offset)),
        Arg::Param(n) => site.callee.params[n as usize].constant.map_or(site.args[n as usize], Arg::Const),
        Arg::Const(v) => Arg::Const(v),
    }
}

/// Effects of an instruction that survived its own body's tidying: what is unused there is gone, so only its
/// kind counts.
fn effects_of(kind: &InstKind, ty: Ty, callee: &TypedBody) -> Effects {
    let whole = Effects { effect_free: callee.effect_free, nothrow: callee.nothrow, terminates: callee.terminates };
    let pure = match kind {
        InstKind::Phi(_) | InstKind::Pi(_) | InstKind::IsExactly(..) | InstKind::New { .. } => true,
        InstKind::Intrinsic { op, .. } if tfunc_intrinsic::never_throws(*op) || tfunc_intrinsic::is_query(*op) => true,
        InstKind::Builtin { op: Builtin::Tuple | Builtin::Egal | Builtin::Isa | Builtin::Typeof, .. } => true,
        _ => whole.removable() && !ty.is_bottom() && !matches!(kind, InstKind::LoopHint(_)),
    };
    if pure { Effects::PURE } else { Effects::UNKNOWN }
}

/// A callee of one block takes the place of the call.
fn splice(
    body: &mut TypedBody,
    effects: &mut Vec<Effects>,
    forward: &mut Vec<Option<Arg>>,
    b: usize,
    at: usize,
    id: InstId,
    site: &Site,
) -> usize {
    let copied = copy_insts(body, effects, forward, id, site, 0);
    let block = &site.callee.blocks[0];
    let new: Vec<InstId> = block.insts.iter().map(|i| InstId(i.0 + copied.offset)).collect();
    let count = new.len();
    match block.term {
        Some(Terminator::Return(a)) => {
            forward[id.0 as usize] = Some(mapped(a, site, copied.offset));
            body.blocks[b].insts.splice(at..=at, new);
        }
        // A body of one block that does not return: its result type is empty, and it is no candidate.
        _ => {
            body.blocks[b].insts.truncate(at);
            body.blocks[b].insts.extend(new);
            body.blocks[b].term = Some(Terminator::Unreachable);
        }
    }
    at + count
}

/// A callee of several blocks splits the block it is called in. Gives the block with the rest.
fn graft(
    body: &mut TypedBody,
    effects: &mut Vec<Effects>,
    forward: &mut Vec<Option<Arg>>,
    b: usize,
    at: usize,
    id: InstId,
    site: &Site,
) -> Option<usize> {
    let block_offset = body.blocks.len() as u32;
    let copied = copy_insts(body, effects, forward, id, site, block_offset);
    let rest = BlockId(block_offset + site.callee.blocks.len() as u32);
    let mut returns = Vec::new();
    for (i, block) in site.callee.blocks.iter().enumerate() {
        let term = block.term.as_ref().map(|term| match *term {
            Terminator::Goto(t) => Terminator::Goto(BlockId(t.0 + block_offset)),
            Terminator::Branch { cond, then, otherwise } => Terminator::Branch {
                cond: mapped(cond, site, copied.offset),
                then: BlockId(then.0 + block_offset),
                otherwise: BlockId(otherwise.0 + block_offset),
            },
            Terminator::Return(a) => {
                returns.push((BlockId(block_offset + i as u32), Some(mapped(a, site, copied.offset))));
                Terminator::Goto(rest)
            }
            Terminator::Unreachable => Terminator::Unreachable,
        });
        let insts = block.insts.iter().map(|i| InstId(i.0 + copied.offset)).collect();
        body.blocks.push(Block { insts, term });
    }
    let tail = body.blocks[b].insts.split_off(at + 1);
    body.blocks[b].insts.pop();
    let term = body.blocks[b].term.replace(Terminator::Goto(BlockId(block_offset)));
    // What came from `b` comes from the rest now.
    for s in term.iter().flat_map(Terminator::successors).collect::<Vec<_>>() {
        for phi in body.blocks[s.0 as usize].insts.clone() {
            let InstKind::Phi(inputs) = &mut body.insts[phi.0 as usize].kind else { break };
            inputs.iter_mut().filter(|(p, _)| p.0 as usize == b).for_each(|(p, _)| *p = rest);
        }
    }
    // The call becomes the phi of the results.
    body.insts[id.0 as usize].kind = InstKind::Phi(returns);
    effects[id.0 as usize] = Effects::PURE;
    let mut insts = vec![id];
    insts.extend(tail);
    body.blocks.push(Block { insts, term });
    Some(rest.0 as usize)
}

/// Replaces the results of spliced calls everywhere.
fn resolve_all(body: &mut TypedBody, forward: &[Option<Arg>]) {
    let resolve = |mut a: Arg| {
        while let Arg::Inst(id) = a {
            match forward.get(id.0 as usize).copied().flatten() {
                Some(next) => a = next,
                None => break,
            }
        }
        a
    };
    for inst in &mut body.insts {
        inst.kind.for_each_arg_mut(|a| *a = resolve(*a));
    }
    for block in &mut body.blocks {
        match &mut block.term {
            Some(Terminator::Branch { cond: a, .. }) | Some(Terminator::Return(a)) => *a = resolve(*a),
            _ => {}
        }
    }
}
