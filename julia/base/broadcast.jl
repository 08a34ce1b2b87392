# Broadcasting: `f.(args...)` builds a tree of `Broadcasted`, fused and run once.

abstract type AbstractBroadcasted end

module Broadcast

using ..Base
import ..Base: axes, size, length, ndims, iterate, getindex, copy, copyto!, similar, show, eltype, eachindex, IteratorSize, IteratorEltype, IndexStyle,
    broadcast, broadcast!, isempty, keys
using ..Base: HasLength, HasShape, EltypeUnknown, tail, prod_dims, OneTo, oneto, promote_typejoin, AbstractBroadcasted, Callable

export broadcast, broadcast!, BroadcastStyle, broadcast_axes, broadcastable, dotview, @__dot__, BroadcastFunction

# ---- styles: what kind of result the arguments make ------------------------------------------------

abstract type BroadcastStyle end
struct Unknown <: BroadcastStyle end
struct Style{T} <: BroadcastStyle end
abstract type AbstractArrayStyle{N} <: BroadcastStyle end
# the style of array types outside of Base that do not care for the number of dimensions
struct ArrayStyle{A<:AbstractArray} <: AbstractArrayStyle{Any} end
struct DefaultArrayStyle{N} <: AbstractArrayStyle{N} end
struct ArrayConflict <: AbstractArrayStyle{Any} end
ArrayStyle{A}(::Val) where {A} = ArrayStyle{A}()
DefaultArrayStyle(::Val{N}) where {N} = DefaultArrayStyle{N}()
DefaultArrayStyle{M}(::Val{N}) where {M,N} = DefaultArrayStyle{N}()
ArrayConflict(::Val) = ArrayConflict()
const StyleScalar = DefaultArrayStyle{0}
const StyleTuple = Style{Tuple}
const StyleArray = DefaultArrayStyle

BroadcastStyle(::Type) = DefaultArrayStyle{0}()
BroadcastStyle(::Type{Union{}}, slurp...) = Unknown()
BroadcastStyle(::Type{<:Tuple}) = Style{Tuple}()
BroadcastStyle(::Type{<:AbstractArray{<:Any,N}}) where {N} = DefaultArrayStyle{N}()

# how two styles combine; user code adds methods for one order of the two
BroadcastStyle(::S, ::S) where {S<:BroadcastStyle} = S()
BroadcastStyle(::BroadcastStyle, ::BroadcastStyle) = Unknown()
BroadcastStyle(::Unknown, ::Unknown) = Unknown()
BroadcastStyle(::S, ::Unknown) where {S<:BroadcastStyle} = S()
BroadcastStyle(::AbstractArrayStyle{0}, b::Style{Tuple}) = b
BroadcastStyle(a::AbstractArrayStyle, ::Style{Tuple}) = a
BroadcastStyle(::A, ::A) where {A<:ArrayStyle} = A()
BroadcastStyle(::ArrayStyle, ::ArrayStyle) = Unknown()
BroadcastStyle(::A, ::A) where {A<:AbstractArrayStyle} = A()
function BroadcastStyle(a::A, b::B) where {A<:AbstractArrayStyle{M},B<:AbstractArrayStyle{N}} where {M,N}
    Core.Host.type_wrapper(A) === Core.Host.type_wrapper(B) && return A(Val(max(M, N)))
    return Unknown()
end
BroadcastStyle(a::AbstractArrayStyle{Any}, ::DefaultArrayStyle) = a
BroadcastStyle(a::AbstractArrayStyle{N}, ::DefaultArrayStyle{N}) where {N} = a
BroadcastStyle(a::AbstractArrayStyle{M}, ::DefaultArrayStyle{N}) where {M,N} = typeof(a)(Val(max(M, N)))
BroadcastStyle(::DefaultArrayStyle{N}, ::DefaultArrayStyle{N}) where {N} = DefaultArrayStyle{N}()
BroadcastStyle(::DefaultArrayStyle{M}, ::DefaultArrayStyle{N}) where {M,N} = DefaultArrayStyle{ifelse(M > N, M, N)}()

