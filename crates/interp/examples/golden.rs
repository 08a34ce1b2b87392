//! `golden NAME...` evaluates golden rows (`floats`, `host`, …) and lists those that disagree.

use interp::{Interp, Session, on_big_stack};
use runtime::{Module, Value, host};
use std::path::PathBuf;

/// One row that did not agree.
struct Failure {
    expr: String,
    want: String,
    got: String,
}

/// The directory of golden values; `None` (said on standard error) where there is none.
fn golden() -> Option<PathBuf> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden");
    if !dir.is_dir() {
        eprintln!("no golden values at {}: tests skipped", dir.display());
        return None;
    }
    Some(dir)
}

/// Definitions that the rows of some files take for granted.
const PREAMBLE: &str = "abstract type A end; abstract type B <: A end; struct C1 <: B end; struct C2 <: A end; struct P{T}; x::T; end; \
abstract type AP{T} end; struct Q{T,N} <: AP{T} end\n\
isempty_ambiguities(f) = Core.Host.ambiguous_methods(f) == 0\n";

fn text(session: &'static Session, interp: &Interp, f: &str, v: Value) -> String {
    session
        .call_base(interp, f, &[v])
        .ok()
        .and_then(Value::as_text)
        .map_or_else(|| format!("<{f} failed>"), |t| t.into_owned())
}

/// Evaluates one row: what shows and the type.
fn evaluate(
    session: &'static Session,
    interp: &Interp,
    m: &'static Module,
    expr: &str,
    plain: bool,
) -> (String, String) {
    match session.eval_text(interp, m, "row", expr) {
        Ok(v) => {
            let ty = text(session, interp, "string", Value::from(v.type_of()));
            let shown = if plain {
                let plain =
                    session.eval_text(interp, m, "mime", "MIME(\"text/plain\")").unwrap_or_else(|_| Value::nothing());
                session
                    .call_base(interp, "repr", &[plain, v])
                    .ok()
                    .and_then(Value::as_text)
                    .map_or_else(|| "<repr failed>".into(), |t| t.into_owned())
            } else {
                text(session, interp, "repr", v)
            };
            (shown, ty)
        }
        Err(e) => {
            let message = session.error_text(interp, e);
            let name = text(session, interp, "string", Value::from(e.0.type_of()));
            (format!("ERROR: {}", message.lines().next().unwrap_or("")), format!("ERROR:{name}"))
        }
    }
}

/// Evaluates all rows of a file; the number of those that agree, and the others.
fn run(session: &'static Session, interp: &Interp, file: &std::path::Path) -> (usize, Vec<Failure>) {
    let name = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let rows: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a golden file")).expect("valid JSON");
    let rows = rows.as_array().expect("an array of rows").clone();
    let per_row = matches!(name.as_str(), "dispatch" | "subtype");
    let plain = name == "host";
    let mut shared: Option<&'static Module> = None;
    let mut good = 0;
    let mut bad = Vec::new();
    for row in &rows {
        let field = |f: &str| row[f].as_str().unwrap_or("").to_string();
        let (expr, want, ty) = (field("expr"), if plain { field("show") } else { field("result") }, field("type"));
        if expr.is_empty() {
            continue;
        }
        let m = match shared {
            Some(m) if !per_row || name == "subtype" => m,
            _ => {
                let m = session.fresh_main(interp, "Main").expect("a module");
                if name == "dispatch" || name == "subtype" {
                    session.eval_text(interp, m, "preamble", PREAMBLE).expect("the preamble is fine");
                }
                shared = Some(m);
                m
            }
        };
        let ((got, got_ty), _, _) = host::capture(|| evaluate(session, interp, m, &expr, plain));
        if got == want && (ty.is_empty() || got_ty == ty) {
            good += 1;
        } else {
            bad.push(Failure { expr, want: format!("{want} :: {ty}"), got: format!("{got} :: {got_ty}") });
        }
    }
    (good, bad)
}

fn main() {
    on_big_stack(|| {
        let Some(dir) = golden() else { return };
        let session = Session::start().unwrap_or_else(|e| panic!("{e}"));
        session.with_interp(|interp| {
            for name in std::env::args().skip(1) {
                let (good, bad) = run(session, interp, &dir.join(format!("{name}.json")));
                for f in &bad {
                    println!("{}\n    want {}\n    got  {}", f.expr, f.want, f.got);
                }
                println!("{name}: {good} of {}", good + bad.len());
            }
        });
    });
}
