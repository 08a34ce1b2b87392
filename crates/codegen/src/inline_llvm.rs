//! Code in LLVM's language inside Julia functions: `Base.llvmcall(code, Result, Tuple{Arguments...}, arguments...)`.
//!
//! `code` is the body of a function that sees its arguments as `%0`, `%1`, …, or a pair of a module's text and the name of a
//! function in it. Values travel as in Julia: `Bool` is an `i8`, tuples are arrays (of one type) or structs, tuples of
//! `VecElement`s vectors, `LLVMPtr{T,S}` is a pointer into address space `S`. `Ptr` is an `i64`, as up to Julia 1.11; text
//! written for later versions, where it is a `ptr`, is taken too, and so is text from before pointers became opaque.

use crate::emit::UnitEmitter;
use crate::function::FunctionEmitter;
use crate::shape::{Form, Scalar};
use crate::value::Held;
use base::{Diagnostic, Span, Symbol};
use ir::typed::Arg;
use llvm::{Attribute, AttributeSite, Context, Function, Linkage, Module, Type, Value};
use std::fmt::Write;
use types::{Ty, builtin};

/// A module to be linked to the unit once that is emitted.
pub(crate) struct InlineCode {
    text: String,
    /// The function in it, and the name by which the unit calls it.
    entry: String,
    symbol: String,
    span: Span,
}

impl InlineCode {
    /// Makes the code a private part of the unit. The function keeps the attributes that the text gives it.
    pub fn link_into<'c>(self, module: &mut Module<'c>) -> Result<(), Diagnostic> {
        let wrong = |e: llvm::Error| refused(&e.to_string(), self.span);
        let code = Module::parse_ir(module.context(), &self.text).map_err(wrong)?;
        code.set_same_machine(module);
        for g in code.globals() {
            if !g.is_declaration() {
                g.set_linkage(Linkage::Private);
            }
        }
        for f in code.functions() {
            if f.name() == self.entry {
                f.set_name(&self.symbol);
            } else if !f.is_declaration() {
                // Other texts may have functions of the same name.
                f.set_linkage(Linkage::Private);
            }
        }
        code.verify().map_err(wrong)?;
        module.link(code).map_err(wrong)?;
        if let Some(f) = module.function(&self.symbol) {
            f.set_linkage(Linkage::Internal);
            if !f.has_flag("noinline") {
                f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline"));
            }
        }
        Ok(())
    }
}

fn refused(message: &str, span: Span) -> Diagnostic {
    Diagnostic::error("codegen.llvmcall", format!("failed to parse LLVM assembly: {message}"), span)
        .here("in the code of this call")
}

/// What a `Ptr` is in the text.
#[derive(Clone, Copy, PartialEq)]
enum Pointers {
    Integers,
    Opaque,
}

/// The type that the text gives a value of a Julia type; `None` for what has none.
fn machine_type<'m>(u: &UnitEmitter<'m>, ty: Ty, pointers: Pointers) -> Option<Type<'m>> {
    let c = u.context;
    let shape = u.shape(ty);
    Some(match shape.form {
        Form::Ghost | Form::Never => c.void_type(),
        Form::Scalar(Scalar::Bool) => c.int_type(8),
        Form::Scalar(Scalar::Pointer(0)) if is_address(ty) && pointers == Pointers::Integers => c.int_type(64),
        Form::Scalar(s) => s.llvm_type(c),
        Form::Split(_) => {
            if let Some((elem, n)) = crate::vectors::vector_of(ty) {
                return Some(machine_type(u, elem, pointers)?.vector(n));
            }
            let fields = ty.field_types();
            let elements: Vec<Type<'m>> =
                fields.iter().map(|&f| machine_type(u, f, pointers)).collect::<Option<_>>()?;
            let uniform = ty.name() == Some(builtin::tuple_name()) && fields.iter().all(|&f| f == fields[0]);
            if uniform { elements[0].array(elements.len() as u64) } else { c.struct_type(&elements, false) }
        }
        _ => return None,
    })
}

/// Is it a `Ptr` rather than an `LLVMPtr`?
fn is_address(ty: Ty) -> bool {
    ty.name().is_some_and(|n| n.name().as_str() == "Ptr")
}

