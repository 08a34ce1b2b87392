//! Operators, from the loosest precedence to the tightest.

use super::shape::{Kw, after_radix, is_definition};
use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::{self, Tok, Token};
use crate::operator::{self, Prec};
use base::Span;

impl Parser<'_> {
    /// Any expression, including assignments and bare tuples `a, b`.
    pub(super) fn expr(&mut self) -> Expr {
        let start = self.tok.start;
        let first = self.pair();
        if self.tok.kind == Tok::Comma && self.same_line() && !self.mode.newline_is_space {
            let mut items = vec![first];
            while self.tok.kind == Tok::Comma && self.same_line() {
                self.bump();
                // The next item may stand on another line.
                let closes = matches!(self.tok.kind, Tok::Eof | Tok::Close(_) | Tok::Semicolon) || self.closes_block();
                if closes || self.at_assignment() {
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
    pub(super) fn single(&mut self) -> Expr {
        let start = self.tok.start;
        let first = self.pair();
        self.assignment_after(start, first, false)
    }

    fn at_assignment(&self) -> bool {
        matches!(self.tok.kind, Tok::Op(Prec::Assignment)) && !(self.at_op("~"))
    }

    pub(super) fn ends_operand(&self) -> bool {
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

    pub(super) fn premature_end(&mut self) {
        self.error_here("syntax.premature-end", "premature end of input");
        self.help("an expression is missing here");
    }

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
    pub(super) fn pair(&mut self) -> Expr {
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

    pub(super) fn operand_or(&mut self, f: impl FnOnce(&mut Self) -> Expr) -> Expr {
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

    pub(super) fn binary(&mut self, start: usize, op: Token, lhs: Expr, rhs: Expr) -> Expr {
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
    pub(super) fn comparison(&mut self) -> Expr {
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
        // `a + b + c` and `a * b * c` are one call; what stands in parentheses, or `2x`, is an operand of it
        let mut chained = None;
        while self.at_binary(prec) {
            let op = self.bump();
            let name = self.str_of(op);
            let rhs = self.operand_or(next);
            if chained == Some(name) {
                if let ExprKind::Node(_, args) = &mut lhs.kind {
                    args.push(rhs);
                }
                lhs.span = self.span(start);
            } else {
                lhs = self.binary(start, op, lhs, rhs);
                chained = matches!(name, "+" | "*" | "++").then_some(name);
            }
        }
        lhs
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

    pub(super) fn op_alone(&self, after: Token) -> bool {
        matches!(after.kind, Tok::Eof | Tok::Close(_) | Tok::Comma | Tok::Semicolon | Tok::Op(Prec::Assignment))
            || after.newline && !self.mode.newline_is_space
    }

    fn juxtapose_where(&mut self) -> Expr {
        let start = self.tok.start;
        let e = self.juxtapose();
        if self.mode.no_where { e } else { self.where_after(start, e) }
    }

    /// `x where T`, `x where {T, S<:A}`, repeatedly.
    pub(super) fn where_after(&mut self, start: usize, mut e: Expr) -> Expr {
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
        // All factors make one product: `2x(y)` is `*(2, x, y)`.
        let mut product: Option<Vec<Expr>> = None;
        while self.juxtaposes(&e) {
            let rhs = self.deeper(|p| p.factor(), |p| p.skip_one());
            if matches!(&e.kind, ExprKind::Lit(Lit::Str(_))) || e.is("string") {
                self.error_at("syntax.juxtaposed-string", "cannot juxtapose string literal", start, self.prev.end);
                self.help("join strings with `*` or `string(a, b)`");
            }
            let f = Expr::sym(Span::new(self.file, rhs.span.start, rhs.span.start), "*");
            let factors = product.get_or_insert_with(|| vec![f, e]);
            factors.push(rhs.clone());
            e = rhs;
        }
        match product {
            Some(factors) => Expr::node(self.span(start), "call", factors),
            None => e,
        }
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
                return Expr::node(self.span(start), "->", vec![e, body]);
            } else {
                return e;
            }
        }
    }
}
