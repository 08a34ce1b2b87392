//! Loops that the source gave hints for.

use ir::typed::{Arg, BlockId, InstId, InstKind, Terminator, TypedBody};
use llvm::{Context, Metadata};
use runtime::Intrinsic;
use std::collections::{BTreeMap, HashSet};

/// What is asked of one loop.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Hints {
    pub simd: bool,
    pub ivdep: bool,
    pub unroll: bool,
}

/// The hinted loops of a body.
#[derive(Default)]
pub(crate) struct Loops {
    /// By header.
    pub hints: BTreeMap<u32, Hints>,
    /// Position of each reachable block; an edge to a block that is not later is a back edge.
    position: Vec<usize>,
    /// Sums and products over iterations of `@simd` loops, whose order is free.
    pub reassociate: HashSet<u32>,
    /// Blocks of loops whose iterations do not depend on each other through memory, with the loop's header.
    pub independent: BTreeMap<u32, u32>,
}

impl Loops {
    /// Looks for hints. A hint belongs to the loop that its block heads, or else to the next loop after it.
    pub fn find(body: &TypedBody, order: &[BlockId]) -> Loops {
        let mut loops = Loops { position: vec![usize::MAX; body.blocks.len()], ..Loops::default() };
        let mut hinted = Vec::new();
        for (i, &block) in order.iter().enumerate() {
            loops.position[block.0 as usize] = i;
            for &id in &body.blocks[block.0 as usize].insts {
                if let InstKind::LoopHint(name) = body.insts[id.0 as usize].kind {
                    hinted.push((i, name));
                }
            }
        }
        if hinted.is_empty() {
            return loops;
        }
        let headers: Vec<(usize, BlockId)> = order
            .iter()
            .enumerate()
            .filter(|&(_, &h)| {
                order.iter().any(|&from| successors(body, from).any(|s| s == h) && loops.is_back_edge(from, h))
            })
            .map(|(i, &h)| (i, h))
            .collect();
        for (at, name) in hinted {
            let Some(&(_, header)) = headers.iter().find(|(i, _)| *i >= at) else { continue };
            let hints = loops.hints.entry(header.0).or_default();
            match name.as_str() {
                "simd" => hints.simd = true,
                "ivdep" => hints.ivdep = true,
                "unroll" => hints.unroll = true,
                _ => {}
            }
        }
        for (&header, hints) in &loops.hints.clone() {
            let header = BlockId(header);
            let members = loops.members(body, header, order);
            if hints.simd {
                loops.find_reductions(body, header, &members);
            }
            if hints.ivdep {
                loops.independent.extend(members.iter().map(|&block| (block, header.0)));
            }
        }
        loops
    }

    /// Does the edge lead back to the start of a loop?
    pub fn is_back_edge(&self, from: BlockId, to: BlockId) -> bool {
        self.position[to.0 as usize] <= self.position[from.0 as usize]
    }

    /// The blocks of the loop that `header` heads.
    fn members(&self, body: &TypedBody, header: BlockId, order: &[BlockId]) -> HashSet<u32> {
        let mut members = HashSet::from([header.0]);
        let mut work: Vec<BlockId> = order
            .iter()
            .copied()
            .filter(|&from| successors(body, from).any(|s| s == header) && self.is_back_edge(from, header))
            .collect();
        while let Some(block) = work.pop() {
            if members.insert(block.0) {
                work.extend(order.iter().copied().filter(|&p| successors(body, p).any(|s| s == block)));
            }
        }
        members
    }

    fn find_reductions(&mut self, body: &TypedBody, header: BlockId, members: &HashSet<u32>) {
        for &id in &body.blocks[header.0 as usize].insts {
            let InstKind::Phi(inputs) = &body.insts[id.0 as usize].kind else { continue };
            for &(from, input) in inputs {
                if let (true, Some(Arg::Inst(last))) = (members.contains(&from.0), input) {
                    let mut path = HashSet::new();
                    if leads_to(body, last, id, &mut path, &mut HashSet::new()) {
                        self.reassociate.extend(path);
                    }
                }
            }
        }
    }
}

fn successors(body: &TypedBody, block: BlockId) -> impl Iterator<Item = BlockId> {
    body.blocks[block.0 as usize].term.as_ref().into_iter().flat_map(Terminator::successors)
}

/// Is `inst` the phi `goal` with sums and products applied (also under conditions)? Collects these.
fn leads_to(body: &TypedBody, inst: InstId, goal: InstId, path: &mut HashSet<u32>, seen: &mut HashSet<u32>) -> bool {
    use Intrinsic as I;
    if inst == goal {
        return true;
    }
    if !seen.insert(inst.0) {
        return path.contains(&inst.0);
    }
    let step = |arg: &Arg, path: &mut HashSet<u32>, seen: &mut HashSet<u32>| match *arg {
        Arg::Inst(next) => leads_to(body, next, goal, path, seen),
        _ => false,
    };
    match &body.insts[inst.0 as usize].kind {
        InstKind::Intrinsic {
            op: I::AddFloat | I::SubFloat | I::MulFloat | I::MuladdFloat | I::MinFloat | I::MaxFloat,
            args,
        } => {
            // Through exactly one operand: `t * t` is no reduction.
            let through = args.iter().filter(|a| step(a, path, seen)).count();
            if through == 1 {
                path.insert(inst.0);
            }
            through == 1
        }
        InstKind::Phi(inputs) => {
            let all = inputs.iter().all(|(_, a)| a.as_ref().is_some_and(|a| step(a, path, seen)));
            if all {
                path.insert(inst.0);
            }
            all
        }
        InstKind::Pi(a) => step(a, path, seen),
        _ => false,
    }
}

/// The metadata of a loop's back edges.
pub(crate) fn loop_metadata<'m>(context: &'m Context, hints: Hints, group: Option<Metadata<'m>>) -> Metadata<'m> {
    let yes = || context.md_value(context.int_type(1).const_int(1));
    let mut parts = Vec::new();
    if hints.simd || hints.ivdep {
        parts.push(context.md_node(&[context.md_string("llvm.loop.vectorize.enable"), yes()]));
    }
    if let (true, Some(group)) = (hints.ivdep, group) {
        parts.push(context.md_node(&[context.md_string("llvm.loop.parallel_accesses"), group]));
    }
    if hints.unroll {
        parts.push(context.md_node(&[context.md_string("llvm.loop.unroll.enable")]));
    }
    context.md_self_referential(&parts)
}
