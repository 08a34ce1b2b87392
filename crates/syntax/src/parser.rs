//! Recursive descent over Julia's grammar, straight to [`Expr`]. One function per precedence level, named
//! after what it parses; each returns an expression whatever the text is and records what is wrong.

use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::{self, Tok, Token};
use crate::literal;
use crate::operator::{self, Prec};
use base::{Diagnostic, FileId, Span, Symbol};

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

    // ---- statements -------------------------------------------------------------------------------

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

    fn closes_block(&self) -> bool {
        let word = self.cur();
        self.tok.kind == Tok::Eof
            || (self.tok.kind == Tok::Keyword
                && (matches!(word, "else" | "elseif" | "catch" | "finally") || word == "end" && !self.mode.in_index))
    }

    /// Statements up to a closing keyword; the `block` holds line nodes before each.
    fn block(&mut self) -> Expr {
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

    fn skip_one(&mut self) -> Expr {
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

    // ---- precedence levels ------------------------------------------------------------------------

    /// Any expression, including assignments and bare tuples `a, b`.
    fn expr(&mut self) -> Expr {
        let start = self.tok.start;
        let first = self.pair();
        if self.tok.kind == Tok::Comma && self.same_line() && !self.mode.newline_is_space {
            let mut items = vec![first];
            while self.tok.kind == Tok::Comma && self.same_line() {
                self.bump();
                if self.ends_operand() || self.at_assignment() {
                    break;
                }
                items.push(self.pair());
            }
            let tuple = Expr::node(self.span(start), "tuple", items);
            return self.assignment_after(start, tuple, true);
        }
        self.assignment_after(start, first, true)
    }

    /// One expression without a bare tuple.
    fn single(&mut self) -> Expr {
        let start = self.tok.start;
        let first = self.pair();
        self.assignment_after(start, first, false)
    }

    fn at_assignment(&self) -> bool {
        matches!(self.tok.kind, Tok::Op(Prec::Assignment)) && !(self.at_op("~"))
    }

    fn ends_operand(&self) -> bool {
        matches!(self.tok.kind, Tok::Eof | Tok::Close(_) | Tok::Semicolon)
            || self.tok.newline && !self.mode.newline_is_space
            || self.closes_block()
    }

    fn assignment_after(&mut self, start: usize, lhs: Expr, tuples: bool) -> Expr {
        let Tok::Op(Prec::Assignment) = self.tok.kind else { return lhs };
        if !self.same_line() || self.mode.for_header && self.at_op("=") {
            return lhs;
        }
        let op = self.tok;
        let name = self.cur();
        if name == "~" || name == ".~" {
            // `[a ~b]` is two things; otherwise `~` is an ordinary call of lowest precedence
            if self.mode.space_sensitive && op.space && !self.peek2().space {
                return lhs;
            }
            self.bump();
            let f = Expr::sym(self.span_of(op), name);
            let rhs = self.rhs(tuples);
            return Expr::node(self.span(start), "call", vec![f, lhs, rhs]);
        }
        if self.mode.space_sensitive && op.space && !self.peek2().space && name != "=" && !name.ends_with('=') {
            return lhs;
        }
        self.bump();
        self.check_target(&lhs);
        let body_start = self.tok.start;
        let rhs = self.rhs(tuples);
        let rhs =
            if name == "=" && is_definition(&lhs) && !rhs.is("error") { self.wrap_body(body_start, rhs) } else { rhs };
        Expr::node(self.span(start), name, vec![lhs, rhs])
    }

    fn rhs(&mut self, tuples: bool) -> Expr {
        self.deeper(
            |p| {
                if p.tok.kind == Tok::Eof {
                    p.premature_end();
                    return p.error_expr(p.prev.end);
                }
                if tuples { p.expr() } else { p.single() }
            },
            |p| p.skip_one(),
        )
    }

    fn premature_end(&mut self) {
        self.error_here("syntax.premature-end", "premature end of input");
        self.help("an expression is missing here");
    }

    /// Left-hand sides that no later stage could make sense of.
    fn check_target(&mut self, _lhs: &Expr) {}

    /// The body of `f(x) = body`: a block that starts with a line node.
    fn wrap_body(&self, start: usize, body: Expr) -> Expr {
        let line = self.line_node(start);
        let span = body.span;
        match body.kind {
            ExprKind::Node(h, mut args) if h == "block" => {
                args.insert(0, line);
                Expr::node(span, "block", args)
            }
            kind => Expr::node(span, "block", vec![line, Expr::new(span, kind)]),
        }
    }

    /// `a => b`, right-associative.
    fn pair(&mut self) -> Expr {
        self.right_assoc(Prec::Pair, Self::conditional)
    }

    fn right_assoc(&mut self, prec: Prec, next: fn(&mut Self) -> Expr) -> Expr {
        let start = self.tok.start;
        let lhs = next(self);
        if self.at_binary(prec) {
            let op = self.bump();
            let rhs = self.deeper(|p| p.operand_or(|p| p.right_assoc(prec, next)), |p| p.skip_one());
            return self.binary(start, op, lhs, rhs);
        }
        lhs
    }

    fn operand_or(&mut self, f: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.tok.kind == Tok::Eof {
            self.premature_end();
            return self.error_expr(self.prev.end);
        }
        f(self)
    }

    /// Is the current token a binary operator of this level that continues the expression?
    fn at_binary(&self, prec: Prec) -> bool {
        if self.tok.kind != Tok::Op(prec) || !self.same_line() {
            return false;
        }
        let s = self.cur();
        if self.mode.space_sensitive && self.tok.space && !self.peek2().space {
            // `[a -b]`, `@m a :b`: the operator starts the next element
            if operator::is_unary(s) || matches!(s, "&" | "$" | ":" | "::" | "~" | "?") {
                return false;
            }
        }
        if self.mode.for_header && matches!(s, "in" | "∈") {
            return false;
        }
        true
    }

    fn binary(&mut self, start: usize, op: Token, lhs: Expr, rhs: Expr) -> Expr {
        let name = self.str_of(op);
        let span = self.span(start);
        match name {
            "&&" | "||" | ".&&" | ".||" | "-->" | "<:" | ">:" | "->" | "::" => Expr::node(span, name, vec![lhs, rhs]),
            _ => Expr::node(span, "call", vec![Expr::sym(self.span_of(op), name), lhs, rhs]),
        }
    }

    /// `c ? a : b`
    fn conditional(&mut self) -> Expr {
        let start = self.tok.start;
        let cond = self.arrow();
        if !(self.tok.kind == Tok::Op(Prec::Conditional) && self.same_line()) {
            return cond;
        }
        if !self.tok.space {
            self.error_here("syntax.ternary-space", "space required before `?` operator");
            self.help("write `a ? b : c` with blanks around `?` and `:`");
        }
        if self.mode.space_sensitive && self.tok.space && !self.peek2().space {
            return cond;
        }
        self.bump();
        if !self.tok.space {
            self.error_here("syntax.ternary-space", "space required after `?` operator");
        }
        self.deeper(
            |p| {
                let mode = Mode { no_colon: true, ..p.mode };
                let then = p.with_mode(Mode { newline_is_space: p.mode.newline_is_space, ..mode }, |p| p.single());
                if !p.at_op(":") {
                    p.error_here("syntax.ternary-colon", "`:` expected in `?` expression");
                    p.help("the form is `condition ? value : other`");
                    return Expr::node(p.span(start), "if", vec![cond, then]);
                }
                if !p.tok.space {
                    p.error_here("syntax.ternary-space", "space required before `:` in `?` expression");
                }
                p.bump();
                if !p.tok.space {
                    p.error_here("syntax.ternary-space", "space required after `:` in `?` expression");
                }
                let mode = Mode { no_colon: p.mode.no_colon, ..p.mode };
                let other = p.with_mode(mode, |p| p.operand_or(|p| p.single()));
                Expr::node(p.span(start), "if", vec![cond, then, other])
            },
            |p| p.skip_one(),
        )
    }

    fn arrow(&mut self) -> Expr {
        self.right_assoc(Prec::Arrow, Self::lazy_or)
    }

    fn lazy_or(&mut self) -> Expr {
        self.right_assoc(Prec::LazyOr, Self::lazy_and)
    }

    fn lazy_and(&mut self) -> Expr {
        self.right_assoc(Prec::LazyAnd, Self::comparison)
    }

    /// One comparison is a call, a chain is `comparison`.
    fn comparison(&mut self) -> Expr {
        let start = self.tok.start;
        let first = self.pipe_left();
        if !self.at_binary(Prec::Comparison) {
            return first;
        }
        let op = self.bump();
        let rhs = self.operand_or(Self::pipe_left);
        if !self.at_binary(Prec::Comparison) {
            return self.binary(start, op, first, rhs);
        }
        let mut args = vec![first, Expr::sym(self.span_of(op), self.str_of(op)), rhs];
        while self.at_binary(Prec::Comparison) {
            let op = self.bump();
            args.push(Expr::sym(self.span_of(op), self.str_of(op)));
            args.push(self.operand_or(Self::pipe_left));
        }
        Expr::node(self.span(start), "comparison", args)
    }

    fn pipe_left(&mut self) -> Expr {
        self.right_assoc(Prec::PipeLeft, Self::pipe_right)
    }

    fn pipe_right(&mut self) -> Expr {
        self.left_assoc(Prec::PipeRight, Self::range)
    }

    fn left_assoc(&mut self, prec: Prec, next: fn(&mut Self) -> Expr) -> Expr {
        let start = self.tok.start;
        let mut lhs = next(self);
        while self.at_binary(prec) {
            let op = self.bump();
            let name = self.str_of(op);
            let rhs = self.operand_or(next);
            // `a + b + c` and `a * b * c` are one call
            let chain = matches!(name, "+" | "*" | "++")
                && matches!(&lhs.kind, ExprKind::Node(h, args) if *h == "call" && args.len() >= 3 && args[0].is_sym(name))
                && self.text.as_bytes().get(lhs.span.start as usize).is_some()
                && lhs.span.start as usize == start
                && !self.parenthesised(&lhs, op);
            if chain {
                if let ExprKind::Node(_, args) = &mut lhs.kind {
                    args.push(rhs);
                }
                lhs.span = self.span(start);
            } else {
                lhs = self.binary(start, op, lhs, rhs);
            }
        }
        lhs
    }

    /// Was `lhs` written in parentheses or as a prefix call `+(a, b)`? Then it does not join a chain.
    fn parenthesised(&self, lhs: &Expr, _op: Token) -> bool {
        let args = lhs.args();
        // infix: the first operand stands before the operator's name
        args.len() < 3 || args[0].span.start <= args[1].span.start
    }

    /// `a:b`, `a:s:b`, `a..b`
    fn range(&mut self) -> Expr {
        let start = self.tok.start;
        let mut lhs = self.plus();
        while self.at_binary(Prec::Colon) {
            let colon = self.cur() == ":";
            if colon && self.mode.no_colon {
                break;
            }
            let op = self.tok;
            if colon {
                let after = self.peek2();
                // `x[a:]`: a trailing colon is an error that the operand finds; `:` before a line end ends the expression
                if after.newline && !self.mode.newline_is_space {
                    self.bump();
                    self.error_at("syntax.range-newline", "line break after `:` in range expression", op.start, op.end);
                    break;
                }
            }
            self.bump();
            if matches!(self.tok.kind, Tok::Close(_)) && colon {
                self.error_here("syntax.missing-operand", "expected an expression after `:`");
                break;
            }
            let rhs = self.operand_or(Self::plus);
            if colon && self.at_op(":") && self.at_binary(Prec::Colon) && !self.mode.no_colon && !self.peek2().newline {
                self.bump();
                let last = self.operand_or(Self::plus);
                let f = Expr::sym(self.span_of(op), ":");
                lhs = Expr::node(self.span(start), "call", vec![f, lhs, rhs, last]);
            } else {
                lhs = self.binary(start, op, lhs, rhs);
            }
        }
        // `a...`
        while self.at_op("...") && self.same_line() && !(self.mode.space_sensitive && self.tok.space) {
            self.bump();
            lhs = Expr::node(self.span(start), "...", vec![lhs]);
            if !self.mode.newline_is_space && !self.ends_operand() && !matches!(self.tok.kind, Tok::Comma | Tok::Op(_))
            {
                break;
            }
        }
        lhs
    }

    fn plus(&mut self) -> Expr {
        self.left_assoc(Prec::Plus, Self::times)
    }

    fn times(&mut self) -> Expr {
        self.left_assoc(Prec::Times, Self::rational)
    }

    fn rational(&mut self) -> Expr {
        self.left_assoc(Prec::Rational, Self::shift)
    }

    fn shift(&mut self) -> Expr {
        self.left_assoc(Prec::Bitshift, Self::subtype_unary)
    }

    /// `<:T` and `>:T` as prefixes, `where` as suffix.
    fn subtype_unary(&mut self) -> Expr {
        if matches!(self.tok.kind, Tok::Op(_)) && matches!(self.cur(), "<:" | ">:") {
            let op = self.tok;
            let after = self.peek2();
            if matches!(after.kind, Tok::Open('(')) && !after.space || self.op_alone(after) {
                return self.juxtapose_where();
            }
            self.bump();
            let start = op.start;
            let x = self.deeper(|p| p.juxtapose_where(), |p| p.skip_one());
            return Expr::node(self.span(start), self.str_of(op), vec![x]);
        }
        self.juxtapose_where()
    }

    fn op_alone(&self, after: Token) -> bool {
        matches!(after.kind, Tok::Eof | Tok::Close(_) | Tok::Comma | Tok::Semicolon | Tok::Op(Prec::Assignment))
            || after.newline && !self.mode.newline_is_space
    }

    fn juxtapose_where(&mut self) -> Expr {
        let start = self.tok.start;
        let e = self.juxtapose();
        if self.mode.no_where { e } else { self.where_after(start, e) }
    }

    /// `x where T`, `x where {T, S<:A}`, repeatedly.
    fn where_after(&mut self, start: usize, mut e: Expr) -> Expr {
        while self.tok.kind == Tok::Ident && self.cur() == "where" && self.same_line() {
            self.bump();
            let mut args = vec![e];
            if self.tok.kind == Tok::Open('{') {
                self.bump();
                self.with_mode(Mode { newline_is_space: true, in_index: self.mode.in_index, ..Mode::default() }, |p| {
                    p.items(&mut args, '}', Kw::Assign)
                });
                self.close('}');
            } else {
                let mode = Mode { no_where: true, ..self.mode };
                let v = self.with_mode(mode, |p| p.operand_or(Self::comparison));
                args.push(v);
            }
            e = Expr::node(self.span(start), "where", args);
        }
        e
    }

    /// `2x`, `2(x)`, `(a)(b)` with a number first, `x'y`: multiplication without an operator.
    fn juxtapose(&mut self) -> Expr {
        let start = self.tok.start;
        let mut e = self.unary();
        while self.juxtaposes(&e) {
            let rhs = self.deeper(|p| p.factor(), |p| p.skip_one());
            let f = Expr::sym(Span::new(self.file, rhs.span.start, rhs.span.start), "*");
            if matches!(&e.kind, ExprKind::Lit(Lit::Str(_))) || e.is("string") {
                self.error_at("syntax.juxtaposed-string", "cannot juxtapose string literal", start, self.prev.end);
                self.help("join strings with `*` or `string(a, b)`");
            }
            e = Expr::node(self.span(start), "call", vec![f, e, rhs]);
        }
        e
    }

    fn juxtaposes(&self, e: &Expr) -> bool {
        let t = self.tok;
        if t.space || t.newline {
            return false;
        }
        let prev_number = self.prev.kind == Tok::Number;
        let prev = self.str_of(self.prev);
        let starts = match t.kind {
            Tok::Ident => self.cur() != "where" || !t.space,
            Tok::Open('(') => true,
            Tok::Open('[') | Tok::Open('{') => true,
            Tok::Quote => true,
            Tok::Op(_) => matches!(self.cur(), "√" | "∛" | "∜"),
            Tok::Keyword => prev_number && self.mode.in_index && matches!(self.cur(), "end" | "begin"),
            _ => false,
        };
        if !starts {
            return false;
        }
        if prev_number && prev.len() > 1 && matches!(&prev[..2], "0x" | "0b" | "0o") && t.kind == Tok::Ident {
            return false;
        }
        if prev_number {
            return true;
        }
        // `(2)(3)`
        if matches!(t.kind, Tok::Open('(')) {
            return matches!(
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
            );
        }
        match self.prev.kind {
            Tok::Close(')') | Tok::Close(']') | Tok::Prime => matches!(t.kind, Tok::Ident | Tok::Quote | Tok::Op(_)),
            Tok::Quote => matches!(t.kind, Tok::Ident | Tok::Quote),
            _ => false,
        }
    }

    /// Prefix operators.
    fn unary(&mut self) -> Expr {
        let Tok::Op(_) = self.tok.kind else { return self.factor() };
        let op = self.tok;
        let name = self.cur();
        if !operator::is_unary(name) {
            return self.factor();
        }
        let after = self.peek2();
        if self.op_alone(after) {
            return self.factor();
        }
        // `-2` is a literal, but not in `-2^x` or `-2[1]`
        if matches!(name, "-" | "+")
            && after.kind == Tok::Number
            && after.start == op.end
            && after_radix(self.text, after).is_none()
        {
            let next = lexer::next_token(self.text, after.end);
            let power = matches!(next.kind, Tok::Op(Prec::Power));
            let index = matches!(next.kind, Tok::Open('[') | Tok::Open('{')) && !next.space;
            if !power && !index {
                self.bump();
                let num = self.bump();
                let lit = self.number(num, name == "-");
                return self.call_chain(op.start, Expr::new(self.span(op.start), lit.kind));
            }
        }
        if matches!(after.kind, Tok::Open('(')) && after.start == op.end {
            // `-(a, b)` calls the operator; `-(a)` applies it to a parenthesised operand
            if let Some(call) = self.operator_call(op) {
                let e = self.call_chain(op.start, call);
                return self.power_after(op.start, e);
            }
        }
        self.bump();
        let start = op.start;
        if name == "<:" || name == ">:" {
            let x = self.deeper(|p| p.operand_or(Self::juxtapose_where), |p| p.skip_one());
            return Expr::node(self.span(start), name, vec![x]);
        }
        let x = self.deeper(|p| p.operand_or(Self::unary), |p| p.skip_one());
        let f = Expr::sym(self.span_of(op), name);
        Expr::node(self.span(start), "call", vec![f, x])
    }

    /// After `op(`: the call if the parentheses hold an argument list, nothing consumed otherwise.
    fn operator_call(&mut self, op: Token) -> Option<Expr> {
        let (tok, prev, n) = (self.tok, self.prev, self.diagnostics.len());
        self.bump();
        let open = self.tok.start;
        self.bump();
        let mut args = vec![Expr::sym(self.span_of(op), self.str_of(op))];
        let commas = self.arguments(&mut args, ')', Kw::Kw);
        let parameters = args.get(1).is_some_and(|a| a.is("parameters"));
        let splat = args.iter().any(|a| a.is("..."));
        let is_call = commas > 0 || args.len() != 2 || parameters || splat || args.iter().any(|a| a.is("kw"));
        if is_call {
            self.close_at(')', open);
            let name = self.str_of(op);
            if matches!(name, "<:" | ">:") {
                args.remove(0);
                return Some(Expr::node(self.span(op.start), name, args));
            }
            return Some(Expr::node(self.span(op.start), "call", args));
        }
        self.tok = tok;
        self.prev = prev;
        self.diagnostics.truncate(n);
        None
    }

    /// `x^y`: right-associative, tighter than unary minus on its left, looser on its right.
    fn factor(&mut self) -> Expr {
        let start = self.tok.start;
        let e = self.decl();
        self.power_after(start, e)
    }

    fn power_after(&mut self, start: usize, base: Expr) -> Expr {
        if self.tok.kind == Tok::Op(Prec::Power) && self.same_line() && self.at_binary(Prec::Power) {
            let op = self.bump();
            let rhs = self.deeper(|p| p.operand_or(Self::juxtapose), |p| p.skip_one());
            return self.binary(start, op, base, rhs);
        }
        base
    }

    /// `x::T` and `args -> body`.
    fn decl(&mut self) -> Expr {
        let start = self.tok.start;
        let mut e = self.call();
        loop {
            if self.at_op("::")
                && self.same_line()
                && !(self.mode.space_sensitive && self.tok.space && !self.peek2().space)
            {
                self.bump();
                let tstart = self.tok.start;
                let t = self.operand_or(Self::call);
                let t = if self.mode.no_where { t } else { self.where_after(tstart, t) };
                e = Expr::node(self.span(start), "::", vec![e, t]);
            } else if self.at_op("->") && self.same_line() {
                self.bump();
                let body_start = self.tok.start;
                let mode = Mode { no_where: false, ..self.mode };
                let body = self.with_mode(mode, |p| p.rhs(false));
                let body = self.wrap_body(body_start, body);
                return Expr::node(self.span(start), "->", vec![lambda_args(e), body]);
            } else {
                return e;
            }
        }
    }

    /// An atom with calls, indices, fields, adjoints, … after it.
    fn call(&mut self) -> Expr {
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

    fn call_chain(&mut self, start: usize, mut e: Expr) -> Expr {
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

    fn do_after(&mut self, start: usize, call: Expr) -> Expr {
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

    fn block_with_line(&mut self, at: usize) -> Expr {
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

    fn close(&mut self, c: char) {
        if self.tok.kind == Tok::Close(c) {
            self.bump();
        } else {
            self.error_here("syntax.unclosed-bracket", format!("expected `{c}`"));
        }
    }

    fn close_at(&mut self, c: char, open: usize) {
        if self.tok.kind == Tok::Close(c) {
            self.bump();
            return;
        }
        let (s, e) =
            if self.tok.kind == Tok::Eof { (self.prev.end, self.prev.end) } else { (self.tok.start, self.tok.end) };
        self.error_at("syntax.unclosed-bracket", format!("expected `{c}`"), s, e);
        // The place may have been told of already.
        let at = floor_boundary(self.text, s) as u32;
        if self.diagnostics.last().is_some_and(|d| {
            d.code == "syntax.unclosed-bracket" && d.labels.len() == 1 && d.labels[0].span.start == at
        }) {
            self.opened_at(open, "this bracket is not closed");
        }
    }

    /// Adds where it began to the last finding.
    fn opened_at(&mut self, start: usize, text: &str) {
        let end = ceil_boundary(self.text, start + self.text[start..].chars().next().map_or(0, char::len_utf8));
        let word = self.text[start..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let span = Span::new(self.file, start as u32, end.max(start + word) as u32);
        if let Some(d) = self.diagnostics.last_mut() {
            d.labels.push(base::Label { span, text: text.into() });
        }
    }

    /// Call arguments up to `close` (not consumed). `parameters` go first after what is there. Returns the number of commas.
    fn arguments(&mut self, args: &mut Vec<Expr>, close: char, kw: Kw) -> usize {
        self.with_mode(Mode { newline_is_space: true, in_index: self.mode.in_index, ..Mode::default() }, |p| {
            p.items(args, close, kw)
        })
    }

    fn items(&mut self, args: &mut Vec<Expr>, close: char, kw: Kw) -> usize {
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
    fn generator(&mut self, start: usize, item: Expr) -> Expr {
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
    fn iteration_specs(&mut self, out: &mut Vec<Expr>) {
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

    /// `( … )`: a parenthesised expression, a block, a tuple, or a generator.
    fn parens(&mut self) -> Expr {
        let start = self.tok.start;
        self.bump();
        let mode = Mode { newline_is_space: true, in_index: self.mode.in_index, ..Mode::default() };
        self.with_mode(mode, |p| p.parens_body(start))
    }

    fn parens_body(&mut self, start: usize) -> Expr {
        if self.tok.kind == Tok::Close(')') {
            self.bump();
            return Expr::node(self.span(start), "tuple", vec![]);
        }
        let mut groups: Vec<Vec<Expr>> = vec![vec![]];
        let mut commas = 0;
        let mut semicolons = 0;
        let mut last_comma = false;
        loop {
            match self.tok.kind {
                Tok::Close(_) | Tok::Eof => break,
                Tok::Comma => {
                    if groups.last().is_some_and(|g| g.is_empty()) || last_comma {
                        self.error_here("syntax.missing-operand", "unexpected `,`");
                    }
                    commas += 1;
                    last_comma = true;
                    self.bump();
                }
                Tok::Semicolon => {
                    semicolons += 1;
                    last_comma = false;
                    self.bump();
                    groups.push(vec![]);
                }
                _ => {
                    let before = self.tok.start;
                    if !last_comma && groups.last().is_some_and(|g| !g.is_empty()) {
                        if self.closes_block() {
                            break;
                        }
                        let text: String = self.cur().chars().take(40).collect();
                        self.error_here("syntax.unclosed-bracket", format!("expected `,` or `)`, found `{text}`"));
                        if self.tok.newline {
                            break;
                        }
                    } else if self.closes_block() {
                        break;
                    }
                    last_comma = false;
                    let mut item = self.deeper(|p| p.statement_in_parens(), |p| p.skip_one());
                    if self.at_kw("for") {
                        item = self.generator(before, item);
                    }
                    if let Some(g) = groups.last_mut() {
                        g.push(item);
                    }
                    if self.tok.start == before {
                        self.bump();
                    }
                }
            }
        }
        self.close_at(')', start);
        let span = self.span(start);
        let first_empty = groups[0].is_empty();
        let multi_after = groups[1..].iter().any(|g| g.len() > 1);
        let splat = groups[0].iter().any(|g| g.is("..."));
        if semicolons == 0 && commas == 0 {
            return match groups.swap_remove(0).pop() {
                Some(e) => self.mark_parenthesised(e, span),
                None => Expr::node(span, "tuple", vec![]),
            };
        }
        let is_tuple = commas > 0
            && (semicolons == 0
                || groups[0].len() > 1
                || last_comma_in_first(&groups)
                || splat
                || multi_after
                || first_empty)
            || first_empty
            || splat && semicolons > 0;
        if is_tuple || (commas > 0 && semicolons > 0) {
            let mut params: Option<Expr> = None;
            for g in groups.drain(1..).rev() {
                let mut items: Vec<Expr> = Vec::new();
                if let Some(inner) = params.take() {
                    items.push(inner);
                }
                items.extend(g.into_iter().map(as_keyword));
                params = Some(Expr::node(span, "parameters", items));
            }
            let mut args: Vec<Expr> = params.into_iter().collect();
            args.append(&mut groups[0]);
            return Expr::node(span, "tuple", args);
        }
        // a block; one statement with a trailing `;` is a block of it
        let mut args = Vec::new();
        for (k, g) in groups.into_iter().enumerate() {
            for e in g {
                if k > 0 {
                    args.push(self.line_node(e.span.start as usize));
                }
                args.push(e);
            }
        }
        Expr::node(span, "block", args)
    }

    fn statement_in_parens(&mut self) -> Expr {
        self.single()
    }

    /// Parentheses leave no node, but what they hold must not join the chain outside.
    fn mark_parenthesised(&self, e: Expr, span: Span) -> Expr {
        let mut e = e;
        if let ExprKind::Node(h, args) = &mut e.kind
            && *h == "call"
            && args.len() >= 3
        {
            // see `parenthesised`: an operator whose span starts no later than its first operand
            if args[0].as_sym().is_some_and(|s| matches!(s.as_str(), "+" | "*" | "++"))
                && args[0].span.start > args[1].span.start
            {
                args[0].span = Span::new(span.file, span.start, span.start);
            }
        }
        e.span = span;
        e
    }

    /// After `x[`.
    fn index(&mut self, start: usize, target: Expr, open: usize) -> Expr {
        let inner = self.with_mode(
            Mode { newline_is_space: true, space_sensitive: true, in_index: true, ..Mode::default() },
            |p| p.brackets(open),
        );
        let span = self.span(start);
        match inner.kind {
            ExprKind::Node(h, mut args) => {
                let head = match h.as_str() {
                    "vect" => "ref",
                    "hcat" => "typed_hcat",
                    "vcat" => "typed_vcat",
                    "ncat" => "typed_ncat",
                    "comprehension" => "typed_comprehension",
                    other => other,
                };
                if head == "ref" {
                    args = args.into_iter().map(as_keyword).collect();
                }
                if head == "ref" && args.first().is_some_and(|a| a.is("parameters")) {
                    let p = args.remove(0);
                    let mut all = vec![target, p];
                    all.append(&mut args);
                    return Expr::node(span, head, all);
                }
                args.insert(0, target);
                Expr::node(span, head, args)
            }
            _ => self.error_expr(start),
        }
    }

    /// `[ … ]` after the opening bracket, as `vect`, `hcat`, `vcat`, `ncat` or `comprehension`.
    fn brackets(&mut self, open: usize) -> Expr {
        if self.tok.kind == Tok::Close(']') {
            self.bump();
            return Expr::node(self.span(open), "vect", vec![]);
        }
        if self.tok.kind == Tok::Semicolon {
            // `[;;]`: an empty array of that many dimensions
            let mut n = 0;
            while self.tok.kind == Tok::Semicolon {
                n += 1;
                self.bump();
            }
            if self.tok.kind == Tok::Close(']') {
                self.bump();
                return Expr::node(self.span(open), "ncat", vec![Expr::int(self.span(open), n)]);
            }
            self.error_at("syntax.array-literal", "array literal starts with `;`", open, self.prev.end);
        }
        let first_start = self.tok.start;
        let first = self.deeper(|p| p.single(), |p| p.skip_one());
        if self.at_kw("for") {
            let g = self.with_mode(Mode { space_sensitive: false, ..self.mode }, |p| p.generator(first_start, first));
            self.close_at(']', open);
            return Expr::node(self.span(open), "comprehension", vec![g]);
        }
        if self.tok.kind == Tok::Comma
            || self.tok.kind == Tok::Close(']') && !self.tok.newline
            || self.tok.kind == Tok::Close(']')
        {
            let mut args = vec![first];
            if self.tok.kind == Tok::Comma {
                self.bump();
                self.with_mode(Mode { space_sensitive: false, ..self.mode }, |p| {
                    let mut rest = Vec::new();
                    p.items(&mut rest, ']', Kw::Assign);
                    if rest.first().is_some_and(|a| a.is("parameters")) {
                        let ps = rest.remove(0);
                        args.insert(0, ps);
                    }
                    args.append(&mut rest);
                });
            }
            self.close_at(']', open);
            return Expr::node(self.span(open), "vect", args);
        }
        self.matrix(open, first)
    }

    /// Rows and higher dimensions. Separators: blank (columns), `;` or line end (rows), `;;`, `;;;`, …
    fn matrix(&mut self, open: usize, first: Expr) -> Expr {
        // (value, separator before it): 0 for a blank, n for n semicolons
        let mut items: Vec<(Expr, usize)> = vec![(first, 0)];
        let mut trailing = 0;
        loop {
            let mut semis = 0;
            let mut newline = self.tok.newline;
            while self.tok.kind == Tok::Semicolon {
                semis += 1;
                self.bump();
                newline |= self.tok.newline;
            }
            if matches!(self.tok.kind, Tok::Close(_) | Tok::Eof) {
                trailing = semis;
                break;
            }
            if self.tok.kind == Tok::Comma {
                self.error_here("syntax.array-literal", "unexpected comma in array expression");
                self.help("use either commas (a vector) or blanks and `;` (a matrix)");
                self.bump();
                continue;
            }
            if self.closes_block() {
                break;
            }
            let sep = if semis > 0 {
                semis
            } else if newline {
                1
            } else {
                0
            };
            if sep == 0 && !self.tok.space {
                let text: String = self.cur().chars().take(40).collect();
                self.error_here("syntax.array-literal", format!("expected a blank, `,`, `;` or `]`, found `{text}`"));
            }
            let before = self.tok.start;
            let e = self.deeper(|p| p.single(), |p| p.skip_one());
            if self.at_kw("for") && items.len() == 1 && sep == 0 {
                // `[x \n for …]` was handled; a generator cannot start after a row
                let g = self.with_mode(Mode { space_sensitive: false, ..self.mode }, |p| p.generator(before, e));
                items.push((g, sep));
                continue;
            }
            items.push((e, sep));
            if self.tok.start == before {
                self.bump();
            }
        }
        self.close_at(']', open);
        let span = self.span(open);
        let max = items.iter().skip(1).map(|i| i.1).max().unwrap_or(0).max(trailing);
        let has_blank = items.iter().skip(1).any(|i| i.1 == 0);
        if max == 0 {
            return Expr::node(span, "hcat", items.into_iter().map(|i| i.0).collect());
        }
        if max == 1 {
            let rows = split_at(items, 1);
            let args = rows
                .into_iter()
                .map(|row| {
                    if row.len() == 1 {
                        row.into_iter().next().map(|i| i.0).unwrap_or_else(|| self.error_expr(open))
                    } else {
                        let s = row[0].0.span;
                        Expr::node(s, "row", row.into_iter().map(|i| i.0).collect())
                    }
                })
                .collect();
            return Expr::node(span, "vcat", args);
        }
        // `;;` beside blanks: both mean columns (row-first)
        if has_blank && max >= 2 {
            for it in items.iter_mut().skip(1) {
                if it.1 == 2 {
                    it.1 = 0;
                }
            }
            if max == 2 && !items.iter().skip(1).any(|i| i.1 == 1) {
                return Expr::node(span, "hcat", items.into_iter().map(|i| i.0).collect());
            }
        }
        let mut args = vec![Expr::int(span, max as i64)];
        args.extend(self.nest(items, max));
        Expr::node(span, "ncat", args)
    }

    fn nest(&self, items: Vec<(Expr, usize)>, dim: usize) -> Vec<Expr> {
        if dim == 0 {
            return items.into_iter().map(|i| i.0).collect();
        }
        split_at(items, dim)
            .into_iter()
            .map(|group| {
                let inner = group.iter().skip(1).map(|i| i.1).max();
                match inner {
                    None => group.into_iter().next().map(|i| i.0).unwrap_or_else(|| self.error_expr(0)),
                    Some(d) => {
                        let span = group[0].0.span;
                        if d == 0 {
                            Expr::node(span, "row", group.into_iter().map(|i| i.0).collect())
                        } else {
                            let mut args = vec![Expr::int(span, d as i64)];
                            args.extend(self.nest(group, d));
                            Expr::node(span, "nrow", args)
                        }
                    }
                }
            })
            .collect()
    }

    // ---- atoms ------------------------------------------------------------------------------------

    fn atom(&mut self) -> Expr {
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
                            && !self.mode.newline_is_space =>
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
                        if self.depth <= 1
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
    fn quoted_simple(&mut self, start: usize) -> Expr {
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

    fn interpolated(&mut self, start: usize) -> Expr {
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

    fn number(&mut self, t: Token, negative: bool) -> Expr {
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

    // ---- strings ----------------------------------------------------------------------------------

    /// `var"name"` after `var`.
    fn var_name(&mut self) -> Expr {
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
    fn string_macro(&mut self, start: usize, name: Expr) -> Expr {
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

    fn command(&mut self, start: usize) -> Expr {
        let open = self.tok;
        let (raw, end) = self.raw_string(open);
        self.restart_at(open.start, end, Tok::Quote);
        let span = self.span(start);
        let f = Expr::global_ref(span, "Core", "@cmd");
        Expr::node(span, "macrocall", vec![f, self.line_node(start), Expr::string(span, &raw)])
    }

    fn string(&mut self) -> Expr {
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
                        Span::new(self.file, at as u32, (at + t.len()).min(end) as u32),
                        Lit::Str(bytes.into()),
                    )),
                    Err((off, message)) => {
                        let s = (at + off).min(self.text.len());
                        self.error_at("syntax.invalid-escape", message, s, s + 2);
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

    fn character(&mut self) -> Expr {
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

    // ---- macros -----------------------------------------------------------------------------------

    /// `@name args`, `@name(args)`, `@A.b.name args`
    fn macro_call(&mut self) -> Expr {
        let start = self.tok.start;
        self.bump();
        let t = self.tok;
        if t.space && t.kind != Tok::Eof {
            self.error_here("syntax.macro-name", "whitespace is not allowed after `@`");
        }
        match t.kind {
            Tok::Ident | Tok::Keyword | Tok::Op(_) => {
                self.bump();
                let word = self.str_of(t);
                if word == "var" && self.tok.kind == Tok::Quote && !self.tok.space {
                    let n = self.var_name();
                    let name = macro_name(&n, "");
                    return self.macro_args(start, name);
                }
                let mut path: Vec<(Symbol, Span)> = vec![(Symbol::new(word), self.span_of(t))];
                while self.tok.kind == Tok::Dot && !self.tok.space {
                    let after = self.peek2();
                    if !matches!(after.kind, Tok::Ident | Tok::Keyword | Tok::Op(_)) || after.space {
                        break;
                    }
                    self.bump();
                    let n = self.bump();
                    path.push((Symbol::new(self.str_of(n)), self.span_of(n)));
                }
                let (last, last_span) = path.pop().unwrap_or((Symbol::new(word), self.span_of(t)));
                let at_name = Expr::sym(last_span, format!("@{last}").as_str());
                let mut prefix: Option<Expr> = None;
                for (s, sp) in path {
                    let id = Expr::sym(sp, s);
                    prefix = Some(match prefix {
                        None => id,
                        Some(p) => Expr::node(self.span(start), ".", vec![p, quote(id)]),
                    });
                }
                let name = match prefix {
                    None => at_name,
                    Some(p) => Expr::node(self.span(start), ".", vec![p, quote(at_name)]),
                };
                // `@name"…"` is no string macro; the string is an argument
                self.macro_args(start, name)
            }
            Tok::Dot => {
                self.bump();
                // `@.`: dot everything
                let name = Expr::sym(self.span(start), "@__dot__");
                self.macro_args(start, name)
            }
            Tok::Open('(') if !t.space => {
                let e = self.parens();
                self.error_at("syntax.macro-name", "invalid macro name", start, self.prev.end);
                e
            }
            _ => {
                if t.kind == Tok::Eof {
                    self.premature_end();
                } else {
                    self.error_here("syntax.macro-name", "invalid macro name");
                }
                self.error_expr(start)
            }
        }
    }

    /// `A.b.@name args` with `A.b` read.
    fn macro_after_path(&mut self, start: usize, path: Expr) -> Expr {
        self.bump();
        let t = self.tok;
        let name = match t.kind {
            Tok::Ident | Tok::Keyword | Tok::Op(_) => {
                self.bump();
                Expr::sym(self.span_of(t), format!("@{}", self.str_of(t)).as_str())
            }
            Tok::Dot => {
                self.bump();
                Expr::sym(self.span_of(t), "@__dot__")
            }
            _ => {
                self.error_here("syntax.macro-name", "invalid macro name");
                self.error_expr(t.start)
            }
        };
        let full = Expr::node(self.span(start), ".", vec![path, quote(name)]);
        self.macro_args(start, full)
    }

    fn macro_args(&mut self, start: usize, name: Expr) -> Expr {
        let line = self.line_node(start);
        let mut args = vec![name, line];
        let t = self.tok;
        if t.kind == Tok::Open('(') && !t.space && !t.newline {
            self.bump();
            let mut list = Vec::new();
            self.arguments(&mut list, ')', Kw::Assign);
            self.close_at(')', t.start);
            if list.first().is_some_and(|a| a.is("parameters")) {
                // as in calls, they come first
            }
            args.append(&mut list);
            let call = Expr::node(self.span(start), "macrocall", args);
            let call = self.do_in_macro(start, call);
            return self.call_chain(start, call);
        }
        if matches!(t.kind, Tok::Open('[') | Tok::Open('{')) && !t.space && !t.newline {
            // `@m[1, 2]`: the array is the only argument
            let a = self.atom();
            args.push(a);
            let call = Expr::node(self.span(start), "macrocall", args);
            return self.call_chain(start, call);
        }
        let mode =
            Mode { space_sensitive: true, newline_is_space: false, for_header: false, no_where: false, ..self.mode };
        // inside brackets a macro's arguments still end at a comma or the bracket, but lines are blanks there
        let in_brackets = self.mode.newline_is_space;
        self.with_mode(mode, |p| {
            loop {
                if p.tok.newline
                    || matches!(p.tok.kind, Tok::Eof | Tok::Close(_) | Tok::Semicolon | Tok::Comma | Tok::Error)
                {
                    break;
                }
                if p.closes_block() && !(p.mode.in_index) {
                    break;
                }
                if p.at_kw("for") && (in_brackets && args.len() > 2 || p.mode.generator) {
                    break;
                }
                if p.at_kw("do") || in_brackets && p.at_kw("if") && args.len() > 2 {
                    break;
                }
                if matches!(p.tok.kind, Tok::Op(Prec::Assignment | Prec::Pair))
                    && p.tok.space
                    && args.len() > 2
                    && p.peek2().space
                {
                    break;
                }
                if let Tok::Op(prec) = p.tok.kind {
                    // a binary operator after the name is no argument: `@m + 1` is, `@x => 1` is not
                    if args.len() == 2 && matches!(prec, Prec::Assignment) && !p.at_op("~") {
                        break;
                    }
                    if p.at_op(":") && p.mode.no_colon && p.peek2().space {
                        break;
                    }
                    if p.at_op("?") {
                        break;
                    }
                }
                let before = p.tok.start;
                let item = p.deeper(|p| if in_brackets { p.single() } else { p.expr_in_macro() }, |p| p.skip_one());
                args.push(item);
                if p.tok.start == before {
                    break;
                }
                if !p.tok.space {
                    break;
                }
            }
        });
        let call = Expr::node(self.span(start), "macrocall", args);
        self.do_in_macro(start, call)
    }

    /// A macro's last argument may be a bare tuple: `@m a, b`.
    fn expr_in_macro(&mut self) -> Expr {
        self.expr()
    }

    fn do_in_macro(&mut self, start: usize, call: Expr) -> Expr {
        self.do_after(start, call)
    }

    // ---- keywords ---------------------------------------------------------------------------------

    /// The `end` of a block whose first word stands at `start`.
    fn expect_end(&mut self, what: &str, start: usize) {
        if self.at_kw("end") {
            self.bump();
        } else {
            let n = self.diagnostics.len();
            self.error_here("syntax.missing-end", "expected `end`");
            if self.diagnostics.len() > n {
                self.help(format!("the `{what}` block is not closed"));
                self.opened_at(start, &format!("this `{what}` has no `end`"));
            }
        }
    }

    fn keyword(&mut self) -> Expr {
        self.deeper(|p| p.keyword_form(), |p| p.skip_one())
    }

    fn keyword_form(&mut self) -> Expr {
        let t = self.tok;
        let start = t.start;
        let word = self.cur();
        if self.closes_block() {
            // the block above will see it
            self.error_here("syntax.unexpected-keyword", format!("unexpected `{word}`"));
            return self.error_expr(start);
        }
        if word == "do" {
            self.error_here("syntax.unexpected-keyword", "`do` must follow a call");
            self.bump();
            return self.error_expr(start);
        }
        self.bump();
        let outer = self.mode;
        let line_mode = Mode::default();
        match word {
            "true" | "false" => Expr::lit(self.span_of(t), Lit::Bool(word == "true")),
            "begin" => {
                let b = self.block_with_line(start);
                self.expect_end("begin", start);
                Expr::new(self.span(start), b.kind)
            }
            "quote" => {
                let b = self.block_with_line(start);
                self.expect_end("quote", start);
                Expr::node(self.span(start), "quote", vec![b])
            }
            "while" => {
                let cond = self.with_mode(line_mode, |p| p.operand_or(Self::single));
                let body = self.block();
                self.expect_end("while", start);
                Expr::node(self.span(start), "while", vec![cond, body])
            }
            "for" => {
                let mut specs = Vec::new();
                let s = self.tok.start;
                self.with_mode(line_mode, |p| p.iteration_specs(&mut specs));
                let header =
                    if specs.len() == 1 { specs.swap_remove(0) } else { Expr::node(self.span(s), "block", specs) };
                let body = self.block();
                self.expect_end("for", start);
                Expr::node(self.span(start), "for", vec![header, body])
            }
            "if" => self.if_form(start, false),
            "let" => {
                let mut binds = Vec::new();
                let s = self.tok.start;
                if !self.tok.newline && self.tok.kind != Tok::Semicolon && !self.closes_block() {
                    self.with_mode(line_mode, |p| {
                        loop {
                            binds.push(p.single());
                            if p.tok.kind == Tok::Comma && !p.tok.newline {
                                p.bump();
                            } else {
                                break;
                            }
                        }
                    });
                }
                let plain = binds.len() == 1 && (binds[0].as_sym().is_some() || binds[0].is("=") || binds[0].is("::"));
                let header = if plain { binds.swap_remove(0) } else { Expr::node(self.span(s), "block", binds) };
                let body = self.block();
                self.expect_end("let", start);
                Expr::node(self.span(start), "let", vec![header, body])
            }
            "try" => self.try_form(start),
            "function" | "macro" => self.function_form(start, word),
            "struct" => self.struct_body(start, false),
            "module" | "baremodule" => {
                let name = self.with_mode(line_mode, |p| p.operand_or(Self::atom));
                let line = self.line_node(start);
                let body = self.block();
                self.expect_end(word, start);
                let body = match body.kind {
                    ExprKind::Node(h, mut args) => {
                        args.insert(0, line);
                        Expr::new(body.span, ExprKind::Node(h, args))
                    }
                    k => Expr::new(body.span, k),
                };
                let not_bare = Expr::lit(self.span_of(t), Lit::Bool(word == "module"));
                Expr::node(self.span(start), "module", vec![not_bare, name, body])
            }
            "return" => {
                let value = if self.ends_operand()
                    || matches!(self.tok.kind, Tok::Comma)
                    || self.tok.newline
                    || self.at_op(":") && self.mode.no_colon
                {
                    Expr::nothing(self.span_of(t))
                } else {
                    self.with_mode(Mode { space_sensitive: false, ..outer }, |p| p.expr())
                };
                Expr::node(self.span(start), "return", vec![value])
            }
            "break" | "continue" => Expr::node(self.span(start), word, vec![]),
            "local" | "global" => {
                let e = self.with_mode(outer, |p| p.operand_or(Self::expr));
                let e = if self.at_kw("const") && self.same_line() { self.keyword() } else { e };
                let args = match e.kind {
                    ExprKind::Node(h, args) if h == "tuple" => args,
                    kind => vec![Expr::new(e.span, kind)],
                };
                if args.len() == 1
                    && args[0].is("const")
                    && word == "global"
                    && let ExprKind::Node(_, inner) = &args[0].kind
                {
                    return Expr::node(
                        self.span(start),
                        "const",
                        vec![Expr::node(args[0].span, "global", inner.clone())],
                    );
                }
                Expr::node(self.span(start), word, args)
            }
            "const" => {
                let e = self.with_mode(outer, |p| p.operand_or(Self::expr));
                let inner = if e.is("global") || e.is("local") { e.args().first().cloned() } else { Some(e.clone()) };
                // a field `const x::T` of a mutable struct needs no value; elsewhere lowering objects
                let _ = inner;
                Expr::node(self.span(start), "const", vec![e])
            }
            "export" => self.export(start, "export"),
            "import" | "using" => self.import(start, word),
            _ => {
                self.error_at("syntax.unexpected-keyword", format!("unexpected `{word}`"), t.start, t.end);
                self.error_expr(start)
            }
        }
    }

    fn if_form(&mut self, start: usize, elseif: bool) -> Expr {
        let cond_start = self.tok.start;
        let mut cond = self.with_mode(Mode::default(), |p| {
            if p.tok.newline || p.tok.kind == Tok::Semicolon || p.closes_block() {
                p.error_here(
                    "syntax.missing-condition",
                    format!("missing condition in `{}`", if elseif { "elseif" } else { "if" }),
                );
                return p.error_expr(p.prev.end);
            }
            p.single()
        });
        if elseif {
            let line = self.line_node(cond_start);
            cond = Expr::node(cond.span, "block", vec![line, cond]);
        }
        let then = self.block();
        let mut args = vec![cond, then];
        if self.at_kw("elseif") {
            let s = self.tok.start;
            self.bump();
            let rest = self.deeper(|p| p.if_form(s, true), |p| p.skip_one());
            args.push(rest);
            return Expr::node(self.span(start), if elseif { "elseif" } else { "if" }, args);
        }
        if self.at_kw("else") {
            self.bump();
            if self.at_kw("if") && !self.tok.newline {
                self.error_here("syntax.else-if", "use `elseif` instead of `else if`");
            }
            args.push(self.block());
        }
        self.expect_end("if", start);
        Expr::node(self.span(start), if elseif { "elseif" } else { "if" }, args)
    }

    fn try_form(&mut self, start: usize) -> Expr {
        let no = |p: &Self| Expr::lit(p.span(start), Lit::Bool(false));
        let body = self.block();
        let mut var = no(self);
        let mut catch = no(self);
        let mut otherwise = None;
        let mut finally = None;
        let mut any = false;
        loop {
            if self.at_kw("catch") {
                any = true;
                self.bump();
                if !self.tok.newline && self.tok.kind != Tok::Semicolon && !self.closes_block() {
                    var = self.with_mode(Mode::default(), |p| p.single());
                    if var.as_sym().is_none() && !var.is("$") {
                        self.error_at(
                            "syntax.catch-variable",
                            "a name is expected after `catch`",
                            var.span.start as usize,
                            var.span.end as usize,
                        );
                        self.help("start the handler on a new line or after `;`");
                    }
                }
                catch = self.block();
            } else if self.at_kw("else") && any {
                self.bump();
                otherwise = Some(self.block());
            } else if self.at_kw("finally") {
                any = true;
                self.bump();
                finally = Some(self.block());
            } else {
                break;
            }
        }
        if !any {
            self.error_here("syntax.try-without-catch", "`try` without `catch` or `finally`");
        }
        self.expect_end("try", start);
        let mut args = vec![body, var, catch];
        match (finally, otherwise) {
            (Some(f), Some(o)) => args.extend([f, o]),
            (Some(f), None) => args.push(f),
            (None, Some(o)) => {
                args.push(no(self));
                args.push(o);
            }
            (None, None) => {}
        }
        Expr::node(self.span(start), "try", args)
    }

    fn function_form(&mut self, start: usize, word: &str) -> Expr {
        let sig_start = self.tok.start;
        let anonymous = self.tok.kind == Tok::Open('(');
        let mut sig = self.with_mode(Mode { no_where: true, ..Mode::default() }, |p| {
            let mut e = p.operand_or(Self::signature_name);
            if p.at_op("::") && !p.tok.newline {
                p.bump();
                let t = p.operand_or(Self::call);
                e = Expr::node(p.span(sig_start), "::", vec![e, t]);
            }
            e
        });
        sig = self.where_after(sig_start, sig);
        // `function (x) … end`: an argument list
        if anonymous && word == "function" {
            sig = anonymous_signature(sig);
        }
        // `function f end`
        if self.at_kw("end") && (sig.as_sym().is_some() || sig.is(".") || sig.is("$")) {
            self.bump();
            return Expr::node(self.span(start), word, vec![sig]);
        }
        let core = strip_signature(&sig);
        if !(core.is("call")
            || core.is("tuple")
            || core.is("error")
            || core.is("$")
            || core.is("...")
            || core.is("macrocall"))
        {
            self.error_at(
                "syntax.function-signature",
                format!("invalid signature in `{word}` definition"),
                sig.span.start as usize,
                sig.span.end as usize,
            );
            self.help(format!("write `{word} name(arguments)`"));
        }
        let line = self.line_node(start);
        let body = self.block();
        self.expect_end(word, start);
        let body = match body.kind {
            ExprKind::Node(h, mut args) => {
                args.insert(0, line);
                Expr::new(body.span, ExprKind::Node(h, args))
            }
            k => Expr::new(body.span, k),
        };
        Expr::node(self.span(start), word, vec![sig, body])
    }

    /// The callable part of a signature: `f(x)`, `A.f(x)`, `(c::C)(x)`, `+(a, b)`, `$f(x)`.
    fn signature_name(&mut self) -> Expr {
        let start = self.tok.start;
        if let Tok::Op(_) = self.tok.kind
            && !self.at_op("$")
            && !self.at_op("::")
            && !self.at_op(":")
        {
            let t = self.bump();
            let e = Expr::sym(self.span_of(t), self.str_of(t));
            return self.call_chain(start, e);
        }
        if self.tok.kind == Tok::Keyword && !matches!(self.cur(), "end") {
            let t = self.tok;
            self.error_here(
                "syntax.function-signature",
                format!("`{}` is a keyword and cannot be a function's name", self.str_of(t)),
            );
            self.bump();
            let e = Expr::sym(self.span_of(t), self.str_of(t));
            return self.call_chain(start, e);
        }
        self.call()
    }

    fn struct_def(&mut self, start: usize, mutable: bool) -> Expr {
        self.bump();
        self.deeper(|p| p.struct_body(start, mutable), |p| p.skip_one())
    }

    fn struct_body(&mut self, start: usize, mutable: bool) -> Expr {
        let keyword = self.tok.kind == Tok::Keyword && !self.closes_block() && !self.tok.newline;
        let name = if keyword {
            let t = self.tok;
            self.error_here(
                "syntax.struct-name",
                format!("`{}` is a keyword and cannot be a struct's name", self.str_of(t)),
            );
            self.bump();
            Expr::sym(self.span_of(t), self.str_of(t))
        } else {
            self.with_mode(Mode { space_sensitive: true, ..Mode::default() }, |p| p.operand_or(Self::comparison))
        };
        if self.tok.kind == Tok::Quote && !self.tok.newline {
            self.error_here("syntax.extra-tokens", "extra tokens after the name of a struct");
            self.help("start the fields on a new line or after `;`");
        }
        let body = self.block();
        self.expect_end("struct", start);
        let m = Expr::lit(self.span(start), Lit::Bool(mutable));
        Expr::node(self.span(start), "struct", vec![m, name, body])
    }

    /// `abstract type T <: S end`, `primitive type T <: S 8 end`, after the first word.
    fn type_decl(&mut self, word: Token) -> Expr {
        self.bump();
        let kind = self.str_of(word);
        let name =
            self.with_mode(Mode { space_sensitive: true, ..Mode::default() }, |p| p.operand_or(Self::comparison));
        let mut args = vec![name];
        if kind == "primitive" {
            let bits =
                self.with_mode(Mode { space_sensitive: true, ..Mode::default() }, |p| p.operand_or(Self::single));
            args.push(bits);
        }
        while self.tok.kind == Tok::Semicolon {
            self.bump();
        }
        self.expect_end(if kind == "primitive" { "primitive type" } else { "abstract type" }, word.start);
        Expr::node(self.span(word.start), kind, args)
    }

    fn export(&mut self, start: usize, word: &str) -> Expr {
        let mut names = Vec::new();
        loop {
            names.push(self.import_name());
            if self.tok.kind == Tok::Comma {
                self.bump();
            } else {
                break;
            }
        }
        Expr::node(self.span(start), word, names)
    }

    /// A name in `export`, `import`, `using`: identifier, operator, `@macro`, `(op)`, `$x`.
    fn import_name(&mut self) -> Expr {
        let t = self.tok;
        match t.kind {
            Tok::Ident | Tok::Keyword => {
                self.bump();
                if self.str_of(t) == "var" && self.tok.kind == Tok::Quote && !self.tok.space {
                    return self.var_name();
                }
                Expr::sym(self.span_of(t), self.str_of(t))
            }
            Tok::At => {
                self.bump();
                let n = self.bump();
                Expr::sym(self.span(t.start), format!("@{}", self.str_of(n)).as_str())
            }
            Tok::Open('(') => {
                self.bump();
                let n = self.bump();
                self.close_at(')', t.start);
                Expr::sym(self.span_of(n), self.str_of(n))
            }
            Tok::Op(_) if self.at_op("$") => {
                self.bump();
                self.interpolated(t.start)
            }
            Tok::Op(_) if self.at_op(":") => {
                self.bump();
                if self.tok.kind == Tok::Open('(') && !self.tok.space {
                    return self.import_name();
                }
                Expr::sym(self.span_of(t), ":")
            }
            Tok::Op(_) => {
                self.bump();
                Expr::sym(self.span_of(t), self.str_of(t))
            }
            _ => {
                self.error_here("syntax.import-name", "expected a name");
                self.error_expr(t.start)
            }
        }
    }

    fn import_path(&mut self, allow_as: bool) -> Expr {
        let start = self.tok.start;
        let mut parts = Vec::new();
        // leading dots, which the lexer may have joined to `..` and `...`
        loop {
            let t = self.tok;
            let dots = match t.kind {
                Tok::Dot => 1,
                Tok::Op(_) if self.at_op("..") => 2,
                Tok::Op(_) if self.at_op("...") => 3,
                _ => break,
            };
            self.bump();
            for _ in 0..dots {
                parts.push(Expr::sym(self.span_of(t), "."));
            }
        }
        parts.push(self.import_name());
        loop {
            let t = self.tok;
            if t.newline || t.space {
                break;
            }
            match t.kind {
                Tok::Dot => {
                    self.bump();
                    parts.push(self.import_name());
                }
                // `Base.+`: the dot belongs to the path
                Tok::Op(_) if t.dotted => {
                    self.bump();
                    let sp = Span::new(self.file, t.start as u32 + 1, t.end as u32);
                    parts.push(Expr::sym(sp, &self.text[t.start + 1..t.end]));
                }
                Tok::Op(_) if self.at_op("..") => {
                    self.bump();
                    parts.push(self.import_name());
                }
                _ => break,
            }
        }
        let path = Expr::node(self.span(start), ".", parts);
        if allow_as && self.tok.kind == Tok::Ident && self.cur() == "as" && !self.tok.newline {
            self.bump();
            let alias = self.import_name();
            return Expr::node(self.span(start), "as", vec![path, alias]);
        }
        path
    }

    fn import(&mut self, start: usize, word: &str) -> Expr {
        let first = self.import_path(true);
        if self.at_op(":") && !self.tok.newline {
            self.bump();
            let mut args = vec![first];
            loop {
                args.push(self.import_path(true));
                if self.tok.kind == Tok::Comma {
                    self.bump();
                } else {
                    break;
                }
            }
            let spec = Expr::node(self.span(start), ":", args);
            return Expr::node(self.span(start), word, vec![spec]);
        }
        if word == "using" && first.is("as") {
            self.error_at("syntax.using-as", "`using A as B` is not possible without `:`", start, self.prev.end);
            self.help("write `import A as B`");
        }
        let mut args = vec![first];
        while self.tok.kind == Tok::Comma && !self.tok.newline {
            self.bump();
            args.push(self.import_path(true));
        }
        Expr::node(self.span(start), word, args)
    }
}

/// How `a = b` in an argument list reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kw {
    /// `kw`
    Kw,
    /// an assignment (tuples, macro calls, curly braces)
    Assign,
}

fn as_keyword(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Node(h, args) if h == "=" => {
            let args = match <[Expr; 2]>::try_from(args) {
                // a definition's body block is undone: `f(g(x) = 1)` is no definition
                Ok([l, r]) => vec![l, r],
                Err(v) => v,
            };
            Expr::new(e.span, ExprKind::Node(Symbol::new("kw"), args))
        }
        kind => Expr::new(e.span, kind),
    }
}

fn quote(x: Expr) -> Expr {
    Expr::quote(x.span, x)
}

fn quote_span(span: Span, x: Expr) -> Expr {
    Expr::quote(span, x)
}

fn is_number(e: &Expr) -> bool {
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
fn is_string_macro_prefix(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Sym(_) => true,
        ExprKind::Node(h, args) if *h == "." && args.len() == 2 => {
            matches!(&args[1].kind, ExprKind::Quote(x) if x.as_sym().is_some())
        }
        _ => false,
    }
}

fn macro_name(e: &Expr, suffix: &str) -> Expr {
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
fn is_definition(lhs: &Expr) -> bool {
    strip_signature(lhs).is("call")
}

/// A signature without `where` and return type.
fn strip_signature(e: &Expr) -> &Expr {
    match &e.kind {
        ExprKind::Node(h, args) if (*h == "where" || *h == "::" && args.len() == 2) && !args.is_empty() => {
            strip_signature(&args[0])
        }
        _ => e,
    }
}

/// `(x; k=1) -> …` keeps a block, `(x, y; z=1) -> …` a tuple with parameters; a single name stays a name.
fn lambda_args(e: Expr) -> Expr {
    e
}

/// `function (x::Int) … end`
fn anonymous_signature(sig: Expr) -> Expr {
    let span = sig.span;
    match sig.kind {
        ExprKind::Node(h, mut args) if h == "where" || (h == "::" && args.len() == 2 && args[0].is("tuple")) => {
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

fn last_comma_in_first(groups: &[Vec<Expr>]) -> bool {
    groups[0].len() > 1
}

fn split_at(items: Vec<(Expr, usize)>, sep: usize) -> Vec<Vec<(Expr, usize)>> {
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

fn after_radix(text: &str, t: Token) -> Option<char> {
    let s = &text[t.start..t.end];
    if s.len() > 1 && matches!(&s[..2], "0x" | "0b" | "0o") && !s.contains(['p', 'P']) {
        s.chars().nth(1)
    } else {
        None
    }
}

fn utf8_len(b: u8) -> usize {
    match b {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
        _ => 1,
    }
}

fn floor_boundary(s: &str, mut i: usize) -> usize {
    i = i.min(s.len());
    while i > 0 && !s.is_char_boundary(i) {
        i -= 1;
    }
    i
}

fn ceil_boundary(s: &str, mut i: usize) -> usize {
    i = i.min(s.len());
    while i < s.len() && !s.is_char_boundary(i) {
        i += 1;
    }
    i
}
