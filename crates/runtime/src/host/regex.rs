//! Regular expressions: the pattern language is that of the `fancy-regex` crate, close to PCRE's.

use super::args::*;
use crate::{Exception, Value, array, core_types, errors};
use fancy_regex::Regex;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

super::table! { pub TABLE:
    regex_find 4..=4 Any pure |a| {
        // (pattern, flags, text, first byte): start and stop (inclusive, from 1) of the match and each group, or nothing
        let (re, s, i) = (compiled(a[0], a[1])?, text(a[2])?, int(a[3])?);
        let Some(start) = usize::try_from(i - 1).ok().filter(|&i| i <= s.len() && s.is_char_boundary(i)) else {
            return nothing();
        };
        match re.captures_from_pos(&s, start) {
            Ok(Some(c)) => {
                let int64 = core_types().int64;
                let ends: crate::ValueVec = (0..c.len())
                    .flat_map(|g| c.get(g).map_or([0, 0], |m| [m.start() as i64 + 1, m.end() as i64]))
                    .map(Value::int)
                    .collect();
                Ok(array::vector_of(int64, &ends))
            }
            Ok(None) => nothing(),
            Err(e) => Err(errors::error(&format!("regular expression: {e}"))),
        }
    };
    regex_check 2..=2 Any effect |a| {
        // fails where the pattern is not one
        compiled(a[0], a[1])?;
        nothing()
    };
    regex_names 2..=2 Any pure |a| {
        // name of each group, empty where it has none
        let re = compiled(a[0], a[1])?;
        let names: crate::ValueVec = re.capture_names().skip(1).map(|n| Value::string(n.unwrap_or(""))).collect();
        Ok(array::vector_of(core_types().string, &names))
    };
}

fn compiled(pattern: Value, flags: Value) -> Result<Arc<Regex>, Exception> {
    static CACHE: OnceLock<Mutex<HashMap<String, Arc<Regex>>>> = OnceLock::new();
    let flags: String = text(flags)?.chars().filter(|c| "imsx".contains(*c)).collect();
    let mut full = unquoted(&text(pattern)?);
    if !flags.is_empty() {
        full = format!("(?{flags}){full}");
    }
    let mut cache = CACHE.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
    if let Some(re) = cache.get(&full) {
        return Ok(re.clone());
    }
    let re = Regex::new(&full).map_err(|e| {
        let said = complaint(&text(pattern).unwrap_or_default()).unwrap_or_else(|| e.to_string());
        errors::error(&format!("PCRE compilation error: {said}"))
    })?;
    let re = Arc::new(re);
    cache.insert(full, re.clone());
    Ok(re)
}

/// The pattern with what stands between `\\Q` and `\\E` escaped: the engine does not know these.
fn unquoted(pattern: &str) -> String {
    let mut parts = pattern.split("\\Q");
    let mut full = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (literal, rest) = part.split_once("\\E").unwrap_or((part, ""));
        full += &fancy_regex::escape(literal);
        full += rest;
    }
    full
}

/// What PCRE says of a pattern that is none, if it is one of the usual mistakes, and where (in bytes).
fn complaint(pattern: &str) -> Option<String> {
    let at = |what: &str, i: usize| Some(format!("{what} at offset {i}"));
    let b = pattern.as_bytes();
    let (mut i, mut open, mut repeatable) = (0, 0usize, false);
    while i < b.len() {
        match b[i] {
            b'\\' if i + 1 == b.len() => return at("\\ at end of pattern", b.len()),
            b'\\' => {
                i += 1;
                repeatable = true;
            }
            b'[' => {
                i = match class_end(b, i) {
                    Ok(end) => end,
                    Err((what, offset)) => return at(what, offset),
                };
                repeatable = true;
            }
            b'(' => {
                open += 1;
                repeatable = false;
                // what follows `(?` is no quantifier
                i += usize::from(b.get(i + 1) == Some(&b'?'));
            }
            b')' if open == 0 => return at("unmatched closing parenthesis", i),
            b')' => {
                open -= 1;
                repeatable = true;
            }
            b'*' | b'+' | b'?' if !repeatable => return at("quantifier does not follow a repeatable item", i),
            b'*' | b'+' | b'?' => {
                // a second mark makes it lazy or possessive
                i += usize::from(matches!(b.get(i + 1), Some(b'?' | b'+')));
                repeatable = false;
            }
            b'|' => repeatable = false,
            _ => repeatable = true,
        }
        i += 1;
    }
    if open > 0 { at("missing closing parenthesis", b.len()) } else { None }
}

/// Where a character class that begins at `start` ends.
fn class_end(b: &[u8], start: usize) -> Result<usize, (&'static str, usize)> {
    let mut i = start + 1;
    i += usize::from(b.get(i) == Some(&b'^'));
    let first = i;
    while i < b.len() {
        match b[i] {
            b']' if i > first => return Ok(i),
            b'\\' => i += 1,
            b'-' if i > first
                && b.get(i + 1).is_some_and(|&c| !matches!(c, b']' | b'\\' | b'[') && c < b[i - 1])
                && b[i - 1].is_ascii_alphanumeric() =>
            {
                return Err(("range out of order in character class", i + 1));
            }
            _ => {}
        }
        i += 1;
    }
    Err(("missing terminating ] for character class", b.len()))
}

#[cfg(test)]
mod tests {
    use super::{complaint, unquoted};

    #[test]
    fn quoted_parts_stand_for_themselves() {
        assert_eq!(unquoted(r"a\Qb.c\E+\Q["), r"ab\.c+\[");
        assert_eq!(unquoted("a.b"), "a.b");
    }

    #[test]
    fn patterns_that_are_none_are_told_as_by_pcre() {
        let said = |p: &str| complaint(p).unwrap_or_default();
        assert_eq!(said("("), "missing closing parenthesis at offset 1");
        assert_eq!(said("a)"), "unmatched closing parenthesis at offset 1");
        assert_eq!(said("*a"), "quantifier does not follow a repeatable item at offset 0");
        assert_eq!(said("^(:?[)$"), "missing terminating ] for character class at offset 7");
        assert_eq!(said("[z-a]"), "range out of order in character class at offset 3");
        assert_eq!(said("a\\"), "\\ at end of pattern at offset 2");
        assert_eq!(said("(?:a+?)*[]a]{2}"), "");
    }
}
