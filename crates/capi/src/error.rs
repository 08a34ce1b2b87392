//! Failures: one text per thread, and no panic into C.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CString, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static LAST: RefCell<CString> = RefCell::default();
}

/// Runs a function's body; 0 if all went well, else 1, with the text kept for this thread.
pub fn guard(body: impl FnOnce() -> Result<(), String>) -> c_int {
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(internal(&*panic)));
    match outcome {
        Ok(()) => 0,
        Err(message) => {
            let text = CString::new(message.replace('\0', "?")).unwrap_or_default();
            LAST.with_borrow_mut(|last| *last = text);
            1
        }
    }
}

fn internal(panic: &(dyn Any + Send)) -> String {
    let what =
        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    format!("an internal error; please report it: {}", what.unwrap_or_default())
}

/// The text of this thread's last failure; it lives until the next one.
pub fn last() -> *const c_char {
    LAST.with_borrow(|last| last.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    fn text() -> String {
        // SAFETY: the thread's own text.
        unsafe { CStr::from_ptr(last()) }.to_string_lossy().into_owned()
    }

    #[test]
    fn a_panic_is_a_failure_with_a_text_and_each_thread_has_its_own() {
        assert_eq!(text(), "");
        assert_eq!(guard(|| panic!("seven {}", 7)), 1);
        assert!(text().contains("seven 7"), "{}", text());
        std::thread::spawn(|| assert_eq!(text(), "")).join().expect("the other thread");
        assert_eq!(guard(|| Err("a\0b".into())), 1);
        assert_eq!(text(), "a?b");
        assert_eq!(guard(|| Ok(())), 0);
        assert_eq!(text(), "a?b", "success leaves the text");
    }
}
