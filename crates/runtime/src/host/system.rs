//! The process and its surroundings.

use super::args::*;
use crate::{Value, array, core_types};
use std::sync::Mutex;

/// Arguments of the script (`ARGS`), set by the command.
static ARGS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Sets what `ARGS` holds.
pub fn set_args(args: Vec<String>) {
    *ARGS.lock().unwrap_or_else(|e| e.into_inner()) = args;
}

super::table! { pub TABLE:
    args 0..=0 Any effect |_| {
        let args: crate::ValueVec = ARGS.lock().unwrap_or_else(|e| e.into_inner()).iter().map(|s| Value::string(s)).collect();
        Ok(array::vector_of(core_types().string, &args))
    };
    env_get 1..=1 Any effect |a| match std::env::var(&*text(a[0])?) {
        Ok(v) => Ok(Value::string(&v)),
        Err(_) => nothing(),
    };
    env_names 0..=0 Any effect |_| {
        let mut names: Vec<String> = std::env::vars_os().map(|(k, _)| k.to_string_lossy().into_owned()).collect();
        names.sort();
        let names: crate::ValueVec = names.iter().map(|n| Value::string(n)).collect();
        Ok(array::vector_of(core_types().string, &names))
    };
    working_dir 0..=0 String effect |_| {
        Ok(Value::string(&std::env::current_dir().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default()))
    };
    thread_count 0..=0 Int64 effect |_| {
        Ok(Value::int(std::thread::available_parallelism().map_or(1, |n| n.get()) as i64))
    };
    os_name 0..=0 String pure |_| Ok(Value::string(std::env::consts::OS));
    machine 0..=0 String pure |_| Ok(Value::string(std::env::consts::ARCH));
    exit 1..=1 Any effect |a| {
        super::flush_all();
        std::process::exit(int(a[0])? as i32)
    };
}
