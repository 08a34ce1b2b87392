//! Calls that leave compiled code: host builtins, run-time dispatch, C functions, globals; and the
//! boxed entry that the interpreter calls.

use crate::emit::UnitEmitter;
use crate::function::FunctionEmitter;
use crate::host_abi::Rk;
use crate::shape::{Form, Scalar};
use crate::value::Held;
use crate::vectors::is_aggregate;
use base::Symbol;
use ir::lowered::GlobalRef;
use ir::typed::{Arg, TypedBody};
use llvm::{Attribute, AttributeSite, Function, Value};
use types::{Ty, builtin};

impl<'m> FunctionEmitter<'_, 'm> {
    fn host_only(&self, what: std::fmt::Arguments<'_>) -> bool {
        if !self.u.target.is_host() {
            self.unsupported(what);
        }
        self.u.target.is_host()
    }

    fn any(&self, reference: Value<'m>) -> Held<'m> {
        Held::new(self.u.shape(builtin::any()), vec![reference])
    }

    pub fn host_call(&mut self, name: Symbol, args: &[Arg]) -> Held<'m> {
        if !self.host_only(format_args!("the host function `{name}`")) {
            return self.poison(builtin::any());
        }
        let held = self.operands(args);
        let list = self.reference_list(&held);
        let f = Rk::HostCall.declare(self.u.module);
        let entry = self.u.host_entry(name);
        let result = self.b.call(f, &[entry, list, self.int(64, held.len() as u64)]);
        self.any(result)
    }

    pub fn dynamic(&mut self, f: Arg, args: &[Arg]) -> Held<'m> {
        if !self.host_only(format_args!("a call that is dispatched at run time")) {
            return self.poison(builtin::any());
        }
        let mut held = vec![self.operand(f)];
        held.extend(self.operands(args));
        let list = self.reference_list(&held);
        let f = Rk::ApplyGeneric.declare(self.u.module);
        let result = self.b.call(f, &[list, self.int(64, held.len() as u64)]);
        self.any(result)
    }

    pub fn load_global(&mut self, global: GlobalRef) -> Held<'m> {
        if !self.host_only(format_args!("reading the non-constant global `{}`", global.name)) {
            return self.poison(builtin::any());
        }
        let f = Rk::LoadGlobal.declare(self.u.module);
        let binding = self.u.binding(global);
        let result = self.b.call(f, &[binding]);
        self.any(result)
    }

    pub fn store_global(&mut self, global: GlobalRef, arg: Arg) -> Held<'m> {
        let held = self.operand(arg);
        if self.host_only(format_args!("assigning the global `{}`", global.name)) {
            let reference = self.boxed(&held);
            let f = Rk::StoreGlobal.declare(self.u.module);
            let binding = self.u.binding(global);
            self.b.call(f, &[binding, reference]);
        }
        held
    }

    /// The tuple of type `ty` of the references from index `first` of a list of `n`.
    fn rest_tuple(&mut self, list: Value<'m>, n: Value<'m>, first: u64, ty: Ty) -> Held<'m> {
        let pointer = self.u.pointer();
        let start = self.b.offset(list, 8 * first);
        if ty.is_concrete() {
            let elements: Vec<Held<'m>> = ty
                .field_types()
                .iter()
                .enumerate()
                .map(|(i, &elem)| {
                    let reference = self.b.load(pointer, self.b.offset(start, 8 * i as u64), 8);
                    self.unbox(reference, elem)
                })
                .collect();
            return self.assemble(ty, &elements);
        }
        let count = self.b.sub(n, self.int(64, first));
        let f = Rk::Builtin.declare(self.u.module);
        let tuple = self.b.call(f, &[self.int(32, runtime::Builtin::Tuple as u64), start, count]);
        self.unbox(tuple, ty)
    }

    pub fn throw_undef_if_not(&mut self, name: Symbol, cond: Arg) -> Held<'m> {
        let held = self.operand(cond);
        let cond = self.coerce(&held, builtin::bool_());
        if !self.ended {
            let cond = cond.scalar();
            self.guard(cond, |this| {
                if this.u.target.is_host() {
                    let symbol = this.object(runtime::Value::symbol(name));
                    let f = Rk::ThrowUndefVar.declare(this.u.module);
                    this.b.call(f, &[symbol]);
                } else {
                    this.throw_undefined(name);
                }
            });
        }
        self.nothing()
    }

    pub fn throw_non_bool(&mut self, arg: Arg) -> Held<'m> {
        if self.u.target.is_host() {
            let held = self.operand(arg);
            let reference = self.boxed(&held);
            let f = Rk::ThrowNonBool.declare(self.u.module);
            self.b.call(f, &[reference]);
        } else {
            let held = self.operand(arg);
            let message = "non-boolean used in boolean context".to_owned();
            self.throw_type_error("if", &held, builtin::bool_(), message);
        }
        self.end();
        self.poison(builtin::bottom())
    }

    // ---- C -------------------------------------------------------------------------------------

    /// How a C type passes: `None` for what C functions cannot take here (structs by value).
    fn c_type(&self, ty: Ty, intrinsic: bool) -> Option<Option<Scalar>> {
        match self.u.shape(ty).form {
            Form::Ghost | Form::Never => Some(None),
            Form::Scalar(Scalar::Bool) if !intrinsic => Some(Some(Scalar::Int(8))),
            Form::Scalar(s) => Some(Some(s)),
            Form::Boxed => Some(Some(self.u.reference())),
            _ => None,
        }
    }

    pub fn foreign(&mut self, name: Symbol, ret: Ty, arg_types: &[Ty], args: &[Arg]) -> Held<'m> {
        // Functions of the machine's compiler are spelled so, and pass what they take as LLVM's intrinsics do.
        let (name, external) = match name.as_str().strip_prefix("extern ") {
            Some(rest) => (Symbol::new(rest), true),
            None => (name, false),
        };
        let intrinsic = external || name.as_str().starts_with("llvm.");
        if let Err(finding) = self.u.may_declare(name.as_str(), self.span) {
            self.u.report(finding);
            return self.poison(ret);
        }
        if intrinsic && arg_types.iter().chain([&ret]).any(|&t| is_aggregate(&self.u.shape(t))) {
            return self.vector_intrinsic(name, ret, arg_types, args);
        }
        let mut types = Vec::new();
        let mut raw = Vec::new();
        for (i, &arg) in args.iter().enumerate() {
            let held = self.operand(arg);
            let ty = arg_types.get(i).copied().unwrap_or_else(|| held.ty());
            let Some(scalar) = self.c_type(ty, intrinsic) else {
                self.unsupported(format_args!("passing a `{ty}` by value to the C function `{name}`"));
                return self.poison(ret);
            };
            let Some(scalar) = scalar else { continue };
            let held = self.coerce(&held, ty);
            if self.ended {
                return self.poison(ret);
            }
            let want = scalar.llvm_type(self.u.context);
            let v = held.scalar();
            raw.push(if v.ty() == want { v } else { self.b.zext(v, want) });
            types.push(want);
        }
        let Some(result) = self.c_type(ret, intrinsic) else {
            self.unsupported(format_args!("a `{ret}` by value from the C function `{name}`"));
            return self.poison(ret);
        };
        let c = self.u.context;
        let return_type = result.map_or(c.void_type(), |s| s.llvm_type(c));
        let fixed = arg_types.len().min(types.len());
        let variadic = args.len() > arg_types.len();
        let f_type = return_type.function(if variadic { &types[..fixed] } else { &types }, variadic);
        let f = match self.u.module.function(name.as_str()) {
            Some(f) => f,
            None => {
                let f = self.u.module.add_function(name.as_str(), f_type);
                if !name.as_str().starts_with("llvm.") {
                    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
                    if ret.is_bottom() {
                        f.add_attribute(AttributeSite::Function, Attribute::Flag("noreturn"));
                        f.add_attribute(AttributeSite::Function, Attribute::Flag("cold"));
                    }
                    self.u.info.borrow_mut().foreign.push((name, self.span));
                }
                f
            }
        };
        // Two `ccall`s may declare one function differently: each calls with its own type.
        let call = self.b.call_pointer(f_type, f.value(), &raw);
        if ret.is_bottom() {
            self.end();
            return self.poison(ret);
        }
        let shape = self.u.shape(ret);
        match (&shape.form, result) {
            (Form::Scalar(Scalar::Bool), Some(Scalar::Int(8))) => {
                let bit = self.b.trunc(call, c.int_type(1));
                Held::new(shape, vec![bit])
            }
            (_, None) => Held::new(shape, Vec::new()),
            _ => Held::new(shape, vec![call]),
        }
    }
}

