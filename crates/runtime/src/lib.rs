//! Julia values: memory, objects, builtins, intrinsics and what only the host does.
//!
//! See `docs/contracts.md` for the data model.

mod builtin;
mod gc;
mod intrinsic;
mod names;
mod value;

pub use builtin::Builtin;
pub use gc::{ValueVec, pin};
pub use intrinsic::Intrinsic;
pub use value::{Exception, Value};
