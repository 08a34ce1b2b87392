//! Julia's types: interned, compared by pointer.
/// An interned type-level term. Stub: see docs/contracts.md.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ty(usize);
