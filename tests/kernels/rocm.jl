# What kernels in ROCm's spelling have beyond index queries: the lanes of a wavefront, zeroed local memory, output by scope.
using AMDGPU, Test
using AMDGPU.Device: workitemIdx, activelane, shfl, wfred, wfscan

captured(f) = (io = IOBuffer(); redirect_stdout(f, io); String(take!(io)))

@testset "lanes count from 0" begin
    function rotated!(x, width)
        i = activelane()
        x[i+0x1] = shfl(Int16(i), i + 0x1, width)
        return
    end
    width = UInt32(AMDGPU.HIP.wavefrontsize(AMDGPU.device()))
    x = ROCArray{Int16}(undef, width)
    @roc groupsize = width rotated!(x, width)
    @test Array(x) == [i % width for i in 1:width]
end
@testset "reductions and scans over the lanes that are there" begin
    function reduced!(s, e, m, x)
        i = workitemIdx().x
        s[i] = wfscan(+, x[i], true)
        e[i] = wfscan(+, x[i], false)
        m[i] = wfred(max, x[i])
        AMDGPU.Device.wfsame(x[i] < 100) && AMDGPU.Device.wfany(x[i] == 7) && AMDGPU.Device.wfall(x[i] > 0) || (m[i] = -1)
        return
    end
    for n in (32, 5)
        x = [mod(7i, 31) + 1 for i in 1:n]
        s, e, m = ROCArray(zeros(Int, n)), ROCArray(zeros(Int, n)), ROCArray(zeros(Int, n))
        7 in x || (x[2] = 7)
        @roc groupsize = n reduced!(s, e, m, ROCArray(x))
        @test Array(s) == cumsum(x) && Array(e) == cumsum(x) .- x && all(==(maximum(x)), Array(m))
    end
end
@testset "local memory starts as zeros" begin
    function touched!(out, keep)
        a = @ROCDynamicLocalArray(Int, 16)
        b = @ROCStaticLocalArray(Int, 16)
        i = workitemIdx().x
        out[i] = a[i] + b[17-i]
        sync_workgroup()
        a[i] = b[i] = keep
        return
    end
    out = ROCArray(zeros(Int, 16))
    for keep in (5, 6)
        @roc groupsize = 16 shmem = 128 touched!(out, keep)
        @test all(iszero, Array(out))
    end
end
@testset "@rocprintf by scope" begin
    lane() = @rocprintf "[%d]" workitemIdx().x
    wave() = @rocprintf :wave "[%d]" workitemIdx().x
    group() = @rocprintf :group "[%d]" workitemIdx().x
    grid() = @rocprintf :grid "[%d]" workitemIdx().x
    @test captured(() -> @roc groupsize = 3 lane()) == "[1][2][3]"
    @test captured(() -> @roc groupsize = 64 wave()) == "[1][33]"
    @test captured(() -> @roc groupsize = 64 gridsize = 2 group()) == "[1][1]"
    @test captured(() -> @roc groupsize = 64 gridsize = 2 grid()) == "[1]"
end
