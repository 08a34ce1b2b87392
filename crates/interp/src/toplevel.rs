//! Evaluating top-level code: statement by statement, modules included.

use crate::code::Code;
use crate::exec::Interp;
use crate::lowering_host::Host;
use crate::query::format_trace;
use crate::sources;
use crate::straight::is_straight;
use base::{Diagnostic, FileId, Severity, SourceMap, Symbol};
use ir::lowered::CodeInfo;
use ir::lowered::syntax_body::ModuleBody;
use lowering::LowerError;
use runtime::{Exception, Module, Value, errors};
use std::sync::Arc;
use syntax::{Expr, ExprKind};

/// Julia's exception for wrong syntax: an `ErrorException` until `Meta.ParseError` exists.
pub fn syntax_error(interp: &Interp, diagnostics: &[Diagnostic]) -> Exception {
    let first = diagnostics.iter().find(|d| d.severity == Severity::Error).or(diagnostics.first());
    let message = first.map_or_else(|| "syntax error".to_string(), |d| d.message.clone());
    let e = errors::error(&format!("syntax: {message}"));
    interp.session.note_diagnostics(diagnostics, e);
    e
}

impl Interp {
    /// Evaluates a loaded file (or text) in a module; the value of its last statement.
    pub fn eval_file(&self, m: &'static Module, file: FileId) -> Result<Value, Exception> {
        if let Some(parse) = sources::parsed(file).filter(|parse| parse.ok()) {
            return self.eval_each(parse.expr().args(), file, |s| self.eval_library(m, s));
        }
        let parse = syntax::parse(file);
        if !parse.ok() {
            // What stands before the first error runs, as in Julia's `include`.
            let bad = parse.diagnostics().iter().flat_map(|d| &d.labels).map(|l| l.span.start).min();
            let statements: Vec<Expr> = parse.expr().args().iter().filter(|e| !e.is_line()).cloned().collect();
            for s in statements {
                if bad.is_none_or(|b| s.span.end >= b) || has_error(&s) {
                    break;
                }
                self.eval_expr(m, &s).map_err(|e| self.load_error(e, file, s.span.start))?;
            }
            let e = syntax_error(self, parse.diagnostics());
            return Err(self.load_error(e, file, bad.unwrap_or(0)));
        }
        self.eval_each(parse.expr().args(), file, |s| self.eval_expr(m, s))
    }

    /// Evaluates the statements of a file; the value of the last one.
    fn eval_each<'e>(
        &self,
        statements: &'e [Expr],
        file: FileId,
        eval: impl Fn(&'e Expr) -> Result<Value, Exception>,
    ) -> Result<Value, Exception> {
        let mut last = Value::nothing();
        for s in statements.iter().filter(|s| !s.is_line()) {
            match eval(s).map_err(|e| self.load_error(e, file, s.span.start)) {
                Ok(v) => last = v,
                Err(e) if self.session.is_loading() && keep_going() => {
                    let trace = format_trace(&self.uncaught_trace());
                    eprintln!("{}\n{trace}", runtime::debug::describe(e.0, 6));
                }
                Err(e) => return Err(e),
            }
        }
        Ok(last)
    }

    /// Evaluates a statement of the library: method bodies are lowered when they are first needed.
    pub(crate) fn eval_library(&self, m: &'static Module, e: &'static Expr) -> Result<Value, Exception> {
        if let Some(args) = e.args_of("module") {
            return self.eval_module_with(m, args, false, |new, s| self.eval_library(new, s));
        }
        self.in_world(self.session.world.age(), || match self.lower_deferred(m, e) {
            Some(code) => self.run_library(code),
            None => self.eval_statement(m, e),
        })
    }

    fn run_library(&self, code: Arc<CodeInfo>) -> Result<Value, Exception> {
        if is_straight(&code) { self.run_straight(&code) } else { self.run_thunk(code) }
    }

    fn load_error(&self, e: Exception, file: FileId, start: u32) -> Exception {
        if self.session.include_depth() == 0 {
            return e;
        }
        let source = SourceMap::file(file);
        self.load_error_of(e, &source.name, source.line_column(start).0)
    }

    /// Evaluates one expression at the top level of a module, in the newest world.
    pub fn eval_expr(&self, m: &'static Module, e: &Expr) -> Result<Value, Exception> {
        let world = self.session.world.age();
        self.in_world(world, || self.eval_statement(m, e))
    }

