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
                frames: Vec::new(),
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
        self.body.insts.push(Inst { kind, ty, span: Span::NONE, inlined: None });
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

/// Small kernels.
pub mod kernels {
    use super::{BodyBuilder, int, p, symbol, ty};
    use ir::typed::{Arg, InstKind, TypedBody};
    use runtime::{Builtin as B, Intrinsic as I, Value};
    use types::{Ty, builtin};

    fn i64t() -> Ty {
        builtin::int64()
    }
    fn i32t() -> Ty {
        builtin::int32()
    }

    fn load(b: &mut BodyBuilder, ptr: Arg, i: Arg, t: Ty) -> Arg {
        b.op(I::Pointerref, &[ptr, i, int(1)], t)
    }

    fn store(b: &mut BodyBuilder, ptr: Arg, x: Arg, i: Arg, pt: Ty) {
        b.op(I::Pointerset, &[ptr, x, i, int(1)], pt);
    }

    /// The global index along x, from 1, as `Int64`.
    fn global_index(b: &mut BodyBuilder) -> Arg {
        let group = b.op(I::GpuGroupId, &[int(0)], i32t());
        let size = b.op(I::GpuGroupSize, &[int(0)], i32t());
        let item = b.op(I::GpuLocalId, &[int(0)], i32t());
        let to = |b: &mut BodyBuilder, x| b.op(I::SextInt, &[ty(i64t()), x], i64t());
        let (group, size, item) = (to(b, group), to(b, size), to(b, item));
        let base = b.op(I::MulInt, &[group, size], i64t());
        let zero_based = b.op(I::AddInt, &[base, item], i64t());
        b.op(I::AddInt, &[zero_based, int(1)], i64t())
    }

    /// `i <= n && (c[i] = a[i] + b[i])`
    pub fn vadd() -> TypedBody {
        let f = builtin::float32();
        let pt = builtin::ptr_of(f);
        let mut b = BodyBuilder::new("vadd", &[pt, pt, pt, i64t()], builtin::nothing());
        let i = global_index(&mut b);
        let (then, exit) = (b.block(), b.block());
        let inside = b.op(I::SleInt, &[i, p(4)], builtin::bool_());
        b.branch(inside, then, exit);
        b.at(then);
        let (x, y) = (load(&mut b, p(1), i, f), load(&mut b, p(2), i, f));
        let sum = b.op(I::AddFloat, &[x, y], f);
        store(&mut b, p(3), sum, i, pt);
        b.goto(exit);
        b.at(exit);
        b.ret(Arg::Const(Value::nothing()));
        b.finish()
    }

    /// `i <= n && (i - 1 < length || throw; c[i] = a[i] + 1)`, the bounds check unsigned as arrays make it.
    pub fn checked_add() -> TypedBody {
        let f = builtin::float32();
        let pt = builtin::ptr_of(f);
        let mut b = BodyBuilder::new("checked_add", &[pt, pt, i64t(), i64t()], builtin::nothing());
        let i = global_index(&mut b);
        let (then, ok, bad, exit) = (b.block(), b.block(), b.block(), b.block());
        let inside = b.op(I::SleInt, &[i, p(4)], builtin::bool_());
        b.branch(inside, then, exit);
        b.at(then);
        let zero_based = b.op(I::SubInt, &[i, int(1)], i64t());
        let fits = b.op(I::UltInt, &[zero_based, p(3)], builtin::bool_());
        b.branch(fits, ok, bad);
        b.at(ok);
        let x = load(&mut b, p(1), i, f);
        let sum = b.op(I::AddFloat, &[x, Arg::Const(runtime::pin(Value::float32(1.0)))], f);
        store(&mut b, p(2), sum, i, pt);
        b.goto(exit);
        b.at(bad);
        let e = b.push(InstKind::New { args: vec![Arg::Const(Value::nothing()), i] }, builtin::bounds_error());
        b.call(B::Throw, &[e], builtin::bottom());
        b.unreachable();
        b.at(exit);
        b.ret(Arg::Const(Value::nothing()));
        b.finish()
    }

