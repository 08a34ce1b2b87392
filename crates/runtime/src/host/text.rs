//! Strings, characters and symbols.

use super::args::*;
use crate::strings::{bits_to_char, char_length, decode, string_from_bytes, string_uninit};
use crate::{Value, core_types, egal, errors};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

super::table! { pub TABLE:
    string_byte 2..=2 UInt8 pure |a| {
        let (s, i) = (bytes(a[0])?, int(a[1])?);
        s.get((i - 1) as usize).map(|&b| Value::uint8(b)).ok_or_else(|| errors::bounds(a[0], i))
    };
    string_thisind 2..=2 Int64 pure |a| Ok(Value::int(this_index(bytes(a[0])?, int(a[1])? as usize) as i64));
    string_nextind 2..=2 Int64 pure |a| {
        let (s, i) = (bytes(a[0])?, int(a[1])?);
        if i < 1 || i as usize > s.len() {
            return Ok(Value::int(i + 1));
        }
        let start = this_index(s, i as usize);
        Ok(Value::int((start + decode(&s[start - 1..]).1) as i64))
    };
    string_char 2..=2 Char pure |a| {
        let (s, i) = (bytes(a[0])?, int(a[1])?);
        if i < 1 || i as usize > s.len() {
            return Err(errors::bounds(a[0], i));
        }
        Ok(Value::char_bits(decode(&s[i as usize - 1..]).0))
    };
    string_length 1..=1 Int64 pure |a| Ok(Value::int(characters(bytes(a[0])?).count() as i64));
    string_is_valid 1..=1 Bool pure |a| boolean(std::str::from_utf8(bytes(a[0])?).is_ok());
    string_slice 3..=3 String pure |a| {
        let (s, i, j) = (bytes(a[0])?, int(a[1])?, int(a[2])?);
        if j < i {
            return Ok(string_from_bytes(b""));
        }
        if i < 1 || j as usize > s.len() {
            return Err(errors::bounds(a[0], if i < 1 { i } else { j }));
        }
        Ok(string_from_bytes(&s[i as usize - 1..j as usize]))
    };
    string_bytes 1..=1 Any effect |a| byte_vector(bytes(a[0])?);
    string_from_bytes 2..=2 String effect |a| {
        let (s, n) = (byte_data(a[0])?, int(a[1])? as usize);
        Ok(string_from_bytes(&s[..n.min(s.len())]))
    };
    bytes_to_string 1..=1 String effect |a| Ok(string_from_bytes(byte_data(a[0])?));
    append_bytes 2..=2 Nothing effect append_bytes;
    string_repeat 2..=2 String pure |a| {
        let (s, n) = (bytes(a[0])?, int(a[1])?);
        if n < 0 {
            return Err(errors::argument("can't repeat a string a negative number of times"));
        }
        Ok(string_from_bytes(&s.repeat(n as usize)))
    };
    string_find 3..=3 Int64 pure |a| {
        let (hay, needle, from) = (bytes(a[0])?, bytes(a[1])?, int(a[2])?);
        let found = usize::try_from(from - 1).ok().filter(|&s| s <= hay.len()).and_then(|s| find(&hay[s..], needle).map(|i| i + s + 1));
        Ok(Value::int(found.unwrap_or(0) as i64))
    };
    string_rfind 3..=3 Int64 pure |a| {
        // The last match that starts at or before the given position.
        let (hay, needle, from) = (bytes(a[0])?, bytes(a[1])?, int(a[2])?);
        let last = (from.max(0) as usize).min((hay.len() + 1).saturating_sub(needle.len()));
        let found = (0..last).rev().find(|&i| hay[i..].starts_with(needle));
        Ok(Value::int(found.map_or(0, |i| i + 1) as i64))
    };
    string_starts_with 2..=2 Bool pure |a| boolean(bytes(a[0])?.starts_with(bytes(a[1])?));
    string_ends_with 2..=2 Bool pure |a| boolean(bytes(a[0])?.ends_with(bytes(a[1])?));
    string_cmp 2..=2 Int64 pure |a| Ok(Value::int(bytes(a[0])?.cmp(bytes(a[1])?) as i64));
    string_upper 1..=1 String pure |a| Ok(Value::string(&map_chars(&text(a[0])?, upper)));
    string_lower 1..=1 String pure |a| Ok(Value::string(&map_chars(&text(a[0])?, lower)));
    string_reverse 1..=1 String pure |a| {
        let s = bytes(a[0])?;
        let mut parts: Vec<&[u8]> = characters(s).collect();
        parts.reverse();
        Ok(string_from_bytes(&parts.concat()))
    };
    string_width 1..=1 Int64 pure |a| Ok(Value::int(text(a[0])?.width() as i64));
    concat 0..=any String pure |a| {
        let parts = a.iter().map(|&v| bytes(v)).collect::<Result<Vec<_>, _>>()?;
        let s = string_uninit(parts.iter().map(|p| p.len()).sum());
        let mut at = 8;
        for p in parts {
            // SAFETY: the string was made with room for all parts.
            unsafe { std::ptr::copy_nonoverlapping(p.as_ptr(), s.as_ptr().add(at), p.len()) };
            at += p.len();
        }
        Ok(s)
    };
    hash_string 2..=2 UInt64 pure |a| Ok(Value::uint64(crate::murmur::of_text(bytes(a[0])?, word(a[1])?)));
    hash_bits 2..=2 UInt64 pure |a| Ok(Value::uint64(egal::hash_bytes(word(a[1])?, &word(a[0])?.to_le_bytes())));
    symbol_name 1..=1 String pure |a| Ok(string_from_bytes(bytes(a[0])?));
    make_symbol 1..=1 Symbol pure |a| {
        let name = text(a[0])?;
        if name.contains('\0') {
            return Err(crate::errors::argument("Symbol name may not contain \\0"));
        }
        Ok(Value::symbol(&*name))
    };
    gensym 0..=1 Symbol effect |a| {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let base = if a.is_empty() { "".into() } else { text(a[0])? };
        Ok(Value::symbol(format!("##{base}#{n}").as_str()))
    };
    char_to_string 1..=1 String pure |a| {
        let c = char_bits(a[0])?;
        Ok(string_from_bytes(&c.to_be_bytes()[..char_length(c)]))
    };
    char_width 1..=1 Int64 pure |a| Ok(Value::int(bits_to_char(char_bits(a[0])?).map_or(1, char_width) as i64));
    char_upper 1..=1 Char pure |a| map_char(a[0], upper);
    char_lower 1..=1 Char pure |a| map_char(a[0], lower);
    char_category 1..=1 Int64 pure |a| Ok(Value::int(bits_to_char(char_bits(a[0])?).map_or(31, category)));
    unescape 1..=1 String pure |a| unescape(a[0]);
    escape 2..=2 String pure |a| Ok(string_from_bytes(&escape(bytes(a[0])?, bytes(a[1])?)));
    escape_char 1..=1 String pure |a| {
        let bits = char_bits(a[0])?;
        let bytes = &bits.to_be_bytes()[..char_length(bits)];
        let escaped = match bits_to_char(bits) {
            Some('\'') => b"\\'".to_vec(),
            Some(c) if c.is_ascii() || printable(c) => escape(bytes, b""),
            Some(c) => if c as u32 > 0xffff { format!("\\U{:x}", c as u32) } else { format!("\\u{:x}", c as u32) }.into_bytes(),
            None => bytes.iter().flat_map(|b| format!("\\x{b:02x}").into_bytes()).collect(),
        };
        Ok(string_from_bytes(&escaped))
    };
    normalize 2..=2 String pure |a| {
        use unicode_normalization::UnicodeNormalization;
        let (s, form) = (text(a[0])?, text(a[1])?);
        Ok(Value::string(&match &*form {
            "NFD" => s.nfd().collect::<String>(),
            "NFKC" => s.nfkc().collect(),
            "NFKD" => s.nfkd().collect(),
            _ => s.nfc().collect(),
        }))
    };
    graphemes 1..=1 Any pure |a| {
        use unicode_segmentation::UnicodeSegmentation;
        let s = text(a[0])?;
        let parts: crate::ValueVec = s.graphemes(true).map(Value::string).collect();
        Ok(crate::array::vector_of(core_types().string, &parts))
    };
}

