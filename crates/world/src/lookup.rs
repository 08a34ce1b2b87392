//! Method look-up: which methods a signature matches, in what order, and until when that holds.

use crate::age::{WorldAge, WorldRange};
use crate::edges::Life;
use crate::handle::handle;
use crate::instance::{CiRef, MiRef};
use crate::table::{MethodRef, TableContent, TableStack};
use crate::typesys::{self, CalleeKey};
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::OnceLock;
use types::Ty;

/// A method that a look-up found.
pub struct Match {
    pub method: MethodRef,
    /// The part of the look-up's signature that goes to this method.
    pub sig: Ty,
    /// The method's static parameters there; a type variable where undetermined.
    pub sparams: Box<[Ty]>,
    /// Whether the method takes every call with the look-up's signature.
    pub fully_covers: bool,
    instance: OnceLock<MiRef>,
}

impl Match {
    /// The method's instance for exactly this part of the signature.
    #[inline]
    pub fn instance(&self) -> MiRef {
        match self.instance.get() {
            Some(&mi) => mi,
            None => {
                let mi = self.method.instance(self.sig, &self.sparams);
                // Interned: whoever is first sets the same.
                let _ = self.instance.set(mi);
                mi
            }
        }
    }
}

impl fmt::Debug for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.method, if self.fully_covers { "" } else { " (partly)" })
    }
}

/// A look-up that was made, with its answer. One object as long as the answer stays the same; when it
/// would be another, this one's range ends, and so do the code instances with an edge to it.
pub struct Lookup {
    pub stack: TableStack,
    pub sig: Ty,
    /// More matches than this are as good as unknown to the asker.
    pub limit: Option<u32>,
    /// Most specific first; matches of an overlay before those of the tables under it.
    pub matches: Vec<Match>,
    /// Some call with this signature is ambiguous.
    pub ambiguous: bool,
    /// There are more than `limit`; then `matches` is empty.
    pub too_many: bool,
    pub(crate) id: u64,
    pub(crate) key: CalleeKey,
    pub(crate) params: Box<[Ty]>,
    pub(crate) life: Life,
}

handle!(
    /// Handle to a [`Lookup`].
    LookupRef => Lookup
);

impl Lookup {
    /// Unique in its world.
    pub fn id(&self) -> u64 {
        self.id
    }
    /// The ages in which this is the answer.
    pub fn valid(&self) -> WorldRange {
        self.life.range()
    }
    /// Whether no method matches.
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty() && !self.too_many
    }
    /// Whether every call with this signature finds a method.
    pub fn covers(&self) -> bool {
        self.matches.iter().any(|found| found.fully_covers)
    }
    /// The method that one call with (exactly) this signature goes to.
    pub fn selected(&'static self) -> Dispatch {
        let mut covering = self.matches.iter().filter(|found| found.fully_covers);
        match (covering.next(), covering.next()) {
            (None, _) => Dispatch::NoMethod(LookupRef(self)),
            (Some(found), None) => Dispatch::Found(found),
            // Matches of a lower table that an overlay's takes over are not in the list.
            (Some(_), Some(_)) => Dispatch::Ambiguous(LookupRef(self)),
        }
    }
    /// The live instances that depend on this answer.
    pub fn dependants(&self) -> Vec<CiRef> {
        self.life.dependants()
    }
}

impl fmt::Debug for LookupRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lookup {:?} -> {:?}", self.sig, self.matches)?;
        if self.too_many {
            f.write_str(" (too many)")?;
        }
        if self.ambiguous {
            f.write_str(" (ambiguous)")?;
        }
        Ok(())
    }
}

/// Where one call goes.
#[derive(Clone, Copy, Debug)]
pub enum Dispatch {
    Found(&'static Match),
    NoMethod(LookupRef),
    /// Several methods, none of them the most specific: the matches of the look-up.
    Ambiguous(LookupRef),
}

impl Dispatch {
    #[inline]
    pub fn found(self) -> Option<&'static Match> {
        match self {
            Dispatch::Found(found) => Some(found),
            _ => None,
        }
    }
    #[inline]
    pub fn method(self) -> Option<MethodRef> {
        self.found().map(|found| found.method)
    }
    #[inline]
    pub fn instance(self) -> Option<MiRef> {
        self.found().map(Match::instance)
    }
}

/// What was asked.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    pub stack: TableStack,
    pub sig: Ty,
    pub limit: Option<u32>,
    pub key: CalleeKey,
    pub params: &'a [Ty],
}

