# Broadcasting: `f.(args...)` builds a tree of `Broadcasted`, fused and run once.

abstract type BroadcastStyle end
struct StyleUnknown <: BroadcastStyle end
struct StyleScalar <: BroadcastStyle end                 # numbers, refs, anything that counts as one element
struct StyleTuple <: BroadcastStyle end
struct StyleArray{N} <: BroadcastStyle end
# for array types of other modules (device arrays): subtype `AbstractArrayStyle`-like by name
abstract type AbstractArrayStyle{N} <: BroadcastStyle end
struct ArrayStyle{A} <: AbstractArrayStyle{Any} end
struct Style{T} <: BroadcastStyle end
const DefaultArrayStyle = StyleArray

BroadcastStyle(::Type) = StyleScalar()
BroadcastStyle(::Type{<:Tuple}) = StyleTuple()
BroadcastStyle(::Type{<:AbstractArray{<:Any,N}}) where {N} = StyleArray{N}()
BroadcastStyle(::Type{<:AbstractArray}) = StyleArray{0}()

struct Broadcasted{S<:Union{Nothing,BroadcastStyle},Axes,F,Args<:Tuple}
    style::S
    f::F
    args::Args
    axes::Axes
    Broadcasted(style::S, f::F, args::A, ax::X) where {S,X,F,A<:Tuple} = new{S,X,F,A}(style, f, args, ax)
    Broadcasted(style::S, ::Type{T}, args::A, ax::X) where {S,X,T,A<:Tuple} = new{S,X,Type{T},A}(style, T, args, ax)
end
Broadcasted(style, f, args) = Broadcasted(style, f, args, nothing)
BroadcastStyle(::Type{<:Broadcasted{S}}) where {S} = S()

combine_styles() = StyleScalar()
combine_styles(x) = BroadcastStyle(typeof(x))
combine_styles(x::Broadcasted) = x.style
@inline combine_styles(x, rest...) = join_styles(combine_styles(x), combine_styles(rest...))
join_styles(::StyleScalar, ::StyleScalar) = StyleScalar()
join_styles(s::Union{StyleTuple,StyleArray}, ::StyleScalar) = s
join_styles(::StyleScalar, s::Union{StyleTuple,StyleArray}) = s
join_styles(s::BroadcastStyle, ::StyleScalar) = s
join_styles(::StyleScalar, s::BroadcastStyle) = s
join_styles(::StyleTuple, ::StyleTuple) = StyleTuple()
join_styles(s::StyleArray, ::StyleTuple) = max_style(s, StyleArray{1}())
join_styles(::StyleTuple, s::StyleArray) = max_style(s, StyleArray{1}())
join_styles(a::StyleArray, b::StyleArray) = max_style(a, b)
join_styles(a::S, b::S) where {S<:BroadcastStyle} = a
join_styles(a::S, b::S) where {S<:StyleArray} = a
# a style of another module wins over the built-in ones
join_styles(a::BroadcastStyle, ::Union{StyleTuple,StyleArray}) = BroadcastStyle(a, StyleArray{0}())
join_styles(::Union{StyleTuple,StyleArray}, b::BroadcastStyle) = BroadcastStyle(b, StyleArray{0}())
BroadcastStyle(a::BroadcastStyle, b::StyleArray) = a
max_style(::StyleArray{M}, ::StyleArray{N}) where {M,N} = StyleArray{ifelse(M > N, M, N)}()

# ---- building -----------------------------------------------------------------------------------

broadcastable(x::Union{AbstractArray,Tuple,Broadcasted,Number,Ref}) = x
broadcastable(x::Union{Symbol,AbstractString,Function,UndefInitializer,Nothing,RoundingMode,Missing,Val,Ptr,Regex,Pair,AbstractChar}) = Ref(x)
broadcastable(::Type{T}) where {T} = Ref{Type{T}}(T)
broadcastable(x::Union{AbstractDict,NamedTuple}) = throw(ArgumentError("broadcasting over dictionaries and `NamedTuple`s is reserved"))
broadcastable(x) = collect(x)

@inline function broadcasted(f, args...)
    as = map(broadcastable, args)
    return broadcasted_style(combine_styles(as...), f, as...)
