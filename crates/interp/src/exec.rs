//! The interpreter's loop.

use crate::code::{Arg, Args, Code, NO_DST, Op};
use crate::dispatch::Target;
use crate::leaf::Outcome;
use crate::session::Session;
use crate::stack::{Reg, ValueStack, values};
use base::Symbol;
use runtime::{Builtin, Callee, Exception, Intrinsic, Value, ValueVec, callee, core_types, errors, host, object};
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;
use world::WorldAge;

/// A running frame, linked to its caller's.
pub struct Frame {
    pub code: &'static Code,
    pub pc: Cell<u32>,
    /// Fixed in functions; top-level code always runs in the newest world.
    pub world: Cell<WorldAge>,
    pub prev: *const Frame,
}

/// A place in Julia code.
#[derive(Clone)]
pub struct TraceEntry {
    pub name: Symbol,
    pub file: String,
    pub line: u32,
    /// What runs there.
    pub span: base::Span,
    /// In code that comes with Rekindle.
    pub library: bool,
}

/// One thread's state of interpretation.
pub struct Interp {
    pub session: &'static Session,
    pub(crate) stack: ValueStack,
    frame: Cell<*const Frame>,
    /// Exceptions being handled, innermost last, and where they came from.
    handled: RefCell<ValueVec>,
    traces: RefCell<Vec<Vec<TraceEntry>>>,
    /// The exception on its way up and the frames it has left so far.
    /// (its address: never looked behind, only compared)
    rising: Cell<usize>,
    rising_trace: RefCell<Vec<TraceEntry>>,
    /// It is thrown again by the block that handles it: the frames that it left first are what counts.
    rising_again: Cell<bool>,
    /// Address that the native stack must not grow below.
    native_limit: Cell<usize>,
    /// World of calls that do not come from Julia code.
    outer_world: Cell<Option<WorldAge>>,
}

/// A `try` that is open in a frame.
struct Handler {
    catch: u32,
    /// How many exceptions were being handled when it was entered.
    depth: usize,
    /// How many of the frame's `catch` blocks were running then.
    catching: usize,
}

impl Interp {
    pub fn new(session: &'static Session, native_limit: usize) -> Interp {
        Interp {
            session,
            stack: ValueStack::new(),
            frame: Cell::new(std::ptr::null()),
            handled: RefCell::default(),
            traces: RefCell::default(),
            rising: Cell::new(0),
            rising_trace: RefCell::default(),
            rising_again: Cell::new(false),
            native_limit: Cell::new(native_limit),
            outer_world: Cell::new(None),
        }
    }

    /// The world of the code that is running; outside of any, the newest.
    pub fn world(&self) -> WorldAge {
        if let Some(w) = self.outer_world.get() {
            return w;
        }
        // SAFETY: the frame pointer is that of a live frame on this thread's stack or null.
        match unsafe { self.frame.get().as_ref() } {
            Some(f) => f.world.get(),
            None => self.session.world.age(),
        }
    }

    /// Runs `f` as if called from code of the given world.
    pub fn in_world<T>(&self, world: WorldAge, f: impl FnOnce() -> T) -> T {
        let old = self.outer_world.replace(Some(world));
        let r = f();
        self.outer_world.set(old);
        r
    }

    /// Calls `f(args...)` in `world`.
    pub fn call_in(&self, world: WorldAge, f: Value, args: &[Value]) -> Result<Value, Exception> {
        let base = self.stack.top();
        if !self.stack.has_room(args.len() + 1) {
            return Err(errors::stack_overflow());
        }
        self.stack.push(f);
        for &a in args {
            self.stack.push(a);
        }
        self.call_on_stack(base, args.len() + 1, world)
    }

    /// Calls `f(args...)` in the current world.
    pub fn call(&self, f: Value, args: &[Value]) -> Result<Value, Exception> {
        self.call_in(self.world(), f, args)
    }

