//! What the runtime asks of the session: calls back into Julia code, and questions about code.

use crate::convert;
use crate::coroutine;
use crate::dispatch::{dispatch_type, dispatch_types, method_code};
use crate::exec::{Interp, TraceEntry};
use crate::lowering_host::Host;
use crate::session::{Session, add_source};
use base::{SourceMap, Span, Symbol};
use runtime::hooks::Evaluator;
use runtime::{Exception, Module, Value, ValueVec, array, core_types, errors, gc, object, reflect};
use rustc_hash::FxHashMap;
use std::sync::{Mutex, OnceLock};
use types::Ty;
use world::{Dispatch, MethodRef, MethodTable, WorldAge};

/// The session as the runtime's evaluator.
pub struct SessionEvaluator(pub &'static Session);

impl Evaluator for SessionEvaluator {
    fn call(&self, f: Value, args: &[Value]) -> Result<Value, Exception> {
        self.0.with_interp(|i| i.call(f, args))
    }

    fn call_latest(&self, f: Value, args: &[Value]) -> Result<Value, Exception> {
        self.0.with_interp(|i| i.call_in(self.0.world.age(), f, args))
    }

    fn call_in_world(&self, world: u64, f: Value, args: &[Value]) -> Result<Value, Exception> {
        let world = WorldAge(world.min(self.0.world.age().0));
        self.0.with_interp(|i| i.call_in(world, f, args))
    }

    fn invoke(&self, f: Value, types: Value, args: &[Value]) -> Result<Value, Exception> {
        self.0.with_interp(|i| i.invoke(f, types, args, i.world()))
    }

    fn applicable(&self, f: Value, args: &[Value]) -> bool {
        if runtime::callee(f) != runtime::Callee::Generic {
            return true;
        }
        let types: Vec<Ty> = std::iter::once(f).chain(args.iter().copied()).map(dispatch_type).collect();
        let world = self.0.with_interp(Interp::world);
        self.0.world.lookup_one(self.0.stack, &types, world).found().is_some()
    }

    fn apply_iterate(&self, iterate: Value, f: Value, args: &[Value]) -> Result<Value, Exception> {
        let iterate = if iterate.is_nothing() { self.0.base_iterate() } else { iterate };
        self.0.with_interp(|i| i.apply_iterate(iterate, f, args, i.world()))
    }

    fn world_age(&self) -> u64 {
        self.0.with_interp(|i| i.world().0)
    }

    fn current_exceptions(&self) -> Vec<Value> {
        self.0.with_interp(|i| i.current_exceptions().to_vec())
    }

    fn query(&self, what: &str, args: &[Value]) -> Result<Value, Exception> {
        self.0.with_interp(|i| answer(i, what, args))
    }
}

// ---- methods and tables as objects ---------------------------------------------------------------

fn method_objects() -> &'static Mutex<FxHashMap<usize, Value>> {
    static ALL: OnceLock<Mutex<FxHashMap<usize, Value>>> = OnceLock::new();
    ALL.get_or_init(Default::default)
}

/// The `Method` object of a method: one per method.
pub fn method_object(m: MethodRef) -> Value {
    let key = std::ptr::from_ref(m.get()).addr();
    let mut all = method_objects().lock().unwrap_or_else(|e| e.into_inner());
    *all.entry(key).or_insert_with(|| gc::leak(core_types().method, m))
}

/// The method behind a `Method` object.
pub fn as_method(v: Value) -> Option<MethodRef> {
    // SAFETY: objects of this type are made by `method_object` only.
    v.is(core_types().method).then(|| unsafe { v.read(0) })
}

/// A `MethodTable` object of an overlay.
pub fn method_table_object(t: MethodTable) -> Value {
    gc::leak(types::builtin::method_table(), t)
}

/// The table behind a `MethodTable` object.
pub fn method_table(v: Value) -> Option<MethodTable> {
    // SAFETY: objects of this type are made by `method_table_object` only.
    v.is(types::builtin::method_table()).then(|| unsafe { v.read(0) })
}

// ---- reading arguments ---------------------------------------------------------------------------

fn module(v: Value) -> Result<&'static Module, Exception> {
    Module::from_value(v).ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().module), v))
}

fn text(v: Value) -> Result<String, Exception> {
    v.as_text()
        .map(|t| t.into_owned())
        .ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().string), v))
}

