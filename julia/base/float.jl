# Binary floating point: Float16, Float32, Float64.

# ---- the format ---------------------------------------------------------------------------------

const Inf16 = bitcast(Float16, 0x7c00)
const NaN16 = bitcast(Float16, 0x7e00)
const Inf32 = bitcast(Float32, 0x7f800000)
const NaN32 = bitcast(Float32, 0x7fc00000)
const Inf64 = bitcast(Float64, 0x7ff0000000000000)
const NaN64 = bitcast(Float64, 0x7ff8000000000000)
const Inf = Inf64
const NaN = NaN64

# Unsigned and signed integer types of the same width.
uinttype(::Type{Float16}) = UInt16
uinttype(::Type{Float32}) = UInt32
uinttype(::Type{Float64}) = UInt64
inttype(::Type{Float16}) = Int16
inttype(::Type{Float32}) = Int32
inttype(::Type{Float64}) = Int64
sign_mask(::Type{Float16}) = 0x8000
sign_mask(::Type{Float32}) = 0x80000000
sign_mask(::Type{Float64}) = 0x8000000000000000
exponent_mask(::Type{Float16}) = 0x7c00
exponent_mask(::Type{Float32}) = 0x7f800000
exponent_mask(::Type{Float64}) = 0x7ff0000000000000
exponent_one(::Type{Float16}) = 0x3c00
exponent_one(::Type{Float32}) = 0x3f800000
exponent_one(::Type{Float64}) = 0x3ff0000000000000
exponent_half(::Type{Float16}) = 0x3800
exponent_half(::Type{Float32}) = 0x3f000000
exponent_half(::Type{Float64}) = 0x3fe0000000000000
significand_mask(::Type{Float16}) = 0x03ff
significand_mask(::Type{Float32}) = 0x007fffff
significand_mask(::Type{Float64}) = 0x000fffffffffffff
significand_bits(::Type{Float16}) = 10
significand_bits(::Type{Float32}) = 23
significand_bits(::Type{Float64}) = 52
exponent_bits(::Type{Float16}) = 5
exponent_bits(::Type{Float32}) = 8
exponent_bits(::Type{Float64}) = 11
exponent_bias(::Type{Float16}) = 15
exponent_bias(::Type{Float32}) = 127
exponent_bias(::Type{Float64}) = 1023
exponent_max(::Type{T}) where {T<:IEEEFloat} = exponent_bias(T)
exponent_raw_max(::Type{Float16}) = 31
exponent_raw_max(::Type{Float32}) = 255
exponent_raw_max(::Type{Float64}) = 2047
float_bits(x::T) where {T<:IEEEFloat} = bitcast(uinttype(T), x)

precision(::Type{Float16}; base::Integer = 2) = base == 2 ? 11 : floor(Int, 11 / log2(base))
precision(::Type{Float32}; base::Integer = 2) = base == 2 ? 24 : floor(Int, 24 / log2(base))
precision(::Type{Float64}; base::Integer = 2) = base == 2 ? 53 : floor(Int, 53 / log2(base))
precision(x::AbstractFloat; base::Integer = 2) = precision(typeof(x); base)
precision_bits(::Type{T}) where {T<:IEEEFloat} = significand_bits(T) + 1

typemin(::Type{T}) where {T<:IEEEFloat} = bitcast(T, exponent_mask(T) | sign_mask(T))
typemax(::Type{T}) where {T<:IEEEFloat} = bitcast(T, exponent_mask(T))
floatmin(::Type{T}) where {T<:IEEEFloat} = bitcast(T, significand_mask(T) + one(uinttype(T)))
floatmax(::Type{T}) where {T<:IEEEFloat} = bitcast(T, exponent_mask(T) - one(uinttype(T)))
floatmin(x::T) where {T<:AbstractFloat} = floatmin(T)
floatmax(x::T) where {T<:AbstractFloat} = floatmax(T)
floatmin() = floatmin(Float64)
floatmax() = floatmax(Float64)
eps(::Type{Float16}) = bitcast(Float16, 0x1400)
eps(::Type{Float32}) = bitcast(Float32, 0x34000000)
eps(::Type{Float64}) = bitcast(Float64, 0x3cb0000000000000)
eps() = eps(Float64)
function eps(x::T) where {T<:IEEEFloat}
    isfinite(x) || return T(NaN)
    a = abs(x)
    a >= floatmin(T) || return bitcast(T, one(uinttype(T)))
    return ldexp(eps(T), exponent(a))
