# Common types of mixed arguments. A pair of types meets through `promote_rule`, defined in either
# order; where no rule exists, through the least common supertype.

promote_type() = Bottom
promote_type(T) = T
promote_type(T, S, U, V...) = promote_type(promote_type(T, S), U, V...)
promote_type(::Type{Bottom}, ::Type{Bottom}) = Bottom
promote_type(::Type{T}, ::Type{T}) where {T} = T
promote_type(::Type{T}, ::Type{Bottom}) where {T} = T
promote_type(::Type{Bottom}, ::Type{T}) where {T} = T
promote_type(::Type{T}, ::Type{S}) where {T,S} = promote_result(T, S, promote_rule(T, S), promote_rule(S, T))

promote_rule(::Type, ::Type) = Bottom
promote_rule(::Type{Bottom}, ::Type{Bottom}, slurp...) = Bottom
promote_rule(::Type{Bottom}, ::Type{T}, slurp...) where {T} = T
promote_rule(::Type{T}, ::Type{Bottom}, slurp...) where {T} = T

# What the two rules (given for (T, S) and for (S, T)) say together.
promote_result(::Type, ::Type, ::Type{A}, ::Type{B}) where {A,B} = promote_type(A, B)
promote_result(::Type{T}, ::Type{S}, ::Type{Bottom}, ::Type{Bottom}) where {T,S} = typejoin(T, S)

# `nothing` and `missing` join as unions, not as `Any`.
promote_rule(::Type{Nothing}, ::Type{T}) where {T} = Union{T,Nothing}
promote_rule(::Type{Missing}, ::Type{T}) where {T} = Union{T,Missing}
promote_rule(::Type{Missing}, ::Type{Any}) = Any
promote_rule(::Type{Nothing}, ::Type{Any}) = Any
promote_rule(::Type{Nothing}, ::Type{Missing}) = Union{Nothing,Missing}
promote_rule(::Type{Missing}, ::Type{Nothing}) = Union{Nothing,Missing}
function promote_rule(::Type{T}, ::Type{S}) where {T>:Nothing,S}
    R = nonnothingtype(T)
    return R === T ? Any : Union{promote_type(R, S),Nothing}
end
function promote_rule(::Type{T}, ::Type{S}) where {T>:Missing,S}
    R = nonmissingtype(T)
    return R === T ? Any : Union{promote_type(R, S),Missing}
end
function promote_rule(::Type{T}, ::Type{S}) where {T>:Union{Nothing,Missing},S}
    R = without_type(T, Union{Nothing,Missing})
    return R === T ? Any : Union{promote_type(R, S),Nothing,Missing}
end

@noinline throw_promotion_unchanged(xs...) =
    error("promotion of types ", join(map(typeof, xs), ", ", " and "), " failed to change any arguments")

promote() = ()
promote(x) = (x,)
@inline function promote(x, y)
    R = promote_type(typeof(x), typeof(y))
    a, b = convert(R, x), convert(R, y)
    unchanged(x, a) && unchanged(y, b) && throw_promotion_unchanged(x, y)
    return (a, b)
end
promote(x::T, y::T) where {T} = (x, y)
@inline function promote(x, y, z)
    R = promote_type(promote_type(typeof(x), typeof(y)), typeof(z))
    a, b, c = convert(R, x), convert(R, y), convert(R, z)
    unchanged(x, a) && unchanged(y, b) && unchanged(z, c) && throw_promotion_unchanged(x, y, z)
    return (a, b, c)
end
promote(x::T, y::T, z::T) where {T} = (x, y, z)
@inline function promote(x, y, zs...)
    R = promote_typeof(x, y, zs...)
    return map(v -> convert(R, v), (x, y, zs...))
end
promote(x::T, y::T, zs::T...) where {T} = (x, y, zs...)
unchanged(x, y) = typeof(x) === typeof(y)

promote_typeof(x) = typeof(x)
@inline promote_typeof(x, y) = promote_type(typeof(x), typeof(y))
promote_typeof(x, xs...) = promote_type(typeof(x), promote_typeof(xs...))
promote_eltype() = Bottom
promote_eltype(v, vs...) = promote_type(eltype(v), promote_eltype(vs...))
promote_eltype(v) = eltype(v)

