//! Launching a kernel on a CPU device: one look-up, packing, launch. Everything else happens once, off this path.

use crate::engine::Engine;
use crate::events::Event;
use crate::library::Grid;
use backend_native::cpu::{CpuArtifact, CpuDevice, CpuKernel, CpuResults, DeviceException, Launches, MAX_GROUP};
use compiler::{CompileError, CompilerJob, Stage, cached_results};
use smallvec::SmallVec;
use std::cell::Cell;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Instant;
use types::Ty;
use world::WorldAge;

/// So many arguments (the function counts) are packed without allocation.
const FEW: usize = 16;

/// Types of the arguments of a launch, the function's first.
pub(crate) type Types = SmallVec<[Ty; FEW]>;
/// Where the arguments' bytes lie.
pub(crate) type Places = SmallVec<[*const u8; FEW]>;

/// A launch.
pub(crate) struct Launch<'a> {
    pub device: &'a CpuDevice,
    /// As dispatch sees the arguments, the function first.
    pub types: &'a [Ty],
    /// Parallel to `types`: each points to the bytes of a value of that type, while the launch runs.
    pub places: &'a [*const u8],
    pub grid: Grid,
    /// The world to look the kernel up in.
    pub age: WorldAge,
}

/// Why a kernel was not run to its end.
pub(crate) enum Failed {
    /// Sizes that no device can run; the text says which.
    Grid(String),
    /// The function has no method, or no single best one, for these arguments.
    NoMethod(WorldAge),
    Compile(CompileError),
    /// The device could not take the kernel.
    Load(String),
    Threw {
        kernel: String,
        exception: Box<DeviceException>,
    },
}

impl Engine {
    /// Runs a kernel and waits for it. Warm and on a device of one thread this takes no lock and allocates nothing.
    ///
    /// # Safety
    /// `places` are as [`Launch`] says.
    pub(crate) unsafe fn launch(&'static self, launch: &Launch<'_>) -> Result<(), Failed> {
        check(&launch.grid).map_err(Failed::Grid)?;
        let device = launch.device;
        let (job, kernel) = self.find(device, launch.types, Some(&launch.grid), launch.age)?;
        self.counters.launched.fetch_add(1, Ordering::Relaxed);
        self.listeners().emit(|| Event::Launched { kernel: job.describe(), device: device.id() });
        let options = device.launch_options(launch.grid.shared as usize);
        // SAFETY: the look-up was made with these types, so the kernel takes them; by the contract above their bytes
        // are there.
        let ran = unsafe { kernel.launch_on(launch.places, launch.grid.groups, launch.grid.group_size, options) };
        ran.map_err(|e| Failed::Threw { kernel: job.title(), exception: e })
    }

    /// The kernel for arguments of these types (the function first) and for this grid, loaded on a device: one look-up
    /// when it has been before.
    #[inline]
    pub(crate) fn find(
        &'static self,
        device: &CpuDevice,
        types: &[Ty],
        grid: Option<&Grid>,
        age: WorldAge,
    ) -> Result<(CompilerJob, &'static CpuKernel), Failed> {
        let config = self.cpu_config().map_err(Failed::Load)?;
        let age = self.driver().current_age(age);
        let mi = self.driver().method_instance(config, types, age).ok_or(Failed::NoMethod(age))?;
        let job = CompilerJob { mi, config, age };
        let results = match cached_results::<CpuResults>(&job).and_then(|r| fitting(r, grid)) {
            Some(found) => found,
            // Only here: a compile evaluated as the default of a look-up would be one at every launch.
            None => self.compile_for_launch(&job, types, grid)?,
        };
        let began = Cell::new(None);
        let module = results.module(device, || {
            began.set(Some(Instant::now()));
            self.counters.loaded.fetch_add(1, Ordering::Relaxed);
            self.listeners().emit(|| Event::Loaded { kernel: job.describe(), device: device.id() });
        });
        if let Some(began) = began.get() {
            self.counters.loading.add(began.elapsed());
        }
        match module {
            Some(Ok(kernel)) => Ok((job, kernel)),
            Some(Err(e)) => Err(Failed::Load(e.clone())),
            None => Err(Failed::Load("it was not compiled".into())),
        }
    }

