//! The trees of a real Julia 1.11, row by row.

use std::path::PathBuf;

fn golden(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden").join(name);
    match std::fs::read_to_string(&path) {
        Ok(t) => Some(t),
        Err(e) => {
            eprintln!("SKIPPED: golden/{name}: {e}");
            None
        }
    }
}

#[test]
fn trees_agree_with_julia() {
    let Some(text) = golden("parse.json") else { return };
    let rows: serde_json::Value = serde_json::from_str(&text).expect("golden file is JSON");
    let mut bad = Vec::new();
    let rows = rows.as_array().expect("array of rows");
    for row in rows {
        let (src, tree) = (row["src"].as_str().expect("src"), row["tree"].as_str().expect("tree"));
        let p = syntax::parse_text("golden", src);
        let rejected = tree.starts_with("ERROR") || tree.contains("(incomplete") || tree.contains("(error");
        if rejected {
            if p.ok() {
                bad.push(format!("{src:?}: accepted, Julia rejects; ours {}", p.expr().to_sexpr()));
            }
            continue;
        }
        let ours = p.expr().to_sexpr();
        if ours != tree || !p.ok() {
            bad.push(format!(
                "{src:?}\n   ours  {ours}\n   julia {tree}\n   {:?}",
                p.diagnostics().iter().map(|d| &d.message).collect::<Vec<_>>()
            ));
        }
    }
    eprintln!("parse.json: {} of {} agree", rows.len() - bad.len(), rows.len());
    assert!(bad.is_empty(), "{} rows differ:\n{}", bad.len(), bad.join("\n"));
}

#[test]
fn no_text_is_lost_and_nothing_panics_on_damaged_sources() {
    let Some(text) = golden("parse.json") else { return };
    let rows: serde_json::Value = serde_json::from_str(&text).expect("golden file is JSON");
    for row in rows.as_array().expect("rows") {
        let src = row["src"].as_str().expect("src");
        let check = |s: &str| {
            let p = syntax::parse_text("damaged", s);
            assert_eq!(p.tree().text(s), s);
        };
        check(src);
        for (i, _) in src.char_indices().step_by(3) {
            check(&src[..i]);
            let mut cut = src.to_string();
            cut.remove(i);
            check(&cut);
            for extra in ["(", ")", "end ", "\"", ";", "\n", "@", "=", "'", "$", "["] {
                let mut more = src.to_string();
                more.insert_str(i, extra);
                check(&more);
            }
        }
    }
}

#[test]
fn whole_programs_parse_without_findings() {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden/programs");
    let Ok(groups) = std::fs::read_dir(&dir) else {
        eprintln!("SKIPPED: golden/programs");
        return;
    };
    let mut n = 0;
    for group in groups.flatten() {
        for f in std::fs::read_dir(group.path()).expect("folder").flatten() {
            if f.path().extension().is_some_and(|e| e == "jl") {
                let text = std::fs::read_to_string(f.path()).expect("readable");
                let p = syntax::parse_text("program", &text);
                assert!(p.ok(), "{:?}: {:?}", f.path(), p.diagnostics());
                assert_eq!(p.tree().text(&text), text);
                n += 1;
            }
        }
    }
    eprintln!("{n} programs parsed");
    assert!(n > 100);
}

#[test]
fn deep_nesting_is_a_finding_not_a_crash() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("-", ""),
        ("begin ", " end"),
        ("x->", ""),
        ("\"$(", ")\""),
        (":(", ")"),
        ("@m ", ""),
        ("a ? b : ", ""),
    ] {
        let text = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        let p = syntax::parse_text("deep", &text);
        assert!(!p.ok(), "{open}");
    }
}
