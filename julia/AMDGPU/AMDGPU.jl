# ROCm's spelling of arrays, kernels and device functions.
module AMDGPU

import Base.Device
import Base.Device: AbstractGPUArray, DeviceArray, ROCBackend, allowscalar, @allowscalar, dims3, check_dims, host
import Random

export ROCArray, ROCVector, ROCMatrix, ROCDeviceArray, ROCDeviceVector, ROCDeviceMatrix, ROCBackend, roc, @roc, workitemIdx, workgroupIdx, workgroupDim, gridItemDim, gridGroupDim, gridItemIdx,
    sync_workgroup, sync_workgroup_count, sync_workgroup_and, sync_workgroup_or, @ROCStaticLocalArray, @ROCDynamicLocalArray, @rocprint, @rocprintln, @rocprintf, rocconvert, rocfunction, threadIdx, blockIdx,
    blockDim, gridDim, allowscalar, @allowscalar

Device.@gpu_array ROCArray ROCVector ROCMatrix HIPBuffer
Device.@array_functions ROCArray ROCBackend
const ROCVecOrMat{T} = Union{ROCVector{T},ROCMatrix{T}}
const ROCDeviceArray = DeviceArray
const ROCDeviceVector = Device.DeviceVector
const ROCDeviceMatrix = Device.DeviceMatrix
roc(x) = Device.adapt(ROCArray, x)
functional(args...) = true
synchronize(args...; kw...) = nothing
device_synchronize(args...; kw...) = nothing
device() = 1
devices() = (1,)
device!(args...) = nothing
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

@inline workitemIdx() = Device.local_index()
@inline workgroupIdx() = Device.group_index()
@inline workgroupDim() = Device.group_dim()
@inline gridGroupDim() = Device.grid_dim()
@inline gridItemIdx() = Device.global_index()
@inline gridItemDim() = (g = Device.grid_dim(); w = Device.group_dim(); (x = g.x * w.x, y = g.y * w.y, z = g.z * w.z))
@inline threadIdx() = Device.local_index()
@inline blockIdx() = Device.group_index()
@inline blockDim() = Device.group_dim()
@inline gridDim() = Device.grid_dim()
@inline sync_workgroup() = Device.barrier()
@inline sync_workgroup_count(p) = Device.barrier_count(p)
@inline sync_workgroup_and(p) = Device.barrier_and(p)
@inline sync_workgroup_or(p) = Device.barrier_or(p)
@inline wavefrontsize() = Device.warp_size()
macro ROCStaticLocalArray(T, dims, zeroinit = true)
    return :(Device.shared_array($(esc(T)), Val($(esc(dims))), Val(:site)))
end
macro ROCDynamicLocalArray(T, dims, zeroinit = true, offset = 0)
    return :(Device.dynamic_shared_array($(esc(T)), $(esc(dims)), $(esc(offset))))
end
macro rocprintf(args...)
    fmt = findfirst(a -> a isa String, args)
    fmt === nothing && throw(ArgumentError("@rocprintf: the format must be a literal string"))
    return Device.printf_call(args[fmt], args[fmt+1:end])
end
macro rocprint(args...)
    return Device.print_call(args)
end
macro rocprintln(args...)
    return Device.print_call((args..., "\n"))
end
macro atomic(args...)
    return Device.atomic_macro(args, :new)
end

# ---- launching --------------------------------------------------------------------------------------

const HostKernel{F,TT} = Device.HostKernel{:amdgpu,F,TT}
rocconvert(x) = Device.kernel_convert(x)
rocfunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = Device.HostKernel{:amdgpu,F,TT}(f)
# `gridsize` counts work-groups.
(k::HostKernel)(args...; groupsize = 1, gridsize = 1, shmem = 0, stream = nothing) =
    Device.start(k, args, Device.check_group(dims3(groupsize)), check_dims("Grid", dims3(gridsize)), shmem)
launch_configuration(k; kw...) = (gridsize = 128, groupsize = 256)
macro roc(exs...)
    return Device.launch_expression("@roc", exs, rocfunction, (:name, :unsafe_fp_atomics, :always_inline, :wait, :mark, :device, :queue), (:groupsize, :gridsize, :shmem, :stream))
end

end
