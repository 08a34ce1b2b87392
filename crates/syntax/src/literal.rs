//! The values of literals: numbers, escapes, triple-quoted text.

use crate::expr::{Expr, Lit};

pub(crate) enum Number {
    Lit(Lit),
    /// A literal too wide for `Int64`: a macro of `Core` and its text argument.
    Macro(&'static str, String),
}

/// The value of a number's text.
pub(crate) fn number(text: &str, negative: bool) -> Result<Number, String> {
    let clean: String = text.chars().filter(|&c| c != '_').collect::<String>().replace('−', "-");
    let lower = clean.as_str();
    if let Some(hex) = lower.strip_prefix("0x") {
        if hex.contains(['p', 'P', '.']) {
            let v = hex_float(hex).ok_or_else(|| format!("invalid hexadecimal float `{text}`"))?;
            return Ok(Number::Lit(Lit::Float64(if negative { -v } else { v })));
        }
        return unsigned(hex, 16, 4, text);
    }
    if let Some(oct) = lower.strip_prefix("0o") {
        return unsigned(oct, 8, 3, text);
    }
    if let Some(bin) = lower.strip_prefix("0b") {
        return unsigned(bin, 2, 1, text);
    }
    if lower.contains(['.', 'e', 'E', 'f']) {
        let sign = if negative { "-" } else { "" };
        if let Some(k) = lower.find('f') {
            let s = format!("{sign}{}e{}", &lower[..k], &lower[k + 1..]);
            let v: f32 = s.parse().map_err(|_| format!("invalid number `{text}`"))?;
            if v.is_infinite() {
                return Err(format!("overflow in floating point number literal `{text}`"));
            }
            return Ok(Number::Lit(Lit::Float32(v)));
        }
        let v: f64 = format!("{sign}{lower}").parse().map_err(|_| format!("invalid number `{text}`"))?;
        if v.is_infinite() {
            return Err(format!("overflow in floating point number literal `{text}`"));
        }
        return Ok(Number::Lit(Lit::Float64(v)));
    }
    let signed = if negative { format!("-{lower}") } else { lower.to_string() };
    if let Ok(v) = signed.parse::<i64>() {
        return Ok(Number::Lit(Lit::Int64(v)));
    }
    if signed.parse::<i128>().is_ok() {
        return Ok(Number::Macro("@int128_str", signed));
    }
    Ok(Number::Macro("@big_str", signed))
}

/// `0x`, `0o`, `0b`: the number of digits written, leading zeros included, chooses the width.
fn unsigned(digits: &str, radix: u32, bits_per_digit: usize, text: &str) -> Result<Number, String> {
    if digits.is_empty() {
        return Err(format!("invalid numeric constant `{text}`"));
    }
    let value = u128::from_str_radix(digits, radix);
    let n = digits.len();
    let width = if radix == 8 {
        // octal digits do not fill bytes evenly: the value decides, and leading zeros count as the widest digit would
        let v = match value {
            Ok(v) => v,
            Err(_) => return Ok(Number::Macro("@big_str", text.to_string())),
        };
        let lead = u128::from_str_radix(&format!("1{}", "0".repeat(n - 1)), 8).unwrap_or(u128::MAX);
        let m = v.max(lead);
        if m <= 0xff {
            8
        } else if m <= 0xffff {
            16
        } else if m <= 0xffff_ffff {
            32
        } else if m <= u64::MAX as u128 {
            64
        } else {
            128
        }
    } else {
        let bits = n * bits_per_digit;
        if bits <= 8 {
            8
        } else if bits <= 16 {
            16
        } else if bits <= 32 {
            32
        } else if bits <= 64 {
            64
        } else {
            128
        }
    };
    let Ok(v) = value else { return Ok(Number::Macro("@big_str", text.to_string())) };
    Ok(match width {
        8 => Number::Lit(Lit::UInt8(v as u8)),
        16 => Number::Lit(Lit::UInt16(v as u16)),
        32 => Number::Lit(Lit::UInt32(v as u32)),
        64 => Number::Lit(Lit::UInt64(v as u64)),
        _ => Number::Macro("@uint128_str", text.to_string()),
    })
}

fn hex_float(t: &str) -> Option<f64> {
    let (mantissa, exp) = t.split_once(['p', 'P'])?;
    let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut m: u64 = 0;
    let mut shift: i32 = 0;
    let mut sticky = false;
    for c in int.chars().chain(frac.chars()) {
        let d = c.to_digit(16)? as u64;
        if m >> 60 == 0 {
            m = m << 4 | d;
        } else {
            shift += 4;
            sticky |= d != 0;
        }
    }
    if sticky {
        m |= 1;
    }
    let e: i32 = exp.parse().ok()?;
    let e = e.checked_add(shift)?.checked_sub(4 * frac.len() as i32)?;
    // exact for 53 significant bits; longer mantissas round once through the conversion
    let mut v = m as f64;
    let mut left = e;
    while left > 0 {
        let s = left.min(1000);
        v *= 2f64.powi(s);
        left -= s;
    }
    while left < 0 {
        let s = (-left).min(1000);
        v /= 2f64.powi(s);
        left += s;
    }
    Some(v)
}

/// A piece of a string literal: text as written (with its position), or an interpolated value.
pub(crate) enum Part {
    Text(String, usize),
    Value(Expr),
}

/// Bytes of escaped text; on error the offset and a message.
pub(crate) fn unescape(text: &str) -> Result<Vec<u8>, (usize, String)> {
    let b = text.as_bytes();
    let mut out = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] != b'\\' {
            if b[i] == b'\r' && b.get(i + 1) == Some(&b'\n') {
                i += 1;
            }
            out.push(b[i]);
            i += 1;
            continue;
        }
        let at = i;
        i += 1;
        let Some(&c) = b.get(i) else { return Err((at, "invalid escape sequence".into())) };
        i += 1;
        match c {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'e' => out.push(27),
            b'\\' | b'"' | b'\'' | b'$' | b'`' => out.push(c),
            b'\n' => {
                while matches!(b.get(i), Some(b' ' | b'\t')) {
                    i += 1;
                }
            }
            b'\r' if b.get(i) == Some(&b'\n') => {
                i += 1;
                while matches!(b.get(i), Some(b' ' | b'\t')) {
                    i += 1;
                }
            }
            b'x' => {
                let (v, n) = hex(&b[i..], 2);
                if n == 0 {
                    return Err((at, "`\\x` needs hexadecimal digits".into()));
                }
                out.push(v as u8);
                i += n;
            }
            b'u' | b'U' => {
                let (v, n) = hex(&b[i..], if c == b'u' { 4 } else { 8 });
                if n == 0 {
                    return Err((at, format!("`\\{}` needs hexadecimal digits", c as char)));
                }
                i += n;
                match char::from_u32(v) {
                    Some(ch) => {
                        let mut buf = [0; 4];
                        out.extend_from_slice(ch.encode_utf8(&mut buf).as_bytes());
                    }
                    None if v <= 0xffff => {
                        // a surrogate: Julia stores it in generalised UTF-8
                        out.extend_from_slice(&[
                            0xe0 | (v >> 12) as u8,
                            0x80 | (v >> 6 & 0x3f) as u8,
                            0x80 | (v & 0x3f) as u8,
                        ]);
                    }
                    None => return Err((at, format!("invalid Unicode escape sequence `\\U{v:x}`"))),
                }
            }
            b'0'..=b'7' => {
                let mut v = (c - b'0') as u32;
                let mut n = 1;
                while n < 3 && matches!(b.get(i), Some(b'0'..=b'7')) {
                    v = v * 8 + (b[i] - b'0') as u32;
                    i += 1;
                    n += 1;
                }
                if v > 255 {
                    return Err((at, "octal escape sequence out of range".into()));
                }
                out.push(v as u8);
            }
            _ => return Err((at, "invalid escape sequence".into())),
        }
    }
    Ok(out)
}

