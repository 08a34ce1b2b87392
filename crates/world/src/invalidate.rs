//! Changes to a world, and what they end.
//!
//! A change happens under the world's write lock, at the age after the newest. It first ends whatever
//! does not hold any more, at the age before, and only then advances the counter: who reads the new
//! age sees all of it, and who goes on in an older one finds everything as it was.

use crate::age::{WorldAge, WorldRange};
use crate::edges::{BindingKey, BindingRef, Edge, Life};
use crate::events::{EndCause, EventKind};
use crate::instance::CiRef;
use crate::lookup::{LookupRef, Query, work_out};
use crate::sync::atomic::Ordering;
use crate::sync::{lock, write};
use crate::table::{MethodDef, MethodRef, MethodTable, TableContent};
use crate::typesys::{self, CalleeKey};
use crate::world::World;
use rustc_hash::FxHashMap;
use types::Ty;

/// The look-ups whose answers still hold, by callee and by the first argument's type where that is
/// concrete: those that a change to a method may touch.
#[derive(Default)]
pub(crate) struct LiveLookups(FxHashMap<CalleeKey, FxHashMap<Option<Ty>, Vec<LookupRef>>>);

impl LiveLookups {
    pub fn insert(&mut self, lookup: LookupRef) {
        let by_argument = self.0.entry(lookup.key).or_default();
        by_argument.entry(concrete_argument(&lookup.params)).or_default().push(lookup);
    }

    /// Takes out what `ends` chooses among the look-ups that `method` might matter to; oldest first.
    fn extract(&mut self, method: MethodRef, mut ends: impl FnMut(LookupRef) -> bool) -> Vec<LookupRef> {
        let mut ended = Vec::new();
        let mut filter = |lookups: &mut Vec<LookupRef>| {
            ended.extend(lookups.extract_if(.., |lookup| ends(*lookup)));
        };
        let mut visit =
            |by_argument: &mut FxHashMap<Option<Ty>, Vec<LookupRef>>| match concrete_argument(&method.params) {
                None => by_argument.values_mut().for_each(&mut filter),
                argument => {
                    for argument in [argument, None] {
                        by_argument.get_mut(&argument).into_iter().for_each(&mut filter);
                    }
                }
            };
        match method.key {
            CalleeKey::Any => self.0.values_mut().for_each(visit),
            key => {
                for key in [key, CalleeKey::Any] {
                    self.0.get_mut(&key).into_iter().for_each(&mut visit);
                }
            }
        }
        ended.sort_unstable_by_key(|lookup| lookup.id);
        ended
    }
}

/// The type of a signature's first argument, if only one type of argument fits there.
fn concrete_argument(params: &[Ty]) -> Option<Ty> {
    params.get(1).copied().filter(|argument| argument.is_concrete())
}

impl World {
    /// Adds a method, at a new world age. A live method of the same table with an equal signature is
    /// replaced: it ends. So do exactly the code instances that depended on it, and those that
    /// depended on a look-up which is answered differently now.
    pub fn add_method(self, table: MethodTable, def: MethodDef) -> MethodRef {
        if table.world() != self {
            return table.world().add_method(table, def);
        }
        let mut events = Vec::new();
        let mut tables = write(&self.0.tables);
        let at = self.age().next();
        let method = MethodRef::new(self.next_id(), table, def, at);
        let mut replaced = None;
        if let Some(content) = tables.get_mut(table.id() as usize) {
            replaced = content.find_equal(&method);
            if let Some(old) = replaced {
                old.life.end(at.previous());
                content.retire(old);
            }
            content.insert(method);
        }
        events.push(EventKind::MethodAdded { method, replaced, at });
        if let Some(old) = replaced {
            end_dependants(&old.get().life, at, EndCause::MethodReplaced { old, new: method }, &mut events);
        }
        self.end_changed_lookups(method, at, &tables, &mut events);
        self.advance(at, events, tables);
        method
    }

