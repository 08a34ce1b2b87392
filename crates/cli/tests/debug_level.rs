//! What the command says of a kernel's exception at each debug level.

use std::process::Command;

const SCRIPT: &str = "using CUDA
@inline inner(a, i) = a[i] = 1f0
@noinline function middle(a, i)
    inner(a, i + 3)
    return nothing
end
function kern(a)
    middle(a, threadIdx().x)
    return
end
a = CuArray(zeros(Float32, 4))
@cuda threads=2 kern(a)
";

/// Standard error of the script at a level; it fails at all.
fn told(level: &str) -> String {
    let file = std::env::temp_dir().join(format!("rekindle-debug-level-{}-{level}.jl", std::process::id()));
    std::fs::write(&file, SCRIPT).expect("the temporary folder is writable");
    let done = Command::new(env!("CARGO_BIN_EXE_rekindle"))
        .args(["run", "--device", "cpu", "--serial", "--debug-level", level])
        .arg(&file)
        .output()
        .expect("rekindle runs");
    let _ = std::fs::remove_file(&file);
    assert_eq!(done.status.code(), Some(1), "level {level}");
    String::from_utf8_lossy(&done.stderr).into_owned()
}

#[test]
fn level_0_says_that_level_1_says_what_and_level_2_says_how() {
    let [nothing, what, how] = ["0", "1", "2"].map(told);
    assert!(nothing.contains("a kernel threw an exception") && !nothing.contains("BoundsError"), "{nothing}");
    assert!(what.contains("BoundsError") && !what.contains("Stacktrace of the kernel"), "{what}");
    assert!(how.contains("BoundsError"), "{how}");
    let stack = how.split("Stacktrace of the kernel:\n").nth(1).expect("a stack");
    let place = |name: &str, line: u32| {
        let frame = stack.split(&format!("] {name}\n")).nth(1).unwrap_or_else(|| panic!("no {name} in\n{stack}"));
        assert!(frame.lines().next().is_some_and(|l| l.ends_with(&format!(".jl:{line}"))), "{name}:\n{stack}");
    };
    place("inner", 2);
    place("middle", 4);
    place("kern", 8);
}