fn hex(b: &[u8], max: usize) -> (u32, usize) {
    let mut v = 0u32;
    let mut n = 0;
    while n < max && n < b.len() && b[n].is_ascii_hexdigit() {
        v = v << 4 | (b[n] as char).to_digit(16).unwrap_or(0);
        n += 1;
    }
    (v, n)
}

/// Raw strings: backslashes are literal, except in runs directly before a quote, where they count half.
pub(crate) fn raw(text: &str, quote: u8) -> String {
    let b = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        if b[i] == b'\\' {
            let start = i;
            while i < b.len() && b[i] == b'\\' {
                i += 1;
            }
            let n = i - start;
            let before_quote = i == b.len() || b[i] == quote;
            let keep = if before_quote { n / 2 } else { n };
            out.extend(std::iter::repeat_n(b'\\', keep));
            if before_quote && i < b.len() && n % 2 == 1 {
                out.push(b[i]);
                i += 1;
            }
        } else {
            out.push(b[i]);
            i += 1;
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Removes the common indentation of a triple-quoted literal and a newline right after its opening.
pub(crate) fn dedent(parts: &mut [Part]) {
    let mut indent: Option<String> = None;
    let n = parts.len();
    for (k, part) in parts.iter().enumerate() {
        let Part::Text(t, _) = part else { continue };
        // the first line goes on after what stands before it
        let rest: Vec<&str> = t.split('\n').skip(1).collect();
        for (j, line) in rest.iter().enumerate() {
            let last = j + 1 == rest.len();
            note_indent(&mut indent, line, last && k + 1 == n, last && k + 1 < n);
        }
    }
    let indent = indent.unwrap_or_default();
    for (k, part) in parts.iter_mut().enumerate() {
        let Part::Text(t, _) = part else { continue };
        let mut s = if indent.is_empty() { t.clone() } else { t.replace(&format!("\n{indent}"), "\n") };
        if k == 0 {
            if let Some(rest) = s.strip_prefix('\n') {
                s = rest.to_string();
            } else if let Some(rest) = s.strip_prefix("\r\n") {
                s = rest.to_string();
            }
        }
        *t = s;
    }
}

/// Takes a line's indentation into account. Blank lines do not count, except the last one, which holds the delimiter.
fn note_indent(indent: &mut Option<String>, line: &str, closes: bool, before_value: bool) {
    let blank = line.trim_matches([' ', '\t', '\r']).is_empty();
    if blank && !closes && !before_value {
        return;
    }
    let ws: String = line.chars().take_while(|&c| c == ' ' || c == '\t').collect();
    *indent = Some(match indent.take() {
        None => ws,
        Some(i) => i.chars().zip(ws.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
    });
}

pub(crate) fn dedent_plain(text: &str) -> String {
    let mut parts = [Part::Text(text.to_string(), 0)];
    dedent(&mut parts);
    match &parts[0] {
        Part::Text(t, _) => t.clone(),
        Part::Value(_) => String::new(),
    }
}

/// The `Char` of exactly one character's bytes.
pub(crate) fn char_bits(bytes: &[u8]) -> Option<u32> {
    let n = bytes.len();
    if n == 0 || n > 4 {
        return None;
    }
    let one = match std::str::from_utf8(bytes) {
        Ok(s) => s.chars().count() == 1,
        Err(_) => n == 1 || (bytes[0] >= 0xc0 && bytes[1..].iter().all(|b| b & 0xc0 == 0x80)),
    };
    if !one {
        return None;
    }
    let mut v = [0u8; 4];
    v[..n].copy_from_slice(bytes);
    Some(u32::from_be_bytes(v))
}
