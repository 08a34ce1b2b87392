# Arithmetic on unevaluated sums h + l of two floats, and the scaling and constants all functions share.

const MathFloat = Union{Float32,Float64}

# `@horner x c0 c1 c2 …` is c0 + x·(c1 + x·(c2 + …)), unrolled.
macro horner(x, coefficients...)
    n = length(coefficients)
    ex = esc(coefficients[n])
    for i in n-1:-1:1
        ex = :(muladd(x, $ex, $(esc(coefficients[i]))))
    end
    return :(let x = $(esc(x)); $ex; end)
end

# The rounded sum or product, and what rounding lost. `fast_sum2` needs |a| ≥ |b| (or a = 0).
@inline function sum2(a::T, b::T) where {T<:MathFloat}
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)
end
@inline function fast_sum2(a::T, b::T) where {T<:MathFloat}
    s = a + b
    return s, b - (s - a)
end
@inline function product2(a::T, b::T) where {T<:MathFloat}
    p = a * b
    return p, fma(a, b, -p)
end
# (ah + al)·(bh + bl)
@inline function product22(ah::T, al::T, bh::T, bl::T) where {T<:MathFloat}
    p, e = product2(ah, bh)
    return fast_sum2(p, e + muladd(ah, bl, al * bh))
end
# (nh + nl)/(dh + dl). The second part is small against the first, but the two may overlap.
@inline function quotient22(nh::T, nl::T, dh::T, dl::T) where {T<:MathFloat}
    q = nh / dh
    r = fma(-q, dh, nh)
    return q, muladd(-q, dl, r + nl) / dh
end
# The root of h + l ≥ 0.
@inline function root2(h::T, l::T) where {T<:MathFloat}
    s = sqrt_llvm(h)
    r = fma(-s, s, h) + l
    return s, ifelse(s == zero(T), zero(T), r / (s + s))
end

# 2^k, for k in the range of normal exponents.
@inline power_of_two(::Type{Float64}, k::Int64) = bitcast(Float64, shl_int(add_int(k, 1023), 52))
@inline power_of_two(::Type{Float32}, k::Int32) = bitcast(Float32, shl_int(add_int(k, Int32(127)), Int32(23)))
# y·2^k in two steps, of which only the second can round: |k| may be twice the largest exponent.
@inline function scaled(y::T, k) where {T<:MathFloat}
    h = ashr_int(k, one(k))
    return y * power_of_two(T, h) * power_of_two(T, sub_int(k, h))
end
# A whole number in the range of the integer type, converted.
@inline whole(x::Float64) = fptosi(Int64, x)
@inline whole(x::Float32) = fptosi(Int32, x)

# Constants as h + l. The `_short` ones have a head with trailing zeros: exponent times head is exact.
ln2(::Type{Float64}) = (0.6931471805599453, 2.3190468138462996e-17)
ln2(::Type{Float32}) = (6.931472f-1, -1.9046542f-9)
ln2_short(::Type{Float64}) = (0.6931471805598903, 5.497923018708371e-14)
ln2_short(::Type{Float32}) = (6.9314575f-1, 1.4286068f-6)
inv_ln2(::Type{Float64}) = (1.4426950408889634, 2.0355273740931033e-17)
inv_ln2(::Type{Float32}) = (1.442695f0, 1.925963f-8)
ln10(::Type{Float64}) = (2.302585092994046, -2.1707562233822494e-16)
ln10(::Type{Float32}) = (2.3025851f0, -3.1975436f-8)
inv_ln10(::Type{Float64}) = (0.4342944819032518, 1.098319650216765e-17)
inv_ln10(::Type{Float32}) = (4.342945f-1, -1.010305f-8)
log10_2_short(::Type{Float64}) = (0.30102999566395283, 2.8363394551044964e-14)
log10_2_short(::Type{Float32}) = (3.010254f-1, 4.605039f-6)
log2_10(::Type{Float64}) = 3.321928094887362
log2_10(::Type{Float32}) = 3.321928f0
full_turn_half(::Type{Float64}) = (3.141592653589793, 1.2246467991473532e-16)
full_turn_half(::Type{Float32}) = (3.1415927f0, -8.742278f-8)
right_angle(::Type{Float64}) = (1.5707963267948966, 6.123233995736766e-17)
right_angle(::Type{Float32}) = (1.5707964f0, -4.371139f-8)
degree(::Type{Float64}) = (0.017453292519943295, 2.9486522708701687e-19)
degree(::Type{Float32}) = (1.7453292f-2, 1.351996f-10)

# Squares of numbers above `range_large` or below `range_small` leave the range, or lose digits to it; 2^±`range_step`
# brings them back. What is below `range_tiny` beside 1 does not count.
range_step(::Type{Float64}) = 600
range_step(::Type{Float32}) = Int32(70)
range_large(::Type{Float64}) = 0x1p500
range_large(::Type{Float32}) = 0x1p60
range_small(::Type{Float64}) = 0x1p-400
range_small(::Type{Float32}) = 0x1p-40
range_tiny(::Type{Float64}) = 0x1p-400
range_tiny(::Type{Float32}) = 0x1p-60
