# Products of complex numbers.
const n = 1 << 18
const sizes = (n,)
const work = n
arrays() = (zeros(Float32, 2n), Float32[cos(0.3f0 * i) for i in 1:2n], Float32[sin(0.7f0 * i) for i in 1:2n])

@kernel function product!(z, @Const(x), @Const(y))
    i = @index(Global)
    @inbounds z[i] = x[i] * y[i]
end
complexes(a) = reinterpret(ComplexF32, a)
launch(z, x, y) = product!(CPU(), 512)(complexes(z), complexes(x), complexes(y); ndrange = n)
