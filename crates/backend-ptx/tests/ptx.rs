//! PTX of hand-built kernels: stable text, and what NVIDIA's assembler says of it.

use backend_ptx::{PtxArtifact, PtxOptions, PtxTarget, compile_kernel};
use base::Span;
use codegen::testing::{BodyBuilder, int, kernels, library, p, symbol, ty};
use codegen::tree::emit_tree;
use codegen::{RelocationKind, RelocationStyle, UnitOptions};
use ir::typed::{Arg, TypedBody};
use runtime::{Intrinsic as I, Value};
use std::path::PathBuf;
use std::process::Command;
use types::{Ty, builtin};

fn ptx(body: &TypedBody, sm: u32) -> String {
    let target = PtxTarget::new(PtxOptions::for_sm(sm).unwrap()).unwrap();
    let (which, report) = library::compile(&library::report_to_state(), &target);
    let units = emit_tree(body, None, &target, UnitOptions::default()).unwrap_or_else(|e| panic!("{e:#?}"));
    let params: Vec<Ty> = body.params.iter().map(|p| p.ty).collect();
    let name = body.name.as_str();
    compile_kernel(&units, &[(which, &report)], &params, body.ret, name, &target, UnitOptions::default(), Span::NONE)
        .unwrap_or_else(|e| panic!("{e:#?}"))
        .ptx
}

/// NVIDIA's assembler, where there is one.
fn ptxas() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/test-tools/ptxas");
    let candidates = [std::env::var_os("REKINDLE_PTXAS").map(PathBuf::from), Some(here), Some(PathBuf::from("ptxas"))];
    let found = candidates
        .into_iter()
        .flatten()
        .find(|path| Command::new(path).arg("--version").output().is_ok_and(|o| o.status.success()));
    if found.is_none() {
        eprintln!("skipped: no ptxas (set REKINDLE_PTXAS)");
    }
    found
}

fn assemble(text: &str, sm: u32) {
    let Some(ptxas) = ptxas() else { return };
    let dir = tempdir(sm, text.len());
    let input = dir.join("kernel.ptx");
    std::fs::write(&input, text).unwrap();
    let output = Command::new(ptxas)
        .args([&format!("--gpu-name=sm_{sm}"), "-v", "-o"])
        .arg(dir.join("kernel.cubin"))
        .arg(&input)
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    std::fs::remove_dir_all(&dir).unwrap();
    assert!(output.status.success(), "ptxas: {log}\n{text}");
}