    /// Calls what lies in `n` registers from `base` (the callee first), which end at the stack's top. They are
    /// taken off the stack.
    pub(crate) fn call_on_stack(&self, base: *mut Reg, n: usize, world: WorldAge) -> Result<Value, Exception> {
        // SAFETY: the caller has pushed `n` values.
        let vs = unsafe { values(base, n) };
        let r = match callee(vs[0]) {
            Callee::Generic | Callee::Builtin(Builtin::Kwcall) => {
                return match self.session.dispatch(vs, world) {
                    Ok(t) => self.enter(t, base, n, world),
                    Err(e) => self.no_method(e, base, n, world),
                };
            }
            Callee::Builtin(b) => self.builtin(b, base, n, world),
            Callee::Intrinsic(Intrinsic::LlvmCall) => self.inline_llvm(&vs[1..], world),
            Callee::Intrinsic(i) => i.eval(&vs[1..]),
            Callee::Host(i) => self.in_world(world, || host::functions()[i as usize].call(&vs[1..])),
        };
        self.stack.set_top(base);
        r
    }

    /// A call found no method: keyword calls without keywords go to the function itself.
    #[cold]
    fn no_method(&self, e: Exception, base: *mut Reg, n: usize, world: WorldAge) -> Result<Value, Exception> {
        // SAFETY: the caller has pushed `n` values.
        let vs = unsafe { values(base, n) };
        if vs[0] == core_types().kwcall_value && n >= 3 && object::nfields(vs[1]) == 0 && !vs[1].type_of().is_abstract()
        {
            let is_nt = vs[1].type_of().name().is_some_and(|name| name.is_named_tuple());
            if is_nt {
                // Drop the keyword function and the empty names.
                for i in 2..n {
                    // SAFETY: both registers are among the `n` pushed.
                    unsafe { *base.add(i - 2) = *base.add(i) };
                }
                // SAFETY: still above the stack's bottom.
                self.stack.set_top(unsafe { base.add(n - 2) });
                return self.call_on_stack(base, n - 2, world);
            }
        }
        self.stack.set_top(base);
        Err(e)
    }

    /// Builtins that run Julia code are done here, with the registers at hand.
    fn builtin(&self, b: Builtin, base: *mut Reg, n: usize, world: WorldAge) -> Result<Value, Exception> {
        // SAFETY: the caller has pushed `n` values.
        let vs = unsafe { values(base, n) };
        let args = &vs[1..];
        match b {
            Builtin::ApplyIterate if args.len() >= 2 => self.apply_iterate(args[0], args[1], &args[2..], world),
            Builtin::Apply if !args.is_empty() => {
                self.apply_iterate(self.session.base_iterate(), args[0], &args[1..], world)
            }
            Builtin::InvokeLatest if !args.is_empty() => self.call_in(self.session.world.age(), args[0], &args[1..]),
            Builtin::Invoke if args.len() >= 2 => self.invoke(args[0], args[1], &args[2..], world),
            _ => self.with_world_if_needed(b, world, || b.eval(args)),
        }
    }

    #[inline]
    fn with_world_if_needed(
        &self,
        b: Builtin,
        world: WorldAge,
        f: impl FnOnce() -> Result<Value, Exception>,
    ) -> Result<Value, Exception> {
        match b {
            Builtin::Modifyfield
            | Builtin::MemoryrefModify
            | Builtin::Applicable
            | Builtin::CallInWorld
            | Builtin::ThrowMethodError => self.in_world(world, f),
            _ => f(),
        }
    }

    /// Runs a target whose arguments lie in `n` registers from `base`; they are taken off the stack.
    pub(crate) fn enter(
        &self,
        target: &'static Target,
        base: *mut Reg,
        n: usize,
        world: WorldAge,
    ) -> Result<Value, Exception> {
        let (mut target, mut n) = (target, n);
        // Calls at the ends of leaves are followed here; not for ever, as endless recursion must be noticed.
        for _ in 0..16 {
            let Some((leaf, code)) = target.leaf() else { break };
            // SAFETY: the caller has pushed the arguments of a method that is not variadic.
            match unsafe { leaf.run(self, code, base) } {
                Outcome::Done(r) => {
                    self.stack.set_top(base);
                    return r;
                }
                Outcome::Call { site, n: m, generic } => {
                    n = m;
                    // SAFETY: the leaf has pushed `m` values.
                    let vs = unsafe { values(base, n) };
                    if !generic && callee(vs[0]) != Callee::Generic {
                        return self.call_on_stack(base, n, world);
                    }
                    target = match site.find(self.session, vs, world) {
                        Ok(t) => t,
                        Err(e) => return self.no_method(e, base, n, world),
                    };
                }
            }
        }
        // What the prelude does while it is loaded says nothing of the program: there is no engine then.
        if let Some(engine) = self.session.native_engine()
            && target.heat.fetch_add(1, Ordering::Relaxed) >= target.ask_at.load(Ordering::Relaxed)
        {
            // SAFETY: the caller has pushed `n` values.
            let vs = unsafe { values(base, n) };
            if let Some(r) = crate::native::try_native(self, engine, target, vs, world) {
                self.stack.set_top(base);
                return r;
            }
        }
        let code = match target.code(self.session) {
            Ok(c) => c,
            Err(e) => {
                self.stack.set_top(base);
                return Err(e);
            }
        };
        self.run(code, &target.sparams, base, n, world, Some(target))
    }