    /// A tree sum over a group in shared memory, with a barrier in the loop; item 1 writes the group's sum.
    pub fn group_sum() -> TypedBody {
        let f = builtin::float32();
        let pt = builtin::ptr_of(f);
        let shared_t = types::apply(builtin::llvm_ptr(), &[f, Ty::int(3)]).unwrap();
        let mut b = BodyBuilder::new("group_sum", &[pt, pt], builtin::nothing());
        let entry_i = global_index(&mut b);
        let shared = b.op(I::GpuShared, &[ty(f), int(256), symbol("tile")], shared_t);
        let local = b.op(I::GpuLocalId, &[int(0)], i32t());
        let local = b.op(I::SextInt, &[ty(i64t()), local], i64t());
        let slot = b.op(I::AddInt, &[local, int(1)], i64t());
        let x = load(&mut b, p(1), entry_i, f);
        store(&mut b, shared, x, slot, shared_t);
        b.op(I::GpuBarrier, &[], builtin::nothing());
        let entry = b.here();
        let (head, body, add, next, exit, write, done) =
            (b.block(), b.block(), b.block(), b.block(), b.block(), b.block(), b.block());
        b.goto(head);
        b.at(head);
        let half = b.phi(i64t());
        let go = b.op(I::SltInt, &[int(0), half], builtin::bool_());
        b.branch(go, body, exit);
        b.at(body);
        let active = b.op(I::SltInt, &[local, half], builtin::bool_());
        b.branch(active, add, next);
        b.at(add);
        let other = b.op(I::AddInt, &[slot, half], i64t());
        let (u, v) = (load(&mut b, shared, slot, f), load(&mut b, shared, other, f));
        let sum = b.op(I::AddFloat, &[u, v], f);
        store(&mut b, shared, sum, slot, shared_t);
        b.goto(next);
        b.at(next);
        b.op(I::GpuBarrier, &[], builtin::nothing());
        let halved = b.op(I::LshrInt, &[half, int(1)], i64t());
        b.goto(head);
        b.add_input(half, entry, int(128));
        b.add_input(half, next, halved);
        b.at(exit);
        let first = b.op(I::EqInt, &[local, int(0)], builtin::bool_());
        b.branch(first, write, done);
        b.at(write);
        let total = load(&mut b, shared, int(1), f);
        let group = b.op(I::GpuGroupId, &[int(0)], i32t());
        let group = b.op(I::SextInt, &[ty(i64t()), group], i64t());
        let place = b.op(I::AddInt, &[group, int(1)], i64t());
        store(&mut b, p(2), total, place, pt);
        b.goto(done);
        b.at(done);
        b.ret(Arg::Const(Value::nothing()));
        b.finish()
    }

    /// Adds what an item wrote to shared memory to a sum of its own `p(3)` times, between barriers; writes the sum.
    pub fn carried_sum() -> TypedBody {
        let f = builtin::float32();
        let pt = builtin::ptr_of(f);
        let shared_t = types::apply(builtin::llvm_ptr(), &[f, Ty::int(3)]).unwrap();
        let mut b = BodyBuilder::new("carried_sum", &[pt, pt, i64t()], builtin::nothing());
        let i = global_index(&mut b);
        let shared = b.op(I::GpuShared, &[ty(f), int(256), symbol("tile")], shared_t);
        let local = b.op(I::GpuLocalId, &[int(0)], i32t());
        let local = b.op(I::SextInt, &[ty(i64t()), local], i64t());
        let slot = b.op(I::AddInt, &[local, int(1)], i64t());
        let entry = b.here();
        let (head, body, exit) = (b.block(), b.block(), b.block());
        b.goto(head);
        b.at(head);
        let (left, sum) = (b.phi(i64t()), b.phi(f));
        let go = b.op(I::SltInt, &[int(0), left], builtin::bool_());
        b.branch(go, body, exit);
        b.at(body);
        let x = load(&mut b, p(1), i, f);
        store(&mut b, shared, x, slot, shared_t);
        b.op(I::GpuBarrier, &[], builtin::nothing());
        let y = load(&mut b, shared, slot, f);
        let next_sum = b.op(I::AddFloat, &[sum, y], f);
        b.op(I::GpuBarrier, &[], builtin::nothing());
        let next_left = b.op(I::SubInt, &[left, int(1)], i64t());
        b.goto(head);
        b.add_input(left, entry, p(3));
        b.add_input(left, body, next_left);
        b.add_input(sum, entry, Arg::Const(runtime::pin(Value::float32(0.0))));
        b.add_input(sum, body, next_sum);
        b.at(exit);
        store(&mut b, p(2), sum, i, pt);
        b.ret(Arg::Const(Value::nothing()));
        b.finish()
    }

    /// `i <= n || throw(BoundsError(nothing, i))`
    pub fn checked() -> TypedBody {
        let mut b = BodyBuilder::new("checked", &[i64t()], builtin::nothing());
        let i = global_index(&mut b);
        let (ok, bad) = (b.block(), b.block());
        let inside = b.op(I::SleInt, &[i, p(1)], builtin::bool_());
        b.branch(inside, ok, bad);
        b.at(ok);
        b.ret(Arg::Const(Value::nothing()));
        b.at(bad);
        let e = b.push(InstKind::New { args: vec![Arg::Const(Value::nothing()), i] }, builtin::bounds_error());
        b.call(B::Throw, &[e], builtin::bottom());
        b.unreachable();
        b.finish()
    }

