//! What every stage shares and no stage owns: interned names, source positions, diagnostics.
//!
//! This crate knows nothing of Julia, worlds or LLVM.

mod diagnostic;
mod source;
mod symbol;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use source::{FileId, SourceFile, SourceMap, Span};
pub use symbol::Symbol;
