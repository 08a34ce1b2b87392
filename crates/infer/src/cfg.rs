//! Control flow of lowered code: basic blocks, critical edges split, in reverse post-order.

use ir::lowered::{CodeInfo, Stmt};
use std::ops::Range;

/// Index of a block of a [`Cfg`].
pub type B = usize;

/// How control leaves a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    Goto(B),
    /// The `GotoIfNot` at this statement.
    Branch {
        stmt: usize,
        then: B,
        otherwise: B,
    },
    /// The `Enter` at this statement: the protected code, or its handler from anywhere within.
    Try {
        body: B,
        handler: B,
    },
    Return {
        stmt: usize,
    },
}

impl Exit {
    pub fn successors(self) -> impl Iterator<Item = B> {
        let (a, b) = match self {
            Exit::Goto(t) => (Some(t), None),
            Exit::Branch { then, otherwise, .. } => (Some(then), Some(otherwise)),
            Exit::Try { body, handler } => (Some(body), Some(handler)),
            Exit::Return { .. } => (None, None),
        };
        a.into_iter().chain(b)
    }

    fn map(self, mut f: impl FnMut(B) -> B) -> Exit {
        match self {
            Exit::Goto(t) => Exit::Goto(f(t)),
            Exit::Branch { stmt, then, otherwise } => Exit::Branch { stmt, then: f(then), otherwise: f(otherwise) },
            Exit::Try { body, handler } => Exit::Try { body: f(body), handler: f(handler) },
            Exit::Return { stmt } => Exit::Return { stmt },
        }
    }
}

/// A run of statements. The range leaves out the one that ends the block (`Goto`, `GotoIfNot`,
/// `Return`, `Enter`); it is empty in blocks that split an edge.
#[derive(Clone, Debug)]
pub struct CfgBlock {
    pub stmts: Range<usize>,
    pub exit: Exit,
    pub preds: Vec<B>,
}

/// Blocks reachable from the entry, in reverse post-order; block 0 is the entry and nothing jumps to it.
pub struct Cfg {
    pub blocks: Vec<CfgBlock>,
}

impl Cfg {
    /// Splits `code` into blocks. Code whose end is reached without a `Return` returns its last value;
    /// lowering never makes such code, so it is treated as returning at the last statement.
    pub fn new(code: &CodeInfo) -> Cfg {
        let n = code.stmts.len();
        let mut leader = vec![false; n + 1];
        let mut mark = |i: usize| leader[i.min(n)] = true;
        mark(0);
        for (i, stmt) in code.stmts.iter().enumerate() {
            match *stmt {
                Stmt::Goto(t) | Stmt::GotoIfNot { target: t, .. } | Stmt::Enter { catch: t } => {
                    mark(t as usize);
                    mark(i + 1);
                }
                Stmt::Return(_) => mark(i + 1),
                _ => {}
            }
        }
        // Raw block 0 is an empty entry, so that a loop to statement 0 does not target the entry.
        let mut block_at = vec![0usize; n + 1];
        let mut starts = Vec::new();
        for (i, at) in block_at.iter_mut().enumerate() {
            if leader[i] && i < n {
                starts.push(i);
            }
            *at = starts.len();
        }
        let mut raw: Vec<(Range<usize>, Exit)> = vec![(0..0, Exit::Goto(1))];
        for (k, &start) in starts.iter().enumerate() {
            let end = starts.get(k + 1).copied().unwrap_or(n);
            let last = end - 1;
            let target = |t: u32| block_at[(t as usize).min(n.saturating_sub(1))];
            let next = block_at[end.min(n - 1)];
            let (stmts, exit) = match code.stmts[last] {
                Stmt::Goto(t) => (start..last, Exit::Goto(target(t))),
                Stmt::GotoIfNot { target: t, .. } => {
                    (start..last, Exit::Branch { stmt: last, then: next, otherwise: target(t) })
                }
                Stmt::Enter { catch } => (start..last, Exit::Try { body: next, handler: target(catch) }),
                Stmt::Return(_) => (start..last, Exit::Return { stmt: last }),
                _ if end == n => (start..end, Exit::Return { stmt: last }),
                _ => (start..end, Exit::Goto(next)),
            };
            raw.push((stmts, exit));
        }
        if n == 0 {
            raw[0].1 = Exit::Return { stmt: 0 };
        }
        split_critical_edges(&mut raw);
        order(raw)
    }
}

/// After this every block that a two-way branch leads to has that branch as its only predecessor, so
/// that what the branch tells about values has a place to stand.
fn split_critical_edges(raw: &mut Vec<(Range<usize>, Exit)>) {
    let mut preds = vec![0u32; raw.len()];
    for (_, exit) in raw.iter() {
        exit.successors().for_each(|s| preds[s] += 1);
    }
    for b in 0..raw.len() {
        if !matches!(raw[b].1, Exit::Branch { .. }) {
            continue;
        }
        let mut added = Vec::new();
        let base = raw.len();
        raw[b].1 = raw[b].1.map(|s| {
            if preds[s] == 1 {
                return s;
            }
            added.push((0..0, Exit::Goto(s)));
            base + added.len() - 1
        });
        raw.extend(added);
    }
}

/// Drops unreachable blocks and numbers the others in reverse post-order.
fn order(raw: Vec<(Range<usize>, Exit)>) -> Cfg {
    let mut seen = vec![false; raw.len()];
    let mut post = Vec::with_capacity(raw.len());
    // (block, successors still to visit); the fall-through side is visited last, so that it comes first in the order.
    let mut stack: Vec<(B, Vec<B>)> = vec![(0, raw[0].1.successors().collect())];
    seen[0] = true;
    while let Some((b, todo)) = stack.last_mut() {
        let b = *b;
        match todo.pop() {
            Some(s) if !seen[s] => {
                seen[s] = true;
                stack.push((s, raw[s].1.successors().collect()));
            }
            Some(_) => {}
            None => {
                post.push(b);
                stack.pop();
            }
        }
    }
    post.reverse();
    let mut number = vec![usize::MAX; raw.len()];
    for (i, &b) in post.iter().enumerate() {
        number[b] = i;
    }
    let mut blocks: Vec<CfgBlock> = post
        .iter()
        .map(|&b| CfgBlock { stmts: raw[b].0.clone(), exit: raw[b].1.map(|s| number[s]), preds: Vec::new() })
        .collect();
    for b in 0..blocks.len() {
        for s in blocks[b].exit.successors().collect::<Vec<_>>() {
            blocks[s].preds.push(b);
        }
    }
    Cfg { blocks }
}
