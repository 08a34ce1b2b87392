//! Devices of one kind share the image, and each has its own module.

use crate::Story;
use backend_native::cpu::CpuResults;
use base::Diagnostic;
use codegen::ThrowSite;
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage, cached_results};
use rekindle::{CompilerConfig, DeviceArray, Grid, args};
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use world::OwnerValue;
use world::results::{Decoder, Encoder, PerDevice, Portable, PortableResults, results};

const SOURCE: &str = "
using CUDA
function square!(y)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    i <= length(y) && (y[i] *= y[i])
    return
end";

#[test]
fn two_cpu_devices_share_the_image_and_each_loads_it_once() {
    let story = Story::begin(&SOURCE.replace("square!", "square14!"));
    let kernel = story.kernel("square14!");
    let grid = Grid::linear(100, 10);
    for _ in 0..3 {
        for device in story.engine.devices() {
            let y = DeviceArray::from_slice(device, &[3.0f64; 100]);
            kernel.launch_on(device, grid, args![&y]).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(y.to_vec(), [9.0; 100], "{:?}", device.id());
        }
    }
    let done: Vec<String> = story.did().into_iter().filter(|e| e.contains("square14!")).collect();
    let of = |what: &str| done.iter().filter(|e| e.starts_with(what)).cloned().collect::<Vec<_>>();
    assert_eq!(of("inferred").len(), 1, "{done:#?}");
    assert_eq!(of("compiled"), ["compiled square14!(Vector)"]);
    let loaded = ["cpu:0", "cpu:1", "cpu:2"].map(|d| format!("loaded square14!(Vector) on {d}"));
    assert_eq!(of("loaded"), loaded);

    let threads: Vec<usize> = story.engine.devices().iter().map(|d| d.threads()).collect();
    assert_eq!(threads, [1, 2, 3], "each has threads of its own");

    let [here, there, ..] = story.engine.devices() else { panic!("two devices") };
    let y = DeviceArray::<f64>::zeros(there, &[4]).expect("fits");
    let error = kernel.launch_on(here, grid, args![&y]).expect_err("the array is elsewhere");
    assert!(error.message.contains("cpu:1") && error.message.contains("cpu:0"), "{error}");
}

#[test]
fn what_is_written_of_a_kernel_loads_again_and_what_is_loaded_is_not_written() {
    let story = Story::begin(&SOURCE.replace("square!", "square15!"));
    let kernel = story.kernel("square15!");
    let mut y = [2.0f64; 8];
    kernel.launch(Grid::linear(8, 8), args![&mut y]).unwrap_or_else(|e| panic!("{e}"));

    let found: &'static CpuResults = results_of(&story, "square15!");
    assert!(found.modules.get(&story.engine.default_device().id()).is_some());
    let mut encoder = Encoder::default();
    found.encode(&mut encoder);
    let bytes = encoder.into_bytes();

    let again = CpuResults::default();
    let mut decoder = Decoder::new(&bytes);
    assert!(again.decode(&mut decoder) && decoder.is_empty());
    assert!(again.modules.iter().next().is_none(), "nothing loaded came along");
    let (written, read) = (found.image.get().expect("an image"), again.image.get().expect("the image"));
    assert_eq!(written.artifact().object, read.artifact().object);
    // Recipes of exceptions hold objects and types of this session: a kernel from an image reports kind, message and numbers.
    let portable = |site: &ThrowSite| ThrowSite { recipe: None, ..site.clone() };
    assert!(written.artifact().sites.iter().any(|s| s.recipe.is_some()));
    assert_eq!(written.artifact().sites.iter().map(portable).collect::<Vec<_>>(), read.artifact().sites);
    let mut twice = Encoder::default();
    again.encode(&mut twice);
    assert_eq!(twice.into_bytes(), bytes);

    // It runs as the original does: the argument is the array's address and length.
    let device = story.engine.default_device();
    let module = again.module(device, || ()).expect("an image").as_ref().expect("loads");
    let mut z = [3.0f64; 8];
    let array = [z.as_mut_ptr().expose_provenance(), z.len()];
    let places = [std::ptr::null(), array.as_ptr().cast()];
    // SAFETY: the function has no bytes, and the array is as `DeviceVector{Float64, 1}`.
    unsafe { module.launch_on(&places, [1, 1, 1], [8, 1, 1], device.launch_options(0)) }.expect("runs");
    assert_eq!(z, [9.0; 8]);

    // Damaged bytes are refused.
    for cut in 0..bytes.len() {
        assert!(!CpuResults::default().decode(&mut Decoder::new(&bytes[..cut])), "cut at {cut}");
    }
}

