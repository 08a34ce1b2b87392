//! Objects, builtins and intrinsics through the public interface, also while the collector runs all the time.

use runtime::*;
use types::builtin as b;

fn message(e: Exception) -> String {
    object::field(e.0, "msg")
        .and_then(Value::as_text)
        .map(|t| t.into_owned())
        .unwrap_or_else(|| e.0.type_of().to_string())
}

#[test]
fn tuples_and_fields() {
    let t = tuple(&[Value::int(1), Value::string("two"), Value::float64(3.0)]);
    assert_eq!(t.type_of().to_string(), "Tuple{Int64, String, Float64}");
    assert_eq!(Builtin::Getfield.eval(&[t, Value::int(2)]).unwrap().as_text().unwrap(), "two");
    let e = Builtin::Getfield.eval(&[t, Value::int(4)]).unwrap_err();
    assert_eq!(e.0.type_of(), b::bounds_error());
    assert_eq!(Builtin::Nfields.eval(&[t]).unwrap().as_int(), Some(3));
}

#[test]
fn egal_compares_contents_of_immutables_and_addresses_of_mutables() {
    let pair = |x: i64, s: &str| tuple(&[Value::int(x), Value::string(s)]);
    assert!(egal(pair(1000, "a"), pair(1000, "a")));
    assert!(!egal(pair(1000, "a"), pair(1000, "b")));
    assert_eq!(object_id(pair(5000, "a")), object_id(pair(5000, "a")));
    let (x, y) = (expr::new_expr(Value::symbol("a"), &[]), expr::new_expr(Value::symbol("a"), &[]));
    assert!(!egal(x, y) && egal(x, x));
    assert!(!egal(Value::float64(0.0), Value::float64(-0.0)));
    assert!(egal(Value::float64(f64::NAN), Value::float64(f64::NAN)));
    assert!(!egal(Value::int(1), Value::uint64(1)));
}

#[test]
fn setfield_checks_mutability_and_type() {
    let e = expr::new_expr(Value::symbol("call"), &[Value::int(1)]);
    Builtin::Setfield.eval(&[e, Value::symbol("head"), Value::symbol("ref")]).unwrap();
    assert_eq!(expr::expr_parts(e).unwrap().0.as_str(), "ref");
    let err = Builtin::Setfield.eval(&[e, Value::symbol("head"), Value::int(1)]).unwrap_err();
    assert_eq!(err.0.type_of(), b::type_error());
    let q = expr::new_quote_node(Value::int(1));
    let err = Builtin::Setfield.eval(&[q, Value::symbol("value"), Value::int(2)]).unwrap_err();
    assert_eq!(message(err), "setfield!: immutable struct of type QuoteNode cannot be changed");
    let err = Builtin::Getfield.eval(&[q, Value::symbol("x")]).unwrap_err();
    assert_eq!(message(err), "type QuoteNode has no field x");
}

#[test]
fn arrays_grow_and_check_bounds() {
    let v = array::array_new(b::int64(), &[0]).unwrap();
    let a = array::Array::from_value(v).unwrap();
    for i in 0..1000 {
        a.push(Value::int(i)).unwrap();
    }
    assert_eq!(a.len(), 1000);
    assert_eq!((0..1000).map(|i| a.get(i).unwrap().as_int().unwrap()).sum::<i64>(), 499_500);
    let r = Builtin::Getfield.eval(&[v, Value::symbol("ref")]).unwrap();
    let at = |i: i64| Builtin::MemoryrefNew.eval(&[r, Value::int(i), Value::boolean(true)]);
    let got =
        Builtin::MemoryrefGet.eval(&[at(500).unwrap(), Value::symbol("not_atomic"), Value::boolean(true)]).unwrap();
    assert_eq!(got.as_int(), Some(499));
    assert_eq!(Builtin::MemoryrefOffset.eval(&[at(500).unwrap()]).unwrap().as_int(), Some(500));
    assert_eq!(at(100_000).unwrap_err().0.type_of(), b::bounds_error());
    let err = a.set(0, Value::string("x")).unwrap_err();
    assert_eq!(err.0.type_of(), b::type_error());
}

#[test]
fn intrinsics_throw_what_julia_throws() {
    let e = Intrinsic::CheckedSdivInt.eval(&[Value::int(1), Value::int(0)]).unwrap_err();
    assert_eq!(e.0.type_of(), b::divide_error());
    let r = Intrinsic::CheckedSaddInt.eval(&[Value::int(i64::MAX), Value::int(1)]).unwrap();
    assert_eq!(object::field_at(r, 1).as_bool(), Some(true));
    assert!(Intrinsic::AddInt.eval(&[Value::int(1), Value::float64(1.0)]).is_err());
    assert!(Intrinsic::GpuBarrier.eval(&[]).is_err());
    let x = Intrinsic::Sitofp.eval(&[Value::from(b::float16()), Value::int(3)]).unwrap();
    assert_eq!(x.type_of(), b::float16());
    assert_eq!(Intrinsic::Fptosi.eval(&[Value::from(b::int128()), x]).unwrap().as_any_int(), Some(3));
}

