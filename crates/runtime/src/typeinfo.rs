//! What the runtime must know about a concrete type, computed once per type and kept in the type's cell.

use crate::array::Elements;
use crate::{Builtin, Value, gc};
use base::Symbol;
use std::sync::atomic::Ordering;
use types::{FieldKind, NameKind, Ty, builtin};

/// A field of a concrete struct or tuple type.
#[derive(Debug)]
pub struct Field {
    /// `None` for the elements of a tuple.
    pub name: Option<Symbol>,
    pub ty: Ty,
    pub offset: usize,
    /// Bytes in the object: 8 for a reference.
    pub size: usize,
    pub inline: bool,
    pub constant: bool,
    pub atomic: bool,
}

impl Field {
    /// May `x` be stored here?
    #[inline]
    pub fn accepts(&self, x: Value) -> bool {
        if self.inline { x.type_of() == self.ty } else { crate::isa(x, self.ty) }
    }
}

/// Facts about a concrete type.
#[derive(Debug)]
pub struct TypeInfo {
    pub ty: Ty,
    pub size: usize,
    pub align: usize,
    /// Width of a primitive type, else 0.
    pub bits: u32,
    pub mutable: bool,
    /// Instances are told apart by their address alone.
    pub by_identity: bool,
    /// Immutable without references or padding: equal iff the bytes are.
    pub plain: bool,
    pub has_references: bool,
    /// `isbitstype`
    pub isbits: bool,
    /// The instance of a singleton type.
    pub instance: Option<Value>,
    pub fields: Vec<Field>,
    /// Leading fields that are always initialised.
    pub ninit: usize,
    /// `Tuple{…}`
    pub is_tuple: bool,
    pub is_memory: bool,
    pub is_memory_ref: bool,
    pub is_array: bool,
    /// Of the three above: how the elements lie.
    pub elements: Option<Elements>,
    /// Instances are Rust structures or of varying size: no fields by layout.
    pub special: bool,
    /// No layout.
    pub opaque: bool,
    /// The type of this builtin.
    pub builtin: Option<Builtin>,
    /// `Type{ty}`, for whoever needs it often.
    pub type_type: std::sync::OnceLock<Ty>,
}

/// The facts about a concrete type.
#[inline]
pub fn info(ty: Ty) -> &'static TypeInfo {
    let p = ty.scratch(1).load(Ordering::Acquire) as *const TypeInfo;
    if p.is_null() {
        return make(ty);
    }
    // SAFETY: only `make` writes the word, and what it writes lives forever.
    unsafe { &*p }
}

#[cold]
fn make(ty: Ty) -> &'static TypeInfo {
    let t = Box::leak(Box::new(compute(ty)));
    match ty.scratch(1).compare_exchange(0, t as *const TypeInfo as usize, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => t,
        // Another thread was first; its singleton instance is the one that counts.
        // SAFETY: the word holds the address of a leaked `TypeInfo`.
        Err(other) => unsafe { &*(other as *const TypeInfo) },
    }
}

