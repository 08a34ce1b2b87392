# Integers and floats of any size. `Core.BigInt` and its arithmetic are the host's.

using Core: BigInt

const SmallInt = Union{Int8,Int16,Int32,Int64,UInt8,UInt16,UInt32,UInt64}
const MachineInt = Union{SmallInt,Int128,UInt128}

# ---- conversion ---------------------------------------------------------------------------------

BigInt(x::BigInt) = x
BigInt(x::Bool) = Core.Host.big_from_int(Int(x))
BigInt(x::MachineInt) = Core.Host.big_from_int(x)
function BigInt(x::Union{Float16,Float32,Float64})
    isinteger(x) || throw(InexactError(:BigInt, BigInt, x))
    return Core.Host.big_from_float(Float64(x))
end
BigInt(x::Rational) = isone(denominator(x)) ? BigInt(numerator(x)) : throw(InexactError(:BigInt, BigInt, x))
BigInt(x::Irrational) = throw(InexactError(:BigInt, BigInt, x))
BigInt(s::AbstractString) = parse(BigInt, s)
function (::Type{T})(x::BigInt) where {T<:MachineInt}
    y = Core.Host.big_to_int(T, x)
    y === nothing && throw(InexactError(nameof(T), T, x))
    return y::T
end
Bool(x::BigInt) = iszero(x) ? false : isone(x) ? true : throw(InexactError(:Bool, Bool, x))
Float64(x::BigInt) = Core.Host.big_to_float(x)
Float32(x::BigInt) = Float32(round_to_odd(x))
Float16(x::BigInt) = Float16(round_to_odd(x))
# A second rounding is harmless when the first one keeps an odd last bit for anything it drops.
function round_to_odd(x::BigInt)
    n = Core.Host.big_bits(x)
    n <= 53 && return Float64(x)
    k = n - 53
    m = abs(x)
    top = m >> k
    (top << k) == m || (top = top | 1)
    n > 1024 && return x < 0 ? -Inf : Inf
    return copysign(ldexp(Float64(top), k), x < 0 ? -1.0 : 1.0)
end
AbstractFloat(x::BigInt) = BigFloat(x)
float(::Type{BigInt}) = BigFloat
Integer(x::BigInt) = x
Signed(x::BigInt) = x
rem(x::BigInt, ::Type{Bool}) = isodd(x)
rem(x::BigInt, ::Type{T}) where {T<:MachineInt} = Core.Host.big_rem_bits(T, x)
rem(x::Integer, ::Type{BigInt}) = BigInt(x)
big(x::Integer) = BigInt(x)
big(x::AbstractFloat) = BigFloat(x)
big(x::Rational) = big(numerator(x)) // big(denominator(x))
big(x::Complex) = Complex(big(real(x)), big(imag(x)))
big(x::AbstractIrrational) = BigFloat(x)
big(x::BigInt) = x
big(::Type{<:Integer}) = BigInt
big(::Type{<:AbstractFloat}) = BigFloat
big(::Type{Rational{T}}) where {T} = Rational{big(T)}
big(::Type{Complex{T}}) where {T} = Complex{big(T)}
widen(::Type{Int128}) = BigInt
widen(::Type{UInt128}) = BigInt
widen(::Type{BigInt}) = BigInt
widen(x::BigInt) = x

promote_rule(::Type{BigInt}, ::Type{<:Integer}) = BigInt
promote_rule(::Type{BigInt}, ::Type{Bool}) = BigInt
promote_rule(::Type{BigInt}, ::Type{<:AbstractFloat}) = BigFloat

zero(::Type{BigInt}) = BigInt(0)
one(::Type{BigInt}) = BigInt(1)
zero(::BigInt) = BigInt(0)
one(::BigInt) = BigInt(1)
typemin(::Type{BigInt}) = throw(ArgumentError("BigInt has no smallest number"))
typemax(::Type{BigInt}) = throw(ArgumentError("BigInt has no largest number"))

# ---- arithmetic ---------------------------------------------------------------------------------

