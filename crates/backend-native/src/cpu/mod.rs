//! The CPU as a device.
//!
//! A kernel's work-items run as a loop over the group's local indices, inlined and vectorised along
//! the first dimension. Where items wait for each other (barriers, shuffles), also in loops and in
//! what they call, each item is a coroutine and a small scheduler runs the group. Groups are spread
//! over a pool of threads.
//!
//! An exception is recorded in the launch (the first one wins), ends its group, and keeps groups
//! that have not started from starting.

mod compile;
mod device;
mod image;
mod launch;
mod lowering;
mod print;
mod state;

pub use compile::{ArgPlace, CpuArtifact, compile_kernel, kernel_text};
pub(crate) use compile::{add_entry, artifact, optimize};
pub use device::{CpuDevice, DeviceId};
pub use image::{CpuImage, CpuResults};
pub use launch::{CpuKernel, DeviceException, LaunchOptions, MAX_GROUP};
pub use lowering::CpuTarget;
