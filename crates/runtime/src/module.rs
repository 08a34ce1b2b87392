//! Modules and their bindings.
//!
//! A binding is looked up once and then known by its address, which never changes. It is in one of three
//! states: its module *owns* it (it was assigned, declared or imported by `const`), it is an *import* of another
//! module's binding (explicitly, or by `using` at its first use), or it is *unresolved*.

use crate::{Value, gc};
use base::Symbol;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};
use std::sync::{Mutex, RwLock};
use types::Ty;

/// The variable behind a global name of one module. Lives forever.
pub struct Binding {
    pub module: &'static Module,
    pub name: Symbol,
    /// Root memory: the value, then the declared type.
    cells: &'static [AtomicPtr<u8>; 2],
    owner: AtomicPtr<Binding>,
    flags: AtomicU8,
}

const CONST: u8 = 1;
const EXPORTED: u8 = 2;
const PUBLIC: u8 = 4;
/// Imported by name (`import M: f`), so that methods may be added.
const IMPORTED: u8 = 8;
const DEPRECATED: u8 = 16;
/// `global x` was seen.
const DECLARED: u8 = 32;

impl Binding {
    fn new(module: &'static Module, name: Symbol) -> &'static Binding {
        let cells = gc::root_memory(16) as *const [AtomicPtr<u8>; 2];
        Box::leak(Box::new(Binding {
            module,
            name,
            // SAFETY: 16 zeroed bytes that are never released.
            cells: unsafe { &*cells },
            owner: AtomicPtr::new(std::ptr::null_mut()),
            flags: AtomicU8::new(0),
        }))
    }

    fn flag(&self, bit: u8) -> bool {
        self.flags.load(Ordering::Relaxed) & bit != 0
    }

    fn set_flag(&self, bit: u8) {
        self.flags.fetch_or(bit, Ordering::Relaxed);
    }

    /// The value of this very binding (not of the one it imports).
    #[inline]
    pub fn own_value(&self) -> Option<Value> {
        let p = self.cells[0].load(Ordering::Acquire);
        // SAFETY: the cell holds null or an object's address.
        if p.is_null() { None } else { Some(unsafe { Value::from_ptr(p) }) }
    }

    pub fn store(&self, v: Value) {
        self.cells[0].store(v.as_ptr(), Ordering::Release);
    }

    /// Makes the binding undefined again.
    pub fn clear(&self) {
        self.cells[0].store(std::ptr::null_mut(), Ordering::Release);
    }

    /// The declared type (`x::T`) of a global.
    pub fn declared_type(&self) -> Option<Ty> {
        let p = self.cells[1].load(Ordering::Acquire);
        // SAFETY: the cell holds null or a type object's address.
        if p.is_null() { None } else { unsafe { Value::from_ptr(p) }.as_type() }
    }

    pub fn declare_type(&self, ty: Ty) {
        self.cells[1].store(Value::from(ty).as_ptr(), Ordering::Release);
    }

    pub fn is_const(&self) -> bool {
        self.flag(CONST)
    }

    pub fn make_const(&self) {
        self.set_flag(CONST);
    }

    pub fn is_exported(&self) -> bool {
        self.flag(EXPORTED)
    }

    pub fn is_public(&self) -> bool {
        self.flag(PUBLIC | EXPORTED)
    }

    pub fn is_imported(&self) -> bool {
        self.flag(IMPORTED)
    }

    pub fn is_deprecated(&self) -> bool {
        self.flag(DEPRECATED)
    }

    /// Was the name declared by `global` in its own module?
    pub fn is_declared(&self) -> bool {
        self.flag(DECLARED)
    }

    pub fn declare(&self) {
        self.set_flag(DECLARED);
    }

    /// The binding that holds the value, as far as it is settled already.
    #[inline]
    pub fn settled(&'static self) -> Option<&'static Binding> {
        let owner = self.owner.load(Ordering::Acquire);
        if owner.is_null() {
            let own =
                self.flags.load(Ordering::Relaxed) & DECLARED != 0 || !self.cells[0].load(Ordering::Acquire).is_null();
            return own.then_some(self);
        }
        // SAFETY: bindings live forever.
        Some(unsafe { &*owner })
    }

    /// The binding that holds the value; settles it through `using` at the first call.
    #[inline]
    pub fn resolve(&'static self) -> Option<&'static Binding> {
        if let Some(b) = self.settled() {
            return Some(b);
        }
        self.settle()
    }

    #[cold]
    fn settle(&'static self) -> Option<&'static Binding> {
        // Modules that use each other and export a name that none of them has offer nothing.
        thread_local! {
            static SETTLING: RefCell<Vec<*const Binding>> = const { RefCell::new(Vec::new()) };
        }
        let this: *const Binding = self;
        if SETTLING.with_borrow(|s| s.contains(&this)) {
            return None;
        }
        SETTLING.with_borrow_mut(|s| s.push(this));
        let found = self.module.find_in_usings(self.name);
        SETTLING.with_borrow_mut(Vec::pop);
        match found {
            Found::One(b) => {
                self.owner.store(b as *const Binding as *mut Binding, Ordering::Release);
                Some(b)
            }
            Found::None | Found::Ambiguous(_) => None,
        }
    }

    /// The current value, through imports.
    #[inline]
    pub fn value(&'static self) -> Option<Value> {
        self.resolve()?.own_value()
    }

    /// Stable across processes: the module's path and the name.
    pub fn key(&self) -> (String, Symbol) {
        (self.module.path(), self.name)
    }
}

/// What `using`s offer for a name.
pub enum Found {
    None,
    One(&'static Binding),
    /// Different things under one name: the modules that export them.
    Ambiguous(Vec<&'static Module>),
}

static ROOTS: RwLock<Vec<&'static Module>> = RwLock::new(Vec::new());

/// Registers a root module (`Core`, `Base`, `Main`, a bundled module), replacing one of the same name.
pub fn add_root(m: &'static Module) {
    let mut roots = ROOTS.write().unwrap_or_else(|e| e.into_inner());
    roots.retain(|r| r.name != m.name);
    roots.push(m);
}

/// Forgets the root module of this name.
pub fn remove_root(name: Symbol) {
    ROOTS.write().unwrap_or_else(|e| e.into_inner()).retain(|r| r.name != name);
}

/// The root module of this name.
pub fn root(name: Symbol) -> Option<&'static Module> {
    ROOTS.read().unwrap_or_else(|e| e.into_inner()).iter().find(|m| m.name == name).copied()
}

/// Does `Main` see the module of this path under `name` as `name`? Then types print without the
/// module's path. Settles nothing.
pub fn visible_in_main(path: Symbol, name: Symbol) -> bool {
    if path == "Main" {
        return true;
    }
    let Some(main) = root(Symbol::new("Main")) else { return path == "Base" };
    let mut segments = path.as_str().split('.');
    let mut owner = segments.next().and_then(|s| root(Symbol::new(s)));
    for s in segments {
        owner = owner.and_then(|m| m.existing(Symbol::new(s))?.own_value()).and_then(Module::from_value);
    }
    let Some(own) = owner.and_then(|m| m.existing(name)).and_then(Binding::settled) else { return false };
    let seen = match main.existing(name).and_then(Binding::settled) {
        Some(b) => Some(b),
        None => match main.find_in_usings(name) {
            Found::One(b) => Some(b),
            Found::None | Found::Ambiguous(_) => None,
        },
    };
    seen.is_some_and(|b| std::ptr::eq(b, own) || (b.own_value().is_some() && b.own_value() == own.own_value()))
}

/// Why a binding could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindError {
    /// The name already means something of this module.
    Exists,
    /// The name is an import of another module already.
    Imported(Symbol),
}

/// A module's own data; the Julia object is a leaked cell around it.
pub struct Module {
    pub name: Symbol,
    parent: RwLock<Option<&'static Module>>,
    bindings: RwLock<HashMap<Symbol, &'static Binding>>,
    usings: RwLock<Vec<&'static Module>>,
    /// Counter for names made by lowering.
    counter: Mutex<u32>,
    counters: Mutex<BTreeMap<&'static str, u32>>,
}

impl Module {
    /// A new module object. A module without parent is its own parent.
    pub fn create(name: Symbol, parent: Option<&'static Module>) -> &'static Module {
        let v = gc::leak(
            crate::core_types().module,
            Module {
                name,
                parent: RwLock::new(parent),
                bindings: RwLock::default(),
                usings: RwLock::default(),
                counter: Mutex::new(0),
                counters: Mutex::default(),
            },
        );
        // SAFETY: just made around a `Module`, never freed.
        unsafe { &*(v.as_ptr() as *const Module) }
    }

    /// The module as an object.
    pub fn value(&'static self) -> Value {
        // SAFETY: modules are only made by `create`, with a tag before them.
        unsafe { Value::from_ptr(self as *const Module as *mut u8) }
    }

    /// The module behind an object.
    pub fn from_value(v: Value) -> Option<&'static Module> {
        // SAFETY: objects of type `Module` are made by `create` only.
        (v.type_of() == crate::core_types().module).then(|| unsafe { &*(v.as_ptr() as *const Module) })
    }

    pub fn parent(&'static self) -> &'static Module {
        self.parent.read().unwrap_or_else(|e| e.into_inner()).unwrap_or(self)
    }

    pub fn set_parent(&self, parent: &'static Module) {
        *self.parent.write().unwrap_or_else(|e| e.into_inner()) = Some(parent);
    }

    /// `Main.A.B`; `Main`, `Base` and `Core` are roots.
    pub fn path(&'static self) -> String {
        let mut names = vec![self.name.as_str()];
        let mut m = self;
        while !std::ptr::eq(m.parent(), m) {
            m = m.parent();
            names.push(m.name.as_str());
        }
        names.reverse();
        names.join(".")
    }

    /// The binding cell of a name in this module, made if there is none.
    pub fn binding(&'static self, name: Symbol) -> &'static Binding {
        if let Some(b) = self.existing(name) {
            return b;
        }
        let mut bindings = self.bindings.write().unwrap_or_else(|e| e.into_inner());
        bindings.entry(name).or_insert_with(|| Binding::new(self, name))
    }

    /// The binding cell of a name if there is one.
    pub fn existing(&self, name: Symbol) -> Option<&'static Binding> {
        self.bindings.read().unwrap_or_else(|e| e.into_inner()).get(&name).copied()
    }

    /// The value a name has here, own or imported.
    pub fn get(&'static self, name: Symbol) -> Option<Value> {
        self.binding(name).value()
    }

    pub fn get_str(&'static self, name: &str) -> Option<Value> {
        self.get(Symbol::new(name))
    }

    /// Sets a constant of this module, as the runtime and `const` do.
    pub fn set_const(&'static self, name: Symbol, v: Value) -> &'static Binding {
        let b = self.binding(name);
        b.store(v);
        b.make_const();
        b
    }

    /// `using`: the module's exports become visible.
    pub fn add_using(&'static self, other: &'static Module) {
        if std::ptr::eq(self, other) {
            return;
        }
        let mut usings = self.usings.write().unwrap_or_else(|e| e.into_inner());
        if !usings.iter().any(|m| std::ptr::eq(*m, other)) {
            usings.push(other);
        }
    }

    pub fn usings(&self) -> Vec<&'static Module> {
        self.usings.read().unwrap_or_else(|e| e.into_inner()).clone()
    }

    /// `import M: name [as alias]` (`explicit`) or `using M: name`.
    pub fn import(&'static self, from: &'static Binding, alias: Symbol, explicit: bool) -> Result<(), BindError> {
        let target = from.resolve().unwrap_or(from);
        let b = self.binding(alias);
        if std::ptr::eq(b, target) {
            return Ok(());
        }
        let owner = b.owner.load(Ordering::Acquire);
        if owner.is_null() {
            if b.own_value().is_some() || b.is_declared() {
                // The same constant under the same name is no conflict.
                return if b.own_value().is_some() && b.own_value() == target.own_value() {
                    Ok(())
                } else {
                    Err(BindError::Exists)
                };
            }
        } else if !std::ptr::eq(owner, target) {
            // SAFETY: bindings live forever.
            let other = unsafe { &*owner };
            if other.own_value() != target.own_value() || other.own_value().is_none() {
                return Err(BindError::Imported(other.module.name));
            }
        }
        b.owner.store(target as *const Binding as *mut Binding, Ordering::Release);
        if explicit {
            b.set_flag(IMPORTED);
        }
        Ok(())
    }

    pub fn export(&'static self, name: Symbol, exported: bool) {
        self.binding(name).set_flag(if exported { EXPORTED } else { PUBLIC });
    }

    /// The binding to assign to, or the module that the name comes from if it is an import.
    pub fn binding_for_write(&'static self, name: Symbol) -> Result<&'static Binding, BindError> {
        let b = self.binding(name);
        let owner = b.owner.load(Ordering::Acquire);
        if owner.is_null() {
            b.declare();
            return Ok(b);
        }
        // SAFETY: bindings live forever.
        let owner = unsafe { &*owner };
        if std::ptr::eq(owner, b) { Ok(b) } else { Err(BindError::Imported(owner.module.name)) }
    }

    /// The binding for a definition (`f() = …`, `struct`, `const`): an own one. Imports made by name are
    /// returned as such (methods may be added); what came in by `using` is an error only if it was used before.
    pub fn binding_for_method(&'static self, name: Symbol) -> Result<&'static Binding, BindError> {
        let b = self.binding(name);
        let is_type = |o: &Binding| o.is_const() && o.own_value().is_some_and(|v| v.as_proper_type().is_some());
        let owner = b.owner.load(Ordering::Acquire);
        if owner.is_null() {
            // Constructors may be added to types that are merely visible.
            if b.settled().is_none()
                && let Found::One(o) = self.find_in_usings(name)
                && is_type(o)
            {
                return Ok(b.resolve().unwrap_or(b));
            }
            return Ok(b);
        }
        // SAFETY: bindings live forever.
        let owner: &'static Binding = unsafe { &*owner };
        if b.is_imported() || std::ptr::eq(owner, b) || is_type(owner) {
            Ok(owner)
        } else {
            Err(BindError::Imported(owner.module.name))
        }
    }

    /// What the `using`s offer under this name.
    pub fn find_in_usings(&self, name: Symbol) -> Found {
        let mut found: Vec<&'static Binding> = Vec::new();
        for m in self.usings() {
            let Some(b) = m.existing(name) else { continue };
            if !b.is_exported() {
                continue;
            }
            let Some(owner) = b.resolve() else { continue };
            if owner.own_value().is_none() && !owner.is_declared() {
                continue;
            }
            let same = |f: &&'static Binding| {
                std::ptr::eq(*f, owner) || (f.own_value().is_some() && f.own_value() == owner.own_value())
            };
            if !found.iter().any(same) {
                found.push(owner);
            }
        }
        match found.len() {
            0 => Found::None,
            1 => Found::One(found[0]),
            _ => Found::Ambiguous(found.iter().map(|b| b.module).collect()),
        }
    }

    /// A name with a value that code in this module can use and that reads much like `name`.
    pub fn similar_name(&'static self, name: Symbol) -> Option<Symbol> {
        let word = name.as_str();
        let changes = (word.chars().count() / 4).clamp(1, 2);
        let near = |b: &&'static Binding| {
            let other = b.name.as_str();
            let far = other.len().abs_diff(word.len()) > 3 || other.starts_with('#') != word.starts_with('#');
            !far && b.name != name && b.value().is_some() && strsim::osa_distance(other, word) <= changes
        };
        let own = self.names();
        let offered = self.usings().into_iter().flat_map(|m| m.names().into_iter().filter(|b| b.is_exported()));
        own.into_iter()
            .chain(offered)
            .filter(near)
            .map(|b| (strsim::osa_distance(b.name.as_str(), word), b.name))
            .min_by_key(|&(d, n)| (d, n.as_str()))
            .map(|(_, n)| n)
    }

    /// All names with bindings, sorted.
    pub fn names(&self) -> Vec<&'static Binding> {
        let mut all: Vec<_> = self.bindings.read().unwrap_or_else(|e| e.into_inner()).values().copied().collect();
        all.sort_by_key(|b| b.name);
        all
    }

    /// Is the value reached by this name through an own binding or a settled import?
    pub fn owns(&'static self, name: Symbol) -> bool {
        self.existing(name).and_then(Binding::settled).is_some()
    }

    /// 1, 2, 3, … for names that lowering makes up.
    pub fn next_number(&self) -> u32 {
        let mut n = self.counter.lock().unwrap_or_else(|e| e.into_inner());
        *n += 1;
        *n
    }

    /// Like [`Module::next_number`] with a count of its own per `family`.
    pub fn next_in_family(&self, family: Symbol) -> u32 {
        let mut all = self.counters.lock().unwrap_or_else(|e| e.into_inner());
        let n = all.entry(family.as_str()).or_insert(0);
        *n += 1;
        *n
    }
}
