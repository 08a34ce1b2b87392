//! How a value of a Julia type is held in LLVM.
//!
//! A value is a list of *parts*. A part is a scalar SSA value, or a *slot*: the address of memory
//! that holds a large immutable aggregate and that nothing changes while the value is live.
//!
//! | type | parts |
//! | --- | --- |
//! | `Union{}`, singletons, `Type{T}` of a closed `T` | none |
//! | primitive types, `Ptr`, `LLVMPtr` | one scalar (`Bool` is an `i1`, in memory an `i8`) |
//! | immutable structs and tuples with up to [`MAX_PARTS`] leaves | their leaves in order of offset |
//! | larger ones | one slot |
//! | unions of concrete types, where boxing would allocate | an `i8` tag, then the members' parts side by side (or one slot) |
//! | everything else | one reference to an object |

use crate::TargetLowering;
use llvm::{Context, Type};
use types::{FieldKind, NameKind, Ty, builtin};

/// Aggregates with more leaves than this live in memory.
pub const MAX_PARTS: usize = 16;
/// Unions with more members than this are boxed.
const MAX_MEMBERS: usize = 32;

/// A machine type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar {
    Bool,
    Int(u32),
    Half,
    BFloat,
    Float,
    Double,
    /// A raw address in an address space of the machine.
    Pointer(u32),
    /// A reference to an object, in the generic address space of the machine.
    Reference(u32),
}

impl Scalar {
    /// The type of SSA values.
    pub fn llvm_type(self, c: &Context) -> Type<'_> {
        match self {
            Scalar::Bool => c.int_type(1),
            Scalar::Int(bits) => c.int_type(bits),
            Scalar::Half => c.half_type(),
            Scalar::BFloat => c.bfloat_type(),
            Scalar::Float => c.float_type(),
            Scalar::Double => c.double_type(),
            Scalar::Pointer(space) => c.ptr_type(space),
            Scalar::Reference(space) => c.ptr_type(space),
        }
    }

    pub fn is_reference(self) -> bool {
        matches!(self, Scalar::Reference(_))
    }

    /// The type in memory.
    pub fn memory_type(self, c: &Context) -> Type<'_> {
        match self {
            Scalar::Bool => c.int_type(8),
            other => other.llvm_type(c),
        }
    }

    /// Bytes in memory.
    pub fn size(self) -> u64 {
        match self {
            Scalar::Bool => 1,
            Scalar::Int(bits) => u64::from(bits).div_ceil(8),
            Scalar::Half | Scalar::BFloat => 2,
            Scalar::Float => 4,
            Scalar::Double | Scalar::Pointer(_) | Scalar::Reference(_) => 8,
        }
    }

    /// Alignment in memory: objects are aligned to 8 bytes, so nothing is aligned more.
    pub fn align(self) -> u32 {
        (self.size().next_power_of_two() as u32).min(8)
    }
}

/// An element of a value's representation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Scalar(Scalar),
    /// `space` is the generic address space of the machine.
    Slot {
        size: u64,
        align: u32,
        space: u32,
    },
}

impl Part {
    pub fn is_slot(self) -> bool {
        matches!(self, Part::Slot { .. })
    }
    pub fn llvm_type(self, c: &Context) -> Type<'_> {
        match self {
            Part::Scalar(s) => s.llvm_type(c),
            Part::Slot { space, .. } => c.ptr_type(space),
        }
    }
}

/// A scalar inside an aggregate's memory.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Leaf {
    pub offset: u64,
    pub scalar: Scalar,
    /// Declared type of the place (for references what they may refer to).
    pub ty: Ty,
}

/// A member of a union held with a tag.
#[derive(Clone, Debug)]
pub struct Member {
    pub ty: Ty,
    pub shape: Shape,
    /// Index of its first part among the union's parts (where they are side by side).
    pub first: usize,
}

