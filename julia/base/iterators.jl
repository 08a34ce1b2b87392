# Lazy combinations of iterators.

module Iterators

import ..Base: iterate, length, size, axes, ndims, eltype, IteratorSize, IteratorEltype, SizeUnknown, HasLength, HasShape, IsInfinite, HasEltype,
    EltypeUnknown, Generator, tail, isempty, last, first, getindex, keys, collect, foldl, peek, popfirst!, show, in, isdone
using ..Base
const tmap = Base.map

export enumerate, zip, rest, countfrom, take, drop, takewhile, dropwhile, cycle, repeated, product, flatten, flatmap, partition, peel, accumulate, filter, reverse

# ---- enumerate ----------------------------------------------------------------------------------

struct Enumerate{I}
    itr::I
end
enumerate(iter) = Enumerate(iter)
length(e::Enumerate) = length(e.itr)
size(e::Enumerate) = size(e.itr)
axes(e::Enumerate) = axes(e.itr)
eltype(::Type{Enumerate{I}}) where {I} = Tuple{Int,eltype(I)}
IteratorSize(::Type{Enumerate{I}}) where {I} = IteratorSize(I)
IteratorEltype(::Type{Enumerate{I}}) where {I} = IteratorEltype(I)
@inline function iterate(e::Enumerate, state = (1,))
    i, rest = state[1], tail(state)
    n = iterate(e.itr, rest...)
    n === nothing && return nothing
    return (i, n[1]), (i + 1, n[2])
end
last(e::Enumerate) = (length(e.itr), last(e.itr))
show(io::IO, e::Enumerate) = (print(io, "enumerate("); show(io, e.itr); print(io, ")"))

# ---- zip ----------------------------------------------------------------------------------------

struct Zip{Is<:Tuple}
    is::Is
end
zip(a...) = Zip(a)
@inline iterate(z::Zip{Tuple{}}, s = nothing) = nothing
@inline function iterate(z::Zip)
    return gather_step(zip_first(z.is))
end
@inline iterate(z::Zip, states) = gather_step(zip_next(z.is, states))
gather_step(::Nothing) = nothing
@inline gather_step(ys::Tuple) = (tmap(y -> y[1], ys), tmap(y -> y[2], ys))
zip_first(::Tuple{}) = ()
@inline function zip_first(is::Tuple)
    y = iterate(is[1])
    y === nothing && return nothing
    ys = zip_first(tail(is))
    ys === nothing && return nothing
    return (y, ys...)
end
zip_next(::Tuple{}, ::Tuple{}) = ()
@inline function zip_next(is::Tuple, states::Tuple)
    y = iterate(is[1], states[1])
    y === nothing && return nothing
    ys = zip_next(tail(is), tail(states))
    ys === nothing && return nothing
    return (y, ys...)
end
length(z::Zip) = zip_length(z.is)
function zip_length(is::Tuple)
    n = -1
    for i in is
        IteratorSize(i) isa IsInfinite && continue
        m = length(i)
        n = n < 0 ? m : min(n, m)
    end
    n < 0 && throw(ArgumentError("iterator is of undefined length"))
    return n
