//! Lowered code made ready to run: names resolved to bindings, calls of known builtins told apart,
//! SSA values given registers.

use crate::dispatch::CallSite;
use base::{Span, Symbol};
use ir::lowered::{CodeInfo, GlobalRef, Operand, Stmt};
use runtime::module::Binding;
use runtime::{Builtin, Callee, Intrinsic, Module, Value, callee};
use std::sync::Arc;

/// An operand, resolved.
#[derive(Clone, Copy, Debug)]
pub enum Arg {
    /// A register that is always defined when read.
    Reg(u32),
    /// A slot that may be undefined.
    Slot(u32),
    Const(Value),
    /// Index into [`Code::globals`].
    Global(u32),
    Sparam(u32),
}

/// A range of [`Code::args`].
#[derive(Clone, Copy, Debug)]
pub struct Args {
    pub start: u32,
    pub len: u32,
}

/// An instruction. `dst` is a register; [`NO_DST`] where nothing uses the value.
#[derive(Clone, Debug)]
pub enum Op {
    Move {
        dst: u32,
        src: Arg,
    },
    /// Generic call; the first argument is the callee. `site` indexes [`Code::sites`].
    /// `generic`: the callee is a constant that methods decide about.
    Call {
        dst: u32,
        args: Args,
        site: u32,
        generic: bool,
    },
    Builtin {
        dst: u32,
        op: Builtin,
        args: Args,
    },
    Intrinsic {
        dst: u32,
        op: Intrinsic,
        args: Args,
    },
    Host {
        dst: u32,
        index: u32,
        args: Args,
    },
    /// An intrinsic comparison whose result only decides a jump.
    Compare {
        dst: u32,
        op: Intrinsic,
        args: Args,
        target: u32,
    },
    New {
        dst: u32,
        ty: Arg,
        args: Args,
    },
    SplatNew {
        dst: u32,
        ty: Arg,
        tuple: Arg,
    },
    Foreign {
        dst: u32,
        name: Symbol,
        ret: Arg,
        types: Args,
        args: Args,
    },
    SetSlot {
        slot: u32,
        value: Arg,
    },
    NewVar {
        slot: u32,
    },
    SetGlobal {
        global: u32,
        value: Arg,
    },
    Goto {
        target: u32,
        back: bool,
    },
    GotoIfNot {
        cond: Arg,
        target: u32,
    },
    Return {
        value: Arg,
    },
    Enter {
        catch: u32,
    },
    Leave {
        n: u32,
    },
    PopException,
    CurrentException {
        dst: u32,
    },
    IsDefined {
        dst: u32,
        what: Arg,
    },
    ThrowUndefIfNot {
        name: Symbol,
        cond: Arg,
    },
    CopyAst {
        dst: u32,
        ast: Value,
    },
    /// Definitions, at top level: the statement itself is executed.
    Define {
        dst: u32,
    },
    Nop,
}

pub const NO_DST: u32 = u32::MAX;

/// A global that the code names.
pub struct GlobalUse {
    pub binding: &'static Binding,
    pub module: &'static Module,
    pub name: Symbol,
}

/// Code ready to run. Lives forever.
pub struct Code {
    pub info: Arc<CodeInfo>,
    pub ops: Vec<Op>,
    pub args: Vec<Arg>,
    pub globals: Vec<GlobalUse>,
    pub sites: Vec<CallSite>,
    pub nregs: u32,
    pub nargs: u32,
    pub is_va: bool,
    /// Has a jump backwards.
    pub has_loop: bool,
    registers: Vec<u32>,
}

impl Code {
    pub fn args(&self, a: Args) -> &[Arg] {
        &self.args[a.start as usize..(a.start + a.len) as usize]
    }

    /// The register of a statement's value.
    pub fn register_of(&self, stmt: usize) -> u32 {
        self.registers[stmt]
    }

