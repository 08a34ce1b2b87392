# Kernels independent of the machine: `@kernel` functions are launched over an index range by a back-end.
module KernelAbstractions

import Base.Device
import Base.Device: Backend, GPU, CPU, CUDABackend, ROCBackend, MetalBackend, oneAPIBackend, OpenCLBackend, get_backend, device_symbol, launch,
    AbstractGPUArray, local_id, group_id, group_size, num_groups, shared_array, private_array, barrier, print_call, atomic_expression

export @kernel, @Const, @localmem, @private, @uniform, @synchronize, @index, @groupsize, @ndrange, @print,
    Backend, GPU, CPU, POCLBackend, synchronize, get_backend, allocate, KernelIntrinsics

include("context.jl")
include("ndrange.jl")
include("launch.jl")
include("macros.jl")
include("backend.jl")
include("intrinsics.jl")

end
