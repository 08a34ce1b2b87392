//! Typed IR: SSA in basic blocks, produced by inference for one specialisation.
//!
//! Invariants (checked by `verify`): a block ends in its terminator; every use is dominated by its
//! definition; phi inputs name exactly the predecessors; block 0 is the entry and has no
//! predecessors; an `Inst`'s `ty` is a supertype of every value it can produce. Unreachable blocks
//! are gone. Order of blocks and instructions is a function of the input alone.

use base::{Span, Symbol};
use runtime::Value;
use std::collections::HashSet;
use types::Ty;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct InstId(pub u32);
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlockId(pub u32);
/// Index into [`TypedBody::locals`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LocalId(pub u32);
/// Index into [`TypedBody::callees`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct CalleeId(pub u32);

/// An operand: a computed value or a constant. Constants of ghost type (singletons) are legal everywhere.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arg {
    Inst(InstId),
    /// Argument `n` of the body (0 is the function object).
    Param(u32),
    Const(Value),
}

#[derive(Clone, Debug)]
pub struct Inst {
    pub kind: InstKind,
    /// Inferred type; `Union{}` where the instruction never returns (it throws).
    pub ty: Ty,
    pub span: Span,
    /// Where it was written, if it was inlined from another function and can throw or call.
    pub inlined: Option<FrameId>,
}

/// Index into [`TypedBody::frames`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FrameId(pub u32);

/// A place in a function that was inlined, or that called one that was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InlineFrame {
    pub function: Symbol,
    pub span: Span,
    /// Where the function was called; `None` for the function that the body is of.
    pub caller: Option<FrameId>,
}

#[derive(Clone, Debug)]
pub enum InstKind {
    /// Inputs by predecessor. A missing input is undefined on that edge.
    Phi(Vec<(BlockId, Option<Arg>)>),
    /// The same value, known to be of the narrower type `Inst::ty` here (after `isa`, `===`, …).
    Pi(Arg),
    /// An intrinsic of `runtime::Intrinsic`, on primitive operands; immediate operands (types of
    /// conversions) come first as constants, exactly as in the source call.
    Intrinsic {
        op: runtime::Intrinsic,
        args: Vec<Arg>,
    },
    /// A builtin of `runtime::Builtin` whose argument types make it compilable (`getfield` with a
    /// constant name, `===`, `isa`, `tuple`, `memoryrefget`, …). Others are `Dynamic`.
    Builtin {
        op: runtime::Builtin,
        args: Vec<Arg>,
    },
    /// A host builtin: boxed arguments, boxed result (`runtime::host`).
    Host {
        name: Symbol,
        args: Vec<Arg>,
    },
    /// `ccall` of a C symbol with concrete types (`llvm.*` names are LLVM intrinsics).
    Foreign {
        name: Symbol,
        ret: Ty,
        arg_types: Vec<Ty>,
        args: Vec<Arg>,
    },
    /// Call of another specialisation, its own translation unit.
    Invoke {
        callee: CalleeId,
        args: Vec<Arg>,
    },
    /// Call of a body private to this one (specialised for constants or for `@inbounds`).
    InvokeLocal {
        callee: LocalId,
        args: Vec<Arg>,
    },
    /// The address of another specialisation, as a `Ptr` to what it returns. Device code only.
    FunctionPointer {
        callee: CalleeId,
    },
    /// Run-time dispatch. Host only; in device code a validation error. The types of `args` and the
    /// instruction's span are what a diagnostic needs; `why` says what kept the call from being resolved.
    Dynamic {
        f: Arg,
        args: Vec<Arg>,
        why: DynamicReason,
    },
    /// Object of concrete type `Inst::ty` from its leading fields.
    New {
        args: Vec<Arg>,
    },
    /// Value of a non-constant global (host only).
    LoadGlobal(crate::lowered::GlobalRef),
    StoreGlobal(crate::lowered::GlobalRef, Arg),
    /// Is the argument of exactly this concrete type? (union splitting)
    IsExactly(Arg, Ty),
    /// Throws `UndefVarError(name)` unless the argument is true.
    ThrowUndefIfNot {
        name: Symbol,
        cond: Arg,
    },
    /// Throws a `TypeError`: a non-`Bool` was used as a condition.
    ThrowNonBool(Arg),
    /// A loop hint for the loop that this block heads (`simd`, `ivdep`, `unroll`).
    LoopHint(Symbol),
    /// Something that only the interpreter does (`what` names it: `copyast`, `splatnew`,
    /// `foreigncall`, …). A body that holds one cannot be compiled.
    Unsupported {
        what: Symbol,
        args: Vec<Arg>,
    },
}

