//! Short straight-line methods, run without a frame.
//!
//! Most calls in Julia code go to methods such as `+(x::Int, y::Int) = add_int(x, y)`. Such a body, a few
//! intrinsics and builtins over arguments and constants, perhaps with a call of another method at its end, is
//! evaluated where the arguments lie. The only difference that can be seen is that backtraces do not list it.

use crate::code::{Arg, Args, Code, Op};
use crate::dispatch::CallSite;
use crate::exec::Interp;
use crate::stack::Reg;
use runtime::{Builtin, Exception, Intrinsic, Value};

/// At most so many operations.
const MAX_STEPS: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Source {
    /// An argument (0 is the callee).
    Arg(u8),
    /// The result of an earlier step.
    Step(u8),
    Const(Value),
}

#[derive(Clone, Copy, Debug)]
enum What {
    Intrinsic(Intrinsic),
    Builtin(Builtin),
}

#[derive(Clone, Copy, Debug)]
struct Step {
    what: What,
    args: [Source; 3],
    n: u8,
}

#[derive(Debug)]
enum End {
    Return(Source),
    /// A call, the callee first. `site` indexes the code's call sites.
    Call {
        args: Vec<Source>,
        site: u32,
        generic: bool,
    },
}

/// A body that needs no frame.
#[derive(Debug)]
pub struct Leaf {
    steps: Vec<Step>,
    end: End,
}

/// What a leaf came to.
pub enum Outcome<'a> {
    Done(Result<Value, Exception>),
    /// Its last call: the values are on the stack now, `n` of them.
    Call {
        site: &'a CallSite,
        n: usize,
        generic: bool,
    },
}

/// Builtins that only compute.
fn simple(b: Builtin) -> bool {
    matches!(
        b,
        Builtin::Getfield
            | Builtin::Typeof
            | Builtin::Isa
            | Builtin::Egal
            | Builtin::Subtype
            | Builtin::Tuple
            | Builtin::Ifelse
            | Builtin::Typeassert
            | Builtin::Nfields
            | Builtin::Isdefined
            | Builtin::Sizeof
            | Builtin::SvecLen
            | Builtin::SvecRef
            | Builtin::MemoryrefNew
            | Builtin::MemoryrefGet
            | Builtin::MemoryrefOffset
            | Builtin::Setfield
    )
}

impl Leaf {
    /// The leaf that the code is, if it is one.
    pub fn of(code: &Code) -> Option<Leaf> {
        if code.is_va || code.nargs > 200 || code.ops.len() > 24 {
            return None;
        }
        // Where the value of each register comes from.
        let mut origin: Vec<Option<Source>> =
            (0..code.nregs).map(|r| (r < code.nargs).then_some(Source::Arg(r as u8))).collect();
        let mut steps: Vec<Step> = Vec::new();
        let source = |origin: &[Option<Source>], a: Arg| match a {
            Arg::Const(v) => Some(Source::Const(v)),
            Arg::Reg(r) => origin[r as usize],
            _ => None,
        };
        let step =
            |steps: &mut Vec<Step>, origin: &mut Vec<Option<Source>>, what: What, args: Args, dst: u32| -> Option<()> {
                let list = code.args(args);
                if steps.len() == MAX_STEPS || list.len() > 3 {
                    return None;
                }
                let mut sources = [Source::Arg(0); 3];
                for (s, &a) in sources.iter_mut().zip(list) {
                    *s = source(origin, a)?;
                }
                steps.push(Step { what, args: sources, n: list.len() as u8 });
                if let Some(o) = origin.get_mut(dst as usize) {
                    *o = Some(Source::Step(steps.len() as u8 - 1));
                }
                Some(())
            };
        for (i, op) in code.ops.iter().enumerate() {
            match *op {
                Op::Nop => {}
                Op::Move { dst, src } => {
                    let from = source(&origin, src)?;
                    if let Some(o) = origin.get_mut(dst as usize) {
                        *o = Some(from);
                    }
                }
                Op::Intrinsic { dst, op, args } => step(&mut steps, &mut origin, What::Intrinsic(op), args, dst)?,
                Op::Builtin { dst, op, args } if simple(op) => {
                    step(&mut steps, &mut origin, What::Builtin(op), args, dst)?
                }
                Op::Return { value } => return Some(Leaf { steps, end: End::Return(source(&origin, value)?) }),
                Op::Call { dst, args, site, generic } => {
                    // Only as the last thing that happens.
                    let Some(Op::Return { value: Arg::Reg(r) }) =
                        code.ops[i + 1..].iter().find(|o| !matches!(o, Op::Nop))
                    else {
                        return None;
                    };
                    if *r != dst {
                        return None;
                    }
                    let args = code.args(args).iter().map(|&a| source(&origin, a)).collect::<Option<Vec<_>>>()?;
                    return Some(Leaf { steps, end: End::Call { args, site, generic } });
                }
                _ => return None,
            }
        }
        None
    }

    /// Evaluates the leaf for the values (the callee first) in the registers from `base`, the last on the stack.
    ///
    /// # Safety
    /// The registers hold as many values as the code has arguments.
    #[inline]
    pub unsafe fn run<'a>(&self, interp: &Interp, code: &'a Code, base: *mut Reg) -> Outcome<'a> {
        // SAFETY: argument indices are less than the code's number of arguments.
        let argument = |i: u8| unsafe { Value::from_ptr(*base.add(i as usize) as *mut u8) };
        let mut results = [argument(0); MAX_STEPS];
        let get = |results: &[Value; MAX_STEPS], s: Source| match s {
            Source::Arg(i) => argument(i),
            Source::Step(i) => results[i as usize],
            Source::Const(v) => v,
        };
        for (k, s) in self.steps.iter().enumerate() {
            let args = [get(&results, s.args[0]), get(&results, s.args[1]), get(&results, s.args[2])];
            let args = &args[..s.n as usize];
            let r = match s.what {
                What::Intrinsic(i) => i.eval(args),
                What::Builtin(b) => b.eval(args),
            };
            match r {
                Ok(v) => results[k] = v,
                Err(e) => return Outcome::Done(Err(e)),
            }
        }
        match &self.end {
            End::Return(s) => Outcome::Done(Ok(get(&results, *s))),
            End::Call { args, site, generic } => {
                // Behind the old values first, for they are still being read; then over them.
                if !interp.stack.has_room(args.len() + 64) {
                    return Outcome::Done(Err(runtime::errors::stack_overflow()));
                }
                let top = interp.stack.top();
                for &a in args {
                    interp.stack.push(get(&results, a));
                }
                // SAFETY: both ranges lie in the stack; the new values were just pushed at `top`.
                unsafe {
                    std::ptr::copy(top, base, args.len());
                    interp.stack.set_top(base.add(args.len()));
                }
                Outcome::Call { site: &code.sites[*site as usize], n: args.len(), generic: *generic }
            }
        }
    }
}
