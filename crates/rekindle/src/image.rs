//! Device images for programs that launch kernels themselves: PTX for a CUDA context of theirs, code objects, SPIR-V.

use crate::array::Arg;
use crate::backends::target_for;
use crate::error::Error;
use crate::launch::{Failed, Places, Types};
use crate::library::Kernel;
use compiler::{CompilerConfig, CompilerJob, DeviceImage};

impl Kernel {
    /// The kernel for arguments of these types, compiled for a machine of another kind ([`backends`](crate::backends) lists
    /// them), with what a launch of it has to pass. Arrays travel as the kernel's device arrays do: an address, then the size in
    /// each dimension as 64-bit integers. It is compiled once, and again after a redefinition.
    ///
    /// ```
    /// # fn main() -> Result<(), rekindle::Error> {
    /// # use rekindle::{Engine, Options, args};
    /// let engine = Engine::start(Options { announce: false, ..Options::default() })?;
    /// engine.load_str("double.jl", "
    ///     using CUDA
    ///     double!(y) = (i = threadIdx().x; @inbounds y[i] += y[i]; return)")?;
    /// let image = engine.kernel("double!")?.image("ptx", Some("sm_90"), args![&mut [0.0f32; 4]])?;
    /// assert!(String::from_utf8_lossy(&image.artifact.bytes).contains(".target sm_90"));
    /// assert_eq!(image.artifact.entry, "double_bang");
    /// assert_eq!(image.parameters.len(), 1);
    /// assert!(!image.with_state); // nothing in it throws
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A target or an architecture that is not there; no method for these arguments; findings of the compilation; code that
    /// holds what only this process knows.
    pub fn image(&self, target: &str, arch: Option<&str>, args: &[Arg<'_>]) -> Result<&'static DeviceImage, Error> {
        let engine = self.engine;
        let config = CompilerConfig::kernel(target_for(target, arch).map_err(Error::argument)?).intern();
        let (mut types, mut places) = (Types::new(), Places::new());
        let age = self.arguments(engine.default_device(), args, &mut types, &mut places)?;
        let found = engine.with_room(|| {
            let age = engine.driver().current_age(age);
            let mi = engine.driver().method_instance(config, &types, age).ok_or(Failed::NoMethod(age))?;
            engine.driver().image(&CompilerJob { mi, config, age }).map_err(Failed::Compile)
        });
        found
            .unwrap_or_else(|e| Err(Failed::Load(e)))
            .map_err(|failed| engine.launch_error(failed, self.binding.name.as_str(), &types))
    }
}
