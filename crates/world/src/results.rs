//! Typed results attached to a code instance.
//!
//! A back-end describes what it makes of a code instance as one struct with a field per stage. Each
//! field says whether it may leave the process: [`Portable`] or [`SessionLocal`] / [`PerDevice`]. Only
//! the former can be given to an [`Encoder`]:
//!
//! ```
//! use world::results::{Encoder, Portable, PortableResults, SessionLocal};
//!
//! #[derive(Default)]
//! struct Kernel {
//!     image: Portable<Vec<u8>>,
//!     module: SessionLocal<usize>,
//! }
//! impl PortableResults for Kernel {
//!     fn encode(&self, to: &mut Encoder) {
//!         to.field(&self.image);
//!     }
//!     fn decode(&self, from: &mut world::results::Decoder) -> bool {
//!         from.field(&self.image)
//!     }
//! }
//! let kernel = Kernel::default();
//! kernel.image.set(vec![1, 2, 3]).unwrap();
//! kernel.module.set(0xdead).unwrap();
//! let mut encoder = Encoder::default();
//! kernel.encode(&mut encoder);
//!
//! let loaded = Kernel::default();
//! assert!(loaded.decode(&mut world::results::Decoder::new(&encoder.into_bytes())));
//! assert_eq!(loaded.image.get(), Some(&vec![1, 2, 3]));
//! assert_eq!(loaded.module.get(), None);
//! ```
//!
//! A session-local field in an image does not compile:
//!
//! ```compile_fail,E0308
//! use world::results::{Encoder, SessionLocal};
//! fn encode(module: &SessionLocal<usize>, to: &mut Encoder) {
//!     to.field(module);
//! }
//! ```
//!
//! nor can one be hidden inside a portable one:
//!
//! ```compile_fail,E0277
//! use world::results::{Portable, SessionLocal};
//! let field: Portable<SessionLocal<usize>> = Portable::default();
//! ```

use crate::events::EventKind;
use crate::instance::{CiRef, CodeInstance};
use crate::list::GrowList;
use std::any::{Any, TypeId};
use std::sync::OnceLock;

/// A results struct: created empty, then filled in through shared references, stage by stage.
pub trait Results: Default + Send + Sync + 'static {}
impl<V: Default + Send + Sync + 'static> Results for V {}

/// The full configuration that results are for. Comparing two keys is on the launch path: make it
/// cheap (an interned handle, a few words).
pub trait ResultKey: Clone + Eq + Send + Sync + 'static {}
impl<K: Clone + Eq + Send + Sync + 'static> ResultKey for K {}

/// One results struct of a code instance.
pub(crate) struct ResultEntry {
    /// Of `Slot<V, K>`.
    kind: TypeId,
    slot: Box<dyn AnySlot>,
}

struct Slot<V, K> {
    key: K,
    value: V,
}

trait AnySlot: Any + Send + Sync {
    fn parts(&self) -> (&(dyn Any + Send + Sync), &(dyn Any + Send + Sync));
}

impl<V: Results, K: ResultKey> AnySlot for Slot<V, K> {
    fn parts(&self) -> (&(dyn Any + Send + Sync), &(dyn Any + Send + Sync)) {
        (&self.key, &self.value)
    }
}

impl ResultEntry {
    pub(crate) fn new<V: Results, K: ResultKey>(key: &K) -> ResultEntry {
        let slot = Slot { key: key.clone(), value: V::default() };
        ResultEntry { kind: TypeId::of::<Slot<V, K>>(), slot: Box::new(slot) }
    }

    #[inline]
    pub(crate) fn value<V: Results, K: ResultKey>(&self, key: &K) -> Option<&V> {
        if self.kind != TypeId::of::<Slot<V, K>>() {
            return None;
        }
        // SAFETY: `kind` is the type id of what `new` put into `slot`, and it is `Slot<V, K>`'s.
        let slot = unsafe { &*std::ptr::from_ref(&*self.slot).cast::<Slot<V, K>>() };
        (slot.key == *key).then_some(&slot.value)
    }
}

impl CodeInstance {
    /// The results of type `V` for this configuration: made empty the first time, the same object
    /// ever after. Other types and other configurations have objects of their own. Warm, this takes no
    /// lock and allocates nothing.
    #[inline]
    pub fn results<V: Results>(&self, key: &impl ResultKey) -> &V {
        match self.existing_results(key) {
            Some(found) => found,
            None => self.new_results(key),
        }
    }

    /// The same, but `None` if nobody asked for them yet.
    #[inline]
    pub fn existing_results<V: Results>(&self, key: &impl ResultKey) -> Option<&V> {
        self.results.iter().find_map(|entry| entry.value(key))
    }

    #[cold]
    fn new_results<V: Results, K: ResultKey>(&self, key: &K) -> &V {
        let same = |entry: &ResultEntry| entry.value::<V, K>(key).is_some();
        let (entry, new) = self.results.get_or_push(same, || ResultEntry::new::<V, K>(key));
        if new {
            let instance = self.id();
            self.world().emit(|| EventKind::ResultsCreated { instance, results: std::any::type_name::<V>() });
        }
        entry.value(key).expect("the entry that was found or made for this key")
    }

    /// All results attached so far, oldest first: `(key, value)`, for writers of images, who know the
    /// types of some.
    pub fn all_results(&self) -> Vec<(&(dyn Any + Send + Sync), &(dyn Any + Send + Sync))> {
        let mut all: Vec<_> = self.results.iter().map(|entry| entry.slot.parts()).collect();
        all.reverse();
        all
    }
}

