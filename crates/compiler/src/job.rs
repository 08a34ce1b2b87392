//! Jobs.

use crate::{ConfigRef, hook};
use types::Ty;
use world::results::Results;
use world::{CiRef, MiRef, WorldAge};

/// A method instance to compile with a configuration in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompilerJob {
    pub mi: MiRef,
    pub config: ConfigRef,
    pub age: WorldAge,
}

impl CompilerJob {
    /// The code instance, if there is one.
    #[inline]
    pub fn code(&self) -> Option<CiRef> {
        self.mi.get().code(self.config.owner(), self.age)
    }

    /// ``kernel `f` `` for messages, by the name that the user gave the kernel.
    pub fn title(&self) -> String {
        let name = self.mi.get().method().get().name();
        let types = types::tuple_elements(self.mi.get().sig()).unwrap_or_default();
        let made = types.get(1).is_some_and(|t| t.to_string().starts_with("KernelAbstractions."));
        let name = name.as_str();
        let name = name.strip_prefix("gpu_").filter(|_| made).unwrap_or(name);
        format!("{} `{name}`", if self.config.get().kernel { "kernel" } else { "function" })
    }

    /// `f(T1, T2)` for messages.
    pub fn describe(&self) -> String {
        let types = types::tuple_elements(self.mi.get().sig()).unwrap_or_default();
        let args: Vec<String> = types.iter().skip(1).map(|t: &Ty| t.to_string()).collect();
        format!("{}({})", self.mi.get().method().get().name(), args.join(", "))
    }
}

/// The results of type `V` for the job: look-up only. Never infers, never compiles; `None` until code exists for it, and
/// while a hook collects compilations, so that reflection sees every job compiled afresh.
#[inline]
pub fn cached_results<V: Results>(job: &CompilerJob) -> Option<&'static V> {
    if hook::active() {
        return None;
    }
    job.code()?.get().existing_results::<V>(&job.config)
}
