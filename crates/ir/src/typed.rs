//! Typed IR: SSA in basic blocks, produced by inference for one specialisation.
//!
//! Invariants (checked by `verify`): a block ends in its terminator; every use is dominated by its
//! definition; phi inputs name exactly the predecessors; block 0 is the entry and has no
//! predecessors; an `Inst`'s `ty` is a supertype of every value it can produce. Unreachable blocks
//! are gone. Order of blocks and instructions is a function of the input alone.

use base::{Span, Symbol};
use runtime::Value;
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
}

#[derive(Clone, Debug)]
pub enum InstKind {
    /// Inputs by predecessor. A missing input is undefined on that edge.
    Phi(Vec<(BlockId, Option<Arg>)>),
    /// The same value, known to be of the narrower type `Inst::ty` here (after `isa`, `===`, …).
    Pi(Arg),
    /// An intrinsic of `runtime::Intrinsic`, on primitive operands; immediate operands (types of
    /// conversions) come first as constants, exactly as in the source call.
    Intrinsic { op: runtime::Intrinsic, args: Vec<Arg> },
    /// A builtin of `runtime::Builtin` whose argument types make it compilable (`getfield` with a
    /// constant name, `===`, `isa`, `tuple`, `memoryrefget`, …). Others are `Dynamic`.
    Builtin { op: runtime::Builtin, args: Vec<Arg> },
    /// A host builtin: boxed arguments, boxed result (`runtime::host`).
    Host { name: Symbol, args: Vec<Arg> },
    /// `ccall` of a C symbol with concrete types (`llvm.*` names are LLVM intrinsics).
    Foreign { name: Symbol, ret: Ty, arg_types: Vec<Ty>, args: Vec<Arg> },
    /// Call of another specialisation, its own translation unit.
    Invoke { callee: CalleeId, args: Vec<Arg> },
    /// Call of a body private to this one (specialised for constants or for `@inbounds`).
    InvokeLocal { callee: LocalId, args: Vec<Arg> },
    /// Run-time dispatch. Host only; in device code a validation error.
    Dynamic { f: Arg, args: Vec<Arg> },
    /// Object of concrete type `Inst::ty` from its leading fields.
    New { args: Vec<Arg> },
    /// Value of a non-constant global (host only).
    LoadGlobal(crate::lowered::GlobalRef),
    StoreGlobal(crate::lowered::GlobalRef, Arg),
    /// Is the argument of exactly this concrete type? (union splitting)
    IsExactly(Arg, Ty),
    /// Throws `UndefVarError(name)` unless the argument is true.
    ThrowUndefIfNot { name: Symbol, cond: Arg },
    /// Throws a `TypeError`: a non-`Bool` was used as a condition.
    ThrowNonBool(Arg),
    /// A loop hint for the loop that this block heads (`simd`, `ivdep`, `unroll`).
    LoopHint(Symbol),
}

#[derive(Clone, Debug)]
pub enum Terminator {
    Goto(BlockId),
    Branch { cond: Arg, then: BlockId, otherwise: BlockId },
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
    /// Known constant: the parameter is not passed.
    pub constant: Option<Value>,
}

/// One specialised function body.
#[derive(Clone, Debug)]
pub struct TypedBody {
    pub name: Symbol,
    pub params: Vec<Param>,
    pub ret: Ty,
    /// The function just returns this.
    pub ret_const: Option<Value>,
    pub insts: Vec<Inst>,
    pub blocks: Vec<Block>,
    pub callees: Vec<Callee>,
    pub locals: Vec<TypedBody>,
    pub inline: Option<bool>,
    pub fastmath: bool,
    /// Never throws, no side effects visible outside, terminates.
    pub effect_free: bool,
    pub nothrow: bool,
    pub span: Span,
}
