//! Loads and stores of Julia values, and allocation.

use crate::RuntimeFunction;
use crate::function::{FunctionEmitter, is_poison};
use crate::host_abi::Rk;
use crate::shape::{Form, Part, Scalar, is_inline, stored_size};
use crate::value::Held;
use llvm::{Metadata, Value};
use types::Ty;

/// What memory an access can reach; accesses of different kinds never meet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Alias {
    /// Stack slots of the emitter.
    Stack,
    /// Fields of mutable objects and of boxes.
    Object,
    /// The reference and the sizes inside an `Array`, the length and pointer of a `Memory`.
    Header,
    /// Elements of a `Memory`, and what pointers into device memory point to.
    Data,
    /// What other raw pointers point to: anything, also the inside of an object.
    Raw,
    /// The word before an object's data.
    Tag,
    /// The packed arguments of a kernel, which nothing changes.
    Argument,
}

impl Alias {
    fn name(self) -> &'static str {
        match self {
            Alias::Stack => "stack",
            Alias::Object => "object",
            Alias::Header => "header",
            Alias::Data => "data",
            Alias::Raw => "raw",
            Alias::Tag => "tag",
            Alias::Argument => "argument",
        }
    }

    /// The kind of an access to a field of an object of type `ty`.
    pub fn of_object(ty: Ty) -> Alias {
        match ty.name().map(|n| n.name().as_str()) {
            Some("Array" | "Memory" | "GenericMemory") => Alias::Header,
            _ => Alias::Object,
        }
    }
}

