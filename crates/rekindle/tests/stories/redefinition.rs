//! What a redefinition costs: its dependants, and nothing else.

use crate::{Story, first};

#[test]
fn redefining_a_grandchild_a_callee_or_the_kernel_compiles_its_dependants_again_and_nothing_else() {
    let story = Story::begin(
        "leaf1(x) = x + 1
         mid1(x) = 2 * leaf1(x)
         kernel1!(y) = (y[1] = mid1(y[1]); return)
         other1!(y) = (y[1] = y[1] - 1; return)",
    );
    let (kernel, other) = (story.kernel("kernel1!"), story.kernel("other1!"));
    assert_eq!((first(&kernel, 1.0), first(&other, 1.0)), (4.0, 0.0));
    let done = story.did();
    for function in ["leaf1(Float64)", "mid1(Float64)", "kernel1!(Vector)", "other1!(Vector)"] {
        assert_eq!(done.iter().filter(|e| **e == format!("inferred {function}")).count(), 1, "{function}: {done:#?}");
    }
    let kernels = |of: &str| done.iter().filter(|e| e.starts_with(of)).cloned().collect::<Vec<_>>();
    assert_eq!(kernels("compiled"), ["compiled kernel1!(Vector)", "compiled other1!(Vector)"]);
    assert_eq!(kernels("loaded"), ["loaded kernel1!(Vector) on cpu:0", "loaded other1!(Vector) on cpu:0"]);

    let ended = |functions: &[&str]| functions.iter().map(|f| format!("ended {f}")).collect::<Vec<_>>();
    let again = |functions: &[&str]| {
        let mut all = vec!["compiled kernel1!(Vector)".to_owned()];
        all.extend(functions.iter().map(|f| format!("emitted {f}")));
        all.extend(functions.iter().map(|f| format!("inferred {f}")));
        all.push("loaded kernel1!(Vector) on cpu:0".into());
        all
    };
    // A function that is inlined everywhere has no code of its own.
    let without_inlined = |mut all: Vec<String>| {
        all.retain(|e| !e.starts_with("emitted leaf1") && !e.starts_with("emitted mid1"));
        all
    };

    story.load("leaf1(x) = x + 10");
    assert_eq!(story.did(), ended(&["kernel1!(Vector)", "leaf1(Float64)", "mid1(Float64)"]));
    assert_eq!((first(&kernel, 1.0), first(&other, 1.0)), (22.0, 0.0));
    let done = without_inlined(story.did());
    assert_eq!(done, without_inlined(again(&["kernel1!(Vector)", "leaf1(Float64)", "mid1(Float64)"])));

    story.load("mid1(x) = 3 * leaf1(x)");
    assert_eq!(story.did(), ended(&["kernel1!(Vector)", "mid1(Float64)"]));
    assert_eq!((first(&kernel, 1.0), first(&other, 1.0)), (33.0, 0.0));
    assert_eq!(without_inlined(story.did()), without_inlined(again(&["kernel1!(Vector)", "mid1(Float64)"])));

    story.load("kernel1!(y) = (y[1] = mid1(y[1]) + 0.5; return)");
    assert_eq!(story.did(), ended(&["kernel1!(Vector)"]));
    assert_eq!((first(&kernel, 1.0), first(&other, 1.0)), (33.5, 0.0));
    assert_eq!(story.did(), again(&["kernel1!(Vector)"]));
}

#[test]
fn a_more_specific_method_ends_what_would_call_it_and_an_unrelated_one_ends_nothing() {
    let story = Story::begin(
        "pick2(x) = 1.0
         kernel2!(y) = (y[1] = pick2(y[1]); return)",
    );
    let kernel = story.kernel("kernel2!");
    assert_eq!(first(&kernel, 0.0), 1.0);
    story.did();
    story.load("pick2(x::Int) = 2.0\nunrelated2(x) = x");
    assert_eq!(first(&kernel, 0.0), 1.0);
    assert_eq!(story.did(), Vec::<String>::new());
    story.load("pick2(x::AbstractFloat) = 3.0");
    assert_eq!(story.did(), ["ended kernel2!(Vector)"]);
    assert_eq!(first(&kernel, 0.0), 3.0);
}

