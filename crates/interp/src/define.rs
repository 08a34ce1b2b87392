//! Executing definitions: functions, methods, types, constants, modules, imports.

use crate::exec::Interp;
use crate::session::Session;
use base::Symbol;
use ir::lowered::{CodeInfo, GlobalRef, NewTypeKind, Operand, Stmt};
use runtime::module::{BindError, Binding};
use runtime::{Exception, Module, Value, core_types, egal, errors, info, object, reflect};
use std::sync::Arc;
use types::{FieldDefs, NameKind, Ty, TypeDecl, TypeName};
use world::{BindingKey, MethodDef};

/// `new` of a type object with field values.
#[inline]
pub fn new_object(ty: Value, fields: &[Value]) -> Result<Value, Exception> {
    match ty.as_type() {
        Some(t) => object::new_object(t, fields),
        None => Err(errors::type_error("new", "", core_types().datatype_object(), ty)),
    }
}

fn module_of(g: &GlobalRef) -> Result<&'static Module, Exception> {
    Module::from_value(g.module).ok_or_else(|| errors::error("internal: global without module"))
}

/// `name = x` at top level or in a function with `global name`.
pub fn assign_global(session: &'static Session, m: &'static Module, name: Symbol, x: Value) -> Result<(), Exception> {
    let b = m.binding_for_write(name).map_err(|_| {
        errors::error(&format!(
            "cannot assign a value to imported variable {}.{name} from module {}",
            owner(m, name),
            m.path()
        ))
    })?;
    if !b.is_const() {
        if let Some(ty) = b.declared_type()
            && !runtime::isa(x, ty)
        {
            let convert = session.base().get_str("convert").ok_or_else(|| errors::undef_global(m.value(), name))?;
            let x = runtime::hooks::call(convert, &[Value::from(ty), x])?;
            b.store(x);
            return Ok(());
        }
        b.store(x);
        return Ok(());
    }
    redefine_const(session, b, x)
}

fn owner(m: &'static Module, name: Symbol) -> String {
    m.existing(name).and_then(Binding::settled).map_or_else(|| m.path(), |b| b.module.path())
}

/// A constant gets a value once more: the same again, or of the same type with a warning.
fn redefine_const(session: &'static Session, b: &'static Binding, x: Value) -> Result<(), Exception> {
    let Some(old) = b.own_value() else {
        b.store(x);
        return Ok(());
    };
    if egal(old, x) {
        return Ok(());
    }
    let fixed =
        |v: Value| v.as_type().is_some() || Module::from_value(v).is_some() || info(v.type_of()).instance.is_some();
    if old.type_of() != x.type_of() || fixed(old) || fixed(x) {
        return Err(errors::error(&format!("invalid redefinition of constant {}.{}", b.module.path(), b.name)));
    }
    session.warn(&format!(
        "WARNING: redefinition of constant {}.{}. This may fail, cause incorrect answers, or produce other errors.\n",
        b.module.path(),
        b.name
    ));
    b.store(x);
    session.world.rebind(BindingKey::new(&b.module.path(), b.name.as_str()));
    Ok(())
}

/// Executes a definition; the value is the statement's.
pub fn execute(
    interp: &Interp,
    stmt: &Stmt,
    info: &CodeInfo,
    pc: usize,
    read: &dyn Fn(Operand) -> Result<Value, Exception>,
) -> Result<Value, Exception> {
    let session = interp.session;
    match stmt {
        Stmt::DefineFunction(g) => define_function(session, module_of(g)?, g.name),
        Stmt::DefineMethod { table, sig, code, captured } => {
            let table = table.map(read).transpose()?;
            if captured.is_empty() {
                return define_method(session, table, read(*sig)?, code);
            }
            let mut copy = CodeInfo::clone(code);
            for (stmt, o) in copy.stmts.iter_mut().zip(captured) {
                *stmt = Stmt::Read(Operand::Const(runtime::pin(read(*o)?)));
            }
            define_method(session, table, read(*sig)?, &Arc::new(copy))
        }
        Stmt::DeclareGlobal { global, ty } => {
            let m = module_of(global)?;
            let b = m.binding_for_write(global.name).map_err(|_| {
                errors::error(&format!(
                    "cannot declare global {}: it is imported from {}",
                    global.name,
                    owner(m, global.name)
                ))
            })?;
            b.declare();
            if let Some(ty) = ty {
                let t = read(*ty)?;
                match t.as_proper_type() {
                    Some(t) => b.declare_type(t),
                    None => return Err(errors::type_error("global", "", core_types().type_object(), t)),
                }
            }
            Ok(Value::nothing())
        }
        Stmt::DeclareConst { global, value } => {
            let (m, x) = (module_of(global)?, read(*value)?);
            let b = m.binding_for_write(global.name).map_err(|_| {
                errors::error(&format!("cannot declare {}.{} constant; it was already imported", m.path(), global.name))
            })?;
            if b.is_const() {
                redefine_const(session, b, x)?;
            } else if b.own_value().is_some() {
                return Err(errors::error(&format!(
                    "cannot declare {}.{} constant; it already has a value",
                    m.path(),
                    global.name
                )));
            } else {
                define_const(session, b, x);
                note_alias(b, x);
            }
            Ok(x)
        }
        Stmt::NewType { global, params, kind } => {
            let params = read(*params)?;
            let bits = if let NewTypeKind::Primitive { bits } = kind { Some(read(*bits)?) } else { None };
            new_type(module_of(global)?, global.name, params, kind, bits)
        }
        Stmt::FinishType { global, ty, supertype, field_types } => {
            let field_types = field_types.map(read).transpose()?;
            finish_type(session, module_of(global)?, global.name, read(*ty)?, read(*supertype)?, field_types)
        }
        Stmt::DefineModule { name, bare, body } => {
            let m = Module::from_value(info.module).ok_or_else(|| errors::error("internal: no module"))?;
            crate::toplevel::module_from_body(interp, m, *name, *bare, body)
        }
        Stmt::Using { module, path, names, import } => {
            let m = Module::from_value(*module).ok_or_else(|| errors::error("internal: no module"))?;
            interp.import_clause(m, path, names.as_deref(), *import)?;
            Ok(Value::nothing())
        }
        Stmt::Export { module, names, public } => {
            let m = Module::from_value(*module).ok_or_else(|| errors::error("internal: no module"))?;
            names.iter().for_each(|&n| m.export(n, !public));
            Ok(Value::nothing())
        }
        _ => Err(errors::error(&format!("internal: statement {pc} is not a definition"))),
    }
}

