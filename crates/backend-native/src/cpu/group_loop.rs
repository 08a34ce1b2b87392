//! Kernels whose items do not wait: a group is a loop over its items.
//!
//! Three loops, over z, y and x, around the item function, which is inlined into them; the innermost one vectorises. It
//! runs over those items of a row that have anything to do (see [`super::narrow`]). Where nothing tells the groups of a
//! row from one large group, the launch gives several at a time ([`Merge`]).
//!
//! An exception ends a loop, which then does not vectorise. So where nothing that an item did could be seen before it
//! threw, items that throw stop and are taken down; the first of them is run again, by itself, to throw.

use super::compile::{GROUP, ITEM};
use super::copies::{Returns, copy_item};
use super::lowering::THROW;
use super::narrow::{Checks, changes_nothing, throw_of};
use super::places::{Merge, Place, Places, signed};
use super::state::{GroupState, offsets};
use super::{MOST_ITEMS, launch::MAX_GROUP};
use codegen::NO_SITE;
use llvm::{
    Attribute, AttributeSite, Block, Builder, Context, Function, IntPredicate, Linkage, Metadata, Module, Opcode, Value,
};
use std::collections::HashSet;

/// The item function as loops have it where the original one has to stay.
const BODY: &str = "kernel.body";

/// Vectors of a row are interleaved where the item has no more floating-point constants. Each takes a register, which LLVM does
/// not reckon with: of sixteen, four vectors with an operand of their own each leave eight.
const MOST_NUMBERS: usize = 8;

/// What is in `kernel.item`'s way into the loops.
struct Item<'m> {
    /// Returns whether it would have thrown, where it differs from `alone`.
    body: Function<'m>,
    /// Throws.
    alone: Option<Function<'m>>,
    /// Does the body say what would have thrown?
    quiet: bool,
    checks: Option<Checks<'m>>,
    merges: [Merge; 3],
}

/// Makes the function that runs a group of items of `kernel.item`, which is simplified. Says which groups may be merged.
/// With `large` a launch may have more than [`MOST_ITEMS`] items along a dimension.
pub fn make_group_loop<'m>(
    module: &'m Module<'_>,
    args_size: usize,
    access: Option<Metadata<'m>>,
    large: bool,
) -> [Merge; 3] {
    let source = module.function(ITEM).expect("linked before");
    let item = if large {
        Item { body: source, alone: None, quiet: false, checks: None, merges: [Merge::Never; 3] }
    } else {
        prepare(module, source)
    };
    Writer::new(module, args_size, item, access).write()
}

/// Says of the loops over rows, into which the items are inlined, that their iterations do not depend on each other
/// through memory: what one item writes, no other item of the group may look at without a barrier, and there is none.
pub fn mark_parallel(module: &Module<'_>, access: Option<Metadata<'_>>) {
    let (Some(f), Some(access)) = (module.function(GROUP), access) else { return };
    for inst in f.instructions() {
        let place = match inst.opcode() {
            Some(Opcode::LLVMLoad) => inst.operand(0),
            Some(Opcode::LLVMStore) => inst.operand(1),
            _ => continue,
        };
        if !is_stack(place) {
            module.set_metadata(inst, "llvm.access.group", access);
        }
    }
}

fn prepare<'m>(module: &'m Module<'_>, source: Function<'m>) -> Item<'m> {
    let places = Places::new(source);
    say_exact(source, &places);
    let checks = Checks::new(source, &places);
    let quiet = may_be_quiet(source, &checks);
    let merges = places.merges;
    if !quiet && !checks.throw() {
        checks.assume(|i| i);
        return Item { body: source, alone: None, quiet, checks: Some(checks), merges };
    }
    let (body, copies) = copy_item(module, source, BODY, if quiet { Returns::Thrown } else { Returns::False });
    checks.assume(|i| copies[&i]);
    source.remove_flag("alwaysinline");
    source.set_linkage(Linkage::Internal);
    // It runs once, to throw: time to optimise it would be lost.
    for flag in ["noinline", "cold", "optnone"] {
        source.add_attribute(AttributeSite::Function, Attribute::Flag(flag));
    }
    Item { body, alone: Some(source), quiet, checks: Some(checks), merges }
}

/// Places do not overflow, which LLVM cannot know.
fn say_exact<'m>(item: Function<'m>, places: &Places<'m>) {
    let positive = |v: Value<'m>| match places.get(v) {
        Some(Place { offset, .. }) => offset >= 0,
        None => signed(v).is_none_or(|n| n >= 0),
    };
    for i in item.instructions() {
        let arithmetic =
            matches!(i.opcode(), Some(Opcode::LLVMAdd | Opcode::LLVMSub | Opcode::LLVMMul | Opcode::LLVMShl));
        if arithmetic && places.get(i).is_some() {
            i.set_no_wrap(positive(i) && (0..2).all(|k| positive(i.operand(k))));
        }
    }
}

