# Array: a mutable window of a Memory with a size. Growth doubles the memory behind it.

const undef = UndefInitializer()

@noinline throw_invalid_dims(d) = throw(ArgumentError(length(d) == 1 ? "invalid GenericMemory size: too large for system address width" : "invalid Array dimensions"))
checked_dims_length(::Tuple{}) = 1
@inline function checked_dims_length(d::Tuple{Int})
    d[1] < 0 && throw_invalid_dims(d)
    return d[1]
end
@inline function checked_dims_length(d::Tuple{Int,Vararg{Int}})
    d[1] < 0 && throw_invalid_dims(d)
    n = checked_dims_length(tail(d))
    r, overflow = Core.Intrinsics.checked_smul_int(d[1], n)
    overflow && throw_invalid_dims(d)
    return r
end

Memory{T}(::UndefInitializer, n::Int) where {T} = Core.memorynew(Memory{T}, n)
Memory{T}(::UndefInitializer, n::Integer) where {T} = Core.memorynew(Memory{T}, Int(n))
length(m::Memory) = getfield(m, :length)
size(m::Memory) = (getfield(m, :length),)
IndexStyle(::Type{<:Memory}) = IndexLinear()
@inline function getindex(m::Memory, i::Int)
    @boundscheck (i - 1) % UInt < getfield(m, :length) % UInt || throw_boundserror(m, (i,))
    return Core.memoryrefget(Core.memoryrefnew(Core.memoryrefnew(m), i, false), :not_atomic, false)
end
@inline function setindex!(m::Memory{T}, v, i::Int) where {T}
    @boundscheck (i - 1) % UInt < getfield(m, :length) % UInt || throw_boundserror(m, (i,))
    Core.memoryrefset!(Core.memoryrefnew(Core.memoryrefnew(m), i, false), convert(T, v)::T, :not_atomic, false)
    return m
end

# `new` for a Core type: lowering's own form, spliced in
@eval wrap_memory(::Type{Array{T,N}}, ref::MemoryRef{T}, size::NTuple{N,Int}) where {T,N} = $(Expr(:new, :(Array{T,N}), :ref, :size))

@inline function Array{T,N}(::UndefInitializer, dims::NTuple{N,Int}) where {T,N}
    n = checked_dims_length(dims)
    return wrap_memory(Array{T,N}, Core.memoryrefnew(Core.memorynew(Memory{T}, n)), dims)
end
Array{T,N}(u::UndefInitializer, dims::Vararg{Int,N}) where {T,N} = Array{T,N}(u, dims)
Array{T,N}(u::UndefInitializer, dims::Vararg{Integer,N}) where {T,N} = Array{T,N}(u, map(Int, dims))
Array{T,N}(u::UndefInitializer, dims::NTuple{N,Integer}) where {T,N} = Array{T,N}(u, map(Int, dims))
Array{T}(u::UndefInitializer, dims::NTuple{N,Int}) where {T,N} = Array{T,N}(u, dims)
Array{T}(u::UndefInitializer, dims::Vararg{Int,N}) where {T,N} = Array{T,N}(u, dims)
Array{T}(u::UndefInitializer, dims::Vararg{Integer,N}) where {T,N} = Array{T,N}(u, map(Int, dims))
Array{T}(u::UndefInitializer, dims::NTuple{N,Integer}) where {T,N} = Array{T,N}(u, map(Int, dims))
Array{T,1}() where {T} = Array{T,1}(undef, (0,))
Array{T,N}(v::Union{Nothing,Missing}, dims::Vararg{Integer,N}) where {T,N} = fill!(Array{T,N}(undef, map(Int, dims)), v)
Array{T,1}(x::AbstractArray{<:Any,1}) where {T} = copyto!(Array{T,1}(undef, size(x)), x)
Array{T,N}(x::AbstractArray{<:Any,N}) where {T,N} = copyto!(Array{T,N}(undef, size(x)), x)
Array{T}(x::AbstractArray{<:Any,N}) where {T,N} = Array{T,N}(x)
Array(x::AbstractArray{T,N}) where {T,N} = Array{T,N}(x)
Array{<:Any,N}(x::AbstractArray{T,N}) where {T,N} = Array{T,N}(x)
Vector(x::AbstractVector{T}) where {T} = Array{T,1}(x)
Matrix(x::AbstractMatrix{T}) where {T} = Array{T,2}(x)
Vector() = Vector{Any}()
convert(::Type{Array{T,N}}, x::AbstractArray{S,N}) where {S,T,N} = Array{T,N}(x)
convert(::Type{Array{T,N}}, x::Array{T,N}) where {T,N} = x
convert(::Type{Array{T}}, x::AbstractArray{S,N}) where {S,T,N} = Array{T,N}(x)
convert(::Type{Array{T}}, x::Array{T,N}) where {T,N} = x
convert(::Type{Array}, x::AbstractArray{T,N}) where {T,N} = Array{T,N}(x)
convert(::Type{AbstractArray{T,N}}, x::AbstractArray{T,N}) where {T,N} = x
convert(::Type{AbstractArray{T,N}}, x::AbstractArray{S,N}) where {S,T,N} = Array{T,N}(x)
promote_rule(a::Type{Array{T,N}}, b::Type{Array{S,N}}) where {T,N,S} = el_same(promote_type(T, S), a, b)
el_same(::Type{T}, a::Type{<:AbstractArray{T,n}}, b::Type{<:AbstractArray{T,n}}) where {T,n} = a
el_same(::Type{T}, a::Type{<:AbstractArray{S,n}}, b::Type{<:AbstractArray{T,n}}) where {T,S,n} = b
el_same(::Type{T}, a::Type{<:AbstractArray{T,n}}, b::Type{<:AbstractArray{S,n}}) where {T,S,n} = a
el_same(::Type, a, b) = promote_typejoin(a, b)

