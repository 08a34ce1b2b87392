//! Expressions as source text, laid out as Julia's `show` of an `Expr` does.

use super::digits;
use super::reflect::is_operator;
use crate::{Module, Value, core_types, expr};

/// Can the name stand in source as it is?
pub fn is_identifier(s: &str) -> bool {
    const RESERVED: &[&str] = &[
        "begin", "while", "if", "for", "try", "return", "break", "continue", "function", "macro", "quote", "let", "local", "global",
        "const", "do", "struct", "module", "baremodule", "using", "import", "export", "end", "else", "elseif", "catch", "finally",
        "true", "false",
    ];
    let mut chars = s.chars();
    let Some(first) = chars.next() else { return false };
    let start = |c: char| c == '_' || c.is_alphabetic() || (c as u32 > 0xa0 && !is_operator(&c.to_string()) && !c.is_numeric() && !c.is_whitespace());
    start(first) && chars.all(|c| c == '!' || c.is_alphanumeric() || start(c) || ('\u{300}'..='\u{36f}').contains(&c) || matches!(c, '′' | '″' | '₀'..='₉' | '⁰'..='⁹' | '¹' | '²' | '³'))
        && !RESERVED.contains(&s)
}

/// The text of quoted code, without the `:( )` around it.
pub fn source(v: Value) -> String {
    let mut p = Printer { out: String::new(), indent: 0, quote: 0 };
    p.show(v, 0);
    p.out
}

/// Binary operators and their strength; larger binds tighter.
fn precedence(op: &str) -> Option<u32> {
    Some(match op {
        "=" | "+=" | "-=" | "*=" | "/=" | "//=" | "\\=" | "^=" | "÷=" | "%=" | "<<=" | ">>=" | ">>>=" | "|=" | "&=" | "⊻=" | ".=" | ":=" | ".+=" | ".-=" | ".*=" | "./=" => 1,
        "=>" => 2,
        "->" | "→" | "←" | "↔" | "-->" => 4,
        "||" => 5,
        "&&" => 6,
        "<" | ">" | "<=" | ">=" | "==" | "!=" | "===" | "!==" | "≤" | "≥" | "≠" | "≈" | "≡" | "≢" | "∈" | "∉" | "∋" | "⊆" | "⊊" | "in" | "isa" | "<:" | ">:" => 7,
        "<|" => 8,
        "|>" => 9,
        ":" | ".." => 10,
        "+" | "-" | "|" | "⊻" | "∪" | "±" | "++" => 11,
        "*" | "/" | "÷" | "%" | "&" | "\\" | "∩" | "⋅" | "×" | "∘" | "⊗" => 12,
        "//" => 13,
        "<<" | ">>" | ">>>" => 14,
        "^" | "↑" | "↓" => 15,
        "::" => 16,
        _ if op.starts_with('.') && op.len() > 1 => return precedence(&op[1..]),
        _ => return None,
    })
}

fn unary(op: &str) -> bool {
    matches!(op, "+" | "-" | "!" | "~" | "¬" | "√" | "∛" | "∜" | "<:" | ">:" | "&")
}

struct Printer {
    out: String,
    indent: usize,
    quote: usize,
}

impl Printer {
    fn put(&mut self, s: &str) {
        self.out.push_str(s);
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.out.push_str(&"    ".repeat(self.indent));
    }

    fn symbol(&mut self, s: &str) {
        if is_identifier(s) || is_operator(s) && s != "'" || s.starts_with('@') && is_identifier(&s[1..]) || s == "..." || s == "end" {
            self.put(s);
        } else if s.starts_with('#') || s.is_empty() || !s.chars().all(|c| c.is_alphanumeric() || "_!.#@".contains(c)) {
            let text = format!("var{}", quoted(s));
            self.put(&text);
        } else {
            self.put(s);
        }
    }

    /// Arguments with a separator.
    fn list(&mut self, args: &[Value], sep: &str, prec: u32) {
        for (i, &a) in args.iter().enumerate() {
            if i > 0 {
                self.put(sep);
            }
            self.show(a, prec);
        }
    }

