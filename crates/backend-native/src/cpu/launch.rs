//! Running kernels.

use super::compile::{CpuArtifact, Form, GROUP, RESUME, START};
use super::crew::share;
use super::lowering;
use super::places::Merge;
use super::print;
use super::state::{Arena, CallRecord, GroupState, ItemState, LaunchState, Line, ThrowRecord, WAITS_FOR_WARP, WARP};
use crate::session::resolve;
use crate::shims;
use codegen::{Frame, MAX_DATA, MAX_STACK, NO_SITE, RECORDS_DATA, RelocationKind, RuntimeFunction, ThrowSite};
use llvm::{Error, Jit};
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

/// Most items in a group.
pub const MAX_GROUP: u32 = 1 << 16;

/// Most items along a dimension of a launch that code is compiled for, unless it is compiled for any launch.
pub const MOST_ITEMS: u32 = 1 << 30;

/// Groups are not run as one beyond so many items: whether the launch has failed is looked at between them.
const MOST_MERGED: u64 = 1 << 16;

/// Number of the site that stands for a recursion without end.
const STACK_OVERFLOW: u32 = u32::MAX;

/// How a launch runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct LaunchOptions<'a> {
    /// All groups in order on the calling thread.
    pub serial: bool,
    /// The threads to run on; the process's pool without one.
    pub pool: Option<&'a rayon::ThreadPool>,
    /// Bytes of group-shared memory whose size the launch gives.
    pub dynamic_shared: usize,
}

/// A kernel loaded into this process.
pub struct CpuKernel {
    artifact: Arc<CpuArtifact>,
    /// Keeps the code mapped.
    _jit: Jit,
    code: Code,
    /// The references of the kernel's table, by slot.
    table: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Code {
    Loop {
        group: unsafe extern "C" fn(*const GroupState, *const u8),
    },
    Coroutines {
        start: unsafe extern "C" fn(*mut ItemState, *const u8) -> *mut u8,
        resume: unsafe extern "C" fn(*mut u8),
    },
}

/// What a kernel threw.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceException {
    pub site: ThrowSite,
    /// Integers that came with it (an index, say).
    pub args: Vec<i64>,
    /// Counted from 0.
    pub group: [u32; 3],
    pub item: [u32; 3],
    /// The functions that led to it, innermost first; empty below debug level 2.
    pub stack: Vec<Frame>,
    /// What the site's recipe is about.
    pub data: Vec<u8>,
}

impl DeviceException {
    /// The stack as Julia prints one, a line for each function, under a heading.
    pub fn stack_text(&self) -> String {
        let mut text = String::from("Stacktrace of the kernel:\n");
        for (i, frame) in self.stack.iter().enumerate() {
            text.push_str(&format!(" [{}] {}\n", i + 1, frame.function));
            if !frame.span.is_none() {
                let file = base::SourceMap::file(frame.span.file);
                text.push_str(&format!("   @ {}:{}\n", file.name, frame.span.line()));
            }
        }
        text
    }
}

impl fmt::Display for DeviceException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.site.kind)?;
        if let Some(message) = &self.site.message {
            write!(f, ": {message}")?;
        }
        if !self.args.is_empty() {
            let numbers: Vec<String> = self.args.iter().map(i64::to_string).collect();
            write!(f, " [{}]", numbers.join(", "))?;
        }
        let one = |v: [u32; 3]| format!("({}, {}, {})", v[0] + 1, v[1] + 1, v[2] + 1);
        write!(f, " in `{}` at item {} of group {}", self.site.function, one(self.item), one(self.group))
    }
}

impl std::error::Error for DeviceException {}

