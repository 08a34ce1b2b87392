//! Structural fingerprints: the same in every process.

use crate::cell::Ty;

/// Fingerprint of a term by its structure and by the definitions it rests on.
pub fn fingerprint(ty: Ty) -> [u8; 32] {
    *ty.0.lazy.fingerprint.get_or_init(|| *blake3::hash(ty.to_string().as_bytes()).as_bytes())
}
