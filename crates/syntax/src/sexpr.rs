//! The tree as text: `(head args…)`, the form in which trees are compared with Julia's.

use crate::expr::{Expr, ExprKind, Lit};
use std::fmt::Write;

impl Expr {
    /// `(head args…)` without line nodes; literals as `(lit Type repr)`.
    pub fn to_sexpr(&self) -> String {
        let mut out = String::new();
        write(self, &mut out);
        out
    }
}

fn write(e: &Expr, out: &mut String) {
    match &e.kind {
        ExprKind::Node(h, args) => {
            out.push('(');
            out.push_str(h.as_str());
            for a in args.iter().filter(|a| !a.is_line()) {
                out.push(' ');
                write(a, out);
            }
            out.push(')');
        }
        ExprKind::Sym(s) => out.push_str(s.as_str()),
        ExprKind::Quote(x) => {
            out.push_str("(quote ");
            write(x, out);
            out.push(')');
        }
        ExprKind::Line { .. } => {}
        ExprKind::GlobalRef { module, name } => {
            let n = name.as_str();
            if n.starts_with('@') {
                let _ = write!(out, "(lit GlobalRef :({module}.var\"{n}\"))");
            } else {
                let _ = write!(out, "(lit GlobalRef :({module}.{n}))");
            }
        }
        ExprKind::Opaque(_) => out.push_str("(lit Any)"),
        ExprKind::Lit(Lit::Str(bytes)) => out.push_str(&quoted(&String::from_utf8_lossy(bytes))),
        ExprKind::Lit(l) => {
            let _ = write!(out, "(lit {} {})", l.type_name(), literal(l));
        }
    }
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
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            '\x1b' => out.push_str("\\e"),
            '\0' => out.push_str("\\0"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn literal(l: &Lit) -> String {
    match l {
        Lit::Nothing => "nothing".into(),
        Lit::Bool(b) => b.to_string(),
        Lit::Int64(v) => v.to_string(),
        Lit::UInt8(v) => format!("0x{v:02x}"),
        Lit::UInt16(v) => format!("0x{v:04x}"),
        Lit::UInt32(v) => format!("0x{v:08x}"),
        Lit::UInt64(v) => format!("0x{v:016x}"),
        Lit::Float64(v) => float(format!("{v:e}"), *v, "e", "Inf", "NaN"),
        Lit::Float32(v) => {
            let s = float(format!("{v:e}"), *v as f64, "f", "Inf32", "NaN32");
            if s.contains('f') || s.ends_with("32") { s } else { s + "f0" }
        }
        Lit::Char(bits) => {
            let b = bits.to_be_bytes();
            let n = b.iter().rposition(|&x| x != 0).map_or(1, |k| k + 1);
            match std::str::from_utf8(&b[..n]) {
                Ok(s) => match s.chars().next().unwrap_or('\0') {
                    '\'' => "'\\''".into(),
                    '\\' => "'\\\\'".into(),
                    '\n' => "'\\n'".into(),
                    '\t' => "'\\t'".into(),
                    '\r' => "'\\r'".into(),
                    '\0' => "'\\0'".into(),
                    c => format!("'{c}'"),
                },
                Err(_) => format!("'{}'", b[..n].iter().map(|x| format!("\\x{x:02x}")).collect::<String>()),
            }
        }
        Lit::Str(_) => String::new(),
    }
}

/// Julia's form of a finite float from its shortest scientific form.
fn float(sci: String, v: f64, exp: &str, inf: &str, nan: &str) -> String {
    if v.is_nan() {
        return nan.into();
    }
    if v.is_infinite() {
        return if v > 0.0 { inf.into() } else { format!("-{inf}") };
    }
    let (m, e) = sci.split_once('e').unwrap_or((&sci, "0"));
    let e: i32 = e.parse().unwrap_or(0);
    let (sign, m) = m.strip_prefix('-').map_or(("", m), |r| ("-", r));
    let digits: String = m.chars().filter(|&c| c != '.').collect();
    if v == 0.0 {
        return format!("{sign}0.0");
    }
    if (-5..6).contains(&e) && e != -5 {
        if e >= 0 {
            let k = e as usize + 1;
            if digits.len() <= k {
                return format!("{sign}{}{}.0", digits, "0".repeat(k - digits.len()));
            }
            return format!("{sign}{}.{}", &digits[..k], &digits[k..]);
        }
        return format!("{sign}0.{}{}", "0".repeat((-e - 1) as usize), digits);
    }
    let frac = if digits.len() > 1 { &digits[1..] } else { "0" };
    format!("{sign}{}.{}{exp}{e}", &digits[..1], frac)
}
