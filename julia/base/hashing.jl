# Hashes, consistent with `isequal`: equal numbers of different types hash alike.

hash(x) = hash(x, zero(UInt))
hash(x, h::UInt) = hash_uint64(3 * h - objectid(x))
hash(x::Symbol) = objectid(x)
hash(x::Symbol, h::UInt) = hash_uint64(3 * h - objectid(x))

# Mixes all bits of a word into all bits (an invertible chain of shifts and additions).
function hash_uint64(n::UInt64)
    a = n
    a = ~a + (a << 21)
    a = a ⊻ (a >> 24)
    a = a + (a << 3) + (a << 8)
    a = a ⊻ (a >> 14)
    a = a + (a << 2) + (a << 4)
    a = a ⊻ (a >> 28)
    a = a + (a << 31)
    return a
end
hash_uint(x::UInt) = hash_uint64(x)

hash(x::Int64, h::UInt) = hash_uint64(bitcast(UInt64, x)) - 3 * h
hash(x::UInt64, h::UInt) = hash_uint64(x) - 3 * h
hash(x::Union{Bool,Int8,UInt8,Int16,UInt16,Int32,UInt32}, h::UInt) = hash(Int64(x), h)
hash(x::Integer, h::UInt) = hash_parts(x, 0, one(x), h)
# num * 2^pow / den, `den` odd and positive: as the narrowest of Int64, UInt64 and Float64 that holds it, else by its parts.
function hash_parts(num, pow::Int, den, h::UInt)
    num == 0 && return hash(0, h)
    z = trailing_zeros(num)
    num >>= z
    pow += z
    if den == 1
        high = num < 0 && isone(-num) ? 1 : significant_bits(num)
        top = high + pow
        if pow >= 0
            top <= 63 && return hash(Int64(num) << pow, h)
            top <= 64 && num > 0 && return hash(UInt64(num) << pow, h)
        end
        -1074 <= pow && top <= 1024 && high <= 53 && return hash(ldexp(Float64(num), pow), h)
    else
        h = hash_integer(den, h)
    end
    return hash_integer(num, hash_integer(pow, h))
end
significant_bits(x) = ndigits0z(x, 2)
function hash_integer(n::Integer, h::UInt)
    h ⊻= hash_uint64((n % UInt64) ⊻ h)
    n = abs(n)
    h ⊻= hash_uint64((n % UInt64) ⊻ h)
    while true
        n >>>= 64
        n == 0 && return h
        h ⊻= hash_uint64((n % UInt64) ⊻ h)
    end
end
const hash_of_nan = hash_uint64(0x7ff8000000000000)
function hash(x::Float64, h::UInt)
    if -9.223372036854775808e18 <= x < 9.223372036854775808e18
        i = unsafe_trunc(Int64, x)
        isequal(Float64(i), x) && return hash(i, h)
    elseif 0.0 <= x < 1.8446744073709551616e19
        u = unsafe_trunc(UInt64, x)
        isequal(Float64(u), x) && return hash(u, h)
    elseif isnan(x)
        return h ⊻ hash_of_nan
    end
    return hash_uint64(bitcast(UInt64, x)) - 3 * h
end
hash(x::Union{Float16,Float32}, h::UInt) = hash(Float64(x), h)
function hash(x::Rational, h::UInt)
    x.den == 0 && return hash(copysign(Inf, x.num), h)
    z = trailing_zeros(x.den)
    return hash_parts(x.num, -z, x.den >> z, h)
end
const hash_complex_seed = 0x32a7a07f3e7cd1f9
hash(z::Complex, h::UInt) = iszero(imag(z)) && !signbit(imag(z)) ? hash(real(z), h) : hash(real(z), h ⊻ hash(imag(z), hash_complex_seed) ⊻ hash(0, hash_complex_seed))
hash(x::Irrational, h::UInt) = 3 * objectid(x) - h
hash(x::Char, h::UInt) = hash_uint64(((bitcast(UInt32, x) + UInt64(0xd4d64234)) << 32) ⊻ h)
hash(x::Real, h::UInt) = hash(Float64(x), h)

const hash_tuple_seed = 0x77cfa1eef01bca90
hash(::Tuple{}, h::UInt) = h + hash_tuple_seed
hash(t::Tuple, h::UInt) = hash(t[1], hash(tail(t), h))
hash(nt::NamedTuple, h::UInt) = hash(Tuple(nt), hash(keys(nt), h))
hash(x::Some, h::UInt) = hash(x.value, h ⊻ 0x9a3f6b1c5d2e7f81)
hash(x::QuoteNode, h::UInt) = hash(x.value, h ⊻ 0x2c97bf8b3de87020)
