//! `llvmcall` in interpreted code. What it says in LLVM's language can only run compiled: the call becomes one of
//! `Base.compiled_llvmcall`, whose method instance for this text and these types goes through the native engine like any other.

use crate::exec::Interp;
use runtime::{Exception, Value, ValueVec, errors};
use world::WorldAge;

impl Interp {
    /// `llvmcall(code, Result, Tuple{Types...}, args...)`.
    ///
    /// # Errors
    /// An `ErrorException` where there is no native engine, or with what it has against the text.
    #[cold]
    pub(crate) fn inline_llvm(&self, args: &[Value], world: WorldAge) -> Result<Value, Exception> {
        let [code, result, types, rest @ ..] = args else {
            return Err(errors::error("llvmcall: too few arguments"));
        };
        let must = || errors::error("`llvmcall` must be compiled to be called");
        let engine = self.session.native_engine().ok_or_else(must)?;
        let function = self.session.base().get_str("compiled_llvmcall").ok_or_else(must)?;
        let mut values = ValueVec::new();
        values.push(function);
        values.push(self.session.call_base(self, "llvmcall_text", &[*code])?);
        values.push(*result);
        values.push(*types);
        rest.iter().for_each(|&v| values.push(v));
        let target = self.session.dispatch(&values, world)?;
        engine.call_compiled(target.mi, world, &values).unwrap_or_else(|why| Err(errors::error(&why)))
    }
}
