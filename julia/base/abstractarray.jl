# What every array can do, on top of three methods of the concrete type: `size`, `getindex`, `setindex!`.


IndexStyle(A::AbstractArray) = IndexStyle(typeof(A))
IndexStyle(::Type{Union{}}, slurp...) = IndexLinear()
IndexStyle(::Type{<:AbstractArray}) = IndexCartesian()
IndexStyle(::Type{<:Array}) = IndexLinear()
IndexStyle(::Type{<:AbstractRange}) = IndexLinear()
IndexStyle(A::AbstractArray, B::AbstractArray) = IndexStyle(IndexStyle(A), IndexStyle(B))
IndexStyle(A::AbstractArray, B::AbstractArray...) = IndexStyle(IndexStyle(A), IndexStyle(B...))
IndexStyle(::IndexLinear, ::IndexLinear) = IndexLinear()
IndexStyle(::IndexStyle, ::IndexStyle) = IndexCartesian()

# ---- sizes and axes -----------------------------------------------------------------------------

eltype(::Type{<:AbstractArray{E}}) where {E} = @isdefined(E) ? E : Any
eltype(x) = eltype(typeof(x))
eltype(::Type) = Any
eltype(::Type{Bottom}) = throw(ArgumentError("Union{} does not have elements"))
ndims(::AbstractArray{T,N}) where {T,N} = N
ndims(::Type{<:AbstractArray{<:Any,N}}) where {N} = N
ndims(::Type{Union{}}, slurp...) = throw(ArgumentError("Union{} does not have elements"))
elsize(A::AbstractArray) = elsize(typeof(A))

size(t::AbstractArray{T,N}, d::Integer) where {T,N} = d < 1 ? throw_dim_error(d) : (d <= N ? size(t)[d] : 1)
size(t::AbstractArray, d1::Integer, d2::Integer, dx::Integer...) = map(d -> size(t, d), (d1, d2, dx...))
@noinline throw_dim_error(d) = throw(ArgumentError(string("dimension must be ≥ 1, got ", d)))
axes(A::AbstractArray) = map(oneto, size(A))
axes(A::AbstractArray{T,N}, d::Integer) where {T,N} = d < 1 ? throw_dim_error(d) : (d <= N ? axes(A)[d] : OneTo(1))
axes1(A::AbstractArray{<:Any,0}) = OneTo(1)
axes1(A::AbstractArray) = axes(A)[1]
length(A::AbstractArray) = prod_dims(size(A))
prod_dims(::Tuple{}) = 1
prod_dims(t::Tuple{Int}) = t[1]
prod_dims(t::Tuple) = t[1] * prod_dims(tail(t))
isempty(A::AbstractArray) = length(A) == 0
firstindex(A::AbstractArray) = first(eachindex(IndexLinear(), A))
firstindex(A::AbstractVector) = first(axes1(A))
firstindex(A::AbstractArray, d) = first(axes(A, d))
lastindex(A::AbstractArray) = last(eachindex(IndexLinear(), A))
lastindex(A::AbstractVector) = last(axes1(A))
lastindex(A::AbstractArray, d) = last(axes(A, d))
strides(A::Array) = size_to_strides(1, size(A)...)
size_to_strides(s, d, sz...) = (s, size_to_strides(s * d, sz...)...)
size_to_strides(s, d) = (s,)
size_to_strides(s) = ()
stride(A::AbstractArray, k::Integer) = (st = strides(A); k <= ndims(A) ? st[k] : length(A))
keys(A::AbstractArray) = CartesianIndices(axes(A))
keys(A::AbstractVector) = LinearIndices(A)
keytype(A::AbstractArray) = CartesianIndex{ndims(A)}
keytype(A::AbstractVector) = Int
keytype(a) = keytype(typeof(a))
valtype(A::AbstractArray) = eltype(A)
valtype(a) = valtype(typeof(a))
values(itr) = itr
pairs(::IndexLinear, A::AbstractArray) = Pairs(A, LinearIndices(A))
pairs(::IndexCartesian, A::AbstractArray) = Pairs(A, CartesianIndices(axes(A)))
pairs(A::AbstractArray) = pairs(IndexCartesian(), A)
pairs(A::AbstractVector) = pairs(IndexLinear(), A)
eachindex(A::AbstractArray) = eachindex(IndexStyle(A), A)
eachindex(A::AbstractVector) = axes1(A)
eachindex(::IndexLinear, A::AbstractArray) = OneTo(length(A))
eachindex(::IndexLinear, A::AbstractVector) = axes1(A)
eachindex(::IndexCartesian, A::AbstractArray) = CartesianIndices(axes(A))
eachindex(A::AbstractArray, B::AbstractArray...) = eachindex(IndexStyle(A, B...), A, B...)
function eachindex(s::IndexStyle, A::AbstractArray, B::AbstractArray...)
    e = eachindex(s, A)
    for b in B
        eachindex(s, b) == e || throw_eachindex_mismatch(A, B...)
    end
    return e
