# Rounding to a number of digits, and to the nearest multiple.

for (f, mode) in ((:trunc, :RoundToZero), (:floor, :RoundDown), (:ceil, :RoundUp), (:round, :RoundNearest))
    @eval $f(x::Real; digits::Union{Nothing,Integer} = nothing, sigdigits::Union{Nothing,Integer} = nothing, base::Union{Nothing,Integer} = nothing) =
        round_to_digits(x, $mode, digits, sigdigits, base)
end
round(x::Real, r::RoundingMode; digits::Union{Nothing,Integer} = nothing, sigdigits::Union{Nothing,Integer} = nothing, base::Union{Nothing,Integer} = nothing) =
    round_to_digits(x, r, digits, sigdigits, base)

function round_to_digits(x, r::RoundingMode, digits, sigdigits, base)
    b = base === nothing ? 10 : base
    if digits !== nothing
        sigdigits === nothing || throw(ArgumentError("`round` cannot use both `digits` and `sigdigits` arguments."))
        return round_digits(x, r, digits, b)
    elseif sigdigits !== nothing
        return round_sigdigits(x, r, sigdigits, b)
    end
    return round(x, r)
end
function round_digits(x, r::RoundingMode, digits::Integer, base)
    fx = float(x)
    if digits >= 0
        scale = oftype(fx, base)^digits
        if isfinite(scale)
            y = round(fx * scale, r) / scale
        else
            half = oftype(fx, base)^(digits / 2)
            y = round((fx * half) * half, r) / half / half
        end
    else
        scale = oftype(fx, base)^-digits
        y = round(fx / scale, r) * scale
    end
    return isfinite(y) ? y : fx
end
function round_sigdigits(x, r::RoundingMode, sigdigits::Integer, base)
    (iszero(x) || !isfinite(x)) && return float(x)
    return round_digits(x, r, sigdigits - high_digit(x, base), base)
end
# Digits before the point of |x| in `base` (not positive for |x| < 1).
high_digit(x::Integer, base) = ndigits0z(x, base)
high_digit(x::Real, base) = high_digit(float(x), base)
function high_digit(x::AbstractFloat, base)
    base == 2 && return 1 + exponent(x)
    if base == 10
        # from the binary exponent, short by at most one
        a = abs(x)
        d = floor(Int, exponent(a) * 0.3010299956639812)
        return a >= oftype(a, 10)^(d + 1) ? d + 2 : d + 1
    end
    return 1 + floor(Int, log(abs(x)) / log(oftype(x, base)))
end
round(::Missing, ::RoundingMode = RoundNearest) = missing
