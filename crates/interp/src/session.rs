//! The session: modules, world, loaded files, and the threads' interpreters.

use crate::code::Code;
use crate::dispatch::Targets;
use crate::exec::Interp;
use crate::native::NativeEngine;
use crate::sources;
use base::{Diagnostic, FileId, SourceMap, Symbol};
use ir::lowered::CodeInfo;
use runtime::{Exception, Module, Value, errors, hooks};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use syntax::Expr;
use types::Ty;
use world::{MethodRef, MiRef, TableStack, World};

/// What inference answers for `Base.promote_op` and the like: the type of the result of a call with
/// arguments of these types (the callee's first).
pub type ReturnTypeHook = Box<dyn Fn(&[Ty]) -> Ty + Send + Sync>;

/// The one session of the process: the modules `Core`, `Base` and `Main`, the world, and everything that was
/// loaded. Shared by all threads; each has an [`Interp`] of its own.
pub struct Session {
    pub world: World,
    pub stack: TableStack,
    pub core: &'static Module,
    pub main: &'static Module,
    base: &'static Module,
    pub targets: Targets,
    pub(crate) expansions: Mutex<FxHashMap<usize, Arc<CodeInfo>>>,
    codes: RwLock<FxHashMap<usize, &'static Code>>,
    native: OnceLock<Box<dyn NativeEngine>>,
    return_type: OnceLock<ReturnTypeHook>,
    loading: AtomicBool,
    interactive: AtomicBool,
    include_depth: AtomicU32,
    /// Directories of the files being included, innermost last; `None`: a prelude file.
    including: Mutex<Vec<Option<PathBuf>>>,
    prelude_dirs: Mutex<Vec<String>>,
    /// Bundled modules that packages from sources stand in for.
    from_source: Mutex<Vec<Symbol>>,
    /// Modules that wait for their `__init__`, for each outermost module that is being evaluated.
    pub(crate) inits: Mutex<Vec<Vec<&'static Module>>>,
    diagnostics: Mutex<(Vec<Diagnostic>, Option<Value>)>,
    base_iterate: OnceLock<Value>,
}

static SESSION: OnceLock<Result<&'static Session, String>> = OnceLock::new();

thread_local! {
    static INTERP: OnceCell<Box<Interp>> = const { OnceCell::new() };
}

/// Files by the names that line nodes carry.
static FILES: RwLock<Option<FxHashMap<Symbol, FileId>>> = RwLock::new(None);

fn remember_file(name: Symbol, id: FileId) {
    FILES.write().unwrap_or_else(|e| e.into_inner()).get_or_insert_default().insert(name, id);
}

pub(crate) fn file_by_name(name: Symbol) -> Option<FileId> {
    FILES.read().unwrap_or_else(|e| e.into_inner()).as_ref()?.get(&name).copied()
}

/// Loads a text under a name.
pub fn add_source(name: &str, text: &str) -> FileId {
    let id = SourceMap::add(name, text);
    remember_file(Symbol::new(name), id);
    id
}

/// Size of the stack that Julia code should run on; only touched pages take memory.
pub const BIG_STACK: usize = 1 << 30;

/// Of that, what calls of Julia code may use: a runaway recursion ends in a `StackOverflowError`.
const USABLE_STACK: usize = 192 << 20;

/// Stack that is left below which deep programs do not fit.
const ROOM: usize = 64 << 20;

/// Is this thread's stack large enough for Julia code (see [`on_big_stack`])?
pub fn has_big_stack() -> bool {
    let here = 0u8;
    (&raw const here as usize).saturating_sub(native_limit()) >= ROOM
}

/// Lowest address that the interpreter may use on this thread's native stack.
fn native_limit() -> usize {
    let here = 0u8;
    let here = &raw const here as usize;
    // SAFETY: plain queries about the calling thread into properly initialised storage.
    let low = unsafe {
        let mut attr: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attr) != 0 {
            return here.saturating_sub(1 << 20);
        }
        let (mut addr, mut size) = (std::ptr::null_mut(), 0);
        libc::pthread_attr_getstack(&attr, &mut addr, &mut size);
        libc::pthread_attr_destroy(&mut attr);
        addr as usize
    };
    // Room for Rust code below the last Julia frame, and no more use of a huge stack than is sensible.
    (low + (512 << 10)).max(here.saturating_sub(USABLE_STACK))
}

