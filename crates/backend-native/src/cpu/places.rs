//! Values of a kernel's item function that say where in the launch the item is.
//!
//! Launches have at most [`MOST_ITEMS`] items along a dimension (others run code that assumes nothing), so that these
//! values are exact in 32 bits: an index plus a small constant, however it is widened.

use super::MOST_ITEMS;
use super::lowering::THROW;
use super::state::offsets;
use super::uniform::{group_offset, is_group_pointer, state_offset};
use llvm::{Function, Opcode, Value};
use std::collections::HashMap;

/// Constants of more than this are not looked through.
const MOST_OFFSET: i64 = 1 << 16;
const _: () = assert!(MOST_ITEMS + (1 << 17) < 1 << 31);

/// An index along a dimension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Index {
    /// Of the item in its group.
    Local(usize),
    /// Of the group.
    Group(usize),
    /// Of the group's first item in the launch.
    Origin(usize),
    /// Of the item in the launch.
    Global(usize),
}

/// The value is the index plus the constant, without overflow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub index: Index,
    pub offset: i64,
}

/// What code needs of the groups of a launch so that several of them, side by side along a dimension, may be run as one
/// large group: the first one's index, and local indices that go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Merge {
    /// It looks at groups one by one.
    #[default]
    Never,
    /// Nothing.
    Always,
    /// That they are of this size along the dimension.
    Of(u32),
}

/// The places in an item function, which is simplified and has nothing left to inline.
pub struct Places<'m> {
    item: Value<'m>,
    places: HashMap<Value<'m>, Place>,
    pub merges: [Merge; 3],
}

