//! Expressions as source text, laid out as Julia's `show` of an `Expr` does.

use super::digits;
use crate::{Module, Value, core_types, expr};
use syntax::{Prec, is_keyword, is_operator, precedence};

/// Is the text a name as `Base.isidentifier` means it? Keywords are, `true` and `false` are not.
pub fn is_identifier(s: &str) -> bool {
    let mut chars = s.chars();
    s != "true"
        && s != "false"
        && chars.next().is_some_and(syntax::is_ident_start)
        && chars.all(syntax::is_ident_continue)
}

/// Can the name stand in an expression as it is?
fn is_plain_name(s: &str) -> bool {
    is_identifier(s) && !is_keyword(s)
        || is_operator(s) && !matches!(s, "'" | "::" | "?" | "&&" | "||" | "." | "..." | "->" | "where")
}

/// The text of code as `print` gives it.
pub fn source(v: Value) -> String {
    let mut p = Printer::default();
    p.show(v, 0, STATEMENT);
    p.out
}

/// The text of code as `show` gives it: quoted.
pub fn quoted_source(v: Value) -> String {
    let mut p = Printer::default();
    p.quote(v, 0);
    p.out
}

const INDENT: usize = 4;

/// The strength of the surroundings of a statement: nothing needs parentheses.
const STATEMENT: i32 = -1;
const ASSIGNMENT: i32 = 1;
const POWER: i32 = 15;
const DECL: i32 = 16;

/// How strongly a binary operator binds; 0 for what is none.
fn strength(op: &str) -> i32 {
    match op {
        // an anonymous function stands in parentheses everywhere but as a statement
        "->" | "'" | "..." | "!" | "?" => return 0,
        _ => {}
    }
    match precedence(op) {
        None | Some(Prec::Unary) => 0,
        Some(p) => p as i32 + 1,
    }
}

/// Heads of expressions whose two arguments stand around the head.
fn is_infix_head(head: &str) -> bool {
    matches!(head, "->" | "::" | ":" | "=>" | "<:" | ">:" | "&&" | "||" | ":=" | ".&&" | ".||" | "-->")
        || head == "="
        || head.ends_with('=') && precedence(head) == Some(Prec::Assignment)
}

#[derive(Default)]
struct Printer {
    out: String,
    /// Inside of an index, where `begin` and `end` are values.
    in_index: bool,
}

/// How the items of a list are shown.
#[derive(Clone, Copy, Default)]
struct Items {
    prec: i32,
    /// Operators as values stand in parentheses.
    enclose_operators: bool,
    /// `kw` nodes are keyword arguments.
    keywords: bool,
}

fn head_of(v: Value) -> Option<&'static str> {
    expr::expr_parts(v).map(|(h, _)| h.as_str())
}

fn is_head(v: Value, head: &str) -> bool {
    head_of(v) == Some(head)
}

fn is_unary(op: &str) -> bool {
    matches!(
        op.strip_prefix('.').filter(|t| !t.is_empty()).unwrap_or(op),
        "+" | "-" | "!" | "~" | "¬" | "√" | "∛" | "∜" | "<:" | ">:" | "±" | "∓" | "&" | "::"
    )
}