/// Throws are left that are not among the checks, the item has no loop (whose iterations it is that vectorise, then), and
/// what it did before a throw cannot be seen, so that it can be run again.
fn may_be_quiet<'m>(item: Function<'m>, checks: &Checks<'m>) -> bool {
    let blocks = item.blocks();
    let mut seen = HashSet::new();
    let mut throws_left = false;
    // In the order of ways through the function: blocks that come back to earlier ones make a loop.
    let Some(order) = topological(&blocks) else { return false };
    for block in order {
        let acted = seen.contains(&block);
        let is_throw = throw_of(block).is_some();
        let throws = |i: Value<'_>| i.called_function().is_some_and(|f| f.name() == THROW);
        let instructions = block.instructions();
        if !instructions.iter().all(|&i| is_simple(i))
            || !is_throw && instructions.iter().any(|&i| throws(i))
            || is_throw && acted
        {
            return false;
        }
        throws_left |= is_throw && !checks.cover(block, &blocks);
        let acts = acted || !is_throw && !block.instructions().into_iter().all(changes_nothing);
        if acts {
            seen.extend(block.terminator().into_iter().flat_map(Value::successors));
        }
    }
    throws_left
}

/// No call, but of what changes nothing or throws.
fn is_simple(i: Value<'_>) -> bool {
    i.opcode() != Some(Opcode::LLVMCall) || changes_nothing(i) || i.called_function().is_some_and(|f| f.name() == THROW)
}

