# Fixed-width integers. Arithmetic wraps; division and conversions check.

# ---- conversions between integers ---------------------------------------------------------------

nbits(::Type{T}) where {T<:BitInteger} = mul_int(sizeof(T), 8)
is_signed(::Type{T}) where {T<:BitSigned} = true
is_signed(::Type{T}) where {T<:BitUnsigned} = false

# Same-width types: only the top bit can be misread. To wider: sign- or zero-extend, a negative number
# not into unsigned. To narrower: truncate and look whether extending gives the number back.
@noinline throw_not_representable(::Type{T}, x) where {T} = throw_inexacterror(:trunc, T, x)
@noinline throw_negative(::Type{T}, x) where {T} = throw_inexacterror(T === UInt128 ? :trunc : :convert, T, x)
@inline function (::Type{T})(x::S) where {T<:BitInteger,S<:BitInteger}
    if sizeof(T) === sizeof(S)
        is_signed(T) === is_signed(S) || is_negative_bits(x) && throw_negative(T, x)
        return bitcast(T, x)
    elseif slt_int(sizeof(T), sizeof(S))
        y = trunc_int(T, x)
        if is_signed(T)
            is_signed(S) || is_negative_bits(x) && throw_negative(T, x)
            back = sext_int(S, y)
        else
            back = zext_int(S, y)
        end
        eq_int(back, x) || throw_not_representable(T, x)
        return y
    elseif is_signed(S)
        is_signed(T) || is_negative_bits(x) && throw_negative(T, x)
        return sext_int(T, x)
    else
        return zext_int(T, x)
    end
end
(::Type{T})(x::T) where {T<:BitInteger} = x
(::Type{T})(x::Bool) where {T<:BitInteger} = rem(x, T)
is_negative_bits(x::T) where {T<:BitSigned} = slt_int(x, zero(T))
is_negative_bits(x::T) where {T<:BitUnsigned} = ne_int(lshr_int(x, sub_int(nbits(T), 1)), zero(T))

# `zero` and `one` are the leaves of everything above, so they are made of intrinsics only.
@inline zero(::Type{T}) where {T<:BitInteger} = int_literal(T, 0)
@inline one(::Type{T}) where {T<:BitInteger} = int_literal(T, 1)
zero(x::T) where {T<:BitInteger} = int_literal(T, 0)
@inline int_literal(::Type{T}, i::Int) where {T<:BitInteger} =
    sizeof(T) === 8 ? bitcast(T, i) : slt_int(8, sizeof(T)) ? sext_int(T, i) : trunc_int(T, i)

# `x % T`: the low bits, sign- or zero-extended. Never throws.
rem(x::Integer, ::Type{T}) where {T<:Integer} = convert(T, x)
rem(x::T, ::Type{T}) where {T<:Integer} = x
rem(x::T, ::Type{T}) where {T<:BitInteger} = x
@inline rem(x::S, ::Type{T}) where {T<:BitInteger,S<:BitInteger} =
    sizeof(T) === sizeof(S) ? bitcast(T, x) :
    slt_int(sizeof(T), sizeof(S)) ? trunc_int(T, x) :
    is_signed(S) ? sext_int(T, x) : zext_int(T, x)
rem(x::Bool, ::Type{T}) where {T<:BitInteger} = sizeof(T) === 1 ? and_int(bitcast(T, x), one(T)) : zext_int(T, x)
rem(x::BitInteger, ::Type{Bool}) = ne_int(and_int(x, one(x)), zero(x))
rem(x::Integer, ::Type{Bool}) = isodd(x)
rem(x::Bool, ::Type{Bool}) = x
rem(x::Integer, ::Type{Signed}) = signed(x)
rem(x::Integer, ::Type{Unsigned}) = unsigned(x)
rem(x::Integer, ::Type{Integer}) = x
mod(x::Integer, ::Type{T}) where {T<:Integer} = rem(x, T)
unsafe_trunc(::Type{T}, x::Integer) where {T<:Integer} = rem(x, T)

