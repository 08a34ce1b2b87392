//! Value numbering of emitted bodies: in a walk along the dominator tree operations are folded, simplified, and those that were
//! computed on the way are taken from there. What is compiled from a body is so much less.

use crate::algebra::{self, Simpler};
use crate::{fold, tfunc_intrinsic, ty};
use hashbrown::HashTable;
use ir::typed::*;
use runtime::{Builtin, Intrinsic};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Folds, simplifies and shares the operations of a body whose unreachable blocks are empty; turns branches on constants into
/// jumps. True if control flow changed.
pub fn run(body: &mut TypedBody, preds: &[Vec<BlockId>]) -> bool {
    let mut walk = Walk { forward: vec![None; body.insts.len()], table: Table::default() };
    walk.blocks(body, preds);
    walk.finish(body)
}

struct Walk {
    /// What instructions were replaced by.
    forward: Vec<Option<Arg>>,
    table: Table,
}

/// The operations that were computed on the way from the entry.
#[derive(Default)]
struct Table {
    found: HashTable<Entry>,
    /// What was added, in order, to be taken out again.
    log: Vec<(u64, InstId)>,
    /// Barriers on the way. Across them nothing is shared: what is alive at a barrier is kept for every work-item where one
    /// thread runs a group.
    barriers: u32,
}

struct Entry {
    id: InstId,
    barriers: u32,
}

/// A step of the walk.
enum Step {
    Enter(usize),
    /// Back to what was known before a block.
    Leave {
        known: usize,
        barriers: u32,
    },
}

impl Walk {
    fn blocks(&mut self, body: &mut TypedBody, preds: &[Vec<BlockId>]) {
        let preds: Vec<Vec<usize>> = preds.iter().map(|p| p.iter().map(|b| b.0 as usize).collect()).collect();
        let idom = ir::verify::dominators(body, &preds);
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); body.blocks.len()];
        for (b, dominator) in idom.iter().enumerate().skip(1).rev() {
            if let Some(d) = dominator {
                children[*d].push(b);
            }
        }
        let mut steps = vec![Step::Enter(0)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(b) => {
                    steps.push(Step::Leave { known: self.table.log.len(), barriers: self.table.barriers });
                    steps.extend(children[b].iter().map(|&c| Step::Enter(c)));
                    self.block(body, b);
                }
                Step::Leave { known, barriers } => self.table.back_to(known, barriers),
            }
        }
    }

    fn block(&mut self, body: &mut TypedBody, b: usize) {
        for k in 0..body.blocks[b].insts.len() {
            let id = body.blocks[b].insts[k];
            // Taken out while the others are looked at.
            let placeholder = InstKind::Phi(Vec::new());
            let mut kind = std::mem::replace(&mut body.insts[id.0 as usize].kind, placeholder);
            kind.for_each_arg_mut(|a| *a = self.resolve(*a));
            let known = self.value(body, &mut kind, id);
            if matches!(kind, InstKind::Intrinsic { op: Intrinsic::GpuBarrier, .. }) {
                self.table.barriers += 1;
            }
            body.insts[id.0 as usize].kind = kind;
            self.forward[id.0 as usize] = known.or_else(|| self.table.number(body, id));
        }
    }

    /// What an instruction is replaced by. `kind` may become another.
    fn value(&self, body: &TypedBody, kind: &mut InstKind, id: InstId) -> Option<Arg> {
        // Each step takes at least one operation off a chain of constants.
        for _ in 0..4 {
            if let Some(folded) = fold::fold(body, kind, id) {
                return Some(folded);
            }
            match algebra::simplify(body, kind)? {
                Simpler::Value(a) => return Some(a),
                Simpler::Operation(op, args) => *kind = InstKind::Intrinsic { op, args: args.into() },
            }
        }
        None
    }

    fn resolve(&self, mut a: Arg) -> Arg {
        while let Arg::Inst(id) = a {
            match self.forward[id.0 as usize] {
                Some(next) => a = next,
                None => break,
            }
        }
        a
    }

    /// Puts the replacements everywhere. True if a branch became a jump.
    fn finish(&self, body: &mut TypedBody) -> bool {
        let mut jumps = false;
        for block in &mut body.blocks {
            block.insts.retain(|id| self.forward[id.0 as usize].is_none());
            match &mut block.term {
                Some(Terminator::Return(a)) => *a = self.resolve(*a),
                Some(Terminator::Branch { cond, then, otherwise }) => {
                    *cond = self.resolve(*cond);
                    if let Some(c) = fold::constant(*cond).and_then(runtime::Value::as_bool) {
                        block.term = Some(Terminator::Goto(if c { *then } else { *otherwise }));
                        jumps = true;
                    }
                }
                _ => {}
            }
        }
        for inst in &mut body.insts {
            inst.kind.for_each_arg_mut(|a| *a = self.resolve(*a));
        }
        jumps
    }
}

