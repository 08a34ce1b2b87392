# CUDA's spelling of arrays, kernels and device functions.
module CUDA

import Base.Device
import Base.Device: AbstractGPUArray, GPUStyle, DeviceArray, AS, LLVMPtr, CUDABackend, allowscalar, @allowscalar, local_index, group_index, group_dim, grid_dim,
    host, throw_not_plain, host_copy, dims3, check_dims
import Random

export CuPtr, WMMA, CuArray, CuVector, CuMatrix, CuVecOrMat, CuDeviceArray, CuDeviceVector, CuDeviceMatrix, cu, CUDABackend, @cuda, @cuprint, @cuprintln, @cuprintf, @cushow, @cuassert,
    threadIdx, blockIdx, blockDim, gridDim, warpsize, laneid, sync_threads, sync_threads_count, sync_threads_and, sync_threads_or, sync_warp,
    threadfence, threadfence_block, threadfence_system, shfl_sync, shfl_up_sync, shfl_down_sync, shfl_xor_sync, vote_all_sync, vote_any_sync, vote_uni_sync, vote_ballot_sync,
    active_mask, lanemask, CuStaticSharedArray, CuDynamicSharedArray, @cuStaticSharedMem, @cuDynamicSharedMem, cudaconvert, cufunction, allowscalar, @allowscalar,
    CuContext, CuDevice, CuStream, CuEvent, device, device!, devices, synchronize, capability, attribute, totalmem, name, launch_configuration, i32, ldg, AS, FULL_MASK, CG, clock, nanosleep, nextwarp, prevwarp, vote_all, vote_any, vote_ballot, DenseCuArray, DenseCuVector, DenseCuMatrix, DenseCuVecOrMat, StridedCuArray, StridedCuVector,
    StridedCuMatrix, StridedCuVecOrMat, AnyCuArray, AnyCuVector, AnyCuMatrix, AnyCuVecOrMat, CuIterator, clusterIdx, clusterDim, blockIdxInCluster, gridClusterDim, linearBlockIdxInCluster, linearClusterSize, cluster_arrive, cluster_arrive_relaxed,
    cluster_wait, cluster_sync, CuDistributedSharedArray, trigger_programmatic_launch_completion, grid_dependency_synchronize, unsafe_cached_load, SMVersion, @sm_str, is_device, is_unified, is_host, context, stream, compute_capability

include("array.jl")
include("device.jl")
include("math.jl")
include("overrides.jl")
include("wmma.jl")
include("groups.jl")
include("atomics.jl")
include("launch.jl")

end
