//! The functions that compiled host code calls. They are implemented by the host's back-end as C
//! functions without destructors in their frames, because those that throw leave by `longjmp`.
//!
//! References are data addresses (`ptr`); types are passed as references too.

use llvm::{Attribute, AttributeSite, Context, Function, Module, Type};

/// One runtime function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rk {
    /// `(type, size) -> object`: zeroed, scanned by the collector.
    Alloc,
    /// `(type, size) -> object`: zeroed, holds no references.
    AllocAtomic,
    /// `(type of Memory, length, is_atomic) -> Memory`.
    MemoryNew,
    /// `(args, n) -> value`: generic call, the function first. Throws.
    ApplyGeneric,
    /// `(entry, args, n) -> value`: a host builtin. Throws.
    HostCall,
    /// `(builtin number, args, n) -> value`: a builtin on boxed arguments. Throws.
    Builtin,
    /// `(a, b) -> i8`: `===` on objects.
    Egal,
    /// `(value, type) -> i8`.
    Isa,
    /// `(binding) -> value`. Throws `UndefVarError`.
    LoadGlobal,
    /// `(binding, value)`. Throws where the binding may not be assigned.
    StoreGlobal,
    /// `(value)`: never returns.
    Throw,
    /// `(value, type)`: `TypeError` of a type assertion; never returns.
    ThrowTypeAssert,
    /// `(value)`: `TypeError`, a non-`Bool` as condition; never returns.
    ThrowNonBool,
    /// `(object, index)`: `BoundsError`; never returns.
    ThrowBounds,
    /// `(name)`: `UndefVarError`; never returns.
    ThrowUndefVar,
    /// Never returns.
    ThrowUndefRef,
    /// Never returns.
    ThrowDivide,
    /// Never returns.
    ThrowOverflow,
}

impl Rk {
    pub const ALL: &'static [Rk] = &[
        Rk::Alloc,
        Rk::AllocAtomic,
        Rk::MemoryNew,
        Rk::ApplyGeneric,
        Rk::HostCall,
        Rk::Builtin,
        Rk::Egal,
        Rk::Isa,
        Rk::LoadGlobal,
        Rk::StoreGlobal,
        Rk::Throw,
        Rk::ThrowTypeAssert,
        Rk::ThrowNonBool,
        Rk::ThrowBounds,
        Rk::ThrowUndefVar,
        Rk::ThrowUndefRef,
        Rk::ThrowDivide,
        Rk::ThrowOverflow,
    ];

    /// The linker's name.
    pub fn symbol(self) -> &'static str {
        match self {
            Rk::Alloc => "rk_alloc",
            Rk::AllocAtomic => "rk_alloc_atomic",
            Rk::MemoryNew => "rk_memory_new",
            Rk::ApplyGeneric => "rk_apply_generic",
            Rk::HostCall => "rk_host_call",
            Rk::Builtin => "rk_builtin",
            Rk::Egal => "rk_egal",
            Rk::Isa => "rk_isa",
            Rk::LoadGlobal => "rk_load_global",
            Rk::StoreGlobal => "rk_store_global",
            Rk::Throw => "rk_throw",
            Rk::ThrowTypeAssert => "rk_throw_typeassert",
            Rk::ThrowNonBool => "rk_throw_nonbool",
            Rk::ThrowBounds => "rk_throw_bounds",
            Rk::ThrowUndefVar => "rk_throw_undefvar",
            Rk::ThrowUndefRef => "rk_throw_undefref",
            Rk::ThrowDivide => "rk_throw_divide",
            Rk::ThrowOverflow => "rk_throw_overflow",
        }
    }

    fn is_noreturn(self) -> bool {
        self >= Rk::Throw
    }

    fn function_type(self, c: &Context) -> Type<'_> {
        let (p, i64, i8, i32, void) = (c.ptr_type(0), c.int_type(64), c.int_type(8), c.int_type(32), c.void_type());
        match self {
            Rk::Alloc | Rk::AllocAtomic => p.function(&[p, i64], false),
            Rk::MemoryNew => p.function(&[p, i64], false),
            Rk::ApplyGeneric => p.function(&[p, i64], false),
            Rk::HostCall => p.function(&[p, p, i64], false),
            Rk::Builtin => p.function(&[i32, p, i64], false),
            Rk::Egal | Rk::Isa => i8.function(&[p, p], false),
            Rk::LoadGlobal => p.function(&[p], false),
            Rk::StoreGlobal => void.function(&[p, p], false),
            Rk::Throw | Rk::ThrowNonBool | Rk::ThrowUndefVar => void.function(&[p], false),
            Rk::ThrowTypeAssert => void.function(&[p, p], false),
            Rk::ThrowBounds => void.function(&[p, i64], false),
            Rk::ThrowUndefRef | Rk::ThrowDivide | Rk::ThrowOverflow => void.function(&[], false),
        }
    }

    /// Its declaration in `module`.
    pub fn declare<'m>(self, module: &'m Module<'m>) -> Function<'m> {
        if let Some(f) = module.function(self.symbol()) {
            return f;
        }
        let f = module.add_function(self.symbol(), self.function_type(module.context()));
        let flag = |name| f.add_attribute(AttributeSite::Function, Attribute::Flag(name));
        // Throwing is a `longjmp`, which LLVM does not take for unwinding.
        flag("nounwind");
        if self.is_noreturn() {
            flag("noreturn");
            flag("cold");
        }
        match self {
            Rk::Alloc | Rk::AllocAtomic => {
                f.add_attribute(AttributeSite::Return, Attribute::Flag("noalias"));
                f.add_attribute(AttributeSite::Return, Attribute::Flag("nonnull"));
                // An object that nothing looks at need not be made. What it holds at first stays unsaid: the data are
                // zero, but the tag before them is not, and loads of it must not be taken for zero.
                f.add_attribute(AttributeSite::Function, Attribute::Int("allockind", ALLOCKIND_ALLOC));
                f.add_attribute(AttributeSite::Function, Attribute::Text("alloc-family", "rekindle"));
            }
            Rk::Egal | Rk::Isa => {
                flag("willreturn");
            }
            _ => {}
        }
        f
    }
}

/// `allockind("alloc")` as LLVM encodes it.
const ALLOCKIND_ALLOC: u64 = 1;
