//! The engine: frames, recursion, globals, publication.
//!
//! Callees are inferred when they are met, on a stack of frames. A call that comes back to a frame on the
//! stack uses what that frame has found so far and is looked at again when that grows. All frames between are then one
//! *group*: each is run as far as it gets, and the lowest of them, its head, runs all of them until nothing changes any
//! more; only then are they finished, together.

use crate::frame::{Frame, FrameId, Purpose};
use crate::lattice::Lat;
use crate::plan::Effects;
use crate::ssa::SsaBody;
use crate::{InferContext, InferError, emit, ty};
use ir::lowered::{CodeInfo, GlobalRef};
use ir::typed::{InstKind, TypedBody};
use runtime::{Module, Value};
use rustc_hash::FxHashMap;
use std::any::Any;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock};
use types::{Ty, builtin};
use world::{BindingKey, CacheView, CiRef, Claim, Edge, Inferred, MiRef};

/// Calls nested deeper are left to run time.
const MAX_DEPTH: usize = 1500;

/// One inference session: everything that a request for one code instance leads to.
pub struct Engine<'a> {
    pub ctx: &'a InferContext<'a>,
    pub view: CacheView,
    frames: Vec<Option<Box<Frame>>>,
    stack: Vec<FrameId>,
    in_progress: FxHashMap<MiRef, FrameId>,
    globals: FxHashMap<GlobalRef, GlobalInfo>,
    facts: FxHashMap<CiRef, Rc<Facts>>,
    pub locals: FxHashMap<MiRef, Vec<LocalEntry>>,
}

/// What is known of a global.
#[derive(Clone)]
pub struct GlobalInfo {
    pub constant: Option<Value>,
    pub ty: Ty,
    pub edge: Option<Edge>,
}

/// What a caller wants to know of a finished callee.
pub struct Facts {
    pub ret: Lat,
    pub effects: Effects,
    /// Number of instructions.
    pub size: usize,
    /// Has calls dispatched at run time.
    pub dynamic: bool,
    /// Straight-line machine code: nothing can be folded away unless all operands are constant.
    pub flat: bool,
    pub compilable: bool,
}

/// A specialisation for constants that was tried.
pub struct LocalEntry {
    pub args: Vec<Lat>,
    pub inbounds: bool,
    pub result: Rc<LocalResult>,
}

/// A body specialised for constants or for `@inbounds`.
pub struct LocalResult {
    pub facts: Facts,
    pub body: Arc<TypedBody>,
    pub edges: Vec<Edge>,
}

/// Answer to [`Engine::result_of`].
pub enum Outcome {
    Done(CiRef),
    /// Recursive: the frame's result is not final yet.
    Open(FrameId),
    /// Not inferred: too deep, or there is no code.
    Limited,
}

