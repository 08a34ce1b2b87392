//! From a call's arguments to the code to run: call-site caches in front of the world's look-up.

use crate::code::Code;
use crate::leaf::Leaf;
use crate::session::Session;
use ir::lowered::CodeInfo;
use runtime::{Exception, Value, core_types, errors, info, param};
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};
use types::Ty;
use world::{Dispatch, Match, MethodRef, MiRef, WorldAge};

/// A method instance as the interpreter runs it. Lives forever.
pub struct Target {
    pub mi: MiRef,
    pub method: MethodRef,
    /// Values of the static parameters; `None` where undetermined.
    pub sparams: Box<[Option<Value>]>,
    code: OnceLock<&'static Code>,
    /// The code as a body without frame, if it is one.
    leaf: OnceLock<Option<Leaf>>,
    /// Calls and loop iterations so far.
    pub heat: AtomicU32,
    /// Heat at which the native engine is asked (again).
    pub ask_at: AtomicU32,
    /// The native engine has taken the instance before.
    pub native: AtomicBool,
}

impl Target {
    /// The code, made ready at the first call; of a generated function its expansion.
    pub fn code(&'static self, session: &'static Session) -> Result<&'static Code, Exception> {
        if let Some(c) = self.code.get() {
            return Ok(c);
        }
        let Some(info) = method_code(self.method) else {
            return Err(errors::error(&format!("method {} has no Julia code", self.method.name())));
        };
        let code = if info.generated {
            let body = crate::generated::expand(session, self.mi)?;
            Box::leak(Box::new(Code::new(body)))
        } else {
            session.code_of_method(self.method, info)
        };
        self.leaf.get_or_init(|| Leaf::of(code));
        Ok(self.code.get_or_init(|| code))
    }

    /// The body without frame and its code, known after the first call.
    #[inline]
    pub fn leaf(&self) -> Option<(&Leaf, &'static Code)> {
        match self.leaf.get() {
            Some(Some(leaf)) => Some((leaf, self.code.get()?)),
            _ => None,
        }
    }
}

/// The lowered code of a method.
pub fn method_code(m: MethodRef) -> Option<Arc<CodeInfo>> {
    ir::lowered::code_of(m.get().source())
}

/// What was found at one call site, most recent first.
#[derive(Default)]
pub struct CallSite {
    head: AtomicPtr<SiteEntry>,
    count: AtomicU32,
}

struct SiteEntry {
    keys: Box<[usize]>,
    target: &'static Target,
    /// The world in which `target` was last confirmed.
    world: AtomicU64,
    next: *const SiteEntry,
}

/// A site with more kinds of calls than this asks the world each time.
const MAX_ENTRIES: u32 = 6;

/// What dispatch distinguishes arguments by: the type, or the object itself where it is a type.
#[inline]
fn key(v: Value) -> usize {
    let c = core_types();
    let t = v.type_of();
    if t == c.datatype || t == c.unionall || t == c.union || t == c.typeofbottom { v.addr() | 1 } else { t.address() }
}

/// Is `k` the key of this value? Objects that are types have odd keys, and no object of another kind has
/// their types, so one comparison settles nearly all cases.
#[inline]
fn is_key(k: usize, v: Value) -> bool {
    k == v.type_of().address() || k == v.addr() | 1
}

/// The type that stands for an argument in a look-up: `Type{T}` for a type.
#[inline]
pub fn dispatch_type(v: Value) -> Ty {
    let c = core_types();
    let t = v.type_of();
    if t == c.datatype || t == c.unionall || t == c.union || t == c.typeofbottom {
        // All four are types.
        return v.as_type().map_or(t, type_of_type);
    }
    t
}

fn type_of_type(t: Ty) -> Ty {
    *info(t).type_type.get_or_init(|| types::builtin::type_of_type(t))
}

/// All argument types of a call.
pub fn dispatch_types(values: &[Value]) -> Vec<Ty> {
    values.iter().map(|&v| dispatch_type(v)).collect()
}

