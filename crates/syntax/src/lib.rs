//! Julia's grammar: source text → lossless tree → [`Expr`].
//!
//! The parser never fails: wrong text gives diagnostics and a tree that still holds every byte.
//! Nothing here knows of types, modules' contents or evaluation.

mod expr;
mod lexer;
mod literal;
mod operator;
mod parser;
mod sexpr;
mod tree;

pub use expr::{Expr, ExprKind, Lit, OpaqueValue};
pub use lexer::{is_ident_continue, is_ident_start, is_keyword};
pub use operator::{Prec, is_operator, is_unary, precedence};
pub use tree::{Element, SyntaxTree};

use base::{Diagnostic, FileId, SourceMap, Symbol};

/// What parsing gives: the tree and everything found wrong.
pub struct Parse {
    expr: Expr,
    diagnostics: Vec<Diagnostic>,
    file: FileId,
}

impl Parse {
    /// The `toplevel` expression, with line nodes. Where the text is wrong it holds `error` nodes.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    pub fn into_expr(self) -> Expr {
        self.expr
    }

    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    pub fn ok(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The lossless tree: every byte of the text, comments and blanks included.
    pub fn tree(&self) -> SyntaxTree {
        tree::build(&SourceMap::file(self.file).text, &self.expr)
    }
}

/// Parses a loaded file.
pub fn parse(file: FileId) -> Parse {
    let source = SourceMap::file(file);
    let mut p = parser::Parser::new(&source.text, file, Symbol::new(&source.name), 0);
    let expr = p.toplevel();
    Parse { expr, diagnostics: p.diagnostics, file }
}

/// Parses a text under a name.
pub fn parse_text(name: &str, text: &str) -> Parse {
    parse(SourceMap::add(name, text))
}

/// One statement from byte `pos` on, and the position after it, as `Meta.parse(text, pos)`.
pub fn parse_statement(file: FileId, pos: usize) -> (Expr, usize, Vec<Diagnostic>) {
    let source = SourceMap::file(file);
    let pos = pos.min(source.text.len());
    let mut p = parser::Parser::new(&source.text, file, Symbol::new(&source.name), pos);
    let (e, next) = p.one_statement();
    (e, next, p.diagnostics)
}
