//! AIR is IR that the host's processor can run, too, where somebody gives it AIR's functions: what kernels for Apple's GPUs compute
//! there is what they say, item by item.

use crate::compiled::compiled;
use crate::stories::{alone, engine};
use compiler::device::DeviceRecord;
use llvm::{CodeModel, Context, FileType, Jit, Module, OptLevel, RelocMode, TargetMachine, TargetOptions};
use rekindle::Stage;

const SOURCE: &str = "
using CUDA
const air_powers = (1f0, 2f0, 4f0, 8f0, 16f0, 32f0, 64f0, 128f0)
function air_floats!(p, x)
    for (i, v) in enumerate((sin(x), exp(x), log(x), tanh(x), sqrt(x), round(x), abs(-x)))
        CUDA.unsafe_store!(p, v, i)
    end
    CUDA.unsafe_store!(p, air_powers[unsafe_trunc(Int, x)], 8)
    return
end
function air_integers!(p, x, y, z)
    CUDA.unsafe_store!(p, min(x, y, z), 1)
    CUDA.unsafe_store!(p, max(x, y, z), 2)
    CUDA.unsafe_store!(p, bitrotate(x, 7), 3)
    CUDA.unsafe_store!(p, fld(x, y), 4)
    CUDA.atomic_add!(p, x)
    return
end
@noinline air_asks(x) = threadIdx().x + 100blockIdx().y + 1000blockDim().x + 10000gridDim().z + x
air_places!(p, x) = (CUDA.unsafe_store!(p, air_asks(x), 1); return)
air_bounds!(a, i) = (a[i] = 1f0; return)
";

/// AIR's functions, as far as the kernels here call them.
const FUNCTIONS: &str = r#"
declare float @llvm.sqrt.f32(float)
declare float @llvm.fabs.f32(float)
declare float @llvm.rint.f32(float)
declare float @llvm.fma.f32(float, float, float)
define float @air.sqrt.f32(float %x) { %r = call float @llvm.sqrt.f32(float %x) ret float %r }
define float @air.fabs.f32(float %x) { %r = call float @llvm.fabs.f32(float %x) ret float %r }
define float @air.rint.f32(float %x) { %r = call float @llvm.rint.f32(float %x) ret float %r }
define float @air.fma.f32(float %x, float %y, float %z) { %r = call float @llvm.fma.f32(float %x, float %y, float %z) ret float %r }
declare i32 @llvm.smin.i32(i32, i32)
declare i32 @llvm.smax.i32(i32, i32)
declare i64 @llvm.ctlz.i64(i64, i1)
define i32 @air.min3.s.i32(i32 %x, i32 %y, i32 %z) { %a = call i32 @llvm.smin.i32(i32 %x, i32 %y) %r = call i32 @llvm.smin.i32(i32 %a, i32 %z) ret i32 %r }
define i32 @air.max3.s.i32(i32 %x, i32 %y, i32 %z) { %a = call i32 @llvm.smax.i32(i32 %x, i32 %y) %r = call i32 @llvm.smax.i32(i32 %a, i32 %z) ret i32 %r }
define i64 @air.clz.i64(i64 %x, i1 %z) { %r = call i64 @llvm.ctlz.i64(i64 %x, i1 false) ret i64 %r }
define i32 @air.atomic.global.add.u.i32(ptr addrspace(1) %p, i32 %x, i32 %o, i32 %s, i1 %v) { %r = atomicrmw add ptr addrspace(1) %p, i32 %x monotonic ret i32 %r }
define void @air.atomic.global.store.i32(ptr addrspace(1) %p, i32 %x, i32 %o, i32 %s, i1 %v) { store i32 %x, ptr addrspace(1) %p ret void }
define i32 @air.atomic.global.cmpxchg.weak.i32(ptr addrspace(1) %p, ptr %e, i32 %n, i32 %o, i32 %f, i32 %s, i1 %v) {
  %x = load i32, ptr %e
  %pair = cmpxchg ptr addrspace(1) %p, i32 %x, i32 %n monotonic monotonic
  %r = extractvalue { i32, i1 } %pair, 0
  ret i32 %r
}
"#;

/// Names of the entry's parameters that are no buffers, as its metadata has them.
fn inputs(air: &str) -> Vec<&str> {
    let described = |l: &&str| l.contains("!\"air.arg_type_name\", !\"uint3\"}");
    air.lines().filter(described).filter_map(|l| l.split('"').nth(1)).collect()
}

