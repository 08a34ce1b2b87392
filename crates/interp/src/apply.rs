//! `_apply_iterate` and `invoke`.

use crate::dispatch::dispatch_types;
use crate::exec::Interp;
use runtime::array::Array;
use runtime::{Exception, Value, errors, info, object};
use world::{Dispatch, WorldAge};

impl Interp {
    /// `f(args[1]..., args[2]..., …)`
    pub fn apply_iterate(&self, iterate: Value, f: Value, args: &[Value], world: WorldAge) -> Result<Value, Exception> {
        let base = self.stack.top();
        self.stack.push(f);
        let r = self.flatten(iterate, args, world);
        if let Err(e) = r {
            self.stack.set_top(base);
            return Err(e);
        }
        let n = (self.stack.top() as usize - base as usize) / size_of::<usize>();
        self.call_on_stack(base, n, world)
    }

    /// Pushes the elements of all arguments.
    fn flatten(&self, iterate: Value, args: &[Value], world: WorldAge) -> Result<(), Exception> {
        for &a in args {
            let t = info(a.type_of());
            let is_named_tuple = || t.ty.name().is_some_and(|n| n.is_named_tuple());
            if t.is_tuple || is_named_tuple() {
                self.room(t.fields.len())?;
                for f in &t.fields {
                    // SAFETY: the fields are those of the object's type.
                    if let Some(v) = unsafe { object::load_field(a.as_ptr(), f) } {
                        self.stack.push(v);
                    }
                }
            } else if let Some(elements) = a.as_svec() {
                self.room(elements.len())?;
                elements.iter().for_each(|&v| self.stack.push(v));
            } else if let Some(array) = Array::from_value(a) {
                let n = array.len();
                self.room(n)?;
                for i in 0..n {
                    self.stack.push(array.get(i).ok_or_else(errors::undef_ref)?);
                }
            } else {
                self.iterate_all(iterate, a, world)?;
            }
        }
        Ok(())
    }

    fn room(&self, n: usize) -> Result<(), Exception> {
        if self.stack.has_room(n + 64) { Ok(()) } else { Err(errors::stack_overflow()) }
    }

    /// Pushes what `iterate` yields for `a`.
    fn iterate_all(&self, iterate: Value, a: Value, world: WorldAge) -> Result<(), Exception> {
        let mut next = self.call_in(world, iterate, &[a])?;
        while !next.is_nothing() {
            self.room(1)?;
            let (v, state) = (object::get_index(next, 0)?, object::get_index(next, 1)?);
            self.stack.push(v);
            next = self.call_in(world, iterate, &[a, state])?;
        }
        Ok(())
    }

    /// `invoke(f, types, args...)`: the method that a call with these declared types selects.
    pub fn invoke(&self, f: Value, types: Value, args: &[Value], world: WorldAge) -> Result<Value, Exception> {
        let tuple = types.as_type();
        let elements = tuple.and_then(types::tuple_elements);
        let (Some(tuple), Some(elements)) = (tuple, elements) else {
            return Err(errors::type_error("invoke", "", Value::from(types::builtin::tuple()), types));
        };
        let mut actual = vec![f];
        actual.extend_from_slice(args);
        let actual = dispatch_types(&actual);
        let given = types::type_of_tuple(&actual[1..]);
        if !runtime::subtype_cached(given, tuple) {
            return Err(errors::type_error("invoke", "", Value::from(tuple), object::tuple(args)));
        }
        let mut sig = vec![actual[0]];
        sig.extend_from_slice(elements);
        let found = self.session.world.lookup_one_sig(self.session.stack, types::type_of_tuple(&sig), world);
        let Dispatch::Found(m) = found else {
            return Err(errors::method(f, args, world.0));
        };
        // The static parameters are those of the arguments as they are.
        let (sig, sparams) = types::intersect_env(types::type_of_tuple(&actual), m.method.sig());
        let target = self.session.targets.of_instance(m.method.instance(sig, &sparams));
        let base = self.stack.top();
        self.room(args.len() + 1)?;
        self.stack.push(f);
        args.iter().for_each(|&a| self.stack.push(a));
        self.enter(target, base, args.len() + 1, world)
    }
}
