//! `ccall` in interpreted code: C functions of the process, and the LLVM intrinsics that prelude code names.

use base::Symbol;
use runtime::{Exception, Value, bits, core_types, errors, info};
use std::ffi::{CString, c_char, c_void};
use types::Ty;

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// How one argument travels in the C calling convention of 64-bit machines.
enum Class {
    Integer(u64),
    Float(u64),
}

fn classify(ty: Ty, v: Value) -> Result<Class, Exception> {
    let c = core_types();
    let t = info(v.type_of());
    if ty == c.any {
        return Ok(Class::Integer(v.addr() as u64));
    }
    if t.bits == 0 || t.bits > 64 || !runtime::isa(v, ty) {
        return Err(errors::type_error("ccall", "", Value::from(ty), v));
    }
    let x = bits::load_bits(v, t);
    if t.ty == c.float32 || t.ty == c.float64 {
        return Ok(Class::Float(x as u64));
    }
    let signed = [c.int8, c.int16, c.int32].contains(&t.ty);
    Ok(Class::Integer(if signed { bits::int::signed(x, t.bits) as u64 } else { x as u64 }))
}

/// Packages ask Julia's runtime whether an image of them is being made. It is not.
extern "C" fn no_image() -> i32 {
    0
}

/// Calls a C function by name.
///
/// # Errors
/// A Julia exception where the function is unknown or the arguments cannot be passed.
pub fn call(name: Symbol, ret: Value, types: &[Value], args: &[Value]) -> Result<Value, Exception> {
    let c = core_types();
    let ret = ret.as_type().ok_or_else(|| errors::type_error("ccall", "", c.type_object(), ret))?;
    if name.as_str().starts_with("llvm.") {
        return llvm(name.as_str(), ret, args);
    }
    let cname = CString::new(name.as_str()).map_err(|_| errors::argument("ccall: malformed name"))?;
    let f = match name.as_str() {
        "jl_generating_output" => no_image as *mut c_void,
        // SAFETY: a lookup of a NUL-terminated name in the process's own libraries.
        _ => unsafe { dlsym(std::ptr::null_mut(), cname.as_ptr()) },
    };
    if f.is_null() {
        return Err(errors::error(&format!("could not load symbol \"{name}\"")));
    }
    let (mut ints, mut floats) = ([0u64; 6], [0f64; 8]);
    let (mut ni, mut nf) = (0, 0);
    for (t, &a) in types.iter().zip(args) {
        let ty = t.as_type().ok_or_else(|| errors::type_error("ccall", "", c.type_object(), *t))?;
        match classify(ty, a)? {
            Class::Integer(x) if ni < 6 => {
                ints[ni] = x;
                ni += 1;
            }
            // A single-precision argument is the low half of its register.
            Class::Float(x) if nf < 8 => {
                floats[nf] = f64::from_bits(x);
                nf += 1;
            }
            _ => return Err(errors::argument("ccall: too many arguments for the interpreter")),
        }
    }
    let [a, b, d, e, g, h] = ints;
    let [p, q, r, s, t, u, v, w] = floats;
    type Int = unsafe extern "C" fn(u64, u64, u64, u64, u64, u64, f64, f64, f64, f64, f64, f64, f64, f64) -> u64;
    type Float = unsafe extern "C" fn(u64, u64, u64, u64, u64, u64, f64, f64, f64, f64, f64, f64, f64, f64) -> f64;
    // SAFETY: integer and floating-point arguments travel in separate registers, in order, so that one
    // signature fits every function of so few arguments; that name and types fit is the program's promise.
    let result = unsafe {
        if ret == c.float64 || ret == c.float32 {
            std::mem::transmute::<*mut c_void, Float>(f)(a, b, d, e, g, h, p, q, r, s, t, u, v, w).to_bits()
        } else {
            std::mem::transmute::<*mut c_void, Int>(f)(a, b, d, e, g, h, p, q, r, s, t, u, v, w)
        }
    };
    if ret == c.nothing {
        return Ok(Value::nothing());
    }
    if ret == c.any {
        // SAFETY: the function promised an object.
        return Ok(unsafe { Value::from_ptr(result as *mut u8) });
    }
    let t = info(ret);
    if !ret.is_concrete() || t.bits == 0 || t.bits > 64 {
        return Err(errors::argument(&format!("ccall: return type {ret} is not supported by the interpreter")));
    }
    Ok(bits::store_bits(ret, u128::from(result) & bits::int::mask(t.bits)))
}