/// `wrapper(args, n) -> object`: takes references to the values of a call, the function first; what a variadic
/// function collects comes one by one, as in the call.
pub(crate) fn emit_wrapper<'m>(u: &UnitEmitter<'m>, body: &TypedBody, entry: Function<'m>, name: &str) {
    let c = u.context;
    let pointer = c.ptr_type(0);
    let f = u.module.add_function(name, pointer.function(&[pointer, c.int_type(64)], false));
    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    let mut e = FunctionEmitter::bare(u, body.name, f);
    let list = f.param(0);
    let mut args = Vec::new();
    let last = body.params.len().wrapping_sub(1);
    for (i, p) in body.params.iter().enumerate() {
        let held = match p.constant {
            Some(v) => e.constant(v),
            None if body.is_va && i == last => e.rest_tuple(list, f.param(1), i as u64, p.ty),
            None => {
                let reference = e.b.load(pointer, e.b.offset(list, 8 * i as u64), 8);
                e.unbox(reference, p.ty)
            }
        };
        args.push(held);
    }
    let signature = crate::signature::Signature::of_body(body, u.hidden());
    let result = e.call_signature(entry, &signature, &args);
    if !e.ended {
        let reference = match body.ret_const {
            Some(v) => e.object(v),
            None => e.boxed(&result),
        };
        e.b.ret(Some(reference));
    }
    e.close();
}
