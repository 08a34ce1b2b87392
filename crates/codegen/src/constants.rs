//! Constants: plain data become LLVM constants, everything else a relocation.

use crate::function::FunctionEmitter;
use crate::info::RelocationStyle;
use crate::shape::{Form, Leaf, Scalar, type_of_type};
use crate::value::Held;
use llvm::Value;
use types::Ty;

impl<'m> FunctionEmitter<'_, 'm> {
    /// A constant operand; its parts are made when something needs them.
    pub fn constant(&self, v: runtime::Value) -> Held<'m> {
        Held { shape: self.u.shape(v.type_of()), parts: Vec::new(), constant: Some(v) }
    }

    /// A reference to a host object: the address of its symbol, or what the loader put into its variable.
    pub fn object(&self, v: runtime::Value) -> Value<'m> {
        if let Some(what) = crate::info::session_bound(v) {
            self.u.bake(what, self.name, self.span);
        }
        self.relocated(self.u.object(v))
    }

    /// The word that tags objects of a type, as a pointer.
    pub fn tag(&self, ty: Ty) -> Value<'m> {
        self.relocated(self.u.tag(ty))
    }

    fn relocated(&self, symbol: Value<'m>) -> Value<'m> {
        let pointer = self.u.pointer();
        let place = match self.u.target.relocation_style() {
            RelocationStyle::Link => return symbol,
            RelocationStyle::Patch => symbol,
            RelocationStyle::Table => {
                let table = self.table().expect("kernels with a table pass it");
                let offset = self.b.load(self.u.context.int_type(64), symbol, 8);
                self.b.inbounds_gep(self.u.context.int_type(8), table, offset)
            }
        };
        let reference = self.b.load(pointer, place, 8);
        // Filled in before the kernel starts.
        self.u.module.set_metadata(reference, "invariant.load", self.u.context.md_node(&[]));
        reference
    }

    /// The single object of a type that has one (`nothing`, a function, the `T` of `Type{T}`).
    pub fn only_instance(&self, ty: Ty) -> Option<runtime::Value> {
        if let Some(t) = type_of_type(ty) {
            return Some(runtime::Value::from(t));
        }
        if self.u.shape(ty).is_ghost() { crate::shape::singleton(ty) } else { None }
    }

    /// Makes the parts of a constant.
    pub fn materialise(&self, held: &Held<'m>) -> Held<'m> {
        let Some(v) = held.constant else { return held.clone() };
        let parts = match &held.shape.form {
            Form::Never | Form::Ghost => Vec::new(),
            Form::Scalar(scalar) => vec![self.constant_scalar(v, 0, *scalar)],
            Form::Split(leaves) => leaves.iter().map(|l| self.constant_leaf(v, l)).collect(),
            Form::Memory => vec![self.constant_memory(v, held)],
            Form::Boxed => vec![self.object(v)],
            // The type of an object is never a union.
            Form::Union { .. } => unreachable!("an object's type is concrete"),
        };
        Held::new(held.shape.clone(), parts)
    }

    fn constant_leaf(&self, v: runtime::Value, leaf: &Leaf) -> Value<'m> {
        if !leaf.scalar.is_reference() {
            return self.constant_scalar(v, leaf.offset, leaf.scalar);
        }
        // SAFETY: the leaf comes from the layout of the object's type.
        match unsafe { v.reference(leaf.offset as usize) } {
            Some(referent) => self.object(runtime::pin(referent)),
            None => self.u.pointer().zero(),
        }
    }

    fn constant_scalar(&self, v: runtime::Value, offset: u64, scalar: Scalar) -> Value<'m> {
        let mut bytes = [0u8; 16];
        let size = scalar.size().min(16) as usize;
        for (i, byte) in bytes.iter_mut().enumerate().take(size) {
            // SAFETY: within the object's inline data, by its layout.
            *byte = unsafe { v.read(offset as usize + i) };
        }
        let bits = u128::from_le_bytes(bytes);
        let ty = scalar.llvm_type(self.u.context);
        match scalar {
            Scalar::Bool => ty.const_int(bits as u64 & 1),
            Scalar::Int(_) => ty.const_wide(&[bits as u64, (bits >> 64) as u64]),
            Scalar::Half | Scalar::BFloat | Scalar::Float | Scalar::Double => ty.const_float_bits(bits as u64),
            Scalar::Pointer(_) | Scalar::Reference(_) if bits == 0 => ty.zero(),
            Scalar::Pointer(_) | Scalar::Reference(_) => {
                // It makes sense in this process only, as in the source.
                self.u.bake(format!("a raw address in a constant of type `{}`", v.type_of()), self.name, self.span);
                self.b.int_to_ptr(self.int(64, bits as u64), ty)
            }
        }
    }

    /// The address of memory that holds the value and is only read: a constant's own, where all of it is plain data that is known.
    pub fn readable_place(&self, held: &Held<'m>) -> Value<'m> {
        let held = self.materialise(held);
        let data = match &held.shape.form {
            Form::Split(leaves) => self.constant_data(leaves, &held),
            _ => None,
        };
        data.map_or_else(|| self.spill(&held), |data| self.u.constant_data(data, held.shape.align))
    }

    /// Known parts in memory form.
    fn constant_data(&self, leaves: &[Leaf], held: &Held<'m>) -> Option<Value<'m>> {
        let c = self.u.context;
        let padding = |bytes: u64| c.int_type(8).array(bytes).zero();
        let (mut fields, mut end) = (Vec::new(), 0);
        for (leaf, &part) in leaves.iter().zip(&held.parts) {
            if matches!(leaf.scalar, Scalar::Pointer(_) | Scalar::Reference(_)) || !part.is_constant() {
                return None;
            }
            if leaf.offset > end {
                fields.push(padding(leaf.offset - end));
            }
            fields.push(match leaf.scalar {
                Scalar::Bool => c.int_type(8).const_int(part.as_const_int()?),
                _ => part,
            });
            end = leaf.offset + leaf.scalar.size();
        }
        if held.shape.size > end {
            fields.push(padding(held.shape.size - end));
        }
        Some(c.const_struct(&fields, true))
    }

    /// A large constant aggregate: the object itself on hosts, a private constant on devices.
    fn constant_memory(&self, v: runtime::Value, held: &Held<'m>) -> Value<'m> {
        let leaves = held.shape.all_leaves(self.u.target);
        if leaves.iter().any(|l| l.scalar.is_reference()) {
            return self.object(v);
        }
        let bytes: Vec<u8> = (0..held.shape.size as usize)
            // SAFETY: within the object's inline data.
            .map(|i| unsafe { v.read::<u8>(i) })
            .collect();
        // Padding is whatever it was: make it zero, as bitcode must not depend on it.
        let mut clean = vec![0u8; bytes.len()];
        for leaf in &leaves {
            let range = leaf.offset as usize..(leaf.offset + leaf.scalar.size()) as usize;
            clean[range.clone()].copy_from_slice(&bytes[range]);
        }
        self.u.constant_bytes(&clean, held.shape.align)
    }
}
