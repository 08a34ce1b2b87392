# Functions of big floats, correctly rounded. Each is approximated with more bits than asked for, and
# again with more as long as the error bound leaves open which way to round.

# ---- fixed point --------------------------------------------------------------------------------
# Integers that stand for themselves times 2^-w.

# |x| < 2^high_bit(x)
high_bit(x::BigFloat) = Core.Host.big_bits(x.mantissa) + x.exponent
fixed(x::BigFloat, w::Int) = x.mantissa << (x.exponent + w)
from_fixed(m::BigInt, w::Int) = big_round(m, -w)

function arctan_inverse(n::Int, bits::Int, alternate::Bool)
    term = div(BigInt(1) << bits, BigInt(n))
    sum = term
    k = 1
    while !iszero(term)
        term = div(term, BigInt(n * n))
        k += 2
        part = div(term, BigInt(k))
        sum = alternate && k % 4 == 3 ? sum - part : sum + part
    end
    return sum
end
machin_pi(bits) = 4 * (4 * arctan_inverse(5, bits, true) - arctan_inverse(239, bits, true))
machin_ln2(bits) = 18 * arctan_inverse(26, bits, false) - 2 * arctan_inverse(4801, bits, false) + 8 * arctan_inverse(8749, bits, false)
# What was worked out with the most bits so far: (bits, value).
const pi_digits = Ref{Any}((0, nothing))
const ln2_digits = Ref{Any}((0, nothing))
function cached_digits(cache, compute, w::Int)
    bits, value = cache[]
    if bits < w
        bits = w + 128
        value = compute(bits + 32) >> 32
        cache[] = (bits, value)
    end
    return (value >> (bits - w))::BigInt
end
fixed_pi(w::Int) = cached_digits(pi_digits, machin_pi, w)
fixed_ln2(w::Int) = cached_digits(ln2_digits, machin_ln2, w)
fixed_mul(a::BigInt, b::BigInt, w::Int) = (a * b) >> w

# Each series first brings its argument near zero by `steps` halvings (square roots), which it then undoes.
series_steps(w::Int) = 4 + (isqrt(w) >> 1)
function fixed_exp(r::BigInt, w::Int)
    s = series_steps(w)
    v = w + 2 * s + 8
    x = (r << (v - w)) >> s
    term = sum = BigInt(1) << v
    n = 0
    while !iszero(term) && term != -1
        n += 1
        term = div(fixed_mul(term, x, v), BigInt(n))
        sum += term
    end
    for _ in 1:s
        sum = fixed_mul(sum, sum, v)
    end
    return sum >> (v - w)
end
function fixed_log(y::BigInt, w::Int)
    s = 12
    v = w + 2 * s + 8
    one_v = BigInt(1) << v
    x = y << (v - w)
    for _ in 1:s
        x = isqrt(x << v)
    end
    z = div((x - one_v) << v, x + one_v)
    return (fixed_atanh_series(z, v, 1) << (s + 1)) >> (v - w)
end
# z + sign^1 z^3/3 + sign^2 z^5/5 + …
function fixed_atanh_series(z::BigInt, v::Int, sign::Int)
    zz = sign * fixed_mul(z, z, v)
    term = sum = z
    k = 1
    while !iszero(term) && term != -1
        term = fixed_mul(term, zz, v)
        k += 2
        sum += div(term, BigInt(k))
    end
    return sum
end
function fixed_atan(t::BigInt, w::Int)
    s = 10
    v = w + 2 * s + 8
    one_v = BigInt(1) << v
    x = t << (v - w)
    for _ in 1:s
        x = div(x << v, one_v + isqrt((one_v << v) + x * x))
    end
    return (fixed_atanh_series(x, v, -1) << s) >> (v - w)
