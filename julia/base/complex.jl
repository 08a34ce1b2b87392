# Complex numbers.

struct Complex{T<:Real} <: Number
    re::T
    im::T
end
Complex(x::Real, y::Real) = Complex(promote(x, y)...)
Complex(x::Real) = Complex(x, zero(x))
Complex(z::Complex) = z
Complex{T}(x::Real) where {T<:Real} = Complex{T}(x, 0)
Complex{T}(z::Complex) where {T<:Real} = Complex{T}(real(z), imag(z))
Complex{T}(z::Complex{T}) where {T<:Real} = z
const im = Complex(false, true)
const ComplexF64 = Complex{Float64}
const ComplexF32 = Complex{Float32}
const ComplexF16 = Complex{Float16}
(::Type{T})(z::Complex) where {T<:Real} = isreal(z) ? T(real(z))::T : throw_inexacterror(nameof(T), T, z)
complex(z::Complex) = z
complex(x::Real) = Complex(x)
complex(x::Real, y::Real) = Complex(x, y)
complex(::Type{T}) where {T<:Real} = Complex{T}
complex(::Type{Complex{T}}) where {T<:Real} = Complex{T}
promote_rule(::Type{Complex{T}}, ::Type{S}) where {T<:Real,S<:Real} = Complex{promote_type(T, S)}
promote_rule(::Type{Complex{T}}, ::Type{Complex{S}}) where {T<:Real,S<:Real} = Complex{promote_type(T, S)}
widen(::Type{Complex{T}}) where {T} = Complex{widen(T)}
float(::Type{Complex{T}}) where {T<:AbstractFloat} = Complex{T}
float(::Type{Complex{T}}) where {T} = Complex{float(T)}
float(z::Complex) = Complex(float(real(z)), float(imag(z)))
zero(::Type{Complex{T}}) where {T} = Complex(zero(T), zero(T))
one(::Type{Complex{T}}) where {T} = Complex(one(T), zero(T))

real(z::Complex) = z.re
imag(z::Complex) = z.im
reim(z::Complex) = (z.re, z.im)
real(::Type{Complex{T}}) where {T<:Real} = T
isreal(z::Complex) = iszero(imag(z))
isinteger(z::Complex) = isreal(z) & isinteger(real(z))
isfinite(z::Complex) = isfinite(real(z)) & isfinite(imag(z))
isnan(z::Complex) = isnan(real(z)) | isnan(imag(z))
isinf(z::Complex) = isinf(real(z)) | isinf(imag(z))
iszero(z::Complex) = iszero(real(z)) & iszero(imag(z))
isone(z::Complex) = isone(real(z)) & iszero(imag(z))
conj(z::Complex) = Complex(real(z), -imag(z))
abs(z::Complex) = hypot(real(z), imag(z))
abs2(z::Complex) = real(z) * real(z) + imag(z) * imag(z)
angle(z::Complex) = atan(imag(z), real(z))
sign(z::Complex) = iszero(z) ? float_like(z) : z / abs(z)
float_like(z) = z / one(real(z))
flipsign(z::Complex, y::Real) = ifelse(signbit(y), -z, z)

==(z::Complex, w::Complex) = (real(z) == real(w)) & (imag(z) == imag(w))
==(z::Complex, x::Real) = isreal(z) && real(z) == x
==(x::Real, z::Complex) = z == x
isequal(z::Complex, w::Complex) = isequal(real(z), real(w))::Bool & isequal(imag(z), imag(w))::Bool
isequal(z::Complex, x::Real) = isequal(imag(z), zero(imag(z))) & isequal(real(z), x)
isequal(x::Real, z::Complex) = isequal(z, x)
in(z::Complex, r::AbstractRange{<:Real}) = isreal(z) && real(z) in r

+(z::Complex) = Complex(+real(z), +imag(z))
-(z::Complex) = Complex(-real(z), -imag(z))
+(z::Complex, w::Complex) = Complex(real(z) + real(w), imag(z) + imag(w))
-(z::Complex, w::Complex) = Complex(real(z) - real(w), imag(z) - imag(w))
*(z::Complex, w::Complex) = Complex(real(z) * real(w) - imag(z) * imag(w), real(z) * imag(w) + imag(z) * real(w))
muladd(z::Complex, w::Complex, x::Complex) =
    Complex(muladd(real(z), real(w), -muladd(imag(z), imag(w), -real(x))), muladd(real(z), imag(w), muladd(imag(z), real(w), imag(x))))
