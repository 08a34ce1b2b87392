//! The macro behind the enums of builtins and intrinsics: one table gives the variants, their
//! Julia names and their arities.

/// Declares a fieldless enum whose variants have a Julia name and a range of argument counts.
macro_rules! named_enum {
    ($(#[$attr:meta])* $vis:vis enum $ty:ident { $($variant:ident = $name:literal, $min:literal ..= $max:expr;)* }) => {
        $(#[$attr])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u16)]
        $vis enum $ty { $($variant),* }

        impl $ty {
            /// All variants, in the order of declaration (which is the order of their numbers).
            pub const ALL: &'static [$ty] = &[$($ty::$variant),*];

            /// The name in Julia.
            pub fn name(self) -> &'static str {
                const NAMES: &[&str] = &[$($name),*];
                NAMES[self as usize]
            }

            /// Least and greatest number of arguments (`usize::MAX`: any number).
            pub fn arity(self) -> (usize, usize) {
                const ARITY: &[(usize, usize)] = &[$(($min, $max)),*];
                ARITY[self as usize]
            }

            /// The variant of this Julia name.
            pub fn from_name(name: &str) -> Option<$ty> {
                use std::collections::HashMap;
                use std::sync::OnceLock;
                static INDEX: OnceLock<HashMap<&'static str, $ty>> = OnceLock::new();
                INDEX.get_or_init(|| $ty::ALL.iter().map(|&v| (v.name(), v)).collect()).get(name).copied()
            }
        }
    };
}
pub(crate) use named_enum;

/// Any number of arguments.
pub(crate) const ANY: usize = usize::MAX;
