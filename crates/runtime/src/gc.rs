//! The collector: a thin layer over the Boehm–Demers–Weiser library.
//!
//! Objects are blocks of the collector with the tag word first. References point behind the tag,
//! so displacement 8 is registered and other interior pointers count only on stacks and in
//! registers. Rust's own heap is invisible to the collector: values that live there must be
//! [`pin`]ned or kept in a [`ValueVec`].

use crate::Value;
use std::cell::Cell;
use std::ffi::c_void;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use types::Ty;

#[repr(C)]
struct StackBase {
    mem_base: *mut c_void,
    reg_base: *mut c_void,
}

#[link(name = "gc")]
unsafe extern "C" {
    fn GC_init();
    fn GC_malloc(size: usize) -> *mut c_void;
    fn GC_malloc_atomic(size: usize) -> *mut c_void;
    fn GC_malloc_uncollectable(size: usize) -> *mut c_void;
    fn GC_free(ptr: *mut c_void);
    fn GC_base(ptr: *mut c_void) -> *mut c_void;
    fn GC_gcollect();
    fn GC_register_displacement(offset: usize);
    fn GC_set_all_interior_pointers(on: i32);
    fn GC_set_warn_proc(f: Option<extern "C" fn(*const i8, usize)>);
    fn GC_set_free_space_divisor(n: usize);
    fn GC_expand_hp(bytes: usize) -> i32;
    fn GC_allow_register_threads();
    fn GC_get_stack_base(base: *mut StackBase) -> i32;
    fn GC_register_my_thread(base: *const StackBase) -> i32;
    fn GC_unregister_my_thread() -> i32;
    fn GC_thread_is_registered() -> i32;
    fn GC_get_heap_size() -> usize;
    fn GC_get_total_bytes() -> usize;
    fn GC_get_gc_no() -> usize;
    fn GC_get_push_other_roots() -> Option<extern "C" fn()>;
    fn GC_set_push_other_roots(f: Option<extern "C" fn()>);
    fn GC_push_all(bottom: *const c_void, top: *const c_void);
    fn GC_disable();
    fn GC_enable();
    fn GC_register_finalizer_no_order(
        obj: *mut c_void,
        f: Option<extern "C" fn(*mut c_void, *mut c_void)>,
        data: *mut c_void,
        old_f: *mut c_void,
        old_data: *mut c_void,
    );
}

/// Size of the tag word before an object's data.
pub const HEADER: usize = 8;

extern "C" fn silent_warning(_: *const i8, _: usize) {}

static OTHER_ROOTS: AtomicUsize = AtomicUsize::new(0);

/// A block of memory of which the first part holds references, such as an interpreter's stack of
/// values. Where the part ends is read at each collection.
pub struct RootRange {
    base: usize,
    /// Address behind the last reference.
    pub top: AtomicUsize,
    next: AtomicUsize,
}

/// List of all ranges, newest first; only ever grows, so that a collection may walk it at any time.
static RANGES: AtomicUsize = AtomicUsize::new(0);

extern "C" fn push_ranges() {
    let other = OTHER_ROOTS.load(Ordering::Relaxed);
    if other != 0 {
        // SAFETY: the word holds the library's own procedure.
        unsafe { std::mem::transmute::<usize, extern "C" fn()>(other)() }
    }
    let mut at = RANGES.load(Ordering::Acquire) as *const RootRange;
    while !at.is_null() {
        // SAFETY: ranges are leaked and never change but for `top`, which lies in the block.
        unsafe {
            let r = &*at;
            GC_push_all(r.base as *const c_void, r.top.load(Ordering::Relaxed) as *const c_void);
            at = r.next.load(Ordering::Acquire) as *const RootRange;
        }
    }
}

/// Reserves `bytes` of zeroed memory whose used part the collector scans. Lives forever.
pub fn root_range(bytes: usize) -> &'static RootRange {
    let layout = std::alloc::Layout::from_size_align(bytes, 16).expect("a sensible size");
    // SAFETY: the size is not 0. Large zeroed blocks of ordinary alignment come untouched from the operating system.
    let base = unsafe { std::alloc::alloc_zeroed(layout) };
    if base.is_null() {
        out_of_memory(bytes);
    }
    let r: &'static RootRange = Box::leak(Box::new(RootRange {
        base: base as usize,
        top: AtomicUsize::new(base as usize),
        next: AtomicUsize::new(0),
    }));
    let mut head = RANGES.load(Ordering::Acquire);
    loop {
        r.next.store(head, Ordering::Release);
        match RANGES.compare_exchange(head, r as *const RootRange as usize, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return r,
            Err(h) => head = h,
        }
    }
}

impl RootRange {
    pub fn base(&self) -> *mut u8 {
        self.base as *mut u8
    }
}

