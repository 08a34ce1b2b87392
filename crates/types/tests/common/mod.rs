//! A throw-away reader of type expressions, for tests that state types as Julia source.
#![allow(dead_code)]

use std::collections::HashMap;
use types::builtin as b;
use types::*;

#[derive(Clone, Debug, PartialEq)]
pub enum Ast {
    Name(String),
    Int(i64),
    Sym(String),
    Tuple(Vec<Ast>),
    Curly(Box<Ast>, Vec<Ast>),
    /// `<:T` or `>:T` as a parameter.
    Bounded(bool, Box<Ast>),
    Where(Box<Ast>, Vec<(Option<Ast>, String, Option<Ast>)>),
    Call(String, Vec<Ast>),
    Float,
    Str,
    Vect(Box<Ast>),
    Range,
    /// `(a=1,)`
    NamedTuple(String, Box<Ast>),
    Hex,
    Imaginary,
}

pub struct Reader<'a> {
    pub text: &'a [u8],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text: text.as_bytes(), at: 0 }
    }

    pub fn space(&mut self) {
        while self.at < self.text.len() && self.text[self.at] == b' ' {
            self.at += 1;
        }
    }

    pub fn eat(&mut self, s: &str) -> bool {
        self.space();
        if self.text[self.at..].starts_with(s.as_bytes()) {
            self.at += s.len();
            return true;
        }
        false
    }

    pub fn expect(&mut self, s: &str) {
        assert!(self.eat(s), "expected {s} at {:?}", String::from_utf8_lossy(&self.text[self.at..]));
    }

    fn word(&mut self) -> String {
        self.space();
        let start = self.at;
        while self.at < self.text.len() {
            let c = self.text[self.at];
            let dot = c == b'.' && self.text.get(self.at + 1).is_some_and(|n| n.is_ascii_alphanumeric());
            if c.is_ascii_alphanumeric() || c == b'_' || dot || c == b'!' || c == b'#' || c >= 128 {
                self.at += 1;
            } else {
                break;
            }
        }
        String::from_utf8(self.text[start..self.at].to_vec()).unwrap()
    }

    pub fn ty(&mut self) -> Ast {
        let mut t = self.postfix();
        loop {
            let save = self.at;
            if self.word() != "where" {
                self.at = save;
                return t;
            }
            let mut vars = Vec::new();
            if self.eat("{") {
                while !self.eat("}") {
                    vars.push(self.bound());
                    self.eat(",");
                }
            } else {
                vars.push(self.bound());
            }
            t = Ast::Where(Box::new(t), vars);
        }
    }

    fn bound(&mut self) -> (Option<Ast>, String, Option<Ast>) {
        let first = self.postfix();
        let name = |a: &Ast| match a {
            Ast::Name(n) => n.clone(),
            other => panic!("not a variable: {other:?}"),
        };
        if self.eat("<:") {
            let second = self.postfix();
            if self.eat("<:") {
                let third = self.postfix();
                return (Some(first), name(&second), Some(third));
            }
            return (None, name(&first), Some(second));
        }
        if self.eat(">:") {
            let second = self.postfix();
            return (Some(second), name(&first), None);
        }
        (None, name(&first), None)
    }

    fn postfix(&mut self) -> Ast {
        let mut t = self.primary();
        loop {
            if self.at < self.text.len() && self.text[self.at] == b'{' {
                self.at += 1;
                let mut args = Vec::new();
                while !self.eat("}") {
                    args.push(if self.eat("<:") {
                        Ast::Bounded(true, Box::new(self.ty()))
                    } else if self.eat(">:") {
                        Ast::Bounded(false, Box::new(self.ty()))
                    } else {
                        self.ty()
                    });
                    self.eat(",");
                }
                t = Ast::Curly(Box::new(t), args);
            } else if self.at < self.text.len()
                && self.text[self.at] == b'('
                && let Ast::Name(n) = &t
            {
                self.at += 1;
                let n = n.clone();
                let mut args = Vec::new();
                while !self.eat(")") {
                    args.push(self.ty());
                    self.eat(",");
                }
                t = Ast::Call(n, args);
            } else {
                return t;
            }
        }
    }

    fn primary(&mut self) -> Ast {
        self.space();
        if self.eat("(") {
            let mut elems = Vec::new();
            let mut comma = false;
            while !self.eat(")") {
                let e = self.ty();
                if let (Ast::Name(n), true) = (&e, self.text[self.at] == b'=') {
                    self.at += 1;
                    let n = n.clone();
                    let value = Box::new(self.ty());
                    self.eat(",");
                    self.expect(")");
                    return Ast::NamedTuple(n, value);
                }
                elems.push(e);
                comma |= self.eat(",");
            }
            return if elems.len() == 1 && !comma { elems.pop().unwrap() } else { Ast::Tuple(elems) };
        }
        if self.eat("[") {
            let t = self.ty();
            self.expect("]");
            return Ast::Vect(Box::new(t));
        }
        if self.eat("\"") {
            while self.text[self.at] != b'"' {
                self.at += 1;
            }
            self.at += 1;
            return Ast::Str;
        }
        if self.eat(":") {
            return Ast::Sym(self.word());
        }
        let save = self.at;
        for op in ["===", "==", "+", "-"] {
            if self.eat(op) {
                return Ast::Name(op.into());
            }
        }
        let w = self.word();
        if w.is_empty() {
            panic!("cannot read {:?}", String::from_utf8_lossy(&self.text[save..]));
        }
        if w.as_bytes()[0].is_ascii_digit() {
            if self.eat(":") {
                self.word();
                return Ast::Range;
            }
            if w.starts_with("0x") {
                return Ast::Hex;
            }
            if w.ends_with("im") {
                return Ast::Imaginary;
            }
            if let Ok(i) = w.parse() {
                return Ast::Int(i);
            }
            return Ast::Float;
        }
        Ast::Name(w)
    }
}