#[test]
fn the_first_method_for_a_call_that_found_none_makes_the_kernel_compile() {
    let story = Story::begin("missing3() = 0\nkernel3!(y) = (y[1] = missing3(y[1]); return)");
    let kernel = story.kernel("kernel3!");
    let mut y = [1.0f64];
    let launch = |y: &mut [f64; 1]| kernel.launch(rekindle::Grid::linear(1, 1), rekindle::args![y]);
    let error = launch(&mut y).expect_err("calls what has no method");
    assert_eq!(error.kind, rekindle::ErrorKind::Compile);
    assert!(error.to_string().contains("missing3"), "{error}");
    assert_eq!(launch(&mut y).expect_err("still").to_string(), error.to_string(), "the same, however often");
    story.load("missing3(x) = x + 1");
    launch(&mut y).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(y, [2.0]);
}

#[test]
fn a_constant_or_a_global_that_changes_ends_the_kernels_that_read_it() {
    let story = Story::begin(
        "const scale4 = 2.0
         offset4 = 1.0
         scaled4!(y) = (y[1] *= scale4; return)
         shifted4!(y) = (y[1] += offset4; return)",
    );
    let (scaled, shifted) = (story.kernel("scaled4!"), story.kernel("shifted4!"));
    assert_eq!((first(&scaled, 3.0), first(&shifted, 3.0)), (6.0, 4.0));
    story.did();
    story.load("const scale4 = 5.0");
    assert_eq!(story.did(), ["ended scaled4!(Vector)"]);
    assert_eq!((first(&scaled, 3.0), first(&shifted, 3.0)), (15.0, 4.0));
    story.did();
    // Nobody says when a plain global changes: the next launch looks.
    story.load("offset4 = 7.0");
    assert_eq!(story.did(), Vec::<String>::new());
    assert_eq!((first(&scaled, 3.0), first(&shifted, 3.0)), (15.0, 10.0));
    let compiled: Vec<String> = story.did().into_iter().filter(|e| e.starts_with("compiled")).collect();
    assert_eq!(compiled, ["compiled shifted4!(Vector)"]);
    // An equal value is no change.
    story.load("offset4 = 3.5 + 3.5");
    assert_eq!(first(&shifted, 3.0), 10.0);
    assert_eq!(story.did(), Vec::<String>::new());
}

#[test]
fn a_call_that_a_new_method_makes_ambiguous_is_an_error_even_where_nobody_uses_its_value() {
    let story = Story::begin(
        "pair17(x::Integer, y) = 1
         kernel17!(y) = (pair17(1, 2); y[1] = 3; return)",
    );
    let kernel = story.kernel("kernel17!");
    assert_eq!(first(&kernel, 0.0), 3.0);
    story.load("pair17(x, y::Integer) = 2");
    let error = kernel.launch(rekindle::Grid::linear(1, 1), rekindle::args![&mut [0.0f64]]).expect_err("is ambiguous");
    assert!(error.to_string().contains("ambiguous"), "{error}");
    story.load("pair17(x::Integer, y::Integer) = 3");
    assert_eq!(first(&kernel, 0.0), 3.0);
}

#[test]
fn a_closure_is_a_kernel_and_its_name_may_get_another_one() {
    let story = Story::begin("make18(a) = y -> (y[1] += a; return)\nclosure18! = make18(2.5)");
    let kernel = story.kernel("closure18!");
    assert_eq!(first(&kernel, 1.0), 3.5);
    let old = kernel.pinned().expect("is defined");
    story.did();
    story.load("closure18! = make18(4.0)");
    assert_eq!((first(&kernel, 1.0), first(&old, 1.0)), (5.0, 3.5));
    let thread = std::thread::spawn(move || first(&kernel, 2.0));
    assert_eq!(thread.join().expect("runs"), 6.0);
    assert_eq!(story.did(), Vec::<String>::new(), "what it holds is an argument, not code");
    story.load("closure18! = (y -> (y[1] = -1; return))");
    assert_eq!(first(&kernel, 0.0), -1.0);
}

#[test]
fn the_same_text_loaded_again_gives_the_same_answers() {
    let source = "twice5(x) = 2x\nkernel5!(y) = (y[1] = twice5(y[1]); return)";
    let story = Story::begin(source);
    let kernel = story.kernel("kernel5!");
    assert_eq!(first(&kernel, 4.0), 8.0);
    story.load(source);
    assert_eq!(first(&kernel, 4.0), 8.0);
}
