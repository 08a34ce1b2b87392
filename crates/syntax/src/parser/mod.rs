//! Recursive descent over Julia's grammar, straight to [`Expr`]. One function per precedence level, named
//! after what it parses; each returns an expression whatever the text is and records what is wrong.

mod atoms;
mod brackets;
mod calls;
mod definitions;
mod imports;
mod keywords;
mod macros;
mod operators;
mod shape;
mod statements;
mod strings;

use crate::expr::{Expr, ExprKind};
use crate::lexer::{self, Tok, Token};
use base::{Diagnostic, FileId, Span, Symbol};
use shape::{ceil_boundary, floor_boundary};

/// Nesting beyond this is refused: the stack must hold for every later stage, too.
const MAX_DEPTH: u32 = 600;

/// What the surrounding construct makes special.
#[derive(Clone, Copy, Default)]
struct Mode {
    /// Inside brackets: line ends are blanks.
    newline_is_space: bool,
    /// Inside `[…]` or unparenthesised macro arguments: `a -b` is two things.
    space_sensitive: bool,
    /// Inside `a ? b : c` before the colon: `:` ends the expression.
    no_colon: bool,
    /// Inside an index: `end` and `begin` are values.
    in_index: bool,
    /// In the header of `for`: `in` and `=` separate.
    for_header: bool,
    /// `where` belongs to an outer construct.
    no_where: bool,
    /// In a comprehension: `for`/`if` end an expression (they are keywords anyway).
    generator: bool,
}

pub(crate) struct Parser<'a> {
    text: &'a str,
    file: FileId,
    file_name: Symbol,
    tok: Token,
    prev: Token,
    mode: Mode,
    depth: u32,
    /// The depth around the statements of the innermost module (0: of the text), where `public` is a keyword.
    module_depth: u32,
    too_deep: bool,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, file: FileId, file_name: Symbol, pos: usize) -> Parser<'a> {
        let tok = lexer::next_token(text, pos);
        let prev = Token { end: pos, start: pos, ..tok };
        let mut p = Parser {
            text,
            file,
            file_name,
            tok,
            prev,
            mode: Mode::default(),
            depth: 0,
            module_depth: 0,
            too_deep: false,
            diagnostics: Vec::new(),
        };
        p.check_comment();
        p
    }

    // ---- tokens -------------------------------------------------------------------------------------

    fn check_comment(&mut self) {
        if self.tok.open_comment {
            let end = self.text.len();
            self.error_at(
                "syntax.unclosed-comment",
                "unterminated multi-line comment `#= … =#`",
                end.saturating_sub(1),
                end,
            );
            self.help("end the comment with `=#`; each `#=` in it needs one of its own");
        }
    }

    fn bump(&mut self) -> Token {
        let t = self.tok;
        self.prev = t;
        self.tok = lexer::next_token(self.text, t.end.max(t.start));
        self.check_comment();
        t
    }

    /// Goes on reading at `pos`, after the parser has read raw text itself.
    fn restart_at(&mut self, start: usize, pos: usize, kind: Tok) {
        self.prev = Token { kind, start, end: pos, ..self.tok };
        self.tok = lexer::next_token(self.text, pos);
        self.check_comment();
    }

    fn peek2(&self) -> Token {
        lexer::next_token(self.text, self.tok.end)
    }

    fn str_of(&self, t: Token) -> &'a str {
        &self.text[t.start..t.end]
    }

    fn cur(&self) -> &'a str {
        self.str_of(self.tok)
    }

    fn at_op(&self, s: &str) -> bool {
        matches!(self.tok.kind, Tok::Op(_)) && self.cur() == s
    }

    fn at_kw(&self, s: &str) -> bool {
        self.tok.kind == Tok::Keyword && self.cur() == s
    }

    /// Is the next token part of the current line (or are line ends blanks here)?
    fn same_line(&self) -> bool {
        self.mode.newline_is_space || !self.tok.newline
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start as u32, self.prev.end.max(start) as u32)
    }

    fn span_of(&self, t: Token) -> Span {
        Span::new(self.file, t.start as u32, t.end as u32)
    }

    fn error_at(&mut self, code: &'static str, message: impl Into<String>, start: usize, end: usize) {
        let start = floor_boundary(self.text, start);
        let end = ceil_boundary(self.text, end.max(start));
        let span = Span::new(self.file, start as u32, end as u32);
        if self.diagnostics.last().is_some_and(|d| d.labels[0].span.start == span.start)
            || self.diagnostics.len() >= 200
        {
            return;
        }
        self.diagnostics.push(Diagnostic::error(code, message, span));
    }

    fn error_here(&mut self, code: &'static str, message: impl Into<String>) {
        let (s, e) =
            if self.tok.kind == Tok::Eof { (self.prev.end, self.prev.end) } else { (self.tok.start, self.tok.end) };
        self.error_at(code, message, s, e);
    }

    fn help(&mut self, text: impl Into<String>) {
        if let Some(d) = self.diagnostics.last_mut() {
            d.help.get_or_insert_with(|| text.into());
        }
    }

    fn error_expr(&self, start: usize) -> Expr {
        Expr::node(self.span(start), "error", vec![])
    }

    fn line_node(&self, pos: usize) -> Expr {
        let span = Span::new(self.file, pos as u32, pos as u32);
        Expr::new(span, ExprKind::Line { line: span.line(), file: self.file_name })
    }

    fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> T, otherwise: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                self.error_here("syntax.too-deep", format!("expressions nest more than {MAX_DEPTH} levels deep"));
                self.help("split the expression with intermediate variables");
            }
            return otherwise(self);
        }
        self.depth += 1;
        // one level of nesting passes through some twenty functions; callers may run on small stacks
        let r = stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || f(self));
        self.depth -= 1;
        r
    }

    fn with_mode<T>(&mut self, mode: Mode, f: impl FnOnce(&mut Self) -> T) -> T {
        let saved = std::mem::replace(&mut self.mode, mode);
        let r = f(self);
        self.mode = saved;
        r
    }
}
