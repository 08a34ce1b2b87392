//! Device operations in NVPTX terms.

use crate::target::{PtxOptions, TRIPLE};
use codegen::{FenceScope, IndexQuery, PrintArg, RelocationStyle, ShuffleMode, Site, TargetLowering, format_of_longs};
use compiler::device::emit::{group_buffer, range};
use llvm::{Builder, Error, Function, Linkage, Type, Value};

/// NVIDIA's address spaces.
const GLOBAL: u32 = 1;
const SHARED: u32 = 3;
const CONSTANT: u32 = 4;
const LOCAL: u32 = 5;

/// Shared memory whose size the launch gives.
const DYNAMIC: &str = "rekindle_dynamic_shared";

/// A PTX architecture as a target of code generation.
#[derive(Clone)]
pub struct PtxTarget {
    options: PtxOptions,
    layout: String,
    relocations: RelocationStyle,
}

impl PtxTarget {
    pub fn new(options: PtxOptions) -> Result<PtxTarget, Error> {
        let layout = options.machine()?.data_layout();
        Ok(PtxTarget { options, layout, relocations: RelocationStyle::Patch })
    }

    /// The same with another way to get at host objects: a table of them as a hidden argument, say.
    pub fn with_relocations(self, relocations: RelocationStyle) -> PtxTarget {
        PtxTarget { relocations, ..self }
    }

    pub fn options(&self) -> &PtxOptions {
        &self.options
    }
}

/// A special register, whose numbers are in `low..high`.
fn sreg<'m>(s: &Site<'_, 'm>, name: &str, low: u64, high: u64) -> Value<'m> {
    let f = intrinsic(s, &format!("llvm.nvvm.read.ptx.sreg.{name}"))
        .unwrap_or_else(|| panic!("LLVM lost the special register {name}"));
    range(s, s.builder.call(f, &[]), low, high)
}

fn intrinsic<'m>(s: &Site<'_, 'm>, name: &str) -> Option<Function<'m>> {
    s.module.intrinsic(name, &[])
}

const AXES: [&str; 3] = ["x", "y", "z"];
/// CUDA's limits: threads of a block per axis, blocks of a grid per axis.
const MAX_THREADS: [u64; 3] = [1024, 1024, 64];
const MAX_BLOCKS: [u64; 3] = [0x7fff_ffff, 65535, 65535];

