# Powers, the cube root and hypot.

# ---- x^y ----------------------------------------------------------------------------------------

# The factor behind s³ in 2·artanh(s) as h + l, for z + zl = s² ≤ 0.0296: two (one) terms of the series are
# kept to twice the precision, so that a large exponent finds enough digits of the logarithm.
@inline function log_tail2(z::Float64, zl::Float64)
    t = z * @horner(z, 0.2857142857143334, 0.2222222221993939, 0.18181818617073117, 0.1538457196681203, 0.13335803265249402,
        0.11684153066741525, 0.11918918324133225)
    h, l = fast_sum2(0.4, t)
    h, l = product22(z, zl, h, l - 2.2204460492503132e-17)
    s, e = fast_sum2(0.6666666666666666, h)
    return s, e + (l + 3.700743415417188e-17)
end
@inline function log_tail2(z::Float32, zl::Float32)
    t = z * @horner(z, 4.0000156f-1, 2.8546774f-1, 2.342732f-1)
    h, l = fast_sum2(6.666667f-1, t)
    return h, l - 1.9868216f-8
end
# log x of a positive finite x as h + l, to about 70 (38) bits.
@inline function log2fold(x::T) where {T<:MathFloat}
    tiny = x < floatmin(T)
    k, m, _ = log_split(ifelse(tiny, x * power_of_two(T, whole(subnormal_shift(T))), x))
    k -= ifelse(tiny, subnormal_shift(T), zero(T))
    s, sl = artanh_argument(m - one(T), zero(T))
    z, zl = product2(s, s)
    zl = muladd(s + s, sl, zl)
    h, l = log_tail2(z, zl)
    h, l = product22(z, zl, h, l)
    h, l = product22(s, sl, h, l)
    h, t = fast_sum2(s + s, h)
    return log_assemble2(k, h, l + (t + (sl + sl)))
end

@noinline throw_exp_domainerror(x) = throw(DomainError(x,
    "Exponentiation yielding a complex result requires a complex argument.\nReplace x^y with (x+0im)^y, Complex(x)^y, or similar."))

# Is the whole number y odd? From 2^significand_bits+1 on all are even.
@inline isodd_whole(y::T) where {T<:MathFloat} = abs(y) < maxintfloat(T) && (whole(y) & one(whole(y))) != zero(whole(y))

# Zeros, infinities and NaN in x or y.
function power_special(x::T, y::T) where {T<:MathFloat}
    (x == 1 || y == 0) && return one(T)
    (isnan(x) || isnan(y)) && return x + y
    a = abs(x)
    if isinf(y)
        a == 1 && return one(T)
        return (a > 1) == (y > 0) ? typemax(T) : zero(T)
    end
    isint = y == trunc_llvm(y)
    (x < 0 && !isint) && throw_exp_domainerror(x)
    r = (a == 0) == (y > 0) ? zero(T) : typemax(T)
    # Julia's Float64 gives 0.0, not -0.0, for -Inf to a negative odd power
    (T === Float64 && a != 0 && y < 0) && return r
    return isint && isodd_whole(y) ? copysign(r, x) : r
end

function ^(x::T, y::T) where {T<:MathFloat}
    a = abs(x)
    if !((zero(T) < a < typemax(T)) & (abs(y) < typemax(T))) || x == one(T)
        return power_special(x, y)
    end
    negative = false
    if x < 0
        y == trunc_llvm(y) || throw_exp_domainerror(x)
        negative = isodd_whole(y)
    end
    h, l = log2fold(a)
    p = y * h
    abs(p) <= exp_limit(T) || return copysign(exp_outside(p), negative ? -one(T) : one(T))
    e = muladd(y, l, fma(y, h, -p))
    k, r, rl = exp_reduce2(p, e)
    s = exp_assemble(k, r, rl)
    return negative ? -s : s
end

# ---- x^n ----------------------------------------------------------------------------------------

# Squaring and multiplying with the rounding errors carried along.
function integer_power(x::T, n::Int64) where {T<:MathFloat}
    n == 0 && return one(T)
    n == 3 && return x * x * x # as the literal power is
    bl = zero(T)
    b = x
    if n < 0
        b = inv(x)
        n == -2 && return b * b
        bl = -fma(x, b, -one(T)) * b
        bl = ifelse(isfinite(bl), bl, zero(T))
    end
    u = unsigned_abs(n)
    y, yl = one(T), zero(T)
    while u > 1
        if u & 1 != 0
            c = muladd(y, bl, b * yl)
            y, yl = product2(y, b)
            yl += c
        end
        c = (b + b) * bl
        b, bl = product2(b, b)
        bl += c
        u >>= 1
    end
    c = muladd(y, bl, b * yl)
    return ifelse((c == 0) | !isfinite(c) | !isfinite(b), y * b, fma(y, b, c))