fn tempdir(sm: u32, salt: usize) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("rekindle-ptx-{}-{sm}-{salt}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Atomics, dynamic shared memory, fences, printing, 16-bit and 128-bit arithmetic.
fn odds_and_ends() -> TypedBody {
    let (i64t, i32t, u32t, f32t) = (builtin::int64(), builtin::int32(), builtin::uint32(), builtin::float32());
    let global = |t: Ty| types::apply(builtin::llvm_ptr(), &[t, Ty::int(1)]).unwrap();
    let shared = types::apply(builtin::llvm_ptr(), &[i32t, Ty::int(3)]).unwrap();
    let mut b =
        BodyBuilder::new("odds!", &[global(u32t), global(f32t), global(builtin::int16()), i64t], builtin::nothing());
    let one = Arg::Const(runtime::pin(Value::uint32(1)));
    let order = symbol("monotonic");
    let pair = types::type_of_tuple(&[u32t, u32t]);
    // The function `+` as inference names it: a singleton whose type is that of a generic function.
    let plus = types::TypeName::declare(types::TypeDecl {
        name: "#+".into(),
        module: "Base".into(),
        params: Vec::new(),
        kind: types::NameKind::Struct { mutable: false },
    });
    plus.set_fields(types::FieldDefs::default());
    plus.set_function("+".into());
    let plus = runtime::info(plus.body()).instance.unwrap();
    b.op(I::AtomicPointermodify, &[p(1), Arg::Const(plus), one, order], pair);
    let fpair = types::type_of_tuple(&[f32t, f32t]);
    let x = Arg::Const(runtime::pin(Value::float32(1.5)));
    b.op(I::AtomicPointermodify, &[p(2), Arg::Const(plus), x, order], fpair);
    let small = b.op(I::TruncInt, &[ty(builtin::int16()), p(4)], builtin::int16());
    b.op(I::AtomicPointerswap, &[p(3), small, order], builtin::int16());
    let tile = b.op(I::GpuSharedDynamic, &[ty(i32t), int(0)], shared);
    let lane = b.op(I::GpuLaneId, &[], i32t);
    b.op(I::Pointerset, &[tile, lane, int(1), int(1)], shared);
    b.op(I::GpuFence, &[symbol("system")], builtin::nothing());
    let wide = b.op(I::SextInt, &[ty(builtin::int128()), p(4)], builtin::int128());
    let square = b.op(I::MulInt, &[wide, wide], builtin::int128());
    let low = b.op(I::TruncInt, &[ty(i64t), square], i64t);
    let half = b.op(I::Sitofp, &[ty(builtin::float16()), lane], builtin::float16());
    let half = b.op(I::MulFloat, &[half, half], builtin::float16());
    let back = b.op(I::Fpext, &[ty(builtin::float64()), half], builtin::float64());
    let text = Arg::Const(runtime::pin(Value::string("%d %f\n")));
    b.op(I::GpuPrint, &[text, low, back], builtin::nothing());
    b.ret(Arg::Const(Value::nothing()));
    b.finish()
}

#[test]
fn ptxas_takes_every_kernel_on_every_architecture() {
    for sm in [75, 90, 100] {
        for body in [kernels::vadd(), kernels::group_sum(), kernels::checked(), kernels::warp(), odds_and_ends()] {
            let text = ptx(&body, sm);
            assert!(text.contains(&format!(".target sm_{sm}")), "{text}");
            assemble(&text, sm);
        }
    }
}

#[test]
fn vadd_is_what_one_would_write() {
    let text = ptx(&kernels::vadd(), 75);
    assert!(text.contains(".visible .entry vadd("), "{text}");
    assert_eq!(text.matches(".param .u64").count(), 4, "{text}");
    for instruction in ["ld.global", "st.global.b32", "add.rn.f32", "%ctaid.x", "%tid.x"] {
        assert!(text.contains(instruction), "no {instruction} in\n{text}");
    }
    assert!(!text.contains(".local"), "{text}");
}

#[test]
fn barriers_shared_memory_and_exceptions_are_there() {
    let sum = ptx(&kernels::group_sum(), 90);
    assert!(sum.contains("bar.sync") || sum.contains("barrier.sync"), "{sum}");
    assert!(sum.contains(".shared .align 16 .b8"), "{sum}");
    let checked = ptx(&kernels::checked(), 90);
    assert!(checked.contains("exit;"), "{checked}");
    assert_eq!(checked.matches(".param .u64 ").count(), 2, "the state and n:\n{checked}");
    let warp = ptx(&kernels::warp(), 75);
    assert!(warp.contains("shfl.sync.bfly.b32") && warp.contains("vote.sync.ballot"), "{warp}");
}

#[test]
fn the_text_is_the_same_in_any_order_and_thread() {
    let bodies = || [kernels::vadd(), kernels::group_sum(), kernels::checked()];
    let first: Vec<String> = bodies().iter().map(|b| ptx(b, 90)).collect();
    let threads: Vec<_> = (0..3)
        .map(|_| std::thread::spawn(move || bodies().iter().rev().map(|b| ptx(b, 90)).collect::<Vec<_>>()))
        .collect();
    for t in threads {
        let mut texts = t.join().unwrap();
        texts.reverse();
        assert_eq!(texts, first);
    }
}

/// Compares symbols, and throws where `throws`.
fn which(throws: bool) -> TypedBody {
    let i32t = builtin::int32();
    let global = types::apply(builtin::llvm_ptr(), &[i32t, Ty::int(1)]).unwrap();
    let mut b = BodyBuilder::new("which", &[global], builtin::nothing());
    let lane = b.op(I::GpuLocalId, &[int(0)], i32t);
    let zero = b.op(I::EqInt, &[lane, Arg::Const(runtime::pin(Value::int32(0)))], builtin::bool_());
    let pick = b.call(runtime::Builtin::Ifelse, &[zero, symbol("a"), symbol("b")], builtin::symbol());
    let again = b.op(I::GpuGroupId, &[int(0)], i32t);
    let first = b.op(I::EqInt, &[again, Arg::Const(runtime::pin(Value::int32(0)))], builtin::bool_());
    let other = b.call(runtime::Builtin::Ifelse, &[first, symbol("a"), symbol("c")], builtin::symbol());
    let same = b.call(runtime::Builtin::Egal, &[pick, other], builtin::bool_());
    let bit = b.op(I::ZextInt, &[ty(i32t), same], i32t);
    b.op(I::Pointerset, &[p(1), bit, int(1), int(1)], global);
    if throws {
        let (bad, done) = (b.block(), b.block());
        b.branch(same, bad, done);
        b.at(bad);
        b.op(I::GpuThrow, &[symbol("ErrorException")], builtin::bottom());
        b.unreachable();
        b.at(done);
    }
    b.ret(Arg::Const(Value::nothing()));
    b.finish()
}

fn compiled(body: &TypedBody, style: RelocationStyle) -> PtxArtifact {
    let target = PtxTarget::new(PtxOptions::for_sm(75).unwrap()).unwrap().with_relocations(style);
    let (which, report) = library::compile(&library::report_to_state(), &target);
    let options = UnitOptions::default();
    let units = emit_tree(body, None, &target, options).unwrap();
    let params: Vec<Ty> = body.params.iter().map(|p| p.ty).collect();
    let made = compile_kernel(&units, &[(which, &report)], &params, body.ret, "which", &target, options, Span::NONE);
    made.unwrap_or_else(|e| panic!("{e:#?}"))
}

/// Symbols can only be told apart on a device: their addresses are filled in by the loader.
#[test]
fn host_objects_become_variables_for_the_loader() {
    let made = compiled(&which(false), RelocationStyle::Patch);
    let symbols: Vec<&str> = made.relocations.iter().map(|r| r.symbol.as_str()).collect();
    assert_eq!(symbols, ["rekindle_patch_0", "rekindle_patch_1", "rekindle_patch_2"], "{}", made.ptx);
    for s in symbols {
        assert!(made.ptx.contains(&format!(".visible .global .align 8 .u64 {s}")), "{}", made.ptx);
    }
    assert_eq!((made.with_state, made.with_table), (false, false));
    assemble(&made.ptx, 75);
}

#[test]
fn a_table_of_host_objects_is_a_hidden_argument_after_the_state() {
    for throws in [false, true] {
        let made = compiled(&which(throws), RelocationStyle::Table);
        let kinds: Vec<RelocationKind> = made.relocations.iter().map(|r| r.kind).collect();
        assert_eq!(kinds, [0, 1, 2].map(|slot| RelocationKind::Table { slot }));
        assert_eq!((made.with_state, made.with_table), (throws, true));
        let hidden = usize::from(throws) + 1;
        assert_eq!(made.ptx.matches("which_param_").count(), 2 * (hidden + 1), "declared and read:\n{}", made.ptx);
        assert!(!made.ptx.contains(".visible .global") && !made.ptx.contains(".extern"), "{}", made.ptx);
        assemble(&made.ptx, 75);
    }
    let without = compiled(&kernels::vadd(), RelocationStyle::Table);
    assert!(!without.with_table, "a kernel that refers to nothing has no table");
}

#[test]
fn what_the_device_cannot_do_is_reported_all_at_once() {
    let mut b = BodyBuilder::new("bad", &[builtin::any()], builtin::nothing());
    b.push(ir::typed::InstKind::Host { name: "print".into(), args: vec![p(1)] }, builtin::any());
    b.push(
        ir::typed::InstKind::Dynamic { f: p(1), args: vec![], why: ir::typed::DynamicReason::UnknownFunction },
        builtin::any(),
    );
    b.ret(Arg::Const(Value::nothing()));
    let target = PtxTarget::new(PtxOptions::for_sm(75).unwrap()).unwrap();
    let Err(found) = emit_tree(&b.finish(), None, &target, UnitOptions::default()) else {
        panic!("this cannot compile")
    };
    let messages: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "the host function `print` is not supported in PTX code",
            "a call that is dispatched at run time is not supported in PTX code",
        ]
    );
}
