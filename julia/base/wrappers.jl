# Arrays that show another array differently: reshaped, permuted, transposed, reinterpreted.

# ---- reshape ------------------------------------------------------------------------------------

struct ReshapedArray{T,N,P<:AbstractArray,MI<:Tuple} <: AbstractArray{T,N}
    parent::P
    dims::NTuple{N,Int}
    mi::MI
end
size(A::ReshapedArray) = A.dims
parent(A::ReshapedArray) = A.parent
IndexStyle(::Type{<:ReshapedArray}) = IndexLinear()
@inline getindex(A::ReshapedArray, i::Int) = (@boundscheck checkbounds(A, i); @inbounds reshaped_get(A.parent, i))
@inline setindex!(A::ReshapedArray, v, i::Int) = (@boundscheck checkbounds(A, i); @inbounds reshaped_set!(A.parent, v, i); A)
@propagate_inbounds reshaped_get(p, i) = p[i]
setindex!(A::ReshapedArray{<:Any,<:Any,<:AbstractRange}, v, i::Int) = error("indexed assignment fails for a reshaped range; consider calling collect")
@propagate_inbounds reshaped_set!(p, v, i) = (p[i] = v)
pointer(A::ReshapedArray) = pointer(A.parent)
elsize(::Type{<:ReshapedArray{T,N,P}}) where {T,N,P} = elsize(P)
strides(A::ReshapedArray) = size_to_strides(1, size(A)...)

@noinline throw_reshape(a, dims) = throw(DimensionMismatch(string("parent has ", length(a), " elements, which is incompatible with size ", dims)))
@noinline throw_reshape_dense(a, dims) = throw(DimensionMismatch(string("new dimensions ", dims, " must be consistent with array size ", length(a))))
function reshape(a::Array{T,M}, dims::NTuple{N,Int}) where {T,N,M}
    prod_dims(dims) == length(a) || throw_reshape_dense(a, dims)
    N == M && dims == size(a) && return a
    return wrap_memory(Array{T,N}, getfield(a, :ref), dims)
end
function reshape(a::AbstractArray{T}, dims::NTuple{N,Int}) where {T,N}
    dims == size(a) && return a
    prod_dims(dims) == length(a) || throw_reshape(a, dims)
    return ReshapedArray{T,N,typeof(a),Tuple{}}(a, dims, ())
end
reshape(a::AbstractArray, dims::Integer...) = reshape(a, map(Int, dims))
reshape(a::AbstractArray, dims::Tuple{Vararg{Integer}}) = reshape(a, map(Int, dims))
reshape(a::AbstractArray, dims::Union{Integer,Colon}...) = reshape(a, infer_colon(a, dims))
reshape(a::AbstractArray, dims::Tuple{Vararg{Union{Integer,Colon}}}) = reshape(a, infer_colon(a, dims))
reshape(a::AbstractArray, ::Val{N}) where {N} = reshape(a, ntuple(d -> d < N ? size(a, d) : d == N ? prod(map(k -> size(a, k), ntuple(k -> k + N - 1, max(ndims(a) - N + 1, 1)))) : 1, Val(N)))
# The dimensions with the omitted one filled in. No loop over `dims`, whose elements are of several types.
function infer_colon(a, dims::Tuple)
    known = prod(map(d -> d isa Colon ? 1 : Int(d), dims))
    sum(map(d -> d isa Colon ? 1 : 0, dims)) > 1 && throw_two_colons(dims)
    (known == 0 ? length(a) == 0 : rem(length(a), known) == 0) || throw_colon_rest(a, dims)
    rest = known == 0 ? 0 : div(length(a), known)
    return map(d -> d isa Colon ? rest : Int(d), dims)
end
@noinline throw_two_colons(dims) = throw(DimensionMismatch(string("new dimensions ", dims, " may have at most one omitted dimension specified by `Colon()`")))
@noinline throw_colon_rest(a, dims) = throw(DimensionMismatch(string("array size ", length(a), " must be divisible by the product of the new dimensions ", dims)))
function dropdims(A::AbstractArray; dims)
    ds = dims isa Integer ? (Int(dims),) : Tuple(dims)
    for d in ds
        size(A, d) == 1 || throw(ArgumentError("dropped dims must all be size 1"))
    end
    return reshape(A, filter_dims(A, ds))
end
filter_dims(A, ds) = (size_of = size(A); Tuple(Int[size_of[k] for k in 1:ndims(A) if !(k in ds)]))

# ---- permutation --------------------------------------------------------------------------------

# `perm`: which dimension of the parent is each of its own; `iperm` the other way round.
struct PermutedDimsArray{T,N,perm,iperm,P<:AbstractArray} <: AbstractArray{T,N}
    parent::P
