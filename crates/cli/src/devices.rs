//! `rekindle devices`.

use crate::args::DevicesArgs;
use std::process::ExitCode;

pub fn devices(args: &DevicesArgs) -> ExitCode {
    let machine = std::thread::available_parallelism().map_or(1, usize::from);
    let each = args.cpu.cpu_devices.iter().map(|&n| if n == 0 { machine } else { n });
    let devices: Vec<(String, usize)> = each.enumerate().map(|(i, threads)| (format!("cpu:{i}"), threads)).collect();
    if args.json.json {
        let list = devices.iter().enumerate().map(|(i, (name, threads))| {
            serde_json::json!({ "name": name, "kind": "cpu", "threads": threads, "default": i == 0 })
        });
        crate::out!("{}", serde_json::Value::Array(list.collect()));
        return ExitCode::SUCCESS;
    }
    for (i, (name, threads)) in devices.iter().enumerate() {
        let threads = if *threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
        crate::out!("{name}    the host's processor, {threads}{}", if i == 0 { " (default)" } else { "" });
    }
    ExitCode::SUCCESS
}
