//! Lowered code in SSA form, before any types: made once per method body and shared by all its
//! specialisations.
//!
//! Slots become values with phis (built on the fly while blocks are filled, in the manner of Braun
//! et al.). Where a branch may tell something about a value that lives on in a slot, a [`Op::Pi`]
//! redefines the slot on each side; whether it narrows anything is found out during inference. A slot
//! that may be read before it is assigned gets a *shadow*: a Boolean variable that says whether it
//! is assigned, checked by [`Op::UndefCheck`] before the read.
//!
//! In bodies with `try` the slots stay memory ([`Op::MemSet`], [`Op::MemGet`]): such bodies are not
//! compiled, only their return type is wanted.

mod build;

use crate::cfg::B;
use base::{Span, Symbol};
use ir::lowered::{CodeInfo, GlobalRef};
use runtime::Value;

/// Index of a value of an [`SsaBody`]. Values are numbered in the order in which blocks hold them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Val(pub u32);

impl Val {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An operand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Src {
    Val(Val),
    Const(Value),
    /// Index into [`SsaBody::globals`].
    Global(u32),
    Sparam(u32),
    /// Nothing: the slot has no value here. Only as a phi input.
    Undef,
}

#[derive(Clone, Debug)]
pub enum Op {
    Param(u32),
    /// Inputs parallel to the block's predecessors.
    Phi(Vec<Src>),
    /// `of`, knowing that `cond` is `sense`.
    Pi {
        of: Val,
        cond: Val,
        sense: bool,
    },
    Call {
        f: Src,
        args: Vec<Src>,
    },
    New {
        ty: Src,
        args: Vec<Src>,
    },
    SplatNew {
        ty: Src,
        tuple: Src,
    },
    Foreign {
        name: Symbol,
        ret: Src,
        arg_types: Vec<Src>,
        args: Vec<Src>,
    },
    Read(Src),
    /// Throws unless the slot named so is assigned.
    UndefCheck {
        name: Symbol,
        defined: Src,
    },
    ThrowUndefIfNot {
        name: Symbol,
        cond: Src,
    },
    /// Of a global or static parameter.
    IsDefined(Src),
    StoreGlobal(u32, Src),
    MemSet(u32, Src),
    MemGet(u32),
    Boundscheck,
    CopyAst(Value),
    CurrentException,
    LoopHint(Symbol),
    /// A statement of top-level code.
    TopLevel(&'static str),
}

impl Op {
    pub fn for_each_src(&self, mut f: impl FnMut(Src)) {
        match self {
            Op::Phi(inputs) => inputs.iter().copied().for_each(f),
            Op::Pi { of, cond, .. } => {
                f(Src::Val(*of));
                f(Src::Val(*cond));
            }
            Op::Call { f: callee, args } => {
                f(*callee);
                args.iter().copied().for_each(f);
            }
            Op::New { ty, args } => {
                f(*ty);
                args.iter().copied().for_each(f);
            }
            Op::SplatNew { ty, tuple } => {
                f(*ty);
                f(*tuple);
            }
            Op::Foreign { ret, arg_types, args, .. } => {
                f(*ret);
                arg_types.iter().chain(args).copied().for_each(f);
            }
            Op::Read(s)
            | Op::UndefCheck { defined: s, .. }
            | Op::ThrowUndefIfNot { cond: s, .. }
            | Op::IsDefined(s)
            | Op::StoreGlobal(_, s)
            | Op::MemSet(_, s) => f(*s),
            Op::Param(_)
            | Op::MemGet(_)
            | Op::Boundscheck
            | Op::CopyAst(_)
            | Op::CurrentException
            | Op::LoopHint(_)
            | Op::TopLevel(_) => {}
        }
    }

    pub fn for_each_src_mut(&mut self, mut f: impl FnMut(&mut Src)) {
        match self {
            Op::Phi(inputs) => inputs.iter_mut().for_each(f),
            Op::Pi { of, cond, .. } => {
                for v in [of, cond] {
                    let mut s = Src::Val(*v);
                    f(&mut s);
                    // Operands that stopped being values took their `Pi` with them (`forward_pis`).
                    if let Src::Val(w) = s {
                        *v = w;
                    }
                }
            }
            Op::Call { f: callee, args } => {
                f(callee);
                args.iter_mut().for_each(f);
            }
            Op::New { ty, args } => {
                f(ty);
                args.iter_mut().for_each(f);
            }
            Op::SplatNew { ty, tuple } => {
                f(ty);
                f(tuple);
            }
            Op::Foreign { ret, arg_types, args, .. } => {
                f(ret);
                arg_types.iter_mut().chain(args).for_each(f);
            }
            Op::Read(s)
            | Op::UndefCheck { defined: s, .. }
            | Op::ThrowUndefIfNot { cond: s, .. }
            | Op::IsDefined(s)
            | Op::StoreGlobal(_, s)
            | Op::MemSet(_, s) => f(s),
            Op::Param(_)
            | Op::MemGet(_)
            | Op::Boundscheck
            | Op::CopyAst(_)
            | Op::CurrentException
            | Op::LoopHint(_)
            | Op::TopLevel(_) => {}
        }
    }
}

#[derive(Clone, Debug)]
pub struct Def {
    pub op: Op,
    pub block: B,
    pub span: Span,
    /// Stands in an `@inbounds` region.
    pub inbounds: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum End {
    Goto(B),
    Branch { cond: Src, then: B, otherwise: B, span: Span },
    Try { body: B, handler: B },
    Return(Src),
}

impl End {
    pub fn successors(self) -> impl Iterator<Item = B> {
        let (a, b) = match self {
            End::Goto(t) => (Some(t), None),
            End::Branch { then, otherwise, .. } => (Some(then), Some(otherwise)),
            End::Try { body, handler } => (Some(body), Some(handler)),
            End::Return(_) => (None, None),
        };
        a.into_iter().chain(b)
    }

    pub fn src(self) -> Option<Src> {
        match self {
            End::Branch { cond, .. } => Some(cond),
            End::Return(s) => Some(s),
            End::Goto(_) | End::Try { .. } => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct SsaBlock {
    /// The block's values are `first..last`, phis first.
    pub first: u32,
    pub last: u32,
    pub end: End,
    pub preds: Vec<B>,
}

/// A body in SSA form.
pub struct SsaBody {
    pub defs: Vec<Def>,
    /// Reverse post-order; 0 is the entry.
    pub blocks: Vec<SsaBlock>,
    pub globals: Vec<GlobalRef>,
    /// Users of value `v`: `users[user_start[v]..user_start[v + 1]]`.
    user_start: Vec<u32>,
    users: Vec<User>,
    pub has_try: bool,
    /// Number of slots (for the memory of bodies with `try`).
    pub nslots: usize,
    /// Has blocks that lead back to themselves.
    pub has_loop: bool,
    /// Reads `Boundscheck`, so that inference under `@inbounds` can differ.
    pub has_boundscheck: bool,
}

/// What reads a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum User {
    Val(Val),
    /// The end of a block.
    End(u32),
}

impl SsaBody {
    pub fn def(&self, v: Val) -> &Def {
        &self.defs[v.index()]
    }

    pub fn users(&self, v: Val) -> &[User] {
        &self.users[self.user_start[v.index()] as usize..self.user_start[v.index() + 1] as usize]
    }

    /// Brings `code` into SSA form.
    pub fn new(code: &CodeInfo) -> SsaBody {
        build::Builder::new(code).build()
    }
}
