# Five-point stencil, Float64, in two dimensions, the group's size left to the launch
const n = 1024
const sizes = (n,)
const work = n
arrays() = (zeros(n, n), Float64[sin(0.01i) * cos(0.02j) for i in 1:n, j in 1:n])

@kernel function heat!(B, @Const(A), c)
    i, j = @index(Global, NTuple)
    m, k = size(A)
    if 1 < i < m && 1 < j < k
        @inbounds B[i, j] = A[i, j] + c * (A[i-1, j] + A[i+1, j] + A[i, j-1] + A[i, j+1] - 4 * A[i, j])
    end
end
launch(B, A) = heat!(CPU())(B, A, 0.1; ndrange = size(A))