/// Runs before `main`, on the main thread, because the library takes the thread of its
/// initialisation for the process's first.
extern "C" fn start() {
    // SAFETY: called once, before anything of this process allocates from the collector.
    unsafe {
        GC_set_all_interior_pointers(0);
        GC_init();
        GC_register_displacement(HEADER);
        GC_set_warn_proc(Some(silent_warning));
        GC_set_free_space_divisor(2);
        GC_expand_hp(32 << 20);
        GC_allow_register_threads();
        // The library's own procedure pushes the stacks of the other threads: it stays first.
        OTHER_ROOTS.store(GC_get_push_other_roots().map_or(0, |f| f as usize), Ordering::Relaxed);
        GC_set_push_other_roots(Some(push_ranges));
    }
}

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

thread_local! {
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
    static GUARD: ThreadGuard = const { ThreadGuard };
}

/// Unregisters the thread when it ends.
struct ThreadGuard;

impl Drop for ThreadGuard {
    fn drop(&mut self) {
        REGISTERED.with(|r| r.set(false));
        // SAFETY: this thread registered itself in `register_thread`.
        unsafe {
            GC_unregister_my_thread();
        }
    }
}

#[cold]
fn register_thread() {
    // SAFETY: plain calls on the current thread; the base structure outlives the call.
    unsafe {
        if GC_thread_is_registered() == 0 {
            let mut base = StackBase { mem_base: std::ptr::null_mut(), reg_base: std::ptr::null_mut() };
            GC_get_stack_base(&mut base);
            GC_register_my_thread(&base);
            GUARD.with(|_| ());
        }
    }
    REGISTERED.with(|r| r.set(true));
}

/// Makes the current thread known to the collector. Allocation does it on its own; a thread that
/// holds values without allocating must call it.
#[inline]
pub fn enter() {
    if !REGISTERED.with(Cell::get) {
        register_thread();
    }
}

static STRESS: AtomicUsize = AtomicUsize::new(0);
static STRESS_COUNT: AtomicUsize = AtomicUsize::new(0);

/// Collects at every `n`-th allocation (0: no more). For tests.
pub fn stress(n: usize) {
    STRESS.store(n, Ordering::Relaxed);
}

#[inline]
fn tick() {
    let n = STRESS.load(Ordering::Relaxed);
    if n != 0 && STRESS_COUNT.fetch_add(1, Ordering::Relaxed).is_multiple_of(n) {
        collect();
    }
}

fn out_of_memory(size: usize) -> ! {
    eprintln!("out of memory: {size} bytes asked");
    std::process::abort()
}

/// A zeroed object of type `ty` with `size` bytes of data that the collector scans.
#[inline]
pub fn alloc(ty: Ty, size: usize) -> Value {
    enter();
    tick();
    // SAFETY: the thread is registered; the block is at least `HEADER + size` bytes and zeroed.
    unsafe { tagged(GC_malloc(HEADER + size), ty, size) }
}

/// A zeroed object of type `ty` whose `size` bytes of data hold no references.
#[inline]
pub fn alloc_atomic(ty: Ty, size: usize) -> Value {
    enter();
    tick();
    // SAFETY: as in `alloc`; the library does not clear these blocks, so we do.
    unsafe {
        let block = GC_malloc_atomic(HEADER + size);
        if !block.is_null() {
            std::ptr::write_bytes((block as *mut u8).add(HEADER), 0, size);
        }
        tagged(block, ty, size)
    }
}

/// # Safety
/// `block` is null or a fresh block of at least `HEADER + size` bytes.
#[inline]
unsafe fn tagged(block: *mut c_void, ty: Ty, size: usize) -> Value {
    if block.is_null() {
        out_of_memory(size);
    }
    // SAFETY: the block has room for the tag, and is aligned to 8.
    unsafe {
        *(block as *mut Ty) = ty;
        Value::from_ptr((block as *mut u8).add(HEADER))
    }
}

/// A zeroed object outside the collected heap that lives forever and is not scanned: for
/// singletons and for Rust structures that are values (symbols, modules).
pub fn leak<T>(ty: Ty, data: T) -> Value {
    #[repr(C, align(8))]
    struct Cell<T> {
        tag: Ty,
        data: T,
    }
    const { assert!(std::mem::align_of::<T>() <= 8) };
    let cell = Box::leak(Box::new(Cell { tag: ty, data }));
    // SAFETY: with an alignment of at most 8 the data starts right behind the 8-byte tag.
    unsafe { Value::from_ptr(&raw mut cell.data as *mut u8) }
}

/// Zeroed memory that the collector scans and never frees: for the interpreter's stacks, bindings and
/// other roots. `release` gives it back.
pub fn root_memory(bytes: usize) -> *mut u8 {
    enter();
    // SAFETY: the thread is registered.
    let p = unsafe { GC_malloc_uncollectable(bytes) };
    if p.is_null() {
        out_of_memory(bytes);
    }
    p as *mut u8
}

/// # Safety
/// `ptr` came from [`root_memory`] and is not used again.
pub unsafe fn release(ptr: *mut u8) {
    // Destructors of thread-local values run after the thread was unregistered; freeing needs only the
    // collector's lock.
    if GUARD.try_with(|_| ()).is_ok() {
        enter();
    }
    // SAFETY: by the caller's promise.
    unsafe { GC_free(ptr as *mut c_void) }
}