end
maxintfloat(::Type{Float16}) = bitcast(Float16, 0x6800)
maxintfloat(::Type{Float32}) = bitcast(Float32, 0x4b800000)
maxintfloat(::Type{Float64}) = bitcast(Float64, 0x4340000000000000)
maxintfloat(x::T) where {T<:AbstractFloat} = maxintfloat(T)
maxintfloat() = maxintfloat(Float64)
maxintfloat(::Type{S}, ::Type{T}) where {S<:AbstractFloat,T<:Integer} = min(maxintfloat(S), S(typemax(T)))

zero(::Type{Float16}) = bitcast(Float16, 0x0000)
zero(::Type{Float32}) = bitcast(Float32, 0x00000000)
zero(::Type{Float64}) = bitcast(Float64, 0x0000000000000000)
one(::Type{Float16}) = bitcast(Float16, 0x3c00)
one(::Type{Float32}) = bitcast(Float32, 0x3f800000)
one(::Type{Float64}) = bitcast(Float64, 0x3ff0000000000000)
zero(x::T) where {T<:IEEEFloat} = zero(T)

# ---- conversions --------------------------------------------------------------------------------

Float16(x::Float16) = x
Float32(x::Float32) = x
Float64(x::Float64) = x
Float16(x::Union{Float32,Float64}) = fptrunc(Float16, x)
Float32(x::Float64) = fptrunc(Float32, x)
Float32(x::Float16) = fpext(Float32, x)
Float64(x::Union{Float16,Float32}) = fpext(Float64, x)
(::Type{T})(x::BitSigned) where {T<:IEEEFloat} = sitofp(T, x)
(::Type{T})(x::BitUnsigned) where {T<:IEEEFloat} = uitofp(T, x)
(::Type{T})(x::Bool) where {T<:IEEEFloat} = ifelse(x, one(T), zero(T))
AbstractFloat(x::Union{Bool,BitInteger}) = Float64(x)
AbstractFloat(x::Integer) = Float64(x)
float(::Type{T}) where {T<:Integer} = Float64

promote_rule(::Type{Float64}, ::Type{Float32}) = Float64
promote_rule(::Type{Float64}, ::Type{Float16}) = Float64
promote_rule(::Type{Float32}, ::Type{Float16}) = Float32
promote_rule(::Type{T}, ::Type{S}) where {T<:IEEEFloat,S<:BitInteger} = T
widen(::Type{Float16}) = Float32
widen(::Type{Float32}) = Float64
float(x::AbstractFloat) = x
AbstractFloat(x::T) where {T<:AbstractFloat} = x

# The integers of type T lie in [lower, upper); `upper`, a power of two, is a number of type F (or Inf).
int_upper(::Type{F}, ::Type{T}) where {F,T<:BitInteger} = F(xor(typemax(T), typemax(T) >>> 1)) * F(2)
int_lower(::Type{F}, ::Type{T}) where {F,T<:BitInteger} = F(typemin(T))
# Values whose truncation is an integer of type T. Below `lower` lie fractions that truncate to it,
# if F is fine enough to have them.
@inline function truncates_into(::Type{T}, x::F) where {T<:BitInteger,F<:IEEEFloat}
    if !is_signed(T) || sizeof(T) < sizeof(F)
        return (int_lower(F, T) - one(F) < x) & (x < int_upper(F, T))
    end
    return (int_lower(F, T) <= x) & (x < int_upper(F, T))
end
@inline truncates_into(::Type{T}, x::Float16) where {T<:BitInteger} = truncates_into(T, Float32(x))

unsafe_trunc(::Type{T}, x::IEEEFloat) where {T<:BitSigned} = fptosi(T, x)
unsafe_trunc(::Type{T}, x::IEEEFloat) where {T<:BitUnsigned} = fptoui(T, x)
# No machine has this one; of a negative number it gives the magnitude.
unsafe_trunc(::Type{UInt128}, x::IEEEFloat) = fptoui(UInt128, abs_float(x))

