//! Intrinsics: the machine operations that Julia code reaches through `Core.Intrinsics`.
//!
//! [`Intrinsic::eval`] is the reference semantics: the interpreter runs it, constant folding calls
//! it, and compiled code must agree with it bit for bit.

mod eval;
pub mod float;
pub mod int;
mod memory;

pub use eval::{load_bits, store_bits};

use crate::names::named_enum;

named_enum! {
    /// An intrinsic function, by Julia's name.
    pub enum Intrinsic {
        // integer arithmetic
        NegInt = "neg_int", 1..=1;
        AddInt = "add_int", 2..=2;
        SubInt = "sub_int", 2..=2;
        MulInt = "mul_int", 2..=2;
        SdivInt = "sdiv_int", 2..=2;
        UdivInt = "udiv_int", 2..=2;
        SremInt = "srem_int", 2..=2;
        UremInt = "urem_int", 2..=2;
        CheckedSaddInt = "checked_sadd_int", 2..=2;
        CheckedUaddInt = "checked_uadd_int", 2..=2;
        CheckedSsubInt = "checked_ssub_int", 2..=2;
        CheckedUsubInt = "checked_usub_int", 2..=2;
        CheckedSmulInt = "checked_smul_int", 2..=2;
        CheckedUmulInt = "checked_umul_int", 2..=2;
        CheckedSdivInt = "checked_sdiv_int", 2..=2;
        CheckedUdivInt = "checked_udiv_int", 2..=2;
        CheckedSremInt = "checked_srem_int", 2..=2;
        CheckedUremInt = "checked_urem_int", 2..=2;
        // bits
        AndInt = "and_int", 2..=2;
        OrInt = "or_int", 2..=2;
        XorInt = "xor_int", 2..=2;
        NotInt = "not_int", 1..=1;
        ShlInt = "shl_int", 2..=2;
        LshrInt = "lshr_int", 2..=2;
        AshrInt = "ashr_int", 2..=2;
        BswapInt = "bswap_int", 1..=1;
        CtpopInt = "ctpop_int", 1..=1;
        CtlzInt = "ctlz_int", 1..=1;
        CttzInt = "cttz_int", 1..=1;
        FlipsignInt = "flipsign_int", 2..=2;
        // integer comparison
        EqInt = "eq_int", 2..=2;
        NeInt = "ne_int", 2..=2;
        SltInt = "slt_int", 2..=2;
        SleInt = "sle_int", 2..=2;
        UltInt = "ult_int", 2..=2;
        UleInt = "ule_int", 2..=2;
        // floating-point arithmetic
        NegFloat = "neg_float", 1..=1;
        AddFloat = "add_float", 2..=2;
        SubFloat = "sub_float", 2..=2;
        MulFloat = "mul_float", 2..=2;
        DivFloat = "div_float", 2..=2;
        RemFloat = "rem_float", 2..=2;
        FmaFloat = "fma_float", 3..=3;
        MuladdFloat = "muladd_float", 3..=3;
        NegFloatFast = "neg_float_fast", 1..=1;
        AddFloatFast = "add_float_fast", 2..=2;
        SubFloatFast = "sub_float_fast", 2..=2;
        MulFloatFast = "mul_float_fast", 2..=2;
        DivFloatFast = "div_float_fast", 2..=2;
        RemFloatFast = "rem_float_fast", 2..=2;
        MinFloat = "min_float", 2..=2;
        MaxFloat = "max_float", 2..=2;
        MinFloatFast = "min_float_fast", 2..=2;
        MaxFloatFast = "max_float_fast", 2..=2;
        // floating-point comparison
        EqFloat = "eq_float", 2..=2;
        NeFloat = "ne_float", 2..=2;
        LtFloat = "lt_float", 2..=2;
        LeFloat = "le_float", 2..=2;
        EqFloatFast = "eq_float_fast", 2..=2;
        NeFloatFast = "ne_float_fast", 2..=2;
        LtFloatFast = "lt_float_fast", 2..=2;
        LeFloatFast = "le_float_fast", 2..=2;
        Fpiseq = "fpiseq", 2..=2;
        // floating-point functions
        AbsFloat = "abs_float", 1..=1;
        CopysignFloat = "copysign_float", 2..=2;
        CeilLlvm = "ceil_llvm", 1..=1;
        FloorLlvm = "floor_llvm", 1..=1;
        RintLlvm = "rint_llvm", 1..=1;
        TruncLlvm = "trunc_llvm", 1..=1;
        SqrtLlvm = "sqrt_llvm", 1..=1;
        SqrtLlvmFast = "sqrt_llvm_fast", 1..=1;
        // conversion (the type comes first)
        Bitcast = "bitcast", 2..=2;
        TruncInt = "trunc_int", 2..=2;
        ZextInt = "zext_int", 2..=2;
        SextInt = "sext_int", 2..=2;
        Fptrunc = "fptrunc", 2..=2;
        Fpext = "fpext", 2..=2;
        Fptoui = "fptoui", 2..=2;
        Fptosi = "fptosi", 2..=2;
        Uitofp = "uitofp", 2..=2;
        Sitofp = "sitofp", 2..=2;
        // memory
        AddPtr = "add_ptr", 2..=2;
        SubPtr = "sub_ptr", 2..=2;
        Pointerref = "pointerref", 3..=3;
        Pointerset = "pointerset", 4..=4;
        AtomicFence = "atomic_fence", 1..=1;
        AtomicPointerref = "atomic_pointerref", 2..=2;
        AtomicPointerset = "atomic_pointerset", 3..=3;
        AtomicPointerswap = "atomic_pointerswap", 3..=3;
        AtomicPointermodify = "atomic_pointermodify", 4..=4;
        AtomicPointerreplace = "atomic_pointerreplace", 5..=5;
        // address of a mutable object's data, as `Ptr{Nothing}`; the object must stay reachable
        ObjectPointer = "object_pointer", 1..=1;
        HaveFma = "have_fma", 1..=1;
        // `(code, Result, Tuple{Types...}, args...)`: code in LLVM's language
        LlvmCall = "llvmcall", 3..=crate::names::ANY;
        // device only
        GpuLocalId = "gpu_local_id", 1..=1;
        GpuGroupId = "gpu_group_id", 1..=1;
        GpuGroupSize = "gpu_group_size", 1..=1;
        GpuNumGroups = "gpu_num_groups", 1..=1;
        GpuBarrier = "gpu_barrier", 0..=0;
        GpuFence = "gpu_fence", 1..=1;
        GpuShared = "gpu_shared", 3..=3;
        GpuSharedDynamic = "gpu_shared_dynamic", 2..=2;
        GpuLaneId = "gpu_lane_id", 0..=0;
        GpuWarpSize = "gpu_warp_size", 0..=0;
        GpuShfl = "gpu_shfl", 5..=5;
        GpuBallot = "gpu_ballot", 2..=2;
        GpuPrint = "gpu_print", 1..=crate::names::ANY;
        GpuThrow = "gpu_throw", 1..=crate::names::ANY;
        // the hidden state of the launch, as `Ptr{Nothing}`; ends the work-item
        GpuKernelState = "gpu_kernel_state", 0..=0;
        GpuExit = "gpu_exit", 0..=0;
        // `(f, Tuple{types...})`: the address of `f`'s code for these arguments, as `Ptr{R}` where it returns an `R`
        GpuFunction = "gpu_function", 2..=2;
        // `(address, Tuple{types...}, f, args...)`: a call of such code
        GpuCall = "gpu_call", 3..=crate::names::ANY;
        // `(pointer, i)`: element `i` of memory that nothing writes while the kernel runs
        GpuLoadConstant = "gpu_load_constant", 2..=2;
    }
}

impl Intrinsic {
    /// Legal only in kernels: needs a device.
    pub fn device_only(self) -> bool {
        self >= Intrinsic::GpuLocalId
    }
}