end
zip_length(::Tuple{}) = 0
axes(z::Zip) = zip_axes(tmap(axes, z.is)...)
size(z::Zip) = tmap(length, axes(z))
# vectors end with the shortest, arrays of more dimensions must agree
zip_axes(a) = a
zip_axes(a::Tuple{Any}, b::Tuple{Any}, rest...) = zip_axes((Base.OneTo(min(length(a[1]), length(b[1]))),), rest...)
zip_axes(a::Tuple, b::Tuple, rest...) = (a == b || Base.throw_axes_mismatch(a, b); zip_axes(a, rest...))
eltype(::Type{Zip{Is}}) where {Is<:Tuple} = zip_eltype(Is)
zip_eltype(::Type{Is}) where {Is} = Tuple{tmap(eltype, fieldtypes(Is))...}
IteratorSize(::Type{Zip{Is}}) where {Is<:Tuple} = zip_size(tmap(IteratorSize, fieldtypes(Is)))
zip_size(::Tuple{}) = HasLength()
zip_size(s::Tuple{Any}) = s[1]
zip_size(s::Tuple) = zip_size2(s[1], zip_size(tail(s)))
zip_size2(a::IsInfinite, b::IsInfinite) = a
zip_size2(::IsInfinite, b) = b isa HasShape ? HasLength() : b
zip_size2(a, ::IsInfinite) = a isa HasShape ? HasLength() : a
zip_size2(::SizeUnknown, b) = SizeUnknown()
zip_size2(a, ::SizeUnknown) = SizeUnknown()
zip_size2(::SizeUnknown, ::SizeUnknown) = SizeUnknown()
zip_size2(::SizeUnknown, ::IsInfinite) = SizeUnknown()
zip_size2(::IsInfinite, ::SizeUnknown) = SizeUnknown()
zip_size2(a::HasShape{N}, b::HasShape{N}) where {N} = a
zip_size2(a, b) = HasLength()
IteratorEltype(::Type{Zip{Is}}) where {Is<:Tuple} = all(t -> IteratorEltype(t) isa HasEltype, fieldtypes(Is)) ? HasEltype() : EltypeUnknown()
first(z::Zip) = tmap(first, z.is)
last(z::Zip) = getindex.(z.is, min(tmap(length, z.is)...))
reverse(z::Zip) = Zip(tmap(reverse, z.is))
show(io::IO, z::Zip) = (print(io, "zip("); join(io, tmap(repr, z.is), ", "); print(io, ")"))

# ---- filter -------------------------------------------------------------------------------------

struct Filter{F,I}
    flt::F
    itr::I
end
filter(flt, itr) = Filter(flt, itr)
function iterate(f::Filter, s...)
    y = iterate(f.itr, s...)
    while y !== nothing
        f.flt(y[1]) && return y
        y = iterate(f.itr, y[2])
    end
    return nothing
end
eltype(::Type{Filter{F,I}}) where {F,I} = eltype(I)
IteratorEltype(::Type{Filter{F,I}}) where {F,I} = IteratorEltype(I)
IteratorSize(::Type{<:Filter}) = SizeUnknown()
reverse(f::Filter) = Filter(f.flt, reverse(f.itr))

# ---- rest, peel, Stateful -----------------------------------------------------------------------

struct Rest{I,S}
    itr::I
    st::S
end
rest(itr, state) = Rest(itr, state)
rest(itr) = itr
@inline iterate(r::Rest, st = r.st) = iterate(r.itr, st)
eltype(::Type{Rest{I,S}}) where {I,S} = eltype(I)
IteratorEltype(::Type{Rest{I,S}}) where {I,S} = IteratorEltype(I)
IteratorSize(::Type{Rest{I,S}}) where {I,S} = IteratorSize(I) isa IsInfinite ? IsInfinite() : SizeUnknown()
function peel(itr)
    y = iterate(itr)
    y === nothing && return nothing
    return y[1], rest(itr, y[2])
end

mutable struct Stateful{T}
    itr::T
    next::Any
    taken::Int
end
Stateful(itr) = Stateful{typeof(itr)}(itr, iterate(itr), 0)
isempty(s::Stateful) = s.next === nothing
isdone(s::Stateful) = s.next === nothing
peek(s::Stateful, sentinel = nothing) = s.next === nothing ? sentinel : s.next[1]
function popfirst!(s::Stateful)
    s.next === nothing && throw(Base.EOFError())
    v, st = s.next
    s.next = iterate(s.itr, st)
    s.taken += 1
    return v
end
iterate(s::Stateful, _ = nothing) = s.next === nothing ? nothing : (popfirst!(s), nothing)
eltype(::Type{Stateful{T}}) where {T} = eltype(T)
IteratorSize(::Type{<:Stateful}) = SizeUnknown()
IteratorEltype(::Type{Stateful{T}}) where {T} = IteratorEltype(T)
length(s::Stateful) = length(s.itr) - s.taken

# ---- endless ------------------------------------------------------------------------------------

struct Count{T,S}
    start::T
    step::S
end
countfrom(start::T, step::S) where {T,S} = Count{typeof(start + step),S}(start, step)
countfrom(start::Number) = Count(start, oneunit(start))
countfrom() = Count(1, 1)
eltype(::Type{Count{T,S}}) where {T,S} = T
iterate(c::Count, st = c.start) = (st, st + c.step)
IteratorSize(::Type{<:Count}) = IsInfinite()

