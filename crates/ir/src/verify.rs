//! Checks the invariants of typed bodies.
//!
//! 1. Every block has a terminator, whose targets exist. Block 0 is the entry and has no predecessors.
//! 2. Every block is reachable from the entry.
//! 3. Every instruction stands in at most one block.
//! 4. Phis come first in their block and name exactly its predecessors, each once.
//! 5. An operand names an instruction that is placed, a parameter that exists and is passed, or a constant.
//! 6. Every use is dominated by its definition; a phi's input by the end of its predecessor.
//! 7. Nothing follows an instruction of type `Union{}` but `Unreachable`.
//! 8. `Invoke` and `InvokeLocal` name callees that exist and pass one operand per parameter.
//! 9. The condition of a branch has type `Bool`.
//! 10. Returned values are of the body's return type.

use crate::typed::{Arg, BlockId, InstId, InstKind, Terminator, TypedBody};
use types::builtin;

/// Checks `body` and its locals. The errors, in order; empty if all is well.
pub fn verify(body: &TypedBody) -> Vec<String> {
    let mut v = Verifier { body, errors: Vec::new() };
    if body.not_compilable.is_none() {
        v.run();
    }
    let mut errors: Vec<String> = v.errors.into_iter().map(|e| format!("{}: {e}", body.name)).collect();
    for (i, local) in body.locals.iter().enumerate() {
        errors.extend(verify(local).into_iter().map(|e| format!("local {i}: {e}")));
    }
    errors
}

struct Verifier<'a> {
    body: &'a TypedBody,
    errors: Vec<String>,
}

impl Verifier<'_> {
    fn run(&mut self) {
        let n = self.body.blocks.len();
        if n == 0 {
            return self.errors.push("no blocks".into());
        }
        let mut preds: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (b, block) in self.body.blocks.iter().enumerate() {
            let Some(term) = &block.term else {
                self.errors.push(format!("b{b} has no terminator"));
                continue;
            };
            for s in term.successors() {
                match preds.get_mut(s.0 as usize) {
                    Some(p) if !p.contains(&b) => p.push(b),
                    Some(_) => {}
                    None => self.errors.push(format!("b{b} leads to b{}, which does not exist", s.0)),
                }
            }
        }
        if !self.errors.is_empty() {
            return;
        }
        if !preds[0].is_empty() {
            self.errors.push("the entry block has predecessors".into());
        }
        let idom = dominators(self.body, &preds);
        for (b, dom) in idom.iter().enumerate() {
            if dom.is_none() {
                self.errors.push(format!("b{b} is unreachable"));
            }
        }
        // Where each instruction stands: (block, position).
        let mut place: Vec<Option<(usize, usize)>> = vec![None; self.body.insts.len()];
        for (b, block) in self.body.blocks.iter().enumerate() {
            for (k, &id) in block.insts.iter().enumerate() {
                match place.get_mut(id.0 as usize) {
                    Some(p @ None) => *p = Some((b, k)),
                    Some(Some(_)) => self.errors.push(format!("%{} stands in two places", id.0)),
                    None => self.errors.push(format!("%{} does not exist", id.0)),
                }
            }
        }
        if !self.errors.is_empty() {
            return;
        }
        for (b, preds) in preds.iter().enumerate().take(n) {
            self.block(b, preds, &place, &idom);
        }
    }

    fn block(&mut self, b: usize, preds: &[usize], place: &[Option<(usize, usize)>], idom: &[Option<usize>]) {
        let body = self.body;
        let block = &body.blocks[b];
        let mut past_phis = false;
        for (k, &id) in block.insts.iter().enumerate() {
            let inst = &body.insts[id.0 as usize];
            if let InstKind::Phi(inputs) = &inst.kind {
                if past_phis {
                    self.errors.push(format!("%{}: phi after other instructions", id.0));
                }
                let mut named: Vec<usize> = inputs.iter().map(|(p, _)| p.0 as usize).collect();
                named.sort_unstable();
                let mut expected = preds.to_vec();
                expected.sort_unstable();
                if named != expected {
                    self.errors.push(format!("%{}: phi names {named:?}, predecessors are {expected:?}", id.0));
                }
                for &(BlockId(p), input) in inputs {
                    if let Some(a) = input {
                        self.operand(id, a, (p as usize, usize::MAX), place, idom);
                    }
                }
            } else {
                past_phis = true;
                inst.kind.for_each_arg(|a| self.operand(id, a, (b, k), place, idom));
            }
            self.callee(id, &inst.kind);
            if inst.ty == builtin::bottom()
                && !matches!(inst.kind, InstKind::Phi(_))
                && (k + 1 != block.insts.len() || block.term != Some(Terminator::Unreachable))
            {
                self.errors.push(format!("%{} never returns, but b{b} goes on", id.0));
            }
        }
        let end = InstId(u32::MAX);
        match block.term {
            Some(Terminator::Branch { cond, .. }) => {
                self.operand(end, cond, (b, usize::MAX), place, idom);
                if !types::subtype(body.arg_type(cond), builtin::bool_()) {
                    self.errors.push(format!("b{b}: condition of type {}", body.arg_type(cond)));
                }
            }
            Some(Terminator::Return(a)) => {
                self.operand(end, a, (b, usize::MAX), place, idom);
                let ty = body.arg_type(a);
                let is_type_constant = matches!(a, Arg::Const(v) if v.as_type().is_some());
                if !is_type_constant && !types::subtype(ty, body.ret) {
                    self.errors.push(format!("b{b}: returns {ty}, not {}", body.ret));
                }
            }
            _ => {}
        }
    }

    fn callee(&mut self, id: InstId, kind: &InstKind) {
        let (expected, got) = match kind {
            InstKind::Invoke { callee, args } => {
                (self.body.callees.get(callee.0 as usize).map(|c| c.arg_types.len()), args.len())
            }
            InstKind::FunctionPointer { callee } => (self.body.callees.get(callee.0 as usize).map(|_| 0), 0),
            InstKind::InvokeLocal { callee, args } => {
                (self.body.locals.get(callee.0 as usize).map(|l| l.params.len()), args.len())
            }
            _ => return,
        };
        if expected != Some(got) {
            self.errors.push(format!("%{}: passes {got} arguments, the callee takes {expected:?}", id.0));
        }
    }

    fn operand(
        &mut self,
        user: InstId,
        a: Arg,
        at: (usize, usize),
        place: &[Option<(usize, usize)>],
        idom: &[Option<usize>],
    ) {
        let name = if user.0 == u32::MAX { format!("end of b{}", at.0) } else { format!("%{}", user.0) };
        match a {
            Arg::Const(_) => {}
            Arg::Param(n) => match self.body.params.get(n as usize) {
                None => self.errors.push(format!("{name} uses parameter {n}, which does not exist")),
                Some(p) if p.constant.is_some() => {
                    self.errors.push(format!("{name} uses parameter {n}, which is a constant"))
                }
                Some(_) => {}
            },
            Arg::Inst(d) => match place.get(d.0 as usize).copied().flatten() {
                None => self.errors.push(format!("{name} uses %{}, which stands nowhere", d.0)),
                Some((db, dk)) => {
                    let fine = if db == at.0 { dk < at.1 } else { dominates(db, at.0, idom) };
                    if !fine {
                        self.errors.push(format!("{name} uses %{}, which does not dominate it", d.0));
                    }
                }
            },
        }
    }
}