impl<'m> FunctionEmitter<'_, 'm> {
    fn alias_tag(&self, alias: Alias) -> Metadata<'m> {
        let c = self.u.context;
        let root = c.md_node(&[c.md_string("rekindle")]);
        let zero = c.md_value(c.int_type(64).const_int(0));
        let ty = c.md_node(&[c.md_string(alias.name()), root, zero]);
        c.md_node(&[ty, ty, zero])
    }

    /// Attaches alias information to a load or store.
    pub fn tag_access(&self, access: Value<'m>, alias: Alias) {
        if alias == Alias::Raw {
            return;
        }
        if alias != Alias::Stack && access.opcode().is_some() {
            self.u.module.set_metadata(access, "tbaa", self.alias_tag(alias));
        }
        if let (Some(group), true) = (self.access_group(), alias != Alias::Stack && access.opcode().is_some()) {
            self.u.module.set_metadata(access, "llvm.access.group", group);
        }
        if alias == Alias::Argument && access.opcode().is_some() {
            self.u.module.set_metadata(access, "invariant.load", self.u.context.md_node(&[]));
        }
    }

    /// A scalar from memory, as an SSA value.
    pub fn load_scalar(&self, ptr: Value<'m>, scalar: Scalar, align: u32, alias: Alias) -> Value<'m> {
        let loaded = self.b.load(scalar.memory_type(self.u.context), ptr, align.min(scalar.align()).max(1));
        self.tag_access(loaded, alias);
        if scalar == Scalar::Bool { self.b.trunc(loaded, self.u.context.int_type(1)) } else { loaded }
    }

    pub fn store_scalar(&self, value: Value<'m>, ptr: Value<'m>, scalar: Scalar, align: u32, alias: Alias) {
        let value = if scalar == Scalar::Bool { self.b.zext(value, self.u.context.int_type(8)) } else { value };
        let store = self.b.store(value, ptr, align.min(scalar.align()).max(1));
        self.tag_access(store, alias);
    }

    /// The inline instance of `ty` at `ptr`. Copies: the memory may change afterwards, unless `frozen`.
    pub fn load_inline(&self, ptr: Value<'m>, ty: Ty, alias: Alias, frozen: bool) -> Held<'m> {
        let shape = self.u.shape(ty);
        let parts = match &shape.form {
            Form::Scalar(s) => vec![self.load_scalar(ptr, *s, shape.align, alias)],
            Form::Split(leaves) => leaves
                .iter()
                .map(|l| self.load_scalar(self.b.offset(ptr, l.offset), l.scalar, l.scalar.align(), alias))
                .collect(),
            Form::Memory if frozen => vec![ptr],
            Form::Memory => {
                let slot = self.slot(shape.size, shape.align);
                self.b.memcpy(slot, shape.align, ptr, shape.align, self.int(64, shape.size));
                vec![slot]
            }
            _ => Vec::new(),
        };
        Held::new(shape, parts)
    }

    /// Stores an inline instance. `held` has exactly the type of the place.
    pub fn store_inline(&self, held: &Held<'m>, ptr: Value<'m>, alias: Alias) {
        let held = self.materialise(held);
        match &held.shape.form {
            Form::Scalar(s) => self.store_scalar(held.parts[0], ptr, *s, held.shape.align, alias),
            Form::Split(leaves) => {
                for (leaf, &part) in leaves.iter().zip(&held.parts) {
                    self.store_scalar(part, self.b.offset(ptr, leaf.offset), leaf.scalar, leaf.scalar.align(), alias);
                }
            }
            Form::Memory if !is_poison(held.parts[0]) => {
                let align = held.shape.align;
                self.b.memcpy(ptr, align, held.parts[0], align, self.int(64, held.shape.size));
            }
            _ => {}
        }
    }

    /// The field or element of declared type `ty` at `ptr`: inline data or a reference. A null reference
    /// throws `UndefRefError` unless `defined`.
    pub fn load_place(&mut self, ptr: Value<'m>, ty: Ty, alias: Alias, defined: bool, frozen: bool) -> Held<'m> {
        if is_inline(ty) {
            return self.load_inline(ptr, ty, alias, frozen);
        }
        let reference = self.b.load(self.u.pointer(), ptr, 8);
        self.tag_access(reference, alias);
        self.behind_reference(reference, ty, defined)
    }

    /// The value behind a possibly null reference out of a place of declared type `ty`.
    pub fn behind_reference(&mut self, reference: Value<'m>, ty: Ty, defined: bool) -> Held<'m> {
        if !defined {
            let null = self.u.pointer().zero();
            let ok = self.b.icmp(llvm::IntPredicate::LLVMIntNE, reference, null);
            self.guard(ok, |this| this.throw_simple(Rk::ThrowUndefRef, "UndefRefError"));
        }
        self.unbox(reference, ty)
    }

    /// Stores a value (of any type that fits) to a place of declared type `ty`.
    pub fn store_place(&mut self, held: &Held<'m>, ptr: Value<'m>, ty: Ty, alias: Alias) {
        if is_inline(ty) {
            let held = self.coerce(held, ty);
            if !self.ended {
                self.store_inline(&held, ptr, alias);
            }
            return;
        }
        let reference = self.boxed(held);
        let store = self.b.store(reference, ptr, 8);
        if self.u.target.is_host() {
            // Another thread that sees the reference must see what it refers to.
            self.b.release(store);
        }
        self.tag_access(store, alias);
    }

    /// The address of memory that holds the value in memory form.
    pub fn spill(&self, held: &Held<'m>) -> Value<'m> {
        let held = self.materialise(held);
        if matches!(held.shape.form, Form::Memory) {
            return held.parts[0];
        }
        let slot = self.slot(held.shape.size, held.shape.align);
        self.store_inline(&held, slot, Alias::Stack);
        slot
    }

    /// Copies parts held in memory, so that the value owns them.
    pub fn own(&self, held: &Held<'m>) -> Held<'m> {
        let held = self.materialise(held);
        let parts = held
            .shape
            .parts()
            .iter()
            .zip(&held.parts)
            .map(|(part, &value)| match *part {
                Part::Slot { size, align, .. } if !is_poison(value) => {
                    let slot = self.slot(size, align);
                    self.b.memcpy(slot, align, value, align, self.int(64, size));
                    slot
                }
                _ => value,
            })
            .collect();
        Held::new(held.shape.clone(), parts)
    }

    /// A fresh zeroed object.
    pub fn allocate(&mut self, ty: Ty) -> Value<'m> {
        let (size, references) = object_size(ty);
        if self.u.target.is_host() {
            let f = if references { Rk::Alloc } else { Rk::AllocAtomic }.declare(self.u.module);
            let tag = self.tag(ty);
            return self.b.call(f, &[tag, self.int(64, size)]);
        }
        // Device objects have a header as well, with their tag as on hosts.
        let block = self.call_runtime(RuntimeFunction::Box, &[self.int(64, size)]);
        let data = self.b.offset(block, 8);
        self.set_tag(data, ty);
        if size > 0 {
            self.b.memset(data, self.int(8, 0), self.int(64, size), 8);
        }
        data
    }

    /// Tags a device's object.
    fn set_tag(&mut self, data: Value<'m>, ty: Ty) {
        let before = self.u.context.int_type(64).const_signed(-8);
        let place = self.b.inbounds_gep(self.u.context.int_type(8), data, before);
        let tag = self.b.store(self.tag(ty), place, 8);
        self.tag_access(tag, Alias::Tag);
    }

    /// A reference to an object of a constant of plain data, on a device: a variable of the code, whose tag is known once it is
    /// loaded. Every use writes the same one.
    pub fn constant_box(&mut self, v: runtime::Value) -> Value<'m> {
        let ty = v.type_of();
        let held = self.constant(v);
        let variable = self.u.object_variable(v, held.shape.size);
        let data = self.b.offset(variable, 8);
        self.set_tag(data, ty);
        self.store_inline(&held, data, Alias::Object);
        data
    }

    /// `n` references on the stack.
    pub fn reference_list(&mut self, values: &[Held<'m>]) -> Value<'m> {
        let array = self.reference_array(values.len());
        for (i, held) in values.iter().enumerate() {
            let reference = self.boxed(held);
            self.b.store(reference, self.b.offset(array, 8 * i as u64), 8);
        }
        array
    }

    /// The word before an object's data.
    pub fn load_tag(&self, object: Value<'m>) -> Value<'m> {
        let before = self.u.context.int_type(64).const_signed(-8);
        let ptr = self.b.inbounds_gep(self.u.context.int_type(8), object, before);
        let tag = self.b.load(self.u.pointer(), ptr, 8);
        self.tag_access(tag, Alias::Tag);
        tag
    }
}

/// Bytes of an object's data and whether they hold references (at any depth of inline fields).
pub(crate) fn object_size(ty: Ty) -> (u64, bool) {
    match ty.layout() {
        Some(layout) => (layout.size as u64, !layout.pointers.is_empty()),
        None => (stored_size(ty).0, true),
    }
}
