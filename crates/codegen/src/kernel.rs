//! The entry of a kernel: how a launch's arguments reach the specialised function.
//!
//! Every argument that is not a ghost is passed in memory form, by value. Arguments have places in
//! a packed buffer (each aligned as its type); machines whose kernels take parameters get one
//! parameter per argument with the same size and alignment, so one packing serves all.

use crate::TargetLowering;
use crate::emit::UnitEmitter;
use crate::function::FunctionEmitter;
use crate::info::UnitOptions;
use crate::memory::Alias;
use crate::shape::{Form, Scalar, Shape};
use crate::signature::Signature;
use crate::target::{AggregateParameters, Site};
use base::{Diagnostic, Span, Symbol};
use llvm::{Attribute, AttributeSite, Context, Function, Module, Type};
use types::Ty;

/// Symbol by which an entry calls the kernel's specialised function.
pub const KERNEL_CALLEE: &str = "kernel.callee";

/// Where an argument lies in the packed buffer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct KernelArg {
    /// Index among the specialised function's parameters (0 is the function object).
    pub param: usize,
    pub ty: Ty,
    pub offset: usize,
    pub size: usize,
    pub align: usize,
}

/// The arguments of a kernel with these parameter types, ghosts dropped.
///
/// # Errors
/// Arguments that are not plain data, each with the path to the field that is not.
pub fn kernel_args(params: &[Ty]) -> Result<Vec<KernelArg>, Vec<(usize, String)>> {
    let mut args = Vec::new();
    let mut bad = Vec::new();
    let mut offset = 0usize;
    for (param, &ty) in params.iter().enumerate() {
        if crate::shape::type_of_type(ty).is_some() || ty.is_singleton() {
            continue;
        }
        if is_reference(ty) {
            offset = offset.next_multiple_of(8);
            args.push(KernelArg { param, ty, offset, size: 8, align: 8 });
            offset += 8;
            continue;
        }
        if !ty.is_bits() {
            let mut path = Vec::new();
            explain(ty, &mut path, 0);
            bad.push((param, path.join("\n")));
            continue;
        }
        let (size, align) = crate::shape::stored_size(ty);
        let (size, align) = (size as usize, align as usize);
        if size == 0 {
            continue;
        }
        offset = offset.next_multiple_of(align);
        args.push(KernelArg { param, ty, offset, size, align });
        offset += size;
    }
    if bad.is_empty() { Ok(args) } else { Err(bad) }
}

/// Does an argument of this type pass as a reference to an object that the device does not look into? Symbols do: there is one
/// object for each, and all that code does with them is to compare them.
pub fn is_reference(ty: Ty) -> bool {
    ty == types::builtin::symbol()
}

/// Bytes of the packed buffer.
pub fn packed_size(args: &[KernelArg]) -> usize {
    args.last().map_or(0, |a| a.offset + a.size)
}

/// Why a type is not plain data, field by field.
fn explain(ty: Ty, out: &mut Vec<String>, depth: usize) {
    let indent = "  ".repeat(depth);
    if ty.is_mutable() || !ty.is_concrete() || ty.layout().is_none() {
        let why = if !ty.is_concrete() { "is not a concrete type" } else { "is a mutable object on the host's heap" };
        out.push(format!("{indent}`{ty}` {why}"));
        return;
    }
    if depth > 8 {
        return;
    }
    for field in &runtime::info(ty).fields {
        if field.ty.is_bits() {
            continue;
        }
        let name = field.name.map_or_else(|| "element".to_owned(), |n| format!("field `{n}`"));
        out.push(format!("{indent}{name} of `{ty}` is of type `{}`, which is not plain data", field.ty));
        explain(field.ty, out, depth + 1);
    }
}

/// How the entry gets its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KernelEntry {
    /// `(state, packed arguments)`, as CPU kernels do. Inlined into whoever runs work-items.
    Packed,
    /// One parameter per argument, after the state and the table of references where the kernel needs them.
    Parameters {
        with_state: bool,
        with_table: bool,
        /// Last comes a pointer to shared memory whose size the launch gives.
        with_shared: bool,
    },
}

