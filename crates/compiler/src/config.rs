//! Configurations, interned: equal ones are one object, compared by address.

use crate::{CompilerParams, CompilerTarget};
use codegen::UnitOptions;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use world::{Owner, OwnerValue, TableStack, World};

/// Name of the overlay table that every device's jobs have: bodies that only kernels have, and the runtime library.
pub const DEVICE_TABLE: &str = "device";

/// Convention of a compiled entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EntryAbi {
    /// Unboxed arguments, specialised for the job's types.
    SpecFunc,
    /// Boxed arguments and result.
    Func,
}

/// Options of a compilation. Fields that affect inference are in [`ConfigRef::owner`], all are in the key of results.
#[derive(Clone, Debug)]
pub struct CompilerConfig {
    pub target: Arc<dyn CompilerTarget>,
    pub params: Arc<dyn CompilerParams>,
    /// An entry that devices launch (returns nothing, plain-data arguments) rather than a function.
    pub kernel: bool,
    /// Name of the entry; by default the function's.
    pub name: Option<String>,
    pub entry_abi: EntryAbi,
    /// Inline whatever can be inlined.
    pub always_inline: bool,
    /// 0 (what must be done and nothing else) to 3; 2 is usual, 1 leaves out what takes long.
    pub opt_level: u8,
    /// 0 no report of device exceptions, 1 their name, 2 a stack, too.
    pub debug_level: u8,
    /// Link the target's libraries.
    pub libraries: bool,
    pub optimize: bool,
    /// Drop functions and constants that nothing reaches any more, once their uses are inlined.
    pub cleanup: bool,
    pub validate: bool,
    /// Leave out what an artifact says of the source: functions and places of exceptions.
    pub strip: bool,
    /// Is this what the user asked for, not something compiled on the way? What is not leaves the runtime library to who links it.
    pub toplevel: bool,
    /// Emit the entry alone, callees stay external.
    pub only_entry: bool,
}

impl CompilerConfig {
    /// A function for `target` with the usual options.
    pub fn new(target: Arc<dyn CompilerTarget>) -> CompilerConfig {
        CompilerConfig {
            target,
            params: Arc::new(crate::NoParams),
            kernel: false,
            name: None,
            entry_abi: EntryAbi::SpecFunc,
            always_inline: false,
            opt_level: 2,
            debug_level: 1,
            libraries: true,
            optimize: true,
            cleanup: true,
            validate: true,
            strip: false,
            toplevel: true,
            only_entry: false,
        }
    }

    /// A kernel for `target` with the usual options.
    pub fn kernel(target: Arc<dyn CompilerTarget>) -> CompilerConfig {
        CompilerConfig { kernel: true, ..CompilerConfig::new(target) }
    }

    /// How much to optimise for a target that has a level of its own for usual work.
    pub fn level(&self, usual: u8) -> u8 {
        match self.opt_level {
            _ if !self.optimize => 0,
            2 => usual,
            other => other.min(3),
        }
    }

    /// What affects inference and nothing else.
    fn owner_value(&self) -> OwnerValue {
        OwnerValue::record(
            "rekindle",
            [
                ("target", self.target.inference_key()),
                ("params", self.params.inference_key()),
                ("always_inline", OwnerValue::Bool(self.always_inline)),
                ("tables", OwnerValue::Text(self.table_names().join(" ").into())),
            ],
        )
    }

