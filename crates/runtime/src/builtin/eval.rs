//! [`Builtin::eval`].

use super::{Builtin as B, fields, globals, memory};
use crate::{Exception, Value, array, core_types, egal, errors, hooks, info, object, param};

fn expect_type(op: B, v: Value) -> Result<types::Ty, Exception> {
    v.as_type().ok_or_else(|| errors::type_error(op.name(), "", core_types().type_object(), v))
}

impl B {
    /// Applies the builtin. Calls of Julia functions go through [`crate::hooks`].
    ///
    /// # Errors
    /// The Julia exception.
    #[inline]
    pub fn eval(self, args: &[Value]) -> Result<Value, Exception> {
        let (min, max) = self.arity();
        if args.len() < min {
            return Err(errors::argument(&format!("{}: too few arguments (expected {min})", self.name())));
        }
        if args.len() > max {
            return Err(errors::argument(&format!("{}: too many arguments (expected {max})", self.name())));
        }
        match self {
            B::Egal => Ok(Value::boolean(egal::egal(args[0], args[1]))),
            B::Typeof => Ok(Value::from(args[0].type_of())),
            B::Isa => {
                let ty = expect_type(self, args[1])?;
                Ok(Value::boolean(crate::isa(args[0], ty)))
            }
            B::Getfield => fields::getfield(args[0], args[1]),
            B::Tuple => Ok(object::tuple(args)),
            B::Ifelse => match args[0].as_bool() {
                Some(c) => Ok(if c { args[1] } else { args[2] }),
                None => Err(errors::type_error("ifelse", "", Value::from(core_types().bool), args[0])),
            },
            _ => self.eval_other(args),
        }
    }

    fn eval_other(self, args: &[Value]) -> Result<Value, Exception> {
        match self {
            B::Typeassert => {
                let ty = expect_type(self, args[1])?;
                if crate::isa(args[0], ty) {
                    Ok(args[0])
                } else {
                    Err(errors::type_error("typeassert", "", args[1], args[0]))
                }
            }
            B::Subtype => {
                let a = args[0]
                    .as_type()
                    .ok_or_else(|| errors::type_error("<:", "", core_types().type_object(), args[0]))?;
                let b = args[1]
                    .as_type()
                    .ok_or_else(|| errors::type_error("<:", "", core_types().type_object(), args[1]))?;
                Ok(Value::boolean(crate::subtype_cached(a, b)))
            }
            B::Setfield
            | B::Swapfield
            | B::Modifyfield
            | B::Replacefield
            | B::Setfieldonce
            | B::Isdefined
            | B::Nfields => fields::eval(self, args),
            B::Fieldtype => fieldtype(args),
            B::ApplyType => param::apply_type(args[0], &args[1..]),
            B::TypeofType => match args[0].as_type() {
                Some(_) => param::apply_type(core_types().type_object(), args),
                None => Ok(Value::from(args[0].type_of())),
            },
            B::Svec => Ok(Value::svec(args)),
            B::SvecRef => {
                let (v, i) = (args[0].as_svec(), args[1].as_int());
                let (Some(v), Some(i)) = (v, i) else {
                    return Err(errors::type_error("_svec_ref", "", Value::from(core_types().simplevector), args[0]));
                };
                v.get((i - 1) as usize).copied().ok_or_else(|| errors::bounds(args[0], i))
            }
            B::SvecLen => match args[0].as_svec() {
                Some(v) => Ok(Value::int(v.len() as i64)),
                None => Err(errors::type_error("_svec_len", "", Value::from(core_types().simplevector), args[0])),
            },
            B::Throw => Err(Exception(args[0])),
            B::ThrowMethodError => {
                Err(errors::method(args[0], &args[1..], hooks::evaluator().map_or(0, |e| e.world_age())))
            }
            B::Sizeof => sizeof(args[0]),
            B::Typevar => {
                let Some(name) = args[0].as_symbol() else {
                    return Err(errors::type_error("TypeVar", "", Value::from(core_types().symbol), args[0]));
                };
                let (lower, upper) = (expect_type(self, args[1])?, expect_type(self, args[2])?);
                Ok(Value::from(types::TypeVar::new(name, lower, upper).ty()))
            }
            B::UnionAllNew => {
                let var = expect_type(self, args[0])?.var();
                let Some(var) = var else {
                    return Err(errors::type_error("UnionAll", "", Value::from(core_types().typevar), args[0]));
                };
                let body = args[1]
                    .as_type()
                    .ok_or_else(|| errors::type_error("UnionAll", "", core_types().type_object(), args[1]))?;
                Ok(Value::from(types::make_unionall(var, body)))
            }
            B::Expr => {
                if !args[0].is(core_types().symbol) {
                    return Err(errors::type_error("Expr", "head", Value::from(core_types().symbol), args[0]));
                }
                Ok(crate::expr::new_expr(args[0], &args[1..]))
            }
            B::MemoryNew
            | B::MemoryrefNew
            | B::MemoryrefGet
            | B::MemoryrefSet
            | B::MemoryrefOffset
            | B::MemoryrefIsassigned
            | B::MemoryrefUnset
            | B::MemoryrefSwap
            | B::MemoryrefModify
            | B::MemoryrefReplace => memory::eval(self, args),
            B::Getglobal | B::Setglobal | B::Isdefinedglobal | B::GetBindingType => globals::eval(self, args),
            B::DoNotDelete => Ok(Value::nothing()),
            B::CompilerBarrier => Ok(args[1]),
            // Finalisers run at no determined time; the collector's own reuse of memory needs none.
            B::Finalizer => {
                crate::finalize::register(args[0], args[1])?;
                Ok(args[1])
            }
            B::ApplyIterate => hooks::evaluator()?.apply_iterate(args[0], args[1], &args[2..]),
            B::Apply => hooks::evaluator()?.apply_iterate(Value::nothing(), args[0], &args[1..]),
            B::Invoke => hooks::evaluator()?.invoke(args[0], args[1], &args[2..]),
            B::InvokeLatest => hooks::evaluator()?.call_latest(args[0], &args[1..]),
            B::CallInWorld => match args[0].as_any_int() {
                Some(w) => hooks::evaluator()?.call_in_world(w as u64, args[1], &args[2..]),
                None => Err(errors::type_error("_call_in_world", "", Value::from(core_types().uint64), args[0])),
            },
            B::Applicable => Ok(Value::boolean(hooks::evaluator()?.applicable(args[0], &args[1..]))),
            B::Kwcall => hooks::evaluator()?.call(core_types().kwcall_value, args),
            B::CurrentExceptions => Ok(array::vector_any(&hooks::evaluator()?.current_exceptions())),
            B::Rethrow => match args.first() {
                Some(&e) => Err(Exception(e)),
                None => match hooks::evaluator()?.current_exceptions().last() {
                    Some(&e) => Err(Exception(e)),
                    None => Err(errors::error("rethrow() not allowed outside a catch block")),
                },
            },
            // The others are in `eval`.
            B::Egal | B::Typeof | B::Isa | B::Getfield | B::Tuple | B::Ifelse => self.eval(args),
        }
    }
}

