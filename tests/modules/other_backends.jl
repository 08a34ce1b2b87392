# The same kernel in the words of the other back-ends.
using AMDGPU, Metal, oneAPI, OpenCL, KernelAbstractions, Test
function roc!(o)
    t = workitemIdx().x
    i = (workgroupIdx().x - 1) * workgroupDim().x + t
    s = @ROCStaticLocalArray(Float32, 4)
    s[t] = i
    sync_workgroup()
    o[i] = s[5 - t]
    return
end
o = AMDGPU.zeros(Float32, 8)
@roc groupsize = 4 gridsize = 2 roc!(o)
@test Array(o) == [4, 3, 2, 1, 8, 7, 6, 5]
function metal!(o)
    i, t = thread_position_in_grid_1d(), thread_position_in_threadgroup_1d()
    s = MtlThreadGroupArray(Int32, 4)
    s[t] = i
    threadgroup_barrier(Metal.MemoryFlagThreadGroup)
    o[i] = s[5 - t] + 100 * threads_per_threadgroup_1d() + 1000 * threadgroup_position_in_grid_1d() + 10000 * thread_index_in_simdgroup()
    return
end
o = Metal.zeros(Int32, 8)
@metal threads = 4 groups = 2 metal!(o)
@test Array(o) == [11404, 21403, 31402, 41401, 12408, 22407, 32406, 42405]
function metal2d!(o)
    p = thread_position_in_grid_2d()
    o[p.x, p.y] = p.x + 10p.y
    return
end
o = MtlArray(zeros(Int32, 2, 2))
@metal threads = (2, 2) metal2d!(o)
@test Array(o) == [11 21; 12 22]
function level_zero!(o)
    i, l = oneAPI.get_global_id(), oneAPI.get_local_id(1)
    s = oneLocalArray(Float32, (4,))
    s[l] = i
    oneAPI.barrier()
    o[i] = s[5 - l] + 100 * oneAPI.get_group_id() + 1000 * oneAPI.get_local_size()
    return
end
o = oneArray(zeros(Float32, 8))
@oneapi items = 4 groups = 2 level_zero!(o)
@test Array(o) == [4104, 4103, 4102, 4101, 4208, 4207, 4206, 4205]
function opencl!(o)
    i = OpenCL.get_global_id(1)
    OpenCL.@atomic o[1] += 1
    i > 1 && (o[i] = OpenCL.get_global_size(1))
    return
end
o = CLArray(zeros(Int, 6))
@opencl global_size = 6 local_size = 3 opencl!(o)
@test Array(o) == [6, 6, 6, 6, 6, 6]
@test_throws ArgumentError @opencl global_size = 5 local_size = 3 opencl!(o)
@kernel function scale!(a, v)
    i = @index(Global)
    a[i] = v * i
end
for (backend, A) in ((ROCBackend(), ROCArray), (MetalBackend(), MtlArray), (oneAPIBackend(), oneArray), (OpenCLBackend(), CLArray))
    a = KernelAbstractions.zeros(backend, Float32, 3)
    scale!(backend, 2)(a, 2.0f0; ndrange = 3)
    @test a isa A && Array(a) == [2, 4, 6] && get_backend(a) === backend
end