#[derive(Default)]
pub struct Targets {
    by_instance: RwLock<FxHashMap<usize, &'static Target>>,
    by_match: RwLock<FxHashMap<usize, &'static Target>>,
}

impl Targets {
    /// The target for a match of a look-up.
    pub fn of_match(&self, m: &'static Match) -> &'static Target {
        let address = m as *const Match as usize;
        if let Some(&t) = self.by_match.read().unwrap_or_else(|e| e.into_inner()).get(&address) {
            return t;
        }
        let t = self.of_instance(m.instance());
        self.by_match.write().unwrap_or_else(|e| e.into_inner()).insert(address, t);
        t
    }

    pub fn of_instance(&self, mi: MiRef) -> &'static Target {
        let address = std::ptr::from_ref(mi.get()).addr();
        if let Some(&t) = self.by_instance.read().unwrap_or_else(|e| e.into_inner()).get(&address) {
            return t;
        }
        let sparams =
            mi.sparams().iter().map(|&p| (!p.is_var()).then(|| runtime::pin(param::ty_to_value(p)))).collect();
        let fresh: &'static Target = Box::leak(Box::new(Target {
            mi,
            method: mi.method(),
            sparams,
            code: OnceLock::new(),
            leaf: OnceLock::new(),
            heat: AtomicU32::new(0),
            ask_at: AtomicU32::new(0),
            native: AtomicBool::new(false),
        }));
        self.by_instance.write().unwrap_or_else(|e| e.into_inner()).entry(address).or_insert(fresh)
    }
}

impl CallSite {
    /// The target of a call with these values (the callee first) in `world`.
    #[inline]
    pub fn find(
        &self,
        session: &'static Session,
        values: &[Value],
        world: WorldAge,
    ) -> Result<&'static Target, Exception> {
        let mut at = self.head.load(Ordering::Acquire) as *const SiteEntry;
        while !at.is_null() {
            // SAFETY: entries are leaked and immutable but for the world.
            let e = unsafe { &*at };
            if e.keys.len() == values.len() && e.keys.iter().zip(values).all(|(&k, &v)| is_key(k, v)) {
                if e.world.load(Ordering::Relaxed) == world.0 {
                    return Ok(e.target);
                }
                let target = session.dispatch(values, world)?;
                if std::ptr::eq(target, e.target) {
                    e.world.store(world.0, Ordering::Relaxed);
                    return Ok(target);
                }
                return Ok(target);
            }
            at = e.next;
        }
        self.miss(session, values, world)
    }

    #[cold]
    fn miss(&self, session: &'static Session, values: &[Value], world: WorldAge) -> Result<&'static Target, Exception> {
        let target = session.dispatch(values, world)?;
        if self.count.fetch_add(1, Ordering::Relaxed) < MAX_ENTRIES {
            let head = self.head.load(Ordering::Acquire);
            let entry = Box::leak(Box::new(SiteEntry {
                keys: values.iter().map(|&v| key(v)).collect(),
                target,
                world: AtomicU64::new(world.0),
                next: head,
            }));
            // Losing a race only loses an entry.
            let _ = self.head.compare_exchange(head, entry, Ordering::AcqRel, Ordering::Relaxed);
        }
        Ok(target)
    }
}

impl Session {
    /// The target of a call with these values (the callee first), by the world's look-up.
    pub fn dispatch(&'static self, values: &[Value], world: WorldAge) -> Result<&'static Target, Exception> {
        const INLINE: usize = 12;
        let found = if values.len() <= INLINE {
            let mut tys = [core_types().any; INLINE];
            for (t, &v) in tys.iter_mut().zip(values) {
                *t = dispatch_type(v);
            }
            self.world.lookup_one(self.stack, &tys[..values.len()], world)
        } else {
            self.world.lookup_one(self.stack, &dispatch_types(values), world)
        };
        match found {
            Dispatch::Found(m) => Ok(self.targets.of_match(m)),
            Dispatch::NoMethod(_) | Dispatch::Ambiguous(_) => Err(errors::method(values[0], &values[1..], world.0)),
        }
    }
}
