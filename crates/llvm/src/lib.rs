//! A thin, owned and borrowed view of LLVM's C interface: the only crate that names `llvm-sys`.
//!
//! Ownership follows LLVM's own tree. A [`Context`] owns types and constants and lends them for its
//! life; a [`Module`] borrows its context and lends functions, blocks and values for as long as the
//! module itself is borrowed. Whatever changes or destroys IR behind those loans (running passes,
//! linking another module in, dropping) takes the module by `&mut` or by value, so that no handle
//! survives it. A context and everything in it may move to another thread together; it is never
//! shared between threads.
//!
//! What the types do not check is that IR is well typed: [`Module::verify`] does, and is run before
//! any pass. LLVM's fatal errors come back as [`Error`]s from the entry points that can raise them
//! (passes, linking, code generation, reading).

mod apart;
mod attributes;
mod builder;
mod context;
mod copy;
mod error;
mod jit;
mod metadata;
mod module;
mod passes;
mod rewrite;
mod target;
mod value;

pub use attributes::{Attribute, AttributeSite};
pub use builder::{AtomicOp, Builder, FloatPredicate, IntPredicate, Ordering};
pub use context::{Context, Type, TypeKind};
pub use error::Error;
pub use jit::Jit;
pub use metadata::Metadata;
pub use module::{Linkage, Module};
pub use passes::PassOptions;
pub use rewrite::{FastMath, copy_argument_attributes};
pub use target::{
    CodeModel, FileType, Lent, OptLevel, RelocMode, TargetMachine, TargetOptions, host_cpu, host_features, host_triple,
};
pub use value::{Block, CallConv, Function, Global, Opcode, Value};

/// LLVM's version, part of every key of something that LLVM made.
pub fn version() -> (u32, u32, u32) {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: three valid out-pointers.
    unsafe { llvm_sys::core::LLVMGetVersion(&mut major, &mut minor, &mut patch) };
    (major, minor, patch)
}
