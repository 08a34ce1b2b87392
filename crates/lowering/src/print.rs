//! Lowered code as text.

use ir::lowered::*;
use runtime::Value;
use std::fmt::Write;

/// The text of lowered code, one statement per line; nested method bodies are indented below
/// their definition. `show` prints constants.
pub fn print_code(code: &CodeInfo, show: &dyn Fn(Value) -> String) -> String {
    let mut out = String::new();
    Printer { show, out: &mut out }.code(code, 0);
    out
}

struct Printer<'a> {
    show: &'a dyn Fn(Value) -> String,
    out: &'a mut String,
}

impl Printer<'_> {
    fn code(&mut self, code: &CodeInfo, indent: usize) {
        let pad = "    ".repeat(indent);
        let args: Vec<&str> = code.slots.iter().take(code.nargs as usize).map(|s| s.name.as_str()).collect();
        let va = if code.is_va { "..." } else { "" };
        let sparams = match code.sparams.is_empty() {
            true => String::new(),
            false => format!(" where {{{}}}", code.sparams.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", ")),
        };
        let _ = writeln!(self.out, "{pad}{}({}{va}){sparams}{}", code.name, args.join(", "), meta(code));
        let locals: Vec<String> = code.slots[code.nargs as usize..]
            .iter()
            .map(|s| format!("{}{}", s.name, if s.maybe_undef { "?" } else { "" }))
            .collect();
        if !locals.is_empty() {
            let _ = writeln!(self.out, "{pad}  locals: {}", locals.join(", "));
        }
        for (i, stmt) in code.stmts.iter().enumerate() {
            let text = self.stmt(code, stmt);
            let _ = writeln!(self.out, "{pad}  {:>3} {text}", format!("%{i}"));
            if let Stmt::DefineMethod { code, .. } = stmt {
                self.code(code, indent + 1);
            }
        }
    }

    fn op(&self, code: &CodeInfo, op: &Operand) -> String {
        match op {
            Operand::Ssa(s) => format!("%{}", s.0),
            Operand::Slot(s) => {
                let slot = &code.slots[s.0 as usize];
                let same = code.slots.iter().filter(|other| other.name == slot.name).count();
                if same > 1 { format!("{}@{}", slot.name, s.0) } else { slot.name.to_string() }
            }
            Operand::StaticParam(i) => format!("${}", code.sparams[*i as usize]),
            Operand::Global(g) => self.global(g),
            Operand::Const(v) => (self.show)(*v),
        }
    }

    fn global(&self, g: &GlobalRef) -> String {
        format!("{}.{}", (self.show)(g.module), g.name)
    }

    fn ops(&self, code: &CodeInfo, ops: &[Operand]) -> String {
        ops.iter().map(|o| self.op(code, o)).collect::<Vec<_>>().join(", ")
    }

    fn stmt(&self, code: &CodeInfo, stmt: &Stmt) -> String {
        let op = |o: &Operand| self.op(code, o);
        let slot = |s: &SlotId| op(&Operand::Slot(*s));
        match stmt {
            Stmt::Read(o) => op(o),
            Stmt::Call { f, args } => format!("{}({})", op(f), self.ops(code, args)),
            Stmt::New { ty, args } => format!("new {}({})", op(ty), self.ops(code, args)),
            Stmt::SplatNew { ty, tuple } => format!("new {}({}...)", op(ty), op(tuple)),
            Stmt::ForeignCall { name, ret, arg_types, args } => {
                format!("ccall {name}({})::{} of ({})", self.ops(code, args), op(ret), self.ops(code, arg_types))
            }
            Stmt::SetSlot { slot: s, value } => format!("{} = {}", slot(s), op(value)),
            Stmt::NewVar(s) => format!("newvar {}", slot(s)),
            Stmt::SetGlobal { global, value } => format!("{} = {}", self.global(global), op(value)),
            Stmt::Goto(t) => format!("goto %{t}"),
            Stmt::GotoIfNot { cond, target } => format!("goto %{target} if not {}", op(cond)),
            Stmt::Return(o) => format!("return {}", op(o)),
            Stmt::Enter { catch } => format!("try, catch at %{catch}"),
            Stmt::Leave(n) => format!("leave {n}"),
            Stmt::PopException => "pop exception".into(),
            Stmt::CurrentException => "the exception".into(),
            Stmt::IsDefined(o) => format!("isdefined {}", op(o)),
            Stmt::ThrowUndefIfNot { name, cond } => format!("throw undef {name} if not {}", op(cond)),
            Stmt::Boundscheck => "boundscheck".into(),
            Stmt::InboundsPush(b) => format!("inbounds {b}"),
            Stmt::InboundsPop => "inbounds pop".into(),
            Stmt::CopyAst(v) => format!("copyast {}", (self.show)(*v)),
            Stmt::LoopHint(h) => format!("loop hint {h}"),
            Stmt::Nop => "nop".into(),
            Stmt::DefineFunction(g) => format!("function {}", self.global(g)),
            Stmt::DefineMethod { table, sig, captured, .. } => {
                let table = table.as_ref().map(|t| format!(" in {}", op(t))).unwrap_or_default();
                let captured = match captured.is_empty() {
                    true => String::new(),
                    false => format!(" capturing ({})", self.ops(code, captured)),
                };
                format!("method {}{table}{captured}", op(sig))
            }
            Stmt::DeclareGlobal { global, ty } => match ty {
                Some(ty) => format!("global {}::{}", self.global(global), op(ty)),
                None => format!("global {}", self.global(global)),
            },
            Stmt::DeclareConst { global, value } => format!("const {} = {}", self.global(global), op(value)),
            Stmt::NewType { global, params, kind } => {
                let kind = match kind {
                    NewTypeKind::Abstract => "abstract type".to_string(),
                    NewTypeKind::Primitive { bits } => format!("primitive type of {} bits", op(bits)),
                    NewTypeKind::Struct { field_names, const_fields, atomic_fields, mutable, ninit } => {
                        let fields: Vec<String> = field_names
                            .iter()
                            .enumerate()
                            .map(|(i, n)| {
                                let mark = |list: &[u32], text: &'static str| {
                                    if list.contains(&(i as u32)) { text } else { "" }
                                };
                                format!("{}{}{n}", mark(const_fields, "const "), mark(atomic_fields, "atomic "))
                            })
                            .collect();
                        let mutable = if *mutable { "mutable " } else { "" };
                        format!("{mutable}struct ({}) ninit {ninit}", fields.join(", "))
                    }
                };
                format!("new type {} over {}: {kind}", self.global(global), op(params))
            }
            Stmt::FinishType { global, ty, supertype, field_types } => {
                let fields = field_types.as_ref().map(|f| format!(" fields {}", op(f))).unwrap_or_default();
                format!("finish type {} = {} <: {}{fields}", self.global(global), op(ty), op(supertype))
            }
            Stmt::DefineModule { name, bare, .. } => format!("{}module {name}", if *bare { "bare" } else { "" }),
            Stmt::Using { path, names, import, .. } => {
                let word = if *import { "import" } else { "using" };
                let mut text = format!("{word} {}", path_text(path));
                if let Some(names) = names {
                    let names: Vec<String> = names
                        .iter()
                        .map(|n| match n.alias {
                            Some(alias) => format!("{} as {alias}", n.name),
                            None => n.name.to_string(),
                        })
                        .collect();
                    let _ = write!(text, ": {}", names.join(", "));
                }
                text
            }
            Stmt::Export { names, public, .. } => {
                let names: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
                format!("{} {}", if *public { "public" } else { "export" }, names.join(", "))
            }
        }
    }
}

fn path_text(path: &ImportPath) -> String {
    let names: Vec<&str> = path.names.iter().map(|n| n.as_str()).collect();
    let alias = path.alias.map(|a| format!(" as {a}")).unwrap_or_default();
    format!("{}{}{alias}", ".".repeat(path.dots as usize), names.join("."))
}

fn meta(code: &CodeInfo) -> String {
    let m = &code.meta;
    let mut words = Vec::new();
    match m.inline {
        Some(true) => words.push("inline".to_string()),
        Some(false) => words.push("noinline".to_string()),
        None => {}
    }
    if m.propagate_inbounds {
        words.push("propagate_inbounds".into());
    }
    if m.foldable {
        words.push("foldable".into());
    }
    if m.fastmath {
        words.push("fastmath".into());
    }
    if m.nospecialize != 0 {
        words.push(format!("nospecialize {:#b}", m.nospecialize));
    }
    match m.constprop {
        Some(true) => words.push("constprop".into()),
        Some(false) => words.push("no constprop".into()),
        None => {}
    }
    if code.generated {
        words.push("generated".into());
    }
    if words.is_empty() { String::new() } else { format!(" [{}]", words.join(", ")) }
}