unsigned(x::BitUnsigned) = x
signed(x::BitSigned) = x
unsigned(x::T) where {T<:BitSigned} = bitcast(unsigned(T), x)
signed(x::T) where {T<:BitUnsigned} = bitcast(signed(T), x)
unsigned(x::Bool) = UInt(x)
signed(x::Bool) = Int(x)
unsigned(x::Real) = convert(Unsigned, x)
signed(x::Real) = convert(Signed, x)
unsigned(::Type{T}) where {T<:Unsigned} = T
signed(::Type{T}) where {T<:Signed} = T
unsigned(::Type{Int8}) = UInt8
unsigned(::Type{Int16}) = UInt16
unsigned(::Type{Int32}) = UInt32
unsigned(::Type{Int64}) = UInt64
unsigned(::Type{Int128}) = UInt128
unsigned(::Type{Bool}) = UInt
signed(::Type{UInt8}) = Int8
signed(::Type{UInt16}) = Int16
signed(::Type{UInt32}) = Int32
signed(::Type{UInt64}) = Int64
signed(::Type{UInt128}) = Int128
signed(::Type{Bool}) = Int
signed_of(x) = signed(x)
unsigned_of(x::BitSigned) = slt_int(x, zero(x)) ? throw_negative(unsigned(typeof(x)), x) : unsigned(x)
unsigned_of(x) = unsigned(x)
convert(::Type{Signed}, x::BitSigned) = x
convert(::Type{Unsigned}, x::BitUnsigned) = x

widen(::Type{Int8}) = Int16
widen(::Type{Int16}) = Int32
widen(::Type{Int32}) = Int64
widen(::Type{Int64}) = Int128
widen(::Type{UInt8}) = UInt16
widen(::Type{UInt16}) = UInt32
widen(::Type{UInt32}) = UInt64
widen(::Type{UInt64}) = UInt128
float(::Type{T}) where {T<:Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128}} = Float64

# Larger wins; at equal size unsigned wins; Bool gives way to all.
@inline function promote_rule(::Type{T}, ::Type{S}) where {T<:BitInteger,S<:BitInteger}
    slt_int(sizeof(S), sizeof(T)) && return T
    slt_int(sizeof(T), sizeof(S)) && return S
    return is_signed(T) ? S : T
end
promote_rule(::Type{Bool}, ::Type{T}) where {T<:Number} = T

typemin(x::Real) = typemin(typeof(x))
typemax(x::Real) = typemax(typeof(x))
typemin(x::Number) = typemin(typeof(x))
typemax(x::Number) = typemax(typeof(x))
typemin(::Type{T}) where {T<:BitUnsigned} = zero(T)
typemax(::Type{T}) where {T<:BitUnsigned} = not_int(zero(T))
typemin(::Type{T}) where {T<:BitSigned} = shl_int(one(T), sub_int(nbits(T), 1))
typemax(::Type{T}) where {T<:BitSigned} = not_int(typemin(T))
hastypemax(::Type{T}) where {T<:Union{Bool,BitInteger}} = true
hastypemax(::Type{T}) where {T} = false

# ---- arithmetic and comparison ------------------------------------------------------------------

-(x::BitInteger) = neg_int(x)
+(x::T, y::T) where {T<:BitInteger} = add_int(x, y)
-(x::T, y::T) where {T<:BitInteger} = sub_int(x, y)
*(x::T, y::T) where {T<:BitInteger} = mul_int(x, y)
/(x::T, y::T) where {T<:Integer} = float(x) / float(y)
inv(x::Integer) = float(one(x)) / float(x)
~(x::BitInteger) = not_int(x)
~(x::Integer) = -x - one(x)
(&)(x::T, y::T) where {T<:BitInteger} = and_int(x, y)
|(x::T, y::T) where {T<:BitInteger} = or_int(x, y)
xor(x::T, y::T) where {T<:BitInteger} = xor_int(x, y)
==(x::T, y::T) where {T<:BitInteger} = eq_int(x, y)
!=(x::T, y::T) where {T<:BitInteger} = ne_int(x, y)
<(x::T, y::T) where {T<:BitSigned} = slt_int(x, y)
<=(x::T, y::T) where {T<:BitSigned} = sle_int(x, y)
<(x::T, y::T) where {T<:BitUnsigned} = ult_int(x, y)
<=(x::T, y::T) where {T<:BitUnsigned} = ule_int(x, y)
# A negative signed number is below and unequal to every unsigned one.
==(x::BitSigned, y::BitUnsigned) = (x >= zero(x)) & (unsigned(x) == y)
==(x::BitUnsigned, y::BitSigned) = (y >= zero(y)) & (x == unsigned(y))
<(x::BitSigned, y::BitUnsigned) = (x < zero(x)) | (unsigned(x) < y)
<(x::BitUnsigned, y::BitSigned) = (y >= zero(y)) & (x < unsigned(y))
<=(x::BitSigned, y::BitUnsigned) = (x < zero(x)) | (unsigned(x) <= y)
<=(x::BitUnsigned, y::BitSigned) = (y >= zero(y)) & (x <= unsigned(y))
muladd(x::T, y::T, z::T) where {T<:BitInteger} = add_int(mul_int(x, y), z)
fma(x::T, y::T, z::T) where {T<:Integer} = x * y + z