fn dominates(a: usize, mut b: usize, idom: &[Option<usize>]) -> bool {
    loop {
        if a == b {
            return true;
        }
        match idom[b] {
            Some(d) if d != b => b = d,
            _ => return false,
        }
    }
}

/// Immediate dominators (Cooper, Harvey, Kennedy); the entry's is itself, an unreachable block has none.
pub fn dominators(body: &TypedBody, preds: &[Vec<usize>]) -> Vec<Option<usize>> {
    let n = body.blocks.len();
    let mut post = Vec::with_capacity(n);
    let mut seen = vec![false; n];
    let successors =
        |b: usize| body.blocks[b].term.iter().flat_map(|t| t.successors()).map(|s| s.0 as usize).collect::<Vec<_>>();
    let mut stack = vec![(0usize, successors(0))];
    seen[0] = true;
    while let Some((b, todo)) = stack.last_mut() {
        let b = *b;
        match todo.pop() {
            Some(s) if !seen[s] => {
                seen[s] = true;
                stack.push((s, successors(s)));
            }
            Some(_) => {}
            None => {
                post.push(b);
                stack.pop();
            }
        }
    }
    let mut number = vec![0; n];
    for (i, &b) in post.iter().enumerate() {
        number[b] = i;
    }
    let mut idom: Vec<Option<usize>> = vec![None; n];
    idom[0] = Some(0);
    loop {
        let mut changed = false;
        for &b in post.iter().rev().filter(|&&b| b != 0) {
            let mut new: Option<usize> = None;
            for &p in &preds[b] {
                if idom[p].is_none() {
                    continue;
                }
                new = Some(match new {
                    None => p,
                    Some(mut q) => {
                        let mut p = p;
                        while p != q {
                            while number[p] < number[q] {
                                p = idom[p].expect("processed");
                            }
                            while number[q] < number[p] {
                                q = idom[q].expect("processed");
                            }
                        }
                        p
                    }
                });
            }
            if idom[b] != new {
                idom[b] = new;
                changed = true;
            }
        }
        if !changed {
            return idom;
        }
    }
}
