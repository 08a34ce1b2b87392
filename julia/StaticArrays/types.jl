# The types. `S` is a tuple type of the dimensions.

abstract type StaticArray{S<:Tuple,T,N} <: AbstractArray{T,N} end
const StaticVector{N,T} = StaticArray{Tuple{N},T,1}
const StaticMatrix{M,N,T} = StaticArray{Tuple{M,N},T,2}
const StaticVecOrMat{T} = Union{StaticVector{<:Any,T},StaticMatrix{<:Any,<:Any,T}}

struct SArray{S<:Tuple,T,N,L} <: StaticArray{S,T,N}
    data::NTuple{L,T}
    SArray{S,T,N,L}(x::NTuple{L,T}) where {S<:Tuple,T,N,L} = (check_size(S, N, L); new{S,T,N,L}(x))
    SArray{S,T,N,L}(x::NTuple{L,Any}) where {S<:Tuple,T,N,L} = (check_size(S, N, L); new{S,T,N,L}(convert_tuple(T, x)))
end
mutable struct MArray{S<:Tuple,T,N,L} <: StaticArray{S,T,N}
    data::NTuple{L,T}
    MArray{S,T,N,L}(::UndefInitializer) where {S<:Tuple,T,N,L} = new{S,T,N,L}()
    MArray{S,T,N,L}(x::NTuple{L,T}) where {S<:Tuple,T,N,L} = (check_size(S, N, L); new{S,T,N,L}(x))
    MArray{S,T,N,L}(x::NTuple{L,Any}) where {S<:Tuple,T,N,L} = (check_size(S, N, L); new{S,T,N,L}(convert_tuple(T, x)))
end
const SVector{N,T} = SArray{Tuple{N},T,1,N}
const SMatrix{M,N,T,L} = SArray{Tuple{M,N},T,2,L}
const MVector{N,T} = MArray{Tuple{N},T,1,N}
const MMatrix{M,N,T,L} = MArray{Tuple{M,N},T,2,L}
const Scalar{T} = SArray{Tuple{},T,0,1}
const TupleBacked = Union{SArray,MArray}
const SizedArray = MArray
const SizedVector = MVector
const SizedMatrix = MMatrix

@inline convert_tuple(::Type{T}, x::Tuple) where {T} = map(v -> convert(T, v), x)
@inline check_size(::Type{S}, N, L) where {S} = (length(static_dims(S)) == N && Base.prod_dims(static_dims(S)) == L) || throw_size(S, N, L)
@noinline throw_size(S, N, L) = throw(ArgumentError(string("Size mismatch in static array parameters. Got size ", S, ", dimension ", N, " and length ", L, ".")))

# ---- sizes as values --------------------------------------------------------------------------------

@inline static_dims(::Type{Tuple{}}) = ()
@inline static_dims(::Type{Tuple{A}}) where {A} = (A,)
@inline static_dims(::Type{Tuple{A,B}}) where {A,B} = (A, B)
@inline static_dims(::Type{Tuple{A,B,C}}) where {A,B,C} = (A, B, C)
@inline static_dims(::Type{S}) where {S<:Tuple} = ntuple(i -> fieldtype(S, i), Val(fieldcount(S)))
@generated dims_type(::Val{dims}) where {dims} = Tuple{dims...}

struct Size{S} end
Size(::Type{<:StaticArray{S}}) where {S} = Size{static_dims(S)}()
Size(a::StaticArray) = Size(typeof(a))
Size(dims::Int...) = Size{dims}()
Size(dims::Tuple{Vararg{Int}}) = Size{dims}()
Tuple(::Size{S}) where {S} = S
getindex(::Size{S}, i::Int) where {S} = S[i]
length(::Size{S}) where {S} = length(S)
prod(::Size{S}) where {S} = prod(S)
Base.show(io::IO, ::Size{S}) where {S} = print(io, "Size", S)
struct Length{L} end
Length(a::StaticArray) = Length{length(a)}()
const SOneTo = Base.OneTo

@inline size(::StaticArray{S}) where {S} = static_dims(S)
@inline size(::Type{<:StaticArray{S}}) where {S} = static_dims(S)
@inline size(::Type{<:StaticArray{S}}, d::Integer) where {S} = d <= length(static_dims(S)) ? static_dims(S)[d] : 1
@inline length(::StaticArray{S}) where {S} = Base.prod_dims(static_dims(S))
@inline length(::Type{<:StaticArray{S}}) where {S} = Base.prod_dims(static_dims(S))
@inline axes(a::StaticArray) = map(Base.OneTo, size(a))
Base.IndexStyle(::Type{<:StaticArray}) = IndexLinear()
Base.isassigned(a::StaticArray, i::Int) = 1 <= i <= length(a)

# ---- elements ---------------------------------------------------------------------------------------

@inline Tuple(a::TupleBacked) = getfield(a, :data)
@inline Tuple(a::StaticArray) = ntuple(i -> a[i], Val(length(typeof(a))))
@inline getindex(a::SArray, i::Int) = (@boundscheck in_range(a, i) || Base.throw_boundserror(a, (i,)); getfield(getfield(a, :data), i, false))
@inline in_range(a, i::Int) = (i - 1) % UInt < length(a) % UInt
@inline getindex(a::SArray{Tuple{M,N}}, i::Int, j::Int) where {M,N} =
    (@boundscheck (((i - 1) % UInt < M % UInt) & ((j - 1) % UInt < N % UInt)) || Base.throw_boundserror(a, (i, j)); getfield(getfield(a, :data), i + M * (j - 1), false))
