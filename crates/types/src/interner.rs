//! The process-wide table of terms.
//!
//! Sharded by hash; a look-up takes one shard's lock for reading. Children of a term are interned
//! before it, so the tables compare one level by address. `UnionAll`s are keyed by an encoding of
//! their structure in which bound variables are numbered, once with their names (which cell to
//! use) and once without (which cells are equal).

use crate::cell::{Data, Ty, TypeCell, TypeVar, flags};
use crate::names::{NameKind, Special};
use hashbrown::HashTable;
use parking_lot::RwLock;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

const SHARDS: usize = 32;

/// A `UnionAll`'s encoding and its cell.
type Encoded = (Box<[u64]>, Ty);

struct Tables {
    terms: Vec<RwLock<HashTable<Ty>>>,
    unionalls: Vec<RwLock<HashTable<Encoded>>>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables {
        terms: (0..SHARDS).map(|_| RwLock::new(HashTable::new())).collect(),
        unionalls: (0..SHARDS).map(|_| RwLock::new(HashTable::new())).collect(),
    })
}

/// One step of the hash function.
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn shard(hash: u64) -> usize {
    (hash >> 59) as usize % SHARDS
}

fn leak(data: Data, hash: u64, flags: u32) -> Ty {
    Ty(Box::leak(Box::new(TypeCell::new(data, hash, flags))))
}

fn same_terms(a: &[Ty], b: &[Ty]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| std::ptr::eq(x.0, y.0))
}

fn same_opt(a: Option<Ty>, b: Option<Ty>) -> bool {
    match (a, b) {
        (Some(x), Some(y)) => std::ptr::eq(x.0, y.0),
        (None, None) => true,
        _ => false,
    }
}

fn hash_terms(mut h: u64, terms: &[Ty]) -> u64 {
    for t in terms {
        h = mix(h, t.0.hash);
    }
    h
}

/// Interns anything but variables and `UnionAll`s.
pub(crate) fn intern(data: Data) -> Ty {
    match data {
        Data::Bottom => find_or_add(1, |d| matches!(d, Data::Bottom), || (Data::Bottom, 0)),
        Data::DataType(..) | Data::Union(_) => {
            unreachable!("interned through `datatype` and `union_of`")
        }
        Data::Vararg { elem, len } => {
            let mut h = 2;
            let mut fl = 0;
            for part in [elem, len].into_iter().flatten() {
                h = mix(h, part.0.hash);
                fl |= part.0.flags & (flags::FREE_VARS | flags::NAMED);
            }
            h = mix(h, elem.is_some() as u64 | (len.is_some() as u64) << 1);
            let found = find_or_add(
                h,
                |d| matches!(d, Data::Vararg { elem: e, len: l } if same_opt(*e, elem) && same_opt(*l, len)),
                || (Data::Vararg { elem, len }, fl),
            );
            if fl & flags::NAMED != 0 {
                found.0.canon.get_or_init(|| {
                    let (e, l) = (elem.map(Ty::canonical), len.map(Ty::canonical));
                    if same_opt(e, elem) && same_opt(l, len) { found } else { intern(Data::Vararg { elem: e, len: l }) }
                });
            }
            found
        }
        Data::Value(value) => {
            let mut hasher = FxHasher::default();
            value.hash(&mut hasher);
            let h = mix(3, hasher.finish());
            find_or_add(h, |d| matches!(d, Data::Value(v) if *v == value), || (Data::Value(value.clone()), 0))
        }
        Data::UnionAll { .. } | Data::Var(_) => unreachable!("interned through `unionall` and `TypeVar::new`"),
    }
}

/// Interns `name{params…}` as is. Parameters of anything but `Tuple` are made canonical first.
pub(crate) fn datatype(name: crate::TypeName, params: &[Ty]) -> Ty {
    let tuple = name.is_tuple();
    if !tuple && params.iter().any(|p| !std::ptr::eq(p.0, p.canonical().0)) {
        let canonical: Vec<Ty> = params.iter().map(|p| p.canonical()).collect();
        return datatype(name, &canonical);
    }
    let h = hash_terms(mix(4, name.0.id as u64), params);
    let found = find_or_add(
        h,
        |d| matches!(d, Data::DataType(n, p) if *n == name && same_terms(p, params)),
        || {
            let data = Data::DataType(name, Box::leak(params.to_vec().into_boxed_slice()));
            (data, datatype_flags(name, params))
        },
    );
    if found.has_flag(flags::NAMED) {
        found.0.canon.get_or_init(|| {
            let canonical: Vec<Ty> = params.iter().map(|p| p.canonical()).collect();
            if same_terms(&canonical, params) { found } else { datatype(name, &canonical) }
        });
    }
    found
}

fn datatype_flags(name: crate::TypeName, params: &[Ty]) -> u32 {
    let tuple = name.is_tuple();
    let mut fl = 0;
    for p in params {
        fl |= p.0.flags & flags::FREE_VARS;
        if tuple {
            fl |= p.0.flags & flags::NAMED;
        }
    }
    let closed = fl & flags::FREE_VARS == 0;
    // A wrapper applied to nothing (only `Tuple` takes any number) is complete.
    let concrete = closed && name.kind() != NameKind::Abstract && (!tuple || params.iter().all(|p| p.is_concrete()));
    if concrete {
        fl |= flags::CONCRETE;
    }
    let dispatch = tuple
        && closed
        && params.iter().all(|p| match p.name() {
            Some(n) if n.special() == Special::Type => true,
            Some(n) => p.is_concrete() && n.special() != Special::Kind,
            None => false,
        });
    if dispatch {
        fl |= flags::DISPATCH_TUPLE;
    }
    fl
}

