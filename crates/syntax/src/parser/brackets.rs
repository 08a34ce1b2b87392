//! Parentheses, indices, and the forms of `[…]`.

use super::shape::{Kw, as_keyword, last_comma_in_first, split_at};
use super::{Mode, Parser};
use crate::expr::{Expr, ExprKind};
use crate::lexer::Tok;

impl Parser<'_> {
    /// `( … )`: a parenthesised expression, a block, a tuple, or a generator.
    pub(super) fn parens(&mut self) -> Expr {
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
                Some(e) => Expr::new(span, e.kind),
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

    /// After `x[`.
    pub(super) fn index(&mut self, start: usize, target: Expr, open: usize) -> Expr {
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
    pub(super) fn brackets(&mut self, open: usize) -> Expr {
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
}
