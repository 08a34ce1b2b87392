//! `rekindle devices`.

use std::process::ExitCode;

pub fn devices(json: bool) -> ExitCode {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if json {
        crate::out!("{}", serde_json::json!([{ "name": "cpu", "kind": "cpu", "threads": threads, "default": true }]));
    } else {
        crate::out!("cpu    the host's processor, {threads} threads (default)");
    }
    ExitCode::SUCCESS
}
