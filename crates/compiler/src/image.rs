//! Device images: what is kept of a kernel for a machine whose devices this process does not drive, for whoever does.

use crate::device::DeviceKernel;
use crate::{Artifact, CompileError, CompilerJob, Driver, PortableArtifact, Stage, cached_results};
use base::Diagnostic;
use std::sync::{Mutex, PoisonError};
use world::results::{Decoder, Encoder, Portable, PortableResults, PortableValue};

/// A kernel as a device's loader takes it (PTX text, a code object, SPIR-V), with what a launch has to know.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceImage {
    /// The image, the name of the entry in it, what the loader fills in, and what the numbers that exceptions report mean.
    pub artifact: PortableArtifact,
    /// The parameters that come before the arguments: a pointer to a zeroed [`DeviceRecord`](crate::device::DeviceRecord) in
    /// memory that device and host see, to be read after the launch…
    pub with_state: bool,
    /// …and a pointer to the table of references.
    pub with_table: bool,
    /// After the arguments comes a pointer to shared memory whose size the launch gives, where the machine has such parameters.
    pub with_shared: bool,
    /// The arguments as the entry takes them, in order; those without data (functions, singletons, types) are not among them.
    pub parameters: Vec<DeviceParameter>,
}

/// An argument of a kernel's entry: so many bytes, passed by value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeviceParameter {
    /// Which of the call's arguments it is, from 0.
    pub argument: u64,
    pub size: u64,
    pub align: u64,
}

impl DeviceImage {
    /// # Errors
    /// An artifact that is of use in this session only, or that is no kernel's.
    fn new(made: &Artifact) -> Result<DeviceImage, String> {
        let artifact = made.portable().map_err(|e| e.to_string())?;
        let kernel = made.detail.as_ref().and_then(|d| d.downcast_ref::<DeviceKernel>());
        let DeviceKernel { args, with_state, with_table, with_shared, .. } =
            kernel.ok_or("the target makes no images of kernels")?;
        let parameters = args
            .iter()
            .map(|a| DeviceParameter {
                // Parameter 0 of the function is the function.
                argument: a.param.saturating_sub(1) as u64,
                size: a.size as u64,
                align: a.align as u64,
            })
            .collect();
        let (with_state, with_table, with_shared) = (*with_state, *with_table, *with_shared);
        Ok(DeviceImage { artifact, with_state, with_table, with_shared, parameters })
    }
}

impl PortableValue for DeviceImage {
    fn encode(&self, out: &mut Vec<u8>) {
        let DeviceImage { artifact, with_state, with_table, with_shared, parameters } = self;
        artifact.encode(out);
        [with_state, with_table, with_shared].iter().for_each(|flag| u64::from(**flag).encode(out));
        (parameters.len() as u64).encode(out);
        for DeviceParameter { argument, size, align } in parameters {
            [argument, size, align].iter().for_each(|n| n.encode(out));
        }
    }

    fn decode(input: &mut &[u8]) -> Option<DeviceImage> {
        let artifact = PortableArtifact::decode(input)?;
        let mut flag = || u64::decode(input).map(|n| n != 0);
        let (with_state, with_table, with_shared) = (flag()?, flag()?, flag()?);
        // The length may be wrong: nothing is allocated by it.
        let parameter = |input: &mut &[u8]| {
            let (argument, size, align) = (u64::decode(input)?, u64::decode(input)?, u64::decode(input)?);
            Some(DeviceParameter { argument, size, align })
        };
        let parameters = (0..u64::decode(input)?).map(|_| parameter(input)).collect::<Option<_>>()?;
        Some(DeviceImage { artifact, with_state, with_table, with_shared, parameters })
    }
}

/// What is kept with a code instance, for one configuration. A back-end that drives devices has a struct of its own, with their
/// loaded modules beside the image.
#[derive(Default)]
pub struct ImageResults {
    pub image: Portable<DeviceImage>,
    /// Held by the one thread that compiles.
    making: Mutex<()>,
}

impl PortableResults for ImageResults {
    fn encode(&self, to: &mut Encoder) {
        to.field(&self.image);
    }
    fn decode(&self, from: &mut Decoder<'_>) -> bool {
        from.field(&self.image)
    }
}

impl Driver {
    /// The device image of a kernel: a look-up when it has been made before. Of several threads that need it, one makes it.
    ///
    /// # Errors
    /// As [`Driver::compile`]; and code that holds what only this session knows.
    pub fn image(&self, job: &CompilerJob) -> Result<&'static DeviceImage, CompileError> {
        match cached_results::<ImageResults>(job).and_then(|r| r.image.get()) {
            Some(found) => Ok(found),
            None => self.make_image(job),
        }
    }

    #[cold]
    fn make_image(&self, job: &CompilerJob) -> Result<&'static DeviceImage, CompileError> {
        let ci = self.code_instance(job)?;
        let results = world::results::results::<ImageResults>(ci, &job.config);
        let _one = results.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = cached_results::<ImageResults>(job).and_then(|r| r.image.get()) {
            return Ok(made);
        }
        let made = self.compile(Stage::Image, job)?;
        let image = DeviceImage::new(&made).map_err(|why| {
            let message = format!("{} cannot be written down: {why}", job.title());
            CompileError::new(job.describe(), vec![Diagnostic::error("compiler.image", message, base::Span::NONE)])
        })?;
        // What a hook had compiled afresh is what is there already.
        Ok(results.image.get_or_init(|| image))
    }
}
