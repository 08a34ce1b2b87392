# A map of exp, double precision.
const n = 1 << 16
const sizes = (n,)
const work = n
arrays() = (zeros(Float64, n), Float64[-20 + 40 * i / n for i in 1:n])

@kernel function expo!(y, @Const(x))
    i = @index(Global)
    @inbounds y[i] = exp(x[i])
end
launch(y, x) = expo!(CPU(), 512)(y, x; ndrange = n)
