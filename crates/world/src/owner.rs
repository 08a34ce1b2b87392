//! Owners: structural values that partition the cache.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, OnceLock};

/// The content of an [`Owner`]: everything that affects *inference* (target, parameters, inlining
/// policy) and nothing that affects code generation only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum OwnerValue {
    Unit,
    Bool(bool),
    Int(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    List(Vec<OwnerValue>),
    /// A named struct with named fields, in the order in which they were given.
    Record(Box<str>, Vec<(Box<str>, OwnerValue)>),
}

impl OwnerValue {
    /// A record, from its name and fields.
    pub fn record(name: &str, fields: impl IntoIterator<Item = (&'static str, OwnerValue)>) -> OwnerValue {
        OwnerValue::Record(name.into(), fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// Canonical bytes: equal values and only those have equal bytes, in every process.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    fn encode_into(&self, out: &mut Vec<u8>) {
        fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
            out.extend((bytes.len() as u64).to_le_bytes());
            out.extend(bytes);
        }
        match self {
            OwnerValue::Unit => out.push(0),
            OwnerValue::Bool(value) => out.extend([1, *value as u8]),
            OwnerValue::Int(value) => {
                out.push(2);
                out.extend(value.to_le_bytes());
            }
            OwnerValue::Text(text) => {
                out.push(3);
                bytes(out, text.as_bytes());
            }
            OwnerValue::Bytes(content) => {
                out.push(4);
                bytes(out, content);
            }
            OwnerValue::List(items) => {
                out.push(5);
                out.extend((items.len() as u64).to_le_bytes());
                items.iter().for_each(|item| item.encode_into(out));
            }
            OwnerValue::Record(name, fields) => {
                out.push(6);
                bytes(out, name.as_bytes());
                out.extend((fields.len() as u64).to_le_bytes());
                for (name, value) in fields {
                    bytes(out, name.as_bytes());
                    value.encode_into(out);
                }
            }
        }
    }

    /// The value whose [`encode`](Self::encode) is `bytes`; `None` for anything else. Hostile bytes
    /// cost no more memory than they have length.
    pub fn decode(mut bytes: &[u8]) -> Option<OwnerValue> {
        let value = decode_value(&mut bytes, 0)?;
        bytes.is_empty().then_some(value)
    }
}

/// Owners are shallow; deeper input is not ours and must not exhaust the stack.
const MAX_DEPTH: usize = 64;

fn decode_value(input: &mut &[u8], depth: usize) -> Option<OwnerValue> {
    fn take<'a>(input: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
        let (head, tail) = input.split_at_checked(len)?;
        *input = tail;
        Some(head)
    }
    fn length(input: &mut &[u8]) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(take(input, 8)?.try_into().ok()?)).ok()
    }
    fn text(input: &mut &[u8]) -> Option<Box<str>> {
        let len = length(input)?;
        Some(std::str::from_utf8(take(input, len)?).ok()?.into())
    }
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match take(input, 1)?[0] {
        0 => OwnerValue::Unit,
        1 => match take(input, 1)?[0] {
            0 => OwnerValue::Bool(false),
            1 => OwnerValue::Bool(true),
            _ => return None,
        },
        2 => OwnerValue::Int(i64::from_le_bytes(take(input, 8)?.try_into().ok()?)),
        3 => OwnerValue::Text(text(input)?),
        4 => {
            let len = length(input)?;
            OwnerValue::Bytes(take(input, len)?.into())
        }
        5 => {
            let mut items = Vec::new();
            for _ in 0..length(input)? {
                items.push(decode_value(input, depth + 1)?);
            }
            OwnerValue::List(items)
        }
        6 => {
            let name = text(input)?;
            let mut fields = Vec::new();
            for _ in 0..length(input)? {
                fields.push((text(input)?, decode_value(input, depth + 1)?));
            }
            OwnerValue::Record(name, fields)
        }
        _ => return None,
    })
}

impl From<bool> for OwnerValue {
    fn from(value: bool) -> OwnerValue {
        OwnerValue::Bool(value)
    }
}
impl From<i64> for OwnerValue {
    fn from(value: i64) -> OwnerValue {
        OwnerValue::Int(value)
    }
}
impl From<&str> for OwnerValue {
    fn from(value: &str) -> OwnerValue {
        OwnerValue::Text(value.into())
    }
}

/// Partition of the cache: an interned [`OwnerValue`]. Copy, compared by address, and two owners
/// made from equal values, in whatever way, are the same owner.
#[derive(Clone, Copy)]
pub struct Owner(&'static OwnerValue);

impl Owner {
    /// The owner with this content.
    pub fn new(value: impl Into<OwnerValue>) -> Owner {
        static OWNERS: OnceLock<Mutex<HashMap<OwnerValue, Owner>>> = OnceLock::new();
        let value = value.into();
        let mut owners = OWNERS.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
        // Owners are as few as targets and back-ends; they live as long as the process, as types do.
        *owners.entry(value.clone()).or_insert_with(|| Owner(Box::leak(Box::new(value))))
    }

    /// The host's own code.
    pub fn host() -> Owner {
        Owner::new(OwnerValue::Unit)
    }

    pub fn value(self) -> &'static OwnerValue {
        self.0
    }
}

impl PartialEq for Owner {
    fn eq(&self, other: &Owner) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for Owner {}
impl std::hash::Hash for Owner {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}
impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Owner({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> OwnerValue {
        OwnerValue::record(
            "Ptx",
            [
                ("cap", OwnerValue::List(vec![9.into(), 0.into()])),
                ("name", "sm_90".into()),
                ("fast", true.into()),
                ("key", OwnerValue::Bytes([1, 2, 3].into())),
                ("none", OwnerValue::Unit),
            ],
        )
    }

    #[test]
    fn equal_contents_are_one_owner_also_after_a_round_trip_through_bytes() {
        let owner = Owner::new(sample());
        assert_eq!(owner, Owner::new(OwnerValue::decode(&sample().encode()).expect("own encoding")));
        assert_ne!(owner, Owner::host());
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bytes = sample().encode();
        for cut in 0..bytes.len() {
            assert_eq!(OwnerValue::decode(&bytes[..cut]), None);
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(OwnerValue::decode(&longer), None);
        assert_eq!(OwnerValue::decode(&[5, 255, 255, 255, 255, 255, 255, 255, 127]), None);
        let deep: Vec<u8> = std::iter::repeat_n([5u8, 1, 0, 0, 0, 0, 0, 0, 0], 10_000).flatten().collect();
        assert_eq!(OwnerValue::decode(&deep), None);
    }
}
