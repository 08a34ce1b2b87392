//! Functions as objects: generic functions, builtins, intrinsics and host functions.

use crate::{Builtin, Intrinsic, Module, Value, core_types, info, reflect};
use base::Symbol;
use types::{NameKind, Ty, TypeDecl, TypeName};

/// What calling an object means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callee {
    Builtin(Builtin),
    Intrinsic(Intrinsic),
    /// Index into [`crate::host::functions`].
    Host(u32),
    /// Anything else: the methods decide.
    Generic,
}

/// What calling `f` means.
#[inline]
pub fn callee(f: Value) -> Callee {
    let c = core_types();
    let t = f.type_of();
    // SAFETY: each type's objects are made in this file, with a number as data.
    unsafe {
        if t == c.intrinsicfunction {
            return Intrinsic::ALL.get(f.read::<u32>(0) as usize).map_or(Callee::Generic, |&i| Callee::Intrinsic(i));
        }
        if t == c.hostfunction {
            return Callee::Host(f.read(0));
        }
    }
    match info(t).builtin {
        Some(b) => Callee::Builtin(b),
        None => Callee::Generic,
    }
}

/// The singleton type of a function called `name` in the module of this path.
fn function_type(name: Symbol, module: Symbol, supertype: Ty) -> TypeName {
    let decl = TypeDecl {
        name: Symbol::new(&format!("#{name}")),
        module,
        params: Vec::new(),
        kind: NameKind::Struct { mutable: false },
    };
    let n = TypeName::declare(decl);
    // The two supertypes used here are abstract types without parameters, always legal.
    let _ = n.set_supertype(supertype);
    n.set_fields(types::FieldDefs::default());
    n.set_function(name);
    n
}

/// A new generic function without methods.
pub fn new_function(module: &'static Module, name: Symbol) -> Value {
    let n = function_type(name, Symbol::new(&module.path()), core_types().function);
    info(n.body()).instance.expect("a type without fields has one instance")
}

/// The object of a builtin.
pub fn builtin_object(b: Builtin) -> Value {
    core_types().builtins[b as usize]
}

/// The object of an intrinsic.
pub fn intrinsic_object(i: Intrinsic) -> Value {
    core_types().intrinsics[i as usize]
}

/// The object of a host function.
pub fn host_object(index: u32) -> Value {
    core_types().hosts[index as usize]
}

/// Makes the singleton of a builtin (once, at start).
pub(crate) fn make_builtin(b: Builtin, supertype: Ty) -> Value {
    let n = function_type(Symbol::new(b.name()), Symbol::new("Core"), supertype);
    // Read by `builtin_of_type` when the type's facts are computed.
    n.scratch(1).store(b as usize + 1, std::sync::atomic::Ordering::Release);
    info(n.body()).instance.expect("a type without fields has one instance")
}

/// The builtin whose singleton type this is.
pub(crate) fn builtin_of_type(ty: Ty) -> Option<Builtin> {
    let n = ty.name()?;
    if !n.name().as_str().starts_with('#') || n.module().as_str() != "Core" {
        return None;
    }
    let k = n.scratch(1).load(std::sync::atomic::Ordering::Acquire);
    Builtin::ALL.get(k.wrapping_sub(1)).copied()
}

/// The name of a function (`nameof`): of a closure or a callable object its type's.
pub fn name_of(f: Value) -> Symbol {
    match callee(f) {
        Callee::Intrinsic(i) => return Symbol::new(i.name()),
        Callee::Host(i) => return Symbol::new(crate::host::functions()[i as usize].name),
        Callee::Builtin(b) => return Symbol::new(b.name()),
        Callee::Generic => {}
    }
    if let Some(ty) = f.as_type() {
        return ty.unwrap_unionall().name().map_or_else(|| Symbol::new("Union"), |n| n.name());
    }
    let Some(n) = f.type_of().name() else { return Symbol::new("?") };
    n.function().unwrap_or_else(|| n.name())
}

/// The module that a function's type belongs to.
pub fn module_of(f: Value) -> Option<&'static Module> {
    reflect::module_by_path(f.type_of().name()?.module().as_str())
}
