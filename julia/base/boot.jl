# The first file of module Base: short names for what the host gives in `Core`, and the few
# methods without which no other line of this directory can run.

using Core.Intrinsics: neg_int, add_int, sub_int, mul_int, sdiv_int, udiv_int, srem_int, urem_int,
    checked_sadd_int, checked_uadd_int, checked_ssub_int, checked_usub_int, checked_smul_int, checked_umul_int,
    checked_sdiv_int, checked_udiv_int, checked_srem_int, checked_urem_int,
    and_int, or_int, xor_int, not_int, shl_int, lshr_int, ashr_int, bswap_int, ctpop_int, ctlz_int, cttz_int,
    flipsign_int, eq_int, ne_int, slt_int, sle_int, ult_int, ule_int,
    neg_float, add_float, sub_float, mul_float, div_float, rem_float, fma_float, muladd_float,
    neg_float_fast, add_float_fast, sub_float_fast, mul_float_fast, div_float_fast, rem_float_fast,
    eq_float, ne_float, lt_float, le_float, eq_float_fast, ne_float_fast, lt_float_fast, le_float_fast, fpiseq,
    abs_float, copysign_float, ceil_llvm, floor_llvm, rint_llvm, trunc_llvm, sqrt_llvm, sqrt_llvm_fast,
    bitcast, trunc_int, zext_int, sext_int, fptrunc, fpext, fptoui, fptosi, uitofp, sitofp, have_fma

const Bottom = Union{}
const Callable = Union{Function,Type}
const Cvoid = Nothing

const BitSigned64 = Union{Int8,Int16,Int32,Int64}
const BitUnsigned64 = Union{UInt8,UInt16,UInt32,UInt64}
const BitInteger64 = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}
const BitSigned = Union{Int8,Int16,Int32,Int64,Int128}
const BitUnsigned = Union{UInt8,UInt16,UInt32,UInt64,UInt128}
const BitInteger = Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}
const BitInteger32 = Union{Int8,Int16,Int32,UInt8,UInt16,UInt32}
const BitSignedSmall = Union{Int8,Int16,Int32}
const BitUnsignedSmall = Union{UInt8,UInt16,UInt32}
const IEEEFloat = Union{Float16,Float32,Float64}
const BitReal = Union{Bool,Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128,Float16,Float32,Float64}

getproperty(x, f::Symbol) = getfield(x, f)
getproperty(x::Module, f::Symbol) = getglobal(x, f)

# What a macro may do to syntax before there are arrays.
ast_args(ex::Expr) = getfield(ex, :args)
ast_count(ex::Expr) = getfield(getfield(getfield(ex, :args), :size), 1)
ast_arg(ex::Expr, i::Int) = Core.memoryrefget(Core.memoryrefnew(getfield(getfield(ex, :args), :ref), i, false), :not_atomic, false)
ast_is(@nospecialize(ex), head::Symbol) = isa(ex, Expr) ? getfield(ex, :head) === head : false
esc(@nospecialize(ex)) = Core._expr(:escape, ex)

# Loops over tuples run before there is integer arithmetic.
iterate(t::Tuple) = nfields(t) === 0 ? nothing : (getfield(t, 1), 2)
iterate(t::Tuple, i::Int) = ult_int(sub_int(i, 1), nfields(t)) ? (getfield(t, i), add_int(i, 1)) : nothing

# Mentioned by `show` and `print` methods long before there are streams.
abstract type IO end
