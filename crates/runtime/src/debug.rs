//! Short texts of objects for Rust's `Debug` and for internal messages; Julia's `show` is Julia code.

use crate::{Callee, Module, Value, array, core_types, function, info, object};

/// One line, at most `depth` levels deep.
pub fn describe(v: Value, depth: usize) -> String {
    let c = core_types();
    if let Some(i) = v.as_any_int().filter(|_| !v.is(c.bool)) {
        return i.to_string();
    }
    if let Some(b) = v.as_bool() {
        return b.to_string();
    }
    if let Some(s) = v.as_text() {
        return format!("{s:?}");
    }
    if let Some(s) = v.as_symbol() {
        return format!(":{s}");
    }
    if let Some(t) = v.as_type() {
        return t.to_string();
    }
    if let Some(m) = Module::from_value(v) {
        return m.path();
    }
    if v.is_nothing() {
        return "nothing".into();
    }
    if let Some(x) = v.as_float64() {
        return crate::host::digits::julia(64, x.to_bits(), true);
    }
    if function::callee(v) != Callee::Generic || v.type_of().name().is_some_and(|n| n.function().is_some()) {
        return function::name_of(v).to_string();
    }
    if depth == 0 {
        return "…".into();
    }
    if let Some(elements) = v.as_svec() {
        return format!("svec({})", join(elements.iter().copied(), depth));
    }
    if let Some(a) = array::Array::from_value(v) {
        let shown = (0..a.len().min(8)).filter_map(|i| a.get(i));
        return format!("{}[{}{}]", a.elements.ty, join(shown, depth), if a.len() > 8 { ", …" } else { "" });
    }
    let t = info(v.type_of());
    // SAFETY: the fields are those of the object's type.
    let fields = t.fields.iter().map(|f| unsafe { object::load_field(v.as_ptr(), f) });
    let fields: Vec<String> = fields.map(|f| f.map_or_else(|| "#undef".into(), |x| describe(x, depth - 1))).collect();
    let name = if t.is_tuple { String::new() } else { t.ty.to_string() };
    format!("{name}({})", fields.join(", "))
}

fn join(values: impl Iterator<Item = Value>, depth: usize) -> String {
    values.map(|v| describe(v, depth - 1)).collect::<Vec<_>>().join(", ")
}