impl<'a> Engine<'a> {
    pub fn new(ctx: &'a InferContext<'a>) -> Engine<'a> {
        Engine {
            view: CacheView::new(ctx.world, ctx.owner, ctx.age),
            ctx,
            frames: Vec::new(),
            stack: Vec::new(),
            in_progress: FxHashMap::default(),
            globals: FxHashMap::default(),
            facts: FxHashMap::default(),
            locals: FxHashMap::default(),
        }
    }

    /// Infers one method instance for the cache.
    pub fn infer(&mut self, mi: MiRef) -> Result<CiRef, InferError> {
        match self.result_of(None, mi) {
            Outcome::Done(ci) if ci.inferred().is_some() => Ok(ci),
            Outcome::Done(_) => Err(InferError::Outdated),
            Outcome::Open(_) | Outcome::Limited => Err(InferError::NoCode(mi)),
        }
    }

    /// What calls with this signature return, as far as inference can tell.
    pub fn return_type(&mut self, sig: Ty) -> Ty {
        let lookup = self.ctx.world.lookup_limited(self.ctx.tables, sig, self.ctx.age, Some(4));
        if lookup.too_many {
            return builtin::any();
        }
        lookup.get().matches.iter().fold(builtin::bottom(), |joined, found| {
            let ret = match self.result_of(None, found.instance()) {
                Outcome::Done(ci) => ci.return_type().unwrap_or_else(builtin::any),
                Outcome::Open(_) | Outcome::Limited => builtin::any(),
            };
            crate::lattice::join_types(joined, ret)
        })
    }

    pub fn frame(&self, f: FrameId) -> &Frame {
        self.frames[f.index()].as_ref().expect("frames live until their group is finished")
    }

    pub fn frame_mut(&mut self, f: FrameId) -> &mut Frame {
        self.frames[f.index()].as_mut().expect("frames live until their group is finished")
    }

    /// Bodies on the way from the outermost request to the code being looked at, innermost first.
    pub fn active(&self) -> impl Iterator<Item = &Frame> {
        self.stack.iter().rev().map(|&f| self.frame(f))
    }

    // ---- callees ------------------------------------------------------------------------------

    /// The code instance of a callee, inferred now if need be. `caller` is the call that asks.
    pub fn result_of(&mut self, caller: Option<(FrameId, crate::ssa::Val)>, mi: MiRef) -> Outcome {
        if let Some(ci) = mi.code(self.ctx.owner, self.ctx.age) {
            return Outcome::Done(ci);
        }
        if let Some(&f) = self.in_progress.get(&mi) {
            self.join_group(f);
            if let Some(caller) = caller
                && !self.frame(f).callers.contains(&caller)
            {
                self.frame_mut(f).callers.push(caller);
            }
            return Outcome::Open(f);
        }
        if self.stack.len() >= MAX_DEPTH {
            return Outcome::Limited;
        }
        let purpose = match self.view.claim(mi) {
            Claim::Ready(ci) if ci.inferred().is_some() => return Outcome::Done(ci),
            Claim::Ready(_) | Claim::Recursive(_) => return Outcome::Limited,
            Claim::Missing(pending) => Purpose::Instance { ci: pending.ci(), pending: Some(pending) },
            Claim::Contended => Purpose::Instance { ci: self.ctx.world.draft(mi, self.ctx.owner), pending: None },
        };
        let Some((code, ssa)) = self.code_of(mi) else { return Outcome::Limited };
        let args = crate::signature::slots_of_instance(mi, &code);
        let sparams = crate::signature::sparams_of_instance(mi);
        let f = self.push(Frame::new(mi, purpose, code, ssa, args, sparams));
        self.in_progress.insert(mi, f);
        if let Some(caller) = caller {
            self.frame_mut(f).callers.push(caller);
        }
        self.run(f);
        self.close(f)
    }

    /// The frames above the one that a call came back to depend on it.
    fn join_group(&mut self, f: FrameId) {
        let target = self.frame(f);
        let depth = if target.active { target.depth } else { target.low };
        self.frame_mut(f).recursive = true;
        for i in depth..self.stack.len() {
            let above = self.stack[i];
            let frame = self.frame_mut(above);
            frame.low = frame.low.min(depth);
            if i > depth {
                frame.recursive = true;
                frame.poisoned |= frame.is_local();
            }
        }
    }

    fn push(&mut self, mut frame: Frame) -> FrameId {
        let f = FrameId(self.frames.len() as u32);
        frame.depth = self.stack.len();
        frame.low = frame.depth;
        frame.active = true;
        self.frames.push(Some(Box::new(frame)));
        self.stack.push(f);
        f
    }

    fn pop(&mut self, f: FrameId) {
        let top = self.stack.pop();
        debug_assert_eq!(top, Some(f));
        self.frame_mut(f).active = false;
    }

    /// After a frame ran: finishes it and its group, or leaves it to the group's head.
    fn close(&mut self, f: FrameId) -> Outcome {
        let depth = self.frame(f).depth;
        if self.frame(f).low == depth {
            self.run_group(f);
        }
        self.pop(f);
        let low = self.frame(f).low;
        if low < depth {
            let head = self.stack[low];
            let mut moved = std::mem::take(&mut self.frame_mut(f).members);
            moved.push(f);
            for &m in &moved {
                self.frame_mut(m).low = low;
            }
            self.frame_mut(head).members.extend(moved);
            return Outcome::Open(f);
        }
        let ci = self.frame(f).ci();
        self.finish(f);
        match ci {
            Some(ci) => Outcome::Done(self.published(ci)),
            None => Outcome::Limited,
        }
    }

    /// Runs all frames of the group that `head` heads until none has work left.
    fn run_group(&mut self, head: FrameId) {
        let depth = self.frame(head).depth;
        loop {
            let members = self.frame(head).members.clone();
            let Some(next) = members.into_iter().find(|&m| self.frame(m).has_work()) else {
                if self.frame(head).has_work() {
                    self.run(head);
                    continue;
                }
                return;
            };
            let frame = self.frame_mut(next);
            frame.active = true;
            let low = frame.low;
            let at = self.stack.len();
            self.frame_mut(next).depth = at;
            self.stack.push(next);
            self.run(next);
            self.pop(next);
            let reached = self.frame(next).low.min(low);
            self.frame_mut(next).low = reached;
            if reached < depth {
                let frame = self.frame_mut(head);
                frame.low = frame.low.min(reached);
                return;
            }
        }
    }

    /// The instance to use for a finished one: another thread may have published an equal one before.
    fn published(&self, ci: CiRef) -> CiRef {
        ci.mi().code(self.ctx.owner, self.ctx.age).unwrap_or(ci)
    }

    /// Emits and publishes a group.
    fn finish(&mut self, head: FrameId) {
        let mut group = std::mem::take(&mut self.frame_mut(head).members);
        group.push(head);
        group.sort();
        group.dedup();
        let mut claimed = Vec::new();
        let mut unclaimed = Vec::new();
        for &f in &group {
            let body = emit::typed_body(self, f);
            let frame = self.frame_mut(f);
            let inferred = Inferred {
                return_type: body.ret,
                const_return: body.ret_const.map(|v| Arc::new(v) as Arc<dyn Any + Send + Sync>),
                edges: std::mem::take(&mut frame.edges),
                body: Some(Arc::new(body)),
            };
            match &mut frame.purpose {
                Purpose::Instance { pending: Some(_), .. } => {
                    if let Purpose::Instance { pending, .. } = &mut frame.purpose
                        && let Some(pending) = pending.take()
                    {
                        claimed.push((pending, inferred));
                    }
                }
                Purpose::Instance { ci, pending: None } => unclaimed.push((*ci, inferred)),
                Purpose::Local => {}
            }
        }
        // A refusal means that the world moved on meanwhile: what was found stays usable for this session's
        // own age, and is not shared.
        let _ = if claimed.is_empty() {
            self.ctx.world.publish(unclaimed, self.ctx.age).map(drop)
        } else {
            world::Pending::publish_with_copies(claimed, unclaimed)
        };
        for f in group {
            let frame = self.frames[f.index()].take().expect("each frame is finished once");
            self.in_progress.remove(&frame.mi);
        }
    }

    /// Infers a copy of `mi`'s body for better known arguments. `None` if it leads back to what is being inferred.
    pub fn infer_local(&mut self, mi: MiRef, args: Vec<Lat>, inbounds: bool) -> Option<Rc<LocalResult>> {
        let (code, ssa) = self.code_of(mi)?;
        if self.stack.len() >= MAX_DEPTH {
            return None;
        }
        let sparams = crate::signature::sparams_of_instance(mi);
        let mut frame = Frame::new(mi, Purpose::Local, code, ssa, args, sparams);
        frame.inbounds = inbounds;
        let f = self.push(frame);
        self.run(f);
        self.pop(f);
        let frame = self.frame(f);
        if frame.poisoned || frame.low < frame.depth {
            self.frames[f.index()] = None;
            return None;
        }
        let body = emit::typed_body(self, f);
        let ret = self.frame(f).ret.clone();
        let frame = self.frames[f.index()].take().expect("a local frame is taken once");
        let facts = facts_of(&body, ret);
        Some(Rc::new(LocalResult { facts, body: Arc::new(body), edges: frame.edges }))
    }

    // ---- code ---------------------------------------------------------------------------------

    /// A method instance's code: the method's, or what its generator makes for the argument types.
    pub fn code_of(&self, mi: MiRef) -> Option<(Arc<CodeInfo>, Arc<SsaBody>)> {
        let code = self.ctx.source.code(mi.method())?;
        if code.generated {
            // A generator sees the types of one call, not of many.
            if !mi.sig().is_dispatch_tuple() {
                return None;
            }
            let code = self.ctx.source.expand(mi, &code)?;
            let ssa = ssa_of(&code);
            return Some((code, ssa));
        }
        let ssa = ssa_of(&code);
        Some((code, ssa))
    }

    /// What callers want to know of a finished instance.
    pub fn facts(&mut self, ci: CiRef) -> Rc<Facts> {
        if let Some(found) = self.facts.get(&ci) {
            return found.clone();
        }
        let facts = Rc::new(match ci.body::<TypedBody>() {
            Some(body) => facts_of(body, emit::lat_of_known(&body.known)),
            None => Facts {
                ret: Lat::of_type(ci.return_type().unwrap_or_else(builtin::any)),
                effects: Effects::UNKNOWN,
                size: usize::MAX,
                dynamic: true,
                flat: false,
                compilable: false,
            },
        });
        self.facts.insert(ci, facts.clone());
        facts
    }

    // ---- globals ------------------------------------------------------------------------------

    /// What is known of a global as read by frame `f`, which depends on that from now on.
    pub fn global_info(&mut self, f: FrameId, g: GlobalRef) -> GlobalInfo {
        let info = match self.globals.get(&g) {
            Some(info) => info.clone(),
            None => {
                let info = self.look_up_global(g);
                self.globals.insert(g, info.clone());
                info
            }
        };
        if let Some(edge) = info.edge {
            self.frame_mut(f).add_edge(edge);
        }
        info
    }

    fn look_up_global(&self, g: GlobalRef) -> GlobalInfo {
        let unknown = GlobalInfo { constant: None, ty: builtin::any(), edge: None };
        let Some(module) = Module::from_value(g.module) else { return unknown };
        let binding = module.binding(g.name);
        let Some(owner) = binding.resolve() else {
            // Defining it ends what was inferred without it.
            let key = BindingKey::new(&module.path(), g.name.as_str());
            return GlobalInfo { edge: Some(Edge::Binding(self.ctx.world.binding(key, self.ctx.age))), ..unknown };
        };
        let edge = || {
            let (path, name) = owner.key();
            Some(Edge::Binding(self.ctx.world.binding(BindingKey::new(&path, name.as_str()), self.ctx.age)))
        };
        match owner.own_value() {
            Some(v) if owner.is_const() => {
                let v = crate::consts::intern(v);
                GlobalInfo { constant: Some(v), ty: ty::type_of_const(v), edge: edge() }
            }
            Some(v) if v.type_of().is_bits() && self.ctx.freeze.is_some() => {
                let v = crate::consts::intern(v);
                if let Some(freeze) = self.ctx.freeze {
                    freeze(owner, v);
                }
                GlobalInfo { constant: Some(v), ty: ty::type_of_const(v), edge: edge() }
            }
            Some(_) => GlobalInfo { ty: owner.declared_type().unwrap_or_else(builtin::any), ..unknown },
            None => GlobalInfo { edge: edge(), ty: owner.declared_type().unwrap_or_else(builtin::any), ..unknown },
        }
    }

    /// The lattice element of global number `g` of a frame's body.
    pub fn global(&mut self, f: FrameId, g: u32) -> Lat {
        if let Some(known) = &self.frame(f).globals[g as usize] {
            return known.clone();
        }
        let global = self.frame(f).ssa.globals[g as usize];
        let info = self.global_info(f, global);
        let lat = match info.constant {
            Some(v) => Lat::Const(v),
            None => Lat::Ty(info.ty),
        };
        self.frame_mut(f).globals[g as usize] = Some(lat.clone());
        lat
    }
}

