//! Reading the rows of `dispatch.json`: method definitions in source, and one call or question.

use crate::common::*;
use types::*;

/// One method: signature without the function's own type, and what it returns.
#[derive(Clone, Debug)]
pub struct Method {
    pub sig: Ty,
    pub result: i64,
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
            let elems: Vec<Ast> =
                args[..n]
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

/// What a row asks.
pub enum Query {
    /// Whether no two methods are ambiguous.
    Unambiguous,
    /// Which method a call with arguments of these types goes to.
    Call(Vec<Ty>),
}

/// The definitions of a row, in order, and its question.
pub fn read_row(expr: &str) -> (Vec<Method>, Query) {
    let mut s = Scope::new();
    for f in ["sin", "cos"] {
        s.function(f);
    }
    // Statements end at `; ` outside parentheses.
    let mut methods = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (i, c) in expr.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth == 0 => {
                methods.extend(definition(&mut s, expr[start..i].trim()));
                start = i + 1;
            }
            _ => {}
        }
    }
    let query = expr[start..].trim();
    if query.starts_with("isempty_ambiguities") {
        return (methods, Query::Unambiguous);
    }
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
    (methods, Query::Call(args))
}

/// The result of a row in the words of this test: a number, `true`, `no method`, `ambiguous`.
pub fn expected(result: &str) -> &str {
    if result.contains("is ambiguous") {
        "ambiguous"
    } else if result.contains("no method matching") {
        "no method"
    } else {
        result
    }
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
