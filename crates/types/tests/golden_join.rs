//! `typejoin`, `typeintersect`, `promote_typejoin` as answered by Julia, down to the printed form.

mod common;
use common::*;
use types::*;

#[test]
fn join_and_intersection_rows_agree() {
    let Some(rows) = golden("typejoin_intersect.json") else { return };
    let mut s = Scope::new();
    let mut wrong = Vec::new();
    for (expr, result) in &rows {
        let (f, _) = expr.split_once('(').unwrap();
        let mut r = Reader::new(expr);
        r.at = f.len() + 1;
        let a = r.ty();
        r.expect(",");
        let b = r.ty();
        let (a, b) = (s.eval(&a), s.eval(&b));
        let t = match f {
            "typejoin" => typejoin(a, b),
            "typeintersect" => intersect(a, b),
            "Base.promote_typejoin" => promote_typejoin(a, b),
            other => panic!("unknown function {other}"),
        };
        if t.to_string() != *result {
            wrong.push(format!("{expr}  gives {t}, should be {result}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
