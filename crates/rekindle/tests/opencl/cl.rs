//! As much of OpenCL as it takes to run a kernel: the driver of a CPU device, loaded as a library.

use libloading::Library;
use std::ffi::{CString, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};

type Handle = *mut c_void;
type Notify = *const c_void;

const ALL_DEVICES: u64 = 0xffff_ffff;
const BUILD_LOG: u32 = 0x1183;
/// Memory that host and device read and write at any time.
const SHARED_MEMORY: u64 = 1 | 1 << 10;
/// As exact as Julia's: without it, division and square roots may be off.
const OPTIONS: &std::ffi::CStr = c"-cl-fp32-correctly-rounded-divide-sqrt";

macro_rules! functions {
    ($($field:ident $name:literal ($($arg:ty),*) -> $ret:ty;)*) => {
        struct Functions {
            $($field: unsafe extern "C" fn($($arg),*) -> $ret,)*
            _library: Library,
        }
        impl Functions {
            fn load(file: &Path) -> Result<Functions, libloading::Error> {
                // SAFETY: a driver of OpenCL; the types are those of its header.
                unsafe {
                    let library = Library::new(file)?;
                    Ok(Functions { $($field: *library.get(concat!($name, "\0").as_bytes())?,)* _library: library })
                }
            }
        }
    };
}

functions! {
    platforms "clGetPlatformIDs" (u32, *mut Handle, *mut u32) -> c_int;
    devices "clGetDeviceIDs" (Handle, u64, u32, *mut Handle, *mut u32) -> c_int;
    context "clCreateContext" (*const isize, u32, *const Handle, Notify, Handle, *mut c_int) -> Handle;
    queue "clCreateCommandQueueWithProperties" (Handle, Handle, *const u64, *mut c_int) -> Handle;
    program "clCreateProgramWithIL" (Handle, *const u8, usize, *mut c_int) -> Handle;
    build "clBuildProgram" (Handle, u32, *const Handle, *const c_char, Notify, Handle) -> c_int;
    build_info "clGetProgramBuildInfo" (Handle, Handle, u32, usize, *mut u8, *mut usize) -> c_int;
    kernel "clCreateKernel" (Handle, *const c_char, *mut c_int) -> Handle;
    set "clSetKernelArg" (Handle, u32, usize, *const c_void) -> c_int;
    set_pointer "clSetKernelArgSVMPointer" (Handle, u32, *const c_void) -> c_int;
    allocate "clSVMAlloc" (Handle, u64, usize, u32) -> *mut u8;
    free "clSVMFree" (Handle, *mut u8) -> ();
    enqueue "clEnqueueNDRangeKernel" (Handle, Handle, u32, *const usize, *const usize, *const usize, u32, *const Handle, *mut Handle) -> c_int;
    finish "clFinish" (Handle) -> c_int;
}

/// An argument of a kernel.
pub enum Param<'a> {
    Bytes(&'a [u8]),
    Memory(&'a Memory<'a>),
    /// So many bytes of the group's own.
    Shared(usize),
}

/// Memory of the device, zeroed.
pub struct Memory<'d> {
    device: &'d Device,
    start: *mut u8,
    len: usize,
}

impl Memory<'_> {
    pub fn address(&self) -> u64 {
        self.start as u64
    }
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: allocated with this length, and no kernel runs while the test looks.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

impl Drop for Memory<'_> {
    fn drop(&mut self) {
        // SAFETY: allocated in this context.
        unsafe { (self.device.functions.free)(self.device.context, self.start) }
    }
}

/// The first device of the driver.
pub struct Device {
    functions: Functions,
    device: Handle,
    context: Handle,
    queue: Handle,
}

// SAFETY: OpenCL's functions may be called from any thread, and none here sets arguments of a kernel of another's.
unsafe impl Send for Device {}
// SAFETY: as above.
unsafe impl Sync for Device {}

