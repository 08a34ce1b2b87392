//! What a kernel's item function asks first: does the item have anything to do, and may it do that?
//!
//! `if i <= length(x)` around a kernel's body, and the bounds checks with which it begins, compare an item's place with what
//! is the same for all items of a row. The rows' loops run over those items alone for which all of this holds; the
//! conditions are gone from them, so that they vectorise as loops in C do. Where a check fails, the loop ends before the
//! first item that throws, and that item is run by itself.

use super::lowering::THROW;
use super::places::{Index, Place, Places, signed};
use super::state::offsets;
use super::uniform::{group_offset, state_offset};
use llvm::{Block, Builder, Function, IntPredicate as P, Module, Opcode, Value};
use std::collections::HashMap;

/// Instructions that a bound may take.
const MOST_STEPS: u32 = 60;

/// A part of a condition that has to hold.
enum Term<'m> {
    /// `place predicate bound`, by signed comparison where `signed`.
    Bound { place: Value<'m>, predicate: P, bound: Value<'m> },
    /// Has this value for all items of a row.
    Row { value: Value<'m>, wanted: bool },
}

/// A choice at the start of an item function.
struct Check<'m> {
    branch: Value<'m>,
    /// The successor on which the item goes on.
    stay: u32,
    /// Items for which it does not hold throw. Otherwise they have nothing to do.
    throws: bool,
    terms: Vec<Term<'m>>,
    /// The terms say all of it.
    complete: bool,
}

/// The checks with which an item function begins.
pub struct Checks<'m> {
    source: Function<'m>,
    checks: Vec<Check<'m>>,
}

/// The items of a row, as 32-bit numbers.
pub struct Row<'m> {
    pub first: Value<'m>,
    /// The one after the last; there are none where it is not greater than `first`.
    pub last: Value<'m>,
    /// The item that throws after them, or all ones.
    pub thrower: Option<Value<'m>>,
}

impl<'m> Checks<'m> {
    pub fn new(source: Function<'m>, places: &Places<'m>) -> Checks<'m> {
        let mut checks = Vec::new();
        let blocks = source.blocks();
        let mut leads_to: HashMap<Block<'m>, u32> = HashMap::new();
        for to in blocks.iter().filter_map(|b| b.terminator()).flat_map(Value::successors) {
            *leads_to.entry(to).or_default() += 1;
        }
        let mut block = blocks[0];
        // What is not understood may end an item, so that it does not come to a later check.
        let (mut may_leave, mut may_throw) = (false, false);
        loop {
            let instructions = block.instructions();
            let Some((&end, before)) = instructions.split_last() else { break };
            if !before.iter().all(|&i| changes_nothing(i)) {
                break;
            }
            let successors = end.successors();
            let next = match (end.opcode(), &successors[..]) {
                (Some(Opcode::LLVMBr), &[next]) => next,
                (Some(Opcode::LLVMBr), &[yes, no]) => {
                    let Some((stay, throws)) = ways_out(yes, no) else { break };
                    let mut check = Check { branch: end, stay, throws, terms: Vec::new(), complete: true };
                    check.split(end.operand(0), stay == 0, places, source);
                    let complete = check.complete;
                    if throws && complete && !may_leave || !throws && !may_throw && !check.terms.is_empty() {
                        checks.push(check);
                    }
                    may_throw |= throws && !complete;
                    may_leave |= !throws && !complete;
                    successors[stay as usize]
                }
                _ => break,
            };
            if leads_to.get(&next) != Some(&1) {
                break;
            }
            block = next;
        }
        Checks { source, checks }
    }

    /// May a row end with an item that throws?
    pub fn throw(&self) -> bool {
        self.checks.iter().any(|c| c.throws)
    }

    /// Do all ways to the block lead through checks that are known to hold for the items of the loop?
    pub fn cover(&self, block: Block<'m>, blocks: &[Block<'m>]) -> bool {
        let ends = blocks.iter().filter_map(|b| b.terminator());
        let mut leading = ends.filter(|end| end.successors().contains(&block));
        leading.all(|end| self.checks.iter().any(|c| c.complete && c.throws && c.branch == end))
    }

    /// The function does without the checks; `copies`: its instructions by those that were looked at.
    pub fn assume(&self, copies: impl Fn(Value<'m>) -> Value<'m>) {
        for check in self.checks.iter().filter(|c| c.complete) {
            let branch = copies(check.branch);
            branch.set_operand(0, branch.operand(0).ty().const_int(u64::from(check.stay == 0)));
        }
    }

    /// Writes what a row's bounds are: its items are those of `extent`, its indices along the other dimensions are in
    /// `item`, the item's state; the index along the row in it is overwritten.
    pub fn row(
        &self,
        module: &'m Module<'_>,
        w: &Builder<'m>,
        item: Value<'m>,
        args: Value<'m>,
        extent: Value<'m>,
    ) -> Row<'m> {
        let c = module.context();
        let i64 = c.int_type(64);
        let zero = i64.const_int(0);
        w.store(c.int_type(32).const_int(0), w.offset(item, offsets::ITEM_LOCAL as u64), 4);
        let mut b =
            Bounds { w, module, values: Rebuild::new(w, self.source, [item, args]), extent: w.zext(extent, i64) };
        let (mut first, mut last) = (zero, b.extent);
        let mut thrower: Option<Value<'m>> = None;
        for check in &self.checks {
            let (from, to) = b.interval(&check.terms);
            if check.throws {
                // The first item of those left for which it does not hold.
                let inside = w.and(w.icmp(P::LLVMIntSLE, from, first), w.icmp(P::LLVMIntSGT, to, first));
                let outside = w.select(inside, to, first);
                let fails = w.icmp(P::LLVMIntSLT, outside, last);
                let at = w.select(fails, outside, b.number(u32::MAX.into()));
                thrower = Some(thrower.map_or(at, |before| b.least(before, at)));
            } else {
                first = b.most(first, from);
                last = b.least(last, to);
            }
        }
        let i32 = c.int_type(32);
        if let Some(at) = thrower {
            last = b.least(last, at);
        }
        let narrow = |v| w.trunc(v, i32);
        Row { first: narrow(first), last: narrow(last), thrower: thrower.map(narrow) }
    }
}

