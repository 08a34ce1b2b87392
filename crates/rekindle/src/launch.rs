//! Launching kernels: `Core.Host.launch(device, f, args, groupsize, ngroups, shmem, options)`.

use crate::engine::{Engine, LaunchFailure};
use backend_native::cpu::{CpuArtifact, CpuKernel, DeviceException, LaunchOptions};
use compiler::{CompilerJob, Stage, cached_results};
use runtime::{Exception, Value, errors};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use world::results::{PerDevice, SessionLocal};

/// Work-items in a group, at most.
const MAX_GROUP: i64 = 1 << 16;

/// What the CPU device makes of a kernel.
#[derive(Default)]
pub struct CpuResults {
    /// The kernel for this machine's kind. Session-local until images can hold its relocations.
    image: SessionLocal<Arc<CpuArtifact>>,
    /// Loaded, per device.
    loaded: PerDevice<u32, Result<CpuKernel, String>>,
}

fn triple(v: Value, what: &str) -> Result<[u32; 3], Exception> {
    let mut out = [1u32; 3];
    for (i, o) in out.iter_mut().enumerate() {
        let n = runtime::object::get_index(v, i).ok().and_then(|x| x.as_int()).unwrap_or(-1);
        *o = u32::try_from(n)
            .map_err(|_| errors::argument(&format!("{what} must be three integers from 1 to 4294967295, got {n}")))?;
    }
    Ok(out)
}

/// The host function. Warm: one look-up, argument packing, launch.
pub fn launch(engine: &Engine, args: &[Value]) -> Result<Value, Exception> {
    let [device, f, tuple, group, groups, shmem, ..] = args else {
        return Err(errors::argument("launch(device, f, args, groupsize, ngroups, shmem, options): too few arguments"));
    };
    engine.announce_device(*device);
    let n = runtime::object::nfields(*tuple);
    let mut values = runtime::ValueVec::new();
    values.push(*f);
    for i in 0..n {
        values.push(runtime::object::get_index(*tuple, i)?);
    }
    let group = triple(*group, "work-group dimensions")?;
    let groups = triple(*groups, "numbers of groups")?;
    let items = group.iter().map(|&n| i64::from(n)).product::<i64>();
    if !(1..=MAX_GROUP).contains(&items) {
        let text = format!(
            "work-group of {}×{}×{} = {items} work-items: the CPU device runs groups of 1 to {MAX_GROUP}",
            group[0], group[1], group[2]
        );
        return Err(errors::argument(&text));
    }
    let shmem = shmem.as_int().filter(|&b| (0..=1 << 30).contains(&b)).ok_or_else(|| {
        errors::argument("the size of dynamic shared memory must be a number of bytes from 0 to 1073741824")
    })?;
    let types = interp::dispatch_types(&values);
    let age = engine.driver().current_age(engine.world_age());
    let config = engine.cpu_config()?;
    let mi =
        engine.driver().method_instance(config, &types, age).ok_or_else(|| errors::method(*f, &values[1..], age.0))?;
    let job = CompilerJob { mi, config, age };
    let results = match cached_results::<CpuResults>(&job).filter(|r| r.image.get().is_some()) {
        Some(r) => r,
        None => {
            engine.remember_launch(&types);
            compile(engine, &job)?
        }
    };
    let image = results.image.get().ok_or_else(|| errors::error("the kernel was not compiled"))?;
    let kernel = results
        .loaded
        .get_or_init(&0, || {
            engine.counters.loaded.fetch_add(1, Ordering::Relaxed);
            // SAFETY: the artifact was compiled for this process's machine.
            unsafe { CpuKernel::load((**image).clone()) }.map_err(|e| e.to_string())
        })
        .as_ref()
        .map_err(|e| errors::error(&format!("the kernel could not be loaded: {e}")))?;
    if let Some(rest) = image.rest {
        // A variadic kernel takes what comes from there on as one tuple.
        let tuple = runtime::tuple(&values[rest..]);
        values.truncate(rest);
        values.push(tuple);
    }
    let size = codegen::packed_size(&image.args);
    let mut packed = [0u8; 512];
    let mut large = Vec::new();
    let buffer: &mut [u8] = if size <= packed.len() {
        &mut packed[..size]
    } else {
        large.resize(size, 0);
        &mut large
    };
    for a in &image.args {
        // SAFETY: an argument of plain data of this type has `size` bytes; the buffer has room for it.
        unsafe {
            std::ptr::copy_nonoverlapping(values[a.param].addr() as *const u8, buffer[a.offset..].as_mut_ptr(), a.size);
        }
    }
    let options = LaunchOptions { serial: engine.options().serial, dynamic_shared: shmem as usize };
    engine.counters.launched.fetch_add(1, Ordering::Relaxed);
    // SAFETY: packed as the kernel wants it; the caller's frame keeps what arguments point to.
    match unsafe { kernel.launch(buffer, groups, group, options) } {
        Ok(()) => Ok(Value::nothing()),
        Err(e) => {
            let thrown = exception(engine, &e);
            engine.remember_failure(&thrown, LaunchFailure::Threw { kernel: job.title(), exception: e });
            Err(thrown)
        }
    }
}

fn compile(engine: &Engine, job: &CompilerJob) -> Result<&'static CpuResults, Exception> {
    let made = engine.driver().compile(Stage::Object, job).map_err(|e| engine.compile_exception(e))?;
    let detail = made.detail.and_then(|d| d.downcast::<CpuArtifact>().ok());
    let ci = job.code().ok_or_else(|| errors::error("the kernel's code was invalidated while it was compiled"))?;
    let results = world::results::results::<CpuResults>(ci, &job.config);
    if let Some(image) = detail {
        // Another thread may have made the same.
        let _ = results.image.set(image);
    }
    Ok(results)
}

/// The Julia exception of what a kernel threw.
fn exception(engine: &Engine, e: &DeviceException) -> Exception {
    let message = e.site.message.clone();
    let made = match (e.site.kind.as_str(), message) {
        ("BoundsError", _) => engine.construct("BoundsError", &[]),
        ("DivideError", _) => engine.construct("DivideError", &[]),
        ("UndefRefError", _) => engine.construct("UndefRefError", &[]),
        ("DomainError", m) => {
            let text = m.unwrap_or_else(|| "a kernel threw this; what it was called with is not known".to_owned());
            engine.construct("DomainError", &[Value::nothing(), Value::string(&text)])
        }
        (kind, Some(m)) => engine.construct(kind, &[Value::string(&m)]),
        (kind, None) => engine.construct(kind, &[]),
    };
    made.map(Exception).unwrap_or_else(|| errors::error(&e.to_string()))
}