size(a::Array) = getfield(a, :size)
@inline size(a::Array{<:Any,N}, d::Integer) where {N} = d < 1 ? throw_dim_error(d) : d > N ? 1 : getfield(getfield(a, :size), Int(d), false)
@inline length(a::Array{<:Any,1}) = getfield(getfield(a, :size), 1)
@inline length(a::Array) = prod_dims(getfield(a, :size))
elsize(::Type{<:Array{T}}) where {T} = Core.Host.element_size(T)
elsize(::Type{<:Memory{T}}) where {T} = Core.Host.element_size(T)
sizeof(a::Array{T}) where {T} = length(a) * elsize(typeof(a))
pointer(a::Array{T}) where {T} = Core.Intrinsics.bitcast(Ptr{T}, getfield(getfield(a, :ref), :ptr))
pointer(a::AbstractArray, i::Integer) = pointer(a) + (i - 1) * elsize(a)
isassigned(a::Array, i::Int) = (i - 1) % UInt < length(a) % UInt && Core.memoryref_isassigned(Core.memoryrefnew(getfield(a, :ref), i, false), :not_atomic, false)
isassigned(a::Array) = length(a) == 1 && isassigned(a, 1)
isassigned(a::Array, i::Int, I::Int...) = checkbounds(Bool, a, i, I...) && isassigned(a, linear_index(a, (i, I...)))

@inline function getindex(a::Array, i::Int)
    @boundscheck (i - 1) % UInt < length(a) % UInt || throw_boundserror(a, (i,))
    return Core.memoryrefget(Core.memoryrefnew(getfield(a, :ref), i, false), :not_atomic, false)
end
@inline function getindex(a::Array{T,N}, i1::Int, i2::Int, I::Int...) where {T,N}
    @boundscheck checkbounds(a, i1, i2, I...)
    i = linear_index(a, (i1, i2, I...))
    return Core.memoryrefget(Core.memoryrefnew(getfield(a, :ref), i, false), :not_atomic, false)
end
@inline function setindex!(a::Array{T}, x, i::Int) where {T}
    @boundscheck (i - 1) % UInt < length(a) % UInt || throw_boundserror(a, (i,))
    v = x isa T ? x : convert(T, x)::T
    Core.memoryrefset!(Core.memoryrefnew(getfield(a, :ref), i, false), v, :not_atomic, false)
    return a
end
@inline function setindex!(a::Array{T}, x, i1::Int, i2::Int, I::Int...) where {T}
    @boundscheck checkbounds(a, i1, i2, I...)
    v = x isa T ? x : convert(T, x)::T
    i = linear_index(a, (i1, i2, I...))
    Core.memoryrefset!(Core.memoryrefnew(getfield(a, :ref), i, false), v, :not_atomic, false)
    return a
