//! AMD GPUs: kernels to assembly, relocatable objects, and code objects that ROCm's loader takes.
//!
//! All of these depend on the kernel's units, its name and [`GcnOptions`] alone. Linking is done by LLVM's `ld.lld`; nothing
//! else outside of the process is needed.

mod compile;
mod driver;
mod lowering;
mod target;
mod tools;

pub use compile::pipeline;
pub use driver::GcnDeviceTarget;
pub use lowering::GcnTarget;
pub use target::{GcnOptions, Generator, TRIPLE};
pub use tools::linker;
