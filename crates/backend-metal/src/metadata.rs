//! What Metal reads of a kernel before its code: versions, options, and where the arguments of the entry come from.

use crate::inputs::Input;
use crate::lowering::THREADGROUP;
use crate::target::{MetalOptions, Version};
use codegen::element_stride;
use compiler::KernelUnits;
use compiler::device::{DeviceKernel, HiddenParameters};
use llvm::{Context, Function, Metadata, Module};
use types::Ty;

/// As many of each as devices have, in the order in which Apple's compiler says so.
const LIMITS: [(&str, u64); 6] = [
    ("air.max_device_buffers", 31),
    ("air.max_constant_buffers", 31),
    ("air.max_threadgroup_buffers", 31),
    ("air.max_textures", 128),
    ("air.max_read_write_textures", 8),
    ("air.max_samplers", 16),
];
/// How flags of modules are joined: to the larger.
const MAX: u64 = 7;
/// How flags are joined that should be equal.
const WARNING: u64 = 2;

/// Says what the module was made for.
pub fn describe_module(module: &Module<'_>, options: &MetalOptions) {
    let c = module.context();
    let number = |n: u64| c.md_value(c.int_type(32).const_int(n));
    for (name, limit) in LIMITS {
        module.add_named_metadata("llvm.module.flags", c.md_node(&[number(MAX), c.md_string(name), number(limit)]));
    }
    let Version(major, minor) = options.macos;
    let sdk = c.int_type(32).const_array(&[major, minor].map(|n| c.int_type(32).const_int(n.into())));
    let sdk = c.md_node(&[number(WARNING), c.md_string("SDK Version"), c.md_value(sdk)]);
    module.add_named_metadata("llvm.module.flags", sdk);
    module.add_named_metadata("llvm.ident", c.md_node(&[c.md_string("Rekindle")]));
    let numbers = |Version(major, minor): Version| [major, minor, 0].map(|n| number(n.into()));
    module.add_named_metadata("air.version", c.md_node(&numbers(options.air)));
    let mut language = vec![c.md_string("Metal")];
    language.extend(numbers(options.metal));
    module.add_named_metadata("air.language_version", c.md_node(&language));
    let choice = |on| if on { "enable" } else { "disable" };
    for option in [
        format!("air.compile.denorms_{}", choice(options.denormals)),
        format!("air.compile.fast_math_{}", choice(options.fast_math)),
        "air.compile.framebuffer_fetch_enable".into(),
    ] {
        module.add_named_metadata("air.compile_options", c.md_node(&[c.md_string(&option)]));
    }
}

/// A buffer that a launch binds to the entry.
struct Buffer {
    space: u64,
    writable: bool,
    size: usize,
    align: usize,
    type_name: String,
    name: String,
}

/// Says where the parameters of a kernel's entry come from: buffers first, then the answers to what work-items ask.
pub fn describe_kernel(
    module: &Module<'_>,
    entry: Function<'_>,
    hidden: HiddenParameters,
    tree: &KernelUnits<'_>,
    inputs: &[Input],
) {
    let c = module.context();
    let mut parameters = Vec::new();
    // Memory of groups has numbers of its own.
    let (mut device, mut group) = (0, 0);
    for buffer in buffers(entry, hidden, tree) {
        let next = if buffer.space == u64::from(THREADGROUP) { &mut group } else { &mut device };
        parameters.push(describe_buffer(c, parameters.len(), *next, &buffer));
        *next += 1;
    }
    for input in inputs {
        let number = c.md_value(c.int_type(32).const_int(parameters.len() as u64));
        let what = c.md_string(&format!("air.{}", input.name));
        let node = [number, what, c.md_string("air.arg_type_name"), c.md_string(&input.type_name)];
        parameters.push(c.md_node(&node));
    }
    let kernel = c.md_node(&[c.md_value(entry.value()), c.md_node(&[]), c.md_node(&parameters)]);
    module.add_named_metadata("air.kernel", kernel);
}

/// The entry's parameters before its inputs, in their order.
fn buffers(entry: Function<'_>, hidden: HiddenParameters, tree: &KernelUnits<'_>) -> Vec<Buffer> {
    let own = |name: &str, writable| Buffer {
        space: 0,
        writable,
        size: 8,
        align: 8,
        type_name: "UInt64".into(),
        name: name.into(),
    };
    let mut all = Vec::new();
    all.extend(hidden.state.then(|| own("rekindle_state", true)));
    all.extend(hidden.table.then(|| own("rekindle_table", false)));
    for arg in DeviceKernel::new(String::new(), hidden, tree).args {
        let name = tree.root.params.get(arg.param).map(|p| p.name.to_string()).unwrap_or_default();
        let type_name = arg.ty.to_string();
        all.push(match pointee(arg.ty) {
            Some(element) => {
                let stride = element_stride(element) as usize;
                let align = codegen::stored_size(element).1 as usize;
                Buffer { space: 0, writable: true, size: stride, align, type_name, name }
            }
            None => Buffer { space: 0, writable: false, size: arg.size, align: arg.align, type_name, name },
        });
    }
    all.extend(hidden.shared.then(|| Buffer { size: 1, align: 16, ..own("rekindle_shared", true) }));
    for (i, buffer) in all.iter_mut().enumerate() {
        buffer.space = entry.param(i as u32).ty().address_space().unwrap_or(0).into();
    }
    all
}

/// What a pointer type points to.
fn pointee(ty: Ty) -> Option<Ty> {
    let (name, params) = ty.datatype()?;
    matches!(name.name().as_str(), "Ptr" | "LLVMPtr").then(|| params.first().copied()).flatten()
}

fn describe_buffer<'c>(c: &'c Context, parameter: usize, location: u64, buffer: &Buffer) -> Metadata<'c> {
    let number = |n: u64| c.md_value(c.int_type(32).const_int(n));
    let text = |t: &str| c.md_string(t);
    c.md_node(&[
        number(parameter as u64),
        text("air.buffer"),
        text("air.location_index"),
        number(location),
        // How many there are in a row.
        number(1),
        text(if buffer.writable { "air.read_write" } else { "air.read" }),
        text("air.address_space"),
        number(buffer.space),
        text("air.arg_type_size"),
        number(buffer.size as u64),
        text("air.arg_type_align_size"),
        number(buffer.align as u64),
        text("air.arg_type_name"),
        text(&buffer.type_name),
        text("air.arg_name"),
        text(&buffer.name),
    ])
}