@noinline throw_not_integer(::Type{T}, x) where {T} = throw(InexactError(nameof(T), T, x))
@noinline throw_not_truncatable(::Type{T}, x) where {T} = throw(InexactError(:round, T, x, RoundToZero))
@inline function (::Type{T})(x::IEEEFloat) where {T<:BitInteger}
    (isinteger(x) && truncates_into(T, x)) || throw_not_integer(T, x)
    return unsafe_trunc(T, x)
end
Integer(x::IEEEFloat) = Int(x)
Bool(x::IEEEFloat) = x == 0 ? false : x == 1 ? true : throw_not_integer(Bool, x)

# ---- arithmetic ---------------------------------------------------------------------------------

-(x::IEEEFloat) = neg_float(x)
+(x::T, y::T) where {T<:IEEEFloat} = add_float(x, y)
-(x::T, y::T) where {T<:IEEEFloat} = sub_float(x, y)
*(x::T, y::T) where {T<:IEEEFloat} = mul_float(x, y)
/(x::T, y::T) where {T<:IEEEFloat} = div_float(x, y)
muladd(x::T, y::T, z::T) where {T<:IEEEFloat} = muladd_float(x, y, z)
fma(x::T, y::T, z::T) where {T<:Union{Float32,Float64}} = fma_float(x, y, z)
# One rounding: the Float16 product and sum are exact in Float64.
fma(x::Float16, y::Float16, z::Float16) = Float16(fma(Float64(x), Float64(y), Float64(z)))
rem(x::T, y::T) where {T<:IEEEFloat} = rem_float(x, y)
@inline function mod(x::T, y::T) where {T<:AbstractFloat}
    r = rem(x, y)
    if r == 0
        return copysign(r, y)
    elseif (r > 0) ⊻ (y > 0)
        return r + y
    end
    return r
end
# The quotient is the exact one rounded: the remainder is exact, so one more rounding removes the error of `/`.
div(x::T, y::T) where {T<:AbstractFloat} = round((x - rem(x, y)) / y)
fld(x::T, y::T) where {T<:AbstractFloat} = round((x - mod(x, y)) / y)
cld(x::T, y::T) where {T<:AbstractFloat} = round((x - mod(x, -y)) / y)
div(x::T, y::T, r::RoundingMode) where {T<:AbstractFloat} = round((x - rem(x, y, r)) / y)
div(x::T, y::T, ::RoundingMode{:ToZero}) where {T<:AbstractFloat} = div(x, y)
div(x::T, y::T, ::RoundingMode{:Down}) where {T<:AbstractFloat} = fld(x, y)
div(x::T, y::T, ::RoundingMode{:Up}) where {T<:AbstractFloat} = cld(x, y)
div(x::T, y::T, r::RoundingMode{:NearestTiesAway}) where {T<:AbstractFloat} = round(x / y, r)
div(x::T, y::T, r::RoundingMode{:NearestTiesUp}) where {T<:AbstractFloat} = round(x / y, r)
# IEEE remainder: from the truncated one, one step more where more than half of `y` is left.
function rem(x::T, y::T, ::RoundingMode{:Nearest}) where {T<:IEEEFloat}
    (isfinite(x) && !isnan(y) && y != 0) || return x - x + (y - y) + T(NaN)
    isinf(y) && return x
    a, b = abs(x), abs(y)
    b <= floatmax(T) / 2 && (a = rem(a, b + b))
    if b < 2 * floatmin(T)
        if a + a > b
            a -= b
            a + a >= b && (a -= b)
        end
    else
        h = b / 2
        if a > h
            a -= b
            a >= h && (a -= b)
        end
    end
    return flipsign(a, x)
end
function modf(x::T) where {T<:AbstractFloat}
    isinf(x) && return (copysign(zero(T), x), x)
    i = trunc(x)
    return (copysign(x - i, x), i)
end
modf(x) = modf(float(x))

