//! From a kernel's units to an object.

use super::MOST_ITEMS;
use super::fission::split_at_barriers;
use super::group_loop::{make_group_loop, mark_parallel};
use super::lowering::{Barriers, CpuTarget, FRAME, LEAVE, SHARED_OFFSET, SUSPEND};
use super::places::Merge;
use super::state::{Line, offsets};
use super::uniform::group_offset;
use super::whole::{WHOLE, WHOLE_ITEM, copy_for_whole};
use crate::machine::{HostMachine, Pipeline};
use base::{Diagnostic, Span};
use codegen::link::{Library, Linked, link_entry, link_units, unit_symbol};
use codegen::tree::TreeUnit;
use codegen::{
    Bake, CallSite, KernelArg, KernelEntry, Relocation, ThrowSite, UnitOptions, clear_item_memory, emit_kernel_entry,
    is_reference, kernel_args, packed_size,
};
use llvm::{Attribute, AttributeSite, Builder, Context, Error, FileType, Function, Linkage, Module, Opcode, Value};
use types::Ty;

/// `(group state, packed arguments)`: runs all items of a group.
pub const GROUP: &str = "kernel.group";
/// `(item state, packed arguments) -> coroutine`: runs an item up to its first wait.
pub const START: &str = "kernel.start";
/// `(coroutine)`: runs an item up to its next wait.
pub const RESUME: &str = "kernel.resume";
pub const ITEM: &str = "kernel.item";
/// Prefix of the variables that the loader fills with references.
const PATCH: &str = "kernel.patch.";

/// What is known of the launches that code is compiled for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Launches {
    /// At most [`MOST_ITEMS`](super::MOST_ITEMS) items along a dimension, as all but a few have.
    #[default]
    Usual,
    /// Nothing.
    Any,
    /// The size of their groups; and as the usual ones.
    Groups([u32; 3]),
}

impl Launches {
    /// Is a launch of so many groups of this size one of these?
    #[inline]
    pub fn fits(self, groups: [u32; 3], size: [u32; 3]) -> bool {
        match self {
            Launches::Usual => (0..3).all(|d| u64::from(groups[d]) * u64::from(size[d]) <= u64::from(MOST_ITEMS)),
            Launches::Any => true,
            Launches::Groups(of) => of == size && Launches::Usual.fits(groups, size),
        }
    }
}

/// What a kernel's code asks of its launches, and allows them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Form {
    pub launches: Launches,
    /// Which groups may be run as one, by dimension.
    pub merges: [Merge; 3],
}

/// Where the packed buffer of a launch takes an argument's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArgPlace {
    /// Which argument of the launch; 0 is the function object.
    pub arg: usize,
    pub offset: usize,
    pub size: usize,
    /// The argument is an object, and what is packed is its address.
    pub reference: bool,
}

/// A kernel as an object with all that its launch needs. Depends on the units and the machine alone.
#[derive(Clone, Debug)]
pub struct CpuArtifact {
    pub object: Vec<u8>,
    /// Places of all arguments that have any bytes; what a variadic kernel takes as one tuple has a place per element.
    pub args: Vec<ArgPlace>,
    /// Size of the packed buffer in bytes.
    pub packed_size: usize,
    /// Bytes of group-shared memory with a fixed size.
    pub shared_size: usize,
    pub sites: Vec<ThrowSite>,
    /// What the numbers of call records stand for.
    pub calls: Vec<CallSite>,
    pub relocations: Vec<Relocation>,
    /// What ties the kernel to this session.
    pub bakes: Vec<Bake>,
    /// Reports of exceptions name the calls that led to them at level 2.
    pub debug_level: u8,
    /// Items are coroutines.
    pub has_barrier: bool,
    pub form: Form,
}

