# What a work-item knows of its launch. Sizes that are static live in the type and fold to constants.

struct StaticSize{S} end
struct DynamicSize end
StaticSize(s::Tuple) = StaticSize{map(Int, s)}()
StaticSize(s::Integer...) = StaticSize{map(Int, s)}()

# `N` dimensions; `Folded`: the machine's grid is linear and positions are computed from one number.
struct Context{N,W,R,Folded}
    groupsize::W
    ndrange::R
end
Context{N,Folded}(groupsize::W, ndrange::R) where {N,Folded,W,R} = Context{N,W,R,Folded}(groupsize, ndrange)

@inline dims_of(::StaticSize{S}) where {S} = S
@inline dims_of(t::Tuple) = t
@inline groupsize(c::Context) = dims_of(c.groupsize)
# What the launch gave is the machine's own group size, by which compilers know a work-item's place in the launch.
@inline groupsize(c::Context{1,<:Tuple,R,false}) where {R} = (Int(group_size(Val(0))),)
@inline groupsize(c::Context{2,<:Tuple,R,false}) where {R} = (Int(group_size(Val(0))), Int(group_size(Val(1))))
@inline groupsize(c::Context{3,<:Tuple,R,false}) where {R} = (Int(group_size(Val(0))), Int(group_size(Val(1))), Int(group_size(Val(2))))
@inline ndrange(c::Context) = dims_of(c.ndrange)
@inline ngroups(c::Context) = map(cld, ndrange(c), groupsize(c))

# Positions from 0, one number per dimension.
@inline local_position(::Context{0}) = ()
@inline local_position(::Context{1}) = (Int(local_id(Val(0))),)
@inline local_position(::Context{2,W,R,false}) where {W,R} = (Int(local_id(Val(0))), Int(local_id(Val(1))))
@inline local_position(::Context{3,W,R,false}) where {W,R} = (Int(local_id(Val(0))), Int(local_id(Val(1))), Int(local_id(Val(2))))
@inline local_position(c::Context) = unfold(Int(local_id(Val(0))), groupsize(c))
@inline group_position(::Context{0}) = ()
@inline group_position(::Context{1}) = (Int(group_id(Val(0))),)
@inline group_position(::Context{2,W,R,false}) where {W,R} = (Int(group_id(Val(0))), Int(group_id(Val(1))))
@inline group_position(::Context{3,W,R,false}) where {W,R} = (Int(group_id(Val(0))), Int(group_id(Val(1))), Int(group_id(Val(2))))
@inline group_position(c::Context) = unfold(Int(group_id(Val(0))), ngroups(c))
@inline unfold(i::Int, dims::Tuple{Any}) = (i,)
@inline function unfold(i::Int, dims::Tuple)
    q = Base.udiv_int(i, dims[1])
    return (i - q * dims[1], unfold(q, Base.tail(dims))...)
end
@inline global_position(c::Context) = map((g, s, l) -> g * s + l, group_position(c), groupsize(c), local_position(c))
@inline fold(::Tuple{}, ::Tuple{}) = 0
@inline fold(p::Tuple{Any}, dims::Tuple{Any}) = p[1]
@inline fold(p::Tuple, dims::Tuple) = p[1] + dims[1] * fold(Base.tail(p), Base.tail(dims))

@inline validindex(c::Context) = all(map(<, global_position(c), ndrange(c)))
@inline index_tuple(p::Tuple) = map(i -> i + 1, p)

@inline index(c::Context, ::Val{:Global}, ::Val{:Linear}) = fold(global_position(c), ndrange(c)) + 1
@inline index(c::Context, ::Val{:Global}, ::Val{:NTuple}) = index_tuple(global_position(c))
@inline index(c::Context, ::Val{:Global}, ::Val{:Cartesian}) = CartesianIndex(index_tuple(global_position(c)))
@inline index(c::Context, ::Val{:Local}, ::Val{:Linear}) = fold(local_position(c), groupsize(c)) + 1
@inline index(c::Context, ::Val{:Local}, ::Val{:NTuple}) = index_tuple(local_position(c))
@inline index(c::Context, ::Val{:Local}, ::Val{:Cartesian}) = CartesianIndex(index_tuple(local_position(c)))
@inline index(c::Context, ::Val{:Group}, ::Val{:Linear}) = fold(group_position(c), ngroups(c)) + 1
@inline index(c::Context, ::Val{:Group}, ::Val{:NTuple}) = index_tuple(group_position(c))
@inline index(c::Context, ::Val{:Group}, ::Val{:Cartesian}) = CartesianIndex(index_tuple(group_position(c)))