signbit(x::T) where {T<:IEEEFloat} = slt_int(bitcast(inttype(T), x), zero(inttype(T)))
abs(x::IEEEFloat) = abs_float(x)
copysign(x::T, y::T) where {T<:IEEEFloat} = copysign_float(x, y)
copysign(x::IEEEFloat, y::Real) = copysign(x, ifelse(signbit(y), -one(x), one(x)))
flipsign(x::T, y::T) where {T<:IEEEFloat} = bitcast(T, float_bits(x) ⊻ (float_bits(y) & sign_mask(T)))
flipsign(x::IEEEFloat, y::Real) = ifelse(signbit(y), -x, x)

# ---- comparison ---------------------------------------------------------------------------------

==(x::T, y::T) where {T<:IEEEFloat} = eq_float(x, y)
!=(x::T, y::T) where {T<:IEEEFloat} = ne_float(x, y)
<(x::T, y::T) where {T<:IEEEFloat} = lt_float(x, y)
<=(x::T, y::T) where {T<:IEEEFloat} = le_float(x, y)
# All NaNs are equal and last; -0.0 comes before 0.0.
isequal(x::T, y::T) where {T<:IEEEFloat} = fpiseq(x, y)
isequal(x::AbstractFloat, y::AbstractFloat) = isequal_mixed(x, y)
isequal(x::AbstractFloat, y::Real) = isequal_mixed(x, y)
isequal(x::Real, y::AbstractFloat) = isequal_mixed(y, x)
isequal_mixed(x::AbstractFloat, y::Real) = isnan(x) ? isnan(y) : (x == y) & (signbit(x) == signbit(y))
isless(x::AbstractFloat, y::AbstractFloat) = isless_mixed(x, y)
isless(x::Real, y::AbstractFloat) = isless_mixed(x, y)
isless(x::AbstractFloat, y::Real) = isless_mixed(x, y)
isless_mixed(x, y) = (x < y) | (!isnan(x) & (isnan(y) | (signbit(x) & !signbit(y))))
@inline function isless(x::T, y::T) where {T<:IEEEFloat}
    (isnan(x) | isnan(y)) && return !isnan(x)
    return order_key(x) < order_key(y)
end
# Integers ordered as the floats are: negative ones have their magnitude inverted.
@inline function order_key(x::T) where {T<:IEEEFloat}
    i = bitcast(inttype(T), x)
    return ifelse(slt_int(i, zero(i)), xor_int(i, typemax(i)), i)
end
isnan(x::AbstractFloat) = (x != x)::Bool
isfinite(x::AbstractFloat) = !isnan(x - x)
isfinite(x::T) where {T<:IEEEFloat} = (float_bits(x) & exponent_mask(T)) != exponent_mask(T)
isinf(x::IEEEFloat) = abs(x) == typemax(x)
isinteger(x::AbstractFloat) = iszero(x - trunc(x))
issubnormal(x::T) where {T<:IEEEFloat} = ((float_bits(x) & exponent_mask(T)) == zero(uinttype(T))) & ((float_bits(x) & significand_mask(T)) != zero(uinttype(T)))
iszero(x::T) where {T<:IEEEFloat} = x == zero(T)
isone(x::T) where {T<:IEEEFloat} = x == one(T)

# An integer against a float is compared exactly. Where every integer of the type is a float, converting
# is exact; otherwise the converted integer decides unless it hits the float, and then the way back does.
comparison_type(::Type{F}) where {F} = F
comparison_type(::Type{Float16}) = Float32
converts_exactly(::Type{T}, ::Type{F}) where {T<:BitInteger,F<:IEEEFloat} = sizeof(T) * 8 - (is_signed(T) ? 1 : 0) <= precision_bits(F)
@inline function ==(x::F, y::T) where {F<:IEEEFloat,T<:BitInteger}
    C = comparison_type(F)
    cx, cy = C(x), C(y)
    converts_exactly(T, C) && return cx == cy
    return (cx == cy) && cy < int_upper(C, T) && unsafe_trunc(T, cy) == y
end
==(x::BitInteger, y::IEEEFloat) = y == x
@inline function <(x::T, y::F) where {F<:IEEEFloat,T<:BitInteger}
    C = comparison_type(F)
    cx, cy = C(x), C(y)
    converts_exactly(T, C) && return cx < cy
    return (cx < cy) || (cx == cy && cx < int_upper(C, T) && x < unsafe_trunc(T, cx)) || (cx == cy && cx >= int_upper(C, T))
