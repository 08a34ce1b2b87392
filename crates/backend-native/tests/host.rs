//! Host code from hand-built bodies, through objects and the linking session.

use backend_native::{HostMachine, HostOptions, NativeFunction, Pipeline, Session};
use codegen::UnitOptions;
use codegen::testing::{BodyBuilder, int, p, symbol, ty};
use ir::typed::{InstKind, TypedBody};
use runtime::{Builtin as B, Intrinsic as I, Value};
use types::{Ty, builtin};

fn compile(body: &TypedBody) -> (Session, NativeFunction) {
    let machine = HostMachine::new(HostOptions::default()).unwrap();
    let context = llvm::Context::new();
    let unit =
        codegen::emit(&context, body, &machine.lowering(), UnitOptions::host()).unwrap_or_else(|e| panic!("{e:#?}"));
    let object = machine.compile(&unit.module.to_bitcode(), Pipeline::Host).unwrap();
    let session = Session::new().unwrap();
    let number = session.reserve();
    let callees = vec![number; unit.info.callees.len()];
    // SAFETY: the object is the unit's.
    unsafe { session.add(number, &object, &unit.info, &callees).unwrap() };
    let f = session.function(number).unwrap();
    (session, f)
}

fn call(body: &TypedBody, args: &[Value]) -> Result<Value, runtime::Exception> {
    let (_session, f) = compile(body);
    let mut all = vec![Value::nothing()];
    all.extend_from_slice(args);
    // SAFETY: the tests pass what the bodies declare.
    unsafe { f.call(&all) }
}

fn i64t() -> Ty {
    builtin::int64()
}

/// `s = 0; for i in 1:n; s += i * i; end; s`
fn sum_of_squares() -> TypedBody {
    let mut b = BodyBuilder::new("sum_of_squares", &[i64t()], i64t());
    let entry = b.here();
    let (head, body, exit) = (b.block(), b.block(), b.block());
    b.goto(head);
    b.at(head);
    let (i, s) = (b.phi(i64t()), b.phi(i64t()));
    let go = b.op(I::SleInt, &[i, p(1)], builtin::bool_());
    b.branch(go, body, exit);
    b.at(body);
    let sq = b.op(I::MulInt, &[i, i], i64t());
    let s2 = b.op(I::AddInt, &[s, sq], i64t());
    let i2 = b.op(I::AddInt, &[i, int(1)], i64t());
    b.goto(head);
    b.add_input(i, entry, int(1));
    b.add_input(i, body, i2);
    b.add_input(s, entry, int(0));
    b.add_input(s, body, s2);
    b.at(exit);
    b.ret(s);
    b.finish()
}

#[test]
fn loops_and_arithmetic() {
    assert_eq!(call(&sum_of_squares(), &[Value::int(10)]).unwrap().as_int(), Some(385));
    assert_eq!(call(&sum_of_squares(), &[Value::int(0)]).unwrap().as_int(), Some(0));
}

#[test]
fn tuples_pass_through_phis_and_local_functions() {
    // fib by pairs: (a, b) -> (b, a + b), the step a local function
    let pair = types::type_of_tuple(&[i64t(), i64t()]);
    let mut step = BodyBuilder::new("step", &[pair], pair);
    let a = step.call(B::Getfield, &[p(1), int(1)], i64t());
    let b2 = step.call(B::Getfield, &[p(1), int(2)], i64t());
    let sum = step.op(I::AddInt, &[a, b2], i64t());
    let next = step.call(B::Tuple, &[b2, sum], pair);
    step.ret(next);

    let mut b = BodyBuilder::new("fib", &[i64t()], i64t());
    let local = b.local(step.finish());
    let entry = b.here();
    let start = b.call(B::Tuple, &[int(0), int(1)], pair);
    let (head, body, exit) = (b.block(), b.block(), b.block());
    b.goto(head);
    b.at(head);
    let (i, state) = (b.phi(i64t()), b.phi(pair));
    let go = b.op(I::SltInt, &[i, p(1)], builtin::bool_());
    b.branch(go, body, exit);
    b.at(body);
    let next = b.push(InstKind::InvokeLocal { callee: ir::typed::LocalId(local), args: vec![p(0), state] }, pair);
    let i2 = b.op(I::AddInt, &[i, int(1)], i64t());
    b.goto(head);
    b.add_input(i, entry, int(0));
    b.add_input(i, body, i2);
    b.add_input(state, entry, start);
    b.add_input(state, body, next);
    b.at(exit);
    let r = b.call(B::Getfield, &[state, int(1)], i64t());
    b.ret(r);
    assert_eq!(call(&b.finish(), &[Value::int(50)]).unwrap().as_int(), Some(12_586_269_025));
}

