//! Random programs: after every change, what is cached answers as what was never cached does.
//!
//! Two comparisons per step. A kernel launched by the library against the interpreter, which knows no code instances.
//! And a kernel under an overlay table, compiled for an owner that has been there all along, against the same for an
//! owner made for this step: a fresh process as far as the cache goes. Values and findings must agree.

use crate::Story;
use backend_native::cpu::{CpuArtifact, CpuResults};
use compiler::{Artifact, Assembly, CompilerJob, CompilerTarget, KernelUnits, Stage, cached_results};
use rekindle::{CompilerConfig, Diagnostic, Engine, Grid};
use runtime::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use types::{Ty, builtin};
use world::results::results;
use world::{MethodDef, MethodRef, MethodTable, OwnerValue, TableStack};

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        // xorshift64*: good enough to pick, and the same everywhere.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n as u64) as usize
    }
    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const FUNCTIONS: usize = 6;
const DECLARED: [&str; 7] = ["Any", "Number", "Real", "Integer", "AbstractFloat", "Int64", "Float64"];
const GIVEN: [&str; 3] = ["Int64", "Float64", "Float32"];

/// The CPU under an overlay table, for an owner of its own.
#[derive(Debug)]
struct Overlaid {
    cpu: Arc<dyn CompilerTarget>,
    table: MethodTable,
    owner: String,
}