end
@inline function <=(x::T, y::F) where {F<:IEEEFloat,T<:BitInteger}
    C = comparison_type(F)
    cx, cy = C(x), C(y)
    converts_exactly(T, C) && return cx <= cy
    return (cx < cy) || (cx == cy && (cx >= int_upper(C, T) || x <= unsafe_trunc(T, cx)))
end
@inline function <(x::F, y::T) where {F<:IEEEFloat,T<:BitInteger}
    C = comparison_type(F)
    cx, cy = C(x), C(y)
    converts_exactly(T, C) && return cx < cy
    return (cx < cy) || (cx == cy && cy < int_upper(C, T) && unsafe_trunc(T, cy) < y)
end
@inline function <=(x::F, y::T) where {F<:IEEEFloat,T<:BitInteger}
    C = comparison_type(F)
    cx, cy = C(x), C(y)
    converts_exactly(T, C) && return cx <= cy
    return (cx < cy) || (cx == cy && cy < int_upper(C, T) && unsafe_trunc(T, cy) <= y)
end
==(x::IEEEFloat, y::Bool) = x == oftype(x, y)
==(x::Bool, y::IEEEFloat) = oftype(y, x) == y
<(x::IEEEFloat, y::Bool) = x < oftype(x, y)
<(x::Bool, y::IEEEFloat) = oftype(y, x) < y
<=(x::IEEEFloat, y::Bool) = x <= oftype(x, y)
<=(x::Bool, y::IEEEFloat) = oftype(y, x) <= y

# NaN wins; -0.0 is below 0.0.
@inline function max(x::T, y::T) where {T<:AbstractFloat}
    anynan = isnan(x) | isnan(y)
    m = ifelse((y > x) | (signbit(y) < signbit(x)), y, x)
    return ifelse(anynan, ifelse(isnan(x), x, y), m)
end
@inline function min(x::T, y::T) where {T<:AbstractFloat}
    anynan = isnan(x) | isnan(y)
    m = ifelse((y < x) | (signbit(y) > signbit(x)), y, x)
    return ifelse(anynan, ifelse(isnan(x), x, y), m)
end
minmax(x::T, y::T) where {T<:AbstractFloat} = (min(x, y), max(x, y))

# ---- rounding -----------------------------------------------------------------------------------

trunc(x::IEEEFloat) = trunc_llvm(x)
floor(x::IEEEFloat) = floor_llvm(x)
ceil(x::IEEEFloat) = ceil_llvm(x)
round(x::IEEEFloat) = rint_llvm(x)
round(x::IEEEFloat, ::RoundingMode{:Nearest}) = rint_llvm(x)
round(x::IEEEFloat, ::RoundingMode{:ToZero}) = trunc_llvm(x)
round(x::IEEEFloat, ::RoundingMode{:Down}) = floor_llvm(x)
round(x::IEEEFloat, ::RoundingMode{:Up}) = ceil_llvm(x)
round(x::AbstractFloat, ::RoundingMode{:FromZero}) = signbit(x) ? floor(x) : ceil(x)
function round(x::AbstractFloat, ::RoundingMode{:NearestTiesAway})
    y = trunc(x)
    return ifelse(x == y, y, copysign(trunc(2 * x - y), x))
end
function round(x::AbstractFloat, ::RoundingMode{:NearestTiesUp})
    y = floor(x)
    return copysign(ifelse(x - y >= oftype(x, 0.5), y + one(x), y), x)
end

@inline function round(::Type{T}, x::IEEEFloat, ::RoundingMode{:ToZero}) where {T<:BitInteger}
    truncates_into(T, x) || throw_not_truncatable(T, x)
    return unsafe_trunc(T, x)
