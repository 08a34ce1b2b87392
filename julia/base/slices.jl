# Slices of arrays: `eachrow` and its like, functions of slices, stacking and repeating.

abstract type AbstractSlices{T,N} <: AbstractArray{T,N} end

# `slicemap[d]` is where among the slices' indices that of dimension `d` stands, or `:` for dimensions inside of a slice.
struct Slices{P,SM,AX,S,N} <: AbstractSlices{S,N}
    parent::P
    slicemap::SM
    axes::AX
end
function Slices(A::P, slicemap::SM, ax::AX) where {P,SM,AX}
    S = Core.Host.return_type(view, P, map(m -> m isa Colon ? Colon : Int, slicemap)...)
    return Slices{P,SM,AX,S,length(ax)}(A, slicemap, ax)
end
const RowSlices{P<:AbstractMatrix,AX,S<:AbstractVector} = Slices{P,Tuple{Int,Colon},AX,S,1}
const ColumnSlices{P<:AbstractMatrix,AX,S<:AbstractVector} = Slices{P,Tuple{Colon,Int},AX,S,1}
size(s::Slices) = map(length, s.axes)
axes(s::Slices) = s.axes
parent(s::Slices) = s.parent
@inline slice_position(s::Slices, I) = map(m -> m isa Colon ? (:) : I[m], s.slicemap)
@inline getindex(s::Slices{P,SM,AX,S,N}, I::Vararg{Int,N}) where {P,SM,AX,S,N} = view(s.parent, slice_position(s, I)...)
@inline setindex!(s::Slices{P,SM,AX,S,N}, v, I::Vararg{Int,N}) where {P,SM,AX,S,N} = (s.parent[slice_position(s, I)...] = v; s)

function eachslice(A::AbstractArray{T,N}; dims, drop::Bool = true) where {T,N}
    ds = reduced_dims(dims)
    for (i, d) in enumerate(ds)
        1 <= d <= N || throw(DimensionMismatch(string("Tried to slice along dimension ", d, " of an array with dimensions ", N)))
        d in ds[1:i-1] && throw(DimensionMismatch(string("Dimensions ", ds, " are not unique")))
    end
    drop && return Slices(A, ntuple(k -> (p = position_of(ds, k); p == 0 ? (:) : p), Val(N)), map(d -> axes(A, d), ds))
    return Slices(A, ntuple(k -> k in ds ? k : (:), Val(N)), ntuple(k -> k in ds ? axes(A, k) : OneTo(1), Val(N)))
end
eachrow(A::AbstractMatrix) = Slices(A, (1, :), (axes(A, 1),))
eachcol(A::AbstractMatrix) = Slices(A, (:, 1), (axes(A, 2),))
eachrow(v::AbstractVector) = eachrow(reshape(v, length(v), 1))
eachcol(v::AbstractVector) = eachcol(reshape(v, length(v), 1))
function selectdim(A::AbstractArray, d::Integer, i)
    1 <= d || throw(ArgumentError("dimension must be ≥ 1"))
    d <= ndims(A) || throw(DimensionMismatch(string("tried to select along dimension ", d, " of an array with ", ndims(A), " dimensions")))
    return view(A, ntuple(k -> k == d ? i : Colon(), ndims(A))...)
end

# `f` of every slice that extends along `dims`, put in the slice's place.
function mapslices(f, A::AbstractArray{<:Any,N}; dims) where {N}
    ds = reduced_dims(dims)
    for d in ds
        d isa Integer || throw(ArgumentError(string("mapslices: dimension must be an integer, got ", d)))
        d >= 1 || throw(ArgumentError(string("mapslices: dimension must be ≥ 1, got ", d)))
    end
    isempty(ds) && return map(f, A)
    slice(J) = A[ntuple(k -> k in ds ? Colon() : J[k], Val(N))...]
    outer = CartesianIndices(ntuple(k -> k in ds ? OneTo(1) : axes(A, k), Val(N)))
    out = nothing
    for J in outer
        r = f(slice(J.I))
        v = r isa AbstractArray && ndims(r) > 0 ? r : fill(r isa AbstractArray ? r[] : r, 1)
        if out === nothing
            M = max(N, maximum(ds))
            out = similar(v, ntuple(k -> k in ds ? size(v, position_of(ds, k)) : size(A, k), M))
        end
        where_to = ntuple(k -> k in ds ? axes(out, k) : J.I[k], ndims(out))
        length(v) == prod_dims(map(length, where_to)) || throw(DimensionMismatch("mapslices: all slices must give results of one size"))
        for (x, K) in zip(v, CartesianIndices(map(i -> i isa Integer ? (i:i) : i, where_to)))
            out[K] = x
        end
    end
    return out === nothing ? similar(A) : out
end

# ---- stack -----------------------------------------------------------------------------------------

