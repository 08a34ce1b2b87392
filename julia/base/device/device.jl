# What kernels see and how they start: device arrays, atomics, shared and private memory, index
# queries, conversion of arguments, launching. The back-end modules (CUDA, KernelAbstractions, …)
# are spellings of this.

module Device

using Core: LLVMPtr
using Core.Intrinsics: gpu_local_id, gpu_group_id, gpu_group_size, gpu_num_groups, gpu_barrier, gpu_fence, gpu_shared, gpu_shared_dynamic,
    gpu_lane_id, gpu_warp_size, gpu_shfl, gpu_ballot, gpu_print, pointerref, pointerset, add_ptr, bitcast,
    atomic_pointerref, atomic_pointerset, atomic_pointerswap, atomic_pointermodify, atomic_pointerreplace
import ..Base
import ..Base: size, length, getindex, setindex!, pointer, elsize, iterate, similar, reshape, reinterpret, view, strides, unsafe_load, unsafe_store!, tail,
    prod_dims, throw_boundserror, checkbounds, axes, @propagate_inbounds, wrap_memory

# Address spaces of pointers.
module AS
const Generic = 0
const Global = 1
const Shared = 3
const Constant = 4
const Private = 5
const Local = 5
end

include("overrides.jl")
include("runtime.jl")
include("pointers.jl")
include("arrays.jl")
include("queries.jl")
include("deferred.jl")
include("ptx.jl")
include("gcn.jl")
include("metal.jl")
include("atomics.jl")
include("printing.jl")
include("random.jl")
include("conversion.jl")
include("unions.jl")
include("launch.jl")
include("host_arrays.jl")
include("modules.jl")

end
