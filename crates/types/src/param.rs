//! Values that can be type parameters.

use crate::builtin;
use crate::cell::{Data, Ty};
use crate::interner;
use base::Symbol;

/// A value used as a type parameter. Equality is Julia's `===`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ParamValue {
    /// An `Int64`.
    Int(i64),
    Bool(bool),
    Symbol(Symbol),
    /// A `Char` in Julia's encoding (UTF-8 bytes, left-aligned).
    Char(u32),
    /// Any other `isbits` value: its type and its bytes (padding zeroed).
    Bits {
        ty: Ty,
        bytes: Vec<u8>,
    },
    Tuple(Vec<ParamValue>),
}

impl ParamValue {
    /// The concrete type of the value.
    pub fn type_of(&self) -> Ty {
        match self {
            ParamValue::Int(_) => builtin::int64(),
            ParamValue::Bool(_) => builtin::bool_(),
            ParamValue::Symbol(_) => builtin::symbol(),
            ParamValue::Char(_) => builtin::char_(),
            ParamValue::Bits { ty, .. } => *ty,
            ParamValue::Tuple(elems) => {
                let types: Vec<Ty> = elems.iter().map(ParamValue::type_of).collect();
                crate::apply::type_of_tuple(&types)
            }
        }
    }
}

impl Ty {
    /// The term that stands for a value parameter.
    pub fn from_param(value: ParamValue) -> Ty {
        interner::intern(Data::Value(value))
    }

    /// The `Int` parameter `i`.
    pub fn int(i: i64) -> Ty {
        Ty::from_param(ParamValue::Int(i))
    }

    /// The `Symbol` parameter `:name`.
    pub fn sym(name: impl Into<Symbol>) -> Ty {
        Ty::from_param(ParamValue::Symbol(name.into()))
    }

    /// The tuple of symbols that names the fields of a `NamedTuple`.
    pub fn symbols(names: &[Symbol]) -> Ty {
        Ty::from_param(ParamValue::Tuple(names.iter().map(|&n| ParamValue::Symbol(n)).collect()))
    }
}