/// What kind of representation.
#[derive(Clone, Debug)]
pub enum Form {
    Never,
    Ghost,
    Scalar(Scalar),
    /// Leaves as parts.
    Split(Vec<Leaf>),
    /// One slot in memory form.
    Memory,
    Boxed,
    /// Tag and members; `in_slot` where the payload is one slot instead of parts side by side.
    Union {
        members: Vec<Member>,
        in_slot: bool,
    },
}

/// The representation of one type.
#[derive(Clone, Debug)]
pub struct Shape {
    pub ty: Ty,
    pub form: Form,
    parts: Vec<Part>,
    /// Bytes of an inline instance.
    pub size: u64,
    pub align: u32,
}

/// What a primitive type is to the machine.
fn primitive(ty: Ty, bits: u32, target: &dyn TargetLowering) -> Scalar {
    if ty == builtin::bool_() {
        return Scalar::Bool;
    }
    if ty == builtin::float16() {
        return Scalar::Half;
    }
    if ty == builtin::float32() {
        return Scalar::Float;
    }
    if ty == builtin::float64() {
        return Scalar::Double;
    }
    let name = ty.name().map_or("", |n| n.name().as_str());
    match name {
        "Ptr" => Scalar::Pointer(target.address_space(0)),
        "LLVMPtr" => {
            let space = ty.params().get(1).and_then(|p| p.as_int()).unwrap_or(0);
            Scalar::Pointer(target.address_space(space as u32))
        }
        "BFloat16" if bits == 16 => Scalar::BFloat,
        _ => Scalar::Int(bits.next_multiple_of(8)),
    }
}

/// `Type{T}` of a closed `T`: the `T`.
pub fn type_of_type(ty: Ty) -> Option<Ty> {
    let (name, params) = ty.datatype()?;
    if name.name() != "Type" || params.len() != 1 || params[0].has_free_vars() || !params[0].is_type() {
        return None;
    }
    Some(params[0])
}

/// Is a field or element of this declared type stored inline?
pub fn is_inline(ty: Ty) -> bool {
    ty.is_inline_alloc()
}

/// Bytes and alignment of a field or element of this declared type.
pub fn stored_size(ty: Ty) -> (u64, u32) {
    if !is_inline(ty) {
        return (8, 8);
    }
    ty.layout().map_or((8, 8), |l| (l.size as u64, l.align as u32))
}

/// The distance between elements of a `Memory` or of what a `Ptr` points to.
pub fn element_stride(ty: Ty) -> u64 {
    let (size, align) = stored_size(ty);
    size.next_multiple_of(u64::from(align.max(1)))
}

/// All scalars of an inline aggregate or scalar, in order of offset.
fn leaves(ty: Ty, base: u64, target: &dyn TargetLowering, out: &mut Vec<Leaf>) {
    let Some((name, _)) = ty.datatype() else { return };
    if let NameKind::Primitive { bits } = name.kind() {
        out.push(Leaf { offset: base, scalar: primitive(ty, bits, target), ty });
        return;
    }
    let Some(layout) = ty.layout() else { return };
    for (field, &field_type) in layout.fields.iter().zip(ty.field_types()) {
        let offset = base + field.offset as u64;
        match field.kind {
            FieldKind::Inline => leaves(field_type, offset, target, out),
            FieldKind::Pointer => {
                let scalar = Scalar::Reference(target.address_space(0));
                out.push(Leaf { offset, scalar, ty: field_type });
            }
        }
    }
}

impl Shape {
    fn new(ty: Ty, form: Form, parts: Vec<Part>, size: u64, align: u32) -> Shape {
        Shape { ty, form, parts, size, align }
    }

    fn boxed(ty: Ty, target: &dyn TargetLowering) -> Shape {
        let reference = Scalar::Reference(target.address_space(0));
        Shape::new(ty, Form::Boxed, vec![Part::Scalar(reference)], 8, 8)
    }

