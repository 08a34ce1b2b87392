//! Leaving regions: `return`, `break` and `@goto` out of `try` blocks, and `finally`.
//!
//! A `finally` is emitted once. Every way into it sets a tag first; after it, the tag says where to go on.

use crate::linearize::{Builder, Linearizer};
use crate::node::{Kind, LabelId, Node};
use crate::x::{Name, sym};
use base::{Diagnostic, Span};
use ir::lowered::*;

/// Where control leaves a region to.
#[derive(Clone)]
pub(crate) enum Exit {
    Return(Operand),
    Break(LabelId),
}

/// A region that must be left in an orderly way.
pub(crate) enum Region {
    Try,
    Catch,
    /// A `try` with a `finally`: leaving it means running that first. `tag` says where to go on after it.
    Finally {
        tag: SlotId,
        exits: Vec<Exit>,
        jumps: Vec<usize>,
    },
}

pub(crate) struct Label {
    pub depth: usize,
    pub jumps: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RegionKind {
    Try,
    Catch,
    Finally,
}

/// A `@goto`, to be completed when all labels are known.
pub(crate) struct PendingGoto {
    /// The first of the statements reserved for leaving regions; the jump follows them.
    pub at: usize,
    pub name: Name,
    pub regions: Vec<(usize, RegionKind)>,
    pub span: Span,
}

impl Linearizer<'_, '_> {
    pub(crate) fn return_(&mut self, op: Operand) {
        let op = match self.b().ret_type {
            Some(ty) => self.convert(op, ty),
            None => op,
        };
        self.leave(Exit::Return(op), 0);
    }

    /// Leaves all regions above `depth` and goes where `exit` says.
    pub(crate) fn leave(&mut self, exit: Exit, depth: usize) {
        let mut exit = exit;
        for i in (depth..self.b().regions.len()).rev() {
            match &self.b().regions[i].1 {
                Region::Try => {
                    // The value is read before the region is left.
                    if let Exit::Return(op @ (Operand::Slot(_) | Operand::Global(_))) = exit {
                        exit = Exit::Return(self.frozen(op));
                    }
                    self.emit(Stmt::Leave(1));
                }
                Region::Catch => {
                    if let Exit::Return(op @ (Operand::Slot(_) | Operand::Global(_))) = exit {
                        exit = Exit::Return(self.frozen(op));
                    }
                    self.emit(Stmt::PopException);
                }
                Region::Finally { tag, exits, .. } => {
                    let tag = *tag;
                    // 0 is the exceptional way, 1 falling through.
                    let number = exits.len() as i64 + 2;
                    if let Exit::Return(op) = exit {
                        let slot = self.new_slot(sym!("#returned#"), Span::NONE);
                        self.emit(Stmt::SetSlot { slot, value: op });
                        exit = Exit::Return(Operand::Slot(slot));
                    }
                    let number = self.int(number);
                    self.emit(Stmt::SetSlot { slot: tag, value: number });
                    self.emit(Stmt::Leave(1));
                    let jump = self.jump();
                    if let Region::Finally { exits, jumps, .. } = &mut self.b().regions[i].1 {
                        exits.push(exit);
                        jumps.push(jump);
                    }
                    return;
                }
            }
        }
        match exit {
            Exit::Return(op) => {
                self.emit(Stmt::Return(op));
            }
            Exit::Break(label) => {
                let jump = self.jump();
                if let Some(label) = self.b().labels.get_mut(&label) {
                    label.jumps.push(jump);
                }
            }
        }
    }

    pub(crate) fn open(&mut self, region: Region) {
        let b = self.b();
        b.region_count += 1;
        let id = b.region_count;
        b.regions.push((id, region));
    }