thread_local! {
    static ARENA: RefCell<Box<Arena>> = RefCell::default();
    static SHARED: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

impl CpuKernel {
    /// Links a kernel.
    ///
    /// # Safety
    /// The artifact was made by [`super::compile_kernel`] for this machine.
    pub unsafe fn load(artifact: Arc<CpuArtifact>) -> Result<CpuKernel, Error> {
        let jit = Jit::new()?;
        let mut symbols = shims::symbols();
        symbols.extend([
            (lowering::THROW, rk_cpu_throw as *const () as usize),
            (lowering::PRINT, print::rk_cpu_print as *const () as usize),
            (lowering::SHUFFLE, rk_cpu_shuffle as *const () as usize),
            (lowering::BALLOT, rk_cpu_ballot as *const () as usize),
            (lowering::FRAME, rk_cpu_frame as *const () as usize),
            (lowering::EXIT, rk_cpu_exit as *const () as usize),
            (lowering::MALLOC, malloc as *const () as usize),
            (lowering::CONTEXT, rk_cpu_context as *const () as usize),
        ]);
        let resolved: Vec<(String, usize)> = artifact
            .relocations
            .iter()
            .map(|r| Ok((r.symbol.clone(), resolve(&r.target)?)))
            .collect::<Result<_, Error>>()?;
        let mut table = Vec::new();
        for (r, (symbol, address)) in artifact.relocations.iter().zip(&resolved) {
            match r.kind {
                // Symbols live as long as this call; the session copies them.
                RelocationKind::Link => symbols.push((symbol, *address)),
                RelocationKind::Patch => {}
                RelocationKind::Table { slot } => {
                    table.resize(table.len().max(slot as usize + 1), 0);
                    table[slot as usize] = *address;
                }
            }
        }
        // SAFETY: each symbol is what kernels take it for; the object was compiled for this process's machine.
        unsafe {
            jit.define_absolute(&symbols)?;
            jit.add_object(&artifact.object)?;
            for (r, (symbol, address)) in artifact.relocations.iter().zip(&resolved) {
                if r.kind == RelocationKind::Patch {
                    *(jit.lookup(symbol)? as *mut usize) = *address;
                }
            }
            let code = if artifact.has_barrier {
                Code::Coroutines {
                    start: std::mem::transmute::<usize, unsafe extern "C" fn(*mut ItemState, *const u8) -> *mut u8>(
                        jit.lookup(START)?,
                    ),
                    resume: std::mem::transmute::<usize, unsafe extern "C" fn(*mut u8)>(jit.lookup(RESUME)?),
                }
            } else {
                Code::Loop {
                    group: std::mem::transmute::<usize, unsafe extern "C" fn(*const GroupState, *const u8)>(
                        jit.lookup(GROUP)?,
                    ),
                }
            };
            Ok(CpuKernel { artifact, _jit: jit, code, table })
        }
    }

    pub fn artifact(&self) -> &CpuArtifact {
        &self.artifact
    }

    /// Runs `groups` groups of `group_size` items on the packed arguments, and waits for them. On the calling thread
    /// alone this takes no lock and, once the thread's scratch memory is large enough, allocates nothing.
    ///
    /// # Errors
    /// The first exception.
    ///
    /// # Panics
    /// A group of no items or of more than [`MAX_GROUP`]: callers check and report in their terms.
    ///
    /// # Safety
    /// `args` are the kernel's arguments as `artifact().args` places them, and what they point to is as
    /// the kernel expects.
    pub unsafe fn launch(
        &self,
        args: &[u8],
        groups: [u32; 3],
        group_size: [u32; 3],
        options: LaunchOptions<'_>,
    ) -> Result<(), Box<DeviceException>> {
        // The arguments, aligned as their types.
        let (mut few, mut many) = ([0u128; 16], Vec::new());
        let buffer: &mut [u128] = if args.len() <= size_of_val(&few) {
            &mut few
        } else {
            many.resize(args.len().div_ceil(16), 0);
            &mut many
        };
        // SAFETY: the buffer has room.
        unsafe { std::ptr::copy_nonoverlapping(args.as_ptr(), buffer.as_mut_ptr().cast::<u8>(), args.len()) };
        // SAFETY: by the contract above.
        unsafe { self.launch_with(|_| (), buffer, groups, group_size, options) }
    }

    /// As [`launch`](Self::launch), with each argument where it lies: `args[i]` points to the bytes of argument `i`
    /// (0 is the function object; never read where the argument has no bytes).
    ///
    /// # Errors
    /// # Panics
    /// As [`launch`](Self::launch).
    ///
    /// # Safety
    /// There are as many arguments as the kernel takes, of the types that it was compiled for.
    pub unsafe fn launch_on(
        &self,
        args: &[*const u8],
        groups: [u32; 3],
        group_size: [u32; 3],
        options: LaunchOptions<'_>,
    ) -> Result<(), Box<DeviceException>> {
        let (mut few, mut many) = ([0u128; 16], Vec::new());
        let buffer: &mut [u128] = if self.artifact.packed_size <= size_of_val(&few) {
            &mut few
        } else {
            many.resize(self.artifact.packed_size.div_ceil(16), 0);
            &mut many
        };
        let pack = |buffer: *mut u8| {
            for place in &self.artifact.args {
                let address = args[place.arg];
                let from = if place.reference { (&raw const address).cast() } else { address };
                // SAFETY: an argument has the bytes of its type, and an address those of a reference; the buffer has room for
                // them at their offset.
                unsafe { std::ptr::copy_nonoverlapping(from, buffer.add(place.offset), place.size) };
            }
        };
        // SAFETY: by the contract above.
        unsafe { self.launch_with(pack, buffer, groups, group_size, options) }
    }

    unsafe fn launch_with(
        &self,
        pack: impl FnOnce(*mut u8),
        buffer: &mut [u128],
        groups: [u32; 3],
        group_size: [u32; 3],
        options: LaunchOptions<'_>,
    ) -> Result<(), Box<DeviceException>> {
        let items = group_size.iter().try_fold(1u32, |n, &s| n.checked_mul(s)).filter(|n| (1..=MAX_GROUP).contains(n));
        let items = items.expect("group sizes are checked by the caller");
        let total = groups.iter().map(|&n| u64::from(n)).product::<u64>();
        pack(buffer.as_mut_ptr().cast());
        let launch = LaunchState::default();
        let job = Job {
            code: self.code,
            args: buffer.as_ptr().cast(),
            launch: &launch,
            groups,
            group_size,
            merges: merges(&self.artifact.form, groups, group_size),
            items,
            shared: self.artifact.shared_size,
            dynamic: options.dynamic_shared,
            table: self.table.as_ptr(),
        };
        let threads = || options.pool.map_or_else(rayon::current_num_threads, rayon::ThreadPool::current_num_threads);
        let threads = if options.serial || total <= 1 { 1 } else { threads() };
        if threads == 1 {
            job.run(0, total);
        } else {
            let (size, pieces) = job.pieces(total, threads as u64);
            let helpers = threads.min(pieces as usize) - 1;
            share(options.pool, helpers, pieces, &|i| job.run(i * size, ((i + 1) * size).min(total)));
        }
        match launch.record() {
            None => Ok(()),
            Some(record) => Err(Box::new(self.exception(record))),
        }
    }

    fn exception(&self, record: ThrowRecord) -> DeviceException {
        let site = self.artifact.sites.get(record.site as usize).cloned().unwrap_or_else(|| ThrowSite {
            kind: match record.site {
                STACK_OVERFLOW => "StackOverflowError",
                RuntimeFunction::OUT_OF_MEMORY => "OutOfMemoryError",
                _ => "ErrorException",
            }
            .into(),
            message: (record.site == NO_SITE)
                .then(|| "a kernel threw an exception; debug level 1 says which".to_owned()),
            args: 0,
            function: "kernel".into(),
            span: base::Span::NONE,
            frames: Vec::new(),
            recipe: None,
        });
        let args = record.args[..(site.args as usize).min(4)].to_vec();
        let mut stack = Vec::new();
        if self.artifact.debug_level >= 2 {
            stack.extend_from_slice(&site.frames);
            let calls = record.calls.iter().take(record.depth as usize);
            stack.extend(
                calls.filter_map(|&n| self.artifact.calls.get(n as usize)).flat_map(|c| c.frames.iter().copied()),
            );
        }
        let data = if site.recipe.is_some() { record.data.0.to_vec() } else { Vec::new() };
        DeviceException { site, args, group: record.group, item: record.item, stack, data }
    }
}

/// One launch, as its threads see it.
struct Job<'a> {
    code: Code,
    args: *const u8,
    launch: &'a LaunchState,
    groups: [u32; 3],
    group_size: [u32; 3],
    /// Along which dimensions groups may be run as one.
    merges: [bool; 3],
    items: u32,
    shared: usize,
    dynamic: usize,
    table: *const usize,
}

