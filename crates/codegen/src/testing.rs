//! Hand-built bodies, for tests of code generation without the stages before it.

use base::{Span, Symbol};
use ir::typed::{Arg, Block, BlockId, Inst, InstId, InstKind, Known, Param, Terminator, TypedBody};
use runtime::{Builtin, Intrinsic, Value};
use types::{Ty, builtin};

/// Builds one body, block by block.
pub struct BodyBuilder {
    body: TypedBody,
    current: usize,
}

impl BodyBuilder {
    /// A function `name` of these parameters (the function object is parameter 0, a `Nothing` here).
    pub fn new(name: &str, params: &[Ty], ret: Ty) -> BodyBuilder {
        let mut all = vec![Param { name: "#self#".into(), ty: builtin::nothing(), constant: None }];
        all.extend(params.iter().enumerate().map(|(i, &ty)| Param {
            name: Symbol::new(&format!("x{i}")),
            ty,
            constant: None,
        }));
        BodyBuilder {
            body: TypedBody {
                name: name.into(),
                params: all,
                is_va: false,
                ret,
                ret_const: None,
                known: Known::Type(ret),
                insts: Vec::new(),
                blocks: vec![Block::default()],
                callees: Vec::new(),
                locals: Vec::new(),
                inline: None,
                fastmath: false,
                effect_free: false,
                nothrow: false,
                terminates: false,
                not_compilable: None,
                span: Span::NONE,
            },
            current: 0,
        }
    }

    pub fn block(&mut self) -> BlockId {
        self.body.blocks.push(Block::default());
        BlockId(self.body.blocks.len() as u32 - 1)
    }

    pub fn at(&mut self, block: BlockId) -> &mut Self {
        self.current = block.0 as usize;
        self
    }

    pub fn here(&self) -> BlockId {
        BlockId(self.current as u32)
    }

    pub fn push(&mut self, kind: InstKind, ty: Ty) -> Arg {
        let id = InstId(self.body.insts.len() as u32);
        self.body.insts.push(Inst { kind, ty, span: Span::NONE });
        self.body.blocks[self.current].insts.push(id);
        Arg::Inst(id)
    }

    pub fn op(&mut self, op: Intrinsic, args: &[Arg], ty: Ty) -> Arg {
        self.push(InstKind::Intrinsic { op, args: args.to_vec() }, ty)
    }

    pub fn call(&mut self, op: Builtin, args: &[Arg], ty: Ty) -> Arg {
        self.push(InstKind::Builtin { op, args: args.to_vec() }, ty)
    }

    pub fn phi(&mut self, ty: Ty) -> Arg {
        self.push(InstKind::Phi(Vec::new()), ty)
    }

    pub fn add_input(&mut self, phi: Arg, from: BlockId, value: Arg) {
        if let Arg::Inst(id) = phi
            && let InstKind::Phi(inputs) = &mut self.body.insts[id.0 as usize].kind
        {
            inputs.push((from, Some(value)));
        }
    }

    pub fn goto(&mut self, to: BlockId) {
        self.body.blocks[self.current].term = Some(Terminator::Goto(to));
    }

    pub fn branch(&mut self, cond: Arg, then: BlockId, otherwise: BlockId) {
        self.body.blocks[self.current].term = Some(Terminator::Branch { cond, then, otherwise });
    }

    pub fn ret(&mut self, value: Arg) {
        self.body.blocks[self.current].term = Some(Terminator::Return(value));
    }

    pub fn unreachable(&mut self) {
        self.body.blocks[self.current].term = Some(Terminator::Unreachable);
    }

    pub fn local(&mut self, body: TypedBody) -> u32 {
        self.body.locals.push(body);
        self.body.locals.len() as u32 - 1
    }

    pub fn finish(self) -> TypedBody {
        self.body
    }
}

/// Parameter `n` (1 is the first after the function object).
pub fn p(n: u32) -> Arg {
    Arg::Param(n)
}

pub fn int(n: i64) -> Arg {
    Arg::Const(runtime::pin(Value::int(n)))
}

pub fn symbol(name: &str) -> Arg {
    Arg::Const(Value::symbol(name))
}

pub fn ty(t: Ty) -> Arg {
    Arg::Const(Value::from(t))
}