/// [`CodeInstance::results`] through the handle: lives as long as the process.
#[inline]
pub fn results<V: Results>(ci: CiRef, key: &impl ResultKey) -> &'static V {
    ci.get().results(key)
}

/// Data that means the same in another process.
pub trait PortableValue: Send + Sync + Sized + 'static {
    fn encode(&self, out: &mut Vec<u8>);
    /// `None` if the bytes are not what [`encode`](Self::encode) writes.
    fn decode(input: &mut &[u8]) -> Option<Self>;
}

/// A field that may be written to an image or a store. Set once.
#[derive(Debug)]
pub struct Portable<T: PortableValue>(OnceLock<T>);

/// A field that must never leave the process: loaded modules, pipelines, entry addresses. Set once.
#[derive(Debug)]
pub struct SessionLocal<T>(OnceLock<T>);

impl<T: PortableValue> Portable<T> {
    #[inline]
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }
    /// Gives the value back if there is one already.
    pub fn set(&self, value: T) -> Result<(), T> {
        self.0.set(value)
    }
    /// One of several threads makes it, the others wait for it.
    #[inline]
    pub fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(make)
    }
}

impl<T> SessionLocal<T> {
    #[inline]
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }
    /// Gives the value back if there is one already.
    pub fn set(&self, value: T) -> Result<(), T> {
        self.0.set(value)
    }
    /// One of several threads makes it, the others wait for it.
    #[inline]
    pub fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(make)
    }
}

impl<T: PortableValue> Default for Portable<T> {
    fn default() -> Self {
        Portable(OnceLock::new())
    }
}
impl<T> Default for SessionLocal<T> {
    fn default() -> Self {
        SessionLocal(OnceLock::new())
    }
}

/// One session-local value per device: two devices of one kind share an image, and each has its own
/// pipeline. Looking one up takes no lock.
pub struct PerDevice<D, T>(GrowList<(D, OnceLock<T>)>);

impl<D: Eq + Clone, T> PerDevice<D, T> {
    #[inline]
    pub fn get(&self, device: &D) -> Option<&T> {
        self.0.iter().find(|(other, _)| other == device)?.1.get()
    }
    /// One of several threads makes it, the others wait for it.
    #[inline]
    pub fn get_or_init(&self, device: &D, make: impl FnOnce() -> T) -> &T {
        match self.get(device) {
            Some(found) => found,
            None => {
                let same = |entry: &(D, OnceLock<T>)| entry.0 == *device;
                self.0.get_or_push(same, || (device.clone(), OnceLock::new())).0.1.get_or_init(make)
            }
        }
    }
    /// Every device's value, latest first.
    pub fn iter(&self) -> impl Iterator<Item = (&D, &T)> {
        self.0.iter().filter_map(|(device, value)| Some((device, value.get()?)))
    }
}

impl<D, T> Default for PerDevice<D, T> {
    fn default() -> Self {
        PerDevice(GrowList::new())
    }
}

/// Results of which something can be written to an image.
pub trait PortableResults: Results {
    /// Writes the portable fields.
    fn encode(&self, to: &mut Encoder);
    /// Reads them back, in the same order; `false` if the bytes are not what `encode` writes.
    fn decode(&self, from: &mut Decoder) -> bool;
}

/// Takes portable fields, and no others.
#[derive(Default)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    /// Writes a field that may be empty.
    pub fn field<T: PortableValue>(&mut self, field: &Portable<T>) {
        match field.get() {
            None => self.0.push(0),
            Some(value) => {
                self.0.push(1);
                value.encode(&mut self.0);
            }
        }
    }
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what an [`Encoder`] wrote.
pub struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    pub fn new(bytes: &'a [u8]) -> Decoder<'a> {
        Decoder(bytes)
    }
    /// Fills a field (a value it has already stays); `false` if the bytes are damaged.
    #[must_use]
    pub fn field<T: PortableValue>(&mut self, field: &Portable<T>) -> bool {
        match take(&mut self.0, 1).map(|tag| tag[0]) {
            Some(0) => true,
            Some(1) => match T::decode(&mut self.0) {
                Some(value) => {
                    // An object that was compiled meanwhile is as good as the one from the image.
                    let _ = field.set(value);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn take<'a>(input: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = input.split_at_checked(len)?;
    *input = tail;
    Some(head)
}

impl PortableValue for Vec<u8> {
    fn encode(&self, out: &mut Vec<u8>) {
        (self.len() as u64).encode(out);
        out.extend(self);
    }
    fn decode(input: &mut &[u8]) -> Option<Self> {
        let len = usize::try_from(u64::decode(input)?).ok()?;
        take(input, len).map(<[u8]>::to_vec)
    }
}
impl PortableValue for String {
    fn encode(&self, out: &mut Vec<u8>) {
        (self.len() as u64).encode(out);
        out.extend(self.as_bytes());
    }
    fn decode(input: &mut &[u8]) -> Option<Self> {
        String::from_utf8(Vec::decode(input)?).ok()
    }
}
impl PortableValue for u64 {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }
    fn decode(input: &mut &[u8]) -> Option<Self> {
        Some(u64::from_le_bytes(take(input, 8)?.try_into().ok()?))
    }
}
