//! Construction of SSA form from slots.

use super::{Def, End, Op, Src, SsaBlock, SsaBody, User, Val};
use crate::bits::BitSet;
use crate::cfg::{B, Cfg, Exit};
use base::Span;
use ir::lowered::{CodeInfo, GlobalRef, Operand, Stmt};
use runtime::Value;

/// A variable of the construction: slots, then values used outside of their block, then shadows.
type Var = usize;

pub(super) struct Builder<'a> {
    code: &'a CodeInfo,
    cfg: Cfg,
    nslots: usize,
    /// The slots are memory.
    memory: bool,
    /// Variable of each statement's value, if it is used in another block.
    temp_var: Vec<Option<Var>>,
    /// Variable of each slot's shadow, if it needs one.
    shadow: Vec<Option<Var>>,
    nvars: usize,
    live_in: Vec<BitSet>,
    inbounds: Vec<bool>,

    ops: Vec<Def>,
    /// What a removed phi was replaced by.
    forward: Vec<Option<Src>>,
    placed: Vec<Placed>,
    ends: Vec<End>,
    current: Vec<Option<Src>>,
    sealed: Vec<bool>,
    filled: Vec<bool>,
    incomplete: Vec<Vec<(Var, Val)>>,
    /// Value of each statement in the block being filled.
    stmt_src: Vec<Option<Src>>,
    globals: Vec<GlobalRef>,
}

#[derive(Clone, Default)]
struct Placed {
    phis: Vec<Val>,
    body: Vec<Val>,
}

fn slot_operands(stmt: &Stmt, mut f: impl FnMut(&Operand)) {
    match stmt {
        Stmt::Read(o) | Stmt::Return(o) | Stmt::ThrowUndefIfNot { cond: o, .. } | Stmt::GotoIfNot { cond: o, .. } => {
            f(o)
        }
        Stmt::Call { f: callee, args } => {
            f(callee);
            args.iter().for_each(f);
        }
        Stmt::New { ty, args } => {
            f(ty);
            args.iter().for_each(f);
        }
        Stmt::SplatNew { ty, tuple } => {
            f(ty);
            f(tuple);
        }
        Stmt::ForeignCall { ret, arg_types, args, .. } => {
            f(ret);
            arg_types.iter().chain(args).for_each(f);
        }
        Stmt::SetSlot { value, .. } | Stmt::SetGlobal { value, .. } => f(value),
        // Reading whether a slot is defined does not read the slot. Top-level statements are not inferred.
        _ => {}
    }
}