end
# sine and cosine; the latter as its distance from one, which doubling keeps precise
function fixed_sincos(r::BigInt, w::Int)
    s = series_steps(w)
    v = w + 2 * s + 8
    x = (r << (v - w)) >> s
    xx = fixed_mul(x, x, v)
    sin_term = sin_sum = x
    cos_term = BigInt(1) << v
    cos_sum = BigInt(0)
    n = 0
    while !iszero(cos_term) && cos_term != -1
        n += 2
        cos_term = -div(fixed_mul(cos_term, xx, v), BigInt(n * (n - 1)))
        sin_term = -div(fixed_mul(sin_term, xx, v), BigInt(n * (n + 1)))
        cos_sum += cos_term
        sin_sum += sin_term
    end
    one_v = BigInt(1) << v
    for _ in 1:s
        sin_sum, cos_sum = 2 * fixed_mul(sin_sum, one_v + cos_sum, v), -2 * fixed_mul(sin_sum, sin_sum, v)
    end
    return sin_sum >> (v - w), (one_v + cos_sum) >> (v - w)
end

# ---- rounding -----------------------------------------------------------------------------------

# `f` at `extra` more bits than asked for
function with_extra_bits(f, extra::Int)
    p = big_precision[]
    big_precision[] = p + extra
    try
        return f()
    finally
        big_precision[] = p
    end
end
# What `f` gives at a raised precision is trusted but for its last 20 bits.
function correctly_rounded(f)
    p = big_precision[]
    extra = 64
    while true
        y = with_extra_bits(f, extra)
        (y.special != 0 || iszero(y.mantissa)) && return BigFloat(y.mantissa, y.exponent, y.special)
        low = 20 - (p + extra - Core.Host.big_bits(y.mantissa))
        slack = low >= 0 ? BigInt(1) << low : BigInt(1)
        m, e = low >= 0 ? (y.mantissa, y.exponent) : (y.mantissa << -low, y.exponent + low)
        a, b = big_round(m - slack, e), big_round(m + slack, e)
        (a == b || extra > 4 * p + 2000) && return big_round(y.mantissa, y.exponent)
        extra *= 2
    end
end

# ---- approximations at the current precision ----------------------------------------------------

function approximate_exp(x::BigFloat)
    h = high_bit(x)
    h < -2 * big_precision[] && return one(BigFloat) + x
    w = big_precision[] + 40 + max(h, 0)
    k = h < 0 ? BigInt(0) : div(fixed(x, w), fixed_ln2(w))
    y = fixed_exp(fixed(x, w) - k * fixed_ln2(w), w)
    return BigFloat(y, Int(k) - w, Int8(0))
end
function approximate_log(x::BigFloat)
    e = high_bit(x)
    m = BigFloat(x.mantissa, x.exponent - e, Int8(0))
    m < BigFloat(0.75) && (e -= 1; m = BigFloat(x.mantissa, x.exponent - e, Int8(0)))
    d = m - one(BigFloat)
    # close to one the logarithm is as small as the distance
    w = big_precision[] + 40 + (iszero(d) ? 0 : max(0, -high_bit(d)))
    y = iszero(d) ? BigInt(0) : fixed_log(fixed(m, w), w)
    return from_fixed(y + e * fixed_ln2(w), w)
end
function approximate_atan(x::BigFloat)
    h = high_bit(x)
    h < -div(big_precision[], 2) && return x - x * x * x / BigFloat(3)
    if h > 0
        w = big_precision[] + 40
        h > w && return from_fixed(copysign(fixed_pi(w) >> 1, x.mantissa), w) - inv(x)
        y = fixed_atan(fixed(inv(abs(x)), w), w)
        return from_fixed(copysign((fixed_pi(w) >> 1) - y, x.mantissa), w)
    end
    w = big_precision[] + 40 - h
    return from_fixed(fixed_atan(fixed(x, w), w), w)
end
function approximate_sincos(x::BigFloat)
    h = high_bit(x)
    if h < -div(big_precision[], 2)
        xx = x * x
        return x - x * xx / BigFloat(6), one(BigFloat) - xx / BigFloat(2) + xx * xx / BigFloat(24)
    end
    w = big_precision[] + 40 + abs(h)
    while true
        quarter = fixed_pi(w) >> 1
        v = fixed(x, w)
        q = div(2 * v + quarter, 2 * quarter, RoundDown)
        r = v - q * quarter
        lost = w - Core.Host.big_bits(r)
        # near a multiple of a quarter turn most bits go
        if w - lost >= big_precision[] + 36 || iszero(x)
            s, c = fixed_sincos(r, w)
            n = Int(mod(q, BigInt(4)))
            s, c = n == 0 ? (s, c) : n == 1 ? (c, -s) : n == 2 ? (-s, -c) : (-c, s)
            return BigFloat(s, -w, Int8(0)), BigFloat(c, -w, Int8(0))
        end
        w += lost + 40
    end
