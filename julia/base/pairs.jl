# The view of an indexable collection as key => value pairs; what keyword arguments arrive as.

struct Pairs{K,V,I,A} <: AbstractDict{K,V}
    data::A
    itr::I
end
Pairs(data::A, itr::I) where {A,I} = Pairs{eltype(I),eltype(A),I,A}(data, itr)
Pairs{K,V}(data::A, itr::I) where {K,V,A,I} = Pairs{K,V,I,A}(data, itr)
pairs(nt::NamedTuple) = Pairs{Symbol,eltype(nt),typeof(keys(nt)),typeof(nt)}(nt, keys(nt))
pairs(t::Tuple) = Pairs(t, keys(t))
pairs(p::Pairs) = p
pairs(x) = Pairs(x, keys(x))
length(p::Pairs) = length(getfield(p, :itr))
isempty(p::Pairs) = isempty(getfield(p, :itr))
size(p::Pairs) = size(getfield(p, :itr))
axes(p::Pairs) = axes(getfield(p, :itr))
eltype(::Type{Pairs{K,V,I,A}}) where {K,V,I,A} = Pair{K,V}
IteratorSize(::Type{Pairs{K,V,I,A}}) where {K,V,I,A} = IteratorSize(I)
@inline function iterate(p::Pairs{K,V}) where {K,V}
    y = iterate(getfield(p, :itr))
    y === nothing && return nothing
    return (Pair{K,V}(y[1], getfield(p, :data)[y[1]]), y[2])
end
@inline function iterate(p::Pairs{K,V}, s) where {K,V}
    y = iterate(getfield(p, :itr), s)
    y === nothing && return nothing
    return (Pair{K,V}(y[1], getfield(p, :data)[y[1]]), y[2])
end
reverse(p::Pairs) = Pairs(getfield(p, :data), reverse(getfield(p, :itr)))
keys(p::Pairs) = getfield(p, :itr)
values(p::Pairs) = getfield(p, :data)
getindex(p::Pairs, k) = getfield(p, :data)[k]
setindex!(p::Pairs, v, k) = (getfield(p, :data)[k] = v; p)
haskey(p::Pairs, k) = k in getfield(p, :itr)
get(p::Pairs, k, default) = haskey(p, k) ? p[k] : default
get(f::Callable, p::Pairs, k) = haskey(p, k) ? p[k] : f()
getproperty(p::Pairs{Symbol,V,I,A}, s::Symbol) where {V,I,A<:NamedTuple} = s === :data || s === :itr ? getfield(p, s) : getfield(getfield(p, :data), s)
merge(a::NamedTuple, b::Pairs{<:Any,<:Any,<:Any,<:NamedTuple}) = merge(a, getfield(b, :data))
isempty(p::Pairs{Symbol,<:Any,<:Any,<:NamedTuple}) = isempty(getfield(p, :data))
(::Type{T})(p::Pairs{Symbol,<:Any,<:Any,<:NamedTuple}) where {T<:NamedTuple} = T(getfield(p, :data))
NamedTuple(p::Pairs{Symbol,<:Any,<:Any,<:NamedTuple}) = getfield(p, :data)
structdiff(p::Pairs{Symbol,<:Any,<:Any,<:NamedTuple}, t) = structdiff(getfield(p, :data), t)