/// Runs a full collection.
pub fn collect() {
    enter();
    // SAFETY: the thread is registered.
    unsafe { GC_gcollect() }
}

/// Switches collection on or off; calls nest.
pub fn enable(on: bool) {
    // SAFETY: plain switches of the library.
    unsafe { if on { GC_enable() } else { GC_disable() } }
}

/// Bytes of the heap, bytes ever allocated, collections so far.
pub fn statistics() -> (usize, usize, usize) {
    // SAFETY: plain queries.
    unsafe { (GC_get_heap_size(), GC_get_total_bytes(), GC_get_gc_no()) }
}

/// Calls `f(object data address)` some time after the object became unreachable.
pub fn on_death(v: Value, f: extern "C" fn(*mut c_void, *mut c_void)) {
    on_death_with(v, f, 0);
}

/// The same with `f(address of the block, data)`; of several such calls for an object the last one counts.
pub fn on_death_with(v: Value, f: extern "C" fn(*mut c_void, *mut c_void), data: usize) {
    // SAFETY: the base of a collected object is a valid argument; no old finaliser is asked for.
    unsafe {
        let base = GC_base(v.as_ptr() as *mut c_void);
        if !base.is_null() {
            GC_register_finalizer_no_order(
                base,
                Some(f),
                data as *mut c_void,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            );
        }
    }
}

/// Is the object in the collected heap (else it lives forever)?
pub fn is_collected(v: Value) -> bool {
    // SAFETY: any address may be asked about.
    unsafe { !GC_base(v.as_ptr() as *mut c_void).is_null() }
}

static PINNED: Mutex<ValueVec> = Mutex::new(ValueVec::new());

/// Keeps an object alive for the life of the process and returns it. Idempotence is the caller's:
/// each call takes a slot.
pub fn pin(v: Value) -> Value {
    if is_collected(v) {
        // A panic cannot leave the list half-changed: it only ever grows by complete slots.
        PINNED.lock().unwrap_or_else(|e| e.into_inner()).push(v);
    }
    v
}

/// A growable list of values that the collector sees wherever the list itself lives.
pub struct ValueVec {
    data: *mut Value,
    len: usize,
    capacity: usize,
}

// SAFETY: owns its memory; values themselves are Send.
unsafe impl Send for ValueVec {}
// SAFETY: shared access only reads.
unsafe impl Sync for ValueVec {}

impl ValueVec {
    pub const fn new() -> ValueVec {
        ValueVec { data: std::ptr::null_mut(), len: 0, capacity: 0 }
    }

    pub fn with_capacity(capacity: usize) -> ValueVec {
        let mut v = ValueVec::new();
        if capacity > 0 {
            v.grow(capacity);
        }
        v
    }

    fn grow(&mut self, capacity: usize) {
        let new = root_memory(capacity * size_of::<Value>()) as *mut Value;
        if !self.data.is_null() {
            // SAFETY: both blocks hold at least `len` values; the old one is not used after.
            unsafe {
                std::ptr::copy_nonoverlapping(self.data, new, self.len);
                release(self.data as *mut u8);
            }
        }
        self.data = new;
        self.capacity = capacity;
    }

    pub fn push(&mut self, v: Value) {
        if self.len == self.capacity {
            self.grow((self.capacity * 2).max(8));
        }
        // SAFETY: there is room behind the last element.
        unsafe { self.data.add(self.len).write(v) };
        self.len += 1;
    }

    pub fn pop(&mut self) -> Option<Value> {
        let last = self.last().copied()?;
        self.len -= 1;
        Some(last)
    }

    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    pub fn clear(&mut self) {
        self.len = 0;
    }
}

impl Default for ValueVec {
    fn default() -> ValueVec {
        ValueVec::new()
    }
}

impl Drop for ValueVec {
    fn drop(&mut self) {
        if !self.data.is_null() {
            // SAFETY: the block is ours and is not used again.
            unsafe { release(self.data as *mut u8) }
        }
    }
}

impl std::ops::Deref for ValueVec {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        if self.data.is_null() {
            return &[];
        }
        // SAFETY: the first `len` elements are initialised.
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
}

impl std::ops::DerefMut for ValueVec {
    fn deref_mut(&mut self) -> &mut [Value] {
        if self.data.is_null() {
            return &mut [];
        }
        // SAFETY: the first `len` elements are initialised and exclusively ours.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
    }
}

impl Extend<Value> for ValueVec {
    fn extend<I: IntoIterator<Item = Value>>(&mut self, values: I) {
        for v in values {
            self.push(v);
        }
    }
}

impl FromIterator<Value> for ValueVec {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> ValueVec {
        let mut v = ValueVec::new();
        v.extend(values);
        v
    }
}

impl Clone for ValueVec {
    fn clone(&self) -> ValueVec {
        self.iter().copied().collect()
    }
}
