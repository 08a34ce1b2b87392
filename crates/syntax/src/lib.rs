//! Julia's grammar: source text → lossless tree → [`Expr`].
//!
//! The parser never fails: wrong text gives diagnostics and a tree that still holds every byte.

mod expr;

pub use expr::{Expr, ExprKind, Lit, OpaqueValue};
