# Updates that no other work-item can come between, on elements of every width.
using CUDA, KernelAbstractions, Test

const kinds = (Int8, UInt8, Int16, UInt16, Int32, UInt32, Int64, UInt64, Float16, Float32, Float64)

@testset "@atomic with any operator on $T" for T in kinds
    function all!(a)
        CUDA.@atomic a[1] += one(eltype(a))
        CUDA.@atomic a[2] -= one(eltype(a))
        CUDA.@atomic a[3] = max(a[3], eltype(a)(threadIdx().x))
        CUDA.@atomic a[4] = min(a[4], eltype(a)(threadIdx().x))
        return
    end
    a = CuArray(T[0, 100, 0, 100])
    @cuda threads = 64 all!(a)
    @test Array(a) == T[64, 36, 64, 1]
    function powers!(a)
        CUDA.@atomic a[1] *= eltype(a)(2)
        return
    end
    a = CuArray(T[1])
    @cuda threads = 6 powers!(a)
    @test Array(a) == T[64]
end

@testset "bits of $T" for T in (Int8, UInt8, Int16, UInt16, Int32, UInt32, Int64, UInt64)
    function bits!(a)
        b = one(eltype(a)) << (threadIdx().x - 1)
        CUDA.@atomic a[1] |= b
        CUDA.@atomic a[2] &= ~b
        CUDA.@atomic a[3] ⊻= b
        return
    end
    a = CuArray(T[0, 127, 5])
    @cuda threads = 4 bits!(a)
    @test Array(a) == T[15, 112, 10]
end

@testset "pointers: the functions give what was there" begin
    function low!(out, p)
        out[1] = CUDA.atomic_add!(p, Int32(5))
        out[2] = CUDA.atomic_xchg!(p, Int32(40))
        out[3] = CUDA.atomic_cas!(p, Int32(40), Int32(41))
        out[4] = CUDA.atomic_cas!(p, Int32(40), Int32(99))
        out[5] = CUDA.atomic_inc!(p, Int32(50))
        out[6] = CUDA.atomic_dec!(p, Int32(50))
        out[7] = CUDA.atomic_max!(p, Int32(7))
        out[8] = CUDA.atomic_xor!(p, Int32(1))
        return
    end
    cell, out = CuArray(Int32[10]), CUDA.zeros(Int32, 8)
    shell!(out, cell) = (low!(out, pointer(cell)); return)
    @cuda shell!(out, cell)
    @test Array(out) == [10, 15, 40, 41, 41, 42, 41, 41] && Array(cell) == [40]
    # narrow elements next to each other
    function narrow!(a)
        i = threadIdx().x
        CUDA.atomic_cas!(pointer(a, i), UInt8(0), UInt8(i))
        CUDA.atomic_cas!(pointer(a, i), UInt8(0), UInt8(200))
        return
    end
    a = CUDA.zeros(UInt8, 9)
    @cuda threads = 9 narrow!(a)
    @test Array(a) == 1:9
end

@testset "an own function goes through compare and swap" begin
    clipped(a::Int32, b::Int32) = min(a + b, Int32(50))
    function clip!(a)
        CUDA.@atomic a[1] = clipped(a[1], Int32(3))
        return
    end
    a = CuArray(Int32[0])
    @cuda threads = 64 clip!(a)
    @test Array(a) == [50]
    @kernel function gather!(a, @Const(x))
        i = @index(Global)
        KernelAbstractions.@atomic a[1] = hypot(a[1], x[i])
        old, new = KernelAbstractions.@atomic a[2] + x[i]
        new == old + x[i] || KernelAbstractions.@atomic a[3] += 1.0
    end
    a = zeros(3)
    gather!(CPU(), 16)(a, fill(3.0, 16); ndrange = 16)
    @test a ≈ [12, 48, 0]
end

@testset "complex elements, two dimensions, shared memory" begin
    @kernel function boxes!(h, @Const(x))
        i, j = @index(Global, NTuple)
        s = @localmem Int32 (2, 2)
        k, l = @index(Local, NTuple)
        s[k, l] = 0
        @synchronize
        KernelAbstractions.@atomic s[1, 2] += Int32(1)
        @synchronize
        KernelAbstractions.@atomic h[x[i, j], 1+isodd(i)] += s[1, 2]
    end
    x = [1 2 3 4; 4 3 2 1; 1 1 1 1; 2 2 3 3]
    h = zeros(Int, 4, 2)
    boxes!(CPU(), (2, 2))(h, x; ndrange = (4, 4))
    @test h == 4 .* [count(==(v), x[r, :]) for v in 1:4, r in (2:2:4, 1:2:3)]
end
