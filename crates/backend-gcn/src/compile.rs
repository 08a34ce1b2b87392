//! From linked units to machine code.

use crate::lowering::{GcnTarget, MAX_GROUP};
use crate::target::{GcnOptions, Generator};
use crate::tools;
use base::{Diagnostic, Span};
use codegen::link::Linked;
use compiler::Stage;
use compiler::device::{self, Entry, EntryStyle, HiddenParameters};
use llvm::{Attribute, AttributeSite, CallConv, FileType, PassOptions};

/// The version of code objects: what the runtime passes besides a kernel's arguments depends on it.
const CODE_OBJECT_VERSION: u32 = 500;

/// Passes before instruction selection: whole-kernel inlining, promotion to registers, address spaces, loops; no
/// vectorisation of loops, which is what work-items are for.
pub fn pipeline() -> &'static str {
    "always-inline,cgscc(inline),deadargelim,globaldce,\
     function(infer-address-spaces,sroa<modify-cfg>,early-cse<memssa>,speculative-execution,simplifycfg,\
     instcombine<no-verify-fixpoint>,infer-address-spaces,jump-threading,correlated-propagation,reassociate,simplifycfg,\
     loop-mssa(loop-simplifycfg,loop-rotate,licm<allowspeculation>,simple-loop-unswitch),\
     simplifycfg,instcombine<no-verify-fixpoint>,\
     loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),\
     sroa<modify-cfg>,gvn,constraint-elimination,sccp,correlated-propagation,\
     instcombine<no-verify-fixpoint>,jump-threading,dse,loop-mssa(licm<allowspeculation>),adce,\
     infer-address-spaces,simplifycfg<hoist-common-insts;sink-common-insts>,instcombine<no-verify-fixpoint>,\
     slp-vectorizer,vector-combine,loop-unroll,sroa<preserve-cfg>,instcombine<no-verify-fixpoint>,\
     loop-mssa(licm<allowspeculation>),early-cse,simplifycfg),globaldce,amdgpu-attributor"
}

/// Links the entry of a kernel to its units.
pub(crate) fn add_entry(
    linked: &mut Linked<'_>,
    entry: &Entry<'_>,
    target: &GcnTarget,
) -> Result<HiddenParameters, Vec<Diagnostic>> {
    let style = EntryStyle { lowering: target, convention: CallConv::AmdgpuKernel, with_shared: false };
    let hidden = device::add_entry(linked, entry, &style)?;
    if let Some(f) = linked.module.function(entry.symbol) {
        let sizes = format!("1,{MAX_GROUP}");
        f.add_attribute(AttributeSite::Function, Attribute::Text("amdgpu-flat-work-group-size", &sizes));
    }
    Ok(hidden)
}

/// Optimises all that `symbol` reaches.
pub(crate) fn optimize(
    linked: &mut Linked<'_>,
    symbol: &str,
    target: &GcnTarget,
    options: &GcnOptions,
    span: Span,
) -> Result<(), Vec<Diagnostic>> {
    let module = &mut linked.module;
    module.internalize_except(&[symbol]);
    module.add_flag("amdhsa_code_object_version", CODE_OBJECT_VERSION);
    module.add_to_definitions(Attribute::Text("uniform-work-group-size", "true"));
    module.add_to_definitions(Attribute::Text("target-cpu", options.processor));
    let features = options.features();
    if !features.is_empty() {
        module.add_to_definitions(Attribute::Text("target-features", &features));
    }
    let fail = |e| device::llvm_error(target, &e, span);
    module.verify().map_err(fail)?;
    let machine = options.machine().map_err(fail)?;
    let passes = device::passes(options.opt_level, pipeline());
    module.run_passes(passes, Some(&machine), PassOptions::default()).map_err(fail)
}

/// The code of an optimised kernel at a stage.
///
/// # Errors
/// What LLVM or a tool says; a tool that is not there.
pub(crate) fn code(
    linked: Linked<'_>,
    target: &GcnTarget,
    options: &GcnOptions,
    stage: Stage,
    span: Span,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let file = if stage == Stage::Assembly { FileType::Assembly } else { FileType::Object };
    let made = match options.generator {
        Generator::InProcess => {
            let emitted = options.machine().and_then(|machine| machine.emit(linked.module, file));
            emitted.map_err(|e| device::llvm_error(target, &e, span))?
        }
        Generator::External => {
            tools::generate(&linked.module.to_bitcode(), options, file).map_err(|e| vec![e.diagnostic(span)])?
        }
    };
    if stage != Stage::Image {
        return Ok(made);
    }
    tools::link(&made).map_err(|e| vec![e.diagnostic(span)])
}
