//! Values during emission.

use crate::shape::Shape;
use std::rc::Rc;
use types::Ty;

/// A Julia value in LLVM: its parts, or a constant whose parts are made when asked for.
#[derive(Clone)]
pub struct Held<'m> {
    pub shape: Rc<Shape>,
    /// Empty while `constant` has not been materialised.
    pub parts: Vec<llvm::Value<'m>>,
    pub constant: Option<runtime::Value>,
}

impl<'m> Held<'m> {
    pub fn new(shape: Rc<Shape>, parts: Vec<llvm::Value<'m>>) -> Held<'m> {
        debug_assert_eq!(shape.parts().len(), parts.len(), "parts of {:?}", shape.ty);
        Held { shape, parts, constant: None }
    }

    pub fn ty(&self) -> Ty {
        self.shape.ty
    }

    /// The only part of a scalar or reference.
    pub fn scalar(&self) -> llvm::Value<'m> {
        debug_assert_eq!(self.parts.len(), 1, "scalar of {:?}", self.shape.ty);
        self.parts[0]
    }
}
