//! LLVM's ways of failing, turned into one error type.

use std::any::Any;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;

/// What LLVM said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(pub String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// The payload with which the fatal-error handler leaves LLVM.
struct Fatal(String);

extern "C-unwind" fn on_fatal_error(reason: *const c_char) {
    // SAFETY: LLVM passes a NUL-terminated text that lives during the call.
    let text = unsafe { CStr::from_ptr(reason) }.to_string_lossy().into_owned();
    // `resume_unwind` does not run the panic hook: nothing is printed.
    resume_unwind(Box::new(Fatal(text)));
}

/// Installs the process-wide fatal-error handler, once.
pub(crate) fn install_fatal_handler() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the two function types differ only in that ours may unwind; LLVM calls the handler
        // from `report_fatal_error`, whose frames have unwind tables and no handler of their own, and
        // every entry point that can get there is called through `guarded`.
        unsafe {
            let handler: extern "C" fn(*const c_char) =
                std::mem::transmute(on_fatal_error as extern "C-unwind" fn(*const c_char));
            llvm_sys::error_handling::LLVMInstallFatalErrorHandler(Some(handler));
        }
    });
}

/// Runs `f`, which enters LLVM through `C-unwind` declarations; a fatal error becomes an [`Error`].
///
/// The C++ frames in between are abandoned without their destructors: memory leaks, nothing dangles
/// as long as the caller drops no LLVM object that `f` was changing. Callers therefore leak the
/// module on error.
pub(crate) fn guarded<R>(f: impl FnOnce() -> R) -> Result<R, Error> {
    install_fatal_handler();
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload: Box<dyn Any + Send>| match payload.downcast::<Fatal>() {
        Ok(fatal) => Error(fatal.0),
        Err(other) => resume_unwind(other),
    })
}

/// Takes ownership of a message allocated by LLVM.
///
/// # Safety
/// `message` is null or a NUL-terminated text that `LLVMDisposeMessage` may free.
pub(crate) unsafe fn take_message(message: *mut c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: by the contract above.
    unsafe {
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        llvm_sys::core::LLVMDisposeMessage(message);
        text
    }
}

/// Consumes an `LLVMErrorRef`.
///
/// # Safety
/// `error` is null (success) or an error that nobody else consumes.
pub(crate) unsafe fn check(error: llvm_sys::error::LLVMErrorRef) -> Result<(), Error> {
    if error.is_null() {
        return Ok(());
    }
    // SAFETY: by the contract above; the message has its own disposal function.
    unsafe {
        let message = llvm_sys::error::LLVMGetErrorMessage(error);
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        llvm_sys::error::LLVMDisposeErrorMessage(message);
        Err(Error(text))
    }
}