impl<'m> FunctionEmitter<'_, 'm> {
    pub fn inline_llvm(&mut self, args: &[Arg], ret: Ty) -> Held<'m> {
        let [code, result, types, values @ ..] = args else { return self.poison(ret) };
        let constants = [*code, *result, *types].map(|a| self.constant_operand(a));
        let [Some(code), Some(result), Some(types)] = constants else {
            self.unsupported("an `llvmcall` whose code and types are not constants");
            return self.poison(ret);
        };
        let (Some(result), Some(arg_types)) = (result.as_type(), types.as_type().map(|t| t.params().to_vec())) else {
            self.unsupported("an `llvmcall` without types");
            return self.poison(ret);
        };
        if arg_types.len() != values.len() {
            self.unsupported(format_args!(
                "an `llvmcall` with {} arguments for {} types",
                values.len(),
                arg_types.len()
            ));
            return self.poison(ret);
        }
        let mut held = Vec::new();
        for (&value, &ty) in values.iter().zip(&arg_types) {
            let value = self.operand(value);
            held.push(self.coerce(&value, ty));
            if self.ended {
                return self.poison(ret);
            }
        }
        // As Julia 1.11 writes it; as later versions do.
        let mut first_error = None;
        for pointers in [Pointers::Integers, Pointers::Opaque] {
            match self.declare_inline(code, result, &arg_types, pointers) {
                Ok(f) => return self.call_inline(f, result, &arg_types, &held),
                Err(e) => first_error = first_error.or(Some(e)),
            }
        }
        if let Some(e) = first_error {
            self.u.report(e);
        }
        self.poison(ret)
    }

    /// Declares the function of a text and leaves the text to be linked.
    fn declare_inline(
        &self,
        code: runtime::Value,
        result: Ty,
        arg_types: &[Ty],
        pointers: Pointers,
    ) -> Result<Function<'m>, Diagnostic> {
        let span = self.span;
        let symbol = self.u.fresh("llvmcall");
        let whole = |ty: Ty| {
            machine_type(self.u, ty, pointers).ok_or_else(|| refused(&format!("it cannot be given a `{ty}`"), span))
        };
        let (text, entry) = match code.as_text() {
            Some(body) => {
                let arguments: Vec<Type<'_>> = arg_types.iter().map(|&t| whole(t)).collect::<Result<_, _>>()?;
                (function_text(whole(result)?, &symbol, &arguments, &body), symbol.clone())
            }
            None => {
                let parts = runtime::object::fields_of(code);
                let parts: Vec<_> = parts.iter().filter_map(|p| p.as_text()).collect();
                match parts.as_slice() {
                    [text, entry] => (text.to_string(), entry.to_string()),
                    _ => {
                        return Err(refused(
                            "the code must be a string, or a module's text and a function's name",
                            span,
                        ));
                    }
                }
            }
        };
        let text = with_opaque_pointers(&text);
        // The parsed module lives for this look only: what is linked in the end must not borrow the unit.
        let scratch = Context::new();
        let parsed = Module::parse_ir(&scratch, &text).map_err(|e| refused(&e.to_string(), span))?;
        parsed.verify().map_err(|e| refused(&e.to_string(), span))?;
        let Some(f) = parsed.function(&entry).filter(|f| !f.is_declaration()) else {
            return Err(refused(&format!("it defines no function `{entry}`"), span));
        };
        let expected =
            whole(result)?.function(&arg_types.iter().map(|&t| whole(t)).collect::<Result<Vec<_>, _>>()?, false);
        if f.function_type().to_string() != expected.to_string() {
            let message = format!("`{entry}` is a function `{}` where `{expected}` is called", f.function_type());
            return Err(refused(&message, span));
        }
        for declared in parsed.functions().into_iter().filter(|f| f.is_declaration()) {
            let name = declared.name();
            self.u.may_declare(&name, span)?;
            if !name.starts_with("llvm.") {
                self.u.info.borrow_mut().foreign.push((Symbol::new(&name), span));
            }
        }
        let f = self.u.module.add_function(&symbol, expected);
        self.u.inline.borrow_mut().push(InlineCode { text, entry, symbol, span });
        Ok(f)
    }

    fn call_inline(&mut self, f: Function<'m>, result: Ty, arg_types: &[Ty], held: &[Held<'m>]) -> Held<'m> {
        let wanted = f.function_type().param_types();
        let mut raw = Vec::new();
        for ((held, &ty), &want) in held.iter().zip(arg_types).zip(&wanted) {
            let mut parts = held.parts.iter().copied();
            match self.packed(ty, want, &mut parts) {
                Some(v) => raw.push(v),
                None => return self.poison(result),
            }
        }
        let call = self.b.call(f, &raw);
        let shape = self.u.shape(result);
        if result.is_bottom() {
            self.end();
            return self.poison(result);
        }
        let mut parts = Vec::new();
        if !shape.parts().is_empty() {
            self.unpacked(result, call, &mut parts);
        }
        Held::new(shape, parts)
    }

    /// A value as the text sees it, from its scalars in order.
    fn packed(&self, ty: Ty, want: Type<'m>, parts: &mut impl Iterator<Item = Value<'m>>) -> Option<Value<'m>> {
        if let Some((elem, n)) = crate::vectors::vector_of(ty) {
            let mut vector = want.poison();
            for i in 0..n {
                let part = parts.next()?;
                let wide = machine_type(self.u, elem, Pointers::Integers)?;
                vector = self.b.insert_element(
                    vector,
                    self.as_machine(part, wide),
                    self.u.context.int_type(32).const_int(i.into()),
                );
            }
            return Some(vector);
        }
        if !matches!(self.u.shape(ty).form, Form::Split(_)) {
            return Some(self.as_machine(parts.next()?, want));
        }
        let pointers = if want.to_string().contains("ptr") { Pointers::Opaque } else { Pointers::Integers };
        let mut aggregate = want.poison();
        for (i, &field) in ty.field_types().iter().enumerate() {
            let want = machine_type(self.u, field, pointers)?;
            aggregate = self.b.insert_value(aggregate, self.packed(field, want, parts)?, i as u32);
        }
        Some(aggregate)
    }

    fn as_machine(&self, v: Value<'m>, want: Type<'m>) -> Value<'m> {
        match (v.ty() == want, v.ty().is_pointer()) {
            (true, _) => v,
            (false, true) => self.b.ptr_to_int(v, want),
            (false, false) => self.b.zext(v, want),
        }
    }

    /// The scalars of what the text gives, in order.
    fn unpacked(&self, ty: Ty, v: Value<'m>, out: &mut Vec<Value<'m>>) {
        if let Some((elem, n)) = crate::vectors::vector_of(ty) {
            for i in 0..n {
                let part = self.b.extract_element(v, self.u.context.int_type(32).const_int(i.into()));
                self.unpacked(elem, part, out);
            }
            return;
        }
        match self.u.shape(ty).form {
            Form::Split(_) => {
                for (i, &field) in ty.field_types().iter().enumerate() {
                    self.unpacked(field, self.b.extract_value(v, i as u32), out);
                }
            }
            Form::Scalar(s) => {
                let want = s.llvm_type(self.u.context);
                out.push(match (v.ty() == want, want.is_pointer()) {
                    (true, _) => v,
                    (false, true) => self.b.int_to_ptr(v, want),
                    (false, false) => self.b.trunc(v, want),
                });
            }
            _ => {}
        }
    }
}

