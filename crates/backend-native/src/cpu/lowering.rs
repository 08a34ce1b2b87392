//! Device operations on the CPU.
//!
//! The hidden state of a function is its work-item's [`ItemState`](super::state::ItemState).

use super::compile::Launches;
use super::state::{WAITS_FOR_GROUP, WAITS_FOR_WARP, WARP, offsets};
use codegen::{FenceScope, IndexQuery, PrintArg, RelocationStyle, ShuffleMode, Site, TargetLowering};
use llvm::{Attribute, AttributeSite, Function, Linkage, Ordering, Type, Value};

/// Symbols of what kernels call.
pub const THROW: &str = "rk_cpu_throw";
pub const PRINT: &str = "rk_cpu_print";
pub const SHUFFLE: &str = "rk_cpu_shuffle";
pub const BALLOT: &str = "rk_cpu_ballot";
pub const FRAME: &str = "rk_cpu_frame";
pub const EXIT: &str = "rk_cpu_exit";
pub const MALLOC: &str = "malloc";
pub const CONTEXT: &str = "rk_cpu_context";
/// Stands for a suspension until the kernel is cut there or made a coroutine; takes what is waited for, returns 0 when
/// resumed.
pub const SUSPEND: &str = "rk.cpu.suspend";
/// Stands for leaving the coroutine at a suspension.
pub const LEAVE: &str = "rk.cpu.leave";
/// Prefix of the constants that hold the offsets of group-shared buffers: size and alignment follow.
pub const SHARED_OFFSET: &str = "rk.cpu.shared.";

/// What becomes of kernels with barriers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Barriers {
    /// Loops over items between the barriers where the kernel has the form for it, else coroutines.
    #[default]
    Loops,
    /// Coroutines, always: to compare with.
    Coroutines,
}

/// The CPU as a device.
#[derive(Clone)]
pub struct CpuTarget {
    barriers: Barriers,
    launches: Launches,
    triple: String,
    layout: String,
    relocations: RelocationStyle,
}

impl CpuTarget {
    /// For the triple and data layout of the host's machine.
    pub fn new(triple: String, layout: String) -> CpuTarget {
        CpuTarget {
            triple,
            layout,
            relocations: RelocationStyle::Patch,
            barriers: Barriers::default(),
            launches: Launches::default(),
        }
    }

    /// The same with another choice of what becomes of barriers.
    pub fn with_barriers(self, barriers: Barriers) -> CpuTarget {
        CpuTarget { barriers, ..self }
    }

    /// The same for other launches than the usual ones.
    pub fn with_launches(self, launches: Launches) -> CpuTarget {
        CpuTarget { launches, ..self }
    }

    pub fn launches(&self) -> Launches {
        self.launches
    }

    pub fn barriers(&self) -> Barriers {
        self.barriers
    }

    /// The same with another way to get at host objects: the CPU device can serve all.
    pub fn with_relocations(self, relocations: RelocationStyle) -> CpuTarget {
        CpuTarget { relocations, ..self }
    }
}

/// A runtime function that neither unwinds nor touches memory that kernels can see, except as stated.
fn runtime<'m>(s: &Site<'_, 'm>, name: &str, ret: Type<'m>, params: &[Type<'m>]) -> Function<'m> {
    let f = s.module.declare(name, ret.function(params, false));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    f
}

fn state<'m>(s: &Site<'_, 'm>) -> Value<'m> {
    s.state.expect("device functions have the hidden state")
}

/// A field of the item's or group's state that does not change while the function runs.
pub fn load_fixed<'m>(s: &Site<'_, 'm>, from: Value<'m>, offset: usize, ty: Type<'m>, align: u32) -> Value<'m> {
    let value = s.builder.load(ty, s.builder.offset(from, offset as u64), align);
    s.module.set_metadata(value, "invariant.load", s.module.context().md_node(&[]));
    value
}

fn group<'m>(s: &Site<'_, 'm>) -> Value<'m> {
    let pointer = s.module.context().ptr_type(0);
    s.builder.load(pointer, s.builder.offset(state(s), offsets::ITEM_GROUP as u64), 8)
}

fn local<'m>(s: &Site<'_, 'm>, dim: u32) -> Value<'m> {
    let i32 = s.module.context().int_type(32);
    s.builder.load(i32, s.builder.offset(state(s), (offsets::ITEM_LOCAL + 4 * dim as usize) as u64), 4)
}

fn range<'m>(s: &Site<'_, 'm>, value: Value<'m>, low: u64, high: u64) {
    let c = s.module.context();
    let i32 = c.int_type(32);
    let node = c.md_node(&[c.md_value(i32.const_int(low)), c.md_value(i32.const_int(high))]);
    s.module.set_metadata(value, "range", node);
}

