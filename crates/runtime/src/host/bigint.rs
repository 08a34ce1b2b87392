//! Big integers: `Core.BigInt`, a mutable object that no one mutates, of a sign and limbs in a `Memory{UInt64}`.

use super::args::*;
use crate::array::{memory_new, memory_parts};
use crate::intrinsic::{int as bits, load_bits, store_bits};
use crate::{Exception, Value, core_types, errors, info, object};
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Pow, Signed, ToPrimitive, Zero};

super::table! { pub TABLE:
    big_from_int 1..=1 BigInt pure |a| {
        let t = info(a[0].type_of());
        if t.bits == 0 || t.bits > 128 {
            return Err(errors::type_error("BigInt", "", Value::from(core_types().int64), a[0]));
        }
        let x = load_bits(a[0], t);
        Ok(make(&if signed(t.ty) { BigInt::from(bits::signed(x, t.bits)) } else { BigInt::from(x) }))
    };
    big_from_float 1..=1 BigInt pure |a| {
        let (width, x) = float(a[0])?;
        let x = crate::intrinsic::float::to_f64(width, x).unwrap_or(f64::NAN);
        match num_traits::FromPrimitive::from_f64(x) {
            Some(n) => Ok(make(&n)),
            None => Err(errors::inexact("BigInt", Value::from(core_types().bigint), a[0])),
        }
    };
    big_to_int 2..=2 Any pure |a| {
        // a number of the type, or nothing where it does not fit
        let (t, n) = (info(ty(a[0])?), read(a[1])?);
        let (min, max) = if signed(t.ty) {
            (-(BigInt::from(1) << (t.bits - 1)), (BigInt::from(1) << (t.bits - 1)) - 1)
        } else {
            (BigInt::zero(), (BigInt::from(1) << t.bits) - 1)
        };
        if n < min || n > max { nothing() } else { Ok(store_bits(t.ty, low_bits(&n) & bits::mask(t.bits))) }
    };
    big_rem_bits 2..=2 Any pure |a| {
        // x % T: the low bits
        let (t, n) = (info(ty(a[0])?), read(a[1])?);
        Ok(store_bits(t.ty, low_bits(&n) & bits::mask(t.bits)))
    };
    big_to_float 1..=1 Float64 pure |a| Ok(Value::float64(read(a[0])?.to_f64().unwrap_or(f64::NAN)));
    big_parse 2..=2 Any pure |a| {
        let (s, base) = (text(a[0])?, int(a[1])?);
        let s = s.trim().replace('_', "");
        match BigInt::parse_bytes(s.as_bytes(), base.clamp(2, 36) as u32) {
            Some(n) => Ok(make(&n)),
            None => nothing(),
        }
    };
    big_string 2..=2 String pure |a| Ok(Value::string(&read(a[0])?.to_str_radix(int(a[1])?.clamp(2, 36) as u32)));
    big_add 2..=2 BigInt pure |a| Ok(make(&(read(a[0])? + read(a[1])?)));
    big_sub 2..=2 BigInt pure |a| Ok(make(&(read(a[0])? - read(a[1])?)));
    big_mul 2..=2 BigInt pure |a| Ok(make(&(read(a[0])? * read(a[1])?)));
    big_div 2..=2 BigInt pure |a| divide(a, |x, y| x / y);
    big_rem 2..=2 BigInt pure |a| divide(a, |x, y| x % y);
    big_fld 2..=2 BigInt pure |a| divide(a, |x, y| x.div_floor(y));
    big_mod 2..=2 BigInt pure |a| divide(a, |x, y| x.mod_floor(y));
    big_neg 1..=1 BigInt pure |a| Ok(make(&-read(a[0])?));
    big_abs 1..=1 BigInt pure |a| Ok(make(&read(a[0])?.abs()));
    big_not 1..=1 BigInt pure |a| Ok(make(&!read(a[0])?));
    big_and 2..=2 BigInt pure |a| Ok(make(&(read(a[0])? & read(a[1])?)));
    big_or 2..=2 BigInt pure |a| Ok(make(&(read(a[0])? | read(a[1])?)));
    big_xor 2..=2 BigInt pure |a| Ok(make(&(read(a[0])? ^ read(a[1])?)));
    big_shl 2..=2 BigInt pure |a| {
        let (n, k) = (read(a[0])?, int(a[1])?);
        Ok(make(&if k >= 0 { n.clone() << room(&n, k as u64)? } else { n >> k.unsigned_abs() }))
    };
    big_pow 2..=2 BigInt pure |a| {
        let (n, k) = (read(a[0])?, int(a[1])?);
        match u64::try_from(k) {
            Ok(k) => {
                room(&n, if n.bits() > 1 { n.bits().saturating_mul(k) } else { 0 })?;
                Ok(make(&Pow::pow(n, k)))
            }
            Err(_) => Err(errors::domain(a[1], "negative exponent of an integer power")),
        }
    };
    big_powmod 3..=3 BigInt pure |a| {
        let (n, k, m) = (read(a[0])?, read(a[1])?, read(a[2])?);
        if m.is_zero() {
            return Err(errors::divide());
        }
        if k.is_negative() {
            return Err(errors::domain(a[1], "negative exponent"));
        }
        Ok(make(&n.modpow(&k, &m)))
    };
    big_gcd 2..=2 BigInt pure |a| Ok(make(&read(a[0])?.gcd(&read(a[1])?)));
    big_lcm 2..=2 BigInt pure |a| Ok(make(&read(a[0])?.lcm(&read(a[1])?)));
    big_isqrt 1..=1 BigInt pure |a| {
        let n = read(a[0])?;
        if n.is_negative() {
            return Err(errors::domain(a[0], "isqrt of a negative number"));
        }
        Ok(make(&n.sqrt()))
    };
    big_cmp 2..=2 Int64 pure |a| Ok(Value::int(read(a[0])?.cmp(&read(a[1])?) as i64));
    big_sign 1..=1 Int64 pure |a| {
        let n = read(a[0])?;
        Ok(Value::int(if n.is_negative() { -1 } else { i64::from(!n.is_zero()) }))
    };
    big_bits 1..=1 Int64 pure |a| Ok(Value::int(read(a[0])?.bits() as i64));
    big_trailing_zeros 1..=1 Int64 pure |a| Ok(Value::int(read(a[0])?.trailing_zeros().unwrap_or(0) as i64));
    big_count_ones 1..=1 Int64 pure |a| {
        Ok(Value::int(read(a[0])?.magnitude().count_ones() as i64))
    };
    big_hash 2..=2 UInt64 pure |a| {
        let n = read(a[0])?;
        // What fits an Int64 hashes as that Int64 would.
        let h = word(a[1])?;
        Ok(Value::uint64(match n.to_i64() {
            Some(i) => crate::egal::hash_bytes(h, &i.to_le_bytes()),
            None => crate::egal::hash_bytes(h, &n.to_signed_bytes_le()),
        }))
    };
}

