//! `using`, `import`, `export`, and why a name is undefined.

use crate::exec::Interp;
use base::Symbol;
use ir::lowered::{ImportName, ImportPath};
use runtime::module::{self, BindError, Found};
use runtime::{Exception, Module, Value, errors};

/// The exception for reading a global that has no value.
pub fn undefined(m: &'static Module, name: Symbol) -> Exception {
    if let Found::Ambiguous(modules) = m.find_in_usings(name) {
        let paths: Vec<String> = modules.iter().map(|m| m.path()).collect();
        crate::session::warn(&format!(
            "WARNING: both {} and {} export \"{name}\"; uses of it in module {} must be qualified\n",
            paths[1], paths[0], m.name
        ));
    }
    errors::undef_global(m.value(), name)
}

fn module_of(v: Value, name: Symbol) -> Result<&'static Module, Exception> {
    Module::from_value(v)
        .ok_or_else(|| errors::error(&format!("invalid using path: \"{name}\" does not name a module")))
}

impl Interp {
    /// The module or (for the last name of an `import a.b.c`) the owner and name that a path means.
    fn walk(&self, from: &'static Module, path: &ImportPath, upto: usize) -> Result<&'static Module, Exception> {
        let names = &path.names[..upto];
        let mut m = from;
        let mut rest = names;
        if path.dots == 0 {
            let Some((&first, tail)) = names.split_first() else { return Ok(m) };
            m = self.package(first)?;
            rest = tail;
        } else {
            for _ in 1..path.dots {
                m = m.parent();
            }
        }
        for &name in rest {
            let v = m.get(name).ok_or_else(|| errors::undef_global(m.value(), name))?;
            m = module_of(v, name)?;
        }
        Ok(m)
    }

    /// The module of an absolute name: a root module, or a package that is loaded now.
    fn package(&self, name: Symbol) -> Result<&'static Module, Exception> {
        match name.as_str() {
            "Base" => return Ok(self.session.base()),
            "Core" => return Ok(self.session.core),
            _ => {}
        }
        if let Some(m) = module::root(name) {
            return Ok(m);
        }
        if let Some(m) = self.session.load_package(self, name)? {
            return Ok(m);
        }
        // Inside the prelude a submodule of Base is as good as a package.
        if let Some(m) = self.session.base().get(name).and_then(Module::from_value) {
            return Ok(m);
        }
        let bundled = Value::string(&crate::sources::bundled().join(", "));
        self.session.call_base(self, "package_not_found", &[Value::symbol(name), bundled])?;
        Err(errors::argument(&format!("Package {name} not found in current path.")))
    }

    /// Executes one `using` or `import` clause.
    pub fn import_clause(
        &self,
        into: &'static Module,
        path: &ImportPath,
        names: Option<&[ImportName]>,
        import: bool,
    ) -> Result<(), Exception> {
        if let Some(names) = names {
            let from = self.walk(into, path, path.names.len())?;
            for n in names {
                self.import_name(into, from, n.name, n.alias.unwrap_or(n.name), import)?;
            }
            return Ok(());
        }
        if !import {
            let m = self.walk(into, path, path.names.len())?;
            into.add_using(m);
            // In `Main` it also binds the name `A`; other modules see it as what `A` exports, and may have an `A` of their own.
            if let Some(&last) = path.names.last()
                && (std::ptr::eq(into, self.session.main) || self.session.is_loading() || path.alias.is_some())
            {
                let _ = self.bind_module(into, path.alias.unwrap_or(last), m);
            }
            return Ok(());
        }
        // `import A.b`: the last name may be anything.
        let Some((&last, _)) = path.names.split_last() else { return Ok(()) };
        let alias = path.alias.unwrap_or(last);
        if path.names.len() == 1 && path.dots == 0 {
            let m = self.package(last)?;
            return self.bind_module(into, alias, m);
        }
        let owner = self.walk(into, path, path.names.len() - 1)?;
        self.import_name(into, owner, last, alias, true)
    }

    fn bind_module(&self, into: &'static Module, name: Symbol, m: &'static Module) -> Result<(), Exception> {
        let b = into.binding(name);
        match b.own_value() {
            Some(v) if v == m.value() => Ok(()),
            Some(_) => {
                Err(errors::error(&format!("importing {name} into {} conflicts with an existing global", into.path())))
            }
            None if std::ptr::eq(into, m) => Ok(()),
            None => {
                into.set_const(name, m.value());
                Ok(())
            }
        }
    }

    fn import_name(
        &self,
        into: &'static Module,
        from: &'static Module,
        name: Symbol,
        alias: Symbol,
        explicit: bool,
    ) -> Result<(), Exception> {
        let source = from.binding(name);
        if source.resolve().is_none() {
            // A module of this name under the other one may be bundled.
            if std::ptr::eq(from, self.session.base())
                && let Ok(m) = self.package(name)
            {
                return self.bind_module(into, alias, m);
            }
            if self.session.is_loading() {
                // Names that a later prelude file defines: the cell is what counts.
                source.declare();
            } else {
                return Err(errors::undef_global(from.value(), name));
            }
        }
        into.import(source, alias, explicit).map_err(|e| match e {
            BindError::Exists => errors::error(&format!(
                "importing {}.{name} into {} conflicts with an existing identifier",
                from.path(),
                into.path()
            )),
            BindError::Imported(other) => errors::error(&format!(
                "importing {}.{name} into {} conflicts with an existing identifier from {other}",
                from.path(),
                into.path()
            )),
        })
    }
}