#[test]
fn large_tuples_live_in_memory_and_swap_in_phis() {
    let big = types::type_of_tuple(&[i64t(); 20]);
    let fill = |b: &mut BodyBuilder, first: i64| {
        let args: Vec<_> = (0..20).map(|i| int(first + i)).collect();
        b.call(B::Tuple, &args, big)
    };
    let mut b = BodyBuilder::new("swap", &[i64t(), i64t()], i64t());
    let entry = b.here();
    let (x0, y0) = (fill(&mut b, 100), fill(&mut b, 200));
    let (head, body, exit) = (b.block(), b.block(), b.block());
    b.goto(head);
    b.at(head);
    let (i, x, y) = (b.phi(i64t()), b.phi(big), b.phi(big));
    let go = b.op(I::SltInt, &[i, p(1)], builtin::bool_());
    b.branch(go, body, exit);
    b.at(body);
    let i2 = b.op(I::AddInt, &[i, int(1)], i64t());
    b.goto(head);
    b.add_input(i, entry, int(0));
    b.add_input(i, body, i2);
    b.add_input(x, entry, x0);
    b.add_input(x, body, y);
    b.add_input(y, entry, y0);
    b.add_input(y, body, x);
    b.at(exit);
    // dynamic index, with bounds check
    let r = b.call(B::Getfield, &[x, p(2)], i64t());
    b.ret(r);
    let body = b.finish();
    assert_eq!(call(&body, &[Value::int(4), Value::int(3)]).unwrap().as_int(), Some(102));
    assert_eq!(call(&body, &[Value::int(5), Value::int(20)]).unwrap().as_int(), Some(219));
    let e = call(&body, &[Value::int(5), Value::int(21)]).unwrap_err();
    assert_eq!(e.0.type_of(), builtin::bounds_error());
}

/// Sums a `Vector{Float64}` up to an index into element 1, with a hint for the loop.
fn sum_into_first(hint: Option<&str>) -> TypedBody {
    let vector = builtin::vector_of(builtin::float64());
    let mref = builtin::memory_ref_of(builtin::float64());
    let f64t = builtin::float64();
    let mut b = BodyBuilder::new("sum!", &[vector, i64t()], f64t);
    let entry = b.here();
    let (head, body, exit) = (b.block(), b.block(), b.block());
    let zero = ir::typed::Arg::Const(runtime::pin(Value::float64(0.0)));
    if let Some(hint) = hint {
        b.push(InstKind::LoopHint(hint.into()), builtin::nothing());
    }
    b.goto(head);
    b.at(head);
    let (i, s) = (b.phi(i64t()), b.phi(f64t));
    let go = b.op(I::SleInt, &[i, p(2)], builtin::bool_());
    b.branch(go, body, exit);
    b.at(body);
    let r = b.call(B::Getfield, &[p(1), symbol("ref")], mref);
    let place = b.call(B::MemoryrefNew, &[r, i], mref);
    let x = b.call(B::MemoryrefGet, &[place, symbol("not_atomic"), ir::typed::Arg::Const(Value::boolean(false))], f64t);
    let s2 = b.op(I::AddFloat, &[s, x], f64t);
    let i2 = b.op(I::AddInt, &[i, int(1)], i64t());
    b.goto(head);
    b.add_input(i, entry, int(1));
    b.add_input(i, body, i2);
    b.add_input(s, entry, zero);
    b.add_input(s, body, s2);
    b.at(exit);
    let r = b.call(B::Getfield, &[p(1), symbol("ref")], mref);
    let place = b.call(B::MemoryrefNew, &[r, int(1)], mref);
    b.call(B::MemoryrefSet, &[place, s, symbol("not_atomic"), ir::typed::Arg::Const(Value::boolean(false))], f64t);
    b.ret(s);
    b.finish()
}

