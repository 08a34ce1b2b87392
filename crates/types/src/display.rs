//! Types as Julia prints them.
//!
//! Aliases (`Vector{T}` for `Array{T, 1}`), elided trailing variables (`Array{Int64}` for
//! `Array{Int64, N} where N`), implicit variables (`Type{<:Real}`), `NTuple` and `@NamedTuple`
//! forms. Whether a name needs its module's path is asked of a hook, since only the owner of
//! modules knows what is exported.

use crate::apply::{is_any, occurs, tuple_elements};
use crate::builtin;
use crate::cell::{Data, Ty, TypeVar};
use crate::names::TypeName;
use crate::param::ParamValue;
use base::Symbol;
use parking_lot::RwLock;
use std::fmt::{self, Write};
use std::sync::OnceLock;

/// Answers whether `name` of module `module` (dotted path) is visible in `Main`.
pub type Visibility = fn(module: Symbol, name: Symbol) -> bool;

static VISIBILITY: OnceLock<Visibility> = OnceLock::new();

/// Sets who is asked for visibility; the first call counts. Without one, names of `Main` and
/// `Base` and the exported names of `Core` print bare.
pub fn set_visibility(hook: Visibility) {
    let _ = VISIBILITY.set(hook);
}

/// Names of `Core` that are not exported from it.
const CORE_INTERNAL: &[&str] = &[
    "TypeofBottom",
    "TypeofVararg",
    "LLVMPtr",
    "Box",
    "SimpleVector",
    "MethodInstance",
    "MethodTable",
    "TypeName",
    "CodeInfo",
    "CodeInstance",
    "IntrinsicFunction",
    "Builtin",
    "BFloat16",
    "WrappedException",
];

fn is_visible(module: Symbol, name: Symbol) -> bool {
    if module == "Core" {
        return !CORE_INTERNAL.contains(&name.as_str());
    }
    match VISIBILITY.get() {
        Some(hook) => hook(module, name),
        None => module == "Main" || module == "Base",
    }
}

#[derive(Clone, Copy)]
struct Alias {
    name: Symbol,
    ty: Ty,
}

fn aliases() -> &'static RwLock<Vec<Alias>> {
    static ALIASES: OnceLock<RwLock<Vec<Alias>>> = OnceLock::new();
    ALIASES.get_or_init(|| {
        let mut all = Vec::new();
        for (array, names) in [
            (builtin::array(), ["Vector", "Matrix", "VecOrMat"]),
            (builtin::abstract_array(), ["AbstractVector", "AbstractMatrix", "AbstractVecOrMat"]),
            (builtin::dense_array(), ["DenseVector", "DenseMatrix", "DenseVecOrMat"]),
        ] {
            let t = TypeVar::new("T", builtin::bottom(), builtin::any());
            let name = array.unwrap_unionall().name().expect("arrays are nominal");
            let of = |n: i64| crate::apply::apply_unchecked(name, &[t.ty(), Ty::int(n)]);
            let both = crate::interner::union_of(&[of(1), of(2)]);
            for (body, name) in [of(1), of(2), both].into_iter().zip(names) {
                all.push(Alias { name: name.into(), ty: crate::make_unionall(t, body) });
            }
        }
        RwLock::new(all)
    })
}

/// Makes types that are instances of `ty` print by the alias `name`: for exported constants of
/// `Base` such as `BitVector` or `ComplexF64`. Wrappers of nominal types are no aliases.
pub fn register_alias(name: Symbol, ty: Ty) {
    let nominal = ty.unwrap_unionall().name().is_some_and(|n| n.wrapper() == ty);
    if nominal || ty.has_free_vars() || tuple_elements(ty.unwrap_unionall()).is_some() {
        return;
    }
    let mut all = aliases().write();
    if !all.iter().any(|a| a.name == name && a.ty == ty) {
        all.push(Alias { name, ty });
    }
}

