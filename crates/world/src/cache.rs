//! The cache of code instances, as seen by one owner at one age; single flight for what is missing.

use crate::age::{WorldAge, WorldRange};
use crate::edges::Edge;
use crate::events::EventKind;
use crate::instance::{CiRef, CodeInstance, Inferred, MiRef};
use crate::owner::Owner;
use crate::sync::thread::{self, ThreadId};
use crate::sync::{Condvar, Mutex, lock, read};
use crate::world::World;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt;
use std::ops::Index;

/// The code instances of one owner that are valid at one age.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CacheView {
    pub world: World,
    pub owner: Owner,
    pub age: WorldAge,
}

impl CacheView {
    /// The owner's instances at an age.
    pub fn new(world: World, owner: Owner, age: WorldAge) -> CacheView {
        CacheView { world, owner, age }
    }

    /// The owner's instances now.
    pub fn latest(world: World, owner: Owner) -> CacheView {
        CacheView { world, owner, age: world.age() }
    }

    /// The instance, if there is one. No lock, no allocation.
    #[inline]
    pub fn get(&self, mi: MiRef) -> Option<CiRef> {
        let ci = mi.code(self.owner, self.age)?;
        self.world.emit(|| EventKind::CiReused { ci });
        Some(ci)
    }

    #[inline]
    pub fn contains(&self, mi: MiRef) -> bool {
        mi.code(self.owner, self.age).is_some()
    }

    /// The instance, inferred if there is none. Of several threads that ask for the same one, one
    /// infers it and the others wait for that; nobody waits for anything else.
    ///
    /// `infer` may ask for other instances. Where it comes back to one that its own thread is
    /// working on, it gets [`GetError::Recursive`] with the draft, which it may name in an edge; an
    /// instance with such an edge is returned as a draft and published together with what it waits for.
    pub fn get_or_insert_with<E>(
        &self,
        mi: MiRef,
        infer: impl FnOnce(CiRef) -> Result<Inferred, E>,
    ) -> Result<CiRef, GetError<E>> {
        match self.claim(mi) {
            Claim::Ready(ci) => Ok(ci),
            Claim::Recursive(ci) => Err(GetError::Recursive(ci)),
            Claim::Contended => Err(GetError::Contended),
            Claim::Missing(pending) => {
                let inferred = infer(pending.ci()).map_err(GetError::Infer)?;
                pending.publish(inferred).map_err(GetError::Refused)
            }
        }
    }

    /// The instance, or the duty to make it. Waits while another thread makes it.
    pub fn claim(&self, mi: MiRef) -> Claim {
        if let Some(ci) = self.get(mi) {
            return Claim::Ready(ci);
        }
        let key = (mi, self.owner);
        let me = thread::current().id();
        let claims = &self.world.0.claims;
        let mut state = lock(&claims.state);
        loop {
            // Published between the look at the cache and the lock, or while waiting.
            if let Some(ci) = mi.code(self.owner, self.age) {
                drop(state);
                self.world.emit(|| EventKind::CiReused { ci });
                return Claim::Ready(ci);
            }
            let Some(taken) = state.taken.get(&key) else {
                let ci = self.world.draft(mi, self.owner);
                state.taken.insert(key, Taken { by: me, age: self.age, ci, waiting: Vec::new() });
                drop(state);
                self.world.emit(|| EventKind::InferenceStarted { mi, owner: self.owner });
                return Claim::Missing(Pending { view: *self, ci, settled: false });
            };
            if taken.by == me && taken.age != self.age {
                // Inference ran code that infers in another world: that is another instance.
                return Claim::Contended;
            }
            if taken.by == me {
                // Inferred, and waiting for what it recurses into to be published.
                let done = taken.ci.inferred.get().is_some();
                return if done { Claim::Ready(taken.ci) } else { Claim::Recursive(taken.ci) };
            }
            if state.would_deadlock(me, key) {
                return Claim::Contended;
            }
            state.waits.insert(me, key);
            state = claims.changed.wait(state).unwrap_or_else(|poison| poison.into_inner());
            state.waits.remove(&me);
        }
    }

    /// Whether this thread is inferring the instance right now.
    pub fn in_progress(&self, mi: MiRef) -> Option<CiRef> {
        let state = lock(&self.world.0.claims.state);
        let taken = state.taken.get(&(mi, self.owner))?;
        (taken.by == thread::current().id()).then_some(taken.ci)
    }
}

impl Index<MiRef> for CacheView {
    type Output = CodeInstance;

    /// # Panics
    /// If there is no such instance, as maps do.
    fn index(&self, mi: MiRef) -> &CodeInstance {
        self.get(mi).expect("no code instance for the method instance").get()
    }
}

/// Answer to [`CacheView::claim`].
#[derive(Debug)]
pub enum Claim {
    /// Here it is. (A draft if this thread inferred it as part of a recursion that is not finished.)
    Ready(CiRef),
    /// It is for the caller to make; others wait for it.
    Missing(Pending),
    /// This thread is already making it.
    Recursive(CiRef),
    /// Another thread is making it, and waits (through others, perhaps) for something this thread is
    /// making; or this thread is making it for another age. Infer a copy, with a [draft](World::draft) of one's own, without claiming it.
    Contended,
}