#[test]
fn simd_loops_reassociate_their_sums_and_nothing_else() {
    let machine = HostMachine::new(HostOptions::default()).unwrap();
    let text = |hint: Option<&str>| {
        let context = llvm::Context::new();
        codegen::emit(&context, &sum_into_first(hint), &machine.lowering(), UnitOptions::host()).unwrap().module.to_ir()
    };
    assert!(text(Some("simd")).contains("fadd reassoc contract double"));
    assert!(text(Some("simd")).contains("llvm.loop.vectorize.enable"));
    assert!(text(Some("ivdep")).contains("llvm.loop.parallel_accesses"));
    for plain in [text(None), text(Some("ivdep"))] {
        assert!(plain.contains("fadd double") && !plain.contains("reassoc"));
    }
    let values: Vec<Value> = (1..=1000).map(|i| Value::float64(f64::from(i))).collect();
    let v = runtime::array::vector_of(builtin::float64(), &values);
    let sum = call(&sum_into_first(Some("simd")), &[v, Value::int(1000)]).unwrap();
    assert_eq!(sum.as_float64(), Some(500_500.0));
}

#[test]
fn arrays_are_read_and_written() {
    let f64t = builtin::float64();
    let body = sum_into_first(None);
    let values: Vec<Value> = (1..=100).map(|i| Value::float64(f64::from(i))).collect();
    let v = runtime::array::vector_of(f64t, &values);
    assert_eq!(call(&body, &[v, Value::int(100)]).unwrap().as_float64(), Some(5050.0));
    let first = runtime::array::Array::from_value(v).unwrap().get(0).unwrap();
    assert_eq!(first.as_float64(), Some(5050.0));
    let e = call(&body, &[v, Value::int(101)]).unwrap_err();
    assert_eq!(e.0.type_of(), builtin::bounds_error());
}

#[test]
fn unions_keep_their_tag() {
    // x > 0 ? x : nothing, then nothing -> -1
    let maybe = types::make_union(&[builtin::nothing(), i64t()]);
    let mut b = BodyBuilder::new("maybe", &[i64t()], i64t());
    let (yes, no, join, some, none) = (b.block(), b.block(), b.block(), b.block(), b.block());
    let pos = b.op(I::SltInt, &[int(0), p(1)], builtin::bool_());
    b.branch(pos, yes, no);
    b.at(yes);
    b.goto(join);
    b.at(no);
    b.goto(join);
    b.at(join);
    let v = b.phi(maybe);
    b.add_input(v, yes, p(1));
    b.add_input(v, no, ir::typed::Arg::Const(Value::nothing()));
    let is = b.push(InstKind::IsExactly(v, i64t()), builtin::bool_());
    b.branch(is, some, none);
    b.at(some);
    let n = b.push(InstKind::Pi(v), i64t());
    b.ret(n);
    b.at(none);
    b.ret(int(-1));
    let body = b.finish();
    assert_eq!(call(&body, &[Value::int(7)]).unwrap().as_int(), Some(7));
    assert_eq!(call(&body, &[Value::int(-7)]).unwrap().as_int(), Some(-1));

    // the union itself as a result, boxed by the wrapper
    let mut b = BodyBuilder::new("maybe2", &[i64t()], maybe);
    let (yes, no) = (b.block(), b.block());
    let pos = b.op(I::SltInt, &[int(0), p(1)], builtin::bool_());
    b.branch(pos, yes, no);
    b.at(yes);
    b.ret(p(1));
    b.at(no);
    b.ret(ir::typed::Arg::Const(Value::nothing()));
    let body = b.finish();
    assert_eq!(call(&body, &[Value::int(7)]).unwrap().as_int(), Some(7));
    assert!(call(&body, &[Value::int(-7)]).unwrap().is_nothing());
}

