//! The command as a user meets it: what it prints, its exit status, where its options come from, input that is none.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("command-{name}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder for the test");
    path
}

fn rekindle(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekindle"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).env("COLUMNS", "100").env("NO_COLOR", "1");
    for name in ["DEVICE", "CPU_DEVICES", "DEBUG_LEVEL", "SERIAL", "INTERPRET", "TARGET", "ARCH"] {
        command.env_remove(format!("REKINDLE_{name}"));
    }
    // no options of whoever runs the tests
    command.env("XDG_CONFIG_HOME", folder.join("no-config"));
    command
}

fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the built command starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("not JSON: {e}: {text}"))
}

#[test]
fn codes_run_in_the_order_given_and_values_show_as_at_a_prompt() {
    let here = folder("codes");
    let args =
        ["run", "-e", "x = [1, 2]", "-E", "x", "-e", "push!(x, 3)", "-E", "sum(x)", "-E", "nothing", "-E", "\"a\\nb\""];
    let (status, out, err) = output(&mut rekindle(&here, &args));
    assert_eq!((status, out.as_str()), (Some(0), "2-element Vector{Int64}:\n 1\n 2\n6\n\"a\\nb\"\n"), "{err}");
}

#[test]
fn arguments_reach_the_script() {
    let here = folder("arguments");
    std::fs::write(here.join("a.jl"), "println(ARGS); println(PROGRAM_FILE)").expect("written");
    let (status, out, err) = output(&mut rekindle(&here, &["run", "a.jl", "--", "x", "--json", "-e"]));
    assert_eq!((status, out.as_str()), (Some(0), "[\"x\", \"--json\", \"-e\"]\na.jl\n"), "{err}");
    let (status, out, err) = output(&mut rekindle(&here, &["run", "a.jl", "--size", "10", "--json", "--", "x"]));
    assert_eq!((status, out.as_str()), (Some(0), "[\"--size\", \"10\", \"--json\", \"--\", \"x\"]\na.jl\n"), "{err}");
    let (status, out, err) = output(&mut rekindle(&here, &["run", "-e", "println(ARGS)", "a", "--", "b"]));
    assert_eq!((status, out.as_str()), (Some(0), "[\"a\", \"b\"]\n"), "{err}");
}

#[test]
fn a_script_comes_from_standard_input_and_may_be_empty() {
    let here = folder("stdin");
    let mut child = rekindle(&here, &["run", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the built command starts");
    child.stdin.take().expect("a pipe").write_all(b"println(6 * 7)\n").expect("written");
    let done = child.wait_with_output().expect("it ends");
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(0), b"42\n".as_slice()));
    std::fs::write(here.join("empty.jl"), "").expect("written");
    let (status, out, err) = output(&mut rekindle(&here, &["run", "empty.jl"]));
    assert_eq!((status, out.as_str(), err.as_str()), (Some(0), "", ""));
}

