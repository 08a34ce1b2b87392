# Arrays of Bool as broadcasting makes them. One byte an element: only the type's name and printing are observable.

mutable struct BitArray{N} <: AbstractArray{Bool,N}
    data::Array{Bool,N}
    BitArray{N}(::UndefInitializer, dims::NTuple{N,Int}) where {N} = new{N}(Array{Bool,N}(undef, dims))
    BitArray{N}(a::Array{Bool,N}) where {N} = new{N}(a)
end
const BitVector = BitArray{1}
const BitMatrix = BitArray{2}
BitArray{N}(u::UndefInitializer, dims::Vararg{Integer,N}) where {N} = BitArray{N}(u, map(Int, dims))
BitArray(u::UndefInitializer, dims::Integer...) = BitArray{length(dims)}(u, map(Int, dims))
BitArray(u::UndefInitializer, dims::NTuple{N,Integer}) where {N} = BitArray{N}(u, map(Int, dims))
BitArray(a::AbstractArray{<:Any,N}) where {N} = BitArray{N}(Array{Bool,N}(a))
BitArray{N}(a::AbstractArray{<:Any,N}) where {N} = BitArray{N}(Array{Bool,N}(a))
BitArray(itr) = BitArray(collect(Bool, itr))
BitVector() = BitVector(undef, 0)
BitVector(t::Tuple) = BitVector(collect(Bool, t))
size(b::BitArray) = size(b.data)
length(b::BitArray) = length(b.data)
IndexStyle(::Type{<:BitArray}) = IndexLinear()
@inline getindex(b::BitArray, i::Int) = (@boundscheck checkbounds(b, i); @inbounds b.data[i])
@inline setindex!(b::BitArray, v, i::Int) = (@boundscheck checkbounds(b, i); @inbounds b.data[i] = v; b)
similar(b::BitArray, ::Type{Bool}, dims::Dims{N}) where {N} = BitArray{N}(undef, dims)
copy(b::BitArray{N}) where {N} = BitArray{N}(copy(b.data))
reshape(b::BitArray, dims::NTuple{N,Int}) where {N} = BitArray{N}(reshape(b.data, dims))
trues(dims::Integer...) = trues(dims)
trues(dims::NTuple{N,Integer}) where {N} = BitArray{N}(fill(true, map(Int, dims)))
falses(dims::Integer...) = falses(dims)
falses(dims::NTuple{N,Integer}) where {N} = BitArray{N}(fill(false, map(Int, dims)))
push!(b::BitVector, x) = (push!(b.data, x); b)
pop!(b::BitVector) = pop!(b.data)
append!(b::BitVector, xs) = (append!(b.data, xs); b)
resize!(b::BitVector, n::Integer) = (resize!(b.data, n); b)
deleteat!(b::BitVector, i) = (deleteat!(b.data, i); b)
insert!(b::BitVector, i::Integer, x) = (insert!(b.data, i, x); b)
fill!(b::BitArray, x) = (fill!(b.data, x); b)
map(f::Union{typeof(!),typeof(~)}, b::BitArray{N}) where {N} = BitArray{N}(map(f, b.data))
filter(f, b::BitArray) = BitArray(filter(f, vec(b.data)))