/// The blocks so that each comes before those that it leads to; `None` where there are loops.
fn topological<'m>(blocks: &[Block<'m>]) -> Option<Vec<Block<'m>>> {
    let successors = |b: Block<'m>| b.terminator().map(Value::successors).unwrap_or_default();
    let (mut done, mut open) = (HashSet::new(), HashSet::from([blocks[0]]));
    let mut order = Vec::new();
    let mut stack = vec![(blocks[0], successors(blocks[0]))];
    while let Some((block, rest)) = stack.last_mut() {
        match rest.pop() {
            Some(next) if open.contains(&next) => return None,
            Some(next) if done.contains(&next) => {}
            Some(next) => {
                open.insert(next);
                stack.push((next, successors(next)));
            }
            None => {
                open.remove(block);
                done.insert(*block);
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    Some(order)
}

/// The function that runs a group: `(group state, packed arguments)`.
pub fn declare_group<'m>(module: &'m Module<'_>, name: &str, args_size: usize) -> Function<'m> {
    let c = module.context();
    let pointer = c.ptr_type(0);
    let f = module.add_function(name, c.void_type().function(&[pointer, pointer], false));
    say_parameters(f, args_size);
    f
}

/// Says what a function's parameters are, the group's state and the packed arguments.
pub fn say_parameters(f: Function<'_>, args_size: usize) {
    f.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
    for param in 0..2 {
        for flag in ["noalias", "readonly", "nonnull"] {
            f.add_attribute(AttributeSite::Param(param), Attribute::Flag(flag));
        }
    }
    // Loads from either may be moved out of the loops.
    let group_size = size_of::<GroupState>() as u64;
    for (param, size) in [(0, group_size), (1, args_size.next_multiple_of(16).max(16) as u64)] {
        f.add_attribute(AttributeSite::Param(param), Attribute::Int("dereferenceable", size));
        f.add_attribute(AttributeSite::Param(param), Attribute::Int("align", 8));
    }
}

/// A word of the group's state that counts something, from 1 to `most`.
fn load_count<'m>(module: &'m Module<'_>, b: &Builder<'m>, f: Function<'m>, at: usize, most: u64) -> Value<'m> {
    let c = module.context();
    let i32 = c.int_type(32);
    let size = b.load(i32, b.offset(f.param(0), at as u64), 4);
    let limits = [i32.const_int(1), i32.const_int(most + 1)].map(|v| c.md_value(v));
    module.set_metadata(size, "range", c.md_node(&limits));
    module.set_metadata(size, "invariant.load", c.md_node(&[]));
    size
}

/// The group's size along a dimension, loaded from the state that `f` takes first.
pub fn load_group_size<'m>(module: &'m Module<'_>, b: &Builder<'m>, f: Function<'m>, dim: usize) -> Value<'m> {
    load_count(module, b, f, offsets::GROUP_SIZE + 4 * dim, MAX_GROUP.into())
}

/// Writes `kernel.group`.
struct Writer<'m> {
    module: &'m Module<'m>,
    f: Function<'m>,
    b: Builder<'m>,
    item: Item<'m>,
    access: Option<Metadata<'m>>,
    /// The state of the item whose turn it is.
    state: Value<'m>,
    /// That of an item that is run by itself: its address gets about.
    apart: Value<'m>,
}

impl<'m> Writer<'m> {
    fn new(module: &'m Module<'_>, args_size: usize, item: Item<'m>, access: Option<Metadata<'m>>) -> Writer<'m> {
        let c = module.context();
        let f = declare_group(module, GROUP, args_size);
        let b = Builder::new(c);
        b.position_at_end(f.append_block());
        let [state, apart] = [(); 2].map(|()| b.alloca(c.int_type(8).array(offsets::ITEM_SIZE as u64), 8));
        b.store(f.param(0), b.offset(state, offsets::ITEM_GROUP as u64), 8);
        Writer { module, f, b, item, access, state, apart }
    }

    fn number(&self, n: u64) -> Value<'m> {
        self.module.context().int_type(32).const_int(n)
    }

    fn set_word(&self, state: Value<'m>, at: usize, word: Value<'m>) {
        self.b.store(word, self.b.offset(state, at as u64), 4);
    }

    fn write(self) -> [Merge; 3] {
        let b = &self.b;
        let sizes = [0, 1].map(|dim| load_group_size(self.module, b, self.f, dim));
        let extents =
            [0, 1, 2].map(|dim| load_count(self.module, b, self.f, offsets::EXTENT + 4 * dim, MOST_ITEMS.into()));
        // Extents are at least 1: loops test at the end.
        let (z, z_head) = self.open(self.number(0));
        let (y, y_head) = self.open(self.number(0));
        self.set_word(self.state, offsets::ITEM_LOCAL + 4, y);
        self.set_word(self.state, offsets::ITEM_LOCAL + 8, z);
        let first = b.mul(b.add(b.mul(z, sizes[1]), y), sizes[0]);
        self.row([y, z], first, extents[0]);
        let c = self.module.context();
        for (index, head, extent) in [(y, y_head, extents[1]), (z, z_head, extents[2])] {
            let (branch, _) = self.close(index, head, extent);
            let alone = c.md_node(&[c.md_string("llvm.loop.unroll.disable")]);
            self.module.set_metadata(branch, "llvm.loop", c.md_self_referential(&[alone]));
        }
        b.ret(None);
        self.item.merges
    }

    /// The head of a loop, and its index.
    fn open(&self, first: Value<'m>) -> (Value<'m>, Block<'m>) {
        let (from, head) = (self.b.block(), self.f.append_block());
        self.b.br(head);
        self.b.position_at_end(head);
        let index = self.b.phi(first.ty());
        self.b.add_incoming(index, first, from);
        (index, head)
    }

    /// The end of a loop; the builder goes on behind it. The branch back and the block that it is in.
    fn close(&self, index: Value<'m>, head: Block<'m>, last: Value<'m>) -> (Value<'m>, Block<'m>) {
        let (b, latch) = (&self.b, self.b.block());
        let next = b.nuw_nsw_add(index, self.number(1));
        b.add_incoming(index, next, latch);
        let more = b.icmp(IntPredicate::LLVMIntULT, next, last);
        let exit = self.f.append_block();
        let branch = b.cond_br(more, head, exit);
        b.position_at_end(exit);
        (branch, latch)
    }

    /// The items of the row at y and z; `number` is its first one's in the group.
    fn row(&self, at: [Value<'m>; 2], number: Value<'m>, extent: Value<'m>) {
        let b = &self.b;
        let none = self.number(u32::MAX.into());
        let args = self.f.param(1);
        let row = self.item.checks.as_ref().map(|c| c.row(self.module, b, self.state, args, extent));
        let (first, last) = row.as_ref().map_or((self.number(0), extent), |r| (r.first, r.last));
        let before = b.block();
        let (inside, behind) = (self.f.append_block(), self.f.append_block());
        b.cond_br(b.icmp(IntPredicate::LLVMIntSLT, first, last), inside, behind);
        b.position_at_end(inside);
        let (x, head) = self.open(first);
        let thrower = self.item.quiet.then(|| b.phi(x.ty()));
        self.set_word(self.state, offsets::ITEM_LOCAL, x);
        self.set_word(self.state, offsets::ITEM_LINEAR, b.add(number, x));
        let thrown = b.call(self.item.body, &[self.state, args]);
        let found = thrower.map(|t| {
            let least = self.module.intrinsic("llvm.umin", &[x.ty()]).expect("LLVM has its intrinsics");
            b.add_incoming(t, none, inside);
            b.call(least, &[t, b.select(thrown, x, none)])
        });
        let (branch, latch) = self.close(x, head, last);
        if let (Some(t), Some(found)) = (thrower, found) {
            b.add_incoming(t, found, latch);
        }
        self.say_parallel(branch);
        let after = b.block();
        b.br(behind);
        b.position_at_end(behind);
        let found = found.map(|found| {
            let who = b.phi(x.ty());
            b.add_incoming(who, none, before);
            b.add_incoming(who, found, after);
            who
        });
        self.throw(at, number, found, row.and_then(|r| r.thrower));
    }

    fn say_parallel(&self, branch: Value<'m>) {
        let (c, Some(access)) = (self.module.context(), self.access) else { return };
        let interleave = numbers_of(self.item.body) <= MOST_NUMBERS;
        self.module.set_metadata(branch, "llvm.loop", row_metadata(c, access, interleave));
    }

    /// Runs the first of the items that throw, where there are any.
    fn throw(&self, at: [Value<'m>; 2], number: Value<'m>, found: Option<Value<'m>>, later: Option<Value<'m>>) {
        let (Some(alone), Some(who)) = (self.item.alone, found.or(later)) else { return };
        let b = &self.b;
        // Those of the loop come before the one that ended it.
        let none = self.number(u32::MAX.into());
        let is_any = |who| b.icmp(IntPredicate::LLVMIntNE, who, none);
        let who = match later {
            Some(later) if found.is_some() => b.select(is_any(who), who, later),
            _ => who,
        };
        let (throw, on) = (self.f.append_block(), self.f.append_block());
        b.cond_br(is_any(who), throw, on);
        b.position_at_end(throw);
        let [y, z] = at;
        b.store(self.f.param(0), b.offset(self.apart, offsets::ITEM_GROUP as u64), 8);
        for (dim, index) in [who, y, z].into_iter().enumerate() {
            self.set_word(self.apart, offsets::ITEM_LOCAL + 4 * dim, index);
        }
        self.set_word(self.apart, offsets::ITEM_LINEAR, b.add(number, who));
        b.call(alone, &[self.apart, self.f.param(1)]);
        // It may return only where another group wrote what it read meanwhile.
        if let Some(f) = self.module.function(THROW) {
            let zero = self.module.context().int_type(64).const_int(0);
            let (site, nowhere) = (self.number(NO_SITE.into()), self.module.context().ptr_type(0).zero());
            let args = [self.f.param(0), who, y, z, site, zero, zero, zero, zero, nowhere];
            b.call(f, &args);
        }
        b.unreachable();
        b.position_at_end(on);
    }
}

/// How many different floating-point constants a function has.
fn numbers_of(f: Function<'_>) -> usize {
    let operands = f.instructions().into_iter().flat_map(|i| (0..i.operand_count()).map(move |k| i.operand(k)));
    operands.filter(|o| o.opcode().is_none() && o.is_constant() && o.ty().is_float()).collect::<HashSet<_>>().len()
}

/// Of a loop over the items of a row: it is for vectors, and is unrolled when it is made of them. With `interleave` a turn may
/// have several vectors side by side (which, of a known number, would be unrolled before there are vectors).
pub fn row_metadata<'m>(c: &'m Context, access: Metadata<'m>, interleave: bool) -> Metadata<'m> {
    let flag = |name: &str| c.md_node(&[c.md_string(name)]);
    let parallel = c.md_node(&[c.md_string("llvm.loop.parallel_accesses"), access]);
    let progress = flag("llvm.loop.mustprogress");
    let later = c.md_node(&[
        c.md_string("llvm.loop.vectorize.followup_vectorized"),
        flag("llvm.loop.isvectorized"),
        flag("llvm.loop.unroll.runtime.disable"),
        parallel,
    ]);
    // Without unrolling LLVM does not interleave, either.
    let unroll = if interleave { "llvm.loop.unroll.runtime.disable" } else { "llvm.loop.unroll.disable" };
    c.md_self_referential(&[parallel, progress, flag(unroll), later])
}

/// Does the address come from a stack slot?
pub fn is_stack(mut place: Value<'_>) -> bool {
    loop {
        match place.opcode() {
            Some(Opcode::LLVMAlloca) => return true,
            Some(Opcode::LLVMGetElementPtr | Opcode::LLVMBitCast | Opcode::LLVMAddrSpaceCast) => {
                place = place.operand(0)
            }
            _ => return false,
        }
    }
}
