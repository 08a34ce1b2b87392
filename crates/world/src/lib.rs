//! See docs/contracts.md.
pub type CiRef = std::sync::Arc<()>;
