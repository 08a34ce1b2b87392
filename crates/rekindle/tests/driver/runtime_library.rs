//! B4, B6: the runtime library and the hidden state.

use crate::{Noting, Story, VECTOR, target};
use codegen::RuntimeFunction;
use compiler::{CompilerConfig, ConfigRef, DeviceImage, EntryAbi, LinkedRuntime, Stage};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use world::EventKind;

const SOURCE: &str = "checked5!(y) = (y[1] = y[2]; return)
checked6!(y) = (y[2] = y[1]; return)
unchecked5!(y) = (@inbounds y[1] = 1.0; return)";

fn counts(story: &Story) -> [u64; 2] {
    let counters = story.engine.driver().runtime_counters();
    [counters.built.load(Ordering::Relaxed), counters.reused.load(Ordering::Relaxed)]
}

/// What was built and what was taken as it was since then.
fn since(story: &Story, then: [u64; 2]) -> [u64; 2] {
    let now = counts(story);
    [now[0] - then[0], now[1] - then[1]]
}

fn library(story: &Story, config: ConfigRef) -> Vec<LinkedRuntime> {
    let age = story.engine.session().world.age();
    interp::on_big_stack(|| story.engine.driver().runtime_library(config, &RuntimeFunction::ALL, age))
        .unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_library_is_built_once_per_owner_not_once_per_kernel_or_configuration() {
    let story = Story::begin(SOURCE);
    let own = || CompilerConfig::kernel(Arc::new(Noting::new("once5", &["once5"])));
    let then = counts(&story);
    story.compile(Stage::Object, &story.job(own(), &format!("checked5!{VECTOR}"))).expect("compiles");
    assert_eq!(since(&story, then), [1, 0], "the report of exceptions");
    let others = [
        own(),
        CompilerConfig { name: Some("other".into()), ..own() },
        CompilerConfig { opt_level: 0, optimize: false, ..own() },
        CompilerConfig { strip: true, debug_level: 2, ..own() },
        CompilerConfig { kernel: false, entry_abi: EntryAbi::Func, ..own() },
    ];
    let normal = own().intern().of_runtime();
    for (i, config) in others.into_iter().enumerate() {
        assert_eq!(config.clone().intern().of_runtime(), normal);
        story.compile(Stage::Object, &story.job(config, &format!("checked6!{VECTOR}"))).expect("compiles");
        assert_eq!(since(&story, then), [1, 1 + i as u64]);
    }
    // What does not throw needs none of it.
    story.compile(Stage::Object, &story.job(own(), &format!("unchecked5!{VECTOR}"))).expect("compiles");
    assert_eq!(since(&story, then), [1, 5]);
    // Another partition of the cache has another library.
    let other = CompilerConfig { always_inline: true, ..own() };
    story.compile(Stage::Object, &story.job(other, &format!("checked5!{VECTOR}"))).expect("compiles");
    assert_eq!(since(&story, then), [2, 5]);
}

#[test]
fn redefining_a_function_of_the_library_rebuilds_it_and_what_calls_it_alone() {
    let story = Story::begin("const T7 = Core.Host.named_method_table(:rebuilt7)");
    let config = CompilerConfig::kernel(Arc::new(Noting::new("rebuilt7", &["rebuilt7"]))).intern();
    let before = library(&story, config);
    let then = counts(&story);
    assert_eq!(
        library(&story, config).iter().map(|f| f.ci).collect::<Vec<_>>(),
        before.iter().map(|f| f.ci).collect::<Vec<_>>()
    );
    assert_eq!(since(&story, then), [0, 3]);

    story.load("Base.Device.@override T7 @noinline Base.Device.Runtime.gpu_malloc(n::Int64) = Core.Intrinsics.bitcast(Ptr{Nothing}, n)");
    let then = counts(&story);
    let after = library(&story, config);
    assert_eq!(since(&story, then), [2, 1], "memory and objects, not reports");
    for (old, new) in before.iter().zip(&after) {
        let same = old.which == RuntimeFunction::ReportException;
        assert_eq!(old.ci == new.ci, same, "{:?}", old.which);
        assert_eq!(old.code.bitcode == new.code.bitcode, same, "{:?}", old.which);
    }
    let then = counts(&story);
    library(&story, config);
    assert_eq!(since(&story, then), [0, 3]);
}

#[test]
fn kernels_end_with_the_functions_of_the_library_that_they_use_and_the_next_ones_see_the_new() {
    let story = Story::begin(&format!("{SOURCE}\nconst T8 = Core.Host.named_method_table(:ended8)"));
    let own = || CompilerConfig::kernel(Arc::new(Noting::new("ended8", &["ended8"])));
    let jobs = || ["checked5!", "unchecked5!"].map(|f| story.job(own(), &format!("{f}{VECTOR}")));
    let [checked, unchecked] = jobs();
    let text = story.compile(Stage::Object, &checked).expect("compiles").text();
    assert!(text.contains("gpu_report_exception") && text.contains("rk_cpu_exit"), "{text}");
    assert!(!text.contains("4242"), "{text}");
    story.compile(Stage::Object, &unchecked).expect("compiles");
    let before = [story.code(&checked), story.code(&unchecked)];

    let events = story.engine.session().world.record();
    // What it calls, inlined into it: the report is not resolved anew, but its code has ended.
    story.load("Base.Device.@override T8 @noinline Base.Device.Runtime.gpu_signal_exception() = (Core.Intrinsics.gpu_fence(:system); Core.Intrinsics.gpu_exit())");
    let ended = |ci| events.count(|e| matches!(e, EventKind::CiEnded { ci: c, .. } if *c == ci));
    assert_eq!(before.map(ended), [1, 0]);

    let [checked, unchecked] = jobs();
    let text = story.compile(Stage::Object, &checked).expect("compiles").text();
    assert!(text.contains("fence"), "{text}");
    // A method of its own in a table that is looked in first: another look-up, the same consequence.
    story.load("Base.Device.@override T8 @noinline function Base.Device.Runtime.gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})
        Core.Intrinsics.pointerset(Core.Intrinsics.bitcast(Ptr{Int64}, Core.Intrinsics.gpu_kernel_state()), 4242, 1, 8)
        Core.Intrinsics.gpu_exit()
    end");
    assert!(checked.code().is_some() && !checked.code().expect("of its age").get().valid().is_open());
    assert!(unchecked.code().expect("is there").get().valid().is_open());
    let [checked, unchecked] = jobs();
    let text = story.compile(Stage::Object, &checked).expect("compiles").text();
    assert!(text.contains("4242"), "{text}");
    assert_eq!(story.code(&unchecked), before[1]);
}

#[test]
fn a_function_of_the_library_that_throws_or_returns_something_else_is_a_finding() {
    let story = Story::begin(&format!("{SOURCE}\nconst T9 = Core.Host.named_method_table(:wrong9)"));
    let own = || CompilerConfig::kernel(Arc::new(Noting::new("wrong9", &["wrong9"])));
    let compile = || story.compile(Stage::Object, &story.job(own(), &format!("checked5!{VECTOR}")));
    let define = |body: &str| {
        let head = "Base.Device.Runtime.gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})";
        story.load(&format!("Base.Device.@override T9 @noinline {head} = {body}"));
    };
    define("nothing");
    let error = compile().expect_err("returns").to_string();
    assert!(error.contains("`gpu_report_exception` returns `Nothing`, and has to return `Union{}`"), "{error}");
    define("throw(DivideError())");
    let error = compile().expect_err("throws").to_string();
    assert!(error.contains("`gpu_report_exception` can throw (DivideError)"), "{error}");
    define("Core.Intrinsics.gpu_exit()");
    compile().expect("is right again");
}

#[test]
fn kernels_take_the_state_first_if_something_asks_for_it_also_after_the_library_changed() {
    let story = Story::begin(SOURCE);
    let ptx = |f: &str| {
        let job = story.job(CompilerConfig::kernel(target("ptx")), &format!("{f}{VECTOR}"));
        interp::on_big_stack(|| story.engine.driver().image(&job)).unwrap_or_else(|e| panic!("{e}"))
    };
    let text = |image: &DeviceImage| String::from_utf8(image.artifact.bytes.clone()).expect("text");
    let params = |image: &DeviceImage| {
        let ptx = text(image);
        let head = ptx.split(".entry").nth(1).expect("an entry");
        head[..head.find(')').expect("closed")].matches(".param").count()
    };
    let (checked, unchecked) = (ptx("checked5!"), ptx("unchecked5!"));
    assert_eq!((checked.with_state, params(checked)), (true, 2));
    assert_eq!((unchecked.with_state, params(unchecked)), (false, 1));
    assert!(text(checked).contains("exit;") && !text(checked).contains("rk_"), "{}", text(checked));

    let head = "Base.Device.Runtime.gpu_report_exception(site::Int32, a::Int64, b::Int64, c::Int64, d::Int64, calls::Ptr{Nothing})";
    story.load(&format!("Base.Device.@override Base.Device.PTX_TABLE @noinline {head} = Core.Intrinsics.gpu_exit()"));
    let silent = ptx("checked5!");
    assert_eq!((silent.with_state, params(silent)), (false, 1));

    let world = story.engine.session().world;
    let table = world.named_overlay("ptx");
    let mine = |m: &&world::MethodRef| m.get().name().as_str() == "gpu_report_exception" && m.get().valid().is_open();
    let own = *world.methods(table).iter().find(mine).expect("was defined");
    assert!(world.remove_method(own));
    let again = ptx("checked5!");
    assert_eq!((again.with_state, again.artifact.bytes == checked.artifact.bytes), (true, true));
}
