# Folds and reductions. Orders and groupings follow Julia's: `foldl` strictly from the left; `reduce`, `sum` and their
# like over arrays pairwise in blocks of 1024, so that floating-point sums agree bit for bit.

struct _InitialValue end
const no_init = _InitialValue()

# sums and products of small integers are taken in Int
const SmallSigned = Union{Int8,Int16,Int32}
const SmallUnsigned = Union{UInt8,UInt16,UInt32}
widen_sum(::Type{T}) where {T} = T
widen_sum(::Type{<:SmallSigned}) = Int
widen_sum(::Type{<:SmallUnsigned}) = UInt
widen_sum(::Type{Bool}) = Int
add_sum(x, y) = x + y
add_sum(x::SmallSigned, y::SmallSigned) = Int(x) + Int(y)
add_sum(x::SmallUnsigned, y::SmallUnsigned) = UInt(x) + UInt(y)
add_sum(x::Bool, y::Bool) = Int(x) + Int(y)
mul_prod(x, y) = x * y
mul_prod(x::SmallSigned, y::SmallSigned) = Int(x) * Int(y)
mul_prod(x::SmallUnsigned, y::SmallUnsigned) = UInt(x) * UInt(y)
mul_prod(x::Bool, y::Bool) = Int(x) * Int(y)
@noinline reduce_empty_error(op) = throw(ArgumentError("reducing over an empty collection is not allowed; consider supplying `init` to the reducer"))
reduce_empty(op, ::Type{T}) where {T} = reduce_empty_error(op)
reduce_empty(::typeof(+), ::Type{T}) where {T} = zero(T)
reduce_empty(::typeof(+), ::Type{Bool}) = zero(Int)
reduce_empty(::typeof(*), ::Type{T}) where {T} = one(T)
reduce_empty(::typeof(*), ::Type{<:AbstractChar}) = ""
reduce_empty(::typeof(&), ::Type{Bool}) = true
reduce_empty(::typeof(|), ::Type{Bool}) = false
reduce_empty(op::typeof(+), ::Type{Union{}}) = reduce_empty_error(op)
reduce_empty(op::typeof(*), ::Type{Union{}}) = reduce_empty_error(op)
reduce_empty(::typeof(add_sum), ::Type{T}) where {T} = reduce_empty(+, widen_sum(T))
reduce_empty(::typeof(mul_prod), ::Type{T}) where {T} = reduce_empty(*, widen_sum(T))
reduce_empty(::typeof(vcat), ::Type{T}) where {T} = reduce_empty_error(vcat)
mapreduce_empty(f, op, ::Type{T}) where {T} = reduce_empty_error(op)
mapreduce_empty(::typeof(identity), op, ::Type{T}) where {T} = reduce_empty(op, T)
mapreduce_empty(::typeof(abs), op, ::Type{T}) where {T} = abs(reduce_empty(op, T))
mapreduce_empty(::typeof(abs2), op, ::Type{T}) where {T} = abs2(reduce_empty(op, T))
mapreduce_empty(f, op::Union{typeof(add_sum),typeof(mul_prod)}, ::Type{T}) where {T} = mapped_empty(f, op, T)
mapreduce_empty(::typeof(identity), op::Union{typeof(add_sum),typeof(mul_prod)}, ::Type{T}) where {T} = reduce_empty(op, T)
mapreduce_empty(::typeof(abs), op::Union{typeof(add_sum),typeof(mul_prod)}, ::Type{T}) where {T} = abs(reduce_empty(op, T))
mapreduce_empty(::typeof(abs2), op::Union{typeof(add_sum),typeof(mul_prod)}, ::Type{T}) where {T} = abs2(reduce_empty(op, T))
mapped_empty(f, op, ::Type{T}) where {T} = (R = Core.Host.return_type(f, T); isconcretetype(R) ? reduce_empty(op, R) : reduce_empty_error(op))
mapreduce_empty(::typeof(abs), ::typeof(max), ::Type{T}) where {T} = abs(zero(T))
mapreduce_empty(::typeof(abs2), ::typeof(max), ::Type{T}) where {T} = abs2(zero(T))