+(x::BigInt, y::BigInt) = Core.Host.big_add(x, y)
-(x::BigInt, y::BigInt) = Core.Host.big_sub(x, y)
*(x::BigInt, y::BigInt) = Core.Host.big_mul(x, y)
-(x::BigInt) = Core.Host.big_neg(x)
+(x::BigInt) = x
~(x::BigInt) = Core.Host.big_not(x)
abs(x::BigInt) = Core.Host.big_abs(x)
(&)(x::BigInt, y::BigInt) = Core.Host.big_and(x, y)
|(x::BigInt, y::BigInt) = Core.Host.big_or(x, y)
xor(x::BigInt, y::BigInt) = Core.Host.big_xor(x, y)
/(x::BigInt, y::BigInt) = BigFloat(x) / BigFloat(y)
checked_divisor(y::BigInt) = iszero(y) ? throw(DivideError()) : y
div(x::BigInt, y::BigInt) = Core.Host.big_div(x, checked_divisor(y))
rem(x::BigInt, y::BigInt) = Core.Host.big_rem(x, checked_divisor(y))
fld(x::BigInt, y::BigInt) = Core.Host.big_fld(x, checked_divisor(y))
mod(x::BigInt, y::BigInt) = Core.Host.big_mod(x, checked_divisor(y))
cld(x::BigInt, y::BigInt) = -fld(-x, y)
divrem(x::BigInt, y::BigInt) = (div(x, y), rem(x, y))
fldmod(x::BigInt, y::BigInt) = (fld(x, y), mod(x, y))
div(x::BigInt, y::BigInt, ::RoundingMode{:ToZero}) = div(x, y)
div(x::BigInt, y::BigInt, ::RoundingMode{:Down}) = fld(x, y)
div(x::BigInt, y::BigInt, ::RoundingMode{:Up}) = cld(x, y)
gcd(x::BigInt, y::BigInt) = Core.Host.big_gcd(x, y)
lcm(x::BigInt, y::BigInt) = Core.Host.big_lcm(x, y)
isqrt(x::BigInt) = x < 0 ? throw(DomainError(x, "`x` must be non-negative.")) : Core.Host.big_isqrt(x)
sqrt(x::BigInt) = sqrt(BigFloat(x))
<<(x::BigInt, k::Int) = Core.Host.big_shl(x, k)
>>(x::BigInt, k::Int) = Core.Host.big_shl(x, -k)
>>>(x::BigInt, k::Int) = x >> k
<<(x::BigInt, k::Integer) = x << Int(k)
>>(x::BigInt, k::Integer) = x >> Int(k)
>>>(x::BigInt, k::Integer) = x >> Int(k)
<<(x::BigInt, k::UInt64) = x << Int(k)
>>(x::BigInt, k::UInt64) = x >> Int(k)
>>>(x::BigInt, k::UInt64) = x >> Int(k)
function ^(x::BigInt, k::Integer)
    if k < 0
        isone(x) && return one(BigInt)
        x == -1 && return iseven(k) ? one(BigInt) : x
        throw(DomainError(k, string("Cannot raise an integer x to a negative power ", k, ".\nConvert input to float.")))
    end
    return Core.Host.big_pow(x, Int(k))
end
function ^(x::BigInt, k::BigInt)
    # what does not depend on how large `k` is
    iszero(x) && k > 0 && return x
    isone(x) && return x
    x == -1 && return isodd(k) ? x : -x
    k > typemax(Int) && throw(OutOfMemoryError())
    return x^Int(k)
end
^(x::Union{SmallInt,Int128,UInt128}, k::BigInt) = BigInt(x)^Int(k)
^(x::Bool, k::BigInt) = iszero(k) | x
powermod(x::BigInt, p::BigInt, m::BigInt) = p < 0 ? powermod(invmod(x, m), -p, m) : (r = Core.Host.big_powmod(mod(x, m), p, m); mod(r, m))
powermod(x::Integer, p::Integer, m::BigInt) = powermod(BigInt(x), BigInt(p), m)
function invmod(x::BigInt, m::BigInt)
    iszero(m) && throw(DomainError(m, "`m` must not be 0."))
    g, u, _ = gcdx(x, m)
    isone(abs(g)) || throw(DomainError((x, m), string("Greatest common divisor is ", g, ".")))
    return mod(u, m)
