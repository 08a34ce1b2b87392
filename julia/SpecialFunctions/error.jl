# erf, erfc, their scaled form and their inverses.

two_over_root_pi(::Type{Float64}) = (1.1283791670955126, 1.533545961316588e-17)
two_over_root_pi(::Type{Float32}) = (1.1283792f0, -5.8635383f-8)

# (erf x - 2x/√π)/x³ for z = x² ≤ 1; x³ times its error is below 2^-55 (2^-26) of erf x
@inline erf_tail(z::Float64) = @horner(z, -0.37612638903183754, 0.1128379167095512, -0.026866170645129927, 0.005223977625423923, -0.0008548327021961266,
    0.00012055332903557896, -1.4925647576731503e-05, 1.6462045468142606e-06, -1.6364640825103746e-07, 1.4792376182744038e-08, -1.216434829144872e-09,
    8.708127552189026e-11, -4.229298102422452e-12)
@inline erf_tail(z::Float32) = @horner(z, -3.7612638f-1, 1.12837836f-1, -2.6865477f-2, 5.221131f-3, -8.4852445f-4, 1.1272984f-4, -9.684106f-6)
# (1 + 2x)·e^(x²)·erfc(x) for t = (x - 4)/(x + 4), x ≥ 1/2; relative error below 2^-54 (2^-24)
@inline erfc_shape(t::Float64) = @horner(t, 1.2329951186255526, -0.13962111684056247, 0.015379652102621644, 0.06809705425468605, -0.10103906603642122,
    0.09373283499861502, -0.06633036580940652, 0.03716751553248227, -0.016197734092627283, 0.005031970030801523, -0.0007577730355391149,
    -0.00019925703630864044, 0.00015062052437373225, -2.439779556510221e-05, -1.121865426397254e-05, 5.70587652005097e-06, 2.8743837671753476e-07,
    -8.186093205294755e-07, 8.212210207296081e-08, 1.0252441366244079e-07, -2.2912875972945587e-08, -9.397179195787181e-09, 3.285037342830271e-09)
@inline erfc_shape(t::Float32) = @horner(t, 1.2329952f0, -1.3962127f-1, 1.537989f-2, 6.810193f-2, -1.0104385f-1, 9.369123f-2, -6.629263f-2, 3.731185f-2,
    -1.633474f-2, 4.81762f-3, -5.2748935f-4, -9.848619f-5)

# e^(h + l)
@inline function exp_of_sum(h::T, l::T) where {T<:MathFloat}
    k, r, rl = exp_reduce2(h, l)
    return exp_assemble(k, r, rl)
end
@inline function erf_near(x::T) where {T<:MathFloat}
    c, cl = two_over_root_pi(T)
    h, l = product2(x, c)
    z = x * x
    return h + muladd(x * z, erf_tail(z), muladd(x, cl, l))
end
# e^(x²)·erfc(x) for x ≥ 1/2
@inline function erfcx_far(x::T) where {T<:MathFloat}
    x > T(0x1p60) && return inv(x) * two_over_root_pi(T)[1] / 2
    d, dl = sum2(one(T), x + x)
    q, ql = quotient22(erfc_shape((x - T(4)) / (x + T(4))), zero(T), d, dl)
    return q + ql
end
erfc_end(::Type{Float64}) = 27.3
erfc_end(::Type{Float32}) = 10.1f0
@inline function erfc_far(x::T) where {T<:MathFloat}
    x > erfc_end(T) && return zero(T)
    p, e = product2(x, x)
    return exp_of_sum(-p, -e) * erfcx_far(x)
end

function erf(x::T) where {T<:MathFloat}
    a = abs(x)
    a < 1 && return ifelse(x == 0, x, erf_near(x))
    isnan(x) && return x
    return copysign(one(T) - erfc_far(a), x)
end
function erfc(x::T) where {T<:MathFloat}
    isnan(x) && return x
    x >= T(0.5) && return erfc_far(x)
    return x > -one(T) ? one(T) - erf_near(x) : T(2) - erfc_far(-x)
end
function erfcx(x::T) where {T<:MathFloat}
    isnan(x) && return x
    x >= T(0.5) && return erfcx_far(x)
    x < -erfc_end(T) && return typemax(T)
    p, e = product2(x, x)
    return exp_of_sum(p, e) * erfc(x)
end
logerfc(x::MathFloat) = x > 1 ? log(erfcx(x)) - x * x : log(erfc(x))
erf(x::Real, y::Real) = erf_between(promote(float(x), float(y))...)
# Without cancellation where both lie on one side.
erf_between(x, y) = abs(x) <= 0.5 && abs(y) <= 0.5 ? erf(y) - erf(x) : x > 0 && y > 0 ? erfc(x) - erfc(y) : x < 0 && y < 0 ? erfc(-y) - erfc(-x) : erf(y) - erf(x)

# ---- inverses -----------------------------------------------------------------------------------

# Giles' approximation to six digits; w = -log(1 - x²).
@inline function erfinv_start(x::T, w::T) where {T}
    if w < 5
        v = w - T(2.5)
        return x * @horner(v, T(1.50140941), T(0.246640727), T(-0.00417768164), T(-0.00125372503), T(0.00021858087), T(-4.39150654e-6), T(-3.5233877e-6),
            T(3.43273939e-7), T(2.81022636e-8))
    end
    v = sqrt(w) - T(3)
    return x * @horner(v, T(2.83297682), T(1.00167406), T(0.00943887047), T(-0.0076224613), T(0.00573950773), T(-0.00367342844), T(0.00134934322),
        T(0.000100950558), T(-0.000200214257))
end
# One step of Halley's method for erfc(y) = c, c ≤ 1.
@inline function erfc_step(y::T, c::T) where {T}
    d = (c - erfc(y)) * exp(y * y) / two_over_root_pi(T)[1]
    return y - d / (one(T) - y * d)
end
function erfinv(x::T) where {T<:MathFloat}
    a = abs(x)
    a <= 1 || return isnan(x) ? x : throw(DomainError(x, "`x` must be in the range [-1, 1]."))
    a == 1 && return copysign(typemax(T), x)
    y = abs(erfinv_start(a, -log1p(-a * a)))
    if a < T(0.5)
        for _ in 1:2
            d = (erf(y) - a) * exp(y * y) / two_over_root_pi(T)[1]
            y -= d / (one(T) + y * d)
        end
    else
        c = one(T) - a
        y = erfc_step(erfc_step(y, c), c)
    end
    return ifelse(x == 0, x, copysign(y, x))
end
function erfcinv(x::T) where {T<:MathFloat}
    zero(T) <= x <= T(2) || return isnan(x) ? x : throw(DomainError(x, "`x` must be in the range [0, 2]."))
    x >= T(0.5) && return x == T(2) ? -typemax(T) : x > T(1.5) ? -erfcinv(T(2) - x) : erfinv(one(T) - x)
    x == 0 && return typemax(T)
    # from the leading terms of erfc(y) ≈ e^(-y²)/(y√π)
    y = sqrt(-log(x * sqrt(-log(x) + one(T)) * T(1.7724538509055159)))
    for _ in 1:4
        y = erfc_step(y, x)
    end
    return y
end

for f in (:erf, :erfc, :erfcx, :logerfc, :erfinv, :erfcinv)
    @eval $f(x::Float16) = Float16($f(Float32(x)))
    @eval $f(x::Real) = $f(Base.as_float($f, x))
end
