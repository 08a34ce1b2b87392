//! Stories of kernels that change while a program runs, told by what the engine did.

mod devices;
mod random;
mod redefinition;
mod threads;
mod worlds;

use rekindle::{Engine, Event, Kernel, Options, Recording};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The one engine: `cpu:0` runs on the launching thread, `cpu:1` and `cpu:2` have threads of their own.
fn engine() -> &'static Engine {
    let options = Options { announce: false, cpu_devices: vec![1, 2, 3], ..Options::default() };
    Engine::start(options).expect("the engine starts")
}

/// Stories come one after the other: what is recorded is the process's.
struct Story {
    engine: &'static Engine,
    events: Recording,
    _one: MutexGuard<'static, ()>,
}

impl Story {
    fn begin(source: &str) -> Story {
        static ONE: Mutex<()> = Mutex::new(());
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = engine();
        engine.load_str("story.jl", source).unwrap_or_else(|e| panic!("{e}"));
        Story { engine, events: engine.record().expect("there is a CPU device"), _one: one }
    }

    fn load(&self, source: &str) {
        self.engine.load_str("change.jl", source).unwrap_or_else(|e| panic!("{e}"));
    }

    fn kernel(&self, name: &str) -> Kernel {
        self.engine.kernel(name).unwrap_or_else(|e| panic!("{e}"))
    }

    /// What was done since the last call, but for launches; sorted, without module paths in array types.
    fn did(&self) -> Vec<String> {
        let told = |e: &Event| e.to_string().replace("Base.Device.DeviceArray{Float64, 1, 1}", "Vector");
        let mut all: Vec<String> =
            self.events.take().iter().filter(|e| !matches!(e, Event::Launched { .. })).map(told).collect();
        all.sort();
        all
    }
}

/// The first element after a launch of one work-item on `[start, 0, 0, 0]`.
fn first(kernel: &Kernel, start: f64) -> f64 {
    let mut y = [start, 0.0, 0.0, 0.0];
    kernel.launch(rekindle::Grid::linear(1, 1), rekindle::args![&mut y]).unwrap_or_else(|e| panic!("{e}"));
    y[0]
}
