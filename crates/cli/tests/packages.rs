//! Packages that do not come with Rekindle, by scripts of `tests/packages` that check themselves.

use std::path::PathBuf;
use std::process::{Command, Output};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/packages")
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekindle"));
    command.current_dir(folder());
    for name in ["JULIA_LOAD_PATH", "JULIA_PROJECT", "JULIA_DEPOT_PATH"] {
        command.env_remove(name);
    }
    command.args(["run", "--device", "cpu"]);
    command
}

fn succeeds(out: &Output) {
    assert!(out.status.success(), "{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
}

#[test]
fn a_folder_of_packages() {
    succeeds(&command().args(["--load-path", "folder", "folder.jl"]).output().expect("the command starts"));
}

#[test]
fn a_folder_in_the_environment() {
    let mut c = command();
    succeeds(&c.env("JULIA_LOAD_PATH", "folder:@stdlib").arg("folder.jl").output().expect("the command starts"));
}

#[test]
fn a_project_with_a_manifest_and_an_extension() {
    succeeds(&command().args(["--project", "project", "project.jl"]).output().expect("the command starts"));
    let mut c = command();
    succeeds(&c.env("JULIA_PROJECT", "project").arg("project.jl").output().expect("the command starts"));
}

#[test]
fn a_package_instead_of_the_module_that_comes_with_rekindle() {
    let code = "using Atomix; println(pathof(Atomix) === nothing)";
    let shadow = ["--load-path", "shadow", "-e", code];
    let bundled = command().args(shadow).output().expect("the command starts");
    assert_eq!(String::from_utf8_lossy(&bundled.stdout), "true\n");
    let own = command().args(["--from-source", "Atomix"]).args(shadow).output().expect("the command starts");
    assert_eq!(String::from_utf8_lossy(&own.stdout), "false\n");
}
