# C = A·B, one element per work-item.
const n = 192
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n, n), Float32[(i + 2j) % 11 for i in 1:n, j in 1:n], Float32[(3i - j) % 7 for i in 1:n, j in 1:n])

@kernel function matmul!(C, @Const(A), @Const(B))
    i, j = @index(Global, NTuple)
    s = zero(eltype(C))
    for k in 1:size(A, 2)
        @inbounds s = muladd(A[i, k], B[k, j], s)
    end
    @inbounds C[i, j] = s
end
launch(C, A, B) = matmul!(CPU(), (64, 4))(C, A, B; ndrange = (n, n))
