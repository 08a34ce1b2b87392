# Five points of a plane, boundary left alone.
const n = 1024
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n, n), Float32[sin(0.1f0 * i) * cos(0.1f0 * j) for i in 1:n, j in 1:n])

@kernel function heat!(out, @Const(u), c)
    i, j = @index(Global, NTuple)
    if 1 < i < size(u, 1) && 1 < j < size(u, 2)
        @inbounds out[i, j] = muladd(c, u[i-1, j] + u[i+1, j] + u[i, j-1] + u[i, j+1] - 4.0f0 * u[i, j], u[i, j])
    end
end
launch(out, u) = heat!(CPU(), (512, 1))(out, u, 0.1f0; ndrange = (n, n))