    /// Compiles a kernel for the CPU devices. Of several threads that need the same one, one does.
    #[cold]
    fn compile_for_launch(
        &'static self,
        job: &CompilerJob,
        types: &[Ty],
        grid: Option<&Grid>,
    ) -> Result<&'static CpuResults, Failed> {
        self.remember_launch(types);
        self.with_room(|| {
            crate::progress::working(
                || format!("compiling {} for the CPU", job.title()),
                || self.compile_once(job, grid),
            )
        })
        .map_err(Failed::Load)?
        .map_err(Failed::Compile)
    }

    fn compile_once(
        &'static self,
        job: &CompilerJob,
        grid: Option<&Grid>,
    ) -> Result<&'static CpuResults, CompileError> {
        let ci = self.driver().code_instance(job)?;
        let results = world::results::results::<CpuResults>(ci, &job.config);
        let _one = results.making.lock().unwrap_or_else(PoisonError::into_inner);
        // Through the cache again, which has nothing while somebody looks at what is compiled.
        match cached_results::<CpuResults>(job).and_then(|r| fitting(r, grid)) {
            Some(made) => Ok(made),
            None => self.compile_variant(job, results, grid),
        }
    }

    /// Compiles what a launch needs of a kernel. The first launch's code may be for groups of its size alone (where
    /// that makes better code: see [`Launches`]); the first launch with groups of another size has it compiled for all
    /// sizes, so that this happens twice at most.
    fn compile_variant(
        &'static self,
        job: &CompilerJob,
        results: &'static CpuResults,
        grid: Option<&Grid>,
    ) -> Result<&'static CpuResults, CompileError> {
        let launches = match grid {
            Some(grid) if !Launches::Usual.fits(grid.groups, grid.group_size) => Launches::Any,
            Some(grid) if results.of_groups.get().is_none() => Launches::Groups(grid.group_size),
            _ => Launches::Usual,
        };
        let failed = |e| CompileError::message(job.describe(), "cpu.no-device", e);
        let config = self.cpu_config_for(launches).map_err(failed)?;
        let variant = CompilerJob { config, ..*job };
        let made = self.driver().compile(Stage::Object, &variant)?;
        self.listeners().emit(|| Event::Compiled { kernel: job.describe() });
        let Some(artifact) = made.detail.and_then(|d| d.downcast::<CpuArtifact>().ok()) else {
            return Err(CompileError::message(job.describe(), "cpu.no-kernel", "the back-end made no kernel"));
        };
        let own = || Ok(world::results::results::<CpuResults>(self.driver().code_instance(&variant)?, &variant.config));
        let kept = match artifact.form.launches {
            Launches::Groups(size) => {
                let kept: &'static CpuResults = own()?;
                let _ = results.of_groups.set((size, kept));
                kept
            }
            Launches::Any if launches == Launches::Any => {
                let kept = own()?;
                let _ = results.of_any.set(kept);
                kept
            }
            _ => results,
        };
        kept.keep(artifact);
        Ok(kept)
    }
}

/// The kernel that runs launches with this grid, if it is compiled.
#[inline]
fn fitting(results: &'static CpuResults, grid: Option<&Grid>) -> Option<&'static CpuResults> {
    match grid {
        Some(grid) => results.for_launch(grid.groups, grid.group_size),
        None => results.artifact().is_some().then_some(results),
    }
}

/// Sizes that every device runs.
fn check(grid: &Grid) -> Result<(), String> {
    let [x, y, z] = grid.group_size;
    let items = u64::from(x).saturating_mul(u64::from(y)).saturating_mul(u64::from(z));
    if !(1..=u64::from(MAX_GROUP)).contains(&items) {
        return Err(format!(
            "work-group of {x}×{y}×{z} = {items} work-items: the CPU device runs groups of 1 to {MAX_GROUP}"
        ));
    }
    if grid.shared > 1 << 30 {
        return Err("the size of dynamic shared memory must be a number of bytes from 0 to 1073741824".into());
    }
    Ok(())
}