end
invmod(x::Integer, m::BigInt) = invmod(BigInt(x), m)
function gcdx(a::BigInt, b::BigInt)
    s0, s1 = one(BigInt), zero(BigInt)
    t0, t1 = s1, s0
    x, y = a, b
    while !iszero(y)
        q = div(x, y)
        x, y = y, x - q * y
        s0, s1 = s1, s0 - q * s1
        t0, t1 = t1, t0 - q * t1
    end
    return x < 0 ? (-x, -s0, -t0) : (x, s0, t0)
end
factorial(n::BigInt) = n < 0 ? throw(DomainError(n, "`n` must be nonnegative.")) : big_product(2, Int(n))
# halves of about equal size: the products stay balanced
function big_product(lo::Int, hi::Int)
    hi < lo && return one(BigInt)
    lo == hi && return BigInt(lo)
    mid = (lo + hi) >> 1
    return big_product(lo, mid) * big_product(mid + 1, hi)
end
function binomial(n::BigInt, k::Integer)
    k < 0 && return zero(BigInt)
    r = one(BigInt)
    for i in 1:Int(k)
        r = div(r * (n - k + i), BigInt(i))
    end
    return r
end

==(x::BigInt, y::BigInt) = Core.Host.big_cmp(x, y) == 0
<(x::BigInt, y::BigInt) = Core.Host.big_cmp(x, y) < 0
<=(x::BigInt, y::BigInt) = Core.Host.big_cmp(x, y) <= 0
cmp(x::BigInt, y::BigInt) = Core.Host.big_cmp(x, y)
# exact against floats, without rounding the integer
function cmp_float(x::BigInt, y::Union{Float16,Float32,Float64})
    isinf(y) && return y > 0 ? -1 : 1
    t = trunc(y)
    c = cmp(x, BigInt(t))
    return c != 0 ? c : t < y ? -1 : t > y ? 1 : 0
end
==(x::BigInt, y::Union{Float16,Float32,Float64}) = !isnan(y) && cmp_float(x, y) == 0
==(x::Union{Float16,Float32,Float64}, y::BigInt) = y == x
<(x::BigInt, y::Union{Float16,Float32,Float64}) = !isnan(y) && cmp_float(x, y) < 0
<(x::Union{Float16,Float32,Float64}, y::BigInt) = !isnan(x) && cmp_float(y, x) > 0
<=(x::BigInt, y::Union{Float16,Float32,Float64}) = !isnan(y) && cmp_float(x, y) <= 0
<=(x::Union{Float16,Float32,Float64}, y::BigInt) = !isnan(x) && cmp_float(y, x) >= 0
isequal(x::BigInt, y::BigInt) = x == y
isless(x::BigInt, y::BigInt) = x < y
sign(x::BigInt) = BigInt(Core.Host.big_sign(x))
signbit(x::BigInt) = Core.Host.big_sign(x) < 0
flipsign(x::BigInt, y::BigInt) = signbit(y) ? -x : x
flipsign(x::BigInt, y::Real) = signbit(y) ? -x : x
copysign(x::BigInt, y::Real) = signbit(x) == signbit(y) ? x : -x
iszero(x::BigInt) = Core.Host.big_sign(x) == 0
isone(x::BigInt) = x == one(BigInt)
isodd(x::BigInt) = Core.Host.big_rem_bits(UInt8, x) & 0x01 != 0x00
iseven(x::BigInt) = !isodd(x)
significant_bits(x::BigInt) = Core.Host.big_bits(x)
trailing_zeros(x::BigInt) = iszero(x) ? throw(DomainError(x, "`x` must be non-zero")) : Core.Host.big_trailing_zeros(x)
trailing_ones(x::BigInt) = trailing_zeros(~x)
count_ones(x::BigInt) = x < 0 ? throw(DomainError(x, "`count_ones` of a negative BigInt")) : Core.Host.big_count_ones(x)
top_set_bit(x::BigInt) = x < 0 ? throw(DomainError(x, "top_set_bit only supports negative arguments when they have type BitSigned.")) : Core.Host.big_bits(x)
ndigits0zpb(x::BigInt, b::Integer) = iszero(x) ? 0 : length(Core.Host.big_string(abs(x), Int(b)))
ndigits(x::BigInt; base::Integer = 10, pad::Integer = 1) = max(Int(pad), length(Core.Host.big_string(abs(x), Int(base))))
function digits(x::BigInt; base::Integer = 10, pad::Integer = 1)
    v = Int[]
    y = abs(x)
    b = BigInt(base)
    while !iszero(y)
        push!(v, Int(rem(y, b)))
        y = div(y, b)
    end
    while length(v) < pad
        push!(v, 0)
    end
    return signbit(x) ? -v : v