end
function PermutedDimsArray(A::AbstractArray{T,N}, perm) where {T,N}
    p = Tuple(perm)
    isperm(p) || throw(ArgumentError(string(p, " is not a valid permutation of dimensions 1:", N)))
    return PermutedDimsArray{T,N,p,invperm(p),typeof(A)}(A)
end
parent(A::PermutedDimsArray) = A.parent
size(A::PermutedDimsArray{T,N,perm}) where {T,N,perm} = map(d -> size(A.parent, d), perm)
@inline function getindex(A::PermutedDimsArray{T,N,perm}, I::Vararg{Int,N}) where {T,N,perm}
    @boundscheck checkbounds(A, I...)
    return @inbounds A.parent[unpermute(perm, I)...]
end
@inline function setindex!(A::PermutedDimsArray{T,N,perm}, v, I::Vararg{Int,N}) where {T,N,perm}
    @boundscheck checkbounds(A, I...)
    @inbounds A.parent[unpermute(perm, I)...] = v
    return A
end
unpermute(perm::NTuple{N,Int}, I::NTuple{N,Int}) where {N} = ntuple(d -> I[position_of(perm, d)], Val(N))
position_of(perm, d) = (for k in 1:length(perm); perm[k] == d && return k; end; 0)
function permutedims(A::AbstractArray{T,N}, perm) where {T,N}
    p = Tuple(perm)
    (length(p) == N && isperm(p)) || throw(ArgumentError("no valid permutation of dimensions"))
    B = similar(A, map(d -> size(A, d), p))
    for I in CartesianIndices(B)
        B[I] = A[ntuple(d -> I.I[position_of(p, d)], Val(N))...]
    end
    return B
end
permutedims(A::AbstractMatrix) = permutedims(A, (2, 1))
permutedims(v::AbstractVector) = reshape(copy(v), (1, length(v)))
permutedims!(B::AbstractArray, A::AbstractArray, perm) = copyto!(B, permutedims(A, perm))

# ---- adjoint and transpose ----------------------------------------------------------------------

struct Adjoint{T,S} <: AbstractMatrix{T}
    parent::S
end
struct Transpose{T,S} <: AbstractMatrix{T}
    parent::S
end
const AdjOrTrans{T,S} = Union{Adjoint{T,S},Transpose{T,S}}
Adjoint(A::AbstractVecOrMat) = Adjoint{adjoint_type(eltype(A)),typeof(A)}(A)
Transpose(A::AbstractVecOrMat) = Transpose{transpose_type(eltype(A)),typeof(A)}(A)
adjoint_type(::Type{T}) where {T<:Number} = T
adjoint_type(::Type{T}) where {T} = Core.Host.return_type(adjoint, T)
transpose_type(::Type{T}) where {T<:Number} = T
transpose_type(::Type{T}) where {T} = Core.Host.return_type(transpose, T)
adjoint(x::Number) = conj(x)
transpose(x::Number) = x
adjoint(A::AbstractVecOrMat) = Adjoint(A)
transpose(A::AbstractVecOrMat) = Transpose(A)
adjoint(A::Adjoint) = A.parent
transpose(A::Transpose) = A.parent
adjoint(A::Transpose{<:Real}) = A.parent
transpose(A::Adjoint{<:Real}) = A.parent
parent(A::AdjOrTrans) = A.parent
size(A::AdjOrTrans) = flip_size(size(A.parent))
flip_size(s::Tuple{Int}) = (1, s[1])
flip_size(s::Tuple{Int,Int}) = (s[2], s[1])
flip(A::Adjoint, x) = adjoint(x)
flip(A::Transpose, x) = transpose(x)
IndexStyle(::Type{<:AdjOrTrans{T,<:AbstractVector}}) where {T} = IndexLinear()
@inline getindex(A::AdjOrTrans{T,<:AbstractVector}, i::Int) where {T} = (@boundscheck checkbounds(A, i); flip(A, @inbounds A.parent[i]))
@inline getindex(A::AdjOrTrans{T,<:AbstractMatrix}, i::Int, j::Int) where {T} = (@boundscheck checkbounds(A, i, j); flip(A, @inbounds A.parent[j, i]))
@inline setindex!(A::AdjOrTrans{T,<:AbstractVector}, v, i::Int) where {T} = (@boundscheck checkbounds(A, i); @inbounds A.parent[i] = flip(A, v); A)
@inline setindex!(A::AdjOrTrans{T,<:AbstractMatrix}, v, i::Int, j::Int) where {T} = (@boundscheck checkbounds(A, i, j); @inbounds A.parent[j, i] = flip(A, v); A)
similar(A::AdjOrTrans, ::Type{T}, dims::Dims{N}) where {T,N} = similar(A.parent, T, dims)
copy(A::AdjOrTrans) = copyto!(similar(A), A)