end
function getindex(a::Array{T,1}, r::AbstractUnitRange{<:Integer}) where {T}
    @boundscheck checkbounds(a, r)
    n = length(r)
    b = Vector{T}(undef, n)
    n > 0 && copy_elements!(b, 1, a, Int(first(r)), n)
    return b
end
function getindex(a::Array{T}, ::Colon) where {T}
    b = Vector{T}(undef, length(a))
    copy_elements!(b, 1, a, 1, length(a))
    return b
end
function setindex!(a::Array, v::AbstractArray, ::Colon)
    setindex_shape_check(v, (OneTo(length(a)),))
    return copyto!(a, v)
end

@inline function iterate(a::Array, i::Int = 1)
    (i - 1) % UInt < length(a) % UInt || return nothing
    return (@inbounds a[i]), i + 1
end

function copy_elements!(dest::Array{T}, d::Int, src::Array{T}, s::Int, n::Int) where {T}
    if dest === src && d > s
        k = n
        while k >= 1
            isassigned(src, s + k - 1) && (@inbounds dest[d+k-1] = src[s+k-1])
            k -= 1
        end
    elseif isbitstype(T)
        k = 0
        while k < n
            @inbounds dest[d+k] = src[s+k]
            k += 1
        end
    else
        k = 0
        while k < n
            isassigned(src, s + k) && (@inbounds dest[d+k] = src[s+k])
            k += 1
        end
    end
    return dest
end
function copy(a::Array{T,N}) where {T,N}
    b = Array{T,N}(undef, size(a))
    return copy_elements!(b, 1, a, 1, length(a))
end
similar(a::Array{T,N}) where {T,N} = Array{T,N}(undef, size(a))
similar(a::Array{T}, m::Int) where {T} = Vector{T}(undef, m)
similar(a::Array{T}, dims::Dims{N}) where {T,N} = Array{T,N}(undef, dims)

# ---- literals and fills -------------------------------------------------------------------------

vect() = Vector{Any}()
vect(xs::T...) where {T} = vect_of(T, xs)
function vect(xs...)
    T = promote_typeof(xs...)
    return vect_of(T, xs)
end
promote_typeof(x) = typeof(x)
promote_typeof(x, xs...) = promote_type(typeof(x), promote_typeof(xs...))
getindex(::Type{T}) where {T} = Vector{T}()
function getindex(::Type{T}, vals...) where {T}
    a = Vector{T}(undef, length(vals))
    for i in 1:length(vals)
        a[i] = vals[i]
    end
    return a
end
fill(v) = fill(v, ())
fill(v, d::Integer, dims::Integer...) = fill(v, (d, dims...))
fill(v, r::AbstractUnitRange, rs::AbstractUnitRange...) = fill(v, map(length, (r, rs...)))
fill(v, dims::NTuple{N,Integer}) where {N} = fill!(Array{typeof(v),N}(undef, map(Int, dims)), v)
fill(v, dims::Tuple{}) = fill!(Array{typeof(v),0}(undef, ()), v)
function fill!(a::Array{T}, x) where {T}
    v = convert(T, x)::T
    for i in 1:length(a)
        @inbounds a[i] = v
    end
    return a
end
zeros(dims::Integer...) = zeros(Float64, dims)
zeros(dims::Tuple) = zeros(Float64, dims)
zeros(::Type{T}, dims::Integer...) where {T} = zeros(T, dims)
zeros(::Type{T}, dims::Tuple) where {T} = fill!(Array{T,length(dims)}(undef, map(dim_length, dims)), zero(T))
zeros(::Type{T}, r::AbstractUnitRange, rs::AbstractUnitRange...) where {T} = zeros(T, map(length, (r, rs...)))
ones(dims::Integer...) = ones(Float64, dims)
ones(dims::Tuple) = ones(Float64, dims)
ones(::Type{T}, dims::Integer...) where {T} = ones(T, dims)
ones(::Type{T}, dims::Tuple) where {T} = fill!(Array{T,length(dims)}(undef, map(dim_length, dims)), one(T))
zero(a::AbstractArray{T}) where {T} = fill!(similar(a), zero(T))
one(a::AbstractMatrix{T}) where {T} = [i == j ? one(T) : zero(T) for i in axes(a, 1), j in axes(a, 2)]
empty(a::Array{T}, ::Type{U} = T) where {T,U} = Vector{U}()
empty!(a::Vector) = (resize!(a, 0); a)

