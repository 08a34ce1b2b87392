# OpenCL's spelling of arrays, kernels and device functions.
module OpenCL

import Base.Device
import Base.Device: AbstractGPUArray, DeviceArray, AS, OpenCLBackend, allowscalar, @allowscalar, dims3, check_dims
import Random

export CLArray, CLVector, CLMatrix, CLVecOrMat, CLDeviceArray, CLDeviceVector, CLDeviceMatrix, OpenCLBackend, @opencl, clfunction, get_global_id, get_local_id, get_group_id, get_global_size, get_local_size, get_num_groups,
    get_work_dim, get_global_offset, get_global_linear_id, get_local_linear_id, get_sub_group_size, get_sub_group_local_id, get_sub_group_id, get_num_sub_groups, barrier, work_group_barrier, sub_group_barrier, mem_fence,
    read_mem_fence, write_mem_fence, CLLocalArray, allowscalar, @allowscalar, CLK_LOCAL_MEM_FENCE, CLK_GLOBAL_MEM_FENCE, LOCAL_MEM_FENCE, GLOBAL_MEM_FENCE, @print, @println, cl

Device.@gpu_array CLArray CLVector CLMatrix DeviceBuffer
Device.@array_functions CLArray OpenCLBackend
const CLVecOrMat{T} = Union{CLVector{T},CLMatrix{T}}
const CLDeviceArray = DeviceArray
const CLDeviceVector = Device.DeviceVector
const CLDeviceMatrix = Device.DeviceMatrix
functional(args...) = true
synchronize(args...) = nothing
Device.@opencl_words CLLocalArray

# Parts of the interface of the driver that scripts touch.
module cl
finish(args...) = nothing
queue() = nothing
device() = nothing
platforms() = ()
end

const HostKernel{F,TT} = Device.HostKernel{:opencl,F,TT}
clfunction(f::F, ::Type{TT} = Tuple{}; kw...) where {F,TT} = Device.HostKernel{:opencl,F,TT}(f)
# `global_size` counts work-items; it must be a multiple of `local_size`.
function (k::HostKernel)(args...; global_size = 1, local_size = nothing, queue = nothing)
    g = check_dims("Global", dims3(global_size))
    l = Device.check_group(local_size === nothing ? fitting_size(g) : dims3(local_size), "Local")
    all(i -> g[i] % l[i] == 0, 1:3) || throw(ArgumentError(string("the global size ", g, " is no multiple of the local size ", l)))
    return Device.start(k, args, l, map(div, g, l))
end
# the greatest divisor of the first dimension that makes a group
fitting_size(g) = (something(findlast(n -> g[1] % n == 0, 1:min(g[1], 256)), 1), 1, 1)
macro opencl(exs...)
    return Device.launch_expression("@opencl", exs, clfunction, (:name, :extensions, :always_inline, :backend, :sub_group_size), (:global_size, :local_size, :queue))
end

end
