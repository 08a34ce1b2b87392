//! The list of back-ends: the one place that names them all.

use backend_gcn::{GcnDeviceTarget, GcnOptions, Generator};
use backend_metal::{MetalDeviceTarget, MetalOptions};
use backend_native::cpu::Barriers;
use backend_native::{CpuDeviceTarget, HostOptions, NativeTarget};
use backend_ptx::{PtxDeviceTarget, PtxOptions};
use backend_spirv::{SpirvDeviceTarget, SpirvOptions};
use compiler::CompilerTarget;
use std::sync::Arc;

/// A target, or why there is none.
type Made = Result<Arc<dyn CompilerTarget>, String>;

/// A back-end as the command line names it.
pub struct Backend {
    pub name: &'static str,
    /// What `--arch` may say, for help texts.
    pub archs: &'static str,
    /// Compiles kernels rather than functions.
    pub kernels: bool,
    make: fn(Option<&str>) -> Made,
}

/// All back-ends.
pub fn backends() -> &'static [Backend] {
    &[
        Backend { name: "native", archs: "the host's CPU", kernels: false, make: native },
        Backend { name: "cpu", archs: "the host's CPU", kernels: true, make: cpu },
        Backend { name: "ptx", archs: "sm_70 … sm_121 (default sm_75)", kernels: true, make: ptx },
        Backend {
            name: "gcn",
            archs: "gfx900 … gfx1201, with :xnack+ and the like (default gfx90a)",
            kernels: true,
            make: gcn,
        },
        Backend { name: "spirv", archs: "1.0 … 1.4 (default 1.4)", kernels: true, make: spirv },
        Backend {
            name: "metal",
            archs: "macos13, macos14, macos15, macos26, with +fastmath and the like (default macos26)",
            kernels: true,
            make: metal,
        },
    ]
}

/// The target of a back-end for an architecture (its default without one).
pub fn target_for(name: &str, arch: Option<&str>) -> Result<Arc<dyn CompilerTarget>, String> {
    let Some(b) = backends().iter().find(|b| b.name == name) else {
        let known: Vec<&str> = backends().iter().map(|b| b.name).collect();
        return Err(format!("there is no target `{name}`; targets are {}", known.join(", ")));
    };
    (b.make)(arch)
}

fn native(arch: Option<&str>) -> Made {
    NativeTarget::new(host_options(arch)).map(|t| Arc::new(t) as _).map_err(|e| e.to_string())
}

fn cpu(arch: Option<&str>) -> Made {
    // For comparisons: every kernel with barriers as coroutines.
    let barriers = match std::env::var("REKINDLE_CPU_BARRIERS").as_deref() {
        Ok("coroutines") => Barriers::Coroutines,
        _ => Barriers::Loops,
    };
    let made = CpuDeviceTarget::new(host_options(arch)).map(|t| t.with_barriers(barriers));
    made.map(|t| Arc::new(t) as _).map_err(|e| e.to_string())
}

fn ptx(arch: Option<&str>) -> Made {
    let name = arch.unwrap_or("sm_75");
    let options = PtxOptions::from_name(name).ok_or_else(|| {
        let known: Vec<String> = PtxOptions::architectures().map(|sm| format!("sm_{sm}")).collect();
        format!("there is no architecture `{name}` for ptx; architectures are {}", known.join(", "))
    })?;
    PtxDeviceTarget::new(options).map(|t| Arc::new(t) as _).map_err(|e| e.to_string())
}

fn gcn(arch: Option<&str>) -> Made {
    let name = arch.unwrap_or("gfx90a");
    let options = GcnOptions::from_name(name).ok_or_else(|| {
        let similar = GcnOptions::similar(name);
        let (what, known) = if similar.is_empty() {
            ("architectures are", GcnOptions::processors().collect())
        } else {
            ("close matches are", similar)
        };
        format!("there is no architecture `{name}` for gcn; {what} {}", known.join(", "))
    })?;
    // For comparisons: machine code by LLVM's own program.
    let generator = match std::env::var("REKINDLE_GCN_GENERATOR") {
        Ok(name) => Generator::from_name(&name).ok_or_else(|| {
            let known: Vec<&str> = Generator::ALL.iter().map(|g| g.name()).collect();
            format!("there is no code generator `{name}` (REKINDLE_GCN_GENERATOR); there are {}", known.join(", "))
        })?,
        Err(_) => Generator::default(),
    };
    GcnDeviceTarget::new(GcnOptions { generator, ..options }).map(|t| Arc::new(t) as _).map_err(|e| e.to_string())
}

fn spirv(arch: Option<&str>) -> Made {
    let name = arch.unwrap_or("1.4");
    let options = SpirvOptions::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = SpirvOptions::versions().collect();
        let without: Vec<String> = SpirvOptions::leavable().iter().map(|l| format!("-{l}")).collect();
        format!(
            "there is no architecture `{name}` for spirv; versions are {}, and what a device lacks may follow: {}",
            known.join(", "),
            without.join(", ")
        )
    })?;
    SpirvDeviceTarget::new(options).map(|t| Arc::new(t) as _).map_err(|e| e.to_string())
}

fn metal(arch: Option<&str>) -> Made {
    let name = arch.unwrap_or("macos26");
    let options = MetalOptions::from_name(name).ok_or_else(|| {
        let known: Vec<String> = MetalOptions::systems().collect();
        format!(
            "there is no architecture `{name}` for metal; systems are {}, and +fastmath and +denormals may follow",
            known.join(", ")
        )
    })?;
    Ok(Arc::new(MetalDeviceTarget::new(options)))
}

fn host_options(arch: Option<&str>) -> HostOptions {
    let mut options = HostOptions::default();
    if let Some(cpu) = arch {
        options.cpu = cpu.into();
        options.features = String::new();
    }
    options
}