    pub fn span(&self, pc: usize) -> Span {
        self.info.spans.get(pc).copied().filter(|s| !s.is_none()).unwrap_or(self.info.span)
    }
}

struct Builder<'a> {
    info: &'a CodeInfo,
    /// Register of each statement's value.
    register: Vec<u32>,
    args: Vec<Arg>,
    globals: Vec<GlobalUse>,
    sites: Vec<CallSite>,
    /// Values of statements that are known by now (`Core.Host.name`).
    known: Vec<Option<Value>>,
}

/// The operands that a statement reads.
fn operands(stmt: &Stmt) -> Vec<Operand> {
    let mut found = Vec::new();
    let mut add = |os: &[Operand]| found.extend_from_slice(os);
    match stmt {
        Stmt::Read(o) | Stmt::Return(o) | Stmt::IsDefined(o) => add(&[*o]),
        Stmt::Call { f, args } => {
            add(&[*f]);
            add(args);
        }
        Stmt::New { ty, args } => {
            add(&[*ty]);
            add(args);
        }
        Stmt::SplatNew { ty, tuple } => add(&[*ty, *tuple]),
        Stmt::ForeignCall { ret, arg_types, args, .. } => {
            add(&[*ret]);
            add(arg_types);
            add(args);
        }
        Stmt::SetSlot { value, .. } | Stmt::SetGlobal { value, .. } | Stmt::DeclareConst { value, .. } => {
            add(&[*value])
        }
        Stmt::GotoIfNot { cond, .. } | Stmt::ThrowUndefIfNot { cond, .. } => add(&[*cond]),
        Stmt::DefineMethod { table, sig, captured, .. } => {
            add(captured);
            add(&[*sig]);
            add(table.as_slice());
        }
        Stmt::DeclareGlobal { ty, .. } => add(ty.as_slice()),
        Stmt::NewType { params, kind, .. } => {
            add(&[*params]);
            if let ir::lowered::NewTypeKind::Primitive { bits } = kind {
                add(&[*bits]);
            }
        }
        Stmt::FinishType { ty, supertype, field_types, .. } => {
            add(&[*ty, *supertype]);
            add(field_types.as_slice());
        }
        _ => {}
    }
    found
}

