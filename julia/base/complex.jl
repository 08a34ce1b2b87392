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
-(x::Real, z::Complex{Bool}) = (re = x - real(z); Complex(re, -oftype(re, imag(z))))
/(z::Complex, x::Real) = Complex(real(z) / x, imag(z) / x)
/(x::R, z::C) where {R<:Real,C<:Complex} = x * inv(promote_type(R, C)(z))
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
# Powers. Real exponents and bases keep what they can from rounding, and the signs of zeros.
^(z::Complex{T}, w::Complex{T}) where {T<:Real} = complex_power(z, w)
^(z::Complex{T}, x::T) where {T<:Real} = complex_power(z, x)
^(x::T, z::Complex{T}) where {T<:Real} = complex_power(x, z)
^(z::Complex, n::Bool) = n ? z : one(z)
^(z::Complex, n::Integer) = z^Complex(n)
^(z::Complex{<:AbstractFloat}, n::Bool) = n ? z : one(z)
^(z::Complex{<:Integer}, n::Bool) = n ? z : one(z)
^(z::Complex{<:Rational}, n::Bool) = n ? z : one(z)
^(z::Complex{<:AbstractFloat}, n::Integer) = n >= 0 ? power_by_squaring(z, n) : power_by_squaring(inv(z), -n)
^(z::Complex{<:Rational}, n::Integer) = n >= 0 ? power_by_squaring(z, n) : power_by_squaring(inv(z), -n)
^(z::Complex{<:Integer}, n::Integer) = power_by_squaring(z, n)
^(z::Complex{T}, x::S) where {T<:Real,S<:Real} = (P = promote_type(T, S); Complex{P}(z)^P(x))
^(x::T, z::Complex{S}) where {T<:Real,S<:Real} = (P = promote_type(T, S); P(x)^Complex{P}(z))
^(z::Complex{T}, y::Rational) where {T<:Real} = z^convert(typeof(one(T)^y), y)
complex_power(z::Union{T,Complex{T}}, w::Union{T,Complex{T}}) where {T<:AbstractFloat} = complex_float_power(z, w)
complex_power(z, w) = complex_float_power(promote(float(z), float(w))...)
complex_nan(::Type{T}) where {T} = Complex(T(NaN), T(NaN))
function complex_float_power(z::Union{T,Complex{T}}, w::Union{T,Complex{T}}) where {T<:AbstractFloat}
    if isreal(w)
        x = real(w)
        isinteger(x) && abs(x) < typemax(Int32) && return whole_complex_power(z, x)
        isreal(z) && return real_base_power(z, w)
        return polar_power(abs(z)^x, x * angle(z))
    end
    x, y = reim(w)
    if isreal(z)
        iszero(z) && return x > 0 ? complex(z) : complex_nan(T)
        r = real(z)
        r > 0 && return polar_power(r^x, y * log(r))
        angle_of_z = copysign(T(π), imag(z))
        return polar_power((-r)^x * exp(-y * angle_of_z), x * angle_of_z + y * log(-r))
    end
    return polar_power(abs(z)^x * exp(-y * angle(z)), x * angle(z) + y * log(abs(z)))
end
polar_power(r::T, phase::T) where {T} = isfinite(phase) ? r * cis(phase) : iszero(r) ? zero(Complex{T}) : complex_nan(T)
function whole_complex_power(z, x::T) where {T}
    iszero(x) && return Complex(one(T), flipsign(copysign(zero(T), x), imag(z)))
    n = Int(x)
    if !isreal(z)
        return n < 0 ? power_by_squaring(inv(z), -n) : power_by_squaring(z, n)
    end
    r, i = reim(z)
    if n < 0
        iszero(z) && return complex_nan(T)
        re, i = power_by_squaring(inv(r), -n), -i
    else
        re = power_by_squaring(r, n)
    end
    return Complex(re, iseven(n) & signbit(r) ? -i : i)