signbit(x::BitSigned) = slt_int(x, zero(x))
signbit(x::Unsigned) = false
abs(x::BitSigned) = flipsign_int(x, x)
abs(x::Unsigned) = x
abs(x::Signed) = flipsign(x, x)
unsigned_abs(x::BitSigned) = bitcast(unsigned(typeof(x)), abs(x))
unsigned_abs(x::Unsigned) = x
unsigned_abs(x::Bool) = unsigned(x)
flipsign(x::T, y::T) where {T<:BitSigned} = flipsign_int(x, y)
flipsign(x::BitSigned, y::BitSigned) = flipsign(x, oftype_sign(x, y))
oftype_sign(x::T, y) where {T} = ifelse(signbit(y), int_literal(T, -1), one(T))
flipsign(x::BitSigned, y::BitUnsigned) = x
flipsign(x::Unsigned, y::Real) = ifelse(signbit(y), -x, x)
copysign(x::BitSigned, y::Real) = ifelse(signbit(x) != signbit(y), -x, x)
copysign(x::Unsigned, y::Real) = ifelse(signbit(y), -x, x)
isodd(x::BitInteger) = ne_int(and_int(x, one(x)), zero(x))
iseven(x::BitInteger) = eq_int(and_int(x, one(x)), zero(x))
isodd(x::Integer) = !iseven(x)
iseven(x::Integer) = rem(x, oftype(x, 2)) == 0
isodd(x::Number) = isreal(x) && isinteger(real(x)) && isodd(Integer(real(x)))
iseven(x::Number) = isreal(x) && isinteger(real(x)) && iseven(Integer(real(x)))

const BitSigned_types = (Int8, Int16, Int32, Int64, Int128)
const BitUnsigned_types = (UInt8, UInt16, UInt32, UInt64, UInt128)
const BitInteger_types = (BitSigned_types..., BitUnsigned_types...)
const BitSigned64_types = (Int8, Int16, Int32, Int64)
const BitUnsigned64_types = (UInt8, UInt16, UInt32, UInt64)
const BitInteger64_types = (BitSigned64_types..., BitUnsigned64_types...)

# ---- bits ---------------------------------------------------------------------------------------

count_ones(x::BitInteger) = rem(ctpop_int(x), Int)
count_zeros(x::Integer) = count_ones(~x)
leading_zeros(x::BitInteger) = rem(ctlz_int(x), Int)
trailing_zeros(x::BitInteger) = rem(cttz_int(x), Int)
leading_ones(x::Integer) = leading_zeros(~x)
trailing_ones(x::Integer) = trailing_zeros(~x)
top_set_bit(x::BitInteger) = nbits(typeof(x)) - leading_zeros(x)
bswap(x::Union{Int8,UInt8}) = x
bswap(x::BitInteger) = bswap_int(x)
hton(x) = bswap(x)
ntoh(x) = bswap(x)
htol(x) = x
ltoh(x) = x

