//! Inference of code built by hand: no front-end, no prelude.

mod support;

use ir::lowered::{Meta, Stmt};
use ir::typed::InstKind;
use support::*;
use types::builtin;

#[test]
fn straight_line_arithmetic_has_the_operands_type() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(f, &[builtin::any()], &["x"], vec![call(intrinsic("add_int"), [slot(1), int(1)]), Stmt::Return(ssa(0))]);
    assert_eq!(w.ret(f, &[int64()]), "Int64");
}

#[test]
fn constant_operands_fold() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(f, &[], &[], vec![call(intrinsic("mul_int"), [int(6), int(7)]), Stmt::Return(ssa(0))]);
    let ci = w.infer(f, &[]);
    assert_eq!(w.body(ci).ret_const.and_then(|v| v.as_int()), Some(42));
    assert!(w.body(ci).insts.is_empty(), "{}", w.text(ci));
}

/// `s = 0; i = 1; while i <= n; s += i; i += 1; end; s`
#[test]
fn a_loop_converges_and_keeps_its_type() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[builtin::any()],
        &["n", "s", "i"],
        vec![
            set(2, int(0)),
            set(3, int(1)),
            call(intrinsic("sle_int"), [slot(3), slot(1)]), // 2
            unless(ssa(2), 9),
            call(intrinsic("add_int"), [slot(2), slot(3)]),
            set(2, ssa(4)),
            call(intrinsic("add_int"), [slot(3), int(1)]),
            set(3, ssa(6)),
            Stmt::Goto(2),
            Stmt::Return(slot(2)), // 9
        ],
    );
    let ci = w.infer(f, &[int64()]);
    assert_eq!(w.ret(f, &[int64()]), "Int64");
    let body = w.body(ci);
    assert!(!body.terminates && body.effect_free && body.nothrow);
    assert_eq!(body.insts.iter().filter(|i| matches!(i.kind, InstKind::Phi(_))).count(), 2, "{}", w.text(ci));
}

/// `x isa Int ? x : 0`
#[test]
fn isa_narrows_the_branch() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[builtin::any()],
        &["x"],
        vec![
            call(builtin_fn("isa"), [slot(1), ty(int64())]),
            unless(ssa(0), 3),
            Stmt::Return(slot(1)),
            Stmt::Return(int(0)),
        ],
    );
    let union = types::make_union(&[builtin::nothing(), int64()]);
    let found = w.world.lookup(w.world.stack(), types::type_of_tuple(&[f.type_of(), union]), w.world.age());
    assert_eq!(found.get().matches.len(), 1);
    assert_eq!(w.ret(f, &[int64()]), "Int64");
    // Called from `g(x::Any)`.
    let g = w.function("g");
    w.define(g, &[builtin::any()], &["x"], vec![call(value(f), [slot(1)]), Stmt::Return(ssa(0))]);
    assert_eq!(w.ret(g, &[builtin::any()]), "Int64");
}

/// `f(n) = n <= 1 ? 1 : n * f(n - 1)`
#[test]
fn recursion_converges() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[builtin::any()],
        &["n"],
        vec![
            call(intrinsic("sle_int"), [slot(1), int(1)]),
            unless(ssa(0), 3),
            Stmt::Return(int(1)),
            call(intrinsic("sub_int"), [slot(1), int(1)]),
            call(value(f), [ssa(3)]),
            call(intrinsic("mul_int"), [slot(1), ssa(4)]),
            Stmt::Return(ssa(5)),
        ],
    );
    let ci = w.infer(f, &[int64()]);
    assert_eq!(ci.return_type().map(|t| t.to_string()).as_deref(), Some("Int64"));
    assert_eq!(w.body(ci).callees[0].instance, ci);
}

