# Seven points in space over a struct of two arrays.
const n = 96
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, n, n, n), Float32[sin(0.1f0 * (i + 2j + 3k)) for i in 1:n, j in 1:n, k in 1:n], Float32[0.1f0 + 0.001f0 * i for i in 1:n, j in 1:n, k in 1:n])

struct Field{A}
    u::A
    c::A
end
Adapt.@adapt_structure Field
@kernel function heat!(out, f)
    i, j, k = @index(Global, NTuple)
    u = f.u
    if 1 < i < size(u, 1) && 1 < j < size(u, 2) && 1 < k < size(u, 3)
        @inbounds begin
            s = u[i-1, j, k] + u[i+1, j, k] + u[i, j-1, k] + u[i, j+1, k] + u[i, j, k-1] + u[i, j, k+1]
            out[i, j, k] = muladd(f.c[i, j, k], s - 6.0f0 * u[i, j, k], u[i, j, k])
        end
    end
end
launch(out, u, c) = heat!(CPU(), (64, 2, 2))(out, Field(u, c); ndrange = (n, n, n))