/// Suspends the item until what it waits for has come.
fn wait<'m>(s: &Site<'_, 'm>, what: u32) {
    let c = s.module.context();
    let b = s.builder;
    let (i32, i8) = (c.int_type(32), c.int_type(8));
    b.store(i32.const_int(what.into()), b.offset(state(s), offsets::ITEM_WAITING as u64), 4);
    let suspend = runtime(s, SUSPEND, i8, &[i32]);
    // Each call is one place to wait at: none may be doubled or put under another condition.
    for flag in ["convergent", "noduplicate"] {
        suspend.add_attribute(AttributeSite::Function, Attribute::Flag(flag));
    }
    let outcome = b.call(suspend, &[i32.const_int(what.into())]);
    let (resumed, left) = (s.function.append_block(), s.function.append_block());
    b.switch(outcome, left, &[(i8.const_int(0), resumed)]);
    b.position_at_end(left);
    b.call(runtime(s, LEAVE, c.void_type(), &[]), &[]);
    b.unreachable();
    b.position_at_end(resumed);
}

impl TargetLowering for CpuTarget {
    fn name(&self) -> &str {
        "CPU kernel"
    }
    fn triple(&self) -> &str {
        &self.triple
    }
    fn data_layout(&self) -> &str {
        &self.layout
    }
    fn address_space(&self, _space: u32) -> u32 {
        0
    }
    fn has_half_fma(&self) -> bool {
        false
    }
    fn records_thrown_data(&self) -> bool {
        true
    }
    fn relocation_style(&self) -> RelocationStyle {
        self.relocations
    }
    fn relocation_table<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        let pointer = s.module.context().ptr_type(0);
        Some(load_fixed(s, group(s), offsets::TABLE, pointer, 8))
    }
    fn shuffles_wait(&self) -> bool {
        true
    }

    fn index<'m>(&self, s: &Site<'_, 'm>, query: IndexQuery, dim: u32) -> Option<Value<'m>> {
        let i32 = s.module.context().int_type(32);
        let at = |base: usize| base + 4 * dim as usize;
        Some(match query {
            IndexQuery::LocalId => local(s, dim),
            IndexQuery::GroupId => {
                let id = load_fixed(s, group(s), at(offsets::GROUP_ID), i32, 4);
                range(s, id, 0, (1 << 31) - 1);
                id
            }
            IndexQuery::GroupSize => {
                let size = load_fixed(s, group(s), at(offsets::GROUP_SIZE), i32, 4);
                range(s, size, 1, u64::from(super::launch::MAX_GROUP) + 1);
                size
            }
            IndexQuery::NumGroups => {
                let n = load_fixed(s, group(s), at(offsets::NUM_GROUPS), i32, 4);
                range(s, n, 1, 1 << 31);
                n
            }
        })
    }

    fn barrier<'m>(&self, s: &Site<'_, 'm>) -> bool {
        wait(s, WAITS_FOR_GROUP);
        true
    }

    fn fence<'m>(&self, s: &Site<'_, 'm>, scope: FenceScope) -> bool {
        // Items of a group run on one thread.
        if scope != FenceScope::Group {
            s.builder.fence(Ordering::SeqCst, None);
        }
        true
    }

    fn shared<'m>(&self, s: &Site<'_, 'm>, name: &str, size: u64, align: u32) -> Option<Value<'m>> {
        let c = s.module.context();
        let i64 = c.int_type(64);
        let symbol = format!("{SHARED_OFFSET}{size}.{align}.{name}");
        let global = s.module.global(&symbol).unwrap_or_else(|| {
            let g = s.module.add_global(&symbol, i64, 0);
            g.set_constant(true);
            g.set_linkage(Linkage::External);
            g
        });
        let offset = s.builder.load(i64, global.value(), 8);
        let base = load_fixed(s, group(s), offsets::SHARED, c.ptr_type(0), 8);
        Some(s.builder.inbounds_gep(c.int_type(8), base, offset))
    }

    fn shared_dynamic<'m>(&self, s: &Site<'_, 'm>, offset: Value<'m>) -> Option<Value<'m>> {
        let c = s.module.context();
        let base = load_fixed(s, group(s), offsets::DYNAMIC, c.ptr_type(0), 8);
        Some(s.builder.inbounds_gep(c.int_type(8), base, offset))
    }

    fn lane_id<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        let i32 = s.module.context().int_type(32);
        let linear = s.builder.load(i32, s.builder.offset(state(s), offsets::ITEM_LINEAR as u64), 4);
        Some(s.builder.and(linear, i32.const_int(u64::from(WARP) - 1)))
    }

    fn warp_size<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        Some(s.module.context().int_type(32).const_int(WARP.into()))
    }

    fn shuffle<'m>(
        &self,
        s: &Site<'_, 'm>,
        mode: ShuffleMode,
        _mask: Value<'m>,
        value: Value<'m>,
        lane: Value<'m>,
        width: Value<'m>,
    ) -> Option<Value<'m>> {
        let c = s.module.context();
        let (i32, pointer) = (c.int_type(32), c.ptr_type(0));
        s.builder.store(value, s.builder.offset(state(s), offsets::ITEM_SCRATCH as u64), 4);
        wait(s, WAITS_FOR_WARP);
        let f = runtime(s, SHUFFLE, i32, &[pointer, i32, i32, i32]);
        let mode = i32.const_int(mode as u64);
        let result = s.builder.call(f, &[state(s), mode, lane, width]);
        wait(s, WAITS_FOR_WARP);
        Some(result)
    }

    fn ballot<'m>(&self, s: &Site<'_, 'm>, mask: Value<'m>, predicate: Value<'m>) -> Option<Value<'m>> {
        let c = s.module.context();
        let (i32, pointer) = (c.int_type(32), c.ptr_type(0));
        let bit = s.builder.zext(predicate, i32);
        s.builder.store(bit, s.builder.offset(state(s), offsets::ITEM_SCRATCH as u64), 4);
        wait(s, WAITS_FOR_WARP);
        let f = runtime(s, BALLOT, i32, &[pointer, i32]);
        let result = s.builder.call(f, &[state(s), mask]);
        wait(s, WAITS_FOR_WARP);
        Some(result)
    }

    fn print<'m>(&self, s: &Site<'_, 'm>, format: &str, args: &[PrintArg<'m>]) -> bool {
        let c = s.module.context();
        let (i64, pointer, b) = (c.int_type(64), c.ptr_type(0), s.builder);
        let text = c.const_bytes(format.as_bytes());
        let global = s.module.add_global("", text.ty(), 0);
        global.set_initializer(text);
        global.set_constant(true);
        global.set_linkage(Linkage::Private);
        let entry = s.function.blocks()[0];
        let slots = llvm::Builder::new(c);
        match entry.first_instruction() {
            Some(first) => slots.position_before(first),
            None => slots.position_at_end(entry),
        }
        let list = slots.alloca(i64.array(args.len().max(1) as u64), 8);
        for (i, arg) in args.iter().enumerate() {
            b.store(arg.value, b.offset(list, 8 * i as u64), 8);
        }
        let f = runtime(s, PRINT, c.void_type(), &[pointer, i64, pointer, i64]);
        let (n, len) = (i64.const_int(args.len() as u64), i64.const_int(format.len() as u64));
        b.call(f, &[global.value(), len, list, n]);
        true
    }

    fn exit<'m>(&self, s: &Site<'_, 'm>) -> bool {
        let f = runtime(s, EXIT, s.module.context().void_type(), &[]);
        f.add_attribute(AttributeSite::Function, Attribute::Flag("noreturn"));
        f.add_attribute(AttributeSite::Function, Attribute::Flag("cold"));
        s.builder.call(f, &[]);
        true
    }

    fn may_call(&self, symbol: &str) -> bool {
        // and what looks at objects without making any
        matches!(symbol, THROW | MALLOC | "rk_egal" | "rk_isa")
    }
}
