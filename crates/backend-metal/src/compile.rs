//! From linked units to AIR.

use crate::inputs::{Input, thread_inputs};
use crate::lowering::MetalTarget;
use crate::target::{MetalOptions, stand_in};
use crate::{
    aggregates, atomics, attributes, constants, expand, geps, hints, integers, math, minmax, narrow, null_select,
    region,
};
use base::{Diagnostic, Span};
use codegen::link::Linked;
use compiler::device::exits::{self, DYNAMIC, is_called};
use compiler::device::{self, Entry, EntryStyle, HiddenParameters};
use llvm::{CallConv, Error, Module, PassOptions};

/// Passes before what is done to IR for AIR.
pub fn pipeline() -> &'static str {
    device::PASSES_FOR_DRIVERS
}

/// What gives every access the address space that is known of it, after pointers were given theirs. Kernels need it whatever the
/// level of optimisation: AIR's atomic accesses and constants have no form for pointers that may point anywhere.
const SPACES: &str = "function(sroa<modify-cfg>,infer-address-spaces,sroa<modify-cfg>,\
     instcombine<no-verify-fixpoint>,early-cse,simplifycfg),globaldce";

/// What tidies up after instructions were rewritten, and merges no offsets.
const TIDY: &str = "function(early-cse,simplifycfg,adce),strip-dead-prototypes";

/// Links the entry of a kernel to its units.
pub(crate) fn add_entry(
    linked: &mut Linked<'_>,
    entry: &Entry<'_>,
    target: &MetalTarget,
) -> Result<HiddenParameters, Vec<Diagnostic>> {
    let with_shared = is_called(&linked.module, DYNAMIC);
    let style = EntryStyle { lowering: target, convention: CallConv::C, with_shared };
    device::add_entry(linked, entry, &style)
}

/// Optimises all that `symbol` reaches, and gives it the form that AIR wants. Returns what the entry of a kernel takes about the place of
/// its work-item.
pub(crate) fn optimize(
    linked: &mut Linked<'_>,
    symbol: &str,
    is_kernel: bool,
    target: &MetalTarget,
    options: &MetalOptions,
    span: Span,
) -> Result<Vec<Input>, Vec<Diagnostic>> {
    lower(&mut linked.module, symbol, is_kernel, options).map_err(|e| device::llvm_error(target, &e, span))
}

fn lower(module: &mut Module<'_>, symbol: &str, is_kernel: bool, options: &MetalOptions) -> Result<Vec<Input>, Error> {
    module.set_triple(&options.triple());
    module.internalize_except(&[symbol]);
    attributes::describe_functions(module);
    module.verify()?;
    let machine = stand_in()?;
    let run = |module: &mut Module<'_>, passes: &str| module.run_passes(passes, Some(&machine), PassOptions::default());
    exits::settle_exits(module, symbol, run)?;
    run(module, device::passes(options.opt_level, pipeline()))?;
    let inputs = if is_kernel { thread_inputs(module, symbol) } else { Vec::new() };
    constants::place_constants(module);
    run(module, SPACES)?;
    if narrow::narrow_parameters(module) {
        run(module, SPACES)?;
    }
    hints::drop_hints(module);
    null_select::rewrite_null_selects(module);
    region::forget_claims(module);
    aggregates::split_aggregate_loads(module);
    atomics::lower_atomics(module, options.has_fences());
    lower_intrinsics(module);
    run(module, TIDY)?;
    integers::fuse_minmax(module);
    geps::merge_byte_offsets(module);
    for f in module.functions() {
        if !f.is_declaration() {
            exits::return_where_unreachable(module, f);
        }
    }
    attributes::describe_functions(module);
    run(module, "strip-dead-prototypes")?;
    module.verify()?;
    Ok(inputs)
}

/// Makes AIR's functions of LLVM's intrinsics.
fn lower_intrinsics(module: &Module<'_>) {
    minmax::scalarize_minmax(module);
    minmax::lower_minmax(module);
    math::lower_math(module);
    integers::lower_integers(module);
    expand::expand_intrinsics(module);
}