/// `even(n) = n == 0 ? true : odd(n - 1)`, `odd(n) = n == 0 ? 0x00 : even(n - 1)`
#[test]
fn mutual_recursion_sees_all_results() {
    let w = TestWorld::new();
    let (even, odd) = (w.function("even"), w.function("odd"));
    for (f, other, base) in
        [(even, odd, value(runtime::Value::boolean(true))), (odd, even, value(runtime::Value::uint8(0)))]
    {
        w.define(
            f,
            &[builtin::any()],
            &["n"],
            vec![
                call(intrinsic("eq_int"), [slot(1), int(0)]),
                unless(ssa(0), 3),
                Stmt::Return(base),
                call(intrinsic("sub_int"), [slot(1), int(1)]),
                call(value(other), [ssa(3)]),
                Stmt::Return(ssa(4)),
            ],
        );
    }
    assert_eq!(w.ret(even, &[int64()]), "Union{Bool, UInt8}");
    assert_eq!(w.ret(odd, &[int64()]), "Union{Bool, UInt8}");
}

/// `pick(c, a, b) = c ? a : b` called with a constant condition.
#[test]
fn constants_propagate_into_callees() {
    let w = TestWorld::new();
    let (pick, f) = (w.function("pick"), w.function("f"));
    w.define(
        pick,
        &[builtin::any(), builtin::any(), builtin::any()],
        &["c", "a", "b"],
        vec![unless(slot(1), 2), Stmt::Return(slot(2)), Stmt::Return(slot(3))],
    );
    w.define(
        f,
        &[builtin::any(), builtin::any()],
        &["a", "b"],
        vec![call(value(pick), [value(runtime::Value::boolean(false)), slot(1), slot(2)]), Stmt::Return(ssa(0))],
    );
    assert_eq!(w.ret(f, &[int64(), builtin::float64()]), "Float64");
    let ci = w.infer(f, &[int64(), builtin::float64()]);
    assert!(w.body(ci).insts.is_empty() && w.body(ci).callees.is_empty(), "{}", w.text(ci));
}

/// `isnothing(x) = x === nothing`; `f(x) = isnothing(x) ? 0 : x`
#[test]
fn what_a_callee_tells_about_its_argument_narrows_the_caller() {
    let w = TestWorld::new();
    let (isnothing, not, f) = (w.function("isnothing"), w.function("!"), w.function("f"));
    let nothing = value(runtime::Value::nothing());
    w.define(
        isnothing,
        &[builtin::any()],
        &["x"],
        vec![call(builtin_fn("==="), [slot(1), nothing]), Stmt::Return(ssa(0))],
    );
    w.define(not, &[builtin::bool_()], &["x"], vec![call(intrinsic("not_int"), [slot(1)]), Stmt::Return(ssa(0))]);
    w.define(
        f,
        &[builtin::any()],
        &["x"],
        vec![
            call(value(isnothing), [slot(1)]),
            call(value(not), [ssa(0)]),
            unless(ssa(1), 4),
            Stmt::Return(slot(1)),
            Stmt::Return(int(0)),
        ],
    );
    let union = types::make_union(&[builtin::nothing(), int64()]);
    let g = w.function("g");
    w.define(g, &[union], &["x"], vec![call(value(f), [slot(1)]), Stmt::Return(ssa(0))]);
    let sig = types::type_of_tuple(&[f.type_of(), union]);
    let mi = w.world.lookup(w.world.stack(), sig, w.world.age()).get().matches[0].instance();
    let ctx = infer::InferContext {
        world: w.world,
        tables: w.world.stack(),
        owner: world::Owner::host(),
        age: w.world.age(),
        source: &NoGenerators,
        freeze: None,
    };
    let ci = infer::infer(&ctx, mi).expect("inferred");
    assert_eq!(ci.return_type().map(|t| t.to_string()).as_deref(), Some("Int64"), "{}", w.text(ci));
    assert_eq!(ir::verify::verify(w.body(ci)), Vec::<String>::new());
}