/// Finds an alias for `body` and what its variables stand for.
fn alias_of(body: Ty) -> Option<(Alias, Vec<TypeVar>, Vec<Ty>)> {
    let mut best: Option<(Alias, Vec<TypeVar>, Vec<Ty>)> = None;
    for &alias in aliases().read().iter() {
        let mut vars = Vec::new();
        let mut pattern = alias.ty;
        while let Some((v, inner)) = pattern.unionall() {
            vars.push(v);
            pattern = inner;
        }
        let mut found = vec![None; vars.len()];
        if !unify(pattern, body, &vars, &mut found) {
            continue;
        }
        let Some(args) = found.into_iter().collect::<Option<Vec<Ty>>>() else { continue };
        if best.as_ref().is_none_or(|(_, v, _)| vars.len() < v.len()) {
            best = Some((alias, vars, args));
        }
    }
    best
}

fn unify(pattern: Ty, t: Ty, vars: &[TypeVar], found: &mut [Option<Ty>]) -> bool {
    if let Some(k) = vars.iter().position(|v| v.ty() == pattern) {
        let fits = match t.var() {
            Some(v) => is_any(vars[k].upper()) || crate::subtype(v.upper(), vars[k].upper()),
            None => !t.has_free_vars() || is_any(vars[k].upper()),
        };
        return fits && *found[k].get_or_insert(t) == t;
    }
    match (pattern.data(), t.data()) {
        (Data::DataType(a, pa), Data::DataType(b, pb)) => {
            a == b && pa.len() == pb.len() && pa.iter().zip(*pb).all(|(&x, &y)| unify(x, y, vars, found))
        }
        (Data::Union(pa), Data::Union(pb)) => {
            pa.len() == pb.len() && pa.iter().zip(*pb).all(|(&x, &y)| unify(x, y, vars, found))
        }
        _ => pattern == t,
    }
}

/// `T`, `T<:Real`, `Int64<:T<:Real`, `T>:Int64`.
pub(crate) fn var_with_bounds(var: TypeVar) -> String {
    Printer::default().var_bounds(var)
}

#[derive(Default)]
struct Printer {
    /// Variables bound by enclosing `where`s, outermost first, with the name to print.
    bound: Vec<(TypeVar, Symbol)>,
}

/// A type equal to its name's wrapper prints as the bare name.
fn prints_bare(t: Ty) -> bool {
    t.unwrap_unionall().datatype().is_some_and(|(n, params)| {
        if n.is_tuple() { t == builtin::tuple() } else { params.is_empty() || n.wrapper() == t }
    })
}

impl Printer {
    fn var_name(&self, v: TypeVar) -> Symbol {
        self.bound.iter().rev().find(|(b, _)| *b == v).map_or(v.name(), |&(_, n)| n)
    }

    fn bound_text(&mut self, t: Ty) -> String {
        let text = self.text(t);
        if t.is_unionall() && !prints_bare(t) { format!("({text})") } else { text }
    }

    fn var_bounds(&mut self, v: TypeVar) -> String {
        let mut s = String::new();
        let name = symbol_text(self.var_name(v));
        let (lower, upper) = (v.lower(), v.upper());
        if lower.is_bottom() {
            s += &name;
        } else if is_any(upper) {
            s += &format!("{name}>:{}", self.bound_text(lower));
        } else {
            s += &format!("{}<:{name}", self.bound_text(lower));
        }
        if !is_any(upper) {
            s += &format!("<:{}", self.bound_text(upper));
        }
        s
    }

    fn text(&mut self, t: Ty) -> String {
        match t.data() {
            Data::Bottom => "Union{}".into(),
            Data::Var(_) => {
                let v = TypeVar(t);
                if self.bound.iter().any(|(b, _)| *b == v) { symbol_text(self.var_name(v)) } else { self.var_bounds(v) }
            }
            Data::Vararg { elem, len } => match (elem, len) {
                (None, _) => "Vararg".into(),
                (Some(e), None) => format!("Vararg{{{}}}", self.text(*e)),
                (Some(e), Some(n)) => format!("Vararg{{{}, {}}}", self.text(*e), self.text(*n)),
            },
            Data::Value(v) => value_text(v),
            _ if prints_bare(t) => name_text(t.unwrap_unionall().name().expect("bare types are nominal")),
            _ => self.open(t),
        }
    }

