# Constructors. `SVector{3}(…)`, `SMatrix{2,2,Float64}(…)` and so on take the elements one by one, a tuple, or an array.

# The dimensions and the element type that a type has, however many of its parameters are given.
@inline dims_parameter(::Type{<:StaticArray{S}}) where {S} = S
@inline element_parameter(::Type{A}, x) where {A<:StaticArray} = eltype(A) === Any ? joined_type(x) : eltype(A)
@inline static_length(::Type{A}) where {A<:StaticArray} = Base.prod_dims(static_dims(dims_parameter(A)))
for A in (:SArray, :MArray)
    @eval begin
        @inline (::Type{X})(x::Tuple) where {X<:$A} = complete($A, dims_parameter(X), element_parameter(X, x))(x)
        @inline (::Type{X})(x...) where {X<:$A} = X(elements(X, Val(static_length(X)), x))
        @inline complete(::Type{$A}, ::Type{S}, ::Type{T}) where {S<:Tuple,T} = $A{S,T,length(static_dims(S)),Base.prod_dims(static_dims(S))}
        (::Type{X})(::UndefInitializer) where {X<:$A} = undef_array($A, dims_parameter(X), eltype(X))
        $A(a::StaticArray{S,T,N}) where {S,T,N} = $A{S,T,N,length(a)}(Tuple(a))
        $A{S}(a::StaticArray{S,T,N}) where {S<:Tuple,T,N} = $A{S,T,N,length(a)}(Tuple(a))
    end
end
undef_array(::Type{MArray}, ::Type{S}, ::Type{T}) where {S,T} = MArray{S,T,length(static_dims(S)),prod(static_dims(S))}(undef)
undef_array(::Type{SArray}, ::Type{S}, ::Type{T}) where {S,T} = SArray{S,T,length(static_dims(S)),prod(static_dims(S))}(ntuple(i -> zero(T), Val(prod(static_dims(S)))))
@inline joined_type(x::Tuple{}) = Union{}
@inline joined_type(x::Tuple) = Base.promote_typeof(x...)

# The elements of what a constructor was given.
@inline elements(A, ::Val{L}, x::NTuple{L,Any}) where {L} = x
@inline elements(A, ::Val{1}, x::Tuple{Any}) = one_argument(A, Val(1), x[1])
@inline elements(A, l::Val, x::Tuple{Any}) = one_argument(A, l, x[1])
elements(A, ::Val{L}, x::Tuple) where {L} = throw_count(A, L, length(x))
@inline one_argument(A, ::Val{L}, x::NTuple{L,Any}) where {L} = x
@inline one_argument(A, ::Val{L}, x::StaticArray) where {L} = length(x) == L ? Tuple(x) : throw_count(A, L, length(x))
one_argument(A, ::Val{L}, x::AbstractArray) where {L} = length(x) == L ? ntuple(i -> x[firstindex(x)+i-1], Val(L)) : throw_count(A, L, length(x))
one_argument(A, ::Val{L}, x::Tuple) where {L} = throw_count(A, L, length(x))
one_argument(A, ::Val{1}, x) = (x,)
function one_argument(A, ::Val{L}, x) where {L}
    v = collect(x)
    length(v) == L || throw_count(A, L, length(v))
    return ntuple(i -> v[i], Val(L))
end
@noinline throw_count(A, L, n) = throw(DimensionMismatch(string("expected input array of length ", L, ", got length ", n)))

@inline SVector(x::Vararg{Any,N}) where {N} = SVector{N}(x)
@inline SVector(x::NTuple{N,Any}) where {N} = SVector{N}(x)
@inline SVector(a::StaticVector{N,T}) where {N,T} = SVector{N,T}(Tuple(a))
@inline MVector(x::Vararg{Any,N}) where {N} = MVector{N}(x)
@inline MVector(x::NTuple{N,Any}) where {N} = MVector{N}(x)
@inline MVector(a::StaticVector{N,T}) where {N,T} = MVector{N,T}(Tuple(a))
@inline SMatrix(a::StaticMatrix{M,N,T}) where {M,N,T} = SMatrix{M,N,T}(Tuple(a))
@inline MMatrix(a::StaticMatrix{M,N,T}) where {M,N,T} = MMatrix{M,N,T}(Tuple(a))
Scalar(x::T) where {T} = Scalar{T}((x,))

