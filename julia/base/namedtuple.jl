# Named tuples: a tuple of names as type parameter over a tuple of values.

# The constructor from values is the one that allocates; all others go through it.
@eval NamedTuple{names,T}(args::T) where {names,T<:Tuple} = $(Expr(:splatnew, :(NamedTuple{names,T}), :args))
NamedTuple{names,T}(args::Tuple) where {names,T<:Tuple} = NamedTuple{names,T}(convert(T, args)::T)
@inline NamedTuple{names}(args::Tuple) where {names} = NamedTuple{names,typeof(args)}(args)
NamedTuple{()}(args::Tuple{}) = NamedTuple{(),Tuple{}}(args)
NamedTuple() = NamedTuple{(),Tuple{}}(())
NamedTuple(nt::NamedTuple) = nt
NamedTuple{names}(nt::NamedTuple) where {names} = NamedTuple{names}(select_fields(nt, names))
NamedTuple{names,T}(nt::NamedTuple) where {names,T<:Tuple} = NamedTuple{names,T}(select_fields(nt, names))
NamedTuple{names,T}(nt::NamedTuple{names}) where {names,T<:Tuple} = NamedTuple{names,T}(Tuple(nt))
NamedTuple{names,T}(itr) where {names,T<:Tuple} = NamedTuple{names,T}(T(itr))
NamedTuple{names}(itr) where {names} = NamedTuple{names}(Tuple(itr))
function NamedTuple(itr)
    nt = NamedTuple()
    for (k, v) in itr
        nt = merge(nt, NamedTuple{(k,)}((v,)))
    end
    return nt
end
@inline select_fields(nt, ::Tuple{}) = ()
@inline select_fields(nt, names::Tuple) = (getfield(nt, names[1]), select_fields(nt, tail(names))...)

length(t::NamedTuple) = nfields(t)
isempty(t::NamedTuple) = nfields(t) === 0
iterate(t::NamedTuple, i = 1) = i > nfields(t) ? nothing : (getfield(t, i), i + 1)
rest(t::NamedTuple) = t
rest(t::NamedTuple{names}, i::Int) where {names} = NamedTuple{rest(names, i)}(t)
firstindex(t::NamedTuple) = 1
lastindex(t::NamedTuple) = nfields(t)
getindex(t::NamedTuple, i::Int) = getfield(t, i)
getindex(t::NamedTuple, s::Symbol) = getfield(t, s)
getindex(t::NamedTuple, ::Colon) = t
getindex(t::NamedTuple, names::Tuple{Vararg{Symbol}}) = NamedTuple{names}(t)
getindex(t::NamedTuple, names::AbstractArray{Symbol,1}) = NamedTuple{Tuple(names)}(t)
indexed_iterate(t::NamedTuple, i::Int, state = 1) = (getfield(t, i), i + 1)
keys(::NamedTuple{names}) where {names} = names
values(t::NamedTuple) = Tuple(t)
haskey(t::NamedTuple, k::Integer) = 1 <= k <= nfields(t)
haskey(t::NamedTuple{names}, k::Symbol) where {names} = name_in(k, names)
get(t::NamedTuple, k::Union{Integer,Symbol}, default) = haskey(t, k) ? getfield(t, k) : default
get(f::Callable, t::NamedTuple, k::Union{Integer,Symbol}) = haskey(t, k) ? getfield(t, k) : f()
eltype(::Type{T}) where {T<:NamedTuple} = eltype(T, T)
eltype(::Type{<:NamedTuple}, ::Type{NamedTuple{names,V}}) where {names,V} = eltype(V)
eltype(::Type{<:NamedTuple}, ::Type) = Any
propertynames(::NamedTuple{names}) where {names} = names
hasproperty(::NamedTuple{names}, s::Symbol) where {names} = name_in(s, names)
first(t::NamedTuple) = getfield(t, 1)
last(t::NamedTuple) = getfield(t, nfields(t))
copy(t::NamedTuple) = t
tail(t::NamedTuple{names}) where {names} = NamedTuple{tail(names)}(t)
front(t::NamedTuple{names}) where {names} = NamedTuple{front(names)}(t)
reverse(t::NamedTuple) = NamedTuple{reverse(keys(t))}(reverse(values(t)))
@inline name_in(s::Symbol, ::Tuple{}) = false
@inline name_in(s::Symbol, names::Tuple) = names[1] === s || name_in(s, tail(names))

