# Which items of a row have something to do, and which throw: guards and checks at a kernel's start, groups that run as one.
using KernelAbstractions, CUDA, Test

# Runs a kernel `f(out, n, m)` of KernelAbstractions over `range` in groups of `group`: the items that wrote.
function written(f, range, group, n, m)
    out = zeros(Int, range)
    f(CPU())(out, n, m; ndrange = range, workgroupsize = group)
    return findall(!=(0), out)
end
expected(f, range) = [i for i in CartesianIndices(range) if f(Tuple(i)...)]

@kernel function below!(out, n, m)
    i = @index(Global)
    i < n && (@inbounds out[i] = i)
end
@kernel function within!(out, n, m)
    i = @index(Global)
    if n <= i && !(i > m)
        @inbounds out[i] = i
    end
end
@kernel function one!(out, n, m)
    i = @index(Global)
    i == n || return
    @inbounds out[i] = m
end
@kernel function but_one!(out, n, m)
    i = @index(Global)
    if i != n && i - 2 >= m
        @inbounds out[i] = i
    end
end
@kernel function inner!(out, n, m)
    i, j = @index(Global, NTuple)
    if 1 < i < size(out, 1) && n < j <= m
        @inbounds out[i, j] = i + j
    end
end
@kernel function block!(out, n, m)
    i, j, k = @index(Global, NTuple)
    if i + 1 < n && j >= m && k != 2
        @inbounds out[i, j, k] = 1
    end
end

@testset "guards leave the same items to do" begin
    for range in (1, 64, 100, 1000), group in (1, 64, 256), n in (-3, 0, 1, 5, 65, 1000, typemin(Int), typemax(Int)), m in (-2, 3, 63, typemax(Int))
        lines(v) = map(i -> i isa Integer ? i : i[1], v)
        @test lines(written(below!, range, group, n, m)) == [i for i in 1:range if i < n]
        @test lines(written(within!, range, group, n, m)) == [i for i in 1:range if n <= i <= m]
        m == 0 || @test lines(written(one!, range, group, n, m)) == [i for i in 1:range if i == n]
        @test lines(written(but_one!, range, group, n, m)) == [i for i in 1:range if i != n && i - 2 >= m]
    end
    for range in ((1, 1), (5, 9), (64, 3), (33, 40)), group in ((16, 1), (8, 8), (1, 4), (64, 1)), (n, m) in ((0, 3), (2, 40), (-1, -1), (5, 4))
        @test written(inner!, range, group, n, m) == expected((i, j) -> 1 < i < range[1] && n < j <= m, range)
    end
    for range in ((4, 5, 3), (33, 2, 4)), group in ((32, 1, 1), (4, 4, 2), (1, 1, 4)), (n, m) in ((0, 0), (20, 2))
        @test written(block!, range, group, n, m) == expected((i, j, k) -> i + 1 < n && j >= m && k != 2, range)
    end
end

function strided!(out, n)
    i = (blockIdx().x - Int32(1)) * blockDim().x + threadIdx().x
    stride = gridDim().x * blockDim().x
    while i <= n
        @inbounds out[i] += i
        i += stride
    end
    return
end
function unsigned!(out, n)
    i = UInt32(blockIdx().x - 1) * UInt32(blockDim().x) + UInt32(threadIdx().x - 1)
    i < n && (@inbounds out[i+1] = 1)
    return
end
# Looks at its place in the group, which groups that run as one do not have.
function apart!(out)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    @inbounds out[i] = 1000blockIdx().x + threadIdx().x
    return
end

