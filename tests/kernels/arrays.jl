# Arrays in kernels: indices of every type, views, shapes, bits seen as other types, bounds.
using CUDA, KernelAbstractions, Test

run1(f, out, args...) = (@cuda(threads = length(out), f(out, args...)); Array(out))

@testset "stores convert, any integer indexes, arrays iterate" begin
    converted!(out, x) = (i = threadIdx().x; out[i] = Float64(x[i]) + 0.5; return)
    @test run1(converted!, CUDA.zeros(Float32, 3), CuArray([1, 2, 3])) == Float32[1.5, 2.5, 3.5]
    typed!(out, x) = (i = threadIdx().x; out[i] = x[UInt8(i)] + x[UInt64(1)] + x[Int16(i), Int32(1)]; return)
    @test run1(typed!, CUDA.zeros(Int, 2), CuArray([1, 2])) == [3, 5]
    summed!(out, x) = (s = 0; for v in x; s += v; end; for (i, v) in enumerate(x); s += i * v; end; out[1] = s; return)
    @test run1(summed!, CUDA.zeros(Int, 1), CuArray([3, 1, 2])) == [17]
    ends!(out, x) = (out[1] = x[end] * 100 + x[begin] * 10 + x[end-1, end]; return)
    @test run1(ends!, CUDA.zeros(Int, 1), CuArray([1 2; 3 4])) == [412]
    mixed!(out, x) = (I = CartesianIndex(2, 1); out[1] = x[I, 2] + x[CartesianIndex(1), CartesianIndex(2, 1)] * 10; return)
    @test run1(mixed!, CUDA.zeros(Int, 1), CuArray(reshape(1:8, 2, 2, 2))) == [36]
    zero_d!(out, x) = (out[] = x[] + 1; return)
    @test run1(zero_d!, CUDA.zeros(Int, 1), CuArray(fill(4))) == [5]
    queries!(out, x) = (out[1] = ndims(x) + 10 * size(x, 2) + 100 * length(axes(x, 1)) + 1000 * strides(x)[2] + 10000 * sizeof(x); return)
    @test run1(queries!, CUDA.zeros(Int, 1), CUDA.zeros(Int16, 3, 4)) == [243342]
end

