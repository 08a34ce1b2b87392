//! The integrated cache: method tables, worlds, method instances, code instances with typed results
//! attached, and exact invalidation.
//!
//! Knows types, and nothing of Julia's syntax, of values or of LLVM: a compiler with an IR of its own
//! uses it as it is (see `examples/foreign.rs`).
//!
//! * A [`World`] holds [`MethodTable`]s and an age that grows with every change to them.
//! * [`World::lookup`] answers in a world: a [`Lookup`], which is remembered until it would be another.
//! * A [`MethodInstance`] is a method for concrete types; a [`CodeInstance`] what inferring it for one
//!   [`Owner`] gave, valid in a range of ages, with [`Edge`]s to all that it was concluded from.
//! * A [`CacheView`] shows the code instances of an owner at an age, and sees to it that a missing one
//!   is made once.
//! * [`results`] hang on code instances, one typed struct per consumer and configuration.
//! * [Events](EventKind) tell what happened.
//!
//! Invariants: a look-up never waits for a compile; an answer, once published, is never changed, only
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
