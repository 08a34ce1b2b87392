//! The stack of values: registers of all running frames, one after the other.

use runtime::Value;
use runtime::gc::{self, RootRange};
use std::cell::Cell;
use std::sync::atomic::Ordering;

/// Address space reserved per thread; only what is used takes memory.
const BYTES: usize = 256 << 20;

/// A register: 0 (undefined) or an object's address.
pub type Reg = usize;

/// One thread's stack of registers. The collector scans what is below `top`.
pub struct ValueStack {
    range: &'static RootRange,
    end: *mut Reg,
    top: Cell<*mut Reg>,
}

impl ValueStack {
    pub fn new() -> ValueStack {
        let range = gc::root_range(BYTES);
        let base = range.base() as *mut Reg;
        // SAFETY: the range has `BYTES` bytes.
        let end = unsafe { base.add(BYTES / size_of::<Reg>()) };
        ValueStack { range, end, top: Cell::new(base) }
    }

    #[inline]
    pub fn top(&self) -> *mut Reg {
        self.top.get()
    }

    /// Is there room for `n` more registers?
    #[inline]
    pub fn has_room(&self, n: usize) -> bool {
        (self.end as usize - self.top.get() as usize) / size_of::<Reg>() > n
    }

    /// Moves the top. What lies between an older, lower top and the new one must have been written.
    #[inline]
    pub fn set_top(&self, top: *mut Reg) {
        self.top.set(top);
        self.range.top.store(top as usize, Ordering::Relaxed);
    }

    /// Pushes one value.
    #[inline]
    pub fn push(&self, v: Value) {
        let top = self.top.get();
        debug_assert!(top < self.end);
        // SAFETY: callers check for room; below `end` the memory is ours.
        unsafe {
            *top = v.addr();
            self.set_top(top.add(1));
        }
    }
}

/// The values in `n` registers from `base`, all defined.
///
/// # Safety
/// The registers hold objects' addresses, and stay on the stack while the slice is used.
#[inline]
pub unsafe fn values<'a>(base: *const Reg, n: usize) -> &'a [Value] {
    // SAFETY: a defined register is a `Value` bit for bit.
    unsafe { std::slice::from_raw_parts(base as *const Value, n) }
}