    /// Sums `i` over each warp by exclusive-or shuffles, and takes a vote on `isodd(i)`.
    pub fn warp() -> TypedBody {
        let u = builtin::uint32();
        let pt = builtin::ptr_of(u);
        let mut b = BodyBuilder::new("warp", &[pt, pt], builtin::nothing());
        let i = global_index(&mut b);
        let mask = Arg::Const(runtime::pin(Value::uint32(u32::MAX)));
        let mut x = b.op(I::TruncInt, &[ty(u), i], u);
        for step in [16, 8, 4, 2, 1] {
            let other = b.op(I::GpuShfl, &[symbol("xor"), mask, x, int(step), int(32)], u);
            x = b.op(I::AddInt, &[x, other], u);
        }
        store(&mut b, p(1), x, i, pt);
        let bit = b.op(I::AndInt, &[i, int(1)], i64t());
        let odd_index = b.op(I::EqInt, &[bit, int(1)], builtin::bool_());
        let votes = b.op(I::GpuBallot, &[mask, odd_index], u);
        store(&mut b, p(2), votes, i, pt);
        b.ret(Arg::Const(Value::nothing()));
        b.finish()
    }
}

/// Hand-built functions of the runtime library, for tests that have no Julia.
pub mod library {
    use super::{BodyBuilder, int, p};
    use crate::link::{LibraryFunction, library_function};
    use crate::tree::{TreeUnit, emit_tree};
    use crate::{RuntimeFunction, TargetLowering, UnitOptions};
    use base::Symbol;
    use ir::typed::{InstKind, TypedBody};
    use runtime::Intrinsic as I;
    use types::builtin;

    fn report() -> BodyBuilder {
        let which = RuntimeFunction::ReportException;
        BodyBuilder::new(which.name(), &which.params(), which.ret())
    }

    /// Reports by a call of a C function with the first word of the state, the local ids, and all that it gets.
    pub fn report_by_call(symbol: &str) -> TypedBody {
        let mut b = report();
        let (i32, i64, ptr) = (builtin::int32(), builtin::int64(), builtin::ptr_of(builtin::nothing()));
        let state = b.op(I::GpuKernelState, &[], ptr);
        let words = builtin::ptr_of(ptr);
        let state = b.op(I::Bitcast, &[super::ty(words), state], words);
        let mut args = vec![b.op(I::Pointerref, &[state, int(1), int(8)], ptr)];
        args.extend((0..3).map(|dim| b.op(I::GpuLocalId, &[int(dim)], i32)));
        args.extend((1..=6).map(p));
        let arg_types = vec![ptr, i32, i32, i32, i32, i64, i64, i64, i64, ptr];
        let ret = builtin::bottom();
        b.push(InstKind::Foreign { name: Symbol::new(symbol), ret, arg_types, args }, ret);
        b.unreachable();
        let mut body = b.finish();
        body.inline = Some(true);
        body
    }

    /// Reports by writing the site to the state.
    pub fn report_to_state() -> TypedBody {
        let mut b = report();
        let state = b.op(I::GpuKernelState, &[], builtin::ptr_of(builtin::nothing()));
        let place =
            b.op(I::Bitcast, &[super::ty(builtin::ptr_of(builtin::int32())), state], builtin::ptr_of(builtin::int32()));
        b.op(I::Pointerset, &[place, p(1), int(2), int(4)], builtin::ptr_of(builtin::int32()));
        b.op(I::GpuExit, &[], builtin::bottom());
        b.unreachable();
        let mut body = b.finish();
        body.inline = Some(false);
        body
    }

    /// A body as the function of the library that it is.
    ///
    /// # Panics
    /// A body that cannot be compiled for the target.
    pub fn compile(body: &TypedBody, target: &dyn TargetLowering) -> (RuntimeFunction, LibraryFunction) {
        let which = RuntimeFunction::ALL.into_iter().find(|f| f.name() == body.name.as_str()).expect("such a function");
        let units = emit_tree(body, None, target, UnitOptions::default()).unwrap_or_else(|e| panic!("{e:#?}"));
        let inputs: Vec<_> = units.iter().map(TreeUnit::input).collect();
        (which, library_function(which, &inputs).unwrap_or_else(|e| panic!("{e}")))
    }
}
