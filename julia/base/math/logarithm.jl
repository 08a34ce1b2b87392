# log, log2, log10 and log1p: x = 2^k·m with m between √½ and √2, and log m = 2·artanh(s) for s = (m - 1)/(m + 1).

# (2·artanh(s) - 2s)/s³ for z = s² ≤ 0.0296; s³ times its error is below 2^-66 (2^-30) of the logarithm
@inline log_tail(z::Float64) = @horner(z, 0.6666666666666666, 0.40000000000005004, 0.28571428569370666, 0.22222222614624512,
    0.18181777645929015, 0.15387023326221388, 0.13251305298989552, 0.13242950250195512)
@inline log_tail(z::Float32) = @horner(z, 6.6666776f-1, 3.99775f-1, 2.98745f-1)

# f/(2 + f) for f = fh + fl between √½ - 1 and √2 - 1, as a sum of two.
@inline function artanh_argument(fh::T, fl::T) where {T<:MathFloat}
    dh, dl = fast_sum2(T(2), fh)
    c = inv(dh)
    s = fh * c
    r = fma(-s, dh, fh)
    return s, muladd(-s, dl + fl, r + fl) * c
end
# log(1 + fh + fl) as h + l; the parts may overlap
@inline function log1p_reduced(fh::T, fl::T) where {T<:MathFloat}
    s, sl = artanh_argument(fh, fl)
    z = s * s
    return s + s, muladd(s * z, log_tail(z), sl + sl)
end

# k and m of a positive normal number.
@inline function log_split(x::Float64)
    u = bitcast(UInt64, x) + 0x00095f619980c433 # the bits of 1.0 less those of √½
    k = sub_int(bitcast(Int64, lshr_int(u, 52)), 1023)
    return sitofp(Float64, k), bitcast(Float64, (u & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd), k
end
@inline function log_split(x::Float32)
    u = bitcast(UInt32, x) + 0x004afb0d
    k = sub_int(bitcast(Int32, lshr_int(u, Int32(23))), Int32(127))
    return sitofp(Float32, k), bitcast(Float32, (u & 0x007fffff) + 0x3f3504f3), k
end

# One function for each text: what makes text at run time does not run on devices.
@noinline throw_log_domain(x) = throw(DomainError(x,
    "log was called with a negative real argument but will only return a complex result if called with a complex argument. Try log(Complex(x))."))
@noinline throw_log2_domain(x) = throw(DomainError(x,
    "log2 was called with a negative real argument but will only return a complex result if called with a complex argument. Try log2(Complex(x))."))
@noinline throw_log10_domain(x) = throw(DomainError(x,
    "log10 was called with a negative real argument but will only return a complex result if called with a complex argument. Try log10(Complex(x))."))
@noinline throw_log1p_domain(x) = throw(DomainError(x,
    "log1p was called with a real argument < -1 but will only return a complex result if called with a complex argument. Try log1p(Complex(x))."))

subnormal_shift(::Type{Float64}) = 54.0
subnormal_shift(::Type{Float32}) = 24.0f0
# The logarithm of numbers that are not positive, normal and finite, where it needs no computation.
@inline log_is_special(x) = !(zero(x) < x < typemax(x))
# NaN and Inf are their own logarithms.
@inline log_special(x::T) where {T} = x == 0 ? -typemax(T) : x
# (k, h, l) with log x = k·ln 2 + h + l for positive finite x.
@inline function log_parts(x::T) where {T<:MathFloat}
    tiny = x < floatmin(T)
    k, m, _ = log_split(ifelse(tiny, x * power_of_two(T, whole(subnormal_shift(T))), x))
    h, l = log1p_reduced(m - one(T), zero(T))
    return k - ifelse(tiny, subnormal_shift(T), zero(T)), h, l
end
# (k, h, l) with log(1 + ah + al) = k·ln 2 + h + l, where 1 + ah is positive and normal.
@inline function log1p_parts(ah::T, al::T) where {T<:MathFloat}
    u, ul = sum2(one(T), ah)
    k, m, e = log_split(u)
    # what u lost, in units of 2^k; for large k it does not count
    c = power_of_two(T, -ifelse(e > 120, oftype(e, 120), e))
    fh, fl = fast_sum2(m - one(T), (ul + al) * c)
    # where k is 0 the low part still holds digits of `ah`
    h, l = log1p_reduced(fh, fl)
    return k, h, l
end
@inline function log_assemble(k::T, h::T, l::T) where {T<:MathFloat}
    s, e = sum2(k * ln2_short(T)[1], h)
    return s + (e + muladd(k, ln2_short(T)[2], l))
end
@inline function log_assemble2(k::T, h::T, l::T) where {T<:MathFloat}
    s, e = sum2(k * ln2_short(T)[1], h)
    return fast_sum2(s, e + muladd(k, ln2_short(T)[2], l))
end

@inline function log(x::T) where {T<:MathFloat}
    log_is_special(x) && return x < 0 ? throw_log_domain(x) : log_special(x)
    k, h, l = log_parts(x)
    return log_assemble(k, h, l)
end
function log2(x::T) where {T<:MathFloat}
    log_is_special(x) && return x < 0 ? throw_log2_domain(x) : log_special(x)
    k, h, l = log_parts(x)
    c, cl = inv_ln2(T)
    p, e = product2(h, c)
    s, t = sum2(k, p)
    return s + (t + (e + muladd(h, cl, l * c)))
end
function log10(x::T) where {T<:MathFloat}
    log_is_special(x) && return x < 0 ? throw_log10_domain(x) : log_special(x)
    k, h, l = log_parts(x)
    c, cl = inv_ln10(T)
    p, e = product2(h, c)
    d, dl = log10_2_short(T)
    s, t = sum2(k * d, p)
    return s + (t + muladd(k, dl, e + muladd(h, cl, l * c)))
end
function log1p(x::T) where {T<:MathFloat}
    if !(-one(T) < x < typemax(T))
        x < -one(T) && throw_log1p_domain(x)
        return x == -one(T) ? -typemax(T) : x
    end
    abs(x) < eps(T) / 4 && return x
    k, h, l = log1p_parts(x, zero(T))
    return log_assemble(k, h, l)
end

log(b::T, x::T) where {T<:Number} = log(x) / log(b)
log(b::Number, x::Number) = log(promote(b, x)...)
