//! What lowering asks of the session.

use crate::convert;
use crate::exec::Interp;
use base::{Span, Symbol};
use lowering::{LoweringHost, MacroExpansion};
use runtime::{Exception, Module, Value, errors, expr, pin};
use syntax::{Expr, ExprKind, Lit, OpaqueValue};
use world::Dispatch;

/// The surroundings of one top-level expression of a module.
pub struct Host<'a> {
    pub interp: &'a Interp,
    pub module: &'static Module,
    pub numbers: Numbers,
}

/// The numbers that name what an expression defines.
#[derive(Default)]
pub struct Numbers {
    given: Vec<u32>,
    /// How many of `given` to give once more, instead of new ones, and how many of them were.
    again: Option<(usize, usize)>,
}

impl Numbers {
    /// Gives the same numbers in the same order.
    pub fn again(numbers: &[u32]) -> Numbers {
        Numbers { given: numbers.to_vec(), again: Some((numbers.len(), 0)) }
    }

    /// All numbers given so far.
    pub fn given(self) -> Vec<u32> {
        self.given
    }

    /// Were exactly the numbers given that were to be given again?
    pub fn as_given(&self) -> bool {
        self.again.is_none_or(|(wanted, taken)| wanted == taken && self.given.len() == wanted)
    }

    fn next(&mut self, module: &'static Module) -> u32 {
        if let Some((wanted, taken)) = &mut self.again
            && taken < wanted
        {
            *taken += 1;
            return self.given[*taken - 1];
        }
        let number = module.next_number();
        self.given.push(number);
        number
    }
}

impl<'a> Host<'a> {
    pub fn new(interp: &'a Interp, module: &'static Module) -> Host<'a> {
        Host { interp, module, numbers: Numbers::default() }
    }
}

impl Host<'_> {
    /// The function that a macro call's first argument means.
    fn macro_function(&self, lookup: &'static Module, e: &Expr) -> Result<Value, Exception> {
        match &e.kind {
            ExprKind::Sym(s) => lookup.get(*s).ok_or_else(|| errors::undef_global(lookup.value(), *s)),
            ExprKind::GlobalRef { module, name } => {
                let m =
                    runtime::reflect::module_by_path(module.as_str()).ok_or_else(|| errors::error("no such module"))?;
                m.get(*name).ok_or_else(|| errors::undef_global(m.value(), *name))
            }
            ExprKind::Opaque(v) => {
                let v = convert::opaque(*v);
                match expr::global_ref_parts(v) {
                    Some((m, name)) => match Module::from_value(m) {
                        Some(m) => m.get(name).ok_or_else(|| errors::undef_global(m.value(), name)),
                        None => Err(errors::error("no such module")),
                    },
                    None => Ok(v),
                }
            }
            ExprKind::Node(h, args) if *h == "escape" && args.len() == 1 => self.macro_function(lookup, &args[0]),
            ExprKind::Node(h, args) if *h == "." && args.len() == 2 => {
                let m = self.module_value(lookup, &args[0])?;
                let name = match &args[1].kind {
                    ExprKind::Quote(q) => q.as_sym(),
                    ExprKind::Sym(s) => Some(*s),
                    _ => None,
                };
                let name = name.ok_or_else(|| errors::error("malformed macro name"))?;
                m.get(name).ok_or_else(|| errors::undef_global(m.value(), name))
            }
            _ => Err(errors::error("malformed macro call")),
        }
    }

    fn module_value(&self, lookup: &'static Module, e: &Expr) -> Result<&'static Module, Exception> {
        let v = match &e.kind {
            ExprKind::Sym(s) => lookup.get(*s).ok_or_else(|| errors::undef_global(lookup.value(), *s))?,
            ExprKind::Opaque(v) => convert::opaque(*v),
            _ => self.macro_function(lookup, e)?,
        };
        Module::from_value(v).ok_or_else(|| errors::error("macro name is not in a module"))
    }
}

impl LoweringHost for Host<'_> {
    fn module(&self) -> Value {
        self.module.value()
    }

    fn core_module(&self) -> Value {
        self.interp.session.core.value()
    }

    fn base_module(&self) -> Value {
        self.interp.session.base().value()
    }

    fn module_by_path(&self, path: &str) -> Option<Value> {
        runtime::reflect::module_by_path(path).map(Module::value)
    }

    fn expand_macro(&mut self, lookup_module: Value, call: &Expr) -> Result<MacroExpansion, Exception> {
        let lookup = Module::from_value(lookup_module).unwrap_or(self.module);
        let args = call.args();
        let Some(name) = args.first() else { return Err(errors::error("malformed macro call")) };
        let f = self.macro_function(lookup, name)?;
        let source = match args.get(1).map(|a| &a.kind) {
            Some(ExprKind::Line { line, file }) => expr::new_line_node(i64::from(*line), *file),
            _ => {
                let file = base::SourceMap::file(call.span.file);
                expr::new_line_node(i64::from(call.span.line()), Symbol::new(&file.name))
            }
        };
        let mut values = runtime::ValueVec::with_capacity(args.len() + 1);
        values.push(f);
        values.push(source);
        values.push(self.module.value());
        let mut places = convert::Places::default();
        for a in args.iter().skip(2) {
            values.push(places.remember(a));
        }
        let session = self.interp.session;
        let age = session.world.age();
        let types = crate::dispatch::dispatch_types(&values);
        let found = session.world.lookup_one(session.stack, &types, age);
        let Dispatch::Found(m) = found else {
            return Err(errors::method(f, &values[1..], age.0));
        };
        let module = runtime::reflect::module_by_path(m.method.module()).unwrap_or(self.module);
        let module = crate::dispatch::method_code(m.method).map_or(module.value(), |c| c.module);
        let result = self.interp.call_in(age, f, &values[1..])?;
        Ok(MacroExpansion { expr: convert::to_expr_at(result, call.span, &places), module })
    }

    fn literal(&mut self, lit: &Lit) -> Value {
        pin(convert::literal(lit))
    }

    fn symbol(&mut self, name: Symbol) -> Value {
        Value::symbol(name)
    }

    fn nothing(&self) -> Value {
        Value::nothing()
    }

    fn bottom(&self) -> Option<Value> {
        Some(Value::from(types::builtin::bottom()))
    }

    fn boolean(&self, value: bool) -> Value {
        Value::boolean(value)
    }

    fn int(&mut self, value: i64) -> Value {
        pin(Value::int(value))
    }

    fn string(&mut self, text: &str) -> Value {
        pin(Value::string(text))
    }

    fn expr_to_value(&mut self, expr: &Expr) -> Value {
        pin(convert::to_value(expr))
    }

    fn opaque(&self, value: OpaqueValue) -> Value {
        convert::opaque(value)
    }

    fn is_global_defined(&self, module: Value, name: Symbol) -> bool {
        // Only what the module itself has: an assignment never changes an imported name.
        Module::from_value(module).and_then(|m| m.existing(name)).is_some_and(|b| {
            b.settled().is_some_and(|owner| std::ptr::eq(owner, b)) && (b.own_value().is_some() || b.is_declared())
        })
    }

    fn soft_scope(&self) -> bool {
        self.interp.session.is_interactive()
    }

    fn next_number(&mut self, module: Value) -> u32 {
        self.numbers.next(Module::from_value(module).unwrap_or(self.module))
    }

    fn warn(&mut self, message: &str, span: Span) {
        let file = base::SourceMap::file(span.file);
        self.interp.session.warn(&format!(
            "┌ Warning: {message}\n└ @ {} {}:{}\n",
            self.module.path(),
            file.name,
            span.line()
        ));
    }
}
