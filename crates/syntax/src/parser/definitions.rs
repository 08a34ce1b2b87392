//! Functions, macros, structs and other type definitions.

use super::shape::{anonymous_signature, strip_signature};
use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind, Lit};
use crate::lexer::{Tok, Token};

impl Parser<'_> {
    pub(super) fn function_form(&mut self, start: usize, word: &str) -> Expr {
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

    pub(super) fn struct_def(&mut self, start: usize, mutable: bool) -> Expr {
        self.bump();
        self.deeper(|p| p.struct_body(start, mutable), |p| p.skip_one())
    }

    pub(super) fn struct_body(&mut self, start: usize, mutable: bool) -> Expr {
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
    pub(super) fn type_decl(&mut self, word: Token) -> Expr {
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
}