impl<'a> Builder<'a> {
    pub(super) fn new(code: &'a CodeInfo) -> Builder<'a> {
        let cfg = Cfg::new(code);
        let (nb, n) = (cfg.blocks.len(), code.stmts.len());
        let memory = code.stmts.iter().any(|s| matches!(s, Stmt::Enter { .. }));
        let nslots = code.slots.len();
        let mut b = Builder {
            code,
            cfg,
            nslots,
            memory,
            temp_var: vec![None; n],
            shadow: vec![None; nslots],
            nvars: nslots,
            live_in: Vec::new(),
            inbounds: Vec::new(),
            ops: Vec::with_capacity(n + n / 2),
            forward: Vec::new(),
            placed: vec![Placed::default(); nb],
            ends: vec![End::Goto(0); nb],
            current: Vec::new(),
            sealed: vec![false; nb],
            filled: vec![false; nb],
            incomplete: vec![Vec::new(); nb],
            stmt_src: vec![None; n],
            globals: Vec::new(),
        };
        b.mark_inbounds();
        b.find_temps();
        if !memory {
            b.find_shadows();
        }
        b.liveness();
        b.current = vec![None; nb * b.nvars];
        b
    }

    /// `@inbounds` regions are lexical: one pass over the statements finds them.
    fn mark_inbounds(&mut self) {
        let mut stack = Vec::new();
        self.inbounds = self
            .code
            .stmts
            .iter()
            .map(|stmt| {
                match stmt {
                    Stmt::InboundsPush(on) => stack.push(*on),
                    Stmt::InboundsPop => {
                        stack.pop();
                    }
                    _ => {}
                }
                stack.last().copied().unwrap_or(false)
            })
            .collect();
    }

    /// Finds the statements whose value is used outside of their block.
    fn find_temps(&mut self) {
        let mut block_of = vec![usize::MAX; self.code.stmts.len()];
        for (b, block) in self.cfg.blocks.iter().enumerate() {
            block_of[block.stmts.clone()].fill(b);
            if let Exit::Branch { stmt, .. } | Exit::Return { stmt } = block.exit
                && stmt < block_of.len()
            {
                block_of[stmt] = b;
            }
        }
        for (i, stmt) in self.code.stmts.iter().enumerate() {
            slot_operands(stmt, |o| {
                if let Operand::Ssa(s) = o {
                    let def = s.0 as usize;
                    if block_of[i] != usize::MAX && block_of[def] != block_of[i] && self.temp_var[def].is_none() {
                        self.temp_var[def] = Some(self.nvars);
                        self.nvars += 1;
                    }
                }
            });
        }
    }

    /// Gives a shadow to the slots that are not certainly assigned at every read, and to those that `@isdefined` asks for.
    fn find_shadows(&mut self) {
        let nb = self.cfg.blocks.len();
        let nargs = self.code.nargs as usize;
        let mut assigned_out = vec![BitSet::full(self.nslots); nb];
        let mut entry = BitSet::new(self.nslots);
        (0..nargs).for_each(|s| {
            entry.insert(s);
        });
        let step = |set: &mut BitSet, stmt: &Stmt| match stmt {
            Stmt::SetSlot { slot, .. } => {
                set.insert(slot.0 as usize);
            }
            Stmt::NewVar(slot) => {
                set.remove(slot.0 as usize);
            }
            _ => {}
        };
        let assigned_in = |out: &[BitSet], b: B, entry: &BitSet| {
            if b == 0 {
                return entry.clone();
            }
            let mut set = BitSet::full(self.nslots);
            for &p in &self.cfg.blocks[b].preds {
                set.intersect_with(&out[p]);
            }
            set
        };
        loop {
            let mut changed = false;
            for b in 0..nb {
                let mut set = assigned_in(&assigned_out, b, &entry);
                self.code.stmts[self.cfg.blocks[b].stmts.clone()].iter().for_each(|s| step(&mut set, s));
                if set != assigned_out[b] {
                    assigned_out[b] = set;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let mut needs = BitSet::new(self.nslots);
        for b in 0..nb {
            let block = &self.cfg.blocks[b];
            let mut set = assigned_in(&assigned_out, b, &entry);
            let last = match block.exit {
                Exit::Branch { stmt, .. } | Exit::Return { stmt } if stmt < self.code.stmts.len() => Some(stmt),
                _ => None,
            };
            for i in block.stmts.clone().chain(last.filter(|&s| !block.stmts.contains(&s))) {
                let stmt = &self.code.stmts[i];
                slot_operands(stmt, |o| {
                    if let Operand::Slot(s) = o
                        && !set.contains(s.0 as usize)
                    {
                        needs.insert(s.0 as usize);
                    }
                });
                if let Stmt::IsDefined(Operand::Slot(s)) = stmt
                    && !set.contains(s.0 as usize)
                {
                    needs.insert(s.0 as usize);
                }
                step(&mut set, stmt);
            }
        }
        for s in needs.iter() {
            self.shadow[s] = Some(self.nvars);
            self.nvars += 1;
        }
    }

    /// Which slots and temporaries are read later, per block entry. Shadows follow their slots.
    fn liveness(&mut self) {
        let nb = self.cfg.blocks.len();
        let nvars = self.nvars;
        let mut gen_set = vec![BitSet::new(nvars); nb];
        let mut kill = vec![BitSet::new(nvars); nb];
        for (b, block) in self.cfg.blocks.iter().enumerate() {
            let last = match block.exit {
                Exit::Branch { stmt, .. } | Exit::Return { stmt } if stmt < self.code.stmts.len() => Some(stmt),
                _ => None,
            };
            for i in block.stmts.clone().chain(last.filter(|&s| !block.stmts.contains(&s))) {
                let stmt = &self.code.stmts[i];
                slot_operands(stmt, |o| {
                    let var = match o {
                        Operand::Slot(s) => Some(s.0 as usize),
                        Operand::Ssa(s) => self.temp_var[s.0 as usize],
                        _ => None,
                    };
                    if let Some(v) = var
                        && !kill[b].contains(v)
                    {
                        gen_set[b].insert(v);
                    }
                });
                if let Stmt::SetSlot { slot, .. } | Stmt::NewVar(slot) = stmt {
                    kill[b].insert(slot.0 as usize);
                }
                if let Some(v) = self.temp_var[i] {
                    kill[b].insert(v);
                }
            }
        }
        self.live_in = gen_set;
        loop {
            let mut changed = false;
            for b in (0..nb).rev() {
                let mut out = BitSet::new(nvars);
                for s in self.cfg.blocks[b].exit.successors() {
                    out.union_with(&self.live_in[s]);
                }
                out.subtract(&kill[b]);
                changed |= self.live_in[b].union_with(&out);
            }
            if !changed {
                break;
            }
        }
    }

    // ---- values -------------------------------------------------------------------------------

    fn push(&mut self, op: Op, block: B, span: Span, inbounds: bool) -> Val {
        let v = Val(self.ops.len() as u32);
        self.ops.push(Def { op, block, span, inbounds });
        self.forward.push(None);
        v
    }

    fn emit(&mut self, op: Op, block: B, stmt: usize) -> Val {
        let span = self.code.spans.get(stmt).copied().unwrap_or(Span::NONE);
        let inbounds = self.inbounds.get(stmt).copied().unwrap_or(false);
        let v = self.push(op, block, span, inbounds);
        self.placed[block].body.push(v);
        v
    }

    fn resolve(&self, mut s: Src) -> Src {
        while let Src::Val(v) = s {
            match self.forward[v.index()] {
                Some(next) => s = next,
                None => break,
            }
        }
        s
    }

    fn write(&mut self, var: Var, b: B, s: Src) {
        self.current[b * self.nvars + var] = Some(s);
    }

    fn read(&mut self, var: Var, b: B) -> Src {
        if let Some(s) = self.current[b * self.nvars + var] {
            return self.resolve(s);
        }
        let preds = self.cfg.blocks[b].preds.len();
        let s = if !self.sealed[b] {
            let phi = self.push(Op::Phi(Vec::new()), b, Span::NONE, false);
            self.placed[b].phis.push(phi);
            self.incomplete[b].push((var, phi));
            Src::Val(phi)
        } else if preds == 0 {
            Src::Undef
        } else if preds == 1 {
            self.read(var, self.cfg.blocks[b].preds[0])
        } else {
            let phi = self.push(Op::Phi(Vec::new()), b, Span::NONE, false);
            self.placed[b].phis.push(phi);
            self.write(var, b, Src::Val(phi));
            self.complete(var, phi)
        };
        self.write(var, b, s);
        s
    }

    /// Fills in a phi's inputs; returns what stands for it.
    fn complete(&mut self, var: Var, phi: Val) -> Src {
        let b = self.ops[phi.index()].block;
        let inputs: Vec<Src> =
            (0..self.cfg.blocks[b].preds.len()).map(|i| self.read(var, self.cfg.blocks[b].preds[i])).collect();
        self.ops[phi.index()].op = Op::Phi(inputs);
        self.simplify(phi);
        self.resolve(Src::Val(phi))
    }

    /// Replaces a phi whose inputs are all one value (or itself) by that value.
    fn simplify(&mut self, phi: Val) -> bool {
        let Op::Phi(inputs) = &self.ops[phi.index()].op else { return false };
        let mut only = None;
        for &input in inputs {
            let s = self.resolve(input);
            if s == Src::Val(phi) || only == Some(s) {
                continue;
            }
            if only.is_some() {
                return false;
            }
            only = Some(s);
        }
        self.forward[phi.index()] = Some(only.unwrap_or(Src::Undef));
        true
    }

    fn seal(&mut self, b: B) {
        self.sealed[b] = true;
        for (var, phi) in std::mem::take(&mut self.incomplete[b]) {
            self.complete(var, phi);
        }
    }

    // ---- filling blocks -----------------------------------------------------------------------

    pub(super) fn build(mut self) -> SsaBody {
        let nb = self.cfg.blocks.len();
        for b in 0..nb {
            if self.cfg.blocks[b].preds.iter().all(|&p| self.filled[p]) {
                self.seal(b);
            }
            if b == 0 {
                self.enter();
            }
            if self.sealed[b] && self.cfg.blocks[b].preds.len() == 1 {
                self.pis(b);
            }
            for i in self.cfg.blocks[b].stmts.clone() {
                self.stmt(b, i);
            }
            self.ends[b] = self.end(b);
            self.filled[b] = true;
            for s in self.cfg.blocks[b].exit.successors() {
                if s <= b && !self.sealed[s] && self.cfg.blocks[s].preds.iter().all(|&p| self.filled[p]) {
                    self.seal(s);
                }
            }
        }
        self.finish()
    }

    fn enter(&mut self) {
        for n in 0..self.code.nargs as usize {
            let span = self.code.slots[n].span;
            let v = self.push(Op::Param(n as u32), 0, span, false);
            self.placed[0].body.push(v);
            if self.memory {
                let set = self.push(Op::MemSet(n as u32, Src::Val(v)), 0, span, false);
                self.placed[0].body.push(set);
            } else {
                self.write(n, 0, Src::Val(v));
            }
        }
        for s in 0..self.nslots {
            if let Some(shadow) = self.shadow[s] {
                let defined = Src::Const(Value::boolean(s < self.code.nargs as usize));
                self.write(shadow, 0, defined);
            }
        }
    }

    /// Redefines in `b` what the branch that leads here may have told about.
    fn pis(&mut self, b: B) {
        let pred = self.cfg.blocks[b].preds[0];
        let End::Branch { cond, then, span, .. } = self.ends[pred] else { return };
        let Src::Val(cond) = self.resolve(cond) else { return };
        let sense = then == b;
        let mut about = vec![cond];
        self.tested(cond, 3, &mut about);
        let live: Vec<Var> = self.live_in[b].iter().collect();
        // One `Pi` per value, shared by all variables that hold it.
        let mut made: Vec<(Val, Val)> = Vec::new();
        for var in live {
            let Src::Val(held) = self.read(var, pred) else { continue };
            if !about.contains(&held) {
                continue;
            }
            let pi = match made.iter().find(|(of, _)| *of == held) {
                Some(&(_, pi)) => pi,
                None => {
                    let pi = self.push(Op::Pi { of: held, cond, sense }, b, span, false);
                    self.placed[b].body.push(pi);
                    made.push((held, pi));
                    pi
                }
            };
            self.write(var, b, Src::Val(pi));
        }
    }

    /// The values that a condition may tell about: the arguments of the call that computes it, through calls of one argument (`!`).
    fn tested(&self, cond: Val, depth: u32, about: &mut Vec<Val>) {
        if depth == 0 {
            return;
        }
        match &self.ops[cond.index()].op {
            Op::Call { args, .. } => {
                for &arg in args {
                    if let Src::Val(v) = self.resolve(arg) {
                        if !about.contains(&v) {
                            about.push(v);
                        }
                        if args.len() == 1 {
                            self.tested(v, depth - 1, about);
                        }
                    }
                }
            }
            Op::Phi(inputs) => {
                for &input in inputs {
                    if let Src::Val(v) = self.resolve(input)
                        && v != cond
                    {
                        self.tested(v, depth - 1, about);
                    }
                }
            }
            _ => {}
        }
    }

    fn operand(&mut self, b: B, stmt: usize, o: &Operand) -> Src {
        match *o {
            Operand::Const(v) => Src::Const(crate::consts::intern(v)),
            Operand::StaticParam(n) => Src::Sparam(n),
            Operand::Global(g) => Src::Global(self.global(g)),
            Operand::Ssa(s) => {
                let def = s.0 as usize;
                if let Some(var) = self.temp_var[def] {
                    return match self.read(var, b) {
                        // Not dominated by its definition: only in unreachable code.
                        Src::Undef => Src::Const(Value::nothing()),
                        s => s,
                    };
                }
                match self.stmt_src[def] {
                    Some(s) => self.resolve(s),
                    None => Src::Const(Value::nothing()),
                }
            }
            Operand::Slot(s) => {
                let slot = s.0 as usize;
                if self.memory {
                    return Src::Val(self.emit(Op::MemGet(s.0), b, stmt));
                }
                if let Some(shadow) = self.shadow[slot] {
                    let defined = self.read(shadow, b);
                    if defined != Src::Const(Value::boolean(true)) {
                        let name = self.code.slots[slot].name;
                        self.emit(Op::UndefCheck { name, defined }, b, stmt);
                    }
                }
                match self.read(slot, b) {
                    // The check before has thrown.
                    Src::Undef => Src::Const(Value::nothing()),
                    s => s,
                }
            }
        }
    }

    fn global(&mut self, g: GlobalRef) -> u32 {
        match self.globals.iter().position(|&h| h == g) {
            Some(i) => i as u32,
            None => {
                self.globals.push(g);
                self.globals.len() as u32 - 1
            }
        }
    }

    fn operands(&mut self, b: B, stmt: usize, os: &[Operand]) -> Vec<Src> {
        os.iter().map(|o| self.operand(b, stmt, o)).collect()
    }

    /// An operand read here and now: a global or a static parameter becomes a value.
    fn settled(&mut self, b: B, stmt: usize, o: &Operand) -> Src {
        match self.operand(b, stmt, o) {
            s @ (Src::Global(_) | Src::Sparam(_)) => Src::Val(self.emit(Op::Read(s), b, stmt)),
            s => s,
        }
    }

    fn stmt(&mut self, b: B, i: usize) {
        let code = self.code;
        let op = match &code.stmts[i] {
            Stmt::Nop | Stmt::InboundsPush(_) | Stmt::InboundsPop | Stmt::Leave(_) | Stmt::PopException => return,
            Stmt::Read(o) => {
                let s = self.settled(b, i, o);
                return self.define(b, i, s);
            }
            Stmt::SetSlot { slot, value } => {
                let s = self.settled(b, i, value);
                if self.memory {
                    self.emit(Op::MemSet(slot.0, s), b, i);
                } else {
                    self.write(slot.0 as usize, b, s);
                    if let Some(shadow) = self.shadow[slot.0 as usize] {
                        self.write(shadow, b, Src::Const(Value::boolean(true)));
                    }
                }
                return self.define(b, i, s);
            }
            Stmt::NewVar(slot) => {
                if !self.memory {
                    self.write(slot.0 as usize, b, Src::Undef);
                    if let Some(shadow) = self.shadow[slot.0 as usize] {
                        self.write(shadow, b, Src::Const(Value::boolean(false)));
                    }
                }
                return;
            }
            Stmt::Call { f, args } => {
                let f = self.operand(b, i, f);
                Op::Call { f, args: self.operands(b, i, args) }
            }
            Stmt::New { ty, args } => {
                let ty = self.operand(b, i, ty);
                Op::New { ty, args: self.operands(b, i, args) }
            }
            Stmt::SplatNew { ty, tuple } => {
                let ty = self.operand(b, i, ty);
                Op::SplatNew { ty, tuple: self.operand(b, i, tuple) }
            }
            Stmt::ForeignCall { name, ret, arg_types, args } => {
                let ret = self.operand(b, i, ret);
                let arg_types = self.operands(b, i, arg_types);
                Op::Foreign { name: *name, ret, arg_types, args: self.operands(b, i, args) }
            }
            Stmt::SetGlobal { global, value } => {
                let value = self.operand(b, i, value);
                Op::StoreGlobal(self.global(*global), value)
            }
            Stmt::IsDefined(Operand::Slot(s)) => {
                let slot = s.0 as usize;
                let defined = match self.shadow[slot] {
                    Some(shadow) => self.read(shadow, b),
                    None if self.memory => {
                        let v = self.emit(Op::TopLevel("isdefined"), b, i);
                        Src::Val(v)
                    }
                    None => Src::Const(Value::boolean(true)),
                };
                return self.define(b, i, defined);
            }
            Stmt::IsDefined(o) => Op::IsDefined(self.operand(b, i, o)),
            Stmt::ThrowUndefIfNot { name, cond } => Op::ThrowUndefIfNot { name: *name, cond: self.operand(b, i, cond) },
            Stmt::Boundscheck => Op::Boundscheck,
            Stmt::CopyAst(v) => Op::CopyAst(*v),
            Stmt::CurrentException => Op::CurrentException,
            Stmt::LoopHint(name) => Op::LoopHint(*name),
            Stmt::Goto(_) | Stmt::GotoIfNot { .. } | Stmt::Return(_) | Stmt::Enter { .. } => return,
            Stmt::DefineFunction(_)
            | Stmt::DefineMethod { .. }
            | Stmt::DeclareGlobal { .. }
            | Stmt::DeclareConst { .. }
            | Stmt::NewType { .. }
            | Stmt::FinishType { .. } => Op::TopLevel("definition"),
            Stmt::DefineModule { .. } | Stmt::Using { .. } | Stmt::Export { .. } => Op::TopLevel("module statement"),
        };
        let v = self.emit(op, b, i);
        self.define(b, i, Src::Val(v));
    }

    /// Makes `s` the value of statement `i`.
    fn define(&mut self, b: B, i: usize, s: Src) {
        self.stmt_src[i] = Some(s);
        if let Some(var) = self.temp_var[i] {
            self.write(var, b, s);
        }
    }

    fn end(&mut self, b: B) -> End {
        match self.cfg.blocks[b].exit {
            Exit::Goto(t) => End::Goto(t),
            Exit::Try { body, handler } => End::Try { body, handler },
            Exit::Branch { stmt, then, otherwise } => {
                let Stmt::GotoIfNot { cond, .. } = &self.code.stmts[stmt] else {
                    unreachable!("a branch ends in the statement that made it one")
                };
                let cond = self.settled(b, stmt, cond);
                let span = self.code.spans.get(stmt).copied().unwrap_or(Span::NONE);
                End::Branch { cond, then, otherwise, span }
            }
            Exit::Return { stmt } => match self.code.stmts.get(stmt) {
                Some(Stmt::Return(o)) => End::Return(self.settled(b, stmt, o)),
                Some(_) => End::Return(self.stmt_src[stmt].map_or(Src::Const(Value::nothing()), |s| self.resolve(s))),
                None => End::Return(Src::Const(Value::nothing())),
            },
        }
    }

    // ---- finishing ----------------------------------------------------------------------------

    fn finish(mut self) -> SsaBody {
        // Phis that became trivial by the removal of others.
        let phis: Vec<Val> = self.placed.iter().flat_map(|p| p.phis.iter().copied()).collect();
        loop {
            let mut changed = false;
            for &phi in &phis {
                if self.forward[phi.index()].is_none() {
                    changed |= self.simplify(phi);
                }
            }
            changed |= self.forward_pis();
            if !changed {
                break;
            }
        }
        let live = self.live_values();
        // Numbers in order of placement.
        let mut number = vec![u32::MAX; self.ops.len()];
        let mut order = Vec::with_capacity(self.ops.len());
        let mut ranges = Vec::with_capacity(self.placed.len());
        for placed in &self.placed {
            let first = order.len() as u32;
            for &v in placed.phis.iter().chain(&placed.body) {
                if self.forward[v.index()].is_none() && live.contains(v.index()) {
                    number[v.index()] = order.len() as u32;
                    order.push(v);
                }
            }
            ranges.push((first, order.len() as u32));
        }
        let renumber = |s: Src| match self.resolve(s) {
            Src::Val(v) => Src::Val(Val(number[v.index()])),
            s => s,
        };
        let mut defs = Vec::with_capacity(order.len());
        for &v in &order {
            let mut def = self.ops[v.index()].clone();
            def.op.for_each_src_mut(|s| *s = renumber(*s));
            defs.push(def);
        }
        let mut has_loop = false;
        let blocks: Vec<SsaBlock> = ranges
            .iter()
            .enumerate()
            .map(|(b, &(first, last))| {
                let end = match self.ends[b] {
                    End::Branch { cond, then, otherwise, span } => {
                        End::Branch { cond: renumber(cond), then, otherwise, span }
                    }
                    End::Return(s) => End::Return(renumber(s)),
                    end => end,
                };
                has_loop |= end.successors().any(|s| s <= b);
                SsaBlock { first, last, end, preds: self.cfg.blocks[b].preds.clone() }
            })
            .collect();
        let has_boundscheck = defs.iter().any(|d| matches!(d.op, Op::Boundscheck));
        let (user_start, users) = index_users(&defs, &blocks);
        SsaBody {
            defs,
            blocks,
            globals: self.globals,
            user_start,
            users,
            has_try: self.memory,
            nslots: self.nslots,
            has_loop,
            has_boundscheck,
        }
    }

    /// Drops each `Pi` of what turned out to be a constant, or under a condition that did.
    fn forward_pis(&mut self) -> bool {
        let mut changed = false;
        for i in 0..self.ops.len() {
            let Op::Pi { of, cond, .. } = self.ops[i].op else { continue };
            if self.forward[i].is_some() {
                continue;
            }
            let of = self.resolve(Src::Val(of));
            if !matches!((of, self.resolve(Src::Val(cond))), (Src::Val(_), Src::Val(_))) {
                self.forward[i] = Some(of);
                changed = true;
            }
        }
        changed
    }

    /// Everything but phis, `Pi`s and parameters nobody reads.
    fn live_values(&self) -> BitSet {
        let mut live = BitSet::new(self.ops.len().max(1));
        let mut todo = Vec::new();
        let keep = |s: Src, live: &mut BitSet, todo: &mut Vec<Val>| {
            if let Src::Val(v) = self.resolve(s)
                && live.insert(v.index())
            {
                todo.push(v);
            }
        };
        for placed in &self.placed {
            for &v in &placed.body {
                if !matches!(self.ops[v.index()].op, Op::Pi { .. }) {
                    keep(Src::Val(v), &mut live, &mut todo);
                }
            }
        }
        for end in &self.ends {
            if let Some(s) = end.src() {
                keep(s, &mut live, &mut todo);
            }
        }
        while let Some(v) = todo.pop() {
            self.ops[v.index()].op.for_each_src(|s| keep(s, &mut live, &mut todo));
        }
        live
    }
}

fn index_users(defs: &[Def], blocks: &[SsaBlock]) -> (Vec<u32>, Vec<User>) {
    let mut start = vec![0u32; defs.len() + 1];
    let each = |f: &mut dyn FnMut(usize, User)| {
        for (i, def) in defs.iter().enumerate() {
            def.op.for_each_src(|s| {
                if let Src::Val(v) = s {
                    f(v.index(), User::Val(Val(i as u32)));
                }
            });
        }
        for (b, block) in blocks.iter().enumerate() {
            if let Some(Src::Val(v)) = block.end.src() {
                f(v.index(), User::End(b as u32));
            }
        }
    };
    each(&mut |v, _| start[v + 1] += 1);
    for i in 1..start.len() {
        start[i] += start[i - 1];
    }
    let mut at = start.clone();
    let mut users = vec![User::End(0); start[defs.len()] as usize];
    each(&mut |v, user| {
        users[at[v] as usize] = user;
        at[v] += 1;
    });
    (start, users)
}