/// Named types.
pub struct Scope {
    pub names: HashMap<String, Ty>,
    pub functions: HashMap<String, Ty>,
}

fn var(name: &str) -> TypeVar {
    TypeVar::unbounded(name)
}

impl Scope {
    pub fn new() -> Scope {
        let mut s = Scope { names: HashMap::new(), functions: HashMap::new() };
        for (n, t) in b::all() {
            s.names.insert(n.into(), t);
            s.names.insert(format!("Core.{n}"), t);
        }
        s.alias("Int", b::int64());
        s.alias("UInt", b::uint64());
        s.alias("Cvoid", b::nothing());
        let t = var("T");
        s.alias("Vector", make_unionall(t, s.of("Array", &[t.ty(), Ty::int(1)])));
        s.alias("Matrix", make_unionall(t, s.of("Array", &[t.ty(), Ty::int(2)])));
        s.alias("DenseVector", make_unionall(t, s.of("DenseArray", &[t.ty(), Ty::int(1)])));
        s.alias("AbstractVector", make_unionall(t, s.of("AbstractArray", &[t.ty(), Ty::int(1)])));
        s.alias("AbstractMatrix", make_unionall(t, s.of("AbstractArray", &[t.ty(), Ty::int(2)])));
        let n = var("N");
        let nt = type_of_tuple(&[apply(b::vararg(), &[t.ty(), n.ty()]).unwrap()]);
        s.alias("NTuple", wrap_unionall(&[n, t], nt));
        let vectors = [s.names["Vector"], s.names["Matrix"]].map(|a| instantiate_all(a, &[t.ty()]));
        s.alias("VecOrMat", make_unionall(t, make_union(&vectors)));
        s.structure("Base", "Val", &["x"], "Any", &[]);
        s.structure("Base", "Missing", &[], "Any", &[]);
        s.structure("Base", "Pair", &["A", "B"], "Any", &[("first", "A"), ("second", "B")]);
        s.structure("Base", "RefValue", &["T"], "Ref{T}", &[("x", "T")]);
        s.structure_bounded("Base", "Complex", &[("T", "Real")], "Number", &[("re", "T"), ("im", "T")]);
        s.structure_bounded("Base", "Rational", &[("T", "Integer")], "Real", &[("num", "T"), ("den", "T")]);
        s.abstract_type("Base", "AbstractRange", &["T"], "AbstractVector{T}");
        s.abstract_type("Base", "OrdinalRange", &["T", "S"], "AbstractRange{T}");
        s.abstract_type("Base", "AbstractUnitRange", &["T"], "OrdinalRange{T,T}");
        s.structure_bounded(
            "Base",
            "UnitRange",
            &[("T", "Real")],
            "AbstractUnitRange{T}",
            &[("start", "T"), ("stop", "T")],
        );
        s.structure("Base", "SubArray", &["T", "N", "P", "I", "L"], "AbstractArray{T,N}", &[]);
        s.abstract_type("Main", "A", &[], "Any");
        s.abstract_type("Main", "B", &[], "A");
        s.structure("Main", "C1", &[], "B", &[]);
        s.structure("Main", "C2", &[], "A", &[]);
        s.structure("Main", "P", &["T"], "Any", &[("x", "T")]);
        s.abstract_type("Main", "AP", &["T"], "Any");
        s.structure("Main", "Q", &["T", "N"], "AP{T}", &[]);
        s
    }

