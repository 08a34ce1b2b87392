# Inverse circular functions: all are the angle of a point, atan(n/d).

# (atan t - t)/t³ for z = t² ≤ 0.1716; relative error below 2^-63 (2^-33)
@inline atan_tail(z::Float64) = @horner(z, -0.33333333333333326, 0.19999999999997095, -0.1428571428531651, 0.11111111083764201, -0.09090907987098618,
    0.07692279244630187, -0.0666617559229616, 0.05876528286484519, -0.05215277941230291, 0.04491047977298755, -0.033188450510918045, 0.014909893763279836)
@inline atan_tail(z::Float32) = @horner(z, -3.333333f-1, 1.9999802f-1, -1.4279127f-1, 1.1009473f-1, -8.282306f-2, 4.3489978f-2)

# The angle of the point (dh + dl, nh + nl) of the first quadrant as h + l: as it is below π/8, else
# seen from the diagonal, or from the vertical.
@inline function angle_parts(nh::T, nl::T, dh::T, dl::T) where {T<:MathFloat}
    c, cl = right_angle(T)
    low = nh <= T(0.41421) * dh
    high = dh <= T(0.41421) * nh
    sh, sl = sum2(nh, dh)
    mh, ml = sum2(nh, -dh)
    a = ifelse(low, nh, ifelse(high, -dh, mh))
    al = ifelse(low, nl, ifelse(high, -dl, ml + (nl - dl)))
    b = ifelse(low, dh, ifelse(high, nh, sh))
    bl = ifelse(low, dl, ifelse(high, nl, sl + (nl + dl)))
    f = ifelse(low, zero(T), ifelse(high, one(T), T(0.5)))
    t, tl = quotient22(a, al, b, bl)
    t, tl = fast_sum2(t, tl)
    z = t * t
    h, e = fast_sum2(f * c, t)
    return h, e + muladd(f, cl, muladd(t * z, atan_tail(z), muladd(-z, tl, tl)))
end

function atan(x::T) where {T<:MathFloat}
    a = abs(x)
    # beyond this the angle is the right one
    h, l = angle_parts(ifelse(a > T(0x1p60), T(0x1p60), a), zero(T), one(T), zero(T))
    return copysign(h + l, x)
end

function atan(y::T, x::T) where {T<:MathFloat}
    (isnan(x) | isnan(y)) && return x + y
    b, a = abs(y), abs(x)
    if isinf(a) | isinf(b) # only the direction counts
        a, b = ifelse(isinf(a), one(T), zero(T)), ifelse(isinf(b), one(T), zero(T))
    end
    p, pl = full_turn_half(T)
    b == 0 && return copysign(signbit(x) ? p : zero(T), y)
    # the angle of a flat point is the quotient, which may be subnormal
    tiny = T(range_tiny(T))
    (b < tiny * a || b * tiny == 0 && b < a && b / a < tiny) && return copysign(signbit(x) ? p : b / a, y)
    # into the middle of the range
    m = ifelse(a > b, a, b)
    f = ifelse(m > T(range_large(T)), power_of_two(T, -range_step(T)), ifelse(m < T(range_small(T)), power_of_two(T, range_step(T)), one(T)))
    h, l = angle_parts(b * f, zero(T), a * f, zero(T))
    if signbit(x)
        s, e = fast_sum2(p, -h)
        return copysign(s + (e + (pl - l)), y)
    end
    return copysign(h + l, y)
end

@noinline throw_asin_domain(x) = throw(DomainError(x, "asin(x) is not defined for |x| > 1."))
@noinline throw_acos_domain(x) = throw(DomainError(x, "acos(x) not defined for |x| > 1"))

# √(1 - a²)
@inline function cosine_side(a::T) where {T<:MathFloat}
    p, e = product2(a, a)
    s, t = fast_sum2(one(T), -p)
    return root2(s, t - e)
end
function asin(x::T) where {T<:MathFloat}
    a = abs(x)
    a <= 1 || return isnan(x) ? x : throw_asin_domain(x)
    d, dl = cosine_side(a)
    h, l = angle_parts(a, zero(T), d, dl)
    return copysign(h + l, x)
end
function acos(x::T) where {T<:MathFloat}
    a = abs(x)
    a <= 1 || return isnan(x) ? x : throw_acos_domain(x)
    n, nl = cosine_side(a)
    h, l = angle_parts(n, nl, a, zero(T))
    p, pl = full_turn_half(T)
    s, e = fast_sum2(p, -h)
    return ifelse(signbit(x), s + (e + (pl - l)), h + l)
end
atan(x::Float16, y::Float16) = Float16(atan(Float32(x), Float32(y)))
atan(y::Real, x::Real) = atan_pair(promote(float(y), float(x))...)
atan_pair(y::T, x::T) where {T<:IEEEFloat} = atan(y, x)
# other types: by the quotient, in the right quadrant
function atan_pair(y::T, x::T) where {T<:Real}
    x > 0 && return atan(y / x)
    iszero(x) && return copysign(oftype(x, π) / 2, y)
    return copysign(oftype(x, π), y) + atan(y / x)
end