    /// The representation of `ty` on `target`.
    pub fn of(ty: Ty, target: &dyn TargetLowering) -> Shape {
        if ty.is_bottom() {
            return Shape::new(ty, Form::Never, Vec::new(), 0, 1);
        }
        if type_of_type(ty).is_some() {
            return Shape::new(ty, Form::Ghost, Vec::new(), 0, 1);
        }
        if ty.is_union() {
            return Shape::of_union(ty, target);
        }
        if !ty.is_concrete() || !is_inline(ty) {
            return Shape::boxed(ty, target);
        }
        let Some((name, _)) = ty.datatype() else { return Shape::boxed(ty, target) };
        let (size, align) = stored_size(ty);
        if let NameKind::Primitive { bits } = name.kind() {
            let scalar = primitive(ty, bits, target);
            return Shape::new(ty, Form::Scalar(scalar), vec![Part::Scalar(scalar)], size, align);
        }
        if size == 0 {
            return Shape::new(ty, Form::Ghost, Vec::new(), 0, 1);
        }
        let mut found = Vec::new();
        leaves(ty, 0, target, &mut found);
        if found.len() > MAX_PARTS {
            return Shape::new(
                ty,
                Form::Memory,
                vec![Part::Slot { size, align, space: target.address_space(0) }],
                size,
                align,
            );
        }
        let parts = found.iter().map(|l| Part::Scalar(l.scalar)).collect();
        Shape::new(ty, Form::Split(found), parts, size, align)
    }

    fn of_union(ty: Ty, target: &dyn TargetLowering) -> Shape {
        let members = ty.union_parts();
        let known = |t: &Ty| t.is_concrete() || type_of_type(*t).is_some();
        if members.len() > MAX_MEMBERS || !members.iter().all(known) {
            return Shape::boxed(ty, target);
        }
        let shapes: Vec<Shape> = members.iter().map(|&t| Shape::of(t, target)).collect();
        let any_inline = shapes.iter().any(|s| matches!(s.form, Form::Scalar(_) | Form::Split(_) | Form::Memory));
        let any_boxed = shapes.iter().any(|s| matches!(s.form, Form::Boxed));
        if any_boxed && !any_inline {
            return Shape::boxed(ty, target);
        }
        let mut parts = vec![Part::Scalar(Scalar::Int(8))];
        let mut found = Vec::new();
        for shape in shapes {
            let first = parts.len();
            parts.extend_from_slice(&shape.parts);
            found.push(Member { ty: shape.ty, shape, first });
        }
        let in_slot = parts.len() > MAX_PARTS || parts.iter().any(|p| p.is_slot());
        let size = found.iter().map(|m| m.shape.size).max().unwrap_or(0);
        let align = found.iter().map(|m| m.shape.align).max().unwrap_or(1);
        if in_slot {
            parts.truncate(1);
            parts.push(Part::Slot { size: size.max(1), align, space: target.address_space(0) });
        }
        Shape::new(ty, Form::Union { members: found, in_slot }, parts, size, align)
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The scalars of an inline instance, in order of offset (also of types held in memory).
    pub fn all_leaves(&self, target: &dyn TargetLowering) -> Vec<Leaf> {
        match &self.form {
            Form::Split(found) => found.clone(),
            _ => {
                let mut out = Vec::new();
                leaves(self.ty, 0, target, &mut out);
                out
            }
        }
    }

    pub fn is_boxed(&self) -> bool {
        matches!(self.form, Form::Boxed)
    }
    pub fn is_ghost(&self) -> bool {
        matches!(self.form, Form::Ghost)
    }
    pub fn is_union(&self) -> bool {
        matches!(self.form, Form::Union { .. })
    }
    /// Held as the bytes of an inline instance.
    pub fn is_inline(&self) -> bool {
        matches!(self.form, Form::Scalar(_) | Form::Split(_) | Form::Memory)
    }
}

/// Types whose instances are types.
pub fn is_kind(ty: Ty) -> bool {
    ty.is_kind() || ty == builtin::type_var() || ty == builtin::typeof_vararg()
}

/// The instance of a singleton type.
pub fn singleton(ty: Ty) -> Option<runtime::Value> {
    runtime::info(ty).instance
}