end
float(x::BigInt) = BigFloat(x)
trunc(::Type{BigInt}, x::Union{Float16,Float32,Float64}) = isfinite(x) ? BigInt(trunc(x)) : throw(InexactError(:trunc, BigInt, x))
round(::Type{BigInt}, x::Union{Float16,Float32,Float64}) = BigInt(round(x))
floor(::Type{BigInt}, x::Union{Float16,Float32,Float64}) = BigInt(floor(x))
ceil(::Type{BigInt}, x::Union{Float16,Float32,Float64}) = BigInt(ceil(x))
deepcopy(x::BigInt) = x
copy(x::BigInt) = x

string(x::BigInt) = Core.Host.big_string(x, 10)
function string(x::BigInt; base::Integer = 10, pad::Integer = 1)
    2 <= base <= 36 || throw(ArgumentError(string("base must be 2 ≤ base ≤ 36, got ", base)))
    t = Core.Host.big_string(abs(x), Int(base))
    length(t) < pad && (t = string(repeat("0", Int(pad) - length(t)), t))
    return signbit(x) ? string("-", t) : t
end
print(io::IO, x::BigInt) = print(io, string(x))

# ---- BigFloat -----------------------------------------------------------------------------------

# `mantissa * 2^exponent` of at most `precision` bits, or (`special` not zero) an infinity or NaN. Rounding
# is to nearest, ties to even; there are no subnormals and no exponent limits worth meeting.
struct BigFloat <: AbstractFloat
    mantissa::BigInt
    exponent::Int
    special::Int8        # 0 finite, 1 +Inf, -1 -Inf, 2 NaN, 3 negative zero
    precision::Int       # what was asked for when the number was made
    BigFloat(m::BigInt, e::Int, s::Int8) = new(m, e, s, big_precision[])
end
const big_precision = Ref(256)
precision(::Type{BigFloat}) = big_precision[]
precision(x::BigFloat) = x.precision
setprecision(::Type{BigFloat}, n::Integer) = (n < 1 && throw(DomainError(n, "`precision` cannot be less than 1.")); big_precision[] = Int(n))
setprecision(n::Integer) = setprecision(BigFloat, n)
function setprecision(f::Function, ::Type{BigFloat}, n::Integer)
    old = big_precision[]
    setprecision(BigFloat, n)
    try
        return f()
    finally
        big_precision[] = old
    end
end
setprecision(f::Function, n::Integer) = setprecision(f, BigFloat, n)
big_special(s::Int) = BigFloat(BigInt(0), 0, s % Int8)

# `inexact`: bits below `m` were already dropped, and not all were zero
function big_round(m::BigInt, e::Int, inexact::Bool = false)
    iszero(m) && return BigFloat(m, 0, Int8(0))
    n = Core.Host.big_bits(m)
    k = n - big_precision[]
    if k > 0
        a = abs(m)
        top = a >> k
        rest = a - (top << k)
        half = BigInt(1) << (k - 1)
        c = cmp(rest, half)
        (c > 0 || c == 0 && (inexact || isodd(top))) && (top += 1)
        m = signbit(m) ? -top : top
        e += k
    end
    z = Core.Host.big_trailing_zeros(m)
    return z == 0 ? BigFloat(m, e, Int8(0)) : BigFloat(m >> z, e + z, Int8(0))
end

