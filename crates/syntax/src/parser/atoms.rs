//! Names, literals, quotes, and operators as values.

use super::shape::{Kw, quote_span};
use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::{self, Tok, Token};
use crate::literal;
use crate::operator::Prec;

impl Parser<'_> {
    pub(super) fn atom(&mut self) -> Expr {
        let t = self.tok;
        match t.kind {
            Tok::Ident => {
                self.bump();
                if self.str_of(t) == "var" && self.tok.kind == Tok::Quote && !self.tok.space {
                    return self.var_name();
                }
                match self.str_of(t) {
                    "mutable" if self.at_kw("struct") && !self.tok.newline => return self.struct_def(t.start, true),
                    "abstract" | "primitive"
                        if self.tok.kind == Tok::Ident
                            && self.cur() == "type"
                            && !self.tok.newline
                            && !self.mode.space_sensitive =>
                    {
                        let after = self.peek2();
                        if matches!(after.kind, Tok::Ident | Tok::Op(_) | Tok::Open('(') | Tok::At)
                            && !after.newline
                            && !matches!(after.kind, Tok::Op(Prec::Assignment))
                        {
                            return self.type_decl(t);
                        }
                    }
                    "public"
                        if self.depth <= self.module_depth + 1
                            && matches!(self.tok.kind, Tok::Ident | Tok::At)
                            && !self.tok.newline
                            && !self.mode.newline_is_space
                            && self.tok.space =>
                    {
                        let after = self.peek2();
                        if after.newline
                            || matches!(after.kind, Tok::Comma | Tok::Eof | Tok::Semicolon)
                            || self.tok.kind == Tok::At
                        {
                            return self.export(t.start, "public");
                        }
                    }
                    _ => {}
                }
                Expr::sym(self.span_of(t), self.str_of(t))
            }
            Tok::Keyword => {
                if self.mode.in_index && matches!(self.cur(), "end" | "begin") {
                    self.bump();
                    return Expr::sym(self.span_of(t), self.str_of(t));
                }
                self.keyword()
            }
            Tok::Number => {
                self.bump();
                self.number(t, false)
            }
            Tok::Quote => {
                if self.cur().starts_with('`') {
                    self.command(t.start)
                } else {
                    self.string()
                }
            }
            Tok::Prime => self.character(),
            Tok::Open('(') => self.parens(),
            Tok::Open('[') => {
                self.bump();
                self.with_mode(
                    Mode {
                        newline_is_space: true,
                        space_sensitive: true,
                        in_index: self.mode.in_index,
                        ..Mode::default()
                    },
                    |p| p.brackets(t.start),
                )
            }
            Tok::Open(_) => {
                self.bump();
                let mut args = Vec::new();
                self.with_mode(Mode { newline_is_space: true, in_index: self.mode.in_index, ..Mode::default() }, |p| {
                    p.items(&mut args, '}', Kw::Assign)
                });
                self.close_at('}', t.start);
                Expr::node(self.span(t.start), "braces", args)
            }
            Tok::At => self.macro_call(),
            Tok::Op(prec) => self.operator_atom(t, prec),
            Tok::Dot | Tok::Comma | Tok::Semicolon | Tok::Close(_) | Tok::Eof | Tok::Error => {
                if t.kind == Tok::Eof {
                    self.premature_end();
                    return self.error_expr(self.prev.end);
                }
                let text: String = self.cur().chars().take(40).collect();
                if t.kind == Tok::Error {
                    self.error_here(
                        "syntax.invalid-character",
                        format!("invalid character `{}`", text.escape_default()),
                    );
                    self.bump();
                } else {
                    self.error_here("syntax.missing-operand", format!("expected an expression, found `{text}`"));
                    if t.kind == Tok::Dot {
                        self.bump();
                    }
                }
                self.error_expr(t.start)
            }
        }
    }

    /// An operator where a value is expected: `:x`, `$x`, `&x`, `::T`, or the operator itself as a name.
    fn operator_atom(&mut self, t: Token, prec: Prec) -> Expr {
        let name = self.cur();
        match name {
            ":" => {
                let after = self.peek2();
                let alone = after.space || matches!(after.kind, Tok::Eof | Tok::Close(_) | Tok::Comma | Tok::Semicolon);
                self.bump();
                if alone {
                    return Expr::sym(self.span_of(t), ":");
                }
                self.quoted_simple(t.start)
            }
            "$" => {
                self.bump();
                self.interpolated(t.start)
            }
            "&" if !self.op_alone(self.peek2()) => {
                self.bump();
                let x = self.deeper(|p| p.operand_or(Self::call), |p| p.skip_one());
                Expr::node(self.span(t.start), "&", vec![x])
            }
            "::" if !self.op_alone(self.peek2()) => {
                self.bump();
                let tstart = self.tok.start;
                let x = self.deeper(|p| p.operand_or(Self::call), |p| p.skip_one());
                let x = if self.mode.no_where { x } else { self.where_after(tstart, x) };
                Expr::node(self.span(t.start), "::", vec![x])
            }
            "=" | ".=" | "?" | "..." | "->" | "&&" | "||" | ".&&" | ".||" | "::" | ":=" | "." => {
                self.error_here("syntax.invalid-identifier", format!("unexpected `{name}`"));
                self.help("an expression is expected before and after this operator");
                self.bump();
                // what stands after it is read so that it makes no findings of its own
                if !self.ends_operand() && !matches!(self.tok.kind, Tok::Comma) {
                    let _ = self.deeper(|p| p.pair(), |p| p.skip_one());
                }
                self.error_expr(t.start)
            }
            _ if prec == Prec::Assignment && name != "~" => {
                self.error_here("syntax.invalid-identifier", format!("unexpected `{name}`"));
                self.bump();
                self.error_expr(t.start)
            }
            _ => {
                self.bump();
                let e = Expr::sym(self.span_of(t), name);
                if self.tok.kind == Tok::Open('(') && !self.tok.space || self.tok.kind == Tok::Dot && !self.tok.space {
                    return e;
                }
                // an operator alone is a value only where nothing could follow it
                let word = matches!(name, "in" | "isa");
                if !word
                    && !(self.op_alone(self.tok) || matches!(self.tok.kind, Tok::Op(_) | Tok::Open('{')))
                    && !self.mode.space_sensitive
                {
                    self.error_at(
                        "syntax.binary-operator",
                        format!("`{name}` is not a unary operator"),
                        t.start,
                        t.end,
                    );
                    self.help(format!("write `a {name} b`, or `({name})` for the function"));
                }
                e
            }
        }
    }

    /// After `:`: a quoted name, literal or parenthesised expression.
    pub(super) fn quoted_simple(&mut self, start: usize) -> Expr {
        let t = self.tok;
        match t.kind {
            Tok::Open('(') => {
                // `:(=)`, `:(+)`: an operator in parentheses
                let after = self.peek2();
                if matches!(after.kind, Tok::Op(_) | Tok::Dot) {
                    let close = lexer::next_token(self.text, after.end);
                    if close.kind == Tok::Close(')') && self.str_of(after) != ":" {
                        self.bump();
                        let op = self.bump();
                        self.bump();
                        return quote_span(self.span(start), Expr::sym(self.span_of(op), self.str_of(op)));
                    }
                }
                let inner = self.parens();
                let span = self.span(start);
                match inner.kind {
                    ExprKind::Sym(_) | ExprKind::Lit(_) => Expr::quote(span, inner),
                    _ => Expr::node(span, "quote", vec![inner]),
                }
            }
            Tok::Ident | Tok::Keyword => {
                self.bump();
                if self.str_of(t) == "var" && self.tok.kind == Tok::Quote && !self.tok.space {
                    let n = self.var_name();
                    return Expr::quote(self.span(start), n);
                }
                let word = self.str_of(t);
                let x = match word {
                    "true" => Expr::lit(self.span_of(t), Lit::Bool(true)),
                    "false" => Expr::lit(self.span_of(t), Lit::Bool(false)),
                    _ => Expr::sym(self.span_of(t), word),
                };
                quote_span(self.span(start), x)
            }
            Tok::Op(_) if self.at_op("$") => {
                self.bump();
                // `:$` alone is the symbol
                let alone = self.tok.newline || self.tok.space;
                if alone || matches!(self.tok.kind, Tok::Eof | Tok::Close(_) | Tok::Comma | Tok::Semicolon) {
                    return quote_span(self.span(start), Expr::sym(self.span_of(t), "$"));
                }
                let x = self.interpolated(t.start);
                Expr::node(self.span(start), "quote", vec![x])
            }
            Tok::Op(_) => {
                self.bump();
                quote_span(self.span(start), Expr::sym(self.span_of(t), self.str_of(t)))
            }
            Tok::Dot => {
                self.bump();
                quote_span(self.span(start), Expr::sym(self.span_of(t), "."))
            }
            Tok::Number | Tok::Quote | Tok::Prime => {
                let x = self.atom();
                let span = self.span(start);
                if x.as_lit().is_some() { Expr::quote(span, x) } else { Expr::node(span, "quote", vec![x]) }
            }
            Tok::Open(_) | Tok::At => {
                let x = self.atom();
                Expr::node(self.span(start), "quote", vec![x])
            }
            _ => {
                self.error_here("syntax.missing-operand", "expected a name or expression after `:`");
                self.error_expr(start)
            }
        }
    }

    pub(super) fn interpolated(&mut self, start: usize) -> Expr {
        let x = match self.tok.kind {
            Tok::Open('(') => {
                let e = self.parens();
                match e.kind {
                    ExprKind::Node(h, ref a) if h == "tuple" && a.is_empty() => e,
                    _ => e,
                }
            }
            Tok::Op(_) if self.at_op("$") => {
                let s = self.bump();
                self.deeper(|p| p.interpolated(s.start), |p| p.skip_one())
            }
            _ => self.deeper(|p| p.atom(), |p| p.skip_one()),
        };
        Expr::node(self.span(start), "$", vec![x])
    }

    pub(super) fn number(&mut self, t: Token, negative: bool) -> Expr {
        let text = self.str_of(t);
        // `1.+2`: is the dot the number's or the operator's?
        if text.ends_with('.')
            && matches!(self.tok.kind, Tok::Op(_))
            && self.tok.start == t.end
            && !text.starts_with("0x")
        {
            let op = self.cur();
            if matches!(
                op,
                "+" | "-"
                    | "*"
                    | "/"
                    | "^"
                    | "\\"
                    | "<"
                    | ">"
                    | "%"
                    | "=="
                    | "="
                    | "&"
                    | "|"
                    | "÷"
                    | "<="
                    | ">="
                    | "!="
            ) {
                self.error_at(
                    "syntax.ambiguous-dot",
                    format!("ambiguous `.` syntax: `{text}{op}`"),
                    t.start,
                    self.tok.end,
                );
                self.help("add a blank before the operator, or a `0` after the dot");
            }
        }
        if text.ends_with('.') && self.tok.kind == Tok::Ident && self.tok.start == t.end {
            self.error_at(
                "syntax.number-dot-name",
                format!("numeric constant `{text}` cannot be implicitly multiplied because it ends with `.`"),
                t.start,
                self.tok.end,
            );
        }
        let radix = text.len() > 1 && matches!(&text[..2], "0x" | "0b" | "0o");
        if radix
            && !self.tok.space
            && self.tok.start == t.end
            && matches!(self.tok.kind, Tok::Ident | Tok::Number | Tok::Keyword)
        {
            let rest = self.cur();
            self.error_at(
                "syntax.invalid-number",
                format!("invalid numeric constant `{text}{rest}`"),
                t.start,
                self.tok.end,
            );
            self.bump();
        }
        if !radix && self.tok.kind == Tok::Number && self.tok.start == t.end && !self.tok.space {
            let rest = self.cur();
            self.error_at(
                "syntax.invalid-number",
                format!("invalid numeric constant `{text}{rest}`"),
                t.start,
                self.tok.end,
            );
            self.bump();
        }
        let span = self.span_of(t);
        match literal::number(text, negative) {
            Ok(literal::Number::Lit(l)) => Expr::lit(span, l),
            Ok(literal::Number::Macro(name, digits)) => {
                let f = Expr::global_ref(span, "Core", name);
                Expr::node(span, "macrocall", vec![f, Expr::nothing(span), Expr::string(span, &digits)])
            }
            Err(message) => {
                self.error_at("syntax.invalid-number", message, t.start, t.end);
                self.error_expr(t.start)
            }
        }
    }
}
