//! From a kernel's units to PTX.

use crate::lowering::PtxTarget;
use base::{Diagnostic, Span};
use codegen::link::{Library, Linked, link_units};
use codegen::tree::TreeUnit;
use codegen::{Bake, CallSite, KernelArg, Relocation, ThrowSite, UnitOptions, kernel_args};
use compiler::device::{self, Entry, EntryStyle, HiddenParameters, entry_name, settle_relocations};
use llvm::{Attribute, AttributeSite, CallConv, Context, FileType, PassOptions};
use types::Ty;

/// A kernel in PTX with what a launch needs to know.
#[derive(Clone, Debug)]
pub struct PtxArtifact {
    pub ptx: String,
    /// The entry's name in the text.
    pub entry: String,
    pub args: Vec<KernelArg>,
    /// The first parameter is a pointer to a zeroed [`DeviceRecord`](device::DeviceRecord) in memory that device and host see.
    pub with_state: bool,
    /// Then comes a pointer to the table of references, in memory that the device sees.
    pub with_table: bool,
    pub sites: Vec<ThrowSite>,
    /// What the numbers of call records stand for, at debug level 2.
    pub calls: Vec<CallSite>,
    /// Variables of the module, or slots of the table, that the loader fills: objects with their addresses, types with
    /// their tags. Device code only compares them.
    pub relocations: Vec<Relocation>,
    /// What ties the code to this session.
    pub bakes: Vec<Bake>,
}

/// Passes before instruction selection, made for what compiles them waiting to be launched.
///
/// Typed code comes value-numbered, so that little is left for peepholes: they are looked for once, at the end, where the
/// code is smallest. Functions are cleaned before they are inlined, each pass runs where it finds something to do, and what NVIDIA's
/// assembler does as well on registers (partial redundancies, values known on branches) is left to it. No vectorisation: of work
/// that is what threads are for, and of accesses it needs alignments that Julia's types do not have. Ends with what instruction
/// selection leaves to it (see [`crate::PtxOptions::machine`]).
pub fn pipeline() -> &'static str {
    "always-inline,cgscc(function(sroa<modify-cfg>,early-cse,simplifycfg),inline),deadargelim,globaldce,\
     function(sroa<modify-cfg>,infer-address-spaces,reassociate,\
     loop-mssa(loop-rotate,licm<allowspeculation>,simple-loop-unswitch),simplifycfg,\
     loop(indvars,loop-deletion,loop-unroll-full),\
     sroa<modify-cfg>,early-cse<memssa>,simplifycfg<hoist-common-insts;sink-common-insts>,\
     dse,loop-mssa(licm<allowspeculation>),adce,\
     loop-unroll,simplifycfg,instcombine<no-verify-fixpoint>,separate-const-offset-from-gep),globaldce"
}

/// Compiles the kernel whose units (the kernel's own first) were emitted for `target`, as entry `name`.
///
/// # Errors
/// Arguments that are not plain data; host functions and variables that the code still needs after
/// optimisation; what LLVM says.
#[allow(clippy::too_many_arguments, reason = "what a kernel is, what it is compiled for, and how")]
pub fn compile_kernel(
    units: &[TreeUnit],
    library: Library<'_>,
    params: &[Ty],
    ret: Ty,
    name: &str,
    target: &PtxTarget,
    options: UnitOptions,
    span: Span,
) -> Result<PtxArtifact, Vec<Diagnostic>> {
    let context = Context::new();
    let inputs: Vec<_> = units.iter().map(TreeUnit::input).collect();
    let mut linked = link_units(&context, &inputs).map_err(|e| device::llvm_error(target, &e, span))?;
    linked.link_library(library).map_err(|e| device::llvm_error(target, &e, span))?;
    let entry = entry_name(name);
    let hidden = add_entry(&mut linked, &Entry { symbol: &entry, params, ret, options, span }, target)?;
    optimize(&mut linked, &entry, target, span)?;
    settle_relocations(&mut linked, span)?;
    let args = kernel_args(params).unwrap_or_default();
    let HiddenParameters { state: with_state, table: with_table, .. } = hidden;
    let (sites, calls) = (std::mem::take(&mut linked.sites), std::mem::take(&mut linked.calls));
    let (relocations, bakes) = (std::mem::take(&mut linked.relocations), std::mem::take(&mut linked.bakes));
    let ptx = text(linked, target, span)?;
    Ok(PtxArtifact { ptx, entry, args, with_state, with_table, sites, calls, relocations, bakes })
}

