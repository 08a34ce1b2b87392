//! Lowered IR: one [`CodeInfo`] per source function or top-level expression.
//!
//! Three-address form: every operand is atomic, statement `i` defines SSA value `i`, jumps name
//! statement indices. Slots are mutable local variables; the first `nargs` slots are the
//! arguments, slot 0 being the function object itself (`#self#`).

use base::{Span, Symbol};
use runtime::Value;
use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SlotId(pub u32);
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SsaId(pub u32);

/// A name resolved to a module (a `Module` object) but not yet to a binding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct GlobalRef {
    pub module: Value,
    pub name: Symbol,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operand {
    Ssa(SsaId),
    Slot(SlotId),
    /// Static parameter by index into `CodeInfo::sparams`.
    StaticParam(u32),
    Global(GlobalRef),
    /// A literal or an object spliced into the code (pinned for the life of the process).
    Const(Value),
}

#[derive(Clone, Debug)]
pub struct SlotInfo {
    pub name: Symbol,
    /// A read may come before any assignment (or after a [`Stmt::NewVar`]); where false, no check is needed.
    pub maybe_undef: bool,
    pub span: Span,
}

/// A statement. Reading an undefined slot, static parameter or global as an operand throws
/// `UndefVarError`, in any statement. Defines the SSA value of its index (nothing useful where it has no result).
#[derive(Clone, Debug)]
pub enum Stmt {
    /// Reads an operand (of a slot: its value at this point). Throws `UndefVarError`.
    Read(Operand),
    /// Generic call, also of builtins and intrinsics. Splat is `Core._apply_iterate(iterate, f, tuples...)`,
    /// keywords are `Core.kwcall(nt, f, args...)`.
    Call {
        f: Operand,
        args: Vec<Operand>,
    },
    /// `new`: builds an object of type `ty` from field values without conversion (conversions are explicit
    /// `convert` calls that lowering emits before). Fewer values than fields leave the rest undefined.
    New {
        ty: Operand,
        args: Vec<Operand>,
    },
    /// `new(args...)` with the fields from one tuple.
    SplatNew {
        ty: Operand,
        tuple: Operand,
    },
    /// `ccall((:name, …), Ret, (Args...), args...)`. `ret` and `arg_types` are operands holding types.
    ForeignCall {
        name: Symbol,
        ret: Operand,
        arg_types: Vec<Operand>,
        args: Vec<Operand>,
    },
    SetSlot {
        slot: SlotId,
        value: Operand,
    },
    /// Makes a slot undefined again (fresh variable per loop iteration).
    NewVar(SlotId),
    SetGlobal {
        global: GlobalRef,
        value: Operand,
    },
    Goto(u32),
    /// Falls through where `cond` is true; throws `TypeError` where it is not a `Bool`.
    GotoIfNot {
        cond: Operand,
        target: u32,
    },
    Return(Operand),
    /// Enters a `try`: an exception jumps to statement `catch`. Nesting is lexical.
    Enter {
        catch: u32,
    },
    /// Leaves `n` enclosing `try` blocks normally.
    Leave(u32),
    /// Ends the handling of the current exception.
    PopException,
    /// The exception being handled (valid in a catch block).
    CurrentException,
    /// Is the variable defined? (`@isdefined`, static parameters, globals)
    IsDefined(Operand),
    /// Throws `UndefVarError(name, local)` unless `cond`.
    ThrowUndefIfNot {
        name: Symbol,
        cond: Operand,
    },
    /// True where bounds are to be checked here (a `@boundscheck` block).
    Boundscheck,
    /// `@inbounds`: pushes true or false; regions nest and are lexical.
    InboundsPush(bool),
    InboundsPop,
    /// A fresh copy of a quoted `Expr` tree.
    CopyAst(Value),
    /// `@simd`/`@unroll`/`ivdep` hint on the loop whose header follows.
    LoopHint(Symbol),
    Nop,