# ---- growing and shrinking ----------------------------------------------------------------------

memory_of(a::Array) = getfield(getfield(a, :ref), :mem)
offset_of(a::Array) = Core.memoryrefoffset(getfield(a, :ref)) - 1   # elements of the memory before the first
set_length!(a::Vector, n::Int) = setfield!(a, :size, (n,))

function grow_end!(a::Vector{T}, k::Int) where {T}
    n = length(a)
    mem = memory_of(a)
    off = offset_of(a)
    if off + n + k > length(mem)
        cap = max(n + k, n < 8 ? 8 : 2n)
        bigger = Core.memorynew(Memory{T}, cap)
        move_into!(bigger, a, 0)
        setfield!(a, :ref, Core.memoryrefnew(bigger))
    end
    set_length!(a, n + k)
    return a
end
function grow_begin!(a::Vector{T}, k::Int) where {T}
    n = length(a)
    off = offset_of(a)
    if off < k
        room = max(k, n)
        bigger = Core.memorynew(Memory{T}, room + n + 8)
        move_into!(bigger, a, room)
        off = room
        setfield!(a, :ref, Core.memoryrefnew(Core.memoryrefnew(bigger), room - k + 1, false))
    else
        setfield!(a, :ref, Core.memoryrefnew(Core.memoryrefnew(memory_of(a)), off - k + 1, false))
    end
    set_length!(a, n + k)
    return a
end
function move_into!(mem::Memory{T}, a::Vector{T}, at::Int) where {T}
    r = Core.memoryrefnew(mem)
    for i in 1:length(a)
        if isassigned(a, i)
            Core.memoryrefset!(Core.memoryrefnew(r, at + i, false), @inbounds(a[i]), :not_atomic, false)
        end
    end
    return mem
end
function forget!(a::Vector{T}, from::Int, to::Int) where {T}
    isbitstype(T) && return a
    for i in from:to
        Core.memoryref_unset!(Core.memoryrefnew(getfield(a, :ref), i, false), :not_atomic, false)
    end
    return a
end
function shrink_end!(a::Vector, k::Int)
    n = length(a)
    forget!(a, n - k + 1, n)
    set_length!(a, n - k)
    return a
end
function shrink_begin!(a::Vector, k::Int)
    n = length(a)
    forget!(a, 1, k)
    k == n || setfield!(a, :ref, Core.memoryrefnew(getfield(a, :ref), k + 1, false))
    set_length!(a, n - k)
    return a
end

function resize!(a::Vector, n::Integer)
    m = length(a)
    if n > m
        grow_end!(a, Int(n) - m)
    elseif n < m
        n < 0 && throw(ArgumentError("new length must be ≥ 0"))
        shrink_end!(a, m - Int(n))
    end
    return a
end
sizehint!(a::AbstractVector, n::Integer; kws...) = a
function push!(a::Vector{T}, x) where {T}
    v = x isa T ? x : convert(T, x)::T
    grow_end!(a, 1)
    @inbounds a[length(a)] = v
    return a
end
# vectors of other kinds grow by their own `resize!`
push!(a::AbstractVector, x) = (n = length(a); resize!(a, n + 1); a[lastindex(a)] = x; a)
push!(a::AbstractVector) = a
function pushfirst!(a::AbstractVector, xs...)
    old = collect(a)
    resize!(a, length(old) + length(xs))
    copyto!(a, (xs..., old...))
    return a
end
function pop!(a::AbstractVector)
    isempty(a) && throw(ArgumentError("array must be non-empty"))
    x = a[end]
    resize!(a, length(a) - 1)
    return x
end
push!(a::AbstractVector, x, y, zs...) = push!(push!(a, x), y, zs...)
push!(a, x, y, zs...) = push!(push!(a, x), y, zs...)
function pushfirst!(a::Vector{T}, x) where {T}
    v = convert(T, x)::T
    grow_begin!(a, 1)
    @inbounds a[1] = v
    return a
end
function pushfirst!(a::Vector, x, y, zs...)
    items = (x, y, zs...)
    for i in length(items):-1:1
        pushfirst!(a, items[i])
    end
    return a
