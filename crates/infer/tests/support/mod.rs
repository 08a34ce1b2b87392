//! Lowered code by hand, and a world to infer it in.
// Each test file uses a part of this.
#![allow(dead_code)]

use base::{Span, Symbol};
use infer::{CodeSource, InferContext};
use ir::lowered::{CodeInfo, Meta, Operand, SlotId, SlotInfo, SsaId, Stmt};
use ir::typed::TypedBody;
use runtime::{Builtin, Intrinsic, Module, Value};
use std::sync::Arc;
use types::{Ty, builtin};
use world::{CiRef, MethodDef, MiRef, Owner, World};

pub fn slot(n: u32) -> Operand {
    Operand::Slot(SlotId(n))
}
pub fn ssa(n: u32) -> Operand {
    Operand::Ssa(SsaId(n))
}
pub fn int(i: i64) -> Operand {
    Operand::Const(runtime::pin(Value::int(i)))
}
pub fn ty(t: Ty) -> Operand {
    Operand::Const(Value::from(t))
}
pub fn value(v: Value) -> Operand {
    Operand::Const(v)
}
pub fn builtin_fn(name: &str) -> Operand {
    Operand::Const(runtime::function::builtin_object(Builtin::from_name(name).expect("a builtin")))
}
pub fn intrinsic(name: &str) -> Operand {
    Operand::Const(runtime::function::intrinsic_object(Intrinsic::from_name(name).expect("an intrinsic")))
}
pub fn call(f: Operand, args: impl IntoIterator<Item = Operand>) -> Stmt {
    Stmt::Call { f, args: args.into_iter().collect() }
}
pub fn set(n: u32, value: Operand) -> Stmt {
    Stmt::SetSlot { slot: SlotId(n), value }
}
pub fn unless(cond: Operand, target: u32) -> Stmt {
    Stmt::GotoIfNot { cond, target }
}

pub struct TestWorld {
    pub world: World,
    pub module: &'static Module,
}

pub struct NoGenerators;
impl CodeSource for NoGenerators {
    fn expand(&self, _: MiRef, _: &Arc<CodeInfo>) -> Option<Arc<CodeInfo>> {
        None
    }
}

impl TestWorld {
    pub fn new() -> TestWorld {
        TestWorld { world: World::new(), module: Module::create(Symbol::new("Main"), None) }
    }

    pub fn function(&self, name: &str) -> Value {
        runtime::function::new_function(self.module, Symbol::new(name))
    }

    /// Adds `f(args...) = stmts`; `nargs` counts the function.
    pub fn define(&self, f: Value, args: &[Ty], slots: &[&str], stmts: Vec<Stmt>) {
        self.define_with(f, args, slots, false, Meta::default(), stmts);
    }

    pub fn define_with(&self, f: Value, args: &[Ty], slots: &[&str], is_va: bool, meta: Meta, stmts: Vec<Stmt>) {
        let nargs = args.len() as u32 + 1;
        let slots = std::iter::once("#self#")
            .chain(slots.iter().copied())
            .map(|name| SlotInfo { name: Symbol::new(name), maybe_undef: false, span: Span::NONE })
            .collect();
        let name = runtime::function::name_of(f);
        let code = CodeInfo {
            name,
            module: self.module.value(),
            nargs,
            is_va,
            slots,
            sparams: Vec::new(),
            spans: vec![Span::NONE; stmts.len()],
            stmts,
            meta,
            generated: false,
            span: Span::NONE,
            deferred: None,
        };
        let mut elements = vec![f.type_of()];
        elements.extend_from_slice(args);
        if is_va {
            let last = elements.pop().expect("a variadic argument");
            elements.push(types::make_vararg(last, None).expect("a type"));
        }
        let sig = types::type_of_tuple(&elements);
        let def = MethodDef { name, module: "Main".into(), sig, source: Arc::new(code), fingerprint: None };
        self.world.add_method(self.world.global(), def);
    }

    pub fn infer(&self, f: Value, args: &[Ty]) -> CiRef {
        let mut elements = vec![f.type_of()];
        elements.extend_from_slice(args);
        let found = self.world.lookup_one(self.world.stack(), &elements, self.world.age());
        let mi = found.instance().expect("a method");
        let ctx = InferContext {
            world: self.world,
            tables: self.world.stack(),
            owner: Owner::host(),
            age: self.world.age(),
            source: &NoGenerators,
            freeze: None,
        };
        let ci = infer::infer(&ctx, mi).expect("inferred");
        let errors = ir::verify::verify(self.body(ci));
        assert!(errors.is_empty(), "{errors:#?}\n{}", self.text(ci));
        ci
    }

    pub fn body(&self, ci: CiRef) -> &'static TypedBody {
        ci.get().body::<TypedBody>().expect("a typed body")
    }

    pub fn ret(&self, f: Value, args: &[Ty]) -> String {
        self.infer(f, args).return_type().expect("finished").to_string()
    }

    pub fn text(&self, ci: CiRef) -> String {
        let show = |v: Value| format!("{v:?}");
        ir::print::typed_body(self.body(ci), ir::print::PrintOptions { warn: false, show: Some(&show) })
    }
}

pub fn int64() -> Ty {
    builtin::int64()
}
