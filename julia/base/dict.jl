# Dict: open addressing with linear probing over a power-of-two table, iterated in slot order as Julia's is.


struct KeySet{K,D<:AbstractDict{K}} <: AbstractSet{K}
    dict::D
end
struct ValueIterator{D<:AbstractDict}
    dict::D
end
KeySet(d::AbstractDict{K}) where {K} = KeySet{K,typeof(d)}(d)
struct SecretToken end
const secret_token = SecretToken()
length(v::Union{KeySet,ValueIterator}) = length(v.dict)
isempty(v::Union{KeySet,ValueIterator}) = isempty(v.dict)
eltype(::Type{<:KeySet{K}}) where {K} = K
eltype(::Type{ValueIterator{D}}) where {D} = valtype(D)
IteratorSize(::Type{<:Union{KeySet,ValueIterator}}) = HasLength()
function iterate(v::KeySet, s...)
    y = iterate(v.dict, s...)
    y === nothing && return nothing
    return y[1].first, y[2]
end
function iterate(v::ValueIterator, s...)
    y = iterate(v.dict, s...)
    y === nothing && return nothing
    return y[1].second, y[2]
end
in(k, v::KeySet) = get(v.dict, k, secret_token) !== secret_token

@noinline throw_key(k) = throw(KeyError(k))

mutable struct Dict{K,V} <: AbstractDict{K,V}
    slots::Vector{UInt8}     # 0 empty, 0x7f deleted, 0x80|h filled
    keys::Vector{K}
    vals::Vector{V}
    ndel::Int
    count::Int
    age::UInt
    maxprobe::Int
    function Dict{K,V}() where {K,V}
        return new{K,V}(UInt8[], Vector{K}(), Vector{V}(), 0, 0, UInt(0), 0)
    end
end
function Dict{K,V}(kv) where {K,V}
    h = Dict{K,V}()
    for (k, v) in kv
        h[k] = v
    end
    return h
end
Dict{K,V}(p::Pair) where {K,V} = setindex!(Dict{K,V}(), p.second, p.first)
function Dict{K,V}(ps::Pair...) where {K,V}
    h = Dict{K,V}()
    for p in ps
        h[p.first] = p.second
    end
    return h
end
Dict() = Dict{Any,Any}()
Dict(kv::Tuple{}) = Dict()
Dict(ps::Pair{K,V}...) where {K,V} = Dict{K,V}(ps)
Dict(ps::Pair...) = Dict(ps)
function Dict(kv)
    applicable(iterate, kv) || throw_no_pairs()
    return dict_from(kv)
end
Dict(d::AbstractDict{K,V}) where {K,V} = Dict{K,V}(d)
function dict_from(kv)
    y = iterate(kv)
    y === nothing && return empty_dict_for(kv)
    p, st = y
    isa_pairlike(p) || throw_no_pairs()
    k, v = p
    d = Dict{typeof(k),typeof(v)}()
    d[k] = v
    return dict_grow(d, kv, st)
end
@noinline throw_no_pairs() = throw(ArgumentError("AbstractDict(kv): kv needs to be an iterator of 2-tuples or pairs"))
isa_pairlike(p) = p isa Pair || (p isa Tuple && length(p) == 2)
empty_dict_for(kv) = (T = IteratorEltype(kv) isa HasEltype ? eltype(kv) : Any; dict_for_eltype(T))
dict_for_eltype(::Type{Pair{K,V}}) where {K,V} = Dict{K,V}()
dict_for_eltype(::Type{Tuple{K,V}}) where {K,V} = Dict{K,V}()
dict_for_eltype(::Type) = Dict{Any,Any}()
function dict_grow(d::Dict{K,V}, kv, st) where {K,V}
    y = iterate(kv, st)
    while y !== nothing
        p, st = y
        k, v = p
        if k isa K && v isa V
            d[k] = v
        else
            K2, V2 = promote_typejoin(K, typeof(k)), promote_typejoin(V, typeof(v))
            e = Dict{K2,V2}(d)
            e[k] = v
            return dict_grow(e, kv, st)
        end
        y = iterate(kv, st)
    end
    return d
