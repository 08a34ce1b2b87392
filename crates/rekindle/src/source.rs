//! Method bodies for inference, from the interpreter's session.

use infer::CodeSource;
use interp::Session;
use ir::lowered::CodeInfo;
use std::sync::Arc;
use world::MiRef;

/// The session as a source of code.
pub struct SessionSource(pub &'static Session);

impl CodeSource for SessionSource {
    fn expand(&self, mi: MiRef, _generator: &Arc<CodeInfo>) -> Option<Arc<CodeInfo>> {
        self.0.expand_generated(mi)
    }
}