# ---- arithmetic between different number types --------------------------------------------------
# The type's own methods are more specific than these; a type without them would recurse, hence the
# second group.

+(x::Number, y::Number) = +(promote(x, y)...)
-(x::Number, y::Number) = -(promote(x, y)...)
*(x::Number, y::Number) = *(promote(x, y)...)
/(x::Number, y::Number) = /(promote(x, y)...)
^(x::Number, y::Number) = ^(promote(x, y)...)
fma(x::Number, y::Number, z::Number) = fma(promote(x, y, z)...)
muladd(x::Number, y::Number, z::Number) = muladd(promote(x, y, z)...)
(&)(x::Integer) = x
|(x::Integer) = x
xor(x::Integer) = x
# Integers of different types meet by their low bits, so that a negative number meets an unsigned one.
for op in (:+, :-, :*, :&, :|, :xor)
    @eval @inline function $op(x::Integer, y::Integer)
        T = promote_typeof(x, y)
        a, b = x % T, y % T
        unchanged(x, a) && unchanged(y, b) && throw_promotion_unchanged(x, y)
        return $op(a, b)
    end
end
==(x::Number, y::Number) = ==(promote(x, y)...)
<(x::Real, y::Real) = <(promote(x, y)...)
<=(x::Real, y::Real) = <=(promote(x, y)...)
div(x::Real, y::Real) = div(promote(x, y)...)
rem(x::Real, y::Real) = rem(promote(x, y)...)
mod(x::Real, y::Real) = mod(promote(x, y)...)
fld(x::Real, y::Real) = fld(promote(x, y)...)
cld(x::Real, y::Real) = cld(promote(x, y)...)
div(x::Real, y::Real, r::RoundingMode) = div(promote(x, y)..., r)
rem(x::Real, y::Real, r::RoundingMode) = rem_promoted(promote(x, y)..., x, y, r)
mod1(x::Real, y::Real) = mod1(promote(x, y)...)
fld1(x::Real, y::Real) = fld1(promote(x, y)...)
max(x::Real, y::Real) = max(promote(x, y)...)
min(x::Real, y::Real) = min(promote(x, y)...)
minmax(x::Real, y::Real) = minmax(promote(x, y)...)
rem_promoted(a::T, b::T, x, y, r) where {T} = typeof(x) === T && typeof(y) === T ? throw(MethodError(rem, (x, y, r))) : rem(a, b, r)

@noinline throw_undefined_op(name, T) = error(name, " not defined for ", T)
+(x::T, y::T) where {T<:Number} = throw_undefined_op("+", T)
-(x::T, y::T) where {T<:Number} = throw_undefined_op("-", T)
*(x::T, y::T) where {T<:Number} = throw_undefined_op("*", T)
/(x::T, y::T) where {T<:Number} = throw_undefined_op("/", T)
^(x::T, y::T) where {T<:Number} = throw_undefined_op("^", T)
fma(x::T, y::T, z::T) where {T<:Number} = throw_undefined_op("fma", T)
muladd(x::T, y::T, z::T) where {T<:Number} = x * y + z
(&)(x::T, y::T) where {T<:Integer} = throw_undefined_op("&", T)
|(x::T, y::T) where {T<:Integer} = throw_undefined_op("|", T)
xor(x::T, y::T) where {T<:Integer} = throw_undefined_op("xor", T)
==(x::T, y::T) where {T<:Number} = x === y
<(x::T, y::T) where {T<:Real} = throw_undefined_op("<", T)
<=(x::T, y::T) where {T<:Real} = (x < y) | (x == y)
rem(x::T, y::T) where {T<:Real} = throw_undefined_op("rem", T)
mod(x::T, y::T) where {T<:Real} = throw_undefined_op("mod", T)
div(x::T, y::T) where {T<:Real} = throw_undefined_op("div", T)
max(x::T, y::T) where {T<:Real} = ifelse(y < x, x, y)
min(x::T, y::T) where {T<:Real} = ifelse(y < x, y, x)
minmax(x::Real) = (x, x)
minmax(x::T, y::T) where {T<:Real} = y < x ? (y, x) : (x, y)
