//! How values pass between functions: the specialised calling convention.
//!
//! A value passes as its parts (see [`crate::shape`]): scalars by value, memory-held aggregates by
//! pointer, ghosts not at all. A function with a hidden state takes it first; then come, for every
//! memory part of the result, pointers that the caller provides; then the arguments in order.
//! The result's scalar parts are returned: none as `void`, one as itself, more as a struct.

use crate::TargetLowering;
use crate::shape::{Part, Shape};
use llvm::{Context, Type};
use types::Ty;

/// The convention of one function.
#[derive(Clone, Debug)]
pub struct Signature {
    pub has_state: bool,
    /// Types that are passed, with `None` for parameters that are known constants.
    pub params: Vec<Option<Ty>>,
    pub ret: Ty,
}

impl Signature {
    /// The convention of a call of another code instance.
    pub fn of_types(params: &[Ty], ret: Ty, target: &dyn TargetLowering) -> Signature {
        Signature { has_state: target.has_state(), params: params.iter().map(|&t| Some(t)).collect(), ret }
    }

    /// The convention of a body (local ones drop their constant parameters).
    pub fn of_body(body: &ir::typed::TypedBody, target: &dyn TargetLowering) -> Signature {
        Signature {
            has_state: target.has_state(),
            params: body.params.iter().map(|p| p.constant.is_none().then_some(p.ty)).collect(),
            ret: body.ret,
        }
    }

    pub fn llvm_type<'c>(&self, context: &'c Context, target: &dyn TargetLowering) -> Type<'c> {
        let mut params = Vec::new();
        let pointer = context.ptr_type(0);
        if self.has_state {
            params.push(pointer);
        }
        let ret = Shape::of(self.ret, target);
        let ret_parts = ret.parts();
        params.extend(ret_parts.iter().filter(|p| p.is_slot()).map(|_| pointer));
        for &ty in self.params.iter().flatten() {
            params.extend(Shape::of(ty, target).parts().iter().map(|p| p.llvm_type(context)));
        }
        return_type(context, ret_parts).function(&params, false)
    }
}

/// The LLVM type that a function returns for a result with these parts.
pub fn return_type<'c>(context: &'c Context, parts: &[Part]) -> Type<'c> {
    let scalars: Vec<Type<'c>> = parts.iter().filter(|p| !p.is_slot()).map(|p| p.llvm_type(context)).collect();
    match scalars[..] {
        [] => context.void_type(),
        [one] => one,
        _ => context.struct_type(&scalars, false),
    }
}
