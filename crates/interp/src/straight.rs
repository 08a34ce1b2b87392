//! Code that runs once and straight through: most of what the library does at top level.
//!
//! Making code ready ([`crate::code`]) pays where it runs again. A definition's statements (types looked up and applied,
//! then the definition) are executed as they stand, and nothing of them is kept.

use crate::exec::Interp;
use crate::stack::Reg;
use ir::lowered::{CodeInfo, Operand, Stmt};
use runtime::{Exception, Module, Value, errors};

/// Is this nothing but calls and definitions, one after the other?
pub fn is_straight(code: &CodeInfo) -> bool {
    let plain = |stmt: &Stmt| {
        matches!(
            stmt,
            Stmt::Read(_)
                | Stmt::Call { .. }
                | Stmt::Return(_)
                | Stmt::Nop
                | Stmt::DefineFunction(_)
                | Stmt::DefineMethod { .. }
                | Stmt::DeclareGlobal { .. }
                | Stmt::DeclareConst { .. }
                | Stmt::NewType { .. }
                | Stmt::FinishType { .. }
        )
    };
    code.slots.is_empty() && code.stmts.iter().all(plain)
}

impl Interp {
    /// Runs code that [`is_straight`], each statement in the newest world.
    pub(crate) fn run_straight(&self, code: &CodeInfo) -> Result<Value, Exception> {
        let widest = code.stmts.iter().map(|s| if let Stmt::Call { args, .. } = s { args.len() + 1 } else { 0 }).max();
        let base = self.stack.top();
        if !self.stack.has_room(code.stmts.len() + widest.unwrap_or(0) + 64) {
            return Err(errors::stack_overflow());
        }
        // One register for the value of each statement.
        code.stmts.iter().for_each(|_| self.stack.push(Value::nothing()));
        let mut last = Ok(Value::nothing());
        for (pc, stmt) in code.stmts.iter().enumerate() {
            if let Stmt::Return(x) = stmt {
                last = self.straight_operand(*x, base);
                break;
            }
            match self.straight_statement(stmt, code, pc, base) {
                // SAFETY: the register was pushed above.
                Ok(v) => unsafe { *base.add(pc) = v.addr() },
                Err(e) => {
                    last = Err(e);
                    break;
                }
            }
        }
        self.stack.set_top(base);
        last
    }

    fn straight_statement(&self, stmt: &Stmt, code: &CodeInfo, pc: usize, base: *mut Reg) -> Result<Value, Exception> {
        let world = self.session.world.age();
        match stmt {
            Stmt::Nop => Ok(Value::nothing()),
            Stmt::Read(x) => self.straight_operand(*x, base),
            Stmt::Call { f, args } => {
                let callee = self.stack.top();
                for &x in std::iter::once(f).chain(args) {
                    match self.straight_operand(x, base) {
                        Ok(v) => self.stack.push(v),
                        Err(e) => {
                            self.stack.set_top(callee);
                            return Err(e);
                        }
                    }
                }
                self.in_world(world, || self.call_on_stack(callee, args.len() + 1, world))
            }
            _ => {
                let read = |x| self.straight_operand(x, base);
                self.in_world(world, || crate::define::execute(self, stmt, code, pc, &read))
            }
        }
    }

    fn straight_operand(&self, x: Operand, base: *mut Reg) -> Result<Value, Exception> {
        match x {
            // SAFETY: statements before this one have left their values in their registers.
            Operand::Ssa(i) => Ok(unsafe { Value::from_ptr(*base.add(i.0 as usize) as *mut u8) }),
            Operand::Const(v) => Ok(v),
            Operand::Global(g) => {
                let m = Module::from_value(g.module).ok_or_else(|| errors::error("internal: global without module"))?;
                m.get(g.name).ok_or_else(|| crate::imports::undefined(m, g.name))
            }
            Operand::Slot(_) | Operand::StaticParam(_) => Err(errors::error("internal: top-level code with arguments")),
        }
    }
}
