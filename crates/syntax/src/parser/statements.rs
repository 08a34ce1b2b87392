//! Files, blocks, statements, documentation, assignments.

use super::Parser;
use crate::expr::{Expr, Lit};
use crate::lexer::Tok;
use crate::operator::{self};

impl Parser<'_> {
    /// A whole file.
    pub(crate) fn toplevel(&mut self) -> Expr {
        let start = self.tok.start;
        let mut args = Vec::new();
        while self.tok.kind != Tok::Eof {
            let before = self.tok.start;
            args.push(self.line_node(self.tok.start));
            args.push(self.line_of_statements());
            if self.tok.kind != Tok::Eof && (!self.tok.newline || self.tok.start == before) {
                self.stray(before);
            }
        }
        Expr::node(self.span(start), "toplevel", args)
    }

    /// One top-level statement for `Meta.parse(text, pos)`.
    pub(crate) fn one_statement(&mut self) -> (Expr, usize) {
        if self.tok.kind == Tok::Eof {
            return (Expr::nothing(self.span(self.tok.start)), self.text.len());
        }
        let before = self.tok.start;
        let e = self.line_of_statements();
        if self.tok.kind != Tok::Eof && (!self.tok.newline || self.tok.start == before) {
            self.stray(before);
        }
        (e, self.tok.start)
    }

    /// Text that nothing could use: one finding, then on to the next line.
    fn stray(&mut self, before: usize) {
        let text: String = self.cur().chars().take(40).collect();
        match self.tok.kind {
            Tok::Close(c) => {
                self.error_here("syntax.unmatched-bracket", format!("`{c}` closes nothing"));
            }
            Tok::Keyword if matches!(text.as_str(), "end" | "else" | "elseif" | "catch" | "finally") => {
                self.error_here("syntax.unexpected-keyword", format!("`{text}` belongs to no open block"));
                if text == "end" {
                    self.help("remove this `end`, or look for a block above that was closed too early");
                }
            }
            Tok::Error => {
                self.error_here("syntax.invalid-character", format!("invalid character `{}`", text.escape_default()))
            }
            _ => {
                self.error_here(
                    "syntax.extra-tokens",
                    format!("extra tokens after the end of an expression: `{text}`"),
                );
                self.help("separate statements by a new line or `;`, and operands by an operator");
            }
        }
        while self.tok.kind != Tok::Eof && (!self.tok.newline || self.tok.start == before) {
            self.bump();
        }
    }

    /// `a; b; c` on one line: `toplevel` of them; a single one without `;` is itself.
    fn line_of_statements(&mut self) -> Expr {
        let start = self.tok.start;
        let mut args = vec![];
        let mut semicolon = false;
        loop {
            if self.tok.kind == Tok::Semicolon && (args.is_empty() || !self.tok.newline) {
                semicolon = true;
                self.bump();
                continue;
            }
            if self.tok.kind == Tok::Eof || (semicolon || !args.is_empty()) && self.tok.newline {
                break;
            }
            if !args.is_empty() && !(self.prev.kind == Tok::Semicolon) {
                break;
            }
            if self.closes_block() {
                break;
            }
            let before = self.tok.start;
            args.push(self.statement());
            if self.tok.start == before && self.tok.kind != Tok::Eof {
                break;
            }
        }
        if args.len() == 1 && !semicolon {
            return args.pop().unwrap_or_else(|| self.error_expr(start));
        }
        Expr::node(self.span(start), "toplevel", args)
    }

    pub(super) fn closes_block(&self) -> bool {
        let word = self.cur();
        self.tok.kind == Tok::Eof
            || (self.tok.kind == Tok::Keyword
                && (matches!(word, "else" | "elseif" | "catch" | "finally") || word == "end" && !self.mode.in_index))
    }

    /// Statements up to a closing keyword; the `block` holds line nodes before each.
    pub(super) fn block(&mut self) -> Expr {
        let saved = std::mem::take(&mut self.mode);
        let start = self.tok.start;
        let mut args = Vec::new();
        loop {
            while self.tok.kind == Tok::Semicolon {
                self.bump();
            }
            if self.closes_block() {
                break;
            }
            let before = self.tok.start;
            args.push(self.line_node(self.tok.start));
            let s = self.statement();
            args.push(s);
            if self.tok.start != before && (self.closes_block() || self.tok.kind == Tok::Semicolon || self.tok.newline)
            {
                continue;
            }
            // something on this line that no statement could use
            if matches!(self.tok.kind, Tok::Close(_)) {
                break;
            }
            self.stray(before);
        }
        self.mode = saved;
        Expr::node(self.span(start), "block", args)
    }

    /// A statement, possibly with a docstring before it.
    fn statement(&mut self) -> Expr {
        self.deeper(
            |p| {
                let start = p.tok.start;
                let quote = p.tok.kind == Tok::Quote && p.cur().starts_with('"');
                let e = p.expr();
                if quote
                    && (e.is("string") || matches!(e.as_lit(), Some(Lit::Str(_))))
                    && p.prev.end == e.span.end as usize
                {
                    return p.docstring(start, e);
                }
                e
            },
            |p| p.skip_one(),
        )
    }

    pub(super) fn skip_one(&mut self) -> Expr {
        let start = self.tok.start;
        if self.tok.kind != Tok::Eof {
            self.bump();
        }
        self.error_expr(start)
    }

    fn docstring(&mut self, start: usize, text: Expr) -> Expr {
        let documentable = match self.tok.kind {
            Tok::Eof | Tok::Close(_) | Tok::Comma | Tok::Semicolon | Tok::Error | Tok::Dot | Tok::Prime => false,
            Tok::Op(_) => {
                self.tok.newline
                    && (operator::is_unary(self.cur()) || self.at_op(":") || self.at_op("$"))
                    && !self.tok.blank_line
            }
            Tok::Keyword if self.closes_block() => false,
            _ => !self.tok.blank_line && (self.tok.newline || self.tok.space),
        };
        if !documentable || self.mode.newline_is_space {
            return text;
        }
        let line = self.line_node(start);
        let target = self.expr();
        let name = Expr::global_ref(text.span, "Core", "@doc");
        Expr::node(self.span(start), "macrocall", vec![name, line, text, target])
    }
}
