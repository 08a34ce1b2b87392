//! Subtype, equality, `isa` and type queries as answered by Julia.

mod common;
use common::*;
use types::*;

fn answer(s: &mut Scope, expr: &str) -> bool {
    let mut r = Reader::new(expr);
    if let Some(open) = expr.find('(')
        && open > 0
    {
        let f = &expr[..open];
        r.at = open + 1;
        let x = r.ty();
        if f == "isa" {
            r.expect(",");
            let t = r.ty();
            let (x, t) = (s.type_of(&x), s.eval(&t));
            return subtype(x, t);
        }
        let t = s.eval(&x);
        return match f.trim_start_matches("Base.") {
            "isconcretetype" => t.is_concrete(),
            "isabstracttype" => t.is_abstract(),
            "isdispatchtuple" => t.is_dispatch_tuple(),
            "isbitstype" => t.is_bits(),
            "ismutabletype" => t.is_mutable(),
            "isstructtype" => t.is_struct(),
            "isprimitivetype" => t.is_primitive(),
            "issingletontype" => t.is_singleton(),
            other => panic!("unknown query {other}"),
        };
    }
    r.expect("(");
    let a = r.ty();
    r.expect(")");
    let op = ["<:", "===", "=="].into_iter().find(|op| r.eat(op)).expect("an operator");
    r.expect("(");
    let b = r.ty();
    let (a, b) = (s.eval(&a), s.eval(&b));
    match op {
        "<:" => subtype(a, b),
        "===" => a == b,
        _ => type_equal(a, b),
    }
}

#[test]
fn subtype_rows_agree() {
    let Some(rows) = golden("subtype.json") else { return };
    let mut s = Scope::new();
    let mut wrong = Vec::new();
    for (expr, result) in &rows {
        if answer(&mut s, expr) != (result == "true") {
            wrong.push(format!("{expr}  should be {result}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
