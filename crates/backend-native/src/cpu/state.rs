//! What compiled kernels and their launch share: layouts that [`super::lowering`] spells out as
//! offsets.

use codegen::{MAX_DATA, MAX_STACK};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

/// Items of one warp, for code that asks for warps.
pub const WARP: u32 = 32;

/// State of a work-group; read-only to kernels.
#[repr(C)]
pub struct GroupState {
    pub group: [u32; 3],
    pub num_groups: [u32; 3],
    pub group_size: [u32; 3],
    /// The items to run, from the group's first: more than the group's where several groups are run as one.
    pub extent: [u32; 3],
    pub items: u32,
    pub shared: *mut u8,
    pub dynamic: *mut u8,
    pub launch: *const LaunchState,
    /// Scratch memory of the thread, for the frames of coroutines.
    pub arena: *mut Arena,
    /// What the slots of the kernel's table of references hold.
    pub table: *const usize,
}

/// State of a work-item.
#[repr(C)]
pub struct ItemState {
    pub group: *const GroupState,
    pub local: [u32; 3],
    /// What it waits for (see the constants below).
    pub waiting: u32,
    /// What it shows to its warp.
    pub scratch: u32,
    pub linear: u32,
}

pub const WAITS_FOR_GROUP: u32 = 0;
pub const WAITS_FOR_WARP: u32 = 1;

/// Offsets for code generation.
pub mod offsets {
    use super::{GroupState, ItemState};
    use std::mem::offset_of;

    pub const GROUP_ID: usize = offset_of!(GroupState, group);
    pub const NUM_GROUPS: usize = offset_of!(GroupState, num_groups);
    pub const GROUP_SIZE: usize = offset_of!(GroupState, group_size);
    pub const EXTENT: usize = offset_of!(GroupState, extent);
    pub const SHARED: usize = offset_of!(GroupState, shared);
    pub const DYNAMIC: usize = offset_of!(GroupState, dynamic);
    pub const TABLE: usize = offset_of!(GroupState, table);
    pub const ITEM_GROUP: usize = offset_of!(ItemState, group);
    pub const ITEM_LOCAL: usize = offset_of!(ItemState, local);
    pub const ITEM_WAITING: usize = offset_of!(ItemState, waiting);
    pub const ITEM_SCRATCH: usize = offset_of!(ItemState, scratch);
    pub const ITEM_LINEAR: usize = offset_of!(ItemState, linear);
    pub const ITEM_SIZE: usize = size_of::<ItemState>();
}

/// What a throw left behind.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThrowRecord {
    pub site: u32,
    pub args: [i64; 4],
    pub group: [u32; 3],
    pub item: [u32; 3],
    /// Numbers of the calls that led to the throw, innermost first; at debug level 2.
    pub calls: [u32; MAX_STACK],
    /// How many of `calls` there are.
    pub depth: u32,
    /// What a throw recorded that says more than integers.
    pub data: ThrowData,
}

/// The bytes that a [recipe](codegen::Recipe) is about.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(16))]
pub struct ThrowData(pub [u8; MAX_DATA]);

impl Default for ThrowData {
    fn default() -> Self {
        ThrowData([0; MAX_DATA])
    }
}

/// The record of a call, on the stack of kernels compiled at debug level 2.
#[repr(C)]
pub struct CallRecord {
    /// Of the call of the function that makes this one; null in the kernel itself.
    pub caller: *const CallRecord,
    pub number: u32,
}

/// Shared by all groups of a launch.
pub struct LaunchState {
    claimed: AtomicBool,
    recorded: AtomicBool,
    record: UnsafeCell<MaybeUninit<ThrowRecord>>,
}

impl Default for LaunchState {
    fn default() -> Self {
        let record = UnsafeCell::new(MaybeUninit::uninit());
        LaunchState { claimed: AtomicBool::new(false), recorded: AtomicBool::new(false), record }
    }
}

// SAFETY: `record` is written by the one thread that claimed it, before `recorded` is set, and read
// only after that.
unsafe impl Sync for LaunchState {}

impl LaunchState {
    /// Records a throw unless there is one already.
    pub fn throw(&self, record: ThrowRecord) {
        if !self.claimed.swap(true, Ordering::AcqRel) {
            // SAFETY: only the claiming thread gets here.
            unsafe { (*self.record.get()).write(record) };
            self.recorded.store(true, Ordering::Release);
        }
    }

    pub fn failed(&self) -> bool {
        self.claimed.load(Ordering::Relaxed)
    }

    pub fn record(&self) -> Option<ThrowRecord> {
        // SAFETY: written and complete once `recorded` is seen.
        self.recorded.load(Ordering::Acquire).then(|| unsafe { (*self.record.get()).assume_init_read() })
    }
}

/// A cache line of memory: vectors in what starts with one lie in one line each.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Line([u128; 4]);

impl Line {
    pub const SIZE: usize = size_of::<Line>();
    pub const ZERO: Line = Line([0; 4]);
}

/// Bump allocation for one group at a time; memory is kept for the next.
#[derive(Default)]
pub struct Arena {
    chunks: Vec<Vec<Line>>,
    chunk: usize,
    /// Bytes of it.
    used: usize,
}

impl Arena {
    /// Bytes of a chunk, unless more are asked for at once.
    const CHUNK: usize = 1 << 18;

    /// `size` bytes aligned to 16, after a `reset` to a cache line; valid until the next `reset`.
    pub fn alloc(&mut self, size: usize) -> *mut u8 {
        let size = size.next_multiple_of(16);
        loop {
            if let Some(chunk) = self.chunks.get_mut(self.chunk) {
                if self.used + size <= chunk.len() * Line::SIZE {
                    // SAFETY: within the chunk.
                    let at = unsafe { chunk.as_mut_ptr().cast::<u8>().add(self.used) };
                    self.used += size;
                    return at;
                }
                self.chunk += 1;
                self.used = 0;
            } else {
                self.chunks.push(vec![Line::ZERO; size.max(Arena::CHUNK).div_ceil(Line::SIZE)]);
            }
        }
    }

    pub fn reset(&mut self) {
        self.chunk = 0;
        self.used = 0;
    }
}
