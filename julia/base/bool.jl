# Booleans: integers of one bit whose arithmetic widens to Int.

Bool(x::Bool) = x
function Bool(x::Real)
    x == 0 && return false
    x == 1 && return true
    throw_inexacterror(:Bool, Bool, x)
end
typemin(::Type{Bool}) = false
typemax(::Type{Bool}) = true
zero(::Type{Bool}) = false
one(::Type{Bool}) = true
zero(x::Bool) = false
one(x::Bool) = true

~(x::Bool) = not_int(x)
(&)(x::Bool, y::Bool) = and_int(x, y)
|(x::Bool, y::Bool) = or_int(x, y)
xor(x::Bool, y::Bool) = ne_int(x, y)
nand(x::Bool, y::Bool) = not_int(and_int(x, y))
nor(x::Bool, y::Bool) = not_int(or_int(x, y))
==(x::Bool, y::Bool) = eq_int(x, y)
<(x::Bool, y::Bool) = and_int(y, not_int(x))
<=(x::Bool, y::Bool) = or_int(y, not_int(x))
<(x::Bool, y::Integer) = Int(x) < y
<(x::Integer, y::Bool) = x < Int(y)
<=(x::Bool, y::Integer) = Int(x) <= y
<=(x::Integer, y::Bool) = x <= Int(y)
max(x::Bool, y::Bool) = x | y
min(x::Bool, y::Bool) = x & y

signbit(x::Bool) = false
sign(x::Bool) = x
abs(x::Bool) = x
abs2(x::Bool) = x
iszero(x::Bool) = !x
isone(x::Bool) = x
flipsign(x::Bool, y::Bool) = x
copysign(x::Bool, y::Bool) = x

+(x::Bool) = Int(x)
-(x::Bool) = -Int(x)
+(x::Bool, y::Bool) = Int(x) + Int(y)
-(x::Bool, y::Bool) = Int(x) - Int(y)
*(x::Bool, y::Bool) = x & y
^(x::Bool, y::Bool) = x | !y
^(x::Bool, p::Integer) = (x | iszero(p)) ? true : (p < 0 ? throw_diverror() : false)
# a Bool factor selects: zero keeps the sign, and NaN or Inf do not leak through `false`
*(x::Bool, y::T) where {T<:AbstractFloat} = ifelse(x, y, copysign(zero(y), y))
*(y::AbstractFloat, x::Bool) = x * y
# `false` adds nothing, not even to a zero's sign
+(x::Bool, y::AbstractFloat) = ifelse(x, oneunit(y) + y, y)
+(y::AbstractFloat, x::Bool) = x + y

div(x::Bool, y::Bool) = y ? x : throw_diverror()
fld(x::Bool, y::Bool) = div(x, y)
cld(x::Bool, y::Bool) = div(x, y)
rem(x::Bool, y::Bool) = y ? false : throw_diverror()
mod(x::Bool, y::Bool) = rem(x, y)
<<(x::Bool, y::BitInteger) = Int(x) << y
>>(x::Bool, y::BitInteger) = Int(x) >> y
>>>(x::Bool, y::BitInteger) = Int(x) >>> y
<<(x::Bool, y::Bool) = Int(x) << Int(y)
>>(x::Bool, y::Bool) = Int(x) >> Int(y)
>>>(x::Bool, y::Bool) = Int(x) >>> Int(y)
isodd(x::Bool) = x
iseven(x::Bool) = !x
widemul(x::Bool, y::Number) = x * y
widemul(x::Number, y::Bool) = x * y
widemul(x::Bool, y::Bool) = x & y
float(::Type{Bool}) = Float64
