//! How values pass between functions: the specialised calling convention.
//!
//! A value passes as its parts (see [`crate::shape`]): scalars by value, memory-held aggregates by
//! pointer, ghosts not at all. What is hidden comes first (see [`Hidden`]); then, for every
//! memory part of the result, pointers that the caller provides; then the arguments in order.
//! The result's scalar parts are returned: none as `void`, one as itself, more as a struct.

use crate::TargetLowering;
use crate::info::{RelocationStyle, UnitOptions};
use crate::shape::{Part, Shape};
use llvm::{Context, Type};
use types::Ty;

/// What functions take besides their arguments, each a pointer, in this order. Every function of a kernel takes all of
/// them; the linked kernel drops what a function does not need.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hidden {
    /// The kernel's state.
    pub state: bool,
    /// The table of references.
    pub table: bool,
    /// The caller's [call record](crate::Site::calls), for stacks of exceptions.
    pub calls: bool,
}

impl Hidden {
    pub fn of(target: &dyn TargetLowering, options: UnitOptions) -> Hidden {
        let device = !target.is_host() && !options.library;
        Hidden {
            state: target.has_state(),
            table: device && target.relocation_style() == RelocationStyle::Table,
            calls: device && options.debug_level >= 2,
        }
    }

    /// Of functions of a device's runtime library.
    pub fn library(target: &dyn TargetLowering) -> Hidden {
        Hidden::of(target, UnitOptions { library: true, ..UnitOptions::default() })
    }

    /// How many there are.
    pub fn count(self) -> usize {
        usize::from(self.state) + usize::from(self.table) + usize::from(self.calls)
    }
}

/// The convention of one function.
#[derive(Clone, Debug)]
pub struct Signature {
    pub hidden: Hidden,
    /// Types that are passed, with `None` for parameters that are known constants.
    pub params: Vec<Option<Ty>>,
    pub ret: Ty,
}

impl Signature {
    /// The convention of a call of another code instance.
    pub fn of_types(params: &[Ty], ret: Ty, hidden: Hidden) -> Signature {
        Signature { hidden, params: params.iter().map(|&t| Some(t)).collect(), ret }
    }

    /// The convention of a body (local ones drop their constant parameters).
    pub fn of_body(body: &ir::typed::TypedBody, hidden: Hidden) -> Signature {
        Signature {
            hidden,
            params: body.params.iter().map(|p| p.constant.is_none().then_some(p.ty)).collect(),
            ret: body.ret,
        }
    }

    pub fn llvm_type<'c>(&self, context: &'c Context, target: &dyn TargetLowering) -> Type<'c> {
        let pointer = context.ptr_type(target.address_space(0));
        let mut params = vec![pointer; self.hidden.count()];
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
