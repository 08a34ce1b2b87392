# CUDA's spelling: arrays, shared memory, warps, atomics, printing, launches.
using CUDA, Test
function warps!(o)
    i = threadIdx().x
    s = Int32(i)
    for d in (16, 8, 4, 2, 1)
        s += shfl_down_sync(0xffffffff, s, d)
    end
    o[i] = s
    o[32 + i] = shfl_sync(0xffffffff, i, 3)
    o[64 + i] = shfl_xor_sync(0xffffffff, i, 1)
    o[96 + i] = count_ones(vote_ballot_sync(0xffffffff, i > 16))
    vote_any_sync(0xffffffff, i == 3) && (o[96 + i] += 1000)
    vote_all_sync(0xffffffff, i == 3) && (o[96 + i] += 100000)
    return
end
o = CUDA.zeros(Int32, 128)
@cuda threads = 32 warps!(o)
@test Array(o)[[1, 33, 65, 66, 97, 128]] == [528, 3, 2, 1, 1016, 1016]
function votes!(o)
    i = threadIdx().x
    o[i] = sync_threads_count(i > 3) + 10 * sync_threads_and(i > 0) + 100 * sync_threads_or(i > 100)
    return
end
o = CUDA.zeros(Int32, 8)
k = @cuda launch = false votes!(o)
k(o; threads = 8)
@test all(==(15), Array(o))
# four buffers that do not overlap
function buffers!(o)
    i = threadIdx().x
    a = CuStaticSharedArray(Float32, 8)
    b = CuStaticSharedArray(Float32, 8)
    c = CuDynamicSharedArray(Int32, 8)
    d = CuDynamicSharedArray(Int32, 8, 32)
    a[i], b[i], c[i], d[i] = i, 10i, 100i, 1000i
    sync_threads()
    j = 9 - i
    o[i] = a[j] + b[j] + c[j] + d[j]
    return
end
o = CUDA.zeros(Int, 8)
@cuda threads = 8 shmem = 64 buffers!(o)
@test Array(o) == 8888:-1111:1111
function atomics!(p, o)
    CUDA.atomic_add!(pointer(o, 1), 1)
    CUDA.atomic_max!(pointer(o, 2), Int(threadIdx().x))
    CUDA.atomic_inc!(pointer(p, 1), UInt32(2))
    CUDA.atomic_cas!(pointer(o, 3), 0, 7)
    CUDA.atomic_xchg!(pointer(o, 4), 9)
    CUDA.@atomic o[5] += 2
    CUDA.@atomic o[6] = o[6] - 1
    return
end
o, p = CUDA.zeros(Int, 6), CUDA.zeros(UInt32, 1)
@cuda threads = 8 atomics!(p, o)
@test Array(o) == [8, 8, 7, 9, 16, -8] && Array(p) == [2]
function places!(o)
    i = threadIdx().x + blockDim().x * (threadIdx().y - 1) + 4 * (blockIdx().x - 1)
    o[i] = 100 * blockIdx().x + 10 * threadIdx().x + threadIdx().y
    return
end
o = CUDA.zeros(Int, 8)
CUDA.@sync @cuda threads = (2, 2) blocks = 2 places!(o)
@test Array(o) == [111, 121, 112, 122, 211, 221, 212, 222]
@test_throws ArgumentError @cuda threads = 2000 places!(o)
@test_throws ArgumentError @cuda blocks = 0 places!(o)
@test_throws BoundsError @cuda threads = (4, 4) places!(o)
# arrays
CUDA.allowscalar(false)
x = CuArray([1.0, 2, 3])
y = x .* 2 .+ 1
@test y isa CuArray{Float64,1} && (x .> 1) isa CuArray{Bool} && Array(y) == [3, 5, 7] && sum(y) == 15 && y == CuArray([3.0, 5, 7])
@test_throws ErrorException x[1]
@test CUDA.@allowscalar(x[1]) == 1
y .= x .^ 2
y .+= 1
@test Array(y) == [2, 5, 10] && mapreduce(abs2, +, x) == 14 && Array(map(+, x, y)) == [3, 7, 13] && Array(reverse(y)) == [10, 5, 2] && Array(cumsum(x)) == [1, 3, 6]
@test Array(vcat(x, y)) == [1, 2, 3, 2, 5, 10] && Array(x + y) == [3, 7, 13] && Array(2x) == [2, 4, 6] && extrema(y) == (2, 10) && Array(y[2:3]) == [5, 10]
A = CuArray([1.0 2; 3 4])
@test Array(A * A) == [7 10; 15 22] && Array(A') == [1 3; 2 4] && Array(sum(A; dims = 1)) == [4 6] && Array(A[:, 1]) == [1, 3] && Array(permutedims(A)) == [1 3; 2 4]
@test Array(view(x, 1:2) .+ 1) == [2, 3] && Array(CUDA.fill(2, 2, 2)) == fill(2, 2, 2) && eltype(cu([1.0])) === Float32 && size(CuMatrix{Float32}(undef, 2, 3)) == (2, 3)
@test sprint(show, MIME("text/plain"), cu([1.0, 2.0])) == "2-element CuArray{Float32, 1, CUDA.DeviceMemory}:\n 1.0\n 2.0"
