//! The Julia sources of the prelude and the bundled modules: in the library, or from a directory.

use base::{FileId, SourceMap};
use std::path::PathBuf;

static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/prelude.rs"));

/// A directory to read instead, for development.
fn override_dir() -> Option<PathBuf> {
    std::env::var_os("REKINDLE_JULIA_DIR").map(PathBuf::from)
}

/// The text of a prelude file, by its path below `julia/`.
pub fn read(path: &str) -> Option<String> {
    match override_dir() {
        Some(dir) => std::fs::read_to_string(dir.join(path)).ok(),
        None => {
            let i = EMBEDDED.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
            Some(EMBEDDED[i].1.to_string())
        }
    }
}

/// Loads a prelude file into the source map.
pub fn load(path: &str) -> Option<FileId> {
    read(path).map(|text| SourceMap::add_library(path, &text))
}