#[test]
fn what_is_no_script_is_said_and_is_no_panic() {
    let here = folder("no-script");
    std::fs::write(here.join("bytes.jl"), b"x = \"\xff\xfe\"\nprintln(\xff)\n").expect("written");
    for (name, expected, what) in
        [("missing.jl", 2, "there is no such file"), (".", 2, "it is a folder"), ("bytes.jl", 1, "bytes.jl")]
    {
        let (status, _, err) = output(&mut rekindle(&here, &["run", name]));
        assert_eq!(status, Some(expected), "{name}: {err}");
        assert!(err.contains(what) && !err.contains("panicked"), "{name}: {err}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let here = folder("pipe");
    for args in [&["run", "-e", "for i in 1:100000; println(i); end"][..], &["completions", "bash"], &["devices"]] {
        let mut child = rekindle(&here, args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the built command starts");
        drop(child.stdout.take());
        let done = child.wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&done.stderr);
        assert!(!err.contains("panicked"), "{args:?}: {err}");
    }
}

#[test]
fn statistics_have_their_names() {
    let here = folder("stats");
    let (status, _, err) = output(&mut rekindle(&here, &["run", "-e", "1", "--stats", "s.json"]));
    assert_eq!(status, Some(0), "{err}");
    let stats = json(&std::fs::read_to_string(here.join("s.json")).expect("written"));
    let counts = ["inferred", "emitted", "optimized", "codegen", "linked", "loaded", "launched"];
    let stores = ["image_hits", "store_hits", "store_misses", "remote_hits"];
    for name in counts.iter().chain(&stores) {
        assert!(stats[name].is_u64(), "{name}: {stats}");
    }
    assert!(stats["llvm_loaded"].is_boolean() && stats["ms"]["total"].as_f64().is_some_and(|t| t > 0.0), "{stats}");
    let (_, _, err) = output(&mut rekindle(&here, &["run", "-e", "1", "--stats", "-"]));
    assert!(json(&err)["launched"].is_u64());
}

#[test]
fn statistics_tell_what_each_stage_took() {
    let here = folder("stage-times");
    let script = "using CUDA\nk(a) = (a[1] = 2f0; return)\n";
    std::fs::write(here.join("k.jl"), format!("{script}@cuda k(CuArray(zeros(Float32, 1)))\n")).expect("written");
    let stages = ["inferred", "emitted", "linked", "optimized", "codegen", "loaded"];
    let ran = &["run", "--device", "cpu", "k.jl", "--stats", "s.json"][..];
    let built = &["build", "k.jl", "--entry", "k(CuDeviceVector{Float32,1})", "--target", "ptx", "--stats", "s.json"];
    for (args, stages) in [(ran, &stages[..]), (&built[..], &stages[..5])] {
        let (status, _, err) = output(&mut rekindle(&here, args));
        assert_eq!(status, Some(0), "{args:?}: {err}");
        let stats = json(&std::fs::read_to_string(here.join("s.json")).expect("written"));
        let ms = |name: &str| stats["ms"][name].as_f64().unwrap_or(-1.0);
        for name in stages {
            assert!(stats[name].as_u64() > Some(0) && ms(name) > 0.0, "{name}: {stats}");
        }
        assert!(stages.iter().map(|name| ms(name)).sum::<f64>() + ms("prelude") < ms("total"), "{stats}");
    }
    let (_, _, err) = output(&mut rekindle(&here, &["run", "-e", "1", "--stats", "-"]));
    assert!(stages.iter().all(|name| json(&err)["ms"][name] == 0.0), "{err}");
}

#[test]
fn json_is_json_everywhere() {
    let here = folder("json");
    std::fs::write(here.join("f.jl"), "f(x) = x + 1\n").expect("written");
    for args in [
        &["devices", "--json"][..],
        &["doctor", "--json"],
        &["code", "lowered", "f.jl", "f(Int)", "--json"],
        &["code", "typed", "f.jl", "f(Int)", "--json"],
        &["code", "llvm", "f.jl", "f(Int)", "--json", "--optimize", "false"],
        &["build", "f.jl", "--entry", "f(Int)", "--emit", "asm", "-o", "f.s", "--json"],
    ] {
        let (status, out, err) = output(&mut rekindle(&here, args));
        assert_eq!(status, Some(0), "{args:?}: {err}");
        json(&out);
    }
    for args in [&["run", "-e", "f(", "--json"][..], &["run", "-e", "sqrt(-1)", "--json"], &["run", "no.jl", "--json"]]
    {
        let (_, _, err) = output(&mut rekindle(&here, args));
        let found = json(err.lines().next().unwrap_or_default());
        assert!(found["severity"] == "error" && found["message"].is_string() && found["labels"].is_array(), "{err}");
    }
}

#[test]
fn the_nearest_setting_counts() {
    let here = folder("settings");
    let user = here.join("user");
    std::fs::create_dir_all(user.join("rekindle")).expect("a folder");
    std::fs::write(here.join("f.jl"), "f(x) = nothing\n").expect("written");
    let text = |env: &[(&str, &str)], flags: &[&str]| {
        let mut args = vec!["build", "f.jl", "--entry", "f(Float32)", "--emit", "llvm"];
        args.extend(flags);
        let mut command = rekindle(&here, &args);
        command.env("XDG_CONFIG_HOME", &user).envs(env.iter().copied());
        let (status, out, err) = output(&mut command);
        assert_eq!(status, Some(0), "{err}");
        if out.contains("nvptx") { "ptx" } else { "native" }
    };
    assert_eq!(text(&[], &[]), "native", "what is built in");
    std::fs::write(user.join("rekindle/config.toml"), "target = \"ptx\"\n").expect("written");
    assert_eq!(text(&[], &[]), "ptx", "the user's file");
    std::fs::write(here.join("rekindle.toml"), "# this project\ntarget = \"native\"\n").expect("written");
    assert_eq!(text(&[], &[]), "native", "the project's file");
    assert_eq!(text(&[("REKINDLE_TARGET", "ptx")], &[]), "ptx", "the environment");
    assert_eq!(text(&[("REKINDLE_TARGET", "ptx")], &["--target", "native"]), "native", "the flag");
}

#[test]
fn wrong_settings_are_all_told_with_their_places() {
    let here = folder("wrong-settings");
    std::fs::write(here.join("rekindle.toml"), "devcie = \"cpu\"\ndevice = \"gpu\"\nserial = 3\n").expect("written");
    let (status, _, err) = output(&mut rekindle(&here, &["run", "-e", "1"]));
    assert_eq!(status, Some(2), "{err}");
    for part in
        ["there is no option `devcie`", "rekindle.toml:1:1", "rekindle.toml:2:1", "devices are auto", "`serial` is"]
    {
        assert!(err.contains(part), "no {part:?} in {err}");
    }
    std::fs::write(here.join("rekindle.toml"), "device = \n").expect("written");
    let (status, _, err) = output(&mut rekindle(&here, &["run", "-e", "1"]));
    assert!(status == Some(2) && err.contains("rekindle.toml:1:"), "{err}");
}

#[test]
fn help_has_examples_and_completions_know_the_subcommands() {
    let here = folder("help");
    for subcommand in ["run", "build", "code"] {
        let (status, out, _) = output(&mut rekindle(&here, &[subcommand, "--help"]));
        assert!(status == Some(0) && out.contains("Examples:"), "{subcommand}: {out}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let (status, out, _) = output(&mut rekindle(&here, &["completions", shell]));
        assert!(status == Some(0) && out.contains("doctor") && out.contains("stats"), "{shell}");
    }
}