impl CpuArtifact {
    /// Says that the last of the kernel's parameters takes all further arguments of a launch as one tuple.
    pub(crate) fn spread_rest(&mut self, params: &[Ty]) {
        let Some(rest) = params.len().checked_sub(1) else { return };
        let Some(at) = self.args.iter().position(|a| a.arg == rest) else { return };
        let start = self.args.remove(at).offset;
        let fields = runtime::info(params[rest]).fields.iter().enumerate().filter(|(_, f)| f.size > 0);
        self.args.extend(fields.map(|(i, f)| ArgPlace {
            arg: rest + i,
            offset: start + f.offset,
            size: f.size,
            reference: false,
        }));
    }
}

/// Compiles the kernel whose units (the kernel's own first) were emitted for `target`.
///
/// # Errors
/// Arguments that are not plain data; recursion through something that waits; what LLVM says.
pub fn compile_kernel(
    units: &[TreeUnit],
    library: Library<'_>,
    params: &[Ty],
    ret: Ty,
    machine: &HostMachine,
    target: &CpuTarget,
    options: UnitOptions,
    span: Span,
) -> Result<CpuArtifact, Vec<Diagnostic>> {
    let context = Context::new();
    let (linked, shared_size, form) = build(&context, units, library, params, ret, machine, target, options, span)?;
    artifact(linked, shared_size, form, params, machine, options, span)
}

/// The object of an optimised kernel with what launches need.
pub(crate) fn artifact(
    linked: Linked<'_>,
    shared_size: usize,
    form: Form,
    params: &[Ty],
    machine: &HostMachine,
    options: UnitOptions,
    span: Span,
) -> Result<CpuArtifact, Vec<Diagnostic>> {
    let object = machine.emit(linked.module, FileType::Object).map_err(|e| llvm_error(e, span))?;
    let args = kernel_args(params).unwrap_or_default();
    let place =
        |a: &KernelArg| ArgPlace { arg: a.param, offset: a.offset, size: a.size, reference: is_reference(a.ty) };
    Ok(CpuArtifact {
        object,
        packed_size: packed_size(&args),
        args: args.iter().map(place).collect(),
        shared_size,
        sites: linked.sites,
        calls: linked.calls,
        relocations: linked.relocations,
        bakes: linked.bakes,
        debug_level: options.debug_level,
        has_barrier: linked.has_barrier,
        form,
    })
}

/// The optimised IR and the assembly of a kernel, for reflection.
pub fn kernel_text(
    units: &[TreeUnit],
    library: Library<'_>,
    params: &[Ty],
    ret: Ty,
    machine: &HostMachine,
    target: &CpuTarget,
    options: UnitOptions,
    span: Span,
) -> Result<(String, String), Vec<Diagnostic>> {
    let context = Context::new();
    let (linked, ..) = build(&context, units, library, params, ret, machine, target, options, span)?;
    let ir = linked.module.to_ir();
    let assembly = machine.emit(linked.module, FileType::Assembly).map_err(|e| llvm_error(e, span))?;
    Ok((ir, String::from_utf8_lossy(&assembly).into_owned()))
}

fn llvm_error(e: Error, span: Span) -> Vec<Diagnostic> {
    vec![Diagnostic::error("cpu.llvm", format!("LLVM could not compile the kernel: {e}"), span)]
}

fn build<'c>(
    context: &'c Context,
    units: &[TreeUnit],
    library: Library<'_>,
    params: &[Ty],
    ret: Ty,
    machine: &HostMachine,
    target: &CpuTarget,
    options: UnitOptions,
    span: Span,
) -> Result<(Linked<'c>, usize, Form), Vec<Diagnostic>> {
    let inputs: Vec<_> = units.iter().map(TreeUnit::input).collect();
    let mut linked = link_units(context, &inputs).map_err(|e| llvm_error(e, span))?;
    linked.link_library(library).map_err(|e| llvm_error(e, span))?;
    let shared_size = add_entry(&mut linked, params, ret, target, options, span)?;
    let form = optimize(&mut linked, params, machine, target, span)?;
    Ok((linked, shared_size, form))
}

