//! Inference of real Julia code: a session with the prelude, and calls written as `f, (types...)`.
// Each test file uses a part of this.
#![allow(dead_code)]

use infer::{CodeSource, InferContext};
use interp::Session;
use ir::lowered::CodeInfo;
use ir::typed::TypedBody;
use runtime::{Module, Value};
use std::sync::Arc;
use types::Ty;
use world::{CiRef, MiRef, Owner};

pub struct Methods(pub &'static Session);

impl CodeSource for Methods {
    fn expand(&self, mi: MiRef, _: &Arc<CodeInfo>) -> Option<Arc<CodeInfo>> {
        self.0.expand_generated(mi)
    }
}

/// The session, with inference answering questions about types.
pub fn session() -> &'static Session {
    let session = Session::start().unwrap_or_else(|e| panic!("the prelude does not load: {e}"));
    session.set_return_type_hook(Box::new(|types| {
        let session = Session::start().expect("running");
        let source = Methods(session);
        infer::return_type(&context(session, &source), types[0], &types[1..])
    }));
    session
}

pub fn context<'a>(session: &'static Session, source: &'a Methods) -> InferContext<'a> {
    InferContext {
        world: session.world,
        tables: session.stack,
        owner: Owner::host(),
        age: session.world.age(),
        source,
        freeze: None,
    }
}

/// A fresh module with the definitions of `text`.
pub fn load(session: &'static Session, name: &str, text: &str) -> Result<&'static Module, String> {
    session.with_interp(|i| {
        let m = session.fresh_main(i, name).map_err(|e| session.error_text(i, e))?;
        session.eval_text(i, m, name, text).map_err(|e| session.error_text(i, e))?;
        Ok(m)
    })
}

/// The value of an expression.
pub fn eval(session: &'static Session, m: &'static Module, text: &str) -> Result<Value, String> {
    session.with_interp(|i| {
        session.eval_text(i, m, "expression", text).map(runtime::pin).map_err(|e| session.error_text(i, e))
    })
}

/// A module with the definitions of `text`, made at the first call.
pub fn module_once(session: &'static Session, name: &str, text: &str) -> &'static Module {
    static MADE: std::sync::OnceLock<&'static Module> = std::sync::OnceLock::new();
    MADE.get_or_init(|| load(session, name, text).unwrap_or_else(|e| panic!("{e}")))
}

/// The code instance of a call `f, (types...)`.
pub fn infer_call(session: &'static Session, m: &'static Module, call: &str) -> Result<CiRef, String> {
    infer_call_for(session, m, call, Owner::host())
}

pub fn infer_call_for(
    session: &'static Session,
    m: &'static Module,
    call: &str,
    owner: Owner,
) -> Result<CiRef, String> {
    let value = eval(session, m, &format!("({call})"))?;
    let parts = runtime::object::fields_of(value);
    let (f, args) = (parts[0], runtime::object::fields_of(parts[1]));
    let mut elements = vec![dispatch_type(f)];
    for &a in args.iter() {
        elements.push(a.as_type().ok_or("an argument is no type")?);
    }
    let sig = types::type_of_tuple(&elements);
    let lookup = session.world.lookup(session.stack, sig, session.world.age());
    let found = lookup.get().selected().found().ok_or("no method")?;
    let source = Methods(session);
    let ctx = InferContext { owner, ..context(session, &source) };
    infer::infer(&ctx, found.instance()).map_err(|e| format!("{e:?}"))
}

pub fn dispatch_type(v: Value) -> Ty {
    match v.as_proper_type() {
        Some(t) => types::builtin::type_of_type(t),
        None => v.type_of(),
    }
}

pub fn body(ci: CiRef) -> &'static TypedBody {
    ci.get().body::<TypedBody>().expect("a typed body")
}

/// The typed code of a call tree's root, for messages.
pub fn text(session: &'static Session, ci: CiRef) -> String {
    let show = |v: Value| session.with_interp(|i| session.repr(i, v));
    ir::print::typed_body(body(ci), ir::print::PrintOptions { warn: true, show: Some(&show) })
}
