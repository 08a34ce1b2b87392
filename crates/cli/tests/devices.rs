//! Several CPU devices, from the command line.

use std::process::{Command, Output};

fn rekindle(args: &[&str], devices: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rekindle"));
    command.args(args).env_remove("REKINDLE_DEVICE").env_remove("REKINDLE_CPU_DEVICES");
    if let Some(devices) = devices {
        command.env("REKINDLE_CPU_DEVICES", devices);
    }
    command.output().expect("the command starts")
}

fn out(o: &Output) -> String {
    String::from_utf8_lossy(&o.stdout).into_owned()
}

const SCRIPT: &str = "using CUDA; f(y) = (y[1] = 7; return); y = CuArray([0.0]); @cuda f(y); println(Array(y)[1])";

#[test]
fn devices_are_those_of_the_flag_or_the_environment() {
    let listed = out(&rekindle(&["devices"], Some("3,1")));
    assert!(listed.contains("cpu:0    the host's processor, 3 threads (default)"), "{listed}");
    assert!(listed.contains("cpu:1    the host's processor, 1 thread\n"), "{listed}");
    let json: serde_json::Value =
        serde_json::from_str(&out(&rekindle(&["devices", "--json", "--cpu-devices", "2,1,4"], Some("3"))))
            .expect("JSON");
    let threads: Vec<u64> = json.as_array().expect("a list").iter().filter_map(|d| d["threads"].as_u64()).collect();
    assert_eq!(threads, [2, 1, 4], "the flag goes before the environment");
}

#[test]
fn kernels_run_on_the_device_that_is_named_and_one_that_is_not_there_is_an_error() {
    for args in [["--device", "cpu:0"], ["--device", "cpu:1"], ["--device", "cpu"]] {
        let ran = rekindle(&["run", args[0], args[1], "-e", SCRIPT], Some("2,1"));
        assert_eq!(out(&ran), "7.0\n", "{}", String::from_utf8_lossy(&ran.stderr));
    }
    let missing = rekindle(&["run", "--device", "cpu:2", "-e", SCRIPT], Some("2,1"));
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert_eq!(missing.status.code(), Some(1), "{said}");
    assert!(said.contains("there is no device cpu:2; devices are cpu:0, cpu:1"), "{said}");
    let wrong = rekindle(&["run", "--device", "gpu", "-e", SCRIPT], None);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("devices are auto, cpu and cpu:N"));
}