/// Links the entry of a kernel with these parameters to its units. The size of group-shared memory.
pub(crate) fn add_entry(
    linked: &mut Linked<'_>,
    params: &[Ty],
    ret: Ty,
    target: &CpuTarget,
    options: UnitOptions,
    span: Span,
) -> Result<usize, Vec<Diagnostic>> {
    let entry =
        emit_kernel_entry(linked.module.context(), ITEM, params, ret, KernelEntry::Packed, target, options, span)?;
    link_entry(&mut linked.module, entry).map_err(|e| llvm_error(e, span))?;
    if let Some(f) = linked.module.function(ITEM) {
        clear_item_memory(&linked.module, f, target);
    }
    Ok(place_shared(&linked.module))
}

/// Makes a loop over a group's items, or coroutines, of a kernel with its entry, and optimises it.
pub(crate) fn optimize(
    linked: &mut Linked<'_>,
    params: &[Ty],
    machine: &HostMachine,
    target: &CpuTarget,
    span: Span,
) -> Result<Form, Vec<Diagnostic>> {
    let kernel = linked.module.function(&unit_symbol(0));
    if let Some(f) = kernel
        && !f.has_flag("noinline")
    {
        f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline"));
    }
    let args_size = kernel_args(params).map_or(0, |args| packed_size(&args));
    let mut form = Form { launches: Launches::Any, merges: [Merge::Never; 3] };
    if linked.has_barrier && target.barriers() == Barriers::Loops && split(linked, args_size, machine, target, span)? {
        // Nothing waits any more.
        linked.has_barrier = false;
        form.launches = target.launches();
    } else if linked.has_barrier {
        make_coroutines(&mut linked.module, machine, span)?;
    } else {
        let large = target.launches() == Launches::Any;
        form.merges =
            loop_over_items(&mut linked.module, args_size, machine, large).map_err(|e| llvm_error(e, span))?;
        if !large {
            form.launches = Launches::Usual;
        }
    }
    linked.module.verify().map_err(|e| llvm_error(e, span))?;
    machine.optimize(&mut linked.module, Pipeline::Kernel).map_err(|e| llvm_error(e, span))?;
    linked.define_patches(PATCH);
    Ok(form)
}

/// Makes a loop over items of a kernel whose items do not wait. Says which groups may be merged.
fn loop_over_items(
    module: &mut Module<'_>,
    args_size: usize,
    machine: &HostMachine,
    large: bool,
) -> Result<[Merge; 3], Error> {
    module.internalize_except(&[ITEM]);
    machine.run(
        module,
        "always-inline,cgscc(inline),deadargelim,globaldce,\
         function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,simplifycfg)",
    )?;
    let access = module.context().md_access_group();
    let merges = make_group_loop(module, args_size, access, large);
    module.internalize_except(&[GROUP]);
    module.verify()?;
    machine.run(module, "always-inline,globaldce,function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg)")?;
    mark_parallel(module, access);
    Ok(merges)
}

/// Makes loops over items between the barriers, where the kernel has the form for it.
fn split(
    linked: &mut Linked<'_>,
    args_size: usize,
    machine: &HostMachine,
    target: &CpuTarget,
    span: Span,
) -> Result<bool, Vec<Diagnostic>> {
    let sizes = match target.launches() {
        Launches::Groups(sizes) => Some(sizes),
        _ => None,
    };
    mark_waiting(&linked.module);
    linked.module.internalize_except(&[ITEM]);
    let run = |module: &mut Module<'_>, passes: &str| machine.run(module, passes).map_err(|e| llvm_error(e, span));
    run(&mut linked.module, "always-inline,globaldce,function(sroa<modify-cfg>,early-cse<memssa>)")?;
    if let (Some(item), Some(sizes)) = (linked.module.function(ITEM), sizes) {
        set_group_size(item, sizes);
    }
    run(
        &mut linked.module,
        "function(simplifycfg,instcombine<no-verify-fixpoint>,speculative-execution,simplifycfg,\
         instcombine<no-verify-fixpoint>,early-cse<memssa>,loop-simplify)",
    )?;
    let Some(item) = linked.module.function(ITEM) else { return Ok(false) };
    let mut whole = target.launches() != Launches::Any && copy_for_whole(&linked.module, item, args_size, sizes);
    if whole {
        run(&mut linked.module, "function(simplifycfg,instcombine<no-verify-fixpoint>,simplifycfg,loop-simplify)")?;
    }
    let split = |module: &Module<'_>, from: &str, to: &str| {
        let item = module.function(from);
        item.is_some_and(|item| split_at_barriers(module, item, to, args_size, sizes).is_some())
    };
    let done = split(&linked.module, ITEM, GROUP);
    if whole && !(done && split(&linked.module, WHOLE_ITEM, WHOLE)) {
        super::whole::forget(&mut linked.module);
        whole = false;
    }
    if done {
        if whole {
            super::whole::choose(&linked.module, args_size);
        }
        linked.module.internalize_except(&[GROUP]);
        linked.module.verify().map_err(|e| llvm_error(e, span))?;
        run(
            &mut linked.module,
            "globaldce,always-inline,cgscc(inline),function(sroa<modify-cfg>,early-cse<memssa>,simplifycfg)",
        )?;
    }
    Ok(done)
}

