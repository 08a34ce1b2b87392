//! Device operations in AMDGPU terms.
//!
//! A warp is 32 lanes on all processors, so that masks of 32 bits name them: on those with waves of 64, it is half a wave. The
//! code of units is the same for both; the machine folds what it knows of itself.

use crate::target::{GcnOptions, TRIPLE};
use codegen::{
    AggregateParameters, Feature, FenceScope, IndexQuery, RelocationStyle, ShuffleMode, Site, TargetLowering,
    source_lane,
};
use compiler::device::emit::{group_buffer, i32, range};
use llvm::{Error, Linkage, Ordering, Type, Value};

/// AMD's address spaces.
const GLOBAL: u32 = 1;
const SHARED: u32 = 3;
const CONSTANT: u32 = 4;
const PRIVATE: u32 = 5;

/// Lanes of a warp.
const WARP: u64 = 32;
/// The most work-items that a group may have.
pub const MAX_GROUP: u64 = 1024;
/// Groups per axis.
const MAX_GROUPS: u64 = 0x7fff_ffff;

/// Shared memory whose size the launch gives.
const DYNAMIC: &str = "rekindle_dynamic_shared";

/// Where code object version 5 has its hidden arguments: numbers of groups (`u32`), sizes of groups (`u16`).
const NUM_GROUPS: u64 = 0;
const GROUP_SIZE: u64 = 12;

/// A processor of AMD's as a target of code generation.
pub struct GcnTarget {
    options: GcnOptions,
    layout: String,
    relocations: RelocationStyle,
}

impl GcnTarget {
    /// # Errors
    /// An LLVM without this back-end.
    pub fn new(options: GcnOptions) -> Result<GcnTarget, Error> {
        let layout = options.machine()?.data_layout();
        Ok(GcnTarget { options, layout, relocations: RelocationStyle::Patch })
    }

    /// The same with another way to get at host objects: a table of them as a hidden argument, say.
    pub fn with_relocations(self, relocations: RelocationStyle) -> GcnTarget {
        GcnTarget { relocations, ..self }
    }

    pub fn options(&self) -> &GcnOptions {
        &self.options
    }
}

