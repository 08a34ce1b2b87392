//! What inference depended on ends with it.

mod support;

use ir::lowered::Stmt;
use support::*;
use types::builtin;

#[test]
fn redefining_a_callee_ends_the_caller_and_nothing_else() {
    let w = TestWorld::new();
    let (g, f, h) = (w.function("g"), w.function("f"), w.function("h"));
    w.define(g, &[builtin::any()], &["x"], vec![Stmt::Return(int(1))]);
    w.define(f, &[builtin::any()], &["x"], vec![call(value(g), [slot(1)]), Stmt::Return(ssa(0))]);
    w.define(h, &[builtin::any()], &["x"], vec![Stmt::Return(slot(1))]);
    let caller = w.infer(f, &[int64()]);
    let other = w.infer(h, &[int64()]);
    assert_eq!(caller.return_type(), Some(int64()));

    w.define(g, &[builtin::any()], &["x"], vec![Stmt::Return(value(runtime::Value::nothing()))]);
    assert!(!caller.valid().is_open() && other.valid().is_open());
    let again = w.infer(f, &[int64()]);
    assert_ne!(again, caller);
    assert_eq!(again.return_type(), Some(builtin::nothing()));
    assert_eq!(w.infer(h, &[int64()]), other);
}

#[test]
fn the_first_method_for_a_call_that_found_none_ends_the_caller() {
    let w = TestWorld::new();
    let (g, f) = (w.function("g"), w.function("f"));
    w.define(f, &[builtin::any()], &["x"], vec![call(value(g), [slot(1)]), Stmt::Return(ssa(0))]);
    let caller = w.infer(f, &[int64()]);
    assert_eq!(caller.return_type(), Some(builtin::bottom()));
    w.define(g, &[builtin::any()], &["x"], vec![Stmt::Return(slot(1))]);
    assert!(!caller.valid().is_open());
    assert_eq!(w.infer(f, &[int64()]).return_type(), Some(int64()));
}

#[test]
fn a_more_specific_method_ends_only_the_callers_it_concerns() {
    let w = TestWorld::new();
    let (g, f) = (w.function("g"), w.function("f"));
    w.define(g, &[builtin::any()], &["x"], vec![Stmt::Return(slot(1))]);
    w.define(f, &[builtin::any()], &["x"], vec![call(value(g), [slot(1)]), Stmt::Return(ssa(0))]);
    let (on_int, on_float) = (w.infer(f, &[int64()]), w.infer(f, &[builtin::float64()]));
    w.define(g, &[int64()], &["x"], vec![Stmt::Return(value(runtime::Value::nothing()))]);
    assert!(!on_int.valid().is_open() && on_float.valid().is_open());
    assert_eq!(w.infer(f, &[int64()]).return_type(), Some(builtin::nothing()));
}

#[test]
fn recursive_functions_end_together() {
    let w = TestWorld::new();
    let (a, b) = (w.function("a"), w.function("b"));
    for (f, other) in [(a, b), (b, a)] {
        w.define(
            f,
            &[builtin::any()],
            &["n"],
            vec![
                call(intrinsic("eq_int"), [slot(1), int(0)]),
                unless(ssa(0), 3),
                Stmt::Return(int(1)),
                call(intrinsic("sub_int"), [slot(1), int(1)]),
                call(value(other), [ssa(3)]),
                Stmt::Return(ssa(4)),
            ],
        );
    }
    let ca = w.infer(a, &[int64()]);
    w.define(b, &[int64()], &["n"], vec![Stmt::Return(slot(1))]);
    assert!(!ca.valid().is_open());
    assert_ne!(w.infer(a, &[int64()]), ca);
}

#[test]
fn constants_read_are_depended_on() {
    let w = TestWorld::new();
    let f = w.function("f");
    let name = base::Symbol::new("limit");
    w.module.set_const(name, runtime::pin(runtime::Value::int(7)));
    let global = ir::lowered::Operand::Global(ir::lowered::GlobalRef { module: w.module.value(), name });
    w.define(f, &[], &[], vec![Stmt::Return(global)]);
    let ci = w.infer(f, &[]);
    assert_eq!(w.body(ci).ret_const.and_then(|v| v.as_int()), Some(7));
    assert!(ci.edges().iter().any(|e| matches!(e, world::Edge::Binding(b) if b.key().name == name)));
}
