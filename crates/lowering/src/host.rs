//! What lowering asks of the system around it. Lowering itself never runs Julia code and never
//! looks inside a [`Value`].

use base::{Span, Symbol};
use runtime::{Exception, Value};
use syntax::{Expr, Lit};

/// The result of running one macro call.
pub struct MacroExpansion {
    /// What the macro returned, before any hygiene: nested macro calls are still there, `escape`
    /// marks code of the caller, `hygienic-scope` code of another module.
    pub expr: Expr,
    /// The module of the macro's *method*: where the names of the result resolve.
    pub module: Value,
}

/// The surroundings of one top-level expression.
///
/// All [`Value`]s handed out must be pinned: they end up in [`ir::lowered::CodeInfo`].
pub trait LoweringHost {
    /// The module in which the top-level expression is evaluated.
    fn module(&self) -> Value;
    /// Module `Core`.
    fn core_module(&self) -> Value;
    /// The `Base` that code of [`LoweringHost::module`] sees (while the prelude itself is loaded:
    /// the module under construction).
    fn base_module(&self) -> Value;
    /// The module a syntax-level [`syntax::ExprKind::GlobalRef`] names by its path (`"Core"`, `"Base.Iterators"`).
    fn module_by_path(&self, path: &str) -> Option<Value>;

    /// Runs a macro call in the newest world.
    ///
    /// `call` is the `macrocall` expression; its first argument (a name, `A.@m`, a `GlobalRef` or a
    /// function object) is resolved in `lookup_module`, while the macro's `__module__` is
    /// [`LoweringHost::module`]. Arguments are passed as they are, with any `escape` around them.
    fn expand_macro(&mut self, lookup_module: Value, call: &Expr) -> Result<MacroExpansion, Exception>;

    /// The object a literal stands for.
    fn literal(&mut self, lit: &Lit) -> Value;
    /// The `Symbol` object.
    fn symbol(&mut self, name: Symbol) -> Value;
    /// `nothing`.
    fn nothing(&self) -> Value;
    /// `true` and `false`.
    fn boolean(&self, value: bool) -> Value;
    /// An `Int`.
    fn int(&mut self, value: i64) -> Value;
    /// A `String`.
    fn string(&mut self, text: &str) -> Value;
    /// Quoted code as a Julia object: `Expr`, `Symbol`, `QuoteNode`, `LineNumberNode` or a literal's value.
    fn expr_to_value(&mut self, expr: &Expr) -> Value;
    /// The object behind a spliced-in value.
    fn opaque(&self, value: syntax::OpaqueValue) -> Value;

    /// Does `module` have (or see through `using`) a defined global `name`? Decides soft scope.
    fn is_global_defined(&self, module: Value, name: Symbol) -> bool;
    /// `Union{}`, where it is at hand; otherwise code computes it.
    fn bottom(&self) -> Option<Value> {
        None
    }
    /// True at a prompt: an assignment in a top-level loop then means the existing global.
    fn soft_scope(&self) -> bool {
        false
    }
    /// A number that no other call with this module has returned; names closures, keyword bodies
    /// and globals of macros (`#f#12`). Deterministic: counts up from 1.
    fn next_number(&mut self, module: Value) -> u32;
    /// A warning that does not stop evaluation (soft scope ambiguity).
    fn warn(&mut self, message: &str, span: Span) {
        let _ = (message, span);
    }
}
