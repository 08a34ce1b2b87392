# Dictionaries of special kinds: by identity, immutable, and (in name) with weak keys.

mutable struct IdDict{K,V} <: AbstractDict{K,V}
    ks::Vector{K}
    vs::Vector{V}
    places::Dict{UInt,Int}     # of keys by their identity
    IdDict{K,V}() where {K,V} = new{K,V}(Vector{K}(), Vector{V}(), Dict{UInt,Int}())
end
IdDict() = IdDict{Any,Any}()
IdDict(ps::Pair{K,V}...) where {K,V} = (d = IdDict{K,V}(); for p in ps; d[p.first] = p.second; end; d)
IdDict{K,V}(ps::Pair...) where {K,V} = (d = IdDict{K,V}(); for p in ps; d[p.first] = p.second; end; d)
IdDict{K,V}(itr) where {K,V} = (d = IdDict{K,V}(); for (k, v) in itr; d[k] = v; end; d)
IdDict(itr) = (ps = collect(itr); IdDict(ps...))
id_find(d::IdDict, k) = get(d.places, objectid(k), 0)
function setindex!(d::IdDict{K,V}, v, k) where {K,V}
    i = id_find(d, k)
    if i == 0
        push!(d.ks, k)
        push!(d.vs, v)
        d.places[objectid(k)] = length(d.ks)
    else
        d.vs[i] = v
    end
    return d
end
getindex(d::IdDict, k) = (i = id_find(d, k); i == 0 ? throw_key(k) : d.vs[i])
get(d::IdDict, k, default) = (i = id_find(d, k); i == 0 ? default : d.vs[i])
haskey(d::IdDict, k) = id_find(d, k) != 0
function delete!(d::IdDict, k)
    i = id_find(d, k)
    i == 0 && return d
    delete!(d.places, objectid(k))
    # the last one fills the gap
    lastk, lastv = pop!(d.ks), pop!(d.vs)
    if i <= length(d.ks)
        d.ks[i] = lastk
        d.vs[i] = lastv
        d.places[objectid(lastk)] = i
    end
    return d
end
pop!(d::IdDict, k) = (v = d[k]; delete!(d, k); v)
pop!(d::IdDict, k, default) = haskey(d, k) ? pop!(d, k) : default
length(d::IdDict) = length(d.ks)
isempty(d::IdDict) = isempty(d.ks)
iterate(d::IdDict{K,V}, i = 1) where {K,V} = i > length(d.ks) ? nothing : (Pair{K,V}(d.ks[i], d.vs[i]), i + 1)
empty!(d::IdDict) = (empty!(d.ks); empty!(d.vs); empty!(d.places); d)
empty(d::IdDict{K,V}) where {K,V} = IdDict{K,V}()
empty(d::IdDict, ::Type{K}, ::Type{V}) where {K,V} = IdDict{K,V}()
copy(d::IdDict{K,V}) where {K,V} = IdDict{K,V}(d)

# Keys are kept alive here: a program may rely on finding them, not on losing them.
struct WeakKeyDict{K,V} <: AbstractDict{K,V}
    entries::IdDict{K,V}
    WeakKeyDict{K,V}(args...) where {K,V} = new{K,V}(IdDict{K,V}(args...))
end
WeakKeyDict(args...) = (d = IdDict(args...); e = WeakKeyDict{keytype(d),valtype(d)}(); foreach(p -> e[p.first] = p.second, d); e)
setindex!(d::WeakKeyDict, v, k) = (d.entries[k] = v; d)
getindex(d::WeakKeyDict, k) = d.entries[k]
get(d::WeakKeyDict, k, default) = get(d.entries, k, default)
haskey(d::WeakKeyDict, k) = haskey(d.entries, k)
delete!(d::WeakKeyDict, k) = (delete!(d.entries, k); d)
pop!(d::WeakKeyDict, k...) = pop!(d.entries, k...)
length(d::WeakKeyDict) = length(d.entries)
isempty(d::WeakKeyDict) = isempty(d.entries)
iterate(d::WeakKeyDict, i...) = iterate(d.entries, i...)
empty!(d::WeakKeyDict) = (empty!(d.entries); d)

# A list of pairs; each adds one to another, and hides what that says of the same key.
struct ImmutableDict{K,V} <: AbstractDict{K,V}
    parent::ImmutableDict{K,V}
    key::K
    value::V
    ImmutableDict{K,V}() where {K,V} = new()
    ImmutableDict{K,V}(parent::ImmutableDict, key, value) where {K,V} = new(parent, key, value)
end
ImmutableDict(p::Pair{K,V}, ps::Pair...) where {K,V} = ImmutableDict(ImmutableDict{K,V}(ImmutableDict{K,V}(), p.first, p.second), ps...)
ImmutableDict(d::ImmutableDict{K,V}, p::Pair, ps::Pair...) where {K,V} = ImmutableDict(ImmutableDict{K,V}(d, p.first, p.second), ps...)
ImmutableDict(d::ImmutableDict) = d
ImmutableDict{K,V}(p::Pair) where {K,V} = ImmutableDict{K,V}(ImmutableDict{K,V}(), p.first, p.second)
function get(d::ImmutableDict, k, default)
    while isdefined(d, :parent)
        isequal(d.key, k) && return d.value
        d = d.parent
    end
    return default
end
haskey(d::ImmutableDict, k) = get(d, k, secret_token) !== secret_token
getindex(d::ImmutableDict, k) = (v = get(d, k, secret_token); v === secret_token ? throw_key(k) : v)
function iterate(d::ImmutableDict{K,V}, t = d) where {K,V}
    isdefined(t, :parent) || return nothing
    return (Pair{K,V}(t.key, t.value), t.parent)
end
length(d::ImmutableDict) = (n = 0; for _ in d; n += 1; end; n)
isempty(d::ImmutableDict) = !isdefined(d, :parent)