/// Runs a kernel for one item, with these buffers, and the items' places by name.
fn run(entry: &str, buffers: &[*mut u8], places: &[(&str, [u32; 4])]) {
    let made = compiled("metal", entry, Stage::Assembly);
    let air = made.text();
    let context = Context::new();
    let mut module = Module::parse_ir(&context, &air).expect("AIR is IR");
    let (mut params, mut code) = (Vec::new(), String::new());
    for i in 0..buffers.len() {
        code += &format!("%a{i} = getelementptr ptr, ptr %b, i64 {i}\n%p{i} = load ptr, ptr %a{i}\n");
        code += &format!("%g{i} = addrspacecast ptr %p{i} to ptr addrspace(1)\n");
        params.push(format!("ptr addrspace(1) %g{i}"));
    }
    let mut values = Vec::new();
    for (i, name) in inputs(&air).into_iter().enumerate() {
        values.push(places.iter().find(|(n, _)| format!("air.{n}") == name).expect("a place").1);
        code +=
            &format!("%q{i} = getelementptr [4 x i32], ptr %v, i64 {i}\n%v{i} = load <3 x i32>, ptr %q{i}, align 4\n");
        params.push(format!("<3 x i32> %v{i}"));
    }
    let types: Vec<&str> = params.iter().map(|p| p.rsplit_once(' ').expect("a type").0).collect();
    let (name, types, params) = (&made.entry, types.join(", "), params.join(", "));
    let caller = format!(
        "{FUNCTIONS}\ndeclare void @{name}({types})\ndefine void @run(ptr %b, ptr %v) {{\n{code}call void @{name}({params})\nret void\n}}\n"
    );
    let machine = TargetMachine::new(&TargetOptions {
        triple: llvm::host_triple(),
        cpu: llvm::host_cpu(),
        features: llvm::host_features(),
        opt: OptLevel::Default,
        reloc: RelocMode::Pic,
        model: CodeModel::Default,
    })
    .expect("the host");
    let other = Module::parse_ir(&context, &caller).unwrap_or_else(|e| panic!("{e}\n{caller}"));
    for m in [&module, &other] {
        m.set_triple(&machine.triple());
        m.set_data_layout(&machine.data_layout());
    }
    module.link(other).expect("links");
    module.verify().expect("well formed");
    let object = machine.emit(module, FileType::Object).expect("code");
    let jit = Jit::new().expect("a session");
    // SAFETY: code of a kernel that touches its buffers alone, which callers make large enough.
    unsafe {
        jit.add_object(&object).expect("links");
        let f = jit.lookup("run").expect("all of AIR's functions are there");
        let f: extern "C" fn(*const *mut u8, *const [u32; 4]) = std::mem::transmute(f);
        f(buffers.as_ptr(), values.as_ptr());
    }
}

fn at<T>(value: &mut T) -> *mut u8 {
    std::ptr::from_mut(value).cast()
}

const PLACES: [(&str, [u32; 4]); 4] = [
    ("thread_position_in_threadgroup", [1, 2, 3, 0]),
    ("threadgroup_position_in_grid", [4, 5, 6, 0]),
    ("threadgroups_per_grid", [7, 8, 9, 0]),
    ("threads_per_threadgroup", [10, 11, 12, 0]),
];

#[test]
fn kernels_for_apples_gpus_compute_what_they_say() {
    let _one = alone();
    engine().load_str("air_runs.jl", SOURCE).unwrap_or_else(|e| panic!("{e}"));
    let (mut record, mut x, mut floats) = (DeviceRecord::default(), 3.25f32, [0f32; 8]);
    run("air_floats!(Core.LLVMPtr{Float32,1}, Float32)", &[at(&mut record), at(&mut floats), at(&mut x)], &PLACES);
    let expected = [x.sin(), x.exp(), x.ln(), x.tanh(), x.sqrt(), 3.0, x, 4.0];
    for (found, wanted) in floats.iter().zip(expected) {
        assert!((found - wanted).abs() <= wanted.abs() * 2e-7, "{found} and {wanted}");
    }
    assert_eq!(record, DeviceRecord::default());

    let (mut x, mut y, mut z, mut integers) = (-7, 3, 12, [0i32; 4]);
    let buffers = [at(&mut record), at(&mut integers), at(&mut x), at(&mut y), at(&mut z)];
    run("air_integers!(Core.LLVMPtr{Int32,1}, Int32, Int32, Int32)", &buffers, &PLACES);
    assert_eq!(integers, [-14, 12, -769, -3]);

    let (mut x, mut sum) = (5i64, 0i64);
    run("air_places!(Core.LLVMPtr{Int64,1}, Int64)", &[at(&mut sum), at(&mut x)], &PLACES);
    assert_eq!(sum, 2 + 600 + 10_000 + 90_000 + 5);
}

#[test]
fn a_throw_is_reported_and_ends_the_item() {
    let _one = alone();
    engine().load_str("air_runs.jl", SOURCE).unwrap_or_else(|e| panic!("{e}"));
    let mut data = [0f32; 4];
    let mut array = (at(&mut data), 4i64);
    let mut run_at = |mut i: i64| {
        let mut record = DeviceRecord::default();
        let buffers = [at(&mut record), at(&mut array), at(&mut i)];
        run("air_bounds!(CuDeviceVector{Float32,1}, Int64)", &buffers, &PLACES);
        record
    };
    assert_eq!(run_at(3), DeviceRecord::default());
    let record = run_at(9);
    assert_eq!((record.status, record.site), (2, 0));
    assert_eq!((record.group, record.item), ([4, 5, 6], [1, 2, 3]));
    assert_eq!(data, [0.0, 0.0, 1.0, 0.0]);
}