// SAFETY: the pointers lead to arguments and a table that nobody writes while the launch runs.
unsafe impl Sync for Job<'_> {}

/// What the protected part of a thread's work gets.
struct Piece<'a> {
    job: &'a Job<'a>,
    state: GroupState,
    first: u64,
    last: u64,
}

impl Job<'_> {
    /// Runs the groups `first..last` (numbered along x, then y, then z).
    fn run(&self, first: u64, last: u64) {
        if first == last || self.launch.failed() {
            return;
        }
        ARENA.with_borrow_mut(|arena| {
            SHARED.with_borrow_mut(|shared| {
                let offset = self.shared.next_multiple_of(Line::SIZE);
                let lines = (offset + self.dynamic).div_ceil(Line::SIZE);
                if shared.len() < lines {
                    shared.resize(lines, Line::ZERO);
                }
                let base = shared.as_mut_ptr().cast::<u8>();
                let mut piece = Piece {
                    job: self,
                    state: GroupState {
                        group: [0; 3],
                        num_groups: self.groups,
                        group_size: self.group_size,
                        extent: self.group_size,
                        items: self.items,
                        shared: base,
                        // SAFETY: within the buffer just sized.
                        dynamic: unsafe { base.add(offset) },
                        launch: self.launch,
                        arena: &raw mut **arena,
                        table: self.table,
                    },
                    first,
                    last,
                };
                // SAFETY: `run_piece` holds nothing with a destructor while kernels run; what it leaves when a
                // kernel throws is in the thread's arena.
                let outcome = unsafe { shims::enter_raw(run_piece, (&raw mut piece).cast(), 0) };
                if let Err(shims::Left::Overflowed) = outcome {
                    self.launch.throw(ThrowRecord {
                        site: STACK_OVERFLOW,
                        group: piece.state.group,
                        ..Default::default()
                    });
                }
            });
        });
    }
}

