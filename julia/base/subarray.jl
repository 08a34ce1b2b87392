# Views: a parent and the indices that select from it.

struct SubArray{T,N,P,I,L} <: AbstractArray{T,N}
    parent::P
    indices::I
    offset1::Int     # for linear (`L`) views: position before the first element, and step
    stride1::Int
end
const FastIndex = Union{Colon,AbstractUnitRange,Slice}

# A view is linear when its indices are whole dimensions, then at most one range, then scalars (or one range/step in 1-D).
view_is_linear(I::Tuple{}) = true
view_is_linear(I::Tuple{Slice,Vararg{Any}}) = view_is_linear(tail(I))
view_is_linear(I::Tuple{AbstractRange,Vararg{Any}}) = all_scalars(tail(I))
view_is_linear(I::Tuple{Real,Vararg{Any}}) = all_scalars(I)
view_is_linear(I::Tuple) = false
all_scalars(::Tuple{}) = true
all_scalars(I::Tuple{Real,Vararg{Any}}) = all_scalars(tail(I))
all_scalars(I::Tuple) = false
lead_linear(I::Tuple{Real,Vararg{Any}}) = all_scalars(I) || scalar_prefix_then_range(I)
scalar_prefix_then_range(I::Tuple{Real,Vararg{Any}}) = scalar_prefix_then_range(tail(I))
scalar_prefix_then_range(I::Tuple{AbstractRange,Vararg{Any}}) = all_scalars(tail(I))
scalar_prefix_then_range(I::Tuple) = false
lead_linear(I::Tuple) = view_is_linear(I)

function SubArray(A::P, I::Tuple) where {P<:AbstractArray}
    N = length(index_shape(I...))
    return make_subarray(A, I, Val(N))
end
@inline function make_subarray(A::P, I::Tuple, ::Val{N}) where {P,N}
    if IndexStyle(P) === IndexLinear() && lead_linear(I)
        off, st = linear_view_start(A, I)
        return SubArray{eltype(P),N,P,typeof(I),true}(A, I, off, st)
    end
    return SubArray{eltype(P),N,P,typeof(I),false}(A, I, 0, 0)
end
@inline function linear_view_start(A, I::Tuple)
    firsts = map(first_index, I)
    p = _sub2ind_free(axes(A), firsts)
    st = view_stride(1, axes(A), I)
    return p - st, st
end
_sub2ind_free(inds, J::Tuple{Int}) = J[1]
_sub2ind_free(inds, J::Tuple) = _sub2ind(inds, J)
first_index(i::Real) = Int(i)
first_index(r::AbstractRange) = Int(first(r))
first_index(r::Slice) = Int(first(r))
view_stride(s, inds, ::Tuple{}) = s
view_stride(s, inds, I::Tuple{AbstractRange,Vararg{Any}}) = s * Int(step(I[1]))
view_stride(s, inds, I::Tuple{Slice,Vararg{Any}}) = s
view_stride(s, inds::Tuple, I::Tuple{Real,Vararg{Any}}) = view_stride(s * length(inds[1]), drop_first(inds), tail(I))
view_stride(s, inds::Tuple{}, I::Tuple{Real,Vararg{Any}}) = view_stride(s, inds, tail(I))

@inline function view(A::AbstractArray, I...)
    J = to_indices(A, I)
    @boundscheck checkbounds(A, J...)
    return SubArray(A, map(plain_index, J))
end
view(A::AbstractArray) = SubArray(A, ())
# a view of a view looks through to the parent
@inline function view(V::SubArray, I...)
    checked = to_indices(V, I)
    @boundscheck checkbounds(V, checked...)
    J = map(plain_index, checked)
    length(J) == ndims(V) || return SubArray(V, J)
    return SubArray(V.parent, reindex(V.indices, J))
end
view(r::AbstractRange, i::AbstractRange) = r[i]
view(t::Tuple, i) = t[i]
reindex(::Tuple{}, ::Tuple{}) = ()
@inline reindex(idx::Tuple{Real,Vararg{Any}}, J::Tuple) = (idx[1], reindex(tail(idx), J)...)
@inline reindex(idx::Tuple{Slice,Vararg{Any}}, J::Tuple{Any,Vararg{Any}}) = (J[1], reindex(tail(idx), tail(J))...)
@inline reindex(idx::Tuple{AbstractVector,Vararg{Any}}, J::Tuple{Any,Vararg{Any}}) = (@inbounds(idx[1][J[1]]), reindex(tail(idx), tail(J))...)
@inline function reindex(idx::Tuple{AbstractArray{<:Any,N},Vararg{Any}}, J::Tuple) where {N}
    head = ntuple(k -> J[k], Val(N))
    return (@inbounds(idx[1][head...]), reindex(tail(idx), drop_n(J, Val(N)))...)
end

parent(V::SubArray) = V.parent
parentindices(V::SubArray) = V.indices
parentindices(A::AbstractArray) = axes(A)
size(V::SubArray) = map(length, axes(V))
axes(V::SubArray) = view_axes(V.indices...)
view_axes() = ()
@inline view_axes(i::Real, rest...) = view_axes(rest...)
@inline view_axes(i::AbstractArray, rest...) = (map(a -> OneTo(length(a)), axes(i))..., view_axes(rest...)...)
IndexStyle(::Type{<:SubArray{<:Any,<:Any,<:Any,<:Any,true}}) = IndexLinear()
IndexStyle(::Type{<:SubArray{<:Any,<:Any,<:Any,<:Any,false}}) = IndexCartesian()
elsize(::Type{<:SubArray{T,N,P}}) where {T,N,P} = elsize(P)