end
@noinline throw_eachindex_mismatch(A, B...) = throw(DimensionMismatch(string("all inputs to eachindex must have the same indices, got ",
    join(map(x -> length(axes(x)) == 1 ? axes(x, 1) : axes(x), (A, B...)), ", ", " and "))))
eachindex(itrs...) = keys(itrs...)
isassigned(A::AbstractArray, I::Union{Integer,CartesianIndex}...) = isassigned(A, flatten_index(I...)...)
function isassigned(A::AbstractArray{T}, i::Int...) where {T}
    isbitstype(T) && return checkbounds(Bool, A, i...)
    try
        A[i...]
        return true
    catch e
        e isa Union{BoundsError,UndefRefError} || rethrow()
        return false
    end
end
first(A::AbstractArray) = A[first(eachindex(A))]
last(A::AbstractArray) = A[end]
first(A::AbstractVector, n::Integer) = (n < 0 && throw(ArgumentError("Number of elements must be non-negative")); A[begin:min(begin + n - 1, end)])
last(A::AbstractVector, n::Integer) = (n < 0 && throw(ArgumentError("Number of elements must be non-negative")); A[max(begin, end - n + 1):end])
copy(A::AbstractArray) = copyto!(similar(A), A)
has_offset_axes(A, rest...) = any(r -> first(r) != 1, axes(A)) || has_offset_axes(rest...)
require_one_based_indexing(A...) = !has_offset_axes(A...) || throw(ArgumentError("offset arrays are not supported but got an array with index other than 1"))
LinearIndices(A::AbstractArray) = LinearIndices(axes(A))
isdense(A) = A isa DenseArray
parent(A::AbstractArray) = A
conj(x::AbstractArray{<:Real}) = x
conj(x::AbstractArray) = map(conj, x)
real(x::AbstractArray{<:Real}) = x
real(x::AbstractArray) = map(real, x)
imag(x::AbstractArray) = map(imag, x)
+(x::AbstractArray{<:Number}) = x
*(x::AbstractArray{<:Number}) = x

# ---- bounds -------------------------------------------------------------------------------------

@noinline throw_boundserror(A, I) = throw(BoundsError(A, I))

@inline checkindex(::Type{Bool}, inds::AbstractUnitRange, i::Real) = (first(inds) <= i) & (i <= last(inds))
@inline checkindex(::Type{Bool}, inds::OneTo{Int}, i::Int) = (i - 1) % UInt < inds.stop % UInt
checkindex(::Type{Bool}, inds::AbstractUnitRange, ::Colon) = true
checkindex(::Type{Bool}, inds::AbstractUnitRange, r::AbstractRange) = isempty(r) | (checkindex(Bool, inds, first(r)) & checkindex(Bool, inds, last(r)))
checkindex(::Type{Bool}, inds::AbstractUnitRange, s::Slice) = true
checkindex(::Type{Bool}, inds::AbstractUnitRange, I::AbstractVector{Bool}) = inds == axes1(I)
checkindex(::Type{Bool}, inds::AbstractUnitRange, I::AbstractArray{Bool}) = length(inds) == length(I)
checkindex(::Type{Bool}, inds, i) = throw(ArgumentError(string("unable to check bounds for indices of type ", typeof(i))))
function checkindex(::Type{Bool}, inds::AbstractUnitRange, I::AbstractArray)
    for i in I
        checkindex(Bool, inds, i) || return false
    end
    return true
end

