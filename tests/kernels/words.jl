# The words of every back-end mean the same: one kernel each that reverses groups through shared memory.
using AMDGPU, Metal, oneAPI, OpenCL, CUDA, KernelAbstractions, Test
import KernelAbstractions.KernelIntrinsics as KI

const input = collect(Float32, 1:24)
const turned = vcat(reverse(input[1:8]), reverse(input[9:16]), reverse(input[17:24]))

function cuda!(o, x)
    t = CUDA.threadIdx().x
    i = (CUDA.blockIdx().x - 1) * CUDA.blockDim().x + t
    s = @cuStaticSharedMem(Float32, 8)
    s[t] = x[i]
    sync_threads()
    o[i] = s[9-t]
    return
end
function roc!(o, x)
    t = AMDGPU.workitemIdx().x
    i = (AMDGPU.workgroupIdx().x - 1) * AMDGPU.workgroupDim().x + t
    s = @ROCStaticLocalArray(Float32, 8)
    s[t] = x[i]
    sync_workgroup()
    o[i] = s[9-t]
    return
end
function metal!(o, x)
    t, i = thread_position_in_threadgroup().x, thread_position_in_grid().x
    s = MtlThreadGroupArray(Float32, (8,))
    s[t] = x[i]
    threadgroup_barrier(Metal.MemoryFlagThreadGroup)
    o[i] = s[threads_per_threadgroup().x+1-t]
    return
end
function level_zero!(o, x)
    t, i = oneAPI.get_local_id(), oneAPI.get_global_id()
    s = oneLocalArray(Float32, 8)
    s[t] = x[i]
    oneAPI.barrier()
    o[i] = s[oneAPI.get_local_size()+1-t]
    return
end
function opencl!(o, x)
    t, i = OpenCL.get_local_id(1), OpenCL.get_global_id(1)
    s = CLLocalArray(Float32, (8,))
    s[t] = x[i]
    OpenCL.work_group_barrier(OpenCL.LOCAL_MEM_FENCE)
    o[i] = s[OpenCL.get_local_size(1)+1-t]
    return
end
function intrinsics!(o, x)
    t, i = KI.get_local_id().x, KI.get_global_id().x
    s = KI.localmemory(Float32, 8)
    s[t] = x[i]
    KI.barrier()
    o[i] = s[KI.get_local_size().x+1-t]
    return
end
@kernel function portable!(o, @Const(x))
    i = @index(Global)
    t = @index(Local)
    s = @localmem Float32 (8,)
    s[t] = x[i]
    @synchronize
    o[i] = s[@groupsize()[1]+1-t]
end

@testset "reversal of groups" begin
    o = CUDA.zeros(24)
    @cuda threads = 8 blocks = 3 cuda!(o, CuArray(input))
    @test Array(o) == turned
    o = AMDGPU.zeros(24)
    @roc groupsize = 8 gridsize = 3 roc!(o, ROCArray(input))
    @test Array(o) == turned
    o = Metal.zeros(24)
    @metal threads = 8 groups = 3 metal!(o, MtlArray(input))
    @test Array(o) == turned
    o = oneAPI.zeros(24)
    @oneapi items = 8 groups = 3 level_zero!(o, oneArray(input))
    @test Array(o) == turned
    o = OpenCL.zeros(24)
    @opencl global_size = 24 local_size = 8 opencl!(o, CLArray(input))
    @test Array(o) == turned
    for backend in (CPU(), POCLBackend(), CUDABackend(), ROCBackend(), MetalBackend(), oneAPIBackend(), OpenCLBackend())
        o, x = KernelAbstractions.zeros(backend, Float32, 24), allocate(backend, Float32, 24)
        copyto!(x, input)
        portable!(backend, 8)(o, x; ndrange = 24)
        @test Array(o) == turned && get_backend(o) == backend
        fill!(o, 0)
        KI.@kernel backend numworkgroups = 3 workgroupsize = 8 intrinsics!(o, x)
        @test Array(o) == turned
    end
end

@testset "kernels are compiled once and launched later, with other sizes" begin
    o = CUDA.zeros(24)
    k = @cuda launch = false cuda!(o, CuArray(input))
    @test Array(o) == zeros(24)
    k(o, CuArray(input); threads = 8, blocks = 2)
    @test Array(o) == [turned[1:16]; zeros(8)]
    later = KI.@kernel CPU() launch = false intrinsics!(zeros(Float32, 8), input)
    o = zeros(Float32, 8)
    later(o, input; workgroupsize = 8)
    @test o == turned[1:8]
    @test_throws ArgumentError KI.@kernel CPU() workgroupsize = (1, 1, 1, 1) intrinsics!(o, input)
    @test_throws ArgumentError @cuda threads = 2000 cuda!(o, input)
end

@testset "lanes of a warp under the other names" begin
    function lanes!(o, x)
        i = thread_position_in_grid_1d()
        o[i] = simd_shuffle_xor(x[i], 1) + simd_shuffle(x[i], 1)
        return
    end
    o = Metal.zeros(8)
    @metal threads = 8 lanes!(o, MtlArray(input[1:8]))
    @test Array(o) == [x + 1 for x in (2, 1, 4, 3, 6, 5, 8, 7)]
end
@testset "dimensions count from 1" begin
    zeroth!(a, d) = (a[1] = oneAPI.get_global_id(d); return)
    a = oneAPI.oneArray([0])
    e = try
        oneAPI.@oneapi zeroth!(a, 0)
    catch e
        e
    end
    @test e isa ArgumentError && occursin("count from 1", e.msg)
    oneAPI.@oneapi zeroth!(a, 3)
    @test Array(a) == [1]
end
