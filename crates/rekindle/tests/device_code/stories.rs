//! Stories of relocations, function pointers and reports, on the CPU device.

use backend_native::CpuDeviceTarget;
use backend_native::cpu::{CpuArtifact, CpuKernel, LaunchOptions};
use codegen::{RelocationKind, RelocationStyle};
use compiler::{Artifact, CompilerConfig, Fixup, PortableArtifact};
use rekindle::{Engine, ErrorKind, Grid, Stage, args};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::EventKind;
use world::results::PortableValue;

pub fn engine() -> &'static Engine {
    Engine::start(crate::options()).expect("the engine starts")
}

/// Stories come one after the other: definitions are the process's.
pub fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The artifact of an entry for a CPU device that gets at objects in this way.
fn cpu_artifact(entry: &str, style: RelocationStyle) -> Artifact {
    let engine = engine();
    let target = CpuDeviceTarget::new(Default::default()).expect("this machine").with_relocations(style);
    let config = CompilerConfig::kernel(Arc::new(target));
    let session = engine.session();
    let types = session.with_interp(|i| engine.entry_types(i, entry).map_err(|e| session.error_text(i, e)));
    let job = session
        .with_interp(|i| engine.job(config, &types.expect("types")).map_err(|e| session.error_text(i, e)))
        .expect("a job");
    engine.driver().compile(Stage::Object, &job).unwrap_or_else(|e| panic!("{e}"))
}

fn run(artifact: &Artifact, words: &[usize]) {
    let detail = artifact.detail.clone().and_then(|d| d.downcast::<CpuArtifact>().ok()).expect("a kernel");
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    // SAFETY: compiled for this machine; the words are the kernel's arguments.
    unsafe {
        let kernel = CpuKernel::load(detail).expect("loads");
        kernel.launch(&bytes, [1; 3], [4, 1, 1], LaunchOptions { serial: true, ..Default::default() }).expect("runs");
    }
}

const NAMES: &str = "
using CUDA
@noinline name_of(n) = n == 1 ? :first : n == 2 ? :second : :other
function names!(p)
    i = Int(threadIdx().x)
    name = name_of(i)
    CUDA.unsafe_store!(p, name === :first ? 10 : name === :second ? 20 : 30, i)
    return
end
";

#[test]
fn kernels_get_at_host_objects_by_patch_and_by_table() {
    let _one = alone();
    engine().load_str("names.jl", NAMES).unwrap_or_else(|e| panic!("{e}"));
    for style in [RelocationStyle::Patch, RelocationStyle::Table, RelocationStyle::Link] {
        let made = cpu_artifact("names!(Core.LLVMPtr{Int64,1})", style);
        let mut names: Vec<Fixup> = made.relocations.iter().filter_map(|r| Fixup::of(r.target)).collect();
        names.sort_by_key(|f| format!("{f:?}"));
        names.dedup();
        let symbols = ["first", "other", "second"].map(|s| Fixup::Symbol(s.into()));
        assert_eq!(names, symbols, "by {style:?}");
        for (i, r) in made.relocations.iter().enumerate() {
            match (style, r.kind) {
                (RelocationStyle::Link, RelocationKind::Link) | (RelocationStyle::Patch, RelocationKind::Patch) => {}
                (RelocationStyle::Table, RelocationKind::Table { slot }) => assert_eq!(slot as usize, i),
                other => panic!("{other:?}"),
            }
        }
        let mut out = [0i64; 4];
        run(&made, &[out.as_mut_ptr() as usize]);
        assert_eq!(out, [10, 20, 30, 30], "by {style:?}");
    }
}

#[test]
fn what_holds_an_address_of_this_session_never_becomes_portable() {
    let _one = alone();
    engine().load_str("names.jl", NAMES).unwrap_or_else(|e| panic!("{e}"));
    let source = "
        const cell = Ref(1)
        @noinline same(a, b) = a === b
        holds!(p) = (CUDA.unsafe_store!(p, same(cell, Base.compilerbarrier(:const, cell)) ? 1 : 2, 1); return)
        const address = Ptr{Int64}(4096)
        baked!(p) = (CUDA.unsafe_store!(p, Int64(UInt(Base.compilerbarrier(:const, address))), 1); return)
    ";
    engine().load_str("bakes.jl", source).unwrap_or_else(|e| panic!("{e}"));
    let portable =
        cpu_artifact("names!(Core.LLVMPtr{Int64,1})", RelocationStyle::Patch).portable().expect("only names");
    let mut bytes = Vec::new();
    portable.encode(&mut bytes);
    let back = PortableArtifact::decode(&mut &bytes[..]).expect("what was written");
    assert_eq!(back, portable);
    assert!(PortableArtifact::decode(&mut &bytes[..bytes.len() - 1]).is_none());
    for r in &back.relocations {
        let target = r.fixup.resolve(&|_| None).expect("a symbol");
        assert_eq!(Fixup::of(target), Some(r.fixup.clone()));
    }
    for entry in ["holds!(Core.LLVMPtr{Int64,1})", "baked!(Core.LLVMPtr{Int64,1})"] {
        let made = cpu_artifact(entry, RelocationStyle::Patch);
        let refused = made.portable().expect_err("an address is in it");
        assert!(refused.to_string().contains("of use in this session only"), "{refused}");
        let mut out = [0i64; 4];
        run(&made, &[out.as_mut_ptr() as usize]);
        assert!(out[0] == 1 || out[0] == 4096, "{entry}: {out:?}");
    }
}

