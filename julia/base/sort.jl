# Sorting: stable merge sort with insertion sort for short runs; orders; partial sorts; searching sorted arrays.

module Order
using ..Base
export Ordering, Forward, Reverse, By, Lt, Perm, ReverseOrdering, ForwardOrdering, DirectOrdering, lt, ord, ordtype

abstract type Ordering end
struct ForwardOrdering <: Ordering end
struct ReverseOrdering{F<:Ordering} <: Ordering
    fwd::F
end
struct By{T,O} <: Ordering
    by::T
    order::O
end
struct Lt{T} <: Ordering
    lt::T
end
struct Perm{O<:Ordering,V<:AbstractVector} <: Ordering
    order::O
    data::V
end
By(by) = By(by, ForwardOrdering())
ReverseOrdering(o::ReverseOrdering) = o.fwd
ReverseOrdering(o::By) = By(o.by, ReverseOrdering(o.order))
ReverseOrdering(o::Perm) = Perm(ReverseOrdering(o.order), o.data)
const DirectOrdering = Union{ForwardOrdering,ReverseOrdering{ForwardOrdering}}
const Forward = ForwardOrdering()
const Reverse = ReverseOrdering(Forward)
lt(::ForwardOrdering, a, b) = isless(a, b)
lt(o::ReverseOrdering, a, b) = lt(o.fwd, b, a)
lt(o::By, a, b) = lt(o.order, o.by(a), o.by(b))
lt(o::Lt, a, b) = o.lt(a, b)
# of equal elements the earlier one comes first
function lt(o::Perm, i, j)
    a, b = o.data[i], o.data[j]
    lt(o.order, a, b) && return true
    lt(o.order, b, a) && return false
    return i < j
end
# The order that the keywords of the sorting functions describe.
function ord(less, by, rev::Union{Bool,Nothing}, order::Ordering = Forward)
    o = less === isless ? order : order === Forward ? Lt(less) : order === Reverse ? ReverseOrdering(Lt(less)) :
        throw(ArgumentError("passing both lt= and order= arguments is ambiguous; please pass order=Forward or order=Reverse (or leave default)"))
    by === identity || (o = By(by, o))
    return rev === true ? ReverseOrdering(o) : o
end
ordtype(o, vs::AbstractArray) = eltype(vs)
end
using .Order: lt, ord, By, Lt, Perm, Ordering, ForwardOrdering, ReverseOrdering, Forward, Reverse, DirectOrdering
const ord_lt = Order.lt
const make_order = Order.ord

function insertion_sort!(v, lo::Int, hi::Int, o)
    for i in lo+1:hi
        x = v[i]
        j = i
        while j > lo && ord_lt(o, x, v[j-1])
            v[j] = v[j-1]
            j -= 1
        end
        v[j] = x
    end
    return v
end
function merge_sort!(v, lo::Int, hi::Int, o, t)
    hi - lo <= 20 && return insertion_sort!(v, lo, hi, o)
    m = lo + (hi - lo) >> 1
    merge_sort!(v, lo, m, o, t)
    merge_sort!(v, m + 1, hi, o, t)
    ord_lt(o, v[m+1], v[m]) || return v
    for k in lo:m
        t[k-lo+1] = v[k]
    end
    i, n, j, k = 1, m - lo + 1, m + 1, lo
    while i <= n && j <= hi
        if ord_lt(o, v[j], t[i])
            v[k] = v[j]
            j += 1
        else
            v[k] = t[i]
            i += 1
        end
        k += 1
    end
    while i <= n
        v[k] = t[i]
        i += 1
        k += 1
    end
    return v
end
sort_in_order!(v, o) = merge_sort!(v, firstindex(v), lastindex(v), o, Vector{eltype(v)}(undef, (length(v) + 1) >> 1 + 1))

# The algorithms that callers may name: the result of a stable sort suits all of them.
module Sort
using ..Base
using ..Base.Order
abstract type Algorithm end
struct InsertionSortAlg <: Algorithm end
struct MergeSortAlg <: Algorithm end
struct QuickSortAlg <: Algorithm end
struct DefaultStable <: Algorithm end
struct DefaultUnstable <: Algorithm end
struct PartialQuickSort{T<:Union{Integer,OrdinalRange}} <: Algorithm
    k::T
end
const InsertionSort = InsertionSortAlg()
const MergeSort = MergeSortAlg()
const QuickSort = QuickSortAlg()
const DEFAULT_STABLE = DefaultStable()
const DEFAULT_UNSTABLE = DefaultUnstable()
defalg(v) = DEFAULT_STABLE
end
using .Sort: InsertionSort, MergeSort, QuickSort, PartialQuickSort, DEFAULT_STABLE, DEFAULT_UNSTABLE

sort!(v::AbstractVector; alg = DEFAULT_STABLE, lt = isless, by = identity, rev::Union{Bool,Nothing} = nothing, order::Ordering = Forward, scratch = nothing) =
    sort_in_order!(v, make_order(lt, by, rev, order))
sort!(v::AbstractVector, alg::Sort.Algorithm, o::Ordering) = sort_in_order!(v, o)
function sort!(A::AbstractArray; dims::Integer, alg = DEFAULT_STABLE, lt = isless, by = identity, rev::Union{Bool,Nothing} = nothing, order::Ordering = Forward, scratch = nothing)
    o = make_order(lt, by, rev, order)
    for v in slices_along(A, dims)
        sort_in_order!(v, o)
    end
    return A
end
# the vectors along one dimension, as views
function slices_along(A::AbstractArray{T,N}, d) where {T,N}
    1 <= d <= N || throw(ArgumentError("dimension out of range"))
    return (view(A, ntuple(k -> k == d ? Colon() : I.I[k], Val(N))...) for I in CartesianIndices(ntuple(k -> k == d ? OneTo(1) : axes(A, k), Val(N))))
