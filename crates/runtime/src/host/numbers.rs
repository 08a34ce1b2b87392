//! Numbers as text and back; time; random seeds.

use super::args::*;
use super::digits;
use crate::intrinsic::{int as bits, load_bits, store_bits};
use crate::{Exception, Value, core_types, errors, info, object};

super::table! { pub TABLE:
    float_string 1..=1 String pure |a| {
        let (width, x) = float(a[0])?;
        Ok(Value::string(&digits::julia(width, x, false)))
    };
    float_string_typed 1..=1 String pure |a| {
        let (width, x) = float(a[0])?;
        Ok(Value::string(&digits::julia(width, x, true)))
    };
    float_string_compact 1..=1 String pure |a| {
        let (width, x) = float(a[0])?;
        Ok(Value::string(&digits::compact(width, x)))
    };
    float_digits 1..=1 Any pure |a| {
        // (digits, position of the point), shortest
        let (width, x) = float(a[0])?;
        let d = digits::shortest(width, x);
        Ok(object::tuple(&[Value::string(&d.digits), Value::int(i64::from(d.point))]))
    };
    float_digits_n 2..=2 Any pure |a| {
        // (digits, position of the point) with so many significant digits
        let (width, x) = float(a[0])?;
        let d = digits::significant(as_f64(width, x), int(a[1])?.max(1) as usize);
        Ok(object::tuple(&[Value::string(&d.digits), Value::int(i64::from(d.point))]))
    };
    float_fixed 2..=2 String pure |a| {
        let (width, x) = float(a[0])?;
        Ok(Value::string(&digits::fixed(as_f64(width, x), int(a[1])?.max(0) as usize)))
    };
    float_exponential 2..=2 String pure |a| {
        // C's `%.*e`
        let (width, x) = float(a[0])?;
        let t = format!("{:.*e}", int(a[1])?.max(0) as usize, as_f64(width, x));
        Ok(Value::string(&match t.split_once('e') {
            Some((m, e)) => {
                let (sign, e) = if let Some(e) = e.strip_prefix('-') { ('-', e) } else { ('+', e) };
                format!("{m}e{sign}{e:0>2}")
            }
            None => t,
        }))
    };
    parse_float 2..=2 Any pure |a| {
        // a number of the type, or nothing
        let (t, s) = (ty(a[0])?, text(a[1])?);
        let t = info(t);
        match digits::parse_float(&s, t.bits) {
            Some(x) => Ok(store_bits(t.ty, u128::from(x))),
            None => nothing(),
        }
    };
    parse_int 3..=3 Any pure parse_int;
    integer_string 3..=3 String pure integer_string;
    value_bytes 1..=1 String pure |a| {
        let t = info(a[0].type_of());
        if t.has_references {
            return Err(errors::argument("value_bytes: not plain data"));
        }
        // SAFETY: the object has `size` bytes.
        Ok(crate::strings::string_from_bytes(unsafe { std::slice::from_raw_parts(a[0].as_ptr(), t.size) }))
    };
    irrational_digits 1..=1 String pure |a| match constant(&text(a[0])?) {
        Some(d) => Ok(Value::string(d)),
        None => Err(errors::argument("not a known constant")),
    };
    irrational_rounds_up 2..=2 Bool pure |a| {
        // is the nearest number of the type greater than the constant?
        let c = core_types();
        let t = ty(a[1])?;
        let name = a[0].type_of().params().first().and_then(|p| p.param_value().cloned());
        let Some(types::ParamValue::Symbol(name)) = name else { return Err(errors::argument("not a known constant")) };
        let Some(exact) = constant(name.as_str()) else { return Err(errors::argument("not a known constant")) };
        let near = if t == c.float32 {
            format!("{:.60}", exact.parse::<f32>().unwrap_or(0.0))
        } else {
            format!("{:.60}", exact.parse::<f64>().unwrap_or(0.0))
        };
        boolean(near.as_str() > &exact[..62.min(exact.len())])
    };
    time_ns 0..=0 UInt64 effect |_| {
        use std::sync::OnceLock;
        use std::time::Instant;
        static START: OnceLock<Instant> = OnceLock::new();
        Ok(Value::uint64(START.get_or_init(Instant::now).elapsed().as_nanos() as u64 + 1))
    };
    time 0..=0 Float64 effect |_| {
        let t = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok(Value::float64(t.as_secs_f64()))
    };
    sleep 1..=1 Nothing effect |a| {
        let (width, x) = float(a[0])?;
        super::flush_all();
        std::thread::sleep(std::time::Duration::from_secs_f64(as_f64(width, x).clamp(0.0, 1e9)));
        nothing()
    };
    random_seed 0..=0 UInt64 effect |_| {
        use std::hash::{BuildHasher, Hasher};
        // The standard library seeds these from the operating system.
        Ok(Value::uint64(std::collections::hash_map::RandomState::new().build_hasher().finish()))
    };
}

