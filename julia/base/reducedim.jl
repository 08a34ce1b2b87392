# Reductions along dimensions: `sum(A; dims)` and its like, and the forms that write into a given array.

reduced_dims(dims::Integer) = (Int(dims),)
reduced_dims(dims) = Tuple(dims)
function checked_region(dims)
    ds = reduced_dims(dims)
    for d in ds
        d isa Integer || throw(ArgumentError("reduced dimension(s) must be integers"))
        d >= 1 || throw(ArgumentError(string("region dimension(s) must be ≥ 1, got ", d)))
    end
    return ds
end
# The axes that remain: the reduced ones have length one.
reduced_index(r::OneTo) = OneTo(1)
reduced_index(r::AbstractUnitRange) = first(r):first(r)
reduced_axes(A::AbstractArray{T,N}, ds::Tuple) where {T,N} = ntuple(k -> k in ds ? reduced_index(axes(A, k)) : axes(A, k), Val(N))
reduced_size(A::AbstractArray{T,N}, ds::Tuple) where {T,N} = ntuple(k -> k in ds ? 1 : size(A, k), Val(N))
reduced_indices(A::AbstractArray, dims) = reduced_axes(A, checked_region(dims))

# Where the element at `I` goes in an array with the axes `ax`.
@inline reduced_position(ax::Tuple, I::Tuple) = map((r, i) -> length(r) == 1 ? first(r) : i, ax, I)

# A value to start from, and the type of the result's elements. `nothing` where each result starts
# from the first element that goes into it.
start_value(f, op, A) = nothing
start_value(f, op::Union{typeof(+),typeof(add_sum)}, A) = neutral_start(f, op, zero, A)
start_value(f, op::Union{typeof(*),typeof(mul_prod)}, A) = neutral_start(f, op, one, A)
start_value(f, op::Union{typeof(&)}, A) = (true, Bool)
start_value(f, op::Union{typeof(|)}, A) = (false, Bool)
function neutral_start(f, op, neutral, A)
    T = eltype(A)
    if T !== Any && applicable(zero, T) && hasmethod(zero, Tuple{Type{T}})
        x = f(zero(T))
        z = op(neutral(x), neutral(x))
        return z, z isa T ? T : typeof(z)
    end
    if isempty(A)
        v = mapreduce_empty(f, op, T)
        return v, typeof(v)
    end
    z = neutral(mapreduce(f, op, A))
    return z, typeof(z)
end

# the functions that `sum(f, A)` maps by may be types of numbers or anything else that is callable
function mapreduce_dims(f, op, A::AbstractArray{T,N}, dims, init) where {T,N}
    ds = checked_region(dims)
    sz = reduced_size(A, ds)
    if !(init isa _InitialValue)
        out = fill!(reduced_similar(A, typeof(init), sz), init)
        return reduce_into!(f, op, out, A)
    end
    start = start_value(f, op, A)
    if start !== nothing
        out = fill!(reduced_similar(A, start[2], sz), start[1])
        return reduce_into!(f, op, out, A)
    end
    if isempty(A)
        prod_dims(sz) == 0 || reduce_empty_error(op)
        return reduced_similar(A, typeof_or(Core.Host.return_type(f, T), T), sz)
    end
    v = reduce_first(op, f(first(A)))
    return reduce_fresh!(f, op, reduced_similar(A, v isa T ? T : typeof(v), sz), A)
end
typeof_or(R, T) = isconcretetype(R) ? R : T
reduced_similar(A, ::Type{T}, sz) where {T} = similar(A, T, sz)
function reduce_into!(f, op, out::AbstractArray, A::AbstractArray{T,N}) where {T,N}
    ax = ntuple(k -> axes(out, k), Val(N))
    for I in CartesianIndices(A)
        J = reduced_position(ax, I.I)
        out[J...] = op(out[J...], f(A[I]))
    end
    return out
end
# as `reduce_into!`, but the first element of each result replaces what is there
function reduce_fresh!(f, op, out::AbstractArray{S}, A::AbstractArray{T,N}) where {S,T,N}
    ax = ntuple(k -> axes(out, k), Val(N))
    sources = axes(A)
    for I in CartesianIndices(A)
        J = reduced_position(ax, I.I)
        v = is_first_of(ax, sources, I.I) ? reduce_first(op, f(A[I])) : op(out[J...], f(A[I]))
        v isa S || return reduce_fresh!(f, op, similar(out, promote_typejoin(S, typeof(v))), A)
        out[J...] = v
    end
    return out
end
is_first_of(ax::Tuple, sources::Tuple, I::Tuple) = all(map((r, s, i) -> length(r) != 1 || i == first(s), ax, sources, I))

# ---- into a given array --------------------------------------------------------------------------

function check_reducible(R::AbstractArray, A::AbstractArray)
    fits = all(k -> length(axes(R, k)) == 1 || axes(R, k) == axes(A, k), 1:ndims(A)) && all(k -> size(R, k) == 1, ndims(A)+1:ndims(R))
    fits || throw(DimensionMismatch(string("reduction on array with indices ", axes(A), " with output with indices ", axes(R))))
    return nothing
