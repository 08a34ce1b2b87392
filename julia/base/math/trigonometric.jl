# Circular functions of radians, half turns and degrees.

# (sin r - r)/r³ and (cos r - 1 + r²/2)/r⁴ for z = r² ≤ 0.619; relative errors below 2^-57 (2^-32) and 2^-64 (2^-33)
@inline sin_tail(z::Float64) = @horner(z, -0.16666666666666632, 0.008333333333322441, -0.0001984126982979471, 2.755731367898937e-06,
    -2.5050755097306336e-08, 1.5896574656564715e-10)
@inline sin_tail(z::Float32) = @horner(z, -1.6666667f-1, 8.33338f-3, -1.9853492f-4, 2.837121f-6)
@inline cos_tail(z::Float64) = @horner(z, 0.0416666666666666, -0.0013888888888874433, 2.480158728962663e-05, -2.755731438363871e-07,
    2.0875726415825783e-09, -1.1359763539081054e-11)
@inline cos_tail(z::Float32) = @horner(z, 4.1666646f-2, -1.3887301f-3, 2.4430668f-5)

# sin and cos of r + rl, |r| ≤ π/4, as a leading and a small part.
@inline function sin_parts(r::T, rl::T) where {T<:MathFloat}
    z = r * r
    return r, muladd(r * z, sin_tail(z), muladd(z * T(-0.5), rl, rl))
end
@inline function cos_parts(r::T, rl::T) where {T<:MathFloat}
    z, zl = product2(r, r)
    w, e = fast_sum2(one(T), z * T(-0.5))
    return w, e + muladd(z * z, cos_tail(z), -muladd(r, rl, zl * T(0.5)))
end
# The function of r + rl plus q right angles.
@inline function sin_quadrant(q, r, rl)
    h, l = q & 1 == 0 ? sin_parts(r, rl) : cos_parts(r, rl)
    s = h + l
    return q & 2 == 0 ? s : -s
end
@inline cos_quadrant(q, r, rl) = sin_quadrant(q + 1, r, rl)
@inline function sincos_quadrant(q, r, rl)
    sh, sl = sin_parts(r, rl)
    ch, cl = cos_parts(r, rl)
    s, c = sh + sl, ch + cl
    a = ifelse(q & 1 == 0, s, c)
    b = ifelse(q & 1 == 0, c, s)
    return ifelse(q & 2 == 0, a, -a), ifelse((q + 1) & 2 == 0, b, -b)
end
# The quotient of both. As IEEE has it, a zero is -0.0 at odd half turns, and a pole is the limit from the side
# of zero at the first right angle, from the other side at the third.
@inline function tan_quadrant(q, r::T, rl::T) where {T<:MathFloat}
    sh, sl = sin_parts(r, rl)
    ch, cl = cos_parts(r, rl)
    sh, sl = fast_sum2(sh, sl)
    ch, cl = fast_sum2(ch, cl)
    odd = q & 1 != 0
    n, nl = ifelse(odd, ch, sh), ifelse(odd, cl, sl)
    d, dl = ifelse(odd, -sh, ch), ifelse(odd, -sl, cl)
    d == 0 && return ifelse(q & 2 == 0, typemax(T), -typemax(T))
    n == 0 && return ifelse(q & 2 == 0, n, -abs(n))
    t, tl = quotient22(n, nl, d, dl)
    return t + tl
end

# ---- radians ------------------------------------------------------------------------------------

# One function for each text: what makes text at run time does not run on devices.
@noinline throw_sin_domain(x) = throw(DomainError(x, "sin(x) is only defined for finite x."))
@noinline throw_cos_domain(x) = throw(DomainError(x, "cos(x) is only defined for finite x."))
@noinline throw_tan_domain(x) = throw(DomainError(x, "tan(x) is only defined for finite x."))
@noinline throw_sincos_domain(x) = throw(DomainError(x, "sincos(x) is only defined for finite x."))

@inline function sin(x::T) where {T<:MathFloat}
    if abs(x) < T(0.785)
        z = x * x
        return ifelse(x == 0, x, muladd(x * z, sin_tail(z), x))
    end
    isfinite(x) || return isnan(x) ? x : throw_sin_domain(x)
    q, r, rl = reduce_argument(x)
    return sin_quadrant(q, r, rl)
end
@inline function cos(x::T) where {T<:MathFloat}
    if abs(x) < T(0.785)
        h, l = cos_parts(x, zero(T))
        return h + l
    end
    isfinite(x) || return isnan(x) ? x : throw_cos_domain(x)
    q, r, rl = reduce_argument(x)
    return cos_quadrant(q, r, rl)
end
function tan(x::T) where {T<:MathFloat}
    x == 0 && return x
    abs(x) < T(0.785) && return tan_quadrant(0, x, zero(T))
    isfinite(x) || return isnan(x) ? x : throw_tan_domain(x)
    q, r, rl = reduce_argument(x)
    return tan_quadrant(q, r, rl)
