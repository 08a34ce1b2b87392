# Ratios of integers in lowest terms with a non-negative denominator; n//0 are the infinities.

struct Rational{T<:Integer} <: Real
    num::T
    den::T
    # Fields as given: callers have reduced them.
    Rational{T}(::Val{:reduced}, num, den) where {T<:Integer} = new{T}(num, den)
    Rational{T}(num::Integer, den::Integer) where {T<:Integer} = reduced_rational(T, promote(num, den)...)
end
unsafe_rational(::Type{T}, num, den) where {T} = Rational{T}(Val(:reduced), num, den)
@noinline throw_zero_over_zero(T) = throw(ArgumentError(string("invalid rational: zero(", T, ")//zero(", T, ")")))
# The parts are reduced before they become `T`: what fits only then is fine.
function reduced_rational(::Type{T}, num::S, den::S) where {T,S}
    num == 0 && den == 0 && throw_zero_over_zero(T)
    if T <: Unsigned || T === Bool
        num != 0 && signbit(num) != signbit(den) && throw(InexactError(:Rational, Rational{T}, num, den))
        num, den = unsigned_abs_any(num), unsigned_abs_any(den)
    end
    g = gcd(num, den)
    n, d = T(div(num, g)), T(div(den, g))
    signbit(d) || return unsafe_rational(T, n, d)
    signbit(-d) && throw(ArgumentError(string("invalid rational: denominator can't be typemin(", T, ")")))
    return unsafe_rational(T, checked_neg(n), -d)
end
Rational(n::T, d::T) where {T<:Integer} = reduced_rational(T, n, d)
Rational(n::Integer, d::Integer) = Rational(promote(n, d)...)
Rational(n::Integer) = unsafe_rational(typeof(n), n, one(n))
Rational(x::Rational) = x
Rational{T}(x::Integer) where {T<:Integer} = unsafe_rational(T, convert(T, x), one(T))
Rational{T}(x::Rational) where {T<:Integer} = unsafe_rational(T, convert(T, x.num), convert(T, x.den))
Rational{T}(x::Rational{T}) where {T<:Integer} = x
Rational{T}(x::AbstractFloat) where {T<:Integer} = (r = rationalize(T, x, tol = 0); x == convert(typeof(x), r) || throw_inexacterror(:Rational, Rational{T}, x); r)
function Rational{BigInt}(x::IEEEFloat)
    isfinite(x) || return isnan(x) ? throw_inexacterror(:Rational, Rational{BigInt}, x) : unsafe_rational(BigInt, sign(x), 0)
    iszero(x) && return unsafe_rational(BigInt, big(0), big(1))
    q = exact_ratio(x)
    return q.num // q.den
end
Rational(x::AbstractFloat) = Rational{Int}(x)
unsafe_rational(n::T, d::T) where {T<:Integer} = unsafe_rational(T, n, d)

//(n::Integer, d::Integer) = Rational(n, d)
//(n::Bool, d::Bool) = Rational(Int(n), Int(d))
//(n::Bool, d::Integer) = Int(n) // d
//(n::Integer, d::Bool) = n // Int(d)
//(x::Rational, y::Integer) = divided_ratio(x, unsafe_rational(typeof(y), y, one(y)))
//(x::Integer, y::Rational) = divided_ratio(unsafe_rational(typeof(x), x, one(x)), y)
//(x::Rational, y::Rational) = divided_ratio(x, y)
function divided_ratio(x, y)
    a, b = promote(x, y)
    n1, n2 = without_common(a.num, b.num)
    d1, d2 = without_common(a.den, b.den)
    return checked_mul(n1, d2) // checked_mul(n2, d1)
end
function without_common(a, b)
    g = gcd(a, b)
    return (div(a, g), div(b, g))
end

//(x::AbstractArray, y::Number) = x .// y
numerator(x::Integer) = x
denominator(x::Integer) = one(x)
numerator(x::Rational) = x.num
denominator(x::Rational) = x.den
zero(::Type{Rational{T}}) where {T} = unsafe_rational(T, zero(T), one(T))
one(::Type{Rational{T}}) where {T} = unsafe_rational(T, one(T), one(T))
typemin(::Type{Rational{T}}) where {T<:Signed} = unsafe_rational(T, -one(T), zero(T))
typemin(::Type{Rational{T}}) where {T<:Unsigned} = unsafe_rational(T, zero(T), one(T))
typemax(::Type{Rational{T}}) where {T<:Integer} = unsafe_rational(T, one(T), zero(T))
widen(::Type{Rational{T}}) where {T} = Rational{widen(T)}

