//! A compiler with an IR of its own on top of the cache alone: no Julia, no LLVM.
//!
//! It registers four functions, compiles `main`, redefines a function two calls below it, and shows
//! that exactly what depends on that is gone: `cargo run -p rekindle-world --example foreign`.

use std::sync::Arc;
use types::{NameKind, Ty, TypeDecl, TypeName, builtin};
use world::results::{SessionLocal, results};
use world::*;

/// The IR: arithmetic on integers, and calls of functions without arguments.
enum Ir {
    Constant(i64),
    Add(Box<Ir>, Box<Ir>),
    Call(Ty),
}

/// What this back-end attaches to a code instance.
#[derive(Default)]
struct Machine {
    code: SessionLocal<Vec<String>>,
}

struct Compiler {
    world: World,
    owner: Owner,
}

impl Compiler {
    fn define(&self, name: &str, function: Ty, body: Ir) {
        self.world.add_method(
            self.world.global(),
            MethodDef {
                name: name.into(),
                module: "Foreign".into(),
                sig: types::type_of_tuple(&[function]),
                source: Arc::new(body),
                fingerprint: None,
            },
        );
    }

    /// The code of a call, compiled unless it is there.
    fn compile(&self, function: Ty) -> Result<CiRef, String> {
        let age = self.world.age();
        let mi = match self.world.lookup_one(self.world.stack(), &[function], age) {
            Dispatch::Found(found) => found.instance(),
            _ => return Err(format!("no method for {function}")),
        };
        let view = CacheView::new(self.world, self.owner, age);
        let infer = |ci: CiRef| {
            let (mut edges, mut code) = (Vec::new(), Vec::new());
            let ir = mi.get().method().get().source_as().ok_or("not our IR")?;
            self.emit(ir, age, &mut edges, &mut code)?;
            results::<Machine>(ci, &self.owner).code.set(code).map_err(|_| "compiled twice")?;
            println!("  compiled {}", mi.method().name());
            Ok(Inferred { return_type: builtin::int64(), const_return: None, body: None, edges })
        };
        view.get_or_insert_with(mi, infer).map_err(|error: GetError<String>| format!("{error:?}"))
    }

    fn emit(&self, ir: &Ir, age: WorldAge, edges: &mut Vec<Edge>, code: &mut Vec<String>) -> Result<(), String> {
        match ir {
            Ir::Constant(value) => code.push(format!("push {value}")),
            Ir::Add(a, b) => {
                self.emit(a, age, edges, code)?;
                self.emit(b, age, edges, code)?;
                code.push("add".into());
            }
            Ir::Call(function) => {
                let sig = types::type_of_tuple(&[*function]);
                edges.push(Edge::Lookup(self.world.lookup(self.world.stack(), sig, age)));
                let callee = self.compile(*function)?;
                edges.push(Edge::Instance(callee));
                code.push(format!("call {}", callee.mi().method().name()));
            }
        }
        Ok(())
    }
}

fn function(name: &str) -> Ty {
    let decl = TypeDecl {
        name: name.into(),
        module: "Foreign".into(),
        params: Vec::new(),
        kind: NameKind::Struct { mutable: false },
    };
    TypeName::declare(decl).body()
}

fn main() -> Result<(), String> {
    let compiler = Compiler { world: World::new(), owner: Owner::new("stack machine") };
    let [main, left, right, leaf] = ["main", "left", "right", "leaf"].map(function);
    let call = |function| Box::new(Ir::Call(function));
    compiler.define("main", main, Ir::Add(call(left), call(right)));
    compiler.define("left", left, Ir::Call(leaf));
    compiler.define("right", right, Ir::Constant(2));
    compiler.define("leaf", leaf, Ir::Constant(40));

    println!("cold:");
    let all = [main, left, right, leaf];
    let mut before = Vec::new();
    for function in all {
        before.push(compiler.compile(function)?);
    }
    println!("code of main: {:?}", results::<Machine>(before[0], &compiler.owner).code.get());
    println!("warm:");
    assert_eq!(compiler.compile(main)?, before[0]);

    println!("leaf() = 41 ends:");
    let _report = compiler.world.subscribe(|event| {
        if let EventKind::CiEnded { ci, why } = event {
            println!("  {} ({why:?})", ci.mi().method().name());
        }
    });
    compiler.define("leaf", leaf, Ir::Constant(41));
    let alive: Vec<bool> = before.iter().map(|ci| ci.valid().is_open()).collect();
    assert_eq!(alive, [false, false, true, false], "exactly the dependants of leaf end");

    println!("again:");
    compiler.compile(main)?;
    Ok(())
}