# One index: linear. As many as dimensions: one each. More: the rest must be 1. Fewer: the remaining dimensions must have length 1.
@inline checkbounds(::Type{Bool}, A::AbstractArray, i) = checkindex(Bool, eachindex(IndexLinear(), A), i)
@inline checkbounds(::Type{Bool}, A::AbstractArray, i::CartesianIndex) = checkbounds_indices(Bool, axes(A), (i,))
checkbounds(::Type{Bool}, A::AbstractArray, I::AbstractArray{<:CartesianIndex}) = all(i -> checkbounds(Bool, A, i), I)
@inline checkbounds(::Type{Bool}, A::AbstractArray, I...) = checkbounds_indices(Bool, axes(A), I)
checkbounds(::Type{Bool}, A::AbstractArray) = length(A) == 1
checkbounds(::Type{Bool}, A::AbstractArray, I::AbstractArray{Bool}) = axes(A) == axes(I)
checkbounds(::Type{Bool}, A::AbstractVector, I::AbstractVector{Bool}) = axes(A) == axes(I)
checkbounds(::Type{Bool}, A::AbstractArray, I::AbstractVector{Bool}) = length(A) == length(I)
@inline function checkbounds(A::AbstractArray, I...)
    checkbounds(Bool, A, I...) || throw_boundserror(A, I)
    return nothing
end
checkbounds_indices(::Type{Bool}, ::Tuple{}, ::Tuple{}) = true
@inline checkbounds_indices(::Type{Bool}, inds::Tuple, I::Tuple{Any,Vararg{Any}}) = checkindex(Bool, inds[1], I[1]) & checkbounds_indices(Bool, tail(inds), tail(I))
@inline checkbounds_indices(::Type{Bool}, inds::Tuple{Any}, I::Tuple{Any}) = checkindex(Bool, inds[1], I[1])
@inline checkbounds_indices(::Type{Bool}, ::Tuple{}, I::Tuple{Any,Vararg{Any}}) = checkindex(Bool, OneTo(1), I[1]) & checkbounds_indices(Bool, (), tail(I))
checkbounds_indices(::Type{Bool}, inds::Tuple, ::Tuple{}) = all(x -> length(x) == 1, inds)
@inline checkbounds_indices(::Type{Bool}, inds::Tuple, I::Tuple{CartesianIndex,Vararg{Any}}) = checkbounds_indices(Bool, inds, (I[1].I..., tail(I)...))
@inline checkbounds_indices(::Type{Bool}, inds::Tuple{Any}, I::Tuple{CartesianIndex,Vararg{Any}}) = checkbounds_indices(Bool, inds, (I[1].I..., tail(I)...))
@inline checkbounds_indices(::Type{Bool}, inds::Tuple{Any}, I::Tuple{CartesianIndex}) = checkbounds_indices(Bool, inds, I[1].I)
@inline checkbounds_indices(::Type{Bool}, ::Tuple{}, I::Tuple{CartesianIndex,Vararg{Any}}) = checkbounds_indices(Bool, (), (I[1].I..., tail(I)...))

# ---- indices ------------------------------------------------------------------------------------

axes(S::Slice{<:OneTo}) = (S.indices,)
axes(S::Slice) = (IdentityUnitRange(S.indices),)
axes1(S::Slice) = axes(S)[1]
size(S::Slice) = (length(S.indices),)
length(S::Slice) = length(S.indices)
first(S::Slice) = first(S.indices)
last(S::Slice) = last(S.indices)
getindex(S::Slice, i::Int) = (@boundscheck checkbounds(S, i); i)
getindex(S::Slice, r::AbstractUnitRange{<:Integer}) = (@boundscheck checkbounds(S, r); r)
getindex(S::Slice, r::StepRange{<:Integer}) = (@boundscheck checkbounds(S, r); r)
IdentityUnitRange(r::IdentityUnitRange) = r
axes(r::IdentityUnitRange) = (r,)
axes(r::IdentityUnitRange{<:OneTo}) = (r.indices,)
axes1(r::IdentityUnitRange) = axes(r)[1]
size(r::IdentityUnitRange) = (length(r.indices),)
length(r::IdentityUnitRange) = length(r.indices)
first(r::IdentityUnitRange) = first(r.indices)
last(r::IdentityUnitRange) = last(r.indices)
firstindex(r::IdentityUnitRange) = first(r)
lastindex(r::IdentityUnitRange) = last(r)
keys(r::IdentityUnitRange) = axes1(r)
eachindex(r::IdentityUnitRange) = axes1(r)
iterate(r::IdentityUnitRange, s...) = iterate(r.indices, s...)
getindex(r::IdentityUnitRange, i::Int) = (@boundscheck checkbounds(r, i); i)
getindex(r::IdentityUnitRange, s::AbstractUnitRange{<:Integer}) = (@boundscheck checkbounds(r, s); s)
has_offset_axes() = false
iterate(S::Slice, s...) = iterate(S.indices, s...)