/// Parametric types print by the names that `Main` and the exports of `Base` give them.
fn note_alias(b: &'static Binding, x: Value) {
    let Some(t) = x.as_type() else { return };
    let module = b.module.path();
    if module != "Main" && !(module == "Base" && b.is_exported()) {
        return;
    }
    let body = t.unwrap_unionall();
    let Some(n) = body.name() else { return };
    if n.name() != b.name && !body.params().is_empty() && t != n.wrapper() {
        types::register_alias(b.name, t);
    }
}

fn define_const(session: &'static Session, b: &'static Binding, x: Value) {
    b.store(x);
    b.make_const();
    if session.native_engine().is_some() {
        session.world.rebind(BindingKey::new(&b.module.path(), b.name.as_str()));
    }
}

/// `function f end`: the function object (or other callable constant) of the name.
fn define_function(session: &'static Session, m: &'static Module, name: Symbol) -> Result<Value, Exception> {
    let b = m.binding_for_method(name).map_err(|e| match e {
        BindError::Imported(from) => errors::error(&format!(
            "invalid method definition in {}: function {from}.{name} must be explicitly imported to be extended",
            m.path()
        )),
        BindError::Exists => errors::error(&format!("cannot define function {name}; it already has a value")),
    })?;
    match b.own_value() {
        Some(v) if b.is_const() || v.as_type().is_some() => Ok(v),
        Some(_) => Err(errors::error(&format!("cannot define function {name}; it already has a value"))),
        None => {
            let f = runtime::function::new_function(m, name);
            define_const(session, b, f);
            Ok(f)
        }
    }
}

/// Adds a method; see [`Stmt::DefineMethod`].
fn define_method(
    session: &'static Session,
    table: Option<Value>,
    sig: Value,
    code: &Arc<CodeInfo>,
) -> Result<Value, Exception> {
    let bad = || errors::error("internal: malformed method signature");
    let parts = sig.as_svec().filter(|p| p.len() >= 2).ok_or_else(bad)?;
    let (args, vars) = (parts[0].as_svec().ok_or_else(bad)?, parts[1].as_svec().ok_or_else(bad)?);
    let mut elems = Vec::with_capacity(args.len());
    for (i, &a) in args.iter().enumerate() {
        let Some(t) = a.as_type() else {
            let slot = code.slots.get(i).map_or("_", |s| s.name.as_str());
            return Err(errors::argument(&format!(
                "invalid type for argument {slot} in method definition for {} at {}",
                code.name,
                place(code)
            )));
        };
        elems.push(t);
    }
    let callee = elems.first().copied().ok_or_else(bad)?;
    let unwrapped = callee.unwrap_unionall();
    if unwrapped.is_datatype()
        && unwrapped.is_concrete()
        && info(unwrapped).builtin.is_some_and(|b| b != runtime::Builtin::Kwcall)
        || callee == core_types().intrinsicfunction
        || callee == core_types().hostfunction
    {
        return Err(errors::error("cannot add methods to a builtin function"));
    }
    let vars: Vec<types::TypeVar> = vars.iter().filter_map(|v| v.as_type().and_then(Ty::var)).collect();
    let tuple = types::apply::make_tuple(&elems).map_err(|e| errors::error(&e.to_string()))?;
    let sig = types::wrap_unionall(&vars, tuple);
    let module = Module::from_value(code.module).map_or_else(String::new, |m| m.path());
    let table = match table {
        Some(t) => crate::query::method_table(t).ok_or_else(|| errors::error("not a method table"))?,
        None => session.world.global(),
    };
    let m = session.world.add_method(
        table,
        MethodDef {
            name: code.name,
            module,
            sig,
            source: code.clone(),
            fingerprint: Some(|m| Some(crate::fingerprint::of_method(&*ir::lowered::code_of(m.source())?, m.sig()))),
        },
    );
    Ok(crate::query::method_object(m))
}

