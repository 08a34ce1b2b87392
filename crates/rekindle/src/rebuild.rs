//! Exceptions of kernels as objects: recipes of throws, followed on the host.

use crate::engine::Engine;
use codegen::Recipe;
use runtime::{Exception, Value, ValueVec, errors, object};

/// What a recipe comes to, over the bytes that the throw recorded. Arrays of kernels become those of `originals` that they are of.
///
/// # Errors
/// What a call in it throws: for the recipe of an exception, the exception.
pub(crate) fn value(engine: &Engine, recipe: &Recipe, data: &[u8], originals: Value) -> Result<Value, Exception> {
    let all = |parts: &[Recipe]| -> Result<ValueVec, Exception> {
        let mut values = ValueVec::new();
        for part in parts {
            values.push(value(engine, part, data, originals)?);
        }
        Ok(values)
    };
    match recipe {
        Recipe::Constant(v) => Ok(*v),
        Recipe::Data { ty, offset } => converted(engine, recorded(*ty, *offset, data)?, originals),
        Recipe::New { ty, fields } => match object::new_object(*ty, &all(fields)?) {
            Ok(made) => Ok(made),
            Err(_) => object_of(engine, *ty, fields, data, originals),
        },
        Recipe::Tuple(fields) => Ok(object::tuple(&all(fields)?)),
        Recipe::Exception { kind, fields } => {
            let ty = runtime::core_types().error_types.get(kind).copied();
            let ty = ty.ok_or_else(|| errors::error(&format!("{kind} is no exception of Core")))?;
            object::new_object(ty, &all(fields)?)
        }
        Recipe::Call { parts, rest } => {
            let mut values = all(parts)?;
            if *rest && let Some(tuple) = values.pop() {
                values.extend(object::fields_of(tuple).iter().copied());
            }
            let (&f, args) = values.split_first().ok_or_else(|| errors::error("a call of nothing"))?;
            engine.session().with_interp(|i| i.call_in(engine.world_age(), f, args))
        }
    }
}

/// What a throw recorded, as it was in the kernel.
fn recorded(ty: types::Ty, offset: usize, data: &[u8]) -> Result<Value, Exception> {
    let size = ty.layout().map_or(0, |l| l.size);
    let bytes = data.get(offset..offset + size);
    let bytes = bytes.ok_or_else(|| errors::error("a kernel recorded less than an exception needs"))?;
    // SAFETY: plain data of this type was written there by the throw.
    Ok(unsafe { Value::from_bytes(ty, bytes.as_ptr()) })
}

/// The value of the kernel as the host knows it.
fn converted(engine: &Engine, x: Value, originals: Value) -> Result<Value, Exception> {
    engine.session().with_interp(|i| engine.session().call_base(i, "kernel_value", &[x, originals]))
}

/// An object whose type says how its fields are in the kernel is made of these, then converted as a whole.
fn object_of(
    engine: &Engine,
    ty: types::Ty,
    fields: &[Recipe],
    data: &[u8],
    originals: Value,
) -> Result<Value, Exception> {
    let mut values = ValueVec::new();
    for field in fields {
        values.push(match field {
            Recipe::Data { ty, offset } => recorded(*ty, *offset, data)?,
            other => value(engine, other, data, originals)?,
        });
    }
    converted(engine, object::new_object(ty, &values)?, originals)
}
