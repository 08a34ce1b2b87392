//! Result types of intrinsics.

use crate::lattice::Lat;
use crate::ty;
use runtime::{Intrinsic, Value};
use types::{Ty, builtin};

/// What is known of a call of an intrinsic.
pub struct IntrinsicResult {
    pub lat: Lat,
    /// Cannot throw (the operand types fit and no operand value is refused).
    pub nothrow: bool,
    /// The operands are known well enough to compile the call.
    pub compilable: bool,
}

/// How an intrinsic's result follows from its operands.
enum Shape {
    /// The type of operand `n`, after checking that all operands from there on are primitive; the operands
    /// have one type if `same`.
    Like {
        operand: usize,
        same: bool,
    },
    Bool {
        same: bool,
    },
    /// `Tuple{T, Bool}` of the operands' type.
    WithOverflow,
    /// The type that operand 0 names.
    Convert,
    Other,
}

fn shape(op: Intrinsic) -> Shape {
    use Intrinsic as I;
    match op {
        I::NegInt | I::NotInt | I::BswapInt | I::CtpopInt | I::CtlzInt | I::CttzInt => {
            Shape::Like { operand: 0, same: true }
        }
        I::AddInt | I::SubInt | I::MulInt | I::SdivInt | I::UdivInt | I::SremInt | I::UremInt => {
            Shape::Like { operand: 0, same: true }
        }
        I::CheckedSdivInt | I::CheckedUdivInt | I::CheckedSremInt | I::CheckedUremInt => {
            Shape::Like { operand: 0, same: true }
        }
        I::CheckedSaddInt
        | I::CheckedUaddInt
        | I::CheckedSsubInt
        | I::CheckedUsubInt
        | I::CheckedSmulInt
        | I::CheckedUmulInt => Shape::WithOverflow,
        I::AndInt | I::OrInt | I::XorInt | I::FlipsignInt => Shape::Like { operand: 0, same: true },
        I::ShlInt | I::LshrInt | I::AshrInt => Shape::Like { operand: 0, same: false },
        I::EqInt | I::NeInt | I::SltInt | I::SleInt | I::UltInt | I::UleInt => Shape::Bool { same: true },
        I::EqFloat
        | I::NeFloat
        | I::LtFloat
        | I::LeFloat
        | I::EqFloatFast
        | I::NeFloatFast
        | I::LtFloatFast
        | I::LeFloatFast
        | I::Fpiseq => Shape::Bool { same: true },
        I::NegFloat
        | I::AddFloat
        | I::SubFloat
        | I::MulFloat
        | I::DivFloat
        | I::RemFloat
        | I::FmaFloat
        | I::MuladdFloat
        | I::NegFloatFast
        | I::AddFloatFast
        | I::SubFloatFast
        | I::MulFloatFast
        | I::DivFloatFast
        | I::RemFloatFast
        | I::MinFloat
        | I::MaxFloat
        | I::MinFloatFast
        | I::MaxFloatFast
        | I::AbsFloat
        | I::CopysignFloat
        | I::CeilLlvm
        | I::FloorLlvm
        | I::RintLlvm
        | I::TruncLlvm
        | I::SqrtLlvm
        | I::SqrtLlvmFast => Shape::Like { operand: 0, same: true },
        I::Bitcast
        | I::TruncInt
        | I::ZextInt
        | I::SextInt
        | I::Fptrunc
        | I::Fpext
        | I::Fptoui
        | I::Fptosi
        | I::Uitofp
        | I::Sitofp => Shape::Convert,
        _ => Shape::Other,
    }
}

/// No side effect and a result that depends on the operands alone.
pub fn is_pure(op: Intrinsic) -> bool {
    !matches!(shape(op), Shape::Other)
}

/// Pure on all operands of the right types.
pub fn never_throws(op: Intrinsic) -> bool {
    use Intrinsic as I;
    let divides = matches!(
        op,
        I::SdivInt
            | I::UdivInt
            | I::SremInt
            | I::UremInt
            | I::CheckedSdivInt
            | I::CheckedUdivInt
            | I::CheckedSremInt
            | I::CheckedUremInt
    );
    is_pure(op) && !divides
}

