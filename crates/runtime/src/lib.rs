//! Values. Stub: see docs/contracts.md.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Value(usize);
#[derive(Clone,Copy,PartialEq,Eq,Hash,Debug)]
pub enum Intrinsic {}
#[derive(Clone,Copy,PartialEq,Eq,Hash,Debug)]
pub enum Builtin {}
