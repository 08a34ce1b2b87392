# oneAPI's spelling of arrays, kernels and device functions.
module oneAPI

import Base.Device
import Base.Device: AbstractGPUArray, DeviceArray, oneAPIBackend, allowscalar, @allowscalar, dims3, check_dims
import Random

export oneArray, oneVector, oneMatrix, oneVecOrMat, oneDeviceArray, oneDeviceVector, oneDeviceMatrix, oneAPIBackend, @oneapi, zefunction, kernel_convert, get_global_id, get_local_id, get_group_id, get_global_size, get_local_size,
    get_num_groups, get_work_dim, get_global_offset, get_global_linear_id, get_local_linear_id, get_sub_group_size, get_sub_group_local_id, get_sub_group_id, get_num_sub_groups, barrier, work_group_barrier, sub_group_barrier,
    mem_fence, read_mem_fence, write_mem_fence, oneLocalArray, allowscalar, @allowscalar, CLK_LOCAL_MEM_FENCE, CLK_GLOBAL_MEM_FENCE, LOCAL_MEM_FENCE, GLOBAL_MEM_FENCE, @print, @println, device, device!, devices

Device.@gpu_array oneArray oneVector oneMatrix DeviceBuffer
Device.@array_functions oneArray oneAPIBackend
const oneVecOrMat{T} = Union{oneVector{T},oneMatrix{T}}
const oneDeviceArray = DeviceArray
const oneDeviceVector = Device.DeviceVector
const oneDeviceMatrix = Device.DeviceMatrix
functional(args...) = true
synchronize(args...) = nothing
device(args...) = 1
devices(args...) = (1,)
device!(args...) = nothing
Device.@opencl_words oneLocalArray
macro sync(args...)
    return esc(args[end])
end

const HostKernel{F,TT} = Device.HostKernel{:oneapi,F,TT}
kernel_convert(x) = Device.kernel_convert(x)
zefunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = Device.HostKernel{:oneapi,F,TT}(f)
# `items` per group, `groups` in the grid.
(k::HostKernel)(args...; items = 1, groups = 1, queue = nothing) =
    Device.start(k, args, Device.check_group(dims3(items)), check_dims("Grid", dims3(groups)))
launch_configuration(k::HostKernel) = 256
macro oneapi(exs...)
    return Device.launch_expression("@oneapi", exs, zefunction, (:name, :extensions, :always_inline, :backend, :sub_group_size), (:items, :groups, :queue))
end

end
