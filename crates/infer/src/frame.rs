//! The state of inferring one body.

use crate::bits::BitSet;
use crate::cfg::B;
use crate::lattice::Lat;
use crate::plan::{Effects, Plan};
use crate::ssa::{Op, Src, SsaBody, User, Val};
use ir::lowered::CodeInfo;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use world::{CiRef, Edge, MiRef, Pending};

/// Index of a frame in the engine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FrameId(pub u32);

impl FrameId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a frame is for.
pub enum Purpose {
    /// A code instance, to be published under this claim; without a claim where another thread holds it and
    /// waits for us.
    Instance { ci: CiRef, pending: Option<Pending> },
    /// A copy of a method instance's body for arguments known better than by their types, or under `@inbounds`.
    Local,
}

/// One body being inferred.
pub struct Frame {
    pub mi: MiRef,
    pub purpose: Purpose,
    pub code: Arc<CodeInfo>,
    pub ssa: Arc<SsaBody>,
    /// One per slot of the signature.
    pub args: Vec<Lat>,
    pub sparams: Vec<Lat>,
    /// Bounds checks are off here, because the caller's are.
    pub inbounds: bool,

    pub lat: Vec<Lat>,
    changes: Vec<u8>,
    pub plans: Vec<Option<Box<Plan>>>,
    pub memory: Vec<Lat>,
    pub globals: Vec<Option<Lat>>,

    pub reached: BitSet,
    /// Has the edge from a block's `i`th predecessor been taken?
    taken: Vec<bool>,
    taken_start: Vec<u32>,
    todo: BitSet,
    dirty: BitSet,

    pub ret: Lat,
    pub ret_changes: u32,
    pub edges: Vec<Edge>,
    edge_set: FxHashSet<Edge>,
    /// Calls that use this frame's return type: to be looked at again when it grows.
    pub callers: Vec<(FrameId, Val)>,
    /// Place on the engine's stack; of the lowest frame that this one's result depends on.
    pub depth: usize,
    pub low: usize,
    /// Frames that are inferred as far as possible, and wait for this one: they are recursive together.
    pub members: Vec<FrameId>,
    /// Calls of this body go to frames that are not finished.
    pub recursive: bool,
    /// (Local frames) used a result that was not final: must not be used itself.
    pub poisoned: bool,
    pub active: bool,
}

impl Frame {
    pub fn new(
        mi: MiRef,
        purpose: Purpose,
        code: Arc<CodeInfo>,
        ssa: Arc<SsaBody>,
        args: Vec<Lat>,
        sparams: Vec<Lat>,
    ) -> Frame {
        let (n, nb) = (ssa.defs.len(), ssa.blocks.len());
        let mut taken_start = Vec::with_capacity(nb);
        let mut edges = 0;
        for block in &ssa.blocks {
            taken_start.push(edges);
            edges += block.preds.len() as u32;
        }
        let mut frame = Frame {
            mi,
            purpose,
            args,
            sparams,
            inbounds: false,
            lat: vec![Lat::Bottom; n],
            changes: vec![0; n],
            plans: (0..n).map(|_| None).collect(),
            memory: if ssa.has_try { vec![Lat::Bottom; ssa.nslots] } else { Vec::new() },
            globals: vec![None; ssa.globals.len()],
            reached: BitSet::new(nb),
            taken: vec![false; edges as usize],
            taken_start,
            todo: BitSet::new(nb),
            dirty: BitSet::full(n),
            ret: Lat::Bottom,
            ret_changes: 0,
            edges: Vec::new(),
            edge_set: FxHashSet::default(),
            callers: Vec::new(),
            depth: 0,
            low: 0,
            members: Vec::new(),
            recursive: false,
            poisoned: false,
            active: false,
            code,
            ssa,
        };
        frame.reached.insert(0);
        frame.todo.insert(0);
        frame
    }

    pub fn is_local(&self) -> bool {
        matches!(self.purpose, Purpose::Local)
    }

    pub fn ci(&self) -> Option<CiRef> {
        match self.purpose {
            Purpose::Instance { ci, .. } => Some(ci),
            Purpose::Local => None,
        }
    }

    pub fn next_block(&mut self) -> Option<B> {
        let b = self.todo.first()?;
        self.todo.remove(b);
        Some(b)
    }

    pub fn has_work(&self) -> bool {
        !self.todo.is_empty()
    }

    pub fn take_dirty(&mut self, v: Val) -> bool {
        self.dirty.remove(v.index())
    }

