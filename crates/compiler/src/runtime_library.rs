//! The runtime library of devices: support functions written in Julia (`julia/base/device/runtime.jl`), which code generation
//! calls by symbol.
//!
//! Each is looked up in the tables of the job that needs it and inferred for the job's owner, so that a back-end changes
//! it by a method in its own table. Its un-optimised bitcode, under its symbol and with all that it calls, is a result on its code
//! instance. What a partition of the cache has of the library is kept for the session and compared with the world at each
//! use: a look-up and an instance per function.

use crate::config::UnitKey;
use crate::{CompileError, CompilerJob, ConfigRef, Driver};
use base::Diagnostic;
use codegen::RuntimeFunction;
use codegen::link::{LibraryFunction, library_function};
use codegen::tree::TreeUnit;
use infer::diagnose;
use ir::typed::TypedBody;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use types::Ty;
use world::results::{Portable, SessionLocal};
use world::{CiRef, Edge, Owner, WorldAge};

/// The module whose functions these are.
const MODULE: &str = "Base.Device.Runtime";

/// What a code instance of a function of the library carries.
#[derive(Default)]
pub struct RuntimeResults {
    /// Un-optimised bitcode: a function of the typed IR alone.
    pub bitcode: Portable<Vec<u8>>,
    /// The same with what linking wants to know of it.
    pub function: SessionLocal<Arc<LibraryFunction>>,
}

/// A function of the library as jobs of one age see it.
#[derive(Clone)]
pub struct LinkedRuntime {
    pub which: RuntimeFunction,
    /// The instance that it was made of.
    pub ci: CiRef,
    pub code: Arc<LibraryFunction>,
}

/// Counts of what was done for the library.
#[derive(Default, Debug)]
pub struct RuntimeCounters {
    /// Functions made.
    pub built: AtomicU64,
    /// Functions taken as they were.
    pub reused: AtomicU64,
}

/// What every partition of the cache has of the library.
#[derive(Default)]
pub(crate) struct RuntimeLibraries {
    kept: Mutex<Vec<((Owner, UnitKey), Vec<LinkedRuntime>)>>,
    pub counters: RuntimeCounters,
}

impl RuntimeLibraries {
    fn find(&self, key: (Owner, UnitKey), which: RuntimeFunction) -> Option<LinkedRuntime> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, functions) = kept.iter().find(|(k, _)| *k == key)?;
        functions.iter().find(|f| f.which == which).cloned()
    }

    fn keep(&self, key: (Owner, UnitKey), function: LinkedRuntime) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
            kept.push((key, Vec::new()));
            kept.len() - 1
        });
        let functions = &mut kept[at].1;
        functions.retain(|f| f.which != function.which);
        functions.push(function);
    }
}

impl Driver {
    /// The functions of the runtime library as jobs of this configuration see them at `age`: from what is kept if the world
    /// still says the same, else made anew, function by function.
    ///
    /// # Errors
    /// A function that is not there, or is not what code generation takes it for; findings about its code.
    pub fn runtime_library(
        &self,
        config: ConfigRef,
        functions: &[RuntimeFunction],
        age: WorldAge,
    ) -> Result<Vec<LinkedRuntime>, CompileError> {
        functions.iter().map(|&which| self.runtime_function(config, which, age)).collect()
    }

    /// How often functions of the library were made, and taken as they were.
    pub fn runtime_counters(&self) -> &RuntimeCounters {
        &self.runtime.counters
    }

    fn runtime_function(
        &self,
        config: ConfigRef,
        which: RuntimeFunction,
        age: WorldAge,
    ) -> Result<LinkedRuntime, CompileError> {
        let fail = |message: String| CompileError::message(which.name(), "runtime-library", message);
        let types = call_types(which).ok_or_else(|| fail(format!("`{MODULE}` has no function `{}`", which.name())))?;
        let mi = self.method_instance(config, types, age).ok_or_else(|| {
            fail(format!("no method of `{}` takes what kernels pass to it ({:?})", which.name(), which.params()))
        })?;
        let config = config.of_runtime();
        let key = (config.owner(), config.unit_key());
        if let Some(found) = self.runtime.find(key, which)
            && mi.code(config.owner(), age) == Some(found.ci)
        {
            self.runtime.counters.reused.fetch_add(1, Ordering::Relaxed);
            return Ok(found);
        }
        let job = CompilerJob { mi, config, age };
        let ci = self.code_instance(&job)?;
        let results = world::results::results::<RuntimeResults>(ci, &config.unit_key());
        let code = match results.function.get() {
            Some(made) => made.clone(),
            None => {
                self.runtime.counters.built.fetch_add(1, Ordering::Relaxed);
                let made = Arc::new(self.build_runtime(which, &job, ci)?);
                // Another thread may have been faster: both made the same.
                let _ = results.bitcode.set(made.bitcode.clone());
                let _ = results.function.set(made.clone());
                made
            }
        };
        let made = LinkedRuntime { which, ci, code };
        self.runtime.keep(key, made.clone());
        Ok(made)
    }

    fn build_runtime(
        &self,
        which: RuntimeFunction,
        job: &CompilerJob,
        ci: CiRef,
    ) -> Result<LibraryFunction, CompileError> {
        let fail = |findings: Vec<Diagnostic>| {
            CompileError::new(format!("the runtime library's {}", job.describe()), findings)
        };
        let findings = crate::explain(&diagnose::findings(ci), false, &|_| Vec::new());
        if !findings.is_empty() {
            return Err(fail(findings));
        }
        let returns = ci.get().body::<TypedBody>().map(|b| b.ret);
        if returns != Some(which.ret()) {
            let found = returns.map_or_else(|| "nothing known".to_string(), |t| format!("`{t}`"));
            let message = format!("`{}` returns {found}, and has to return `{}`", which.name(), which.ret());
            return Err(fail(vec![Diagnostic::error("runtime-library", message, base::Span::NONE)]));
        }
        let units = self.units(ci, job.config).map_err(fail)?;
        let inputs: Vec<_> = units.iter().map(TreeUnit::input).collect();
        library_function(which, &inputs)
            .map_err(|e| fail(vec![Diagnostic::error("runtime-library", e.to_string(), base::Span::NONE)]))
    }

    /// Makes the code of a job end with the functions that it was linked with, and with the answers that led to them.
    pub(crate) fn depend_on_runtime(&self, job: &CompilerJob, ci: CiRef, used: &[LinkedRuntime]) {
        let tables = self.method_tables(job.config);
        let mut edges = Vec::with_capacity(2 * used.len());
        for f in used {
            if let Some(types) = call_types(f.which) {
                edges.push(Edge::Lookup(self.world().lookup(tables, types::type_of_tuple(types), job.age)));
            }
            edges.push(Edge::Instance(f.ci));
        }
        if !edges.is_empty() {
            self.world().add_edges(ci, &edges);
        }
    }
}

/// The types of a call, the function's first: the same for as long as the process lives. `None` if there is no such function
/// (yet).
fn call_types(which: RuntimeFunction) -> Option<&'static [Ty]> {
    static KNOWN: [OnceLock<Vec<Ty>>; RuntimeFunction::ALL.len()] =
        [const { OnceLock::new() }; RuntimeFunction::ALL.len()];
    let known = &KNOWN[which as usize];
    if let Some(types) = known.get() {
        return Some(types);
    }
    let f = runtime::reflect::module_by_path(MODULE)?.get_str(which.name())?;
    Some(known.get_or_init(|| std::iter::once(f.type_of()).chain(which.params()).collect()))
}