    fn eval_statement(&self, m: &'static Module, e: &Expr) -> Result<Value, Exception> {
        match &e.kind {
            ExprKind::Lit(lit) => return Ok(crate::convert::literal(lit)),
            ExprKind::Line { .. } => return Ok(Value::nothing()),
            ExprKind::Sym(name) if !name.as_str().chars().all(|c| c == '_') => {
                return m.get(*name).ok_or_else(|| crate::imports::undefined(m, *name));
            }
            ExprKind::Quote(inner) => return Ok(crate::convert::to_value(inner)),
            ExprKind::Opaque(v) => return Ok(crate::convert::opaque(*v)),
            ExprKind::Node(head, args) => match head.as_str() {
                "toplevel" => {
                    let mut last = Value::nothing();
                    for a in args.iter().filter(|a| !a.is_line()) {
                        last = self.eval_expr(m, a)?;
                    }
                    return Ok(last);
                }
                "module" => return self.eval_module(m, args, false),
                "error" | "incomplete" => {
                    let text = args.first().map_or_else(String::new, |a| a.to_sexpr());
                    return Err(errors::error(&format!("syntax: {text}")));
                }
                "hygienic-scope" if args.first().is_some_and(|a| a.is("module") || a.is("toplevel")) => {
                    return self.eval_statement(m, &strip_escapes(&args[0]));
                }
                "escape" if args.len() == 1 => return self.eval_statement(m, &args[0]),
                _ => {}
            },
            _ => {}
        }
        let code = self.lower(m, e)?;
        if e.span.in_library() { self.run_library(code) } else { self.run_thunk(code) }
    }

    /// The code that an expression means at the top level of a module: its macros are expanded, nothing else runs.
    pub fn lower(&self, m: &'static Module, e: &Expr) -> Result<Arc<CodeInfo>, Exception> {
        let mut host = Host::new(self, m);
        lowering::lower_toplevel(e, &mut host).map_err(|err| self.lower_error(err, e))
    }

    /// The exception for code that could not be lowered.
    pub fn lower_error(&self, err: LowerError, e: &Expr) -> Exception {
        match err {
            LowerError::Invalid(diagnostics) => syntax_error(self, &diagnostics),
            LowerError::MacroThrew { exception, span } => {
                let span = if span.is_none() { e.span } else { span };
                let file = SourceMap::file(span.file);
                let name = if span.is_none() { "none" } else { file.name.as_str() };
                self.load_error_of(exception, name, span.line())
            }
        }
    }

    /// Runs the code of a top-level expression.
    pub fn run_thunk(&self, code: Arc<CodeInfo>) -> Result<Value, Exception> {
        // Kept for ever: frames and closures of other threads may still refer to it.
        let code: &'static Code = Box::leak(Box::new(Code::new(code)));
        let base = self.stack.top();
        let world = self.session.world.age();
        let n = code.nargs as usize;
        for _ in 0..n {
            self.stack.push(Value::nothing());
        }
        self.run(code, &[], base, n, world, None)
    }

    /// `module Name … end` (`args` of the `module` expression). `root`: makes a root module instead of a part of `m`.
    pub fn eval_module(&self, m: &'static Module, args: &[Expr], root: bool) -> Result<Value, Exception> {
        self.eval_module_with(m, args, root, |new, s| self.eval_expr(new, s))
    }

