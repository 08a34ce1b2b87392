//! Text of typed bodies: what `rekindle code typed` and `warntype` show, and what tests compare.

use crate::typed::{Arg, BlockId, DynamicReason, InstKind, Terminator, TypedBody};
use runtime::Value;
use std::fmt::{self, Write};
use types::Ty;

/// How to print.
#[derive(Clone, Copy, Default)]
pub struct PrintOptions<'a> {
    /// Marks types that are not concrete, and calls dispatched at run time.
    pub warn: bool,
    /// Shows a constant; without it constants are shown by their type.
    pub show: Option<&'a dyn Fn(Value) -> String>,
}

/// Prints a body with its local bodies, in the order of blocks and instructions.
pub fn typed_body(body: &TypedBody, options: PrintOptions<'_>) -> String {
    let mut printer = Printer { out: String::new(), options };
    printer.body(body, "", 0).expect("writing to a string does not fail");
    printer.out
}

struct Printer<'a> {
    out: String,
    options: PrintOptions<'a>,
}

impl Printer<'_> {
    fn body(&mut self, body: &TypedBody, label: &str, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        write!(self.out, "{indent}{label}{}(", body.name)?;
        for (i, p) in body.params.iter().enumerate() {
            let sep = if i == 0 { "" } else { ", " };
            let dots = if body.is_va && i + 1 == body.params.len() { "..." } else { "" };
            write!(self.out, "{sep}{}{dots}::{}", p.name, self.ty(p.ty))?;
            if let Some(c) = p.constant {
                write!(self.out, " = {}", self.constant(c))?;
            }
        }
        write!(self.out, ") -> {}", self.ty(body.ret))?;
        if let Some(c) = body.ret_const {
            write!(self.out, " = {}", self.constant(c))?;
        }
        let flags = [(body.effect_free, "effect_free"), (body.nothrow, "nothrow"), (body.terminates, "terminates")];
        for (_, name) in flags.iter().filter(|(on, _)| *on) {
            write!(self.out, " {name}")?;
        }
        self.out.push('\n');
        if let Some(why) = body.not_compilable {
            writeln!(self.out, "{indent}  not compilable: {}", why.what)?;
            return Ok(());
        }
        let mut seen = vec![false; body.locals.len()];
        for (b, block) in body.blocks.iter().enumerate() {
            writeln!(self.out, "{indent}b{b}:")?;
            for &id in &block.insts {
                let inst = &body.insts[id.0 as usize];
                write!(self.out, "{indent}  %{} = ", id.0)?;
                self.kind(body, &inst.kind)?;
                writeln!(self.out, " :: {}", self.ty(inst.ty))?;
                if let InstKind::InvokeLocal { callee, .. } = inst.kind
                    && let Some(s) = seen.get_mut(callee.0 as usize)
                {
                    *s = true;
                }
            }
            write!(self.out, "{indent}  ")?;
            match &block.term {
                None => writeln!(self.out, "(no terminator)")?,
                Some(Terminator::Goto(t)) => writeln!(self.out, "goto {}", block_name(*t))?,
                Some(Terminator::Branch { cond, then, otherwise }) => {
                    let cond = self.arg(*cond);
                    writeln!(self.out, "if {cond} {} else {}", block_name(*then), block_name(*otherwise))?
                }
                Some(Terminator::Return(a)) => writeln!(self.out, "return {}", self.arg(*a))?,
                Some(Terminator::Unreachable) => writeln!(self.out, "unreachable")?,
            }
        }
        for (i, local) in body.locals.iter().enumerate() {
            self.body(local, &format!("local {i}: "), depth + 1)?;
        }
        Ok(())
    }

    fn kind(&mut self, body: &TypedBody, kind: &InstKind) -> fmt::Result {
        match kind {
            InstKind::Phi(inputs) => {
                self.out.push_str("phi");
                for (i, (b, a)) in inputs.iter().enumerate() {
                    let sep = if i == 0 { " " } else { ", " };
                    let a = a.map_or("undef".into(), |a| self.arg(a));
                    write!(self.out, "{sep}{}: {a}", block_name(*b))?;
                }
                Ok(())
            }
            InstKind::Pi(a) => write!(self.out, "pi {}", self.arg(*a)),
            InstKind::Intrinsic { op, args } => self.call("intrinsic ", op.name(), args),
            InstKind::Builtin { op, args } => self.call("builtin ", op.name(), args),
            InstKind::Host { name, args } => self.call("host ", name.as_str(), args),
            InstKind::Foreign { name, ret, arg_types, args } => {
                self.call("foreign ", name.as_str(), args)?;
                let types: Vec<String> = arg_types.iter().map(|t| t.to_string()).collect();
                write!(self.out, " as ({}) -> {ret}", types.join(", "))
            }
            InstKind::Invoke { callee, args } => {
                let types = body.callees.get(callee.0 as usize).map_or(String::new(), |c| {
                    c.arg_types.iter().map(|t| t.to_string()).collect::<Vec<_>>().join(", ")
                });
                self.call("invoke ", &format!("<{types}>"), args)
            }
            InstKind::FunctionPointer { callee } => {
                let types = body.callees.get(callee.0 as usize).map_or(String::new(), |c| {
                    c.arg_types.iter().map(|t| t.to_string()).collect::<Vec<_>>().join(", ")
                });
                write!(self.out, "address of <{types}>")
            }
            InstKind::InvokeLocal { callee, args } => {
                let name = body.locals.get(callee.0 as usize).map_or("?", |l| l.name.as_str());
                self.call("invoke ", &format!("local {} {name}", callee.0), args)
            }
            InstKind::Dynamic { f, args, why } => {
                let f = self.arg(*f);
                let mark = if self.options.warn { "DYNAMIC " } else { "dynamic " };
                self.call(mark, &f, args)?;
                write!(self.out, " ({})", reason(*why))
            }
            InstKind::New { args } => self.call("", "new", args),
            InstKind::LoadGlobal(g) => write!(self.out, "load {}", g.name),
            InstKind::StoreGlobal(g, a) => write!(self.out, "store {} = {}", g.name, self.arg(*a)),
            InstKind::IsExactly(a, ty) => write!(self.out, "{} isexactly {ty}", self.arg(*a)),
            InstKind::ThrowUndefIfNot { name, cond } => {
                write!(self.out, "throw_undef_if_not {name} {}", self.arg(*cond))
            }
            InstKind::ThrowNonBool(a) => write!(self.out, "throw_non_bool {}", self.arg(*a)),
            InstKind::LoopHint(name) => write!(self.out, "loop_hint {name}"),
            InstKind::Unsupported { what, args } => self.call("unsupported ", what.as_str(), args),
        }
    }

    fn call(&mut self, prefix: &str, name: &str, args: &[Arg]) -> fmt::Result {
        let args: Vec<String> = args.iter().map(|&a| self.arg(a)).collect();
        write!(self.out, "{prefix}{name}({})", args.join(", "))
    }

    fn arg(&self, a: Arg) -> String {
        match a {
            Arg::Inst(id) => format!("%{}", id.0),
            Arg::Param(n) => format!("_{n}"),
            Arg::Const(v) => self.constant(v),
        }
    }

    fn constant(&self, v: Value) -> String {
        match self.options.show {
            Some(show) => show(v),
            None => match v.as_type() {
                Some(ty) => ty.to_string(),
                None => format!("const::{}", v.type_of()),
            },
        }
    }

    fn ty(&self, ty: Ty) -> String {
        if self.options.warn && !ty.is_concrete() && ty != types::builtin::bottom() {
            format!("{ty} (not concrete)")
        } else {
            ty.to_string()
        }
    }
}

fn block_name(b: BlockId) -> String {
    format!("b{}", b.0)
}

/// A reason in words.
pub fn reason(why: DynamicReason) -> &'static str {
    match why {
        DynamicReason::NoMethod => "no matching method",
        DynamicReason::Ambiguous => "ambiguous",
        DynamicReason::AbstractArguments => "argument types not concrete enough",
        DynamicReason::UnknownFunction => "unknown function",
        DynamicReason::UnknownArity => "unknown number of arguments",
        DynamicReason::Builtin => "builtin on unknown types",
        DynamicReason::Limited => "inference limit",
    }
}
