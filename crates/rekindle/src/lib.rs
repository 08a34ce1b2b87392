//! Rekindle: GPU kernels written in Julia, compiled and run without a Julia installation.
//!
//! [`Engine`] assembles the parts: the interpreter's session, the compiler driver over its world, native code for hot
//! host functions, and the devices that kernels are launched on.

mod backends;
mod engine;
mod entry;
mod launch;
mod library;
mod native;
mod query;
mod source;

pub use backends::{Backend, backends, target_for};
pub use compiler::{Artifact, CompileError, CompilerConfig, CompilerJob, Stage};
pub use engine::{DeviceChoice, Engine, LaunchFailure, Options};
/// What a kernel threw, and where.
pub use backend_native::cpu::DeviceException;
pub use library::{Arg, Error, Grid, Kernel};
