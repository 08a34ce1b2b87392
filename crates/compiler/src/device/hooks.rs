//! Hooks of the driver that all back-ends for devices answer alike, but for what is the machine's own.

use super::{DeviceKernel, HiddenParameters, entry_name};
use crate::{Artifact, Assembly, CompilerJob, KernelUnits};
use base::{Diagnostic, Span};
use codegen::UnitOptions;
use codegen::link::{Linked, unit_symbol};
use std::sync::Arc;
use types::Ty;
use world::OwnerValue;

/// A kernel's entry: what it is called, and whose arguments it takes.
pub struct Entry<'a> {
    pub symbol: &'a str,
    /// Types of the kernel's parameters, the function object first.
    pub params: &'a [Ty],
    pub ret: Ty,
    pub options: UnitOptions,
    pub span: Span,
}

/// After linking: a kernel gets the entry that `add` makes; a function of its own, for reflection or for programs that link it
/// to theirs, its name.
///
/// # Errors
/// What `add` finds.
pub fn enter(
    job: &CompilerJob,
    tree: &KernelUnits<'_>,
    code: &mut Assembly<'_>,
    add: &dyn Fn(&mut Linked<'_>, &Entry<'_>) -> Result<HiddenParameters, Vec<Diagnostic>>,
) -> Result<(), Vec<Diagnostic>> {
    code.entry = entry_name(&code.entry);
    if job.config.get().kernel {
        let entry = Entry {
            symbol: &code.entry,
            params: tree.params,
            ret: tree.ret,
            options: job.config.unit_options(),
            span: tree.root.span,
        };
        code.notes = Some(Box::new(add(&mut code.linked, &entry)?));
    } else if let Some(f) = code.linked.module.function(&unit_symbol(0)) {
        f.set_name(&code.entry);
    }
    Ok(())
}

/// What [`enter`] left for later hooks: what the entry takes besides the kernel's arguments.
pub fn hidden_parameters(code: &Assembly<'_>) -> HiddenParameters {
    code.notes.as_ref().and_then(|n| n.downcast_ref::<HiddenParameters>().copied()).unwrap_or_default()
}

/// Machine code: the bytes that `emit` makes, with what a launch has to know of them (a [`DeviceKernel`]) as the detail.
///
/// # Errors
/// What `emit` finds.
pub fn finish(
    tree: &KernelUnits<'_>,
    assembly: Assembly<'_>,
    emit: &dyn Fn(Linked<'_>) -> Result<Vec<u8>, Vec<Diagnostic>>,
) -> Result<Artifact, Vec<Diagnostic>> {
    let kernel = DeviceKernel::new(assembly.entry.clone(), hidden_parameters(&assembly), tree);
    let Assembly { mut linked, entry, .. } = assembly;
    let (relocations, bakes) = (std::mem::take(&mut linked.relocations), std::mem::take(&mut linked.bakes));
    let (sites, calls) = (std::mem::take(&mut linked.sites), std::mem::take(&mut linked.calls));
    let bytes = emit(linked)?;
    Ok(Artifact { bytes, entry, relocations, sites, calls, bakes, detail: Some(Arc::new(kernel)) })
}

/// The part of a code key that says which LLVM makes the code.
pub fn llvm_key() -> (&'static str, OwnerValue) {
    ("llvm", OwnerValue::Text(format!("{:?}", llvm::version()).into()))
}