end

short_hash(h::UInt) = ((h >> 57) % UInt8) | 0x80
slot_start(h::UInt, sz::Int) = Int(h & (sz - 1) % UInt) + 1

function rehash!(h::Dict{K,V}, newsz::Int) where {K,V}
    newsz = max(16, nextpow(2, newsz))
    oslots, okeys, ovals = h.slots, h.keys, h.vals
    h.slots = zeros(UInt8, newsz)
    h.keys = Vector{K}(undef, newsz)
    h.vals = Vector{V}(undef, newsz)
    h.ndel = 0
    h.maxprobe = 0
    h.age += 1
    for i in 1:length(oslots)
        if oslots[i] & 0x80 != 0
            k = okeys[i]
            hv = hash(k)
            j = j0 = slot_start(hv, newsz)
            while h.slots[j] != 0
                j = (j & (newsz - 1)) + 1
            end
            h.maxprobe = max(h.maxprobe, (j - j0) & (newsz - 1))
            h.slots[j] = short_hash(hv)
            h.keys[j] = k
            h.vals[j] = ovals[i]
        end
    end
    return h
end

function find_slot(h::Dict, key)
    sz = length(h.slots)
    sz == 0 && return -1
    hv = hash(key)
    s = short_hash(hv)
    j = slot_start(hv, sz)
    probes = 0
    while probes <= h.maxprobe
        t = h.slots[j]
        t == 0 && return -1
        if t == s
            k = h.keys[j]
            (key === k || isequal(key, k)) && return j
        end
        j = (j & (sz - 1)) + 1
        probes += 1
    end
    return -1
end
function insert_new!(h::Dict{K,V}, k::K, v::V) where {K,V}
    sz = length(h.slots)
    if sz == 0 || (h.count + h.ndel + 1) * 3 > sz * 2
        rehash!(h, sz == 0 ? 16 : h.count > 64000 ? h.count * 2 : max(16, h.count * 4))
        sz = length(h.slots)
    end
    hv = hash(k)
    j = j0 = slot_start(hv, sz)
    while h.slots[j] & 0x80 != 0
        j = (j & (sz - 1)) + 1
    end
    h.slots[j] == 0x7f && (h.ndel -= 1)
    h.slots[j] = short_hash(hv)
    h.keys[j] = k
    h.vals[j] = v
    h.count += 1
    h.age += 1
    h.maxprobe = max(h.maxprobe, (j - j0) & (sz - 1))
    return h
end
function setindex!(h::Dict{K,V}, v0, key0) where {K,V}
    key = key0 isa K ? key0 : convert_key(K, key0)
    v = convert(V, v0)::V
    j = find_slot(h, key)
    if j > 0
        h.keys[j] = key
        h.vals[j] = v
        return h
    end
    return insert_new!(h, key, v)
end
function convert_key(::Type{K}, key0) where {K}
    key = convert(K, key0)::K
    isequal(key, key0) || throw(ArgumentError(string(limitrepr(key0), " is not a valid key for type ", K)))
    return key
end
setindex!(h::AbstractDict, v, k1, k2, ks...) = setindex!(h, v, (k1, k2, ks...))
getindex(h::AbstractDict, k1, k2, ks...) = getindex(h, (k1, k2, ks...))
function getindex(h::Dict, key)
    j = find_slot(h, key)
    j < 0 && throw_key(key)
    return h.vals[j]
end
function get(h::Dict, key, default)
    j = find_slot(h, key)
    return j < 0 ? default : h.vals[j]
end
function get(default::Callable, h::Dict, key)
    j = find_slot(h, key)
    return j < 0 ? default() : h.vals[j]
end
function get!(h::Dict{K,V}, key, default) where {K,V}
    j = find_slot(h, key)
    j > 0 && return h.vals[j]
    v = convert(V, default)::V
    h[key] = v
    return v
