//! Linking of units at the level of LLVM modules, for targets that want whole kernels.

use crate::info::{Bake, CallSite, Relocation, RelocationKind, ThrowSite, UnitInfo};
use crate::intrinsics::SITE_BUFFER;
use crate::kernel::KERNEL_CALLEE;
use crate::{CALL_BASE, ENTRY, RuntimeFunction, SITE_BASE, WRAPPER};
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
    /// What the numbers of call records stand for.
    pub calls: Vec<CallSite>,
    /// Relocations under the names they have in the linked module, each object once.
    pub relocations: Vec<Relocation>,
    /// What ties the code to this session.
    pub bakes: Vec<Bake>,
    pub has_barrier: bool,
    pub uses_state: bool,
    /// Something ends work-items by exceptions.
    pub throws: bool,
    /// The launch has to give a state: something asks for it.
    pub kernel_state: bool,
    /// The functions of the runtime library that are called and not linked yet, in the order of first use.
    pub runtime: Vec<RuntimeFunction>,
}

/// A function of the runtime library, ready to be linked to kernels.
#[derive(Clone, Debug)]
pub struct LibraryFunction {
    /// Unoptimised bitcode: the function under its symbol, with all that it calls as internal functions.
    pub bitcode: Vec<u8>,
    /// It asks for the state of the launch.
    pub kernel_state: bool,
    pub has_barrier: bool,
}

/// Functions of the runtime library to link.
pub type Library<'a> = &'a [(RuntimeFunction, &'a LibraryFunction)];

/// The symbol of input `index`'s entry in the linked module.
pub fn unit_symbol(index: usize) -> String {
    format!("unit.{index}")
}

/// Links `inputs` into one module. Input 0 is the kernel's own unit. Symbols are numbered by position, so the
/// result depends on the inputs and their order alone.
pub fn link_units<'c>(context: &'c Context, inputs: &[LinkInput<'_>]) -> Result<Linked<'c>, Error> {
    let mut whole: Option<Module<'c>> = None;
    let (mut sites, mut calls, mut relocations, mut bakes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut has_barrier, mut uses_state, mut throws, mut kernel_state) = (false, false, false, false);
    let mut runtime = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let mut module = Module::parse_bitcode(context, input.bitcode)?;
        rename(&module, input, index, [(SITE_BASE, sites.len()), (CALL_BASE, calls.len())]);
        module.delete_function(WRAPPER);
        relocations.extend(
            input.info.relocations.iter().map(|r| Relocation { symbol: format!("{}.{index}", r.symbol), ..r.clone() }),
        );
        sites.extend(input.info.sites.iter().cloned());
        calls.extend(input.info.calls.iter().cloned());
        bakes.extend(input.info.bakes.iter().cloned());
        has_barrier |= input.info.has_barrier;
        uses_state |= input.info.uses_state;
        throws |= input.info.throws;
        kernel_state |= input.info.kernel_state;
        for &f in &input.info.runtime {
            if !runtime.contains(&f) {
                runtime.push(f);
            }
        }
        match &mut whole {
            None => whole = Some(module),
            Some(whole) => whole.link(module)?,
        }
    }
    let module = whole.ok_or_else(|| Error("nothing to link".into()))?;
    let relocations = merge_relocations(&module, relocations);
    Ok(Linked { module, sites, calls, relocations, bakes, has_barrier, uses_state, throws, kernel_state, runtime })
}

/// One symbol for each thing that units refer to; slots of tables are numbered in the order of first use.
fn merge_relocations(module: &Module<'_>, all: Vec<Relocation>) -> Vec<Relocation> {
    let mut kept: Vec<Relocation> = Vec::new();
    for mut r in all {
        let Some(g) = module.global(&r.symbol) else { continue };
        if let Some(same) = kept.iter().find(|k| k.target == r.target)
            && let Some(first) = module.global(&same.symbol)
        {
            g.value().replace_uses_with(first.value());
            continue;
        }
        if let RelocationKind::Table { slot } = &mut r.kind {
            *slot = kept.len() as u32;
            g.set_initializer(g.value_type().const_int(8 * kept.len() as u64));
            g.set_linkage(Linkage::Internal);
        }
        kept.push(r);
    }
    kept
}

impl Linked<'_> {
    /// After optimisation: makes writable variables of the relocations that a loader patches and the code still uses, and
    /// forgets those that it does not. Their names start with `prefix`.
    pub fn define_patches(&mut self, prefix: &str) {
        let mut kept = Vec::new();
        for r in std::mem::take(&mut self.relocations) {
            if r.kind != RelocationKind::Patch {
                kept.push(r);
                continue;
            }
            let Some(g) = self.module.global(&r.symbol).filter(|g| g.has_uses()) else { continue };
            let symbol = format!("{prefix}{}", kept.len());
            g.set_name(&symbol);
            g.set_initializer(g.value_type().zero());
            g.set_externally_initialized();
            g.set_alignment(8);
            kept.push(Relocation { symbol, ..r });
        }
        self.relocations = kept;
    }
}

fn rename(module: &Module<'_>, input: &LinkInput<'_>, index: usize, bases: [(&str, usize); 2]) {
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
    for (symbol, first) in bases {
        let Some(base) = module.global(symbol) else { continue };
        base.set_name(&format!("{symbol}.{index}"));
        base.set_initializer(module.context().int_type(32).const_int(first as u64));
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

/// Makes a function of the runtime library of its units (its own first).
///
/// # Errors
/// Units that need what only kernels have: a site that throws, a host object, another function of the library by its
/// symbol; what LLVM says.
pub fn library_function(which: RuntimeFunction, inputs: &[LinkInput<'_>]) -> Result<LibraryFunction, Error> {
    let context = Context::new();
    let linked = link_units(&context, inputs)?;
    let name = which.name();
    if linked.throws {
        let what = linked.sites.first().map_or("exceptions", |site| site.kind.as_str());
        return Err(Error(format!("`{name}` can throw ({what})")));
    }
    if let Some(r) = linked.relocations.first() {
        return Err(Error(format!("`{name}` needs a host object ({:?})", r.target)));
    }
    if let Some(other) = linked.runtime.first() {
        return Err(Error(format!("`{name}` makes an object (it calls `{}`)", other.name())));
    }
    for index in 0..inputs.len() {
        let Some(f) = linked.module.function(&unit_symbol(index)) else { continue };
        if index == 0 {
            f.set_name(name);
            which.decorate(f);
        } else {
            f.set_name(&format!("{name}.{index}"));
        }
    }
    linked.module.internalize_except(&[name]);
    linked.module.verify()?;
    Ok(LibraryFunction {
        bitcode: linked.module.to_bitcode(),
        kernel_state: linked.kernel_state,
        has_barrier: linked.has_barrier,
    })
}

impl Linked<'_> {
    /// Links the functions of the runtime library that are called.
    ///
    /// # Errors
    /// One that is not in `library`; what LLVM says.
    pub fn link_library(&mut self, library: Library<'_>) -> Result<(), Error> {
        for which in std::mem::take(&mut self.runtime) {
            let Some((_, f)) = library.iter().find(|(w, _)| *w == which) else {
                return Err(Error(format!("the runtime library has no `{}`", which.name())));
            };
            self.module.link(Module::parse_bitcode(self.module.context(), &f.bitcode)?)?;
            self.kernel_state |= f.kernel_state;
            self.uses_state |= f.kernel_state;
            self.has_barrier |= f.has_barrier;
        }
        Ok(())
    }
}