struct Repeated{O}
    x::O
end
repeated(x) = Repeated(x)
repeated(x, n::Integer) = take(repeated(x), Int(n))
eltype(::Type{Repeated{O}}) where {O} = O
iterate(r::Repeated, _ = nothing) = (r.x, nothing)
IteratorSize(::Type{<:Repeated}) = IsInfinite()

struct Cycle{I}
    xs::I
end
cycle(xs) = Cycle(xs)
cycle(xs, n::Integer) = flatten(repeated(xs, n))
eltype(::Type{Cycle{I}}) where {I} = eltype(I)
IteratorEltype(::Type{Cycle{I}}) where {I} = IteratorEltype(I)
IteratorSize(::Type{Cycle{I}}) where {I} = IsInfinite()
iterate(c::Cycle) = iterate(c.xs)
function iterate(c::Cycle, s)
    y = iterate(c.xs, s)
    return y === nothing ? iterate(c.xs) : y
end

# ---- take, drop ---------------------------------------------------------------------------------

struct Take{I}
    xs::I
    n::Int
    function Take(xs::I, n::Integer) where {I}
        n < 0 && throw(ArgumentError("Take length must be non-negative"))
        return new{I}(xs, n)
    end
end
take(xs, n::Integer) = Take(xs, Int(n))
eltype(::Type{Take{I}}) where {I} = eltype(I)
IteratorEltype(::Type{Take{I}}) where {I} = IteratorEltype(I)
IteratorSize(::Type{Take{I}}) where {I} = IteratorSize(I) isa SizeUnknown ? SizeUnknown() : HasLength()
length(t::Take) = IteratorSize(t.xs) isa IsInfinite ? t.n : min(t.n, length(t.xs))
function iterate(t::Take, state = (t.n,))
    n, rest = state[1], tail(state)
    n <= 0 && return nothing
    y = iterate(t.xs, rest...)
    y === nothing && return nothing
    return y[1], (n - 1, y[2])
end

struct Drop{I}
    xs::I
    n::Int
    function Drop(xs::I, n::Integer) where {I}
        n < 0 && throw(ArgumentError("Drop length must be non-negative"))
        return new{I}(xs, n)
    end
end
drop(xs, n::Integer) = Drop(xs, Int(n))
eltype(::Type{Drop{I}}) where {I} = eltype(I)
IteratorEltype(::Type{Drop{I}}) where {I} = IteratorEltype(I)
IteratorSize(::Type{Drop{I}}) where {I} = (s = IteratorSize(I); s isa HasShape ? HasLength() : s)
length(d::Drop) = max(0, length(d.xs) - d.n)
function iterate(d::Drop)
    y = iterate(d.xs)
    for _ in 1:d.n
        y === nothing && return y
        y = iterate(d.xs, y[2])
    end
    return y
end
iterate(d::Drop, s) = iterate(d.xs, s)

struct TakeWhile{I,P}
    pred::P
    xs::I
end
takewhile(pred, xs) = TakeWhile(pred, xs)
function iterate(t::TakeWhile, s...)
    y = iterate(t.xs, s...)
    y === nothing && return nothing
    t.pred(y[1]) || return nothing
    return y
end
IteratorSize(::Type{<:TakeWhile}) = SizeUnknown()
eltype(::Type{TakeWhile{I,P}}) where {I,P} = eltype(I)
IteratorEltype(::Type{TakeWhile{I,P}}) where {I,P} = IteratorEltype(I)

struct DropWhile{I,P}
    pred::P
    xs::I
end
dropwhile(pred, xs) = DropWhile(pred, xs)
iterate(d::DropWhile, s) = iterate(d.xs, s)
function iterate(d::DropWhile)
    y = iterate(d.xs)
    while y !== nothing && d.pred(y[1])
        y = iterate(d.xs, y[2])
    end
    return y
end
IteratorSize(::Type{<:DropWhile}) = SizeUnknown()
eltype(::Type{DropWhile{I,P}}) where {I,P} = eltype(I)
IteratorEltype(::Type{DropWhile{I,P}}) where {I,P} = IteratorEltype(I)

