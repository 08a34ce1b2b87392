//! The Julia sources of the prelude and the bundled modules: in the library, or from a directory.
//!
//! Their syntax trees are kept for ever: method bodies in them are lowered when they are first needed.

use base::{FileId, SourceMap};
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::sync::{OnceLock, RwLock};
use syntax::{Expr, Lit, Parse};

static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/prelude.rs"));

/// A file of the library and, once it was asked for, its tree.
struct LibraryFile {
    id: FileId,
    parse: OnceLock<Parse>,
}

#[derive(Default)]
struct Loaded {
    by_path: FxHashMap<String, &'static LibraryFile>,
    by_id: FxHashMap<FileId, &'static LibraryFile>,
}

fn loaded() -> &'static RwLock<Loaded> {
    static LOADED: OnceLock<RwLock<Loaded>> = OnceLock::new();
    LOADED.get_or_init(RwLock::default)
}

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

/// The names of the modules that come with Rekindle, sorted.
pub fn bundled() -> Vec<String> {
    let mut names: Vec<String> = match override_dir() {
        Some(dir) => {
            let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
            entries.filter_map(|e| e.file_name().into_string().ok()).collect()
        }
        None => EMBEDDED.iter().filter_map(|(path, _)| path.split_once('/')).map(|(dir, _)| dir.to_string()).collect(),
    };
    names.retain(|n| read(&format!("{n}/{n}.jl")).is_some() && !matches!(n.as_str(), "base" | "Base"));
    names.sort();
    names.dedup();
    names
}

/// Loads a prelude file into the source map.
pub fn load(path: &str) -> Option<FileId> {
    library_file(path).map(|file| file.id)
}

fn library_file(path: &str) -> Option<&'static LibraryFile> {
    if let Some(&known) = loaded().read().unwrap_or_else(|e| e.into_inner()).by_path.get(path) {
        return Some(known);
    }
    let text = read(path)?;
    let mut loaded = loaded().write().unwrap_or_else(|e| e.into_inner());
    if let Some(&known) = loaded.by_path.get(path) {
        return Some(known);
    }
    let file: &'static LibraryFile =
        Box::leak(Box::new(LibraryFile { id: SourceMap::add_library(path, &text), parse: OnceLock::new() }));
    loaded.by_path.insert(path.to_string(), file);
    loaded.by_id.insert(file.id, file);
    Some(file)
}

/// The tree of a file that [`load`] gave; `None` for any other. Waits where another thread is parsing it.
pub fn parsed(file: FileId) -> Option<&'static Parse> {
    let file = *loaded().read().unwrap_or_else(|e| e.into_inner()).by_id.get(&file)?;
    Some(file.parse.get_or_init(|| syntax::parse(file.id)))
}

/// Starts to parse the prelude in the background, in the order in which its files are included.
pub fn parse_ahead() {
    // Without the thread every file is parsed when its turn comes.
    let _ = std::thread::Builder::new().name("parser".into()).spawn(|| parse_with_included("base/Base.jl"));
}

fn parse_with_included(path: &str) {
    let Some(parse) = load(path).and_then(parsed) else { return };
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    parse_included(parse.expr().args(), dir);
}

fn parse_included(statements: &[Expr], dir: &str) {
    for s in statements {
        match s.args_of("module") {
            Some([.., body]) => parse_included(body.args(), dir),
            _ => included(s).into_iter().for_each(|name| parse_with_included(&format!("{dir}/{name}"))),
        }
    }
}

/// The file that a statement includes.
fn included(e: &Expr) -> Option<String> {
    let [f, name] = e.args_of("call")? else { return None };
    match name.as_lit()? {
        Lit::Str(bytes) if f.is_sym("include") => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}