impl<'m> Check<'m> {
    fn split(&mut self, condition: Value<'m>, wanted: bool, places: &Places<'m>, source: Function<'m>) {
        let is = |v: Value<'m>, n: u64| v.ty().is_int() && v.ty().bits() == 1 && v.as_const_int() == Some(n);
        let parts = match condition.opcode() {
            Some(Opcode::LLVMAnd) if wanted => Some([condition.operand(0), condition.operand(1)]),
            Some(Opcode::LLVMOr) if !wanted => Some([condition.operand(0), condition.operand(1)]),
            Some(Opcode::LLVMSelect) if wanted && is(condition.operand(2), 0) => {
                Some([condition.operand(0), condition.operand(1)])
            }
            Some(Opcode::LLVMSelect) if !wanted && is(condition.operand(1), 1) => {
                Some([condition.operand(0), condition.operand(2)])
            }
            Some(Opcode::LLVMXor) if is(condition.operand(1), 1) => {
                return self.split(condition.operand(0), !wanted, places, source);
            }
            _ => None,
        };
        if let Some(parts) = parts {
            return parts.into_iter().for_each(|part| self.split(part, wanted, places, source));
        }
        match term(condition, wanted, places, source) {
            Some(term) => self.terms.push(term),
            None => self.complete = false,
        }
    }
}

fn term<'m>(condition: Value<'m>, wanted: bool, places: &Places<'m>, source: Function<'m>) -> Option<Term<'m>> {
    let of_row = |v: Value<'m>| is_common(v, source, Common::Row);
    if of_row(condition) {
        return Some(Term::Row { value: condition, wanted });
    }
    if condition.opcode() != Some(Opcode::LLVMICmp) {
        return None;
    }
    let (a, b) = (condition.operand(0), condition.operand(1));
    let predicate = condition.predicate()?;
    let predicate = if wanted { predicate } else { negated(predicate) };
    let along = |v: Value<'m>| matches!(places.get(v), Some(Place { index: Index::Local(0) | Index::Global(0), .. }));
    let (place, predicate, bound) = if along(a) && of_row(b) {
        (a, predicate, b)
    } else if along(b) && of_row(a) {
        (b, swapped(predicate), a)
    } else {
        return None;
    };
    let unsigned = matches!(predicate, P::LLVMIntULT | P::LLVMIntULE | P::LLVMIntUGT | P::LLVMIntUGE);
    // As an unsigned number a place before the first one is a large one.
    if unsigned && places.get(place)?.offset < 0 || matches!(predicate, P::LLVMIntNE | P::LLVMIntUGT | P::LLVMIntUGE) {
        return None;
    }
    Some(Term::Bound { place, predicate, bound })
}

fn negated(p: P) -> P {
    match p {
        P::LLVMIntEQ => P::LLVMIntNE,
        P::LLVMIntNE => P::LLVMIntEQ,
        P::LLVMIntUGT => P::LLVMIntULE,
        P::LLVMIntUGE => P::LLVMIntULT,
        P::LLVMIntULT => P::LLVMIntUGE,
        P::LLVMIntULE => P::LLVMIntUGT,
        P::LLVMIntSGT => P::LLVMIntSLE,
        P::LLVMIntSGE => P::LLVMIntSLT,
        P::LLVMIntSLT => P::LLVMIntSGE,
        P::LLVMIntSLE => P::LLVMIntSGT,
    }
}

