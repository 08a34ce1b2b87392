# Broadcasts whose arguments all have static sizes have a static result.

struct StaticArrayStyle{N} <: Base.AbstractArrayStyle{N} end
StaticArrayStyle{M}(::Val{N}) where {M,N} = StaticArrayStyle{N}()
Base.BroadcastStyle(::Type{<:StaticArray{S,T,N}}) where {S,T,N} = StaticArrayStyle{N}()
# a dynamic array makes the whole dynamic
Base.BroadcastStyle(::StaticArrayStyle{M}, ::Base.DefaultArrayStyle{0}) where {M} = StaticArrayStyle{M}()
Base.BroadcastStyle(::StaticArrayStyle{M}, ::Base.DefaultArrayStyle{N}) where {M,N} = Base.DefaultArrayStyle{max(M, N)}()
Base.BroadcastStyle(::StaticArrayStyle{0}, ::Base.DefaultArrayStyle{N}) where {N} = Base.DefaultArrayStyle{N}()
Base.BroadcastStyle(::StaticArrayStyle{0}, ::Base.DefaultArrayStyle{0}) = StaticArrayStyle{0}()

@inline broadcast_dims(a::StaticArray) = Val(size(a))
@inline broadcast_dims(t::NTuple{N,Any}) where {N} = Val((N,))
@inline broadcast_dims(x) = Val(())
@inline broadcast_dims(bc::Base.Broadcasted) = all_dims(bc.args)
@inline all_dims(::Tuple{}) = Val(())
@inline all_dims(args::Tuple) = join_dims(broadcast_dims(args[1]), all_dims(tail(args)))
@generated function join_dims(::Val{a}, ::Val{b}) where {a,b}
    n = max(length(a), length(b))
    out = Int[]
    for d in 1:n
        x, y = d <= length(a) ? a[d] : 1, d <= length(b) ? b[d] : 1
        x == y || x == 1 || y == 1 || return :(throw_broadcast(a, b))
        push!(out, x == 1 ? y : x)
    end
    return Val(Tuple(out))
end
@noinline throw_broadcast(a, b) = throw(DimensionMismatch(string("arrays could not be broadcast to a common size; got sizes ", a, " and ", b)))

# the array kind of the result: that of the first static argument
@inline leading(bc::Base.Broadcasted) = leading_of(bc.args...)
@inline leading_of(a::StaticArray, rest...) = a
@inline leading_of(b::Base.Broadcasted, rest...) = (x = leading(b); x === nothing ? leading_of(rest...) : x)
@inline leading_of(x, rest...) = leading_of(rest...)
@inline leading_of() = nothing

@inline Base.bc_copy(::StaticArrayStyle, bc::Base.Broadcasted) = static_copy(broadcast_dims(bc), leading(bc), bc)
@inline function static_copy(::Val{dims}, a, bc) where {dims}
    x = ntuple(k -> Base.bc_element(bc, position_of(k, dims)), Val(Base.prod_dims(dims)))
    return similar_type(a, joined_eltype(x), Size(dims...))(x)
end
@inline position_of(k::Int, ::Tuple{}) = ()
@inline position_of(k::Int, dims::Tuple{Int}) = (k,)
@inline position_of(k::Int, dims::Tuple{Int,Int}) = ((k - 1) % dims[1] + 1, div(k - 1, dims[1]) + 1)
@inline position_of(k::Int, dims::Tuple) = ((k - 1) % dims[1] + 1, position_of(div(k - 1, dims[1]) + 1, tail(dims))...)
