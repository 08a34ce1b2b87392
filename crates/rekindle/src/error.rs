//! What can go wrong, as the library reports it.

use crate::engine::{Engine, LaunchFailure};
use crate::launch::Failed;
use crate::script;
use backend_native::cpu::DeviceException;
use base::Diagnostic;
use runtime::{Exception, Value};
use std::fmt;
use types::Ty;

/// Where an error comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The text is no Julia; nothing of the statement was run.
    Syntax,
    /// Code threw; what was run before that stays done.
    Thrown,
    /// A kernel cannot be compiled for a device; nothing was run.
    Compile,
    /// A kernel threw on the device; its writes up to then are there.
    Kernel,
    /// The caller asked for what cannot be: a size, a device, an argument, a name.
    Argument,
    /// The machine could not do it: no memory, no threads, a kernel that does not load.
    System,
}

/// What went wrong: Julia's error text, and findings with their places in the source where there are any.
///
/// Displayed, findings are shown with an excerpt of the source; without any it is the text.
#[derive(Clone, Debug)]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
    pub findings: Vec<Diagnostic>,
    /// What a kernel threw: the exception's kind, and the work-item.
    pub exception: Option<Box<DeviceException>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), findings: Vec::new(), exception: None }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Argument, message)
    }

    pub(crate) fn system(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::System, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.findings.is_empty() {
            return f.write_str(&self.message);
        }
        f.write_str(diagnostics::render_all(&self.findings, false).trim_end())
    }
}
impl std::error::Error for Error {}

/// Where in the user's source a kernel threw, with which work-item.
fn place(kernel: &str, message: &str, e: &DeviceException) -> Option<Diagnostic> {
    if e.site.span.is_none() || e.site.span.in_library() {
        return None;
    }
    let one = |v: [u32; 3]| format!("({}, {}, {})", v[0] + 1, v[1] + 1, v[2] + 1);
    let item = format!("thrown by {kernel}, work-item {} of group {}", one(e.item), one(e.group));
    Some(Diagnostic::error("kernel.exception", message, e.site.span).here(item))
}

impl Engine {
    /// The library's error for an exception that left Julia code.
    pub(crate) fn error(&self, interp: &interp::Interp, e: Exception) -> Error {
        let session = self.session();
        let message = session.error_text(interp, e);
        match self.launch_failure(&e) {
            Some(LaunchFailure::Compile(c)) => {
                return Error { findings: c.findings, ..Error::new(ErrorKind::Compile, message) };
            }
            Some(LaunchFailure::Threw { kernel, exception }) => {
                let findings = place(&kernel, &message, &exception).into_iter().collect();
                let exception = Some(Box::new(exception));
                return Error { findings, exception, ..Error::new(ErrorKind::Kernel, message) };
            }
            None => {}
        }
        let findings = session.diagnostics_of(&e);
        if !findings.is_empty() {
            return Error { findings, ..Error::new(ErrorKind::Syntax, message) };
        }
        Error::new(ErrorKind::Thrown, message)
    }

    /// The library's error for a launch that failed.
    #[cold]
    pub(crate) fn launch_error(&'static self, failed: Failed, name: &str, types: &[Ty]) -> Error {
        match failed {
            Failed::Grid(text) => Error::argument(text),
            Failed::Load(text) => Error::system(format!("the kernel could not be loaded: {text}")),
            Failed::Compile(c) => {
                Error { findings: c.findings.clone(), ..Error::new(ErrorKind::Compile, c.to_string()) }
            }
            Failed::NoMethod(age) => {
                let args: Vec<String> = types.iter().skip(1).map(|t| format!("::{t}")).collect();
                let text = format!("MethodError: no method matching {name}({}) in world {age}", args.join(", "));
                Error::new(ErrorKind::Compile, text)
            }
            Failed::Threw { kernel, exception } => {
                let text = self.with_room(|| {
                    self.session().with_interp(|i| {
                        self.session().error_text(i, script::thrown(self, &exception, Value::nothing()))
                    })
                });
                let message = text.unwrap_or_else(|_| exception.to_string());
                let findings = place(&kernel, &message, &exception).into_iter().collect();
                Error { findings, exception: Some(exception), ..Error::new(ErrorKind::Kernel, message) }
            }
        }
    }

    /// `Base.T(args...)`.
    pub(crate) fn construct(&self, name: &str, args: &[Value]) -> Option<Value> {
        let name = name.rsplit('.').next().unwrap_or(name);
        self.session().with_interp(|i| self.session().call_base(i, name, args).ok())
    }
}
