//! From the units of a call tree to code: the steps that all targets share, with their hooks between them.

use crate::{Artifact, CompileError, CompilerJob, Counters, KernelUnits, Stage};
use base::{Diagnostic, Span, Symbol};
use codegen::link::{Linked, link_units};
use codegen::tree::TreeUnit;
use llvm::{Attribute, AttributeSite, Context};
use std::any::Any;
use std::sync::atomic::Ordering;

/// Has everything inlined that does not say it must not be.
fn inline_all(linked: &Linked<'_>) {
    for f in linked.module.functions() {
        if !f.is_declaration() && !f.has_flag("noinline") {
            f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline"));
        }
    }
}

/// Has the artifact say nothing of the source: exceptions are known by kind and message alone.
fn strip(linked: &mut Linked<'_>) {
    for site in &mut linked.sites {
        site.span = Span::NONE;
        site.function = Symbol::new("");
        site.frames.clear();
    }
    linked.calls.iter_mut().for_each(|call| call.frames.clear());
}

/// A job's code on its way.
pub struct Assembly<'c> {
    pub linked: Linked<'c>,
    /// Name of the entry: the config's, or the function's, until a hook gives it another.
    pub entry: String,
    /// What a target's hooks leave for each other.
    pub notes: Option<Box<dyn Any>>,
}

/// Links a call tree's units and the runtime library, optimises them, and makes what `stage` asks for.
pub(crate) fn run(
    job: &CompilerJob,
    tree: &KernelUnits<'_>,
    stage: Stage,
    counters: &Counters,
) -> Result<Artifact, CompileError> {
    let config = job.config.get();
    let target = &*config.target;
    let span = tree.root.span;
    let fail = |findings: Vec<Diagnostic>| CompileError::new(job.describe(), findings);
    let wrong = |e: llvm::Error| {
        let message = format!("LLVM could not link {} for {}: {e}", job.title(), target.name());
        fail(vec![Diagnostic::error("compiler.link", message, span)])
    };
    let times = &counters.times;
    let context = Context::new();
    let units = if config.only_entry { &tree.units[..1] } else { tree.units };
    let mut inputs: Vec<_> = units.iter().map(TreeUnit::input).collect();
    if config.only_entry {
        // Callees stay external.
        inputs[0].callees = (1..=inputs[0].callees.len()).collect();
    }
    let mut code = times.link.time(|| {
        let mut linked = link_units(&context, &inputs).map_err(wrong)?;
        if config.toplevel {
            linked.link_library(tree.library).map_err(wrong)?;
        }
        if config.strip {
            strip(&mut linked);
        }
        let entry = config.name.clone().unwrap_or_else(|| tree.root.name.as_str().to_owned());
        let mut code = Assembly { linked, entry, notes: None };
        if config.libraries {
            target.link_libraries(job, &mut code).map_err(fail)?;
        }
        target.after_linking(job, tree, &mut code).map_err(fail)?;
        Ok(code)
    })?;
    counters.linked.fetch_add(1, Ordering::Relaxed);
    times.optimize.time(|| {
        if config.always_inline {
            inline_all(&code.linked);
        }
        if !config.cleanup {
            code.linked.module.keep_definitions();
        }
        target.before_optimization(job, &mut code).map_err(fail)?;
        target.optimize(job, tree, &mut code).map_err(fail)?;
        target.after_optimization(job, &mut code).map_err(fail)
    })?;
    counters.optimized.fetch_add(1, Ordering::Relaxed);
    target.final_ir(job, tree, &mut code).map_err(fail)?;
    if config.validate {
        let mut findings = Vec::new();
        target.validate_code(job, &code, &mut findings);
        if !findings.is_empty() {
            return Err(fail(findings));
        }
    }
    if stage == Stage::Llvm {
        let bytes = code.linked.module.to_ir().into_bytes();
        let Linked { relocations, sites, calls, bakes, .. } = code.linked;
        return Ok(Artifact { bytes, entry: code.entry, relocations, sites, calls, bakes, detail: None });
    }
    let made = times.generate.time(|| target.machine_code(job, tree, code, stage)).map_err(fail)?;
    counters.generated.fetch_add(1, Ordering::Relaxed);
    Ok(made)
}
