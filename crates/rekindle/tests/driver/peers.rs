//! What GPUCompiler's tests ask of its driver, asked of ours: see `docs/peer-tests.md`.

use crate::{Story, VECTOR, target};
use compiler::{CompileError, CompilerConfig, Stage, unit_tree};
use ir::typed::TypedBody;

fn native() -> CompilerConfig {
    CompilerConfig { name: Some("shown".into()), ..CompilerConfig::new(target("native")) }
}

fn text(story: &Story, config: CompilerConfig, entry: &str, stage: Stage) -> String {
    story.compile(stage, &story.job(config, entry)).unwrap_or_else(|e| panic!("{e}")).text()
}

fn findings(story: &Story, entry: &str) -> CompileError {
    let job = story.job(CompilerConfig::kernel(target("cpu")), &format!("{entry}{VECTOR}"));
    story.compile(Stage::Object, &job).expect_err("is wrong")
}

#[test]
fn every_stage_of_a_function_can_be_shown() {
    let story = Story::begin("stages20(x) = sqrt(x) + 7");
    let job = story.job(native(), "stages20(Float64)");
    assert!(story.engine.lowered(&job).expect("Julia code").contains("sqrt"));
    let body = story.code(&job);
    assert_eq!(body.get().return_type(), Some(types::builtin::float64()));
    assert_eq!(body.get().body::<TypedBody>().expect("typed").name.as_str(), "stages20");
    let ir = text(&story, native(), "stages20(Float64)", Stage::Llvm);
    assert!(ir.contains("double @shown(double"), "{ir}");
    assert!(text(&story, native(), "stages20(Float64)", Stage::Assembly).contains("shown:"));
}

#[test]
fn a_child_that_is_not_to_be_inlined_survives_optimisation_in_every_parent() {
    let story = Story::begin(
        "@noinline child21(x) = 3x + 1
         one21!(y) = (@inbounds y[1] = child21(y[1]); return)
         two21!(y) = (@inbounds y[2] = child21(y[2]); return)",
    );
    for parent in ["one21!", "two21!"] {
        let ptx = text(&story, CompilerConfig::kernel(target("ptx")), &format!("{parent}{VECTOR}"), Stage::Assembly);
        assert_eq!((ptx.matches(".func ").count() > 0, ptx.matches(".visible .func").count()), (true, 0), "{ptx}");
        assert!(ptx.contains("call.uni"), "{ptx}");
    }
}

#[test]
fn compiling_twice_with_and_without_optimisation_gives_the_same_bytes_each_time() {
    let story = Story::begin("again22(x, n) = (s = x; for i in 1:n; s = s * x + i; end; s)");
    for optimize in [true, false] {
        let config = || CompilerConfig { optimize, ..native() };
        let made: Vec<String> =
            (0..2).map(|_| text(&story, config(), "again22(Int64, Int64)", Stage::Assembly)).collect();
        assert_eq!(made[0], made[1]);
    }
    let plain = text(&story, CompilerConfig { optimize: false, ..native() }, "again22(Int64, Int64)", Stage::Llvm);
    assert_ne!(plain, text(&story, native(), "again22(Int64, Int64)", Stage::Llvm));
}

#[test]
fn one_field_of_a_struct_behind_a_pointer_is_one_load() {
    let story = Story::begin(
        "struct Wide23; x::Int64; y::Float64; z::NTuple{3,Int64}; end
         field23(p) = unsafe_load(p, 1).y",
    );
    let ir = text(&story, native(), "field23(Ptr{Wide23})", Stage::Llvm);
    assert_eq!(ir.matches("load ").count(), 1, "{ir}");
}

#[test]
fn the_units_of_a_job_are_the_instances_that_it_was_compiled_from() {
    let story = Story::begin(
        "@noinline inner25(x) = x + 1
         outer25(x) = 2 * inner25(x)",
    );
    let job = story.job(native(), "outer25(Int64)");
    let ci = story.code(&job);
    let units = interp::on_big_stack(|| unit_tree(ci, job.config)).expect("emits");
    let names: Vec<String> =
        units.iter().filter_map(|u| u.instance).map(|ci| format!("{}", ci.get().mi().get().sig())).collect();
    assert_eq!(names, ["Tuple{typeof(outer25), Int64}", "Tuple{typeof(inner25), Int64}"]);
}

#[test]
fn compiling_again_after_a_redefinition_gives_the_new_code() {
    let story = Story::begin("value26() = 1");
    let constant = || {
        let ci = story.code(&story.job(native(), "value26()"));
        ci.get().body::<TypedBody>().and_then(|b| b.ret_const).and_then(|v| v.as_int())
    };
    assert_eq!((constant(), constant()), (Some(1), Some(1)));
    story.load("value26() = 2");
    assert_eq!(constant(), Some(2));
}

#[test]
fn calls_that_only_the_host_can_make_are_findings_with_their_frames() {
    let story = Story::begin(
        "prints27(x) = println(x)
         printing27!(y) = (prints27(y[1]); return)
         foreign27!(y) = (y[1] = ccall(:no_such_function, Float64, (Float64,), y[1]); return)
         const anything27 = Any[1]
         unknown27(x) = anything27[1] + x
         dynamic27!(y) = (unknown27(y[1]); return)
         missing27!(y) = (y[1] = sqrt(y, y); return)",
    );
    let printed = findings(&story, "printing27!");
    assert!(printed.findings.iter().any(|d| d.code == "kernel.host-function"), "{printed}");
    assert!(printed.to_string().contains("printing27!"), "{printed}");
    let called = findings(&story, "foreign27!");
    assert!(called.to_string().contains("no_such_function"), "{called}");
    let dynamic = findings(&story, "dynamic27!");
    assert!(!dynamic.findings.is_empty() && dynamic.to_string().contains("dynamic27!"), "{dynamic}");
    let missing = findings(&story, "missing27!");
    assert!(missing.findings.iter().any(|d| d.code == "kernel.no-method"), "{missing}");
}

#[test]
fn a_kernel_returns_nothing_and_a_function_what_it_likes() {
    let story = Story::begin("answers28(y) = y[1]");
    assert!(findings(&story, "answers28").findings.iter().any(|d| d.code == "kernel.returns-value"));
    let ptx = text(&story, CompilerConfig::new(target("ptx")), &format!("answers28{VECTOR}"), Stage::Assembly);
    assert!(ptx.contains(".visible .func") && !ptx.contains(".entry"), "{ptx}");
}

#[test]
fn an_override_of_something_else_does_not_make_calls_dynamic() {
    let story = Story::begin(
        "using StaticArrays
         const T29 = Core.Host.named_method_table(:test29)
         unrelated29(x) = x
         Base.Device.@override T29 unrelated29(x) = x + 1
         largest29!(y) = (v = SVector(y[1], y[2]); w = floor.(max.(v, SVector(0.5, 1.5))); y[1] = w[1]; return)",
    );
    let target = std::sync::Arc::new(crate::Noting::new("own29", &["test29"]));
    let job = story.job(CompilerConfig::kernel(target), &format!("largest29!{VECTOR}"));
    story.compile(Stage::Object, &job).unwrap_or_else(|e| panic!("{e}"));
}