/// Why a call is dispatched at run time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DynamicReason {
    /// No method can match: the call throws a `MethodError`.
    NoMethod,
    /// Several methods tie for arguments of these types.
    Ambiguous,
    /// The argument types are too abstract: more methods match than are split on, or a match could
    /// not be specialised.
    AbstractArguments,
    /// What is called is not known.
    UnknownFunction,
    /// The number of arguments is not known (splatting something of unknown length).
    UnknownArity,
    /// A builtin or intrinsic whose arguments are not known well enough to compile it.
    Builtin,
    /// Inference gave up (depth of calls, growth of signatures).
    Limited,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Terminator {
    Goto(BlockId),
    Branch {
        cond: Arg,
        then: BlockId,
        otherwise: BlockId,
    },
    Return(Arg),
    /// After an instruction that never returns.
    Unreachable,
}

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub insts: Vec<InstId>,
    pub term: Option<Terminator>,
}

/// Another specialisation that this body calls.
#[derive(Clone, Debug)]
pub struct Callee {
    /// `world::CodeInstance` of the callee, as the opaque handle `world` gives out
    /// (`Arc<world::CodeInstance>` downcast by code generation's driver).
    pub instance: world::CiRef,
    pub arg_types: Vec<Ty>,
    pub ret: Ty,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Symbol,
    pub ty: Ty,
    /// Known constant: the parameter is not passed (callers still name it among the operands).
    pub constant: Option<Value>,
}

/// What inference knows of a result beyond its type.
#[derive(Clone, PartialEq, Debug)]
pub enum Known {
    /// Never returns.
    Bottom,
    Type(Ty),
    Const(Value),
    /// An object of a concrete immutable type with better known fields.
    Partial {
        ty: Ty,
        fields: Vec<Known>,
    },
    /// A `Bool`: where it is true, parameter `param` is in `then`, where it is false, in `otherwise`.
    Tells {
        param: u32,
        then: Box<Known>,
        otherwise: Box<Known>,
    },
}

/// One specialised function body.
#[derive(Clone, Debug)]
pub struct TypedBody {
    pub name: Symbol,
    /// One per slot of the method's signature: a variadic method's last parameter is the tuple of the
    /// rest, which callers make.
    pub params: Vec<Param>,
    pub is_va: bool,
    pub ret: Ty,
    /// The function just returns this.
    pub ret_const: Option<Value>,
    /// All that is known of the result, for the inference of callers; plain data, so that it goes into images.
    pub known: Known,
    pub insts: Vec<Inst>,
    pub blocks: Vec<Block>,
    pub callees: Vec<Callee>,
    pub locals: Vec<TypedBody>,
    /// The calls that were inlined.
    pub frames: Vec<InlineFrame>,
    pub inline: Option<bool>,
    pub fastmath: bool,
    /// No side effects visible outside.
    pub effect_free: bool,
    /// Never throws.
    pub nothrow: bool,
    /// Certain to return or throw.
    pub terminates: bool,
    /// Why this body cannot be compiled, although its return type is right: it uses `try`, say.
    /// Such a body has one block that ends in `Unreachable`; the interpreter runs the function.
    pub not_compilable: Option<NotCompilable>,
    pub span: Span,
}

/// The construct that keeps a body from being compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotCompilable {
    /// In words: `try/catch`.
    pub what: &'static str,
    pub span: Span,
}

