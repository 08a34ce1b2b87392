# Hyperbolic functions and their inverses.

# e^|x|, as 2^k·(h + l), to about twice the precision.
@inline function exp_parts(x::T) where {T<:MathFloat}
    k, r, rl = exp_reduce(x)
    h, l = expm1_reduced(r, rl)
    s, e = fast_sum2(one(T), h)
    s, e = fast_sum2(s, e + l)
    return s, e, whole(k)
end
# (e^a + sign·e^-a)/2 for a ≥ 0 below the limit of exp
@inline function exp_halves(a::T, sign::T) where {T<:MathFloat}
    h, l, k = exp_parts(a)
    # e^-a in units of 2^k; where that is out of range it does not count
    u = power_of_two(T, ifelse(k > oftype(k, 50), oftype(k, -100), -(k + k)))
    i, il = quotient22(sign * u, zero(T), h, l)
    s, e = fast_sum2(h, i)
    return scaled(s + (e + (l + il)), k - one(k))
end
function sinh(x::T) where {T<:MathFloat}
    a = abs(x)
    a <= exp_limit(T) || return isnan(x) ? x : copysign(typemax(T), x)
    if a < 1
        # with q = e^a - 1 nothing cancels: (q + q/(1 + q))/2
        h, l, k = expm1_parts(a)
        f = power_of_two(T, k)
        h, l = h * f, l * f
        d, dl = fast_sum2(T(2), h + h)
        d, dl = sum2(one(T), h)
        i, il = quotient22(h, l, d, dl + l)
        s, e = fast_sum2(h, i)
        return ifelse(a < eps(T) / 4, x, copysign((s + (e + (l + il))) * T(0.5), x))
    end
    return copysign(exp_halves(a, -one(T)), x)
end
function cosh(x::T) where {T<:MathFloat}
    a = abs(x)
    a <= exp_limit(T) || return isnan(x) ? x : typemax(T)
    return exp_halves(a, one(T))
end
function tanh(x::T) where {T<:MathFloat}
    a = abs(x)
    a < eps(T) / 4 && return x
    # 1 to the last digit long before
    h, l, k = expm1_parts(ifelse(a > T(25), T(50), a + a))
    f = power_of_two(T, k)
    h, l = h * f, l * f
    d, dl = sum2(h, T(2))
    t, tl = quotient22(h, l, d, dl + l)
    return copysign(t + tl, x)
end

@noinline throw_acosh_domain(x) = throw(DomainError(x, "acosh(x) is only defined for x ≥ 1."))
@noinline throw_atanh_domain(x) = throw(DomainError(x, "atanh(x) is only defined for |x| ≤ 1."))

# log of 2a, where a² would swallow the 1
@inline function log_double(a::T) where {T<:MathFloat}
    k, h, l = log_parts(a)
    return log_assemble(k + one(T), h, l)
end
square_swallows_one(::Type{Float64}) = 0x1p29
square_swallows_one(::Type{Float32}) = 0x1p14
cube_vanishes(::Type{Float64}) = 0x1p-28
cube_vanishes(::Type{Float32}) = 0x1p-13

# log(1 + a + (√(1 + a²) - 1))
function asinh(x::T) where {T<:MathFloat}
    a = abs(x)
    (isnan(x) || a < T(cube_vanishes(T)) || isinf(x)) && return x
    a > T(square_swallows_one(T)) && return copysign(log_double(a), x)
    p, e = product2(a, a)
    h, l = sum2(one(T), p)
    s, sl = root2(h, l + e)
    t, tl = sum2(a, s - one(T))
    t, tl = fast_sum2(t, tl + sl)
    k, h, l = log1p_parts(t, tl)
    return copysign(log_assemble(k, h, l), x)
end
# log(1 + (x - 1) + √(x² - 1))
function acosh(x::T) where {T<:MathFloat}
    x >= 1 || return isnan(x) ? x : throw_acosh_domain(x)
    isinf(x) && return x
    x > T(square_swallows_one(T)) && return log_double(x)
    p, e = product2(x, x)
    h, l = sum2(p, -one(T))
    h, l = fast_sum2(h, l + e)
    s, sl = root2(h, l)
    a, al = sum2(x, -one(T))
    t, tl = sum2(s, a)
    t, tl = fast_sum2(t, tl + (al + sl))
    k, h, l = log1p_parts(t, tl)
    return log_assemble(k, h, l)
end
# log(1 + 2a/(1 - a))/2
function atanh(x::T) where {T<:MathFloat}
    a = abs(x)
    a < 1 || return isnan(x) ? x : a == 1 ? copysign(typemax(T), x) : throw_atanh_domain(x)
    a < T(cube_vanishes(T)) && return x
    d, dl = fast_sum2(one(T), -a)
    q, ql = quotient22(a + a, zero(T), d, dl)
    q, ql = fast_sum2(q, ql)
    k, h, l = log1p_parts(q, ql)
    return copysign(log_assemble(k, h, l) * T(0.5), x)
end