    /// The overlay tables of jobs, the one looked in first last.
    fn table_names(&self) -> Vec<&'static str> {
        let runtime = (!self.target.lowering().is_host()).then_some(DEVICE_TABLE);
        runtime.into_iter().chain(self.target.overlays().iter().copied()).collect()
    }

    /// Everything. Destructured, so that a new field cannot be forgotten.
    fn key_value(&self) -> OwnerValue {
        let CompilerConfig {
            target,
            params,
            kernel,
            name,
            entry_abi,
            always_inline,
            opt_level,
            debug_level,
            libraries,
            optimize,
            cleanup,
            validate,
            strip,
            toplevel,
            only_entry,
        } = self;
        let tables = self.table_names().join(" ");
        let name = name.as_ref().map_or(OwnerValue::Unit, |n| OwnerValue::Text(n.as_str().into()));
        OwnerValue::record(
            "config",
            [
                ("target", target.inference_key()),
                ("target code", target.code_key()),
                ("params", params.inference_key()),
                ("params code", params.code_key()),
                ("tables", OwnerValue::Text(tables.into())),
                ("kernel", OwnerValue::Bool(*kernel)),
                ("name", name),
                ("entry_abi", OwnerValue::Int(*entry_abi as i64)),
                ("always_inline", OwnerValue::Bool(*always_inline)),
                ("opt_level", OwnerValue::Int(*opt_level as i64)),
                ("debug_level", OwnerValue::Int(*debug_level as i64)),
                ("libraries", OwnerValue::Bool(*libraries)),
                ("optimize", OwnerValue::Bool(*optimize)),
                ("cleanup", OwnerValue::Bool(*cleanup)),
                ("validate", OwnerValue::Bool(*validate)),
                ("strip", OwnerValue::Bool(*strip)),
                ("toplevel", OwnerValue::Bool(*toplevel)),
                ("only_entry", OwnerValue::Bool(*only_entry)),
            ],
        )
    }

    /// The one object of this configuration.
    pub fn intern(self) -> ConfigRef {
        static TABLE: OnceLock<Mutex<HashMap<Vec<u8>, &'static Interned>>> = OnceLock::new();
        let key = self.key_value().encode();
        let mut table = TABLE.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
        if let Some(&found) = table.get(&key) {
            return ConfigRef(found);
        }
        let owner = Owner::new(self.owner_value());
        let unit_key = self.unit_key();
        let (tables, runtime) = (OnceLock::new(), OnceLock::new());
        let leaked: &'static Interned =
            Box::leak(Box::new(Interned { config: self, owner, unit_key, tables, runtime }));
        table.insert(key, leaked);
        ConfigRef(leaked)
    }

    /// The options that reach un-optimised code. Host code reports exceptions in one way only.
    fn unit_options(&self) -> UnitOptions {
        let debug_level = if self.target.lowering().is_host() { 1 } else { self.debug_level };
        UnitOptions { wrapper: self.entry_abi == EntryAbi::Func, debug_level, ..UnitOptions::default() }
    }

    /// The part that un-optimised code of a single function depends on: jobs that differ elsewhere share it.
    fn unit_key(&self) -> &'static [u8] {
        let UnitOptions { wrapper, debug_level, library } = self.unit_options();
        static KEYS: OnceLock<Mutex<HashMap<Vec<u8>, &'static [u8]>>> = OnceLock::new();
        let value = OwnerValue::record(
            "unit",
            [
                ("target", OwnerValue::Text(self.target.lowering().triple().into())),
                ("layout", OwnerValue::Text(self.target.lowering().data_layout().into())),
                ("lowering", OwnerValue::Text(self.target.lowering().name().into())),
                ("relocations", OwnerValue::Int(self.target.lowering().relocation_style() as i64)),
                ("fast_math", OwnerValue::Bool(self.target.lowering().fast_math())),
                ("variant", OwnerValue::Text(self.target.lowering().variant().into())),
                ("wrapper", OwnerValue::Bool(wrapper)),
                ("debug_level", OwnerValue::Int(i64::from(debug_level))),
                ("library", OwnerValue::Bool(library)),
            ],
        );
        let key = value.encode();
        let mut keys = KEYS.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
        if let Some(&found) = keys.get(&key) {
            return found;
        }
        let leaked: &'static [u8] = Box::leak(key.clone().into_boxed_slice());
        keys.insert(key, leaked);
        leaked
    }
}

struct Interned {
    config: CompilerConfig,
    owner: Owner,
    unit_key: &'static [u8],
    /// The stack in the world that asked first.
    tables: OnceLock<TableStack>,
    /// See [`ConfigRef::of_runtime`].
    runtime: OnceLock<ConfigRef>,
}

/// A configuration as a key: one word, equal iff all options are.
#[derive(Clone, Copy)]
pub struct ConfigRef(&'static Interned);

impl ConfigRef {
    pub fn get(self) -> &'static CompilerConfig {
        &self.0.config
    }

    /// The partition of the cache that jobs of this configuration use.
    pub fn owner(self) -> Owner {
        self.0.owner
    }

    /// The options that reach un-optimised code.
    pub fn unit_options(self) -> UnitOptions {
        self.0.config.unit_options()
    }

    /// The tables in which a world's jobs of this configuration look up calls.
    pub fn method_tables(self, world: World) -> TableStack {
        let stack = || {
            let named = self.get().table_names().into_iter().map(|name| world.named_overlay(name));
            self.get().target.method_tables(named.fold(world.stack(), TableStack::with))
        };
        let first = *self.0.tables.get_or_init(stack);
        if first.world() == world { first } else { stack() }
    }

    /// The configuration that the runtime library of jobs of this one is compiled with: whatever is about the kernel alone
    /// is as it is by default, so that kernels share the library.
    pub fn of_runtime(self) -> ConfigRef {
        let make = || {
            let defaults = CompilerConfig::new(self.get().target.clone());
            let CompilerConfig { params, always_inline, .. } = self.get().clone();
            CompilerConfig { params, always_inline, toplevel: false, ..defaults }.intern()
        };
        *self.0.runtime.get_or_init(make)
    }

    /// The key of un-optimised code of single functions.
    pub(crate) fn unit_key(self) -> UnitKey {
        UnitKey(self.0.unit_key)
    }
}

impl PartialEq for ConfigRef {
    fn eq(&self, other: &ConfigRef) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for ConfigRef {}
impl fmt::Debug for ConfigRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.config.fmt(f)
    }
}

/// See [`ConfigRef::unit_key`]: interned, compared by address.
#[derive(Clone, Copy)]
pub(crate) struct UnitKey(&'static [u8]);
impl PartialEq for UnitKey {
    fn eq(&self, other: &UnitKey) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for UnitKey {}