fn sizeof(v: Value) -> Result<Value, Exception> {
    if let Some(ty) = v.as_type() {
        if !ty.is_datatype() || !ty.is_concrete() {
            let what = if ty.is_datatype() && ty.name().is_some_and(|n| n.is_abstract()) {
                "Abstract type"
            } else {
                "Argument"
            };
            return Err(errors::error(&format!("{what} {ty} does not have a definite size.")));
        }
        let t = info(ty);
        if t.opaque {
            return Err(errors::error(&format!("Type {ty} does not have a definite size.")));
        }
        return Ok(Value::int(t.size as i64));
    }
    if let Some(bytes) = v.as_bytes() {
        return Ok(Value::int(bytes.len() as i64));
    }
    if let Some(a) = array::Array::from_value(v) {
        return Ok(Value::int((a.len() * a.elements.stride) as i64));
    }
    if let Some(s) = v.as_symbol() {
        return Ok(Value::int(s.as_str().len() as i64));
    }
    let t = info(v.type_of());
    if t.is_memory {
        let stride = t.elements()?.stride;
        return Ok(Value::int((array::memory_parts(v).0 * stride) as i64));
    }
    if let Some(s) = v.as_svec() {
        return Ok(Value::int(8 + 8 * s.len() as i64));
    }
    Ok(Value::int(t.size as i64))
}

/// `fieldtype(T, name or index)`
fn fieldtype(args: &[Value]) -> Result<Value, Exception> {
    let c = core_types();
    let ty = args[0].as_type().ok_or_else(|| errors::type_error("fieldtype", "", Value::from(c.datatype), args[0]))?;
    if ty.is_bottom() {
        return Err(errors::argument("Union{} does not have a field"));
    }
    if ty.is_union() {
        let parts = ty.union_parts();
        let mut found = Vec::new();
        for p in parts {
            match fieldtype(&[Value::from(p), args[1]]) {
                Ok(v) => found.extend(v.as_type()),
                Err(e) => return Err(e),
            }
        }
        return Ok(Value::from(types::make_union(&found)));
    }
    let body = ty.unwrap_unionall();
    if !body.is_datatype() {
        return Err(errors::type_error("fieldtype", "", Value::from(c.datatype), args[0]));
    }
    let index = match (args[1].as_int(), args[1].as_symbol()) {
        (Some(i), _) => i - 1,
        (_, Some(name)) => match body.field_index(name) {
            Some(i) => i as i64,
            None => return Err(errors::no_field(body, name)),
        },
        _ => return Err(errors::type_error("fieldtype", "", Value::from(c.symbol), args[1])),
    };
    match usize::try_from(index).ok().and_then(|i| ty.field_type(i)) {
        Some(t) => Ok(param::ty_to_value(t)),
        None => Err(errors::bounds(args[0], index + 1)),
    }
}