impl TypedBody {
    /// Type of an operand of this body.
    pub fn arg_type(&self, arg: Arg) -> Ty {
        match arg {
            Arg::Inst(id) => self.insts[id.0 as usize].ty,
            Arg::Param(n) => self.params[n as usize].ty,
            Arg::Const(v) => v.type_of(),
        }
    }

    /// The functions that an instruction stands in, with the place in each: innermost first, the body's own last.
    pub fn stack(&self, id: InstId) -> Vec<(Symbol, Span)> {
        let inst = &self.insts[id.0 as usize];
        let Some(mut at) = inst.inlined else { return vec![(self.name, inst.span)] };
        let mut stack = Vec::new();
        loop {
            let frame = &self.frames[at.0 as usize];
            stack.push((frame.function, frame.span));
            match frame.caller {
                Some(caller) => at = caller,
                None => return stack,
            }
        }
    }

    /// The instructions of all blocks in order.
    pub fn placed(&self) -> impl Iterator<Item = (InstId, &Inst)> {
        self.blocks.iter().flat_map(|b| &b.insts).map(|&id| (id, &self.insts[id.0 as usize]))
    }

    /// Instructions that only serve to make what is thrown: the exception objects, and calls that build their messages. A
    /// device reports an exception by its kind and leaves these out; a call that never returns counts as a throw.
    pub fn only_for_exceptions(&self) -> HashSet<u32> {
        let candidate = |inst: &Inst| {
            inst.ty != types::builtin::bottom()
                && matches!(
                    inst.kind,
                    InstKind::New { .. }
                        | InstKind::Pi(_)
                        | InstKind::Builtin { op: runtime::Builtin::Tuple, .. }
                        | InstKind::Invoke { .. }
                        | InstKind::InvokeLocal { .. }
                        | InstKind::Dynamic { .. }
                        | InstKind::Host { .. }
                )
        };
        let mut found: HashSet<u32> = self.placed().filter(|(_, i)| candidate(i)).map(|(id, _)| id.0).collect();
        loop {
            let before = found.len();
            let mut escaping = HashSet::new();
            let mut used = HashSet::new();
            for (id, inst) in self.placed() {
                let harmless = found.contains(&id.0) || self.throws(inst);
                inst.kind.for_each_arg(|arg| {
                    if let Arg::Inst(target) = arg {
                        used.insert(target.0);
                        if !harmless {
                            escaping.insert(target.0);
                        }
                    }
                });
            }
            for block in &self.blocks {
                if let Some(Terminator::Return(Arg::Inst(t)) | Terminator::Branch { cond: Arg::Inst(t), .. }) =
                    block.term
                {
                    escaping.insert(t.0);
                }
            }
            found.retain(|id| !escaping.contains(id) && used.contains(id));
            if found.len() == before {
                return found;
            }
        }
    }

    /// Does the instruction throw whatever its operands are?
    pub fn throws(&self, inst: &Inst) -> bool {
        matches!(inst.kind, InstKind::Builtin { op: runtime::Builtin::Throw, .. })
            || inst.ty == types::builtin::bottom()
                && matches!(inst.kind, InstKind::Invoke { .. } | InstKind::InvokeLocal { .. })
    }

    /// The type of what a body that never returns throws, as far as it can be told.
    pub fn thrown_type(&self) -> Option<Ty> {
        self.thrown_within(8)
    }