/// Digits of the mathematical constants, by the names that `show` gives them.
fn constant(name: &str) -> Option<&'static str> {
    Some(match name {
        "π" => {
            "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651"
        }
        "ℯ" => {
            "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759457138217852516642742746639193"
        }
        "γ" => {
            "0.57721566490153286060651209008240243104215933593992359880576723488486772677766467093694706329174674951463144725"
        }
        "φ" => {
            "1.61803398874989484820458683436563811772030917980576286213544862270526046281890244970720720418939113748475408808"
        }
        "catalan" => {
            "0.91596559417721901505460351493238411077414937428167213426649811962176301977625476935651292611510624857442261920"
        }
        _ => return None,
    })
}

fn as_f64(width: u32, x: u64) -> f64 {
    crate::intrinsic::float::to_f64(width, x).unwrap_or(f64::NAN)
}

/// `parse_int(T, text, base)`: a number of the type, `nothing` for text that is none, `:overflow`.
fn parse_int(a: &[Value]) -> R {
    let (t, s, base) = (info(ty(a[0])?), text(a[1])?, int(a[2])?);
    let s = s.trim();
    let (negative, body) = match s.as_bytes().first() {
        Some(b'-') => (true, &s[1..]),
        Some(b'+') => (false, &s[1..]),
        _ => (false, s),
    };
    let (base, body) = if base != 0 {
        (base as u128, body)
    } else {
        match body.get(..2) {
            Some("0x") => (16, &body[2..]),
            Some("0b") => (2, &body[2..]),
            Some("0o") => (8, &body[2..]),
            _ => (10, body),
        }
    };
    if body.is_empty() {
        return nothing();
    }
    let signed = is_signed(t.ty);
    let mut n = 0u128;
    let mut over = false;
    for c in body.chars() {
        let d = match c {
            '0'..='9' => c as u32 - '0' as u32,
            'a'..='z' => c as u32 - 'a' as u32 + if base > 36 { 36 } else { 10 },
            'A'..='Z' => c as u32 - 'A' as u32 + 10,
            _ => return nothing(),
        };
        if u128::from(d) >= base {
            return nothing();
        }
        match n.checked_mul(base).and_then(|n| n.checked_add(u128::from(d))) {
            Some(m) => n = m,
            None => over = true,
        }
    }
    let limit = if signed { (1u128 << (t.bits - 1)) - u128::from(!negative) } else { bits::mask(t.bits) };
    if over || n > limit || !signed && negative && n != 0 {
        return Ok(Value::symbol("overflow"));
    }
    let n = if negative { n.wrapping_neg() & bits::mask(t.bits) } else { n };
    Ok(store_bits(t.ty, n))
}

fn is_signed(t: types::Ty) -> bool {
    let c = core_types();
    [c.int8, c.int16, c.int32, c.int64, c.int128].contains(&t)
}

/// `integer_string(x, base, pad)`
fn integer_string(a: &[Value]) -> R {
    let (base, pad) = (int(a[1])?, int(a[2])?);
    let t = info(a[0].type_of());
    if t.bits == 0 || t.bits > 128 {
        return Err(errors::type_error("integer_string", "", Value::from(core_types().int64), a[0]));
    }
    let x = load_bits(a[0], t);
    let signed = is_signed(t.ty) && bits::signed(x, t.bits) < 0;
    let magnitude = if signed { bits::signed(x, t.bits).unsigned_abs() } else { x };
    let body = radix(magnitude, base)?;
    let zeros = "0".repeat((pad.max(0) as usize).saturating_sub(body.len()));
    let sign = if signed { "-" } else { "" };
    Ok(Value::string(&format!("{sign}{zeros}{body}")))
}

fn radix(mut x: u128, base: i64) -> Result<String, Exception> {
    if base == 10 {
        return Ok(x.to_string());
    }
    if !(2..=62).contains(&base) {
        return Err(errors::argument(&format!("base must be 2 ≤ base ≤ 62, got {base}")));
    }
    let symbols = if base <= 36 {
        &b"0123456789abcdefghijklmnopqrstuvwxyz"[..]
    } else {
        &b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[..]
    };
    let mut out = Vec::new();
    while x != 0 || out.is_empty() {
        out.push(symbols[(x % base as u128) as usize] as char);
        x /= base as u128;
    }
    Ok(out.iter().rev().collect())
}
