//! Errors at the edge: findings with excerpts, exceptions with Julia's text.

use base::{Diagnostic, Span};
use interp::{Interp, Session};
use rekindle::{DeviceException, Engine, LaunchFailure, Options};
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

/// Whether a script can be read; says so if not.
pub fn readable(path: &str, json: bool) -> bool {
    let why = match std::fs::metadata(path) {
        Ok(m) if m.is_dir() => "it is a folder".to_string(),
        Ok(_) => match std::fs::File::open(path) {
            Ok(_) => return true,
            Err(e) => plain_reason(&e),
        },
        Err(e) => plain_reason(&e),
    };
    message(&format!("the script `{path}` cannot be read: {why}"), json);
    false
}

fn plain_reason(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => e.to_string(),
    }
}

/// Prints what is wrong with an `--entry`.
pub fn entry(session: &'static Session, interp: &Interp, entry: &str, e: Exception, json: bool) {
    let found = session.last_diagnostics();
    if !found.is_empty() {
        findings(&found, json);
    }
    let text = session.error_text(interp, e);
    let text = text.strip_prefix("ArgumentError: ").unwrap_or(&text);
    let d = Diagnostic::error("rekindle", format!("the entry `{entry}` names nothing to compile: {text}"), Span::NONE);
    findings(&[d.help("name a function of the script with the types of its arguments, as in 'f(Float32, Int)'")], json);
}

/// The innermost place in the user's code that an exception passed.
fn user_place(trace: &[interp::TraceEntry]) -> Option<String> {
    trace.iter().find(|t| !t.library).map(|t| format!("{}:{}", t.file, t.line))
}

/// Prints an uncaught exception.
pub fn exception(session: &'static Session, interp: &Interp, e: Exception, json: bool) {
    let found = session.last_diagnostics();
    if !found.is_empty() {
        findings(&found, json);
        return;
    }
    let failure = Engine::start(Options::default()).ok().and_then(|engine| engine.launch_failure(&e));
    let trace = interp.uncaught_trace();
    if let Some(LaunchFailure::Compile(error)) = &failure {
        findings(&error.findings, json);
        if !json {
            let n = error.findings.len();
            let n = if n == 1 { "one error".to_string() } else { format!("{n} errors") };
            let at = user_place(&trace).map_or(String::new(), |p| format!(", launched at {p}"));
            eprintln!("error: {}{at}, cannot be compiled: {n}", error.job);
        }
        return;
    }
    let text = session.error_text(interp, e);
    if json {
        eprintln!("{}", serde_json::json!({ "severity": "error", "code": "exception", "message": text }));
        return;
    }
    eprintln!("ERROR: {text}");
    if let Some(LaunchFailure::Threw { kernel, exception }) = &failure {
        eprintln!("{}", thrown(kernel, exception));
    }
    if !trace.is_empty() {
        eprintln!("{}", interp::format_trace(&trace).trim_end());
    }
}

/// Which work-item of a kernel threw, and where its code stands.
fn thrown(kernel: &str, e: &DeviceException) -> String {
    let one = |v: [u32; 3]| {
        let n = if v[2] > 0 { 3 } else if v[1] > 0 { 2 } else { 1 };
        let shown: Vec<String> = v[..n].iter().map(|i| (i + 1).to_string()).collect();
        if n == 1 { shown[0].clone() } else { format!("({})", shown.join(", ")) }
    };
    let span = e.site.span;
    let place = if span.is_none() {
        String::new()
    } else {
        format!(", at {}:{}", base::SourceMap::file(span.file).name, span.line())
    };
    format!("thrown by {kernel}, work-item {} of group {}{place}", one(e.item), one(e.group))
}
