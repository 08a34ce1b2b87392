//! The compiler driver: from a job to code, through the integrated cache and in no other way.
//!
//! A *target* says which machine, *params* what a back-end package adds, a *config* is these two plus the options of
//! one compilation, a *job* is a method instance with a config in a world (the words of GPUCompiler.jl). Everything
//! that affects inference is in the config's *owner*, which partitions the cache of code instances; what affects
//! only code generation keys the results attached to them.
//!
//! Nothing here is generic over back-ends: they are reached through [`CompilerTarget`], and adding one adds no copy
//! of the driver.

mod artifact;
mod config;
mod counters;
pub mod device;
mod driver;
mod error;
mod globals;
mod hook;
mod image;
mod job;
mod pipeline;
mod runtime_library;
mod target;
mod units;
mod validate;

pub use artifact::{
    Artifact, Fixup, PortableArtifact, PortableFrame, PortableRelocation, PortableSite, SessionDependent, TypeName,
};
pub use codegen::RuntimeFunction;
pub use config::{CompilerConfig, ConfigRef, DEVICE_TABLE, EntryAbi};
pub use counters::{Clock, Counters, Times};
pub use driver::{Driver, Stage};
pub use error::CompileError;
pub use hook::{CollectedJob, collect_jobs};
pub use image::{DeviceImage, DeviceParameter, ImageResults};
pub use job::{CompilerJob, cached_results};
pub use pipeline::Assembly;
pub use runtime_library::{LinkedRuntime, RuntimeCounters, RuntimeResults};
pub use target::{CompilerParams, CompilerTarget, KernelUnits, NoParams};
pub use units::{UnitResults, unit_tree};
pub use validate::explain;
