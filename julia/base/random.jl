# Random numbers of the host: xoshiro256++ and what `rand` may draw from. Module Random adds the rest.

abstract type AbstractRNG end

mutable struct Xoshiro <: AbstractRNG
    s0::UInt64
    s1::UInt64
    s2::UInt64
    s3::UInt64
    s4::UInt64       # splits streams; kept equal to Julia's so that states compare
end
split_state(a::UInt64, b::UInt64, c::UInt64, d::UInt64) = a + 3 * b + 5 * c + 7 * d
Xoshiro(a::Integer, b::Integer, c::Integer, d::Integer) = Xoshiro(a % UInt64, b % UInt64, c % UInt64, d % UInt64, split_state(a % UInt64, b % UInt64, c % UInt64, d % UInt64))
Xoshiro(seed = nothing) = seed_generator!(Xoshiro(0, 0, 0, 0, 0), seed)
copy(r::Xoshiro) = Xoshiro(r.s0, r.s1, r.s2, r.s3, r.s4)
==(a::Xoshiro, b::Xoshiro) = a.s0 == b.s0 && a.s1 == b.s1 && a.s2 == b.s2 && a.s3 == b.s3
show(io::IO, r::Xoshiro) = (print(io, "Xoshiro("); show(io, r.s0); print(io, ", "); show(io, r.s1); print(io, ", "); show(io, r.s2); print(io, ", "); show(io, r.s3); print(io, ")"))

function seed_generator!(r::Xoshiro, ::Nothing)
    r.s0, r.s1, r.s2, r.s3 = Core.Host.random_seed(), Core.Host.random_seed(), Core.Host.random_seed(), Core.Host.random_seed()
    r.s4 = split_state(r.s0, r.s1, r.s2, r.s3)
    return r
end
function seed_generator!(r::Xoshiro, seed)
    h = sha256(seed_bytes(seed))
    w(k) = (x = UInt64(0); for i in 8:-1:1; x = (x << 8) | h[8k+i]; end; x)
    r.s0, r.s1, r.s2, r.s3 = w(0), w(1), w(2), w(3)
    r.s4 = split_state(r.s0, r.s1, r.s2, r.s3)
    return r
end
# the magnitude in 32-bit words, lowest first, and a mark for negative numbers
function seed_bytes(seed::Integer)
    negative = signbit(seed)
    n = BigInt(negative ? ~seed : seed)
    bytes = UInt8[]
    while true
        word = n % UInt32
        for k in 0:3
            push!(bytes, (word >> (8 * k)) % UInt8)
        end
        n >>= 32
        iszero(n) && break
    end
    negative && push!(bytes, 0x01)
    return bytes
end
seed_bytes(seed::AbstractVector{<:Unsigned}) = UInt8[(x >> (8 * k)) % UInt8 for x in seed for k in 0:sizeof(x)-1]
seed_bytes(seed::AbstractString) = codeunit_vector(seed)

const sha_constants = UInt32[
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2]
# FIPS 180-4
function sha256(message::Vector{UInt8})
    n = length(message)
    data = copy(message)
    push!(data, 0x80)
    while length(data) % 64 != 56
        push!(data, 0x00)
    end
    for k in 7:-1:0
        push!(data, ((8n) >> (8k)) % UInt8)
    end
    state = UInt32[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]
    w = zeros(UInt32, 64)
    turn(x, k) = (x >> k) | (x << (32 - k))
    for block in 0:64:length(data)-64
        for t in 1:16
            p = block + 4 * (t - 1)
            w[t] = (UInt32(data[p+1]) << 24) | (UInt32(data[p+2]) << 16) | (UInt32(data[p+3]) << 8) | UInt32(data[p+4])
        end
        for t in 17:64
            x, y = w[t-15], w[t-2]
            w[t] = w[t-16] + xor(turn(x, 7), turn(x, 18), x >> 3) + w[t-7] + xor(turn(y, 17), turn(y, 19), y >> 10)
        end
        a, b, c, d, e, f, g, h = state
        for t in 1:64
            t1 = h + xor(turn(e, 6), turn(e, 11), turn(e, 25)) + xor(e & f, ~e & g) + sha_constants[t] + w[t]
            t2 = xor(turn(a, 2), turn(a, 13), turn(a, 22)) + xor(a & b, a & c, b & c)
            h, g, f, e, d, c, b, a = g, f, e, d + t1, c, b, a, t1 + t2
        end
        v = (a, b, c, d, e, f, g, h)
        for i in 1:8
            state[i] += v[i]
        end
    end
    out = UInt8[]
    for x in state, k in 3:-1:0
        push!(out, (x >> (8k)) % UInt8)
    end
    return out
end

