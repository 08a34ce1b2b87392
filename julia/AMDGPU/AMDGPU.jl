# ROCm's spelling of arrays, kernels and device functions.
module AMDGPU

import Base.Device: AbstractGPUArray, DeviceArray, ROCBackend, allowscalar, @allowscalar, dims3, check_dims, host
import Random

export ROCArray, ROCVector, ROCMatrix, ROCDeviceArray, ROCDeviceVector, ROCDeviceMatrix, ROCBackend, roc, @roc, workitemIdx, workgroupIdx, workgroupDim, gridItemDim, gridGroupDim, gridItemIdx,
    sync_workgroup, sync_workgroup_count, sync_workgroup_and, sync_workgroup_or, @ROCStaticLocalArray, @ROCDynamicLocalArray, @rocprint, @rocprintln, @rocprintf, rocconvert, rocfunction, threadIdx, blockIdx,
    blockDim, gridDim, allowscalar, @allowscalar, HIPStream, HIPDevice, wavefrontsize, activelane, activemask, ballot

Base.Device.@gpu_array ROCArray ROCVector ROCMatrix HIPBuffer
Base.Device.@array_functions ROCArray ROCBackend
const ROCVecOrMat{T} = Union{ROCVector{T},ROCMatrix{T}}
const ROCDeviceArray = DeviceArray
const ROCDeviceVector = Base.Device.DeviceVector
const ROCDeviceMatrix = Base.Device.DeviceMatrix
roc(x) = Base.Device.adapt(ROCArray, x)
functional(args...) = true
synchronize(args...; kw...) = nothing
device_synchronize(args...; kw...) = nothing
# Parts of the interface of the driver that scripts touch. There is one device, whose launches are complete when they return.
module HIP
struct HIPDevice
    device_id::Int
end
struct HIPStream
    device::HIPDevice
    priority::Symbol
end
HIPStream(priority::Symbol = :normal) = HIPStream(HIPDevice(1), priority)
device_id(d::HIPDevice) = d.device_id
name(::HIPDevice) = "kernels on this machine"
wavefrontsize(::HIPDevice) = 32
wavefront_size(d::HIPDevice) = wavefrontsize(d)
end
using .HIP: HIPStream, HIPDevice
const stream_in_use = HIPStream()
device(::Any = nothing) = HIPDevice(1)
devices() = [HIPDevice(1)]
device_id(d::HIPDevice = device()) = d.device_id
device!(args...) = nothing
device!(f::Function, d) = f()
stream() = stream_in_use
stream!(s::HIPStream) = nothing
stream!(f::Function, s::HIPStream) = f()
macro sync(args...)
    return esc(args[end])
end
macro elapsed(ex)
    return :(Base.@elapsed $(esc(ex)))
end
macro time(ex)
    return :(Base.@time $(esc(ex)))
end

# ---- in kernels -----------------------------------------------------------------------------------

@inline workitemIdx() = Base.Device.local_index()
@inline workgroupIdx() = Base.Device.group_index()
@inline workgroupDim() = Base.Device.group_dim()
@inline gridGroupDim() = Base.Device.grid_dim()
@inline gridItemIdx() = Base.Device.global_index()
@inline gridItemDim() = (g = Base.Device.grid_dim(); w = Base.Device.group_dim(); (x = g.x * w.x, y = g.y * w.y, z = g.z * w.z))
@inline threadIdx() = Base.Device.local_index()
@inline blockIdx() = Base.Device.group_index()
@inline blockDim() = Base.Device.group_dim()
@inline gridDim() = Base.Device.grid_dim()
@inline sync_workgroup() = Base.Device.barrier()
@inline sync_workgroup_count(p) = Base.Device.barrier_count(p)
@inline sync_workgroup_and(p) = Base.Device.barrier_and(p)
@inline sync_workgroup_or(p) = Base.Device.barrier_or(p)
@inline wavefrontsize() = Base.Device.warp_size() % UInt32
# Local memory starts as zeros unless the program says that it need not.
macro ROCStaticLocalArray(T, dims, zeroinit = true)
    return :(local_memory(Base.Device.shared_array($(esc(T)), Val($(esc(dims))), Val(:site)), Val($(esc(zeroinit)))))
end
macro ROCDynamicLocalArray(T, dims, zeroinit = true, offset = 0)
    return :(local_memory(Base.Device.dynamic_shared_array($(esc(T)), $(esc(dims)), $(esc(offset))), Val($(esc(zeroinit)))))
end
@inline local_memory(a, ::Val{false}) = a
@inline function local_memory(a, ::Val{true})
    w = workgroupDim()
    for i in Int(Base.Device.linear_local_id())+1:Int(w.x * w.y * w.z):length(a)
        @inbounds a[i] = zero(eltype(a))
    end
    sync_workgroup()
    return a
end
# `@rocprintf [:lane | :wave | :group | :grid] format args…`: who prints, all or the first of each.
macro rocprintf(args...)
    at = findfirst(a -> a isa String, args)
    at === nothing && throw(ArgumentError("@rocprintf: the format must be a literal string"))
    who = at == 1 ? :lane : args[1] isa QuoteNode ? args[1].value : args[1]
    who in (:lane, :wave, :group, :grid) || throw(ArgumentError(string("@rocprintf: the first argument is :lane, :wave, :group or :grid, not ", who)))
    printed = Base.Device.printf_call(args[at], args[at+1:end])
    return who === :lane ? Expr(:block, printed, nothing) : :(is_first(Val($(QuoteNode(who)))) && $printed; nothing)
end
@inline is_first(::Val{:wave}) = Base.Device.lane_id() == Int32(1)
@inline is_first(::Val{:group}) = Base.Device.linear_local_id() == Int32(0)
@inline is_first(::Val{:grid}) = is_first(Val(:group)) && all(==(Int32(1)), Tuple(workgroupIdx()))
macro rocprint(args...)
    return Base.Device.print_call(args)
end
macro rocprintln(args...)
    return Base.Device.print_call((args..., "\n"))
end
macro atomic(args...)
    return Base.Device.atomic_macro(args, :new)
end

include("wavefront.jl")

# ---- launching --------------------------------------------------------------------------------------

const HostKernel{F,TT} = Base.Device.HostKernel{:amdgpu,F,TT}
rocconvert(x) = Base.Device.kernel_convert(x)
rocfunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = Base.Device.HostKernel{:amdgpu,F,TT}(f)
# `gridsize` counts work-groups.
(k::HostKernel)(args...; groupsize = 1, gridsize = 1, shmem = 0, stream = nothing) =
    Base.Device.start(k, args, Base.Device.check_group(dims3(groupsize)), check_dims("Grid", dims3(gridsize)), shmem)
launch_configuration(k; kw...) = (gridsize = 128, groupsize = 256)
macro roc(exs...)
    return Base.Device.launch_expression("@roc", exs, rocfunction, (:name, :unsafe_fp_atomics, :always_inline, :wavefrontsize64, :wait, :mark, :device, :queue), (:groupsize, :gridsize, :shmem, :stream))
end

end