promote_rule(::Type{Rational{T}}, ::Type{S}) where {T<:Integer,S<:Integer} = Rational{promote_type(T, S)}
promote_rule(::Type{Rational{T}}, ::Type{Rational{S}}) where {T<:Integer,S<:Integer} = Rational{promote_type(T, S)}
promote_rule(::Type{Rational{T}}, ::Type{S}) where {T<:Integer,S<:AbstractFloat} = promote_type(T, S)

(::Type{T})(x::Rational) where {T<:Integer} = x.den == 1 ? convert(T, x.num)::T : throw_inexacterror(nameof(T), T, x)
Bool(x::Rational) = x == 0 ? false : x == 1 ? true : throw_inexacterror(:Bool, Bool, x)
AbstractFloat(x::Rational) = float(x.num) / float(x.den)
function (::Type{T})(x::Rational{S}) where {T<:AbstractFloat,S<:Integer}
    P = promote_type(T, S)
    return convert(T, convert(P, x.num) / convert(P, x.den))::T
end
float(::Type{Rational{T}}) where {T<:Integer} = float(T)

# Simplest fraction within `tol`: the convergents of the continued fraction by Euclid's algorithm on `x` and one, whose
# remainders floats hold exactly, and at the end the first fraction between the last two that is near enough.
# A convergent p/q with remainder r is off by r/q, so it will do once r <= tol * q.
function rationalize(::Type{T}, x::AbstractFloat; tol::Real = eps(x)) where {T<:Integer}
    tol < 0 && throw(ArgumentError(string("negative tolerance ", tol)))
    T <: Unsigned && x < 0 && throw(OverflowError("cannot negate unsigned number"))
    isnan(x) && return Rational{T}(T(x))
    isinf(x) && return unsafe_rational(T, x < 0 ? -one(T) : one(T), zero(T))
    p, q, last_p, last_q = x < 0 ? -one(T) : one(T), zero(T), zero(T), one(T)
    u, v = abs(x), one(x)
    k = trunc(u)
    r = u - k
    slack, last_slack, next_slack = zero(x), oftype(x, tol), oftype(x, tol)
    while r > next_slack
        ok, p2, q2 = next_convergent(T, k, p, q, last_p, last_q)
        ok || return p // q
        p, q, last_p, last_q = p2, q2, p, q
        u, v = v, r
        k, r = divrem(u, v)
        slack, last_slack = next_slack, slack
        next_slack = k * slack + last_slack
    end
    ok, p2, q2 = next_convergent(T, cld(u - last_slack, v + slack), p, q, last_p, last_q)
    return ok ? p2 // q2 : p // q
end
function next_convergent(::Type{T}, k, p, q, last_p, last_q) where {T}
    hastypemax(T) && abs(k) >= oftype(k, typemax(T)) && return false, p, q
    m = convert(T, k)
    p2, o1 = mul_add_overflow(m, p, last_p)
    q2, o2 = mul_add_overflow(m, q, last_q)
    return !(o1 | o2), p2, q2
end
mul_add_overflow(a::T, b::T, c::T) where {T<:BitInteger} = (m = mul_with_overflow(a, b); s = add_with_overflow(m[1], c); (s[1], m[2] | s[2]))
mul_add_overflow(a, b, c) = (a * b + c, false)
rationalize(x::Real; kw...) = rationalize(Int, x; kw...)
rationalize(::Type{T}, x::Real, tol::Real) where {T<:Integer} = rationalize(T, x; tol = tol)
rationalize(::Type{T}, x::Rational; tol::Real = 0) where {T<:Integer} = Rational{T}(x)
rationalize(::Type{T}, x::Integer; tol::Real = 0) where {T<:Integer} = Rational{T}(x)

