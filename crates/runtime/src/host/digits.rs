//! Decimal digits of floating-point numbers and back.

use half::f16;

/// A positive finite number as decimal digits: `0.d1d2d3… × 10^point`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Digits {
    /// Without leading or trailing zeros; `0` is a single `0`.
    pub digits: String,
    /// Position of the decimal point relative to the digits' start.
    pub point: i32,
}

/// Takes the form `d.ddde-x` apart.
fn from_scientific(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    while digits.len() > 1 && digits.ends_with('0') {
        digits.pop();
    }
    Digits { digits, point: exponent + 1 }
}

/// The shortest digits that read back as the same number of this width. The sign is ignored.
pub fn shortest(width: u32, bits: u64) -> Digits {
    match width {
        64 => {
            let x = f64::from_bits(bits).abs();
            nearest(from_scientific(&format!("{x:e}")), x, |t| t.parse() == Ok(x))
        }
        32 => {
            let x = f32::from_bits(bits as u32).abs();
            nearest(from_scientific(&format!("{x:e}")), x.into(), |t| t.parse() == Ok(x))
        }
        _ => {
            let x = f64::from(f16::from_bits(bits as u16)).abs();
            let exact = f16::from_f64(x);
            (0..=5)
                .map(|places| format!("{x:.places$e}"))
                .find(|t| t.parse::<f64>().is_ok_and(|y| f16::from_f64(y) == exact))
                .map_or_else(|| from_scientific(&format!("{x:e}")), |t| from_scientific(&t))
        }
    }
}

/// Of all digit strings as short as `found`, the one nearest to `x`, ties to even: halfway between two strings
/// the standard library takes the upper one.
fn nearest(found: Digits, x: f64, reads_back: impl Fn(&str) -> bool) -> Digits {
    let places = found.digits.len().max(1) - 1;
    let text = format!("{x:.places$e}");
    if reads_back(&text) { from_scientific(&text) } else { found }
}

/// `digits` significant digits, correctly rounded (half to even on the exact value).
pub fn significant(x: f64, digits: usize) -> Digits {
    let places = digits.max(1) - 1;
    let text = format!("{:.places$e}", x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    Digits {
        digits: mantissa.chars().filter(char::is_ascii_digit).collect(),
        point: exponent.parse::<i32>().unwrap_or(0) + 1,
    }
}

/// With `places` digits behind the point, correctly rounded, as `ddd.ddd`.
pub fn fixed(x: f64, places: usize) -> String {
    format!("{:.places$}", x)
}

/// Lays shortest digits out as Julia prints a number of the width (`1.0`, `1.0e-5`, `1.0f0` when
/// `typed`, `Float16(1.0)` is the caller's).
pub fn julia(width: u32, bits: u64, typed: bool) -> String {
    let (negative, value) = match width {
        64 => (bits >> 63 == 1, f64::from_bits(bits)),
        32 => (bits >> 31 & 1 == 1, f64::from(f32::from_bits(bits as u32))),
        _ => (bits >> 15 & 1 == 1, f64::from(f16::from_bits(bits as u16))),
    };
    let suffix = match (width, typed) {
        (32, true) => "32",
        (16, true) => "16",
        _ => "",
    };
    if value.is_nan() {
        return format!("NaN{suffix}");
    }
    let sign = if negative { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}Inf{suffix}");
    }
    let marker = if width == 32 && typed { 'f' } else { 'e' };
    let zero_exponent = if width == 32 && typed { "f0" } else { "" };
    if value == 0.0 {
        return format!("{sign}0.0{zero_exponent}");
    }
    let limit = if width == 16 { 3 } else { 6 };
    format!("{sign}{}", lay_out(&shortest(width, bits), limit, marker, zero_exponent))
}

