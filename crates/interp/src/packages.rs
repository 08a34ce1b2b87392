//! Packages: modules of `using X` that do not come with Rekindle. Where their sources are is worked out in Julia
//! (`julia/base/loading.jl`); here they are loaded.

use crate::exec::Interp;
use crate::session::{Session, add_source};
use base::{SourceMap, Symbol};
use runtime::{Exception, Module, Value, errors};
use std::path::Path;

/// Where packages are looked for, beyond what the environment variables of Julia say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// The active project: a folder with a `Project.toml`, that file, or `@.` for the nearest one above the working directory.
    pub project: Option<String>,
    /// Folders of packages and projects, as `LOAD_PATH` has them.
    pub load_path: Option<Vec<String>>,
    /// Names of bundled modules whose packages are to be loaded from their sources instead.
    pub from_source: Vec<String>,
}

impl Session {
    /// Sets where packages are looked for.
    ///
    /// # Errors
    /// What the prelude throws.
    pub fn set_environment(&'static self, interp: &Interp, environment: &Environment) -> Result<(), Exception> {
        // What the prelude starts with is what nobody sets.
        let julia = ["JULIA_PROJECT", "JULIA_LOAD_PATH", "JULIA_DEPOT_PATH"];
        if *environment == Environment::default() && julia.iter().all(|name| std::env::var_os(name).is_none()) {
            return Ok(());
        }
        let or_nothing = |text: Option<&str>| text.map_or(Value::nothing(), Value::string);
        let load_path = environment.load_path.as_ref().map(|dirs| dirs.join(":"));
        self.call_base(
            interp,
            "set_environment",
            &[or_nothing(environment.project.as_deref()), or_nothing(load_path.as_deref())],
        )?;
        self.set_from_source(environment.from_source.iter().map(|name| Symbol::new(name)).collect());
        Ok(())
    }

    /// A module that comes with Rekindle or whose source is found; `None` if there is neither.
    pub(crate) fn load_package(
        &'static self,
        interp: &Interp,
        name: Symbol,
    ) -> Result<Option<&'static Module>, Exception> {
        if !self.is_from_source(name)
            && let Some(m) = self.load_bundled(interp, name)?
        {
            // Base itself uses some while it is being loaded.
            if !self.is_loading() {
                self.call_base(interp, "package_loaded", &[Value::symbol(name), Value::string("")])?;
            }
            return Ok(Some(m));
        }
        if self.is_loading() {
            return Ok(None);
        }
        let found = self.call_base(interp, "find_source", &[Value::symbol(name)])?;
        let Some(path) = found.as_text() else { return Ok(None) };
        let m = self.load_source(interp, name, Path::new(path.as_ref()))?;
        self.call_base(interp, "package_loaded", &[Value::symbol(name), Value::string(&path)])?;
        Ok(Some(m))
    }

    /// Loads the file of a package, which has to define its module.
    fn load_source(&'static self, interp: &Interp, name: Symbol, path: &Path) -> Result<&'static Module, Exception> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| errors::error(&format!("could not open file {}: {e}", path.display())))?;
        let file = add_source(&path.to_string_lossy(), &text);
        let loaded = self.within_file(path, || self.evaluate_source(interp, file));
        match loaded {
            Ok(()) => runtime::module::root(name)
                .ok_or_else(|| errors::error(&format!("package {name} did not define module {name}"))),
            Err(e) => {
                // What is there of it is no package.
                runtime::module::remove_root(name);
                Err(e)
            }
        }
    }

    fn evaluate_source(&'static self, interp: &Interp, file: base::FileId) -> Result<(), Exception> {
        let parse = syntax::parse(file);
        if !parse.ok() {
            return Err(crate::toplevel::syntax_error(interp, parse.diagnostics()));
        }
        let source = SourceMap::file(file);
        for s in parse.expr().args().iter().filter(|s| !s.is_line()) {
            let line = source.line_column(s.span.start).0;
            interp.eval_package(self.main, s).map_err(|e| interp.load_error_of(e, &source.name, line))?;
        }
        Ok(())
    }
}