# what a reduction over a single element gives
reduce_first(op, x) = x
reduce_first(::typeof(+), x::Bool) = Int(x)
reduce_first(::typeof(*), x::AbstractChar) = string(x)
reduce_first(::typeof(add_sum), x) = reduce_first(+, x)
reduce_first(::typeof(add_sum), x::SmallSigned) = Int(x)
reduce_first(::typeof(add_sum), x::SmallUnsigned) = UInt(x)
reduce_first(::typeof(mul_prod), x) = reduce_first(*, x)
reduce_first(::typeof(mul_prod), x::SmallSigned) = Int(x)
reduce_first(::typeof(mul_prod), x::SmallUnsigned) = UInt(x)
reduce_first(::typeof(mul_prod), x::Bool) = Int(x)
reduce_first(::typeof(vcat), x) = x

# ---- left and right folds -----------------------------------------------------------------------

function mapfoldl_from(f, op, acc, itr, s...)
    y = iterate(itr, s...)
    while y !== nothing
        acc = op(acc, f(y[1]))
        y = iterate(itr, y[2])
    end
    return acc
end
# Elements of different types: each step knows the type of its own.
@inline mapfoldl_from(f, op, acc, t::Union{Tuple,NamedTuple}) =
    length(t) <= 32 ? mapfold_each(f, op, acc, t...) : invoke(mapfoldl_from, Tuple{Any,Any,Any,Any}, f, op, acc, t)
@inline mapfold_each(f, op, acc) = acc
@inline mapfold_each(f, op, acc, x, rest...) = mapfold_each(f, op, op(acc, f(x)), rest...)
@inline mapfoldl(f, op, t::Tuple{Any,Vararg{Any}}; init = no_init) =
    init isa _InitialValue ? mapfoldl_from(f, op, reduce_first(op, f(t[1])), tail(t)) : mapfoldl_from(f, op, init, t)
function mapfoldl(f, op, itr; init = no_init)
    init isa _InitialValue || return mapfoldl_from(f, op, init, itr)
    y = iterate(itr)
    y === nothing && return mapreduce_empty_iter(f, op, itr)
    return mapfoldl_from(f, op, reduce_first(op, f(y[1])), itr, y[2])
end
mapreduce_empty_iter(f, op, itr) = mapreduce_empty_as(f, op, itr, IteratorEltype(itr))
mapreduce_empty_as(f, op, itr, ::HasEltype) = mapreduce_empty(f, op, eltype(itr))
mapreduce_empty_as(f, op, itr::Generator, ::EltypeUnknown) = mapreduce_empty_iter(f ∘ itr.f, op, itr.iter)
mapreduce_empty_as(f, op, itr, ::EltypeUnknown) = reduce_empty_error(op)
@inline foldl(op, itr; init = no_init) = mapfoldl(identity, op, itr; init)
function mapfoldr(f, op, itr; init = no_init)
    r = reverse_any(itr)
    flip(a, b) = op(b, a)
    r isa Tuple{Any,Vararg{Any}} && init isa _InitialValue && return mapfoldl_from(f, flip, reduce_first(op, f(r[1])), tail(r))
    init isa _InitialValue || return mapfoldl_from(f, flip, init, r)
    y = iterate(r)
    y === nothing && return mapreduce_empty_iter(f, op, itr)
    return mapfoldl_from(f, flip, reduce_first(op, f(y[1])), r, y[2])
end
reverse_any(itr::AbstractArray) = Iterators.Reverse(itr)
reverse_any(itr::Tuple) = reverse(itr)
reverse_any(itr) = Iterators.Reverse(collect(itr))
@inline foldr(op, itr; init = no_init) = mapfoldr(identity, op, itr; init)

# ---- reduce: pairwise over indexable arrays, left fold over everything else ----------------------

const pairwise_block = 1024

