//! The small language between desugaring and linearisation: everything Julia has, in few forms.

use crate::x::{Name, TmpId, VarId};
use base::{Span, Symbol};
use ir::lowered::{GlobalRef, ImportName, ImportPath, Meta};
use runtime::Value;

#[derive(Clone, Debug)]
pub struct Node {
    pub span: Span,
    pub kind: Kind,
}

/// The target of `break`/`continue`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LabelId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LambdaId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// `let`, `struct`: assignments make new local variables.
    Hard,
    /// Loops and `try`: at top level of a prompt, assignments mean existing globals.
    Soft,
}

#[derive(Clone, Debug)]
pub enum Kind {
    // ---- values
    Const(Value),
    /// A name before scope resolution.
    Id(Name),
    Var(VarId),
    Tmp(TmpId),
    /// Static parameter: the lambda it belongs to and its index there.
    StaticParam(LambdaId, u32),
    Global(GlobalRef),
    CopyAst(Value),
    Call(Box<Node>, Vec<Node>),
    New(Box<Node>, Vec<Node>),
    SplatNew(Box<Node>, Box<Node>),
    ForeignCall(Box<ForeignCall>),
    IsDefined(Box<Node>),
    Boundscheck,
    CurrentException,

    // ---- control
    /// The value is the last one's; empty: `nothing`.
    Block(Vec<Node>),
    If(Box<Node>, Box<Node>, Option<Box<Node>>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Loop {
        cond: Option<Box<Node>>,
        body: Box<Node>,
    },
    Labeled(LabelId, Box<Node>),
    Break(LabelId),
    Return(Box<Node>),
    Try(Box<Try>),
    SymbolicGoto(Name),
    SymbolicLabel(Name),

    // ---- variables
    /// Target is `Id`, `Var`, `Tmp` or `Global`; the value is the right side.
    Assign(Box<Node>, Box<Node>),
    Scope(ScopeKind, Box<Node>),
    /// Declares a local variable of the innermost scope.
    Local(Name),
    /// `for outer x`: an enclosing scope must have a local variable of this name.
    RequireLocal(Name),
    /// The first name is as local or global as the second; global where there is none.
    Follow(Name, Option<Name>),
    /// The variables of the scope that begins here: none has a value yet. Put in by scope resolution.
    Fresh(Vec<VarId>),
    /// Declares the type of a variable (`x::T` on a left side): of a local, or of a global in top-level code.
    TypeDecl(Box<Node>, Box<Node>),
    GlobalDecl(Name),
    /// `const x = v`; target is `Id` or `Global`.
    Const_(Box<Node>, Box<Node>),

    // ---- definitions
    /// Makes sure that the target names a function; the value is the function.
    FuncDecl(Box<Node>),
    Method(Box<Method>),
    NewType(Box<NewType>),
    FinishType {
        target: Box<Node>,
        ty: Box<Node>,
        supertype: Box<Node>,
        field_types: Option<Box<Node>>,
    },

    // ---- modules
    Using {
        path: ImportPath,
        names: Option<Vec<ImportName>>,
        import: bool,
    },
    Export {
        names: Vec<Symbol>,
        public: bool,
    },

    // ---- hints
    InboundsPush(bool),
    InboundsPop,
    LoopHint(Symbol),
}

#[derive(Clone, Debug)]
pub struct Try {
    pub body: Node,
    pub catch: Option<Node>,
    pub otherwise: Option<Node>,
    pub finally: Option<Node>,
}

#[derive(Clone, Debug)]
pub struct ForeignCall {
    pub name: Symbol,
    pub ret: Node,
    pub arg_types: Vec<Node>,
    pub args: Vec<Node>,
}

/// What a method is added to.
#[derive(Clone, Debug)]
pub enum Owner {
    /// The function of this name (`Id`, `Var` or `Global`).
    Function(Node),
    /// The objects of this type: `(self::T)(…)`, or a type's constructor as `Type{T}`.
    Type(Node),
}

#[derive(Clone, Debug)]
pub enum Binder {
    Name(Name),
    Var(VarId),
}

#[derive(Clone, Debug)]
pub struct Method {
    pub owner: Owner,
    /// The types of the arguments between the function and the ordinary arguments come first:
    /// for a keyword call method `kwcall` itself is the function and `owner` follows the keywords.
    pub arg_types: Vec<Node>,
    pub sparams: Vec<SparamDecl>,
    pub keyword_call: bool,
    pub table: Option<Node>,
    pub lambda: Lambda,
}

#[derive(Clone, Debug)]
pub struct SparamDecl {
    pub name: Name,
    pub lower: Option<Node>,
    pub upper: Option<Node>,
    /// The variable that holds the `TypeVar` while the signature is evaluated; given by scope resolution.
    pub var: Option<VarId>,
}

#[derive(Clone, Debug)]
pub struct Lambda {
    /// Given by scope resolution.
    pub id: LambdaId,
    pub name: Symbol,
    /// All arguments, including the function object.
    pub args: Vec<Binder>,
    pub is_va: bool,
    /// Given by scope resolution, from the method's.
    pub sparams: Vec<Symbol>,
    /// Values returned are converted to this type.
    pub ret_type: Option<Node>,
    pub body: Node,
    pub meta: Meta,
    pub generated: bool,
    /// Which argument is the closure object.
    pub self_index: usize,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum NewTypeForm {
    Abstract,
    Primitive(Node),
    Struct { field_names: Vec<Symbol>, const_fields: Vec<u32>, atomic_fields: Vec<u32>, mutable: bool, ninit: u32 },
}

#[derive(Clone, Debug)]
pub struct NewType {
    pub target: Node,
    pub params: Node,
    pub form: NewTypeForm,
}

impl Node {
    pub fn new(span: Span, kind: Kind) -> Node {
        Node { span, kind }
    }

