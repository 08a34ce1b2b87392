# Tuples. Functions over them recurse on the tail, so that they unroll where the length is known.

const NTuple{N,T} = Tuple{Vararg{T,N}}

length(t::Tuple) = nfields(t)
isempty(t::Tuple) = nfields(t) === 0
firstindex(t::Tuple) = 1
lastindex(t::Tuple) = nfields(t)
size(t::Tuple, d::Integer) = d == 1 ? length(t) : throw(ArgumentError(string("invalid tuple dimension ", d)))
axes(t::Tuple) = (OneTo(length(t)),)
axes(t::Tuple, d::Integer) = d == 1 ? OneTo(length(t)) : throw(ArgumentError(string("invalid tuple dimension ", d)))
keys(t::Tuple) = OneTo(length(t))
eachindex(t::Tuple) = OneTo(length(t))
@inline getindex(t::Tuple, i::Int) = getfield(t, i, @_boundscheck)
@inline getindex(t::Tuple, i::Integer) = getfield(t, convert(Int, i), @_boundscheck)
getindex(t::Tuple, i::Real) = getfield(t, convert(Int, i))
getindex(t::Tuple, ::Colon) = t
getindex(t::Tuple, r::AbstractArray{<:Any,1}) = ntuple(k -> t[r[k]], length(r))
getindex(t::Tuple, b::AbstractArray{Bool,1}) = length(b) == length(t) ? t[findall(b)] : throw_boundserror(t, b)
get(t::Tuple, i::Integer, default) = 1 <= i <= length(t) ? getfield(t, Int(i)) : default
get(f::Callable, t::Tuple, i::Integer) = 1 <= i <= length(t) ? getfield(t, Int(i)) : f()
haskey(t::Tuple, i::Integer) = 1 <= i <= length(t)
@inline setindex(t::Tuple, v, i::Integer) = 1 <= i <= length(t) ? replace_element(v, Int(i), (), t...) : throw_boundserror(t, i)
@inline replace_element(v, i::Int, done::Tuple, x, rest...) = i == 1 ? (done..., v, rest...) : replace_element(v, i - 1, (done..., x), rest...)
replace_element(v, i::Int, done::Tuple) = done
copy(t::Tuple) = t
first(t::Tuple{Any,Vararg{Any}}) = getfield(t, 1)
last(t::Tuple{Any,Vararg{Any}}) = getfield(t, nfields(t))
first(t::Tuple{}) = throw_boundserror(t, 1)
last(t::Tuple{}) = throw_boundserror(t, 0)
first(t::Tuple, n::Integer) = ntuple(i -> t[i], min(Int(n), length(t)))
last(t::Tuple, n::Integer) = (k = min(Int(n), length(t)); ntuple(i -> t[length(t)-k+i], k))
values(t::Tuple) = t

eltype(::Type{Tuple{}}) = Bottom
eltype(::Type{Tuple{Vararg{E}}}) where {E} = E
eltype(::Type{NTuple{N,E}}) where {N,E} = E
eltype(::Type{T}) where {T<:Tuple} = joined_fieldtypes(T, 1, fieldcount(T))
joined_fieldtypes(::Type{T}, i::Int, n::Int) where {T} =
    i > n ? Bottom : i == n ? fieldtype(T, n) : promote_typejoin(fieldtype(T, i), joined_fieldtypes(T, i + 1, n))

# ---- building -----------------------------------------------------------------------------------

@inline function ntuple(f, n::Integer)
    n == 0 && return ()
    n == 1 && return (f(1),)
    n == 2 && return (f(1), f(2))
    n == 3 && return (f(1), f(2), f(3))
    n == 4 && return (f(1), f(2), f(3), f(4))
    n == 5 && return (f(1), f(2), f(3), f(4), f(5))
    n == 6 && return (f(1), f(2), f(3), f(4), f(5), f(6))
    n < 0 && throw(ArgumentError(string("tuple length should be ≥ 0, got ", n)))
    return ntuple_long(f, Int(n))
