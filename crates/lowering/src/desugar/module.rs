//! `import`, `using`, `export`, `public`.

use super::Desugar;
use crate::node::{Kind, Node};
use crate::x::{Head, X};
use base::{Span, Symbol};
use ir::lowered::{ImportName, ImportPath};

impl Desugar<'_> {
    pub(super) fn module_statement(&mut self, span: Span, head: Head, args: &[X]) -> Node {
        if !self.require_toplevel(&head.text(), span) {
            return self.nothing(span);
        }
        if matches!(head, Head::Export | Head::Public) {
            let mut names = Vec::new();
            for arg in args {
                match arg.as_symbol() {
                    Some(name) => names.push(name),
                    None => {
                        self.error("lowering.export", format!("invalid \"{}\" statement", head.text()), arg.span);
                    }
                }
            }
            let statement = Node::new(span, Kind::Export { names, public: head == Head::Public });
            return Node::block(span, vec![statement, self.nothing(span)]);
        }
        let import = head == Head::Import;
        let mut stmts = Vec::new();
        for arg in args {
            match arg.as_node() {
                Some((Head::Colon, [module, items @ ..])) => {
                    let Some(path) = self.import_path(module) else { continue };
                    let mut names = Vec::new();
                    for item in items {
                        let Some(path) = self.import_path(item) else { continue };
                        let [name] = path.names.as_slice() else {
                            self.error("lowering.import", "invalid import path", item.span);
                            continue;
                        };
                        names.push(ImportName { name: *name, alias: path.alias });
                    }
                    stmts.push(Node::new(span, Kind::Using { path, names: Some(names), import }));
                }
                _ => {
                    let Some(path) = self.import_path(arg) else { continue };
                    stmts.push(Node::new(span, Kind::Using { path, names: None, import }));
                }
            }
        }
        stmts.push(self.nothing(span));
        Node::block(span, stmts)
    }

    /// `(. . . A B)` or `(as path name)`.
    fn import_path(&mut self, x: &X) -> Option<ImportPath> {
        match x.as_node() {
            Some((Head::As, [path, alias])) => {
                let path = self.import_path(path)?;
                Some(ImportPath { alias: alias.as_symbol(), ..path })
            }
            Some((Head::Dot, parts)) => {
                let symbols: Vec<Symbol> = parts.iter().filter_map(X::as_symbol).collect();
                let dots = symbols.iter().take_while(|s| **s == ".").count();
                let names = symbols[dots..].to_vec();
                Some(ImportPath { dots: dots as u32, names, alias: None })
            }
            None if x.as_symbol().is_some() => {
                Some(ImportPath { dots: 0, names: x.as_symbol().into_iter().collect(), alias: None })
            }
            _ => {
                self.error("lowering.import", "invalid import path", x.span);
                None
            }
        }
    }
}