    /// Prints a type with its `where`s.
    fn open(&mut self, t: Ty) -> String {
        let depth = self.bound.len();
        let mut wheres = Vec::new();
        let mut body = t;
        while let Some((v, inner)) = body.unionall() {
            let clash =
                |p: &Printer, name: Symbol| p.bound.iter().any(|&(b, n)| n == name && b != v && occurs(b, inner));
            let mut name = v.name();
            let mut counter = 1;
            while clash(self, name) {
                name = Symbol::new(&format!("{}{counter}", v.name()));
                counter += 1;
            }
            wheres.push(v);
            self.bound.push((v, name));
            body = inner;
        }
        let mut text = String::new();
        if let Some((alias, vars, args)) = alias_of(body) {
            text += &symbol_text(alias.name);
            self.params(&args, &vars, &mut wheres, &mut text);
        } else {
            match body.data() {
                Data::DataType(name, params) => self.datatype(*name, params, &mut wheres, &mut text),
                Data::Union(parts) => {
                    let parts: Vec<String> = parts.iter().map(|&p| self.text(p)).collect();
                    text = format!("Union{{{}}}", parts.join(", "));
                }
                _ => text = self.text(body),
            }
        }
        let bounds: Vec<String> = wheres.iter().map(|&v| self.var_bounds(v)).collect();
        match &bounds[..] {
            [] => {}
            [one] => text += &format!(" where {one}"),
            _ => text += &format!(" where {{{}}}", bounds.join(", ")),
        }
        self.bound.truncate(depth);
        text
    }

    fn datatype(&mut self, name: TypeName, params: &[Ty], wheres: &mut Vec<TypeVar>, out: &mut String) {
        if name.is_tuple() {
            *out += &self.tuple(params);
            return;
        }
        if name.is_named_tuple()
            && let Some(text) = self.named_tuple(params)
        {
            *out += &text;
            return;
        }
        *out += &name_text(name);
        self.params(params, name.params(), wheres, out);
    }

    /// The parameters in braces: trailing ones that are the declaration's own variables are left
    /// out, implicit variables print as bounds.
    fn params(&mut self, params: &[Ty], declared: &[TypeVar], wheres: &mut Vec<TypeVar>, out: &mut String) {
        let mut n = params.len();
        while n > 0 && declared.len() >= n {
            let (Some(v), Some(&last)) = (params[n - 1].var(), wheres.last()) else { break };
            let own = declared[n - 1];
            let alone = !params[..n - 1].iter().any(|&p| occurs(v, p))
                && !wheres.iter().any(|w| occurs(v, w.lower()) || occurs(v, w.upper()));
            if v != last || !alone || v.lower() != own.lower() || v.upper() != own.upper() {
                break;
            }
            wheres.pop();
            n -= 1;
        }
        if n == 0 {
            return;
        }
        let mut texts = Vec::with_capacity(n);
        for (i, &p) in params[..n].iter().enumerate() {
            let implicit = p.var().filter(|v| {
                v.name().as_str().starts_with('#')
                    && wheres.contains(v)
                    && !params[..n].iter().enumerate().any(|(j, &q)| j != i && occurs(*v, q))
                    && !wheres.iter().any(|w| occurs(*v, w.lower()) || occurs(*v, w.upper()))
            });
            match implicit {
                Some(v) if v.lower().is_bottom() => {
                    wheres.retain(|w| *w != v);
                    texts.push(format!("<:{}", self.text(v.upper())));
                }
                Some(v) if is_any(v.upper()) => {
                    wheres.retain(|w| *w != v);
                    texts.push(format!(">:{}", self.text(v.lower())));
                }
                _ => texts.push(self.text(p)),
            }
        }
        let _ = write!(out, "{{{}}}", texts.join(", "));
    }

