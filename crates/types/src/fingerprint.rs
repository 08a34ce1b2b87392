//! Structural fingerprints: the same in every process.
//!
//! A fingerprint covers the term up to names of bound variables and the definitions of all
//! nominal types it rests on (supertypes, parameters' bounds, fields), so that a changed
//! definition changes it. Types of module `Core` are known by name alone.

use crate::cell::{Data, Ty, TypeVar};
use crate::names::{NameKind, TypeName};
use crate::param::ParamValue;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Fingerprint of a term: equal for equal terms. A free variable counts by its name and bounds.
pub fn fingerprint(ty: Ty) -> [u8; 32] {
    memoised(&ty.0.lazy.fingerprint, |w| w.term(ty))
}

/// Fingerprint of a nominal type's definition.
pub fn name_fingerprint(name: TypeName) -> [u8; 32] {
    memoised(&name.0.fingerprint, |w| w.name(name))
}

fn memoised(cell: &OnceLock<[u8; 32]>, write: impl FnOnce(&mut Writer)) -> [u8; 32] {
    if let Some(&known) = cell.get() {
        return known;
    }
    let mut w = Writer::new();
    write(&mut w);
    let hash = w.hasher.finalize().into();
    // A definition under way may still change.
    if w.complete { *cell.get_or_init(|| hash) } else { hash }
}

struct Writer {
    hasher: blake3::Hasher,
    bound: Vec<TypeVar>,
    /// Names written before, by order of first mention.
    names: FxHashMap<TypeName, u32>,
    /// All definitions met were finished.
    complete: bool,
}

impl Writer {
    fn new() -> Writer {
        Writer { hasher: blake3::Hasher::new(), bound: Vec::new(), names: FxHashMap::default(), complete: true }
    }

    fn tag(&mut self, tag: u8) {
        self.hasher.update(&[tag]);
    }

    fn number(&mut self, n: u64) {
        self.hasher.update(&n.to_le_bytes());
    }

    fn text(&mut self, s: &str) {
        self.number(s.len() as u64);
        self.hasher.update(s.as_bytes());
    }

    fn var_binding(&mut self, v: TypeVar) {
        self.term(v.lower());
        self.term(v.upper());
    }

    fn term(&mut self, t: Ty) {
        match t.data() {
            Data::Bottom => self.tag(0),
            Data::DataType(name, params) => {
                self.tag(1);
                self.name(*name);
                self.number(params.len() as u64);
                params.iter().for_each(|&p| self.term(p));
            }
            Data::Union(parts) => {
                self.tag(2);
                self.number(parts.len() as u64);
                parts.iter().for_each(|&p| self.term(p));
            }
            Data::UnionAll { var, body } => {
                let var = TypeVar(*var);
                self.tag(3);
                self.var_binding(var);
                self.bound.push(var);
                self.term(*body);
                self.bound.pop();
            }
            Data::Var(_) => {
                let v = TypeVar(t);
                match self.bound.iter().rev().position(|&b| b == v) {
                    Some(depth) => {
                        self.tag(4);
                        self.number(depth as u64);
                    }
                    None => {
                        self.tag(5);
                        self.text(v.name().as_str());
                        self.var_binding(v);
                    }
                }
            }
            Data::Vararg { elem, len } => {
                self.tag(6);
                for part in [elem, len] {
                    self.tag(part.is_some() as u8);
                    if let Some(p) = *part {
                        self.term(p);
                    }
                }
            }
            Data::Value(v) => {
                self.tag(7);
                self.value(v);
            }
        }
    }

    fn value(&mut self, v: &ParamValue) {
        match v {
            ParamValue::Int(i) => {
                self.tag(0);
                self.number(*i as u64);
            }
            ParamValue::Bool(b) => {
                self.tag(1);
                self.tag(*b as u8);
            }
            ParamValue::Symbol(s) => {
                self.tag(2);
                self.text(s.as_str());
            }
            ParamValue::Char(c) => {
                self.tag(3);
                self.number(*c as u64);
            }
            ParamValue::Bits { ty, bytes } => {
                self.tag(4);
                self.term(*ty);
                self.number(bytes.len() as u64);
                self.hasher.update(bytes);
            }
            ParamValue::Tuple(elems) => {
                self.tag(5);
                self.number(elems.len() as u64);
                elems.iter().for_each(|e| self.value(e));
            }
        }
    }

    /// A name with its definition at first mention, its number later (definitions are cyclic).
    fn name(&mut self, name: TypeName) {
        let next = self.names.len() as u32;
        match self.names.get(&name) {
            Some(&known) => {
                self.tag(0);
                self.number(known as u64);
                return;
            }
            None => {
                self.names.insert(name, next);
            }
        }
        self.tag(1);
        self.text(name.module().as_str());
        self.text(name.name().as_str());
        if name.module() == "Core" {
            return;
        }
        let has_fields = !matches!(name.kind(), NameKind::Struct { .. }) || name.fields().is_some();
        self.complete &= has_fields && name.0.supertype.get().is_some();
        match name.kind() {
            NameKind::Abstract => self.tag(0),
            NameKind::Primitive { bits } => {
                self.tag(1);
                self.number(bits as u64);
            }
            NameKind::Struct { mutable } => self.tag(2 + mutable as u8),
            NameKind::Opaque => self.tag(4),
        }
        // Definitions are closed but for their parameters.
        let outer = std::mem::take(&mut self.bound);
        self.number(name.params().len() as u64);
        for &p in name.params() {
            self.var_binding(p);
            self.bound.push(p);
        }
        self.term(name.supertype());
        if let Some(fields) = name.fields() {
            self.number(fields.types.len() as u64);
            for (field, &ty) in fields.names.iter().zip(&fields.types) {
                self.text(field.as_str());
                self.term(ty);
            }
            self.number(fields.ninit as u64);
            for list in [&fields.const_fields, &fields.atomic_fields] {
                self.number(list.len() as u64);
                list.iter().for_each(|&i| self.number(i as u64));
            }
        }
        self.bound = outer;
    }
}
