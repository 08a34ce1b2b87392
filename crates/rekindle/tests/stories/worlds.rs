//! Older worlds go on: in scripts as in Julia, and for kernels that a program holds on to.

use crate::{Story, first};

#[test]
fn a_pinned_kernel_stays_with_its_world_and_its_code_while_others_follow() {
    let story = Story::begin(
        "leaf6(x) = x + 1
         kernel6!(y) = (y[1] = leaf6(y[1]); return)",
    );
    let kernel = story.kernel("kernel6!");
    assert_eq!(first(&kernel, 0.0), 1.0);
    let old = kernel.pinned().expect("is defined");
    story.load("leaf6(x) = x + 2");
    assert_eq!((first(&old, 0.0), first(&kernel, 0.0)), (1.0, 2.0));
    story.did();
    story.load("kernel6!(y) = (y[1] = -1; return)");
    let older = kernel.pinned().expect("is defined");
    assert_eq!((first(&old, 0.0), first(&kernel, 0.0), first(&older, 0.0)), (1.0, -1.0, -1.0));
    let compiled: Vec<String> = story.did().into_iter().filter(|e| e.starts_with("compiled")).collect();
    assert_eq!(compiled, ["compiled kernel6!(Vector)"], "the pinned kernel's code is still there");
}

#[test]
fn a_pinned_kernel_that_was_never_launched_is_compiled_in_its_world() {
    let story = Story::begin("leaf7(x) = x + 1\nkernel7!(y) = (y[1] = leaf7(y[1]); return)");
    let old = story.kernel("kernel7!").pinned().expect("is defined");
    story.load("leaf7(x) = x + 2");
    assert_eq!(first(&old, 0.0), 1.0);
    assert_eq!(first(&story.kernel("kernel7!"), 0.0), 2.0);
    assert_eq!(first(&old, 0.0), 1.0);
}

#[test]
fn running_code_goes_on_in_its_world_and_invokelatest_leaves_it() {
    let story = Story::begin(
        "age8() = 1
         function change8()
             @eval age8() = 2
             return (age8(), Base.invokelatest(age8), @invokelatest(age8()))
         end
         function loop8()
             seen = Int[]
             for n in 3:5
                 @eval age8() = $n
                 push!(seen, age8(), Base.invokelatest(age8))
             end
             return seen
         end",
    );
    assert_eq!(story.engine.eval("change8()").unwrap(), "(1, 2, 2)");
    assert_eq!(story.engine.eval("change8()").unwrap(), "(2, 2, 2)");
    assert_eq!(story.engine.eval("loop8()").unwrap(), "[2, 3, 2, 4, 2, 5]");
    assert_eq!(story.engine.eval("age8()").unwrap(), "5");
}

#[test]
fn a_method_that_is_too_new_is_an_error_that_says_so() {
    let story = Story::begin(
        "function call9()
             @eval fresh9(x::Int) = x
             fresh9(1)
         end
         fresh9(x::String) = x
         text9() = try
             call9()
         catch e
             sprint(showerror, e)
         end",
    );
    let text = story.engine.eval("text9()").unwrap().replace("\\n", "\n");
    assert!(text.contains("MethodError: no method matching fresh9(::Int64)"), "{text}");
    assert!(text.contains("The applicable method may be too new: running in world age "), "{text}");
    assert!(text.contains(", while current world is "), "{text}");
    assert_eq!(story.engine.eval("fresh9(1)").unwrap(), "1", "outside of the old world it is there");
}

#[test]
fn a_script_launches_kernels_of_the_world_it_runs_in() {
    let story = Story::begin(
        "using CUDA
         leaf10(x) = x + 1
         kernel10!(y) = (y[1] = leaf10(y[1]); return)
         run10(y) = (@cuda kernel10!(y); Array(y)[1])
         function change10()
             y = CuArray([0.0])
             before = run10(y)
             @eval leaf10(x) = x + 100
             old = run10(y)
             latest = Base.invokelatest(run10, y)
             return (before, old, latest)
         end",
    );
    assert_eq!(story.engine.eval("change10()").unwrap(), "(1.0, 2.0, 102.0)");
    let compiled = story.did().into_iter().filter(|e| e.starts_with("compiled")).count();
    assert_eq!(compiled, 2, "once for each world");
}
