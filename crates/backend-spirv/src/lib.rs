//! SPIR-V for OpenCL: kernels to modules that drivers of many makers take.
//!
//! A module depends on the kernel's units, its name and [`SpirvOptions`] alone. It is made by LLVM's own SPIR-V back-end and needs
//! no extension.

mod compile;
mod driver;
mod expand;
mod lowering;
mod target;

pub use compile::pipeline;
pub use driver::SpirvDeviceTarget;
pub use lowering::SpirvTarget;
pub use target::{SpirvOptions, TRIPLE};