fn method(v: Value) -> Result<MethodRef, Exception> {
    as_method(v).ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().method), v))
}

fn int(v: Value) -> Result<i64, Exception> {
    v.as_int().ok_or_else(|| errors::type_error("host function", "", Value::from(core_types().int64), v))
}

/// The signature of calls of `f` with arguments of the tuple type `t`.
fn signature(f: Value, t: Value) -> Result<Ty, Exception> {
    let Some(t) = t.as_type() else {
        return Err(errors::type_error("host function", "", Value::from(types::builtin::tuple()), t));
    };
    let mut vars = Vec::new();
    let mut body = t;
    while let Some((v, b)) = body.unionall() {
        vars.push(v);
        body = b;
    }
    let Some(elements) = types::tuple_elements(body) else {
        return Err(errors::type_error("host function", "", Value::from(types::builtin::tuple()), Value::from(t)));
    };
    let mut all = vec![dispatch_type(f)];
    all.extend_from_slice(elements);
    Ok(types::wrap_unionall(&vars, types::type_of_tuple(&all)))
}

fn any_call(f: Value) -> Ty {
    let any = core_types().any;
    let rest = types::make_vararg(any, None).unwrap_or(any);
    types::type_of_tuple(&[dispatch_type(f), rest])
}

/// The methods of a function, oldest first.
fn methods_of(i: &Interp, f: Value) -> Vec<MethodRef> {
    let s = i.session;
    let found = s.world.lookup(s.stack, any_call(f), s.world.age());
    let mut all: Vec<MethodRef> = found.matches.iter().map(|m| m.method).collect();
    all.sort_by_key(|m| m.id());
    all
}

/// The keywords of the method for these positional arguments, and whether it takes any other as well. The names are read
/// off the code of its keyword method, which asks for each and fetches it.
fn keywords_of(i: &Interp, sig: Ty) -> Option<(Vec<Symbol>, bool)> {
    use ir::lowered::{Operand, Stmt};
    let s = i.session;
    let mut types = vec![core_types().kwcall_value.type_of(), core_types().namedtuple];
    types.extend_from_slice(types::tuple_elements(sig.unwrap_unionall()).unwrap_or(&[]));
    let found = s.world.lookup(s.stack, types::type_of_tuple(&types), s.world.age());
    let code = found.get().matches.first().and_then(|m| method_code(m.method))?;
    let mut mentioned: Vec<(Symbol, usize)> = Vec::new();
    let mut complains = false;
    let mut see = |o: &Operand| match o {
        Operand::Const(v) => {
            let Some(name) = v.as_symbol() else { return };
            match mentioned.iter_mut().find(|(n, _)| *n == name) {
                Some((_, times)) => *times += 1,
                None => mentioned.push((name, 1)),
            }
        }
        Operand::Global(g) => complains |= g.name.as_str() == "kwerr",
        _ => {}
    };
    for stmt in &code.stmts {
        match stmt {
            Stmt::Call { f, args } => {
                see(f);
                args.iter().for_each(&mut see);
            }
            Stmt::Read(o) | Stmt::Return(o) => see(o),
            _ => {}
        }
    }
    let names = mentioned.into_iter().filter(|(n, times)| *times > 1 && !n.as_str().contains(' ')).map(|(n, _)| n);
    Some((names.collect(), !complains))
}

/// Does the method for these positional arguments take these keywords?
fn accepts_keywords(i: &Interp, sig: Ty, names: &[Symbol]) -> bool {
    names.is_empty() || keywords_of(i, sig).is_some_and(|(known, any)| any || names.iter().all(|n| known.contains(n)))
}

fn list(methods: impl IntoIterator<Item = MethodRef>) -> Value {
    let objects: ValueVec = methods.into_iter().map(method_object).collect();
    array::vector_any(&objects)
}

/// The signature of a method that would decide between ambiguous ones.
fn unambiguous(methods: &[MethodRef]) -> Option<String> {
    let (first, rest) = methods.split_first()?;
    let both = rest.iter().fold(first.sig(), |t, m| types::intersect(t, m.sig()));
    let elements = types::tuple_elements(both)?;
    if !methods.iter().all(|m| types::more_specific(both, m.sig())) {
        return None;
    }
    let args: Vec<String> = elements.iter().skip(1).map(|t| format!("::{t}")).collect();
    Some(format!("{}({})", first.name(), args.join(", ")))
}