end
function ntuple_long(f, n::Int)
    t = (f(1), f(2), f(3), f(4), f(5), f(6))
    i = 7
    while i <= n
        t = (t..., f(i))
        i += 1
    end
    return t
end
@inline ntuple(f, ::Val{0}) = ()
@inline ntuple(f, ::Val{1}) = (f(1),)
@inline ntuple(f, ::Val{2}) = (f(1), f(2))
@inline ntuple(f, ::Val{3}) = (f(1), f(2), f(3))
@inline ntuple(f, ::Val{4}) = (f(1), f(2), f(3), f(4))
@inline ntuple(f, ::Val{5}) = (f(1), f(2), f(3), f(4), f(5))
@inline ntuple(f, ::Val{6}) = (f(1), f(2), f(3), f(4), f(5), f(6))
@inline ntuple(f, ::Val{N}) where {N} = ntuple_unrolled(f, Val(N))
@generated function ntuple_unrolled(f, ::Val{N}) where {N}
    N isa Int && N >= 0 || return :(throw(ArgumentError("tuple length should be ≥ 0, got " * string($N))))
    calls = Expr(:tuple)
    for i in 1:N
        push!(calls.args, :(f($i)))
    end
    return calls
end

@inline tail(t::Tuple) = argtail(t...)
tail(::Tuple{}) = throw(ArgumentError("Cannot call tail on an empty tuple."))
@inline argtail(x, rest...) = rest
@inline front(t::Tuple) = all_but_last(t...)
front(::Tuple{}) = throw(ArgumentError("Cannot call front on an empty tuple."))
@inline all_but_last(x) = ()
@inline all_but_last(x, rest...) = (x, all_but_last(rest...)...)
@inline rest(t::Tuple) = t
@inline rest(t::Tuple, i::Int) = i <= 1 ? t : rest(tail(t), i - 1)
rest(a, state...) = Iterators.rest(a, state...)
function rest(a::AbstractArray{T}, state...) where {T}
    r = Array{T,1}()
    for x in Iterators.rest(a, state...)
        push!(r, x)
    end
    return r
end
rest(s::AbstractString, state...) = join(Iterators.rest(s, state...))
# What `(a, b..., c) = t` collects into `b` and leaves for the end.
function split_rest(t::Tuple, n::Int, i = 1)
    len = length(t)
    check_enough(len - i + 1, n)
    return ntuple(k -> t[k+i-1], len - n - i + 1), ntuple(k -> t[len-n+k], n)
end
function split_rest(a, n::Int, state...)
    IteratorSize(a) isa IsInfinite && throw(ArgumentError("Cannot split an infinite iterator in the middle."))
    r = rest(a, state...)
    v = r isa AbstractArray ? r : collect(r)
    check_enough(length(v), n)
    return v[begin:end-n], v[end-n+1:end]
end
function split_rest(s::AbstractString, n::Int, state...)
    r = rest(s, state...)
    len = length(r)
    check_enough(len, n)
    return first(r, len - n), last(r, n)
end
check_enough(len, n) = len < n && throw(ArgumentError(string("The iterator only contains ", len, " elements, but at least ", n, " were requested.")))

# ---- mapping ------------------------------------------------------------------------------------

