# Characters: the bytes of a UTF-8 sequence, left-aligned in 32 bits, so that malformed input survives.

AbstractChar(x::AbstractChar) = x
Char(c::Char) = c
Char(c::AbstractChar) = Char(UInt32(c))
@noinline throw_invalid_char(c::Char) = throw(InvalidCharError(c))
@noinline throw_code_point_err(u::UInt32) = throw(CodePointError(u))
struct InvalidCharError{T<:AbstractChar} <: Exception
    char::T
end
struct CodePointError{T<:Integer} <: Exception
    code::T
end

function Char(u::UInt32)
    u < 0x80 && return bitcast(Char, u << 24)
    u < 0x800 && return bitcast(Char, 0xc0800000 | (u << 18) & 0x1f000000 | (u << 16) & 0x003f0000)
    u < 0x10000 && return bitcast(Char, 0xe0808000 | (u << 12) & 0x0f000000 | (u << 10) & 0x003f0000 | (u << 8) & 0x00003f00)
    u < 0x200000 && return bitcast(Char, 0xf0808080 | (u << 6) & 0x07000000 | (u << 4) & 0x003f0000 | (u << 2) & 0x00003f00 | u & 0x0000003f)
    throw_code_point_err(u)
end
Char(x::Number) = Char(UInt32(x))
function UInt32(c::Char)
    u = bitcast(UInt32, c)
    u < 0x80000000 && return u >> 24
    l1 = leading_ones(u)
    t0 = trailing_zeros(u) & 56
    # a sequence of l1 bytes, continuation bytes 10xxxxxx, not overlong
    (l1 == 1) | (8 * l1 + t0 > 32) | ((((u & 0x00c0c0c0) ⊻ 0x00808080) >> t0) != 0) && throw_invalid_char(c)
    u &= 0xffffffff >> l1
    u >>= t0
    return ((u & 0x0000007f) >> 0) | ((u & 0x00007f00) >> 2) | ((u & 0x007f0000) >> 4) | ((u & 0x7f000000) >> 6)
end
codepoint(c::Char) = UInt32(c)
decode_unchecked(c::Char) = ismalformed(c) ? bitcast(UInt32, c) : UInt32(c)
(::Type{T})(c::Char) where {T<:BitInteger} = T(UInt32(c))
(::Type{T})(c::AbstractChar) where {T<:Number} = T(codepoint(c))
convert(::Type{T}, x::Number) where {T<:AbstractChar} = T(x)
convert(::Type{T}, x::AbstractChar) where {T<:Number} = T(x)
convert(::Type{T}, c::AbstractChar) where {T<:AbstractChar} = T(c)
convert(::Type{T}, c::T) where {T<:AbstractChar} = c
promote_rule(::Type{Char}, ::Type{<:AbstractChar}) = Char
rem(x::AbstractChar, ::Type{T}) where {T<:Number} = rem(codepoint(x), T)

function ismalformed(c::Char)
    u = bitcast(UInt32, c)
    l1 = leading_ones(u) << 3
    t0 = trailing_zeros(u) & 56
    return (l1 == 8) | (l1 + t0 > 32) | ((((u & 0x00c0c0c0) ⊻ 0x00808080) >> t0) != 0)
end
function isoverlong(c::Char)
    u = bitcast(UInt32, c)
    return (u >> 24 == 0xc0) | (u >> 24 == 0xc1) | (u >> 21 == 0x0704) & ((u & 0x00e00000) == 0x00800000) | (u >> 20 == 0x0f08)
end
isvalid(c::Char) = !ismalformed(c) & !isoverlong(c) && isvalid(Char, UInt32(c))
isvalid(::Type{Char}, u::Unsigned) = (u < 0xd800) | ((0xdfff < u) & (u < 0x110000))
isvalid(::Type{Char}, i::Integer) = 0 <= i && isvalid(Char, unsigned(i))
isvalid(::Type{Char}, c::Char) = isvalid(c)
ncodeunits(c::Char) = write_size(bitcast(UInt32, c))
write_size(u::UInt32) = u & 0x00ffffff == 0 ? 1 : u & 0x0000ffff == 0 ? 2 : u & 0x000000ff == 0 ? 3 : 4
codeunit(c::Char, i::Integer) = (bitcast(UInt32, c) >> (8 * (4 - i))) % UInt8
isascii(c::Char) = bitcast(UInt32, c) < 0x80000000
isascii(c::AbstractChar) = UInt32(c) < 0x80

typemin(::Type{Char}) = bitcast(Char, typemin(UInt32))
typemax(::Type{Char}) = bitcast(Char, typemax(UInt32))
==(x::Char, y::Char) = eq_int(bitcast(UInt32, x), bitcast(UInt32, y))
isless(x::Char, y::Char) = ult_int(bitcast(UInt32, x), bitcast(UInt32, y))
==(x::AbstractChar, y::AbstractChar) = Char(x) == Char(y)
isless(x::AbstractChar, y::AbstractChar) = isless(Char(x), Char(y))
-(x::AbstractChar, y::AbstractChar) = Int(x) - Int(y)
+(x::Char, y::Integer) = Char(Int(x) + Int(y))
-(x::Char, y::Integer) = Char(Int(x) - Int(y))
+(x::Integer, y::Char) = y + x
zero(::Type{Char}) = '\0'
size(c::AbstractChar) = ()
size(c::AbstractChar, d::Integer) = d < 1 ? throw_boundserror(c, d) : 1
ndims(c::AbstractChar) = 0
ndims(::Type{<:AbstractChar}) = 0
length(c::AbstractChar) = 1
firstindex(c::AbstractChar) = 1
lastindex(c::AbstractChar) = 1
getindex(c::AbstractChar) = c
getindex(c::AbstractChar, i::Integer) = i == 1 ? c : throw_boundserror(c, i)
first(c::AbstractChar) = c
last(c::AbstractChar) = c
eltype(::Type{T}) where {T<:AbstractChar} = T
iterate(c::AbstractChar) = (c, nothing)
iterate(c::AbstractChar, ::Any) = nothing
isempty(c::AbstractChar) = false
in(x::AbstractChar, y::AbstractChar) = x == y
axes(c::AbstractChar) = ()
