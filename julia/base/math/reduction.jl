# Arguments of the circular functions less the nearest multiple of π/2.

# Three (three) parts of π/2; their products with the quadrant are exact as sums of two.
pio2_parts(::Type{Float64}) = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)
pio2_parts(::Type{Float32}) = (1.5707964f0, -4.371139f-8, -1.7151245f-15)
two_over_pi(::Type{Float64}) = 0.6366197723675814
two_over_pi(::Type{Float32}) = 6.3661975f-1
# Up to here three parts leave enough digits where x is as near to a multiple as floats come.
reduction_limit(::Type{Float64}) = 0x1p27
reduction_limit(::Type{Float32}) = 0x1p11

# The bits of 2/π behind 64 zeros.
const two_over_pi_words = (0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
    0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
    0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d)

@inline function high_product(a::UInt64, b::UInt64)
    al, ah = a & 0xffffffff, a >>> 32
    bl, bh = b & 0xffffffff, b >>> 32
    m = ah * bl + ((al * bl) >>> 32)
    n = al * bh + (m & 0xffffffff)
    return ah * bh + (m >>> 32) + (n >>> 32)
end
@inline two_over_pi_word(i::Int) = getfield(two_over_pi_words, i, false)
# `a` and what follows it, moved up by s < 64 bits.
@inline moved_up(a::UInt64, b::UInt64, s::Int) = (a << s) | ((b >>> 1) >>> (63 - s))
# m·2^e·(2/π) for whole m < 2^53 and e > -60: the quadrant, the sign of the distance from it, and the distance
# as (a + b/2^64)·2^-(64 + shift) with the leading bit of a set. Digits worth a multiple of 4 are left out.
@noinline function reduce_large(m::UInt64, e::Int)
    at = e + 62
    i = (at >>> 6) + 1
    s = at & 63
    b2, b1, b0, b_ = two_over_pi_word(i), two_over_pi_word(i + 1), two_over_pi_word(i + 2), two_over_pi_word(i + 3)
    w2, w1, w0 = moved_up(b2, b1, s), moved_up(b1, b0, s), moved_up(b0, b_, s)
    p0 = m * w0
    c = high_product(m, w0)
    p1 = m * w1 + c
    d = high_product(m, w1) + (p1 < c ? 0x0000000000000001 : 0x0000000000000000)
    p2 = m * w2 + d
    q = (p2 >>> 62) % Int
    f2 = (p2 << 2) | (p1 >>> 62)
    f1 = (p1 << 2) | (p0 >>> 62)
    f0 = p0 << 2
    negative = (f2 >>> 63) != 0
    if negative # more than half: the distance from the next quadrant
        q += 1
        f2, f1, f0 = ~f2, ~f1, ~f0
    end
    shift = 0
    if f2 == 0
        f2, f1, f0 = f1, f0, zero(f0)
        shift = 64
    end
    z = leading_zeros(f2)
    return q & 3, negative, moved_up(f2, f1, z), moved_up(f1, f0, z), shift + z
end

@inline top_bits(::Type{Float64}, a::UInt64, b::UInt64) = (uitofp(Float64, a >>> 11), uitofp(Float64, ((a << 53) | (b >>> 11)) >>> 11))
@inline top_bits(::Type{Float32}, a::UInt64, b::UInt64) = (uitofp(Float32, a >>> 40), uitofp(Float32, (a << 24) >>> 40))

# The quadrant (0 to 3), and r + rl with x = r + rl + a multiple of π/2, |r| ≤ π/4 and a little; x is finite.
@inline function reduce_argument(x::T) where {T<:MathFloat}
    abs(x) < T(reduction_limit(T)) || return reduce_huge(x)
    n = rint_llvm(x * two_over_pi(T))
    c1, c2, c3 = pio2_parts(T)
    p, pl = product2(n, c1)
    q, ql = product2(n, c2)
    a, al = sum2(x - p, -pl)
    b, bl = sum2(a, -q)
    r, rl = fast_sum2(b, (al + bl) - muladd(n, c3, ql))
    return (whole(n) % Int) & 3, r, rl
end
@noinline function reduce_huge(x::T) where {T<:MathFloat}
    m = (float_bits(x) & significand_mask(T)) | (significand_mask(T) + one(uinttype(T)))
    q, negative, a, b, z = reduce_large(m % UInt64, raw_exponent(x) - exponent_bias(T) - significand_bits(T))
    ah, al = top_bits(T, a, b)
    h = ah * power_of_two(T, whole(T(-precision_bits(T) - z)))
    l = al * power_of_two(T, whole(T(-2 * precision_bits(T) - z)))
    s = ifelse(negative ⊻ signbit(x), -one(T), one(T))
    c, cl = right_angle(T)
    r, rl = product22(s * h, s * l, c, cl)
    return ifelse(signbit(x), (4 - q) & 3, q), r, rl
end

# ---- remainders by 2π ---------------------------------------------------------------------------

# From -π/4…π/4 and the quadrant to the wanted period: the remainder is r + m·π/2.
@inline function add_right_angles(m::T, r::T, rl::T) where {T<:MathFloat}
    c1, c2, _ = pio2_parts(T)
    p, e = product2(m, c1)
    s, t = sum2(p, r)
    return s + (t + (e + muladd(m, c2, rl)))
end
@inline below(r, rl) = (r < 0) | ((r == 0) & (rl < 0))
function rem2pi(x::T, ::RoundingMode{:Nearest}) where {T<:MathFloat}
    isfinite(x) || return T(NaN)
    abs(x) < T(3.1415925) && return x
    q, r, rl = reduce_argument(x)
    m = q == 3 ? -1 : q == 2 ? (below(r, rl) ? 2 : -2) : q
    return add_right_angles(T(m), r, rl)
end
function rem2pi(x::T, ::RoundingMode{:Down}) where {T<:MathFloat}
    isfinite(x) || return T(NaN)
    (x >= 0 && x < T(6.2831845)) && return x
    q, r, rl = reduce_argument(x)
    return add_right_angles(T((q == 0 && below(r, rl)) ? 4 : q), r, rl)
end
function rem2pi(x::T, ::RoundingMode{:Up}) where {T<:MathFloat}
    isfinite(x) || return T(NaN)
    (x <= 0 && x > T(-6.2831845)) && return x
    q, r, rl = reduce_argument(x)
    return add_right_angles(T(q == 0 ? (below(r, rl) ? 0 : -4) : q - 4), r, rl)
end
rem2pi(x::MathFloat, ::RoundingMode{:ToZero}) = signbit(x) ? rem2pi(x, RoundUp) : rem2pi(x, RoundDown)
rem2pi(x::Float16, r::RoundingMode) = Float16(rem2pi(Float32(x), r))
rem2pi(x::Int32, r::RoundingMode) = rem2pi(Float64(x), r)
function rem2pi(x::Integer, r::RoundingMode)
    fx = Float64(x)
    fx == x || throw(ArgumentError(string("Int64 argument to rem2pi is too large: ", x)))
    return rem2pi(fx, r)
end
rem2pi(x::Real, r::RoundingMode) = rem2pi(float(x), r)
mod2pi(x::Real) = rem2pi(x, RoundDown)