@inline map(f, t::Tuple{}) = ()
@inline map(f, t::Tuple{Any}) = (f(t[1]),)
@inline map(f, t::Tuple{Any,Any}) = (f(t[1]), f(t[2]))
@inline map(f, t::Tuple{Any,Any,Any}) = (f(t[1]), f(t[2]), f(t[3]))
@inline map(f, t::Tuple{Any,Any,Any,Any}) = (f(t[1]), f(t[2]), f(t[3]), f(t[4]))
@inline map(f, t::Tuple) = (f(t[1]), map(f, tail(t))...)
@inline map(f, t::Tuple{}, s::Tuple{}) = ()
@inline map(f, t::Tuple, s::Tuple{}) = ()
@inline map(f, t::Tuple{}, s::Tuple) = ()
@inline map(f, t::Tuple{Any}, s::Tuple{Any}) = (f(t[1], s[1]),)
@inline map(f, t::Tuple{Any,Any}, s::Tuple{Any,Any}) = (f(t[1], s[1]), f(t[2], s[2]))
@inline map(f, t::Tuple{Any,Any,Any}, s::Tuple{Any,Any,Any}) = (f(t[1], s[1]), f(t[2], s[2]), f(t[3], s[3]))
@inline map(f, t::Tuple, s::Tuple) = (f(t[1], s[1]), map(f, tail(t), tail(s))...)
@inline map(f, t::Tuple, s::Tuple, u::Tuple, more::Tuple...) = map_all(f, (t, s, u, more...))
@inline map_all(f, ts::Tuple) = any(isempty, ts) ? () : (f(map(first, ts)...), map_all(f, map(tail, ts))...)
foreach(f, t::Tuple) = (map_effects(f, t); nothing)
map_effects(f, ::Tuple{}) = nothing
@inline map_effects(f, t::Tuple) = (f(t[1]); map_effects(f, tail(t)))

@inline filter(f, t::Tuple{}) = ()
@inline filter(f, t::Tuple) = f(t[1]) ? (t[1], filter(f, tail(t))...) : filter(f, tail(t))
@inline reverse(t::Tuple) = reverse_onto((), t...)
@inline reverse_onto(done::Tuple) = done
@inline reverse_onto(done::Tuple, x, rest...) = reverse_onto((x, done...), rest...)
circshift(t::Tuple, n::Integer) = isempty(t) ? t : ntuple(i -> t[mod1(i - n, length(t))], length(t))

# ---- folds --------------------------------------------------------------------------------------

@inline any(t::Tuple{}) = false
@inline all(t::Tuple{}) = true
@inline any(t::Tuple{Bool}) = t[1]
@inline all(t::Tuple{Bool}) = t[1]
@inline any(t::Tuple{Vararg{Bool}}) = t[1] || any(tail(t))
@inline all(t::Tuple{Vararg{Bool}}) = t[1] && all(tail(t))
@inline any(f, ::Tuple{}) = false
@inline all(f, ::Tuple{}) = true
@inline any(f, t::Tuple) = any_from(f, false, t)
@inline all(f, t::Tuple) = all_from(f, false, t)
# three-valued: a `missing` met on the way decides if no element does
any_from(f, saw_missing, ::Tuple{}) = saw_missing ? missing : false
@inline function any_from(f, saw_missing, t::Tuple)
    v = f(t[1])
    ismissing(v) && return any_from(f, true, tail(t))
    return v ? true : any_from(f, saw_missing, tail(t))
end
all_from(f, saw_missing, ::Tuple{}) = saw_missing ? missing : true
@inline function all_from(f, saw_missing, t::Tuple)
    v = f(t[1])
    ismissing(v) && return all_from(f, true, tail(t))
    return v ? all_from(f, saw_missing, tail(t)) : false
end
@inline sum(t::Tuple{Any,Vararg{Any}}) = sum_from(reduce_first(add_sum, t[1]), tail(t))
@inline sum_from(s, ::Tuple{}) = s
@inline sum_from(s, t::Tuple) = sum_from(add_sum(s, t[1]), tail(t))
@inline prod(t::Tuple{Any,Vararg{Any}}) = prod_from(reduce_first(mul_prod, t[1]), tail(t))
@inline prod_from(s, ::Tuple{}) = s
@inline prod_from(s, t::Tuple) = prod_from(mul_prod(s, t[1]), tail(t))
sum(t::Tuple{}) = 0
prod(t::Tuple{}) = 1
@inline maximum(t::Tuple{Any,Vararg{Any}}) = afoldl(max, t...)
@inline minimum(t::Tuple{Any,Vararg{Any}}) = afoldl(min, t...)
@inline in(x, t::Tuple{Vararg{Number}}) = in_numbers(x, t)
in_numbers(x, ::Tuple{}) = false
@inline in_numbers(x, t::Tuple) = (t[1] == x) === true || in_numbers(x, tail(t))
findfirst(f::Function, t::Tuple) = find_from(f, t, 1)
find_from(f, ::Tuple{}, i::Int) = nothing
@inline find_from(f, t::Tuple, i::Int) = f(t[1]) ? i : find_from(f, tail(t), i + 1)
function findnext(f::Function, t::Tuple, start::Integer)
    for i in start:length(t)
        f(t[i]) && return i
    end
    return nothing
