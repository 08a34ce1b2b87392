//! Tidying of emitted bodies: trivial phis, dead code, chains of blocks, numbering.

use crate::bits::BitSet;
use crate::plan::Effects;
use crate::{inline, number};
use ir::typed::*;

/// Tidies `body`; `effects` is parallel to its instructions.
pub fn run(body: &mut TypedBody, mut effects: Vec<Effects>) {
    drop_unreachable_preds(body);
    simplify_phis(body);
    remove_dead(body, &effects);
    inline::run(body, &mut effects);
    for _ in 0..3 {
        simplify_phis(body);
        let preds = predecessors(body);
        if !number::run(body, &preds) {
            break;
        }
        drop_unreachable_preds(body);
    }
    remove_dead(body, &effects);
    thread_empty_blocks(body);
    merge_chains(body);
    simplify_phis(body);
    remove_dead(body, &effects);
    renumber(body);
    drop_unused_callees(body);
}

/// Callees and local bodies that nothing calls any more (they were inlined) go.
fn drop_unused_callees(body: &mut TypedBody) {
    let mut callees: Vec<Option<u32>> = vec![None; body.callees.len()];
    let mut locals: Vec<Option<u32>> = vec![None; body.locals.len()];
    let (mut callee_count, mut local_count) = (0, 0);
    for inst in &mut body.insts {
        let (number, count) = match &mut inst.kind {
            InstKind::Invoke { callee, .. } | InstKind::FunctionPointer { callee } => {
                (callees[callee.0 as usize].get_or_insert(callee_count), &mut callee_count)
            }
            InstKind::InvokeLocal { callee, .. } => {
                (locals[callee.0 as usize].get_or_insert(local_count), &mut local_count)
            }
            _ => continue,
        };
        *count = (*count).max(*number + 1);
        let number = *number;
        match &mut inst.kind {
            InstKind::Invoke { callee, .. } | InstKind::FunctionPointer { callee } => callee.0 = number,
            InstKind::InvokeLocal { callee, .. } => callee.0 = number,
            _ => {}
        }
    }
    reorder(&mut body.callees, &callees);
    reorder(&mut body.locals, &locals);
}

/// Moves each element to its new number; those without one are dropped.
fn reorder<T>(all: &mut Vec<T>, numbers: &[Option<u32>]) {
    let mut kept: Vec<(u32, T)> =
        std::mem::take(all).into_iter().zip(numbers).filter_map(|(x, n)| n.map(|n| (n, x))).collect();
    kept.sort_by_key(|(n, _)| *n);
    all.extend(kept.into_iter().map(|(_, x)| x));
}

fn reachable(body: &TypedBody) -> BitSet {
    let mut seen = BitSet::new(body.blocks.len());
    let mut todo = vec![0usize];
    seen.insert(0);
    while let Some(b) = todo.pop() {
        for s in body.blocks[b].term.iter().flat_map(Terminator::successors) {
            if seen.insert(s.0 as usize) {
                todo.push(s.0 as usize);
            }
        }
    }
    seen
}

fn predecessors(body: &TypedBody) -> Vec<Vec<BlockId>> {
    let live = reachable(body);
    let mut preds = vec![Vec::new(); body.blocks.len()];
    for b in live.iter() {
        for s in body.blocks[b].term.iter().flat_map(Terminator::successors) {
            let p: &mut Vec<BlockId> = &mut preds[s.0 as usize];
            if p.last() != Some(&BlockId(b as u32)) {
                p.push(BlockId(b as u32));
            }
        }
    }
    preds
}

/// Empties blocks that cannot be reached, and takes them out of phis.
fn drop_unreachable_preds(body: &mut TypedBody) {
    let preds = predecessors(body);
    let live = reachable(body);
    for (b, preds) in preds.iter().enumerate() {
        if !live.contains(b) {
            body.blocks[b] = Block { insts: Vec::new(), term: Some(Terminator::Unreachable) };
            continue;
        }
        for id in body.blocks[b].insts.clone() {
            if let InstKind::Phi(inputs) = &mut body.insts[id.0 as usize].kind {
                inputs.retain(|(p, _)| preds.contains(p));
            }
        }
    }
}

