//! NVIDIA's run-time compiler, where its library is found.

use libloading::Library;
use std::ffi::{CString, c_char, c_int, c_void};
use std::path::{Path, PathBuf};

type Program = *mut c_void;

/// The loaded library.
pub struct Nvrtc {
    create:
        unsafe extern "C" fn(*mut Program, *const c_char, *const c_char, c_int, *const c_void, *const c_void) -> c_int,
    compile: unsafe extern "C" fn(Program, c_int, *const *const c_char) -> c_int,
    size: unsafe extern "C" fn(Program, *mut usize) -> c_int,
    text: unsafe extern "C" fn(Program, *mut c_char) -> c_int,
    destroy: unsafe extern "C" fn(*mut Program) -> c_int,
    _library: Library,
}

/// `REKINDLE_NVRTC`, else the wheel `nvidia-cuda-nvrtc` in the tests' virtual environment.
fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("REKINDLE_NVRTC") {
        return Some(PathBuf::from(named));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tools = std::env::var_os("REKINDLE_TOOLS").map_or(root.join("target/test-tools"), PathBuf::from);
    let folders = |p: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = std::fs::read_dir(p).into_iter().flatten().flatten().map(|e| e.path()).collect();
        found.sort();
        found
    };
    for python in folders(&tools.join("venv/lib")) {
        for toolkit in folders(&python.join("site-packages/nvidia")) {
            let file = folders(&toolkit.join("lib")).into_iter().find(|f| {
                let name = f.file_name().unwrap_or_default().to_string_lossy().into_owned();
                name.starts_with("libnvrtc.so") && !name.contains("alt")
            });
            if file.is_some() {
                return file;
            }
        }
    }
    None
}

impl Nvrtc {
    /// Loads it.
    ///
    /// # Errors
    /// It is not there, or is not what it should be.
    pub fn load() -> Result<Nvrtc, String> {
        let file =
            find().ok_or("libnvrtc was not found: tools/setup.sh --bench installs it, REKINDLE_NVRTC names it")?;
        // SAFETY: NVIDIA's library; the types are those of its header.
        unsafe {
            let library = Library::new(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            macro_rules! function {
                ($name:literal) => {
                    *library.get(concat!($name, "\0").as_bytes()).map_err(|e| e.to_string())?
                };
            }
            Ok(Nvrtc {
                create: function!("nvrtcCreateProgram"),
                compile: function!("nvrtcCompileProgram"),
                size: function!("nvrtcGetPTXSize"),
                text: function!("nvrtcGetPTX"),
                destroy: function!("nvrtcDestroyProgram"),
                _library: library,
            })
        }
    }

    /// CUDA C++ to PTX for `sm_90`.
    ///
    /// # Errors
    /// The number of its error.
    pub fn ptx(&self, source: &str) -> Result<String, String> {
        let source = CString::new(source).map_err(|e| e.to_string())?;
        let option = c"--gpu-architecture=compute_90";
        let check = |code: c_int, what: &str| if code == 0 { Ok(()) } else { Err(format!("{what}: error {code}")) };
        let mut program: Program = std::ptr::null_mut();
        let mut size = 0;
        // SAFETY: as the library's documentation has it; strings end in NUL and outlive the calls.
        unsafe {
            let null = std::ptr::null();
            check(
                (self.create)(&raw mut program, source.as_ptr(), c"k.cu".as_ptr(), 0, null, null),
                "nvrtcCreateProgram",
            )?;
            let options = [option.as_ptr()];
            let made = check((self.compile)(program, 1, options.as_ptr()), "nvrtcCompileProgram")
                .and_then(|()| check((self.size)(program, &raw mut size), "nvrtcGetPTXSize"))
                .and_then(|()| {
                    let mut text = vec![0u8; size];
                    check((self.text)(program, text.as_mut_ptr().cast()), "nvrtcGetPTX")?;
                    Ok(String::from_utf8_lossy(&text).trim_end_matches('\0').to_string())
                });
            (self.destroy)(&raw mut program);
            made
        }
    }
}