/// The methods that come closest to a failed call with these arguments and keywords in a world.
fn closest(i: &Interp, f: Value, args: Value, keywords: &[Symbol], world: u64) -> Value {
    // Of these everything has methods: only those for the first argument's type are of interest.
    let special = ["convert", "getindex", "setindex!"].iter().any(|n| i.session.base().get_str(n) == Some(f));
    let given = dispatch_types(&object::fields_of(args));
    let remarks = |m: MethodRef| {
        let (known, any) = keywords_of(i, m.sig()).unwrap_or_default();
        let unknown: Vec<&str> = keywords.iter().filter(|k| !any && !known.contains(k)).map(|k| k.as_str()).collect();
        let mut why_not = String::new();
        if !unknown.is_empty() {
            let s = if unknown.len() > 1 { "s" } else { "" };
            why_not = format!(" got unsupported keyword argument{s} \"{}\"", unknown.join("\", \""));
        }
        if m.valid().min.0 > world {
            why_not.push_str(" (method too new to be called from this world context.)");
        }
        ir::candidates::Remarks { keywords: known.iter().map(Symbol::to_string).collect(), why_not }
    };
    let found = ir::candidates::closest(&methods_of(i, f), dispatch_type(f), &given, special, &remarks);
    let texts: ValueVec = found.iter().map(|t| Value::string(t)).collect();
    array::vector_of(core_types().string, &texts)
}

fn place(m: MethodRef) -> (String, u32) {
    let span = method_code(m).map_or(Span::NONE, |c| c.span);
    (SourceMap::file(span.file).name.clone(), span.line())
}

fn trace_vector(trace: &[TraceEntry]) -> Value {
    let entries: ValueVec = trace
        .iter()
        .map(|t| object::tuple(&[Value::symbol(t.name), Value::string(&t.file), Value::int(i64::from(t.line))]))
        .collect();
    array::vector_any(&entries)
}

// ---- parsing -------------------------------------------------------------------------------------

/// What a `Meta.ParseError` says: the place, the line, and what is wrong with it.
fn parse_message(d: &base::Diagnostic) -> String {
    let Some(span) = d.labels.first().map(|l| l.span).filter(|s| !s.is_none()) else { return d.message.clone() };
    let source = SourceMap::file(span.file);
    let at = (span.start as usize).min(source.text.len());
    let before = source.text.get(..at).unwrap_or("");
    let begin = before.rfind('\n').map_or(0, |n| n + 1);
    let line = source.text[begin..].lines().next().unwrap_or("");
    let column = before[begin..].chars().count();
    let row = before.matches('\n').count() + 1;
    let pad = " ".repeat(column.saturating_sub(1));
    format!("ParseError:\n# Error @ {}:{row}:{}\n{line}\n#{pad}└ ── {}", source.name, column + 1, d.message)
}

fn parse_failure(i: &Interp, diagnostics: &[base::Diagnostic], raise: bool) -> Result<Value, Exception> {
    let message = diagnostics.first().map_or_else(|| "syntax error".into(), |d| d.message.clone());
    if raise {
        let message = diagnostics.first().map_or(message, parse_message);
        // `Meta.ParseError` where the prelude has it.
        let ty = i.session.base().get_str("Meta").and_then(Module::from_value).and_then(|m| m.get_str("ParseError"));
        if let Some(ty) = ty {
            let e = i.call_in(i.session.world.age(), ty, &[Value::string(&message)])?;
            return Err(Exception(e));
        }
        return Err(errors::error(&message));
    }
    Ok(runtime::expr::new_expr(Value::symbol("error"), &[Value::string(&message)]))
}

fn parse_one(i: &Interp, source: &str, at: i64, raise: bool) -> Result<(Value, i64), Exception> {
    let file = add_source("none", source);
    let (e, next, diagnostics) = syntax::parse_statement(file, (at - 1).max(0) as usize);
    if !diagnostics.is_empty() {
        return Ok((parse_failure(i, &diagnostics, raise)?, source.len() as i64 + 1));
    }
    Ok((convert::to_value(&e), next as i64 + 1))
}

// ---- the questions -------------------------------------------------------------------------------

