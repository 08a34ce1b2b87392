#![doc = include_str!("../README.md")]
//!
//! # Invariants
//!
//! A look-up never waits for a compile; an answer, once published, is never changed, only
//! ended; what ended goes on serving the ages it was valid in.

mod age;
mod cache;
mod edges;
mod events;
mod handle;
mod instance;
mod invalidate;
mod list;
mod lookup;
#[cfg(all(test, feature = "loom"))]
mod models;
mod owner;
pub mod results;
mod sync;
mod table;
mod typesys;
mod world;

pub use age::{WorldAge, WorldRange};
pub use cache::{CacheView, Claim, GetError, Pending, PublishError};
pub use edges::{Binding, BindingKey, BindingRef, Edge};
pub use events::{EndCause, EventKind, Recorder, Subscription};
pub use instance::{CiRef, CodeInstance, ConstValue, Inferred, MethodInstance, MiRef};
pub use list::GrowList;
pub use lookup::{Dispatch, Lookup, LookupRef, Match};
pub use owner::{Owner, OwnerValue};
pub use table::{Method, MethodDef, MethodRef, MethodSource, MethodTable, TableStack};
pub use world::World;
