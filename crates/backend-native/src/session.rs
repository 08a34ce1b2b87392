//! Linking in memory.

use crate::elf::rename_symbols;
use crate::shims;
use codegen::{ENTRY, Relocation, RelocationTarget, UnitInfo, WRAPPER};
use llvm::{Error, Jit};
use runtime::{Exception, Module, Value};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A compiled host function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NativeFunction {
    entry: usize,
    wrapper: usize,
}

impl NativeFunction {
    /// Calls the function. `args` are the values of the call, the function object first.
    ///
    /// # Safety
    /// The arguments are of the types that the function was compiled for.
    pub unsafe fn call(&self, args: &[Value]) -> Result<Value, Exception> {
        // SAFETY: by the contract above.
        unsafe { shims::enter(self.wrapper, args) }
    }

    /// Address of the entry with the specialised convention (0 where only the wrapper was asked for).
    pub fn entry(&self) -> usize {
        self.entry
    }
}

/// A linking session for host code. Objects may come from several threads.
pub struct Session {
    jit: Jit,
    next: AtomicU64,
    /// C functions already defined.
    foreign: Mutex<BTreeSet<String>>,
}

impl Session {
    pub fn new() -> Result<Session, Error> {
        let jit = Jit::new()?;
        // SAFETY: these are the functions of those names.
        unsafe { jit.define_absolute(&shims::symbols())? };
        Ok(Session { jit, next: AtomicU64::new(0), foreign: Mutex::default() })
    }

    /// A number for a unit, by which others can name it before it is there.
    pub fn reserve(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn symbol(unit: u64, name: &str) -> String {
        format!("u{unit}.{name}")
    }

    /// Adds a unit's object under its number. `callees` are the numbers of the units that it calls,
    /// parallel to `info.callees`; they may be added later, before the first look-up that reaches them.
    ///
    /// # Errors
    /// Undefined C functions, malformed objects.
    ///
    /// # Safety
    /// The object was compiled from the unit that `info` describes.
    pub unsafe fn add(&self, unit: u64, object: &[u8], info: &UnitInfo, callees: &[u64]) -> Result<(), Error> {
        self.define(unit, &info.relocations)?;
        self.define_foreign(info)?;
        let renamed = rename_symbols(object, |name| {
            if name == ENTRY || name == WRAPPER || info.relocations.iter().any(|r| r.symbol == name) {
                return Some(Session::symbol(unit, name));
            }
            let i = info.callees.iter().position(|(symbol, _)| symbol == name)?;
            Some(Session::symbol(*callees.get(i)?, ENTRY))
        })
        .map_err(|e| Error(e.to_string()))?;
        // SAFETY: by the contract above.
        unsafe { self.jit.add_object(&renamed) }
    }

    fn define(&self, unit: u64, relocations: &[Relocation]) -> Result<(), Error> {
        let mut resolved = Vec::new();
        for r in relocations {
            resolved.push((Session::symbol(unit, &r.symbol), resolve(&r.target)?));
        }
        let pairs: Vec<(&str, usize)> = resolved.iter().map(|(s, a)| (s.as_str(), *a)).collect();
        // SAFETY: `resolve` gives what each kind of relocation means.
        unsafe { self.jit.define_absolute(&pairs) }
    }

    fn define_foreign(&self, info: &UnitInfo) -> Result<(), Error> {
        let mut defined = self.foreign.lock().unwrap_or_else(|e| e.into_inner());
        for (name, _) in &info.foreign {
            if defined.contains(name.as_str()) || shims::symbols().iter().any(|(s, _)| *s == name.as_str()) {
                continue;
            }
            let address = shims::c_function(name.as_str())
                .ok_or_else(|| Error(format!("could not load the C function `{name}`")))?;
            // SAFETY: the symbol's address in this process.
            unsafe { self.jit.define_absolute(&[(name.as_str(), address)])? };
            defined.insert(name.as_str().to_owned());
        }
        Ok(())
    }

    /// Links a unit and all that it reaches.
    pub fn function(&self, unit: u64) -> Result<NativeFunction, Error> {
        Ok(NativeFunction {
            entry: self.jit.lookup(&Session::symbol(unit, ENTRY))?,
            wrapper: self.jit.lookup(&Session::symbol(unit, WRAPPER))?,
        })
    }
}

/// The address that a relocation stands for in this process.
pub(crate) fn resolve(target: &RelocationTarget) -> Result<usize, Error> {
    match *target {
        RelocationTarget::Object(v) => Ok(runtime::pin(v).addr()),
        RelocationTarget::Tag(ty) => Ok(ty.address()),
        RelocationTarget::Host(name) => match runtime::host::function(name.as_str()) {
            Some(f) => Ok(f as *const runtime::host::HostFunction as usize),
            None => Err(Error(format!("there is no host function `{name}`"))),
        },
        RelocationTarget::Binding(global) => match Module::from_value(global.module) {
            Some(m) => Ok(m.binding(global.name) as *const runtime::Binding as usize),
            None => Err(Error(format!("the global `{}` is in no module", global.name))),
        },
    }
}