impl Builder<'_> {
    fn global(&mut self, g: GlobalRef) -> Arg {
        let Some(module) = Module::from_value(g.module) else {
            // Lowering only makes references into modules.
            return Arg::Const(Value::nothing());
        };
        let binding = module.binding(g.name);
        if let Some(owner) = binding.settled()
            && owner.is_const()
            && let Some(v) = owner.own_value()
            && is_stable(v)
        {
            return Arg::Const(v);
        }
        let found = self.globals.iter().position(|u| std::ptr::eq(u.binding, binding));
        let index = found.unwrap_or_else(|| {
            self.globals.push(GlobalUse { binding, module, name: g.name });
            self.globals.len() - 1
        });
        Arg::Global(index as u32)
    }

    fn arg(&mut self, o: Operand) -> Arg {
        match o {
            Operand::Ssa(i) => match self.known[i.0 as usize] {
                Some(v) => Arg::Const(v),
                None => Arg::Reg(self.register[i.0 as usize]),
            },
            Operand::Slot(s) => {
                let defined = s.0 < self.info.nargs && !self.info.slots[s.0 as usize].maybe_undef;
                if defined { Arg::Reg(s.0) } else { Arg::Slot(s.0) }
            }
            Operand::StaticParam(i) => Arg::Sparam(i),
            Operand::Global(g) => self.global(g),
            Operand::Const(v) => Arg::Const(v),
        }
    }

    fn list(&mut self, os: impl IntoIterator<Item = Operand>) -> Args {
        let resolved: Vec<Arg> = os.into_iter().map(|o| self.arg(o)).collect();
        let start = self.args.len() as u32;
        self.args.extend(resolved);
        Args { start, len: self.args.len() as u32 - start }
    }

    /// The value of `getproperty(M, :name)` for a module known here, where it cannot change.
    fn module_property(&mut self, f: Operand, args: &[Operand]) -> Option<Value> {
        let &[m, name] = args else { return None };
        let Arg::Const(f) = self.arg(f) else { return None };
        if runtime::function::name_of(f).as_str() != "getproperty" {
            return None;
        }
        let (Arg::Const(m), Operand::Const(name)) = (self.arg(m), name) else { return None };
        let owner = Module::from_value(m)?.existing(name.as_symbol()?)?.settled()?;
        owner.own_value().filter(|&v| owner.is_const() && is_stable(v))
    }

    fn call(&mut self, at: usize, f: Operand, args: &[Operand]) -> Op {
        let dst = self.register[at];
        if let Some(v) = self.module_property(f, args) {
            self.known[at] = Some(v);
            return Op::Move { dst, src: Arg::Const(v) };
        }
        let mut generic = false;
        if let Arg::Const(v) = self.arg(f) {
            match callee(v) {
                Callee::Generic => generic = true,
                Callee::Builtin(Builtin::Kwcall) => {}
                Callee::Builtin(op) => return Op::Builtin { dst, op, args: self.list(args.iter().copied()) },
                // Runs compiled: the call says with what.
                Callee::Intrinsic(Intrinsic::LlvmCall) => {}
                Callee::Intrinsic(op) => return Op::Intrinsic { dst, op, args: self.list(args.iter().copied()) },
                Callee::Host(index) => return Op::Host { dst, index, args: self.list(args.iter().copied()) },
            }
        }
        let args = self.list(std::iter::once(f).chain(args.iter().copied()));
        self.sites.push(CallSite::default());
        Op::Call { dst, args, site: self.sites.len() as u32 - 1, generic }
    }

    fn op(&mut self, at: usize, stmt: &Stmt) -> Op {
        let dst = self.register[at];
        match stmt {
            Stmt::Read(o) => Op::Move { dst, src: self.arg(*o) },
            Stmt::Call { f, args } => self.call(at, *f, args),
            Stmt::New { ty, args } => Op::New { dst, ty: self.arg(*ty), args: self.list(args.iter().copied()) },
            Stmt::SplatNew { ty, tuple } => Op::SplatNew { dst, ty: self.arg(*ty), tuple: self.arg(*tuple) },
            Stmt::ForeignCall { name, ret, arg_types, args } => Op::Foreign {
                dst,
                name: *name,
                ret: self.arg(*ret),
                types: self.list(arg_types.iter().copied()),
                args: self.list(args.iter().copied()),
            },
            Stmt::SetSlot { slot, value } => Op::SetSlot { slot: slot.0, value: self.arg(*value) },
            Stmt::NewVar(slot) => Op::NewVar { slot: slot.0 },
            Stmt::SetGlobal { global, value } => {
                // Never folded: the binding is what is assigned.
                let value = self.arg(*value);
                match Module::from_value(global.module) {
                    Some(module) => {
                        let binding = module.binding(global.name);
                        self.globals.push(GlobalUse { binding, module, name: global.name });
                        Op::SetGlobal { global: self.globals.len() as u32 - 1, value }
                    }
                    None => Op::Nop,
                }
            }
            Stmt::Goto(target) => Op::Goto { target: *target, back: (*target as usize) <= at },
            Stmt::GotoIfNot { cond, target } => Op::GotoIfNot { cond: self.arg(*cond), target: *target },
            Stmt::Return(o) => Op::Return { value: self.arg(*o) },
            Stmt::Enter { catch } => Op::Enter { catch: *catch },
            Stmt::Leave(n) => Op::Leave { n: *n },
            Stmt::PopException => Op::PopException,
            Stmt::CurrentException => Op::CurrentException { dst },
            Stmt::IsDefined(o) => {
                // Constants that exist now exist later; slots and the rest are asked at run time.
                let what = self.arg(*o);
                Op::IsDefined { dst, what }
            }
            Stmt::ThrowUndefIfNot { name, cond } => Op::ThrowUndefIfNot { name: *name, cond: self.arg(*cond) },
            Stmt::Boundscheck => {
                self.known[at] = Some(Value::boolean(true));
                Op::Move { dst, src: Arg::Const(Value::boolean(true)) }
            }
            Stmt::CopyAst(v) => Op::CopyAst { dst, ast: *v },
            Stmt::InboundsPush(_) | Stmt::InboundsPop | Stmt::LoopHint(_) | Stmt::Nop => Op::Nop,
            Stmt::DefineFunction(_)
            | Stmt::DefineMethod { .. }
            | Stmt::DeclareGlobal { .. }
            | Stmt::DeclareConst { .. }
            | Stmt::NewType { .. }
            | Stmt::FinishType { .. }
            | Stmt::DefineModule { .. }
            | Stmt::Using { .. }
            | Stmt::Export { .. } => Op::Define { dst },
        }
    }
}

