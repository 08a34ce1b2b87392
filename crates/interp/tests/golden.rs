//! Values of a real Julia 1.11: every row's expression is evaluated and must show and be typed the same.
//!
//! `REKINDLE_GOLDEN=name,name` runs only these files; `REKINDLE_GOLDEN_ALL=1` prints every differing row.

use interp::{Interp, Session, on_big_stack};
use runtime::{Exception, Value};
use std::path::PathBuf;

/// What a row's expression gives here: how it shows (the first line of the error's text), and its type.
fn answer(session: &'static Session, interp: &Interp, main: &'static runtime::Module, expr: &str) -> (String, String) {
    let describe = |v: Value| match session.call_base(interp, "repr", &[v]) {
        Ok(t) => t.as_text().map_or_else(|| "not a string".into(), |t| t.into_owned()),
        Err(e) => format!("repr failed: {}", session.error_text(interp, e)),
    };
    match session.eval_text(interp, main, "golden", expr) {
        Ok(v) => (describe(v), describe(Value::from(v.type_of()))),
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
        "subtype" | "dispatch" => {
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
            for (i, row) in rows.iter().enumerate() {
                let get = |k: &str| row[k].as_str().unwrap_or_default().to_string();
                let (expr, result, ty) = (get("expr"), get("result"), get("type"));
                // Rows of definitions must not see each other's methods.
                let main = if prelude_of(name).is_empty() {
                    session.main
                } else {
                    session.fresh_main(interp, &format!("Main{i}")).expect("a module")
                };
                session.eval_text(interp, main, "definitions", prelude_of(name)).expect("definitions of the rows");
                let ours = answer(session, interp, main, &expr);
                if ours != (result.clone(), ty.clone()) {
                    differing.push(format!("{expr}\n      ours  {} :: {}\n      julia {result} :: {ty}", ours.0, ours.1));
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

golden!(int_overflow int_division shifts conversions promotion floats ranges);
