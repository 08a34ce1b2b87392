//! B1, B3, B8, B10: jobs and their results, findings, reflection.

use crate::{Noting, Story, VECTOR, target};
use compiler::{CompilerConfig, Stage, cached_results, collect_jobs};
use std::sync::Arc;
use world::EventKind;
use world::results::{Portable, results};

#[derive(Default)]
struct Text {
    text: Portable<String>,
}

#[test]
fn jobs_that_differ_in_their_name_share_inference_and_never_artifacts() {
    let story = Story::begin("helper10(x) = 2x\nnamed10!(y) = (y[1] = helper10(y[1]); return)");
    let entry = format!("named10!{VECTOR}");
    let named = |name: &str| {
        let config = CompilerConfig { name: Some(name.into()), ..CompilerConfig::kernel(target("ptx")) };
        story.job(config, &entry)
    };
    let (one, two) = (named("one"), named("two"));
    assert_eq!(one.config.owner(), two.config.owner());
    let events = story.engine.session().world.record();
    let first = story.compile(Stage::Assembly, &one).expect("compiles");
    let ci = one.code().expect("is inferred");
    results::<Text>(ci, &one.config).text.set(first.text()).expect("is the first");
    assert!(events.count(|e| matches!(e, EventKind::InferenceFinished { .. })) > 0);
    events.take();

    let second = story.compile(Stage::Assembly, &two).expect("compiles");
    assert_eq!(events.count(|e| matches!(e, EventKind::InferenceStarted { .. })), 0);
    assert_eq!(two.code(), Some(ci));
    assert!(cached_results::<Text>(&two).is_none_or(|t| t.text.get().is_none()));
    assert!(first.text().contains(".entry one(") && second.text().contains(".entry two("));
    assert_eq!(cached_results::<Text>(&one).and_then(|t| t.text.get()), Some(&first.text()));
}

#[test]
fn what_affects_code_alone_is_no_part_of_the_owner_and_what_affects_inference_is() {
    let story = Story::begin("");
    let base = || CompilerConfig::kernel(target("ptx"));
    let owner = base().intern().owner();
    for config in [
        CompilerConfig { opt_level: 0, ..base() },
        CompilerConfig { debug_level: 2, ..base() },
        CompilerConfig { strip: true, ..base() },
        CompilerConfig { optimize: false, ..base() },
        CompilerConfig { validate: false, ..base() },
    ] {
        let config = config.intern();
        assert!(config != base().intern() && config.owner() == owner, "{config:?}");
    }
    assert!(CompilerConfig { always_inline: true, ..base() }.intern().owner() != owner);
    let other = CompilerConfig::kernel(Arc::new(Noting::new("ptx", &["ptx", "more"])));
    assert!(other.intern().owner() != owner, "tables are what calls are resolved by");
    drop(story);
}

#[test]
fn a_look_up_of_results_never_infers_and_finds_nothing_until_there_is_code() {
    let story = Story::begin("lazy11!(y) = (y[1] = 1; return)");
    let job = story.job(CompilerConfig::kernel(target("cpu")), &format!("lazy11!{VECTOR}"));
    let events = story.engine.session().world.record();
    assert!(cached_results::<Text>(&job).is_none());
    assert!(events.take().is_empty());
    let ci = story.code(&job);
    assert!(cached_results::<Text>(&job).is_none(), "code, but nobody asked for results");
    let made = results::<Text>(ci, &job.config);
    assert!(cached_results::<Text>(&job).is_some_and(|found| std::ptr::eq(found, made)));
    let (seen, _) = collect_jobs(|| cached_results::<Text>(&job).is_some());
    assert!(!seen, "reflection sees everything compiled afresh");
}

