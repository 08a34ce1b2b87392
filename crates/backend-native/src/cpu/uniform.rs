//! What is the same for all work-items of a group: values, and the conditions of branches.
//!
//! The function looked at is a kernel's `kernel.item` with everything inlined that waits. Its first parameter is
//! the item's state, its second the packed arguments.

use super::lowering::{LEAVE, SUSPEND};
use super::state::offsets;
use llvm::{Block, Function, Opcode, Value};
use std::collections::{HashMap, HashSet};

/// Instructions that are rather computed again than their result kept in memory.
const MOST_AGAIN: u32 = 12;

/// How a value comes about in another part of the kernel than the one that computes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The same for all items, and cheap to compute again from others of its kind.
    UniformAgain,
    /// The same for all items; has to be kept.
    Uniform,
    /// An item's own, and cheap to compute again from the item's indices and uniform values.
    Again,
    /// An item's own; has to be kept per item.
    Varying,
}

impl Kind {
    pub fn is_uniform(self) -> bool {
        matches!(self, Kind::UniformAgain | Kind::Uniform)
    }
}

/// A function's blocks, numbered in their order.
pub struct Graph<'m> {
    pub blocks: Vec<Block<'m>>,
    numbers: HashMap<Block<'m>, usize>,
    /// Where each block goes to; a block that waits goes only to where it resumes.
    pub successors: Vec<Vec<usize>>,
    /// The wait that ends a block: the placeholder's call.
    pub waits: Vec<Option<Value<'m>>>,
    /// Immediate post-dominators; `None` for blocks from which no end is reached or nothing follows.
    after: Vec<Option<usize>>,
}

impl<'m> Graph<'m> {
    /// `None` where control flow has a form that is not looked into.
    pub fn new(f: Function<'m>) -> Option<Graph<'m>> {
        let blocks = f.blocks();
        let numbers: HashMap<_, _> = blocks.iter().enumerate().map(|(i, &b)| (b, i)).collect();
        let (mut successors, mut waits) = (Vec::new(), Vec::new());
        for &block in &blocks {
            let end = block.terminator()?;
            if !matches!(end.opcode()?, Opcode::LLVMBr | Opcode::LLVMSwitch | Opcode::LLVMRet | Opcode::LLVMUnreachable)
            {
                return None;
            }
            let instructions = block.instructions();
            let at = instructions.iter().position(|i| i.called_function().is_some_and(|g| g.name() == SUSPEND));
            let mut to: Vec<usize> = end.successors().iter().map(|b| numbers[b]).collect();
            if let Some(at) = at {
                // The placeholder is followed by the choice that its outcome makes, and by nothing else: on one way
                // the item leaves its coroutine, on the other it goes on.
                let wait = instructions[at];
                let rest = &instructions[at + 1..instructions.len() - 1];
                let only_choice =
                    rest.iter().all(|i| i.opcode() == Some(Opcode::LLVMICmp) && i.operand(0) == wait) && rest.len() < 2;
                let on: Vec<usize> = to.iter().copied().filter(|b| !is_leaving(blocks[*b])).collect();
                if !only_choice || to.len() != 2 || on.len() != 1 {
                    return None;
                }
                to = on;
            }
            waits.push(at.map(|at| instructions[at]));
            successors.push(to);
        }
        let after = post_dominators(&successors, &blocks);
        Some(Graph { blocks, numbers, successors, waits, after })
    }

    pub fn number(&self, block: Block<'m>) -> usize {
        self.numbers[&block]
    }

    /// The block in which the ways from a block meet again.
    pub fn meeting(&self, block: usize) -> Option<usize> {
        self.after[block]
    }

    /// Blocks that are reached, or not, by the choice that a block's end makes; without the one where the ways meet.
    pub fn decided_by(&self, block: usize) -> HashSet<usize> {
        let stop = self.after[block];
        let mut found = HashSet::new();
        let mut work = self.successors[block].clone();
        while let Some(b) = work.pop() {
            if Some(b) != stop && found.insert(b) {
                work.extend(&self.successors[b]);
            }
        }
        found
    }
}

/// Immediate post-dominators. Ways that end in a throw do not count.
fn post_dominators(successors: &[Vec<usize>], blocks: &[Block<'_>]) -> Vec<Option<usize>> {
    let n = blocks.len();
    let ends: Vec<bool> =
        blocks.iter().map(|b| b.terminator().is_some_and(|t| t.opcode() == Some(Opcode::LLVMRet))).collect();
    let mut before = vec![Vec::new(); n];
    for (b, to) in successors.iter().enumerate() {
        to.iter().for_each(|&s| before[s].push(b));
    }
    // Blocks from which an end is reached.
    let mut live = ends.clone();
    let mut work: Vec<usize> = (0..n).filter(|&b| ends[b]).collect();
    while let Some(b) = work.pop() {
        for &p in &before[b] {
            if !live[p] {
                live[p] = true;
                work.push(p);
            }
        }
    }
    // Sets of post-dominators, as bits; kernels have some hundred blocks at most.
    let words = n.div_ceil(64);
    let full = vec![u64::MAX; words];
    let mut sets: Vec<Vec<u64>> = vec![full; n];
    let mut changed = true;
    while changed {
        changed = false;
        for b in (0..n).rev().filter(|&b| live[b]) {
            let mut set = if ends[b] { vec![0; words] } else { vec![u64::MAX; words] };
            for &s in successors[b].iter().filter(|&&s| live[s]) {
                set.iter_mut().zip(&sets[s]).for_each(|(x, y)| *x &= y);
            }
            set[b / 64] |= 1 << (b % 64);
            if set != sets[b] {
                sets[b] = set;
                changed = true;
            }
        }
    }
    let has = |set: &[u64], b: usize| set[b / 64] >> (b % 64) & 1 != 0;
    let size = |set: &[u64]| set.iter().map(|w| w.count_ones()).sum::<u32>();
    (0..n)
        .map(|b| {
            // The nearest one is post-dominated by all others.
            let others = (0..n).filter(|&p| live[b] && live[p] && p != b && has(&sets[b], p));
            others.max_by_key(|&p| size(&sets[p]))
        })
        .collect()
}

/// What is known about a function's values.
pub struct Uniformity<'m> {
    item: Value<'m>,
    args: Value<'m>,
    kinds: HashMap<Value<'m>, Kind>,
}

/// Constant distance of an address from the item's (or another) state.
pub fn state_offset<'m>(address: Value<'m>, item: Value<'m>) -> Option<u64> {
    if address == item {
        return Some(0);
    }
    if address.opcode() != Some(Opcode::LLVMGetElementPtr) || address.operand(0) != item || address.operand_count() != 2
    {
        return None;
    }
    let bytes = address.element_type().is_int() && address.element_type().bits() == 8;
    address.operand(1).as_const_int().filter(|_| bytes)
}