const ScalarIndex = Real
index_ndims(::Tuple{}) = ()
to_index(i::Integer) = convert(Int, i)::Int
to_index(i::Int) = i
to_index(::Bool) = throw(ArgumentError("invalid index: true of type Bool"))
to_index(b::Bool) = throw(ArgumentError(string("invalid index: ", b, " of type Bool")))
to_index(I::AbstractArray{Bool}) = LogicalIndex(I)
to_index(I::AbstractArray) = I
to_index(I::AbstractArray{<:AbstractArray}) = throw(ArgumentError(string("invalid index: ", limitrepr(I), " of type ", typeof(I))))
to_index(::Colon) = throw(ArgumentError("colons must be converted by to_indices(...)"))
to_index(i) = throw(ArgumentError(string("invalid index: ", limitrepr(i), " of type ", typeof(i))))
to_index(A, i) = to_index(i)
limitrepr(x) = repr(x)

@inline to_indices(A, I::Tuple{Vararg{Int}}) = I
@inline to_indices(A, I::Tuple{Any}) = to_indices(A, (eachindex(IndexLinear(), A),), I)
@inline to_indices(A, I::Tuple{CartesianIndex}) = I[1].I
@inline to_indices(A, I::Tuple{AbstractArray{<:CartesianIndex}}) = I
@inline to_indices(A, I::Tuple{AbstractArray{Bool}}) = (to_index(I[1]),)
@inline to_indices(A, I::Tuple) = to_indices(A, axes(A), I)
to_indices(A, inds, ::Tuple{}) = ()
@inline to_indices(A, inds, I::Tuple{Any,Vararg{Any}}) = (to_index(A, I[1]), to_indices(A, drop_first(inds), tail(I))...)
@inline to_indices(A, inds, I::Tuple{Colon,Vararg{Any}}) = (uncolon(inds, length(I)), to_indices(A, drop_first(inds), tail(I))...)
@inline to_indices(A, inds, I::Tuple{CartesianIndex,Vararg{Any}}) = to_indices(A, inds, (I[1].I..., tail(I)...))
@inline to_indices(A, inds, I::Tuple{CartesianIndices,Vararg{Any}}) = to_indices(A, inds, (I[1].indices..., tail(I)...))
@inline to_indices(A, inds, I::Tuple{CartesianIndices{0},Vararg{Any}}) = to_indices(A, inds, tail(I))
@inline function to_indices(A, inds, I::Tuple{AbstractArray{CartesianIndex{N}},Vararg{Any}}) where {N}
    return (I[1], to_indices(A, drop_n(inds, Val(N)), tail(I))...)
end
@inline function to_indices(A, inds, I::Tuple{AbstractArray{Bool,N},Vararg{Any}}) where {N}
    return (to_index(I[1]), to_indices(A, drop_n(inds, Val(N)), tail(I))...)
end
drop_first(::Tuple{}) = ()
drop_first(t::Tuple) = tail(t)
drop_n(t::Tuple, ::Val{0}) = t
drop_n(t::Tuple, ::Val{N}) where {N} = drop_n(drop_first(t), Val(N - 1))
uncolon(::Tuple{}, n) = Slice(OneTo(1))
uncolon(inds::Tuple{Any}, n) = Slice(inds[1])
uncolon(inds::Tuple, n) = n == 1 ? Slice(OneTo(prod_dims(map(length, inds)))) : Slice(inds[1])

# A mask as an index: the positions where it is true; it must have the shape of what it selects from.
struct LogicalIndex{T,A<:AbstractArray{Bool}} <: AbstractVector{T}
    positions::Vector{T}
    mask::A
end
LogicalIndex(mask::AbstractArray{Bool}) = LogicalIndex(findall(mask), mask)
LogicalIndex(positions::Vector{T}, mask::A) where {T,A} = LogicalIndex{T,A}(positions, mask)
size(L::LogicalIndex) = (length(L.positions),)
length(L::LogicalIndex) = length(L.positions)
IndexStyle(::Type{<:LogicalIndex}) = IndexLinear()
@propagate_inbounds getindex(L::LogicalIndex, i::Int) = L.positions[i]
iterate(L::LogicalIndex, s...) = iterate(L.positions, s...)
collect(L::LogicalIndex) = copy(L.positions)
checkindex(::Type{Bool}, inds::AbstractUnitRange, L::LogicalIndex) = checkindex(Bool, inds, L.mask)
checkbounds(::Type{Bool}, A::AbstractArray, L::LogicalIndex) = checkbounds(Bool, A, L.mask)
checkbounds(::Type{Bool}, A::AbstractArray, L::LogicalIndex{<:CartesianIndex}) = checkbounds(Bool, A, L.mask)
plain_index(L::LogicalIndex) = L.positions
plain_index(i) = i