/// `bits` more bits of `n`, if a number may have so many (32 GiB of them).
fn room(n: &BigInt, bits: u64) -> Result<u64, Exception> {
    if !n.is_zero() && bits > 1 << 38 { Err(errors::out_of_memory()) } else { Ok(bits) }
}

fn signed(t: types::Ty) -> bool {
    let c = core_types();
    [c.int8, c.int16, c.int32, c.int64, c.int128].contains(&t)
}

/// The 128 low bits in two's complement.
fn low_bits(n: &BigInt) -> u128 {
    let mut bytes = n.to_signed_bytes_le();
    bytes.resize(16, if n.is_negative() { 0xff } else { 0 });
    bytes[..16].try_into().map_or(0, u128::from_le_bytes)
}

/// The number in a `BigInt` object (small integers are taken, too).
fn read(v: Value) -> Result<BigInt, Exception> {
    if let Some(i) = v.as_any_int() {
        return Ok(BigInt::from(i));
    }
    if !v.is(core_types().bigint) {
        return Err(errors::type_error("BigInt", "", Value::from(core_types().bigint), v));
    }
    let sign = object::field_at(v, 0).as_int().unwrap_or(0);
    let (n, p) = memory_parts(object::field_at(v, 1));
    // SAFETY: the memory holds `n` 64-bit limbs.
    let limbs = unsafe { std::slice::from_raw_parts(p as *const u64, n) };
    let digits: Vec<u32> = limbs.iter().flat_map(|&l| [l as u32, (l >> 32) as u32]).collect();
    Ok(BigInt::from_slice(if sign < 0 { Sign::Minus } else { Sign::Plus }, &digits))
}

/// A `BigInt` object.
fn make(n: &BigInt) -> Value {
    let c = core_types();
    let limbs = n.magnitude().to_u64_digits();
    let sign = match n.sign() {
        Sign::Minus => -1,
        Sign::NoSign => 0,
        Sign::Plus => 1,
    };
    let Ok(mem) = memory_new(c.memory_of(c.uint64), limbs.len() as i64) else {
        return Value::int(0);
    };
    // SAFETY: the memory has just been made with room for all limbs.
    unsafe { std::ptr::copy_nonoverlapping(limbs.as_ptr(), memory_parts(mem).1 as *mut u64, limbs.len()) };
    // SAFETY: the fields are an `Int64` and a `Memory{UInt64}`.
    unsafe { object::new_unchecked(info(c.bigint), &[Value::int(sign), mem]) }
}

fn divide(a: &[Value], f: fn(&BigInt, &BigInt) -> BigInt) -> R {
    let (x, y) = (read(a[0])?, read(a[1])?);
    if y.is_zero() { Err(errors::divide()) } else { Ok(make(&f(&x, &y))) }
}
