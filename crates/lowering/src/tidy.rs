//! The last pass over a function's statements: which variables may be read undefined; statements
//! that do nothing go.

use ir::lowered::*;

pub fn tidy(code: &mut CodeInfo) {
    thread_jumps(code);
    undefined_reads(code);
    drop_needless(code);
}

/// Jumps to jumps go to the end of the chain.
fn thread_jumps(code: &mut CodeInfo) {
    let n = code.stmts.len();
    for i in 0..n {
        let (Stmt::Goto(first) | Stmt::GotoIfNot { target: first, .. }) = code.stmts[i] else { continue };
        let mut target = first;
        // An empty endless loop jumps in a circle.
        for _ in 0..8 {
            match code.stmts.get(target as usize) {
                Some(Stmt::Goto(next)) if *next != target => target = *next,
                _ => break,
            }
        }
        if let Stmt::Goto(t) | Stmt::GotoIfNot { target: t, .. } = &mut code.stmts[i] {
            *t = target;
        }
    }
}

/// Statements control can come to.
fn reachable(code: &CodeInfo) -> Vec<bool> {
    let n = code.stmts.len();
    let mut reached = vec![false; n];
    let mut work = vec![0];
    while let Some(mut at) = work.pop() {
        while at < n && !reached[at] {
            reached[at] = true;
            match &code.stmts[at] {
                Stmt::Goto(t) => at = *t as usize,
                Stmt::Return(_) => break,
                Stmt::GotoIfNot { target: t, .. } | Stmt::Enter { catch: t } => {
                    work.push(*t as usize);
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }
    reached
}

/// Definite assignment over the statements; sets [`SlotInfo::maybe_undef`].
fn undefined_reads(code: &mut CodeInfo) {
    let nslots = code.slots.len();
    let nargs = code.nargs as usize;
    if nslots == nargs {
        return;
    }
    let words = nslots.div_ceil(64);
    let n = code.stmts.len();
    let mut is_target = vec![false; n + 1];
    for stmt in &code.stmts {
        if let Stmt::Goto(t) | Stmt::GotoIfNot { target: t, .. } | Stmt::Enter { catch: t } = stmt {
            is_target[(*t as usize).min(n)] = true;
        }
    }
    let mut entry: Vec<Option<Box<[u64]>>> = vec![None; n + 1];
    let mut start = vec![0u64; words].into_boxed_slice();
    for i in 0..nargs {
        start[i / 64] |= 1 << (i % 64);
    }
    let mut maybe = vec![false; nslots];
    let mut work = vec![(0usize, start)];
    while let Some((mut at, mut state)) = work.pop() {
        loop {
            if at >= n {
                break;
            }
            if is_target[at] || at == 0 {
                // Meet with what is known to arrive here.
                match &mut entry[at] {
                    Some(known) => {
                        let mut changed = false;
                        for (k, s) in known.iter_mut().zip(state.iter()) {
                            changed |= *k & !s != 0;
                            *k &= s;
                        }
                        if !changed {
                            break;
                        }
                        state = known.clone();
                    }
                    slot => *slot = Some(state.clone()),
                }
            }
            let mut read = |op: &Operand| {
                if let Operand::Slot(s) = op {
                    let s = s.0 as usize;
                    if state[s / 64] & (1 << (s % 64)) == 0 {
                        maybe[s] = true;
                    }
                }
            };
            operands(&code.stmts[at], &mut read);
            match &code.stmts[at] {
                Stmt::SetSlot { slot, .. } => state[slot.0 as usize / 64] |= 1 << (slot.0 % 64),
                Stmt::NewVar(slot) => state[slot.0 as usize / 64] &= !(1 << (slot.0 % 64)),
                Stmt::Goto(t) => {
                    at = *t as usize;
                    continue;
                }
                Stmt::GotoIfNot { target, .. } => work.push((*target as usize, state.clone())),
                Stmt::Enter { catch } => work.push((*catch as usize, state.clone())),
                Stmt::Return(_) => break,
                _ => {}
            }
            at += 1;
        }
    }
    for (slot, maybe) in code.slots.iter_mut().zip(maybe) {
        slot.maybe_undef = maybe;
    }
}

/// Calls `f` on every operand a statement reads.
fn operands(stmt: &Stmt, f: &mut dyn FnMut(&Operand)) {
    match stmt {
        Stmt::Read(op) | Stmt::Return(op) | Stmt::IsDefined(op) => f(op),
        Stmt::Call { f: callee, args } => {
            f(callee);
            args.iter().for_each(f);
        }
        Stmt::SetSlot { value, .. } => f(value),
        Stmt::GotoIfNot { cond, .. } => f(cond),
        Stmt::Goto(_) | Stmt::NewVar(_) => {}
        _ => operands_mut(&mut stmt.clone(), &mut |op| f(op)),
    }
}

fn operands_mut(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Operand)) {
    match stmt {
        Stmt::Read(op) | Stmt::Return(op) | Stmt::IsDefined(op) => f(op),
        Stmt::Call { f: callee, args } => {
            f(callee);
            args.iter_mut().for_each(f);
        }
        Stmt::New { ty, args } => {
            f(ty);
            args.iter_mut().for_each(f);
        }
        Stmt::SplatNew { ty, tuple } => {
            f(ty);
            f(tuple);
        }
        Stmt::ForeignCall { ret, arg_types, args, .. } => {
            f(ret);
            arg_types.iter_mut().for_each(&mut *f);
            args.iter_mut().for_each(f);
        }
        Stmt::SetSlot { value, .. } | Stmt::SetGlobal { value, .. } | Stmt::DeclareConst { value, .. } => f(value),
        Stmt::GotoIfNot { cond, .. } | Stmt::ThrowUndefIfNot { cond, .. } => f(cond),
        Stmt::DefineMethod { table, sig, captured, .. } => {
            if let Some(table) = table {
                f(table);
            }
            f(sig);
            captured.iter_mut().for_each(f);
        }
        Stmt::DeclareGlobal { ty: Some(ty), .. } => f(ty),
        Stmt::NewType { params, kind, .. } => {
            f(params);
            if let NewTypeKind::Primitive { bits } = kind {
                f(bits);
            }
        }
        Stmt::FinishType { ty, supertype, field_types, .. } => {
            f(ty);
            f(supertype);
            if let Some(types) = field_types {
                f(types);
            }
        }
        _ => {}
    }
}

/// Removes unreachable statements, `Nop`s, jumps to the next statement, reads nobody uses, and `NewVar`s of variables that are never read undefined.
fn drop_needless(code: &mut CodeInfo) {
    let n = code.stmts.len();
    let mut keep = vec![true; n];
    let mut used = vec![false; n];
    let reached = reachable(code);
    for (stmt, _) in code.stmts.iter().zip(&reached).filter(|(_, r)| **r) {
        operands(stmt, &mut |op| {
            if let Operand::Ssa(s) = op {
                used[s.0 as usize] = true;
            }
        });
    }
    for (i, stmt) in code.stmts.iter().enumerate() {
        keep[i] = match stmt {
            // The ends of regions count wherever they stand: regions are lexical.
            Stmt::InboundsPop | Stmt::InboundsPush(_) => true,
            _ if !reached[i] => false,
            Stmt::Nop => false,
            Stmt::Goto(t) => *t as usize != i + 1,
            Stmt::Read(Operand::Slot(slot)) => used[i] || code.slots[slot.0 as usize].maybe_undef,
            Stmt::NewVar(slot) => code.slots[slot.0 as usize].maybe_undef,
            _ => true,
        };
    }
    if keep.iter().all(|&k| k) {
        return;
    }
    // The new index of each statement; for a dropped one, of the next kept one.
    let mut index = vec![0u32; n + 1];
    let mut next = 0;
    for i in 0..n {
        index[i] = next;
        next += keep[i] as u32;
    }
    index[n] = next;
    let stmts = std::mem::take(&mut code.stmts);
    let spans = std::mem::take(&mut code.spans);
    for ((mut stmt, span), keep) in stmts.into_iter().zip(spans).zip(keep) {
        if !keep {
            continue;
        }
        if let Stmt::Goto(t) | Stmt::GotoIfNot { target: t, .. } | Stmt::Enter { catch: t } = &mut stmt {
            *t = index[(*t as usize).min(n)];
        }
        operands_mut(&mut stmt, &mut |op| {
            if let Operand::Ssa(s) = op {
                s.0 = index[s.0 as usize];
            }
        });
        code.stmts.push(stmt);
        code.spans.push(span);
    }
}
