# Arrays of devices on the host: windows, wrapped memory, reductions into arrays, wrappers.
using CUDA, Test

@testset "windows of consecutive memory are arrays of the same kind" begin
    a = CuArray(collect(1:12))
    m = reshape(a, 3, 4)
    v = view(m, :, 2:3)
    @test v isa CuMatrix{Int} && Array(v) == [4 7; 5 8; 6 9] && view(a, 3:5) isa CuVector{Int} && sum(view(a, 3:5)) == 12
    v .= 0
    view(m, 2, :) .+= 100
    @test !(view(m, 2, :) isa CuArray) && Array(a) == [1, 102, 3, 0, 100, 0, 0, 100, 0, 10, 111, 12]
    filled!(v) = (v[threadIdx().x] = 5; return)
    @cuda threads = 2 filled!(view(m, :, 4))
    @test Array(a)[10:12] == [5, 5, 12]
    @test_throws BoundsError view(a, 10:13)
    @test isempty(view(a, 3:2)) && size(view(m, :, 2:1)) == (3, 0)
end
@testset "memory that is there" begin
    a = [1, 2, 3]
    b = unsafe_wrap(CuArray, pointer(a), 3)
    b .*= 2
    @test a == [2, 4, 6] && unsafe_wrap(CuArray, a) == b
end
@testset "reductions into arrays" begin
    x, y = CuArray(zeros(2)), CuArray([1.0 2; 3 4])
    @test Array(sum!(x, y)) == [3, 7] && Array(maximum!(x, y)) == [2, 4] && Array(prod!(x, y)) == [2, 12] && Array(minimum!(x, y)) == [1, 3]
    @test Array(append!(CuArray([1]), [2, 3])) == [1, 2, 3] && Array(one(y)) == [1 0; 0 1]
end
@testset "wrappers without scalar access" begin
    m = CuArray([1 2 3; 4 5 6])
    CUDA.allowscalar(false)
    try
        @test m'[1:2, 2:2] isa CuArray && Array(m'[1:2, 2:2]) == [4; 5;;] && Array(PermutedDimsArray(m, (2, 1))[1, :]) == [1, 4]
        @test m' == [1 4; 2 5; 3 6] && Array(map(x -> 2x, m')) == [2 8; 4 10; 6 12]
        @test_throws ErrorException m[1]
        @test CUDA.@allowscalar(m[2]) == 4
    finally
        CUDA.allowscalar(true)
    end
end
