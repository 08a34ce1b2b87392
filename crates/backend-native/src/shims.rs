//! The runtime functions that compiled host code calls (`codegen::host_abi`), and the entry into
//! compiled code.
//!
//! A shim that throws leaves by `longjmp`, over its own frame: it holds nothing that has a
//! destructor at that point.

use codegen::host_abi::Rk;
use runtime::host::HostFunction;
use runtime::{Binding, Builtin, Exception, Value, array, errors, gc};
use types::Ty;

unsafe extern "C" {
    fn rk_enter(f: unsafe extern "C" fn(*mut u8, usize) -> *mut u8, a: *mut u8, b: usize, result: *mut *mut u8) -> i32;
    fn rk_leave(exception: *mut u8) -> !;
    fn rk_stack_is_short() -> i32;
}

/// Outcomes of `rk_enter`.
const RETURNED: i32 = 0;
const OVERFLOWED: i32 = 2;

/// How compiled code was left other than by returning.
pub enum Left {
    /// With this exception (null where there is no object).
    Threw(*mut u8),
    /// By running out of stack.
    Overflowed,
}

/// Throws where too little of the stack is left for what a shim calls.
#[inline]
fn check_stack() {
    // SAFETY: a query about the current thread.
    if unsafe { rk_stack_is_short() } != 0 {
        throw(errors::stack_overflow());
    }
}

/// Leaves compiled code with an exception.
fn throw(e: Exception) -> ! {
    // SAFETY: shims are called by compiled code, which runs inside `enter`; the frames between have
    // no destructors.
    unsafe { rk_leave(e.0.as_ptr()) }
}

/// Leaves a kernel without an exception object (the record is in the launch's state).
///
/// # Safety
/// Called by code that [`enter_raw`] entered, over frames without destructors.
pub unsafe fn leave_kernel() -> ! {
    // SAFETY: by the contract above.
    unsafe { rk_leave(std::ptr::null_mut()) }
}

/// Calls `f(a, b)`; false where it left by an exception.
///
/// # Safety
/// `f` may be called with these arguments, and leaves only frames without destructors behind.
pub unsafe fn enter_raw(
    f: unsafe extern "C" fn(*mut u8, usize) -> *mut u8,
    a: *mut u8,
    b: usize,
) -> Result<*mut u8, Left> {
    let mut result = std::ptr::null_mut();
    // SAFETY: by the contract above.
    match unsafe { rk_enter(f, a, b, &mut result) } {
        RETURNED => Ok(result),
        OVERFLOWED => Err(Left::Overflowed),
        _ => Err(Left::Threw(result)),
    }
}

/// Calls the boxed entry of a compiled function.
///
/// # Safety
/// `f` is such an entry, for as many arguments of these types.
pub unsafe fn enter(f: usize, args: &[Value]) -> Result<Value, Exception> {
    gc::enter();
    // SAFETY: by the contract above; entries return and throw objects.
    unsafe {
        let f: unsafe extern "C" fn(*mut u8, usize) -> *mut u8 = std::mem::transmute(f);
        match enter_raw(f, args.as_ptr() as *mut u8, args.len()) {
            Ok(value) => Ok(Value::from_ptr(value)),
            Err(Left::Threw(exception)) => Err(Exception(Value::from_ptr(exception))),
            Err(Left::Overflowed) => Err(errors::stack_overflow()),
        }
    }
}

/// The result of a fallible runtime function, or out.
fn value_or_throw(result: Result<Value, Exception>) -> Value {
    match result {
        Ok(v) => v,
        Err(e) => throw(e),
    }
}

/// # Safety
/// `args` points to `n` references.
unsafe fn list<'a>(args: *const Value, n: usize) -> &'a [Value] {
    if n == 0 {
        return &[];
    }
    // SAFETY: by the contract above.
    unsafe { std::slice::from_raw_parts(args, n) }
}