fn call<'m>(s: &Site<'_, 'm>, name: &str, overloads: &[Type<'m>], args: &[Value<'m>]) -> Value<'m> {
    let f = s.module.intrinsic(name, overloads).unwrap_or_else(|| panic!("LLVM lost its intrinsic {name}"));
    s.builder.call(f, args)
}

/// An unsigned number among the arguments that the runtime adds to a kernel's.
fn hidden_argument<'m>(s: &Site<'_, 'm>, offset: u64, bits: u32, high: u64) -> Value<'m> {
    let (c, b) = (s.module.context(), s.builder);
    let base = call(s, "llvm.amdgcn.implicitarg.ptr", &[], &[]);
    let value = b.load(c.int_type(bits), b.offset(base, offset), bits / 8);
    s.module.set_metadata(value, "invariant.load", c.md_node(&[]));
    range(s, value, 1, high);
    if bits == 32 { value } else { b.zext(value, c.int_type(32)) }
}

/// The place of a lane in its wave, of 32 or 64.
fn wave_lane<'m>(s: &Site<'_, 'm>) -> Value<'m> {
    let all = i32(s).const_signed(-1);
    let low = call(s, "llvm.amdgcn.mbcnt.lo", &[], &[all, i32(s).zero()]);
    call(s, "llvm.amdgcn.mbcnt.hi", &[], &[all, low])
}

impl TargetLowering for GcnTarget {
    fn name(&self) -> &str {
        "GCN"
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
            5 => PRIVATE,
            _ => 0,
        }
    }
    fn stack_space(&self) -> u32 {
        PRIVATE
    }
    fn global_space(&self, constant: bool) -> u32 {
        if constant { CONSTANT } else { GLOBAL }
    }
    fn launch_space(&self) -> u32 {
        GLOBAL
    }
    fn aggregate_parameters(&self) -> AggregateParameters {
        AggregateParameters::ByReference { space: CONSTANT }
    }
    fn supports(&self, feature: Feature) -> bool {
        feature != Feature::Objects
    }
    fn relocation_style(&self) -> RelocationStyle {
        self.relocations
    }
    fn atomic_scope(&self) -> Option<&'static str> {
        Some("agent")
    }

    fn index<'m>(&self, s: &Site<'_, 'm>, query: IndexQuery, dim: u32) -> Option<Value<'m>> {
        let axis = ["x", "y", "z"][dim as usize];
        Some(match query {
            IndexQuery::LocalId => {
                range(s, call(s, &format!("llvm.amdgcn.workitem.id.{axis}"), &[], &[]), 0, MAX_GROUP)
            }
            IndexQuery::GroupId => {
                range(s, call(s, &format!("llvm.amdgcn.workgroup.id.{axis}"), &[], &[]), 0, MAX_GROUPS)
            }
            IndexQuery::GroupSize => hidden_argument(s, GROUP_SIZE + 2 * u64::from(dim), 16, MAX_GROUP + 1),
            IndexQuery::NumGroups => hidden_argument(s, NUM_GROUPS + 4 * u64::from(dim), 32, MAX_GROUPS + 1),
        })
    }

    fn barrier<'m>(&self, s: &Site<'_, 'm>) -> bool {
        let scope = Some(s.module.context().sync_scope("workgroup"));
        s.builder.fence(Ordering::Release, scope);
        call(s, "llvm.amdgcn.s.barrier", &[], &[]);
        s.builder.fence(Ordering::Acquire, scope);
        true
    }

    fn fence<'m>(&self, s: &Site<'_, 'm>, scope: FenceScope) -> bool {
        let name = match scope {
            FenceScope::Group => Some("workgroup"),
            FenceScope::Device => Some("agent"),
            FenceScope::System => None,
        };
        s.builder.fence(Ordering::SeqCst, name.map(|n| s.module.context().sync_scope(n)));
        true
    }

    fn shared<'m>(&self, s: &Site<'_, 'm>, name: &str, size: u64, align: u32) -> Option<Value<'m>> {
        Some(group_buffer(s, SHARED, (name, size, align), Type::poison))
    }

    fn shared_dynamic<'m>(&self, s: &Site<'_, 'm>, offset: Value<'m>) -> Option<Value<'m>> {
        let i8 = s.module.context().int_type(8);
        let g = s.module.global(DYNAMIC).unwrap_or_else(|| {
            let g = s.module.add_global(DYNAMIC, i8.array(0), SHARED);
            g.set_linkage(Linkage::External);
            g.set_alignment(16);
            g
        });
        Some(s.builder.gep(i8, g.value(), s.builder.trunc(offset, i32(s))))
    }

    fn lane_id<'m>(&self, s: &Site<'_, 'm>) -> Option<Value<'m>> {
        Some(s.builder.and(wave_lane(s), i32(s).const_int(WARP - 1)))
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
        lane: Value<'m>,
        width: Value<'m>,
    ) -> Option<Value<'m>> {
        let b = s.builder;
        let here = wave_lane(s);
        let source = source_lane(b, mode, here, lane, width);
        // The instruction counts bytes.
        Some(call(s, "llvm.amdgcn.ds.bpermute", &[], &[b.shl(source, i32(s).const_int(2)), value]))
    }

    fn ballot<'m>(&self, s: &Site<'_, 'm>, mask: Value<'m>, predicate: Value<'m>) -> Option<Value<'m>> {
        let (b, i64) = (s.builder, s.module.context().int_type(64));
        let votes = call(s, "llvm.amdgcn.ballot", &[i64], &[predicate]);
        let warp = b.and(wave_lane(s), i32(s).const_int(WARP));
        let own = b.trunc(b.lshr(votes, b.zext(warp, i64)), i32(s));
        Some(b.and(own, mask))
    }

    /// Ends the wave: lanes of it that threw nothing end, too.
    fn exit<'m>(&self, s: &Site<'_, 'm>) -> bool {
        call(s, "llvm.amdgcn.endpgm", &[], &[]);
        true
    }
}
