# Cooperative groups, and clusters of blocks.

# Threads that work together: a block, the whole grid, or the lanes of a warp that run together.
module CG

import Base.Device
import Base.Device: lane_mask, FULL_MASK

struct thread_block end
struct grid_group end
struct coalesced_group
    mask::UInt32
end
const thread_group = Union{thread_block,grid_group,coalesced_group}

@inline as_ints(t::NamedTuple) = (x = Int(t.x), y = Int(t.y), z = Int(t.z))
@inline volume(t::NamedTuple) = Int(t.x) * Int(t.y) * Int(t.z)
@inline group_rank() = (i = Device.group_index(); n = Device.grid_dim(); Int(i.x) + Int(n.x) * (Int(i.y) - 1 + Int(n.y) * (Int(i.z) - 1)))

@inline this_thread_block() = thread_block()
@inline thread_rank(::thread_block) = Int(Device.linear_local_id()) + 1
@inline num_threads(::thread_block) = volume(Device.group_dim())
@inline thread_index(::thread_block) = as_ints(Device.local_index())
@inline group_index(::thread_block) = as_ints(Device.group_index())
@inline dim_threads(::thread_block) = as_ints(Device.group_dim())
@inline sync(::thread_block) = Device.barrier()
@inline barrier_arrive(g::thread_block) = nothing
@inline barrier_wait(g::thread_block, token = nothing) = Device.barrier()
@inline is_valid(::thread_block) = true

@noinline throw_grid_sync() = error("synchronisation of a grid of several blocks is not available on this device")
@inline this_grid() = grid_group()
@inline num_blocks(::grid_group) = volume(Device.grid_dim())
@inline block_rank(::grid_group) = group_rank()
@inline block_index(::grid_group) = as_ints(Device.group_index())
@inline dim_blocks(::grid_group) = as_ints(Device.grid_dim())
@inline num_threads(::grid_group) = volume(Device.grid_dim()) * volume(Device.group_dim())
@inline thread_rank(::grid_group) = (group_rank() - 1) * volume(Device.group_dim()) + Int(Device.linear_local_id()) + 1
@inline is_valid(::grid_group) = volume(Device.grid_dim()) == 1
@inline sync(g::grid_group) = is_valid(g) ? Device.barrier() : throw_grid_sync()

# The lanes of this warp that come here together; ranks count them from 1 in the order of lanes.
@inline coalesced_threads() = coalesced_group(Device.active_mask())
@inline num_threads(g::coalesced_group) = count_ones(g.mask)
@inline thread_rank(g::coalesced_group) = count_ones(g.mask & lane_mask(Val(:lt))) + 1
@inline meta_group_size(::coalesced_group) = 1
@inline meta_group_rank(::coalesced_group) = 1
@inline sync(g::coalesced_group) = Device.sync_warp(g.mask)
@inline is_valid(::coalesced_group) = true
# the lane (from 0) of a rank: drops the lowest lanes before it
@inline function lane_of(g::coalesced_group, rank)
    mask = g.mask
    for _ in 2:rank
        mask &= mask - UInt32(1)
    end
    return trailing_zeros(mask)
end
@inline shfl(g::coalesced_group, x, rank) = Device.shuffle(Val(:idx), g.mask, x, lane_of(g, mod1(Int(rank), num_threads(g))), 32)
@inline function shfl_up(g::coalesced_group, x, delta)
    from = thread_rank(g) - Int(delta)
    return shfl(g, x, from < 1 ? thread_rank(g) : from)
end
@inline function shfl_down(g::coalesced_group, x, delta)
    from = thread_rank(g) + Int(delta)
    return shfl(g, x, from > num_threads(g) ? thread_rank(g) : from)
end
@inline any(g::coalesced_group, p) = Device.vote_any(g.mask, p)
@inline all(g::coalesced_group, p) = Device.vote_all(g.mask, p)
@inline ballot(g::coalesced_group, p) = Device.ballot(g.mask, p)

# Copies by all threads of the group together; complete after `wait`.
@inline function memcpy_async(g, to::Device.MemPtr, from::Device.MemPtr, bytes::Integer)
    t, f = reinterpret_bytes(to), reinterpret_bytes(from)
    for i in Int(thread_rank(g)):Int(num_threads(g)):Int(bytes)
        unsafe_store!(t, unsafe_load(f, i), i)
    end
    return nothing
end
@inline reinterpret_bytes(p::Core.LLVMPtr{T,A}) where {T,A} = reinterpret(Core.LLVMPtr{UInt8,A}, p)
@inline reinterpret_bytes(p::Ptr) = reinterpret(Ptr{UInt8}, p)
@inline wait(g) = sync(g)
@inline wait_prior(g, stages) = sync(g)

end

# Clusters have one block here.
@inline clusterIdx() = blockIdx()
@inline clusterDim() = (x = Int32(1), y = Int32(1), z = Int32(1))
@inline blockIdxInCluster() = (x = Int32(1), y = Int32(1), z = Int32(1))
@inline gridClusterDim() = gridDim()
@inline linearBlockIdxInCluster() = Int32(1)
@inline linearClusterSize() = Int32(1)
@inline cluster_arrive() = nothing
@inline cluster_arrive_relaxed() = nothing
@inline cluster_wait() = sync_threads()
@inline cluster_sync() = sync_threads()
@noinline throw_cluster_rank() = error("a cluster has one block on this device")
@inline CuDistributedSharedArray(a::CuDeviceArray, rank::Integer) = rank == 1 ? a : throw_cluster_rank()
# A dependent grid starts when this one has ended.
@inline trigger_programmatic_launch_completion() = nothing
@inline grid_dependency_synchronize() = nothing
