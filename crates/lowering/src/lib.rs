//! Julia's lowering: from surface expressions to [`ir::lowered::CodeInfo`].
//!
//! The stages, one directory or file each:
//!
//! 1. `expand`, `builtin_macros`: run macros through the [`LoweringHost`] and resolve hygiene into *layers*;
//! 2. `desugar`: every surface form becomes one of the few forms of `node`;
//! 3. `scope`: every name becomes a local variable, a static parameter or a global;
//! 4. `captures`: what closures capture, and which variables need a box;
//! 5. `linearize`, `exits`, `closures`: flat statements; closures become structs with methods;
//! 6. `tidy`: definite assignment, removal of statements that do nothing.
//!
//! All static errors are collected as [`base::Diagnostic`]s whose messages are Julia's (without `syntax: `).
//!
//! Lowered code names these functions. In `Core`: `_apply_iterate _expr _typevar apply_type eval fieldtype getfield
//! isa isdefined kwcall nfields setfield! svec throw tuple typeassert Typeof _unionall _rethrow ===`, the types `Any Box Function
//! LineNumberNode Module NamedTuple QuoteNode Type Union Vararg` and the exceptions `ArgumentError TypeError UndefKeywordError`.
//! In `Base`: everything else that is syntax in Julia (`iterate getindex setindex! getproperty setproperty! indexed_iterate
//! rest split_rest broadcasted broadcasted_kwsyntax materialize materialize! dotview dotgetproperty andand oror BroadcastFunction identity
//! literal_pow Val convert cconvert unsafe_convert vect hcat vcat hvcat hvcat_rows hvncat typed_… collect Generator Filter Flatten
//! product string adjoint firstindex lastindex length merge pairs isempty structdiff kwerr not_int + < &`).

mod builtin_macros;
mod captures;
mod closures;
mod desugar;
mod exits;
mod expand;
mod host;
mod hygiene;
mod linearize;
mod macroexpand;
mod node;
mod print;
mod scope;
mod tidy;
mod x;

pub use host::{LoweringHost, MacroExpansion};
pub use macroexpand::macroexpand;
pub use print::print_code;

use base::{Diagnostic, Severity, Span};
use desugar::Desugar;
use expand::Expander;
use ir::lowered::CodeInfo;
use linearize::Linearizer;
use node::{Binder, Lambda};
use runtime::Exception;
use scope::{Resolver, THUNK};
use std::sync::Arc;
use syntax::Expr;
use x::{LayerId, Name};

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
    let mut expander = Expander::new(host);
    let x = expander.expand(expr, LayerId::ROOT, expr.span)?;
    let mut d = Desugar::new(expander);
    let mut node = d.toplevel(&x);
    let mut resolver = Resolver::new(&mut d);
    resolver.toplevel(&mut node);
    let mut lambdas = resolver.lambdas;
    check(&mut d)?;
    let captures = captures::analyse(&mut node, &mut d.vars, &mut lambdas, THUNK);
    let code = Linearizer::new(&mut d, lambdas, captures).thunk(&node);
    check(&mut d)?;
    Ok(Arc::new(code))
}

/// Lowers the expression which the generator of a `@generated` method returned into the method's
/// body: the arguments, their names and the static parameters are the generator's.
pub fn lower_generated(
    expr: &Expr,
    generator: &CodeInfo,
    host: &mut dyn LoweringHost,
) -> Result<Arc<CodeInfo>, LowerError> {
    let mut expander = Expander::new(host);
    let x = expander.expand(expr, LayerId::ROOT, expr.span)?;
    let mut d = Desugar::new(expander);
    let names: Vec<Name> = generator
        .slots
        .iter()
        .take(generator.nargs as usize)
        .map(|s| Name { sym: s.name, layer: LayerId::ROOT })
        .collect();
    let (body, context) = d.in_function(names.iter().map(|&n| Some(n)).collect(), None, |d| d.expr(&x));
    let mut meta = context.meta;
    meta.nospecialize |= generator.meta.nospecialize;
    meta.inline = meta.inline.or(generator.meta.inline);
    meta.propagate_inbounds |= generator.meta.propagate_inbounds;
    let mut lambda = Lambda {
        id: THUNK,
        name: generator.name,
        args: names.into_iter().map(Binder::Name).collect(),
        is_va: generator.is_va,
        sparams: Vec::new(),
        ret_type: None,
        body,
        meta,
        generated: false,
        self_index: 0,
        span: generator.span,
    };
    let sparams: Vec<Name> = generator.sparams.iter().map(|&sym| Name { sym, layer: LayerId::ROOT }).collect();
    let mut resolver = Resolver::new(&mut d);
    resolver.lone_lambda(&mut lambda, &sparams);
    let mut lambdas = resolver.lambdas;
    check(&mut d)?;
    let captures = captures::analyse(&mut lambda.body, &mut d.vars, &mut lambdas, lambda.id);
    if !captures.closures.is_empty() {
        let span = generator.span;
        let message = "The function body AST defined by this @generated function is not pure. This likely means it contains a closure, a comprehension or a generator.";
        return Err(LowerError::Invalid(vec![Diagnostic::error("lowering.generated-closure", message, span)]));
    }
    let code = Linearizer::new(&mut d, lambdas, captures).lone_function(&lambda);
    check(&mut d)?;
    Ok(Arc::new(code))
}

/// Stops where there are errors.
fn check(d: &mut Desugar<'_>) -> Result<(), LowerError> {
    if d.ex.diagnostics.iter().any(|d| d.severity == Severity::Error) {
        let mut all = std::mem::take(&mut d.ex.diagnostics);
        // Defaults of keywords are desugared once per method: the same finding may come several times.
        let mut seen = Vec::new();
        all.retain(|d| {
            let key = (d.message.clone(), d.labels.first().map(|l| (l.span.file, l.span.start)));
            let new = !seen.contains(&key);
            if new {
                seen.push(key);
            }
            new
        });
        return Err(LowerError::Invalid(all));
    }
    Ok(())
}