#[test]
fn types_answer_as_objects() {
    let v = Value::from(b::vector_of(b::int64()));
    assert_eq!(v.type_of(), b::data_type());
    let params = Builtin::Getfield.eval(&[v, Value::symbol("parameters")]).unwrap();
    assert_eq!(params.as_svec().unwrap().len(), 2);
    assert_eq!(params.as_svec().unwrap()[1].as_int(), Some(1));
    let name = Builtin::Getfield.eval(&[v, Value::symbol("name")]).unwrap();
    assert_eq!(Builtin::Getfield.eval(&[name, Value::symbol("name")]).unwrap().as_symbol().unwrap().as_str(), "Array");
    assert!(isa(v, b::data_type()) && isa(v, b::any()) && !isa(v, b::int64()));
    let applied = Builtin::ApplyType.eval(&[Value::from(b::array()), Value::from(b::int64()), Value::int(2)]).unwrap();
    assert_eq!(applied.as_type().unwrap().to_string(), "Matrix{Int64}");
}

#[test]
fn pointers_read_and_write_memory() {
    let mut cell = [1i32, 2, 3];
    let p = Value::bits(b::ptr_of(b::int32()), cell.as_mut_ptr());
    let one = Value::int(1);
    assert_eq!(Intrinsic::Pointerref.eval(&[p, Value::int(3), one]).unwrap().as_any_int(), Some(3));
    Intrinsic::Pointerset.eval(&[p, Value::int32(9), Value::int(2), one]).unwrap();
    assert_eq!(cell, [1, 9, 3]);
    let old = Intrinsic::AtomicPointerswap.eval(&[p, Value::int32(7), Value::symbol("monotonic")]).unwrap();
    assert_eq!((old.as_any_int(), cell[0]), (Some(1), 7));
    let r = Intrinsic::AtomicPointerreplace
        .eval(&[p, Value::int32(7), Value::int32(8), Value::symbol("monotonic"), Value::symbol("monotonic")])
        .unwrap();
    assert_eq!(object::field(r, "success").unwrap().as_bool(), Some(true));
    assert!(Intrinsic::Pointerref.eval(&[Value::bits(b::ptr_of(b::int32()), 0usize), one, one]).is_err());
}

#[test]
fn objects_survive_collection_at_every_allocation() {
    gc::stress(1);
    let v = array::vector_any(&[]);
    let a = array::Array::from_value(v).unwrap();
    for i in 0..60 {
        a.push(tuple(&[Value::int(10_000 + i), Value::string(&format!("s{i}"))])).unwrap();
    }
    gc::stress(0);
    for i in 0..60 {
        let t = a.get(i as usize).unwrap();
        assert_eq!(object::field_at(t, 0).as_int(), Some(10_000 + i));
        assert_eq!(object::field_at(t, 1).as_text().unwrap(), format!("s{i}"));
    }
}

#[test]
fn host_functions_work_on_strings_and_big_numbers() {
    let h = |name: &str, args: &[Value]| host::function(name).unwrap().call(args).unwrap();
    let s = h("concat", &[Value::string("añ"), Value::string("!")]);
    assert_eq!(h("string_length", &[s]).as_int(), Some(3));
    assert_eq!(h("string_nextind", &[s, Value::int(2)]).as_int(), Some(4));
    let two = h("big_from_int", &[Value::int(2)]);
    let big = h("big_pow", &[two, Value::int(100)]);
    assert_eq!(h("big_string", &[big, Value::int(10)]).as_text().unwrap(), "1267650600228229401496703205376");
    let neg = h("big_neg", &[big]);
    assert_eq!(h("big_rem_bits", &[Value::from(b::int8()), h("big_sub", &[neg, two])]).as_any_int(), Some(-2));
    assert!(host::function("big_div").unwrap().call(&[big, Value::int(0)]).is_err());
    let m = h("regex_find", &[Value::string("(a+)(b)?"), Value::string(""), Value::string("xaa"), Value::int(1)]);
    let m: Vec<_> = array::Array::from_value(m).unwrap().to_vec().iter().map(|v| v.as_int().unwrap()).collect();
    assert_eq!(m, [2, 3, 2, 3, 0, 0]);
}

#[test]
fn names_resolve_through_exports() {
    let m = Module::create("M".into(), None);
    let a = Module::create("A".into(), None);
    let c = Module::create("C".into(), None);
    a.set_const("x".into(), Value::int(1));
    c.set_const("x".into(), Value::int(2));
    a.set_const("hidden".into(), Value::int(3));
    m.add_using(a);
    assert!(m.get_str("x").is_none());
    a.export("x".into(), true);
    m.add_using(c);
    c.export("x".into(), true);
    assert!(matches!(m.find_in_usings("x".into()), module::Found::Ambiguous(_)));
    assert!(m.get_str("hidden").is_none());
    m.import(a.binding("hidden".into()), "h".into(), true).unwrap();
    assert_eq!(m.get_str("h").unwrap().as_int(), Some(3));
    assert!(m.binding_for_write("h".into()).is_err());
}
