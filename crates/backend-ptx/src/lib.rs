//! NVIDIA GPUs: kernels to PTX text.
//!
//! The text depends on the kernel's units, its name and [`PtxOptions`] alone, so that what a driver
//! makes of it can be cached by content.

mod compile;
mod driver;
mod lowering;
mod target;

pub use compile::{PtxArtifact, compile_kernel, pipeline};
pub use driver::PtxDeviceTarget;
pub use lowering::PtxTarget;
pub use target::{PtxFeatures, PtxOptions, PtxVersion};
