# What holds for all numbers.

convert(::Type{T}, x::T) where {T<:Number} = x
convert(::Type{T}, x::Number) where {T<:Number} = T(x)::T
(::Type{T})(x::T) where {T<:Number} = x
Number(x::Number) = x
Real(x::Real) = x
Integer(x::Integer) = x
Signed(x::Signed) = x
Unsigned(x::Unsigned) = x
AbstractFloat(x::AbstractFloat) = x
Signed(x::Union{Float16,Float32,Float64,Bool}) = Int(x)
Unsigned(x::Union{Float16,Float32,Float64,Bool}) = UInt(x)
Signed(x::BitInteger) = signed_of(x)
Unsigned(x::BitInteger) = unsigned_of(x)

# A number is a container of one element, itself.
isinteger(x::Integer) = true
iszero(x) = x == zero(x)
isone(x) = x == one(x)
isfinite(x::Number) = isfinite(real(x)) & isfinite(imag(x))
isfinite(x::Real) = isfinite(float(x))
isfinite(x::Integer) = true
isinf(x::Number) = !isnan(x) & !isfinite(x)
isinf(x::Integer) = false
isnan(x::Number) = isnan(real(x)) | isnan(imag(x))
isnan(x::Real) = false
size(x::Number) = ()
size(x::Number, d::Integer) = d < 1 ? throw_boundserror(x, d) : 1
axes(x::Number) = ()
axes(x::Number, d::Integer) = d < 1 ? throw_boundserror(x, d) : OneTo(1)
eltype(::Type{T}) where {T<:Number} = T
ndims(x::Number) = 0
ndims(::Type{<:Number}) = 0
length(x::Number) = 1
firstindex(x::Number) = 1
firstindex(x::Number, d::Int) = 1
lastindex(x::Number) = 1
lastindex(x::Number, d::Int) = 1
keys(::Number) = OneTo(1)
getindex(x::Number) = x
@inline function getindex(x::Number, i::Integer)
    @boundscheck i == 1 || throw_boundserror(x, i)
    return x
end
@inline function getindex(x::Number, I::Integer...)
    @boundscheck all(i -> i == 1, I) || throw_boundserror(x, I)
    return x
end
first(x::Number) = x
last(x::Number) = x
copy(x::Number) = x
isempty(x::Number) = false
in(x::Number, y::Number) = x == y
iterate(x::Number) = (x, nothing)
iterate(x::Number, ::Any) = nothing
map(f, x::Number, ys::Number...) = f(x, ys...)
collect(x::Number) = fill(x)

zero(x::Number) = oftype(x, 0)
zero(::Type{T}) where {T<:Number} = convert(T, 0)
one(x::T) where {T<:Number} = one(T)
one(::Type{T}) where {T<:Number} = convert(T, 1)
oneunit(x::T) where {T} = T(one(x))
oneunit(::Type{T}) where {T} = T(one(T))
zero(::Type{Union{}}, slurp...) = Union{}(0)
one(::Type{Union{}}, slurp...) = Union{}(1)

+(x::Number) = x
-(x::Number) = zero(x) - x
*(x::Number) = x
\(x::Number, y::Number) = y / x
inv(x::Number) = one(x) / x
abs2(x::Number) = abs(x)^2
abs(x::Real) = ifelse(signbit(x), -x, x)
abs2(x::Real) = x * x
sign(x::Number) = iszero(x) ? x / abs(oneunit(x)) : x / abs(x)
sign(x::Real) = ifelse(x < zero(x), oftype(one(x), -1), ifelse(x > zero(x), one(x), typeof(one(x))(x)))
sign(x::Unsigned) = ifelse(x > zero(x), one(x), oftype(one(x), 0))
signbit(x::Real) = x < 0
copysign(x::Real, y::Real) = ifelse(signbit(x) != signbit(y), -x, +x)
flipsign(x::Real, y::Real) = ifelse(signbit(y), -x, +x)
conj(x::Real) = x
real(x::Real) = x
imag(x::Real) = zero(x)
reim(z) = (real(z), imag(z))
isreal(x::Real) = true
real(::Type{T}) where {T<:Real} = T
real(::Type{T}) where {T<:Number} = typeof(real(zero(T)))
angle(x::Real) = oftype(float(x), signbit(x) ? π : 0)
transpose(x::Number) = x

isless(x::Real, y::Real) = x < y
cmp(lt, x, y) = lt(x, y) ? -1 : ifelse(lt(y, x), 1, 0)
cmp(x::Real, y::Real) = isless(x, y) ? -1 : ifelse(isless(y, x), 1, 0)
isequal(x::Number, y::Number) = x == y
clamp(x::X, lo::L, hi::H) where {X,L,H} =
    ifelse(x > hi, convert(promote_type(X, L, H), hi), ifelse(x < lo, convert(promote_type(X, L, H), lo), convert(promote_type(X, L, H), x)))
clamp(x, ::Type{T}) where {T<:Integer} = clamp(x, typemin(T), typemax(T)) % T

muladd(x, y, z) = x * y + z
float(x) = AbstractFloat(x)
float(::Type{T}) where {T<:AbstractFloat} = T
float(::Type{T}) where {T<:Number} = typeof(float(zero(T)))
widen(x::T) where {T} = convert(widen(T), x)
widen(x::Type{T}) where {T} = throw(MethodError(widen, (T,)))
widemul(x::Number, y::Number) = widen(x) * widen(y)