/// What an item function reads of its group's size is known.
fn set_group_size(item: Function<'_>, sizes: [u32; 3]) {
    for i in item.instructions() {
        if i.opcode() != Some(Opcode::LLVMLoad) || i.ty().bits() != 32 {
            continue;
        }
        let at = group_offset(i.operand(0), item.param(0)).and_then(|at| at.checked_sub(offsets::GROUP_SIZE as u64));
        if let Some(&size) = at.and_then(|at| sizes.get(at as usize / 4)) {
            i.replace_uses_with(i.ty().const_int(size.into()));
        }
    }
}

// ---- kernels whose items wait --------------------------------------------------------------------

/// Makes every item a coroutine that is suspended where it waits.
fn make_coroutines(module: &mut Module<'_>, machine: &HostMachine, span: Span) -> Result<(), Vec<Diagnostic>> {
    mark_waiting(module);
    emit_coroutine(module);
    module.internalize_except(&[START, RESUME]);
    machine.run(module, "always-inline,globaldce").map_err(|e| llvm_error(e, span))?;
    make_suspensions(module).map_err(|name| {
        let message =
            format!("a barrier or shuffle is reached through recursion or a function pointer in `{name}`, which a CPU kernel cannot do");
        vec![Diagnostic::error("cpu.recursive-barrier", message, span)]
    })?;
    module.verify().map_err(|e| llvm_error(e, span))?;
    let passes = "coro-early,function(sroa<modify-cfg>,early-cse,simplifycfg),cgscc(coro-split),coro-cleanup";
    machine.run(module, passes).map_err(|e| llvm_error(e, span))
}

/// Gives group-shared buffers their offsets; returns the size of all.
fn place_shared(module: &Module<'_>) -> usize {
    let mut buffers: Vec<_> = module.globals().into_iter().filter(|g| g.name().starts_with(SHARED_OFFSET)).collect();
    buffers.sort_by_key(|g| g.name());
    let mut total = 0usize;
    for g in buffers {
        let name = g.name();
        let mut numbers = name[SHARED_OFFSET.len()..].splitn(3, '.').map(|n| n.parse::<usize>().unwrap_or(0));
        let (size, align) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(1).max(1));
        // A large one begins with a cache line.
        total = total.next_multiple_of(if size >= Line::SIZE { align.max(Line::SIZE) } else { align });
        g.set_initializer(g.value_type().const_int(total as u64));
        g.set_linkage(Linkage::Internal);
        total += size;
    }
    total
}

