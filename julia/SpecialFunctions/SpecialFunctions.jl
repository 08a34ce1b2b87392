# The error function and the gamma function with what belongs to them, in the style of the elementary functions:
# sums of two floats where digits would be lost, no tables, no allocation.
module SpecialFunctions

export erf, erfc, erfcx, erfinv, erfcinv, logerfc, gamma, loggamma, logabsgamma, lgamma, logfactorial, beta, logbeta, logabsbeta, digamma

import Base: MathFloat, @horner, sum2, fast_sum2, product2, product22, quotient22, log2fold, expm1_reduced, exp_reduce2, exp_assemble, scaled, whole,
    full_turn_half

include("error.jl")
include("gamma.jl")

end
