//! Kernels with barriers as loops over work-items, one per stretch of code between barriers.
//!
//! The kernel is cut where items wait for their group, and where a choice decides whether they will: such a choice
//! must be the same for all items. What lies between two cuts, a *region*, becomes a loop over the items, which
//! vectorises; what leads from one region to the next is done once for the group. Values that one region computes
//! and another needs are computed again where that is cheap, are kept once where all items have the same, and in an
//! array with a place per item otherwise.
//!
//! Kernels of another form (a barrier under a condition that may differ between items, shuffles) are not touched:
//! their items become coroutines.

use super::coalesce::{shared_places, stores_only};
use super::lowering::CONTEXT;
use super::state::{WAITS_FOR_GROUP, offsets};
use super::uniform::{Graph, Kind, Uniformity, is_placeholder};
use super::whole::is_item;
use llvm::{Attribute, AttributeSite, Block, Builder, Function, IntPredicate, Metadata, Module, Opcode, Type, Value};
use std::collections::HashMap;

/// Where a region leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// The kernel's end.
    End,
    /// The end of this block, which is for the group to execute.
    Before(usize),
    /// The start of another region.
    Enter(usize),
}

/// The plan of a kernel's regions.
pub(super) struct Plan<'m> {
    pub graph: Graph<'m>,
    pub values: Uniformity<'m>,
    /// Regions by the block that they start with, in the order of blocks.
    pub regions: Vec<Region>,
    /// Which region a block is in.
    pub region_of: Vec<Option<usize>>,
    /// Is the block's end executed once for the group?
    ends: Vec<bool>,
}

pub(super) struct Region {
    pub start: usize,
    /// In an order in which values come before their uses.
    blocks: Vec<usize>,
    pub exit: Option<Exit>,
}

impl<'m> Plan<'m> {
    fn new(f: Function<'m>) -> Option<Plan<'m>> {
        let graph = Graph::new(f)?;
        let n = graph.blocks.len();
        let values = Uniformity::new(f, &graph);
        let for_group = |wait: &Value<'_>| wait.operand(0).as_const_int() == Some(u64::from(WAITS_FOR_GROUP));
        if !graph.waits.iter().flatten().all(for_group) {
            return None;
        }
        let mut ends: Vec<bool> = graph.waits.iter().map(Option::is_some).collect();
        let mut starts = vec![false; n];
        starts[0] = true;
        #[allow(clippy::needless_range_loop)] // `b` is a block's number in every table
        for b in 0..n {
            let chooses = graph.waits[b].is_none() && graph.successors[b].len() > 1;
            if chooses && graph.decided_by(b).iter().any(|&d| graph.waits[d].is_some()) {
                let condition = graph.blocks[b].terminator()?.operand(0);
                if !values.kind(condition).is_uniform() {
                    return None;
                }
                ends[b] = true;
                graph.meeting(b).into_iter().for_each(|m| starts[m] = true);
            }
            if ends[b] {
                graph.successors[b].iter().for_each(|&s| starts[s] = true);
            }
        }
        // A block that two regions lead to (a loop's head, say) is the start of one of its own. Each round adds one.
        let (regions, region_of) = loop {
            match Region::all(&graph, &starts, &ends)? {
                Ok(found) => break found,
                Err(shared) => starts[shared] = true,
            }
        };
        Some(Plan { graph, values, regions, region_of, ends })
    }

    fn region_at(&self, start: usize) -> usize {
        self.region_of[start].expect("a region starts there")
    }

    /// The region that computes a value; `None` for what is no instruction.
    pub fn home(&self, value: Value<'m>) -> Option<usize> {
        self.region_of[self.graph.number(value.parent()?)]
    }
}

impl Region {
    /// The regions that begin at `starts`, and which each block is in; or a block that two of them share.
    fn all(
        graph: &Graph<'_>,
        starts: &[bool],
        ends: &[bool],
    ) -> Option<Result<(Vec<Region>, Vec<Option<usize>>), usize>> {
        let mut region_of = vec![None; starts.len()];
        let mut regions: Vec<Region> = Vec::new();
        for start in (0..starts.len()).filter(|&b| starts[b]) {
            let region = Region::new(start, graph, starts, ends)?;
            for &b in &region.blocks {
                if region_of[b].replace(regions.len()).is_some() {
                    return Some(Err(b));
                }
            }
            regions.push(region);
        }
        Some(Ok((regions, region_of)))
    }

