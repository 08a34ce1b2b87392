//! Kernels with barriers in groups that are whole.
//!
//! Such kernels guard what lies between barriers by whether the item is within the launch's range, and most groups are within
//! it as a whole. These run code of their own, without the guards.

use super::compile::{GROUP, ITEM};
use super::copies::{Returns, copy_item};
use super::group_loop::{declare_group, load_group_size};
use super::narrow::{Common, Rebuild, is_common, swapped};
use super::places::{Index, Place, Places};
use super::state::offsets;
use llvm::{Attribute, AttributeSite, Builder, Function, IntPredicate as P, Linkage, Module, Value};

/// The item function of whole groups.
pub const WHOLE_ITEM: &str = "kernel.whole.item";
/// What runs a whole group.
pub const WHOLE: &str = "kernel.whole";
/// What runs any other.
const PART: &str = "kernel.part";
/// `(group state, packed arguments)`: is the group whole?
const IS_WHOLE: &str = "kernel.is.whole";

/// A comparison of an item's place with an upper bound that the group has in common: what it says of the items of whole
/// groups. It does so if it says it of the group's last item.
fn of_whole<'m>(i: Value<'m>, item: Function<'m>, places: &Places<'m>) -> Option<bool> {
    let predicate = i.predicate()?;
    let (a, b) = (i.operand(0), i.operand(1));
    let global = |v: Value<'m>| matches!(places.get(v), Some(Place { index: Index::Global(_), offset: 0.. }));
    let common = |v: Value<'m>| is_common(v, item, Common::Group);
    let predicate = match () {
        () if global(a) && common(b) => predicate,
        () if global(b) && common(a) => swapped(predicate),
        () => return None,
    };
    match predicate {
        P::LLVMIntSLT | P::LLVMIntSLE | P::LLVMIntULT | P::LLVMIntULE => Some(true),
        P::LLVMIntSGE | P::LLVMIntSGT | P::LLVMIntUGE | P::LLVMIntUGT => Some(false),
        _ => None,
    }
}

/// Makes [`WHOLE_ITEM`] of the item function, which is simplified. False where nothing depends on whether a group is
/// whole.
pub fn copy_for_whole<'m>(
    module: &'m Module<'_>,
    item: Function<'m>,
    args_size: usize,
    sizes: Option<[u32; 3]>,
) -> bool {
    let places = Places::new(item);
    let conditions: Vec<_> =
        item.instructions().into_iter().filter_map(|i| Some((i, of_whole(i, item, &places)?))).collect();
    if conditions.is_empty() {
        return false;
    }
    write_test(module, item, &conditions, args_size, sizes);
    let (_, copies) = copy_item(module, item, WHOLE_ITEM, Returns::Nothing);
    for &(i, says) in &conditions {
        copies[&i].replace_uses_with(i.ty().const_int(u64::from(says)));
    }
    true
}

fn write_test<'m>(
    module: &'m Module<'_>,
    item: Function<'m>,
    conditions: &[(Value<'m>, bool)],
    args_size: usize,
    sizes: Option<[u32; 3]>,
) {
    let c = module.context();
    let (pointer, i1, i32) = (c.ptr_type(0), c.int_type(1), c.int_type(32));
    let f = module.add_function(IS_WHOLE, i1.function(&[pointer, pointer], false));
    super::group_loop::say_parameters(f, args_size);
    f.add_attribute(AttributeSite::Function, Attribute::Flag("alwaysinline"));
    let w = Builder::new(c);
    w.position_at_end(f.append_block());
    let state = w.alloca(c.int_type(8).array(offsets::ITEM_SIZE as u64), 8);
    w.store(f.param(0), w.offset(state, offsets::ITEM_GROUP as u64), 8);
    for dim in 0..3 {
        let size = match sizes {
            Some(sizes) => i32.const_int(sizes[dim].into()),
            None => load_group_size(module, &w, f, dim),
        };
        let last = w.sub(size, i32.const_int(1));
        w.store(last, w.offset(state, (offsets::ITEM_LOCAL + 4 * dim) as u64), 4);
    }
    let mut values = Rebuild::new(&w, item, [state, f.param(1)]);
    let mut whole = i1.const_int(1);
    for &(condition, says) in conditions {
        let value = values.value(condition);
        let value = w.freeze(value);
        whole = w.and(whole, if says { value } else { w.not(value) });
    }
    w.ret(Some(whole));
}

/// Has `kernel.group` choose between itself and [`WHOLE`].
pub fn choose(module: &Module<'_>, args_size: usize) {
    let [part, whole, test] = [GROUP, WHOLE, IS_WHOLE].map(|name| module.function(name).expect("made before"));
    part.set_name(PART);
    let f = declare_group(module, GROUP, args_size);
    let w = Builder::new(module.context());
    w.position_at_end(f.append_block());
    let (yes, no) = (f.append_block(), f.append_block());
    let args = [f.param(0), f.param(1)];
    w.cond_br(w.call(test, &args), yes, no);
    for (block, callee) in [(yes, whole), (no, part)] {
        w.position_at_end(block);
        w.call(callee, &args);
        w.ret(None);
        // Each is large: they stay apart.
        callee.set_linkage(Linkage::Internal);
        callee.add_attribute(AttributeSite::Function, Attribute::Flag("noinline"));
    }
}

/// Takes back what [`copy_for_whole`] made.
pub fn forget(module: &mut Module<'_>) {
    [WHOLE_ITEM, IS_WHOLE].into_iter().for_each(|name| module.delete_function(name));
}

/// Is this one of the functions that are cut at barriers?
pub fn is_item(name: &str) -> bool {
    [ITEM, WHOLE_ITEM].contains(&name)
}
