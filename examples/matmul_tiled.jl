# Matrix product in tiles of shared memory, for sizes that are no multiples of the tile.
using KernelAbstractions
using Test

@kernel function matmul!(C, @Const(A), @Const(B), ::Val{TILE}) where {TILE}
    gi, gj = @index(Group, NTuple)
    i, j = @index(Local, NTuple)
    tileA = @localmem eltype(C) (TILE, TILE)
    tileB = @localmem eltype(C) (TILE, TILE)
    @uniform N = size(A, 1)
    @uniform M = size(A, 2)
    @uniform R = size(B, 2)
    row = (gi - 1) * TILE + i
    col = (gj - 1) * TILE + j
    acc = @private eltype(C) (1,)
    acc[1] = zero(eltype(C))
    for t in 0:cld(M, TILE)-1
        ka = t * TILE + j
        kb = t * TILE + i
        tileA[i, j] = row <= N && ka <= M ? A[row, ka] : zero(eltype(C))
        tileB[i, j] = kb <= M && col <= R ? B[kb, col] : zero(eltype(C))
        @synchronize
        for k in 1:TILE
            acc[1] += tileA[i, k] * tileB[k, j]
        end
        @synchronize
    end
    if row <= N && col <= R
        C[row, col] = acc[1]
    end
end

function multiply(A, B; tile = 8)
    C = zeros(promote_type(eltype(A), eltype(B)), size(A, 1), size(B, 2))
    groups = (cld(size(C, 1), tile) * tile, cld(size(C, 2), tile) * tile)
    matmul!(CPU(), (tile, tile))(C, A, B, Val(tile); ndrange = groups)
    return C
end

A = [Float64(i + 2j) for i in 1:37, j in 1:29]
B = [Float64(3i - j) for i in 1:29, j in 1:41]
C = multiply(A, B)
reference = [sum(A[i, k] * B[k, j] for k in 1:29) for i in 1:37, j in 1:41]
@test C == reference
@test multiply(A, B; tile = 4) == reference
println("matmul: ", size(A), " × ", size(B), " → ", size(C), ", C[1, 1] = ", C[1, 1])