end
function pop!(a::Vector)
    isempty(a) && throw(ArgumentError("array must be non-empty"))
    x = a[end]
    shrink_end!(a, 1)
    return x
end
function popfirst!(a::Vector)
    isempty(a) && throw(ArgumentError("array must be non-empty"))
    x = a[1]
    shrink_begin!(a, 1)
    return x
end
function popat!(a::Vector, i::Integer)
    x = a[i]
    deleteat!(a, i)
    return x
end
function popat!(a::Vector, i::Integer, default)
    1 <= i <= length(a) || return default
    return popat!(a, i)
end
append!(a::AbstractVector, items::AbstractVector) = append_items!(a, items === a ? copy(items) : items)
append!(a::AbstractVector, items) = append_items!(a, items)
append!(a::AbstractVector, its...) = (foreach(x -> append!(a, x), its); a)
append!(a::AbstractVector) = a
function append_items!(a, items)
    for x in items
        push!(a, x)
    end
    return a
end
prepend!(a::Vector, items) = (for x in reverse(collect(items)); pushfirst!(a, x); end; a)
function insert!(a::Vector{T}, i::Integer, x) where {T}
    1 <= i <= length(a) + 1 || throw_boundserror(a, (i,))
    v = convert(T, x)::T
    grow_end!(a, 1)
    n = length(a)
    copy_elements!(a, Int(i) + 1, a, Int(i), n - Int(i))
    a[i] = v
    return a
end
function deleteat!(a::Vector, i::Integer)
    checkbounds(a, i)
    n = length(a)
    copy_elements!(a, Int(i), a, Int(i) + 1, n - Int(i))
    shrink_end!(a, 1)
    return a
end
function deleteat!(a::Vector, r::AbstractUnitRange{<:Integer})
    isempty(r) && return a
    checkbounds(a, r)
    f, l, n = Int(first(r)), Int(last(r)), length(a)
    copy_elements!(a, f, a, l + 1, n - l)
    shrink_end!(a, l - f + 1)
    return a
end
function deleteat!(a::Vector, inds)
    keep = fill(true, length(a))
    prev = 0
    for i in inds
        checkbounds(a, i)
        i > prev || throw(ArgumentError("indices must be unique and sorted"))
        prev = i
        keep[i] = false
    end
    return keep_where!(a, keep)
end
function deleteat!(a::Vector, mask::AbstractVector{Bool})
    length(mask) == length(a) || throw(BoundsError(a, (mask,)))
    return keep_where!(a, map(!, mask))
end
function keep_where!(a::Vector, keep)
    k = 0
    for i in 1:length(a)
        if keep[i]
            k += 1
            a[k] = a[i]
        end
    end
    return resize!(a, k)
end
keepat!(a::Vector, inds) = (b = a[inds]; resize!(a, length(b)); copyto!(a, b))
function splice!(a::Vector, i::Integer, ins = ())
    x = a[i]
    m = length(ins)
    if m == 0
        deleteat!(a, i)
    else
        replace_range!(a, Int(i), Int(i), ins)
    end
    return x
end
function splice!(a::Vector, r::AbstractUnitRange{<:Integer}, ins = ())
    x = a[r]
    replace_range!(a, Int(first(r)), Int(last(r)), ins)
    return x
end
function splice!(a::Vector, inds)
    x = eltype(a)[a[i] for i in inds]
    deleteat!(a, inds)
    return x
end
get(a::AbstractArray, i::Integer, default) = checkbounds(Bool, a, i) ? a[i] : default
get(a::AbstractArray, i::Tuple, default) = checkbounds(Bool, a, i...) ? a[i...] : default
get(a::AbstractArray, i::CartesianIndex, default) = checkbounds(Bool, a, i) ? a[i] : default
get(f::Callable, a::AbstractArray, i::Integer) = checkbounds(Bool, a, i) ? a[i] : f()
get(f::Callable, a::AbstractArray, i::Tuple) = checkbounds(Bool, a, i...) ? a[i...] : f()
function replace_range!(a::Vector, f::Int, l::Int, ins)
    rest = a[l+1:end]
    resize!(a, f - 1)
    for x in ins
        push!(a, x)
    end
    append!(a, rest)
    return a
