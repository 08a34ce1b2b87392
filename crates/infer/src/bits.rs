//! Fixed-size bit sets: the working sets of every analysis here.

/// A set of small integers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BitSet(Vec<u64>);

impl BitSet {
    /// The empty set with room for `0..len`.
    pub fn new(len: usize) -> BitSet {
        BitSet(vec![0; len.div_ceil(64)])
    }

    /// All of `0..len`.
    pub fn full(len: usize) -> BitSet {
        let mut set = BitSet(vec![!0; len.div_ceil(64)]);
        if !len.is_multiple_of(64)
            && let Some(last) = set.0.last_mut()
        {
            *last = (1 << (len % 64)) - 1;
        }
        set
    }

    pub fn contains(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 != 0
    }

    /// Adds `i`; true if it was not there.
    pub fn insert(&mut self, i: usize) -> bool {
        let word = &mut self.0[i / 64];
        let bit = 1 << (i % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Removes `i`; true if it was there.
    pub fn remove(&mut self, i: usize) -> bool {
        let word = &mut self.0[i / 64];
        let bit = 1 << (i % 64);
        let had = *word & bit != 0;
        *word &= !bit;
        had
    }

    /// Adds all of `other`; true if that changed anything.
    pub fn union_with(&mut self, other: &BitSet) -> bool {
        let mut changed = false;
        for (a, &b) in self.0.iter_mut().zip(&other.0) {
            changed |= b & !*a != 0;
            *a |= b;
        }
        changed
    }

    /// Keeps what is in both; true if that changed anything.
    pub fn intersect_with(&mut self, other: &BitSet) -> bool {
        let mut changed = false;
        for (a, &b) in self.0.iter_mut().zip(&other.0) {
            changed |= *a & !b != 0;
            *a &= b;
        }
        changed
    }

    /// Removes all of `other`.
    pub fn subtract(&mut self, other: &BitSet) {
        for (a, &b) in self.0.iter_mut().zip(&other.0) {
            *a &= !b;
        }
    }

    /// The least element.
    pub fn first(&self) -> Option<usize> {
        self.0.iter().enumerate().find(|(_, w)| **w != 0).map(|(i, w)| i * 64 + w.trailing_zeros() as usize)
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&w| w == 0)
    }

    /// The elements, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(i, &word)| {
            let mut w = word;
            std::iter::from_fn(move || {
                (w != 0).then(|| {
                    let bit = w.trailing_zeros() as usize;
                    w &= w - 1;
                    i * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_across_words() {
        let mut s = BitSet::new(130);
        assert!(s.insert(129) && s.insert(3) && !s.insert(3));
        assert_eq!(s.iter().collect::<Vec<_>>(), [3, 129]);
        assert_eq!(s.first(), Some(3));
        let mut f = BitSet::full(130);
        assert_eq!(f.iter().count(), 130);
        assert!(f.intersect_with(&s));
        assert_eq!(f, s);
        assert!(s.remove(3) && !s.remove(3));
        f.subtract(&s);
        assert_eq!(f.first(), Some(3));
    }
}