# A real operand touches only what it must: no zeros that would change signs or make NaN.
+(x::Real, z::Complex) = Complex(x + real(z), imag(z))
+(z::Complex, x::Real) = Complex(x + real(z), imag(z))
-(z::Complex, x::Real) = Complex(real(z) - x, imag(z))
function -(x::Real, z::Complex)
    re = x - real(z)
    return Complex(re, -oftype(re, imag(z)))
end
*(x::Real, z::Complex) = Complex(x * real(z), x * imag(z))
*(z::Complex, x::Real) = Complex(x * real(z), x * imag(z))
*(x::Bool, z::Complex) = ifelse(x, z, Complex(copysign(zero(real(z)), real(z)), copysign(zero(imag(z)), imag(z))))
*(z::Complex, x::Bool) = x * z
*(x::Bool, z::Complex{Bool}) = Complex(x & real(z), x & imag(z))
*(z::Complex{Bool}, x::Bool) = x * z
*(z::Complex{Bool}, x::Real) = Complex(real(z) * x, imag(z) * x)
*(x::Real, z::Complex{Bool}) = z * x
+(x::Bool, z::Complex) = Complex(x + real(z), imag(z))
+(z::Complex, x::Bool) = Complex(real(z) + x, imag(z))
+(x::Bool, z::Complex{Bool}) = Complex(x + real(z), Int(imag(z)))
+(z::Complex{Bool}, x::Bool) = x + z
-(x::Bool, z::Complex{Bool}) = Complex(x - real(z), -Int(imag(z)))
-(z::Complex{Bool}, x::Bool) = Complex(real(z) - x, Int(imag(z)))
+(z::Complex{Bool}, x::Real) = Complex(real(z) + x, imag(z))
+(x::Real, z::Complex{Bool}) = Complex(real(z) + x, imag(z))
-(x::Real, z::Complex{Bool}) = Complex(x - real(z), -(zero(x) * 1 + imag(z) * one(x)))
/(z::Complex, x::Real) = Complex(real(z) / x, imag(z) / x)
/(x::Real, z::Complex) = x * inv(z)
\(x::Real, z::Complex) = z / x

//(x::Number, y::Complex) = (x * conj(y)) // abs2(y)
//(x::Complex, y::Real) = Complex(real(x) // y, imag(x) // y)

# The quotient by the conjugate with scaling by a power of two, so that neither |w|² nor the products leave the range where they need not.
function /(a::Complex{T}, b::Complex{T}) where {T<:Real}
    re, im_ = reim(b)
    if isinf(re) | isinf(im_)
        if isfinite(a)
            return Complex(zero(T) * sign(real(a)) * sign(re), -zero(T) * sign(imag(a)) * sign(im_))
        end
        return Complex(T(NaN), T(NaN))
    end
    if abs(re) <= abs(im_)
        r = re / im_
        den = im_ + r * re
        return Complex((real(a) * r + imag(a)) / den, (imag(a) * r - real(a)) / den)
    else
        r = im_ / re
        den = re + r * im_
        return Complex((real(a) + imag(a) * r) / den, (imag(a) - real(a) * r) / den)
    end
end
/(a::Complex{T}, b::Complex{T}) where {T<:Union{Bool,BitInteger}} = float(a) / float(b)
/(a::Complex{T}, b::Complex{T}) where {T<:Rational} = a * inv(b)
# Narrow floats are divided in the next wider type: one rounding at the end.
/(a::Complex{T}, b::Complex{T}) where {T<:Union{Float16,Float32}} = Complex{T}(divided_wide(widen(a), widen(b)))
function divided_wide(a, b)
    (isinf(real(b)) | isinf(imag(b))) && return a / b
    d = abs2(b)
    return Complex((real(a) * real(b) + imag(a) * imag(b)) / d, (imag(a) * real(b) - real(a) * imag(b)) / d)
end
# Robust division in Float64: operands scaled into the middle of the range; Smith's quotient with the
# products ordered so that an underflowing ratio does not lose them.
function /(z::Complex{Float64}, w::Complex{Float64})
    a, b = reim(z)
    c, d = reim(w)
    ab, cd = max(abs(a), abs(b)), max(abs(c), abs(d))
    if isinf(c) | isinf(d)
        isfinite(z) && return Complex(0.0 * sign(a) * sign(c), -0.0 * sign(b) * sign(d))
        return Complex(NaN, NaN)
    end
    s = 1.0
    big, tiny = floatmax(Float64) / 2, floatmin(Float64) * 2.0 / eps(Float64)
    up = 2.0 / (eps(Float64) * eps(Float64))
    if ab >= big
        a, b, s = a * 0.5, b * 0.5, s * 2.0
    end
    if cd >= big
        c, d, s = c * 0.5, d * 0.5, s * 0.5
    end
    if ab <= tiny
        a, b, s = a * up, b * up, s / up
    end
    if cd <= tiny
        c, d, s = c * up, d * up, s * up
    end
    if abs(d) <= abs(c)
        p, q = smith_quotient(a, b, c, d)
    else
        p, q = smith_quotient(b, a, d, c)
        q = -q
    end
    return Complex(p * s, q * s)
