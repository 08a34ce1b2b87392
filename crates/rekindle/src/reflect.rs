//! The code of jobs as text, and `@device_code_*`: that of every kernel which a piece of host code compiles.

use crate::engine::Engine;
use compiler::{CompilerConfig, CompilerJob, Stage, collect_jobs};
use ir::typed::TypedBody;
use runtime::{Exception, Value, errors};

impl Engine {
    /// The typed code of a job's function; `warn` marks what is not concrete.
    ///
    /// # Errors
    /// Why there is none, as text.
    pub fn typed(&'static self, job: &CompilerJob, warn: bool) -> Result<String, String> {
        let ci = self.driver().code_instance(job).map_err(|e| e.to_string())?;
        let body = ci.get().body::<TypedBody>().ok_or("the function has no typed code")?;
        let session = self.session();
        let show = |v| session.with_interp(|i| session.repr(i, v));
        Ok(ir::print::typed_body(body, ir::print::PrintOptions { warn, show: Some(&show) }))
    }

    /// `Core.Host.device_code(stage, f)`: calls `f` and gives, for every kernel compiled meanwhile, its code for PTX at that
    /// stage (`lowered`, `typed`, `warntype`, `llvm` or `asm`), one after the other.
    pub(crate) fn device_code(&'static self, args: &[Value]) -> Result<Value, Exception> {
        let (Some(stage), Some(&f)) = (args.first().and_then(|v| v.as_symbol()), args.get(1)) else {
            return Err(errors::argument("device_code wants a stage and a function"));
        };
        let (outcome, jobs) = collect_jobs(|| self.session().with_interp(|i| i.call(f, &[])));
        outcome?;
        let target = crate::target_for("ptx", None).map_err(|e| errors::error(&e))?;
        let mut texts = Vec::new();
        for compiled in jobs.iter().filter(|j| j.config.get().kernel) {
            let types = types::tuple_elements(compiled.mi.get().sig()).unwrap_or_default();
            let job = self.job(CompilerConfig::kernel(target.clone()), types)?;
            let text = match stage.as_str() {
                "lowered" => self.lowered(&job).ok_or_else(|| errors::error("the kernel has no Julia code"))?,
                "typed" | "warntype" => {
                    self.typed(&job, stage.as_str() == "warntype").map_err(|e| errors::error(&e))?
                }
                "llvm" | "asm" => {
                    let stage = if stage.as_str() == "llvm" { Stage::Llvm } else { Stage::Assembly };
                    self.driver().compile(stage, &job).map_err(|e| self.compile_exception(e))?.text()
                }
                other => return Err(errors::argument(&format!("`{other}` is no stage of a kernel's code"))),
            };
            texts.push(text);
        }
        if texts.is_empty() {
            return Err(errors::error("the expression ran no kernel"));
        }
        Ok(Value::string(&texts.join("\n")))
    }
}
