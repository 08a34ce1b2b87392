//! How a host makes the very exception that device code throws: from values that the throw records, and the calls and objects that
//! lead from these to it, which device code leaves out.

use crate::function::FunctionEmitter;
use crate::memory::Alias;
use crate::value::Held;
use ir::typed::{Arg, InstKind};
use llvm::Value;
use runtime::Builtin;
use types::Ty;

/// A value of the host's, in terms of what a throw recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipe {
    Constant(runtime::Value),
    /// Plain data of this type, so many bytes from the start of the record.
    Data {
        ty: Ty,
        offset: usize,
    },
    /// An object from its leading fields.
    New {
        ty: Ty,
        fields: Vec<Recipe>,
    },
    Tuple(Vec<Recipe>),
    /// An exception of one of Base's types.
    Exception {
        kind: &'static str,
        fields: Vec<Recipe>,
    },
    /// What a call gives, or throws: the function and its arguments. With `rest`, the last is a tuple of the remaining arguments.
    Call {
        parts: Vec<Recipe>,
        rest: bool,
    },
}

impl Recipe {
    /// The throw of an exception of one of Base's types.
    pub fn error(kind: &'static str, fields: Vec<Recipe>) -> Recipe {
        Recipe::throw_of(Recipe::Exception { kind, fields })
    }
    /// `throw(x)`.
    pub fn throw_of(x: Recipe) -> Recipe {
        let throw = Recipe::Constant(runtime::function::builtin_object(Builtin::Throw));
        Recipe::Call { parts: vec![throw, x], rest: false }
    }
}

/// Bytes that a throw can record: four integers, then the data.
pub const MAX_DATA: usize = 512;
const NUMBERS: usize = 32;
/// How deep recipes may be nested.
const MAX_DEPTH: usize = 12;

/// A recipe in the making, with what it wants recorded.
pub(crate) struct Ingredients<'m> {
    data: Vec<(usize, Held<'m>)>,
    size: usize,
}

impl Ingredients<'_> {
    pub fn none() -> Self {
        Ingredients { data: Vec::new(), size: NUMBERS }
    }
}

impl<'m> FunctionEmitter<'_, 'm> {
    /// What a call comes to that never returns; `None` where something in it is no plain data.
    pub(crate) fn recipe_of_call(&mut self, kind: &InstKind, out: &mut Ingredients<'m>) -> Option<Recipe> {
        self.call(kind, out, 0)
    }

    fn call(&mut self, kind: &InstKind, out: &mut Ingredients<'m>, depth: usize) -> Option<Recipe> {
        let body = self.body();
        let (args, rest) = match kind {
            InstKind::Invoke { callee, args } => {
                let ci = body.callees[callee.0 as usize].instance;
                (args, ci.get().body::<ir::typed::TypedBody>()?.is_va)
            }
            InstKind::InvokeLocal { callee, args } => (args, body.locals[callee.0 as usize].is_va),
            _ => return None,
        };
        Some(Recipe::Call { parts: self.recipes(args, out, depth)?, rest })
    }

    pub(crate) fn recipe_of(&mut self, arg: Arg, out: &mut Ingredients<'m>) -> Option<Recipe> {
        self.recipe(arg, out, 0)
    }

    fn recipes(&mut self, args: &[Arg], out: &mut Ingredients<'m>, depth: usize) -> Option<Vec<Recipe>> {
        args.iter().map(|&a| self.recipe(a, out, depth + 1)).collect()
    }

    fn recipe(&mut self, arg: Arg, out: &mut Ingredients<'m>, depth: usize) -> Option<Recipe> {
        if depth > MAX_DEPTH {
            return None;
        }
        let id = match arg {
            Arg::Const(v) => return Some(Recipe::Constant(v)),
            Arg::Inst(id) if self.is_left_out(id) => id,
            _ => {
                let held = self.operand(arg);
                return self.recorded(&held, out);
            }
        };
        let inst = &self.body().insts[id.0 as usize];
        match &inst.kind {
            InstKind::Pi(inner) => self.recipe(*inner, out, depth),
            InstKind::New { args } => Some(Recipe::New { ty: inst.ty, fields: self.recipes(args, out, depth)? }),
            InstKind::Builtin { op: Builtin::Tuple, args } => Some(Recipe::Tuple(self.recipes(args, out, depth)?)),
            kind @ (InstKind::Invoke { .. } | InstKind::InvokeLocal { .. }) => self.call(kind, out, depth),
            InstKind::Dynamic { f, args, .. } => {
                let mut parts = vec![self.recipe(*f, out, depth + 1)?];
                parts.extend(self.recipes(args, out, depth)?);
                Some(Recipe::Call { parts, rest: false })
            }
            _ => None,
        }
    }

    /// Is this an object that device code does not make?
    fn is_left_out(&self, id: ir::typed::InstId) -> bool {
        let inst = &self.body().insts[id.0 as usize];
        let made =
            matches!(inst.kind, InstKind::New { .. } | InstKind::Pi(_) | InstKind::Builtin { op: Builtin::Tuple, .. });
        self.is_skipped(id) || made && !inst.ty.is_bits()
    }

    /// A value that the throw records.
    pub(crate) fn recorded(&mut self, held: &Held<'m>, out: &mut Ingredients<'m>) -> Option<Recipe> {
        if let Some(v) = self.known(held) {
            return Some(Recipe::Constant(v));
        }
        let ty = held.ty();
        if self.ended || !ty.is_bits() {
            return None;
        }
        let (size, align) = crate::shape::stored_size(ty);
        let offset = out.size.next_multiple_of(align.max(1) as usize);
        out.size = offset + size as usize;
        if out.size > MAX_DATA {
            return None;
        }
        out.data.push((offset, held.clone()));
        Some(Recipe::Data { ty, offset })
    }

    /// Writes the integers and what a recipe wants recorded to the stack: the address and the number of bytes.
    pub(crate) fn record(&mut self, numbers: &[Value<'m>], from: &Ingredients<'m>) -> [Value<'m>; 2] {
        let buffer = self.slot(from.size as u64, 16);
        for (i, &n) in numbers.iter().enumerate() {
            self.b.store(n, self.b.offset(buffer, 8 * i as u64), 8);
        }
        for (offset, held) in &from.data {
            self.store_inline(held, self.b.offset(buffer, *offset as u64), Alias::Stack);
        }
        let i64 = self.u.context.int_type(64);
        [self.b.ptr_to_int(buffer, i64), self.int(64, from.size as u64)]
    }
}