    /// As [`eval_module`](Self::eval_module), with the function that evaluates a statement of the body.
    pub(crate) fn eval_module_with<'e>(
        &self,
        m: &'static Module,
        args: &'e [Expr],
        root: bool,
        eval: impl Fn(&'static Module, &'e Expr) -> Result<Value, Exception>,
    ) -> Result<Value, Exception> {
        let bare = !matches!(args.first().and_then(Expr::as_lit), Some(syntax::Lit::Bool(true)));
        let Some(name) = args.get(1).and_then(module_name) else {
            return Err(errors::error("syntax: invalid module name"));
        };
        let body = args.get(2).map_or(&[][..], Expr::args);
        let new = self.new_module(m, name, bare, root)?;
        let outermost = self.begin_module(root);
        let ran = body.iter().filter(|s| !s.is_line()).try_for_each(|s| eval(new, s).map(drop));
        self.end_module(new, outermost, ran)?;
        Ok(new.value())
    }

    /// Marks the start of a module's body: is no module around it?
    fn begin_module(&self, root: bool) -> bool {
        let mut inits = self.session.inits.lock().unwrap_or_else(|e| e.into_inner());
        let outermost = root || inits.is_empty();
        if outermost {
            inits.push(Vec::new());
        }
        outermost
    }

    /// The end of a module's body. Modules are initialised when the outermost one is complete, inner ones first.
    fn end_module(&self, m: &'static Module, outermost: bool, ran: Result<(), Exception>) -> Result<(), Exception> {
        let mut inits = self.session.inits.lock().unwrap_or_else(|e| e.into_inner());
        let waiting = if outermost { inits.pop() } else { None };
        if !outermost && ran.is_ok() {
            inits.last_mut().into_iter().for_each(|waiting| waiting.push(m));
        }
        drop(inits);
        ran?;
        for m in waiting.into_iter().flatten().chain(outermost.then_some(m)) {
            self.run_module_init(m)?;
        }
        Ok(())
    }

    /// Evaluates a statement of a package's own file: its module becomes a root.
    pub(crate) fn eval_package(&self, m: &'static Module, e: &Expr) -> Result<Value, Exception> {
        // A documented module is the macro's last argument.
        let documented = e.args_of("macrocall").and_then(<[Expr]>::last);
        match documented.unwrap_or(e).args_of("module") {
            Some(args) => self.eval_module_with(m, args, true, |new, s| self.eval_expr(new, s)),
            None => self.eval_expr(m, e),
        }
    }

    /// A module ready for its body.
    pub fn new_module(
        &self,
        parent: &'static Module,
        name: Symbol,
        bare: bool,
        root: bool,
    ) -> Result<&'static Module, Exception> {
        let session = self.session;
        let new = Module::create(name, if root { None } else { Some(parent) });
        if root {
            runtime::module::add_root(new);
        } else {
            let b = parent.binding(name);
            match b.own_value() {
                Some(old) if Module::from_value(old).is_none() => {
                    return Err(errors::error(&format!("invalid redefinition of constant {}.{name}", parent.path())));
                }
                Some(_) => session.warn(&format!("WARNING: replacing module {name}.\n")),
                None => {}
            }
            b.store(new.value());
            b.make_const();
        }
        // A module sees itself by its name.
        new.set_const(name, new.value());
        new.export(name, true);
        session.open_module(self, new, bare)?;
        Ok(new)
    }

    fn run_module_init(&self, m: &'static Module) -> Result<(), Exception> {
        let init = m.existing(Symbol::new("__init__")).and_then(|b| b.own_value());
        if let Some(f) = init {
            self.call_in(self.session.world.age(), f, &[])?;
        }
        Ok(())
    }
}

fn module_name(e: &Expr) -> Option<Symbol> {
    match &e.kind {
        ExprKind::Sym(s) => Some(*s),
        ExprKind::Node(h, args) if *h == "escape" || *h == "hygienic-scope" => args.first().and_then(module_name),
        _ => None,
    }
}

/// Code of a macro that is evaluated as it is: the marks of hygiene mean nothing there.
fn strip_escapes(e: &Expr) -> Expr {
    match &e.kind {
        ExprKind::Node(h, args) if (*h == "escape" || *h == "hygienic-scope") && !args.is_empty() => {
            strip_escapes(&args[0])
        }
        ExprKind::Node(h, args) => Expr::node(e.span, *h, args.iter().map(strip_escapes).collect()),
        _ => e.clone(),
    }
}

/// For writers of the prelude: reports each failing statement and goes on with the next.
fn keep_going() -> bool {
    static ON: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *ON.get_or_init(|| std::env::var_os("REKINDLE_KEEP_GOING").is_some())
}

fn has_error(e: &Expr) -> bool {
    e.is("error") || e.is("incomplete") || e.args().iter().any(has_error)
}

/// Executes [`ir::lowered::Stmt::DefineModule`].
pub fn module_from_body(
    interp: &Interp,
    m: &'static Module,
    name: Symbol,
    bare: bool,
    body: &ModuleBody,
) -> Result<Value, Exception> {
    let Some(e) = body.0.downcast_ref::<Expr>() else {
        return Err(errors::error("internal: module body of an unknown kind"));
    };
    let new = interp.new_module(m, name, bare, false)?;
    for s in e.args().iter().filter(|s| !s.is_line()) {
        interp.eval_expr(new, s)?;
    }
    Ok(new.value())
}