impl TargetLowering for PtxTarget {
    fn name(&self) -> &str {
        "PTX"
    }
    fn triple(&self) -> &str {
        TRIPLE
    }
    fn data_layout(&self) -> &str {
        &self.layout
    }
    fn address_space(&self, space: u32) -> u32 {
        match space {
            1 => GLOBAL,
            3 => SHARED,
            4 => CONSTANT,
            5 => LOCAL,
            _ => 0,
        }
    }
    fn fast_math(&self) -> bool {
        self.options.fast_math
    }
    fn relocation_style(&self) -> RelocationStyle {
        self.relocations
    }
    fn atomic_scope(&self) -> Option<&'static str> {
        Some("device")
    }

    fn index<'m>(&self, s: &Site<'_, 'm>, query: IndexQuery, dim: u32) -> Option<Value<'m>> {
        let d = dim as usize;
        let axis = AXES[d];
        Some(match query {
            IndexQuery::LocalId => sreg(s, &format!("tid.{axis}"), 0, MAX_THREADS[d]),
            IndexQuery::GroupId => sreg(s, &format!("ctaid.{axis}"), 0, MAX_BLOCKS[d]),
            IndexQuery::GroupSize => sreg(s, &format!("ntid.{axis}"), 1, MAX_THREADS[d] + 1),
            IndexQuery::NumGroups => sreg(s, &format!("nctaid.{axis}"), 1, MAX_BLOCKS[d] + 1),
        })
    }

    fn barrier<'m>(&self, s: &Site<'_, 'm>) -> bool {
        let zero = s.module.context().int_type(32).const_int(0);
        if let Some(f) = intrinsic(s, "llvm.nvvm.barrier.cta.sync.aligned.all") {
            s.builder.call(f, &[zero]);
            return true;
        }
        match intrinsic(s, "llvm.nvvm.barrier0") {
            Some(f) => {
                s.builder.call(f, &[]);
                true
            }
            None => false,
        }
    }

    fn fence<'m>(&self, s: &Site<'_, 'm>, scope: FenceScope) -> bool {
        let name = match scope {
            FenceScope::Group => "llvm.nvvm.membar.cta",
            FenceScope::Device => "llvm.nvvm.membar.gl",
            FenceScope::System => "llvm.nvvm.membar.sys",
        };
        match intrinsic(s, name) {
            Some(f) => {
                s.builder.call(f, &[]);
                true
            }
            None => false,
        }
    }

    fn shared<'m>(&self, s: &Site<'_, 'm>, name: &str, size: u64, align: u32) -> Option<Value<'m>> {
        Some(group_buffer(s, SHARED, (name, size, align), Type::undef))
    }

    fn shared_dynamic<'m>(&self, s: &Site<'_, 'm>, offset: Value<'m>) -> Option<Value<'m>> {
        let i8 = s.module.context().int_type(8);
        let g = s.module.global(DYNAMIC).unwrap_or_else(|| {
            let g = s.module.add_global(DYNAMIC, i8.array(0), SHARED);
            g.set_linkage(Linkage::External);
            g.set_alignment(16);
            g
        });
        Some(s.builder.gep(i8, g.value(), offset))
    }

    fn lane_id<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        Some(sreg(s, "laneid", 0, 32))
    }

    fn warp_size<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        Some(s.module.context().int_type(32).const_int(32))
    }

    fn shuffle<'m>(
        &self,
        s: &Site<'_, 'm>,
        mode: ShuffleMode,
        mask: Value<'m>,
        value: Value<'m>,
        lane: Value<'m>,
        width: Value<'m>,
    ) -> Option<Value<'m>> {
        let name = match mode {
            ShuffleMode::Index => "llvm.nvvm.shfl.sync.idx.i32",
            ShuffleMode::Up => "llvm.nvvm.shfl.sync.up.i32",
            ShuffleMode::Down => "llvm.nvvm.shfl.sync.down.i32",
            ShuffleMode::Xor => "llvm.nvvm.shfl.sync.bfly.i32",
        };
        let f = intrinsic(s, name)?;
        let b = s.builder;
        let i32 = s.module.context().int_type(32);
        // The control word: segments of `width` lanes, and how far a lane may reach in them.
        let segment = b.shl(b.sub(i32.const_int(32), width), i32.const_int(8));
        let clamp = if mode == ShuffleMode::Up { 0 } else { 0x1f };
        let control = b.or(segment, i32.const_int(clamp));
        Some(b.call(f, &[mask, value, lane, control]))
    }

    fn ballot<'m>(&self, s: &Site<'_, 'm>, mask: Value<'m>, predicate: Value<'m>) -> Option<Value<'m>> {
        Some(s.builder.call(intrinsic(s, "llvm.nvvm.vote.ballot.sync")?, &[mask, predicate]))
    }

    fn print<'m>(&self, s: &Site<'_, 'm>, format: &str, args: &[PrintArg<'m>]) -> bool {
        let c = s.module.context();
        let (pointer, i32, b) = (c.ptr_type(0), c.int_type(32), s.builder);
        let mut text = format_of_longs(format, "ll").into_bytes();
        text.push(0);
        let bytes = c.const_bytes(&text);
        let g = s.module.add_global("print_format", bytes.ty(), GLOBAL);
        g.set_initializer(bytes);
        g.set_constant(true);
        g.set_linkage(Linkage::Private);
        let template = b.addrspace_cast(g.value(), pointer);
        let list = if args.is_empty() {
            pointer.zero()
        } else {
            let slots = Builder::new(c);
            let entry = s.function.blocks()[0];
            match entry.first_instruction() {
                Some(first) => slots.position_before(first),
                None => slots.position_at_end(entry),
            }
            let list = slots.alloca(c.int_type(64).array(args.len() as u64), 8);
            for (i, arg) in args.iter().enumerate() {
                b.store(arg.value, b.offset(list, 8 * i as u64), 8);
            }
            list
        };
        let f = s.module.declare("vprintf", i32.function(&[pointer, pointer], false));
        b.call(f, &[template, list]);
        true
    }

    fn exit<'m>(&self, s: &Site<'_, 'm>) -> bool {
        intrinsic(s, "llvm.nvvm.exit").map(|f| s.builder.call(f, &[])).is_some()
    }

    fn may_call(&self, symbol: &str) -> bool {
        matches!(symbol, "vprintf" | "malloc" | "free" | "__assertfail") || symbol.starts_with("__nv_")
    }
}
