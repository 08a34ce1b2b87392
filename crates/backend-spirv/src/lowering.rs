//! Device operations in OpenCL's terms: calls of functions that LLVM's SPIR-V back-end makes instructions of.
//!
//! A warp is a sub-group of 32 work-items, which kernels that exchange values in it ask for.

use crate::target::{SpirvOptions, TRIPLE};
use codegen::{
    AggregateParameters, Feature, FenceScope, IndexQuery, PrintArg, RelocationStyle, ShuffleMode, Site, TargetLowering,
    format_of_longs, source_lane,
};
use compiler::device::emit::{Kind, function, group_buffer, i32, range};
use compiler::device::exits::{dynamic_shared, mark_exit};
use llvm::{Error, Linkage, Type, Value};

/// LLVM's numbers of storage classes.
const FUNCTION: u32 = 0;
const GLOBAL: u32 = 1;
const CONSTANT: u32 = 2;
const SHARED: u32 = 3;
const GENERIC: u32 = 4;

/// Lanes of a warp.
pub const WARP: u64 = 32;
/// What shows that a kernel has warps.
pub const WARP_FUNCTIONS: [&str; 3] = [LANE, SHUFFLE, BALLOT];
const LANE: &str = "_Z22get_sub_group_local_idv";
const SHUFFLE: &str = "_Z17sub_group_shuffleij";
const BALLOT: &str = "_Z16sub_group_balloti";

/// SPIR-V's scopes, and the semantics of barriers: sequential consistency of memory of the group and of all groups.
const SCOPE_SYSTEM: u64 = 0;
const SCOPE_DEVICE: u64 = 1;
const SCOPE_GROUP: u64 = 2;
const SEMANTICS: u64 = 0x10 | 0x100 | 0x200;

/// More than any device has: work-items of a group.
const MAX_GROUP: u64 = 1 << 16;
/// Groups per axis.
const MAX_GROUPS: u64 = 1 << 31;

/// SPIR-V for OpenCL as a target of code generation.
pub struct SpirvTarget {
    options: SpirvOptions,
    layout: String,
}

impl SpirvTarget {
    /// # Errors
    /// An LLVM without this back-end.
    pub fn new(options: SpirvOptions) -> Result<SpirvTarget, Error> {
        let layout = options.machine()?.data_layout();
        Ok(SpirvTarget { options, layout })
    }

    pub fn options(&self) -> &SpirvOptions {
        &self.options
    }
}

/// One of the questions that take a dimension and answer with a `size_t`, which is in `low..high`.
fn query<'m>(s: &Site<'_, 'm>, name: &str, dim: u32, low: u64, high: u64) -> Value<'m> {
    let i64 = s.module.context().int_type(64);
    let f = function(s, name, i64, &[i32(s)], Kind::Fixed);
    let value = s.builder.call(f, &[i32(s).const_int(dim.into())]);
    s.builder.trunc(range(s, value, low, high), i32(s))
}

fn lane<'m>(s: &Site<'_, 'm>) -> Value<'m> {
    range(s, s.builder.call(function(s, LANE, i32(s), &[], Kind::Fixed), &[]), 0, WARP)
}

