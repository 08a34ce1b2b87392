# The gamma function, its logarithm and what is made of them.

half_log_turn(::Type{Float64}) = (0.9189385332046728, -3.8782941580672414e-17) # log(2π)/2
half_log_turn(::Type{Float32}) = (9.189385f-1, 1.5634177f-8)
# From here on Stirling's series is good to the last digit of twice the precision's head.
series_start(::Type{Float64}) = 20.0
series_start(::Type{Float32}) = 8.0f0
@inline stirling_tail(v::Float64) = v * @horner(v * v, 0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
    0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641)
@inline stirling_tail(v::Float32) = v * @horner(v * v, 8.3333336f-2, -2.7777778f-3, 7.936508f-4)

# log Γ(y + yl) as h + l, for y from `series_start` on.
@inline function stirling(y::T, yl::T) where {T<:MathFloat}
    g, gl = log2fold(y)
    w, wl = sum2(y, T(-0.5))
    h, l = product22(w, wl, g, gl)
    s, e = sum2(h, -y)
    c, cl = half_log_turn(T)
    s, t = sum2(s, c)
    return fast_sum2(s, t + (e + (l + (cl + muladd(yl, g, stirling_tail(inv(y)))))))
end
# x·(x + 1)·…·(x + n - 1) with x + n ≥ `series_start`, and x + n.
@inline function rising(x::T) where {T<:MathFloat}
    p, pl = x, zero(T)
    n = one(T)
    y, yl = sum2(x, n)
    while y < series_start(T)
        p, pl = product22(p, pl, y, yl)
        n += one(T)
        y, yl = sum2(x, n)
    end
    return p, pl, y, yl
end

@noinline throw_gamma_domain(x) = throw(DomainError(x, "NaN result for non-NaN input."))
@noinline throw_negative_gamma(x) = throw(DomainError(x, "`gamma(x)` must be non-negative"))

gamma_top(::Type{Float64}) = 172.0
gamma_top(::Type{Float32}) = 35.5f0
gamma_bottom(::Type{Float64}) = -190.0
gamma_bottom(::Type{Float32}) = -50.0f0
function gamma(x::T) where {T<:MathFloat}
    isnan(x) && return x
    x > gamma_top(T) && return typemax(T)
    x == 0 && return copysign(typemax(T), x)
    if x < 0
        n = floor(x)
        (n == x || isinf(x)) && throw_gamma_domain(x)
        s = ifelse(Base.isodd_whole(n), -one(T), one(T))
        x < gamma_bottom(T) && return copysign(zero(T), s)
        if x < -series_start(T)
            # π/(sin(πx)·Γ(1 - x)), with the exponential last, as it may be subnormal
            y, yl = sum2(one(T), -x)
            h, l = stirling(y, yl)
            k, r, rl = exp_reduce2(-h, -l)
            f = full_turn_half(T)[1] / abs(sinpi(x))
            # the factor may bring an underflowing power back: halves of the exponent on both sides
            m, ml = expm1_reduced(r, rl)
            return s * scaled(f * (one(T) + (m + ml)), whole(k))
        end
    end
    abs(x) < T(0x1p-60) && return inv(x)
    if x >= series_start(T)
        h, l = stirling(x, zero(T))
        k, r, rl = exp_reduce2(h, l)
        return exp_assemble(k, r, rl)
    end
    p, pl, y, yl = rising(x)
    h, l = stirling(y, yl)
    k, r, rl = exp_reduce2(h, l)
    m, ml = expm1_reduced(r, rl)
    m, e = fast_sum2(one(T), m)
    q, ql = quotient22(m, e + ml, p, pl)
    return scaled(q + ql, whole(k))
end

# log Γ(2 + d)/d for |d| ≤ 0.3, relative error below 2^-55 (2^-24)
@inline log_gamma_shape(d::Float64) = @horner(d, 0.42278433509846713, 0.32246703342411326, -0.06735230105319849, 0.020580808427766047,
    -0.007385551028598018, 0.002890510332964678, -0.0011927539172395761, 0.0005096694071356191, -0.00022315456042796202, 9.94607001802858e-05,
    -4.4930063476696045e-05, 2.0461106742748842e-05, -9.398980189850966e-06, 4.711852460305955e-06, -2.257516269915737e-06)