end
# exp(x) - 1 without loss for small x
function approximate_expm1(x::BigFloat)
    h = high_bit(x)
    h < -big_precision[] && return x + x * x / BigFloat(2)
    return with_extra_bits(() -> approximate_exp(x) - one(BigFloat), max(0, -h) + 8)
end
function approximate_log1p(x::BigFloat)
    h = high_bit(x)
    h < -big_precision[] && return x - x * x / BigFloat(2)
    return with_extra_bits(() -> approximate_log(one(BigFloat) + x), 2 * max(0, -h) + 8)
end
# x * π, and the rest of x modulo 2, which is exact
times_pi(x::BigFloat) = x * from_fixed(fixed_pi(big_precision[] + 40), big_precision[] + 40)

# ---- the functions ------------------------------------------------------------------------------

@noinline throw_big_domain(x) = throw(DomainError(x, "NaN result for non-NaN input."))
const big_nan = big_special(2)
function exp(x::BigFloat)
    isnan(x) && return x
    isinf(x) && return signbit(x) ? zero(BigFloat) : x
    h = iszero(x) ? typemin(Int) : high_bit(x)
    h < -big_precision[] - 2 && return one(BigFloat)
    h > 62 && return signbit(x) ? zero(BigFloat) : big_special(1)
    return correctly_rounded(() -> approximate_exp(x))