# The shape of `A[I...]`: the axes of the non-scalar indices, joined.
index_shape() = ()
@inline index_shape(i::Real, rest...) = index_shape(rest...)
@inline index_shape(i::AbstractArray, rest...) = (axes(i)..., index_shape(rest...)...)

# ---- generic element access ---------------------------------------------------------------------

@noinline throw_no_index(A, I) = throw(CanonicalIndexError(typeof(A)))
struct CanonicalIndexError <: Exception
    func::String
    type::Any
end
@noinline canonical_error(f, A, I) = throw(CanonicalIndexError(f, typeof(A)))

@propagate_inbounds getindex(A::AbstractArray, I...) = getindex_converted(A, I, to_indices(A, I))
@propagate_inbounds setindex!(A::AbstractArray, v, I...) = (setindex_converted!(A, v, I, to_indices(A, I)); A)
# Plain integers again where other integers or Cartesian indices were: the type's own method. The same as before: it has none.
@propagate_inbounds getindex_converted(A, I::Tuple{Vararg{Int}}, J::Tuple{Vararg{Int}}) = _getindex(IndexStyle(A), A, J)
@propagate_inbounds getindex_converted(A, I::Tuple, J::Tuple{Vararg{Int}}) = getindex(A, J...)
@propagate_inbounds getindex_converted(A, I::Tuple, J::Tuple) = _getindex(IndexStyle(A), A, J)
@propagate_inbounds setindex_converted!(A, v, I::Tuple{Vararg{Int}}, J::Tuple{Vararg{Int}}) = _setindex!(IndexStyle(A), A, v, J)
@propagate_inbounds setindex_converted!(A, v, I::Tuple, J::Tuple{Vararg{Int}}) = setindex!(A, v, J...)
@propagate_inbounds setindex_converted!(A, v, I::Tuple, J::Tuple) = _setindex!(IndexStyle(A), A, v, J)

# scalar access that the concrete type lacks in this spelling
@inline _getindex(::IndexLinear, A::AbstractArray, J::Tuple{Int}) = canonical_error("getindex", A, J)
@inline function _getindex(::IndexLinear, A::AbstractArray, J::Tuple{Vararg{Int}})
    @boundscheck checkbounds(A, J...)
    return @inbounds getindex(A, linear_index(A, J))
end
@inline function _getindex(::IndexLinear, A::AbstractArray, J::Tuple{})
    @boundscheck length(A) == 1 || throw_boundserror(A, J)
    return @inbounds getindex(A, 1)
end
@inline function _getindex(::IndexCartesian, A::AbstractArray{T,N}, J::Tuple{Vararg{Int}}) where {T,N}
    length(J) == N && canonical_error("getindex", A, J)
    @boundscheck checkbounds(A, J...)
    return @inbounds getindex(A, cartesian_position(A, J)...)
end
@inline _setindex!(::IndexLinear, A::AbstractArray, v, J::Tuple{Int}) = canonical_error("setindex!", A, J)
@inline function _setindex!(::IndexLinear, A::AbstractArray, v, J::Tuple{Vararg{Int}})
    @boundscheck checkbounds(A, J...)
    @inbounds setindex!(A, v, linear_index(A, J))
end
@inline function _setindex!(::IndexLinear, A::AbstractArray, v, J::Tuple{})
    @boundscheck length(A) == 1 || throw_boundserror(A, J)
    @inbounds setindex!(A, v, 1)
end
@inline function _setindex!(::IndexCartesian, A::AbstractArray{T,N}, v, J::Tuple{Vararg{Int}}) where {T,N}
    length(J) == N && canonical_error("setindex!", A, J)
    @boundscheck checkbounds(A, J...)
    @inbounds setindex!(A, v, cartesian_position(A, J)...)
end

