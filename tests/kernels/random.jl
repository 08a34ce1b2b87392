# Random numbers in kernels: streams of their own for all work-items, the same again for the same seed.
using CUDA, KernelAbstractions, Random, Test

function drawn!(a, seed)
    seed === nothing || Random.seed!(seed)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    rand(eltype(a))
    a[i] = rand(eltype(a))
    return
end
draws(T, seed) = (a = CUDA.zeros(T, 256); @cuda(threads = 64, blocks = 4, drawn!(a, seed)); Array(a))

@testset "rand($T)" for T in (Int16, Int32, Int64, Int128, UInt32, UInt64, Float16, Float32, Float64, ComplexF32, ComplexF64)
    a, b = draws(T, 7), draws(T, 7)
    @test a == b && length(unique(a)) > 200
    @test draws(T, 8) != a && draws(T, nothing) != draws(T, nothing)
    T <: AbstractFloat && @test all(x -> 0 <= x < 1, a)
end

@testset "a seed is forgotten when its launch ends" begin
    alike = 0
    for _ in 1:100
        seeded = draws(UInt32, 8)
        a, b = draws(UInt32, nothing), draws(UInt32, nothing)
        alike += any(a .== b) || any(a .== seeded)
    end
    @test alike == 0
end

@testset "other distributions, ranges and the default generator" begin
    function many!(u, n, e, k)
        Random.seed!(42)
        i = threadIdx().x
        su, sn, se = 0.0, 0.0, 0.0
        for _ in 1:200
            su += rand()
            sn += randn()
            se += randexp()
        end
        u[i], n[i], e[i] = su / 200, sn / 200, se / 200
        k[i] = rand(1:6) + 10 * rand(Random.default_rng(), 1:6)
        return
    end
    u, n, e, k = CUDA.zeros(Float64, 64), CUDA.zeros(Float64, 64), CUDA.zeros(Float64, 64), CUDA.zeros(Int, 64)
    @cuda threads = 64 many!(u, n, e, k)
    mean(x) = sum(Array(x)) / 64
    @test abs(mean(u) - 0.5) < 0.02 && abs(mean(n)) < 0.05 && abs(mean(e) - 1) < 0.05
    @test all(x -> 1 <= x % 10 <= 6 && 1 <= x ÷ 10 <= 6, Array(k)) && length(unique(Array(k))) > 15
end

@testset "the host's generator is not touched, and a circle has its area" begin
    @kernel function darts!(hits, n)
        i = @index(Global)
        c = 0
        for _ in 1:n
            c += rand(Float32)^2 + rand(Float32)^2 < 1
        end
        hits[i] = c
    end
    Random.seed!(1)
    first = rand(UInt64)
    Random.seed!(1)
    hits = zeros(Int, 100)
    darts!(CPU(), 25)(hits, 400; ndrange = 100)
    @test rand(UInt64) == first
    @test abs(4 * sum(hits) / 40000 - pi) < 0.08
end
