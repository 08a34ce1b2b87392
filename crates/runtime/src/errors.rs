//! Makers of Core's exception objects.

use crate::{Exception, Value, core_types, object};
use base::Symbol;

/// An exception object of the Core type of this name, from its fields.
fn make(name: &str, fields: &[Value]) -> Exception {
    let c = core_types();
    let ty = c.error_types.get(name).copied().unwrap_or(c.error_exception);
    // SAFETY: the makers below give each field a value of its type, and no more fields than there are.
    Exception(unsafe { object::new_unchecked(crate::info(ty), fields) })
}

/// `ErrorException(message)`
pub fn error(message: &str) -> Exception {
    make("ErrorException", &[Value::string(message)])
}

/// `ArgumentError(message)`
pub fn argument(message: &str) -> Exception {
    make("ArgumentError", &[Value::string(message)])
}

/// `SystemError(what, errno)` for what the system refused; `ErrorException` where it gave no number.
pub fn system(what: &str, e: &std::io::Error) -> Exception {
    let ty = crate::module::root(base::Symbol::new("Base")).and_then(|m| m.get_str("SystemError"));
    let object = e.raw_os_error().zip(ty.and_then(Value::as_type)).and_then(|(number, ty)| {
        let number = Value::bits(core_types().int32, number);
        crate::new_object(ty, &[Value::string(what), number, Value::nothing()]).ok()
    });
    object.map_or_else(|| error(&format!("SystemError: {what}: {e}")), Exception)
}

/// `TypeError(func, context, expected, got)`
pub fn type_error(func: &str, context: &str, expected: Value, got: Value) -> Exception {
    make("TypeError", &[Value::symbol(func), Value::string(context), expected, got])
}

/// `BoundsError(a, i)`
pub fn bounds(a: Value, i: i64) -> Exception {
    make("BoundsError", &[a, Value::int(i)])
}

/// `DivideError()`
pub fn divide() -> Exception {
    make("DivideError", &[])
}

/// `DomainError(value, message)`
pub fn domain(value: Value, message: &str) -> Exception {
    make("DomainError", &[value, Value::string(message)])
}

/// `OverflowError(message)`
pub fn overflow(message: &str) -> Exception {
    make("OverflowError", &[Value::string(message)])
}

/// `InexactError(func, T, value)`
pub fn inexact(func: &str, ty: Value, value: Value) -> Exception {
    make("InexactError", &[Value::symbol(func), object::tuple(&[ty, value])])
}

/// `UndefRefError()`
pub fn undef_ref() -> Exception {
    make("UndefRefError", &[])
}

/// `UndefVarError(name)` of a local variable (scope `:local`).
pub fn undef_local(name: Symbol) -> Exception {
    make("UndefVarError", &[Value::symbol(name), Value::symbol("local")])
}

/// `UndefVarError(name, :static_parameter)`
pub fn undef_static_parameter(name: Symbol) -> Exception {
    make("UndefVarError", &[Value::symbol(name), Value::symbol("static_parameter")])
}

/// `UndefVarError(name, module)`
pub fn undef_global(module: Value, name: Symbol) -> Exception {
    make("UndefVarError", &[Value::symbol(name), module])
}

/// `UndefKeywordError(name)`
pub fn undef_keyword(name: Symbol) -> Exception {
    make("UndefKeywordError", &[Value::symbol(name)])
}

/// `MethodError(f, args, world)`
pub fn method(f: Value, args: &[Value], world: u64) -> Exception {
    make("MethodError", &[f, object::tuple(args), Value::uint64(world)])
}

/// `StackOverflowError()`
pub fn stack_overflow() -> Exception {
    make("StackOverflowError", &[])
}

/// `OutOfMemoryError()`
pub fn out_of_memory() -> Exception {
    make("OutOfMemoryError", &[])
}

/// `FieldError`'s place in 1.11: `type T has no field f`.
pub fn no_field(ty: types::Ty, name: Symbol) -> Exception {
    error(&format!("type {} has no field {name}", short_name(ty)))
}

/// A type's name without its parameters.
pub fn short_name(ty: types::Ty) -> String {
    ty.name().map_or_else(|| ty.to_string(), |n| n.name().to_string())
}

/// `LoadError(file, line, error)`
pub fn load(file: &str, line: i64, inner: Value) -> Exception {
    make("LoadError", &[Value::string(file), Value::int(line), inner])
}

/// The exception that a `LoadError` stands around.
pub fn load_cause(e: Value) -> Option<Value> {
    let wraps = e.type_of().name().is_some_and(|n| n.name().as_str() == "LoadError");
    wraps.then(|| crate::object::fields_of(e).last().copied()).flatten()
}

/// `AssertionError(message)`
pub fn assertion(message: &str) -> Exception {
    make("AssertionError", &[Value::string(message)])
}

/// `ConcurrencyViolationError(message)`
pub fn concurrency(message: &str) -> Exception {
    make("ConcurrencyViolationError", &[Value::string(message)])
}
