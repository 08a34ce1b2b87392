# Types of collections that signatures in several of the files below mention.

const AbstractVector{T} = AbstractArray{T,1}
const AbstractMatrix{T} = AbstractArray{T,2}
const AbstractVecOrMat{T} = Union{AbstractVector{T},AbstractMatrix{T}}
const DenseVector{T} = DenseArray{T,1}
const DenseMatrix{T} = DenseArray{T,2}
const Vector{T} = Array{T,1}
const Matrix{T} = Array{T,2}
const VecOrMat{T} = Union{Vector{T},Matrix{T}}
const Dims{N} = NTuple{N,Int}
abstract type AbstractDict{K,V} end
abstract type AbstractSet{T} end
# A whole dimension, as an index that knows its range.
struct Slice{T<:AbstractUnitRange} <: AbstractUnitRange{Int}
    indices::T
end
# A range whose own indices are its elements: the axis of an array that does not start at one.
struct IdentityUnitRange{T<:AbstractUnitRange} <: AbstractUnitRange{Int}
    indices::T
end
struct CartesianIndex{N}
    I::NTuple{N,Int}
    CartesianIndex{N}(I::NTuple{N,Int}) where {N} = new{N}(I)
end
struct CartesianIndices{N,R<:NTuple{N,OrdinalRange{Int,Int}}} <: AbstractArray{CartesianIndex{N},N}
    indices::R
end
struct LinearIndices{N,R<:NTuple{N,AbstractUnitRange{Int}}} <: AbstractArray{Int,N}
    indices::R
end
abstract type IteratorSize end
struct SizeUnknown <: IteratorSize end
struct HasLength <: IteratorSize end
struct HasShape{N} <: IteratorSize end
struct IsInfinite <: IteratorSize end
abstract type IteratorEltype end
struct EltypeUnknown <: IteratorEltype end
struct HasEltype <: IteratorEltype end
struct Generator{I,F}
    f::F
    iter::I
end
abstract type IndexStyle end
struct IndexLinear <: IndexStyle end
struct IndexCartesian <: IndexStyle end
struct MIME{m} end
macro MIME_str(s)
    return :(MIME{$(Expr(:quote, Symbol(s)))})
end
abstract type AbstractPattern end
struct Regex <: AbstractPattern
    pattern::String
    flags::String
    function Regex(pattern::String, flags::String)
        Core.Host.regex_check(pattern, flags)
        return new(pattern, flags)
    end
end
