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
