# The lanes of a wavefront; they count from 0.

@inline activelane() = (Base.Device.lane_id() - Int32(1)) % UInt32
@inline ballot(p::Bool) = UInt64(Base.Device.ballot(Base.Device.FULL_MASK, p))
@inline activemask() = ballot(true)
@inline ballot_sync(mask::UInt64, p::Bool) = UInt64(Base.Device.ballot(mask % UInt32, p))
@inline any_sync(mask::UInt64, p::Bool) = ballot_sync(mask, p) != UInt64(0)
@inline all_sync(mask::UInt64, p::Bool) = ballot_sync(mask, !p) == UInt64(0)
@inline wfany(x) = Base.Device.vote_any(Base.Device.FULL_MASK, x)
@inline wfall(x) = Base.Device.vote_all(Base.Device.FULL_MASK, x)
@inline wfsame(x) = Base.Device.vote_uni(Base.Device.FULL_MASK, x)
@inline sync_wavefront() = Base.Device.sync_warp()

@inline shfl(x, lane, width = wavefrontsize()) = Base.Device.shuffle(Val(:idx), Base.Device.FULL_MASK, x, lane, width)
@inline shfl_up(x, delta, width = wavefrontsize()) = Base.Device.shuffle(Val(:up), Base.Device.FULL_MASK, x, delta, width)
@inline shfl_down(x, delta, width = wavefrontsize()) = Base.Device.shuffle(Val(:down), Base.Device.FULL_MASK, x, delta, width)
@inline shfl_xor(x, lanes, width = wavefrontsize()) = Base.Device.shuffle(Val(:xor), Base.Device.FULL_MASK, x, lanes, width)
for f in (:shfl, :shfl_up, :shfl_down, :shfl_xor)
    @eval @inline $(Symbol(f, :_sync))(mask::UInt64, x, lane, width = wavefrontsize()) = $f(x, lane, width)
end
@inline bpermute(address::Integer, x::Int32) = shfl(x, div(address, 4))
@inline readfirstlane(x) = shfl(x, trailing_zeros(activemask()))
@inline wfbcast(x, lane) = shfl(x, lane)

# Over the lanes that are there: all of them, or those up to the own one.
@inline function wfred(op::F, x) where {F}
    rest = activemask()
    result = shfl(x, trailing_zeros(rest))
    rest &= rest - UInt64(1)
    while rest != UInt64(0)
        result = op(result, shfl(x, trailing_zeros(rest)))
        rest &= rest - UInt64(1)
    end
    return result
end
# What `op` leaves alone.
neutral(::Union{typeof(+),typeof(|),typeof(xor)}, ::Type{T}) where {T} = zero(T)
neutral(::typeof(&), ::Type{T}) where {T} = ~zero(T)
neutral(::typeof(max), ::Type{T}) where {T} = typemin(T)
neutral(::typeof(min), ::Type{T}) where {T} = typemax(T)
@inline function wfscan(op::F, x::T, inclusive::Bool) where {F,T}
    rest, own = activemask(), Int(activelane())
    result = neutral(op, T)
    while rest != UInt64(0)
        lane = trailing_zeros(rest)
        other = shfl(x, lane)
        (lane < own || inclusive && lane == own) && (result = op(result, other))
        rest &= rest - UInt64(1)
    end
    return result
end
for (name, op) in ((:add, :+), (:max, :max), (:min, :min), (:and, :&), (:or, :|), (:xor, :xor))
    @eval @inline $(Symbol(:wfred_, name))(x) = wfred($op, x)
    @eval @inline $(Symbol(:wfscan_, name))(x, inclusive::Bool) = wfscan($op, x, inclusive)
end

# Programs name what kernels call by this module, too.
module Device
import ..AMDGPU
import ..AMDGPU: workitemIdx, workgroupIdx, workgroupDim, gridItemIdx, gridItemDim, gridGroupDim, threadIdx, blockIdx, blockDim, gridDim, sync_workgroup, sync_workgroup_count, sync_workgroup_and,
    sync_workgroup_or, wavefrontsize, activelane, activemask, ballot, ballot_sync, any_sync, all_sync, wfany, wfall, wfsame, sync_wavefront, shfl, shfl_up, shfl_down, shfl_xor, shfl_sync, shfl_up_sync,
    shfl_down_sync, shfl_xor_sync, bpermute, readfirstlane, wfbcast, wfred, wfscan, wfred_add, wfred_max, wfred_min, wfred_and, wfred_or, wfred_xor, wfscan_add, wfscan_max, wfscan_min, wfscan_and,
    wfscan_or, wfscan_xor, ROCDeviceArray, ROCDeviceVector, ROCDeviceMatrix, @ROCStaticLocalArray, @ROCDynamicLocalArray, @rocprintf, @rocprint, @rocprintln
end