end

# ---- reordering ---------------------------------------------------------------------------------

function reverse(a::AbstractVector, start::Integer = firstindex(a), stop::Integer = lastindex(a))
    b = copymutable(a)
    for k in 0:stop-start
        b[start+k] = a[stop-k]
    end
    return b
end
function reverse!(a::AbstractVector, start::Integer = firstindex(a), stop::Integer = lastindex(a))
    i, j = start, stop
    while i < j
        a[i], a[j] = a[j], a[i]
        i += 1
        j -= 1
    end
    return a
end
# ---- searching ----------------------------------------------------------------------------------

function findnext(f::Function, a, i)
    l = last(keys(a))
    while i <= l
        f(a[i]) && return i
        i = nextind(a, i)
    end
    return nothing
end
function findprev(f::Function, a, i)
    s = first(keys(a))
    while i >= s
        f(a[i]) && return i
        i = prevind(a, i)
    end
    return nothing
end
nextind(::AbstractArray, i::Integer) = Int(i) + 1
prevind(::AbstractArray, i::Integer) = Int(i) - 1
nextind(A::AbstractArray, i::CartesianIndex) = CartesianIndex(carried(i.I, axes(A)))
prevind(A::AbstractArray, i::CartesianIndex) = CartesianIndex(borrowed(i.I, axes(A)))
# the position after (before) one, also where that lies behind the last (before the first)
carried(I::Tuple{}, ax::Tuple{}) = ()
carried(I::Tuple{Int}, ax::Tuple{Any}) = (I[1] + 1,)
carried(I::Tuple, ax::Tuple) = I[1] < last(ax[1]) ? (I[1] + 1, tail(I)...) : (first(ax[1]), carried(tail(I), tail(ax))...)
borrowed(I::Tuple{}, ax::Tuple{}) = ()
borrowed(I::Tuple{Int}, ax::Tuple{Any}) = (I[1] - 1,)
borrowed(I::Tuple, ax::Tuple) = I[1] > first(ax[1]) ? (I[1] - 1, tail(I)...) : (last(ax[1]), borrowed(tail(I), tail(ax))...)
nextind(::Tuple, i::Integer) = Int(i) + 1
prevind(::Tuple, i::Integer) = Int(i) - 1
findnext(a, i) = findnext(identity, a, i)
findprev(a, i) = findprev(identity, a, i)
function findfirst(f::Function, a)
    for (k, x) in pairs(a)
        f(x) && return k
    end
    return nothing
end
findfirst(a) = findfirst(identity, a)
function findlast(f::Function, a::Union{AbstractVector,Tuple})
    for i in length(a):-1:1
        f(a[i]) && return i
    end
    return nothing
end
function findlast(f::Function, a)
    found = nothing
    for (k, x) in pairs(a)
        f(x) && (found = k)
    end
    return found
end
findlast(a) = findlast(identity, a)
findall(a) = findall(identity, a)
function findall(f::Function, a)
    ks = Vector{keytype_of(a)}()
    for (k, x) in pairs(a)
        f(x) && push!(ks, k)
    end
    return ks
end
keytype_of(a::AbstractArray) = eltype(keys(a))
keytype_of(a::Tuple) = Int
keytype_of(a) = keytype(a)
findall(f::Function, a::Generator) = [i for (i, x) in enumerate(a) if f(x)]
indexin(a, b) = (d = Dict(); foreach(((i, x),) -> haskey(d, x) || (d[x] = i), pairs(collect(b))); Union{Nothing,Int}[get(d, x, nothing) for x in a])
function in(x, a::AbstractArray)
    anymissing = false
    for y in a
        r = (y == x)
        if ismissing(r)
            anymissing = true
        elseif r
            return true
        end
    end
    return anymissing ? missing : false
end
function in(x, itr)
    for y in itr
        y == x && return true
    end
    return false
end
in(x) = Fix2(in, x)
const ∈ = in
∋(itr, x) = in(x, itr)
∉(x, itr) = !in(x, itr)
∌(itr, x) = !in(x, itr)

filter(f, a::AbstractArray) = filter_vector(f, a)
filter(f) = Fix1(filter, f)
function filter_vector(f, a::AbstractArray{T}) where {T}
    r = Vector{T}()
    for x in a
        f(x) && push!(r, x)
    end
    return r