fn results_of(story: &Story, name: &str) -> &'static CpuResults {
    let config = CompilerConfig::kernel(rekindle::target_for("cpu", None).expect("the CPU")).intern();
    let methods = story.engine.session().world.methods(story.engine.session().world.global());
    let method = methods.iter().rev().find(|m| m.get().name().as_str() == name).expect("is defined");
    let instances = method.get().instances();
    let ci = instances.iter().find_map(|mi| mi.get().code(config.owner(), story.engine.session().world.age()));
    results::<CpuResults>(ci.expect("is compiled"), &config)
}

// ---- a back-end for a machine that does not exist ------------------------------------------------------------------

/// Compiles for the CPU as far as units go; its image is their bytes.
#[derive(Debug)]
struct PaperTarget(Arc<dyn CompilerTarget>);

impl CompilerTarget for PaperTarget {
    fn name(&self) -> &'static str {
        "paper"
    }
    fn code_key(&self) -> OwnerValue {
        OwnerValue::record("paper", [])
    }
    fn lowering(&self) -> &dyn codegen::TargetLowering {
        self.0.lowering()
    }
    fn machine_code(
        &self,
        _: &CompilerJob,
        tree: &KernelUnits<'_>,
        _: Assembly<'_>,
        _: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        let bytes = tree.units.iter().flat_map(|unit| unit.bitcode.iter().copied()).collect();
        Ok(Artifact { bytes, ..Artifact::default() })
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What its devices make of an image: a handle.
#[derive(Debug, PartialEq)]
struct Pipeline {
    device: u32,
    number: u32,
}

#[derive(Default)]
struct PaperResults {
    image: Portable<Vec<u8>>,
    pipelines: PerDevice<u32, Pipeline>,
}

impl PortableResults for PaperResults {
    fn encode(&self, to: &mut Encoder) {
        to.field(&self.image);
    }
    fn decode(&self, from: &mut Decoder<'_>) -> bool {
        from.field(&self.image)
    }
}

#[test]
fn a_back_end_of_ones_own_compiles_once_for_all_its_devices() {
    let story = Story::begin(&SOURCE.replace("square!", "square16!"));
    let cpu = rekindle::target_for("cpu", None).expect("the CPU");
    let config = CompilerConfig::kernel(Arc::new(PaperTarget(cpu)));
    let engine = story.engine;
    let types = interp::on_big_stack(|| {
        engine
            .session()
            .with_interp(|i| engine.entry_types(i, "square16!(CuDeviceVector{Float64, 1})").expect("an entry"))
    });
    let job = engine.job(config, &types).expect("a method");

    let (compiled, made) = (AtomicU32::new(0), AtomicU32::new(0));
    let launch = |device: u32| -> &'static Pipeline {
        let found = match cached_results::<PaperResults>(&job).filter(|r| r.image.get().is_some()) {
            Some(found) => found,
            None => interp::on_big_stack(|| {
                compiled.fetch_add(1, Ordering::Relaxed);
                let made = engine.driver().compile(Stage::Object, &job).expect("compiles");
                let found = results::<PaperResults>(job.code().expect("is inferred"), &job.config);
                found.image.set(made.bytes).expect("the first");
                found
            }),
        };
        found.pipelines.get_or_init(&device, || Pipeline { device, number: made.fetch_add(1, Ordering::Relaxed) })
    };
    for _ in 0..10 {
        assert_eq!(*launch(7), Pipeline { device: 7, number: 0 });
        assert_eq!(*launch(9), Pipeline { device: 9, number: 1 });
    }
    assert_eq!((compiled.into_inner(), made.into_inner()), (1, 2));
    let found = cached_results::<PaperResults>(&job).expect("is there");
    assert!(!found.image.get().expect("an image").is_empty());
}
