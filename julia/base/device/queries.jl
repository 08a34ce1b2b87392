# Place of a work-item, barriers and warps.

# ---- place of a work-item -------------------------------------------------------------------------

# Each of these is a query of the machine, from 0, in `Int32`.
@device_function @inline local_id(::Val{d}) where {d} = gpu_local_id(d)
@device_function @inline group_id(::Val{d}) where {d} = gpu_group_id(d)
@device_function @inline group_size(::Val{d}) where {d} = gpu_group_size(d)
@device_function @inline num_groups(::Val{d}) where {d} = gpu_num_groups(d)
@device_function @inline local_index() = (x = gpu_local_id(0) + Int32(1), y = gpu_local_id(1) + Int32(1), z = gpu_local_id(2) + Int32(1))
@device_function @inline group_index() = (x = gpu_group_id(0) + Int32(1), y = gpu_group_id(1) + Int32(1), z = gpu_group_id(2) + Int32(1))
@device_function @inline group_dim() = (x = gpu_group_size(0), y = gpu_group_size(1), z = gpu_group_size(2))
@device_function @inline grid_dim() = (x = gpu_num_groups(0), y = gpu_num_groups(1), z = gpu_num_groups(2))
@device_function @inline global_index() = (x = gpu_group_id(0) * gpu_group_size(0) + gpu_local_id(0) + Int32(1), y = gpu_group_id(1) * gpu_group_size(1) + gpu_local_id(1) + Int32(1),
    z = gpu_group_id(2) * gpu_group_size(2) + gpu_local_id(2) + Int32(1))
@device_function @inline linear_local_id() = gpu_local_id(0) + gpu_group_size(0) * (gpu_local_id(1) + gpu_group_size(1) * gpu_local_id(2))
@device_function @inline lane_id() = gpu_lane_id() + Int32(1)
@device_function @inline warp_size() = gpu_warp_size()

# ---- synchronisation ------------------------------------------------------------------------------

@device_function @inline barrier() = gpu_barrier()
@device_function @inline fence_group() = gpu_fence(:group)
@device_function @inline fence_device() = gpu_fence(:device)
@device_function @inline fence_system() = gpu_fence(:system)

# How many work-items of the group pass with `p` true.
@device_function @inline function barrier_count(p)
    n = gpu_shared(Int32, 1, :barrier_count)
    gpu_barrier()
    linear_local_id() == Int32(0) && pointerset(n, Int32(0), 1, 1)
    gpu_barrier()
    as_predicate(p) && atomic_pointermodify(n, +, Int32(1), :monotonic)
    gpu_barrier()
    return pointerref(n, 1, 1)
end
@device_function @inline barrier_and(p) = barrier_count(p) == gpu_group_size(0) * gpu_group_size(1) * gpu_group_size(2)
@inline barrier_or(p) = barrier_count(p) > Int32(0)
as_predicate(p::Bool) = p
as_predicate(p::Integer) = p != zero(p)

# ---- warps ----------------------------------------------------------------------------------------

const FULL_MASK = 0xffffffff
@device_function @inline ballot(mask, p) = gpu_ballot(mask % UInt32, as_predicate(p))
@inline vote_any(mask, p) = ballot(mask, p) != UInt32(0)
@inline vote_all(mask, p) = ballot(mask, !as_predicate(p)) == UInt32(0)
@inline vote_uni(mask, p) = vote_all(mask, p) | !vote_any(mask, p)
@device_function @inline active_mask() = gpu_ballot(FULL_MASK, true)
@device_function @inline sync_warp(mask = FULL_MASK) = (gpu_ballot(mask % UInt32, true); gpu_fence(:group))
@device_function @inline lane_mask(::Val{:lt}) = (UInt32(1) << gpu_lane_id()) - UInt32(1)
@device_function @inline lane_mask(::Val{:eq}) = UInt32(1) << gpu_lane_id()
@inline lane_mask(::Val{:le}) = lane_mask(Val(:lt)) | lane_mask(Val(:eq))
@inline lane_mask(::Val{:gt}) = ~lane_mask(Val(:le))
@inline lane_mask(::Val{:ge}) = ~lane_mask(Val(:lt))

# Numbers are exchanged whole; structs and tuples field by field.
@inline shuffle(mode::Val, mask, x::Bool, lane, width) = shuffle(mode, mask, UInt8(x), lane, width) != 0x00
@device_function @inline shuffle(::Val{mode}, mask, x::Union{Base.BitInteger,Float16,Float32,Float64,Char}, lane, width) where {mode} =
    gpu_shfl(mode, mask % UInt32, x, lane % Int32, width % Int32)
@inline shuffle(mode::Val, mask, x::Tuple, lane, width) = map(v -> shuffle(mode, mask, v, lane, width), x)
@inline shuffle(mode::Val, mask, x::NamedTuple{n}, lane, width) where {n} = NamedTuple{n}(shuffle(mode, mask, Tuple(x), lane, width))
@device_function @generated function shuffle(::Val{mode}, mask, x::T, lane, width) where {mode,T}
    isbitstype(T) || return :(throw_no_shuffle(T))
    Core.Host.isprimitivetype(T) && return :(gpu_shfl(mode, mask % UInt32, x, lane % Int32, width % Int32))
    fields = Any[:(shuffle(Val(mode), mask, getfield(x, $i), lane, width)) for i in 1:fieldcount(T)]
    return Expr(:new, T, fields...)
end
@noinline throw_no_shuffle(T) = throw(ArgumentError("only plain data can be shuffled"))
