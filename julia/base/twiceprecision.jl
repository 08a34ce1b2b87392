# Numbers as unevaluated sums hi + lo of two floats, about twice as precise as one: the reference
# and the step of floating-point ranges.

struct TwicePrecision{T}
    hi::T
    lo::T
end
TwicePrecision{T}(x::T) where {T} = TwicePrecision{T}(x, zero(T))
TwicePrecision{T}(x::TwicePrecision{T}) where {T} = x
TwicePrecision{T}(x::TwicePrecision) where {T} = TwicePrecision{T}(convert(T, x.hi), convert(T, x.lo))
TwicePrecision(x::T) where {T} = TwicePrecision{T}(x, zero(T))
TwicePrecision(hi::T, lo::T) where {T} = TwicePrecision{T}(hi, lo)
function TwicePrecision{T}(x::Number) where {T}
    hi = T(x)
    return TwicePrecision{T}(hi, T(x - hi))
end
# Integers beyond the significand keep their low part.
function TwicePrecision{T}(i::Integer) where {T<:AbstractFloat}
    hi = T(i)
    return TwicePrecision{T}(hi, T(widen(i) - widen(Integer(hi))))
end
TwicePrecision{T}(i::Union{Int8,UInt8,Int16,UInt16,Int32,UInt32,Bool}) where {T<:Union{Float64}} = TwicePrecision{T}(T(i), zero(T))
# A ratio given as (numerator, denominator).
TwicePrecision{T}(r::Tuple{Any,Any}) where {T} = TwicePrecision{T}(TwicePrecision{T}(r[1]) / r[2])
# With the low `nb` bits of `hi` cleared, so that `hi` times an integer below 2^nb is exact.
function TwicePrecision{T}(r::Tuple{Any,Any}, nb::Integer) where {T}
    return with_short_head(TwicePrecision{T}(r), nb)
end

# Sum and product without error: the rounded result and what rounding lost.
@inline function canonical(big, small)
    h = big + small
    return h, (big - h) + small
end
@inline add12(x::T, y::T) where {T} = abs(y) > abs(x) ? canonical(y, x) : canonical(x, y)
add12(x, y) = add12(promote(x, y)...)
@inline function mul12(x::T, y::T) where {T<:Union{Float32,Float64}}
    h = x * y
    return (iszero(h) || !isfinite(h)) ? (h, h) : canonical(h, fma(x, y, -h))
end
mul12(x::T, y::T) where {T} = (p = x * y; (p, zero(p)))
mul12(x, y) = mul12(promote(x, y)...)

clear_low_bits(x::T, nb::Integer) where {T<:IEEEFloat} = bitcast(T, float_bits(x) & (typemax(uinttype(T)) << nb))
clear_low_bits(x, nb) = x
function with_short_head(x::TwicePrecision{T}, nb::Integer) where {T}
    hi = clear_low_bits(x.hi, nb)
    return TwicePrecision{T}(hi, (x.hi - hi) + x.lo)
end
# How many low bits a step must give up so that every index distance times it is exact.
index_bits(::Type{T}, len, offset) where {T<:IEEEFloat} = min(cld(significand_bits(T), 2), index_bits(len, offset))
index_bits(::Type{T}, len, offset) where {T} = 0
index_bits(len, offset) = len < 2 ? 0 : top_set_bit(max(offset - 1, len - offset) - 1)