# Both orders are asked; they must agree where both have an answer.
@inline result_style(s::BroadcastStyle) = s
@inline result_style(::S, ::S) where {S<:BroadcastStyle} = S()
@inline result_style(s1, s2) = result_join(s1, s2, BroadcastStyle(s1, s2), BroadcastStyle(s2, s1))
@inline result_join(::Any, ::Any, ::Unknown, ::Unknown) = Unknown()
@inline result_join(::Any, ::Any, ::Unknown, s::BroadcastStyle) = s
@inline result_join(::Any, ::Any, s::BroadcastStyle, ::Unknown) = s
@inline result_join(::AbstractArrayStyle, ::AbstractArrayStyle, ::Unknown, ::Unknown) = ArrayConflict()
@inline result_join(::Any, ::Any, ::S, ::S) where {S<:BroadcastStyle} = S()
@noinline result_join(::S, ::T, ::U, ::V) where {S,T,U,V} = error(string("conflicting broadcast rules defined\n  Broadcast.BroadcastStyle(::", S, ", ::", T, ") = ", U(),
    "\n  Broadcast.BroadcastStyle(::", T, ", ::", S, ") = ", V(), "\nOne of these should be undefined (and thus return Broadcast.Unknown)."))

combine_styles() = DefaultArrayStyle{0}()
@inline combine_styles(x) = result_style(style_of(x))
@inline combine_styles(x, y) = result_style(style_of(x), style_of(y))
@inline combine_styles(x, y, rest...) = result_style(style_of(x), combine_styles(y, rest...))
@inline style_of(x) = BroadcastStyle(typeof(x))

# ---- the tree --------------------------------------------------------------------------------------

struct Broadcasted{Style<:Union{Nothing,BroadcastStyle},Axes,F,Args<:Tuple} <: AbstractBroadcasted
    style::Style
    f::F
    args::Args
    axes::Axes
    Broadcasted(style::Union{Nothing,BroadcastStyle}, f, args::Tuple, axes) = new{typeof(style),typeof(axes),typeof(f),typeof(args)}(style, f, args, axes)
    Broadcasted(style::Union{Nothing,BroadcastStyle}, ::Type{T}, args::Tuple, axes) where {T} = new{typeof(style),typeof(axes),Type{T},typeof(args)}(style, T, args, axes)
end
Broadcasted(style::Union{Nothing,BroadcastStyle}, f, args::Tuple) = Broadcasted(style, f, args, nothing)
Broadcasted(f, args::Tuple) = Broadcasted(combine_styles(args...), f, args, nothing)
Broadcasted(f, args::Tuple, axes) = Broadcasted(combine_styles(args...), f, args, axes)
Broadcasted{S}(f, args::Tuple, axes = nothing) where {S} = Broadcasted(S === Nothing ? nothing : S(), f, args, axes)
BroadcastStyle(::Type{<:Broadcasted{S}}) where {S} = S()
style_of(bc::Broadcasted) = bc.style
style_of(bc::Broadcasted{Nothing}) = combine_styles(bc.args...)

broadcastable(x::Union{AbstractArray,Number,AbstractChar,Ref,Tuple,AbstractBroadcasted}) = x
broadcastable(x::Union{Symbol,AbstractString,Function,UndefInitializer,Nothing,RoundingMode,Missing,Val,Ptr,Regex,Pair,IO,CartesianIndex,Module}) = Ref(x)
broadcastable(::Type{T}) where {T} = Ref{Type{T}}(T)
broadcastable(x::Union{AbstractDict,NamedTuple}) = throw(ArgumentError("broadcasting over dictionaries and `NamedTuple`s is reserved"))
broadcastable(x) = collect(x)

@inline broadcasted(f) = broadcasted(DefaultArrayStyle{0}(), f)
@inline function broadcasted(f, a)
    x = broadcastable(a)
    return broadcasted(combine_styles(x), f, x)
end
@inline function broadcasted(f, a, b)
    x = broadcastable(a)
    y = broadcastable(b)
    return broadcasted(combine_styles(x, y), f, x, y)
end
@inline function broadcasted(f, a, b, rest...)
    as = map(broadcastable, (a, b, rest...))
    return broadcasted(combine_styles(as...), f, as...)
