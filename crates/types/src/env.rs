//! The state of a search: bounds of open variables and choices among union members.

use crate::apply::{occurs, substitute};
use crate::cell::{Ty, TypeVar};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// On which side of `<:` a variable was opened: left variables stand for every type in their
/// bounds, right ones for some.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Where a question arose, for counting how a variable occurs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Position {
    /// Outside any type constructor, or a re-check: not counted.
    Top,
    /// Inside a tuple.
    Covariant,
    /// Inside another type's parameters.
    Invariant,
}

/// How an intersection may narrow a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Constraint {
    /// Nothing known: covariant uses are answered with the narrowed type.
    Free,
    /// Every use is covariant: narrow the upper bound, answer with the variable.
    Covariant,
    /// Some use is invariant.
    Invariant,
}

/// An open variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    pub var: TypeVar,
    pub lb: Ty,
    pub ub: Ty,
    pub side: Side,
    /// Occurrences seen, saturating at 2.
    pub occurs_inv: u8,
    pub occurs_cov: u8,
    /// Must be a concrete type, because a diagonal variable was matched with it.
    pub concrete: bool,
    /// Depth of invariant constructors where it was opened.
    pub depth: i32,
    /// Stands for all lengths of a `Vararg`.
    pub any_length: bool,
    /// Used as a length.
    pub is_length: bool,
    /// For a length: it is `lb + offset`.
    pub offset: i64,
    pub constraint: Constraint,
}

impl Binding {
    pub fn new(var: TypeVar, side: Side, depth: i32) -> Binding {
        Binding {
            var,
            lb: var.lower(),
            ub: var.upper(),
            side,
            occurs_inv: 0,
            occurs_cov: 0,
            concrete: false,
            depth,
            any_length: false,
            is_length: false,
            offset: 0,
            constraint: Constraint::Free,
        }
    }
}

/// A string of decisions, replayed from the start with the last open one flipped.
#[derive(Default, Debug)]
pub(crate) struct Choices {
    bits: Vec<bool>,
    /// How many decisions this run has used.
    pub depth: usize,
    /// One past the last decision that could still be flipped; 0: none.
    pub more: usize,
}

impl Choices {
    pub fn clear(&mut self) {
        self.bits.clear();
        self.rewind();
    }

    /// Starts a run over the current string.
    pub fn rewind(&mut self) {
        self.depth = 0;
        self.more = 0;
    }

    /// The next decision; the first time false.
    pub fn pick(&mut self) -> bool {
        if self.depth == self.bits.len() {
            self.bits.push(false);
        }
        let bit = self.bits[self.depth];
        self.depth += 1;
        if !bit {
            self.more = self.depth;
        }
        bit
    }

    pub fn pick_member(&mut self, parts: &[Ty]) -> Ty {
        let mut i = 0;
        while i + 1 < parts.len() && self.pick() {
            i += 1;
        }
        parts[i]
    }

    /// Moves to the next string; false where all were tried.
    pub fn next(&mut self) -> bool {
        if self.more == 0 {
            return false;
        }
        self.bits.truncate(self.more);
        self.bits[self.more - 1] = true;
        true
    }
}

#[derive(Debug)]
pub(crate) struct Env {
    /// Outermost first.
    pub vars: Vec<Binding>,
    pub left: Choices,
    pub right: Choices,
    pub invdepth: i32,
    /// What the outer right variables stand for.
    pub outputs: Vec<Option<Ty>>,
    pub output_index: usize,
    /// Variables bound nowhere match anything (used to compare parts of larger types).
    pub ignore_free: bool,
    /// This search computes an intersection.
    pub intersection: bool,
    /// Nesting of comparisons of variables with types that mention variables.
    pub triangular: u32,
    /// Variables of an intersection whose scope moved out of their place, to be bound further out.
    pub pending: Vec<TypeVar>,
    /// Nesting of questions, and how many were asked.
    pub level: u32,
    pub steps: u32,
}

/// Bounds on a search, far beyond what programs need: variables bounded by types that mention
/// them can lead in circles, and nested unions to exponentially many cases.
const MAX_LEVEL: u32 = 600;
const MAX_STEPS: u32 = 3_000_000;

impl Env {
    pub fn new(outputs: usize) -> Env {
        Env {
            vars: Vec::new(),
            left: Choices::default(),
            right: Choices::default(),
            invdepth: 0,
            outputs: vec![None; outputs],
            output_index: 0,
            ignore_free: false,
            intersection: false,
            triangular: 0,
            pending: Vec::new(),
            level: 0,
            steps: 0,
        }
    }

    /// Counts a question about to be asked; false where the search has become too large, and the
    /// answer must be the safe one. Where true, [`Env::leave`] follows.
    pub fn enter(&mut self) -> bool {
        self.steps += 1;
        if self.level >= MAX_LEVEL || self.steps > MAX_STEPS {
            return false;
        }
        self.level += 1;
        true
    }

    pub fn leave(&mut self) {
        self.level -= 1;
    }

    pub fn find(&self, var: TypeVar) -> Option<usize> {
        self.vars.iter().rposition(|b| b.var == var)
    }

    pub fn save(&self) -> Vec<Binding> {
        self.vars.clone()
    }

    pub fn restore(&mut self, saved: &[Binding]) {
        self.vars.truncate(saved.len());
        self.vars.copy_from_slice(saved);
    }

    /// Counts an occurrence of variable `i`.
    pub fn record(&mut self, i: usize, pos: Position) {
        let b = &mut self.vars[i];
        match pos {
            Position::Top => {}
            Position::Invariant if self.invdepth > b.depth => b.occurs_inv = (b.occurs_inv + 1).min(2),
            _ => b.occurs_cov = (b.occurs_cov + 1).min(2),
        }
    }

    /// Opens a `UnionAll`: its variable and body, renamed where the variable is in use already.
    pub fn open(&self, other: Ty, u: Ty) -> (TypeVar, Ty) {
        let mut k = 0;
        loop {
            let (var, body) = variant(u, k);
            let used =
                occurs(var, other) || self.vars.iter().any(|b| b.var == var || occurs(var, b.lb) || occurs(var, b.ub));
            if !used {
                return (var, body);
            }
            k += 1;
        }
    }
}

/// Copies of `UnionAll`s with another variable, made once: the 0th is the original.
fn variant(u: Ty, k: usize) -> (TypeVar, Ty) {
    type Pool = RwLock<FxHashMap<usize, Vec<(TypeVar, Ty)>>>;
    static POOL: OnceLock<Pool> = OnceLock::new();
    let (var, body) = u.unionall().expect("only UnionAlls are opened");
    if k == 0 {
        return (var, body);
    }
    let pool = POOL.get_or_init(Default::default);
    if let Some(&found) = pool.read().get(&u.address()).and_then(|v| v.get(k - 1)) {
        return found;
    }
    // Made outside the lock, since substitution may ask for variants itself; `k` grows by ones.
    let fresh = TypeVar::new(var.name(), var.lower(), var.upper());
    let made = (fresh, substitute(body, &[(var, fresh.ty())]));
    let mut pool = pool.write();
    let all = pool.entry(u.address()).or_default();
    if all.len() < k {
        all.push(made);
    }
    all[k - 1]
}
