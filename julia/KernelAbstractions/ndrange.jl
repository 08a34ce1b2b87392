# Blocked index ranges as values: what a launch covers, in blocks of work-items.
module NDIteration

import ..KernelAbstractions: StaticSize, DynamicSize, dims_of

export StaticSize, DynamicSize, get, NDRange, blocks, workitems, expand, DynamicCheck, NoDynamicCheck

# Do work-items have to ask whether they are in the range?
struct DynamicCheck end
struct NoDynamicCheck end

get(::Type{StaticSize{S}}) where {S} = S
get(::StaticSize{S}) where {S} = S
Base.getindex(::StaticSize{S}, i::Int) where {S} = i <= length(S) ? S[i] : 1
Base.ndims(::StaticSize{S}) where {S} = length(S)
Base.length(::StaticSize{S}) where {S} = prod(S)

# `N` dimensions; `B` and `W`: `StaticSize` or `DynamicSize` of the blocks and of the work-items in each.
struct NDRange{N,B,W,DB,DW}
    blocks::DB
    workitems::DW
    NDRange{N,B,W}() where {N,B,W} = new{N,B,W,Nothing,Nothing}(nothing, nothing)
    NDRange{N,B,W}(blocks, workitems) where {N,B,W} = new{N,B,W,typeof(blocks),typeof(workitems)}(blocks, workitems)
end
@inline part(::Type{StaticSize{S}}, given) where {S} = CartesianIndices(S)
@inline part(::Type{DynamicSize}, given) = given
@inline blocks(r::NDRange{N,B}) where {N,B} = part(B, r.blocks)
@inline workitems(r::NDRange{N,B,W}) where {N,B,W} = part(W, r.workitems)
Base.ndims(::NDRange{N}) where {N} = N
Base.length(r::NDRange) = length(blocks(r))
Base.iterate(r::NDRange, state...) = iterate(blocks(r), state...)

# The index of work-item `item` of block `block`; both by number or by position.
@inline expand(r::NDRange, block, item) = expand_at(position(blocks(r), block), position(workitems(r), item), size(workitems(r)))
@inline position(all, i::CartesianIndex) = i
@inline position(all, i::Integer) = all[i]
@inline expand_at(block, item, sizes) = CartesianIndex(map((b, i, s) -> (b - 1) * s + i, Tuple(block), Tuple(item), sizes))

end
