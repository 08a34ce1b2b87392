# Number theory, digits and bases of integers.

gcd(a::Integer) = abs(a)
lcm(a::Integer) = abs(a)
gcd() = 0
lcm() = 1
# Binary algorithm: strips common factors of two, then subtracts odd from odd.
function gcd(a::T, b::T) where {T<:BitInteger}
    a == zero(T) && return checked_abs(b)
    b == zero(T) && return checked_abs(a)
    za, zb = trailing_zeros(a), trailing_zeros(b)
    k = min(za, zb)
    u, v = unsigned_abs(a) >>> za, unsigned_abs(b) >>> zb
    while u != v
        if u > v
            u, v = v, u
        end
        v -= u
        v >>>= trailing_zeros(v)
    end
    r = u << k
    r > unsigned(typemax(T)) && throw_gcd_overflow(a, b)
    return r % T
end
@noinline throw_gcd_overflow(a, b) = throw(OverflowError(string("gcd(", a, ", ", b, ") overflows")))
function gcd(a::T, b::T) where {T<:Integer}
    while b != 0
        a, b = b, rem(a, b)
    end
    return abs(a)
end
function lcm(a::T, b::T) where {T<:Integer}
    (a == 0 || b == 0) && return zero(a)
    return checked_abs(checked_mul(a, div(b, gcd(b, a))))
end
gcd(a::Integer, b::Integer) = gcd(promote(a, b)...)
lcm(a::Integer, b::Integer) = lcm(promote(a, b)...)
gcd(a::Integer, b::Integer, c::Integer...) = gcd(a, gcd(b, c...))
lcm(a::Integer, b::Integer, c::Integer...) = lcm(a, lcm(b, c...))
gcd(xs::AbstractArray{<:Integer}) = foldl(gcd, xs; init = zero(eltype(xs)))
lcm(xs::AbstractArray{<:Integer}) = foldl(lcm, xs; init = one(eltype(xs)))
function gcdx(a::T, b::T) where {T<:Integer}
    s0, s1 = one(T), zero(T)
    t0, t1 = s1, s0
    x = a % T
    y = b % T
    while y != 0
        q, r = divrem(x, y)
        x, y = y, r
        s0, s1 = s1, s0 - q * s1
        t0, t1 = t1, t0 - q * t1
    end
    return x < 0 ? (-x, -s0, -t0) : (x, s0, t0)
end
gcdx(a::Integer, b::Integer) = gcdx(promote(a, b)...)
function invmod(n::Integer, m::Integer)
    iszero(m) && throw(DomainError(m, "`m` must not be 0."))
    if n isa Signed && hastypemax(typeof(n))
        n == typemin(n) && m == -1 && return zero(n)
    end
    g, x, _ = gcdx(n, m)
    g != 1 && throw(DomainError((n, m), string("Greatest common divisor is ", g, ".")))
    r = mod(x, m)
    return r
end
invmod(n::T) where {T<:BitInteger} = invmod_pow2(n)
function invmod_pow2(n::T) where {T}
    isodd(n) || throw(DomainError(n, "Argument must be odd."))
    r = n
    for _ in 1:6
        r *= T(2) - n * r
    end
    return r
end
function powermod(x::Integer, p::Integer, m::T) where {T<:Integer}
    p == 0 && return mod(one(m), m)
    b = oftype(m, mod(x, m))
    p < 0 && return powermod(invmod(b, m), -p, m)
    (m == 1 || m == -1) && return zero(m)
    r = one(m)
    W = widen(T)
    while true
        isodd(p) && (r = mod(W(r) * W(b), W(m)) % T)
        p >>= 1
        p == 0 && return mod(r, m)
        b = mod(W(b) * W(b), W(m)) % T
    end
end
function isqrt(x::T) where {T<:BitInteger}
    x < 0 && throw_sqrt_domain(float(x))
    x == 0 && return x
    # Newton's iteration on integers from a power of two not below the root: decreases until it is there
    s = one(T) << ((top_set_bit(x) + 1) >> 1)
    s <= 0 && (s = typemax(T))
    while true
        t = (s + div(x, s)) >> 1
        t >= s && return s
        s = t
    end
end
isqrt(x::Integer) = oftype(x, floor(sqrt(float(x))))

nextpow(a::Real, x::Real) = next_power(a, x)
function next_power(a::Real, x::Real)
    x <= 0 && throw(DomainError(x, "`x` must be positive."))
    a <= 1 && throw(DomainError(a, "`a` must be greater than 1."))
    x <= 1 && return one(a)
    if a isa Integer && x isa Integer
        a == 2 && return oftype(x, 1) << top_set_bit(x - one(x))
        p = oftype(promote_type(typeof(a), typeof(x))(1), 1)
        while p < x
            p = p * a
        end
        return p
    end
    n = ceil(Integer, log(x) / log(a))
    p = a^(n - 1)
    return p >= x ? p : a^n
end
prevpow(a::Real, x::Real) = prev_power(a, x)
function prev_power(a::Real, x::Real)
    x < 1 && throw(DomainError(x, "`x` must be ≥ 1."))
    a <= 1 && throw(DomainError(a, "`a` must be greater than 1."))
    if a isa Integer && x isa Integer
        a == 2 && return oftype(x, 1) << (top_set_bit(x) - 1)
        p = promote_type(typeof(a), typeof(x))(1)
        while p <= div(x, a)
            p = p * a
        end
        return p
    end
    n = floor(Integer, log(x) / log(a))
    p = a^n
    return p <= x ? p : a^(n - 1)