BigFloat(x::BigFloat) = x
BigFloat(x::BigInt) = big_round(x, 0)
BigFloat(x::Integer) = BigFloat(BigInt(x))
function BigFloat(x::Union{Float16,Float32,Float64})
    isnan(x) && return big_special(2)
    isinf(x) && return big_special(x > 0 ? 1 : -1)
    iszero(x) && return signbit(x) ? big_special(3) : BigFloat(BigInt(0), 0, Int8(0))
    f, e = frexp(Float64(x))
    return big_round(BigInt(ldexp(f, 53)), e - 53)
end
BigFloat(x::Rational) = BigFloat(numerator(x)) / BigFloat(denominator(x))
BigFloat(x::AbstractString) = parse(BigFloat, x)
BigFloat() = big_special(2)
promote_rule(::Type{BigFloat}, ::Type{<:Real}) = BigFloat
promote_rule(::Type{BigFloat}, ::Type{<:AbstractFloat}) = BigFloat
promote_rule(::Type{BigFloat}, ::Type{BigInt}) = BigFloat
widen(::Type{Float64}) = BigFloat
widen(::Type{BigFloat}) = BigFloat
zero(::Type{BigFloat}) = BigFloat(BigInt(0), 0, Int8(0))
one(::Type{BigFloat}) = BigFloat(BigInt(1), 0, Int8(0))
eps(::Type{BigFloat}) = BigFloat(BigInt(1), 1 - big_precision[], Int8(0))
eps(x::BigFloat) = isfinite(x) && !iszero(x) ? BigFloat(BigInt(1), Core.Host.big_bits(x.mantissa) + x.exponent - x.precision, Int8(0)) : eps(BigFloat)
isnan(x::BigFloat) = x.special == 2
isinf(x::BigFloat) = x.special == 1 || x.special == -1
isfinite(x::BigFloat) = x.special == 0 || x.special == 3
iszero(x::BigFloat) = x.special == 3 || x.special == 0 && iszero(x.mantissa)
isinteger(x::BigFloat) = isfinite(x) && (iszero(x) || x.exponent >= 0)
signbit(x::BigFloat) = x.special == -1 || x.special == 3 || x.special == 0 && signbit(x.mantissa)
-(x::BigFloat) = x.special == 0 ? (iszero(x.mantissa) ? big_special(3) : BigFloat(-x.mantissa, x.exponent, Int8(0))) :
                 x.special == 3 ? zero(BigFloat) : x.special == 2 ? x : big_special(-Int(x.special))
abs(x::BigFloat) = signbit(x) ? -x : x
function +(x::BigFloat, y::BigFloat)
    if !(isfinite(x) && isfinite(y))
        (isnan(x) || isnan(y)) && return big_special(2)
        isinf(x) && isinf(y) && signbit(x) != signbit(y) && return big_special(2)
        return isinf(x) ? x : y
    end
    iszero(x) && return iszero(y) && x.special != y.special ? zero(BigFloat) : y
    iszero(y) && return x
    x.exponent < y.exponent && ((x, y) = (y, x))
    d = x.exponent - y.exponent
    # far apart: one sticky bit stands for the small one
    if d > 2 * big_precision[] + Core.Host.big_bits(y.mantissa)
        k = 2 * big_precision[]
        return big_round((x.mantissa << k) + sign(y.mantissa), x.exponent - k)
    end
    return big_round((x.mantissa << d) + y.mantissa, y.exponent)
end
-(x::BigFloat, y::BigFloat) = x + (-y)
function *(x::BigFloat, y::BigFloat)
    (isnan(x) || isnan(y)) && return big_special(2)
    negative = signbit(x) != signbit(y)
    if isinf(x) || isinf(y)
        (iszero(x) || iszero(y)) && return big_special(2)
        return big_special(negative ? -1 : 1)
    end
    (iszero(x) || iszero(y)) && return negative ? big_special(3) : zero(BigFloat)
    return big_round(x.mantissa * y.mantissa, x.exponent + y.exponent)