@inline linear_index(A::AbstractArray, J::Tuple) = _sub2ind(axes(A), J)
@inline _sub2ind(inds::Tuple, J::Tuple) = 1 + sub2ind_sum(inds, J, 1)
sub2ind_sum(::Tuple, ::Tuple{}, stride) = 0
sub2ind_sum(::Tuple{}, J::Tuple{Any,Vararg{Any}}, stride) = (J[1] - 1) * stride + sub2ind_sum((), tail(J), stride)
@inline sub2ind_sum(inds::Tuple{Any,Vararg{Any}}, J::Tuple{Any,Vararg{Any}}, stride) =
    (J[1] - first(inds[1])) * stride + sub2ind_sum(tail(inds), tail(J), stride * length(inds[1]))
_sub2ind(::Tuple{}, ::Tuple{}) = 1

# any number of integer subscripts → exactly one per dimension
@inline cartesian_position(A::AbstractArray{T,N}, J::Tuple{Vararg{Int}}) where {T,N} = expand_position(axes(A), J)
expand_position(::Tuple{}, J::Tuple) = ()
@inline expand_position(inds::Tuple{Any}, J::Tuple{Any,Vararg{Any}}) = (J[1],)
expand_position(inds::Tuple{Any,Vararg{Any}}, ::Tuple{}) = (first(inds[1]), expand_position(tail(inds), ())...)
@inline expand_position(inds::Tuple{Any,Any,Vararg{Any}}, J::Tuple{Any,Any,Vararg{Any}}) = (J[1], expand_position(tail(inds), tail(J))...)
@inline expand_position(inds::Tuple{Any,Any,Vararg{Any}}, J::Tuple{Any}) = _ind2sub(inds, J[1])
@inline function _ind2sub(inds::Tuple{Any,Any,Vararg{Any}}, i)
    n = length(inds[1])
    q, r = divrem(i - 1, n)
    return (r + first(inds[1]), _ind2sub(tail(inds), q + 1)...)
end
_ind2sub(inds::Tuple{Any}, i) = (i - 1 + first(inds[1]),)
_ind2sub(inds::Tuple{}, i) = ()

# non-scalar access
@inline _getindex(::IndexStyle, A::AbstractArray, J::Tuple{Vararg{Union{Real,AbstractArray}}}) = gather(A, J)
@inline _setindex!(::IndexStyle, A::AbstractArray, v, J::Tuple{Vararg{Union{Real,AbstractArray}}}) = scatter!(A, v, J)
function gather(A::AbstractArray, J::Tuple)
    @boundscheck checkbounds(A, J...)
    dest = similar(A, index_shape(J...))
    return gather!(dest, A, J)
end
function gather!(dest, A, J::Tuple{AbstractArray})
    k = 0
    for i in J[1]
        k += 1
        @inbounds dest[k] = A[i]
    end
    return dest
end
function gather!(dest, A, J::Tuple)
    k = 0
    for p in product_positions(J)
        k += 1
        @inbounds dest[k] = A[p...]
    end
    return dest
end
function scatter!(A::AbstractArray, v, J::Tuple)
    @boundscheck checkbounds(A, J...)
    if v isa AbstractArray
        setindex_shape_check(v, index_shape(J...), J)
        s = Base.unalias_source(A, v)
        it = iterate(s)
        for p in product_positions(J)
            x, st = it
            @inbounds A[p...] = x
            it = iterate(s, st)
        end
    else
        throw(ArgumentError("indexed assignment with a single value to possibly many locations is not supported; perhaps use broadcasting `.=` instead?"))
    end
    return A
end
unalias_source(A, v) = (v === A || (v isa SubArray && parent(v) === A)) ? copy(v) : v
function setindex_shape_check(v::AbstractArray, ax::Tuple, J::Tuple = ax)
    n = prod_dims(map(length, ax))
    length(v) == n || throw_setindex_mismatch(v, map(length, J))
    a = filter(!=(1), size(v))
    b = filter(!=(1), map(length, ax))
    (a == b || length(a) <= 1 && ndims(v) == 1 || length(b) <= 1) || throw_setindex_mismatch(v, map(length, J))
    return nothing
end
@noinline function throw_setindex_mismatch(X, I)
    pp(d) = length(d) == 1 ? string(d[1], "-element destination") : string(join(d, "×"), " destination")
    length(I) == 1 ? throw(DimensionMismatch(string("tried to assign ", length(X), " elements to ", I[1], " destinations"))) :
    throw(DimensionMismatch(string("tried to assign ", dims_string(size(X)), " array to ", dims_string(I), " destination")))
