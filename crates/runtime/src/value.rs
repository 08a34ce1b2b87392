//! The uniform object reference.

use std::ptr::NonNull;
use types::Ty;

/// A reference to an object's data. The eight bytes before the data hold the object's concrete
/// type ([`Value::type_of`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(NonNull<u8>);

// SAFETY: a `Value` is an address. What may be done with the object behind it from several
// threads is the Julia program's business, as with any shared mutable object.
unsafe impl Send for Value {}
// SAFETY: as above.
unsafe impl Sync for Value {}

impl Value {
    /// Address of the object's data.
    pub fn addr(self) -> usize {
        self.0.as_ptr() as usize
    }

    pub fn as_ptr(self) -> *mut u8 {
        self.0.as_ptr()
    }

    /// # Safety
    /// `ptr` is the data address of a live object with a tag word before it.
    pub unsafe fn from_ptr(ptr: *mut u8) -> Value {
        debug_assert!(!ptr.is_null());
        // SAFETY: objects are never at address 0.
        Value(unsafe { NonNull::new_unchecked(ptr) })
    }

    /// The concrete type of the object.
    pub fn type_of(self) -> Ty {
        // SAFETY: every object has its type's address in the word before its data.
        unsafe { *(self.0.as_ptr() as *const Ty).sub(1) }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Value({:#x})", self.addr())
    }
}

/// A Julia exception on its way up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exception(pub Value);