end
@inline function sincos(x::T) where {T<:MathFloat}
    if abs(x) < T(0.785)
        s, c = sincos_quadrant(0, x, zero(T))
        return ifelse(x == 0, x, s), c
    end
    isfinite(x) || return isnan(x) ? (x, x) : throw_sincos_domain(x)
    q, r, rl = reduce_argument(x)
    return sincos_quadrant(q, r, rl)
end

# ---- half turns and degrees ---------------------------------------------------------------------

@noinline throw_infinite_domain(x) = throw(DomainError(x, "`x` cannot be infinite."))

# The quadrant and the rest in radians, of half turns: exact until the last product.
@inline function half_turns_reduce(x::T) where {T<:MathFloat}
    # all larger numbers are even
    n = rint_llvm(x + x)
    r = x - n * T(0.5)
    c, cl = full_turn_half(T)
    h, l = product2(r, c)
    return (whole(n) % Int) & 3, h, muladd(r, cl, l)
end
@inline function degrees_reduce(x::T) where {T<:MathFloat}
    d = rem(x, T(360))
    n = rint_llvm(d / T(90))
    r = d - n * T(90)
    c, cl = degree(T)
    h, l = product2(r, c)
    return (whole(n) % Int) & 3, h, muladd(r, cl, l)
end
# Where the function is its argument times a constant: one rounding, also among the subnormals.
@inline function tiny_multiple(x::T, c::T, cl::T) where {T<:MathFloat}
    s = x * power_of_two(T, range_step(T))
    p, e = product2(s, c)
    return ifelse(x == 0, x, (p + muladd(s, cl, e)) * power_of_two(T, -range_step(T)))
end
for (sine, cosine, both, tangent, reduce) in ((:sinpi, :cospi, :sincospi, :tanpi, :half_turns_reduce), (:sind, :cosd, :sincosd, :tand, :degrees_reduce))
    period_top = reduce === :half_turns_reduce ? :(maxintfloat(T)) : :(typemax(T))
    unit = reduce === :half_turns_reduce ? :(full_turn_half(T)) : :(degree(T))
    @eval function $sine(x::T) where {T<:MathFloat}
        isfinite(x) || return isnan(x) ? x : throw_infinite_domain(x)
        abs(x) >= $period_top && return copysign(zero(T), x)
        abs(x) < T(range_tiny(T)) && return tiny_multiple(x, $unit...)
        q, r, rl = $reduce(x)
        s = sin_quadrant(q, r, rl)
        return ifelse(s == 0, copysign(s, x), s)
    end
    @eval function $cosine(x::T) where {T<:MathFloat}
        isfinite(x) || return isnan(x) ? x : throw_infinite_domain(x)
        abs(x) >= $period_top && return one(T)
        q, r, rl = $reduce(abs(x))
        s = cos_quadrant(q, r, rl)
        return ifelse(s == 0, zero(T), s)
    end
    @eval function $both(x::T) where {T<:MathFloat}
        isfinite(x) || return isnan(x) ? (x, x) : throw_infinite_domain(x)
        abs(x) >= $period_top && return (copysign(zero(T), x), one(T))
        abs(x) < T(range_tiny(T)) && return (tiny_multiple(x, $unit...), one(T))
        q, r, rl = $reduce(x)
        s, c = sincos_quadrant(q, r, rl)
        return ifelse(s == 0, copysign(s, x), s), ifelse(c == 0, zero(T), c)
    end
    @eval function $tangent(x::T) where {T<:MathFloat}
        isfinite(x) || return isnan(x) ? x : throw_infinite_domain(x)
        abs(x) >= $period_top && return copysign(zero(T), x)
        abs(x) < T(range_tiny(T)) && return tiny_multiple(x, $unit...)
        q, r, rl = $reduce(abs(x))
        t = tan_quadrant(q, r, rl)
        return signbit(x) ? -t : t
    end
end

# ---- sinc ---------------------------------------------------------------------------------------

sinc(x::Number) = iszero(x) ? one(sinpi(x) / x) : isreal(x) && isinf(x) ? zero(sinpi(zero(x)) / one(x)) : sinpi(x) / (oftype(float(x), π) * x)
sinc(x::Integer) = iszero(x) ? one(sinpi(x) / x) : zero(sinpi(x) / x)
cosc(x::Number) = cosc_float(float(x))
# cos(πx)/x - sin(πx)/(πx²); near 0, where both terms cancel, by its series.
function cosc_float(x)
    iszero(x) && return zero(x)
    isinf(x) && return isreal(x) ? zero(x) : x * NaN
    if abs(x) < 0.5
        t = -oftype(x, π)^2 * x * x
        term = oftype(x, π)^2 * x * -1
        s = term / 3
        k = 1
        while true
            term *= t / ((2 * k) * (2 * k + 1))
            add = term / (2 * k + 3)
            s += add
            abs(add) <= eps(abs(s)) / 4 && return s
            k += 1
        end
    end
    return (cospi(x) - sinpi(x) / (oftype(x, π) * x)) / x
end