end
function expm1(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    isinf(x) && return signbit(x) ? -one(BigFloat) : x
    high_bit(x) > 62 && return signbit(x) ? -one(BigFloat) : big_special(1)
    return correctly_rounded(() -> approximate_expm1(x))
end
function exp2(x::BigFloat)
    (isnan(x) || isinf(x)) && return exp(x)
    high_bit(x) > 62 && return signbit(x) ? zero(BigFloat) : big_special(1)
    isinteger(x) && return BigFloat(BigInt(1), Int(BigInt(x)), Int8(0))
    return correctly_rounded(() -> with_extra_bits(() -> approximate_exp(x * from_fixed(fixed_ln2(big_precision[]), big_precision[])), max(0, high_bit(x)) + 8))
end
exp10(x::BigFloat) = (isnan(x) || isinf(x)) ? exp(x) : BigFloat(10)^x
function log(x::BigFloat)
    isnan(x) && return x
    iszero(x) && return big_special(-1)
    signbit(x) && throw_big_domain(x)
    isinf(x) && return x
    isone(x) && return zero(BigFloat)
    return correctly_rounded(() -> approximate_log(x))
end
function log1p(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    x == -1 && return big_special(-1)
    x < -1 && throw_big_domain(x)
    isinf(x) && return x
    return correctly_rounded(() -> approximate_log1p(x))
end
function log2(x::BigFloat)
    x.special == 0 && isone(x.mantissa) && return BigFloat(x.exponent)
    (x.special != 0 || signbit(x) || iszero(x)) && return log(x)
    return correctly_rounded(() -> approximate_log(x) / approximate_log(BigFloat(2)))
end
function log10(x::BigFloat)
    (x.special != 0 || signbit(x) || iszero(x) || isone(x)) && return log(x)
    if isinteger(x) && high_bit(x) < 4 * big_precision[]
        n = round(Int, Float64(log2(x)) * 0.30102999566398120)
        BigInt(10)^n == BigInt(x) && return BigFloat(n)
    end
    return correctly_rounded(() -> approximate_log(x) / approximate_log(BigFloat(10)))
end
function log(b::BigFloat, x::BigFloat)
    return log(x) / log(b)
end
# Whole powers are exact before they are rounded, unless they are too long for that.
^(x::BigFloat, n::Integer) = big_power(x, BigInt(n))
function big_power(x::BigFloat, n::BigInt)
    iszero(n) && return one(BigFloat)
    isnan(x) && return x
    odd = isodd(n)
    if iszero(x) || isinf(x)
        small = iszero(x) != signbit(n)
        negative = odd && signbit(x)
        return small ? (negative ? big_special(3) : zero(BigFloat)) : big_special(negative ? -1 : 1)
    end
    k = abs(n)
    if k * Core.Host.big_bits(x.mantissa) < 100_000
        m = x.mantissa^Int(k)
        signbit(n) || return big_round(m, x.exponent * Int(k))
        return one(BigFloat) / BigFloat(m, x.exponent * Int(k), Int8(0))
    end
    y = real_power(abs(x), BigFloat(n, 0, Int8(0)))
    return odd && signbit(x) ? -y : y
end
function ^(x::BigFloat, y::BigFloat)
    isinteger(y) && return big_power(x, BigInt(y))
    isone(x) && return x
    (isnan(x) || isnan(y)) && return big_nan
    if isinf(y)
        c = cmp(abs(x), one(BigFloat))
        c == 0 && return one(BigFloat)
        return (c > 0) != signbit(y) ? big_special(1) : zero(BigFloat)
    end
    iszero(x) && return signbit(y) ? big_special(1) : zero(BigFloat)
    isinf(x) && return signbit(y) ? zero(BigFloat) : big_special(1)
    signbit(x) && throw_big_domain(x)
    return real_power(x, y)
end
^(x::BigFloat, y::Union{Float16,Float32,Float64}) = x^BigFloat(y)
function real_power(x::BigFloat, y::BigFloat)
    l = log(x) * y
    h = iszero(l) ? 0 : high_bit(l)
    h > 62 && return signbit(l) ? zero(BigFloat) : big_special(1)
    # a root may be exact
    if y.exponent >= -8 && y.exponent < 0
        r = x
        for _ in 1:-y.exponent
            r = sqrt(r)
        end
        z = big_power(r, y.mantissa)
        with_extra_bits(() -> big_power(z, BigInt(1) << -y.exponent) == big_power(x, y.mantissa), 256 * big_precision[]) && return z
    end
    return correctly_rounded(() -> with_extra_bits(() -> approximate_exp(y * approximate_log(x)), max(h, 0) + 16))
end
function cbrt(x::BigFloat)
    (x.special != 0 || iszero(x)) && return x
    k = 3 * big_precision[] + 6
    k += mod(x.exponent - k, 3)
    m = abs(x.mantissa) << k
    r = BigInt(1) << cld(Core.Host.big_bits(m), 3)
    while true
        t = div(2 * r + div(m, r * r), BigInt(3))
        t >= r && break
        r = t
    end
    y = (r << 1) | (r * r * r == m ? 0 : 1)
    return big_round(signbit(x) ? -y : y, div(x.exponent - k, 3) - 1)
end
function hypot(x::BigFloat, y::BigFloat)
    (isinf(x) || isinf(y)) && return big_special(1)
    (isnan(x) || isnan(y)) && return big_nan
    iszero(x) && return abs(y)
    iszero(y) && return abs(x)
    a, b = with_extra_bits(() -> (x * x, y * y), big_precision[] + 8)
    return correctly_rounded(() -> sqrt(a + b))
end
hypot_pair(x::BigFloat, y::BigFloat) = hypot(x, y)

function sincos_part(x::BigFloat, i::Int)
    return correctly_rounded(() -> approximate_sincos(x)[i])
end
function sin(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    isinf(x) && throw_big_domain(x)
    return sincos_part(x, 1)
end
function cos(x::BigFloat)
    isnan(x) && return x
    isinf(x) && throw_big_domain(x)
    (iszero(x) || high_bit(x) < -big_precision[]) && return one(BigFloat)
    return sincos_part(x, 2)
end
function tan(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    isinf(x) && throw_big_domain(x)
    high_bit(x) < -div(big_precision[], 2) - 40 && return correctly_rounded(() -> x + x * x * x / BigFloat(3))
    return correctly_rounded(() -> (t = approximate_sincos(x); t[1] / t[2]))
end
sincos(x::BigFloat) = (sin(x), cos(x))
function sinpi(x::BigFloat)
    isinf(x) && throw_big_domain(x)
    (isnan(x) || iszero(x)) && return x
    isinteger(x) && return copysign(zero(BigFloat), x)
    r = rem(x, BigFloat(2))
    abs(r) == BigFloat(0.5) && return copysign(one(BigFloat), r)
    abs(r) == BigFloat(1.5) && return -copysign(one(BigFloat), r)
    return correctly_rounded(() -> approximate_sincos(times_pi(abs(r) > one(BigFloat) ? r - copysign(BigFloat(2), r) : r))[1])
end
function cospi(x::BigFloat)
    isinf(x) && throw_big_domain(x)
    isnan(x) && return x
    r = abs(rem(x, BigFloat(2)))
    isinteger(r) && return isone(r) ? -one(BigFloat) : one(BigFloat)
    isinteger(r + BigFloat(0.5)) && return zero(BigFloat)
    # as a sine of what is left to the nearest zero
    return correctly_rounded(() -> approximate_sincos(times_pi(r < one(BigFloat) ? BigFloat(0.5) - r : r - BigFloat(1.5)))[1])
end
sincospi(x::BigFloat) = (sinpi(x), cospi(x))
tanpi(x::BigFloat) = sinpi(x) / cospi(x)
function atan(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    isinf(x) && return correctly_rounded(() -> copysign(times_pi(BigFloat(0.5)), x))
    return correctly_rounded(() -> approximate_atan(x))
end
function atan(y::BigFloat, x::BigFloat)
    (isnan(x) || isnan(y)) && return big_nan
    quarters = 0.0
    if iszero(y)
        signbit(x) || return y
        quarters = 2.0
    elseif iszero(x) || (isinf(y) && !isinf(x))
        quarters = 1.0
    elseif isinf(x)
        isinf(y) || (!signbit(x) && return copysign(zero(BigFloat), y))
        quarters = isinf(y) ? (signbit(x) ? 1.5 : 0.5) : 2.0
    else
        return correctly_rounded() do
            a = approximate_atan(y / x)
            signbit(x) ? a + copysign(times_pi(one(BigFloat)), y) : a
        end
    end
    return correctly_rounded(() -> copysign(times_pi(BigFloat(quarters / 2)), y))
end
function asin(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    abs(x) > 1 && throw_big_domain(x)
    isone(abs(x)) && return correctly_rounded(() -> times_pi(x / BigFloat(2)))
    high_bit(x) < -div(big_precision[], 2) - 40 && return correctly_rounded(() -> x + x * x * x / BigFloat(6))
    return correctly_rounded(() -> approximate_atan(x / sqrt((one(BigFloat) - x) * (one(BigFloat) + x))))
end
function acos(x::BigFloat)
    isnan(x) && return x
    abs(x) > 1 && throw_big_domain(x)
    isone(x) && return zero(BigFloat)
    x == -1 && return correctly_rounded(() -> times_pi(one(BigFloat)))
    return correctly_rounded(() -> BigFloat(2) * approximate_atan(sqrt((one(BigFloat) - x) / (one(BigFloat) + x))))
end
function sinh(x::BigFloat)
    (x.special != 0 || iszero(x)) && return x
    high_bit(x) > 62 && return big_special(signbit(x) ? -1 : 1)
    high_bit(x) < -div(big_precision[], 2) - 40 && return correctly_rounded(() -> x + x * x * x / BigFloat(6))
    return correctly_rounded() do
        a = approximate_expm1(abs(x))
        copysign((a + a / (a + one(BigFloat))) / BigFloat(2), x)
    end
end
function cosh(x::BigFloat)
    x.special == 0 || return iszero(x) ? one(BigFloat) : abs(x)
    (iszero(x) || high_bit(x) < -big_precision[]) && return one(BigFloat)
    high_bit(x) > 62 && return big_special(1)
    return correctly_rounded(() -> (a = approximate_exp(x); (a + inv(a)) / BigFloat(2)))
end
function tanh(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    (isinf(x) || high_bit(x) > 40) && return copysign(one(BigFloat), x)
    high_bit(x) < -div(big_precision[], 2) - 40 && return correctly_rounded(() -> x - x * x * x / BigFloat(3))
    return correctly_rounded(() -> (a = approximate_expm1(BigFloat(2) * x); a / (a + BigFloat(2))))
end
function asinh(x::BigFloat)
    (x.special != 0 || iszero(x)) && return x
    return correctly_rounded() do
        a = abs(x)
        b = a * a
        copysign(approximate_log1p(a + b / (one(BigFloat) + sqrt(one(BigFloat) + b))), x)
    end
end
function acosh(x::BigFloat)
    isnan(x) && return x
    x < 1 && throw_big_domain(x)
    isinf(x) && return x
    isone(x) && return zero(BigFloat)
    return correctly_rounded(() -> (t = x - one(BigFloat); approximate_log1p(t + sqrt(t * (t + BigFloat(2))))))
end
function atanh(x::BigFloat)
    (isnan(x) || iszero(x)) && return x
    abs(x) > 1 && throw_big_domain(x)
    isone(abs(x)) && return big_special(signbit(x) ? -1 : 1)
    return correctly_rounded(() -> approximate_log1p(BigFloat(2) * x / (one(BigFloat) - x)) / BigFloat(2))
end

# ---- constants ----------------------------------------------------------------------------------

BigFloat(::Irrational{:π}) = correctly_rounded(() -> times_pi(one(BigFloat)))
BigFloat(::Irrational{:ℯ}) = exp(one(BigFloat))
BigFloat(::Irrational{:φ}) = correctly_rounded(() -> (one(BigFloat) + sqrt(BigFloat(5))) / BigFloat(2))
BigFloat(::Irrational{:γ}) = correctly_rounded(approximate_euler)
BigFloat(::Irrational{:catalan}) = correctly_rounded(approximate_catalan)
BigFloat(x::AbstractIrrational) = throw(ArgumentError(string("BigFloat: the digits of ", x, " are not known")))
# Brent and McMillan's: quotient of two Bessel-like sums at n, off by about exp(-4n).
function approximate_euler()
    w = big_precision[] + 40
    n = div(w, 5) + 4
    v = w + 3 * n
    term = BigInt(1) << v
    harmonic = BigInt(0)
    a, b = BigInt(0), term
    k = 0
    while !iszero(term)
        k += 1
        term = div(div(term * n, BigInt(k)) * n, BigInt(k))
        harmonic += div(BigInt(1) << v, BigInt(k))
        a += fixed_mul(term, harmonic, v)
        b += term
    end
    return from_fixed(div(a << w, b), w) - approximate_log(BigFloat(n))
end
# π log(2 + √3) / 8 + 3/8 Σ 1/((2k+1)² binomial(2k, k))
function approximate_catalan()
    w = big_precision[] + 40
    term = BigInt(1) << w
    sum = term
    k = 0
    while !iszero(term)
        k += 1
        term = div(term * k, BigInt(2 * (2 * k - 1)))
        sum += div(term, BigInt((2 * k + 1)^2))
    end
    l = approximate_log(BigFloat(2) + sqrt(BigFloat(3)))
    return times_pi(l) / BigFloat(8) + from_fixed(3 * sum, w) / BigFloat(8)
end

# ---- parts, neighbours, remainders --------------------------------------------------------------

const big_emin = -4611686018427387903
const big_emax = 4611686018427387903
exponent(x::BigFloat) = (isfinite(x) && !iszero(x)) ? high_bit(x) - 1 : throw(DomainError(x, "`x` must be non-zero and finite."))
significand(x::BigFloat) = (isfinite(x) && !iszero(x)) ? ldexp(x, -exponent(x)) : x
frexp(x::BigFloat) = (isfinite(x) && !iszero(x)) ? (ldexp(x, -high_bit(x)), high_bit(x)) : (x, 0)
ldexp(x::BigFloat, n::Integer) = (isfinite(x) && !iszero(x)) ? BigFloat(x.mantissa, x.exponent + Int(n), Int8(0)) : x
floatmin(::Type{BigFloat}) = BigFloat(BigInt(1), big_emin - 1, Int8(0))
floatmax(::Type{BigFloat}) = BigFloat((BigInt(1) << big_precision[]) - 1, big_emax - big_precision[], Int8(0))
typemax(::Type{BigFloat}) = big_special(1)
typemin(::Type{BigFloat}) = big_special(-1)
maxintfloat(::Type{BigFloat}) = BigFloat(BigInt(1), big_precision[], Int8(0))
maxintfloat(x::BigFloat) = BigFloat(2)^precision(x)
issubnormal(x::BigFloat) = false
function nextfloat(x::BigFloat)
    (isnan(x) || x.special == 1) && return x
    isinf(x) && return -floatmax(BigFloat)
    iszero(x) && return floatmin(BigFloat)
    k = x.precision - Core.Host.big_bits(x.mantissa)
    m = x.mantissa << k
    # from a power of two towards zero the spacing is half as wide
    signbit(x) && Core.Host.big_bits(m + 1) < x.precision && ((m, k) = (m << 1, k + 1))
    return big_round(m + 1, x.exponent - k)
end
prevfloat(x::BigFloat) = -nextfloat(-x)
nextfloat(x::BigFloat, n::Integer) = n < 0 ? prevfloat(x, -n) : (for _ in 1:n; x = nextfloat(x); end; x)
prevfloat(x::BigFloat, n::Integer) = n < 0 ? nextfloat(x, -n) : (for _ in 1:n; x = prevfloat(x); end; x)
exact_ratio(x::BigFloat) = x.exponent >= 0 ? unsafe_rational(BigInt, x.mantissa << x.exponent, big(1)) : unsafe_rational(BigInt, x.mantissa, big(1) << -x.exponent)
fma(x::BigFloat, y::BigFloat, z::BigFloat) = with_extra_bits(() -> x * y, big_precision[] + 8) + z
muladd(x::BigFloat, y::BigFloat, z::BigFloat) = x * y + z

# Remainders are exact. The high part of a much larger dividend is reduced as a power of two.
function rem(x::BigFloat, y::BigFloat)
    (!isfinite(x) || isnan(y) || iszero(y)) && return big_nan
    (isinf(y) || iszero(x)) && return x
    r = exact_remainder(x, y)
    return iszero(r) ? copysign(zero(BigFloat), x) : r
end
function exact_remainder(x::BigFloat, y::BigFloat)
    b = abs(y.mantissa)
    d = x.exponent - y.exponent
    m = abs(x.mantissa)
    if d >= 0
        r, e = rem(m * (d < 1024 ? BigInt(1) << d : powermod(BigInt(2), BigInt(d), b)), b), y.exponent
    elseif high_bit(x) < high_bit(y)
        return x
    else
        r, e = rem(m, b << -d), x.exponent
    end
    return big_round(signbit(x) ? -r : r, e)
end
function rem(x::BigFloat, y::BigFloat, ::RoundingMode{:Nearest})
    (!isfinite(x) || isnan(y) || iszero(y)) && return big_nan
    (isinf(y) || iszero(x)) && return x
    # the last bit of the quotient breaks ties
    r = exact_remainder(x, ldexp(y, 1))
    a, b = abs(r), abs(y)
    a + a > b && (a -= b; a + a >= b && (a -= b))
    return iszero(a) ? copysign(zero(BigFloat), x) : signbit(x) ? -a : a
end
rem2pi(x::BigInt, r::RoundingMode) = rem2pi(BigFloat(x), r)
rem2pi(x::BigFloat, r::RoundingMode) = rem(x, 2 * BigFloat(π), r)
modf(x::BigFloat) = isinf(x) ? (copysign(zero(BigFloat), x), x) : (t = trunc(x); (copysign(x - t, x), t))
copysign(x::BigFloat, y::Real) = signbit(x) == signbit(y) ? x : -x
sign(x::BigFloat) = isnan(x) || iszero(x) ? x : signbit(x) ? -one(BigFloat) : one(BigFloat)

# ---- conversions with a rounding mode -----------------------------------------------------------

function (::Type{T})(x::Real, mode::RoundingMode) where {T<:IEEEFloat}
    y = T(x)
    (mode isa RoundingMode{:Nearest} || isnan(y)) && return y
    down = mode isa RoundingMode{:Down} || mode isa (signbit(y) ? RoundingMode{:FromZero} : RoundingMode{:ToZero})
    if down
        return x < y ? prevfloat(y) : y
    end
    return x > y ? nextfloat(y) : y
end
BigFloat(x::Real, ::RoundingMode) = BigFloat(x)
BigFloat(x::Real; precision::Integer = big_precision[]) = setprecision(() -> BigFloat(x), BigFloat, precision)