end
function /(x::BigFloat, y::BigFloat)
    (isnan(x) || isnan(y)) && return big_special(2)
    negative = signbit(x) != signbit(y)
    isinf(x) && return isinf(y) ? big_special(2) : big_special(negative ? -1 : 1)
    isinf(y) && return negative ? big_special(3) : zero(BigFloat)
    if iszero(y)
        return iszero(x) ? big_special(2) : big_special(negative ? -1 : 1)
    end
    iszero(x) && return negative ? big_special(3) : zero(BigFloat)
    k = big_precision[] + 2 + max(0, Core.Host.big_bits(y.mantissa) - Core.Host.big_bits(x.mantissa))
    a = abs(x.mantissa) << k
    b = abs(y.mantissa)
    q = div(a, b)
    inexact = q * b != a
    # two guard bits and a sticky one
    m = (q << 1) | (inexact ? 1 : 0)
    return big_round(negative ? -m : m, x.exponent - y.exponent - k - 1)
end
function sqrt(x::BigFloat)
    isnan(x) && return x
    signbit(x) && !iszero(x) && throw(DomainError(x, "NaN result for non-NaN input."))
    (isinf(x) || iszero(x)) && return x
    k = 2 * big_precision[] + 4
    isodd(x.exponent - k) && (k += 1)
    m = x.mantissa << k
    r = isqrt(m)
    inexact = r * r != m
    return big_round((r << 1) | (inexact ? 1 : 0), div(x.exponent - k, 2) - 1)
end
inv(x::BigFloat) = one(BigFloat) / x
sign_of(x::BigFloat) = iszero(x) ? 0 : signbit(x) ? -1 : 1
# compares finite numbers through the sign of the exact difference
function big_order(x::BigFloat, y::BigFloat)
    c = cmp(sign_of(x), sign_of(y))
    (c != 0 || iszero(x)) && return c
    h = cmp(high_bit(x), high_bit(y))
    h == 0 || return signbit(x) ? -h : h
    e = min(x.exponent, y.exponent)
    return cmp(x.mantissa << (x.exponent - e), y.mantissa << (y.exponent - e))
end
rank(x::BigFloat) = x.special == 1 ? 1 : x.special == -1 ? -1 : 0
function compare(x::BigFloat, y::BigFloat)
    isfinite(x) && isfinite(y) || return cmp(rank(x), rank(y))
    return big_order(x, y)
end
==(x::BigFloat, y::BigFloat) = !isnan(x) && !isnan(y) && compare(x, y) == 0
<(x::BigFloat, y::BigFloat) = !isnan(x) && !isnan(y) && compare(x, y) < 0
<=(x::BigFloat, y::BigFloat) = !isnan(x) && !isnan(y) && compare(x, y) <= 0
isless(x::BigFloat, y::BigFloat) = isnan(y) ? !isnan(x) : isnan(x) ? false : compare(x, y) < 0
function trunc(x::BigFloat)
    isinteger(x) || !isfinite(x) ? x : big_round(copysign(abs(x.mantissa) >> -x.exponent, x.mantissa), 0)
end
floor(x::BigFloat) = isinteger(x) || !isfinite(x) ? x : big_round(x.mantissa >> -x.exponent, 0)
ceil(x::BigFloat) = -floor(-x)
function round(x::BigFloat)
    (isinteger(x) || !isfinite(x)) && return x
    f = floor(x)
    d = compare(x - f, BigFloat(0.5))
    return d < 0 || d == 0 && iseven(BigInt(f)) ? f : f + one(BigFloat)
end
round(x::BigFloat, ::RoundingMode{:Nearest}) = round(x)
round(x::BigFloat, ::RoundingMode{:ToZero}) = trunc(x)
round(x::BigFloat, ::RoundingMode{:Down}) = floor(x)
round(x::BigFloat, ::RoundingMode{:Up}) = ceil(x)
Integer(x::BigFloat) = BigInt(x)
BigInt(x::BigFloat) = isinteger(x) ? x.mantissa << max(x.exponent, 0) : throw(InexactError(:BigInt, BigInt, x))
(::Type{T})(x::BigFloat) where {T<:MachineInt} = isinteger(x) ? T(BigInt(x)) : throw(InexactError(nameof(T), T, x))
function Float64(x::BigFloat)
    isnan(x) && return NaN
    isinf(x) && return x.special == 1 ? Inf : -Inf
    iszero(x) && return signbit(x) ? -0.0 : 0.0
    m = abs(x.mantissa)
    n = Core.Host.big_bits(m)
    top = n + x.exponent                     # |x| < 2^top
    keep = top >= -1021 ? 53 : 53 - (-1021 - top)
    keep < 0 && return signbit(x) ? -0.0 : 0.0
    e = x.exponent
    k = n - keep
    if k > 0
        t = m >> k
        rest = m - (t << k)
        c = cmp(rest, BigInt(1) << (k - 1))
        (c > 0 || c == 0 && isodd(t)) && (t += 1)
        m = t
        e += k
    end
    top > 1024 && return signbit(x) ? -Inf : Inf
    y = ldexp(Float64(m), e)
    return signbit(x) ? -y : y
