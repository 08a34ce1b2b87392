//! The pipeline: inference, validation, units, and the target's last steps.

use crate::globals::{FrozenGlobals, NoteGlobal};
use crate::runtime_library::RuntimeLibraries;
use crate::{Artifact, CompileError, CompilerJob, ConfigRef, Counters, KernelUnits, hook, pipeline, units, validate};
use base::Diagnostic;
use codegen::tree::TreeUnit;
use codegen::{RuntimeFunction, kernel_args};
use infer::{CodeSource, InferContext, InferError, diagnose};
use ir::typed::TypedBody;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use types::Ty;
use world::{CiRef, MiRef, TableStack, World, WorldAge};

/// How far to compile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// LLVM IR, linked; optimised if the config says so.
    Llvm,
    /// The machine's assembly as text.
    Assembly,
    /// Machine code of the kernel alone.
    Object,
    /// What a loader takes: the object, linked where the machine's loaders want that.
    Image,
}

/// The compiler for one world. Cheap to share; one for all back-ends.
pub struct Driver {
    world: World,
    source: Arc<dyn CodeSource + Send + Sync>,
    frozen: FrozenGlobals,
    pub(crate) runtime: RuntimeLibraries,
    pub counters: Counters,
}

impl Driver {
    pub fn new(world: World, source: Arc<dyn CodeSource + Send + Sync>) -> Driver {
        Driver {
            world,
            source,
            frozen: FrozenGlobals::default(),
            runtime: RuntimeLibraries::default(),
            counters: Counters::default(),
        }
    }

    pub fn world(&self) -> World {
        self.world
    }

    /// The tables in which a job's calls are looked up: the target's own over the runtime's over the global one.
    #[inline]
    pub fn method_tables(&self, config: ConfigRef) -> TableStack {
        config.method_tables(self.world)
    }