    fn of(&self, name: &str, params: &[Ty]) -> Ty {
        apply(self.names[name], params).unwrap()
    }

    fn alias(&mut self, name: &str, ty: Ty) {
        self.names.insert(name.into(), ty);
    }

    pub fn abstract_type(&mut self, module: &str, name: &str, params: &[&str], sup: &str) {
        let params: Vec<(&str, &str)> = params.iter().map(|&p| (p, "Any")).collect();
        self.define(module, name, &params, sup, NameKind::Abstract, None);
    }

    pub fn structure(&mut self, module: &str, name: &str, params: &[&str], sup: &str, fields: &[(&str, &str)]) {
        let params: Vec<(&str, &str)> = params.iter().map(|&p| (p, "Any")).collect();
        self.structure_bounded(module, name, &params, sup, fields);
    }

    pub fn structure_bounded(
        &mut self,
        module: &str,
        name: &str,
        params: &[(&str, &str)],
        sup: &str,
        fields: &[(&str, &str)],
    ) {
        self.define(module, name, params, sup, NameKind::Struct { mutable: false }, Some(fields));
    }

    fn define(
        &mut self,
        module: &str,
        name: &str,
        params: &[(&str, &str)],
        sup: &str,
        kind: NameKind,
        fields: Option<&[(&str, &str)]>,
    ) {
        let vars: Vec<TypeVar> = params.iter().map(|(p, ub)| TypeVar::new(*p, b::bottom(), self.read(ub))).collect();
        let decl = TypeDecl { name: name.into(), module: module.into(), params: vars.clone(), kind };
        let tn = TypeName::declare(decl);
        let shadowed: Vec<(String, Option<Ty>)> =
            vars.iter().map(|v| (v.name().to_string(), self.names.insert(v.name().to_string(), v.ty()))).collect();
        tn.set_supertype(self.read(sup)).unwrap();
        if let Some(fields) = fields {
            tn.set_fields(FieldDefs {
                names: fields.iter().map(|f| f.0.into()).collect(),
                types: fields.iter().map(|f| self.read(f.1)).collect(),
                ninit: fields.len(),
                ..Default::default()
            });
        }
        for (n, old) in shadowed {
            match old {
                Some(t) => self.names.insert(n, t),
                None => self.names.remove(&n),
            };
        }
        self.names.insert(name.into(), tn.wrapper());
    }

    /// `typeof(name)` of a generic function.
    pub fn function(&mut self, name: &str) -> Ty {
        if let Some(&t) = self.functions.get(name) {
            return t;
        }
        let tn = TypeName::declare(TypeDecl {
            name: format!("#{name}").as_str().into(),
            module: "Base".into(),
            params: Vec::new(),
            kind: NameKind::Struct { mutable: false },
        });
        tn.set_supertype(b::function()).unwrap();
        tn.set_fields(FieldDefs::default());
        tn.set_function(name.into());
        self.functions.insert(name.into(), tn.wrapper());
        tn.wrapper()
    }

    pub fn read(&mut self, text: &str) -> Ty {
        let mut r = Reader::new(text);
        let ast = r.ty();
        r.space();
        assert_eq!(r.at, text.len(), "left over in {text}");
        self.eval(&ast)
    }

    pub fn eval(&mut self, ast: &Ast) -> Ty {
        self.try_eval(ast).unwrap_or_else(|e| panic!("{ast:?}: {e}"))
    }

    fn with_var<R>(&mut self, v: TypeVar, f: impl FnOnce(&mut Scope) -> R) -> R {
        let name = v.name().to_string();
        let old = self.names.insert(name.clone(), v.ty());
        let r = f(self);
        match old {
            Some(t) => self.names.insert(name, t),
            None => self.names.remove(&name),
        };
        r
    }

