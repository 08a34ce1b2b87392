//! LLVM intrinsics that take or give vectors: tuples of `VecElement`s are vectors, other tuples structs of what they hold.

use crate::function::FunctionEmitter;
use crate::shape::{Form, Shape};
use crate::value::Held;
use base::Symbol;
use ir::typed::Arg;
use llvm::{Type, Value};
use types::{Ty, builtin};

/// Element type and length of a tuple that is a vector.
pub(crate) fn vector_of(ty: Ty) -> Option<(Ty, u32)> {
    let fields = ty.name().filter(|&n| n == builtin::tuple_name()).map(|_| ty.params())?;
    let (&first, rest) = fields.split_first()?;
    let is_element = first.name().is_some_and(|n| n.name().as_str() == "VecElement");
    let elem = first.params().first().copied().filter(|_| is_element)?;
    rest.iter().all(|&t| t == first).then_some((elem, fields.len() as u32))
}

/// Does an operand of this type pass in another form than a scalar?
pub(crate) fn is_aggregate(shape: &Shape) -> bool {
    matches!(shape.form, Form::Split(_)) && shape.ty.name() == Some(builtin::tuple_name())
}

impl<'m> FunctionEmitter<'_, 'm> {
    /// What the intrinsic sees of a value of this type.
    fn machine_type(&self, ty: Ty) -> Option<Type<'m>> {
        let c = self.u.context;
        if let Some((elem, n)) = vector_of(ty) {
            return Some(self.machine_type(elem)?.vector(n));
        }
        let shape = self.u.shape(ty);
        match shape.form {
            Form::Scalar(s) => Some(s.llvm_type(c)),
            Form::Ghost => Some(c.void_type()),
            Form::Split(_) if is_aggregate(&shape) => {
                let fields: Vec<Type<'m>> = ty.params().iter().map(|&t| self.machine_type(t)).collect::<Option<_>>()?;
                Some(c.struct_type(&fields, false))
            }
            _ => None,
        }
    }

    /// The next value of this type of a list of scalars.
    fn joined(&self, ty: Ty, parts: &mut impl Iterator<Item = Value<'m>>) -> Option<Value<'m>> {
        let whole = self.machine_type(ty)?;
        if let Some((_, n)) = vector_of(ty) {
            let mut vector = whole.poison();
            for i in 0..n {
                vector = self.b.insert_element(vector, parts.next()?, self.int(32, i.into()));
            }
            return Some(vector);
        }
        if !is_aggregate(&self.u.shape(ty)) {
            return parts.next();
        }
        let mut aggregate = whole.poison();
        for (i, &field) in ty.params().iter().enumerate() {
            aggregate = self.b.insert_value(aggregate, self.joined(field, parts)?, i as u32);
        }
        Some(aggregate)
    }

    /// The scalars of a value, in order.
    fn taken_apart(&self, ty: Ty, v: Value<'m>, out: &mut Vec<Value<'m>>) {
        if let Some((_, n)) = vector_of(ty) {
            out.extend((0..n).map(|i| self.b.extract_element(v, self.int(32, i.into()))));
        } else if is_aggregate(&self.u.shape(ty)) {
            for (i, &field) in ty.params().iter().enumerate() {
                self.taken_apart(field, self.b.extract_value(v, i as u32), out);
            }
        } else {
            out.push(v);
        }
    }

    /// A call of an LLVM intrinsic with an operand or a result that is no scalar.
    pub fn vector_intrinsic(&mut self, name: Symbol, ret: Ty, arg_types: &[Ty], args: &[Arg]) -> Held<'m> {
        let (mut types, mut raw) = (Vec::new(), Vec::new());
        for (&arg, &ty) in args.iter().zip(arg_types) {
            let held = self.operand(arg);
            let held = self.coerce(&held, ty);
            if self.ended {
                return self.poison(ret);
            }
            let (Some(machine), Some(v)) = (self.machine_type(ty), self.joined(ty, &mut held.parts.iter().copied()))
            else {
                self.unsupported(format_args!("passing a `{ty}` to `{name}`"));
                return self.poison(ret);
            };
            types.push(machine);
            raw.push(v);
        }
        let Some(result) = self.machine_type(ret) else {
            self.unsupported(format_args!("a `{ret}` from `{name}`"));
            return self.poison(ret);
        };
        let ty = result.function(&types, false);
        let f = self.u.module.declare(name.as_str(), ty);
        let call = self.b.call_pointer(ty, f.value(), &raw);
        let shape = self.u.shape(ret);
        let mut parts = Vec::new();
        if !shape.parts().is_empty() {
            self.taken_apart(ret, call, &mut parts);
        }
        Held::new(shape, parts)
    }
}
