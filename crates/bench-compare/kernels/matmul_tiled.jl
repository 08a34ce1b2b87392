# C = A·B through 16×16 tiles in group-shared memory, with barriers.
const n = 192
const T = 16
const sizes = (n,)
const work = n ÷ T
arrays() = (zeros(Float32, n, n), Float32[(i + 2j) % 11 for i in 1:n, j in 1:n], Float32[(3i - j) % 7 for i in 1:n, j in 1:n])

@kernel function matmul!(C, @Const(A), @Const(B))
    gi, gj = @index(Group, NTuple)
    i, j = @index(Local, NTuple)
    a = @localmem Float32 (T, T)
    b = @localmem Float32 (T, T)
    acc = @private Float32 (1,)
    acc[1] = 0.0f0
    @uniform tiles = size(A, 2) ÷ T
    for t in 0:tiles-1
        @inbounds a[i, j] = A[(gi-1)*T+i, t*T+j]
        @inbounds b[i, j] = B[t*T+i, (gj-1)*T+j]
        @synchronize
        for k in 1:T
            @inbounds acc[1] = muladd(a[i, k], b[k, j], acc[1])
        end
        @synchronize
    end
    @inbounds C[(gi-1)*T+i, (gj-1)*T+j] = acc[1]
end
launch(C, A, B) = matmul!(CPU(), (T, T))(C, A, B; ndrange = (n, n))
