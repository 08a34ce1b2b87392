//! Launches from scripts: `Core.Host.launch(device, f, args, groupsize, ngroups, shmem, originals)`.

use crate::engine::{Engine, LaunchFailure};
use crate::launch::{Failed, Launch, Places, Types};
use crate::library::Grid;
use backend_native::cpu::DeviceException;
use runtime::{Exception, Value, errors};
use std::sync::atomic::Ordering;

fn triple(v: Value, what: &str) -> Result<[u32; 3], Exception> {
    let mut out = [1u32; 3];
    for (i, o) in out.iter_mut().enumerate() {
        let n = runtime::object::get_index(v, i).ok().and_then(|x| x.as_int()).unwrap_or(-1);
        *o = u32::try_from(n)
            .map_err(|_| errors::argument(&format!("{what} must be three integers from 1 to 4294967295, got {n}")))?;
    }
    Ok(out)
}

/// Types and places of the elements of a tuple, where they lie.
fn spread(tuple: Value, types: &mut Types, places: &mut Places) {
    for field in &runtime::info(tuple.type_of()).fields {
        let at = (tuple.addr() + field.offset) as *const u8;
        if field.inline {
            types.push(field.ty);
            places.push(at);
            continue;
        }
        // SAFETY: an element that is not inline is a reference, and elements of tuples are never undefined.
        let element = unsafe { Value::from_ptr(*at.cast::<*mut u8>()) };
        types.push(interp::dispatch_type(element));
        places.push(element.addr() as *const u8);
    }
}

/// The host function.
pub(crate) fn launch(engine: &'static Engine, args: &[Value]) -> Result<Value, Exception> {
    let [device, f, tuple, group, groups, shmem, originals] = args else {
        return Err(errors::argument("launch(device, f, args, groupsize, ngroups, shmem, originals): seven arguments"));
    };
    if !runtime::info(tuple.type_of()).is_tuple {
        return Err(errors::argument("launch(device, f, args, …): the kernel's arguments must be a tuple"));
    }
    engine.announce_device(*device);
    let (mut types, mut places) = (Types::new(), Places::new());
    types.push(interp::dispatch_type(*f));
    places.push(f.addr() as *const u8);
    spread(*tuple, &mut types, &mut places);
    let shared = shmem.as_int().and_then(|b| u32::try_from(b).ok()).unwrap_or(u32::MAX);
    let grid = Grid {
        groups: triple(*groups, "numbers of groups")?,
        group_size: triple(*group, "work-group dimensions")?,
        shared,
    };
    let launch =
        Launch { device: engine.default_device(), types: &types, places: &places, grid, age: engine.world_age() };
    // SAFETY: the caller's frame keeps the tuple, and what its elements point to.
    match unsafe { engine.launch(&launch) } {
        Ok(()) => Ok(Value::nothing()),
        Err(failed) => Err(exception(engine, failed, *f, *tuple, *originals)),
    }
}

/// The Julia exception of a launch that failed.
#[cold]
fn exception(engine: &Engine, failed: Failed, f: Value, tuple: Value, originals: Value) -> Exception {
    match failed {
        Failed::Grid(text) => errors::argument(&text),
        Failed::NoMethod(age) => {
            let n = runtime::object::nfields(tuple);
            let mut args = runtime::ValueVec::new();
            args.extend((0..n).filter_map(|i| runtime::object::get_index(tuple, i).ok()));
            let thrown = errors::method(f, &args, age.0);
            if let Ok(config) = engine.cpu_config() {
                let types: Types = std::iter::once(f).chain(args.iter().copied()).map(interp::dispatch_type).collect();
                let why = engine.driver().no_method(config, &types, age);
                engine.remember_failure(&thrown, LaunchFailure::Compile(why));
            }
            thrown
        }
        Failed::Compile(e) => engine.compile_exception(e),
        Failed::Load(e) => errors::error(&format!("the kernel could not be loaded: {e}")),
        Failed::Threw { kernel, exception } => {
            let thrown = thrown(engine, &exception, originals);
            engine.remember_failure(&thrown, LaunchFailure::Threw { kernel, exception: *exception });
            thrown
        }
    }
}

/// The Julia exception of what a kernel threw. `originals` are the launch's arguments as the program gave them: arrays of theirs in
/// the exception are these very arrays.
pub(crate) fn thrown(engine: &Engine, e: &DeviceException, originals: Value) -> Exception {
    let recipe = e.site.recipe.as_deref();
    // What a recipe comes to is what it throws; one that gives a value has lost its way.
    if let Some(thrown) = recipe.and_then(|r| crate::rebuild::value(engine, r, &e.data, originals).err()) {
        return thrown;
    }
    let message = e.site.message.clone();
    let made = match (e.site.kind.as_str(), message) {
        ("BoundsError", _) => engine.construct("BoundsError", &[]),
        ("DivideError", _) => engine.construct("DivideError", &[]),
        ("UndefRefError", _) => engine.construct("UndefRefError", &[]),
        // Of a conversion that failed, a kernel tells the number at most: what it does not tell reads `…`.
        ("InexactError", None) => {
            let unknown = Value::symbol(base::Symbol::new("…"));
            let number = e.args.first().map_or(unknown, |&n| Value::int(n));
            return errors::inexact("convert", unknown, number);
        }
        ("DomainError", m) => {
            let text = m.unwrap_or_else(|| "a kernel called a function outside of its domain".to_owned());
            engine.construct("DomainError", &[Value::nothing(), Value::string(&text)])
        }
        (kind, Some(m)) => engine.construct(kind, &[Value::string(&m)]),
        (kind, None) => engine.construct(kind, &[]),
    };
    made.map(Exception).unwrap_or_else(|| errors::error(&described(e)))
}

/// An exception of whose fields only the numbers are known.
fn described(e: &DeviceException) -> String {
    let numbers: Vec<String> = e.args.iter().map(i64::to_string).collect();
    format!("{}({})", e.site.kind, numbers.join(", "))
}

impl Engine {
    /// Says once that a device is absent and the CPU stands in.
    fn announce_device(&self, device: Value) {
        if !self.options().announce || self.announced.load(Ordering::Relaxed) {
            return;
        }
        let Some(name) = device.as_symbol().filter(|n| n.as_str() != "cpu") else { return };
        if !self.announced.swap(true, Ordering::Relaxed) {
            eprintln!("note: no {} device here; kernels run on the CPU", name.as_str());
        }
    }
}