end
dims_string(d) = length(d) == 0 ? "0-dimensional" : length(d) == 1 ? string(d[1], "-element") : join(map(string, d), '×')

# all positions of `A[J...]`, first index fastest, each a tuple of subscripts
product_positions(J::Tuple) = Iterators.ProductIterator(map(as_positions, J))
as_positions(i::Real) = (i,)
as_positions(a::AbstractArray) = a

@propagate_inbounds getindex(A::AbstractArray, I::CartesianIndex) = A[I.I...]

# ---- iteration ----------------------------------------------------------------------------------

@inline function iterate(A::AbstractArray, state = (eachindex(A),))
    y = iterate(state...)
    y === nothing && return nothing
    return @inbounds(A[y[1]]), (state[1], y[2])
end

# ---- making and copying -------------------------------------------------------------------------

similar(a::AbstractArray{T}) where {T} = similar(a, T)
similar(a::AbstractArray, ::Type{T}) where {T} = similar(a, T, map(length, axes(a)))
similar(a::AbstractArray{T}, dims::Tuple) where {T} = similar(a, T, dims)
similar(a::AbstractArray{T}, dims::Union{Integer,AbstractUnitRange}...) where {T} = similar(a, T, dims)
similar(a::AbstractArray, ::Type{T}, dims::Union{Integer,AbstractUnitRange}...) where {T} = similar(a, T, dims)
similar(a::AbstractArray, ::Type{T}, dims::Tuple{Union{Integer,AbstractUnitRange},Vararg{Union{Integer,AbstractUnitRange}}}) where {T} = similar(a, T, map(dim_length, dims))
# by lengths; packages whose axes begin elsewhere replace the method above, not these
similar(a::AbstractArray, ::Type{T}, dims::Tuple{Union{Integer,OneTo},Vararg{Union{Integer,OneTo}}}) where {T} = similar(a, T, map(dim_length, dims))
similar(a::AbstractArray, ::Type{T}, dims::Dims{N}) where {T,N} = Array{T,N}(undef, dims)
similar(::Type{A}, dims::Tuple) where {A<:AbstractArray} = A(undef, map(dim_length, dims))
similar(::Type{A}, dims::Tuple{Union{Integer,OneTo},Vararg{Union{Integer,OneTo}}}) where {A<:AbstractArray} = A(undef, map(dim_length, dims))
similar(::Type{A}, dims::Dims) where {A<:AbstractArray} = A(undef, dims)
similar(::Type{A}, dims::Integer...) where {A<:AbstractArray} = A(undef, dims)
dim_length(n::Integer) = Int(n)
dim_length(r::AbstractUnitRange) = length(r)
empty(a::AbstractVector{T}, ::Type{U} = T) where {T,U} = Vector{U}()

function copyto!(dest::AbstractArray, src::AbstractArray)
    n = length(src)
    n == 0 && return dest
    length(dest) >= n || throw_boundserror(dest, (1:n,))
    if eachindex(src) == eachindex(dest)
        s = unalias_source(dest, src)
        @inbounds for i in eachindex(dest)
            dest[i] = s[i]
        end
    else
        i = 0
        for x in unalias_source(dest, src)
            i += 1
            @inbounds dest[i] = x
        end
    end
    return dest
end
function copyto!(dest::AbstractArray, src)
    i = 0
    for x in src
        i += 1
        i > length(dest) && throw(ArgumentError("destination has fewer elements than required"))
        dest[i] = x
    end
    return dest
end
copyto!(dest::AbstractArray, dstart::Integer, src::AbstractArray) = copyto!(dest, dstart, src, 1, length(src))
copyto!(dest::AbstractArray, dstart::Integer, src::AbstractArray, sstart::Integer) = copyto!(dest, dstart, src, sstart, length(src) - sstart + 1)
function copyto!(dest::AbstractArray, dstart::Integer, src::AbstractArray, sstart::Integer, n::Integer)
    n == 0 && return dest
    n < 0 && throw(ArgumentError(string("tried to copy n=", n, " elements, but n should be non-negative")))
    (dstart < 1 || dstart + n - 1 > length(dest)) && throw(BoundsError(dest, dstart:dstart+n-1))
    (sstart < 1 || sstart + n - 1 > length(src)) && throw(BoundsError(src, sstart:sstart+n-1))
    if dest === src && dstart > sstart
        for k in n-1:-1:0
            @inbounds dest[dstart+k] = src[sstart+k]
        end
    else
        for k in 0:n-1
            @inbounds dest[dstart+k] = src[sstart+k]
        end
    end
    return dest