    fn new(start: usize, graph: &Graph<'_>, starts: &[bool], ends: &[bool]) -> Option<Region> {
        let mut exit: Option<Exit> = None;
        let mut order = Vec::new();
        let mut seen = vec![false; starts.len()];
        seen[start] = true;
        // Depth first; a block is done when all that follows it is.
        let mut stack = vec![(start, 0)];
        while let Some((b, next)) = stack.pop() {
            let leads = |to: Exit, exit: &mut Option<Exit>| exit.replace(to).is_none_or(|before| before == to);
            if ends[b] || graph.successors[b].is_empty() {
                let end = graph.blocks[b].terminator()?.opcode()?;
                let to = match end {
                    _ if ends[b] => Exit::Before(b),
                    Opcode::LLVMRet => Exit::End,
                    _ => {
                        order.push(b);
                        continue;
                    }
                };
                if !leads(to, &mut exit) {
                    return None;
                }
                order.push(b);
                continue;
            }
            match graph.successors[b].get(next) {
                None => order.push(b),
                Some(&s) => {
                    stack.push((b, next + 1));
                    if starts[s] {
                        if !leads(Exit::Enter(s), &mut exit) {
                            return None;
                        }
                    } else if !seen[s] {
                        seen[s] = true;
                        stack.push((s, 0));
                    }
                }
            }
        }
        order.reverse();
        Some(Region { start, blocks: order, exit })
    }
}

/// Memory for a value between regions.
#[derive(Clone, Copy)]
enum Slot<'m> {
    /// The group's.
    Once(Value<'m>),
    /// An array with a place per item.
    PerItem(Value<'m>),
}

/// Is it the look at what a wait came to?
fn is_outcome(i: Value<'_>) -> bool {
    i.opcode() == Some(Opcode::LLVMICmp) && is_placeholder(i.operand(0))
}

/// Replaces the kernel's item function by a function `name` that runs a whole group: `(group state, packed
/// arguments)`; of the given size where there is one. `None`, with nothing changed, where the kernel does not have the
/// form for that.
pub fn split_at_barriers<'m>(
    module: &'m Module<'_>,
    item: Function<'m>,
    name: &str,
    args_size: usize,
    sizes: Option<[u32; 3]>,
) -> Option<()> {
    for f in module.functions() {
        // What waits and was not inlined recurses.
        if !is_item(&f.name()) && !f.is_declaration() && f.instructions().into_iter().any(is_placeholder) {
            return None;
        }
    }
    let plan = Plan::new(item)?;
    let access = module.context().md_access_group()?;
    let f = super::group_loop::declare_group(module, name, args_size);
    Writer::new(module, f, item, &plan, access, sizes).write();
    Some(())
}

/// The loop over items of a region being written.
struct Loop<'m> {
    /// Before the loop: the group's part.
    before: Builder<'m>,
    /// At the start of an item's turn.
    entry: Builder<'m>,
    /// End of an item's turn.
    latch: Block<'m>,
    /// Heads and indices of the loops over z, y, x.
    heads: [Block<'m>; 3],
    indices: [Value<'m>; 3],
    /// The item's number.
    linear: Value<'m>,
    /// Values of other regions as the group has them before the loop, and as the item has them.
    group_values: HashMap<Value<'m>, Value<'m>>,
    item_values: HashMap<Value<'m>, Value<'m>>,
}

struct Writer<'a, 'm> {
    module: &'m Module<'m>,
    f: Function<'m>,
    source: Function<'m>,
    plan: &'a Plan<'m>,
    access: Metadata<'m>,
    /// The first block, where slots are made.
    top: Builder<'m>,
    /// The state of the item whose turn it is.
    item: Value<'m>,
    items: Value<'m>,
    sizes: [Value<'m>; 3],
    /// Start of the per-item arrays, and the bytes per item so far.
    context: Value<'m>,
    used: u64,
    /// Slots of values that other regions need, in the order of first need, and of the phis that regions start with.
    slots: HashMap<Value<'m>, Slot<'m>>,
    kept: Vec<Value<'m>>,
    phi_slots: HashMap<Value<'m>, Slot<'m>>,
    /// Values that are kept in the place of a phi.
    shared: HashMap<Value<'m>, Value<'m>>,
    /// Each value of the source in its own region.
    copies: HashMap<Value<'m>, Value<'m>>,
    /// The number of the item whose turn it is, by region.
    numbers: HashMap<usize, Value<'m>>,
    /// First block of each region.
    heads: Vec<Block<'m>>,
}

impl<'a, 'm> Writer<'a, 'm> {
    fn new(
        module: &'m Module<'_>,
        f: Function<'m>,
        source: Function<'m>,
        plan: &'a Plan<'m>,
        access: Metadata<'m>,
        sizes: Option<[u32; 3]>,
    ) -> Writer<'a, 'm> {
        let c = module.context();
        let (i64, pointer) = (c.int_type(64), c.ptr_type(0));
        let top = Builder::new(c);
        top.position_at_end(f.append_block());
        let item = top.alloca(c.int_type(8).array(offsets::ITEM_SIZE as u64), 8);
        top.store(f.param(0), top.offset(item, offsets::ITEM_GROUP as u64), 8);
        let sizes = match sizes {
            Some(sizes) => sizes.map(|n| c.int_type(32).const_int(n.into())),
            None => [0, 1, 2].map(|dim| super::group_loop::load_group_size(module, &top, f, dim)),
        };
        let items = top.mul(top.zext(top.mul(sizes[0], sizes[1]), i64), top.zext(sizes[2], i64));
        let take = module.declare(CONTEXT, pointer.function(&[pointer, i64], false));
        take.add_attribute(AttributeSite::Function, Attribute::Flag("nounwind"));
        take.add_attribute(AttributeSite::Return, Attribute::Flag("noalias"));
        // The number of bytes is known at the end.
        let context = top.call(take, &[f.param(0), i64.const_int(0)]);
        let heads = plan.regions.iter().map(|_| f.append_block()).collect();
        Writer {
            module,
            f,
            source,
            plan,
            access,
            top,
            item,
            items,
            sizes,
            context,
            used: 0,
            slots: HashMap::new(),
            kept: Vec::new(),
            phi_slots: HashMap::new(),
            shared: shared_places(plan),
            copies: HashMap::new(),
            numbers: HashMap::new(),
            heads,
        }
    }

    fn write(mut self) {
        for region in 0..self.plan.regions.len() {
            self.region(region);
        }
        self.keep_values();
        let i64 = self.module.context().int_type(64);
        let before = Builder::new(self.module.context());
        before.position_before(self.context);
        self.context.set_operand(1, before.mul(self.items, i64.const_int(self.used)));
        self.top.br(self.heads[self.plan.region_at(0)]);
    }

    /// Writes a region: its loop over items, and what the group does after it.
    fn region(&mut self, r: usize) {
        let plan = self.plan;
        let region = &plan.regions[r];
        let c = self.module.context();
        let mut turn = self.open_loop(r);
        let copies: HashMap<usize, Block<'m>> = region.blocks.iter().map(|&b| (b, self.f.append_block())).collect();
        let mut phis = Vec::new();
        for &b in &region.blocks {
            let w = Builder::new(c);
            w.position_at_end(copies[&b]);
            let source = plan.graph.blocks[b];
            let instructions = source.instructions();
            for &i in &instructions[..instructions.len() - 1] {
                if i.opcode() == Some(Opcode::LLVMPHI) {
                    let copy = if b == region.start {
                        self.load_start_phi(i, &mut turn)
                    } else {
                        phis.push(i);
                        w.phi(i.ty())
                    };
                    self.copies.insert(i, copy);
                } else if !self.is_left_out(i) && !is_outcome(i) {
                    self.copy_into(i, &w, r, &mut turn);
                }
            }
            self.store_phis_on_exits(b, &w, r, &mut turn);
            self.copy_end(b, instructions[instructions.len() - 1], &w, &copies, r, &mut turn);
        }
        for phi in phis {
            let copy = self.copies[&phi];
            for (value, from) in phi.incoming() {
                let from = plan.graph.number(from);
                let value = self.item_value(value, r, &mut turn);
                self.top.add_incoming(copy, value, copies[&from]);
            }
        }
        turn.entry.br(copies[&region.start]);
        let after = self.close_loop(turn);
        self.leave(r, &after);
    }

    /// What has no place in a loop over items.
    fn is_left_out(&self, i: Value<'m>) -> bool {
        let lifetime = i.called_function().is_some_and(|g| g.name().starts_with("llvm.lifetime."));
        lifetime
            || is_placeholder(i)
            || self.plan.values.is_wait_mark(i)
            || self.plan.values.is_group_pointer(i)
            || i.opcode() == Some(Opcode::LLVMAlloca)
    }

    fn copy_into(&mut self, i: Value<'m>, w: &Builder<'m>, r: usize, turn: &mut Loop<'m>) {
        let operands: Vec<_> = (0..i.operand_count()).map(|k| self.item_value(i.operand(k), r, turn)).collect();
        let copy = w.copy(i);
        operands.into_iter().enumerate().for_each(|(k, o)| copy.set_operand(k as u32, o));
        let of_state = i.opcode() == Some(Opcode::LLVMLoad) && self.plan.values.is_state(i.operand(0));
        if i.is_plain_access() && !of_state {
            self.module.set_metadata(copy, "llvm.access.group", self.access);
        }
        self.copies.insert(i, copy);
    }

    fn copy_end(
        &mut self,
        b: usize,
        end: Value<'m>,
        w: &Builder<'m>,
        copies: &HashMap<usize, Block<'m>>,
        r: usize,
        turn: &mut Loop<'m>,
    ) {
        if self.plan.ends[b] || end.opcode() == Some(Opcode::LLVMRet) {
            w.br(turn.latch);
            return;
        }
        let successors = end.successors();
        let condition = (successors.len() > 1).then(|| self.item_value(end.operand(0), r, turn));
        let copy = w.copy(end);
        condition.into_iter().for_each(|c| copy.set_operand(0, c));
        for (k, to) in successors.into_iter().enumerate() {
            // Blocks that are not copied start other regions.
            let to = copies.get(&self.plan.graph.number(to)).copied().filter(|_| !self.starts(to));
            copy.set_successor(k as u32, to.unwrap_or(turn.latch));
        }
    }

    /// Does a region start with the block?
    fn starts(&self, block: Block<'m>) -> bool {
        let b = self.plan.graph.number(block);
        self.plan.region_of[b].is_some_and(|r| self.plan.regions[r].start == b)
    }

    /// Loops over z, y, x around an item's turn.
    fn open_loop(&mut self, r: usize) -> Loop<'m> {
        let c = self.module.context();
        let (i32, i64) = (c.int_type(32), c.int_type(64));
        let before = Builder::new(c);
        before.position_at_end(self.heads[r]);
        let mut heads = Vec::new();
        let mut indices = Vec::new();
        let w = Builder::new(c);
        for _ in 0..3 {
            let head = self.f.append_block();
            w.position_at_end(head);
            indices.push(w.phi(i32));
            heads.push(head);
        }
        let [z, y, x] = [indices[0], indices[1], indices[2]];
        let row = w.add(w.mul(z, self.sizes[1]), y);
        let first = w.mul(row, self.sizes[0]);
        for (dim, index) in [x, y, z].into_iter().enumerate() {
            w.store(index, w.offset(self.item, (offsets::ITEM_LOCAL + 4 * dim) as u64), 4);
        }
        let narrow = w.add(first, x);
        w.store(narrow, w.offset(self.item, offsets::ITEM_LINEAR as u64), 4);
        let linear = w.nuw_nsw_add(w.zext(first, i64), w.zext(x, i64));
        self.numbers.insert(r, linear);
        let latch = self.f.append_block();
        Loop {
            before,
            entry: w,
            latch,
            linear,
            heads: [heads[0], heads[1], heads[2]],
            indices: [z, y, x],
            group_values: HashMap::new(),
            item_values: HashMap::new(),
        }
    }

    /// Puts the loops' ends in; returns a builder behind them.
    fn close_loop(&mut self, turn: Loop<'m>) -> Builder<'m> {
        let c = self.module.context();
        let i32 = c.int_type(32);
        let zero = i32.const_int(0);
        turn.before.br(turn.heads[0]);
        self.top.add_incoming(turn.indices[0], zero, turn.before.block());
        let w = Builder::new(c);
        for outer in 0..2 {
            w.position_at_end(turn.heads[outer]);
            w.br(turn.heads[outer + 1]);
            w.add_incoming(turn.indices[outer + 1], zero, turn.heads[outer]);
        }
        let mut latch = turn.latch;
        for (depth, dim) in [(2, 0), (1, 1), (0, 2)] {
            w.position_at_end(latch);
            let next = w.nuw_nsw_add(turn.indices[depth], i32.const_int(1));
            w.add_incoming(turn.indices[depth], next, latch);
            let more = w.icmp(IntPredicate::LLVMIntULT, next, self.sizes[dim]);
            let exit = self.f.append_block();
            let branch = w.cond_br(more, turn.heads[depth], exit);
            if depth == 2 {
                // What one item writes no other one looks at before the next barrier.
                self.module.set_metadata(branch, "llvm.loop", super::group_loop::row_metadata(c, self.access, false));
            }
            latch = exit;
        }
        w.position_at_end(latch);
        w
    }

    /// What the group does when all items have had their turn.
    fn leave(&mut self, r: usize, w: &Builder<'m>) {
        let plan = self.plan;
        let mut known = HashMap::new();
        match plan.regions[r].exit {
            None => {
                w.unreachable();
            }
            Some(Exit::End) => {
                w.ret(None);
            }
            Some(Exit::Enter(to)) => {
                w.br(self.heads[plan.region_at(to)]);
            }
            Some(Exit::Before(b)) => {
                for &to in &plan.graph.successors[b] {
                    for (phi, value) in self.phis_from(b, to) {
                        if plan.values.kind(phi).is_uniform() {
                            let value = self.group_value(value, w, &mut known);
                            let slot = self.phi_slot(phi);
                            self.store(value, slot, w, None);
                        }
                    }
                }
                let targets: Vec<_> =
                    plan.graph.successors[b].iter().map(|&to| self.heads[plan.region_at(to)]).collect();
                if plan.graph.waits[b].is_some() || targets.len() == 1 {
                    w.br(targets[0]);
                    return;
                }
                let Some(end) = plan.graph.blocks[b].terminator() else { return };
                let condition = self.group_value(end.operand(0), w, &mut known);
                let copy = w.copy(end);
                copy.set_operand(0, condition);
                targets.into_iter().enumerate().for_each(|(k, to)| copy.set_successor(k as u32, to));
            }
        }
    }

    /// The phis of `to` with their values on the way from `from`.
    fn phis_from(&self, from: usize, to: usize) -> Vec<(Value<'m>, Value<'m>)> {
        let block = self.plan.graph.blocks[from];
        let phis = self.plan.graph.blocks[to].instructions().into_iter();
        phis.take_while(|i| i.opcode() == Some(Opcode::LLVMPHI))
            .filter_map(|phi| Some((phi, phi.incoming().into_iter().find(|(_, b)| *b == block)?.0)))
            .collect()
    }

    /// Before a block's end: the values of phis that other regions start with.
    fn store_phis_on_exits(&mut self, b: usize, w: &Builder<'m>, r: usize, turn: &mut Loop<'m>) {
        let plan = self.plan;
        for &to in &plan.graph.successors[b] {
            if !self.starts(plan.graph.blocks[to]) {
                continue;
            }
            for (phi, value) in self.phis_from(b, to) {
                // The group stores what is its own when it executes the block's end.
                if plan.ends[b] && plan.values.kind(phi).is_uniform() {
                    continue;
                }
                let shares = value != phi && self.shared.get(&value) == Some(&phi);
                if shares && plan.home(value) != Some(r) && stores_only(plan, r, phi, value) {
                    // It is there already.
                    self.slot(value);
                    continue;
                }
                let value = self.item_value(value, r, turn);
                let slot = self.phi_slot(phi);
                self.store(value, slot, w, Some(turn.linear));
            }
        }
    }

    fn load_start_phi(&mut self, phi: Value<'m>, turn: &mut Loop<'m>) -> Value<'m> {
        let slot = self.phi_slot(phi);
        match slot {
            Slot::Once(_) => self.load(phi.ty(), slot, &turn.before, None),
            Slot::PerItem(_) => self.load(phi.ty(), slot, &turn.entry, Some(turn.linear)),
        }
    }

    /// A value of the source as an item has it in region `r`.
    fn item_value(&mut self, value: Value<'m>, r: usize, turn: &mut Loop<'m>) -> Value<'m> {
        if value == self.source.param(0) {
            return self.item;
        }
        if value == self.source.param(1) {
            return self.f.param(1);
        }
        if value.opcode().is_none() {
            return value;
        }
        if self.plan.values.is_group_pointer(value) {
            return self.f.param(0);
        }
        let alloca = value.opcode() == Some(Opcode::LLVMAlloca);
        if !alloca && self.plan.home(value) == Some(r) {
            return self.copies[&value];
        }
        if let Some(&known) = turn.item_values.get(&value) {
            return known;
        }
        let kind = self.plan.values.kind(value);
        let made = if alloca {
            self.private_place(value, turn)
        } else if kind.is_uniform() {
            let mut known = std::mem::take(&mut turn.group_values);
            let made = self.group_value(value, &turn.before, &mut known);
            turn.group_values = known;
            made
        } else if kind == Kind::Again {
            let operands: Vec<_> =
                (0..value.operand_count()).map(|k| self.item_value(value.operand(k), r, turn)).collect();
            let copy = turn.entry.copy(value);
            operands.into_iter().enumerate().for_each(|(k, o)| copy.set_operand(k as u32, o));
            copy
        } else {
            let slot = self.slot(value);
            self.load(value.ty(), slot, &turn.entry, Some(turn.linear))
        };
        turn.item_values.insert(value, made);
        made
    }

    /// A value that is the same for all items, where the group needs it.
    fn group_value(
        &mut self,
        value: Value<'m>,
        w: &Builder<'m>,
        known: &mut HashMap<Value<'m>, Value<'m>>,
    ) -> Value<'m> {
        if value == self.source.param(1) {
            return self.f.param(1);
        }
        if value.opcode().is_none() {
            return value;
        }
        if self.plan.values.is_group_pointer(value) {
            return self.f.param(0);
        }
        if let Some(&found) = known.get(&value) {
            return found;
        }
        let made = if self.plan.values.kind(value) == Kind::UniformAgain {
            let operands: Vec<_> =
                (0..value.operand_count()).map(|k| self.group_value(value.operand(k), w, known)).collect();
            let copy = w.copy(value);
            operands.into_iter().enumerate().for_each(|(k, o)| copy.set_operand(k as u32, o));
            copy
        } else {
            let slot = self.slot(value);
            self.load(value.ty(), slot, w, None)
        };
        known.insert(value, made);
        made
    }