end
@inline broadcasted(style::BroadcastStyle, f, args...) = Broadcasted(style, f, args)
@inline broadcasted(style::BroadcastStyle, f) = Broadcasted(style, f, ())
# a keyword argument is not broadcast over
broadcasted_kwsyntax(f, args...; kw...) = broadcasted((as...) -> f(as...; kw...), args...)

# ranges stay ranges under shifts and scalings
broadcasted(::DefaultArrayStyle{1}, ::typeof(+), r::AbstractRange, x::Number) = Base.shifted(+, r, x)
broadcasted(::DefaultArrayStyle{1}, ::typeof(+), x::Number, r::AbstractRange) = Base.shifted(+, r, x)
broadcasted(::DefaultArrayStyle{1}, ::typeof(-), r::AbstractRange, x::Number) = Base.shifted(-, r, x)
broadcasted(::DefaultArrayStyle{1}, ::typeof(-), x::Number, r::AbstractRange) = Base.shifted(+, -r, x)
broadcasted(::DefaultArrayStyle{1}, ::typeof(-), r::AbstractRange) = -r
broadcasted(::DefaultArrayStyle{1}, ::typeof(+), r::AbstractRange) = r
broadcasted(::DefaultArrayStyle{1}, ::typeof(+), r::AbstractRange, s::AbstractRange) = r + s
broadcasted(::DefaultArrayStyle{1}, ::typeof(-), r::AbstractRange, s::AbstractRange) = r - s
broadcasted(::DefaultArrayStyle{1}, ::typeof(*), r::AbstractRange, x::Number) = r * x
broadcasted(::DefaultArrayStyle{1}, ::typeof(*), x::Number, r::AbstractRange) = x * r
broadcasted(::DefaultArrayStyle{1}, ::typeof(/), r::AbstractRange, x::Number) = r / x
broadcasted(::DefaultArrayStyle{1}, ::typeof(\), x::Number, r::AbstractRange) = r / x
broadcasted(::DefaultArrayStyle{1}, ::Type{T}, r::AbstractUnitRange) where {T<:Integer} =
    isconcretetype(T) ? (T(first(r)):T(last(r))) : Broadcasted(DefaultArrayStyle{1}(), T, (r,))
broadcasted(::typeof(+), I::CartesianIndices{N}, j::CartesianIndex{N}) where {N} = CartesianIndices(map((r, k) -> Base.shifted(+, r, k), I.indices, Tuple(j)))
broadcasted(::typeof(+), j::CartesianIndex{N}, I::CartesianIndices{N}) where {N} = broadcasted(+, I, j)
broadcasted(::typeof(-), I::CartesianIndices{N}, j::CartesianIndex{N}) where {N} = CartesianIndices(map((r, k) -> Base.shifted(-, r, k), I.indices, Tuple(j)))

# ---- shapes ----------------------------------------------------------------------------------------

axes(bc::Broadcasted) = bc.axes === nothing ? combine_axes(bc.args...) : bc.axes
axes(bc::Broadcasted, d::Integer) = d <= length(axes(bc)) ? axes(bc)[d] : OneTo(1)
broadcast_axes(x) = axes(x)
size(bc::Broadcasted) = map(length, axes(bc))
size(bc::Broadcasted, d::Integer) = length(axes(bc, d))
length(bc::Broadcasted) = prod_dims(size(bc))
isempty(bc::Broadcasted) = length(bc) == 0
ndims(bc::Broadcasted) = length(axes(bc))
ndims(::Type{<:Broadcasted{<:AbstractArrayStyle{N}}}) where {N} = N
eachindex(bc::Broadcasted) = eachindex_of(axes(bc))
eachindex_of(t::Tuple{Any}) = t[1]
eachindex_of(t::Tuple) = CartesianIndices(t)
keys(bc::Broadcasted) = eachindex(bc)
IndexStyle(::Type{<:Broadcasted}) = IndexCartesian()
IteratorSize(::Type{T}) where {T<:Broadcasted} = HasLength()
IteratorSize(::Type{T}) where {N,T<:Broadcasted{<:Any,<:NTuple{N,Any}}} = HasShape{N}()
IteratorEltype(::Type{<:Broadcasted}) = EltypeUnknown()
function iterate(bc::Broadcasted)
    R = CartesianIndices(axes(bc))
    y = iterate(R)
    y === nothing && return nothing
    return bc_element(bc, y[1].I), (R, y[2])