fn compute(ty: Ty) -> TypeInfo {
    let mut t = TypeInfo {
        ty,
        size: 0,
        align: 1,
        bits: 0,
        mutable: false,
        by_identity: true,
        plain: false,
        has_references: true,
        isbits: false,
        instance: None,
        fields: Vec::new(),
        ninit: 0,
        is_tuple: false,
        is_memory: false,
        is_memory_ref: false,
        is_array: false,
        elements: None,
        special: false,
        opaque: true,
        builtin: None,
        type_type: std::sync::OnceLock::new(),
    };
    let Some((name, _)) = ty.datatype() else { return t };
    if let NameKind::Primitive { bits } = name.kind() {
        t.bits = bits;
    }
    t.mutable = name.is_mutable();
    t.by_identity = t.mutable;
    t.is_tuple = name.is_tuple();
    t.special = matches!(name.kind(), NameKind::Opaque);
    t.builtin = crate::function::builtin_of_type(ty);
    let Some(layout) = ty.layout() else { return t };
    t.opaque = false;
    t.size = layout.size;
    t.align = layout.align;
    t.has_references = !layout.pointers.is_empty();
    t.isbits = ty.is_bits();
    let nominal = |of: Ty| of.unwrap_unionall().name() == Some(name);
    t.is_memory = nominal(builtin::memory());
    t.is_memory_ref = nominal(builtin::memory_ref());
    t.is_array = nominal(builtin::array());
    if t.is_memory || t.is_memory_ref || t.is_array {
        t.elements = Some(crate::array::elements_of(ty.params()[0]));
    }
    let names = if t.is_tuple { Vec::new() } else { ty.field_names() };
    let defs = name.fields();
    let mut covered = 0;
    let mut inner_plain = true;
    for (i, (f, &field_ty)) in layout.fields.iter().zip(ty.field_types()).enumerate() {
        let inline = f.kind == FieldKind::Inline;
        if inline {
            inner_plain &= info(field_ty).plain;
        }
        covered += f.size;
        t.fields.push(Field {
            name: names.get(i).copied(),
            ty: field_ty,
            offset: f.offset,
            size: f.size,
            inline,
            constant: name.is_mutable() && ty.is_const_field(i),
            atomic: defs.is_some_and(|d| d.atomic_fields.contains(&i)),
        });
    }
    t.ninit = ty.ninit();
    t.plain = !t.mutable && !t.has_references && (t.bits > 0 || covered == t.size && inner_plain);
    if !t.mutable && t.size == 0 && t.bits == 0 {
        let cell = ty.scratch(0);
        let found = cell.load(Ordering::Acquire);
        let address = if found != 0 {
            found
        } else {
            let fresh = gc::leak(ty, [0u64; 0]).addr();
            cell.compare_exchange(0, fresh, Ordering::AcqRel, Ordering::Acquire).map_or_else(|other| other, |_| fresh)
        };
        // SAFETY: the word holds the address of a leaked instance.
        t.instance = Some(unsafe { Value::from_ptr(address as *mut u8) });
    }
    t
}

/// The type of a tuple of these values.
pub fn tuple_info(values: &[Value]) -> &'static TypeInfo {
    use std::cell::RefCell;
    const SLOTS: usize = 256;
    const MAX: usize = 6;
    type Slot = ([usize; MAX], usize, Option<&'static TypeInfo>);
    thread_local! {
        static CACHE: RefCell<Vec<Slot>> = RefCell::new(vec![([0; MAX], usize::MAX, None); SLOTS]);
    }
    if values.len() > MAX {
        let elems: Vec<Ty> = values.iter().map(|v| v.type_of()).collect();
        return info(types::type_of_tuple(&elems));
    }
    let mut key = [0usize; MAX];
    let mut h = values.len();
    for (k, v) in key.iter_mut().zip(values) {
        *k = v.type_of().address();
        h = (h.rotate_left(5) ^ *k).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    let slot = (h >> 32) % SLOTS;
    CACHE.with_borrow_mut(|cache| {
        let (k, n, t) = &mut cache[slot];
        if let Some(t) = *t
            && *n == values.len()
            && *k == key
        {
            return t;
        }
        let elems: Vec<Ty> = values.iter().map(|v| v.type_of()).collect();
        let found = info(types::type_of_tuple(&elems));
        (*k, *n, *t) = (key, values.len(), Some(found));
        found
    })
}

/// `NamedTuple{names, Tuple{types of values}}`.
pub fn named_tuple_type(names: &[Symbol], values: &[Value]) -> Ty {
    let elems: Vec<Ty> = values.iter().map(|v| v.type_of()).collect();
    let params = [Ty::symbols(names), types::type_of_tuple(&elems)];
    types::apply(builtin::named_tuple(), &params).unwrap_or_else(|_| builtin::any())
}
