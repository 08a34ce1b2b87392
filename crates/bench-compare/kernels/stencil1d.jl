# Three points, double precision.
const n = 1 << 19
const sizes = (n,)
const work = n
arrays() = (zeros(Float64, n), Float64[sin(0.01 * i) for i in 1:n])

@kernel function smooth!(y, @Const(x))
    i = @index(Global)
    if 1 < i < length(x)
        @inbounds y[i] = muladd(0.25, x[i-1], muladd(0.5, x[i], 0.25 * x[i+1]))
    end
end
launch(y, x) = smooth!(CPU(), 1024)(y, x; ndrange = n)
