//! Surface syntax as Julia objects and back.

use base::{Span, Symbol};
use runtime::{Module, Value, ValueVec, core_types, expr, pin, strings};
use std::collections::HashMap;
use syntax::{Expr, ExprKind, Lit, OpaqueValue};

/// Where the expressions stand that a macro is called with. It gives back the objects it got, or new ones around them: what
/// is found here is at its place in the source, however much code the macro puts around it.
#[derive(Default)]
pub struct Places {
    spans: HashMap<usize, Span>,
    /// Holds the objects, so that no new one gets the address of an old one.
    objects: ValueVec,
}

impl Places {
    /// Quoted code as an object whose parts are remembered.
    pub fn remember(&mut self, e: &Expr) -> Value {
        let ExprKind::Node(head, args) = &e.kind else { return to_value(e) };
        let args: ValueVec = args.iter().map(|a| self.remember(a)).collect();
        let v = expr::new_expr(Value::symbol(*head), &args);
        if !e.span.is_none() {
            self.spans.insert(v.addr(), e.span);
            self.objects.push(v);
        }
        v
    }

    fn of(&self, v: Value) -> Option<Span> {
        self.spans.get(&v.addr()).copied()
    }
}

/// The object of a literal.
pub fn literal(lit: &Lit) -> Value {
    let c = core_types();
    match lit {
        Lit::Nothing => Value::nothing(),
        Lit::Bool(b) => Value::boolean(*b),
        Lit::Int64(i) => Value::int(*i),
        Lit::UInt8(x) => Value::uint8(*x),
        Lit::UInt16(x) => Value::bits(c.uint16, *x),
        Lit::UInt32(x) => Value::uint32(*x),
        Lit::UInt64(x) => Value::uint64(*x),
        Lit::Float32(x) => Value::float32(*x),
        Lit::Float64(x) => Value::float64(*x),
        Lit::Char(x) => Value::char_bits(*x),
        Lit::Str(s) => strings::string_from_bytes(s),
    }
}

/// Quoted code as an object.
pub fn to_value(e: &Expr) -> Value {
    match &e.kind {
        ExprKind::Node(head, args) => {
            let args: runtime::ValueVec = args.iter().map(to_value).collect();
            expr::new_expr(Value::symbol(*head), &args)
        }
        ExprKind::Sym(s) => Value::symbol(*s),
        ExprKind::Lit(lit) => literal(lit),
        ExprKind::Quote(inner) => expr::new_quote_node(to_value(inner)),
        ExprKind::Line { line, file } => expr::new_line_node(i64::from(*line), *file),
        ExprKind::GlobalRef { module, name } => match runtime::reflect::module_by_path(module.as_str()) {
            Some(m) => expr::new_global_ref(m.value(), *name),
            None => Value::symbol(*name),
        },
        ExprKind::Opaque(v) => opaque(*v),
    }
}

/// The object behind a spliced-in value.
pub fn opaque(v: OpaqueValue) -> Value {
    // SAFETY: such values are made by `to_expr` from pinned objects only.
    unsafe { Value::from_ptr(v.0 as *mut u8) }
}

/// An object as surface syntax; what is not syntax is spliced in. Lines of the user's code are its places; those of
/// macros that come with Rekindle are not: what such a macro makes is where the macro is called.
pub fn to_expr(v: Value, span: Span) -> Expr {
    to_expr_at(v, span, &Places::default())
}

/// As [`to_expr`], with the places of the objects that a macro was called with.
pub fn to_expr_at(v: Value, span: Span, places: &Places) -> Expr {
    if let Some(s) = v.as_symbol() {
        return Expr::sym(span, s);
    }
    if let Some((head, args)) = expr::expr_parts(v) {
        let span = places.of(v).unwrap_or(span);
        let span = if span.is_none() { first_line(&args).unwrap_or(span) } else { span };
        let mut at = span;
        let mut out = Vec::with_capacity(args.len());
        for &a in args.iter() {
            if let Some(place) = expr::line_parts(a).and_then(|(line, file)| line_span(line, file)) {
                at = if place.in_library() && !span.in_library() { span } else { place };
            }
            out.push(to_expr_at(a, at, places));
        }
        return Expr::node(span, head, out);
    }
    if let Some(inner) = expr::quoted(v) {
        return Expr::quote(span, to_expr_at(inner, span, places));
    }
    if let Some((line, file)) = expr::line_parts(v) {
        return Expr::new(span, ExprKind::Line { line: line.max(0) as u32, file });
    }
    if let Some((m, name)) = expr::global_ref_parts(v)
        && let Some(m) = Module::from_value(m)
    {
        let path = m.path();
        // Only what the path finds again may be written as a path.
        if runtime::reflect::module_by_path(&path).is_some_and(|found| std::ptr::eq(found, m)) {
            return Expr::global_ref(span, &path, name.as_str());
        }
    }
    if let Some(lit) = as_literal(v) {
        return Expr::lit(span, lit);
    }
    Expr::new(span, ExprKind::Opaque(OpaqueValue(pin(v).addr())))
}

/// The first line named by the arguments of an expression, or by a block among them.
fn first_line(args: &[Value]) -> Option<Span> {
    let line = |v: &Value| expr::line_parts(*v).and_then(|(line, file)| line_span(line, file));
    args.iter().find_map(line).or_else(|| {
        let block = |v: &Value| expr::expr_parts(*v).filter(|(head, _)| *head == "block");
        args.iter().filter_map(block).find_map(|(_, inner)| inner.iter().find_map(line))
    })
}

fn as_literal(v: Value) -> Option<Lit> {
    let c = core_types();
    let t = v.type_of();
    // SAFETY: each type has the data read.
    unsafe {
        Some(if v.is_nothing() {
            Lit::Nothing
        } else if t == c.bool {
            Lit::Bool(v.as_bool()?)
        } else if t == c.int64 {
            Lit::Int64(v.read(0))
        } else if t == c.uint8 {
            Lit::UInt8(v.read(0))
        } else if t == c.uint16 {
            Lit::UInt16(v.read(0))
        } else if t == c.uint32 {
            Lit::UInt32(v.read(0))
        } else if t == c.uint64 {
            Lit::UInt64(v.read(0))
        } else if t == c.float32 {
            Lit::Float32(v.read(0))
        } else if t == c.float64 {
            Lit::Float64(v.read(0))
        } else if t == c.char {
            Lit::Char(v.read(0))
        } else if t == c.string {
            Lit::Str(v.as_bytes()?.into())
        } else {
            return None;
        })
    }
}

/// The place that a line node names, if its file is loaded and the user's.
fn line_span(line: i64, file: Symbol) -> Option<Span> {
    crate::session::file_by_name(file).and_then(|id| {
        let source = base::SourceMap::file(id);
        let before = source.text.split_inclusive('\n').take((line - 1).max(0) as usize).map(str::len).sum::<usize>();
        let text = source.line_text(u32::try_from(line).ok()?);
        let start = (before + text.len() - text.trim_start().len()) as u32;
        let end = start + text.trim().len() as u32;
        (line >= 1 && before < source.text.len().max(1)).then(|| Span::new(id, start, end))
    })
}