end

function ndigits0z(x::Integer, b::Integer = 10)
    b = Int(b)
    b == 2 && x isa BitInteger && return top_set_bit(unsigned_abs(x))
    n = 0
    if b > 1
        u = x isa BitInteger ? unsigned_abs(x) : abs(x)
        while u != 0
            u = div(u, oftype(u, b))
            n += 1
        end
    elseif b < -1
        while x != 0
            x = cld(x, b)
            x = x
            n += 1
        end
    else
        throw(DomainError(b, "The base must not be in `[-1, 0, 1]`."))
    end
    return n
end
function ndigits(x::Integer; base::Integer = 10, pad::Integer = 1)
    base in (-1, 0, 1) && throw(DomainError(base, "The base must not be in `[-1, 0, 1]`."))
    return max(Int(pad), base < 0 ? ndigits_negative(x, Int(base)) : ndigits0z(x, base))
end
function ndigits_negative(x, b)
    n = 0
    while x != 0
        r = mod(x, -b)
        x = div(x - r, b)
        n += 1
    end
    return n
end
digits(n::Integer; base::Integer = 10, pad::Integer = 1) = digits(Int, n; base, pad)
digits(::Type{T}, n::Integer; base::Integer = 10, pad::Integer = 1) where {T<:Integer} =
    digits!(zeros(T, ndigits(n; base, pad)), n; base)
function digits!(a::AbstractArray{T}, n::Integer; base::Integer = 10) where {T<:Integer}
    2 <= abs(base) || throw(DomainError(base, "The base must be ≥ 2 or ≤ -2."))
    b = base isa BitUnsigned ? Int(base) : base
    for i in eachindex(a)
        if base > 0
            a[i] = rem(n, b)
            n = div(n, oftype(n, b))
        else
            r = mod(n, -b)
            a[i] = r
            n = div(n - r, b)
        end
    end
    return a
end
function undigits(a; base::Integer = 10)
    r = zero(base)
    for d in Iterators.reverse(a)
        r = r * base + d
    end
    return r
end

function factorial(n::Union{Int64,UInt64,Int128,UInt128})
    n < 0 && throw(DomainError(n, "`n` must not be negative."))
    limit = n isa Union{Int64,UInt64} ? 20 : n isa Int128 ? 33 : 34
    n > limit && throw_factorial_overflow(n)
    r = one(n)
    i = oftype(n, 2)
    while i <= n
        r *= i
        i += one(i)
    end
    return r
end
@noinline throw_factorial_overflow(n) =
    throw(OverflowError(string(n, " is too large to look up in the table; consider using `factorial(big(", n, "))` instead")))
factorial(n::Union{Bool,Int8,UInt8,Int16,UInt16,Int32,UInt32}) = factorial(Int64(n))
function factorial(n::Integer)
    n < 0 && throw(DomainError(n, "`n` must be nonnegative"))
    r = one(n)
    for i in oftype(n, 2):n
        r *= i
    end
    return r
end
function binomial(n::T, k::T) where {T<:Integer}
    n0, k0 = n, k
    k < 0 && return zero(T)
    sgn = one(T)
    if n < 0
        n = -n + k - one(T)
        isodd(k) && (sgn = -sgn)
    end
    k > n && return zero(T)
    (k == 0 || k == n) && return sgn
    k == 1 && return sgn * n
    k > (n >> 1) && (k = n - k)
    x = nn = n - k + one(T)
    nn += one(T)
    rr = oftype(n, 2)
    while rr <= k
        w = widemul_if_fixed(x, nn)
        q = div(w, rr)
        (x isa BitInteger && q > typemax(T)) && throw(OverflowError(string("binomial(", n0, ", ", k0, ") overflows")))
        x = q isa T ? q : q % T
        rr += one(T)
        nn += one(T)
    end
    return copysign(x, sgn)
end
widemul_if_fixed(x::BitInteger, y) = widemul(x, y)
widemul_if_fixed(x, y) = x * y
binomial(n::Integer, k::Integer) = binomial(promote(n, k)...)

# Digits of the bit pattern, most significant first.
function bitstring(x::T) where {T}
    isprimitivetype(T) || throw(ArgumentError(string(T, " not a primitive type")))
    n = 8 * sizeof(T)
    u = bits_of(x)
    s = Memory{UInt8}(undef, n)
    for i in 1:n
        s[i] = 0x30 + (((u >>> (n - i)) & one(u)) % UInt8)
    end
    return Core.Host.string_from_bytes(s, n)
end
bits_of(x::BitInteger) = unsigned(x)
bits_of(x::Union{Bool,Char,Float16,Float32,Float64}) = sizeof(x) == 1 ? reinterpret(UInt8, x) : sizeof(x) == 2 ? reinterpret(UInt16, x) :
    sizeof(x) == 4 ? reinterpret(UInt32, x) : reinterpret(UInt64, x)
bits_of(x) = sizeof(x) == 1 ? bitcast(UInt8, x) : sizeof(x) == 2 ? bitcast(UInt16, x) : sizeof(x) == 4 ? bitcast(UInt32, x) :
    sizeof(x) == 8 ? bitcast(UInt64, x) : bitcast(UInt128, x)
