//! Builtins on global variables.

use super::Builtin as B;
use crate::module::Binding;
use crate::{Exception, Module, Value, core_types, egal, errors};
use base::Symbol;

/// Assigns a global from anywhere: unlike `name = x` in the module itself, this makes no new one.
pub fn set(m: &'static Module, name: Symbol, x: Value) -> Result<Value, Exception> {
    if m.binding(name).settled().is_none() {
        return Err(errors::error(&format!(
            "Global {0}.{name} does not exist and cannot be assigned.\nHint: Declare it using `global {name}` inside `{0}` before attempting assignment.",
            m.name
        )));
    }
    let b = m.binding_for_write(name).map_err(|_| {
        errors::error(&format!(
            "cannot assign a value to imported variable {}.{name} from module {}",
            owner_name(m, name),
            m.name
        ))
    })?;
    assign(b, x)
}

fn owner_name(m: &'static Module, name: Symbol) -> String {
    m.existing(name).and_then(Binding::settled).map_or_else(|| m.path(), |b| b.module.path())
}

/// Assigns a binding that its own module is allowed to assign.
pub fn assign(b: &'static Binding, x: Value) -> Result<Value, Exception> {
    if b.is_const()
        && let Some(old) = b.own_value()
    {
        if egal::egal(old, x) {
            return Ok(x);
        }
        if old.type_of() != x.type_of() || old.as_type().is_some() || Module::from_value(old).is_some() {
            return Err(errors::error(&format!("invalid redefinition of constant {}.{}", b.module.path(), b.name)));
        }
    }
    if let Some(ty) = b.declared_type()
        && !crate::isa(x, ty)
    {
        return Err(errors::type_error("setglobal!", "", Value::from(ty), x));
    }
    b.store(x);
    Ok(x)
}

/// The value of a global or the `UndefVarError`.
pub fn get(m: &'static Module, name: Symbol) -> Result<Value, Exception> {
    m.get(name).ok_or_else(|| errors::undef_global(m.value(), name))
}

pub fn eval(op: B, args: &[Value]) -> Result<Value, Exception> {
    let Some(m) = Module::from_value(args[0]) else {
        return Err(errors::type_error(op.name(), "", Value::from(core_types().module), args[0]));
    };
    let Some(name) = args[1].as_symbol() else {
        return Err(errors::type_error(op.name(), "", Value::from(core_types().symbol), args[1]));
    };
    match op {
        B::Getglobal => get(m, name),
        B::Setglobal => set(m, name, args[2]),
        B::GetBindingType => {
            let ty = m.binding(name).resolve().and_then(|b| b.declared_type());
            Ok(Value::from(ty.unwrap_or(core_types().any)))
        }
        _ => Ok(Value::boolean(m.get(name).is_some())),
    }
}
