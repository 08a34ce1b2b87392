//! Return types against those of a real Julia, and annotated snippets.

#[path = "support/julia.rs"]
mod julia;

use std::path::{Path, PathBuf};

fn golden_dir() -> Option<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden");
    if !dir.is_dir() {
        eprintln!("skipped: no golden values at {}", dir.display());
        return None;
    }
    Some(dir)
}

/// The value of `"key": "…"` in one line of a golden file.
fn json_field(line: &str, key: &str) -> Option<String> {
    let start = line.find(&format!("\"{key}\": \""))? + key.len() + 5;
    let mut out = String::new();
    let mut chars = line[start..].chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some(out),
            '\\' => out.push(chars.next()?),
            c => out.push(c),
        }
    }
    None
}

#[test]
fn types_are_those_of_julia_or_narrower() {
    let Some(dir) = golden_dir() else { return };
    let defs = std::fs::read_to_string(dir.join("infer_defs.jl")).expect("definitions");
    let rows = std::fs::read_to_string(dir.join("infer.json")).expect("golden values");
    let failures = interp::on_big_stack(|| {
        let session = julia::session();
        let m = julia::load(session, "InferGolden", &defs).unwrap_or_else(|e| panic!("definitions: {e}"));
        let mut failures = Vec::new();
        let mut passed = 0;
        for line in rows.lines() {
            let (Some(call), Some(expected)) = (json_field(line, "call"), json_field(line, "type")) else { continue };
            let outcome = check(session, m, &call, &expected);
            match outcome {
                Ok(()) => passed += 1,
                Err(why) => failures.push(format!("{call}: {why}")),
            }
        }
        eprintln!("golden inference: {passed} of {} pass", passed + failures.len());
        failures
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(
    session: &'static interp::Session,
    m: &'static runtime::Module,
    call: &str,
    expected: &str,
) -> Result<(), String> {
    let ci = julia::infer_call(session, m, call)?;
    let errors = ir::verify::verify(julia::body(ci));
    if !errors.is_empty() {
        return Err(format!("{errors:?}\n{}", julia::text(session, ci)));
    }
    let expected = julia::eval(session, m, expected)?.as_type().ok_or("no type")?;
    let ret = ci.return_type().ok_or("a draft")?;
    if types::subtype(ret, expected) { Ok(()) } else { Err(format!("{ret}, Julia says {expected}")) }
}

/// `#? f, (types...) => type [= value] [static]` in the snippets; `static`: no run-time dispatch.
#[test]
fn snippets_have_the_types_they_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snippets");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&dir).expect("snippets").filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    assert!(!files.is_empty());
    let failures = interp::on_big_stack(|| {
        let session = julia::session();
        let mut failures = Vec::new();
        for path in files {
            let name = path.file_stem().and_then(|s| s.to_str()).expect("a name").to_owned();
            let text = std::fs::read_to_string(&path).expect("readable");
            let m = match julia::load(session, &name, &text) {
                Ok(m) => m,
                Err(e) => {
                    failures.push(format!("{name}: {e}"));
                    continue;
                }
            };
            for line in text.lines().filter_map(|l| l.strip_prefix("#? ")) {
                if let Err(why) = check_line(session, m, line) {
                    failures.push(format!("{name}: {line}: {why}"));
                }
            }
        }
        failures
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check_line(session: &'static interp::Session, m: &'static runtime::Module, line: &str) -> Result<(), String> {
    let (call, expected) = line.split_once(" => ").ok_or("no expectation")?;
    let (expected, must_be_static) = match expected.strip_suffix(" static") {
        Some(rest) => (rest, true),
        None => (expected, false),
    };
    let (expected, value) = match expected.split_once(" = ") {
        Some((t, v)) => (t, Some(v)),
        None => (expected, None),
    };
    let ci = julia::infer_call(session, m, call)?;
    let body = julia::body(ci);
    let errors = ir::verify::verify(body);
    if !errors.is_empty() {
        return Err(format!("{errors:?}\n{}", julia::text(session, ci)));
    }
    let expected = julia::eval(session, m, expected)?.as_type().ok_or("no type")?;
    if !types::type_equal(body.ret, expected) {
        return Err(format!("{}\n{}", body.ret, julia::text(session, ci)));
    }
    if must_be_static && !body.is_static() {
        return Err(format!("not static\n{}", julia::text(session, ci)));
    }
    if let Some(value) = value {
        let value = julia::eval(session, m, value)?;
        if !body.ret_const.is_some_and(|c| runtime::egal(c, value)) {
            return Err(format!("not the constant\n{}", julia::text(session, ci)));
        }
    }
    Ok(())
}