impl CompilerTarget for Overlaid {
    fn name(&self) -> &'static str {
        "overlaid"
    }
    fn inference_key(&self) -> OwnerValue {
        OwnerValue::record("overlaid", [("owner", OwnerValue::Text(self.owner.as_str().into()))])
    }
    fn code_key(&self) -> OwnerValue {
        self.cpu.code_key()
    }
    fn lowering(&self) -> &dyn codegen::TargetLowering {
        self.cpu.lowering()
    }
    fn method_tables(&self, inherited: TableStack) -> TableStack {
        inherited.with(self.table)
    }
    fn overlays(&self) -> &[&'static str] {
        self.cpu.overlays()
    }
    fn after_linking(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        self.cpu.after_linking(job, tree, code)
    }
    fn optimize(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: &mut Assembly<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        self.cpu.optimize(job, tree, code)
    }
    fn machine_code(
        &self,
        job: &CompilerJob,
        tree: &KernelUnits<'_>,
        code: Assembly<'_>,
        stage: Stage,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        self.cpu.machine_code(job, tree, code, stage)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A body over `x` and `y`: it calls functions of higher numbers only, so that it ends.
fn body(random: &mut Random, function: usize, depth: usize) -> String {
    let inner = |random: &mut Random| body(random, function, depth + 1);
    match random.below(if depth > 2 { 5 } else { 10 }) {
        0 => "x".into(),
        1 => "y".into(),
        2 => format!("C{}", random.below(3)),
        3 => format!("G{}", random.below(2)),
        4 => format!("{}", random.below(7)),
        5 => format!("({} + {})", inner(random), inner(random)),
        6 => format!("({} - {})", inner(random), inner(random)),
        7 => format!("max({}, {})", inner(random), inner(random)),
        _ if function + 1 < FUNCTIONS => {
            let callee = function + 1 + random.below(FUNCTIONS - function - 1);
            format!("r{callee}({}, {})", inner(random), inner(random))
        }
        _ => format!("({} * {})", inner(random), inner(random)),
    }
}

/// `name(x::T, y::S) = body`.
fn method(random: &mut Random, name: &str, function: usize) -> String {
    // Two declared arguments are often ambiguous with two others.
    let one = *random.pick(&DECLARED);
    let (x, y) = *random.pick(&[(one, "Any"), (one, "Any"), ("Any", one), (one, one)]);
    format!("{name}(x::{x}, y::{y}) = {}", body(random, function, 0))
}

fn value(random: &mut Random, ty: &str) -> String {
    let n = random.below(20) as i64 - 10;
    if ty == "Int64" { format!("{n}") } else { format!("{n}.5") }
}

/// The method of a name that was defined last.
fn newest(engine: &Engine, name: &str) -> MethodRef {
    let world = engine.session().world;
    let named = |m: &&MethodRef| m.get().name().as_str() == name;
    *world.methods(world.global()).iter().rev().find(named).expect("was just defined")
}

/// The code of `made` as a method of function `r<function>` under an overlay.
fn overlay(engine: &Engine, table: MethodTable, made: MethodRef, function: usize) -> MethodRef {
    let session = engine.session();
    let made = made.get();
    let callee = session.main.get_str(&format!("r{function}")).expect("is defined").type_of();
    let elements = types::tuple_elements(made.sig()).expect("a plain signature");
    let all: Vec<Ty> = std::iter::once(callee).chain(elements[1..].iter().copied()).collect();
    session.world.add_method(
        table,
        MethodDef {
            name: made.name(),
            module: made.module().to_string(),
            sig: types::type_of_tuple(&all),
            source: made.source().clone(),
            fingerprint: None,
        },
    )
}

/// Runs `k<function>!` on two numbers under a configuration: what it writes, or the findings.
fn run(engine: &'static Engine, config: CompilerConfig, function: usize, given: [Value; 2]) -> Result<f64, String> {
    let session = engine.session();
    let config = config.intern();
    let device = engine.default_device();
    let kernel = session.main.get_str(&format!("k{function}!")).expect("is defined");
    let module = runtime::Module::from_value(session.base().get_str("Device").expect("a module")).expect("a module");
    let array = module.get_str("DeviceArray").and_then(Value::as_type).expect("a type");
    let vector = types::apply(array, &[builtin::float64(), Ty::int(1), Ty::int(1)]).expect("applies");
    let types = [kernel.type_of(), vector, given[0].type_of(), given[1].type_of()];

    let age = engine.driver().current_age(session.world.age());
    let mi = engine.driver().method_instance(config, &types, age).expect("the kernel has one method");
    let job = CompilerJob { mi, config, age };
    let found = match cached_results::<CpuResults>(&job).filter(|r| r.artifact().is_some()) {
        Some(found) => found,
        None => {
            let made = engine.driver().compile(Stage::Object, &job).map_err(|e| e.to_string())?;
            let found = results::<CpuResults>(job.code().expect("is inferred"), &job.config);
            found.keep(made.detail.and_then(|d| d.downcast::<CpuArtifact>().ok()).expect("a kernel"));
            found
        }
    };
    let loaded = found.module(device, || ()).expect("an image").as_ref().expect("loads");
    let mut out = [0.0f64];
    let array = [out.as_mut_ptr().expose_provenance(), 1];
    let places = [std::ptr::null(), array.as_ptr().cast(), given[0].addr() as *const u8, given[1].addr() as *const u8];
    // SAFETY: the places are of the types above.
    unsafe { loaded.launch_on(&places, [1, 1, 1], [1, 1, 1], device.launch_options(0)) }.map_err(|e| e.to_string())?;
    Ok(out[0])
}

fn number(ty: &str, v: &str) -> Value {
    runtime::pin(match ty {
        "Int64" => Value::int(v.parse().expect("an integer")),
        "Float64" => Value::float64(v.parse().expect("a number")),
        _ => Value::float32(v.parse().expect("a number")),
    })
}

/// The same number, or both not a number.
fn same(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan()
}

#[test]
fn after_every_random_change_the_cached_answer_is_the_fresh_one() {
    interp::on_big_stack(history);
}

fn history() {
    let steps = std::env::var("REKINDLE_RANDOM_STEPS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut start = String::from("const C0 = 1\nconst C1 = 2.5\nconst C2 = 3\nG0 = 4\nG1 = 0.5\n");
    for f in (0..FUNCTIONS).rev() {
        start += &format!("r{f}(x, y) = {}\n", body(&mut random, f, 1));
        start += &format!("k{f}!(out, x, y) = (out[1] = convert(Float64, r{f}(x, y)); return)\n");
    }
    let story = Story::begin(&start);
    let engine = story.engine;
    let world = engine.session().world;
    let (table, none) = (world.overlay("random"), world.overlay("none"));
    let cpu = rekindle::target_for("cpu", None).expect("the CPU");
    let config = |owner: String| CompilerConfig::kernel(Arc::new(Overlaid { cpu: cpu.clone(), table, owner }));

    // Methods that may go again.
    let mut removable: BTreeMap<u64, MethodRef> = BTreeMap::new();
    let (mut launches, mut compiled, mut errors) = (0usize, 0usize, 0usize);
    let mut log = vec![start.clone()];
    story.events.take();
    for step in 0..steps {
        let what = match random.below(20) {
            // Few methods at a time: of many, most calls are ambiguous.
            _ if removable.len() > 14 => {
                let ids: Vec<u64> = removable.keys().copied().collect();
                let gone = removable.remove(random.pick(&ids)).expect("is there");
                // One that an equal signature replaced has ended already.
                world.remove_method(gone);
                format!("removes {gone:?}")
            }
            0..10 => {
                let f = random.below(FUNCTIONS);
                let name = format!("r{f}");
                let text = method(&mut random, &name, f);
                story.load(&text);
                let made = newest(engine, &name);
                // The method for any arguments stays: it takes what no other does.
                if types::tuple_elements(made.get().sig()).is_some_and(|e| e[1..].iter().any(|&t| t != builtin::any()))
                {
                    removable.insert(made.get().id(), made);
                }
                text
            }
            10..13 => {
                let f = random.below(FUNCTIONS);
                let name = format!("o{step}");
                let text = method(&mut random, &name, f);
                story.load(&text);
                let made = overlay(engine, table, newest(engine, &name), f);
                removable.insert(made.get().id(), made);
                format!("overlay of r{f}: {text}")
            }
            15..17 => {
                // A constant keeps its type.
                let (name, ty) = *random.pick(&[("C0", "Int64"), ("C1", "Float64"), ("C2", "Int64")]);
                let text = format!("const {name} = {}", value(&mut random, ty));
                story.load(&text);
                text
            }
            _ => {
                let text = format!("G{} = {}", random.below(2), random.below(30));
                story.load(&text);
                text
            }
        };

        log.push(what.clone());

        // The library's launch against the interpreter.
        let f = random.below(FUNCTIONS);
        let (tx, ty) = (*random.pick(&GIVEN), *random.pick(&GIVEN));
        let (x, y) = (value(&mut random, tx), value(&mut random, ty));
        let call = format!("r{f}({tx}({x}), {ty}({y}))");
        let mut out = [0.0f64];
        let launched = {
            let arg = |ty: &str, v: &str| -> rekindle::Arg<'static> {
                match ty {
                    "Int64" => v.parse::<i64>().expect("an integer").into(),
                    "Float64" => v.parse::<f64>().expect("a number").into(),
                    _ => v.parse::<f32>().expect("a number").into(),
                }
            };
            let list = [(&mut out).into(), arg(tx, &x), arg(ty, &y)];
            story.kernel(&format!("k{f}!")).launch(Grid::linear(1, 1), &list)
        };
        launches += 1;
        let expected = engine.eval(&format!("convert(Float64, {call})"));
        // For whoever has to find out: is it the cache?
        let context = || {
            let given = [number(tx, &x), number(ty, &y)];
            let config =
                CompilerConfig::kernel(Arc::new(Overlaid { cpu: cpu.clone(), table: none, owner: format!("{step}") }));
            format!("of an owner of its own: {:?}\n{}", run(engine, config, f, given), log.join("\n"))
        };
        match (&launched, &expected) {
            (Ok(()), Ok(text)) => {
                let expected: f64 = text.replace("Inf", "inf").parse().unwrap_or(f64::NAN);
                assert!(
                    same(out[0], expected),
                    "step {step} ({what}): {call} is {expected}, the kernel says {}\n{}",
                    out[0],
                    context()
                );
            }
            // An ambiguous call throws in one and cannot be compiled in the other.
            (Err(_), Err(_)) => errors += 1,
            (Err(e), Ok(text)) => {
                panic!("step {step} ({what}): {call} is {text}, the kernel fails: {e}\n{}", context())
            }
            (Ok(()), Err(e)) => {
                panic!("step {step} ({what}): {call} fails: {e}\nthe kernel says {}\n{}", out[0], context())
            }
        }

        // Under the overlay: an old owner against one of this step.
        let f = random.below(FUNCTIONS);
        let (tx, ty) = (*random.pick(&GIVEN), *random.pick(&GIVEN));
        let (x, y) = (value(&mut random, tx), value(&mut random, ty));
        let given = [number(tx, &x), number(ty, &y)];
        let cached = run(engine, config("old".into()), f, given);
        let fresh = run(engine, config(format!("step {step}")), f, given);
        match (&cached, &fresh) {
            (Ok(a), Ok(b)) => assert!(same(*a, *b), "step {step} ({what}): k{f}! of {given:?} is {b}, cached {a}"),
            (a, b) => {
                errors += 1;
                assert_eq!(a, b, "step {step} ({what}): k{f}! of {given:?}");
            }
        }
        compiled += story.events.take().iter().filter(|e| matches!(e, rekindle::Event::Compiled { .. })).count();
    }
    // The history must have been one worth checking: some launches compiled, some did not, few could not.
    assert!(compiled > steps / 20 && compiled < launches, "{compiled} of {launches} launches compiled");
    assert!(errors < steps, "{errors} errors in {steps} steps");
    println!("random programs: {steps} of {steps} agree ({compiled} compiled by {launches} launches, {errors} errors)");
}