    /// Runs code whose arguments lie in `n` registers from `base`; they are taken off the stack.
    pub(crate) fn run(
        &self,
        code: &'static Code,
        sparams: &'static [Option<Value>],
        base: *mut Reg,
        n: usize,
        world: WorldAge,
        target: Option<&'static Target>,
    ) -> Result<Value, Exception> {
        let here = 0u8;
        let nregs = code.nregs as usize;
        if (&raw const here as usize) < self.native_limit.get() || !self.stack.has_room(nregs + n + 64) {
            self.stack.set_top(base);
            return Err(errors::stack_overflow());
        }
        let mut have = n;
        if code.is_va {
            let fixed = code.nargs as usize - 1;
            // SAFETY: the registers beyond the fixed ones are the rest of the `n` pushed; there is room for one more.
            unsafe {
                let rest = object::tuple(values(base.add(fixed), n - fixed));
                *base.add(fixed) = rest.addr();
            }
            have = fixed + 1;
        }
        // SAFETY: room was checked; the registers from `have` on start undefined.
        unsafe {
            std::ptr::write_bytes(base.add(have), 0, nregs.saturating_sub(have));
            self.stack.set_top(base.add(nregs));
        }
        let frame = Frame { code, pc: Cell::new(0), world: Cell::new(world), prev: self.frame.get() };
        let outer = self.outer_world.replace(None);
        self.frame.set(&frame);
        let depth = self.handled.borrow().len();
        let r = self.execute(code, sparams, base, &frame, target);
        // An exception that leaves keeps its causes until it is caught.
        let keep = if r.is_ok() {
            depth
        } else if frame.prev.is_null() {
            0
        } else {
            usize::MAX
        };
        if self.handled.borrow().len() > keep {
            self.forget_handled(keep);
        }
        self.frame.set(frame.prev);
        self.outer_world.set(outer);
        self.stack.set_top(base);
        r
    }

    #[inline(always)]
    fn read(&self, a: Arg, code: &'static Code, sparams: &[Option<Value>], regs: *mut Reg) -> Result<Value, Exception> {
        match a {
            // SAFETY: compiled code reads such registers only after writing them.
            Arg::Reg(r) => Ok(unsafe { Value::from_ptr(*regs.add(r as usize) as *mut u8) }),
            Arg::Const(v) => Ok(v),
            Arg::Slot(s) => {
                // SAFETY: the slot is one of the frame's registers.
                let x = unsafe { *regs.add(s as usize) };
                if x == 0 {
                    return Err(errors::undef_local(code.info.slots[s as usize].name));
                }
                // SAFETY: a non-zero register is an object's address.
                Ok(unsafe { Value::from_ptr(x as *mut u8) })
            }
            Arg::Global(g) => {
                let u = &code.globals[g as usize];
                u.binding.value().ok_or_else(|| crate::imports::undefined(u.module, u.name))
            }
            Arg::Sparam(i) => match sparams.get(i as usize).copied().flatten() {
                Some(v) => Ok(v),
                None => Err(errors::undef_static_parameter(
                    code.info.sparams.get(i as usize).copied().unwrap_or_else(|| Symbol::new("?")),
                )),
            },
        }
    }

    /// Pushes arguments on the stack.
    #[inline]
    fn push_args(
        &self,
        args: Args,
        code: &'static Code,
        sparams: &[Option<Value>],
        regs: *mut Reg,
    ) -> Result<*mut Reg, Exception> {
        let base = self.stack.top();
        for &a in code.args(args) {
            let v = self.read(a, code, sparams, regs)?;
            self.stack.push(v);
        }
        Ok(base)
    }