end
sort(v::AbstractVector; kw...) = sort!(copymutable(v); kw...)
sort(A::AbstractArray; dims::Integer, kw...) = sort!(copymutable(A); dims, kw...)
sort(itr; kw...) = sort!(collect(itr); kw...)
sort(s::AbstractString; kw...) = throw(ArgumentError("sort(::AbstractString) is not supported"))
sort(r::AbstractUnitRange) = r
sort(t::Tuple; kw...) = isempty(t) ? t : (sort!(collect(t); kw...)...,)
function sortperm(A::AbstractArray; alg = DEFAULT_UNSTABLE, lt = isless, by = identity, rev::Union{Bool,Nothing} = nothing, order::Ordering = Forward, scratch = nothing, dims = nothing)
    o = make_order(lt, by, rev, order)
    A isa AbstractVector && dims === nothing && return sort_in_order!(collect(eachindex(A)), Order.Perm(o, A))
    dims === nothing && throw(UndefKeywordError(:dims))
    p = copymutable(LinearIndices(A))
    flat = vec(A)
    for v in slices_along(p, dims)
        sort_in_order!(v, Order.Perm(o, flat))
    end
    return p
end
function sortperm!(p::AbstractArray, A::AbstractArray; alg = DEFAULT_UNSTABLE, lt = isless, by = identity, rev::Union{Bool,Nothing} = nothing, order::Ordering = Forward,
    initialized::Bool = false, scratch = nothing, dims = nothing)
    axes(p) == axes(A) || throw(ArgumentError(string("index array must have the same size/axes as the source array, ", axes(p), " != ", axes(A))))
    return copyto!(p, sortperm(A; lt, by, rev, order, dims))
end
# the whole is sorted: more than what is asked for, never less
picked(v, k::Integer) = v[k]
picked(v, k) = view(v, k)
partialsort!(v::AbstractVector, k::Union{Integer,OrdinalRange}; kw...) = picked(sort!(v; kw...), k)
partialsort(v::AbstractVector, k::Union{Integer,OrdinalRange}; kw...) = partialsort!(copymutable(v), k; kw...)
partialsortperm(v::AbstractVector, k::Union{Integer,OrdinalRange}; kw...) = picked(sortperm(v; kw...), k)
partialsortperm!(p::AbstractVector{<:Integer}, v::AbstractVector, k::Union{Integer,OrdinalRange}; kw...) = picked(sortperm!(p, v; kw...), k)
function sortslices(A::AbstractArray; dims, kw...)
    d = dims isa Tuple ? only(dims) : Int(dims)
    p = sortperm([vec(selectdim(A, d, i)) for i in axes(A, d)]; kw...)
    return A[ntuple(k -> k == d ? p : Colon(), ndims(A))...]
end
issorted(itr; lt = isless, by = identity, rev::Union{Bool,Nothing} = nothing, order::Ordering = Forward) = issorted(itr, make_order(lt, by, rev, order))
function issorted(itr, o::Ordering)
    y = iterate(itr)
    y === nothing && return true
    p, s = y
    while (y = iterate(itr, s)) !== nothing
        x, s = y
        ord_lt(o, x, p) && return false
        p = x
    end
    return true
end

# ---- searching -------------------------------------------------------------------------------------

function searchsortedfirst(v, x, o::Ordering)
    lo, hi = firstindex(v) - 1, lastindex(v) + 1
    while lo < hi - 1
        m = lo + (hi - lo) >> 1
        if ord_lt(o, v[m], x)
            lo = m
        else
            hi = m
        end
    end
    return hi
end
function searchsortedlast(v, x, o::Ordering)
    lo, hi = firstindex(v) - 1, lastindex(v) + 1
    while lo < hi - 1
        m = lo + (hi - lo) >> 1
        if ord_lt(o, x, v[m])
            hi = m
        else
            lo = m
        end
    end
    return lo
end
searchsorted(v, x, o::Ordering) = searchsortedfirst(v, x, o):searchsortedlast(v, x, o)
for f in (:searchsortedfirst, :searchsortedlast, :searchsorted)
    @eval $f(v, x; lt = isless, by = identity, rev::Union{Bool,Nothing} = nothing, order::Ordering = Forward) = $f(v, x, make_order(lt, by, rev, order))
    @eval $f(; kw...) = v -> x -> $f(v, x; kw...)
end
insorted(x, v; kw...) = !isempty(searchsorted(v, x; kw...))

# ---- permutations ----------------------------------------------------------------------------------

@noinline throw_not_permutation() = throw(ArgumentError("argument is not a permutation"))
function isperm(p)
    n = length(p)
    seen = fill(false, n)
    for i in p
        (1 <= i <= n && !seen[i]) || return false
        seen[i] = true
    end
    return true
end
isperm(p::Tuple) = all(d -> d in p, oneto(length(p)))
function invperm(p::AbstractVector)
    isperm(p) || throw_not_permutation()
    r = similar(p)
    for (i, j) in pairs(p)
        r[j] = i
    end
    return r
end
# by recursion over the tuple, so that a constant permutation has a constant inverse
invperm(p::Tuple) = ntuple(i -> place_of(i, 1, p), Val(length(p)))
place_of(i, at, ::Tuple{}) = throw(ArgumentError("argument is not a permutation"))
place_of(i, at, p::Tuple) = first(p) == i ? at : place_of(i, at + 1, tail(p))
permute!(v, p::AbstractVector) = (isperm(p) && length(p) == length(v) || throw_not_permutation(); copyto!(v, v[p]))
invpermute!(v, p::AbstractVector) = permute!(v, invperm(p))
