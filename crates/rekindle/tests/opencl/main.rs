//! Kernels as SPIR-V on an OpenCL device compute what they compute on the CPU device.

mod cl;

use cl::{Device, Memory, Param};
use compiler::Artifact;
use compiler::device::{DeviceKernel, DeviceRecord};
use rekindle::{CompilerConfig, Engine, Options, Stage};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// An argument, for both devices.
enum Given {
    F32(Vec<f32>),
    F64(Vec<f64>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    /// Julia's expression of it, and its bytes.
    Value(&'static str, Vec<u8>),
}

impl Given {
    /// Elements as bytes, and their number. `None` for what is no array.
    fn elements(&self) -> Option<(Vec<u8>, usize)> {
        match self {
            Given::F32(v) => Some((v.iter().flat_map(|x| x.to_le_bytes()).collect(), v.len())),
            Given::F64(v) => Some((v.iter().flat_map(|x| x.to_le_bytes()).collect(), v.len())),
            Given::I32(v) => Some((v.iter().flat_map(|x| x.to_le_bytes()).collect(), v.len())),
            Given::I64(v) => Some((v.iter().flat_map(|x| x.to_le_bytes()).collect(), v.len())),
            Given::Value(..) => None,
        }
    }

    /// Bytes as numbers.
    fn numbers(&self, bytes: &[u8]) -> Vec<f64> {
        let four = |b: &[u8]| <[u8; 4]>::try_from(b).expect("four bytes");
        let eight = |b: &[u8]| <[u8; 8]>::try_from(b).expect("eight bytes");
        match self {
            Given::F32(_) => bytes.chunks_exact(4).map(|b| f64::from(f32::from_le_bytes(four(b)))).collect(),
            Given::F64(_) => bytes.chunks_exact(8).map(|b| f64::from_le_bytes(eight(b))).collect(),
            Given::I32(_) => bytes.chunks_exact(4).map(|b| f64::from(i32::from_le_bytes(four(b)))).collect(),
            Given::I64(_) => bytes.chunks_exact(8).map(|b| i64::from_le_bytes(eight(b)) as f64).collect(),
            Given::Value(..) => Vec::new(),
        }
    }

    fn julia(&self) -> String {
        match self {
            Given::F32(v) => format!("CuArray(Float32{v:?})"),
            Given::F64(v) => format!("CuArray(Float64{v:?})"),
            Given::I32(v) => format!("CuArray(Int32{v:?})"),
            Given::I64(v) => format!("CuArray(Int64{v:?})"),
            Given::Value(text, _) => (*text).to_owned(),
        }
    }
}

struct Story {
    source: &'static str,
    /// `f(T1, T2)`.
    entry: &'static str,
    given: Vec<Given>,
    groups: usize,
    items: usize,
    shared: usize,
}

fn engine() -> &'static Engine {
    Engine::start(Options { announce: false, serial: true, ..Options::default() }).expect("the engine starts")
}

/// Stories come one after the other: definitions are the process's.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The device, where its driver is installed.
fn device() -> Option<&'static Device> {
    static OPENED: OnceLock<Option<Device>> = OnceLock::new();
    let opened = OPENED.get_or_init(|| {
        let found = Device::open().map(|d| d.unwrap_or_else(|e| panic!("{e}")));
        if found.is_none() {
            eprintln!("SKIPPED: no OpenCL driver (tools/setup.sh --tests installs one, REKINDLE_OPENCL names one)");
        }
        found
    });
    opened.as_ref()
}

fn compile(entry: &str, version: &str) -> (Artifact, DeviceKernel) {
    let engine = engine();
    let session = engine.session();
    let target = rekindle::target_for("spirv", Some(version)).expect("a version");
    let made = interp::on_big_stack(|| {
        let job = session.with_interp(|i| {
            let types = engine.entry_types(i, entry).map_err(|e| session.error_text(i, e))?;
            engine.job(CompilerConfig::kernel(target), &types).map_err(|e| session.error_text(i, e))
        });
        engine.driver().compile(Stage::Image, &job.unwrap_or_else(|e: String| panic!("{e}")))
    });
    let made = made.unwrap_or_else(|e| panic!("{e}"));
    let detail = made.detail.clone().and_then(|d| d.downcast::<DeviceKernel>().ok()).expect("a kernel");
    let kernel = (*detail).clone();
    (made, kernel)
}

