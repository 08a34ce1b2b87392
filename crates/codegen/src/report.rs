//! Exceptions: thrown as objects on hosts, reported by number on devices.
//!
//! A report names a throw site (see [`ThrowSite`]), up to four integers, and at debug level 2 the calls that led to it: functions
//! then pass a *call record* to what they call, `{ caller's record, number of the call }`, on the stack; a throw walks them.

use crate::RuntimeFunction;
use crate::function::FunctionEmitter;
use crate::host_abi::Rk;
use crate::info::{CallSite, Frame, NO_SITE, RECORDS_DATA, ThrowSite};
use crate::shape::{Form, Scalar};
use crate::thrown::{Ingredients, Recipe};
use crate::value::Held;
use ir::typed::{Arg, InstKind};
use llvm::Value;
use runtime::Builtin;
use types::builtin;

impl<'m> FunctionEmitter<'_, 'm> {
    /// An exception without data.
    pub fn throw_simple(&mut self, f: Rk, kind: &str) {
        if self.u.target.is_host() {
            let f = f.declare(self.u.module);
            self.b.call(f, &[]);
        } else {
            self.throw_site(kind, None, &[]);
        }
        self.end();
    }

    pub fn throw_bounds(&mut self, object: &Held<'m>, index: Value<'m>) {
        if self.u.target.is_host() {
            let reference = self.boxed(object);
            let f = Rk::ThrowBounds.declare(self.u.module);
            self.b.call(f, &[reference, index]);
        } else {
            let recipe = self.recipe_by(|this, data| {
                let position = Held::new(this.u.shape(builtin::int64()), vec![index]);
                let parts = vec![this.recorded(object, data)?, this.recorded(&position, data)?];
                Some(Recipe::error("BoundsError", parts))
            });
            self.throw_site_with("BoundsError", None, &[index], recipe);
        }
        self.end();
    }

    /// On a device: the `TypeError` of `value` in the place of a `t`.
    pub fn throw_type_error(&mut self, what: &str, value: &Held<'m>, t: types::Ty, message: String) {
        let recipe = self.recipe_by(|this, data| {
            let constants = [runtime::Value::symbol(what), runtime::Value::string(""), runtime::Value::from(t)];
            let mut fields: Vec<_> = constants.into_iter().map(|v| Recipe::Constant(runtime::pin(v))).collect();
            fields.push(this.recorded(value, data)?);
            Some(Recipe::error("TypeError", fields))
        });
        self.throw_site_with("TypeError", Some(message), &[], recipe);
    }

    /// On a device: the use of a local variable that has no value.
    pub fn throw_undefined(&mut self, name: base::Symbol) {
        let recipe = self.recipe_by(|_, _| {
            let fields = [runtime::Value::symbol(name), runtime::Value::symbol("local")];
            Some(Recipe::error("UndefVarError", fields.map(Recipe::Constant).to_vec()))
        });
        self.throw_site_with("UndefVarError", Some(format!("`{name}` not defined")), &[], recipe);
    }

    /// Records a throw of device code and emits the report of it.
    pub fn throw_site(&mut self, kind: &str, message: Option<String>, args: &[Value<'m>]) {
        self.throw_site_with(kind, message, args, None);
    }

    /// The same, where `recipe` says how the exception is made.
    fn throw_site_with(
        &mut self,
        kind: &str,
        message: Option<String>,
        args: &[Value<'m>],
        recipe: Option<(Recipe, Ingredients<'m>)>,
    ) {
        let i32 = self.u.context.int_type(32);
        let (number, args) = if self.u.options.debug_level == 0 {
            (i32.const_int(NO_SITE.into()), Vec::new())
        } else {
            let numbers = &args[..args.len().min(4)];
            let frames = self.frames();
            let (recipe, data) = recipe.unzip();
            let site = ThrowSite {
                kind: kind.to_owned(),
                message,
                args: numbers.len() as u32,
                function: self.name,
                span: self.span,
                frames,
                recipe: recipe.map(std::sync::Arc::new),
            };
            let index = self.u.add_site(site);
            let base = self.b.load(i32, self.u.site_base(), 4);
            match data {
                Some(data) => {
                    let place = self.record(numbers, &data);
                    (self.b.add(base, self.int(32, (index | RECORDS_DATA).into())), place.to_vec())
                }
                None => (self.b.add(base, self.int(32, index.into())), numbers.to_vec()),
            }
        };
        self.u.info.borrow_mut().throws = true;
        let mut values = vec![number];
        values.extend((0..4).map(|i| args.get(i).copied().unwrap_or_else(|| self.int(64, 0))));
        values.push(self.site().calls.unwrap_or_else(|| self.u.pointer().zero()));
        self.call_runtime(RuntimeFunction::ReportException, &values);
    }

    /// What `make` says of the exception, where the machine can record it.
    fn recipe_by(
        &mut self,
        make: impl FnOnce(&mut Self, &mut Ingredients<'m>) -> Option<Recipe>,
    ) -> Option<(Recipe, Ingredients<'m>)> {
        if !self.u.target.records_thrown_data() || self.u.options.debug_level == 0 {
            return None;
        }
        let mut data = Ingredients::none();
        make(self, &mut data).map(|recipe| (recipe, data))
    }

    /// The functions that the instruction being emitted is in, innermost first.
    fn frames(&self) -> Vec<Frame> {
        self.inlined().map(|(function, span)| Frame { function, span }).collect()
    }

    /// Notes the call that is about to be made, and gives the record to pass: a throw in it reports it.
    pub fn note_call(&mut self) -> Value<'m> {
        let Some(own) = self.call_record() else { return self.u.pointer().zero() };
        let number = self.u.add_call(CallSite { frames: self.frames() });
        let base = self.b.load(self.u.context.int_type(32), self.u.call_base(), 4);
        let number = self.b.add(base, self.int(32, number.into()));
        self.b.store(number, self.b.offset(own, 8), 4);
        own
    }

    /// On a device: reports what a call that never returns throws, in place of the call. False if that is not known.
    pub fn report(&mut self, inst: &ir::typed::Inst, args: &[Arg]) -> bool {
        let body = self.body();
        let thrown = match &inst.kind {
            InstKind::Invoke { callee, .. } => {
                let ci = body.callees[callee.0 as usize].instance;
                ci.get().body::<ir::typed::TypedBody>().and_then(|b| b.thrown_type())
            }
            InstKind::InvokeLocal { callee, .. } => body.locals[callee.0 as usize].thrown_type(),
            _ => None,
        };
        let Some(thrown) = thrown else { return false };
        let kind = thrown.name().map_or_else(|| "Exception".to_owned(), |n| n.name().to_string());
        let message = args.iter().find_map(|a| match a {
            Arg::Const(v) => v.as_text().map(|t| t.into_owned()),
            _ => None,
        });
        let mut numbers = Vec::new();
        for &a in args {
            if !matches!(a, Arg::Inst(id) if self.is_skipped(id)) {
                self.numbers_of_arg(a, &mut numbers);
            }
        }
        let recipe = self.recipe_by(|this, data| this.recipe_of_call(&inst.kind, data));
        self.throw_site_with(&kind, message, &numbers, recipe);
        self.end();
        true
    }

    /// Up to four integers of a value, for the report of an exception.
    pub fn integers_of(&mut self, held: &Held<'m>, out: &mut Vec<Value<'m>>) {
        let held = self.materialise(held);
        let scalars: Vec<Scalar> = match &held.shape.form {
            Form::Scalar(s) => vec![*s],
            Form::Split(leaves) => leaves.iter().map(|l| l.scalar).collect(),
            _ => return,
        };
        for (scalar, &v) in scalars.iter().zip(&held.parts) {
            if out.len() == 4 {
                return;
            }
            let i64 = self.u.context.int_type(64);
            match scalar {
                Scalar::Bool => out.push(self.b.zext(v, i64)),
                Scalar::Int(bits) if *bits < 64 => out.push(self.b.sext(v, i64)),
                Scalar::Int(64) => out.push(v),
                _ => {}
            }
        }
    }

    /// `throw(x)`.
    pub fn throw(&mut self, arg: Arg) -> Held<'m> {
        let bottom = self.poison(builtin::bottom());
        if self.u.target.is_host() {
            let held = self.operand(arg);
            let reference = self.boxed(&held);
            let f = Rk::Throw.declare(self.u.module);
            self.b.call(f, &[reference]);
            self.end();
            return bottom;
        }
        // Devices report what is thrown without making the object.
        let body = self.body();
        let kind = body.arg_type(arg).name().map_or_else(|| "Exception".to_owned(), |n| n.name().to_string());
        let mut message = None;
        let mut numbers = Vec::new();
        let mut source = arg;
        while let Arg::Inst(id) = source {
            match &body.insts[id.0 as usize].kind {
                InstKind::Pi(inner) => source = *inner,
                InstKind::New { args } => {
                    for &field in args {
                        let text = match field {
                            Arg::Const(v) => v.as_text(),
                            _ => None,
                        };
                        match text {
                            Some(text) => message = Some(text.into_owned()),
                            None => self.numbers_of_arg(field, &mut numbers),
                        }
                    }
                    break;
                }
                _ => break,
            }
        }
        if let Arg::Const(v) = source
            && let Some(text) =
                runtime::info(v.type_of()).fields.first().and_then(|_| runtime::object::get_index(v, 0).ok())
        {
            message = text.as_text().map(|t| t.into_owned());
        }
        let recipe = self.recipe_by(|this, data| this.recipe_of(arg, data).map(Recipe::throw_of));
        self.throw_site_with(&kind, message, &numbers, recipe);
        self.end();
        bottom
    }

    /// Integers of a field of an exception, which may itself be an object that is not made.
    fn numbers_of_arg(&mut self, arg: Arg, out: &mut Vec<Value<'m>>) {
        if let Arg::Inst(id) = arg {
            let body = self.body();
            match &body.insts[id.0 as usize].kind {
                InstKind::Builtin { op: Builtin::Tuple, args } => {
                    for &a in args {
                        self.numbers_of_arg(a, out);
                    }
                    return;
                }
                InstKind::Pi(inner) => return self.numbers_of_arg(*inner, out),
                InstKind::New { .. } => return,
                _ => {}
            }
        }
        let held = self.operand(arg);
        // Only what reads as an index or a number; arrays contribute nothing.
        if types::subtype(held.ty(), builtin::integer()) || held.ty().name() == Some(builtin::tuple_name()) {
            self.integers_of(&held, out);
        }
    }
}
