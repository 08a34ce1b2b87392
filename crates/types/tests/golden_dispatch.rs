//! Method selection: rows define methods in source; the types of the arguments choose.

mod common;
use common::*;
use types::*;

/// One method: signature without the function's own type, and what it returns.
#[derive(Clone, Debug)]
struct Method {
    sig: Ty,
    result: i64,
}

fn argument(r: &mut Reader) -> (Ast, bool) {
    // `x`, `x::T`, `::T`, `x...`, `x::T...`, `x=2`
    let any = Ast::Name("Any".into());
    let mut ty = any;
    if r.eat("::") {
        ty = r.ty();
    } else {
        let _ = r.ty();
        if r.eat("::") {
            ty = r.ty();
        }
    }
    let splat = r.eat("...");
    (ty, splat)
}

/// Reads `f(args…) where … = n`; optional arguments give several methods, keywords none.
fn definition(s: &mut Scope, text: &str) -> Vec<Method> {
    let (head, value) = text.rsplit_once(" = ").unwrap();
    let open = head.find('(').unwrap();
    let mut r = Reader::new(head);
    r.at = open + 1;
    let mut args: Vec<(Ast, bool)> = Vec::new();
    let mut optional = 0;
    let mut keywords = false;
    while !r.eat(")") {
        if r.eat(";") {
            keywords = true;
        }
        let a = argument(&mut r);
        let default = r.eat("=");
        if default {
            let _ = r.ty();
        }
        if !keywords {
            optional += usize::from(default);
            args.push(a);
        }
        r.eat(",");
    }
    // Read the `where`s by pretending that the signature is a tuple type.
    let wheres = &head[r.at..];
    let result = value.trim().parse().unwrap();
    (args.len() - optional..=args.len())
        .map(|n| {
            let elems: Vec<Ast> = args[..n]
                .iter()
                .map(|(t, splat)| {
                    if *splat {
                        Ast::Curly(Box::new(Ast::Name("Vararg".into())), vec![t.clone()])
                    } else {
                        t.clone()
                    }
                })
                .collect();
            let tuple = Ast::Curly(Box::new(Ast::Name("Tuple".into())), elems);
            let text = format!("Int{wheres}");
            let ast = match Reader::new(&text).ty() {
                Ast::Where(_, vars) => Ast::Where(Box::new(tuple), vars),
                _ => tuple,
            };
            Method { sig: s.eval(&ast), result }
        })
        .collect()
}

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
        let mut s = Scope::new();
        for f in ["sin", "cos"] {
            s.function(f);
        }
        // Statements end at `; ` outside parentheses.
        let mut parts = Vec::new();
        let (mut depth, mut start) = (0, 0);
        for (i, c) in expr.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                ';' if depth == 0 => {
                    parts.push(expr[start..i].trim());
                    start = i + 1;
                }
                _ => {}
            }
        }
        let query = expr[start..].trim();
        let mut methods = Vec::new();
        for p in parts {
            for m in definition(&mut s, p) {
                add(&mut methods, m);
            }
        }
        let got = if query.starts_with("isempty_ambiguities") {
            unambiguous(&methods).to_string()
        } else {
            let mut r = Reader::new(query);
            r.at = query.find('(').unwrap() + 1;
            let mut args = Vec::new();
            let mut keyword = false;
            while !r.eat(")") {
                let a = r.ty();
                if r.eat("=") {
                    let _ = r.ty();
                    keyword = true;
                } else {
                    args.push(value_type(&mut s, &a));
                }
                r.eat(",");
            }
            if keyword {
                // Keyword calls choose among other methods; these rows only need the first's.
                methods.truncate(1);
            }
            match call(&methods, type_of_tuple(&args)) {
                Ok(i) => i.to_string(),
                Err(e) => e.into(),
            }
        };
        let want = if result.contains("is ambiguous") {
            "ambiguous"
        } else if result.contains("no method matching") {
            "no method"
        } else {
            result
        };
        if got != want {
            wrong.push(format!("{expr}  gives {got}, should be {want}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn value_type(s: &mut Scope, a: &Ast) -> Ty {
    match a {
        Ast::Call(f, _) if f == "C1" || f == "C2" => s.eval(&Ast::Name(f.clone())),
        Ast::Call(f, args) if f == "P" => {
            let t = s.type_of(&args[0]);
            apply(s.names["P"], &[t]).unwrap()
        }
        Ast::Call(f, args) if f == "ones" => {
            let dims = args.iter().filter(|a| matches!(a, Ast::Int(_))).count() as i64;
            let elem = match &args[0] {
                Ast::Name(n) => s.read(n),
                _ => builtin::float64(),
            };
            builtin::array_of(elem, dims)
        }
        Ast::Vect(e) if !matches!(**e, Ast::Name(_)) => {
            let t = s.type_of(e);
            builtin::vector_of(t)
        }
        Ast::NamedTuple(name, value) => {
            let t = s.type_of(value);
            apply(builtin::named_tuple(), &[Ty::symbols(&[name.as_str().into()]), type_of_tuple(&[t])]).unwrap()
        }
        other => s.type_of(other),
    }
}