/// Launches, and gives the first argument's numbers and the record of an exception.
fn on_opencl(story: &Story, device: &Device, version: &str) -> (Vec<f64>, DeviceRecord, Artifact) {
    let (made, kernel) = compile(story.entry, version);
    assert!(!kernel.with_table, "none of these refers to objects of the host");
    let memories: Vec<Option<(Memory<'_>, usize)>> =
        story.given.iter().map(|g| g.elements().map(|(bytes, n)| (device.memory(&bytes), n))).collect();
    let record = device.memory(&[0; size_of::<DeviceRecord>()]);
    // Arrays are `{ pointer, length }`.
    let bytes: Vec<Vec<u8>> = memories
        .iter()
        .zip(&story.given)
        .map(|(memory, given)| match (memory, given) {
            (Some((m, n)), _) => [m.address(), *n as u64].iter().flat_map(|w| w.to_le_bytes()).collect(),
            (None, Given::Value(_, bytes)) => bytes.clone(),
            _ => unreachable!("arrays have memory"),
        })
        .collect();
    let mut params = Vec::new();
    if kernel.with_state {
        params.push(Param::Memory(&record));
    }
    for arg in &kernel.args {
        params.push(Param::Bytes(&bytes[arg.param - 1]));
    }
    if kernel.with_shared {
        params.push(Param::Shared(story.shared));
    }
    let (groups, items) = ([story.groups, 1, 1], [story.items, 1, 1]);
    device.run(&made.bytes, &kernel.entry, &params, groups, items).unwrap_or_else(|e| panic!("{}: {e}", story.entry));
    let (first, _) = memories[0].as_ref().expect("an array comes first");
    // SAFETY: plain data of this size, written by the device.
    let record = unsafe { record.bytes().as_ptr().cast::<DeviceRecord>().read_unaligned() };
    (story.given[0].numbers(first.bytes()), record, made)
}

/// The same on the CPU device.
fn on_cpu(story: &Story) -> Vec<f64> {
    let name = story.entry.split('(').next().expect("a name");
    let names: Vec<String> = (1..=story.given.len()).map(|i| format!("a{i}")).collect();
    let made: Vec<String> = names.iter().zip(&story.given).map(|(n, g)| format!("{n} = {}", g.julia())).collect();
    let text = format!(
        "let {}; @cuda threads = {} blocks = {} shmem = {} {name}({}); join(Float64.(Array(a1)), \" \") end",
        made.join(", "),
        story.items,
        story.groups,
        story.shared,
        names.join(", ")
    );
    let shown = engine().eval(&text).unwrap_or_else(|e| panic!("{e}"));
    shown.trim_matches('"').split(' ').map(|n| n.parse().expect("a number")).collect()
}

/// Both devices agree, to so many units of the last place of the values' size.
fn agree(story: &Story, ulps: f64) {
    let _one = alone();
    engine().load_str("story.jl", story.source).unwrap_or_else(|e| panic!("{e}"));
    let expected = on_cpu(story);
    let Some(device) = device() else { return };
    let (found, record, _) = on_opencl(story, device, "1.4");
    assert_eq!(record.status, 0, "{} throws", story.entry);
    assert_eq!(found.len(), expected.len());
    let unit = if matches!(story.given[0], Given::F64(_)) { f64::EPSILON } else { f64::from(f32::EPSILON) };
    for (i, (a, b)) in found.iter().zip(&expected).enumerate() {
        let close = a == b || (a - b).abs() <= ulps * unit * b.abs();
        assert!(close || a.is_nan() && b.is_nan(), "{}: element {i} is {a}, and {b} on the CPU device", story.entry);
    }
}

fn ramp(n: usize) -> Vec<f32> {
    (0..n).map(|i| i as f32 * 0.75 - 3.0).collect()
}

#[test]
fn vectors_are_added() {
    agree(
        &Story {
            source: "using CUDA
                function vadd!(c, a, b)
                    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
                    i <= length(c) && (@inbounds c[i] = a[i] + b[i])
                    return
                end",
            entry: "vadd!(CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1})",
            given: vec![Given::F32(vec![0.0; 1000]), Given::F32(ramp(1000)), Given::F32(ramp(1000))],
            groups: 16,
            items: 64,
            shared: 0,
        },
        0.0,
    );
}

const REVERSES: &str = "using CUDA
    function reverses!(y)
        t = CuStaticSharedArray(Int64, 64)
        i = threadIdx().x
        j = (blockIdx().x - 1) * 64
        t[i] = y[j + i]
        sync_threads()
        y[j + i] = t[65 - i] + blockDim().x * gridDim().x
        return
    end
    function reverses_dynamic!(y)
        t = CuDynamicSharedArray(Int64, 64)
        reverse_in!(t, y)
        return
    end
    @noinline function reverse_in!(t, y)
        i = threadIdx().x
        j = (blockIdx().x - 1) * 64
        t[i] = y[j + i]
        sync_threads()
        y[j + i] = t[65 - i]
        return nothing
    end";

#[test]
fn groups_share_memory_and_wait_for_each_other() {
    for entry in ["reverses!(CuDeviceVector{Int64,1})", "reverses_dynamic!(CuDeviceVector{Int64,1})"] {
        let given = vec![Given::I64((0..256).collect())];
        agree(&Story { source: REVERSES, entry, given, groups: 4, items: 64, shared: 512 }, 0.0);
    }
}

#[test]
fn structs_are_arguments() {
    let bytes = [3i64.to_le_bytes(), 2.5f64.to_le_bytes(), [1, 0, 0, 0, 0, 0, 0, 0]].concat();
    agree(
        &Story {
            source: "using CUDA
                struct Affine; n::Int64; k::Float64; on::Bool; end
                @noinline apply(f::Affine, x) = f.on ? f.k * x + f.n : x
                function affine!(y, f, x)
                    i = threadIdx().x
                    y[i] = apply(f, y[i]) + x
                    return
                end",
            entry: "affine!(CuDeviceVector{Float64,1}, Affine, Float64)",
            given: vec![
                Given::F64((0..40).map(f64::from).collect()),
                Given::Value("Affine(3, 2.5, true)", bytes),
                Given::Value("0.5", 0.5f64.to_le_bytes().to_vec()),
            ],
            groups: 1,
            items: 40,
            shared: 0,
        },
        0.0,
    );
}

#[test]
fn large_structs_and_tuples_indexed_at_run_time_are_arguments() {
    let tuple: Vec<f64> = (1..=20).map(f64::from).collect();
    agree(
        &Story {
            source: "using CUDA
                @noinline pick(t, i) = t[mod1(i, 20)]
                const weights = (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3)
                picks!(y, t) = (i = Int(threadIdx().x); y[i] = pick(t, 7i) * weights[mod1(i, 18)]; return)",
            entry: "picks!(CuDeviceVector{Float64,1}, NTuple{20,Float64})",
            given: vec![
                Given::F64(vec![0.0; 32]),
                Given::Value("Tuple(1.0:20.0)", tuple.iter().flat_map(|x| x.to_le_bytes()).collect()),
            ],
            groups: 1,
            items: 32,
            shared: 0,
        },
        0.0,
    );
}

#[test]
fn atomics_count_every_item() {
    let source = "using CUDA
        function counts!(n, x)
            i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
            CUDA.@atomic n[1] += one(eltype(n))
            CUDA.@atomic n[2] = max(n[2], x[i])
            CUDA.@atomic n[3] -= x[i]
            return
        end";
    let numbers: Vec<i32> = (0..512).map(|i| (i * 37) % 101).collect();
    let int = "counts!(CuDeviceVector{Int32,1}, CuDeviceVector{Int32,1})";
    let given = vec![Given::I32(vec![0; 3]), Given::I32(numbers.clone())];
    agree(&Story { source, entry: int, given, groups: 8, items: 64, shared: 0 }, 0.0);
    let long = "counts!(CuDeviceVector{Int64,1}, CuDeviceVector{Int64,1})";
    let wide: Vec<i64> = numbers.iter().map(|&n| i64::from(n)).collect();
    let given = vec![Given::I64(vec![0; 3]), Given::I64(wide)];
    agree(&Story { source, entry: long, given, groups: 8, items: 64, shared: 0 }, 0.0);
    let float = "counts!(CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1})";
    let given = vec![Given::F32(vec![0.0; 3]), Given::F32(numbers.iter().map(|&n| n as f32).collect())];
    agree(&Story { source, entry: float, given, groups: 8, items: 64, shared: 0 }, 0.0);
}

#[test]
fn mathematics_is_the_library_s_own() {
    let source = "using CUDA
        function maths!(y, x)
            i = threadIdx().x
            v = x[i]
            a = abs(v) + one(v)
            y[i] = sin(v) + cos(v) + exp(v / 8) + log(a) + sqrt(a) + v^3 + atan(v, a) + tanh(v) + cbrt(a) + rem(v, oftype(v, 0.7)) + floor(v) + hypot(v, a) + a^oftype(v, 1.7)
            return
        end
        function bits!(y, x)
            i = threadIdx().x
            v = x[i]
            y[i] = count_ones(v) + leading_zeros(v) * 3 + trailing_zeros(v) * 5 + bitrotate(v, 7) ⊻ bswap(v) + div(v, 7) + mod(v, -3) + gcd(v, 12) + Base.checked_add(v, v) + Base.checked_mul(v % Int64(1000), 3)
            return
        end";
    let x: Vec<f64> = (0..64).map(|i| f64::from(i) * 0.37 - 9.0).collect();
    let given = vec![Given::F64(vec![0.0; 64]), Given::F64(x.clone())];
    let entry = "maths!(CuDeviceVector{Float64,1}, CuDeviceVector{Float64,1})";
    agree(&Story { source, entry, given, groups: 1, items: 64, shared: 0 }, 16.0);
    let given = vec![Given::F32(vec![0.0; 64]), Given::F32(x.iter().map(|&v| v as f32).collect())];
    let entry = "maths!(CuDeviceVector{Float32,1}, CuDeviceVector{Float32,1})";
    agree(&Story { source, entry, given, groups: 1, items: 64, shared: 0 }, 16.0);
    let given = vec![Given::I64(vec![0; 64]), Given::I64((0..64).map(|i| i * i * 977 - 20000).collect())];
    let entry = "bits!(CuDeviceVector{Int64,1}, CuDeviceVector{Int64,1})";
    agree(&Story { source, entry, given, groups: 1, items: 64, shared: 0 }, 0.0);
}

#[test]
fn warps_exchange_values() {
    agree(
        &Story {
            source: "using CUDA
                function warps!(y)
                    i = threadIdx().x
                    v = y[i]
                    for d in (16, 8, 4, 2, 1)
                        v += shfl_down_sync(0xffffffff, v, d)
                    end
                    s = shfl_sync(0xffffffff, v, 1)
                    b = vote_ballot_sync(0xffffffff, y[i] > 10)
                    y[i] = s + shfl_xor_sync(0xffffffff, y[i], 3) + shfl_up_sync(0xffffffff, y[i], 2, 8) + count_ones(b) + laneid()
                    return
                end",
            entry: "warps!(CuDeviceVector{Int64,1})",
            given: vec![Given::I64((0..64).map(|i| i * 5 % 23).collect())],
            groups: 1,
            items: 64,
            shared: 0,
        },
        0.0,
    );
}

#[test]
fn a_throw_is_reported_and_ends_its_item_alone() {
    let _one = alone();
    let story = Story {
        source: "using CUDA
            @noinline lower(x) = x < 5 ? x : throw(DomainError(x, \"too large\"))
            function lowers!(y)
                i = threadIdx().x
                y[i] = -lower(y[i])
                return
            end",
        entry: "lowers!(CuDeviceVector{Int64,1})",
        given: vec![Given::I64((0..8).collect())],
        groups: 1,
        items: 8,
        shared: 0,
    };
    engine().load_str("story.jl", story.source).unwrap_or_else(|e| panic!("{e}"));
    let Some(device) = device() else { return };
    let (found, record, made) = on_opencl(&story, device, "1.2");
    assert_eq!(found, [-0.0, -1.0, -2.0, -3.0, -4.0, 5.0, 6.0, 7.0]);
    assert_eq!(record.status, 2);
    assert_eq!(made.sites[record.site as usize].kind, "DomainError");
    assert!((5..8).contains(&record.args[0]) && i64::from(record.item[0]) == record.args[0], "{record:?}");
}
