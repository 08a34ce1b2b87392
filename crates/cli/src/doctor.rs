//! `rekindle doctor`: what is there, what is missing, and what to do about it.

use std::process::ExitCode;

struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
    fix: Option<&'static str>,
}

pub fn doctor(json: bool) -> ExitCode {
    let mut checks = Vec::new();
    for b in rekindle::backends() {
        let made = rekindle::target_for(b.name, None);
        checks.push(Check {
            name: b.name,
            ok: made.is_ok(),
            detail: made.map_or_else(|e| e, |t| format!("{t:?}")),
            fix: Some("install LLVM 22 (Debian: llvm-22-dev)"),
        });
    }
    let ptxas = find("ptxas");
    checks.push(Check {
        name: "ptxas",
        ok: true,
        detail: ptxas.unwrap_or_else(|| "not found; only tests use it".into()),
        fix: None,
    });
    let good = checks.iter().all(|c| c.ok);
    if json {
        let list: Vec<_> = checks
            .iter()
            .map(|c| serde_json::json!({ "name": c.name, "ok": c.ok, "detail": c.detail, "fix": c.fix }))
            .collect();
        crate::out!("{}", serde_json::json!({ "ok": good, "checks": list }));
    } else {
        for c in &checks {
            crate::out!("{} {:8} {}", if c.ok { "ok  " } else { "FAIL" }, c.name, c.detail);
            if let (false, Some(fix)) = (c.ok, c.fix) {
                crate::out!("              {fix}");
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn find(tool: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|d| d.join(tool)).find(|p| p.is_file()).map(|p| p.display().to_string())
}
