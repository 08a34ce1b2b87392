# The elementary functions of the other real types, and what is defined by them.

const unary_functions = (:cbrt, :exp, :exp2, :exp10, :expm1, :log, :log2, :log10, :log1p, :sin, :cos, :tan, :sinpi, :cospi, :tanpi, :sind, :cosd, :tand,
    :asin, :acos, :atan, :sinh, :cosh, :tanh, :asinh, :acosh, :atanh)
for f in unary_functions
    @eval $f(x::Float16) = Float16($f(Float32(x)))
    @eval $f(x::Real) = $f(as_float($f, x))
end
for f in (:sincos, :sincospi, :sincosd)
    @eval $f(x::Float16) = map(Float16, $f(Float32(x)))
    @eval $f(x::Real) = $f(as_float($f, x))
end
# Floats of a type without a method of its own have none: converting them again would not end.
@inline as_float(f, x::Real) = float(x)
@noinline as_float(f, x::AbstractFloat) = throw(MethodError(f, (x,)))

# The exact value at whole arguments.
sinpi(x::Integer) = x >= 0 ? zero(float(x)) : -zero(float(x))
cospi(x::Integer) = isodd(x) ? -one(float(x)) : one(float(x))
tanpi(x::Integer) = x >= 0 ? (isodd(x) ? -zero(float(x)) : zero(float(x))) : (isodd(x) ? zero(float(x)) : -zero(float(x)))
sincospi(x::Integer) = (sinpi(x), cospi(x))

# ---- reciprocals --------------------------------------------------------------------------------

for (f, inverse, of, aof) in ((:sec, :asec, :cos, :acos), (:csc, :acsc, :sin, :asin), (:cot, :acot, :tan, :atan),
    (:sech, :asech, :cosh, :acosh), (:csch, :acsch, :sinh, :asinh), (:coth, :acoth, :tanh, :atanh))
    @eval $f(z::Number) = inv($of(z))
    @eval $inverse(y::Number) = $aof(inv(y))
    @eval $f(x::Float16) = Float16($f(Float32(x)))
    @eval $inverse(x::Float16) = Float16($inverse(Float32(x)))
end
for (f, inverse, of, aof) in ((:secd, :asecd, :cosd, :acosd), (:cscd, :acscd, :sind, :asind), (:cotd, :acotd, :tand, :atand))
    @eval $f(z::Real) = inv($of(z))
    @eval $inverse(y::Real) = $aof(inv(y))
end
for (f, of) in ((:asind, :asin), (:acosd, :acos), (:atand, :atan))
    @eval $f(x::Real) = rad2deg($of(x))
end
atand(y::Real, x::Real) = rad2deg(atan(y, x))

# ---- degrees and radians ------------------------------------------------------------------------

deg2rad(x::AbstractFloat) = x * (oftype(x, π) / 180)
rad2deg(x::AbstractFloat) = x * (180 / oftype(x, π))
deg2rad(x::Real) = deg2rad(float(x))
rad2deg(x::Real) = rad2deg(float(x))
deg2rad(z::Complex) = z * (oftype(real(float(z)), π) / 180)
rad2deg(z::Complex) = z * (180 / oftype(real(float(z)), π))
# An exact zero stays one beside an infinity.
function sinpi(z::Complex{T}) where {T}
    F = float(T)
    x, y = reim(z)
    isfinite(x) || return Complex(F(NaN), y == 0 || isinf(y) ? F(y) : F(NaN))
    s, c = sincospi(x)
    re = iszero(s) ? copysign(zero(F), x) : s * cosh(π * y)
    return Complex(re, !iszero(c) ? c * sinh(π * y) : isnan(y) ? zero(F) : copysign(zero(F), y))
end
function cospi(z::Complex{T}) where {T}
    F = float(T)
    x, y = reim(z)
    if !isfinite(x)
        y == 0 && return Complex(F(NaN), isnan(x) ? zero(F) : -flipsign(F(y), x))
        return Complex(isinf(y) ? F(Inf) : F(NaN), F(NaN))
    end
    s, c = sincospi(x)
    zero_part = copysign(zero(F), x)
    re = iszero(c) ? zero(F) : c * cosh(π * y)
    return Complex(re, !iszero(s) ? -s * sinh(π * y) : isnan(y) ? zero_part : -flipsign(zero_part, y))
end
sincospi(z::Complex) = (sinpi(z), cospi(z))