    /// `try`: the value of the body, of `else` or of `catch` goes to `slot`.
    pub(crate) fn try_(&mut self, node: &Node, slot: Option<SlotId>) {
        let Kind::Try(t) = &node.kind else { return };
        let Some(finally) = &t.finally else { return self.try_catch(node, slot) };
        let tag = self.new_slot(sym!("#exit#"), Span::NONE);
        self.emit(Stmt::Enter { catch: u32::MAX });
        let enter = self.b().stmts.len() - 1;
        self.open(Region::Finally { tag, exits: Vec::new(), jumps: Vec::new() });
        if t.catch.is_some() {
            self.try_catch(node, slot);
        } else {
            self.result(&t.body, slot);
            if let Some(otherwise) = &t.otherwise {
                self.result(otherwise, slot);
            }
        }
        let one = self.int(1);
        self.emit(Stmt::SetSlot { slot: tag, value: one });
        self.emit(Stmt::Leave(1));
        let Some((_, Region::Finally { exits, mut jumps, .. })) = self.b().regions.pop() else { return };
        jumps.push(self.jump());
        // The exceptional way.
        self.patch_here(vec![enter]);
        let zero = self.int(0);
        self.emit(Stmt::SetSlot { slot: tag, value: zero });
        self.patch_here(jumps);
        self.effect(finally);
        let rethrow = {
            let zero = self.int(0);
            let is = self.core_call(sym!("==="), vec![Operand::Slot(tag), zero]);
            self.emit(Stmt::GotoIfNot { cond: is, target: u32::MAX });
            self.b().stmts.len() - 1
        };
        let f = self.core(sym!("_rethrow"));
        self.emit(Stmt::Call { f, args: vec![] });
        self.patch_here(vec![rethrow]);
        for (i, exit) in exits.into_iter().enumerate() {
            let number = self.int(i as i64 + 2);
            let is = self.core_call(sym!("==="), vec![Operand::Slot(tag), number]);
            self.emit(Stmt::GotoIfNot { cond: is, target: u32::MAX });
            let next = self.b().stmts.len() - 1;
            let depth = match &exit {
                Exit::Return(_) => 0,
                Exit::Break(label) => self.b().labels.get(label).map_or(0, |l| l.depth),
            };
            self.leave(exit, depth);
            self.patch_here(vec![next]);
        }
    }

    pub(crate) fn try_catch(&mut self, node: &Node, slot: Option<SlotId>) {
        let Kind::Try(t) = &node.kind else { return };
        self.emit(Stmt::Enter { catch: u32::MAX });
        let enter = self.b().stmts.len() - 1;
        self.open(Region::Try);
        // With `else`, the value is that one's, outside of the `try`.
        match &t.otherwise {
            Some(_) => self.effect(&t.body),
            None => self.result(&t.body, slot),
        }
        self.emit(Stmt::Leave(1));
        self.b().regions.pop();
        if let Some(otherwise) = &t.otherwise {
            self.result(otherwise, slot);
        }
        let done = self.jump();
        self.patch_here(vec![enter]);
        self.open(Region::Catch);
        if let Some(catch) = &t.catch {
            self.result(catch, slot);
        } else if let Some(slot) = slot {
            let none = self.none();
            self.emit(Stmt::SetSlot { slot, value: none });
        }
        self.emit(Stmt::PopException);
        self.b().regions.pop();
        self.patch_here(vec![done]);
    }

    pub(crate) fn result(&mut self, node: &Node, slot: Option<SlotId>) {
        match slot {
            Some(slot) => {
                let value = self.value(node);
                self.emit(Stmt::SetSlot { slot, value });
            }
            None => self.effect(node),
        }
    }

    pub(crate) fn complete_goto(&mut self, b: &mut Builder, goto: PendingGoto) {
        let Some((target, path)) = b.named_labels.get(&goto.name) else {
            self.d.report(Diagnostic::error(
                "lowering.label",
                format!("label \"{}\" referenced but not defined", goto.name.sym),
                goto.span,
            ));
            return;
        };
        let inside = path.len() <= goto.regions.len() && path.iter().zip(&goto.regions).all(|(a, (b, _))| a == b);
        let left = &goto.regions[path.len().min(goto.regions.len())..];
        if !inside || left.iter().any(|(_, kind)| *kind == RegionKind::Finally) {
            self.d.report(Diagnostic::error(
                "lowering.label",
                format!("cannot goto label \"{}\" inside try/catch block", goto.name.sym),
                goto.span,
            ));
            return;
        }
        for (i, (_, kind)) in left.iter().rev().enumerate() {
            b.stmts[goto.at + i] = if *kind == RegionKind::Try { Stmt::Leave(1) } else { Stmt::PopException };
        }
        b.stmts[goto.at + goto.regions.len()] = Stmt::Goto(*target as u32);
    }
}

pub(crate) fn kind_of(region: &Region) -> RegionKind {
    match region {
        Region::Try => RegionKind::Try,
        Region::Catch => RegionKind::Catch,
        Region::Finally { .. } => RegionKind::Finally,
    }
}