fn function_text(result: Type<'_>, name: &str, arguments: &[Type<'_>], body: &str) -> String {
    let mut text = format!("define {result} @\"{name}\"(");
    for (i, argument) in arguments.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}{argument}");
    }
    text.push_str(") {\n");
    text.push_str(body);
    text.push_str("\n}\n");
    text
}

/// The text with `ptr` for `i32*` and its like, which LLVM reads no more.
fn with_opaque_pointers(text: &str) -> String {
    if !text.contains('*') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                for c in chars.by_ref() {
                    out.push(c);
                    if c == '"' {
                        break;
                    }
                }
            }
            ';' => {
                // A comment.
                chars.by_ref().find(|&c| c == '\n');
                out.push('\n');
            }
            '*' => {
                let space = take_address_space(&mut out);
                drop_type(&mut out);
                out.push_str("ptr");
                out.push_str(&space);
            }
            c => out.push(c),
        }
    }
    out
}

/// Takes ` addrspace(n)` off the end.
fn take_address_space(out: &mut String) -> String {
    let trimmed = out.trim_end();
    let found = trimmed.ends_with(')').then(|| trimmed.rfind("addrspace(")).flatten();
    match found {
        Some(at) => {
            let space = format!(" {}", &trimmed[at..]);
            out.truncate(at);
            space
        }
        None => String::new(),
    }
}

/// Takes a type off the end: a word, or something in brackets.
fn drop_type(out: &mut String) {
    out.truncate(out.trim_end().len());
    let mut depth = 0usize;
    while let Some(c) = out.chars().next_back() {
        match c {
            ']' | '}' | '>' | ')' => depth += 1,
            '[' | '{' | '<' | '(' if depth > 0 => {
                depth -= 1;
                out.pop();
                if depth == 0 && c != '(' {
                    return;
                }
                if depth == 0 {
                    // Of a function's type, what it returns is still there.
                    return drop_type(out);
                }
                continue;
            }
            c if depth == 0 && !(c.is_alphanumeric() || matches!(c, '_' | '.' | '%' | '$' | '-')) => return,
            _ => {}
        }
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_pointers_become_opaque() {
        for (old, new) in [
            ("%1 = load i32, i32* %0", "%1 = load i32, ptr %0"),
            ("store float %1, float addrspace(3)* %0, align 4", "store float %1, ptr addrspace(3) %0, align 4"),
            ("%p = bitcast i8** %0 to <4 x float>*", "%p = bitcast ptr %0 to ptr"),
            (
                "%q = getelementptr [4 x { i8, i32 }], [4 x { i8, i32 }]* %p",
                "%q = getelementptr [4 x { i8, i32 }], ptr %p",
            ),
            ("declare i32 @f(%T*, void (i32)*)", "declare i32 @f(ptr, ptr)"),
            ("%r = call i32 asm \"a * b\", \"=r\"()", "%r = call i32 asm \"a * b\", \"=r\"()"),
        ] {
            assert_eq!(with_opaque_pointers(old), new);
        }
    }
}