    pub fn block(span: Span, nodes: Vec<Node>) -> Node {
        Node { span, kind: Kind::Block(nodes) }
    }

    pub fn tmp(span: Span, tmp: TmpId) -> Node {
        Node { span, kind: Kind::Tmp(tmp) }
    }

    pub fn var(span: Span, var: VarId) -> Node {
        Node { span, kind: Kind::Var(var) }
    }

    pub fn id(span: Span, name: Name) -> Node {
        Node { span, kind: Kind::Id(name) }
    }

    pub fn assign(span: Span, target: Node, value: Node) -> Node {
        Node { span, kind: Kind::Assign(Box::new(target), Box::new(value)) }
    }

    pub fn call(span: Span, f: Node, args: Vec<Node>) -> Node {
        Node { span, kind: Kind::Call(Box::new(f), args) }
    }

    pub fn if_(span: Span, cond: Node, then: Node, otherwise: Option<Node>) -> Node {
        Node { span, kind: Kind::If(Box::new(cond), Box::new(then), otherwise.map(Box::new)) }
    }

    pub fn scope(span: Span, kind: ScopeKind, body: Node) -> Node {
        Node { span, kind: Kind::Scope(kind, Box::new(body)) }
    }

    /// No effect and no evaluation to speak of.
    pub fn is_atom(&self) -> bool {
        matches!(
            self.kind,
            Kind::Const(_) | Kind::Id(_) | Kind::Var(_) | Kind::Tmp(_) | Kind::StaticParam(..) | Kind::Global(_)
        )
    }

