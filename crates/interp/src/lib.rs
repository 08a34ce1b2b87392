//! The interpreter: evaluates Julia, statement by statement at top level, method by method below.
//!
//! A [`Session`] holds what is shared (modules, world, loaded files), an [`Interp`] what one thread needs to run code.
//! Source goes through `syntax` and `lowering`; [`code`] makes lowered code ready, [`exec`] runs it, [`dispatch`] finds
//! the methods. Hot method instances go to a [`NativeEngine`], if one is set.
//!
//! Invariant: no compiler lives here; every engine agrees with this one.

mod apply;
mod code;
mod convert;
mod coroutine;
mod deferred;
mod define;
mod dispatch;
mod exec;
mod extent;
mod fingerprint;
mod foreign;
mod generated;
mod imports;
mod inline_llvm;
mod leaf;
mod lowering_host;
mod native;
mod packages;
mod query;
mod session;
mod sources;
mod stack;
mod straight;
mod toplevel;

pub use convert::{to_expr, to_value};
pub use dispatch::{dispatch_type, dispatch_types};
pub use exec::{Interp, TraceEntry};
pub use fingerprint::{Bytes, hash_value, of_method};
pub use native::NativeEngine;
pub use packages::Environment;
pub use query::{as_method, format_trace, method_object, method_table, method_table_object};
pub use session::{
    BIG_STACK, DriverQuery, ReturnTypeHook, Session, add_source, has_big_stack, on_big_stack, set_driver_query,
};