impl Session {
    /// The session, started at the first call: `Core` and `Base` are loaded then.
    ///
    /// # Errors
    /// A text that says what in the prelude failed.
    pub fn start() -> Result<&'static Session, String> {
        SESSION.get_or_init(Session::create).clone()
    }

    /// A session with `Core` alone, for tests of the machinery; `start` returns it from then on.
    pub fn start_bare() -> &'static Session {
        let made = SESSION.get_or_init(|| Ok(Session::bare()));
        match made {
            Ok(s) => s,
            Err(e) => panic!("the session could not start: {e}"),
        }
    }

    fn bare() -> &'static Session {
        let world = World::new();
        let core = Module::create(Symbol::new("Core"), None);
        let base = Module::create(Symbol::new("Base"), None);
        let main = Module::create(Symbol::new("Main"), None);
        for m in [core, base, main] {
            runtime::module::add_root(m);
            m.set_const(m.name, m.value());
        }
        runtime::populate_core(core);
        let session: &'static Session = Box::leak(Box::new(Session {
            world,
            stack: world.stack(),
            core,
            main,
            base,
            targets: Targets::default(),
            expansions: Mutex::default(),
            codes: RwLock::default(),
            native: OnceLock::new(),
            return_type: OnceLock::new(),
            loading: AtomicBool::new(true),
            interactive: AtomicBool::new(false),
            include_depth: AtomicU32::new(0),
            including: Mutex::new(Vec::new()),
            prelude_dirs: Mutex::new(vec![String::new()]),
            from_source: Mutex::default(),
            inits: Mutex::default(),
            diagnostics: Mutex::default(),
            base_iterate: OnceLock::new(),
        }));
        types::set_visibility(visible_in_main);
        hooks::set_evaluator(Box::new(crate::query::SessionEvaluator(session)));
        base.add_using(core);
        main.add_using(core);
        session
    }

    fn create() -> Result<&'static Session, String> {
        let session = Session::bare();
        let result = on_big_stack(|| {
            session.with_interp(|interp| {
                session.load_prelude(interp).map_err(|e| {
                    let trace: Vec<String> = interp
                        .uncaught_trace()
                        .iter()
                        .map(|t| format!("  {} at {}:{}", t.name, t.file, t.line))
                        .collect();
                    format!("{}\n{}", session.error_text(interp, e), trace.join("\n"))
                })
            })
        });
        session.loading.store(false, Ordering::Relaxed);
        result.map(|()| session)
    }

    fn load_prelude(&'static self, interp: &Interp) -> Result<(), Exception> {
        if let Some(file) = sources::load("core.jl") {
            // Files have the same numbers in every process: those of this thread alone come first.
            module_file();
            sources::parse_ahead();
            let all = sources::parsed(file).map_or(&[][..], |parse| parse.expr().args());
            for s in all.iter().filter(|s| !s.is_line()) {
                let eval = runtime::host::index_of("eval").map_or_else(Value::nothing, runtime::function::host_object);
                let s = replace_symbol(&new_forms(s), "HOSTEVAL", syntax::OpaqueValue(eval.addr()));
                interp.eval_expr(self.core, &s)?;
            }
        }
        self.core.export(Symbol::new("eval"), false);
        for m in [self.core, self.main] {
            self.base.set_const(m.name, m.value());
        }
        self.module_functions(interp, self.base)?;
        if let Some(file) = sources::load("base/Base.jl") {
            self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).push("base/".into());
            remember_file(Symbol::new("base/Base.jl"), file);
            self.include_depth.fetch_add(1, Ordering::Relaxed);
            let r = interp.eval_file(self.base, file);
            self.include_depth.fetch_sub(1, Ordering::Relaxed);
            self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).pop();
            r?;
        }
        self.open_module(interp, self.main, false)?;
        // Exported names of applied types are what such types print as (`BitVector`, `ComplexF64`).
        for b in self.base.names().into_iter().filter(|b| b.is_exported()) {
            if let Some(t) = b.own_value().and_then(Value::as_type).filter(|t| t.is_type()) {
                types::register_alias(b.name, t);
            }
        }
        Ok(())
    }

    /// Module `Base`.
    pub fn base(&self) -> &'static Module {
        self.base
    }

    /// Is the prelude being loaded?
    pub fn is_loading(&self) -> bool {
        self.loading.load(Ordering::Relaxed)
    }

    /// At a prompt, top-level loops may assign globals.
    pub fn set_interactive(&self, on: bool) {
        self.interactive.store(on, Ordering::Relaxed);
    }

    pub fn is_interactive(&self) -> bool {
        self.interactive.load(Ordering::Relaxed)
    }

    pub fn include_depth(&self) -> u32 {
        self.include_depth.load(Ordering::Relaxed)
    }

    /// Sets the engine that runs hot code natively; the first one stays.
    pub fn set_native_engine(&self, engine: Box<dyn NativeEngine>) {
        let _ = self.native.set(engine);
    }

    #[inline]
    pub fn native_engine(&self) -> Option<&dyn NativeEngine> {
        self.native.get().map(|e| &**e)
    }

    /// Sets what answers questions about inferred types; the first one stays.
    pub fn set_return_type_hook(&self, hook: ReturnTypeHook) {
        let _ = self.return_type.set(hook);
    }

    /// The inferred type of a call with these argument types (the callee's first); `Any` without inference.
    pub fn return_type(&self, types: &[Ty]) -> Ty {
        self.return_type.get().map_or_else(types::builtin::any, |f| f(types))
    }

    /// The interpreter of this thread.
    pub fn with_interp<T>(&'static self, f: impl FnOnce(&Interp) -> T) -> T {
        INTERP.with(|cell| {
            let interp = cell.get_or_init(|| {
                runtime::gc::enter();
                Box::new(Interp::new(self, native_limit()))
            });
            f(interp)
        })
    }

    /// The code of a method that is not generated (or of its generator).
    pub(crate) fn code_of_method(&self, m: MethodRef, info: Arc<CodeInfo>) -> &'static Code {
        let key = std::ptr::from_ref(m.get()).addr();
        if let Some(&c) = self.codes.read().unwrap_or_else(|e| e.into_inner()).get(&key) {
            return c;
        }
        let fresh: &'static Code = Box::leak(Box::new(Code::new(info)));
        self.codes.write().unwrap_or_else(|e| e.into_inner()).entry(key).or_insert(fresh)
    }

    /// Expands a `@generated` method for an instance; `None` if the generator threw.
    pub fn expand_generated(&'static self, mi: MiRef) -> Option<Arc<CodeInfo>> {
        crate::generated::expand(self, mi).ok()
    }

    /// `Base.iterate`.
    pub fn base_iterate(&self) -> Value {
        if let Some(&v) = self.base_iterate.get() {
            return v;
        }
        match self.base.get_str("iterate") {
            Some(v) => *self.base_iterate.get_or_init(|| v),
            None => Value::nothing(),
        }
    }

    /// Writes a warning to standard error.
    pub fn warn(&self, text: &str) {
        warn(text);
    }

    /// Keeps the findings that an exception for wrong syntax stands for.
    pub(crate) fn note_diagnostics(&self, all: &[Diagnostic], thrown: Exception) {
        *self.diagnostics.lock().unwrap_or_else(|e| e.into_inner()) = (all.to_vec(), Some(runtime::pin(thrown.0)));
    }

    /// The findings that an exception stands for: those of the last syntax error, if this is its exception or a `LoadError`
    /// around it.
    pub fn diagnostics_of(&self, thrown: &Exception) -> Vec<Diagnostic> {
        let kept = self.diagnostics.lock().unwrap_or_else(|e| e.into_inner());
        let mut at = Some(thrown.0);
        while let Some(e) = at {
            if kept.1 == Some(e) {
                return kept.0.clone();
            }
            at = errors::load_cause(e);
        }
        Vec::new()
    }

    /// The findings of the last syntax error.
    pub fn last_diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.lock().unwrap_or_else(|e| e.into_inner()).0.clone()
    }

    /// Gives a new module what every module has: `using Core`, and unless it is bare `using Base`, `eval` and `include`.
    pub(crate) fn open_module(&'static self, interp: &Interp, m: &'static Module, bare: bool) -> Result<(), Exception> {
        m.add_using(self.core);
        if bare {
            return Ok(());
        }
        m.add_using(self.base);
        self.module_functions(interp, m)
    }

    fn module_functions(&'static self, interp: &Interp, m: &'static Module) -> Result<(), Exception> {
        let file = module_file();
        // The objects themselves: the code must work before there is a `getproperty`.
        let host = |name| runtime::host::index_of(name).map_or_else(Value::nothing, runtime::function::host_object);
        let all = syntax::parse(file);
        let statements = all.expr().args().iter().filter(|s| !s.is_line());
        // Only `Base` has those that take a module.
        let count = if std::ptr::eq(m, self.base) { 5 } else { 3 };
        for s in statements.take(count) {
            let mut s = s.clone();
            for (name, v) in [("THIS", m.value()), ("EVAL", host("eval")), ("INCLUDE", host("include"))] {
                s = replace_symbol(&s, name, syntax::OpaqueValue(v.addr()));
            }
            interp.eval_expr(m, &s)?;
        }
        Ok(())
    }

    /// `include(path)` in a module; paths are relative to the including file.
    pub(crate) fn include(
        &'static self,
        interp: &Interp,
        m: &'static Module,
        path: &str,
        transform: Option<Value>,
    ) -> Result<Value, Exception> {
        let prelude = {
            let dirs = self.including.lock().unwrap_or_else(|e| e.into_inner());
            matches!(dirs.last(), None | Some(None)) && self.in_prelude()
        };
        if prelude {
            let dir = self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).last().cloned().unwrap_or_default();
            let full = format!("{dir}{path}");
            let Some(file) = sources::load(&full) else {
                return Err(errors::error(&format!("could not open file {full}")));
            };
            remember_file(Symbol::new(&full), file);
            let inner = full.rsplit_once('/').map_or(String::new(), |(d, _)| format!("{d}/"));
            self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).push(inner);
            let r = self.evaluate(interp, m, file, transform);
            self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).pop();
            return r;
        }
        let dir = self.including.lock().unwrap_or_else(|e| e.into_inner()).last().cloned().flatten();
        let full = match dir {
            Some(dir) if !Path::new(path).is_absolute() => dir.join(path),
            _ => PathBuf::from(path),
        };
        let text = std::fs::read_to_string(&full)
            .map_err(|e| errors::system(&format!("opening file {:?}", full.display().to_string()), &e))?;
        let file = add_source(&full.to_string_lossy(), &text);
        self.including.lock().unwrap_or_else(|e| e.into_inner()).push(Some(parent_dir(&full)));
        let r = self.evaluate(interp, m, file, transform);
        self.including.lock().unwrap_or_else(|e| e.into_inner()).pop();
        r
    }

    fn in_prelude(&self) -> bool {
        self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).len() > 1
    }

    fn evaluate(
        &'static self,
        interp: &Interp,
        m: &'static Module,
        file: FileId,
        transform: Option<Value>,
    ) -> Result<Value, Exception> {
        self.include_depth.fetch_add(1, Ordering::Relaxed);
        let r = match transform {
            None => interp.eval_file(m, file),
            Some(f) => self.evaluate_mapped(interp, m, file, f),
        };
        self.include_depth.fetch_sub(1, Ordering::Relaxed);
        r
    }

    fn evaluate_mapped(
        &'static self,
        interp: &Interp,
        m: &'static Module,
        file: FileId,
        f: Value,
    ) -> Result<Value, Exception> {
        let parse = syntax::parse(file);
        if !parse.ok() {
            return Err(crate::toplevel::syntax_error(interp, parse.diagnostics()));
        }
        let mut last = Value::nothing();
        for s in parse.expr().args().iter().filter(|s| !s.is_line()) {
            let mapped = interp.call_in(self.world.age(), f, &[crate::convert::to_value(s)])?;
            last = interp.eval_expr(m, &crate::convert::to_expr(mapped, s.span))?;
        }
        Ok(last)
    }

    pub(crate) fn set_from_source(&self, names: Vec<Symbol>) {
        *self.from_source.lock().unwrap_or_else(|e| e.into_inner()) = names;
    }

    pub(crate) fn is_from_source(&self, name: Symbol) -> bool {
        self.from_source.lock().unwrap_or_else(|e| e.into_inner()).contains(&name)
    }

    /// Runs `f` as the evaluation of a file: `include`s are relative to its folder.
    pub(crate) fn within_file<T>(&self, path: &Path, f: impl FnOnce() -> T) -> T {
        self.including.lock().unwrap_or_else(|e| e.into_inner()).push(Some(parent_dir(path)));
        self.include_depth.fetch_add(1, Ordering::Relaxed);
        let r = f();
        self.include_depth.fetch_sub(1, Ordering::Relaxed);
        self.including.lock().unwrap_or_else(|e| e.into_inner()).pop();
        r
    }

    /// A bundled module (`julia/Name/Name.jl`), loaded at its first use.
    pub(crate) fn load_bundled(
        &'static self,
        interp: &Interp,
        name: Symbol,
    ) -> Result<Option<&'static Module>, Exception> {
        let path = format!("{name}/{name}.jl");
        let Some(file) = sources::load(&path) else { return Ok(None) };
        remember_file(Symbol::new(&path), file);
        self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).push(format!("{name}/"));
        self.including.lock().unwrap_or_else(|e| e.into_inner()).push(None);
        self.include_depth.fetch_add(1, Ordering::Relaxed);
        let r = self.evaluate_package(interp, name, file);
        self.include_depth.fetch_sub(1, Ordering::Relaxed);
        self.including.lock().unwrap_or_else(|e| e.into_inner()).pop();
        self.prelude_dirs.lock().unwrap_or_else(|e| e.into_inner()).pop();
        r.map(Some)
    }

    fn evaluate_package(
        &'static self,
        interp: &Interp,
        name: Symbol,
        file: FileId,
    ) -> Result<&'static Module, Exception> {
        let parse = sources::parsed(file).ok_or_else(|| errors::error("internal: a package outside of the library"))?;
        if !parse.ok() {
            return Err(crate::toplevel::syntax_error(interp, parse.diagnostics()));
        }
        for s in parse.expr().args().iter().filter(|s| !s.is_line()) {
            let source = SourceMap::file(file);
            let line = source.line_column(s.span.start).0;
            let r = match s.args_of("module") {
                Some(args) => interp.eval_module_with(self.base, args, true, |new, s| interp.eval_library(new, s)),
                None => interp.eval_expr(self.main, s),
            };
            r.map_err(|e| interp.load_error_of(e, &source.name, line))?;
        }
        runtime::module::root(name)
            .ok_or_else(|| errors::error(&format!("package {name} did not define module {name}")))
    }

    /// Evaluates a text in `Main`; the value of its last statement.
    pub fn eval_str(&'static self, interp: &Interp, text: &str) -> Result<Value, Exception> {
        interp.eval_file(self.main, add_source("none", text))
    }

    /// Evaluates a text under a name in a module.
    pub fn eval_text(
        &'static self,
        interp: &Interp,
        m: &'static Module,
        name: &str,
        text: &str,
    ) -> Result<Value, Exception> {
        interp.eval_file(m, add_source(name, text))
    }

    /// Runs a script in `Main`.
    pub fn run_file(&'static self, interp: &Interp, path: &Path) -> Result<Value, Exception> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| errors::error(&format!("could not open file {}: {e}", path.display())))?;
        let file = add_source(&path.to_string_lossy(), &text);
        self.including.lock().unwrap_or_else(|e| e.into_inner()).push(Some(parent_dir(path)));
        let r = interp.eval_file(self.main, file);
        self.including.lock().unwrap_or_else(|e| e.into_inner()).pop();
        r
    }

    /// Evaluates statements in `Main` one after the other: how many ran to their end, and what stopped the next one.
    /// `include` in them is relative to `dir`.
    pub fn eval_statements<'e>(
        &'static self,
        interp: &Interp,
        dir: Option<&Path>,
        statements: impl IntoIterator<Item = &'e Expr>,
    ) -> (usize, Result<(), Exception>) {
        self.including.lock().unwrap_or_else(|e| e.into_inner()).push(dir.map(Path::to_path_buf));
        let mut ran = 0;
        let mut outcome = Ok(());
        for s in statements {
            match interp.eval_expr(self.main, s) {
                Ok(_) => ran += 1,
                Err(e) => {
                    outcome = Err(e);
                    break;
                }
            }
        }
        self.including.lock().unwrap_or_else(|e| e.into_inner()).pop();
        (ran, outcome)
    }

    /// A fresh module that behaves like `Main` (a root, with `using Base`), for tests.
    pub fn fresh_main(&'static self, interp: &Interp, name: &str) -> Result<&'static Module, Exception> {
        let m = Module::create(Symbol::new(name), None);
        m.set_const(Symbol::new(name), m.value());
        runtime::module::add_root(m);
        self.open_module(interp, m, false)?;
        Ok(m)
    }

    /// A Julia function of `Base` applied to values.
    pub fn call_base(&'static self, interp: &Interp, name: &str, args: &[Value]) -> Result<Value, Exception> {
        let f = self.base.get_str(name).ok_or_else(|| errors::undef_global(self.base.value(), Symbol::new(name)))?;
        interp.call_in(self.world.age(), f, args)
    }

    /// `repr(v)`, as far as the prelude can.
    pub fn repr(&'static self, interp: &Interp, v: Value) -> String {
        self.text_of(interp, "repr", v)
    }

    fn text_of(&'static self, interp: &Interp, f: &str, v: Value) -> String {
        self.call_base(interp, f, &[v])
            .ok()
            .and_then(Value::as_text)
            .map_or_else(|| runtime::debug::describe(v, 5), |t| t.into_owned())
    }

    /// The message of an exception, as `showerror` writes it.
    pub fn error_text(&'static self, interp: &Interp, e: Exception) -> String {
        let show = self.base.get_str("showerror");
        let text = show.and_then(|show| self.call_base(interp, "sprint", &[show, e.0]).ok()).and_then(Value::as_text);
        text.map_or_else(|| runtime::debug::describe(e.0, 5), |t| t.into_owned())
    }
}