end
function iterate(bc::Broadcasted, s)
    y = iterate(s[1], s[2])
    y === nothing && return nothing
    return bc_element(bc, y[1].I), (s[1], y[2])
end

bc_axes(x) = axes(x)
bc_axes(x::Tuple) = (OneTo(length(x)),)
bc_axes(::Ref) = ()
bc_axes(::Union{Number,AbstractChar}) = ()
combine_axes() = ()
combine_axes(a) = bc_axes(a)
@inline combine_axes(a, b) = join_shapes(bc_axes(a), bc_axes(b))
@inline combine_axes(a, b, rest...) = join_shapes(bc_axes(a), combine_axes(b, rest...))
broadcast_shape(shape::Tuple) = shape
broadcast_shape(a::Tuple, b::Tuple, rest::Tuple...) = broadcast_shape(join_shapes(a, b), rest...)
join_shapes(::Tuple{}, ::Tuple{}) = ()
join_shapes(a::Tuple, ::Tuple{}) = a
join_shapes(::Tuple{}, b::Tuple) = b
@inline join_shapes(a::Tuple, b::Tuple) = (join_axis(a[1], b[1]), join_shapes(tail(a), tail(b))...)
@inline function join_axis(a, b)
    la, lb = length(a), length(b)
    la == 1 && return lb == 1 && b isa OneTo ? a : b
    lb == 1 && return a
    (la == lb && first(a) == first(b)) || throw_bc_mismatch(a, b)
    return a isa OneTo ? a : b
end
join_axis(a::Integer, b::Integer) = a == 1 ? b : b == 1 || a == b ? a : throw_bc_mismatch(a, b)
@inline function join_axis(a::OneTo, b::OneTo)
    la, lb = length(a), length(b)
    la == lb && return a
    la == 1 && return b
    lb == 1 && return a
    throw_bc_mismatch(a, b)
end
@noinline throw_bc_mismatch(a, b) = throw(DimensionMismatch(string("arrays could not be broadcast to a common size: a has axes ", a, " and b has axes ", b)))
check_axes(::Tuple, ::Tuple{}) = nothing
check_axes(::Tuple{}, ::Tuple{}) = nothing
check_axes(::Tuple{}, b::Tuple{Any,Vararg{Any}}) = all(r -> length(r) == 1, b) ? nothing : throw_bc_rank()
@inline function check_axes(ax::Tuple{Any,Vararg{Any}}, b::Tuple{Any,Vararg{Any}})
    (length(b[1]) == 1 || length(b[1]) == length(ax[1]) && first(b[1]) == first(ax[1])) || throw_bc_dest()
    return check_axes(tail(ax), tail(b))
end
const check_broadcast_shape = check_axes
check_broadcast_axes(shape, args...) = (foreach(a -> check_axes(shape, bc_axes(a)), args); nothing)
@noinline throw_bc_dest() = throw(DimensionMismatch("array could not be broadcast to match destination"))
@noinline throw_bc_rank() = throw(DimensionMismatch("cannot broadcast array to have fewer non-singleton dimensions"))

# ---- elements --------------------------------------------------------------------------------------

