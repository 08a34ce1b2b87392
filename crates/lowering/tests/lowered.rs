//! Directory tests: each `data/NAME.jl` lowers to `data/NAME.lowered`, statement by statement.
//! `REKINDLE_BLESS=1` rewrites the expected files.

mod host;

use base::SourceMap;
use host::{FakeHost, flatten, lower, statements};
use std::path::{Path, PathBuf};

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "jl") {
            all.push(path);
        }
    }
    all.sort();
    all
}

fn lowered_text(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let file = SourceMap::add(&name, &text);
    let mut host = FakeHost { globals: vec!["known"], soft: name.contains("prompt"), ..FakeHost::default() };
    let mut out = String::new();
    for statement in flatten(statements(file)) {
        let source = &text[statement.span.start as usize..statement.span.end as usize];
        for line in source.lines() {
            out += &format!("# {line}\n");
        }
        out += &lower(&statement, &mut host);
        for warning in host.warnings.drain(..) {
            out += &format!("warning: {warning}\n");
        }
        out += "\n";
    }
    out
}

#[test]
fn lowered_code_is_as_recorded() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let bless = std::env::var_os("REKINDLE_BLESS").is_some();
    let mut wrong = Vec::new();
    let all = files(&dir);
    assert!(!all.is_empty(), "no test data");
    for path in all {
        let text = lowered_text(&path);
        let expected = path.with_extension("lowered");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert!(wrong.is_empty(), "lowered differently (REKINDLE_BLESS=1 accepts): {wrong:?}");
}

/// The findings over all programs below a directory, and how many statements there were.
fn findings_below(dir: &Path) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut lowered = 0;
    for path in files(dir) {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = SourceMap::add(&path.to_string_lossy(), &text);
        let parse = syntax::parse(file);
        if !parse.ok() {
            wrong.push(format!("{}: does not parse", path.display()));
            continue;
        }
        let mut host = FakeHost::default();
        for statement in flatten(vec![parse.into_expr()]) {
            lowered += 1;
            if let Err(lowering::LowerError::Invalid(findings)) = lowering::lower_toplevel(&statement, &mut host) {
                for f in findings {
                    wrong.push(format!("{}:{}: {}", path.display(), f.labels[0].span.line(), f.message));
                }
            }
        }
    }
    (lowered, wrong)
}

/// Every program that real Julia has run must lower without findings.
#[test]
fn golden_programs_lower_without_findings() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden/programs");
    if !dir.exists() {
        eprintln!("skipped: no golden programs at {}", dir.display());
        return;
    }
    let (lowered, wrong) = findings_below(&dir);
    assert!(lowered > 1000, "only {lowered} statements");
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_prelude_lowers_without_findings() {
    let (lowered, wrong) = findings_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../julia"));
    assert!(lowered > 500, "only {lowered} statements");
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}
