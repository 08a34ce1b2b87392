//! Host builtins: what Julia code asks of the machine it runs on, as `Core.Host.name(args...)`.
//!
//! Every function has a line in one of the tables of this directory; a new one is added there.

mod args;
mod bigint;
mod codes;
pub mod digits;
mod io;
mod numbers;
mod reflect;
mod regex;
mod system;
mod text;
mod unparse;

pub use io::{capture, flush_all, print_err, print_out};
pub use system::set_args;

use crate::{Exception, Value, errors};
use std::collections::HashMap;
use std::sync::OnceLock;

/// One host function.
pub struct HostFunction {
    /// The name in `Core.Host`.
    pub name: &'static str,
    /// Least and greatest number of arguments.
    pub arity: (usize, usize),
    /// Name of the Julia type of the result, as far as it is known (`Any` else).
    pub result: &'static str,
    /// No side effects, and the same result for the same arguments.
    pub pure: bool,
    pub run: fn(&[Value]) -> Result<Value, Exception>,
}

/// One line of a table: `name, arity, result type, purity, function`.
macro_rules! table {
    ($vis:vis $ident:ident: $($name:ident $min:literal ..= $max:tt $result:ident $purity:ident $run:expr;)*) => {
        $vis const $ident: &[$crate::host::HostFunction] = &[$(
            $crate::host::HostFunction {
                name: stringify!($name),
                arity: ($min, $crate::host::table!(@max $max)),
                result: stringify!($result),
                pure: $crate::host::table!(@purity $purity),
                run: $run,
            }
        ),*];
    };
    (@max any) => { usize::MAX };
    (@max $n:literal) => { $n };
    (@purity pure) => { true };
    (@purity effect) => { false };
}
pub(crate) use table;

/// All host functions; the position is the function's number in this process.
pub fn functions() -> &'static [&'static HostFunction] {
    static ALL: OnceLock<Vec<&'static HostFunction>> = OnceLock::new();
    ALL.get_or_init(|| {
        [
            text::TABLE,
            codes::TABLE,
            io::TABLE,
            numbers::TABLE,
            bigint::TABLE,
            reflect::TABLE,
            regex::TABLE,
            system::TABLE,
        ]
        .into_iter()
        .flatten()
        .collect()
    })
}

/// The number of a host function.
pub fn index_of(name: &str) -> Option<u32> {
    static INDEX: OnceLock<HashMap<&'static str, u32>> = OnceLock::new();
    INDEX.get_or_init(|| functions().iter().enumerate().map(|(i, f)| (f.name, i as u32)).collect()).get(name).copied()
}

/// The host function of a name.
pub fn function(name: &str) -> Option<&'static HostFunction> {
    index_of(name).map(|i| functions()[i as usize])
}

impl HostFunction {
    /// Calls the function after checking the number of arguments.
    pub fn call(&self, args: &[Value]) -> Result<Value, Exception> {
        if args.len() < self.arity.0 || args.len() > self.arity.1 {
            return Err(errors::argument(&format!(
                "Core.Host.{}: {} arguments given, {} expected",
                self.name,
                args.len(),
                self.arity.0
            )));
        }
        (self.run)(args)
    }
}