    pub fn mark_dirty(&mut self, v: Val) {
        self.dirty.insert(v.index());
        let block = self.ssa.def(v).block;
        if self.reached.contains(block) {
            self.todo.insert(block);
        }
    }

    pub fn add_edge(&mut self, edge: Edge) {
        if self.edge_set.insert(edge) {
            self.edges.push(edge);
        }
    }

    pub fn edge_taken(&self, to: B, pred_index: usize) -> bool {
        self.taken[self.taken_start[to] as usize + pred_index]
    }

    /// Control can go from `from` to `to`.
    pub fn take(&mut self, from: B, to: B) {
        let ssa = self.ssa.clone();
        let mut new = false;
        for (i, &p) in ssa.blocks[to].preds.iter().enumerate() {
            let at = self.taken_start[to] as usize + i;
            if p == from && !self.taken[at] {
                self.taken[at] = true;
                new = true;
            }
        }
        if self.reached.insert(to) {
            self.todo.insert(to);
        } else if new {
            for v in ssa.blocks[to].first..ssa.blocks[to].last {
                if !matches!(ssa.defs[v as usize].op, crate::ssa::Op::Phi(_)) {
                    break;
                }
                self.dirty.insert(v as usize);
                self.todo.insert(to);
            }
        }
    }

    /// Records what is known of a value now; what reads it is looked at again if that is news.
    pub fn set(&mut self, v: Val, new: Lat) {
        let old = &self.lat[v.index()];
        if *old == new || new.is_bottom() {
            return;
        }
        let is_phi = matches!(self.ssa.def(v).op, Op::Phi(_));
        let mut joined = match (&new, old) {
            (_, Lat::Bottom) => new,
            // What a condition tells follows from its operands as they are known now; that it was a constant
            // before does not matter.
            (Lat::Cond(_), Lat::Const(_)) if !is_phi => new,
            (Lat::Const(_), Lat::Cond(_)) if !is_phi => return,
            _ => old.join(&new),
        };
        if joined == *old {
            return;
        }
        if !old.is_bottom() {
            self.changes[v.index()] = self.changes[v.index()].saturating_add(1);
            joined = joined.widened(self.changes[v.index()] as u32);
            if joined == *old {
                return;
            }
        }
        self.lat[v.index()] = joined;
        let ssa = self.ssa.clone();
        for &user in ssa.users(v) {
            match user {
                User::Val(u) => self.mark_dirty(u),
                User::End(b) => {
                    if self.reached.contains(b as usize) {
                        self.todo.insert(b as usize);
                    }
                }
            }
        }
    }

    /// A slot in memory may hold this, too (bodies with `try`).
    pub fn store(&mut self, slot: u32, value: &Lat) {
        let joined = self.memory[slot as usize].join(&value.clone().forget_condition());
        if joined == self.memory[slot as usize] {
            return;
        }
        self.memory[slot as usize] = Lat::Ty(joined.widen());
        let ssa = self.ssa.clone();
        for (i, def) in ssa.defs.iter().enumerate() {
            if matches!(def.op, crate::ssa::Op::MemGet(s) if s == slot) {
                self.mark_dirty(Val(i as u32));
            }
        }
    }

    /// The same object under `Pi`s.
    pub fn root(&self, mut v: Val) -> Val {
        while let crate::ssa::Op::Pi { of, .. } = self.ssa.def(v).op {
            v = of;
        }
        v
    }

    /// Effects of the whole body as far as its reached values tell.
    pub fn effects(&self) -> Effects {
        let mut all = Effects::PURE;
        if self.ssa.has_loop || self.recursive {
            all.terminates = false;
        }
        if self.code.meta.foldable {
            return Effects { nothrow: false, ..Effects::PURE };
        }
        for b in self.reached.iter() {
            let block = &self.ssa.blocks[b];
            for v in block.first..block.last {
                let effects = crate::absint::op_effects(self, Val(v));
                all = all.and(effects);
                if self.lat[v as usize].is_bottom() && crate::absint::diverges(&self.ssa.defs[v as usize].op) {
                    all.nothrow = false;
                    break;
                }
            }
            if let crate::ssa::End::Branch { cond, .. } = block.end
                && let Src::Val(c) = cond
                && !crate::ty::subtype(self.lat[c.index()].widen(), types::builtin::bool_())
            {
                all.nothrow = false;
            }
        }
        all
    }
}