@inline function next_word(r::Xoshiro)
    s0, s1, s2, s3 = r.s0, r.s1, r.s2, r.s3
    sum = s0 + s3
    result = ((sum << 23) | (sum >> 41)) + s0
    t = s1 << 17
    s2 = xor(s2, s0)
    s3 = xor(s3, s1)
    s1 = xor(s1, s2)
    s0 = xor(s0, s3)
    s2 = xor(s2, t)
    s3 = (s3 << 45) | (s3 >> 19)
    r.s0, r.s1, r.s2, r.s3 = s0, s1, s2, s3
    return result
end
# A generator of another type needs this one method.
next_word(r::AbstractRNG) = throw(MethodError(next_word, (r,)))

# The generator of the program, seeded by the system when first used.
const global_generator = Xoshiro(0, 0, 0, 0, 0)
const global_seeded = Ref(false)
function default_generator()
    if !global_seeded[]
        global_seeded[] = true
        seed_generator!(global_generator, nothing)
    end
    return global_generator
end

# ---- one value ----------------------------------------------------------------------------------

draw(r::AbstractRNG, ::Type{Float64}) = Float64(next_word(r) >>> 11) * 0x1.0p-53
draw(r::AbstractRNG, ::Type{Float32}) = Float32(next_word(r) >>> 40) * 0x1.0p-24 |> Float32
draw(r::AbstractRNG, ::Type{Float16}) = Float16(Float32(next_word(r) >>> 53) * Float32(0x1.0p-11))
draw(r::AbstractRNG, ::Type{BigFloat}) = BigFloat(draw(r, Float64))
draw(r::AbstractRNG, ::Type{Bool}) = next_word(r) & 0x01 != 0
draw(r::AbstractRNG, ::Type{UInt64}) = next_word(r)
draw(r::AbstractRNG, ::Type{Int64}) = next_word(r) % Int64
draw(r::AbstractRNG, ::Type{T}) where {T<:Union{Int8,Int16,Int32,UInt8,UInt16,UInt32}} = (next_word(r) >>> (64 - 8 * sizeof(T))) % T
draw(r::AbstractRNG, ::Type{UInt128}) = (a = next_word(r); UInt128(next_word(r)) << 64 | a)
draw(r::AbstractRNG, ::Type{Int128}) = draw(r, UInt128) % Int128
draw(r::AbstractRNG, ::Type{Complex{T}}) where {T} = (a = draw(r, T); Complex{T}(a, draw(r, T)))
draw(r::AbstractRNG, ::Type{Char}) = (n = below(r, UInt64(0x110000 - 0x800)); Char(n < 0xd800 ? n : n + 0x800))
draw(r::AbstractRNG, ::Type{T}) where {T<:Tuple} = ntuple(i -> draw(r, fieldtype(T, i)), fieldcount(T))
draw(r::AbstractRNG, ::Type{Pair{A,B}}) where {A,B} = (a = draw(r, A); Pair{A,B}(a, draw(r, B)))
draw(r::AbstractRNG, ::Type{T}) where {T<:Enum} = draw(r, instances(T))
draw(r::AbstractRNG, ::Type{T}) where {T} = throw(ArgumentError(string("Sampler for this object is not defined: ", T)))

# Uniform in 0:n-1 (0 stands for 2^64), by multiplication with rejection of the short last interval.
function below(r::AbstractRNG, n::UInt64)
    x = next_word(r)
    n == 0 && return x
    m = widemul(x, n)
    low = m % UInt64
    if low < n
        t = rem(-n, n)
        while low < t
            m = widemul(next_word(r), n)
            low = m % UInt64
        end
    end
    return (m >> 64) % UInt64
end
function below(r::AbstractRNG, n::BigInt)
    bits = top_set_bit(n - 1)
    while true
        x = BigInt(0)
        for _ in 1:cld(bits, 64)
            x = (x << 64) | BigInt(next_word(r))
        end
        x >>= (-bits) & 63
        x < n && return x
    end
end
@noinline throw_empty_draw() = throw(ArgumentError("collection must be non-empty"))
function draw(r::AbstractRNG, range::AbstractUnitRange{T}) where {T<:Integer}
    isempty(range) && throw_empty_draw()
    n = (last(range) % UInt64) - (first(range) % UInt64) + UInt64(1)
    return ((first(range) % UInt64) + below(r, n)) % T
end
draw(r::AbstractRNG, range::AbstractUnitRange{T}) where {T<:Union{BigInt,Int128,UInt128}} =
    isempty(range) ? throw_empty_draw() : T(BigInt(first(range)) + below(r, BigInt(last(range)) - BigInt(first(range)) + 1))