pub fn swapped(p: P) -> P {
    match p {
        P::LLVMIntUGT => P::LLVMIntULT,
        P::LLVMIntUGE => P::LLVMIntULE,
        P::LLVMIntULT => P::LLVMIntUGT,
        P::LLVMIntULE => P::LLVMIntUGE,
        P::LLVMIntSGT => P::LLVMIntSLT,
        P::LLVMIntSGE => P::LLVMIntSLE,
        P::LLVMIntSLT => P::LLVMIntSGT,
        P::LLVMIntSLE => P::LLVMIntSGE,
        same => same,
    }
}

/// Leaves memory that others see as it is, and comes back.
pub fn changes_nothing(i: Value<'_>) -> bool {
    match i.opcode() {
        Some(Opcode::LLVMStore) => i.is_plain_access() && super::group_loop::is_stack(i.operand(1)),
        Some(Opcode::LLVMLoad) => i.is_plain_access(),
        Some(Opcode::LLVMCall) => {
            i.called_function().is_some_and(|f| f.is_pure() || f.name().starts_with("llvm.lifetime."))
        }
        Some(Opcode::LLVMInvoke | Opcode::LLVMAtomicRMW | Opcode::LLVMAtomicCmpXchg | Opcode::LLVMFence) => false,
        _ => true,
    }
}

/// Of a choice one side of which ends the item: the other side, and whether it ends with a throw.
fn ways_out<'m>(yes: Block<'m>, no: Block<'m>) -> Option<(u32, bool)> {
    let out = |b: Block<'m>| if returns(b) { Some(false) } else { throw_of(b).map(|_| true) };
    match (out(yes), out(no)) {
        (_, Some(throws)) => Some((0, throws)),
        (Some(throws), None) => Some((1, throws)),
        _ => None,
    }
}

/// Does the block end the item, and nothing else?
fn returns(block: Block<'_>) -> bool {
    block.first_instruction().is_some_and(|i| i.opcode() == Some(Opcode::LLVMRet))
}

/// The call that throws, where the block does nothing else.
pub fn throw_of<'m>(block: Block<'m>) -> Option<Value<'m>> {
    let mut call = None;
    for i in block.instructions() {
        if i.called_function().is_some_and(|f| f.name() == THROW) {
            call.get_or_insert(i);
        } else if !changes_nothing(i) {
            return None;
        }
    }
    call.filter(|_| block.terminator().is_some_and(|t| t.opcode() == Some(Opcode::LLVMUnreachable)))
}

/// What items have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// The indices along other dimensions.
    Row,
    Group,
}

/// Can the value be computed from what all items of a row, or of a group, have in common?
pub fn is_common<'m>(v: Value<'m>, source: Function<'m>, common: Common) -> bool {
    is_computable(v, source, common, &mut 0)
}

fn is_computable<'m>(v: Value<'m>, source: Function<'m>, common: Common, steps: &mut u32) -> bool {
    use Opcode::*;
    if v == source.param(1) || v.opcode().is_none() {
        return v != source.param(0);
    }
    *steps += 1;
    if *steps > MOST_STEPS {
        return false;
    }
    let mut operands = |n: u32| (0..n).all(|k| is_computable(v.operand(k), source, common, steps));
    let all = v.operand_count();
    match v.opcode() {
        Some(LLVMLoad) => v.is_plain_access() && is_fixed_place(v.operand(0), source, common),
        Some(
            LLVMAdd | LLVMSub | LLVMMul | LLVMShl | LLVMLShr | LLVMAShr | LLVMAnd | LLVMOr | LLVMXor | LLVMICmp
            | LLVMFCmp | LLVMSelect | LLVMTrunc | LLVMZExt | LLVMSExt | LLVMFreeze,
        ) => operands(all),
        Some(LLVMSDiv | LLVMUDiv | LLVMSRem | LLVMURem) => {
            signed(v.operand(1)).is_some_and(|n| n != 0 && n != -1) && operands(all)
        }
        Some(LLVMCall) => {
            let pure = v.called_function().is_some_and(|f| f.is_pure() && f.has_flag("speculatable"));
            // the last operand is what is called
            pure && operands(all - 1)
        }
        _ => false,
    }
}

