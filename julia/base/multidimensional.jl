# CartesianIndex, and the index arrays of N-dimensional arrays.

CartesianIndex(I::NTuple{N,Int}) where {N} = CartesianIndex{N}(I)
CartesianIndex(I::NTuple{N,Integer}) where {N} = CartesianIndex{N}(map(Int, I))
CartesianIndex(I::Integer...) = CartesianIndex(map(Int, I))
CartesianIndex{N}(I::Vararg{Integer,N}) where {N} = CartesianIndex{N}(map(Int, I))
CartesianIndex{N}(I::Integer...) where {N} = CartesianIndex{N}(ntuple(k -> k <= length(I) ? Int(I[k]) : 1, Val(N)))
CartesianIndex(I::Union{Integer,CartesianIndex}...) = CartesianIndex(flatten_index(I...))
flatten_index() = ()
flatten_index(i::Integer, rest...) = (Int(i), flatten_index(rest...)...)
flatten_index(i::CartesianIndex, rest...) = (i.I..., flatten_index(rest...)...)
CartesianIndex() = CartesianIndex{0}(())

length(::CartesianIndex{N}) where {N} = N
length(::Type{CartesianIndex{N}}) where {N} = N
@inline getindex(c::CartesianIndex, i::Integer) = c.I[i]
Tuple(c::CartesianIndex) = c.I
get(c::CartesianIndex, i, default) = 1 <= i <= length(c) ? c.I[i] : default
eltype(::Type{<:CartesianIndex}) = Int
setindex(c::CartesianIndex, v, i::Int) = CartesianIndex(setindex(c.I, Int(v), i))
zero(::CartesianIndex{N}) where {N} = zero(CartesianIndex{N})
zero(::Type{CartesianIndex{N}}) where {N} = CartesianIndex{N}(ntuple(k -> 0, Val(N)))
one(::CartesianIndex{N}) where {N} = one(CartesianIndex{N})
one(::Type{CartesianIndex{N}}) where {N} = CartesianIndex{N}(ntuple(k -> 1, Val(N)))
oneunit(c::CartesianIndex) = one(c)
oneunit(::Type{C}) where {C<:CartesianIndex} = one(C)
+(c::CartesianIndex) = c
-(c::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(-, c.I))
+(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(+, a.I, b.I))
-(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(-, a.I, b.I))
*(k::Integer, c::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(x -> Int(k) * x, c.I))
*(c::CartesianIndex, k::Integer) = k * c
min(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(min, a.I, b.I))
max(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndex{N}(map(max, a.I, b.I))
==(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = a.I == b.I
isequal(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = a.I == b.I
# the last subscript weighs most, as in memory order
isless(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = isless(reverse(a.I), reverse(b.I))
hash(c::CartesianIndex, h::UInt) = foldl((h, i) -> hash(i, h), c.I; init = h + 0xd60ca92f8284b8b0)
iterate(::CartesianIndex) = error("iteration is deliberately unsupported for CartesianIndex. Use `I` rather than `I...`, or use `Tuple(I)...`")
convert(::Type{T}, c::CartesianIndex{N}) where {T<:Tuple,N} = convert(T, c.I)
(::Colon)(a::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndices(map(:, a.I, b.I))
(::Colon)(a::CartesianIndex{N}, s::CartesianIndex{N}, b::CartesianIndex{N}) where {N} = CartesianIndices(map(:, a.I, s.I, b.I))
to_index(c::CartesianIndex) = c
show(io::IO, c::CartesianIndex) = (print(io, "CartesianIndex("); join(io, c.I, ", "); print(io, ")"))

# ---- CartesianIndices ---------------------------------------------------------------------------

CartesianIndices(::Tuple{}) = CartesianIndices{0,Tuple{}}(())
function CartesianIndices(inds::Tuple{Union{Integer,OrdinalRange{<:Integer,<:Integer}},Vararg{Union{Integer,OrdinalRange{<:Integer,<:Integer}}}})
    r = map(as_index_range, inds)
    return CartesianIndices{length(r),typeof(r)}(r)
end
CartesianIndices(A::AbstractArray) = CartesianIndices(axes(A))
CartesianIndices(c::CartesianIndex) = CartesianIndices(c.I)
CartesianIndices(c::CartesianIndices) = c
as_index_range(n::Integer) = OneTo(Int(n))
as_index_range(r::OneTo{Int}) = r
as_index_range(r::UnitRange{Int}) = r
as_index_range(r::StepRange{Int,Int}) = r
as_index_range(r::Slice) = r.indices
as_index_range(r::IdentityUnitRange) = r
as_index_range(r::AbstractUnitRange) = Int(first(r)):Int(last(r))
as_index_range(r::OrdinalRange) = Int(first(r)):Int(step(r)):Int(last(r))

@inline size(c::CartesianIndices) = map(length, c.indices)
@inline length(c::CartesianIndices) = prod_dims(size(c))
@inline axes(c::CartesianIndices) = map(axes1, c.indices)
IndexStyle(::Type{<:CartesianIndices}) = IndexCartesian()
eachindex(::IndexCartesian, A::CartesianIndices) = CartesianIndices(axes(A))
@inline function getindex(c::CartesianIndices{N}, I::Vararg{Int,N}) where {N}
    @boundscheck checkbounds(c, I...)
    return CartesianIndex{N}(map((r, i) -> @inbounds(r[i]), c.indices, I))
end
# a linear position: unranked by hand, so that kernels pay one division per dimension and no search
@inline function getindex(c::CartesianIndices{N}, i::Int) where {N}
    @boundscheck (i - 1) % UInt < length(c) % UInt || throw_boundserror(c, (i,))
    return CartesianIndex{N}(unrank(c.indices, i - 1))
end
@inline function getindex(c::CartesianIndices{1}, i::Int)
    @boundscheck checkbounds(c, i)
    return CartesianIndex{1}((@inbounds(c.indices[1][i]),))
end
@inline getindex(c::CartesianIndices{0}) = CartesianIndex()
unrank(::Tuple{}, k) = ()
@inline unrank(inds::Tuple{Any}, k) = (@inbounds(inds[1][k+1]),)
@inline function unrank(inds::Tuple{Any,Any,Vararg{Any}}, k)
    n = length(inds[1])
    q = div(k, n)
    return (@inbounds(inds[1][k-q*n+1]), unrank(tail(inds), q)...)
end
getindex(c::CartesianIndices{N}, i::CartesianIndex{N}) where {N} = c[i.I...]
getindex(c::CartesianIndices{N}, i::CartesianIndices{N}) where {N} = CartesianIndices(map((a, b) -> a[b], c.indices, i.indices))
first(c::CartesianIndices{N}) where {N} = CartesianIndex{N}(map(first, c.indices))
last(c::CartesianIndices{N}) where {N} = CartesianIndex{N}(map(last, c.indices))
step(c::CartesianIndices{N}) where {N} = CartesianIndex{N}(map(step, c.indices))
in(i::CartesianIndex{N}, c::CartesianIndices{N}) where {N} = all(map(in, i.I, c.indices))
in(i::CartesianIndex, c::CartesianIndices) = false
==(a::CartesianIndices{N}, b::CartesianIndices{N}) where {N} = all(map(==, a.indices, b.indices))
==(a::CartesianIndices, b::CartesianIndices) = false
intersect(a::CartesianIndices{N}, b::CartesianIndices{N}) where {N} = CartesianIndices(map(intersect, a.indices, b.indices))
reverse(c::CartesianIndices) = CartesianIndices(map(reverse, c.indices))
show(io::IO, c::CartesianIndices) = print(io, "CartesianIndices(", map(show_range_short, c.indices), ")")
show(io::IO, ::MIME"text/plain", c::CartesianIndices) = show(io, c)
show_range_short(r::OneTo) = r.stop
show_range_short(r) = r
function checkindex(::Type{Bool}, inds::Tuple, I::CartesianIndex)
    return checkbounds_indices(Bool, inds, I.I)
end
function checkbounds(::Type{Bool}, A::AbstractArray, c::CartesianIndices)
    return isempty(c) || (checkbounds(Bool, A, first(c)) && checkbounds(Bool, A, last(c)))
end
function checkbounds(::Type{Bool}, A::AbstractArray, I::AbstractArray{<:CartesianIndex})
    for i in I
        checkbounds_indices(Bool, axes(A), i.I) || return false
    end
    return true
end

@inline function iterate(c::CartesianIndices{N}) where {N}
    length(c) == 0 && return nothing
    f = map(first, c.indices)
    return CartesianIndex{N}(f), f
end
@inline function iterate(c::CartesianIndices{N}, state) where {N}
    ok, nxt = next_position(state, c.indices)
    ok || return nothing
    return CartesianIndex{N}(nxt), nxt
end
next_position(::Tuple{}, ::Tuple{}) = (false, ())
@inline function next_position(s::Tuple{Int}, r::Tuple{Any})
    return (s[1] != last(r[1]), (s[1] + step(r[1]),))
end
@inline function next_position(s::Tuple{Int,Int,Vararg{Int}}, r::Tuple{Any,Any,Vararg{Any}})
    s[1] != last(r[1]) && return (true, (s[1] + step(r[1]), tail(s)...))
    ok, rest = next_position(tail(s), tail(r))
    return (ok, (first(r[1]), rest...))
end

# ---- LinearIndices ------------------------------------------------------------------------------

LinearIndices(::Tuple{}) = LinearIndices{0,Tuple{}}(())
function LinearIndices(inds::Tuple{Union{Integer,AbstractUnitRange},Vararg{Union{Integer,AbstractUnitRange}}})
    r = map(as_index_range, inds)
    return LinearIndices{length(r),typeof(r)}(r)
end
LinearIndices(c::CartesianIndices) = LinearIndices(axes(c))
IndexStyle(::Type{<:LinearIndices}) = IndexLinear()
axes(l::LinearIndices) = map(axes1, l.indices)
size(l::LinearIndices) = map(length, l.indices)
@inline function getindex(l::LinearIndices, i::Int)
    @boundscheck checkbounds(l, i)
    return i
end
@inline function getindex(l::LinearIndices{1}, i::Int)
    @boundscheck checkbounds(l, i)
    return i
end
iterate(l::LinearIndices{1}, s...) = iterate(axes1(l.indices[1]), s...)
iterate(l::LinearIndices, i = 1) = i > length(l) ? nothing : (i, i + 1)
getindex(l::LinearIndices{1}, r::AbstractUnitRange) = l.indices[1][r]
first(l::LinearIndices) = 1
last(l::LinearIndices) = length(l)
first(l::LinearIndices{1}) = first(axes1(l.indices[1]))
last(l::LinearIndices{1}) = last(axes1(l.indices[1]))
intersect(a::LinearIndices{1}, b::AbstractUnitRange) = intersect(a.indices[1], b)
eachindex(::IndexLinear, l::LinearIndices{1}) = axes1(l.indices[1])

# ---- CartesianIndex as an index -----------------------------------------------------------------

@inline getindex(A::AbstractArray{T,N}, I::CartesianIndex{N}) where {T,N} = getindex_at(A, I.I)
@inline setindex!(A::AbstractArray{T,N}, v, I::CartesianIndex{N}) where {T,N} = setindex_at!(A, v, I.I)
@propagate_inbounds getindex_at(A, I::Tuple) = A[I...]
@propagate_inbounds setindex_at!(A, v, I::Tuple) = (A[I...] = v)
getindex(A::AbstractArray, I::CartesianIndices) = A[I.indices...]
function getindex(A::AbstractArray, I::AbstractArray{<:CartesianIndex})
    r = similar(A, axes(I))
    k = 0
    for i in I
        k += 1
        r[k] = A[i]
    end
    return r
end
function setindex!(A::AbstractArray, v::AbstractArray, I::AbstractVector{<:CartesianIndex})
    for (x, i) in zip(v, I)
        A[i] = x
    end
    return A
end
