//! Errors at the edge: findings with excerpts, exceptions with Julia's text.

use base::Diagnostic;
use interp::{Interp, Session};
use runtime::Exception;
use std::io::IsTerminal;

fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Prints findings.
pub fn findings(found: &[Diagnostic], json: bool) {
    if json {
        for d in found {
            eprintln!("{}", diagnostics::to_json(d));
        }
    } else {
        eprint!("{}", diagnostics::render_all(found, colour()));
    }
}

/// Prints a message that has no place in a source.
pub fn message(text: &str, json: bool) {
    findings(&[Diagnostic::error("rekindle", text, base::Span::NONE)], json);
}

/// Prints an uncaught exception.
pub fn exception(session: &'static Session, interp: &Interp, e: Exception, json: bool) {
    let found = session.last_diagnostics();
    if !found.is_empty() {
        findings(&found, json);
        return;
    }
    let text = session.error_text(interp, e);
    if json {
        eprintln!("{}", serde_json::json!({ "severity": "error", "code": "exception", "message": text }));
        return;
    }
    eprintln!("ERROR: {text}");
    let trace = interp.uncaught_trace();
    if !trace.is_empty() {
        eprintln!("{}", interp::format_trace(&trace).trim_end());
    }
}
