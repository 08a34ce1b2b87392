//! String, character and command literals, with interpolation.

use super::shape::{macro_name, utf8_len};
use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::{self, Tok, Token};
use crate::literal;
use crate::operator::Prec;
use base::Span;

impl Parser<'_> {
    /// `var"name"` after `var`.
    pub(super) fn var_name(&mut self) -> Expr {
        let start = self.prev.start;
        let open = self.tok;
        let (raw, end) = self.raw_string(open);
        self.restart_at(start, end, Tok::Ident);
        Expr::sym(self.span(start), raw.as_str())
    }

    /// The text of a raw string at the opening delimiter, unescaped as raw strings are; end after the closing one.
    fn raw_string(&mut self, open: Token) -> (String, usize) {
        let delim = self.str_of(open).to_string();
        let q = delim.as_bytes()[0];
        let body = open.end;
        let bytes = self.text.as_bytes();
        let mut i = body;
        loop {
            if i >= bytes.len() {
                self.unterminated(open, &delim);
                let t = literal::raw(&self.text[body..], q);
                return (t, bytes.len());
            }
            if bytes[i] == b'\\' {
                i += 1;
                if i < bytes.len() {
                    i += utf8_len(bytes[i]);
                }
                continue;
            }
            if bytes[i..].starts_with(delim.as_bytes()) {
                break;
            }
            i += utf8_len(bytes[i]);
        }
        // an even run of backslashes before the delimiter does not escape it: handled by the pairwise skip above
        let text = literal::raw(&self.text[body..i], q);
        let text = if delim.len() == 3 { literal::dedent_plain(&text) } else { text };
        (text, i + delim.len())
    }

    fn unterminated(&mut self, open: Token, delim: &str) {
        let what = if delim.starts_with('`') { "command literal" } else { "string literal" };
        let end = self.text.len();
        self.error_at("syntax.unterminated-string", format!("unterminated {what}"), end, end);
        let span = self.span_of(open);
        if let Some(d) = self.diagnostics.last_mut() {
            d.labels.push(base::Label { span, text: format!("the literal starts here, with `{delim}`") });
        }
    }

    /// `name"…"flags`
    pub(super) fn string_macro(&mut self, start: usize, name: Expr) -> Expr {
        let open = self.tok;
        let suffix = if self.cur().starts_with('`') { "_cmd" } else { "_str" };
        let (raw, end) = self.raw_string(open);
        self.restart_at(open.start, end, Tok::Quote);
        let text = Expr::string(Span::new(self.file, open.start as u32, end as u32), &raw);
        let mut args = vec![macro_name(&name, suffix), self.line_node(start), text];
        // flags: a name or number directly after
        if !self.tok.space
            && !self.tok.newline
            && matches!(self.tok.kind, Tok::Ident | Tok::Number | Tok::Keyword)
            && self.tok.start == end
        {
            let f = self.bump();
            let e = if f.kind == Tok::Number {
                self.number(f, false)
            } else {
                Expr::string(self.span_of(f), self.str_of(f))
            };
            args.push(e);
        }
        Expr::node(self.span(start), "macrocall", args)
    }

    pub(super) fn command(&mut self, start: usize) -> Expr {
        let open = self.tok;
        let (raw, end) = self.raw_string(open);
        self.restart_at(open.start, end, Tok::Quote);
        let span = self.span(start);
        let f = Expr::global_ref(span, "Core", "@cmd");
        Expr::node(span, "macrocall", vec![f, self.line_node(start), Expr::string(span, &raw)])
    }

    pub(super) fn string(&mut self) -> Expr {
        let open = self.tok;
        let delim = self.str_of(open);
        let triple = delim.len() == 3;
        let bytes = self.text.as_bytes();
        let mut i = open.end;
        let mut parts: Vec<literal::Part> = Vec::new();
        let mut chunk = i;
        let closed;
        loop {
            if i >= bytes.len() {
                closed = false;
                break;
            }
            match bytes[i] {
                b'\\' => {
                    i += 1;
                    if i < bytes.len() {
                        i += utf8_len(bytes[i]);
                    }
                }
                b'$' => {
                    parts.push(literal::Part::Text(self.text[chunk..i].to_string(), chunk));
                    let (e, end) = self.string_interpolation(i);
                    parts.push(literal::Part::Value(e));
                    i = end;
                    chunk = i;
                }
                _ if bytes[i..].starts_with(delim.as_bytes()) => {
                    closed = true;
                    break;
                }
                _ => i += utf8_len(bytes[i]),
            }
        }
        let i = i.min(bytes.len());
        parts.push(literal::Part::Text(self.text[chunk.min(i)..i].to_string(), chunk));
        let end = if closed { i + delim.len() } else { i };
        if !closed {
            self.unterminated(open, delim);
        }
        self.restart_at(open.start, end, Tok::Quote);
        let span = self.span(open.start);
        // Where the pieces end in the source: they lose their indentation, but not their places.
        let ends: Vec<(usize, usize)> = parts
            .iter()
            .filter_map(|p| match p {
                literal::Part::Text(t, at) => Some((*at, at + t.len())),
                literal::Part::Value(_) => None,
            })
            .collect();
        let end_of = |at: usize| ends.iter().find(|(start, _)| *start == at).map_or(at, |&(_, end)| end);
        if triple {
            literal::dedent(&mut parts);
        }
        let mut out: Vec<Expr> = Vec::new();
        for part in parts {
            match part {
                literal::Part::Value(e) => out.push(e),
                literal::Part::Text(t, at) => match literal::unescape(&t) {
                    Ok(bytes) if bytes.is_empty() => {}
                    Ok(bytes) => out.push(Expr::lit(
                        Span::new(self.file, at as u32, end_of(at).min(end) as u32),
                        Lit::Str(bytes.into()),
                    )),
                    Err((off, message)) => {
                        let raw = &self.text[at.min(end_of(at))..end_of(at)];
                        let off = literal::unescape(raw).err().map_or(off, |(off, _)| off);
                        let s = (at + off).min(self.text.len());
                        let escaped = self.text.get(s + 1..).and_then(|rest| rest.chars().next());
                        self.error_at("syntax.invalid-escape", message, s, s + 1 + escaped.map_or(1, char::len_utf8));
                        self.help("write `\\\\` for a backslash, or `raw\"…\"` for text without escapes");
                    }
                },
            }
        }
        match out.len() {
            0 => Expr::string(span, ""),
            1 if matches!(out[0].as_lit(), Some(Lit::Str(_)))
                && !matches!(out[0].kind, ExprKind::Node(..))
                && self.text.as_bytes().get(out[0].span.start as usize) != Some(&b'$')
                && !out[0].is("string")
                && out[0].span.start as usize >= open.end
                && !self.came_from_interpolation(&out[0], open) =>
            {
                Expr::new(span, out.remove(0).kind)
            }
            _ => Expr::node(span, "string", out),
        }
    }

    /// Was this string literal written as `$("…")` (then the outer string keeps its node)?
    fn came_from_interpolation(&self, e: &Expr, open: Token) -> bool {
        let at = e.span.start as usize;
        at > open.end
            && matches!(self.text.as_bytes().get(at), Some(b'"'))
            && matches!(self.text.as_bytes().get(at - 1), Some(b'('))
    }

    /// `$name` or `$(expr)` at `at`; returns the value and the position after it.
    fn string_interpolation(&mut self, at: usize) -> (Expr, usize) {
        let t = lexer::next_token(self.text, at + 1);
        if t.start != at + 1 {
            self.error_at("syntax.interpolation", "expected a name or `(` after `$` in a string", at, at + 1);
            self.help("write `\\$` for a dollar sign");
            return (self.error_expr(at), at + 1);
        }
        match t.kind {
            Tok::Open('(') => {
                let (tok, prev) = (self.tok, self.prev);
                self.tok = t;
                self.prev = Token { end: at + 1, ..t };
                let e = self.deeper(|p| p.with_mode(Mode::default(), |p| p.parens()), |p| p.skip_one());
                let end = self.prev.end.max(at + 2).min(self.text.len());
                self.tok = tok;
                self.prev = prev;
                let e = match e.kind {
                    // a string literal among the parts would look like text
                    ExprKind::Lit(Lit::Str(_)) => Expr::node(e.span, "string", vec![e]),
                    _ => e,
                };
                (e, end)
            }
            Tok::Ident | Tok::Keyword | Tok::Op(Prec::Comparison) if lexer::ident_len(&self.text[at + 1..]) > 0 => {
                let n = lexer::ident_len(&self.text[at + 1..]);
                let word = &self.text[at + 1..at + 1 + n];
                let span = Span::new(self.file, at as u32 + 1, (at + 1 + n) as u32);
                let e = match word {
                    "true" => Expr::lit(span, Lit::Bool(true)),
                    "false" => Expr::lit(span, Lit::Bool(false)),
                    _ => Expr::sym(span, word),
                };
                (e, at + 1 + n)
            }
            _ => {
                self.error_at("syntax.interpolation", "expected a name or `(` after `$` in a string", at, at + 1);
                self.help("write `\\$` for a dollar sign");
                (self.error_expr(at), at + 1)
            }
        }
    }

    pub(super) fn character(&mut self) -> Expr {
        let start = self.tok.start;
        let bytes = self.text.as_bytes();
        let mut i = start + 1;
        if bytes.get(i) == Some(&b'\'') && bytes.get(i + 1) != Some(&b'\'') {
            self.restart_at(start, i + 1, Tok::Quote);
            self.error_at("syntax.empty-char", "empty character literal", start, i + 1);
            return self.error_expr(start);
        }
        while i < bytes.len() && bytes[i] != b'\n' {
            if bytes[i] == b'\\' {
                i += 1;
                if i < bytes.len() {
                    i += utf8_len(bytes[i]);
                }
                continue;
            }
            if bytes[i] == b'\'' && i > start + 1 {
                break;
            }
            i += utf8_len(bytes[i]);
        }
        let i = i.min(bytes.len());
        let closed = bytes.get(i) == Some(&b'\'');
        let body = &self.text[start + 1..i];
        let end = if closed { i + 1 } else { i };
        self.restart_at(start, end, Tok::Quote);
        let span = self.span(start);
        if !closed {
            self.error_at("syntax.unterminated-char", "unterminated character literal", start, end);
            return self.error_expr(start);
        }
        match literal::unescape(body) {
            Ok(bytes) => match literal::char_bits(&bytes) {
                Some(c) => Expr::lit(span, Lit::Char(c)),
                None => {
                    self.error_at("syntax.long-char", "character literal contains multiple characters", start, end);
                    self.help("use double quotes for a string");
                    self.error_expr(start)
                }
            },
            Err((off, message)) => {
                self.error_at("syntax.invalid-escape", message, start + 1 + off, start + 3 + off);
                self.error_expr(start)
            }
        }
    }
}