end
function filter!(f, a::AbstractVector)
    k = 0
    for x in a
        if f(x)
            k += 1
            a[k] = x
        end
    end
    return resize!(a, k)
end
# Without a limit all values of a singleton type that is replaced are gone from the result's element type.
function replace(a::AbstractArray, ps::Pair...; count::Union{Nothing,Integer} = nothing)
    V = promote_type(map(p -> typeof(p.second), ps)...)
    T = promote_type(count === nothing ? without_replaced(eltype(a), ps...) : eltype(a), V)
    return replace_into!(similar(a, T), a, x -> replaced_by(x, ps), count)
end
without_replaced(T) = T
without_replaced(T, p::Pair{K}, rest...) where {K} = without_replaced(issingletontype(K) ? without_type(T, K) : T, rest...)
function replaced_by(x, ps)
    for p in ps
        isequal(x, p.first) && return p.second
    end
    return x
end
function replace_into!(out, a, f, count)
    count !== nothing && count < 0 && throw(DomainError(count, "`count` must be non-negative"))
    left = count === nothing ? typemax(Int) : Int(count)
    for i in eachindex(a)
        x = a[i]
        y = left > 0 ? f(x) : x
        y === x || (left -= 1)
        out[i] = y
    end
    return out
end
replace(f::Callable, a::AbstractArray; count::Union{Nothing,Integer} = nothing) = replace_into!(similar(a), a, f, count)
replace!(a::AbstractArray, ps::Pair...; count::Union{Nothing,Integer} = nothing) = replace_into!(a, a, x -> replaced_by(x, ps), count)
replace!(f::Callable, a::AbstractArray; count::Union{Nothing,Integer} = nothing) = replace_into!(a, a, f, count)
function replace!(f::Function, c::Union{AbstractDict,AbstractSet}; count::Integer = typemax(Int))
    changes = Tuple{Any,Any}[]
    for x in c
        length(changes) < count || break
        y = f(x)
        x === y || push!(changes, (x, y))
    end
    for (x, _) in changes
        delete!(c, c isa AbstractDict ? x.first : x)
    end
    for (_, y) in changes
        push!(c, y)
    end
    return c
end
function replace!(c::Union{AbstractDict,AbstractSet}, ps::Pair...; count::Integer = typemax(Int))
    return replace!(c; count) do x
        for p in ps
            isequal(p.first, x) && return p.second
        end
        return x
    end
end
replace(f::Function, c::Union{AbstractDict,AbstractSet}; count::Integer = typemax(Int)) = replace!(f, copy(c); count)
replace(c::Union{AbstractDict,AbstractSet}, ps::Pair...; count::Integer = typemax(Int)) = replace!(copy(c), ps...; count)

# ---- element-wise arithmetic that needs no dots --------------------------------------------------

function promote_shape(A::AbstractArray, B::AbstractArray)
    axes(A) == axes(B) || throw_axes_mismatch(axes(A), axes(B))
    return axes(A)
end
@noinline function throw_axes_mismatch(a, b)
    at = first_mismatch(a, b)
    one_based = all(r -> r isa OneTo, a) && all(r -> r isa OneTo, b)
    throw(DimensionMismatch(one_based ? string("a has size ", map(length, a), ", b has size ", map(length, b), ", mismatch at dim ", at) :
                            string("a has axes ", a, ", b has axes ", b, ", mismatch at dim ", at)))
end
first_mismatch(a, b) = (for i in 1:max(length(a), length(b)); (i <= length(a) && i <= length(b) && a[i] == b[i]) || return i; end; 0)
+(A::AbstractArray, B::AbstractArray) = (promote_shape(A, B); broadcast(+, A, B))
-(A::AbstractArray, B::AbstractArray) = (promote_shape(A, B); broadcast(-, A, B))
+(A::AbstractArray, B::AbstractArray, C::AbstractArray...) = +(A + B, C...)
-(A::AbstractArray) = broadcast(-, A)
*(A::AbstractArray, x::Number) = broadcast(*, A, x)
*(x::Number, A::AbstractArray) = broadcast(*, x, A)
/(A::AbstractArray, x::Number) = broadcast(/, A, x)
\(x::Number, A::AbstractArray) = broadcast(\, x, A)
