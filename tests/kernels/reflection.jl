# The code of the kernels that an expression compiles.
using CUDA, Test

function twice!(y)
    i = threadIdx().x
    @inbounds y[i] *= 2f0
    return nothing
end

@testset "code of what a block compiles" begin
    y = CUDA.ones(Float32, 4)
    code = IOBuffer()
    @device_code_ptx io = code @cuda threads = 4 twice!(y)
    ptx = String(take!(code))
    @test occursin(".visible .entry twice", ptx)
    @test occursin("%tid.x", ptx)
    @device_code_llvm io = code @cuda threads = 4 twice!(y)
    @test occursin("ptx_kernel void @twice", String(take!(code)))
    @device_code_typed io = code @cuda threads = 4 twice!(y)
    @test occursin("mul_float", String(take!(code)))
    @device_code_lowered io = code @cuda threads = 4 twice!(y)
    @test occursin("threadIdx", String(take!(code)))
    # The kernel ran each time, also when it was compiled before.
    @test Array(y) == fill(16f0, 4)
    @test_throws ErrorException @device_code_warntype 1 + 1
end
