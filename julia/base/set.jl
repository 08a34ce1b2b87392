# Set, over a Dict of nothings, and the set operations for any collection.

struct Set{T} <: AbstractSet{T}
    dict::Dict{T,Nothing}
    Set{T}() where {T} = new{T}(Dict{T,Nothing}())
end
function Set{T}(itr) where {T}
    s = Set{T}()
    for x in itr
        push!(s, x)
    end
    return s
end
Set() = Set{Any}()
function Set(itr)
    IteratorEltype(itr) isa HasEltype && return Set{eltype(itr)}(itr)
    a = collect(itr)
    return Set{eltype(a)}(a)
end
push!(s::Set{T}, x) where {T} = (s.dict[x] = nothing; s)
in(x, s::Set) = haskey(s.dict, x)
delete!(s::Set, x) = (delete!(s.dict, x); s)
pop!(s::Set, x) = (pop!(s.dict, x); x)
pop!(s::Set, x, default) = x in s ? pop!(s, x) : default
in!(x, s::Set) = x in s || (push!(s, x); false)
in!(x, s::AbstractSet) = x in s || (push!(s, x); false)
pop!(s::Set) = (isempty(s) && throw(ArgumentError("set must be non-empty")); pop!(s.dict).first)
empty!(s::Set) = (empty!(s.dict); s)
length(s::Set) = length(s.dict)
isempty(s::Set) = isempty(s.dict)
copy(s::Set{T}) where {T} = Set{T}(s)
function iterate(s::Set, st...)
    y = iterate(s.dict, st...)
    y === nothing && return nothing
    return y[1].first, y[2]
end
filter!(f, s::Set) = (filter!(p -> f(p.first), s.dict); s)
filter(f, s::Set{T}) where {T} = (r = Set{T}(); for x in s; f(x) && push!(r, x); end; r)
sizehint!(s::Set, n; kws...) = s

eltype(::Type{<:AbstractSet{T}}) where {T} = T
IteratorSize(::Type{<:AbstractSet}) = HasLength()
empty(s::AbstractSet{T}, ::Type{U} = T) where {T,U} = Set{U}()
copy(s::AbstractSet) = Set(s)
push!(s::AbstractSet, x, y, zs...) = push!(push!(s, x), y, zs...)
==(a::AbstractSet, b::AbstractSet) = length(a) == length(b) && all(x -> x in b, a)
isequal(a::AbstractSet, b::AbstractSet) = a == b
function hash(s::AbstractSet, h::UInt)
    x = UInt(0x852ada37cfe8e0ce)
    for e in s
        x ⊻= hash(e)
    end
    return hash(x, h)
end
set_like(a, T) = Set{T}()
set_like(a::AbstractVector, T) = Vector{T}()
item_type(a) = IteratorEltype(a) isa HasEltype ? eltype(a) : Any

union(s) = union_into(set_like(s, item_type(s)), s)
union(s, others...) = union_into(set_like(s, promote_type(item_type(s), map(item_type, others)...)), s, others...)
union() = Set()
union(s::AbstractSet) = copy(s)
function union_into(r::AbstractVector, its...)
    seen = Set{eltype(r)}()
    for it in its, x in it
        x in seen || (push!(seen, x); push!(r, x))
    end
    return r
end
union_into(r, its...) = (for it in its, x in it; push!(r, x); end; r)
union!(s::AbstractSet, its...) = (for it in its, x in it; push!(s, x); end; s)
union!(v::AbstractVector, its...) = (u = union(v, its...); resize!(v, length(u)); copyto!(v, u))
∪(a...) = union(a...)
intersect(a) = union(a)
intersect(a, b) = intersect_two(a, b)
intersect(a, b, c...) = intersect(intersect(a, b), c...)
intersect_two(a::AbstractSet, b) = (r = Set{item_type(a)}(); bs = b isa AbstractSet ? b : Set(b); for x in a; x in bs && push!(r, x); end; r)
intersect_two(a, b) = (bs = b isa AbstractSet ? b : Set(b); r = set_like(a, promote_type(item_type(a), item_type(b))); union_into(r, (x for x in a if x in bs)))
intersect!(s::AbstractSet, b) = filter!(x -> x in b, s)
intersect!(v::AbstractVector, b) = (u = intersect(v, b); resize!(v, length(u)); copyto!(v, u))
∩(a...) = intersect(a...)
setdiff(a) = union(a)
function setdiff(a, bs...)
    out = Set{Any}()
    for b in bs, x in b
        push!(out, x)
    end
    r = set_like(a, item_type(a))
    return union_into(r, (x for x in a if !(x in out)))
end
setdiff!(s::AbstractSet, bs...) = (for b in bs, x in b; delete!(s, x); end; s)
setdiff!(v::AbstractVector, bs...) = (u = setdiff(v, bs...); resize!(v, length(u)); copyto!(v, u))
symdiff(a) = union(a)
symdiff(a, b) = union(setdiff(a, b), setdiff(b, a))
symdiff(a, b, c...) = symdiff(symdiff(a, b), c...)
symdiff!(s::AbstractSet, b) = (for x in collect(b); x in s ? delete!(s, x) : push!(s, x); end; s)
issubset(a, b) = (bs = b isa Union{AbstractSet,AbstractRange} ? b : Set(b); all(x -> x in bs, a))
issubset(b) = Fix2(issubset, b)
⊆(a, b) = issubset(a, b)
⊇(a, b) = issubset(b, a)
⊊(a, b) = issubset(a, b) && length(Set(a)) < length(Set(b))
⊋(a, b) = b ⊊ a
⊈(a, b) = !issubset(a, b)
⊉(a, b) = !issubset(b, a)
issetequal(a, b) = Set(a) == Set(b)
isdisjoint(a, b) = all(x -> !(x in b), a)
unique(s::AbstractSet) = collect(s)