end
@inline broadcasted(f, a) = (x = broadcastable(a); broadcasted_style(combine_styles(x), f, x))
@inline broadcasted(f, a, b) = (x = broadcastable(a); y = broadcastable(b); broadcasted_style(combine_styles(x, y), f, x, y))
@inline broadcasted(f::Type{T}, args...) where {T} = (as = map(broadcastable, args); Broadcasted(combine_styles(as...), T, as))
@inline broadcasted_style(style, f, args...) = Broadcasted(style, f, args)
broadcasted_kwsyntax(f, args...; kw...) = broadcasted((as...) -> f(as...; kw...), args...)

# ranges stay ranges under shifts and scalings
broadcasted_style(::StyleArray{1}, ::typeof(+), r::AbstractRange, x::Number) = shifted(+, r, x)
broadcasted_style(::StyleArray{1}, ::typeof(+), x::Number, r::AbstractRange) = shifted(+, r, x)
broadcasted_style(::StyleArray{1}, ::typeof(-), r::AbstractRange, x::Number) = shifted(-, r, x)
broadcasted_style(::StyleArray{1}, ::typeof(-), r::AbstractRange) = -r
broadcasted_style(::StyleArray{1}, ::typeof(+), r::AbstractRange, s::AbstractRange) = r + s
broadcasted_style(::StyleArray{1}, ::typeof(-), r::AbstractRange, s::AbstractRange) = r - s
broadcasted_style(::StyleArray{1}, ::typeof(-), x::Number, r::AbstractRange) = shifted(+, -r, x)
broadcasted_style(::StyleArray{1}, ::typeof(*), r::AbstractRange, x::Number) = r * x
broadcasted_style(::StyleArray{1}, ::typeof(*), x::Number, r::AbstractRange) = x * r
broadcasted_style(::StyleArray{1}, ::typeof(/), r::AbstractRange, x::Number) = r / x
broadcasted_style(::StyleArray{1}, ::typeof(+), r::AbstractRange) = r

# the left side of `a.b .= x`: the property itself is written to
dotgetproperty(x, f) = getproperty(x, f)

# ---- shapes -------------------------------------------------------------------------------------

axes(bc::Broadcasted) = bc.axes === nothing ? combine_axes(bc.args...) : bc.axes
axes(bc::Broadcasted, d::Integer) = d <= length(axes(bc)) ? axes(bc)[d] : OneTo(1)
size(bc::Broadcasted) = map(length, axes(bc))
length(bc::Broadcasted) = prod_dims(size(bc))
ndims(bc::Broadcasted) = length(axes(bc))
eltype_broadcast(bc) = Core.Host.return_type(bc_getindex, typeof(bc), Int)
IteratorSize(::Type{<:Broadcasted}) = HasLength()
IteratorEltype(::Type{<:Broadcasted}) = EltypeUnknown()
function iterate(bc::Broadcasted, i = 1)
    R = CartesianIndices(axes(bc))
    i > length(R) && return nothing
    return bc_element(bc, R[i].I), i + 1
end

bc_axes(x::AbstractArray) = axes(x)
bc_axes(x::Tuple) = (OneTo(length(x)),)
bc_axes(x::Broadcasted) = axes(x)
bc_axes(x::Ref) = ()
bc_axes(x) = ()
combine_axes() = ()
combine_axes(a) = bc_axes(a)
@inline combine_axes(a, b) = join_shapes(bc_axes(a), bc_axes(b))
@inline combine_axes(a, rest...) = join_shapes(bc_axes(a), combine_axes(rest...))
join_shapes(::Tuple{}, ::Tuple{}) = ()
join_shapes(a::Tuple, ::Tuple{}) = a
join_shapes(::Tuple{}, b::Tuple) = b
@inline join_shapes(a::Tuple, b::Tuple) = (join_axis(a[1], b[1]), join_shapes(tail(a), tail(b))...)
@inline function join_axis(a, b)
    la, lb = length(a), length(b)
    la == lb && return a
    la == 1 && return b
    lb == 1 && return a
    throw_bc_mismatch(la, lb)
end
@noinline throw_bc_mismatch(a, b) = throw(DimensionMismatch(string("arrays could not be broadcast to a common size: a has axes ", OneTo(a), " and b has axes ", OneTo(b))))
check_fits(ax::Tuple, x) = check_axes(ax, bc_axes(x))
check_axes(::Tuple, ::Tuple{}) = nothing
check_axes(::Tuple{}, ::Tuple{}) = nothing
check_axes(ax::Tuple{}, b::Tuple{Any,Vararg{Any}}) = all(r -> length(r) == 1, b) ? nothing : throw_bc_dest(ax, b)
function check_axes(ax::Tuple{Any,Vararg{Any}}, b::Tuple{Any,Vararg{Any}})
    (length(b[1]) == length(ax[1]) || length(b[1]) == 1) || throw_bc_dest(ax, b)
    return check_axes(tail(ax), tail(b))