# Division families of any real type, from `rem`, `mod` and `div`.
divrem(x, y) = divrem(x, y, RoundToZero)
divrem(x, y, r::RoundingMode) = (div(x, y, r), rem(x, y, r))
fldmod(x, y) = (fld(x, y), mod(x, y))
div(x::Real, y::Real, ::RoundingMode{:ToZero}) = div(x, y)
div(x::Real, y::Real, ::RoundingMode{:Down}) = fld(x, y)
div(x::Real, y::Real, ::RoundingMode{:Up}) = cld(x, y)
rem(x::Real, y::Real, ::RoundingMode{:ToZero}) = rem(x, y)
rem(x::Real, y::Real, ::RoundingMode{:Down}) = mod(x, y)
rem(x::Real, y::Real, ::RoundingMode{:Up}) = mod(x, -y)
rem(x::Real, y::Real, ::RoundingMode{:FromZero}) = signbit(x) == signbit(y) ? rem(x, y, RoundUp) : rem(x, y, RoundDown)
const ÷ = div
const % = rem
function mod1(x::T, y::T) where {T<:Real}
    m = mod(x, y)
    return ifelse(m == 0, y, m)
end
function fld1(x::T, y::T) where {T<:Real}
    m = mod1(x, y)
    return fld((x - m) + y, y)
end
# without the sum, which may not fit
fld1(x::T, y::T) where {T<:Integer} = cld(x, y)
fldmod1(x, y) = (fld1(x, y), mod1(x, y))
evalpoly(x, p::Tuple) = horner(x, p)
evalpoly(x, p::Tuple{}) = throw_boundserror(p, 0)
@inline horner(x, p::Tuple{Any}) = p[1]
@inline horner(x, p::Tuple) = muladd(x, horner(x, tail(p)), p[1])
function evalpoly(x, p::AbstractArray{<:Any,1})
    n = length(p)
    acc = p[n]
    i = n - 1
    while i >= 1
        acc = muladd(x, acc, p[i])
        i -= 1
    end
    return acc
end
macro evalpoly(z, p...)
    return :(evalpoly($(esc(z)), ($(map(esc, p)...),)))
end

# ---- powers by repeated squaring ----------------------------------------------------------------

@noinline throw_negative_power(::Any, p) = throw(DomainError(p, string("Cannot raise an integer x to a negative power ", p, ".")))
@noinline throw_negative_power(::Integer, p) = throw(DomainError(p, string("Cannot raise an integer x to a negative power ", p,
    ".\nMake x or ", p, " a float by adding a zero decimal (e.g., 2.0^", p, " or 2^", float(p), " instead of 2^", p,
    ")or write 1/x^", -p, ", float(x)^", p, ", x^float(", p, ") or (x//1)^", p, ".")))
to_power_type(x) = convert(power_type(typeof(x)), x)
power_type(::Type{T}) where {T} = T
power_type(::Type{T}) where {T<:Number} = promote_mul_type(T)
promote_mul_type(::Type{T}) where {T} = typeof(zero(T) * zero(T))
promote_mul_type(::Type{T}) where {T<:Union{BitReal}} = T
function power_by_squaring(x0, p::Integer)
    x = to_power_type(x0)
    if p == 1
        return copy(x)
    elseif p == 0
        return one(x)
    elseif p == 2
        return x * x
    elseif p < 0
        isone(x) && return copy(x)
        isone(-x) && return iseven(p) ? one(x) : copy(x)
        throw_negative_power(x, p)
    end
    t = trailing_zeros(p) + 1
    p >>= t
    while (t -= 1) > 0
        x *= x
    end
    y = x
    while p > 0
        t = trailing_zeros(p) + 1
        p >>= t
        while (t -= 1) >= 0
            x *= x
        end
        y *= x
    end
    return y
end
power_by_squaring(x::Bool, p::Integer) = ((p == 0) | x)

^(x::Number, p::Integer) = power_by_squaring(x, p)
^(x::AbstractFloat, p::Integer) = p >= 0 ? power_by_squaring(x, p) : inv(power_by_squaring(x, -p))
^(x::T, p::T) where {T<:Integer} = power_by_squaring(x, p)
^(x::Integer, y::Integer) = power_by_squaring(x, y)

const PlainReal = Union{Int8,Int16,Int32,Int64,Int128,UInt8,UInt16,UInt32,UInt64,UInt128,Float32,Float64}
@inline literal_pow(::typeof(^), x::PlainReal, ::Val{0}) = one(x)
@inline literal_pow(::typeof(^), x::PlainReal, ::Val{1}) = x
@inline literal_pow(::typeof(^), x::PlainReal, ::Val{2}) = x * x
@inline literal_pow(::typeof(^), x::PlainReal, ::Val{3}) = x * x * x
@inline literal_pow(::typeof(^), x::PlainReal, ::Val{-1}) = inv(x)
@inline literal_pow(::typeof(^), x::PlainReal, ::Val{-2}) = (i = inv(x); i * i)
@inline literal_pow(f::typeof(^), x, ::Val{p}) where {p} = p isa Integer && p < 0 ? negative_literal_pow(f, x, Val(p)) : f(x, p)
@inline negative_literal_pow(f, x, ::Val{p}) where {p} = f(inv(x), -p)
@inline negative_literal_pow(f, x::BitInteger64, ::Val{p}) where {p} = f(Float64(x), p)
