//! New kernels to PTX: a kernel that the process has not seen before, from source text, by stages. Both compilers work
//! on the calling thread, whose processor time is taken.

use crate::harness::{Clock, Report, Row, median, now};
use crate::julia::{self, eval};
use crate::nvrtc::Nvrtc;
use compiler::{CompilerConfig, ConfigRef, Stage, unit_tree};
use rekindle::{Engine, target_for};
use std::process::Command;

/// A kernel in both languages, under the name `KERNEL`.
struct Source {
    name: &'static str,
    julia: &'static str,
    cuda: &'static str,
    /// Types of the arguments.
    types: &'static str,
    /// Milliseconds to PTX, at most.
    limit: f64,
}

const VADD: Source = Source {
    name: "vadd",
    julia: include_str!("../kernels/vadd.jl"),
    cuda: include_str!("../kernels/vadd.cu"),
    types: "CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1}",
    limit: 3.0,
};

const SAXPY: Source = Source {
    name: "saxpy",
    julia: include_str!("../kernels/saxpy_small.jl"),
    cuda: include_str!("../kernels/saxpy_small.cu"),
    types: "CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1}, Float32",
    limit: 3.0,
};

const REACTION: Source = Source {
    name: "60-lines",
    julia: include_str!("../kernels/reaction.jl"),
    cuda: include_str!("../kernels/reaction.cu"),
    types: "CuDeviceMatrix{Float32,1}, CuDeviceMatrix{Float32,1}, CuDeviceMatrix{Float32,1}, CuDeviceMatrix{Float32,1}, \
            CuDeviceArray{Float32,3,1}, CuDeviceMatrix{Float32,1}, Float32, Float32, Float32, Float32, Float32",
    limit: 15.0,
};

/// Names of the comparisons of this file.
pub const NAMES: &[&str] = &["ptx-vadd", "ptx-60-lines", "ptx-redefined-callee", "ptx-second"];

const STAGES: [&str; 5] = ["define", "look up", "infer", "emit", "link, optimise, PTX"];

fn ptx_config() -> Result<ConfigRef, String> {
    Ok(CompilerConfig::kernel(target_for("ptx", Some("sm_90"))?).intern())
}

fn start() -> Result<(&'static Engine, ConfigRef), String> {
    let engine = julia::engine()?;
    engine.load_str("bench", "using CUDA").map_err(|e| e.to_string())?;
    Ok((engine, ptx_config()?))
}