/// Makes a module with the function `symbol` that unpacks its arguments and calls [`KERNEL_CALLEE`], the
/// specialised function of the kernel with these parameter types.
///
/// # Errors
/// Arguments that are not plain data.
#[allow(clippy::too_many_arguments, reason = "what a kernel is, what it is compiled for, and how")]
pub fn emit_kernel_entry<'c>(
    context: &'c Context,
    symbol: &str,
    params: &[Ty],
    ret: Ty,
    style: KernelEntry,
    target: &dyn TargetLowering,
    options: UnitOptions,
    span: Span,
) -> Result<Module<'c>, Vec<Diagnostic>> {
    let args = kernel_args(params).map_err(|bad| {
        bad.into_iter()
            .map(|(param, why)| {
                Diagnostic::error(
                    "codegen.kernel-argument",
                    format!("argument {param} of the kernel is not plain data: `{}`", params[param]),
                    span,
                )
                .note(why)
            })
            .collect::<Vec<_>>()
    })?;
    let module = Module::new(context, "kernel");
    module.set_triple(target.triple());
    module.set_data_layout(target.data_layout());
    {
        let u = UnitEmitter::new(&module, context, target, options);
        let f = declare_entry(&u, symbol, &args, style);
        emit_entry_body(&u, params, ret, f, &args, style);
        let findings = u.findings.into_inner();
        if !findings.is_empty() {
            return Err(findings);
        }
    }
    module.verify().map_err(|e| {
        vec![
            Diagnostic::error("codegen.verifier", "code generation made an ill-formed kernel entry", span)
                .note(e.to_string()),
        ]
    })?;
    Ok(module)
}

/// The scalar that an argument of this type is a parameter of its own as.
fn is_scalar(ty: Ty, target: &dyn TargetLowering) -> Option<Scalar> {
    let scalar = match Shape::of(ty, target).form {
        Form::Boxed if is_reference(ty) => Scalar::Reference(target.address_space(0)),
        Form::Scalar(s) => s,
        _ => return None,
    };
    let in_buffers = matches!(target.aggregate_parameters(), AggregateParameters::Buffers { .. });
    (!in_buffers || matches!(scalar, Scalar::Pointer(_))).then_some(scalar)
}

/// The type of a parameter for an argument that is a scalar: pointers to anything come as the launch has them.
fn parameter_type<'m>(u: &UnitEmitter<'m>, scalar: Scalar) -> Type<'m> {
    let (launch, ty) = (u.context.ptr_type(u.target.launch_space()), scalar.memory_type(u.context));
    if ty == u.pointer() { launch } else { ty }
}

fn declare_entry<'m>(u: &UnitEmitter<'m>, symbol: &str, args: &[KernelArg], style: KernelEntry) -> Function<'m> {
    let c = u.context;
    let launch = c.ptr_type(u.target.launch_space());
    let aggregates = u.target.aggregate_parameters();
    let mut params = Vec::new();
    match style {
        KernelEntry::Packed => params.extend([u.pointer(), u.pointer()]),
        KernelEntry::Parameters { with_state, with_table, with_shared } => {
            params.extend(vec![launch; usize::from(with_state) + usize::from(with_table)]);
            let aggregate = match aggregates {
                AggregateParameters::ByValue | AggregateParameters::ByStruct => c.ptr_type(u.target.stack_space()),
                AggregateParameters::ByReference { space } | AggregateParameters::Buffers { space } => {
                    c.ptr_type(space)
                }
            };
            for arg in args {
                params.push(is_scalar(arg.ty, u.target).map_or(aggregate, |s| parameter_type(u, s)));
            }
            if with_shared {
                params.push(c.ptr_type(u.target.address_space(3)));
            }
        }
    }
    let f = u.module.add_function(symbol, c.void_type().function(&params, false));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    match style {
        KernelEntry::Packed => f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline")),
        KernelEntry::Parameters { with_state, with_table, .. } => {
            for (i, arg) in args.iter().enumerate() {
                if is_scalar(arg.ty, u.target).is_none() {
                    let site = AttributeSite::Param(i as u32 + u32::from(with_state) + u32::from(with_table));
                    let bytes = c.int_type(8).array(arg.size as u64);
                    // With the alignment that the struct's own fields give it.
                    let words = c.int_type(8 * arg.align as u32).array((arg.size / arg.align) as u64);
                    let how: &[Attribute<'_>] = match aggregates {
                        AggregateParameters::ByValue => &[Attribute::Type("byval", bytes)],
                        AggregateParameters::ByStruct => &[Attribute::Type("byval", c.struct_type(&[words], false))],
                        AggregateParameters::ByReference { .. } => &[Attribute::Type("byref", bytes)],
                        AggregateParameters::Buffers { .. } => &[
                            Attribute::Flag("noalias"),
                            Attribute::Flag("readonly"),
                            Attribute::Int("dereferenceable", arg.size as u64),
                        ],
                    };
                    how.iter().for_each(|&attribute| f.add_attribute(site, attribute));
                    f.add_attribute(site, Attribute::Int("align", arg.align as u64));
                }
            }
        }
    }
    f
}