/// Is this a load of the group's state's address, from the item's state?
pub fn is_group_pointer<'m>(value: Value<'m>, item: Value<'m>) -> bool {
    value.opcode() == Some(Opcode::LLVMLoad) && state_offset(value.operand(0), item) == Some(offsets::ITEM_GROUP as u64)
}

/// Constant distance of an address from the group's state.
pub fn group_offset<'m>(address: Value<'m>, item: Value<'m>) -> Option<u64> {
    let base = if address.opcode() == Some(Opcode::LLVMGetElementPtr) { address.operand(0) } else { address };
    if is_group_pointer(base, item) { state_offset(address, base) } else { None }
}

impl<'m> Uniformity<'m> {
    pub fn new(f: Function<'m>, graph: &Graph<'m>) -> Uniformity<'m> {
        let mut this = Uniformity { item: f.param(0), args: f.param(1), kinds: HashMap::new() };
        // Everything is the same for all items until something shows that it is not.
        let instructions: Vec<Vec<Value<'m>>> = graph.blocks.iter().map(|b| b.instructions()).collect();
        let mut varying_phis: HashSet<usize> = HashSet::new();
        let mut decided: HashSet<usize> = HashSet::new();
        let mut changed = true;
        while changed {
            changed = false;
            for (b, list) in instructions.iter().enumerate() {
                for &i in list {
                    let kind = this.kind_of(i, varying_phis.contains(&b));
                    if this.kinds.insert(i, kind) != Some(kind) {
                        changed = true;
                    }
                }
                let chooses = graph.waits[b].is_none() && graph.successors[b].len() > 1;
                let end = list[list.len() - 1];
                if chooses && !this.kind(end.operand(0)).is_uniform() && decided.insert(b) {
                    varying_phis.extend(graph.decided_by(b));
                    varying_phis.extend(graph.meeting(b));
                    changed = true;
                }
            }
        }
        this
    }

    pub fn kind(&self, value: Value<'m>) -> Kind {
        if value == self.item {
            return Kind::Again;
        }
        // Constants and the packed arguments; instructions that were not looked at yet.
        self.kinds.get(&value).copied().unwrap_or(Kind::UniformAgain)
    }

    /// Is this a load of the group's state's address?
    pub fn is_group_pointer(&self, value: Value<'m>) -> bool {
        is_group_pointer(value, self.item)
    }

    /// Is it an address in the item's state?
    pub fn is_state(&self, address: Value<'m>) -> bool {
        state_offset(address, self.item).is_some()
    }

    /// Does this write what an item waits for?
    pub fn is_wait_mark(&self, value: Value<'m>) -> bool {
        value.opcode() == Some(Opcode::LLVMStore)
            && state_offset(value.operand(1), self.item) == Some(offsets::ITEM_WAITING as u64)
    }

    fn kind_of(&self, i: Value<'m>, ways_differ: bool) -> Kind {
        use Opcode::*;
        let operands = || (0..i.operand_count()).map(|k| i.operand(k));
        let all_uniform = || operands().all(|o| self.kind(o).is_uniform());
        let again = || {
            if all_uniform() {
                Kind::UniformAgain
            } else if self.cost(i) <= MOST_AGAIN {
                Kind::Again
            } else {
                Kind::Varying
            }
        };
        match i.opcode() {
            Some(LLVMPHI) => {
                if !ways_differ && all_uniform() {
                    Kind::Uniform
                } else {
                    Kind::Varying
                }
            }
            Some(LLVMLoad) => {
                let address = i.operand(0);
                match state_offset(address, self.item) {
                    Some(at) if at == offsets::ITEM_GROUP as u64 => return Kind::UniformAgain,
                    Some(_) if i.is_plain_access() => return Kind::Again,
                    _ => {}
                }
                let fixed = i.has_metadata("invariant.load") || self.reads_arguments(address);
                match self.kind(address) {
                    _ if !fixed || !i.is_plain_access() => Kind::Varying,
                    k if k.is_uniform() => Kind::UniformAgain,
                    _ => Kind::Varying,
                }
            }
            Some(
                LLVMAdd | LLVMFAdd | LLVMSub | LLVMFSub | LLVMMul | LLVMFMul | LLVMShl | LLVMLShr | LLVMAShr | LLVMAnd
                | LLVMOr | LLVMXor | LLVMICmp | LLVMFCmp | LLVMSelect | LLVMTrunc | LLVMZExt | LLVMSExt | LLVMFPToUI
                | LLVMFPToSI | LLVMUIToFP | LLVMSIToFP | LLVMFPTrunc | LLVMFPExt | LLVMPtrToInt | LLVMIntToPtr
                | LLVMBitCast | LLVMGetElementPtr | LLVMFNeg | LLVMExtractValue | LLVMInsertValue,
            ) => again(),
            // Dear, or (`freeze`) not the same twice: computed once.
            Some(
                LLVMUDiv | LLVMSDiv | LLVMFDiv | LLVMURem | LLVMSRem | LLVMFRem | LLVMFreeze | LLVMExtractElement
                | LLVMInsertElement | LLVMShuffleVector,
            ) => {
                if all_uniform() {
                    Kind::Uniform
                } else {
                    Kind::Varying
                }
            }
            Some(LLVMCall) if i.called_function().is_some_and(Function::is_pure) => {
                if all_uniform() {
                    Kind::Uniform
                } else {
                    Kind::Varying
                }
            }
            // Each item has its own.
            Some(LLVMAlloca) => Kind::Again,
            _ => Kind::Varying,
        }
    }

    /// Instructions that computing an item's own value again takes; more than [`MOST_AGAIN`] where that is not possible.
    fn cost(&self, i: Value<'m>) -> u32 {
        let operands = (0..i.operand_count()).map(|k| i.operand(k));
        operands.fold(1, |sum, o| match self.kind(o) {
            Kind::UniformAgain | Kind::Uniform => sum,
            Kind::Again if o.opcode().is_some() && sum <= MOST_AGAIN => {
                sum + if o.opcode() == Some(Opcode::LLVMLoad) { 1 } else { self.cost(o) }
            }
            Kind::Again => sum,
            Kind::Varying => sum + MOST_AGAIN,
        })
    }

    /// Is it an address in the packed arguments (which nobody writes), or of a constant?
    fn reads_arguments(&self, mut address: Value<'m>) -> bool {
        while address.opcode() == Some(Opcode::LLVMGetElementPtr) {
            address = address.operand(0);
        }
        address == self.args || address.is_constant_global()
    }
}

/// Does an item leave its coroutine in the block?
fn is_leaving(block: Block<'_>) -> bool {
    block.first_instruction().and_then(Value::called_function).is_some_and(|g| g.name() == LEAVE)
}

/// Is this a call of one of the placeholders?
pub fn is_placeholder(value: Value<'_>) -> bool {
    value.called_function().is_some_and(|g| g.name() == SUSPEND || g.name() == LEAVE)
}