@propagate_inbounds getindex(a::SArray, i::Union{Int8,Int16,Int32,UInt8,UInt16,UInt32,UInt64}) = getindex(a, Int(i))
@inline getindex(a::Scalar) = getfield(a, :data)[1]
# mutable ones are read and written in place
@inline element_address(a::MArray{S,T}) where {S,T} = Core.Intrinsics.bitcast(Ptr{T}, Core.Intrinsics.object_pointer(a))
@inline pointer(a::MArray) = element_address(a)
Base.elsize(::Type{<:StaticArray{S,T}}) where {S,T} = Core.Host.element_size(T)
@inline function getindex(a::MArray{S,T}, i::Int) where {S,T}
    @boundscheck in_range(a, i) || Base.throw_boundserror(a, (i,))
    isbitstype(T) && return Core.Intrinsics.pointerref(element_address(a), i, 1)
    return getfield(getfield(a, :data), i, false)
end
@inline function setindex!(a::MArray{S,T}, v, i::Int) where {S,T}
    @boundscheck in_range(a, i) || Base.throw_boundserror(a, (i,))
    x = convert(T, v)::T
    if isbitstype(T)
        Core.Intrinsics.pointerset(element_address(a), x, i, 1)
    else
        setfield!(a, :data, Base.setindex(getfield(a, :data), x, i))
    end
    return a
end
setindex!(a::SArray, v, i::Int) = throw_immutable(a)
@noinline throw_immutable(a) = error("setindex!(::", typeof(a), ", value, ::Int) is not defined.\n Hint: Use `MArray` or `SizedArray` to create a mutable static array")
@inline iterate(a::StaticArray, i::Int = 1) = i > length(a) ? nothing : (@inbounds(a[i]), i + 1)
# static indices give static arrays
@inline getindex(a::StaticArray, I::StaticVector{N,<:Integer}) where {N} = similar_type(a, eltype(a), Size(N))(map(i -> a[i], Tuple(I)))
@inline getindex(a::StaticArray, ::Colon) = similar_type(a, eltype(a), Size(length(a)))(Tuple(a))
@inline getindex(a::StaticMatrix{M,N}, ::Colon, j::Int) where {M,N} = similar_type(a, eltype(a), Size(M))(ntuple(i -> a[i, j], Val(M)))
@inline getindex(a::StaticMatrix{M,N}, i::Int, ::Colon) where {M,N} = similar_type(a, eltype(a), Size(N))(ntuple(j -> a[i, j], Val(N)))
@inline getindex(a::StaticMatrix{M,N}, ::Colon, ::Colon) where {M,N} = a
@inline getindex(a::StaticMatrix, I::StaticVector{P,<:Integer}, J::StaticVector{Q,<:Integer}) where {P,Q} =
    similar_type(a, eltype(a), Size(P, Q))(ntuple(k -> a[I[(k-1)%P+1], J[div(k - 1, P)+1]], Val(P * Q)))

# Arrays with named fields: `struct Point <: FieldVector{2,Float64}; x::Float64; y::Float64; end`
abstract type FieldArray{S<:Tuple,T,N} <: StaticArray{S,T,N} end
const FieldVector{N,T} = FieldArray{Tuple{N},T,1}
const FieldMatrix{M,N,T} = FieldArray{Tuple{M,N},T,2}
@inline getindex(a::FieldArray, i::Int) = getfield(a, i)
@inline setindex!(a::FieldArray, v, i::Int) = (setfield!(a, i, convert(fieldtype(typeof(a), i), v)); a)
(::Type{F})(x::Tuple) where {F<:FieldArray} = F(x...)
similar_type(::Type{F}, ::Type{T}, s::Size) where {F<:FieldArray,T} = T === eltype(F) && s === Size(F) ? F : SArray{dims_type(Val(Tuple(s))),T,length(s),prod(s)}

# ---- related types ------------------------------------------------------------------------------------

similar_type(a::StaticArray) = similar_type(typeof(a))
similar_type(a::StaticArray, x...) = similar_type(typeof(a), x...)
similar_type(::Type{A}) where {A<:StaticArray} = similar_type(A, eltype(A), Size(A))
similar_type(::Type{A}, ::Type{T}) where {A<:StaticArray,T} = similar_type(A, T, Size(A))
similar_type(::Type{A}, s::Size) where {A<:StaticArray} = similar_type(A, eltype(A), s)
@inline similar_type(::Type{<:SArray}, ::Type{T}, s::Size{D}) where {T,D} = SArray{dims_type(Val(D)),T,length(D),Base.prod_dims(D)}
@inline similar_type(::Type{<:MArray}, ::Type{T}, s::Size{D}) where {T,D} = MArray{dims_type(Val(D)),T,length(D),Base.prod_dims(D)}
@inline similar_type(::Type{<:StaticArray}, ::Type{T}, s::Size{D}) where {T,D} = SArray{dims_type(Val(D)),T,length(D),Base.prod_dims(D)}
similar(a::StaticArray{S,T,N}) where {S,T,N} = MArray{S,T,N,length(a)}(undef)
similar(a::StaticArray{S,<:Any,N}, ::Type{T}) where {S,T,N} = MArray{S,T,N,length(a)}(undef)
similar(a::StaticArray, ::Type{T}, s::Size{D}) where {T,D} = MArray{dims_type(Val(D)),T,length(D),prod(D)}(undef)
copy(a::SArray) = a
copy(a::MArray{S,T,N,L}) where {S,T,N,L} = MArray{S,T,N,L}(getfield(a, :data))
Base.Device.adapt_structure(to, a::SArray) = a
Base.Device.adapt_structure(to, a::MArray) = a