/// Every integer and float intrinsic against the reference semantics, on awkward operands.
#[test]
fn intrinsics_agree_with_the_reference() {
    let machine = HostMachine::new(HostOptions::default()).unwrap();
    let binary = [
        I::AddInt,
        I::SubInt,
        I::MulInt,
        I::AndInt,
        I::OrInt,
        I::XorInt,
        I::ShlInt,
        I::LshrInt,
        I::AshrInt,
        I::FlipsignInt,
        I::EqInt,
        I::NeInt,
        I::SltInt,
        I::SleInt,
        I::UltInt,
        I::UleInt,
        I::CheckedSaddInt,
        I::CheckedUaddInt,
        I::CheckedSsubInt,
        I::CheckedUsubInt,
        I::CheckedSmulInt,
        I::CheckedUmulInt,
        I::CheckedSdivInt,
        I::CheckedUdivInt,
        I::CheckedSremInt,
        I::CheckedUremInt,
    ];
    let unary = [I::NegInt, I::NotInt, I::BswapInt, I::CtpopInt, I::CtlzInt, I::CttzInt];
    let fbinary = [
        I::AddFloat,
        I::SubFloat,
        I::MulFloat,
        I::DivFloat,
        I::RemFloat,
        I::CopysignFloat,
        I::MinFloat,
        I::MaxFloat,
        I::EqFloat,
        I::NeFloat,
        I::LtFloat,
        I::LeFloat,
        I::Fpiseq,
    ];
    let funary = [I::NegFloat, I::AbsFloat, I::CeilLlvm, I::FloorLlvm, I::RintLlvm, I::TruncLlvm, I::SqrtLlvm];
    let ints = [
        (builtin::int8(), 8u32),
        (builtin::uint8(), 8),
        (builtin::int16(), 16),
        (builtin::int32(), 32),
        (builtin::int64(), 64),
        (builtin::uint64(), 64),
        (builtin::int128(), 128),
        (builtin::bool_(), 1),
    ];
    let patterns: [u128; 9] = [0, 1, 2, 7, 0x7f, 0x80, u128::MAX, 1 << 63, 0x0123_4567_89ab_cdef_0fed_cba9_8765_4321];
    let floats = [0.0f64, -0.0, 1.0, -1.5, 2.5, 3.0e10, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-320, 1e300, 0.1];
    let mut jobs: Vec<(I, Vec<Value>)> = Vec::new();
    let boxed = |t: Ty, x: u128| {
        // SAFETY: the bytes are at least as many as the type has.
        runtime::pin(unsafe { Value::from_bytes(t, x.to_le_bytes().as_ptr()) })
    };
    for &(t, bits) in &ints {
        let mask = if bits == 128 { u128::MAX } else { (1u128 << bits) - 1 };
        for &a in &patterns {
            for &op in &unary {
                if bits >= 8 && !(op == I::BswapInt && bits == 8) {
                    jobs.push((op, vec![boxed(t, a & mask)]));
                }
            }
            for &b in &patterns {
                for &op in &binary {
                    let shift = matches!(op, I::ShlInt | I::LshrInt | I::AshrInt);
                    if bits == 1 && !matches!(op, I::AndInt | I::OrInt | I::XorInt | I::EqInt | I::NeInt | I::UltInt) {
                        continue;
                    }
                    if shift && bits == 1 {
                        continue;
                    }
                    jobs.push((op, vec![boxed(t, a & mask), boxed(t, b & mask)]));
                }
            }
        }
    }
    for &a in &floats {
        for f in [Value::float64(a), Value::float32(a as f32)] {
            let f = runtime::pin(f);
            for &op in &funary {
                jobs.push((op, vec![f]));
            }
            for &b in &floats {
                let g = runtime::pin(if f.type_of() == builtin::float64() {
                    Value::float64(b)
                } else {
                    Value::float32(b as f32)
                });
                for &op in &fbinary {
                    jobs.push((op, vec![f, g]));
                }
                jobs.push((I::FmaFloat, vec![f, g, f]));
            }
        }
    }
    for &a in &floats {
        for &b in &floats {
            let half = |x: f64| {
                let bits = I::Fptrunc.eval(&[Value::from(builtin::float16()), runtime::pin(Value::float64(x))]);
                runtime::pin(bits.unwrap())
            };
            jobs.push((I::MuladdFloat, vec![half(a), half(b), half(a)]));
            jobs.push((I::MulFloat, vec![half(a), half(b)]));
            jobs.push((I::DivFloat, vec![half(a), half(b)]));
        }
    }
    // One function per operation and types; all operand pairs go through it.
    let mut compiled: Vec<(I, Vec<Ty>, Session, NativeFunction)> = Vec::new();
    let mut checked = 0;
    for (op, args) in jobs {
        let types: Vec<Ty> = args.iter().map(|v| v.type_of()).collect();
        let expected = op.eval(&args);
        let found = match compiled.iter().position(|(o, t, _, _)| *o == op && *t == types) {
            Some(i) => i,
            None => {
                let ret = match &expected {
                    Ok(v) => v.type_of(),
                    Err(_) => types[0],
                };
                let mut b = BodyBuilder::new("op", &types, ret);
                let operands: Vec<_> = (1..=types.len() as u32).map(p).collect();
                let r = b.op(op, &operands, ret);
                b.ret(r);
                let context = llvm::Context::new();
                let unit = codegen::emit(&context, &b.finish(), &machine.lowering(), UnitOptions::host())
                    .unwrap_or_else(|e| panic!("{op:?} on {types:?}: {e:#?}"));
                let object = machine.compile(&unit.module.to_bitcode(), Pipeline::Host).unwrap();
                let session = Session::new().unwrap();
                let number = session.reserve();
                // SAFETY: the object is the unit's.
                unsafe { session.add(number, &object, &unit.info, &[]).unwrap() };
                let f = session.function(number).unwrap();
                compiled.push((op, types.clone(), session, f));
                compiled.len() - 1
            }
        };
        let mut all = vec![Value::nothing()];
        all.extend_from_slice(&args);
        // SAFETY: compiled for these types.
        let got = unsafe { compiled[found].3.call(&all) };
        match (expected, got) {
            (Ok(e), Ok(g)) => {
                let nan = e.as_float64().is_some_and(f64::is_nan) && g.as_float64().is_some_and(f64::is_nan);
                // SAFETY: a `Float32` has 4 bytes.
                let nan32 =
                    e.is(builtin::float32()) && unsafe { e.read::<f32>(0).is_nan() && g.read::<f32>(0).is_nan() };
                let half_nan = |v: Value| {
                    // SAFETY: a `Float16` has 2 bytes.
                    v.is(builtin::float16()) && unsafe { v.read::<u16>(0) } & 0x7fff > 0x7c00
                };
                assert!(
                    nan || nan32 || (half_nan(e) && half_nan(g)) || runtime::egal(e, g),
                    "{op:?}({args:?}): expected {e:?}, got {g:?}"
                );
            }
            (Err(e), Err(g)) => assert_eq!(e.0.type_of(), g.0.type_of(), "{op:?}({args:?})"),
            (e, g) => panic!("{op:?}({args:?}): expected {e:?}, got {g:?}"),
        }
        checked += 1;
    }
    assert!(checked > 5000, "only {checked} cases");
}