extern "C" fn alloc(ty: Ty, size: usize) -> Value {
    check_stack();
    gc::alloc(ty, size)
}
extern "C" fn alloc_atomic(ty: Ty, size: usize) -> Value {
    check_stack();
    gc::alloc_atomic(ty, size)
}
extern "C" fn memory_new(ty: Ty, len: i64) -> Value {
    check_stack();
    value_or_throw(array::memory_new(ty, len))
}
unsafe extern "C" fn apply_generic(args: *const Value, n: usize) -> Value {
    // SAFETY: compiled code passes the function and its arguments.
    let args = unsafe { list(args, n) };
    value_or_throw(runtime::hooks::call(args[0], &args[1..]))
}
unsafe extern "C" fn host_call(entry: *const HostFunction, args: *const Value, n: usize) -> Value {
    check_stack();
    // SAFETY: the entry is the relocated address of a static table line.
    let (entry, args) = unsafe { (&*entry, list(args, n)) };
    value_or_throw(entry.call(args))
}
unsafe extern "C" fn builtin(number: u32, args: *const Value, n: usize) -> Value {
    check_stack();
    // SAFETY: compiled code passes as many arguments.
    let args = unsafe { list(args, n) };
    match Builtin::ALL.get(number as usize) {
        Some(b) => value_or_throw(b.eval(args)),
        None => throw(errors::error("compiled code asks for an unknown builtin")),
    }
}
extern "C" fn egal(a: Value, b: Value) -> u8 {
    u8::from(a == b || runtime::egal(a, b))
}
extern "C" fn isa(v: Value, ty: Ty) -> u8 {
    u8::from(runtime::isa(v, ty))
}
extern "C" fn load_global(binding: &'static Binding) -> Value {
    match binding.value() {
        Some(v) => v,
        None => throw(errors::undef_global(binding.module.value(), binding.name)),
    }
}
extern "C" fn store_global(binding: &'static Binding, v: Value) {
    let target = binding.resolve().unwrap_or(binding);
    if target.is_const() {
        throw(errors::error("invalid assignment to a constant"));
    }
    target.store(v);
}
extern "C" fn throw_value(v: Value) {
    throw(Exception(v))
}
extern "C" fn throw_typeassert(v: Value, ty: Ty) {
    throw(errors::type_error("typeassert", "", Value::from(ty), v))
}
extern "C" fn throw_nonbool(v: Value) {
    throw(errors::type_error("if", "", Value::from(types::builtin::bool_()), v))
}
extern "C" fn throw_bounds(object: Value, index: i64) {
    throw(errors::bounds(object, index))
}
extern "C" fn throw_undefvar(name: Value) {
    match name.as_symbol() {
        Some(name) => throw(errors::undef_local(name)),
        None => throw(errors::undef_ref()),
    }
}
extern "C" fn throw_undefref() {
    throw(errors::undef_ref())
}
extern "C" fn throw_divide() {
    throw(errors::divide())
}
extern "C" fn throw_overflow() {
    throw(errors::overflow("integer overflow"))
}

// What LLVM's code generator calls on its own.
unsafe extern "C" {
    fn memcpy(to: *mut u8, from: *const u8, n: usize) -> *mut u8;
    fn memmove(to: *mut u8, from: *const u8, n: usize) -> *mut u8;
    fn memset(to: *mut u8, byte: i32, n: usize) -> *mut u8;
    fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32;
    fn fmod(a: f64, b: f64) -> f64;
    fn fmodf(a: f32, b: f32) -> f32;
    fn fma(a: f64, b: f64, c: f64) -> f64;
    fn fmaf(a: f32, b: f32, c: f32) -> f32;
    fn ceil(a: f64) -> f64;
    fn ceilf(a: f32) -> f32;
    fn floor(a: f64) -> f64;
    fn floorf(a: f32) -> f32;
    fn trunc(a: f64) -> f64;
    fn truncf(a: f32) -> f32;
    fn rint(a: f64) -> f64;
    fn rintf(a: f32) -> f32;
    fn __divti3(a: i128, b: i128) -> i128;
    fn __modti3(a: i128, b: i128) -> i128;
    fn __udivti3(a: u128, b: u128) -> u128;
    fn __umodti3(a: u128, b: u128) -> u128;
    fn __multi3(a: i128, b: i128) -> i128;
    fn __muloti4(a: i128, b: i128, overflow: *mut i32) -> i128;
    fn __fixdfti(a: f64) -> i128;
    fn __fixsfti(a: f32) -> i128;
    fn __fixunsdfti(a: f64) -> u128;
    fn __fixunssfti(a: f32) -> u128;
    fn __floattidf(a: i128) -> f64;
    fn __floattisf(a: i128) -> f32;
    fn __floatuntidf(a: u128) -> f64;
    fn __floatuntisf(a: u128) -> f32;
    fn __extendhfsf2(a: u16) -> f32;
    fn __truncsfhf2(a: f32) -> u16;
    fn __truncdfhf2(a: f64) -> u16;
}

