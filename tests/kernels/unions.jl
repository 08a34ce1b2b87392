# Arrays of `Union{Missing,Int}` and the like in kernels.
using KernelAbstractions, CUDA, Test

@kernel function double!(r, a)
    i = @index(Global)
    r[i] = a[i] * 2
end
@kernel function blank!(a, n)
    i = @index(Global)
    i % n == 0 ? (a[i] = missing) : (a[i] = 10i)
end

@testset "elements of two types" begin
    a = Union{Missing,Int}[1, missing, 3]
    r = Vector{Union{Missing,Int}}(undef, 3)
    double!(CPU(), 2)(r, a, ndrange = 3)
    @test isequal(r, [2, missing, 6]) && isequal(a, [1, missing, 3])
    blank!(CPU())(a, 3, ndrange = 3)
    @test isequal(a, [10, 20, missing]) && eltype(a) == Union{Missing,Int}
end
@testset "elements of three types, without and with data" begin
    @kernel function kinds!(o, u)
        i = @index(Global)
        x = u[i]
        o[i] = x isa Int8 ? 8 : x isa Float64 ? 64 : x === nothing ? 0 : -1
    end
    u, o = Union{Int8,Float64,Nothing}[Int8(1), 2.5, nothing, 4.0], zeros(Int, 4)
    kinds!(CPU())(o, u, ndrange = 4)
    @test o == [8, 64, 0, 64]
end
@testset "the same memory twice, and windows of it" begin
    a = Union{Nothing,Float32}[1, nothing, 3, nothing]
    @kernel function moved!(a, v)
        i = @index(Global)
        v[i] = a[1]
        i == 2 && (a[4] = 9)
    end
    moved!(CPU(), 1)(a, view(a, 2:3), ndrange = 2)
    @test a == [1, 1, 1, 9]
    m = reshape(a, 2, 2)
    @kernel cleared!(m, a) = (i = @index(Global); m[i, 1] = nothing; a[3] = i == 1 ? 5 : a[3])
    cleared!(CPU(), 1)(m, a, ndrange = 2)
    @test a == [nothing, nothing, 5, 9]
end
@testset "in CUDA's spelling, inside a tuple" begin
    function swapped!(t, d)
        i = threadIdx().x
        d[i] = d[i] === missing ? t[1][i] : missing
        return
    end
    d = CuArray(Union{Missing,Int}[1, missing, 3])
    @cuda threads = 3 swapped!((CuArray([7, 8, 9]),), d)
    @test isequal(Array(d), [missing, 8, missing])
    @test isequal(coalesce.(Array(d), 0), [0, 8, 0])
end
@testset "errors" begin
    a = Union{Missing,Int}[1]
    e = try
        blank!(CPU(), 1)(a, 5, ndrange = 3)
    catch e
        e
    end
    @test e isa BoundsError && e.a === a && e.i == (2,) && a[1] == 10
    @test_throws ArgumentError double!(CPU())(zeros(1), Any[1], ndrange = 1)
end
