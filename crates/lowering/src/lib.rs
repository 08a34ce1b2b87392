//! Julia's lowering: from surface expressions to [`ir::lowered::CodeInfo`].
//!
//! The stages, one directory or file each:
//!
//! 1. [`expand`](mod@expand): runs macros through the [`LoweringHost`] and resolves their hygiene into *layers*;
//! 2. `desugar`: every surface form becomes one of the few forms of `node`;
//! 3. `scope`: every name becomes a local variable, a static parameter or a global; captures;
//! 4. `linearize`: flat statements, closures converted to structs with methods.
//!
//! All static errors are collected as [`base::Diagnostic`]s whose messages are Julia's (without `syntax: `).

mod host;

pub use host::{LoweringHost, MacroExpansion};

use base::{Diagnostic, Span};
use ir::lowered::CodeInfo;
use runtime::Exception;
use std::sync::Arc;
use syntax::Expr;

/// Why an expression could not be lowered.
#[derive(Debug)]
pub enum LowerError {
    /// The program is wrong; all findings (at least one).
    Invalid(Vec<Diagnostic>),
    /// A macro threw while it was expanded (Julia wraps this in `LoadError` at top level).
    MacroThrew { exception: Exception, span: Span },
}

/// Lowers one top-level expression (not `toplevel` or `module`: their parts are lowered one by one).
pub fn lower_toplevel(expr: &Expr, host: &mut dyn LoweringHost) -> Result<Arc<CodeInfo>, LowerError> {
    let _ = (expr, host);
    Err(LowerError::Invalid(Vec::new()))
}

/// Lowers the expression which the generator of a `@generated` method returned into the method's
/// body: the arguments, their names and the static parameters are the generator's.
pub fn lower_generated(expr: &Expr, generator: &CodeInfo, host: &mut dyn LoweringHost) -> Result<Arc<CodeInfo>, LowerError> {
    let _ = (expr, generator, host);
    Err(LowerError::Invalid(Vec::new()))
}

/// `macroexpand`: runs the macros of `expr` (only the outermost call unless `recursive`) and applies hygiene.
pub fn macroexpand(expr: &Expr, recursive: bool, host: &mut dyn LoweringHost) -> Result<Expr, LowerError> {
    let _ = (expr, recursive, host);
    Err(LowerError::Invalid(Vec::new()))
}

/// The text of lowered code, one statement per line; `show` prints constants.
pub fn print_code(code: &CodeInfo, show: &dyn Fn(runtime::Value) -> String) -> String {
    let _ = (code, show);
    String::new()
}