end
function findprev(f::Function, t::Tuple, start::Integer)
    for i in start:-1:1
        f(t[i]) && return i
    end
    return nothing
end
findlast(f::Function, t::Tuple) = findprev(f, t, length(t))
nextind(::Tuple, i::Integer) = Int(i) + 1
prevind(::Tuple, i::Integer) = Int(i) - 1

# ---- comparison ---------------------------------------------------------------------------------

==(a::Tuple, b::Tuple) = length(a) == length(b) && elements_equal(a, b)
elements_equal(::Tuple{}, ::Tuple{}) = true
@inline elements_equal(a::Tuple{Any}, b::Tuple{Any}) = a[1] == b[1]
@inline function elements_equal(a::Tuple, b::Tuple)
    e = a[1] == b[1]
    ismissing(e) && return equal_or_missing(tail(a), tail(b))
    return e ? elements_equal(tail(a), tail(b)) : false
end
equal_or_missing(a, b) = (e = elements_equal(a, b); e === false ? false : missing)
isequal(a::Tuple, b::Tuple) = length(a) == length(b) && elements_isequal(a, b)
elements_isequal(::Tuple{}, ::Tuple{}) = true
@inline elements_isequal(a::Tuple, b::Tuple) = isequal(a[1], b[1]) && elements_isequal(tail(a), tail(b))
isless(::Tuple{}, ::Tuple{}) = false
isless(::Tuple, ::Tuple{}) = false
isless(::Tuple{}, ::Tuple) = true
@inline isless(a::Tuple, b::Tuple) = isless(a[1], b[1]) || (isequal(a[1], b[1]) && isless(tail(a), tail(b)))
<(::Tuple{}, ::Tuple{}) = false
<(::Tuple{}, ::Tuple) = true
<(::Tuple, ::Tuple{}) = false
function <(a::Tuple, b::Tuple)
    e = a[1] == b[1]
    ismissing(e) && return missing
    e || return a[1] < b[1]
    return tail(a) < tail(b)
end
cmp(a::Tuple, b::Tuple) = isless(a, b) ? -1 : isless(b, a) ? 1 : 0

# ---- conversion ---------------------------------------------------------------------------------

convert(::Type{T}, x::T) where {T<:Tuple} = x
convert(::Type{T}, x::T) where {T<:Tuple{Any,Vararg{Any}}} = x
convert(::Type{Tuple{}}, x::Tuple{}) = ()
convert(::Type{Tuple{}}, x::Tuple{Any,Vararg{Any}}) = throw_no_convert(Tuple{}, x)
convert(::Type{NTuple{N,T}}, x::NTuple{N,T}) where {N,T} = x
convert(::Type{NTuple{N,T}}, x::NTuple{N,Any}) where {N,T} = map(v -> convert(T, v), x)
function convert(::Type{T}, x::Tuple{Any,Vararg{Any}}) where {T<:Tuple}
    x isa T && return x
    typeintersect(T, NTuple{nfields(x),Any}) === Bottom && throw_no_convert(T, x)
    return ntuple(i -> convert(fieldtype(T, i), getfield(x, i)), Val(nfields(x)))::T
end
Tuple(x::Tuple) = x
Tuple(x::Ref) = (getindex(x),)
Tuple(x::Number) = (x,)
Tuple(itr) = (collect(itr)...,)
(::Type{T})(x::Tuple) where {T<:Tuple} = convert(T, x)
(::Type{T})(nt::NamedTuple) where {T<:Tuple} = T(Tuple(nt))
(::Type{T})(itr) where {T<:Tuple} = convert(T, (collect_prefix(T, itr)...,))
collect_prefix(T, itr) = collect(itr)
Tuple(nt::NamedTuple) = (nt...,)