/// An LLVM intrinsic on scalars.
fn llvm(name: &str, ret: Ty, args: &[Value]) -> Result<Value, Exception> {
    let unknown = || errors::error(&format!("LLVM intrinsic {name} is not supported by the interpreter"));
    let base = name.strip_prefix("llvm.").unwrap_or(name).rsplit_once('.').map_or(name, |(b, _)| b);
    let t = info(ret);
    let width = t.bits;
    let raw: Vec<u128> = args
        .iter()
        .map(|&v| {
            let t = info(v.type_of());
            if t.bits == 0 || t.bits > 128 { Err(unknown()) } else { Ok(bits::load_bits(v, t)) }
        })
        .collect::<Result<_, _>>()?;
    let f = |i: usize| bits::float::to_f64(width, raw.get(i).copied().unwrap_or(0) as u64).unwrap_or(f64::NAN);
    let put = |x: f64| {
        let r = bits::float::convert(64, width, x.to_bits()).ok_or_else(unknown)?;
        Ok(bits::store_bits(ret, u128::from(r)))
    };
    let put32 = |x32: f32, x64: f64| {
        if width == 32 { Ok(bits::store_bits(ret, u128::from(x32.to_bits()))) } else { put(x64) }
    };
    match (base, raw.len()) {
        ("sqrt", 1) => put32((f(0) as f32).sqrt(), f(0).sqrt()),
        ("fabs", 1) => put(f(0).abs()),
        ("floor", 1) => put(f(0).floor()),
        ("ceil", 1) => put(f(0).ceil()),
        ("trunc", 1) => put(f(0).trunc()),
        ("rint" | "nearbyint" | "roundeven", 1) => put(f(0).round_ties_even()),
        ("round", 1) => put(f(0).round()),
        ("copysign", 2) => put(f(0).copysign(f(1))),
        ("minnum", 2) => put(f(0).min(f(1))),
        ("maxnum", 2) => put(f(0).max(f(1))),
        ("fma" | "fmuladd", 3) => {
            let bits3 = (raw[0] as u64, raw[1] as u64, raw[2] as u64);
            let r = bits::float::fma(width, bits3.0, bits3.1, bits3.2).ok_or_else(unknown)?;
            Ok(bits::store_bits(ret, u128::from(r)))
        }
        ("exp", 1) => put(f(0).exp()),
        ("exp2", 1) => put(f(0).exp2()),
        ("log", 1) => put(f(0).ln()),
        ("log2", 1) => put(f(0).log2()),
        ("log10", 1) => put(f(0).log10()),
        ("sin", 1) => put(f(0).sin()),
        ("cos", 1) => put(f(0).cos()),
        ("pow", 2) => put(f(0).powf(f(1))),
        ("ctpop", 1) => Ok(bits::store_bits(ret, u128::from(raw[0].count_ones()))),
        ("bitreverse", 1) => Ok(bits::store_bits(ret, raw[0].reverse_bits() >> (128 - width))),
        ("fshl", 3) => {
            let n = (raw[2] % u128::from(width)) as u32;
            let r = if n == 0 { raw[0] } else { raw[0] << n | raw[1] >> (width - n) };
            Ok(bits::store_bits(ret, r & bits::int::mask(width)))
        }
        ("fshr", 3) => {
            let n = (raw[2] % u128::from(width)) as u32;
            let r = if n == 0 { raw[1] } else { raw[0] << (width - n) | raw[1] >> n };
            Ok(bits::store_bits(ret, r & bits::int::mask(width)))
        }
        _ => Err(unknown()),
    }
}