/// Functions that reach a suspension are inlined into the coroutine.
fn mark_waiting(module: &Module<'_>) {
    let mut waiting: Vec<String> = vec![SUSPEND.to_owned()];
    loop {
        let mut changed = false;
        for f in module.functions() {
            let name = f.name();
            if f.is_declaration() || waiting.contains(&name) {
                continue;
            }
            let calls = f.instructions().into_iter().filter_map(Value::called_function);
            if calls.into_iter().any(|callee| waiting.contains(&callee.name())) {
                f.remove_flag("noinline");
                f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline"));
                waiting.push(name);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// `kernel.start` and `kernel.resume`; suspensions are put in once everything is inlined.
fn emit_coroutine(module: &Module<'_>) {
    let c = module.context();
    let (pointer, i64, i32, i8, i1) = (c.ptr_type(0), c.int_type(64), c.int_type(32), c.int_type(8), c.int_type(1));
    let intrinsic = |name: &str, types: &[llvm::Type<'_>]| -> Function<'_> {
        let types: Vec<_> = types.iter().map(|_| i64).collect();
        module.intrinsic(name, &types).unwrap_or_else(|| panic!("LLVM lost its intrinsic {name}"))
    };
    let f = module.add_function(START, pointer.function(&[pointer, pointer], false));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("presplitcoroutine"));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    let b = Builder::new(c);
    let (entry, end, wrong) = (f.append_block(), f.append_block(), f.append_block());
    b.position_at_end(entry);
    let null = pointer.zero();
    let id = b.call(intrinsic("llvm.coro.id", &[]), &[i32.const_int(16), null, null, null]);
    let size = b.call(intrinsic("llvm.coro.size", &[i64]), &[]);
    let frame = module.declare(FRAME, pointer.function(&[pointer, i64], false));
    let memory = b.call(frame, &[f.param(0), size]);
    let handle = b.call(intrinsic("llvm.coro.begin", &[]), &[id, memory]);
    let item = module.function(ITEM).expect("linked before");
    b.call(item, &[f.param(0), f.param(1)]);
    let none = c.token_type().zero();
    let last = b.call(intrinsic("llvm.coro.suspend", &[]), &[none, i1.const_int(1)]);
    b.switch(last, end, &[(i8.const_int(0), wrong)]);
    b.position_at_end(wrong);
    b.unreachable();
    b.position_at_end(end);
    b.call(intrinsic("llvm.coro.end", &[]), &[handle, i1.const_int(0), none]);
    b.ret(Some(handle));

    let f = module.add_function(RESUME, c.void_type().function(&[pointer], false));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    let b = Builder::new(c);
    b.position_at_end(f.append_block());
    b.call(intrinsic("llvm.coro.resume", &[]), &[f.param(0)]);
    b.ret(None);
}

/// Replaces the placeholders of suspensions in `kernel.start`. The error names a function that still waits
/// outside of it.
fn make_suspensions(module: &Module<'_>) -> Result<(), String> {
    let c = module.context();
    let (i1, none) = (c.int_type(1), c.token_type().zero());
    let suspend = module.intrinsic("llvm.coro.suspend", &[]).expect("LLVM has coroutines");
    let b = Builder::new(c);
    for f in module.functions() {
        let name = f.name();
        let blocks = f.blocks();
        // `end` was the second block of `kernel.start`: found again as the one that ends the coroutine.
        let end = blocks.iter().copied().find(|block| {
            block
                .instructions()
                .iter()
                .any(|i| i.called_function().is_some_and(|g| g.name().starts_with("llvm.coro.end")))
        });
        for block in blocks {
            for inst in block.instructions() {
                let Some(callee) = inst.called_function() else { continue };
                match callee.name().as_str() {
                    SUSPEND | LEAVE if name != START => return Err(name),
                    SUSPEND => {
                        b.position_before(inst);
                        let point = b.call(suspend, &[none, i1.const_int(0)]);
                        inst.replace_uses_with(point);
                        // SAFETY: its uses are replaced, and the list being walked is a copy that does not
                        // come back to it.
                        unsafe { b.erase(inst) };
                    }
                    LEAVE => {
                        let end = end.expect("the coroutine has an end");
                        if let Some(old) = block.terminator() {
                            b.position_before(old);
                            b.br(end);
                            // SAFETY: terminators here (`unreachable`) have no uses; this is the block's last use in the walk.
                            unsafe { b.erase(old) };
                        }
                        // SAFETY: a void call has no uses; as above.
                        unsafe { b.erase(inst) };
                        break;
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(())
}
