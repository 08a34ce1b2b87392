# exp, exp2, exp10 and expm1: x = k·ln 2 + r with |r| ≤ ln(2)/2, so that e^x = 2^k·e^r.

# (e^r - 1 - r - r²/2)/r³ on |r| ≤ 0.3486; r³ times its error is below 2^-61 (2^-31)
@inline exp_tail(r::Float64) = @horner(r, 0.16666666666666685, 0.0416666666666667, 0.00833333333331609, 0.0013888888888864356,
    0.0001984126989874838, 2.4801587366740087e-05, 2.755723248708599e-06, 2.755723727713708e-07, 2.5112866399649317e-08, 2.0926109362093534e-09)
@inline exp_tail(r::Float32) = @horner(r, 1.6666667f-1, 4.1666456f-2, 8.333275f-3, 1.3935933f-3, 1.9913315f-4)

# e^(r + rl) - 1 as h + l.
@inline function expm1_reduced(r::T, rl::T) where {T<:MathFloat}
    z, zl = product2(r, r)
    h, l = fast_sum2(r, z / 2)
    return h, l + muladd(r * z, exp_tail(r), muladd(rl, h, rl) + zl / 2)
end
# k, and x - k·ln 2 as a sum of two.
@inline function exp_reduce(x::T) where {T<:MathFloat}
    k = rint_llvm(x * inv_ln2(T)[1])
    head = fma(-k, ln2_short(T)[1], x)
    t = k * ln2_short(T)[2]
    r = head - t
    return k, r, (head - r) - t
end
# The same for x + xl, where xl counts in units of x and not of r.
@inline function exp_reduce2(x::T, xl::T) where {T<:MathFloat}
    k, r, rl = exp_reduce(x)
    r, rl = sum2(r, rl + xl)
    return k, r, rl
end
# 2^k·e^(r + rl)
@inline function exp_assemble(k::T, r::T, rl::T) where {T<:MathFloat}
    h, l = expm1_reduced(r, rl)
    s, e = fast_sum2(one(T), h)
    return scaled(s + (e + l), whole(k))
end
# What the exponentials are where x is NaN or beyond the point where they are 0 or Inf for certain.
@inline exp_outside(x) = isnan(x) ? x : x > 0 ? typemax(x) : zero(x)
exp_limit(::Type{Float64}) = 746.0
exp_limit(::Type{Float32}) = 105.0f0
exp2_limit(::Type{Float64}) = 1076.0
exp2_limit(::Type{Float32}) = 151.0f0
exp10_limit(::Type{Float64}) = 324.0
exp10_limit(::Type{Float32}) = 46.0f0

@inline function exp(x::T) where {T<:MathFloat}
    abs(x) <= exp_limit(T) || return exp_outside(x)
    k, r, rl = exp_reduce(x)
    return exp_assemble(k, r, rl)
end
function exp2(x::T) where {T<:MathFloat}
    abs(x) <= exp2_limit(T) || return exp_outside(x)
    k = rint_llvm(x)
    r = x - k
    h, l = product2(r, ln2(T)[1])
    return exp_assemble(k, h, muladd(r, ln2(T)[2], l))
end
function exp10(x::T) where {T<:MathFloat}
    abs(x) <= exp10_limit(T) || return exp_outside(x)
    k = rint_llvm(x * log2_10(T))
    head = fma(-k, log10_2_short(T)[1], x)
    t = k * log10_2_short(T)[2]
    r = head - t
    h, l = product2(r, ln10(T)[1])
    return exp_assemble(k, h, l + muladd(r, ln10(T)[2], ((head - r) - t) * ln10(T)[1]))
end

# (h, l, k) with e^x - 1 = 2^k·(h + l), for x between -60 and `exp_limit`.
@inline function expm1_parts(x::T) where {T<:MathFloat}
    k, r, rl = exp_reduce(x)
    h, l = expm1_reduced(r, rl)
    # beside 2^k the 1 does not count from k = 100 on
    ones, lost = sum2(one(T), -power_of_two(T, whole(min_exponent(-k))))
    s, e = sum2(ones, h)
    s, e = fast_sum2(s, e + (l + lost))
    return s, e, whole(k)
end
@inline min_exponent(k::T) where {T} = ifelse(k < T(-100), T(-100), k)
function expm1(x::T) where {T<:MathFloat}
    abs(x) <= exp_limit(T) || return x < 0 ? -one(T) : exp_outside(x)
    h, l, k = expm1_parts(ifelse(x < T(-60), T(-60), x))
    return ifelse(x == 0, x, scaled(h + l, k))
end