end
copy!(dst::AbstractVector, src::AbstractVector) = (length(dst) != length(src) && resize!(dst, length(src)); copyto!(dst, src))
copy!(dst::AbstractArray, src::AbstractArray) = (axes(dst) == axes(src) || throw(ArgumentError("arrays must have the same axes for copy! (consider using `copyto!`)")); copyto!(dst, src))
function fill!(A::AbstractArray{T}, x) where {T}
    v = convert(T, x)
    @inbounds for i in eachindex(A)
        A[i] = v
    end
    return A
end
convert(::Type{T}, a::T) where {T<:AbstractArray} = a
convert(::Type{AbstractArray{T}}, a::AbstractArray) where {T} = map(x -> convert(T, x), a)
oneto(n) = OneTo(n)
copymutable(a::AbstractArray) = copyto!(similar(a), a)
copymutable(itr) = collect(itr)
vec(a::AbstractArray) = reshape(a, length(a))
vec(a::AbstractVector) = a

# ---- comparing ----------------------------------------------------------------------------------

function ==(A::AbstractArray, B::AbstractArray)
    axes(A) == axes(B) || return false
    anymissing = false
    for (a, b) in zip(A, B)
        eq = (a == b)
        if ismissing(eq)
            anymissing = true
        elseif !eq
            return false
        end
    end
    return anymissing ? missing : true
end
function isequal(A::AbstractArray, B::AbstractArray)
    A === B && return true
    axes(A) == axes(B) || return false
    for (a, b) in zip(A, B)
        isequal(a, b) || return false
    end
    return true
end
function cmp(A::AbstractVector, B::AbstractVector)
    for (a, b) in zip(A, B)
        isequal(a, b) || return isless(a, b) ? -1 : 1
    end
    return cmp(length(A), length(B))
end
isless(A::AbstractVector, B::AbstractVector) = cmp(A, B) < 0
function isless(A::AbstractArray{<:Any,0}, B::AbstractArray{<:Any,0})
    isless(A[], B[])
end
function hash(A::AbstractArray, h::UInt)
    # by the axes' ends, because axes are arrays themselves
    h = hash(map(first, axes(A)), h + 0x7e2d6fb6448beb77)
    h = hash(map(last, axes(A)), h)
    for x in A
        h = hash(x, h)
    end
    return h
end

# ---- map, foreach -------------------------------------------------------------------------------

map(f, A::AbstractArray) = collect_similar(A, Generator(f, A))
map(f, A) = collect(Generator(f, A))
map(f, it, its...) = collect(Generator(f, it, its...))
function map!(f, dest::AbstractArray, A::AbstractArray)
    for (i, a) in zip(eachindex(dest), A)
        dest[i] = f(a)
    end
    return dest
end
function map!(f, dest::AbstractArray, A::AbstractArray, B::AbstractArray...)
    for (i, x) in zip(eachindex(dest), zip(A, B...))
        dest[i] = f(x...)
    end
    return dest
end
map!(f, A::AbstractArray) = map!(f, A, A)
foreach(f, itr) = (for x in itr; f(x); end; nothing)
foreach(f) = (f(); nothing)
foreach(f, itr, itrs...) = (for z in zip(itr, itrs...); f(z...); end; nothing)

function circshift(a::AbstractVector, s::Integer)
    n = length(a)
    r = similar(a)
    for i in 1:n
        r[mod(i - 1 + s, n)+1] = a[i]
    end
    return r
end
circshift(a::AbstractVector, s::Tuple{Integer}) = circshift(a, s[1])
circshift(a::AbstractArray, s::Integer) = circshift(a, (s,))
function circshift(a::AbstractArray{T,N}, shifts::Tuple) where {T,N}
    s = ntuple(d -> d <= length(shifts) ? Int(shifts[d]) : 0, Val(N))
    r = similar(a)
    for I in CartesianIndices(a)
        J = ntuple(d -> mod(I.I[d] - 1 + s[d], size(a, d)) + 1, Val(N))
        r[J...] = a[I]
    end
    return r
end
circshift!(dest::AbstractArray, src, s) = copyto!(dest, circshift(src, s))

