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
    let mut full = text(pattern)?.into_owned();
    if !flags.is_empty() {
        full = format!("(?{flags}){full}");
    }
    let mut cache = CACHE.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
    if let Some(re) = cache.get(&full) {
        return Ok(re.clone());
    }
    let re = Regex::new(&full).map_err(|e| errors::error(&format!("PCRE compilation error: {e}")))?;
    let re = Arc::new(re);
    cache.insert(full, re.clone());
    Ok(re)
}
