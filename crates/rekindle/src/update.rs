//! Loading again what changed: for files that are edited while a program runs.

use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use syntax::Expr;

/// The top-level statements in force, by the name of their text.
#[derive(Default)]
pub(crate) struct Updated(Mutex<BTreeMap<String, BTreeSet<String>>>);

impl Engine {
    /// Evaluates those top-level statements of a text in `Main` that were not in it the last time, all of them the
    /// first time; how many. Redefining a function, even by the same text, ends the code of all that calls it: this
    /// leaves in peace what was not edited.
    ///
    /// What a text no longer contains stays defined. A statement that only moved is not evaluated, and keeps its line
    /// in messages. A module is one statement.
    ///
    /// ```
    /// # fn main() -> Result<(), rekindle::Error> {
    /// # use rekindle::{Engine, Options};
    /// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    /// assert_eq!(engine.update_str("live.jl", "half(x) = x / 2\nfull(x) = x")?, 2);
    /// assert_eq!(engine.update_str("live.jl", "# a remark\nhalf(x) = x * 0.5\nfull(x) = x")?, 1);
    /// assert_eq!(engine.eval("half(3.0)")?, "1.5");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Wrong syntax, and then nothing is evaluated; what a statement throws, and then those after it are not.
    pub fn update_str(&'static self, name: &str, text: &str) -> Result<usize, Error> {
        self.update(name, text, None)
    }

    /// As [`update_str`](Self::update_str), for a file; `include` in it is relative to it, and what it includes is
    /// not looked at again.
    ///
    /// # Errors
    /// As [`update_str`](Self::update_str), and a file that cannot be read.
    pub fn update_file(&'static self, path: &Path) -> Result<usize, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Error::system(format!("could not open file {}: {e}", path.display())))?;
        self.update(&path.to_string_lossy(), &text, path.parent())
    }

    fn update(&'static self, name: &str, text: &str, dir: Option<&Path>) -> Result<usize, Error> {
        let session = self.session();
        self.julia(|interp| {
            let parse = syntax::parse(interp::add_source(name, text));
            if !parse.ok() {
                let findings = parse.diagnostics().to_vec();
                let message = findings.first().map_or_else(String::new, |d| d.message.clone());
                return Err(Error { findings, ..Error::new(ErrorKind::Syntax, message) });
            }
            let statements: Vec<&Expr> = parse.expr().args().iter().filter(|s| !s.is_line()).collect();
            let text_of = |s: &Expr| text.get(s.span.start as usize..s.span.end as usize).unwrap_or(text).to_owned();
            let mut all = self.updated().0.lock().unwrap_or_else(PoisonError::into_inner);
            let before = all.entry(name.to_owned()).or_default();
            let changed: Vec<&Expr> = statements.iter().copied().filter(|s| !before.contains(&text_of(s))).collect();
            let (ran, outcome) = session.eval_statements(interp, dir, changed.iter().copied());
            let failed: BTreeSet<String> = changed[ran..].iter().map(|s| text_of(s)).collect();
            *before = statements.iter().map(|s| text_of(s)).filter(|s| !failed.contains(s)).collect();
            drop(all);
            outcome.map(|()| ran).map_err(|e| self.error(interp, e))
        })
    }
}