fn check(status: c_int, what: &str) -> Result<(), String> {
    if status == 0 { Ok(()) } else { Err(format!("{what}: error {status}")) }
}

/// `REKINDLE_OPENCL`, else the wheel `intel-opencl-rt` in the tests' virtual environment.
fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("REKINDLE_OPENCL") {
        return Some(PathBuf::from(named));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tools = std::env::var_os("REKINDLE_TOOLS").map_or(root.join("target/test-tools"), PathBuf::from);
    Some(tools.join("venv/lib/libintelocl.so")).filter(|f| f.exists())
}

impl Device {
    /// `None` where there is no driver.
    pub fn open() -> Option<Result<Device, String>> {
        find().map(|file| Device::of_driver(&file))
    }

    fn of_driver(file: &Path) -> Result<Device, String> {
        let functions = Functions::load(file).map_err(|e| e.to_string())?;
        let (mut platform, mut device, mut status) = (null_mut(), null_mut(), 0);
        // SAFETY: places for one of each; the handles are what the calls before gave.
        unsafe {
            check((functions.platforms)(1, &mut platform, null_mut()), "platforms")?;
            check((functions.devices)(platform, ALL_DEVICES, 1, &mut device, null_mut()), "devices")?;
            let context = (functions.context)(null(), 1, &device, null(), null_mut(), &mut status);
            check(status, "context")?;
            let queue = (functions.queue)(context, device, null(), &mut status);
            check(status, "queue")?;
            Ok(Device { functions, device, context, queue })
        }
    }

    pub fn memory(&self, bytes: &[u8]) -> Memory<'_> {
        let len = bytes.len().max(1);
        // SAFETY: a live context; what is allocated is filled before anybody looks.
        let start = unsafe {
            let start = (self.functions.allocate)(self.context, SHARED_MEMORY, len, 0);
            assert!(!start.is_null(), "the device has no memory that the host sees");
            start.write_bytes(0, len);
            start.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            start
        };
        Memory { device: self, start, len }
    }

    /// Runs a kernel of a module and waits for its end.
    ///
    /// # Errors
    /// What the driver has against any of it.
    pub fn run(
        &self,
        module: &[u8],
        entry: &str,
        params: &[Param<'_>],
        groups: [usize; 3],
        items: [usize; 3],
    ) -> Result<(), String> {
        let f = &self.functions;
        let (mut status, name) = (0, CString::new(entry).map_err(|e| e.to_string())?);
        let global: Vec<usize> = groups.iter().zip(items).map(|(g, i)| g * i).collect();
        // SAFETY: live handles; arguments with their sizes, as the kernel's parameters have them.
        unsafe {
            let program = (f.program)(self.context, module.as_ptr(), module.len(), &mut status);
            check(status, "module")?;
            if (f.build)(program, 1, &self.device, OPTIONS.as_ptr(), null(), null_mut()) != 0 {
                let mut log = vec![0u8; 1 << 16];
                (f.build_info)(program, self.device, BUILD_LOG, log.len(), log.as_mut_ptr(), null_mut());
                return Err(String::from_utf8_lossy(&log).trim_end_matches('\0').to_owned());
            }
            let kernel = (f.kernel)(program, name.as_ptr(), &mut status);
            check(status, "kernel")?;
            for (i, param) in params.iter().enumerate() {
                let done = match param {
                    Param::Bytes(bytes) => (f.set)(kernel, i as u32, bytes.len(), bytes.as_ptr().cast()),
                    Param::Memory(m) => (f.set_pointer)(kernel, i as u32, m.start.cast()),
                    Param::Shared(size) => (f.set)(kernel, i as u32, *size, null()),
                };
                check(done, &format!("argument {i}"))?;
            }
            let (size, local) = (global.as_ptr(), items.as_ptr());
            check((f.enqueue)(self.queue, kernel, 3, null(), size, local, 0, null(), null_mut()), "launch")?;
            check((f.finish)(self.queue), "wait")
        }
    }
}
