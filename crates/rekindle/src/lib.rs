//! Rekindle: GPU kernels written in Julia, compiled and run without a Julia installation.
//!
//! [`Engine`] assembles the parts: the interpreter's session, the compiler driver over its world, native code for hot
//! host functions, and the devices that kernels are launched on.
//!
//! A program starts the engine, [loads](Engine::load_str) code, gets a [`Kernel`] and [launches](Kernel::launch) it on
//! slices of its own or on [`DeviceArray`]s. Loading another text redefines what it defines, and
//! [updating](Engine::update_file) a file what was edited in it: the next launch compiles what that changed, and nothing
//! else. [`Engine::record`] shows what was done.
//!
//! All of it may be used from any thread, whatever the size of its stack. Loaded code is as trusted as the program
//! itself: Julia has pointers, and `@inbounds` takes checks away.

mod array;
mod backends;
mod engine;
mod entry;
mod error;
mod events;
mod image;
mod launch;
mod library;
mod native;
mod progress;
mod query;
mod range;
mod rebuild;
mod reflect;
mod script;
mod source;
mod stacks;
mod update;

pub use array::{Arg, DeviceArray, Element, MAX_RANK};
/// What a kernel threw, and where.
pub use backend_native::cpu::DeviceException;
/// A device to launch on, and its number.
pub use backend_native::cpu::{CpuDevice, DeviceId};
pub use backends::{Backend, backends, target_for};
/// A finding about a program, with its place in the source.
pub use base::Diagnostic;
/// A kernel for a machine of another kind, and what its launch passes.
pub use compiler::{
    Artifact, CompileError, CompilerConfig, CompilerJob, DeviceImage, DeviceParameter, PortableArtifact, Stage,
};
pub use engine::{DeviceChoice, Engine, LaunchFailure, Options};
pub use error::{Error, ErrorKind};
pub use events::{Event, Recording};
pub use interp::Environment;
pub use library::{Grid, Kernel};
pub use progress::{Work, on_work};
