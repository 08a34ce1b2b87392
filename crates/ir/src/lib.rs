//! The two program representations between the front-end and code generation, as plain data.
//!
//! [`lowered`] is what lowering makes of a syntax tree: flat statements over slots, untyped, one
//! per source function; the interpreter runs it as it is. [`typed`] is what inference makes of it
//! for concrete argument types: SSA in basic blocks, every value typed, every call resolved or
//! marked dynamic; code generation reads nothing else. [`print`] shows typed bodies, [`verify`]
//! checks their invariants; [`candidates`] writes methods as messages list them.
//!
//! Invariant: no analysis lives here.

pub mod candidates;
pub mod lowered;
pub mod print;
pub mod typed;
pub mod verify;