#[test]
fn a_variadic_callee_gets_a_tuple_and_splatting_knows_its_length() {
    let w = TestWorld::new();
    let (va, f) = (w.function("va"), w.function("f"));
    w.define_with(
        va,
        &[builtin::any()],
        &["xs"],
        true,
        Meta::default(),
        vec![call(builtin_fn("getfield"), [slot(1), int(2)]), Stmt::Return(ssa(0))],
    );
    w.define(
        f,
        &[builtin::any(), builtin::any()],
        &["a", "b"],
        vec![
            call(builtin_fn("tuple"), [slot(1), slot(2)]),
            call(builtin_fn("_apply_iterate"), [value(runtime::Value::nothing()), value(va), ssa(0)]),
            Stmt::Return(ssa(1)),
        ],
    );
    assert_eq!(w.ret(f, &[int64(), builtin::float32()]), "Float32");
}

#[test]
fn inbounds_turns_bounds_checks_of_callees_off() {
    let w = TestWorld::new();
    let (get, f, g) = (w.function("get"), w.function("f"), w.function("g"));
    w.define(
        get,
        &[builtin::any()],
        &["x"],
        vec![Stmt::Boundscheck, unless(ssa(0), 3), call(builtin_fn("throw"), [slot(1)]), Stmt::Return(slot(1))],
    );
    for (h, on) in [(f, true), (g, false)] {
        w.define(
            h,
            &[builtin::any()],
            &["x"],
            vec![Stmt::InboundsPush(on), call(value(get), [slot(1)]), Stmt::InboundsPop, Stmt::Return(ssa(1))],
        );
    }
    assert_eq!(w.ret(f, &[int64()]), "Int64");
    assert_eq!(w.ret(g, &[int64()]), "Union{}");
}

/// `if c; y = x; end; y`
#[test]
fn a_slot_that_may_be_undefined_is_checked() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[builtin::any(), builtin::any()],
        &["c", "x", "y"],
        vec![unless(slot(1), 2), set(3, slot(2)), Stmt::Return(slot(3))],
    );
    let ci = w.infer(f, &[builtin::bool_(), int64()]);
    assert_eq!(ci.return_type().map(|t| t.to_string()).as_deref(), Some("Int64"));
    let checks = w.body(ci).placed().filter(|(_, i)| matches!(i.kind, InstKind::ThrowUndefIfNot { .. })).count();
    assert_eq!(checks, 1, "{}", w.text(ci));
}

/// `f(x) = f((x,))` never converges by itself.
#[test]
fn ever_growing_signatures_are_limited() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[builtin::any()],
        &["x"],
        vec![call(builtin_fn("tuple"), [slot(1)]), call(value(f), [ssa(0)]), Stmt::Return(ssa(1))],
    );
    assert_eq!(w.ret(f, &[int64()]), "Union{}");
}

/// `x = (x,)` in a loop.
#[test]
fn ever_growing_values_are_widened() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[builtin::any()],
        &["x", "i"],
        vec![
            set(2, int(0)),
            call(intrinsic("slt_int"), [slot(2), int(10)]),
            unless(ssa(1), 8),
            call(builtin_fn("tuple"), [slot(1)]),
            set(1, ssa(3)),
            call(intrinsic("add_int"), [slot(2), int(1)]),
            set(2, ssa(5)),
            Stmt::Goto(1),
            Stmt::Return(slot(1)),
        ],
    );
    let ret = w.ret(f, &[int64()]);
    assert!(["Any", "Union{Int64, Tuple{Any}}", "Union{Int64, Tuple}"].contains(&ret.as_str()), "{ret}");
}

