//! `Expr`, `QuoteNode`, `LineNumberNode` and `GlobalRef` objects.

use crate::{Value, array, core_types, info, object};
use base::Symbol;

/// `Expr(head, args...)`
pub fn new_expr(head: Value, args: &[Value]) -> Value {
    let args = array::vector_any(args);
    // SAFETY: the fields of `Expr` are a symbol and a vector of anything.
    unsafe { object::new_unchecked(info(core_types().expr), &[head, args]) }
}

/// Head and arguments of an `Expr`.
pub fn expr_parts(v: Value) -> Option<(Symbol, crate::ValueVec)> {
    if !v.is(core_types().expr) {
        return None;
    }
    let head = object::field_at(v, 0).as_symbol()?;
    let args = array::Array::from_value(object::field_at(v, 1))?.to_vec();
    Some((head, args))
}

/// `QuoteNode(x)`
pub fn new_quote_node(x: Value) -> Value {
    // SAFETY: the field may be anything.
    unsafe { object::new_unchecked(info(core_types().quotenode), &[x]) }
}

/// What a `QuoteNode` holds.
pub fn quoted(v: Value) -> Option<Value> {
    v.is(core_types().quotenode).then(|| object::field_at(v, 0))
}

/// `LineNumberNode(line, file)`
pub fn new_line_node(line: i64, file: Symbol) -> Value {
    // SAFETY: an `Int` and a symbol or `nothing`.
    unsafe { object::new_unchecked(info(core_types().linenumbernode), &[Value::int(line), Value::symbol(file)]) }
}

/// Line and file of a `LineNumberNode`.
pub fn line_parts(v: Value) -> Option<(i64, Symbol)> {
    if !v.is(core_types().linenumbernode) {
        return None;
    }
    let file = object::field_at(v, 1).as_symbol().unwrap_or_else(|| Symbol::new("none"));
    Some((object::field_at(v, 0).as_int()?, file))
}

/// `GlobalRef(module, name)`
pub fn new_global_ref(module: Value, name: Symbol) -> Value {
    // SAFETY: a module and a symbol.
    unsafe { object::new_unchecked(info(core_types().globalref), &[module, Value::symbol(name)]) }
}

/// Module and name of a `GlobalRef`.
pub fn global_ref_parts(v: Value) -> Option<(Value, Symbol)> {
    if !v.is(core_types().globalref) {
        return None;
    }
    Some((object::field_at(v, 0), object::field_at(v, 1).as_symbol()?))
}

/// A copy of a tree of `Expr`s; leaves are shared.
pub fn copy_ast(v: Value) -> Value {
    match expr_parts(v) {
        Some((head, args)) => {
            let args: crate::ValueVec = args.iter().map(|&a| copy_ast(a)).collect();
            new_expr(Value::symbol(head), &args)
        }
        None => v,
    }
}
