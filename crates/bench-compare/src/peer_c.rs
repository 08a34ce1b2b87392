//! The same in C: compiled by clang when the benchmark runs, loaded into this process.

use libloading::Library;
use std::path::PathBuf;
use std::process::Command;

/// A piece of C as loaded code.
pub struct CCode {
    library: Library,
    /// Holds the file for as long as it is mapped.
    _folder: tempfile::TempDir,
}

/// `run(arrays, sizes, first, last)`: does the work numbered `first..last`.
pub type Run = unsafe extern "C" fn(*const *mut u8, *const i64, i64, i64);

/// clang, by `REKINDLE_CLANG` or by its usual names.
pub fn clang() -> Option<PathBuf> {
    let named = std::env::var_os("REKINDLE_CLANG").map(PathBuf::from);
    let usual = ["clang-22", "clang"].into_iter().map(PathBuf::from);
    named
        .into_iter()
        .chain(usual)
        .find(|c| Command::new(c).arg("--version").output().is_ok_and(|out| out.status.success()))
}

impl CCode {
    /// Compiles C with `-O3 -march=native`.
    ///
    /// # Errors
    /// No clang, or what it says.
    pub fn compile(text: &str) -> Result<CCode, String> {
        let clang = clang().ok_or("clang-22 was not found (set REKINDLE_CLANG)")?;
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let (source, object) = (folder.path().join("peer.c"), folder.path().join("peer.so"));
        let text = format!("#include <stdint.h>\n#include <math.h>\n{text}");
        std::fs::write(&source, text).map_err(|e| e.to_string())?;
        let made = Command::new(clang)
            .args(["-O3", "-march=native", "-shared", "-fPIC", "-o"])
            .args([&object, &source])
            .arg("-lm")
            .output()
            .map_err(|e| e.to_string())?;
        if !made.status.success() {
            return Err(format!("clang: {}", String::from_utf8_lossy(&made.stderr)));
        }
        // SAFETY: our own code, which has no initialisers.
        let library = unsafe { Library::new(&object) }.map_err(|e| e.to_string())?;
        Ok(CCode { library, _folder: folder })
    }

    /// A function of it.
    ///
    /// # Safety
    /// `T` is the function's type; it is not called after `self` is gone.
    ///
    /// # Errors
    /// A name that is not there.
    pub unsafe fn function<T: Copy>(&self, name: &str) -> Result<T, String> {
        // SAFETY: the caller's promise.
        unsafe { self.library.get::<T>(name.as_bytes()) }.map(|f| *f).map_err(|e| e.to_string())
    }
}