#[test]
fn unions_are_split_over_methods() {
    let w = TestWorld::new();
    let (size, f) = (w.function("size"), w.function("f"));
    w.define(size, &[int64()], &["x"], vec![Stmt::Return(int(8))]);
    w.define(
        size,
        &[builtin::float32()],
        &["x"],
        vec![call(intrinsic("fpext"), [ty(builtin::float64()), slot(1)]), Stmt::Return(ssa(0))],
    );
    let union = types::make_union(&[int64(), builtin::float32()]);
    w.define(f, &[union], &["x"], vec![call(value(size), [slot(1)]), Stmt::Return(ssa(0))]);
    let sig = types::type_of_tuple(&[f.type_of(), union]);
    let mi = w.world.lookup(w.world.stack(), sig, w.world.age()).get().matches[0].instance();
    let ctx = infer::InferContext {
        world: w.world,
        tables: w.world.stack(),
        owner: world::Owner::host(),
        age: w.world.age(),
        source: &NoGenerators,
        freeze: None,
    };
    let ci = infer::infer(&ctx, mi).expect("inferred");
    assert_eq!(ir::verify::verify(w.body(ci)), Vec::<String>::new(), "{}", w.text(ci));
    assert_eq!(ci.return_type().map(|t| t.to_string()).as_deref(), Some("Union{Float64, Int64}"));
    assert!(w.body(ci).is_static(), "{}", w.text(ci));
}

/// However deep calls nest, inference follows them, also from a thread with a small stack.
#[test]
fn long_chains_of_calls_are_followed() {
    let w = TestWorld::new();
    let chain: Vec<runtime::Value> = (0..1000).map(|i| w.function(&format!("f{i}"))).collect();
    for pair in chain.windows(2) {
        w.define(pair[0], &[builtin::any()], &["x"], vec![call(value(pair[1]), [slot(1)]), Stmt::Return(ssa(0))]);
    }
    w.define(chain[999], &[builtin::any()], &["x"], vec![Stmt::Return(slot(1))]);
    assert_eq!(w.ret(chain[0], &[int64()]), "Int64");
}

#[test]
fn what_was_computed_on_the_way_is_not_computed_again() {
    let w = TestWorld::new();
    let f = w.function("f");
    w.define(
        f,
        &[int64(), int64()],
        &["x", "y"],
        vec![
            call(intrinsic("add_int"), [slot(1), slot(2)]),
            call(intrinsic("add_int"), [slot(1), slot(2)]),
            // One more and one less is the same.
            call(intrinsic("add_int"), [int(1), ssa(1)]),
            call(intrinsic("sub_int"), [ssa(2), int(1)]),
            call(intrinsic("mul_int"), [ssa(0), ssa(3)]),
            call(intrinsic("sdiv_int"), [ssa(4), slot(2)]),
            call(intrinsic("sdiv_int"), [ssa(4), slot(2)]),
            call(intrinsic("sub_int"), [ssa(5), ssa(6)]),
            Stmt::Return(ssa(7)),
        ],
    );
    let text = w.text(w.infer(f, &[int64(), int64()]));
    let count = |op: &str| text.matches(op).count();
    assert_eq!((count("add_int"), count("mul_int"), count("sdiv_int"), count("sub_int")), (1, 1, 1, 1), "{text}");
}

#[test]
fn what_one_branch_computes_the_other_computes_for_itself() {
    let w = TestWorld::new();
    let f = w.function("f");
    let product = || call(intrinsic("mul_int"), [slot(1), slot(2)]);
    w.define(
        f,
        &[int64(), int64()],
        &["x", "y", "p"],
        vec![
            call(intrinsic("slt_int"), [slot(1), slot(2)]),
            unless(ssa(0), 5),
            product(),
            set(3, ssa(2)),
            Stmt::Goto(8),
            product(),
            call(intrinsic("neg_int"), [ssa(5)]),
            set(3, ssa(6)),
            product(),
            call(intrinsic("add_int"), [slot(3), ssa(8)]),
            Stmt::Return(ssa(9)),
        ],
    );
    let ci = w.infer(f, &[int64(), int64()]);
    assert_eq!(ir::verify::verify(w.body(ci)), Vec::<String>::new(), "{}", w.text(ci));
    assert_eq!(w.text(ci).matches("mul_int").count(), 3, "{}", w.text(ci));
}
