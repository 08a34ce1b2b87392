# Sorting: stable merge sort with insertion sort for short runs; orders; partial sorts; searching sorted arrays.

abstract type Ordering end
struct ForwardOrdering <: Ordering end
struct ReverseOrdering{F<:Ordering} <: Ordering
    fwd::F
end
struct ByOrder{F,O<:Ordering} <: Ordering
    by::F
    order::O
end
struct LtOrder{F} <: Ordering
    lt::F
end
struct PermOrder{O<:Ordering,V} <: Ordering
    order::O
    data::V
end
const Forward = ForwardOrdering()
const Reverse = ReverseOrdering(Forward)
ord_lt(::ForwardOrdering, a, b) = isless(a, b)
ord_lt(o::ReverseOrdering, a, b) = ord_lt(o.fwd, b, a)
ord_lt(o::ByOrder, a, b) = ord_lt(o.order, o.by(a), o.by(b))
ord_lt(o::LtOrder, a, b) = o.lt(a, b)
ord_lt(o::PermOrder, i, j) = ord_lt(o.order, o.data[i], o.data[j])
function make_order(lt, by, rev, order)
    o = lt === isless ? order : LtOrder(lt)
    by === identity || (o = ByOrder(by, o))
    return rev === true ? ReverseOrdering(o) : o
end

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
struct MergeSortAlg end
struct QuickSortAlg end
struct InsertionSortAlg end
const MergeSort = MergeSortAlg()
const QuickSort = QuickSortAlg()
const InsertionSort = InsertionSortAlg()

function sort!(v::AbstractVector; alg = MergeSort, lt = isless, by = identity, rev = nothing, order = Forward)
    o = make_order(lt, by, rev, order)
    merge_sort!(v, firstindex(v), lastindex(v), o, similar(v, (length(v) + 1) >> 1 + 1))
    return v
end
function sort!(A::AbstractArray; dims::Integer, kw...)
    for R in CartesianIndices(ntuple(k -> k == dims ? 1 : size(A, k), ndims(A)))
        idx = ntuple(k -> k == dims ? Colon() : R.I[k], ndims(A))
        A[idx...] = sort!(A[idx...]; kw...)
    end
    return A
end
sort(v::AbstractVector; kw...) = sort!(copymutable(v); kw...)
sort(A::AbstractArray; dims, kw...) = sort!(copymutable(A); dims, kw...)
sort(itr; kw...) = sort!(collect(itr); kw...)
sort(r::AbstractUnitRange) = r
sort(t::NTuple{N,Any}; kw...) where {N} = N == 0 ? t : (sort!(collect(t); kw...)...,)
function sortperm(v::AbstractVector; alg = MergeSort, lt = isless, by = identity, rev = nothing, order = Forward)
    o = make_order(lt, by, rev, order)
    p = collect(eachindex(v))
    return merge_sort!(p, 1, length(p), PermOrder(o, v), similar(p))
end
sortperm!(p::AbstractVector, v::AbstractVector; kw...) = copyto!(p, sortperm(v; kw...))
function partialsort!(v::AbstractVector, k; kw...)
    sort!(v; kw...)
    return v[k]
end
partialsort(v::AbstractVector, k; kw...) = partialsort!(copymutable(v), k; kw...)
partialsortperm(v::AbstractVector, k; kw...) = sortperm(v; kw...)[k]
sortslices(A::AbstractMatrix; dims::Integer, kw...) = dims == 1 ? A[sortperm([A[i, :] for i in axes(A, 1)]; kw...), :] : A[:, sortperm([A[:, j] for j in axes(A, 2)]; kw...)]

function searchsortedfirst(v, x; lt = isless, by = identity, rev = nothing, order = Forward)
    o = make_order(lt, by, rev, order)
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
function searchsortedlast(v, x; lt = isless, by = identity, rev = nothing, order = Forward)
    o = make_order(lt, by, rev, order)
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
searchsorted(v, x; kw...) = searchsortedfirst(v, x; kw...):searchsortedlast(v, x; kw...)
insorted(x, v; kw...) = !isempty(searchsorted(v, x; kw...))

module Order
import ..Base: Ordering, ForwardOrdering, ReverseOrdering, LtOrder, Forward, Reverse
const By = Base.ByOrder
const Lt = Base.LtOrder
const lt = Base.ord_lt
end
module Sort
import ..Base: sort!, sort, sortperm, MergeSort, QuickSort, InsertionSort, searchsortedfirst, searchsortedlast, searchsorted, Forward, Reverse
end

invperm(p::AbstractVector) = (r = similar(p); for (i, j) in pairs(p); r[j] = i; end; r)
permute!(v, p) = copyto!(v, v[p])
