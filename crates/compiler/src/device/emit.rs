//! Small pieces of IR that the lowerings of devices have in common.

use codegen::Site;
use llvm::{Attribute, AttributeSite, Function, Linkage, Type, Value};

/// What optimisation may know of a device's function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Says always the same in a work-item.
    Fixed,
    /// Waits for other work-items, or hears of them.
    Convergent,
    Other,
}

/// A function that the machine or its compiler has.
pub fn function<'m>(s: &Site<'_, 'm>, name: &str, ret: Type<'m>, params: &[Type<'m>], kind: Kind) -> Function<'m> {
    let f = s.module.declare(name, ret.function(params, false));
    let add = |attribute| f.add_attribute(AttributeSite::Function, attribute);
    add(Attribute::Flag("nounwind"));
    match kind {
        Kind::Fixed => {
            add(Attribute::Flag("willreturn"));
            add(Attribute::Int("memory", 0));
        }
        Kind::Convergent => add(Attribute::Flag("convergent")),
        Kind::Other => {}
    }
    f
}

pub fn i32<'m>(s: &Site<'_, 'm>) -> Type<'m> {
    s.module.context().int_type(32)
}

/// Says that `low <= value < high`.
pub fn range<'m>(s: &Site<'_, 'm>, value: Value<'m>, low: u64, high: u64) -> Value<'m> {
    let (c, ty) = (s.module.context(), value.ty());
    let node = c.md_node(&[c.md_value(ty.const_int(low)), c.md_value(ty.const_int(high))]);
    s.module.set_metadata(value, "range", node);
    value
}

/// A buffer of `size` bytes in the memory that a group shares: the same one in every unit of the kernel that names it.
/// `unset` is how the machine's assembler wants to hear that it starts as anything.
pub fn group_buffer<'m>(
    s: &Site<'_, 'm>,
    space: u32,
    (name, size, align): (&str, u64, u32),
    unset: fn(Type<'m>) -> Value<'m>,
) -> Value<'m> {
    if let Some(g) = s.module.global(name) {
        return g.value();
    }
    let bytes = s.module.context().int_type(8).array(size);
    let g = s.module.add_global(name, bytes, space);
    g.set_initializer(unset(bytes));
    g.set_linkage(Linkage::LinkOnceOdr);
    g.set_alignment(align);
    g.value()
}