/// Does a plain name in `Main` mean this module's global? Decides whether types print with their module's path.
fn visible_in_main(module: Symbol, name: Symbol) -> bool {
    if module.as_str() == "Main" {
        return true;
    }
    let (Some(main), Some(m)) =
        (runtime::module::root(Symbol::new("Main")), runtime::reflect::module_by_path(module.as_str()))
    else {
        return false;
    };
    let owner = match main.existing(name).and_then(|b| b.settled()) {
        Some(owner) => Some(owner),
        None => match main.find_in_usings(name) {
            runtime::module::Found::One(owner) => Some(owner),
            _ => None,
        },
    };
    owner.is_some_and(|o| std::ptr::eq(o.module, m))
}

/// The functions that every module has; capitals stand for objects.
fn module_file() -> FileId {
    static FILE: OnceLock<FileId> = OnceLock::new();
    *FILE.get_or_init(|| {
        SourceMap::add_library(
            "module",
            "eval(x) = EVAL(THIS, x)\n\
             include(path) = INCLUDE(THIS, path)\n\
             include(f, path) = INCLUDE(THIS, path, f)\n\
             eval(m::Module, x) = EVAL(m, x)\n\
             include(m::Module, path) = INCLUDE(m, path)\n",
        )
    })
}

/// Writes a warning to standard error.
pub(crate) fn warn(text: &str) {
    runtime::host::print_err(text);
}

