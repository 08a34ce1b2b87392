# B = Aᵀ
const n = 768
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n, n), Float32[i + n * j for i in 1:n, j in 1:n])

@kernel function flip!(B, @Const(A))
    i, j = @index(Global, NTuple)
    @inbounds B[i, j] = A[j, i]
end
launch(B, A) = flip!(CPU(), (256, 1))(B, A; ndrange = (n, n))