/// What a look-up comes to.
#[derive(Default)]
pub(crate) struct Answer {
    matches: Vec<Match>,
    ambiguous: bool,
    too_many: bool,
}

impl Answer {
    pub fn into_lookup(self, id: u64, query: Query<'_>, range: WorldRange) -> Lookup {
        Lookup {
            id,
            stack: query.stack,
            sig: query.sig,
            limit: query.limit,
            matches: self.matches,
            ambiguous: self.ambiguous,
            too_many: self.too_many,
            key: query.key,
            params: query.params.into(),
            life: Life::new(range),
        }
    }

    /// Whether a look-up has this answer. (What part of the signature a method takes follows from the
    /// method and the signature, and an order that was right for these methods still is.)
    pub fn is_that_of(&self, lookup: &Lookup) -> bool {
        let facts = |matches: &[Match]| {
            let mut facts: Vec<_> = matches.iter().map(|found| (found.method.id, found.fully_covers)).collect();
            facts.sort_unstable();
            facts
        };
        self.ambiguous == lookup.ambiguous
            && self.too_many == lookup.too_many
            && self.matches.len() == lookup.matches.len()
            && facts(&self.matches) == facts(&lookup.matches)
    }
}

/// Works a look-up out: the answer at `age`, and a range around `age` in which it holds.
pub(crate) fn work_out(query: Query<'_>, age: WorldAge, tables: &[TableContent]) -> (Answer, WorldRange) {
    let mut answer = Answer::default();
    let mut range = WorldRange::ALL;
    for &table in query.stack.tables() {
        let mut candidates = Vec::new();
        if let Some(content) = tables.get(table.id() as usize) {
            collect(query, content, age, &mut candidates, &mut range);
        }
        let own = resolve(candidates, query.limit);
        let covered = own.matches.iter().any(|found| found.fully_covers);
        answer.ambiguous |= own.ambiguous;
        answer.too_many |= own.too_many;
        let above = answer.matches.len();
        for found in own.matches {
            // A table above already takes all of these calls.
            let shadowed = answer.matches[..above].iter().any(|upper| typesys::subtype(found.sig, upper.method.sig));
            if !shadowed {
                answer.matches.push(found);
            }
        }
        if covered || answer.too_many {
            break;
        }
    }
    if answer.too_many || query.limit.is_some_and(|limit| answer.matches.len() > limit as usize) {
        answer = Answer { too_many: true, ..Answer::default() };
    }
    (answer, range)
}

/// The methods of one table that match at `age`; narrows `range` to where these are the ones.
fn collect(query: Query<'_>, content: &TableContent, age: WorldAge, found: &mut Vec<Match>, range: &mut WorldRange) {
    // One call's signature: what does not take all of it takes none of it. (`Type{Vector}` meets
    // `Type{Array{T, N}} where {T, N}` as types do, but no call with it does.)
    let one_call = query.sig.is_dispatch_tuple();
    let intersect = |method: MethodRef| {
        if typesys::surely_disjoint(query.params, &method.params) {
            return None;
        }
        if one_call && !typesys::subtype(query.sig, method.sig) {
            return None;
        }
        typesys::intersect(query.sig, method.sig)
    };
    for bucket in content.buckets(query.key) {
        // The latest end first: the lower bound of the range soon makes older ones irrelevant.
        for &method in bucket.live.iter().chain(bucket.ended.iter().rev()) {
            let valid = method.life.range();
            if valid.max < age {
                if valid.max < range.min {
                    break;
                }
                if intersect(method).is_some() {
                    range.min = range.min.max(valid.max.next());
                }
            } else if let Some((sig, sparams)) = intersect(method) {
                if valid.min > age {
                    range.max = range.max.min(valid.min.previous());
                } else {
                    *range = range.intersect(valid);
                    let fully_covers = typesys::subtype(query.sig, method.sig);
                    let (sparams, instance) = (sparams.into(), OnceLock::new());
                    found.push(Match { method, sig, sparams, fully_covers, instance });
                }
            }
        }
    }
}