fn place(code: &CodeInfo) -> String {
    format!("{}:{}", base::SourceMap::file(code.span.file).name, code.span.line())
}

fn new_type(
    m: &'static Module,
    name: Symbol,
    params: Value,
    kind: &NewTypeKind,
    bits: Option<Value>,
) -> Result<Value, Exception> {
    let vars = params.as_svec().unwrap_or(&[]).iter().filter_map(|v| v.as_type().and_then(Ty::var)).collect();
    let kind = match kind {
        NewTypeKind::Abstract => NameKind::Abstract,
        NewTypeKind::Primitive { .. } => {
            let n = bits.and_then(Value::as_any_int).unwrap_or(0);
            if !(1..1 << 23).contains(&n) || n % 8 != 0 {
                return Err(errors::error(&format!("invalid number of bits in primitive type {name}")));
            }
            NameKind::Primitive { bits: n as u32 }
        }
        NewTypeKind::Struct { field_names, const_fields, atomic_fields, mutable, ninit } => {
            let n = TypeName::declare(TypeDecl {
                name,
                module: Symbol::new(&m.path()),
                params: vars,
                kind: NameKind::Struct { mutable: *mutable },
            });
            // The types come with `FinishType`; until then the rest waits beside the name.
            pending().lock().unwrap_or_else(|e| e.into_inner()).push((
                n,
                FieldDefs {
                    names: field_names.clone(),
                    types: Vec::new(),
                    ninit: *ninit as usize,
                    const_fields: const_fields.iter().map(|&i| i as usize).collect(),
                    atomic_fields: atomic_fields.iter().map(|&i| i as usize).collect(),
                },
            ));
            return Ok(Value::from(n.wrapper()));
        }
    };
    let n = TypeName::declare(TypeDecl { name, module: Symbol::new(&m.path()), params: vars, kind });
    Ok(Value::from(n.wrapper()))
}

/// Structs between their two steps.
fn pending() -> &'static std::sync::Mutex<Vec<(TypeName, FieldDefs)>> {
    static PENDING: std::sync::Mutex<Vec<(TypeName, FieldDefs)>> = std::sync::Mutex::new(Vec::new());
    &PENDING
}

fn finish_type(
    session: &'static Session,
    m: &'static Module,
    name: Symbol,
    ty: Value,
    supertype: Value,
    field_types: Option<Value>,
) -> Result<Value, Exception> {
    let n = ty
        .as_type()
        .and_then(|t| t.unwrap_unionall().name())
        .ok_or_else(|| errors::error("internal: not a new type"))?;
    let sup = supertype.as_type().ok_or_else(|| {
        errors::error(&format!("invalid subtyping in definition of {name}: can only subtype data types."))
    })?;
    n.set_supertype(sup).map_err(|e| errors::error(&e.to_string()))?;
    let waiting = {
        let mut all = pending().lock().unwrap_or_else(|e| e.into_inner());
        all.iter().position(|(p, _)| *p == n).map(|i| all.remove(i).1)
    };
    if let Some(mut defs) = waiting {
        let fields = field_types.and_then(Value::as_svec).unwrap_or(&[]);
        for (i, &f) in fields.iter().enumerate() {
            let Some(t) = f.as_type().filter(|t| t.is_type() || t.is_var()) else {
                let field = defs.names.get(i).map_or("?", |s| s.as_str());
                return Err(errors::type_error(
                    &format!("{name}, in type definition, field {field}"),
                    "",
                    core_types().type_object(),
                    f,
                ));
            };
            defs.types.push(t);
        }
        n.set_fields(defs);
    }
    let b = m.binding_for_write(name).map_err(|_| {
        errors::error(&format!("cannot define type {name}: the name is imported from {}", owner(m, name)))
    })?;
    if let Some(old) = b.own_value() {
        let old_name = old.as_type().and_then(|t| t.unwrap_unionall().name());
        if let Some(old_name) = old_name.filter(|o| same_definition(*o, n)) {
            return Ok(Value::from(old_name.wrapper()));
        }
        return Err(errors::error(&format!("invalid redefinition of constant {}.{name}", m.path())));
    }
    define_const(session, b, ty);
    let _ = reflect::type_name_object(n);
    Ok(ty)
}

/// Do two declarations of one name say the same? Judged by their texts, in which the two names read alike.
fn same_definition(a: TypeName, b: TypeName) -> bool {
    let text = |n: TypeName| {
        let vars: Vec<String> =
            n.params().iter().map(|v| format!("{}<:{}<:{}", v.lower(), v.name(), v.upper())).collect();
        let fields = n.fields().map(|f| {
            let types: Vec<String> = f.types.iter().map(|t| t.to_string()).collect();
            (f.names.clone(), types, f.ninit, f.const_fields.clone())
        });
        (n.name(), n.module(), vars, n.kind(), n.supertype().to_string(), fields)
    };
    text(a) == text(b)
}
