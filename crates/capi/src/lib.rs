//! The C interface of `include/rekindle.h`. Documentation is there.
//!
//! Every function catches panics, checks its pointers, and keeps the text of a failure for the thread that called.

mod args;
mod error;
mod image;

pub use args::{RekindleArg, RekindleArray};
pub use image::{RekindleImage, RekindleParameter};

use args::{AnyArray, arguments, array};
use error::{guard, last};
use rekindle::{Engine, Grid, Options};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

static OPEN: AtomicBool = AtomicBool::new(false);

/// The engine, between `rekindle_open` and `rekindle_close`.
fn engine() -> Result<&'static Engine, String> {
    if !OPEN.load(Ordering::Acquire) {
        return Err("rekindle is not open: call rekindle_open first".into());
    }
    Engine::start(Options { announce: false, ..Options::default() }).map_err(|e| e.to_string())
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
    guard(|| {
        Engine::start(Options { announce: false, ..Options::default() }).map_err(|e| e.to_string())?;
        OPEN.store(true, Ordering::Release);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn rekindle_close() {
    let _ = guard(|| {
        if OPEN.swap(false, Ordering::AcqRel) {
            runtime::host::flush_all();
        }
        Ok(())
    });
}

/// # Safety
/// Both arguments are NUL-terminated strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_load(name: *const c_char, source: *const c_char) -> c_int {
    guard(|| {
        // SAFETY: by the contract above.
        let (name, source) = unsafe { (text(name)?, text(source)?) };
        engine()?.load_str(name, source).map_err(|e| e.to_string())
    })
}

/// # Safety
/// The argument is a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_load_file(path: *const c_char) -> c_int {
    guard(|| {
        // SAFETY: by the contract above.
        let path = unsafe { text(path)? };
        engine()?.load_file(Path::new(path)).map_err(|e| e.to_string())
    })
}

/// # Safety
/// The code is a NUL-terminated string; `value` is null or where a pointer may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_eval(code: *const c_char, value: *mut *mut c_char) -> c_int {
    guard(|| {
        // SAFETY: by the contract above.
        let code = unsafe { text(code)? };
        let shown = engine()?.eval(code).map_err(|e| e.to_string())?;
        if !value.is_null() {
            let shown = CString::new(shown.replace('\0', "?")).unwrap_or_default();
            // SAFETY: by the contract above.
            unsafe { *value = shown.into_raw() };
        }
        Ok(())
    })
}

/// # Safety
/// Null, or a text that the library gave out and that was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: by the contract above.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// # Safety
/// As the header says: strings end in NUL, arrays have the lengths given, vectors do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_compile(kernel: *const c_char, args: *const RekindleArg, nargs: usize) -> c_int {
    guard(|| {
        // SAFETY: by the contract above.
        let (name, args) = unsafe { (text(kernel)?, arguments(args, nargs)?) };
        engine()?.kernel(name).and_then(|k| k.compile(&args)).map_err(|e| e.to_string())
    })
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
    guard(|| {
        if groups.is_null() || group_size.is_null() {
            return Err("the numbers of groups and of work-items are needed, one is NULL".into());
        }
        // SAFETY: not null, and by the contract above.
        let (name, args, grid) = unsafe {
            (text(kernel)?, arguments(args, nargs)?, Grid { groups: *groups, group_size: *group_size, shared })
        };
        engine()?.kernel(name).and_then(|k| k.launch(grid, &args)).map_err(|e| e.to_string())
    })
}

/// # Safety
/// As the header says: strings end in NUL, arrays have the lengths given, vectors do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_launch_over(
    kernel: *const c_char,
    range: *const usize,
    group: *const u32,
    rank: usize,
    args: *const RekindleArg,
    nargs: usize,
) -> c_int {
    guard(|| {
        if range.is_null() || group.is_null() {
            return Err("the range and the size of a group are needed, one is NULL".into());
        }
        if !(1..=rekindle::MAX_RANK).contains(&rank) {
            return Err(format!("ranges have 1 to {} dimensions, not {rank}", rekindle::MAX_RANK));
        }
        // SAFETY: not null, and by the contract above.
        let (name, args, range, group) = unsafe {
            (
                text(kernel)?,
                arguments(args, nargs)?,
                std::slice::from_raw_parts(range, rank),
                std::slice::from_raw_parts(group, rank),
            )
        };
        engine()?.kernel(name).and_then(|k| k.launch_over(range, group, &args)).map_err(|e| e.to_string())
    })
}

/// # Safety
/// `dims` points to `rank` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_array_new(kind: i32, dims: *const usize, rank: usize) -> *mut RekindleArray {
    let mut made = null_mut();
    guard(|| {
        if dims.is_null() {
            return Err("the dimensions of an array are NULL".into());
        }
        if !(1..=rekindle::MAX_RANK).contains(&rank) {
            return Err(format!("arrays have 1 to {} dimensions, not {rank}", rekindle::MAX_RANK));
        }
        // SAFETY: by the contract above.
        let dims = unsafe { std::slice::from_raw_parts(dims, rank) };
        let array = AnyArray::new(engine()?.default_device(), kind, dims)?;
        made = Box::into_raw(Box::new(RekindleArray(array)));
        Ok(())
    });
    made
}

/// # Safety
/// An array of this library's that was not freed; `data` points to `bytes` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_array_write(a: *mut RekindleArray, data: *const c_void, bytes: usize) -> c_int {
    guard(|| {
        // SAFETY: by the contract above.
        unsafe { array(a)?.write(data.cast(), bytes) }
    })
}

/// # Safety
/// An array of this library's that was not freed; `data` points to `bytes` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_array_read(a: *const RekindleArray, data: *mut c_void, bytes: usize) -> c_int {
    guard(|| {
        // SAFETY: by the contract above.
        unsafe { array(a)?.read(data.cast(), bytes) }
    })
}

/// # Safety
/// Null, or an array of this library's that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rekindle_array_free(a: *mut RekindleArray) {
    if !a.is_null() {
        // SAFETY: by the contract above.
        drop(unsafe { Box::from_raw(a) });
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn rekindle_error() -> *const c_char {
    last()
}