impl<'m> Places<'m> {
    pub fn new(item: Function<'m>) -> Places<'m> {
        let mut this = Places { item: item.param(0), places: HashMap::new(), merges: [Merge::Always; 3] };
        let instructions = item.instructions();
        for &i in &instructions {
            // Values come before their uses but for those of phis, which are no places.
            if let Some(place) = this.place_of(i) {
                this.places.insert(i, place);
            }
        }
        instructions.iter().for_each(|&i| this.look_at_uses(i));
        this
    }

    pub fn get(&self, value: Value<'m>) -> Option<Place> {
        self.places.get(&value).copied()
    }

    /// Which of three neighbouring words, beginning at `first`.
    fn dimension(at: u64, first: usize) -> Option<usize> {
        let words = at.checked_sub(first as u64)?;
        (words < 12 && words % 4 == 0).then_some(words as usize / 4)
    }

    fn place_of(&mut self, i: Value<'m>) -> Option<Place> {
        use Opcode::*;
        let at = |index| Some(Place { index, offset: 0 });
        let moved = |p: Place, by: i64| {
            let offset = p.offset.checked_add(by)?;
            (offset.abs() <= MOST_OFFSET).then_some(Place { offset, ..p })
        };
        if !i.ty().is_int() || i.ty().bits() < 32 || i.ty().bits() > 64 {
            return None;
        }
        match i.opcode()? {
            LLVMLoad if i.ty().bits() == 32 => {
                let address = i.operand(0);
                if let Some(d) = state_offset(address, self.item).and_then(|o| Self::dimension(o, offsets::ITEM_LOCAL))
                {
                    return at(Index::Local(d));
                }
                let d = Self::dimension(group_offset(address, self.item)?, offsets::GROUP_ID)?;
                at(Index::Group(d))
            }
            LLVMZExt => self.get(i.operand(0)).filter(|p| p.offset >= 0),
            LLVMSExt => self.get(i.operand(0)),
            LLVMAdd => {
                let [a, b] = [i.operand(0), i.operand(1)];
                match (self.get(a), self.get(b)) {
                    (Some(p), None) => moved(p, signed(b)?),
                    (None, Some(p)) => moved(p, signed(a)?),
                    (Some(a), Some(b)) => {
                        let d = match (a.index, b.index) {
                            (Index::Local(d), Index::Origin(e)) | (Index::Origin(e), Index::Local(d)) if d == e => d,
                            _ => return None,
                        };
                        moved(Place { index: Index::Global(d), offset: a.offset }, b.offset)
                    }
                    (None, None) => None,
                }
            }
            LLVMSub => moved(self.get(i.operand(0))?, signed(i.operand(1))?.checked_neg()?),
            LLVMMul => {
                let [a, b] = [i.operand(0), i.operand(1)];
                self.origin(a, b).or_else(|| self.origin(b, a))
            }
            LLVMShl => {
                let size = 1u64.checked_shl(u32::try_from(i.operand(1).as_const_int()?).ok()?)?;
                self.origin_of(i.operand(0), size)
            }
            _ => None,
        }
    }

    /// The group's index times its size.
    fn origin(&mut self, group: Value<'m>, size: Value<'m>) -> Option<Place> {
        if let Some(size) = size.as_const_int() {
            return self.origin_of(group, size);
        }
        let Some(Place { index: Index::Group(d), offset: 0 }) = self.get(group) else { return None };
        let mut load = size;
        while matches!(load.opcode(), Some(Opcode::LLVMZExt | Opcode::LLVMSExt)) {
            load = load.operand(0);
        }
        let is_load = load.opcode() == Some(Opcode::LLVMLoad);
        let of = is_load.then(|| group_offset(load.operand(0), self.item))??;
        (Self::dimension(of, offsets::GROUP_SIZE) == Some(d)).then_some(Place { index: Index::Origin(d), offset: 0 })
    }

    /// The same where the size is a constant: it holds for launches of groups of that size. Groups of another size may be
    /// so many that the product needs more than 32 bits.
    fn origin_of(&mut self, group: Value<'m>, size: u64) -> Option<Place> {
        let Some(Place { index: Index::Group(d), offset }) = self.get(group) else { return None };
        if group.ty().bits() < 64 {
            return None;
        }
        let size = u32::try_from(size).ok().filter(|&s| s > 0 && s <= super::launch::MAX_GROUP)?;
        match self.merges[d] {
            Merge::Always => self.merges[d] = Merge::Of(size),
            Merge::Of(before) if before == size => {}
            _ => return None,
        }
        let offset = offset.checked_mul(i64::from(size)).filter(|o| o.abs() <= MOST_OFFSET)?;
        Some(Place { index: Index::Origin(d), offset })
    }

    /// Takes back what a use does not allow: what is not the item's place in the launch differs in merged groups.
    fn look_at_uses(&mut self, i: Value<'m>) {
        let throws = i.called_function().is_some_and(|f| f.name() == THROW);
        let place = self.get(i);
        for k in 0..i.operand_count() {
            let operand = i.operand(k);
            if let Some(used) = self.get(operand) {
                let dimension = match used.index {
                    Index::Global(_) => continue,
                    Index::Local(d) | Index::Group(d) | Index::Origin(d) => d,
                };
                // A throw is told the item's index in its group, and works out what it is from it.
                let told = throws
                    && k as usize == 1 + dimension
                    && used == Place { index: Index::Local(dimension), offset: 0 };
                if place.is_none() && !told {
                    self.merges[dimension] = Merge::Never;
                }
            } else if (operand == self.item || is_group_pointer(operand, self.item))
                && !self.is_known_use(i, operand, throws && k == 0)
            {
                self.merges = [Merge::Never; 3];
            }
        }
    }

    /// Does a use of the item's or group's state read what is the same in merged groups, or a place?
    fn is_known_use(&self, user: Value<'m>, state: Value<'m>, throws: bool) -> bool {
        if throws {
            return true;
        }
        let offset = match user.opcode() {
            Some(Opcode::LLVMLoad) => Some(0),
            Some(Opcode::LLVMGetElementPtr) => state_offset(user, state),
            _ => None,
        };
        let Some(offset) = offset else { return false };
        let among = |first: usize, bytes: u64| (first as u64..first as u64 + bytes).contains(&offset);
        if state == self.item {
            among(offsets::ITEM_GROUP, 8) || among(offsets::ITEM_LOCAL, 12)
        } else {
            [offsets::GROUP_ID, offsets::GROUP_SIZE, offsets::NUM_GROUPS].iter().any(|&f| among(f, 12))
                || among(offsets::TABLE, 8)
        }
    }
}

/// A constant as a signed number.
pub fn signed(v: Value<'_>) -> Option<i64> {
    let (n, bits) = (v.as_const_int()?, v.ty().bits());
    Some(((n << (64 - bits)) as i64) >> (64 - bits))
}
