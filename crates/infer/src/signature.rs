//! From call signatures to the slots of a method's body.

use crate::lattice::Lat;
use ir::lowered::CodeInfo;
use types::{Ty, builtin};
use world::MiRef;

/// Element types of a signature under its `where`s, free variables replaced by their bounds.
pub fn elements(sig: Ty) -> Vec<Ty> {
    let mut vars = Vec::new();
    let mut body = sig;
    while let Some((var, inner)) = body.unionall() {
        vars.push(var);
        body = inner;
    }
    body.params()
        .iter()
        .map(|&p| {
            if !p.has_free_vars() {
                return p;
            }
            if let Some((elem, _)) = p.vararg() {
                return crate::ty::vararg(closed(&vars, elem));
            }
            closed(&vars, p)
        })
        .collect()
}

fn closed(vars: &[types::TypeVar], t: Ty) -> Ty {
    if let Some(v) = t.var() {
        return if v.upper().has_free_vars() { builtin::any() } else { v.upper() };
    }
    let wrapped = types::wrap_unionall(vars, t);
    if wrapped.has_free_vars() { builtin::any() } else { wrapped }
}

/// What is known of each slot of a method instance's body.
pub fn slots_of_instance(mi: MiRef, code: &CodeInfo) -> Vec<Lat> {
    slots_for(mi, code.nargs as usize, code.is_va)
}

fn slots_for(mi: MiRef, nargs: usize, is_va: bool) -> Vec<Lat> {
    let params = elements(mi.sig());
    let fixed = if is_va { nargs - 1 } else { nargs };
    let tail = params.last().and_then(|p| p.vararg()).map(|(elem, _)| elem);
    let known = if tail.is_some() { &params[..params.len() - 1] } else { &params[..] };
    let at = |i: usize| known.get(i).copied().or(tail).unwrap_or_else(builtin::any);
    let mut slots: Vec<Lat> = (0..fixed).map(|i| Lat::of_type(at(i))).collect();
    if is_va {
        let rest: Vec<Ty> = known.iter().skip(fixed).copied().collect();
        slots.push(match tail {
            None => Lat::tuple(rest.into_iter().map(Lat::of_type).collect()),
            Some(elem) => {
                let mut elements: Vec<Ty> = rest.into_iter().map(crate::ty::as_element).collect();
                elements.push(crate::ty::vararg(crate::ty::as_element(elem)));
                Lat::Ty(crate::ty::tuple(&elements))
            }
        });
    }
    slots
}

/// Static parameters: the type or value where it is determined.
pub fn sparams_of_instance(mi: MiRef) -> Vec<Lat> {
    mi.sparams()
        .iter()
        .map(|&p| match p.var() {
            None if !p.has_free_vars() => Lat::constant(runtime::param::ty_to_value(p)),
            // Without a bound it may stand for a number as well as for a type.
            Some(v) if v.upper() != builtin::any() => Lat::of_type(crate::ty::type_type_upto(v.upper())),
            Some(_) => Lat::any(),
            None => Lat::any(),
        })
        .collect()
}

/// Types of the slots of an instance's body, as its parameters are declared.
pub fn slot_types(mi: MiRef, slots: usize, is_va: bool) -> Vec<Ty> {
    slots_for(mi, slots, is_va).iter().map(Lat::widen).collect()
}