/// An instance that its holder promised to make. Dropped without being published, it is free for
/// others to try.
pub struct Pending {
    view: CacheView,
    ci: CiRef,
    settled: bool,
}

impl Pending {
    /// The draft to be filled.
    pub fn ci(&self) -> CiRef {
        self.ci
    }
    pub fn mi(&self) -> MiRef {
        self.ci.mi()
    }

    /// Makes the instance visible, valid as far as all its edges are. If an edge goes to a draft that
    /// this thread is still making, that happens when the other is published, together with it.
    ///
    /// The instance returned is this one, or an equally valid one that was published before.
    pub fn publish(self, inferred: Inferred) -> Result<CiRef, PublishError> {
        let (ci, age) = (self.ci, self.view.age);
        Pending::publish_group(vec![(self, inferred)])?;
        Ok(canonical(ci, age))
    }

    /// As [`publish`](Self::publish), for instances of one view that refer to one another: their range
    /// is the one in which all of them hold.
    pub fn publish_group(group: Vec<(Pending, Inferred)>) -> Result<(), PublishError> {
        Pending::publish_with_copies(group, Vec::new())
    }

    /// As [`publish_group`](Self::publish_group), where some members are copies that were inferred
    /// without a claim because it was [contended](Claim::Contended).
    pub fn publish_with_copies(
        group: Vec<(Pending, Inferred)>,
        copies: Vec<(CiRef, Inferred)>,
    ) -> Result<(), PublishError> {
        let Some((first, _)) = group.first() else { return Ok(()) };
        let view = first.view;
        let mut members = Vec::with_capacity(group.len() + copies.len());
        // Held to the end: should the group be refused, dropping them frees the claims.
        let mut pendings = Vec::with_capacity(group.len());
        for (pending, inferred) in group {
            // A draft is filled once, by the one holder of its `Pending`.
            let _ = pending.ci.inferred.set(inferred);
            members.push(pending.ci);
            pendings.push(pending);
        }
        members.extend(fill(copies));
        view.world.settle(members, view.age)?;
        pendings.iter_mut().for_each(|pending| pending.settled = true);
        Ok(())
    }
}

/// Gives drafts their content; those that have some already are left out.
fn fill(drafts: Vec<(CiRef, Inferred)>) -> Vec<CiRef> {
    drafts.into_iter().filter_map(|(ci, inferred)| ci.inferred.set(inferred).is_ok().then_some(ci)).collect()
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.settled {
            self.view.world.abandon(self.ci);
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending({:?})", self.ci)
    }
}

/// The instance to use for `ci`, which was published at `age` or is a draft still: it, or an equally
/// valid one that was there before.
fn canonical(ci: CiRef, age: WorldAge) -> CiRef {
    if ci.is_draft() { ci } else { ci.mi.code(ci.owner, age).unwrap_or(ci) }
}

/// Why there is no instance.
#[derive(Debug)]
pub enum GetError<E> {
    /// This thread is already inferring it: here is the draft.
    Recursive(CiRef),
    /// See [`Claim::Contended`].
    Contended,
    /// Inference failed.
    Infer(E),
    /// What inference concluded cannot be used.
    Refused(PublishError),
}

/// Why an instance was not published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PublishError {
    /// An edge goes to a draft that this thread is not making.
    Unfinished(CiRef),
    /// The edges do not all hold at the age for which the instance was made.
    Inconsistent { ci: CiRef, range: WorldRange, age: WorldAge },
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublishError::Unfinished(ci) => write!(f, "depends on {ci:?}, which is not finished"),
            PublishError::Inconsistent { ci, range, age } => {
                write!(f, "the dependencies of {ci:?} hold in worlds {range:?}, not in {age}")
            }
        }
    }
}
impl std::error::Error for PublishError {}

impl World {
    /// Publishes instances that were made without a claim (by hand, or read from an image), together.
    /// Each is valid as far as all edges of all of them are. What is published of them already stays as it is.
    pub fn publish(self, group: Vec<(CiRef, Inferred)>, age: WorldAge) -> Result<Vec<CiRef>, PublishError> {
        let members = fill(group);
        self.settle(members.clone(), age)?;
        Ok(members.into_iter().map(|ci| canonical(ci, age)).collect())
    }

