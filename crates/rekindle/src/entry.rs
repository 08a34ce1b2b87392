//! Entries named in text: `f(Float32, Int)`.

use crate::engine::Engine;
use compiler::{CompilerConfig, CompilerJob};
use interp::Interp;
use runtime::{Exception, errors};
use types::Ty;

impl Engine {
    /// The types of function and arguments that `text` names, evaluated in `Main`.
    ///
    /// # Errors
    /// Julia's error where a name is unknown, or an argument is no type.
    pub fn entry_types(&'static self, interp: &Interp, text: &str) -> Result<Vec<Ty>, Exception> {
        let text = text.trim();
        let open = text.find('(').filter(|_| text.ends_with(')'));
        let Some(open) = open else {
            return Err(errors::argument(&format!(
                "`{text}` is no entry: write a function with argument types, as in `f(Float32, Int)`"
            )));
        };
        let name = &text[..open];
        let inner = &text[open + 1..text.len() - 1];
        let f = self.session().eval_str(interp, name)?;
        let tuple = if inner.trim().is_empty() { "()".to_string() } else { format!("({inner},)") };
        let values = self.session().eval_str(interp, &tuple)?;
        let mut out = vec![interp::dispatch_type(f)];
        for i in 0..runtime::object::nfields(values) {
            let v = runtime::object::get_index(values, i)?;
            let ty =
                v.as_type().ok_or_else(|| errors::argument(&format!("argument {} of `{text}` is no type", i + 1)))?;
            out.push(ty);
        }
        Ok(out)
    }

    /// The job of compiling a function for these types.
    pub fn job(&'static self, config: CompilerConfig, types: &[Ty]) -> Result<CompilerJob, Exception> {
        let config = config.intern();
        let age = self.session().world.age();
        let mi = self.driver().method_instance(config, types, age).ok_or_else(|| {
            let args: Vec<String> = types.iter().skip(1).map(|t| format!("::{t}")).collect();
            errors::error(&format!("no method matches {}({})", types[0], args.join(", ")))
        })?;
        Ok(CompilerJob { mi, config, age })
    }
}

impl Engine {
    /// The lowered code of a job's method, as the interpreter runs it.
    pub fn lowered(&'static self, job: &CompilerJob) -> Option<String> {
        let session = self.session();
        let code = infer::CodeSource::code(&crate::source::SessionSource(session), job.mi.get().method())?;
        let show = |v| session.with_interp(|i: &Interp| session.repr(i, v));
        Some(lowering::print_code(&code, &show))
    }
}
