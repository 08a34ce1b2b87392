//! Expanded surface syntax: the shapes of [`syntax::Expr`] after macro expansion. Every name
//! carries the *layer* (macro expansion) it was written in, which is all that is left of hygiene.

use base::{Span, Symbol};
use ir::lowered::GlobalRef;
use runtime::Value;
use rustc_hash::FxHashMap;
use std::rc::Rc;
use std::sync::OnceLock;
use syntax::{Expr, Lit};

/// Interns a name once per place of use.
macro_rules! sym {
    ($text:expr) => {{
        static SYMBOL: std::sync::OnceLock<base::Symbol> = std::sync::OnceLock::new();
        *SYMBOL.get_or_init(|| base::Symbol::new($text))
    }};
}
pub(crate) use sym;

/// The macro expansion a name was written in; 0 is the code itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LayerId(pub u32);

impl LayerId {
    pub const ROOT: LayerId = LayerId(0);
}

/// An identifier as hygiene sees it: equal names of different expansions are different variables.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Name {
    pub sym: Symbol,
    pub layer: LayerId,
}

/// A value computed once by an earlier node of the same function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TmpId(pub u32);

/// A local variable or argument; index into `Vars`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VarId(pub u32);

#[derive(Clone, Debug)]
pub struct X {
    pub span: Span,
    pub kind: XK,
}

#[derive(Clone, Debug)]
pub enum XK {
    Node(Head, Vec<X>),
    Id(Name),
    Lit(Lit),
    /// A spliced-in object.
    Value(Value),
    /// Quoted code without interpolation.
    Inert(Rc<Expr>),
    Line,
    Global(GlobalRef),
    /// A `toplevel` or `module` expression, kept as it is for the evaluator of top-level code.
    Toplevel(Rc<Expr>),
    // Made by desugaring only:
    Tmp(TmpId),
    Var(VarId),
}

macro_rules! heads {
    ($($variant:ident = $text:literal,)*) => {
        /// The head of an expression.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Head {
            $($variant,)*
            /// `+=` and the like: the operator.
            Update(Symbol),
            /// `.+=` and the like: the operator without its dot.
            DotUpdate(Symbol),
            /// Anything else.
            Other(Symbol),
        }

        impl Head {
            pub fn text(self) -> String {
                match self {
                    $(Head::$variant => $text.to_string(),)*
                    Head::Update(op) => format!("{op}="),
                    Head::DotUpdate(op) => format!(".{op}="),
                    Head::Other(name) => name.to_string(),
                }
            }
        }

        fn head_table() -> &'static FxHashMap<Symbol, Head> {
            static TABLE: OnceLock<FxHashMap<Symbol, Head>> = OnceLock::new();
            TABLE.get_or_init(|| [$((Symbol::new($text), Head::$variant)),*].into_iter().collect())
        }
    };
}

heads! {
    Call = "call", Macrocall = "macrocall", Quote = "quote", Inert = "inert", Dollar = "$", Block = "block",
    If = "if", Elseif = "elseif", While = "while", For = "for", Break = "break", Continue = "continue",
    Return = "return", Try = "try", Let = "let", Function = "function", Arrow = "->", Assign = "=",
    DotAssign = ".=", Dot = ".", AndAnd = "&&", OrOr = "||", DotAndAnd = ".&&", DotOrOr = ".||",
    Comparison = "comparison", Decl = "::", Subtype = "<:", Supertype = ">:", LongArrow = "-->", Where = "where",
    Curly = "curly", Tuple = "tuple", Parameters = "parameters", Kw = "kw", Splat = "...", Ref = "ref",
    Vect = "vect", Hcat = "hcat", Vcat = "vcat", Ncat = "ncat", Row = "row", Nrow = "nrow",
    TypedHcat = "typed_hcat", TypedVcat = "typed_vcat", TypedNcat = "typed_ncat",
    Comprehension = "comprehension", TypedComprehension = "typed_comprehension", Generator = "generator",
    Flatten = "flatten", Filter = "filter", String = "string", Adjoint = "'", Do = "do", Local = "local",
    Global = "global", Const = "const", Outer = "outer", Struct = "struct", Abstract = "abstract",
    Primitive = "primitive", Module = "module", Import = "import", Using = "using", Export = "export",
    Public = "public", As = "as", Colon = ":", Macro = "macro", Toplevel = "toplevel", Escape = "escape",
    HygienicScope = "hygienic-scope", Meta = "meta", Inbounds = "inbounds", Boundscheck = "boundscheck",
    Loopinfo = "loopinfo", Isdefined = "isdefined", SymbolicGoto = "symbolicgoto", SymbolicLabel = "symboliclabel",
    Generated = "generated", New = "new", Splatnew = "splatnew", GcPreserve = "gc_preserve", Braces = "braces",
    Bracescat = "bracescat", Atomic = "atomic", Overlay = "overlay", Static = "static_parameter", Walrus = ":=",
    DotQuestion = "?",
}