bc_getindex(bc, i) = bc_element(bc, (i,))
@inline bc_element(x::Broadcasted, I::Tuple) = bc_call(x.f, bc_elements(x.args, I))
@inline bc_call(f, args::Tuple) = f(args...)
@inline bc_elements(::Tuple{}, I) = ()
@inline bc_elements(args::Tuple, I) = (bc_element(args[1], I), bc_elements(tail(args), I)...)
@inline bc_element(x::Ref, I::Tuple) = x[]
@inline bc_element(x::Union{Number,AbstractChar}, I::Tuple) = x
@inline bc_element(x, I::Tuple) = bc_user_element(x, axes(x), I)
@inline bc_user_element(x, ::Tuple{}, I) = x[]
@inline bc_user_element(x, ax::Tuple, I) = x[clamp_position(ax, I)...]
@inline bc_element(x::Tuple, I::Tuple) = x[length(x) == 1 ? 1 : I[1]]
@inline bc_element(x::Tuple{Any}, I::Tuple) = x[1]
@inline bc_element(x::AbstractArray, I::Tuple) = @inbounds x[clamp_position(axes(x), I)...]
@inline bc_element(x::AbstractArray{<:Any,0}, I::Tuple) = x[]
# Where an argument with axes `ax` is read for position `I`: it repeats along axes of length one.
clamp_position(::Tuple{}, I::Tuple) = ()
@inline clamp_position(ax::Tuple{Any,Vararg{Any}}, I::Tuple{Any,Vararg{Any}}) = (clamp_axis(ax[1], I[1]), clamp_position(tail(ax), tail(I))...)
@inline clamp_position(ax::Tuple{Any,Vararg{Any}}, ::Tuple{}) = (first(ax[1]), clamp_position(tail(ax), ())...)
@inline clamp_axis(ax, i) = ifelse(length(ax) == 1, first(ax), i)
@inline clamp_axis(ax::OneTo, i) = ifelse(length(ax) == 1, 1, i)
const newindex = clamp_position
@inline getindex(bc::Broadcasted, I::Union{Integer,CartesianIndex}...) = bc_element(bc, position_in(bc, Base.flatten_index(I...)))
getindex(bc::Broadcasted) = bc_element(bc, ())
position_in(bc, I::Tuple) = length(I) == 1 && ndims(bc) != 1 ? CartesianIndices(axes(bc))[I[1]].I : I
broadcast_getindex(x, I) = bc_element(x, I isa CartesianIndex ? I.I : (I,))

# The element type by inference, for results without elements.
combine_eltypes(f, args::Tuple) = Core.Host.return_type(bc_element, typeof(Broadcasted(nothing, f, args)), NTuple{length(combine_axes(args...)),Int})

# ---- running ---------------------------------------------------------------------------------------

@inline materialize(x) = x
@inline materialize(bc::Broadcasted) = copy(instantiate(bc))
@inline materialize(bc::Broadcasted{DefaultArrayStyle{0}}) = bc_scalar(bc)
@inline instantiate(x) = x
@inline function instantiate(bc::Broadcasted)
    if bc.axes === nothing
        return Broadcasted(bc.style, bc.f, bc.args, combine_axes(bc.args...))
    end
    check_broadcast_axes(bc.axes, bc.args...)
    return bc
end
@inline instantiate(bc::Broadcasted{<:AbstractArrayStyle{0}}) = bc
@inline instantiate(bc::Broadcasted{Style{Tuple}}) = bc
@inline copy(bc::Broadcasted) = bc_copy(style_of(bc), bc)
@inline bc_copy(::DefaultArrayStyle{0}, bc) = bc_scalar(bc)
@inline bc_scalar(bc) = bc_element(bc, ())
@inline bc_copy(::Style{Tuple}, bc) = bc_tuple(bc, Val(bc_tuple_length(bc)))
bc_tuple_length(bc::Broadcasted) = bc_max_length(bc.args...)
bc_max_length() = 1
@inline bc_max_length(x, rest...) = bc_join_length(bc_length(x), bc_max_length(rest...))
bc_length(x::Tuple) = length(x)
bc_length(x::Broadcasted) = bc_tuple_length(x)
bc_length(x) = 1
function bc_join_length(a, b)
    a == b && return a
    a == 1 && return b
    b == 1 && return a
    throw_bc_mismatch(OneTo(a), OneTo(b))
end
@inline bc_tuple(bc, ::Val{N}) where {N} = ntuple(i -> bc_element(bc, (i,)), Val(N))

function bc_copy(style::BroadcastStyle, bc)
    R = CartesianIndices(axes(bc))
    y = iterate(R)
    if y === nothing
        T = Core.Host.return_type(bc_element, typeof(bc), NTuple{ndims(R),Int})
        return similar(bc, T)
    end
    I, st = y
    v = bc_element(bc, I.I)
    dest = similar(bc, typeof(v))
    @inbounds dest[I] = v
    return bc_fill(dest, bc, R, st)