/// Is it an address in the packed arguments, in the group's state, or of an index that items have in common? These can be
/// read at any time.
fn is_fixed_place<'m>(address: Value<'m>, source: Function<'m>, common: Common) -> bool {
    let item = source.param(0);
    if let Some(offset) = state_offset(address, item) {
        let index = offset.checked_sub(offsets::ITEM_LOCAL as u64);
        let shared = index.is_some_and(|i| i == 4 || i == 8) && common == Common::Row;
        return offset == offsets::ITEM_GROUP as u64 || shared;
    }
    let base = if address.opcode() == Some(Opcode::LLVMGetElementPtr) { address.operand(0) } else { address };
    let argument = base == source.param(1) && state_offset(address, base).is_some();
    argument || group_offset(address, item).is_some()
}

/// Writes values of a function again elsewhere, for other parameters.
pub struct Rebuild<'a, 'm> {
    pub w: &'a Builder<'m>,
    source: [Value<'m>; 2],
    target: [Value<'m>; 2],
    known: HashMap<Value<'m>, Value<'m>>,
}

impl<'a, 'm> Rebuild<'a, 'm> {
    pub fn new(w: &'a Builder<'m>, source: Function<'m>, target: [Value<'m>; 2]) -> Rebuild<'a, 'm> {
        Rebuild { w, source: [source.param(0), source.param(1)], target, known: HashMap::new() }
    }

    pub fn value(&mut self, v: Value<'m>) -> Value<'m> {
        if v.opcode().is_none() {
            return self.source.iter().position(|&s| s == v).map_or(v, |k| self.target[k]);
        }
        if let Some(&made) = self.known.get(&v) {
            return made;
        }
        let operands: Vec<_> = (0..v.operand_count()).map(|k| self.value(v.operand(k))).collect();
        let made = self.w.copy(v);
        operands.into_iter().enumerate().for_each(|(k, o)| made.set_operand(k as u32, o));
        self.known.insert(v, made);
        made
    }
}

/// Writes bounds.
struct Bounds<'a, 'm> {
    w: &'a Builder<'m>,
    module: &'m Module<'m>,
    /// A place is that of the row's first item.
    values: Rebuild<'a, 'm>,
    extent: Value<'m>,
}

impl<'m> Bounds<'_, 'm> {
    fn call(&self, name: &str, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        let f = self.module.intrinsic(name, &[a.ty()]).expect("LLVM has its intrinsics");
        self.w.call(f, &[a, b])
    }

    fn least(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.call("llvm.smin", a, b)
    }

    fn most(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        self.call("llvm.smax", a, b)
    }

    fn number(&self, n: i64) -> Value<'m> {
        self.module.context().int_type(64).const_signed(n)
    }

    /// The items for which all terms hold: from the first up to, without, the second. Within the row's.
    fn interval(&mut self, terms: &[Term<'m>]) -> (Value<'m>, Value<'m>) {
        let (mut from, mut to) = (self.number(0), self.extent);
        for term in terms {
            match *term {
                Term::Row { value, wanted } => {
                    let value = self.values.value(value);
                    let holds = self.w.freeze(value);
                    let (yes, no) = (to, self.number(0));
                    to = if wanted { self.w.select(holds, yes, no) } else { self.w.select(holds, no, yes) };
                }
                Term::Bound { place, predicate, bound } => {
                    let distance = self.distance(place, predicate, bound);
                    // Where the comparison is not strict, the next one.
                    let next = || self.w.add(distance, self.number(1));
                    let (low, high) = match predicate {
                        P::LLVMIntSLT | P::LLVMIntULT => (None, Some(distance)),
                        P::LLVMIntSLE | P::LLVMIntULE => (None, Some(next())),
                        P::LLVMIntSGE => (Some(distance), None),
                        P::LLVMIntSGT => (Some(next()), None),
                        _ => (Some(distance), Some(next())),
                    };
                    if let Some(low) = low {
                        from = self.most(from, low);
                    }
                    if let Some(high) = high {
                        to = self.least(to, high);
                    }
                }
            }
        }
        (from, to)
    }

    /// By how much the bound is beyond the place of the row's first item; kept small enough to count on with.
    fn distance(&mut self, place: Value<'m>, predicate: P, bound: Value<'m>) -> Value<'m> {
        let i64 = self.module.context().int_type(64);
        let (place, bound) = (self.values.value(place), self.values.value(bound));
        let bound = self.w.freeze(bound);
        let wide = |v: Value<'m>| if v.ty().bits() == 64 { v } else { self.w.sext(v, i64) };
        let mut at = wide(bound);
        if matches!(predicate, P::LLVMIntULT | P::LLVMIntULE) {
            let large = self.w.icmp(P::LLVMIntSLT, at, self.number(0));
            at = self.w.select(large, self.number(i64::MAX), at);
        }
        let distance = self.call("llvm.ssub.sat", at, wide(place));
        self.most(self.least(distance, self.extent), self.number(-1))
    }
}
