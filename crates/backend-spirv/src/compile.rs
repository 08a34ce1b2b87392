//! From linked units to SPIR-V.

use crate::expand::{expand, split_phis};
use crate::lowering::{SpirvTarget, WARP, WARP_FUNCTIONS};
use crate::target::SpirvOptions;
use base::{Diagnostic, Span};
use codegen::link::Linked;
use compiler::Stage;
use compiler::device::exits::{self, DYNAMIC, is_called};
use compiler::device::{self, Entry, EntryStyle, HiddenParameters};
use llvm::{CallConv, FileType, Function, Module, PassOptions};

/// Passes before instruction selection.
pub fn pipeline() -> &'static str {
    device::PASSES_FOR_DRIVERS
}

/// Links the entry of a kernel to its units.
pub(crate) fn add_entry(
    linked: &mut Linked<'_>,
    entry: &Entry<'_>,
    target: &SpirvTarget,
) -> Result<HiddenParameters, Vec<Diagnostic>> {
    let with_shared = is_called(&linked.module, DYNAMIC);
    let style = EntryStyle { lowering: target, convention: CallConv::SpirKernel, with_shared };
    device::add_entry(linked, entry, &style)
}

/// Optimises all that `symbol` reaches, and gives it the form that SPIR-V wants.
pub(crate) fn optimize(
    linked: &mut Linked<'_>,
    symbol: &str,
    target: &SpirvTarget,
    options: &SpirvOptions,
    span: Span,
) -> Result<(), Vec<Diagnostic>> {
    let module = &mut linked.module;
    let fail = |e| device::llvm_error(target, &e, span);
    module.set_triple(&options.triple());
    module.internalize_except(&[symbol]);
    module.verify().map_err(fail)?;
    let machine = options.machine().map_err(fail)?;
    let run = |module: &mut Module<'_>, passes: &str| module.run_passes(passes, Some(&machine), PassOptions::default());
    exits::settle_exits(module, symbol, run).map_err(fail)?;
    if let Some(entry) = module.function(symbol) {
        ask_for_warps(module, entry);
    }
    run(module, device::passes(options.opt_level, pipeline())).map_err(fail)?;
    split_phis(module);
    run(module, "function(early-cse,adce)").map_err(fail)?;
    expand(module);
    for f in module.functions() {
        if !f.is_declaration() {
            exits::return_where_unreachable(module, f);
        }
    }
    give_conventions(module, symbol);
    module.verify().map_err(fail)
}

/// A kernel with warps needs sub-groups of their size.
fn ask_for_warps(module: &Module<'_>, entry: Function<'_>) {
    if WARP_FUNCTIONS.iter().any(|name| is_called(module, name)) {
        let c = module.context();
        let size = c.md_node(&[c.md_value(c.int_type(32).const_int(WARP))]);
        entry.set_metadata("intel_reqd_sub_group_size", size);
    }
}

/// All functions but the entry are OpenCL's, and so are their calls.
fn give_conventions(module: &Module<'_>, entry: &str) {
    for f in module.functions() {
        if f.name() != entry && !f.name().starts_with("llvm.") {
            f.set_call_conv(CallConv::SpirFunc);
        }
    }
    for f in module.functions() {
        for call in f.instructions() {
            if let Some(callee) = call.called_function() {
                call.set_call_conv(callee.call_conv());
            }
        }
    }
}

/// The first integer type wider than machines have, among the values of a module.
pub(crate) fn wide_integer(module: &Module<'_>) -> Option<u32> {
    let values = module.functions().into_iter().flat_map(|f| f.instructions());
    let all = values.flat_map(|i| (0..i.operand_count()).map(move |n| i.operand(n).ty()).chain([i.ty()]));
    all.filter(|t| t.is_int()).map(|t| t.bits()).find(|&bits| bits > 64)
}

/// The module as text or in its binary form.
///
/// # Errors
/// What LLVM says.
pub(crate) fn code(
    linked: Linked<'_>,
    target: &SpirvTarget,
    options: &SpirvOptions,
    stage: Stage,
    span: Span,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let file = if stage == Stage::Assembly { FileType::Assembly } else { FileType::Object };
    let emitted = options.machine().and_then(|machine| machine.emit_apart(&linked.module, file));
    emitted.map_err(|e| device::llvm_error(target, &e, span))
}