#[test]
fn conversions_and_boxes() {
    let mut b = BodyBuilder::new("convert", &[i64t()], builtin::any());
    let small = b.op(I::TruncInt, &[ty(builtin::int8()), p(1)], builtin::int8());
    let wide = b.op(I::SextInt, &[ty(builtin::int128()), small], builtin::int128());
    let f = b.op(I::Sitofp, &[ty(builtin::float32()), wide], builtin::float32());
    let half = b.op(I::Fptrunc, &[ty(builtin::float16()), f], builtin::float16());
    let back = b.op(I::Fpext, &[ty(builtin::float64()), half], builtin::float64());
    b.ret(back);
    let r = call(&b.finish(), &[Value::int(0x1_00f0)]).unwrap();
    assert_eq!(r.as_float64(), Some(-16.0));
}

#[test]
fn bitcode_is_the_same_in_any_order_and_thread() {
    let emit = |bodies: &[TypedBody]| -> Vec<Vec<u8>> {
        let machine = HostMachine::new(HostOptions::default()).unwrap();
        let context = llvm::Context::new();
        bodies
            .iter()
            .map(|b| codegen::emit(&context, b, &machine.lowering(), UnitOptions::host()).unwrap().module.to_bitcode())
            .collect()
    };
    let object =
        |bitcode: &[u8]| HostMachine::new(HostOptions::default()).unwrap().compile(bitcode, Pipeline::Host).unwrap();
    let mut other = BodyBuilder::new("other", &[builtin::any()], builtin::any());
    let s = other.push(InstKind::Host { name: "string".into(), args: vec![p(1), symbol("a")] }, builtin::any());
    let t = other.call(B::Svec, &[s, symbol("b"), symbol("a")], builtin::any());
    other.ret(t);
    let (a, b) = (sum_of_squares(), other.finish());
    let first = emit(&[a.clone(), b.clone()]);
    let swapped = emit(&[b.clone(), a.clone()]);
    assert_eq!(first[0], swapped[1]);
    assert_eq!(first[1], swapped[0]);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (a, b) = (a.clone(), b.clone());
            std::thread::spawn(move || {
                let bitcode = HostMachine::new(HostOptions::default()).map(|machine| {
                    let context = llvm::Context::new();
                    [&b, &a].map(|x| {
                        codegen::emit(&context, x, &machine.lowering(), UnitOptions::host())
                            .unwrap()
                            .module
                            .to_bitcode()
                    })
                });
                bitcode.unwrap()
            })
        })
        .collect();
    for t in threads {
        let [b2, a2] = t.join().unwrap();
        assert_eq!((a2, b2), (first[0].clone(), first[1].clone()));
    }
    assert_eq!(object(&first[0]), object(&first[0]));
}

