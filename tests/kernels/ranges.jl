# Ranges of KernelAbstractions kernels as values, kernels that are called through values, queries of back-ends.
using KernelAbstractions, CUDA, LinearAlgebra, Test
using KernelAbstractions.NDIteration

struct Unknown <: AbstractVector{Float32} end
struct Filler{T}
    value::T
end
@kernel function (f::Filler)(x, ::Val{m}) where {m}
    i = @index(Global)
    x[i] = f.value + m
end
@kernel function (f::Filler)(x, ::Val{0})
    i = @index(Global)
    x[i] = i
end

@testset "blocks and work-items" begin
    for r in (NDRange{2,DynamicSize,DynamicSize}(CartesianIndices((2, 3)), CartesianIndices((4, 5))), NDRange{2,StaticSize{(2, 3)},StaticSize{(4, 5)}}())
        @test length(r) == 6 && ndims(r) == 2 && collect(r) == vec(collect(CartesianIndices((2, 3)))) == vec(collect(blocks(r)))
        all_of_them = [expand(r, b, i) for b in 1:length(blocks(r)) for i in 1:length(workitems(r))]
        @test all_of_them[1] == CartesianIndex(1, 1) && all_of_them[22] == CartesianIndex(6, 1) && all_of_them[end] == CartesianIndex(8, 15)
        @test expand(r, CartesianIndex(2, 3), 1) == CartesianIndex(5, 11) == expand(r, 6, CartesianIndex(1, 1))
        @test sort(all_of_them) == vec(collect(CartesianIndices((8, 15))))
    end
end
@testset "partition" begin
    @kernel nothing!() = nothing
    range, check = KernelAbstractions.partition(nothing!(CPU(), 64), (129,), nothing)
    @test length(blocks(range)) == 3 && check isa DynamicCheck
    range, check = KernelAbstractions.partition(nothing!(CPU(), 64, 128), nothing, nothing)
    @test length(blocks(range)) == 2 && check isa NoDynamicCheck
    @test_throws ErrorException KernelAbstractions.partition(nothing!(CPU(), 64), (128,), (65,))
end
@testset "kernels through values" begin
    x = zeros(Int, 3)
    Filler(40)(CPU(), 2)(x, Val(2), ndrange = 3)
    @test x == [42, 42, 42]
    Filler(40)(CPU())(x, Val(0), ndrange = 3)
    @test x == [1, 2, 3]
end
@testset "where arrays are" begin
    a = CuArray(ones(3, 3))
    @test all(x -> get_backend(x) isa CUDABackend, (a, view(a, :, 1:2), a', Diagonal(view(a, :, 1)), reshape(view(a, 1:2, :), 6)))
    @test get_backend(view(zeros(3), 1:2)) isa CPU && get_backend(1:3) isa CPU
    @test_throws ArgumentError get_backend(Unknown())
    @test_throws MethodError KernelAbstractions.zeros(CPU(), 2, 2)
end
@testset "@print on the host" begin
    io = IOBuffer()
    redirect_stdout(() -> @print("x = ", 1.5, " ", 2, "\n"), io)
    @test String(take!(io)) == "x = 1.5 2\n"
end