/// As `show` does with `:compact => true`: six significant digits at most.
pub fn compact(width: u32, bits: u64) -> String {
    let plain = julia(width, bits, false);
    let shortest = shortest(width, bits);
    if shortest.digits.len() <= 6 || plain.contains(['N', 'I']) {
        return plain;
    }
    let value = match width {
        64 => f64::from_bits(bits),
        32 => f64::from(f32::from_bits(bits as u32)),
        _ => f64::from(f16::from_bits(bits as u16)),
    };
    let mut d = significant(value, if width == 16 { 5 } else { 6 });
    while d.digits.len() > 1 && d.digits.ends_with('0') {
        d.digits.pop();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", lay_out(&d, if width == 16 { 3 } else { 6 }, 'e', ""))
}

/// Plain notation for points from -3 to `limit`, else scientific.
fn lay_out(d: &Digits, limit: i32, marker: char, zero_exponent: &str) -> String {
    let Digits { digits, point } = d;
    let (n, point) = (digits.len() as i32, *point);
    if -4 < point && point <= limit {
        let text = if point <= 0 {
            format!("0.{}{digits}", "0".repeat(-point as usize))
        } else if point >= n {
            format!("{digits}{}.0", "0".repeat((point - n) as usize))
        } else {
            let (whole, fraction) = digits.split_at(point as usize);
            format!("{whole}.{fraction}")
        };
        text + zero_exponent
    } else {
        let (first, rest) = digits.split_at(1);
        let rest = if rest.is_empty() { "0" } else { rest };
        format!("{first}.{rest}{marker}{}", point - 1)
    }
}

/// Reads a number as Julia's `parse(Float64, s)` does: decimal, hexadecimal with `p`, `Inf`,
/// `NaN`; `f` as exponent mark; surrounding white space allowed.
pub fn parse_float(text: &str, width: u32) -> Option<u64> {
    let t = text.trim();
    let (negative, body) = match t.as_bytes().first()? {
        b'-' => (true, &t[1..]),
        b'+' => (false, &t[1..]),
        _ => (false, t),
    };
    let lower = body.to_ascii_lowercase();
    let value = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            if let Some(hex) = lower.strip_prefix("0x") {
                hexadecimal(hex)?
            } else {
                if !lower.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                    || lower.contains(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'f' | '+' | '-')))
                {
                    return None;
                }
                let normal = lower.replacen('f', "e", 1);
                // Out of the type's range is no number; a zero must be written as one.
                let nonzero = normal.split('e').next().is_some_and(|m| m.contains(|c: char| ('1'..='9').contains(&c)));
                let in_range = |zero: bool, infinite: bool| !infinite && (!zero || !nonzero);
                if width == 32 {
                    let x: f32 = normal.parse().ok()?;
                    return in_range(x == 0.0, x.is_infinite())
                        .then(|| u64::from((if negative { -x } else { x }).to_bits()));
                }
                let x = normal.parse::<f64>().ok()?;
                if !in_range(x == 0.0, x.is_infinite()) {
                    return None;
                }
                x
            }
        }
    };
    let value = if negative { -value } else { value };
    Some(match width {
        64 => value.to_bits(),
        32 => u64::from((value as f32).to_bits()),
        _ => u64::from(f16::from_f64(value).to_bits()),
    })
}

/// `hhh.hhhp±d` (without `0x`).
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = match text.split_once('p') {
        Some((m, e)) => (m, e.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0u128;
    let mut scale = exponent;
    let mut sticky = false;
    for (i, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let d = u128::from(c.to_digit(16)?);
        let behind = i >= whole.len();
        if value >> 120 == 0 {
            value = value << 4 | d;
            if behind {
                scale -= 4;
            }
        } else {
            sticky |= d != 0;
            if !behind {
                scale += 4;
            }
        }
    }
    let mantissa = (value | u128::from(sticky)) as f64;
    // In two steps, so that neither factor leaves the range.
    let half = scale / 2;
    Some(mantissa * 2f64.powi(half) * 2f64.powi(scale - half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_julia_prints_them() {
        let f64s = |x: f64| julia(64, x.to_bits(), false);
        assert_eq!(f64s(1.0), "1.0");
        assert_eq!(f64s(-0.1), "-0.1");
        assert_eq!(f64s(100000.0), "100000.0");
        assert_eq!(f64s(1e6), "1.0e6");
        assert_eq!(f64s(123456.5), "123456.5");
        assert_eq!(f64s(1e-4), "0.0001");
        assert_eq!(f64s(1e-5), "1.0e-5");
        assert_eq!(f64s(5e-324), "5.0e-324");
        assert_eq!(f64s(f64::NAN), "NaN");
        let f32s = |x: f32| julia(32, u64::from(x.to_bits()), true);
        assert_eq!(f32s(1.5), "1.5f0");
        assert_eq!(f32s(2.0f32.powi(-12)), "0.00024414062f0");
        assert_eq!(f64s(5.960464477539063e-8), "5.960464477539063e-8");
        assert_eq!(f32s(1e10), "1.0f10");
        assert_eq!(f32s(f32::INFINITY), "Inf32");
        let f16s = |x: f32| julia(16, u64::from(f16::from_f32(x).to_bits()), false);
        assert_eq!(f16s(0.1), "0.1");
        assert_eq!(f16s(65504.0), "6.55e4");
        assert_eq!(f16s(2048.0), "2.048e3");
    }

    #[test]
    fn numbers_parse() {
        let p = |t| parse_float(t, 64).map(f64::from_bits);
        assert_eq!(p("1.5e3"), Some(1500.0));
        assert_eq!(p(" -2.5f0 "), Some(-2.5));
        assert_eq!(p("0x1.8p1"), Some(3.0));
        assert_eq!(p("1.5x"), None);
        assert_eq!(p(""), None);
        assert_eq!(p("-Inf"), Some(f64::NEG_INFINITY));
        assert_eq!(parse_float("0.1", 32), Some(u64::from(0.1f32.to_bits())));
    }
}