    fn wheres(&mut self, body: &Ast, vars: &[(Option<Ast>, String, Option<Ast>)]) -> Result<Ty, ApplyError> {
        let Some(((lo, name, hi), rest)) = vars.split_first() else { return self.try_eval(body) };
        let lo = lo.as_ref().map_or(Ok(b::bottom()), |a| self.try_eval(a))?;
        let hi = hi.as_ref().map_or(Ok(b::any()), |a| self.try_eval(a))?;
        let v = TypeVar::new(name.as_str(), lo, hi);
        let body = self.with_var(v, |s| s.wheres(body, rest))?;
        Ok(make_unionall(v, body))
    }

    pub fn try_eval(&mut self, ast: &Ast) -> Result<Ty, ApplyError> {
        Ok(match ast {
            Ast::Name(n) => *self.names.get(n).unwrap_or_else(|| panic!("unknown {n}")),
            Ast::Int(i) => Ty::int(*i),
            Ast::Sym(s) => Ty::sym(s.as_str()),
            Ast::Tuple(elems) => Ty::from_param(ParamValue::Tuple(
                elems.iter().map(|e| self.eval(e).param_value().unwrap().clone()).collect(),
            )),
            Ast::Where(body, vars) => self.wheres(body, vars)?,
            Ast::Call(f, args) if f == "typeof" => match &args[0] {
                Ast::Name(n) => self.function(n),
                other => self.type_of(other),
            },
            Ast::Curly(head, args) => {
                let mut implicit = Vec::new();
                let mut params = Vec::new();
                for a in args {
                    match a {
                        Ast::Bounded(below, t) => {
                            let t = self.try_eval(t)?;
                            let (lo, hi) = if *below { (b::bottom(), t) } else { (t, b::any()) };
                            let v = TypeVar::new(format!("#s{}", implicit.len() + 1).as_str(), lo, hi);
                            implicit.push(v);
                            params.push(v.ty());
                        }
                        a => params.push(self.try_eval(a)?),
                    }
                }
                let head = self.try_eval(head)?;
                wrap_unionall(&implicit, apply(head, &params)?)
            }
            other => panic!("not a type: {other:?}"),
        })
    }

    /// The type of a value expression, `Type{T}` of a type's.
    pub fn type_of(&mut self, ast: &Ast) -> Ty {
        match ast {
            Ast::Int(_) => b::int64(),
            Ast::Float => b::float64(),
            Ast::Hex => b::uint8(),
            Ast::Imaginary => self.read("Complex{Int}"),
            Ast::Str => b::string(),
            Ast::Sym(_) => b::symbol(),
            Ast::Range => self.read("UnitRange{Int}"),
            Ast::Vect(e) => {
                let t = self.plain_type_of(e);
                b::vector_of(t)
            }
            Ast::Tuple(es) => {
                let ts: Vec<Ty> = es.iter().map(|e| self.plain_type_of(e)).collect();
                type_of_tuple(&ts)
            }
            Ast::Call(f, args) if f == "Ref" => {
                let t = self.type_of(&args[0]);
                apply(self.names["RefValue"], &[t]).unwrap()
            }
            Ast::Call(f, args) if f == "Val" => {
                let t = self.eval(&args[0]);
                apply(self.names["Val"], &[t]).unwrap()
            }
            Ast::Name(n) if n == "nothing" => b::nothing(),
            Ast::Name(n) if n == "missing" => self.names["Missing"],
            Ast::Name(n) if !self.names.contains_key(n) => self.function(n),
            ty => b::type_of_type(self.eval(ty)),
        }
    }

    /// `typeof`: a type's is its kind.
    pub fn plain_type_of(&mut self, ast: &Ast) -> Ty {
        let t = self.type_of(ast);
        match t.type_param() {
            Some(inner) => inner.kind_type(),
            None => t,
        }
    }
}

/// `(expr, result)` rows of a golden file; `None` (said aloud) where the data is absent.
pub fn golden(file: &str) -> Option<Vec<(String, String)>> {
    let path = format!("{}/../../../shared/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("SKIPPED: no {path}");
        return None;
    };
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    Some(
        rows.as_array()
            .unwrap()
            .iter()
            .map(|r| (r["expr"].as_str().unwrap().into(), r["result"].as_str().unwrap().into()))
            .collect(),
    )
}