    // ---- only in top-level code -------------------------------------------------------------
    /// `function f end` or the function part of a method definition: makes sure that `global` is
    /// bound to a generic function (or returns the existing callable object).
    DefineFunction(GlobalRef),
    /// Adds a method. `sig` holds `svec(svec(argument types incl. the function's), svec(TypeVars, outermost first))`;
    /// in argument types a trailing `Vararg{T}` marks a variadic method; the definition's place is `code.span`.
    /// `table` an overlay table object, if any.
    ///
    /// `captured` is not empty for a global method that uses local variables of the top-level code around
    /// it (`let n = 0; global count() = (n += 1); end`): the first statements of `code` are then one
    /// placeholder `Read` each; the definition replaces them, in a copy of the code, by `Read(Const(value))`.
    DefineMethod {
        table: Option<Operand>,
        sig: Operand,
        code: Arc<CodeInfo>,
        captured: Vec<Operand>,
    },
    /// `global x`, with an optional declared type (`x::T`).
    DeclareGlobal {
        global: GlobalRef,
        ty: Option<Operand>,
    },
    /// `const x = v`; value must have been computed.
    DeclareConst {
        global: GlobalRef,
        value: Operand,
    },
    /// Makes a new nominal type, still without supertype and field types, and *not* yet bound to its
    /// name: what follows may mention it (`struct A <: B{A}; next::A; end`). The value is the type
    /// as Julia code sees it (a `UnionAll` where it has parameters). `params` is an svec of `TypeVar`s.
    NewType {
        global: GlobalRef,
        params: Operand,
        kind: NewTypeKind,
    },
    /// Completes the type `ty` made by [`Stmt::NewType`] and binds `global` to it as a constant. Where
    /// `global` already is an equivalent type, that one is kept. The value is the type bound. `field_types`
    /// (structs only) is an svec; it and `supertype` are over the `TypeVar`s given to `NewType`.
    FinishType {
        global: GlobalRef,
        ty: Operand,
        supertype: Operand,
        field_types: Option<Operand>,
    },
    /// `module`: evaluates `body` (a quoted toplevel `Expr` value, or syntax held by lowering) in a new module.
    DefineModule {
        name: Symbol,
        bare: bool,
        body: Arc<syntax_body::ModuleBody>,
    },
    Using {
        module: Value,
        path: ImportPath,
        names: Option<Vec<ImportName>>,
        import: bool,
    },
    Export {
        module: Value,
        names: Vec<Symbol>,
        public: bool,
    },
}

/// What kind of type [`Stmt::NewType`] makes.
#[derive(Clone, Debug)]
pub enum NewTypeKind {
    Abstract,
    /// Number of bits.
    Primitive {
        bits: Operand,
    },
    /// `const_fields` and `atomic_fields` are field indices (from 0); the first `ninit` fields are always initialised.
    Struct {
        field_names: Vec<Symbol>,
        const_fields: Vec<u32>,
        atomic_fields: Vec<u32>,
        mutable: bool,
        ninit: u32,
    },
}

/// `a.b.c` with the number of leading dots (0 absolute, 1 `.`, 2 `..`).
#[derive(Clone, Debug)]
pub struct ImportPath {
    pub dots: u32,
    pub names: Vec<Symbol>,
    /// `import A.B as C`
    pub alias: Option<Symbol>,
}

#[derive(Clone, Debug)]
pub struct ImportName {
    pub name: Symbol,
    pub alias: Option<Symbol>,
}

pub mod syntax_body {
    //! The body of a module, opaque to everything but the evaluator of top-level code.
    use std::any::Any;
    use std::fmt;

    pub struct ModuleBody(pub Box<dyn Any + Send + Sync>);
    impl fmt::Debug for ModuleBody {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("ModuleBody")
        }
    }
}

/// Function-level hints.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Meta {
    pub inline: Option<bool>,
    pub propagate_inbounds: bool,
    /// `@assume_effects :foldable` and the like, or `@pure`.
    pub foldable: bool,
    pub fastmath: bool,
    /// Bit i: do not specialise on argument i.
    pub nospecialize: u64,
    /// Constant propagation forced (`@constprop :aggressive`) or forbidden.
    pub constprop: Option<bool>,
}

/// One function body.
#[derive(Clone, Debug)]
pub struct CodeInfo {
    pub name: Symbol,
    /// The `Module` object in which global names resolve.
    pub module: Value,
    /// Arguments including `#self#`; with `is_va` the last one collects the rest as a tuple.
    pub nargs: u32,
    pub is_va: bool,
    pub slots: Vec<SlotInfo>,
    pub sparams: Vec<Symbol>,
    pub stmts: Vec<Stmt>,
    /// Parallel to `stmts`.
    pub spans: Vec<Span>,
    pub meta: Meta,
    /// `@generated`: running `stmts` with argument *types* gives the expression of the real body.
    pub generated: bool,
    /// Definition site.
    pub span: Span,
    /// Set where this is only the outline of a method: right but for slots after the arguments and hints, and without
    /// statements.
    /// Whoever needs those goes through [`code_of`].
    pub deferred: Option<Arc<Deferred>>,
}

/// A method's code that is made when it is first asked for.
pub struct Deferred {
    make: Box<dyn Fn() -> Option<Arc<CodeInfo>> + Send + Sync>,
    code: OnceLock<Option<Arc<CodeInfo>>>,
}

impl Deferred {
    /// `make` runs once, in the thread that first needs the code; `None` if the code turns out to be wrong. It must
    /// not ask for the code it makes.
    pub fn new(make: impl Fn() -> Option<Arc<CodeInfo>> + Send + Sync + 'static) -> Deferred {
        Deferred { make: Box::new(make), code: OnceLock::new() }
    }

    /// The code.
    pub fn get(&self) -> Option<Arc<CodeInfo>> {
        self.code.get_or_init(|| (self.make)()).clone()
    }
}

impl fmt::Debug for Deferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deferred")
    }
}

/// The whole code of a method, given its source; `None` if that is not Julia code.
pub fn code_of(source: &Arc<dyn Any + Send + Sync>) -> Option<Arc<CodeInfo>> {
    let code = source.clone().downcast::<CodeInfo>().ok()?;
    match &code.deferred {
        Some(deferred) => deferred.get(),
        None => Some(code),
    }
}
