//! Expansion of `@generated` functions.

use crate::code::Code;
use crate::convert;
use crate::dispatch::method_code;
use crate::lowering_host::Host;
use crate::session::Session;
use ir::lowered::CodeInfo;
use runtime::{Exception, Module, Value, errors, param};
use std::sync::Arc;
use types::Ty;
use world::MiRef;

/// Runs the generator of a method for an instance's argument types and lowers the body it makes. Remembered per
/// instance.
pub fn expand(session: &'static Session, mi: MiRef) -> Result<Arc<CodeInfo>, Exception> {
    let key = std::ptr::from_ref(mi.get()).addr();
    if let Some(done) = session.expansions.lock().unwrap_or_else(|e| e.into_inner()).get(&key) {
        return Ok(done.clone());
    }
    let Some(generator) = method_code(mi.method()) else {
        return Err(errors::error("generated method without code"));
    };
    let elements: Vec<Ty> = types::tuple_elements(mi.sig()).map(<[Ty]>::to_vec).unwrap_or_default();
    // Slots hold the types of the arguments; those of a vararg as a tuple of types.
    let type_objects: Vec<Value> = elements.iter().map(|&t| Value::from(t)).collect();
    let result = session.with_interp(|interp| {
        let base = interp.stack.top();
        type_objects.iter().for_each(|&t| interp.stack.push(t));
        let sparams: Box<[Option<Value>]> =
            mi.sparams().iter().map(|&p| (!p.is_var()).then(|| runtime::pin(param::ty_to_value(p)))).collect();
        let sparams: &'static [Option<Value>] = Box::leak(sparams);
        let code: &'static Code = session.code_of_method(mi.method(), generator.clone());
        let body = interp.run(code, sparams, base, type_objects.len(), session.world.age(), None)?;
        let m = Module::from_value(generator.module).ok_or_else(|| errors::error("internal: no module"))?;
        // A generator may return lowered code's source only as syntax.
        let e = convert::to_expr(body, generator.span);
        let mut host = Host::new(interp, m);
        lowering::lower_generated(&e, &generator, &mut host).map_err(|err| interp.lower_error(err, &e))
    })?;
    session.expansions.lock().unwrap_or_else(|e| e.into_inner()).insert(key, result.clone());
    Ok(result)
}