end
function reduce_given!(f, op, R::AbstractArray, A::AbstractArray, init::Bool, start)
    check_reducible(R, A)
    if init
        if start === nothing
            isempty(A) && !isempty(R) && reduce_empty_error(op)
            return fresh_given!(f, op, R, A)
        end
        fill!(R, start)
    end
    return reduce_into!(f, op, R, A)
end
function fresh_given!(f, op, R, A::AbstractArray{T,N}) where {T,N}
    ax = ntuple(k -> axes(R, k), Val(N))
    for I in CartesianIndices(A)
        J = reduced_position(ax, I.I)
        R[J...] = is_first_of(ax, axes(A), I.I) ? reduce_first(op, f(A[I])) : op(R[J...], f(A[I]))
    end
    return R
end
sum!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(f, add_sum, R, A, init, zero(eltype(R)))
prod!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(f, mul_prod, R, A, init, one(eltype(R)))
maximum!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(f, max, R, A, init, nothing)
minimum!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(f, min, R, A, init, nothing)
extrema!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(x -> pair_of(f(x)), extrema_op, R, A, init, nothing)
any!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(f, |, R, A, init, false)
all!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(f, &, R, A, init, true)
count!(f::Callable, R::AbstractArray, A::AbstractArray; init::Bool = true) = reduce_given!(x -> f(x)::Bool, add_sum, R, A, init, zero(eltype(R)))
for name in (:sum!, :prod!, :maximum!, :minimum!, :extrema!, :any!, :all!, :count!)
    @eval $name(R::AbstractArray, A::AbstractArray; init::Bool = true) = $name(identity, R, A; init)
end
reducedim!(op, R, A) = reduce_into!(identity, op, R, A)
mapreducedim!(f, op, R, A) = reduce_into!(f, op, R, A)

# ---- extremes with their places --------------------------------------------------------------------

function find_extreme_dims(better, f, A::AbstractArray{T,N}, dims) where {T,N}
    ds = checked_region(dims)
    sz = reduced_size(A, ds)
    isempty(A) && prod_dims(sz) != 0 && reduce_empty_error(better)
    K = eltype(keys(A))
    isempty(A) && return similar(A, T, sz), Array{K,N}(undef, sz)
    v1 = f(first(A))
    vals = similar(A, v1 isa T ? T : typeof(v1), sz)
    places = similar(A, K, sz)
    return find_extreme_into!(better, f, vals, places, A)
end
function find_extreme_into!(better, f, vals, places, A::AbstractArray{T,N}) where {T,N}
    ax = ntuple(k -> axes(vals, k), Val(N))
    for (k, I) in zip(keys(A), CartesianIndices(A))
        J = reduced_position(ax, I.I)
        v = f(A[I])
        if is_first_of(ax, axes(A), I.I) || better(v, vals[J...])
            vals[J...] = v
            places[J...] = k
        end
    end
    return vals, places
end
# NaN and missing win, and of equals the first
greater_extreme(a, b) = isgreater_extreme(a, b)
lesser_extreme(a, b) = is_unordered(b) ? false : is_unordered(a) || isless(a, b)
isgreater_extreme(a, b) = is_unordered(b) ? false : is_unordered(a) || isless(b, a)
is_unordered(x) = false
is_unordered(x::AbstractFloat) = isnan(x)
is_unordered(x::Missing) = true
findmax(A::AbstractArray; dims = :) = findmax(identity, A; dims)
findmin(A::AbstractArray; dims = :) = findmin(identity, A; dims)
findmax(f, A::AbstractArray; dims = :) = dims isa Colon ? findmax_pairs(f, pairs(A)) : find_extreme_dims(greater_extreme, f, A, dims)
findmin(f, A::AbstractArray; dims = :) = dims isa Colon ? findmin_pairs(f, pairs(A)) : find_extreme_dims(lesser_extreme, f, A, dims)
argmax(A::AbstractArray; dims = :) = findmax(A; dims)[2]
argmin(A::AbstractArray; dims = :) = findmin(A; dims)[2]
function findmax!(vals::AbstractArray, places::AbstractArray, A::AbstractArray; init::Bool = true)
    check_reducible(vals, A)
    return find_extreme_into!(greater_extreme, identity, vals, places, A)
end
function findmin!(vals::AbstractArray, places::AbstractArray, A::AbstractArray; init::Bool = true)
    check_reducible(vals, A)
    return find_extreme_into!(lesser_extreme, identity, vals, places, A)
end

# ---- running folds ---------------------------------------------------------------------------------

# Along a dimension, or all elements in order. The element type of the result is that of what `op` gives.
function accumulate(op, A::AbstractArray; dims::Union{Nothing,Integer} = nothing, init = no_init)
    if dims === nothing
        r = accumulate_flat(op, A, init)
        return ndims(A) == 1 ? r : reshape(r, size(A))
    end
    dims > 0 || throw(ArgumentError("dims must be a positive integer"))
    T = running_eltype(op, A, init)
    return accumulate_dims!(op, similar(A, T), A, Int(dims), init)