end
function real_base_power(z, w)
    T = typeof(real(z))
    r, x = real(z), real(w)
    iszero(r) && return x > 0 ? complex(z) : complex_nan(T)
    r > 0 && return Complex(r^x, z isa Real ? ifelse(r < 1, -imag(w), imag(w)) : flipsign(imag(z), x))
    p = (-r)^x
    isfinite(x) || return iszero(p) ? zero(Complex{T}) : complex_nan(T)
    return p * complex(cospi(x), flipsign(sinpi(x), imag(z)))
end

function sin(z::Complex{T}) where {T}
    F = float(T)
    x, y = reim(z)
    x == 0 && return Complex(F(x), F(sinh(y)))
    isfinite(x) || return Complex(F(NaN), y == 0 || isinf(y) ? F(y) : F(NaN))
    s, c = sincos(x)
    return Complex(s * cosh(y), c * sinh(y))
end
function cos(z::Complex{T}) where {T}
    F = float(T)
    x, y = reim(z)
    x == 0 && return Complex(F(cosh(y)), isnan(y) ? F(x) : -flipsign(F(x), y))
    if !isfinite(x)
        y == 0 && return Complex(F(NaN), isnan(x) ? zero(F) : -flipsign(F(y), x))
        return Complex(isinf(y) ? F(Inf) : F(NaN), F(NaN))
    end
    s, c = sincos(x)
    return Complex(c * cosh(y), -s * sinh(y))
end
# The others are these with the axes exchanged.
turned(f, z) = (w = f(Complex(-imag(z), real(z))); Complex(imag(w), -real(w)))
tan(z::Complex) = turned(tanh, z)
sinh(z::Complex) = (w = sin(Complex(imag(z), real(z))); Complex(imag(w), real(w)))
cosh(z::Complex) = cos(Complex(imag(z), -real(z)))
function tanh(z::Complex{T}) where {T}
    F = float(T)
    x, y = F(real(z)), F(imag(z))
    isnan(x) && y == 0 && return Complex(x, y)
    4 * abs(x) > asinh(prevfloat(typemax(F))) &&
        return Complex(copysign(one(F), x), copysign(zero(F), y * (isfinite(y) ? sin(2 * abs(y)) : one(y))))
    t = tan(y)
    b = 1 + t * t
    s = sinh(x)
    r = sqrt(1 + s * s)
    return isinf(t) ? Complex(r / s, inv(t)) : Complex(b * r * s, t) / (1 + b * s * s)
end
sincos(z::Complex) = (sin(z), cos(z))
function expm1(z::Complex{T}) where {T}
    F = float(T)
    x, y = F(real(z)), F(imag(z))
    isnan(x) && return Complex(x, y == 0 ? y : x)
    if !isfinite(y)
        x == Inf && return Complex(-x, F(NaN))
        x == -Inf && return Complex(-one(F), copysign(zero(F), y))
        return Complex(F(NaN), F(NaN))
    end
    less = expm1(x)
    y == 0 && return Complex(less, y)
    e = less + one(F)
    if isfinite(e)
        h = sin(y / 2)
        return Complex(less - 2 * e * h * h, e * sin(y))
    end
    s, c = sincos(y)
    return Complex(e * c, e * s)
end
function log1p(z::Complex{T}) where {T}
    F = float(T)
    x, y = reim(z)
    if isfinite(x)
        isinf(y) && return log(z)
        # the quotient makes up for what adding one has rounded off; not where the logarithm's branch is near
        u = one(F) + z
        return u == 1 ? convert(typeof(u), z) : real(u) <= 0 ? log(u) : log(u) * z / (u - 1)
    end
    isnan(x) && return Complex(x, x)
    return Complex(F(Inf), isfinite(y) ? copysign(x > 0 ? zero(F) : F(π), y) : F(NaN))
