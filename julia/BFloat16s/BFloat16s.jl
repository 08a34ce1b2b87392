# The upper half of a single-precision number: its range, with eight bits of precision.
module BFloat16s

export BFloat16, InfB16, NaNB16

import Core: BFloat16

bits(x::BFloat16) = reinterpret(UInt16, x)
from_bits(u::UInt16) = reinterpret(BFloat16, u)
const InfB16 = from_bits(0x7f80)
const NaNB16 = from_bits(0x7fc0)

# ---- conversions: exact to Float32, to nearest (ties to even) back ----------------------------------------

Base.Float32(x::BFloat16) = reinterpret(Float32, UInt32(bits(x)) << 16)
Base.Float64(x::BFloat16) = Float64(Float32(x))
Base.Float16(x::BFloat16) = Float16(Float32(x))
function BFloat16(x::Float32)
    isnan(x) && return NaNB16
    u = reinterpret(UInt32, x)
    u += 0x00007fff + ((u >> 16) & 0x00000001)
    return from_bits((u >> 16) % UInt16)
end
# Rounding twice would round some ties wrongly: the first step keeps a mark of what it cut off.
function BFloat16(x::Float64)
    y = Float32(x)
    (isfinite(y) && Float64(y) != x) || return BFloat16(y)
    abs(Float64(y)) > abs(x) && (y = reinterpret(Float32, reinterpret(UInt32, y) - 0x00000001))
    return BFloat16(reinterpret(Float32, reinterpret(UInt32, y) | 0x00000001))
end
BFloat16(x::Float16) = BFloat16(Float32(x))
BFloat16(x::Union{Int8,Int16,UInt8,UInt16,Bool}) = BFloat16(Float32(x))
BFloat16(x::Union{Int32,UInt32,Int64,UInt64}) = BFloat16(Float64(x))
BFloat16(x::Union{Int128,UInt128}) = BFloat16(Float64(x))
BFloat16(x::Real) = BFloat16(Float64(x))
BFloat16(x::BFloat16) = x
(::Type{T})(x::BFloat16) where {T<:Integer} = T(Float32(x))
Base.Bool(x::BFloat16) = Bool(Float32(x))
Base.unsafe_trunc(::Type{T}, x::BFloat16) where {T<:Integer} = unsafe_trunc(T, Float32(x))
for F in (:Float32, :Float64)
    @eval Base.promote_rule(::Type{$F}, ::Type{BFloat16}) = $F
end
Base.promote_rule(::Type{Float16}, ::Type{BFloat16}) = Float32
Base.promote_rule(::Type{BFloat16}, ::Type{<:Integer}) = BFloat16

# ---- arithmetic: in Float32, rounded once -----------------------------------------------------------------

for op in (:+, :-, :*, :/, :^, :rem, :mod, :hypot, :copysign, :atan)
    @eval Base.$op(x::BFloat16, y::BFloat16) = BFloat16($op(Float32(x), Float32(y)))
end
Base.:^(x::BFloat16, n::Integer) = BFloat16(Float32(x)^n)
for op in (:(==), :<, :<=, :isless, :isequal)
    @eval Base.$op(x::BFloat16, y::BFloat16) = $op(Float32(x), Float32(y))
end
for op in (:sqrt, :cbrt, :exp, :exp2, :exp10, :expm1, :log, :log2, :log10, :log1p, :sin, :cos, :tan, :asin, :acos, :atan, :sinh, :cosh, :tanh, :asinh, :acosh, :atanh, :floor, :ceil, :trunc, :inv)
    @eval Base.$op(x::BFloat16) = BFloat16($op(Float32(x)))
end
Base.round(x::BFloat16, r::RoundingMode) = BFloat16(round(Float32(x), r))
for op in (:floor, :ceil, :trunc)
    @eval Base.$op(::Type{T}, x::BFloat16) where {T<:Integer} = $op(T, Float32(x))
end
Base.round(::Type{T}, x::BFloat16, r::RoundingMode = RoundNearest) where {T<:Integer} = round(T, Float32(x), r)
Base.fma(x::BFloat16, y::BFloat16, z::BFloat16) = BFloat16(Float64(x) * Float64(y) + Float64(z))
Base.muladd(x::BFloat16, y::BFloat16, z::BFloat16) = fma(x, y, z)
Base.:-(x::BFloat16) = from_bits(bits(x) ⊻ 0x8000)
Base.abs(x::BFloat16) = from_bits(bits(x) & 0x7fff)
Base.signbit(x::BFloat16) = bits(x) & 0x8000 != 0x0000
Base.isnan(x::BFloat16) = bits(x) & 0x7fff > 0x7f80
Base.isinf(x::BFloat16) = bits(x) & 0x7fff == 0x7f80
Base.isfinite(x::BFloat16) = bits(x) & 0x7f80 != 0x7f80
Base.iszero(x::BFloat16) = bits(x) & 0x7fff == 0x0000
Base.zero(::Type{BFloat16}) = from_bits(0x0000)
Base.one(::Type{BFloat16}) = from_bits(0x3f80)
Base.eps(::Type{BFloat16}) = from_bits(0x3c00)
Base.typemax(::Type{BFloat16}) = InfB16
Base.typemin(::Type{BFloat16}) = -InfB16
Base.floatmax(::Type{BFloat16}) = from_bits(0x7f7f)
Base.floatmin(::Type{BFloat16}) = from_bits(0x0080)
Base.precision(::Type{BFloat16}) = 8
Base.nextfloat(x::BFloat16) = isnan(x) || x == InfB16 ? x : iszero(x) ? from_bits(0x0001) : from_bits(signbit(x) ? bits(x) - 0x0001 : bits(x) + 0x0001)
Base.prevfloat(x::BFloat16) = -nextfloat(-x)
Base.hash(x::BFloat16, h::UInt) = hash(Float32(x), h)
Base.draw(r::Base.AbstractRNG, ::Type{BFloat16}) = BFloat16(Float32(Base.next_word(r) >>> 56) * 0.00390625f0)
function Base.show(io::IO, x::BFloat16)
    isnan(x) && return print(io, "NaNB16")
    isinf(x) && return print(io, signbit(x) ? "-InfB16" : "InfB16")
    return print(io, "BFloat16(", Float32(x), ")")
end

end