# ---- product ------------------------------------------------------------------------------------

struct ProductIterator{T<:Tuple}
    iterators::T
end
product(iters...) = ProductIterator(iters)
IteratorSize(::Type{ProductIterator{Tuple{}}}) = HasShape{0}()
IteratorSize(::Type{ProductIterator{T}}) where {T<:Tuple} = product_size(tmap(IteratorSize, fieldtypes(T)))
product_size(s::Tuple) = any(x -> x isa SizeUnknown, s) ? SizeUnknown() : any(x -> x isa IsInfinite, s) ? IsInfinite() : HasShape{sum_ndims(s)}()
sum_ndims(::Tuple{}) = 0
sum_ndims(s::Tuple) = shape_ndims(s[1]) + sum_ndims(tail(s))
shape_ndims(::HasShape{N}) where {N} = N
shape_ndims(::HasLength) = 1
size(p::ProductIterator) = product_sizes(p.iterators)
product_sizes(::Tuple{}) = ()
product_sizes(t::Tuple) = (iter_size(t[1], IteratorSize(t[1]))..., product_sizes(tail(t))...)
iter_size(x, ::HasShape) = size(x)
iter_size(x, ::HasLength) = (length(x),)
axes(p::ProductIterator) = tmap(Base.oneto, size(p))
length(p::ProductIterator) = prod(size(p))
eltype(::Type{ProductIterator{T}}) where {T<:Tuple} = Tuple{tmap(eltype, fieldtypes(T))...}
IteratorEltype(::Type{ProductIterator{T}}) where {T<:Tuple} = all(t -> IteratorEltype(t) isa HasEltype, fieldtypes(T)) ? HasEltype() : EltypeUnknown()
ndims(p::ProductIterator) = length(size(p))
iterate(::ProductIterator{Tuple{}}) = ((), true)
iterate(::ProductIterator{Tuple{}}, _) = nothing
@inline function iterate(p::ProductIterator)
    ys = product_start(p.iterators)
    ys === nothing && return nothing
    return tmap(y -> y[1], ys), ys
end
@inline function iterate(p::ProductIterator, ys)
    nxt = product_next(p.iterators, ys)
    nxt === nothing && return nothing
    return tmap(y -> y[1], nxt), nxt
end
product_start(::Tuple{}) = ()
@inline function product_start(its::Tuple)
    y = iterate(its[1])
    y === nothing && return nothing
    ys = product_start(tail(its))
    ys === nothing && return nothing
    return (y, ys...)
end
product_next(::Tuple{}, ::Tuple{}) = nothing
@inline function product_next(its::Tuple, ys::Tuple)
    y = iterate(its[1], ys[1][2])
    y === nothing || return (y, tail(ys)...)
    rest = product_next(tail(its), tail(ys))
    rest === nothing && return nothing
    y = iterate(its[1])
    y === nothing && return nothing
    return (y, rest...)
end
last(p::ProductIterator) = tmap(last, p.iterators)
reverse(p::ProductIterator) = ProductIterator(tmap(reverse, p.iterators))

# ---- flatten ------------------------------------------------------------------------------------

struct Flatten{I}
    it::I
end
flatten(itr) = Flatten(itr)
flatmap(f, c...) = flatten(Generator(f, c...))
eltype(::Type{Flatten{I}}) where {I} = eltype(eltype(I))
IteratorSize(::Type{Flatten{I}}) where {I} = SizeUnknown()
IteratorEltype(::Type{Flatten{I}}) where {I} = IteratorEltype(I) isa HasEltype ? IteratorEltype(eltype(I)) : EltypeUnknown()
length(f::Flatten) = sum(length, f.it)
function iterate(f::Flatten, state = ())
    if state !== ()
        y = iterate(state[1], state[2])
        y === nothing || return y[1], (state[1], y[2], state[3])
        o = iterate(f.it, state[3])
    else
        o = iterate(f.it)
    end
    while o !== nothing
        y = iterate(o[1])
        y === nothing || return y[1], (o[1], y[2], o[2])
        o = iterate(f.it, o[2])
    end
    return nothing
end

# ---- partition ----------------------------------------------------------------------------------