@testset "views and shapes made in the kernel" begin
    inside!(x) = (i = threadIdx().x; v = view(x, 2:length(x)-1); i <= length(v) && (v[i] = -i); return)
    a = CuArray(collect(1:6))
    @cuda threads = 6 inside!(a)
    @test Array(a) == [1, -1, -2, -3, -4, 6]
    column!(out, x) = (i = threadIdx().x; c = @view x[:, i]; out[i] = sum(c) + maximum(c) * c[end]; return)
    @test run1(column!, CUDA.zeros(Int, 3), CuArray([1 2 3; 6 5 4])) == [43, 32, 23]
    strided!(out, x) = (v = @view x[1:2:end, 2]; w = @view v[end:-1:1]; out[threadIdx().x] = w[threadIdx().x]; return)
    @test run1(strided!, CUDA.zeros(Int, 2), CuArray([1 2; 3 4; 5 6])) == [6, 2]
    shaped!(x) = ((i, j) = (threadIdx().x, threadIdx().y); m = reshape(x, 2, :); m[i, j] = 10i + j; return)
    a = CUDA.zeros(Int, 6)
    @cuda threads = (2, 3) shaped!(a)
    @test Array(a) == [11, 21, 12, 22, 13, 23]
    part!(out, x, n) = (i = threadIdx().x; m = reshape(@view(x[2:n*n+1]), (n, n)); out[i] = m[i, 2]; return)
    @test run1(part!, CUDA.zeros(Int, 2), CuArray(collect(1:9)), 2) == [4, 5]
    flipped!(out, x) = (i = threadIdx().x; out[i] = x'[1, i] + transpose(x)[2, i]; return)
    @test run1(flipped!, CUDA.zeros(Int, 2), CuArray([1 2; 3 4])) == [3, 7]
    # views made on the host arrive as views
    @test run1((o, v) -> (o[threadIdx().x] = v[threadIdx().x, 2]; return), CUDA.zeros(Int, 2), view(CuArray([1 2 3; 4 5 6; 7 8 9]), [3, 1], 2:3)) == [9, 3]
end

@testset "bits seen as other types, in global and in shared memory" begin
    function same!(y)
        a = CuDynamicSharedArray(Float32, blockDim().x)
        b = reinterpret(UInt32, a)
        i = threadIdx().x
        a[i] = i
        b[i] += 0x1
        y[i] = a[i]
        return
    end
    y = CUDA.zeros(Float32, 4)
    @cuda threads = 4 shmem = 16 same!(y)
    @test Array(y) == nextfloat.(Float32.(1:4))
    function smaller!(y)
        a = CuStaticSharedArray(UInt128, 4)
        b = reinterpret(Complex{Int64}, a)
        c = reinterpret(UInt32, a)
        i = threadIdx().x
        b[i] = i - i * im
        c[4i] ⊻= 0x1
        y[i] = a[i]
        return
    end
    y = CUDA.zeros(UInt128, 4)
    @cuda threads = 4 smaller!(y)
    @test Array(y) == [(UInt128((-i) % UInt64) << 64 | i) ⊻ (UInt128(1) << 96) for i in 1:4]
    pairs!(out, x) = (i = threadIdx().x; p = reinterpret(Tuple{Int32,Float32}, x); out[i] = p[i][1] + p[i][2]; return)
    bits = reinterpret(Int64, [(Int32(3), 0.5f0), (Int32(-1), 2.0f0)])
    @test run1(pairs!, CUDA.zeros(Float32, 2), CuArray(collect(bits))) == [3.5, 1.0]
    @test run1((o, x) -> (o[1] = reinterpret(UInt32, x[1]); return), CUDA.zeros(UInt32, 1), CUDA.ones(Float32, 1)) == [0x3f800000]
end

@testset "what is out of bounds reaches the host, whatever the rank" begin
    beyond!(x, I...) = (x[I...] = 1; return)
    for (shape, I) in (((3,), (4,)), ((2, 2), (3, 1)), ((2, 2), (1, 3)), ((2, 2, 2), (1, 1, 0)), ((2, 2), (5,)))
        @test_throws BoundsError @cuda beyond!(CUDA.zeros(Int, shape), I...)
    end
    @cuda beyond!(CUDA.zeros(Int, 2, 2), 4)
    @test_throws BoundsError @cuda ((x) -> (view(x, 2:3)[3] = 1; return))(CUDA.zeros(Int, 3))
    @test_throws BoundsError @cuda ((x) -> (view(x, 2:4); return))(CUDA.zeros(Int, 3))
    @test_throws DimensionMismatch @cuda ((x) -> (reshape(x, 2, 2)[1] = 1; return))(CUDA.zeros(Int, 3))
end

@testset "loads through the read-only cache, and arrays that are only read" begin
    loaded!(out, x) = (i = threadIdx().x; out[i] = CUDA.ldg(x, i) + unsafe_cached_load(pointer(x), i); return)
    @test run1(loaded!, CUDA.zeros(Int, 3), CuArray([1, 2, 3])) == [2, 4, 6]
    constant!(out, x) = (c = CUDA.Const(x); i = threadIdx().x; out[i] = c[i] + c[end]; return)
    @test run1(constant!, CUDA.zeros(Int, 3), CuArray([1, 2, 3])) == [4, 5, 6]
    @kernel function read!(out, @Const(x::AbstractMatrix{T})) where {T}
        i, j = @index(Global, NTuple)
        out[j, i] = x[i, j] + T(1)
    end
    out = zeros(2, 3)
    read!(CPU(), (2, 2))(out, [1.0 2; 3 4; 5 6]; ndrange = (3, 2))
    @test out == [2 4 6; 3 5 7]
end

@testset "small arrays of a work-item" begin
    @kernel function sorted!(out, x)
        i = @index(Global)
        p = @private Int (3,)
        for k in 1:3
            p[k] = x[k, i]
        end
        for a in 1:2, b in 1:3-a
            p[b] > p[b+1] && ((p[b], p[b+1]) = (p[b+1], p[b]))
        end
        for k in 1:3
            out[k, i] = p[k]
        end
    end
    x = [3 1; 1 2; 2 0]
    out = zero(x)
    sorted!(CPU())(out, x; ndrange = 2)
    @test out == [1 0; 2 1; 3 2]
    broadcasted!(out) = (t = (1, 2, 3) .* 2 .+ 1; out[threadIdx().x] = t[threadIdx().x]; return)
    @test run1(broadcasted!, CUDA.zeros(Int, 3)) == [3, 5, 7]
    @test run1((o, x) -> (@view(o[1:2]) .= 2 .* @view(x[2:3]) .+ 1; return), CUDA.zeros(Int, 3), CuArray([1, 2, 3]))[1:2] == [5, 7]
end