/// `bfloat16` of a number, where code does not convert by itself; passed in the low half of a vector register, as it is
/// by C.
extern "C" fn bfloat_of_float(a: f32) -> f32 {
    let bits = a.to_bits();
    let nearest = if a.is_nan() { bits | 1 << 22 } else { bits.wrapping_add(0x7fff + (bits >> 16 & 1)) };
    f32::from_bits(nearest >> 16)
}

/// The same, rounded once: what `f32` drops of the number stays in its last bit.
extern "C" fn bfloat_of_double(a: f64) -> f32 {
    let near = a as f32;
    let exact = f64::from(near) == a || a.is_nan();
    let toward_zero = if f64::from(near).abs() > a.abs() { near.to_bits() - 1 } else { near.to_bits() };
    bfloat_of_float(if exact { near } else { f32::from_bits(toward_zero | 1) })
}

/// Address of a function item.
macro_rules! address {
    ($f:expr) => {
        $f as *const () as usize
    };
}

/// The implementation of a runtime function.
fn implementation(rk: Rk) -> usize {
    match rk {
        Rk::Alloc => address!(alloc),
        Rk::AllocAtomic => address!(alloc_atomic),
        Rk::MemoryNew => address!(memory_new),
        Rk::ApplyGeneric => address!(apply_generic),
        Rk::HostCall => address!(host_call),
        Rk::Builtin => address!(builtin),
        Rk::Egal => address!(egal),
        Rk::Isa => address!(isa),
        Rk::LoadGlobal => address!(load_global),
        Rk::StoreGlobal => address!(store_global),
        Rk::Throw => address!(throw_value),
        Rk::ThrowTypeAssert => address!(throw_typeassert),
        Rk::ThrowNonBool => address!(throw_nonbool),
        Rk::ThrowBounds => address!(throw_bounds),
        Rk::ThrowUndefVar => address!(throw_undefvar),
        Rk::ThrowUndefRef => address!(throw_undefref),
        Rk::ThrowDivide => address!(throw_divide),
        Rk::ThrowOverflow => address!(throw_overflow),
    }
}

/// Every symbol that a session defines from the start.
pub fn symbols() -> Vec<(&'static str, usize)> {
    let mut all: Vec<(&'static str, usize)> = Rk::ALL.iter().map(|&rk| (rk.symbol(), implementation(rk))).collect();
    macro_rules! library {
        ($($name:ident)*) => { all.extend([$((stringify!($name), address!($name))),*]) };
    }
    library!(memcpy memmove memset memcmp fmod fmodf fma fmaf ceil ceilf floor floorf trunc truncf rint rintf
        __divti3 __modti3 __udivti3 __umodti3 __multi3 __muloti4 __fixdfti __fixsfti __fixunsdfti __fixunssfti
        __floattidf __floattisf __floatuntidf __floatuntisf __extendhfsf2 __truncsfhf2 __truncdfhf2);
    all.extend([("__truncsfbf2", address!(bfloat_of_float)), ("__truncdfbf2", address!(bfloat_of_double))]);
    all
}

/// The address of a C function of this process, for `ccall`.
pub fn c_function(name: &str) -> Option<usize> {
    unsafe extern "C" {
        fn dlsym(handle: *mut u8, name: *const std::ffi::c_char) -> *mut u8;
    }
    let name = std::ffi::CString::new(name).ok()?;
    // SAFETY: the default handle (null) and a NUL-terminated name.
    let address = unsafe { dlsym(std::ptr::null_mut(), name.as_ptr()) };
    (!address.is_null()).then_some(address as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_the_nearest_bfloat_once() {
        let of = |a: f64| (bfloat_of_float(a as f32).to_bits(), bfloat_of_double(a).to_bits());
        assert_eq!(of(1.0), (0x3f80, 0x3f80));
        assert_eq!(of(-2.5), (0xc020, 0xc020));
        // ties to even
        assert_eq!(of(1.0 + 1.0 / 256.0), (0x3f80, 0x3f80));
        assert_eq!(of(1.0 + 3.0 / 256.0), (0x3f82, 0x3f82));
        assert_eq!(of(f64::INFINITY), (0x7f80, 0x7f80));
        assert_eq!(bfloat_of_double(1e300).to_bits(), 0x7f80);
        assert!(of(f64::NAN).0 & 0x7f > 0 && of(f64::NAN).1 & 0x7f80 == 0x7f80);
        // just above a tie: rounding to `f32` first would lose it
        assert_eq!(bfloat_of_double(1.0 + 1.0 / 256.0 + 1e-12).to_bits(), 0x3f81);
        assert_eq!(bfloat_of_double(1.0 + 3.0 / 256.0 - 1e-12).to_bits(), 0x3f81);
    }
}