==(a::NamedTuple{n}, b::NamedTuple{n}) where {n} = Tuple(a) == Tuple(b)
==(a::NamedTuple, b::NamedTuple) = false
isequal(a::NamedTuple{n}, b::NamedTuple{n}) where {n} = isequal(Tuple(a), Tuple(b))
isequal(a::NamedTuple, b::NamedTuple) = false
isless(a::NamedTuple{n}, b::NamedTuple{n}) where {n} = isless(Tuple(a), Tuple(b))
<(a::NamedTuple{n}, b::NamedTuple{n}) where {n} = Tuple(a) < Tuple(b)

convert(::Type{T}, nt::T) where {T<:NamedTuple} = nt
convert(::Type{NamedTuple{names,T}}, nt::NamedTuple{names}) where {names,T<:Tuple} = NamedTuple{names,T}(T(Tuple(nt)))
convert(::Type{NamedTuple{names}}, nt::NamedTuple{names}) where {names} = nt
promote_rule(::Type{NamedTuple{n,A}}, ::Type{NamedTuple{n,B}}) where {n,A,B} = NamedTuple{n,promote_type(A, B)}

map(f, nt::NamedTuple{names}) where {names} = NamedTuple{names}(map(f, Tuple(nt)))
map(f, nt::NamedTuple{names}, nts::NamedTuple{names}...) where {names} = NamedTuple{names}(map(f, Tuple(nt), map(Tuple, nts)...))
filter(f, nt::NamedTuple) = nt[filter(k -> f(nt[k]), keys(nt))]

# ---- merging ------------------------------------------------------------------------------------

# Names of `a` in order, then those of `b` that `a` lacks. Pure in the type parameters: folds away.
@inline merged_names(a::Tuple, b::Tuple) = (a..., names_without(b, a)...)
@inline names_without(::Tuple{}, drop::Tuple) = ()
@inline names_without(names::Tuple, drop::Tuple) =
    name_in(names[1], drop) ? names_without(tail(names), drop) : (names[1], names_without(tail(names), drop)...)
@generated function merge(a::NamedTuple{an}, b::NamedTuple{bn}) where {an,bn}
    names = merged_names(an, bn)
    vals = Expr(:tuple)
    for n in names
        push!(vals.args, :(getfield($(name_in(n, bn) ? :b : :a), $(QuoteNode(n)))))
    end
    return :(NamedTuple{$names}($vals))
end
merge(a::NamedTuple, b::NamedTuple{()}) = a
merge(a::NamedTuple{()}, b::NamedTuple) = b
merge(a::NamedTuple{()}, b::NamedTuple{()}) = a
merge(a::NamedTuple) = a
merge(a::NamedTuple, b::NamedTuple, cs::NamedTuple...) = merge(merge(a, b), cs...)
function merge(a::NamedTuple, itr)
    nt = a
    for (k, v) in itr
        k isa Symbol || throw(TypeError(:merge, "", Symbol, k))
        nt = merge(nt, NamedTuple{(k,)}((v,)))
    end
    return nt
end
@generated function structdiff(a::NamedTuple{an}, b::Union{NamedTuple{bn},Type{NamedTuple{bn}}}) where {an,bn}
    names = names_without(an, bn)
    vals = Expr(:tuple)
    for n in names
        push!(vals.args, :(getfield(a, $(QuoteNode(n)))))
    end
    return :(NamedTuple{$names}($vals))
end
structdiff(a::NamedTuple{()}, b::Union{NamedTuple{bn},Type{NamedTuple{bn}}}) where {bn} = a
setindex(nt::NamedTuple, v, name::Symbol) = merge(nt, NamedTuple{(name,)}((v,)))
delete(a::NamedTuple, name::Symbol) = structdiff(a, NamedTuple{(name,)})

# Keywords that no method takes.
@noinline kwerr(kw, args...) = throw(MethodError(Core.kwcall, (kw, args...)))

macro NamedTuple(ex)
    (ast_is(ex, :braces) || ast_is(ex, :block)) || throw(ArgumentError("@NamedTuple expects {...} or begin...end"))
    decls = filter(e -> !(e isa LineNumberNode), ex.args)
    all(e -> e isa Symbol || ast_is(e, :(::)), decls) || throw(ArgumentError("@NamedTuple must contain a sequence of name or name::type expressions"))
    names = map(e -> QuoteNode(e isa Symbol ? e : e.args[1]), decls)
    types = map(e -> e isa Symbol ? :Any : esc(e.args[2]), decls)
    return :(NamedTuple{($(names...),),Tuple{$(types...)}})
end
