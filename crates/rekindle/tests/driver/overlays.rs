//! E1, E2: tables of back-ends over the runtime's over the global one.

use crate::{Noting, Story, target};
use compiler::{CompilerConfig, CompilerTarget, DEVICE_TABLE, unit_tree};
use ir::typed::{InstKind, TypedBody};
use std::sync::Arc;
use world::{CiRef, MiRef};

fn constant(ci: CiRef) -> Option<i64> {
    ci.get().body::<TypedBody>()?.ret_const?.as_int()
}

fn config(name: &'static str, overlays: &[&'static str]) -> CompilerConfig {
    CompilerConfig::new(Arc::new(Noting::new(name, overlays)))
}

#[test]
fn a_back_ends_override_replaces_a_child_function() {
    let story = Story::begin(
        "child1() = 0
         parent1() = child1()
         const T1 = Core.Host.named_method_table(:test1)
         Base.Device.@override T1 child1() = 1",
    );
    let native = story.job(CompilerConfig::new(target("native")), "parent1()");
    let plain = story.job(config("plain1", &[]), "parent1()");
    let own = story.job(config("own1", &["test1"]), "parent1()");
    assert_eq!([native, plain, own].map(|job| constant(story.code(&job))), [Some(0), Some(0), Some(1)]);
}

#[test]
fn of_stacked_overlays_the_last_named_is_looked_in_first_and_the_others_are_seen_through_it() {
    let story = Story::begin(
        "low2() = 0
         high2() = 0
         sum2() = 10 * low2() + high2()
         const L2, H2 = Core.Host.named_method_table(:low2), Core.Host.named_method_table(:high2)
         Base.Device.@override L2 low2() = 1
         Base.Device.@override L2 high2() = 1
         Base.Device.@override H2 high2() = 2",
    );
    for (name, overlays, answer) in [
        ("a2", &["low2"][..], 11),
        ("b2", &["low2", "high2"], 12),
        ("c2", &["high2", "low2"], 11),
        ("d2", &["high2"], 2),
    ] {
        let job = story.job(config(name, overlays), "sum2()");
        assert_eq!(constant(story.code(&job)), Some(answer), "{overlays:?}");
    }
}

#[test]
fn a_method_that_an_overlay_gets_later_ends_the_code_of_those_who_look_there_and_no_other() {
    let story = Story::begin(
        "child3() = 0
         parent3() = child3()
         const T3 = Core.Host.named_method_table(:test3)",
    );
    let jobs = || {
        let native = story.job(CompilerConfig::new(target("native")), "parent3()");
        [native, story.job(config("own3", &["test3"]), "parent3()")]
    };
    let before = jobs().map(|job| story.code(&job));
    assert_eq!(before.map(constant), [Some(0), Some(0)]);
    story.load("Base.Device.@override T3 child3() = 1");
    assert!(before[0].get().valid().is_open() && !before[1].get().valid().is_open());
    let after = jobs().map(|job| story.code(&job));
    assert_eq!(after.map(constant), [Some(0), Some(1)]);
    assert_eq!(after[0], before[0]);
}

#[test]
fn a_back_end_names_its_own_tables_and_inherits_the_runtimes() {
    let story = Story::begin("");
    let driver = story.engine.driver();
    let tables = |target: Arc<dyn CompilerTarget>| -> Vec<&'static str> {
        let stack = driver.method_tables(CompilerConfig::kernel(target).intern());
        stack.tables().iter().map(|t| t.name().as_str()).collect()
    };
    assert_eq!(tables(target("native")), ["global"]);
    assert_eq!(tables(target("cpu")), ["cpu", DEVICE_TABLE, "global"]);
    assert_eq!(tables(target("ptx")), ["ptx", DEVICE_TABLE, "global"]);
    let own = Noting::new("tables", &["under", "over"]);
    assert_eq!(tables(Arc::new(own)), ["over", "under", DEVICE_TABLE, "global"]);
}

/// Does a body, or one private to it, ask the device something?
fn asks_device(body: &TypedBody) -> bool {
    body.placed().any(|(_, i)| matches!(i.kind, InstKind::Intrinsic { op, .. } if op.device_only()))
        || body.locals.iter().any(asks_device)
}

#[test]
fn no_code_for_the_host_asks_a_device_or_calls_the_runtime_library() {
    let story = Story::begin("using KernelAbstractions, CUDA, AMDGPU, Metal");
    let session = story.engine.session();
    let driver = story.engine.driver();
    let config = CompilerConfig::new(target("native")).intern();
    let world = session.world;
    let stack = driver.method_tables(config);
    let (mut asked, mut compiled) = (Vec::new(), 0);
    interp::on_big_stack(|| {
        // Methods of the device modules, for the types of their signatures, or `Any`'s instances where these are open.
        for method in world.methods(world.global()).into_iter().filter(|m| m.get().valid().is_open()) {
            let module = method.get().module();
            if !["Base.Device", "CUDA", "KernelAbstractions", "AMDGPU", "Metal"].iter().any(|m| module.starts_with(m)) {
                continue;
            }
            let sig = method.get().sig();
            let Some(mi) = concrete(sig).and_then(|types| world.lookup_one(stack, &types, world.age()).instance())
            else {
                continue;
            };
            let Some(ci) = infer(&story, config, mi) else { continue };
            let Some(body) = ci.get().body::<TypedBody>() else { continue };
            if asks_device(body) {
                asked.push(format!("{mi:?}"));
            }
            if body.not_compilable.is_some() {
                continue;
            }
            if let Ok(units) = unit_tree(ci, config) {
                compiled += 1;
                for unit in &units {
                    let mentions = unit.bitcode.windows(4).any(|w| w == b"gpu_");
                    if mentions || !unit.info.runtime.is_empty() || unit.info.kernel_state {
                        asked.push(format!("{mi:?}: {:?}", unit.info.runtime));
                    }
                }
            }
        }
    });
    assert!(compiled > 40, "only {compiled} functions were compiled");
    assert_eq!(asked, Vec::<String>::new());
}

fn infer(story: &Story, config: compiler::ConfigRef, mi: MiRef) -> Option<CiRef> {
    let job = compiler::CompilerJob { mi, config, age: story.engine.session().world.age() };
    story.engine.driver().code_instance(&job).ok()
}

/// Argument types for a signature: its own where they are concrete, else an instance (0 for the parameters of `Val`s).
fn concrete(sig: types::Ty) -> Option<Vec<types::Ty>> {
    let mut ty = sig;
    while let Some((var, body)) = ty.unionall() {
        ty = types::instantiate(body, var, types::Ty::int(0));
    }
    let elements = types::tuple_elements(ty)?;
    elements.iter().all(|t| t.is_concrete()).then(|| elements.to_vec())
}
