//! Intrinsics. The reference semantics are `runtime::Intrinsic::eval`'s; what is undefined there
//! (division by zero of the unchecked forms, conversions out of range) is undefined here.

use crate::function::FunctionEmitter;
use crate::host_abi::Rk;
use crate::memory::Alias;
use crate::shape::{Form, Scalar, element_stride, is_inline, stored_size};
use crate::signature::Signature;
use crate::target::{Feature, FenceScope, IndexQuery, PrintArg, ShuffleMode};
use crate::value::Held;
use ir::typed::Arg;
use llvm::{AtomicOp, FloatPredicate, IntPredicate, Ordering, Value};
use runtime::Intrinsic;
use types::{Ty, builtin};

/// Family of the names of shared buffers that belong to one place in the code; the linker adds the unit.
pub(crate) const SITE_BUFFER: &str = "shared.site";

/// LLVM's `reassoc` and `contract`.
const REASSOCIATE: u32 = 1;
const CONTRACT: u32 = 1 << 5;
/// LLVM's `fast`.
const FAST: u32 = 0x7f;

impl<'m> FunctionEmitter<'_, 'm> {
    /// Calls an LLVM intrinsic that exists by construction.
    pub fn llvm_call(&self, name: &str, overloads: &[llvm::Type<'m>], args: &[Value<'m>]) -> Value<'m> {
        let f = self.u.module.intrinsic(name, overloads).unwrap_or_else(|| panic!("LLVM lost its intrinsic {name}"));
        self.b.call(f, args)
    }

    /// The scalar of an operand; an `i1` widened to the `i8` that a `Bool` is in memory.
    fn wide(&mut self, arg: Arg) -> Value<'m> {
        let v = self.scalar_of(arg);
        if v.ty().bits() == 1 && v.ty().is_int() { self.b.zext(v, self.u.context.int_type(8)) } else { v }
    }

    /// The scalar of an operand of primitive type.
    fn scalar_of(&mut self, arg: Arg) -> Value<'m> {
        let held = self.operand(arg);
        let held = self.materialise(&held);
        match held.shape.form {
            Form::Scalar(_) => held.scalar(),
            _ => {
                self.unsupported(format_args!("an intrinsic on a value of type `{}`", held.ty()));
                self.u.context.int_type(64).poison()
            }
        }
    }

    /// A pointer operand seen as the integer of its width, where an integer is wanted.
    fn as_int(&self, v: Value<'m>) -> Value<'m> {
        let t = v.ty();
        if t.is_pointer() {
            self.b.ptr_to_int(v, self.u.context.int_type(64))
        } else if t.is_float() {
            self.b.bitcast(v, self.u.context.int_type(t.bits()))
        } else {
            v
        }
    }

    fn scalar_held(&mut self, ty: Ty, v: Value<'m>) -> Held<'m> {
        let shape = self.u.shape(ty);
        match shape.form {
            Form::Scalar(s) => {
                let want = s.llvm_type(self.u.context);
                let v = if v.ty() == want { v } else { self.reinterpret(v, want) };
                Held::new(shape, vec![v])
            }
            _ => {
                self.unsupported(format_args!("an intrinsic with result type `{ty}`"));
                self.poison(ty)
            }
        }
    }

    /// Same bits, other scalar type; `i1` and `i8` convert as `Bool` does.
    fn reinterpret(&self, v: Value<'m>, to: llvm::Type<'m>) -> Value<'m> {
        let from = v.ty();
        if from == to {
            return v;
        }
        let i8 = self.u.context.int_type(8);
        if from.is_int() && from.bits() == 1 {
            return self.reinterpret(self.b.zext(v, i8), to);
        }
        if to.is_int() && to.bits() == 1 {
            let byte = self.reinterpret(v, i8);
            return self.b.trunc(byte, to);
        }
        match (from.is_pointer(), to.is_pointer()) {
            (true, true) => self.b.addrspace_cast(v, to),
            (true, false) => {
                let int = self.b.ptr_to_int(v, self.u.context.int_type(64));
                self.reinterpret(int, to)
            }
            (false, true) => {
                let int = self.as_int(v);
                self.b.int_to_ptr(int, to)
            }
            (false, false) if from.bits() == to.bits() => self.b.bitcast(v, to),
            // Widths that differ are an error that inference lets happen at run time.
            (false, false) => to.poison(),
        }
    }

    /// The target type of a conversion.
    fn target_type(&self, arg: Arg) -> Option<Ty> {
        let held = self.operand(arg);
        self.known(&held).and_then(runtime::Value::as_type)
    }

    fn fast(&self, v: Value<'m>) -> Value<'m> {
        v.set_fast_math(FAST);
        v
    }

    /// Reports what the machine does not have.
    pub fn require(&self, feature: Feature) {
        if !self.u.target.supports(feature) {
            self.unsupported(feature.describe());
        }
    }

    fn check_width(&self, v: Value<'m>) {
        if v.ty().is_int() && v.ty().bits() > 64 {
            self.require(Feature::Int128);
        } else if v.ty().is_float() && v.ty().bits() == 64 {
            self.require(Feature::Float64);
        } else if v.ty() == self.u.context.half_type() {
            self.require(Feature::Float16);
        }
    }

    pub fn intrinsic(&mut self, op: Intrinsic, args: &[Arg], ty: Ty) -> Held<'m> {
        use Intrinsic as I;
        match op {
            I::NegInt | I::NotInt | I::BswapInt | I::CtpopInt | I::CtlzInt | I::CttzInt => {
                let raw = self.scalar_of(args[0]);
                if op == I::NotInt && raw.ty().bits() == 1 && raw.ty().is_int() {
                    return self.bool(self.b.not(raw));
                }
                let a = self.wide(args[0]);
                let a = self.as_int(a);
                self.check_width(a);
                let t = a.ty();
                let no = self.int(1, 0);
                let v = match op {
                    I::NegInt => self.b.neg(a),
                    I::NotInt => self.b.not(a),
                    I::BswapInt if t.bits() == 8 => a,
                    I::BswapInt => self.llvm_call("llvm.bswap", &[t], &[a]),
                    I::CtpopInt => self.llvm_call("llvm.ctpop", &[t], &[a]),
                    I::CtlzInt => self.llvm_call("llvm.ctlz", &[t], &[a, no]),
                    _ => self.llvm_call("llvm.cttz", &[t], &[a, no]),
                };
                self.scalar_held(ty, v)
            }
            I::AndInt | I::OrInt | I::XorInt => {
                let (a, b) = (self.scalar_of(args[0]), self.scalar_of(args[1]));
                let (a, b) = (self.as_int(a), self.as_int(b));
                if a.ty() != b.ty() {
                    return self.poison(ty);
                }
                let v = match op {
                    I::AndInt => self.b.and(a, b),
                    I::OrInt => self.b.or(a, b),
                    _ => self.b.xor(a, b),
                };
                self.scalar_held(ty, v)
            }
            I::AddInt | I::SubInt | I::MulInt | I::SdivInt | I::UdivInt | I::SremInt | I::UremInt | I::FlipsignInt => {
                let (a, b) = (self.wide(args[0]), self.wide(args[1]));
                let (a, b) = (self.as_int(a), self.as_int(b));
                if a.ty() != b.ty() {
                    return self.poison(ty);
                }
                self.check_width(a);
                let v = match op {
                    I::AddInt => self.b.add(a, b),
                    I::SubInt => self.b.sub(a, b),
                    I::MulInt => self.b.mul(a, b),
                    I::SdivInt => self.b.sdiv(a, b),
                    I::UdivInt => self.b.udiv(a, b),
                    I::SremInt => self.signed_rem(a, b),
                    I::UremInt => self.b.urem(a, b),
                    _ => {
                        let sign = self.b.ashr(b, self.int(b.ty().bits(), u64::from(b.ty().bits()) - 1));
                        let flipped = self.b.xor(a, sign);
                        self.b.sub(flipped, sign)
                    }
                };
                self.scalar_held(ty, v)
            }
            I::CheckedSdivInt | I::CheckedUdivInt | I::CheckedSremInt | I::CheckedUremInt => {
                let (a, b) = (self.wide(args[0]), self.wide(args[1]));
                if a.ty() != b.ty() || !a.ty().is_int() {
                    return self.poison(ty);
                }
                self.check_width(a);
                let zero = b.ty().zero();
                let mut ok = self.b.icmp(IntPredicate::LLVMIntNE, b, zero);
                if op == I::CheckedSdivInt {
                    let bits = a.ty().bits();
                    let min = self.b.shl(self.int(bits, 1), self.int(bits, u64::from(bits) - 1));
                    let is_min = self.b.icmp(IntPredicate::LLVMIntEQ, a, min);
                    let is_neg1 = self.b.icmp(IntPredicate::LLVMIntEQ, b, b.ty().const_signed(-1));
                    let both = self.b.and(is_min, is_neg1);
                    ok = self.b.and(ok, self.b.not(both));
                }
                self.guard(ok, |this| this.throw_simple(Rk::ThrowDivide, "DivideError"));
                let v = match op {
                    I::CheckedSdivInt => self.b.sdiv(a, b),
                    I::CheckedUdivInt => self.b.udiv(a, b),
                    I::CheckedSremInt => self.signed_rem(a, b),
                    _ => self.b.urem(a, b),
                };
                self.scalar_held(ty, v)
            }
            I::CheckedSaddInt
            | I::CheckedUaddInt
            | I::CheckedSsubInt
            | I::CheckedUsubInt
            | I::CheckedSmulInt
            | I::CheckedUmulInt => {
                let (a, b) = (self.wide(args[0]), self.wide(args[1]));
                if a.ty() != b.ty() || !a.ty().is_int() {
                    return self.poison(ty);
                }
                self.check_width(a);
                let name = match op {
                    I::CheckedSaddInt => "llvm.sadd.with.overflow",
                    I::CheckedUaddInt => "llvm.uadd.with.overflow",
                    I::CheckedSsubInt => "llvm.ssub.with.overflow",
                    I::CheckedUsubInt => "llvm.usub.with.overflow",
                    I::CheckedSmulInt => "llvm.smul.with.overflow",
                    _ => "llvm.umul.with.overflow",
                };
                let pair = self.llvm_call(name, &[a.ty()], &[a, b]);
                let (value, overflow) = (self.b.extract_value(pair, 0), self.b.extract_value(pair, 1));
                let shape = self.u.shape(ty);
                if shape.parts().len() != 2 {
                    return self.poison(ty);
                }
                let want = shape.parts()[0].llvm_type(self.u.context);
                let value = self.reinterpret(value, want);
                Held::new(shape, vec![value, overflow])
            }
            I::ShlInt | I::LshrInt | I::AshrInt => self.shift(op, args, ty),
            I::EqInt | I::NeInt | I::SltInt | I::SleInt | I::UltInt | I::UleInt => {
                let (a, b) = (self.wide(args[0]), self.wide(args[1]));
                let (a, b) =
                    if a.ty().is_pointer() && a.ty() == b.ty() { (a, b) } else { (self.as_int(a), self.as_int(b)) };
                if a.ty() != b.ty() {
                    return self.poison(ty);
                }
                let predicate = match op {
                    I::EqInt => IntPredicate::LLVMIntEQ,
                    I::NeInt => IntPredicate::LLVMIntNE,
                    I::SltInt => IntPredicate::LLVMIntSLT,
                    I::SleInt => IntPredicate::LLVMIntSLE,
                    I::UltInt => IntPredicate::LLVMIntULT,
                    _ => IntPredicate::LLVMIntULE,
                };
                self.bool(self.b.icmp(predicate, a, b))
            }
            I::Bitcast
            | I::TruncInt
            | I::ZextInt
            | I::SextInt
            | I::Fptrunc
            | I::Fpext
            | I::Fptoui
            | I::Fptosi
            | I::Uitofp
            | I::Sitofp => self.conversion(op, args, ty),
            I::AddPtr | I::SubPtr => {
                let (p, n) = (self.scalar_of(args[0]), self.wide(args[1]));
                let n = self.as_int(n);
                let n = self.int_to_width(n, 64, true);
                let p = if p.ty().is_pointer() { p } else { self.b.int_to_ptr(p, self.u.pointer()) };
                let n = if op == I::SubPtr { self.b.neg(n) } else { n };
                let v = self.b.gep(self.u.context.int_type(8), p, n);
                self.scalar_held(ty, v)
            }
            I::ObjectPointer => {
                let object = self.operand(args[0]);
                let p = self.boxed(&object);
                self.scalar_held(ty, p)
            }
            I::LlvmCall => self.inline_llvm(args, ty),
            I::Pointerref => self.pointer_ref(args, ty),
            I::Pointerset => self.pointer_set(args),
            I::AtomicFence => {
                let order = self.ordering(args[0]).unwrap_or(Ordering::SeqCst);
                if !matches!(order, Ordering::Unordered | Ordering::Monotonic) {
                    self.b.fence(order, self.atomic_scope());
                }
                self.nothing()
            }
            I::AtomicPointerref => {
                let Some((p, scalar, elem)) = self.atomic_place(args[0]) else { return self.poison(ty) };
                let order = load_order(self.ordering(args[1]));
                let v = self.b.atomic_load(scalar.memory_type(self.u.context), p, scalar.size() as u32, order);
                self.atomic_value(v, scalar, elem)
            }
            I::AtomicPointerset => {
                let Some((p, scalar, elem)) = self.atomic_place(args[0]) else { return self.poison(ty) };
                let order = store_order(self.ordering(args[2]));
                let Some(x) = self.atomic_form(args[1], scalar, elem) else { return self.poison(ty) };
                self.b.atomic_store(x, p, scalar.size() as u32, order);
                self.operand(args[0])
            }
            I::AtomicPointerswap => {
                let Some((p, scalar, elem)) = self.atomic_place(args[0]) else { return self.poison(ty) };
                let order = self.ordering(args[2]).unwrap_or(Ordering::SeqCst);
                let Some(x) = self.atomic_form(args[1], scalar, elem) else { return self.poison(ty) };
                let old = self.atomic_exchange(p, x, order);
                self.atomic_value(old, scalar, elem)
            }
            I::AtomicPointermodify => self.atomic_modify(args, ty),
            I::AtomicPointerreplace => self.atomic_replace(args, ty),
            I::HaveFma => self.bool(self.int(1, 1)),
            _ if op.device_only() => self.device(op, args, ty),
            _ => self.float(op, args, ty),
        }
    }

    /// `srem` without the trap of `typemin % -1`.
    fn signed_rem(&self, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        let minus_one = b.ty().const_signed(-1);
        let is_neg1 = self.b.icmp(IntPredicate::LLVMIntEQ, b, minus_one);
        let safe = self.b.select(is_neg1, self.int(b.ty().bits(), 1), b);
        self.b.srem(a, safe)
    }

    fn int_to_width(&self, v: Value<'m>, bits: u32, signed: bool) -> Value<'m> {
        let to = self.u.context.int_type(bits);
        match v.ty().bits() {
            n if n == bits => v,
            n if n > bits => self.b.trunc(v, to),
            _ if signed => self.b.sext(v, to),
            _ => self.b.zext(v, to),
        }
    }

    fn shift(&mut self, op: Intrinsic, args: &[Arg], ty: Ty) -> Held<'m> {
        let (a, n) = (self.wide(args[0]), self.wide(args[1]));
        let (a, n) = (self.as_int(a), self.as_int(n));
        self.check_width(a);
        let bits = a.ty().bits();
        // Counts are unsigned. One too large for its type to be compared with the width cannot be too large.
        let over = if u64::from(bits) < (1u64 << n.ty().bits().min(63)) {
            self.b.icmp(IntPredicate::LLVMIntUGE, n, self.int(n.ty().bits(), bits.into()))
        } else {
            self.int(1, 0)
        };
        let count = self.int_to_width(n, bits, false);
        let v = if op == Intrinsic::AshrInt {
            let clamped = self.b.select(over, self.int(bits, u64::from(bits) - 1), count);
            self.b.ashr(a, clamped)
        } else {
            let shifted = if op == Intrinsic::ShlInt { self.b.shl(a, count) } else { self.b.lshr(a, count) };
            self.b.select(over, a.ty().zero(), shifted)
        };
        self.scalar_held(ty, v)
    }

    fn conversion(&mut self, op: Intrinsic, args: &[Arg], ty: Ty) -> Held<'m> {
        use Intrinsic as I;
        let to_ty = self.target_type(args[0]).unwrap_or(ty);
        let shape = self.u.shape(to_ty);
        let Form::Scalar(to) = shape.form else {
            return self.poison(ty);
        };
        let to_llvm = to.llvm_type(self.u.context);
        if op == I::Bitcast {
            let v = self.scalar_of(args[1]);
            let v = self.reinterpret(v, to_llvm);
            return Held::new(shape, vec![v]);
        }
        let v = self.wide(args[1]);
        let v = if matches!(op, I::TruncInt | I::ZextInt | I::SextInt | I::Uitofp | I::Sitofp) {
            self.as_int(v)
        } else {
            v
        };
        self.check_width(v);
        let memory = to.memory_type(self.u.context);
        let memory_int = self.u.context.int_type(if memory.is_pointer() { 64 } else { memory.bits() });
        let v = match op {
            I::TruncInt if to == Scalar::Bool => self.b.trunc(v, to_llvm),
            I::TruncInt => self.int_to_width(v, memory_int.bits(), false),
            I::ZextInt => self.int_to_width(v, memory_int.bits(), false),
            I::SextInt => self.int_to_width(v, memory_int.bits(), true),
            I::Fptrunc if v.ty().bits() > to_llvm.bits() => self.b.fptrunc(v, to_llvm),
            I::Fpext if v.ty().bits() < to_llvm.bits() => self.b.fpext(v, to_llvm),
            I::Fptrunc | I::Fpext => v,
            // Out of range is poison to LLVM; freezing makes it just some number.
            I::Fptoui => self.b.freeze(self.b.fptoui(v, memory_int)),
            I::Fptosi => self.b.freeze(self.b.fptosi(v, memory_int)),
            I::Uitofp => self.b.uitofp(v, to_llvm),
            _ => self.b.sitofp(v, to_llvm),
        };
        self.check_width(v);
        let v = self.reinterpret(v, to_llvm);
        Held::new(shape, vec![v])
    }

    fn float(&mut self, op: Intrinsic, args: &[Arg], ty: Ty) -> Held<'m> {
        use Intrinsic as I;
        let v: Vec<Value<'m>> = args.iter().map(|&a| self.scalar_of(a)).collect();
        if v.iter().any(|x| !x.ty().is_float() || x.ty() != v[0].ty()) {
            // Arithmetic of another kind of primitive: an error at run time by the reference semantics.
            self.unsupported(format_args!(
                "`{}` on operands that are no floating-point numbers of one type",
                op.name()
            ));
            return self.poison(ty);
        }
        self.check_width(v[0]);
        let t = v[0].ty();
        use FloatPredicate as P;
        let compare = |p| self.bool(self.b.fcmp(p, v[0], v[1]));
        let result = match op {
            I::NegFloat => self.b.fneg(v[0]),
            I::AddFloat => self.b.fadd(v[0], v[1]),
            I::SubFloat => self.b.fsub(v[0], v[1]),
            I::MulFloat => self.b.fmul(v[0], v[1]),
            I::DivFloat => self.b.fdiv(v[0], v[1]),
            I::RemFloat => self.b.frem(v[0], v[1]),
            I::FmaFloat | I::MuladdFloat if t.bits() == 16 && !self.u.target.has_half_fma() => self.half_fma(&v),
            I::FmaFloat => self.llvm_call("llvm.fma", &[t], &v),
            I::MuladdFloat => self.llvm_call("llvm.fmuladd", &[t], &v),
            I::NegFloatFast => self.fast(self.b.fneg(v[0])),
            I::AddFloatFast => self.fast(self.b.fadd(v[0], v[1])),
            I::SubFloatFast => self.fast(self.b.fsub(v[0], v[1])),
            I::MulFloatFast => self.fast(self.b.fmul(v[0], v[1])),
            I::DivFloatFast => self.fast(self.b.fdiv(v[0], v[1])),
            I::RemFloatFast => self.fast(self.b.frem(v[0], v[1])),
            I::MinFloat => self.llvm_call("llvm.minimum", &[t], &v),
            I::MaxFloat => self.llvm_call("llvm.maximum", &[t], &v),
            I::MinFloatFast => self.fast(self.llvm_call("llvm.minimum", &[t], &v)),
            I::MaxFloatFast => self.fast(self.llvm_call("llvm.maximum", &[t], &v)),
            I::EqFloat | I::EqFloatFast => return compare(P::LLVMRealOEQ),
            I::NeFloat | I::NeFloatFast => return compare(P::LLVMRealUNE),
            I::LtFloat | I::LtFloatFast => return compare(P::LLVMRealOLT),
            I::LeFloat | I::LeFloatFast => return compare(P::LLVMRealOLE),
            I::Fpiseq => {
                let same = self.same_bits(v[0], v[1]);
                let (na, nb) = (self.b.fcmp(P::LLVMRealUNO, v[0], v[0]), self.b.fcmp(P::LLVMRealUNO, v[1], v[1]));
                let both = self.b.and(na, nb);
                return self.bool(self.b.or(same, both));
            }
            I::AbsFloat => self.llvm_call("llvm.fabs", &[t], &v),
            I::CopysignFloat => self.llvm_call("llvm.copysign", &[t], &v),
            I::CeilLlvm => self.llvm_call("llvm.ceil", &[t], &v),
            I::FloorLlvm => self.llvm_call("llvm.floor", &[t], &v),
            I::RintLlvm => self.llvm_call("llvm.rint", &[t], &v),
            I::TruncLlvm => self.llvm_call("llvm.trunc", &[t], &v),
            I::SqrtLlvm => self.llvm_call("llvm.sqrt", &[t], &v),
            I::SqrtLlvmFast => self.fast(self.llvm_call("llvm.sqrt", &[t], &v)),
            _ => {
                self.unsupported(format_args!("the intrinsic `{}`", op.name()));
                return self.poison(ty);
            }
        };
        if self.is_fast_body() {
            result.set_fast_math(FAST);
        } else if self.may_reassociate() {
            result.set_fast_math(REASSOCIATE | CONTRACT);
        }
        self.scalar_held(ty, result)
    }

    /// The product is exact in double precision, and 53 bits are enough for the second rounding to be harmless.
    fn half_fma(&self, v: &[Value<'m>]) -> Value<'m> {
        let double = self.u.context.double_type();
        let wide: Vec<Value<'m>> = v.iter().map(|&x| self.b.fpext(x, double)).collect();
        let product = self.b.fmul(wide[0], wide[1]);
        self.b.fptrunc(self.b.fadd(product, wide[2]), v[0].ty())
    }

    // ---- raw pointers --------------------------------------------------------------------------

    /// The declared element type of a pointer operand and its address.
    fn pointer(&mut self, arg: Arg) -> Option<(Value<'m>, Ty)> {
        let held = self.operand(arg);
        let elem = held.ty().params().first().copied();
        let held = self.materialise(&held);
        match (elem, &held.shape.form) {
            (Some(elem), Form::Scalar(Scalar::Pointer(_))) => Some((held.scalar(), elem)),
            _ => {
                self.unsupported(format_args!("a memory access through a value of type `{}`", held.ty()));
                None
            }
        }
    }

    /// What an access through a pointer may touch: pointers of address spaces come from arrays, a `Ptr` from anywhere.
    fn pointed_at(&self, arg: Arg) -> Alias {
        let named = |name: &str| self.operand(arg).ty().name().is_some_and(|n| n.name().as_str() == name);
        if named("Ptr") { Alias::Raw } else { Alias::Data }
    }

    fn element_address(&mut self, p: Value<'m>, elem: Ty, index: Arg) -> Value<'m> {
        let index = self.wide(index);
        let index = self.int_to_width(index, 64, true);
        let zero_based = self.b.sub(index, self.int(64, 1));
        let stride = element_stride(elem);
        let element = self.u.context.int_type(8).array(stride);
        self.b.inbounds_gep(element, p, zero_based)
    }

    fn pointer_ref(&mut self, args: &[Arg], ty: Ty) -> Held<'m> {
        let Some((p, elem)) = self.pointer(args[0]) else { return self.poison(ty) };
        let alias = self.pointed_at(args[0]);
        let address = self.element_address(p, elem, args[1]);
        self.load_place(address, elem, alias, false, false)
    }

    fn pointer_set(&mut self, args: &[Arg]) -> Held<'m> {
        let target = self.operand(args[0]);
        let Some((p, elem)) = self.pointer(args[0]) else { return target };
        let alias = self.pointed_at(args[0]);
        let address = self.element_address(p, elem, args[2]);
        let x = self.operand(args[1]);
        self.store_place(&x, address, elem, alias);
        target
    }

    // ---- atomics -------------------------------------------------------------------------------

    fn atomic_scope(&self) -> Option<u32> {
        self.u.target.atomic_scope().map(|name| self.u.context.sync_scope(name))
    }

    /// The memory ordering that a symbol names.
    fn ordering(&self, arg: Arg) -> Option<Ordering> {
        let held = self.operand(arg);
        let name = self.known(&held)?.as_symbol()?;
        Some(match name.as_str() {
            "unordered" => Ordering::Unordered,
            "monotonic" => Ordering::Monotonic,
            "acquire" => Ordering::Acquire,
            "release" => Ordering::Release,
            "acquire_release" => Ordering::AcqRel,
            "sequentially_consistent" => Ordering::SeqCst,
            _ => return None,
        })
    }

    /// Where an atomic access goes, and what the machine accesses there.
    fn atomic_place(&mut self, arg: Arg) -> Option<(Value<'m>, Scalar, Ty)> {
        let place = self.atomic_element(arg)?;
        match place.1.size() {
            1 | 2 => self.require(Feature::SmallAtomics),
            8 => self.require(Feature::WideAtomics),
            _ => {}
        }
        Some(place)
    }

    fn atomic_element(&mut self, arg: Arg) -> Option<(Value<'m>, Scalar, Ty)> {
        let (p, elem) = self.pointer(arg)?;
        if !is_inline(elem) {
            return Some((p, self.u.reference(), elem));
        }
        match self.u.shape(elem).form {
            Form::Scalar(s) => Some((p, s, elem)),
            _ => {
                // Small structs are exchanged as the integer of their bytes.
                let (size, _) = stored_size(elem);
                if size.is_power_of_two() && size <= 8 {
                    return Some((p, Scalar::Int(8 * size as u32), elem));
                }
                self.unsupported(format_args!("an atomic access to a value of type `{elem}`"));
                None
            }
        }
    }

    /// A value in the form in which it is exchanged atomically.
    fn atomic_form(&mut self, arg: Arg, scalar: Scalar, elem: Ty) -> Option<Value<'m>> {
        let held = self.operand(arg);
        if scalar.is_reference() {
            return Some(self.boxed(&held));
        }
        let held = self.coerce(&held, elem);
        if self.ended {
            return None;
        }
        Some(match held.shape.form {
            Form::Scalar(Scalar::Bool) => self.b.zext(held.scalar(), self.u.context.int_type(8)),
            Form::Scalar(_) => held.scalar(),
            _ => {
                let ptr = self.spill(&held);
                self.b.load(scalar.memory_type(self.u.context), ptr, 1)
            }
        })
    }

    fn atomic_value(&mut self, v: Value<'m>, scalar: Scalar, elem: Ty) -> Held<'m> {
        if scalar.is_reference() {
            return self.behind_reference(v, elem, false);
        }
        let shape = self.u.shape(elem);
        match shape.form {
            Form::Scalar(Scalar::Bool) => {
                let bit = self.b.trunc(v, self.u.context.int_type(1));
                Held::new(shape, vec![bit])
            }
            Form::Scalar(_) => Held::new(shape, vec![v]),
            _ => {
                let slot = self.slot(scalar.size(), 8);
                self.b.store(v, slot, 1);
                self.load_inline(slot, elem, Alias::Stack, true)
            }
        }
    }

    fn atomic_exchange(&mut self, p: Value<'m>, x: Value<'m>, order: Ordering) -> Value<'m> {
        // Exchanges of floats go as integers: not every target has the others.
        let t = x.ty();
        let as_int = if t.is_float() { self.as_int(x) } else { x };
        let old = self.b.atomic_rmw(AtomicOp::Xchg, p, as_int, rmw_order(order), self.atomic_scope());
        self.reinterpret(old, t)
    }

    /// `(pointer, op, x, order) -> old => new`.
    fn atomic_modify(&mut self, args: &[Arg], ty: Ty) -> Held<'m> {
        let Some((p, scalar, elem)) = self.atomic_place(args[0]) else { return self.poison(ty) };
        let f = self.operand(args[1]);
        let name = f.ty().name().and_then(|n| n.function()).map(|s| s.as_str().to_owned()).unwrap_or_default();
        let Some(x) = self.atomic_form(args[2], scalar, elem) else { return self.poison(ty) };
        let order = rmw_order(self.ordering(args[3]).unwrap_or(Ordering::SeqCst));
        let signed = is_signed(elem);
        let float = x.ty().is_float();
        let op = match (name.as_str(), float) {
            ("+", false) => Some(AtomicOp::Add),
            ("-", false) => Some(AtomicOp::Sub),
            ("&", false) => Some(AtomicOp::And),
            ("|", false) => Some(AtomicOp::Or),
            ("xor" | "⊻", false) => Some(AtomicOp::Xor),
            ("max", false) => Some(if signed { AtomicOp::Max } else { AtomicOp::UMax }),
            ("min", false) => Some(if signed { AtomicOp::Min } else { AtomicOp::UMin }),
            ("+", true) => Some(AtomicOp::FAdd),
            ("-", true) => Some(AtomicOp::FSub),
            _ => None,
        };
        let (old, new) = if name == "right" {
            (self.atomic_exchange(p, x, order), x)
        } else if let Some(op) = op.filter(|_| !scalar.is_reference() && scalar != Scalar::Bool) {
            let space = p.ty().address_space().unwrap_or(0);
            let old = if float && !self.u.target.has_float_atomics(x.ty().bits(), space) {
                self.float_update(op, p, x, order)
            } else {
                self.b.atomic_rmw(op, p, x, order, self.atomic_scope())
            };
            let new = match op {
                AtomicOp::Add => self.b.add(old, x),
                AtomicOp::Sub => self.b.sub(old, x),
                AtomicOp::And => self.b.and(old, x),
                AtomicOp::Or => self.b.or(old, x),
                AtomicOp::Xor => self.b.xor(old, x),
                AtomicOp::FAdd => self.b.fadd(old, x),
                AtomicOp::FSub => self.b.fsub(old, x),
                AtomicOp::Max => self.pick(IntPredicate::LLVMIntSGT, old, x),
                AtomicOp::Min => self.pick(IntPredicate::LLVMIntSLT, old, x),
                AtomicOp::UMax => self.pick(IntPredicate::LLVMIntUGT, old, x),
                _ => self.pick(IntPredicate::LLVMIntULT, old, x),
            };
            (old, new)
        } else {
            self.unsupported(format_args!("an atomic update with `{name}` of a value of type `{elem}`"));
            return self.poison(ty);
        };
        let (old, new) = (self.atomic_value(old, scalar, elem), self.atomic_value(new, scalar, elem));
        self.assemble(ty, &[old, new])
    }

    /// Adds or subtracts by comparing and exchanging until nobody came between; gives what was there.
    fn float_update(&self, op: AtomicOp, p: Value<'m>, x: Value<'m>, order: Ordering) -> Value<'m> {
        let (b, t) = (&self.b, x.ty());
        let int = self.u.context.int_type(t.bits());
        let first = b.atomic_load(int, p, t.bits() / 8, Ordering::Monotonic);
        let (origin, again, done) = (b.block(), self.new_block(), self.new_block());
        b.br(again);
        b.position_at_end(again);
        let seen = b.phi(int);
        b.add_incoming(seen, first, origin);
        let old = b.bitcast(seen, t);
        let new = if op == AtomicOp::FSub { b.fsub(old, x) } else { b.fadd(old, x) };
        let pair = b.cmpxchg(p, seen, b.bitcast(new, int), order, Ordering::Monotonic, self.atomic_scope());
        b.add_incoming(seen, b.extract_value(pair, 0), again);
        b.cond_br(b.extract_value(pair, 1), done, again);
        b.position_at_end(done);
        old
    }

    fn pick(&self, predicate: IntPredicate, a: Value<'m>, b: Value<'m>) -> Value<'m> {
        let first = self.b.icmp(predicate, a, b);
        self.b.select(first, a, b)
    }

    /// `(pointer, expected, new, success order, failure order) -> (old, success)`.
    fn atomic_replace(&mut self, args: &[Arg], ty: Ty) -> Held<'m> {
        let Some((p, scalar, elem)) = self.atomic_place(args[0]) else { return self.poison(ty) };
        let (Some(expected), Some(new)) =
            (self.atomic_form(args[1], scalar, elem), self.atomic_form(args[2], scalar, elem))
        else {
            return self.poison(ty);
        };
        let success = rmw_order(self.ordering(args[3]).unwrap_or(Ordering::SeqCst));
        let failure = match load_order(self.ordering(args[4])) {
            Ordering::Unordered => Ordering::Monotonic,
            order => order,
        };
        let t = expected.ty();
        let (e, n) = if t.is_float() { (self.as_int(expected), self.as_int(new)) } else { (expected, new) };
        let pair = self.b.cmpxchg(p, e, n, success, failure, self.atomic_scope());
        let old = self.b.extract_value(pair, 0);
        let done = self.b.extract_value(pair, 1);
        let old = self.reinterpret(old, t);
        let old = self.atomic_value(old, scalar, elem);
        let done = self.bool(done);
        self.assemble(ty, &[old, done])
    }

    // ---- device --------------------------------------------------------------------------------

    /// An operand that has to be a constant.
    pub(crate) fn constant_operand(&self, arg: Arg) -> Option<runtime::Value> {
        let held = self.operand(arg);
        self.known(&held)
    }

    fn use_state(&self) {
        self.u.info.borrow_mut().uses_state = true;
    }

    fn device(&mut self, op: Intrinsic, args: &[Arg], ty: Ty) -> Held<'m> {
        use Intrinsic as I;
        let target = self.u.target;
        let name = op.name();
        if matches!(op, I::GpuShfl | I::GpuBallot) {
            self.use_state();
            self.u.info.borrow_mut().has_barrier |= target.shuffles_wait();
        }
        let missing = |this: &Self| {
            this.unsupported(format_args!("`{name}`"));
            this.poison(ty)
        };
        match op {
            I::GpuLocalId | I::GpuGroupId | I::GpuGroupSize | I::GpuNumGroups => {
                let query = match op {
                    I::GpuLocalId => IndexQuery::LocalId,
                    I::GpuGroupId => IndexQuery::GroupId,
                    I::GpuGroupSize => IndexQuery::GroupSize,
                    _ => IndexQuery::NumGroups,
                };
                let dim = self.constant_operand(args[0]).and_then(runtime::Value::as_any_int);
                let Some(dim) = dim.filter(|d| (0..3).contains(d)) else {
                    self.unsupported(format_args!("`{name}` of a dimension that is not a constant 0, 1 or 2"));
                    return self.poison(ty);
                };
                self.use_state();
                match target.index(&self.site(), query, dim as u32) {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuBarrier => {
                self.u.info.borrow_mut().has_barrier = true;
                self.use_state();
                if target.barrier(&self.site()) { self.nothing() } else { missing(self) }
            }
            I::GpuFence => {
                let scope = self.constant_operand(args[0]).and_then(runtime::Value::as_symbol);
                let scope = match scope.map_or("device", |s| s.as_str()) {
                    "block" | "group" | "workgroup" => FenceScope::Group,
                    "system" => FenceScope::System,
                    _ => FenceScope::Device,
                };
                if target.fence(&self.site(), scope) { self.nothing() } else { missing(self) }
            }
            I::GpuShared => {
                let elem = self.target_type(args[0]);
                let len = self
                    .constant_operand(args[1])
                    .and_then(runtime::Value::as_any_int)
                    .and_then(|n| u64::try_from(n).ok());
                let id = self.constant_operand(args[2]);
                let (Some(elem), Some(len), Some(id)) = (elem, len, id) else {
                    self.unsupported("shared memory whose type, length or identity is not constant");
                    return self.poison(ty);
                };
                // `:site` asks for a buffer of this place in the code alone; any other identity names one
                // buffer of the kernel.
                let name = if text_of(id) == "site" {
                    self.u.fresh(SITE_BUFFER)
                } else {
                    symbol_text(&format!("shared.{}.{elem}.{len}", text_of(id)))
                };
                let (_, align) = stored_size(elem);
                self.use_state();
                match target.shared(&self.site(), &name, len * element_stride(elem), align.max(16)) {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuSharedDynamic => {
                let offset = self.wide(args[1]);
                let offset = self.int_to_width(offset, 64, false);
                self.use_state();
                match target.shared_dynamic(&self.site(), offset) {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuLaneId | I::GpuWarpSize => {
                self.use_state();
                let site = self.site();
                let v = if op == I::GpuLaneId { target.lane_id(&site) } else { target.warp_size(&site) };
                match v {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuShfl => {
                let mode = self.constant_operand(args[0]);
                let mode = match mode.map(text_of).as_deref() {
                    Some("idx" | "0") => ShuffleMode::Index,
                    Some("up" | "1") => ShuffleMode::Up,
                    Some("down" | "2") => ShuffleMode::Down,
                    Some("xor" | "bfly" | "3") => ShuffleMode::Xor,
                    _ => {
                        self.unsupported("a shuffle whose mode is not a constant");
                        return self.poison(ty);
                    }
                };
                let mask = self.wide(args[1]);
                let mask = self.int_to_width(mask, 32, false);
                let value = self.wide(args[2]);
                let lane = self.wide(args[3]);
                let lane = self.int_to_width(lane, 32, false);
                let width = self.wide(args[4]);
                let width = self.int_to_width(width, 32, false);
                match self.shuffle_any(mode, mask, value, lane, width) {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuBallot => {
                let mask = self.wide(args[0]);
                let mask = self.int_to_width(mask, 32, false);
                let p = self.operand(args[1]);
                let p = self.coerce(&p, builtin::bool_()).scalar();
                match target.ballot(&self.site(), mask, p) {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuPrint => self.device_print(args),
            I::GpuCall => self.call_function(args, ty),
            I::GpuLoadConstant => {
                let Some((p, elem)) = self.pointer(args[0]) else { return self.poison(ty) };
                let address = self.element_address(p, elem, args[1]);
                let held = self.load_place(address, elem, Alias::Data, false, true);
                let node = self.u.context.md_node(&[]);
                for &part in &held.parts {
                    // A `Bool` is cut out of the byte that is loaded.
                    let load = if part.opcode() == Some(llvm::Opcode::LLVMTrunc) { part.operand(0) } else { part };
                    if load.opcode() == Some(llvm::Opcode::LLVMLoad) {
                        self.u.module.set_metadata(load, "invariant.load", node);
                    }
                }
                held
            }
            I::GpuKernelState => {
                self.use_state();
                self.u.info.borrow_mut().kernel_state = true;
                match self.site().state {
                    Some(v) => self.scalar_held(ty, v),
                    None => missing(self),
                }
            }
            I::GpuExit => {
                if !target.exit(&self.site()) {
                    missing(self);
                }
                self.end();
                self.poison(ty)
            }
            _ => {
                let kind = self.constant_operand(args[0]).map_or_else(|| "Exception".to_owned(), text_of);
                let mut numbers = Vec::new();
                let mut message = None;
                for &arg in &args[1..] {
                    let held = self.operand(arg);
                    match held.constant.and_then(runtime::Value::as_text) {
                        Some(text) => message = Some(text.into_owned()),
                        None => self.integers_of(&held, &mut numbers),
                    }
                }
                self.throw_site(&kind, message, &numbers);
                self.end();
                self.poison(ty)
            }
        }
    }

    /// `(address, Tuple{types...}, f, args...)`.
    fn call_function(&mut self, args: &[Arg], ty: Ty) -> Held<'m> {
        let Some(types) = self.target_type(args[1]) else {
            self.unsupported("calling a function of unknown argument types");
            return self.poison(ty);
        };
        let callee = self.operand(args[2]);
        let address = self.scalar_of(args[0]);
        let mut params = vec![callee.ty()];
        params.extend_from_slice(types.params());
        if params.len() != args.len() - 2 {
            self.unsupported(format_args!("calling a function of `{types}` with {} arguments", args.len() - 3));
            return self.poison(ty);
        }
        // Of the pointer's type, as inference saw it.
        let ret = self.operand(args[0]).ty().params()[0];
        self.use_state();
        let signature = Signature::of_types(&params, ret, self.u.hidden());
        let held = self.operands(&args[2..]);
        self.call_address(address, &signature, &held)
    }

    /// Shuffles work on 32 bits: others are widened or cut into pieces.
    fn shuffle_any(
        &mut self,
        mode: ShuffleMode,
        mask: Value<'m>,
        value: Value<'m>,
        lane: Value<'m>,
        width: Value<'m>,
    ) -> Option<Value<'m>> {
        let t = value.ty();
        let int = self.as_int(value);
        let i32 = self.u.context.int_type(32);
        let target = self.u.target;
        let shuffled = if int.ty().bits() <= 32 {
            let bits = int.ty().bits();
            let wide = self.int_to_width(int, 32, false);
            let v = target.shuffle(&self.site(), mode, mask, wide, lane, width)?;
            self.int_to_width(v, bits, false)
        } else {
            let bits = int.ty().bits();
            let mut whole = int.ty().zero();
            for piece in 0..bits.div_ceil(32) {
                let amount = self.int(bits, u64::from(piece) * 32);
                let low = self.b.lshr(int, amount);
                let v = target.shuffle(&self.site(), mode, mask, self.b.trunc(low, i32), lane, width)?;
                let back = self.b.shl(self.b.zext(v, int.ty()), amount);
                whole = self.b.or(whole, back);
            }
            whole
        };
        Some(self.reinterpret(shuffled, t))
    }

    fn device_print(&mut self, args: &[Arg]) -> Held<'m> {
        let Some(format) = self.constant_operand(args[0]).map(text_of) else {
            self.unsupported("printing with a format that is not a constant string");
            return self.nothing();
        };
        let mut found = Vec::new();
        for &arg in &args[1..] {
            let held = self.operand(arg);
            if let Some(text) = held.constant.and_then(runtime::Value::as_bytes) {
                let mut bytes = text.to_vec();
                bytes.push(0);
                found.push(PrintArg { value: self.u.constant_bytes(&bytes, 1) });
                continue;
            }
            let held = self.materialise(&held);
            let Form::Scalar(scalar) = held.shape.form else {
                self.unsupported(format_args!("printing a value of type `{}`", held.ty()));
                return self.nothing();
            };
            let v = held.scalar();
            let value = match scalar {
                Scalar::Double => v,
                Scalar::Half | Scalar::BFloat | Scalar::Float => self.b.fpext(v, self.u.context.double_type()),
                Scalar::Pointer(_) | Scalar::Reference(_) => v,
                Scalar::Bool => self.b.zext(v, self.u.context.int_type(64)),
                Scalar::Int(_) => self.int_to_width(v, 64, is_signed(held.ty())),
            };
            found.push(PrintArg { value });
        }
        self.use_state();
        if !self.u.target.print(&self.site(), &format, &found) {
            self.unsupported("printing");
        }
        self.nothing()
    }
}

/// The text of a constant that names something: a `Symbol`, a `String`, an integer.
pub(crate) fn text_of(v: runtime::Value) -> String {
    if let Some(s) = v.as_symbol() {
        return s.as_str().to_owned();
    }
    if let Some(text) = v.as_text() {
        return text.into_owned();
    }
    if let Some(n) = v.as_any_int() {
        return n.to_string();
    }
    if let Some(t) = v.as_type() {
        return t.to_string();
    }
    v.type_of().to_string()
}

/// A text as a symbol that every assembler takes.
pub(crate) fn symbol_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' => out.push(c),
            other => out.push_str(&format!("_{:x}_", other as u32)),
        }
    }
    out
}

pub(crate) fn is_signed(ty: Ty) -> bool {
    types::subtype(ty, builtin::signed())
}

fn load_order(order: Option<Ordering>) -> Ordering {
    match order {
        Some(Ordering::Release | Ordering::AcqRel) | None => Ordering::SeqCst,
        Some(other) => other,
    }
}

fn store_order(order: Option<Ordering>) -> Ordering {
    match order {
        Some(Ordering::Acquire | Ordering::AcqRel) | None => Ordering::SeqCst,
        Some(other) => other,
    }
}

fn rmw_order(order: Ordering) -> Ordering {
    if order == Ordering::Unordered { Ordering::Monotonic } else { order }
}