/// May a constant of this value be taken for granted for ever? Functions, types and modules cannot be
/// redefined; other constants can (with a warning in Julia), so these are read each time.
fn is_stable(v: Value) -> bool {
    v.as_type().is_some()
        || Module::from_value(v).is_some()
        || runtime::info(v.type_of()).instance.is_some()
        || callee(v) != Callee::Generic
}

impl Code {
    /// Makes code ready to run.
    pub fn new(info: Arc<CodeInfo>) -> Code {
        let nslots = info.slots.len() as u32;
        let mut used = vec![false; info.stmts.len()];
        for stmt in &info.stmts {
            for o in operands(stmt) {
                if let Operand::Ssa(i) = o {
                    used[i.0 as usize] = true;
                }
            }
        }
        let mut next = nslots;
        let register = used
            .iter()
            .map(|&u| {
                if !u {
                    return NO_DST;
                }
                next += 1;
                next - 1
            })
            .collect();
        let known = vec![None; info.stmts.len()];
        let mut b = Builder { info: &info, register, args: Vec::new(), globals: Vec::new(), sites: Vec::new(), known };
        let mut ops: Vec<Op> = info.stmts.iter().enumerate().map(|(i, s)| b.op(i, s)).collect();
        fuse(&mut ops, &info);
        let has_loop = ops.iter().enumerate().any(|(i, op)| match op {
            Op::Goto { target, .. } | Op::GotoIfNot { target, .. } => *target as usize <= i,
            _ => false,
        });
        let Builder { args, globals, sites, register: registers, .. } = b;
        Code { registers, nregs: next, nargs: info.nargs, is_va: info.is_va, info, ops, args, globals, sites, has_loop }
    }
}

/// Joins a comparison with the jump that alone uses it.
fn fuse(ops: &mut [Op], info: &CodeInfo) {
    let mut targets = vec![false; ops.len() + 1];
    for op in ops.iter() {
        if let Op::Goto { target, .. } | Op::GotoIfNot { target, .. } | Op::Enter { catch: target } = op {
            targets[*target as usize] = true;
        }
    }
    let mut uses = vec![0u32; ops.len()];
    for stmt in &info.stmts {
        for o in operands(stmt) {
            if let Operand::Ssa(i) = o {
                uses[i.0 as usize] += 1;
            }
        }
    }
    for i in 0..ops.len().saturating_sub(1) {
        let Op::GotoIfNot { cond: Arg::Reg(r), target } = ops[i + 1] else { continue };
        let Op::Intrinsic { dst, op, args } = ops[i] else { continue };
        if dst == r
            && uses[i] == 1
            && !targets[i + 1]
            && op >= Intrinsic::EqInt
            && op <= Intrinsic::UleInt
            && args.len == 2
        {
            ops[i] = Op::Compare { dst, op, args, target };
            ops[i + 1] = Op::Nop;
        }
    }
}