    fn thrown_within(&self, depth: u32) -> Option<Ty> {
        for (_, inst) in self.placed() {
            match &inst.kind {
                InstKind::Builtin { op: runtime::Builtin::Throw, args } => {
                    return args.first().map(|&a| self.arg_type(a));
                }
                InstKind::Invoke { callee, .. } if inst.ty == types::builtin::bottom() && depth > 0 => {
                    let ci = self.callees[callee.0 as usize].instance;
                    if let Some(t) = ci.get().body::<TypedBody>().and_then(|b| b.thrown_within(depth - 1)) {
                        return Some(t);
                    }
                }
                InstKind::InvokeLocal { callee, .. } if inst.ty == types::builtin::bottom() && depth > 0 => {
                    if let Some(t) = self.locals[callee.0 as usize].thrown_within(depth - 1) {
                        return Some(t);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Can code generation take this body and its locals on the host without run-time dispatch?
    pub fn is_static(&self) -> bool {
        self.not_compilable.is_none()
            && !self.placed().any(|(_, i)| matches!(i.kind, InstKind::Dynamic { .. } | InstKind::Unsupported { .. }))
            && self.locals.iter().all(TypedBody::is_static)
    }

    /// The instructions dispatched at run time, also of local bodies, with the body they are in.
    pub fn dynamic_calls(&self) -> Vec<(&TypedBody, InstId)> {
        let mut found: Vec<_> = self
            .placed()
            .filter(|(_, i)| matches!(i.kind, InstKind::Dynamic { .. }))
            .map(|(id, _)| (self, id))
            .collect();
        for local in &self.locals {
            found.extend(local.dynamic_calls());
        }
        found
    }
}

impl Terminator {
    /// The blocks that control may go to.
    pub fn successors(&self) -> impl Iterator<Item = BlockId> + use<> {
        let (a, b) = match *self {
            Terminator::Goto(t) => (Some(t), None),
            Terminator::Branch { then, otherwise, .. } => (Some(then), Some(otherwise)),
            Terminator::Return(_) | Terminator::Unreachable => (None, None),
        };
        a.into_iter().chain(b)
    }
}

impl InstKind {
    /// Calls `f` with every operand, in order.
    pub fn for_each_arg(&self, mut f: impl FnMut(Arg)) {
        match self {
            InstKind::Phi(inputs) => inputs.iter().filter_map(|&(_, a)| a).for_each(f),
            InstKind::Pi(a)
            | InstKind::StoreGlobal(_, a)
            | InstKind::IsExactly(a, _)
            | InstKind::ThrowUndefIfNot { cond: a, .. }
            | InstKind::ThrowNonBool(a) => f(*a),
            InstKind::Dynamic { f: callee, args, .. } => {
                f(*callee);
                args.iter().copied().for_each(f)
            }
            InstKind::Intrinsic { args, .. }
            | InstKind::Builtin { args, .. }
            | InstKind::Host { args, .. }
            | InstKind::Foreign { args, .. }
            | InstKind::Invoke { args, .. }
            | InstKind::InvokeLocal { args, .. }
            | InstKind::New { args }
            | InstKind::Unsupported { args, .. } => args.iter().copied().for_each(f),
            InstKind::LoadGlobal(_) | InstKind::LoopHint(_) | InstKind::FunctionPointer { .. } => {}
        }
    }

    /// Calls `f` with every operand by reference, in order.
    pub fn for_each_arg_mut(&mut self, mut f: impl FnMut(&mut Arg)) {
        match self {
            InstKind::Phi(inputs) => inputs.iter_mut().filter_map(|(_, a)| a.as_mut()).for_each(f),
            InstKind::Pi(a)
            | InstKind::StoreGlobal(_, a)
            | InstKind::IsExactly(a, _)
            | InstKind::ThrowUndefIfNot { cond: a, .. }
            | InstKind::ThrowNonBool(a) => f(a),
            InstKind::Dynamic { f: callee, args, .. } => {
                f(callee);
                args.iter_mut().for_each(f)
            }
            InstKind::Intrinsic { args, .. }
            | InstKind::Builtin { args, .. }
            | InstKind::Host { args, .. }
            | InstKind::Foreign { args, .. }
            | InstKind::Invoke { args, .. }
            | InstKind::InvokeLocal { args, .. }
            | InstKind::New { args }
            | InstKind::Unsupported { args, .. } => args.iter_mut().for_each(f),
            InstKind::LoadGlobal(_) | InstKind::LoopHint(_) | InstKind::FunctionPointer { .. } => {}
        }
    }
}
