//! `export`, `import` and `using`.

use super::Parser;
use crate::expr::Expr;
use crate::lexer::Tok;
use base::Span;

impl Parser<'_> {
    pub(super) fn export(&mut self, start: usize, word: &str) -> Expr {
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

    pub(super) fn import(&mut self, start: usize, word: &str) -> Expr {
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