# The machine shift is undefined from the width on; these give 0 or the sign there.
<<(x::T, y::S) where {T<:BitInteger,S<:BitUnsigned} = shl_count(x, y)
>>(x::T, y::S) where {T<:BitSigned,S<:BitUnsigned} = ashr_count(x, y)
>>(x::T, y::S) where {T<:BitUnsigned,S<:BitUnsigned} = lshr_count(x, y)
>>>(x::T, y::S) where {T<:BitInteger,S<:BitUnsigned} = lshr_count(x, y)
@inline shl_count(x::T, y) where {T} = y < rem(nbits(T), typeof(y)) ? shl_int(x, rem(y, T)) : zero(T)
@inline lshr_count(x::T, y) where {T} = y < rem(nbits(T), typeof(y)) ? lshr_int(x, rem(y, T)) : zero(T)
@inline ashr_count(x::T, y) where {T} = y < rem(nbits(T), typeof(y)) ? ashr_int(x, rem(y, T)) : ashr_int(x, rem(sub_int(nbits(T), 1), T))
# A negative count shifts the other way.
@inline <<(x::BitInteger, y::BitSigned) = y >= zero(y) ? x << unsigned(y) : x >> negated_count(y)
@inline >>(x::BitInteger, y::BitSigned) = y >= zero(y) ? x >> unsigned(y) : x << negated_count(y)
@inline >>>(x::BitInteger, y::BitSigned) = y >= zero(y) ? x >>> unsigned(y) : x << negated_count(y)
negated_count(y::BitSigned) = unsigned(neg_int(y))
<<(x::BitInteger, y::Bool) = x << UInt(y)
>>(x::BitInteger, y::Bool) = x >> UInt(y)
>>>(x::BitInteger, y::Bool) = x >>> UInt(y)
<<(x::Integer, y::Integer) = y >= 0 ? x * (oftype(x, 2)^y) : x >> -y
>>(x::Integer, y::Integer) = y >= 0 ? fld(x, oftype(x, 2)^y) : x << -y
>>>(x::Integer, y::Integer) = x >> y

bitrotate(x::T, k::Integer) where {T<:BitInteger} = (x << mod(k, nbits(T))) | (x >>> (nbits(T) - mod(k, nbits(T))))
# Swaps neighbouring groups of 1, 2 and 4 bits, then bytes.
function bitreverse(x::T) where {T<:BitInteger}
    u = unsigned(x)
    m1 = div(typemax(u), rem(0x3, typeof(u)))
    m2 = div(typemax(u), rem(0x5, typeof(u)))
    m4 = div(typemax(u), rem(0x11, typeof(u)))
    u = ((u & m1) << 1) | ((u >>> 1) & m1)
    u = ((u & m2) << 2) | ((u >>> 2) & m2)
    u = ((u & m4) << 4) | ((u >>> 4) & m4)
    return rem(bswap(u), T)
end
ispow2(x::BitInteger) = (x > zero(x)) & (count_ones(x) == 1)
ispow2(x::Integer) = x > 0 && count_ones(x) == 1
ispow2(x::Number) = isreal(x) && ispow2(real(x))
ispow2(x::AbstractFloat) = !iszero(x) && frexp(x)[1] == 0.5

# ---- division -----------------------------------------------------------------------------------

# The quotient of typemin by -1 does not fit; its remainder is 0.
div(x::T, y::T) where {T<:BitSigned} = checked_sdiv_int(x, y)
rem(x::T, y::T) where {T<:BitSigned} = checked_srem_int(x, y)
div(x::T, y::T) where {T<:BitUnsigned} = checked_udiv_int(x, y)
rem(x::T, y::T) where {T<:BitUnsigned} = checked_urem_int(x, y)
@inline function fld(x::T, y::T) where {T<:BitSigned}
    d = div(x, y)
    return d - ((signbit(x) != signbit(y)) & (d * y != x)) % T
end
@inline function cld(x::T, y::T) where {T<:BitSigned}
    d = div(x, y)
    return d + ((signbit(x) == signbit(y)) & (d * y != x)) % T
end
@inline function mod(x::T, y::T) where {T<:BitSigned}
    r = rem(x, y)
    return ifelse((r != zero(T)) & (signbit(r) != signbit(y)), r + y, r)
end
fld(x::T, y::T) where {T<:BitUnsigned} = div(x, y)
mod(x::T, y::T) where {T<:BitUnsigned} = rem(x, y)
@inline function cld(x::T, y::T) where {T<:BitUnsigned}
    d = div(x, y)
    return d + (d * y != x) % T
end

