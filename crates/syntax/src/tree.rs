//! The lossless tree: tokens of the text, comments and blanks included, nested by the spans of the
//! expressions they belong to.

use crate::expr::Expr;
use crate::lexer::{self, Tok};

/// A node's element in source order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// An inner node: index into [`SyntaxTree::nodes`].
    Node(usize),
    /// Text of a token or of the blanks and comments between tokens, by byte range.
    Text(std::ops::Range<usize>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The expression's head, or `leaf` for names and literals.
    pub head: &'static str,
    pub range: std::ops::Range<usize>,
    pub children: Vec<Element>,
}

/// Invariant: the text elements, in order, cover the source exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxTree {
    pub nodes: Vec<Node>,
    pub root: usize,
}

impl SyntaxTree {
    /// The source text again.
    pub fn text(&self, source: &str) -> String {
        let mut out = String::new();
        self.collect(self.root, source, &mut out);
        out
    }

    fn collect(&self, node: usize, source: &str, out: &mut String) {
        for c in &self.nodes[node].children {
            match c {
                Element::Node(n) => self.collect(*n, source, out),
                Element::Text(r) => out.push_str(&source[r.clone()]),
            }
        }
    }
}

pub(crate) fn build(text: &str, expr: &Expr) -> SyntaxTree {
    // pieces: tokens and what lies between them
    let mut pieces = Vec::new();
    let mut pos = 0;
    loop {
        let t = lexer::next_token(text, pos);
        if t.start > pos {
            pieces.push(pos..t.start);
        }
        if t.kind == Tok::Eof {
            break;
        }
        pieces.push(t.start..t.end);
        pos = t.end;
    }
    let mut tree = SyntaxTree { nodes: Vec::new(), root: 0 };
    tree.root = node(&mut tree, expr, 0..text.len(), &pieces);
    tree
}

fn node(tree: &mut SyntaxTree, e: &Expr, range: std::ops::Range<usize>, pieces: &[std::ops::Range<usize>]) -> usize {
    let id = tree.nodes.len();
    let head = if e.as_node().is_some() { e.head() } else { "leaf" };
    tree.nodes.push(Node { head, range: range.clone(), children: Vec::new() });
    let mut inner: Vec<(&Expr, std::ops::Range<usize>)> = e
        .args()
        .iter()
        .filter(|a| !a.span.is_none() && a.span.start < a.span.end && !a.is_line())
        .map(|a| (a, a.span.start as usize..a.span.end as usize))
        .filter(|(_, r)| r.start >= range.start && r.end <= range.end)
        .collect();
    inner.sort_by_key(|(_, r)| (r.start, std::cmp::Reverse(r.end)));
    let mut children = Vec::new();
    let mut pos = range.start;
    for (a, r) in inner {
        if r.start < pos {
            continue;
        }
        text_between(&mut children, pos..r.start, pieces);
        pos = r.end;
        children.push(Element::Node(node(tree, a, r, pieces)));
    }
    text_between(&mut children, pos..range.end, pieces);
    tree.nodes[id].children = children;
    id
}

fn text_between(out: &mut Vec<Element>, range: std::ops::Range<usize>, pieces: &[std::ops::Range<usize>]) {
    let first = pieces.partition_point(|p| p.end <= range.start);
    for p in &pieces[first..] {
        if p.start >= range.end {
            break;
        }
        let s = p.start.max(range.start)..p.end.min(range.end);
        if s.start < s.end {
            out.push(Element::Text(s));
        }
    }
}