#[test]
fn a_kernel_calls_functions_through_pointers_and_is_ended_with_them() {
    let _one = alone();
    let engine = engine();
    let source = "
        using CUDA
        @noinline twice(x) = 2x
        @noinline next(x) = x + 1
        unrelated(x) = x
        function chooses!(y)
            f = Base.Device.deferred(twice, Tuple{Float64})
            g = Base.Device.deferred(next, Tuple{Float64})
            h = y[1] > 5 ? f : Base.Device.DeviceFunction{Float64,Tuple{Float64},typeof(twice)}(g.address, twice)
            y[1] = h(y[1])
            return
        end
        struct Scale; k::Float64; end
        (s::Scale)(x) = s.k * x
        function scales!(y)
            f = Base.Device.deferred(Scale(y[2]), Tuple{Float64})
            y[1] = f(3)
            return
        end
        function another!(y)
            y[2] += y[1]
            return
        end
        function asks!(y)
            k = Base.Device.deferred(another!, Tuple{typeof(y)})
            k(y)
            k(y)
            y[1] = y[2]
            return
        end
    ";
    engine.load_str("pointers.jl", source).unwrap_or_else(|e| panic!("{e}"));
    let run = |name: &str, y: [f64; 2]| {
        let mut y = y;
        let kernel = engine.kernel(name).expect("is defined");
        kernel.launch(Grid::linear(1, 1), args![&mut y]).unwrap_or_else(|e| panic!("{e}"));
        y[0]
    };
    assert_eq!((run("chooses!", [10.0, 0.0]), run("chooses!", [1.0, 0.0])), (20.0, 2.0));
    assert_eq!(run("scales!", [0.0, 7.0]), 21.0);
    assert_eq!(run("asks!", [2.0, 3.0]), 7.0, "another kernel is a function as well");
    let world = engine.session().world;
    let ended = |source: &str| {
        let recorder = world.record();
        engine.load_str("change.jl", source).unwrap_or_else(|e| panic!("{e}"));
        let name = |e: &EventKind| match e {
            EventKind::CiEnded { ci, .. } => Some(ci.get().mi().get().method().get().name().to_string()),
            _ => None,
        };
        let mut names: Vec<String> = recorder.take().iter().filter_map(name).collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(ended("unrelated(x) = 2x"), [] as [&str; 0]);
    assert_eq!(ended("@noinline next(x) = x + 100"), ["chooses!", "deferred", "next"]);
    assert_eq!(ended("another!(y) = (y[2] = 50.0; return)"), ["another!", "asks!", "deferred"]);
    assert_eq!(run("asks!", [2.0, 3.0]), 50.0);
    assert_eq!((run("chooses!", [10.0, 0.0]), run("chooses!", [1.0, 0.0])), (20.0, 101.0));
}

#[test]
fn reports_at_level_2_name_every_function_on_the_way() {
    let _one = alone();
    let engine = engine();
    let source = "
        using CUDA
        @inline inner(y, i) = y[i] = 1.0
        @noinline function middle(y, i)
            inner(y, i)
            return nothing
        end
        function outer!(y)
            middle(y, 1)
            middle(y, 7)
            return
        end
    ";
    engine.load_str("stack.jl", source).unwrap_or_else(|e| panic!("{e}"));
    let mut y = [0.0f64; 2];
    let error =
        engine.kernel("outer!").expect("is defined").launch(Grid::linear(1, 1), args![&mut y]).expect_err("throws");
    assert_eq!(error.kind, ErrorKind::Kernel);
    let exception = error.exception.as_ref().expect("what the kernel threw");
    assert_eq!(exception.site.kind, "BoundsError");
    let stack: Vec<(String, usize)> = exception
        .stack
        .iter()
        .filter(|f| !f.span.in_library())
        .map(|f| (f.function.to_string(), f.span.line() as usize))
        .collect();
    // the second call of `middle` in `outer!`
    assert_eq!(stack, [("inner".into(), 3), ("middle".into(), 5), ("outer!".into(), 10)]);
    assert_eq!(y, [1.0, 0.0]);
}

#[test]
fn kernels_take_symbols_and_structs_without_fields() {
    let _one = alone();
    let source = "
        using CUDA
        struct Doubling end
        applied(::Doubling, x) = 2x
        applied(name::Symbol, x) = name === :triple ? 3x : x
        function applies!(y, how)
            y[1] = applied(how, y[1])
            return
        end
        y = CuArray([1.0])
        @cuda applies!(y, Doubling())
        @cuda applies!(y, :triple)
        @cuda applies!(y, :nothing)
        @assert Array(y) == [6.0]
    ";
    engine().load_str("symbols.jl", source).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn objects_in_kernels_keep_their_types() {
    let _one = alone();
    let source = "
        using CUDA
        function boxes!(y)
            i = Int(threadIdx().x)
            r = Ref{Any}(i)
            i > 2 && (r[] = 2.5)
            i > 3 && (r[] = i > 4)
            i > 5 && (r[] = 7)
            v = r[]
            y[i] = v isa Int ? v : v isa Float64 ? -2 : v isa Bool ? -3 : -4
            return
        end
        y = CuArray(zeros(Int, 6))
        @cuda threads=6 boxes!(y)
        @assert Array(y) == [1, 2, -2, -3, -3, 7]
    ";
    engine().load_str("boxes.jl", source).unwrap_or_else(|e| panic!("{e}"));
}