end
@noinline throw_bc_dest(ax, b) = throw(DimensionMismatch(string("array could not be broadcast to match destination")))

# ---- elements -----------------------------------------------------------------------------------

bc_getindex(bc, i) = bc_element(bc, (i,))
@inline bc_element(x::Broadcasted, I::Tuple) = bc_call(x.f, bc_elements(x.args, I))
@inline bc_call(f, args::Tuple) = f(args...)
@inline bc_elements(::Tuple{}, I) = ()
@inline bc_elements(args::Tuple, I) = (bc_element(args[1], I), bc_elements(tail(args), I)...)
@inline bc_element(x::Ref, I::Tuple) = x[]
@inline bc_element(x::Number, I::Tuple) = x
@inline bc_element(x, I::Tuple) = x
@inline bc_element(x::Tuple, I::Tuple) = x[length(x) == 1 ? 1 : I[1]]
@inline bc_element(x::Tuple{Any}, I::Tuple) = x[1]
@inline bc_element(x::AbstractArray, I::Tuple) = @inbounds x[clamp_position(axes(x), I)...]
@inline bc_element(x::AbstractArray{<:Any,0}, I::Tuple) = x[]
clamp_position(::Tuple{}, I::Tuple) = ()
@inline clamp_position(ax::Tuple{Any,Vararg{Any}}, I::Tuple{Any,Vararg{Any}}) = (ifelse(length(ax[1]) == 1, 1, I[1]), clamp_position(tail(ax), tail(I))...)
clamp_position(ax::Tuple{Any,Vararg{Any}}, ::Tuple{}) = (1, clamp_position(tail(ax), ())...)
getindex(bc::Broadcasted, I::Integer...) = bc_element(bc, length(I) == 1 && ndims(bc) != 1 ? CartesianIndices(axes(bc))[I[1]].I : I)
getindex(bc::Broadcasted, I::CartesianIndex) = bc_element(bc, I.I)

# ---- running ------------------------------------------------------------------------------------

@inline materialize(x) = x
@inline materialize(bc::Broadcasted) = bc_copy(bc.style, bc)
instantiate(bc::Broadcasted) = Broadcasted(bc.style, bc.f, bc.args, axes(bc))
copy(bc::Broadcasted) = bc_copy(bc.style, bc)
@inline bc_copy(::StyleScalar, bc) = bc_element(bc, ())
@inline bc_copy(::StyleTuple, bc) = bc_tuple(bc, Val(bc_tuple_length(bc)))
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
    throw_bc_mismatch(a, b)
end
@inline bc_tuple(bc, ::Val{N}) where {N} = ntuple(i -> bc_element(bc, (i,)), Val(N))

struct BroadcastElements{B,R}
    bc::B
    positions::R
end
size(e::BroadcastElements) = size(e.positions)
axes(e::BroadcastElements) = axes(e.positions)
length(e::BroadcastElements) = length(e.positions)
IteratorSize(::Type{BroadcastElements{B,R}}) where {B,R} = IteratorSize(R)
IteratorEltype(::Type{<:BroadcastElements}) = EltypeUnknown()
@inline function iterate(e::BroadcastElements, s...)
    y = iterate(e.positions, s...)
    y === nothing && return nothing
    return bc_element(e.bc, y[1].I), y[2]
end
function bc_copy(style::BroadcastStyle, bc)
    ax = axes(bc)
    R = CartesianIndices(ax)
    y = iterate(R)
    if y === nothing
        T = Core.Host.return_type(bc_element, typeof(bc), NTuple{length(ax),Int})
        return bc_similar(style, bc, isconcretetype(T) ? T : Any, map(length, ax))
    end
    I, st = y
    v = bc_element(bc, I.I)
    dest = bc_similar(style, bc, typeof(v), map(length, ax))
    @inbounds dest[1] = v
    return bc_fill(style, dest, bc, R, st, 2)
end
function bc_fill(style, dest::AbstractArray{T}, bc, R, st, i) where {T}
    while true
        y = iterate(R, st)
        y === nothing && return dest
        I, st = y
        v = bc_element(bc, I.I)
        if v isa T
            @inbounds dest[i] = v
            i += 1
        else
            W = promote_typejoin(T, typeof(v))
            wider = bc_similar(style, bc, W, size(dest))
            for k in 1:i-1
                wider[k] = dest[k]
            end
            wider[i] = v
            return bc_fill(style, wider, bc, R, st, i + 1)
        end
    end
