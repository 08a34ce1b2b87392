//! What back-ends for devices have in common: entries with hidden parameters, references to the host, what a throw writes,
//! and what a launch has to know. [`hooks`] is their part of the driver, [`emit`] that of their lowerings.

mod cycles;
pub mod emit;
pub mod exits;
mod hooks;

pub use cycles::refuse_recursion;
pub use hooks::{Entry, enter, finish, hidden_parameters, llvm_key};

use crate::KernelUnits;
use base::{Diagnostic, Span};
use codegen::link::{Linked, link_entry};
use codegen::{
    KernelArg, KernelEntry, MAX_STACK, RelocationKind, RelocationTarget, TargetLowering, clear_item_memory,
    emit_kernel_entry, kernel_args,
};
use llvm::{Attribute, AttributeSite, CallConv, Error};

/// Prefix of the variables that loaders fill with references.
pub const PATCH: &str = "rekindle_patch_";

/// Passes where drivers optimise what they get again, for their machine: whole-kernel inlining, promotion to registers, address
/// spaces, loops. No vectors and no calls of memory functions.
pub const PASSES_FOR_DRIVERS: &str = "always-inline,cgscc(inline),deadargelim,globaldce,\
     function(infer-address-spaces,sroa<modify-cfg>,early-cse<memssa>,simplifycfg,\
     instcombine<no-verify-fixpoint>,infer-address-spaces,jump-threading,correlated-propagation,reassociate,simplifycfg,\
     loop-mssa(loop-simplifycfg,loop-rotate,licm<allowspeculation>,simple-loop-unswitch),\
     simplifycfg,instcombine<no-verify-fixpoint>,\
     loop(indvars,loop-deletion,loop-unroll-full),\
     sroa<modify-cfg>,gvn,constraint-elimination,sccp,correlated-propagation,\
     instcombine<no-verify-fixpoint>,jump-threading,dse,loop-mssa(licm<allowspeculation>),adce,\
     infer-address-spaces,simplifycfg,instcombine<no-verify-fixpoint>,early-cse,simplifycfg),globaldce";

/// Passes for kernels at a level. What is hidden (state, table) is taken only by functions that need it, optimised or not; level 1
/// leaves out loops and all that is done a second time.
pub fn passes(level: u8, usual: &'static str) -> &'static str {
    match level {
        0 => "always-inline,deadargelim,globaldce",
        1 => {
            "always-inline,cgscc(inline),deadargelim,globaldce,\
             function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,\
             infer-address-spaces,gvn,adce,simplifycfg),globaldce"
        }
        _ => usual,
    }
}

/// What a launch of a compiled kernel has to know: the detail of an [`Artifact`](crate::Artifact) for a device.
#[derive(Clone, Debug)]
pub struct DeviceKernel {
    /// The entry's name in the image.
    pub entry: String,
    pub args: Vec<KernelArg>,
    /// The first parameter is a pointer to a zeroed [`DeviceRecord`] in memory that device and host see.
    pub with_state: bool,
    /// Then comes a pointer to the table of references, in memory that the device sees.
    pub with_table: bool,
    /// The last parameter is a pointer to shared memory whose size the launch gives.
    pub with_shared: bool,
    /// The parameter that takes the rest of a variadic kernel's arguments, as one tuple.
    pub rest: Option<usize>,
}

impl DeviceKernel {
    pub fn new(entry: String, hidden: HiddenParameters, tree: &KernelUnits<'_>) -> DeviceKernel {
        DeviceKernel {
            entry,
            args: kernel_args(tree.params).unwrap_or_default(),
            with_state: hidden.state,
            with_table: hidden.table,
            with_shared: hidden.shared,
            rest: tree.root.is_va.then(|| tree.params.len() - 1),
        }
    }
}

/// What a throw writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct DeviceRecord {
    /// 0: nothing happened, 1: being written, 2: complete.
    pub status: u32,
    /// Index into the artifact's sites, or [`codegen::NO_SITE`].
    pub site: u32,
    pub args: [i64; 4],
    pub group: [u32; 3],
    pub item: [u32; 3],
    /// Indices into the artifact's calls, innermost first, and how many there are.
    pub calls: [u32; MAX_STACK],
    pub depth: u32,
}