end
running_eltype(op, A, ::_InitialValue) = running_join(op, Core.Host.return_type(reduce_first, typeof(op), eltype(A)), eltype(A))
# sums and products of numbers: known without asking inference
running_eltype(::typeof(add_sum), A::AbstractArray{<:Union{SmallSigned,SmallUnsigned,Bool,Int64,UInt64,Int128,UInt128,Float16,Float32,Float64}}, ::_InitialValue) = widen_sum(eltype(A))
running_eltype(::typeof(mul_prod), A::AbstractArray{<:Union{SmallSigned,SmallUnsigned,Bool,Int64,UInt64,Int128,UInt128,Float16,Float32,Float64}}, ::_InitialValue) = widen_sum(eltype(A))
running_eltype(op, A, init) = running_join(op, Core.Host.return_type(op, typeof(init), eltype(A)), eltype(A))
# what repeated application reaches
function running_join(op, S, T)
    for _ in 1:4
        R = Core.Host.return_type(op, S, T)
        R <: S && return S
        S = promote_typejoin(S, R)
    end
    return S
end
function accumulate_flat(op, A, init)
    T = running_eltype(op, A, init)
    isempty(A) && return Vector{T}(undef, 0)
    if isconcretetype(T) || A isa AbstractArray && eltype(A) !== Any && T !== Any
        r = Vector{T}(undef, length(A))
        acc = nothing
        for (i, x) in enumerate(A)
            acc = i == 1 ? first_acc(op, init, x) : op(acc, x)
            r[i] = acc
        end
        return r
    end
    return collect(scan_values(op, A, init))
end
function accumulate_dims!(op, B::AbstractArray, A::AbstractArray, d::Int, init)
    axes(B) == axes(A) || throw(DimensionMismatch("shape of B must match A"))
    if d > ndims(A)
        for I in eachindex(A, B)
            B[I] = first_acc(op, init, A[I])
        end
        return B
    end
    step = CartesianIndex(ntuple(k -> Int(k == d), ndims(A)))
    start = first(axes(A, d))
    for I in CartesianIndices(A)
        B[I] = I.I[d] == start ? first_acc(op, init, A[I]) : op(B[I-step], A[I])
    end
    return B
end
first_acc(op, ::_InitialValue, x) = reduce_first(op, x)
first_acc(op, init, x) = op(init, x)
scan_values(op, A, init) = Iterators.Accumulate((a, b) -> op(a, b), MapFirst(op, A, init), _InitialValue())
struct MapFirst{O,A,I}
    op::O
    a::A
    init::I
end
length(m::MapFirst) = length(m.a)
IteratorSize(::Type{MapFirst{O,A,I}}) where {O,A,I} = HasLength()
IteratorEltype(::Type{<:MapFirst}) = EltypeUnknown()
function iterate(m::MapFirst)
    y = iterate(m.a)
    y === nothing && return nothing
    return first_acc(m.op, m.init, y[1]), y[2]
end
iterate(m::MapFirst, s) = iterate(m.a, s)
accumulate(op, itr; init = no_init) = collect(Iterators.accumulate(op, itr; init))
accumulate(op, t::Tuple; init = no_init) = accumulate_tuple(op, init, t)
accumulate_tuple(op, init, ::Tuple{}) = ()
function accumulate_tuple(op, init, t::Tuple)
    acc = first_acc(op, init, t[1])
    return (acc, rest_accumulated(op, acc, tail(t))...)
end
rest_accumulated(op, acc, ::Tuple{}) = ()
rest_accumulated(op, acc, t::Tuple) = (v = op(acc, t[1]); (v, rest_accumulated(op, v, tail(t))...))
function accumulate!(op, B, A; dims::Union{Nothing,Integer} = nothing, init = no_init)
    if dims !== nothing
        dims > 0 || throw(ArgumentError("dims must be a positive integer"))
        return accumulate_dims!(op, B, A, Int(dims), init)
    end
    length(B) == length(A) || throw(DimensionMismatch("shape of B must match A"))
    acc = nothing
    for (n, (i, x)) in enumerate(zip(eachindex(B), A))
        acc = n == 1 ? first_acc(op, init, x) : op(acc, x)
        B[i] = acc
    end
    return B
end
cumsum(A::AbstractArray; dims::Integer) = accumulate(add_sum, A; dims)
cumsum(A::AbstractVector; dims::Integer = 1) = accumulate(add_sum, A; dims)
cumsum(itr) = accumulate(add_sum, itr)
cumprod(A::AbstractArray; dims::Integer) = accumulate(mul_prod, A; dims)
cumprod(A::AbstractVector; dims::Integer = 1) = accumulate(mul_prod, A; dims)
cumprod(itr) = accumulate(mul_prod, itr)
cumsum!(B, A; dims::Union{Nothing,Integer} = nothing) = accumulate!(add_sum, B, A; dims)
cumprod!(B, A; dims::Union{Nothing,Integer} = nothing) = accumulate!(mul_prod, B, A; dims)