fn parent_dir(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Runs `f` on a thread whose stack is large enough for deep recursion.
pub fn on_big_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(BIG_STACK).spawn_scoped(scope, f);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(r)) => r,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(e) => panic!("no thread to run Julia code on: {e}"),
        }
    })
}

/// In `core.jl`, `new(T, args...)` is the form, not a call.
fn new_forms(e: &Expr) -> Expr {
    let Some((head, args)) = e.as_node() else { return e.clone() };
    let args: Vec<Expr> = args.iter().map(new_forms).collect();
    if head == "call" && args.first().is_some_and(|f| f.is_sym("new")) {
        return Expr::node(e.span, "new", args[1..].to_vec());
    }
    Expr::node(e.span, head, args)
}

/// Replaces a name by an object.
fn replace_symbol(e: &Expr, name: &str, with: syntax::OpaqueValue) -> Expr {
    if e.is_sym(name) {
        return Expr::new(e.span, syntax::ExprKind::Opaque(with));
    }
    match e.as_node() {
        Some((head, args)) => Expr::node(e.span, head, args.iter().map(|a| replace_symbol(a, name, with)).collect()),
        None => e.clone(),
    }
}

/// Answers questions that only a driver with a compiler or devices can; set by it.
pub type DriverQuery = Box<dyn Fn(&str, &[Value]) -> Option<Result<Value, Exception>> + Send + Sync>;

static DRIVER: OnceLock<DriverQuery> = OnceLock::new();

/// Sets the answerer of the host functions that belong to the driver (`launch`, `device`, `code_typed_string`, …); the
/// first one stays.
pub fn set_driver_query(f: DriverQuery) {
    let _ = DRIVER.set(f);
}

pub(crate) fn driver_query(what: &str, args: &[Value]) -> Result<Value, Exception> {
    DRIVER
        .get()
        .and_then(|f| f(what, args))
        .unwrap_or_else(|| Err(errors::error(&format!("Core.Host.{what} is not available: no driver is running"))))
}