    /// Removes a method, at a new world age; `false` if it had ended already. Less specific methods
    /// that it stood before take its calls.
    pub fn remove_method(self, method: MethodRef) -> bool {
        if method.world() != self {
            return method.world().remove_method(method);
        }
        let mut events = Vec::new();
        let mut tables = write(&self.0.tables);
        let at = self.age().next();
        let Some(content) = tables.get_mut(method.table.id() as usize) else { return false };
        if !method.life.is_open() {
            return false;
        }
        method.life.end(at.previous());
        content.retire(method);
        events.push(EventKind::MethodRemoved { method, at });
        end_dependants(&method.get().life, at, EndCause::MethodRemoved { method }, &mut events);
        self.end_changed_lookups(method, at, &tables, &mut events);
        self.advance(at, events, tables);
        true
    }

    /// Says that a constant was bound (anew), and ends what depends on what it was. The world grows
    /// older only if something ever asked for it. The new age.
    pub fn rebind(self, key: BindingKey) -> WorldAge {
        let mut events = Vec::new();
        let tables = write(&self.0.tables);
        let at = self.age().next();
        let old = {
            let mut bindings = lock(&self.0.bindings);
            let Some(states) = bindings.get_mut(&key) else { return at.previous() };
            let old = states.last().copied();
            states.push(BindingRef::new(key, WorldRange::from(at)));
            old
        };
        events.push(EventKind::BindingChanged { key, at });
        if let Some(old) = old {
            old.life.end(at.previous());
            end_dependants(&old.get().life, at, EndCause::BindingChanged { key }, &mut events);
        }
        self.advance(at, events, tables);
        at
    }

    /// Makes a published instance depend on more than inference found: on what its code was linked with, say. If
    /// something of that has ended already, so has the instance, in the same age.
    pub fn add_edges(self, ci: CiRef, edges: &[Edge]) {
        let mut events = Vec::new();
        // No change can happen meanwhile.
        let tables = write(&self.0.tables);
        for &edge in edges {
            if !ci.get().late_edges.get_or_push(|known| *known == edge, || edge).1 {
                continue;
            }
            let last = edge.life().range().max;
            if edge.life().is_open() {
                if ci.life.is_open() {
                    edge.life().add_dependant(ci);
                }
            } else if last < ci.life.range().max {
                let why = EndCause::Late { edge };
                ci.life.end(last);
                let _ = ci.ended_by.set(why);
                events.push(EventKind::CiEnded { ci, why });
                end_dependants(&ci.get().life, last.next(), EndCause::Dependency { ci }, &mut events);
            }
        }
        drop(tables);
        events.into_iter().for_each(|event| self.emit(|| event));
    }

    fn end_changed_lookups(
        self,
        method: MethodRef,
        at: WorldAge,
        tables: &[TableContent],
        events: &mut Vec<EventKind>,
    ) {
        let ended = lock(&self.0.live).extract(method, |lookup| {
            if !lookup.stack.tables().contains(&method.table)
                || typesys::surely_disjoint(&lookup.params, &method.params)
                || typesys::disjoint(lookup.sig, method.sig)
            {
                return false;
            }
            if !lookup.life.has_live_dependants() {
                // Nobody would notice the difference between this answer and an equal one.
                return true;
            }
            let query = Query {
                stack: lookup.stack,
                sig: lookup.sig,
                limit: lookup.limit,
                key: lookup.key,
                params: &lookup.get().params,
            };
            !work_out(query, at, tables).0.is_that_of(&lookup)
        });
        for lookup in ended {
            lookup.life.end(at.previous());
            events.push(EventKind::LookupEnded { lookup });
            end_dependants(&lookup.get().life, at, EndCause::LookupChanged { lookup, by: method }, events);
        }
    }

    fn advance(self, at: WorldAge, events: Vec<EventKind>, unlock: impl Drop) {
        self.0.current.store(at.0, Ordering::Release);
        drop(unlock);
        // Subscribers may look at the world.
        events.into_iter().for_each(|event| self.emit(|| event));
    }
}

/// Ends what depends on something that ended, and what depends on that. Under the world's write lock.
fn end_dependants(life: &'static Life, at: WorldAge, why: EndCause, events: &mut Vec<EventKind>) {
    let mut work = vec![(life, why)];
    while let Some((life, why)) = work.pop() {
        for ci in life.take_dependants() {
            if !ci.life.is_open() {
                continue;
            }
            ci.life.end(at.previous());
            // Ended once only: the first cause is the cause.
            let _ = ci.ended_by.set(why);
            events.push(EventKind::CiEnded { ci, why });
            work.push((&ci.get().life, EndCause::Dependency { ci }));
        }
    }
}
