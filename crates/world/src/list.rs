//! Lists and indexes that only grow: readers take no lock, and what they found stays where it is.

use crate::sync::atomic::{AtomicPtr, Ordering};
use crate::sync::{Mutex, lock};
use std::ptr;

struct Node<T> {
    value: T,
    next: *mut Node<T>,
}

/// A lock-free list that only grows, newest first.
pub struct GrowList<T> {
    head: AtomicPtr<Node<T>>,
    /// The list owns its nodes.
    _owns: std::marker::PhantomData<Box<Node<T>>>,
}

// SAFETY: nodes are only ever handed out as `&T` (needs `T: Sync`) and dropped with the list, on
// whatever thread that is (needs `T: Send`).
unsafe impl<T: Send + Sync> Sync for GrowList<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Send for GrowList<T> {}

impl<T> GrowList<T> {
    pub fn new() -> GrowList<T> {
        GrowList { head: AtomicPtr::new(ptr::null_mut()), _owns: std::marker::PhantomData }
    }

    /// Newest first.
    #[inline]
    pub fn iter(&self) -> GrowIter<'_, T> {
        GrowIter { at: self.head.load(Ordering::Acquire), _list: std::marker::PhantomData }
    }

    /// Adds a value unless one that satisfies `same` is there; `true` if it was added. Of several
    /// threads that add the same, exactly one succeeds.
    pub fn get_or_push(&self, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> (&T, bool) {
        let mut head = self.head.load(Ordering::Acquire);
        if let Some(found) = Self::find_until(head, ptr::null_mut(), &same) {
            return (found, false);
        }
        let node = Box::into_raw(Box::new(Node { value: make(), next: head }));
        loop {
            match self.head.compare_exchange(head, node, Ordering::AcqRel, Ordering::Acquire) {
                // SAFETY: the node was just published and lives as long as the list.
                Ok(_) => return (unsafe { &(*node).value }, true),
                Err(newer) => {
                    // Only what others put in front since the last look needs comparing.
                    if let Some(found) = Self::find_until(newer, head, &same) {
                        // SAFETY: the node was never published: this thread still owns it.
                        drop(unsafe { Box::from_raw(node) });
                        return (found, false);
                    }
                    head = newer;
                    // SAFETY: as above, not published yet.
                    unsafe { (*node).next = head };
                }
            }
        }
    }

    fn find_until<'a>(mut at: *mut Node<T>, end: *mut Node<T>, same: impl Fn(&T) -> bool) -> Option<&'a T> {
        while at != end {
            // SAFETY: published nodes are never changed or freed before the list.
            let node = unsafe { &*at };
            if same(&node.value) {
                return Some(&node.value);
            }
            at = node.next;
        }
        None
    }
}

impl<T> Default for GrowList<T> {
    fn default() -> Self {
        GrowList::new()
    }
}

impl<T> Drop for GrowList<T> {
    fn drop(&mut self) {
        let mut at = self.head.load(Ordering::Acquire);
        while !at.is_null() {
            // SAFETY: `&mut self`: nobody holds a reference into the list; each node was boxed once.
            let node = unsafe { Box::from_raw(at) };
            at = node.next;
        }
    }
}

pub struct GrowIter<'a, T> {
    at: *mut Node<T>,
    _list: std::marker::PhantomData<&'a GrowList<T>>,
}

impl<'a, T> Iterator for GrowIter<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        // SAFETY: published nodes are never changed or freed while the list is borrowed.
        let node = unsafe { self.at.as_ref() }?;
        self.at = node.next;
        Some(&node.value)
    }
}

/// A hash index over things that live as long as the process: reads take no lock, inserts take one.
///
/// Growing makes a new array of buckets and leaves the old one to its readers: arrays double, so what
/// is left behind is never more than what is in use. The owner says which items are still worth keeping.
pub struct GrowIndex<T: 'static> {
    buckets: AtomicPtr<Buckets<T>>,
    writer: Mutex<usize>,
}

struct Buckets<T: 'static> {
    mask: usize,
    slots: Box<[AtomicPtr<Link<T>>]>,
}

struct Link<T: 'static> {
    hash: u64,
    item: &'static T,
    next: *const Link<T>,
}

// SAFETY: links and buckets are immutable once published and never freed; items are shared references.
unsafe impl<T: Sync> Sync for GrowIndex<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Send for GrowIndex<T> {}