end
# An element that does not fit makes the rest go on in a wider copy.
function bc_fill(dest::AbstractArray{T}, bc, R, st) where {T}
    while true
        y = iterate(R, st)
        y === nothing && return dest
        I, st = y
        v = bc_element(bc, I.I)
        if v isa T
            @inbounds dest[I] = v
        else
            wider = similar(dest, promote_typejoin(T, typeof(v)))
            for K in R
                K == I && break
                wider[K] = dest[K]
            end
            wider[I] = v
            return bc_fill(wider, bc, R, st)
        end
    end
end
bc_copy(::Unknown, bc) = throw(ArgumentError("broadcasting requires an assigned BroadcastStyle"))
similar(bc::Broadcasted, ::Type{T}) where {T} = similar(bc, T, axes(bc))
similar(bc::Broadcasted, ::Type{T}, dims) where {T} = bc_similar(style_of(bc), bc, T, map(Base.dim_length, dims))
bc_similar(style, bc, ::Type{T}, dims) where {T} = Array{T,length(dims)}(undef, dims)
bc_similar(style, bc, ::Type{Bool}, dims) = BitArray{length(dims)}(undef, dims)

@inline materialize!(dest, x) = materialize!(dest, instantiate(Broadcasted(identity, (x,), axes(dest))))
@inline materialize!(dest, bc::Broadcasted) = materialize!(combine_styles(dest, bc), dest, bc)
@inline materialize!(::BroadcastStyle, dest, bc::Broadcasted) = copyto!(dest, instantiate(Broadcasted(bc.style, bc.f, bc.args, axes(dest))))
@inline function materialize!(::BroadcastStyle, dest, bc::Broadcasted{DefaultArrayStyle{0}})
    check_axes(axes(dest), axes(bc))
    return copyto!(dest, Broadcasted(bc.style, bc.f, bc.args, axes(dest)))
end
@inline broadcast(f, args...) = materialize(broadcasted(f, args...))
@inline broadcast!(f, dest, args...) = (materialize!(dest, broadcasted(f, args...)); dest)
broadcast(f) = f()

@inline copyto!(dest::AbstractArray, bc::Broadcasted) = bc_copyto!(dest, bc)
# a lone value fills
@inline function copyto!(dest::AbstractArray, bc::Broadcasted{<:AbstractArrayStyle{0}})
    bc.f === identity && length(bc.args) == 1 && !(bc.args[1] isa Broadcasted) && return fill!(dest, bc_element(bc, ()))
    return bc_copyto!(dest, bc)
end
bc_copyto!(dest, r::AbstractRange) = bc_copyto!(dest, Broadcasted(DefaultArrayStyle{1}(), identity, (r,)))
function bc_copyto!(dest::AbstractArray, bc::Broadcasted)
    ax = axes(dest)
    bc.axes === nothing ? check_axes(ax, axes(bc)) : ax == bc.axes || check_axes(ax, bc.axes)
    src = bc_unalias(dest, bc)
    @inbounds for I in CartesianIndices(ax)
        dest[I] = bc_element(src, I.I)
    end
    return dest
end
# An argument that overlaps the destination in another shape or place is copied first.
bc_unalias(dest, bc::Broadcasted) = Broadcasted(bc.style, bc.f, map(x -> bc_unalias(dest, x), bc.args), bc.axes)
bc_unalias(dest, x) = x
bc_unalias(dest, x::AbstractArray) = broadcast_unalias(dest, x)
broadcast_unalias(dest, x::AbstractArray) = x === dest ? x : may_share(dest, x) ? copy(x) : x
broadcast_unalias(dest, x) = x
may_share(a, b) = root_array(a) === root_array(b) && root_array(a) isa Array && !(a === b)
root_array(a::AbstractArray) = (p = parent(a); p === a ? a : root_array(p))
function may_share(a::SubArray, b::SubArray)
    root_array(a) === root_array(b) || return false
    return a.indices != b.indices
end
preprocess(dest, bc) = bc_unalias(dest, bc)
extrude(x) = x

