//! Device operations in AIR's terms: calls of functions that Apple's compiler knows.
//!
//! What a work-item asks about its place are parameters of the entry; until these exist, calls of functions stand for them (see
//! [`crate::inputs`]). A warp is a SIMD-group, of 32 work-items on all of Apple's GPUs.

use crate::target::{DATA_LAYOUT, MetalOptions, TRIPLE};
use codegen::{
    AggregateParameters, Feature, FenceScope, IndexQuery, RelocationStyle, ShuffleMode, Site, TargetLowering,
    source_lane,
};
use compiler::device::emit::{Kind, function, group_buffer, i32, range};
use compiler::device::exits::{dynamic_shared, mark_exit};
use llvm::{Type, Value};

/// AIR's address spaces. The stack is in the generic one.
pub const GENERIC: u32 = 0;
pub const DEVICE: u32 = 1;
pub const CONSTANT: u32 = 2;
pub const THREADGROUP: u32 = 3;

/// Lanes of a warp.
const WARP: u64 = 32;

/// Flags of barriers and fences: memory of the device, of the group.
pub const MEMORY: u64 = 1 | 2;
/// Metal's numbers of scopes.
pub const SCOPE_GROUP: u64 = 1;
pub const SCOPE_DEVICE: u64 = 2;
pub const SCOPE_SYSTEM: u64 = 3;
/// Metal's number of sequential consistency.
pub const SEQ_CST: u64 = 5;

/// AIR as a target of code generation.
pub struct MetalTarget {
    options: MetalOptions,
}

impl MetalTarget {
    pub fn new(options: MetalOptions) -> MetalTarget {
        MetalTarget { options }
    }

    pub fn options(&self) -> &MetalOptions {
        &self.options
    }
}

/// One of the questions whose answer has three numbers.
fn position<'m>(s: &Site<'_, 'm>, name: &str, dim: u32) -> Value<'m> {
    let f = function(s, &format!("julia.air.{name}.v3i32"), i32(s).vector(3), &[], Kind::Fixed);
    s.builder.extract_element(s.builder.call(f, &[]), i32(s).const_int(dim.into()))
}

fn lane<'m>(s: &Site<'_, 'm>) -> Value<'m> {
    let f = function(s, "julia.air.thread_index_in_simdgroup.i32", i32(s), &[], Kind::Fixed);
    range(s, s.builder.call(f, &[]), 0, WARP)
}

impl TargetLowering for MetalTarget {
    fn name(&self) -> &str {
        "Metal"
    }
    fn triple(&self) -> &str {
        TRIPLE
    }
    fn data_layout(&self) -> &str {
        DATA_LAYOUT
    }
    fn variant(&self) -> String {
        format!("{} {}", self.options.fast_math, self.options.has_fences())
    }
    fn address_space(&self, space: u32) -> u32 {
        match space {
            1 => DEVICE,
            3 => THREADGROUP,
            4 => CONSTANT,
            _ => GENERIC,
        }
    }
    fn fast_math(&self) -> bool {
        self.options.fast_math
    }
    fn global_space(&self, constant: bool) -> u32 {
        if constant { CONSTANT } else { DEVICE }
    }
    fn launch_space(&self) -> u32 {
        DEVICE
    }
    fn aggregate_parameters(&self) -> AggregateParameters {
        AggregateParameters::Buffers { space: DEVICE }
    }
    /// Hosts cannot write to variables.
    fn relocation_style(&self) -> RelocationStyle {
        RelocationStyle::Table
    }
    fn atomic_scope(&self) -> Option<&'static str> {
        Some("device")
    }
    fn has_float_atomics(&self, bits: u32, space: u32) -> bool {
        bits == 32 && space == DEVICE
    }
    fn supports(&self, feature: Feature) -> bool {
        feature == Feature::Float16
    }

    fn index<'m>(&self, s: &Site<'_, 'm>, query: IndexQuery, dim: u32) -> Option<Value<'m>> {
        Some(match query {
            IndexQuery::LocalId => position(s, "thread_position_in_threadgroup", dim),
            IndexQuery::GroupId => position(s, "threadgroup_position_in_grid", dim),
            IndexQuery::GroupSize => position(s, "threads_per_threadgroup", dim),
            IndexQuery::NumGroups => position(s, "threadgroups_per_grid", dim),
        })
    }

    fn barrier<'m>(&self, s: &Site<'_, 'm>) -> bool {
        let (i32, void) = (i32(s), s.module.context().void_type());
        let f = function(s, "air.wg.barrier", void, &[i32; 2], Kind::Convergent);
        s.builder.call(f, &[MEMORY, SCOPE_GROUP].map(|n| i32.const_int(n)));
        true
    }

    fn fence<'m>(&self, s: &Site<'_, 'm>, scope: FenceScope) -> bool {
        if !self.options.has_fences() {
            return false;
        }
        let scope = match scope {
            FenceScope::Group => SCOPE_GROUP,
            FenceScope::Device => SCOPE_DEVICE,
            FenceScope::System => SCOPE_SYSTEM,
        };
        let (i32, void) = (i32(s), s.module.context().void_type());
        let f = function(s, "air.atomic.fence", void, &[i32; 3], Kind::Convergent);
        s.builder.call(f, &[MEMORY, SEQ_CST, scope].map(|n| i32.const_int(n)));
        true
    }

    fn shared<'m>(&self, s: &Site<'_, 'm>, name: &str, size: u64, align: u32) -> Option<Value<'m>> {
        Some(group_buffer(s, THREADGROUP, (name, size, align), Type::undef))
    }

    fn shared_dynamic<'m>(&self, s: &Site<'_, 'm>, offset: Value<'m>) -> Option<Value<'m>> {
        Some(dynamic_shared(s, THREADGROUP, offset))
    }

    fn lane_id<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        Some(lane(s))
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
        let source = source_lane(s.builder, mode, lane(s), from, width);
        let i16 = s.module.context().int_type(16);
        let f = function(s, "air.simd_shuffle.u.i32", i32(s), &[i32(s), i16], Kind::Convergent);
        Some(s.builder.call(f, &[value, s.builder.trunc(source, i16)]))
    }

    fn ballot<'m>(&self, s: &Site<'_, 'm>, mask: Value<'m>, predicate: Value<'m>) -> Option<Value<'m>> {
        let c = s.module.context();
        let f = function(s, "air.simd_ballot.i64", c.int_type(64), &[c.int_type(1)], Kind::Convergent);
        let votes = s.builder.call(f, &[predicate]);
        Some(s.builder.and(s.builder.trunc(votes, i32(s)), mask))
    }

    fn exit<'m>(&self, s: &Site<'_, 'm>) -> bool {
        mark_exit(s);
        true
    }

    /// What Apple's compiler knows.
    fn may_call(&self, symbol: &str) -> bool {
        symbol.starts_with("air.") || symbol.starts_with("julia.air.")
    }
}