zero(::Type{TwicePrecision{T}}) where {T} = TwicePrecision{T}(zero(T), zero(T))
zero(x::TwicePrecision) = zero(typeof(x))
one(::Type{TwicePrecision{T}}) where {T} = TwicePrecision{T}(one(T), zero(T))
eltype(::Type{TwicePrecision{T}}) where {T} = T
promote_rule(::Type{TwicePrecision{R}}, ::Type{TwicePrecision{S}}) where {R,S} = TwicePrecision{promote_type(R, S)}
promote_rule(::Type{TwicePrecision{R}}, ::Type{S}) where {R,S<:Number} = TwicePrecision{promote_type(R, S)}
(::Type{T})(x::TwicePrecision) where {T<:Number} = (T(x.hi) + T(x.lo))::T
convert(::Type{TwicePrecision{T}}, x::TwicePrecision{T}) where {T} = x
convert(::Type{TwicePrecision{T}}, x::TwicePrecision) where {T} = TwicePrecision{T}(convert(T, x.hi), convert(T, x.lo))
convert(::Type{T}, x::TwicePrecision) where {T<:Number} = T(x)
convert(::Type{TwicePrecision{T}}, x::Number) where {T} = TwicePrecision{T}(x)
float(x::TwicePrecision{<:AbstractFloat}) = x
widen(x::TwicePrecision) = TwicePrecision(widen(x.hi), widen(x.lo))
abs(x::TwicePrecision) = signbit(x.hi) ? -x : x
==(x::TwicePrecision, y::TwicePrecision) = (x.hi == y.hi) & (x.lo == y.lo)
isequal(x::TwicePrecision, y::TwicePrecision) = isequal(x.hi, y.hi) & isequal(x.lo, y.lo)
hash(x::TwicePrecision, h::UInt) = hash(x.hi, hash(x.lo, h))
isless(x::TwicePrecision, y::TwicePrecision) = isless(x.hi, y.hi) || (isequal(x.hi, y.hi) && isless(x.lo, y.lo))
iszero(x::TwicePrecision) = iszero(x.hi) & iszero(x.lo)

-(x::TwicePrecision) = TwicePrecision(-x.hi, -x.lo)
function +(x::TwicePrecision, y::Number)
    h, l = add12(x.hi, y)
    return TwicePrecision(canonical(h, l + x.lo)...)
end
+(x::Number, y::TwicePrecision) = y + x
function +(x::TwicePrecision{T}, y::TwicePrecision{T}) where {T}
    r = x.hi + y.hi
    s = abs(x.hi) > abs(y.hi) ? (((x.hi - r) + y.hi) + y.lo) + x.lo : (((y.hi - r) + x.hi) + x.lo) + y.lo
    return TwicePrecision(canonical(r, s)...)
end
+(x::TwicePrecision, y::TwicePrecision) = +(promote(x, y)...)
-(x::TwicePrecision, y::TwicePrecision) = x + (-y)
-(x::TwicePrecision, y::Number) = x + (-y)
-(x::Number, y::TwicePrecision) = x + (-y)
function *(x::TwicePrecision, v::Number)
    v == 0 && return TwicePrecision(x.hi * v, x.lo * v)
    return x * TwicePrecision(oftype(x.hi * v, v))
end
function *(x::TwicePrecision{<:IEEEFloat}, v::Integer)
    v == 0 && return TwicePrecision(x.hi * v, x.lo * v)
    nb = top_set_bit(abs(v) - 1)
    u = clear_low_bits(x.hi, nb)
    return TwicePrecision(canonical(u * v, ((x.hi - u) + x.lo) * v)...)
end
*(v::Number, x::TwicePrecision) = x * v
function *(x::TwicePrecision{T}, y::TwicePrecision{T}) where {T}
    h, l = mul12(x.hi, y.hi)
    r = TwicePrecision(canonical(h, (x.hi * y.lo + x.lo * y.hi) + l)...)
    return ifelse(iszero(h) || !isfinite(h), TwicePrecision(h, h), r)
end
*(x::TwicePrecision, y::TwicePrecision) = *(promote(x, y)...)
/(x::TwicePrecision, v::Number) = x / TwicePrecision(oftype(x.hi / v, v))
function /(x::TwicePrecision, y::TwicePrecision)
    hi = x.hi / y.hi
    uh, ul = mul12(hi, y.hi)
    lo = ((((x.hi - uh) - ul) + x.lo) - hi * y.lo) / y.hi
    r = TwicePrecision(canonical(hi, lo)...)
    return ifelse(iszero(hi) || !isfinite(hi), TwicePrecision(hi, hi), r)
end