end
@inline ^(x::MathFloat, n::Int64) = integer_power(x, n)
@inline ^(x::MathFloat, n::Union{Int8,Int16,Int32,UInt8,UInt16,UInt32}) = integer_power(x, Int64(n))
# A float's power is decided long before the exponent leaves Int64, but for the parity.
@inline function ^(x::MathFloat, n::Integer)
    # not `clamp`: the lower bound is no number of an unsigned type
    low, high = typemin(Int64) + 2, typemax(Int64) - 1
    m = n > high ? high : n < low ? low : n % Int64
    return integer_power(x, m == n ? m : ifelse(isodd(n), m + 1, m))
end
^(x::MathFloat, n::Bool) = n ? x : one(x)
^(x::Float16, n::Integer) = Float16(Float32(x)^n)
^(x::Float16, n::Bool) = n ? x : one(x)
^(x::Float16, y::Float16) = Float16(Float32(x)^Float32(y))

# ---- cube root ----------------------------------------------------------------------------------

# The root of m in [1, 2) to 13 bits.
@inline cbrt_start(m::Float64) = @horner(m - 1.0, 1.0000729274584839, 0.33048874865691347, -0.09363912929551227, 0.023083286882651034)
@inline cbrt_start(m::Float32) = @horner(m - 1.0f0, 1.000073f0, 3.3048797f-1, -9.363626f-2, 2.3080884f-2)
# Halley's step triples the digits.
@inline cbrt_refine(r::Float32, x::Float32) = r
@inline function cbrt_refine(r::Float64, x::Float64)
    c = r * r * r
    return r - r * (c - x) / muladd(2.0, c, x)
end
function cbrt(x::T) where {T<:MathFloat}
    (x == 0 || !isfinite(x)) && return x
    a = abs(x)
    tiny = a < floatmin(T)
    a = ifelse(tiny, a * power_of_two(T, whole(subnormal_shift(T))), a)
    # a = 2^(3q + j)·m
    e = raw_exponent(a) - exponent_bias(T) + 3 * 1024
    q = div(e, 3)
    j = e - 3 * q
    m = bitcast(T, (float_bits(a) & significand_mask(T)) | exponent_one(T))
    r = cbrt_start(m) * ifelse(j == 0, one(T), ifelse(j == 1, T(1.2599210498948732), T(1.5874010519681996)))
    b = m * ifelse(j == 0, one(T), ifelse(j == 1, T(2), T(4)))
    r = cbrt_refine(r, b)
    # the last step, with r³ exact
    h, l = product2(r, r)
    c, d = product2(h, r)
    d = muladd(l, r, d)
    r = r - r * ((c - b) + d) / muladd(T(2), c, b)
    k = q - 1024 - ifelse(tiny, whole(subnormal_shift(T)) ÷ 3, 0)
    return copysign(scaled(r, k % inttype(T)), x)
end

# ---- hypot --------------------------------------------------------------------------------------

function hypot(x::T, y::T) where {T<:MathFloat}
    a, b = abs(x), abs(y)
    (isinf(a) | isinf(b)) && return typemax(T)
    a, b = ifelse(b > a, b, a), ifelse(b > a, a, b)
    (isnan(a) | isnan(b)) && return a + b
    b == 0 && return a
    step = power_of_two(T, range_step(T))
    back = power_of_two(T, -range_step(T))
    up = a < T(range_small(T))
    down = a > T(range_large(T))
    f = ifelse(up, step, ifelse(down, back, one(T)))
    a *= f
    b *= f
    p, e = product2(a, a)
    q, g = product2(b, b)
    h, l = fast_sum2(p, q)
    s, sl = root2(h, l + (e + g))
    return (s + sl) * ifelse(up, back, ifelse(down, step, one(T)))
end
hypot(x::Float16, y::Float16) = Float16(hypot(Float32(x), Float32(y)))
hypot(x::Number) = abs(float(x))
hypot(x::Number, y::Number) = hypot_pair(promote(float(x), y)...)
hypot_pair(x::T, y::T) where {T<:MathFloat} = hypot(x, y)
hypot_pair(x::Float16, y::Float16) = hypot(x, y)
hypot_pair(x::Complex, y::Complex) = hypot(abs(x), abs(y))
# any other type, by the scaled sum of squares
function hypot_pair(x::T, y::T) where {T<:Number}
    a, b = abs(x), abs(y)
    a < b && ((a, b) = (b, a))
    (iszero(b) || isinf(a)) && return a
    isinf(b) && return b
    r = b / a
    return a * sqrt(one(r) + r * r)
end
function hypot(x::Number, y::Number, more::Number...)
    xs = map(abs, promote(float(x), float(y), map(float, more)...))
    any(isinf, xs) && return oftype(xs[1], Inf)
    m = foldl((p, q) -> (isnan(q) || q > p) ? q : p, xs)
    (iszero(m) || isnan(m)) && return m
    c = zero(m)
    s = zero(m)
    for v in xs
        t = (v / m)^2 - c
        n = s + t
        c = (n - s) - t
        s = n
    end
    return m * sqrt(s)
end