    /// Publishes a group of filled drafts, or leaves it with the draft of this thread that it waits for.
    fn settle(self, mut group: Vec<CiRef>, age: WorldAge) -> Result<(), PublishError> {
        if group.is_empty() {
            return Ok(());
        }
        let me = thread::current().id();
        let mut state = lock(&self.0.claims.state);
        let mut inside: FxHashSet<CiRef> = group.iter().copied().collect();
        let mut at = 0;
        while at < group.len() {
            if let Some(taken) = state.taken_for(group[at]) {
                for ci in std::mem::take(&mut taken.waiting) {
                    if inside.insert(ci) {
                        group.push(ci);
                    }
                }
            }
            at += 1;
        }
        let unfinished = group.iter().flat_map(|ci| ci.get().edges()).find_map(|edge| match *edge {
            Edge::Instance(callee) if callee.is_draft() && !inside.contains(&callee) => Some(callee),
            _ => None,
        });
        if let Some(callee) = unfinished {
            return match state.held_up_by(callee, me) {
                Some(taken) => {
                    taken.waiting.extend(group);
                    Ok(())
                }
                None => {
                    drop(state);
                    self.release(&group);
                    Err(PublishError::Unfinished(callee))
                }
            };
        }
        drop(state);
        let committed = self.commit(&group, &inside, age);
        self.release(&group);
        if committed.is_ok() {
            group.iter().for_each(|&ci| self.emit(|| EventKind::InferenceFinished { ci }));
        }
        committed
    }

    /// Gives every member its range, hangs it on its edges, and makes it visible.
    fn commit(self, group: &[CiRef], inside: &FxHashSet<CiRef>, age: WorldAge) -> Result<(), PublishError> {
        // No change can happen meanwhile: what is open now is open when the group is visible.
        let _stable = read(&self.0.tables);
        let outside = |edge: &&Edge| !matches!(edge, Edge::Instance(ci) if inside.contains(ci));
        let mut range = WorldRange::ALL;
        for ci in group {
            range = range.intersect(ci.mi.method.life.range());
            for edge in ci.get().edges().iter().filter(outside) {
                range = range.intersect(edge.life().range());
            }
        }
        if !range.contains(age) {
            return Err(PublishError::Inconsistent { ci: group[0], range, age });
        }
        for ci in group {
            ci.life.set(range);
        }
        for &ci in group {
            // What has ended already has been noticed by everyone.
            if range.is_open() {
                ci.mi.method.get().life.add_dependant(ci);
                ci.get().edges().iter().for_each(|edge| edge.life().add_dependant(ci));
            }
        }
        for &ci in group {
            let equal = |other: &CiRef| other.owner == ci.owner && other.life.contains(age);
            ci.mi.get().code.get_or_push(equal, || ci);
        }
        Ok(())
    }

    /// Frees the claims on `group` and wakes who waits for them.
    fn release(self, group: &[CiRef]) {
        let mut state = lock(&self.0.claims.state);
        for &ci in group {
            if state.taken_for(ci).is_some() {
                state.taken.remove(&(ci.mi, ci.owner));
            }
        }
        drop(state);
        self.0.claims.changed.notify_all();
    }

    /// Frees the claim on a draft that will not be published, and on what waits for it.
    fn abandon(self, ci: CiRef) {
        let mut state = lock(&self.0.claims.state);
        let mut dropped = vec![ci];
        let mut at = 0;
        while at < dropped.len() {
            if let Some(taken) = state.taken_for(dropped[at]) {
                dropped.append(&mut taken.waiting);
                let ci = dropped[at];
                state.taken.remove(&(ci.mi, ci.owner));
            }
            at += 1;
        }
        drop(state);
        self.0.claims.changed.notify_all();
        for ci in dropped {
            self.emit(|| EventKind::InferenceFailed { mi: ci.mi, owner: ci.owner });
        }
    }
}

type ClaimKey = (MiRef, Owner);

/// Which instances are being made, by whom, and who waits for which.
#[derive(Default)]
pub(crate) struct Claims {
    state: Mutex<ClaimState>,
    changed: Condvar,
}

#[derive(Default)]
struct ClaimState {
    taken: FxHashMap<ClaimKey, Taken>,
    waits: FxHashMap<ThreadId, ClaimKey>,
}

struct Taken {
    by: ThreadId,
    age: WorldAge,
    ci: CiRef,
    /// Filled drafts of the same thread that depend on this one.
    waiting: Vec<CiRef>,
}

impl ClaimState {
    fn taken_for(&mut self, ci: CiRef) -> Option<&mut Taken> {
        self.taken.get_mut(&(ci.mi, ci.owner)).filter(|taken| taken.ci == ci)
    }

    /// The claim of thread `me` that a draft is for, or that it waits for.
    fn held_up_by(&mut self, ci: CiRef, me: ThreadId) -> Option<&mut Taken> {
        let mut mine = self.taken.values_mut().filter(|taken| taken.by == me);
        mine.find(|taken| taken.ci == ci || taken.waiting.contains(&ci))
    }

    /// Whether the holder of `key` waits, through whomever, for `me`.
    fn would_deadlock(&self, me: ThreadId, key: ClaimKey) -> bool {
        let mut key = key;
        // Each thread waits for one thing, and nobody was let in who would close a circle.
        while let Some(holder) = self.taken.get(&key) {
            if holder.by == me {
                return true;
            }
            match self.waits.get(&holder.by) {
                Some(&next) => key = next,
                None => return false,
            }
        }
        false
    }
}