signbit(x::Rational) = signbit(x.num)
abs(x::Rational) = unsafe_rational(checked_abs(x.num), x.den)
copysign(x::Rational, y::Real) = unsafe_rational(copysign(x.num, y), x.den)
isinteger(x::Rational) = x.den == 1
isfinite(x::Rational) = x.den != 0
isinf(x::Rational) = x.den == 0
iszero(x::Rational) = iszero(x.num)
isone(x::Rational) = isone(x.num) & isone(x.den)
sign(x::Rational) = oftype(x, sign(x.num))
+(x::Rational) = unsafe_rational(+x.num, x.den)
-(x::Rational) = unsafe_rational(-x.num, x.den)
function -(x::Rational{T}) where {T<:BitSigned}
    x.num == typemin(T) && throw(OverflowError("rational numerator is typemin(T)"))
    return unsafe_rational(T, -x.num, x.den)
end
function -(x::Rational{T}) where {T<:Unsigned}
    x.num != zero(T) && throw(OverflowError("cannot negate unsigned number"))
    return x
end
function +(x::Rational{T}, y::Rational{T}) where {T}
    isinf(x) && x == y && return x
    xd, yd = without_common(x.den, y.den)
    return Rational{T}(checked_add(checked_mul(x.num, yd), checked_mul(y.num, xd)), checked_mul(x.den, yd))
end
function -(x::Rational{T}, y::Rational{T}) where {T}
    isinf(x) && x == -y && return x
    xd, yd = without_common(x.den, y.den)
    return Rational{T}(checked_sub(checked_mul(x.num, yd), checked_mul(y.num, xd)), checked_mul(x.den, yd))
end
function *(x::Rational{T}, y::Rational{T}) where {T}
    xn, yd = without_common(x.num, y.den)
    xd, yn = without_common(x.den, y.num)
    return checked_mul(xn, yn) // checked_mul(xd, yd)
end
/(x::Rational, y::Rational) = x // y
/(x::Rational{T}, y::Rational{T}) where {T<:Integer} = x // y
/(x::Rational, y::Integer) = x // y
/(x::Integer, y::Rational) = x // y
inv(x::Rational{T}) where {T} = x.num == 0 ? unsafe_rational(T, x.den, x.num) : signbit(x.num) ? unsafe_rational(T, checked_neg(x.den), checked_neg(x.num)) : unsafe_rational(T, x.den, x.num)
# With an integer only one gcd is needed.
+(x::Rational, y::Integer) = (p = promote(x.num, x.den, y); unsafe_rational(checked_add(p[1], checked_mul(p[2], p[3])), p[2]))
+(y::Integer, x::Rational) = x + y
-(x::Rational, y::Integer) = (p = promote(x.num, x.den, y); unsafe_rational(checked_sub(p[1], checked_mul(p[2], p[3])), p[2]))
-(y::Integer, x::Rational) = (p = promote(x.num, x.den, y); unsafe_rational(checked_sub(checked_mul(p[2], p[3]), p[1]), p[2]))
function *(x::Rational, y::Integer)
    d, n = without_common(promote(x.den, y)...)
    return unsafe_rational(promote(checked_mul(x.num, n), d)...)
end
*(y::Integer, x::Rational) = x * y
+(x::Rational, y::Bool) = x + Int(y)
*(x::Rational, y::Bool) = ifelse(y, x, copysign(zero(x), x))
*(y::Bool, x::Rational) = x * y
fma(x::Rational{T}, y::Rational{T}, z::Rational{T}) where {T} = x * y + z

# products that do not fit are noticed
^(x::Rational, n::Integer) = n >= 0 ? power_by_squaring(x, n) : power_by_squaring(inv(x), -n)
^(x::Number, y::Rational) = x^(y.num / y.den)
^(x::T, y::Rational) where {T<:AbstractFloat} = x^convert(T, y)
^(x::Rational, y::Rational) = float(x)^float(y)
^(x::Integer, y::Rational) = float(x)^float(y)

==(x::Rational, y::Rational) = (x.den == y.den) & (x.num == y.num)
==(x::Rational, y::Integer) = (x.den == 1) & (x.num == y)
==(x::Integer, y::Rational) = y == x
# Exact: a finite binary fraction equals a ratio only if its denominator is a power of two.
function ==(x::AbstractFloat, q::Rational)
    isfinite(x) || return !isnan(x) && q.den == 0 && signbit(x) == signbit(q.num)
    (q.den == 0 || count_ones(q.den) != 1) && return false
    y = ldexp(x, trailing_zeros(q.den))
    return isfinite(y) && y == q.num