fn append_bytes(a: &[Value]) -> R {
    let (v, new) = (array(a[0])?, byte_data(a[1])?);
    let n = v.len();
    if v.elements.stride != 1 || v.dims != 1 {
        return Err(errors::argument("append_bytes: not a vector of bytes"));
    }
    if new.is_empty() {
        return nothing();
    }
    crate::array::grow(&v, new.len())?;
    // SAFETY: the vector has just grown by that many bytes; `new` cannot alias the fresh part.
    unsafe { std::ptr::copy_nonoverlapping(new.as_ptr(), v.data().add(n), new.len()) };
    nothing()
}

fn char_bits(v: Value) -> Result<u32, crate::Exception> {
    v.as_char_bits().ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().char), v))
}

fn map_char(v: Value, f: fn(char) -> char) -> R {
    let bits = char_bits(v)?;
    Ok(bits_to_char(bits).map_or(v, |c| Value::char(f(c))))
}

fn map_chars(s: &str, f: fn(char) -> char) -> String {
    s.chars().map(f).collect()
}

/// Julia maps character by character; what would become several stays as it is.
fn upper(c: char) -> char {
    if c == 'ß' {
        return 'ẞ';
    }
    let mut it = c.to_uppercase();
    match (it.next(), it.next()) {
        (Some(u), None) => u,
        _ => c,
    }
}

