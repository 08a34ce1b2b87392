//! Builtins: the functions of module `Core` that no Julia code could define.

mod eval;
mod fields;
pub mod globals;
mod memory;

pub use fields::{getfield, setfield};

use crate::names::{ANY, named_enum};

named_enum! {
    /// A builtin function, by Julia's name in `Core`.
    pub enum Builtin {
        Egal = "===", 2..=2;
        Isa = "isa", 2..=2;
        Subtype = "<:", 2..=2;
        Typeof = "typeof", 1..=1;
        // `Type{x}` of a type, `typeof(x)` of all else: the type of a function in a signature.
        TypeofType = "Typeof", 1..=1;
        Typeassert = "typeassert", 2..=2;
        Tuple = "tuple", 0..=ANY;
        Getfield = "getfield", 2..=4;
        Setfield = "setfield!", 3..=4;
        Swapfield = "swapfield!", 3..=4;
        Modifyfield = "modifyfield!", 4..=5;
        Replacefield = "replacefield!", 4..=6;
        Setfieldonce = "setfieldonce!", 3..=5;
        Isdefined = "isdefined", 2..=3;
        Nfields = "nfields", 1..=1;
        Fieldtype = "fieldtype", 2..=3;
        ApplyType = "apply_type", 1..=ANY;
        Svec = "svec", 0..=ANY;
        SvecRef = "_svec_ref", 2..=2;
        SvecLen = "_svec_len", 1..=1;
        Ifelse = "ifelse", 3..=3;
        Throw = "throw", 1..=1;
        ThrowMethodError = "throw_methoderror", 1..=ANY;
        Sizeof = "sizeof", 1..=1;
        Typevar = "_typevar", 3..=3;
        UnionAllNew = "_unionall", 2..=2;
        ApplyIterate = "_apply_iterate", 2..=ANY;
        Apply = "_apply", 1..=ANY;
        Expr = "_expr", 1..=ANY;
        Invoke = "invoke", 2..=ANY;
        InvokeLatest = "invokelatest", 1..=ANY;
        CallInWorld = "_call_in_world", 2..=ANY;
        Applicable = "applicable", 1..=ANY;
        Kwcall = "kwcall", 2..=ANY;
        MemoryNew = "memorynew", 2..=2;
        MemoryrefNew = "memoryrefnew", 1..=3;
        MemoryrefGet = "memoryrefget", 3..=3;
        MemoryrefSet = "memoryrefset!", 4..=4;
        MemoryrefOffset = "memoryrefoffset", 1..=1;
        MemoryrefIsassigned = "memoryref_isassigned", 3..=3;
        MemoryrefUnset = "memoryref_unset!", 3..=3;
        MemoryrefSwap = "memoryrefswap!", 4..=4;
        MemoryrefModify = "memoryrefmodify!", 5..=5;
        MemoryrefReplace = "memoryrefreplace!", 6..=6;
        Getglobal = "getglobal", 2..=3;
        Setglobal = "setglobal!", 3..=4;
        Isdefinedglobal = "isdefinedglobal", 2..=4;
        GetBindingType = "get_binding_type", 2..=2;
        DoNotDelete = "donotdelete", 0..=ANY;
        CompilerBarrier = "compilerbarrier", 2..=2;
        Finalizer = "finalizer", 2..=4;
        CurrentExceptions = "_current_exceptions", 0..=0;
        Rethrow = "_rethrow", 0..=1;
    }
}