end
round(::Type{T}, x::AbstractFloat, r::RoundingMode) where {T<:Integer} = convert(T, round(x, r))
round(::Type{T}, x::AbstractFloat) where {T<:Integer} = round(T, x, RoundNearest)
trunc(::Type{T}, x::AbstractFloat) where {T<:Integer} = round(T, x, RoundToZero)
floor(::Type{T}, x::AbstractFloat) where {T<:Integer} = round(T, x, RoundDown)
ceil(::Type{T}, x::AbstractFloat) where {T<:Integer} = round(T, x, RoundUp)
round(::Type{Integer}, x::IEEEFloat, r::RoundingMode) = round(Int, x, r)
round(::Type{Integer}, x::IEEEFloat, r::RoundingMode{:ToZero}) = round(Int, x, r)
round(::Type{Bool}, x::AbstractFloat, ::RoundingMode{:ToZero}) = (-1 < x < 2) ? 1 <= x : throw_not_truncatable(Bool, x)
for f in (:round, :trunc, :floor, :ceil)
    @eval $f(::Type{T}, x::Real) where {T} = convert(T, $f(x))
    @eval $f(::Type{T}, x::AbstractFloat) where {T<:AbstractFloat} = convert(T, $f(x))
end
round(::Type{T}, x::Real, r::RoundingMode) where {T} = convert(T, round(x, r))

# ---- neighbours and parts -----------------------------------------------------------------------

# The bit patterns of the non-negative floats are ordered like the floats, so the neighbour is the
# pattern plus or minus one; `n` steps saturate at the infinities.
function nextfloat(x::T, n::Integer) where {T<:IEEEFloat}
    (isnan(x) || n == 0) && return x
    key = Int128(order_key(x)) + n
    key += (order_key(x) < 0) & (key >= 0) # -0.0 and 0.0 are one step
    key -= (order_key(x) >= 0) & (key < 0)
    top = Int128(order_key(typemax(T)))
    key > top && return typemax(T)
    key < Int128(order_key(typemin(T))) && return typemin(T)
    i = key % inttype(T)
    return bitcast(T, ifelse(i < 0, i ⊻ typemax(i), i))
end
function nextfloat(x::T) where {T<:IEEEFloat}
    (isnan(x) || x == typemax(T)) && return x
    x == 0 && return bitcast(T, one(uinttype(T)))
    u = float_bits(x)
    return bitcast(T, signbit(x) ? u - one(u) : u + one(u))
end
prevfloat(x::IEEEFloat) = -nextfloat(-x)
prevfloat(x::IEEEFloat, n::Integer) = nextfloat(x, -n)

raw_exponent(x::T) where {T<:IEEEFloat} = ((float_bits(x) & exponent_mask(T)) >> significand_bits(T)) % Int
@noinline throw_exponent_domain(x) = throw(DomainError(x, isfinite(x) ? "Cannot be ±0.0." : "Cannot be NaN or Inf."))
function exponent(x::T) where {T<:IEEEFloat}
    (isfinite(x) && x != 0) || throw_exponent_domain(x)
    e = raw_exponent(x)
    e == 0 || return e - exponent_bias(T)
    # subnormal: the leading one takes the place of the hidden bit
    return top_set_bit(float_bits(x) & significand_mask(T)) - significand_bits(T) - exponent_bias(T)
end
exponent(x::Real) = exponent(float(x))
function significand(x::T) where {T<:IEEEFloat}
    (x == 0 || !isfinite(x)) && return x
    return bitcast(T, (float_bits(normalised(x)) & ~exponent_mask(T)) | exponent_one(T))
end
# Subnormals scaled up to have a hidden bit.
normalised(x::T) where {T<:IEEEFloat} = issubnormal(x) ? x * bitcast(T, ((exponent_bias(T) + significand_bits(T)) % uinttype(T)) << significand_bits(T)) : x
function frexp(x::T) where {T<:IEEEFloat}
    (x == 0 || !isfinite(x)) && return (x, 0)
    e = exponent(x) + 1
    return (bitcast(T, (float_bits(normalised(x)) & ~exponent_mask(T)) | exponent_half(T)), e)
end
frexp(x::Real) = frexp(float(x))
significand(x::Real) = significand(float(x))

