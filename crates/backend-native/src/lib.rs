//! The host as a target: native code for host functions, and the CPU as a device.
//!
//! * [`HostMachine`] optimises a unit and makes a relocatable object of it; the object depends on
//!   the unit's bitcode and the machine's [`HostOptions`] alone.
//! * [`Session`] links objects in memory as they come and hands out callable functions.
//! * [`cpu`] compiles kernels: a work-group is a loop over its items, or, where items wait for each
//!   other, a set of coroutines.

pub mod cpu;
mod elf;
mod machine;
mod session;
mod shims;
mod target;

pub use elf::{ElfError, rename_symbols};
pub use machine::{HostMachine, HostOptions, Pipeline};
pub use session::{NativeFunction, Session};
pub use target::{CpuDeviceTarget, NativeTarget, machine};