end
@inline function smith_quotient(a, b, c, d)
    r = d / c
    t = 1.0 / (c + d * r)
    return smith_part(a, b, c, d, r, t), smith_part(b, -a, c, d, r, t)
end
@inline function smith_part(a, b, c, d, r, t)
    r == 0 && return (a + d * (b / c)) * t
    br = b * r
    return br != 0 ? (a + br) * t : a * t + (b * t) * r
end
function inv(z::Complex)
    c, d = reim(z)
    (isinf(c) | isinf(d)) && return Complex(copysign(zero(c), c), flipsign(-zero(d), d))
    return Complex(c / (c * c + d * d), -d / (c * c + d * d))
end
inv(z::Complex{<:Union{Bool,BitInteger}}) = inv(float(z))
function inv(z::Complex{T}) where {T<:Union{Float16,Float32}}
    w = widen(z)
    c, d = reim(w)
    (isinf(c) | isinf(d)) && return Complex(copysign(zero(T), c), flipsign(-zero(T), d))
    m = c * c + d * d
    return Complex{T}(c / m, -d / m)
end
function inv(z::Complex{Float64})
    c, d = reim(z)
    (isinf(c) | isinf(d)) && return Complex(copysign(0.0, c), flipsign(-0.0, d))
    m = max(abs(c), abs(d))
    s = 1.0
    if m >= floatmax(Float64) / 2
        c, d, s = c * 0.5, d * 0.5, 0.5
    elseif m <= floatmin(Float64) * 2.0 / eps(Float64)
        up = 2.0 / (eps(Float64) * eps(Float64))
        c, d, s = c * up, d * up, up
    end
    if abs(d) <= abs(c)
        r = d / c
        t = 1.0 / (c + d * r)
        return Complex(t * s, -r * t * s)
    end
    r = c / d
    t = -1.0 / (d + c * r)
    return Complex(-r * t * s, t * s)
end

# ---- functions ----------------------------------------------------------------------------------

function ssqs(x::T, y::T) where {T<:Real}
    k = 0
    s = x * x + y * y
    if !isfinite(s) && (isinf(x) || isinf(y))
        s = convert(T, Inf)
    elseif isinf(s) || iszero(s) || s < floatmin(T) / (2 * eps(T))
        m = max(abs(x), abs(y))
        k = iszero(m) ? 0 : exponent(m)
        xs, ys = ldexp(x, -k), ldexp(y, -k)
        s = xs * xs + ys * ys
    end
    return s, k
end
function sqrt(z::Complex{T}) where {T<:AbstractFloat}
    x, y = reim(z)
    x == y == 0 && return Complex(zero(x), y)
    s, k = ssqs(x, y)
    if isfinite(x)
        s = ldexp(abs(x), -k) + sqrt(s)
    end
    if isodd(k)
        k = div(k - 1, 2)
    else
        k = div(k, 2) - 1
        s += s
    end
    s = ldexp(sqrt(s), k)
    a, b = s, y
    if s != 0
        if isfinite(b)
            b = (b / s) / 2
        end
        if x < 0
            a = abs(b)
            b = copysign(s, y)
        end
    end
    return Complex(a, b)
end
sqrt(z::Complex) = sqrt(float(z))
cis(x::Real) = (s = sincos(x); Complex(s[2], s[1]))
function cis(z::Complex)
    v = exp(-imag(z))
    s, c = sincos(real(z))
    return Complex(v * c, v * s)
end
cispi(x::Real) = (s = sincospi(x); Complex(s[2], s[1]))
function exp(z::Complex)
    x, y = reim(z)
    if isnan(x)
        return Complex(x, iszero(y) ? y : x)
    elseif !isfinite(y)
        isinf(x) && return x > 0 ? Complex(-x, oftype(x, NaN)) : Complex(-zero(x), copysign(zero(x), y))
        return Complex(oftype(float(x), NaN), oftype(float(x), NaN))
    end
    e = exp(x)
    iszero(y) && return Complex(e, oftype(e, y))
    s, c = sincos(y)
    return Complex(e * c, e * s)
end
function log(z::Complex{T}) where {T<:AbstractFloat}
    x, y = reim(z)
    ax, ay = abs(x), abs(y)
    ax < ay && ((ax, ay) = (ay, ax))
    if ax > oftype(ax, 0.5) && ax < oftype(ax, 1.8) && ay < oftype(ay, 1.8)
        r = log1p((ax - 1) * (ax + 1) + ay * ay) / 2
    else
        r = log(hypot(x, y))
    end
    return Complex(r, angle(z))
