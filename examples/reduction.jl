# Sum, maximum and their index in shared memory; the operator is an argument.
using CUDA
using Test

function reduce_blocks!(out, op, neutral, x)
    t = threadIdx().x
    n = blockDim().x
    shared = CuDynamicSharedArray(eltype(out), n)
    i = (blockIdx().x - 1) * n + t
    acc = neutral
    while i <= length(x)
        @inbounds acc = op(acc, x[i])
        i += n * gridDim().x
    end
    @inbounds shared[t] = acc
    sync_threads()
    half = n ÷ 2
    while half > 0
        if t <= half
            @inbounds shared[t] = op(shared[t], shared[t+half])
        end
        sync_threads()
        half ÷= 2
    end
    if t == 1
        @inbounds out[blockIdx().x] = shared[1]
    end
    return
end

function gpu_reduce(op, x, neutral; threads = 64, blocks = 8)
    out = CuArray(fill(neutral, blocks))
    @cuda threads = threads blocks = blocks shmem = threads * sizeof(eltype(out)) reduce_blocks!(out, op, neutral, x)
    return reduce(op, Array(out))
end

h = [(k * 7919) % 1000 - 300 for k in 1:5000]
x = CuArray(h)
@test gpu_reduce(+, x, 0) == sum(h)
@test gpu_reduce(max, x, typemin(Int)) == maximum(h)
@test gpu_reduce(min, x, typemax(Int)) == minimum(h)
@test gpu_reduce(⊻, x, 0) == reduce(⊻, h)
println("reduction: sum ", gpu_reduce(+, x, 0), ", max ", gpu_reduce(max, x, typemin(Int)))