@inline function getindex(V::SubArray{T,N,P,I,true}, i::Int) where {T,N,P,I}
    @boundscheck checkbounds(V, i)
    return @inbounds V.parent[V.offset1+V.stride1*i]
end
@inline function setindex!(V::SubArray{T,N,P,I,true}, x, i::Int) where {T,N,P,I}
    @boundscheck checkbounds(V, i)
    @inbounds V.parent[V.offset1+V.stride1*i] = x
    return V
end
@inline function getindex(V::SubArray{T,N,P,J,false}, I::Vararg{Int,N}) where {T,N,P,J}
    @boundscheck checkbounds(V, I...)
    return @inbounds V.parent[reindex(V.indices, I)...]
end
@inline function setindex!(V::SubArray{T,N,P,J,false}, x, I::Vararg{Int,N}) where {T,N,P,J}
    @boundscheck checkbounds(V, I...)
    @inbounds V.parent[reindex(V.indices, I)...] = x
    return V
end
@inline getindex(V::SubArray{T,0,P,J,true}) where {T,P,J} = @inbounds V.parent[V.offset1+V.stride1]
@inline setindex!(V::SubArray{T,0,P,J,true}, x) where {T,P,J} = (@inbounds V.parent[V.offset1+V.stride1] = x; V)
strides(V::SubArray) = view_strides(strides(V.parent), V.indices)
view_strides(::Tuple{}, ::Tuple{}) = ()
view_strides(s::Tuple, I::Tuple{Real,Vararg{Any}}) = view_strides(tail(s), tail(I))
view_strides(s::Tuple, I::Tuple{Slice,Vararg{Any}}) = (s[1], view_strides(tail(s), tail(I))...)
view_strides(s::Tuple, I::Tuple{AbstractRange,Vararg{Any}}) = (s[1] * step(I[1]), view_strides(tail(s), tail(I))...)
pointer(V::SubArray) = pointer(V.parent) + (_sub2ind_free(axes(V.parent), map(first_index, V.indices)) - 1) * elsize(V.parent)
resize!(V::SubArray, n::Integer) = throw(MethodError(resize!, (V, n)))

maybeview(A, args...) = getindex(A, args...)
maybeview(A::AbstractArray, args...) = view(A, args...)
maybeview(A::AbstractArray, args::Union{Number,AbstractChar}...) = getindex(A, args...)
dotview(args...) = maybeview(args...)

# `A[... end ...]` → `view(A, ... lastindex ...)`: `end` and `begin` are replaced here, since a call has none.
function replace_ref_ends(ex, A, n, k)
    if ex === :end
        return n == 1 ? :($lastindex($A)) : :($lastindex($A, $k))
    elseif ex === :begin
        return n == 1 ? :($firstindex($A)) : :($firstindex($A, $k))
    elseif ex isa Expr
        ex.head === :quote && return ex
        if ex.head === :ref
            # the inner array's own `end`s are its own; only the array expression itself may use ours
            return Expr(:ref, replace_ref_ends(ex.args[1], A, n, k), ex.args[2:end]...)
        end
        return Expr(ex.head, map(x -> replace_ref_ends(x, A, n, k), ex.args)...)
    end
    return ex
end
uses_ref_ends(ex) = ex === :end || ex === :begin || (ex isa Expr && ex.head !== :quote && any(uses_ref_ends, ex.head === :ref ? ex.args[1:1] : ex.args))
function ref_to_view(ex::Expr, f)
    A = ex.args[1]
    idx = ex.args[2:end]
    if any(uses_ref_ends, idx)
        if A isa Symbol
            return Expr(:call, f, A, [replace_ref_ends(i, A, length(idx), k) for (k, i) in enumerate(idx)]...)
        end
        s = gensym(:array)
        return Expr(:let, Expr(:(=), s, A), Expr(:block, Expr(:call, f, s, [replace_ref_ends(i, s, length(idx), k) for (k, i) in enumerate(idx)]...)))
    end
    return Expr(:call, f, A, idx...)
end
macro view(ex)
    ex isa Expr && ex.head === :ref || throw(ArgumentError("Invalid use of @view macro: argument must be a reference expression A[...]."))
    return esc(ref_to_view(ex, view))
end
function views_everywhere(ex)
    ex isa Expr || return ex
    if ex.head === :(=)
        return Expr(:(=), views_target(ex.args[1]), views_everywhere(ex.args[2]))
    elseif ex.head === :ref
        args = map(views_everywhere, ex.args)
        return ref_to_view(Expr(:ref, args...), maybeview)
    elseif ex.head === :quote || ex.head === :inert
        return ex
    elseif endswith(string(ex.head), "=") && length(ex.args) == 2 && !(ex.head in (:(==), :(<=), :(>=), :(!=)))
        # an update reads and writes the same place: `A[i] += x` keeps its indexing on the left
        return Expr(ex.head, views_target(ex.args[1]), views_everywhere(ex.args[2]))
    end
    return Expr(ex.head, map(views_everywhere, ex.args)...)
end
views_target(ex) = ex isa Expr && ex.head === :ref ? Expr(:ref, map(views_everywhere, ex.args)...) :
                   ex isa Expr && ex.head === :tuple ? Expr(:tuple, map(views_target, ex.args)...) :
                   ex isa Expr && ex.head === :(.) ? Expr(:(.), views_everywhere(ex.args[1]), ex.args[2:end]...) : ex
macro views(ex)
    return esc(views_everywhere(ex))
end
