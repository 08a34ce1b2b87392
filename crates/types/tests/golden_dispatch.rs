//! Method selection: rows define methods in source; the types of the arguments choose.

mod common;
#[path = "common/methods.rs"]
mod methods;
use common::golden;
use methods::*;
use types::*;

fn add(methods: &mut Vec<Method>, m: Method) {
    // A signature equal to an existing one replaces it.
    methods.retain(|o| !type_equal(o.sig, m.sig));
    methods.push(m);
}

fn call(methods: &[Method], args: Ty) -> Result<i64, &'static str> {
    let matching: Vec<&Method> = methods.iter().filter(|m| subtype(args, m.sig)).collect();
    if matching.is_empty() {
        return Err("no method");
    }
    let best: Vec<&&Method> = matching
        .iter()
        .filter(|m| matching.iter().all(|o| std::ptr::eq(*o, **m) || more_specific(m.sig, o.sig)))
        .collect();
    match best[..] {
        [one] => Ok(one.result),
        _ => Err("ambiguous"),
    }
}

fn unambiguous(methods: &[Method]) -> bool {
    for (i, a) in methods.iter().enumerate() {
        for b in &methods[i + 1..] {
            if ambiguous(a.sig, b.sig) {
                let both = intersect(a.sig, b.sig);
                let settled = methods.iter().any(|c| {
                    !std::ptr::eq(c, a)
                        && !std::ptr::eq(c, b)
                        && subtype(both, c.sig)
                        && more_specific(c.sig, a.sig)
                        && more_specific(c.sig, b.sig)
                });
                if !settled {
                    return false;
                }
            }
        }
    }
    true
}

#[test]
fn dispatch_rows_agree() {
    let Some(rows) = golden("dispatch.json") else { return };
    let mut wrong = Vec::new();
    for (expr, result) in &rows {
        let (defined, query) = read_row(expr);
        let mut methods = Vec::new();
        for method in defined {
            add(&mut methods, method);
        }
        let got = match query {
            Query::Unambiguous => unambiguous(&methods).to_string(),
            Query::Call(args) => match call(&methods, type_of_tuple(&args)) {
                Ok(i) => i.to_string(),
                Err(e) => e.into(),
            },
        };
        let want = expected(result);
        if got != want {
            wrong.push(format!("{expr}  gives {got}, should be {want}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