    fn context<'a>(&'a self, config: ConfigRef, age: WorldAge, note: &'a NoteGlobal<'a>) -> InferContext<'a> {
        InferContext {
            world: self.world,
            tables: self.method_tables(config),
            owner: config.owner(),
            age,
            source: &*self.source,
            freeze: (!config.get().target.lowering().is_host()).then_some(note),
        }
    }

    /// The age in which to look for device code: `age`, or a later one if a global that device code was specialised for
    /// got another value since. Code that used the old value is ended.
    pub fn current_age(&self, age: WorldAge) -> WorldAge {
        self.frozen.current_age(self.world, age)
    }

    /// The method instance that a call of these argument types (the callee's first) selects for this configuration.
    #[inline]
    pub fn method_instance(&self, config: ConfigRef, types: &[Ty], age: WorldAge) -> Option<MiRef> {
        self.world.instance_for(self.method_tables(config), types, age)
    }

    /// The code instance of a job, inferred if it is not in the cache.
    pub fn code_instance(&self, job: &CompilerJob) -> Result<CiRef, CompileError> {
        if let Some(ci) = job.code() {
            return Ok(ci);
        }
        self.counters.inferred.fetch_add(1, Ordering::Relaxed);
        let note = self.frozen.note();
        let ctx = self.context(job.config, job.age, &note);
        let inferred = self.counters.times.infer.time(|| infer::infer(&ctx, job.mi));
        inferred.map_err(|e| {
            let message = match e {
                InferError::NoCode(mi) => {
                    format!("`{}` has no code that can be inferred", mi.get().method().get().name())
                }
                InferError::Outdated => "a method was redefined while this was compiled".to_string(),
            };
            CompileError::message(job.describe(), "compiler.inference", message)
        })
    }

    /// The units of a call tree, the root's first, in the order of first use.
    ///
    /// # Errors
    /// All findings of all bodies.
    pub fn units(&self, root: CiRef, config: ConfigRef) -> Result<Vec<TreeUnit>, Vec<Diagnostic>> {
        units::counted_unit_tree(root, config, &self.counters)
    }

    /// What a call returns, as far as inference can tell.
    pub fn return_type(&self, config: ConfigRef, callee: Ty, args: &[Ty], age: WorldAge) -> Ty {
        let note = self.frozen.note();
        infer::return_type(&self.context(config, age, &note), callee, args)
    }

    /// The type of the elements that iterating a value of this type gives.
    pub fn element_type(&self, config: ConfigRef, collection: Ty, age: WorldAge) -> Ty {
        let note = self.frozen.note();
        infer::element_type(&self.context(config, age, &note), collection)
    }

    /// Compiles a job to a stage. Inference results and un-optimised code are kept with the code instances; what the
    /// caller makes of the artifact it keeps as results of its own.
    ///
    /// # Errors
    /// All findings about the job's code; the same whether or not any of it was cached.
    pub fn compile(&self, stage: Stage, job: &CompilerJob) -> Result<Artifact, CompileError> {
        hook::compiled(job);
        self.counters.compiled.fetch_add(1, Ordering::Relaxed);
        let config = job.config.get();
        let fail = |findings| CompileError::new(job.title(), findings);
        config.target.prepare(job).map_err(fail)?;
        let ci = self.code_instance(job)?;
        let body = ci.get().body::<TypedBody>().ok_or_else(|| {
            CompileError::message(job.describe(), "compiler.no-code", format!("`{}` has no typed code", job.describe()))
        })?;
        if config.validate {
            let findings = self.validate(job, ci, body);
            if !findings.is_empty() {
                return Err(fail(findings));
            }
        }
        let mut units = self.units(ci, job.config).map_err(fail)?;
        config.target.after_ir_generation(job, &mut units).map_err(fail)?;
        let params: Vec<Ty> = body.params.iter().map(|p| p.ty).collect();
        let mut needed: Vec<RuntimeFunction> = Vec::new();
        for &f in units.iter().flat_map(|u| &u.info.runtime) {
            if !needed.contains(&f) {
                needed.push(f);
            }
        }
        let runtime = self.runtime_library(job.config, &needed, job.age)?;
        let library: Vec<_> = runtime.iter().map(|f| (f.which, &*f.code)).collect();
        let tree = KernelUnits { units: &units, library: &library, params: &params, ret: body.ret, root: body };
        let made = pipeline::run(job, &tree, stage, &self.counters)?;
        self.depend_on_runtime(job, ci, &runtime);
        Ok(made)
    }

    /// The methods that come closest to a call of these types.
    fn candidates(&self, config: ConfigRef, types: &[Ty], age: WorldAge) -> Vec<String> {
        let Some((&callee, given)) = types.split_first() else { return Vec::new() };
        let rest = types::make_vararg(types::builtin::any(), None).unwrap_or_else(|_| types::builtin::any());
        let every = types::type_of_tuple(&[callee, rest]);
        let found = self.world.lookup(self.method_tables(config), every, age);
        let mut methods: Vec<_> = found.get().matches.iter().map(|m| m.method).collect();
        methods.sort_by_key(|m| m.id());
        ir::candidates::closest(&methods, callee, given, false, &|_| Default::default())
    }

    /// The finding for a kernel that has no method, or no best one, for these types (the callee's first).
    pub fn no_method(&self, config: ConfigRef, types: &[Ty], age: WorldAge) -> CompileError {
        validate::no_method(types, self.candidates(config, types, age))
    }

    /// Everything wrong with a job's code.
    fn validate(&self, job: &CompilerJob, ci: CiRef, body: &TypedBody) -> Vec<Diagnostic> {
        let config = job.config.get();
        let mut out = Vec::new();
        if config.target.lowering().is_host() {
            return out;
        }
        if config.kernel {
            let nothing = types::builtin::nothing();
            if body.ret != nothing && body.ret != types::builtin::bottom() {
                out.push(
                    Diagnostic::error(
                        "kernel.returns-value",
                        format!("{} returns a value of type `{}`", job.title(), body.ret),
                        body.span,
                    )
                    .here("a kernel has nobody to return a value to")
                    .help("end the kernel with `return` or `return nothing`"),
                );
            }
            let params: Vec<Ty> = body.params.iter().map(|p| p.ty).collect();
            if let Err(bad) = kernel_args(&params) {
                // What macros pass beside the user's arguments does not count.
                let hidden = body.params.iter().skip(1).take_while(|p| p.name.as_str().starts_with("__")).count();
                for (i, why) in bad {
                    let name = body.params[i].name;
                    let n = if i > hidden { i - hidden } else { i };
                    out.push(
                        Diagnostic::error(
                            "kernel.argument",
                            format!("argument {n} (`{name}`) of {} is not plain data: `{}`", job.title(), params[i]),
                            body.span,
                        )
                        .here(format!("`{name}` cannot be passed to a device"))
                        .note(why)
                        .help("pass device arrays, numbers, and structs or tuples of these; define `Adapt.adapt_structure` for structs that hold arrays"),
                    );
                }
            }
        }
        let findings = diagnose::findings(ci);
        let bad_arguments = !out.is_empty();
        let candidates = |types: &[Ty]| self.candidates(job.config, types, job.age);
        out.extend(validate::explain(&findings, bad_arguments, &candidates));
        config.target.validate(job, body, &mut out);
        out
    }
}