impl Table {
    /// The same operation as `id`, computed before; else notes this one.
    fn number(&mut self, body: &TypedBody, id: InstId) -> Option<Arg> {
        let inst = &body.insts[id.0 as usize];
        if !is_value(body, inst) {
            return None;
        }
        let (hash, barriers) = (hash_of(inst), self.barriers);
        let same = |e: &Entry| e.barriers == barriers && is_same(&body.insts[e.id.0 as usize], inst);
        if let Some(entry) = self.found.find(hash, same) {
            return Some(Arg::Inst(entry.id));
        }
        let rehash = |e: &Entry| hash_of(&body.insts[e.id.0 as usize]);
        self.found.insert_unique(hash, Entry { id, barriers }, rehash);
        self.log.push((hash, id));
        None
    }

    fn back_to(&mut self, known: usize, barriers: u32) {
        self.barriers = barriers;
        for (hash, id) in self.log.drain(known..) {
            if let Ok(entry) = self.found.find_entry(hash, |e| e.id == id) {
                entry.remove();
            }
        }
    }
}

/// Is the result a function of the operands alone, wherever it is computed? Division may throw: it does not where the same
/// division was computed before.
fn is_value(body: &TypedBody, inst: &Inst) -> bool {
    if inst.ty.is_bottom() {
        return false;
    }
    match &inst.kind {
        InstKind::Pi(_) | InstKind::IsExactly(..) => true,
        InstKind::Intrinsic { op, .. } => tfunc_intrinsic::is_pure(*op) || tfunc_intrinsic::is_query(*op),
        InstKind::New { .. } => ty::is_immutable_struct(inst.ty),
        InstKind::Builtin { op, args } => match op {
            Builtin::Ifelse | Builtin::Egal | Builtin::Isa | Builtin::Typeof | Builtin::Tuple => true,
            Builtin::Getfield => args.len() > 1 && ty::is_immutable_struct(fold::type_of(body, args[0])),
            _ => false,
        },
        _ => false,
    }
}

fn is_same(a: &Inst, b: &Inst) -> bool {
    a.ty == b.ty
        && match (&a.kind, &b.kind) {
            (InstKind::Pi(a), InstKind::Pi(b)) => a == b,
            (InstKind::IsExactly(a, s), InstKind::IsExactly(b, t)) => a == b && s == t,
            (InstKind::Intrinsic { op: f, args: a }, InstKind::Intrinsic { op: g, args: b }) => f == g && a == b,
            (InstKind::Builtin { op: f, args: a }, InstKind::Builtin { op: g, args: b }) => {
                f == g && operands(*f, a) == operands(*g, b)
            }
            (InstKind::New { args: a }, InstKind::New { args: b }) => a == b,
            _ => false,
        }
}

/// The operands that the result depends on: whether the read of a field is checked is no matter where the field is known.
fn operands(op: Builtin, args: &[Arg]) -> &[Arg] {
    if op == Builtin::Getfield && matches!(args[1], Arg::Const(_)) { &args[..2] } else { args }
}

fn hash_of(inst: &Inst) -> u64 {
    let mut h = FxHasher::default();
    let mut arg = |a: &Arg| match *a {
        Arg::Inst(id) => (0u8, u64::from(id.0)).hash(&mut h),
        Arg::Param(n) => (1u8, u64::from(n)).hash(&mut h),
        Arg::Const(v) => (2u8, v).hash(&mut h),
    };
    match &inst.kind {
        InstKind::Builtin { op, args } => operands(*op, args).iter().for_each(arg),
        kind => kind.for_each_arg(|a| arg(&a)),
    }
    match &inst.kind {
        InstKind::Intrinsic { op, .. } => op.hash(&mut h),
        InstKind::Builtin { op, .. } => op.hash(&mut h),
        _ => {}
    }
    std::mem::discriminant(&inst.kind).hash(&mut h);
    inst.ty.hash(&mut h);
    h.finish()
}