/// Asks the device something whose answer is the same all through a work-item's life.
pub fn is_query(op: Intrinsic) -> bool {
    use Intrinsic as I;
    matches!(
        op,
        I::GpuLocalId
            | I::GpuGroupId
            | I::GpuGroupSize
            | I::GpuNumGroups
            | I::GpuLaneId
            | I::GpuWarpSize
            | I::GpuKernelState
    )
}

/// No side effect (a load counts as none).
pub fn is_effect_free(op: Intrinsic) -> bool {
    use Intrinsic as I;
    is_pure(op)
        || is_query(op)
        || matches!(
            op,
            I::AddPtr
                | I::SubPtr
                | I::Pointerref
                | I::ObjectPointer
                | I::HaveFma
                | I::GpuShared
                | I::GpuSharedDynamic
                | I::GpuLoadConstant
        )
}

/// Transfer function of all intrinsics. `args` are the operands without the intrinsic itself.
pub fn intrinsic(op: Intrinsic, args: &[Lat]) -> IntrinsicResult {
    let unknown = |lat: Lat| IntrinsicResult { lat, nothrow: false, compilable: false };
    let (min, max) = op.arity();
    if args.len() < min || args.len() > max {
        return unknown(Lat::Bottom);
    }
    if is_pure(op)
        && let Some(values) = args.iter().map(Lat::as_const).collect::<Option<Vec<Value>>>()
    {
        // An error is left to happen at run time, where it has a place and a trace.
        if let Ok(v) = op.eval(&values) {
            return IntrinsicResult { lat: Lat::constant(v), nothrow: true, compilable: true };
        }
    }
    let widened: Vec<Ty> = args.iter().map(Lat::widen).collect();
    let primitive = |t: &Ty| ty::is_primitive(*t);
    match shape(op) {
        Shape::Like { operand, same } => {
            let operand_type = widened[operand];
            if !widened.iter().all(primitive) {
                return unknown(if primitive(&operand_type) { Lat::Ty(operand_type) } else { Lat::any() });
            }
            if same && widened.iter().any(|&t| t != operand_type) {
                return unknown(Lat::Bottom);
            }
            IntrinsicResult { lat: Lat::Ty(operand_type), nothrow: division_is_safe(op, args), compilable: true }
        }
        Shape::Bool { same } => {
            let fits = widened.iter().all(primitive) && (!same || widened.iter().all(|&t| t == widened[0]));
            IntrinsicResult { lat: Lat::Ty(builtin::bool_()), nothrow: fits, compilable: fits }
        }
        Shape::WithOverflow => {
            let fits = primitive(&widened[0]) && widened[1] == widened[0];
            let lat =
                if fits { Lat::Ty(ty::tuple(&[widened[0], builtin::bool_()])) } else { Lat::Ty(builtin::tuple()) };
            IntrinsicResult { lat, nothrow: fits, compilable: fits }
        }
        Shape::Convert => match args[0].as_const().and_then(Value::as_type) {
            Some(target) if ty::is_primitive(target) => {
                let fits = primitive(&widened[1]);
                IntrinsicResult { lat: Lat::Ty(target), nothrow: fits, compilable: fits }
            }
            Some(_) => unknown(Lat::any()),
            None => unknown(ty::instance_of(widened[0]).map_or(Lat::any(), |t| Lat::of_type(t.upper))),
        },
        Shape::Other => other(op, args, &widened),
    }
}

/// Integer division cannot trap if the divisor is a constant other than 0 and −1.
fn division_is_safe(op: Intrinsic, args: &[Lat]) -> bool {
    use Intrinsic as I;
    if never_throws(op) {
        return true;
    }
    let signed_quotient = matches!(op, I::SdivInt | I::CheckedSdivInt);
    match args[1].as_const().and_then(Value::as_any_int) {
        Some(0) => false,
        Some(-1) => !signed_quotient,
        Some(_) => true,
        None => false,
    }
}