/// Optimises all that `symbol` reaches.
pub(crate) fn optimize(
    linked: &mut Linked<'_>,
    symbol: &str,
    target: &PtxTarget,
    span: Span,
) -> Result<(), Vec<Diagnostic>> {
    linked.module.internalize_except(&[symbol]);
    if target.options().fast_math {
        for (name, value) in [("denormal-fp-math-f32", "preserve-sign,preserve-sign"), ("unsafe-fp-math", "true")] {
            linked.module.add_to_definitions(Attribute::Text(name, value));
        }
    }
    // Units were verified where they were emitted.
    if cfg!(debug_assertions) {
        linked.module.verify().map_err(|e| device::llvm_error(target, &e, span))?;
    }
    let machine = target.options().machine().map_err(|e| device::llvm_error(target, &e, span))?;
    let passes = device::passes(target.options().opt_level, pipeline());
    linked
        .module
        .run_passes(passes, Some(&machine), PassOptions::default())
        .map_err(|e| device::llvm_error(target, &e, span))
}

/// Links the entry of a kernel to its units.
pub(crate) fn add_entry(
    linked: &mut Linked<'_>,
    entry: &Entry<'_>,
    target: &PtxTarget,
) -> Result<HiddenParameters, Vec<Diagnostic>> {
    check_parameters(entry.params, HiddenParameters::of(linked).count(), target, entry.span)?;
    let style = EntryStyle { lowering: target, convention: CallConv::PtxKernel, with_shared: false };
    let hidden = device::add_entry(linked, entry, &style)?;
    if let Some(f) = linked.module.function(entry.symbol)
        && let Some(n) = target.options().max_threads
    {
        f.add_attribute(AttributeSite::Function, Attribute::Text("nvvm.maxntid", &n.to_string()));
    }
    // Dots are not for symbols of PTX.
    for g in linked.module.globals() {
        let name = g.name();
        if name.starts_with("shared.") {
            g.set_name(&name.replace('.', "_"));
        }
    }
    Ok(hidden)
}

/// The text of an optimised kernel.
///
/// # Errors
/// What LLVM says.
pub(crate) fn text(linked: Linked<'_>, target: &PtxTarget, span: Span) -> Result<String, Vec<Diagnostic>> {
    let machine = target.options().machine().map_err(|e| device::llvm_error(target, &e, span))?;
    let bytes = machine.emit(linked.module, FileType::Assembly).map_err(|e| device::llvm_error(target, &e, span))?;
    let ptx = String::from_utf8_lossy(&bytes).into_owned();
    // A machine numbers the calls that it emits.
    if ptx.contains("callseq") || ptx.contains("prototype_") {
        machine.retire();
    }
    Ok(ptx)
}

/// Refuses what the machine has no room for: parameters of more bytes than it takes.
fn check_parameters(params: &[Ty], hidden: usize, target: &PtxTarget, span: Span) -> Result<(), Vec<Diagnostic>> {
    let args = kernel_args(params).unwrap_or_default();
    let size = args.iter().fold(8 * hidden, |at, a| at.next_multiple_of(a.align) + a.size);
    let limit = target.options().parameter_space();
    if size <= limit {
        return Ok(());
    }
    let message =
        format!("the kernel's arguments take {size} bytes, and sm_{} has room for {limit}", target.options().sm);
    let mut finding = Diagnostic::error("ptx.parameter-space", message, span)
        .help("pass large data in a device array, by its address");
    let mut largest: Vec<_> = args.iter().collect();
    largest.sort_by_key(|a| std::cmp::Reverse(a.size));
    for a in largest.iter().take(3) {
        finding = finding.note(format!("argument {} is a `{}` of {} bytes", a.param, a.ty, a.size));
    }
    Err(vec![finding])
}
