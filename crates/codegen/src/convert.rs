//! Changing a value's representation: boxing, unboxing, unions, type tests.

use crate::function::FunctionEmitter;
use crate::host_abi::Rk;
use crate::memory::Alias;
use crate::shape::{Form, Member, Part, Shape, is_inline};
use crate::value::Held;
use llvm::{IntPredicate, Value};
use std::rc::Rc;
use types::{Ty, builtin};

/// Tag of a member of a union.
fn tag_of(index: usize) -> u64 {
    index as u64
}

impl<'m> FunctionEmitter<'_, 'm> {
    /// The same value in the representation of `ty`, which it is known to be an instance of.
    pub fn coerce(&mut self, held: &Held<'m>, ty: Ty) -> Held<'m> {
        if held.ty() == ty {
            return self.materialise(held);
        }
        let to = self.u.shape(ty);
        match (&held.shape.form, &to.form) {
            (_, Form::Never | Form::Ghost) => Held::new(to, Vec::new()),
            (Form::Never, _) => self.poison(ty),
            (_, Form::Boxed) => {
                let reference = self.boxed(held);
                Held::new(to, vec![reference])
            }
            (Form::Boxed, _) => {
                let held = self.materialise(held);
                self.unbox(held.parts[0], ty)
            }
            (Form::Union { members: from, in_slot: from_slot }, Form::Union { members, in_slot }) => {
                let (from, from_slot, members, in_slot) = (from.clone(), *from_slot, members.clone(), *in_slot);
                self.union_to_union(held, &from, from_slot, &to, &members, in_slot)
            }
            (Form::Union { members, in_slot }, _) => {
                let (members, in_slot) = (members.clone(), *in_slot);
                match members.iter().position(|m| m.ty == ty) {
                    Some(i) => self.member_value(held, &members[i], in_slot),
                    // Types that print differently but are held alike do not occur in unions: it cannot be this type.
                    None => self.poison(ty),
                }
            }
            (_, Form::Union { members, in_slot }) => {
                let (members, in_slot) = (members.clone(), *in_slot);
                self.union_of(held, &to, &members, in_slot)
            }
            _ => {
                // Both inline: one type seen under two names, or code that is never reached.
                let held = self.materialise(held);
                if held.shape.parts() == to.parts() { Held::new(to, held.parts) } else { self.poison(ty) }
            }
        }
    }

    // ---- unions --------------------------------------------------------------------------------

    /// The member of a union value, known (or checked) to be the active one.
    fn member_value(&self, held: &Held<'m>, member: &Member, in_slot: bool) -> Held<'m> {
        if in_slot {
            return self.load_stored(held.parts[1], &member.shape);
        }
        let n = member.shape.parts().len();
        Held::new(Rc::new(member.shape.clone()), held.parts[member.first..member.first + n].to_vec())
    }

    /// A value out of a union's slot: inline data or a reference.
    fn load_stored(&self, ptr: Value<'m>, shape: &Shape) -> Held<'m> {
        if shape.is_boxed() {
            let reference = self.b.load(self.u.pointer(), ptr, 8);
            return Held::new(Rc::new(shape.clone()), vec![reference]);
        }
        self.load_inline(ptr, shape.ty, Alias::Stack, true)
    }

    fn store_stored(&mut self, held: &Held<'m>, ptr: Value<'m>) {
        if held.shape.is_boxed() {
            let reference = self.boxed(held);
            self.b.store(reference, ptr, 8);
        } else {
            self.store_inline(held, ptr, Alias::Stack);
        }
    }

    fn union_of(&mut self, held: &Held<'m>, to: &Rc<Shape>, members: &[Member], in_slot: bool) -> Held<'m> {
        let index = members.iter().position(|m| m.ty == held.ty()).or_else(|| {
            // `Type{T}` members take the type object itself.
            let object = held.constant?.as_type()?;
            members.iter().position(|m| crate::shape::type_of_type(m.ty) == Some(object))
        });
        let Some(index) = index else {
            return self.poison(to.ty);
        };
        let held = self.coerce(held, members[index].ty);
        let mut parts: Vec<_> = to.parts().iter().map(|p| p.llvm_type(self.u.context).poison()).collect();
        parts[0] = self.int(8, tag_of(index));
        if in_slot {
            let Part::Slot { size, align, .. } = to.parts()[1] else { unreachable!("a union in a slot has one") };
            parts[1] = self.slot(size, align);
            self.store_stored(&held, parts[1]);
        } else {
            let first = members[index].first;
            parts[first..first + held.parts.len()].copy_from_slice(&held.parts);
        }
        Held::new(to.clone(), parts)
    }

    fn union_to_union(
        &mut self,
        held: &Held<'m>,
        from: &[Member],
        from_slot: bool,
        to: &Rc<Shape>,
        members: &[Member],
        in_slot: bool,
    ) -> Held<'m> {
        let mut tag = self.int(8, 0);
        for (i, member) in from.iter().enumerate() {
            if let Some(j) = members.iter().position(|m| m.ty == member.ty) {
                let is = self.b.icmp(IntPredicate::LLVMIntEQ, held.parts[0], self.int(8, tag_of(i)));
                tag = self.b.select(is, self.int(8, tag_of(j)), tag);
            }
        }
        let mut parts: Vec<_> = to.parts().iter().map(|p| p.llvm_type(self.u.context).poison()).collect();
        parts[0] = tag;
        match (from_slot, in_slot) {
            (true, true) => {
                let Part::Slot { size: from_size, .. } = held.shape.parts()[1] else { unreachable!("checked") };
                let Part::Slot { size, align, .. } = to.parts()[1] else { unreachable!("checked") };
                parts[1] = self.slot(size, align);
                self.b.memcpy(parts[1], align, held.parts[1], align.min(8), self.int(64, size.min(from_size)));
            }
            (false, false) => {
                for member in members {
                    if let Some(source) = from.iter().find(|m| m.ty == member.ty) {
                        let n = member.shape.parts().len();
                        parts[member.first..member.first + n]
                            .copy_from_slice(&held.parts[source.first..source.first + n]);
                    }
                }
            }
            (false, true) => {
                let Part::Slot { size, align, .. } = to.parts()[1] else { unreachable!("checked") };
                parts[1] = self.slot(size, align);
                for (i, member) in from.iter().enumerate() {
                    if member.shape.parts().is_empty() || !members.iter().any(|m| m.ty == member.ty) {
                        continue;
                    }
                    let is = self.b.icmp(IntPredicate::LLVMIntEQ, held.parts[0], self.int(8, tag_of(i)));
                    let (then, join) = (self.new_block(), self.new_block());
                    self.b.cond_br(is, then, join);
                    self.b.position_at_end(then);
                    let value = self.member_value(held, member, false);
                    self.store_stored(&value, parts[1]);
                    self.b.br(join);
                    self.b.position_at_end(join);
                }
            }
            (true, false) => {
                // Reading an inactive member's bytes is harmless; using them would not be.
                for member in members {
                    if let Some(source) = from.iter().find(|m| m.ty == member.ty) {
                        let value = self.member_value(held, source, true);
                        parts[member.first..member.first + value.parts.len()].copy_from_slice(&value.parts);
                    }
                }
            }
        }
        Held::new(to.clone(), parts)
    }

    // ---- boxes ---------------------------------------------------------------------------------

    /// A reference to an object that is this value.
    pub fn boxed(&mut self, held: &Held<'m>) -> Value<'m> {
        if let Some(v) = self.known(held) {
            let plain = v.type_of().is_bits() && !v.type_of().is_singleton() && v.as_type().is_none();
            return if plain && !self.u.target.is_host() { self.constant_box(v) } else { self.object(v) };
        }
        match &held.shape.form {
            Form::Boxed => held.parts[0],
            Form::Never => self.u.pointer().poison(),
            // A singleton whose instance nobody made yet: any object of the type is it.
            Form::Ghost => self.allocate(held.ty()),
            Form::Union { members, in_slot } => {
                let (members, in_slot) = (members.clone(), *in_slot);
                self.box_union(held, &members, in_slot)
            }
            Form::Scalar(_) if held.ty() == builtin::bool_() && self.u.target.is_host() => {
                let (yes, no) =
                    (self.object(runtime::Value::boolean(true)), self.object(runtime::Value::boolean(false)));
                self.b.select(held.parts[0], yes, no)
            }
            Form::Scalar(_) | Form::Split(_) | Form::Memory => {
                let object = self.allocate(held.ty());
                self.store_inline(held, object, Alias::Object);
                object
            }
        }
    }

    fn box_union(&mut self, held: &Held<'m>, members: &[Member], in_slot: bool) -> Value<'m> {
        let join = self.new_block();
        let never = self.new_block();
        let origin = self.b.block();
        let blocks: Vec<_> = members.iter().map(|_| self.new_block()).collect();
        let cases: Vec<_> = blocks.iter().enumerate().map(|(i, &b)| (self.int(8, tag_of(i)), b)).collect();
        self.b.position_at_end(origin);
        self.b.switch(held.parts[0], never, &cases);
        let mut incoming = Vec::new();
        for (member, &block) in members.iter().zip(&blocks) {
            self.b.position_at_end(block);
            let value = self.member_value(held, member, in_slot);
            let reference = self.boxed(&value);
            incoming.push((reference, self.b.block()));
            self.b.br(join);
        }
        self.b.position_at_end(never);
        self.b.unreachable();
        self.b.position_at_end(join);
        let phi = self.b.phi(self.u.pointer());
        for (value, block) in incoming {
            self.b.add_incoming(phi, value, block);
        }
        phi
    }

    /// The value of type `ty` behind a reference known to be one.
    pub fn unbox(&mut self, reference: Value<'m>, ty: Ty) -> Held<'m> {
        let shape = self.u.shape(ty);
        match &shape.form {
            Form::Boxed => Held::new(shape, vec![reference]),
            Form::Never | Form::Ghost => Held::new(shape, Vec::new()),
            // Immutable objects do not change: no copy.
            Form::Scalar(_) | Form::Split(_) | Form::Memory => self.load_inline(reference, ty, Alias::Object, true),
            Form::Union { members, in_slot } => {
                let (members, in_slot) = (members.clone(), *in_slot);
                self.unbox_union(reference, &shape, &members, in_slot)
            }
        }
    }

    fn unbox_union(&mut self, reference: Value<'m>, shape: &Rc<Shape>, members: &[Member], in_slot: bool) -> Held<'m> {
        let join = self.new_block();
        let mut incoming: Vec<(Vec<Value<'m>>, llvm::Block<'m>)> = Vec::new();
        let slot = match shape.parts().get(1) {
            Some(&Part::Slot { size, align, .. }) if in_slot => Some(self.slot(size, align)),
            _ => None,
        };
        for (i, member) in members.iter().enumerate() {
            let last = i + 1 == members.len();
            let next = if last {
                None
            } else {
                let is = self.reference_is_exactly(reference, member.ty);
                let (then, next) = (self.new_block(), self.new_block());
                self.b.cond_br(is, then, next);
                self.b.position_at_end(then);
                Some(next)
            };
            let value = self.unbox(reference, member.ty);
            let mut parts: Vec<_> = shape.parts().iter().map(|p| p.llvm_type(self.u.context).poison()).collect();
            parts[0] = self.int(8, tag_of(i));
            match slot {
                Some(slot) => {
                    self.store_stored(&value, slot);
                    parts[1] = slot;
                }
                None => parts[member.first..member.first + value.parts.len()].copy_from_slice(&value.parts),
            }
            incoming.push((parts, self.b.block()));
            self.b.br(join);
            if let Some(next) = next {
                self.b.position_at_end(next);
            }
        }
        self.b.position_at_end(join);
        let parts = (0..shape.parts().len())
            .map(|i| {
                if let (1, Some(slot)) = (i, slot) {
                    return slot;
                }
                let phi = self.b.phi(shape.parts()[i].llvm_type(self.u.context));
                for (parts, block) in &incoming {
                    self.b.add_incoming(phi, parts[i], *block);
                }
                phi
            })
            .collect();
        Held::new(shape.clone(), parts)
    }

    // ---- type tests ----------------------------------------------------------------------------

    /// Does the reference lead to an object of exactly this concrete type (or to the `T` of `Type{T}`)?
    pub fn reference_is_exactly(&mut self, reference: Value<'m>, ty: Ty) -> Value<'m> {
        if let Some(v) = self.only_instance(ty) {
            // Types may have several addresses only if they mention `where`; compare those by `===`.
            if v.as_type().is_some_and(|t| !t.is_datatype()) {
                let object = self.object(v);
                return self.objects_egal(reference, object);
            }
            let object = self.object(v);
            return self.b.icmp(IntPredicate::LLVMIntEQ, reference, object);
        }
        let tag = self.load_tag(reference);
        let expected = self.tag(ty);
        self.b.icmp(IntPredicate::LLVMIntEQ, tag, expected)
    }

    /// `typeof(x) === T` for a concrete `T`, as an `i1`.
    pub fn is_exactly(&mut self, held: &Held<'m>, ty: Ty) -> Value<'m> {
        match &held.shape.form {
            Form::Union { members, .. } => match members.iter().position(|m| m.ty == ty) {
                Some(i) => self.b.icmp(IntPredicate::LLVMIntEQ, held.parts[0], self.int(8, tag_of(i))),
                None => self.int(1, 0),
            },
            Form::Boxed if held.constant.is_none() && !(held.ty().is_concrete() && held.ty() != ty) => {
                self.reference_is_exactly(held.parts[0], ty)
            }
            _ => {
                let same = held.ty() == ty
                    || held
                        .constant
                        .and_then(runtime::Value::as_type)
                        .is_some_and(|t| crate::shape::type_of_type(ty) == Some(t));
                self.int(1, same.into())
            }
        }
    }

    /// `isa(x, T)` as an `i1`.
    pub fn isa(&mut self, held: &Held<'m>, ty: Ty) -> Value<'m> {
        if let Some(v) = held.constant {
            return self.int(1, runtime_isa(v, ty).into());
        }
        if types::subtype(held.ty(), ty) {
            return self.int(1, 1);
        }
        match &held.shape.form {
            Form::Union { members, .. } => {
                let mut any = self.int(1, 0);
                for (i, member) in members.iter().enumerate() {
                    if types::subtype(member.ty, ty) {
                        let is = self.b.icmp(IntPredicate::LLVMIntEQ, held.parts[0], self.int(8, tag_of(i)));
                        any = self.b.or(any, is);
                    }
                }
                any
            }
            Form::Boxed => {
                if held.ty().is_concrete() && !crate::shape::is_kind(held.ty()) {
                    return self.int(1, 0);
                }
                let reference = held.parts[0];
                if ty.is_concrete() {
                    return self.reference_is_exactly(reference, ty);
                }
                if ty.is_union() && ty.union_parts().iter().all(|t| t.is_concrete()) {
                    let mut any = self.int(1, 0);
                    for part in ty.union_parts() {
                        let is = self.reference_is_exactly(reference, part);
                        any = self.b.or(any, is);
                    }
                    return any;
                }
                if !self.has_runtime(Rk::Isa) {
                    self.unsupported(format_args!("a test for the type `{ty}` on objects of types that are not known"));
                }
                let f = Rk::Isa.declare(self.u.module);
                let tag = self.tag(ty);
                let answer = self.b.call(f, &[reference, tag]);
                self.b.trunc(answer, self.u.context.int_type(1))
            }
            _ => self.int(1, 0),
        }
    }

    // ---- identity ------------------------------------------------------------------------------

    fn objects_egal(&mut self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        if !self.has_runtime(Rk::Egal) {
            self.unsupported("`===` on objects of types that are not known");
        }
        let f = Rk::Egal.declare(self.u.module);
        let answer = self.b.call(f, &[a, b]);
        self.b.trunc(answer, self.u.context.int_type(1))
    }

    /// Can the machine call this function of the host's run time?
    fn has_runtime(&self, f: Rk) -> bool {
        self.u.target.is_host() || self.u.target.may_call(f.symbol())
    }

    /// `===` as an `i1`.
    pub fn egal(&mut self, a: &Held<'m>, b: &Held<'m>) -> Value<'m> {
        if let (Some(x), Some(y)) = (self.known(a), self.known(b)) {
            return self.int(1, runtime::egal(x, y).into());
        }
        if self.u.shape(a.ty()).is_ghost() || self.u.shape(b.ty()).is_ghost() {
            let (ghost, other) = if a.shape.is_ghost() { (a, b) } else { (b, a) };
            let ty = ghost.ty();
            let other = self.materialise(other);
            return self.is_exactly(&other, ty);
        }
        let (a, b) = (self.materialise(a), self.materialise(b));
        if a.shape.is_union() || b.shape.is_union() {
            return self.egal_union(&a, &b);
        }
        if a.shape.is_boxed() || b.shape.is_boxed() {
            return self.egal_boxed(&a, &b);
        }
        if a.ty() != b.ty() {
            return self.int(1, 0);
        }
        self.egal_inline(&a, &b)
    }

    fn egal_inline(&mut self, a: &Held<'m>, b: &Held<'m>) -> Value<'m> {
        match &a.shape.form {
            Form::Scalar(_) => self.same_bits(a.parts[0], b.parts[0]),
            _ => {
                let leaves = a.shape.all_leaves(self.u.target);
                let in_memory = matches!(a.shape.form, Form::Memory);
                let mut all = self.int(1, 1);
                for (i, leaf) in leaves.iter().enumerate() {
                    let part = |this: &Self, h: &Held<'m>| {
                        if in_memory {
                            let ptr = this.b.offset(h.parts[0], leaf.offset);
                            this.load_scalar(ptr, leaf.scalar, leaf.scalar.align(), Alias::Stack)
                        } else {
                            h.parts[i]
                        }
                    };
                    let (x, y) = (part(self, a), part(self, b));
                    let same = if leaf.scalar.is_reference() && !by_identity(leaf.ty) {
                        self.objects_egal(x, y)
                    } else {
                        self.same_bits(x, y)
                    };
                    all = self.b.and(all, same);
                }
                all
            }
        }
    }

    /// Equality of bit patterns.
    pub fn same_bits(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        if a.ty().is_float() {
            let int = self.u.context.int_type(a.ty().bits());
            let (a, b) = (self.b.bitcast(a, int), self.b.bitcast(b, int));
            return self.b.icmp(IntPredicate::LLVMIntEQ, a, b);
        }
        self.b.icmp(IntPredicate::LLVMIntEQ, a, b)
    }

    fn egal_boxed(&mut self, a: &Held<'m>, b: &Held<'m>) -> Value<'m> {
        if types::has_empty_intersection(a.ty(), b.ty())
            && !crate::shape::is_kind(a.ty())
            && !crate::shape::is_kind(b.ty())
        {
            return self.int(1, 0);
        }
        if by_identity(a.ty()) || by_identity(b.ty()) {
            let (x, y) = (self.boxed(a), self.boxed(b));
            return self.b.icmp(IntPredicate::LLVMIntEQ, x, y);
        }
        // One side inline: compare types first, then data.
        let (inline, reference) = if a.shape.is_boxed() { (b, a) } else { (a, b) };
        if inline.shape.is_boxed() {
            return self.objects_egal(a.parts[0], b.parts[0]);
        }
        let is = self.reference_is_exactly(reference.parts[0], inline.ty());
        let (then, join) = (self.new_block(), self.new_block());
        let origin = self.b.block();
        self.b.cond_br(is, then, join);
        self.b.position_at_end(then);
        let other = self.unbox(reference.parts[0], inline.ty());
        let same = self.egal_inline(inline, &other);
        let end = self.b.block();
        self.b.br(join);
        self.b.position_at_end(join);
        let phi = self.b.phi(self.u.context.int_type(1));
        self.b.add_incoming(phi, self.int(1, 0), origin);
        self.b.add_incoming(phi, same, end);
        phi
    }

    fn egal_union(&mut self, a: &Held<'m>, b: &Held<'m>) -> Value<'m> {
        let (union, other) = if a.shape.is_union() { (a, b) } else { (b, a) };
        let Form::Union { members, in_slot } = union.shape.form.clone() else { unreachable!("chosen as the union") };
        let mut any = self.int(1, 0);
        for (i, member) in members.iter().enumerate() {
            let possible = match &other.shape.form {
                Form::Union { members, .. } => members.iter().any(|m| m.ty == member.ty),
                Form::Boxed => true,
                _ => other.ty() == member.ty,
            };
            if !possible {
                continue;
            }
            let is = self.b.icmp(IntPredicate::LLVMIntEQ, union.parts[0], self.int(8, tag_of(i)));
            let (then, join) = (self.new_block(), self.new_block());
            let origin = self.b.block();
            self.b.cond_br(is, then, join);
            self.b.position_at_end(then);
            let value = self.member_value(union, member, in_slot);
            let same = if other.shape.is_union() {
                let is_same = self.is_exactly(other, member.ty);
                let narrowed = self.coerce(other, member.ty);
                // Parts of the inactive member are poison: freeze what is compared.
                let narrowed = self.freeze(&narrowed);
                let equal = self.egal(&value, &narrowed);
                self.b.and(is_same, equal)
            } else {
                self.egal(&value, other)
            };
            let end = self.b.block();
            self.b.br(join);
            self.b.position_at_end(join);
            let phi = self.b.phi(self.u.context.int_type(1));
            self.b.add_incoming(phi, any, origin);
            self.b.add_incoming(phi, same, end);
            any = phi;
        }
        any
    }

    fn freeze(&self, held: &Held<'m>) -> Held<'m> {
        let parts = held
            .shape
            .parts()
            .iter()
            .zip(&held.parts)
            .map(|(part, &v)| if part.is_slot() { v } else { self.b.freeze(v) })
            .collect();
        Held::new(held.shape.clone(), parts)
    }
}

/// `===` on objects of this (static) type compares addresses.
fn by_identity(ty: Ty) -> bool {
    let concrete_mutable = ty.is_concrete() && ty.name().is_some_and(|n| n.is_mutable());
    // Strings and types are compared by content.
    concrete_mutable
        && !crate::shape::is_kind(ty)
        && ty != builtin::string()
        && !is_inline(ty)
        && ty != builtin::simple_vector()
}

fn runtime_isa(v: runtime::Value, ty: Ty) -> bool {
    runtime::isa(v, ty)
}
