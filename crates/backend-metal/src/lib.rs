//! Apple's GPUs: kernels to AIR, the dialect of LLVM's IR that Metal's compiler takes.
//!
//! LLVM has no machine for AIR. What instruction selection does on others is done here by rewrites of IR, each in a file of its
//! own; some of them are there because Apple's compiler gets wrong what they rewrite, and say so. The results are IR as
//! text and as bitcode of this LLVM. Metal libraries are made of them by tools of Apple's, which exist on Apple's systems only.
//!
//! The IR depends on the kernel's units, its name and [`MetalOptions`] alone.

pub mod atomics;
mod attributes;
mod calls;
mod check;
mod compile;
mod driver;
mod inputs;
mod lowering;
mod metadata;
mod target;

pub mod aggregates;
pub mod constants;
pub mod expand;
pub mod geps;
pub mod hints;
pub mod integers;
pub mod math;
pub mod minmax;
pub mod narrow;
pub mod null_select;
pub mod region;

pub use compile::pipeline;
pub use driver::MetalDeviceTarget;
pub use inputs::thread_inputs;
pub use lowering::MetalTarget;
pub use target::{DATA_LAYOUT, MetalOptions, TRIPLE, Version};
