//! Values of a real Julia 1.11: every row's expression is evaluated and must show and be typed the same.
//!
//! `REKINDLE_GOLDEN=name,name` runs only these files; `REKINDLE_GOLDEN_ALL=1` prints every differing row.

use interp::{Interp, Session, on_big_stack};
use runtime::{Exception, Value};
use std::path::PathBuf;

/// What a row's expression gives here: how it shows (as `repr`, or as at the prompt; the first line of an error's
/// text), and its type. What it prints is of no interest.
fn answer(
    session: &'static Session,
    interp: &Interp,
    main: &'static runtime::Module,
    expr: &str,
    prompt: bool,
) -> (String, String) {
    let describe = |v: Value| match session.call_base(interp, "repr", &[v]) {
        Ok(t) => t.as_text().map_or_else(|| "not a string".into(), |t| t.into_owned()),
        Err(e) => format!("repr failed: {}", session.error_text(interp, e)),
    };
    let shown = |v: Value| {
        if !prompt {
            return describe(v);
        }
        let plain = session.eval_text(interp, main, "golden", "Base.MIME(\"text/plain\")").expect("a MIME type");
        match session.call_base(interp, "repr", &[plain, v]) {
            Ok(t) => t.as_text().map_or_else(|| "not a string".into(), |t| t.into_owned()),
            Err(e) => format!("repr failed: {}", session.error_text(interp, e)),
        }
    };
    match runtime::host::capture(|| session.eval_text(interp, main, "golden", expr)).0 {
        Ok(v) => (shown(v), describe(Value::from(v.type_of()))),
        Err(Exception(e)) => {
            let text = session.error_text(interp, Exception(e));
            let first = text.lines().next().unwrap_or("");
            (format!("ERROR: {first}"), format!("ERROR:{}", describe(Value::from(e.type_of()))))
        }
    }
}

/// Definitions that the rows of a file take for granted.
fn prelude_of(name: &str) -> &'static str {
    match name {
        "subtype" | "dispatch" | "printing" => {
            "abstract type A end; abstract type B <: A end; struct C1 <: B end; struct C2 <: A end; struct P{T}; x::T; end; \
             abstract type AP{T} end; struct Q{T,N} <: AP{T} end"
        }
        _ => "",
    }
}

struct Outcome {
    rows: usize,
    differing: Vec<String>,
}

fn run(name: &str) -> Option<Outcome> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../../shared/golden/{name}.json"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: {} is not there", path.display());
        return None;
    };
    let rows: serde_json::Value = serde_json::from_str(&text).expect("golden file is JSON");
    let rows = rows.as_array().expect("array of rows");
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    let differing = on_big_stack(|| {
        session.with_interp(|interp| {
            let mut differing = Vec::new();
            let mut shared = None;
            for row in rows {
                let get = |k: &str| row[k].as_str().unwrap_or_default().to_string();
                let prompt = name == "host";
                let (expr, result, ty) = (get("expr"), get(if prompt { "show" } else { "result" }), get("type"));
                // Rows that take definitions for granted must not see each other's; those of `host` share a module.
                let main = if !prelude_of(name).is_empty() {
                    // Named as Julia's, which shows in no name that Main sees.
                    let m = session.fresh_main(interp, "Main").expect("a module");
                    session.eval_text(interp, m, "definitions", prelude_of(name)).expect("definitions of the rows");
                    m
                } else if prompt {
                    *shared.get_or_insert_with(|| session.fresh_main(interp, "Main").expect("a module"))
                } else {
                    session.main
                };
                let ours = answer(session, interp, main, &expr, prompt);
                if ours != (result.clone(), ty.clone()) {
                    differing
                        .push(format!("{expr}\n      ours  {} :: {}\n      julia {result} :: {ty}", ours.0, ours.1));
                }
            }
            differing
        })
    });
    Some(Outcome { rows: rows.len(), differing })
}

fn check(name: &str, allowed: usize) {
    if let Ok(only) = std::env::var("REKINDLE_GOLDEN")
        && !only.split(',').any(|n| n == name)
    {
        return;
    }
    let Some(o) = run(name) else { return };
    eprintln!("{name}.json: {} of {} agree", o.rows - o.differing.len(), o.rows);
    let shown = if std::env::var_os("REKINDLE_GOLDEN_ALL").is_some() { usize::MAX } else { 10 };
    for d in o.differing.iter().take(shown) {
        eprintln!("  {d}");
    }
    assert!(o.differing.len() <= allowed, "{name}: {} rows differ", o.differing.len());
}

macro_rules! golden {
    ($($name:ident)*) => { $(#[test] fn $name() { check(stringify!($name), 0); })* };
}

golden!(int_overflow int_division shifts conversions promotion floats ranges printing host);
