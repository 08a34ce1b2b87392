//! What a unit's bitcode does not say of itself: callees, relocations, places that throw, places that call.

use crate::RuntimeFunction;
use base::{Span, Symbol};
use ir::lowered::GlobalRef;
use ir::typed::Callee;
use types::Ty;

/// How a unit is emitted: the options of a job that reach un-optimised code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct UnitOptions {
    /// Also emit a function with boxed arguments and result (hosts only).
    pub wrapper: bool,
    /// What device code reports of an exception: 0 only that there was one, 1 its name and message, 2 the calls that led
    /// to it, too.
    pub debug_level: u8,
    /// A function of a device's runtime library: nothing but the state is hidden in its signature.
    pub library: bool,
}

impl Default for UnitOptions {
    fn default() -> UnitOptions {
        UnitOptions { wrapper: false, debug_level: 1, library: false }
    }
}

impl UnitOptions {
    /// For functions that the interpreter calls.
    pub fn host() -> UnitOptions {
        UnitOptions { wrapper: true, ..UnitOptions::default() }
    }
}

/// What an external symbol of a unit stands for, besides callees and C functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RelocationTarget {
    /// The data of an object.
    Object(runtime::Value),
    /// The word that tags objects of this type.
    Tag(Ty),
    /// The entry of a host builtin.
    Host(Symbol),
    /// The binding of a global variable.
    Binding(GlobalRef),
}

/// How a target's code gets at what relocations stand for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum RelocationStyle {
    /// A symbol's address is the object's: a linker in this process defines it.
    #[default]
    Link,
    /// A symbol is a writable variable, the size of a reference, that the loader fills.
    Patch,
    /// References are slots of a table, which the code gets as a hidden argument: for machines whose loaders cannot write
    /// to variables.
    Table,
}

/// How one relocation is resolved.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RelocationKind {
    /// Define the symbol as the address.
    Link,
    /// Write the address to the variable of that name.
    Patch,
    /// Put the address into this slot of the table argument.
    Table { slot: u32 },
}

/// Something that whoever links or loads the code has to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Relocation {
    /// Its name in the module (in messages only, for slots of a table).
    pub symbol: String,
    pub kind: RelocationKind,
    pub target: RelocationTarget,
}

/// An address that is part of the code: it serves the session that made it and no other.
#[derive(Clone, Debug, PartialEq)]
pub struct Bake {
    /// In words: ``a raw address in a constant of type `Ptr{Int64}` ``.
    pub what: String,
    /// Function and place that use it.
    pub function: Symbol,
    pub span: Span,
}

/// A function with a place in it: one level of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub function: Symbol,
    pub span: Span,
}

/// A place in device code that reports an exception. Its number within the unit is its index.
#[derive(Clone, Debug, PartialEq)]
pub struct ThrowSite {
    /// Name of the exception's type.
    pub kind: String,
    /// Message, where it is known when compiling.
    pub message: Option<String>,
    /// Number of integers recorded with it.
    pub args: u32,
    /// Function that throws.
    pub function: Symbol,
    pub span: Span,
    /// The functions inlined around the place and the one that was compiled, innermost first.
    pub frames: Vec<Frame>,
    /// How the exception is made of what the throw recorded, on machines that record more than integers.
    pub recipe: Option<std::sync::Arc<crate::Recipe>>,
}

/// Added to the number of a site whose throw records data: its address and its size in bytes come in place of the first two integers.
pub const RECORDS_DATA: u32 = 1 << 30;

/// A call between compiled functions, numbered like throw sites; only at debug level 2.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSite {
    /// As of [`ThrowSite::frames`].
    pub frames: Vec<Frame>,
}

/// What the bitcode does not say of itself.
#[derive(Clone, Debug, Default)]
pub struct UnitInfo {
    /// The symbols `callee.N` in the order of first use.
    pub callees: Vec<(String, Callee)>,
    pub relocations: Vec<Relocation>,
    /// Addresses in the code.
    pub bakes: Vec<Bake>,
    /// C functions that the unit calls.
    pub foreign: Vec<(Symbol, Span)>,
    pub sites: Vec<ThrowSite>,
    pub calls: Vec<CallSite>,
    /// Ends work-items by exceptions (at debug level 0 without saying which).
    pub throws: bool,
    /// Runs `gpu_barrier` itself (not through callees).
    pub has_barrier: bool,
    /// Reads the kernel state itself (not through callees).
    pub uses_state: bool,
    /// Asks for the kernel state as such (not through callees): the launch has to give one.
    pub kernel_state: bool,
    /// The functions of the runtime library that it calls, in the order of first use.
    pub runtime: Vec<RuntimeFunction>,
    /// Has a `wrapper`.
    pub has_wrapper: bool,
}

/// The number that device code records where it does not say what was thrown.
pub const NO_SITE: u32 = u32::MAX - 1;
/// The most calls that a report of an exception names.
pub const MAX_STACK: usize = 16;

/// Why no other session could name this object: it is known by its address alone. `None` if it can be named: symbols, strings,
/// types, functions and other singletons, plain data, and immutable objects of such.
pub fn session_bound(v: runtime::Value) -> Option<String> {
    fn look(v: runtime::Value, depth: u32) -> Option<String> {
        let ty = v.type_of();
        if v.as_symbol().is_some()
            || v.as_type().is_some()
            || v.as_bytes().is_some()
            || ty.is_singleton()
            || runtime::Module::from_value(v).is_some()
        {
            return None;
        }
        if ty.is_mutable() || depth == 0 {
            return Some(format!("an object of type `{ty}`, which is on the heap of this session"));
        }
        if ty.name().is_some_and(|n| matches!(n.name().as_str(), "Ptr" | "LLVMPtr")) {
            // SAFETY: pointers are eight bytes of data.
            let null = unsafe { v.read::<u64>(0) } == 0;
            return (!null).then(|| format!("a raw address of type `{ty}`"));
        }
        let info = runtime::info(ty);
        (0..info.fields.len()).find_map(|i| look(runtime::object::get_index(v, i).ok()?, depth - 1))
    }
    look(v, 16)
}