fn types_fit(place: Ty, value: Ty) -> bool {
    ty::types_is_concrete(place) && ty::subtype(value, place)
}

fn other(op: Intrinsic, args: &[Lat], widened: &[Ty]) -> IntrinsicResult {
    use Intrinsic as I;
    let known = |t: Ty| IntrinsicResult { lat: Lat::of_type(t), nothrow: true, compilable: true };
    let unknown = || IntrinsicResult { lat: Lat::any(), nothrow: false, compilable: false };
    let pointee = || ty::pointee(widened[0]);
    match op {
        I::AddPtr | I::SubPtr if ty::is_primitive(widened[0]) => known(widened[0]),
        I::ObjectPointer if ty::types_is_concrete(widened[0]) && widened[0].is_mutable() => {
            known(builtin::ptr_of(builtin::nothing()))
        }
        I::Pointerref | I::AtomicPointerref | I::AtomicPointerswap | I::GpuLoadConstant => match pointee() {
            Some(t) => IntrinsicResult { lat: Lat::of_type(t), nothrow: false, compilable: ty::types_is_concrete(t) },
            None => unknown(),
        },
        I::Pointerset | I::AtomicPointerset => match pointee() {
            Some(t) => {
                IntrinsicResult { lat: Lat::Ty(widened[0]), nothrow: false, compilable: types_fit(t, widened[1]) }
            }
            None => unknown(),
        },
        I::AtomicPointermodify => match pointee() {
            Some(t) => {
                let pair = ty::pair_of(t);
                let fits = types_fit(t, widened[2]) && args[1].as_const().is_some();
                IntrinsicResult { lat: pair.map_or(Lat::any(), Lat::of_type), nothrow: false, compilable: fits }
            }
            None => unknown(),
        },
        I::AtomicPointerreplace => match pointee() {
            Some(t) => IntrinsicResult {
                lat: Lat::of_type(ty::cmpswap_result(t)),
                nothrow: false,
                compilable: types_fit(t, widened[1]) && types_fit(t, widened[2]),
            },
            None => unknown(),
        },
        I::AtomicFence | I::GpuBarrier | I::GpuFence | I::GpuPrint => known(builtin::nothing()),
        I::HaveFma => known(builtin::bool_()),
        // What the call says that it returns; its text is looked at when there is code.
        I::LlvmCall => match (args[0].as_const(), args[1].as_const().and_then(Value::as_type), args[2].as_const()) {
            (Some(_), Some(t), Some(_)) => IntrinsicResult {
                lat: Lat::of_type(t),
                nothrow: false,
                compilable: t.is_bottom() || ty::types_is_concrete(t),
            },
            _ => unknown(),
        },
        I::GpuKernelState => known(builtin::ptr_of(builtin::nothing())),
        I::GpuLocalId | I::GpuGroupId | I::GpuGroupSize | I::GpuNumGroups | I::GpuLaneId | I::GpuWarpSize => {
            known(builtin::int32())
        }
        I::GpuShared | I::GpuSharedDynamic => match args[0].as_const().and_then(Value::as_type) {
            Some(t) => known(ty::llvm_ptr(t, 3)),
            None => unknown(),
        },
        // Like what it points to, whatever is passed.
        I::GpuCall => match pointee() {
            Some(t) if t.is_bottom() => IntrinsicResult { lat: Lat::Bottom, nothrow: false, compilable: true },
            Some(t) => {
                let typed = args[1].as_const().is_some_and(|t| t.as_type().is_some());
                IntrinsicResult { lat: Lat::of_type(t), nothrow: false, compilable: typed }
            }
            None => unknown(),
        },
        I::GpuShfl if ty::is_primitive(widened[2]) => known(widened[2]),
        I::GpuBallot => known(builtin::uint32()),
        I::GpuThrow | I::GpuExit => IntrinsicResult { lat: Lat::Bottom, nothrow: false, compilable: true },
        _ => unknown(),
    }
}