fn answer(i: &Interp, what: &str, args: &[Value]) -> Result<Value, Exception> {
    let s = i.session;
    let age = s.world.age();
    let arg = |n: usize| args.get(n).copied().unwrap_or_else(Value::nothing);
    let truth = |b: bool| Ok(Value::boolean(b));
    match what {
        "eval" => {
            let m = module(arg(0))?;
            i.eval_expr(m, &convert::to_expr(arg(1), Span::NONE))
        }
        "include" => s.include(i, module(arg(0))?, &text(arg(1))?, args.get(2).copied()),
        "include_string" => {
            let name = args.get(2).map_or(Ok("string".into()), |&v| text(v))?;
            s.eval_text(i, module(arg(0))?, &name, &text(arg(1))?)
        }
        "macroexpand" => {
            let e = convert::to_expr(arg(1), Span::NONE);
            let mut host = Host::new(i, module(arg(0))?);
            let recursive = args.get(2).and_then(|v| v.as_bool()).unwrap_or(true);
            let r = lowering::macroexpand(&e, recursive, &mut host).map_err(|err| match err {
                // What a macro threw is thrown as it is; only code that is evaluated says where it was loaded.
                lowering::LowerError::MacroThrew { exception, .. } => exception,
                err => i.lower_error(err, &e),
            })?;
            Ok(convert::to_value(&r))
        }
        "parse_expr" => {
            let source = text(arg(0))?;
            let raise = args.get(1).and_then(|v| v.as_bool()).unwrap_or(true);
            let (e, next) = parse_one(i, &source, 1, raise)?;
            let rest = source.get((next - 1) as usize..).unwrap_or("");
            if rest.lines().any(|l| !l.split('#').next().unwrap_or("").trim().is_empty()) && !e.is_nothing() {
                let d = base::Diagnostic::error("syntax.extra", "extra token after end of expression", Span::NONE);
                return parse_failure(i, &[d], raise);
            }
            Ok(e)
        }
        "parse_expr_at" => {
            let raise = args.get(2).and_then(|v| v.as_bool()).unwrap_or(true);
            let (e, next) = parse_one(i, &text(arg(0))?, int(arg(1))?, raise)?;
            Ok(object::tuple(&[e, Value::int(next)]))
        }
        "coroutine_reserve" => Ok(Value::int(coroutine::reserve())),
        "coroutine_current" => Ok(Value::int(coroutine::current())),
        "coroutine_switch" => {
            coroutine::switch(s, int(arg(0))?)?;
            Ok(Value::nothing())
        }
        "parse_all" => {
            let parse = syntax::parse_text("none", &text(arg(0))?);
            if !parse.ok() {
                return parse_failure(i, parse.diagnostics(), true);
            }
            Ok(convert::to_value(parse.expr()))
        }
        "expr_sexpr" => Ok(Value::string(&convert::to_expr(arg(0), Span::NONE).to_sexpr())),
        "hasmethod" => {
            let sig = signature(arg(0), arg(1))?;
            let found = s.world.lookup_one_sig(s.stack, sig, age).found().is_some();
            if !found || args.len() < 3 {
                return truth(found);
            }
            let wanted: Vec<Symbol> = object::fields_of(arg(2)).iter().filter_map(|v| v.as_symbol()).collect();
            truth(accepts_keywords(i, sig, &wanted))
        }
        "which" => {
            let found = s.world.lookup_one_sig(s.stack, signature(arg(0), arg(1))?, age);
            Ok(found.method().map_or_else(Value::nothing, method_object))
        }
        "methods" => {
            if args.len() < 2 {
                return Ok(list(methods_of(i, arg(0))));
            }
            let found = s.world.lookup(s.stack, signature(arg(0), arg(1))?, age);
            Ok(list(found.matches.iter().map(|m| m.method)))
        }
        "method_count" => {
            let f = arg(0);
            Ok(Value::int(if runtime::callee(f) == runtime::Callee::Generic {
                methods_of(i, f).len() as i64
            } else {
                1
            }))
        }
        "method_string" => {
            let m = method(arg(0))?;
            let (file, line) = place(m);
            Ok(Value::string(&format!("{} @ {} {file}:{line}", ir::candidates::signature_text(m), m.module())))
        }
        "method_signature_string" => {
            let m = method(arg(0))?;
            let (file, line) = place(m);
            Ok(Value::string(&format!(
                "{}\n    @ {} {file}:{line}",
                ir::candidates::signature_text(m),
                m.get().module()
            )))
        }
        "method_name" => Ok(Value::symbol(method(arg(0))?.name())),
        "method_module" => {
            let m = method(arg(0))?;
            Ok(reflect::module_by_path(m.get().module()).map_or_else(Value::nothing, Module::value))
        }
        "method_sig" => Ok(Value::from(method(arg(0))?.sig())),
        "method_nargs" => {
            let m = method(arg(0))?;
            Ok(Value::int(types::tuple_elements(m.sig().unwrap_unionall()).map_or(0, <[Ty]>::len) as i64))
        }
        "method_is_varargs" => {
            let m = method(arg(0))?;
            truth(
                types::tuple_elements(m.sig().unwrap_unionall()).and_then(<[Ty]>::last).is_some_and(|t| t.is_vararg()),
            )
        }
        "method_file" => Ok(Value::symbol(place(method(arg(0))?).0.as_str())),
        "method_line" => Ok(Value::int(i64::from(place(method(arg(0))?).1))),
        "method_argnames" => {
            let code = method_code(method(arg(0))?);
            let names: ValueVec = code
                .iter()
                .flat_map(|c| c.slots.iter().take(c.nargs as usize))
                .map(|s| Value::symbol(s.name))
                .collect();
            Ok(array::vector_of(core_types().symbol, &names))
        }
        "method_world" => Ok(Value::uint64(method(arg(0))?.valid().min.0)),
        "delete_method" => {
            s.world.remove_method(method(arg(0))?);
            Ok(Value::nothing())
        }
        "new_method_table" => {
            let name = arg(0).as_symbol().map_or_else(|| "overlay".to_string(), |n| n.to_string());
            Ok(method_table_object(s.world.overlay(&name)))
        }
        "named_method_table" => {
            let name = arg(0).as_symbol().ok_or_else(|| errors::argument("a method table's name is a Symbol"))?;
            Ok(method_table_object(s.world.named_overlay(name.as_str())))
        }
        "return_type" => {
            let mut types = vec![dispatch_type(arg(0))];
            for &a in args.iter().skip(1) {
                types.push(
                    a.as_type().ok_or_else(|| errors::type_error("return_type", "", core_types().type_object(), a))?,
                );
            }
            Ok(Value::from(s.return_type(&types)))
        }
        "infer_eltype" | "empty_eltype" => {
            // The type of the elements that a generator over its iterator's elements would make.
            let itr = arg(0);
            let any = Value::from(core_types().any);
            let (Some(f), Some(over)) = (object::field(itr, "f"), object::field(itr, "iter")) else { return Ok(any) };
            let elem = s.call_base(i, "eltype", &[over])?;
            let Some(elem) = elem.as_type() else { return Ok(any) };
            Ok(Value::from(s.return_type(&[dispatch_type(f), elem])))
        }
        "call_is_ambiguous" | "ambiguous_candidates" | "unambiguous_signature" => {
            let given = object::fields_of(arg(1));
            let types = dispatch_types(&std::iter::once(arg(0)).chain(given.iter().copied()).collect::<ValueVec>());
            let found = s.world.lookup_one(s.stack, &types, age);
            if what == "call_is_ambiguous" {
                return truth(matches!(found, Dispatch::Ambiguous(_)));
            }
            let all = match found {
                Dispatch::Ambiguous(l) => l.get().matches.iter().filter(|m| m.fully_covers).map(|m| m.method).collect(),
                _ => Vec::new(),
            };
            if what == "ambiguous_candidates" {
                return Ok(list(all));
            }
            Ok(unambiguous(&all).map_or_else(Value::nothing, |text| Value::string(&text)))
        }
        "only_newer_methods" => {
            let given = object::fields_of(arg(1));
            let types = dispatch_types(&std::iter::once(arg(0)).chain(given.iter().copied()).collect::<ValueVec>());
            truth(s.world.lookup_one(s.stack, &types, age).found().is_some())
        }
        "closest_methods" => {
            let keywords: Vec<Symbol> = match args.get(2) {
                Some(&names) => object::fields_of(names).iter().filter_map(|n| n.as_symbol()).collect(),
                None => Vec::new(),
            };
            let world = args.get(3).and_then(|w| object::field(*w, "world")).filter(|w| w.is(core_types().uint64));
            // SAFETY: the object is a UInt64.
            let world = world.map_or(u64::MAX, |w| unsafe { w.read(0) });
            Ok(closest(i, arg(0), arg(1), &keywords, world))
        }
        "detect_ambiguities" => {
            let mut pairs = ValueVec::new();
            for &m in args {
                let m = module(m)?;
                let all: Vec<MethodRef> = s
                    .world
                    .methods(s.world.global())
                    .into_iter()
                    .filter(|x| x.valid().is_open() && x.get().module() == m.path())
                    .collect();
                for (k, a) in all.iter().enumerate() {
                    for b in &all[k + 1..] {
                        if a.name() == b.name() && types::ambiguous(a.sig(), b.sig()) {
                            pairs.push(object::tuple(&[method_object(*a), method_object(*b)]));
                        }
                    }
                }
            }
            Ok(array::vector_any(&pairs))
        }
        "ambiguous_methods" => {
            let all = methods_of(i, arg(0));
            let mut n = 0;
            for (k, a) in all.iter().enumerate() {
                n += all[k + 1..].iter().filter(|b| types::ambiguous(a.sig(), b.sig())).count();
            }
            Ok(Value::int(n as i64))
        }
        "world_of_error" => Ok(object::field(arg(0), "world").unwrap_or_else(Value::nothing)),
        "current_world" => Ok(Value::uint64(age.0)),
        "world_age" => Ok(Value::uint64(i.world().0)),
        "current_exceptions" => Ok(array::vector_any(&i.current_exceptions())),
        "rethrow_current" => match i.current_exceptions().last() {
            Some(&e) => Err(Exception(e)),
            None => Err(errors::error("rethrow() not allowed outside a catch block")),
        },
        "backtrace" => Ok(trace_vector(&i.frames())),
        "catch_backtrace" => Ok(trace_vector(&i.caught_trace())),
        "backtrace_string" => Ok(Value::string(&format_trace(&i.caught_trace()))),
        "is_generic_function" => truth(
            runtime::callee(arg(0)) == runtime::Callee::Generic
                && arg(0).type_of().name().is_some_and(|n| n.function().is_some()),
        ),
        "function_display_name" => Ok(Value::string(runtime::function::name_of(arg(0)).as_str())),
        "new_module" => {
            let name = arg(0).as_symbol().unwrap_or_else(|| Symbol::new("anonymous"));
            let m = Module::create(name, Some(s.main));
            s.open_module(i, m, false)?;
            Ok(m.value())
        }
        "lower_string" => {
            let e = convert::to_expr(arg(1), Span::NONE);
            let mut host = Host::new(i, module(arg(0))?);
            let code = lowering::lower_toplevel(&e, &mut host).map_err(|err| i.lower_error(err, &e))?;
            Ok(Value::string(&lowering::print_code(&code, &|v| runtime::debug::describe(v, 3))))
        }
        "code_lowered" => {
            let found = s.world.lookup(s.stack, signature(arg(0), arg(1))?, age);
            let texts: ValueVec = found
                .matches
                .iter()
                .filter_map(|m| method_code(m.method))
                .map(|c| Value::string(&lowering::print_code(&c, &|v| runtime::debug::describe(v, 3))))
                .collect();
            Ok(array::vector_of(core_types().string, &texts))
        }
        "task_local_storage" => Ok(Value::nothing()),
        _ => crate::session::driver_query(what, args),
    }
}

/// A backtrace as Julia prints it under an error.
pub fn format_trace(trace: &[TraceEntry]) -> String {
    let mut out = String::from("Stacktrace:");
    let same = |a: &TraceEntry, b: &TraceEntry| a.name == b.name && a.file == b.file && a.line == b.line;
    let mut at = 0;
    while let Some(t) = trace.get(at) {
        let times = trace[at..].iter().take_while(|u| same(t, u)).count();
        out.push_str(&format!("\n [{}] {}\n   @ {}:{}", at + 1, frame_name(t.name.as_str()), t.file, t.line));
        if times > 1 {
            out.push_str(&format!(" (repeats {times} times)"));
        }
        at += times;
    }
    out
}

/// What a user calls the function of a frame: `f` for the body `#f#12` of a function with keywords.
fn frame_name(name: &str) -> &str {
    match name.strip_prefix('#').and_then(|n| n.rsplit_once('#')) {
        Some((inner, number)) if !inner.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => inner,
        _ => name,
    }
}