end
function get!(default::Callable, h::Dict{K,V}, key) where {K,V}
    j = find_slot(h, key)
    j > 0 && return h.vals[j]
    v = convert(V, default())::V
    h[key] = v
    return v
end
haskey(h::Dict, key) = find_slot(h, key) > 0
getkey(h::Dict, key, default) = (j = find_slot(h, key); j < 0 ? default : h.keys[j])
in(key, v::KeySet{<:Any,<:Dict}) = haskey(v.dict, key)
function remove_slot!(h::Dict, j::Int)
    sz = length(h.slots)
    nxt = (j & (sz - 1)) + 1
    if h.slots[nxt] == 0
        # nothing probes past here: this and the deleted ones before it become empty
        while true
            h.slots[j] == 0x7f && (h.ndel -= 1)
            h.slots[j] = 0
            j = ((j - 2) & (sz - 1)) + 1
            h.slots[j] == 0x7f || break
        end
    else
        h.slots[j] = 0x7f
        h.ndel += 1
    end
    h.count -= 1
    h.age += 1
    return h
end
function delete!(h::Dict, key)
    j = find_slot(h, key)
    j > 0 && remove_slot!(h, j)
    return h
end
function pop!(h::Dict, key)
    j = find_slot(h, key)
    j < 0 && throw_key(key)
    v = h.vals[j]
    remove_slot!(h, j)
    return v
end
function pop!(h::Dict, key, default)
    j = find_slot(h, key)
    j < 0 && return default
    v = h.vals[j]
    remove_slot!(h, j)
    return v
end
function pop!(h::Dict)
    isempty(h) && throw(ArgumentError("dict must be non-empty"))
    j = next_filled(h, 1)
    p = h.keys[j] => h.vals[j]
    remove_slot!(h, j)
    return p
end
function empty!(h::Dict{K,V}) where {K,V}
    h.slots = UInt8[]
    h.keys = Vector{K}()
    h.vals = Vector{V}()
    h.ndel = h.count = h.maxprobe = 0
    return h
end
length(h::Dict) = h.count
isempty(h::Dict) = h.count == 0
function next_filled(h::Dict, i::Int)
    n = length(h.slots)
    while i <= n
        h.slots[i] & 0x80 != 0 && return i
        i += 1
    end
    return 0
end
function iterate(h::Dict{K,V}, i::Int = 1) where {K,V}
    j = next_filled(h, i)
    j == 0 && return nothing
    return Pair{K,V}(h.keys[j], h.vals[j]), j + 1
end
function copy(h::Dict{K,V}) where {K,V}
    d = Dict{K,V}()
    d.slots, d.keys, d.vals = copy(h.slots), copy(h.keys), copy(h.vals)
    d.ndel, d.count, d.maxprobe = h.ndel, h.count, h.maxprobe
    return d
end
sizehint!(h::AbstractDict, n; kws...) = h
empty(h::AbstractDict{K,V}) where {K,V} = Dict{K,V}()
empty(h::AbstractDict, ::Type{K}, ::Type{V}) where {K,V} = Dict{K,V}()
function filter!(f, h::AbstractDict)
    for k in collect(keys(h))
        f(k => h[k]) || delete!(h, k)
    end
    return h
end
function filter(f, h::AbstractDict)
    d = empty(h)
    for p in h
        f(p) && (d[p.first] = p.second)
    end
    return d
end
map!(f, v::ValueIterator{<:Dict}) = (d = v.dict; for i in 1:length(d.slots); d.slots[i] & 0x80 != 0 && (d.vals[i] = f(d.vals[i])); end; v)

# ---- every dictionary ---------------------------------------------------------------------------

eltype(::Type{<:AbstractDict{K,V}}) where {K,V} = Pair{K,V}
keytype(::Type{<:AbstractDict{K,V}}) where {K,V} = K
valtype(::Type{<:AbstractDict{K,V}}) where {K,V} = V
IteratorSize(::Type{<:AbstractDict}) = HasLength()
haskey(d::AbstractDict, k) = in(k, keys(d))
function in(p::Pair, d::AbstractDict)
    v = get(d, p.first, secret_token)
    return v !== secret_token && (v == p.second)
