//! What keeps a job from being compiled.

use base::Diagnostic;
use std::fmt;

/// All findings of a compilation at once.
#[derive(Clone, Debug)]
pub struct CompileError {
    /// What was compiled.
    pub job: String,
    pub findings: Vec<Diagnostic>,
}

impl CompileError {
    pub fn new(job: impl Into<String>, findings: Vec<Diagnostic>) -> CompileError {
        CompileError { job: job.into(), findings }
    }

    /// One finding without a place.
    pub fn message(job: impl Into<String>, code: &'static str, message: impl Into<String>) -> CompileError {
        CompileError::new(job, vec![Diagnostic::error(code, message, base::Span::NONE)])
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be compiled:", self.job)?;
        for d in &self.findings {
            write!(f, "\n  {}", d.message)?;
            if let Some(l) = d.labels.first().filter(|l| !l.span.is_none()) {
                let file = base::SourceMap::file(l.span.file);
                write!(f, " ({}:{})", file.name, l.span.line())?;
            }
            for n in &d.notes {
                write!(f, "\n    {n}")?;
            }
        }
        Ok(())
    }
}
impl std::error::Error for CompileError {}
