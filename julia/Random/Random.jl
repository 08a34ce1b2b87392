# The rest of the interface to random numbers; the generator is Base's.
module Random

import Base: AbstractRNG, Xoshiro, rand, rand!, randn, randn!, randexp, randexp!, draw, below, next_word, default_generator, seed_generator!, global_generator,
    global_seeded

export AbstractRNG, Xoshiro, MersenneTwister, TaskLocalRNG, RandomDevice, default_rng, seed!, rand!, randn!, randexp, randexp!, bitrand, shuffle, shuffle!,
    randperm, randperm!, randcycle, randcycle!, randstring, randsubseq, randsubseq!, rand, randn

const MersenneTwister = Xoshiro
const GLOBAL_RNG = global_generator

struct TaskLocalRNG <: AbstractRNG end
Base.next_word(::TaskLocalRNG) = next_word(default_generator())
Base.show(io::IO, ::TaskLocalRNG) = print(io, "TaskLocalRNG()")
Base.copy(::TaskLocalRNG) = copy(default_generator())
default_rng() = TaskLocalRNG()
struct RandomDevice <: AbstractRNG
    RandomDevice(args...; kw...) = new()
end
Base.next_word(::RandomDevice) = Core.Host.random_seed()

seed!(r::Xoshiro, seed = nothing) = seed_generator!(r, seed)
seed!(seed::Union{Nothing,Integer,AbstractVector,AbstractString} = nothing) = seed!(TaskLocalRNG(), seed)
function seed!(r::TaskLocalRNG, seed = nothing)
    global_seeded[] = true
    seed_generator!(global_generator, seed)
    return r
end
# In a kernel a seed is the work-item's.
Base.Device.@override Base.Device.DEVICE_TABLE @inline seed!(r::TaskLocalRNG, seed) = (Base.Device.seed_kernel(seed); r)

# Samplers: types extend `rand(rng, Random.SamplerType{T})` or `rand(rng, Random.SamplerTrivial{C})`.
abstract type Sampler{E} end
struct SamplerType{T} <: Sampler{T} end
struct SamplerTrivial{C,E} <: Sampler{E}
    self::C
end
SamplerTrivial(x::C) where {C} = SamplerTrivial{C,eltype(C)}(x)
Base.getindex(s::SamplerTrivial) = s.self
Base.eltype(::Type{<:Sampler{E}}) where {E} = E
gentype(::Type{T}) where {T} = eltype(T)
gentype(x) = eltype(x)
# a user's `rand(rng, ::SamplerType{T})` answers `rand(T)`
function Base.draw(r::AbstractRNG, ::Type{T}) where {T}
    s = SamplerType{T}()
    hasmethod(rand, Tuple{typeof(r),SamplerType{T}}) && which(rand, Tuple{typeof(r),SamplerType{T}}).module !== Base && return rand(r, s)
    T <: Tuple && return ntuple(i -> draw(r, fieldtype(T, i)), fieldcount(T))
    throw(ArgumentError(string("Sampler for this object is not defined: ", T)))
end
function Base.draw(r::AbstractRNG, x)
    s = SamplerTrivial(x)
    hasmethod(rand, Tuple{typeof(r),typeof(s)}) && which(rand, Tuple{typeof(r),typeof(s)}).module !== Base && return rand(r, s)
    throw(ArgumentError(string("Sampler for this object is not defined: ", typeof(x))))
end

# ---- orders -------------------------------------------------------------------------------------

shuffle!(a::AbstractArray) = shuffle!(default_rng(), a)
function shuffle!(r::AbstractRNG, a::AbstractArray)
    for i in length(a):-1:2
        j = draw(r, 1:i)
        a[i], a[j] = a[j], a[i]
    end
    return a
end
shuffle(a::AbstractArray) = shuffle(default_rng(), a)
shuffle(r::AbstractRNG, a::AbstractArray) = shuffle!(r, Base.copymutable(a))
randperm(n::Integer) = randperm(default_rng(), n)
randperm(r::AbstractRNG, n::T) where {T<:Integer} = shuffle!(r, collect(T, 1:n))
randperm!(a::AbstractArray) = randperm!(default_rng(), a)
randperm!(r::AbstractRNG, a::AbstractArray) = shuffle!(r, copyto!(a, 1:length(a)))
randcycle(n::Integer) = randcycle(default_rng(), n)
function randcycle(r::AbstractRNG, n::T) where {T<:Integer}
    a = collect(T, 1:n)
    for i in length(a):-1:2
        j = draw(r, 1:i-1)
        a[i], a[j] = a[j], a[i]
    end
    return a
end
randcycle!(a::AbstractArray) = copyto!(a, randcycle(length(a)))
bitrand(dims::Integer...) = bitrand(default_rng(), dims...)
bitrand(r::AbstractRNG, dims::Integer...) = BitArray(rand(r, Bool, map(Int, dims)))
bitrand(dims::Tuple) = bitrand(dims...)
const letters_and_digits = collect("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
randstring(n::Integer = 8) = randstring(default_rng(), letters_and_digits, n)
randstring(r::AbstractRNG, n::Integer = 8) = randstring(r, letters_and_digits, n)
randstring(chars, n::Integer = 8) = randstring(default_rng(), chars, n)
randstring(r::AbstractRNG, chars, n::Integer = 8) = String([draw(r, chars) for _ in 1:n])
randsubseq(a::AbstractArray, p::Real) = randsubseq(default_rng(), a, p)
randsubseq(r::AbstractRNG, a::AbstractArray{T}, p::Real) where {T} = T[x for x in a if draw(r, Float64) < p]
randsubseq!(s::AbstractArray, a::AbstractArray, p::Real) = append!(empty!(s), randsubseq(a, p))

end