end
function asin(z::Complex)
    z = float(z)
    x, y = reim(z)
    isinf(x) && isinf(y) && return Complex(copysign(oftype(x, π) / 4, x), y)
    isinf(x) && isnan(y) && return Complex(y, oftype(x, Inf))
    re = x == 0 ? x : isfinite(x) ? atan(x, real(sqrt(1 - z) * sqrt(1 + z))) : oftype(x, π) / 2 * sign(x)
    return Complex(re, asinh(copysign(imag(sqrt(conj(1 - z)) * sqrt(1 + z)), y)))
end
function acos(z::Complex)
    z = float(z)
    x, y = reim(z)
    quarter = oftype(x, π) / 2
    if isnan(x)
        return Complex(x, isinf(y) ? -y : x)
    elseif isnan(y)
        isinf(x) && return Complex(y, abs(x))
        return x == 0 ? Complex(quarter, y) : Complex(y, y)
    elseif x == 0 && y == 0
        return Complex(quarter, -y)
    elseif isinf(x) && y == 0 && (x > 0) != signbit(y)
        return Complex(x > 0 ? y : 2 * quarter, -x)
    end
    re = 2 * atan(real(sqrt(1 - z)), real(sqrt(1 + z)))
    im_ = asinh(imag(sqrt(conj(1 + z)) * sqrt(1 - z)))
    isinf(x) && isinf(y) && (re -= quarter / 2 * sign(x))
    return Complex(re, im_)
end
asinh(z::Complex) = turned(asin, z)
atan(z::Complex) = turned(atanh, z)
function acosh(z::Complex)
    z = float(z)
    x, y = reim(z)
    if isnan(x) || isnan(y)
        return Complex(isinf(x) || isinf(y) ? oftype(x, Inf) : oftype(x, NaN), oftype(y, NaN))
    elseif x == -Inf && y == 0 && signbit(y)
        return Complex(oftype(x, Inf), oftype(y, -π))
    end
    re = asinh(real(sqrt(conj(z - 1)) * sqrt(z + 1)))
    im_ = 2 * atan(imag(sqrt(z - 1)), real(sqrt(z + 1)))
    isinf(x) && isinf(y) && (im_ -= oftype(y, π) / 4 * sign(y) * sign(x))
    return Complex(re, im_)
end
function atanh(z::Complex{T}) where {T}
    F = float(T)
    z = float(z)
    x, y = reim(z)
    limit = sqrt(floatmax(F)) / 4
    quarter = F(π) / 2
    if abs(x) > limit || abs(y) > limit
        isnan(y) && return Complex(isinf(x) ? copysign(zero(x), x) : real(inv(z)), y)
        return Complex(isinf(y) ? copysign(zero(x), x) : real(inv(z)), copysign(quarter, y))
    end
    side = copysign(one(F), x)
    x, y = reim(z * side)
    ay = abs(y)
    if x == 1
        y == 0 && return side * Complex(F(Inf), y)
        return side * Complex(log(sqrt(sqrt(4 + y * y)) / sqrt(ay)), copysign(quarter + atan(ay / 2), y) / 2)
    end
    yy = ay * ay
    re = x == 0 ? x : log1p(4 * x / (abs2(1 - x) + yy)) / 4
    return side * Complex(re, angle(Complex((1 - x) * (1 + x) - yy, 2 * y)) / 2)
end
exp2(z::Complex) = scaled_exp(exp2, 2, float(z))
exp10(z::Complex) = scaled_exp(exp10, 10, float(z))
function scaled_exp(f, base, z)
    r = f(real(z))
    s, c = sincos(imag(z) * log(oftype(real(z), base)))
    return Complex(r * c, r * s)
end
round(z::Complex, rr::RoundingMode = RoundNearest, ri::RoundingMode = rr; kw...) = Complex(round(real(z), rr; kw...), round(imag(z), ri; kw...))
big(z::Complex) = Complex(big(real(z)), big(imag(z)))
