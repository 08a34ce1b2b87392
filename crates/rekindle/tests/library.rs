//! The library as a user of Rust sees it: one story, since a process has one engine.

use rekindle::{Engine, Grid, Options, args};

const SCALE: &str = "
using CUDA
helper(x, a) = a * x
function scale!(y, a)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    i <= length(y) && (y[i] = helper(y[i], a))
    return
end
function beyond!(y)
    y[length(y) + Int(threadIdx().x)] = 0
    return
end
dynamic!(y) = (y[1] = unknown_global; return)
unknown_global = [1.0]
factor = 2.0
scaled!(y) = (y[1] = factor; return)
";

#[test]
fn kernels_are_loaded_launched_on_slices_redefined_and_their_errors_caught() {
    let engine = Engine::start(Options { announce: false, ..Options::default() }).expect("starts");
    engine.load_str("scale.jl", SCALE).expect("loads");

    let kernel = engine.kernel("scale!").expect("is defined");
    let mut y: Vec<f32> = (0..1000).map(|i| i as f32).collect();
    kernel.launch(Grid::linear(1000, 64), args![&mut y, 2.0f32]).expect("runs");
    assert!(y.iter().enumerate().all(|(i, &v)| v == 2.0 * i as f32));

    // the second launch compiles nothing
    let compiled = engine.driver().counters.compiled.load(std::sync::atomic::Ordering::Relaxed);
    kernel.launch(Grid::linear(1000, 64), args![&mut y, 0.5f32]).expect("runs again");
    assert_eq!(engine.driver().counters.compiled.load(std::sync::atomic::Ordering::Relaxed), compiled);

    // a redefined helper is used at the next launch
    engine.load_str("helper.jl", "helper(x, a) = x + a").expect("redefines");
    kernel.launch(Grid::linear(1000, 64), args![&mut y, 1.0f32]).expect("runs the new code");
    assert!(y.iter().enumerate().all(|(i, &v)| v == i as f32 + 1.0), "{:?}", &y[..4]);
    assert_eq!(engine.driver().counters.compiled.load(std::sync::atomic::Ordering::Relaxed), compiled + 1);

    // other element types are other specialisations
    let mut z = vec![1i64, 2, 3];
    kernel.launch(Grid::linear(3, 3), args![&mut z, 10i64]).expect("integers");
    assert_eq!(z, [11, 12, 13]);

    let out_of_bounds = engine.kernel("beyond!").expect("defined").launch(Grid::linear(1, 1), args![&mut [0.0f64]]);
    assert!(out_of_bounds.expect_err("throws").message.contains("BoundsError"));

    // a plain global is what it holds at the launch
    let mut first = [0.0f64];
    for value in ["2.0", "3.5", "-1.0"] {
        engine.load_str("factor.jl", &format!("factor = {value}")).expect("assigns");
        let scaled = engine.kernel("scaled!").expect("defined");
        scaled.launch(Grid::linear(1, 1), args![&mut first]).expect("runs");
        assert_eq!(first[0], value.parse::<f64>().expect("a number"));
    }

    let error = engine.kernel("dynamic!").expect("defined").launch(Grid::linear(1, 1), args![&mut [0.0f64]]);
    let error = error.expect_err("uses an object of the host");
    assert!(error.findings.iter().any(|d| d.code == "kernel.global"), "{error}");
    assert!(error.to_string().contains("unknown_global"), "{error}");

    assert!(engine.kernel("no_such_kernel").expect_err("undefined").message.contains("no_such_kernel"));
    let syntax = engine.load_str("wrong.jl", "f(x = 1").expect_err("wrong syntax");
    assert!(!syntax.findings.is_empty() && syntax.to_string().contains("wrong.jl:1"), "{syntax}");
    assert_eq!(engine.eval("2^10").expect("evaluates"), "1024");
}