end
bc_similar(style, bc, ::Type{T}, dims) where {T} = Array{T,length(dims)}(undef, dims)
bc_similar(style, bc, ::Type{Bool}, dims) = BitArray{length(dims)}(undef, dims)
similar(bc::Broadcasted, ::Type{T}) where {T} = bc_similar(bc.style, bc, T, size(bc))
similar(bc::Broadcasted, ::Type{T}, dims) where {T} = bc_similar(bc.style, bc, T, dims)

@inline materialize!(dest, bc::Broadcasted) = bc_copyto!(dest, bc)
@inline materialize!(dest, x) = bc_copyto!(dest, broadcasted(identity, x))
@inline broadcast!(f, dest, args...) = bc_copyto!(dest, broadcasted(f, args...))
bc_copyto!(dest, r::AbstractRange) = bc_copyto!(dest, Broadcasted(StyleArray{1}(), identity, (r,)))
function bc_copyto!(dest::AbstractArray, bc::Broadcasted)
    ax = axes(dest)
    if bc.style isa StyleScalar && bc.f === identity && length(bc.args) == 1 && !(bc.args[1] isa AbstractArray)
        return fill!(dest, bc_element(bc, ()))
    end
    check_axes(ax, axes(bc))
    src = bc_unalias(dest, bc)
    @inbounds for I in CartesianIndices(ax)
        dest[I] = bc_element(src, I.I)
    end
    return dest
end
copyto!(dest::AbstractArray, bc::Broadcasted) = bc_copyto!(dest, bc)
# an argument that overlaps the destination in another shape or place is copied first
bc_unalias(dest, bc::Broadcasted) = Broadcasted(bc.style, bc.f, map(x -> bc_unalias(dest, x), bc.args), bc.axes)
bc_unalias(dest, x) = x
bc_unalias(dest, x::AbstractArray) = x === dest ? x : may_share(dest, x) ? copy(x) : x
may_share(a, b) = root_array(a) === root_array(b) && root_array(a) isa Array && !(a === b)
root_array(a::AbstractArray) = parent(a) === a ? a : root_array(parent(a))
function may_share(a::SubArray, b::SubArray)
    root_array(a) === root_array(b) || return false
    return a.indices != b.indices
end

broadcast(f, args...) = materialize(broadcasted(f, args...))
broadcast(f) = f()

# `@.`: dots every call, operator and assignment of the expression, but not what `$` protects
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
        return Expr(:., dot_everything_callee(f), Expr(:tuple, args...))
    elseif h === :comparison
        return Expr(:comparison, map(a -> a isa Symbol && isoperator_name(a) && !startswith_dot(a) ? Symbol(".", a) : dot_everything(a), x.args)...)
    elseif h === :$
        return x.args[1]
    elseif h === :let
        return Expr(:let, x.args[1], dot_everything(x.args[2]))
    elseif h === :for || h === :quote || h === :macrocall || h === :->
        return x
    elseif h === :(&&) || h === :(||)
        return Expr(Symbol(".", h), map(dot_everything, x.args)...)
    elseif h === :(=) && !(x.args[1] isa Expr && x.args[1].head === :call)
        return Expr(:(.=), dot_everything(x.args[1]), dot_everything(x.args[2]))
    elseif endswith(string(h), "=") && length(x.args) == 2 && !startswith(string(h), ".") && h !== :kw && h !== :(=)
        return Expr(Symbol(".", h), dot_everything(x.args[1]), dot_everything(x.args[2]))
    elseif h === Symbol("'")
        return Expr(:., :adjoint, Expr(:tuple, dot_everything(x.args[1])))
    end
    return Expr(h, map(dot_everything, x.args)...)
end
dot_everything_callee(f) = f
startswith_dot(s::Symbol) = (t = string(s); length(t) > 1 && t[1] == '.' && t != "..." && t != "..")
isoperator_name(s::Symbol) = Core.Host.is_operator(s)
macro __dot__(x)
    return esc(dot_everything(x))
end

# the names under which packages look for these
module Broadcast
using ..Base
import ..Base: broadcast, broadcast!, broadcasted, broadcastable, materialize, materialize!, Broadcasted, BroadcastStyle, AbstractArrayStyle, ArrayStyle,
    DefaultArrayStyle, Style, combine_axes, instantiate
const newindex = Base.clamp_position
end
