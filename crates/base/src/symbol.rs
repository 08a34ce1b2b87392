//! Interned names.

use rustc_hash::FxBuildHasher;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, OnceLock};

/// An interned name: one pointer wide, compared by address, ordered by its text.
///
/// The text lives as long as the process. Order is the text's (never the address's), so that
/// sorted output is the same in every process.
#[derive(Clone, Copy)]
pub struct Symbol(&'static str);

type Table = HashSet<&'static str, FxBuildHasher>;

fn table() -> &'static Mutex<Table> {
    static TABLE: OnceLock<Mutex<Table>> = OnceLock::new();
    TABLE.get_or_init(Default::default)
}

impl Symbol {
    /// Interns `text`.
    pub fn new(text: &str) -> Symbol {
        // A poisoned lock only means that another thread panicked between two complete insertions.
        let mut table = table().lock().unwrap_or_else(|e| e.into_inner());
        if let Some(&found) = table.get(text) {
            return Symbol(found);
        }
        let leaked: &'static str = Box::leak(text.to_owned().into_boxed_str());
        table.insert(leaked);
        Symbol(leaked)
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// An address that is unique to this name in this process. Never let it reach output.
    pub fn address(self) -> usize {
        self.0.as_ptr() as usize
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Symbol) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for Symbol {}
impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}
impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}
impl std::hash::Hash for Symbol {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}
impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> std::cmp::Ordering {
        self.0.cmp(other.0)
    }
}
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ":{}", self.0)
    }
}
impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_symbol_ordered_by_text() {
        assert_eq!(Symbol::new("foo"), Symbol::new("foo"));
        assert_ne!(Symbol::new("foo"), Symbol::new("bar"));
        assert!(Symbol::new("bar") < Symbol::new("foo"));
    }
}
