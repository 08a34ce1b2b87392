//! The surface syntax tree that the rest of the compiler works on: Julia's `Expr`, with spans.
//!
//! Heads and argument shapes are exactly those of `Meta.parse`, because macros see them.

use base::{Span, Symbol};
use std::sync::Arc;

/// One node with its place in the source. Equality ignores spans and compares floats by their bits.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The source text it came from; [`Span::NONE`] for code made by a macro.
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `Expr(head, args...)`.
    Node(Symbol, Vec<Expr>),
    /// A `Symbol`: a name.
    Sym(Symbol),
    Lit(Lit),
    /// `QuoteNode(x)`: `x` itself, without interpolation. `Expr(:quote, x)` is a `Node`.
    Quote(Box<Expr>),
    /// `LineNumberNode(line, file)`; `line` is 1-based.
    Line {
        line: u32,
        file: Symbol,
    },
    /// `GlobalRef(module, name)`; `module` is the dotted path from the root (`Core`, `Base.Broadcast`).
    GlobalRef {
        module: Symbol,
        name: Symbol,
    },
    /// An object that a macro or `eval` put into the tree.
    Opaque(OpaqueValue),
}

/// The address of a pinned object of the runtime. The syntax crate never looks behind it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OpaqueValue(pub usize);

/// A literal, typed as Julia types it.
///
/// Wider integers are, as in Julia, macro calls: `@int128_str`, `@uint128_str`, `@big_str` of module `Core`.
#[derive(Clone, Debug)]
pub enum Lit {
    Nothing,
    Bool(bool),
    Int64(i64),
    UInt8(u8),
    UInt16(u16),
    UInt32(u32),
    UInt64(u64),
    Float32(f32),
    Float64(f64),
    /// Julia's `Char` bits: the UTF-8 bytes left-aligned in 32 bits (`'a'` is `0x61000000`); may be malformed.
    Char(u32),
    /// The bytes of a `String`; not necessarily valid UTF-8 (`"\xff"`).
    Str(Arc<[u8]>),
}

impl PartialEq for Lit {
    fn eq(&self, other: &Lit) -> bool {
        use Lit::*;
        match (self, other) {
            (Nothing, Nothing) => true,
            (Bool(a), Bool(b)) => a == b,
            (Int64(a), Int64(b)) => a == b,
            (UInt8(a), UInt8(b)) => a == b,
            (UInt16(a), UInt16(b)) => a == b,
            (UInt32(a), UInt32(b)) => a == b,
            (UInt64(a), UInt64(b)) => a == b,
            (Float32(a), Float32(b)) => a.to_bits() == b.to_bits(),
            (Float64(a), Float64(b)) => a.to_bits() == b.to_bits(),
            (Char(a), Char(b)) => a == b,
            (Str(a), Str(b)) => a == b,
            _ => false,
        }
    }
}

impl Lit {
    /// A `String` literal.
    pub fn str(text: &str) -> Lit {
        Lit::Str(Arc::from(text.as_bytes()))
    }

    /// A `Char` literal of a Unicode scalar value.
    pub fn char(c: char) -> Lit {
        let mut bytes = [0u8; 4];
        c.encode_utf8(&mut bytes);
        Lit::Char(u32::from_be_bytes(bytes))
    }

    /// The name of the literal's type in Julia.
    pub fn type_name(&self) -> &'static str {
        match self {
            Lit::Nothing => "Nothing",
            Lit::Bool(_) => "Bool",
            Lit::Int64(_) => "Int64",
            Lit::UInt8(_) => "UInt8",
            Lit::UInt16(_) => "UInt16",
            Lit::UInt32(_) => "UInt32",
            Lit::UInt64(_) => "UInt64",
            Lit::Float32(_) => "Float32",
            Lit::Float64(_) => "Float64",
            Lit::Char(_) => "Char",
            Lit::Str(_) => "String",
        }
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.kind == other.kind
    }
}

impl Expr {
    pub fn new(span: Span, kind: ExprKind) -> Expr {
        Expr { span, kind }
    }

    /// `Expr(head, args...)`.
    pub fn node(span: Span, head: impl Into<Symbol>, args: Vec<Expr>) -> Expr {
        Expr { span, kind: ExprKind::Node(head.into(), args) }
    }

    pub fn sym(span: Span, name: impl Into<Symbol>) -> Expr {
        Expr { span, kind: ExprKind::Sym(name.into()) }
    }

    pub fn lit(span: Span, lit: Lit) -> Expr {
        Expr { span, kind: ExprKind::Lit(lit) }
    }

    pub fn int(span: Span, value: i64) -> Expr {
        Expr::lit(span, Lit::Int64(value))
    }

    pub fn string(span: Span, text: &str) -> Expr {
        Expr::lit(span, Lit::str(text))
    }

    pub fn nothing(span: Span) -> Expr {
        Expr::lit(span, Lit::Nothing)
    }

    /// `QuoteNode(x)`.
    pub fn quote(span: Span, x: Expr) -> Expr {
        Expr { span, kind: ExprKind::Quote(Box::new(x)) }
    }

    pub fn global_ref(span: Span, module: &str, name: &str) -> Expr {
        Expr { span, kind: ExprKind::GlobalRef { module: Symbol::new(module), name: Symbol::new(name) } }
    }

    /// Head and arguments if it is a `Node`.
    pub fn as_node(&self) -> Option<(Symbol, &[Expr])> {
        match &self.kind {
            ExprKind::Node(head, args) => Some((*head, args)),
            _ => None,
        }
    }

    /// The arguments if it is a `Node` of this head.
    pub fn args_of(&self, head: &str) -> Option<&[Expr]> {
        match &self.kind {
            ExprKind::Node(h, args) if h.as_str() == head => Some(args),
            _ => None,
        }
    }

    /// Is it a `Node` of this head?
    pub fn is(&self, head: &str) -> bool {
        self.args_of(head).is_some()
    }

    /// The head's name; the empty string for anything but a `Node`.
    pub fn head(&self) -> &'static str {
        match &self.kind {
            ExprKind::Node(head, _) => head.as_str(),
            _ => "",
        }
    }

    /// The arguments; none for anything but a `Node`.
    pub fn args(&self) -> &[Expr] {
        match &self.kind {
            ExprKind::Node(_, args) => args,
            _ => &[],
        }
    }

    pub fn as_sym(&self) -> Option<Symbol> {
        match self.kind {
            ExprKind::Sym(s) => Some(s),
            _ => None,
        }
    }

    pub fn is_sym(&self, name: &str) -> bool {
        self.as_sym().is_some_and(|s| s.as_str() == name)
    }

    pub fn as_lit(&self) -> Option<&Lit> {
        match &self.kind {
            ExprKind::Lit(l) => Some(l),
            _ => None,
        }
    }

    pub fn is_line(&self) -> bool {
        matches!(self.kind, ExprKind::Line { .. })
    }

    /// The tree without its line nodes, as `Base.remove_linenums!` makes it and one step more: the line
    /// argument of a macro call goes, too, so that trees can be compared with written-down ones.
    pub fn without_lines(&self) -> Expr {
        let kind = match &self.kind {
            ExprKind::Node(head, args) => {
                ExprKind::Node(*head, args.iter().filter(|a| !a.is_line()).map(Expr::without_lines).collect())
            }
            ExprKind::Quote(x) => ExprKind::Quote(Box::new(x.without_lines())),
            other => other.clone(),
        };
        Expr { span: self.span, kind }
    }
}
