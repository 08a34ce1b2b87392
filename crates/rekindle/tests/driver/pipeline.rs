//! B2: the extension points.

use crate::{Noting, Story, VECTOR, target};
use compiler::{CompilerConfig, Stage};
use std::sync::Arc;
use std::sync::atomic::Ordering;

const SOURCE: &str = "hooked!(y) = (y[1] = 2y[1]; return)";

#[test]
fn every_hook_is_called_once_and_in_order_and_ir_is_shown_after_the_last_change() {
    let story = Story::begin(SOURCE);
    let target = Arc::new(Noting::new("hooks", &[]));
    let job = story.job(CompilerConfig::kernel(target.clone()), &format!("hooked!{VECTOR}"));
    let made = story.compile(Stage::Object, &job).expect("compiles");
    let all = [
        "prepare",
        "validate",
        "after_ir_generation",
        "link_libraries",
        "after_linking",
        "before_optimization",
        "optimize",
        "after_optimization",
        "final_ir",
        "validate_code",
        "machine_code",
    ];
    assert_eq!(target.take(), all);
    assert_eq!(made.entry, "noted");
    assert!(made.text().contains("@noted("), "{}", made.text());

    let counters = &story.engine.driver().counters;
    let generated = counters.generated.load(Ordering::Relaxed);
    let shown = story.compile(Stage::Llvm, &job).expect("compiles");
    assert_eq!(target.take(), all[..10]);
    assert_eq!((shown.text(), shown.entry), (made.text(), made.entry));
    assert_eq!(counters.generated.load(Ordering::Relaxed), generated);
}

#[test]
fn a_job_that_wants_no_libraries_or_validation_gets_none() {
    let story = Story::begin(SOURCE);
    let target = Arc::new(Noting::new("hooks", &[]));
    let config = CompilerConfig { libraries: false, validate: false, ..CompilerConfig::kernel(target.clone()) };
    story.compile(Stage::Object, &story.job(config, &format!("hooked!{VECTOR}"))).expect("compiles");
    let called = target.take();
    for hook in ["validate", "link_libraries", "validate_code"] {
        assert!(!called.contains(&hook), "{called:?}");
    }
    assert_eq!(called.len(), 8);
}

#[test]
fn what_a_hook_finds_wrong_ends_the_compilation_there() {
    let story = Story::begin(SOURCE);
    for (refuses, steps) in [("prepare", 1), ("validate", 2), ("after_linking", 5), ("validate_code", 10)] {
        let target = Arc::new(Noting { refuses: Some(refuses), ..Noting::new("refusing", &[]) });
        // Equal keys make one target: this one has to be the only one that says so.
        let config = CompilerConfig { name: Some(refuses.into()), ..CompilerConfig::kernel(target.clone()) };
        let error = story.compile(Stage::Object, &story.job(config, &format!("hooked!{VECTOR}")));
        let error = error.expect_err("is refused");
        assert_eq!(error.findings.len(), 1);
        assert_eq!(error.findings[0].message, format!("{refuses} says no"));
        assert_eq!(target.take().len(), steps, "{refuses}");
    }
}

const CHECKED: &str = "
    @noinline inner8(x) = x < 0 ? throw(DomainError(x)) : 2x
    outer8(x) = inner8(x) + 1
    checked8!(y) = (y[1] = outer8(y[2]); return)
    tiny8(x) = x + 1
    uses8!(y) = (@inbounds y[1] = tiny8(tiny8(y[2])); return)";

fn made(story: &Story, config: CompilerConfig, entry: &str, stage: Stage) -> compiler::Artifact {
    story.compile(stage, &story.job(config, &format!("{entry}{VECTOR}"))).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn a_stripped_artifact_says_what_is_thrown_but_not_where() {
    let story = Story::begin(CHECKED);
    let base = || CompilerConfig { debug_level: 2, ..CompilerConfig::kernel(target("ptx")) };
    let full = made(&story, base(), "checked8!", Stage::Object);
    let stripped = made(&story, CompilerConfig { strip: true, ..base() }, "checked8!", Stage::Object);
    let kinds = |a: &compiler::Artifact| a.sites.iter().map(|s| s.kind.clone()).collect::<Vec<_>>();
    assert_eq!(kinds(&full), kinds(&stripped));
    assert!(kinds(&full).contains(&"DomainError".to_string()));
    assert!(full.sites.iter().all(|s| !s.frames.is_empty()) && full.calls.iter().any(|c| !c.frames.is_empty()));
    assert!(stripped.sites.iter().all(|s| s.frames.is_empty() && s.span.is_none() && s.function.as_str().is_empty()));
    assert!(stripped.calls.iter().all(|c| c.frames.is_empty()) && stripped.calls.len() == full.calls.len());
}

#[test]
fn without_cleanup_what_was_inlined_everywhere_stays() {
    let story = Story::begin(CHECKED);
    let base = || CompilerConfig::kernel(target("ptx"));
    let defined = |config| {
        let text = made(&story, config, "uses8!", Stage::Llvm).text();
        text.lines().filter(|l| l.starts_with("define")).count()
    };
    assert_eq!(defined(base()), 1);
    assert!(defined(CompilerConfig { cleanup: false, ..base() }) > 1);
    // Assemblers take it, too.
    let text = made(&story, CompilerConfig { cleanup: false, ..base() }, "uses8!", Stage::Assembly).text();
    assert!(text.contains(".visible .entry"), "{text}");
}

#[test]
fn what_is_compiled_on_the_way_leaves_the_runtime_library_to_who_links_it() {
    let story = Story::begin(CHECKED);
    let base = || CompilerConfig::new(target("ptx"));
    let reports = |config| {
        let text = made(&story, config, "checked8!", Stage::Llvm).text();
        let has = |start: &str| text.lines().any(|l| l.starts_with(start) && l.contains("@gpu_report_exception("));
        (has("define"), has("declare"))
    };
    assert!(!reports(base()).1);
    assert_eq!(reports(CompilerConfig { toplevel: false, ..base() }), (false, true));
}

#[test]
fn levels_of_optimisation_make_code_of_their_own() {
    let story = Story::begin(
        "
        function powers8!(y)
            s = 0.0
            for i in 1:4
                s += @inbounds y[i]^3
            end
            @inbounds y[1] = s
            return
        end",
    );
    for machine in ["ptx", "gcn"] {
        let size = |opt_level| {
            let config = CompilerConfig { opt_level, ..CompilerConfig::kernel(target(machine)) };
            made(&story, config, "powers8!", Stage::Assembly).text().lines().count()
        };
        let plain = made(
            &story,
            CompilerConfig { optimize: false, ..CompilerConfig::kernel(target(machine)) },
            "powers8!",
            Stage::Assembly,
        );
        assert_eq!(size(0), plain.text().lines().count());
        // Little is done at level 1, and already most of what shortens; loops are unrolled from level 2 on.
        assert!(size(1) < size(0), "{machine}: {} and {}", size(1), size(0));
        let text = |opt_level| {
            let config = CompilerConfig { opt_level, ..CompilerConfig::kernel(target(machine)) };
            made(&story, config, "powers8!", Stage::Llvm).text()
        };
        assert!(text(1).contains("phi ") && !text(2).contains("phi "), "{machine}: {}\n{}", text(1), text(2));
    }
}