/// Replaces phis that can only be one value.
fn simplify_phis(body: &mut TypedBody) {
    let mut forward: Vec<Option<Arg>> = vec![None; body.insts.len()];
    let resolve = |forward: &[Option<Arg>], mut a: Arg| {
        while let Arg::Inst(id) = a {
            match forward[id.0 as usize] {
                Some(next) => a = next,
                None => break,
            }
        }
        a
    };
    let phis: Vec<InstId> = body
        .blocks
        .iter()
        .flat_map(|b| b.insts.iter().copied())
        .filter(|id| matches!(body.insts[id.0 as usize].kind, InstKind::Phi(_)))
        .collect();
    let mut any = false;
    loop {
        let mut changed = false;
        for &id in &phis {
            if forward[id.0 as usize].is_some() {
                continue;
            }
            let InstKind::Phi(inputs) = &body.insts[id.0 as usize].kind else { continue };
            let mut only = None;
            let trivial = inputs.iter().all(|(_, a)| {
                let Some(a) = a else { return false };
                let a = resolve(&forward, *a);
                if a == Arg::Inst(id) {
                    return true;
                }
                *only.get_or_insert(a) == a
            });
            if let (true, Some(a)) = (trivial, only) {
                forward[id.0 as usize] = Some(a);
                changed = true;
                any = true;
            }
        }
        if !changed {
            break;
        }
    }
    if !any {
        return;
    }
    for block in &mut body.blocks {
        block.insts.retain(|id| forward[id.0 as usize].is_none());
        match &mut block.term {
            Some(Terminator::Branch { cond: a, .. }) | Some(Terminator::Return(a)) => *a = resolve(&forward, *a),
            _ => {}
        }
    }
    for inst in &mut body.insts {
        inst.kind.for_each_arg_mut(|a| *a = resolve(&forward, *a));
    }
}

fn remove_dead(body: &mut TypedBody, effects: &[Effects]) {
    let mut live = BitSet::new(body.insts.len().max(1));
    let mut todo = Vec::new();
    let keep = |a: Arg, live: &mut BitSet, todo: &mut Vec<InstId>| {
        if let Arg::Inst(id) = a
            && live.insert(id.0 as usize)
        {
            todo.push(id);
        }
    };
    for block in &body.blocks {
        for &id in &block.insts {
            if !effects[id.0 as usize].removable() {
                keep(Arg::Inst(id), &mut live, &mut todo);
            }
        }
        match block.term {
            Some(Terminator::Branch { cond: a, .. }) | Some(Terminator::Return(a)) => keep(a, &mut live, &mut todo),
            _ => {}
        }
    }
    while let Some(id) = todo.pop() {
        body.insts[id.0 as usize].kind.for_each_arg(|a| keep(a, &mut live, &mut todo));
    }
    for block in &mut body.blocks {
        block.insts.retain(|id| live.contains(id.0 as usize));
    }
}

fn has_phis(body: &TypedBody, b: BlockId) -> bool {
    body.blocks[b.0 as usize].insts.first().is_some_and(|id| matches!(body.insts[id.0 as usize].kind, InstKind::Phi(_)))
}

fn retarget(term: &mut Terminator, from: BlockId, to: BlockId) {
    match term {
        Terminator::Goto(t) if *t == from => *t = to,
        Terminator::Branch { then, otherwise, .. } => {
            for t in [then, otherwise] {
                if *t == from {
                    *t = to;
                }
            }
        }
        _ => {}
    }
}

/// Jumps over blocks that do nothing but jump.
fn thread_empty_blocks(body: &mut TypedBody) {
    let mut preds = predecessors(body);
    for e in 1..body.blocks.len() {
        let Some(Terminator::Goto(t)) = body.blocks[e].term else { continue };
        let here = BlockId(e as u32);
        if !body.blocks[e].insts.is_empty() || t == here || preds[e].is_empty() {
            continue;
        }
        // A phi must be able to tell the ways apart.
        if has_phis(body, t) && preds[e].iter().any(|p| preds[t.0 as usize].contains(p)) {
            continue;
        }
        let from = std::mem::take(&mut preds[e]);
        for &p in &from {
            if let Some(term) = &mut body.blocks[p.0 as usize].term {
                retarget(term, here, t);
                if let Terminator::Branch { then, otherwise, .. } = *term
                    && then == otherwise
                {
                    *term = Terminator::Goto(then);
                }
            }
        }
        for id in body.blocks[t.0 as usize].insts.clone() {
            let InstKind::Phi(inputs) = &mut body.insts[id.0 as usize].kind else { break };
            if let Some(at) = inputs.iter().position(|(p, _)| *p == here) {
                let (_, value) = inputs.remove(at);
                inputs.splice(at..at, from.iter().map(|&p| (p, value)));
            }
        }
        let into = &mut preds[t.0 as usize];
        into.retain(|&p| p != here);
        for p in from {
            if !into.contains(&p) {
                into.push(p);
            }
        }
        body.blocks[e].term = Some(Terminator::Unreachable);
    }
}

