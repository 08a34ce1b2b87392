//! Handles to what a world remembers.
//!
//! Methods, instances and look-ups live as long as the process, as types and symbols do: code of an
//! older world may still run in any thread and refer to them, and every handle is then one `Copy`
//! word that a look-up can return without counting references.

macro_rules! handle {
    ($(#[$doc:meta])* $handle:ident => $target:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $handle(pub(crate) &'static $target);

        impl $handle {
            pub(crate) fn leak(value: $target) -> $handle {
                $handle(Box::leak(Box::new(value)))
            }

            /// The thing itself, for as long as the process lives.
            #[inline]
            pub fn get(self) -> &'static $target {
                self.0
            }
        }
        impl std::ops::Deref for $handle {
            type Target = $target;
            #[inline]
            fn deref(&self) -> &$target {
                self.0
            }
        }
        impl PartialEq for $handle {
            #[inline]
            fn eq(&self, other: &$handle) -> bool {
                std::ptr::eq(self.0, other.0)
            }
        }
        impl Eq for $handle {}
        impl std::hash::Hash for $handle {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                std::ptr::hash(self.0, state);
            }
        }
    };
}
pub(crate) use handle;