    // ---- slots -----------------------------------------------------------------------------------

    /// An array with a place per item; where it starts.
    fn per_item(&mut self, size: u64, align: u64) -> Value<'m> {
        let c = self.module.context();
        self.used = self.used.next_multiple_of(align.max(1));
        let at = self.top.mul(self.items, c.int_type(64).const_int(self.used));
        self.used += size.next_multiple_of(align.max(1));
        self.top.inbounds_gep(c.int_type(8), self.context, at)
    }

    fn new_slot(&mut self, value: Value<'m>) -> Slot<'m> {
        let ty = self.stored_type(value.ty());
        let (size, align) = self.module.layout_of(ty);
        if self.plan.values.kind(value).is_uniform() {
            Slot::Once(self.top.alloca(ty, align))
        } else {
            Slot::PerItem(self.per_item(size, u64::from(align)))
        }
    }

    fn slot(&mut self, value: Value<'m>) -> Slot<'m> {
        if let Some(&slot) = self.slots.get(&value) {
            return slot;
        }
        let phi = self.shared.get(&value).copied();
        let slot = match phi {
            Some(phi) => self.phi_slot(phi),
            None => self.new_slot(value),
        };
        self.slots.insert(value, slot);
        if phi != Some(value) {
            self.kept.push(value);
        }
        slot
    }

    fn phi_slot(&mut self, phi: Value<'m>) -> Slot<'m> {
        if let Some(&slot) = self.phi_slots.get(&phi) {
            return slot;
        }
        let slot = self.new_slot(phi);
        self.phi_slots.insert(phi, slot);
        slot
    }

    /// An item's own memory: the alloca's place in its array.
    fn private_place(&mut self, alloca: Value<'m>, turn: &Loop<'m>) -> Value<'m> {
        let ty = alloca.allocated_type();
        let (size, align) = self.module.layout_of(ty);
        let align = u64::from(align.max(alloca.alignment()));
        let start = match self.slots.get(&alloca) {
            Some(Slot::PerItem(start) | Slot::Once(start)) => *start,
            None => {
                let start = self.per_item(size, align);
                self.slots.insert(alloca, Slot::PerItem(start));
                start
            }
        };
        let c = self.module.context();
        let at = turn.entry.mul(turn.linear, c.int_type(64).const_int(size.next_multiple_of(align)));
        turn.entry.inbounds_gep(c.int_type(8), start, at)
    }

    /// How a type is kept: single bits as bytes, which loops can load several of.
    fn stored_type(&self, ty: Type<'m>) -> Type<'m> {
        if ty.is_int() && ty.bits() == 1 { self.module.context().int_type(8) } else { ty }
    }

    fn place(&self, slot: Slot<'m>, ty: Type<'m>, w: &Builder<'m>, number: Option<Value<'m>>) -> Value<'m> {
        match (slot, number) {
            (Slot::PerItem(start), Some(number)) => w.inbounds_gep(ty, start, number),
            (Slot::Once(place) | Slot::PerItem(place), _) => place,
        }
    }

    fn load(&self, ty: Type<'m>, slot: Slot<'m>, w: &Builder<'m>, number: Option<Value<'m>>) -> Value<'m> {
        let stored = self.stored_type(ty);
        let place = self.place(slot, stored, w, number);
        let value = w.load(stored, place, self.module.layout_of(stored).1);
        if matches!(slot, Slot::PerItem(_)) {
            self.module.set_metadata(value, "llvm.access.group", self.access);
        }
        if stored == ty { value } else { w.trunc(value, ty) }
    }

    fn store(&self, value: Value<'m>, slot: Slot<'m>, w: &Builder<'m>, number: Option<Value<'m>>) {
        let stored = self.stored_type(value.ty());
        let place = self.place(slot, stored, w, number);
        let value = if stored == value.ty() { value } else { w.zext(value, stored) };
        let store = w.store(value, place, self.module.layout_of(stored).1);
        if matches!(slot, Slot::PerItem(_)) {
            self.module.set_metadata(store, "llvm.access.group", self.access);
        }
    }

    /// Stores what other regions need, right where it is computed.
    fn keep_values(&mut self) {
        for value in std::mem::take(&mut self.kept) {
            let (slot, copy) = (self.slots[&value], self.copies[&value]);
            let Some(region) = self.plan.home(value) else { continue };
            let Some(block) = copy.parent() else { continue };
            let mut behind = block.instructions().into_iter().skip_while(|&i| i != copy).skip(1);
            let Some(next) = behind.find(|i| i.opcode() != Some(Opcode::LLVMPHI)) else { continue };
            let w = Builder::new(self.module.context());
            w.position_before(next);
            self.store(copy, slot, &w, Some(self.numbers[&region]));
        }
    }
}