    fn tuple(&mut self, elems: &[Ty]) -> String {
        const MAX: usize = 3;
        let Some(&last) = elems.last() else { return "Tuple{}".into() };
        let n = elems.len();
        if let Data::Vararg { elem: Some(e), len: Some(len) } = last.data()
            && n == 1
        {
            return format!("NTuple{{{}, {}}}", self.text(*len), self.text(*e));
        }
        let same = if last.is_vararg() { 0 } else { elems.iter().rev().take_while(|&&e| e == last).count() };
        if same == n && n > MAX {
            return format!("NTuple{{{n}, {}}}", self.text(last));
        }
        let head = if same > MAX { n - same } else { n };
        let mut texts: Vec<String> = elems[..head].iter().map(|&e| self.text(e)).collect();
        if head < n {
            texts.push(format!("Vararg{{{}, {same}}}", self.text(last)));
        }
        format!("Tuple{{{}}}", texts.join(", "))
    }

    fn named_tuple(&mut self, params: &[Ty]) -> Option<String> {
        let ParamValue::Tuple(names) = params[0].param_value()? else { return None };
        let elems = tuple_elements(params[1])?;
        if elems.len() != names.len() || elems.last().is_some_and(|e| e.is_vararg()) {
            return None;
        }
        let mut fields = Vec::new();
        for (name, &ty) in names.iter().zip(elems) {
            let ParamValue::Symbol(name) = name else { return None };
            let name = symbol_text(*name);
            fields.push(if is_any(ty) { name } else { format!("{name}::{}", self.text(ty)) });
        }
        Some(format!("@NamedTuple{{{}}}", fields.join(", ")))
    }
}

/// The name of a nominal type, with its module where it is not visible; `typeof(f)` for functions.
fn name_text(name: TypeName) -> String {
    let shown = name.function().unwrap_or(name.name());
    let mut text = String::new();
    if !is_visible(name.module(), shown) {
        let _ = write!(text, "{}.", name.module());
        if name.function().is_some() && !is_identifier(shown.as_str()) {
            text.push(':');
            if shown == "==" {
                text += "(==)";
                return format!("typeof({text})");
            }
        }
    }
    text += &symbol_text(shown);
    if name.function().is_some() { format!("typeof({text})") } else { text }
}

fn is_identifier(s: &str) -> bool {
    let mut chars = s.chars();
    let start = |c: char| c.is_alphabetic() || c == '_' || (c as u32 > 0xa0 && !"÷¬≤≥≠±×∈∉∋∌⊆⊈∘√".contains(c));
    chars.next().is_some_and(start) && chars.all(|c| start(c) || c.is_numeric() || c == '!')
}

fn is_operator(s: &str) -> bool {
    !s.is_empty() && s.chars().all(|c| "+-*/\\^%&|!=<>~:$?.'÷¬≤≥≠±×∈∉∋∌⊆⊈∘√⊻⊽⊼".contains(c))
}

/// A name as source text: `var"…"` where it is not an identifier or operator.
fn symbol_text(s: Symbol) -> String {
    let s = s.as_str();
    if is_identifier(s) || is_operator(s) { s.into() } else { format!("var{s:?}") }
}

fn quoted_symbol(s: Symbol) -> String {
    let text = s.as_str();
    if is_identifier(text) {
        format!(":{text}")
    } else if is_operator(text) {
        if text.contains(':') || text == "." { format!(":({text})") } else { format!(":{text}") }
    } else {
        format!("Symbol({text:?})")
    }
}

fn char_text(bits: u32) -> String {
    // Julia keeps the UTF-8 bytes left-aligned.
    let bytes: Vec<u8> = bits.to_be_bytes().into_iter().collect();
    let len = bytes.iter().rposition(|&b| b != 0).map_or(1, |i| i + 1);
    match std::str::from_utf8(&bytes[..len]).ok().and_then(|s| s.chars().next()) {
        Some('\'') => "'\\''".into(),
        Some('\\') => "'\\\\'".into(),
        Some('\n') => "'\\n'".into(),
        Some('\t') => "'\\t'".into(),
        Some('\r') => "'\\r'".into(),
        Some('\0') => "'\\0'".into(),
        Some(c) if (c as u32) < 0x20 || c as u32 == 0x7f => format!("'\\x{:02x}'", c as u32),
        Some(c) => format!("'{c}'"),
        None => format!("reinterpret(Char, {bits:#010x})"),
    }
}

