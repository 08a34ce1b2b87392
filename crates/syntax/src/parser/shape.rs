//! What an expression looks like: questions the parser asks of what it has made.

use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::Token;
use base::{Span, Symbol};

/// How `a = b` in an argument list reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kw {
    /// `kw`
    Kw,
    /// an assignment (tuples, macro calls, curly braces)
    Assign,
}

/// `a = b` as a keyword argument.
pub(super) fn as_keyword(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Node(h, args) if h == "=" => Expr::new(e.span, ExprKind::Node(Symbol::new("kw"), args)),
        kind => Expr::new(e.span, kind),
    }
}

pub(super) fn quote(x: Expr) -> Expr {
    Expr::quote(x.span, x)
}

pub(super) fn quote_span(span: Span, x: Expr) -> Expr {
    Expr::quote(span, x)
}

pub(super) fn is_number(e: &Expr) -> bool {
    matches!(
        e.as_lit(),
        Some(
            Lit::Int64(_)
                | Lit::Float64(_)
                | Lit::Float32(_)
                | Lit::UInt8(_)
                | Lit::UInt16(_)
                | Lit::UInt32(_)
                | Lit::UInt64(_)
        )
    )
}

/// May a quote directly after `e` make it a string macro (`r"…"`, `A.b"…"`)?
pub(super) fn is_string_macro_prefix(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Sym(_) => true,
        ExprKind::Node(h, args) if *h == "." && args.len() == 2 => {
            matches!(&args[1].kind, ExprKind::Quote(x) if x.as_sym().is_some())
        }
        _ => false,
    }
}

pub(super) fn macro_name(e: &Expr, suffix: &str) -> Expr {
    match &e.kind {
        ExprKind::Sym(s) => Expr::sym(e.span, format!("@{s}{suffix}").as_str()),
        ExprKind::Node(h, args) if args.len() == 2 => {
            let last = match &args[1].kind {
                ExprKind::Quote(x) => quote(macro_name(x, suffix)),
                _ => args[1].clone(),
            };
            Expr::new(e.span, ExprKind::Node(*h, vec![args[0].clone(), last]))
        }
        _ => e.clone(),
    }
}

/// Is `lhs = …` a short-form function definition?
pub(super) fn is_definition(lhs: &Expr) -> bool {
    strip_signature(lhs).is("call")
}

/// A signature without `where` and return type.
pub(super) fn strip_signature(e: &Expr) -> &Expr {
    match &e.kind {
        ExprKind::Node(h, args) if (*h == "where" || *h == "::" && args.len() == 2) && !args.is_empty() => {
            strip_signature(&args[0])
        }
        _ => e,
    }
}

/// `function (x::Int) … end`
pub(super) fn anonymous_signature(sig: Expr) -> Expr {
    let span = sig.span;
    match sig.kind {
        ExprKind::Node(h, mut args)
            if h == "where" || (h == "::" && args.len() == 2 && (args[0].is("tuple") || args[0].is("call"))) =>
        {
            if !args.is_empty() {
                let first = args.remove(0);
                args.insert(0, anonymous_signature(first));
            }
            Expr::new(span, ExprKind::Node(h, args))
        }
        ExprKind::Node(h, args) if h == "tuple" || h == "call" => Expr::new(span, ExprKind::Node(h, args)),
        ExprKind::Node(h, mut args) if h == "block" => {
            // `(x; k = 1)`
            args.retain(|a| !a.is_line());
            let params: Vec<Expr> = args.drain(1..).map(as_keyword).collect();
            let p = Expr::node(span, "parameters", params);
            args.insert(0, p);
            Expr::node(span, "tuple", args)
        }
        kind => Expr::node(span, "tuple", vec![Expr::new(span, kind)]),
    }
}

pub(super) fn last_comma_in_first(groups: &[Vec<Expr>]) -> bool {
    groups[0].len() > 1
}

pub(super) fn split_at(items: Vec<(Expr, usize)>, sep: usize) -> Vec<Vec<(Expr, usize)>> {
    let mut out: Vec<Vec<(Expr, usize)>> = Vec::new();
    for (k, it) in items.into_iter().enumerate() {
        if k == 0 || it.1 == sep {
            out.push(vec![it]);
        } else if let Some(last) = out.last_mut() {
            last.push(it);
        }
    }
    out
}

pub(super) fn after_radix(text: &str, t: Token) -> Option<char> {
    let s = &text[t.start..t.end];
    if s.len() > 1 && matches!(&s[..2], "0x" | "0b" | "0o") && !s.contains(['p', 'P']) {
        s.chars().nth(1)
    } else {
        None
    }
}

pub(super) fn utf8_len(b: u8) -> usize {
    match b {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
        _ => 1,
    }
}

pub(super) fn floor_boundary(s: &str, mut i: usize) -> usize {
    i = i.min(s.len());
    while i > 0 && !s.is_char_boundary(i) {
        i -= 1;
    }
    i
}

pub(super) fn ceil_boundary(s: &str, mut i: usize) -> usize {
    i = i.min(s.len());
    while i < s.len() && !s.is_char_boundary(i) {
        i += 1;
    }
    i
}