#[test]
fn findings_come_all_at_once_and_read_the_same_whether_or_not_anything_was_cached() {
    let story = Story::begin(
        "inner12(y) = nowhere12(y)
         wrong12!(y) = (inner12(y); y[1] = undefined_name12; println(\"no\"); return 1)",
    );
    let job = || story.job(CompilerConfig::kernel(target("cpu")), &format!("wrong12!{VECTOR}"));
    let first = story.compile(Stage::Object, &job()).expect_err("is wrong");
    let codes: Vec<&str> = first.findings.iter().map(|d| d.code).collect();
    assert!(codes.len() >= 3 && codes.contains(&"kernel.undefined"), "{first}");
    let again = story.compile(Stage::Object, &job()).expect_err("is wrong still");
    assert_eq!(first.to_string(), again.to_string());
    // Callees are inferred, the kernel is not.
    story.load("wrong12!(y) = (inner12(y); y[1] = undefined_name12; println(\"no\"); return 1)");
    let third = story.compile(Stage::Object, &job()).expect_err("is wrong still");
    let text = |e: &compiler::CompileError| e.findings.iter().map(|d| d.message.clone()).collect::<Vec<_>>();
    assert_eq!(text(&first), text(&third));
}

#[test]
fn a_hook_collects_every_kernel_that_a_block_compiles_also_those_that_were_compiled_before() {
    let story = Story::begin(
        "using CUDA
         twice13!(y) = (y[1] = 2y[1]; return)
         plus13!(y) = (y[1] = y[1] + 1; return)
         block13() = (y = CuArray([1.0]); @cuda(twice13!(y)); @cuda(plus13!(y)); @cuda(twice13!(y)); Array(y)[1])",
    );
    let run = || interp::on_big_stack(|| collect_jobs(|| story.engine.eval("block13()").expect("runs")));
    let names = |jobs: &[compiler::CompilerJob]| -> Vec<&'static str> {
        let kernels = jobs.iter().filter(|j| j.config.get().kernel);
        kernels.map(|j| j.mi.get().method().get().name().as_str()).collect()
    };
    let (answer, jobs) = run();
    assert_eq!((answer.as_str(), names(&jobs)), ("6.0", vec!["twice13!", "plus13!"]));
    let (answer, jobs) = run();
    assert_eq!((answer.as_str(), names(&jobs)), ("6.0", vec!["twice13!", "plus13!"]));
    // And each of them can be shown at every stage.
    let job = *jobs.iter().find(|j| j.config.get().kernel).expect("a kernel");
    for stage in [Stage::Llvm, Stage::Assembly] {
        assert!(!story.compile(stage, &job).expect("compiles").bytes.is_empty());
    }
    assert!(story.engine.lowered(&job).expect("Julia code").contains("2"));
}

#[test]
fn constructors_and_types_as_arguments_are_fully_specialised() {
    let story = Story::begin("struct Pair14; a::Int; end\nmake14(T, x) = T(x)");
    let native = || CompilerConfig::new(target("native"));
    let constructor = story.job(native(), "Pair14(Int64)");
    let sig = constructor.mi.get().sig();
    assert_eq!(sig.to_string(), "Tuple{Type{Main.Pair14}, Int64}".replace("Main.", ""), "{sig}");
    let by_type = story.job(native(), "make14(Type{Float32}, Int64)");
    let code = story.code(&by_type);
    assert_eq!(code.get().return_type(), Some(types::builtin::float32()));
}

#[test]
fn a_function_that_was_compiled_for_a_device_runs_on_the_host_afterwards() {
    let story = Story::begin(
        "shared15(x) = 3x + 1
         kernel15!(y) = (y[1] = shared15(y[1]); return)
         loop15(n) = (s = 0.0; for i in 1:n; s += shared15(Float64(i)); end; s)",
    );
    for name in ["ptx", "cpu"] {
        story
            .compile(Stage::Object, &story.job(CompilerConfig::kernel(target(name)), &format!("kernel15!{VECTOR}")))
            .expect("compiles");
    }
    assert_eq!(story.engine.eval("loop15(1000)").expect("runs"), "1.5025e6");
}
