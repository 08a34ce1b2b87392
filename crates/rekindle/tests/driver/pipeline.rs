//! B2: the extension points.

use crate::{Noting, Story, VECTOR};
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