/// Where groups side by side may be run as one, so that items still run in the same order: rows of groups whose items are
/// one row, and stacks of rows that are complete.
fn merges(form: &Form, groups: [u32; 3], size: [u32; 3]) -> [bool; 3] {
    let allowed = |d: usize| match form.merges[d] {
        Merge::Never => false,
        Merge::Always => true,
        Merge::Of(n) => n == size[d],
    };
    let x = allowed(0) && size[1] == 1 && size[2] == 1;
    let y = allowed(1) && size[2] == 1 && (x || groups[0] == 1);
    let z = allowed(2) && (x || groups[0] == 1) && (y || groups[1] == 1);
    [x, y, z]
}

impl Job<'_> {
    /// Groups per piece, and pieces: some per thread, enough to even out, few enough to be cheap; of whole rows where these
    /// are run as one.
    fn pieces(&self, total: u64, threads: u64) -> (u64, u64) {
        let mut size = total.div_ceil(threads * 8);
        let row = u64::from(self.groups[0]);
        if self.merges[1] && size > row {
            size = size.next_multiple_of(row);
        }
        (size, total.div_ceil(size))
    }

    /// Makes `state` that of the groups from number `n` on that are run next, of the `left` ones. How many they are.
    fn step(&self, state: &mut GroupState, n: u64, left: u64) -> u64 {
        let [gx, gy, gz] = self.groups.map(u64::from);
        let at = if gy == 1 && gz == 1 { [n, 0, 0] } else { [n % gx, n / gx % gy, n / gx / gy] };
        state.group = at.map(|i| i as u32);
        let most = (MOST_MERGED / u64::from(self.items)).max(1).min(left);
        let mut run = [1; 3];
        if self.merges[0] {
            run[0] = most.min(gx - at[0]);
        }
        // Whole rows, and whole planes.
        if self.merges[1] && run[0] == gx {
            run[1] = (most / gx).min(gy - at[1]);
        }
        if self.merges[2] && run[0] == gx && run[1] == gy {
            run[2] = (most / (gx * gy)).min(gz - at[2]);
        }
        state.extent = [0, 1, 2].map(|d| self.group_size[d] * run[d] as u32);
        run.iter().product()
    }
}