/// Milliseconds per stage from the definition of a kernel named `name` to PTX.
fn stages(engine: &'static Engine, config: ConfigRef, source: &Source, name: &str) -> Result<[f64; 5], String> {
    let text = source.julia.replace("KERNEL", name);
    // What a launch has at hand: the types are made outside of the timed part.
    let args = types_of(engine, source.types)?;
    let mut marks = vec![now(Clock::Thread)];
    engine.load_str("kernel.jl", &text).map_err(|e| e.to_string())?;
    marks.push(now(Clock::Thread));
    let session = engine.session();
    let f = session.main.get_str(name).ok_or("the kernel is not defined")?;
    let mut types = vec![interp::dispatch_type(f)];
    types.extend(args);
    let age = session.world.age();
    let driver = engine.driver();
    let mi = driver.method_instance(config, &types, age).ok_or("no method for the kernel's types")?;
    let job = rekindle::CompilerJob { mi, config, age };
    marks.push(now(Clock::Thread));
    let ci = driver.code_instance(&job).map_err(|e| e.to_string())?;
    marks.push(now(Clock::Thread));
    unit_tree(ci, config).map_err(|found| found.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "))?;
    marks.push(now(Clock::Thread));
    let made = driver.compile(Stage::Assembly, &job).map_err(|e| e.to_string())?;
    marks.push(now(Clock::Thread));
    if !made.text().contains(".entry") {
        return Err("the result is no PTX".into());
    }
    let mut out = [0.0; 5];
    for (k, o) in out.iter_mut().enumerate() {
        *o = (marks[k + 1] - marks[k]) * 1e3;
    }
    Ok(out)
}

fn types_of(engine: &'static Engine, text: &str) -> Result<Vec<types::Ty>, String> {
    engine.session().with_interp(|i| {
        let tuple = eval(engine, i, &format!("({text},)"))?;
        julia::elements(tuple).iter().map(|v| v.as_type().ok_or_else(|| "an argument is no type".to_string())).collect()
    })
}

/// Milliseconds of NVRTC for the same kernel.
fn peer(nvrtc: &Nvrtc, source: &Source, name: &str) -> Result<f64, String> {
    let text = source.cuda.replace("KERNEL", name);
    let start = now(Clock::Thread);
    let ptx = nvrtc.ptx(&text)?;
    let took = (now(Clock::Thread) - start) * 1e3;
    if ptx.contains(name) { Ok(took) } else { Err("NVRTC's result is not the kernel".into()) }
}

fn new_kernels(report: &mut Report, source: &Source) -> Result<(), String> {
    let (engine, config) = start()?;
    let name = format!("ptx-{}", source.name);
    let nvrtc = Nvrtc::load();
    if let Err(why) = &nvrtc {
        report.skip(&format!("{name}-nvrtc"), why);
    }
    let ident = source.name.replace('-', "_");
    // Other kernels have been compiled before: the process is warm, the kernel is new.
    for k in 0..3 {
        stages(engine, config, source, &format!("warm_{ident}_{k}"))?;
        if let Ok(n) = &nvrtc {
            peer(n, source, &format!("warm_{ident}_{k}"))?;
        }
    }
    let (mut ours, mut rounds) = (Vec::new(), Vec::new());
    for k in 0..21 {
        let parts = stages(engine, config, source, &format!("new_{ident}_{k}"))?;
        let total: f64 = parts.iter().sum();
        if let Ok(n) = &nvrtc {
            rounds.push((total, peer(n, source, &format!("new_{ident}_{k}"))?));
        }
        ours.push(parts);
    }
    let of = |k: usize| median(ours.iter().map(|parts| parts[k]).collect());
    let total = median(ours.iter().map(|parts| parts.iter().sum()).collect());
    let detail = STAGES.iter().enumerate().map(|(k, s)| ((*s).to_string(), of(k))).collect();
    let lines = source.julia.lines().count();
    report.row(
        Row::limit(
            &name,
            total,
            source.limit,
            "ms",
            format!("a new kernel of {lines} lines, source to PTX, warm process"),
        )
        .detail(detail),
    );
    if !rounds.is_empty() {
        report.row(
            Row::peer(format!("{name}-nvrtc"), &rounds, "ms", 1.0)
                .about("the same against NVRTC on the same kernel in CUDA C++"),
        );
    }
    Ok(())
}

/// A helper of the long kernel is defined anew; the kernel to PTX again.
fn redefined(report: &mut Report) -> Result<(), String> {
    let (engine, config) = start()?;
    let text = REACTION
        .julia
        .replace("KERNEL", "calls_helper")
        .replace("uc * vc * vc / (1.0f0 + 0.1f0 * vc)", "bench_rate(uc, vc)");
    let helper = |k: usize| format!("bench_rate(u, v) = u * v * v / (1.0f0 + {k}.5f0 * v)");
    engine.load_str("helper.jl", &helper(0)).map_err(|e| e.to_string())?;
    engine.load_str("kernel.jl", &text).map_err(|e| e.to_string())?;
    let f = engine.session().main.get_str("calls_helper").ok_or("the kernel is not defined")?;
    let mut types = vec![interp::dispatch_type(f)];
    types.extend(types_of(engine, REACTION.types)?);
    let mut took = Vec::new();
    for k in 1..25 {
        let text = helper(k);
        let start = now(Clock::Thread);
        engine.load_str("helper.jl", &text).map_err(|e| e.to_string())?;
        let job = engine
            .job(config.get().clone(), &types)
            .map_err(|e| engine.session().with_interp(|i| julia::text(engine, i, e)))?;
        engine.driver().compile(Stage::Assembly, &job).map_err(|e| e.to_string())?;
        if k > 3 {
            took.push((now(Clock::Thread) - start) * 1e3);
        }
    }
    report.row(Row::limit(
        "ptx-redefined-callee",
        median(took),
        6.0,
        "ms",
        "a callee of the long kernel redefined, to PTX again",
    ));
    Ok(())
}

/// What `--second-kernel` runs in a fresh process: prints milliseconds of the first and of the second kernel, ours and
/// NVRTC's (`nan` where that is absent).
pub fn second_in_process() -> Result<(), String> {
    let (engine, config) = start()?;
    let first: f64 = stages(engine, config, &VADD, "first")?.iter().sum();
    let second: f64 = stages(engine, config, &SAXPY, "second")?.iter().sum();
    let theirs = match Nvrtc::load() {
        Ok(n) => (peer(&n, &VADD, "first")?, peer(&n, &SAXPY, "second")?),
        Err(_) => (f64::NAN, f64::NAN),
    };
    println!("{first} {second} {} {}", theirs.0, theirs.1);
    Ok(())
}

fn second(report: &mut Report) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut all: Vec<Vec<f64>> = Vec::new();
    for _ in 0..5 {
        let out = Command::new(&program).arg("--second-kernel").output().map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        if numbers.len() != 4 {
            return Err(String::from_utf8_lossy(&out.stderr).trim().to_string());
        }
        all.push(numbers);
    }
    let of = |k: usize| median(all.iter().map(|n| n[k]).collect());
    report.row(
        Row::limit(
            "ptx-second",
            of(1),
            SAXPY.limit,
            "ms",
            "second, different small kernel in a fresh process, source to PTX",
        )
        .detail(vec![("the first took".into(), of(0))]),
    );
    if of(3).is_nan() {
        report.skip("ptx-second-nvrtc", "libnvrtc was not found");
    } else {
        let rounds: Vec<(f64, f64)> = all.iter().map(|n| (n[1], n[3])).collect();
        report.row(Row::peer("ptx-second-nvrtc", &rounds, "ms", 1.0).about("the same against NVRTC's second kernel"));
    }
    Ok(())
}

pub fn run(report: &mut Report, name: &str) -> Result<(), String> {
    match name {
        "ptx-vadd" => new_kernels(report, &VADD),
        "ptx-60-lines" => new_kernels(report, &REACTION),
        "ptx-redefined-callee" => redefined(report),
        _ => second(report),
    }
}