impl TargetLowering for SpirvTarget {
    fn name(&self) -> &str {
        "SPIR-V"
    }
    fn triple(&self) -> &str {
        TRIPLE
    }
    fn data_layout(&self) -> &str {
        &self.layout
    }
    fn variant(&self) -> String {
        let SpirvOptions { version: _, float64, float16, int64_atomics, opt_level: _ } = self.options;
        format!("{float64} {float16} {int64_atomics} {}", self.options.has_subgroups())
    }
    fn address_space(&self, space: u32) -> u32 {
        match space {
            1 => GLOBAL,
            3 => SHARED,
            4 => CONSTANT,
            5 => FUNCTION,
            _ => GENERIC,
        }
    }
    fn stack_space(&self) -> u32 {
        FUNCTION
    }
    /// Pointers to constants are no generic ones.
    fn global_space(&self, _constant: bool) -> u32 {
        GLOBAL
    }
    fn launch_space(&self) -> u32 {
        GLOBAL
    }
    fn aggregate_parameters(&self) -> AggregateParameters {
        AggregateParameters::ByStruct
    }
    /// Hosts cannot write to variables.
    fn relocation_style(&self) -> RelocationStyle {
        RelocationStyle::Table
    }
    fn atomic_scope(&self) -> Option<&'static str> {
        Some("device")
    }
    /// An extension has them.
    fn has_float_atomics(&self, _bits: u32, _space: u32) -> bool {
        false
    }
    fn supports(&self, feature: Feature) -> bool {
        match feature {
            Feature::Int128 | Feature::Objects | Feature::FunctionPointers | Feature::SmallAtomics => false,
            Feature::Float16 => self.options.float16,
            Feature::Float64 => self.options.float64,
            Feature::WideAtomics => self.options.int64_atomics,
        }
    }

    fn index<'m>(&self, s: &Site<'_, 'm>, which: IndexQuery, dim: u32) -> Option<Value<'m>> {
        Some(match which {
            IndexQuery::LocalId => query(s, "_Z12get_local_idj", dim, 0, MAX_GROUP),
            IndexQuery::GroupId => query(s, "_Z12get_group_idj", dim, 0, MAX_GROUPS),
            IndexQuery::GroupSize => query(s, "_Z14get_local_sizej", dim, 1, MAX_GROUP + 1),
            IndexQuery::NumGroups => query(s, "_Z14get_num_groupsj", dim, 1, MAX_GROUPS),
        })
    }

    fn barrier<'m>(&self, s: &Site<'_, 'm>) -> bool {
        let i32 = i32(s);
        let void = s.module.context().void_type();
        let f = function(s, "_Z22__spirv_ControlBarrierjjj", void, &[i32; 3], Kind::Convergent);
        s.builder.call(f, &[SCOPE_GROUP, SCOPE_GROUP, SEMANTICS].map(|n| i32.const_int(n)));
        true
    }

    fn fence<'m>(&self, s: &Site<'_, 'm>, scope: FenceScope) -> bool {
        let scope = match scope {
            FenceScope::Group => SCOPE_GROUP,
            FenceScope::Device => SCOPE_DEVICE,
            FenceScope::System => SCOPE_SYSTEM,
        };
        let i32 = i32(s);
        let f = function(s, "_Z21__spirv_MemoryBarrierjj", s.module.context().void_type(), &[i32; 2], Kind::Convergent);
        s.builder.call(f, &[scope, SEMANTICS].map(|n| i32.const_int(n)));
        true
    }

    fn shared<'m>(&self, s: &Site<'_, 'm>, name: &str, size: u64, align: u32) -> Option<Value<'m>> {
        Some(group_buffer(s, SHARED, (name, size, align), Type::undef))
    }

    fn shared_dynamic<'m>(&self, s: &Site<'_, 'm>, offset: Value<'m>) -> Option<Value<'m>> {
        Some(dynamic_shared(s, SHARED, offset))
    }

    fn lane_id<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        self.options.has_subgroups().then(|| lane(s))
    }

    fn warp_size<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        Some(i32(s).const_int(WARP))
    }

    fn shuffle<'m>(
        &self,
        s: &Site<'_, 'm>,
        mode: ShuffleMode,
        _mask: Value<'m>,
        value: Value<'m>,
        from: Value<'m>,
        width: Value<'m>,
    ) -> Option<Value<'m>> {
        if !self.options.has_subgroups() {
            return None;
        }
        let source = source_lane(s.builder, mode, lane(s), from, width);
        let f = function(s, SHUFFLE, i32(s), &[i32(s); 2], Kind::Convergent);
        Some(s.builder.call(f, &[value, source]))
    }

    fn ballot<'m>(&self, s: &Site<'_, 'm>, mask: Value<'m>, predicate: Value<'m>) -> Option<Value<'m>> {
        if !self.options.has_subgroups() {
            return None;
        }
        let (b, i32) = (s.builder, i32(s));
        let f = function(s, BALLOT, i32.vector(4), &[i32], Kind::Convergent);
        let votes = b.call(f, &[b.zext(predicate, i32)]);
        Some(b.and(b.extract_element(votes, i32.zero()), mask))
    }

    /// Texts that come as arguments would have to be in constant memory.
    fn print<'m>(&self, s: &Site<'_, 'm>, format: &str, args: &[PrintArg<'m>]) -> bool {
        if args.iter().any(|a| a.value.ty().is_pointer()) {
            return false;
        }
        let c = s.module.context();
        let mut text = format_of_longs(format, "l").into_bytes();
        text.push(0);
        let bytes = c.const_bytes(&text);
        let g = s.module.add_global("print_format", bytes.ty(), CONSTANT);
        g.set_initializer(bytes);
        g.set_constant(true);
        g.set_linkage(Linkage::Private);
        g.set_unnamed_addr();
        let ty = i32(s).function(&[c.ptr_type(CONSTANT)], true);
        let f = s.module.declare("_Z6printfPU3AS2Kcz", ty);
        let mut values = vec![g.value()];
        values.extend(args.iter().map(|a| a.value));
        s.builder.call(f, &values);
        true
    }

    fn exit<'m>(&self, s: &Site<'_, 'm>) -> bool {
        mark_exit(s);
        true
    }
}