struct PartitionIterator{T}
    c::T
    n::Int
end
function partition(c, n::Integer)
    n < 1 && throw(ArgumentError(string("cannot create partitions of length ", n)))
    return PartitionIterator(c, Int(n))
end
eltype(::Type{PartitionIterator{T}}) where {T} = Vector{eltype(T)}
eltype(::Type{PartitionIterator{T}}) where {T<:AbstractRange} = Base.Core.Host.return_type(getindex, T, UnitRange{Int})
eltype(::Type{PartitionIterator{T}}) where {T<:AbstractArray} = Any
IteratorEltype(::Type{<:PartitionIterator}) = EltypeUnknown()
IteratorSize(::Type{PartitionIterator{T}}) where {T} = IteratorSize(T) isa HasShape ? HasLength() : IteratorSize(T)
length(p::PartitionIterator) = cld(length(p.c), p.n)
function iterate(p::PartitionIterator{<:AbstractRange}, state = 1)
    state > length(p.c) && return nothing
    r = min(state + p.n - 1, length(p.c))
    return p.c[state:r], r + 1
end
function iterate(p::PartitionIterator{<:AbstractArray}, state = 1)
    state > length(p.c) && return nothing
    r = min(state + p.n - 1, length(p.c))
    return view(p.c, state:r), r + 1
end
function iterate(p::PartitionIterator, state...)
    part = Vector{eltype(p.c)}()
    y = iterate(p.c, state...)
    y === nothing && return nothing
    while true
        push!(part, y[1])
        length(part) == p.n && return part, y[2]
        st = y[2]
        y = iterate(p.c, st)
        y === nothing && return part, st
    end
end

# ---- accumulate, reverse, map -------------------------------------------------------------------

struct Accumulate{F,I,T}
    f::F
    itr::I
    init::T
end
accumulate(f, itr; init = Base._InitialValue()) = Accumulate(f, itr, init)
function iterate(a::Accumulate)
    y = iterate(a.itr)
    y === nothing && return nothing
    v = a.init isa Base._InitialValue ? y[1] : a.f(a.init, y[1])
    return v, (v, y[2])
end
function iterate(a::Accumulate, s)
    y = iterate(a.itr, s[2])
    y === nothing && return nothing
    v = a.f(s[1], y[1])
    return v, (v, y[2])
end
length(a::Accumulate) = length(a.itr)
IteratorSize(::Type{Accumulate{F,I,T}}) where {F,I,T} = (s = IteratorSize(I); s isa HasShape ? HasLength() : s)
IteratorEltype(::Type{<:Accumulate}) = EltypeUnknown()

struct Reverse{T}
    itr::T
end
reverse(itr) = Reverse(itr)
reverse(r::Reverse) = r.itr
eltype(::Type{Reverse{T}}) where {T} = eltype(T)
length(r::Reverse) = length(r.itr)
size(r::Reverse) = size(r.itr)
axes(r::Reverse) = axes(r.itr)
IteratorSize(::Type{Reverse{T}}) where {T} = IteratorSize(T)
IteratorEltype(::Type{Reverse{T}}) where {T} = IteratorEltype(T)
@inline function iterate(r::Reverse, i = length(r.itr))
    i < 1 && return nothing
    return r.itr[i], i - 1
end
iterate(r::Reverse{<:AbstractString}, i = lastindex(r.itr)) = i < 1 ? nothing : (r.itr[i], prevind(r.itr, i))
iterate(r::Reverse{<:Enumerate}, i = length(r.itr)) = i < 1 ? nothing : ((i, r.itr.itr[i]), i - 1)
iterate(r::Reverse{<:Base.Generator}, s...) = (y = iterate(Reverse(r.itr.iter), s...); y === nothing ? nothing : (r.itr.f(y[1]), y[2]))
first(r::Reverse) = last(r.itr)
last(r::Reverse) = first(r.itr)
reverse(r::AbstractRange) = Base.reverse(r)
reverse(t::Tuple) = Base.reverse(t)

map(f, arg, args...) = Generator(f, arg, args...)

end # Iterators

using .Iterators: enumerate, zip, Zip, Filter, Flatten, Enumerate
const rest_iterator = Iterators.rest
