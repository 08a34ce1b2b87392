# Arithmetic of the hardware that Base has no name for.

@inline rsqrt(x::AbstractFloat) = inv(sqrt(x))
@inline saturate(x::AbstractFloat) = clamp(x, zero(x), one(x))
@inline pow(x, y) = x^y
@inline byte_perm(x::Union{Int32,UInt32}, y::Union{Int32,UInt32}, s) = permute_bytes(x % UInt32, y % UInt32, s % UInt32) % Int32
@inline function permute_bytes(x::UInt32, y::UInt32, s::UInt32)
    v = (UInt64(y) << 32) | UInt64(x)
    pick(k) = UInt32((v >> (8 * ((s >> (4k)) & 0x7))) & 0xff) << (8k)
    return pick(0) | pick(1) | pick(2) | pick(3)
end
# `acc` plus the sum of the products of the four bytes of two words, each word signed or not by its type.
@inline dp4a(a::Union{Int32,UInt32}, b::Union{Int32,UInt32}, acc::Union{Int32,UInt32}) =
    (acc % Int32 + byte_product(a, b, 0) + byte_product(a, b, 1) + byte_product(a, b, 2) + byte_product(a, b, 3)) % typeof(acc)
@inline byte_product(a, b, k) = lane_byte(a, k) * lane_byte(b, k)
@inline lane_byte(x::Int32, k) = Int32((x >> (8k)) % Int8)
@inline lane_byte(x::UInt32, k) = Int32((x >> (8k)) % UInt8)

# ---- directed rounding: `add_rz(x, y)` and so on --------------------------------------------------------

# Each operation is rounded to nearest, then moved by one step where what was cut off has the other sign.
@inline rounded_up(s, rest) = rest > zero(rest) ? nextfloat(s) : s
@inline rounded_down(s, rest) = rest < zero(rest) ? prevfloat(s) : s
@inline rounded_to_zero(s, rest) = s > zero(s) ? rounded_down(s, rest) : rounded_up(s, rest)
@inline function sum_and_rest(x, y)
    s = x + y
    v = s - x
    return s, (x - (s - v)) + (y - v)
end
@inline product_and_rest(x, y) = (p = x * y; (p, fma(x, y, -p)))
@inline quotient_and_rest(x, y) = (q = x / y; (q, copysign(one(y), y) * fma(-q, y, x)))
@inline root_and_rest(x) = (r = sqrt(x); (r, fma(-r, r, x)))
@inline function fused_and_rest(x, y, z)
    p, low = product_and_rest(x, y)
    t, carried = sum_and_rest(p, z)
    s = fma(x, y, z)
    return s, (t - s) + (carried + low)
end
for (mode, direct) in ((:rz, :rounded_to_zero), (:rp, :rounded_up), (:rm, :rounded_down), (:ru, :rounded_up), (:rd, :rounded_down))
    named(op) = Symbol(op, :_, mode)
    @eval begin
        @inline $(named(:add))(x::T, y::T) where {T<:Union{Float32,Float64}} = $direct(sum_and_rest(x, y)...)
        @inline $(named(:sub))(x::T, y::T) where {T<:Union{Float32,Float64}} = $(named(:add))(x, -y)
        @inline $(named(:mul))(x::T, y::T) where {T<:Union{Float32,Float64}} = $direct(product_and_rest(x, y)...)
        @inline $(named(:div))(x::T, y::T) where {T<:Union{Float32,Float64}} = $direct(quotient_and_rest(x, y)...)
        @inline $(named(:sqrt))(x::Union{Float32,Float64}) = $direct(root_and_rest(x)...)
        @inline $(named(:rcp))(x::Union{Float32,Float64}) = $(named(:div))(one(x), x)
        @inline $(named(:fma))(x::T, y::T, z::T) where {T<:Union{Float32,Float64}} = $direct(fused_and_rest(x, y, z)...)
    end
end
@inline add_rn(x::T, y::T) where {T<:Union{Float32,Float64}} = x + y
@inline sub_rn(x::T, y::T) where {T<:Union{Float32,Float64}} = x - y
@inline mul_rn(x::T, y::T) where {T<:Union{Float32,Float64}} = x * y
@inline div_rn(x::T, y::T) where {T<:Union{Float32,Float64}} = x / y
@inline rcp_rn(x::Union{Float32,Float64}) = inv(x)
@inline sqrt_rn(x::Union{Float32,Float64}) = sqrt(x)
@inline fma_rn(x::T, y::T, z::T) where {T<:Union{Float32,Float64}} = fma(x, y, z)
