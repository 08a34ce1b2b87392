//! A world to experiment in, and a compiler for it whose IR is a list of calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use types::{FieldDefs, NameKind, Ty, TypeDecl, TypeName, builtin};
use world::*;

/// The code of a method: what it reads and what it calls. The tag tells methods apart.
pub struct Code {
    pub tag: i64,
    pub reads: Vec<BindingKey>,
    pub calls: Vec<Ty>,
}

/// What inference makes of it.
#[derive(Debug)]
pub struct Body {
    pub tag: i64,
}

#[derive(Clone, Copy)]
pub struct Lab {
    pub world: World,
    pub stack: TableStack,
    pub owner: Owner,
    inferred: &'static AtomicUsize,
}

/// A fresh function's type.
pub fn function(name: &str) -> Ty {
    let name = base::Symbol::new(name);
    let declared = TypeName::declare(TypeDecl {
        name: base::Symbol::new(&format!("#{name}")),
        module: "Main".into(),
        params: Vec::new(),
        kind: NameKind::Struct { mutable: false },
    });
    declared.set_supertype(builtin::function()).expect("functions are extensible");
    declared.set_fields(FieldDefs::default());
    declared.set_function(name);
    declared.body()
}

/// `Tuple{f, args…}`.
pub fn call(f: Ty, args: &[Ty]) -> Ty {
    let all: Vec<Ty> = std::iter::once(f).chain(args.iter().copied()).collect();
    types::type_of_tuple(&all)
}

impl Lab {
    pub fn new() -> Lab {
        let world = World::new();
        Lab { world, stack: world.stack(), owner: Owner::host(), inferred: Box::leak(Box::default()) }
    }

    /// The same world as another owner sees it.
    pub fn owned_by(self, owner: impl Into<OwnerValue>) -> Lab {
        Lab { owner: Owner::new(owner), ..self }
    }

    /// The same world under one more table.
    pub fn under(self, overlay: MethodTable) -> Lab {
        Lab { stack: self.stack.with(overlay), ..self }
    }

    pub fn age(self) -> WorldAge {
        self.world.age()
    }

    pub fn view(self) -> CacheView {
        CacheView::latest(self.world, self.owner)
    }

    pub fn define(self, sig: Ty, tag: i64, calls: &[Ty]) -> MethodRef {
        self.define_in(self.world.global(), sig, tag, calls)
    }

    pub fn define_in(self, table: MethodTable, sig: Ty, tag: i64, calls: &[Ty]) -> MethodRef {
        self.define_code(table, sig, Code { tag, reads: Vec::new(), calls: calls.to_vec() })
    }

    pub fn define_code(self, table: MethodTable, sig: Ty, code: Code) -> MethodRef {
        let def = MethodDef { name: "m".into(), module: "Main".into(), sig, source: Arc::new(code), fingerprint: None };
        self.world.add_method(table, def)
    }

    pub fn instance(self, sig: Ty) -> MiRef {
        self.world.lookup_one_sig(self.stack, sig, self.age()).instance().expect("a method for the call")
    }

    /// The code instance for a call, made if it is missing.
    pub fn compile(self, sig: Ty) -> CiRef {
        let age = self.age();
        let mi = self.world.lookup_one_sig(self.stack, sig, age).instance().expect("a method for the call");
        self.compile_at(mi, age)
    }

    pub fn compile_at(self, mi: MiRef, age: WorldAge) -> CiRef {
        let view = CacheView::new(self.world, self.owner, age);
        match view.get_or_insert_with(mi, |_| Ok::<_, ()>(self.infer(mi, age))) {
            Ok(ci) | Err(GetError::Recursive(ci)) => ci,
            Err(GetError::Contended) => {
                let draft = self.world.draft(mi, self.owner);
                let done = self.world.publish(vec![(draft, self.infer(mi, age))], age);
                done.expect("consistent")[0]
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    pub fn infer(self, mi: MiRef, age: WorldAge) -> Inferred {
        self.inferred.fetch_add(1, Ordering::Relaxed);
        let method = mi.method();
        let code: &Code = method.source_as().expect("methods of this lab");
        let mut edges = Vec::new();
        for &key in &code.reads {
            edges.push(Edge::Binding(self.world.binding(key, age)));
        }
        for &sig in &code.calls {
            let lookup = self.world.lookup_limited(self.stack, sig, age, None);
            edges.push(Edge::Lookup(lookup));
            if let Dispatch::Found(found) = lookup.get().selected() {
                edges.push(Edge::Instance(self.compile_at(found.instance(), age)));
            }
        }
        Inferred::new(builtin::int64(), Arc::new(Body { tag: code.tag }), edges)
    }

    /// How often inference ran.
    pub fn inferred(self) -> usize {
        self.inferred.load(Ordering::Relaxed)
    }
}

pub fn alive(ci: CiRef) -> bool {
    ci.valid().is_open()
}

pub fn tag(ci: CiRef) -> i64 {
    ci.body::<Body>().expect("compiled in a lab").tag
}
