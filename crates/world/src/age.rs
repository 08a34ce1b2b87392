//! World ages and ranges of them.

use std::fmt;

/// A point in a world's history. The counter grows by one with every change that a look-up could
/// notice: a method added, replaced or removed, a constant bound anew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorldAge(pub u64);

impl WorldAge {
    /// The age of a world in which nothing was defined yet.
    pub const FIRST: WorldAge = WorldAge(1);
    /// "Until further notice": the end of a range that nothing has ended yet.
    pub const MAX: WorldAge = WorldAge(u64::MAX);

    /// The age after this one.
    pub fn next(self) -> WorldAge {
        WorldAge(self.0.saturating_add(1))
    }

    /// The age before this one.
    pub fn previous(self) -> WorldAge {
        WorldAge(self.0.saturating_sub(1))
    }
}

impl fmt::Display for WorldAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == WorldAge::MAX { f.write_str("∞") } else { write!(f, "{}", self.0) }
    }
}
impl fmt::Debug for WorldAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The ages `min..=max`. Empty when `min > max`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorldRange {
    pub min: WorldAge,
    pub max: WorldAge,
}

impl WorldRange {
    /// Every age.
    pub const ALL: WorldRange = WorldRange { min: WorldAge::FIRST, max: WorldAge::MAX };
    /// No age.
    pub const EMPTY: WorldRange = WorldRange { min: WorldAge::MAX, max: WorldAge(0) };

    /// `min` and all later ages.
    pub fn from(min: WorldAge) -> WorldRange {
        WorldRange { min, max: WorldAge::MAX }
    }

    pub fn contains(self, age: WorldAge) -> bool {
        self.min <= age && age <= self.max
    }

    pub fn is_empty(self) -> bool {
        self.min > self.max
    }

    /// Whether nothing has ended the range yet.
    pub fn is_open(self) -> bool {
        self.max == WorldAge::MAX && !self.is_empty()
    }

    pub fn intersect(self, other: WorldRange) -> WorldRange {
        WorldRange { min: self.min.max(other.min), max: self.max.min(other.max) }
    }
}

impl fmt::Debug for WorldRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() { f.write_str("∅") } else { write!(f, "{}..={}", self.min, self.max) }
    }
}
