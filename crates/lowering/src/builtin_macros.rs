//! The macros that only wrap their argument in a form of lowering's: expanded without running
//! Julia code, by their bare name or through `Base.`/`Core.`, so that the prelude can use them from its
//! first line. They mean exactly what Julia's macros of these names expand to:
//!
//! * `@inbounds @boundscheck @inline @noinline @propagate_inbounds @constprop @assume_effects @pure @nospecialize @specialize`
//! * `@generated @isdefined @goto @label @simd @doc @eval @ccall @cfunction`
//! * `@__MODULE__ @__FILE__ @__DIR__ @__LINE__`
//!
//! All others, `@static @. @kwdef @views @show @assert …`, are macros written in Julia.

use crate::LowerError;
use crate::expand::{Expander, string_literal};
use crate::x::{Head, LayerId, Name, X, XK, sym};
use base::{SourceMap, Span, Symbol};
use std::rc::Rc;
use syntax::{Expr, ExprKind, Lit};

/// Does a docstring's target only say what it is about, a name or a signature, and define nothing?
fn names_only(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Lit(_) | ExprKind::Sym(_) => true,
        ExprKind::Node(h, args) => match h.as_str() {
            "." | "call" | "ref" | "quote" => true,
            "where" | "::" | "escape" => args.first().is_some_and(names_only),
            _ => false,
        },
        ExprKind::Quote(_) | ExprKind::GlobalRef { .. } => true,
        _ => false,
    }
}

