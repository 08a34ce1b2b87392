# What kernels call.

const CuDeviceArray = DeviceArray
const CuDeviceVector = Device.DeviceVector
const CuDeviceMatrix = Device.DeviceMatrix

# `1i32` is an Int32 literal
struct ToInt32 end
const i32 = ToInt32()
Base.:*(x::Number, ::ToInt32) = Int32(x)

# ---- indices: (x, y, z), from 1 -------------------------------------------------------------------

@inline threadIdx() = local_index()
@inline blockIdx() = group_index()
@inline blockDim() = group_dim()
@inline gridDim() = grid_dim()
@inline threadIdx_x() = local_index().x
@inline blockIdx_x() = group_index().x
@inline blockDim_x() = group_dim().x
@inline gridDim_x() = grid_dim().x
@inline warpsize() = Device.warp_size()
@inline laneid() = Device.lane_id()
@inline lanemask(pred) = Device.lane_mask(lane_relation(pred))
lane_relation(::typeof(<)) = Val(:lt)
lane_relation(::typeof(<=)) = Val(:le)
lane_relation(::typeof(==)) = Val(:eq)
lane_relation(::typeof(>)) = Val(:gt)
lane_relation(::typeof(>=)) = Val(:ge)
@inline active_mask() = Device.active_mask()

# ---- synchronisation ------------------------------------------------------------------------------

@inline sync_threads() = Device.barrier()
@inline sync_threads_count(p) = Device.barrier_count(p)
@inline sync_threads_and(p::Bool) = Device.barrier_and(p)
@inline sync_threads_and(p::Integer) = Int32(Device.barrier_and(p))
@inline sync_threads_or(p::Bool) = Device.barrier_or(p)
@inline sync_threads_or(p::Integer) = Int32(Device.barrier_or(p))
@inline sync_warp(mask = Device.FULL_MASK) = Device.sync_warp(mask)
@inline threadfence() = Device.fence_device()
@inline threadfence_block() = Device.fence_group()
@inline threadfence_system() = Device.fence_system()

# ---- warps ------------------------------------------------------------------------------------------

@inline shfl_sync(mask, x, lane, width = Int32(32)) = Device.shuffle(Val(:idx), mask, x, lane - 1, width)
@inline shfl_up_sync(mask, x, delta, width = Int32(32)) = Device.shuffle(Val(:up), mask, x, delta, width)
@inline shfl_down_sync(mask, x, delta, width = Int32(32)) = Device.shuffle(Val(:down), mask, x, delta, width)
@inline shfl_xor_sync(mask, x, lanes, width = Int32(32)) = Device.shuffle(Val(:xor), mask, x, lanes, width)
@inline vote_all_sync(mask, p) = Device.vote_all(mask, p)
@inline vote_any_sync(mask, p) = Device.vote_any(mask, p)
@inline vote_uni_sync(mask, p) = Device.vote_uni(mask, p)
@inline vote_ballot_sync(mask, p) = Device.ballot(mask, p)
const FULL_MASK = Device.FULL_MASK
@inline vote_all(p) = Device.vote_all(Device.FULL_MASK, p)
@inline vote_any(p) = Device.vote_any(Device.FULL_MASK, p)
@inline vote_ballot(p) = Device.ballot(Device.FULL_MASK, p)

# ---- shared memory ----------------------------------------------------------------------------------

@inline CuStaticSharedArray(::Type{T}, dims) where {T} = Device.shared_array(T, Val(dims), Val(:site))
@inline CuStaticSharedArray(::Type{T}, ::Val{dims}) where {T,dims} = Device.shared_array(T, Val(dims), Val(:site))
@inline CuDynamicSharedArray(::Type{T}, dims::Tuple{Vararg{Integer}}, offset::Integer = 0) where {T} = Device.dynamic_shared_array(T, dims, offset)
@inline CuDynamicSharedArray(::Type{T}, n::Integer, offset::Integer = 0) where {T} = Device.dynamic_shared_array(T, n, offset)
macro cuStaticSharedMem(T, dims)
    return :(CuStaticSharedArray($(esc(T)), $(esc(dims))))
end
macro cuDynamicSharedMem(T, dims, offset = 0)
    return :(CuDynamicSharedArray($(esc(T)), $(esc(dims)), $(esc(offset))))
end

# ---- loads through the read-only cache --------------------------------------------------------------

@inline function ldg(a::DeviceArray, i::Integer)
    @boundscheck checkbounds(a, i)
    return unsafe_cached_load(pointer(a), i)
end
const unsafe_cached_load = Device.unsafe_cached_load
const Const = Device.ConstantArray

# ---- output -----------------------------------------------------------------------------------------

macro cuprintf(fmt, args...)
    fmt isa String || throw(ArgumentError("@cuprintf: the format must be a literal string"))
    return Device.printf_call(fmt, args)
end
macro cuprint(parts...)
    return Device.print_call(parts)
end
macro cuprintln(parts...)
    return Device.print_call((parts..., "\n"))
end
macro cushow(exs...)
    blk = Expr(:block)
    for ex in exs
        push!(blk.args, quote
            local value = $(esc(ex))
            Device.print_items(Val($(QuoteNode(Symbol(string(ex, " = "))))), value, Val($(QuoteNode(Symbol("\n")))))
        end)
    end
    isempty(exs) || push!(blk.args, :value)
    return blk
end
macro cuassert(ex, text = nothing)
    message = text === nothing ? string("assertion failed: ", ex) : text
    return :($(esc(ex)) ? nothing : throw(AssertionError($message)))
end

# ---- small functions of the hardware ------------------------------------------------------------------

@inline clock(::Type{T} = UInt64) where {T} = zero(T)
@inline nanosleep(t) = nothing
assume(c::Bool) = nothing