    /// Call arguments: keywords after a semicolon.
    fn call_args(&mut self, args: &[Value]) {
        let is_params = |v: &Value| expr::expr_parts(*v).is_some_and(|(h, _)| h.as_str() == "parameters");
        let (params, rest): (Vec<Value>, Vec<Value>) = args.iter().copied().partition(is_params);
        for (i, &a) in rest.iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            self.call_arg(a);
        }
        for p in params {
            self.put("; ");
            if let Some((_, kws)) = expr::expr_parts(p) {
                for (i, &k) in kws.iter().enumerate() {
                    if i > 0 {
                        self.put(", ");
                    }
                    self.call_arg(k);
                }
            }
        }
    }

    fn call_arg(&mut self, a: Value) {
        match expr::expr_parts(a) {
            Some((h, kw)) if h.as_str() == "kw" && kw.len() == 2 => {
                self.show(kw[0], 0);
                self.put(" = ");
                self.show(kw[1], 0);
            }
            _ => self.show(a, 0),
        }
    }

    fn parenthesised(&mut self, wrap: bool, f: impl FnOnce(&mut Printer)) {
        if wrap {
            self.put("(");
        }
        f(self);
        if wrap {
            self.put(")");
        }
    }

    /// The statements of a block, each on a line of its own.
    fn body(&mut self, v: Value) {
        self.indent += 1;
        match expr::expr_parts(v) {
            Some((h, args)) if h.as_str() == "block" => {
                for &a in args.iter() {
                    self.newline();
                    self.statement(a);
                }
            }
            _ => {
                self.newline();
                self.show(v, 0);
            }
        }
        self.indent -= 1;
        self.newline();
    }

    fn statement(&mut self, v: Value) {
        if let Some((line, file)) = expr::line_parts(v) {
            let text = format!("#= {file}:{line} =#");
            self.put(&text);
        } else {
            self.show(v, 0);
        }
    }

    fn show(&mut self, v: Value, prec: u32) {
        if let Some(s) = v.as_symbol() {
            return self.symbol(s.as_str());
        }
        if let Some((h, args)) = expr::expr_parts(v) {
            return self.node(h.as_str(), &args, prec);
        }
        if let Some(inner) = expr::quoted(v) {
            return self.quoted_value(inner);
        }
        if expr::line_parts(v).is_some() {
            return self.statement(v);
        }
        if let Some((m, name)) = expr::global_ref_parts(v) {
            let m = Module::from_value(m).map_or_else(String::new, |m| m.path());
            let text = format!("{m}.{name}");
            return self.put(&text);
        }
        let text = literal(v);
        self.put(&text);
    }

    fn quoted_value(&mut self, inner: Value) {
        self.put(":");
        match inner.as_symbol() {
            Some(s) if is_identifier(s.as_str()) || is_operator(s.as_str()) => {
                // `:=` and the like would read as something else.
                let wrap = matches!(s.as_str(), "=" | ":" | "::" | "." | "...");
                self.parenthesised(wrap, |p| p.put(s.as_str()));
            }
            Some(s) => {
                let text = format!("var{}", quoted(s.as_str()));
                self.put(&text);
            }
            None => {
                self.put("(");
                self.show(inner, 0);
                self.put(")");
            }
        }
    }

    fn node(&mut self, head: &str, args: &[Value], prec: u32) {
        match (head, args) {
            ("call", [f, rest @ ..]) => self.call(*f, rest, prec),
            ("=" | "+=" | "-=" | "*=" | "/=" | "^=" | "÷=" | "%=" | "|=" | "&=" | "<<=" | ">>=" | ">>>=" | "⊻=" | ".=" | ".+=" | ".-=" | ".*=" | "./=" | "\\=" | "//=" | ":=", [a, b]) => {
                self.parenthesised(prec > 1, |p| {
                    p.show(*a, 2);
                    p.put(&format!(" {head} "));
                    p.show(*b, 1);
                });
            }
            ("kw", [a, b]) => {
                self.put("$(Expr(:kw, ");
                self.quoted_or_literal(*a);
                self.put(", ");
                self.quoted_or_literal(*b);
                self.put("))");
            }
            ("&&" | "||" | "->" | "-->", [a, b]) => {
                let p = precedence(head).unwrap_or(0);
                self.parenthesised(prec > p, |s| {
                    s.show(*a, p + 1);
                    s.put(&format!(" {head} "));
                    if head == "->" { s.arrow_body(*b) } else { s.show(*b, p) }
                });
            }
            ("::", [a]) => {
                self.put("::");
                self.show(*a, 16);
            }
            ("::", [a, b]) => {
                self.parenthesised(prec > 16, |p| {
                    p.show(*a, 16);
                    p.put("::");
                    p.show(*b, 17);
                });
            }
            ("<:" | ">:", [a]) => {
                self.put(head);
                self.show(*a, 16);
            }
            ("<:" | ">:", [a, b]) => {
                self.parenthesised(prec > 7, |p| {
                    p.show(*a, 8);
                    p.put(&format!(" {head} "));
                    p.show(*b, 8);
                });
            }
            ("...", [a]) => {
                self.show(*a, 16);
                self.put("...");
            }
            ("'", [a]) => {
                self.show(*a, 16);
                self.put("'");
            }
            ("&", [a]) => {
                self.put("&");
                self.show(*a, 16);
            }
            (".", [a, b]) => self.dot(*a, *b),
            ("ref", [a, rest @ ..]) => {
                self.show(*a, 16);
                self.put("[");
                self.list(rest, ", ", 0);
                self.put("]");
            }
            ("curly", [a, rest @ ..]) => {
                self.show(*a, 16);
                self.put("{");
                self.call_args(rest);
                self.put("}");
            }
            ("tuple", _) => {
                let params = args.first().is_some_and(|a| expr::expr_parts(*a).is_some_and(|(h, _)| h.as_str() == "parameters"));
                self.put("(");
                self.call_args(args);
                if args.len() == 1 && !params {
                    self.put(",");
                }
                self.put(")");
            }
            ("vect", _) => {
                self.put("[");
                self.call_args(args);
                self.put("]");
            }
            ("hcat", _) => {
                self.put("[");
                self.list(args, " ", 0);
                self.put("]");
            }
            ("vcat", _) => {
                self.put("[");
                self.list(args, "; ", 0);
                self.put("]");
            }
            ("row", _) => self.list(args, " ", 0),
            ("typed_hcat" | "typed_vcat", [t, rest @ ..]) => {
                self.show(*t, 16);
                self.put("[");
                self.list(rest, if head == "typed_hcat" { " " } else { "; " }, 0);
                self.put("]");
            }
            ("braces", _) => {
                self.put("{");
                self.list(args, ", ", 0);
                self.put("}");
            }
            ("comparison", _) => {
                self.parenthesised(prec > 7, |p| {
                    for (i, &a) in args.iter().enumerate() {
                        if i > 0 {
                            p.put(" ");
                        }
                        p.show(a, 8);
                    }
                });
            }
            ("if" | "elseif", [c, a]) if !(head == "if" && prec > 0 && false) => {
                self.put(&format!("{head} "));
                self.show(*c, 0);
                self.body(*a);
                if head == "if" {
                    self.put("end");
                }
            }
            ("if" | "elseif", [c, a, b]) => self.conditional(head, *c, *a, *b, prec),
            ("block", _) => {
                let lines: Vec<Value> = args.to_vec();
                let _ = lines;
                self.put("begin");
                self.indent += 1;
                for &a in args {
                    self.newline();
                    self.statement(a);
                }
                self.indent -= 1;
                self.newline();
                self.put("end");
            }
            ("for" | "while" | "let", [c, b]) => {
                self.put(head);
                match expr::expr_parts(*c) {
                    Some((h, specs)) if h.as_str() == "block" => {
                        let specs: Vec<Value> = specs.iter().copied().filter(|s| expr::line_parts(*s).is_none()).collect();
                        if !specs.is_empty() {
                            self.put(" ");
                        }
                        self.list(&specs, ", ", 0);
                    }
                    _ => {
                        self.put(" ");
                        self.show(*c, 0);
                    }
                }
                self.body(*b);
                self.put("end");
            }
            ("function" | "macro" | "struct" | "module", _) => self.definition(head, args),
            ("return", [a]) => {
                self.put("return ");
                if a.is_nothing() { self.put("nothing") } else { self.show(*a, 0) }
            }
            ("break" | "continue", []) => self.put(head),
            ("local" | "global" | "const" | "export" | "public", _) => {
                self.put(&format!("{head} "));
                self.list(args, ", ", 0);
            }
            ("import" | "using", _) => {
                self.put(&format!("{head} "));
                for (i, &a) in args.iter().enumerate() {
                    if i > 0 {
                        self.put(", ");
                    }
                    self.import_path(a);
                }
            }
            ("quote", [a]) => {
                let inner_block = expr::expr_parts(*a).is_some_and(|(h, _)| h.as_str() == "block");
                self.quote += 1;
                if inner_block {
                    self.put("quote");
                    self.body(*a);
                    self.put("end");
                } else {
                    self.put(":(");
                    self.show(*a, 0);
                    self.put(")");
                }
                self.quote -= 1;
            }
            ("$", [a]) => {
                self.put("$");
                let simple = a.as_symbol().is_some();
                self.parenthesised(!simple, |p| p.show(*a, 0));
            }
            ("string", _) => self.string_node(args),
            ("macrocall", [name, rest @ ..]) => self.macrocall(*name, rest),
            ("where", [a, vars @ ..]) => {
                self.show(*a, 16);
                self.put(" where ");
                let bare = vars.len() == 1 && vars[0].as_symbol().is_some();
                if !bare {
                    self.put("{");
                }
                self.list(vars, ", ", 0);
                if !bare {
                    self.put("}");
                }
            }
            ("do", [call, f]) => {
                self.show(*call, 0);
                self.put(" do ");
                if let Some((_, parts)) = expr::expr_parts(*f)
                    && parts.len() == 2
                {
                    if let Some((_, names)) = expr::expr_parts(parts[0]) {
                        self.list(&names, ", ", 0);
                    }
                    self.body(parts[1]);
                }
                self.put("end");
            }
            ("generator" | "comprehension" | "flatten" | "typed_comprehension", _) => self.generator(head, args),
            ("filter", [cond, specs @ ..]) => {
                self.list(specs, ", ", 0);
                self.put(" if ");
                self.show(*cond, 0);
            }
            ("try", [body, rest @ ..]) => self.try_node(*body, rest),
            ("parameters", _) => {
                self.put("; ");
                self.call_args(args);
            }
            ("toplevel", _) => {
                self.put("$(Expr(:toplevel");
                for &a in args {
                    self.put(", ");
                    self.quoted_or_literal(a);
                }
                self.put("))");
            }
            _ => {
                self.put(&format!("$(Expr(:{}", if is_identifier(head) { head.to_string() } else { format!("({})", head) }));
                for &a in args {
                    self.put(", ");
                    self.quoted_or_literal(a);
                }
                self.put("))");
            }
        }
    }

    fn arrow_body(&mut self, b: Value) {
        // A body that is one line shows without `begin`.
        if let Some((h, args)) = expr::expr_parts(b)
            && h.as_str() == "block"
        {
            let real: Vec<Value> = args.iter().copied().filter(|a| expr::line_parts(*a).is_none()).collect();
            if let [_one] = real[..] {
                self.put("begin");
                self.indent += 1;
                for &a in args.iter() {
                    self.newline();
                    self.statement(a);
                }
                self.indent -= 1;
                self.newline();
                return self.put("end");
            }
        }
        self.show(b, 1);
    }

    fn quoted_or_literal(&mut self, v: Value) {
        if v.as_symbol().is_some() {
            self.quoted_value(v);
        } else if expr::expr_parts(v).is_some() {
            self.put(":(");
            self.show(v, 0);
            self.put(")");
        } else {
            self.show(v, 0);
        }
    }

    fn call(&mut self, f: Value, args: &[Value], prec: u32) {
        if let Some(op) = f.as_symbol() {
            let op = op.as_str();
            if let (Some(p), true) = (precedence(op), is_operator(op) && !has_params(args)) {
                match args {
                    [a] if unary(op) => {
                        return self.parenthesised(prec > 15, |s| {
                            s.put(op);
                            let wrap = s.is_infix(*a);
                            s.parenthesised(wrap, |s| s.show(*a, 0));
                        });
                    }
                    [a, b] => {
                        let tight = matches!(op, ":" | "^" | "..");
                        let right = matches!(op, "^" | "=>" | "->");
                        return self.parenthesised(prec > p || prec == p && prec != 11 && prec != 12 && prec != 0, |s| {
                            s.show(*a, if right { p + 1 } else { p });
                            s.put(&if tight { op.to_string() } else { format!(" {op} ") });
                            s.show(*b, if right { p } else { p + 1 });
                        });
                    }
                    [_, _, _, ..] if matches!(op, "+" | "*" | "++") || op == ":" && args.len() == 3 => {
                        return self.parenthesised(prec > p, |s| {
                            let sep = if op == ":" { op.to_string() } else { format!(" {op} ") };
                            for (i, &a) in args.iter().enumerate() {
                                if i > 0 {
                                    s.put(&sep);
                                }
                                s.show(a, p + 1);
                            }
                        });
                    }
                    _ => {}
                }
            }
            if unary(op) && args.len() == 1 && precedence(op).is_none() && !has_params(args) {
                return self.parenthesised(prec > 15, |s| {
                    s.put(op);
                    let wrap = s.is_infix(args[0]);
                    s.parenthesised(wrap, |s| s.show(args[0], 0));
                });
            }
        }
        let wrap = expr::expr_parts(f).is_some_and(|(h, _)| !matches!(h.as_str(), "." | "curly" | "ref" | "call" | "$"))
            || f.as_symbol().is_some_and(|s| is_operator(s.as_str()) && args.len() > 2);
        let wrap = wrap && f.as_symbol().is_none();
        self.parenthesised(wrap, |p| p.show(f, 0));
        self.put("(");
        self.call_args(args);
        self.put(")");
    }

    /// Would the operand of a unary operator need parentheses?
    fn is_infix(&self, v: Value) -> bool {
        match expr::expr_parts(v) {
            Some((h, args)) if h.as_str() == "call" => {
                args.first().and_then(|f| f.as_symbol()).is_some_and(|s| is_operator(s.as_str()) && args.len() >= 2)
            }
            Some((h, _)) => matches!(h.as_str(), "&&" | "||" | "=" | "comparison" | "->" | "if" | "::"),
            None => false,
        }
    }

    fn dot(&mut self, a: Value, b: Value) {
        self.show(a, 17);
        match (expr::quoted(b), expr::expr_parts(b)) {
            (Some(name), _) => {
                self.put(".");
                match name.as_symbol() {
                    Some(s) if is_identifier(s.as_str()) || s.as_str().starts_with('@') => self.put(s.as_str()),
                    Some(s) => {
                        let text = format!(":{s}");
                        self.put(&text);
                    }
                    None => self.show(name, 0),
                }
            }
            (None, Some((h, args))) if h.as_str() == "tuple" => {
                self.put(".(");
                self.call_args(&args);
                self.put(")");
            }
            _ => {
                self.put(".");
                self.parenthesised(b.as_symbol().is_none(), |p| p.show(b, 0));
            }
        }
    }

    fn conditional(&mut self, head: &str, c: Value, a: Value, b: Value, prec: u32) {
        let is_block = |v: Value| expr::expr_parts(v).is_some_and(|(h, _)| h.as_str() == "block");
        if head == "if" && !is_block(a) && !is_block(b) && expr::expr_parts(b).is_none_or(|(h, _)| h.as_str() != "elseif") {
            return self.parenthesised(prec > 3, |p| {
                p.show(c, 4);
                p.put(" ? ");
                p.show(a, 3);
                p.put(" : ");
                p.show(b, 3);
            });
        }
        self.put(&format!("{head} "));
        let c_inner = match expr::expr_parts(c) {
            Some((h, parts)) if h.as_str() == "block" => parts.iter().copied().find(|p| expr::line_parts(*p).is_none()).unwrap_or(c),
            _ => c,
        };
        self.show(c_inner, 0);
        self.body(a);
        match expr::expr_parts(b) {
            Some((h, parts)) if h.as_str() == "elseif" => self.node("elseif", &parts, 0),
            _ => {
                self.put("else");
                self.body(b);
            }
        }
        if head == "if" {
            self.put("end");
        }
    }

    fn definition(&mut self, head: &str, args: &[Value]) {
        match (head, args) {
            ("struct", [mutable, name, body]) => {
                self.put(if mutable.as_bool() == Some(true) { "mutable struct " } else { "struct " });
                self.show(*name, 0);
                self.body(*body);
            }
            ("module", [plain, name, body]) => {
                self.put(if plain.as_bool() == Some(true) { "module " } else { "baremodule " });
                self.show(*name, 0);
                self.body(*body);
            }
            (_, [name]) => {
                self.put(&format!("{head} "));
                self.show(*name, 0);
                self.newline();
            }
            (_, [sig, body, ..]) => {
                self.put(&format!("{head} "));
                self.show(*sig, 0);
                self.body(*body);
            }
            _ => {}
        }
        self.put("end");
    }

    fn import_path(&mut self, v: Value) {
        match expr::expr_parts(v) {
            Some((h, parts)) if h.as_str() == "." => {
                let mut first = true;
                for p in parts.iter().filter_map(|p| p.as_symbol()) {
                    if p.as_str() != "." && !first {
                        self.put(".");
                    }
                    first = p.as_str() == ".";
                    self.put(p.as_str());
                }
            }
            Some((h, parts)) if h.as_str() == ":" => {
                for (i, &p) in parts.iter().enumerate() {
                    self.put(match i {
                        0 => "",
                        1 => ": ",
                        _ => ", ",
                    });
                    self.import_path(p);
                }
            }
            Some((h, parts)) if h.as_str() == "as" && parts.len() == 2 => {
                self.import_path(parts[0]);
                self.put(" as ");
                self.show(parts[1], 0);
            }
            _ => self.show(v, 0),
        }
    }

    fn string_node(&mut self, args: &[Value]) {
        self.put("\"");
        for &a in args {
            match a.as_text() {
                Some(t) => {
                    let q = quoted(&t);
                    self.put(&q[1..q.len() - 1]);
                }
                None => {
                    self.put("$");
                    let simple = a.as_symbol().is_some();
                    self.parenthesised(!simple, |p| p.show(a, 0));
                }
            }
        }
        self.put("\"");
    }

    fn macrocall(&mut self, name: Value, rest: &[Value]) {
        let text = name.as_symbol().map(|s| s.as_str().to_string());
        // String macros show as they are written.
        if let (Some(t), [_, s]) = (&text, rest)
            && let Some(prefix) = t.strip_prefix('@').and_then(|t| t.strip_suffix("_str"))
            && let Some(s) = s.as_text()
        {
            let text = format!("{prefix}{}", quoted(&s));
            return self.put(&text);
        }
        self.show(name, 0);
        if let Some((line, file)) = rest.first().and_then(|l| expr::line_parts(*l)) {
            let text = format!(" #= {file}:{line} =#");
            self.put(&text);
        }
        for &a in rest.iter().skip(1) {
            self.put(" ");
            self.show(a, 0);
        }
    }

    fn generator(&mut self, head: &str, args: &[Value]) {
        match (head, args) {
            ("comprehension", [g]) => {
                self.put("[");
                self.show_generator_inner(*g);
                self.put("]");
            }
            ("typed_comprehension", [t, g]) => {
                self.show(*t, 16);
                self.put("[");
                self.show_generator_inner(*g);
                self.put("]");
            }
            ("generator", [body, specs @ ..]) => {
                self.put("(");
                self.show(*body, 0);
                self.put(" for ");
                self.list(specs, ", ", 0);
                self.put(")");
            }
            _ => self.list(args, " ", 0),
        }
    }

    fn show_generator_inner(&mut self, g: Value) {
        match expr::expr_parts(g) {
            Some((h, parts)) if h.as_str() == "generator" && !parts.is_empty() => {
                self.show(parts[0], 0);
                self.put(" for ");
                self.list(&parts[1..], ", ", 0);
            }
            _ => self.show(g, 0),
        }
    }

    fn try_node(&mut self, body: Value, rest: &[Value]) {
        self.put("try");
        self.body(body);
        if let [var, catch, ..] = rest {
            if catch.as_bool() != Some(false) {
                self.put("catch");
                if var.as_symbol().is_some() {
                    self.put(" ");
                    self.show(*var, 0);
                }
                self.body(*catch);
            }
        }
        if let Some(finally) = rest.get(2).filter(|f| f.as_bool() != Some(false)) {
            self.put("finally");
            self.body(*finally);
        }
        if let Some(other) = rest.get(3) {
            self.put("else");
            self.body(*other);
        }
        self.put("end");
    }
}

fn has_params(args: &[Value]) -> bool {
    args.iter().any(|a| expr::expr_parts(*a).is_some_and(|(h, _)| matches!(h.as_str(), "parameters" | "..." | "kw")))
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
            c if (c as u32) < 0x20 => out.push_str(&format!("\\x{:x}", c as u32)),
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
    show.and_then(|f| crate::hooks::call(f, &[v]).ok()).and_then(Value::as_text).map_or_else(|| crate::debug::describe(v, 4), |t| t.into_owned())
}