end
in(p, d::AbstractDict) = error("AbstractDict collections only contain Pairs;\nEither look for e.g. A=>B instead, or use the `keys` or `values`\nfunction if you are looking for a key or value respectively.")
get(default::Callable, d::AbstractDict, k) = haskey(d, k) ? d[k] : default()
get!(d::AbstractDict, k, default) = haskey(d, k) ? d[k] : (d[k] = default)
push!(d::AbstractDict, p::Pair) = setindex!(d, p.second, p.first)
push!(d::AbstractDict, p::Pair, q::Pair, r::Pair...) = push!(push!(d, p), q, r...)
keys(d::AbstractDict) = KeySet(d)
values(d::AbstractDict) = ValueIterator(d)
pairs(d::AbstractDict) = d
function ==(a::AbstractDict, b::AbstractDict)
    length(a) == length(b) || return false
    for (k, v) in a
        w = get(b, k, secret_token)
        w === secret_token && return false
        v == w || return false
    end
    return true
end
function isequal(a::AbstractDict, b::AbstractDict)
    length(a) == length(b) || return false
    for (k, v) in a
        w = get(b, k, secret_token)
        w === secret_token && return false
        isequal(v, w) || return false
    end
    return true
end
function hash(d::AbstractDict, h::UInt)
    x = UInt(0x6d35bb51952d5539)
    for (k, v) in d
        x ⊻= hash(k, hash(v))
    end
    return hash(x, h)
end
function merge!(d::AbstractDict, others::AbstractDict...)
    for o in others, (k, v) in o
        d[k] = v
    end
    return d
end
merge(d::AbstractDict, others::AbstractDict...) = merge!(dict_promoted(d, others...), d, others...)
dict_promoted(ds...) = Dict{promote_type(map(keytype, ds)...),promote_type(map(valtype, ds)...)}()
function mergewith!(f, d::AbstractDict, others::AbstractDict...)
    for o in others, (k, v) in o
        d[k] = haskey(d, k) ? f(d[k], v) : v
    end
    return d
end
mergewith(f, d::AbstractDict, others::AbstractDict...) = mergewith!(f, merge!(dict_promoted(d, others...), d), others...)
mergewith(f) = (ds...) -> mergewith(f, ds...)
mergewith!(f) = (ds...) -> mergewith!(f, ds...)
merge(f::Union{Function,Type}, d::AbstractDict, others::AbstractDict...) = mergewith(f, d, others...)
merge!(f::Union{Function,Type}, d::AbstractDict, others::AbstractDict...) = mergewith!(f, d, others...)
convert(::Type{T}, d::T) where {T<:AbstractDict} = d
convert(::Type{Dict{K,V}}, d::AbstractDict) where {K,V} = Dict{K,V}(d)
copy(d::AbstractDict) = merge!(empty(d), d)
foreach_pair(f, d) = (for (k, v) in d; f(k, v); end)
findall(f::Function, d::AbstractDict) = [k for (k, v) in d if f(v)]
reduce_dict(f, d) = foldl(f, d)

emptymutable(d::AbstractDict, ::Type{K} = keytype(d), ::Type{V} = valtype(d)) where {K,V} = Dict{K,V}()

# A dictionary of what `kv` gives, of the type that `make(K, V)` says for its keys and values.
dict_with_eltype(make, kv, ::Type{<:Union{Pair{K,V},Tuple{K,V}}}) where {K,V} = make(K, V)(kv)
function dict_with_eltype(make, kv, ::Type)
    all = collect(Any, kv)
    isempty(all) && return make(Any, Any)()
    K = mapreduce(x -> typeof(first(x)), promote_typejoin, all)
    V = mapreduce(x -> typeof(last(x)), promote_typejoin, all)
    return make(K, V)(all)
end