# One signed, one unsigned: the result has the type of the dividend's width and signedness rules of its sign.
div(x::BitSigned, y::BitUnsigned) = flipsign(signed(div(unsigned(abs(x)), y)), x)
div(x::BitUnsigned, y::BitSigned) = unsigned(flipsign(signed(div(x, unsigned(abs(y)))), y))
rem(x::BitSigned, y::BitUnsigned) = flipsign(signed(rem(unsigned(abs(x)), y)), x)
rem(x::BitUnsigned, y::BitSigned) = rem(x, unsigned(abs(y)))
fld(x::BitSigned, y::BitUnsigned) = div(x, y) - (signbit(x) & (rem(x, y) != 0))
fld(x::BitUnsigned, y::BitSigned) = div(x, y) - (signbit(y) & (rem(x, y) != 0))
cld(x::BitSigned, y::BitUnsigned) = div(x, y) + (!signbit(x) & (rem(x, y) != 0))
cld(x::BitUnsigned, y::BitSigned) = div(x, y) + (!signbit(y) & (rem(x, y) != 0))
mod(x::BitSigned, y::BitUnsigned) = rem(y + unsigned(rem(x, y)), y)
mod(x::BitUnsigned, y::BitSigned) = rem(y + signed(rem(x, y)), y)

# Integer types without machine division get these from `div` and `rem`.
fld(x::T, y::T) where {T<:Integer} = (d = div(x, y); signbit(x) != signbit(y) && d * y != x ? d - one(d) : d)
cld(x::T, y::T) where {T<:Integer} = (d = div(x, y); signbit(x) == signbit(y) && d * y != x ? d + one(d) : d)
mod(x::T, y::T) where {T<:Integer} = (r = rem(x, y); r != 0 && signbit(r) != signbit(y) ? r + y : r)
fld(x::T, y::T) where {T<:Real} = round((x - mod(x, y)) / y)
cld(x::T, y::T) where {T<:Real} = round((x - mod(x, -y)) / y)

# Quotients rounded to nearest. `r` is what is left of the quotient rounded down, so twice `r`
# compared with `y` says which side is nearer.
function div(x::T, y::T, mode::RoundingMode{:Nearest}) where {T<:Integer}
    q, r = fldmod(x, y)
    return nearest_is_up(r, y, isodd(q)) ? q + one(q) : q
end
function div(x::T, y::T, ::RoundingMode{:NearestTiesUp}) where {T<:Integer}
    q, r = fldmod(x, y)
    return nearest_is_up(r, y, true) ? q + one(q) : q
end
function div(x::T, y::T, ::RoundingMode{:NearestTiesAway}) where {T<:Integer}
    q, r = fldmod(x, y)
    return nearest_is_up(r, y, signbit(x) == signbit(y)) ? q + one(q) : q
end
div(x::T, y::T, ::RoundingMode{:FromZero}) where {T<:Integer} = signbit(x) == signbit(y) ? cld(x, y) : fld(x, y)
@inline function nearest_is_up(r, y, ties_up::Bool)
    rest = y - r # same sign as y, no overflow
    a, b = unsigned_abs_any(r), unsigned_abs_any(rest)
    return a > b || (a == b && ties_up)
end
unsigned_abs_any(x::BitInteger) = unsigned_abs(x)
unsigned_abs_any(x) = abs(x)
rem(x::T, y::T, ::RoundingMode{:Nearest}) where {T<:Integer} = x - y * div(x, y, RoundNearest)
rem(x::T, y::T, ::RoundingMode{:NearestTiesUp}) where {T<:Integer} = x - y * div(x, y, RoundNearestTiesUp)
divrem(x::T, y::T) where {T<:BitInteger} = (div(x, y), rem(x, y))
divrem(x::Integer, y::Integer, r::RoundingMode{:NearestTiesAway}) = (q = div(x, y, r); (q, x - q * y))
fldmod(x::T, y::T) where {T<:BitInteger} = (fld(x, y), mod(x, y))

# ---- rounding an integer ------------------------------------------------------------------------

round(x::Integer, ::RoundingMode) = x
round(x::Integer) = x
trunc(x::Integer) = x
floor(x::Integer) = x
ceil(x::Integer) = x
for f in (:round, :trunc, :floor, :ceil)
    @eval $f(::Type{T}, x::Integer) where {T<:Integer} = convert(T, x)
    @eval $f(::Type{T}, x::Integer) where {T<:AbstractFloat} = convert(T, x)
end
round(::Type{T}, x::Integer, ::RoundingMode) where {T<:Integer} = convert(T, x)