# ---- reinterpret --------------------------------------------------------------------------------

struct ReinterpretArray{T,N,S,A<:AbstractArray{S,N}} <: AbstractArray{T,N}
    parent::A
end
function reinterpret(::Type{T}, a::A) where {T,S,N,A<:AbstractArray{S,N}}
    isbitstype(T) || throw(ArgumentError(string("cannot reinterpret `", S, "` as `", T, "`, type `", T, "` is not a bits type")))
    isbitstype(S) || throw(ArgumentError(string("cannot reinterpret `", S, "` as `", T, "`, type `", S, "` is not a bits type")))
    N == 0 && sizeof(T) != sizeof(S) && throw(ArgumentError("cannot reinterpret a zero-dimensional array to a type of a different size"))
    N > 0 && rem(size(a, 1) * sizeof(S), sizeof(T)) != 0 &&
        throw(ArgumentError(string("cannot reinterpret an `", S, "` array to `", T, "` whose first dimension has size `", size(a, 1),
            "`.\nThe resulting array would have non-integral first dimension.\n")))
    return ReinterpretArray{T,N,S,A}(a)
end
parent(a::ReinterpretArray) = a.parent
function size(a::ReinterpretArray{T,N,S}) where {T,N,S}
    s = size(a.parent)
    N == 0 && return s
    return (div(s[1] * sizeof(S), sizeof(T)), tail(s)...)
end
IndexStyle(::Type{<:ReinterpretArray}) = IndexLinear()
@inline function getindex(a::ReinterpretArray{T,N,S}, i::Int) where {T,N,S}
    @boundscheck checkbounds(a, i)
    sizeof(T) == sizeof(S) && return reinterpret(T, @inbounds a.parent[i])
    return Core.Host.reinterpret_load(T, a.parent isa Array ? a.parent : collect(a.parent), i)
end
@inline function setindex!(a::ReinterpretArray{T,N,S}, v, i::Int) where {T,N,S}
    @boundscheck checkbounds(a, i)
    x = convert(T, v)::T
    if sizeof(T) == sizeof(S)
        @inbounds a.parent[i] = reinterpret(S, x)
    else
        Core.Host.reinterpret_store(a.parent, x, i)
    end
    return a
end
pointer(a::ReinterpretArray{T}) where {T} = Core.Intrinsics.bitcast(Ptr{T}, pointer(a.parent))

# `reinterpret(reshape, T, a)`: the first dimension appears or goes with the ratio of sizes
function reinterpret(::typeof(reshape), ::Type{T}, a::AbstractArray{S,N}) where {T,S,N}
    sizeof(T) == sizeof(S) && return reinterpret(T, a)
    if sizeof(S) > sizeof(T)
        rem(sizeof(S), sizeof(T)) == 0 || throw(ArgumentError(string("`reinterpret(reshape, ", T, ", a)` where `eltype(a)` is ", S, " requires that `sizeof(", S, ")` be an integer multiple of `sizeof(", T, ")`")))
        k = div(sizeof(S), sizeof(T))
        return reshape(reinterpret(T, vec(a)), (k, size(a)...))
    end
    k = div(sizeof(T), sizeof(S))
    size(a, 1) == k || throw(ArgumentError(string("`reinterpret(reshape, ", T, ", a)` where `eltype(a)` is ", S, " requires that `axes(a, 1)` equal 1:", k, " (from the ratio of element sizes)")))
    return reshape(reinterpret(T, vec(a)), tail(size(a)))
end
float(a::AbstractArray{<:AbstractFloat}) = a
float(a::AbstractArray) = map(float, a)
complex(a::AbstractArray{<:Complex}) = a
complex(a::AbstractArray) = map(complex, a)

# ---- arrays in memory with fixed strides -----------------------------------------------------------

const StridedIndex = Union{AbstractRange{<:Integer},Integer,Slice}
const StridedArray{T,N} = Union{DenseArray{T,N},SubArray{T,N,<:DenseArray,<:Tuple{Vararg{StridedIndex}}},ReshapedArray{T,N,<:DenseArray},ReinterpretArray{T,N,<:Any,<:DenseArray}}
const StridedVector{T} = StridedArray{T,1}
const StridedMatrix{T} = StridedArray{T,2}
const StridedVecOrMat{T} = Union{StridedVector{T},StridedMatrix{T}}
