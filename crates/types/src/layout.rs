//! Memory layout of objects.

use crate::cell::{Data, Ty};
use crate::names::{NameKind, TypeName};

/// How a field is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// The value itself.
    Inline,
    /// A reference to an object; null where undefined.
    Pointer,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FieldLayout {
    pub offset: usize,
    pub size: usize,
    pub kind: FieldKind,
}

/// Layout of the instances of a concrete type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    pub size: usize,
    pub align: usize,
    pub fields: Vec<FieldLayout>,
    /// Offsets of all references, including those in inline fields, ascending.
    pub pointers: Vec<usize>,
}

/// See [`Ty::layout`].
pub fn layout(ty: Ty) -> Option<&'static Layout> {
    let (name, _) = ty.datatype()?;
    if !ty.is_concrete() || !name.is_complete() {
        return None;
    }
    *ty.0.lazy.layout.get_or_init(|| compute(ty, name).map(|l| &*Box::leak(Box::new(l))))
}

const WORD: usize = 8;

fn compute(ty: Ty, name: TypeName) -> Option<Layout> {
    match name.kind() {
        NameKind::Abstract | NameKind::Opaque => None,
        NameKind::Primitive { bits } => {
            let bytes = (bits as usize).div_ceil(8);
            let align = bytes.next_power_of_two().min(WORD);
            Some(Layout { size: bytes.next_multiple_of(align), align, fields: Vec::new(), pointers: Vec::new() })
        }
        NameKind::Struct { .. } => {
            let mut size = 0usize;
            let mut align = 1usize;
            let mut fields = Vec::new();
            let mut pointers = Vec::new();
            for &field in ty.field_types() {
                let (field_size, field_align, kind) = match is_inline(field).then(|| layout(field)).flatten() {
                    Some(l) => (l.size, l.align, FieldKind::Inline),
                    None => (WORD, WORD, FieldKind::Pointer),
                };
                let offset = size.next_multiple_of(field_align);
                match kind {
                    FieldKind::Pointer => pointers.push(offset),
                    FieldKind::Inline => {
                        let inner = layout(field).map_or(&[][..], |l| &l.pointers);
                        pointers.extend(inner.iter().map(|p| offset + p));
                    }
                }
                fields.push(FieldLayout { offset, size: field_size, kind });
                size = offset + field_size;
                align = align.max(field_align);
            }
            Some(Layout { size: size.next_multiple_of(align), align, fields, pointers })
        }
    }
}

/// See [`Ty::is_inline_alloc`].
pub(crate) fn is_inline(ty: Ty) -> bool {
    let Some((name, _)) = ty.datatype() else { return false };
    if !ty.is_concrete() || !name.is_complete() {
        return false;
    }
    match name.kind() {
        NameKind::Primitive { .. } => true,
        NameKind::Struct { mutable: false } => {
            // A struct whose memory would contain itself is handled by reference.
            if !*name.0.inline_ok.get_or_init(|| !fields_mention(name)) {
                return false;
            }
            // A reference that may be undefined makes the whole value possibly undefined.
            ty.ninit() == ty.field_types().len() || layout(ty).is_some_and(|l| l.pointers.is_empty())
        }
        _ => false,
    }
}

fn fields_mention(name: TypeName) -> bool {
    fn mentions(t: Ty, name: TypeName, seen: &mut Vec<TypeName>) -> bool {
        match t.data() {
            Data::DataType(n, params) => {
                if *n == name || params.iter().any(|&p| mentions(p, name, seen)) {
                    return true;
                }
                // Only inline storage matters; mutable and abstract types are references anyway.
                if !matches!(n.kind(), NameKind::Struct { mutable: false }) || seen.contains(n) {
                    return false;
                }
                seen.push(*n);
                n.fields().is_some_and(|f| f.types.iter().any(|&t| mentions(t, name, seen)))
            }
            Data::Union(parts) => parts.iter().any(|&p| mentions(p, name, seen)),
            Data::UnionAll { body, .. } => mentions(*body, name, seen),
            Data::Vararg { elem, .. } => elem.is_some_and(|e| mentions(e, name, seen)),
            Data::Bottom | Data::Var(_) | Data::Value(_) => false,
        }
    }
    name.fields().is_some_and(|f| f.types.iter().any(|&t| mentions(t, name, &mut Vec::new())))
}