@inline log_gamma_shape(d::Float32) = @horner(d, 4.2278433f-1, 3.224671f-1, -6.735245f-2, 2.0577114f-2, -7.379927f-3, 2.9723705f-3, -1.2583086f-3)

log_gamma_top(::Type{Float64}) = 2.55e305
log_gamma_top(::Type{Float32}) = 4.08f36
# for x > 0
function log_gamma_positive(x::T) where {T<:MathFloat}
    x > T(log_gamma_top(T)) && return typemax(T)
    x < T(0x1p-60) && return -log(x)
    abs(x - T(2)) <= T(0.3) && return (x - T(2)) * log_gamma_shape(x - T(2))
    if abs(x - one(T)) <= T(0.3)
        d = x - one(T)
        return d * log_gamma_shape(d) - log1p(d)
    end
    if x >= series_start(T)
        h, l = stirling(x, zero(T))
        return h + l
    end
    p, pl, y, yl = rising(x)
    h, l = stirling(y, yl)
    g, gl = log2fold(p)
    s, e = sum2(h, -g)
    return s + (e + (l - (gl + pl / p)))
end
# (log |Γ(x)|, the sign of Γ(x))
function logabsgamma(x::T) where {T<:MathFloat}
    isnan(x) && return x, 1
    x > 0 && return log_gamma_positive(x), 1
    isinf(x) && return typemax(T), 1
    x == 0 && return typemax(T), signbit(x) ? -1 : 1
    n = floor(x)
    n == x && return typemax(T), 1
    s = Base.isodd_whole(n) ? -1 : 1
    x > T(-0x1p-60) && return -log(-x), s
    return log(full_turn_half(T)[1] / abs(x * sinpi(x))) - log_gamma_positive(-x), s
end
function loggamma(x::MathFloat)
    y, s = logabsgamma(x)
    s < 0 && throw_negative_gamma(x)
    return y
end
logabsgamma(x::Float16) = (r = logabsgamma(Float32(x)); (Float16(r[1]), r[2]))
logabsgamma(x::Real) = logabsgamma(float(x))

# ---- the derivative -----------------------------------------------------------------------------

@inline digamma_tail(z::Float64) = z * @horner(z, 0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
    0.007575757575757576, -0.021092796092796094, 0.08333333333333333)
@inline digamma_tail(z::Float32) = z * @horner(z, 8.3333336f-2, -8.333334f-3, 3.968254f-3)
function digamma(x::T) where {T<:MathFloat}
    isnan(x) && return x
    if x <= 0
        x == trunc(x) && return T(NaN)
        # ψ(1 - x) - π·cot(πx)
        return digamma(one(T) - x) - full_turn_half(T)[1] / tanpi(x)
    end
    s = zero(T)
    while x < T(10)
        s -= inv(x)
        x += one(T)
    end
    v = inv(x)
    return s + (log(x) - v / 2 - digamma_tail(v * v))
end

for f in (:gamma, :loggamma, :digamma)
    @eval $f(x::Float16) = Float16($f(Float32(x)))
    @eval $f(x::Real) = $f(Base.as_float($f, x))
end
lgamma(x::Real) = logabsgamma(x)[1]
logfactorial(n::Integer) = n < 0 ? throw(DomainError(n, "`n` must be non-negative.")) : loggamma(float(n + oneunit(n)))

# ---- beta ---------------------------------------------------------------------------------------

beta(a::Real, b::Real) = beta_of(promote(float(a), float(b))...)
function beta_of(a, b)
    y, s = logabsbeta(a, b)
    return s * exp(y)
end
function logabsbeta(a::Real, b::Real)
    x, y = promote(float(a), float(b))
    g, s = logabsgamma(x)
    h, t = logabsgamma(y)
    k, u = logabsgamma(x + y)
    return (g - k) + h, s * t * u
end
function logbeta(a::Real, b::Real)
    y, s = logabsbeta(a, b)
    s < 0 && throw(DomainError((a, b), "`beta(a, b)` must be non-negative"))
    return y
end