@testset "places in 32 bits, loops over a grid, places in a group" begin
    for n in (1, 31, 32, 33, 1000), threads in (1, 32, 256), blocks in (1, 3, 40)
        out = CUDA.zeros(Int, 1000)
        @cuda threads = threads blocks = blocks strided!(out, n)
        @test Array(out) == [i <= n ? i : 0 for i in 1:1000]
    end
    for n in (UInt32(0), UInt32(5), UInt32(96), 0xffffffff)
        out = CUDA.zeros(Int, 96)
        @cuda threads = 32 blocks = 3 unsigned!(out, n)
        @test Array(out) == [i <= n for i in 1:96]
    end
    out = CUDA.zeros(Int, 24)
    @cuda threads = 4 blocks = 6 apart!(out)
    @test Array(out) == [1000(cld(i, 4)) + mod1(i, 4) for i in 1:24]
end

# What a kernel throws, and which items have written before.
function thrown(f)
    try
        f()
    catch e
        return e
    end
    return nothing
end
before(out) = something(findfirst(==(0), Array(out)), length(out) + 1) - 1

function copied!(out, a)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    out[i] = a[i] + 1
    return
end
function roots!(out, a)
    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x
    if i <= length(out)
        @inbounds out[i] = 1 + sqrt(a[i])
    end
    return
end
function twice!(out, a)
    i = threadIdx().x
    @inbounds out[i] = 1
    @inbounds out[i] += sqrt(a[i])
    return
end
function checked_late!(out, a, flags)
    i = threadIdx().x
    @inbounds flags[i] || return
    out[i] = a[i]
    return
end

@testset "the first item that throws does, after those before it" begin
    for n in (0, 1, 5, 63, 64, 100), (threads, blocks) in ((128, 1), (32, 4))
        out, a = CUDA.zeros(Float64, 128), CuArray(ones(n))
        e = thrown(() -> @cuda threads = threads blocks = blocks copied!(out, a))
        @test e !== nothing
        blocks == 1 && @test before(out) == n
        short = CUDA.zeros(Float64, n)
        @test thrown(() -> @cuda threads = threads blocks = blocks copied!(short, CuArray(ones(128)))) !== nothing
        blocks == 1 && @test all(==(2.0), Array(short))
    end
    for k in (1, 2, 50, 100)
        a = ones(100)
        a[k] = -1
        out = CUDA.zeros(Float64, 100)
        @test thrown(() -> @cuda threads = 128 roots!(out, CuArray(a))) !== nothing
        @test Array(out)[1:k-1] == fill(2.0, k - 1) && Array(out)[k] == 0
        out = CUDA.zeros(Float64, 100)
        @test thrown(() -> @cuda threads = 100 twice!(out, CuArray(a))) !== nothing
        @test Array(out)[1:k-1] == fill(2.0, k - 1) && Array(out)[k] == 1
    end
    out = CUDA.zeros(Float64, 100)
    @test thrown(() -> @cuda threads = 128 roots!(out, CuArray(ones(100)))) === nothing
    @test Array(out) == fill(2.0, 100)
    # An item that leaves before a check does not fail it.
    flags = CuArray([i < 9 for i in 1:32])
    out = CUDA.zeros(Float64, 32)
    @test thrown(() -> @cuda threads = 32 checked_late!(out, CuArray(ones(8)), flags)) === nothing
    @test Array(out) == [i < 9 ? 1.0 : 0.0 for i in 1:32]
end

@kernel function tiles!(out, @Const(a))
    i, j = @index(Local, NTuple)
    gi, gj = @index(Global, NTuple)
    t = @localmem Float32 (8, 8)
    @inbounds t[i, j] = a[gi, gj]
    @synchronize
    @inbounds out[gi, gj] = t[9-i, j]
end

@testset "groups with barriers, whole and in part" begin
    for n in (8, 16, 24), m in (8, 13, 16, 21), kernel in (tiles!(CPU(), (8, 8)), tiles!(CPU()))
        a = Float32[i + 100j for i in 1:n, j in 1:m]
        out = zeros(Float32, n, m)
        for _ in 1:2
            kernel === tiles!(CPU(), (8, 8)) ? kernel(out, a; ndrange = (n, m)) : kernel(out, a; ndrange = (n, m), workgroupsize = (8, 8))
        end
        @test out == [a[8*div(i - 1, 8)+8-mod(i - 1, 8), j] for i in 1:n, j in 1:m]
    end
