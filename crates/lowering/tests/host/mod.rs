//! A host without an interpreter: values are names, macros are templates.

use base::{FileId, SourceMap, Span, Symbol};
use lowering::{LowerError, LoweringHost, MacroExpansion, lower_toplevel, print_code};
use runtime::{Exception, Value};
use std::collections::HashMap;
use std::sync::Mutex;
use syntax::{Expr, ExprKind, Lit, OpaqueValue};

/// All values ever made: their text by address. Never freed.
static VALUES: Mutex<Option<(HashMap<String, usize>, HashMap<usize, String>)>> = Mutex::new(None);

/// The one value that prints as `text`.
pub fn value(text: &str) -> Value {
    let mut guard = VALUES.lock().unwrap();
    let (by_text, by_addr) = guard.get_or_insert_with(Default::default);
    let addr = *by_text.entry(text.to_string()).or_insert_with(|| {
        let cell: &'static mut [u64; 2] = Box::leak(Box::new([0, 0]));
        let addr = &raw mut cell[1] as usize;
        by_addr.insert(addr, text.to_string());
        addr
    });
    // SAFETY: the cell is never freed, has a (zero) tag word, and nobody looks inside.
    unsafe { Value::from_ptr(addr as *mut u8) }
}

pub fn show(v: Value) -> String {
    let guard = VALUES.lock().unwrap();
    guard.as_ref().and_then(|(_, by_addr)| by_addr.get(&v.addr()).cloned()).unwrap_or_else(|| "?".into())
}

/// A macro by its result: in the template `ARG1`, `ARG2`, … stand for escaped arguments, `ARGS` for a
/// block of all of them, `RAW1` for an argument without `escape`.
pub struct Template {
    pub name: &'static str,
    pub text: &'static str,
}

pub const TEMPLATES: &[Template] = &[
    Template { name: "@swap", text: "begin tmp = ARG1; ARG1 = ARG2; ARG2 = tmp; nothing end" },
    Template { name: "@twice", text: "begin ARG1; ARG1; end" },
    Template { name: "@unhygienic", text: "RAW1" },
    Template { name: "@setx", text: "x = ARG1" },
    Template { name: "@setglobal", text: "global shared = ARG1" },
    Template { name: "@makefn", text: "ARG1(a) = a + helper(a)" },
    Template { name: "@counter", text: "let n = 0; () -> (n += 1; ARG1) end" },
    Template { name: "@nested", text: "begin y = 1; @twice(ARG1 + y) end" },
    Template { name: "@myloop", text: "begin for i in 1:ARG1; ARG2; @goto out; end; @label out end" },
    Template { name: "@quoted", text: "quote; z + $(ARG1) end" },
];

#[derive(Default)]
pub struct FakeHost {
    pub numbers: u32,
    pub soft: bool,
    /// Names that are defined globals.
    pub globals: Vec<&'static str>,
    pub warnings: Vec<String>,
}

fn substitute(e: &Expr, args: &[Expr]) -> Expr {
    let escape = |x: &Expr| Expr::node(Span::NONE, "escape", vec![x.clone()]);
    let kind = match &e.kind {
        ExprKind::Sym(s) => {
            let index = |rest: &str| rest.parse::<usize>().ok().and_then(|i| args.get(i - 1));
            let text = s.as_str();
            if text == "ARGS" {
                return Expr::node(Span::NONE, "block", args.iter().map(escape).collect());
            }
            if let Some(x) = text.strip_prefix("ARG").and_then(index) {
                return escape(x);
            }
            if let Some(x) = text.strip_prefix("RAW").and_then(index) {
                return x.clone();
            }
            ExprKind::Sym(*s)
        }
        ExprKind::Node(h, parts) => ExprKind::Node(*h, parts.iter().map(|p| substitute(p, args)).collect()),
        other => other.clone(),
    };
    Expr { span: Span::NONE, kind }
}