draw(r::AbstractRNG, range::AbstractUnitRange{Bool}) = range[Int(draw(r, 1:length(range)))]
draw(r::AbstractRNG, a::AbstractArray) = isempty(a) ? throw_empty_draw() : @inbounds a[draw(r, 1:length(a))]
draw(r::AbstractRNG, t::Tuple) = isempty(t) ? throw_empty_draw() : t[draw(r, 1:length(t))]
function draw(r::AbstractRNG, s::AbstractString)
    n = length(s)
    n == 0 && throw_empty_draw()
    return s[nextind(s, 0, draw(r, 1:n))]
end
function draw(r::AbstractRNG, d::Union{AbstractDict,AbstractSet})
    isempty(d) && throw_empty_draw()
    k = draw(r, 1:length(d))
    for x in d
        k == 1 && return x
        k -= 1
    end
end
draw(r::AbstractRNG, x) = throw(ArgumentError(string("Sampler for this object is not defined: ", typeof(x))))
# Types of other modules extend `rand(rng, Random.SamplerType{T})`; module Random links the two.

# ---- rand ---------------------------------------------------------------------------------------

drawn_eltype(::Type{T}) where {T} = T
drawn_eltype(x) = eltype(x)
rand(r::AbstractRNG = default_generator()) = draw(r, Float64)
rand(S) = draw(default_generator(), S)
rand(r::AbstractRNG, S) = draw(r, S)
rand(n::Integer, dims::Integer...) = rand(default_generator(), Float64, n, dims...)
rand(r::AbstractRNG, n::Integer, dims::Integer...) = rand(r, Float64, n, dims...)
rand(S, n::Integer, dims::Integer...) = rand(default_generator(), S, (Int(n), map(Int, dims)...))
rand(S, dims::Dims) = rand(default_generator(), S, dims)
rand(r::AbstractRNG, S, n::Integer, dims::Integer...) = rand(r, S, (Int(n), map(Int, dims)...))
rand(r::AbstractRNG, S, dims::Dims{N}) where {N} = rand!(r, Array{drawn_eltype(S),N}(undef, dims), S)
rand!(a::AbstractArray{T}, S = T) where {T} = rand!(default_generator(), a, S)
function rand!(r::AbstractRNG, a::AbstractArray{T}, S = T) where {T}
    for i in eachindex(a)
        @inbounds a[i] = draw(r, S)
    end
    return a
end

# ---- other distributions ------------------------------------------------------------------------

# The polar method; the second number of each pair is dropped, so that draws do not depend on history.
function draw_normal(r::AbstractRNG, ::Type{T}) where {T<:AbstractFloat}
    while true
        u = 2 * draw(r, Float64) - 1
        v = 2 * draw(r, Float64) - 1
        s = u * u + v * v
        0 < s < 1 && return T(u * sqrt(-2 * log(s) / s))
    end
end
draw_normal(r::AbstractRNG, ::Type{Complex{T}}) where {T} = (a = draw_normal(r, T); Complex{T}(a * T(sqrt(0.5)), draw_normal(r, T) * T(sqrt(0.5))))
draw_exponential(r::AbstractRNG, ::Type{T}) where {T<:AbstractFloat} = T(-log1p(-draw(r, Float64)))
for (name, drawn) in ((:randn, :draw_normal), (:randexp, :draw_exponential))
    in_place = Symbol(name, :!)
    @eval begin
        $name(r::AbstractRNG = default_generator()) = $drawn(r, Float64)
        $name(::Type{T}) where {T<:Number} = $drawn(default_generator(), T)
        $name(r::AbstractRNG, ::Type{T}) where {T<:Number} = $drawn(r, T)
        $name(n::Integer, dims::Integer...) = $name(default_generator(), Float64, n, dims...)
        $name(dims::Dims) = $name(default_generator(), Float64, dims)
        $name(r::AbstractRNG, n::Integer, dims::Integer...) = $name(r, Float64, n, dims...)
        $name(r::AbstractRNG, dims::Dims) = $name(r, Float64, dims)
        $name(::Type{T}, n::Integer, dims::Integer...) where {T<:Number} = $name(default_generator(), T, n, dims...)
        $name(::Type{T}, dims::Dims) where {T<:Number} = $name(default_generator(), T, dims)
        $name(r::AbstractRNG, ::Type{T}, n::Integer, dims::Integer...) where {T<:Number} = $name(r, T, (Int(n), map(Int, dims)...))
        $name(r::AbstractRNG, ::Type{T}, dims::Dims{N}) where {T<:Number,N} = $in_place(r, Array{T,N}(undef, dims))
        $in_place(a::AbstractArray) = $in_place(default_generator(), a)
        function $in_place(r::AbstractRNG, a::AbstractArray{T}) where {T}
            for i in eachindex(a)
                @inbounds a[i] = $drawn(r, T)
            end
            return a
        end
    end
end
export rand, randn
