//! Builtins on values of known types; what the types do not settle goes to the runtime, boxed.

use crate::function::FunctionEmitter;
use crate::host_abi::Rk;
use crate::memory::Alias;
use crate::shape::{Form, element_stride};
use crate::value::Held;
use ir::typed::Arg;
use llvm::{IntPredicate, Value};
use runtime::Builtin;
use types::{Ty, builtin};

/// The element type of a `Memory`, `MemoryRef` or `Array` type.
fn element_type(ty: Ty) -> Option<Ty> {
    match ty.params() {
        // `GenericMemory{kind, T, addrspace}`
        [_, elem, _] => Some(*elem),
        [elem, ..] => Some(*elem),
        [] => None,
    }
}

impl<'m> FunctionEmitter<'_, 'm> {
    pub fn builtin(&mut self, op: Builtin, args: &[Arg], ty: Ty) -> Held<'m> {
        let held = self.operands(args);
        match op {
            Builtin::Egal => {
                let bit = self.egal(&held[0], &held[1]);
                self.bool(bit)
            }
            Builtin::Isa => match self.known(&held[1]).and_then(runtime::Value::as_type) {
                Some(t) => {
                    let bit = self.isa(&held[0], t);
                    self.bool(bit)
                }
                None => self.boxed_builtin(op, &held),
            },
            Builtin::Typeof => self.type_of(&held[0], &held),
            Builtin::Typeassert => self.type_assert(&held, ty),
            Builtin::Tuple if ty.is_concrete() => self.assemble(ty, &held),
            Builtin::Getfield => self.get_field(args, &held, ty),
            Builtin::Setfield => self.set_field(&held),
            Builtin::Isdefined => self.is_defined(&held),
            Builtin::Nfields if held[0].ty().is_concrete() && !crate::shape::is_kind(held[0].ty()) => {
                let n = runtime::info(held[0].ty()).fields.len() as u64;
                Held::new(self.u.shape(builtin::int64()), vec![self.int(64, n)])
            }
            Builtin::Ifelse => self.if_else(&held, ty),
            Builtin::Throw => self.throw(args[0]),
            Builtin::Sizeof => self.size_of(&held),
            Builtin::MemoryNew => self.memory_new(&held, ty),
            Builtin::MemoryrefNew => self.memoryref_new(&held, ty),
            Builtin::MemoryrefGet => self.memoryref_get(&held, ty),
            Builtin::MemoryrefSet => self.memoryref_set(&held),
            Builtin::MemoryrefOffset => self.memoryref_offset(&held),
            Builtin::MemoryrefIsassigned => self.memoryref_isassigned(&held),
            Builtin::DoNotDelete => self.do_not_delete(&held),
            Builtin::CompilerBarrier => held[1].clone(),
            Builtin::Rethrow if !self.u.target.is_host() => {
                self.throw_site("Exception", None, &[]);
                self.end();
                self.poison(ty)
            }
            _ => self.boxed_builtin(op, &held),
        }
    }

    /// A builtin that the runtime does, on boxed arguments.
    fn boxed_builtin(&mut self, op: Builtin, args: &[Held<'m>]) -> Held<'m> {
        if !self.u.target.is_host() {
            let types: Vec<String> = args.iter().map(|h| h.ty().to_string()).collect();
            self.unsupported(format_args!("`{}` on ({})", op.name(), types.join(", ")));
            return self.poison(builtin::any());
        }
        let list = self.reference_list(args);
        let f = Rk::Builtin.declare(self.u.module);
        let result = self.b.call(f, &[self.int(32, op as u64), list, self.int(64, args.len() as u64)]);
        Held::new(self.u.shape(builtin::any()), vec![result])
    }

    // ---- types ---------------------------------------------------------------------------------

    fn type_of(&mut self, held: &Held<'m>, args: &[Held<'m>]) -> Held<'m> {
        if held.ty().is_concrete() && !crate::shape::is_kind(held.ty()) {
            return self.constant(runtime::Value::from(held.ty()));
        }
        if let Some(v) = self.known(held) {
            return self.constant(runtime::Value::from(v.type_of()));
        }
        if let Form::Union { members, .. } = held.shape.form.clone() {
            let mut object = self.u.pointer().poison();
            for (i, member) in members.iter().enumerate() {
                let t = match crate::shape::type_of_type(member.ty) {
                    Some(t) => runtime::Value::from(t).type_of(),
                    None => member.ty,
                };
                let is = self.b.icmp(IntPredicate::LLVMIntEQ, held.parts[0], self.int(8, i as u64));
                let this = self.object(runtime::Value::from(t));
                object = self.b.select(is, this, object);
            }
            return Held::new(self.u.shape(builtin::data_type()), vec![object]);
        }
        self.boxed_builtin(Builtin::Typeof, args)
    }

    fn type_assert(&mut self, held: &[Held<'m>], ty: Ty) -> Held<'m> {
        let Some(t) = self.known(&held[1]).and_then(runtime::Value::as_type) else {
            return self.boxed_builtin(Builtin::Typeassert, held);
        };
        let ok = self.isa(&held[0], t);
        let (value, message) = (held[0].clone(), format!("expected {t}, got a value of type {}", held[0].ty()));
        self.guard(ok, |this| {
            if this.u.target.is_host() {
                let reference = this.boxed(&value);
                let f = Rk::ThrowTypeAssert.declare(this.u.module);
                let tag = this.tag(t);
                this.b.call(f, &[reference, tag]);
            } else {
                this.throw_type_error("typeassert", &value, t, message);
            }
        });
        if ok.as_const_int() == Some(0) {
            self.end();
            return self.poison(ty);
        }
        self.coerce(&held[0], ty)
    }

    fn if_else(&mut self, held: &[Held<'m>], ty: Ty) -> Held<'m> {
        if let Some(known) = held[0].constant.and_then(runtime::Value::as_bool) {
            return held[if known { 1 } else { 2 }].clone();
        }
        let cond = self.coerce(&held[0], builtin::bool_());
        let (a, b) = (self.coerce(&held[1], ty), self.coerce(&held[2], ty));
        if self.ended {
            return self.poison(ty);
        }
        let parts = a.parts.iter().zip(&b.parts).map(|(&x, &y)| self.b.select(cond.scalar(), x, y)).collect();
        Held::new(a.shape, parts)
    }

    fn size_of(&mut self, held: &[Held<'m>]) -> Held<'m> {
        let ty = match held[0].constant.and_then(runtime::Value::as_type) {
            Some(t) => t,
            None => held[0].ty(),
        };
        let fixed = ty.is_concrete() && (crate::shape::is_inline(ty));
        if !fixed {
            return self.boxed_builtin(Builtin::Sizeof, held);
        }
        let size = runtime::info(ty).size as u64;
        Held::new(self.u.shape(builtin::int64()), vec![self.int(64, size)])
    }

    fn do_not_delete(&mut self, held: &[Held<'m>]) -> Held<'m> {
        for h in held {
            let h = self.materialise(h);
            for &part in &h.parts {
                self.llvm_call("llvm.fake.use", &[], &[part]);
            }
        }
        self.nothing()
    }

    // ---- objects -------------------------------------------------------------------------------

    /// An instance of the concrete type `ty` from its leading fields.
    pub fn assemble(&mut self, ty: Ty, fields: &[Held<'m>]) -> Held<'m> {
        let shape = self.u.shape(ty);
        let info = runtime::info(ty);
        match &shape.form {
            Form::Ghost | Form::Never => Held::new(shape, Vec::new()),
            Form::Split(leaves) => {
                let mut parts = Vec::new();
                for (i, field) in info.fields.iter().enumerate() {
                    match fields.get(i) {
                        Some(value) if field.inline => {
                            let value = self.coerce(value, field.ty);
                            if self.ended {
                                return self.poison(ty);
                            }
                            if matches!(value.shape.form, Form::Memory) {
                                // Its leaves are ours: a memory-held field has more leaves than fit here.
                                return self.poison(ty);
                            }
                            parts.extend(value.parts);
                        }
                        Some(value) => parts.push(self.boxed(value)),
                        // Undefined: null references, zero bits.
                        None => {
                            let end = field.offset as u64 + field.size as u64;
                            let missing = leaves.iter().filter(|l| l.offset >= field.offset as u64 && l.offset < end);
                            parts.extend(missing.map(|l| l.scalar.llvm_type(self.u.context).zero()));
                        }
                    }
                }
                Held::new(shape, parts)
            }
            Form::Memory => {
                let slot = self.slot(shape.size, shape.align);
                self.fill(slot, ty, fields, Alias::Stack);
                Held::new(shape, vec![slot])
            }
            Form::Boxed => {
                let object = self.allocate(ty);
                self.fill(object, ty, fields, Alias::of_object(ty));
                Held::new(shape, vec![object])
            }
            Form::Scalar(_) | Form::Union { .. } => self.poison(ty),
        }
    }

    fn fill(&mut self, at: Value<'m>, ty: Ty, fields: &[Held<'m>], alias: Alias) {
        if matches!(alias, Alias::Stack) && fields.len() < runtime::info(ty).fields.len() {
            let size = runtime::info(ty).size as u64;
            self.b.memset(at, self.int(8, 0), self.int(64, size), 8);
        }
        for (field, value) in runtime::info(ty).fields.iter().zip(fields) {
            let place = self.b.offset(at, field.offset as u64);
            self.store_place(value, place, field.ty, alias);
            if self.ended {
                return;
            }
        }
    }

    /// A mutable object on the stack.
    pub fn local_object(&mut self, ty: Ty, args: &[Arg]) -> Held<'m> {
        let shape = self.u.shape(ty);
        if !matches!(shape.form, Form::Boxed) || self.u.target.is_host() {
            return self.new_object(ty, args);
        }
        let fields = self.operands(args);
        let layout = ty.layout();
        let (size, align) = layout.map_or((0, 8), |l| (l.size as u64, (l.align as u32).max(8)));
        let slot = self.slot(size.max(1), align);
        if fields.len() < runtime::info(ty).fields.len() && size > 0 {
            self.b.memset(slot, self.int(8, 0), self.int(64, size), align);
        }
        self.fill(slot, ty, &fields, Alias::of_object(ty));
        Held::new(shape, vec![slot])
    }

    pub fn new_object(&mut self, ty: Ty, args: &[Arg]) -> Held<'m> {
        let held = self.operands(args);
        if ty.is_concrete() {
            return self.assemble(ty, &held);
        }
        self.unsupported(format_args!("making an object of type `{ty}`"));
        self.poison(ty)
    }

    /// The index (from 0) of the field that a name or number constant means.
    fn field_index(&self, ty: Ty, which: runtime::Value) -> Option<usize> {
        let fields = &runtime::info(ty).fields;
        if let Some(name) = which.as_symbol() {
            return fields.iter().position(|f| f.name == Some(name));
        }
        let n = which.as_int()?;
        (n >= 1 && n <= fields.len() as i64).then(|| n as usize - 1)
    }

    /// Has fields that code generation can reach: a concrete struct or tuple.
    fn is_struct(&self, ty: Ty) -> bool {
        ty.is_concrete() && !crate::shape::is_kind(ty) && !runtime::info(ty).fields.is_empty()
    }

    fn get_field(&mut self, args: &[Arg], held: &[Held<'m>], ty: Ty) -> Held<'m> {
        let object = &held[0];
        let object_type = object.ty();
        if !self.is_struct(object_type) {
            if let Form::Union { members, .. } = object.shape.form.clone() {
                return self.get_field_of_union(object, &members, held, ty);
            }
            return self.boxed_builtin(Builtin::Getfield, held);
        }
        let object = self.materialise(object);
        match self.known(&held[1]) {
            Some(which) => match self.field_index(object_type, which) {
                Some(i) => self.field(&object, i),
                None if self.u.target.is_host() => self.boxed_builtin(Builtin::Getfield, held),
                None => {
                    self.throw_site("BoundsError", None, &[]);
                    self.end();
                    self.poison(ty)
                }
            },
            None => self.get_field_dynamic(args, &object, held, ty),
        }
    }

    fn get_field_of_union(
        &mut self,
        object: &Held<'m>,
        members: &[crate::shape::Member],
        held: &[Held<'m>],
        ty: Ty,
    ) -> Held<'m> {
        let known = self.known(&held[1]);
        let all: Option<Vec<(Ty, usize)>> = members
            .iter()
            .map(|m| {
                let which = known?;
                if self.is_struct(m.ty) { Some((m.ty, self.field_index(m.ty, which)?)) } else { None }
            })
            .collect();
        let Some(all) = all else { return self.boxed_builtin(Builtin::Getfield, held) };
        let join = self.new_block();
        let shape = self.u.shape(ty);
        let mut incoming: Vec<(Held<'m>, llvm::Block<'m>)> = Vec::new();
        for (n, (member, index)) in all.iter().enumerate() {
            let next = if n + 1 < all.len() {
                let is = self.is_exactly(object, *member);
                let (then, next) = (self.new_block(), self.new_block());
                self.b.cond_br(is, then, next);
                self.b.position_at_end(then);
                Some(next)
            } else {
                None
            };
            let narrowed = self.coerce(object, *member);
            let value = self.field(&narrowed, *index);
            let value = self.coerce(&value, ty);
            incoming.push((value, self.b.block()));
            self.b.br(join);
            if let Some(next) = next {
                self.b.position_at_end(next);
            }
        }
        self.b.position_at_end(join);
        let parts = shape
            .parts()
            .iter()
            .enumerate()
            .map(|(i, part)| {
                // Slots of different members may be merged: nothing changes them while they live.
                let phi = self.b.phi(part.llvm_type(self.u.context));
                for (value, block) in &incoming {
                    self.b.add_incoming(phi, value.parts[i], *block);
                }
                phi
            })
            .collect();
        self.own(&Held::new(shape, parts))
    }

    /// Field `index` of a struct or tuple of concrete type.
    pub fn field(&mut self, object: &Held<'m>, index: usize) -> Held<'m> {
        let info = runtime::info(object.ty());
        let field = &info.fields[index];
        let defined = index < info.ninit;
        match &object.shape.form {
            Form::Split(leaves) => {
                if !field.inline {
                    let at = leaves.iter().position(|l| l.offset == field.offset as u64 && l.scalar.is_reference());
                    let at = at.expect("a reference field is a leaf");
                    return self.behind_reference(object.parts[at], field.ty, defined);
                }
                let end = field.offset as u64 + field.size as u64;
                let parts: Vec<_> = leaves
                    .iter()
                    .zip(&object.parts)
                    .filter(|(l, _)| l.offset >= field.offset as u64 && l.offset < end)
                    .map(|(_, &part)| part)
                    .collect();
                let shape = self.u.shape(field.ty);
                if shape.is_ghost() { Held::new(shape, Vec::new()) } else { Held::new(shape, parts) }
            }
            Form::Memory => {
                let place = self.b.offset(object.parts[0], field.offset as u64);
                // The slot does not change while the value lives, so parts of it are values as they are.
                self.load_place(place, field.ty, Alias::Stack, defined, true)
            }
            Form::Boxed => {
                let place = self.b.offset(object.parts[0], field.offset as u64);
                let alias = Alias::of_object(object.ty());
                self.load_place(place, field.ty, alias, defined, !info.mutable)
            }
            _ => self.poison(field.ty),
        }
    }

    /// `getfield(x, i)` with `i` known at run time only.
    fn get_field_dynamic(&mut self, args: &[Arg], object: &Held<'m>, held: &[Held<'m>], ty: Ty) -> Held<'m> {
        let info = runtime::info(object.ty());
        let n = info.fields.len();
        let same = info.fields.iter().all(|f| f.ty == info.fields[0].ty && f.inline == info.fields[0].inline);
        let index = &held[1];
        if !same || index.ty() != builtin::int64() || info.mutable {
            return self.boxed_builtin(Builtin::Getfield, held);
        }
        let index = self.materialise(index).scalar();
        let zero_based = self.b.sub(index, self.int(64, 1));
        let checked = args.get(2).is_none_or(|&a| {
            let h = self.operand(a);
            h.constant.and_then(runtime::Value::as_bool) != Some(false)
        });
        if checked {
            let ok = self.b.icmp(IntPredicate::LLVMIntULT, zero_based, self.int(64, n as u64));
            let object = object.clone();
            self.guard(ok, |this| this.throw_bounds(&object, index));
        }
        let elem = info.fields[0].ty;
        if let Form::Split(_) = object.shape.form
            && n <= 4
        {
            // A few selects keep the tuple in registers.
            let fields: Vec<Held<'m>> = (0..n).map(|i| self.field(object, i)).collect();
            let mut parts = fields[n - 1].parts.clone();
            for (i, field) in fields.iter().enumerate().take(n - 1).rev() {
                let is = self.b.icmp(IntPredicate::LLVMIntEQ, zero_based, self.int(64, i as u64));
                for (part, &candidate) in parts.iter_mut().zip(&field.parts) {
                    *part = self.b.select(is, candidate, *part);
                }
            }
            return Held::new(self.u.shape(elem), parts);
        }
        let base = if object.shape.is_boxed() { object.parts[0] } else { self.readable_place(object) };
        let stride = if info.fields[0].inline { element_stride(elem) } else { 8 };
        let place = self.b.inbounds_gep(self.u.context.int_type(8).array(stride), base, zero_based);
        let value = self.load_place(place, elem, Alias::Stack, true, true);
        self.coerce(&value, ty)
    }

    fn set_field(&mut self, held: &[Held<'m>]) -> Held<'m> {
        let object_type = held[0].ty();
        let which = self.known(&held[1]);
        let index = which.filter(|_| self.is_struct(object_type)).and_then(|w| self.field_index(object_type, w));
        let Some(index) = index else { return self.boxed_builtin(Builtin::Setfield, held) };
        let info = runtime::info(object_type);
        let field = &info.fields[index];
        let fits =
            types::subtype(held[2].ty(), field.ty) || held[2].constant.is_some_and(|v| runtime::isa(v, field.ty));
        if !info.mutable || field.constant || field.atomic || !fits {
            return self.boxed_builtin(Builtin::Setfield, held);
        }
        let object = self.materialise(&held[0]);
        let place = self.b.offset(object.scalar(), field.offset as u64);
        self.store_place(&held[2], place, field.ty, Alias::of_object(object_type));
        held[2].clone()
    }

    fn is_defined(&mut self, held: &[Held<'m>]) -> Held<'m> {
        let ty = held[0].ty();
        let index = self.known(&held[1]).filter(|_| self.is_struct(ty)).and_then(|w| self.field_index(ty, w));
        let Some(index) = index else { return self.boxed_builtin(Builtin::Isdefined, held) };
        let info = runtime::info(ty);
        let field = &info.fields[index];
        if index < info.ninit || field.inline {
            return self.bool(self.int(1, 1));
        }
        let object = self.materialise(&held[0]);
        let null = self.u.pointer().zero();
        let reference = match &object.shape.form {
            Form::Split(leaves) => {
                let at =
                    leaves.iter().position(|l| l.offset == field.offset as u64).expect("a reference field is a leaf");
                object.parts[at]
            }
            _ => {
                let place = self.b.offset(object.parts[0], field.offset as u64);
                let loaded = self.b.load(self.u.pointer(), place, 8);
                self.tag_access(loaded, Alias::of_object(ty));
                loaded
            }
        };
        self.bool(self.b.icmp(IntPredicate::LLVMIntNE, reference, null))
    }

    // ---- memory --------------------------------------------------------------------------------

    fn memory_new(&mut self, held: &[Held<'m>], ty: Ty) -> Held<'m> {
        let memory_type = self.known(&held[0]).and_then(runtime::Value::as_type);
        let (Some(memory_type), true) = (memory_type, self.u.target.is_host()) else {
            return self.boxed_builtin(Builtin::MemoryNew, held);
        };
        let len = self.coerce(&held[1], builtin::int64());
        if self.ended {
            return self.poison(ty);
        }
        let f = Rk::MemoryNew.declare(self.u.module);
        let tag = self.tag(memory_type);
        let memory = self.b.call(f, &[tag, len.scalar()]);
        Held::new(self.u.shape(memory_type), vec![memory])
    }

    fn load_header(&self, object: Value<'m>, offset: u64, ty: llvm::Type<'m>) -> Value<'m> {
        let loaded = self.b.load(ty, self.b.offset(object, offset), 8);
        self.tag_access(loaded, Alias::Header);
        loaded
    }

    /// `memoryrefnew(memory)`, `memoryrefnew(ref, i)`, `memoryrefnew(ref, i, boundscheck)`.
    fn memoryref_new(&mut self, held: &[Held<'m>], ty: Ty) -> Held<'m> {
        let source = self.materialise(&held[0]);
        if !ty.is_concrete() || !source.ty().is_concrete() || self.u.shape(ty).parts().len() != 2 {
            return self.boxed_builtin(Builtin::MemoryrefNew, held);
        }
        let shape = self.u.shape(ty);
        let pointer = self.u.pointer();
        let (ptr, memory) = if source.shape.is_boxed() {
            (self.load_header(source.scalar(), 8, pointer), source.scalar())
        } else {
            (source.parts[0], source.parts[1])
        };
        let Some(index) = held.get(1) else {
            return Held::new(shape, vec![ptr, memory]);
        };
        let Some(elem) = element_type(ty) else { return self.boxed_builtin(Builtin::MemoryrefNew, held) };
        let index = self.coerce(index, builtin::int64());
        if self.ended {
            return self.poison(ty);
        }
        let index = index.scalar();
        let offset = self.b.sub(index, self.int(64, 1));
        let stride = element_stride(elem);
        let checked = held.get(2).is_none_or(|h| h.constant.and_then(runtime::Value::as_bool) != Some(false));
        if checked {
            let (length, before) = self.memoryref_position(ptr, memory, stride);
            let position = self.b.add(before, offset);
            let ok = self.b.icmp(IntPredicate::LLVMIntULT, position, length);
            let source = source.clone();
            self.guard(ok, |this| this.throw_bounds(&source, index));
        }
        // Elements without size: the address itself counts them.
        let step = if stride == 0 { 1 } else { stride };
        let element = self.u.context.int_type(8).array(step);
        let ptr = self.b.inbounds_gep(element, ptr, offset);
        Held::new(shape, vec![ptr, memory])
    }

    /// Length of the memory, and index (from 0) of the element that the reference is at.
    fn memoryref_position(&mut self, ptr: Value<'m>, memory: Value<'m>, stride: u64) -> (Value<'m>, Value<'m>) {
        let i64 = self.u.context.int_type(64);
        let length = self.load_header(memory, 0, i64);
        let start = self.load_header(memory, 8, self.u.pointer());
        let distance = self.b.sub(self.b.ptr_to_int(ptr, i64), self.b.ptr_to_int(start, i64));
        let before = if stride > 1 { self.b.exact_sdiv(distance, self.int(64, stride)) } else { distance };
        (length, before)
    }

    /// The parts of a `MemoryRef` operand and its element type.
    fn memoryref(&mut self, held: &Held<'m>) -> Option<(Value<'m>, Value<'m>, Ty)> {
        let elem = element_type(held.ty())?;
        let held = self.materialise(held);
        match held.shape.form {
            Form::Split(_) if held.parts.len() == 2 => Some((held.parts[0], held.parts[1], elem)),
            _ => None,
        }
    }

    fn memoryref_get(&mut self, held: &[Held<'m>], ty: Ty) -> Held<'m> {
        let Some((ptr, _, elem)) = self.memoryref(&held[0]) else {
            return self.boxed_builtin(Builtin::MemoryrefGet, held);
        };
        if self.u.shape(elem).is_ghost() && crate::shape::is_inline(elem) {
            return self.poison(elem);
        }
        let value = self.load_place(ptr, elem, Alias::Data, false, false);
        self.coerce(&value, ty)
    }

    fn memoryref_set(&mut self, held: &[Held<'m>]) -> Held<'m> {
        let Some((ptr, _, elem)) = self.memoryref(&held[0]) else {
            return self.boxed_builtin(Builtin::MemoryrefSet, held);
        };
        let fits = types::subtype(held[1].ty(), elem) || held[1].constant.is_some_and(|v| runtime::isa(v, elem));
        if !fits {
            return self.boxed_builtin(Builtin::MemoryrefSet, held);
        }
        self.store_place(&held[1], ptr, elem, Alias::Data);
        held[1].clone()
    }

    fn memoryref_offset(&mut self, held: &[Held<'m>]) -> Held<'m> {
        let Some((ptr, memory, elem)) = self.memoryref(&held[0]) else {
            return self.boxed_builtin(Builtin::MemoryrefOffset, held);
        };
        let (_, before) = self.memoryref_position(ptr, memory, element_stride(elem));
        Held::new(self.u.shape(builtin::int64()), vec![self.b.add(before, self.int(64, 1))])
    }

    fn memoryref_isassigned(&mut self, held: &[Held<'m>]) -> Held<'m> {
        let Some((ptr, memory, elem)) = self.memoryref(&held[0]) else {
            return self.boxed_builtin(Builtin::MemoryrefIsassigned, held);
        };
        let (length, before) = self.memoryref_position(ptr, memory, element_stride(elem));
        let inside = self.b.icmp(IntPredicate::LLVMIntULT, before, length);
        if crate::shape::is_inline(elem) {
            return self.bool(inside);
        }
        let (then, join) = (self.new_block(), self.new_block());
        let origin = self.b.block();
        self.b.cond_br(inside, then, join);
        self.b.position_at_end(then);
        let pointer = self.u.pointer();
        let reference = self.b.load(pointer, ptr, 8);
        self.tag_access(reference, Alias::Data);
        let set = self.b.icmp(IntPredicate::LLVMIntNE, reference, pointer.zero());
        self.b.br(join);
        self.b.position_at_end(join);
        let phi = self.b.phi(self.u.context.int_type(1));
        self.b.add_incoming(phi, self.int(1, 0), origin);
        self.b.add_incoming(phi, set, then);
        self.bool(phi)
    }
}