#[test]
fn an_exception_thrown_in_compiled_code_arrives() {
    let mut b = BodyBuilder::new("thrower", &[i64t()], builtin::bottom());
    b.call(B::Throw, &[p(1)], builtin::bottom());
    b.unreachable();
    let e = call(&b.finish(), &[Value::int(42)]).unwrap_err();
    assert_eq!(e.0.as_int(), Some(42));
}

#[test]
fn recursion_without_end_is_an_exception() {
    let context = llvm::Context::new();
    let text = "define i64 @entry(i64 %n) {\n  %m = add i64 %n, 1\n  %r = call i64 @entry(i64 %m)\n  %s = xor i64 %r, %n\n  ret i64 %s\n}\n\
        define ptr @wrapper(ptr %args, i64 %n) {\n  %r = call i64 @entry(i64 %n)\n  ret ptr %args\n}\n";
    let module = llvm::Module::parse_ir(&context, text).unwrap();
    let machine = HostMachine::new(HostOptions::default()).unwrap();
    let object = machine.compile(&module.to_bitcode(), Pipeline::None).unwrap();
    let session = Session::new().unwrap();
    let number = session.reserve();
    // SAFETY: the object is the text above.
    unsafe { session.add(number, &object, &codegen::UnitInfo::default(), &[]).unwrap() };
    let f = session.function(number).unwrap();
    for _ in 0..2 {
        // On a small stack and on a large one, more than once.
        for size in [1 << 20, 1 << 30] {
            let run = move || {
                // SAFETY: it never looks at its arguments.
                let e = unsafe { f.call(&[Value::nothing()]) }.unwrap_err();
                e.0.type_of()
            };
            let thread = std::thread::Builder::new().stack_size(size).spawn(run).unwrap();
            assert_eq!(thread.join().unwrap(), builtin::stack_overflow_error());
        }
    }
}
