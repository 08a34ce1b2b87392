//! The CPU as a device.
//!
//! A kernel's work-items run as a loop over the group's local indices, inlined and vectorised along
//! the first dimension. Kernels with barriers that all items reach alike are cut at these into several
//! such loops; where items wait for each other in any other way (shuffles, barriers under conditions of
//! their own), each item is a coroutine and a small scheduler runs the group. Groups are spread over a
//! pool of threads.
//!
//! An exception is recorded in the launch (the first one wins), ends its group, and keeps groups
//! that have not started from starting.

mod coalesce;
mod compile;
mod copies;
mod crew;
mod device;
mod fission;
mod group_loop;
mod image;
mod launch;
mod lowering;
mod narrow;
mod places;
mod print;
mod state;
mod uniform;
mod whole;

pub use compile::{ArgPlace, CpuArtifact, Form, Launches, compile_kernel, kernel_text};
pub(crate) use compile::{add_entry, artifact, optimize};
pub use device::{CpuDevice, DeviceId};
pub use image::{CpuImage, CpuResults};
pub use launch::{CpuKernel, DeviceException, LaunchOptions, MAX_GROUP, MOST_ITEMS};
pub use lowering::{Barriers, CpuTarget};
pub use places::Merge;
