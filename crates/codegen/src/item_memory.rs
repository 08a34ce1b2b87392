//! Memory of work-items that kernels find cleared, whatever the group before left there.

use crate::target::{IndexQuery, Site, TargetLowering};
use llvm::{Builder, Function, IntPredicate, Module};

/// How the names of such buffers go on after the machine's prefix: those of group-shared buffers of `UInt32`s whose identity starts with
/// `item_`.
const ITEM_BUFFER: &str = "shared.item_";
/// Work-items of a group that have memory of their own. Those beyond share one slot more.
const SLOTS: u64 = 1024;

/// Clears what work-items have in buffers of this family before `entry`, which runs once per item, does anything else.
/// Group-shared memory is as the last group left it: without this, numbers would depend on what ran before.
pub fn clear_item_memory(module: &Module<'_>, entry: Function<'_>, target: &dyn TargetLowering) {
    for g in module.globals() {
        let full = g.name();
        let Some(at) = full.find(ITEM_BUFFER) else { continue };
        let name = &full[at..];
        let words = name.rsplit('.').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        clear(module, entry, target, name, words);
    }
}

fn clear<'m>(module: &'m Module<'_>, entry: Function<'m>, target: &dyn TargetLowering, name: &str, words: u64) {
    let c = module.context();
    let builder = Builder::new(c);
    let Some(first) = entry.blocks().first().and_then(|b| b.first_instruction()) else { return };
    builder.position_before(first);
    // Machines that keep an item's place in its state have that as the first parameter of every entry.
    let state = (entry.param_count() > 0).then(|| entry.param(0));
    let site = Site { module, builder: &builder, function: entry, state, calls: None };
    let Some(item) = linear_item(&site, target) else { return };
    let Some(buffer) = target.shared(&site, name, 4 * words, 16) else { return };
    let i32 = c.int_type(32);
    let spare = i32.const_int(SLOTS);
    let slot = builder.select(builder.icmp(IntPredicate::LLVMIntULT, item, spare), item, spare);
    let words_each = words / (SLOTS + 1);
    let place = builder.mul(slot, i32.const_int(4 * words_each));
    let place = builder.inbounds_gep(c.int_type(8), buffer, builder.zext(place, c.int_type(64)));
    for word in 0..words_each {
        builder.store(i32.zero(), builder.offset(place, 4 * word), 4);
    }
}

/// The number of the work-item in its group, from 0.
fn linear_item<'m>(site: &Site<'_, 'm>, target: &dyn TargetLowering) -> Option<llvm::Value<'m>> {
    let b = site.builder;
    let id = |dim| target.index(site, IndexQuery::LocalId, dim);
    let size = |dim| target.index(site, IndexQuery::GroupSize, dim);
    let plane = b.add(id(1)?, b.mul(size(1)?, id(2)?));
    Some(b.add(id(0)?, b.mul(size(0)?, plane)))
}