    fn execute(
        &self,
        code: &'static Code,
        sparams: &'static [Option<Value>],
        regs: *mut Reg,
        frame: &Frame,
        target: Option<&'static Target>,
    ) -> Result<Value, Exception> {
        let ops = &code.ops[..];
        let top = self.stack.top();
        let mut world = frame.world.get();
        let top_level = target.is_none();
        let mut pc = 0usize;
        let mut handlers: Vec<Handler> = Vec::new();
        // For each running `catch` block, how many exceptions were being handled before its `try`: what its end returns to.
        let mut catching: Vec<usize> = Vec::new();
        macro_rules! set {
            ($dst:expr, $v:expr) => {{
                // first, since it may raise, wanted or not
                let v: Value = $v;
                if $dst != NO_DST {
                    // SAFETY: destinations are registers of this frame.
                    unsafe { *regs.add($dst as usize) = v.addr() };
                }
            }};
        }
        loop {
            let raised: Exception = 'run: loop {
                macro_rules! get {
                    ($a:expr) => {
                        match self.read($a, code, sparams, regs) {
                            Ok(v) => v,
                            Err(e) => break 'run e,
                        }
                    };
                }
                macro_rules! check {
                    ($r:expr) => {
                        match $r {
                            Ok(v) => v,
                            Err(e) => break 'run e,
                        }
                    };
                }
                let Some(op) = ops.get(pc) else {
                    // Lowering ends every body with a return.
                    return Ok(Value::nothing());
                };
                frame.pc.set(pc as u32);
                if top_level {
                    world = self.session.world.age();
                    frame.world.set(world);
                }
                match *op {
                    Op::Move { dst, src } => {
                        let v = get!(src);
                        set!(dst, v);
                    }
                    Op::SetSlot { slot, value } => {
                        let v = get!(value);
                        // SAFETY: slots are registers of this frame.
                        unsafe { *regs.add(slot as usize) = v.addr() };
                    }
                    Op::Intrinsic { dst, op, args } => {
                        let v = if args.len <= 2 {
                            let list = code.args(args);
                            match *list {
                                [a] => check!(op.eval(&[get!(a)])),
                                [a, b] => check!(op.eval(&[get!(a), get!(b)])),
                                _ => check!(op.eval(&[])),
                            }
                        } else {
                            let base = check!(self.push_args(args, code, sparams, regs));
                            // SAFETY: just pushed.
                            let r = op.eval(unsafe { values(base, args.len as usize) });
                            self.stack.set_top(base);
                            check!(r)
                        };
                        set!(dst, v);
                    }
                    Op::Compare { dst, op, args, target } => {
                        let list = code.args(args);
                        let (a, b) = (get!(list[0]), get!(list[1]));
                        let v = check!(op.eval(&[a, b]));
                        set!(dst, v);
                        if v == core_types().false_value {
                            pc = target as usize;
                            continue;
                        }
                        pc += 1;
                    }
                    Op::Call { dst, args, site, generic } => {
                        if !self.stack.has_room(args.len as usize + 64) {
                            break 'run errors::stack_overflow();
                        }
                        let base = check!(self.push_args(args, code, sparams, regs));
                        let n = args.len as usize;
                        // SAFETY: just pushed.
                        let vs = unsafe { values(base, n) };
                        let v = match if generic { Callee::Generic } else { callee(vs[0]) } {
                            Callee::Generic => match code.sites[site as usize].find(self.session, vs, world) {
                                Ok(t) => check!(self.enter(t, base, n, world)),
                                Err(e) => check!(self.no_method(e, base, n, world)),
                            },
                            _ => check!(self.call_on_stack(base, n, world)),
                        };
                        set!(dst, v);
                    }
                    Op::Builtin { dst, op, args } => {
                        let v = match (op, code.args(args)) {
                            (
                                Builtin::Getfield
                                | Builtin::Isa
                                | Builtin::Egal
                                | Builtin::Typeof
                                | Builtin::Tuple
                                | Builtin::Subtype
                                | Builtin::Setfield
                                | Builtin::Ifelse
                                | Builtin::Typeassert
                                | Builtin::MemoryrefNew
                                | Builtin::MemoryrefGet,
                                list,
                            ) if list.len() <= 3 && !list.is_empty() => match *list {
                                [a] => check!(op.eval(&[get!(a)])),
                                [a, b] => check!(op.eval(&[get!(a), get!(b)])),
                                [a, b, c] => check!(op.eval(&[get!(a), get!(b), get!(c)])),
                                _ => Value::nothing(),
                            },
                            _ => {
                                if !self.stack.has_room(args.len as usize + 64) {
                                    break 'run errors::stack_overflow();
                                }
                                let base = self.stack.top();
                                self.stack.push(Value::nothing());
                                check!(self.push_args(args, code, sparams, regs));
                                let r = self.builtin(op, base, args.len as usize + 1, world);
                                self.stack.set_top(base);
                                check!(r)
                            }
                        };
                        set!(dst, v);
                    }
                    Op::Host { dst, index, args } => {
                        let base = check!(self.push_args(args, code, sparams, regs));
                        // SAFETY: just pushed.
                        let r = host::functions()[index as usize].call(unsafe { values(base, args.len as usize) });
                        self.stack.set_top(base);
                        set!(dst, check!(r));
                    }
                    Op::Goto { target: to, back } => {
                        if back
                            && let Some(t) = target
                            && self.session.native_engine().is_some()
                        {
                            t.heat.fetch_add(1, Ordering::Relaxed);
                        }
                        pc = to as usize;
                        continue;
                    }
                    Op::GotoIfNot { cond, target: to } => {
                        let c = get!(cond);
                        match c.as_bool() {
                            Some(true) => {}
                            Some(false) => {
                                pc = to as usize;
                                continue;
                            }
                            None => {
                                break 'run errors::type_error("if", "", Value::from(core_types().bool), c);
                            }
                        }
                    }
                    Op::Return { value } => return Ok(get!(value)),
                    Op::New { dst, ty, args } => {
                        let ty = get!(ty);
                        let base = check!(self.push_args(args, code, sparams, regs));
                        // SAFETY: just pushed.
                        let r = crate::define::new_object(ty, unsafe { values(base, args.len as usize) });
                        self.stack.set_top(base);
                        set!(dst, check!(r));
                    }
                    Op::SplatNew { dst, ty, tuple } => {
                        let (ty, tuple) = (get!(ty), get!(tuple));
                        let fields = object::fields_of(tuple);
                        set!(dst, check!(crate::define::new_object(ty, &fields)));
                    }
                    Op::Foreign { dst, name, ret, types, args } => {
                        let ret = get!(ret);
                        let tbase = check!(self.push_args(types, code, sparams, regs));
                        let abase = check!(self.push_args(args, code, sparams, regs));
                        // SAFETY: just pushed.
                        let r = unsafe {
                            crate::foreign::call(
                                name,
                                ret,
                                values(tbase, types.len as usize),
                                values(abase, args.len as usize),
                            )
                        };
                        self.stack.set_top(tbase);
                        set!(dst, check!(r));
                    }
                    Op::NewVar { slot } => {
                        // SAFETY: slots are registers of this frame.
                        unsafe { *regs.add(slot as usize) = 0 };
                    }
                    Op::SetGlobal { global, value } => {
                        let v = get!(value);
                        let u = &code.globals[global as usize];
                        check!(crate::define::assign_global(self.session, u.module, u.name, v));
                    }
                    Op::Enter { catch } => {
                        handlers.push(Handler { catch, depth: self.handled.borrow().len(), catching: catching.len() })
                    }
                    Op::Leave { n } => handlers.truncate(handlers.len().saturating_sub(n as usize)),
                    Op::PopException => {
                        if let Some(depth) = catching.pop() {
                            self.forget_handled(depth);
                        }
                    }
                    Op::CurrentException { dst } => {
                        let e = self.handled.borrow().last().copied().unwrap_or_else(Value::nothing);
                        set!(dst, e);
                    }
                    Op::IsDefined { dst, what } => {
                        let defined = match what {
                            Arg::Reg(_) | Arg::Const(_) => true,
                            // SAFETY: slots are registers of this frame.
                            Arg::Slot(s) => unsafe { *regs.add(s as usize) != 0 },
                            Arg::Global(g) => code.globals[g as usize].binding.value().is_some(),
                            Arg::Sparam(i) => sparams.get(i as usize).is_some_and(|s| s.is_some()),
                        };
                        set!(dst, Value::boolean(defined));
                    }
                    Op::ThrowUndefIfNot { name, cond } => {
                        if get!(cond) == core_types().false_value {
                            break 'run errors::undef_local(name);
                        }
                    }
                    Op::CopyAst { dst, ast } => set!(dst, runtime::expr::copy_ast(ast)),
                    Op::Define { dst } => {
                        let read = |o| self.read_operand(o, code, sparams, regs);
                        let v = check!(crate::define::execute(self, &code.info.stmts[pc], &code.info, pc, &read));
                        set!(dst, v);
                    }
                    Op::Nop => {}
                }
                pc += 1;
            };
            self.stack.set_top(top);
            self.note(raised, code, pc);
            match handlers.pop() {
                Some(h) => {
                    // What was being handled stays below: the causes of this exception.
                    catching.truncate(h.catching);
                    catching.push(h.depth);
                    self.caught(raised);
                    pc = h.catch as usize;
                }
                None => return Err(raised),
            }
        }
    }

    /// An operand of a definition, by the lowered form.
    fn read_operand(
        &self,
        o: ir::lowered::Operand,
        code: &'static Code,
        sparams: &[Option<Value>],
        regs: *mut Reg,
    ) -> Result<Value, Exception> {
        use ir::lowered::Operand as O;
        let arg = match o {
            // A definition's operands got registers like all others.
            O::Ssa(i) => Arg::Reg(code.register_of(i.0 as usize)),
            O::Slot(s) => Arg::Slot(s.0),
            O::StaticParam(i) => Arg::Sparam(i),
            O::Const(v) => Arg::Const(v),
            O::Global(g) => {
                let Some(m) = runtime::Module::from_value(g.module) else { return Ok(Value::nothing()) };
                return m.get(g.name).ok_or_else(|| crate::imports::undefined(m, g.name));
            }
        };
        self.read(arg, code, sparams, regs)
    }

    /// Notes that an exception leaves the statement `pc` of `code`.
    #[cold]
    fn note(&self, e: Exception, code: &'static Code, pc: usize) {
        let mut trace = self.rising_trace.borrow_mut();
        if self.rising.get() != e.0.addr() {
            self.rising.set(e.0.addr());
            let handled = self.handled.borrow().iter().rposition(|h| *h == e.0);
            let before = handled.and_then(|i| self.traces.borrow().get(i).cloned());
            self.rising_again.set(before.is_some());
            *trace = before.unwrap_or_default();
        }
        if trace.len() < 400 && !self.rising_again.get() {
            let span = code.span(pc);
            let file = base::SourceMap::file(span.file);
            let (name, file_name) = (code.info.name, file.name.clone());
            trace.push(TraceEntry { name, file: file_name, line: span.line(), span, library: file.library });
        }
    }

    /// The `LoadError` for an exception that leaves a statement of a file; where it came from stays known.
    pub(crate) fn load_error_of(&self, e: Exception, file: &str, line: u32) -> Exception {
        let wrapped = errors::load(file, i64::from(line), e.0);
        if self.rising.get() == e.0.addr() {
            self.rising.set(wrapped.0.addr());
        }
        wrapped
    }

    fn caught(&self, e: Exception) {
        let mut trace = self.rising_trace.borrow().clone();
        if !self.rising_again.get() {
            trace.extend(self.frames().into_iter().skip(1));
        }
        self.rising.set(0);
        if self.handled.borrow().last() == Some(&e.0) {
            // Thrown again from the `catch` or `finally` block that was handling it: still the same one.
            return;
        }
        self.handled.borrow_mut().push(e.0);
        self.traces.borrow_mut().push(trace);
    }

    fn forget_handled(&self, depth: usize) {
        self.handled.borrow_mut().truncate(depth);
        self.traces.borrow_mut().truncate(depth);
    }

    /// The exceptions being handled, innermost last.
    pub fn current_exceptions(&self) -> ValueVec {
        self.handled.borrow().clone()
    }

    /// Where the exception being handled came from.
    pub fn caught_trace(&self) -> Vec<TraceEntry> {
        self.traces.borrow().last().cloned().unwrap_or_default()
    }

    /// Where the exception that just left all Julia code came from.
    pub fn uncaught_trace(&self) -> Vec<TraceEntry> {
        self.rising_trace.borrow().clone()
    }

    /// The running frames, innermost first.
    pub fn frames(&self) -> Vec<TraceEntry> {
        let mut out = Vec::new();
        let mut at = self.frame.get();
        // SAFETY: the list holds live frames of this thread's stack.
        while let Some(f) = unsafe { at.as_ref() } {
            let span = f.code.span(f.pc.get() as usize);
            let file = base::SourceMap::file(span.file);
            out.push(TraceEntry {
                name: f.code.info.name,
                file: file.name.clone(),
                line: span.line(),
                span,
                library: file.library,
            });
            at = f.prev;
            if out.len() > 400 {
                break;
            }
        }
        out
    }
}
