//! What follows an atom: calls, `do`, fields, and what stands inside argument lists.

use super::shape::{Kw, as_keyword, ceil_boundary, floor_boundary, is_number, is_string_macro_prefix, quote};
use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind};
use crate::lexer::Tok;
use crate::operator::{self};
use base::Span;

impl Parser<'_> {
    /// An atom with calls, indices, fields, adjoints, … after it.
    pub(super) fn call(&mut self) -> Expr {
        let start = self.tok.start;
        if self.tok.kind == Tok::At {
            return self.macro_call();
        }
        if self.tok.kind == Tok::Keyword && !(self.mode.in_index && matches!(self.cur(), "end" | "begin")) {
            let word = self.cur();
            let e = self.keyword();
            // blocks take no suffix, values do
            return if matches!(word, "true" | "false" | "begin" | "quote") { self.call_chain(start, e) } else { e };
        }
        let e = self.atom();
        self.call_chain(start, e)
    }

    pub(super) fn call_chain(&mut self, start: usize, mut e: Expr) -> Expr {
        loop {
            let t = self.tok;
            let tight = !t.space && !t.newline;
            match t.kind {
                Tok::Open('(') if tight => {
                    if is_number(&e) {
                        return e;
                    }
                    self.bump();
                    let mut args = vec![e];
                    self.arguments(&mut args, ')', Kw::Kw);
                    self.close_at(')', t.start);
                    e = Expr::node(self.span(start), "call", args);
                    e = self.do_after(start, e);
                }
                Tok::Open('[') if tight => {
                    self.bump();
                    e = self.index(start, e, t.start);
                }
                Tok::Open('{') if tight => {
                    if is_number(&e) {
                        return e;
                    }
                    self.bump();
                    let mut args = vec![e];
                    self.with_mode(
                        Mode { newline_is_space: true, in_index: self.mode.in_index, ..Mode::default() },
                        |p| p.items(&mut args, '}', Kw::Assign),
                    );
                    self.close_at('}', t.start);
                    e = Expr::node(self.span(start), "curly", args);
                }
                Tok::Dot if tight => {
                    if is_number(&e) && !matches!(self.text.as_bytes().get(t.start.wrapping_sub(1)), Some(b')')) {
                        return e;
                    }
                    self.bump();
                    e = match self.field(start, e) {
                        Ok(e) => e,
                        Err(e) => return e,
                    };
                    if e.is("macrocall") {
                        return e;
                    }
                }
                Tok::Prime if tight => {
                    self.bump();
                    let suffix: usize = self.text[self.prev.end..]
                        .chars()
                        .take_while(|&c| operator::is_op_suffix(c))
                        .map(char::len_utf8)
                        .sum();
                    if suffix > 0 {
                        let end = self.prev.end + suffix;
                        let f = Expr::sym(Span::new(self.file, t.start as u32, end as u32), &self.text[t.start..end]);
                        self.restart_at(t.start, end, Tok::Prime);
                        e = Expr::node(self.span(start), "call", vec![f, e]);
                    } else {
                        e = Expr::node(self.span(start), "'", vec![e]);
                    }
                }
                Tok::Quote
                    if tight && is_string_macro_prefix(&e) && self.prev.end == t.start && self.prev_is_name() =>
                {
                    e = self.string_macro(start, e);
                }
                _ => return e,
            }
        }
    }

    fn prev_is_name(&self) -> bool {
        matches!(self.prev.kind, Tok::Ident)
    }

    pub(super) fn do_after(&mut self, start: usize, call: Expr) -> Expr {
        if !(self.at_kw("do") && !self.tok.newline) {
            return call;
        }
        self.bump();
        let args_start = self.tok.start;
        let mut args = Vec::new();
        if !self.tok.newline && self.tok.kind != Tok::Semicolon && !self.closes_block() {
            loop {
                args.push(self.with_mode(Mode::default(), |p| p.single()));
                if self.tok.kind == Tok::Comma {
                    self.bump();
                } else {
                    break;
                }
            }
        }
        let args = Expr::node(self.span(args_start), "tuple", args);
        let body = self.block_with_line(args_start);
        self.expect_end("do", args_start);
        let lambda = Expr::node(self.span(args_start), "->", vec![args, body]);
        Expr::node(self.span(start), "do", vec![call, lambda])
    }

    pub(super) fn block_with_line(&mut self, at: usize) -> Expr {
        let mut b = self.block();
        let line = self.line_node(at);
        if let ExprKind::Node(_, args) = &mut b.kind
            && args.is_empty()
        {
            args.push(line);
        }
        b
    }

    /// What follows a `.`: a name, `(args)` broadcast, `:sym`, `$x`, `@m`.
    fn field(&mut self, start: usize, e: Expr) -> Result<Expr, Expr> {
        let t = self.tok;
        if t.space {
            self.error_here("syntax.space-after-dot", "whitespace is not allowed after `.`");
        }
        match t.kind {
            Tok::Open('(') => {
                self.bump();
                let mut args = Vec::new();
                self.arguments(&mut args, ')', Kw::Kw);
                self.close_at(')', t.start);
                let tuple = Expr::node(self.span(t.start), "tuple", args);
                let call = Expr::node(self.span(start), ".", vec![e, tuple]);
                Ok(self.do_after(start, call))
            }
            Tok::At => Ok(self.macro_after_path(start, e)),
            Tok::Ident | Tok::Keyword => {
                self.bump();
                if self.str_of(t) == "var" && self.tok.kind == Tok::Quote && !self.tok.space {
                    let name = self.var_name();
                    return Ok(Expr::node(self.span(start), ".", vec![e, quote(name)]));
                }
                let name = Expr::sym(self.span_of(t), self.str_of(t));
                Ok(Expr::node(self.span(start), ".", vec![e, quote(name)]))
            }
            Tok::Op(_) if self.at_op(":") => {
                self.bump();
                let x = self.quoted_simple(t.start);
                Ok(Expr::node(self.span(start), ".", vec![e, x]))
            }
            // `x."name"`: a property named by a string
            Tok::Quote if self.cur().starts_with('"') => {
                let x = self.string();
                Ok(Expr::node(self.span(start), ".", vec![e, quote(x)]))
            }
            Tok::Op(_) if self.at_op("$") => {
                self.bump();
                let x = self.interpolated(t.start);
                // a `QuoteNode`: `:(a.$b)` interpolates the name
                let q = Expr::quote(self.span(t.start), x);
                Ok(Expr::node(self.span(start), ".", vec![e, q]))
            }
            // `isa` and `in` are names here, other operators, too: `Base.+`
            Tok::Op(_) if !self.tok.dotted => {
                self.bump();
                let name = Expr::sym(self.span_of(t), self.str_of(t));
                Ok(Expr::node(self.span(start), ".", vec![e, quote(name)]))
            }
            _ => {
                self.error_here("syntax.field-name", "expected a field name after `.`");
                self.help("write `x.name`, `f.(args)` or `x.:op`");
                Err(Expr::node(self.span(start), ".", vec![e]))
            }
        }
    }

    // ---- brackets ---------------------------------------------------------------------------------

    pub(super) fn close(&mut self, c: char) {
        if self.tok.kind == Tok::Close(c) {
            self.bump();
        } else {
            self.error_here("syntax.unclosed-bracket", format!("expected `{c}`"));
        }
    }

    pub(super) fn close_at(&mut self, c: char, open: usize) {
        if self.tok.kind == Tok::Close(c) {
            self.bump();
            return;
        }
        let (s, e) =
            if self.tok.kind == Tok::Eof { (self.prev.end, self.prev.end) } else { (self.tok.start, self.tok.end) };
        self.error_at("syntax.unclosed-bracket", format!("expected `{c}`"), s, e);
        // The place may have been told of already.
        let at = floor_boundary(self.text, s) as u32;
        if self
            .diagnostics
            .last()
            .is_some_and(|d| d.code == "syntax.unclosed-bracket" && d.labels.len() == 1 && d.labels[0].span.start == at)
        {
            self.opened_at(open, "this bracket is not closed");
        }
    }

    /// Adds where it began to the last finding.
    pub(super) fn opened_at(&mut self, start: usize, text: &str) {
        let end = ceil_boundary(self.text, start + self.text[start..].chars().next().map_or(0, char::len_utf8));
        let word = self.text[start..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let span = Span::new(self.file, start as u32, end.max(start + word) as u32);
        if let Some(d) = self.diagnostics.last_mut() {
            d.labels.push(base::Label { span, text: text.into() });
        }
    }

    /// Call arguments up to `close` (not consumed). `parameters` go first after what is there. Returns the number of commas.
    pub(super) fn arguments(&mut self, args: &mut Vec<Expr>, close: char, kw: Kw) -> usize {
        self.with_mode(Mode { newline_is_space: true, in_index: self.mode.in_index, ..Mode::default() }, |p| {
            p.items(args, close, kw)
        })
    }

    pub(super) fn items(&mut self, args: &mut Vec<Expr>, close: char, kw: Kw) -> usize {
        let at = args.len().min(1);
        let insert_at = if args.is_empty() { 0 } else { at };
        let mut commas = 0;
        loop {
            if self.tok.kind == Tok::Close(close) || self.tok.kind == Tok::Eof {
                return commas;
            }
            if self.tok.kind == Tok::Semicolon {
                let start = self.tok.start;
                self.bump();
                let mut params = Vec::new();
                let n = self
                    .deeper(|p| p.items(&mut params, close, if kw == Kw::Assign { Kw::Assign } else { Kw::Kw }), |_| 0);
                commas += n;
                args.insert(insert_at, Expr::node(self.span(start), "parameters", params));
                return commas;
            }
            if self.tok.kind == Tok::Comma {
                self.error_here("syntax.missing-operand", "unexpected `,`");
                self.bump();
                continue;
            }
            let before = self.tok.start;
            let mut item = self.deeper(|p| p.single(), |p| p.skip_one());
            if self.at_kw("for") {
                item = self.generator(before, item);
            }
            if kw == Kw::Kw {
                item = as_keyword(item);
            }
            args.push(item);
            match self.tok.kind {
                Tok::Comma => {
                    commas += 1;
                    self.bump();
                }
                Tok::Semicolon | Tok::Close(_) | Tok::Eof => {
                    if matches!(self.tok.kind, Tok::Close(c) if c != close) {
                        return commas;
                    }
                }
                _ => {
                    if self.closes_block() {
                        return commas;
                    }
                    let text: String = self.cur().chars().take(40).collect();
                    self.error_here("syntax.unclosed-bracket", format!("expected `,` or `{close}`, found `{text}`"));
                    self.help(format!("items are separated by `,`; `{close}` ends them"));
                    if self.tok.start == before {
                        self.bump();
                    } else {
                        // go on as if a comma had been there
                        if self.tok.newline {
                            return commas;
                        }
                    }
                }
            }
        }
    }

    /// `x for i in r if c`, with `item` read already.
    pub(super) fn generator(&mut self, start: usize, item: Expr) -> Expr {
        self.bump();
        let mut ranges = Vec::new();
        self.iteration_specs(&mut ranges);
        let filter = |p: &mut Self, ranges: &mut Vec<Expr>| {
            if p.at_kw("if") {
                let fstart = p.tok.start;
                p.bump();
                let cond = p.single();
                let mut args = vec![cond];
                args.append(ranges);
                *ranges = vec![Expr::node(p.span(fstart), "filter", args)];
            }
        };
        filter(self, &mut ranges);
        if self.at_kw("for") {
            // nested: the inner generator runs fastest
            let inner = self.deeper(|p| p.generator(start, item), |p| p.skip_one());
            let mut args = vec![inner];
            args.append(&mut ranges);
            let g = Expr::node(self.span(start), "generator", args);
            return Expr::node(self.span(start), "flatten", vec![g]);
        }
        let mut args = vec![item];
        args.append(&mut ranges);
        Expr::node(self.span(start), "generator", args)
    }

    /// `i in a, j = b, outer k ∈ c`
    pub(super) fn iteration_specs(&mut self, out: &mut Vec<Expr>) {
        loop {
            let start = self.tok.start;
            let mut outer = false;
            if self.tok.kind == Tok::Ident && self.cur() == "outer" {
                let after = self.peek2();
                if !after.newline
                    && matches!(after.kind, Tok::Ident | Tok::Open('('))
                    && !matches!(self.str_of(after), "=" | "in" | "∈")
                {
                    outer = true;
                    self.bump();
                }
            }
            let mode = Mode { for_header: true, ..self.mode };
            let mut var = self.with_mode(mode, |p| p.operand_or(Self::comparison));
            if outer {
                var = Expr::node(self.span(start), "outer", vec![var]);
            }
            if self.at_op("in") || self.at_op("=") || self.at_op("∈") {
                self.bump();
                let mode = Mode { for_header: false, ..self.mode };
                let range = self.with_mode(mode, |p| {
                    if p.tok.kind == Tok::Eof || p.closes_block() && !p.mode.in_index {
                        p.premature_end();
                        p.error_expr(p.prev.end)
                    } else {
                        p.single()
                    }
                });
                out.push(Expr::node(self.span(start), "=", vec![var, range]));
            } else {
                self.error_here("syntax.for-binding", "invalid iteration specification: expected `in`, `=` or `∈`");
                self.help("write `for i in range`");
                out.push(Expr::node(self.span(start), "=", vec![var, self.error_expr(self.prev.end)]));
            }
            if self.tok.kind == Tok::Comma && self.same_line() {
                self.bump();
            } else {
                return;
            }
        }
    }
}