end
log(z::Complex) = log(float(z))
log2(z::Complex) = (w = log(z); Complex(real(w) / log(oftype(real(w), 2)), imag(w) / log(oftype(real(w), 2))))
log10(z::Complex) = (w = log(z); Complex(real(w) / log(oftype(real(w), 10)), imag(w) / log(oftype(real(w), 10))))
function ^(z::Complex{T}, w::Complex{T}) where {T<:AbstractFloat}
    isreal(w) && isinteger(real(w)) && abs(real(w)) < 1024 && return z^Int(real(w))
    if iszero(z)
        real(w) > 0 && return zero(z)
        iszero(w) && return one(z)
        return Complex(T(NaN), T(NaN))
    end
    r, th = abs(z), angle(z)
    wr, wi = reim(w)
    l = r^wr * exp(-wi * th)
    s, c = sincos(wi * log(r) + wr * th)
    return Complex(l * c, l * s)
end
^(z::Complex{T}, w::Complex{T}) where {T<:Real} = isinteger(w) && T <: Integer ? z^Integer(real(w)) : float(z)^float(w)
^(z::Complex, n::Integer) = n >= 0 ? power_by_squaring(z, n) : power_by_squaring(inv(z), -n)
^(z::Complex{T}, x::S) where {T<:Real,S<:AbstractFloat} = complex_real_power(Complex{promote_type(float(T), S)}(z), convert(promote_type(float(T), S), x))
^(x::Real, z::Complex) = complex(float(x))^float(z)
function complex_real_power(z::Complex{T}, x::T) where {T}
    isinteger(x) && abs(x) < 1024 && return z^Int(x)
    iszero(z) && return x > 0 ? zero(z) : iszero(x) ? one(z) : Complex(T(NaN), T(NaN))
    r = abs(z)^x
    s, c = sincos(angle(z) * x)
    return Complex(r * c, r * s)
end
function sin(z::Complex)
    s, c = sincos(real(z))
    return Complex(s * cosh(imag(z)), c * sinh(imag(z)))
end
function cos(z::Complex)
    s, c = sincos(real(z))
    return Complex(c * cosh(imag(z)), -s * sinh(imag(z)))
end
tan(z::Complex) = (w = tanh(Complex(-imag(z), real(z))); Complex(imag(w), -real(w)))
function sinh(z::Complex)
    s, c = sincos(imag(z))
    return Complex(sinh(real(z)) * c, cosh(real(z)) * s)
end
function cosh(z::Complex)
    s, c = sincos(imag(z))
    return Complex(cosh(real(z)) * c, sinh(real(z)) * s)
end
function tanh(z::Complex)
    x, y = float(real(z)), float(imag(z))
    abs(x) > 20 && return Complex(copysign(one(x), x), copysign(4 * sin(y) * cos(y) * exp(-2 * abs(x)), sin(2 * y)))
    t, b, s = tan(y), one(y) + tan(y)^2, sinh(x)
    r = sqrt(one(x) + s * s)
    isinf(t) && return Complex(r / s, inv(t))
    d = one(x) + b * s * s
    return Complex(b * r * s / d, t / d)
end
sincos(z::Complex) = (sin(z), cos(z))
expm1(z::Complex) = (x = real(z); y = imag(z); e = expm1(x); s = sin(y / 2); Complex(e * cos(y) - 2 * s * s, exp(x) * sin(y)))
log1p(z::Complex) = log(one(z) + z)
asinh(z::Complex) = log(z + sqrt(z * z + 1))
acosh(z::Complex) = log(z + sqrt(z + 1) * sqrt(z - 1))
atanh(z::Complex) = (log(1 + z) - log(1 - z)) / 2
asin(z::Complex) = (w = asinh(Complex(-imag(z), real(z))); Complex(imag(w), -real(w)))
acos(z::Complex) = (w = asin(z); Complex(oftype(real(w), π) / 2 - real(w), -imag(w)))
atan(z::Complex) = (w = atanh(Complex(-imag(z), real(z))); Complex(imag(w), -real(w)))
exp2(z::Complex) = exp(z * log(oftype(float(real(z)), 2)))
exp10(z::Complex) = exp(z * log(oftype(float(real(z)), 10)))
round(z::Complex, rr::RoundingMode = RoundNearest, ri::RoundingMode = rr; kw...) = Complex(round(real(z), rr; kw...), round(imag(z), ri; kw...))
big(z::Complex) = Complex(big(real(z)), big(imag(z)))