end

# What items carry from one barrier to the next, where the old and the new value are both needed somewhere.
@kernel function carried!(out, x, times)
    i = @index(Global)
    l = @index(Local)
    tile = @localmem Int (64,)
    a, b, last = x[i], 2x[i], 0
    for t in 1:times
        tile[l] = a
        @synchronize
        c = a + 3tile[l]
        last = a
        @synchronize
        if t % 3 == 0
            a, b = b, a
        elseif isodd(x[i])
            a, b = c, a + b
        else
            a = c
        end
    end
    out[i] = a + 100b + 10000last
end
function carried(x, times)
    a, b, last = x, 2x, 0
    for t in 1:times
        c, last = 4a, a
        a, b = t % 3 == 0 ? (b, a) : isodd(x) ? (c, a + b) : (c, b)
    end
    return a + 100b + 10000last
end
@kernel function swapped!(out, x, times)
    i = @index(Global)
    a, b, c = x[i], x[i] + 1, x[i] + 2
    for t in 1:times
        @synchronize
        a, b, c = b, c, a
        @synchronize
        a > 10 && (b += t)
    end
    out[i] = a + 100b + 10000c
end
function swapped(x, times)
    a, b, c = x, x + 1, x + 2
    for t in 1:times
        a, b, c = b, c, a
        a > 10 && (b += t)
    end
    return a + 100b + 10000c
end
@kernel function nested!(out, x, times)
    i = @index(Global)
    sum, before = 0, 0
    for s in 1:times
        inner = x[i]
        for t in 1:s
            @synchronize
            inner = 2inner + t
            @synchronize
        end
        before = sum
        sum += inner
        @synchronize
        s == 3 && isodd(before) && (sum += 1)
    end
    out[i] = sum + 1000before
end
function nested(x, times)
    sum, before = 0, 0
    for s in 1:times
        inner = x
        for t in 1:s
            inner = 2inner + t
        end
        before = sum
        sum += inner
        s == 3 && isodd(before) && (sum += 1)
    end
    return sum + 1000before
end
@testset "what items carry through barriers" begin
    x = collect(1:100)
    for (kernel, expected) in ((carried!, carried), (swapped!, swapped), (nested!, nested)), times in 0:7, group in (64, 16)
        out = zeros(Int, 100)
        kernel(CPU(), group)(out, x, times; ndrange = 100)
        @test out == [expected(v, times) for v in x]
    end
end

# The size of the groups is the launch's alone: rows of groups are one row then, too.
@kernel function placed!(out)
    I = @index(Global, Cartesian)
    g, l = @index(Group, NTuple), @index(Local, NTuple)
    @inbounds out[I] = (Tuple(I), g, l, @groupsize())
end
@testset "groups whose size the launch gives" begin
    for (range, group) in (((100,), (32,)), ((7, 9), (4, 2)), ((5, 4, 3), (2, 2, 2)), ((3, 2, 2, 2), (2, 1, 2, 1)))
        N = length(range)
        out = fill((ntuple(_ -> 0, N), ntuple(_ -> 0, N), ntuple(_ -> 0, N), ntuple(_ -> 0, N)), range)
        placed!(CPU())(out; ndrange = range, workgroupsize = group)
        @test all(I -> out[I] == (Tuple(I), map((i, g) -> cld(i, g), Tuple(I), group), map((i, g) -> mod1(i, g), Tuple(I), group), group), CartesianIndices(range))
    end
    sizes(range) = KernelAbstractions.default_groupsize(CPU(), range)
    @test sizes((5000,)) == (1024,) && sizes((10, 10000)) == (10, 102) && sizes((1024, 3, 2)) == (1024, 1, 1) && sizes(()) == ()
end