# x·2^e with one rounding, also into and out of the subnormals.
function ldexp(x::T, e::Integer) where {T<:IEEEFloat}
    (x == 0 || !isfinite(x)) && return x
    n = clamp(e, -5000, 5000) % Int
    y = normalised(x)
    k = raw_exponent(y) + n - (issubnormal(x) ? significand_bits(T) : 0)
    k >= exponent_raw_max(T) && return copysign(typemax(T), x)
    rest = float_bits(y) & ~exponent_mask(T)
    k > 0 && return bitcast(T, rest | (k % uinttype(T)) << significand_bits(T))
    k < -significand_bits(T) && return copysign(zero(T), x)
    # below the normal range: build it 2^s too large, and round once on the way down
    s = significand_bits(T) + 1
    up = bitcast(T, rest | ((k + s) % uinttype(T)) << significand_bits(T))
    return up * bitcast(T, ((exponent_bias(T) - s) % uinttype(T)) << significand_bits(T))
end
ldexp(x::Real, e::Integer) = ldexp(float(x), e)

# ---- bits ---------------------------------------------------------------------------------------

reinterpret(::Type{T}, x::T) where {T} = x
reinterpret(::Type{Unsigned}, x::IEEEFloat) = float_bits(x)
reinterpret(::Type{Signed}, x::T) where {T<:IEEEFloat} = bitcast(inttype(T), x)
const PlainBits = Union{BitReal,Char}
@inline function reinterpret(::Type{T}, x::S) where {T<:PlainBits,S<:PlainBits}
    sizeof(T) === sizeof(S) || throw_size_mismatch(T, S)
    return bitcast(T, x)
end
reinterpret(::Type{T}, x::T) where {T<:PlainBits} = x
@noinline throw_size_mismatch(T, S) =
    throw(ArgumentError(string("Packed sizes of types ", T, " (", sizeof(T), " bytes) and ", S, " (", sizeof(S), " bytes) do not match")))
@inline function reinterpret(::Type{T}, x::S) where {T,S}
    (isprimitivetype(T) && isprimitivetype(S) && sizeof(T) === sizeof(S)) && return bitcast(T, x)
    return reinterpret_struct(T, x)
end
function reinterpret_struct(::Type{T}, x::S) where {T,S}
    isbitstype(T) || throw(ArgumentError(string("Target type for `reinterpret` must be isbits")))
    isbitstype(S) || throw(ArgumentError(string("Source type for `reinterpret` must be isbits")))
    sizeof(T) == sizeof(S) || throw_size_mismatch(T, S)
    return Core.Host.reinterpret_bits(T, x)
end
bswap(x::IEEEFloat) = bitcast(typeof(x), bswap(float_bits(x)))

# ---- square root --------------------------------------------------------------------------------

@noinline throw_sqrt_domain(x) = throw(DomainError(x, "sqrt was called with a negative real argument but will only return a complex result if called with a complex argument. Try sqrt(Complex(x))."))
@inline function sqrt(x::IEEEFloat)
    x < zero(x) && throw_sqrt_domain(x)
    return sqrt_llvm(x)
end
sqrt(x::Real) = sqrt(float(x))

# ---- approximate equality -----------------------------------------------------------------------

rtoldefault(::Type{T}) where {T<:AbstractFloat} = sqrt(eps(T))
rtoldefault(::Type{<:Real}) = 0
rtoldefault(::Type{T}) where {T<:Number} = rtoldefault(real(T))
function rtoldefault(x::Union{T,Type{T}}, y::Union{S,Type{S}}, atol::Real) where {T<:Number,S<:Number}
    r = max(rtoldefault(real(T)), rtoldefault(real(S)))
    return atol > 0 ? zero(r) : r
end
function isapprox(x::Number, y::Number; atol::Real = 0, rtol::Real = rtoldefault(x, y, atol), nans::Bool = false, norm = abs)
    x == y && return true
    isfinite(x) && isfinite(y) && return norm(x - y) <= max(atol, rtol * max(norm(x), norm(y)))
    return nans && isnan(x) && isnan(y)
end
isapprox(x::Integer, y::Integer; atol::Real = 0, rtol::Real = rtoldefault(x, y, atol), nans::Bool = false, norm = abs) =
    x == y || (norm === abs && atol < 1 && rtol == 0 ? false : norm(x - y) <= max(atol, rtol * max(norm(x), norm(y))))
