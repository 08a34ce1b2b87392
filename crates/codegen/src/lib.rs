//! Typed IR to LLVM: one translation unit per code instance.
//!
//! [`emit`] makes a module whose bitcode is a function of the body alone: instructions are nameless,
//! symbols are numbered in the order of first use, host objects and callees are external symbols
//! (`const.0`, `callee.0`, …) listed in [`UnitInfo`], and no address, path or line number gets in.
//! Whoever links decides what these symbols are: an object linker renames or defines them, the
//! device driver links modules with [`link::link_units`].
//!
//! How a Julia value is held in LLVM is decided in [`shape`]; how values pass between functions in
//! [`signature`]; what differs between machines is behind [`TargetLowering`].

mod builtins;
mod calls;
mod constants;
mod convert;
mod emit;
mod function;
pub mod host_abi;
mod info;
mod inline_llvm;
mod intrinsics;
mod item_memory;
mod kernel;
pub mod link;
mod loops;
mod memory;
mod report;
mod runtime;
pub mod shape;
pub mod signature;
mod target;
pub mod testing;
mod thrown;
pub mod tree;
mod value;
mod vectors;

pub use emit::{EmittedUnit, emit, emit_bitcode};
pub use info::{
    Bake, CallSite, Frame, MAX_STACK, NO_SITE, RECORDS_DATA, Relocation, RelocationKind, RelocationStyle,
    RelocationTarget, ThrowSite, UnitInfo, UnitOptions, session_bound,
};
pub use item_memory::clear_item_memory;
pub use kernel::{KernelArg, KernelEntry, emit_kernel_entry, is_reference, kernel_args, packed_size};
pub use runtime::RuntimeFunction;
pub use shape::{element_stride, stored_size};
pub use target::{
    AggregateParameters, Feature, FenceScope, HostTarget, IndexQuery, PrintArg, ShuffleMode, Site, TargetLowering,
    format_of_longs, source_lane,
};
pub use thrown::{MAX_DATA, Recipe};

/// Symbol of a unit's function with the specialised calling convention.
pub const ENTRY: &str = "entry";
/// Symbol of a unit's function with boxed arguments and result; only on hosts.
pub const WRAPPER: &str = "wrapper";
/// Symbol of the constant that a unit adds to its numbers of throw sites.
pub const SITE_BASE: &str = "site.base";
/// Symbol of the constant that a unit adds to its numbers of calls.
pub const CALL_BASE: &str = "call.base";