impl Head {
    pub fn from_symbol(symbol: Symbol) -> Head {
        if let Some(&head) = head_table().get(&symbol) {
            return head;
        }
        let text = symbol.as_str();
        if let Some(op) = text.strip_suffix('=') {
            let comparison = matches!(text, "==" | "===" | "!=" | "!==" | "<=" | ">=");
            if !comparison && !op.is_empty() {
                return match op.strip_prefix('.') {
                    Some(op) if !op.is_empty() => Head::DotUpdate(Symbol::new(op)),
                    _ => Head::Update(Symbol::new(op)),
                };
            }
        }
        Head::Other(symbol)
    }
}

impl X {
    pub fn new(span: Span, kind: XK) -> X {
        X { span, kind }
    }

    pub fn node(span: Span, head: Head, args: Vec<X>) -> X {
        X { span, kind: XK::Node(head, args) }
    }

    pub fn id(span: Span, name: Name) -> X {
        X { span, kind: XK::Id(name) }
    }

    pub fn tmp(span: Span, tmp: TmpId) -> X {
        X { span, kind: XK::Tmp(tmp) }
    }

    pub fn block(span: Span, args: Vec<X>) -> X {
        X::node(span, Head::Block, args)
    }

    pub fn nothing(span: Span) -> X {
        X { span, kind: XK::Lit(Lit::Nothing) }
    }

    pub fn is(&self, head: Head) -> bool {
        matches!(&self.kind, XK::Node(h, _) if *h == head)
    }

    /// The arguments if this is a node with that head.
    pub fn args_of(&self, head: Head) -> Option<&[X]> {
        match &self.kind {
            XK::Node(h, args) if *h == head => Some(args),
            _ => None,
        }
    }

    pub fn as_node(&self) -> Option<(Head, &[X])> {
        match &self.kind {
            XK::Node(h, args) => Some((*h, args)),
            _ => None,
        }
    }

    pub fn as_id(&self) -> Option<Name> {
        match self.kind {
            XK::Id(name) => Some(name),
            _ => None,
        }
    }

    /// The plain symbol of an identifier, or of a quoted symbol (`:x`).
    pub fn as_symbol(&self) -> Option<Symbol> {
        match &self.kind {
            XK::Id(name) => Some(name.sym),
            XK::Inert(e) => match e.kind {
                syntax::ExprKind::Sym(s) => Some(s),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn is_line(&self) -> bool {
        matches!(self.kind, XK::Line)
    }

    /// Evaluating it has no effect and gives the same value at any later point of the same
    /// expression, assignments to variables aside.
    pub fn is_atom(&self) -> bool {
        !matches!(self.kind, XK::Node(..) | XK::Toplevel(_))
    }

    /// A constant: not even an assignment can change its value.
    pub fn is_constant(&self) -> bool {
        matches!(self.kind, XK::Lit(_) | XK::Value(_) | XK::Inert(_) | XK::Tmp(_) | XK::Line)
    }

    /// Does any identifier in here satisfy the predicate? (Quoted code aside.)
    pub fn mentions(&self, pred: &dyn Fn(Name) -> bool) -> bool {
        match &self.kind {
            XK::Id(name) => pred(*name),
            XK::Node(_, args) => args.iter().any(|a| a.mentions(pred)),
            _ => false,
        }
    }
}

/// Is this the name of a dotted operator (`.+`, `.<=`)? Gives the operator without its dot.
pub fn dotted_operator(name: Symbol) -> Option<Symbol> {
    let rest = name.as_str().strip_prefix('.')?;
    let first = rest.chars().next()?;
    (first != '.' && !first.is_alphanumeric() && first != '_').then(|| Symbol::new(rest))
}

/// `_`, `__`, …: may be assigned but never read.
pub fn is_underscore(name: Symbol) -> bool {
    name.as_str().bytes().all(|b| b == b'_')
}