# `SA[1, 2, 3]`, `SA[1 2; 3 4]`, `SA_F32[…]`
struct SA{T} end
const SA_F32 = SA{Float32}
const SA_F64 = SA{Float64}
@inline getindex(::Type{SA}, x::Vararg{Any,N}) where {N} = SVector{N}(x)
@inline getindex(::Type{SA{T}}, x::Vararg{Any,N}) where {T,N} = SVector{N,T}(x)
@inline Base.typed_vcat(::Type{SA}, x::Number...) = SVector(x)
@inline Base.typed_hcat(::Type{SA}, x::Number...) = SMatrix{1,length(x)}(x)
@inline Base.typed_hcat(::Type{SA{T}}, x::Number...) where {T} = SMatrix{1,length(x),T}(x)
Base.typed_hvcat(::Type{SA}, rows::Tuple{Vararg{Int}}, x::Number...) = rows_to_matrix(joined_type(x), rows, x)
Base.typed_hvcat(::Type{SA{T}}, rows::Tuple{Vararg{Int}}, x::Number...) where {T} = rows_to_matrix(T, rows, x)
# `x` holds the matrix row by row
function rows_to_matrix(::Type{T}, rows, x) where {T}
    m, n = length(rows), rows[1]
    all(==(n), rows) || throw(ArgumentError("the rows of a matrix must have equal lengths"))
    return SMatrix{m,n,T}(ntuple(k -> x[((k-1)%m)*n+div(k - 1, m)+1], m * n))
end

convert(::Type{A}, x::AbstractArray) where {A<:SArray} = x isa A ? x : A(x)
convert(::Type{A}, x::AbstractArray) where {A<:MArray} = x isa A ? x : A(x)
convert(::Type{A}, x::Tuple) where {A<:TupleBacked} = A(x)
convert(::Type{SArray{S,T,N,L}}, x::SArray{S,T,N,L}) where {S,T,N,L} = x
convert(::Type{SArray{S,T,N,L}}, x::SArray{S,U,N,L}) where {S,T,U,N,L} = SArray{S,T,N,L}(Tuple(x))
promote_rule(::Type{SArray{S,T,N,L}}, ::Type{SArray{S,U,N,L}}) where {S,T,U,N,L} = SArray{S,promote_type(T, U),N,L}

@inline zero(a::StaticArray) = zeros(typeof(a))
@inline zero(::Type{A}) where {A<:StaticArray} = zeros(A)
@inline zeros(::Type{A}) where {A<:StaticArray} = filled(A, zero(float_if_any(eltype(A))))
@inline ones(::Type{A}) where {A<:StaticArray} = filled(A, one(float_if_any(eltype(A))))
float_if_any(::Type{T}) where {T} = T === Any ? Float64 : T
@inline fill(x, ::Type{A}) where {A<:StaticArray} = filled(A, x)
@inline Base.fill(x, ::Type{A}) where {A<:SArray} = filled(A, x)
@inline filled(::Type{A}, x) where {A<:StaticArray} = make(A, typeof(x), ntuple(i -> x, Val(length(A))))
# `A` may lack its element type
@inline make(::Type{A}, ::Type{T}, x::Tuple) where {A<:StaticArray,T} = similar_type(A, eltype(A) === Any ? T : eltype(A), Size(A))(x)
rand(::Type{A}) where {A<:StaticArray} = (T = float_if_any(eltype(A)); make(A, T, ntuple(i -> rand(T), Val(length(A)))))
randn(::Type{A}) where {A<:StaticArray} = (T = float_if_any(eltype(A)); make(A, T, ntuple(i -> randn(T), Val(length(A)))))
Base.draw(r::Base.AbstractRNG, ::Type{A}) where {A<:StaticArray} = (T = float_if_any(eltype(A)); make(A, T, ntuple(i -> Base.draw(r, T), Val(length(A)))))
Base.fill!(a::MArray, x) = (for i in eachindex(a); a[i] = x; end; a)
