//! What inference decided about a call, for the emission of typed code.

use crate::lattice::Lat;
use crate::ssa::Src;
use base::Symbol;
use ir::lowered::GlobalRef;
use ir::typed::{DynamicReason, TypedBody};
use runtime::{Builtin, Intrinsic, Value};
use std::sync::Arc;
use types::Ty;
use world::CiRef;

/// What a piece of code may do besides giving a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effects {
    pub effect_free: bool,
    pub nothrow: bool,
    pub terminates: bool,
}

impl Effects {
    pub const PURE: Effects = Effects { effect_free: true, nothrow: true, terminates: true };
    pub const UNKNOWN: Effects = Effects { effect_free: false, nothrow: false, terminates: false };
    /// May throw, nothing else.
    pub const THROWS: Effects = Effects { effect_free: true, nothrow: false, terminates: true };

    pub fn and(self, other: Effects) -> Effects {
        Effects {
            effect_free: self.effect_free && other.effect_free,
            nothrow: self.nothrow && other.nothrow,
            terminates: self.terminates && other.terminates,
        }
    }

    /// Nobody notices if it is not run.
    pub fn removable(self) -> bool {
        self == Effects::PURE
    }
}

/// Where an operand of a resolved call comes from.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operand {
    Src(Src),
    /// Element `index` (from 0) of a tuple that is splatted.
    Element {
        of: Src,
        index: u32,
    },
    /// Element `index` (0: the item, 1: the state) of what step `at` of [`Plan::steps`] gives.
    Step {
        at: u32,
        index: u32,
    },
    Const(Value),
}

/// What a call does. Operands do not include the callee unless it says so.
pub enum Target {
    Builtin(Builtin),
    Intrinsic(Intrinsic),
    Host(Symbol),
    /// A builtin whose first operand is of one of these concrete types, with the result for each.
    SplitBuiltin(Builtin, Vec<(Ty, Lat)>),
    /// `getfield` of a tuple whose elements differ in type, at an index known at run time: a case per element, with
    /// its type. Bounds are checked if so.
    SelectElement {
        elements: Vec<Ty>,
        checked: bool,
    },
    /// A non-constant global.
    LoadGlobal(GlobalRef),
    /// A generic function: one case per combination of argument types that it was split into. Operands include
    /// the callee at position 0.
    Cases(Vec<Case>),
    /// The address of an instance's code; no operands.
    FunctionPointer {
        ci: CiRef,
        shape: Shape,
        ret: Ty,
    },
    /// Run-time dispatch. Operands include the callee at position 0.
    Dynamic(DynamicReason),
}

pub struct Plan {
    pub target: Target,
    pub operands: Vec<Operand>,
    pub effects: Effects,
    /// Calls of `iterate` that come first: what is splatted is iterated, and is known to have so many elements.
    pub steps: Vec<Step>,
}

/// A call of `iterate` in a splat.
pub struct Step {
    pub plan: Plan,
    pub lat: Lat,
}

impl Plan {
    pub fn new(target: Target, operands: Vec<Operand>, effects: Effects) -> Plan {
        Plan { target, operands, effects, steps: Vec::new() }
    }
}

/// A call for arguments of certain types.
pub struct Case {
    /// Operands to test. The last case's tests hold where no other's do.
    pub tests: Vec<(usize, Test)>,
    pub callee: CaseCallee,
    pub ret: Lat,
}

pub enum CaseCallee {
    Invoke { ci: CiRef, shape: Shape },
    Local { body: Arc<TypedBody>, shape: Shape },
    Dynamic(DynamicReason),
}

/// What makes a case the one to take.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Test {
    /// The operand is of exactly this concrete type.
    Type(Ty),
    /// The operand (a `Bool`) is this constant.
    Bool(bool),
    /// The operand (an `Int`) is this number.
    Int(i64),
}

impl Test {
    /// What is known of the operand in this case.
    pub fn lat(self) -> Lat {
        match self {
            Test::Type(t) => Lat::of_type(t),
            Test::Bool(b) => Lat::constant_bool(b),
            Test::Int(i) => Lat::constant(Value::int(i)),
        }
    }
}

/// How a callee takes its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    pub slots: usize,
    pub is_va: bool,
}
