//! Linking of units at the level of LLVM modules, for targets that want whole kernels.

use crate::emit::{Relocation, ThrowSite, UnitInfo};
use crate::intrinsics::SITE_BUFFER;
use crate::kernel::KERNEL_CALLEE;
use crate::{ENTRY, SITE_BASE, WRAPPER};
use llvm::{Context, Error, Linkage, Module};

/// A unit to link: its bitcode, what it needs, and which input each of its callees is.
pub struct LinkInput<'a> {
    pub bitcode: &'a [u8],
    pub info: &'a UnitInfo,
    /// Parallel to `info.callees`.
    pub callees: Vec<usize>,
}

/// What came together.
pub struct Linked<'c> {
    pub module: Module<'c>,
    /// All throw sites; the number that device code records is an index here.
    pub sites: Vec<ThrowSite>,
    /// Relocations under the names they have in the linked module.
    pub relocations: Vec<Relocation>,
    pub has_barrier: bool,
    pub uses_state: bool,
}

/// The symbol of input `index`'s entry in the linked module.
pub fn unit_symbol(index: usize) -> String {
    format!("unit.{index}")
}

/// Links `inputs` into one module. Input 0 is the kernel's own unit. Symbols are numbered by position, so the
/// result depends on the inputs and their order alone.
pub fn link_units<'c>(context: &'c Context, inputs: &[LinkInput<'_>]) -> Result<Linked<'c>, Error> {
    let mut linked: Option<Module<'c>> = None;
    let mut sites: Vec<ThrowSite> = Vec::new();
    let mut relocations = Vec::new();
    let (mut has_barrier, mut uses_state) = (false, false);
    for (index, input) in inputs.iter().enumerate() {
        let mut module = Module::parse_bitcode(context, input.bitcode)?;
        rename(&module, input, index, sites.len() as u32);
        module.delete_function(WRAPPER);
        for relocation in &input.info.relocations {
            relocations
                .push(Relocation { symbol: format!("{}.{index}", relocation.symbol), target: relocation.target });
        }
        sites.extend(input.info.sites.iter().cloned());
        has_barrier |= input.info.has_barrier;
        uses_state |= input.info.uses_state;
        match &mut linked {
            None => linked = Some(module),
            Some(whole) => whole.link(module)?,
        }
    }
    let module = linked.ok_or_else(|| Error("nothing to link".into()))?;
    Ok(Linked { module, sites, relocations, has_barrier, uses_state })
}

fn rename(module: &Module<'_>, input: &LinkInput<'_>, index: usize, first_site: u32) {
    // Callees first: `unit.N` is taken by nobody in a fresh unit.
    for ((symbol, _), &callee) in input.info.callees.iter().zip(&input.callees) {
        let Some(f) = module.function(symbol) else { continue };
        let name = unit_symbol(callee);
        match module.function(&name) {
            // Two callees that are one input.
            Some(same) => f.replace_uses_with(same.value()),
            None => f.set_name(&name),
        }
    }
    if let Some(entry) = module.function(ENTRY) {
        let name = unit_symbol(index);
        match module.function(&name) {
            // A call of itself through a symbol.
            Some(same) => {
                same.replace_uses_with(entry.value());
                same.set_name("unit.self");
                entry.set_name(&name);
            }
            None => entry.set_name(&name),
        }
    }
    for relocation in &input.info.relocations {
        if let Some(g) = module.global(&relocation.symbol) {
            g.set_name(&format!("{}.{index}", relocation.symbol));
        }
    }
    for g in module.globals() {
        let name = g.name();
        if name.contains(SITE_BUFFER) {
            g.set_name(&format!("{name}.{index}"));
        }
    }
    if let Some(base) = module.global(SITE_BASE) {
        base.set_name(&format!("{SITE_BASE}.{index}"));
        base.set_initializer(module.context().int_type(32).const_int(first_site.into()));
        base.set_constant(true);
        base.set_linkage(Linkage::Internal);
    }
}

/// Links a kernel entry (see [`crate::emit_kernel_entry`]) to the linked units.
pub fn link_entry<'c>(linked: &mut Module<'c>, entry: Module<'c>) -> Result<(), Error> {
    if let Some(f) = entry.function(KERNEL_CALLEE) {
        f.set_name(&unit_symbol(0));
    }
    linked.link(entry)
}