end
Float32(x::BigFloat) = Float32(Float64(x))
Float16(x::BigFloat) = Float16(Float64(x))
hash(x::BigFloat, h::UInt) = x.special == 0 ? hash_parts(x.mantissa, x.exponent, one(BigInt), h) : hash(Float64(x), h)

# `nd` significant decimal digits of |x|, rounded, and the decimal exponent of the first.
function big_digits(x::BigFloat, nd::Int)
    m = abs(x.mantissa)
    # estimate of the decimal exponent, corrected below
    p = Int(floor((Core.Host.big_bits(m) + x.exponent - 1) * 0.30102999566398120))
    while true
        s = nd - 1 - p
        num = s >= 0 ? m * BigInt(10)^s : m
        den = s >= 0 ? BigInt(1) : BigInt(10)^(-s)
        x.exponent >= 0 ? (num = num << x.exponent) : (den = den << -x.exponent)
        q = div(2 * num + den, 2 * den)
        t = Core.Host.big_string(q, 10)
        length(t) == nd && return (t, p)
        p += length(t) > nd ? 1 : -1
    end
end
function string(x::BigFloat)
    isnan(x) && return "NaN"
    isinf(x) && return x.special == 1 ? "Inf" : "-Inf"
    iszero(x) && return signbit(x) ? "-0.0" : "0.0"
    t, p = big_digits(x, Int(ceil(x.precision * 0.30102999566398120)) + 1)
    t = String(rstrip(t, '0'))
    isempty(t) && (t = "0")
    sign = signbit(x) ? "-" : ""
    if -5 <= p < 21
        if p < 0
            return string(sign, "0.", repeat("0", -p - 1), t)
        elseif length(t) <= p + 1
            return string(sign, t, repeat("0", p + 1 - length(t)), ".0")
        end
        return string(sign, SubString(t, 1, p + 1), ".", SubString(t, p + 2))
    end
    return string(sign, SubString(t, 1, 1), ".", length(t) > 1 ? SubString(t, 2) : "0", "e", p < 0 ? "-" : "+", lpad(string(abs(p)), 2, "0"))
end
print(io::IO, x::BigFloat) = print(io, string(x))
# digits * 10^k
function big_from_decimal(t::AbstractString, k::Int, negative::Bool)
    m = Core.Host.big_parse(String(t), 10)
    negative && (m = -m)
    return k >= 0 ? BigFloat(m * BigInt(10)^k) : big_divide(m, BigInt(10)^(-k))
end
# The quotient of the exact integers, rounded once.
function big_divide(a::BigInt, b::BigInt)
    iszero(a) && return zero(BigFloat)
    k = max(0, big_precision[] + 2 + Core.Host.big_bits(b) - Core.Host.big_bits(a))
    n = abs(a) << k
    q = div(n, b)
    m = (q << 1) | (q * b == n ? 0 : 1)
    return big_round(signbit(a) ? -m : m, -k - 1)
end

macro big_str(s)
    t = filter(!=('_'), s)
    n = tryparse(BigInt, t)
    n === nothing || return n
    x = tryparse(BigFloat, t)
    x === nothing || return x
    return :(throw(ArgumentError(string("invalid number format ", $(repr(s)), " for BigInt or BigFloat"))))
end
macro int128_str(s)
    return parse(Int128, filter(!=('_'), s))
end
macro uint128_str(s)
    return parse(UInt128, filter(!=('_'), s))
end
