# Elementary functions of Float32 and Float64, computed in the type itself (no table, no allocation, no wider
# type), so that they run on devices, too. The other real types go through one of the two (`promotion.jl`).
#
# Accuracy comes from carrying the leading terms as unevaluated sums of two numbers (`twofold.jl`): what is
# left for one rounding is small. Polynomials are minimax fits to the tail of a series behind terms that are
# kept exactly; each states its interval and its error relative to the function.

include("twofold.jl")
include("exponential.jl")
include("logarithm.jl")
include("power.jl")
include("reduction.jl")
include("trigonometric.jl")
include("inverse.jl")
include("hyperbolic.jl")
include("promotion.jl")

# The module these functions are of elsewhere.
module Math
import ..Base: @evalpoly, @horner, acos, acosd, acosh, acot, acotd, acoth, acsc, acscd, acsch, asec, asecd, asech, asin, asind, asinh, atan, atand, atanh,
    cbrt, clamp, cos, cosc, cosd, cosh, cospi, cot, cotd, coth, csc, cscd, csch, deg2rad, evalpoly, exp, exp10, exp2, expm1, exponent, frexp, hypot,
    ldexp, log, log10, log1p, log2, max, min, minmax, mod2pi, modf, rad2deg, rem2pi, sec, secd, sech, significand, sin, sinc, sincos, sincosd,
    sincospi, sind, sinh, sinpi, sqrt, tan, tand, tanh, tanpi
end