fn emit_entry_body<'m>(
    u: &UnitEmitter<'m>,
    params: &[Ty],
    ret: Ty,
    f: Function<'m>,
    args: &[KernelArg],
    style: KernelEntry,
) {
    let signature = Signature::of_types(params, ret, u.hidden());
    let callee = u.module.add_function(KERNEL_CALLEE, signature.llvm_type(u.context, u.target));
    callee.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    let mut e = FunctionEmitter::bare(u, Symbol::new(&f.name()), f);
    let none = u.pointer().zero();
    let (state, table, first) = match style {
        KernelEntry::Packed => {
            let site = Site { state: Some(f.param(0)), ..e.site() };
            let table = signature.hidden.table.then(|| u.target.relocation_table(&site)).flatten();
            (f.param(0), table.unwrap_or(none), 1)
        }
        KernelEntry::Parameters { with_state, with_table, .. } => {
            let state = if with_state { e.as_generic(f.param(0)) } else { none };
            let at = u32::from(with_state);
            (state, if with_table { e.as_generic(f.param(at)) } else { none }, at + u32::from(with_table))
        }
    };
    e.set_hidden(state, table);
    let mut held: Vec<_> = params.iter().map(|&ty| e.poison(ty)).collect();
    for (i, arg) in args.iter().enumerate() {
        held[arg.param] = match style {
            KernelEntry::Packed => {
                let place = e.b.offset(f.param(1), arg.offset as u64);
                if is_reference(arg.ty) {
                    let reference = e.b.load(u.pointer(), place, 8);
                    crate::value::Held::new(u.shape(arg.ty), vec![reference])
                } else {
                    e.load_inline(place, arg.ty, Alias::Stack, true)
                }
            }
            KernelEntry::Parameters { .. } => {
                let param = f.param(first + i as u32);
                match is_scalar(arg.ty, u.target) {
                    Some(Scalar::Bool) => {
                        let bit = e.b.trunc(param, u.context.int_type(1));
                        crate::value::Held::new(u.shape(arg.ty), vec![bit])
                    }
                    Some(Scalar::Pointer(space) | Scalar::Reference(space)) if space == u.target.address_space(0) => {
                        crate::value::Held::new(u.shape(arg.ty), vec![e.as_generic(param)])
                    }
                    Some(_) => crate::value::Held::new(u.shape(arg.ty), vec![param]),
                    None if is_reference(arg.ty) => {
                        let reference = e.b.load(u.pointer(), e.as_generic(param), 8);
                        crate::value::Held::new(u.shape(arg.ty), vec![reference])
                    }
                    None => e.load_inline(e.as_generic(param), arg.ty, Alias::Stack, true),
                }
            }
        };
    }
    e.call_signature(callee, &signature, &held);
    if !e.ended {
        e.b.ret(None);
    }
    e.close();
}