    /// Visits the direct sub-nodes in the order of evaluation. The parts of a method (signature,
    /// lambda) are *not* visited: they belong to other scopes.
    pub fn each_child<'a>(&'a self, f: &mut dyn FnMut(&'a Node)) {
        match &self.kind {
            Kind::Call(callee, args) | Kind::New(callee, args) => {
                f(callee);
                args.iter().for_each(f);
            }
            Kind::SplatNew(a, b) | Kind::TypeDecl(a, b) => {
                f(a);
                f(b);
            }
            Kind::Assign(target, value) | Kind::Const_(target, value) => {
                f(value);
                f(target);
            }
            Kind::ForeignCall(c) => {
                f(&c.ret);
                c.arg_types.iter().for_each(&mut *f);
                c.args.iter().for_each(f);
            }
            Kind::IsDefined(a) | Kind::Return(a) | Kind::Labeled(_, a) | Kind::Scope(_, a) | Kind::FuncDecl(a) => f(a),
            Kind::Block(nodes) | Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(f),
            Kind::If(c, a, b) => {
                f(c);
                f(a);
                if let Some(b) = b {
                    f(b);
                }
            }
            Kind::Loop { cond, body } => {
                if let Some(c) = cond {
                    f(c);
                }
                f(body);
            }
            Kind::Try(t) => {
                f(&t.body);
                [&t.catch, &t.otherwise, &t.finally].into_iter().flatten().for_each(f);
            }
            Kind::NewType(t) => {
                if let NewTypeForm::Primitive(bits) = &t.form {
                    f(bits);
                }
                f(&t.params);
                f(&t.target);
            }
            Kind::FinishType { target, ty, supertype, field_types } => {
                f(ty);
                f(supertype);
                if let Some(types) = field_types {
                    f(types);
                }
                f(target);
            }
            Kind::Const(_)
            | Kind::Id(_)
            | Kind::Var(_)
            | Kind::Tmp(_)
            | Kind::StaticParam(..)
            | Kind::Global(_)
            | Kind::CopyAst(_)
            | Kind::Boundscheck
            | Kind::CurrentException
            | Kind::Break(_)
            | Kind::SymbolicGoto(_)
            | Kind::SymbolicLabel(_)
            | Kind::Local(_)
            | Kind::Follow(..)
            | Kind::Fresh(_)
            | Kind::RequireLocal(_)
            | Kind::GlobalDecl(_)
            | Kind::Method(_)
            | Kind::Using { .. }
            | Kind::Export { .. }
            | Kind::InboundsPush(_)
            | Kind::InboundsPop
            | Kind::LoopHint(_) => {}
        }
    }

    /// As [`Node::each_child`], with the sub-nodes to be changed.
    pub fn each_child_mut(&mut self, f: &mut dyn FnMut(&mut Node)) {
        match &mut self.kind {
            Kind::Call(callee, args) | Kind::New(callee, args) => {
                f(callee);
                args.iter_mut().for_each(f);
            }
            Kind::SplatNew(a, b) | Kind::TypeDecl(a, b) => {
                f(a);
                f(b);
            }
            Kind::Assign(target, value) | Kind::Const_(target, value) => {
                f(value);
                f(target);
            }
            Kind::ForeignCall(c) => {
                f(&mut c.ret);
                c.arg_types.iter_mut().for_each(&mut *f);
                c.args.iter_mut().for_each(f);
            }
            Kind::IsDefined(a) | Kind::Return(a) | Kind::Labeled(_, a) | Kind::Scope(_, a) | Kind::FuncDecl(a) => f(a),
            Kind::Block(nodes) | Kind::And(nodes) | Kind::Or(nodes) => nodes.iter_mut().for_each(f),
            Kind::If(c, a, b) => {
                f(c);
                f(a);
                if let Some(b) = b {
                    f(b);
                }
            }
            Kind::Loop { cond, body } => {
                if let Some(c) = cond {
                    f(c);
                }
                f(body);
            }
            Kind::Try(t) => {
                f(&mut t.body);
                [&mut t.catch, &mut t.otherwise, &mut t.finally].into_iter().flatten().for_each(f);
            }
            Kind::NewType(t) => {
                if let NewTypeForm::Primitive(bits) = &mut t.form {
                    f(bits);
                }
                f(&mut t.params);
                f(&mut t.target);
            }
            Kind::FinishType { target, ty, supertype, field_types } => {
                f(ty);
                f(supertype);
                if let Some(types) = field_types {
                    f(types);
                }
                f(target);
            }
            _ => {}
        }
    }
}