# A tree without inner trees: one function of all leaves.
flatten(bc::Broadcasted) = (args = leaves(bc); Broadcasted(bc.style, (xs...) -> apply_leaves(bc, xs)[1], args, bc.axes))
leaves(bc::Broadcasted) = leaves_of(bc.args...)
leaves_of() = ()
leaves_of(x, rest...) = (x, leaves_of(rest...)...)
leaves_of(x::Broadcasted, rest...) = (leaves(x)..., leaves_of(rest...)...)
apply_leaves(x, xs::Tuple) = (xs[1], tail(xs))
function apply_leaves(bc::Broadcasted, xs::Tuple)
    vals = ()
    for a in bc.args
        v, xs = apply_leaves(a, xs)
        vals = (vals..., v)
    end
    return bc.f(vals...), xs
end
function show(io::IO, bc::Broadcasted)
    print(io, "Base.Broadcast.Broadcasted")
    bc.style isa DefaultArrayStyle || print(io, "{", typeof(bc.style), "}")
    print(io, "(")
    show(io, bc.f)
    print(io, ", ")
    show(io, bc.args)
    print(io, ")")
end

# ---- `@.` ------------------------------------------------------------------------------------------

# Dots every call, operator and assignment of the expression, but not what `$` protects.
function dot_everything(x)
    x isa Expr || return x
    h = x.head
    if h === :call
        f = x.args[1]
        args = map(dot_everything, x.args[2:end])
        if f isa Symbol && (isoperator_name(f)) && !startswith_dot(f)
            return Expr(:call, Symbol(".", f), args...)
        end
        f isa Symbol && startswith_dot(f) && return Expr(:call, f, args...)
        # `$f(x)` is a call without a dot
        f isa Expr && f.head === :$ && return Expr(:call, f.args[1], args...)
        return Expr(:., f, Expr(:tuple, args...))
    elseif h === :comparison
        return Expr(:comparison, map(a -> a isa Symbol && isoperator_name(a) && !startswith_dot(a) ? Symbol(".", a) : dot_everything(a), x.args)...)
    elseif h === :$
        return x.args[1]
    elseif h === :let
        return Expr(:let, x.args[1], dot_everything(x.args[2]))
    elseif h === :for || h === :while
        return Expr(h, x.args[1], dot_everything(x.args[2]))
    elseif h === :quote || h === :macrocall || h === :->
        return x
    elseif (h === :function || h === :(=)) && x.args[1] isa Expr && (x.args[1].head === :call || x.args[1].head === :where)
        return Expr(h, x.args[1], dot_everything(x.args[2]))
    elseif h === :(&&) || h === :(||)
        return Expr(Symbol(".", h), map(dot_everything, x.args)...)
    elseif h === :(=)
        return Expr(:(.=), dot_everything(x.args[1]), dot_everything(x.args[2]))
    elseif endswith(string(h), "=") && length(x.args) == 2 && !startswith(string(h), ".") && h !== :kw
        return Expr(Symbol(".", h), dot_everything(x.args[1]), dot_everything(x.args[2]))
    elseif h === Symbol("'")
        return Expr(:., :adjoint, Expr(:tuple, dot_everything(x.args[1])))
    elseif h === :<: || h === :>:
        return Expr(:call, Symbol(".", h), map(dot_everything, x.args)...)
    end
    return Expr(h, map(dot_everything, x.args)...)
end
startswith_dot(s::Symbol) = (t = string(s); length(t) > 1 && t[1] == '.' && t != "..." && t != "..")
isoperator_name(s::Symbol) = Core.Host.is_operator(s)
macro __dot__(x)
    return esc(dot_everything(x))
end

end # Broadcast

import .Broadcast: broadcast, broadcast!, broadcasted, broadcasted_kwsyntax, broadcastable, materialize, materialize!, Broadcasted, BroadcastStyle, AbstractArrayStyle,
    ArrayStyle, DefaultArrayStyle, Style, StyleScalar, StyleTuple, StyleArray, combine_axes, instantiate, bc_similar, bc_element, bc_copy, bc_copyto!, bc_axes,
    bc_unalias, clamp_position, result_style, may_share, root_array, @__dot__
