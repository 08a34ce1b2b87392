//! Which values of a kernel with barriers may be kept in the same memory.
//!
//! What a loop around barriers carries from one iteration to the next (a sum, say) is a phi where a region starts: the phi has
//! a place per item, which regions store to on their way there. Where its value is not needed any more once the next one is
//! known, both may have that one place; otherwise the value is moved from place to place at every barrier.
//!
//! A region reads what it needs of others when an item's turn begins, before it stores anything: so it is regions that count,
//! not instructions.

use super::fission::{Exit, Plan};
use super::uniform::Kind;
use llvm::{Opcode, Value};
use std::collections::{HashMap, HashSet};

/// Values, by what they may be kept in: the place of the phi.
pub fn shared_places<'m>(plan: &Plan<'m>) -> HashMap<Value<'m>, Value<'m>> {
    let regions = Regions::new(plan);
    let mut found = HashMap::new();
    for (home, region) in plan.regions.iter().enumerate() {
        let phis = plan.graph.blocks[region.start].instructions().into_iter();
        for phi in phis.take_while(|i| i.opcode() == Some(Opcode::LLVMPHI)) {
            if plan.values.kind(phi) != Kind::Varying || !regions.keeps_phi(phi, home) {
                continue;
            }
            found.insert(phi, phi);
            let next = phi.incoming().into_iter().map(|(v, _)| v);
            let mut next = next.filter(|&v| regions.may_follow(v) && !found.contains_key(&v));
            if let Some(next) = next.find(|&v| regions.keeps_next(v, phi, home)) {
                found.insert(next, phi);
            }
        }
    }
    found
}

/// Is it the only value that a region stores as what the phi is next?
pub fn stores_only<'m>(plan: &Plan<'m>, region: usize, phi: Value<'m>, value: Value<'m>) -> bool {
    let of_region = |b| plan.region_of[plan.graph.number(b)] == Some(region);
    phi.incoming().into_iter().all(|(v, from)| v == value || !of_region(from))
}

struct Regions<'a, 'm> {
    plan: &'a Plan<'m>,
    successors: Vec<Vec<usize>>,
    /// Regions from which a way leads to the start of a region.
    before: Vec<Vec<usize>>,
    users: HashMap<Value<'m>, Vec<Value<'m>>>,
}

impl<'a, 'm> Regions<'a, 'm> {
    fn new(plan: &'a Plan<'m>) -> Regions<'a, 'm> {
        let region_at = |&b: &usize| plan.region_of[b];
        let successors: Vec<Vec<usize>> = plan
            .regions
            .iter()
            .map(|region| match region.exit {
                Some(Exit::Before(b)) => plan.graph.successors[b].iter().filter_map(region_at).collect(),
                Some(Exit::Enter(b)) => region_at(&b).into_iter().collect(),
                Some(Exit::End) | None => Vec::new(),
            })
            .collect();
        let mut before = vec![Vec::new(); plan.regions.len()];
        for (r, to) in successors.iter().enumerate() {
            to.iter().for_each(|&s| before[s].push(r));
        }
        let mut users: HashMap<_, Vec<_>> = HashMap::new();
        for user in plan.graph.blocks.iter().flat_map(|b| b.instructions()) {
            for k in 0..user.operand_count() {
                users.entry(user.operand(k)).or_default().push(user);
            }
        }
        Regions { plan, successors, before, users }
    }

    /// Is it a value that has a place per item where other regions need it, and none so far?
    fn may_follow(&self, value: Value<'m>) -> bool {
        let starts = |r: usize| value.parent().map(|b| self.plan.graph.number(b)) == Some(self.plan.regions[r].start);
        let home = value.opcode().and_then(|_| self.plan.home(value));
        home.is_some_and(|r| value.opcode() != Some(Opcode::LLVMPHI) || !starts(r))
            && self.plan.values.kind(value) == Kind::Varying
    }

    /// May other regions read the phi where regions store what it is next? A region that stores this may lead elsewhere; there,
    /// nobody reads the phi.
    fn keeps_phi(&self, phi: Value<'m>, home: usize) -> bool {
        let readers = self.readers(phi);
        self.before[home].iter().all(|&r| !self.is_live_beside(&readers, r, home))
    }

    /// May the phi's place take what it is next as soon as this is computed? Nobody needs the phi any more by then, and nothing
    /// else is stored there for as long as somebody needs the value.
    fn keeps_next(&self, next: Value<'m>, phi: Value<'m>, home: usize) -> bool {
        let (Some(made), readers) = (self.plan.home(next), self.readers(next)) else { return false };
        !self.is_live_beside(&self.readers(phi), made, home)
            && !self.is_live(&readers, home, made)
            && self.before[home].iter().filter(|&&r| !stores_only(self.plan, r, phi, next)).all(|&r| {
                let mut others = self.successors[r].iter().filter(|&&s| s != home);
                others.all(|&s| !self.is_live(&readers, s, made))
            })
    }

    /// Is a value that `home` makes anew read on a way from region `r` that does not lead there at once?
    fn is_live_beside(&self, readers: &HashSet<usize>, r: usize, home: usize) -> bool {
        self.successors[r].iter().any(|&s| s != home && self.is_live(readers, s, home))
    }

    /// Is a value that `made` makes anew read in region `start`, or in one that is reached from it without `made`?
    fn is_live(&self, readers: &HashSet<usize>, start: usize, made: usize) -> bool {
        let (mut seen, mut work) = (HashSet::new(), vec![start]);
        while let Some(r) = work.pop() {
            if r == made || !seen.insert(r) {
                continue;
            }
            if readers.contains(&r) {
                return true;
            }
            work.extend(&self.successors[r]);
        }
        false
    }

    /// Regions, other than its own, that read the value, if only to compute others again from it.
    fn readers(&self, value: Value<'m>) -> HashSet<usize> {
        let own = self.plan.home(value);
        let (mut readers, mut seen, mut work) = (HashSet::new(), HashSet::from([value]), vec![value]);
        while let Some(v) = work.pop() {
            for &user in self.users.get(&v).into_iter().flatten() {
                if user.opcode() == Some(Opcode::LLVMPHI) {
                    // Read for the region that leads to the phi.
                    let from = user.incoming().into_iter().filter(|(x, _)| *x == v);
                    readers.extend(from.filter_map(|(_, b)| self.plan.region_of[self.plan.graph.number(b)]));
                } else {
                    readers.extend(self.plan.home(user));
                }
                if self.plan.values.kind(user) == Kind::Again && seen.insert(user) {
                    work.push(user);
                }
            }
        }
        readers.retain(|&r| Some(r) != own);
        readers
    }
}