/// A value parameter as Julia shows it.
pub(crate) fn value_text(v: &ParamValue) -> String {
    match v {
        ParamValue::Int(i) => i.to_string(),
        ParamValue::Bool(b) => b.to_string(),
        ParamValue::Symbol(s) => quoted_symbol(*s),
        ParamValue::Char(c) => char_text(*c),
        ParamValue::Tuple(elems) => {
            let texts: Vec<String> = elems.iter().map(value_text).collect();
            if texts.len() == 1 { format!("({},)", texts[0]) } else { format!("({})", texts.join(", ")) }
        }
        ParamValue::Bits { ty, bytes } => bits_text(*ty, bytes),
    }
}

fn bits_text(ty: Ty, bytes: &[u8]) -> String {
    let word = |n: usize| {
        let mut raw = [0u8; 16];
        raw[..n.min(bytes.len())].copy_from_slice(&bytes[..n.min(bytes.len())]);
        u128::from_le_bytes(raw)
    };
    if ty == builtin::nothing() {
        return "nothing".into();
    }
    let size = bytes.len();
    let below = |t: Ty| crate::subtype(ty, t);
    if below(builtin::signed()) && size <= 16 {
        let shift = 128 - 8 * size as u32;
        return (((word(size) << shift) as i128) >> shift).to_string();
    }
    if below(builtin::unsigned()) && size <= 16 {
        return format!("0x{:0width$x}", word(size), width = 2 * size);
    }
    if ty == builtin::float64() {
        return float_text(f64::from_bits(word(8) as u64), "NaN", "Inf", "e", ".0");
    }
    if ty == builtin::float32() {
        return float_text(f32::from_bits(word(4) as u32) as f64, "NaN32", "Inf32", "f", ".0f0");
    }
    let Some(name) = ty.name() else { return ty.to_string() };
    if let Some(f) = name.function() {
        return symbol_text(f);
    }
    let fields: Vec<String> = match ty.layout() {
        Some(layout) if !layout.fields.is_empty() => layout
            .fields
            .iter()
            .zip(ty.field_types())
            .filter_map(|(l, &t)| {
                let raw = bytes.get(l.offset..l.offset + l.size)?;
                Some(field_text(t, raw))
            })
            .collect(),
        Some(_) if size > 0 => vec![format!("0x{:0width$x}", word(size.min(16)), width = 2 * size)],
        _ => Vec::new(),
    };
    if name.is_tuple() {
        return match &fields[..] {
            [one] => format!("({one},)"),
            _ => format!("({})", fields.join(", ")),
        };
    }
    if name.is_named_tuple() {
        let named: Vec<String> =
            ty.field_names().iter().zip(&fields).map(|(n, f)| format!("{} = {f}", symbol_text(*n))).collect();
        return match &named[..] {
            [] => "NamedTuple()".into(),
            [one] => format!("({one},)"),
            _ => format!("({})", named.join(", ")),
        };
    }
    format!("{ty}({})", fields.join(", "))
}

fn field_text(ty: Ty, raw: &[u8]) -> String {
    if ty == builtin::int64() {
        return bits_text(ty, raw);
    }
    if ty == builtin::bool_() {
        return (raw.first() == Some(&1)).to_string();
    }
    if ty == builtin::char_() && raw.len() == 4 {
        return char_text(u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]));
    }
    bits_text(ty, raw)
}

fn float_text(x: f64, nan: &str, inf: &str, exponent: &str, whole: &str) -> String {
    if x.is_nan() {
        return nan.into();
    }
    if x.is_infinite() {
        return if x > 0.0 { inf.into() } else { format!("-{inf}") };
    }
    let digits = if exponent == "f" { format!("{:?}", x as f32) } else { format!("{x:?}") };
    match digits.split_once('e') {
        Some((m, e)) => format!("{}{exponent}{e}", if m.contains('.') { m.to_string() } else { format!("{m}.0") }),
        None if exponent == "f" => format!("{digits}f0"),
        None if digits.contains('.') => digits,
        None => format!("{digits}{whole}"),
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Printer::default().text(*self))
    }
}

impl fmt::Debug for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&value_text(self))
    }
}