item_size(x) = IteratorSize(x) isa HasShape ? size(x) : (length(x),)
item_axes(x) = map(n -> 1:n, item_size(x))
stack(itr; dims = :) = stack_items(dims, itr isa AbstractArray ? itr : collect(itr))
stack(f, itr; dims = :) = stack_items(dims, map(f, itr isa AbstractArray ? itr : collect(itr)))
stack(f, itr, itrs...; dims = :) = stack_items(dims, map(f, itr, itrs...))
function stack_items(dims, items::AbstractArray)
    isempty(items) && throw(ArgumentError("`stack` on an empty collection is not allowed"))
    sz = item_size(first(items))
    for x in items
        item_size(x) == sz || throw(DimensionMismatch(string("stack expects uniform slices, got axes(x) == ", item_axes(x), " while first had ", item_axes(first(items)))))
    end
    T = mapreduce(eltype, promote_type, items)
    if dims isa Colon
        r = Array{T}(undef, (sz..., size(items)...))
        k = 0
        for x in items, v in x
            k += 1
            r[k] = v
        end
        return r
    end
    d = Int(dims)
    N = length(sz) + 1
    1 <= d <= N || throw(ArgumentError(string("cannot stack slices ndims(x) = ", N - 1, " along dims = ", d)))
    r = Array{T}(undef, ntuple(k -> k < d ? sz[k] : k == d ? length(items) : sz[k-1], N))
    for (j, x) in enumerate(items), (v, I) in zip(x, CartesianIndices(sz))
        r[ntuple(k -> k < d ? I.I[k] : k == d ? j : I.I[k-1], N)...] = v
    end
    return r
end

# ---- repeat ----------------------------------------------------------------------------------------

repeat(a::AbstractArray, counts::Integer...) = repeat_outer(a, counts)
repeat(a::AbstractArray, counts::Tuple) = repeat_outer(a, counts)
function repeat_outer(a::AbstractArray, counts::Tuple)
    any(<(0), counts) && throw(ArgumentError(string("no outer repetition count may be negative; got ", counts)))
    N = max(ndims(a), length(counts))
    sz = ntuple(d -> size(a, d), N)
    r = similar(a, ntuple(d -> sz[d] * (d <= length(counts) ? Int(counts[d]) : 1), N))
    for I in CartesianIndices(size(r))
        r[I] = a[ntuple(d -> mod(I.I[d] - 1, sz[d]) + 1, N)...]
    end
    return r
end
function repeat(a::AbstractArray; inner = nothing, outer = nothing)
    b = a
    if inner !== nothing
        it = inner isa Integer ? (inner,) : Tuple(inner)
        length(it) < ndims(a) && !(inner isa Integer) && throw(ArgumentError(string("number of inner repetitions (", length(it), ") cannot be less than number of dimensions of input array (", ndims(a), ")")))
        any(<(0), it) && throw(ArgumentError(string("no inner repetition count may be negative; got ", it)))
        N = max(ndims(a), length(it))
        ins = ntuple(d -> d <= length(it) ? Int(it[d]) : 1, N)
        b = similar(a, ntuple(d -> size(a, d) * ins[d], N))
        for I in CartesianIndices(size(b))
            b[I] = a[ntuple(d -> (I.I[d] - 1) ÷ ins[d] + 1, N)...]
        end
    end
    outer === nothing && return b === a ? copy(a) : b
    return repeat_outer(b, outer isa Integer ? (outer,) : Tuple(outer))
end

# ---- differences, turns ------------------------------------------------------------------------------

diff(a::AbstractVector) = [a[i+1] - a[i] for i in firstindex(a):lastindex(a)-1]
function diff(A::AbstractArray{T,N}; dims::Integer) where {T,N}
    1 <= dims <= N || throw(ArgumentError(string("dimension ", dims, " out of range (1:", N, ")")))
    part(r) = view(A, ntuple(k -> k == dims ? r : Colon(), Val(N))...)
    r = axes(A, dims)
    return part(first(r)+1:last(r)) .- part(first(r):last(r)-1)
end
function rotl90(A::AbstractMatrix)
    m, n = size(A)
    B = similar(A, (n, m))
    for i in 1:n, j in 1:m
        B[i, j] = A[j, n+1-i]
    end
    return B
end
function rotr90(A::AbstractMatrix)
    m, n = size(A)
    B = similar(A, (n, m))
    for i in 1:n, j in 1:m
        B[i, j] = A[m+1-j, i]
    end
    return B
end
rot180(A::AbstractMatrix) = reverse(A)
rotl90(A::AbstractMatrix, k::Integer) = (k = mod(k, 4); k == 1 ? rotl90(A) : k == 2 ? rot180(A) : k == 3 ? rotr90(A) : copy(A))
rotr90(A::AbstractMatrix, k::Integer) = rotl90(A, -k)
rot180(A::AbstractMatrix, k::Integer) = isodd(k) ? rot180(A) : copy(A)
function reverse(A::AbstractArray; dims = :)
    ds = dims isa Colon ? ntuple(identity, ndims(A)) : reduced_dims(dims)
    B = similar(A)
    for I in CartesianIndices(A)
        B[ntuple(k -> k in ds ? first(axes(A, k)) + last(axes(A, k)) - I.I[k] : I.I[k], ndims(A))...] = A[I]
    end
    return B
end
reverse!(A::AbstractArray; dims = :) = copyto!(A, reverse(A; dims))
