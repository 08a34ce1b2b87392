//! Forms that begin with a keyword: blocks, loops, conditions, `try`.

use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::Tok;

impl Parser<'_> {
    /// The `end` of a block whose first word stands at `start`.
    pub(super) fn expect_end(&mut self, what: &str, start: usize) {
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

    pub(super) fn keyword(&mut self) -> Expr {
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
                let around = std::mem::replace(&mut self.module_depth, self.depth);
                let body = self.block();
                self.module_depth = around;
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
}