// As `julia/base/device/runtime.jl` writes it.
const _: () = {
    assert!(std::mem::offset_of!(DeviceRecord, status) == 0);
    assert!(std::mem::offset_of!(DeviceRecord, site) == 4);
    assert!(std::mem::offset_of!(DeviceRecord, args) == 8);
    assert!(std::mem::offset_of!(DeviceRecord, group) == 40);
    assert!(std::mem::offset_of!(DeviceRecord, item) == 52);
    assert!(std::mem::offset_of!(DeviceRecord, calls) == 64);
    assert!(std::mem::offset_of!(DeviceRecord, depth) == 64 + 4 * MAX_STACK);
};

/// What a kernel's entry takes before its arguments, and after them.
#[derive(Clone, Copy, Debug, Default)]
pub struct HiddenParameters {
    pub state: bool,
    pub table: bool,
    pub shared: bool,
}

impl HiddenParameters {
    /// What the linked code of a kernel needs. The state is there for who asks for it, the runtime library's reports above all.
    pub fn of(linked: &Linked<'_>) -> HiddenParameters {
        let table = linked.relocations.iter().any(|r| matches!(r.kind, RelocationKind::Table { .. }));
        HiddenParameters { state: linked.kernel_state, table, shared: false }
    }

    /// How many pointers come before the arguments.
    pub fn count(self) -> usize {
        usize::from(self.state) + usize::from(self.table)
    }
}

/// A name that the tools of all devices take, as near to the given one as can be.
pub fn entry_name(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '$' => out.push(c),
            '!' => out.push_str("_bang"),
            other => out.push_str(&format!("_{:x}", other as u32)),
        }
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) || out.is_empty() {
        out.insert(0, '_');
    }
    out
}

/// How a machine wants the entries of kernels.
pub struct EntryStyle<'a> {
    pub lowering: &'a dyn TargetLowering,
    pub convention: CallConv,
    /// Its last parameter is a pointer to shared memory whose size the launch gives.
    pub with_shared: bool,
}

/// Links the entry of a kernel to its units.
///
/// # Errors
/// Arguments that are not plain data; what LLVM says.
pub fn add_entry(
    linked: &mut Linked<'_>,
    entry: &Entry<'_>,
    style: &EntryStyle<'_>,
) -> Result<HiddenParameters, Vec<Diagnostic>> {
    let hidden = HiddenParameters { shared: style.with_shared, ..HiddenParameters::of(linked) };
    let &EntryStyle { lowering, convention, .. } = style;
    let &Entry { symbol, params, ret, options, span } = entry;
    let how =
        KernelEntry::Parameters { with_state: hidden.state, with_table: hidden.table, with_shared: hidden.shared };
    let entry = emit_kernel_entry(linked.module.context(), symbol, params, ret, how, lowering, options, span)?;
    link_entry(&mut linked.module, entry).map_err(|e| llvm_error(lowering, &e, span))?;
    if let Some(f) = linked.module.function(symbol) {
        f.set_call_conv(convention);
        clear_item_memory(&linked.module, f, lowering);
        if hidden.state {
            f.add_attribute(AttributeSite::Param(0), Attribute::Flag("noalias"));
        }
    }
    Ok(hidden)
}

/// What LLVM has against a kernel.
pub fn llvm_error(lowering: &dyn TargetLowering, e: &Error, span: Span) -> Vec<Diagnostic> {
    let message = format!("LLVM could not compile the kernel to {}: {e}", lowering.name());
    vec![Diagnostic::error("kernel.llvm", message, span)]
}

/// Settles the relocations that the code still has after optimisation, and drops the others.
///
/// # Errors
/// Functions and variables of the host that it still needs.
pub fn settle_relocations(linked: &mut Linked<'_>, span: Span) -> Result<(), Vec<Diagnostic>> {
    linked.define_patches(PATCH);
    let found: Vec<Diagnostic> = linked
        .relocations
        .iter()
        .filter_map(|r| {
            let what = match r.target {
                RelocationTarget::Object(_) | RelocationTarget::Tag(_) => return None,
                RelocationTarget::Host(name) => format!("the host function `{name}`"),
                RelocationTarget::Binding(global) => format!("the global `{}`", global.name),
            };
            let message = format!("the kernel uses {what}, which is on the host");
            Some(Diagnostic::error("kernel.host-object", message, span).help("pass plain data as an argument instead"))
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}