end
==(q::Rational, x::AbstractFloat) = x == q
<(x::Rational, y::Rational) = compare_ratios(<, x, y)
<=(x::Rational, y::Rational) = compare_ratios(<=, x, y)
@inline compare_ratios(op, x, y) = x.den == y.den ? op(x.num, y.num) : op(widemul(x.num, y.den), widemul(x.den, y.num))
<(x::Rational, y::Integer) = x.num < widemul(x.den, y)
<(x::Integer, y::Rational) = widemul(x, y.den) < y.num
<=(x::Rational, y::Integer) = x.num <= widemul(x.den, y)
<=(x::Integer, y::Rational) = widemul(x, y.den) <= y.num
<(x::AbstractFloat, q::Rational) = isfinite(x) ? exact_ratio(x) < big_ratio(q) : !isnan(x) & (x < near_or_infinite(q, x))
<(q::Rational, x::AbstractFloat) = isfinite(x) ? big_ratio(q) < exact_ratio(x) : !isnan(x) & (near_or_infinite(q, x) < x)
# what compares with infinities as `q` does
near_or_infinite(q, x) = q.den == 0 ? copysign(oftype(x, Inf), q.num) : oftype(x, sign(q.num))
<=(x::AbstractFloat, q::Rational) = !isnan(x) & !(q < x)
<=(q::Rational, x::AbstractFloat) = !isnan(x) & !(x < q)
exact_ratio(x) = (m = frexp(x); ldexp_ratio(ldexp(m[1], precision(x)), m[2] - precision(x)))
ldexp_ratio(m, e) = e >= 0 ? unsafe_rational(BigInt, big(Int64(m)) << e, big(1)) : unsafe_rational(BigInt, big(Int64(m)), big(1) << -e)
big_ratio(q) = unsafe_rational(BigInt, big(q.num), big(q.den))

trunc(::Type{T}, x::Rational) where {T} = round(T, x, RoundToZero)
floor(::Type{T}, x::Rational) where {T} = round(T, x, RoundDown)
ceil(::Type{T}, x::Rational) where {T} = round(T, x, RoundUp)
function round(::Type{T}, x::Rational, r::RoundingMode = RoundNearest) where {T}
    x.den == 0 && !(T <: Integer) && return convert(T, unsafe_rational(copysign(one(x.num), x.num), x.den))
    return convert(T, div(x.num, x.den, r))
end
round(x::Rational, r::RoundingMode) = x.den == 0 ? x : unsafe_rational(typeof(x.num), div(x.num, x.den, r), one(x.den))
round(x::Rational) = round(x, RoundNearest)
trunc(x::Rational) = round(x, RoundToZero)
floor(x::Rational) = round(x, RoundDown)
ceil(x::Rational) = round(x, RoundUp)
for f in (:div, :fld, :cld)
    @eval $f(x::Rational, y::Rational) = (p = promote(x, y); $f(checked_mul(p[1].num, p[2].den), checked_mul(p[1].den, p[2].num)))
    @eval $f(x::T, y::T) where {T<:Rational} = $f(checked_mul(x.num, y.den), checked_mul(x.den, y.num))
    @eval $f(x::Rational, y::Integer) = $f(x.num, checked_mul(x.den, y))
    @eval $f(x::Integer, y::Rational) = $f(checked_mul(x, y.den), y.num)
end
rem(x::T, y::T) where {T<:Rational} = x - y * div(x, y)
mod(x::T, y::T) where {T<:Rational} = x - y * fld(x, y)
gcd(x::Rational{T}, y::Rational{T}) where {T<:Integer} = unsafe_rational(gcd(x.num, y.num), lcm(x.den, y.den))
lcm(x::Rational{T}, y::Rational{T}) where {T<:Integer} = unsafe_rational(lcm(x.num, y.num), gcd(x.den, y.den))
gcd(x::Rational) = abs(x)
gcd(x::Union{Rational,Integer}, y::Union{Rational,Integer}) = gcd(promote(x, y)...)
lcm(x::Union{Rational,Integer}, y::Union{Rational,Integer}) = lcm(promote(x, y)...)

# ---- ranges -------------------------------------------------------------------------------------

# Ends become what steps from them are.
(::Colon)(a::T, s::Rational, b::T) where {T<:Integer} = (R = typeof(a + zero(s)); stepped(convert(R, a), s, convert(R, b)))
ratio_of(x::Rational) = (Int(x.num), Int(x.den))