impl Printer {
    fn put(&mut self, s: &str) {
        self.out.push_str(s);
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn name(&mut self, s: &str, macro_name: bool) {
        if is_plain_name(s) || self.in_index && matches!(s, "begin" | "end") {
            self.put(s);
        } else if let (true, Some(rest)) = (macro_name, s.strip_prefix('@')) {
            self.put("@");
            self.name(rest, false);
        } else {
            let text = format!("var{}", quoted(s));
            self.put(&text);
        }
    }

    /// Code in quotes: `:(…)`, or `quote … end` for a block.
    fn quote(&mut self, v: Value, indent: usize) {
        match (v.as_symbol(), expr::expr_parts(v)) {
            (Some(s), _) => {
                let s = s.as_str();
                if matches!(s, ":" | "::" | ":=" | "=" | "==" | "===" | "=>") {
                    self.put(&format!(":({s})"));
                } else if is_identifier(s) || is_operator(s) && s != "'" {
                    self.put(&format!(":{s}"));
                } else {
                    self.put(&format!(":(var{})", quoted(s)));
                }
            }
            (None, Some((h, args))) if h.as_str() == "block" => {
                let outer = std::mem::take(&mut self.in_index);
                self.block("quote", &[], &args, indent);
                self.put("end");
                self.in_index = outer;
            }
            _ => {
                self.put(":(");
                self.show(v, indent + 2, STATEMENT);
                self.put(")");
            }
        }
    }

    /// Items with a separator; what is nested inside is indented further.
    fn list(&mut self, items: &[Value], sep: &str, indent: usize, how: Items) {
        let indent = indent + INDENT;
        for (i, &item) in items.iter().enumerate() {
            if i > 0 {
                self.put(sep);
            }
            let wrap = i == 0 && how.prec >= POWER && self.starts_with_sign(item)
                || how.enclose_operators
                    && item.as_symbol().is_some_and(|s| is_operator(s.as_str()) && is_plain_name(s.as_str()));
            let prec = if wrap { 0 } else { how.prec };
            if wrap {
                self.put("(");
            }
            match expr::expr_parts(item) {
                Some((h, kw)) if how.keywords && h.as_str() == "kw" && kw.len() == 2 => {
                    self.list(&kw, " = ", indent - INDENT, Items { prec: ASSIGNMENT, ..Items::default() });
                }
                _ => self.show(item, indent, prec),
            }
            if wrap {
                self.put(")");
            }
        }
    }

    /// `-x` and negative numbers, which an operator to their right would take apart.
    fn starts_with_sign(&self, v: Value) -> bool {
        if let Some((h, args)) = expr::expr_parts(v) {
            return h.as_str() == "call"
                && args.first().and_then(|f| f.as_symbol()).is_some_and(|f| is_unary(f.as_str()));
        }
        v.as_any_int().is_some_and(|i| i < 0) || v.as_float64().is_some_and(|x| x < 0.0)
    }

    fn enclosed(&mut self, open: &str, items: &[Value], sep: &str, close: &str, indent: usize, how: Items) {
        self.put(open);
        self.list(items, sep, indent, how);
        self.put(close);
    }

    /// A list of operands, in parentheses where the surroundings bind as strongly.
    fn operands(&mut self, items: &[Value], sep: &str, indent: usize, own: i32, outer: i32, enclose_operators: bool) {
        let how = Items { prec: own, enclose_operators, keywords: false };
        if own <= outer {
            self.enclosed("(", items, sep, ")", indent, how);
        } else {
            self.list(items, sep, indent, how);
        }
    }

    /// `head args`, then the statements, each on a line of its own.
    fn block(&mut self, head: &str, args: &[Value], body: &[Value], indent: usize) {
        self.put(head);
        if !args.is_empty() {
            self.put(" ");
            self.list(args, if head == "elseif" { " " } else { ", " }, indent, Items::default());
        }
        let inner = if matches!(head, "module" | "baremodule") { indent } else { indent + INDENT };
        let outer = std::mem::take(&mut self.in_index);
        for &s in body {
            self.line(inner);
            self.show(s, inner, STATEMENT);
        }
        self.in_index = outer;
        self.line(indent);
    }

    /// A block whose argument may itself be a block (`let x = 1, y = 2`) and whose body may be one expression.
    fn block_with(&mut self, head: &str, arg: Option<Value>, body: Value, indent: usize) {
        let args = match arg {
            None => crate::ValueVec::new(),
            Some(a) => match expr::expr_parts(a) {
                Some((h, parts)) if matches!(h.as_str(), "block" | "elseif") => parts,
                _ => std::iter::once(a).collect(),
            },
        };
        let statements = match expr::expr_parts(body) {
            Some((h, parts)) if matches!(h.as_str(), "block" | "quote") => parts,
            _ => std::iter::once(body).collect(),
        };
        self.block(head, &args, &statements, indent);
    }

    /// `f(args; keywords)` and its relatives.
    fn call(&mut self, head: &str, f: Value, args: &[Value], indent: usize, keywords: bool) {
        let (open, close) = match head {
            "ref" => ("[", "]"),
            "curly" => ("{", "}"),
            _ => ("(", ")"),
        };
        let bare = match (f.as_symbol(), head_of(f)) {
            (Some(s), _) => s.as_str() != ":" && !(head == "." && is_operator(s.as_str())),
            (None, Some(h)) => matches!(h, "." | "curly"),
            (None, None) => expr::global_ref_parts(f).is_some(),
        };
        if bare {
            match f.as_symbol() {
                Some(s) => self.name(s.as_str(), head == "macrocall"),
                None => self.show(f, indent, 0),
            }
        } else {
            self.put("(");
            self.show(f, indent, 0);
            self.put(")");
        }
        if head == "." {
            self.put(".");
        }
        let how = Items { keywords, ..Items::default() };
        let outer = self.in_index;
        self.in_index |= head == "ref";
        match args.first().and_then(|a| expr::expr_parts(*a)) {
            Some((h, params)) if h.as_str() == "parameters" => {
                self.put(open);
                self.list(&args[1..], ", ", indent, how);
                self.put("; ");
                self.list(&params, ", ", indent, how);
                self.put(close);
            }
            _ => self.enclosed(open, args, ", ", close, indent, how),
        }
        self.in_index = outer;
    }

    fn show(&mut self, v: Value, indent: usize, prec: i32) {
        if let Some(s) = v.as_symbol() {
            return self.name(s.as_str(), false);
        }
        if let Some((h, args)) = expr::expr_parts(v) {
            return self.node(h.as_str(), &args, indent, prec);
        }
        if let Some(inner) = expr::quoted(v) {
            if inner.as_symbol().is_some() {
                return self.quote(inner, indent);
            }
            let text = match head_of(inner) {
                Some(_) => quoted_source(inner),
                None => literal(inner),
            };
            return self.put(&format!("$(QuoteNode({text}))"));
        }
        if let Some((line, file)) = expr::line_parts(v) {
            return self.put(&format!("#= {file}:{line} =#"));
        }
        if let Some((m, name)) = expr::global_ref_parts(v) {
            let m = Module::from_value(m).map_or_else(String::new, |m| m.path());
            self.put(&format!("{m}."));
            return self.name(name.as_str(), true);
        }
        let text = literal(v);
        self.put(&text);
    }

    fn node(&mut self, head: &str, args: &[Value], indent: usize, prec: i32) {
        match (head, args) {
            (".", [a, b]) if !is_head(*b, "tuple") => self.field(*a, *b, indent),
            (".", [f, t]) => {
                let inner = expr::expr_parts(*t).map(|(_, a)| a).unwrap_or_default();
                self.call(".", *f, &inner, indent, true);
            }
            (".", [op]) => {
                self.put("(.");
                self.show(*op, indent, 0);
                self.put(")");
            }
            (":", [_, _, _]) => self.operands(args, ":", indent, strength(":"), prec, true),
            (_, [_, _]) if is_infix_head(head) => {
                let sep = if matches!(head, "->" | "::" | ":") { head.to_string() } else { format!(" {head} ") };
                self.operands(args, &sep, indent, strength(head), prec, true);
            }
            ("vect" | "vcat" | "hcat" | "tuple" | "braces" | "bracescat" | "row", _) => {
                self.brackets(head, args, indent)
            }
            ("ncat" | "nrow", [d, rest @ ..]) => {
                let sep = ";".repeat(d.as_int().unwrap_or(1).max(1) as usize) + " ";
                let (open, close) = if head == "ncat" { ("[", "]") } else { ("", "") };
                self.enclosed(open, rest, &sep, close, indent, Items::default());
            }
            ("typed_vcat" | "typed_hcat" | "typed_ncat", [t, rest @ ..]) => {
                self.show(*t, indent, prec);
                self.node(&head["typed_".len()..], rest, indent, 0);
            }
            ("'", [a]) => {
                let wrap = head_of(*a).is_some() || a.as_symbol().is_some_and(|s| is_operator(s.as_str()));
                self.wrapped(wrap, |p| p.show(*a, indent, 0));
                self.put("'");
            }
            ("function" | "macro", [name]) => {
                self.put(&format!("{head} "));
                self.show(*name, indent, 0);
                self.put(" end");
            }
            ("function", [sig, body]) if is_head(*sig, "call") => {
                // the name of the function is no operator here
                self.put("function ");
                if let Some((_, parts)) = expr::expr_parts(*sig)
                    && let [f, rest @ ..] = &parts[..]
                {
                    self.call("call", *f, rest, indent + INDENT, true);
                }
                let statements = match expr::expr_parts(*body) {
                    Some((h, parts)) if h.as_str() == "block" => parts,
                    _ => std::iter::once(*body).collect(),
                };
                self.block("", &[], &statements, indent);
                self.put("end");
            }
            ("call", [f, rest @ ..]) => self.call_node(*f, rest, indent, prec),
            ("comparison", [_, _, _, ..]) => {
                let own = args
                    .iter()
                    .skip(1)
                    .step_by(2)
                    .filter_map(|o| o.as_symbol())
                    .map(|o| strength(o.as_str()))
                    .min()
                    .unwrap_or(0);
                self.operands(args, " ", indent, own, prec, false);
            }
            ("ref" | "curly", [f, rest @ ..]) => self.call(head, *f, rest, indent, head != "curly"),
            ("typed_comprehension", [t, g]) => {
                self.show(*t, indent, 0);
                self.put("[");
                self.generator(*g, indent);
                self.put("]");
            }
            ("comprehension", [g]) => {
                self.put("[");
                self.generator(*g, indent);
                self.put("]");
            }
            ("generator" | "flatten", [_, ..]) => {
                self.put("(");
                self.generator_parts(head, args, indent);
                self.put(")");
            }
            ("filter", [cond, specs @ ..]) => {
                self.list(specs, ", ", indent, Items::default());
                self.put(" if ");
                self.show(*cond, indent, 0);
            }
            ("for" | "while" | "function" | "macro" | "if" | "elseif" | "let", [arg, body]) => {
                self.block_with(head, Some(*arg), *body, indent);
                self.put("end");
            }
            ("if" | "elseif", [c, a, b]) => {
                self.block_with(head, Some(*c), *a, indent);
                if is_head(*b, "elseif") {
                    self.show(*b, indent, prec);
                } else {
                    self.block_with("else", None, *b, indent);
                    self.put("end");
                }
            }
            ("do", [call, f]) => self.do_node(*call, *f, indent),
            ("module", [plain, name, body]) => {
                self.block_with(
                    if plain.as_bool() == Some(false) { "baremodule" } else { "module" },
                    Some(*name),
                    *body,
                    indent,
                );
                self.put("end");
            }
            ("struct", [mutable, name, body]) => {
                self.block_with(
                    if mutable.as_bool() == Some(true) { "mutable struct" } else { "struct" },
                    Some(*name),
                    *body,
                    indent,
                );
                self.put("end");
            }
            ("abstract", [name]) => {
                self.put("abstract type ");
                self.list(&[*name], ", ", indent, Items::default());
                self.put(" end");
            }
            ("primitive", [_, _]) => {
                self.put("primitive type ");
                self.list(args, " ", indent, Items::default());
                self.put(" end");
            }
            ("try", [body, var, catch, rest @ ..]) => {
                self.block_with("try", None, *body, indent);
                if catch.as_bool() != Some(false) {
                    let var = (var.as_bool() != Some(false)).then_some(*var);
                    self.block_with("catch", var, *catch, indent);
                }
                if let Some(other) = rest.get(1) {
                    self.block_with("else", None, *other, indent);
                }
                if let Some(finally) = rest.first().filter(|f| f.as_bool() != Some(false)) {
                    self.block_with("finally", None, *finally, indent);
                }
                self.put("end");
            }
            ("block", _) if self.in_index => self.inline_block(args, indent),
            ("block", _) => {
                self.block("begin", &[], args, indent);
                self.put("end");
            }
            ("quote", [a]) => self.quote(*a, indent),
            ("local" | "global" | "const" | "export" | "public", [_, ..]) => {
                self.put(&format!("{head} "));
                self.list(args, ", ", indent, Items::default());
            }
            ("return", [a]) => {
                self.put("return ");
                self.show(*a, indent, 0);
            }
            ("break" | "continue", []) => self.put(head),
            ("import" | "using", _) => {
                self.put(&format!("{head} "));
                for (i, &a) in args.iter().enumerate() {
                    self.put(if i > 0 { ", " } else { "" });
                    self.import_path(a, indent);
                }
            }
            ("as", [_, _]) => self.import_path_node(head, args, indent),
            ("macrocall", [name, rest @ ..]) => self.macrocall(*name, rest, indent, prec),
            ("string", _) => self.string_node(args, indent),
            ("$" | "&", [a]) => {
                self.put(head);
                let wrap =
                    head_of(*a).is_some_and(|h| h != "tuple") || a.as_symbol().is_some_and(|s| is_operator(s.as_str()));
                self.wrapped(wrap, |p| p.show(*a, indent, 0));
            }
            ("::" | "<:" | ">:", [a]) => {
                self.put(head);
                self.show(*a, indent, DECL);
            }
            ("...", [a]) => {
                let wrap = head_of(*a).is_some_and(|h| is_infix_head(h) && h != "::" && h != ".");
                self.wrapped(wrap, |p| p.show(*a, indent, 0));
                self.put("...");
            }
            ("where", [a, vars @ ..]) if !vars.is_empty() => {
                self.wrapped(1 <= prec, |p| {
                    p.show(*a, indent, DECL);
                    p.put(" where ");
                    match vars {
                        [one] => p.show(*one, indent, 1),
                        _ => p.enclosed("{", vars, ", ", "}", indent, Items::default()),
                    }
                });
            }
            ("parameters", _) => {
                self.put("; ");
                self.list(args, ", ", indent, Items { keywords: true, ..Items::default() });
            }
            _ => self.constructor(head, args),
        }
    }

    fn wrapped(&mut self, wrap: bool, f: impl FnOnce(&mut Printer)) {
        if wrap {
            self.put("(");
        }
        f(self);
        if wrap {
            self.put(")");
        }
    }

    /// What no syntax makes: the call that does.
    fn constructor(&mut self, head: &str, args: &[Value]) {
        self.put("$(Expr(");
        let mut text = quoted_source(Value::symbol(head));
        if text.starts_with(":(var") {
            text = format!("Symbol({})", quoted(head));
        }
        self.put(&text);
        for &a in args {
            self.put(", ");
            let text = if a.as_symbol().is_some() || head_of(a).is_some() { quoted_source(a) } else { literal(a) };
            self.put(&text);
        }
        self.put("))");
    }

    fn field(&mut self, a: Value, b: Value, indent: usize) {
        let plain =
            a.as_symbol().is_some_and(|s| is_identifier(s.as_str())) || is_head(a, ".") || expr::quoted(a).is_some();
        self.wrapped(!plain, |p| p.show(a, indent, 0));
        self.put(".");
        let field = match (expr::quoted(b), expr::expr_parts(b)) {
            (Some(inner), _) => inner,
            (None, Some((h, args))) if h.as_str() == "quote" && args.len() == 1 => args[0],
            _ => b,
        };
        match field.as_symbol().map(|s| s.as_str()) {
            Some(s) if matches!(s, ":" | "::" | ":=" | "=" | "==" | "===" | "=>") => self.put(&format!(":({s})")),
            Some(s) if is_operator(s) => self.put(&format!(":{s}")),
            Some(s) => self.name(s, true),
            None => {
                self.put("(");
                self.show(field, indent, 0);
                self.put(")");
            }
        }
    }

    fn brackets(&mut self, head: &str, args: &[Value], indent: usize) {
        let (open, close) = match head {
            "tuple" => ("(", ")"),
            "braces" | "bracescat" => ("{", "}"),
            "row" => ("", ""),
            _ => ("[", "]"),
        };
        let sep = match head {
            "vcat" | "bracescat" => "; ",
            "hcat" | "row" => " ",
            _ => ", ",
        };
        self.put(open);
        let outer = std::mem::take(&mut self.in_index);
        let how = Items { keywords: head == "tuple", ..Items::default() };
        match args.first().and_then(|a| expr::expr_parts(*a)) {
            Some((h, params)) if h.as_str() == "parameters" => {
                self.list(&args[1..], sep, indent, how);
                self.put("; ");
                self.list(&params, ", ", indent, Items { keywords: true, ..how });
            }
            _ => {
                self.list(args, sep, indent, how);
                match (head, args.len()) {
                    ("tuple", 1) => self.put(","),
                    ("vcat", 1) => self.put(";"),
                    _ => {}
                }
            }
        }
        self.in_index = outer;
        self.put(close);
    }

    fn call_node(&mut self, f: Value, args: &[Value], indent: usize, prec: i32) {
        // An operator stands between its operands whether or not it says which module's it is.
        let name = f.as_symbol().or_else(|| expr::global_ref_parts(f).map(|(_, name)| name));
        let op = name.map(|s| s.as_str()).filter(|s| is_operator(s));
        let keywords =
            args.iter().any(|a| is_head(*a, "kw")) || args.first().is_some_and(|a| is_head(*a, "parameters"));
        let (Some(op), false) = (op, keywords) else { return self.call("call", f, args, indent, true) };
        let own = strength(op);
        if op == "*" && juxtaposed(args) {
            return self.operands(args, "", indent, own, prec, false);
        }
        let splat = args.iter().any(|a| is_head(*a, "..."));
        match args {
            [a] if is_unary(op) && !splat => {
                self.put(op);
                let wrap = head_of(*a).is_some() || a.as_symbol().is_some_and(|s| is_operator(s.as_str()));
                self.wrapped(wrap, |p| p.show(*a, indent, if wrap { own } else { 0 }));
            }
            [a] if own > 0 => {
                self.put("(");
                self.quote(f, indent);
                self.put(")");
                self.enclosed("(", &[*a], ", ", ")", indent, Items::default());
            }
            [_, rest @ ..]
                if own > 0
                    && !splat
                    && (rest.len() == 1
                        || rest.len() > 1 && matches!(op, "+" | "*" | "++")
                        || rest.len() == 2 && op == ":") =>
            {
                let sep = if op == ":" { ":".into() } else { format!(" {op} ") };
                self.operands(args, &sep, indent, own, prec, true);
            }
            _ => self.call("call", f, args, indent, true),
        }
    }

    fn do_node(&mut self, call: Value, f: Value, indent: usize) {
        self.show(call, indent, STATEMENT);
        self.put(" do ");
        if let Some((_, parts)) = expr::expr_parts(f)
            && let [names, body] = parts[..]
        {
            let names = expr::expr_parts(names).map(|(_, a)| a).unwrap_or_default();
            self.list(&names, ", ", 0, Items::default());
            let statements = expr::expr_parts(body).map(|(_, a)| a).unwrap_or_default();
            for &s in statements.iter() {
                self.line(indent + INDENT);
                self.show(s, indent + INDENT, STATEMENT);
            }
        }
        self.line(indent);
        self.put("end");
    }

    /// A block where statements cannot stand: `(a; b)`.
    fn inline_block(&mut self, args: &[Value], indent: usize) {
        self.put("(");
        for (i, &a) in args.iter().enumerate() {
            if i > 0 {
                self.put(";");
                if expr::line_parts(a).is_some() {
                    self.line(indent + INDENT);
                } else {
                    self.put(" ");
                }
            }
            self.show(a, indent + INDENT, STATEMENT);
        }
        self.put(match args.len() {
            0 => "nothing;)",
            1 => ";)",
            _ => ")",
        });
    }

    fn import_path(&mut self, v: Value, indent: usize) {
        match expr::expr_parts(v) {
            Some((h, parts)) => self.import_path_node(h.as_str(), &parts, indent),
            None => self.show(v, indent, 0),
        }
    }

    fn import_path_node(&mut self, head: &str, parts: &[Value], indent: usize) {
        match head {
            "." => {
                let mut after_name = false;
                for p in parts.iter().filter_map(|p| p.as_symbol()) {
                    if p.as_str() == "." {
                        self.put(".");
                        continue;
                    }
                    self.put(if after_name { "." } else { "" });
                    after_name = true;
                    self.name(p.as_str(), true);
                }
            }
            ":" => {
                for (i, &p) in parts.iter().enumerate() {
                    self.put(match i {
                        0 => "",
                        1 => ": ",
                        _ => ", ",
                    });
                    self.import_path(p, indent);
                }
            }
            "as" if parts.len() == 2 => {
                self.import_path(parts[0], indent);
                self.put(" as ");
                self.show(parts[1], indent, 0);
            }
            _ => self.constructor(head, parts),
        }
    }

    fn string_node(&mut self, args: &[Value], indent: usize) {
        self.put("\"");
        for &a in args {
            match a.as_text() {
                Some(t) => {
                    let q = quoted(&t);
                    self.put(&q[1..q.len() - 1]);
                }
                None => {
                    self.put("$(");
                    self.show(a, indent, 0);
                    self.put(")");
                }
            }
        }
        self.put("\"");
    }

    fn macrocall(&mut self, name: Value, rest: &[Value], indent: usize, prec: i32) {
        let simple = name.as_symbol().or_else(|| expr::global_ref_parts(name).map(|(_, n)| n));
        // String macros show as they are written, numbers and commands too.
        if let (Some(n), [_, s, flags @ ..]) = (simple, rest)
            && let Some(s) = s.as_text()
        {
            match n.as_str() {
                "@cmd" => return self.put(&format!("`{s}`")),
                "@int128_str" | "@uint128_str" | "@big_str" if name.as_symbol().is_none() => return self.put(&s),
                n => {
                    if let Some(prefix) = n.strip_prefix('@').and_then(|n| n.strip_suffix("_str")) {
                        self.put(&format!("{prefix}\"{}\"", raw_escaped(&s)));
                        for f in flags.iter().filter_map(|f| f.as_text()) {
                            self.put(&f);
                        }
                        return;
                    }
                }
            }
        }
        // As a statement the arguments follow after blanks, elsewhere in parentheses.
        let args = rest.get(1..).unwrap_or(&[]);
        if let Some((line, file)) = rest.first().and_then(|l| expr::line_parts(*l)) {
            self.put(&format!("#= {file}:{line} =# "));
        }
        match name.as_symbol() {
            Some(s) => self.name(s.as_str(), true),
            None => self.show(name, indent, 0),
        }
        if prec >= 0 {
            return self.enclosed("(", args, ", ", ")", indent, Items::default());
        }
        for &a in args {
            self.put(" ");
            self.show(a, indent + INDENT, prec);
        }
    }

    fn generator(&mut self, g: Value, indent: usize) {
        match expr::expr_parts(g) {
            Some((h, parts)) if matches!(h.as_str(), "generator" | "flatten") => {
                self.generator_parts(h.as_str(), &parts, indent)
            }
            _ => self.show(g, indent, 0),
        }
    }

    fn generator_parts(&mut self, head: &str, parts: &[Value], indent: usize) {
        if head == "flatten" {
            // `for` after `for`: the innermost body first, the loops from the outside in
            let mut loops: Vec<crate::ValueVec> = Vec::new();
            let mut inner = parts[0];
            loop {
                let Some((h, args)) = expr::expr_parts(inner) else { break };
                match h.as_str() {
                    "flatten" if args.len() == 1 => inner = args[0],
                    "generator" if args.len() > 1 => {
                        loops.push(args[1..].iter().copied().collect());
                        inner = args[0];
                    }
                    _ => break,
                }
            }
            self.show(inner, indent, 0);
            for specs in &loops {
                self.put(" for ");
                self.list(specs, ", ", indent, Items::default());
            }
            return;
        }
        self.show(parts[0], indent, 0);
        self.put(" for ");
        self.list(&parts[1..], ", ", indent, Items::default());
    }
}

/// Is the product written without its sign? (`2x`)
fn juxtaposed(args: &[Value]) -> bool {
    let [n, x] = args else { return false };
    let c = core_types();
    let number = [c.int64, c.float32, c.float64].contains(&n.type_of());
    let Some(x) = x.as_symbol() else { return false };
    let first = x.as_str().chars().next().unwrap_or('e');
    let zero = n.as_int() == Some(0) && matches!(first, 'x' | 'X' | 'b' | 'o');
    number && !matches!(first, 'e' | 'E' | 'f') && !zero && is_identifier(x.as_str())
}

/// The text of a string macro: only quotes, and backslashes before them, are escaped.
fn raw_escaped(s: &str) -> String {
    let mut out = String::new();
    let mut backslashes = 0;
    for c in s.chars() {
        if c == '"' {
            out.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    out
}

fn quoted(s: &str) -> String {
    let mut out = String::from("\"");
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A value in code as `show` prints it.
fn literal(v: Value) -> String {
    let c = core_types();
    let t = v.type_of();
    if let Some(s) = v.as_text() {
        return quoted(&s);
    }
    if t == c.char {
        let ch = v.as_char_bits().and_then(crate::strings::bits_to_char).unwrap_or('\u{fffd}');
        return match ch {
            '\'' => "'\\''".into(),
            '\\' => "'\\\\'".into(),
            '\n' => "'\\n'".into(),
            '\t' => "'\\t'".into(),
            c => format!("'{c}'"),
        };
    }
    let info = crate::info(t);
    if t == c.float64 || t == c.float32 || t == c.float16 {
        let bits = crate::intrinsic::load_bits(v, info) as u64;
        let text = digits::julia(info.bits, bits, true);
        return if t == c.float16 { format!("Float16({text})") } else { text };
    }
    if [c.uint8, c.uint16, c.uint32, c.uint64, c.uint128].contains(&t) {
        let x = crate::intrinsic::load_bits(v, info);
        return format!("0x{x:0width$x}", width = info.size * 2);
    }
    if !crate::gc::is_collected(v) || info.special || v.as_any_int().is_some() {
        return crate::debug::describe(v, 4);
    }
    // Anything else prints as Julia's `repr` does, if the evaluator can run it.
    let show = crate::module::root(base::Symbol::new("Base")).and_then(|m| m.get_str("repr"));
    show.and_then(|f| crate::hooks::call(f, &[v]).ok())
        .and_then(Value::as_text)
        .map_or_else(|| crate::debug::describe(v, 4), |t| t.into_owned())
}