function mapreduce_range(f, op, A, first::Int, last::Int)
    if last - first < pairwise_block
        a1 = @inbounds A[first]
        first == last && return reduce_first(op, f(a1))
        a2 = @inbounds A[first+1]
        v = op(f(a1), f(a2))
        for i in first+2:last
            v = op(v, f(@inbounds(A[i])))
        end
        return v
    end
    mid = first + (last - first) >> 1
    v1 = mapreduce_range(f, op, A, first, mid)
    v2 = mapreduce_range(f, op, A, mid + 1, last)
    return op(v1, v2)
end
function mapreduce_array(f, op, A::AbstractArray)
    n = length(A)
    n == 0 && return mapreduce_empty(f, op, eltype(A))
    IndexStyle(A) isa IndexLinear && return mapreduce_range(f, op, A, firstindex(A), lastindex(A))
    return mapfoldl(f, op, A)
end
function mapreduce(f, op, A::AbstractArray; dims = :, init = no_init)
    dims isa Colon || return mapreduce_dims(f, op, A, dims, init)
    init isa _InitialValue && return mapreduce_array(f, op, A)
    # the initial value joins the first element, then the blocks go on as they would
    return mapfoldl(f, op, A; init)
end
mapreduce(f, op, itr; kw...) = mapfoldl(f, op, itr; kw...)
mapreduce(f, op, itr, itrs...; kw...) = reduce(op, Generator(f, itr, itrs...); kw...)
mapreduce(f, op, a::Number) = f(a)
reduce(op, itr; kw...) = mapreduce(identity, op, itr; kw...)
reduce(op, a::Number) = a
function reduce(::typeof(vcat), xs::AbstractVector{<:AbstractVector})
    isempty(xs) && return Vector{eltype(eltype(xs))}()
    T = mapreduce(eltype, promote_type, xs)
    r = Vector{T}()
    for x in xs
        append!(r, x)
    end
    return r
end
reduce(::typeof(hcat), xs::AbstractVector{<:AbstractVecOrMat}) = hcat(xs...)

# ---- the named ones -----------------------------------------------------------------------------

sum(f, a; kw...) = mapreduce(f, add_sum, a; kw...)
sum(a; kw...) = sum(identity, a; kw...)
sum(a::AbstractArray{Bool}; kw...) = isempty(kw) ? count(a) : mapreduce(identity, add_sum, a; kw...)
prod(f, a; kw...) = mapreduce(f, mul_prod, a; kw...)
prod(a; kw...) = mapreduce(identity, mul_prod, a; kw...)
maximum(f, a; kw...) = mapreduce(f, max, a; kw...)
maximum(a; kw...) = mapreduce(identity, max, a; kw...)
minimum(f, a; kw...) = mapreduce(f, min, a; kw...)
minimum(a; kw...) = mapreduce(identity, min, a; kw...)
pair_of(x) = (x, x)
extrema_op(a, b) = (min(a[1], b[1]), max(a[2], b[2]))
extrema(a; kw...) = extrema(identity, a; kw...)
extrema(f, a; kw...) = mapreduce(x -> pair_of(f(x)), extrema_op, a; kw...)

count(itr; kw...) = count(identity, itr; kw...)
function count(pred, itr; init = 0)
    n = init
    for x in itr
        n += pred(x)::Bool
    end
    return n
end
count(A::AbstractArray; dims = :, init = 0) = count(identity, A; dims, init)
function count(pred, A::AbstractArray; dims = :, init = 0)
    dims isa Colon || return mapreduce_dims(x -> pred(x)::Bool, add_sum, A, dims, init === 0 ? no_init : init)
    n = init
    for x in A
        n += pred(x)::Bool
    end
    return n
end
any(itr) = any(identity, itr)
all(itr) = all(identity, itr)
any(A::AbstractArray; dims = :) = any(identity, A; dims)
all(A::AbstractArray; dims = :) = all(identity, A; dims)
any(f, A::AbstractArray; dims = :) = dims isa Colon ? any_of(f, A) : mapreduce_dims(f, |, A, dims, false)
all(f, A::AbstractArray; dims = :) = dims isa Colon ? all_of(f, A) : mapreduce_dims(f, &, A, dims, true)
any(f, itr) = any_of(f, itr)
all(f, itr) = all_of(f, itr)
function any_of(f, itr)
    anymissing = false
    for x in itr
        v = f(x)
        if ismissing(v)
            anymissing = true
        elseif v
            return true
        end
    end
    return anymissing ? missing : false