impl LoweringHost for FakeHost {
    fn module(&self) -> Value {
        value("Main")
    }
    fn core_module(&self) -> Value {
        value("Core")
    }
    fn base_module(&self) -> Value {
        value("Base")
    }
    fn module_by_path(&self, path: &str) -> Option<Value> {
        Some(value(path))
    }
    fn expand_macro(&mut self, _: Value, call: &Expr) -> Result<MacroExpansion, Exception> {
        let ExprKind::Node(_, parts) = &call.kind else { unreachable!("a macrocall is a node") };
        let args = parts.get(2..).unwrap_or(&[]);
        let name = match &parts[0].kind {
            ExprKind::Sym(s) => s.as_str(),
            ExprKind::GlobalRef { name, .. } => name.as_str(),
            ExprKind::Node(_, dotted) => match dotted.last().map(|d| &d.kind) {
                Some(ExprKind::Quote(q)) => match &q.kind {
                    ExprKind::Sym(s) => s.as_str(),
                    _ => "",
                },
                _ => "",
            },
            _ => "",
        };
        let expr = match TEMPLATES.iter().find(|t| t.name == name) {
            Some(t) => {
                let file = SourceMap::add("template", t.text);
                let parsed = syntax::parse(file).into_expr();
                // One statement stands for itself.
                let mut statements = match parsed.kind {
                    ExprKind::Node(_, parts) => parts,
                    _ => vec![],
                };
                statements.retain(|s| !matches!(s.kind, ExprKind::Line { .. }));
                let body = match statements.len() {
                    1 => statements.remove(0),
                    _ => Expr::node(Span::NONE, "block", statements),
                };
                substitute(&body, args)
            }
            // Its fields have defaults, which are no syntax of `struct`.
            None if name == "@kwdef" => Expr::nothing(Span::NONE),
            // A macro nobody knows: its arguments, one after another.
            None => Expr::node(
                Span::NONE,
                "escape",
                vec![match args {
                    [one] => one.clone(),
                    _ => Expr::node(Span::NONE, "block", args.to_vec()),
                }],
            ),
        };
        Ok(MacroExpansion { expr, module: value("Macros") })
    }
    fn literal(&mut self, lit: &Lit) -> Value {
        let file = Expr::lit(Span::NONE, lit.clone());
        value(&match lit {
            Lit::Int64(n) => n.to_string(),
            Lit::Bool(b) => b.to_string(),
            Lit::Nothing => "nothing".into(),
            _ => file.to_sexpr(),
        })
    }
    fn symbol(&mut self, name: Symbol) -> Value {
        value(&format!(":{name}"))
    }
    fn nothing(&self) -> Value {
        value("nothing")
    }
    fn boolean(&self, b: bool) -> Value {
        value(if b { "true" } else { "false" })
    }
    fn int(&mut self, n: i64) -> Value {
        value(&n.to_string())
    }
    fn string(&mut self, text: &str) -> Value {
        value(&format!("{text:?}"))
    }
    fn expr_to_value(&mut self, e: &Expr) -> Value {
        match &e.kind {
            ExprKind::Sym(s) => value(&format!(":{s}")),
            ExprKind::Lit(l) => self.literal(l),
            _ => value(&format!("quote {}", e.to_sexpr())),
        }
    }
    fn opaque(&self, v: OpaqueValue) -> Value {
        // SAFETY: only values of this host are ever spliced in.
        unsafe { Value::from_ptr(v.0 as *mut u8) }
    }
    fn is_global_defined(&self, _: Value, name: Symbol) -> bool {
        self.globals.iter().any(|g| *g == name.as_str())
    }
    fn soft_scope(&self) -> bool {
        self.soft
    }
    fn next_number(&mut self, _: Value) -> u32 {
        self.numbers += 1;
        self.numbers
    }
    fn warn(&mut self, message: &str, _: Span) {
        self.warnings.push(message.to_string());
    }
}

/// The top-level statements of a text.
pub fn statements(file: FileId) -> Vec<Expr> {
    let parse = syntax::parse(file);
    assert!(parse.ok(), "{}: {:?}", SourceMap::file(file).name, parse.diagnostics());
    match parse.into_expr().kind {
        ExprKind::Node(_, parts) => parts.into_iter().filter(|p| !matches!(p.kind, ExprKind::Line { .. })).collect(),
        _ => vec![],
    }
}

/// The statements that are lowered one by one: modules are entered.
pub fn flatten(statements: Vec<Expr>) -> Vec<Expr> {
    let mut all = Vec::new();
    for s in statements {
        match s.kind {
            ExprKind::Node(h, mut parts) if h == "module" => {
                let body = parts.pop().unwrap();
                if let ExprKind::Node(_, parts) = body.kind {
                    all.extend(flatten(parts));
                }
            }
            ExprKind::Node(h, parts) if h == "toplevel" => all.extend(flatten(parts)),
            ExprKind::Line { .. } => {}
            kind => all.push(Expr { span: s.span, kind }),
        }
    }
    all
}

/// Lowers one statement; the text of the code or of the findings.
pub fn lower(statement: &Expr, host: &mut FakeHost) -> String {
    match lower_toplevel(statement, host) {
        Ok(code) => print_code(&code, &show),
        Err(LowerError::Invalid(findings)) => {
            let mut text = String::new();
            for f in findings {
                let span = f.labels[0].span;
                let (line, column) = SourceMap::file(span.file).line_column(span.start);
                text += &format!("{}:{}: {} [{}]\n", line, column, f.message, f.code);
            }
            text
        }
        Err(LowerError::MacroThrew { .. }) => "a macro threw\n".into(),
    }
}
