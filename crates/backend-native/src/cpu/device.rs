//! Devices that are this machine's processor: each with a number and with threads of its own.

use super::launch::LaunchOptions;
use std::fmt;

/// Which of a process's CPU devices.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DeviceId(pub u32);

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cpu:{}", self.0)
    }
}

/// A CPU device. All are of one kind: what is compiled for one runs on every other, but each loads it for itself.
#[derive(Debug)]
pub struct CpuDevice {
    id: DeviceId,
    workers: Workers,
}

#[derive(Debug)]
enum Workers {
    /// The thread that launches.
    Caller,
    /// The process's pool.
    Process,
    Own(rayon::ThreadPool),
}

impl CpuDevice {
    /// A device that runs kernels on `threads` threads; 0: as many as the process's pool has, which it uses; 1: the
    /// thread that launches.
    ///
    /// # Errors
    /// Threads that the system does not give.
    pub fn new(id: DeviceId, threads: usize) -> Result<CpuDevice, String> {
        let workers = match threads {
            0 => Workers::Process,
            1 => Workers::Caller,
            n => rayon::ThreadPoolBuilder::new()
                .num_threads(n)
                .thread_name(move |i| format!("{id} {i}"))
                .build()
                .map(Workers::Own)
                .map_err(|e| format!("the threads of {id} could not be started: {e}"))?,
        };
        Ok(CpuDevice { id, workers })
    }

    pub fn id(&self) -> DeviceId {
        self.id
    }

    /// How many threads run a kernel's groups.
    pub fn threads(&self) -> usize {
        match &self.workers {
            Workers::Caller => 1,
            Workers::Process => rayon::current_num_threads(),
            Workers::Own(pool) => pool.current_num_threads(),
        }
    }

    /// How a kernel runs on this device, with so many bytes of dynamic shared memory per group.
    #[inline]
    pub fn launch_options(&self, dynamic_shared: usize) -> LaunchOptions<'_> {
        let (serial, pool) = match &self.workers {
            Workers::Caller => (true, None),
            Workers::Process => (false, None),
            Workers::Own(pool) => (false, Some(pool)),
        };
        LaunchOptions { serial, pool, dynamic_shared }
    }
}
