//! Errors at the edge: findings with excerpts, exceptions with Julia's text.

use base::{Diagnostic, SourceMap, Span, Symbol};
use interp::{Interp, Session, TraceEntry};
use rekindle::{Engine, LaunchFailure, Options};
use runtime::{Exception, Module};
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
    findings(&session.diagnostics_of(&e), json);
    let text = session.error_text(interp, e);
    let text = text.strip_prefix("ArgumentError: ").unwrap_or(&text);
    let d = Diagnostic::error("rekindle", format!("the entry `{entry}` names nothing to compile: {text}"), Span::NONE);
    findings(&[d.help("name a function of the script with the types of its arguments, as in 'f(Float32, Int)'")], json);
}

/// The innermost place in the user's code that an exception passed.
fn user_place(trace: &[TraceEntry]) -> Option<String> {
    trace.iter().find(|t| !t.library).map(|t| format!("{}:{}", t.file, t.line))
}

/// Prints an uncaught exception.
pub fn exception(session: &'static Session, interp: &Interp, e: Exception, json: bool) {
    let found = session.diagnostics_of(&e);
    if !found.is_empty() {
        findings(&found, json);
        return;
    }
    let failure = Engine::start(Options::default()).ok().and_then(|engine| engine.launch_failure(&e));
    let trace = told(&interp.uncaught_trace());
    if let Some(LaunchFailure::Compile(error)) = &failure {
        let launch = trace.iter().find(|t| !t.library).map_or(Span::NONE, |t| t.span);
        let mut found = error.findings.clone();
        // What has no place in the kernel is about its launch.
        for label in found.iter_mut().flat_map(|d| &mut d.labels).filter(|l| l.span.is_none()) {
            label.span = launch;
        }
        findings(&found, json);
        if !json {
            let n = error.findings.len();
            let n = if n == 1 { "one error".to_string() } else { format!("{n} errors") };
            let at = user_place(&trace).map_or(String::new(), |p| format!(", launched at {p}"));
            eprintln!("error: {}{at}, cannot be compiled: {n}", error.job);
        }
        return;
    }
    let d = thrown(session.error_text(interp, e), e, &trace, failure.as_ref());
    if json {
        let mut object = diagnostics::to_json(&d);
        let frames =
            trace.iter().map(|t| serde_json::json!({ "function": t.name.as_str(), "file": t.file, "line": t.line }));
        object["trace"] = frames.collect();
        eprintln!("{object}");
        return;
    }
    eprintln!("ERROR: {}", d.message);
    if d.labels.iter().any(|l| !l.span.is_none()) || d.help.is_some() {
        eprintln!("{}", diagnostics::render_excerpt(&d, colour()));
    }
    if let Some(LaunchFailure::Threw { exception, .. }) = &failure
        && !exception.stack.is_empty()
    {
        eprint!("{}", exception.stack_text());
    }
    if !trace.is_empty() {
        eprintln!("{}", interp::format_trace(&trace).trim_end());
    }
}

/// An exception as a finding: its text, where in the user's code it was thrown, and what may help.
fn thrown(text: String, e: Exception, trace: &[TraceEntry], failure: Option<&LaunchFailure>) -> Diagnostic {
    let host = trace.iter().find(|t| !t.library && !t.span.is_none()).map(|t| t.span);
    let mut d = Diagnostic::error("exception", text.trim_end(), host.or_else(|| load_place(e)).unwrap_or(Span::NONE));
    if let Some(LaunchFailure::Threw { kernel, exception }) = failure {
        let (item, group) = (numbers(exception.item), numbers(exception.group));
        let numbers: Vec<String> = exception.args.iter().map(i64::to_string).collect();
        let with = match exception.site.kind.as_str() {
            "BoundsError" if numbers.len() == 1 => format!(", with index {}", numbers[0]),
            "BoundsError" if numbers.len() > 1 => format!(", with indices {}", numbers.join(", ")),
            _ => String::new(),
        };
        let who = format!("thrown by {kernel}, work-item {item} of group {group}{with}");
        if exception.site.span.is_none() || exception.site.span.in_library() {
            return d.note(who);
        }
        let launch = std::mem::replace(&mut d.labels[0].span, exception.site.span);
        d = d.here(who);
        return if launch.is_none() { d } else { d.label(launch, "launched here") };
    }
    match similar_name(e) {
        Some(name) => d.help(format!("there is `{name}`")),
        None => d,
    }
}

/// Where the statement stands that a `LoadError` names.
fn load_place(e: Exception) -> Option<Span> {
    runtime::errors::load_cause(e.0)?;
    let fields = runtime::object::fields_of(e.0);
    let file = SourceMap::newest(&fields.first()?.as_text()?)?;
    let source = SourceMap::file(file);
    let line = u32::try_from(fields.get(1)?.as_int()?).ok()?;
    let text = source.line_text(line);
    let before: usize = source.text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
    let start = before + text.len() - text.trim_start().len();
    (!source.library && !text.is_empty()).then(|| Span::new(file, start as u32, (start + text.trim().len()) as u32))
}

/// For a name that nothing defines: one that reads much like it.
fn similar_name(e: Exception) -> Option<Symbol> {
    let mut at = e.0;
    while let Some(cause) = runtime::errors::load_cause(at) {
        at = cause;
    }
    let undefined = at.type_of().name().is_some_and(|n| n.name().as_str() == "UndefVarError");
    let fields = runtime::object::fields_of(at);
    let name = fields.iter().find_map(|f| f.as_symbol()).filter(|_| undefined)?;
    let module = fields.iter().find_map(|f| Module::from_value(*f))?;
    module.similar_name(name)
}

/// The frames that tell the user something: all of the user's code, and of the library what it called there. With
/// `REKINDLE_BACKTRACE=full` all of them.
fn told(trace: &[TraceEntry]) -> Vec<TraceEntry> {
    if std::env::var_os("REKINDLE_BACKTRACE").is_some_and(|v| v == "full") {
        return trace.to_vec();
    }
    let called = |i: usize| trace.get(i + 1).is_some_and(|next| !next.library);
    let named = |t: &TraceEntry| !t.name.as_str().starts_with("(::");
    // A function complains of unknown keywords itself, at the place where it is defined.
    let complains = |i: usize| i > 0 && trace[i - 1].name == "kwerr";
    let keep = |&(i, t): &(usize, &TraceEntry)| match t.library {
        true => called(i) && named(t) && t.name != "getproperty" && t.name != "kwerr" && t.file != "module",
        false => !complains(i),
    };
    trace.iter().enumerate().filter(keep).map(|(_, t)| t.clone()).collect()
}

/// Indices counted from 1, without the dimensions that are not used.
fn numbers(v: [u32; 3]) -> String {
    let n = if v[2] > 0 {
        3
    } else if v[1] > 0 {
        2
    } else {
        1
    };
    let shown: Vec<String> = v[..n].iter().map(|i| (i + 1).to_string()).collect();
    if n == 1 { shown[0].clone() } else { format!("({})", shown.join(", ")) }
}