fn lower(c: char) -> char {
    let mut it = c.to_lowercase();
    match (it.next(), it.next()) {
        (Some(u), None) => u,
        _ => c,
    }
}

fn char_width(c: char) -> usize {
    UnicodeWidthChar::width(c).unwrap_or(0)
}

/// The character sequences of a string, malformed ones included.
fn characters(mut s: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    std::iter::from_fn(move || {
        if s.is_empty() {
            return None;
        }
        let (c, rest) = s.split_at(decode(s).1);
        s = rest;
        Some(c)
    })
}

/// Start (from 1) of the character that byte `i` (from 1) belongs to.
fn this_index(s: &[u8], i: usize) -> usize {
    if i < 1 || i > s.len() {
        return i;
    }
    let at = i - 1;
    for back in 0..4.min(at + 1) {
        let start = at - back;
        if s[start] & 0xc0 != 0x80 {
            return if start + decode(&s[start..]).1 > at { start + 1 } else { i };
        }
    }
    i
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    let first = needle[0];
    let mut at = 0;
    while at + needle.len() <= hay.len() {
        let i = hay[at..].iter().position(|&b| b == first)?;
        at += i;
        if hay[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Julia's `category_code`: 0 (Cn) to 30, in the order of utf8proc.
fn category(c: char) -> i64 {
    use unicode_general_category::GeneralCategory as G;
    match unicode_general_category::get_general_category(c) {
        G::UppercaseLetter => 1,
        G::LowercaseLetter => 2,
        G::TitlecaseLetter => 3,
        G::ModifierLetter => 4,
        G::OtherLetter => 5,
        G::NonspacingMark => 6,
        G::SpacingMark => 7,
        G::EnclosingMark => 8,
        G::DecimalNumber => 9,
        G::LetterNumber => 10,
        G::OtherNumber => 11,
        G::ConnectorPunctuation => 12,
        G::DashPunctuation => 13,
        G::OpenPunctuation => 14,
        G::ClosePunctuation => 15,
        G::InitialPunctuation => 16,
        G::FinalPunctuation => 17,
        G::OtherPunctuation => 18,
        G::MathSymbol => 19,
        G::CurrencySymbol => 20,
        G::ModifierSymbol => 21,
        G::OtherSymbol => 22,
        G::SpaceSeparator => 23,
        G::LineSeparator => 24,
        G::ParagraphSeparator => 25,
        G::Control => 26,
        G::Format => 27,
        G::Surrogate => 28,
        G::PrivateUse => 29,
        _ => 0,
    }
}

fn printable(c: char) -> bool {
    !matches!(category(c), 0 | 24..=29)
}

/// `escape_string(s, extra)`: control and malformed bytes as escapes, `extra` characters with a backslash.
fn escape(s: &[u8], extra: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() + 8);
    let mut rest = s;
    while !rest.is_empty() {
        let (bits, n) = decode(rest);
        let next = rest.get(n).copied();
        match bits_to_char(bits) {
            Some(c) if c.is_ascii() && extra.contains(&(c as u8)) => out.extend([b'\\', c as u8]),
            Some('\\') => out.extend(b"\\\\"),
            Some('\0') => {
                let digit = next.is_some_and(|b| (b'0'..=b'7').contains(&b));
                out.extend(if digit { &b"\\x00"[..] } else { &b"\\0"[..] });
            }
            Some('\x1b') => out.extend(b"\\e"),
            Some(c @ '\x07'..='\r') => out.extend([b'\\', b"abtnvfr"[c as usize - 7]]),
            Some(c) if printable(c) => out.extend(&rest[..n]),
            Some(c) if (c as u32) < 0x80 => out.extend(format!("\\x{:02x}", c as u32).as_bytes()),
            Some(c) => {
                let hex = next.is_some_and(|b| b.is_ascii_hexdigit());
                let code = c as u32;
                let t = match (code > 0xffff, hex) {
                    (true, true) => format!("\\U{code:08x}"),
                    (true, false) => format!("\\U{code:x}"),
                    (false, true) => format!("\\u{code:04x}"),
                    (false, false) => format!("\\u{code:x}"),
                };
                out.extend(t.as_bytes());
            }
            None => rest[..n].iter().for_each(|b| out.extend(format!("\\x{b:02x}").as_bytes())),
        }
        rest = &rest[n..];
    }
    out
}

/// `unescape_string(s)`
fn unescape(v: Value) -> R {
    let s = bytes(v)?;
    let invalid = || errors::argument(&format!("invalid escape sequence in string {:?}", String::from_utf8_lossy(s)));
    let mut out = Vec::with_capacity(s.len());
    let mut i = 0;
    while i < s.len() {
        if s[i] != b'\\' {
            out.push(s[i]);
            i += 1;
            continue;
        }
        let c = *s.get(i + 1).ok_or_else(invalid)?;
        i += 2;
        let digits = |i: &mut usize, radix: u32, max: usize| {
            let (mut n, mut k) = (0u32, 0);
            while k < max
                && let Some(d) = s.get(*i).and_then(|&b| (b as char).to_digit(radix))
            {
                n = n * radix + d;
                *i += 1;
                k += 1;
            }
            (n, k)
        };
        match c {
            b'x' => {
                let (n, k) = digits(&mut i, 16, 2);
                if k == 0 {
                    return Err(invalid());
                }
                out.push(n as u8);
            }
            b'u' | b'U' => {
                let (n, k) = digits(&mut i, 16, if c == b'u' { 4 } else { 8 });
                let ch = char::from_u32(n).filter(|_| k > 0).ok_or_else(invalid)?;
                out.extend(ch.encode_utf8(&mut [0; 4]).as_bytes());
            }
            b'0'..=b'7' => {
                i -= 1;
                let (n, _) = digits(&mut i, 8, 3);
                out.push(n as u8);
            }
            _ => out.push(match c {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                b'a' => 7,
                b'b' => 8,
                b'v' => 11,
                b'f' => 12,
                b'e' => 27,
                b'\\' | b'"' | b'\'' | b'$' | b'`' => c,
                _ => return Err(invalid()),
            }),
        }
    }
    Ok(string_from_bytes(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_follow_julia() {
        assert_eq!(escape("a\n\"$é\u{1b}\0".as_bytes(), b"\"$"), "a\\n\\\"\\$é\\e\\0".as_bytes());
        assert_eq!(escape(b"\xff1", b""), b"\\xff1");
        assert_eq!(escape("\u{200b}".as_bytes(), b""), b"\\u200b");
    }

    #[test]
    fn positions_inside_characters() {
        let s = "aé∀".as_bytes();
        assert_eq!([1, 2, 3, 4, 5, 6].map(|i| this_index(s, i)), [1, 2, 2, 4, 4, 4]);
        assert_eq!(this_index(b"\x80\x80", 2), 2);
    }

    #[test]
    fn substrings_are_found() {
        assert_eq!(find(b"hello", b"llo"), Some(2));
        assert_eq!(find(b"hello", b""), Some(0));
        assert_eq!(find(b"hel", b"hello"), None);
    }
}