/// The name of a macro if it is written plainly or qualified with `Base` or `Core`.
fn macro_name(e: &Expr) -> Option<Symbol> {
    match &e.kind {
        ExprKind::Sym(s) => Some(*s),
        ExprKind::GlobalRef { module, name } => matches!(module.as_str(), "Core" | "Base").then_some(*name),
        ExprKind::Node(h, args) if *h == "escape" => args.first().and_then(macro_name),
        ExprKind::Node(h, args) if *h == "." && args.len() == 2 => {
            let base = match &args[0].kind {
                ExprKind::Sym(s) => matches!(s.as_str(), "Base" | "Core"),
                _ => false,
            };
            match &args[1].kind {
                ExprKind::Quote(q) if base => macro_name(q),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Expander<'_> {
    /// Expands the call if it is one of the macros of this file. `call` are the arguments of the
    /// `macrocall`: name, line, arguments.
    pub fn builtin_macro(&mut self, call: &[Expr], layer: LayerId, span: Span) -> Result<Option<X>, LowerError> {
        let Some(name) = call.first().and_then(macro_name) else { return Ok(None) };
        let args = call.get(2..).unwrap_or(&[]);
        let meta =
            |what: Symbol| X::node(span, Head::Meta, vec![X::id(span, Name { sym: what, layer: LayerId::ROOT })]);
        let done = match (name.as_str(), args) {
            ("@inbounds", [body]) => {
                let body = self.expand(body, layer, span)?;
                X::node(span, Head::Inbounds, vec![body])
            }
            ("@boundscheck", [body]) => {
                let body = self.expand(body, layer, span)?;
                let check = X::node(span, Head::Boundscheck, vec![]);
                X::node(span, Head::If, vec![check, X::block(span, vec![body, X::nothing(span)])])
            }
            ("@inline" | "@noinline" | "@propagate_inbounds" | "@pure", []) => meta(Symbol::new(&name.as_str()[1..])),
            ("@inline" | "@noinline" | "@propagate_inbounds" | "@pure", [body]) => {
                let body = self.expand(body, layer, span)?;
                push_meta(body, meta(Symbol::new(&name.as_str()[1..])))
            }
            ("@constprop" | "@assume_effects", [settings @ .., body]) => {
                let all = settings.iter().map(setting_name).collect::<Vec<_>>();
                // A setting alone (`@assume_effects :foldable` in a body) is recognised by being quoted.
                let (body, mut all) = match setting_name(body) {
                    Some(own) => (None, [all, vec![Some(own)]].concat()),
                    None => (Some(self.expand(body, layer, span)?), all),
                };
                let metas: Vec<X> = all
                    .drain(..)
                    .flatten()
                    .map(|s| meta(Symbol::new(&format!("{}:{}", &name.as_str()[1..], s))))
                    .collect();
                match body {
                    Some(body) => metas.into_iter().fold(body, push_meta),
                    None => X::block(span, metas),
                }
            }
            ("@nospecialize" | "@specialize", args) => {
                let what = X::id(span, Name { sym: Symbol::new(&name.as_str()[1..]), layer: LayerId::ROOT });
                let mut parts = vec![what];
                parts.extend(self.expand_all(args, layer, span)?);
                X::node(span, Head::Meta, parts)
            }
            ("@generated", [def]) => {
                let def = self.expand(def, layer, span)?;
                push_meta(def, meta(sym!("generated")))
            }
            ("@generated", []) => X::node(span, Head::Generated, vec![]),
            ("@isdefined", [var]) => {
                let var = self.expand(var, layer, span)?;
                X::node(span, Head::Isdefined, vec![var])
            }
            ("@goto" | "@label", [target]) => {
                let target = self.expand(target, layer, span)?;
                if target.as_id().is_none() {
                    return Ok(Some(self.error("lowering.label", format!("{name} expects a label name"), target.span)));
                }
                X::node(span, if name == "@goto" { Head::SymbolicGoto } else { Head::SymbolicLabel }, vec![target])
            }
            ("@simd", [hints @ .., body]) => {
                let body = self.expand(body, layer, span)?;
                if !body.is(Head::For) {
                    return Ok(Some(self.error("lowering.simd", "for loop expected", body.span)));
                }
                let hint = if hints.is_empty() { sym!("simd") } else { sym!("ivdep") };
                let hint = X::id(span, Name { sym: hint, layer: LayerId::ROOT });
                X::block(span, vec![X::node(span, Head::Loopinfo, vec![hint]), body])
            }
            ("@doc", [text, target]) if !names_only(target) => {
                let _ = string_literal(text);
                // Only code is of interest; what a docstring interpolates is not evaluated.
                self.expand(target, layer, span)?
            }
            ("@doc", [_, _]) | ("@doc", [_] | [_, _, _]) => X::nothing(span),
            ("@eval", [code]) => {
                let module = X::new(span, XK::Value(self.host.module()));
                self.eval_call(module, code, layer, span)?
            }
            ("@eval", [module, code]) => {
                let module = self.expand(module, layer, span)?;
                self.eval_call(module, code, layer, span)?
            }
            ("@__MODULE__", []) => X::new(span, XK::Value(self.host.module())),
            ("@__LINE__", []) => {
                let line = match call.get(1).map(|l| &l.kind) {
                    Some(ExprKind::Line { line, .. }) => *line,
                    _ => span.line(),
                };
                X::new(span, XK::Lit(Lit::Int64(line.into())))
            }
            ("@__FILE__" | "@__DIR__", []) => {
                let file = match call.get(1).map(|l| &l.kind) {
                    Some(ExprKind::Line { file, .. }) => file.as_str().to_string(),
                    _ => SourceMap::file(span.file).name.clone(),
                };
                let text = if name == "@__FILE__" {
                    file
                } else {
                    match std::path::Path::new(&file).parent() {
                        Some(dir) if !dir.as_os_str().is_empty() => dir.to_string_lossy().into_owned(),
                        _ => ".".to_string(),
                    }
                };
                X::new(span, XK::Lit(Lit::str(&text)))
            }
            ("@ccall", [call]) => self.ccall_macro(call, layer, span)?,
            ("@cfunction", _) => {
                let message = "@cfunction is not supported: Julia functions have no C entry points here";
                self.error("lowering.cfunction", message, span)
            }
            _ => return Ok(None),
        };
        Ok(Some(done))
    }

    fn eval_call(&mut self, module: X, code: &Expr, layer: LayerId, span: Span) -> Result<X, LowerError> {
        let eval = self.core(span, sym!("eval"));
        let quoted = self.quasiquote(code, layer, span, 1)?;
        Ok(X::node(span, Head::Call, vec![eval, module, quoted]))
    }

    /// `@ccall name(x::T, …; va::U…)::R` is `ccall(:name, R, (T, …), x, …)`.
    fn ccall_macro(&mut self, call: &Expr, layer: LayerId, span: Span) -> Result<X, LowerError> {
        let bad = |this: &mut Self| {
            let message = "@ccall needs the form `name(arg::Type, …)::ReturnType`";
            Ok(this.error("lowering.ccall", message, span))
        };
        let ExprKind::Node(head, parts) = &call.kind else { return bad(self) };
        let ([target, ret], "::") = (parts.as_slice(), head.as_str()) else { return bad(self) };
        let ExprKind::Node(head, target) = &target.kind else { return bad(self) };
        let ([function, arguments @ ..], "call") = (target.as_slice(), head.as_str()) else { return bad(self) };
        let function = match &function.kind {
            ExprKind::Sym(_) => X::new(span, XK::Inert(Rc::new(function.clone()))),
            ExprKind::Node(h, dotted) if *h == "." && dotted.len() == 2 => match &dotted[1].kind {
                ExprKind::Quote(name) => X::new(span, XK::Inert(Rc::new((**name).clone()))),
                _ => return bad(self),
            },
            _ => self.expand(function, layer, span)?,
        };
        let mut types = Vec::new();
        let mut values = Vec::new();
        for argument in arguments {
            match &argument.kind {
                ExprKind::Node(h, pair) if *h == "::" && pair.len() == 2 => {
                    values.push(self.expand(&pair[0], layer, span)?);
                    types.push(self.expand(&pair[1], layer, span)?);
                }
                _ => return bad(self),
            }
        }
        let ret = self.expand(ret, layer, span)?;
        let ccall = X::id(span, Name { sym: sym!("ccall"), layer: LayerId::ROOT });
        let mut all = vec![ccall, function, ret, X::node(span, Head::Tuple, types)];
        all.extend(values);
        Ok(X::node(span, Head::Call, all))
    }
}

/// `:foldable`, `:aggressive`, `!:nothrow`.
fn setting_name(e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Quote(inner) => match &inner.kind {
            ExprKind::Sym(s) => Some(s.to_string()),
            _ => None,
        },
        ExprKind::Node(h, args) if *h == "quote" && args.len() == 1 => match &args[0].kind {
            ExprKind::Sym(s) => Some(s.to_string()),
            _ => None,
        },
        ExprKind::Node(h, args)
            if *h == "call" && args.len() == 2 && matches!(&args[0].kind, ExprKind::Sym(s) if *s == "!") =>
        {
            setting_name(&args[1]).map(|s| format!("!{s}"))
        }
        _ => None,
    }
}

/// Is this the left side of a short function definition (`f(x)`, `f(x)::T where T`)?
pub fn is_call_signature(x: &X) -> bool {
    match x.as_node() {
        Some((Head::Call, _)) => true,
        Some((Head::Where, args)) => args.first().is_some_and(is_call_signature),
        Some((Head::Decl, args)) => args.len() == 2 && is_call_signature(&args[0]),
        _ => false,
    }
}

/// Puts `meta` at the beginning of the body of a function definition; anything else stays as it is
/// (`@inline f(x)` at a call).
pub fn push_meta(x: X, meta: X) -> X {
    let span = x.span;
    let XK::Node(head, mut args) = x.kind else { return x };
    match head {
        Head::Function | Head::Arrow if args.len() == 2 => {}
        Head::Assign if args.len() == 2 && is_call_signature(&args[0]) => {}
        Head::Block => {
            if let Some(i) = args.iter().rposition(|a| !a.is_line()) {
                let inner = args.remove(i);
                args.insert(i, push_meta(inner, meta));
            }
            return X::node(span, head, args);
        }
        Head::Do if args.len() == 2 => {
            let function = args.pop().expect("two arguments");
            args.push(push_meta(function, meta));
            return X::node(span, head, args);
        }
        _ => return X::node(span, head, args),
    }
    let body = args.pop().expect("two arguments");
    let body_span = body.span;
    args.push(X::block(body_span, vec![meta, body]));
    X::node(span, head, args)
}
