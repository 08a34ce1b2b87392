# Transposition through shared memory, in CUDA spelling.
using CUDA
using Test

const TILE = 16

function transpose!(out, a)
    tile = CuStaticSharedArray(Float32, (TILE, TILE))
    tx, ty = threadIdx().x, threadIdx().y
    x = (blockIdx().x - 1) * TILE + tx
    y = (blockIdx().y - 1) * TILE + ty
    if x <= size(a, 1) && y <= size(a, 2)
        @inbounds tile[ty, tx] = a[x, y]
    end
    sync_threads()
    # the block writes the mirrored tile, columns still contiguous
    x = (blockIdx().y - 1) * TILE + tx
    y = (blockIdx().x - 1) * TILE + ty
    if x <= size(out, 1) && y <= size(out, 2)
        @inbounds out[x, y] = tile[tx, ty]
    end
    return
end

h = Float32[100i + j for i in 1:40, j in 1:23]
a = CuArray(h)
out = CUDA.zeros(Float32, 23, 40)
@cuda threads = (TILE, TILE) blocks = (cld(40, TILE), cld(23, TILE)) transpose!(out, a)
@test Array(out) == permutedims(h)
println("transpose: ", size(h), " → ", size(out), ", out[2, 3] = ", Array(out)[2, 3])
