//! The C interface of `include/rekindle.h`. Documentation is there.

use rekindle::{Arg, Engine, Grid, Options};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};

/// See `rekindle_arg` in the header.
#[repr(C)]
pub struct RekindleArg {
    pub kind: i32,
    pub integer: i64,
    pub real: f64,
    pub data: *mut c_void,
    pub length: usize,
}

type Task = Box<dyn FnOnce() + Send>;

/// The thread that everything runs on: made once, with a stack for deep recursion.
fn worker() -> &'static Mutex<Sender<Task>> {
    static WORKER: OnceLock<Mutex<Sender<Task>>> = OnceLock::new();
    WORKER.get_or_init(|| {
        let (send, tasks) = channel::<Task>();
        let started =
            std::thread::Builder::new().name("rekindle".into()).stack_size(interp::BIG_STACK).spawn(move || {
                for task in tasks {
                    task();
                }
            });
        // Without a thread the channel closes, and every call reports that.
        drop(started);
        Mutex::new(send)
    })
}

static ERROR: Mutex<Option<CString>> = Mutex::new(None);

fn fail(message: &str) -> c_int {
    let text = CString::new(message.replace('\0', "?")).unwrap_or_default();
    *ERROR.lock().unwrap_or_else(|e| e.into_inner()) = Some(text);
    1
}

/// Runs `f` on the worker and waits. A panic becomes an error: it must not cross into C.
fn on_worker(f: impl FnOnce(&'static Engine) -> Result<(), String> + Send) -> c_int {
    let (done, result) = channel::<Result<(), String>>();
    let run = move || {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let engine = Engine::start(Options { announce: false, ..Options::default() })?;
            f(engine)
        }));
        let outcome = outcome.unwrap_or_else(|_| Err("an internal error; please report it".into()));
        let _ = done.send(outcome);
    };
    let task: Box<dyn FnOnce() + Send + '_> = Box::new(run);
    // SAFETY: this function returns only after the task has run or been dropped (`recv` ends in both cases), so what it
    // borrows outlives it.
    let task: Task = unsafe { std::mem::transmute::<Box<dyn FnOnce() + Send + '_>, Task>(task) };
    let sent = worker().lock().unwrap_or_else(|e| e.into_inner()).send(task);
    if sent.is_err() {
        return fail("no thread could be started");
    }
    match result.recv() {
        Ok(Ok(())) => 0,
        Ok(Err(message)) => fail(&message),
        Err(_) => fail("the call did not finish"),
    }
}

/// A C string argument.
///
/// # Safety
/// Null or a NUL-terminated string.
unsafe fn text<'a>(p: *const c_char) -> Result<&'a str, String> {
    if p.is_null() {
        return Err("a string argument is NULL".into());
    }
    // SAFETY: by the contract above.
    unsafe { CStr::from_ptr(p) }.to_str().map_err(|e| format!("a string argument is not UTF-8: {e}"))
}

#[unsafe(no_mangle)]
pub extern "C" fn rekindle_open() -> c_int {
    on_worker(|_| Ok(()))
}

/// # Safety
/// Both arguments are NUL-terminated strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_load(name: *const c_char, source: *const c_char) -> c_int {
    // SAFETY: by the contract above.
    match unsafe { text(name).and_then(|n| Ok((n, text(source)?))) } {
        Ok((name, source)) => on_worker(move |engine| engine.load_str(name, source).map_err(|e| e.to_string())),
        Err(e) => fail(&e),
    }
}

/// # Safety
/// The argument is a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_load_file(path: *const c_char) -> c_int {
    // SAFETY: by the contract above.
    match unsafe { text(path) } {
        Ok(path) => on_worker(move |engine| engine.load_file(Path::new(path)).map_err(|e| e.to_string())),
        Err(e) => fail(&e),
    }
}

/// What crosses to the worker: the caller waits, so its pointers stay good.
struct Shared<'a>(&'a [RekindleArg]);
// SAFETY: see above; one thread at a time looks at it.
unsafe impl Send for Shared<'_> {}

impl Shared<'_> {
    /// # Safety
    /// Vectors point to `length` elements of their kind, and no two overlap.
    unsafe fn args(&self) -> Result<Vec<Arg<'_>>, String> {
        let mut out = Vec::new();
        for (i, a) in self.0.iter().enumerate() {
            if a.kind >= 5 && a.data.is_null() && a.length > 0 {
                return Err(format!("argument {}: a vector's data is NULL", i + 1));
            }
            let n = a.length;
            // SAFETY: by the contract above; an empty vector's pointer is replaced.
            out.push(unsafe {
                match a.kind {
                    0 => Arg::Bool(a.integer != 0),
                    1 => Arg::I32(a.integer as i32),
                    2 => Arg::I64(a.integer),
                    3 => Arg::F32(a.real as f32),
                    4 => Arg::F64(a.real),
                    5 => Arg::I32s(slice(a.data.cast(), n)),
                    6 => Arg::I64s(slice(a.data.cast(), n)),
                    7 => Arg::F32s(slice(a.data.cast(), n)),
                    8 => Arg::F64s(slice(a.data.cast(), n)),
                    k => return Err(format!("argument {}: there is no kind {k}", i + 1)),
                }
            });
        }
        Ok(out)
    }
}

/// # Safety
/// `p` points to `n` elements that nobody else uses, or `n` is 0.
unsafe fn slice<'a, T>(p: *mut T, n: usize) -> &'a mut [T] {
    if n == 0 {
        return &mut [];
    }
    // SAFETY: by the contract above.
    unsafe { std::slice::from_raw_parts_mut(p, n) }
}

/// # Safety
/// As the header says: strings end in NUL, arrays have the lengths given, vectors do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_launch(
    kernel: *const c_char,
    groups: *const [u32; 3],
    group_size: *const [u32; 3],
    shared: u32,
    args: *const RekindleArg,
    nargs: usize,
) -> c_int {
    if groups.is_null() || group_size.is_null() || (args.is_null() && nargs > 0) {
        return fail("a pointer argument is NULL");
    }
    // SAFETY: not null, and by the contract above.
    let (name, groups, group_size) = unsafe { (text(kernel), *groups, *group_size) };
    let name = match name {
        Ok(name) => name,
        Err(e) => return fail(&e),
    };
    // SAFETY: by the contract above.
    let list = Shared(if nargs == 0 { &[] } else { unsafe { std::slice::from_raw_parts(args, nargs) } });
    on_worker(move |engine| {
        let list = list;
        // SAFETY: by the contract above.
        let mut args = unsafe { list.args()? };
        let grid = Grid { groups, group_size, shared };
        engine.kernel(name).and_then(|k| k.launch(engine, grid, &mut args)).map_err(|e| e.to_string())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn rekindle_error() -> *const c_char {
    static NONE: &CStr = c"";
    let error = ERROR.lock().unwrap_or_else(|e| e.into_inner());
    error.as_ref().map_or(NONE.as_ptr(), |e| e.as_ptr())
}
