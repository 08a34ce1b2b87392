//! Macro calls.

use super::shape::{Kw, macro_name, quote};
use super::{Mode, Parser};
use crate::expr::Expr;
use crate::lexer::Tok;
use crate::operator::Prec;
use base::{Span, Symbol};

impl Parser<'_> {
    /// `@name args`, `@name(args)`, `@A.b.name args`
    pub(super) fn macro_call(&mut self) -> Expr {
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
    pub(super) fn macro_after_path(&mut self, start: usize, path: Expr) -> Expr {
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
}