end
function all_of(f, itr)
    anymissing = false
    for x in itr
        v = f(x)
        if ismissing(v)
            anymissing = true
        elseif !v
            return false
        end
    end
    return anymissing ? missing : true
end

# NaN and missing win over everything, and of equal values the first one counts
function findmax_pairs(f, it)
    y = iterate(it)
    y === nothing && reduce_empty_error(findmax)
    (i, x), st = y
    best, at = f(x), i
    y = iterate(it, st)
    while y !== nothing
        (i, x), st = y
        v = f(x)
        (isless(best, v) && !is_unordered(best)) && ((best, at) = (v, i))
        y = iterate(it, st)
    end
    return best, at
end
function findmin_pairs(f, it)
    y = iterate(it)
    y === nothing && reduce_empty_error(findmin)
    (i, x), st = y
    best, at = f(x), i
    y = iterate(it, st)
    while y !== nothing
        (i, x), st = y
        v = f(x)
        ((isless(v, best) || is_unordered(v)) && !is_unordered(best)) && ((best, at) = (v, i))
        y = iterate(it, st)
    end
    return best, at
end
findmax(a) = findmax_pairs(identity, pairs(a))
findmin(a) = findmin_pairs(identity, pairs(a))
findmax(f, dom) = findmax_pairs(f, pairs(dom))
findmin(f, dom) = findmin_pairs(f, pairs(dom))
argmax(a) = findmax(a)[2]
argmin(a) = findmin(a)[2]
function argmax(f, dom)
    y = iterate(dom)
    y === nothing && reduce_empty_error(argmax)
    at, st = y
    best = f(at)
    while (y = iterate(dom, st)) !== nothing
        x, st = y
        v = f(x)
        isless(best, v) && ((best, at) = (v, x))
    end
    return at
end
function argmin(f, dom)
    y = iterate(dom)
    y === nothing && reduce_empty_error(argmin)
    at, st = y
    best = f(at)
    while (y = iterate(dom, st)) !== nothing
        x, st = y
        v = f(x)
        isless(v, best) && ((best, at) = (v, x))
    end
    return at
end
function allequal(itr)
    y = iterate(itr)
    y === nothing && return true
    return all(x -> isequal(x, y[1]), itr)
end
function allunique(itr)
    seen = Set()
    for x in itr
        x in seen && return false
        push!(seen, x)
    end
    return true
end
function unique(itr)
    T = IteratorEltype(itr) isa HasEltype ? eltype(itr) : Any
    out = Vector{T}()
    seen = Set()
    for x in itr
        if !(x in seen)
            push!(seen, x)
            push!(out, x)
        end
    end
    return T === Any ? map(identity, out) : out
end
function unique(f, itr)
    out = Vector{eltype(itr)}()
    seen = Set()
    for x in itr
        k = f(x)
        if !(k in seen)
            push!(seen, k)
            push!(out, x)
        end
    end
    return out
end
unique!(a::AbstractVector) = (u = unique(a); resize!(a, length(u)); copyto!(a, u))
unique!(f, a::AbstractVector) = (u = unique(f, a); resize!(a, length(u)); copyto!(a, u))
function only(x)
    y = iterate(x)
    y === nothing && throw(ArgumentError("Collection is empty, must contain exactly 1 element"))
    iterate(x, y[2]) === nothing || throw(ArgumentError("Collection has multiple elements, must contain exactly 1 element"))
    return y[1]
end
only(x::Number) = x
only(t::Tuple) = length(t) == 1 ? t[1] : throw(ArgumentError(string("Tuple contains ", length(t), " elements, must contain exactly 1 element")))
only(t::NamedTuple) = length(t) == 1 ? t[1] : throw(ArgumentError(string("NamedTuple contains ", length(t), " elements, must contain exactly 1 element")))