/// Interns a union of at least two members, already flat, simplified and ordered.
pub(crate) fn union_of(parts: &[Ty]) -> Ty {
    debug_assert!(parts.len() >= 2);
    let h = hash_terms(5, parts);
    let found = find_or_add(
        h,
        |d| matches!(d, Data::Union(p) if same_terms(p, parts)),
        || {
            let fl = parts.iter().fold(0, |f, p| f | p.0.flags) & (flags::FREE_VARS | flags::NAMED);
            (Data::Union(Box::leak(parts.to_vec().into_boxed_slice())), fl)
        },
    );
    if found.has_flag(flags::NAMED) {
        found.0.canon.get_or_init(|| {
            let canonical: Vec<Ty> = parts.iter().map(|p| p.canonical()).collect();
            if same_terms(&canonical, parts) { found } else { union_of(&canonical) }
        });
    }
    found
}

fn find_or_add(hash: u64, same: impl Fn(&Data) -> bool, make: impl FnOnce() -> (Data, u32)) -> Ty {
    let table = &tables().terms[shard(hash)];
    if let Some(&found) = table.read().find(hash, |t| t.0.hash == hash && same(&t.0.data)) {
        return found;
    }
    // Made outside the lock: computing flags may look at other terms of this shard.
    let (data, fl) = make();
    let mut table = table.write();
    if let Some(&found) = table.find(hash, |t| t.0.hash == hash && same(&t.0.data)) {
        return found;
    }
    let made = leak(data, hash, fl);
    table.insert_unique(hash, made, |t| t.0.hash);
    made
}

/// Interns `body where var` as is.
pub(crate) fn unionall(var: TypeVar, body: Ty) -> Ty {
    let mut named = Encoder { named: true, bound: Vec::new(), out: Vec::new() };
    named.unionall(var, body);
    let named_hash = hash_words(6, &named.out);
    if let Some(found) = find_unionall(named_hash, &named.out) {
        return found;
    }
    let mut anonymous = Encoder { named: false, bound: Vec::new(), out: Vec::new() };
    anonymous.unionall(var, body);
    let hash = hash_words(7, &anonymous.out);
    let free = Encoder::mentions_free(var, body);
    let fl = flags::NAMED | if free { flags::FREE_VARS } else { 0 };
    let made = leak(Data::UnionAll { var: var.ty(), body }, hash, fl);
    let canon = add_unionall(hash, anonymous.out, made);
    let _ = made.0.canon.set(canon);
    add_unionall(named_hash, named.out, made)
}

fn find_unionall(hash: u64, key: &[u64]) -> Option<Ty> {
    tables().unionalls[shard(hash)].read().find(hash, |(k, _)| **k == *key).map(|&(_, t)| t)
}

fn add_unionall(hash: u64, key: Vec<u64>, ty: Ty) -> Ty {
    let mut table = tables().unionalls[shard(hash)].write();
    if let Some(&(_, found)) = table.find(hash, |(k, _)| **k == *key) {
        return found;
    }
    table.insert_unique(hash, (key.into_boxed_slice(), ty), |(k, _)| hash_words(k[0], k));
    ty
}

fn hash_words(seed: u64, words: &[u64]) -> u64 {
    words.iter().fold(seed, |h, &w| mix(h, w))
}

/// Writes a term as words in which bound variables are counted from the inside out.
struct Encoder {
    named: bool,
    bound: Vec<TypeVar>,
    out: Vec<u64>,
}

impl Encoder {
    fn unionall(&mut self, var: TypeVar, body: Ty) {
        // The first word doubles as the seed of the table's hash.
        self.out.push(if self.named { 6 } else { 7 });
        if self.named {
            self.out.push(var.name().address() as u64);
        }
        self.term(var.lower());
        self.term(var.upper());
        self.bound.push(var);
        self.term(body);
        self.bound.pop();
    }

    fn term(&mut self, t: Ty) {
        if !t.has_free_vars() {
            let t = if self.named { t } else { t.canonical() };
            self.out.extend([0, t.address() as u64]);
            return;
        }
        match t.data() {
            Data::Var(v) => match self.bound.iter().rev().position(|b| b.ty() == t) {
                Some(depth) => self.out.extend([1, depth as u64]),
                None => self.out.extend([2, v.id as u64]),
            },
            Data::DataType(name, params) => {
                self.out.extend([3, name.0.id as u64, params.len() as u64]);
                params.iter().for_each(|&p| self.term(p));
            }
            Data::Union(parts) => {
                self.out.extend([4, parts.len() as u64]);
                parts.iter().for_each(|&p| self.term(p));
            }
            Data::UnionAll { var, body } => self.unionall(TypeVar(*var), *body),
            Data::Vararg { elem, len } => {
                self.out.extend([5, elem.is_some() as u64 | (len.is_some() as u64) << 1]);
                [*elem, *len].into_iter().flatten().for_each(|p| self.term(p));
            }
            Data::Bottom | Data::Value(_) => unreachable!("closed terms were handled above"),
        }
    }

    fn mentions_free(var: TypeVar, body: Ty) -> bool {
        var.lower().has_free_vars() || var.upper().has_free_vars() || crate::apply::free_vars_besides(body, var)
    }
}