/// Runs the groups of a piece; left by `longjmp` where a kernel throws.
unsafe extern "C" fn run_piece(piece: *mut u8, _: usize) -> *mut u8 {
    // SAFETY: `Job::run` passes its piece.
    let piece = unsafe { &mut *piece.cast::<Piece<'_>>() };
    let mut n = piece.first;
    while n < piece.last && !piece.job.launch.failed() {
        n += piece.job.step(&mut piece.state, n, piece.last - n);
        match piece.job.code {
            // SAFETY: the code was compiled for this state and these arguments.
            Code::Loop { group } => unsafe { group(&piece.state, piece.job.args) },
            // SAFETY: as above; the arena is this thread's.
            Code::Coroutines { start, resume } => unsafe {
                (*piece.state.arena).reset();
                run_coroutines(&piece.state, piece.job.args, start, resume);
            },
        }
    }
    std::ptr::null_mut()
}

/// Has the coroutine run to its end? (LLVM keeps the address to resume at in the frame's first word, and clears
/// it at the final suspension.)
unsafe fn is_done(handle: *mut u8) -> bool {
    // SAFETY: a live coroutine frame.
    unsafe { (*handle.cast::<*mut u8>()).is_null() }
}

/// Runs the items of a group until all are done. An item goes on when all items of its warp (or group) that
/// are not done wait for the same thing.
///
/// Holds no destructors: everything is in the arena.
unsafe fn run_coroutines(
    group: &GroupState,
    args: *const u8,
    start: unsafe extern "C" fn(*mut ItemState, *const u8) -> *mut u8,
    resume: unsafe extern "C" fn(*mut u8),
) {
    let n = group.items as usize;
    let [sx, sy, _] = group.group_size;
    // SAFETY: the arena gives memory for both arrays, which live until its next reset; frames stay valid as
    // long; indices are below `n`.
    unsafe {
        let items = (*group.arena).alloc(n * size_of::<ItemState>()).cast::<ItemState>();
        let handles = (*group.arena).alloc(n * size_of::<*mut u8>()).cast::<*mut u8>();
        for i in 0..group.items {
            let item = items.add(i as usize);
            item.write(ItemState {
                group,
                local: [i % sx, i / sx % sy, i / sx / sy],
                waiting: 0,
                scratch: 0,
                linear: i,
            });
        }
        for i in 0..n {
            *handles.add(i) = start(items.add(i), args);
        }
        loop {
            let mut progress = false;
            let mut all_at_group = true;
            let mut alive = false;
            for first in (0..n).step_by(WARP as usize) {
                let warp = first..(first + WARP as usize).min(n);
                // Run the warp for as long as all that is left of it waits for itself.
                loop {
                    let (mut left, mut for_warp) = (0, 0);
                    for i in warp.clone() {
                        if !is_done(*handles.add(i)) {
                            left += 1;
                            for_warp += u32::from((*items.add(i)).waiting == WAITS_FOR_WARP);
                        }
                    }
                    alive |= left > 0;
                    if left == 0 {
                        break;
                    }
                    // Lanes that wait for the group have left the part of the code that the others are in.
                    if for_warp == 0 {
                        break;
                    }
                    progress = true;
                    for i in warp.clone() {
                        let handle = *handles.add(i);
                        if !is_done(handle) && (*items.add(i)).waiting == WAITS_FOR_WARP {
                            resume(handle);
                        }
                    }
                }
                for i in warp {
                    all_at_group &= is_done(*handles.add(i)) || (*items.add(i)).waiting != WAITS_FOR_WARP;
                }
            }
            if !alive {
                return;
            }
            if all_at_group {
                for i in 0..n {
                    let handle = *handles.add(i);
                    if !is_done(handle) {
                        resume(handle);
                    }
                }
            } else if !progress {
                return;
            }
        }
    }
}

// ---- what kernels call ---------------------------------------------------------------------------

#[allow(clippy::too_many_arguments, reason = "scalars keep the item's state out of memory")]
unsafe extern "C" fn rk_cpu_throw(
    group: *const GroupState,
    x: u32,
    y: u32,
    z: u32,
    site: u32,
    a: i64,
    b: i64,
    c: i64,
    d: i64,
    calls: *const CallRecord,
) {
    // SAFETY: kernels pass their group's state and run inside `run_piece`.
    unsafe {
        let group = &*group;
        // Of groups that are run as one, the item's own.
        let (mut at, mut item) = (group.group, [x, y, z]);
        for d in 0..3 {
            at[d] += item[d] / group.group_size[d];
            item[d] %= group.group_size[d];
        }
        let mut record = ThrowRecord { site, args: [a, b, c, d], group: at, item, ..Default::default() };
        // Sites that stand for something else have all high bits.
        if site & RECORDS_DATA != 0 && site < 1 << 31 {
            record.site &= !RECORDS_DATA;
            let size = (b as usize).min(MAX_DATA);
            std::ptr::copy_nonoverlapping(a as usize as *const u8, record.data.0.as_mut_ptr(), size);
            record.args = record.data.0.as_ptr().cast::<[i64; 4]>().read_unaligned();
        }
        let mut call = calls;
        while !call.is_null() && (record.depth as usize) < MAX_STACK {
            record.calls[record.depth as usize] = (*call).number;
            record.depth += 1;
            call = (*call).caller;
        }
        (*group.launch).throw(record);
        shims::leave_kernel()
    }
}

unsafe extern "C" fn rk_cpu_frame(item: *const ItemState, size: usize) -> *mut u8 {
    // SAFETY: kernels pass their item's state; the arena is this thread's.
    unsafe { (*(*(*item).group).arena).alloc(size) }
}

/// Memory for what items keep from one barrier to the next; asked for once per group.
unsafe extern "C" fn rk_cpu_context(group: *const GroupState, size: usize) -> *mut u8 {
    // SAFETY: kernels pass their group's state; the arena is this thread's, and no other group's memory in it is used.
    unsafe {
        let arena = &mut *(*group).arena;
        arena.reset();
        arena.alloc(size)
    }
}

unsafe extern "C" fn rk_cpu_exit() {
    // SAFETY: kernels run inside `run_piece`.
    unsafe { shims::leave_kernel() }
}

unsafe extern "C" {
    fn malloc(size: usize) -> *mut u8;
}

/// The value that another lane shows; the own one where there is no such lane.
unsafe extern "C" fn rk_cpu_shuffle(item: *const ItemState, mode: u32, lane: u32, width: u32) -> u32 {
    // SAFETY: items of a group lie side by side in the order of `linear`.
    unsafe {
        let this = &*item;
        let own = this.linear % WARP;
        let width = if width == 0 || width > WARP || !width.is_power_of_two() { WARP } else { width };
        let segment = own / width * width;
        let source = match mode {
            0 => Some(segment + lane % width),
            1 => own.checked_sub(lane).filter(|&s| s >= segment),
            2 => Some(own.saturating_add(lane)).filter(|&s| s < segment + width),
            _ => Some(own ^ lane).filter(|&s| s < segment + width),
        };
        let first = this.linear - own;
        match source {
            Some(s) if first + s < (*this.group).items => (*item.offset(s as isize - own as isize)).scratch,
            _ => this.scratch,
        }
    }
}

unsafe extern "C" fn rk_cpu_ballot(item: *const ItemState, mask: u32) -> u32 {
    // SAFETY: as above.
    unsafe {
        let this = &*item;
        let own = this.linear % WARP;
        let first = this.linear - own;
        let mut votes = 0;
        for lane in 0..WARP {
            if first + lane < (*this.group).items && (*item.offset(lane as isize - own as isize)).scratch & 1 != 0 {
                votes |= 1 << lane;
            }
        }
        votes & mask
    }
}