impl<T: 'static> GrowIndex<T> {
    pub fn new() -> GrowIndex<T> {
        GrowIndex { buckets: AtomicPtr::new(ptr::null_mut()), writer: Mutex::new(0) }
    }

    /// The newest item with this hash that satisfies `same`.
    #[inline]
    pub fn find(&self, hash: u64, same: impl Fn(&T) -> bool) -> Option<&'static T> {
        let buckets = self.buckets.load(Ordering::Acquire);
        // SAFETY: published bucket arrays are never freed.
        let buckets = unsafe { buckets.as_ref() }?;
        let mut at: *const Link<T> = buckets.slots[slot(hash, buckets.mask)].load(Ordering::Acquire);
        // SAFETY: published links are never changed or freed.
        while let Some(link) = unsafe { at.as_ref() } {
            if link.hash == hash && same(link.item) {
                return Some(link.item);
            }
            at = link.next;
        }
        None
    }

    /// The item that satisfies `same`, made and added if there is none; `true` if it was added.
    /// When the index grows, items for which `keep` is false are dropped from it.
    pub fn get_or_insert(
        &self,
        hash: u64,
        same: impl Fn(&T) -> bool,
        keep: impl Fn(&T) -> bool,
        make: impl FnOnce() -> &'static T,
    ) -> (&'static T, bool) {
        let mut len = lock(&self.writer);
        if let Some(found) = self.find(hash, same) {
            return (found, false);
        }
        let item = make();
        let current = self.buckets.load(Ordering::Acquire);
        // SAFETY: published bucket arrays are never freed.
        let capacity = unsafe { current.as_ref() }.map_or(0, |buckets| buckets.slots.len());
        if *len >= capacity {
            *len = self.grow(capacity, keep);
        }
        let buckets = self.buckets.load(Ordering::Acquire);
        // SAFETY: `grow` made it non-null; never freed.
        let buckets = unsafe { &*buckets };
        push(buckets, hash, item);
        *len += 1;
        (item, true)
    }

    /// Called with the writer's lock held. The number of items kept.
    fn grow(&self, capacity: usize, keep: impl Fn(&T) -> bool) -> usize {
        let mut kept = Vec::new();
        // SAFETY: published bucket arrays are never freed.
        if let Some(old) = unsafe { self.buckets.load(Ordering::Acquire).as_ref() } {
            for slot in &old.slots {
                let first = kept.len();
                let mut at: *const Link<T> = slot.load(Ordering::Acquire);
                // SAFETY: published links are never changed or freed.
                while let Some(link) = unsafe { at.as_ref() } {
                    if keep(link.item) {
                        kept.push((link.hash, link.item));
                    }
                    at = link.next;
                }
                // Pushing goes to the front: oldest first keeps the newest in front.
                kept[first..].reverse();
            }
        }
        let size = if kept.len() * 2 > capacity { capacity * 2 } else { capacity.max(4) };
        let slots = (0..size).map(|_| AtomicPtr::new(ptr::null_mut())).collect();
        let buckets = Box::new(Buckets { mask: size - 1, slots });
        for &(hash, item) in &kept {
            push(&buckets, hash, item);
        }
        self.buckets.store(Box::into_raw(buckets), Ordering::Release);
        kept.len()
    }
}

/// Multiplicative hashes have their entropy in the high bits.
#[inline]
fn slot(hash: u64, mask: usize) -> usize {
    (hash ^ (hash >> 32)) as usize & mask
}

fn push<T>(buckets: &Buckets<T>, hash: u64, item: &'static T) {
    let slot = &buckets.slots[slot(hash, buckets.mask)];
    let next = slot.load(Ordering::Relaxed);
    let link = Box::into_raw(Box::new(Link { hash, item, next }));
    slot.store(link, Ordering::Release);
}

#[cfg(all(test, not(any(feature = "shuttle", feature = "loom"))))]
mod tests {
    use super::*;

    #[test]
    fn a_grow_list_admits_each_value_once_and_shows_the_newest_first() {
        let list = GrowList::new();
        for value in [1, 2, 1, 3] {
            list.get_or_push(|&v| v == value, || value);
        }
        assert_eq!(list.iter().copied().collect::<Vec<_>>(), [3, 2, 1]);
    }

    #[test]
    fn threads_adding_the_same_value_agree_on_one() {
        for _ in 0..200 {
            let list = GrowList::new();
            let added: usize = std::thread::scope(|scope| {
                let handles: Vec<_> = (0..4)
                    .map(|_| scope.spawn(|| (0..8).filter(|&i| list.get_or_push(|&v| v == i, || i).1).count()))
                    .collect();
                handles.into_iter().map(|handle| handle.join().expect("no panic")).sum()
            });
            assert_eq!(added, 8);
        }
    }

    #[test]
    fn a_grow_index_finds_everything_kept_through_growth() {
        let index = GrowIndex::new();
        for i in 0u64..1000 {
            // Few distinct hashes: chains and growth both happen.
            let (_, new) =
                index.get_or_insert(i % 64, |&v| v == i, |&v| v % 3 == 0 || v > 900, || Box::leak(Box::new(i)));
            assert!(new);
        }
        for i in (0u64..1000).filter(|v| v % 3 == 0) {
            assert_eq!(index.find(i % 64, |&v| v == i), Some(&i));
        }
        assert_eq!(index.find(5, |&v| v == 2000), None);
    }
}
