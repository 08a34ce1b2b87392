# Constants known by name; they take the precision of what they meet.

abstract type AbstractIrrational <: Real end
struct Irrational{sym} <: AbstractIrrational end

const π = Irrational{:π}()
const pi = π
const ℯ = Irrational{:ℯ}()
const γ = Irrational{:γ}()
const eulergamma = γ
const φ = Irrational{:φ}()
const golden = φ
const catalan = Irrational{:catalan}()

Float64(::Irrational{:π}) = 3.141592653589793
Float64(::Irrational{:ℯ}) = 2.718281828459045
Float64(::Irrational{:γ}) = 0.5772156649015329
Float64(::Irrational{:φ}) = 1.618033988749895
Float64(::Irrational{:catalan}) = 0.915965594177219
Float32(::Irrational{:π}) = 3.1415927f0
Float32(::Irrational{:ℯ}) = 2.7182817f0
Float32(::Irrational{:γ}) = 0.5772157f0
Float32(::Irrational{:φ}) = 1.618034f0
Float32(::Irrational{:catalan}) = 0.91596556f0
Float16(x::AbstractIrrational) = Float16(Float32(x))
AbstractFloat(x::AbstractIrrational) = Float64(x)
Complex{T}(x::AbstractIrrational) where {T<:Real} = Complex{T}(T(x))
Bool(x::AbstractIrrational) = throw_inexacterror(:Bool, Bool, x)
(::Type{T})(x::AbstractIrrational) where {T<:BitInteger} = throw_inexacterror(nameof(T), T, x)

promote_rule(::Type{<:AbstractIrrational}, ::Type{Float16}) = Float16
promote_rule(::Type{<:AbstractIrrational}, ::Type{Float32}) = Float32
promote_rule(::Type{<:AbstractIrrational}, ::Type{Float64}) = Float64
promote_rule(::Type{<:AbstractIrrational}, ::Type{<:AbstractIrrational}) = Float64
promote_rule(::Type{<:AbstractIrrational}, ::Type{T}) where {T<:Real} = promote_type(Float64, T)
promote_rule(::Type{S}, ::Type{T}) where {S<:AbstractIrrational,T<:Number} = promote_type(promote_type(S, real(T)), T)
float(::Type{<:AbstractIrrational}) = Float64

==(::Irrational{s}, ::Irrational{s}) where {s} = true
==(::AbstractIrrational, ::AbstractIrrational) = false
==(::AbstractIrrational, ::Real) = false
==(::Real, ::AbstractIrrational) = false
<(x::AbstractIrrational, y::Rational) = BigFloat(x) < y
<(x::Rational, y::AbstractIrrational) = x < BigFloat(y)
<=(x::AbstractIrrational, y::Rational) = x < y
<=(x::Rational, y::AbstractIrrational) = x < y
# The fraction of the type's integers that no other is nearer than.
function Rational{T}(x::AbstractIrrational) where {T<:Integer}
    T === BigInt && throw(ArgumentError("Cannot convert an AbstractIrrational to a Rational{BigInt}: use rationalize(BigInt, x) instead"))
    return setprecision(() -> rationalize(T, BigFloat(x); tol = 0), BigFloat, 4 * 8 * sizeof(T))
end
Rational(x::AbstractIrrational) = Rational{Int}(x)
==(::AbstractIrrational, ::Rational) = false
==(::Rational, ::AbstractIrrational) = false
==(::AbstractIrrational, ::AbstractFloat) = false
==(::AbstractFloat, ::AbstractIrrational) = false
<(::Irrational{s}, ::Irrational{s}) where {s} = false
<(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) < Float64(y)
<=(::Irrational{s}, ::Irrational{s}) where {s} = true
<=(x::AbstractIrrational, y::AbstractIrrational) = x == y || x < y
# A float never equals the constant: the nearest one lies on a known side of it.
is_rounded_up(x::AbstractIrrational, ::Type{T}) where {T} = Core.Host.irrational_rounds_up(x, T)
<(x::AbstractIrrational, y::T) where {T<:Union{Float32,Float64}} = T(x) == y ? is_rounded_up(x, T) : T(x) < y
<(x::T, y::AbstractIrrational) where {T<:Union{Float32,Float64}} = !(y < x)
<(x::AbstractIrrational, y::Float16) = x < Float32(y)
<(x::Float16, y::AbstractIrrational) = Float32(x) < y
<=(x::AbstractIrrational, y::AbstractFloat) = x < y
<=(x::AbstractFloat, y::AbstractIrrational) = x < y
<(x::AbstractIrrational, y::Integer) = Float64(x) < y
<(x::Integer, y::AbstractIrrational) = x < Float64(y)
<=(x::AbstractIrrational, y::Integer) = Float64(x) < y
<=(x::Integer, y::AbstractIrrational) = x < Float64(y)
iszero(::AbstractIrrational) = false
isone(::AbstractIrrational) = false
isfinite(::AbstractIrrational) = true
isinteger(::AbstractIrrational) = false
signbit(::AbstractIrrational) = false
zero(::AbstractIrrational) = false
one(::AbstractIrrational) = true
zero(::Type{<:AbstractIrrational}) = false
one(::Type{<:AbstractIrrational}) = true
-(x::AbstractIrrational) = -Float64(x)
+(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) + Float64(y)
-(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) - Float64(y)
*(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) * Float64(y)
/(x::AbstractIrrational, y::AbstractIrrational) = Float64(x) / Float64(y)
^(x::AbstractIrrational, y::AbstractIrrational) = Float64(x)^Float64(y)
*(x::Bool, y::AbstractIrrational) = ifelse(x, Float64(y), 0.0)
sign(::AbstractIrrational) = 1.0
inv(x::AbstractIrrational) = 1 / x
round(x::AbstractIrrational, r::RoundingMode) = round(float(x), r)
round(::Type{T}, x::AbstractIrrational, r::RoundingMode) where {T<:Integer} = round(T, float(x), r)
floor(::Type{T}, x::AbstractIrrational) where {T<:Integer} = floor(T, float(x))
ceil(::Type{T}, x::AbstractIrrational) where {T<:Integer} = ceil(T, float(x))
trunc(::Type{T}, x::AbstractIrrational) where {T<:Integer} = trunc(T, float(x))
rationalize(x::AbstractIrrational; kw...) = rationalize(float(x); kw...)
exp(x::Irrational{:ℯ}) = exp(Float64(x))
log(::Irrational{:ℯ}) = 1
log(::Irrational{:ℯ}, x::Number) = log(x)
sin(::Irrational{:π}) = 0.0
cos(::Irrational{:π}) = -1.0
sinpi(x::AbstractIrrational) = sinpi(float(x))
# `ℯ^x` is `exp(x)`.
^(::Irrational{:ℯ}, x::Real) = exp(x)
^(::Irrational{:ℯ}, x::Rational) = exp(x)
^(::Irrational{:ℯ}, x::Integer) = exp(x)
^(::Irrational{:ℯ}, x::AbstractIrrational) = exp(Float64(x))
^(::Irrational{:ℯ}, x::Complex) = exp(x)
literal_pow(::typeof(^), ::Irrational{:ℯ}, ::Val{p}) where {p} = exp(p)
# These move to a nearby constant so that reductions of the argument use the exact value.
widen(::Type{T}) where {T<:Irrational} = T

module MathConstants
import ..Base: π, pi, ℯ, γ, eulergamma, φ, golden, catalan
const e = ℯ
export π, pi, ℯ, e, γ, eulergamma, φ, golden, catalan
end