fn facts_of(body: &TypedBody, ret: Lat) -> Facts {
    let mut size = 0;
    let mut dynamic = false;
    let mut simple = true;
    for (_, inst) in body.placed() {
        size += 1;
        dynamic |= matches!(inst.kind, InstKind::Dynamic { .. } | InstKind::Unsupported { .. });
        simple &= matches!(inst.kind, InstKind::Intrinsic { .. } | InstKind::New { .. } | InstKind::Builtin { .. });
    }
    let dynamic = dynamic || body.locals.iter().any(|l| !l.is_static());
    Facts {
        ret,
        effects: Effects { effect_free: body.effect_free, nothrow: body.nothrow, terminates: body.terminates },
        size,
        dynamic,
        flat: simple && body.blocks.len() == 1 && body.not_compilable.is_none(),
        compilable: body.not_compilable.is_none(),
    }
}

/// SSA form of a method's code, made once per process.
fn ssa_of(code: &Arc<CodeInfo>) -> Arc<SsaBody> {
    type Cache = FxHashMap<usize, (Arc<CodeInfo>, Arc<SsaBody>)>;
    static CACHE: OnceLock<Mutex<Cache>> = OnceLock::new();
    let key = Arc::as_ptr(code).addr();
    let cache = CACHE.get_or_init(Default::default);
    if let Some((_, ssa)) = cache.lock().unwrap_or_else(|e| e.into_inner()).get(&key) {
        return ssa.clone();
    }
    let ssa = Arc::new(SsaBody::new(code));
    // The code is kept, so that its address stays its own. Methods live as long as the process anyway.
    let mut cache = cache.lock().unwrap_or_else(|e| e.into_inner());
    cache.entry(key).or_insert_with(|| (code.clone(), ssa)).1.clone()
}