/// Orders the matches of one table by specificity, drops those that can never be called, and
/// finds ambiguities.
fn resolve(mut found: Vec<Match>, limit: Option<u32>) -> Answer {
    found.sort_by_key(|found| found.method.id);
    let mut order = Specificity::of(&found);

    // Nothing less specific than the best method that takes every call is ever called. One pass with
    // that method first keeps the common case linear.
    let mut best: Option<usize> = None;
    for i in (0..found.len()).filter(|&i| found[i].fully_covers) {
        if best.is_none_or(|best| order.above(i, best)) {
            best = Some(i);
        }
    }
    let (mut superseding, mut open): (Vec<usize>, Vec<usize>) =
        (0..found.len()).partition(|&i| best.is_some_and(|best| i != best && order.above(best, i)));
    // Specificity is not transitive: what is out may still stand above what is not.
    let mut drop_superseded = |open: &mut Vec<usize>, by: &[usize]| {
        open.retain(|&j| {
            let above = |&i: &usize| order.above(i, j) && typesys::subtype(found[j].sig, found[i].method.sig);
            !by.iter().any(above)
        });
    };
    let unsettled = open.clone();
    drop_superseded(&mut open, &superseding);
    if limit.is_some_and(|limit| open.len() > limit as usize) {
        return Answer { too_many: true, ..Answer::default() };
    }
    superseding.extend(unsettled);
    drop_superseded(&mut open, &superseding);
    // A circle: each is less specific than another, so none is the one.
    let mut ambiguous = open.is_empty() && !found.is_empty();
    if ambiguous {
        open = (0..found.len()).collect();
    }
    for (at, &i) in open.iter().enumerate() {
        for &j in &open[at + 1..] {
            if ambiguous || order.apart(i, j) || order.above(i, j) || order.above(j, i) {
                continue;
            }
            let Some((common, _)) = typesys::intersect(found[i].sig, found[j].sig) else { continue };
            // A third method that is above both may take all that is common to them.
            ambiguous = !(0..found.len())
                .any(|k| order.above(k, i) && order.above(k, j) && typesys::subtype(common, found[k].method.sig));
        }
    }

    // Most specific first; what is not comparable, in the order of definition.
    let mut sorted = Vec::with_capacity(open.len());
    while !open.is_empty() {
        // Specificity may go in a circle: break it at the oldest method.
        let next = open.iter().position(|&j| !open.iter().any(|&i| order.above(i, j))).unwrap_or(0);
        sorted.push(open.remove(next));
    }
    let mut slots: Vec<Option<Match>> = found.into_iter().map(Some).collect();
    let matches = sorted.into_iter().filter_map(|i| slots[i].take()).collect();
    Answer { matches, ambiguous, too_many: false }
}

/// Which of some matches are more specific than which others, worked out as needed, once.
struct Specificity {
    methods: Vec<MethodRef>,
    known: FxHashMap<(usize, usize), bool>,
}

impl Specificity {
    fn of(found: &[Match]) -> Specificity {
        Specificity { methods: found.iter().map(|found| found.method).collect(), known: FxHashMap::default() }
    }

    /// Whether two methods surely have no call in common.
    fn apart(&self, i: usize, j: usize) -> bool {
        typesys::surely_disjoint(&self.methods[i].params, &self.methods[j].params)
    }

    /// Whether method `i` is more specific than method `j` (and they may have a call in common).
    fn above(&mut self, i: usize, j: usize) -> bool {
        if i == j || self.apart(i, j) {
            return false;
        }
        let (a, b) = (self.methods[i].sig, self.methods[j].sig);
        *self.known.entry((i, j)).or_insert_with(|| typesys::more_specific(a, b))
    }
}

/// A call's argument types with where it goes; found by address alone.
pub(crate) struct DispatchEntry {
    pub stack: TableStack,
    pub args: Box<[Ty]>,
    pub lookup: LookupRef,
    pub outcome: Dispatch,
    /// What [`Self::instance`] found.
    pub instance: OnceLock<MiRef>,
}

impl DispatchEntry {
    /// The instance of the method that the call goes to.
    #[inline]
    pub fn instance(&self) -> Option<MiRef> {
        match self.instance.get() {
            Some(&mi) => Some(mi),
            None => {
                let mi = self.outcome.instance()?;
                // Interned: whoever is first sets the same.
                let _ = self.instance.set(mi);
                Some(mi)
            }
        }
    }

    #[inline]
    pub fn is_for(&self, stack: TableStack, args: &[Ty]) -> bool {
        self.stack == stack
            && self.args.len() == args.len()
            && self.args.iter().zip(args).all(|(a, b)| a.address() == b.address())
    }
}