/// Joins a block with its only successor where that has no other predecessor.
fn merge_chains(body: &mut TypedBody) {
    let preds = predecessors(body);
    let n = body.blocks.len();
    let mut merged_into: Vec<usize> = (0..n).collect();
    for b in 0..n {
        if merged_into[b] != b || (b != 0 && preds[b].is_empty()) {
            continue;
        }
        while let Some(Terminator::Goto(t)) = body.blocks[b].term {
            let t = t.0 as usize;
            if t == b || t == 0 || preds[t].len() != 1 || has_phis(body, BlockId(t as u32)) {
                break;
            }
            let taken = std::mem::replace(
                &mut body.blocks[t],
                Block { insts: Vec::new(), term: Some(Terminator::Unreachable) },
            );
            body.blocks[b].insts.extend(taken.insts);
            body.blocks[b].term = taken.term;
            merged_into[t] = b;
        }
    }
    let find = |mut b: usize| {
        while merged_into[b] != b {
            b = merged_into[b];
        }
        b
    };
    for inst in &mut body.insts {
        if let InstKind::Phi(inputs) = &mut inst.kind {
            for (p, _) in inputs {
                *p = BlockId(find(p.0 as usize) as u32);
            }
        }
    }
}

/// Blocks in reverse post-order, instructions in order of blocks; drops what is not placed.
fn renumber(body: &mut TypedBody) {
    let n = body.blocks.len();
    let mut seen = BitSet::new(n);
    let mut post = Vec::with_capacity(n);
    let successors = |b: usize| {
        body.blocks[b].term.iter().flat_map(Terminator::successors).map(|s| s.0 as usize).collect::<Vec<_>>()
    };
    let mut stack = vec![(0usize, successors(0))];
    seen.insert(0);
    while let Some((b, todo)) = stack.last_mut() {
        let b = *b;
        match todo.pop() {
            Some(s) => {
                if seen.insert(s) {
                    stack.push((s, successors(s)));
                }
            }
            None => {
                post.push(b);
                stack.pop();
            }
        }
    }
    post.reverse();
    let mut block_number = vec![u32::MAX; n];
    for (i, &b) in post.iter().enumerate() {
        block_number[b] = i as u32;
    }
    let mut inst_number = vec![u32::MAX; body.insts.len()];
    let mut count = 0;
    for &b in &post {
        for id in &body.blocks[b].insts {
            inst_number[id.0 as usize] = count;
            count += 1;
        }
    }
    let block = |b: BlockId| BlockId(block_number[b.0 as usize]);
    let arg = |a: Arg| match a {
        Arg::Inst(id) => Arg::Inst(InstId(inst_number[id.0 as usize])),
        a => a,
    };
    let mut old: Vec<Option<Inst>> = std::mem::take(&mut body.insts).into_iter().map(Some).collect();
    let mut old_blocks: Vec<Block> = std::mem::take(&mut body.blocks);
    for &b in &post {
        let from = std::mem::take(&mut old_blocks[b]);
        let mut insts = Vec::with_capacity(from.insts.len());
        for id in from.insts {
            let Some(mut inst) = old[id.0 as usize].take() else { continue };
            if let InstKind::Phi(inputs) = &mut inst.kind {
                inputs.iter_mut().for_each(|(p, _)| *p = block(*p));
                inputs.sort_by_key(|(p, _)| *p);
            }
            inst.kind.for_each_arg_mut(|a| *a = arg(*a));
            insts.push(InstId(body.insts.len() as u32));
            body.insts.push(inst);
        }
        let term = from.term.map(|term| match term {
            Terminator::Goto(t) => Terminator::Goto(block(t)),
            Terminator::Branch { cond, then, otherwise } => {
                Terminator::Branch { cond: arg(cond), then: block(then), otherwise: block(otherwise) }
            }
            Terminator::Return(a) => Terminator::Return(arg(a)),
            Terminator::Unreachable => Terminator::Unreachable,
        });
        body.blocks.push(Block { insts, term });
    }
}
